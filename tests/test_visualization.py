"""Networks as tables and as pictures."""

import re
import shutil
import sys

import numpy
import pytest

from mxnet import autograd, gluon, np, npx
from mxnet.gluon import nn, rnn
from mxnet.visualization import layers, plot_network, print_summary


class Residual(nn.HybridBlock):
    def __init__(self, channels, project=False):
        super().__init__()
        self.body = nn.HybridSequential()
        self.body.add(nn.Conv2D(channels, 3, padding=1), nn.BatchNorm())
        self.project = nn.Conv2D(channels, 1) if project else None

    def forward(self, x):
        y = self.body(x)
        return npx.relu(y + (self.project(x) if self.project else x))


def residual():
    net = nn.HybridSequential()
    net.add(Residual(4, project=True), Residual(4), nn.Dropout(0.5), nn.Dense(3, activation="relu"))
    net.initialize()
    return net


def edges(network, shape, dtype=None):
    """Name to the names of the layers before."""
    return {layer.name: [s.name for s in layer.sources] for layer in layers.layers_of(network, shape, dtype)}


# --- connections ------------------------------------------------------------------------------------------------------------------


def test_a_chain():
    net = nn.Sequential()
    net.add(nn.Dense(4), nn.Flatten(), nn.Dropout(0.5), nn.Identity(), nn.Dense(2))
    net.initialize()
    assert edges(net, (2, 3)) == {"data": [], "0": ["data"], "1": ["0"], "2": ["1"], "3": ["2"], "4": ["3"]}


def test_residual_connections():
    assert edges(residual(), (2, 3, 8, 8)) == {
        "data": [],
        "0.body.0": ["data"],
        "0.body.1": ["0.body.0"],
        "0.project": ["data"],
        "add0": ["0.body.1", "0.project"],
        "relu0": ["add0"],
        "1.body.0": ["relu0"],
        "1.body.1": ["1.body.0"],
        "add1": ["1.body.1", "relu0"],
        "relu1": ["add1"],
        "2": ["relu1"],
        "3": ["2"],
        "3.act": ["3"],
    }


def test_branches_that_are_joined():
    net = nn.HybridConcatenate(axis=1)
    net.add(nn.Dense(2), nn.Dense(3))
    net.initialize()
    found = edges(net, (4, 5))
    assert found.pop("concatenate0") == ["0", "1"]
    assert found == {"data": [], "0": ["data"], "1": ["data"]}


def test_a_layer_that_is_the_whole_network():
    net = nn.Dense(2)
    net.initialize()
    assert edges(net, (4, 5)) == {"data": [], "Dense": ["data"]}


def test_operators_after_the_last_layer_and_several_results():
    class Net(nn.HybridBlock):
        def __init__(self):
            super().__init__()
            self.dense = nn.Dense(4)

        def forward(self, x):
            a, b = np.split(self.dense(x), 2, axis=1)
            return {"loss": a * b}, [np.exp(x)]

    net = Net()
    net.initialize()
    found = layers.layers_of(net, (2, 3))
    names = {layer.name: layer for layer in found}
    assert [s.name for s in names["multiply0"].sources] == [found[-3].name]
    assert found[-3].sources == [names["dense"]]
    assert names["exp0"].sources == [names["data"]]
    assert names["multiply0"].shapes == [(2, 2)]


def test_shared_layers_appear_twice_and_count_once():
    class Net(nn.HybridBlock):
        def __init__(self):
            super().__init__()
            self.shared = nn.Dense(3, in_units=3)
            self.again = self.shared

        def forward(self, x):
            return self.again(self.shared(x))

    net = Net()
    net.shared.initialize()
    found = layers.layers_of(net, (2, 3))
    assert [(layer.name, layer.parameters) for layer in found] == [("data", 0), ("shared", 12), ("shared (2)", 0)]
    assert found[2].sources == [found[1]]


