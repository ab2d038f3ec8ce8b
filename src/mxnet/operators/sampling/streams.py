"""Where random numbers come from: a generator for each thread, all derived from one seed."""

import threading
from itertools import count

import numpy as np

from ...device import resolve


class _Stream:
    """What a seed stands for: a sequence of generators, one for each thread that asks."""

    def __init__(self, seed):
        self._entropy = [abs(seed), int(seed < 0)]
        self._number = count()

    def generator(self):
        sequence = np.random.SeedSequence(self._entropy, spawn_key=(next(self._number),))
        return np.random.Generator(np.random.SFC64(sequence))


# As in MXNet, a program that never seeds draws the same numbers each time it runs.
_stream = _Stream(0)
_threads = threading.local()


def generator():
    """The `numpy.random.Generator` of the current thread."""
    stream = _stream
    if getattr(_threads, "stream", None) is not stream:
        _join(stream)
    return _threads.generator


def _join(stream):
    """Let the current thread draw from a generator of `stream`."""
    _threads.generator = stream.generator()
    _threads.stream = stream


def get_state():
    """The state of the current thread's generator, for `set_state`."""
    return generator().bit_generator.state


def set_state(state):
    """Put the current thread's generator back to a state that `get_state` returned, so that it draws the same numbers again."""
    generator().bit_generator.state = state


def seed(seed_state, device="all", ctx=None):
    """Start the random numbers again, at a place that an integer names.

    Equal seeds give equal numbers in the thread that calls this. Other threads draw other numbers, each from a stream of its own.
    NumPy's own random numbers are not touched.

    Parameters
    ----------
    seed_state : int
        Of any size and sign.
    device : Device or 'all', optional
        Accepted, and without effect: all CPUs share the generators.
    ctx : Device or 'all', optional
        An older name of `device`.

    Raises
    ------
    ValueError
        If `seed_state` is no integer.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.seed(7)
    >>> first = np.random.uniform(size=3)
    >>> np.random.seed(7)
    >>> bool((np.random.uniform(size=3) == first).all())
    True
    """
    global _stream
    if not isinstance(seed_state, int | np.integer):
        raise ValueError(f"seed: seed_state is an int, not {seed_state!r:.60}")
    resolve(*[None if isinstance(one, str) and one == "all" else one for one in (device, ctx)])
    stream = _Stream(int(seed_state))
    _join(stream)  # before other threads see it: the first of its generators is for this thread
    _stream = stream
