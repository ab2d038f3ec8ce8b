"""Cells of vectors: against layers, steps, unrolling, errors."""

import numpy
import pytest

import mxnet as mx
from mxnet import autograd, init, np
from mxnet.gluon import nn, rnn
from mxnet.gluon.rnn import rnn_cell

RNG = numpy.random.default_rng(0)
CELLS = {
    "rnn_relu": lambda size, **k: rnn.RNNCell(size, activation="relu", **k),
    "rnn_tanh": rnn.RNNCell,
    "lstm": rnn.LSTMCell,
    "gru": rnn.GRUCell,
}
LAYERS = {
    "rnn_relu": rnn.RNN,
    "rnn_tanh": lambda *a, **k: rnn.RNN(*a, activation="tanh", **k),
    "lstm": rnn.LSTM,
    "gru": rnn.GRU,
}
CLOSE = {"rtol": 1e-12, "atol": 1e-13}  # float64
PARTS = ("i2h_weight", "h2h_weight", "i2h_bias", "h2h_bias")


def values_of(shape, dtype="float64"):
    return np.array(RNG.normal(size=shape), dtype=dtype)


def settled(block, *inputs):
    """The block in float64, with shapes as they follow from a first pass, and parameters from N(0, 0.5)."""
    block.cast("float64")
    block.initialize()
    if inputs:
        block(*inputs)
    for parameter in block.collect_params().values():
        parameter.set_data(values_of(parameter.shape) / 2)
    return block


def assert_close(got, expected):
    numpy.testing.assert_allclose(got.asnumpy(), numpy.asarray(expected), **CLOSE)


def identity_cell(size=2, width=None, h2h=0.0):
    """h' = x₁ + … + xₙ + h2h · (h₁ + … + hₙ) in every place."""
    cell = rnn.RNNCell(
        size,
        activation=lambda x: x,
        i2h_weight_initializer="ones",
        h2h_weight_initializer=init.Constant(h2h),
        input_size=width or size,
    )
    cell.initialize()
    return cell


class Sum(rnn.RecurrentCell):
    """A cell that is no HybridBlock: h' = h + x."""

    def state_info(self, batch_size=0):
        return [{"shape": (batch_size, 2), "__layout__": "NC"}]

    def forward(self, inputs, states):
        total = inputs + states[0]
        return total, [total]


# --- cells and layers are the same --------------------------------------------------------------------------


