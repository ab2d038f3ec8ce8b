"""Reductions that pass over NaN: each is the reduction of the same name without `nan`, of the elements that are numbers."""

import numpy as np

from ..core.array import raw
from ..core.dtypes import as_dtype, floating
from ..core.operator import operator
from .arithmetic import sqrt
from .operands import as_operand, delivered, implements, wide
from .reductions import axes_of, cumsum, mean, prod, shared, std, sum, var
from .selection import where as select
from .statistics import as_fractions, cumprod, selected

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


def _replaced(name, a, value, where=None):
    """`a` with `value` for every NaN, and for what `where` leaves out."""
    a = as_operand(name, a)
    left_out = np.isnan(raw(a)) if a.dtype.kind in "fc" else None
    if where is not None:
        unasked = ~np.broadcast_to(np.asarray(raw(where)) != 0, a.shape)
        left_out = unasked if left_out is None else left_out | unasked
    return a if left_out is None or not left_out.any() else select(left_out, value, a)


@implements(np.nansum)
def nansum(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    """The sum of the elements along `axis` that are not NaN; 0 if there is none. No gradient flows to a NaN.

    Parameters
    ----------
    a, axis, dtype, out, keepdims, initial, where
        As for `sum`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nansum(np.array([[1, np.nan], [2, 3]]), axis=0)
    array([3., 3.])
    """
    result = sum(_replaced("nansum", a, 0, where), axis=axis, dtype=dtype, keepdims=keepdims, initial=initial)
    return delivered("nansum", out, result)


@implements(np.nanprod)
def nanprod(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    """The product of the elements along `axis` that are not NaN; 1 if there is none. No gradient flows to a NaN.

    Parameters
    ----------
    a, axis, dtype, out, keepdims
        As for `prod`.
    initial : number, optional
        What the product starts with, by default 1.
    where : ndarray of bool, optional
        Which elements count; broadcast against `a`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanprod(np.array([2, np.nan, 3]))
    array(6.)
    """
    result = prod(_replaced("nanprod", a, 1, where), axis=axis, dtype=dtype, keepdims=keepdims)
    return delivered("nanprod", out, result if initial is None else result * initial)


@implements(np.nancumsum)
def nancumsum(a, axis=None, dtype=None, out=None):
    """The running sum of the elements along `axis`, in which a NaN counts as 0.

    Parameters
    ----------
    a, axis, dtype, out
        As for `cumsum`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nancumsum(np.array([1, np.nan, 2]))
    array([1., 1., 3.])
    """
    return delivered("nancumsum", out, cumsum(_replaced("nancumsum", a, 0), axis=axis, dtype=dtype))


@implements(np.nancumprod)
def nancumprod(a, axis=None, dtype=None, out=None):
    """The running product of the elements along `axis`, in which a NaN counts as 1.

    Parameters
    ----------
    a, axis, dtype, out
        As for `cumprod`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nancumprod(np.array([2, np.nan, 3]))
    array([2., 2., 6.])
    """
    return delivered("nancumprod", out, cumprod(_replaced("nancumprod", a, 1), axis=axis, dtype=dtype))


@operator(implements=np.nanmax, a=shared)
def nanmax(a, axis=None, out=None, keepdims=False):
    """The largest of the elements along `axis` that are not NaN; NaN, with a warning, if there is none. Ties share the gradient.

    Parameters
    ----------
    a, axis, out, keepdims
        As for `max`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanmax(np.array([1, np.nan, 2]))
    array(2.)
    """
    return np.nanmax(a, axis=axes_of(axis), keepdims=keepdims)


@operator(implements=np.nanmin, a=shared)
def nanmin(a, axis=None, out=None, keepdims=False):
    """The smallest of the elements along `axis` that are not NaN; NaN, with a warning, if there is none. Ties share the gradient.

    Parameters
    ----------
    a, axis, out, keepdims
        As for `min`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanmin(np.array([1, np.nan, 2]))
    array(1.)
    """
    return np.nanmin(a, axis=axes_of(axis), keepdims=keepdims)


@operator(implements=np.nanargmax)
def nanargmax(a, axis=None, out=None, keepdims=False):
    """The index (int64) of the largest of the elements along `axis` that are not NaN.

    Parameters
    ----------
    a, axis, out, keepdims
        As for `argmax`.

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
    return np.nanargmax(a, axis=axis, keepdims=keepdims)


@operator(implements=np.nanargmin)
def nanargmin(a, axis=None, out=None, keepdims=False):
    """The index (int64) of the smallest of the elements along `axis` that are not NaN.

    Parameters
    ----------
    a, axis, out, keepdims
        As for `argmin`.

    Raises
    ------
    ValueError
        If there are only NaNs to choose from.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanargmin(np.array([1, np.nan, 2]))
    array(0, dtype=int64)
    """
    return np.nanargmin(a, axis=axis, keepdims=keepdims)


# --- averages -------------------------------------------------------------------------------------------------------------------


def _counted(name, a, axis, where):
    """`a` as an array, which of its elements count, and their number along `axis`, in a dtype to divide by."""
    a = as_operand(name, a)
    counts = ~np.isnan(raw(a)) if a.dtype.kind in "fc" else np.ones(a.shape, bool)
    if where is not None:
        counts &= np.asarray(raw(where)) != 0
    number = counts.sum(axis=axis, keepdims=True)
    return a, counts, number


def _quotient(total, number):
    """`total / number`; NaN where the number is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return total / number.astype(total.dtype)


@implements(np.nanmean)
def nanmean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=None):
    """The mean of the elements along `axis` that are not NaN; NaN if there is none.

    Parameters
    ----------
    a, axis, dtype, out, keepdims
        As for `mean`.
    where : ndarray of bool, optional
        Which elements count; broadcast against `a`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanmean(np.array([[1, np.nan], [2, 3]]), axis=0)
    array([1.5, 3. ])
    """
    if where is None and as_operand("nanmean", a).dtype.kind not in "fc":
        return delivered("nanmean", out, mean(a, axis=axis, dtype=dtype, keepdims=keepdims))
    axis = axes_of(axis)
    a, counts, number = _counted("nanmean", a, axis, where)
    result = _quotient(sum(select(counts, wide(a), 0), axis=axis, keepdims=True), number)
    return _reduced("nanmean", result, a, axis, dtype, out, keepdims)


def _reduced(name, result, a, axis, dtype, out, keepdims):
    """A result that still has its reduced axes, as the user wants it."""
    if not keepdims:
        result = result.reshape(np.empty(a.shape, bool).any(axis=axis).shape)
    if dtype is not None:
        dtype = as_dtype(dtype)
    else:
        dtype = result.dtype if a.dtype.kind == "c" else floating(a.dtype)  # the variance of complex numbers is real
    return delivered(name, out, result.astype(dtype))


def _squares(a, counts, number, axis, ddof):
    """The variance, with the reduced axes."""
    numbers = select(counts, wide(a), 0)
    deviation = select(counts, numbers - _quotient(sum(numbers, axis=axis, keepdims=True), number), 0)
    if deviation.dtype.kind == "c":
        deviation = abs(deviation)
    degrees = np.maximum(number - ddof, 0)
    return select(degrees == 0, np.nan, _quotient(sum(deviation * deviation, axis=axis, keepdims=True), degrees))


@implements(np.nanvar)
def nanvar(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=None, correction=None):
    """The variance of the elements along `axis` that are not NaN; NaN if there are no more than `ddof`.

    Parameters
    ----------
    a, axis, dtype, out, ddof, keepdims, correction
        As for `var`.
    where : ndarray of bool, optional
        Which elements count; broadcast against `a`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanvar(np.array([1, np.nan, 3]), ddof=1)
    array(2.)
    """
    ddof = ddof if correction is None else correction
    if where is None and as_operand("nanvar", a).dtype.kind not in "fc":
        return delivered("nanvar", out, var(a, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims))
    axis = axes_of(axis)
    a, counts, number = _counted("nanvar", a, axis, where)
    return _reduced("nanvar", _squares(a, counts, number, axis, ddof), a, axis, dtype, out, keepdims)


@implements(np.nanstd)
def nanstd(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=None, correction=None):
    """The standard deviation of the elements along `axis` that are not NaN: the square root of `nanvar`, with its parameters.

    Its gradient is 0 where all elements are equal.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanstd(np.array([1, np.nan, 3]))
    array(1.)
    """
    ddof = ddof if correction is None else correction
    if where is None and as_operand("nanstd", a).dtype.kind not in "fc":
        return delivered("nanstd", out, std(a, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims))
    axis = axes_of(axis)
    a, counts, number = _counted("nanstd", a, axis, where)
    squares = _squares(a, counts, number, axis, ddof)
    none = raw(squares) == 0
    result = select(none, 0, sqrt(select(none, 1, squares)))
    return _reduced("nanstd", result, a, axis, dtype, out, keepdims)


# --- by order -------------------------------------------------------------------------------------------------------------------


@implements(np.nanmedian)
def nanmedian(a, axis=None, out=None, overwrite_input=None, keepdims=False):
    """The median of the elements along `axis` that are not NaN; NaN if there is none.

    Parameters
    ----------
    a, axis, out, overwrite_input, keepdims
        As for `median`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanmedian(np.array([7, 1, np.nan, 3]))
    array(3.)
    """
    return selected("nanmedian", a, np.float64(0.5), axes_of(axis), "linear", keepdims, out, ignore_nan=True)


@implements(np.nanquantile)
def nanquantile(a, q, axis=None, out=None, overwrite_input=None, method="linear", keepdims=False, *, interpolation=None):
    """The quantiles of the elements along `axis` that are not NaN; NaN if there is none.

    Parameters
    ----------
    a, q, axis, out, overwrite_input, method, keepdims, interpolation
        As for `quantile`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanquantile(np.array([1, np.nan, 3]), 0.25)
    array(1.5)
    """
    q = as_fractions("nanquantile", q, 1)
    return selected("nanquantile", a, q, axes_of(axis), interpolation or method, keepdims, out, ignore_nan=True)


@implements(np.nanpercentile)
def nanpercentile(a, q, axis=None, out=None, overwrite_input=None, method="linear", keepdims=False, *, interpolation=None):
    """The percentiles of the elements along `axis` that are not NaN; NaN if there is none.

    Parameters
    ----------
    a, q, axis, out, overwrite_input, method, keepdims, interpolation
        As for `percentile`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nanpercentile(np.array([1, np.nan, 3]), 25)
    array(1.5)
    """
    q = as_fractions("nanpercentile", q, 100)
    return selected("nanpercentile", a, q, axes_of(axis), interpolation or method, keepdims, out, ignore_nan=True)
