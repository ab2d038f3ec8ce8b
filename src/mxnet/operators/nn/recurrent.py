"""`rnn`: recurrent layers, stacked, in one or both directions.

`_steps` is what a layer means. Where kernels serve, `_layer` does the same in one call forward and one backward through time; the
products with the input, and those for the gradients of the weights, are one each for all steps, by BLAS.
"""

import math

import numpy as np

from ... import kernels
from ...core.array import Array, raw
from ...core.operator import operator
from ...core.state import is_training
from ...kernels import recurrent as kernels_of
from ..contractions import matmul
from ..indexing import getitem
from ..joining import concatenate, stack
from ..sampling.streams import generator
from ..selection import clip, where
from ..shaping import reshape
from ..splitting import split
from ..trigonometric import tanh
from .activations import relu, sigmoid
from .composite import gradients_of, recorded
from .sequences import lengths_of

__all__ = ["rnn"]


# --- one step, for an input product a, a product r with the state h, biases included ----------------------------------------------


def _rnn_relu(a, r, h, c, limits):
    return relu(a + r), None


def _rnn_tanh(a, r, h, c, limits):
    return tanh(a + r), None


def _lstm(a, r, h, c, limits):
    i, f, g, o = split(a + r, 4, axis=-1)
    c = sigmoid(f) * c + sigmoid(i) * tanh(g)
    if limits is not None:
        low, high, nan = limits
        c = clip(where(np.isnan(c), low, c) if nan else c, low, high)
    return sigmoid(o) * tanh(c), c


def _gru(a, r, h, c, limits):
    (a_r, a_z, a_n), (r_r, r_z, r_n) = split(a, 3, axis=-1), split(r, 3, axis=-1)
    z = sigmoid(a_z + r_z)
    n = tanh(a_n + sigmoid(a_r + r_r) * r_n)
    return n + z * (h - n), None


_CELLS = {"rnn_relu": _rnn_relu, "rnn_tanh": _rnn_tanh, "lstm": _lstm, "gru": _gru}
_GATES = {"rnn_relu": 1, "rnn_tanh": 1, "lstm": 4, "gru": 3}


# --- one layer in one direction ---------------------------------------------------------------------------------------------------


def _steps(x, h, c, wx, wh, bx, bh, mode, lengths, backwards, wr=None, limits=None):
    """The states of all steps, in the order of time, and the last cell state (None, but for an LSTM).

    A sequence that is over keeps its state; `wr` projects an LSTM's.
    """
    inputs = matmul(x, wx.swapaxes(0, 1)) + bx
    turned = wh.swapaxes(0, 1)
    states = [None] * len(x)
    for t in range(len(x))[:: -1 if backwards else 1]:
        new, cell = _CELLS[mode](inputs[t], matmul(h, turned) + bh, h, c, limits)
        if wr is not None:
            new = matmul(new, wr.swapaxes(0, 1))
        if lengths is not None:
            going = (t < lengths)[:, None]
            new = where(going, new, h)
            cell = None if cell is None else where(going, cell, c)
        states[t], h, c = new, new, cell
    return stack(states), c


