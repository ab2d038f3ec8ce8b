"""Counting and binning. Edges are constants; weights have gradients."""

import numpy

from .table import FLOATS, INTEGERS, NUMBERS, REAL, Domain, Row, indices

BINS = [{}, {"bins": 4}, {"bins": [-2.0, 0.0, 0.25, 2.0]}, {"bins": 3, "range": (-2, 1)}, {"bins": 4, "density": True}]
COUNTED = indices(0, 4)
COUNTED_FLOATS = Domain(-3, 3, dtype="float64")


def bincount(x, minlength=0):
    """Counts have the dtype of integers of 32 bits and more."""
    return numpy.bincount(x, minlength=minlength).astype(x.dtype if x.dtype.itemsize >= 4 else "int64")


def by_weights(function, *operands, **attributes):
    *operands, weights = operands
    return function(*operands, weights=weights, **attributes)


def in_a_row(function, *operands, **attributes):
    """The counts and the edges; several operands are coordinates."""
    counts, edges = function(list(operands) if len(operands) > 1 else operands[0], **attributes)
    return [counts, *edges]


ROWS = [
    Row("np.bincount", Domain(0, 4), [(0,), (5,)], [{}, {"minlength": 7}], order=0, dtypes=INTEGERS, reference=bincount),
    Row("np.bincount", (COUNTED, REAL), [((5,), (5,)), ((5,), (3,))], [{}, {"minlength": 7}], dtypes=FLOATS, call=by_weights),
    Row("np.digitize", REAL, [(), (0,), (4,), (2, 3)], [{"bins": [-1, 0, 2]}, {"bins": [2, 0, -1], "right": True}], order=0),
    Row("np.searchsorted", Domain(-3, 3), [(0,), (4,)], [{"v": 1}, {"v": [[0.5], [-3]], "side": "right"}], order=0, dtypes=NUMBERS),
    Row("np.histogram", REAL, [(5,), (2, 3)], BINS, order=0, dtypes=NUMBERS),
    Row("np.histogram", REAL, [(0,)], BINS[:4], order=0, dtypes=NUMBERS),
    Row(
        "np.histogram",
        (COUNTED_FLOATS, REAL),
        [((6,), (6,)), ((2, 3), (2, 3)), ((4,), (3,))],
        BINS,
        dtypes=("float64",),
        call=by_weights,
    ),
    Row("np.histogram_bin_edges", REAL, [(0,), (5,), (2, 3)], [*BINS[:4], {"bins": "sturges"}], order=0, dtypes=NUMBERS),
    Row(
        "np.histogram2d",
        (REAL, REAL),
        [((5,), (5,)), ((4,), (3,))],
        [{"bins": 3}, {"bins": [2, 3], "density": True}],
        0,
        FLOATS[1:],
    ),
    Row(
        "np.histogramdd",
        REAL,
        [(5, 2), (4, 1), (5,)],
        [{"bins": 3}, {"bins": 2, "density": True}],
        order=0,
        dtypes=FLOATS[1:],
        call=in_a_row,
    ),
    Row("np.histogramdd", (REAL, REAL), [((5,), (5,))], [{"bins": (2, 3)}], order=0, dtypes=FLOATS[1:], call=in_a_row),
]
