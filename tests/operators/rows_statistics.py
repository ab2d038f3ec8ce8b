"""Order statistics, averages, covariances, running products, and the reductions that pass over NaN."""

import numpy

from .table import DISTINCT, FLOATS, NUMBERS, POSITIVE, REAL, Domain, Row, args

AXES = [{}, {"axis": 0}, {"axis": -1, "keepdims": True}, {"axis": (0, 1)}]
ONE_AXIS = [{}, {"axis": 0}, {"axis": -1, "keepdims": True}]
SHAPES = [(1,), (4,), (2, 3), (2, 1, 3)]
MATRICES = [(2, 4), (3, 3)]
FRACTIONS = [{**args(q), **axis} for q in (0.3, [0, 0.55, 1], [[0.25], [0.5]]) for axis in AXES[:3]]
PERCENT = [{**args(q), **axis} for q in (30, [0, 55, 100]) for axis in AXES[:3]]
METHODS = ("lower", "higher", "nearest", "midpoint", "weibull", "hazen", "median_unbiased", "normal_unbiased")
METHODS += ("inverted_cdf", "averaged_inverted_cdf", "interpolated_inverted_cdf")
AWAY = Domain(0.37, 0.49)  # a fraction of five elements or of four, away from where the quantile has a corner


def by_method(function, a, **attributes):
    return function(a, [0.11, 0.53, 0.97], axis=-1, **attributes)


def weighted(function, a, weights, **attributes):
    return function(a, weights=weights, **attributes)


def by_aweights(function, m, aweights, **attributes):
    return function(m, aweights=aweights, **attributes)


def speckled(function, a, *others, args=(), **attributes):
    """Calls the function with a NaN in every third place, if the array can hold any."""
    if a.dtype.kind == "f":
        specks = numpy.zeros(a.size, a.dtype)
        specks[::3] = numpy.nan
        a = a + specks.reshape(a.shape)
    return function(a, *others, *args, **attributes)


SPECKLED = {"call": speckled, "shapes": [(4,), (2, 4), (3, 2, 2)]}
WHERE = {"where": numpy.array([True, True, True, False])}

ROWS = [
    Row("np.median", DISTINCT, SHAPES, AXES, ulps=64),
    Row("np.quantile", DISTINCT, [*SHAPES, (5,)], FRACTIONS, dtypes=NUMBERS, ulps=64),
    Row(
        "np.quantile", DISTINCT, [(5,), (2, 4)], [{"method": method} for method in METHODS], dtypes=FLOATS, call=by_method, ulps=64
    ),
    Row("np.quantile", (DISTINCT, AWAY), [((5,), ()), ((5,), (2,)), ((2, 4), (2,))], [{}, {"axis": 0}], dtypes=("float64",)),
    Row("np.percentile", DISTINCT, SHAPES, PERCENT, dtypes=NUMBERS, ulps=64),
    Row("np.ptp", DISTINCT, SHAPES, AXES, dtypes=NUMBERS),
    Row("np.average", REAL, SHAPES, AXES),
    Row("np.average", (REAL, POSITIVE), [((3,), (3,)), ((2, 3), (2, 3))], AXES[:3], call=weighted, dtypes=FLOATS),
    Row("np.average", (REAL, POSITIVE), [((2, 3), (3,)), ((3, 2, 3), (3,))], [{"axis": -1}], call=weighted, dtypes=FLOATS),
    Row("np.average", (REAL, POSITIVE), [((2, 4, 3), (3, 2))], [{"axis": (2, 0)}], call=weighted, dtypes=FLOATS),
    Row("np.cov", shapes=[(4,), *MATRICES], attributes=[{}, {"bias": True}, {"rowvar": False}, {"ddof": 0}], ulps=16),
    Row("np.cov", (REAL, REAL), [((3,), (3,)), ((2, 3), (3,)), ((2, 3), (1, 3))], ulps=16),
    Row("np.cov", (REAL, POSITIVE), [((4,), (4,)), ((2, 4), (4,))], [{}, {"ddof": 0}], dtypes=FLOATS, call=by_aweights, ulps=64),
    Row(
        "np.cov",
        (REAL, POSITIVE),
        [((2, 4), (4,))],
        [{"fweights": [2, 0, 1, 3]}, {"fweights": [2, 0, 1, 3], "bias": True}],
        dtypes=FLOATS,
        call=by_aweights,
        ulps=64,
    ),
    Row("np.corrcoef", shapes=[(2, 5), (3, 4)], attributes=[{}, {"rowvar": False}], dtypes=FLOATS, ulps=32),
    Row("np.corrcoef", (REAL, REAL), [((4,), (4,))], dtypes=FLOATS, ulps=32),
    Row("np.count_nonzero", REAL, [(), (0,), *SHAPES], AXES, order=0),
    Row("np.cumprod", REAL, [(), (0,), (1,), (5,), (2, 3), (3, 1, 2)], [{}, {"axis": 0}, {"axis": -1}]),
    Row("np.nansum", attributes=[*AXES[:3], WHERE | {"initial": 2}], **SPECKLED),
    Row("np.nanprod", attributes=[*AXES[:3], WHERE | {"initial": 2}], **SPECKLED),
    Row("np.nanmax", DISTINCT, attributes=AXES[:2], dtypes=FLOATS, call=speckled, shapes=[(4,), (3, 4)]),
    Row("np.nanmin", DISTINCT, attributes=AXES[:2], dtypes=FLOATS, call=speckled, shapes=[(4,), (3, 4)]),
    Row("np.nanmax", DISTINCT, SHAPES, AXES),
    Row("np.nanmax", DISTINCT, [(2, 4)], [{"initial": 0.3}, WHERE | {"initial": -9, "axis": 1}], dtypes=FLOATS, call=speckled),
    Row("np.nanmin", DISTINCT, [(2, 4)], [{"initial": 0.3}, WHERE | {"initial": 9, "axis": 1}], dtypes=FLOATS, call=speckled),
    Row("np.nanmin", DISTINCT, SHAPES, AXES),
    Row("np.nanargmax", DISTINCT, [(4,), (3, 4)], ONE_AXIS, order=0, call=speckled),
    Row("np.nanargmin", DISTINCT, [(4,), (3, 4)], ONE_AXIS, order=0, call=speckled),
    Row("np.nanmean", attributes=[*AXES[:2], WHERE], dtypes=NUMBERS, call=speckled, shapes=[(4,), (3, 4)]),
    Row("np.nanvar", DISTINCT, [(4,), (3, 4)], [*ONE_AXIS, WHERE], dtypes=NUMBERS, call=speckled),
    Row("np.nanvar", DISTINCT, [(4,), (3, 4)], [{"ddof": 1, "axis": -1}], dtypes=NUMBERS, call=speckled),
    Row("np.nanstd", DISTINCT, [(4,), (3, 4)], [*ONE_AXIS, WHERE], dtypes=NUMBERS, call=speckled),
    Row("np.nanmedian", DISTINCT, [(4,), (3, 4)], AXES[:3], call=speckled),
    Row("np.nanquantile", DISTINCT, [(4,), (3, 4)], FRACTIONS, dtypes=NUMBERS, call=speckled, ulps=64),
    Row("np.nanpercentile", DISTINCT, [(4,), (3, 4)], PERCENT, dtypes=NUMBERS, call=speckled, ulps=64),
    Row("np.nancumsum", attributes=[{}, {"axis": 0}], **SPECKLED),
    Row("np.nancumprod", attributes=[{}, {"axis": 0}], **SPECKLED),
]
