"""Order by several keys, and order up to a point."""

import numpy

from .table import DISTINCT, FLOATS, Domain, Row

SHAPES = [(1,), (5,), (2, 5), (5, 2, 5)]
PLACES = [
    {"kth": 0},
    {"kth": 3},
    {"kth": -1},
    {"kth": (1, 3)},
    {"kth": 2, "axis": -1},
    {"kth": 1, "axis": None},
    {"kth": 3, "axis": 0},
]


def parted(function, a, kth, axis=-1):
    """What is settled of a partition: the elements at `kth`, and which ones are between them."""
    parts = function(a, kth, axis)
    if axis is None:
        axis = 0
    bounds = sorted(int(numpy.mod(k, parts.shape[axis])) for k in numpy.atleast_1d(kth))
    edges = [edge for k in bounds for edge in (k, k + 1)]
    return [numpy.sort(part, axis) for part in numpy.split(parts, edges, axis)]


def partly(function, a, kth, axis=-1):
    """The same for indices: what they read."""

    def read(a, kth, axis):
        chosen = function(a, kth, axis)
        return numpy.take_along_axis(a.reshape(-1) if axis is None else a, chosen, 0 if axis is None else axis)

    return parted(read, a, kth, axis)


def by_both(function, *keys, **attributes):
    return function(keys, **attributes)


TIES = Domain(0, 2)

ROWS = [
    Row("np.partition", DISTINCT, SHAPES, PLACES, call=parted),
    Row("np.argpartition", DISTINCT, SHAPES, PLACES, call=partly),
    Row("np.lexsort", (TIES, TIES), [((6,), (6,)), ((2, 5), (2, 5)), ((0,), (0,))], [{}, {"axis": 0}], order=0, call=by_both),
    Row("np.lexsort", TIES, [(2, 6), (3, 2, 4)], [{}, {"axis": 0}], order=0, dtypes=FLOATS[1:]),
]