@pytest.mark.parametrize("mode", CELLS)
@pytest.mark.parametrize("lengths", [None, [2, 5]])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_cells_are_layers(mode, lengths, bidirectional):
    """Two layers: outputs, states and gradients of everything."""
    layer = LAYERS[mode](4, 2, bidirectional=bidirectional, use_sequence_length=lengths is not None, dtype="float64")
    layer.initialize(init.Normal(0.5))
    stack = rnn.HybridSequentialRNNCell()
    for _ in range(2):
        stack.add(rnn.BidirectionalCell(CELLS[mode](4), CELLS[mode](4)) if bidirectional else CELLS[mode](4))
    stack.cast("float64")
    stack.initialize()
    x = values_of((5, 2, 3))
    y = x.copy()
    states = [values_of(info["shape"]) for info in layer.state_info(2)]
    valid = None if lengths is None else np.array(lengths)
    layer(x, sequence_length=valid)
    stack.unroll(5, x, layout="TNC")
    directions = "lr" if bidirectional else "l"
    cells = {}
    for k in (0, 1):
        for d, direction in enumerate(directions):
            cell = stack[k] if not bidirectional else (stack[k].l_cell, stack[k].r_cell)[d]
            cells[f"{direction}{k}"] = cell
            for part in PARTS:
                getattr(cell, part).set_data(getattr(layer, f"{direction}{k}_{part}").data())
    # The layer has an array of states for each kind, the stack one for each cell and kind.
    for array in (x, y, *states):
        array.attach_grad()
    g = values_of((5, 2, 4 * len(directions)))
    with autograd.record():
        outputs, last = layer(x, states, valid) if lengths else layer(x, states)
        loss = (outputs * g).sum() + sum((state**2).sum() for state in last)
    loss.backward()
    from_layer = [state.grad.copy() for state in states]
    with autograd.record():
        own = [state[i] for i in range(2 * len(directions)) for state in states]
        unrolled, after = stack.unroll(5, y, own, layout="TNC", merge_outputs=True, valid_length=valid)
        loss = (unrolled * g).sum() + sum((state**2).sum() for state in after)
    loss.backward()
    assert_close(unrolled, outputs)
    for i, state in enumerate(after):
        assert_close(state, last[i % len(last)][i // len(last)])
    assert_close(y.grad, x.grad)
    for state, expected in zip(states, from_layer, strict=True):
        assert_close(state.grad, expected)
    for name, cell in cells.items():
        for part in PARTS:
            assert_close(getattr(cell, part).grad(), getattr(layer, f"{name}_{part}").grad())


def test_projected_cells_are_layers():
    layer = rnn.LSTM(4, projection_size=2, dtype="float64")
    layer.initialize(init.Normal(0.5))
    x = values_of((5, 3, 2))
    states = [values_of(info["shape"]) for info in layer.state_info(3)]
    outputs, last = layer(x, states)
    cell = rnn.LSTMPCell(4, 2, input_size=2)
    cell.cast("float64")
    cell.initialize()
    for part in (*PARTS, "h2r_weight"):
        getattr(cell, part).set_data(getattr(layer, f"l0_{part}").data())
    unrolled, after = cell.unroll(5, x, [state[0] for state in states], "TNC", True)
    assert_close(unrolled, outputs)
    for state, expected in zip(after, last, strict=True):
        assert_close(state, expected[0])


# --- numbers of MXNet 2, for weights of 1, i2h_bias 0 and h2h_bias 1, x = 2, h = c = 1 ----------------------

ORIGINAL = [
    (rnn.LSTMCell, {}, [0.9440551, 1.9633689]),
    (rnn.GRUCell, {}, [0.999987]),
    (rnn.LSTMCell, {"activation": "relu"}, [4.8217554, 4.910069]),
    (rnn.GRUCell, {"activation": "relu"}, [1.0533117]),
    (rnn.LSTMCell, {"recurrent_activation": "tanh"}, [0.9632387, 1.9979885]),
    (rnn.GRUCell, {"recurrent_activation": "tanh"}, [0.9999995]),
    (rnn.LSTMCell, {"recurrent_activation": nn.LeakyReLU(0.1)}, [3.999999, 7.9973173]),
    (rnn.GRUCell, {"activation": nn.LeakyReLU(0.1)}, [1.0533117]),
    (rnn.GRUCell, {"activation": np.sin}, [0.9688334]),
    # MXNet refuses these, and takes them in the other cells.
    (rnn.LSTMCell, {"activation": nn.LeakyReLU(0.1)}, [4.8217554, 4.910069]),
]


@pytest.mark.parametrize(("make", "options", "expected"), ORIGINAL)
def test_numbers_of_mxnet(make, options, expected):
    ones = {"i2h_weight_initializer": "ones", "h2h_weight_initializer": "ones", "h2h_bias_initializer": "ones"}
    cell = make(1, input_size=1, **ones, **options)
    cell.initialize()
    output, states = cell(np.full((1, 1), 2.0), cell.begin_state(1, func=np.ones))
    numpy.testing.assert_allclose([state.item() for state in states], expected, rtol=1e-6)
    assert output.item() == states[0].item()


@pytest.mark.parametrize(
    ("activation", "expected"),
    [("relu", 2), ("tanh", 0.9640276), ("sigmoid", 0.880797), ("softrelu", 2.1269279), ("softsign", 2 / 3), ("mish", 1.943959)]
    + [("log_sigmoid", -0.12692809), (np.sin, 0.9092974), (nn.LeakyReLU(0.1), 2)],
)
def test_activations(activation, expected):
    cell = rnn.RNNCell(1, activation, i2h_weight_initializer="ones", input_size=1)
    cell.initialize()
    assert cell(np.full((1, 1), 2.0), cell.begin_state(1))[0].item() == pytest.approx(expected, rel=1e-6)


def test_an_activation_that_learns():
    cell = rnn.RNNCell(1, nn.PReLU(), input_size=1)
    assert "_activation.alpha" in cell.collect_params()


# --- one step -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "states", "text"),
    [
        (lambda: rnn.RNNCell(4), [(2, 4)], "RNNCell(3 -> 4, tanh)"),
        (lambda: rnn.LSTMCell(4), [(2, 4), (2, 4)], "LSTMCell(3 -> 16)"),
        (lambda: rnn.GRUCell(4), [(2, 4)], "GRUCell(3 -> 12)"),
        (lambda: rnn.LSTMPCell(4, 2), [(2, 2), (2, 4)], "LSTMPCell(3 -> 16 -> 2)"),
    ],
)
def test_the_width_of_inputs_is_seen_in_the_first_step(make, states, text):
    """MXNet 2 refuses to call a cell whose input size is not known."""
    cell = make()
    assert repr(cell) == text.replace("(3", "(-1")
    assert cell.i2h_weight.shape[1] == -1
    cell.initialize()
    output, after = cell(np.ones((2, 3)), cell.begin_state(2))
    assert output.shape == states[0]
    assert [state.shape for state in after] == states
    assert [info["shape"] for info in cell.state_info(2)] == states
    assert all(info["__layout__"] == "NC" for info in cell.state_info())
    assert repr(cell) == text
    keys = [key for key in cell.collect_params() if key != "h2r_weight"]
    assert keys == list(PARTS)
    cell = make()
    cell.initialize()
    assert cell.unroll(3, np.ones((2, 3, 5)), merge_outputs=True)[0].shape == (2, 3, states[0][1])


def test_the_width_of_inputs_can_be_told_as_in_mxnet_2():
    x = np.ones((2, 3))
    widths = [(0, False, 3), (0, True, 3), (1, False, 5), (1, True, 10)]
    for i, both, width in widths:
        cell = rnn.LSTMCell(5)
        cell.infer_shape(i, x, both)
        assert cell.i2h_weight.shape == (20, width)
    cell = rnn.LSTMPCell(5, 2)
    cell.infer_shape(1, x, True)
    assert cell.i2h_weight.shape == (20, 4)
    stack = rnn.HybridSequentialRNNCell()
    for cell in (rnn.DropoutCell(0.5), rnn.LSTMCell(4)):
        stack.add(cell)
    stack.infer_shape(0, x, False)
    assert stack[1].i2h_weight.shape == (16, -1)
    both = rnn.BidirectionalCell(rnn.LSTMCell(4), rnn.ZoneoutCell(rnn.GRUCell(2)))
    both.infer_shape(0, x, False)
    assert both.l_cell.i2h_weight.shape == (16, 3)
    assert both.r_cell.base_cell.i2h_weight.shape == (6, 3)


def test_begin_state():
    cell = rnn.LSTMPCell(4, 2)
    assert [state.shape for state in cell.begin_state(3)] == [(3, 2), (3, 4)]
    assert [state.shape for state in cell.begin_state()] == [(0, 2), (0, 4)]
    for word in ("device", "ctx"):
        assert all(s.dtype == "float32" and not s.any() for s in cell.begin_state(batch_size=1, **{word: mx.cpu()}))
    assert all((state == 1).all() for state in cell.begin_state(2, func=np.ones))
    assert all((state == 7).all() for state in cell.begin_state(2, func=np.full, fill_value=7))
    assert cell.begin_state(2, dtype="float16")[0].dtype == "float16"
    cell.cast("float64")
    assert cell.begin_state(2)[0].dtype == "float64"
    seen = []

    def draw(shape, **more):
        seen.append((shape, sorted(more)))
        return np.random.normal(size=shape)

    cell.begin_state(2, func=draw)
    assert seen == [((2, 2), ["device", "dtype"]), ((2, 4), ["device", "dtype"])]


def test_learned_first_states_get_gradients():
    cell = settled(rnn.GRUCell(3, input_size=2))
    first = values_of((1, 3))
    first.attach_grad()
    with autograd.record():
        outputs, _ = cell.unroll(2, values_of((4, 2, 2)), [np.broadcast_to(first, (4, 3))])
        loss = sum(outputs).sum()
    loss.backward()
    assert first.grad.all()


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda c, x, s: c(x[:, :2], s), AssertionError, r"i2h_weight.*\(16, 3\), and this input asks for \(16, 2\)"),
        (lambda c, x, s: c(x[0], s), ValueError, r"LSTMCell takes inputs of shape \(batch, width\), those of a step, not \(3,\)"),
        (lambda c, x, s: c(x[:, None], s), ValueError, r"LSTMCell takes inputs of shape \(batch, width\), .* not \(2, 1, 3\)"),
        (lambda c, x, s: c(x, s[:1]), ValueError, r"states is a list of 2 arrays of shape .*, not 1 array of shape \(2, 4\)"),
        (lambda c, x, s: c(x, s * 2), ValueError, "states is a list of 2 arrays of shape .*, not 4 arrays"),
        (lambda c, x, s: c(x, s[0]), ValueError, r"states is a list of 2 arrays .*, not one array of shape \(2, 4\)"),
        (lambda c, x, s: c(x, None), ValueError, "states is a list of 2 arrays .*, not None"),
        (lambda c, x, s: c(x, []), ValueError, r"states is a list of 2 arrays .*, not \[\]"),
        (
            lambda c, x, s: c(x, c.begin_state(3)),
            ValueError,
            r"as begin_state\(batch_size=2\) gives, not 2 arrays of shape \(3, 4\)",
        ),
        (lambda c, x, s: c(x), TypeError, "states"),
    ],
)
def test_bad_inputs(call, kind, words):
    cell = rnn.LSTMCell(4, input_size=3)
    cell.initialize()
    with pytest.raises(kind, match=words) as caught:
        call(cell, np.ones((2, 3)), cell.begin_state(2))
    assert "LSTMCell(3 -> 16)" in "".join(caught.value.__notes__)


