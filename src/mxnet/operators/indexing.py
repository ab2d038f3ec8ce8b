"""Reading parts of an array: `x[key]`, `take`, `take_along_axis`; and `scatter`, which puts their cotangents where they belong."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..core import views
from ..core.array import Array
from ..core.operator import operator, wrap
from ..core.state import is_recording
from ..core.tape import Node, Scatter

__all__ = ["getitem", "take", "take_along_axis"]

_BASIC = (int, np.integer, slice, type(None), type(Ellipsis))


def as_key(key):
    """A key as NumPy takes it: MXNet accepts float arrays as integer indices, and an array of one integer as that integer.

    So are lists of floats, which must be whole.
    """
    if type(key) is tuple:
        return tuple(map(as_key, key))
    if type(key) is list:
        return _as_array(key)
    if isinstance(key, np.ndarray | np.floating):
        if key.dtype.kind == "f":
            if not np.isfinite(key).all():
                raise IndexError("NaN or an infinity is no index")
            key = key.astype(np.int64)
        if key.ndim == 0 and key.dtype.kind in "iu":
            return key[()]
    return key


def _as_array(key):
    """The list `key` as an array of indices, or a mask."""
    key = np.asarray(key)
    if key.dtype.kind == "f":
        odd = key[key % 1 != 0]
        if odd.size:
            raise IndexError(f"{odd[0]} is no index; a list of floats names whole numbers, as in x[[0.0, 2.0]]")
        key = key.astype(np.int64)
    return key


def _is_basic(part):
    return isinstance(part, _BASIC) and not isinstance(part, bool)  # True and False are masks without axes


def _names_once(key):
    """Whether no element can be named twice: integers, slices and masks, but no integer arrays."""
    parts = key if type(key) is tuple else (key,)
    return all(_is_basic(part) or (isinstance(part, np.ndarray) and part.dtype == bool) for part in parts)


def region(data, key):
    """A view of what `data[key] = …` writes; all of `data` if the key has arrays."""
    parts = key if type(key) is tuple else (key,)
    if not all(map(_is_basic, parts)):
        return data
    return data[parts if Ellipsis in parts else (*parts, Ellipsis)]


def scatter(g, key, shape):
    """The cotangent of `x` in `x[key]`: zeros of `shape`, plus `g` at `key`."""
    if isinstance(g, Array):
        return placed(g, key, shape)
    return Scatter(key, g, _names_once(key))


@operator(g=lambda g, key: getitem(g, key))
def placed(g, key, shape):
    result = np.zeros(shape, g.dtype)
    Scatter(key, g, _names_once(key)).add_to(result)
    return result


@operator(
    hides=True,
    a=lambda g, key, a_shape: scatter(g, as_key(key), a_shape),
    view=lambda base, new, key: assigned(base, key, new),
)
def getitem(a, key):
    """`a[key]`: integers, slices, None, `...`, and arrays of integers or booleans, as in NumPy.

    Integers and slices give a view, which shares memory with `a`; arrays give a copy.
    """
    key = as_key(key)
    if type(key) is np.ndarray and key.dtype.kind in "iu" and np.ndim(a) > 1:
        return a.take(key, axis=0)  # whole rows: twice as fast as a[key]
    result = a[key]
    if type(result) is not np.ndarray and isinstance(a, np.ndarray):  # NumPy copies a single element, unless the key has `...`
        result = a[(*key, ...) if type(key) is tuple else (key, ...)]
    return result


_PLAIN = frozenset((int, slice))


def read(array, key):
    """`array[key]`. Integers and slices, the usual keys, take a path of their own: loops over rows and steps are made of them."""
    kind = type(key)
    if kind not in _PLAIN and not (kind is tuple and _PLAIN.issuperset(map(type, key))):
        return getitem(array, key)
    data = array._data
    try:
        part = data[(*key, ...) if kind is tuple else (key, ...)]  # `...` makes a view of a single element, too
    except (IndexError, TypeError, ValueError):
        return getitem(array, key)  # which says what is wrong
    result = wrap(part)
    if array._node is not None and is_recording():
        result._node = Node(getitem.operator, (array._node,), (None, key, None, data.shape), part.shape, part.dtype)
    views.register(result, array, getitem, (key,))
    return result


def _written_rule(g, key, wanted):
    """The cotangents of the past of an array that was written at `key`, in which what was overwritten has none, and of the value.

    The former takes the memory of `g` over: T writes into one array cost one buffer.
    """
    value = _kept(g, key) if wanted[1] else None
    if not wanted[0]:
        return None, value
    if isinstance(g, Array):
        return assigned(g, key, 0), value
    if value is not None:
        value = np.array(value)
    g[as_key(key)] = 0
    return g, value


@operator(hides=True, complex_rules=True, in_place=True, joint=_written_rule, inputs=("a", "value"))
def assigned(a, key, value):
    """A copy of `a` in which `a[key]` is `value`."""
    result = np.array(a)
    result[as_key(key)] = value
    return result


def _kept(g, key):
    """The cotangent of what was written at `key`; of an element that was written twice, the last value only."""
    key = as_key(key)
    if _names_once(key):
        return g[key]
    shape = g.shape
    last = np.empty(shape, np.int64)
    count = np.arange(np.empty(shape, bool)[key].size).reshape(np.empty(shape, bool)[key].shape)
    last[key] = count
    return np.where(last[key] == count, g[key], 0)


def assign(array, key, value, refusal):
    """`array[key] = value`, recorded: `array` and what shares its memory move on."""
    views.refuse_variables(array, refusal)
    if getattr(array, "_base", None) is not None and array._node is None:
        views.refresh(views.root_of(array))  # a view taken outside record() joins the graph of its base
    value = value if isinstance(value, Array) else wrap(np.asarray(value, array._data.dtype))
    if getattr(array, "_base", None) is not None or views.is_held(array):
        views.move(array, assigned(array, key, value))
        return
    data = array._data  # nobody else's: written in place, so that filling an array piece by piece copies nothing
    data[key] = value._data
    parents = (array._node, value._node)
    array._node = assigned.operator.record([data, key, value._data], data, parents) if data.dtype.kind in "fc" else None
    views.refresh(array)


def _index(indices, size, mode):
    indices = np.asarray(indices).astype(np.int64)  # booleans too: to `take` they are numbers, as a key they were a mask
    if mode == "wrap":
        return indices % size
    return np.clip(indices, 0, size - 1) if mode == "clip" else indices


def _take_rule(g, indices, axis, mode, a_shape):
    if axis is None:
        flat = int(np.prod(a_shape))
        return _flattened(scatter(g, _index(indices, flat, mode), (flat,)), a_shape)
    axis %= len(a_shape)
    return scatter(g, (slice(None),) * axis + (_index(indices, a_shape[axis], mode),), a_shape)


def _flattened(cotangent, shape):
    if isinstance(cotangent, Scatter):
        flat = np.zeros(int(np.prod(shape)), cotangent.value.dtype)
        cotangent.add_to(flat)
        cotangent = flat
    return cotangent.reshape(shape)


@operator(implements=np.take, hides=True, a=_take_rule)
def take(a, indices, axis=None, mode="raise", out=None):
    """The elements, or slices along `axis`, at `indices`.

    Parameters
    ----------
    a : ndarray
    indices : ndarray or int
        Of any shape; floats that are whole numbers are accepted. An index named twice receives both gradients.
    axis : int, optional
        By default `a` is flattened first.
    mode : {'raise', 'clip', 'wrap'}
        What an index out of range does: raise an IndexError, stand for the nearest element (negative ones for the first), or
        count modulo the size.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> np.take(np.array([[1, 2], [3, 4]]), np.array([1, 0]), axis=1)
    array([[2., 1.],
           [4., 3.]])
    """
    if mode not in ("raise", "clip", "wrap"):
        raise ValueError(f"mode is 'raise', 'clip' or 'wrap', not {mode!r}")
    indices = as_key(np.asarray(indices))
    size = np.size(a) if axis is None else np.shape(a)[normalize_axis_index(axis, np.ndim(a))]
    if mode == "wrap" and size:  # NumPy's own steps back one size at a time
        return np.take(a, _index(indices, size, mode), axis=axis)
    return np.take(a, indices, axis=axis, mode=mode)


def along(indices, axis, shape):
    """The key that reads, from an array of `shape`, the elements at `indices` along `axis`."""
    axis %= len(shape)
    grid = list(np.ogrid[tuple(map(slice, shape))])
    grid[axis] = indices
    return tuple(grid)


def _along_rule(g, indices, axis, arr_shape):
    if axis is None:
        return _flattened(scatter(g, as_key(indices), (int(np.prod(arr_shape)),)), arr_shape)
    return scatter(g, along(as_key(indices), axis, arr_shape), arr_shape)


@operator(implements=np.take_along_axis, hides=True, arr=_along_rule)
def take_along_axis(arr, indices, axis=-1):
    """Along `axis`, the elements at `indices`: what `argsort` and `argmax` return, applied.

    Parameters
    ----------
    arr : ndarray
    indices : ndarray of int
        Of as many dimensions as `arr`; they broadcast to it outside `axis`.
    axis : int or None
        None flattens `arr` first.

    Examples
    --------
    >>> x = np.array([[3, 1, 2]])
    >>> np.take_along_axis(x, np.argsort(x, axis=1), axis=1)
    array([[1., 2., 3.]])
    """
    return np.take_along_axis(arr, as_key(indices), axis)
