"""What recurrent layers refuse, and dropout between them."""

import numpy
import pytest

from mxnet import autograd, np, npx

GOOD = {"data": (5, 2, 3), "parameters": (96,), "state": (1, 2, 3), "state_cell": (1, 2, 3)}
LSTM = {"mode": "lstm", "state_size": 3, "num_layers": 1}


@pytest.mark.parametrize(
    ("shapes", "attributes", "message"),
    [
        ({}, {"mode": "lstn"}, "mode is one of 'rnn_relu', 'rnn_tanh', 'lstm', 'gru', not 'lstn'"),
        ({}, {"state_size": 0}, "state_size is a whole number above 0, not 0"),
        ({}, {"num_layers": None}, "num_layers is a whole number above 0, not None"),
        ({"data": (5, 3)}, {}, r"data has shape \(time, batch, width\).*not \(5, 3\)"),
        ({"data": (0, 2, 3)}, {}, "one step at least"),
        ({"state": (1, 2, 4)}, {}, r"state has shape \(1, 2, 3\).*not shape \(1, 2, 4\)"),
        ({"state_cell": (1, 1, 3)}, {}, r"state_cell has shape \(1, 2, 3\).*not shape \(1, 1, 3\)"),
        ({}, {"mode": "gru", "parameters": (81,)}, "state_cell is for mode='lstm', not 'gru'"),
        ({"parameters": (95,)}, {}, r"parameters has shape \(96,\).*\(12·3 \+ 12·3 \+ 2·12\).*not \(95,\)"),
        ({}, {"mode": "gru", "projection_size": 2}, "projection_size is for mode='lstm'"),
        ({}, {"p": 1.5}, "from 0 to 1, not 1.5"),
        ({}, {"lstm_state_clip_min": 1.0}, "given together"),
        ({}, {"lstm_state_clip_min": 1.0, "lstm_state_clip_max": -1.0}, "given together, the smaller one first"),
    ],
)
def test_refuses(shapes, attributes, message):
    arrays = {name: np.zeros(shape) for name, shape in (GOOD | shapes).items()}
    with pytest.raises(ValueError, match=f"rnn: .*{message}"):
        npx.rnn(**arrays, **(LSTM | {key: value for key, value in attributes.items() if key != "parameters"}))


@pytest.mark.parametrize("lengths", [[6, 1], [-1, 2], [2.5, 1], [1, 2, 3], [[1, 2]]])
def test_lengths_beyond_the_sequence(lengths):
    arrays = {name: np.zeros(shape) for name, shape in GOOD.items()}
    with pytest.raises(ValueError, match="rnn: sequence_length"):
        npx.rnn(**arrays, **LSTM, sequence_length=np.array(lengths), use_sequence_length=True)


def test_missing_operands():
    with pytest.raises(TypeError, match="rnn: data is an array, not None"):
        npx.rnn(**LSTM)
    with pytest.raises(ValueError, match=r"rnn: state_cell has shape \(1, 2, 3\).*not None"):
        npx.rnn(np.zeros((5, 2, 3)), np.zeros(96), np.zeros((1, 2, 3)), **LSTM)


def test_dropout_between_layers_in_training_only():
    x, h = np.ones((4, 2, 3)), np.zeros((2, 2, 3))
    p = np.array(numpy.random.default_rng(0).normal(size=(48,)))
    call = lambda share: npx.rnn(x, p, h, mode="rnn_tanh", state_size=3, num_layers=2, p=share).asnumpy()  # noqa: E731
    plain = call(0.0)
    numpy.testing.assert_array_equal(call(0.5), plain)
    with autograd.train_mode():
        assert not numpy.array_equal(call(0.5), plain)
        numpy.testing.assert_array_equal(call(0.0), plain)
        np.random.seed(1)
        dropped = call(0.5)
        np.random.seed(1)
        numpy.testing.assert_array_equal(call(0.5), dropped)
        biases = npx.rnn(x, np.zeros(48), h, mode="rnn_tanh", state_size=3, num_layers=2, p=1.0)  # nothing reaches the second layer
        assert not biases.asnumpy().any()


def test_state_outputs():
    """A list, with the states of the last step; without, the outputs alone."""
    arrays = {name: np.ones(shape) for name, shape in GOOD.items()}
    alone = npx.rnn(**arrays, **LSTM)
    outputs, state, cell = npx.rnn(**arrays, **LSTM, state_outputs=True)
    numpy.testing.assert_array_equal(alone.asnumpy(), outputs.asnumpy())
    numpy.testing.assert_array_equal(outputs.asnumpy()[-1], state.asnumpy()[0])
    assert cell.shape == (1, 2, 3)


def test_a_cell_state_that_is_nan_can_be_clipped():
    arrays = {name: np.zeros(shape) for name, shape in GOOD.items()} | {"state_cell": np.full((1, 2, 3), numpy.nan)}
    limits = {"lstm_state_clip_min": -0.5, "lstm_state_clip_max": 0.5, "state_outputs": True}
    assert numpy.isnan(npx.rnn(**arrays, **LSTM, **limits)[2].asnumpy()).all()
    assert not numpy.isnan(npx.rnn(**arrays, **LSTM, **limits, lstm_state_clip_nan=True)[2].asnumpy()).any()


@pytest.mark.parametrize("mode", ["rnn_relu", "rnn_tanh", "lstm", "gru"])
def test_no_batch(mode):
    gates = {"lstm": 4, "gru": 3}.get(mode, 1)
    state = np.zeros((1, 0, 3))
    cell = state if mode == "lstm" else None
    y = npx.rnn(np.zeros((5, 0, 3)), np.zeros(gates * 3 * 8), state, cell, mode=mode, state_size=3, num_layers=1)
    assert y.shape == (5, 0, 3)
