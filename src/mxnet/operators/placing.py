"""Writing into an array in place, at indices or under a mask: other ways to say `array[key] = values`, which is what they do."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..core.array import Array, raw
from ..core.operator import TWINS
from ..core.state import is_recording
from ..core.views import forget_past
from ..core.writes import note_write
from .choosing import as_ours
from .indexing import as_key, take
from .shaping import broadcast_to, ravel

__all__ = ["copyto", "place", "put", "put_along_axis", "putmask"]


def _flat_key(name, array, ind, mode):
    """The key of the elements of `array` at flat indices."""
    ind, size = np.asarray(as_key(ind)), array.size
    if mode == "wrap" and size:
        ind = ind % size
    elif mode == "clip":
        ind = np.clip(ind, 0, size - 1)
    elif mode not in ("raise", "wrap"):
        raise ValueError(f"{name}: mode is 'raise', 'wrap' or 'clip', not {mode!r}")
    if ind.size and (ind.min() < -size or ind.max() >= size):
        raise IndexError(f"{name}: an index is out of range for the {size} elements of an array of shape {array.shape}")
    return np.unravel_index(ind.reshape(-1) % max(size, 1), array.shape) if array.ndim else np.full((), ind.size > 0)


def put(a, ind, v, mode="raise"):
    """Write `v`, repeated if there are too few, into the elements of `a` at flat indices, in place: `a.reshape(-1)[ind] = v`.

    Parameters
    ----------
    a : ndarray
        Written to, as `a[key] = v` does.
    ind : ndarray or list of int
        Of one that is named twice the last value stays.
    v : ndarray or number
    mode : {'raise', 'wrap', 'clip'}
        What an index out of range does: raise an IndexError, count modulo the size, stand for the nearest one.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.zeros((2, 2))
    >>> np.put(x, [0, 3], [5, 6])
    >>> x
    array([[5., 0.],
           [0., 6.]])
    """
    _written("put", a, v)
    ind = np.asarray(raw(ind))
    if mode == "raise" and not is_recording() and _put_at_once(a, ind, v):
        return
    v = ravel(as_ours("put", v))
    key = _flat_key("put", a, ind, mode)
    if ind.size and v.size:
        v = _repeated(v, ind.size)
        a[key] = v if a.ndim else v[-1]


def _put_at_once(a, ind, v):
    """Whether this is a write without a graph into an array in one piece: if so it is made, at a fifteenth of the cost."""
    data, v = raw(a), np.asarray(raw(v))
    if ind.dtype.kind not in "iu" or v.dtype.kind not in "biufc" or v.size not in (1, ind.size) or not data.flags.c_contiguous:
        return False
    try:
        data.reshape(-1)[ind.reshape(-1)] = v.reshape(-1)
    except IndexError:
        return False  # the other way says what is wrong
    if isinstance(a, Array):
        note_write(data)
        forget_past(a)
    return True


def _repeated(values, count):
    """The first `count` values, beginning again after the last. NumPy's `resize` would join as many copies."""
    return take(values, np.arange(count) % values.size)


def _written(name, array, values):
    if not isinstance(array, Array | np.ndarray):
        raise TypeError(f"{name}: writes in place into an array, not a {type(array).__name__}")
    if isinstance(values, Array) and values._node is not None and not isinstance(array, Array) and is_recording():
        raise TypeError(
            f"{name}: no gradient flows through an array of NumPy; write values.detach() into it, or into one of mxnet.np"
        )


