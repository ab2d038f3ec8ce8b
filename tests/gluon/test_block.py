"""`Block` and `HybridBlock`: what users do with networks besides computing with them."""

import gc
import weakref

import numpy
import pytest

from mxnet import autograd, cpu, gluon, init, np
from mxnet.gluon import Block, DeferredInitializationError, HybridBlock, Parameter, nn

from .layers import ramp
from .networks import Own, X, network, ready


@pytest.fixture(autouse=True)
def _seeded():
    np.random.seed(0)


# --- registration and names -------------------------------------------------------------------------------------------------------


def test_attributes_are_registered():
    net = Own()
    assert list(net.collect_params()) == ["scale", "seq.0.weight", "seq.0.bias", "out.weight"]
    assert list(net.params) == ["scale"]
    assert net.scale.name == "factor"
    assert [p.path for p in net.collect_params().values()] == list(net.collect_params())
    net.initialize()
    assert net(X).shape == (4, 1)


def test_collect_params_by_patterns():
    net = Own()
    assert list(net.collect_params(".*weight")) == ["seq.0.weight", "out.weight"]
    assert list(net.collect_params("out|scale")) == ["scale", "out.weight"]
    assert list(net.collect_params("weight")) == []  # matched from the start
    assert list(net.collect_params("seq[.]0")) == ["seq.0.weight", "seq.0.bias"]


def test_attributes_may_be_replaced_by_their_kind_only():
    net = Own()
    net.out = nn.Dense(7)
    net.scale = Parameter("other", shape=(2,))
    assert net.collect_params()["scale"].shape == (2,)
    assert list(net.collect_params()) == ["scale", "seq.0.weight", "seq.0.bias", "out.weight", "out.bias"]
    for name, value in (("out", None), ("out", 3), ("scale", None), ("scale", nn.Dense(1)), ("seq", Parameter("w"))):
        with pytest.raises(TypeError, match=rf"Own\.{name} is a \w+ and cannot become a"):
            setattr(net, name, value)
    net.size = "anything"
    del net.out
    assert list(net.collect_params()) == ["scale", "seq.0.weight", "seq.0.bias"]
    assert not hasattr(net, "out")


def test_the_constructor_of_the_base_comes_first():
    class Late(Block):
        def __init__(self):
            self.dense = nn.Dense(2)

    with pytest.raises(RuntimeError, match=r"Late: call super\(\).__init__\(\) before the attribute 'dense' is set"):
        Late()


def test_one_parameter_under_two_names():
    class Twice(Block):
        def __init__(self):
            super().__init__()
            self.w = Parameter("w", shape=(2,))
            self.v = self.w

    net = Twice()
    assert list(net.collect_params()) == ["w", "v"]  # as in the original
    net.initialize()
    assert net.v is net.w


def test_children_are_blocks():
    net = Block()
    net.register_child(nn.Dense(2), "first")
    net.register_child(nn.Dense(2))
    assert list(net.collect_params()) == ["first.weight", "first.bias", "1.weight", "1.bias"]
    with pytest.raises(TypeError, match="parts of Block are blocks, not 3"):
        net.register_child(3)
    hybrid = HybridBlock()
    with pytest.raises(ValueError, match=r"parts of HybridBlock, a HybridBlock, are HybridBlocks, and Block is none: derive it"):
        hybrid.child = Block()
    assert not hasattr(hybrid, "child")
    with pytest.raises(TypeError, match="Block: prefix is a string, not 3"):
        Block(prefix=3)


def test_representation():
    within = "HybridSequential(\n    (0): Dense(-1 -> 4, linear)\n    (1): Flatten\n  )"
    assert repr(Own()) == f"Own(\n  (seq): {within}\n  (out): Dense(-1 -> 1, linear)\n)"
    assert repr(Block()) == "Block()"


def test_names_of_mxnet_1():
    net = network(prefix="model_")
    assert (net.name, net.prefix, net[0].name, net[0].prefix) == ("model", "model_", "model_dense0", "model_dense0_")
    assert net.collect_params()["model_batchnorm0_gamma"] is net[1].gamma
    assert list(net.collect_params("model_dense.*")) == ["0.weight", "0.bias"]
    outside = nn.Dense(2)
    assert outside.name.startswith("dense")
    with net.name_scope():
        assert nn.Dense(2).name == "model_dense1"  # the scope goes on counting
    nameless = nn.Dense(2, prefix="")
    assert (nameless.name, nameless.prefix) == ("", "")


