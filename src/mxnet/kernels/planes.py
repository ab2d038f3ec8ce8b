"""Convolution where a group has few channels or few filters, as with one filter for each channel: planes are the vectors.

In a flattened, padded plane, the numbers that windows have at one tap are as far apart as the windows are. So results are sums of
products of a weight with a plane, shifted: for all windows of stride 1, of which those that are between rows, or that a stride
leaves out, are dropped at the end (`unstrided`), or are zeros to begin with (`strided`). Shapes are as in `convolution`.
"""

import numpy as np

from .compiler import kernel
from .convolution import padded
from .vectors import tile

__all__ = ["forward", "images", "weights"]


@kernel
def products(w, wi, rows, height, columns, x, steps, length, lanes, out, targets):
    """`out[targets[i] + p] = Σ w[wi + rows[i] + columns[k]] x[steps[k] + p]` for `height` i and, in whole blocks, `length` p."""
    for p in range(0, length, 4 * lanes):
        if height == 1:
            tile(1, 4, w, wi, rows, 0, columns, 0, x, p, steps, columns.size, out, p, targets, False)
        else:
            for i in range(0, height, 4):
                tile(4, 4, w, wi, rows, i, columns, 0, x, p, steps, columns.size, out, p, targets, False)


@kernel
def strided(values, at, planes, count, stride, space, plane, a, step):
    """Results in a row, `values` from `at`, to where their windows begin in padded planes, `a` from `plane` on, `step` apart."""
    for n in range(planes):
        for d in range(count[0]):
            for h in range(count[1]):
                begin = plane + n * step + (d * stride[0] * space[1] + h * stride[1]) * space[2]
                if stride[2] == 1:
                    source, target = values[at : at + count[2]], a[begin : begin + count[2]]
                    for w in range(count[2]):
                        target[w] = source[w]
                else:
                    for w in range(count[2]):
                        a[begin + w * stride[2]] = values[at + w]
                at += count[2]


@kernel
def unstrided(a, planes, step, count, stride, pad, space, bias, first, out, at):
    """The inverse: numbers of padded planes, from `pad` on, in a row; plus the bias, if there is one."""
    zero = out.dtype.type(0)
    for n in range(planes):
        b = bias[first + n] if bias.size else zero
        for d in range(count[0]):
            for h in range(count[1]):
                begin = n * step + ((d * stride[0] + pad[0]) * space[1] + h * stride[1] + pad[1]) * space[2] + pad[2]
                if stride[2] == 1:
                    source, target = a[begin : begin + count[2]], out[at : at + count[2]]
                    for w in range(count[2]):
                        target[w] = source[w] + b
                else:
                    for w in range(count[2]):
                        out[at + w] = a[begin + w * stride[2]] + b
                at += count[2]


@kernel
def forward(
    start,
    stop,
    x,
    w,
    bias,
    groups,
    channels,
    filters,
    size,
    pad,
    space,
    count,
    stride,
    length,
    lanes,
    rows,
    columns,
    steps,
    targets,
    out,
):
    """y = w * x + b. A unit of work is a group of an image."""
    plane, windows = size[0] * size[1] * size[2], count[0] * count[1] * count[2]
    image = np.zeros(channels * space[0] * space[1] * space[2] + length, x.dtype)
    sums = np.empty(filters * length, x.dtype)
    for unit in range(start, stop):
        group = unit % groups
        padded(x, unit * channels * plane, channels, size, pad, space, image)
        products(w, group * filters * columns.size, rows, filters, columns, image, steps, length, lanes, sums, targets)
        unstrided(sums, filters, length, count, stride, (0, 0, 0), space, bias, group * filters, out, unit * filters * windows)


