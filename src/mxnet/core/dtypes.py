"""Dtypes as MXNet has them: float32 unless said, and an integer array takes the dtype of the float array it meets."""

import numpy as np

__all__ = ["as_dtype", "default_float", "floating", "promoted", "set_default_float", "settled"]

_FLOATING = "fc"  # the kinds of dtype that have derivatives

_default_float = np.dtype(np.float32)


def default_float():
    """The dtype of arrays created without one: float32, or float64 after `npx.set_np(dtype=True)`."""
    return _default_float


def set_default_float(dtype):
    """Set what `default_float` returns."""
    global _default_float
    _default_float = np.dtype(dtype)


def as_dtype(dtype):
    """`dtype` as a `numpy.dtype`; None and Python's `float` mean the default float dtype, `complex` its complex counterpart.

    In the machine's byte order: an array has no other. What enters in another one is cast, by `numpy.array` or `astype`.

    Raises
    ------
    TypeError
        If it is no dtype, or one that an array cannot hold (strings, objects, dates).
    """
    if dtype is None or dtype is float:
        return _default_float
    if dtype is complex:
        return _default_complex()
    dtype = np.dtype(dtype)
    if dtype.kind not in "biufc":
        raise TypeError(f"arrays hold booleans, integers, floats and complex numbers, not {dtype}")
    return dtype if dtype.isnative else np.dtype(dtype.type)


def _default_complex():
    return np.result_type(_default_float, np.complex64)


def is_floating(dtype):
    """Whether arrays of this dtype have derivatives: float16, float32, float64 and the complex dtypes."""
    return dtype.kind in _FLOATING


def floating(dtype):
    """The dtype of a mean, a norm, a logarithm, … of arrays of `dtype`: itself, or the default float if it is an integer's."""
    return dtype if dtype.kind in _FLOATING else _default_float


def promoted(*arrays):
    """The raw arrays, those of integers and booleans cast to the widest float dtype among the others, if any is floating.

    NumPy would make int32 and float32 a float64, and int16 and float16 a float32. Python scalars pass through: they are weak.

    Examples
    --------
    >>> import numpy
    >>> [a.dtype.name for a in promoted(numpy.ones(2, numpy.int64), numpy.ones(2, numpy.float16))]
    ['float16', 'float16']
    """
    if len(arrays) == 2 and type(arrays[0]) is type(arrays[1]) is np.ndarray and arrays[0].dtype is arrays[1].dtype:
        return arrays
    dtypes = {array.dtype for array in arrays if isinstance(array, np.ndarray | np.generic)}
    floats = [dtype for dtype in dtypes if dtype.kind in _FLOATING]
    if not floats or len(floats) == len(dtypes):
        return arrays
    target = np.result_type(*floats)
    return tuple(
        array.astype(target) if isinstance(array, np.ndarray | np.generic) and array.dtype.kind not in _FLOATING else array
        for array in arrays
    )


def settled(compute, result, *operands):
    """`result`, which is `compute(*operands)`, in the default dtype if it is floating and no array among the operands is.

    That is where integers meet a float scalar (`i + 0.5`), divide (`i / j`) or enter a function such as `exp`, for which NumPy
    chooses a float dtype by the integer's width: float16 for int8, which would not even hold exp(12).
    """
    if result.dtype.kind not in _FLOATING or result.dtype == _default_float:
        return result
    target = _default_float if result.dtype.kind == "f" else _default_complex()
    arrays = [operand for operand in operands if isinstance(operand, np.ndarray | np.generic)]
    if any(array.dtype.kind in _FLOATING for array in arrays):
        return result
    if result.dtype.itemsize < target.itemsize:
        result = compute(*[x.astype(_default_float) if isinstance(x, np.ndarray | np.generic) else x for x in operands])
    return result.astype(target, copy=False)
