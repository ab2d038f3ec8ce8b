"""Pooling: one number for each window of an image, its largest, mean, sum or norm.

Sums are linear: `summed` and `shared` are each other's transposes, and rules. The largest numbers have places, positions in the
flattened plane of a channel, -1 where a window holds none; `picked` reads there and `returned` adds there, again each other's
transposes. Of equal numbers the first is the largest, and has the gradient.
"""

import math

import numpy as np

from ... import kernels
from ...core.array import raw
from ...core.operator import operator
from ...kernels import pooling as fast
from ..contractions import matmul
from ..indexing import take
from ..operands import delivered, floats
from ..reductions import sum
from ..selection import where
from .windows import Windows, check_fit, check_images, spatial, to_back, to_front

__all__ = ["adaptive_avg_pooling", "adaptive_max_pooling", "pooling", "roi_pooling"]


def _rows(x):
    """A row for each plane, of all its numbers."""
    return x.reshape((math.prod(x.shape[:2]), math.prod(x.shape[2:])))


# --- sums -------------------------------------------------------------------------------------------------------------------------


@operator(x=lambda g, windows: shared(g, windows))
def summed(x, windows):
    """The sum of each window: from (batch, channels, *size) to (batch, channels, *count)."""
    padded = windows.pad_with(x, 0)
    dtype = np.add.reduce(np.empty(0, x.dtype)).dtype  # int64 or uint64 for smaller integers, as sums have everywhere
    result = np.zeros((*x.shape[:2], *windows.count), np.float32 if dtype == np.float16 else dtype)
    for slices in windows.slices():
        result += padded[(..., *slices)]
    return result.astype(dtype, copy=False)


@operator(y=lambda g, windows: summed(g, windows))
def shared(y, windows):
    """The transpose of `summed`: every number of a window gets what the window has."""
    result = np.zeros((*y.shape[:2], *windows.padded), np.float32 if y.dtype == np.float16 else y.dtype)
    for slices in windows.slices():
        result[(..., *slices)] += y
    return windows.crop(result).astype(y.dtype, copy=False)


def _numbers(windows, pad, margins):
    """How many numbers each window has, in the image and, with `margins`, in `pad` at either side: an array that broadcasts."""
    axes = len(windows.size)
    counts = np.ones((1,) * axes)
    for axis, (n, k, s, p, m) in enumerate(zip(windows.size, windows.kernel, windows.stride, pad, windows.count, strict=True)):
        low, high = (-p, n + p) if margins else (0, n)
        start = np.arange(m) * s - windows.pad[axis]
        inside = np.maximum(np.minimum(start + k, high) - np.maximum(start, low), 1)
        counts = counts * inside.reshape([m if i == axis else 1 for i in range(axes)])
    return counts


# --- largest numbers --------------------------------------------------------------------------------------------------------------


def _lowest(dtype):
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min if dtype.kind in "iu" else False


def _places(x, windows):
    """Where in its flattened plane each window has its largest number, or -1."""
    table = np.arange(math.prod(windows.size), dtype=np.intp).reshape(windows.size)
    table = windows.view(windows.pad_with(table, -1)).reshape((math.prod(windows.kernel), math.prod(windows.count)))
    first = np.take_along_axis(table, (table >= 0).argmax(axis=0)[None], 0)[0]  # of the places inside, for windows of -inf alone
    padded = windows.pad_with(x, _lowest(x.dtype))
    result = np.empty((*x.shape[:2], table.shape[1]), np.intp)
    for image, out in zip(padded, result, strict=True):
        best = windows.view(image).reshape((len(image), *table.shape)).argmax(axis=1)
        places = table[best, np.arange(table.shape[1])]
        out[...] = np.where(places < 0, first, places)
    return result.reshape((*x.shape[:2], *windows.count))


@operator(x=lambda g, out, windows: returned(g[0], out[1], windows.size))
def largest(x, windows):
    """The largest number of each window, NaN above all, and its place; -inf where a window has none."""
    if not kernels.serves(x):
        places = _places(x, windows)
        return np.where(places < 0, _lowest(x.dtype), picked(x, places)).astype(x.dtype, copy=False), places
    shape = (*x.shape[:2], *windows.count)
    result, places = np.empty(shape, x.dtype), np.empty(shape, np.int32 if math.prod(windows.size) < 2**31 else np.int64)
    missing = 3 - len(windows.size)
    volumes = [a.reshape((math.prod(shape[:2]), *[1] * missing, *a.shape[2:])) for a in (x, result, places)]
    geometry = [(fill,) * missing + of for fill, of in ((1, windows.kernel), (1, windows.stride), (0, windows.pad))]
    if windows.kernel == windows.stride == (2, 2) and windows.size == windows.padded and places.dtype == np.int32:
        kernels.split(fast.halve, len(volumes[0]), 2 * result.size, *volumes)
    else:
        kernels.split(fast.largest, len(volumes[0]), 2 * result.size * math.prod(windows.kernel), *volumes, *geometry)
    return result, places


