"""Reductions that pass over NaN: each is the reduction of the same name without `nan`, of the elements that are numbers.

No gradient flows to a NaN.
"""

import warnings

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from ..core.array import raw
from ..core.operator import operator
from .operands import as_operand, delivered, implements
from .reductions import (
    EXTREMES,
    ONE_AXIS,
    SPREADS,
    SUMS,
    axes_of,
    cumsum,
    degrees,
    documented,
    mean,
    number,
    options,
    prod,
    shared,
    std,
    sum,
    var,
)
from .selection import where as select
from .statistics import QUANTILES, as_fractions, cumprod, selected

__all__ = [
    "nanargmax",
    "nanargmin",
    "nancumprod",
    "nancumsum",
    "nanmax",
    "nanmean",
    "nanmedian",
    "nanmin",
    "nanpercentile",
    "nanprod",
    "nanquantile",
    "nanstd",
    "nansum",
    "nanvar",
]


def _operands(name, a, axis, where):
    """`a` as an array, `axis` as NumPy takes it, and which elements count: those that are numbers, and that `where` asks for.

    The last is None if that is all of them.
    """
    a, axis = as_operand(name, a), axes_of(axis)
    if axis is not None:
        normalize_axis_tuple(axis, a.ndim or 1, name)  # a number has an axis 0, as in NumPy
        axis = axis if a.ndim else None
    counts = ~np.isnan(raw(a)) if a.dtype.kind in "fc" else np.ones((), bool)
    if where is not None:
        where = np.asarray(raw(where)) != 0
        try:
            counts = counts & np.broadcast_to(where, a.shape)
        except ValueError:
            raise ValueError(
                f"{name}: where has shape {where.shape}, which does not broadcast to that of the array, {a.shape}"
            ) from None
    return a, axis, None if counts.all() else counts


# --- sums, products, means and spreads --------------------------------------------------------------------------------------------