def test_blocks_are_freed_with_their_network():
    net = ready()
    watched = weakref.ref(net[0].weight), weakref.ref(net)
    part = net[1]
    del net
    gc.collect()
    assert [ref() for ref in watched] == [None, None]
    assert part(np.ones((2, 2))).shape == (2, 2)
    assert part.gamma.path == "gamma"  # it is the outermost block now


def test_a_block_that_was_deleted_or_replaced_is_a_part_no_longer():
    one, other, part = Block(), Block(), nn.Dense(2, in_units=3)
    one.a = part
    other.b = part
    assert part.weight.path == "a.weight"  # the first one that it was given to
    del one.a
    assert part.weight.path == "weight"
    other.b = nn.Dense(2)
    one.c = part
    assert part.weight.path == "c.weight"
    one.c = nn.Dense(2)
    other.d = part
    assert part.weight.path == "d.weight"
    part.initialize()
    with pytest.raises(AssertionError, match=r"^Parameter 'd.weight' of Block was declared with shape \(2, 3\)") as caught:
        part(np.ones((1, 4)))
    assert caught.value.__notes__[0].startswith("in the forward pass of Block → d, ")


@pytest.mark.parametrize("replaced", [False, True])
def test_a_parameter_that_was_deleted_or_replaced_is_a_part_no_longer(replaced):
    one, other = Block(prefix="one_"), Block(prefix="other_")
    one.a = parameter = Parameter("w", shape=(2,))
    if replaced:
        one.a = Parameter("w", shape=(2,))
    else:
        del one.a
    assert parameter.path == "w"
    with pytest.raises(RuntimeError, match=r"^Parameter 'w' has not been"):
        parameter.data()
    other.b = parameter
    assert parameter.path == "b"
    assert "other_b" in other.params
    with pytest.raises(RuntimeError, match=r"^Parameter 'b' of Block has not been"):
        parameter.data()


def test_mixed_initialisers_go_by_where_a_part_is_now():
    one, other, part = Block(), Block(), nn.Dense(2, in_units=3, use_bias=False)
    one.a = part
    del one.a
    other.b = part
    other.initialize(init.Mixed(["^b[.]", "^a[.]"], [init.One(), init.Zero()]))
    assert part.weight.data().tolist() == [[1, 1, 1]] * 2


def test_what_is_no_attribute_cannot_be_deleted():
    net = nn.Sequential()
    net.add(nn.Dense(2))
    with pytest.raises(AttributeError):
        delattr(net, "0")
    assert len(net) == 1


# --- sharing ----------------------------------------------------------------------------------------------------------------------


def test_share_parameters():
    one, other = Own(), Own()
    assert other.share_parameters(one.collect_params()) is other
    assert all(p is q for p, q in zip(one.collect_params().values(), other.collect_params().values(), strict=True))
    one.initialize()
    one(X)
    numpy.testing.assert_array_equal(other(X), one(X))
    part = Own().share_parameters(one.collect_params("seq.*"))
    assert part.seq[0].weight is one.seq[0].weight
    assert part.scale is not one.scale


def test_what_cannot_be_shared():
    one, other = nn.Dense(2, in_units=3), nn.Dense(2, in_units=4)
    with pytest.raises(ValueError, match=r"share_parameters takes a dict, as collect_params\(\) gives, not list"):
        other.share_parameters([one.weight])
    before = dict(other.collect_params())
    with pytest.raises(AssertionError, match=r"Dense.weight has the shape \(2, 4\), and the parameter to be shared \(2, 3\)"):
        other.share_parameters(one.collect_params())
    assert other.collect_params() == before


def test_sharing_that_fails_leaves_all_shapes_as_they_were():
    def pair(a, b):
        net = Block()
        net.a, net.b = (Parameter(shape=shape, allow_deferred_init=True) for shape in (a, b))
        return net

    shared, net = pair((2, 0), (3, 4)), pair((2, 5), (3, 6))
    own = net.a
    with pytest.raises(AssertionError, match=r"Block.b has the shape \(3, 6\), and the .* \(3, 4\)"):
        net.share_parameters(shared.collect_params())
    assert shared.a.shape == (2, -1)
    assert net.a is own

    weight = Parameter(shape=(0, 0))
    with pytest.raises(AssertionError, match=r"Block.b has the shape \(3, -1\), and the .* \(2, -1\)"):  # each would fit alone
        pair((2, 0), (3, 0)).share_parameters({"a": weight, "b": weight})
    assert weight.shape == (-1, -1)
    net = pair((2, 0), (0, 5)).share_parameters({"a": weight, "b": weight})
    assert net.a is net.b is weight
    assert weight.shape == (2, 5)


