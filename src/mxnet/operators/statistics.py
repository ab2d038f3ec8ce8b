"""Order statistics, averages, covariances, counts and running products."""

import warnings
from math import prod as product

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from ..core.array import Array, raw
from ..core.dtypes import as_dtype, floating, promoted
from ..core.operator import operator, wrap
from .arithmetic import sqrt
from .contractions import matmul
from .indexing import getitem
from .joining import concatenate
from .operands import as_operand, conjugate, delivered, implements, wide
from .reductions import ONE_AXIS, SUMS, axes_of, documented, mean, reduced, restored, shared, sum
from .selection import clip, where
from .shaping import broadcast_to, reshape, squeeze, transpose

__all__ = [
    "average",
    "corrcoef",
    "count_nonzero",
    "cov",
    "cumprod",
    "median",
    "percentile",
    "ptp",
    "quantile",
]

# --- by order -------------------------------------------------------------------------------------------------------------------


# Where the quantile q of n ordered elements lies among them, counted from 0; between two of them it is interpolated.
_BETWEEN = {
    "linear": lambda n, q: (n - 1) * q,
    "weibull": lambda n, q: (n + 1) * q - 1,
    "hazen": lambda n, q: n * q - 0.5,
    "median_unbiased": lambda n, q: (n + 1 / 3) * q - 2 / 3,
    "normal_unbiased": lambda n, q: (n + 1 / 4) * q - 5 / 8,
    "interpolated_inverted_cdf": lambda n, q: n * q - 1,
}
# Where it is taken from: two elements, and the share of the second.
_STEPS = {
    "lower": lambda n, q: (np.floor((n - 1) * q), np.floor((n - 1) * q), 0.0),
    "higher": lambda n, q: (np.ceil((n - 1) * q), np.ceil((n - 1) * q), 0.0),
    "nearest": lambda n, q: (np.rint((n - 1) * q), np.rint((n - 1) * q), 0.0),
    "midpoint": lambda n, q: (np.floor((n - 1) * q), np.ceil((n - 1) * q), 0.5),
    "inverted_cdf": lambda n, q: (np.ceil(n * q) - 1, np.ceil(n * q) - 1, 0.0),
    "averaged_inverted_cdf": lambda n, q: (np.ceil(n * q) - 1, np.floor(n * q), 0.5),
}


def _neighbours(n, q, method):
    """The places of the two elements that the quantile lies between, and the share of the second one, which records itself."""
    if method in _STEPS:
        low, high, share = _STEPS[method](n, raw(q))
    else:
        place = _BETWEEN[method](n, q)
        low = np.clip(np.floor(raw(place)), 0, n - 1)
        high = low + 1
        share = clip(place - low, 0, 1)
    return [np.clip(index, 0, n - 1).astype(np.int64) for index in (low, high)] + [share]


def selected(name, a, q, axis, method, keepdims, out, ignore_nan=False):
    """The quantiles `q`, from 0 to 1, of the elements along `axis`; NaN where there is one, unless they are ignored."""
    a = as_operand(name, a)
    if a.dtype.kind == "c" and "median" not in name:
        raise TypeError(f"{name}: quantiles are of real numbers, not of {a.dtype}")
    if method not in _BETWEEN and method not in _STEPS:
        raise ValueError(f"{name}: method is one of {', '.join([*_BETWEEN, *_STEPS])}, not {method!r}")
    lost = tuple(range(a.ndim)) if axis is None else normalize_axis_tuple(axis, a.ndim, name)
    kept = tuple([i for i in range(a.ndim) if i not in lost])
    rest = tuple([a.shape[i] for i in kept])
    columns = reshape(transpose(a, lost + kept), (product([a.shape[i] for i in lost]), product(rest)))
    if not len(columns):
        if name in ("quantile", "percentile"):
            raise IndexError(f"{name}: no elements to choose from along axis {axis} of shape {a.shape}")
        columns = broadcast_to(of_kind(a, np.array(np.nan, floating(a.dtype))), (1, columns.shape[1]))
    values = raw(columns)
    unknown = np.isnan(values)
    count = len(values) - unknown.sum(axis=0) if ignore_nan else np.full(values.shape[1], len(values))
    low, high, share = _neighbours(np.maximum(count, 1), reshape(q, (-1, 1)), method)
    if unknown.any() and ignore_nan:  # elements of different ranks in different columns
        order = np.argsort(values, axis=0)
    else:
        order = np.argpartition(values, np.unique([low, high]), axis=0) if low.size else np.empty(values.shape, np.int64)
    number = np.arange(values.shape[1])
    low, high = [wide(getitem(columns, (np.take_along_axis(order, index, axis=0), number))) for index in (low, high)]
    share = share if isinstance(share, float) else share.astype(low.dtype)
    with np.errstate(invalid="ignore"):
        result = low + (high - low) * share
        infinite = np.isinf(raw(low)) | np.isinf(raw(high))
        if infinite.any():  # ∞ - ∞, and 0 · ∞
            result = where(infinite, where(raw(share) == 0, low, low * (1 - share) + high * share), result)
    nothing = count == 0 if ignore_nan else unknown.any(axis=0)
    if nothing.any():
        result = where(nothing, np.nan, result)
        if ignore_nan or not product([a.shape[i] for i in lost]):
            warnings.warn(f"{name}: there is nothing to choose from", RuntimeWarning, stacklevel=3)
    if keepdims:
        rest = tuple([1 if i in lost else size for i, size in enumerate(a.shape)])
    return delivered(name, out, reshape(result.astype(floating(a.dtype)), q.shape + rest))


