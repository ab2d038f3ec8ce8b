"""Order along an axis: `sort`, `argsort`, `topk`. NaN counts as larger than every number, as in NumPy."""

import numpy as np

from ..core.array import raw
from ..core.dtypes import as_dtype
from ..core.operator import operator
from .indexing import take_along_axis
from .selection import where

__all__ = ["argsort", "sort", "topk"]


def _order(a, axis, descending, stable=True):
    """The indices that sort the raw array `a`. Descending, too, equal elements stay in their order if `stable`."""
    if not descending:
        return np.argsort(a, axis=axis, stable=stable)
    if axis is None:
        a, axis = a.reshape(-1), 0
    backwards = np.argsort(np.flip(a, axis), axis=axis, stable=stable)
    return a.shape[axis] - 1 - np.flip(backwards, axis)


def _ranks(chosen, shape, axis):
    """For every element of an array of `shape` its place among the `chosen` indices along `axis`; their number, if it has none."""
    count = chosen.shape[axis]
    ranks = np.full(shape, count)
    places = np.arange(count).reshape([count if i == axis % len(shape) else 1 for i in range(len(shape))])
    np.put_along_axis(ranks, chosen, places, axis)
    return ranks


def _sort_rule(g, a, axis, descending):
    flat, axis = (a.reshape(-1), 0) if axis is None else (a, axis)
    return take_along_axis(g, _ranks(_order(raw(flat), axis, descending), flat.shape, axis), axis).reshape(a.shape)


@operator(implements=np.sort, a=_sort_rule)
def sort(a, axis=-1, descending=False, stable=True):
    """A sorted copy of `a`.

    The gradient goes where the element came from; among equal elements, by their order.

    Parameters
    ----------
    a : ndarray
    axis : int or None
        The axis to sort along; None sorts all elements, flattened.
    descending : bool
        From the largest to the smallest. NaN comes last in ascending order, first in descending order.
    stable : bool
        Without effect: equal elements look the same.

    Examples
    --------
    >>> from mxnet import np
    >>> np.sort(np.array([3, 1, 2]))
    array([1., 2., 3.])
    >>> np.sort(np.array([3, 1, 2]), descending=True)
    array([3., 2., 1.])
    """
    ordered = np.sort(a, axis=axis)
    return np.flip(ordered, 0 if axis is None else axis).copy() if descending else ordered


@operator(implements=np.argsort)
def argsort(a, axis=-1, descending=False, stable=True):
    """The indices, int64, that sort `a`.

    Parameters
    ----------
    a : ndarray
    axis : int or None
        The axis to sort along; None sorts all elements, flattened.
    descending : bool
        From the largest to the smallest. NaN comes last in ascending order, first in descending order.
    stable : bool
        Keep equal elements in their order. Without it, sorting may be faster.

    Examples
    --------
    >>> from mxnet import np
    >>> np.argsort(np.array([3, 1, 3]), descending=True)
    array([0, 2, 1], dtype=int64)
    """
    return _order(np.asarray(a), axis, descending, stable)


def _chosen(flat, axis, k, is_ascend):
    """The indices of the `k` largest or smallest elements of the raw array `flat`, in order; all of them if `k` is less than 1."""
    order = _order(flat, axis, not is_ascend)
    size = order.shape[axis]
    if k > size:
        raise ValueError(f"there are {size} elements to choose from, fewer than k={k}")
    return np.take(order, np.arange(k if k > 0 else size), axis=axis)


def _topk_rule(g, data, axis, k, ret_typ, is_ascend):
    if ret_typ in ("indices", "mask"):
        return None
    values = g[0] if ret_typ == "both" else g
    flat, axis = (data.reshape(-1), 0) if axis is None else (data, axis)
    chosen = _chosen(raw(flat), axis, k, is_ascend)
    count = chosen.shape[axis]
    ranks = _ranks(chosen, flat.shape, axis)
    return where(ranks < count, take_along_axis(values, np.minimum(ranks, count - 1), axis), 0).reshape(data.shape)


@operator(hides=True, data=_topk_rule)
def topk(data, axis=-1, k=1, ret_typ="indices", is_ascend=False, dtype="float32"):
    """The `k` largest elements along `axis`, in descending order, or where they are.

    Only the values have a gradient. It goes to the elements that were chosen.

    Parameters
    ----------
    data : ndarray
    axis : int or None
        None looks among all elements, flattened.
    k : int
        How many; all of them, sorted, if less than 1.
    ret_typ : {'indices', 'value', 'both', 'mask'}
        What to return.
    is_ascend : bool
        Choose the smallest instead, in ascending order. Among equal elements the first are chosen, either way.
    dtype : dtype
        Of the indices. float32 counts to 2**24; ask for int64 to index.

    Returns
    -------
    ndarray or list of ndarray
        The indices; the values; the list of values and indices; or the mask, of the shape and dtype of `data`, 1 where an
        element is among the chosen and 0 elsewhere.

    Raises
    ------
    ValueError
        If there are fewer than `k` elements, or `ret_typ` is none of the four.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> x = np.array([[3, 1, 2], [5, 7, 6]])
    >>> npx.topk(x, k=2)
    array([[0., 2.],
           [1., 2.]])
    >>> npx.topk(x, k=2, ret_typ='value')
    array([[3., 2.],
           [7., 6.]])
    >>> npx.topk(x, k=2, ret_typ='mask')
    array([[1., 0., 1.],
           [0., 1., 1.]])
    """
    if ret_typ not in ("indices", "value", "both", "mask"):
        raise ValueError(f"ret_typ is 'indices', 'value', 'both' or 'mask', not {ret_typ!r}")
    data = np.asarray(data)
    flat, axis = (data.reshape(-1), 0) if axis is None else (data, axis)
    chosen = _chosen(flat, axis, k, is_ascend)
    if ret_typ == "mask":
        mask = np.zeros_like(flat)
        np.put_along_axis(mask, chosen, 1, axis)
        return mask.reshape(data.shape)
    if ret_typ == "indices":
        return chosen.astype(as_dtype(dtype))
    values = np.take_along_axis(flat, chosen, axis)
    return values if ret_typ == "value" else [values, chosen.astype(as_dtype(dtype))]
