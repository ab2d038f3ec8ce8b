"""Programs as users write them, in both spellings: MXNet 1.6 to 1.9 with `npx.set_np()`, as in the book, and MXNet 2."""

import math

import numpy
import pytest

import mxnet as mx
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn, rnn

npx.set_np()


def waves(*shape, phase=0.0, scale=1.0):
    """Numbers that look random and are the same everywhere."""
    return np.array(scale * numpy.sin(numpy.arange(math.prod(shape)) * 0.7 + phase).reshape(shape), dtype="float32")


def settle(net, *inputs):
    """Give the parameters that are learned values that depend on their order only."""
    net(*inputs)
    for number, parameter in enumerate(net.collect_params().values()):
        if parameter.grad_req != "null":
            parameter.set_data(waves(*parameter.shape, phase=number, scale=0.1) + (parameter.name == "gamma"))


def descend(net, inputs, loss_of, trainer, steps, size):
    """The mean loss before each step."""
    means = []
    for _ in range(steps):
        with autograd.record():
            loss = loss_of(net(*inputs))
        loss.backward()
        trainer.step(size)
        means.append(float(loss.mean()))
    return means


# --- networks that are trained ----------------------------------------------------------------------------------------------------

# The losses of MXNet 1.9.1, from the same parameters.
CONVOLUTIONAL = [1.105797, 1.056865, 1.043141, 1.060263]
SEQUENCES = {
    "RNN": [1.382749, 1.37951, 1.376514],
    "LSTM": [1.383547, 1.380321, 1.377319],
    "GRU": [1.382697, 1.379156, 1.375692],
}


class ResidualOld(nn.HybridBlock):
    """As of MXNet 1: names in a scope, and `hybrid_forward`."""

    def __init__(self, channels, **kwargs):
        super().__init__(**kwargs)
        with self.name_scope():
            self.conv = nn.Conv2D(channels, kernel_size=3, padding=1)
            self.norm = nn.BatchNorm()

    def hybrid_forward(self, F, x):
        return F.npx.relu(x + self.norm(self.conv(x)))


class ResidualNew(nn.HybridBlock):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2D(channels, kernel_size=3, padding=1)
        self.norm = nn.BatchNorm()

    def forward(self, x):
        return npx.relu(x + self.norm(self.conv(x)))


@pytest.mark.parametrize("residual", [ResidualOld, ResidualNew])
@pytest.mark.parametrize("word", ["ctx", "device"])
def test_a_convolutional_network_learns_as_in_mxnet(residual, word):
    net = nn.HybridSequential()
    net.add(nn.Conv2D(4, kernel_size=5, activation="sigmoid"), residual(4), nn.AvgPool2D(2, 2), nn.Dense(6, activation="tanh"))
    net.add(nn.Dropout(0.0), nn.Dense(3))
    net.initialize(init.Xavier(), force_reinit=True, **{word: npx.cpu()})
    x, y = waves(4, 1, 12, 12), np.array([0, 1, 2, 0])
    settle(net, x)
    net.hybridize(static_alloc=True)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.5, "momentum": 0.9, "wd": 1e-3})
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    means = descend(net, [x], lambda out: loss(out, y), trainer, 4, 4)
    numpy.testing.assert_allclose(means, CONVOLUTIONAL, rtol=1e-5)


class Seq2Seq(nn.Block):
    def __init__(self, layer):
        super().__init__()
        self.embedding, self.encoder, self.decoder = nn.Embedding(10, 6), layer(5), layer(5)
        self.dense = nn.Dense(10, flatten=False)

    def forward(self, source, target):
        source, target = self.embedding(source).swapaxes(0, 1), self.embedding(target).swapaxes(0, 1)
        _, state = self.encoder(source, self.encoder.begin_state(batch_size=source.shape[1]))
        context = np.broadcast_to(state[0][-1], (*target.shape[:2], 5))
        out, _ = self.decoder(np.concatenate((target, context), 2), state)
        return self.dense(out).swapaxes(0, 1)


class MaskedSoftmaxCELoss(gluon.loss.SoftmaxCELoss):
    def forward(self, pred, label, valid_len):
        weights = npx.sequence_mask(np.expand_dims(np.ones_like(label), axis=-1), valid_len, True, axis=1)
        return super().forward(pred, label, weights)


@pytest.mark.parametrize("layer", [rnn.RNN, rnn.LSTM, rnn.GRU])
def test_an_encoder_and_decoder_learn_as_in_mxnet(layer):
    source = np.array(numpy.arange(12).reshape(3, 4) % 10, dtype="float32")
    target = np.array(numpy.arange(15).reshape(3, 5) % 10, dtype="float32")
    net = Seq2Seq(layer)
    net.initialize()
    settle(net, source, target)
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.01})
    loss, lengths = MaskedSoftmaxCELoss(), np.array([5, 3, 1])
    means = descend(net, [source, target], lambda out: loss(out, target, lengths), trainer, 3, lengths.sum())
    numpy.testing.assert_allclose(means, SEQUENCES[layer.__name__], rtol=1e-5)


