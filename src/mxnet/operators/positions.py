"""Where elements stand: those that are not zero, triangles and diagonals; and flat indices made of several, or back."""

import numpy as np
from numpy import ndindex

from ..core.array import Array, raw
from ..core.operator import TWINS, operator, wrap
from ..device import resolve
from .indexing import as_key
from .operands import as_operand

__all__ = [
    "argwhere",
    "diag_indices",
    "flatnonzero",
    "ix_",
    "mask_indices",
    "ndenumerate",
    "ndindex",
    "nonzero",
    "ravel_multi_index",
    "tril_indices",
    "tril_indices_from",
    "triu_indices",
    "triu_indices_from",
    "unravel_index",
]


# --- of what is not zero ----------------------------------------------------------------------------------------------------------


@operator(implements=np.nonzero)
def nonzero(a):
    """The indices of the elements that are not zero, or True: one int64 array for each axis, in order of position.

    Parameters
    ----------
    a : ndarray
        Of at least one axis.

    Returns
    -------
    tuple of ndarray
        `a[np.nonzero(a)]` are the elements.

    Examples
    --------
    >>> from mxnet import np
    >>> np.nonzero(np.array([[3, 0], [0, 4]]))
    (array([0, 1], dtype=int64), array([0, 1], dtype=int64))
    """
    return np.nonzero(a)


@operator(implements=np.argwhere)
def argwhere(a):
    """The indices of the elements that are not zero, or True: one row of an int64 matrix for each element.

    Examples
    --------
    >>> from mxnet import np
    >>> np.argwhere(np.array([[3, 0], [0, 4]]))
    array([[0, 0],
           [1, 1]], dtype=int64)
    """
    return np.argwhere(a)


@operator(implements=np.flatnonzero)
def flatnonzero(a):
    """The indices, in the flattened array, of the elements that are not zero, or True.

    Examples
    --------
    >>> from mxnet import np
    >>> np.flatnonzero(np.array([[3, 0], [0, 4]]))
    array([0, 3], dtype=int64)
    """
    return np.flatnonzero(a)


# --- of triangles and diagonals ---------------------------------------------------------------------------------------------------


def tril_indices(n, k=0, m=None, device=None, ctx=None):
    """The indices, rows and columns, of the lower triangle of a matrix.

    Parameters
    ----------
    n : int
        The number of rows.
    k : int
        The diagonal up to which the triangle reaches: 0 is the main one, those above it are positive.
    m : int, optional
        The number of columns; by default n.
    device, ctx : Device, optional
        A CPU.

    Returns
    -------
    tuple of ndarray
        Of int64.

    Examples
    --------
    >>> from mxnet import np
    >>> np.tril_indices(2)
    (array([0, 1, 1], dtype=int64), array([0, 0, 1], dtype=int64))
    """
    resolve(device, ctx)
    return tuple(map(wrap, np.tril_indices(n, k, m)))


def triu_indices(n, k=0, m=None, device=None, ctx=None):
    """The indices, rows and columns, of the upper triangle of a matrix; the parameters are those of `tril_indices`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.triu_indices(2, k=1)
    (array([0], dtype=int64), array([1], dtype=int64))
    """
    resolve(device, ctx)
    return tuple(map(wrap, np.triu_indices(n, k, m)))


@operator(implements=np.tril_indices_from)
def tril_indices_from(arr, k=0):
    """The indices of the lower triangle of the matrix `arr`: `tril_indices` for its shape.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([[1, 2], [3, 4]])
    >>> x[np.tril_indices_from(x)]
    array([1., 3., 4.])
    """
    return np.tril_indices_from(arr, k)


@operator(implements=np.triu_indices_from)
def triu_indices_from(arr, k=0):
    """The indices of the upper triangle of the matrix `arr`: `triu_indices` for its shape.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([[1, 2], [3, 4]])
    >>> x[np.triu_indices_from(x)]
    array([1., 2., 4.])
    """
    return np.triu_indices_from(arr, k)


def diag_indices(n, ndim=2):
    """The indices of the main diagonal of an array of `ndim` axes, each of length `n`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.diag_indices(2)
    (array([0, 1], dtype=int64), array([0, 1], dtype=int64))
    """
    return tuple(map(wrap, np.diag_indices(n, ndim)))


