"""Whether operations are being recorded, and whether the model is training.

Both flags are `ContextVar`s: every thread and every asyncio task has its own, and both start as False.
"""

from contextvars import ContextVar

__all__ = ["Scope", "is_recording", "is_training", "set_recording", "set_training"]

_recording = ContextVar("recording", default=False)
_training = ContextVar("training", default=False)

# The bound C methods themselves: `is_recording()` stands on the path of every operation.
is_recording = _recording.get
is_training = _training.get


def set_recording(is_recording):
    """Turn recording on or off; return what it was.

    Examples
    --------
    >>> from mxnet import autograd
    >>> autograd.set_recording(True)
    False
    >>> autograd.set_recording(False)
    True
    """
    previous = _recording.get()
    _recording.set(bool(is_recording))
    return previous


def set_training(train_mode):
    """Turn training mode on or off; return what it was.

    Examples
    --------
    >>> from mxnet import autograd
    >>> autograd.set_training(True)
    False
    >>> autograd.set_training(False)
    True
    """
    previous = _training.get()
    _training.set(bool(train_mode))
    return previous


class Scope:
    """A `with` block that sets the flags and puts them back, also when an exception leaves it.

    None leaves a flag as it is. One scope object may be entered again while it is open.
    """

    __slots__ = ("_previous", "_recording", "_training")

    def __init__(self, recording=None, training=None):
        self._recording = None if recording is None else bool(recording)
        self._training = None if training is None else bool(training)
        self._previous = []

    def __enter__(self):
        self._previous.append((_recording.get(), _training.get()))
        self._set(self._recording, self._training)

    def __exit__(self, *exception):
        self._set(*self._previous.pop())

    @staticmethod
    def _set(recording, training):
        if recording is not None and recording is not _recording.get():  # reading a ContextVar costs a third of setting it
            _recording.set(recording)
        if training is not None and training is not _training.get():
            _training.set(training)
