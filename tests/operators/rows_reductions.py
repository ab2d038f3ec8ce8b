"""Operators that take axes away, or run along one."""

import numpy

from .table import DISTINCT, FLOATS, NONZERO, REAL, Row

AXES = [{}, {"axis": 0}, {"axis": -1, "keepdims": True}, {"axis": (0, 1)}, {"axis": ()}]
ONE_AXIS = [{}, {"axis": 0}, {"axis": -1, "keepdims": True}]
SPREAD = [{}, {"axis": 0}, {"axis": -1, "keepdims": True}, {"axis": (0, 1), "correction": 1}]
SHAPES = [(), (1,), (3,), (2, 3), (2, 1, 3)]
EMPTY = [(0,), (2, 0)]

# What `where=` may say of a matrix of three columns.
MASK = numpy.array([[True, False, True], [True, True, False]])
ASKED = [{"where": MASK}, {"where": MASK, "axis": 0}, {"where": MASK[:1], "axis": -1, "keepdims": True}]
ASKED += [{"where": MASK[1], "axis": 1}, {"where": False}]
FROM = [{"initial": -1.5}, *[attributes | {"initial": 0.25} for attributes in ASKED]]

ROWS = [
    Row("np.sum", shapes=SHAPES + EMPTY, attributes=AXES),
    Row("np.mean", shapes=SHAPES, attributes=AXES[:4]),
    Row("np.prod", shapes=SHAPES + EMPTY, attributes=AXES),
    Row("np.max", DISTINCT, SHAPES + EMPTY, AXES),
    Row("np.min", DISTINCT, SHAPES + EMPTY, AXES),
    Row("np.var", DISTINCT, [(2,), (3,), (2, 3), (2, 2, 3)], SPREAD),
    Row("np.std", DISTINCT, [(2,), (3,), (2, 3), (2, 2, 3)], SPREAD),
    Row("np.argmax", DISTINCT, SHAPES + EMPTY, ONE_AXIS, order=0),
    Row("np.argmin", DISTINCT, SHAPES + EMPTY, ONE_AXIS, order=0),
    Row("np.all", REAL, SHAPES + EMPTY, AXES, order=0),
    Row("np.any", REAL, SHAPES + EMPTY, AXES, order=0),
    Row("np.sum", shapes=[(2, 3)], attributes=ASKED + FROM, dtypes=FLOATS),
    Row("np.prod", shapes=[(2, 3)], attributes=ASKED + FROM, dtypes=FLOATS),
    Row("np.mean", shapes=[(2, 3)], attributes=ASKED[:4]),
    Row("np.var", DISTINCT, [(2, 3)], ASKED[:4]),
    Row("np.std", DISTINCT, [(2, 3)], [ASKED[0], ASKED[2] | {"correction": 1}]),
    Row("np.max", DISTINCT, [(2, 3), ()], FROM, dtypes=FLOATS),
    Row("np.min", DISTINCT, [(2, 3), ()], FROM, dtypes=FLOATS),
    Row("np.all", REAL, [(2, 3)], ASKED, order=0),
    Row("np.any", REAL, [(2, 3)], ASKED, order=0),
    Row("np.cumsum", shapes=SHAPES + EMPTY, attributes=[{}, {"axis": 0}, {"axis": -1}]),
    Row("np.linalg.norm", NONZERO, SHAPES, [{}, {"axis": 0}, {"ord": 1, "axis": -1}, {"ord": 3, "axis": 0, "keepdims": True}]),
]
