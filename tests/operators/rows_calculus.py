"""Differences, slopes, areas, convolution and interpolation; special functions."""

import numpy

from .table import DISTINCT, FLOATS, NUMBERS, REAL, Domain, Row, args

VECTORS = [((4,), (3,)), ((2,), (5,)), ((3,), (3,)), ((1,), (4,)), ((1,), (1,)), ((4,), (2,))]
MODES = [{"mode": mode} for mode in ("full", "same", "valid")]
SPREAD = Domain(0.3, 0.8)  # distances
EVEN = Domain(0.485, 0.515)  # distances that leave numbers of the next domain away from the places
SHIFTED = Domain(0, 3.2, fractional=True)


def over(function, f, distances, **attributes):
    """The function of samples at increasing places along the last axis."""
    return function(f, distances.cumsum(), axis=-1, **attributes)


def between(function, x, distances, fp, **attributes):
    """Interpolation at `x` between increasing places."""
    return function(x, distances.cumsum(), fp, **attributes)


def angles(function, p, **attributes):
    """Steps too small and too large to be near half a period."""
    return function(p * 0.01 + numpy.arange(p.shape[-1] if p.ndim else 1).astype(p.dtype) * 5, **attributes)


ROWS = [
    Row("np.diff", shapes=[(), (0,), (1,), (4,), (2, 3)], attributes=[{}, {"n": 2}, {"n": 0}, {"axis": 0}]),
    Row("np.diff", shapes=[(0,), (4,), (2, 3)], attributes=[{"prepend": 1, "append": 3}], dtypes=(*FLOATS, "int64")),
    Row("np.diff", shapes=[(4,)], attributes=[{"prepend": numpy.array([2, 1])}], dtypes=("float64", "int64")),
    Row("np.ediff1d", shapes=[(0,), (1,), (4,), (2, 3)], attributes=[{}, {"to_begin": 1, "to_end": [2, 3]}], dtypes=NUMBERS),
    Row("np.gradient", shapes=[(2,), (4,), (3, 4)], attributes=[{}, args(2), {"edge_order": 2}, {"axis": 0}], dtypes=FLOATS),
    Row("np.gradient", shapes=[(3, 4)], attributes=[args(2, [0.5, 1, 2, 4]), {"axis": (1, 0)}], dtypes=FLOATS, ulps=32),
    Row("np.gradient", (REAL, SPREAD), [((4,), (4,)), ((2, 4), (4,))], [{}, {"edge_order": 2}], dtypes=FLOATS, call=over, ulps=64),
    Row(
        "np.trapezoid", shapes=[(1,), (4,), (2, 3)], attributes=[{}, {"dx": 2}, {"axis": 0}, {"x": [0.5, 1, 4]}], dtypes=NUMBERS[1:]
    ),
    Row("np.trapezoid", (REAL, REAL), [((4,), (4,)), ((2, 3), (3,)), ((2, 3), (2, 3)), ((3, 2), (2,))], dtypes=FLOATS, ulps=32),
    Row("np.convolve", (REAL, REAL), VECTORS, MODES, dtypes=NUMBERS),
    Row("np.correlate", (REAL, REAL), VECTORS, MODES, dtypes=NUMBERS),
    Row(
        "np.interp",
        (SHIFTED, EVEN, REAL),
        [((), (5,), (5,)), ((2, 3), (5,), (5,)), ((0,), (5,), (5,)), ((3,), (1,), (1,)), ((2,), (3,), (4,))],
        [{}, {"left": -1, "right": 7}],
        dtypes=FLOATS[1:],
        call=between,
        ulps=64,
    ),
    Row("np.interp", (DISTINCT, SPREAD, REAL), [((4,), (4,), (4,))], [{"period": 3.3}], dtypes=FLOATS[1:], call=between, ulps=64),
    Row(
        "np.unwrap",
        shapes=[(1,), (4,), (2, 3)],
        attributes=[{}, {"axis": 0}, {"period": 4}, {"discont": 4}],
        dtypes=FLOATS,
        call=angles,
        ulps=32,
    ),
    Row("np.sinc", shapes=[(), (0,), (5,)]),
    Row("np.i0", shapes=[(), (0,), (5,)]),
]
