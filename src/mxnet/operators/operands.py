"""What functions that are made of other operators do with their arguments, before and after."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..core.array import Array, raw
from ..core.dtypes import floating
from ..core.operator import TWINS, from_list, wrap, write_out

__all__ = []


def implements(twin):
    """Let NumPy's `twin` find the function when it is called on our arrays."""

    def register(function):
        TWINS[twin] = function
        return function

    return register


def as_operand(name, x):
    """An array as it is; a list or a number as an array of the default float dtype."""
    return x if isinstance(x, Array | np.ndarray | np.generic) else wrap(from_list(name, x))


def as_vector(name, x):
    """The same, with one axis: a number is a vector of length 1."""
    x = as_operand(name, x)
    if x.ndim > 1:
        raise ValueError(f"{name}: a vector is expected, not shape {x.shape}")
    return x if x.ndim else x.reshape(1)


def axis_of(name, axis, shape, parameter="axis"):
    """`axis` of an array of `shape`, from 0 on; an error that tells the function's `name` unless it is one of its axes."""
    try:
        return normalize_axis_index(axis, len(shape))
    except np.exceptions.AxisError as error:
        raise np.exceptions.AxisError(f"{name}: {error} (the shape is {shape})") from None
    except TypeError:
        raise TypeError(f"{name}: {parameter} is an integer, one axis of the shape {shape}, not {axis!r:.60}") from None


def whole(what, values, low, high):
    """`values` as raw integers; an error about `what` they are unless all are whole numbers from `low` to `high`."""
    values = np.asarray(raw(values))
    with np.errstate(invalid="ignore"):  # NaN, which is not whole
        result = values.astype(np.int64)
    wrong = (result != values) | (result < low) | (result > high)
    if wrong.any():
        raise ValueError(f"{what} has whole numbers from {low} to {high}, not {values[wrong][0]}")
    return result


def broadcasts_to(shape, target):
    """Whether an array of `shape` broadcasts to the shape `target`."""
    return len(shape) <= len(target) and all(n in (1, m) for n, m in zip(shape[::-1], target[::-1], strict=False))


def floats(x):
    """`x` in a floating dtype: the default one, if it holds integers or booleans."""
    return x if x.dtype.kind in "fc" else x.astype(floating(x.dtype))


def wide(x):
    """The same, with float16 as float32: for intermediate results."""
    return x.astype(np.float32) if x.dtype == np.float16 else floats(x)


def conjugate(x):
    """The complex conjugate; of a real array, the array."""
    return np.conjugate(x) if x.dtype.kind == "c" else x


def delivered(name, out, result):
    """The result, which also stands in `out` if there is one."""
    return result if out is None else write_out(name, out, result if isinstance(result, Array) else wrap(result))
