"""Linear algebra. What is determined up to a sign, such as eigenvectors, is compared by its squares and its products."""

import numpy

from .table import FLOATS, NONZERO, NUMBERS, REAL, Domain, Row, args, joined

SMALL = Domain(-1, 1)
SQUARE = [(1, 1), (2, 2), (3, 3), (2, 3, 3), (2, 1, 2, 2), (0, 2, 2)]
REFUSED = [(2, 3), (3,)]
RECTANGULAR = [(2, 3), (3, 2), (3, 3), (2, 4, 2), (1, 3)]
EQUATIONS = [((2, 2), (2,)), ((3, 3), (3, 2)), ((2, 3, 3), (3, 2)), ((2, 2), (3, 2, 1)), ((2, 3, 3), (3,)), ((2, 2), (3,))]
PRECISION = {"dtypes": NUMBERS, "ulps": 64}


def _diagonal(a, values):
    return (numpy.eye(a.shape[-1]) * values).astype(a.dtype)


def dominant(function, a, *operands, args=(), **attributes):
    """A `call` with 4 on the diagonal besides: far from singular."""
    square = a.ndim > 1 and a.shape[-1] == a.shape[-2]
    return function(a + _diagonal(a, 4) if square else a, *operands, *args, **attributes)


def symmetric(function, a, **attributes):
    """A `call` with a symmetric matrix, whose eigenvalues are positive and apart. Vectors are squared."""
    a = a + a.swapaxes(-1, -2) + _diagonal(a, 4 + 5 * numpy.arange(a.shape[-1]))
    return _squared(function(a, **attributes))


def spread(function, a, **attributes):
    """A `call` with a matrix that is not symmetric, and whose eigenvalues are real and apart. Vectors are squared."""
    results = _tuple(function(a + _diagonal(a, 5 * numpy.arange(a.shape[-1])), **attributes))
    if isinstance(results[0], numpy.ndarray) and results[0].dtype.kind == "c":  # NumPy from 2.5 on; the eigenvalues are real
        results = tuple(result.real for result in results)
    return _squared(results)


def tall(function, a, *operands, **attributes):
    """A `call` with a matrix of full rank, whose singular values are apart."""
    rows, columns = a.shape[-2:]
    diagonal = (numpy.eye(rows, columns) * (3 + 4 * numpy.arange(columns))).astype(a.dtype)
    return function(a + diagonal, *operands, **attributes)


def factors(function, a, **attributes):
    """A `call` of `svd`: besides, U and V times the singular values, in which no sign is left."""
    return tall(lambda a: _svd_parts(*function(a, **attributes)), a)


def _svd_parts(u, s, vh):
    k = s.shape[-1]
    return [s, u * u, vh * vh, (u[..., :k] * (s * s)[..., None, :]) @ vh[..., :k, :]]


def _tuple(results):
    return results if isinstance(results, tuple) else (results,)


def _squared(results):
    values, *vectors = _tuple(results)
    return [values, *[v * v for v in vectors]]


def lstsq(function, a, b, **attributes):
    """A `call` of `lstsq` with a matrix of full rank; the rank as int64."""
    x, residuals, rank, s = tall(function, a, b, rcond=None, **attributes)
    return [x, residuals, rank + numpy.zeros((), numpy.int64), s]


def shaped(shape):
    """A `call` with 4 on the diagonal, in another shape."""

    def call(function, a, *operands, **attributes):
        return function((a + _diagonal(a, 4)).reshape(shape), *operands, **attributes)

    return call


