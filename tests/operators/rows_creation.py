"""Functions that make arrays from shapes and numbers, and the ones that fill and cut matrices."""

import numpy

from .table import REAL, Row, args

SHAPES = [args(()), args(0), args(3), args((2, 0)), args((2, 3)), {"shape": (1, 2), "dtype": "int32"}, args(2, "bool")]
MATRICES = [args(3), args(2, 4), args(3, 2, 1), args(3, 3, -1), {"N": 2, "dtype": "int8"}]
RANGES = [
    args(4),
    args(1, 4),
    args(5, 0, -2),
    args(0, 1, 0.25),
    args(3, 1),
    {"args": (5,), "dtype": "int32"},
    {"start": 2, "stop": 3},
]
SPACES = [
    args(0, 1, 5),
    args(2, -2, 4),
    {"start": 0, "stop": 1, "num": 4, "endpoint": False},
    args(1, 2, 1),
    args(1, 2, 0),
    args(0, 1),
]
ALONG = [
    {"num": 4, "dtype": "float64"},
    {"num": 3, "endpoint": False, "dtype": "float64"},
    {"num": 3, "axis": -1, "dtype": "float64"},
]
ENDS = [((), ()), ((2,), (2,)), ((2, 1), (3,)), ((3,), ())]
CUBES = [(3,), (1, 1), (2, 3), (2, 3, 2), (3, 0, 2)]
ONE = ("float32",)


def arange(*values, dtype="float64", **names):
    return numpy.arange(*values, **names).astype(dtype)


def like_rows(function, value, **attributes):
    return function(numpy.zeros((2, 3), value.dtype), value, **attributes)


ROWS = [
    Row("np.zeros", (), attributes=SHAPES, dtypes=ONE),
    Row("np.ones", (), attributes=SHAPES, dtypes=ONE),
    Row(
        "np.full",
        (),
        attributes=[args((2, 3), 2.5), args(2, 1), args((), True), {"shape": 2, "fill_value": 1, "dtype": "int8"}],
        dtypes=ONE,
    ),
    Row("np.eye", (), attributes=MATRICES, dtypes=ONE),
    Row("np.tri", (), attributes=MATRICES, dtypes=ONE),
    Row("np.identity", (), attributes=[args(3), args(0), args(2, "int32")], dtypes=ONE),
    Row("np.arange", (), attributes=RANGES, dtypes=ONE, reference=arange),
    Row("np.linspace", (), attributes=SPACES, dtypes=ONE),
    Row("np.linspace", (REAL, REAL), ENDS, ALONG, dtypes=("float64",)),
    Row("np.logspace", (), attributes=SPACES, dtypes=ONE),
    Row("np.logspace", (REAL, REAL), ENDS, ALONG, dtypes=("float64",), ulps=32),
    Row(
        "np.indices", (), attributes=[args((2, 3)), args((3,)), args((2, 0)), {"dimensions": (2, 2), "dtype": "int32"}], dtypes=ONE
    ),
    Row("np.zeros_like", order=0),
    Row("np.ones_like", order=0),
    Row("np.full_like", attributes=[args(2), args(0.5)], order=0),
    Row("np.full_like", call=like_rows, reference=numpy.full_like, shapes=[(), (3,), (1,)]),
    Row("np.meshgrid", (REAL, REAL), [((2,), (3,)), ((1,), (0,)), ((), (2,))], [{}, {"indexing": "ij"}, {"sparse": True}]),
    Row("np.tril", shapes=CUBES, attributes=[{}, {"k": 1}, {"k": -1}]),
    Row("np.triu", shapes=CUBES, attributes=[{}, {"k": 1}, {"k": -1}]),
]
