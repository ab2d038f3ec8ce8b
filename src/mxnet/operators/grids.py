"""Numbers at even distances, and the coordinates of the points of a grid."""

from operator import index

import numpy as np

from ..core.array import Array, raw
from ..core.dtypes import as_dtype, default_float, floating
from ..core.operator import operator, wrap
from ..device import resolve
from .arithmetic import power, subtract
from .creation import as_shape, asarray
from .operands import implements
from .reductions import sum
from .shaping import broadcast_arrays, expand_dims

__all__ = ["arange", "fromfunction", "geomspace", "indices", "linspace", "logspace", "meshgrid"]


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


@implements(np.linspace)
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
        By default the default float dtype, or its complex counterpart if an end is complex; an integer dtype rounds down.
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
    dtype = _dtype_of_steps(dtype, start, stop)
    if isinstance(start, Array) or isinstance(stop, Array):
        result = _ramp(start, stop, num, endpoint, dtype, axis)
    else:
        result = wrap(np.linspace(start, stop, num, endpoint, dtype=dtype, axis=axis))
    if not retstep:
        return result
    gaps = num - 1 if endpoint else num
    return result, subtract(stop, start) / gaps if gaps > 0 else float("nan")


def _dtype_of_steps(dtype, *ends):
    """`dtype`, by default the default float dtype, or its complex counterpart where an end is complex."""
    return as_dtype(complex if dtype is None and any(np.iscomplexobj(raw(end)) for end in ends) else dtype)


def _fractions(g, num, endpoint, axis):
    """How far along the way from start to stop each element is, shaped to broadcast against `g`."""
    t = np.arange(num) / max(num - 1 if endpoint else num, 1)
    return t.astype(g.dtype).reshape([num if i == axis % g.ndim else 1 for i in range(g.ndim)])


@operator(
    start=lambda g, num, endpoint, axis: sum(g * (1 - _fractions(g, num, endpoint, axis)), axis=axis),
    stop=lambda g, num, endpoint, axis: sum(g * _fractions(g, num, endpoint, axis), axis=axis),
)
def _ramp(start, stop, num, endpoint, dtype, axis):
    return np.linspace(start, stop, num, endpoint, dtype=dtype, axis=axis)


@implements(np.logspace)
def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0, device=None, ctx=None):
    """The powers base ** linspace(start, stop), numbers at even ratios; the other parameters are those of `linspace`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.logspace(0, 2, 3)
    array([  1.,  10., 100.])
    """
    dtype = _dtype_of_steps(dtype, start, stop, base)
    if any(isinstance(value, Array) for value in (start, stop, base)):
        start, stop, base = broadcast_arrays(*[asarray(value, floating(dtype)) for value in (start, stop, base)])
        exponents = linspace(start, stop, num, endpoint, dtype=floating(dtype), axis=axis, device=device, ctx=ctx)
        return power(expand_dims(base, axis), exponents).astype(dtype, copy=False)
    resolve(device, ctx)
    return wrap(np.logspace(start, stop, num, endpoint, base, dtype=dtype, axis=axis))


@implements(np.geomspace)
def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0, device=None, ctx=None):
    """`num` numbers at even ratios, from `start` to `stop`; the parameters are those of `linspace`.

    If `start`, `stop` or `dtype` is complex the numbers lie on a spiral, which turns by half a circle at most.

    Raises
    ------
    ValueError
        If one of `start` and `stop` is 0, or their signs differ and nothing is complex.

    Examples
    --------
    >>> from mxnet import np
    >>> np.geomspace(1, 100, 3)
    array([  1.,  10., 100.])
    """
    dtype = _dtype_of_steps(dtype, start, stop)
    product = np.multiply(raw(start), raw(stop))
    if not np.all(product != 0 if dtype.kind == "c" else product > 0):
        raise ValueError(f"geomspace: start and stop have one sign, and none of them is 0; given {start!r:.60} and {stop!r:.60}")
    if isinstance(start, Array) or isinstance(stop, Array):
        start, stop = broadcast_arrays(asarray(start, floating(dtype)), asarray(stop, floating(dtype)))
        ratios = logspace(0, 1, num, endpoint, stop / start, floating(dtype), axis, device, ctx)
        return (expand_dims(start, axis) * ratios).astype(dtype, copy=False)
    resolve(device, ctx)
    return wrap(np.geomspace(start, stop, num, endpoint, dtype=dtype, axis=axis))


@operator(x=lambda g, x_shape, axis: sum(g, axis=tuple(i for i in range(g.ndim) if i != axis)).reshape(x_shape))
def _along(x, axis, shape):
    """The elements of `x` along `axis` of an array of `shape`, the same at all other positions."""
    line = [-1 if i == axis else 1 for i in range(len(shape))]
    return np.array(np.broadcast_to(np.reshape(x, line), shape))


@implements(np.meshgrid)
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


def fromfunction(function, shape, dtype=None, **kwargs):
    """What `function` makes of the indices of an array of `shape`: function(*indices(shape, dtype), **kwargs).

    Parameters
    ----------
    function : callable
        Gets an array of indices for each axis.
    shape : tuple of int
    dtype : dtype, optional
        Of the indices; by default the default float dtype.
    **kwargs
        Handed on to `function`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.fromfunction(lambda i, j: 10 * i + j, (2, 2))
    array([[ 0.,  1.],
           [10., 11.]])
    """
    return function(*indices(shape, as_dtype(dtype)), **kwargs)
