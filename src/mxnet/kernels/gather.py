"""Rows that an index names, copied: a gather, as from an embedding."""

from .compiler import kernel

__all__ = ["take_rows"]


@kernel
def take_rows(start, stop, rows, index, out):
    """`out[i] = rows[index[i]]` for i from `start` to `stop`; no index is negative."""
    for i in range(start, stop):
        row = index[i]
        for j in range(rows.shape[1]):
            out[i, j] = rows[row, j]
