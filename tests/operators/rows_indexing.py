"""Operators that read at places given by integers or masks."""

from .table import REAL, Row, args, indices

ROWS = [
    Row(
        "np.take",
        (REAL, indices(-2, 1)),
        [((2,), (3,)), ((3,), ()), ((2, 3), (2, 2)), ((3,), (0,))],
        [{}, {"axis": 0}, {"axis": -1}],
    ),
    Row("np.take_along_axis", (REAL, indices(0, 1)), [((2,), (3,)), ((2, 3), (2, 2)), ((2, 3), (1, 3))], [args(-1), args(0)]),
]
