"""Images of another size: every number of the result is a weighted mean of a few numbers along each axis.

Codes of `interp`, as OpenCV has them: 0 the nearest number, 1 linear, 2 cubic (4 numbers), 3 the mean of the area that a number
covers, 4 Lanczos (8 numbers); and of MXNet: 9 chooses cubic to enlarge, area to shrink, else linear; 10 chooses at random.
Positions are those of the centres of pixels: number i of the result is at (i + 1/2) · scale - 1/2, and numbers repeat beyond edges.
"""

import numpy as np

from ...core.operator import operator
from ..sampling.streams import generator

__all__ = []

NEAREST, LINEAR, CUBIC, AREA, LANCZOS = range(5)
_AUTOMATIC, _RANDOM = 9, 10
_SLOPE = -0.75  # of the cubic at distance 1, OpenCV's choice


def method(name, interp, old, new):
    """The code from 0 to 4 that `interp` stands for, from size `old` to size `new`."""
    if interp == _AUTOMATIC:
        if all(n > o for o, n in zip(old, new, strict=True)):
            return CUBIC
        return AREA if all(n < o for o, n in zip(old, new, strict=True)) else LINEAR
    if interp == _RANDOM:
        return int(generator().integers(5))
    if interp not in range(5):
        kinds = "0 nearest, 1 linear, 2 cubic, 3 area, 4 Lanczos, 9 by the sizes, 10 at random"
        raise ValueError(f"{name}: interp={interp!r} is none of {kinds}")
    return int(interp)


def _cubic(x):
    x = np.abs(x)
    near = ((_SLOPE + 2) * x - (_SLOPE + 3)) * x * x + 1
    return np.where(x <= 1, near, ((_SLOPE * x - 5 * _SLOPE) * x + 8 * _SLOPE) * x - 4 * _SLOPE)


def _lanczos(x):
    return np.sinc(x) * np.sinc(x / 4)


_KERNELS = {LINEAR: (2, lambda x: 1 - np.abs(x)), CUBIC: (4, _cubic), LANCZOS: (8, _lanczos)}


def neighbours(kind, positions):
    """Whole numbers around each of `positions`, and their weights: both have a new first axis, and weights sum to 1 along it."""
    count, shape = _KERNELS[kind]
    taps = np.floor(positions).astype(int) + np.arange(1 - count // 2, 1 + count // 2).reshape(-1, *(1,) * positions.ndim)
    weights = shape(taps - positions)
    return taps, weights / weights.sum(axis=0)


def _areas(old, new):
    """For each number of the result, the numbers that its area covers, and how much of each."""
    ends = np.arange(new + 1) * (old / new)
    first = np.floor(ends[:-1] + 1e-9).astype(int)
    taps = first[:, None] + np.arange(int((np.ceil(ends[1:] - 1e-9).astype(int) - first).max()))
    return taps, np.clip(np.minimum(taps + 1, ends[1:, None]) - np.maximum(taps, ends[:-1, None]), 0, None)


def table(kind, old, new, shrinks):
    """Positions and weights, of shape (new, k), along an axis from `old` to `new` numbers; `shrinks` says that both axes do."""
    places = np.arange(new)
    scale = old / new
    if kind == NEAREST:
        return np.minimum(np.floor(places * scale).astype(int), old - 1)[:, None], np.ones((new, 1))
    if kind == AREA and shrinks:
        taps, weights = _areas(old, new)
        weights = weights / weights.sum(axis=1, keepdims=True)
    elif kind == AREA:  # OpenCV's way to enlarge: numbers as they are, and a mean where a number of the result lies on an edge
        start = np.floor(places * scale + 1e-9).astype(int)
        part = np.maximum(places + 1 - (start + 1) / scale, 0) % 1
        taps, weights = start[:, None] + np.arange(2), np.stack([1 - part, part], axis=1)
    else:
        taps, weights = (values.T for values in neighbours(kind, (places + 0.5) * scale - 0.5))
    return np.clip(taps, 0, old - 1), weights


def _along(x, axis, taps, weights):
    """Σ_k weights[:, k] · x[taps[:, k]] along an axis."""
    shape = [1] * x.ndim
    shape[axis] = len(taps)
    result = 0
    for k in range(taps.shape[1]):
        result = result + x.take(taps[:, k], axis) * weights[:, k].reshape(shape).astype(x.dtype)
    return result


def _spread_along(y, axis, taps, weights, size):
    """The transpose of `_along`: y[i] · weights[i, k] is added at taps[i, k]."""
    y = np.moveaxis(y, axis, 0)
    result = np.zeros((size, *y.shape[1:]), y.dtype)
    for k in range(taps.shape[1]):
        np.add.at(result, taps[:, k], y * weights[:, k].reshape((-1,) + (1,) * (y.ndim - 1)).astype(y.dtype))
    return np.moveaxis(result, 0, axis)


def rounded(x, dtype):
    """The floating numbers `x` as `dtype`; integers are rounded, and end where those of the dtype do."""
    dtype = np.dtype(dtype)
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        x = np.clip(np.rint(x), limits.min, limits.max)
    return x.astype(dtype, copy=False)


def floating(x):
    """`x` to compute with: float32 unless it is float64, or integers that float32 does not hold."""
    return x.astype(np.result_type(x.dtype, np.float32) if x.dtype.itemsize < 8 or x.dtype.kind == "f" else np.float64, copy=False)


@operator(x=lambda g, tables, axes, x_shape: spread(g, tables, axes, x_shape))
def resampled(x, tables, axes):
    """The sums that `tables`, a pair (taps, weights) for each of `axes`, describe."""
    result = floating(x)
    for axis, (taps, weights) in zip(axes, tables, strict=True):
        result = _along(result, axis, taps, weights)
    return rounded(result, x.dtype)


@operator(y=lambda g, tables, axes: resampled(g, tables, axes))
def spread(y, tables, axes, shape):
    """The transpose of `resampled`, for images of `shape`."""
    result = floating(y)
    for axis, (taps, weights) in reversed(list(zip(axes, tables, strict=True))):
        result = _spread_along(result, axis, taps, weights, shape[axis])
    return result.astype(y.dtype, copy=False)


def resized(name, x, width, height, interp, axes):
    """The image `x`, whose rows and columns are along `axes`, with `height` rows and `width` columns."""
    old = tuple(x.shape[axis] for axis in axes)
    new = (height, width)
    for what, n in (("rows", height), ("columns", width)):
        if not isinstance(n, int | np.integer) or n < 1:
            raise ValueError(f"{name}: the result has a whole number of {what} above 0, not {n!r}")
    if 0 in old:
        raise ValueError(f"{name}: an image without pixels, of shape {x.shape}, has no other size")
    kind = method(name, interp, old, new)
    if old == new:
        return x
    shrinks = all(n <= o for o, n in zip(old, new, strict=True))
    return resampled(x, [table(kind, o, n, shrinks) for o, n in zip(old, new, strict=True)], axes)
