"""Order by several keys, and order up to a point: `lexsort`, `partition` and kin."""

import numpy as np

from ..core.array import raw
from ..core.operator import operator, zero
from .indexing import as_key, take_along_axis

__all__ = ["argpartition", "lexsort", "partition"]


@operator(implements=np.lexsort, sequence=True, keys=zero)
def lexsort(keys, axis=-1):
    """The indices that sort by several keys: by the last one, and where that is equal by the one before, and so on.

    Parameters
    ----------
    keys : sequence of ndarray, or ndarray
        Arrays of one shape; the rows of an array.
    axis : int
        The axis to sort along.

    Returns
    -------
    ndarray
        Of int64. What is equal by all keys stays in its order.

    Examples
    --------
    >>> from mxnet import np
    >>> name, age = np.array([2, 1, 3]), np.array([40, 40, 20])
    >>> np.lexsort((name, age))
    array([2, 1, 0], dtype=int64)
    """
    return np.lexsort(keys, axis)


@operator(implements=np.argpartition)
def argpartition(a, kth, axis=-1, kind="introselect", order=None):
    """The indices, int64, of a partition of `a`: faster than `argsort` where only the k smallest elements are wanted.

    Parameters
    ----------
    a, kth, axis, kind, order
        As for `partition`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.sort(np.argpartition(np.array([5, 1, 4, 2]), 1)[:2])
    array([1, 3], dtype=int64)
    """
    return np.argpartition(a, as_key(kth), axis, kind, order)


def _partition_rule(g, a, axis, out):
    """The element that sorting `a` would put at some place is the one that sorting the result would put there."""
    if axis is None:
        values, axis = raw(a).reshape(-1), 0
    else:
        values = raw(a)
    if not values.ndim:
        return g
    places = np.argsort(np.argsort(values, axis, stable=True), axis)
    return take_along_axis(g, np.take_along_axis(np.argsort(raw(out), axis, stable=True), places, axis), axis).reshape(a.shape)


@operator(implements=np.partition, a=_partition_rule)
def partition(a, kth, axis=-1, kind="introselect", order=None):
    """A copy of `a` in which element number `kth` is where sorting would put it.

    None before it is larger and none after it is smaller; their order is left open. The gradient goes where the elements came from.

    Parameters
    ----------
    a : ndarray
    kth : int or sequence of int
        The places to sort for; negative ones count from the end.
    axis : int or None
        None partitions all elements, flattened.
    kind : 'introselect'
        The algorithm; there is one.
    order : None
        For arrays of records only, which these are not.

    Examples
    --------
    >>> from mxnet import np
    >>> np.partition(np.array([5, 1, 4, 2]), 1)[1]
    array(2.)
    """
    return np.partition(a, as_key(kth), axis, kind, order)
