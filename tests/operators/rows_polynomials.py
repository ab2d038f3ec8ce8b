"""Polynomials."""

import numpy

from .table import DISTINCT, FLOATS, NONZERO, NUMBERS, POSITIVE, REAL, Domain, Row, args

PAIRS = [((4,), (3,)), ((2,), (4,)), ((1,), (1,)), ((3,), (3,))]
SPREAD = Domain(0.3, 0.8)


def over(function, distances, y, *weights, args=(), **attributes):
    """A fit to samples at increasing places."""
    if weights:
        attributes["w"] = weights[0]
    return function(distances.cumsum(), y, *args, **attributes)


def of_roots(function, zeros):
    """The roots of a polynomial, in order; its coefficients follow from its distinct zeros."""
    p = numpy.poly(zeros)
    return numpy.sort(function(p * 1.5))


ROWS = [
    Row("np.polyadd", (REAL, REAL), PAIRS, dtypes=NUMBERS),
    Row("np.polysub", (REAL, REAL), PAIRS, dtypes=NUMBERS),
    Row("np.polymul", (NONZERO, NONZERO), PAIRS, dtypes=NUMBERS),
    Row("np.polydiv", (NONZERO, NONZERO), PAIRS, dtypes=FLOATS[1:], ulps=512),
    Row(
        "np.polyint", shapes=[(1,), (4,)], attributes=[{}, {"m": 2}, {"m": 0}, {"m": 2, "k": [1.0, 2.0]}, {"k": 3}], dtypes=NUMBERS
    ),
    Row("np.polyder", shapes=[(1,), (4,)], attributes=[{}, {"m": 2}, {"m": 0}], dtypes=NUMBERS),
    Row("np.polyval", (REAL, REAL), [((3,), ()), ((1,), (3,)), ((3,), (2, 3)), ((2, 3), (3,))], ulps=32, dtypes=NUMBERS),
    Row("np.poly", DISTINCT, [(1,), (4,), (0,)], dtypes=FLOATS, ulps=32),
    Row("np.poly", DISTINCT, [(2, 2), (3, 3)], dtypes=FLOATS[2:], ulps=512),
    Row("np.roots", NONZERO, [(2,)], dtypes=FLOATS),
    Row("np.roots", DISTINCT, [(4,)], dtypes=("float64",), call=of_roots, ulps=64),
    Row("np.polyfit", (SPREAD, REAL), [((5,), (5,)), ((4,), (4, 2))], [args(1), args(2)], dtypes=FLOATS[1:], call=over, ulps=256),
    Row("np.polyfit", (SPREAD, REAL, POSITIVE), [((5,), (5,), (5,))], [args(2)], dtypes=FLOATS[1:], call=over, ulps=256),
    Row(
        "np.polyfit",
        (SPREAD, REAL),
        [((5,), (5,)), ((6,), (6, 2))],
        [{**args(1), "cov": "unscaled"}],
        dtypes=FLOATS[1:],
        call=over,
        ulps=512,
    ),
]
