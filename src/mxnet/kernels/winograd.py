"""Convolution with stride 1 by Winograd's algorithm: 36 products for a tile of 4×4 results of kernels of 3×3, not 144, or for one
of 2×2 results of kernels of 5×5, not 100.

With matrices of small numbers, y = Aᵀ[(G w Gᵀ) ∘ (Bᵀ x B)]A for a tile y of m×m results, the 6×6 numbers x that they come from,
and a kernel w of r×r, where m + r = 7. Summed over channels, the product ∘ is 36 products of matrices, of tiles by channels and
channels by filters. The transposes have the same products: w gets Gᵀ[Σ (A y Aᵀ) ∘ (Bᵀ x B)]G, and x gets B[(G w Gᵀ) ∘ (A y Aᵀ)]Bᵀ,
or the convolution with kernels turned around, whichever has fewer tiles. The numbers belong to the points 0, 1, -1, 2, -2 and
infinity, at which the algorithm multiplies polynomials.

Work is shared by rows of tiles, (image, row): a thread takes some at a time, so that what they need stays in the cache. Numbers are
transposed on the way in and out, so that channels, or filters, stand side by side in vectors; `wide` is their number, in whole
vectors. Images are flat, (image, channel, pixel).
"""

import numpy as np

from .compiler import kernel
from .convolution import SPARE, block, cropped, transposed
from .vectors import combination

__all__ = ["factors_of", "forward", "images", "kernels_of", "weights"]

POINTS = (0, 1, -1, 2, -2)
SCALES = (1 / 4, -1 / 6, -1 / 6, 1 / 24, 1 / 24)
BT = (
    (4, 0, -5, 0, 1, 0),
    (0, -4, -4, 1, 1, 0),
    (0, 4, -4, -1, 1, 0),
    (0, -2, -1, 2, 1, 0),
    (0, 2, -1, -2, 1, 0),
    (0, 4, 0, -5, 0, 1),
)


def G(r):
    return (
        *[tuple(scale * point**k for k in range(r)) for point, scale in zip(POINTS, SCALES, strict=True)],
        (0,) * (r - 1) + (1,),
    )


def AT(m):
    return tuple((*[point**k for point in POINTS], int(k == m - 1)) for k in range(m))


def transpose(matrix):
    return tuple(zip(*matrix, strict=True))


_TILES = 48  # at a time, if a row has not more

from_image, to_image = combination(BT), combination(transpose(BT))
add_to_image = combination(transpose(BT), add=True)
from_kernel_3, to_kernel_3 = combination(G(3)), combination(transpose(G(3)))
from_kernel_5, to_kernel_5 = combination(G(5)), combination(transpose(G(5)))
to_results_4, from_results_4 = combination(AT(4)), combination(transpose(AT(4)))
to_results_2, from_results_2 = combination(AT(2)), combination(transpose(AT(2)))


@kernel
def from_kernel(r, a, ai, step, out, oi, ostep):
    if r == 3:
        from_kernel_3(a, ai, step, out, oi, ostep)
    else:
        from_kernel_5(a, ai, step, out, oi, ostep)


@kernel
def to_kernel(r, a, ai, step, out, oi, ostep):
    if r == 3:
        to_kernel_3(a, ai, step, out, oi, ostep)
    else:
        to_kernel_5(a, ai, step, out, oi, ostep)


@kernel
def to_results(m, a, ai, step, out, oi, ostep):
    if m == 4:
        to_results_4(a, ai, step, out, oi, ostep)
    else:
        to_results_2(a, ai, step, out, oi, ostep)


@kernel
def from_results(m, a, ai, step, out, oi, ostep):
    if m == 4:
        from_results_4(a, ai, step, out, oi, ostep)
    else:
        from_results_2(a, ai, step, out, oi, ostep)


@kernel
def factors_of(start, stop, w, r, swapped, turned, channels, filters, wide, lanes, out):
    """G w Gᵀ of kernels (filter, channel, r²), for the channels from `start` to `stop`: out has (36, channel, `wide`).

    With `swapped`, w is (channel, filter, r²); with `turned`, kernels are turned around.
    """
    taps = r * r
    numbers = np.zeros(taps * wide, w.dtype)
    square = np.empty(6 * r * lanes, w.dtype)
    for c in range(start, stop):
        for f in range(filters):
            for t in range(taps):
                at = (c * filters + f if swapped else f * channels + c) * taps
                numbers[t * wide + f] = w[at + taps - 1 - t if turned else at + t]
        for f in range(0, wide, lanes):
            for j in range(r):
                from_kernel(r, numbers, j * wide + f, r * wide, square, j * lanes, r * lanes)
            for i in range(6):
                from_kernel(r, square, r * i * lanes, lanes, out, (6 * i * channels + c) * wide + f, channels * wide)


