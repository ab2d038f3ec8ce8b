"""Arrays that share memory, and what a recorded write does to them.

Under `record()` a write is an operation like any other: the array moves on to a new place in the graph, whose parents are its past
and what was written. What shares memory with it moves along. A view knows its base and the operator that reads it (`_base`), a base
its living views (`_views`, weak references): reading costs nothing, and a write climbs to the base that has no base and from there
down to every view. Both slots stay unset on arrays that never met a view.
"""

import sys
import weakref

import numpy as np

from ..base import MXNetError
from .array import Array
from .tape import Leaf

__all__ = [
    "family_is_recorded",
    "forget_past",
    "is_held",
    "move",
    "refresh",
    "refuse_variables",
    "register",
    "root_of",
    "shares_memory",
    "unshare",
]


def register(view, base, function, args):
    """Note that `view` is `function(base, *args)` and shares its memory."""
    view._base = (base, function, args)
    views = getattr(base, "_views", None)
    if views is None:
        views = base._views = []
    elif len(views) >= 16 and len(views) & (len(views) - 1) == 0:  # at powers of two, so that sweeping stays cheap
        views[:] = [ref for ref in views if ref() is not None]
    views.append(weakref.ref(view))


def _views_of(array):
    return [view for ref in getattr(array, "_views", ()) if (view := ref()) is not None]


def root_of(array):
    """The array that `array` is a view of, a view of a view of, …; itself if it is no view."""
    while (origin := getattr(array, "_base", None)) is not None:
        array = origin[0]
    return array


def _family(root):
    """`root` and all that views it."""
    family = [root]
    for array in family:
        family.extend(_views_of(array))
    return family


def family_is_recorded(array):
    """Whether `array`, or anything that shares its memory, has a place in the graph."""
    return any(member._node is not None for member in _family(root_of(array)))


def refuse_variables(array, name):
    """Raise if a recorded write to `array` would overwrite a variable."""
    for member in _family(root_of(array)):
        if isinstance(member._node, Leaf):
            which = "this array" if member is array else "an array that shares its memory"
            raise MXNetError(
                f"{name}: {which} is a variable (attach_grad), and a recorded write would leave its gradient without a meaning. "
                "Write to a copy, x = x.copy(), or outside record()"
            )


def forget_past(array):
    """After an unrecorded write: what was computed into this memory is no longer what the graph says."""
    for member in _family(root_of(array)):
        if member._node is not None and member._node.variable is None:
            member._node = None


def is_held(array):
    """Whether anything but `array`, which is no view, and its views refers to its memory, such as a node that kept it."""
    if array._data.base is not None or sys.getrefcount(array._data) > _ALONE + len(_family(array)) - 1:  # a view holds its base
        return True
    return any(sys.getrefcount(view._data) > _ALONE for view in _family(array)[1:])


_probe = Array(np.empty(0))
_ALONE = sys.getrefcount(_probe._data)  # where nothing else refers to the data of an array; the number depends on the interpreter


def unshare(array):
    """Before an unrecorded write under `record()`: give `array` and its views memory of their own, if a node may hold theirs."""
    root = root_of(array)
    if is_held(root):
        root._data = root._data.copy()
        refresh(root)


def move(array, new):
    """Give `array` the content and the place in the graph of `new`, and let its base and its views follow."""
    while (origin := getattr(array, "_base", None)) is not None:
        base, function, args = origin
        new = function.operator.view(base, new, *args)
        array = base
    array._data = new._data
    array._node = new._node
    refresh(array)


def refresh(array):
    """Read every view of `array` anew."""
    for view in _views_of(array):
        _, function, args = view._base
        fresh = function(array, *args)
        view._data = fresh._data
        view._node = fresh._node
        refresh(view)


def shares_memory(result, source):
    """Whether the raw `result` of an operator on the raw `source` is a view of it."""
    return (
        type(result) is np.ndarray and result.base is not None and result.base is (source if source.base is None else source.base)
    )
