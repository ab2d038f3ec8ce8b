"""Samplers that move and stretch standard noise: uniform, normal, and others with a location and a scale."""

import numpy as np

from ...core.array import raw
from ...core.operator import operator, wrap
from ...device import resolve
from ..creation import as_shape
from ..exponential import exp
from . import noise
from .arguments import NUMBERS, as_parameter, delivered, documented, documented_alone, float_dtype, shape_of, transformed
from .streams import generator

# --- over an interval -----------------------------------------------------------------------------------------------------------


@documented()
def uniform(low=0.0, high=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers evenly distributed over [low, high).

    Differentiable: a sample low + u·(high - low), with u fixed, has the gradients 1 - u and u.

    Parameters
    ----------
    low, high : float or ndarray, optional
        The ends of the interval, in any order; they broadcast against each other.

    Raises
    ------
    OverflowError
        If an end, or the distance between them, is infinite, NaN, or beyond the dtype.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.random.uniform(-1, 1, size=(2, 3))
    >>> x.shape, bool((x >= -1).all() and (x < 1).all())
    ((2, 3), True)
    """
    return _uniform("uniform", low, high, (size, dtype, device, ctx, out))


@documented_alone
def random(size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers evenly distributed over [0, 1). `random_sample`, `ranf` and `sample` are other names of it.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.random((2, 3)).shape
    (2, 3)
    """
    return _uniform("random", 0.0, 1.0, (size, dtype, device, ctx, out))


random_sample = ranf = sample = random


def rand(*size, dtype=None, device=None, ctx=None):
    """Numbers evenly distributed over [0, 1), in an array of the given shape; see `random`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.rand(2, 3).shape
    (2, 3)
    """
    return _uniform("rand", 0.0, 1.0, (size, dtype, device, ctx, None))


def uniform_n(low=0.0, high=1.0, batch_shape=None, dtype=None, device=None, ctx=None):
    """`np.random.uniform` with the shape of the parameters appended to `batch_shape`.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.random.uniform_n(np.zeros(2), 1, batch_shape=(5,)).shape
    (5, 2)
    """
    size = _batch("uniform_n", batch_shape, low=low, high=high)
    return _uniform("uniform_n", low, high, (size, dtype, device, ctx, None))


def _uniform(name, low, high, request):
    """Like `transformed`, but in float16 from the start: a number below `high` may be rounded to it."""
    size, dtype, device, ctx, out = request
    resolve(device, ctx)
    dtype = float_dtype(name, dtype)
    low, high = as_parameter(name, low), as_parameter(name, high)
    shape = shape_of(name, size, {"low": low, "high": high})
    numbers = type(low) in NUMBERS and type(high) in NUMBERS
    unit = numbers and low == 0 and high == 1
    if not unit:
        _require_finite(name, raw(low), raw(high), dtype)
    u = np.asarray(generator().random(shape, np.float32 if dtype.itemsize == 2 else dtype)).astype(dtype, copy=False)
    if not numbers:
        return delivered(name, _between(wrap(u), low, high), dtype, out)
    if not unit:
        u *= high - low
        u += low
    if not unit or dtype.itemsize == 2:
        _exclude_end(u, dtype.type(low), dtype.type(high))
    return delivered(name, u, dtype, out)


def _require_finite(name, low, high, dtype):
    largest = float(np.finfo(dtype).max)
    if type(low) in NUMBERS and type(high) in NUMBERS:
        finite = all(abs(x) <= largest for x in (low, high, high - low))
    else:
        with np.errstate(over="ignore", invalid="ignore"):
            finite = all((np.abs(x) <= largest).all() for x in (low, high, np.subtract(high, low, dtype=np.float64)))
    if not finite:
        raise OverflowError(f"{name}: low, high and high - low are finite in {dtype}, not from {low!r:.40} to {high!r:.40}")


@operator(low=lambda g, u: g * (1 - u), high=lambda g, u: g * u)
def _between(u, low, high):
    """`u`, from [0, 1), stretched to [low, high)."""
    low, high = np.asarray(low, u.dtype), np.asarray(high, u.dtype)
    result = np.asarray(low + (high - low) * u)
    _exclude_end(result, low, high)
    return result


def _exclude_end(x, low, high):
    """Bring `x`, in place, back into [low, high): rounding may have reached `high`."""
    last = np.nextafter(high, low)
    np.clip(x, np.minimum(low, last), np.maximum(low, last), out=x)


# --- loc + scale · noise --------------------------------------------------------------------------------------------------------


@operator(loc=lambda g: g, scale=lambda g, z: g * z)
def _spread(z, loc, scale):
    """Standard noise, moved to `loc` and stretched by `scale`."""
    return np.asarray(loc, z.dtype) + np.asarray(scale, z.dtype) * z


def _moved(z, loc, scale):
    """`_spread`, in place where both parameters are numbers."""
    if not isinstance(z, np.ndarray):
        return _spread(z, loc, scale)
    if loc != 0 or scale != 1:
        z *= scale
        z += loc
    return z


@documented()
def normal(loc=0.0, scale=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from normal distributions.

    Differentiable: a sample loc + scale·z, with z fixed, has the gradients 1 and z.

    Parameters
    ----------
    loc, scale : float or ndarray, optional
        The mean and the standard deviation; they broadcast against each other.

    Raises
    ------
    ValueError
        If a scale is below 0.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.normal(5, 0, size=3)
    array([5., 5., 5.])
    """
    return _located("normal", loc, scale, noise.normal, (size, dtype, device, ctx, out))


@documented_alone
def standard_normal(size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from the normal distribution of mean 0 and standard deviation 1.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.standard_normal((2, 3)).shape
    (2, 3)
    """
    return _located("standard_normal", 0.0, 1.0, noise.normal, (size, dtype, device, ctx, out))


def randn(*size, dtype=None, device=None, ctx=None):
    """Numbers from the standard normal distribution, in an array of the given shape; see `standard_normal`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.randn(2, 3).shape
    (2, 3)
    """
    return _located("randn", 0.0, 1.0, noise.normal, (size, dtype, device, ctx, None))


def normal_n(loc=0.0, scale=1.0, batch_shape=None, dtype=None, device=None, ctx=None):
    """`np.random.normal` with the shape of the parameters appended to `batch_shape`.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.random.normal_n(np.zeros(2), 1, batch_shape=(5,)).shape
    (5, 2)
    """
    size = _batch("normal_n", batch_shape, loc=loc, scale=scale)
    return _located("normal_n", loc, scale, noise.normal, (size, dtype, device, ctx, None))


@documented()
def laplace(loc=0.0, scale=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from Laplace distributions, of density exp(-|x - loc|/scale) / (2 scale).

    Parameters
    ----------
    loc, scale : float or ndarray, optional
        Where the distribution is, and how wide; differentiable.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.laplace(5, 0, size=3)
    array([5., 5., 5.])
    """
    return _located("laplace", loc, scale, noise.laplace, (size, dtype, device, ctx, out))


@documented()
def logistic(loc=0.0, scale=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from logistic distributions, which have the distribution function sigmoid((x - loc)/scale).

    Parameters
    ----------
    loc, scale : float or ndarray, optional
        Where the distribution is, and how wide; differentiable.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.logistic(5, 0, size=3)
    array([5., 5., 5.])
    """
    return _located("logistic", loc, scale, noise.logistic, (size, dtype, device, ctx, out))


@documented()
def gumbel(loc=0.0, scale=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from Gumbel distributions, of the distribution function exp(-exp(-(x - loc)/scale)).

    Parameters
    ----------
    loc, scale : float or ndarray, optional
        Where the distribution is, and how wide; differentiable.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.gumbel(5, 0, size=3)
    array([5., 5., 5.])
    """
    return _located("gumbel", loc, scale, noise.gumbel, (size, dtype, device, ctx, out))


@documented_alone
def standard_cauchy(size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from the Cauchy distribution, of density 1 / (π (1 + x²)): it has no mean.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.standard_cauchy((2, 3)).shape
    (2, 3)
    """
    return _located("standard_cauchy", 0.0, 1.0, noise.cauchy, (size, dtype, device, ctx, out))


@documented()
def lognormal(mean=0.0, sigma=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers whose logarithms are normally distributed.

    Parameters
    ----------
    mean, sigma : float or ndarray, optional
        The mean and the standard deviation of the logarithms; differentiable.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.lognormal(0, 0, size=2)
    array([1., 1.])
    """
    return transformed(
        "lognormal",
        {"mean": mean, "sigma": sigma},
        noise.normal,
        lambda z, mean, sigma: exp(_moved(z, mean, sigma)),
        (size, dtype, device, ctx, out),
        not_negative=("sigma",),
    )


@documented()
def exponential(scale=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from exponential distributions, of density exp(-x/scale) / scale.

    Parameters
    ----------
    scale : float or ndarray, optional
        The mean; differentiable.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.exponential(0, size=2)
    array([0., 0.])
    """
    return _located("exponential", 0.0, scale, noise.exponential, (size, dtype, device, ctx, out))


@documented_alone
def standard_exponential(size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from the exponential distribution of mean 1.

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.standard_exponential(5) >= 0).all())
    True
    """
    return _located("standard_exponential", 0.0, 1.0, noise.exponential, (size, dtype, device, ctx, out))


@documented()
def rayleigh(scale=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from Rayleigh distributions: the lengths of vectors of two normally distributed components.

    Parameters
    ----------
    scale : float or ndarray, optional
        The standard deviation of the components; differentiable.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.rayleigh(0, size=2)
    array([0., 0.])
    """
    return _located("rayleigh", 0.0, scale, _rayleigh, (size, dtype, device, ctx, out))


def _rayleigh(rng, shape, dtype, *parameters):
    return np.sqrt(2 * rng.standard_exponential(shape, dtype))


def _located(name, loc, scale, draw, request):
    """The sample loc + scale · noise."""
    return transformed(name, {"loc": loc, "scale": scale}, draw, _moved, request, not_negative=("scale",))


def _batch(name, batch_shape, **parameters):
    batch = as_shape(name, () if batch_shape is None else batch_shape)
    return *batch, *shape_of(name, None, {key: as_parameter(name, value) for key, value in parameters.items()})