def test_tied_weights_are_one_parameter():
    net = nn.Sequential()
    net.add(nn.Dense(3, in_units=3, use_bias=False))
    net.add(nn.Dense(3, in_units=3, use_bias=False, params=net[0].params))
    assert net[0].weight is net[1].weight
    net.initialize(init.One())
    with autograd.record():
        y = net(np.ones((1, 3))).sum()
    y.backward()
    numpy.testing.assert_array_equal(net[0].weight.grad(), numpy.full((3, 3), 6))  # 3 from each place


# --- hooks ------------------------------------------------------------------------------------------------------------------------


def test_hooks():
    layer, seen = nn.Dense(2, in_units=3), []
    layer.initialize()
    before = layer.register_forward_pre_hook(lambda block, inputs: seen.append((block, type(inputs), len(inputs))))
    after = layer.register_forward_hook(lambda block, inputs, out: seen.append((block, inputs[0].shape, out.shape)))
    layer(X)
    assert seen == [(layer, tuple, 1), (layer, (4, 3), (4, 2))]
    before.detach()
    layer(X)
    assert len(seen) == 3
    after.detach()
    after.detach()
    layer(X)
    assert len(seen) == 3
    with layer.register_forward_hook(lambda *_: seen.append("within")):
        layer(X)
    layer(X)
    assert seen[3:] == ["within"]


def test_a_failing_hook_tells_where():
    net = ready()
    net[1].register_forward_pre_hook(lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError) as caught:
        net(X)
    assert caught.value.__notes__ == [f"in the forward pass of HybridSequential → 1, {net[1]!r}, given (4, 2)"]


def test_register_op_hook():
    net, seen = ready(prefix="net_"), []
    net.register_op_hook(lambda name, kind, array: seen.append((name, kind, array.shape)), monitor_all=True)
    net(X)
    assert ("net_batchnorm0_output", "BatchNorm", (4, 2)) in seen
    assert ("net_batchnorm0_input0", "BatchNorm", (4, 2)) in seen
    assert all("hybridsequential" not in name for name, _, _ in seen)


# --- done to all ------------------------------------------------------------------------------------------------------------------


def test_apply_reaches_parts_before_the_whole():
    net, seen = Own(), []
    assert net.apply(lambda block: seen.append(type(block).__name__)) is net
    assert seen == ["Dense", "Flatten", "HybridSequential", "Dense", "Own"]


def test_initialize():
    net = network()
    net.initialize(init.Constant(3), ctx=[cpu(0), cpu(1)])
    net(X)
    numpy.testing.assert_array_equal(net[0].weight.data(cpu(1)), numpy.full((2, 3), 3))
    numpy.testing.assert_array_equal(net[0].bias.data(), [0, 0])
    numpy.testing.assert_array_equal(net[1].gamma.data(), [1, 1])
    with pytest.warns(UserWarning, match="is initialized already"):
        net.initialize()
    net.initialize(init.Constant(4), force_reinit=True)
    numpy.testing.assert_array_equal(net[0].weight.data(), numpy.full((2, 3), 4))
    assert net[0].weight.list_device() == [cpu(0)]


@pytest.mark.parametrize(("bad", "error"), [("nonsense", ValueError), (3, TypeError)])
def test_an_initializer_that_is_none_is_refused_at_once(bad, error):
    for in_units in (0, 3):
        net = nn.Dense(2, in_units=in_units, use_bias=False)
        with pytest.raises(error, match="initializer"):
            net.initialize(bad)
        with pytest.raises(RuntimeError, match="has not been initialized"):
            net(np.ones((1, 3)))
        net.initialize("ones")
        assert net(np.ones((1, 3))).tolist() == [[3, 3]]
        with pytest.raises(error, match="initializer"):
            net.initialize(bad, force_reinit=True, ctx=[cpu(0), cpu(1)])
        assert net(np.ones((1, 3))).tolist() == [[3, 3]]
        assert net.weight.list_device() == [cpu(0)]


def test_an_initializer_that_raises_leaves_what_was():
    net = nn.Dense(2, in_units=3)
    net.initialize("ones")
    with pytest.raises(NotImplementedError):
        net.initialize(init.Initializer(), force_reinit=True)
    assert net(np.ones((1, 3))).tolist() == [[3, 3]]


