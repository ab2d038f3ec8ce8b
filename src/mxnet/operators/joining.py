"""Several arrays made one, and one made several."""

import math
import operator as python
from functools import reduce
from itertools import pairwise

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..core.operator import operator
from .indexing import as_key
from .shaping import as_arrays, pad

__all__ = [
    "append",
    "array_split",
    "column_stack",
    "concat",
    "concatenate",
    "dsplit",
    "dstack",
    "hsplit",
    "hstack",
    "row_stack",
    "split",
    "stack",
    "unstack",
    "vsplit",
    "vstack",
]


# --- joining ----------------------------------------------------------------------------------------------------------------------


def _pieces(g, axis, sizes, shapes):
    """`g` cut along `axis` into pieces of `sizes`, each brought to its shape."""
    lead = (slice(None),) * axis
    start, pieces = 0, []
    for size, shape in zip(sizes, shapes, strict=True):
        pieces.append(g[(*lead, slice(start, start + size))].reshape(shape))
        start += size
    return pieces


def _concatenate_rule(g, axis, seq_shape):
    if axis is None:
        return _pieces(g, 0, map(math.prod, seq_shape), seq_shape)
    axis %= len(seq_shape[0])
    return _pieces(g, axis, [shape[axis] for shape in seq_shape], seq_shape)


@operator(implements=np.concatenate, sequence=True, seq=_concatenate_rule)
def concatenate(seq, axis=0, out=None):
    """The arrays one after another along an axis that they have.

    Parameters
    ----------
    seq : sequence of ndarray
        Their shapes differ along `axis` at most. Integers among floats take the dtype of the floats.
    axis : int or None
        None flattens them first.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> from mxnet import np
    >>> np.concatenate([np.array([1, 2]), np.array([3])])
    array([1., 2., 3.])
    """
    return np.concatenate(as_arrays("concatenate", seq), axis)


concat = concatenate


def _stack_rule(g, axis, arrays_shape):
    return _pieces(g, axis % g.ndim, [1] * len(arrays_shape), arrays_shape)


@operator(implements=np.stack, sequence=True, arrays=_stack_rule)
def stack(arrays, axis=0, out=None):
    """Arrays of one shape, along a new axis.

    Parameters
    ----------
    arrays : sequence of ndarray
    axis : int
        Where the new axis is in the result.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> from mxnet import np
    >>> np.stack([np.array([1, 2]), np.array([3, 4])], axis=1)
    array([[1., 3.],
           [2., 4.]])
    """
    return np.stack(as_arrays("stack", arrays), axis)


def _sizes(shapes, axis, rank):
    """The sizes along `axis`, which arrays of fewer than `rank` axes lack and get with size 1."""
    return [shape[axis] if len(shape) >= rank else 1 for shape in shapes]


@operator(
    implements=np.vstack, sequence=True, arrays=lambda g, arrays_shape: _pieces(g, 0, _sizes(arrays_shape, 0, 2), arrays_shape)
)
def vstack(arrays, out=None):
    """The arrays one below the other, along axis 0; one of shape (n,) is a row.

    Examples
    --------
    >>> from mxnet import np
    >>> np.vstack([np.array([1, 2]), np.array([3, 4])])
    array([[1., 2.],
           [3., 4.]])
    """
    return np.vstack(as_arrays("vstack", arrays))


row_stack = vstack


def _hstack_rule(g, arrays_shape):
    axis = 0 if g.ndim == 1 else 1
    return _pieces(g, axis, _sizes(arrays_shape, axis, 1), arrays_shape)


@operator(implements=np.hstack, sequence=True, arrays=_hstack_rule)
def hstack(arrays):
    """The arrays side by side: along axis 1, or axis 0 if they have no other.

    Examples
    --------
    >>> from mxnet import np
    >>> np.hstack([np.array([[1], [2]]), np.array([[3], [4]])])
    array([[1., 3.],
           [2., 4.]])
    """
    return np.hstack(as_arrays("hstack", arrays))


@operator(
    implements=np.dstack, sequence=True, arrays=lambda g, arrays_shape: _pieces(g, 2, _sizes(arrays_shape, 2, 3), arrays_shape)
)
def dstack(arrays):
    """The arrays one behind the other, along axis 2; shapes are filled up as `atleast_3d` does.

    Examples
    --------
    >>> from mxnet import np
    >>> np.dstack([np.ones((2, 3)), np.ones((2, 3))]).shape
    (2, 3, 2)
    """
    return np.dstack(as_arrays("dstack", arrays))


@operator(
    implements=np.column_stack,
    sequence=True,
    tup=lambda g, tup_shape: _pieces(g, 1, _sizes(tup_shape, 1, 2), tup_shape),
)
def column_stack(tup):
    """The arrays side by side, along axis 1; one of shape (n,) is a column.

    Examples
    --------
    >>> from mxnet import np
    >>> np.column_stack([np.array([1, 2]), np.array([3, 4])])
    array([[1., 3.],
           [2., 4.]])
    """
    return np.column_stack(as_arrays("column_stack", tup))


def _append_rule(which):
    def rule(g, axis, arr_shape, values_shape):
        return _concatenate_rule(g, axis, [arr_shape, values_shape])[which]

    return rule


@operator(implements=np.append, arr=_append_rule(0), values=_append_rule(1))
def append(arr, values, axis=None):
    """`arr` with `values` after it along `axis`; by default both are flattened first.

    Examples
    --------
    >>> from mxnet import np
    >>> np.append(np.array([[1, 2]]), np.array([[3, 4]]), axis=0)
    array([[1., 2.],
           [3., 4.]])
    """
    return np.concatenate(as_arrays("append", (arr, values)), axis)


# --- splitting --------------------------------------------------------------------------------------------------------------------


