"""Choosing elements and functions; putting elements in and leaving them out; one function on many slices."""

import numpy

from .table import BOOLEAN, DISTINCT, REAL, Row, args, indices

MATRIX = [(2, 3)]
CHOICES = [((3,), (3,), (3,)), ((2, 3), (3,), ()), ((), (2, 1), (3,)), ((0,), (), (0,))]
ROW_OR_COLUMN = [{"axis": 0}, {"axis": -1}, {}]
PICKED = [((2,), (2, 3)), ((1,), (3,)), ((0,), (2, 3)), ((2,), (2, 0))]


def chosen(function, a, first, second, **attributes):
    return function(a, [first, second], **attributes)


def selected(function, c, d, x, y, default, **attributes):
    return function([c, d], [x, y], default, **attributes)


def inserted(obj, axis=None):
    return {"obj": obj, "axis": axis}


def with_values(function, arr, values, obj, axis):
    return function(arr, obj, values, axis)


def along(name, *arguments):
    """A NumPy function, which calls ours on our arrays."""
    return {"args": (getattr(numpy, name), *arguments)}


def applied(function, x, args, **attributes):
    func, *rest = args
    return function(func, *rest[:1], x, *rest[1:], **attributes)


def over(function, x, args):
    func, axes = args
    return function(func, x, axes)


def in_pieces(function, x):
    return function(x, [x < -1, x > 1], [abs, 2, lambda x: x * x])


def with_gap(function, x, k):
    return function(x, [x < -1, x < 0], [lambda x, k: x * k, lambda x, k: x - k], k)


def padded(function, filt, **attributes):
    """Trimmed of zeros that there are for certain."""
    return function(numpy.pad(filt, 2), **attributes)


INSERTED = [
    (
        ((3,), ()),
        [inserted(1), inserted(-1), inserted([0, 2]), inserted(slice(None, None, 2)), inserted(numpy.array([True, False, True]))],
    ),
    (((3,), (2,)), [inserted(1), inserted([3, 0]), inserted([1, 1]), inserted(numpy.array([2, 1]), 0)]),
    (((2, 3), (3,)), [inserted(1, 0), inserted([1, 0], 0), inserted(4), inserted([0, 3, 6])]),
    (((2, 3), (2,)), [inserted(1, 1), inserted([0, 2], -1)]),
    (((2, 3), (2, 1)), [inserted(1, 0), inserted([1, 3], 1), inserted([1], 1)]),
    (((2, 3), (1, 2)), [inserted(1, -1), inserted([0], 1)]),
    (((2, 3), (2, 2)), [inserted(2, 1), inserted([2, 0], 1), inserted([1], 1)]),
    (((2, 0), ()), [inserted(0, 1), inserted(0)]),
    (((2, 1, 3), (1, 3)), [inserted(1, 0), inserted([0, 1], 1), inserted(0, 1)]),
]
DELETED = [
    (
        (4,),
        [
            inserted(1),
            inserted(-1, 0),
            inserted([0, 2]),
            inserted(slice(1, None)),
            inserted(numpy.array([True, False, True, False])),
        ],
    ),
    ((2, 3), [inserted(1, 0), inserted([0, 2], 1), inserted([0, 5]), inserted(slice(None, None, 2), -1), inserted([], 0)]),
]

ROWS = [
    Row("np.choose", (indices(0, 1), REAL, REAL), CHOICES, call=chosen),
    Row("np.choose", (indices(-3, 4), REAL, REAL), CHOICES[:2], [{"mode": "wrap"}, {"mode": "clip"}], call=chosen),
    Row("np.select", (BOOLEAN, BOOLEAN, REAL, REAL, REAL), [((3,),) * 5, ((2, 1), (3,), (), (2, 3), (3,))], call=selected),
    Row("np.compress", (BOOLEAN, REAL), PICKED, ROW_OR_COLUMN),
    Row("np.extract", (BOOLEAN, REAL), [((3,), (3,)), ((2, 3), (2, 3)), ((), ()), ((0,), (0,))]),
    Row("np.piecewise", DISTINCT, [(), (5,), (2, 3), (0,)], dtypes=("float32", "float64", "int64"), call=in_pieces),
    Row("np.piecewise", DISTINCT, [(5,), (2, 3)], [{"k": 3}], dtypes=("float64",), call=with_gap),
    *[Row("np.insert", (REAL, REAL), [shapes], attributes, call=with_values) for shapes, attributes in INSERTED],
    *[Row("np.delete", REAL, [shape], attributes) for shape, attributes in DELETED],
    Row("np.resize", REAL, [(), (3,), (2, 3), (0,)], [args((2, 4)), args(2), args(0), args((7, 1))]),
    Row("np.trim_zeros", REAL, [(3,), (0,)], [{}, {"trim": "f"}, {"trim": "B"}], call=padded),
    Row(
        "np.apply_along_axis",
        REAL,
        [(2, 3), (2, 3, 2), (4,)],
        [along("sum", 0), along("cumsum", -1), along("outer", 0, numpy.ones(2, bool))],
        call=applied,
    ),
    Row("np.apply_along_axis", REAL, [(2, 0), (0, 2)], [along("sum", 1)], call=applied),
    Row(
        "np.apply_over_axes",
        REAL,
        [(2, 3), (2, 3, 2), (2, 0)],
        [along("sum", 0), along("sum", (0, -1)), along("cumsum", [1, 0])],
        call=over,
    ),
]
