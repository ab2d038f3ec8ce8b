"""`Array`: raw data and a place in the graph. `mxnet.np.ndarray` adds the methods."""

import numpy as np

__all__ = ["Array", "raw"]


class Array:
    """What operators take and return: `_data`, a `numpy.ndarray`, and `_node`, where a gradient would flow to.

    `_node` is None for a constant, a `Leaf` for a variable, and otherwise the `Node` of the operation whose result this is.
    `_base` and `_views` are set where arrays share memory (`views`).
    """

    __slots__ = ("__weakref__", "_base", "_data", "_node", "_views")

    def __init__(self, data, node=None):
        self._data = data
        self._node = node


def raw(value):
    """The `numpy.ndarray` of an Array; lists and tuples are searched; anything else is returned as it is."""
    if isinstance(value, Array):
        return value._data
    if type(value) in (list, tuple):
        return type(value)(map(raw, value))
    if isinstance(value, slice) and any(isinstance(part, Array) for part in (value.start, value.stop, value.step)):
        return slice(raw(value.start), raw(value.stop), raw(value.step))
    return value


def as_array(data):
    """0-d results of NumPy are scalars; an Array always holds an array."""
    return data if type(data) is np.ndarray else np.asarray(data)
