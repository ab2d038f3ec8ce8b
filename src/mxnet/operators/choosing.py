"""Choosing elements, or functions, by conditions; putting elements in and leaving them out; one function on many slices."""

import math

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from ..core.array import Array, raw
from ..core.dtypes import promoted
from ..core.operator import TWINS, from_list, operator, wrap
from .indexing import as_key, getitem, take
from .joining import concatenate, stack
from .shaping import as_arrays, broadcast_to, expand_dims, moveaxis

__all__ = [
    "apply_along_axis",
    "apply_over_axes",
    "choose",
    "compress",
    "delete",
    "extract",
    "insert",
    "piecewise",
    "resize",
    "select",
    "trim_zeros",
]

# What these functions read, `take` would read at indices that they compute: its rule, with those indices, is theirs.
_take_rule = take.operator.rules[0]


def as_ours(name, value):
    """Arrays, of NumPy too, as they are; a list or a number as an array of the default float dtype that records itself."""
    return value if isinstance(value, Array | np.ndarray) else wrap(from_list(name, value))


# --- by conditions and indices ----------------------------------------------------------------------------------------------------


def _which(a, count, mode):
    a = np.asarray(as_key(a))
    return a % count if mode == "wrap" else np.clip(a, 0, count - 1) if mode == "clip" else a


def _choose_rule(g, a, mode, choices_shape):
    which = _which(a, len(choices_shape), mode)
    return [np.where(which == i, g, 0) for i in range(len(choices_shape))]


@operator(implements=np.choose, sequence=True, hides=True, choices=_choose_rule)
def choose(a, choices, out=None, mode="raise"):
    """At every position the element of that one of the `choices` which `a` names there.

    Parameters
    ----------
    a : ndarray of integers
        Which choice to take, from 0; floats that are whole numbers are accepted.
    choices : sequence of ndarray, or ndarray
        They broadcast against each other and against `a`; of one array, the slices along the first axis.
    out : ndarray, optional
        Where to write the result.
    mode : {'raise', 'wrap', 'clip'}
        What a number that names no choice does: raise a ValueError, count modulo their number, stand for the nearest one.

    Examples
    --------
    >>> from mxnet import np
    >>> np.choose(np.array([0, 1, 0]), [np.array([1, 2, 3]), 9])
    array([1., 9., 3.])
    """
    return np.choose(np.asarray(as_key(a)), as_arrays("choose", choices), mode=mode)


def select(condlist, choicelist, default=0):
    """At every position the element of the first choice whose condition holds there; the default where none does.

    No gradient reaches what is not selected, even if it is NaN there.

    Parameters
    ----------
    condlist : list of ndarray
        Booleans.
    choicelist : list of (ndarray or number)
        As many; all broadcast against each other.
    default : ndarray or number

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([-2, 0.5, 3])
    >>> np.select([x < 0, x < 1], [0, x], default=1)
    array([0. , 0.5, 1. ])
    """
    if len(condlist) != len(choicelist):
        raise ValueError(
            f"select: every choice has a condition; there are {len(condlist)} conditions and {len(choicelist)} choices"
        )
    if len(condlist) == 0:
        raise ValueError("select: there is at least one condition")
    return _select([*choicelist, default], list(condlist))


def _select_rule(g, choices_shape, conditions):
    free = True
    parts = []
    for condition in conditions:
        parts.append(np.where(free & condition, g, 0))
        free = free & ~condition
    return [*parts, np.where(free, g, 0)]


@operator(sequence=True, hides=True, choices=_select_rule)
def _select(choices, conditions):
    *choices, default = promoted(*choices)
    return np.select(conditions, choices, default)


_select.operator.name = "select"  # as users know it


