"""Reductions along axes: sums, products, means, spreads, extremes, and the running sum."""

from math import prod as product

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..core.array import raw
from ..core.dtypes import as_dtype, floating, is_floating
from ..core.operator import operator
from . import selection
from .joining import concatenate

__all__ = ["all", "amax", "amin", "any", "argmax", "argmin", "cumsum", "max", "mean", "min", "prod", "std", "sum", "var"]


def restored(g, shape, axis, keepdims):
    """A reduced array with its lost axes back, as axes of length 1, so that it broadcasts against the array of `shape`."""
    if keepdims:
        return g
    if axis is None or not shape:  # NumPy reduces a number along axis 0, too
        return g.reshape((1,) * len(shape))
    lost = normalize_axis_tuple(axis, len(shape))
    return g.reshape(tuple([1 if i in lost else size for i, size in enumerate(shape)]))


def shared(g, a, out, axis, keepdims):
    """The cotangent of `a`, whose maximum or minimum is `out`: equal parts of `g` for the elements that attain it."""
    a = raw(a)
    out = restored(raw(out), a.shape, axis, keepdims)
    chosen = a == out
    unknown = out != out
    if unknown.any():
        chosen = chosen | (unknown & (a != a))  # NaN, which is the extreme of whatever contains it, equals nothing
    g = restored(g, a.shape, axis, keepdims)
    return selection.where(chosen, g / chosen.sum(axis=axes_of(axis), keepdims=True).astype(g.dtype), 0)


def axes_of(axis):
    """`axis` as NumPy takes it: MXNet accepts a list of axes as well."""
    return tuple(axis) if type(axis) is list else axis


def _size(shape, axis):
    """How many elements each result is made of."""
    return product(shape if axis is None else [shape[i] for i in normalize_axis_tuple(axis, len(shape))])


def _over(g, n):
    """`g / n` for a whole number `n`, which float16 may be unable to hold."""
    return (g.astype(np.float32) if g.dtype == np.float16 else g) / n


def _reduced(reduce, a, dtype, **options):
    """`reduce(a, dtype=dtype, **options)`, but float16 is accumulated in float32: in float16, 2048 + 1 is 2048."""
    if dtype is not None:
        dtype = as_dtype(dtype)
    if (a.dtype if dtype is None else dtype) == np.float16:
        return reduce(a, dtype=np.float32, **options).astype(np.float16)
    return reduce(a, dtype=dtype, **options)


def _averaged(average, a, dtype, **options):
    """The same for averages, which are of the default float dtype (but computed in float64) where `a` holds integers."""
    if dtype is None and not is_floating(a.dtype):
        return average(a, dtype=np.float64, **options).astype(floating(a.dtype))
    return _reduced(average, a, dtype, **options)


def _sum_rule(g, axis, keepdims, where, a_shape):
    g = restored(g, a_shape, axis, keepdims)
    return g if where is None else selection.where(where, g, 0)


@operator(implements=np.sum, a=_sum_rule, initial=lambda g: g)
def sum(a, axis=None, dtype=None, out=None, keepdims=None, initial=None, where=None):
    """The sum of the elements along `axis`.

    Parameters
    ----------
    a : ndarray
    axis : int, tuple or list of int, optional
        The axes to sum over; by default all of them.
    dtype : dtype, optional
        Of the result and of the accumulation. By default that of `a`; int64 or uint64 if `a` holds booleans or integers, so that a
        sum of small ones does not wrap around. float16 is accumulated in float32.
    out : ndarray, optional
        Where to write the result.
    keepdims : bool, optional
        Keep the axes that are summed over, with length 1.
    initial : number, optional
        What the sum starts with, by default 0.
    where : ndarray of bool, optional
        Which elements count; broadcast against `a`. The others have gradient 0.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([[1, 2], [3, 4]])
    >>> np.sum(x, axis=0)
    array([4., 6.])
    >>> np.sum(x, where=x > 1, initial=10)
    array(19.)
    """
    options = {} if where is None else {"where": np.asarray(where) != 0}
    if initial is not None:
        options["initial"] = initial
    return _reduced(np.add.reduce, np.asarray(a), dtype, axis=axes_of(axis), keepdims=bool(keepdims), **options)


