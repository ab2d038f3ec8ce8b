"""Convolution with kernels of 3×3 and stride 1 by Winograd's algorithm F(4×4, 3×3): 36 products for 16 results, not 144.

With matrices of small numbers, y = Aᵀ[(G w Gᵀ) ∘ (Bᵀ x B)]A for a tile y of 4×4 results, the 6×6 numbers x that they come from, and
a kernel w. Summed over channels, the product ∘ is 36 products of matrices, of tiles by channels and channels by filters. The
transposes have the same products: x gets (G w Gᵀ) turned around, and w gets Gᵀ[Σ (A y Aᵀ) ∘ (Bᵀ x B)]G.

Work is shared by rows of tiles, (image, row): a thread takes some at a time, so that what they need stays in the cache. Numbers are
transposed on the way in and out, so that channels, or filters, stand side by side in vectors; `wide` is their number, in whole
vectors. Images are flat, (image, channel, pixel).
"""

import numpy as np

from .compiler import kernel
from .convolution import SPARE, block, cropped, transposed
from .vectors import combination

__all__ = ["factors_of", "forward", "kernels_of", "weights"]

BT = (
    (4, 0, -5, 0, 1, 0),
    (0, -4, -4, 1, 1, 0),
    (0, 4, -4, -1, 1, 0),
    (0, -2, -1, 2, 1, 0),
    (0, 2, -1, -2, 1, 0),
    (0, 4, 0, -5, 0, 1),
)
AT = ((1, 1, 1, 1, 1, 0), (0, 1, -1, 2, -2, 0), (0, 1, 1, 4, 4, 0), (0, 1, -1, 8, -8, 1))
G = (
    (1 / 4, 0, 0),
    (-1 / 6, -1 / 6, -1 / 6),
    (-1 / 6, 1 / 6, -1 / 6),
    (1 / 24, 1 / 12, 1 / 6),
    (1 / 24, -1 / 12, 1 / 6),
    (0, 0, 1),
)
_TILES = 48  # at a time, if a row has not more

from_image = combination(BT)
from_kernel, to_kernel = combination(G), combination(tuple(zip(*G, strict=True)))
to_results, from_results = combination(AT), combination(tuple(zip(*AT, strict=True)))


@kernel
def factors_of(start, stop, w, turned, channels, filters, wide, lanes, out):
    """G w Gᵀ of kernels (filter, channel, 9), for the channels from `start` to `stop`: out has (36, channel, `wide`).

    With `turned`, w is (channel, filter, 9), and its kernels are turned around.
    """
    nine = np.zeros(9 * wide, w.dtype)
    square = np.empty(18 * lanes, w.dtype)
    for c in range(start, stop):
        for f in range(filters):
            for t in range(9):
                nine[t * wide + f] = w[(c * filters + f) * 9 + 8 - t] if turned else w[(f * channels + c) * 9 + t]
        for f in range(0, wide, lanes):
            for j in range(3):
                from_kernel(nine, j * wide + f, 3 * wide, square, j * lanes, 3 * lanes)
            for i in range(6):
                from_kernel(square, 3 * i * lanes, lanes, out, (6 * i * channels + c) * wide + f, channels * wide)


@kernel
def kernels_of(start, stop, factors, parts, channels, filters, wide, lanes, out):
    """Gᵀ u G of the sum of `parts` arrays u, (36, channel, `wide`) each: out has (filter, channel, 9)."""
    total = np.empty(36 * wide, factors.dtype)
    nine = np.empty(9 * wide, factors.dtype)
    square = np.empty(18 * lanes, factors.dtype)
    for c in range(start, stop):
        for m in range(36):
            target = total[m * wide : (m + 1) * wide]
            target[:] = 0
            for part in range(parts):
                at = ((part * 36 + m) * channels + c) * wide
                source = factors[at : at + wide]
                for f in range(wide):
                    target[f] += source[f]
        for f in range(0, wide, lanes):
            for j in range(6):
                to_kernel(total, j * wide + f, 6 * wide, square, j * lanes, 6 * lanes)
            for i in range(3):
                to_kernel(square, 6 * i * lanes, lanes, nine, 3 * i * wide + f, wide)
        for f in range(filters):
            for t in range(9):
                out[(f * channels + c) * 9 + t] = nine[t * wide + f]


@kernel
def strip(x, plane, channels, height, width, first, count, pad, wide, lanes, space, turned, out):
    """`count` rows of an image from `first` on, with zeros outside and `pad` to the left: out has (row, `space`, `wide`)."""
    begin, end = max(0, first), min(height, first + count)
    if begin < end:
        transposed(x, plane + begin * width, height * width, channels, (end - begin) * width, lanes, turned, 0, wide)
    for row in range(first, first + count):
        target = out[(row - first) * space * wide : (row - first + 1) * space * wide]
        start, stop = (pad * wide, (pad + width) * wide) if begin <= row < end else (0, 0)
        target[:start] = 0
        target[stop:] = 0
        shift = (row - begin) * width * wide - start
        for i in range(start, stop):
            target[i] = turned[shift + i]


