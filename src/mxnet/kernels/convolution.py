"""Convolutions as sums that stay in registers: a few windows by many filters at a time, without a copy of the windows.

Images are flat, (image, channel, pixel), and windows are tables of offsets into a padded plane: `begins` says where each window
begins, `taps` where its numbers are from there, so that any number of axes, stride and dilation is the same to a kernel. Filters,
or channels, stand side by side in the vectors of `tile`. So weights come in an order of their own, and what has pixels along the
last axis is transposed, an image at a time, in blocks that stay in the cache.

Tables end with their last entry repeated, `SPARE` times: a tile may have more rows than are left, and computes the last one again.
"""

import numpy as np

from .compiler import kernel
from .vectors import tile, turn

__all__ = ["SPARE", "block", "cropped", "forward", "images", "padded", "transposed", "weights"]

SPARE = 12
_PIXELS = 96  # a multiple of the rows of every tile
_DEPTH = 512  # of sums at a time: what they read of the weights stays in the cache


@kernel
def block(rows, r, height, columns, k, n, a, ai, b, bi, steps, width, lanes, c, ci, targets, add):
    """`tile` over `height` rows from `r` and `width` numbers, a multiple of `lanes`."""
    many = a.itemsize * lanes >= 64  # processors with vectors as long have 32 registers, others often 16
    j = 0
    while j < width:
        vectors = (width - j) // lanes
        if vectors >= 4 and many:
            for i in range(r, r + height, 6):
                tile(6, 4, a, ai, rows, i, columns, k, b, bi + j, steps, n, c, ci + j, targets, add)
            j += 4 * lanes
        elif vectors >= 2:
            for i in range(r, r + height, 6):
                tile(6, 2, a, ai, rows, i, columns, k, b, bi + j, steps, n, c, ci + j, targets, add)
            j += 2 * lanes
        else:
            for i in range(r, r + height, 12):
                tile(12, 1, a, ai, rows, i, columns, k, b, bi + j, steps, n, c, ci + j, targets, add)
            j += lanes


@kernel
def transposed(a, ai, arow, height, width, lanes, out, oi, orow):
    """`out[oi + j * orow + i] = a[ai + i * arow + j]` for `height` i and `width` j."""
    if height < lanes or width < lanes:
        for i in range(height):
            for j in range(width):
                out[oi + j * orow + i] = a[ai + i * arow + j]
        return
    for i0 in range(0, height, lanes):
        i = min(i0, height - lanes)
        for j0 in range(0, width, lanes):
            j = min(j0, width - lanes)
            turn(a, ai + i * arow + j, arow, out, oi + j * orow + i, orow)


@kernel
def padded(x, at, channels, size, pad, space, out):
    """Copy the planes of `x` that begin at `at`, of three numbers `size`, into planes of `space`, which have zeros around them."""
    depth, height, width = size
    for c in range(channels):
        for d in range(depth):
            for h in range(height):
                o = ((c * space[0] + d + pad[0]) * space[1] + h + pad[1]) * space[2] + pad[2]
                for w in range(width):
                    out[o + w] = x[at + w]
                at += width


@kernel
def cropped(a, ai, rows, step, width, out):
    """The first `width` numbers of each of `rows` rows, `step` apart, side by side."""
    for i in range(rows):
        source, target = a[ai + i * step : ai + i * step + width], out[i * width : (i + 1) * width]
        for j in range(width):
            target[j] = source[j]


