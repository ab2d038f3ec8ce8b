"""Attention between sequences whose queries, keys and values lie side by side in one array, head by head: (length, batch, …)."""

import math

import numpy as np

from ...core.array import raw
from ..contractions import matmul
from ..indexing import getitem
from ..operands import delivered
from ..shaping import reshape, transpose

__all__ = [
    "interleaved_matmul_encdec_qk",
    "interleaved_matmul_encdec_valatt",
    "interleaved_matmul_selfatt_qk",
    "interleaved_matmul_selfatt_valatt",
]


def _part(name, array, heads, parts, which):
    """Part number `which` of each head, as a stack of matrices: (batch · heads, length, width)."""
    shape = np.shape(raw(array))
    if not isinstance(heads, int | np.integer) or heads < 1:
        raise ValueError(f"{name}: heads is a whole number above 0, not {heads!r}")
    if len(shape) != 3 or shape[2] % (heads * parts):
        sides = f"heads · {parts} · width" if parts > 1 else "heads · width"
        raise ValueError(f"{name}: shape (length, batch, {sides}) is expected for heads={heads}, not {shape}")
    length, batch, total = shape
    width = total // (heads * parts)
    part = getitem(reshape(array, (length, batch, heads, parts, width)), (..., which, slice(None)))
    return reshape(transpose(part, (1, 2, 0, 3)), (batch * heads, length, width))


def _scores(queries, keys):
    return matmul(queries * (1 / math.sqrt(max(1, queries.shape[-1]))), keys.swapaxes(1, 2))


def _mixed(name, attention, values, heads):
    """The values, weighted, with heads side by side again: (length, batch, heads · width)."""
    shape = np.shape(raw(attention))
    if len(shape) != 3 or (shape[0], shape[2]) != values.shape[:2]:
        raise ValueError(f"{name}: attention has shape ({values.shape[0]}, length, {values.shape[1]}), not {shape}")
    length, width = shape[1], values.shape[2]
    batch = len(values) // heads
    mixed = reshape(matmul(attention, values), (batch, heads, length, width))
    return reshape(transpose(mixed, (2, 0, 1, 3)), (length, batch, heads * width))


def interleaved_matmul_selfatt_qk(queries_keys_values, heads=None, out=None, name=None):
    """Q Kᵀ / √width of every head.

    Parameters
    ----------
    queries_keys_values : ndarray, shape (length, batch, heads · 3 · width)
        For each head its query, its key and its value, one after the other.
    heads : int
    out : ndarray, optional
        Where to write the result.
    name : str, optional
        Has no effect.

    Returns
    -------
    ndarray, shape (batch · heads, length, length)

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.interleaved_matmul_selfatt_qk(np.ones((5, 2, 12)), heads=2).shape
    (4, 5, 5)
    """
    operator = "interleaved_matmul_selfatt_qk"
    queries, keys = [_part(operator, queries_keys_values, heads, 3, which) for which in (0, 1)]
    return delivered(operator, out, _scores(queries, keys))


def interleaved_matmul_selfatt_valatt(queries_keys_values, attention, heads=None, out=None, name=None):
    """The values of every head, weighted by `attention`.

    Parameters
    ----------
    queries_keys_values : ndarray, shape (length, batch, heads · 3 · width)
    attention : ndarray, shape (batch · heads, length, length)
        Such as a softmax of `interleaved_matmul_selfatt_qk`.
    heads, out, name
        As for `interleaved_matmul_selfatt_qk`.

    Returns
    -------
    ndarray, shape (length, batch, heads · width)

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.interleaved_matmul_selfatt_valatt(np.ones((5, 2, 12)), np.ones((4, 5, 5)), heads=2).shape
    (5, 2, 4)
    """
    operator = "interleaved_matmul_selfatt_valatt"
    return delivered(operator, out, _mixed(operator, attention, _part(operator, queries_keys_values, heads, 3, 2), heads))


def interleaved_matmul_encdec_qk(queries, keys_values, heads=None, out=None, name=None):
    """Q Kᵀ / √width of every head, of queries from one sequence and keys from another.

    Parameters
    ----------
    queries : ndarray, shape (length, batch, heads · width)
    keys_values : ndarray, shape (sources, batch, heads · 2 · width)
        For each head its key and its value, one after the other.
    heads, out, name
        As for `interleaved_matmul_selfatt_qk`.

    Returns
    -------
    ndarray, shape (batch · heads, length, sources)

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.interleaved_matmul_encdec_qk(np.ones((5, 2, 4)), np.ones((7, 2, 8)), heads=2).shape
    (4, 5, 7)
    """
    operator = "interleaved_matmul_encdec_qk"
    queries, keys = _part(operator, queries, heads, 1, 0), _part(operator, keys_values, heads, 2, 0)
    if queries.shape[::2] != keys.shape[::2]:
        raise ValueError(f"{operator}: queries and keys of shapes {queries.shape} and {keys.shape}, (batch · heads, length, width)")
    return delivered(operator, out, _scores(queries, keys))


def interleaved_matmul_encdec_valatt(keys_values, attention, heads=None, out=None, name=None):
    """The values of every head, weighted by `attention`.

    Parameters
    ----------
    keys_values : ndarray, shape (sources, batch, heads · 2 · width)
    attention : ndarray, shape (batch · heads, length, sources)
        Such as a softmax of `interleaved_matmul_encdec_qk`.
    heads, out, name
        As for `interleaved_matmul_selfatt_qk`.

    Returns
    -------
    ndarray, shape (length, batch, heads · width)

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.interleaved_matmul_encdec_valatt(np.ones((7, 2, 8)), np.ones((4, 5, 7)), heads=2).shape
    (5, 2, 4)
    """
    operator = "interleaved_matmul_encdec_valatt"
    return delivered(operator, out, _mixed(operator, attention, _part(operator, keys_values, heads, 2, 1), heads))
