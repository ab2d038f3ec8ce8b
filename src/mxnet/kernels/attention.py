"""Attention: softmax over rows of scores, and its derivative, in place."""

import math

from .compiler import kernel
from .elementary import exp

__all__ = ["softmax", "softmax_back"]


@kernel
def softmax(start, stop, scores, totals):
    """Scores to probabilities, row by row, and the logarithms of the sums of exponentials to `totals`.

    A row of -inf alone, where nothing may be looked at, has probabilities 0 and the total inf.
    """
    width = scores.shape[1]
    for i in range(start, stop):
        row = scores[i]
        top = -row.dtype.type(math.inf)
        for j in range(width):
            top = max(top, row[j])
        if top == -math.inf:
            row[:] = 0
            totals[i] = math.inf
            continue
        total = row.dtype.type(0)
        for j in range(width):
            row[j] = exp(row[j] - top)
        for j in range(width):
            total += row[j]
        totals[i] = top + math.log(total)
        share = row.dtype.type(1) / total
        for j in range(width):
            row[j] *= share


@kernel
def softmax_back(start, stop, scores, cotangents, totals, out, g):
    """Scores to probabilities p, and the cotangents of p to those of the scores, p (cotangent - Σ p cotangent).

    The sum is that of `g * out`, of the result and its cotangent: it needs no pass over the row.
    """
    width = scores.shape[1]
    for i in range(start, stop):
        row, cotangent, total = scores[i], cotangents[i], totals[i]
        mean = row.dtype.type(0)
        for j in range(out.shape[1]):
            mean += out[i, j] * g[i, j]
        for j in range(width):
            row[j] = exp(row[j] - total)
        for j in range(width):
            cotangent[j] = row[j] * (cotangent[j] - mean)
