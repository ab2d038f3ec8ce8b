"""Sums of rows that an index names: the cotangent of a gather, as from an embedding."""

from .compiler import kernel

__all__ = ["sum_rows"]


@kernel
def sum_rows(start, stop, index, value, out):
    """`out[r] = Σ value[i] over index[i] = r`, for the rows r from `start` to `stop`: threads that own rows need no locks.

    Rows are summed in the order of `index`, whatever the number of threads.
    """
    n = out.shape[0]
    width = out.shape[1]
    out[start:stop] = 0
    for i in range(index.size):
        row = index[i]
        if row < 0:
            row += n
        if start <= row < stop:
            for j in range(width):
                out[row, j] += value[i, j]
