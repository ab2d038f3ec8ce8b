"""Choosing by class: `one_hot`, and `pick`, one element along an axis."""

from operator import index as index_of

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ...core.array import Array
from ...core.dtypes import as_dtype
from ...core.operator import operator
from ...core.tape import Scatter
from ..indexing import along, as_key, placed

__all__ = ["one_hot", "pick"]


@operator()
def one_hot(data, depth=None, on_value=1.0, off_value=0.0, dtype="float32"):
    """A vector for each index, `on_value` at its place and `off_value` elsewhere.

    Parameters
    ----------
    data : ndarray
        The indices, of any shape; floats are truncated.
    depth : int
        The length of the vectors. An index outside 0 … depth - 1 has no place: its vector is `off_value` throughout.
    on_value, off_value : float, optional
    dtype : dtype, optional
        Of the result.

    Returns
    -------
    ndarray
        Of shape `data.shape + (depth,)`.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.one_hot(np.array([2, 0, 5]), 3)
    array([[0., 0., 1.],
           [1., 0., 0.],
           [0., 0., 0.]])
    """
    if depth is None:
        raise TypeError("depth, the length of the vectors, is missing: one_hot(data, depth)")
    depth = index_of(depth)
    if depth < 0:
        raise ValueError(f"depth is a length, not {depth}")
    data = np.asarray(data)
    result = np.full((data.size, depth), off_value, as_dtype(dtype))
    flat = data.reshape(-1)
    rows = np.flatnonzero((flat > -1) & (flat < depth))  # not NaN either
    result[rows, flat[rows].astype(np.int64)] = on_value
    return result.reshape(*data.shape, depth)


def _positions(index, shape, axis, mode):
    """`index` as integers within the axis, of as many dimensions as the data."""
    axis = normalize_axis_index(axis, len(shape))
    kept, dropped = (*shape[:axis], 1, *shape[axis + 1 :]), shape[:axis] + shape[axis + 1 :]
    index = np.asarray(index)
    if index.shape not in (kept, dropped):
        raise ValueError(f"index has the shape of the data without the axis, {dropped}, or with length 1 there, not {index.shape}")
    index = np.asarray(as_key(index), np.int64).reshape(kept)
    if mode == "wrap":
        return index % shape[axis] if shape[axis] else index
    return np.clip(index, 0, shape[axis] - 1)


def _pick_rule(g, data_shape, index, axis, mode):
    index = _positions(index, data_shape, axis, mode)
    key, g = along(index, axis, data_shape), g.reshape(index.shape)
    return placed(g, key, data_shape) if isinstance(g, Array) else Scatter(key, g, unique=True)


@operator(hides=True, data=_pick_rule)
def pick(data, index, axis=-1, mode="clip", keepdims=False):
    """One element along an axis at each position: `data[i, index[i]]` of a matrix.

    Parameters
    ----------
    data : ndarray
    index : ndarray
        Of the shape of `data` without the axis, or with length 1 there; floats are truncated.
    axis : int, optional
    mode : {'clip', 'wrap'}
        What an index out of range does: stand for the nearest element, or count modulo the length.
    keepdims : bool, optional
        Keep the axis, with length 1.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.pick(np.array([[1, 2, 3], [4, 5, 6]]), np.array([0, 2]))
    array([1., 6.])
    """
    if mode not in ("clip", "wrap"):
        raise ValueError(f"mode is 'clip' or 'wrap', not {mode!r}")
    data = np.asarray(data)
    index = _positions(index, data.shape, axis, mode)
    if index.size and not data.size:
        raise ValueError(f"nothing to pick along axis {axis} of length 0")
    result = np.take_along_axis(data, index, axis)
    return result if keepdims else result.squeeze(axis)
