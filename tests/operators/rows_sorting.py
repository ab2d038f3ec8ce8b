"""Sorting and selecting by order."""

import numpy

from .table import DISTINCT, Row

SHAPES = [(0,), (1,), (5,), (2, 3), (2, 3, 2)]
AXES = [{}, {"axis": 0}, {"axis": None}, {"axis": 1, "descending": True}, {"axis": None, "descending": True}]
TOP = [{}, {"k": 2, "axis": 0}, {"k": 0, "is_ascend": True, "dtype": "int64"}, {"k": 2, "axis": None, "dtype": "int32"}]
KINDS = [{**attributes, "ret_typ": kind} for attributes in TOP for kind in ("indices", "value", "both", "mask")]


def argsort(a, axis=-1, descending=False):
    """Descending, the elements are negated; so they stay in their order where they are equal."""
    if not descending:
        return numpy.argsort(a, axis=axis, kind="stable")
    return numpy.argsort(-a.astype("float64"), axis=axis, kind="stable")


def sort(a, axis=-1, descending=False):
    flat, along = (a.ravel(), 0) if axis is None else (a, axis)
    return numpy.take_along_axis(flat, argsort(flat, along, descending), along)


def topk(a, axis=-1, k=1, ret_typ="indices", is_ascend=False, dtype="float32"):
    flat, along = (a.ravel(), 0) if axis is None else (a, axis)
    order = argsort(flat, along, not is_ascend)
    if k > flat.shape[along]:
        raise ValueError
    chosen = order.take(range(k or flat.shape[along]), along)
    if ret_typ == "mask":
        mask = numpy.zeros_like(flat)
        numpy.put_along_axis(mask, chosen, 1, along)
        return mask.reshape(a.shape)
    values = numpy.take_along_axis(flat, chosen, along)
    return {"indices": chosen.astype(dtype), "value": values, "both": [values, chosen.astype(dtype)]}[ret_typ]


ROWS = [
    Row("np.sort", DISTINCT, SHAPES, AXES, reference=sort),
    Row("np.argsort", DISTINCT, SHAPES, AXES, order=0, reference=argsort),
    Row("npx.topk", DISTINCT, SHAPES, [kind for kind in KINDS if kind["ret_typ"] in ("value", "both")], reference=topk),
    Row("npx.topk", DISTINCT, SHAPES, [kind for kind in KINDS if kind["ret_typ"] in ("indices", "mask")], order=0, reference=topk),
]
