"""Parameters of networks in files, of this project and of MXNet; copies of networks."""

import copy
import gc
import pickle
from pathlib import Path

import numpy
import pytest

from mxnet import autograd, cpu, init, np, npx
from mxnet.gluon import nn

from .networks import Own, X, network, ready

FILES = Path(__file__).parents[1] / "data" / "gluon"


@pytest.fixture(autouse=True)
def _seeded():
    np.random.seed(0)


# --- files ------------------------------------------------------------------------------------------------------------------------


def values(net):
    return {key: p.data().asnumpy().copy() for key, p in net.collect_params().items()}


def same(a, b):
    assert a.keys() == b.keys()
    for key in a:
        numpy.testing.assert_array_equal(a[key], b[key])


@pytest.mark.parametrize("ending", ["params", "npz", "safetensors"])
def test_round_trips(ending, tmp_path):
    net, file = ready(), tmp_path / f"net.{ending}"
    net.save_parameters(file)
    for target, name in ((network(), file), (ready(), str(file))):
        target.load_parameters(name, ctx=cpu(0))
        same(values(target), values(net))
        numpy.testing.assert_array_equal(target(X), net(X))
    if ending != "safetensors":
        with numpy.load(file) as found:
            assert sorted(found) == sorted(net.collect_params())
    plain = ready()
    plain.load_dict(npx.load(file))
    same(values(plain), values(net))


def test_loaded_values_are_trained(tmp_path):
    net = ready()
    net.save_parameters(tmp_path / "net")
    other = network()
    other.load_parameters(tmp_path / "net")
    with autograd.record():
        y = other(X)
    y.backward()
    assert other[1].beta.grad().tolist() == [4, 4]


def test_missing_and_extra(tmp_path):
    net, file = ready(), tmp_path / "net"
    net[0].save_parameters(file)  # weight, bias
    fresh = nn.Dense(2, use_bias=False)
    with pytest.raises(ValueError, match=r"has 'bias', for which there is no parameter; there are 'weight'.*ignore_extra=True"):
        fresh.load_parameters(file)
    assert fresh.weight.shape == (2, -1)
    fresh.load_parameters(file, ignore_extra=True)
    numpy.testing.assert_array_equal(fresh.weight.data(), net[0].weight.data())
    fresh.save_parameters(file)
    target = ready()[0]
    before = values(target)
    with pytest.raises(AssertionError, match=r"has no 'bias'; it has 'weight'.*allow_missing=True"):
        target.load_parameters(file)
    same(values(target), before)
    target.load_parameters(file, allow_missing=True)
    numpy.testing.assert_array_equal(target.weight.data(), fresh.weight.data())
    numpy.testing.assert_array_equal(target.bias.data(), before["bias"])


def test_wrong_shapes_and_dtypes_change_nothing(tmp_path):
    net, file = ready(), tmp_path / "net"
    net.save_parameters(file)
    target = nn.HybridSequential()
    target.add(nn.Dense(2), nn.BatchNorm(in_channels=5))
    target.initialize()
    with pytest.raises(AssertionError, match=r"1.gamma has the shape \(2,\) in file .*, and \(5,\) here"):
        target.load_parameters(file)
    assert target[0].weight.shape == (2, -1)
    target = ready()
    target.cast("float64")
    before = values(target)
    with pytest.raises(AssertionError, match=r"0.weight is of float32 in file .*, and of float64 here; cast_dtype=True converts"):
        target.load_parameters(file)
    same(values(target), before)
    target.load_parameters(file, cast_dtype=True)
    assert target[0].weight.data().dtype == numpy.float64
    same(values(target), values(net))
    target.load_parameters(file, cast_dtype=True, dtype_source="saved")
    assert target[0].weight.data().dtype == target[0].weight.dtype == numpy.float32
    with pytest.raises(ValueError, match="dtype_source is 'current' or 'saved', not 'file'"):
        target.load_parameters(file, dtype_source="file")


