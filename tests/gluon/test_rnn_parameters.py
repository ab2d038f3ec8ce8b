"""The one parameter of RNN, LSTM and GRU: initialisers, parts, files of MXNet 1 and 2; and layers in networks."""

import copy
import math
import pickle

import numpy
import pytest

import mxnet as mx
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn, rnn

RNG = numpy.random.default_rng(0)


def values_of(shape, dtype="float64"):
    return np.array(RNG.normal(size=shape), dtype=dtype)


def settled(layer, dtype="float64", width=3):
    """The layer, with parameters from N(0, 0.5)."""
    layer.cast(dtype)
    layer.initialize()
    layer.infer_shape(np.zeros((1, 1, width), dtype=dtype))
    layer.rnn_param.set_data(values_of(layer.rnn_param.shape, dtype) / 2)
    return layer


# --- parameters ---------------------------------------------------------------------------------------------


def test_one_parameter():
    layer = rnn.LSTM(4, 2, bidirectional=True)
    assert list(layer.collect_params()) == ["rnn_param"]
    assert layer.rnn_param.shape == (-1,)
    net = nn.HybridSequential()
    net.add(layer)
    net.initialize(init.Xavier())
    net(np.ones((5, 2, 3)))
    assert layer.rnn_param.shape == (2 * (16 * 3 + 16 * 4 + 32) + 2 * (16 * 8 + 16 * 4 + 32),)
    assert list(net.collect_params()) == ["0.rnn_param"]
    assert rnn.LSTM(4, 2, bidirectional=True, input_size=3).rnn_param.shape == layer.rnn_param.shape


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (rnn.LSTM(5, 2), "LSTM(None -> 5, TNC, num_layers=2)"),
        (rnn.RNN(4, 2, layout="NTC", dropout=0.5, bidirectional=True, input_size=3), None),
        (rnn.GRU(4), "GRU(None -> 4, TNC)"),
    ],
)
def test_repr(layer, text):
    assert repr(layer) == (text or "RNN(3 -> 4, NTC, num_layers=2, dropout=0.5, bidirectional)")


def test_repr_knows_the_input_once_there_was_one():
    layer = rnn.GRU(4)
    layer.initialize()
    layer(np.ones((1, 1, 7)))
    assert repr(layer) == "GRU(7 -> 4, TNC)"


def test_xavier_sees_every_matrix():
    layer = rnn.LSTM(32, 2, bidirectional=True)
    layer.initialize(init.Xavier(magnitude=3))
    layer(np.ones((1, 1, 100)))
    for name in ("l0_i2h_weight", "r0_h2h_weight", "l1_i2h_weight", "r1_h2h_weight"):
        weight = getattr(layer, name).data()
        bound = math.sqrt(3 / (sum(weight.shape) / 2))
        assert 0.97 * bound < abs(weight).max().item() <= bound, name
    assert not layer.l1_h2h_bias.data().any()


def test_initializers_of_parts():
    layer = rnn.LSTM(
        4,
        i2h_weight_initializer="ones",
        h2h_weight_initializer=init.Constant(2),
        i2h_bias_initializer=init.LSTMBias(3),
        h2h_bias_initializer=None,
        projection_size=2,
        h2r_weight_initializer=init.Constant(5),
        input_size=3,
    )
    layer.initialize(init.Constant(7))
    expected = {"l0_i2h_weight": 1, "l0_h2h_weight": 2, "l0_h2r_weight": 5, "l0_h2h_bias": 0}
    for name, value in expected.items():
        assert (getattr(layer, name).data() == value).all(), name
    assert layer.l0_i2h_bias.data().tolist() == [0] * 4 + [3] * 4 + [0] * 8


def test_parts_are_the_parameter():
    layer = settled(rnn.GRU(2, 2))
    part = layer.l1_h2h_weight
    assert (part.name, part.shape, part.dtype) == ("l1_h2h_weight", (6, 2), "float64")
    assert repr(part) == "Part l1_h2h_weight (shape=(6, 2), dtype=float64)"
    part.set_data(np.full((6, 2), 9.0))
    assert (layer.rnn_param.data() == 9).sum() == 12
    part.data()[0, 0] = 10
    assert (layer.rnn_param.data() == 10).sum() == 1
    x = values_of((4, 2, 3))
    with autograd.record():
        loss = (layer(x) ** 2).sum() + part.data()[1, 1]
    loss.backward()
    whole = [getattr(layer, f"l{k}_{p}").grad().reshape(-1) for p in ("i2h_weight", "h2h_weight") for k in (0, 1)]
    assert sum(len(grad) for grad in whole) + 24 == len(layer.rnn_param.grad())
    assert part.grad()[1, 1] != 0
    with pytest.raises(AssertionError, match=r"l1_h2h_weight has the shape \(6, 2\), and the new values \(2, 6\)"):
        part.set_data(np.ones((2, 6)))
    for name in ("l2_i2h_weight", "r0_i2h_weight", "l0_h2r_weight", "something"):
        assert not hasattr(layer, name)
        with pytest.raises(AttributeError, match=f"'GRU' object has no attribute '{name}'"):
            getattr(layer, name)