def put_along_axis(arr, indices, values, axis):
    """Write `values` into the elements of `arr` that `np.take_along_axis(arr, indices, axis)` reads, in place.

    Parameters
    ----------
    arr : ndarray
        Written to, as `arr[key] = values` does.
    indices : ndarray of int
        Of as many dimensions as `arr`; they broadcast to it outside `axis`.
    values : ndarray or number
        Broadcast to the shape of `indices`.
    axis : int or None
        None flattens `arr`.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([[1, 5, 2], [7, 3, 4]])
    >>> np.put_along_axis(x, np.argmax(x, axis=1, keepdims=True), 0, axis=1)
    >>> x
    array([[1., 0., 2.],
           [0., 3., 4.]])
    """
    _written("put_along_axis", arr, values)
    indices = np.asarray(as_key(np.asarray(raw(indices))))
    if axis is None:
        if indices.ndim != 1:
            raise ValueError(f"put_along_axis: with axis=None indices have one axis, not shape {indices.shape}")
        arr[_flat_key("put_along_axis", arr, indices, "raise")] = values
        return
    axis = normalize_axis_index(axis, arr.ndim, "put_along_axis")
    if indices.ndim != arr.ndim:
        raise ValueError(f"put_along_axis: indices have as many axes as the array, {arr.ndim}, not {indices.ndim}")
    key = list(np.ogrid[tuple(map(slice, arr.shape))])
    key[axis] = indices
    arr[tuple(key)] = values


def _places(name, array, mask, values):
    """The flat indices where the mask holds, and the key of these elements."""
    _written(name, array, values)
    mask = np.asarray(raw(mask))
    if mask.size != array.size:
        raise ValueError(f"{name}: the mask has shape {mask.shape}, the array {array.shape}; they have as many elements")
    return np.flatnonzero(mask), (mask != 0).reshape(array.shape)


def place(arr, mask, vals):
    """Write `vals`, one after another and over and over again, into the elements of `arr` where the mask holds, in place.

    `putmask` instead writes the value that stands where the mask holds.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([1, 2, 3, 4])
    >>> np.place(x, x > 2, [7, 8, 9])
    >>> x
    array([1., 2., 7., 8.])
    """
    places, key = _places("place", arr, mask, vals)
    vals = ravel(as_ours("place", vals))
    if places.size:
        if vals.size == 0:
            raise ValueError("place: there are no values to write")
        arr[key] = _repeated(vals, places.size)


def putmask(a, mask, values):
    """Write `values` into `a` where the mask holds, in place: `a[mask] = values[mask]`.

    Parameters
    ----------
    a : ndarray
        Written to, as `a[key] = values` does.
    mask : ndarray
        Truth values, as many as `a` has elements.
    values : ndarray or number
        Repeated if they are fewer than those of `a`.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([1, 2, 3, 4])
    >>> np.putmask(x, x > 2, -x)
    >>> x
    array([ 1.,  2., -3., -4.])
    """
    places, key = _places("putmask", a, mask, values)
    values = ravel(as_ours("putmask", values))
    if places.size and values.size:
        a[key] = take(values, places % values.size)


def copyto(dst, src, casting="same_kind", where=True):
    """Write `src` into `dst`, in place: `dst[where] = src[where]`, broadcast.

    Parameters
    ----------
    dst : ndarray
        Written to, as `dst[...] = src` does.
    src : ndarray or number
    casting : {'no', 'equiv', 'safe', 'same_kind', 'unsafe'}
        Which casts are allowed; see `can_cast`.
    where : ndarray of bool, optional
        The elements that are written; they broadcast to the shape of `dst`.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([1, 2, 3])
    >>> np.copyto(x, 0, where=x < 3)
    >>> x
    array([0., 0., 3.])
    """
    _written("copyto", dst, src)
    source = np.min_scalar_type(src) if isinstance(src, bool | int | float | complex) else np.asarray(raw(src)).dtype
    if not np.can_cast(source, dst.dtype, casting):
        raise TypeError(f"copyto: {source} to {dst.dtype} is not allowed by casting={casting!r}")
    if where is True:
        dst[...] = src
        return
    where = np.asarray(raw(where))
    if where.dtype != bool:
        raise TypeError(f"copyto: where has the dtype bool, not {where.dtype}")
    where = np.broadcast_to(where, dst.shape)
    dst[where] = broadcast_to(as_ours("copyto", src), dst.shape)[where]


TWINS.update({np.copyto: copyto, np.put: put, np.put_along_axis: put_along_axis, np.place: place, np.putmask: putmask})
