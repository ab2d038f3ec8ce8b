"""Arrays as sets: their distinct elements, who is in them, and what two of them share.

The values that these functions return are elements of their operands, and the gradient goes back to those elements.
"""

from typing import NamedTuple

import numpy as np

from ..core.array import Array, raw
from ..core.operator import TWINS, operator, wrap
from .agreement import as_compared
from .choosing import as_ours
from .indexing import take
from .joining import concatenate
from .shaping import ravel

__all__ = [
    "in1d",
    "intersect1d",
    "isin",
    "setdiff1d",
    "setxor1d",
    "union1d",
    "unique",
    "unique_all",
    "unique_counts",
    "unique_inverse",
    "unique_values",
]

_take_rule = take.operator.rules[0]


# --- distinct elements ------------------------------------------------------------------------------------------------------------


def _unique_rule(g, ar, axis, return_index, return_inverse, return_counts, equal_nan):
    if return_index or return_inverse or return_counts:
        g = g[0]
    _, first = np.unique(raw(ar), return_index=True, axis=axis, equal_nan=equal_nan)
    return _take_rule(g, first, axis, "raise", ar.shape)


@operator(implements=np.unique, ar=_unique_rule)
def unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None, equal_nan=True):
    """The distinct elements, sorted.

    Of elements that are equal the first receives the gradient.

    Parameters
    ----------
    ar : ndarray
    return_index, return_inverse, return_counts : bool
        What to return besides, each of int64.
    axis : int, optional
        Find the distinct slices along this axis; by default the distinct elements.
    equal_nan : bool
        Whether all NaNs are one.

    Returns
    -------
    values : ndarray
    index : ndarray
        With `return_index`: where each value occurs first.
    inverse : ndarray
        With `return_inverse`: for each element of `ar` its place among the values, so that `values[inverse]` is `ar`.
    counts : ndarray
        With `return_counts`: how often each value occurs.

    Examples
    --------
    >>> from mxnet import np
    >>> np.unique(np.array([3, 1, 3]), return_counts=True)
    (array([1., 3.]), array([1, 2], dtype=int64))
    """
    return np.unique(ar, return_index, return_inverse, return_counts, axis, equal_nan=equal_nan)


class UniqueAll(NamedTuple):
    """What `unique_all` returns."""

    values: Array
    indices: Array
    inverse_indices: Array
    counts: Array


class UniqueCounts(NamedTuple):
    """What `unique_counts` returns."""

    values: Array
    counts: Array


class UniqueInverse(NamedTuple):
    """What `unique_inverse` returns."""

    values: Array
    inverse_indices: Array


def unique_all(x):
    """The distinct elements, and all that `unique` knows of them, as a named tuple; NaNs are distinct.

    Returns
    -------
    UniqueAll
        values, indices, inverse_indices and counts.

    Examples
    --------
    >>> from mxnet import np
    >>> np.unique_all(np.array([3, 1, 3])).indices
    array([1, 0], dtype=int64)
    """
    return UniqueAll(*unique(x, return_index=True, return_inverse=True, return_counts=True, equal_nan=False))


def unique_counts(x):
    """The distinct elements and how often each occurs, as a named tuple; NaNs are distinct.

    Examples
    --------
    >>> from mxnet import np
    >>> np.unique_counts(np.array([3, 1, 3])).counts
    array([1, 2], dtype=int64)
    """
    return UniqueCounts(*unique(x, return_counts=True, equal_nan=False))


def unique_inverse(x):
    """The distinct elements and, for each element of `x`, its place among them, as a named tuple; NaNs are distinct.

    Examples
    --------
    >>> from mxnet import np
    >>> values, inverse = np.unique_inverse(np.array([3, 1, 3]))
    >>> values[inverse]
    array([3., 1., 3.])
    """
    return UniqueInverse(*unique(x, return_inverse=True, equal_nan=False))


def unique_values(x):
    """The distinct elements, sorted; NaNs are distinct.

    Examples
    --------
    >>> from mxnet import np
    >>> np.unique_values(np.array([3, 1, 3]))
    array([1., 3.])
    """
    return unique(x, equal_nan=False)


# --- membership -------------------------------------------------------------------------------------------------------------------