ROWS = [
    Row("np.linalg.inv", SMALL, SQUARE + REFUSED, call=dominant, **PRECISION),
    Row("np.linalg.solve", (SMALL, REAL), EQUATIONS, call=dominant, **PRECISION),
    Row("np.linalg.det", SMALL, SQUARE + REFUSED, call=dominant, **PRECISION),
    Row("np.linalg.slogdet", SMALL, SQUARE + REFUSED, call=dominant, **PRECISION),
    Row("np.linalg.tensorinv", SMALL, [(6, 6)], [{"ind": 1}], call=shaped((6, 2, 3)), **PRECISION),
    Row("np.linalg.tensorinv", SMALL, [(4, 4)], [{}], call=shaped((2, 2, 4, 1)), **PRECISION),
    Row("np.linalg.tensorsolve", (SMALL, REAL), [((6, 6), (2, 3)), ((6, 6), (6,))], call=shaped((2, 3, 6)), **PRECISION),
    Row("np.linalg.matrix_power", SMALL, SQUARE, [args(n) for n in (0, 1, 2, 5)], call=dominant, **PRECISION),
    Row("np.linalg.matrix_power", SMALL, SQUARE, [args(-1), args(-3)], call=dominant, dtypes=FLOATS, ulps=64),
    Row(
        "np.linalg.multi_dot",
        (REAL, REAL),
        [((2, 3), (3, 4)), ((3,), (3, 2)), ((3,), (3,)), ((2, 3), (2, 3))],
        call=joined,
        ulps=32,
    ),
    Row(
        "np.linalg.multi_dot", (SMALL,) * 4, [((2, 3), (3, 1), (1, 4), (4,)), ((2,), (2, 3), (3, 3), (3, 2))], call=joined, ulps=32
    ),
    Row("np.linalg.cholesky", SMALL, SQUARE, [{}, {"upper": True}], call=symmetric, **PRECISION),
    Row("np.linalg.qr", SMALL, [*RECTANGULAR, (0, 2, 2)], [{}, {"mode": "r"}], call=tall, **PRECISION),
    Row("np.linalg.qr", SMALL, [(3, 3), (2, 3), (3, 2)], [{"mode": "complete"}], call=tall, **PRECISION),
    Row("np.linalg.svd", SMALL, RECTANGULAR, [{"full_matrices": False}], call=factors, **PRECISION),
    Row("np.linalg.svd", SMALL, [(3, 3)], [{"full_matrices": True}], call=factors, **PRECISION),
    Row("np.linalg.svd", SMALL, RECTANGULAR, [{"compute_uv": False}], call=tall, **PRECISION),
    Row("np.linalg.svdvals", SMALL, RECTANGULAR, call=tall, **PRECISION),
    Row("np.linalg.eigh", SMALL, SQUARE, call=symmetric, **PRECISION),
    Row("np.linalg.eigvalsh", SMALL, SQUARE, call=symmetric, **PRECISION),
    Row("np.linalg.eig", SMALL, SQUARE[:4], call=spread, **PRECISION),
    Row("np.linalg.eigvals", SMALL, SQUARE[:4], call=spread, **PRECISION),
    Row("np.linalg.pinv", SMALL, RECTANGULAR, call=tall, **PRECISION),
    Row("np.linalg.pinv", SMALL, SQUARE, [{"hermitian": True}], call=symmetric, **PRECISION),
    Row(
        "np.linalg.lstsq",
        (SMALL, REAL),
        [((3, 3), (3,)), ((4, 2), (4,)), ((4, 2), (4, 3)), ((2, 3), (2, 2))],
        call=lstsq,
        **PRECISION,
    ),
    Row("np.linalg.matrix_rank", shapes=[*RECTANGULAR, (3,), ()], order=0, dtypes=NUMBERS),
    Row("np.linalg.cond", SMALL, SQUARE[:4], [args(p) for p in (None, 1, -1, 2, -2, numpy.inf, "fro")], call=dominant, **PRECISION),
    Row("np.linalg.cond", SMALL, RECTANGULAR, call=tall, **PRECISION),
    Row(
        "np.linalg.vector_norm",
        NONZERO,
        [(3,), (2, 3), (2, 1, 3)],
        [{}, {"axis": 0, "ord": 3}, {"axis": (0, -1), "keepdims": True}],
    ),
    Row("np.linalg.vector_norm", NONZERO, [(2, 3)], [{"ord": 1, "keepdims": True}]),
    Row("np.linalg.matrix_norm", NONZERO, [(2, 3), (2, 2, 3)], [{}, {"keepdims": True}]),
    Row(
        "np.linalg.matrix_norm",
        SMALL,
        [(3, 3), (2, 2, 3)],
        [{"ord": o} for o in ("nuc", 2, -2, 1, numpy.inf)],
        call=tall,
        **PRECISION,
    ),
    Row("np.linalg.vecdot", (REAL, REAL), [((3,), (3,)), ((2, 3), (3,)), ((2, 1, 3), (2, 3))], dtypes=NUMBERS),
    Row("np.linalg.vecdot", (REAL, REAL), [((3, 2), (3, 2))], [{"axis": 0}], dtypes=NUMBERS),
]
