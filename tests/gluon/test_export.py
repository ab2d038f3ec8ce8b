"""`HybridBlock.export`: what is written, that `SymbolBlock.imports` computes the same from it, and what is refused."""

import json
import threading

import numpy
import pytest

from mxnet import autograd, gluon, init, np, npx, profiler
from mxnet.gluon import HybridBlock, SymbolBlock, nn, rnn
from mxnet.gluon.model_zoo import vision
from mxnet.numpy_extension.published import operators

from .layers import IMAGES, LAYERS, ramp

WITHOUT_OPERATOR = {"DeformableConvolution", "ModulatedDeformableConvolution"}


class Function(HybridBlock):
    """A function of inputs as a network, with a parameter that it may use."""

    def __init__(self, function):
        super().__init__()
        self.function = function
        self.w = gluon.Parameter("w", shape=(3, 1), init=init.Uniform(1))

    def forward(self, *inputs):
        return self.function(self, *inputs)


def flat(value):
    return [array for part in value for array in flat(part)] if isinstance(value, list | tuple) else [value]


def exported(net, path, *inputs, start="uniform"):
    net.initialize(start)
    net.hybridize()
    outputs = flat(net(*inputs))
    return outputs, net.export(path / "model")


def check(net, path, *inputs, rtol=1e-5, **kwargs):
    """The graph that was written, after it gave what the network gives."""
    outputs, (symbol_file, params_file) = exported(net, path, *inputs, **kwargs)
    arrays = flat(inputs)
    names = ["data"] if len(arrays) == 1 else [f"data{i}" for i in range(len(arrays))]
    results = flat(SymbolBlock.imports(symbol_file, names, params_file)(*arrays))
    for result, output in zip(results, outputs, strict=True):
        assert (result.shape, result.dtype) == (output.shape, output.dtype)
        numpy.testing.assert_allclose(result.asnumpy(), output.asnumpy(), rtol=rtol, atol=1e-6)
    with open(symbol_file, encoding="utf-8") as file:
        return json.load(file)


def used(content):
    return [node["op"] for node in content["nodes"] if node["op"] != "null"]


def sequential(*blocks):
    net = nn.HybridSequential()
    net.add(*blocks)
    return net


def lenet():
    return sequential(
        nn.Conv2D(4, 5, padding=2), nn.BatchNorm(), nn.Activation("relu"), nn.MaxPool2D(2, 2),
        nn.Conv2D(6, 3, activation="sigmoid"), nn.AvgPool2D(2, 2), nn.Flatten(),
        nn.Dense(8, activation="tanh"), nn.Dropout(0.5), nn.Dense(3),
    )  # fmt: skip


# Whole networks.


def test_mlp_and_its_files(tmp_path):
    net = sequential(nn.Dense(4, activation="relu"), nn.Dense(2, use_bias=False))
    content = check(net, tmp_path, ramp((3, 5)))
    assert sorted(content) == ["arg_nodes", "attrs", "heads", "node_row_ptr", "nodes"]
    assert content["nodes"][0] == {"op": "null", "name": "data", "attrs": {}, "inputs": []}
    assert content["nodes"][1]["name"] == "0.weight"
    assert content["nodes"][1]["attrs"]["__shape__"] == "(4, 5)"
    assert content["nodes"][3]["attrs"] == {"num_hidden": "4", "no_bias": "False", "flatten": "True"}
    assert used(content) == ["FullyConnected", "Activation", "FullyConnected"]
    assert content["arg_nodes"] == [0, 1, 2, 5]
    assert content["heads"] == [[6, 0, 0]]
    assert content["node_row_ptr"] == list(range(8))
    assert content["attrs"]["mxnet_version"] == ["int", 20000]
    with numpy.load(tmp_path / "model-0000.params") as saved:
        assert sorted(saved) == ["arg:0.bias", "arg:0.weight", "arg:1.weight"]
        numpy.testing.assert_array_equal(saved["arg:0.weight"], net[0].weight.data().asnumpy())


def test_names_of_files(tmp_path):
    net = nn.Dense(2)
    net.initialize()
    net.hybridize()
    net(ramp((1, 3)))
    base = str(tmp_path / "net")
    assert net.export(base, epoch=12, remove_amp_cast=False) == (f"{base}-symbol.json", f"{base}-0012.params")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["net-0012.params", "net-symbol.json"]