def of_kind(a, result):
    """The raw `result` as an array if `a` is one."""
    return wrap(result) if isinstance(a, Array) else result


def as_fractions(name, q, whole):
    """The quantiles that a user asked for as an array of float64, from 0 to 1 where they were from 0 to `whole`."""
    q = q.astype(np.float64) if isinstance(q, Array) else np.asarray(raw(q), np.float64)
    if not ((raw(q) >= 0) & (raw(q) <= whole)).all():
        raise ValueError(f"{name}: q lies between 0 and {whole}, given {raw(q).tolist()!r:.60}")
    return q if whole == 1 else q / whole


QUANTILES = {
    "q": """q : float or array_like
        From 0 to 1; percentiles from 0 to 100.""",
    "overwrite_input": """overwrite_input : bool, optional
        Has no effect.""",
    "interpolation": """interpolation, method : str
        Two names of what to do between two elements: 'linear', 'lower', 'higher', 'nearest', 'midpoint', or one of NumPy's further
        methods: 'weibull', 'hazen', 'median_unbiased', 'normal_unbiased', 'inverted_cdf', 'averaged_inverted_cdf',
        'interpolated_inverted_cdf'.""",
}


@implements(np.median)
@documented(**QUANTILES)
def median(a, axis=None, out=None, overwrite_input=None, keepdims=False):
    """The middle one of the elements along `axis`, the mean of the middle two if their number is even; NaN if there is one.

    The gradient goes to the middle element, or in halves to the middle two. Among equal elements it is one of them that has it.
    Of no elements it is NaN, with a warning.

    Examples
    --------
    >>> from mxnet import np
    >>> np.median(np.array([[7, 1, 3], [2, 8, 4]]), axis=1)
    array([3., 4.])
    """
    return selected("median", a, np.float64(0.5), axes_of(axis), "linear", keepdims, out)


@implements(np.quantile)
@documented(**QUANTILES)
def quantile(a, q, axis=None, out=None, overwrite_input=None, interpolation="linear", keepdims=False, *, method=None):
    """The value that a fraction `q` of the elements along `axis` lie below; NaN if there is one.

    It is piecewise linear in the elements and, by most methods, in `q`: both have gradients. Among equal elements it is one of them
    that has it.

    Returns
    -------
    ndarray
        The axes of `q`, then those of `a` that remain. Of the dtype of `a`, or float32 if it holds integers.

    Examples
    --------
    >>> from mxnet import np
    >>> np.quantile(np.array([1, 2, 3, 4]), [0.5, 1])
    array([2.5, 4. ])
    """
    q = as_fractions("quantile", q, 1)
    return selected("quantile", a, q, axes_of(axis), method or interpolation, keepdims, out)


@implements(np.percentile)
@documented(**QUANTILES)
def percentile(a, q, axis=None, out=None, overwrite_input=None, interpolation="linear", keepdims=False, *, method=None):
    """The value that `q` per cent of the elements along `axis` lie below: `quantile` of q / 100.

    Examples
    --------
    >>> from mxnet import np
    >>> np.percentile(np.array([1, 2, 3, 4]), 50, interpolation="lower")
    array(2.)
    """
    q = as_fractions("percentile", q, 100)
    return selected("percentile", a, q, axes_of(axis), method or interpolation, keepdims, out)


def _ptp_rule(g, a, axis, keepdims):
    values = raw(a)
    high, low = [extreme(values, axis=axes_of(axis), keepdims=True) for extreme in (np.max, np.min)]
    g = restored(g, values.shape, axis, keepdims)
    return shared(g, values, high, axis, True) - shared(g, values, low, axis, True)


@operator(implements=np.ptp, a=_ptp_rule)
@documented()
def ptp(a, axis=None, out=None, keepdims=False):
    """The largest element less the smallest ("peak to peak"), along `axis`. Ties share the gradient.

    Examples
    --------
    >>> from mxnet import np
    >>> np.ptp(np.array([[4, 9], [7, 1]]), axis=1)
    array([5., 6.])
    """
    return np.ptp(a, axis=axes_of(axis), keepdims=bool(keepdims))