def test_parts_before_the_size_is_known():
    layer = rnn.GRU(2)
    with pytest.raises(RuntimeError, match="has not been initialized"):
        layer.l0_i2h_weight
    layer.initialize()
    with pytest.raises(gluon.DeferredInitializationError, match="its shape"):
        layer.l0_i2h_weight
    assert rnn.GRU(2, input_size=3).l0_i2h_weight.shape == (6, 3)


def test_copies():
    layer = settled(rnn.LSTM(4))
    x = values_of((5, 2, 3))
    for other in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        numpy.testing.assert_array_equal(other(x).asnumpy(), layer(x).asnumpy())
        other.rnn_param.set_data(np.zeros_like(other.rnn_param.data()))
        assert layer.rnn_param.data().all()


def test_shared_parameters():
    layer = settled(rnn.LSTM(4))
    other = rnn.LSTM(4, params=layer.params)
    assert other.rnn_param is layer.rnn_param
    x = values_of((5, 2, 3))
    numpy.testing.assert_array_equal(other(x).asnumpy(), layer(x).asnumpy())
    assert rnn.LSTM(4, prefix="encoder_").prefix == "encoder_"


def test_cast():
    layer = settled(rnn.LSTM(4))
    before = layer(values_of((5, 2, 3)))
    layer.cast("float32")
    after = layer(values_of((5, 2, 3), "float32"))
    assert (before.dtype, after.dtype) == ("float64", "float32")


def test_hybridize_changes_nothing():
    layer = settled(rnn.LSTM(4))
    x = values_of((5, 2, 3))
    before = layer(x, layer.begin_state(2))[0].asnumpy()
    layer.hybridize()
    numpy.testing.assert_array_equal(layer(x, layer.begin_state(2))[0].asnumpy(), before)


# --- in networks --------------------------------------------------------------------------------------------


class LanguageModel(nn.Block):
    """As the book Dive into Deep Learning has it."""

    def __init__(self, rnn_layer, vocab_size, **kwargs):
        super().__init__(**kwargs)
        self.rnn = rnn_layer
        self.vocab_size = vocab_size
        self.dense = nn.Dense(vocab_size)

    def forward(self, inputs, state):
        X = npx.one_hot(inputs.T, self.vocab_size)
        Y, state = self.rnn(X, state)
        return self.dense(Y.reshape(-1, Y.shape[-1])), state

    def begin_state(self, *args, **kwargs):
        return self.rnn.begin_state(*args, **kwargs)


@pytest.mark.parametrize("make", [rnn.RNN, rnn.LSTM, rnn.GRU])
def test_a_language_model_learns_its_sentence(make):
    np.random.seed(2)
    net = LanguageModel(make(16), 5)
    net.initialize(init.Xavier(), ctx=mx.cpu())
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.05})
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    sentence = np.array([[0, 1, 0, 2, 0, 3, 0, 4, 0, 1]])
    for _ in range(40):
        state = net.begin_state(batch_size=1, ctx=mx.cpu())
        with autograd.record():
            y, state = net(sentence[:, :-1], state)
            values = loss(y, sentence[:, 1:].T.reshape(-1)).mean()
        values.backward()
        trainer.step(1)
    assert values.item() < 0.1


def test_an_encoder_in_a_network():
    net = nn.Sequential()
    net.add(nn.Embedding(10, 6), rnn.LSTM(4, 2, bidirectional=True, layout="NTC"), nn.Dense(2))
    net.initialize(init.Xavier())
    assert net(np.array([[1, 2, 3], [4, 5, 6]])).shape == (2, 2)
    assert list(net.collect_params()) == ["0.weight", "1.rnn_param", "2.weight", "2.bias"]


# --- files --------------------------------------------------------------------------------------------------


def test_saved_and_loaded(tmp_path):
    layer = settled(rnn.LSTM(4, 2, bidirectional=True), "float32")
    layer.save_parameters(tmp_path / "f.params")
    other = rnn.LSTM(4, 2, bidirectional=True)
    other.load_parameters(tmp_path / "f.params")
    x = values_of((5, 2, 3), "float32")
    numpy.testing.assert_array_equal(other(x).asnumpy(), layer(x).asnumpy())
    assert repr(other) == repr(layer)


