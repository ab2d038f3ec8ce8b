"""RNN, LSTM and GRU: values, states, dropout, errors."""

import numpy
import pytest

import mxnet as mx
from mxnet import autograd, np
from mxnet.gluon import rnn

RNG = numpy.random.default_rng(0)
MAKERS = {
    "rnn_relu": lambda *a, **k: rnn.RNN(*a, activation="relu", **k),
    "rnn_tanh": lambda *a, **k: rnn.RNN(*a, activation="tanh", **k),
    "lstm": rnn.LSTM,
    "gru": rnn.GRU,
}
MODES = list(MAKERS)
TOLERANCE = {"float32": {"rtol": 2e-5, "atol": 2e-6}, "float64": {"rtol": 1e-12, "atol": 1e-13}}


def values_of(shape, dtype="float64"):
    return np.array(RNG.normal(size=shape), dtype=dtype)


def settled(layer, dtype="float64", width=3):
    """The layer, with parameters from N(0, 0.5)."""
    layer.cast(dtype)
    layer.initialize()
    layer.infer_shape(np.zeros((1, 1, width), dtype=dtype))
    layer.rnn_param.set_data(values_of(layer.rnn_param.shape, dtype) / 2)
    return layer


def sigmoid(x):
    return 1 / (1 + numpy.exp(-x))


