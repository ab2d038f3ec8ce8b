"""`SymbolBlock` against what the original computes from graphs that it exported itself, in `tests/data/graphs/`.

`operators.json` has an entry for each operator and way to write its attributes (name, attributes, inputs, outputs), and small
graphs.
"""

import contextlib
import copy
import json
import pickle
from pathlib import Path

import numpy
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mxnet import autograd, gluon, init, np
from mxnet.gluon.graph_operators import find_operator, parsed
from mxnet.gluon.symbol_block import SymbolBlock

DATA = Path(__file__).parents[1] / "data" / "graphs"
OPERATORS = json.loads((DATA / "operators.json").read_text(encoding="utf-8"))
EPOCHS = {"old": 7}
INPUTS = {"two": ["data0", "data1"]}


def imported(name, **kwargs):
    files = DATA / f"{name}-symbol.json", DATA / f"{name}-{EPOCHS.get(name, 0):04}.params"
    return SymbolBlock.imports(files[0], INPUTS.get(name, ["data"]), files[1], **kwargs)


def expected(name):
    arrays = np.load(DATA / f"{name}-expected.npz")
    return [arrays[key] for key in arrays if key[0] == "x"], [arrays[key] for key in arrays if key[0] == "y"], arrays


def graph(operator, attributes=None, inputs=1, outputs=1):
    """The graph of one operator."""
    nodes = [{"op": "null", "name": f"x{i}", "inputs": []} for i in range(inputs)]
    node = {"op": operator, "name": "result", "attrs": attributes or {}, "inputs": [[i, 0, 0] for i in range(inputs)]}
    return {"nodes": [*nodes, node], "heads": [[inputs, i, 0] for i in range(outputs)]}


def array(number):
    values, dtype = OPERATORS["arrays"][number]
    return numpy.array(values, dtype=dtype)


def compare(content, names, inputs, outputs, said):
    variables = {name: np.array(array(place), dtype=array(place).dtype) for name, place in zip(names, inputs, strict=True)}
    block = SymbolBlock(content, names)
    results = block(*variables.values()) if variables else block._graph.compute({})
    results = results if isinstance(results, list) else [results]
    for result, place in zip(results, outputs, strict=True):
        want = array(place)
        assert result.dtype == want.dtype, said
        # Before NumPy's shapes, there were no arrays without axes.
        assert result.shape == want.shape or (result.shape == () and want.shape == (1,) and said[0] != "_"), said
        numpy.testing.assert_allclose(result.asnumpy().reshape(want.shape), want, rtol=2e-5, atol=1e-6, err_msg=said)


@pytest.mark.parametrize("number", range(0, len(OPERATORS["cases"]), 20))
def test_operators(number):
    for operator, attributes, inputs, outputs in OPERATORS["cases"][number : number + 20]:
        names = [f"x{i}" for i in range(len(inputs))]
        compare(graph(operator, attributes, len(inputs), len(outputs)), names, inputs, outputs, f"{operator} {attributes}")


def test_small_graphs():
    for nodes, heads, names, inputs, outputs in OPERATORS["graphs"]:
        content = [dict(zip(("op", "name", "attrs", "inputs"), node, strict=True)) for node in nodes]
        compare({"nodes": content, "heads": heads}, names, inputs, outputs, nodes[-1][0])


@pytest.mark.parametrize("name", ["mlp", "conv", "two", "old"])
def test_exported_networks(name):
    net = imported(name)
    inputs, outputs, _ = expected(name)
    results = net(*inputs)
    results = results if isinstance(results, list) else [results]
    for result, want in zip(results, outputs, strict=True):
        numpy.testing.assert_allclose(result.asnumpy(), want.asnumpy(), rtol=1e-5, atol=1e-6)


def test_gradients():
    net = imported("mlp")
    (x,), _, arrays = expected("mlp")
    with autograd.record():
        total = net(x).sum()
    total.backward()
    for key, parameter in net.collect_params().items():
        numpy.testing.assert_allclose(parameter.grad().asnumpy(), arrays[f"grad:{key}"].asnumpy(), rtol=1e-5, atol=1e-6)


