"""Arrays from and to other libraries."""

import numpy as np

from ...core.array import Array
from ...core.dtypes import as_dtype
from ...core.operator import wrap
from ...device import Device

__all__ = ["from_numpy", "get_cuda_compute_capability", "to_dlpack_for_read", "to_dlpack_for_write"]


def from_numpy(ndarray, zero_copy=True):
    """An array of the data of a NumPy array, by default without a copy: a write to one shows in the other.

    Parameters
    ----------
    ndarray : numpy.ndarray
        C-contiguous and in the machine's byte order, if it is not copied.
    zero_copy : bool

    Examples
    --------
    >>> import numpy
    >>> from mxnet import npx
    >>> npx.from_numpy(numpy.ones(2))
    array([1., 1.], dtype=float64)
    """
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"from_numpy: takes a numpy.ndarray, not {type(ndarray).__name__}")
    if ndarray.dtype.kind not in "biufc":
        raise TypeError(f"from_numpy: arrays hold booleans, integers, floats and complex numbers, not {ndarray.dtype}")
    if not zero_copy:
        return wrap(ndarray.astype(as_dtype(ndarray.dtype), order="C"))
    if not ndarray.flags.c_contiguous:
        raise ValueError("from_numpy: only a C-contiguous array is taken without a copy; write zero_copy=False")
    if not ndarray.dtype.isnative:
        raise ValueError(
            f"from_numpy: an array of {ndarray.dtype} has another byte order than this machine, and is not taken without a copy; "
            "write zero_copy=False"
        )
    return wrap(ndarray.view())


def to_dlpack_for_read(data):
    """A DLPack capsule of the data, which is shared."""
    return _capsule("to_dlpack_for_read", data)


def to_dlpack_for_write(data):
    """A DLPack capsule of the data, which is shared. Writes through it escape the notice of `autograd`."""
    return _capsule("to_dlpack_for_write", data)


def _capsule(name, data):
    if not isinstance(data, Array):
        raise TypeError(f"{name}: takes an array, not {type(data).__name__}")
    return data._data.__dlpack__()


def get_cuda_compute_capability(device):
    """Raise a ValueError: arrays live on the CPU."""
    what = device if isinstance(device, Device) else type(device).__name__
    raise ValueError(f"get_cuda_compute_capability: takes a GPU, of which this version knows none; not {what}")
