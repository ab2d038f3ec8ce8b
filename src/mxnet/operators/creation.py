"""Making arrays: from data, and filled with a value."""

from operator import index

import numpy as np

from ..core.array import Array, raw
from ..core.dtypes import as_dtype, default_float
from ..core.operator import operator, wrap, write_out
from ..core.state import is_recording
from ..device import resolve
from .joining import stack
from .operands import implements
from .shaping import reshape

__all__ = [
    "array",
    "asanyarray",
    "asarray",
    "asarray_chkfinite",
    "ascontiguousarray",
    "empty",
    "empty_like",
    "full",
    "full_like",
    "ones",
    "ones_like",
    "zeros",
    "zeros_like",
]


def as_shape(name, shape):
    """The shape that a user gave to the function `name` as a tuple of integers."""
    shape = raw(shape)
    try:
        lengths = tuple(map(index, shape)) if np.iterable(shape) else (index(shape),)
    except TypeError:
        raise TypeError(f"{name}: a shape is an int or a tuple of ints, not {shape!r:.60}") from None
    if min(lengths, default=0) < 0:
        raise ValueError(f"{name}: a shape has no negative lengths: {shape!r:.60}")
    return lengths


def check_place(device, ctx, order="C"):
    """Refuse a device, or an order of the elements in memory, that arrays cannot have."""
    resolve(device, ctx)
    if order not in (None, "C", "K", "A"):
        raise NotImplementedError(f"arrays are laid out in C order, not order={order!r}")


# From data


def array(object, dtype=None, device=None, ctx=None, copy=True, ndmin=0):
    """A new array with the values of `object`.

    Parameters
    ----------
    object : array_like
        A number, a NumPy array, nested lists of them, anything that NumPy can make numbers of; or an ndarray, or nested lists with
        ndarrays in them. These are copied differentiably: gradients flow through the copy.
    dtype : dtype, optional
        By default that of an ndarray or of a NumPy scalar, and the default float dtype for everything else: for Python's integers
        and booleans, and for NumPy arrays too. `float` means the default float dtype, `int` int64.
    device, ctx : Device, optional
        A CPU.
    copy : bool, optional
        None and False as for `asarray`.
    ndmin : int, optional
        How many axes there are at least; those that are missing are put in front.

    Returns
    -------
    ndarray

    Raises
    ------
    TypeError
        If `object` holds something that is no number, or rows of different lengths.

    Examples
    --------
    >>> from mxnet import np
    >>> np.array([1, 2])
    array([1., 2.])
    >>> np.array([[1, 2], [3, 4]], dtype=int)
    array([[1, 2],
           [3, 4]], dtype=int64)
    """
    resolve(device, ctx)
    if not copy or ndmin:
        result = asarray(object, dtype, copy=copy)
        return result.reshape((1,) * (ndmin - result.ndim) + result.shape) if result.ndim < ndmin else result
    if isinstance(object, Array):
        return object.astype(object.dtype if dtype is None else as_dtype(dtype))
    _refuse_times(object)
    target = _dtype_for(object) if dtype is None else as_dtype(dtype)
    if type(object) in (list, tuple) and is_recording() and _is_recorded(object):
        return _stacked(object, target).astype(target, copy=False)
    try:
        return wrap(np.array(raw(object), dtype=target, order="C"))
    except (ValueError, TypeError) as error:
        raise TypeError(f"array: {_reason(object, error)}") from None


def asarray(obj, dtype=None, device=None, copy=None, ctx=None):
    """`obj` as an array; an ndarray of the right dtype is returned as it is.

    Parameters
    ----------
    obj, dtype, device, ctx
        As for `array`.
    copy : bool, optional
        True always copies, False never: a NumPy array of that dtype then shares its memory with the result.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If `copy=False` and only a copy can have the dtype.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([1, 2])
    >>> np.asarray(x) is x
    True
    """
    resolve(device, ctx)
    if not copy:
        if isinstance(obj, Array) and (dtype is None or obj.dtype == as_dtype(dtype)):
            return obj
        if copy is False:
            target = _dtype_for(obj) if dtype is None else as_dtype(dtype)
            if isinstance(obj, np.ndarray) and obj.dtype == target:
                return wrap(obj)
            raise ValueError(f"asarray: a {type(obj).__name__} cannot become an array of {target} without a copy")
    return array(obj, dtype)


asanyarray = asarray


