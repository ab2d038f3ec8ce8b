"""What MXNet 1 does with blocks otherwise than MXNet 2: prefixes, `ParameterDict`, `params=`, shapes in `hybrid_forward`.

Names and shapes are those that MXNet 1.9.1 gave.
"""

import pickle

import numpy
import pytest

from mxnet import autograd, gluon, np
from mxnet.gluon import Block, HybridBlock, Parameter, ParameterDict, nn

from .layers import ramp
from .networks import X


class Nested(HybridBlock):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        with self.name_scope():
            self.first = nn.Dense(3, in_units=3)
            self.rest = nn.HybridSequential(prefix="")
            with self.rest.name_scope():
                self.rest.add(nn.Dense(2, in_units=3), nn.Dense(1, in_units=2))

    def forward(self, x):
        return self.rest(self.first(x))


def step(parameters, *nets):
    """One step of training; which of the nets it changed."""
    before = [net.weight.data().copy() for net in nets]
    trainer = gluon.Trainer(parameters, "sgd", {"learning_rate": 0.1})
    with autograd.record():
        out = sum(net(X).sum() for net in nets)
    out.backward()
    trainer.step(1)
    return [bool((net.weight.data() != old).any()) for net, old in zip(nets, before, strict=True)]


# --- names ------------------------------------------------------------------------------------------------------------------------


def test_explicit_prefixes_within_a_scope():
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(nn.Dense(3, in_units=3, prefix="out_"), nn.Dense(3, in_units=3, prefix=""), nn.Dense(3, in_units=3))
    assert [block.prefix for block in net] == ["net_out_", "net_", "net_dense0_"]
    assert [block.name for block in net] == ["net_out", "net", "net_dense0"]
    parameters = net.collect_params()
    assert parameters["net_out_weight"] is net[0].weight
    assert parameters["net_bias"] is net[1].bias
    assert parameters["net_dense0_weight"] is net[2].weight


def test_a_block_without_a_name_leaves_the_scope_as_it_is():
    net = Nested(prefix="m_")
    names = ["m_dense0_weight", "m_dense1_weight", "m_dense2_weight"]
    assert [net.collect_params()[name] for name in names] == [net.first.weight, net.rest[0].weight, net.rest[1].weight]


@pytest.mark.parametrize(
    ("prefix", "name", "key"), [("net", "net", "netweight"), ("net_", "net", "net_weight"), ("", "", "weight")]
)
def test_prefixes_are_taken_as_they_are(prefix, name, key):
    layer = nn.Dense(2, prefix=prefix)
    assert (layer.prefix, layer.name) == (prefix, name)
    wrapped = nn.HybridSequential()
    wrapped.add(layer)
    assert wrapped.collect_params()[key] is layer.weight


def test_old_names_are_members():
    layer = nn.Dense(2, in_units=3, prefix="d_")
    parameters = layer.collect_params()
    assert "d_weight" in parameters
    assert "weight" in parameters
    assert "e_weight" not in parameters
    assert parameters["d_weight"] is parameters.get("d_weight") is layer.weight
    assert parameters.get("e_weight") is None
    layer.d_weight = 3  # an attribute of that name has nothing to do with it
    assert layer.params.keys() == {"weight", "bias"}
    del layer.d_weight
    assert layer.collect_params().keys() == {"weight", "bias"}


# --- ParameterDict ----------------------------------------------------------------------------------------------------------------


def test_parameter_dict_with_a_prefix():
    parameters = ParameterDict("net_")
    weight = parameters.get("w", shape=(2,))
    assert (weight.name, list(parameters), parameters.prefix) == ("net_w", ["net_w"], "net_")
    assert parameters.get("w") is parameters.get("net_w") is weight
    assert parameters.get_constant("c", [1.0]).name == "net_c"
    assert list(parameters) == ["net_w", "net_c"]
    assert ParameterDict("net_", shared=parameters).get("w") is weight
    other = ParameterDict("other_", parameters)
    assert other.get("w", shape=(3,)).shape == (3,)
    assert list(other) == ["other_w"]
    assert ParameterDict().prefix == ""
    assert pickle.loads(pickle.dumps(parameters)).prefix == "net_"
    with pytest.raises(TypeError, match=r"ParameterDict: prefix is a string, not \{'w'"):
        ParameterDict({"w": weight})


