"""Samplers made of gamma variates, differentiable in their shapes."""

from functools import lru_cache
from math import comb, factorial

import numpy as np

from ...core.array import raw
from ...core.operator import operator
from ..creation import as_shape
from ..exponential import exp, log
from ..nn.activations import sigmoid
from ..nn.softmax import softmax
from ..selection import where
from .arguments import as_parameter, documented, transformed

# --- gamma variates as differentiable functions of their shape ------------------------------------------------------------------

_NODES = np.cos(np.pi * (np.arange(13) + 0.5) / 13)  # Chebyshev's, around 0


@lru_cache
def _weights(order):
    """What to multiply the values at the nodes with, for a derivative at 0."""
    return factorial(order) * np.linalg.inv(np.vander(_NODES, increasing=True))[order]


@operator(x=lambda g, x, n: g * _polygamma(x, n + 1))
def _polygamma(x, n):
    from scipy.special import polygamma  # on first use: SciPy takes longer to import than NumPy

    return polygamma(n, x)


@operator(x=lambda g, x: g * _polygamma(x, 0))
def _log_gamma(x):
    from scipy.special import gammaln

    return gammaln(x)


def _density(alpha, z, order):
    """The derivative of an order, with respect to `alpha`, of the density z^(alpha - 1) exp(-z) / gamma(alpha)."""
    derivatives = [exp((alpha - 1) * log(z) - z - _log_gamma(alpha))]
    slopes = [log(z) - _polygamma(alpha, 0), *[-_polygamma(alpha, n) for n in range(1, order)]]
    for k in range(1, order + 1):
        derivatives.append(sum(comb(k - 1, j) * derivatives[k - 1 - j] * slopes[j] for j in range(k)))
    return derivatives[order]


@operator(
    alpha=lambda g, alpha, z, order: g * _distribution(alpha, z, order + 1),
    z=lambda g, alpha, z, order: g * _density(alpha, z, order),
)
def _distribution(alpha, z, order):
    """The derivative of an order, with respect to `alpha` (1 or more), of the distribution function of `z`.

    There is no formula for it. But the function is smooth in alpha: its derivatives are those of a polynomial through 13 points
    nearby, on a scale on which it changes by a factor of a few at most.
    """
    from scipy.special import gammainc, gammaincc

    alpha, z = np.broadcast_arrays(alpha, z)
    radius = 1 / (2 / np.sqrt(alpha) + np.abs(np.log(z / alpha)))
    points = alpha + radius * _NODES.reshape((-1, *(1,) * alpha.ndim))
    upper = np.broadcast_to(z > alpha, points.shape)  # there, 1 minus the function has more digits
    z = np.broadcast_to(z, points.shape)
    values = np.empty(points.shape)
    values[upper] = -gammaincc(points[upper], z[upper])
    values[~upper] = gammainc(points[~upper], z[~upper])
    return np.tensordot(_weights(order), values, 1) / radius**order


def _slope(alpha, z):
    """dz/d(alpha) of a gamma variate that keeps its place in the distribution as alpha changes."""
    alpha, z = alpha.astype(np.float64), z.astype(np.float64)
    return -_distribution(alpha, z, 1) / _density(alpha, z, 0)


@operator(alpha=lambda g, alpha, out: g * _slope(alpha, out))
def _variate(noise, alpha):
    """Noise from the gamma distribution of shape `alpha`, 1 or more, as a function of it."""
    return noise


def _gamma_noise(rng, shape, dtype, *alphas):
    """For each alpha a variate of shape alpha + 1 and one of shape 1, along the last axis."""
    alphas = [np.broadcast_to(alpha, shape) for alpha in alphas]
    return rng.standard_gamma(np.stack([part for alpha in alphas for part in (alpha + 1.0, np.ones(shape))], axis=-1), dtype=dtype)


def _log_variates(noise, *alphas):
    """The logarithms of gamma variates; those of small alphas are below any number that has a logarithm.

    If y has the shape alpha + 1, and e the shape 1, then y exp(-e / alpha) has the shape alpha. As alpha goes to 0, so do they.
    """
    logarithms = []
    for i, alpha in enumerate(alphas):
        y, e = noise[..., 2 * i], noise[..., 2 * i + 1]
        vanishing = raw(alpha) == 0
        log_power = -e / where(vanishing, 1, alpha)
        logarithms.append(log(_variate(y, alpha + 1)) + where(vanishing, -np.inf, log_power))
    return logarithms


# --- the samplers ---------------------------------------------------------------------------------------------------------------


@documented()
def gamma(shape, scale=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from gamma distributions, of density proportional to x^(shape - 1) exp(-x/scale).

    Parameters
    ----------
    shape : float or ndarray
        0 or above; differentiable: a sample moves with it so that it keeps its place in the distribution.
    scale : float or ndarray, optional
        The mean, divided by `shape`; differentiable.

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.gamma(3, 2, size=5) > 0).all())
    True
    """
    return _gamma("gamma", shape, scale, (size, dtype, device, ctx, out))


@documented()
def standard_gamma(shape, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from gamma distributions, of density x^(shape - 1) exp(-x) / gamma(shape).

    Parameters
    ----------
    shape : float or ndarray
        0 or above; differentiable.

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.standard_gamma(3, size=5) > 0).all())
    True
    """
    return _gamma("standard_gamma", shape, 1.0, (size, dtype, device, ctx, out))


