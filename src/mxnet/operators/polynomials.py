"""Polynomials as vectors of coefficients, the highest power first."""

import warnings

import numpy as np

from ..core.array import Array, raw
from ..core.dtypes import floating
from ..core.operator import operator
from .arithmetic import add, sqrt, subtract
from .calculus import convolve
from .contractions import matmul
from .decompositions import eigvals
from .diagonals import vander
from .joining import concatenate
from .linalg import lstsq
from .operands import as_operand, as_vector, conjugate, floats, implements, wide
from .reductions import sum
from .shaping import expand_dims, transpose
from .solvers import inv

__all__ = ["poly", "polyadd", "polyder", "polydiv", "polyfit", "polyint", "polymul", "polysub", "polyval", "roots"]


def _zeros(n, like):
    return np.zeros(n, like.dtype)


def _padded(a, n):
    """`a` with zeros for further powers, to n coefficients."""
    return a if len(a) >= n else concatenate([_zeros(n - len(a), a), a])


def _trimmed(a):
    """`a` without leading zeros; one coefficient stays."""
    leading = np.flatnonzero(raw(a))
    return a[leading[0] if len(leading) else len(a) - 1 :]


@implements(np.polyadd)
def polyadd(a1, a2):
    """The sum of two polynomials.

    Examples
    --------
    >>> from mxnet import np
    >>> np.polyadd(np.array([1, 2]), np.array([9, 5, 4]))
    array([9., 6., 6.])
    """
    a1, a2 = as_vector("polyadd", a1), as_vector("polyadd", a2)
    n = max(len(a1), len(a2))
    return add(_padded(a1, n), _padded(a2, n))


@implements(np.polysub)
def polysub(a1, a2):
    """The difference of two polynomials.

    Examples
    --------
    >>> from mxnet import np
    >>> np.polysub(np.array([2, 10, -2]), np.array([3, 10, -4]))
    array([-1.,  0.,  2.])
    """
    a1, a2 = as_vector("polysub", a1), as_vector("polysub", a2)
    n = max(len(a1), len(a2))
    return subtract(_padded(a1, n), _padded(a2, n))


@implements(np.polymul)
def polymul(a1, a2):
    """The product of two polynomials; leading zeros are dropped first.

    Examples
    --------
    >>> from mxnet import np
    >>> np.polymul(np.array([1, 2]), np.array([1, -2]))
    array([ 1.,  0., -4.])
    """
    return convolve(_trimmed(as_vector("polymul", a1)), _trimmed(as_vector("polymul", a2)))


@implements(np.polydiv)
def polydiv(u, v):
    """Quotient and remainder of a division of polynomials: u = quotient · v + remainder.

    Parameters
    ----------
    u, v : ndarray, shapes (m,) and (n,)
        The first coefficient of `v` is not 0.

    Returns
    -------
    quotient, remainder : ndarray
        Leading coefficients of the remainder that are 0, up to 1e-8, are dropped.

    Examples
    --------
    >>> from mxnet import np
    >>> np.polydiv(np.array([3, 5, 2]), np.array([2, 1]))
    (array([1.5 , 1.75]), array([0.25]))
    """
    u, v = floats(as_vector("polydiv", u)), floats(as_vector("polydiv", v))
    rest = u
    terms = []
    for _ in range(len(u) - len(v) + 1):
        term = rest[:1] / v[:1]
        terms.append(term)
        head = subtract(rest[1 : len(v)], term * v[1:])
        rest = concatenate([head, rest[len(v) :]])
    quotient = concatenate(terms) if terms else 0 * (u[:1] + v[:1])
    if not len(rest):
        rest = 0 * (u[:1] + v[:1])
    large = np.flatnonzero(abs(raw(rest)) > 1e-8)
    return quotient, rest[large[0] if len(large) else len(rest) - 1 :]