def test_parameters_of_a_dict_with_a_prefix_are_shared():
    parameters = ParameterDict("net_")
    weight = parameters.get("weight", shape=(2, 3))
    layer = nn.Dense(2, params=parameters)
    assert layer.weight is weight
    assert layer.bias is not None


def test_update_keeps_parameters_of_both():
    one, other = nn.Dense(2, in_units=3), nn.Dense(2, in_units=3, prefix="other_")
    parameters = one.collect_params()
    parameters.update(other.collect_params())
    assert list(parameters) == ["weight", "bias", "other_weight", "other_bias"]
    parameters.update(other.collect_params())  # nothing new
    assert len(parameters) == 4
    parameters.initialize()
    assert step(parameters, one, other) == [True, True]


def test_old_names_take_parameters_out():
    layer = nn.Dense(2, in_units=3, prefix="d_")
    parameters = layer.collect_params()
    assert parameters.pop("d_weight") is layer.weight
    assert list(parameters) == ["bias"]
    assert parameters.pop("d_weight", 3) == 3
    with pytest.raises(KeyError, match="d_weight"):
        parameters.pop("d_weight")
    with pytest.raises(KeyError, match="d_weight"):
        del parameters["d_weight"]
    del parameters["d_bias"]
    assert not parameters


def test_update_with_a_pattern():
    one, other = nn.Dense(2, in_units=3), nn.Dense(2, in_units=3, prefix="other_")
    parameters = one.collect_params()
    parameters.update(other.collect_params(), ".*weight")
    assert list(parameters) == ["weight", "bias", "other_weight"]


def test_update_refuses_what_has_no_name_of_its_own():
    one, other, third = (nn.Dense(2, in_units=3, prefix="same_") for _ in range(3))
    parameters = one.collect_params()
    parameters.update(other.collect_params())
    before = dict(parameters)
    with pytest.raises(AssertionError, match=r"ParameterDict.update: 'weight' and 'same_weight' are other parameters here; give"):
        parameters.update({"new": Parameter("new"), **third.collect_params()})
    assert dict(parameters) == before


@pytest.mark.parametrize("base", [Block, HybridBlock])
def test_parameters_of_blocks_in_a_list(base):
    class Listed(base):
        def __init__(self):
            super().__init__()
            self.factor = self.params.get("factor", shape=(1,), init="ones")
            self.layers = [nn.Dense(3) for _ in range(2)]
            for layer in self.layers:
                self.params.update(layer.collect_params())

        def compute(self, x, factor):
            for layer in self.layers:
                x = layer(x) * factor
            return x

        def hybrid_forward(self, F, x, factor):
            return self.compute(x, factor)

        if base is Block:

            def forward(self, x):
                return self.compute(x, self.factor.data())

    net = Listed()
    net.initialize()
    assert net(X).shape == (4, 3)
    assert len(net.collect_params()) == 5
    assert {id(layer.weight) for layer in net.layers} < {id(parameter) for parameter in net.collect_params().values()}


# --- sharing ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["m_", "q_", None])
def test_params_share_with_the_parts_of_a_block(prefix):
    one = Nested(prefix="m_")
    other = Nested(prefix=prefix, params=one.collect_params())
    assert list(other.collect_params()) == list(one.collect_params())
    assert all(p is q for p, q in zip(one.collect_params().values(), other.collect_params().values(), strict=True))
    one.initialize()
    numpy.testing.assert_array_equal(one(X), other(X))


def test_params_share_with_what_is_added_later():
    one = nn.HybridSequential()
    one.add(nn.Dense(3, in_units=3), nn.HybridSequential())
    one[1].add(nn.Dense(2, in_units=3, use_bias=False))
    other = nn.HybridSequential(params=one.collect_params())
    within = nn.HybridSequential()
    other.add(nn.Dense(3), within)
    within.add(nn.Dense(2))
    assert other[0].weight is one[0].weight
    assert within[0].weight is one[1][0].weight
    assert within[0].bias is not None  # which the other has not
    with pytest.raises(AssertionError, match=r"Dense.weight has the shape \(7, -1\), and the parameter to be shared \(3, 3\)"):
        nn.HybridSequential(params=one.collect_params()).add(nn.Dense(7))


