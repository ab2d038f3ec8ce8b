"""What functions that are made of other operators do with their arguments, before and after."""

import numpy as np

from ..core.array import Array
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
