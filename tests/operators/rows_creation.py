"""Functions that make arrays from shapes and numbers, and the ones that fill and cut matrices."""

import numpy

from .table import POSITIVE, REAL, Row, args

SHAPES = [args(()), args(0), args(3), args((2, 0)), args((2, 3)), args((1, 2), "int32"), args(2, "bool")]
FULL = [args((2, 3), 2.5), args(2, 1), args((), True), args(2, 1, "int8")]
MATRICES = [args(3), args(2, 4), args(3, 2, 1), args(3, 3, -1), {"N": 2, "dtype": "int8"}]
RANGES = [args(4), args(1, 4), args(5, 0, -2), args(0, 1, 0.25), args(3, 1), {"args": (5,), "dtype": "int32"}]
SPACES = [args(0, 1, 5), args(2, -2, 4), args(0, 1, 4, False), args(1, 2, 1), args(1, 2, 0), args(0, 1)]
ENDS = [((), ()), ((2,), (2,)), ((2, 1), (3,)), ((3,), ())]
WIDE = [
    {"num": 4, "dtype": "float64"},
    {"num": 3, "endpoint": False, "dtype": "float64"},
    {"num": 3, "axis": -1, "dtype": "float64"},
]
CUBES = [(3,), (1, 1), (2, 3), (2, 3, 2), (3, 0, 2)]
DEFAULT = ("float32",)


def arange(*values, dtype="float64"):
    return numpy.arange(*values).astype(dtype)


def filled(function, value, **attributes):
    return function(numpy.zeros((2, 3), value.dtype), value, **attributes)


def based(function, start, stop, base, **attributes):
    return function(start, stop, base=base, **attributes)


ROWS = [
    Row("np.zeros", (), attributes=SHAPES, dtypes=DEFAULT),
    Row("np.ones", (), attributes=SHAPES, dtypes=DEFAULT),
    Row("np.full", (), attributes=FULL, dtypes=DEFAULT),
    Row("np.eye", (), attributes=MATRICES, dtypes=DEFAULT),
    Row("np.tri", (), attributes=MATRICES, dtypes=DEFAULT),
    Row("np.identity", (), attributes=[args(3), args(0), args(2, "int32")], dtypes=DEFAULT),
    Row("np.arange", (), attributes=RANGES, dtypes=DEFAULT, reference=arange),
    Row("np.linspace", (), attributes=SPACES, dtypes=DEFAULT),
    Row("np.linspace", (REAL, REAL), ENDS, WIDE, dtypes=("float64",)),
    Row("np.logspace", (), attributes=SPACES, dtypes=DEFAULT),
    Row("np.logspace", (REAL, REAL), ENDS, WIDE, dtypes=("float64",), ulps=32),
    Row(
        "np.logspace",
        (REAL, REAL, POSITIVE),
        [((2,), (2,), (2,)), ((2, 1), (), (3,))],
        WIDE,
        dtypes=("float64",),
        call=based,
        ulps=32,
    ),
    Row("np.geomspace", (), attributes=[args(1, 8, 4), args(-1, -8, 4, False), args(2, 3, 1), args(2, 3, 0)], dtypes=DEFAULT),
    Row("np.geomspace", (POSITIVE, POSITIVE), ENDS, WIDE, dtypes=("float64",), ulps=32),
    Row("np.indices", (), attributes=[args((2, 3)), args((3,)), args((2, 0)), args((2, 2), "int32")], dtypes=DEFAULT),
    Row("np.zeros_like", order=0),
    Row("np.ones_like", order=0),
    Row("np.full_like", attributes=[args(2), args(0.5)], order=0),
    Row("np.full_like", shapes=[(), (3,), (1,)], reference=numpy.full_like, call=filled),
    Row("np.meshgrid", (REAL, REAL), [((2,), (3,)), ((1,), (0,)), ((), (2,))], [{}, {"indexing": "ij"}, {"sparse": True}]),
    Row("np.tril", shapes=CUBES, attributes=[{}, {"k": 1}, {"k": -1}]),
    Row("np.triu", shapes=CUBES, attributes=[{}, {"k": 1}, {"k": -1}]),
]