def asarray_chkfinite(a, dtype=None):
    """`asarray(a, dtype)`, which refuses NaN and infinities.

    Raises
    ------
    ValueError
        If there are any.

    Examples
    --------
    >>> from mxnet import np
    >>> np.asarray_chkfinite([1, 2])
    array([1., 2.])
    """
    result = asarray(a, dtype)
    finite = np.isfinite(result._data)
    if not finite.all():
        first = tuple(np.argwhere(~finite)[0].tolist())
        raise ValueError(f"asarray_chkfinite: all elements are finite, but the one at {first} is {result._data[first]}")
    return result


def ascontiguousarray(a, dtype=None):
    """`asarray(a, dtype)`, laid out in C order in one piece of memory, with one axis at least; a copy only where it has to be.

    Examples
    --------
    >>> from mxnet import np
    >>> np.ascontiguousarray(np.ones((2, 3)).T).strides
    (8, 4)
    """
    result = asarray(a, dtype)
    result = result if result.ndim else result.reshape(1)
    return result if result._data.flags.c_contiguous else reshape(result, result.shape, copy=True)


def _dtype_for(value):
    """The dtype of an array made of `value` where none is asked for."""
    kept = isinstance(value, np.generic) or (isinstance(value, np.ndarray) and default_float() == np.float64)
    if kept and value.dtype.kind in "biuf":
        return as_dtype(value.dtype)
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind == "c":
        raise TypeError(f"array: {value.dtype} values are kept only if asked for: array(..., dtype='{value.dtype}')")
    return default_float()


def _refuse_times(value):
    """Dates and durations, of which NumPy would make numbers that count days or whatever their unit is."""
    while type(value) in (list, tuple) and value:
        value = value[0]
    dtype = getattr(value, "dtype", None)
    if isinstance(dtype, np.dtype) and dtype.kind in "mM":
        raise TypeError(
            f"array: arrays hold numbers, not {dtype}: subtract dates and divide by numpy.timedelta64(1, 'D') to count days"
        )


def _is_recorded(values):
    return any(v._node is not None if isinstance(v, Array) else type(v) in (list, tuple) and _is_recorded(v) for v in values)


def _stacked(values, dtype):
    """Nested lists with recorded arrays in them as one array."""
    parts = []
    for value in values:
        if type(value) in (list, tuple):
            value = _stacked(value, dtype)
        elif not isinstance(value, Array):
            value = array(value, dtype)
        parts.append(value)
    return stack(parts)


def _reason(value, error):
    """What is wrong with `value`, in a user's words."""
    text = str(error)
    if "inhomogeneous" in text or "setting an array element" in text:
        return f"the rows differ in length, or hold what is no number, in {value!r:.60}; pad them, or make an array of each"
    if "complex" in text:
        return f"complex numbers are kept only if asked for: array(..., dtype='complex64'), given {value!r:.80}"
    return f"arrays hold numbers, not {type(value).__name__} {value!r:.80} ({text})"


# Filled with a value


def zeros(shape, dtype=None, order="C", device=None, ctx=None):
    """An array of zeros.

    Parameters
    ----------
    shape : int or tuple of int
    dtype : dtype, optional
        By default the default float dtype.
    order : {'C'}, optional
    device, ctx : Device, optional
        A CPU.

    Examples
    --------
    >>> from mxnet import np
    >>> np.zeros(2)
    array([0., 0.])
    """
    check_place(device, ctx, order)
    return wrap(np.zeros(as_shape("zeros", shape), as_dtype(dtype)))


def ones(shape, dtype=None, order="C", device=None, ctx=None):
    """An array of ones; the parameters are those of `zeros`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.ones((1, 2))
    array([[1., 1.]])
    """
    check_place(device, ctx, order)
    return wrap(np.ones(as_shape("ones", shape), as_dtype(dtype)))


def empty(shape, dtype=None, order="C", device=None, ctx=None):
    """An array of arbitrary content, to be written; the parameters are those of `zeros`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.empty((2, 3)).shape
    (2, 3)
    """
    check_place(device, ctx, order)
    return wrap(np.empty(as_shape("empty", shape), as_dtype(dtype)))


@operator(fill_value=lambda g: g)
def _filled(fill_value, shape, dtype):
    return np.full(shape, fill_value, dtype)


