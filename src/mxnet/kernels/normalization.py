"""Normalisation, (x - mean) · scale · γ + β with scale = 1 / √(variance + ε), by statistics of rows, of blocks or of columns.

Sums along a row are float vectors of partial sums; sums of many rows or blocks are float64. No copy of the normalised data is kept:
backward computes it again from mean and scale.
"""

import math

import numpy as np

from .compiler import kernel

__all__ = ["blocks", "blocks_back", "columns", "columns_back", "rows", "rows_back"]


@kernel
def rows(start, stop, x, gamma, beta, eps, centred, out, means, scales):
    """Statistics of each row of `x`; γ and β are as long as a row. The mean counts as 0 unless `centred`."""
    number = x.dtype.type
    width = x.shape[1]
    for i in range(start, stop):
        mean = number(0)
        if centred:
            for j in range(width):
                mean += x[i, j]
            mean /= number(width)
        square = number(0)
        for j in range(width):
            square += (x[i, j] - mean) * (x[i, j] - mean)
        scale = number(1) / math.sqrt(square / number(width) + eps)
        means[i], scales[i] = mean, scale
        for j in range(width):
            out[i, j] = (x[i, j] - mean) * (scale * gamma[j]) + beta[j]


@kernel
def rows_back(start, stop, height, x, g, gamma, means, scales, centred, dx, dgamma, dbeta):
    """The cotangents of `rows`, for bands of `height` rows; those of γ and β are a row for each band, to be summed."""
    number = x.dtype.type
    width = x.shape[1]
    for band in range(start, stop):
        for j in range(width):
            dgamma[band, j] = 0
            dbeta[band, j] = 0
        for i in range(band * height, min((band + 1) * height, x.shape[0])):
            mean, scale = means[i], scales[i]
            shift, tilt = number(0), number(0)
            for j in range(width):
                shift += g[i, j] * gamma[j]
                tilt += g[i, j] * gamma[j] * (x[i, j] - mean)
            shift = shift / number(width) if centred else number(0)
            tilt *= scale * scale / number(width)
            for j in range(width):
                dx[i, j] = scale * (g[i, j] * gamma[j] - shift - (x[i, j] - mean) * tilt)
            for j in range(width):
                dgamma[band, j] += g[i, j] * ((x[i, j] - mean) * scale)
                dbeta[band, j] += g[i, j]


@kernel
def blocks(start, stop, form, x, gamma, beta, eps, out, means, scales):
    """Statistics number i of flat `x` are those of some blocks of contiguous elements, and each block has one γ and one β.

    `form` says how many blocks there are and how long they are; how far apart, for the next i and for the next block; and the same
    for the index into γ and β, which starts again at their end.
    """
    count, length, next_x, next_block, next_gamma, next_block_gamma = form
    number = x.dtype.type
    for i in range(start, stop):
        first = i * next_x
        total = 0.0
        for b in range(count):
            block = x[first + b * next_block :][:length]  # from 0 on, where Numba knows that no index is negative
            part = number(0)
            for s in range(length):
                part += block[s]
            total += part
        mean = number(total / (count * length))
        total = 0.0
        for b in range(count):
            block = x[first + b * next_block :][:length]
            part = number(0)
            for s in range(length):
                part += (block[s] - mean) * (block[s] - mean)
            total += part
        scale = number(1 / math.sqrt(total / (count * length) + eps))
        means[i], scales[i] = mean, scale
        for b in range(count):
            block, result = x[first + b * next_block :][:length], out[first + b * next_block :][:length]
            k = (i * next_gamma + b * next_block_gamma) % gamma.size
            factor, offset = scale * gamma[k], beta[k]
            for s in range(length):
                result[s] = (block[s] - mean) * factor + offset


@kernel
def blocks_back(start, stop, form, x, g, gamma, means, scales, dx, dgamma, dbeta):
    """The cotangents of `blocks`; those of γ and β are one for each i and block, to be summed."""
    count, length, next_x, next_block, next_gamma, next_block_gamma = form
    number = x.dtype.type
    for i in range(start, stop):
        first = i * next_x
        mean, scale = means[i], scales[i]
        shift, tilt = 0.0, 0.0
        for b in range(count):
            block, incoming = x[first + b * next_block :][:length], g[first + b * next_block :][:length]
            plain, weighted = number(0), number(0)
            for s in range(length):
                plain += incoming[s]
                weighted += incoming[s] * (block[s] - mean)
            dbeta[i, b] = plain
            dgamma[i, b] = weighted * scale
            k = (i * next_gamma + b * next_block_gamma) % gamma.size
            shift += plain * gamma[k]
            tilt += weighted * gamma[k]
        lift = number(scale * shift / (count * length))
        slope = number(scale * scale * scale * tilt / (count * length))
        for b in range(count):
            block, incoming = x[first + b * next_block :][:length], g[first + b * next_block :][:length]
            result = dx[first + b * next_block :][:length]
            factor = scale * gamma[(i * next_gamma + b * next_block_gamma) % gamma.size]
            for s in range(length):
                result[s] = incoming[s] * factor - lift - (block[s] - mean) * slope


@kernel
def columns(start, stop, step, x, gamma, beta, eps, out, means, scales):
    """Statistics of each column of `x`, for strips of `step` columns; γ and β are as long as a row."""
    strip = slice(start * step, min(stop * step, x.shape[1]))
    gamma, beta, means, scales = gamma[strip], beta[strip], means[strip], scales[strip]
    width = gamma.size
    total = np.zeros(width)
    for i in range(x.shape[0]):
        row = x[i, strip]
        for j in range(width):
            total[j] += row[j]
    for j in range(width):
        means[j] = total[j] / x.shape[0]
        total[j] = 0
    for i in range(x.shape[0]):
        row = x[i, strip]
        for j in range(width):
            total[j] += (row[j] - means[j]) * (row[j] - means[j])
    factor = np.empty_like(means)
    for j in range(width):
        scales[j] = 1 / math.sqrt(total[j] / x.shape[0] + eps)
        factor[j] = scales[j] * gamma[j]
    for i in range(x.shape[0]):
        row, result = x[i, strip], out[i, strip]
        for j in range(width):
            result[j] = (row[j] - means[j]) * factor[j] + beta[j]


@kernel
def columns_back(start, stop, step, x, g, gamma, means, scales, dx, dgamma, dbeta):
    """The cotangents of `columns`."""
    strip = slice(start * step, min(stop * step, x.shape[1]))
    gamma, means, scales, dgamma, dbeta = gamma[strip], means[strip], scales[strip], dgamma[strip], dbeta[strip]
    width = gamma.size
    plain, weighted = np.zeros(width), np.zeros(width)
    for i in range(x.shape[0]):
        row, incoming = x[i, strip], g[i, strip]
        for j in range(width):
            plain[j] += incoming[j]
            weighted[j] += incoming[j] * (row[j] - means[j])
    factor, lift, slope = np.empty_like(means), np.empty_like(means), np.empty_like(means)
    for j in range(width):
        dbeta[j] = plain[j]
        dgamma[j] = weighted[j] * scales[j]
        factor[j] = scales[j] * gamma[j]
        lift[j] = factor[j] * plain[j] / x.shape[0]
        slope[j] = factor[j] * dgamma[j] * scales[j] / x.shape[0]
    for i in range(x.shape[0]):
        row, incoming, result = x[i, strip], g[i, strip], dx[i, strip]
        for j in range(width):
            result[j] = incoming[j] * factor[j] - lift[j] - (row[j] - means[j]) * slope[j]