def test_blocks_with_parameters_and_layers():
    class Own(nn.HybridBlock):
        def __init__(self):
            super().__init__()
            self.w = gluon.Parameter("w", shape=(4, 4))
            self.inner = nn.Dense(4)

        def forward(self, x):
            y = self.inner(2 * np.dot(x, self.w.data()))
            return y + x

    class Net(nn.HybridBlock):
        def __init__(self):
            super().__init__()
            self.own = Own()

        def forward(self, x):
            return self.own(x)

    net = Net()
    net.initialize()
    assert edges(net, (2, 4)) == {"data": [], "own": ["data"], "own.inner": ["own"], "own (2)": ["own.inner", "data"]}
    assert [layer.parameters for layer in layers.layers_of(net, (2, 4))] == [0, 16, 20, 0]


def test_custom_functions_are_operators():
    class Twice(autograd.Function):
        def forward(self, x):
            return 2 * x

    class Net(nn.Block):
        def __init__(self):
            super().__init__()
            self.dense = nn.Dense(2)

        def forward(self, x):
            return self.dense(Twice()(x))

    net = Net()
    net.initialize()
    assert edges(net, (2, 3)) == {"data": [], "Twice0": ["data"], "dense": ["Twice0"]}


class Text(nn.HybridBlock):
    """Tokens, which have no gradient, and numbers."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(10, 4)
        self.dense = nn.Dense(2)

    def forward(self, tokens, extra):
        return self.dense(self.embedding(tokens).sum(axis=1) + extra)


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [
        ({"extra": (2, 4), "tokens": (2, 3)}, {"tokens": "int32"}),
        ({"tokens": np.array([[1, 2, 3], [4, 5, 6]], dtype="int32"), "extra": (2, 4)}, None),
    ],
)
def test_several_inputs(shape, dtype):
    net = Text()
    net.initialize()
    assert edges(net, shape, dtype) == {
        "tokens": [],
        "extra": [],
        "embedding": ["tokens"],
        "sum0": ["embedding"],
        "add0": ["sum0", "extra"],
        "dense": ["add0"],
    }


def test_names_of_inputs_in_a_list():
    net = Text()
    net.initialize()
    found = edges(net, [np.zeros((2, 3), dtype="int32"), (2, 4)])
    assert found["add0"] == ["sum0", "data1"]


def test_recurrent_layers():
    net = rnn.LSTM(4, layout="NTC")
    net.initialize()
    (data, lstm) = layers.layers_of(net, (2, 3, 5))
    assert (lstm.kind, lstm.sources, lstm.shapes[0]) == ("LSTM", [data], (2, 3, 4))


def test_the_network_is_left_as_it_was():
    net = residual()
    x = np.ones((2, 3, 8, 8))
    with autograd.record():
        loss = net(x).sum()
    loss.backward()
    before = {name: (p.data().asnumpy(), p.grad_req) for name, p in net.collect_params().items()}
    gradients = {name: p.grad().asnumpy() for name, p in net.collect_params().items() if p.grad_req != "null"}
    layers.layers_of(net, (2, 3, 8, 8))
    for name, p in net.collect_params().items():
        numpy.testing.assert_array_equal(p.data().asnumpy(), before[name][0])
        if name in gradients:
            numpy.testing.assert_array_equal(p.grad().asnumpy(), gradients[name])
    found = []
    net.apply(lambda block: found.extend([*block._forward_hooks, *block._forward_pre_hooks]))
    assert found == []
    assert not autograd.is_recording()


def test_hooks_go_when_the_pass_fails():
    net = nn.Dense(2, in_units=3)
    net.initialize()
    with pytest.raises((AssertionError, ValueError)):
        layers.layers_of(net, (2, 7))
    assert net._forward_hooks == net._forward_pre_hooks == []


def test_errors():
    net = nn.Dense(2)
    net.initialize()
    for call in (print_summary, lambda *args, **kwargs: layers.layers_of(*args, **kwargs)):
        with pytest.raises(TypeError, match=r"a gluon Block here, not str: there are no symbols"):
            call("symbol", shape=(1, 2))
        with pytest.raises(ValueError, match="shape is missing"):
            call(net, shape=None)


# --- the table --------------------------------------------------------------------------------------------------------------------


def test_table(capsys):
    print_summary(residual(), shape={"data": (2, 3, 8, 8)}, line_length=100)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split("  ")[0] == "Layer (type)"
    assert lines[1] == lines[-2] == "=" * 100
    assert all(len(line) <= 100 and line == line.rstrip() for line in lines)
    rows = {line.split(" (")[0]: line for line in lines[2:-2] if not line.startswith(" ")}
    assert rows["0.body.0"].split("  ")[0] == "0.body.0 (Conv2D)"
    assert re.findall(r"\((\d.*?)\) +([\d,]+)  ", rows["0.body.0"]) == [("2, 4, 8, 8", "112")]
    assert rows["0.body.0"].endswith("  data")
    following = lines[lines.index(rows["add0"]) + 1]
    assert following.strip() == "0.project"
    assert following.index("0.project") == rows["add0"].index("0.body.1")
    # Convolutions 3·4·9+4, 3·4+4 and 4·4·9+4, two batch norms of 4·4, the dense layer of 256·3+3.
    assert lines[-1] == "Parameters: 1,079"
    assert 112 + 16 + 148 + 2 * 16 + 771 == 1079


def test_table_of_long_names(capsys):
    net = nn.Sequential()
    for _ in range(2):
        outer = nn.Sequential()
        outer.add(net)
        net = outer
    net[0][0].add(nn.Dense(3))
    net.initialize()
    print_summary(net, shape=(1, 2), line_length=40, positions=[0.1, 0.2, 0.3, 1])
    rows = capsys.readouterr().out.splitlines()[2:4]
    assert [row.split() for row in rows] == [["data", "(input)", "(1,", "2)", "0"], ["0.0.0", "(Dense)", "(1,", "3)", "9", "data"]]


# --- the picture ------------------------------------------------------------------------------------------------------------------


def test_picture():
    pytest.importorskip("graphviz")
    picture = plot_network(residual(), title="resnet", save_format="svg", shape=(2, 3, 8, 8), node_attrs={"fontsize": "9"})
    assert (picture.name, picture.format) == ("resnet", "svg")
    source = picture.source
    assert "fontsize=9" in source
    assert 'layer1 [label="0.body.0\nConv2D" fillcolor="#fb9a99" tooltip="Conv2D(3 -> 4' in source
    assert 'layer0 -> layer1 [label="2×3×8×8"]' in source
    assert "layer2 -> layer4" in source
    assert "layer3 -> layer4" in source
    assert "parameter" not in source
    kinds = dict(re.findall(r'label="?[\w.]+\n(\w+)" fillcolor="(#\w+)"', source))
    assert len(set(kinds.values())) == len(kinds) == 5  # Conv2D, BatchNorm, Dropout, Dense, Activation


def test_picture_with_weights():
    pytest.importorskip("graphviz")
    net = nn.HybridSequential()
    net.add(nn.Dense(3, in_units=3))
    net[0].initialize()
    net.add(net[0])
    source = plot_network(net, shape=(2, 3), hide_weights=False).source
    assert source.count("[label=") == 3 + 2 + 2  # layers, parameters, and the labels of two edges
    assert 'parameter0 [label="weight\n3×3"' in source
    assert source.count("parameter1 -> layer") == 2


def test_picture_of_a_scalar():
    pytest.importorskip("graphviz")

    class Loss(nn.HybridBlock):
        def forward(self, x):
            return np.exp(x.sum())

    class Net(nn.HybridBlock):
        def __init__(self):
            super().__init__()
            self.loss = Loss()

        def forward(self, x):
            return self.loss(x) * 2

    source = plot_network(Net(), shape=(2, 3)).source
    assert "layer1 -> layer2 [label=scalar]" in source


def test_without_graphviz(monkeypatch):
    monkeypatch.setitem(sys.modules, "graphviz", None)
    net = nn.Dense(2)
    net.initialize()
    with pytest.raises(ImportError, match="pip install graphviz"):
        plot_network(net, shape=(2, 3))


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs the program Graphviz")
def test_rendered(tmp_path):
    pytest.importorskip("graphviz")
    picture = plot_network(residual(), save_format="svg", shape=(2, 3, 8, 8), hide_weights=False)
    path = picture.render(str(tmp_path / "net"))
    with open(path, encoding="utf-8") as file:
        text = file.read()
    assert all(word in text for word in ("0.body.0", "BatchNorm", "2×4×8×8", "running_mean"))