def test_parameters_that_a_part_was_given_go_before():
    one, tied = nn.HybridSequential(), nn.Dense(3, in_units=3)
    one.add(nn.Dense(3, in_units=3))
    other = nn.HybridSequential(params=one.collect_params())
    other.add(nn.Dense(3, in_units=3, params=tied.params))
    assert other[0].weight is tied.weight


def test_what_params_is_not():
    with pytest.raises(TypeError, match=r"^Dense: params takes a dict, as collect_params\(\) gives, not Dense$"):
        nn.Dense(2, params=nn.Dense(2))
    with pytest.raises(TypeError, match=r"^Dense: params takes parameters .* 'weight' is of ndarray; values are set by set_data"):
        nn.Dense(2, params={"weight": np.ones(2)})
    with pytest.raises(TypeError, match=r"^share_parameters takes parameters that are to be shared, and 'weight' is of ndarray"):
        nn.Dense(2).share_parameters({"weight": np.ones(2)})


def test_keys_that_nothing_is_shared_under_are_reported():
    one, other = nn.HybridSequential(), nn.Dense(3)
    one.add(nn.Dense(3))
    with pytest.warns(UserWarning, match=r"HybridSequential has no 'bias', 'weight' to be shared; it has '0.weight', '0.bias'"):
        one.share_parameters(other.collect_params())
    assert one[0].weight is not other.weight


def test_an_attribute_may_be_replaced_after_sharing():
    one, other = Nested(), Nested()
    other.share_parameters(one.collect_params())
    own = nn.Dense(3, in_units=3)
    other.first = own
    assert other.first.weight is not one.first.weight


# --- shapes that follow from operators --------------------------------------------------------------------------------------------

IMAGES = (4, 6, 5, 7)


def layer(compute, **shapes):
    """A block of MXNet 1 with parameters of these shapes; statistics start as ones."""

    class Layer(HybridBlock):
        def __init__(self):
            super().__init__()
            for name, shape in shapes.items():
                init = "ones" if name == "v" else None
                setattr(self, name, self.params.get(name, shape=shape, init=init, allow_deferred_init=True))

        def hybrid_forward(self, F, x, **parameters):
            return compute(F, x, **parameters)

    net = Layer()
    net.initialize()
    return net