def _others(a, g):
    """`g` times, at each position along the first axis of `a`, the product of the elements at the other positions.

    A tree of products of pairs, up and down again: nothing is divided by, so zeros are elements like any other, and the
    multiplications record themselves.
    """
    pairs = []
    while a.shape[0] > 1:
        half = a.shape[0] // 2
        first, second = a[:half], a[half : 2 * half]
        pairs.append((first, second))
        a = concatenate([first * second, a[2 * half :]])
    g = g[None]
    for first, second in reversed(pairs):
        half = first.shape[0]
        g, unpaired = g[:half], g[half:]
        g = concatenate([g * second, g * first, unpaired])
    return g


def _prod_rule(g, a, axis, keepdims):
    g = restored(g, a.shape, axis, keepdims)
    if 0 in a.shape or not a.shape:
        return g
    lost = tuple(range(a.ndim)) if axis is None else normalize_axis_tuple(axis, a.ndim)
    order = lost + tuple([i for i in range(a.ndim) if i not in lost])
    front = a.transpose(order)
    rest = front.shape[len(lost) :]
    others = _others(front.reshape((_size(a.shape, lost), *rest)), g.reshape(rest))
    return others.reshape(front.shape).transpose(tuple(np.argsort(order).tolist()))


@operator(implements=np.prod, a=_prod_rule)
def prod(a, axis=None, dtype=None, out=None, keepdims=False):
    """The product of the elements along `axis`.

    The derivative with respect to an element is the product of the others, computed without a division: it is exact however many
    zeros there are.

    Parameters
    ----------
    a : ndarray
    axis : int, tuple or list of int, optional
        The axes to multiply over; by default all of them.
    dtype : dtype, optional
        Of the result; by default as for `sum`.
    out : ndarray, optional
        Where to write the result.
    keepdims : bool
        Keep the axes that are multiplied over, with length 1.

    Examples
    --------
    >>> from mxnet import np
    >>> np.prod(np.array([[1, 2], [3, 4]]), axis=1)
    array([ 2., 12.])
    """
    return _reduced(np.multiply.reduce, np.asarray(a), dtype, axis=axes_of(axis), keepdims=keepdims)


def _mean_rule(g, axis, keepdims, a_shape):
    return _over(restored(g, a_shape, axis, keepdims), _size(a_shape, axis))


@operator(implements=np.mean, a=_mean_rule)
def mean(a, axis=None, dtype=None, out=None, keepdims=False):
    """The arithmetic mean of the elements along `axis`.

    Parameters
    ----------
    a : ndarray
    axis : int, tuple or list of int, optional
        The axes to average over; by default all of them.
    dtype : dtype, optional
        Of the result. By default that of `a`, or float32 if `a` holds booleans or integers.
    out : ndarray, optional
        Where to write the result.
    keepdims : bool
        Keep the axes that are averaged over, with length 1.

    Examples
    --------
    >>> from mxnet import np
    >>> np.mean(np.array([[1, 2], [3, 4]]), axis=0)
    array([2., 3.])
    """
    return _averaged(np.mean, np.asarray(a), dtype, axis=axes_of(axis), keepdims=keepdims)


def _degrees(correction, ddof):
    if ddof is None:
        return correction
    if correction:
        raise ValueError(f"correction and ddof are two names of one number: give one of them, not {correction} and {ddof}")
    return ddof


def _deviation(a, axis, correction, ddof):
    """(a - mean) / (n - correction)."""
    n = _size(a.shape, axis) - _degrees(correction, ddof)
    return _over(a - mean(a, axis=axis, keepdims=True), n if n > 0 else 0)