@kernel
def kernels_of(start, stop, factors, r, parts, channels, filters, wide, lanes, out):
    """Gᵀ u G of the sum of `parts` arrays u, (36, channel, `wide`) each: out has (filter, channel, r²)."""
    taps = r * r
    total = np.empty(36 * wide, factors.dtype)
    numbers = np.empty(taps * wide, factors.dtype)
    square = np.empty(6 * r * lanes, factors.dtype)
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
                to_kernel(r, total, j * wide + f, 6 * wide, square, j * lanes, 6 * lanes)
            for i in range(r):
                to_kernel(r, square, 6 * i * lanes, lanes, numbers, r * i * wide + f, wide)
        for f in range(filters):
            for t in range(taps):
                out[(f * channels + c) * taps + t] = numbers[t * wide + f]


@kernel
def strip(x, plane, channels, height, width, first, count, pad, wide, lanes, space, turned, out):
    """`count` rows of an image from `first` on, with zeros outside and `pad` to the left: out has (row, `space`, `wide`)."""
    begin, end = max(0, first), min(height, first + count)
    together = width < lanes and begin < end  # rows too short to be transposed one by one
    if together:
        transposed(x, plane + begin * width, height * width, channels, (end - begin) * width, lanes, turned, 0, wide)
    for row in range(first, first + count):
        at = (row - first) * space
        target = out[at * wide : (at + space) * wide]
        if not begin <= row < end:
            target[:] = 0
            continue
        target[: pad * wide] = 0
        target[(pad + width) * wide :] = 0
        if together:
            inner, source = target[pad * wide : (pad + width) * wide], turned[(row - begin) * width * wide :]
            for i in range(inner.size):
                inner[i] = source[i]
        else:
            transposed(x, plane + row * width, height * width, channels, width, lanes, out, (at + pad) * wide, wide)


@kernel
def transformed(start, stop, across, x, m, channels, height, width, pad, wide, lanes, strips, turned, square, out):
    """Bᵀ x B of the rows of tiles from `start` to `stop`, with `across` tiles each: out has (36, tile, `wide`)."""
    high = (height + 2 * pad + 2 * m - 7) // m  # rows of tiles in an image
    tiles = (stop - start) * across
    space = m * across + 6 - m
    for row in range(start, stop):
        plane = row // high * channels * height * width
        strip(x, plane, channels, height, width, row % high * m - pad, 6, pad, wide, lanes, space, turned, strips)
        for t in range(across):
            at = (row - start) * across + t
            for c in range(0, wide, lanes):
                for i in range(6):
                    from_image(strips, (i * space + m * t) * wide + c, wide, square, 6 * i * lanes, lanes)
                for j in range(6):
                    from_image(square, j * lanes, 6 * lanes, out, (j * tiles + at) * wide + c, 6 * tiles * wide)


@kernel
def transformed_results(start, stop, across, y, m, filters, down, right, wide, lanes, strips, turned, square, out):
    """A y Aᵀ of the rows of tiles from `start` to `stop`: out has (36, tile, `wide`)."""
    high = (down + m - 1) // m
    tiles = (stop - start) * across
    space = m * across
    for row in range(start, stop):
        plane = row // high * filters * down * right
        strip(y, plane, filters, down, right, row % high * m, m, 0, wide, lanes, space, turned, strips)
        for t in range(across):
            at = (row - start) * across + t
            for f in range(0, wide, lanes):
                for i in range(m):
                    from_results(m, strips, (i * space + m * t) * wide + f, wide, square, 6 * i * lanes, lanes)
                for j in range(6):
                    from_results(m, square, j * lanes, 6 * lanes, out, (j * tiles + at) * wide + f, 6 * tiles * wide)