def test_a_second_initialization_warns_whoever_asked_for_it():
    net = nn.Dense(2, in_units=3)
    net.initialize()
    with pytest.warns(UserWarning, match="is initialized already") as caught:
        net.initialize()
    assert {warning.filename for warning in caught} == {__file__}


def test_default_initializer_is_uniform():
    layer = nn.Dense(100, in_units=100)
    layer.initialize()
    values = layer.weight.data().asnumpy()
    assert abs(values).max() <= 0.07
    assert abs(values.mean()) < 0.003
    assert 0.9 < values.std() * numpy.sqrt(3) / 0.07 < 1.1


def test_cast_zero_grad_setattr_reset_device():
    net = ready()
    net.cast("float64")
    assert {str(p.data().dtype) for p in net.collect_params().values()} == {"float64"}
    with autograd.record():
        y = net(X.astype("float64"))
    y.backward()
    assert net[1].beta.grad().tolist() == [4, 4]
    net.zero_grad()
    assert all((p.grad() == 0).all() for p in net.collect_params().values() if p.grad_req != "null")
    net.setattr("wd_mult", 0)
    assert {p.wd_mult for p in net.collect_params().values()} == {0}
    net.setattr("grad_req", "null")
    with autograd.record():
        y = net(X.astype("float64"))
    assert all(p.grad_req == "null" for p in net.collect_params().values())
    for move in (net.reset_device, net.reset_ctx):
        move([cpu(1), cpu(2)])
        assert net[0].bias.list_device() == [cpu(1), cpu(2)]
        move(cpu(0))


@pytest.mark.parametrize("net", [ready(), Own()], ids=["sequential", "own"])
def test_hybridize_changes_no_number(net):
    if isinstance(net, Own):
        net.initialize()
    plain = net(X)
    net.hybridize()
    numpy.testing.assert_array_equal(net(X), plain)
    net.hybridize(True, static_alloc=True, static_shape=True, inline_limit=3, forward_bulk_size=4, backward_bulk_size=5)
    numpy.testing.assert_array_equal(net(X), plain)
    net.hybridize(active=False)
    numpy.testing.assert_array_equal(net(X), plain)
    net.optimize_for(X)
    with pytest.raises(ValueError, match="there is no backend 'TensorRT'"):
        net.optimize_for(X, backend="TensorRT")


# --- forward ----------------------------------------------------------------------------------------------------------------------


def test_hybrid_forward():
    class Affine(HybridBlock):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            with self.name_scope():
                self.weight = self.params.get("weight", shape=(units, 3), init=init.One())
                self.bias = self.params.get("bias", shape=(units,), init="zeros")

        def hybrid_forward(self, F, x, factor=2, weight=None, bias=None):
            return factor * F.npx.fully_connected(x, weight, bias, no_bias=False) + F.np.zeros(())

    net = Affine(2, prefix="affine_")
    net.initialize()
    numpy.testing.assert_allclose(net(X), 2 * X.asnumpy().sum(axis=1, keepdims=True) * numpy.ones(2), rtol=1e-6)
    numpy.testing.assert_allclose(net(X, 3), 1.5 * net(X).asnumpy(), rtol=1e-6)
    assert net.collect_params()["affine_weight"] is net.weight


def test_keywords_reach_forward():
    class Masked(HybridBlock):
        def __init__(self):
            super().__init__()
            self.factor = Parameter("factor", shape=(-1,), init="ones", allow_deferred_init=True)

        def infer_shape(self, x, *args):
            self.factor.shape = x.shape[-1:]

        def forward(self, x, mask=None):
            return x * self.factor.data() * (1 if mask is None else mask)

    for call in (lambda net: net(X, mask=X), lambda net: net(x=X, mask=X), lambda net: net(X, X)):
        net = Masked()
        net.initialize()
        numpy.testing.assert_array_equal(call(net), X * X)


def test_a_block_that_does_not_say_what_it_computes():
    for kind in (Block, HybridBlock):
        with pytest.raises(NotImplementedError, match=rf"{kind.__name__} does not say what it computes: define forward\(self, x\)"):
            kind()(X)