def test_a_masked_loss_of_the_book():
    loss = MaskedSoftmaxCELoss()(np.ones((3, 4, 10)), np.ones((3, 4)), np.array([4, 2, 0]))
    numpy.testing.assert_allclose(loss, [math.log(10), math.log(10) / 2, 0], rtol=1e-6)


# --- what the book does with parameters -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["1", "2"])
def test_biases_are_left_out_of_weight_decay(spelling):
    net = nn.Sequential()
    net.add(nn.Dense(1))
    net.initialize()
    settle(net, np.zeros((2, 3)))
    if spelling == "1":
        net.collect_params(".*bias").setattr("wd_mult", 0)
    else:
        for parameter in net.collect_params(".*bias").values():
            parameter.wd_mult = 0
    net[0].bias.set_data([1.0])
    weight = net[0].weight.data().asnumpy().copy()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1, "wd": 2})
    descend(net, [np.zeros((2, 3))], lambda out: out * 0, trainer, 1, 2)
    numpy.testing.assert_allclose(net[0].weight.data(), 0.8 * weight, rtol=1e-6)
    assert net[0].bias.data() == 1


@pytest.mark.parametrize("spelling", ["1", "2"])
def test_tied_layers(spelling):
    shared = nn.Dense(4, activation="relu")
    tied = nn.Dense(4, params=shared.params) if spelling == "1" else nn.Dense(4).share_parameters(shared.params)
    net = nn.Sequential()
    net.add(nn.Dense(4), shared, tied, nn.Dense(2))
    net.initialize()
    net(np.ones((2, 3)))
    net[1].weight.data()[0, 0] = 100
    assert net[2].weight.data()[0, 0] == 100


def test_an_initializer_of_the_user_and_writing_into_data():
    class Sparse(init.Initializer):
        def _init_weight(self, name, data):
            data[:] = np.random.uniform(-10, 10, data.shape)
            data *= np.abs(data) >= 5

    layer = nn.Dense(8, in_units=8)
    layer.initialize(Sparse(), force_reinit=True)
    weight = layer.weight.data()
    assert ((np.abs(weight) >= 5) | (weight == 0)).all()
    layer.weight.data()[:] += 1
    layer.weight.data()[0, 0] = 42
    assert layer.weight.data()[0, 0] == 42


def test_the_parts_of_a_batch_on_several_devices():
    devices = [mx.cpu(0), mx.cpu(1)]
    x, y = waves(4, 3), waves(4, 1, phase=1)
    weights = []
    for ctx in devices[:1], devices:
        net = nn.Dense(1)
        net.initialize(ctx=ctx)
        settle(net, x)
        trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
        for _ in range(2):
            parts = zip(gluon.utils.split_and_load(x, ctx), gluon.utils.split_and_load(y, ctx), strict=True)
            with autograd.record():
                losses = [gluon.loss.L2Loss()(net(a), b) for a, b in parts]
            for loss in losses:
                loss.backward()
            trainer.step(4)
        weights.append(net.weight.data().asnumpy())
    numpy.testing.assert_allclose(*weights, rtol=1e-6)


# --- one test for each defect that such programs found ----------------------------------------------------------------------------


def test_names_of_blocks_are_those_of_mxnet_1():
    with nn.Sequential(prefix="net_").name_scope():
        made = [nn.Conv1D(1, 1), nn.Conv2DTranspose(1, 1), nn.MaxPool2D(), nn.GlobalAvgPool1D(), nn.Dense(1)]
        made += [rnn.RNNCell(1), rnn.LSTMCell(1), rnn.GRUCell(1), rnn.LSTMPCell(1, 1), rnn.LSTM(1)]
    names = ["conv0", "conv1", "pool0", "pool1", "dense0", "rnn0", "lstm0", "gru0", "lstmp0", "lstm1"]
    assert [block.name for block in made] == [f"net_{name}" for name in names]


def test_convolutions_load_from_names_of_mxnet_1():
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(nn.Conv2D(1, 1), nn.MaxPool2D(), nn.Conv2D(1, 1))
    parts = ["conv0_weight", "conv0_bias", "conv1_weight", "conv1_bias"]
    net.load_dict({f"net_{part}": np.full((1, 1, 1, 1) if "weight" in part else (1,), float(i)) for i, part in enumerate(parts)})
    assert [float(parameter.data().item()) for parameter in net.collect_params().values()] == [0, 1, 2, 3]


def test_a_misspelled_argument_is_reported_by_the_layer():
    with pytest.raises(
        TypeError, match=r"^Dense: unexpected keyword argument 'activaton'; it takes units, activation, .*prefix, params$"
    ):
        nn.Dense(3, activaton="relu")
    with pytest.raises(TypeError, match=r"^ResidualOld: unexpected keyword argument 'chanels'; it takes channels, prefix, params$"):
        ResidualOld(4, chanels=3)