@implements(np.polyint)
def polyint(p, m=1, k=None):
    """The antiderivative of a polynomial.

    Parameters
    ----------
    p : ndarray, shape (n,)
    m : int
        How many times to integrate.
    k : number or sequence of m numbers, optional
        The constants of integration, the first one first; by default 0. A single number serves for all.

    Examples
    --------
    >>> from mxnet import np
    >>> np.polyint(np.array([3, 2, 1]))
    array([1., 1., 1., 0.])
    """
    if m < 0:
        raise ValueError(f"polyint: a polynomial is integrated m times, not {m}")
    p = as_vector("polyint", p)
    if not m:
        return p
    p = floats(p)
    if not isinstance(k, Array):
        k = np.atleast_1d(np.asarray(np.zeros(m) if k is None else raw(k), p.dtype))
    constants = as_vector("polyint", k)
    if len(constants) == 1 and m > 1:
        constants = constants * np.ones(m, constants.dtype)
    if len(constants) < m:
        raise ValueError(f"polyint: {len(constants)} constants for {m} integrations; give one for all, or {m}")
    for i in range(m):
        p = concatenate([p / np.arange(len(p), 0, -1).astype(p.dtype), constants[i : i + 1]])
    return p


@implements(np.polyder)
def polyder(p, m=1):
    """The derivative of a polynomial, taken `m` times.

    Examples
    --------
    >>> from mxnet import np
    >>> np.polyder(np.array([1, 1, 1, 1]))
    array([3., 2., 1.])
    """
    if m < 0:
        raise ValueError(f"polyder: a polynomial is differentiated m times, not {m}")
    p = as_vector("polyder", p)
    for _ in range(m):
        powers = np.arange(len(p) - 1, 0, -1)
        p = p[:-1] * (powers.astype(p.dtype) if p.dtype.kind in "fc" else powers)
    return p


@implements(np.polyval)
def polyval(p, x):
    """The value of a polynomial: p[0] · xⁿ⁻¹ + … + p[n - 2] · x + p[n - 1]. Gradients flow to both.

    Parameters
    ----------
    p : ndarray, shape (n,)
        The coefficients, the highest power first. Several polynomials, along further axes, broadcast against `x`.
    x : ndarray or number

    Examples
    --------
    >>> from mxnet import np
    >>> np.polyval(np.array([3, 0, 1]), np.array([0, 5]))
    array([ 1., 76.])
    """
    p, x = as_operand("polyval", p), as_operand("polyval", x)
    value = np.zeros(x.shape, x.dtype)
    for i in range(len(p)):
        value = value + p[i] if i == 0 else value * x + p[i]
    return value if len(p) else x * 0


@implements(np.poly)
def poly(seq_of_zeros):
    """The coefficients of the polynomial with the given zeros, the first of them 1; or the characteristic polynomial of a matrix.

    Parameters
    ----------
    seq_of_zeros : ndarray, shape (n,) or (n, n)

    Examples
    --------
    >>> from mxnet import np
    >>> np.poly(np.array([1, 2, 4]))
    array([ 1., -7., 14., -8.])
    """
    zeros = floats(as_operand("poly", seq_of_zeros))
    matrix = zeros.ndim == 2
    if matrix and zeros.shape[0] == zeros.shape[1] > 0:
        target = zeros.dtype
        zeros = eigvals(zeros)
    elif zeros.ndim > 1:
        raise ValueError(f"poly: zeros are a vector, or those of a square matrix, not of shape {zeros.shape}")
    else:
        zeros, target = as_vector("poly", zeros), zeros.dtype
    if not len(zeros):
        return sum(zeros) + 1
    one = np.ones(1, zeros.dtype)
    result = one
    for i in range(len(zeros)):
        result = convolve(result, concatenate([one, -zeros[i : i + 1]]))
    values = raw(zeros)
    if values.dtype.kind == "c" and ((matrix and target.kind != "c") or (np.sort(values) == np.sort(values.conjugate())).all()):
        result = np.real(result)
    return result


def _roots_rule(g, p, out):
    """p(r) = 0 at every root: dr/dp[k] = -rⁿ⁻¹⁻ᵏ / p'(r)."""
    n = p.shape[0]
    p, out = wide(p), wide(out)
    slope = polyval(polyder(p), out)
    powers = expand_dims(out, 1) ** np.arange(n - 1, -1, -1).astype(out.dtype)
    return matmul(wide(g) / conjugate(-slope), conjugate(powers))


