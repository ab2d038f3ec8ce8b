"""Rows of what the array API standard adds (`operators/standard.py`)."""

import numpy

from .table import REAL, VECTORS, Row


def _accumulated(accumulate, initial):
    def reference(x, axis=None, include_initial=False):
        if x.ndim != 1 and axis is None:
            raise ValueError("several axes")
        result = accumulate(x, axis=axis or 0)
        first = numpy.full_like(result.take([0], axis or 0), initial)
        return numpy.concatenate([first, result], axis or 0) if include_initial else result

    return reference


AXES = [{}, {"axis": -1}, {"axis": 0, "include_initial": True}]

ROWS = [
    Row("np.nextafter", (REAL, REAL), dtypes=("float64",), ulps=0.1),  # the reference computes in float64, where a step is other
    Row("np.cumulative_sum", shapes=VECTORS[1:4], attributes=AXES, reference=_accumulated(numpy.cumsum, 0)),
    Row("np.cumulative_prod", shapes=VECTORS[1:4], attributes=AXES, reference=_accumulated(numpy.cumprod, 1)),
]
