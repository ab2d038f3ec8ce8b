"""Reductions along axes: sums, products, means, spreads, extremes, and the running sum.

What `where=` leaves out of a reduction is hidden from it: nothing that is there, be it NaN, reaches the result or a gradient.
"""

from math import prod as product

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..core.array import raw
from ..core.dtypes import as_dtype, floating, is_floating
from ..core.operator import operator
from ..core.words import with_words
from . import selection
from .joining import concatenate

__all__ = ["all", "amax", "amin", "any", "argmax", "argmin", "cumsum", "max", "mean", "min", "prod", "std", "sum", "var"]


# --- what they share --------------------------------------------------------------------------------------------------------------

_PARAMETERS = {
    "a": "a : ndarray",
    "axis": """axis : int, tuple or list of int, optional
        The axes to reduce; by default all of them.""",
    "dtype": """dtype : dtype, optional
        Of the result. By default that of `a`, or float32 if `a` holds booleans or integers.""",
    "out": """out : ndarray, optional
        Where to write the result.""",
    "keepdims": """keepdims : bool, optional
        Keep the axes that are reduced, with length 1.""",
    "where": """where : ndarray of bool, optional
        Which elements count; broadcast against `a`. What else there is, NaN included, has gradient 0.""",
}
SUMS = {
    "dtype": """dtype : dtype, optional
        Of the result and of the accumulation. By default that of `a`; int64 or uint64 if `a` holds booleans or integers, so that
        small ones do not wrap around. float16 is accumulated in float32.""",
    "initial": """initial : number, optional
        What to start with, by default 0 for a sum and 1 for a product.""",
}
SPREADS = {
    "correction": """correction, ddof : number
        Two names of what is subtracted from the number of elements, 0 by default: 1 for the unbiased estimate from a sample.""",
}
EXTREMES = {
    "initial": """initial : number, optional
        A constant that counts as one more element; needed where there might be no other, as with `where`.""",
}
ONE_AXIS = """axis : int, optional
        By default `a` is flattened first."""


def documented(**words):
    """A decorator: what all reductions say of their parameters, or the `words` in place of that, goes into the docstring."""
    return lambda function: with_words(function, {**_PARAMETERS, **words})


def axes_of(axis):
    """`axis` as NumPy takes it: MXNet accepts a list of axes as well."""
    return tuple(axis) if type(axis) is list else axis


def restored(g, shape, axis, keepdims):
    """A reduced array with its lost axes back, as axes of length 1, so that it broadcasts against the array of `shape`."""
    if keepdims:
        return g
    if axis is None or not shape:  # NumPy reduces a number along axis 0, too
        return g.reshape((1,) * len(shape))
    lost = normalize_axis_tuple(axis, len(shape))
    return g.reshape(tuple([1 if i in lost else size for i, size in enumerate(shape)]))


def options(**given):
    """The keyword arguments for NumPy: those that were given, and `where` as truth values."""
    given = {name: value for name, value in given.items() if value is not None}
    if "where" in given:
        given["where"] = np.asarray(given["where"]) != 0
    return given


def _counted(where, g, otherwise=0):
    """`g` where elements count, something else where they do not."""
    return g if where is None else selection.where(where, g, otherwise)


def shared(g, a, out, axis, keepdims, where=None):
    """The cotangent of `a`, whose maximum or minimum is `out`: equal parts of `g` for the elements that attain it."""
    a = raw(a)
    out = restored(raw(out), a.shape, axis, keepdims)
    chosen = a == out
    unknown = out != out
    if unknown.any():
        chosen = chosen | (unknown & (a != a))  # NaN, which is the extreme of whatever contains it, equals nothing
    if where is not None:
        chosen = chosen & (np.asarray(where) != 0)
    g = restored(g, a.shape, axis, keepdims)
    count = np.maximum(chosen.sum(axis=axes_of(axis), keepdims=True), 1)  # none attains it if `initial` is beyond them all
    return selection.where(chosen, g / count.astype(g.dtype), 0)


def _size(shape, axis):
    """How many elements each result is made of."""
    return product(shape if axis is None else [shape[i] for i in normalize_axis_tuple(axis, len(shape))])


def number(shape, axis, where):
    """How many elements count: a number, or with `where` an array that still has its reduced axes."""
    if where is None:
        return _size(shape, axis)
    return np.broadcast_to(np.asarray(where) != 0, shape).sum(axis=axes_of(axis), keepdims=True)


def _over(g, n):
    """`g / n` for whole numbers `n`, which float16 may be unable to hold."""
    g = g.astype(np.float32) if g.dtype == np.float16 else g
    return g / (n.astype(g.dtype) if np.ndim(n) else n)


