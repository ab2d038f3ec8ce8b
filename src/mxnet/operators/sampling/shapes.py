"""Samplers with parameters of shape, all differentiable in them: the gamma family, powers of exponential noise, triangles."""

from functools import lru_cache
from math import comb, factorial

import numpy as np

from ...core.array import raw
from ...core.operator import operator
from ..arithmetic import sqrt
from ..creation import as_shape
from ..exponential import exp, expm1, log
from ..nn.activations import sigmoid
from ..nn.softmax import softmax
from ..selection import where
from .arguments import as_parameter, transformed

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
    return rng.standard_gamma(np.stack([part for alpha in alphas for part in (alpha + 1.0, np.ones(shape))], axis=-1))


def _log_variates(noise, *alphas):
    """The logarithms of gamma variates; those of small alphas are below any number that has a logarithm.

    If y has the shape alpha + 1, and e the shape 1, then y exp(-e / alpha) has the shape alpha.
    """
    return [log(_variate(noise[..., 2 * i], alpha + 1)) - noise[..., 2 * i + 1] / alpha for i, alpha in enumerate(alphas)]


def standard_gamma(shape, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from gamma distributions, of density x^(shape - 1) exp(-x) / gamma(shape).

    Parameters
    ----------
    shape : float or ndarray
        Above 0; differentiable.
    size, dtype, device, out, ctx
        As for `normal`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.standard_gamma(3, size=5) > 0).all())
    True
    """
    return gamma(shape, 1.0, size, dtype, device, out, ctx)


def gamma(shape, scale=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from gamma distributions, of density proportional to x^(shape - 1) exp(-x/scale).

    Parameters
    ----------
    shape : float or ndarray
        Above 0; differentiable: a sample moves with it so that it keeps its place in the distribution.
    scale : float or ndarray, optional
        The mean, divided by `shape`; differentiable.
    size, dtype, device, out, ctx
        As for `normal`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.gamma(3, 2, size=5) > 0).all())
    True
    """

    def draw(rng, sample_shape, dtype, shape, scale):
        return _gamma_noise(rng, sample_shape, dtype, shape)

    def transform(noise, shape, scale):
        y = _variate(noise[..., 0], shape + 1)
        return y * exp(-noise[..., 1] / shape) * scale

    parameters = {"shape": shape, "scale": scale}
    return transformed(
        "gamma", transform, draw, parameters, size, dtype, device, ctx, out, positive=("shape",), not_negative=("scale",)
    )


def chisquare(df, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from χ² distributions: the sums of `df` squares of standard normal numbers.

    Parameters
    ----------
    df : float or ndarray
        The degrees of freedom, above 0; differentiable.
    size, dtype, device, out, ctx
        As for `normal`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.chisquare(3, size=5) > 0).all())
    True
    """

    def draw(rng, shape, dtype, df):
        return _gamma_noise(rng, shape, dtype, df / 2)

    def transform(noise, df):
        return 2 * exp(_log_variates(noise, df / 2)[0])

    return transformed("chisquare", transform, draw, {"df": df}, size, dtype, device, ctx, out, positive=("df",))


def beta(a, b, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from beta distributions, of density proportional to x^(a - 1) (1 - x)^(b - 1) on [0, 1].

    Parameters
    ----------
    a, b : float or ndarray
        Above 0; differentiable.
    size, dtype, device, out, ctx
        As for `normal`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.beta(2, 3, size=5) <= 1).all())
    True
    """

    def transform(noise, a, b):
        of_a, of_b = _log_variates(noise, a, b)
        return sigmoid(of_a - of_b)

    return transformed("beta", transform, _gamma_noise, {"a": a, "b": b}, size, dtype, device, ctx, out, positive=("a", "b"))