@pytest.mark.parametrize(
    ("make", "kind", "words"),
    [
        (lambda: rnn.LSTMCell(0), ValueError, "LSTMCell: hidden_size is a whole number of at least 1, not 0"),
        (lambda: rnn.GRUCell(4, input_size=-3), ValueError, "GRUCell: input_size is a whole number of at least 0, not -3"),
        (lambda: rnn.LSTMPCell(4, 0), ValueError, "LSTMPCell: projection_size is a whole number of at least 1, not 0"),
        (lambda: rnn.RNNCell(4, "much"), ValueError, "'tanh', not 'much'"),
        (lambda: rnn.LSTMCell(4, recurrent_activation="much"), ValueError, "not 'much'"),
        (lambda: rnn.RNNCell(4, 3), TypeError, "RNNCell: activation is a name such as 'tanh', or a function of arrays, not 3"),
        (lambda: rnn.DropoutCell("a"), ValueError, "DropoutCell: rate, .* from 0 to below 1, not 'a'"),
        (lambda: rnn.DropoutCell(1.5), ValueError, "not 1.5"),
        (lambda: rnn.ZoneoutCell(rnn.GRUCell(2), 1), ValueError, "ZoneoutCell: zoneout_outputs is .* below 1, not 1"),
        (lambda: rnn.ZoneoutCell(rnn.GRUCell(2), 0, -1), ValueError, "ZoneoutCell: zoneout_states is .* not -1"),
        (lambda: rnn.VariationalDropoutCell(rnn.GRUCell(2), 2), ValueError, "VariationalDropoutCell: drop_inputs is .* not 2"),
        (lambda: rnn.ZoneoutCell(0.5), TypeError, "ZoneoutCell takes a cell, .* not 0.5"),
        (lambda: rnn.ResidualCell(nn.Dense(2)), TypeError, r"ResidualCell takes a cell, .* not Dense"),
        (lambda: rnn.SequentialRNNCell().add(nn.Dense(2)), TypeError, r"SequentialRNNCell.add takes a cell"),
        (lambda: rnn.ZoneoutCell(rnn.BidirectionalCell(Sum(), Sum())), ValueError, "ZoneoutCell works step by step"),
        (
            lambda: rnn.VariationalDropoutCell(rnn.BidirectionalCell(Sum(), Sum()), drop_states=0.5),
            ValueError,
            "drop_states works step by step",
        ),
    ],
)
def test_bad_arguments(make, kind, words):
    with pytest.raises(kind, match=words):
        make()