def reduced(reduce, a, dtype, **options):
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
    return reduced(average, a, dtype, **options)


# --- sums and products ------------------------------------------------------------------------------------------------------------


@operator(
    implements=np.sum,
    hides="where",
    a=lambda g, axis, keepdims, where, a_shape: _counted(where, restored(g, a_shape, axis, keepdims)),
    initial=lambda g: g,
)
@documented(**SUMS)
def sum(a, axis=None, dtype=None, out=None, keepdims=None, initial=None, where=None):
    """The sum of the elements along `axis`.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([[1, 2], [3, 4]])
    >>> np.sum(x, axis=0)
    array([4., 6.])
    >>> np.sum(x, where=x > 1, initial=10)
    array(19.)
    """
    given = options(initial=initial, where=where)
    return reduced(np.add.reduce, np.asarray(a), dtype, axis=axes_of(axis), keepdims=bool(keepdims), **given)


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


def _prod_rule(g, a, axis, keepdims, initial, where):
    g = restored(g if initial is None else g * initial, a.shape, axis, keepdims)
    if 0 in a.shape or not a.shape:
        return _counted(where, g)
    lost = tuple(range(a.ndim)) if axis is None else normalize_axis_tuple(axis, a.ndim)
    order = lost + tuple([i for i in range(a.ndim) if i not in lost])
    front = _counted(where, a, 1).transpose(order)
    rest = front.shape[len(lost) :]
    others = _others(front.reshape((_size(a.shape, lost), *rest)), g.reshape(rest))
    return _counted(where, others.reshape(front.shape).transpose(tuple(np.argsort(order).tolist())))