def step(mode, x, h, c, wx, wh, bx, bh):
    a, r = x @ wx.T + bx, h @ wh.T + bh
    if mode == "rnn_relu":
        return numpy.maximum(a + r, 0), c
    if mode == "rnn_tanh":
        return numpy.tanh(a + r), c
    if mode == "lstm":
        i, f, g, o = numpy.split(a + r, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * numpy.tanh(g)
        return sigmoid(o) * numpy.tanh(c), c
    (a_r, a_z, a_n), (r_r, r_z, r_n) = numpy.split(a, 3, axis=1), numpy.split(r, 3, axis=1)
    z = sigmoid(a_z + r_z)
    return (1 - z) * numpy.tanh(a_n + sigmoid(a_r + r_r) * r_n) + z * h, c


def by_formula(layer, mode, x, states, layers, directions, lengths=None):
    """Outputs and last states for x of shape (time, batch, width), one sequence after the other, in plain NumPy."""
    lengths = [len(x)] * x.shape[1] if lengths is None else lengths
    hs, cs = [], []
    for k in range(layers):
        sides = []
        for d in range(directions):
            names = [f"{'lr'[d]}{k}_{part}" for part in ("i2h_weight", "h2h_weight", "i2h_bias", "h2h_bias")]
            weights = [getattr(layer, name).data().asnumpy() for name in names]
            side = numpy.zeros((*x.shape[:2], weights[1].shape[1]))
            last_h, last_c = (numpy.array(state[directions * k + d]) for state in (states[0], states[-1]))
            for b, length in enumerate(lengths):
                h, c = last_h[b : b + 1], last_c[b : b + 1]
                for t in range(length)[:: -1 if d else 1]:
                    h, c = step(mode, x[t, b : b + 1], h, c, *weights)
                    side[t, b] = h[0]
                last_h[b], last_c[b] = h[0], c[0]
            sides.append(side)
            hs.append(last_h)
            cs.append(last_c)
        x = numpy.concatenate(sides, axis=2)
    return x, [numpy.stack(hs), numpy.stack(cs)][: 2 if mode == "lstm" else 1]


# --- values -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("layers", "bidirectional"), [(1, False), (1, True), (2, False), (3, True)])
@pytest.mark.parametrize("layout", ["TNC", "NTC"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_formulas(mode, layers, bidirectional, layout, dtype):
    layer = settled(MAKERS[mode](4, layers, layout=layout, bidirectional=bidirectional), dtype)
    x = values_of((5, 2, 3), dtype)
    states = [values_of(info["shape"], dtype) for info in layer.state_info(2)]
    outputs, last = layer(x if layout == "TNC" else x.swapaxes(0, 1), states)
    expected, expected_last = by_formula(
        layer, mode, x.asnumpy(), [state.asnumpy() for state in states], layers, 2 if bidirectional else 1
    )
    assert outputs.dtype == dtype
    assert all(state.dtype == dtype for state in last)
    numpy.testing.assert_allclose(outputs.asnumpy().swapaxes(0, 0 if layout == "TNC" else 1), expected, **TOLERANCE[dtype])
    assert len(last) == len(expected_last)
    for state, expected_state in zip(last, expected_last, strict=True):
        numpy.testing.assert_allclose(state.asnumpy(), expected_state, **TOLERANCE[dtype])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("layout", ["TNC", "NTC"])
def test_sequence_lengths(mode, bidirectional, layout):
    layer = settled(MAKERS[mode](4, 2, layout=layout, bidirectional=bidirectional, use_sequence_length=True))
    x, lengths = values_of((5, 4, 3)), [2, 5, 1, 0]
    states = [values_of(info["shape"]) for info in layer.state_info(4)]
    given = x if layout == "TNC" else x.swapaxes(0, 1)
    outputs, last = layer(given, states, np.array(lengths))
    expected, expected_last = by_formula(
        layer, mode, x.asnumpy(), [state.asnumpy() for state in states], 2, 2 if bidirectional else 1, lengths
    )
    outputs = outputs.asnumpy() if layout == "TNC" else outputs.asnumpy().swapaxes(0, 1)
    numpy.testing.assert_allclose(outputs, expected, **TOLERANCE["float64"])
    for state, expected_state in zip(last, expected_last, strict=True):
        numpy.testing.assert_allclose(state.asnumpy(), expected_state, **TOLERANCE["float64"])
    alone = layer(given, sequence_length=np.array(lengths))
    assert isinstance(alone, np.ndarray)
    zeros = layer(given, layer.begin_state(4), np.array(lengths))[0]
    numpy.testing.assert_array_equal(alone.asnumpy(), zeros.asnumpy())


# Outputs and states of MXNet 2, for parameters sin(0), sin(1), …, inputs cos(0), cos(1), … and states of ones.
ORIGINAL = {
    "rnn": (
        lambda: rnn.RNN(2, activation="tanh"),
        [[[-0.672745, 0.649969], [-0.970652, -0.622091]], [[0.515282, -0.483239], [0.984023, 0.248777]]]
        + [[[-0.242972, -0.864329], [-0.488591, -0.897986]]],
        [[[[-0.242972, -0.864329], [-0.488591, -0.897986]]]],
    ),
    "gru": (
        lambda: rnn.GRU(2, 2, layout="NTC"),
        [[[0.970597, 0.985995], [0.968532, 0.971556]], [[0.983667, 0.981113], [0.963696, 0.984174]]]
        + [[[0.985298, 0.977559], [0.978636, 0.970754]]],
        [
            [
                [[0.626041, 0.680054], [0.988813, 0.351805], [0.616215, 0.85787]],
                [[0.968532, 0.971556], [0.963696, 0.984174], [0.978636, 0.970754]],
            ]
        ],
    ),
    "lstm": (
        lambda: rnn.LSTM(2, 2, bidirectional=True),
        [
            [[0.068111, 0.050352, -0.196901, 0.002528], [0.234409, 0.078663, -0.136081, -0.063814]],
            [[0.073313, 0.134152, -0.232505, 0.217198], [0.102514, 0.105832, 0.088764, 0.158608]],
            [[0.096893, 0.103523, 0.266051, -0.155778], [0.122321, 0.112416, 0.276622, -0.142852]],
        ],
        [
            [
                [[0.118028, 0.040119], [0.187513, 0.017352]],
                [[-0.279981, -0.499032], [-0.366019, 0.113889]],
                [[0.096893, 0.103523], [0.122321, 0.112416]],
                [[-0.196901, 0.002528], [-0.136081, -0.063814]],
            ],
            [
                [[0.384743, 0.449946], [0.394758, 0.194807]],
                [[-0.402485, -0.616166], [-0.731836, 0.161681]],
                [[0.293056, 0.483679], [0.363663, 0.589283]],
                [[-0.283398, 0.00291], [-0.181179, -0.077654]],
            ],
        ],
    ),
    "projected": (
        lambda: rnn.LSTM(3, projection_size=2),
        [[[-0.976553, 1.071487], [-0.59438, 0.70166]], [[-0.920925, 0.951183], [-0.619888, 0.670655]]]
        + [[[-0.62577, 0.642136], [-0.458412, 0.46614]]],
        [
            [[[-0.62577, 0.642136], [-0.458412, 0.46614]]],
            [[[0.205611, 0.889583, 0.057355], [0.245366, 0.467525, 0.101471]]],
        ],
    ),
}


@pytest.mark.parametrize("case", ORIGINAL)
def test_numbers_of_mxnet(case):
    make, outputs, states = ORIGINAL[case]
    layer = make()
    layer.initialize()
    x = np.cos(np.arange(12)).reshape(3, 2, 2)
    layer.infer_shape(x)
    layer.rnn_param.set_data(np.sin(np.arange(layer.rnn_param.shape[0])))
    got, last = layer(x, layer.begin_state(3 if case == "gru" else 2, func=np.ones))
    numpy.testing.assert_allclose(got.asnumpy(), outputs, rtol=0, atol=2e-6)
    for state, expected in zip(last, states, strict=True):
        numpy.testing.assert_allclose(state.asnumpy(), expected, rtol=0, atol=2e-6)


@pytest.mark.parametrize("mode", MODES)
def test_an_empty_batch(mode):
    layer = settled(MAKERS[mode](4))
    outputs, last = layer(np.zeros((2, 0, 3), dtype="float64"), layer.begin_state(0))
    assert outputs.shape == (2, 0, 4)
    assert [state.shape for state in last] == [(1, 0, 4)] * len(last)


def test_inputs_that_are_not_contiguous():
    layer = settled(rnn.LSTM(4))
    x = values_of((6, 2, 6))
    strided = layer(x[::2, :, ::2])
    numpy.testing.assert_array_equal(strided.asnumpy(), layer(x[::2, :, ::2].copy()).asnumpy())


def test_clipped_cell_states():
    layer = settled(rnn.LSTM(4, state_clip_min=-0.25, state_clip_max=0.25))
    _, (_, c) = layer(values_of((5, 2, 3)), layer.begin_state(2))
    assert abs(c).max().item() == 0.25
    layer = settled(rnn.LSTM(4, state_clip_min=-1, state_clip_max=1, state_clip_nan=True))
    h, c = layer.begin_state(2)
    assert np.isfinite(layer(values_of((5, 2, 3)), [h, c + np.nan])[0]).all()


# --- what is returned, and states ---------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_states_come_back_if_they_were_given(mode):
    layer = settled(MAKERS[mode](4))
    x = values_of((5, 2, 3))
    alone = layer(x)
    assert isinstance(alone, np.ndarray)
    for states in (layer.begin_state(2), tuple(layer.begin_state(batch_size=2))):
        outputs, last = layer(x, states)
        assert isinstance(last, list)
        numpy.testing.assert_array_equal(outputs.asnumpy(), alone.asnumpy())
        numpy.testing.assert_array_equal(last[0][0].asnumpy(), alone[-1].asnumpy())
    outputs, last = layer(x, states=layer.begin_state(2))
    assert len(last) == (2 if mode == "lstm" else 1)


def test_one_state_need_not_be_in_a_list():
    layer = settled(rnn.GRU(4))
    x, state = values_of((5, 2, 3)), values_of((1, 2, 4))
    numpy.testing.assert_array_equal(layer(x, state)[0].asnumpy(), layer(x, [state])[0].asnumpy())


def test_begin_state():
    layer = rnn.LSTM(4, 2, bidirectional=True, projection_size=3)
    assert [state.shape for state in layer.begin_state(5)] == [(4, 5, 3), (4, 5, 4)]
    assert [state.shape for state in layer.begin_state()] == [(4, 0, 3), (4, 0, 4)]
    for word in ("device", "ctx"):
        states = layer.begin_state(batch_size=1, **{word: mx.cpu()})
        assert all(state.device == mx.cpu() and state.dtype == "float32" and not state.any() for state in states)
    assert all((state == 1).all() for state in layer.begin_state(2, func=np.ones))
    assert all((state == 7).all() for state in layer.begin_state(2, func=np.full, fill_value=7))
    assert [state.dtype for state in layer.begin_state(2, dtype="float64")] == [numpy.float64] * 2
    layer.cast("float64")
    assert [state.dtype for state in layer.begin_state(2)] == [numpy.float64] * 2
    assert layer.state_info(5) == [
        {"shape": (4, 5, 3), "__layout__": "LNC", "dtype": "float64"},
        {"shape": (4, 5, 4), "__layout__": "LNC", "dtype": "float64"},
    ]
    with pytest.raises(TypeError, match="a device is written"):
        layer.begin_state(2, device="cpu")


def test_a_long_sequence_in_parts():
    """As a language model does it: the states of one batch go on into the next, detached."""
    layer = settled(rnn.LSTM(4, 2))
    x = values_of((9, 2, 3))
    whole = layer(x)
    states, parts = layer.begin_state(batch_size=2), []
    for part in np.split(x, 3):
        with autograd.record():
            outputs, states = layer(part, [state.detach() for state in states])
            loss = (outputs**2).sum()
        loss.backward()
        parts.append(outputs)
    numpy.testing.assert_allclose(np.concatenate(parts).asnumpy(), whole.asnumpy(), **TOLERANCE["float64"])


# --- dropout ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_dropout_is_for_training_and_between_layers(mode):
    layer = settled(MAKERS[mode](50, 2, dropout=0.5))
    plain = settled(MAKERS[mode](50, 2))
    plain.rnn_param.set_data(layer.rnn_param.data())
    single = settled(MAKERS[mode](50, dropout=0.5))
    x = values_of((3, 2, 3))
    expected = plain(x).asnumpy()
    numpy.testing.assert_array_equal(layer(x).asnumpy(), expected)
    np.random.seed(1)
    with autograd.record():
        first, second = layer(x), layer(x)
        numpy.testing.assert_array_equal(plain(x).asnumpy(), expected)
        trained = single(x).asnumpy()
    assert (first != second).any()
    assert (first.asnumpy() != expected).any()
    numpy.testing.assert_array_equal(single(x).asnumpy(), trained)
    with autograd.record(train_mode=False):
        numpy.testing.assert_array_equal(layer(x).asnumpy(), expected)


# --- errors -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "kind", "words"),
    [
        (lambda: rnn.LSTM(4, layout="TCN"), ValueError, "LSTM: layout is 'TNC' or 'NTC' .*, not 'TCN'"),
        (lambda: rnn.RNN(4, activation="sigmoid"), ValueError, "RNN: activation is 'relu' or 'tanh', not 'sigmoid'"),
        (lambda: rnn.GRU(0), ValueError, "GRU: hidden_size is a whole number of at least 1, not 0"),
        (lambda: rnn.GRU(4.0), ValueError, "GRU: hidden_size is a whole number"),
        (lambda: rnn.GRU(4, 0), ValueError, "GRU: num_layers is a whole number of at least 1, not 0"),
        (lambda: rnn.GRU(4, input_size=-1), ValueError, "GRU: input_size is a whole number of at least 0, not -1"),
        (lambda: rnn.GRU(4, dropout=1.5), ValueError, "GRU: dropout, .* is from 0 to 1, not 1.5"),
        (lambda: rnn.GRU(4, dropout="much"), ValueError, "GRU: dropout, .* not 'much'"),
        (lambda: rnn.LSTM(4, projection_size=0), ValueError, "LSTM: projection_size is a whole number of at least 1, not 0"),
        (lambda: rnn.LSTM(4, state_clip_min=-1), ValueError, "state_clip_min and state_clip_max come together, not -1 and None"),
        (lambda: rnn.LSTM(4, h2h_weight_initializer="much"), ValueError, "no initializer is called 'much'"),
        (lambda: rnn.GRU(4, projection_size=2), TypeError, "projection_size"),
        (lambda: rnn.LSTM(4, size=2), TypeError, "size"),
    ],
)
def test_bad_arguments(make, kind, words):
    with pytest.raises(kind, match=words):
        make()


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda f, x: f(x[0]), ValueError, r"LSTM takes inputs of shape \(time, batch, width\), for layout='TNC', not \(2, 3\)"),
        (lambda f, x: f(x[:, :, :2]), AssertionError, r"LSTM\(3 -> 4, TNC\) takes inputs of width 3, .*shape \(5, 2, 2\)"),
        (lambda f, x: f(x, f.begin_state(3)), ValueError, r"state has shape \(1, 2, 4\), .* not shape \(1, 3, 4\)"),
        (lambda f, x: f(x, f.begin_state(2)[:1]), ValueError, r"LSTM has two states, \[h, c\], .*; 1 came"),
        (lambda f, x: f(x, f.begin_state(2)[0]), ValueError, r"LSTM has two states, \[h, c\], .*; 1 came"),
        (lambda f, x: f(x, []), ValueError, r"LSTM has two states, \[h, c\], .*; 0 came"),
        (
            lambda f, x: f(x, f.begin_state(2), np.array([1, 2])),
            ValueError,
            "sequence_length counts only with use_sequence_length=True",
        ),
    ],
)
def test_bad_inputs(call, kind, words):
    layer = settled(rnn.LSTM(4))
    with pytest.raises(kind, match=words) as caught:
        call(layer, values_of((5, 2, 3)))
    assert "in the forward pass of LSTM, LSTM(3 -> 4, TNC)" in "".join(caught.value.__notes__)


def test_bad_lengths():
    layer = settled(rnn.GRU(4, use_sequence_length=True, layout="NTC"))
    x = values_of((2, 5, 3))
    with pytest.raises(ValueError, match="has an entry for each of the 2 sequences; not None"):
        layer(x)
    with pytest.raises(ValueError, match="whole numbers from 0 to 5"):
        layer(x, sequence_length=np.array([1, 6]))
    with pytest.raises(ValueError, match=r"GRU has one state, \[h\],.*; 2 came"):
        layer(x, layer.begin_state(2) * 2)
    with pytest.raises(ValueError, match=r"GRU takes inputs of shape \(batch, time, width\), for layout='NTC'"):
        layer(x[0])


def test_not_initialized():
    with pytest.raises(RuntimeError, match="has not been initialized"):
        rnn.LSTM(4)(np.ones((5, 2, 3)))