def _bounds(shape, indices_or_sections, axis, even):
    """Where the pieces start and stop along `axis`."""
    size = shape[axis]
    try:
        sections = python.index(as_key(indices_or_sections))
    except TypeError:
        points = np.asarray(as_key(indices_or_sections)).tolist()
        slices = [slice(start, stop).indices(size) for start, stop in zip([0, *points], [*points, None], strict=True)]
        return [(start, max(start, stop)) for start, stop, _ in slices]
    if sections < 1:
        raise ValueError(f"the number of pieces is positive, not {sections}")
    if even and size % sections:
        raise ValueError(f"{sections} pieces do not divide axis {axis} of {shape} evenly; array_split allows uneven pieces")
    length, longer = divmod(size, sections)
    points = [length * i + min(i, longer) for i in range(sections + 1)]
    return list(pairwise(points))


def _cut(ary, indices_or_sections, axis, even=True):
    axis = normalize_axis_index(axis, ary.ndim)
    lead = (slice(None),) * axis
    return [ary[(*lead, slice(*bound))] for bound in _bounds(ary.shape, indices_or_sections, axis, even)]


def _cut_rule(g, indices_or_sections, axis, shape):
    axis %= len(shape)
    bounds = _bounds(shape, indices_or_sections, axis, even=False)
    if all(stop == start for (_, stop), (start, _) in pairwise(bounds)):
        return concatenate(g, axis)
    widths = [[(0, 0)] * axis + [(start, shape[axis] - stop)] + [(0, 0)] * (len(shape) - axis - 1) for start, stop in bounds]
    return reduce(python.add, map(pad, g, widths))  # indices that go back: the pieces overlap


def _horizontal(shape):
    return 0 if len(shape) == 1 else 1


@operator(
    implements=np.split,
    hides=True,
    ary=lambda g, indices_or_sections, axis, ary_shape: _cut_rule(g, indices_or_sections, axis, ary_shape),
)
def split(ary, indices_or_sections, axis=0):
    """A list of pieces of `ary` along `axis`: views.

    Parameters
    ----------
    ary : ndarray
    indices_or_sections : int or sequence of int
        The number of pieces, which are equal; or where all but the first of them start.
    axis : int

    Raises
    ------
    ValueError
        If the axis is not divided evenly (see `array_split`).

    Examples
    --------
    >>> from mxnet import np
    >>> np.split(np.array([1, 2, 3]), [1])
    [array([1.]), array([2., 3.])]
    """
    return _cut(ary, indices_or_sections, axis)


@operator(
    implements=np.array_split,
    hides=True,
    ary=lambda g, indices_or_sections, axis, ary_shape: _cut_rule(g, indices_or_sections, axis, ary_shape),
)
def array_split(ary, indices_or_sections, axis=0):
    """`split` for any number of pieces: the first ones are longer by one where the axis is not divided evenly.

    Examples
    --------
    >>> from mxnet import np
    >>> np.array_split(np.array([1, 2, 3]), 2)
    [array([1., 2.]), array([3.])]
    """
    return _cut(ary, indices_or_sections, axis, even=False)


@operator(
    implements=np.hsplit,
    hides=True,
    ary=lambda g, indices_or_sections, ary_shape: _cut_rule(g, indices_or_sections, _horizontal(ary_shape), ary_shape),
)
def hsplit(ary, indices_or_sections):
    """`split` along axis 1, or axis 0 if there is no other.

    Examples
    --------
    >>> from mxnet import np
    >>> [x.shape for x in np.hsplit(np.ones((2, 4)), 2)]
    [(2, 2), (2, 2)]
    """
    if ary.ndim < 1:
        raise ValueError("ary has at least one axis; split is the function with an axis")
    return _cut(ary, indices_or_sections, _horizontal(ary.shape))


@operator(
    implements=np.vsplit,
    hides=True,
    ary=lambda g, indices_or_sections, ary_shape: _cut_rule(g, indices_or_sections, 0, ary_shape),
)
def vsplit(ary, indices_or_sections):
    """`split` along axis 0, for arrays of at least two axes.

    Examples
    --------
    >>> from mxnet import np
    >>> [x.shape for x in np.vsplit(np.ones((4, 2)), [1])]
    [(1, 2), (3, 2)]
    """
    if ary.ndim < 2:
        raise ValueError("ary has at least two axes; split is the function with an axis")
    return _cut(ary, indices_or_sections, 0)


@operator(
    implements=np.dsplit,
    hides=True,
    ary=lambda g, indices_or_sections, ary_shape: _cut_rule(g, indices_or_sections, 2, ary_shape),
)
def dsplit(ary, indices_or_sections):
    """`split` along axis 2, for arrays of at least three axes.

    Examples
    --------
    >>> from mxnet import np
    >>> [x.shape for x in np.dsplit(np.ones((2, 2, 4)), 2)]
    [(2, 2, 2), (2, 2, 2)]
    """
    if ary.ndim < 3:
        raise ValueError("ary has at least three axes; split is the function with an axis")
    return _cut(ary, indices_or_sections, 2)


def _unstack_rule(g, axis, x_shape):
    return stack(g, axis) if g else None  # an axis of size 0 leaves nothing


@operator(implements=getattr(np, "unstack", None), hides=True, x=_unstack_rule)
def unstack(x, axis=0):
    """A tuple of the slices of `x` along `axis`, which they lack: views. What `stack` undoes.

    Examples
    --------
    >>> from mxnet import np
    >>> np.unstack(np.array([[1, 2], [3, 4]]))
    (array([1., 2.]), array([3., 4.]))
    """
    axis = normalize_axis_index(axis, x.ndim)
    return tuple(np.moveaxis(x, axis, 0)[i, ...] for i in range(x.shape[axis]))