def test_lenet(tmp_path):
    content = check(lenet(), tmp_path, ramp((2, 1, 12, 12)))
    assert used(content)[:2] == ["Convolution", "BatchNorm"]
    assert "Dropout" in used(content)
    with numpy.load(tmp_path / "model-0000.params") as saved:
        assert {"aux:1.running_mean", "aux:1.running_var", "arg:1.gamma"} <= set(saved)


def test_statistics_that_have_moved(tmp_path):
    net = sequential(nn.Dense(3), nn.BatchNorm())
    net.initialize()
    with autograd.record():
        net(ramp((4, 2)))
    x = ramp((4, 2), 0, 3)
    net.hybridize()
    y = net(x)
    assert abs(net[1].running_var.data() - 1).max() > 0.01
    files = net.export(tmp_path / "model")
    numpy.testing.assert_allclose(SymbolBlock.imports(files[0], ["data"], files[1])(x).asnumpy(), y.asnumpy(), rtol=1e-6)


class Residual(HybridBlock):
    def __init__(self):
        super().__init__()
        self.body = sequential(nn.Conv2D(4, 3, padding=1, use_bias=False), nn.BatchNorm(), nn.Dropout(0.3))

    def forward(self, x):
        return npx.relu(self.body(x) + x)


def test_residual_block(tmp_path):
    content = check(Residual(), tmp_path, ramp((2, 4, 5, 5)))
    add = next(node for node in content["nodes"] if node["op"] == "_npi_add")
    assert add["inputs"][1] == [0, 0, 0]


def test_dropout_gives_a_place_of_its_own(tmp_path):
    """In prediction a dropout may pass its input on: what is not dropped must not come out of it."""
    content = check(Function(lambda net, x: npx.dropout(x, 0.5) + x), tmp_path, ramp((2, 3)))
    assert [node["inputs"] for node in content["nodes"]] == [[], [[0, 0, 0]], [[1, 0, 0], [0, 0, 0]]]


@pytest.mark.parametrize("layer", [rnn.LSTM, rnn.GRU, rnn.RNN])
def test_recurrent_classifier(tmp_path, layer):
    class Classifier(HybridBlock):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(7, 4)
            self.encoder = layer(3, num_layers=2, bidirectional=True, layout="NTC", dropout=0.2)
            self.decoder = nn.Dense(2)

        def forward(self, tokens):
            states = self.encoder(self.embedding(tokens))
            return self.decoder(np.concatenate([states[:, 0], states[:, -1]], axis=1))

    content = check(Classifier(), tmp_path, np.array([[1, 2, 3], [4, 5, 6]]))
    assert used(content)[0] == "Embedding"
    assert "RNN" in used(content)


def test_states_as_inputs(tmp_path):
    layer = rnn.LSTM(3)
    content = check(layer, tmp_path, ramp((4, 2, 5)), [ramp((1, 2, 3)), ramp((1, 2, 3), 0, 2)])
    assert [node["name"] for node in content["nodes"] if node["op"] == "null"] == ["data0", "data1", "data2", "rnn_param"]
    assert len(content["heads"]) == 3


@pytest.mark.parametrize("cell", [rnn.RNNCell, rnn.LSTMCell, rnn.GRUCell])
def test_cells(tmp_path, cell):
    cell = cell(4)
    states = [ramp(state["shape"]) for state in cell.state_info(3)]
    check(cell, tmp_path, ramp((3, 2)), states)


def test_shared_and_constant_parameters(tmp_path):
    class Tied(HybridBlock):
        def __init__(self):
            super().__init__()
            self.one = nn.Dense(3)
            self.two = nn.Dense(3)
            self.two.share_parameters(self.one.collect_params())
            self.scale = gluon.Constant(np.array([2.0, 3.0, 4.0]))

        def forward(self, x):
            return self.two(self.one(x)) * self.scale.data()

    content = check(Tied(), tmp_path, ramp((2, 3)))
    names = [node["name"] for node in content["nodes"] if node["op"] == "null"]
    assert sorted(names) == ["data", "one.bias", "one.weight", "scale"]


