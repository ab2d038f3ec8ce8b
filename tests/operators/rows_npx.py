"""Operators of MXNet that arrange, gather and mask; the references are spelled out in NumPy."""

import numpy

from .table import NONZERO, REAL, Domain, Row, args, indices

STEPS = [((4, 3), (3,)), ((4, 3, 2), (3,)), ((4, 1), (1,))]
BATCHES = [((3, 4), (3,)), ((3, 4, 2), (3,))]
LENGTH = indices(1, 4)
SHAPE = indices(0, 0)  # an operand of which only the shape counts
CONSTANT = Domain(-3, 3, dtype="float32")  # the gradient is not that of the function: it is tested in `test_npx.py`


def timed(reference):
    """A reference for the sequences of lengths `n` along `axis`: `reference(sequence, n)` of one, time first."""

    def whole(x, n, axis=0, **attributes):
        sequences = numpy.moveaxis(x, axis, 0)
        results = [reference(sequences[:, i], int(n[i]), **attributes) for i in range(len(n))]
        return numpy.stack(results, 1 - axis if results[0].ndim == x.ndim - 1 else 0)

    return whole


def masked(sequence, n, value=0.0):
    return numpy.concatenate([sequence[:n], numpy.full_like(sequence[n:], value)])


def reversed_(sequence, n):
    return numpy.concatenate([sequence[:n][::-1], sequence[n:]])


def with_lengths(function, data, lengths, **attributes):
    if function.__module__.startswith("mxnet"):
        attributes["use_sequence_length"] = True
    return function(data, lengths, **attributes)


def gathered(data, indices):
    return data[tuple(indices)]


def scattered(data, indices, shape):
    result = numpy.zeros(shape)
    numpy.add.at(result, tuple(indices), data)
    return result


def added(a, ind, val):
    result = a.copy()
    numpy.add.at(result, tuple(ind), val)
    return result


def updated(a, ind, val):
    result = a.copy()
    result[tuple(ind)] = val
    return result


def half_up(x):
    return numpy.copysign(numpy.floor(abs(x) + 0.5), x)


def norms(x, ord=2, axis=None, keepdims=False):
    result = (numpy.abs(x) ** ord).sum(axis=axis, keepdims=keepdims) ** (1 / ord)
    return result.reshape(1) if axis is None and not keepdims else result


def padded(x, mode, pad_width, constant_value=0.0):
    pairs = numpy.reshape(pad_width, (-1, 2))
    return numpy.pad(x, pairs, mode, **({"constant_values": constant_value} if mode == "constant" else {}))


def cut(x, num_outputs, axis=1, squeeze_axis=False):
    parts = numpy.split(x, num_outputs, axis)
    return [part.squeeze(axis) for part in parts] if squeeze_axis else parts


PADS = [
    {"mode": "constant", "pad_width": (0, 1, 2, 0), "constant_value": 2.5},
    {"mode": "edge", "pad_width": (1, 0, 0, 2)},
    {"mode": "reflect", "pad_width": (1, 1, 2, 0)},
]
NORMS = [{}, {"ord": 1, "axis": 1}, {"axis": (0, 1), "keepdims": True}, {"ord": 1, "keepdims": True}]
FLOATS = ("float16", "float32", "float64")

ROWS = [
    Row(
        "npx.sequence_mask", (REAL, LENGTH), STEPS, [{}, {"value": -1.5}], reference=timed(masked), call=with_lengths, dtypes=FLOATS
    ),
    Row("npx.sequence_last", (REAL, LENGTH), STEPS, reference=timed(lambda s, n: s[n - 1]), call=with_lengths, dtypes=FLOATS),
    Row("npx.sequence_reverse", (REAL, LENGTH), STEPS, reference=timed(reversed_), call=with_lengths, dtypes=FLOATS),
    Row("npx.gather_nd", (REAL, indices(-2, 1)), [((2, 3), (2, 4)), ((2, 3), (1, 3)), ((2, 2, 2), (3, 2, 2))], reference=gathered),
    Row(
        "npx.scatter_nd",
        (REAL, indices(-2, 1)),
        [((4,), (2, 4)), ((3, 2), (1, 3))],
        [{"shape": (2, 2)}],
        reference=scattered,
        dtypes=FLOATS,
    ),
    Row(
        "npx.index_add",
        (REAL, indices(0, 1), REAL),
        [((2, 3), (2, 4), (4,)), ((2, 3), (1, 2), (3,))],
        reference=added,
        dtypes=FLOATS,
    ),
    Row(
        "npx.index_update",
        (REAL, indices(0, 1), REAL),
        [((2, 3), (2, 4), (4,)), ((2, 3), (1, 2), ())],
        reference=updated,
        dtypes=FLOATS,
    ),
    Row("npx.nonzero", indices(0, 2), order=0, dtypes=("int64",), reference=numpy.argwhere),
    Row("npx.round_ste", CONSTANT, order=0, reference=half_up, dtypes=("float32",)),
    Row("npx.sign_ste", CONSTANT, order=0, reference=numpy.sign, dtypes=("float32",)),
    Row("npx.add_n", (REAL, REAL, REAL), [((2, 3),) * 3, ((),) * 3], reference=lambda *x: sum(x), dtypes=FLOATS),
    Row("npx.arange_like", shapes=[(2, 3)], order=0, dtypes=FLOATS, reference=lambda x: numpy.arange(6.0).reshape(2, 3)),
    Row("npx.broadcast_greater", (REAL, REAL), order=0, dtypes=FLOATS, reference=lambda x, y: (x > y).astype("float64")),
    Row("npx.broadcast_like", (REAL, SHAPE), [((1, 3), (2, 3)), ((), (2,))], reference=lambda x, y: x + 0 * y, dtypes=FLOATS),
    Row("npx.cast", attributes=[{"dtype": "float64"}], reference=lambda x, dtype: x.astype(dtype), dtypes=("float64",)),
    Row("npx.norm", NONZERO, [(2, 3)], NORMS, reference=norms),
    Row("npx.pad", shapes=[(3, 4)], attributes=PADS, reference=padded),
    Row("npx.reshape_like", (REAL, SHAPE), [((6,), (2, 3)), ((2, 3), (3, 2))], reference=lambda x, y: x.reshape(y.shape)),
    Row("npx.shape_array", shapes=[(2, 3), ()], order=0, reference=lambda x: numpy.array(x.shape, "int64")),
    Row(
        "npx.slice",
        shapes=[(4, 3)],
        attributes=[args((1, None), (3, 2)), args((None, -1), (None, 0), (1, -1))],
        reference=lambda x, begin, end, step=(None, None): x[tuple(map(slice, begin, end, step))],
    ),
    Row(
        "npx.slice_channel",
        shapes=[(2, 4)],
        attributes=[{"num_outputs": 2}, {"num_outputs": 2, "axis": 0, "squeeze_axis": True}],
        reference=cut,
    ),
    Row("npx.slice_like", (REAL, SHAPE), [((3, 4), (2, 3)), ((4,), (2,))], reference=lambda x, y: x[tuple(map(slice, y.shape))]),
]
