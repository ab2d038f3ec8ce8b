"""The same elements in another shape or with their axes in another order; copies and casts."""

import numpy as np

from ..core.array import Array, raw
from ..core.dtypes import as_dtype, promoted
from ..core.operator import from_list, operator, wrap
from ..device import resolve

__all__ = [
    "astype",
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "broadcast_arrays",
    "broadcast_shapes",
    "broadcast_to",
    "copy",
    "expand_dims",
    "matrix_transpose",
    "moveaxis",
    "permute_dims",
    "ravel",
    "reshape",
    "rollaxis",
    "squeeze",
    "swapaxes",
    "transpose",
]


_RAW = (np.ndarray, np.generic)


def as_arrays(name, values):
    """The elements of a sequence as raw arrays of matching dtypes; lists and numbers take the default float dtype."""
    arrays = [value if isinstance(value, _RAW) else from_list(name, value) for value in values]
    for array in arrays:
        if array.dtype is not arrays[0].dtype:
            return promoted(*arrays)
    return arrays


# --- shapes -----------------------------------------------------------------------------------------------------------------------


def checked_order(order):
    """`order`, which is 'C' or 'F'."""
    if order not in ("C", "F"):
        raise ValueError(f"order is 'C' (the last axis runs fastest) or 'F' (the first does), not {order!r}")
    return order


def _back_to_shape(g, a_shape):
    return g.reshape(a_shape)


@operator(view="permutation", implements=np.reshape, a=lambda g, order, a_shape: g.reshape(a_shape, order=order))
def reshape(a, newshape=None, order="C", out=None, shape=None, copy=None):
    """The elements of `a`, in order, in another shape.

    Parameters
    ----------
    a : ndarray
    newshape : int or tuple of int
        Its product is `a.size`; one entry may be -1 and is inferred. `npx.reshape` knows further codes.
    order : {'C', 'F'}
        Whether the last or the first axis runs fastest, in both shapes.
    out : ndarray, optional
        Where to write the result.
    shape : int or tuple of int
        NumPy 2's name for `newshape`.
    copy : bool, optional
        True always copies, False never; by default the result is a view wherever the layout allows it.

    Raises
    ------
    ValueError
        If the sizes do not fit, or with `copy=False` the layout does not.

    Examples
    --------
    >>> from mxnet import np
    >>> np.reshape(np.array([1, 2, 3, 4]), (2, -1))
    array([[1., 2.],
           [3., 4.]])
    """
    if (newshape is None) == (shape is None):
        raise TypeError("the new shape is given once, as in np.reshape(a, (2, -1))")
    newshape = shape if newshape is None else newshape
    sizes = newshape if type(newshape) in (tuple, list) else np.atleast_1d(newshape).tolist()
    if sizes and min(sizes) < -1:  # NumPy would take any negative number for -1
        raise ValueError(f"{newshape} has a negative size other than -1; npx.reshape is the function with the codes -2 to -6")
    result = np.reshape(a, newshape, order=checked_order(order))
    if copy is None or not result.size or np.may_share_memory(result, a) is not copy:
        return result
    if copy:
        return result.copy()
    raise ValueError("the elements do not lie in memory as the new shape needs them; copy=None copies where that is so")


@operator(view="permutation", implements=np.ravel, x=lambda g, order, x_shape: g.reshape(x_shape, order=order))
def ravel(x, order="C"):
    """The elements of `x` with one axis; a view wherever the layout allows it.

    Examples
    --------
    >>> from mxnet import np
    >>> np.ravel(np.array([[1, 2], [3, 4]]), order="F")
    array([1., 3., 2., 4.])
    """
    return np.ravel(x, order=checked_order(order))


@operator(view="permutation", implements=np.expand_dims, a=_back_to_shape)
def expand_dims(a, axis):
    """`a` with new axes of size 1, where the result has `axis`: an int or a tuple.

    Examples
    --------
    >>> from mxnet import np
    >>> np.expand_dims(np.array([1, 2]), -1).shape
    (2, 1)
    """
    return np.expand_dims(a, axis)