def test_it_can_be_trained_on(tmp_path):
    _, (symbol_file, params_file) = exported(lenet(), tmp_path, ramp((2, 1, 12, 12)))
    net = SymbolBlock.imports(symbol_file, ["data"], params_file)
    before = net.collect_params()["0.weight"].data().copy()
    with autograd.record():
        loss = (net(ramp((2, 1, 12, 12))) ** 2).sum()
    loss.backward()
    gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1}).step(1)
    assert abs(net.collect_params()["0.weight"].data() - before).max() > 0


@pytest.mark.parametrize("name", [name for name in LAYERS if name not in WITHOUT_OPERATOR])
def test_layers(tmp_path, name):
    make, shape = LAYERS[name]
    check(make(), tmp_path, ramp(shape, 0, 1))


@pytest.mark.parametrize(
    "make",
    [
        nn.Flatten, nn.Identity, nn.ELU, nn.SELU, nn.GELU, lambda: nn.GELU("tanh"), nn.SiLU, lambda: nn.Swish(2.0),
        lambda: nn.LeakyReLU(0.2), lambda: nn.MaxPool2D(ceil_mode=True), lambda: nn.AvgPool2D(3, 2, 1, count_include_pad=False),
        nn.GlobalAvgPool2D, nn.GlobalMaxPool2D, lambda: nn.ReflectionPad2D(1), lambda: nn.PixelShuffle2D(2),
        lambda: nn.BatchNorm(axis=-1, scale=False), lambda: nn.InstanceNorm(axis=2), lambda: nn.HybridLambda("tanh"),
    ],
)  # fmt: skip
def test_layers_without_parameters(tmp_path, make):
    check(make(), tmp_path, ramp(IMAGES))


