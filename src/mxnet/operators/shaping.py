"""Other arrangements of the same elements: new shapes, orders of axes, repetitions, borders; copies and casts."""

import math
from functools import reduce
from operator import add

import numpy as np

from ..core.array import Array, raw
from ..core.dtypes import as_dtype, promoted
from ..core.operator import from_list, operator, publish, wrap
from ..core.state import is_recording
from .indexing import as_key

__all__ = [
    "astype",
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "broadcast_arrays",
    "broadcast_to",
    "copy",
    "expand_dims",
    "flip",
    "fliplr",
    "flipud",
    "matrix_transpose",
    "moveaxis",
    "npx_reshape",
    "pad",
    "permute_dims",
    "ravel",
    "repeat",
    "reshape",
    "roll",
    "rollaxis",
    "rot90",
    "squeeze",
    "swapaxes",
    "tile",
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


def _checked_order(order):
    if order not in ("C", "F"):
        raise ValueError(f"order is 'C' (the last axis runs fastest) or 'F' (the first does), not {order!r}")
    return order


def _back_to_shape(g, a_shape):
    return g.reshape(a_shape)


@operator(view="permutation", implements=np.reshape, a=lambda g, order, a_shape: g.reshape(a_shape, order=order))
def reshape(a, newshape=None, order="C", out=None, shape=None):
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

    Returns
    -------
    ndarray
        A view wherever the layout allows it.

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
    return np.reshape(a, newshape, order=_checked_order(order))


def _decoded(codes, shape):
    """The shape, perhaps with one -1, that the codes of `npx.reshape` make of `shape`."""
    result = []
    sizes, codes = list(shape[::-1]), list(codes[::-1])  # to be popped

    def next_size(code):
        if not sizes:
            raise ValueError(f"code {code} finds no axis of {tuple(shape)} left to work on")
        return sizes.pop()

    while codes:
        code = codes.pop()
        if code == -2:
            result.append(next_size(code))
        elif code == -3:
            size = next_size(code)
            if size != 1:
                raise ValueError(f"code -3 drops an axis of size 1, but meets one of size {size} in {tuple(shape)}")
        elif code == -4:
            result += sizes[::-1]
            sizes.clear()
        elif code == -5:
            result.append(next_size(code) * next_size(code))
        elif code == -6:
            size = next_size(code)
            if len(codes) < 2:
                raise ValueError("code -6 is followed by the two sizes to split an axis into, as in (-6, 2, -1)")
            pair = codes.pop(), codes.pop()
            known = -math.prod(pair) if -1 in pair else math.prod(pair)
            if known < 0 or (known != size if -1 not in pair else known == 0 or size % known):
                raise ValueError(f"code -6 cannot split the size {size} into {pair}")
            result += [size // known if part == -1 else part for part in pair]
        elif code >= -1:
            result.append(code)
            if sizes:
                sizes.pop()
        else:
            raise ValueError(f"{code} is no size and no code; the codes are -1 to -6")
    return result


@operator(view="permutation", a=lambda g, order, a_shape: g.reshape(a_shape, order=order))
def npx_reshape(a, newshape, reverse=False, order="C"):
    """`np.reshape` with codes for shapes that are not known in advance.

    Parameters
    ----------
    a : ndarray
    newshape : int or tuple of int
        Read from left to right, beside the axes of `a`. A size that is not negative stands for itself, in the place of one axis.

        * -1: inferred from the number of elements (once).
        * -2: this axis as it is.
        * -3: this axis, of size 1, is dropped.
        * -4: all axes that are left, as they are.
        * -5: this axis and the next, merged.
        * -6: this axis, split into the two sizes that follow, one of which may be -1.
    reverse : bool
        Read from right to left instead. The two sizes of -6 then stand before it.
    order : {'C', 'F'}
        See `np.reshape`.

    Raises
    ------
    ValueError
        If a code meets no axis, or one that it does not fit.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> x = np.zeros((2, 3, 4))
    >>> npx.reshape(x, (-2, -5)).shape
    (2, 12)
    >>> npx.reshape(x, (-6, 1, 2, -4)).shape
    (1, 2, 3, 4)
    >>> npx.reshape(x, (-5, 4), reverse=True).shape
    (6, 4)
    """
    codes = newshape if isinstance(newshape, tuple | list) else (newshape,)
    if reverse:
        shape = _decoded(codes[::-1], a.shape[::-1])[::-1]
    else:
        shape = _decoded(codes, a.shape)
    return np.reshape(a, shape, order=_checked_order(order))


@operator(view="permutation", implements=np.ravel, x=lambda g, order, x_shape: g.reshape(x_shape, order=order))
def ravel(x, order="C"):
    """The elements of `x` with one axis; a view wherever the layout allows it.

    Examples
    --------
    >>> from mxnet import np
    >>> np.ravel(np.array([[1, 2], [3, 4]]), order="F")
    array([1., 3., 2., 4.])
    """
    return np.ravel(x, order=_checked_order(order))


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


# --- orders of axes and of elements -----------------------------------------------------------------------------------------------


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


@operator(view="permutation", implements=np.flip, m=lambda g, axis: flip(g, axis))
def flip(m, axis=None, out=None):
    """The order of the elements reversed along `axis`: an int, a tuple, or all axes by default. A view.

    Examples
    --------
    >>> from mxnet import np
    >>> np.flip(np.array([1, 2, 3]))
    array([3., 2., 1.])
    """
    return np.flip(m, axis)


@operator(view="permutation", implements=np.fliplr, m=lambda g: fliplr(g))
def fliplr(m):
    """The order of the columns (axis 1) reversed. A view.

    Examples
    --------
    >>> from mxnet import np
    >>> np.fliplr(np.array([[1, 2], [3, 4]]))
    array([[2., 1.],
           [4., 3.]])
    """
    return np.fliplr(m)


@operator(view="permutation", implements=np.flipud, m=lambda g: flipud(g))
def flipud(m):
    """The order of the rows (axis 0) reversed. A view.

    Examples
    --------
    >>> from mxnet import np
    >>> np.flipud(np.array([[1, 2], [3, 4]]))
    array([[3., 4.],
           [1., 2.]])
    """
    return np.flipud(m)


@operator(implements=np.roll, a=lambda g, shift, axis: roll(g, np.negative(as_key(shift)), axis))
def roll(a, shift, axis=None):
    """The elements moved on by `shift` along `axis`; those that leave at the end come in again at the start.

    Parameters
    ----------
    a : ndarray
    shift : int or tuple of int
    axis : int or tuple of int, optional
        One for each shift. By default the elements move in flattened order.

    Examples
    --------
    >>> from mxnet import np
    >>> np.roll(np.array([1, 2, 3]), 1)
    array([3., 1., 2.])
    """
    return np.roll(a, as_key(shift), axis)


@operator(view="permutation", implements=np.rot90, m=lambda g, k, axes: rot90(g, -k, axes))
def rot90(m, k=1, axes=(0, 1)):
    """`m` turned `k` times by 90 degrees in the plane of the two `axes`, from the first towards the second. A view.

    Examples
    --------
    >>> from mxnet import np
    >>> np.rot90(np.array([[1, 2], [3, 4]]))
    array([[2., 4.],
           [1., 3.]])
    """
    return np.rot90(m, k, axes)


# --- repetitions ------------------------------------------------------------------------------------------------------------------


def _tile_rule(g, reps, A_shape):
    reps = tuple(np.atleast_1d(as_key(reps)).tolist())
    rank = max(len(reps), len(A_shape))
    reps = (1,) * (rank - len(reps)) + reps
    shape = (1,) * (rank - len(A_shape)) + A_shape
    parts = [size for pair in zip(reps, shape, strict=True) for size in pair]
    return g.reshape(parts).sum(axis=tuple(range(0, 2 * rank, 2))).reshape(A_shape)


@operator(implements=np.tile, A=_tile_rule)
def tile(A, reps):
    """`A` laid side by side, `reps[i]` times along axis i; the shorter of `reps` and `A.shape` is filled with ones in front.

    Examples
    --------
    >>> from mxnet import np
    >>> np.tile(np.array([1, 2]), (2, 2))
    array([[1., 2., 1., 2.],
           [1., 2., 1., 2.]])
    """
    return np.tile(A, as_key(reps))


@operator(a=lambda g, counts, axis: repeat(g, counts, axis))
def _sums_of_runs(a, counts, axis):
    """The sums of the first `counts[0]` slices along `axis`, of the next `counts[1]`, and so on: the transpose of `repeat`."""
    some = counts > 0
    sums = np.add.reduceat(a, (np.cumsum(counts) - counts)[some], axis)
    if some.all():
        return sums
    result = np.zeros((*a.shape[:axis], len(counts), *a.shape[axis + 1 :]), a.dtype)
    result[(slice(None),) * axis + (some,)] = sums
    return result


def _repeat_rule(g, repeats, axis, a_shape):
    shape = (a_shape or (1,)) if axis is not None else (math.prod(a_shape),)
    axis = 0 if axis is None else axis % len(shape)
    repeats = as_key(np.asarray(repeats))
    if repeats.size == 1:
        g = g.reshape((*shape[: axis + 1], repeats.item(), *shape[axis + 1 :])).sum(axis=axis + 1)
    else:
        g = _sums_of_runs(g, repeats, axis)
    return g.reshape(a_shape)


@operator(implements=np.repeat, a=_repeat_rule)
def repeat(a, repeats, axis=None):
    """Every element, or every slice along `axis`, several times in a row.

    Parameters
    ----------
    a : ndarray
    repeats : int, or sequence of int
        How often: one number for all, or one for each.
    axis : int, optional
        By default `a` is flattened.

    Examples
    --------
    >>> from mxnet import np
    >>> np.repeat(np.array([1, 2]), 2)
    array([1., 1., 2., 2.])
    >>> np.repeat(np.array([[1, 2], [3, 4]]), [1, 2], axis=0)
    array([[1., 2.],
           [3., 4.],
           [3., 4.]])
    """
    return np.repeat(a, as_key(repeats), axis)


# --- borders ----------------------------------------------------------------------------------------------------------------------

_COPYING = ("edge", "reflect", "symmetric", "wrap")  # modes whose border repeats elements of the array
_CONSTANT = ("constant", "empty")


def _pad_rule(g, pad_width, mode, x_shape):
    widths = np.broadcast_to(as_key(np.asarray(pad_width)), (len(x_shape), 2)).tolist()
    if mode in _CONSTANT:
        return g[tuple(slice(before, before + size) for size, (before, _) in zip(x_shape, widths, strict=True))]
    for axis, (size, width) in enumerate(zip(x_shape, widths, strict=True)):
        if any(width):
            g = reduce(add, _unrolled(g, np.pad(np.arange(size), width, mode), size, axis))
    return g


def _unrolled(g, index, size, axis):
    """For a border that put slice `index[j]` at j: the cotangents of the runs in which `index` rises, falls or stands still."""
    steps = np.diff(index)
    turns = np.flatnonzero(np.diff(steps)) + 1
    start = 0
    while start < len(index):
        step, stop = 0, start + 1
        if start < len(steps) and -1 <= steps[start] <= 1:
            step = steps[start]
            stop = np.append(turns[turns > start], len(steps))[0] + 1
        part = g[(slice(None),) * axis + (slice(start, stop),)]
        if step == 0:
            part = part.sum(axis=axis, keepdims=True)
        elif step < 0:
            part = flip(part, axis)
        low = min(index[start], index[stop - 1])
        widths = [(0, 0)] * g.ndim
        widths[axis] = (low, size - low - part.shape[axis])
        yield pad(part, widths)
        start = stop


def _refusing_other_modes(call):
    """`pad`, which refuses a gradient through a mode that has none, and does so at the call."""

    def pad(x, pad_width=None, mode="constant", constant_values=None, end_values=None, stat_length=None, reflect_type=None):
        if is_recording() and isinstance(x, Array) and x._node is not None:
            if mode not in _CONSTANT + _COPYING:
                raise NotImplementedError(
                    f"pad: mode={mode!r} has no gradient; those of {_CONSTANT + _COPYING} have. "
                    "Pad x.detach() if no gradient shall flow through the border"
                )
            if reflect_type == "odd":
                raise NotImplementedError(f"pad: mode={mode!r} has no gradient with reflect_type='odd', only with 'even'")
        return call(x, pad_width, mode, constant_values, end_values, stat_length, reflect_type)

    return publish(pad, call.operator, np.pad)


@_refusing_other_modes
@operator(x=_pad_rule)
def pad(x, pad_width=None, mode="constant", constant_values=None, end_values=None, stat_length=None, reflect_type=None):
    """`x` with a border.

    Parameters
    ----------
    x : ndarray
    pad_width : int, (int, int), or a pair for each axis
        How many elements to put before and after: one number for all, one pair for all axes, or a pair for each axis.
    mode : str or callable
        What the border holds: 'constant' (`constant_values`, 0 by default), 'edge' (the nearest element), 'reflect' (mirrored at
        the outermost element), 'symmetric' (mirrored at the edge), 'wrap' (the other end), 'empty' (anything). Without a gradient:
        'linear_ramp', 'maximum', 'mean', 'median', 'minimum', or a function as `numpy.pad` takes it.
    constant_values, end_values : number, pair, or a pair for each axis
        For 'constant' and 'linear_ramp'; laid out as `pad_width`.
    stat_length : int, pair, or a pair for each axis
        How many elements at the edge 'maximum', 'mean', 'median' and 'minimum' look at; all by default.
    reflect_type : {'even', 'odd'}
        For 'reflect' and 'symmetric': 'odd' is twice the edge less the mirrored value, and has no gradient.

    Raises
    ------
    NotImplementedError
        If `x` is recorded and the mode has no gradient.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([1, 2, 3])
    >>> np.pad(x, (1, 2))
    array([0., 1., 2., 3., 0., 0.])
    >>> np.pad(x, 2, mode="reflect")
    array([3., 2., 1., 2., 3., 2., 1.])
    """
    if pad_width is None:
        raise TypeError("pad_width is missing, as in np.pad(x, ((1, 1), (0, 2)))")
    options = {
        "constant_values": constant_values,
        "end_values": end_values,
        "stat_length": stat_length,
        "reflect_type": reflect_type,
    }
    given = {name: value for name, value in options.items() if value is not None}
    return np.pad(x, as_key(np.asarray(pad_width)), mode, **given)


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
def astype(a, dtype, copy=True):
    """`a` cast to `dtype`.

    The gradient is cast back. Integers and booleans carry none: what is computed from them is constant.

    Parameters
    ----------
    a : ndarray
    dtype : dtype or str
        `float` means the default float dtype.
    copy : bool
        Whether the result has memory of its own even if nothing changes.

    Examples
    --------
    >>> from mxnet import np
    >>> np.astype(np.array([1.7, -1.7]), "int32")
    array([ 1, -1], dtype=int32)
    """
    return np.asarray(a).astype(as_dtype(dtype), copy=copy)


def stop_gradient(data):
    """The same data as a constant: no gradient flows back through it."""
    return wrap(raw(data)) if isinstance(data, Array) else data