def _layer_rule(g, x, h, c, wx, wh, bx, bh, mode, lengths, backwards, kept, wanted):
    if recorded(g, x, h, c, wx, wh, bx, bh):
        operands = (x, h, c, wx, wh, bx, bh)
        return gradients_of(lambda *a: _results(*_steps(*a, mode, lengths, backwards)), operands, g, wanted)
    states, gates = kept["states"], kept["gates"]
    steps, batch, width = gates.shape
    blocks, cost, lengths = _work(wh, lengths, steps, batch)
    weight = kernels_of.strips(wh)
    dy, dc = (np.ascontiguousarray(g[0]), np.array(g[1])) if mode == "lstm" else (np.ascontiguousarray(g), None)
    dh = np.zeros_like(h)
    d = dp = np.empty_like(gates)  # the cotangents of the gates' arguments, and of their parts that come from the state
    if mode == "lstm":
        kernels.split(kernels_of.lstm_back, blocks, cost, backwards, lengths, gates, weight, kept["cells"], dy, dh, dc, d)
    elif mode == "gru":
        dp = np.empty_like(gates)
        kernels.split(kernels_of.gru_back, blocks, cost, backwards, lengths, gates, kept["products"], weight, states, dy, dh, d, dp)
    else:
        kernels.split(kernels_of.simple_back, blocks, cost, backwards, lengths, mode == "rnn_relu", weight, states, dy, dh, d)
    apart = dp is not d
    d, dp = d.reshape(steps * batch, width), dp.reshape(steps * batch, width)
    dbx = kernels.sum_of_rows(d) if wanted[5] or (wanted[6] and not apart) else None
    before = states[1:] if backwards else states[:-1]
    dx = np.empty(x.shape, x.dtype) if wanted[0] else None
    if wanted[0]:
        np.matmul(d, wx, out=_rows(dx))
    return (
        dx,
        dh,
        dc,
        np.matmul(d.T, _rows(x)) if wanted[3] else None,
        np.matmul(dp.T, _rows(before)) if wanted[4] else None,
        dbx,
        (kernels.sum_of_rows(dp) if apart else dbx) if wanted[6] else None,
    )


@operator(joint=_layer_rule, inputs=("x", "h", "c", "wx", "wh", "bx", "bh"))
def _layer(x, h, c, wx, wh, bx, bh, mode, lengths, backwards, kept):
    """`_steps` by kernels; `kept` is a dictionary in which backward finds gates and states."""
    steps, batch = x.shape[:2]
    blocks, cost, lengths = _work(wh, lengths, steps, batch)
    first = steps if backwards else 0
    states = kept["states"] = np.empty((steps + 1, *h.shape), h.dtype)
    states[first] = h
    weight = kernels_of.strips(wh.T)
    gates = kept["gates"] = np.matmul(_rows(x), wx.T).reshape(steps, batch, len(wx))
    y = states[:-1] if backwards else states[1:]
    if mode == "lstm":
        cells = kept["cells"] = np.empty_like(states)
        cells[first] = c
        kernels.split(kernels_of.lstm, blocks, cost, backwards, lengths, gates, bx + bh, weight, states, cells)
        return y, cells[steps - first].copy()
    if mode == "gru":
        products = kept["products"] = np.empty_like(gates)
        kernels.split(kernels_of.gru, blocks, cost, backwards, lengths, gates, products, bx, bh, weight, states)
    else:
        kernels.split(kernels_of.simple, blocks, cost, backwards, lengths, mode == "rnn_relu", gates, bx + bh, weight, states)
    return y


def _rows(x):
    return np.ascontiguousarray(x).reshape(-1, x.shape[-1])