# --- averages -------------------------------------------------------------------------------------------------------------------


@implements(np.average)
@documented()
def average(a, axis=None, weights=None, returned=False, out=None, *, keepdims=False):
    """The weighted mean Σ w·a / Σ w of the elements along `axis`.

    Parameters
    ----------
    weights : ndarray, optional
        Of the shape of `a`, or of its axes `axis`. By default all weigh the same.
    returned : bool
        Return the sum of the weights as well.

    Returns
    -------
    ndarray, or a pair of them

    Raises
    ------
    ZeroDivisionError
        If weights sum up to 0.

    Examples
    --------
    >>> from mxnet import np
    >>> np.average(np.array([1, 2, 4]), weights=np.array([1, 1, 2]))
    array(2.75)
    """
    a, axis = as_operand("average", a), axes_of(axis)
    if axis is not None:
        normalize_axis_tuple(axis, a.ndim, "average")
    if weights is None:
        result = mean(a, axis=axis, keepdims=keepdims)
        total = of_kind(a, np.array(a.size / result.size if result.size else 0, result.dtype))
        total = broadcast_to(total, result.shape)
    else:
        weights = as_operand("average", weights)
        if weights.shape != a.shape:
            weights = _stretched(weights, a.shape, axis)
        dtype = floating(promoted(raw(a)[..., None][:0], raw(weights)[..., None][:0])[0].dtype)
        total = sum(wide(weights), axis=axis, keepdims=keepdims)
        if (raw(total) == 0).any():
            raise ZeroDivisionError("average: the weights sum up to 0, and there is nothing to divide by")
        result = (sum(wide(a) * wide(weights), axis=axis, keepdims=keepdims) / total).astype(dtype)
        total = broadcast_to(total.astype(dtype), result.shape)
    result = delivered("average", out, result)
    return (result, total) if returned else result


def _stretched(weights, shape, axis):
    """The weights of the elements along `axis`, so that they broadcast against the array of `shape`."""
    if axis is None:
        raise TypeError(f"average: weights of shape {weights.shape} for an array of shape {shape}: say along which axis")
    axes = normalize_axis_tuple(axis, len(shape), "average")
    expected = tuple([shape[i] for i in axes])
    if weights.shape != expected:
        raise ValueError(
            f"average: weights of shape {weights.shape}; along axis {axis} of an array of shape {shape} are {expected}"
        )
    weights = transpose(weights, tuple(np.argsort(axes).tolist()))
    return broadcast_to(reshape(weights, [size if i in axes else 1 for i, size in enumerate(shape)]), shape)


def _as_rows(name, x, rowvar):
    x = as_operand(name, x)
    if x.ndim > 2:
        raise ValueError(f"{name}: observations are a matrix, or a vector if there is one variable, not of shape {x.shape}")
    if x.ndim < 2:
        return reshape(x, (1, -1))
    return x if rowvar else transpose(x)


@implements(np.cov)
def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None):
    """The covariance matrix of several variables: C[i, j] = Σ (x[i] - mean) · (x[j] - mean) / (n - 1) over n observations.

    Parameters
    ----------
    m : ndarray
        A row for each variable, a column for each observation; a vector is one variable.
    y : ndarray, optional
        Further variables.
    rowvar : bool
        False: variables are columns.
    bias : bool
        Divide by n.
    ddof : int, optional
        Divide by n - ddof, whatever `bias` says.
    fweights : array_like of int, optional
        How often each observation was made.
    aweights : array_like, optional
        How much each observation weighs; gradients flow to these.
    dtype : dtype, optional
        Of the result. By default that of the observations, or float32 if they are integers.

    Examples
    --------
    >>> from mxnet import np
    >>> np.cov(np.array([[1, 2, 3], [4, 2, 0]]))
    array([[ 1., -2.],
           [-2.,  4.]])
    """
    if ddof is not None and ddof != int(ddof):
        raise ValueError(f"cov: ddof is a whole number, not {ddof}")
    rows = _as_rows("cov", m, rowvar)
    if y is not None:
        rows = concatenate([rows, _as_rows("cov", y, rowvar)])
    target = floating(rows.dtype) if dtype is None else as_dtype(dtype)
    rows = wide(rows if dtype is None else rows.astype(target))
    if ddof is None:
        ddof = 0 if bias else 1
    weights = _frequencies(fweights, rows)
    if aweights is not None:
        aweights = _checked_weights("aweights", wide(as_operand("cov", aweights)), rows)
        weights = aweights if weights is None else aweights * weights
    if weights is None:
        size = rows.shape[1]
        deviations = weighted = rows - mean(rows, axis=1, keepdims=True)
    else:
        size = sum(weights)
        deviations = rows - sum(rows * weights, axis=1, keepdims=True) / size
        weighted = deviations * weights
        if aweights is not None and ddof:
            ddof = ddof * sum(weights * aweights) / size
    result = matmul(weighted, transpose(conjugate(deviations)))
    degrees = size - ddof
    if raw(degrees) <= 0:
        warnings.warn(f"cov: {raw(size)} observations leave no degrees of freedom with ddof={ddof}", RuntimeWarning, stacklevel=2)
        degrees = np.float32(0)
    return squeeze(result / degrees).astype(target)