FUNCTIONS = {
    "arithmetic": lambda net, x: [1 - x, 2 / (x + 3), x**2, 2**x, x // 2, 7 // (x + 3), x % 2, -x, abs(x), x * net.w.data()],
    "comparisons": lambda net, x: [x > 0, x <= 0.5, x == x, x != 0.5, np.maximum(x, 0), np.minimum(x, net.w.data())],
    "slices": lambda net, x: [x[0], x[-1], x[:, 1:], x[..., ::-1], x[0, 1], x[:, None], x[None, ..., 0], x[np.array([1, 0])], x[:]],
    "joining": lambda net, x: [np.concatenate([x, x], axis=1), np.stack([x, x], axis=-1)],
    "splitting": lambda net, x: [*np.split(x, 2), *np.array_split(x, 2, axis=1), *np.unstack(x, axis=1), *np.split(x, [1], axis=1)],
    "shapes": lambda net, x: [x.T, x.reshape(-1), x.swapaxes(0, 1), np.expand_dims(x, 1).squeeze(1), np.tile(x, 2), np.flip(x, 1)],
    "reductions": lambda net, x: [x.sum(), x.mean(axis=1, keepdims=True), x.max(0), x.min(), x.std(), x.argmax(1), x.prod()],
    "products": lambda net, x: [np.dot(x, x.T), np.matmul(x, x.T), np.einsum("ij,kj->ik", x, x), np.tensordot(x, x, 0)],
    "choices": lambda net, x: [np.where(x > 0, x, -x), np.where(x > 0, 0, x), np.clip(x, 0, None), npx.pick(x, x[:, 0])],
    "softmax": lambda net, x: [npx.softmax(x), npx.log_softmax(x, axis=0), npx.softmax(x, temperature=2.0), npx.topk(x, k=2)],
    "dtypes": lambda net, x: [x.astype("float64"), x.astype("int32"), np.array(x), x.copy(), npx.cast(x, "float16")],
    "activations": lambda net, x: [getattr(npx, f)(x) for f in ("gelu_tanh", "softrelu", "softsign", "mish", "erf", "hard_swish")],
    "padding": lambda net, x: [np.pad(x, 1), np.pad(x, ((0, 0), (2, 1)), constant_values=3), np.pad(x, 1, mode="edge")],
    "made in forward": lambda net, x: [np.zeros((2, 3)) + x, x * np.array([1.0, 2.0, 3.0]), np.ones_like(x), np.arange(3) * x],
}  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions(tmp_path, name):
    shape = (3, 2) if name in ("arithmetic", "comparisons") else (2, 3)
    check(Function(FUNCTIONS[name]), tmp_path, ramp(shape), rtol=2e-5)


def test_names_of_calls_are_left_out(tmp_path):
    def function(net, x):
        y = npx.relu(npx.activation(x, "tanh", name="act"), name="fwd") + npx.erf(x, name="fwd")
        y = npx.pooling(y, kernel=2, pool_type="avg", name="fwd")
        y = npx.dropout(npx.batch_norm(y, *[np.ones(2)] * 4, name="fwd"), name="fwd")
        y = npx.slice(npx.leaky_relu(y, name="fwd"), begin=(0, 1), end=(None, 2), name="fwd")
        return (
            npx.embedding(npx.cast(abs(y), "int32", name="fwd"), net.w.data(), name="fwd") + npx.stop_gradient(x, name="fwd").sum()
        )

    assert "_npx_relu" in used(check(Function(function), tmp_path, ramp((2, 2, 4, 4))))


def test_in_place_and_out(tmp_path):
    def function(net, x):
        y = x + 1
        y *= 2
        z = y - x
        np.add(z, y, out=z)
        return y, z

    check(Function(function), tmp_path, ramp((2, 3)))


def test_several_inputs_and_outputs(tmp_path):
    content = check(Function(lambda net, x, y: [x + y, [x - y]]), tmp_path, ramp((2, 3)), ramp((2, 3), 0, 5))
    assert [node["name"] for node in content["nodes"][:2]] == ["data0", "data1"]


def test_lengths_must_be_whole(tmp_path):
    net = Function(lambda net, x, lengths: npx.sequence_mask(x, lengths, True, axis=1))
    assert used(check(net, tmp_path, ramp((2, 3)), np.array([1, 2]))) == ["SequenceMask"]


def test_a_network_that_was_imported(tmp_path):
    _, (symbol_file, params_file) = exported(lenet(), tmp_path, ramp((2, 1, 12, 12)))
    net = SymbolBlock.imports(symbol_file, ["data"], params_file)
    (tmp_path / "again").mkdir()
    net.hybridize()
    y = net(ramp((2, 1, 12, 12)))
    files = net.export(tmp_path / "again" / "model")
    again = SymbolBlock.imports(files[0], ["data"], files[1])
    numpy.testing.assert_array_equal(again(ramp((2, 1, 12, 12))).asnumpy(), y.asnumpy())


def test_whole_numbers_as_constants(tmp_path):
    net = Function(lambda net, x: np.take(x, np.array([2, 0], dtype="int64"), axis=1))
    check(net, tmp_path, ramp((2, 3)))
    assert np.load(tmp_path / "model-0000.params")["arg:constant0"].dtype == "int64"


def test_results_that_are_not_finite(tmp_path):
    """Stand-ins from 0 to 1 make NaN and infinities, without a warning."""
    check(Function(lambda net, x: np.log(x - 1)), tmp_path, ramp((2, 3), 2, 3))


def test_float64(tmp_path):
    net = nn.Dense(2, dtype="float64")
    content = check(net, tmp_path, ramp((2, 3), dtype="float64"))
    assert content["nodes"][1]["attrs"]["__dtype__"] == "1"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["resnet18_v1", "mobilenetv2_0.25"])
def test_model_zoo(tmp_path, name):
    check(vision.get_model(name, classes=10), tmp_path, ramp((1, 3, 64, 64)), start=init.Xavier(), rtol=1e-4)


# What is refused.


def test_before_a_forward_pass(tmp_path):
    net = nn.Dense(2)
    net.initialize()
    with pytest.raises(RuntimeError, match=r"Dense\.export: call hybridize\(\), and then the network once"):
        net.export(tmp_path / "model")
    net(ramp((1, 3)))
    with pytest.raises(RuntimeError, match="hybridize"):
        net.export(tmp_path / "model")
    net.hybridize()
    with pytest.raises(RuntimeError, match="hybridize"):
        net.export(tmp_path / "model")
    net(ramp((1, 3)))
    net.hybridize(False)
    with pytest.raises(RuntimeError, match="hybridize"):
        net.export(tmp_path / "model")
    assert not list(tmp_path.iterdir())