def mask_indices(n, mask_func, k=0):
    """The indices of what a masking function leaves of an n by n matrix.

    Parameters
    ----------
    n : int
    mask_func : callable
        Such as `np.triu`: `mask_func(x, k)` is a matrix with zeros where `x` is hidden.
    k : number
        What `mask_func` takes as its second argument.

    Returns
    -------
    tuple of ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> np.mask_indices(2, np.triu, 1)
    (array([0], dtype=int64), array([1], dtype=int64))
    """
    return nonzero(mask_func(wrap(np.ones((n, n), np.int64)), k) != 0)


# --- of a grid --------------------------------------------------------------------------------------------------------------------


def ix_(*args):
    """A key that reads whole rows and columns: `x[np.ix_([0, 2], [1])]` are the elements of rows 0 and 2 in column 1.

    Parameters
    ----------
    *args : 1-D ndarray or list
        For each axis the indices, as integers, or as a mask of booleans.

    Returns
    -------
    tuple of ndarray
        Of int64, each along its own axis, so that they broadcast against each other.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.arange(6).reshape(2, 3)
    >>> x[np.ix_([1, 0], [0, 2])]
    array([[3., 5.],
           [0., 2.]])
    """
    try:
        return tuple(map(wrap, np.ix_(*[as_key(raw(part)) for part in args])))
    except (ValueError, IndexError) as error:
        raise type(error)(f"ix_: {error}") from None


def ndenumerate(arr):
    """The elements of an array and where they stand: pairs of an index, which is a tuple, and `arr[index]`.

    Examples
    --------
    >>> from mxnet import np
    >>> list(np.ndenumerate(np.array([[1, 2]])))
    [((0, 0), array(1.)), ((0, 1), array(2.))]
    """
    arr = as_operand("ndenumerate", arr)
    return ((index, arr[index]) for index in ndindex(arr.shape))


def _integers(name, indices):
    """What a user gives for indices as a raw array of integers; floats that are whole numbers are accepted, as in `x[indices]`."""
    indices = np.asarray(as_key(np.asarray(raw(indices))))
    if indices.dtype.kind not in "iu":
        raise TypeError(f"{name}: indices are integers, not {indices.dtype}")
    return indices


def unravel_index(indices, shape, order="C"):
    """Flat indices as indices for each axis of an array of `shape`.

    Parameters
    ----------
    indices : ndarray or list of int, or int
        Of any shape.
    shape : tuple of int
    order : {'C', 'F'}
        Whether the last axis runs fastest, or the first.

    Returns
    -------
    tuple
        One for each axis: an int64 array of the shape of `indices`, or an integer if that is an int.

    Raises
    ------
    ValueError
        If an index is negative, or beyond the last element.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([[1, 5], [7, 3]])
    >>> np.unravel_index(np.argmax(x), x.shape)
    (array(1, dtype=int64), array(0, dtype=int64))
    >>> np.unravel_index([1, 3], (2, 2))
    (array([0, 1], dtype=int64), array([1, 1], dtype=int64))
    """
    flat = _integers("unravel_index", indices)
    try:
        result = np.unravel_index(flat, raw(shape), order)
    except (ValueError, TypeError) as error:
        raise type(error)(f"unravel_index: {error}") from None
    return tuple(map(int, result)) if isinstance(indices, int | np.integer) else tuple(map(wrap, result))


def ravel_multi_index(multi_index, dims, mode="raise", order="C"):
    """Indices for each axis of an array of shape `dims` as flat indices: the way back from `unravel_index`.

    Parameters
    ----------
    multi_index : tuple of (ndarray or int), or ndarray
        For each axis the indices, which broadcast against each other.
    dims : tuple of int
    mode : {'raise', 'wrap', 'clip'}, or a tuple of them, one for each axis
        What an index out of range does: raise a ValueError, count modulo the length, stand for the nearest one.
    order : {'C', 'F'}
        Whether the last axis runs fastest, or the first.

    Returns
    -------
    ndarray or int
        Of int64; an integer if all indices are.

    Examples
    --------
    >>> from mxnet import np
    >>> np.ravel_multi_index((np.array([0, 1]), np.array([1, 1])), (2, 2))
    array([1, 3], dtype=int64)
    """
    parts = tuple(_integers("ravel_multi_index", part) for part in multi_index)
    try:
        result = np.ravel_multi_index(parts, raw(dims), mode, order)
    except (ValueError, TypeError) as error:
        raise type(error)(f"ravel_multi_index: {error}") from None
    is_plain = not isinstance(multi_index, Array) and all(isinstance(part, int | np.integer) for part in multi_index)
    return int(result) if is_plain else wrap(result)


TWINS.update({np.ix_: ix_, np.unravel_index: unravel_index, np.ravel_multi_index: ravel_multi_index})
