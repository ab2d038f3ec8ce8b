"""Arrays as sets."""

import numpy

from .table import ANY, DISTINCT, Domain, Row, args

TIES = Domain(0, 3)
SHAPES = [(), (0,), (5,), (2, 4), (2, 1, 3)]
PAIRS = [((5,), (4,)), ((2, 3), ()), ((0,), (3,)), ((3,), (0,)), ((2, 2), (3,))]
FLAGS = [
    {},
    {"return_index": True},
    {"return_inverse": True, "return_counts": True},
    {"axis": 0, "return_index": True, "return_inverse": True, "return_counts": True},
    {"axis": -1, "equal_nan": False},
]
LOW, HIGH = Domain(-3.15, 1.3, distinct=True), Domain(-0.7, 3.1, distinct=True)
CONSTANT = Domain(-3, 3, dtype="int64")  # the second operand only says which elements of the first
WHOLE = ("uint8", "int32", "int64", "bool")


def whole(function, *operands, **attributes):
    """Of floats made whole numbers, so that elements are equal."""
    return function(*[numpy.round(operand) if operand.dtype.kind == "f" else operand for operand in operands], **attributes)


def shared(function, a, b, **attributes):
    """Of two arrays that have elements in common."""
    b = numpy.concatenate([numpy.ravel(b), numpy.ravel(a)[:2]])
    return function(a, b, **attributes)


def apart(function, a, b, **attributes):
    """Of two arrays without duplicates."""
    return function(numpy.unique(a), numpy.unique(b), **attributes)


ROWS = [
    Row("np.unique", DISTINCT, SHAPES, FLAGS),
    Row("np.unique", TIES, SHAPES, FLAGS, order=0, dtypes=("int32", "bool")),
    Row("np.unique_all", DISTINCT, SHAPES),
    Row("np.unique_counts", DISTINCT, SHAPES),
    Row("np.unique_inverse", DISTINCT, SHAPES),
    Row("np.unique_values", DISTINCT, SHAPES, call=lambda function, x: numpy.sort(function(x))),
    Row("np.isin", (TIES, TIES), PAIRS, [{}, {"invert": True}, {"kind": "sort"}], order=0, dtypes=ANY, call=whole),
    Row("np.isin", (TIES, TIES), PAIRS, [{"assume_unique": True}], order=0, dtypes=WHOLE, call=apart),
    Row(
        "np.in1d",
        (TIES, TIES),
        PAIRS,
        [{}, {"invert": True}],
        order=0,
        call=whole,
        reference=lambda a, b, **k: numpy.isin(a.ravel(), b, **k),
    ),
    Row("np.union1d", (LOW, HIGH), PAIRS),
    Row("np.union1d", (TIES, TIES), PAIRS, order=0, dtypes=("int64", "uint8")),
    Row("np.intersect1d", (LOW, CONSTANT), PAIRS, [{}, {"return_indices": True}], call=shared),
    Row("np.intersect1d", (TIES, TIES), PAIRS, [{"assume_unique": True}], order=0, dtypes=WHOLE, call=apart),
    Row("np.setdiff1d", (LOW, CONSTANT), PAIRS, call=shared),
    Row("np.setdiff1d", (DISTINCT, TIES), PAIRS, [args(True)], order=0, dtypes=WHOLE, call=lambda f, a, b, args: f(a, b, *args)),
    Row("np.setxor1d", (LOW, HIGH), PAIRS, call=shared),
    Row("np.setxor1d", (TIES, TIES), PAIRS, [{}, {"assume_unique": True}], order=0, dtypes=WHOLE, call=apart),
]
