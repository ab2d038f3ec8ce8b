"""Rows that an index names: a gather, as from an embedding, and its cotangent."""

from .compiler import kernel

__all__ = ["sum_rows", "take_rows"]


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


@kernel
def take_rows(start, stop, rows, index, out):
    """`out[i] = rows[index[i]]` for i from `start` to `stop`; no index is negative."""
    for i in range(start, stop):
        row = index[i]
        for j in range(rows.shape[1]):
            out[i, j] = rows[row, j]
