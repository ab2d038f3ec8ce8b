"""Samplers of whole numbers, which have no gradient in their parameters, and of elements of an array, which keep theirs."""

import numpy as np

from ...core.array import Array, raw
from ...core.dtypes import as_dtype
from ...core.operator import from_list, wrap
from ...device import resolve
from ..creation import as_shape
from .arguments import (
    CONSTANT,
    as_integers,
    as_parameter,
    delivered,
    documented,
    documented_count,
    drawn,
    fitting,
    refuse,
    shape_of,
)
from .streams import generator


@documented(size="The shape of the result; by default that of `low` and `high`.", dtype="An integer dtype; by default int64.")
def randint(low, high=None, size=None, dtype=None, device=None, out=None, ctx=None):
    """Integers evenly distributed over [low, high), or over [0, low) if there is no `high`.

    Parameters
    ----------
    low, high : int or ndarray of int
        They broadcast against each other.

    Raises
    ------
    ValueError
        If the interval is empty or exceeds the dtype.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.randint(3, 4, size=2)
    array([3, 3], dtype=int64)
    """
    resolve(device, ctx)
    dtype = np.dtype(np.int64) if dtype is None else as_dtype(dtype)
    if dtype.kind not in "iu":
        raise TypeError(f"randint: the result is of an integer dtype, not {dtype}")
    low, high = (0, low) if high is None else (low, high)
    low, high = as_integers("randint", low), as_integers("randint", high)
    shape = shape_of("randint", size, {"low": low, "high": high})
    if np.any(low >= high):
        raise ValueError(f"randint: the interval from {low!r:.40} up to, but without, {high!r:.40} is empty")
    try:
        result = generator().integers(low, high, shape, dtype)
    except ValueError as error:
        raise ValueError(f"randint: {error} (from {low!r:.40} up to {high!r:.40})") from None
    return delivered("randint", result, dtype, out)


@documented(size="The shape of the sample; by default a single element.", returns="ndarray\n    int64, or of the dtype of `a`.")
def choice(a, size=None, replace=True, p=None, device=None, out=None, ctx=None):
    """Elements drawn from an array, or from the integers below a number.

    Parameters
    ----------
    a : int or ndarray
        What to draw from: 0 … a - 1, or the elements (of a matrix, the rows) of `a`, through which gradients flow.
    replace : bool, optional
        Whether an element may be drawn twice.
    p : ndarray, optional
        The probability of each element; by default all are alike.

    Raises
    ------
    ValueError
        If `p` does not sum to 1, or if there are too few elements to draw without replacement.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.choice(3, 4, p=np.array([0, 1, 0]))
    array([1, 1, 1, 1], dtype=int64)
    """
    resolve(device, ctx)
    population = _population("choice", a)
    n = population if isinstance(population, int) else len(population)
    try:
        places = generator().choice(
            n, None if size is None else as_shape("choice", size), replace, None if p is None else np.asarray(raw(p))
        )
    except (ValueError, TypeError) as error:
        raise type(error)(f"choice: {error} (given {n} elements, size={size!r})") from None
    places = np.asarray(places, np.int64)
    result = places if isinstance(population, int) else population[places]
    return delivered("choice", result, result.dtype, out)


def permutation(x):
    """The integers below `x` in random order, or a copy of the array `x` with its rows in random order.

    Gradients flow through the copy.

    Examples
    --------
    >>> from mxnet import np
    >>> np.sort(np.random.permutation(4))
    array([0, 1, 2, 3], dtype=int64)
    """
    population = _population("permutation", x)
    n = population if isinstance(population, int) else len(population)
    order = generator().permutation(n).astype(np.int64, copy=False)
    return wrap(order) if isinstance(population, int) else population[order]


def shuffle(x):
    """Put the rows of `x`, its elements along the first axis, in random order, in place.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([[1, 2], [3, 4]])
    >>> np.random.shuffle(x)
    >>> sorted(x.tolist())
    [[1.0, 2.0], [3.0, 4.0]]
    """
    if isinstance(x, Array):
        if x.ndim:
            x[...] = permutation(x)
    elif isinstance(x, np.ndarray | list):
        generator().shuffle(x)
    else:
        raise TypeError(
            f"shuffle: works in place on an array or a list, not on a {type(x).__name__}; permutation(x) returns a copy"
        )