@operator(view="permutation", implements=np.squeeze, a=_back_to_shape)
def squeeze(a, axis=None, out=None):
    """`a` without axes of size 1: those in `axis`, an int or a tuple, or all by default.

    Raises
    ------
    ValueError
        If a size in `axis` is not 1.

    Examples
    --------
    >>> from mxnet import np
    >>> np.squeeze(np.zeros((1, 3, 1)), axis=0).shape
    (3, 1)
    """
    return np.squeeze(a, axis)


@operator(implements=np.broadcast_to, array=lambda g: g)
def broadcast_to(array, shape):
    """`array` stretched to `shape`: a view, to be read only, in which an axis of size 1 repeats its one slice.

    Examples
    --------
    >>> from mxnet import np
    >>> np.broadcast_to(np.array([1, 2]), (2, 2))
    array([[1., 2.],
           [1., 2.]])
    """
    return np.broadcast_to(array, shape)


def broadcast_shapes(*shapes):
    """The shape that arrays of these shapes, tuples or ints, have together.

    Examples
    --------
    >>> from mxnet import np
    >>> np.broadcast_shapes((2, 1), 3)
    (2, 3)
    """
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        raise ValueError(f"broadcast_shapes: {', '.join(map(str, shapes))} do not go together: sizes are equal, or 1") from None


@operator(implements=np.broadcast_arrays, args=lambda g: g)
def broadcast_arrays(*args):
    """A list of the arrays, each stretched to the shape that they have together: views, to be read only.

    Examples
    --------
    >>> from mxnet import np
    >>> [x.shape for x in np.broadcast_arrays(np.ones((2, 1)), np.ones(3))]
    [(2, 3), (2, 3)]
    """
    arrays = [arg if isinstance(arg, _RAW) else from_list("broadcast_arrays", arg) for arg in args]
    shape = np.broadcast_shapes(*[array.shape for array in arrays])
    return [np.broadcast_to(array, shape) for array in arrays]


def _atleast(minimum, name, arrays):
    results = [minimum(array if isinstance(array, _RAW) else from_list(name, array)) for array in arrays]
    return results[0] if len(results) == 1 else results


def _atleast_rule(g, arys_shape):
    return [part.reshape(shape) for part, shape in zip(g if type(g) is list else [g], arys_shape, strict=True)]


@operator(implements=np.atleast_1d, arys=_atleast_rule)
def atleast_1d(*arys):
    """The arrays, those of no axis given one: a list, or the array itself if it is one.

    Examples
    --------
    >>> from mxnet import np
    >>> np.atleast_1d(np.array(2))
    array([2.])
    """
    return _atleast(np.atleast_1d, "atleast_1d", arys)


@operator(implements=np.atleast_2d, arys=_atleast_rule)
def atleast_2d(*arys):
    """The arrays with axes put in front until there are two: a list, or the array itself if it is one.

    Examples
    --------
    >>> from mxnet import np
    >>> np.atleast_2d(np.ones(3)).shape
    (1, 3)
    """
    return _atleast(np.atleast_2d, "atleast_2d", arys)


@operator(implements=np.atleast_3d, arys=_atleast_rule)
def atleast_3d(*arys):
    """The arrays with three axes at least: a list, or the array itself if it is one.

    The shape (n,) becomes (1, n, 1), and (m, n) becomes (m, n, 1).

    Examples
    --------
    >>> from mxnet import np
    >>> [x.shape for x in np.atleast_3d(np.ones(3), np.ones((2, 3)))]
    [(1, 3, 1), (2, 3, 1)]
    """
    return _atleast(np.atleast_3d, "atleast_3d", arys)


# --- orders of axes ---------------------------------------------------------------------------------------------------------------


