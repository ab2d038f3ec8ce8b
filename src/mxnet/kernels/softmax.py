"""Softmax, its logarithm and cross-entropy, row by row.

`keys` is the memory of `x` seen as integers, and `most` the largest of them: floats are ordered as such integers are once the lower
bits of the negative ones are turned over, and maxima of integers, which have no NaN, are vector instructions. NaN is the largest.
`factor` is 1 / temperature, by which the data are multiplied first.
"""

import math

import numpy as np

from .compiler import kernel
from .elementary import exp

__all__ = [
    "cross_entropy",
    "cross_entropy_back",
    "cross_entropy_back_in_place",
    "largest",
    "log_softmax",
    "log_softmax_back",
    "log_softmax_back_even",
    "softmax",
    "softmax_back",
]


@kernel
def largest(keys, most, best):
    """The place that floats give to the largest of `keys`, into `best`."""
    sign = keys.dtype.type(8 * keys.itemsize - 1)
    top = keys.dtype.type(~most)
    for j in range(keys.size):
        top = max(top, keys[j] ^ ((keys[j] >> sign) & most))
    best[0] = top ^ ((top >> sign) & most)


@kernel
def softmax(start, stop, x, keys, most, factor, masked, out):
    """`out` = exp(factor · x) / Σ exp(factor · x); 0, if `masked`, in a row of nothing but -inf."""
    number = x.dtype.type
    best = np.empty(1, keys.dtype)
    top = best.view(x.dtype)
    for i in range(start, stop):
        row, result = x[i], out[i]
        largest(keys[i], most, best)
        if masked and top[0] == -math.inf:
            result[:] = 0
            continue
        shift = top[0] * factor
        total = number(0)
        for j in range(row.size):
            result[j] = exp(row[j] * factor - shift)
            total += result[j]
        share = number(1) / total
        for j in range(row.size):
            result[j] *= share


@kernel
def softmax_back(start, stop, p, g, factor, dx):
    """The cotangent of x, p (g - Σ p g) · factor."""
    for i in range(start, stop):
        row, incoming, result = p[i], g[i], dx[i]
        mean = p.dtype.type(0)
        for j in range(row.size):
            mean += row[j] * incoming[j]
        for j in range(row.size):
            result[j] = row[j] * (incoming[j] - mean) * factor


@kernel
def log_softmax(start, stop, x, keys, most, factor, masked, out):
    """`out` = factor · x - log Σ exp(factor · x); -inf, if `masked`, in a row of nothing but -inf."""
    number = x.dtype.type
    best = np.empty(1, keys.dtype)
    top = best.view(x.dtype)
    for i in range(start, stop):
        row, result = x[i], out[i]
        largest(keys[i], most, best)
        if masked and top[0] == -math.inf:
            result[:] = -math.inf
            continue
        shift = top[0] * factor
        total = number(0)
        for j in range(row.size):
            total += exp(row[j] * factor - shift)
        total = number(math.log(total))
        for j in range(row.size):
            result[j] = row[j] * factor - shift - total


@kernel
def log_softmax_back(start, stop, logs, g, factor, dx):
    """The cotangent of x, (g - exp(logs) Σ g) · factor."""
    number = logs.dtype.type
    for i in range(start, stop):
        row, incoming, result = logs[i], g[i], dx[i]
        total = number(0)
        for j in range(row.size):
            total += incoming[j]
        for j in range(row.size):
            result[j] = (incoming[j] - exp(row[j]) * total) * factor


@kernel
def log_softmax_back_even(start, stop, logs, totals, dx):
    """- exp(logs) Σ g · factor, from these sums: what the same is where g is 0."""
    for i in range(start, stop):
        row, total, result = logs[i], totals[i], dx[i]
        for j in range(row.size):
            result[j] = -exp(row[j]) * total


@kernel
def cross_entropy(start, stop, x, keys, most, label, smoothing, out, totals, shares, powers):
    """`out` = log Σ exp(x) - (1 - smoothing) · x[label] - smoothing · mean(x), 0 where the label is negative.

    The logarithms of the sums go to `totals`. If `powers` has rows, it receives exp(x - max(x)), and `shares` 1 over their sums.
    """
    number = x.dtype.type
    best = np.empty(1, keys.dtype)
    top = best.view(x.dtype)
    for i in range(start, stop):
        row = x[i]
        largest(keys[i], most, best)
        shift = top[0]
        total = number(0)
        if len(powers):
            power = powers[i]
            for j in range(row.size):
                power[j] = exp(row[j] - shift)
                total += power[j]
        else:
            for j in range(row.size):
                total += exp(row[j] - shift)
        shares[i] = number(1) / total
        total = number(math.log(total))
        totals[i] = shift + total
        if label[i] < 0:
            out[i] = 0
            continue
        # Less the maximum throughout: differences of large numbers would lose the loss.
        out[i] = total - (number(1) - smoothing) * (row[label[i]] - shift)
        if smoothing != 0:
            mean = number(0)
            for j in range(row.size):
                mean += row[j] - shift
            out[i] -= smoothing * (mean / number(row.size))


@kernel
def cross_entropy_back(start, stop, x, label, smoothing, totals, g, dx):
    """The cotangent of x, g (softmax(x) - smoothing / n), less g (1 - smoothing) at the label."""
    number = x.dtype.type
    for i in range(start, stop):
        row, result = x[i], dx[i]
        if label[i] < 0:
            result[:] = 0
            continue
        total, incoming = totals[i], g[i]
        even = smoothing / number(row.size)
        for j in range(row.size):
            result[j] = (exp(row[j] - total) - even) * incoming
        result[label[i]] -= incoming * (number(1) - smoothing)


@kernel
def cross_entropy_back_in_place(start, stop, label, smoothing, shares, g, powers):
    """The same, from `powers` and in their place."""
    number = powers.dtype.type
    for i in range(start, stop):
        row = powers[i]
        if label[i] < 0:
            row[:] = 0
            continue
        factor, even = g[i] * shares[i], g[i] * (smoothing / number(row.size))
        for j in range(row.size):
            row[j] = row[j] * factor - even
        row[label[i]] -= g[i] * (number(1) - smoothing)