def bytes(length):
    """Random bytes, as Python's `bytes`.

    Examples
    --------
    >>> from mxnet import np
    >>> len(np.random.bytes(10))
    10
    """
    if not isinstance(length, int | np.integer):
        raise TypeError(f"bytes: length is an int, not {length!r:.60}")
    if length < 0:
        raise ValueError(f"bytes: length is 0 or above, not {length}")
    return generator().bytes(length)


def _population(name, a):
    """What to draw from: a number of integers, or an array of at least one axis."""
    if isinstance(a, int | np.integer):
        return int(a)
    if not isinstance(a, Array):
        a = wrap(a if isinstance(a, np.ndarray) else from_list(name, a))
    if a.dtype.kind not in "biufc":
        raise TypeError(f"{name}: arrays hold booleans and numbers, not {a.dtype}; draw from len(a) to get places in it")
    if a.ndim == 0:
        if a.dtype.kind not in "iu":
            raise TypeError(f"{name}: draws from an integer or from an array of at least one axis, not from {a!r}")
        return int(a._data)
    return a


@documented_count
def poisson(lam=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Whole numbers from Poisson distributions: how often something rare happens.

    Parameters
    ----------
    lam : float or ndarray, optional
        The mean, 0 or above.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.poisson(0, size=3)
    array([0, 0, 0], dtype=int64)
    """
    return drawn("poisson", {"lam": lam}, np.random.Generator.poisson, (size, dtype, device, ctx, out))


@documented_count
def binomial(n, p, size=None, dtype=None, device=None, out=None, ctx=None):
    """Whole numbers from binomial distributions: how many of `n` trials succeed.

    Parameters
    ----------
    n : int or ndarray
        How many trials, 0 or above.
    p : float or ndarray
        The probability of success, from 0 to 1.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.binomial(4, 1, size=3)
    array([4, 4, 4], dtype=int64)
    """
    n = as_integers("binomial", n)
    return drawn("binomial", {"n": n, "p": p}, np.random.Generator.binomial, (size, dtype, device, ctx, out))


@documented_count
def negative_binomial(n, p, size=None, dtype=None, device=None, out=None, ctx=None):
    """Whole numbers from negative binomial distributions: how many trials fail before `n` have succeeded.

    Parameters
    ----------
    n : float or ndarray
        How many successes, above 0.
    p : float or ndarray
        The probability of success, above 0 and up to 1.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.negative_binomial(4, 1, size=3)
    array([0, 0, 0], dtype=int64)
    """
    return drawn("negative_binomial", {"n": n, "p": p}, np.random.Generator.negative_binomial, (size, dtype, device, ctx, out))


@documented_count
def geometric(p, size=None, dtype=None, device=None, out=None, ctx=None):
    """Whole numbers from geometric distributions: how many trials it takes to succeed, 1 at least.

    Parameters
    ----------
    p : float or ndarray
        The probability of success, above 0 and up to 1.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.geometric(1, size=3)
    array([1, 1, 1], dtype=int64)
    """
    return drawn("geometric", {"p": p}, np.random.Generator.geometric, (size, dtype, device, ctx, out))


@documented_count
def hypergeometric(ngood, nbad, nsample, size=None, dtype=None, device=None, out=None, ctx=None):
    """Whole numbers from hypergeometric distributions: how many of those drawn, without replacement, are good.

    Parameters
    ----------
    ngood, nbad : int or ndarray
        How many good and bad ones there are, from 0 to 10⁹.
    nsample : int or ndarray
        How many are drawn, up to `ngood + nbad`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.hypergeometric(2, 3, 5, size=3)
    array([2, 2, 2], dtype=int64)
    """
    parameters = {"ngood": ngood, "nbad": nbad, "nsample": nsample}
    parameters = {key: as_integers("hypergeometric", value) for key, value in parameters.items()}
    return drawn("hypergeometric", parameters, np.random.Generator.hypergeometric, (size, dtype, device, ctx, out))


@documented_count
def logseries(p, size=None, dtype=None, device=None, out=None, ctx=None):
    """Whole numbers from logarithmic series distributions: k, from 1 on, with a probability proportional to p^k / k.

    Parameters
    ----------
    p : float or ndarray
        From 0 to below 1.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.logseries(0, size=3)
    array([1, 1, 1], dtype=int64)
    """
    return drawn("logseries", {"p": p}, np.random.Generator.logseries, (size, dtype, device, ctx, out))


@documented_count
def zipf(a, size=None, dtype=None, device=None, out=None, ctx=None):
    """Whole numbers from Zipf (zeta) distributions: k, from 1 on, with a probability proportional to k^-a.

    Parameters
    ----------
    a : float or ndarray
        The exponent, above 1.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.zipf(1000, size=3)
    array([1, 1, 1], dtype=int64)
    """
    return drawn("zipf", {"a": a}, np.random.Generator.zipf, (size, dtype, device, ctx, out))


@documented(
    size="How many results for each distribution: what comes before their shape in that of the result.",
    dtype="By default int64.",
    returns=f"{CONSTANT[:7]}, shape (*size, ..., k){CONSTANT[7:]}",
)
def multinomial(n, pvals, size=None, dtype=None, device=None, out=None, ctx=None):
    """How often each of k outcomes happens in `n` trials.

    Parameters
    ----------
    n : int or ndarray
        How many trials.
    pvals : ndarray, shape (..., k)
        The probabilities of the outcomes. The last one gets what the others leave of 1.

    Raises
    ------
    ValueError
        If a probability is negative, or they sum to more than 1.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.multinomial(5, np.array([0, 1, 0]))
    array([0, 5, 0], dtype=int64)
    """
    resolve(device, ctx)
    dtype = np.dtype(np.int64) if dtype is None else as_dtype(dtype)
    n = as_integers("multinomial", n)
    pvals = np.asarray(raw(as_parameter("multinomial", pvals)), np.float64)
    total = pvals[..., :-1].sum(axis=-1, keepdims=True) if pvals.ndim else np.nan
    if not np.all(total <= 1 + 1e-5) or not np.all(pvals >= 0):
        raise ValueError(f"multinomial: pvals are probabilities that sum to 1 along the last axis, not {pvals!r:.60}")
    pvals = pvals / np.maximum(total, 1)  # float32 may have rounded up
    batch = shape_of("multinomial", None, {"n": n, "pvals": pvals[..., :1].sum(axis=-1)})
    shape = (*(() if size is None else as_shape("multinomial", size)), *batch)
    sample = generator().multinomial(n, pvals, shape)
    return delivered("multinomial", fitting("multinomial", sample, dtype), dtype, out)


@documented(dtype="By default the default float dtype.", returns=CONSTANT)
def bernoulli(prob=None, logit=None, size=None, dtype=None, device=None, out=None, ctx=None):
    """1 with a probability, and otherwise 0.

    Parameters
    ----------
    prob : float or ndarray, optional
        The probability, from 0 to 1.
    logit : float or ndarray, optional
        Instead of it, its log odds log(prob / (1 - prob)).

    Raises
    ------
    ValueError
        If both `prob` and `logit` are given, or neither, or a probability is outside [0, 1].

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.random.bernoulli(np.array([0, 1]))
    array([0., 1.])
    """
    if (prob is None) == (logit is None):
        raise ValueError(f"bernoulli: give prob or logit, one of them; not prob={prob!r:.40} and logit={logit!r:.40}")
    request = (size, as_dtype(dtype), device, ctx, out)
    if logit is not None:
        return drawn("bernoulli", {"logit": logit}, lambda rng, logit, shape: rng.logistic(size=shape) < logit, request)
    prob = as_parameter("bernoulli", prob)
    refuse("bernoulli", "prob", prob, "a probability, from 0 to 1", lambda p: (p < 0) | (p > 1) | (p != p))
    return drawn("bernoulli", {"prob": prob}, lambda rng, prob, shape: rng.random(shape) < prob, request)
