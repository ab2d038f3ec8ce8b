"""Shapes, dtypes and memory of arrays: questions that are answered without looking at the values."""

import numpy as np

from ..core.array import Array, raw
from ..core.dtypes import as_dtype, default_float, is_floating
from ..core.operator import TWINS

__all__ = [
    "can_cast",
    "isdtype",
    "may_share_memory",
    "min_scalar_type",
    "ndim",
    "promote_types",
    "result_type",
    "shape",
    "shares_memory",
    "size",
]


def shape(a):
    """The length of every axis of an array, or of nested lists: a tuple.

    Examples
    --------
    >>> from mxnet import np
    >>> np.shape(np.zeros((2, 3))), np.shape([1, 2])
    ((2, 3), (2,))
    """
    return np.shape(raw(a))


def ndim(a):
    """The number of axes of an array, or of nested lists.

    Examples
    --------
    >>> from mxnet import np
    >>> np.ndim(np.zeros((2, 3))), np.ndim(1.0)
    (2, 0)
    """
    return np.ndim(raw(a))


def size(a, axis=None):
    """The number of elements of an array, or of nested lists.

    Parameters
    ----------
    a : array_like
    axis : int or tuple of int, optional
        Count along these axes only.

    Examples
    --------
    >>> from mxnet import np
    >>> np.size(np.zeros((2, 3))), np.size(np.zeros((2, 3)), 1)
    (6, 3)
    """
    lengths = np.shape(raw(a))
    if axis is None:
        axis = tuple(range(len(lengths)))
    axes = axis if isinstance(axis, tuple) else (axis,)
    count = 1
    for i in axes:
        if not -len(lengths) <= i < len(lengths):
            raise np.exceptions.AxisError(f"size: axis {i} is out of bounds for an array of shape {lengths}")
        count *= lengths[i]
    return count


def result_type(*arrays_and_dtypes):
    """The dtype that arithmetic on these operands has.

    Parameters
    ----------
    *arrays_and_dtypes : ndarray, dtype or number
        An integer or boolean dtype gives way to a floating one, whatever their widths. Numbers count for their kind only: an
        integer array and a float number give the default float dtype.

    Returns
    -------
    numpy.dtype

    Raises
    ------
    ValueError
        Without an argument.

    Examples
    --------
    >>> from mxnet import np
    >>> np.result_type(np.int64, np.float16)
    dtype('float16')
    >>> np.result_type(np.zeros(2, dtype='int32'), 0.5)
    dtype('float32')
    """
    if not arrays_and_dtypes:
        raise ValueError("result_type: give at least one array, dtype or number")
    dtypes, numbers = [], []
    for operand in arrays_and_dtypes:
        if isinstance(operand, np.generic):
            operand = operand.item()
        if isinstance(operand, bool | int | float | complex):
            numbers.append(type(operand)(1))
        else:
            dtypes.append(operand.dtype if isinstance(operand, Array | np.ndarray) else as_dtype(operand))
    floats = [dtype for dtype in dtypes if is_floating(dtype)]
    if not floats and any(isinstance(number, float | complex) for number in numbers):
        floats = [default_float()]
    dtype = np.result_type(*(floats or dtypes), *numbers)
    return dtype if floats or not is_floating(dtype) else default_float()  # NumPy has no integer dtype for uint64 and int64


def promote_types(type1, type2):
    """The dtype that an array of dtype `type1` and one of dtype `type2` have together; see `result_type`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.promote_types(np.int32, np.float32), np.promote_types(np.uint8, np.int8)
    (dtype('float32'), dtype('int16'))
    """
    return result_type(as_dtype(type1), as_dtype(type2))


def can_cast(from_, to, casting="safe"):
    """Whether a cast from one dtype to another is allowed by `casting`.

    Parameters
    ----------
    from_ : ndarray or dtype
    to : dtype
    casting : {'no', 'equiv', 'safe', 'same_kind', 'unsafe'}
        'safe': no value is lost. 'same_kind': integers may become floats, and each kind narrower.

    Examples
    --------
    >>> from mxnet import np
    >>> np.can_cast(np.int32, np.float64), np.can_cast(np.zeros(2), np.int32)
    (True, False)
    """
    if isinstance(from_, bool | int | float | complex):
        raise TypeError(f"can_cast: from_ is an array or a dtype, not the number {from_!r}; min_scalar_type says what holds it")
    return np.can_cast(
        from_.dtype if isinstance(from_, Array | np.ndarray | np.generic) else as_dtype(from_), as_dtype(to), casting
    )


def min_scalar_type(a, /):
    """The narrowest dtype that holds a number; of an array with axes its own dtype.

    Examples
    --------
    >>> from mxnet import np
    >>> np.min_scalar_type(300), np.min_scalar_type(np.zeros(2))
    (dtype('uint16'), dtype('float32'))
    """
    return np.min_scalar_type(raw(a))


def isdtype(dtype, kind):
    """Whether a dtype is of a kind.

    Parameters
    ----------
    dtype : dtype
    kind : dtype, str or tuple of these
        A dtype, or 'bool', 'signed integer', 'unsigned integer', 'integral', 'real floating', 'complex floating' or 'numeric'.
        For a tuple: whether it is of one of these kinds.

    Examples
    --------
    >>> from mxnet import np
    >>> np.isdtype(np.float32, 'real floating'), np.isdtype(np.uint8, ('bool', 'signed integer'))
    (True, False)
    """
    return np.isdtype(as_dtype(dtype), kind)


def shares_memory(a, b, max_work=None):
    """Whether two arrays have an element in common.

    Parameters
    ----------
    a, b : ndarray
    max_work : int, optional
        How many candidates to try; `numpy.exceptions.TooHardError` is raised where that is not enough.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.zeros(4)
    >>> np.shares_memory(x, x[1:]), np.shares_memory(x[::2], x[1::2])
    (True, False)
    """
    return np.shares_memory(raw(a), raw(b), max_work)


def may_share_memory(a, b, max_work=None):
    """Whether the stretches of memory in which two arrays lie overlap; quicker than `shares_memory`.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.zeros(4)
    >>> np.may_share_memory(x, x[1:]), np.may_share_memory(x, x + 1)
    (True, False)
    """
    return np.may_share_memory(raw(a), raw(b), max_work)


for _function in (shape, ndim, size, result_type, can_cast, min_scalar_type, shares_memory, may_share_memory):
    TWINS[getattr(np, _function.__name__)] = _function