@operator(
    implements=np.compress,
    hides=True,
    a=lambda g, condition, axis, a_shape: _take_rule(g, np.flatnonzero(condition), axis, "raise", a_shape),
)
def compress(condition, a, axis=None, out=None):
    """The slices of `a` along `axis` for which the condition holds.

    Parameters
    ----------
    condition : 1-D ndarray or list
        Truth values; beyond its end nothing is selected.
    a : ndarray
    axis : int, optional
        By default `a` is flattened first.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> from mxnet import np
    >>> np.compress([False, True], np.array([[1, 2], [3, 4]]), axis=0)
    array([[3., 4.]])
    """
    return np.compress(np.asarray(condition) != 0, a, axis)


@operator(
    implements=np.extract,
    hides=True,
    arr=lambda g, condition, arr_shape: _take_rule(g, np.flatnonzero(condition), None, "raise", arr_shape),
)
def extract(condition, arr):
    """The elements of `arr` where the condition holds, with one axis: `arr[condition]`.

    Parameters
    ----------
    condition : ndarray
        Truth values, as many as `arr` has elements.
    arr : ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([[1, 2], [3, 4]])
    >>> np.extract(x > 2, x)
    array([3., 4.])
    """
    return np.extract(condition, arr)


def piecewise(x, condlist, funclist, *args, **kw):
    """A function that is defined in pieces: where a condition holds, the function that belongs to it.

    Each function is called once, with a 1-D array of the elements where its condition holds. Of several conditions that hold, the
    last one counts; where none holds the result is 0.

    Parameters
    ----------
    x : ndarray
    condlist : list of ndarray
        Booleans of the shape of `x`.
    funclist : list of (callable or number)
        One for each condition, and possibly one more, for where no condition holds.
    *args, **kw
        What the functions take besides.

    Returns
    -------
    ndarray
        Of the shape and the dtype of `x`.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([-2, 1, 3])
    >>> np.piecewise(x, [x < 0, x > 2], [np.abs, 9, lambda x: 10 * x])
    array([ 2., 10.,  9.])
    """
    x = as_ours("piecewise", x)
    conditions = _conditions(raw(condlist), x.shape)
    if len(funclist) == len(conditions) + 1:
        conditions.append(~np.any(conditions, axis=0))
    elif len(funclist) != len(conditions):
        n = len(conditions)
        raise ValueError(f"piecewise: {n} conditions go with {n} or {n + 1} functions, not {len(funclist)}")
    # All pieces one after another, and for every position of the result its place among them; first a 0, where nothing holds.
    pieces = [np.zeros(1, x.dtype)]
    places = np.zeros(x.shape, np.int64)
    end = 1
    for condition, function in zip(conditions, funclist, strict=True):
        count = int(np.count_nonzero(condition))
        if count:
            values = function(getitem(x, condition), *args, **kw) if callable(function) else function
            values = values if isinstance(values, Array) else np.asarray(values)
            pieces.append(broadcast_to(values.astype(x.dtype), (count,)))
            places[condition] = np.arange(end, end + count)
            end += count
    if isinstance(x, Array):
        pieces[0] = wrap(pieces[0])
    return take(concatenate(pieces), places)


def _conditions(condlist, shape):
    """The conditions as a list of boolean arrays of `shape`; one condition may come without a list."""
    several = isinstance(condlist, list | tuple) or np.ndim(condlist) > 0
    if not several or (shape != () and len(condlist) and np.ndim(condlist[0]) == 0):
        condlist = [condlist]
    conditions = [np.asarray(condition, bool) for condition in condlist]
    for condition in conditions:
        if condition.shape != shape:
            raise ValueError(f"piecewise: a condition has the shape of x, {shape}, not {condition.shape}")
    return conditions


# --- more elements, and fewer -----------------------------------------------------------------------------------------------------


def _as_places(obj):
    """What a user gives as `obj`: a slice, an integer, or an array of integers or booleans."""
    if isinstance(obj, slice):
        return obj
    obj = np.asarray(obj) if np.size(obj) else np.zeros(np.shape(obj), np.int64)
    return as_key(obj)


