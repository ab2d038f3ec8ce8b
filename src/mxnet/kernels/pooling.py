"""Maxima of windows, and where they stand.

Images have shape (planes, depth, height, width), results (planes, windows along depth, height, width); fewer spatial axes have
leading ones of length 1. `kernel`, `stride` and `pad` are tuples of three. Work is shared by planes.
"""

import numpy as np

from .compiler import kernel as compiled

__all__ = ["add_at", "halve", "largest", "largest_of_cells"]


@compiled
def is_larger(value, best):
    """Whether `value` is larger; NaN is larger than any number."""
    return (not value <= best) & (best == best)


@compiled
def halve(start, stop, x, out, places):
    """`largest` of windows of 2×2 that do not overlap, in planes with fewer than 2³¹ numbers, without a branch."""
    height, width = x.shape[2:]
    one, below = np.int32(1), np.int32(width)
    for plane in range(start, stop):
        source = x[plane].reshape(height * width)
        for i in range(out.shape[2]):
            row, where = out[plane, 0, i], places[plane, 0, i]
            top, bottom = source[2 * i * width : (2 * i + 1) * width], source[(2 * i + 1) * width : (2 * i + 2) * width]
            for j in range(row.size):
                first = np.int32(2 * i * width + 2 * j)
                best, place = top[2 * j], first
                larger = is_larger(top[2 * j + 1], best)
                best, place = top[2 * j + 1] if larger else best, first + one if larger else place
                larger = is_larger(bottom[2 * j], best)
                best, place = bottom[2 * j] if larger else best, first + below if larger else place
                larger = is_larger(bottom[2 * j + 1], best)
                row[j] = bottom[2 * j + 1] if larger else best
                where[j] = first + below + one if larger else place


@compiled
def largest(start, stop, x, out, places, kernel, stride, pad):
    """The largest number of each window and its position in the flattened plane; -inf, and the position -1, if it has none."""
    _, depth, height, width = x.shape
    taps = np.empty(kernel[0] * kernel[1] * kernel[2], np.int64)  # from the first number of a whole window to the others
    for k in range(taps.size):
        taps[k] = (k // (kernel[1] * kernel[2]) * height + k // kernel[2] % kernel[1]) * width + k % kernel[2]
    for plane in range(start, stop):
        source = x[plane].reshape(depth * height * width)
        for i in range(out.shape[1]):
            d0, d1 = max(0, i * stride[0] - pad[0]), min(depth, i * stride[0] - pad[0] + kernel[0])
            for j in range(out.shape[2]):
                h0, h1 = max(0, j * stride[1] - pad[1]), min(height, j * stride[1] - pad[1] + kernel[1])
                for k in range(out.shape[3]):
                    w0, w1 = max(0, k * stride[2] - pad[2]), min(width, k * stride[2] - pad[2] + kernel[2])
                    numbers = max(0, d1 - d0) * max(0, h1 - h0) * max(0, w1 - w0)
                    if numbers == 0:
                        out[plane, i, j, k], places[plane, i, j, k] = -np.inf, -1
                        continue
                    place = (d0 * height + h0) * width + w0
                    best, first = source[place], place
                    if numbers == taps.size:
                        for n in range(1, taps.size):
                            at = first + taps[n]
                            larger = is_larger(source[at], best)
                            best, place = source[at] if larger else best, at if larger else place
                    else:
                        for d in range(d0, d1):
                            for h in range(h0, h1):
                                for at in range((d * height + h) * width + w0, (d * height + h) * width + w1):
                                    larger = is_larger(source[at], best)
                                    best, place = source[at] if larger else best, at if larger else place
                    out[plane, i, j, k], places[plane, i, j, k] = best, place


@compiled
def add_at(start, stop, y, places, out):
    """`out[plane, places[plane, i]] += y[plane, i]`, from zeros."""
    for plane in range(start, stop):
        row, where, source = out[plane], places[plane], y[plane]
        for i in range(row.size):
            row[i] = 0
        for i in range(source.size):
            if where[i] >= 0:
                row[where[i]] += source[i]


@compiled
def largest_of_cells(start, stop, x, image, rows, columns, places):
    """For each region, where in the plane of its image each cell has its largest number; `places` says -1 before."""
    _, channels, height, width = x.shape
    for region in range(start, stop):
        if image[region] < 0:
            continue
        for channel in range(channels):
            plane = x[image[region], channel].reshape(height * width)
            for i in range(rows.shape[1]):
                for j in range(columns.shape[1]):
                    place, best = -1, plane.dtype.type(0)
                    for h in range(rows[region, i, 0], rows[region, i, 1]):
                        for at in range(h * width + columns[region, j, 0], h * width + columns[region, j, 1]):
                            if place < 0 or is_larger(plane[at], best):
                                best, place = plane[at], at
                    places[region, channel, i, j] = place