@implements(np.nansum)
@documented(**SUMS)
def nansum(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    """The sum of the elements along `axis` that are not NaN; 0 if there is none.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nansum(np.array([[1, np.nan], [2, 3]]), axis=0)
    array([3., 3.])
    """
    a, axis, counts = _operands("nansum", a, axis, where)
    return delivered("nansum", out, sum(a, axis=axis, dtype=dtype, keepdims=keepdims, initial=initial, where=counts))


@implements(np.nanprod)
@documented(**SUMS)
def nanprod(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    """The product of the elements along `axis` that are not NaN; 1 if there is none.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanprod(np.array([2, np.nan, 3]))
    array(6.)
    """
    a, axis, counts = _operands("nanprod", a, axis, where)
    return delivered("nanprod", out, prod(a, axis=axis, dtype=dtype, keepdims=keepdims, initial=initial, where=counts))


def _replaced(name, a, axis, value):
    """`a` with `value` for every NaN."""
    a = as_operand(name, a)
    if axis is not None:
        normalize_axis_index(axis, a.ndim or 1, name)
    unknown = np.isnan(raw(a)) if a.dtype.kind in "fc" else np.zeros((), bool)
    return select(unknown, value, a) if unknown.any() else a


@implements(np.nancumsum)
@documented(axis=ONE_AXIS, **SUMS)
def nancumsum(a, axis=None, dtype=None, out=None):
    """The running sum of the elements along `axis`, in which a NaN counts as 0.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nancumsum(np.array([1, np.nan, 2]))
    array([1., 1., 3.])
    """
    return delivered("nancumsum", out, cumsum(_replaced("nancumsum", a, axis, 0), axis=axis, dtype=dtype))


@implements(np.nancumprod)
@documented(axis=ONE_AXIS, **SUMS)
def nancumprod(a, axis=None, dtype=None, out=None):
    """The running product of the elements along `axis`, in which a NaN counts as 1.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nancumprod(np.array([2, np.nan, 3]))
    array([2., 2., 6.])
    """
    return delivered("nancumprod", out, cumprod(_replaced("nancumprod", a, axis, 1), axis=axis, dtype=dtype))


@implements(np.nanmean)
@documented()
def nanmean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=None):
    """The mean of the elements along `axis` that are not NaN; NaN, with a warning, if there is none.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanmean(np.array([[1, np.nan], [2, 3]]), axis=0)
    array([1.5, 3. ])
    """
    a, axis, counts = _operands("nanmean", a, axis, where)
    return delivered("nanmean", out, mean(a, axis=axis, dtype=dtype, keepdims=keepdims, where=counts))


def _spread(name, spread, a, axis, dtype, out, ddof, correction, keepdims, where):
    a, axis, counts = _operands(name, a, axis, where)
    ddof = degrees(correction or 0, ddof or None)
    if a.dtype.kind not in "fc":
        return delivered(name, out, spread(a, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims, where=counts))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of NumPy's, about what follows
        result = spread(a, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims, where=counts)
    few = np.broadcast_to(np.ravel(number(a.shape, axis, counts) <= ddof), result.size).reshape(result.shape)
    if few.any():
        warnings.warn(f"{name}: there are no more than ddof={ddof} numbers", RuntimeWarning, stacklevel=3)
        result = select(few, np.nan, result)
    return delivered(name, out, result)


@implements(np.nanvar)
@documented(**SPREADS)
def nanvar(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=None, correction=None):
    """The variance of the elements along `axis` that are not NaN; NaN, with a warning, if there are no more than `ddof`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanvar(np.array([1, np.nan, 3]), ddof=1)
    array(2.)
    """
    return _spread("nanvar", var, a, axis, dtype, out, ddof, correction, keepdims, where)


@implements(np.nanstd)
@documented(**SPREADS)
def nanstd(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=None, correction=None):
    """The standard deviation of the elements along `axis` that are not NaN: the square root of their variance `nanvar`.

    Its gradient is 0 where all elements are equal.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanstd(np.array([1, np.nan, 3]))
    array(1.)
    """
    return _spread("nanstd", std, a, axis, dtype, out, ddof, correction, keepdims, where)


# --- by order ---------------------------------------------------------------------------------------------------------------------


@operator(implements=np.nanmax, hides=True, a=shared)
@documented(**EXTREMES)
def nanmax(a, axis=None, out=None, keepdims=False, initial=None, where=None):
    """The largest of the elements along `axis` that are not NaN; NaN, with a warning, if there is none. Ties share the gradient.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanmax(np.array([1, np.nan, 2]))
    array(2.)
    """
    return np.nanmax(a, axis=axes_of(axis), keepdims=bool(keepdims), **options(initial=initial, where=where))


@operator(implements=np.nanmin, hides=True, a=shared)
@documented(**EXTREMES)
def nanmin(a, axis=None, out=None, keepdims=False, initial=None, where=None):
    """The smallest of the elements along `axis` that are not NaN; NaN, with a warning, if there is none. Ties share the gradient.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanmin(np.array([1, np.nan, 2]))
    array(1.)
    """
    return np.nanmin(a, axis=axes_of(axis), keepdims=bool(keepdims), **options(initial=initial, where=where))


@operator(implements=np.nanargmax)
@documented(axis=ONE_AXIS)
def nanargmax(a, axis=None, out=None, keepdims=False):
    """The index (int64) of the largest of the elements along `axis` that are not NaN.

    Raises
    ------
    ValueError
        If there are only NaNs to choose from.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanargmax(np.array([1, np.nan, 2]))
    array(2, dtype=int64)
    """
    return np.nanargmax(a, axis=axis, keepdims=bool(keepdims))


@operator(implements=np.nanargmin)
@documented(axis=ONE_AXIS)
def nanargmin(a, axis=None, out=None, keepdims=False):
    """The index (int64) of the smallest of the elements along `axis` that are not NaN; otherwise as `nanargmax`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanargmin(np.array([1, np.nan, 2]))
    array(0, dtype=int64)
    """
    return np.nanargmin(a, axis=axis, keepdims=bool(keepdims))


@implements(np.nanmedian)
@documented(**QUANTILES)
def nanmedian(a, axis=None, out=None, overwrite_input=None, keepdims=False):
    """The median of the elements along `axis` that are not NaN; NaN, with a warning, if there is none.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanmedian(np.array([7, 1, np.nan, 3]))
    array(3.)
    """
    return selected("nanmedian", a, np.float64(0.5), axes_of(axis), "linear", keepdims, out, ignore_nan=True)


@implements(np.nanquantile)
@documented(**QUANTILES)
def nanquantile(a, q, axis=None, out=None, overwrite_input=None, method="linear", keepdims=False, *, interpolation=None):
    """The quantiles of the elements along `axis` that are not NaN; NaN, with a warning, if there is none.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanquantile(np.array([1, np.nan, 3]), 0.25)
    array(1.5)
    """
    q = as_fractions("nanquantile", q, 1)
    return selected("nanquantile", a, q, axes_of(axis), interpolation or method, keepdims, out, ignore_nan=True)


@implements(np.nanpercentile)
@documented(**QUANTILES)
def nanpercentile(a, q, axis=None, out=None, overwrite_input=None, method="linear", keepdims=False, *, interpolation=None):
    """The percentiles of the elements along `axis` that are not NaN; NaN, with a warning, if there is none.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanpercentile(np.array([1, np.nan, 3]), 25)
    array(1.5)
    """
    q = as_fractions("nanpercentile", q, 100)
    return selected("nanpercentile", a, q, axes_of(axis), interpolation or method, keepdims, out, ignore_nan=True)
