"""Other continuous samplers: powers of exponential noise, triangles, and distributions around a circle or of squares."""

import numpy as np

from ...core.array import raw
from ...core.operator import operator
from ..arithmetic import sqrt
from ..exponential import exp, expm1
from ..selection import where
from . import noise
from .arguments import CONSTANT, as_parameter, documented, drawn, shape_of, transformed

# --- powers of exponential noise ------------------------------------------------------------------------------------------------


@documented()
def weibull(a, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from Weibull distributions, of density a x^(a - 1) exp(-x^a).

    Parameters
    ----------
    a : float or ndarray
        0 or above, with 0 for samples of 0; differentiable.

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.weibull(2, size=5) >= 0).all())
    True
    """
    return transformed(
        "weibull",
        {"a": a},
        noise.exponential,
        _weibull,
        (size, dtype, device, ctx, out),
        not_negative=("a",),
        from_numbers=lambda rng, size, dtype, a: rng.weibull(a, size),
    )


def _weibull(e, a):
    at_0 = raw(a) == 0
    return where(at_0, 0, e ** (1 / where(at_0, 1, a)))


@documented()
def pareto(a, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from Pareto distributions of the second kind (Lomax), of density a / (1 + x)^(a + 1).

    Parameters
    ----------
    a : float or ndarray
        Above 0; differentiable.

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.pareto(2, size=5) >= 0).all())
    True
    """
    request = (size, dtype, device, ctx, out)
    return transformed("pareto", {"a": a}, noise.exponential, lambda e, a: expm1(e / a), request, positive=("a",))


@documented()
def power(a, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from power distributions, of density a x^(a - 1) on [0, 1].

    Parameters
    ----------
    a : float or ndarray
        Above 0; differentiable.

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.power(2, size=5) >= 0).all())
    True
    """
    request = (size, dtype, device, ctx, out)
    return transformed("power", {"a": a}, noise.exponential, lambda e, a: exp(-e / a), request, positive=("a",))


@documented()
def triangular(left, mode, right, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from distributions whose density is a triangle.

    Parameters
    ----------
    left, mode, right : float or ndarray
        Where it starts, where it is highest and where it ends, in ascending order; differentiable.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.random.triangular(-1, 0, 1, size=5)
    >>> bool((abs(x) <= 1).all())
    True
    """
    parameters = {"left": left, "mode": mode, "right": right}
    parameters = {key: as_parameter("triangular", value) for key, value in parameters.items()}
    shape_of("triangular", None, parameters)  # that they broadcast
    left, mode, right = map(raw, parameters.values())
    if np.any((left > mode) | (mode > right) | (left == right)):
        raise ValueError(f"triangular: left <= mode <= right and left < right, not {left!r:.40}, {mode!r:.40} and {right!r:.40}")
    return transformed(
        "triangular",
        parameters,
        noise.uniform,
        _triangular,
        (size, dtype, device, ctx, out),
        from_numbers=lambda rng, size, dtype, left, mode, right: rng.triangular(left, mode, right, size),
    )


def _triangular(u, left, mode, right):
    """One root, of what is not 0: that of the other side would spoil the gradient where the mode is an end."""
    width = right - left
    rising = u < (mode - left) / width
    distance = sqrt(where(rising, u, 1 - u)) * sqrt(width * where(rising, mode - left, right - mode))
    return where(rising, left + distance, right - distance)


@operator(x=lambda g, x, out: g * (x * out - 1))
def _mills(x):
    """Mills' ratio: the probability that a normal number exceeds `x`, divided by the density there."""
    from scipy.special import erfcx  # on first use, as in `gammas`

    return (np.pi / 2) ** 0.5 * erfcx(x / 2**0.5)


def _wald_slope(phi, w):
    """dw/d(phi) of a Wald variate of mean 1 that keeps its place in the distribution F(w, phi): -∂F/∂phi divided by the density."""
    phi, w = phi.astype(np.float64), w.astype(np.float64)
    return w / phi - 2 * w * (w / phi) ** 0.5 * _mills((phi / w) ** 0.5 * (w + 1))


@operator(phi=lambda g, phi, out: g * _wald_slope(phi, out))
def _wald(noise, phi):
    """Noise from the Wald distribution of mean 1 and scale `phi`, as a function of it."""
    return noise


@documented()
def wald(mean, scale, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from Wald (inverse Gaussian) distributions: when a random walk with a drift first arrives somewhere.

    Their density is (scale / 2π x³)^(1/2) exp(-scale (x - mean)² / (2 mean² x)).

    Parameters
    ----------
    mean, scale : float or ndarray
        Above 0; differentiable: a sample moves with them so that it keeps its place in the distribution.

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.wald(3, 2, size=5) > 0).all())
    True
    """
    return transformed(
        "wald",
        {"mean": mean, "scale": scale},
        lambda rng, size, dtype, mean, scale: rng.wald(mean, scale, size) / mean,
        lambda x, mean, scale: mean * _wald(x, scale / mean),
        (size, dtype, device, ctx, out),
        positive=("mean", "scale"),
        from_numbers=lambda rng, size, dtype, mean, scale: rng.wald(mean, scale, size),
    )


# --- without gradients ----------------------------------------------------------------------------------------------------------


@documented(returns=CONSTANT)
def vonmises(mu, kappa, size=None, dtype=None, device=None, out=None, ctx=None):
    """Angles from von Mises distributions, of density proportional to exp(kappa cos(x - mu)) on [-π, π].

    Parameters
    ----------
    mu : float or ndarray
        The mode, an angle.
    kappa : float or ndarray
        How much samples concentrate there, 0 or above.

    Examples
    --------
    >>> from mxnet import np
    >>> bool((abs(np.random.vonmises(0, 4, size=5)) <= np.pi).all())
    True
    """
    return drawn("vonmises", {"mu": mu, "kappa": kappa}, np.random.Generator.vonmises, (size, dtype, device, ctx, out), whole=False)


@documented(returns=CONSTANT)
def noncentral_chisquare(df, nonc, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from noncentral χ² distributions: the sums of `df` squares of normal numbers of variance 1.

    Parameters
    ----------
    df : float or ndarray
        The degrees of freedom, above 0.
    nonc : float or ndarray
        The sum of the squares of the means, 0 or above.

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.noncentral_chisquare(3, 1, size=5) > 0).all())
    True
    """
    return drawn(
        "noncentral_chisquare",
        {"df": df, "nonc": nonc},
        np.random.Generator.noncentral_chisquare,
        (size, dtype, device, ctx, out),
        whole=False,
    )


@documented(returns=CONSTANT)
def noncentral_f(dfnum, dfden, nonc, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from noncentral F distributions: those of `f` with a noncentral χ² variate for numerator.

    Parameters
    ----------
    dfnum, dfden : float or ndarray
        The degrees of freedom of numerator and denominator, above 0.
    nonc : float or ndarray
        The sum of the squares of the numerator's means, 0 or above.

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.noncentral_f(3, 5, 1, size=5) > 0).all())
    True
    """
    parameters = {"dfnum": dfnum, "dfden": dfden, "nonc": nonc}
    return drawn("noncentral_f", parameters, np.random.Generator.noncentral_f, (size, dtype, device, ctx, out), whole=False)
