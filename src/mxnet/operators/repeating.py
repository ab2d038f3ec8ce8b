"""The same elements several times."""

import math

import numpy as np

from ..core.operator import operator
from .indexing import as_key
from .reductions import reduced, sum

__all__ = ["repeat", "tile"]


def _tile_rule(g, reps, A_shape):
    reps = tuple(np.atleast_1d(as_key(reps)).tolist())
    rank = max(len(reps), len(A_shape))
    reps = (1,) * (rank - len(reps)) + reps
    shape = (1,) * (rank - len(A_shape)) + A_shape
    parts = [size for pair in zip(reps, shape, strict=True) for size in pair]
    return sum(g.reshape(parts), axis=tuple(range(0, 2 * rank, 2))).reshape(A_shape)


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
    sums = reduced(np.add.reduceat, a, None, indices=(np.cumsum(counts) - counts)[some], axis=axis)
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
        g = sum(g.reshape((*shape[: axis + 1], repeats.item(), *shape[axis + 1 :])), axis=axis + 1)
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