@operator(y=lambda g, places: picked(g, places))
def returned(y, places, size):
    """Zeros of (batch, channels, *size), with `y` added at `places`."""
    flat, where_to = np.ascontiguousarray(_rows(y)), _rows(places)
    result = np.empty((*y.shape[:2], *size), y.dtype)  # not a view at the end: the tape hands on memory of an array's own
    if kernels.serves(flat):
        kernels.split(fast.add_at, len(flat), result.size + 2 * flat.size, flat, where_to, _rows(result))
    else:
        result[...] = 0
        held = where_to >= 0
        np.add.at(result.reshape(result.size), (where_to + math.prod(size) * np.arange(len(flat))[:, None])[held], flat[held])
    return result


@operator(x=lambda g, places, x_shape: returned(g, places, x_shape[2:]))
def picked(x, places):
    """What stands in the planes of `x` at `places`; 0 at the place -1."""
    found = np.take_along_axis(_rows(x), np.maximum(_rows(places), 0), axis=1).reshape(places.shape)
    return np.where(places < 0, np.zeros((), x.dtype), found)


# --- public -----------------------------------------------------------------------------------------------------------------------


def _windows(size, kernel, stride, pad, convention):
    """The windows of a convention: 'full' and 'same' have more behind than `pad` says, where the last window is not whole."""
    if convention == "valid":
        return Windows(size, kernel, stride, (1,) * len(size), pad, pad)
    if convention == "full":
        count = [-(-(n + 2 * p - k) // s) + 1 for n, k, s, p in zip(size, kernel, stride, pad, strict=True)]
        pad = tuple(pad)
    else:
        count = [-(-n // s) for n, s in zip(size, stride, strict=True)]
    reach = [(m - 1) * s + k for m, s, k in zip(count, stride, kernel, strict=True)]
    if convention == "same":
        pad = tuple(max(r - n, 0) // 2 for r, n in zip(reach, size, strict=True))
    after = tuple(max(r - n - p, 0) for r, n, p in zip(reach, size, pad, strict=True))
    return Windows(size, kernel, stride, (1,) * len(size), pad, after)


def _check(data, kernel, stride, pad, pool_type, convention, global_pool, p_value, layout):
    """Refuse what does not fit; return the windows, the padding that counts, and whether channels come last."""
    axes, last = check_images("pooling", data, layout)
    if pool_type not in ("max", "avg", "sum", "lp"):
        raise ValueError(f"pooling: pool_type is 'max', 'avg', 'sum' or 'lp', not {pool_type!r}")
    if convention not in ("valid", "full", "same"):
        raise ValueError(f"pooling: pooling_convention is 'valid', 'full' or 'same', not {convention!r}")
    if pool_type == "lp" and (not isinstance(p_value, int | np.integer) or p_value < 1):
        raise ValueError(f"pooling: pool_type='lp' needs p_value, a whole number above 0, not {p_value!r}")
    size = data.shape[1:-1] if last else data.shape[2:]
    if global_pool:
        kernel, stride, pad, convention = size, None, None, "valid"
    if kernel is None:
        raise ValueError("pooling: kernel, the size of the windows, is needed unless global_pool=True")
    kernel, stride = spatial("pooling", "kernel", kernel, axes, 1, 1), spatial("pooling", "stride", stride, axes, 1, 1)
    pad = spatial("pooling", "pad", pad, axes, 0, 0)
    if any(p >= k for p, k in zip(pad, kernel, strict=True)):
        raise ValueError(f"pooling: pad={pad} is below kernel={kernel} along each axis, or windows are empty")
    if convention == "same":
        if any(pad):
            raise ValueError(f"pooling: pooling_convention='same' chooses pad itself; pad={pad} is not read: leave it out")
    else:
        check_fit("pooling", Windows(size, kernel, stride, (1,) * axes, pad, pad))
    windows = _windows(size, kernel, stride, pad, convention)
    return windows, windows.pad if convention == "same" else pad, last


def pooling(
    data=None,
    kernel=None,
    stride=None,
    pad=None,
    pool_type="max",
    pooling_convention="valid",
    global_pool=False,
    cudnn_off=False,
    p_value=None,
    count_include_pad=None,
    layout=None,
    name=None,
):
    """One number for each window that slides over an image.

    Parameters
    ----------
    data : ndarray, shape (batch, channels, *size)
        With one, two or three spatial axes; channels last with such a `layout`.
    kernel : int or tuple of int
        The size of the windows; not needed with `global_pool`.
    stride : int or tuple of int, optional
        From one window to the next; 1 by default.
    pad : int or tuple of int, optional
        How far windows reach over either side, less than `kernel`; 0 by default. What is there is no number for 'max', 0 otherwise.
    pool_type : {'max', 'avg', 'sum', 'lp'}
        The largest number, the mean, the sum, or (Σ xᵖ)^(1/p), which is -|Σ xᵖ|^(1/p) where Σ xᵖ is negative. 'max' of integers
        has their dtype, and 'sum' int64 or uint64, so that small ones do not wrap around.
    pooling_convention : {'valid', 'full', 'same'}
        How many windows there are along an axis: those that are whole, ⌊(size + 2 pad - kernel) / stride⌋ + 1; with the last one
        that is not, ⌈…⌉ + 1; or ⌈size / stride⌉, with `pad` as that takes, less in front if it is odd. A window of 'full' that
        is all outside has the maximum -inf and the mean 0.
    global_pool : bool
        One window, all of the image.
    p_value : int, optional
        The p of 'lp', which needs it.
    count_include_pad : bool, optional
        Whether the mean is over the numbers in `pad`, too: yes by default.
    layout : {'NCW', 'NCHW', 'NCDHW', 'NWC', 'NHWC', 'NDHWC'}, optional
    cudnn_off, name
        Have no effect.

    Returns
    -------
    ndarray, shape (batch, channels, *count)

    Notes
    -----
    Of equal numbers the first has the gradient of 'max'. Where Σ xᵖ is 0, for p > 1, its root has the gradient 0. NaN is larger
    than any number.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> x = np.array([[[1, 5, 2, 3]]])
    >>> npx.pooling(x, kernel=2, stride=2)
    array([[[5., 3.]]])
    >>> npx.pooling(x, pool_type="avg", global_pool=True)
    array([[[2.75]]])
    """
    windows, pad, last = _check(data, kernel, stride, pad, pool_type, pooling_convention, global_pool, p_value, layout)
    x = to_front(data) if last else data
    if pool_type == "max":
        result = largest(x, windows)[0]
    else:
        result = _sum(x if pool_type == "sum" else floats(x) if pool_type == "avg" else floats(x) ** p_value, windows)
    if pool_type == "avg":
        result = result * (1 / _numbers(windows, pad, count_include_pad is None or count_include_pad)).astype(result.dtype)
    elif pool_type == "lp" and p_value > 1:
        nothing, sign = raw(result) == 0, np.sign(raw(result))  # an odd p keeps signs
        result = where(nothing, 0, where(nothing, 1, sign * result) ** (1 / p_value)) * sign
    return to_back(result) if last else result


def _sum(x, windows):
    if windows.kernel == windows.padded:
        return sum(x, axis=tuple(range(2, x.ndim)), keepdims=True)
    return summed(x, windows)


# --- a given number of windows ----------------------------------------------------------------------------------------------------


def _adaptive(name, data, output_size):
    """The bounds, from `start` to `stop`, of windows that cover each spatial axis as evenly as may be."""
    axes, _ = check_images(name, data, None)
    count = spatial(name, "output_size", output_size, axes, 1, 1)
    if 0 in data.shape[2:]:
        raise ValueError(f"{name}: data has one number at least along each spatial axis; its shape is {data.shape}")
    return [[(i * n // m, -(-(i + 1) * n // m)) for i in range(m)] for n, m in zip(data.shape[2:], count, strict=True)]


def adaptive_avg_pooling(data, output_size=1):
    """The means of as many windows as asked for, the i-th of m from ⌊i size / m⌋ to ⌈(i + 1) size / m⌉.

    Parameters
    ----------
    data : ndarray, shape (batch, channels, *size)
        With one, two or three spatial axes.
    output_size : int or tuple of int
        How many windows along each spatial axis.

    Returns
    -------
    ndarray, shape (batch, channels, *output_size)

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.adaptive_avg_pooling(np.array([[[1, 2, 3, 4, 5]]]), 3)
    array([[[1.5, 3. , 4.5]]])
    """
    bounds = _adaptive("adaptive_avg_pooling", data, output_size)
    result = floats(data)
    for axis, along in enumerate(bounds, 2):
        means = np.zeros((result.shape[axis], len(along)), result.dtype)
        for i, (start, stop) in enumerate(along):
            means[start:stop, i] = 1 / (stop - start)
        result = matmul(result.swapaxes(axis, -1), means).swapaxes(axis, -1)
    return result


def adaptive_max_pooling(data, output_size=1):
    """The largest numbers of as many windows as asked for: see `adaptive_avg_pooling`, and `pooling` for gradients.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.adaptive_max_pooling(np.array([[[1, 5, 3, 4, 2]]]), 3)
    array([[[5., 5., 4.]]])
    """
    bounds = _adaptive("adaptive_max_pooling", data, output_size)
    return picked(data, _places_of_cells(raw(data), bounds))


def _places_of_cells(x, bounds):
    """Of the last axes of `x`, cut at `bounds` into cells that may overlap: where each has its largest number, or -1."""
    size = x.shape[-len(bounds) :]
    places = np.full((*x.shape[: -len(bounds)], *map(len, bounds)), -1)
    for cell in np.ndindex(*map(len, bounds)):
        limits = [along[i] for along, i in zip(bounds, cell, strict=True)]
        part = x[(..., *[slice(*limit) for limit in limits])]
        if part.size:
            shape = part.shape[-len(bounds) :]
            found = np.unravel_index(part.reshape((*x.shape[: -len(bounds)], math.prod(shape))).argmax(axis=-1), shape)
            within = [start + i for (start, _), i in zip(limits, found, strict=True)]
            places[(..., *cell)] = np.ravel_multi_index(within, size)
    return places


def roi_pooling(data=None, rois=None, pooled_size=None, spatial_scale=None, out=None, name=None):
    """The largest numbers of a grid of cells in each of several regions of images.

    Parameters
    ----------
    data : ndarray, shape (batch, channels, height, width)
    rois : ndarray, shape (regions, 5)
        For each region the number of its image, and its corners (left, top, right, bottom). They are scaled and rounded, and are
        both inside. A region whose image is below 0 has zeros.
    pooled_size : int or tuple of int
        How many cells there are, (vertically, horizontally). They are equally large, up to rounding, and may overlap.
    spatial_scale : float
        The size of `data` over that of the image that the corners are for.
    out : ndarray, optional
        Where to write the result.
    name : str, optional
        Has no effect.

    Returns
    -------
    ndarray, shape (regions, channels, *pooled_size)
        0 for cells without a number. `rois` have no gradient.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> x = np.arange(16).reshape(1, 1, 4, 4)
    >>> npx.roi_pooling(x, np.array([[0, 0, 0, 3, 2]]), pooled_size=2, spatial_scale=1)
    array([[[[ 5.,  7.],
             [ 9., 11.]]]])
    """
    check_images("roi_pooling", data, None, dims=(2,))
    regions = raw(rois)
    if not isinstance(regions, np.ndarray) or regions.ndim != 2 or regions.shape[1] != 5:
        raise ValueError(f"roi_pooling: rois has shape (regions, 5), the image and four corners of each, not {np.shape(regions)}")
    if pooled_size is None or spatial_scale is None or not spatial_scale > 0:
        raise ValueError(
            f"roi_pooling: pooled_size and spatial_scale, above 0, are needed, not {pooled_size!r} and {spatial_scale!r}"
        )
    if not np.isfinite(regions).all():
        wrong = regions[~np.isfinite(regions).all(axis=1)][0]
        raise ValueError(f"roi_pooling: rois has finite numbers, the image and four corners of each region, not {wrong.tolist()}")
    count = spatial("roi_pooling", "pooled_size", pooled_size, 2, 1, 1)
    image = regions[:, 0].astype(np.int64)
    if (image >= len(data)).any():
        raise ValueError(f"roi_pooling: rois name images from 0 to {len(data) - 1}, as data has, not {image.max()}")
    corners = np.floor(regions[:, 1:].astype(np.float64) * spatial_scale + 0.5)
    limits = [_cells(corners[:, 1 - axis], corners[:, 3 - axis], count[axis], data.shape[2 + axis]) for axis in (0, 1)]
    places = _places_of_regions(raw(data), image, *limits)
    held = places >= 0
    planes = np.maximum(image, 0)[:, None] * data.shape[1] + np.arange(data.shape[1])
    flat = np.maximum(places, 0) + planes[..., None, None] * math.prod(data.shape[2:])
    return delivered("roi_pooling", out, where(held, take(data, flat), 0) if data.size else take(data, flat))


def _cells(first, last, count, size):
    """Bounds of `count` cells of each region from `first` to `last`, both inside: shape (regions, count, 2)."""
    step = np.maximum(last - first + 1, 1) / count
    cells = np.arange(count)
    starts, stops = np.floor(step[:, None] * cells), np.ceil(step[:, None] * (cells + 1))
    return np.clip(np.stack([starts, stops], axis=-1) + first[:, None, None], 0, size).astype(np.int64)


def _places_of_regions(x, image, rows, columns):
    """Where in the plane of its image each cell of each region has its largest number, or -1."""
    places = np.full((len(image), x.shape[1], rows.shape[1], columns.shape[1]), -1)
    if kernels.serves(x):
        cost = len(image) * x.size // max(1, len(x))
        kernels.split(fast.largest_of_cells, len(image), cost, x, image, rows, columns, places)
        return places
    for region, i in enumerate(image):
        if i >= 0:
            places[region] = _places_of_cells(x[i], [rows[region], columns[region]])
    return places
