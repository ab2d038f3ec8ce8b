"""Batchify functions: they make a batch of a list of items."""

import numpy

from ... import numpy as np
from ... import numpy_extension as npx

__all__ = ["Append", "AsList", "Group", "Pad", "Stack"]


def stacked(items):
    """`Stack` of items."""
    if not items:
        raise ValueError("Stack: there are no items to make a batch of")
    first = items[0]
    if isinstance(first, tuple | list):
        lengths = {len(item) if isinstance(item, tuple | list) else type(item).__name__ for item in items}
        if len(lengths) > 1:
            raise ValueError(f"Stack: items have as many parts as each other, not {' and '.join(map(str, lengths))}")
        return [stacked(part) for part in zip(*items, strict=True)]
    shapes = {numpy.shape(item) for item in items}
    if len(shapes) > 1:
        shapes = " and ".join(map(str, sorted(shapes)))
        raise ValueError(f"Stack: arrays of shapes {shapes} cannot be stacked; Pad fills them up: DataLoader(…, batchify_fn=Pad())")
    if isinstance(first, np.ndarray):
        return np.stack(items)
    return npx.from_numpy(_numbers("Stack", numpy.asarray(items)))


def make_batch(dataset, batchify, indices):
    """The batch of a dataset's items at `indices`."""
    if type(batchify) is Stack and (batch := dataset._batch(indices)) is not None:
        return batch
    return batchify([dataset[i] for i in indices])


def _numbers(name, data):
    """A NumPy array, which must hold what arrays of a network hold."""
    if data.dtype.kind not in "biufc":
        raise TypeError(
            f"{name}: a batch is made of arrays or numbers, not {data.dtype} as in {data.ravel()[:1].tolist()!r:.60}; leave such a "
            "part as a list with AsList(), say by DataLoader(…, batchify_fn=Group(Stack(), AsList())), or make your own batchify_fn"
        )
    return data


class Stack:
    """A batch with a new first axis, along which the items lie; the loader's default.

    Of items with several parts (tuples or lists) it makes a list with a batch of each part.

    Parameters
    ----------
    use_shared_mem : bool
        Without effect: batches come back from worker processes through shared memory in any case.

    Notes
    -----
    Arrays keep their dtype; Python's integers become int64, its floats float64.

    Raises
    ------
    ValueError
        If arrays differ in shape, or there are no items.
    TypeError
        For strings, dictionaries and other objects.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.batchify import Stack
    >>> Stack()([(np.array([1, 2]), 0), (np.array([3, 4]), 1)])
    [array([[1., 2.],
           [3., 4.]]), array([0, 1], dtype=int64)]
    """

    def __init__(self, use_shared_mem=False):
        pass

    def __call__(self, data):
        return stacked(data)