@pytest.mark.parametrize("base", [Block, HybridBlock])
def test_unknown_shapes_in_blocks_of_ones_own(base):
    class Product(base):
        def __init__(self):
            super().__init__()
            self.weight = Parameter("w", shape=(2, -1), allow_deferred_init=True)

        def forward(self, x):
            return np.dot(x, self.weight.data().T)

    net = nn.Sequential()
    net.add(Product())
    net.initialize()
    error = RuntimeError if base is HybridBlock else DeferredInitializationError
    with pytest.raises(error) as caught:
        net(X)
    message = str(caught.value) + "".join(caught.value.__notes__)
    for part in ("Sequential", "weight", "(2, -1)", "(4, 3)", "infer_shape" if base is HybridBlock else "in_units"):
        assert part in message
    net[0].weight.set_data(np.ones((2, 3)))  # one way out
    assert net(X).shape == (4, 2)


def test_infer_shape_that_leaves_something_open():
    class Lazy(HybridBlock):
        def __init__(self):
            super().__init__()
            self.weight = Parameter("w", shape=(-1, -1), allow_deferred_init=True)

        def infer_shape(self, x):
            self.weight.shape = (2, -1)

        def forward(self, x):
            return x

    net = Lazy()
    net.initialize()
    with pytest.raises(
        DeferredInitializationError, match=r"still has the unknown shape \(2, -1\): infer_shape of its block has to set"
    ):
        net(X)


def test_errors_name_the_path_once():
    net = nn.Sequential()
    inner = nn.Sequential()
    inner.add(nn.Dense(2), nn.Lambda(lambda x: x.reshape(7)))
    net.add(nn.Identity(), inner)
    net.initialize()
    with pytest.raises(ValueError, match="reshape") as caught:
        net(X)
    assert caught.value.__notes__ == ["in the forward pass of Sequential → 1 → 1, Lambda(<lambda>), given (4, 2)"]


def test_networks_that_were_not_initialized(tmp_path):
    net = network()
    with pytest.raises(
        RuntimeError, match=r"Parameter '0.weight' of HybridSequential has not been initialized: call initialize\(\)"
    ):
        net(X)
    net.initialize()
    with pytest.raises(DeferredInitializationError, match=r"'0.weight' of HybridSequential has no values yet: its shape \(2, -1\)"):
        net[0].weight.data()
    with pytest.raises(DeferredInitializationError, match=r"'0.weight'"):
        net.save_parameters(tmp_path / "net")
    assert list(tmp_path.iterdir()) == []
    assert net(X).shape == (4, 2)
    assert net[0].weight.shape == (2, 3)


def test_infer_type():
    layer = nn.Dense(2)
    layer.infer_type(X.astype("float64"))
    layer.initialize()
    assert layer(X.astype("float64")).dtype == numpy.float64


# --- summary ----------------------------------------------------------------------------------------------------------------------


def test_summary(capsys):
    net = ready()
    net.hybridize()  # the original refuses then
    net.summary(X)
    assert capsys.readouterr().out.splitlines() == [
        "layer        type                output shape    parameters",
        "-----------------------------------------------------------",
        "             input               (4, 3)",
        "0.act        Activation          (4, 2)",
        "0            Dense               (4, 2)                   8",
        "1            BatchNorm           (4, 2)                   8",
        "             HybridSequential    (4, 2)",
        "-----------------------------------------------------------",
        "parameters                                               16",
        "trained                                                  12",
        "not trained                                               4",
    ]
    numpy.testing.assert_array_equal(net[1].running_mean.data(), [0, 0])  # prediction mode
    assert not net._forward_hooks
    assert not net[0]._forward_hooks


def test_summary_counts_shared_parameters_once(capsys):
    net = nn.Sequential()
    net.add(nn.Dense(3, in_units=3))
    net.add(net[0], nn.Dense(3, in_units=3, params=net[0].params))
    net.initialize()
    net.summary(np.ones((1, 3)))
    lines = capsys.readouterr().out.splitlines()
    assert lines[-3].split() == ["parameters", "12"]


def test_training_with_a_network():
    net = nn.Sequential()
    net.add(nn.Dense(8, activation="tanh"), nn.Dense(1))
    net.initialize(init.Normal(0.5))
    x = ramp((32, 2))
    y = np.sin(3 * x[:, :1])
    trainer, loss = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.05}), gluon.loss.L2Loss()
    errors = []
    for _ in range(100):
        with autograd.record():
            error = loss(net(x), y)
        error.backward()
        trainer.step(len(x))
        errors.append(float(error.mean()))
    assert errors[-1] < errors[0] / 20
