"""Recurrent layers, against the equations in NumPy, step by step."""

import numpy

from .table import UNIT, Row, indices

GATES = {"rnn_relu": 1, "rnn_tanh": 1, "lstm": 4, "gru": 3}


def sigmoid(x):
    return 1 / (1 + numpy.exp(-x))


def step(mode, a, r, h, c, clip):
    if mode == "rnn_relu":
        return numpy.maximum(a + r, 0), c
    if mode == "rnn_tanh":
        return numpy.tanh(a + r), c
    if mode == "lstm":
        i, f, g, o = numpy.split(a + r, 4, -1)
        c = sigmoid(f) * c + sigmoid(i) * numpy.tanh(g)
        c = c if clip is None else c.clip(*clip)
        return sigmoid(o) * numpy.tanh(c), c
    reset = sigmoid((a + r)[:, : h.shape[1]])
    z = sigmoid((a + r)[:, h.shape[1] : -h.shape[1]])
    n = numpy.tanh(a[:, -h.shape[1] :] + reset * r[:, -h.shape[1] :])
    return (1 - z) * n + z * h, c


def rnn(x, parameters, state, cell=None, lengths=None, *, mode, state_size, num_layers=1, clip=None, **more):
    """Sequences one by one, each cut to its length, so that there is nothing to mask."""
    bidirectional, projection_size = more.get("bidirectional"), more.get("projection_size")
    directions = 2 if bidirectional else 1
    output = projection_size or state_size
    rows = GATES[mode] * state_size
    weights, rest = [], parameters

    def take(*shape):
        nonlocal rest
        part, rest = rest[: numpy.prod(shape)], rest[numpy.prod(shape) :]
        return part.reshape(shape)

    for layer in range(num_layers):
        for _ in range(directions):
            width = directions * output if layer else x.shape[2]
            weights.append((take(rows, width), take(rows, output), take(output, state_size) if projection_size else None))
    biases = [(take(rows), take(rows)) for _ in weights]
    if rest.size:
        raise ValueError
    lasts, cells = numpy.array(state), None if cell is None else numpy.array(cell)
    result = numpy.zeros((*x.shape[:2], directions * output))
    for n in range(x.shape[1]):
        data = x[: None if lengths is None else lengths[n], n]
        for layer in range(num_layers):
            sides = []
            for i in range(directions * layer, directions * (layer + 1)):
                (wx, wh, wr), (bx, bh) = weights[i], biases[i]
                h, c = lasts[i, n][None], None if cells is None else cells[i, n][None]
                backwards = i % directions
                states = []
                for item in data[::-1] if backwards else data:
                    h, c = step(mode, item[None] @ wx.T + bx, h @ wh.T + bh, h, c, clip)
                    h = h if wr is None else h @ wr.T
                    states.append(h[0])
                lasts[i, n] = h[0]
                if c is not None:
                    cells[i, n] = c[0]
                sides.append(numpy.array(states[::-1] if backwards else states).reshape(len(data), output))
            data = numpy.concatenate(sides, -1)
        result[: len(data), n] = data
    return [result, lasts] if cells is None else [result, lasts, cells]


def cells(function, *operands, clip=None, mode="lstm", **attributes):
    """An LSTM, whose operands include the cell states and, sixth, lengths."""
    return called(function, *operands, clip=clip, mode=mode, **attributes)


def called(function, x, parameters, state, *more, mode, clip=None, **attributes):
    if not function.__module__.startswith("mxnet"):
        return function(x, parameters, state, *more, mode=mode, clip=clip, **attributes)
    if clip is not None:
        attributes |= {"lstm_state_clip_min": clip[0], "lstm_state_clip_max": clip[1]}
    cell, lengths = [*more, None, None][:2]
    if lengths is not None:
        attributes["use_sequence_length"] = True
    attributes.setdefault("num_layers", 1)
    return function(x, parameters, state, cell, lengths, mode=mode, state_outputs=True, **attributes)


def without_cells(function, x, parameters, state, lengths, **attributes):
    return called(function, x, parameters, state, None, lengths, **attributes)


FLOATS = ("float32", "float64")
LENGTH = indices(0, 3)
SIMPLE = [{"mode": "rnn_tanh", "state_size": 2}, {"mode": "rnn_relu", "state_size": 2}]
PROJECTED = {"state_size": 2, "projection_size": 1, "clip": (-0.3, 0.4)}
STACK = {"state_size": 2, "num_layers": 2, "bidirectional": True}
BOTH = {"state_size": 2, "bidirectional": True}

ROWS = [
    Row("npx.rnn", (UNIT, UNIT, UNIT), [((3, 2, 2), (12,), (1, 2, 2))], SIMPLE,
        reference=rnn, call=called, dtypes=FLOATS, ulps=32),
    Row("npx.rnn", (UNIT, UNIT, UNIT, LENGTH), [((3, 2, 1), (60,), (2, 2, 2), (2,))], [{"mode": "gru", **BOTH}],
        reference=rnn, call=without_cells, dtypes=FLOATS, ulps=32),
    Row("npx.rnn", (UNIT, UNIT, UNIT, UNIT), [((2, 1, 1), (208,), (4, 1, 2), (4, 1, 2))], [STACK],
        reference=rnn, call=cells, dtypes=FLOATS, ulps=32),
    Row("npx.rnn", (UNIT, UNIT, UNIT, UNIT), [((3, 2, 1), (34,), (1, 2, 1), (1, 2, 2))], [PROJECTED],
        reference=rnn, call=cells, dtypes=FLOATS, ulps=32),
]  # fmt: skip