def _transpose_rule(g, axes, a_shape):
    return transpose(g, None if axes is None else tuple(np.argsort([axis % len(a_shape) for axis in axes]).tolist()))


@operator(view="permutation", implements=np.transpose, a=_transpose_rule)
def transpose(a, axes=None):
    """The axes in another order: axis i of the result is axis `axes[i]` of `a`. By default the order is reversed. A view.

    Examples
    --------
    >>> from mxnet import np
    >>> np.transpose(np.ones((2, 3, 4)), (1, 0, 2)).shape
    (3, 2, 4)
    """
    return np.transpose(a, axes)


permute_dims = transpose


@operator(view="permutation", implements=(np.matrix_transpose, np.linalg.matrix_transpose), x=lambda g: matrix_transpose(g))
def matrix_transpose(x):
    """The last two axes swapped: every matrix of a stack transposed. A view.

    Examples
    --------
    >>> from mxnet import np
    >>> np.matrix_transpose(np.ones((5, 2, 3))).shape
    (5, 3, 2)
    """
    return np.matrix_transpose(x)


@operator(view="permutation", implements=np.swapaxes, a=lambda g, axis1, axis2: swapaxes(g, axis1, axis2))
def swapaxes(a, axis1, axis2):
    """Two axes swapped. A view.

    Examples
    --------
    >>> from mxnet import np
    >>> np.swapaxes(np.ones((2, 3, 4)), 0, -1).shape
    (4, 3, 2)
    """
    return np.swapaxes(a, axis1, axis2)


@operator(view="permutation", implements=np.moveaxis, a=lambda g, source, destination: moveaxis(g, destination, source))
def moveaxis(a, source, destination):
    """The axes `source` moved to the positions `destination` (ints or tuples); the others stay in order. A view.

    Examples
    --------
    >>> from mxnet import np
    >>> np.moveaxis(np.ones((2, 3, 4)), 0, -1).shape
    (3, 4, 2)
    """
    return np.moveaxis(a, source, destination)


def _rollaxis_rule(g, axis, start, a_shape):
    axis %= len(a_shape)
    start += len(a_shape) if start < 0 else 0
    return moveaxis(g, start - (axis < start), axis)


@operator(view="permutation", implements=np.rollaxis, a=_rollaxis_rule)
def rollaxis(a, axis, start=0):
    """`axis` moved back until it stands before the axis `start`. A view; `moveaxis` is easier to read.

    Examples
    --------
    >>> from mxnet import np
    >>> np.rollaxis(np.ones((2, 3, 4)), 2).shape
    (4, 2, 3)
    """
    return np.rollaxis(a, axis, start)


# --- copies and casts -------------------------------------------------------------------------------------------------------------


@operator(implements=np.copy, a=lambda g: g)
def copy(a, out=None):
    """A copy, in memory of its own.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([1, 2])
    >>> y = np.copy(x)
    >>> y[0] = 5
    >>> x
    array([1., 2.])
    """
    return np.copy(a)


@operator(implements=getattr(np, "astype", None), a=lambda g: g)
def astype(a, dtype, copy=True, device=None):
    """`a` cast to `dtype`.

    The gradient is cast back. Integers and booleans carry none: what is computed from them is constant.

    Parameters
    ----------
    a : ndarray
    dtype : dtype or str
        `float` means the default float dtype.
    copy : bool
        Whether the result has memory of its own even if nothing changes.
    device : Device, optional
        A CPU.

    Examples
    --------
    >>> from mxnet import np
    >>> np.astype(np.array([1.7, -1.7]), "int32")
    array([ 1, -1], dtype=int32)
    """
    resolve(device)
    return np.asarray(a).astype(as_dtype(dtype), copy=copy)


def stop_gradient(data, name=None):
    """The same data as a constant: no gradient flows back through it.

    `name` has no effect.
    """
    return wrap(raw(data)) if isinstance(data, Array) else data
