"""What is said when a block gets something that it cannot take: where in the network, and what to write instead."""

import inspect

import numpy

from .. import numpy as np

__all__ = ["located", "misnumbered", "not_taken"]


def located(error, block, args):
    """Note in an error where in the network it happened."""
    shapes = ", ".join(str(x.shape) if isinstance(x, np.ndarray) else type(x).__name__ for x in args)
    kind = repr(block) if "\n" not in repr(block) else type(block).__name__
    error.add_note(f"in the forward pass of {' → '.join(block._path())}, {kind}, given {shapes}")


def not_taken(block, error, args, kwargs):
    """The error that takes the place of one which a layer of the library raised because it was called wrongly; None if it was not.

    Blocks of users may take anything.
    """
    if not type(block).__module__.startswith(f"{__package__}.") or not isinstance(error, AttributeError | TypeError | ValueError):
        return None
    name = type(block).__name__
    unbound = misnumbered(block, args, kwargs)
    if unbound is not None:
        takes = ", ".join(inspect.signature(block.forward).parameters)
        hint = _hint(next(filter(_is_result, args), ""))
        return TypeError(f"{name}: {unbound}; it takes ({takes}), and ({_described(args)}) came{hint}")
    if not args or isinstance(args[0], np.ndarray | numpy.ndarray):
        return None
    if isinstance(error, ValueError) and isinstance(args[0], list | tuple | int | float) and not _is_result(args[0]):
        return None  # numbers may stand for an array
    return TypeError(f"{name} takes an array, not {_kind(args[0])}{_hint(args[0])}")


def misnumbered(block, args, kwargs):
    """What Python says if there are too few arguments for `forward`, or too many; else None."""
    try:
        inspect.signature(block.forward).bind(*args, **kwargs)
    except TypeError as error:
        return error
    return None


def _is_result(value):
    """Whether there is what a block computed in it."""
    return isinstance(value, list | tuple) and any(isinstance(part, np.ndarray) or _is_result(part) for part in value)


def _hint(value):
    if _is_result(value):
        return "; recurrent layers and cells give outputs and states: write out, states = lstm(x, states), and hand on out"
    if value is None:
        return "; does the forward before it return what it computes?"
    return "; np.array(…) makes one of numbers" if isinstance(value, list | int | float) else ""


def _kind(value):
    """In words, with the shapes of arrays."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, list | tuple) and _is_result(value):
        return f"a {type(value).__name__} ({_described(value)})"
    return f"{type(value).__name__}: {value!r:.60}"


def _described(values):
    return ", ".join(map(_kind, values))