@kernel
def images(
    start,
    stop,
    y,
    w,
    groups,
    channels,
    filters,
    size,
    pad,
    space,
    count,
    stride,
    length,
    lanes,
    rows,
    columns,
    steps,
    targets,
    front,
    out,
):
    """Its transpose for images: a convolution of results that are spread to where windows begin, `front` into a plane of zeros."""
    plane, windows = size[0] * size[1] * size[2], count[0] * count[1] * count[2]
    step = front + length
    results = np.zeros(filters * step + 4 * lanes, y.dtype)
    sums = np.empty(channels * length, y.dtype)
    for unit in range(start, stop):
        group = unit % groups
        strided(y, unit * filters * windows, filters, count, stride, space, front, results, step)
        products(
            w,
            group * filters * channels * (columns.size // filters),
            rows,
            channels,
            columns,
            results,
            steps,
            length,
            lanes,
            sums,
            targets,
        )
        unstrided(sums, channels, length, size, (1, 1, 1), pad, space, sums[:0], 0, out, unit * channels * plane)


@kernel
def weights(start, stop, parts, batch, x, y, groups, channels, filters, size, pad, space, count, stride, length, taps, out):
    """Its transpose for weights, products of planes. A unit of work is a part of the images; out has (part, filter, tap)."""
    plane, windows = size[0] * size[1] * size[2], count[0] * count[1] * count[2]
    image = np.zeros(channels * space[0] * space[1] * space[2] + length, x.dtype)
    results = np.zeros(filters * length, x.dtype)
    depth = taps.size
    for part in range(start, stop):
        out[part * groups * filters * depth : (part + 1) * groups * filters * depth] = 0
        for unit in range(batch * part // parts * groups, batch * (part + 1) // parts * groups):
            padded(x, unit * channels * plane, channels, size, pad, space, image)
            strided(y, unit * filters * windows, filters, count, stride, space, 0, results, length)
            at = (part * groups + unit % groups) * filters * depth
            f = 0
            while f < filters:
                if filters - f >= 4:
                    four_by_four(results, f * length, length, image, taps, out, at + f * depth)
                    f += 4
                else:
                    one_by_four(results, f * length, length, image, taps, out, at + f * depth)
                    f += 1


@kernel
def four_by_four(y, yi, length, x, taps, out, at):
    """`out[at + i * taps.size + k] += Σ y[yi + i * length + p] x[taps[k] + p]` over `length` p, for four i."""
    zero = y.dtype.type(0)
    y0, y1, y2, y3 = (
        y[yi : yi + length],
        y[yi + length : yi + 2 * length],
        y[yi + 2 * length : yi + 3 * length],
        y[yi + 3 * length :],
    )
    for k in range(0, taps.size, 4):
        k1, k2, k3 = min(k + 1, taps.size - 1), min(k + 2, taps.size - 1), min(k + 3, taps.size - 1)
        x0, x1, x2, x3 = x[taps[k] :], x[taps[k1] :], x[taps[k2] :], x[taps[k3] :]
        s00 = s01 = s02 = s03 = s10 = s11 = s12 = s13 = s20 = s21 = s22 = s23 = s30 = s31 = s32 = s33 = zero
        for p in range(length):
            a0, a1, a2, a3, b0, b1, b2, b3 = y0[p], y1[p], y2[p], y3[p], x0[p], x1[p], x2[p], x3[p]
            s00 += a0 * b0
            s01 += a0 * b1
            s02 += a0 * b2
            s03 += a0 * b3
            s10 += a1 * b0
            s11 += a1 * b1
            s12 += a1 * b2
            s13 += a1 * b3
            s20 += a2 * b0
            s21 += a2 * b1
            s22 += a2 * b2
            s23 += a2 * b3
            s30 += a3 * b0
            s31 += a3 * b1
            s32 += a3 * b2
            s33 += a3 * b3
        sums = ((s00, s01, s02, s03), (s10, s11, s12, s13), (s20, s21, s22, s23), (s30, s31, s32, s33))
        for i in range(4):
            for j in range(min(4, taps.size - k)):
                out[at + i * taps.size + k + j] += sums[i][j]


@kernel
def one_by_four(y, yi, length, x, taps, out, at):
    """The same for one i."""
    zero = y.dtype.type(0)
    y0 = y[yi : yi + length]
    for k in range(0, taps.size, 4):
        k1, k2, k3 = min(k + 1, taps.size - 1), min(k + 2, taps.size - 1), min(k + 3, taps.size - 1)
        x0, x1, x2, x3 = x[taps[k] :], x[taps[k1] :], x[taps[k2] :], x[taps[k3] :]
        s0 = s1 = s2 = s3 = zero
        for p in range(length):
            s0 += y0[p] * x0[p]
            s1 += y0[p] * x1[p]
            s2 += y0[p] * x2[p]
            s3 += y0[p] * x3[p]
        sums = (s0, s1, s2, s3)
        for j in range(min(4, taps.size - k)):
            out[at + k + j] += sums[j]