@kernel
def forward(
    start, stop, x, m, channels, height, width, pad, inside, w, bias, filters, outside, lanes, across, steps, rows, targets, out
):
    """y = w * x + b. w: (36, channel, `outside`); tiles are rows of matrices, which begin at `rows` for x, `targets` for y."""
    down, right = height + 2 * pad + m - 6, width + 2 * pad + m - 6
    high = (down + m - 1) // m
    chunk = max(1, _TILES // across)
    columns = np.arange(channels)
    space = m * across
    strips = np.empty(6 * (space + 6 - m) * inside, x.dtype)
    turned = np.zeros(6 * width * inside, x.dtype)
    square = np.empty(36 * lanes, x.dtype)
    numbers = np.empty((36 * chunk * across + SPARE) * inside, x.dtype)
    products = np.empty((36 * chunk * across + SPARE) * outside, x.dtype)
    results = np.empty(m * space * outside, x.dtype)
    inner = np.empty(m * right * outside, x.dtype)
    for q in range(start, stop, chunk):
        end = min(q + chunk, stop)
        tiles = (end - q) * across
        transformed(q, end, across, x, m, channels, height, width, pad, inside, lanes, strips, turned, square, numbers)
        for u in range(36):
            a, b, c = u * tiles * inside, u * channels * outside, u * tiles * outside
            block(rows, 0, tiles, columns, 0, channels, numbers, a, w, b, steps, outside, lanes, products, c, targets, False)
        for row in range(q, end):
            for t in range(across):
                at = (row - q) * across + t
                for f in range(0, outside, lanes):
                    for j in range(6):
                        to_results(m, products, (j * tiles + at) * outside + f, 6 * tiles * outside, square, j * lanes, 6 * lanes)
                    for i in range(m):
                        to_results(m, square, 6 * i * lanes, lanes, results, (i * space + m * t) * outside + f, outside)
            first = row % high * m
            count = min(m, down - first)
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
def images(
    start,
    stop,
    y,
    m,
    filters,
    down,
    right,
    outside,
    w,
    channels,
    height,
    width,
    pad,
    inside,
    lanes,
    across,
    steps,
    rows,
    targets,
    out,
):
    """B[(G w Gᵀ) ∘ (A y Aᵀ)]Bᵀ, where tiles overlap, summed. A unit of work is an image. w: (36, filter, `inside`)."""
    high = (down + m - 1) // m
    chunk = max(1, _TILES // across)
    space = m * across + 6 - m
    columns = np.arange(filters)
    strips = np.empty(m * m * across * outside, y.dtype)
    turned = np.zeros(m * right * outside, y.dtype)
    square = np.empty(36 * lanes, y.dtype)
    numbers = np.empty((36 * chunk * across + SPARE) * outside, y.dtype)
    products = np.empty((36 * chunk * across + SPARE) * inside, y.dtype)
    sums = np.empty((m * high + 6 - m) * space * inside, y.dtype)
    image = np.empty(height * width * inside, y.dtype)
    for n in range(start, stop):
        sums[:] = 0
        for q in range(0, high, chunk):
            end = min(q + chunk, high)
            tiles = (end - q) * across
            first = n * high + q
            transformed_results(
                first, first + end - q, across, y, m, filters, down, right, outside, lanes, strips, turned, square, numbers
            )
            for u in range(36):
                a, b, c = u * tiles * outside, u * filters * inside, u * tiles * inside
                block(rows, 0, tiles, columns, 0, filters, numbers, a, w, b, steps, inside, lanes, products, c, targets, False)
            for at in range(tiles):
                begin = (q + at // across) * m * space + at % across * m
                for c in range(0, inside, lanes):
                    for j in range(6):
                        to_image(products, (j * tiles + at) * inside + c, 6 * tiles * inside, square, j * lanes, 6 * lanes)
                    for i in range(6):
                        add_to_image(square, 6 * i * lanes, lanes, sums, (begin + i * space) * inside + c, inside)
        cropped(sums, (pad * space + pad) * inside, height, space * inside, width * inside, image)
        transposed(image, 0, inside, height * width, channels, lanes, out, n * channels * height * width, height * width)


@kernel
def weights(
    start,
    stop,
    parts,
    batch,
    x,
    m,
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
    down, right = height + 2 * pad + m - 6, width + 2 * pad + m - 6
    high = (down + m - 1) // m
    chunk = max(1, 2 * _TILES // across)
    space = m * across
    strips = np.empty(6 * (space + 6 - m) * inside, x.dtype)
    turned = np.zeros(6 * width * inside, x.dtype)
    square = np.empty(36 * lanes, x.dtype)
    numbers = np.empty((36 * chunk * across + SPARE) * inside, x.dtype)
    results = np.zeros(m * space * outside, x.dtype)
    turned_results = np.zeros(m * right * outside, x.dtype)
    factors = np.empty(36 * chunk * across * outside, x.dtype)
    size = 36 * channels * outside
    for part in range(start, stop):
        out[part * size : (part + 1) * size] = 0
        last = batch * high * (part + 1) // parts
        for q in range(batch * high * part // parts, last, chunk):
            end = min(q + chunk, last)
            tiles = (end - q) * across
            transformed(q, end, across, x, m, channels, height, width, pad, inside, lanes, strips, turned, square, numbers)
            transformed_results(
                q, end, across, y, m, filters, down, right, outside, lanes, results, turned_results, square, factors
            )
            for u in range(36):
                a, b, c = u * tiles * inside, u * tiles * outside, part * size + u * channels * outside
                block(rows, 0, channels, columns, 0, tiles, numbers, a, factors, b, steps, outside, lanes, out, c, targets, True)
