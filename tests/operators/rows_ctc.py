"""Connectionist temporal classification, compared with the sum over all paths, one by one."""

from itertools import groupby, product

import numpy

from .table import REAL, Row, indices


def ctc_loss(data, label, data_lengths=None, label_lengths=None, blank_label="first", **switches):
    time, batch, classes = data.shape
    blank, padding = (0, 0) if blank_label == "first" else (classes - 1, -1)
    logarithms = data - numpy.log(numpy.exp(data).sum(axis=-1, keepdims=True))
    result = numpy.zeros(batch)
    for b in range(batch):
        steps = time if data_lengths is None else int(data_lengths[b])
        row = label[b].tolist()
        count = (row.index(padding) if padding in row else len(row)) if label_lengths is None else int(label_lengths[b])
        probability = sum(
            numpy.exp(logarithms[range(steps), b, path].sum())
            for path in product(range(classes), repeat=steps)
            if [c for c, _ in groupby(path) if c != blank] == row[:count]
        )
        result[b] = -numpy.log(probability) if probability else 0
    return result


def with_lengths(data=None, label=None):
    named = {"data_lengths": data, "label_lengths": label}
    lengths = {name: numpy.array(value) for name, value in named.items() if value is not None}
    return lengths | {f"use_{name}": True for name in lengths}


ROWS = [
    Row(
        "npx.ctc_loss",
        (REAL, indices(1, 2)),
        shapes=[((4, 2, 4), (2, 2)), ((1, 2, 4), (2, 1)), ((3, 2, 4), (2, 0))],
        attributes=[
            {},
            {"blank_label": "last"},
            with_lengths(data=[1, 0]),
        ],
        dtypes=("float32", "float64"),
        reference=ctc_loss,
        ulps=32,
    ),
    Row(
        "npx.ctc_loss",
        (REAL, indices(0, 1)),
        shapes=[((5, 3, 3), (3, 3))],
        attributes=[
            {"blank_label": "last"},
            with_lengths(label=[0, 1, 0]) | {"blank_label": "last"},
            with_lengths(data=[5, 3, 2], label=[3, 2, 1]) | {"blank_label": "last"},
        ],
        dtypes=("float32", "float64"),
        reference=ctc_loss,
        ulps=32,
    ),
]
