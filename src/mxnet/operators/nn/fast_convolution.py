"""Convolution by kernels: which of them, and the tables of offsets and the order of weights that they want.

Each function does what the operator of its name in `convolution` does, or returns None.
"""

import functools
import math

import numpy as np

from ... import kernels
from ...kernels import convolution as direct
from ...kernels import planes, winograd
from ...kernels.vectors import lanes

_LEAST = 2**17  # products from which the kernels pay


def serve(windows, groups, batch, filters, channels, *arrays):
    """The arrays, contiguous, if the kernels are for this convolution from `channels` to `filters`; else None."""
    products = batch * math.prod(windows.count) * math.prod(windows.kernel) * filters * channels // groups
    if products < _LEAST:
        return None
    arrays = [a if a is None else np.ascontiguousarray(a) for a in arrays]
    return arrays if kernels.serves(*arrays, least=1) else None


def convolved(x, w, b, windows, groups):
    """Of the operator `convolved`, what kernels serve; else None."""
    arrays = serve(windows, groups, len(x), len(w), x.shape[1], x, w, b)
    if arrays is None:
        return None
    if is_winograd(windows, groups, len(w), x.shape[1]):
        return winograd_forward(*arrays, windows.pad[0])
    return (thin_forward if is_thin(windows, groups, len(w), x.shape[1]) else forward)(*arrays, windows, groups)


def spread(y, w, windows, groups):
    """The same of `spread`."""
    channels = w.shape[1] * groups
    arrays = serve(windows, groups, len(y), len(w), channels, y, w)
    if arrays is None:
        return None
    if is_winograd(windows, groups, len(w), channels):
        return winograd_images(*arrays, windows)
    return (thin_images if is_thin(windows, groups, len(w), channels) else images)(*arrays, windows, groups)


def correlated(x, y, windows, groups):
    """The same of `correlated`."""
    arrays = serve(windows, groups, len(x), y.shape[1], x.shape[1], x, y)
    if arrays is None:
        return None
    if is_winograd(windows, groups, y.shape[1], x.shape[1]):
        return winograd_weights(*arrays, windows.kernel[0], windows.pad[0])
    return (thin_weights if is_thin(windows, groups, y.shape[1], x.shape[1]) else weights)(*arrays, windows, groups)


def _spare(table):
    return np.concatenate([table, np.repeat(table[-1:], direct.SPARE)])


@functools.lru_cache(maxsize=64)
def _tables(windows):
    """Size, padding, padded size, three numbers each; where in a padded plane windows begin, and have their numbers from there."""
    missing = 3 - len(windows.size)
    space = (1,) * missing + windows.padded
    plane = np.arange(math.prod(space)).reshape(windows.padded)
    places = list(windows.slices())
    begins = plane[places[0]].ravel()
    taps = np.array([plane[tuple(along.start for along in place)] for place in places])
    return (1,) * missing + windows.size, (0,) * missing + windows.pad, space, begins, taps