def parts_of_mxnet_1(sizes, directions):
    """What the test below filled layers of MXNet 1.9 with: the k-th part with sin(k), sin(k + 1), …"""
    gates, hidden, inputs = sizes
    names = [f"{d}{layer}_" for layer in (0, 1) for d in directions]
    parts = {}
    for name in names:
        width = inputs if "0" in name else hidden * len(directions)
        shapes = {"i2h_weight": (gates * hidden, width), "h2h_weight": (gates * hidden, hidden)}
        shapes |= {"i2h_bias": (gates * hidden,), "h2h_bias": (gates * hidden,)}
        for part, shape in shapes.items():
            parts[name + part] = np.sin(len(parts) + np.arange(math.prod(shape))).reshape(shape)
    return parts


def unfused(name, directions):
    cell = f"{name[0]}_cell." if len(directions) == 2 else ""
    return f"_unfused.{name[1]}.{cell}{name[3:]}"


OF_MXNET_1 = {
    "lstm": (
        lambda **k: rnn.LSTM(1, 2, bidirectional=True, **k),
        parts_of_mxnet_1((4, 1, 2), "lr"),
        [[[0.00921, -0.162794], [0.022446, -0.15819]], [[0.02472, -0.162062], [0.005881, -0.148274]]]
        + [[[0.011695, -0.111017], [0.0096, -0.113477]]],
    ),
    "gru": (
        lambda **k: rnn.GRU(2, 2, dropout=0.5, **k),
        parts_of_mxnet_1((3, 2, 2), "l"),
        [[[-0.079967, -0.316542], [-0.087103, -0.59058]], [[-0.182868, -0.586589], [-0.152145, -0.502599]]]
        + [[[-0.266786, -0.71919], [-0.257521, -0.687768]]],
    ),
}


@pytest.mark.parametrize("mode", OF_MXNET_1)
@pytest.mark.parametrize("spelling", ["attributes", "cells", "names"])
@pytest.mark.parametrize("nested", [False, True])
def test_files_of_mxnet_1(mode, spelling, nested, tmp_path):
    make, parts, outputs = OF_MXNET_1[mode]
    layer = net = make(prefix="lstm7_")
    key = ""
    arrays = {}
    if nested:
        net = nn.Sequential()
        net.add(nn.Dense(2, flatten=False, prefix="dense3_"), layer)
        key = "1."
        words = ("dense3_weight", "dense3_bias") if spelling == "names" else ("0.weight", "0.bias")
        arrays = dict(zip(words, (np.eye(2), np.zeros(2)), strict=True))
    directions = "lr" if mode == "lstm" else "l"
    spelled = {
        "attributes": lambda name: key + name,
        "cells": lambda name: key + unfused(name, directions),
        "names": lambda name: f"lstm7_{name}",
    }[spelling]
    arrays |= {spelled(name): values for name, values in parts.items()}
    npx.savez(tmp_path / "old.npz", **arrays)
    net.load_parameters(tmp_path / "old.npz")
    assert repr(layer).split("(")[1].startswith("2 ->")
    x = np.cos(np.arange(12)).reshape(3, 2, 2)
    numpy.testing.assert_allclose(net(x).asnumpy(), outputs, rtol=0, atol=2e-6)
    net.load_dict({name: array.asnumpy() for name, array in arrays.items()})
    numpy.testing.assert_allclose(net(x).asnumpy(), outputs, rtol=0, atol=2e-6)


def test_files_that_do_not_fit():
    layer = rnn.GRU(2, 2)
    parts = parts_of_mxnet_1((3, 2, 2), "l")
    with pytest.raises(AssertionError, match=r"l1_h2h_weight has the shape \(2, 6\) in what is loaded, and \(6, 2\) here"):
        layer.load_dict({**parts, "l1_h2h_weight": parts["l1_h2h_weight"].T})
    with pytest.raises(AssertionError, match="has no 'rnn_param'; it has 'l0_i2h_weight'"):
        layer.load_dict({name: array for name, array in parts.items() if name != "l1_h2h_bias"})
    with pytest.raises(ValueError, match="has 'l1_i2h_weight'"):
        rnn.GRU(2).load_dict(parts)
    with pytest.raises(AssertionError, match=r"rnn_param has the shape \(72,\)"):
        rnn.GRU(2, 2, input_size=5).load_dict(parts)
    with pytest.raises(AssertionError, match="has no 'rnn_param'"):
        layer.load_dict({**parts, "l0_i2h_weight": np.ones(12)})
    assert layer.rnn_param.shape == (-1,)