def _checked_weights(name, weights, rows):
    if weights.ndim > 1:
        raise RuntimeError(f"cov: {name} are a vector, not of shape {weights.shape}")
    if weights.shape != (rows.shape[1],):
        raise RuntimeError(f"cov: {name} of shape {weights.shape} for {rows.shape[1]} observations")
    if (raw(weights) < 0).any():
        raise ValueError(f"cov: {name} are not negative")
    return weights


def _frequencies(fweights, rows):
    if fweights is None:
        return None
    frequencies = np.asarray(raw(fweights), np.float64)
    if not (frequencies == np.rint(frequencies)).all():
        raise TypeError("cov: fweights count observations and are whole numbers; aweights need not be")
    return _checked_weights("fweights", frequencies, rows).astype(raw(rows).real.dtype)


@implements(np.corrcoef)
def corrcoef(x, y=None, rowvar=True, bias=None, ddof=None, *, dtype=None):
    """The correlation matrix of several variables: C[i, j] / √(C[i, i] · C[j, j]), where C is their covariance matrix.

    Parameters
    ----------
    x, y, rowvar, dtype
        As for `cov`.
    bias, ddof : optional
        Have no effect: they cancel.

    Examples
    --------
    >>> from mxnet import np
    >>> np.corrcoef(np.array([[1, 2, 3], [4, 2, 0]]))
    array([[ 1., -1.],
           [-1.,  1.]])
    """
    c = cov(x, y, rowvar, dtype=dtype)
    if not c.ndim:
        return c / c
    diagonal = np.arange(len(c))
    variances = getitem(c, (diagonal, diagonal))
    spread = sqrt(np.real(variances) if c.dtype.kind == "c" else variances)
    result = c / spread[:, None] / spread[None, :]
    return result if result.dtype.kind == "c" else clip(result, -1, 1)  # rounding goes beyond


# --- counts and running products ------------------------------------------------------------------------------------------------


@operator(implements=np.count_nonzero)
@documented()
def count_nonzero(a, axis=None, keepdims=False):
    """How many of the elements along `axis` are not 0, as int64.

    Examples
    --------
    >>> from mxnet import np
    >>> np.count_nonzero(np.array([[0, 1], [2, 3]]), axis=0)
    array([1, 2], dtype=int64)
    """
    return np.asarray(np.count_nonzero(a, axis=axes_of(axis), keepdims=keepdims))


def _cumprod_rule(g, a, axis):
    """Element i is in the products i, i + 1, …; what it is multiplied by there comes before it, or after it up to the product.

    With s[i] = g[i] + a[i + 1] · s[i + 1] the derivative is s[i] times the product of what comes before i. Nothing is divided by.
    The recurrence is solved in log₂ n rounds: in each, s[i] reaches twice as far.
    """
    order = None
    shape = a.shape
    if axis is None:
        a = a.reshape(-1)
    elif a.ndim:
        axis = normalize_axis_index(axis, a.ndim)
        order = (axis, *[i for i in range(a.ndim) if i != axis])
        a, g = a.transpose(order), g.transpose(order)
    n = a.shape[0] if a.ndim else 1
    if n < 2:
        return g.reshape(shape)
    a = conjugate(a)
    none = np.zeros((1, *a.shape[1:]), a.dtype)
    before = concatenate([none + 1, cumprod(a[:-1], axis=0)])
    factors = concatenate([a[1:], none])
    reach = 1
    while reach < n:
        g = concatenate([g[:-reach] + factors[:-reach] * g[reach:], g[-reach:]])
        factors = concatenate([factors[:-reach] * factors[reach:], factors[-reach:]])
        reach *= 2
    result = before * g
    return result.reshape(shape) if order is None else result.transpose(tuple(np.argsort(order).tolist()))


@operator(implements=np.cumprod, complex_rules=True, a=_cumprod_rule)
@documented(axis=ONE_AXIS, **SUMS)
def cumprod(a, axis=None, dtype=None, out=None):
    """The running product of the elements along `axis`.

    The gradient is computed without a division: it is exact however many zeros there are.

    Examples
    --------
    >>> from mxnet import np
    >>> np.cumprod(np.array([1, 2, 3, 4]))
    array([ 1.,  2.,  6., 24.])
    """
    return reduced(np.cumprod, np.asarray(a), dtype, axis=axis)
