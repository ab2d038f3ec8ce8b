"""Reading and writing elements that an array of indices names, one row of it for each axis."""

import numpy as np

from ...core.array import Array, raw
from ...core.operator import instead_of
from ..indexing import as_key, assigned, getitem, placed
from ..operands import as_operand, broadcasts_to

__all__ = ["gather_nd", "index_add", "index_update", "nonzero", "scatter_nd"]


def _key(name, shape, indices):
    """The key `indices[0], indices[1], …`, checked against the shape that it indexes, and the shape of what it names."""
    indices = np.asarray(raw(indices))
    if indices.ndim == 0 or not 1 <= len(indices) <= len(shape):
        raise ValueError(
            f"{name}: the first axis of the indices has an entry for each of the first axes of the data, 1 to {len(shape)}; "
            f"they have shape {indices.shape}, the data {shape}"
        )
    try:
        key = tuple(np.asarray(as_key(index), np.int64) for index in indices)
    except IndexError as error:
        raise IndexError(f"{name}: {error}") from None
    for axis, index in enumerate(key):
        outside = (index < -shape[axis]) | (index >= shape[axis])
        if outside.any():
            raise IndexError(f"{name}: index {index[outside][0]} is out of bounds for axis {axis} of size {shape[axis]}")
    return key, indices.shape[1:] + shape[len(key) :]


def _check_fit(name, parameter, value, part):
    """Raise an error unless `value` holds numbers, and broadcasts to the shape `part` of what the indices name."""
    try:
        numbers = np.asarray(raw(value))
    except ValueError:  # rows of different lengths
        numbers = None
    if numbers is None or numbers.dtype.kind not in "biufc":
        given = f"{type(value).__name__}: {value!r:.60}{instead_of(value)}"
        raise TypeError(f"{name}: {parameter} is an array, a number or a list of numbers, not {given}")
    if not broadcasts_to(numbers.shape, part):
        raise ValueError(
            f"{name}: {parameter} broadcasts to the shape of what the indices name, {part}, which {numbers.shape} does not"
        )


def gather_nd(data, indices, name=None):
    """`data[indices[0], indices[1], …]`: the elements, or slices, at positions that are given axis by axis.

    Parameters
    ----------
    data : ndarray
    indices : ndarray of int, shape (m, ...)
        Positions along the first m axes of `data`. A position named twice receives both gradients.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray, shape (..., *data.shape[m:])

    Raises
    ------
    IndexError
        If an index is out of bounds.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> x = np.array([[1, 2], [3, 4]])
    >>> npx.gather_nd(x, np.array([[0, 1], [1, 0]]))
    array([2., 3.])
    """
    return getitem(data, _key("gather_nd", np.shape(raw(data)), indices)[0])


def scatter_nd(data, indices, shape):
    """Zeros of a shape, with `data` added at positions that are given axis by axis: the adjoint of `gather_nd`.

    Parameters
    ----------
    data : ndarray, shape (..., *shape[m:])
    indices : ndarray of int, shape (m, ...)
        Positions along the first m axes of the result. What lands on the same position adds up.
    shape : tuple of int
        That of the result.

    Raises
    ------
    IndexError
        If an index is out of bounds.
    ValueError
        If `data` do not have, or broadcast to, the shape of what the indices name.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.scatter_nd(np.array([5, 6]), np.array([[0, 1], [1, 0]]), shape=(2, 2))
    array([[0., 5.],
           [6., 0.]])
    """
    shape = tuple(shape)
    key, part = _key("scatter_nd", shape, indices)
    _check_fit("scatter_nd", "data", data, part)
    return placed(data, key, shape)


def index_add(a, ind, val):
    """A copy of `a` in which `val` was added at the positions `ind`; at a position named twice, twice.

    Parameters
    ----------
    a : ndarray
    ind : ndarray of int, shape (m, n)
        Positions along the first m axes of `a`; a vector is m positions along one axis each, as if n were 1.
    val : ndarray
        Broadcasts to the shape of what `ind` names, (n, *a.shape[m:]).

    Raises
    ------
    IndexError
        If an index is out of bounds.
    ValueError
        If `val` does not broadcast to that shape.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.index_add(np.zeros((2, 2)), np.array([[0, 0], [1, 1]]), np.array([5, 6]))
    array([[ 0., 11.],
           [ 0.,  0.]])
    """
    a = as_operand("index_add", a)
    key, part = _key("index_add", a.shape, ind)
    _check_fit("index_add", "val", val, part)
    return a + placed(np.broadcast_to(val, part), key, a.shape)


_KINDS = {"b": 0, "u": 1, "i": 1, "f": 2, "c": 3}  # of dtypes: what each holds, those after it hold


def index_update(a, ind, val):
    """A copy of `a` in which the elements at the positions `ind` are `val`; at a position named twice, the last one.

    The parameters are those of `index_add`.

    Raises
    ------
    TypeError
        If `val` holds no numbers, or such as `a` cannot hold: it has integers, for instance, and `val` floats.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.index_update(np.zeros((2, 2)), np.array([[0, 1], [1, 1]]), np.array([5, 6]))
    array([[0., 5.],
           [0., 6.]])
    """
    a = as_operand("index_update", a)
    key, part = _key("index_update", a.shape, ind)
    _check_fit("index_update", "val", val, part)
    val = val if isinstance(val, Array) else np.asarray(raw(val))
    if _KINDS[val.dtype.kind] > _KINDS[a.dtype.kind]:
        raise TypeError(
            f"index_update: a, of {a.dtype}, cannot hold val, of {val.dtype}; write a.astype('{val.dtype}'), "
            f"or val.astype('{a.dtype}')"
        )
    return assigned(a, key, val)


def nonzero(a):
    """The positions of the elements that are not zero: one row for each, with an index for each axis.

    (`np.nonzero` gives an array for each axis instead.)

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.nonzero(np.array([[1, 0], [0, 3]]))
    array([[0, 0],
           [1, 1]], dtype=int64)
    """
    return np.argwhere(a)