@kernel
def forward(
    start,
    stop,
    parts,
    x,
    groups,
    channels,
    size,
    pad,
    space,
    begins,
    windows,
    taps,
    w,
    steps,
    bias,
    filters,
    width,
    lanes,
    targets,
    out,
):
    """y = w * x + b. A unit of work is one of `parts` parts of the windows, of a group of an image.

    x, out: flat. w: (group, tap, `width`), where of `width` numbers the first `filters` count; `taps` are of all channels of a
    group, `steps` the rows of w, `targets` those of sums. bias: empty, if there is none.
    """
    plane = size[0] * size[1] * size[2]
    image = np.zeros(channels * space[0] * space[1] * space[2], x.dtype)
    sums = np.empty(_PIXELS * width, x.dtype)
    depth = taps.size
    blocks = (windows + _PIXELS - 1) // _PIXELS
    for unit in range(start, stop):
        which, part = unit // parts, unit % parts
        group = which % groups
        padded(x, which * channels * plane, channels, size, pad, space, image)
        first, last = blocks * part // parts * _PIXELS, min(windows, blocks * (part + 1) // parts * _PIXELS)
        for p in range(first, last, _PIXELS):
            count = min(_PIXELS, windows - p)
            for k in range(0, depth, _DEPTH):
                n, weight = min(_DEPTH, depth - k), group * depth * width
                block(begins, p, count, taps, k, n, image, 0, w, weight, steps, width, lanes, sums, -p * width, targets, k > 0)
            transposed(sums, 0, width, count, filters, lanes, out, which * filters * windows + p, windows)
        if bias.size:
            for f in range(filters):
                at = (which * filters + f) * windows
                row = out[at + first : at + last]
                for i in range(row.size):
                    row[i] += bias[group * filters + f]


@kernel
def images(
    start, stop, y, groups, filters, windows, rows, columns, w, steps, taps, targets, channels, size, pad, space, width, lanes, out
):
    """The transpose of `forward` for images. A unit of work is a group of an image.

    y, out: flat. w: (group, tap, filter, `width`), where of `width` numbers the first `channels` count. `rows` are 0, 1, … for each
    window, `columns` the planes of y; in a padded plane of vectors, windows begin at `targets`, and have their numbers at `taps`.
    """
    sums = np.empty(space[0] * space[1] * space[2] * width, y.dtype)
    image = np.empty(size[0] * size[1] * size[2] * width, y.dtype)
    for unit in range(start, stop):
        weight = unit % groups * taps.size * filters * width
        sums[:] = 0
        for tap in range(taps.size):
            b = weight + tap * filters * width
            for p in range(0, windows, _PIXELS):
                count = min(_PIXELS, windows - p)
                at = unit * filters * windows
                block(rows, p, count, columns, 0, filters, y, at, w, b, steps, width, lanes, sums, taps[tap], targets, True)
        for d in range(size[0]):
            a = (((d + pad[0]) * space[1] + pad[1]) * space[2] + pad[2]) * width
            cropped(sums, a, size[1], space[2] * width, size[2] * width, image[d * size[1] * size[2] * width :])
        plane = size[0] * size[1] * size[2]
        transposed(image, 0, width, plane, channels, lanes, out, unit * channels * plane, plane)


@kernel
def weights(
    start,
    stop,
    parts,
    batch,
    x,
    groups,
    channels,
    size,
    pad,
    space,
    taps,
    begins,
    windows,
    y,
    filters,
    steps,
    targets,
    width,
    lanes,
    out,
):
    """The transpose of `forward` for weights. A unit of work is one of `parts` parts of the images, with sums of its own.

    x, y: flat. out: (part, group, tap, `width`), of which the first `filters` count.
    """
    plane = size[0] * size[1] * size[2]
    depth = taps.size - SPARE
    image = np.zeros(channels * space[0] * space[1] * space[2], x.dtype)
    turned = np.zeros(windows * width, x.dtype)
    for part in range(start, stop):
        out[part * groups * depth * width : (part + 1) * groups * depth * width] = 0
        for unit in range(batch * part // parts * groups, batch * (part + 1) // parts * groups):
            padded(x, unit * channels * plane, channels, size, pad, space, image)
            transposed(y, unit * filters * windows, windows, filters, windows, lanes, turned, 0, width)
            c = (part * groups + unit % groups) * depth * width
            for p in range(0, windows, _PIXELS):
                n = min(_PIXELS, windows - p)
                block(taps, 0, depth, begins, p, n, image, 0, turned, 0, steps, width, lanes, out, c, targets, True)