def _gamma(name, shape, scale, request):
    return transformed(
        name,
        {"shape": shape, "scale": scale},
        lambda rng, size, dtype, shape, scale: _gamma_noise(rng, size, dtype, shape),
        lambda noise, shape, scale: exp(_log_variates(noise, shape)[0]) * scale,
        request,
        not_negative=("shape", "scale"),
        from_numbers=lambda rng, size, dtype, shape, scale: rng.standard_gamma(shape, size, dtype) * scale,
    )


@documented()
def chisquare(df, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from χ² distributions: the sums of `df` squares of standard normal numbers.

    Parameters
    ----------
    df : float or ndarray
        The degrees of freedom, above 0; differentiable.

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.chisquare(3, size=5) > 0).all())
    True
    """
    return transformed(
        "chisquare",
        {"df": df},
        lambda rng, size, dtype, df: _gamma_noise(rng, size, dtype, df / 2),
        lambda noise, df: 2 * exp(_log_variates(noise, df / 2)[0]),
        (size, dtype, device, ctx, out),
        positive=("df",),
        from_numbers=lambda rng, size, dtype, df: 2 * rng.standard_gamma(df / 2, size, dtype),
    )


@documented()
def beta(a, b, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from beta distributions, of density proportional to x^(a - 1) (1 - x)^(b - 1) on [0, 1].

    Parameters
    ----------
    a, b : float or ndarray
        Above 0; differentiable.

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.beta(2, 3, size=5) <= 1).all())
    True
    """

    def transform(noise, a, b):
        of_a, of_b = _log_variates(noise, a, b)
        return sigmoid(of_a - of_b)

    return transformed(
        "beta",
        {"a": a, "b": b},
        _gamma_noise,
        transform,
        (size, dtype, device, ctx, out),
        positive=("a", "b"),
        from_numbers=lambda rng, size, dtype, a, b: rng.beta(a, b, size),
    )


@documented()
def f(dfnum, dfden, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from F distributions: the quotients of two χ² variates, each divided by its degrees of freedom.

    Parameters
    ----------
    dfnum, dfden : float or ndarray
        The degrees of freedom of numerator and denominator, above 0; differentiable.

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.f(2, 3, size=5) > 0).all())
    True
    """

    def transform(noise, dfnum, dfden):
        upper, lower = _log_variates(noise, dfnum / 2, dfden / 2)
        return exp(upper - lower) * (dfden / dfnum)

    return transformed(
        "f",
        {"dfnum": dfnum, "dfden": dfden},
        lambda rng, size, dtype, dfnum, dfden: _gamma_noise(rng, size, dtype, dfnum / 2, dfden / 2),
        transform,
        (size, dtype, device, ctx, out),
        positive=("dfnum", "dfden"),
        from_numbers=lambda rng, size, dtype, dfnum, dfden: rng.f(dfnum, dfden, size),
    )


@documented()
def standard_t(df, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from Student's t distributions: normal ones divided by the root of a χ² variate over its degrees of freedom.

    Parameters
    ----------
    df : float or ndarray
        The degrees of freedom, above 0; differentiable.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.standard_t(3, size=5).shape
    (5,)
    """

    def draw(rng, size, dtype, df):
        noise = _gamma_noise(rng, size, dtype, df / 2)
        return np.concatenate([noise, rng.standard_normal(size, dtype)[..., None]], axis=-1)

    return transformed(
        "standard_t",
        {"df": df},
        draw,
        lambda noise, df: noise[..., 2] * exp(_log_variates(noise, df / 2)[0] / -2) * (df / 2) ** 0.5,
        (size, dtype, device, ctx, out),
        positive=("df",),
        from_numbers=lambda rng, size, dtype, df: rng.standard_t(df, size),
    )


@documented(
    size="How many vectors for each of `alpha`: what comes before its shape in that of the result.",
    returns="ndarray, shape (*size, ..., k)",
)
def dirichlet(alpha, size=None, dtype=None, device=None, out=None, ctx=None):
    """Vectors of numbers that sum to 1, from Dirichlet distributions, of density proportional to Π xᵢ^(alphaᵢ - 1).

    Parameters
    ----------
    alpha : ndarray, shape (..., k)
        0 or above, and above it for one of the k at least; differentiable.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.random.dirichlet(np.array([1, 2, 3]), size=5)
    >>> x.shape, bool(np.isclose(x.sum(axis=-1), 1).all())
    ((5, 3), True)
    """
    alpha = as_parameter("dirichlet", alpha)
    if np.ndim(raw(alpha)) == 0:
        raise ValueError("dirichlet: alpha has at least one axis, that of the numbers which sum to 1")
    if alpha.shape[-1] and not np.all((raw(alpha) != 0).any(axis=-1)):
        raise ValueError(f"dirichlet: alpha is above 0 for one of the numbers at least, not {raw(alpha)!r:.60}")
    size = (*(() if size is None else as_shape("dirichlet", size)), *alpha.shape)
    return transformed(
        "dirichlet",
        {"alpha": alpha},
        _gamma_noise,
        lambda noise, alpha: softmax(_log_variates(noise, alpha)[0]),
        (size, dtype, device, ctx, out),
        not_negative=("alpha",),
    )
