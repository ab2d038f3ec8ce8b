"""Losses."""

import numpy

from .table import BOOLEAN, FLOATS, FRACTION, REAL, Domain, Row, indices

PROBABILITY = Domain(0.1, 1)


def cross_entropy(data, label, axis=-1, sparse_label=True, ignore_label=None, label_smoothing=0.0):
    data = numpy.asarray(data, "float64")
    logs = data - numpy.log(numpy.exp(data).sum(axis=axis, keepdims=True))
    n = data.shape[axis]
    if not sparse_label:
        label = (1 - label_smoothing) * label + label_smoothing / n
        return -(label * logs).sum(axis=axis)
    hot = numpy.moveaxis(label[..., None] == numpy.arange(n), -1, axis)
    loss = -(((1 - label_smoothing) * hot + label_smoothing / n) * logs).sum(axis=axis)
    return numpy.where(label == ignore_label, 0, loss) if ignore_label is not None else loss


def focal_loss(data, label, alpha=0.25, gamma=2.0):
    data = numpy.asarray(data, "float64")
    p = 1 / (1 + numpy.exp(numpy.where(label, -data, data)))
    weight = 1 if alpha is None else numpy.where(label, alpha, 1 - alpha)
    return -weight * (1 - p) ** gamma * numpy.log(p)


def smooth_l1(data, scalar=1.0):
    data = numpy.asarray(data, "float64")
    return numpy.where(abs(data) < 1 / scalar**2, (scalar * data) ** 2 / 2, abs(data) - 0.5 / scalar**2)


CLASSES = [((4,), ()), ((2, 4), (2,)), ((2, 3, 4), (2, 3)), ((0, 4), (0,))]
SMOOTHED = [{}, {"label_smoothing": 0.2}, {"label_smoothing": 0.1, "ignore_label": 1}]
ACROSS = [((3, 2), (2,)), ((2, 3, 4), (2, 4))]
DENSE = {"sparse_label": False}
FOCAL = [{}, {"alpha": None, "gamma": 0}, {"gamma": 1.5}]
LABELS = [((), ()), ((3,), (3,)), ((2, 3), (3,)), ((0, 2), (0, 2))]

ROWS = [
    Row("npx.softmax_cross_entropy", (REAL, indices(0, 3)), CLASSES, SMOOTHED, reference=cross_entropy),
    Row("npx.softmax_cross_entropy", (REAL, indices(0, 2)), ACROSS, [{"axis": -2}], reference=cross_entropy),
    Row(
        "npx.softmax_cross_entropy",
        (REAL, PROBABILITY),
        [((4,), (4,)), ((2, 3), (2, 3))],
        [DENSE, {**DENSE, "label_smoothing": 0.2}],
        dtypes=FLOATS,
        reference=cross_entropy,
    ),
    Row("npx.focal_loss", (REAL, BOOLEAN), LABELS, FOCAL, reference=focal_loss),
    Row("npx.smooth_l1", FRACTION, attributes=[{}, {"scalar": 0.5**0.5}], reference=smooth_l1),
]
