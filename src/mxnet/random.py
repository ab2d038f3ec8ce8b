"""`mx.random`: the samplers of MXNet 1, which take `shape=`. They draw from the streams of `np.random`, whose samplers say more.

Numbers as parameters give an array of the shape `shape`, (1,) unless said otherwise. Arrays of parameters give `shape` samples for
each of their elements, after their own axes. The result is float32, or of the parameters' dtype, unless `dtype` says otherwise.
"""

from . import numpy as np
from . import numpy_extension as npx
from .core.words import with_words
from .operators.random import seed

__all__ = [
    "binomial",
    "categorical",
    "exponential",
    "gamma",
    "generalized_negative_binomial",
    "multinomial",
    "negative_binomial",
    "normal",
    "poisson",
    "randint",
    "randn",
    "seed",
    "shuffle",
    "uniform",
]

_WORDS = {
    "shape": "shape : int or tuple of int, optional\n    How many samples: (1,), or one for each element of the parameters.",
    "dtype": "dtype : dtype, optional\n    A float dtype.",
    "out": "out : ndarray, optional\n    Where to write the result.",
    "ctx": "ctx, device : Device, optional\n    A CPU.",
}


def _documented(sampler):
    return with_words(sampler, _WORDS, "ndarray")


def _draw(sampler, parameters, shape, dtype, ctx, out, device):
    """Samples by a sampler of `np.random`, in the shape and dtype that MXNet 1 gives them."""
    parameters = [np.array(p) if isinstance(p, list | tuple) else p for p in parameters]
    arrays = [p for p in parameters if hasattr(p, "ndim") and p.ndim > 0]
    if shape is None:
        shape = () if arrays else (1,) if out is None else out.shape
    shape = tuple(shape) if np.iterable(shape) else (shape,)
    lead = np.broadcast_shapes(*[p.shape for p in arrays])
    parameters = [p.reshape(p.shape + (1,) * len(shape)) if hasattr(p, "ndim") and p.ndim > 0 else p for p in parameters]
    if dtype is None:
        dtype = next((p.dtype for p in arrays if p.dtype.kind == "f"), "float32")
    return sampler(*parameters, size=lead + shape, dtype=dtype, device=device, ctx=ctx, out=out)


@_documented
def uniform(low=0, high=1, shape=None, dtype=None, ctx=None, out=None, device=None):
    """Numbers from the uniform distribution on [low, high).

    Parameters
    ----------
    low, high : number or ndarray
        The bounds.

    Examples
    --------
    >>> import mxnet as mx
    >>> mx.random.uniform(0, 10, shape=(2, 3)).shape
    (2, 3)
    >>> mx.random.uniform(np.array([0, 5]), np.array([0, 5]), shape=2)
    array([[0., 0.],
           [5., 5.]])
    """
    return _draw(np.random.uniform, (low, high), shape, dtype, ctx, out, device)


@_documented
def normal(loc=0, scale=1, shape=None, dtype=None, ctx=None, out=None, device=None):
    """Numbers from the normal distribution.

    Parameters
    ----------
    loc, scale : number or ndarray
        Mean and standard deviation.

    Examples
    --------
    >>> import mxnet as mx
    >>> mx.random.normal(3, 0, shape=2)
    array([3., 3.])
    """
    return _draw(np.random.normal, (loc, scale), shape, dtype, ctx, out, device)


def randn(*shape, loc=0, scale=1, dtype=None, ctx=None, out=None, device=None):
    """`normal`, with the lengths of the axes as arguments of their own.

    Examples
    --------
    >>> import mxnet as mx
    >>> mx.random.randn(2, 3).shape
    (2, 3)
    """
    return normal(loc, scale, shape or None, dtype, ctx, out, device)


@_documented
def exponential(scale=1, shape=None, dtype=None, ctx=None, out=None, device=None):
    """Numbers from the exponential distribution of mean `scale`.

    Parameters
    ----------
    scale : number or ndarray

    Examples
    --------
    >>> import mxnet as mx
    >>> bool(mx.random.exponential(2, shape=5).min() >= 0)
    True
    """
    return _draw(np.random.exponential, (scale,), shape, dtype, ctx, out, device)


@_documented
def gamma(alpha=1, beta=1, shape=None, dtype=None, ctx=None, out=None, device=None):
    """Numbers from the gamma distribution of shape `alpha` and scale `beta`, whose mean is alpha · beta.

    Parameters
    ----------
    alpha, beta : number or ndarray

    Examples
    --------
    >>> import mxnet as mx
    >>> mx.random.gamma(2, 3, shape=(2, 2)).shape
    (2, 2)
    """
    return _draw(np.random.gamma, (alpha, beta), shape, dtype, ctx, out, device)


@_documented
def poisson(lam=1, shape=None, dtype=None, ctx=None, out=None, device=None):
    """Whole numbers, as floats, from the Poisson distribution of mean `lam`.

    Parameters
    ----------
    lam : number or ndarray

    Examples
    --------
    >>> import mxnet as mx
    >>> mx.random.poisson(0, shape=2)
    array([0., 0.])
    """
    return _draw(np.random.poisson, (lam,), shape, dtype, ctx, out, device)