def test_parameters():
    net = imported("conv")
    requests = {key: parameter.grad_req for key, parameter in net.collect_params().items()}
    assert requests == {
        "0.weight": "write", "0.bias": "write", "1.gamma": "write", "1.beta": "write", "1.running_mean": "null",
        "1.running_var": "null", "4.weight": "write", "8.weight": "write", "8.bias": "write",
    }  # fmt: skip
    assert list(imported("old").collect_params()) == [
        "c1_weight", "c1_bias", "bn1_gamma", "bn1_beta", "bn1_moving_mean", "bn1_moving_var", "c2_weight", "bn2_gamma", "bn2_beta",
        "bn2_moving_mean", "bn2_moving_var", "fc_weight", "fc_bias",
    ]  # fmt: skip
    outer = gluon.nn.HybridSequential()
    outer.add(net)
    assert list(outer.collect_params(".*running")) == ["0.1.running_mean", "0.1.running_var"]


def test_fine_tuning():
    net = imported("conv")
    (x,), _, _ = expected("conv")
    parameters = net.collect_params()
    before = {key: parameter.data().copy() for key, parameter in parameters.items()}
    trainer = gluon.Trainer(parameters, "sgd", {"learning_rate": 0.1})
    losses = []
    for _ in range(5):
        with autograd.record():
            loss = ((net(x) - 1) ** 2).mean()
        loss.backward()
        trainer.step(1)
        losses.append(float(loss))
    assert losses[-1] < losses[0]
    assert all((parameters[key].data() != value).any() for key, value in before.items())  # the running statistics, too


def test_saved_and_read_again(tmp_path):
    net = imported("conv")
    (x,), _, _ = expected("conv")
    net.save_parameters(tmp_path / "w")
    other = SymbolBlock.imports(str(DATA / "conv-symbol.json"), "data", str(tmp_path / "w"))
    assert (other(x) == net(x)).all()
    for twin in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        assert (twin(x) == net(x)).all()
    shared = SymbolBlock(json.loads((DATA / "conv-symbol.json").read_text()), "data", params=net.collect_params())
    assert shared.collect_params()["0.weight"] is net.collect_params()["0.weight"]


def test_dtypes_are_those_of_the_file(tmp_path):
    net = imported("mlp")
    (x,), _, _ = expected("mlp")
    net.cast("float64")
    net.save_parameters(tmp_path / "w")
    net = SymbolBlock.imports(DATA / "mlp-symbol.json", "data", tmp_path / "w")
    assert net(x.astype("float64")).dtype == "float64"


@pytest.mark.parametrize("name", ["mlp", "conv", "old"])
def test_without_parameters(name):
    net = SymbolBlock.imports(DATA / f"{name}-symbol.json", "data")
    (x,), (want,), _ = expected(name)
    net.initialize(init.Xavier())
    assert net(x).shape == want.shape
    shapes = {key: parameter.shape for key, parameter in imported(name).collect_params().items()}
    assert {key: parameter.shape for key, parameter in net.collect_params().items()} == shapes
    if name == "old":
        assert net.collect_params()["bn1_moving_var"].data().tolist() == [1, 1]


@pytest.mark.parametrize(
    ("operator", "attributes", "shape", "shapes"),
    [
        (
            "Deconvolution",
            {"num_filter": "4", "kernel": "(2, 3)", "num_group": "2", "no_bias": "False"},
            (1, 6, 3, 3),
            [(6, 2, 2, 3), (4,)],
        ),
        ("Embedding", {"input_dim": "5", "output_dim": "2"}, (2, 3), [(5, 2)]),
        ("LayerNorm", {}, (2, 3, 4), [(4,), (4,)]),
        ("FullyConnected", {"num_hidden": "2", "flatten": "False"}, (3, 4, 5), [(2, 5), (2,)]),
        ("LeakyReLU", {"act_type": "prelu"}, (2, 3), [(3,)]),
    ],
)
def test_shapes_of_parameters(operator, attributes, shape, shapes):
    net = SymbolBlock(graph(operator, attributes, 1 + len(shapes)), "x0")
    net.initialize(init.One())
    net(np.zeros(shape))
    assert [parameter.shape for parameter in net.collect_params().values()] == shapes


