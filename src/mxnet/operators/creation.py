"""Making arrays: from data, filled with a value, as a grid of numbers; and the triangles of a matrix."""

from operator import index

import numpy as np

from ..core.array import Array, raw
from ..core.dtypes import as_dtype, default_float, floating
from ..core.operator import TWINS, operator, wrap, write_out
from ..core.state import is_recording
from ..device import resolve
from .arithmetic import power
from .joining import stack

__all__ = [
    "arange",
    "array",
    "asarray",
    "empty",
    "empty_like",
    "eye",
    "full",
    "full_like",
    "identity",
    "indices",
    "linspace",
    "logspace",
    "meshgrid",
    "ones",
    "ones_like",
    "tri",
    "tril",
    "triu",
    "zeros",
    "zeros_like",
]


def _as(twin):
    """Let NumPy's `twin` find the function when it is called on our arrays."""

    def register(function):
        TWINS[twin] = function
        return function

    return register


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


def _in_c_order(order):
    if order not in (None, "C", "K", "A"):
        raise NotImplementedError(f"arrays are laid out in C order, not order={order!r}")


# From data


def array(object, dtype=None, device=None, ctx=None):
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
    if isinstance(object, Array):
        return object.astype(object.dtype if dtype is None else as_dtype(dtype))
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


def _dtype_for(value):
    """The dtype of an array made of `value` where none is asked for."""
    kept = isinstance(value, np.generic) or (isinstance(value, np.ndarray) and default_float() == np.float64)
    if kept and value.dtype.kind in "biuf":
        return value.dtype
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind == "c":
        raise TypeError(f"array: {value.dtype} values are kept only if asked for: array(..., dtype='{value.dtype}')")
    return default_float()


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
    resolve(device, ctx)
    _in_c_order(order)
    return wrap(np.zeros(as_shape("zeros", shape), as_dtype(dtype)))


def ones(shape, dtype=None, order="C", device=None, ctx=None):
    """An array of ones; the parameters are those of `zeros`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.ones((1, 2))
    array([[1., 1.]])
    """
    resolve(device, ctx)
    _in_c_order(order)
    return wrap(np.ones(as_shape("ones", shape), as_dtype(dtype)))


def empty(shape, dtype=None, order="C", device=None, ctx=None):
    """An array of arbitrary content, to be written; the parameters are those of `zeros`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.empty((2, 3)).shape
    (2, 3)
    """
    resolve(device, ctx)
    _in_c_order(order)
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
    resolve(device, ctx)
    _in_c_order(order)
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
        result = _filled(value, shape, dtype) if isinstance(value, Array) else wrap(np.full(shape, value, dtype))
    except (ValueError, TypeError) as error:
        raise type(error)(f"{name}: {error} (given {value!r:.60} for shape {shape})") from None
    return result if out is None else write_out(name, out, result)


