"""Shapes taken from another array, slices by numbers, and other ways of MXNet to arrange elements."""

import math
from builtins import slice as python_slice

import numpy as np

from ...core.array import raw
from ...core.dtypes import as_dtype, default_float
from ...core.operator import operator, wrap
from ...device import resolve
from ..indexing import getitem
from ..norms import vector_norm
from ..operands import axis_of, broadcasts_to
from ..padding import pad as pad_pairs
from ..shaping import astype, broadcast_to, reshape, squeeze

__all__ = [
    "add_n",
    "arange_like",
    "broadcast_greater",
    "broadcast_like",
    "cast",
    "norm",
    "pad",
    "reshape_like",
    "shape_array",
    "slice",
    "slice_channel",
    "slice_like",
]


@operator(args=lambda g, args_shape: [g] * len(args_shape))
def _sum_of(*args):
    total = args[0] + args[1]
    for array in args[2:]:
        total += array
    return total


def add_n(*args, name=None):
    """The sum of arrays of one shape, in memory for one result.

    `name` has no effect.

    Raises
    ------
    ValueError
        If there is no array, or shapes differ: nothing broadcasts.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.add_n(np.array([1, 2]), np.array([10, 20]), np.array([100, 200]))
    array([111., 222.])
    """
    shapes = {np.shape(raw(array)) for array in args}
    if len(shapes) != 1:
        raise ValueError(f"add_n: takes one or more arrays of one shape, not {sorted(shapes)}")
    return args[0] + 0 if len(args) == 1 else _sum_of(*args)