@operator(implements=np.roots, complex_rules=True, p=_roots_rule)
def roots(p):
    """The zeros of a polynomial, in no particular order. Gradients flow to the coefficients where a zero is a simple one.

    Parameters
    ----------
    p : ndarray, shape (n,)
        The coefficients, the highest power first.

    Returns
    -------
    ndarray
        n - 1 of them, fewer if leading coefficients are 0; complex if one of them is.

    Examples
    --------
    >>> from mxnet import np
    >>> np.roots(np.array([1, -3, 2]))
    array([2., 1.])
    """
    p = np.asarray(p)
    result = np.roots(p.astype(np.result_type(p.dtype, np.float64)))
    target = floating(p.dtype)
    if result.dtype.kind == "c" and target.kind != "c":
        target = np.result_type(target, np.complex64)
    return result.astype(target)


@implements(np.polyfit)
def polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    """The polynomial of degree `deg` that fits the points (x, y) best, by the sum of squares.

    Gradients flow to `x`, `y` and `w`. It is computed in float64.

    Parameters
    ----------
    x : ndarray, shape (m,)
    y : ndarray, shape (m,) or (m, k)
        Every column is fitted.
    deg : int
    rcond : float, optional
        Singular values smaller than this share of the largest count as 0; by default m times the rounding error.
    full : bool
        Return the residuals, the rank, the singular values and `rcond` as well.
    w : ndarray, shape (m,), optional
        What each residual is multiplied by before it is squared.
    cov : bool or 'unscaled'
        Return the covariance matrix of the coefficients as well.

    Returns
    -------
    ndarray, shape (deg + 1,) or (deg + 1, k), or a tuple that begins with it

    Examples
    --------
    >>> from mxnet import np
    >>> np.polyfit(np.array([0, 1, 2, 3]), np.array([1, 3, 5, 7]), 1).round(4)
    array([2., 1.])
    """
    x, y = floats(as_operand("polyfit", x)), floats(as_operand("polyfit", y))
    if deg < 0:
        raise ValueError(f"polyfit: a degree is not negative: {deg}")
    if x.ndim != 1 or not len(x) or y.ndim not in (1, 2) or len(y) != len(x):
        raise TypeError(f"polyfit: x has shape (m,) and y (m,) or (m, k), not {x.shape} and {y.shape}")
    target = (x[:1] + y[:1].reshape(-1)[:1]).dtype
    rcond = len(x) * float(np.finfo(x.dtype).eps) if rcond is None else rcond
    left = vander(x.astype(np.float64), deg + 1)
    right = y.astype(np.float64)
    if w is not None:
        w = as_operand("polyfit", w).astype(np.float64)
        if w.shape != x.shape:
            raise TypeError(f"polyfit: weights of shape {w.shape} for {len(x)} points")
        left = left * expand_dims(w, 1)
        right = right * (expand_dims(w, 1) if y.ndim == 2 else w)
    scale = sqrt(sum(left * left, axis=0))
    left = left / scale
    coefficients, residuals, rank, singular = lstsq(left, right, rcond)
    coefficients = transpose(transpose(coefficients) / scale).astype(target)
    if raw(rank) != deg + 1 and not full:
        warnings.warn("polyfit: the points do not determine a polynomial of that degree", np.exceptions.RankWarning, stacklevel=2)
    if full:
        return coefficients, residuals.astype(target), rank, singular.astype(target), rcond
    if not cov:
        return coefficients
    base = inv(matmul(transpose(left), left)) / scale / expand_dims(scale, 1)
    if y.ndim == 2:
        base = expand_dims(base, 2)
    if cov == "unscaled":
        return coefficients, base.astype(target)
    if len(x) <= deg + 1:
        raise ValueError(f"polyfit: {len(x)} points leave no freedom to estimate a covariance; cov='unscaled' needs none")
    return coefficients, (base * (residuals / (len(x) - deg - 1))).astype(target)
