"""`embedding`: rows of a matrix, by their numbers."""

import numpy as np

from ... import kernels
from ...core.operator import operator
from ...kernels.rows import take_rows
from ..indexing import as_key, scatter

__all__ = ["embedding"]


def _rows(data, n):
    """The row numbers that `data` names; what lies outside means the first or the last row."""
    index = np.asarray(as_key(np.asarray(data)))
    if index.size == 0 or (index.min() >= 0 and index.max() < n):
        return index
    return index.clip(0, n - 1)


@operator(hides=True, weight=lambda g, data, weight_shape: scatter(g, _rows(data, weight_shape[0]), weight_shape))
def embedding(data, weight, input_dim=None, output_dim=None, dtype="float32", sparse_grad=False, name=None):
    """The rows of `weight` that `data` names.

    Parameters
    ----------
    data : ndarray of int, shape (...)
        Floats lose their fraction. Numbers below 0 mean the first row, numbers beyond the last one the last.
    weight : ndarray, shape (input_dim, output_dim)
    input_dim, output_dim : int, optional
        By default what `weight` says.
    dtype : dtype
        Has no effect: the result has that of `weight`.
    sparse_grad : bool
        Has no effect: gradients are dense.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray, shape (..., output_dim)
        The gradient of a row is the sum of those of its copies.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.embedding(np.array([2, 0]), np.array([[1, 2], [3, 4], [5, 6]]))
    array([[5., 6.],
           [1., 2.]])
    """
    weight = np.asarray(weight)
    if weight.ndim != 2:
        raise ValueError(f"weight has shape (input_dim, output_dim), not {weight.shape}")
    for parameter, given, size in zip(("input_dim", "output_dim"), (input_dim, output_dim), weight.shape, strict=True):
        if given is not None and given != size:
            raise ValueError(f"{parameter}={given}, but weight has shape {weight.shape}")
    rows = _rows(data, len(weight))
    if rows.size and not len(weight):
        raise IndexError("weight has no rows to choose from")
    return _taken(weight, rows)


_MANY = 2**18  # numbers to copy, from which two threads are faster than one


def _taken(weight, rows):
    if rows.size * weight.shape[1] < _MANY or not kernels.serves(weight):
        return weight.take(rows, axis=0)
    index = np.ascontiguousarray(rows.ravel(), np.int64)
    result = np.empty((index.size, weight.shape[1]), weight.dtype)
    kernels.split(take_rows, index.size, result.size, weight, index, result)
    return result.reshape(*rows.shape, weight.shape[1])