def test_shapes_that_do_not_follow():
    net = SymbolBlock(graph("dot", inputs=2), "x0")
    net.initialize(init.One())
    with pytest.raises(ValueError, match=r"the shapes of x1 do not follow") as caught:
        net(np.ones((2, 2)))
    assert "at node 'result' of the graph, which is dot" in caught.value.__notes__[0]


# --- MXNet 1 ----------------------------------------------------------------------------------------------------------------------


def test_labels_may_be_given_for_a_prediction():
    files = DATA / "old-symbol.json", DATA / "old-0007.params"
    net = SymbolBlock.imports(files[0], ["data", "softmax_label"], files[1])
    (x,), (want,), _ = expected("old")
    numpy.testing.assert_allclose(net(x, np.zeros(2)).asnumpy(), want.asnumpy(), rtol=1e-5)
    with autograd.record(), pytest.raises(ValueError, match="SoftmaxOutput: its gradient in MXNet"):
        net(x, np.zeros(2))


def test_labels_that_are_computed():
    content = graph("LinearRegressionOutput", inputs=2)
    content["nodes"].insert(2, {"op": "Reshape", "name": "flat", "attrs": {"shape": "(-1,)"}, "inputs": [[1, 0, 0]]})
    content["nodes"][3]["inputs"][1] = [2, 0, 0]
    content["heads"] = [[3, 0, 0]]
    net = SymbolBlock(content, "x0")
    assert net.collect_params() == {}
    assert net(np.ones(2)).tolist() == [1, 1]


def test_the_oldest_spellings():
    # Attributes were called "param" and "attr", operators of scalars _PlusScalar, and Python 2 wrote 3L.
    content = {
        "nodes": [
            {"op": "null", "param": {}, "name": "x", "inputs": [], "backward_source_id": -1},
            {"op": "_PlusScalar", "param": {"scalar": "2"}, "name": "a", "inputs": [[0, 0]], "backward_source_id": -1},
            {"op": "Reshape", "attr": {"shape": "(1L, 2L)"}, "name": "b", "inputs": [[1, 0]]},
            {"op": "_RDivScalar", "param": {"scalar": "6"}, "name": "c", "inputs": [[2, 0]]},
        ],
        "arg_nodes": [0],
        "heads": [[3, 0]],
    }
    assert SymbolBlock(content, "x")(np.array([1.0, 0.0])).tolist() == [[2, 3]]


@pytest.mark.parametrize(
    "name", ["_np_sum", "_sparse_relu", "_GreaterEqualScalar", "_Not_Equal", "_Maximum", "_np_copy", "_contrib_box_nms"]
)
def test_spellings_of_operators(name):
    assert find_operator(name) is not None


def test_attributes():
    said = {
        "kernel": "(3, 3)", "stride": "[1,2]", "no_bias": "True", "p": "0.5", "axis": "None", "act_type": "relu", "eps": "1e-05",
        "a_max": "inf", "subscripts": "ij,jk->ik", "shape": "(3L,)", "pad_width": "((0, 1), (2, 3))", "workspace": "1024",
        "__shape__": "(1,)", "call": "print(1)", "layout": "NCHW", "dtype": "float32",
    }  # fmt: skip
    assert parsed(said) == {
        "kernel": (3, 3), "stride": (1, 2), "no_bias": True, "p": 0.5, "axis": None, "act_type": "relu", "eps": 1e-5,
        "a_max": float("inf"), "subscripts": "ij,jk->ik", "shape": (3,), "pad_width": ((0, 1), (2, 3)), "call": "print(1)",
        "layout": "NCHW", "dtype": "float32",
    }  # fmt: skip


# --- errors -----------------------------------------------------------------------------------------------------------------------


def changed(**changes):
    """A file of a network, with changes to its last node or, by their names, to the whole."""
    content = json.loads((DATA / "mlp-symbol.json").read_text())
    whole = {key: changes.pop(key) for key in ("nodes", "heads") if key in changes}
    content["nodes"][-1] |= changes
    return content | whole


