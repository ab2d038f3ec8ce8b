"""Counting: how often numbers occur, how many fall into each bin, and where they belong in an ordered sequence."""

import numpy as np

from ..core.array import raw
from ..core.dtypes import floating
from ..core.operator import operator
from .arithmetic import divide
from .indexing import as_key, take
from .operands import as_operand, implements, wide
from .reductions import sum
from .selection import where
from .statistics import of_kind

__all__ = [
    "bincount",
    "digitize",
    "histogram",
    "histogram2d",
    "histogram_bin_edges",
    "histogramdd",
    "searchsorted",
]


def _counting_dtype(dtype):
    """Integers of at least 32 bits: narrower ones do not count far."""
    return dtype if dtype.kind in "iu" and dtype.itemsize >= 4 else np.dtype(np.int64)


@operator(implements=np.bincount, weights=lambda g, x: take(g, x))
def bincount(x, weights=None, minlength=0):
    """How often each of the integers 0, 1, … occurs in `x`; or the sums of their weights.

    Parameters
    ----------
    x : ndarray of int, shape (n,)
        Not negative.
    weights : ndarray, shape (n,), optional
        Gradients flow to these.
    minlength : int
        The result has at least this many elements.

    Returns
    -------
    ndarray
        Counts, of the dtype of `x`, or int64 if it has less than 32 bits. With weights, sums of their dtype.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([0, 1, 1, 3], dtype=int)
    >>> np.bincount(x)
    array([1, 2, 0, 1], dtype=int64)
    >>> np.bincount(x, weights=np.array([0.5, 1, 2, 4]))
    array([0.5, 3. , 0. , 4. ])
    """
    x = np.asarray(x)
    if x.dtype.kind not in "biu" and x.size:
        raise TypeError(f"x holds the integers to count, not {x.dtype}: write x.astype(int)")
    integers = x.astype(np.int64)
    if weights is None:
        return np.bincount(integers, minlength=minlength).astype(_counting_dtype(x.dtype))
    weights = np.asarray(weights)
    if weights.dtype.kind == "c":
        raise TypeError(f"weights are real numbers, not {weights.dtype}")
    sums = np.bincount(integers, weights, minlength)
    return sums.astype(weights.dtype if weights.dtype.kind == "f" else _counting_dtype(weights.dtype))


@operator(implements=np.digitize)
def digitize(x, bins, right=False):
    """The number (int64) of the bin that each element falls into: 0 below the first edge, `len(bins)` above the last one.

    Parameters
    ----------
    x : ndarray
    bins : array_like, shape (n,)
        The edges, increasing or decreasing.
    right : bool
        Whether an edge belongs to the bin on its left.

    Examples
    --------
    >>> from mxnet import np
    >>> np.digitize(np.array([0.5, 1, 7]), np.array([1, 5]))
    array([0, 1, 2], dtype=int64)
    """
    return np.asarray(np.digitize(x, bins, right))


@operator(implements=np.searchsorted)
def searchsorted(a, v, side="left", sorter=None):
    """Where to insert elements into an ordered vector so that it stays in order: indices, int64.

    Parameters
    ----------
    a : ndarray, shape (n,)
        In ascending order.
    v : array_like
        Of any shape.
    side : {'left', 'right'}
        Before or after elements that are equal.
    sorter : ndarray of int, optional
        The indices that sort `a`, if it is not in order.

    Examples
    --------
    >>> from mxnet import np
    >>> np.searchsorted(np.array([1, 2, 3]), np.array([2, 2.5]))
    array([1, 2], dtype=int64)
    """
    return np.asarray(np.searchsorted(a, v, side, None if sorter is None else as_key(np.asarray(sorter))))


# --- histograms -----------------------------------------------------------------------------------------------------------------


@operator(implements=np.histogram_bin_edges)
def histogram_bin_edges(a, bins=10, range=None, weights=None):
    """The edges of the bins that `histogram` would count in, of the dtype of `a`, or float32 if it holds integers.

    Parameters
    ----------
    a, bins, range, weights
        As for `histogram`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.histogram_bin_edges(np.array([1, 2, 5]), bins=2)
    array([1., 3., 5.])
    """
    a = np.asarray(a)
    return np.histogram_bin_edges(a, bins, range, weights).astype(floating(a.dtype))


def _weights_rule(g, points, edges):
    """A weight counts in the bin of its point: one that contains its left edge, the last bin both."""
    inside, place = True, 0
    for x, edge in zip(points, edges, strict=True):
        i = np.searchsorted(edge, x, side="right") - 1 - (x == edge[-1])
        inside = inside & (i >= 0) & (i < len(edge) - 1)
        place = place * (len(edge) - 1) + i
    return where(inside, take(g, np.where(inside, place, 0)), 0)


@operator(hides=True, weights=_weights_rule)
def _weighed(weights, counts, points, edges):
    """The `counts` that NumPy made of the weights, in their dtype."""
    return counts.astype(weights.dtype if weights.dtype.kind in "fc" else _counting_dtype(weights.dtype))


def _of_weights(weights, bins):
    """Raw weights for `numpy.histogram`, which adds them in their own dtype; between given edges, it subtracts running sums."""
    weights = raw(weights)
    if weights.dtype.kind == "f" and weights.dtype.itemsize > 2 and not np.ndim(raw(bins)):
        return weights
    return weights.astype(np.complex128 if weights.dtype.kind == "c" else np.float64)