def test_files_that_are_none(tmp_path):
    net = ready()
    before = values(net)
    with pytest.raises(OSError, match="none"):
        net.load_parameters(tmp_path / "none")
    net.save_parameters(tmp_path / "net")
    whole = (tmp_path / "net").read_bytes()
    for damaged in (whole[:-30], whole[: len(whole) // 2], b"", b"something else"):
        (tmp_path / "net").write_bytes(damaged)
        with pytest.raises(ValueError, match="net"):
            net.load_parameters(tmp_path / "net")
    same(values(net), before)


def test_shared_parameters_in_files(tmp_path):
    def tied():
        net = nn.Sequential()
        net.add(nn.Dense(3, in_units=3))
        net.add(nn.Dense(3, in_units=3, params=net[0].params))
        return net

    net = tied()
    net.initialize(init.Normal(1))
    net.save_parameters(tmp_path / "all")
    net.save_parameters(tmp_path / "once", deduplicate=True)
    assert sorted(npx.load(tmp_path / "all")) == ["0.bias", "0.weight", "1.bias", "1.weight"]
    assert sorted(npx.load(tmp_path / "once")) == ["1.bias", "1.weight"]
    for name in ("all", "once"):
        other = tied()
        other.load_parameters(tmp_path / name)
        same(values(other), values(net))


@pytest.mark.parametrize("kind", ["structure", "names", "exported"])
def test_files_of_mxnet_1(kind):
    net = network(prefix="model_")
    net.load_parameters(str(FILES / f"mxnet1_{kind}.params"))
    numpy.testing.assert_array_equal(net[0].weight.data(), [[0, 1, 2], [3, 4, 5]])
    numpy.testing.assert_array_equal(net[1].running_var.data(), [50, 51])
    # What MXNet 1.9.1 computed with them.
    numpy.testing.assert_allclose(net(np.array([[1, 2, 3]])), [[-32.22539, 19.237648]], rtol=1e-6)


def test_files_of_mxnet_1_with_other_names():
    net = network(prefix="model_")
    with pytest.raises(AssertionError, match=r"it has 'dense0_weight',.* looked for as 'model_dense0_weight', "):
        net.load_parameters(str(FILES / "mxnet1_stripped.params"))
    net.collect_params().load(str(FILES / "mxnet1_stripped.params"), restore_prefix="model_")
    numpy.testing.assert_array_equal(net[0].bias.data(), [10, 11])


def test_save_and_load_with_the_structure(tmp_path):
    net, other = ready(), network()
    net.save(str(tmp_path / "net"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["net-model.json", "net-model.params"]
    other.load(str(tmp_path / "net"))
    same(values(other), values(net))
    with pytest.raises(ValueError, match=r"net-model.json describes another network than this Own"):
        Own().load(str(tmp_path / "net"))


def test_a_save_that_fails_leaves_no_file(tmp_path):
    with pytest.raises(RuntimeError, match="has not been initialized"):
        nn.Dense(2).save(str(tmp_path / "net"))
    assert list(tmp_path.iterdir()) == []


# --- copies -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))])
def test_copies(copied):
    net = Own()
    net.initialize()
    plain = net(X)
    twin = copied(net)
    numpy.testing.assert_array_equal(twin(X), plain)
    assert [p.path for p in twin.collect_params().values()] == list(net.collect_params())
    twin.scale.set_data([0.0])
    numpy.testing.assert_array_equal(net(X), plain)
    with autograd.record():
        y = twin(X)
    y.backward()
    assert float(twin.scale.grad()[0]) == pytest.approx(float(plain.sum()), rel=1e-5)
    before = copied(Own())  # not initialised
    before.initialize()
    assert before(X).shape == (4, 1)


def test_copies_share_inside_what_was_shared():
    net = nn.Sequential()
    net.add(nn.Dense(3, in_units=3))
    net.add(nn.Dense(3, in_units=3, params=net[0].params))
    twin = copy.deepcopy(net)
    assert twin[0].weight is twin[1].weight
    assert twin[0].weight is not net[0].weight


def test_a_shallow_copy_leaves_names_alone():
    net = ready(prefix="net_")
    copies = copy.copy(net), copy.copy(net[0])
    assert copies[1].weight is net[0].weight
    del copies
    gc.collect()
    assert net[0].weight.path == "0.weight"
    assert net.collect_params()["net_dense0_weight"] is net[0].weight