def _var_rule(g, a, axis, correction, keepdims, ddof):
    return restored(g, a.shape, axis, keepdims) * (2 * _deviation(a, axis, correction, ddof))


@operator(implements=np.var, a=_var_rule)
def var(a, axis=None, dtype=None, out=None, correction=0, keepdims=False, ddof=None):
    """The variance of the elements along `axis`: Σ (a - mean)² / (n - correction).

    Parameters
    ----------
    a : ndarray
    axis : int, tuple or list of int, optional
        The axes to reduce; by default all of them.
    dtype : dtype, optional
        Of the result. By default that of `a`, or float32 if `a` holds booleans or integers.
    out : ndarray, optional
        Where to write the result.
    correction : number
        Subtracted from the number of elements: 1 for the unbiased estimate from a sample.
    keepdims : bool
        Keep the axes that are reduced, with length 1.
    ddof : number, optional
        NumPy's older name of `correction`.

    Raises
    ------
    ValueError
        If both `correction` and `ddof` are given.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([1, 2, 3, 4])
    >>> np.var(x), np.var(x, correction=1)
    (array(1.25), array(1.6666666))
    """
    ddof = _degrees(correction, ddof)
    return _averaged(np.var, np.asarray(a), dtype, axis=axes_of(axis), ddof=ddof, keepdims=keepdims)


def _std_rule(g, a, axis, correction, keepdims, ddof, out):
    g, out = restored(g, a.shape, axis, keepdims), restored(out, a.shape, axis, keepdims)
    none = raw(out) == 0
    return selection.where(none, 0, g) / selection.where(none, 1, out) * _deviation(a, axis, correction, ddof)


@operator(implements=np.std, a=_std_rule)
def std(a, axis=None, dtype=None, out=None, correction=0, keepdims=False, ddof=None):
    """The standard deviation of the elements along `axis`: the square root of `var`, whose parameters these are.

    Its gradient is 0 where all elements are equal.

    Parameters
    ----------
    a : ndarray
    axis : int, tuple or list of int, optional
        The axes to reduce; by default all of them.
    dtype : dtype, optional
        Of the result. By default that of `a`, or float32 if `a` holds booleans or integers.
    out : ndarray, optional
        Where to write the result.
    correction : number
        Subtracted from the number of elements.
    keepdims : bool
        Keep the axes that are reduced, with length 1.
    ddof : number, optional
        NumPy's older name of `correction`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.std(np.array([[1, 3], [5, 5]]), axis=1)
    array([1., 0.])
    """
    ddof = _degrees(correction, ddof)
    return _averaged(np.std, np.asarray(a), dtype, axis=axes_of(axis), ddof=ddof, keepdims=keepdims)


@operator(implements=(np.max, np.amax), a=shared)
def max(a, axis=None, out=None, keepdims=False):
    """The largest element along `axis`; NaN if there is one.

    Elements that are equally large share the gradient in equal parts.

    Parameters
    ----------
    a : ndarray
    axis : int, tuple or list of int, optional
        The axes to reduce; by default all of them.
    out : ndarray, optional
        Where to write the result.
    keepdims : bool
        Keep the axes that are reduced, with length 1.

    Raises
    ------
    ValueError
        If there is nothing to choose from: an axis of length 0 is reduced.

    Examples
    --------
    >>> from mxnet import np
    >>> np.max(np.array([[1, 2], [4, 3]]), axis=1)
    array([2., 4.])
    """
    return np.max(a, axis=axes_of(axis), keepdims=keepdims)


@operator(implements=(np.min, np.amin), a=shared)
def min(a, axis=None, out=None, keepdims=False):
    """The smallest element along `axis`; NaN if there is one.

    Elements that are equally small share the gradient in equal parts.

    Parameters
    ----------
    a : ndarray
    axis : int, tuple or list of int, optional
        The axes to reduce; by default all of them.
    out : ndarray, optional
        Where to write the result.
    keepdims : bool
        Keep the axes that are reduced, with length 1.

    Raises
    ------
    ValueError
        If there is nothing to choose from: an axis of length 0 is reduced.

    Examples
    --------
    >>> from mxnet import np
    >>> np.min(np.array([[1, 2], [4, 3]]), axis=1)
    array([1., 3.])
    """
    return np.min(a, axis=axes_of(axis), keepdims=keepdims)