# --- unroll -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", ["NTC", "TNC"])
@pytest.mark.parametrize("listed", [False, True])
@pytest.mark.parametrize("merge_outputs", [None, False, True])
@pytest.mark.parametrize("lengths", [None, [1, 0, 3, 2]])
def test_unroll(layout, listed, merge_outputs, lengths):
    cell = settled(rnn.LSTMCell(4, input_size=2))
    steps = [values_of((4, 2)) for _ in range(3)]
    first = [values_of((4, 4)), values_of((4, 4))]
    outputs, history = [], [first]
    for x in steps:
        output, states = cell(x, history[-1])
        outputs.append(output.asnumpy())
        history.append(states)
    axis = layout.index("T")
    whole = numpy.stack(outputs, axis)
    last = [state.asnumpy() for state in history[-1]]
    if lengths is not None:
        whole = numpy.stack([numpy.where(numpy.array(lengths)[:, None] > t, outputs[t], 0) for t in range(3)], axis)
        last = [numpy.stack([history[n][k][i].asnumpy() for i, n in enumerate(lengths)]) for k in (0, 1)]
    inputs = steps if listed else np.stack(steps, axis=axis)
    valid = None if lengths is None else np.array(lengths, dtype="float32")
    got, states = cell.unroll(3, inputs, first, layout, merge_outputs, valid)
    if merge_outputs or (merge_outputs is None and lengths is not None):
        assert isinstance(got, np.ndarray)
    else:
        assert isinstance(got, list)
        assert len(got) == 3
        got = np.stack(got, axis=axis)
    assert_close(got, whole)
    for state, expected in zip(states, last, strict=True):
        assert_close(state, expected)