@kernel
def transformed(start, stop, across, x, channels, height, width, pad, wide, lanes, strips, turned, square, out):
    """Bᵀ x B of the rows of tiles from `start` to `stop`, with `across` tiles each: out has (36, tile, `wide`)."""
    high = (height + 2 * pad + 1) // 4  # rows of tiles in an image
    tiles = (stop - start) * across
    space = 4 * across + 2
    for row in range(start, stop):
        plane = row // high * channels * height * width
        strip(x, plane, channels, height, width, row % high * 4 - pad, 6, pad, wide, lanes, space, turned, strips)
        for t in range(across):
            at = (row - start) * across + t
            for c in range(0, wide, lanes):
                for i in range(6):
                    from_image(strips, (i * space + 4 * t) * wide + c, wide, square, 6 * i * lanes, lanes)
                for j in range(6):
                    from_image(square, j * lanes, 6 * lanes, out, (j * tiles + at) * wide + c, 6 * tiles * wide)


@kernel
def forward(
    start, stop, x, channels, height, width, pad, inside, w, bias, filters, outside, lanes, across, steps, rows, targets, out
):
    """y = w * x + b. w: (36, channel, `outside`); tiles are rows of matrices, which begin at `rows` for x, `targets` for y."""
    down, right = height + 2 * pad - 2, width + 2 * pad - 2
    high = (down + 3) // 4
    chunk = max(1, _TILES // across)
    columns = np.arange(channels)
    space = 4 * across
    strips = np.empty(6 * (space + 2) * inside, x.dtype)
    turned = np.empty(6 * width * inside, x.dtype)
    square = np.empty(36 * lanes, x.dtype)
    numbers = np.empty((36 * chunk * across + SPARE) * inside, x.dtype)
    products = np.empty((36 * chunk * across + SPARE) * outside, x.dtype)
    results = np.empty(4 * space * outside, x.dtype)
    inner = np.empty(4 * right * outside, x.dtype)
    for q in range(start, stop, chunk):
        end = min(q + chunk, stop)
        tiles = (end - q) * across
        transformed(q, end, across, x, channels, height, width, pad, inside, lanes, strips, turned, square, numbers)
        for m in range(36):
            a, b, c = m * tiles * inside, m * channels * outside, m * tiles * outside
            block(rows, 0, tiles, columns, 0, channels, numbers, a, w, b, steps, outside, lanes, products, c, targets, False)
        for row in range(q, end):
            for t in range(across):
                at = (row - q) * across + t
                for f in range(0, outside, lanes):
                    for j in range(6):
                        to_results(products, (j * tiles + at) * outside + f, 6 * tiles * outside, square, j * lanes, 6 * lanes)
                    for i in range(4):
                        to_results(square, 6 * i * lanes, lanes, results, (i * space + 4 * t) * outside + f, outside)
            first = row % high * 4
            count = min(4, down - first)
            o = (row // high * filters * down + first) * right
            if right < space:  # drop what is beyond the right edge
                cropped(results, 0, count, space * outside, right * outside, inner)
                transposed(inner, 0, outside, count * right, filters, lanes, out, o, down * right)
            else:
                transposed(results, 0, outside, count * right, filters, lanes, out, o, down * right)
            if bias.size:
                for f in range(filters):
                    of_filter = out[o + f * down * right : o + f * down * right + count * right]
                    for i in range(of_filter.size):
                        of_filter[i] += bias[f]


@kernel
def weights(
    start,
    stop,
    parts,
    batch,
    x,
    channels,
    height,
    width,
    pad,
    inside,
    y,
    filters,
    outside,
    lanes,
    across,
    columns,
    steps,
    rows,
    targets,
    out,
):
    """Σ (A y Aᵀ) ∘ (Bᵀ x B), of each of `parts` parts of the rows of tiles: out has (part, 36, channel, `outside`)."""
    down, right = height + 2 * pad - 2, width + 2 * pad - 2
    high = (down + 3) // 4
    chunk = max(1, 2 * _TILES // across)
    space = 4 * across
    strips = np.empty(6 * (space + 2) * inside, x.dtype)
    turned = np.empty(6 * width * inside, x.dtype)
    square = np.empty(36 * lanes, x.dtype)
    numbers = np.empty((36 * chunk * across + SPARE) * inside, x.dtype)
    results = np.zeros(4 * (space + 2) * outside, x.dtype)
    turned_results = np.zeros(4 * right * outside, x.dtype)
    factors = np.empty(36 * chunk * across * outside, x.dtype)
    size = 36 * channels * outside
    for part in range(start, stop):
        out[part * size : (part + 1) * size] = 0
        last = batch * high * (part + 1) // parts
        for q in range(batch * high * part // parts, last, chunk):
            end = min(q + chunk, last)
            tiles = (end - q) * across
            transformed(q, end, across, x, channels, height, width, pad, inside, lanes, strips, turned, square, numbers)
            for row in range(q, end):
                plane = row // high * filters * down * right
                strip(y, plane, filters, down, right, row % high * 4, 4, 0, outside, lanes, space, turned_results, results)
                for t in range(across):
                    at = (row - q) * across + t
                    for f in range(0, outside, lanes):
                        for i in range(4):
                            from_results(results, (i * space + 4 * t) * outside + f, outside, square, 6 * i * lanes, lanes)
                        for j in range(6):
                            from_results(square, j * lanes, 6 * lanes, factors, (j * tiles + at) * outside + f, 6 * tiles * outside)
            for m in range(36):
                a, b, c = m * tiles * inside, m * tiles * outside, part * size + m * channels * outside
                block(rows, 0, channels, columns, 0, tiles, numbers, a, factors, b, steps, outside, lanes, out, c, targets, True)