amax = max
amin = min


@operator(implements=np.argmax)
def argmax(a, axis=None, out=None, keepdims=False):
    """The index (int64) of the largest element along `axis`: of the first, if there are several; of the first NaN, if any.

    Parameters
    ----------
    a : ndarray
    axis : int, optional
        By default the index is one into the flattened array.
    out : ndarray, optional
        Where to write the result.
    keepdims : bool
        Keep the axis, with length 1.

    Examples
    --------
    >>> from mxnet import np
    >>> np.argmax(np.array([[1, 2], [4, 3]]), axis=1)
    array([1, 0], dtype=int64)
    """
    return np.argmax(a, axis=axis, keepdims=keepdims)


@operator(implements=np.argmin)
def argmin(a, axis=None, out=None, keepdims=False):
    """The index (int64) of the smallest element along `axis`: of the first, if there are several; of the first NaN, if any.

    Parameters
    ----------
    a : ndarray
    axis : int, optional
        By default the index is one into the flattened array.
    out : ndarray, optional
        Where to write the result.
    keepdims : bool
        Keep the axis, with length 1.

    Examples
    --------
    >>> from mxnet import np
    >>> np.argmin(np.array([[1, 2], [4, 3]]), axis=1)
    array([0, 1], dtype=int64)
    """
    return np.argmin(a, axis=axis, keepdims=keepdims)


def _cumsum_rule(g, axis, a_shape):
    """Element i is in the sums i, i + 1, …: the running sum of the cotangent from its end."""
    axis = 0 if axis is None else axis
    backwards = (slice(None),) * (axis % g.ndim) + (slice(None, None, -1),)
    return cumsum(g[backwards], axis=axis)[backwards].reshape(a_shape)


@operator(implements=np.cumsum, a=_cumsum_rule)
def cumsum(a, axis=None, dtype=None, out=None):
    """The running sum of the elements along `axis`.

    Parameters
    ----------
    a : ndarray
    axis : int, optional
        By default `a` is flattened first.
    dtype : dtype, optional
        Of the result; by default as for `sum`.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> from mxnet import np
    >>> np.cumsum(np.array([[1, 2], [3, 4]]), axis=1)
    array([[1., 3.],
           [3., 7.]])
    """
    return _reduced(np.cumsum, np.asarray(a), dtype, axis=axis)


@operator(implements=np.all)
def all(a, axis=None, out=None, keepdims=False):
    """Whether all elements along `axis` are true (not 0).

    Parameters
    ----------
    a : ndarray
    axis : int, tuple or list of int, optional
        The axes to reduce; by default all of them.
    out : ndarray, optional
        Where to write the result.
    keepdims : bool
        Keep the axes that are reduced, with length 1.

    Examples
    --------
    >>> from mxnet import np
    >>> np.all(np.array([[1, 0], [2, 3]]), axis=1)
    array([False,  True])
    """
    return np.all(a, axis=axes_of(axis), keepdims=keepdims)


@operator(implements=np.any)
def any(a, axis=None, out=None, keepdims=False):
    """Whether any element along `axis` is true (not 0).

    Parameters
    ----------
    a : ndarray
    axis : int, tuple or list of int, optional
        The axes to reduce; by default all of them.
    out : ndarray, optional
        Where to write the result.
    keepdims : bool
        Keep the axes that are reduced, with length 1.

    Examples
    --------
    >>> from mxnet import np
    >>> np.any(np.array([[1, 0], [0, 0]]), axis=1)
    array([ True, False])
    """
    return np.any(a, axis=axes_of(axis), keepdims=keepdims)
