"""Diagonals, Kronecker and vector products, powers of vectors."""

import numpy

from .table import ANY, NUMBERS, REAL, Row, args

MATRICES = [(2, 3), (3, 2), (3, 3), (1, 1), (0, 2)]
STACKS = [*MATRICES, (2, 3, 2), (3,)]
DIAGONALS = [{}, {"offset": 1}, {"offset": -2}, {"axis1": 1, "axis2": 0}, {"axis1": -1, "axis2": 0, "offset": -1}]
KRON = [((), ()), ((2,), (3,)), ((2, 3), (3, 2)), ((2,), (2, 2)), ((2, 1, 2), (2, 3)), ((0,), (2,))]
VECTORS = [((3,), (3,)), ((2, 3), (3,)), ((2, 1, 3), (2, 3)), ((0, 3), (3,))]
FLAT = [((2,), (2,)), ((3, 2), (3,)), ((2,), (4, 3)), ((3, 2), (2,))]


def plane(a, b):
    """NumPy's cross product of vectors of which one may have two components; its own is about to go."""
    three = [x if x.shape[-1] == 3 else numpy.concatenate([x, 0 * x[..., :1]], -1) for x in (a, b)]
    product = numpy.cross(*three)
    return product[..., 2] if a.shape[-1] == b.shape[-1] == 2 else product


ROWS = [
    Row("np.diagonal", shapes=STACKS, attributes=DIAGONALS),
    Row("np.trace", shapes=STACKS, attributes=DIAGONALS),
    Row("np.diag", shapes=[(3,), (0,), *MATRICES, (2, 2, 2)], attributes=[{}, args(1), {"k": -2}]),
    Row("np.diagflat", shapes=[(), (2,), (2, 2), (0,)], attributes=[{}, {"k": 1}, {"k": -1}]),
    Row("np.diag_indices_from", shapes=[(2, 2), (3, 3, 3), (2, 3)], order=0),
    Row("np.kron", (REAL, REAL), KRON),
    Row("np.cross", (REAL, REAL), VECTORS, dtypes=NUMBERS),
    Row(
        "np.cross", (REAL, REAL), [((3, 2), (3, 2))], [{"axisa": 0, "axisb": 0}, {"axis": 0}, {"axisa": 0, "axisb": 0, "axisc": 0}]
    ),
    Row("np.cross", (REAL, REAL), FLAT[:2], dtypes=NUMBERS, reference=plane),
    Row("np.cross", (REAL, REAL), [((2,), (2, 3)), ((3,), (2, 2))], dtypes=NUMBERS, reference=plane),
    Row("np.vander", shapes=[(3,), (1,), (0,), (2, 2)], attributes=[{}, args(2), {"N": 4, "increasing": True}], dtypes=ANY[:-1]),
    Row("np.linalg.diagonal", shapes=[(2, 3), (2, 2, 3)], attributes=[{}, {"offset": -1}]),
    Row("np.linalg.trace", shapes=[(2, 3), (2, 2, 3)], attributes=[{}, {"offset": -1}]),
    Row("np.linalg.cross", (REAL, REAL), [((2, 3), (3,)), ((3, 3), (3, 3))], [{}, {"axis": 0}], dtypes=NUMBERS),
]
