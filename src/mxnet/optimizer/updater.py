"""`Updater`: an optimiser together with what it remembers of each parameter."""

import numpy

from .. import lr_scheduler
from . import states as files

__all__ = ["Updater", "get_updater"]

# What belongs to the program rather than to the course of training, or is saved on its own.
_NO_SETTINGS = ("param_dict", "idx2name", "lr_scheduler", "num_update")


class Updater:
    """Updates parameters with an optimiser, and keeps what it remembers of them.

    Parameters
    ----------
    optimizer : Optimizer

    Attributes
    ----------
    optimizer : Optimizer
    states : dict
        What `Optimizer.create_state_multi_precision` returned, by index of a parameter.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> weight, grad = np.array([1.0]), np.array([2.0])
    >>> update = mx.optimizer.Updater(mx.optimizer.SGD(learning_rate=0.25, momentum=0.5))
    >>> update(0, grad, weight)
    >>> saved = update.get_states()
    >>> update(0, grad, weight)
    >>> update.states
    {0: array([-0.75])}
    >>> update.set_states(saved)
    >>> update.states
    {0: array([-0.5])}
    """

    def __init__(self, optimizer):
        self.optimizer = optimizer
        self.states = {}

    def __call__(self, index, grad, weight):
        """Update parameters in place.

        Parameters
        ----------
        index : int or str, or a list of them
            Which parameters.
        grad, weight : ndarray, or a list of them
            Of equal shapes.

        Raises
        ------
        MXNetError
            Under `autograd.record()`.
        """
        if not isinstance(index, list | tuple):
            index, grad, weight = [index], [grad], [weight]
        optimizer = self.optimizer
        for i, w in zip(index, weight, strict=True):
            if i not in self.states:
                self.states[i] = optimizer.create_state_multi_precision(i, w)
        states = [self.states[i] for i in index]
        if "update_multi_precision" in optimizer.one_by_one:
            for one in zip(index, weight, grad, states, strict=True):
                optimizer.update_multi_precision(*one)
        else:
            optimizer.update_multi_precision(index, weight, grad, states)

    def sync_state_context(self, state, context):
        """The state on a device: as it is, for all devices share one memory."""
        return state

    def get_states(self, dump_optimizer=False):
        """The states, and how often each parameter was updated, as bytes.

        Parameters
        ----------
        dump_optimizer : bool
            Whether the optimiser's settings go with them, such as the learning rate, and the scheduler, if there is none or one
            of `mxnet.lr_scheduler`.

        Raises
        ------
        TypeError
            For a state that is not made of arrays, numbers, texts, None, and lists, tuples and dicts of them.
        """
        optimizer = self.optimizer
        saved = {
            "optimizer": type(optimizer).__name__,
            "states": self.states,
            "num_update": optimizer.num_update,
            "counts": optimizer._all_index_update_counts,
        }
        if dump_optimizer:
            saved["settings"] = _settings(optimizer)
            scheduler = optimizer.lr_scheduler
            if scheduler is None:
                saved["scheduler"] = None
            elif type(scheduler).__module__ == lr_scheduler.__name__:
                saved["scheduler"] = type(scheduler).__name__, vars(scheduler)
        return files.dumps("Updater.get_states", saved)

    def set_states(self, states, called="Updater.set_states"):
        """Restore what `get_states` returned. The updater keeps its optimiser, which gets the settings that were saved.

        Parameters
        ----------
        states : bytes
        called : str
            What messages begin with, such as the name of a file.

        Raises
        ------
        ValueError
            For the states of another optimiser, for damaged bytes, and for MXNet's, which are pickles. Nothing changes then.
        """
        saved = files.loads(called, states)
        optimizer = self.optimizer
        name = type(optimizer).__name__
        saved = {"settings": {}, **saved} if isinstance(saved, dict) else {}
        kinds = {"optimizer": str, "settings": dict, "states": dict, "counts": dict, "num_update": int | float}
        if not all(isinstance(saved.get(key), kind) for key, kind in kinds.items()):
            raise ValueError(f"{called}: these are no states of an optimiser")
        if saved.get("optimizer") != name:
            raise ValueError(f"{called}: these are the states of {saved.get('optimizer')}, and the optimiser here is {name}")
        scheduler = _scheduler(called, saved["scheduler"]) if "scheduler" in saved else optimizer.lr_scheduler
        self.states = saved["states"]
        vars(optimizer).update({key: value for key, value in saved["settings"].items() if key in vars(optimizer)})
        optimizer.lr_scheduler = scheduler
        optimizer.num_update = saved["num_update"]
        optimizer._restore_counts(saved["counts"])


def _settings(optimizer):
    """The public attributes that can be saved."""
    return {
        name: value
        for name, value in vars(optimizer).items()
        if not name.startswith("_") and name not in _NO_SETTINGS and _is_plain(value)
    }


def _is_plain(value):
    if isinstance(value, dict):
        return all(_is_plain(part) for pair in value.items() for part in pair)
    return isinstance(value, bool | int | float | str | numpy.generic | None)


def _scheduler(called, saved):
    """The scheduler of which the name of the class and the attributes were saved."""
    if saved is None:
        return None
    name, settings = saved
    if name not in lr_scheduler.__all__:
        raise ValueError(f"{called}: there is no scheduler {name!r}")
    scheduler = object.__new__(getattr(lr_scheduler, name))
    vars(scheduler).update(settings)
    return scheduler


def get_updater(optimizer):
    """`Updater(optimizer)`.

    Parameters
    ----------
    optimizer : Optimizer

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> weight = np.array([1.0])
    >>> update = mx.optimizer.get_updater(mx.optimizer.SGD(learning_rate=0.25))
    >>> update(0, np.array([2.0]), weight)
    >>> weight
    array([0.5])
    """
    return Updater(optimizer)
