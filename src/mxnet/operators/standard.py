"""What the array API standard asks for beyond NumPy's older names."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..core.array import Array
from ..core.dtypes import as_dtype, default_float
from ..core.elementwise import elementwise
from ..core.operator import TWINS, wrap, write_out, zero
from ..device import cpu, resolve
from .arithmetic import absolute
from .creation import asarray, ones, zeros
from .joining import concatenate
from .linalg import vecdot
from .reductions import cumsum
from .rounding import round
from .statistics import cumprod
from .trigonometric import degrees, radians

__all__ = ["__array_namespace_info__", "cumulative_prod", "cumulative_sum", "from_dlpack", "nextafter", "vecdot"]


@elementwise(np.nextafter, x1=lambda g: g, x2=zero)
def nextafter(x1, x2, out=None):
    """The number next to x1 in the direction of x2, in their dtype. The derivative with respect to x1 is 1.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nextafter(np.array(1.0), np.array(2.0)) == 1 + np.finfo('float32').eps
    array(True)
    """


def cumulative_sum(x, /, *, axis=None, dtype=None, include_initial=False, out=None):
    """The sums of the first 1, 2, … elements along an axis.

    Parameters
    ----------
    x : ndarray
    axis : int, optional
        Required unless `x` has one axis.
    dtype : dtype, optional
        In which to sum.
    include_initial : bool, optional
        Begin with 0, the sum of no elements.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> from mxnet import np
    >>> np.cumulative_sum(np.array([1, 2, 3]), include_initial=True)
    array([0., 1., 3., 6.])
    """
    return _cumulative("cumulative_sum", cumsum, zeros, x, axis, dtype, include_initial, out)


def cumulative_prod(x, /, *, axis=None, dtype=None, include_initial=False, out=None):
    """The products of the first 1, 2, … elements along an axis; the parameters are those of `cumulative_sum`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.cumulative_prod(np.array([1, 2, 3]), include_initial=True)
    array([1., 1., 2., 6.])
    """
    return _cumulative("cumulative_prod", cumprod, ones, x, axis, dtype, include_initial, out)


def _cumulative(name, accumulate, initial, x, axis, dtype, include_initial, out):
    x = asarray(x, x.dtype if isinstance(x, np.ndarray) else None)
    x = x if x.ndim else x.reshape(1)
    if axis is None:
        if x.ndim != 1:
            raise ValueError(f"{name}: say along which axis; the array has shape {x.shape}")
        axis = 0
    axis = normalize_axis_index(axis, x.ndim, name)
    result = accumulate(x, axis=axis, dtype=dtype)
    if include_initial:
        first = initial([1 if i == axis else length for i, length in enumerate(x.shape)], dtype=result.dtype)
        result = concatenate([first, result], axis=axis)
    return result if out is None else write_out(name, out, result)


def from_dlpack(x, /, *, device=None, copy=None):
    """An array of another library, in the memory that it has there.

    Parameters
    ----------
    x : object with `__dlpack__`
        An array of NumPy, a CPU tensor of torch, … What one side writes, the other sees, but no graph takes notice of it.
    device : Device, optional
        A CPU.
    copy : bool, optional
        True always copies, False never; by default only where sharing is impossible.

    Returns
    -------
    ndarray
        A constant. It cannot be written where the other library does not allow it.

    Examples
    --------
    >>> import numpy
    >>> from mxnet import np
    >>> there = numpy.array([1, 2])
    >>> here = np.from_dlpack(there)
    >>> there[0] = 5
    >>> here
    array([5, 2], dtype=int64)
    """
    resolve(device)
    if isinstance(x, Array):
        return wrap(x._data.copy() if copy else x._data)
    if not hasattr(x, "__dlpack__"):
        raise TypeError(f"from_dlpack: takes an array with a __dlpack__ method, not {type(x).__name__}; np.array copies other data")
    data = np.from_dlpack(x)
    as_dtype(data.dtype)  # refuses what an array cannot hold
    return wrap(data.copy() if copy else data)


class __array_namespace_info__:
    """Which devices and dtypes there are.

    Examples
    --------
    >>> from mxnet import np
    >>> info = np.__array_namespace_info__()
    >>> info.default_dtypes()['real floating']
    dtype('float32')
    >>> sorted(info.dtypes(kind='unsigned integer'))
    ['uint16', 'uint32', 'uint64', 'uint8']
    """

    def capabilities(self):
        """What is optional in the standard: shapes may depend on data, and arrays have as many axes as NumPy allows."""
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": 64}

    def default_device(self):
        """The CPU."""
        return cpu()

    def devices(self):
        """The CPU, alone."""
        return [cpu()]

    def default_dtypes(self, *, device=None):
        """The dtype of an array made without one, by kind."""
        resolve(device)
        real = default_float()
        return {
            "real floating": real,
            "complex floating": np.result_type(real, np.complex64),
            "integral": np.dtype(np.int64),
            "indexing": np.dtype(np.int64),
        }

    def dtypes(self, *, device=None, kind=None):
        """The dtypes of the standard by name, those of a kind as `isdtype` knows it, or of one kind of several."""
        resolve(device)
        names = ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
        names += ("float32", "float64", "complex64", "complex128")
        dtypes = {name: np.dtype(name) for name in names}
        return {name: dtype for name, dtype in dtypes.items() if kind is None or np.isdtype(dtype, kind)}


if hasattr(np, "cumulative_sum"):  # NumPy 2.1
    TWINS[np.cumulative_sum] = cumulative_sum
    TWINS[np.cumulative_prod] = cumulative_prod

# Where NumPy has two functions for what is one here.
TWINS.update({np.around: round, np.fabs: absolute, np.deg2rad: radians, np.rad2deg: degrees})