class Pad:
    """A batch of arrays of different lengths, each of which is filled up with `val` at the end of every axis.

    Parameters
    ----------
    val : float, optional
        0 unless given.
    dtype : str or dtype, optional
        Of the batch; by default that of the arrays.
    round_to : int, optional
        Every axis gets a length that this number divides.
    use_shared_mem : bool
        As for `Stack`.

    Raises
    ------
    ValueError
        If arrays differ in their number of axes, or there are none.
    TypeError
        For numbers, and for items that have several parts; `Group` pads one part and stacks another.

    Examples
    --------
    >>> from mxnet.gluon.data.batchify import Pad
    >>> Pad(val=-1)([[1, 2, 3], [4]])
    array([[ 1,  2,  3],
           [ 4, -1, -1]], dtype=int64)
    """

    def __init__(self, val=None, dtype=None, round_to=None, use_shared_mem=False):
        if round_to is not None and not (isinstance(round_to, int | numpy.integer) and round_to > 0):
            raise ValueError(f"Pad: round_to is a whole number above 0, not {round_to!r}")
        self._val = 0 if val is None else val
        self._dtype = dtype
        self._round_to = 1 if round_to is None else round_to

    def __call__(self, data):
        arrays = [_padable(item) for item in data]
        if not arrays:
            raise ValueError("Pad: there are no items to make a batch of")
        axes = {array.ndim for array in arrays}
        if len(axes) > 1:
            raise ValueError(f"Pad: arrays have as many axes as each other, not {' and '.join(map(str, sorted(axes)))}")
        longest = numpy.max([array.shape for array in arrays], axis=0)
        shape = (-(-longest // self._round_to) * self._round_to).tolist()
        batch = numpy.full([len(arrays), *shape], self._val, self._dtype or numpy.result_type(*arrays))
        for row, array in zip(batch, arrays, strict=True):
            row[tuple(map(slice, array.shape))] = array
        return npx.from_numpy(batch)


def _padable(item):
    if isinstance(item, tuple | list) and not all(map(numpy.isscalar, item)):
        raise TypeError(
            f"Pad: an item is an array or a list of numbers, not {item!r:.60}; for items with several parts write Group(Pad(), …), "
            "with a function for each of them"
        )
    array = numpy.asarray(item)
    if array.ndim == 0:
        raise TypeError(f"Pad: {item!r:.60} has no axis that could be filled up; Stack() makes a batch of numbers")
    return _numbers("Pad", array)


class Group:
    """A batch of each part of the items, made by a function of its own.

    Parameters
    ----------
    fn : callable, or list or tuple of callable
        The function for the first part, or those for all.
    *args : callable
        Those for the others.

    Raises
    ------
    ValueError
        If an item has more or fewer parts than there are functions.

    Examples
    --------
    >>> from mxnet.gluon.data.batchify import Group, Pad, Stack
    >>> Group(Pad(), Stack())([([1, 2], 0), ([3], 1)])
    (array([[1, 2],
           [3, 0]], dtype=int64), array([0, 1], dtype=int64))
    """

    def __init__(self, fn, *args):
        if isinstance(fn, list | tuple) and args:
            raise ValueError("Group: write Group(A, B) or Group([A, B]), not a list and more functions besides")
        self._fn = tuple(fn) if isinstance(fn, list | tuple) else (fn, *args)
        for function in self._fn:
            if not callable(function):
                raise TypeError(f"Group: takes functions such as Stack() and Pad(), not {function!r:.60}")

    def __call__(self, data):
        for item in data:
            if not isinstance(item, tuple | list) or len(item) != len(self._fn):
                parts = f"{len(item)} parts" if isinstance(item, tuple | list) else f"one part, a {type(item).__name__}"
                raise ValueError(f"Group: has functions for {len(self._fn)} parts, and an item has {parts}")
        return tuple(function(list(part)) for function, part in zip(self._fn, zip(*data, strict=True), strict=True))


class Append:
    """A list of arrays, one an item: for items that differ in shape and shall not be filled up.

    Parameters
    ----------
    expand : bool
        Whether each gets an axis of length 1, as a batch of one.
    batch_axis : int
        Where that axis is.
    use_shared_mem : bool
        As for `Stack`.

    Examples
    --------
    >>> from mxnet.gluon.data.batchify import Append
    >>> Append()([[1, 2, 3], [4]])
    [array([[1, 2, 3]], dtype=int64), array([[4]], dtype=int64)]
    """

    def __init__(self, expand=True, batch_axis=0, use_shared_mem=False):
        self._expand = expand
        self._batch_axis = batch_axis

    def __call__(self, data):
        arrays = [item if isinstance(item, np.ndarray) else npx.from_numpy(_numbers("Append", numpy.array(item))) for item in data]
        return [np.expand_dims(array, self._batch_axis) for array in arrays] if self._expand else arrays


class AsList:
    """A list of the items as they are: for strings and the like.

    Examples
    --------
    >>> from mxnet.gluon.data.batchify import AsList, Group, Stack
    >>> Group(Stack(), AsList())([(1, "one"), (2, "two")])
    (array([1, 2], dtype=int64), ['one', 'two'])
    """

    def __call__(self, data):
        return list(data)