def refused(path, function, error, match):
    net = sequential(Function(function))
    net.initialize()
    net.hybridize()
    net(ramp((2, 3)))
    with pytest.raises(error, match=match):
        net.export(path / "model")
    assert not list(path.iterdir())


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("linalg.svd", lambda net, x: np.linalg.svd(x)[1]),
        ("random.normal", lambda net, x: x + np.random.normal(size=(2, 3))),
        ("sort", lambda net, x: np.sort(x) + 1),
        ("dropout", lambda net, x: npx.dropout(x, 0.5, mode="always")),
        ("getitem", lambda net, x: x[x >= x] * 1),
    ],
)
def test_what_graphs_do_not_have(tmp_path, name, function):
    refused(tmp_path, function, NotImplementedError, f"{name}, which HybridSequential → 0 uses, has no counterpart in a graph")


def test_writing_into_an_array(tmp_path):
    def function(net, x):
        y = x + 1
        y[0] = 5
        return y

    refused(tmp_path, function, NotImplementedError, "setitem, which HybridSequential → 0 uses")


def test_what_is_not_used_may_be_unknown(tmp_path):
    def function(net, x):
        np.sort(x) + 1
        return x * 2

    assert used(check(Function(function), tmp_path, ramp((2, 3)))) == ["_npi_multiply_scalar"]


@pytest.mark.parametrize(
    "function",
    [
        lambda net, x: x + np.array(x.asnumpy()),
        lambda net, x: x * x.sum().item(),
        lambda net, x: x * 2 if x.sum() > 5 else x * 3,
    ],
)
def test_what_depends_on_values(tmp_path, function):
    refused(tmp_path, function, RuntimeError, "computes something else than its graph")


def test_a_parameter_with_the_name_of_an_input(tmp_path):
    class Named(HybridBlock):
        def __init__(self):
            super().__init__()
            self.data = gluon.Parameter("data", shape=(3,))

        def forward(self, x):
            return x + self.data.data()

    net = Named()
    net.initialize()
    net.hybridize()
    net(ramp((2, 3)))
    with pytest.raises(ValueError, match="a parameter is called 'data'"):
        net.export(tmp_path / "model")


# What export leaves as it was.


def test_nothing_stays_exchanged(tmp_path):
    codes = {function: (function.__code__, function.__kwdefaults__) for function in operators()}
    net = Function(lambda net, x: np.sort(x))
    net.initialize()
    net.hybridize()
    net(ramp((2, 3)))
    with pytest.raises(NotImplementedError):
        net.export(tmp_path / "model")
    assert codes == {function: (function.__code__, function.__kwdefaults__) for function in operators()}
    assert net._forward_hooks == net._forward_pre_hooks == []


def test_while_the_profiler_runs(tmp_path):
    profiler.set_state("run")
    try:
        check(nn.Dense(2), tmp_path, ramp((2, 3)))
    finally:
        profiler.set_state("stop")
        profiler.dumps(reset=True)


def test_other_threads_are_not_noted(tmp_path):
    """Another thread that computes during the forward pass is no part of the network."""

    def function(net, x):
        thread = threading.Thread(target=lambda: np.sort(np.ones(3)) * 2)
        thread.start()
        thread.join()
        return x * 2

    assert used(check(Function(function), tmp_path, ramp((2, 3)))) == ["_npi_multiply_scalar"]


def test_gradients_and_statistics_stay(tmp_path):
    net = sequential(nn.Dense(3), nn.BatchNorm())
    net.initialize()
    net.hybridize()
    x = ramp((4, 2))
    with autograd.record():
        net(x).sum().backward()
        before = {key: p.data().asnumpy() for key, p in net.collect_params().items()}
        gradient = net[0].weight.grad().asnumpy()
        net.export(tmp_path / "model")
    assert all((before[key] == p.data().asnumpy()).all() for key, p in net.collect_params().items())
    assert (gradient == net[0].weight.grad().asnumpy()).all()
