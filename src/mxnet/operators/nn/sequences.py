"""Sequences of different lengths in one array: masked, reversed, or only their last elements."""

import numpy as np

from ...core.array import raw
from ..indexing import getitem, take_along_axis
from ..operands import whole
from ..selection import where
from ..turning import flip

__all__ = ["sequence_last", "sequence_mask", "sequence_reverse"]


def lengths_of(name, data, sequence_length, use_sequence_length, axis, least):
    """The lengths as integers, checked; None if all sequences have the full length."""
    shape = np.shape(raw(data))
    if axis not in (0, 1) or len(shape) < 2:
        raise ValueError(f"{name}: sequences lie along axis 0 or 1 of two axes or more, not along axis={axis} of shape {shape}")
    if not use_sequence_length:
        if sequence_length is not None:
            raise ValueError(f"{name}: sequence_length counts only with use_sequence_length=True")
        return None
    lengths = np.shape(raw(sequence_length))
    if sequence_length is None or lengths != (shape[1 - axis],):
        given = "None" if sequence_length is None else f"one of shape {lengths}"
        raise ValueError(f"{name}: sequence_length has an entry for each of the {shape[1 - axis]} sequences; not {given}")
    return whole(f"{name}: sequence_length", sequence_length, least, shape[axis])


def _position(data, axis):
    """The place of every element in its sequence, as an array that broadcasts to the first two axes of `data`."""
    return np.expand_dims(np.arange(data.shape[axis]), 1 - axis)


def _trailing(array, data):
    """`array`, of two axes, with as many more as `data` has."""
    return array.reshape(array.shape + (1,) * (data.ndim - 2))


def sequence_mask(data, sequence_length=None, use_sequence_length=False, value=0.0, axis=0, name=None):
    """`data` with what lies beyond the end of each sequence set to `value`.

    Parameters
    ----------
    data : ndarray, shape (time, batch, ...)
        Or (batch, time, ...) with `axis=1`.
    sequence_length : ndarray, shape (batch,), optional
        How many elements of each sequence count, from 0 to time.
    use_sequence_length : bool
        Whether there are lengths; otherwise `data` is returned as it is.
    value : float
        What stands beyond the end, a number that the dtype of `data` can hold; 0 by default.
    axis : {0, 1}
        The axis of time.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray
        Of the shape and dtype of `data`. No gradient reaches what was masked.

    Raises
    ------
    ValueError
        If there is not one length for each sequence, or one exceeds the time; or if integers are to hold a `value` that is none.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.sequence_mask(np.ones((2, 3)), np.array([1, 2]), use_sequence_length=True, axis=1)
    array([[1., 0., 0.],
           [1., 1., 0.]])
    """
    lengths = lengths_of("sequence_mask", data, sequence_length, use_sequence_length, axis, 0)
    if lengths is None:
        return data
    mask = _position(data, axis) < np.expand_dims(lengths, axis)
    return where(_trailing(mask, data), data, _filler(value, data.dtype))


def _filler(value, dtype):
    """The number `value` in the dtype, which may not change it unless it is floating."""
    value = np.asarray(raw(value))
    with np.errstate(invalid="ignore"):  # NaN among integers, which is refused
        result = value.astype(dtype)
    if dtype.kind not in "fc" and result != value:
        raise ValueError(f"sequence_mask: value, {value}, is no number of the data's {dtype}; data.astype('float32') holds any")
    return result


def sequence_last(data, sequence_length=None, use_sequence_length=False, axis=0, name=None):
    """The last element of each sequence.

    Parameters
    ----------
    data : ndarray, shape (time, batch, ...)
        Or (batch, time, ...) with `axis=1`.
    sequence_length : ndarray, shape (batch,), optional
        How many elements of each sequence count, from 1 to time.
    use_sequence_length : bool
        Whether there are lengths; otherwise all sequences have the full length.
    axis : {0, 1}
        The axis of time.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray, shape (batch, ...)

    Raises
    ------
    ValueError
        If there is not one length for each sequence, or one is 0 or exceeds the time.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> x = np.array([[1, 2, 3], [4, 5, 6]])
    >>> npx.sequence_last(x, np.array([1, 2]), use_sequence_length=True, axis=1)
    array([1., 5.])
    """
    lengths = lengths_of("sequence_last", data, sequence_length, use_sequence_length, axis, 1)
    if lengths is None:
        return getitem(data, (slice(None),) * axis + (-1,))
    batch = np.arange(len(lengths))
    return getitem(data, (lengths - 1, batch) if axis == 0 else (batch, lengths - 1))


def sequence_reverse(data, sequence_length=None, use_sequence_length=False, axis=0, name=None):
    """Each sequence from its last element to its first; what lies beyond its end stays where it is.

    Parameters
    ----------
    data, sequence_length, use_sequence_length, axis
        As for `sequence_mask`.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray
        Of the shape of `data`.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> x = np.array([[1, 2, 3], [4, 5, 6]])
    >>> npx.sequence_reverse(x, np.array([3, 2]), use_sequence_length=True, axis=1)
    array([[3., 2., 1.],
           [5., 4., 6.]])
    """
    lengths = lengths_of("sequence_reverse", data, sequence_length, use_sequence_length, axis, 0)
    if lengths is None:
        return flip(data, axis)
    position, lengths = _position(data, axis), np.expand_dims(lengths, axis)
    order = np.where(position < lengths, lengths - 1 - position, position)
    return take_along_axis(data, np.broadcast_to(_trailing(order, data), data.shape), axis)