def _wide(numbers, dtype):
    """At least as many, in whole vectors."""
    return -(-numbers // lanes(dtype)) * lanes(dtype)


def _packed(weights, width):
    """The last axis of `weights` filled up to `width` with zeros; flat."""
    result = np.zeros((*weights.shape[:-1], width), weights.dtype)
    result[..., : weights.shape[-1]] = weights
    return result.reshape(result.size)


def _cost(windows, batch, filters, channels):
    """Nanoseconds, roughly."""
    return batch * math.prod(windows.count) * math.prod(windows.kernel) * filters * channels // 50


def forward(x, w, b, windows, groups):
    """The convolution, by sums in registers."""
    batch, filters, channels = len(x), len(w) // groups, w.shape[1]
    size, pad, space, begins, taps = _tables(windows)
    width, count, depth = _wide(filters, x.dtype), len(begins), channels * len(taps)
    weight = _packed(w.reshape(groups, filters, depth).swapaxes(1, 2), width)
    bias = np.empty(0, x.dtype) if b is None else np.ascontiguousarray(b)
    offsets = (math.prod(space) * np.arange(channels)[:, None] + taps).ravel()
    out = np.empty((batch, groups * filters, *windows.count), x.dtype)
    units = batch * groups
    parts = max(1, min(2 * kernels.num_threads() // units, count // 48))
    kernels.split(
        direct.forward,
        units * parts,
        _cost(windows, batch, groups * filters, channels),
        *(parts, x.reshape(x.size), groups, channels, size, pad, space),
        *(_spare(begins), count, offsets, weight, width * np.arange(depth), bias, filters, width, lanes(x.dtype)),
        *(width * np.arange(count + direct.SPARE), out.reshape(out.size)),
    )
    return out


def images(y, w, windows, groups):
    """Its transpose for images."""
    batch, filters, channels = len(y), len(w) // groups, w.shape[1]
    size, pad, space, begins, taps = _tables(windows)
    width, count = _wide(channels, y.dtype), len(begins)
    weight = _packed(w.reshape(groups, filters, channels, len(taps)).transpose(0, 3, 1, 2), width)
    out = np.empty((batch, groups * channels, *windows.size), y.dtype)
    kernels.split(
        direct.images,
        batch * groups,
        _cost(windows, batch, groups * filters, channels),
        *(y.reshape(y.size), groups, filters, count, _spare(np.arange(count)), count * np.arange(filters)),
        *(weight, width * np.arange(filters), width * taps, width * _spare(begins)),
        *(channels, size, pad, space, width, lanes(y.dtype), out.reshape(out.size)),
    )
    return out


def weights(x, y, windows, groups):
    """Its transpose for weights."""
    batch, filters, channels = len(x), y.shape[1] // groups, x.shape[1] // groups
    size, pad, space, begins, taps = _tables(windows)
    width, count, depth = _wide(filters, x.dtype), len(begins), channels * len(taps)
    offsets = (math.prod(space) * np.arange(channels)[:, None] + taps).ravel()
    parts = min(kernels.num_threads(), batch)
    out = np.empty((parts, groups, depth, width), x.dtype)
    kernels.split(
        direct.weights,
        parts,
        _cost(windows, batch, groups * filters, channels),
        *(parts, batch, x.reshape(x.size), groups, channels, size, pad, space, _spare(offsets), begins, count),
        *(y.reshape(y.size), filters, width * np.arange(count), width * _spare(np.arange(depth)), width, lanes(x.dtype)),
        out.reshape(out.size),
    )
    result = np.empty((groups * filters, channels, *windows.kernel), x.dtype)
    np.sum(out[..., :filters].swapaxes(2, 3), axis=0, out=result.reshape(groups, filters, depth))
    return result


# --- kernels of 3×3 and 5×5, stride 1 ---------------------------------------------------------------------------------------------


def is_winograd(windows, groups, filters, channels):
    """Whether Winograd's algorithm is for this convolution, and faster."""
    return (
        windows.kernel in ((3, 3), (5, 5))
        and windows.stride == windows.dilate == (1, 1)
        and windows.pad == windows.after
        and windows.pad[0] == windows.pad[1] < windows.kernel[0]
        and groups == 1
        and min(filters, channels) >= 16
        and min(windows.count) >= 3
    )


def winograd_forward(x, w, b, pad, turned=False):
    """The convolution of `x` with `w`, of shape (filters, channels, r, r), or with its transpose, (channels, filters, r, r)."""
    (batch, channels, height, width), filters = x.shape, w.shape[1 if turned else 0]
    r = w.shape[2]
    m = 7 - r  # the size of a tile
    down, right = height + 2 * pad - r + 1, width + 2 * pad - r + 1
    across = -(-right // m)
    inside, outside = _wide(channels, x.dtype), _wide(filters, x.dtype)
    weight = np.empty(36 * channels * outside, x.dtype)
    sizes = channels, filters, outside, lanes(x.dtype)
    kernels.split(winograd.factors_of, channels, 3 * weight.size, w.reshape(w.size), r, turned, turned, *sizes, weight)
    rows = np.arange(max(48, across) + direct.SPARE)
    out = np.empty((batch, filters, down, right), x.dtype)
    kernels.split(
        winograd.forward,
        batch * -(-down // m),
        out.size * channels // 10,
        *(x.reshape(x.size), m, channels, height, width, pad, inside, weight),
        *(np.empty(0, x.dtype) if b is None else np.ascontiguousarray(b), filters, outside, lanes(x.dtype), across),
        *(outside * np.arange(channels), inside * rows, outside * rows, out.reshape(out.size)),
    )
    return out


def winograd_images(y, w, windows):
    """The transpose for images."""
    (batch, filters, down, right), channels, r = y.shape, w.shape[1], w.shape[2]
    m, pad = 7 - r, windows.pad[0]
    (height, width), across = windows.size, -(-right // m)
    if -(-down // m) * across * 1.2 >= -(-height // m) * -(-width // m):
        return winograd_forward(y, w, None, r - 1 - pad, turned=True)
    inside, outside = _wide(channels, y.dtype), _wide(filters, y.dtype)
    weight = np.empty(36 * filters * inside, y.dtype)
    sizes = filters, channels, inside, lanes(y.dtype)
    kernels.split(winograd.factors_of, filters, 3 * weight.size, w.reshape(w.size), r, True, False, *sizes, weight)
    rows = np.arange(max(48, across) + direct.SPARE)
    out = np.empty((batch, channels, height, width), y.dtype)
    kernels.split(
        winograd.images,
        batch,
        out.size * filters // 10,
        *(y.reshape(y.size), m, filters, down, right, outside, weight, channels, height, width, pad, inside, lanes(y.dtype)),
        *(across, inside * np.arange(filters), outside * rows, inside * rows, out.reshape(out.size)),
    )
    return out


def winograd_weights(x, y, r, pad):
    """The transpose for weights, (filters, channels, r, r)."""
    (batch, channels, height, width), filters = x.shape, y.shape[1]
    inside, outside = _wide(channels, x.dtype), _wide(filters, x.dtype)
    m = 7 - r
    across, high = -(-y.shape[3] // m), -(-y.shape[2] // m)
    tiles = np.arange(max(96, across))
    rows = _spare(np.arange(channels))
    parts = min(kernels.num_threads(), batch * high)
    out = np.empty((parts, 36, channels, outside), x.dtype)
    kernels.split(
        winograd.weights,
        parts,
        y.size * channels // 10,
        *(parts, batch, x.reshape(x.size), m, channels, height, width, pad, inside, y.reshape(y.size), filters, outside),
        *(lanes(x.dtype), across, inside * tiles, outside * tiles, rows, outside * rows, out.reshape(out.size)),
    )
    result = np.empty((filters, channels, r, r), x.dtype)
    sizes = r, parts, channels, filters, outside, lanes(x.dtype)
    kernels.split(winograd.kernels_of, channels, out.size, out.reshape(out.size), *sizes, result.reshape(result.size))
    return result


# --- few channels or filters ------------------------------------------------------------------------------------------------------


def is_thin(windows, groups, filters, channels):
    """Whether vectors of channels or filters would be too short, and vectors of pixels are faster."""
    fewer, more = sorted((filters // groups, channels // groups))
    return more < 8 or (fewer < 8 and math.prod(windows.stride) == 1)


def _three(windows):
    """How many windows there are, and their stride, three numbers each; how far it is to the last window."""
    missing = (1,) * (3 - len(windows.size))
    return missing + windows.count, missing + windows.stride, int(_tables(windows)[3][-1]) + 1


def _blocks(length, dtype):
    """At least as many, in blocks of four vectors."""
    return -(-length // (4 * lanes(dtype))) * 4 * lanes(dtype)


def thin_forward(x, w, b, windows, groups):
    """The convolution, by planes."""
    batch, filters, channels = len(x), len(w) // groups, w.shape[1]
    size, pad, space, _, taps = _tables(windows)
    count, stride, length = _three(windows)
    length, depth = _blocks(length, x.dtype), channels * len(taps)
    bias = np.empty(0, x.dtype) if b is None else np.ascontiguousarray(b)
    rows = _spare(np.arange(filters))
    offsets = (math.prod(space) * np.arange(channels)[:, None] + taps).ravel()
    out = np.empty((batch, groups * filters, *windows.count), x.dtype)
    kernels.split(
        planes.forward,
        batch * groups,
        _cost(windows, batch, groups * filters, channels),
        *(x.reshape(x.size), w.reshape(w.size), bias, groups, channels, filters, size, pad, space, count, stride, length),
        *(lanes(x.dtype), depth * rows, np.arange(depth), offsets, length * rows, out.reshape(out.size)),
    )
    return out


def thin_images(y, w, windows, groups):
    """Its transpose for images."""
    batch, filters, channels = len(y), len(w) // groups, w.shape[1]
    size, pad, space, _, taps = _tables(windows)
    count, stride, _ = _three(windows)
    length, front = _blocks(math.prod(space), y.dtype), int(taps[-1])
    rows = _spare(np.arange(channels))
    columns = (channels * len(taps) * np.arange(filters)[:, None] + np.arange(len(taps))).ravel()
    steps = ((front + length) * np.arange(filters)[:, None] + front - taps).ravel()
    out = np.empty((batch, groups * channels, *windows.size), y.dtype)
    kernels.split(
        planes.images,
        batch * groups,
        _cost(windows, batch, groups * filters, channels),
        *(y.reshape(y.size), w.reshape(w.size), groups, channels, filters, size, pad, space, count, stride, length),
        *(lanes(y.dtype), len(taps) * rows, columns, steps, length * rows, front, out.reshape(out.size)),
    )
    return out


def thin_weights(x, y, windows, groups):
    """Its transpose for weights."""
    batch, filters, channels = len(x), y.shape[1] // groups, x.shape[1] // groups
    size, pad, space, _, taps = _tables(windows)
    count, stride, length = _three(windows)
    offsets = (math.prod(space) * np.arange(channels)[:, None] + taps).ravel()
    parts = min(kernels.num_threads(), batch)
    out = np.empty((parts, groups * filters, channels, *windows.kernel), x.dtype)
    kernels.split(
        planes.weights,
        parts,
        _cost(windows, batch, groups * filters, channels),
        *(parts, batch, x.reshape(x.size), y.reshape(y.size), groups, channels, filters, size, pad, space, count, stride),
        *(length, offsets, out.reshape(out.size)),
    )
    return out.sum(axis=0)