def f(dfnum, dfden, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from F distributions: the quotients of two χ² variates, each divided by its degrees of freedom.

    Parameters
    ----------
    dfnum, dfden : float or ndarray
        The degrees of freedom of numerator and denominator, above 0; differentiable.
    size, dtype, device, out, ctx
        As for `normal`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.f(2, 3, size=5) > 0).all())
    True
    """

    def draw(rng, shape, dtype, dfnum, dfden):
        return _gamma_noise(rng, shape, dtype, dfnum / 2, dfden / 2)

    def transform(noise, dfnum, dfden):
        upper, lower = _log_variates(noise, dfnum / 2, dfden / 2)
        return exp(upper - lower) * (dfden / dfnum)

    return transformed(
        "f", transform, draw, {"dfnum": dfnum, "dfden": dfden}, size, dtype, device, ctx, out, positive=("dfnum", "dfden")
    )


def standard_t(df, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from Student's t distributions: normal ones divided by the root of a χ² variate over its degrees of freedom.

    Parameters
    ----------
    df : float or ndarray
        The degrees of freedom, above 0; differentiable.
    size, dtype, device, out, ctx
        As for `normal`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.standard_t(3, size=5).shape
    (5,)
    """

    def draw(rng, shape, dtype, df):
        noise = _gamma_noise(rng, shape, dtype, df / 2)
        return np.concatenate([noise, rng.standard_normal(shape)[..., None]], axis=-1)

    def transform(noise, df):
        return noise[..., 2] * exp(_log_variates(noise, df / 2)[0] / -2) * (df / 2) ** 0.5

    return transformed("standard_t", transform, draw, {"df": df}, size, dtype, device, ctx, out, positive=("df",))


def dirichlet(alpha, size=None, dtype=None, device=None, out=None, ctx=None):
    """Vectors of numbers that sum to 1, from Dirichlet distributions, of density proportional to Π xᵢ^(alphaᵢ - 1).

    Parameters
    ----------
    alpha : ndarray, shape (..., k)
        Above 0; differentiable.
    size : int or tuple of int, optional
        How many vectors for each of `alpha`: what comes before its shape in that of the result.
    dtype : dtype, optional
        A float dtype; by default the default float dtype.
    device, ctx : Device, optional
        A CPU.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray, shape (*size, ..., k)

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
    size = (*(() if size is None else as_shape("dirichlet", size)), *alpha.shape)

    def transform(noise, alpha):
        return softmax(_log_variates(noise, alpha)[0])

    return transformed("dirichlet", transform, _gamma_noise, {"alpha": alpha}, size, dtype, device, ctx, out, positive=("alpha",))


# --- powers of exponential noise ------------------------------------------------------------------------------------------------


def _exponential(rng, shape, dtype, *parameters):
    return rng.standard_exponential(shape, dtype)


def weibull(a, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from Weibull distributions, of density a x^(a - 1) exp(-x^a).

    Parameters
    ----------
    a : float or ndarray
        Above 0; differentiable.
    size, dtype, device, out, ctx
        As for `normal`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.weibull(2, size=5) >= 0).all())
    True
    """
    return transformed(
        "weibull", lambda noise, a: noise ** (1 / a), _exponential, {"a": a}, size, dtype, device, ctx, out, positive=("a",)
    )


def pareto(a, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from Pareto distributions of the second kind (Lomax), of density a / (1 + x)^(a + 1).

    Parameters
    ----------
    a : float or ndarray
        Above 0; differentiable.
    size, dtype, device, out, ctx
        As for `normal`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.pareto(2, size=5) >= 0).all())
    True
    """
    return transformed(
        "pareto", lambda noise, a: expm1(noise / a), _exponential, {"a": a}, size, dtype, device, ctx, out, positive=("a",)
    )


def power(a, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from power distributions, of density a x^(a - 1) on [0, 1].

    Parameters
    ----------
    a : float or ndarray
        Above 0; differentiable.
    size, dtype, device, out, ctx
        As for `normal`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.power(2, size=5) >= 0).all())
    True
    """
    return transformed(
        "power", lambda noise, a: exp(-noise / a), _exponential, {"a": a}, size, dtype, device, ctx, out, positive=("a",)
    )


def triangular(left, mode, right, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from distributions whose density is a triangle.

    Parameters
    ----------
    left, mode, right : float or ndarray
        Where it starts, where it is highest and where it ends, in ascending order; differentiable.
    size, dtype, device, out, ctx
        As for `normal`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.random.triangular(-1, 0, 1, size=5)
    >>> bool((abs(x) <= 1).all())
    True
    """
    parameters = {"left": left, "mode": mode, "right": right}
    left, mode, right = [np.asarray(raw(as_parameter("triangular", value))) for value in parameters.values()]
    if not np.all((left <= mode) & (mode <= right) & (left < right)):
        raise ValueError(f"triangular: left <= mode <= right and left < right, not {left!r:.40}, {mode!r:.40} and {right!r:.40}")
    return transformed("triangular", _triangular, _uniform, parameters, size, dtype, device, ctx, out)


def _uniform(rng, shape, dtype, *parameters):
    return rng.random(shape, dtype)


def _triangular(noise, left, mode, right):
    width = right - left
    rising = noise * width < mode - left
    return where(rising, left + sqrt(noise * width * (mode - left)), right - sqrt((1 - noise) * width * (right - mode)))
