"""Several arrays made one."""

import math

import numpy as np

from ..core.dtypes import as_dtype
from ..core.operator import operator
from .operands import as_operand, implements
from .shaping import as_arrays, copy, reshape

__all__ = [
    "append",
    "block",
    "column_stack",
    "concat",
    "concatenate",
    "dstack",
    "hstack",
    "row_stack",
    "stack",
    "vstack",
]


def _pieces(g, axis, sizes, shapes):
    """`g` cut along `axis` into pieces of `sizes`, each brought to its shape."""
    lead = (slice(None),) * axis
    start, pieces = 0, []
    for size, shape in zip(sizes, shapes, strict=True):
        pieces.append(g[(*lead, slice(start, start + size))].reshape(shape))
        start += size
    return pieces


def _join(function, arrays, dtype, casting, *axis):
    """NumPy's `function` of arrays of matching dtypes; `dtype` is what the user asked for."""
    arrays = as_arrays(function.__name__, arrays)
    return function(arrays, *axis, dtype=None if dtype is None else as_dtype(dtype), casting=casting)


def _concatenate_rule(g, axis, seq_shape):
    if axis is None:
        return _pieces(g, 0, map(math.prod, seq_shape), seq_shape)
    axis %= len(seq_shape[0])
    return _pieces(g, axis, [shape[axis] for shape in seq_shape], seq_shape)


@operator(implements=np.concatenate, sequence=True, seq=_concatenate_rule)
def concatenate(seq, axis=0, out=None, dtype=None, casting="same_kind"):
    """The arrays one after another along an axis that they have.

    Parameters
    ----------
    seq : sequence of ndarray
        Their shapes differ along `axis` at most. Integers among floats take the dtype of the floats.
    axis : int or None
        None flattens them first.
    out : ndarray, optional
        Where to write the result.
    dtype : dtype, optional
        Of the result.
    casting : str, optional
        Which casts to it are allowed; see `np.can_cast`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.concatenate([np.array([1, 2]), np.array([3])])
    array([1., 2., 3.])
    """
    return _join(np.concatenate, seq, dtype, casting, axis)


concat = concatenate


def _stack_rule(g, axis, arrays_shape):
    return _pieces(g, axis % g.ndim, [1] * len(arrays_shape), arrays_shape)


@operator(implements=np.stack, sequence=True, arrays=_stack_rule)
def stack(arrays, axis=0, out=None, dtype=None, casting="same_kind"):
    """Arrays of one shape, along a new axis.

    Parameters
    ----------
    arrays : sequence of ndarray
    axis : int
        Where the new axis is in the result.
    out, dtype, casting : optional
        See `concatenate`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.stack([np.array([1, 2]), np.array([3, 4])], axis=1)
    array([[1., 3.],
           [2., 4.]])
    """
    return _join(np.stack, arrays, dtype, casting, axis)


def _sizes(shapes, axis, rank):
    """The sizes along `axis`, which arrays of fewer than `rank` axes lack and get with size 1."""
    return [shape[axis] if len(shape) >= rank else 1 for shape in shapes]


@operator(
    implements=np.vstack, sequence=True, arrays=lambda g, arrays_shape: _pieces(g, 0, _sizes(arrays_shape, 0, 2), arrays_shape)
)
def vstack(arrays, out=None, dtype=None, casting="same_kind"):
    """The arrays one below the other, along axis 0; one of shape (n,) is a row. For the other parameters see `concatenate`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.vstack([np.array([1, 2]), np.array([3, 4])])
    array([[1., 2.],
           [3., 4.]])
    """
    return _join(np.vstack, arrays, dtype, casting)


row_stack = vstack


def _hstack_rule(g, arrays_shape):
    axis = 0 if g.ndim == 1 else 1
    return _pieces(g, axis, _sizes(arrays_shape, axis, 1), arrays_shape)


@operator(implements=np.hstack, sequence=True, arrays=_hstack_rule)
def hstack(arrays, dtype=None, casting="same_kind"):
    """The arrays side by side: along axis 1, or axis 0 if they have no other. For the other parameters see `concatenate`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.hstack([np.array([[1], [2]]), np.array([[3], [4]])])
    array([[1., 3.],
           [2., 4.]])
    """
    return _join(np.hstack, arrays, dtype, casting)


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


def _depth(part):
    """How deep lists are nested, the same everywhere."""
    if not isinstance(part, list):
        return 0
    depths = {_depth(inner) for inner in part}
    if len(depths) != 1:
        raise ValueError("block: lists are not empty, and every array is as deep in them as the others")
    return 1 + depths.pop()


@implements(np.block)
def block(arrays):
    """An array put together from blocks: those of the innermost lists side by side, the lists around them one below the other.

    Parameters
    ----------
    arrays : nested lists of ndarray
        All nested to the same depth. Arrays get axes of size 1 in front, as many as there are levels of lists.

    Examples
    --------
    >>> from mxnet import np
    >>> np.block([[np.eye(2), np.zeros((2, 1))], [np.ones((1, 3))]])
    array([[1., 0., 0.],
           [0., 1., 0.],
           [1., 1., 1.]])
    """
    depth = _depth(arrays)

    def operands(part):
        return [operands(inner) for inner in part] if isinstance(part, list) else as_operand("block", part)

    def ranks(part):
        return max(map(ranks, part)) if isinstance(part, list) else part.ndim

    blocks = operands(arrays)
    rank = max(depth, ranks(blocks))

    def joined(part, axis):
        if isinstance(part, list):
            return concatenate([joined(inner, axis + 1) for inner in part], axis)
        return reshape(part, (1,) * (rank - part.ndim) + part.shape)

    return joined(blocks, -depth) if depth else copy(blocks)
