"""Operators that read at places given by integers."""

from .table import REAL, Row, args, indices

TAKEN = [((2,), (3,)), ((3,), ()), ((2, 3), (2, 2)), ((3,), (0,))]
AXES = [{}, {"axis": 0}, {"axis": -1}]
MODES = [{"mode": "clip"}, {"mode": "wrap", "axis": 0}]
ALONG = [((2,), (3,)), ((2, 3), (2, 2)), ((2, 3), (1, 3))]

ROWS = [
    Row("np.take", (REAL, indices(-2, 1)), TAKEN, AXES),
    Row("np.take", (REAL, indices(-5, 5)), TAKEN, MODES),
    Row("np.take_along_axis", (REAL, indices(0, 1)), ALONG, [args(-1), args(0)]),
]
