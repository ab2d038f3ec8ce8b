"""Operators of object detection; operands are four free numbers a box, made a box by `call`."""

import numpy

from .table import REAL, Domain, Row, indices

BOXES = Domain(0.1, 1)
OTHERS = Domain(0.2, 1.1)  # none of whose edges are so near those of the first that a finite difference crosses one
FLOATS = ("float32", "float64")
CODES = {"std0": 0.1, "std1": 0.2, "std2": 0.3, "std3": 0.4}


def boxes(numbers):
    """Corners from a corner and a size."""
    return numpy.concatenate([numbers[..., :2], numbers[..., :2] + numbers[..., 2:]], axis=-1)


def of_boxes(function, *operands, **attributes):
    return function(*[boxes(operand) for operand in operands], **attributes)


def box_iou(lhs, rhs):
    result = numpy.zeros((*lhs.shape[:-1], *rhs.shape[:-1]))
    for i in numpy.ndindex(lhs.shape[:-1]):
        for j in numpy.ndindex(rhs.shape[:-1]):
            a, b = lhs[i], rhs[j]
            shared = numpy.maximum(numpy.minimum(a[2:], b[2:]) - numpy.maximum(a[:2], b[:2]), 0).prod()
            result[i + j] = shared / ((a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - shared)
    return result


def decoded(function, data, anchors, **attributes):
    return function(data, boxes(anchors), format="corner", **attributes)


def box_decode(data, anchors, std0, std1, std2, std3, clip=-1, format="corner"):
    centre, size = (anchors[..., :2] + anchors[..., 2:]) / 2, anchors[..., 2:] - anchors[..., :2]
    codes = data * [std0, std1, std2, std3]
    if clip > 0:
        codes = numpy.minimum(codes, [numpy.inf, numpy.inf, clip, clip])
    centre, half = codes[..., :2] * size + centre, numpy.exp(codes[..., 2:]) * size / 2
    return numpy.concatenate([centre - half, centre + half], axis=-1)


def encoded(function, samples, matches, anchors, refs):
    return function(samples, matches, boxes(anchors), boxes(refs))


def box_encode(samples, matches, anchors, refs):
    refs = refs[numpy.arange(len(refs))[:, None], matches]
    counts = numpy.broadcast_to(samples[..., None] > 0.5, refs.shape)
    size, size2 = anchors[..., 2:] - anchors[..., :2], refs[..., 2:] - refs[..., :2]
    move = (refs[..., :2] + refs[..., 2:] - anchors[..., :2] - anchors[..., 2:]) / 2 / size
    codes = numpy.concatenate([move, numpy.log(size2 / size)], axis=-1) / [0.1, 0.1, 0.2, 0.2]
    return numpy.where(counts, codes, 0), counts.astype("float64")


ENCODED = [((2, 3), (2, 3), (2, 3, 4), (2, 2, 4))]

ROWS = [
    Row("npx.box_iou", (BOXES, OTHERS), [((2, 4), (3, 4)), ((4,), (2, 1, 4))], reference=box_iou, call=of_boxes, dtypes=FLOATS),
    Row(
        "npx.box_decode",
        (REAL, BOXES),
        [((2, 3, 4), (1, 3, 4))],
        [CODES, {**CODES, "clip": 0.3}],
        reference=box_decode,
        call=decoded,
        dtypes=FLOATS,
    ),
    Row(
        "npx.box_encode",
        (indices(0, 1), indices(0, 1), BOXES, BOXES),
        ENCODED,
        reference=box_encode,
        call=encoded,
        dtypes=FLOATS,
        ulps=32,
    ),
]