def test_unroll_begins_with_zeros_of_the_right_dtype():
    cell = settled(rnn.GRUCell(3, input_size=2))
    x = values_of((4, 5, 2))
    outputs, states = cell.unroll(5, x, merge_outputs=True)
    expected, _ = cell.unroll(5, x, [np.zeros((4, 3), dtype="float64")], merge_outputs=True)
    assert outputs.dtype == states[0].dtype == "float64"
    assert_close(outputs, expected)


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        (
            (4, np.ones((2, 3, 2))),
            ValueError,
            "RNNCell: length is the number of steps.* it is 4, and inputs has 3, with layout 'NTC'",
        ),
        ((3, [np.ones((2, 2))] * 2), ValueError, "it is 3, and inputs has 2"),
        ((0, []), ValueError, "1 at least; it is 0"),
        ((None, np.ones((2, 3, 2))), ValueError, "it is None"),
        ((3, np.ones((2, 3, 2)), None, "NCC"), ValueError, "layout is 'NTC', 'TNC' or the like.*not 'NCC'"),
        ((3, np.ones((2, 3, 2)), None, 7), ValueError, "not 7"),
        ((3, np.ones(3)), ValueError, r"inputs has the axes NTC, not the shape \(3,\)"),
        ((3, 5), TypeError, "RNNCell: inputs is an array with an axis of time, or a list of arrays, not 5"),
        ((3, [1, 2, 3]), TypeError, r"not \[1, 2, 3\]"),
        ((3, np.ones((2, 3, 2)), None, "NTC", True, np.array([1, 4])), ValueError, "whole numbers from 0 to 3"),
        ((3, np.ones((2, 3, 2)), None, "NTC", True, np.array([1])), ValueError, "for each of the 2 sequences"),
        ((3, np.ones((2, 3, 2)), [np.ones((5, 2))]), ValueError, "states is a list of 1 array of shape"),
    ],
)
def test_bad_unrolling(arguments, kind, words):
    with pytest.raises(kind, match=words):
        identity_cell().unroll(*arguments)


def test_dynamic_unroll():
    cell = identity_cell(h2h=1)
    x = np.array(RNG.normal(size=(5, 2, 2)))
    outputs, states = rnn_cell.dynamic_unroll(cell, x, cell.begin_state(2))
    expected, last = cell.unroll(5, x, layout="TNC", merge_outputs=True)
    numpy.testing.assert_array_equal(outputs.asnumpy(), expected.asnumpy())
    numpy.testing.assert_array_equal(states[0].asnumpy(), last[0].asnumpy())
    outputs, _ = rnn_cell.dynamic_unroll(cell, x.swapaxes(0, 1), cell.begin_state(2), layout="NTC", valid_length=np.array([1, 5]))
    assert outputs.shape == (2, 5, 2)
    assert not outputs[0, 1:].any()
    np.random.seed(1)
    ones = np.ones((5, 40, 2))
    cell = identity_cell()
    with autograd.train_mode():
        dropped, _ = rnn_cell.dynamic_unroll(cell, ones, cell.begin_state(40), drop_inputs=0.5)
        zeros, _ = rnn_cell.dynamic_unroll(cell, ones, cell.begin_state(40), drop_outputs=0.5)
    assert set(numpy.unique(dropped.asnumpy())) == {0, 2, 4}
    assert set(numpy.unique(zeros.asnumpy())) == {0, 4}
    for outputs in (dropped, zeros):
        numpy.testing.assert_array_equal(outputs.asnumpy(), outputs[:1].asnumpy().repeat(5, axis=0))
    numpy.testing.assert_array_equal(rnn_cell.dynamic_unroll(cell, ones, cell.begin_state(40), 0.5, 0.5)[0].asnumpy(), 2)