@operator(
    implements=np.prod,
    hides="where",
    a=_prod_rule,
    initial=lambda g, a, axis, keepdims, where: g * prod(a, axis=axis, keepdims=keepdims, where=where),
)
@documented(**SUMS)
def prod(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    """The product of the elements along `axis`.

    The derivative with respect to an element is the product of the others, computed without a division: it is exact however many
    zeros there are.

    Examples
    --------
    >>> from mxnet import np
    >>> np.prod(np.array([[1, 2], [3, 4]]), axis=1)
    array([ 2., 12.])
    """
    given = options(initial=initial, where=where)
    return reduced(np.multiply.reduce, np.asarray(a), dtype, axis=axes_of(axis), keepdims=bool(keepdims), **given)


def _cumsum_rule(g, axis, a_shape):
    """Element i is in the sums i, i + 1, …: the running sum of the cotangent from its end."""
    axis = 0 if axis is None else axis
    backwards = (slice(None),) * (axis % g.ndim) + (slice(None, None, -1),)
    return cumsum(g[backwards], axis=axis)[backwards].reshape(a_shape)


@operator(implements=np.cumsum, a=_cumsum_rule)
@documented(axis=ONE_AXIS, **SUMS)
def cumsum(a, axis=None, dtype=None, out=None):
    """The running sum of the elements along `axis`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.cumsum(np.array([[1, 2], [3, 4]]), axis=1)
    array([[1., 3.],
           [3., 7.]])
    """
    return reduced(np.cumsum, np.asarray(a), dtype, axis=axis)


# --- means and spreads ------------------------------------------------------------------------------------------------------------


def _mean_rule(g, axis, keepdims, where, a_shape):
    return _counted(where, _over(restored(g, a_shape, axis, keepdims), number(a_shape, axis, where)))


@operator(implements=np.mean, hides="where", a=_mean_rule)
@documented()
def mean(a, axis=None, dtype=None, out=None, keepdims=False, where=None):
    """The arithmetic mean of the elements along `axis`; NaN, with a warning, if there are none.

    Examples
    --------
    >>> from mxnet import np
    >>> np.mean(np.array([[1, 2], [3, 4]]), axis=0)
    array([2., 3.])
    """
    return _averaged(np.mean, np.asarray(a), dtype, axis=axes_of(axis), keepdims=bool(keepdims), **options(where=where))


def degrees(correction, ddof):
    """What `var` subtracts from the number of elements, from its two names."""
    if ddof is None:
        return correction
    if correction:
        raise ValueError(f"correction and ddof are two names of one number: give one of them, not {correction} and {ddof}")
    return ddof


def _deviation(a, axis, correction, ddof, where):
    """(a - mean) / (n - correction)."""
    n = number(a.shape, axis, where) - degrees(correction, ddof)
    return _counted(where, _over(a - mean(a, axis=axis, keepdims=True, where=where), n * (n > 0)))


def _var_rule(g, a, axis, correction, keepdims, ddof, where):
    return restored(g, a.shape, axis, keepdims) * (2 * _deviation(a, axis, correction, ddof, where))


@operator(implements=np.var, hides="where", a=_var_rule)
@documented(**SPREADS)
def var(a, axis=None, dtype=None, out=None, correction=0, keepdims=False, ddof=None, where=None):
    """The variance of the elements along `axis`: Σ (a - mean)² / (n - correction).

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
    return _spread(np.var, a, dtype, axis, degrees(correction, ddof), keepdims, where)


def _spread(twin, a, dtype, axis, ddof, keepdims, where):
    given = options(where=where)
    return _averaged(twin, np.asarray(a), dtype, axis=axes_of(axis), ddof=ddof, keepdims=bool(keepdims), **given)


def _std_rule(g, a, axis, correction, keepdims, ddof, where, out):
    g, out = restored(g, a.shape, axis, keepdims), restored(out, a.shape, axis, keepdims)
    none = raw(out) == 0
    return selection.where(none, 0, g) / selection.where(none, 1, out) * _deviation(a, axis, correction, ddof, where)


@operator(implements=np.std, hides="where", a=_std_rule)
@documented(**SPREADS)
def std(a, axis=None, dtype=None, out=None, correction=0, keepdims=False, ddof=None, where=None):
    """The standard deviation of the elements along `axis`: the square root of their variance `var`.

    Its gradient is 0 where all elements are equal.

    Examples
    --------
    >>> from mxnet import np
    >>> np.std(np.array([[1, 3], [5, 5]]), axis=1)
    array([1., 0.])
    """
    return _spread(np.std, a, dtype, axis, degrees(correction, ddof), keepdims, where)


# --- extremes ---------------------------------------------------------------------------------------------------------------------


@operator(implements=(np.max, np.amax), hides="where", a=shared)
@documented(**EXTREMES)
def max(a, axis=None, out=None, keepdims=False, initial=None, where=None):
    """The largest element along `axis`; NaN if there is one.

    Elements that are equally large share the gradient in equal parts.

    Raises
    ------
    ValueError
        If there is nothing to choose from, an axis of length 0 being reduced, or there might be, with `where`, and no `initial`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.max(np.array([[1, 2], [4, 3]]), axis=1)
    array([2., 4.])
    """
    return np.max(a, axis=axes_of(axis), keepdims=bool(keepdims), **options(initial=initial, where=where))


@operator(implements=(np.min, np.amin), hides="where", a=shared)
@documented(**EXTREMES)
def min(a, axis=None, out=None, keepdims=False, initial=None, where=None):
    """The smallest element along `axis`; NaN if there is one. Otherwise as `max`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.min(np.array([[1, 2], [4, 3]]), axis=1)
    array([1., 3.])
    """
    return np.min(a, axis=axes_of(axis), keepdims=bool(keepdims), **options(initial=initial, where=where))


amax = max
amin = min


@operator(implements=np.argmax)
@documented(axis=ONE_AXIS)
def argmax(a, axis=None, out=None, keepdims=False):
    """The index (int64) of the largest element along `axis`: of the first, if there are several; of the first NaN, if any.

    Examples
    --------
    >>> from mxnet import np
    >>> np.argmax(np.array([[1, 2], [4, 3]]), axis=1)
    array([1, 0], dtype=int64)
    """
    return np.argmax(a, axis=axis, keepdims=bool(keepdims))


@operator(implements=np.argmin)
@documented(axis=ONE_AXIS)
def argmin(a, axis=None, out=None, keepdims=False):
    """The index (int64) of the smallest element along `axis`: of the first, if there are several; of the first NaN, if any.

    Examples
    --------
    >>> from mxnet import np
    >>> np.argmin(np.array([[1, 2], [4, 3]]), axis=1)
    array([0, 1], dtype=int64)
    """
    return np.argmin(a, axis=axis, keepdims=bool(keepdims))


# --- truth ------------------------------------------------------------------------------------------------------------------------


@operator(implements=np.all)
@documented()
def all(a, axis=None, out=None, keepdims=False, where=None):
    """Whether all elements along `axis` are true (not 0).

    Examples
    --------
    >>> from mxnet import np
    >>> np.all(np.array([[1, 0], [2, 3]]), axis=1)
    array([False,  True])
    """
    return np.all(a, axis=axes_of(axis), keepdims=bool(keepdims), **options(where=where))


@operator(implements=np.any)
@documented()
def any(a, axis=None, out=None, keepdims=False, where=None):
    """Whether any element along `axis` is true (not 0).

    Examples
    --------
    >>> from mxnet import np
    >>> np.any(np.array([[1, 0], [0, 0]]), axis=1)
    array([ True, False])
    """
    return np.any(a, axis=axes_of(axis), keepdims=bool(keepdims), **options(where=where))