@_documented
def binomial(n=1, p=0.5, shape=None, dtype=None, ctx=None, out=None, device=None):
    """How many of `n` trials succeed, each with the probability `p`; as floats.

    Parameters
    ----------
    n, p : number or ndarray

    Examples
    --------
    >>> import mxnet as mx
    >>> mx.random.binomial(5, 1.0, shape=2)
    array([5., 5.])
    """
    return _draw(np.random.binomial, (n, p), shape, dtype, ctx, out, device)


@_documented
def negative_binomial(k=1, p=1, shape=None, dtype=None, ctx=None, out=None, device=None):
    """How many trials fail before `k` succeed, each with the probability `p`; as floats. The mean is k · (1 - p) / p.

    Parameters
    ----------
    k, p : number or ndarray

    Examples
    --------
    >>> import mxnet as mx
    >>> mx.random.negative_binomial(3, 1.0, shape=2)
    array([0., 0.])
    """
    return _draw(np.random.negative_binomial, (k, p), shape, dtype, ctx, out, device)


@_documented
def generalized_negative_binomial(mu=1, alpha=1, shape=None, dtype=None, ctx=None, out=None, device=None):
    """Whole numbers, as floats, of mean `mu` and variance mu + alpha · mu²: Poisson of a mean that is gamma distributed.

    Parameters
    ----------
    mu, alpha : number or ndarray
        With `alpha=0` it is the Poisson distribution.

    Examples
    --------
    >>> import mxnet as mx
    >>> mx.random.generalized_negative_binomial(0, 0.3, shape=2)
    array([0., 0.])
    """

    def sampler(mu, alpha, size, **options):
        alpha = np.maximum(np.array(alpha, dtype="float64"), 1e-12)  # so close to 0 the mean hardly varies
        return np.random.poisson(np.random.gamma(1 / alpha, alpha * mu, size=size, dtype="float64"), **options)

    return _draw(sampler, (mu, alpha), shape, dtype, ctx, out, device)


def randint(low, high, shape=None, dtype=None, ctx=None, out=None, device=None):
    """Whole numbers from `low` to `high` - 1, of int32 unless `dtype` says otherwise.

    Parameters
    ----------
    low, high : int
    shape, dtype, ctx, out, device
        As in `uniform`; an integer dtype.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> import mxnet as mx
    >>> mx.random.randint(5, 6, shape=2)
    array([5, 5], dtype=int32)
    """
    return _draw(np.random.randint, (low, high), shape, dtype or "int32", ctx, out, device)


def multinomial(n=None, p=None, shape=None, dtype="float32", ctx=None, out=None):
    """How often each of k outcomes happens in `n` trials; see `npx.random.multinomial`.

    Parameters
    ----------
    n : ndarray, shape (...)
        How many trials: by default 1.
    p : ndarray, shape (..., k)
        The probabilities of the outcomes, by default of a single one.
    shape : int or tuple of int, optional
        How many samples of each distribution; by default a single one.

    Returns
    -------
    ndarray, shape (..., *shape, k)

    Examples
    --------
    >>> import mxnet as mx
    >>> mx.random.multinomial(np.array([3]), np.array([[0, 1]]))
    array([[0., 3.]])
    """
    n = np.array([1] if n is None else n)
    p = np.array([[1.0]] if p is None else p)
    counts = npx.random.multinomial(n, p, () if shape is None else shape, ctx=ctx, dtype=dtype)
    if out is None:
        return counts
    out[...] = counts
    return out


def categorical(data, shape=None, get_prob=False, out=None, dtype="int32"):
    """The outcomes of many categorical distributions; see `npx.random.categorical`.

    Parameters
    ----------
    data : ndarray, shape (..., k)
        The probabilities, which sum to 1 along the last axis.
    shape : int or tuple of int, optional
        How many samples of each distribution; by default a single one.
    get_prob : bool
        Whether to return the logarithms of the probabilities of what was drawn, too.
    out : ndarray, optional
        Where to write the outcomes.
    dtype : dtype
        Of the outcomes.

    Returns
    -------
    ndarray, shape (..., *shape)
        With `get_prob` a list of two.

    Examples
    --------
    >>> import mxnet as mx
    >>> mx.random.categorical(np.array([[0, 1, 0], [0, 0, 1]]), shape=2)
    array([[1, 1],
           [2, 2]], dtype=int32)
    """
    drawn = npx.random.categorical(data, () if shape is None else shape, get_prob, dtype)
    if out is None:
        return drawn
    out[...] = drawn[0] if get_prob else drawn
    return [out, drawn[1]] if get_prob else out


def shuffle(data, out=None):
    """A copy of the array with its elements along the first axis in random order.

    Examples
    --------
    >>> import mxnet as mx
    >>> x = np.array([1, 2, 3])
    >>> sorted(mx.random.shuffle(x).tolist()), x.tolist()
    ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    """
    shuffled = np.random.permutation(data)
    if out is None:
        return shuffled
    out[...] = shuffled
    return out
