"""Whether two arrays agree as a whole: `allclose`, `array_equal`, `array_equiv`. The answers are Python's True and False."""

import numpy as np

from ..core.array import raw
from ..core.dtypes import default_float
from ..core.operator import TWINS

__all__ = ["allclose", "array_equal", "array_equiv"]


def as_compared(*values):
    """The values as raw arrays. Numbers and lists take the dtype of the floating arrays among them, so that 0.1 equals 0.1.

    Beside integers they have NumPy's dtype, and among themselves the default float dtype.
    """
    values = [raw(value) for value in values]
    dtypes = [value.dtype for value in values if isinstance(value, np.ndarray)]
    floats = [dtype for dtype in dtypes if dtype.kind in "fc"]
    dtype = np.result_type(*floats) if floats else None if dtypes else default_float()
    return [value if isinstance(value, np.ndarray) else _cast(np.asarray(value), dtype) for value in values]


def _cast(array, dtype):
    return array if dtype is None or (array.dtype.kind == "c" and dtype.kind != "c") else array.astype(dtype)


def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether |a - b| ≤ atol + rtol · |b| holds for all elements.

    Parameters
    ----------
    a, b : ndarray, number or list
        They broadcast against each other.
    rtol, atol : float
        The tolerances, relative to b and absolute.
    equal_nan : bool
        Whether NaN is close to NaN.

    Returns
    -------
    bool

    Examples
    --------
    >>> from mxnet import np
    >>> np.allclose(np.array([1, 2]), [1, 2.000001])
    True
    """
    return bool(np.allclose(*as_compared(a, b), raw(rtol), raw(atol), equal_nan))


def array_equal(a1, a2, equal_nan=False):
    """Whether two arrays have the same shape and the same elements.

    Parameters
    ----------
    a1, a2 : ndarray, number or list
    equal_nan : bool
        Whether NaN equals NaN.

    Returns
    -------
    bool

    Examples
    --------
    >>> from mxnet import np
    >>> np.array_equal(np.array([1, 2]), [1, 2]), np.array_equal(np.array([1, 1]), 1)
    (True, False)
    """
    return bool(np.array_equal(*as_compared(a1, a2), equal_nan))


def array_equiv(a1, a2):
    """Whether two arrays broadcast against each other and have the same elements then.

    Examples
    --------
    >>> from mxnet import np
    >>> np.array_equiv(np.array([1, 1]), 1)
    True
    """
    return bool(np.array_equiv(*as_compared(a1, a2)))


TWINS.update({np.allclose: allclose, np.array_equal: array_equal, np.array_equiv: array_equiv})
