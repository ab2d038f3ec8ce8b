"""Samplers of `npx.random` for many distributions over a few outcomes, and MXNet's older Poisson samplers."""

import numpy as np

from ...core.array import raw
from ...core.dtypes import as_dtype
from ...core.operator import wrap
from ..creation import as_shape
from ..exponential import log
from ..indexing import take_along_axis
from .arguments import as_parameter
from .discrete import multinomial as multinomial_of
from .discrete import poisson
from .streams import generator

__all__ = ["categorical", "multinomial", "scalar_poisson", "tensor_poisson"]


def categorical(data, shape=(), get_prob=False, dtype="int32", name=None):
    """The outcomes of many categorical distributions: number i with the probability `data[..., i]`.

    Parameters
    ----------
    data : ndarray, shape (..., k)
        The probabilities, which sum to 1 along the last axis.
    shape : int or tuple of int
        How many samples of each distribution; by default a single one.
    get_prob : bool
        Whether to return the logarithms of the probabilities of what was drawn, too. They carry gradients to `data`, as the
        score-function estimator needs them.
    dtype : dtype
        Of the outcomes.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray, shape (..., *shape)
        With `get_prob` a list of two. For a single sample of a single distribution, the shape is (1,).

    Raises
    ------
    ValueError
        If `data` are no probabilities.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.random.categorical(np.array([[0, 1, 0], [0, 0, 1]]), shape=2)
    array([[1, 1],
           [2, 2]], dtype=int32)
    """
    data = as_parameter("categorical", data)
    probabilities = np.asarray(raw(data), np.float64)
    shape = as_shape("categorical", shape)
    if probabilities.ndim == 0 or not (probabilities >= 0).all() or not np.allclose(probabilities.sum(axis=-1), 1, atol=1e-4):
        raise ValueError(f"categorical: data has probabilities that sum to 1 along the last axis, not {probabilities!r:.60}")
    lead, k = probabilities.shape[:-1], probabilities.shape[-1]
    borders = np.cumsum(probabilities, axis=-1)
    borders[..., -1] = 1  # rounding
    draws = generator().random((*lead, int(np.prod(shape)), 1))
    drawn = np.minimum((draws >= borders[..., None, :]).sum(axis=-1), k - 1)
    result_shape = (*lead, *shape) or (1,)
    result = wrap(drawn.reshape(result_shape).astype(as_dtype(dtype)))
    if not get_prob:
        return result
    return [result, log(take_along_axis(data, drawn, -1)).reshape(result_shape)]


def multinomial(n, p, shape=(), ctx=None, dtype="float32", name=None):
    """How often each of k outcomes happens in `n` trials, for many distributions.

    (`np.random.multinomial` has the samples of a distribution before its axes, not after.)

    Parameters
    ----------
    n : ndarray, shape (...)
        How many trials.
    p : ndarray, shape (..., k)
        The probabilities of the outcomes, which sum to 1 along the last axis.
    shape : int or tuple of int
        How many samples of each distribution; by default a single one.
    ctx : Device, optional
        A CPU.
    dtype : dtype
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray, shape (..., *shape, k)

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.random.multinomial(np.array([4, 5]), np.array([[0, 1], [1, 0]]))
    array([[0., 4.],
           [5., 0.]])
    """
    shape = as_shape("multinomial", shape)
    counts = multinomial_of(n, p, shape, dtype, ctx=ctx)
    lead = counts.ndim - len(shape) - 1
    return np.moveaxis(counts, range(len(shape)), range(lead, lead + len(shape)))


def scalar_poisson(lam=1.0, shape=(), ctx=None, dtype="float32", name=None):
    """Whole numbers from a Poisson distribution of mean `lam`, in an array of the given shape: see `np.random.poisson`.

    `name` has no effect.

    Examples
    --------
    >>> from mxnet import npx
    >>> npx.scalar_poisson(0, shape=(2,))
    array([0., 0.])
    """
    return poisson(lam, shape, dtype, ctx=ctx)


def tensor_poisson(lam, shape=(), dtype="float32", name=None):
    """Whole numbers from many Poisson distributions: samples of the given shape for each mean in `lam`.

    `name` has no effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.tensor_poisson(np.zeros(2), shape=(3,)).shape
    (2, 3)
    """
    lam = np.asarray(raw(as_parameter("tensor_poisson", lam)))
    shape = as_shape("tensor_poisson", shape)
    return poisson(lam.reshape(lam.shape + (1,) * len(shape)), lam.shape + shape, dtype)