def _insert_places(obj, axis, arr_shape, g_shape):
    """For every position along the axis of the result the index of the old element there, or -1 - j for the new one number j."""
    size, length = (math.prod(arr_shape), g_shape[0]) if axis is None else (arr_shape[axis], g_shape[axis])
    return np.insert(np.arange(size), _as_places(obj), -1 - np.arange(length - size))


def _kept_rule(g, obj, axis, arr_shape):
    places = _insert_places(obj, axis, arr_shape, g.shape)
    return take(g, np.flatnonzero(places >= 0), axis=0 if axis is None else axis).reshape(arr_shape)


def _inserted_rule(g, obj, axis, arr_shape):
    places = _insert_places(obj, axis, arr_shape, g.shape)
    new = np.flatnonzero(places < 0)
    new = new[np.argsort(-1 - places[new])]
    if axis is None:
        return take(g, new, axis=0)
    taken = take(g, new, axis=axis)
    # To a single index, NumPy gives the values with their first axis along `axis`.
    return moveaxis(taken, axis, 0) if _is_one_index(obj) else taken


def _is_one_index(obj):
    return not isinstance(obj, slice) and np.ndim(obj) == 0


@operator(implements=np.insert, arr=_kept_rule, values=_inserted_rule)
def insert(arr, obj, values, axis=None):
    """`arr` with further values before the elements at `obj`.

    Parameters
    ----------
    arr : ndarray
    obj : int, slice, or ndarray or list of integers or booleans
        Where, by the indices of `arr`. With a single index all values are inserted there.
    values : ndarray or number
        Broadcast to one slice for each index, and cast to the dtype of `arr`.
    axis : int, optional
        By default `arr` is flattened first.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> np.insert(np.array([1, 2, 3]), [1, 3], np.array([8, 9]))
    array([1., 8., 2., 3., 9.])
    >>> np.insert(np.array([[1, 2], [3, 4]]), 1, 0, axis=1)
    array([[1., 0., 2.],
           [3., 0., 4.]])
    """
    return np.insert(arr, _as_places(obj), values, axis)


def _delete_rule(g, obj, axis, arr_shape):
    size = math.prod(arr_shape) if axis is None else arr_shape[axis]
    return _take_rule(g, np.delete(np.arange(size), _as_places(obj)), axis, "raise", arr_shape)


@operator(implements=np.delete, hides=True, arr=_delete_rule)
def delete(arr, obj, axis=None):
    """`arr` without the elements, or slices along `axis`, at `obj`.

    Parameters
    ----------
    arr : ndarray
    obj : int, slice, or ndarray or list of integers or booleans
        What to leave out.
    axis : int, optional
        By default `arr` is flattened first.

    Examples
    --------
    >>> from mxnet import np
    >>> np.delete(np.array([1, 2, 3, 4]), [0, 2])
    array([2., 4.])
    """
    return np.delete(arr, _as_places(obj), axis)


def _resize_rule(g, a_shape):
    if 0 in a_shape:
        return None
    return _take_rule(g, np.arange(math.prod(g.shape)).reshape(g.shape), None, "wrap", a_shape)


@operator(implements=np.resize, hides=True, a=_resize_rule)
def resize(a, new_shape):
    """The elements of `a`, in order and over and over again, in another shape; zeros if there are none.

    Examples
    --------
    >>> from mxnet import np
    >>> np.resize(np.array([1, 2, 3]), (2, 4))
    array([[1., 2., 3., 1.],
           [2., 3., 1., 2.]])
    """
    return np.resize(a, as_key(new_shape))


