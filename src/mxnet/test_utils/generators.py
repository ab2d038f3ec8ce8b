"""Tests of random numbers against the law that they are to follow."""

from itertools import pairwise

import numpy as _np

from ..core.array import raw

__all__ = ["chi_square_check", "gen_buckets_probs_with_ppf", "mean_check", "var_check", "verify_generator"]

_DEVIATIONS = 3  # how many standard errors count as chance


def gen_buckets_probs_with_ppf(ppf, nbuckets):
    """Intervals of equal probability.

    Parameters
    ----------
    ppf : callable
        The inverse of the distribution function.
    nbuckets : int

    Returns
    -------
    buckets : list of (float, float)
    probs : list of float

    Examples
    --------
    >>> from mxnet import test_utils
    >>> test_utils.gen_buckets_probs_with_ppf(lambda p: 10 * p, 2)
    ([(0.0, 5.0), (5.0, 10.0)], [0.5, 0.5])
    """
    borders = [float(ppf(i / nbuckets)) for i in range(nbuckets + 1)]
    return list(pairwise(borders)), [1 / nbuckets] * nbuckets


def mean_check(generator, mu, sigma, nsamples=1000000):
    """Whether the mean of a sample is within three standard errors of `mu`, for a law of the standard deviation `sigma`.

    Parameters
    ----------
    generator : callable
        `generator(n)` draws n numbers.
    mu, sigma : float
    nsamples : int

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> np.random.seed(0)
    >>> test_utils.mean_check(lambda n: np.random.normal(2, 3, n), 2, 3, nsamples=1000)
    True
    """
    sample = _drawn(generator, nsamples)
    return bool(abs(sample.mean() - mu) < _DEVIATIONS * sigma / nsamples**0.5)


def var_check(generator, sigma, nsamples=1000000):
    """Whether the variance of a sample is within three standard errors of sigma²: var ± 3 √((m₄ - var²) / n), with its 4th moment.

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> np.random.seed(0)
    >>> test_utils.var_check(lambda n: np.random.normal(2, 3, n), 3, nsamples=1000)
    True
    """
    deviations = _drawn(generator, nsamples)
    deviations = deviations - deviations.mean()
    variance = (deviations**2).mean()
    error = ((deviations**4).mean() - variance**2) / nsamples
    return bool(abs(variance * nsamples / (nsamples - 1) - sigma**2) < _DEVIATIONS * error**0.5)


def chi_square_check(generator, buckets, probs, nsamples=1000000):
    """Pearson's χ² test of how often numbers fall into buckets.

    Parameters
    ----------
    generator : callable
        `generator(n)` draws n numbers.
    buckets : list
        Values, or intervals (low, high).
    probs : list of float
        Their probabilities, which sum to 1.
    nsamples : int

    Returns
    -------
    p : float
        How probable as large a difference is, if the generator is right.
    observed, expected : numpy.ndarray
        Numbers in each bucket.

    Raises
    ------
    ValueError
        If the probabilities do not sum to 1, or are not as many as the buckets.

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> np.random.seed(0)
    >>> p, observed, expected = test_utils.chi_square_check(lambda n: np.random.randint(0, 2, n), [0, 1], [0.5, 0.5], 1000)
    >>> p > 0.01, expected
    (True, array([500., 500.]))
    """
    from scipy.stats import chi2  # on first use

    if len(buckets) != len(probs):
        raise ValueError(f"chi_square_check: {len(buckets)} buckets and {len(probs)} probabilities")
    if abs(sum(probs) - 1) > 1e-6:
        raise ValueError(f"chi_square_check: the probabilities sum to {sum(probs):g}, not to 1")
    sample = _drawn(generator, nsamples)
    inside = [(sample >= b[0]) & (sample < b[1]) if isinstance(b, tuple | list) else sample == b for b in buckets]
    observed = _np.array([_np.count_nonzero(hit) for hit in inside])
    expected = nsamples * _np.array(probs, dtype=float)
    statistic = ((observed - expected) ** 2 / expected).sum()
    outside = nsamples - observed.sum()
    if outside:  # what cannot be has happened
        statistic = _np.inf
    return float(chi2.sf(statistic, len(buckets) - 1)), observed, expected


def verify_generator(generator, buckets, probs, nsamples=1000000, nrepeat=5, success_rate=0.2, alpha=0.05):
    """Assert that a generator passes the χ² test at the level `alpha`, in a share `success_rate` of `nrepeat` tries.

    Parameters
    ----------
    generator, buckets, probs, nsamples
        See `chi_square_check`.

    Returns
    -------
    list of float
        The probabilities that the tests found.

    Raises
    ------
    AssertionError

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> np.random.seed(0)
    >>> len(test_utils.verify_generator(lambda n: np.random.randint(0, 2, n), [0, 1], [0.5, 0.5], 1000))
    5
    """
    tries = [chi_square_check(generator, buckets, probs, nsamples) for _ in range(nrepeat)]
    found = [p for p, _, _ in tries]
    passed = sum(p > alpha for p in found)
    if passed < nrepeat * success_rate:
        _, observed, expected = tries[-1]
        raise AssertionError(
            f"the generator passed {passed} of {nrepeat} tests, with p = {', '.join(f'{p:.2g}' for p in found)}; "
            f"in the last one the buckets {buckets} had {observed.tolist()} of {expected.tolist()} numbers"
        )
    return found


def _drawn(generator, n):
    return _np.asarray(raw(generator(n))).ravel().astype(_np.float64)