def arange_like(data, start=0.0, step=1.0, repeat=1, ctx=None, axis=None):
    """start, start + step, …, as many as `data` has elements, in its shape; or as many as one of its axes has.

    Parameters
    ----------
    data : ndarray
        Only its shape and dtype count.
    start, step : float
    repeat : int
        How often each number comes.
    ctx : Device, optional
        A CPU.
    axis : int, optional
        The axis to count along; the result is a vector.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.arange_like(np.zeros((2, 3)))
    array([[0., 1., 2.],
           [3., 4., 5.]])
    >>> npx.arange_like(np.zeros((2, 3)), start=1, repeat=2, axis=1)
    array([1., 1., 2.])
    """
    resolve(ctx)
    data = np.asarray(raw(data))
    if not isinstance(repeat, int) or repeat < 1:
        raise ValueError(f"arange_like: repeat is a positive integer, not {repeat!r}")
    shape = data.shape if axis is None else (data.shape[axis_of("arange_like", axis, data.shape)],)
    numbers = start + step * (np.arange(int(np.prod(shape))) // repeat)
    return wrap(numbers.reshape(shape).astype(data.dtype if data.dtype.kind == "f" else default_float()))


def broadcast_greater(lhs, rhs, name=None):
    """`lhs > rhs` as 1 and 0 in the dtype of `lhs`; the two arrays broadcast against each other. There is no gradient.

    `name` has no effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.broadcast_greater(np.array([1, 2]), np.array([2, 1]))
    array([0., 1.])
    """
    return np.greater(lhs, rhs).astype(lhs.dtype)


def broadcast_like(lhs, rhs, lhs_axes=None, rhs_axes=None):
    """`lhs` stretched to the shape of `rhs`, or along some axes to the lengths of some axes of `rhs`.

    Parameters
    ----------
    lhs, rhs : ndarray
    lhs_axes, rhs_axes : tuple of int, optional
        As many of each: the axes of `lhs` to stretch, and the axes of `rhs` that say how far.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.broadcast_like(np.array([[1, 2]]), np.zeros((3, 4)), lhs_axes=(0,), rhs_axes=(0,))
    array([[1., 2.],
           [1., 2.],
           [1., 2.]])
    """
    if lhs_axes is None and rhs_axes is None:
        return _stretched(lhs, rhs.shape)
    if lhs_axes is None or rhs_axes is None or len(lhs_axes) != len(rhs_axes) or not lhs_axes:
        raise ValueError(f"broadcast_like: lhs_axes and rhs_axes name axes, as many each; not {lhs_axes} and {rhs_axes}")
    shape = list(lhs.shape)
    for i, j in zip(lhs_axes, rhs_axes, strict=True):
        axis, other = axis_of("broadcast_like", i, lhs.shape, "lhs_axes"), axis_of("broadcast_like", j, rhs.shape, "rhs_axes")
        shape[axis] = rhs.shape[other]
    return _stretched(lhs, tuple(shape))


def _stretched(lhs, shape):
    """`lhs`, an operand of `broadcast_like`, in a shape that it may not broadcast to."""
    if not broadcasts_to(lhs.shape, shape):
        raise ValueError(f"broadcast_like: lhs, of shape {lhs.shape}, does not stretch to the shape {shape} that rhs asks for")
    return broadcast_to(lhs, shape)


def cast(data, dtype, name=None):
    """A copy of `data` in another dtype, `data.astype(dtype)`; between float dtypes it carries the gradient.

    `name` has no effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.cast(np.array([1.5, 2.5]), dtype="int32")
    array([1, 2], dtype=int32)
    """
    return astype(data, _dtype("cast", "dtype", dtype))


def _dtype(name, parameter, dtype):
    try:
        return as_dtype(dtype)
    except TypeError as error:
        raise TypeError(f"{name}: {parameter} is one of an array's dtypes, such as 'float32': {error}") from None


def norm(data, ord=2, axis=None, out_dtype=None, keepdims=False, name=None):
    """The 1-norm Σ|x| or the 2-norm √Σx² of vectors, or of all elements. (`np.linalg.norm` knows every order.)

    Parameters
    ----------
    data : ndarray
    ord : {1, 2}
    axis : int or tuple of int, optional
        The axes whose elements make a vector. By default all elements do, and the result has the shape (1,).
    out_dtype : dtype, optional
        By default that of `data`.
    keepdims : bool
        Whether reduced axes stay, with length 1.
    name : str, optional
        Accepted, and without effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.norm(np.array([[3, 4]]))
    array([5.])
    """
    if ord not in (1, 2):
        raise ValueError(f"norm: ord is 1 or 2, not {ord!r}; np.linalg.norm knows every order")
    axes = axis if isinstance(axis, tuple | list) else () if axis is None else (axis,)
    axes = [axis_of("norm", i, np.shape(raw(data))) for i in axes]
    if len(set(axes)) < len(axes):
        raise ValueError(f"norm: axis names every axis once, not {axis!r}")
    result = vector_norm(data, ord=ord, axis=axis, keepdims=keepdims)
    if axis is None and not keepdims:
        result = reshape(result, (1,))
    return result if out_dtype is None else astype(result, _dtype("norm", "out_dtype", out_dtype))


def pad(data, mode, pad_width, constant_value=0.0, name=None):
    """`data` with elements put around it.

    Parameters
    ----------
    data : ndarray
    mode : {'constant', 'edge', 'reflect'}
        Pad with a constant, with the element at the edge, or with a reflection that does not repeat the edge.
    pad_width : tuple of int
        How many elements before and after each axis: (before_1, after_1, before_2, …).
    constant_value : float
        For the mode 'constant'.
    name : str, optional
        Accepted, and without effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.pad(np.array([1, 2]), mode="constant", pad_width=(1, 2), constant_value=9)
    array([9., 1., 2., 9., 9.])
    """
    if mode not in ("constant", "edge", "reflect"):
        raise ValueError(f"pad: mode is 'constant', 'edge' or 'reflect', not {mode!r}; np.pad knows others")
    ndim = np.ndim(raw(data))
    if len(pad_width) != 2 * ndim:
        raise ValueError(f"pad: pad_width has two numbers for each of {ndim} axes, {2 * ndim} in all, not {len(pad_width)}")
    pairs = [tuple(pad_width[i : i + 2]) for i in range(0, 2 * ndim, 2)]
    return pad_pairs(data, pairs, mode, constant_values=constant_value) if mode == "constant" else pad_pairs(data, pairs, mode)


def reshape_like(lhs, rhs, lhs_begin=None, lhs_end=None, rhs_begin=None, rhs_end=None, name=None):
    """`lhs` in the shape of `rhs`; or with some of its axes replaced by some axes of `rhs`.

    Parameters
    ----------
    lhs, rhs : ndarray
    lhs_begin, lhs_end : int, optional
        The axes of `lhs` that go, as in a slice; by default all.
    rhs_begin, rhs_end : int, optional
        The axes of `rhs` that come; by default all.
    name : str, optional
        Accepted, and without effect.

    Raises
    ------
    ValueError
        If the axes that come do not hold as many elements as those that go.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.reshape_like(np.zeros((6, 7)), np.zeros((3, 2, 4)), lhs_begin=0, lhs_end=1, rhs_begin=0, rhs_end=2).shape
    (3, 2, 7)
    """
    start, stop, _ = python_slice(lhs_begin, lhs_end).indices(lhs.ndim)
    going, coming = lhs.shape[start:stop], rhs.shape[rhs_begin:rhs_end]
    if math.prod(going) != math.prod(coming):
        raise ValueError(
            f"reshape_like: the axes that come, of sizes {coming}, hold as many elements as those that go, of sizes {going}; the "
            f"shapes are {rhs.shape} and {lhs.shape}"
        )
    return reshape(lhs, lhs.shape[:start] + coming + lhs.shape[max(start, stop) :])


def shape_array(data, name=None):
    """The shape of `data` as a vector of int64.

    `name` has no effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.shape_array(np.zeros((2, 3)))
    array([2, 3], dtype=int64)
    """
    return wrap(np.array(np.shape(raw(data)), np.int64))


def slice(data, begin, end, step=(), name=None):
    """`data[begin[0]:end[0]:step[0], begin[1]:end[1]:step[1], …]`.

    Parameters
    ----------
    data : ndarray
    begin, end : tuple of (int or None)
        For the first axes; None and negative numbers as in a slice.
    step : tuple of (int or None), optional
        1 by default.
    name : str, optional
        Accepted, and without effect.

    Raises
    ------
    ValueError
        If the three do not have as many numbers each, or more than there are axes.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.slice(np.array([[1, 2, 3], [4, 5, 6]]), begin=(0, 1), end=(1, None))
    array([[2., 3.]])
    """
    begin, end, step = [tuple(part) if isinstance(part, list | tuple) else (part,) for part in (begin, end, step)]
    step = step or (None,) * len(begin)
    if not len(begin) == len(end) == len(step):
        raise ValueError(f"slice: begin, end and step have as many numbers each, not {len(begin)}, {len(end)} and {len(step)}")
    shape = np.shape(raw(data))
    if len(begin) > len(shape):
        raise ValueError(f"slice: begin has {len(begin)} numbers, one for each axis that is sliced; data has the shape {shape}")
    wrong = [n for n in (*begin, *end, *step) if n is not None and not hasattr(n, "__index__")]
    if wrong or 0 in step:
        raise ValueError(f"slice: begin, end and step have integers or None, and no step is 0; not {(wrong or [0])[0]!r}")
    return getitem(data, tuple(map(python_slice, begin, end, step)))


def slice_channel(data, num_outputs, axis=1, squeeze_axis=False, name=None):
    """`data` cut into parts of one size along an axis: a list of arrays, or a single one.

    Parameters
    ----------
    data : ndarray
    num_outputs : int
        How many parts; it divides the length of the axis.
    axis : int
    squeeze_axis : bool
        Whether to drop the axis, along which parts then have length 1.
    name : str, optional
        Accepted, and without effect.

    Raises
    ------
    ValueError
        If `num_outputs` does not divide the length, or parts to be squeezed are longer than 1.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.slice_channel(np.array([[1, 2], [3, 4]]), num_outputs=2, squeeze_axis=True)
    [array([1., 3.]), array([2., 4.])]
    """
    shape = np.shape(raw(data))
    axis = axis_of("slice_channel", axis, shape)
    if not isinstance(num_outputs, int | np.integer) or num_outputs < 1 or shape[axis] % num_outputs:
        raise ValueError(f"slice_channel: num_outputs={num_outputs} does not divide {shape[axis]}, the length of axis {axis}")
    size = shape[axis] // num_outputs
    if squeeze_axis and size != 1:
        raise ValueError(f"slice_channel: squeeze_axis=True needs parts of length 1; these have length {size}")
    parts = [getitem(data, (python_slice(None),) * axis + (python_slice(i * size, (i + 1) * size),)) for i in range(num_outputs)]
    parts = [squeeze(part, axis) for part in parts] if squeeze_axis else parts
    return parts if num_outputs > 1 else parts[0]


def slice_like(data, shape_like, axes=(), name=None):
    """The first elements of `data` along every axis, or along some, as many as `shape_like` has.

    Parameters
    ----------
    data, shape_like : ndarray
    axes : tuple of int, optional
        By default all; both arrays then have as many.
    name : str, optional
        Accepted, and without effect.

    Raises
    ------
    ValueError
        If `shape_like` is the longer one along an axis.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.slice_like(np.array([[1, 2, 3], [4, 5, 6]]), np.zeros((1, 2)))
    array([[1., 2.]])
    """
    shape, limit = np.shape(raw(data)), np.shape(raw(shape_like))
    if not axes and len(shape) != len(limit):
        raise ValueError(f"slice_like: without axes, both have as many axes; they have the shapes {shape} and {limit}")
    key = [python_slice(None)] * len(shape)
    for axis in axes or range(len(shape)):
        i = axis_of("slice_like", axis, shape, "axes")
        length = limit[axis_of("slice_like", axis, limit, "axes")]
        if length > shape[i]:
            raise ValueError(f"slice_like: data has {shape[i]} elements along axis {axis}, shape_like {length}")
        key[i] = python_slice(0, length)
    return getitem(data, tuple(key))
