"""Operators that move elements about: shapes, axes, copies, joining and splitting."""

import numpy

from .table import REAL, Row, args, joined

EQUAL = [((3,), (3,)), ((2, 3), (2, 3)), ((1,), (1,)), ((2, 0), (2, 0))]
UNEQUAL = [*EQUAL, ((1,), (2,)), ((2, 3), (1, 3)), ((2, 1), (2, 3)), ((0,), (2,))]
MATRICES = [(2, 3), (3, 1), (2, 3, 2), (0, 2)]
CUBES = [(1, 1), (2, 3), (2, 3, 2), (3, 0, 2)]
SIXES = [(6,), (2, 3), (3, 2, 1)]
PADDED = [{"pad_width": 1}, {"pad_width": ((0, 2), (1, 0))}]
PADDED += [{"pad_width": 2, "mode": mode} for mode in ("edge", "reflect", "symmetric")]
PADDED += [{"pad_width": ((1, 1), (0, 2)), "constant_values": 5}]
SPLITS = [args(1), args(2, 0), args((1,), 0), args((1, 2), -1), args((0, 5), 0)]
CODES = {-1: 24, (-2, -5): (2, 12), (-6, 1, 2, -4): (1, 2, 3, 4), (6, -1): (6, 4), (-5, -1): (6, 4), (-4, 1): (2, 3, 4, 1)}


def npx_reshape(a, codes):
    return a.reshape(CODES[codes])


def blocks(function, a, b):
    return function([[a, b], [b, a]])


def unstack(a, axis=0):
    return list(numpy.moveaxis(a, axis, 0))


ROWS = [
    Row("np.reshape", shapes=SIXES, attributes=[args(6), args((2, 3)), args((-1, 2)), args((1, 6, 1))]),
    Row("npx.reshape", shapes=[(2, 3, 4)], attributes=[args(codes) for codes in CODES], reference=npx_reshape),
    Row("np.ravel", shapes=SIXES, attributes=[{}, {"order": "F"}]),
    Row("np.transpose", shapes=[(), (3,), *CUBES], attributes=[{}, {"axes": (1, 0)}, {"axes": (2, 0, 1)}, {"axes": (0, -1)}]),
    Row("np.matrix_transpose", shapes=CUBES),
    Row("np.swapaxes", shapes=CUBES, attributes=[args(0, 1), args(-1, 0), args(0, 2)]),
    Row("np.moveaxis", shapes=CUBES, attributes=[args(0, -1), args((0, 1), (1, 0)), args(2, 0)]),
    Row("np.rollaxis", shapes=CUBES, attributes=[args(1), args(0, 2)]),
    Row("np.expand_dims", attributes=[{"axis": 0}, {"axis": -1}, {"axis": (0, 1)}]),
    Row("np.squeeze", shapes=[(), (1,), (1, 3, 1), (2, 3), (1, 0)], attributes=[{}, {"axis": 0}, {"axis": (0, -1)}]),
    Row("np.broadcast_to", shapes=[(), (1,), (3,), (2, 1)], attributes=[args((2, 3)), args((3,)), args((0, 2, 3))]),
    Row("np.broadcast_arrays", (REAL, REAL), dtypes=("float32", "float64", "int32")),
    Row("np.flip", shapes=[(3,), *CUBES], attributes=[{}, {"axis": 0}, {"axis": (0, 1)}]),
    Row("np.fliplr", shapes=MATRICES),
    Row("np.flipud", shapes=MATRICES),
    Row("np.rot90", shapes=MATRICES, attributes=[{}, {"k": 2}, {"k": -1}, {"axes": (1, 0)}]),
    Row("np.roll", shapes=[(3,), *CUBES], attributes=[args(1), args(-2, 0), args((1, 2), (0, 1))]),
    Row("np.tile", attributes=[args(2), args((2, 1)), args((1, 2, 2)), args(0)]),
    Row("np.repeat", shapes=[(), (3,), (2, 3), (2, 0)], attributes=[args(2), args(2, 0), args(3, -1), args((1, 0, 2), -1)]),
    Row("np.pad", shapes=[(3, 4), (4, 3)], attributes=PADDED),
    Row("np.copy"),
    Row("np.astype", attributes=[args("float64"), args("int32")], dtypes=("float64",)),
    Row("np.astype", attributes=[args("float16"), args("bool"), args("int8")], order=0, dtypes=("bool", "int32", "uint8")),
    Row("np.atleast_1d"),
    Row("np.atleast_2d"),
    Row("np.atleast_3d"),
    # joining
    Row("np.concatenate", (REAL, REAL), UNEQUAL, [{}, {"axis": -1}, {"axis": None}], call=joined),
    Row("np.stack", (REAL, REAL), [((), ()), *UNEQUAL], [{}, {"axis": 1}, {"axis": -1}], call=joined),
    Row("np.vstack", (REAL, REAL), [((), ()), *UNEQUAL], call=joined),
    Row("np.hstack", (REAL, REAL), [((), ()), *UNEQUAL], call=joined),
    Row("np.dstack", (REAL, REAL), [((), ()), *UNEQUAL], call=joined),
    Row("np.column_stack", (REAL, REAL), UNEQUAL, call=joined),
    Row("np.block", (REAL, REAL), [((), ()), ((2,), (3,)), ((2, 3), (2, 1)), ((2, 0), (2, 3))], call=blocks),
    Row("np.append", (REAL, REAL), UNEQUAL, [{}, {"axis": 0}]),
    # splitting
    Row("np.split", shapes=[(4,), (2, 3), (4, 2, 2)], attributes=SPLITS),
    Row("np.array_split", shapes=[(4,), (2, 3), (5, 2)], attributes=[*SPLITS, args(3)]),
    Row("np.unstack", shapes=[(3,), (2, 3), (2, 0, 3)], attributes=[{}, {"axis": -1}], reference=unstack),
    Row("np.hsplit", shapes=[(4,), (2, 4)], attributes=[args(2), args((1, 3))]),
    Row("np.vsplit", shapes=[(2, 3), (4, 1)], attributes=[args(2), args((1,))]),
    Row("np.dsplit", shapes=[(1, 2, 4)], attributes=[args(2), args((1, 3))]),
]
