"""Samplers that move and stretch standard noise: uniform, normal, and others with a location and a scale."""

import numpy as np

from ...core.array import raw
from ...core.operator import operator, wrap, write_out
from ...device import resolve
from ..creation import as_shape
from ..exponential import exp
from .arguments import NUMBERS, as_parameter, drawn, float_dtype, shape_of, transformed
from .streams import generator


def uniform(low=0.0, high=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers evenly distributed over [low, high).

    Differentiable: a sample low + u·(high - low), with u fixed, has the gradients 1 - u and u.

    Parameters
    ----------
    low, high : float or ndarray, optional
        The ends of the interval, in any order; they broadcast against each other.
    size : int or tuple of int, optional
        The shape of the result, to which `low` and `high` broadcast; by default theirs.
    dtype : dtype, optional
        A float dtype; by default the default float dtype.
    device, ctx : Device, optional
        A CPU.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.random.uniform(-1, 1, size=(2, 3))
    >>> x.shape, bool((x >= -1).all() and (x < 1).all())
    ((2, 3), True)
    """
    resolve(device, ctx)
    dtype = float_dtype("uniform", dtype)
    low, high = as_parameter("uniform", low), as_parameter("uniform", high)
    noise = drawn(generator().random, shape_of("uniform", size, low=low, high=high), dtype)
    if type(low) in NUMBERS and type(high) in NUMBERS:
        if low != 0 or high != 1:
            noise *= high - low
            noise += low
        if low != 0 or high != 1 or dtype.itemsize == 2:
            _exclude_end(noise, dtype.type(low), dtype.type(high))
        result = wrap(noise)
    else:
        result = _between(wrap(noise), low, high)
    return result if out is None else write_out("uniform", out, result)


@operator(low=lambda g, noise: g * (1 - noise), high=lambda g, noise: g * noise)
def _between(noise, low, high):
    """Noise from [0, 1), stretched to [low, high)."""
    low, high = np.asarray(low, noise.dtype), np.asarray(high, noise.dtype)
    result = np.asarray(low + (high - low) * noise)
    _exclude_end(result, low, high)
    return result


def _exclude_end(x, low, high):
    """Bring `x`, in place, back into [low, high): rounding may have reached `high`."""
    last = np.nextafter(high, low)
    np.clip(x, np.minimum(low, last), np.maximum(low, last), out=x)


def normal(loc=0.0, scale=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from normal distributions.

    Differentiable: a sample loc + scale·z, with z fixed, has the gradients 1 and z.

    Parameters
    ----------
    loc, scale : float or ndarray, optional
        The mean and the standard deviation; they broadcast against each other.
    size : int or tuple of int, optional
        The shape of the result, to which `loc` and `scale` broadcast; by default theirs.
    dtype : dtype, optional
        A float dtype; by default the default float dtype.
    device, ctx : Device, optional
        A CPU.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray

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
    resolve(device, ctx)
    dtype = float_dtype("normal", dtype)
    loc, scale = as_parameter("normal", loc), as_parameter("normal", scale)
    if scale < 0 if type(scale) in NUMBERS else (scale._data < 0).any():
        raise ValueError(f"normal: a scale is a standard deviation, 0 or above, not {raw(scale)!r:.60}")
    noise = drawn(generator().standard_normal, shape_of("normal", size, loc=loc, scale=scale), dtype)
    if type(loc) in NUMBERS and type(scale) in NUMBERS:
        if loc != 0 or scale != 1:
            noise *= scale
            noise += loc
        result = wrap(noise)
    else:
        result = _spread(wrap(noise), loc, scale)
    return result if out is None else write_out("normal", out, result)


@operator(loc=lambda g: g, scale=lambda g, noise: g * noise)
def _spread(noise, loc, scale):
    """Standard noise, moved to `loc` and stretched by `scale`."""
    return np.asarray(loc, noise.dtype) + np.asarray(scale, noise.dtype) * noise


def rand(*size, dtype=None, device=None, ctx=None):
    """Numbers evenly distributed over [0, 1), in an array of the given shape.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.rand(2, 3).shape
    (2, 3)
    """
    return uniform(size=size, dtype=dtype, device=device, ctx=ctx)


def randn(*size, dtype=None, device=None, ctx=None):
    """Numbers from the standard normal distribution, in an array of the given shape.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.randn(2, 3).shape
    (2, 3)
    """
    return normal(size=size, dtype=dtype, device=device, ctx=ctx)


def _normal(rng, shape, dtype, *parameters):
    return rng.standard_normal(shape, dtype)


def _exponential(rng, shape, dtype, *parameters):
    return rng.standard_exponential(shape, dtype)


def _rayleigh(rng, shape, dtype, *parameters):
    return np.sqrt(2 * rng.standard_exponential(shape, dtype))


def _laplace(rng, shape, dtype, *parameters):
    return rng.laplace(size=shape)


def _logistic(rng, shape, dtype, *parameters):
    return rng.logistic(size=shape)


def _gumbel(rng, shape, dtype, *parameters):
    return rng.gumbel(size=shape)


def _cauchy(rng, shape, dtype, *parameters):
    return rng.standard_cauchy(shape)


def _stretched(noise, scale):
    return noise * scale


def _exponential_of_spread(noise, loc, scale):
    return exp(_spread(noise, loc, scale))


def random(size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers evenly distributed over [0, 1).

    Parameters
    ----------
    size, dtype, device, out, ctx
        As for `normal`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.random((2, 3)).shape
    (2, 3)
    """
    return uniform(0.0, 1.0, size, dtype, device, out, ctx)


def standard_normal(size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from the normal distribution of mean 0 and standard deviation 1.

    Parameters
    ----------
    size, dtype, device, out, ctx
        As for `normal`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.standard_normal((2, 3)).shape
    (2, 3)
    """
    return normal(0.0, 1.0, size, dtype, device, out, ctx)


def laplace(loc=0.0, scale=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from Laplace distributions, of density exp(-|x - loc|/scale) / (2 scale).

    Parameters
    ----------
    loc, scale : float or ndarray, optional
        Where the distribution is, and how wide; differentiable.
    size, dtype, device, out, ctx
        As for `normal`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.laplace(5, 0, size=3)
    array([5., 5., 5.])
    """
    return transformed(
        "laplace", _spread, _laplace, {"loc": loc, "scale": scale}, size, dtype, device, ctx, out, not_negative=("scale",)
    )


def logistic(loc=0.0, scale=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from logistic distributions, which have the distribution function sigmoid((x - loc)/scale).

    Parameters
    ----------
    loc, scale : float or ndarray, optional
        Where the distribution is, and how wide; differentiable.
    size, dtype, device, out, ctx
        As for `normal`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.logistic(5, 0, size=3)
    array([5., 5., 5.])
    """
    return transformed(
        "logistic", _spread, _logistic, {"loc": loc, "scale": scale}, size, dtype, device, ctx, out, not_negative=("scale",)
    )


def gumbel(loc=0.0, scale=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from Gumbel distributions, of the distribution function exp(-exp(-(x - loc)/scale)).

    Parameters
    ----------
    loc, scale : float or ndarray, optional
        Where the distribution is, and how wide; differentiable.
    size, dtype, device, out, ctx
        As for `normal`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.gumbel(5, 0, size=3)
    array([5., 5., 5.])
    """
    return transformed(
        "gumbel", _spread, _gumbel, {"loc": loc, "scale": scale}, size, dtype, device, ctx, out, not_negative=("scale",)
    )


def lognormal(mean=0.0, sigma=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers whose logarithms are normally distributed.

    Parameters
    ----------
    mean, sigma : float or ndarray, optional
        The mean and the standard deviation of the logarithms; differentiable.
    size, dtype, device, out, ctx
        As for `normal`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.lognormal(0, 0, size=2)
    array([1., 1.])
    """
    parameters = {"mean": mean, "sigma": sigma}
    return transformed(
        "lognormal", _exponential_of_spread, _normal, parameters, size, dtype, device, ctx, out, not_negative=("sigma",)
    )


def exponential(scale=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from exponential distributions, of density exp(-x/scale) / scale.

    Parameters
    ----------
    scale : float or ndarray, optional
        The mean; differentiable.
    size, dtype, device, out, ctx
        As for `normal`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.exponential(0, size=2)
    array([0., 0.])
    """
    return transformed(
        "exponential", _stretched, _exponential, {"scale": scale}, size, dtype, device, ctx, out, not_negative=("scale",)
    )


def standard_exponential(size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from the exponential distribution of mean 1.

    Parameters
    ----------
    size, dtype, device, out, ctx
        As for `normal`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> bool((np.random.standard_exponential(5) >= 0).all())
    True
    """
    return exponential(1.0, size, dtype, device, out, ctx)


def rayleigh(scale=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from Rayleigh distributions: the lengths of vectors of two normally distributed components.

    Parameters
    ----------
    scale : float or ndarray, optional
        The standard deviation of the components; differentiable.
    size, dtype, device, out, ctx
        As for `normal`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.rayleigh(0, size=2)
    array([0., 0.])
    """
    return transformed("rayleigh", _stretched, _rayleigh, {"scale": scale}, size, dtype, device, ctx, out, not_negative=("scale",))


def standard_cauchy(size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from the Cauchy distribution, of density 1/π(1 + x²): it has no mean.

    Parameters
    ----------
    size, dtype, device, out, ctx
        As for `normal`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.standard_cauchy((2, 3)).shape
    (2, 3)
    """
    return transformed("standard_cauchy", lambda noise: noise, _cauchy, {}, size, dtype, device, ctx, out)


def normal_n(loc=0.0, scale=1.0, batch_shape=None, dtype=None, device=None, ctx=None):
    """`np.random.normal` with the shape of the parameters appended to `batch_shape`.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.random.normal_n(np.zeros(2), 1, batch_shape=(5,)).shape
    (5, 2)
    """
    return normal(loc, scale, _batch("normal_n", batch_shape, loc, scale), dtype, device, ctx=ctx)


def uniform_n(low=0.0, high=1.0, batch_shape=None, dtype=None, device=None, ctx=None):
    """`np.random.uniform` with the shape of the parameters appended to `batch_shape`.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.random.uniform_n(np.zeros(2), 1, batch_shape=(5,)).shape
    (5, 2)
    """
    return uniform(low, high, _batch("uniform_n", batch_shape, low, high), dtype, device, ctx=ctx)


def _batch(name, batch_shape, *parameters):
    return (
        *as_shape(name, () if batch_shape is None else batch_shape),
        *np.broadcast_shapes(*[np.shape(raw(p)) for p in parameters]),
    )