def full(shape, fill_value, dtype=None, order="C", device=None, out=None, ctx=None):
    """An array that holds `fill_value` everywhere.

    Parameters
    ----------
    shape : int or tuple of int
    fill_value : number or array_like
        An array broadcasts to the shape; gradients flow to it.
    dtype : dtype, optional
        By default that of an array; for a Python number bool, int64 or the default float dtype, as the number is.
    order : {'C'}, optional
    device, ctx : Device, optional
        A CPU.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> from mxnet import np
    >>> np.full(2, 0.5), np.full(2, 1)
    (array([0.5, 0.5]), array([1, 1], dtype=int64))
    """
    check_place(device, ctx, order)
    return _fill("full", as_shape("full", shape), fill_value, dtype, out)


def _fill(name, shape, value, dtype, out):
    """The array that `full` and `full_like` return."""
    if isinstance(value, np.generic):
        value = value.item()
    if not isinstance(value, Array | bool | int | float | complex):
        value = array(value)
    if dtype is not None:
        dtype = as_dtype(dtype)
    elif isinstance(value, Array):
        dtype = value.dtype
    else:
        dtype = np.result_type(type(value)) if isinstance(value, int) else np.result_type(default_float(), value)
    try:
        np.broadcast_to(np.empty(np.shape(value)), shape)
        if dtype.kind in "iu":
            values = np.asarray(raw(value))
            if values.dtype.kind in "fc" and not np.isfinite(values).all():
                int(values[~np.isfinite(values)].real[0])  # says that it cannot, where NumPy's cast warns and writes anything
        result = _filled(value, shape, dtype) if isinstance(value, Array) else wrap(np.full(shape, value, dtype))
    except (ValueError, TypeError, OverflowError) as error:
        raise type(error)(f"{name}: {error} (given {value!r:.60} for shape {shape})") from None
    return result if out is None else write_out(name, out, result)


@implements(np.zeros_like)
def zeros_like(a, dtype=None, order="C", device=None, out=None, ctx=None, shape=None):
    """Zeros, in an array of the shape and dtype of `a`.

    Parameters
    ----------
    a : ndarray
    dtype, shape : optional
        Stand in for those of `a`.
    order : {'C'}, optional
    device, ctx : Device, optional
        A CPU.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> from mxnet import np
    >>> np.zeros_like(np.array([1, 2]))
    array([0., 0.])
    """
    return _like("zeros_like", a, 0, dtype, order, device, out, ctx, shape)


@implements(np.ones_like)
def ones_like(a, dtype=None, order="C", device=None, out=None, ctx=None, shape=None):
    """Ones, in an array of the shape and dtype of `a`; the parameters are those of `zeros_like`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.ones_like(np.array([1, 2]))
    array([1., 1.])
    """
    return _like("ones_like", a, 1, dtype, order, device, out, ctx, shape)


@implements(np.full_like)
def full_like(a, fill_value, dtype=None, order="C", device=None, out=None, ctx=None, shape=None):
    """`fill_value` everywhere, in an array of the shape and dtype of `a`; the parameters are those of `zeros_like` and `full`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.full_like(np.array([1, 2]), 7)
    array([7., 7.])
    """
    return _like("full_like", a, fill_value, dtype, order, device, out, ctx, shape)


def _like(name, prototype, value, dtype, order, device, out, ctx, shape):
    check_place(device, ctx, order)
    shape, dtype = _form(name, prototype, shape, dtype)
    return _fill(name, shape, value, dtype, out)


@implements(np.empty_like)
def empty_like(prototype, dtype=None, device=None, order="C", subok=False, shape=None, ctx=None):
    """An array of the shape and dtype of `prototype`, of arbitrary content.

    Parameters
    ----------
    prototype : ndarray
    dtype, shape : optional
        Stand in for those of `prototype`.
    device, ctx : Device, optional
        A CPU.
    order : {'C'}, optional
    subok : bool, optional
        Has no effect: there are no subclasses.

    Examples
    --------
    >>> from mxnet import np
    >>> np.empty_like(np.array([1, 2])).shape
    (2,)
    """
    check_place(device, ctx, order)
    return wrap(np.empty(*_form("empty_like", prototype, shape, dtype)))


def _form(name, prototype, shape, dtype):
    """The shape and the dtype asked for, those of the prototype by default."""
    if not isinstance(prototype, Array | np.ndarray):
        prototype = array(prototype)
    return prototype.shape if shape is None else as_shape(name, shape), as_dtype(prototype.dtype if dtype is None else dtype)
