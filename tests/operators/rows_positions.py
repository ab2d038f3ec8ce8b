"""Where elements stand, and the bits of integers."""

import numpy

from .table import INTEGERS, REAL, Domain, Row, args, indices

FEW = Domain(0, 1, dtype="int64")
SHAPES = [(3,), (2, 3), (0,), (2, 0), (2, 1, 3)]
MATRICES = [(2, 2), (3, 2), (2, 4), (0, 2)]
DIAGONALS = [{}, {"k": 1}, args(-1)]
FEW_NUMBERS = ("float32", "float64", "int64", "bool")
BITS = [{}, {"axis": 0}, {"axis": -1, "bitorder": "little"}]
COUNTS = [{}, {"axis": -1, "count": 5}, {"count": -2, "bitorder": "little"}, {"axis": 0, "count": 11}]
NONE = ("float32",)

ZERO_OR_ONE = Domain(-0.4, 1.4)


def rounded(function, a):
    """Of floats made whole numbers, so that there are zeros."""
    return function(numpy.round(a) if a.dtype.kind == "f" else a)


ROWS = [
    Row("np.nonzero", ZERO_OR_ONE, SHAPES, order=0, dtypes=FEW_NUMBERS, call=rounded),
    Row("np.argwhere", ZERO_OR_ONE, [(), *SHAPES], order=0, dtypes=FEW_NUMBERS, call=rounded),
    Row("np.flatnonzero", ZERO_OR_ONE, [(), *SHAPES], order=0, dtypes=FEW_NUMBERS, call=rounded),
    Row("np.tril_indices", (), attributes=[args(3), args(2, 1), args(3, -1, 2), {"n": 2, "m": 4}, args(0)], dtypes=NONE),
    Row("np.triu_indices", (), attributes=[args(3), args(2, 1), args(3, -1, 2), {"n": 2, "m": 4}, args(0)], dtypes=NONE),
    Row("np.tril_indices_from", REAL, [*MATRICES, (3,)], DIAGONALS, order=0, dtypes=FEW_NUMBERS),
    Row("np.triu_indices_from", REAL, [*MATRICES, (3,)], DIAGONALS, order=0, dtypes=FEW_NUMBERS),
    Row("np.diag_indices", (), attributes=[args(3), args(2, 3), args(0)], dtypes=NONE),
    Row("np.ix_", (indices(0, 4), indices(0, 4)), [((2,), (3,)), ((0,), (1,))], order=0, dtypes=NONE),
    Row("np.unravel_index", indices(0, 5), [(), (3,), (2, 2), (0,)], [args((2, 3)), args((3, 2), "F")], order=0, dtypes=NONE),
    Row(
        "np.ravel_multi_index",
        (indices(-1, 1), indices(0, 4)),
        [((3,), (3,)), ((2, 1), (3,)), ((), (2,))],
        [{"mode": "wrap", "dims": (2, 3)}, {"mode": ("clip", "wrap"), "dims": (3, 2), "order": "F"}],
        order=0,
        dtypes=NONE,
        call=lambda function, a, b, **attributes: function((a, b), **attributes),
    ),
    Row("np.bitwise_count", Domain(-100, 100), order=0, dtypes=INTEGERS),
    Row("np.packbits", FEW, [(3,), (2, 9), (0,)], BITS, order=0, dtypes=NONE),
    Row("np.packbits", ZERO_OR_ONE, [(3,), (2, 9)], BITS, order=0, dtypes=("uint8", "bool", "float32")),
    Row("np.unpackbits", Domain(0, 120), [(3,), (2, 2)], COUNTS, order=0, dtypes=("uint8", "int64")),
]