SHAPES = {
    "fully_connected": (
        lambda F, x, w, b: F.npx.fully_connected(x, w, b, num_hidden=2, no_bias=False),
        {"w": (2, 0), "b": None},
        [(2, 210), (2,)],
    ),
    "fully_connected, one axis": (
        lambda F, x, w: F.npx.fully_connected(x, w, no_bias=True, flatten=False),
        {"w": (2, 0)},
        [(2, 7)],
    ),
    "convolution": (
        lambda F, x, w, b: F.npx.convolution(x, w, b, kernel=(3, 3), num_filter=4, num_group=2),
        {"w": (4, 0, 3, 3), "b": (0,)},
        [(4, 3, 3, 3), (4,)],
    ),
    "convolution, channels last": (
        lambda F, x, w: F.npx.convolution(x, w, kernel=(3, 3), num_filter=4, no_bias=True, layout="NHWC"),
        {"w": None},
        [(4, 3, 3, 7)],
    ),
    "deconvolution": (
        lambda F, x, w: F.npx.deconvolution(x, w, kernel=(3, 3), num_filter=4, num_group=2, no_bias=True),
        {"w": None},
        [(6, 2, 3, 3)],
    ),
    "deconvolution, channels last": (
        lambda F, x, w: F.npx.deconvolution(x, w, kernel=(3, 3), num_filter=4, no_bias=True, layout="NHWC"),
        {"w": None},
        [(7, 3, 3, 4)],
    ),
    "embedding": (lambda F, x, w: F.npx.embedding(x, w, input_dim=10, output_dim=3), {"w": (10, 0)}, [(10, 3)]),
    "batch_norm": (
        lambda F, x, g, b, m, v: F.npx.batch_norm(x, g, b, m, v, axis=2),
        {"g": (0,), "b": (0,), "m": None, "v": (0,)},
        [(5,)] * 4,
    ),
    "layer_norm": (lambda F, x, g, b: F.npx.layer_norm(x, g, b), {"g": (0,), "b": (0,)}, [(7,)] * 2),
    "group_norm": (lambda F, x, g, b: F.npx.group_norm(x, g, b, num_groups=2), {"g": (0,), "b": (0,)}, [(6,)] * 2),
    "instance_norm": (lambda F, x, g, b: F.npx.instance_norm(x, g, b), {"g": (0,), "b": (0,)}, [(6,)] * 2),
    "dot": (lambda F, x, w: F.np.dot(F.npx.relu(x), w), {"w": (0, 3)}, [(7, 3)]),
    "dot with a vector": (lambda F, x, w: F.np.dot(x, w), {"w": (0,)}, [(7,)]),
    "matmul from the left": (lambda F, x, w: F.np.matmul(w, b=x), {"w": (3, 0)}, [(3, 5)]),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_follow_from_operators(name):
    compute, shapes, expected = SHAPES[name]
    net = layer(compute, **shapes)
    first = net(ramp(IMAGES))
    assert [parameter.shape for parameter in net.params.values()] == expected
    numpy.testing.assert_array_equal(net(ramp(IMAGES)), first)  # now without placeholders


def test_the_first_pass_is_recorded():
    net = layer(lambda F, x, w: F.npx.fully_connected(x, w) + (w * w).sum() + F.np.stack([w, w]).sum() + w[0, 0], w=(2, 0))
    net.initialize("ones", force_reinit=True)
    with autograd.record():
        y = net(X).sum()
    y.backward()
    once = net.w.grad().copy()
    with autograd.record():
        y = net(X).sum()
    y.backward()
    numpy.testing.assert_array_equal(once, net.w.grad())
    assert net.w.grad()[1, 1] == X.sum(axis=0)[1] + 8 * 2 + 8 * 2


def test_a_known_shape_is_not_changed():
    net = layer(lambda F, x, w: F.npx.fully_connected(x, w, num_hidden=2), w=(3, 0))
    with pytest.raises(AssertionError, match=r"Parameter 'w' of Layer was declared with shape \(3, -1\), and this input asks for"):
        net(X)


@pytest.mark.parametrize(
    ("compute", "operator"),
    [
        (lambda F, x, w: x * w, "multiply"),
        (lambda F, x, w: F.np.exp(w) + x, "exp"),
        (lambda F, x, w: F.np.dot(x, w.T), "its attribute T"),
        (lambda F, x, w: x + w[0], "its elements"),
        (lambda F, x, w: F.np.concatenate([x, w]), "concatenate"),
        (lambda F, x, w: F.np.random.normal(size=(2,), loc=w), "normal"),
        (lambda F, x, w: F.np.dot(w, w), "dot"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_shape_that_nothing_tells(compute, operator):
    net = layer(compute, w=(0, 3))
    with pytest.raises(RuntimeError) as caught:
        net(X)
    message = str(caught.value)
    assert message.startswith(f"Parameter 'w' of Layer of shape (-1, 3): its shape does not follow from {operator}. ")
    assert message.endswith("else give its sizes, or define infer_shape(self, x), which sets self.….shape")


def test_functions_that_do_not_come_from_f_get_a_placeholder():
    net = layer(lambda F, x, w: np.exp(w), w=(0,))
    with pytest.raises(RuntimeError, match=r"Parameter 'w' of Layer of shape \(-1,\): .* It follows from functions of F alone"):
        net(X)


def test_f_says_what_operators_are_called():
    names = {"relu": "npx.relu", "concat": "np.concatenate", "FullyConnected": "npx.fully_connected", "broadcast_add": "np.add"}
    names |= {"elemwise_mul": "np.multiply", "LeakyReLU": "npx.leaky_relu", "random": "np.random"}
    names |= {"foo": None}
    for name, new in names.items():
        with pytest.raises(AttributeError) as caught:
            layer(lambda F, x, name=name: getattr(F, name)(x))(X)
        hint = "" if new is None else f"; write F.{new}"
        assert str(caught.value) == f"F has np and npx, and no {name!r} of its own{hint}"
