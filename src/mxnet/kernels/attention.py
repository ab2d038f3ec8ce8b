"""Attention: softmax over rows of scores, and its derivative, in place."""

import math

import numpy as np

from .compiler import kernel
from .elementary import exp
from .softmax import largest

__all__ = ["softmax", "softmax_back"]


@kernel
def softmax(start, stop, scores, keys, most, totals):
    """Scores to probabilities, row by row, and the logarithms of the sums of exponentials to `totals`.

    A row of -inf alone, where nothing may be looked at, has probabilities 0 and the total inf. `keys` is the memory of `scores` as
    integers, and `most` the largest of them.
    """
    best = np.empty(1, keys.dtype)
    top = best.view(scores.dtype)
    for i in range(start, stop):
        row = scores[i]
        largest(keys[i], most, best)
        if top[0] == -math.inf:
            row[:] = 0
            totals[i] = math.inf
            continue
        shift, total = top[0], scores.dtype.type(0)
        for j in range(row.size):
            row[j] = exp(row[j] - shift)
            total += row[j]
        totals[i] = shift + math.log(total)
        share = scores.dtype.type(1) / total
        for j in range(row.size):
            row[j] *= share


@kernel
def softmax_back(start, stop, scores, cotangents, totals, out, g):
    """Scores to probabilities p, and the cotangents of p to those of the scores, p (cotangent - Σ p cotangent).

    The sum is that of `g * out`, of the result and its cotangent: it needs no pass over the row.
    """
    for i in range(start, stop):
        row, cotangent, total = scores[i], cotangents[i], totals[i]
        mean = scores.dtype.type(0)
        for j in range(out.shape[1]):
            mean += out[i, j] * g[i, j]
        for j in range(row.size):
            row[j] = exp(row[j] - total)
        for j in range(row.size):
            cotangent[j] = row[j] * (cotangent[j] - mean)