def _work(wh, lengths, steps, batch):
    """Blocks of rows, nanoseconds, and a length for each sequence."""
    cost = steps * batch * (wh.size // 40 + len(wh))
    return -(-batch // kernels_of.ROWS), cost, np.full(batch, steps) if lengths is None else lengths


def _results(states, cell):
    return states if cell is None else (states, cell)


_LEAST = 2**12  # gates to compute, in all steps, from which the kernels pay


def _by_kernels(x, h, c, wx, wh, bx, bh):
    arrays = [raw(array) for array in (x, h, c, wx, wh, bx, bh) if array is not None]
    work = math.prod(x.shape[:2]) * len(wx)
    return work >= _LEAST and kernels.available() and arrays[0].dtype.char in "fd" and len({array.dtype for array in arrays}) == 1


def _one_direction(x, h, c, weights, mode, lengths, backwards, limits):
    wx, wh, wr, bx, bh = weights
    if wr is not None or limits is not None or not _by_kernels(x, h, c, wx, wh, bx, bh):
        states, cell = _steps(x, h, c, wx, wh, bx, bh, mode, lengths, backwards, wr, limits)
    else:
        results = _layer(x, h, c, wx, wh, bx, bh, mode, lengths, backwards, {})
        states, cell = results if mode == "lstm" else (results, None)
    last = getitem(states, 0 if backwards else -1)
    if lengths is not None:
        states = where(np.arange(len(x))[:, None, None] < lengths[:, None], states, 0)
    return states, last, cell


# --- stacks of layers -------------------------------------------------------------------------------------------------------------


def _shapes(mode, inputs, size, layers, directions, projection):
    """The shapes of W_x, W_h and W_r (None without projection), for every layer and direction."""
    gates = _GATES[mode] * size
    output = projection or size
    for layer in range(layers):
        width = directions * output if layer else inputs
        for _ in range(directions):
            yield (gates, width), (gates, output), projection and (projection, size)


def _unpacked(parameters, shapes):
    """W_x, W_h, W_r, b_x, b_h for every layer and direction, out of one vector: first all weights, then all biases."""
    start = 0

    def take(shape):
        nonlocal start
        begin, start = start, start + math.prod(shape)
        return reshape(getitem(parameters, slice(begin, start)), shape)

    weights = [[shape and take(shape) for shape in three] for three in shapes]
    return [[*three, take((len(three[0]),)), take((len(three[0]),))] for three in weights]


def _check(x, parameters, state, cell, mode, size, layers, directions, projection):
    """Refuse what does not fit; return the shapes of the weights."""
    if mode not in _GATES:
        raise ValueError(f"rnn: mode is one of {', '.join(map(repr, _GATES))}, not {mode!r}")
    for name, value in (("data", x), ("parameters", parameters), ("state", state)):
        if not isinstance(value, Array | np.ndarray):
            raise TypeError(f"rnn: {name} is an array, not {value!r:.60}")
    for name, value in (("state_size", size), ("num_layers", layers), ("projection_size", 1 if projection is None else projection)):
        if not isinstance(value, int | np.integer) or value < 1:
            raise ValueError(f"rnn: {name} is a whole number above 0, not {value!r}")
    if x.ndim != 3 or 0 in x.shape[:1]:
        raise ValueError(f"rnn: data has shape (time, batch, width), with one step at least, not {x.shape}")
    if projection is not None and mode != "lstm":
        raise ValueError(f"rnn: projection_size is for mode='lstm', not {mode!r}")
    _check_state("state", state, (layers * directions, x.shape[1], projection or size))
    if mode == "lstm":
        _check_state("state_cell", cell, (layers * directions, x.shape[1], size))
    elif cell is not None:
        raise ValueError(f"rnn: state_cell is for mode='lstm', not {mode!r}")
    shapes = list(_shapes(mode, x.shape[2], size, layers, directions, projection))
    expected = sum(math.prod(shape) for three in shapes for shape in three if shape) + sum(2 * three[0][0] for three in shapes)
    if parameters.shape != (expected,):
        parts = [
            " + ".join(f"{a}·{b}" for a, b in filter(None, three)) + f" + 2·{three[0][0]}" for three in shapes[: directions + 1]
        ]
        more = " + …" if len(shapes) > len(parts) else ""
        raise ValueError(
            f"rnn: parameters has shape ({expected},) for {mode} with state_size={size}, num_layers={layers} and data of width "
            f"{x.shape[2]}: ({') + ('.join(parts)}){more}, the weights and two biases of each layer and direction; "
            f"not {parameters.shape}"
        )
    return shapes


def _check_state(name, state, expected):
    if not isinstance(state, Array | np.ndarray) or state.shape != expected:
        given = f"shape {state.shape}" if isinstance(state, Array | np.ndarray) else f"{state!r:.60}"
        raise ValueError(f"rnn: {name} has shape {expected}, (layers and directions, batch, width), not {given}")


def _limits(mode, low, high, nan):
    if low is None and high is None:
        return None
    if mode != "lstm" or low is None or high is None or low > high:
        raise ValueError(
            f"rnn: lstm_state_clip_min and lstm_state_clip_max, for mode='lstm', are given together, the smaller one first; "
            f"not {low!r} and {high!r} with mode={mode!r}"
        )
    return low, high, bool(nan)


def _dropped(x, p):
    """`x` with numbers left out at random, the others divided by their share."""
    keep = generator().random(x.shape, np.float32) >= p
    return x * (keep.astype(x.dtype) / (1 - p) if p < 1 else keep.astype(x.dtype))


def rnn(
    data=None,
    parameters=None,
    state=None,
    state_cell=None,
    sequence_length=None,
    mode=None,
    state_size=None,
    num_layers=None,
    bidirectional=False,
    state_outputs=False,
    p=0.0,
    use_sequence_length=False,
    projection_size=None,
    lstm_state_clip_min=None,
    lstm_state_clip_max=None,
    lstm_state_clip_nan=None,
):
    """Recurrent layers, one on top of the other: simple ones, LSTM or GRU.

    With a = W_x x + b_x and r = W_h h + b_h, cut into as many parts as there are gates, a step leads from the state h to h':

    * 'rnn_relu', 'rnn_tanh': h' = relu(a + r), h' = tanh(a + r)
    * 'lstm': i, f, g, o are σ, σ, tanh, σ of a + r; c' = f c + i g, h' = o tanh(c'), or W_r (o tanh(c')) with `projection_size`
    * 'gru': r = σ(a₁ + r₁), z = σ(a₂ + r₂), n = tanh(a₃ + r r₃), h' = (1 - z) n + z h

    Parameters
    ----------
    data : ndarray, shape (time, batch, width)
    parameters : ndarray, shape (n,)
        For each layer and direction W_x, W_h and, with `projection_size`, W_r; after all of them, for each b_x and b_h.
    state : ndarray, shape (layers · directions, batch, state_size)
        The first states; of width `projection_size`, if there is one.
    state_cell : ndarray, shape (layers · directions, batch, state_size), optional
        The first cell states of an LSTM.
    sequence_length : ndarray of int, shape (batch,), optional
        With `use_sequence_length`: how many steps of each sequence count. Outputs beyond are 0, states stay, and the other
        direction starts at the last step that counts.
    mode : {'rnn_relu', 'rnn_tanh', 'lstm', 'gru'}
    state_size, num_layers : int
    bidirectional : bool
        Whether each layer has a second part that goes from the last step to the first; the outputs of both stand side by side.
    state_outputs : bool
        Whether to return the last states, too.
    p : float
        The share of the outputs of each layer but the last that is dropped in training.
    use_sequence_length : bool
    projection_size : int, optional
    lstm_state_clip_min, lstm_state_clip_max : float, optional
        Between which the cell states of an LSTM are kept.
    lstm_state_clip_nan : bool, optional
        Whether a cell state that is NaN becomes `lstm_state_clip_min`.

    Returns
    -------
    ndarray, shape (time, batch, directions · state_size)
        With `state_outputs` a list: the outputs, the last states, and for an LSTM the last cell states.

    Raises
    ------
    ValueError
        If shapes or sizes do not fit together, or a length exceeds the time.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> x, h = np.ones((5, 2, 3)), np.zeros((1, 2, 4))
    >>> npx.rnn(x, np.zeros(3 * 4 * (3 + 4 + 2)), h, mode="gru", state_size=4, num_layers=1).shape
    (5, 2, 4)
    """
    directions = 2 if bidirectional else 1
    shapes = _check(data, parameters, state, state_cell, mode, state_size, num_layers, directions, projection_size)
    limits = _limits(mode, lstm_state_clip_min, lstm_state_clip_max, lstm_state_clip_nan)
    lengths = lengths_of("rnn", data, sequence_length, use_sequence_length, 0, 0)
    if not 0 <= p <= 1:
        raise ValueError(f"rnn: p, the share that is dropped, is from 0 to 1, not {p!r}")
    weights = _unpacked(parameters, shapes)
    lasts, cells = [], []
    for layer in range(num_layers):
        if layer and p and is_training():
            data = _dropped(data, p)
        outputs = []
        for i in range(directions * layer, directions * (layer + 1)):
            cell = None if state_cell is None else getitem(state_cell, i)
            y, last, cell = _one_direction(data, getitem(state, i), cell, weights[i], mode, lengths, i % directions == 1, limits)
            outputs.append(y)
            lasts.append(last)
            cells.append(cell)
        data = outputs[0] if directions == 1 else concatenate(outputs, axis=-1)
    if not state_outputs:
        return data
    return [data, stack(lasts), stack(cells)] if mode == "lstm" else [data, stack(lasts)]