def trim_zeros(filt, trim="fb", axis=None):
    """`filt` without the zeros at its ends: of an axis, the slices with nothing but zeros.

    Parameters
    ----------
    filt : ndarray
    trim : {'fb', 'f', 'b'}
        Trim the front, the back or both.
    axis : int or tuple of int, optional
        The axes to trim; by default all.

    Returns
    -------
    ndarray
        A view.

    Examples
    --------
    >>> from mxnet import np
    >>> np.trim_zeros(np.array([0, 0, 1, 0, 2, 0]))
    array([1., 0., 2.])
    """
    ends = trim.lower()
    if ends not in ("fb", "bf", "f", "b"):
        raise ValueError(f"trim_zeros: trim is 'f', 'b' or 'fb', not {trim!r}")
    filt = as_ours("trim_zeros", filt)
    places = np.argwhere(raw(filt))
    key = [slice(None)] * filt.ndim
    for i in range(filt.ndim) if axis is None else normalize_axis_tuple(axis, filt.ndim, "trim_zeros"):
        if len(places) == 0:
            key[i] = slice(0, 0)
        else:
            first, last = int(places[:, i].min()), int(places[:, i].max())
            key[i] = slice(first if "f" in ends else None, last + 1 if "b" in ends else None)
    return filt[tuple(key)]


# --- one function on many slices --------------------------------------------------------------------------------------------------


def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    """`func1d(line, *args, **kwargs)` for every line of `arr` along `axis`; its results stand where the line stood.

    This is a loop in Python: a function of whole arrays is faster where there is one.

    Parameters
    ----------
    func1d : callable
        Takes a 1-D array; returns a number, or an array of any shape, the same for every line.
    axis : int
    arr : ndarray
    *args, **kwargs
        What `func1d` takes besides.

    Returns
    -------
    ndarray
        Of the shape of `arr`, with `axis` replaced by the axes of the results.

    Raises
    ------
    ValueError
        If there is no line.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([[1, 2], [3, 5]])
    >>> np.apply_along_axis(lambda line: line[1] - line[0], 1, x)
    array([1., 2.])
    """
    arr = as_ours("apply_along_axis", arr)
    axis = normalize_axis_index(axis, arr.ndim, "apply_along_axis")
    outside = arr.shape[:axis] + arr.shape[axis + 1 :]
    if 0 in outside:
        raise ValueError(f"apply_along_axis: an array of shape {arr.shape} has no line along axis {axis} to apply the function to")
    lines = moveaxis(arr, axis, -1).reshape((math.prod(outside), arr.shape[axis]))
    results = stack([_result(func1d(line, *args, **kwargs), arr) for line in lines])
    count = results.ndim - 1
    results = results.reshape(outside + results.shape[1:])
    if count == 0:
        return results
    return moveaxis(results, range(len(outside), len(outside) + count), range(axis, axis + count))


def _result(value, like):
    """What a user's function returned: a number becomes an array, of the kind of `like`."""
    if isinstance(value, Array):
        return value
    value = np.asarray(value)
    return wrap(value) if isinstance(like, Array) else value


def apply_over_axes(func, a, axes):
    """`func(a, axis)` for one axis after another, each time on what the last one returned.

    Parameters
    ----------
    func : callable
        Such as `np.sum`; an axis that it takes away is put back with length 1.
    a : ndarray
    axes : int or sequence of int

    Returns
    -------
    ndarray
        Of as many axes as `a`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.apply_over_axes(np.sum, np.ones((2, 3, 4)), (0, 2))
    array([[[8.],
            [8.],
            [8.]]])
    """
    result = a = as_ours("apply_over_axes", a)
    for axis in np.atleast_1d(raw(axes)).tolist():
        axis = normalize_axis_index(axis, a.ndim, "apply_over_axes")
        reduced = func(result, axis)
        if reduced.ndim != a.ndim:
            reduced = expand_dims(reduced, axis)
            if reduced.ndim != a.ndim:
                raise ValueError(
                    f"apply_over_axes: the function takes away one axis or none; from {a.ndim} it left {reduced.ndim - 1}"
                )
        result = reduced
    return result


TWINS.update(
    {
        np.select: select,
        np.piecewise: piecewise,
        np.trim_zeros: trim_zeros,
        np.apply_along_axis: apply_along_axis,
        np.apply_over_axes: apply_over_axes,
    }
)