BROKEN = {
    "an unknown operator": (changed(op="Custom"), "node 'node_2' is an operator 'Custom', which is not known here"),
    "an unknown attribute": (changed(attrs={"colour": "1"}), r"FullyConnected of 3 inputs, has attributes .*'colour'"),
    "a lacking attribute": (changed(op="_npi_add_scalar", attrs={}, inputs=[[0, 0, 0]]), "argument: 'scalar'"),
    "too many inputs": (changed(op="exp"), "node 'node_2', exp of 3 inputs"),
    "an attribute that is no text": (changed(attrs={"num_hidden": 2}), "attributes are strings, not 2"),
    "an input that comes later": (changed(inputs=[[99, 0, 0]]), r"\[99, 0, 0\] is no output of a node before it"),
    "an input below zero": (changed(inputs=[[-1, 0, 0]]), r"\[-1, 0, 0\] is no output"),
    "inputs that are none": (changed(inputs=5), "TypeError"),
    "no inputs": ({"nodes": [{"op": "null", "name": "x"}], "heads": [[0, 0, 0]]}, "node 0: KeyError 'inputs'"),
    "an operator that is no text": (changed(op=["null"]), "is no text"),
    "no nodes": ({"heads": []}, "KeyError 'nodes'"),
    "no heads": (changed(heads=[]), "it has no heads"),
    "heads elsewhere": (changed(heads=[[99, 0, 0]]), r"\[99, 0, 0\] is no output"),
    "a list": ([], "no graph of MXNet"),
    "a shape that is none": (
        {
            "nodes": [{"op": "null", "name": n, "attrs": {"__shape__": "relu"}, "inputs": []} for n in ("data", "w")],
            "heads": [[1, 0, 0]],
        },
        "variable 'w' has attributes",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_graphs(tmp_path, kind):
    content, match = BROKEN[kind]
    (tmp_path / "net-symbol.json").write_text(json.dumps(content))
    with pytest.raises(ValueError, match=f"imports: '.*net-symbol.json'.*{match}"):
        SymbolBlock.imports(tmp_path / "net-symbol.json", [] if kind == "a shape that is none" else ["data"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_flipped_bytes(tmp_path, data):
    content = bytearray((DATA / f"{data.draw(st.sampled_from(['mlp', 'old']))}-symbol.json").read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[place] = data.draw(st.integers(0, 255) | st.sampled_from(b'[]{},:"019'))
    (tmp_path / "x").write_bytes(content)
    with contextlib.suppress(ValueError):
        SymbolBlock.imports(tmp_path / "x", "data")


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\x80"])
def test_files_that_are_no_json(tmp_path, text):
    (tmp_path / "x").write_text(text, encoding="latin-1")
    with pytest.raises(ValueError, match=r"imports: '.*x' is no JSON"):
        SymbolBlock.imports(tmp_path / "x", "data")


def test_missing_files(tmp_path):
    with pytest.raises(FileNotFoundError):
        SymbolBlock.imports(tmp_path / "x", "data")
    with pytest.raises(FileNotFoundError):
        SymbolBlock.imports(DATA / "mlp-symbol.json", "data", tmp_path / "x")


def test_inputs_that_are_none():
    with pytest.raises(ValueError, match=r"no input 'dat'; its variables are 'data', '0.weight'"):
        SymbolBlock.imports(DATA / "mlp-symbol.json", "dat")
    net = imported("mlp")
    with pytest.raises(ValueError, match=r"takes 1 inputs, \['data'\], and 2 came"):
        net(np.ones((3, 5)), np.ones(1))
    with pytest.raises(ValueError, match=r"input 'data' is an ndarray, not ndarray|not list"):
        net([1.0])


def test_parameters_of_another_network():
    with pytest.raises(AssertionError, match=r"0.weight"):
        SymbolBlock.imports(DATA / "old-symbol.json", "data", DATA / "mlp-0000.params", ignore_extra=True)


def test_names_of_methods_are_no_danger():
    content = graph("elemwise_add", inputs=2)
    content["nodes"][1]["name"] = "forward"
    net = SymbolBlock(content, "x0")
    net.load_dict({"forward": np.array([1.0])})
    assert net(np.array([2.0])).tolist() == [3]


def test_errors_say_where():
    net = imported("conv")
    with pytest.raises(Exception, match=r"channels|shape") as caught:
        net(np.ones((1, 3, 7, 7)))
    assert any("of the graph, which is Convolution" in note for note in caught.value.__notes__)