def _as_density(counts, edges):
    """The counts, divided by their sum and by the sizes of the bins."""
    for axis, edge in enumerate(edges):
        counts = divide(counts, np.diff(edge).reshape([-1 if i == axis else 1 for i in range(counts.ndim)]).astype(counts.dtype))
    return counts


@implements(np.histogram)
def histogram(a, bins=10, range=None, normed=None, weights=None, density=None):
    """How many elements fall into each of several bins.

    A bin contains its left edge and not its right one; the last bin contains both.

    Parameters
    ----------
    a : ndarray
        Of any shape.
    bins : int, str or array_like
        How many bins of equal width; or their edges; or the name of one of NumPy's rules to choose them, such as 'auto'.
    range : (float, float), optional
        From where to where bins of equal width go; by default from the smallest to the largest element.
    normed : bool, optional
        The older name of `density`.
    weights : ndarray, optional
        Of the shape of `a`: what each element adds to its bin, instead of 1. Gradients flow to these.
    density : bool, optional
        Divide by the sum and by the width of the bin, so that the area is 1.

    Returns
    -------
    counts : ndarray
        int64; of the dtype of the weights, if there are any; floating, if densities.
    edges : ndarray
        One more than there are bins; constants.

    Examples
    --------
    >>> from mxnet import np
    >>> np.histogram(np.array([0, 1, 1.5, 2]), bins=2)
    (array([1, 3], dtype=int64), array([0., 1., 2.]))
    """
    a = as_operand("histogram", a)
    values = raw(a)
    if weights is not None:
        weights = as_operand("histogram", weights)
        if weights.shape != a.shape:
            raise ValueError(f"histogram: weights of shape {weights.shape} for an array of shape {a.shape}")
    try:
        counts, edges = np.histogram(values, raw(bins), raw(range), weights=None if weights is None else _of_weights(weights, bins))
    except (ValueError, TypeError) as error:
        raise type(error)(f"histogram: {error}") from None
    counts = of_kind(a, counts) if weights is None else _weighed(weights, counts, [values], [edges])
    if density or normed:
        counts = counts.astype(np.float64)
        counts = _as_density(counts / sum(counts), [edges]).astype(floating((a if weights is None else weights).dtype))
    return counts, of_kind(a, edges.astype(floating(values.dtype)))


@implements(np.histogramdd)
def histogramdd(sample, bins=10, range=None, normed=None, weights=None, density=None):
    """How many points of a space of `d` dimensions fall into each cell of a grid.

    Parameters
    ----------
    sample : ndarray, shape (n, d), or sequence of d arrays of shape (n,)
        The points, or their coordinates.
    bins : int, or sequence of int or array_like
        The number of bins, for all dimensions or for each; or their edges for each.
    range : sequence of (float, float), optional
        From where to where the bins go, for each dimension.
    normed : bool, optional
        The older name of `density`.
    weights : ndarray, shape (n,), optional
        What each point adds to its cell, instead of 1. Gradients flow to these.
    density : bool, optional
        Divide by the sum and by the volume of the cell.

    Returns
    -------
    counts : ndarray
        Floating: of the dtype of the weights, or float32.
    edges : tuple of ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> counts, edges = np.histogramdd(np.array([[0, 0], [1, 3], [1, 4]]), bins=2)
    >>> counts
    array([[1., 0.],
           [0., 2.]])
    """
    if isinstance(sample, list | tuple) and np.ndim(raw(sample[0])):
        points = [as_operand("histogramdd", x) for x in sample]
    else:
        points = [as_operand("histogramdd", sample)]
        if points[0].ndim > 1:
            points = list(points[0].T)
    return _grid("histogramdd", points, bins, range, weights, density or normed)


def _grid(name, points, bins, range, weights, density):
    of, points = points[0], [raw(x) for x in points]
    dtype = np.result_type(*[floating(x.dtype) for x in points])
    if dtype == np.float16:  # which does not count far
        dtype = np.float32
    if weights is not None:
        weights = wide(as_operand(name, weights))
    try:
        counts, edges = np.histogramdd(points, raw(bins), raw(range), weights=raw(weights))
    except (ValueError, TypeError) as error:
        raise type(error)(f"{name}: {error}") from None
    counts = of_kind(of, counts.astype(dtype)) if weights is None else _weighed(weights, counts, points, edges)
    if density:
        counts = _as_density(counts / sum(counts), edges)
    return counts, tuple([of_kind(of, edge.astype(dtype)) for edge in edges])


@implements(np.histogram2d)
def histogram2d(x, y, bins=10, range=None, normed=None, weights=None, density=None):
    """How many points of the plane fall into each cell of a grid.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        The coordinates of the points.
    bins : int or array_like, or a pair of them
        The number of bins or their edges, for both directions or for each.
    range, normed, weights, density
        As for `histogramdd`.

    Returns
    -------
    counts : ndarray
        Floating; the first axis is that of `x`.
    x_edges, y_edges : ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> np.histogram2d(np.array([0, 1, 1]), np.array([0, 3, 4]), bins=2)[0]
    array([[1., 0.],
           [0., 2.]])
    """
    x, y = [as_operand("histogram2d", value) for value in (x, y)]
    if len(x) != len(y):
        raise ValueError(f"histogram2d: {len(x)} values of x and {len(y)} of y")
    if np.ndim(raw(bins)) and len(bins) not in (1, 2):
        bins = [bins, bins]
    counts, edges = _grid("histogram2d", [x, y], bins, range, weights, density or normed)
    return counts, *edges