@_as(np.zeros_like)
def zeros_like(a, dtype=None, order="C", device=None, out=None, ctx=None):
    """Zeros, in an array of the shape and dtype of `a`.

    Parameters
    ----------
    a : ndarray
    dtype : dtype, optional
        By default that of `a`.
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
    return _like("zeros_like", a, 0, dtype, order, device, out, ctx)


@_as(np.ones_like)
def ones_like(a, dtype=None, order="C", device=None, out=None, ctx=None):
    """Ones, in an array of the shape and dtype of `a`; the parameters are those of `zeros_like`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.ones_like(np.array([1, 2]))
    array([1., 1.])
    """
    return _like("ones_like", a, 1, dtype, order, device, out, ctx)


@_as(np.full_like)
def full_like(a, fill_value, dtype=None, order="C", device=None, out=None, ctx=None):
    """`fill_value` everywhere, in an array of the shape and dtype of `a`; the parameters are those of `zeros_like` and `full`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.full_like(np.array([1, 2]), 7)
    array([7., 7.])
    """
    return _like("full_like", a, fill_value, dtype, order, device, out, ctx)


def _like(name, prototype, value, dtype, order, device, out, ctx):
    resolve(device, ctx)
    _in_c_order(order)
    shape, kept = _form(prototype)
    return _fill(name, shape, value, kept if dtype is None else dtype, out)


@_as(np.empty_like)
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
    resolve(device, ctx)
    _in_c_order(order)
    given, kept = _form(prototype)
    return wrap(np.empty(given if shape is None else as_shape("empty_like", shape), kept if dtype is None else as_dtype(dtype)))


def _form(prototype):
    """Shape and dtype of a prototype."""
    if not isinstance(prototype, Array | np.ndarray):
        prototype = array(prototype)
    return prototype.shape, prototype.dtype


# Grids of numbers


def arange(start, stop=None, step=1, dtype=None, device=None, ctx=None):
    """The numbers start, start + step, … below `stop`; with one argument 0, 1, … below it.

    Parameters
    ----------
    start, stop, step : number
        The step may be negative.
    dtype : dtype, optional
        By default float32, for integers too; after `npx.set_np(dtype=True)` as NumPy has it.
    device, ctx : Device, optional
        A CPU.

    Examples
    --------
    >>> from mxnet import np
    >>> np.arange(3)
    array([0., 1., 2.])
    >>> np.arange(5, 0, -2, dtype=int)
    array([5, 3, 1], dtype=int64)
    """
    resolve(device, ctx)
    start, stop, step = raw(start), raw(stop), raw(step)
    if step == 0:
        raise ValueError(f"arange: a step of 0 never comes from {start} to {stop}")
    if stop is None:
        start, stop = 0, start
    if dtype is None and default_float() == np.float64:
        return wrap(np.arange(start, stop, step))
    dtype = as_dtype(dtype)
    if dtype.kind in "biu":
        return wrap(np.arange(start, stop, step, dtype))
    return wrap(np.arange(start, stop, step).astype(dtype))  # computed exactly, or in float64


@_as(np.linspace)
def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, device=None, ctx=None):
    """`num` numbers at even distances, from `start` to `stop`.

    Parameters
    ----------
    start, stop : number or ndarray
        Gradients flow to arrays.
    num : int, optional
    endpoint : bool, optional
        Whether `stop` is the last of them, or would be the next one.
    retstep : bool, optional
        Return the distance as well.
    dtype : dtype, optional
        By default the default float dtype; an integer dtype rounds down.
    axis : int, optional
        Where the result of arrays has its new axis.
    device, ctx : Device, optional
        A CPU.

    Returns
    -------
    ndarray, or tuple of ndarray and distance

    Examples
    --------
    >>> from mxnet import np
    >>> np.linspace(0, 1, 5)
    array([0.  , 0.25, 0.5 , 0.75, 1.  ])
    """
    resolve(device, ctx)
    num = index(num)
    if num < 0:
        raise ValueError(f"linspace: num is how many numbers, not {num}")
    dtype = as_dtype(dtype)
    if isinstance(start, Array) or isinstance(stop, Array):
        result = _ramp(start, stop, num, endpoint, dtype, axis)
    else:
        result = wrap(np.linspace(start, stop, num, endpoint, dtype=dtype, axis=axis))
    if not retstep:
        return result
    gaps = num - 1 if endpoint else num
    return result, (stop - start) / gaps if gaps > 0 else float("nan")


def _fractions(g, num, endpoint, axis):
    """How far along the way from start to stop each element is, shaped to broadcast against `g`."""
    t = np.arange(num) / max(num - 1 if endpoint else num, 1)
    return t.astype(g.dtype).reshape([num if i == axis % g.ndim else 1 for i in range(g.ndim)])


@operator(
    start=lambda g, num, endpoint, axis: (g * (1 - _fractions(g, num, endpoint, axis))).sum(axis=axis),
    stop=lambda g, num, endpoint, axis: (g * _fractions(g, num, endpoint, axis)).sum(axis=axis),
)
def _ramp(start, stop, num, endpoint, dtype, axis):
    return np.linspace(start, stop, num, endpoint, dtype=dtype, axis=axis)


@_as(np.logspace)
def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0, device=None, ctx=None):
    """The powers base ** linspace(start, stop), numbers at even ratios; the other parameters are those of `linspace`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.logspace(0, 2, 3)
    array([  1.,  10., 100.])
    """
    dtype = as_dtype(dtype)
    if any(isinstance(value, Array) for value in (start, stop, base)):
        exponents = linspace(start, stop, num, endpoint, dtype=floating(dtype), axis=axis, device=device, ctx=ctx)
        return power(base, exponents).astype(dtype, copy=False)
    resolve(device, ctx)
    return wrap(np.logspace(start, stop, num, endpoint, base, dtype=dtype, axis=axis))


def eye(N, M=None, k=0, dtype=None, device=None, order="C", ctx=None):
    """A matrix with ones on a diagonal and zeros elsewhere.

    Parameters
    ----------
    N : int
        The number of rows.
    M : int, optional
        The number of columns, by default `N`.
    k : int, optional
        Which diagonal: above the main one if positive, below if negative.
    dtype : dtype, optional
        By default the default float dtype.
    device, ctx : Device, optional
        A CPU.
    order : {'C'}, optional

    Examples
    --------
    >>> from mxnet import np
    >>> np.eye(2, 3, k=1)
    array([[0., 1., 0.],
           [0., 0., 1.]])
    """
    resolve(device, ctx)
    _in_c_order(order)
    return wrap(np.eye(N, M, k, as_dtype(dtype)))


def identity(n, dtype=None, device=None, ctx=None):
    """The identity matrix with `n` rows; the parameters are those of `eye`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.identity(2)
    array([[1., 0.],
           [0., 1.]])
    """
    return eye(n, dtype=dtype, device=device, ctx=ctx)


@operator(x=lambda g, x_shape, axis: g.sum(axis=tuple(i for i in range(g.ndim) if i != axis)).reshape(x_shape))
def _along(x, axis, shape):
    """The elements of `x` along `axis` of an array of `shape`, the same at all other positions."""
    line = [-1 if i == axis else 1 for i in range(len(shape))]
    return np.array(np.broadcast_to(np.reshape(x, line), shape))


@_as(np.meshgrid)
def meshgrid(*xi, indexing="xy", sparse=False, copy=True):
    """The coordinates of the points of a grid, one array for each of its axes.

    Parameters
    ----------
    *xi : ndarray
        The positions of the lines that cross each axis, one-dimensional. Gradients flow to them.
    indexing : {'xy', 'ij'}
        Whether the first two axes of the results are those of a picture (rows are y), or in the order of the arguments.
    sparse : bool, optional
        Leave the axes along which an array does not change at length 1.
    copy : bool, optional
        Has no effect: results never share memory.

    Returns
    -------
    list of ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> np.meshgrid(np.array([1, 2]), np.array([3, 4]))
    [array([[1., 2.],
           [1., 2.]]), array([[3., 3.],
           [4., 4.]])]
    """
    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid: indexing is 'xy' or 'ij', not {indexing!r}")
    lines = [asarray(x) for x in xi]
    for x in lines:
        if x.ndim > 1:
            raise ValueError(f"meshgrid: takes arrays of one dimension, not of shape {x.shape}")
    axes = list(range(len(lines)))
    if indexing == "xy" and len(lines) > 1:
        axes[:2] = 1, 0
    shape = [1] * len(lines)
    for x, axis in zip(lines, axes, strict=True):
        shape[axis] = x.size
    return [
        _along(x, axis, tuple(x.size if i == axis else 1 for i in range(len(lines))) if sparse else tuple(shape))
        for x, axis in zip(lines, axes, strict=True)
    ]


def indices(dimensions, dtype=None, device=None, ctx=None):
    """The index of every position of an array of shape `dimensions`, one array for each axis, stacked.

    Parameters
    ----------
    dimensions : tuple of int
    dtype : dtype, optional
        int64 by default.
    device, ctx : Device, optional
        A CPU.

    Returns
    -------
    ndarray
        Of shape `(len(dimensions), *dimensions)`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.indices((2, 2))[1]
    array([[0, 1],
           [0, 1]], dtype=int64)
    """
    resolve(device, ctx)
    return wrap(np.indices(as_shape("indices", dimensions), np.int64 if dtype is None else as_dtype(dtype)))


# Triangles


def tri(N, M=None, k=0, dtype=None, device=None, ctx=None):
    """A matrix with ones on and below a diagonal and zeros above; the parameters are those of `eye`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.tri(2, 3)
    array([[1., 0., 0.],
           [1., 1., 0.]])
    """
    resolve(device, ctx)
    return wrap(np.tri(N, M, k, as_dtype(dtype)))


def _matrix(m):
    m = np.asarray(m)
    if m.ndim == 0:
        raise ValueError("a number has no triangles; give a matrix, or several stacked")
    return m


@operator(implements=np.tril, hides=True, m=lambda g, k: tril(g, k))
def tril(m, k=0):
    """The lower triangle of a matrix, with zeros above it.

    Parameters
    ----------
    m : ndarray
        Matrices in the last two axes. A vector stands for the matrix of which each row is that vector.
    k : int, optional
        The diagonal above which all is 0: 0 the main one, positive numbers above it.

    Examples
    --------
    >>> from mxnet import np
    >>> np.tril(np.array([[1, 2], [3, 4]]))
    array([[1., 0.],
           [3., 4.]])
    """
    return np.tril(_matrix(m), k)


@operator(implements=np.triu, hides=True, m=lambda g, k: triu(g, k))
def triu(m, k=0):
    """The upper triangle of a matrix, with zeros below it.

    Parameters
    ----------
    m : ndarray
        Matrices in the last two axes. A vector stands for the matrix of which each row is that vector.
    k : int, optional
        The diagonal below which all is 0: 0 the main one, positive numbers above it.

    Examples
    --------
    >>> from mxnet import np
    >>> np.triu(np.array([[1, 2], [3, 4]]))
    array([[1., 2.],
           [0., 4.]])
    """
    return np.triu(_matrix(m), k)