@operator(implements=np.isin)
def isin(element, test_elements, assume_unique=False, invert=False, kind=None):
    """For each element whether it is among the test elements.

    Parameters
    ----------
    element : ndarray
    test_elements : ndarray or list
        Of any shape; numbers in a list take the dtype of `element` if that is floating.
    assume_unique : bool
        Both are without duplicates, which saves time.
    invert : bool
        Ask whether it is not among them.
    kind : {None, 'sort', 'table'}
        How to look; 'table' is for integers.

    Returns
    -------
    ndarray
        Of booleans, of the shape of `element`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.isin(np.array([[0.1, 2], [3, 0.1]]), [0.1, 3])
    array([[ True, False],
           [ True,  True]])
    """
    return np.isin(*as_compared(element, test_elements), assume_unique, invert, kind=kind)


def in1d(ar1, ar2, assume_unique=False, invert=False):
    """`isin` for the elements of `ar1`, flattened.

    Examples
    --------
    >>> from mxnet import np
    >>> np.in1d(np.array([1, 2, 3]), [3, 1])
    array([ True, False,  True])
    """
    return isin(ravel(ar1), ar2, assume_unique, invert)


# --- two sets ---------------------------------------------------------------------------------------------------------------------


def _operands(name, *values):
    """The values as flat arrays of one dtype, raw if all are raw; lists and numbers take the default float dtype."""
    values = [ravel(as_ours(name, value)) for value in values]
    dtype = concatenate([raw(value)[:0] for value in values]).dtype
    return [value.astype(dtype, copy=False) for value in values]


def union1d(ar1, ar2):
    """The distinct elements of both arrays, sorted. Of equal ones the first receives the gradient, in `ar1` before `ar2`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.union1d(np.array([3, 1]), np.array([2, 3]))
    array([1., 2., 3.])
    """
    return unique(concatenate(_operands("union1d", ar1, ar2)))


def intersect1d(ar1, ar2, assume_unique=False, return_indices=False):
    """The distinct elements that both arrays have, sorted. The gradient goes to the first of each in `ar1`.

    Parameters
    ----------
    ar1, ar2 : ndarray
        Flattened if need be.
    assume_unique : bool
        Both are without duplicates, which saves time.
    return_indices : bool
        Also return where each element occurs first, in `ar1` and in `ar2`.

    Returns
    -------
    ndarray, or tuple of three ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> np.intersect1d(np.array([3, 1, 2]), np.array([2, 3]), return_indices=True)
    (array([2., 3.]), array([2, 0], dtype=int64), array([0, 1], dtype=int64))
    """
    ar1, ar2 = _operands("intersect1d", ar1, ar2)
    _, first, second = np.intersect1d(raw(ar1), raw(ar2), assume_unique, return_indices=True)
    if isinstance(ar1, Array) or isinstance(ar2, Array):
        ar1, first, second = take(ar1, wrap(first)), wrap(first), wrap(second)
    else:
        ar1 = ar1[first]
    return (ar1, first, second) if return_indices else ar1


def setdiff1d(ar1, ar2, assume_unique=False):
    """The distinct elements of `ar1` that are not in `ar2`, sorted; with `assume_unique` in the order of `ar1`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.setdiff1d(np.array([3, 1, 3, 2]), np.array([2]))
    array([1., 3.])
    """
    ar1 = ravel(as_ours("setdiff1d", ar1))
    ar1 = ar1 if assume_unique else unique(ar1)
    return ar1[isin(ar1, ar2, invert=True)]


def setxor1d(ar1, ar2, assume_unique=False):
    """The distinct elements that are in one of the arrays and not in the other, sorted.

    Examples
    --------
    >>> from mxnet import np
    >>> np.setxor1d(np.array([3, 1]), np.array([2, 3]))
    array([1., 2.])
    """
    ar1, ar2 = _operands("setxor1d", ar1, ar2)
    if not assume_unique:
        ar1, ar2 = unique(ar1), unique(ar2)
    both = concatenate([ar1, ar2])
    order = np.argsort(raw(both), stable=True)
    ordered = raw(both)[order]
    changes = np.concatenate([[True], ordered[1:] != ordered[:-1], [True]])
    return both[order[changes[1:] & changes[:-1]]] if both.size else both


TWINS.update(
    {
        np.unique_all: unique_all,
        np.unique_counts: unique_counts,
        np.unique_inverse: unique_inverse,
        np.unique_values: unique_values,
        np.union1d: union1d,
        np.intersect1d: intersect1d,
        np.setdiff1d: setdiff1d,
        np.setxor1d: setxor1d,
    }
)
