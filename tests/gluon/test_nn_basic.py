"""Dense, Dropout, Embedding, Flatten, activations, and blocks made of blocks."""

import functools
import math

import numpy
import pytest
from scipy.special import ndtr

from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn

from .layers import ramp

RNG = numpy.random.default_rng(0)


@pytest.fixture(autouse=True)
def _seeded():
    np.random.seed(0)


def dense(*args, **options):
    layer = nn.Dense(*args, **options)
    layer.initialize(init.Normal(1))
    return layer


# --- Dense ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("shape", "width"), [((2, 3), 3), ((2, 3, 4), 12), ((5,), 1), ((0, 3), 3), ((1, 1), 1)])
def test_dense(shape, width):
    layer = dense(5, dtype="float64", bias_initializer=init.Normal(1))
    x = RNG.normal(size=shape)
    y = layer(np.array(x, dtype="float64"))
    assert layer.weight.shape == (5, width)
    expected = x.reshape(len(x), width) @ layer.weight.data().asnumpy().T + layer.bias.data().asnumpy()
    assert y.dtype == numpy.float64
    numpy.testing.assert_allclose(y, expected, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("shape", [(2, 3, 4), (4,), (2, 4), (2, 0, 4)])
def test_dense_without_flattening(shape):
    layer = dense(5, flatten=False, use_bias=False)
    y = layer(np.array(x := RNG.normal(size=shape).astype("float32")))
    assert layer.bias is None
    assert layer.weight.shape == (5, 4)
    numpy.testing.assert_allclose(y, x @ layer.weight.data().asnumpy().T, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("relu", lambda z: numpy.maximum(z, 0)),
        ("sigmoid", lambda z: 1 / (1 + numpy.exp(-z))),
        ("tanh", numpy.tanh),
        ("softrelu", lambda z: numpy.log1p(numpy.exp(z))),
        ("softsign", lambda z: z / (1 + abs(z))),
    ],
)
def test_dense_with_an_activation(name, function):
    x = np.array(RNG.normal(size=(3, 4)))
    layer = dense(5, activation=name, in_units=4)
    z = layer.weight.data().asnumpy() @ x.asnumpy().T
    numpy.testing.assert_allclose(layer(x), function(z.T), rtol=1e-5, atol=1e-6)
    assert isinstance(layer.act, nn.Activation)


def test_the_activation_of_a_dense_layer_is_a_block_with_hooks():
    layer, seen = dense(2, activation="relu"), []
    layer.act.register_forward_hook(lambda block, inputs, out: seen.append(out.shape))
    layer(np.ones((1, 2)))
    assert seen == [(1, 2)]


def test_dense_initializers():
    layer = nn.Dense(2, in_units=3, weight_initializer="ones", bias_initializer=init.Constant(0.5))
    layer.initialize(init.Xavier())
    numpy.testing.assert_array_equal(layer(np.ones((1, 3))), [[3.5, 3.5]])


def test_mxnet_1_spelling_of_dense():
    one = nn.Dense(2, in_units=3, prefix="one_")
    one.initialize(ctx=None)
    other = nn.Dense(2, in_units=3, params=one.params)
    assert (one.name, one.prefix) == ("one", "one_")
    assert other.weight is one.weight
    with pytest.raises(AssertionError, match=r"Dense.weight has the shape \(4, -1\), and the parameter to be shared \(2, 3\)"):
        nn.Dense(4, params=one.params)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: nn.Dense(0), ValueError, "Dense: units is a whole number of at least 1, not 0"),
        (lambda: nn.Dense("5"), ValueError, "Dense: units is .* not '5'"),
        (lambda: nn.Dense(2, in_units=-1), ValueError, "Dense: in_units is a whole number of at least 0, not -1"),
        (lambda: nn.Dense(2, activation="rely"), ValueError, "act_type is one of .*'relu'.*not 'rely'"),
        (lambda: nn.Dense(2, unit=3), TypeError, "unexpected keyword argument 'unit'"),
        (lambda: nn.Dropout(1), ValueError, "Dropout: rate, how probable a zero is, is a number from 0 to below 1, not 1"),
        (lambda: nn.Dropout(-0.1), ValueError, "not -0.1"),
        (lambda: nn.Dropout(math.nan), ValueError, "not nan"),
        (lambda: nn.Dropout("0.5"), ValueError, "not '0.5'"),
        (lambda: nn.Embedding(0, 2), ValueError, "Embedding: input_dim is a whole number of at least 1, not 0"),
        (lambda: nn.Embedding(2, 2.5), ValueError, "Embedding: output_dim is .* not 2.5"),
        (lambda: nn.Activation("rely"), ValueError, "not 'rely'"),
        (lambda: nn.LeakyReLU(-0.1), ValueError, "LeakyReLU: alpha, the slope for negative numbers, is not negative, as -0.1 is"),
        (lambda: nn.GELU("tan"), ValueError, "GELU: approximation is 'erf' or 'tanh', not 'tan'"),
        (lambda: nn.PReLU(in_channels=0), ValueError, "PReLU: in_channels is a whole number of at least 1, not 0"),
        (lambda: nn.Lambda("tanhh"), ValueError, "Lambda: neither np nor npx has a function 'tanhh'"),
        (lambda: nn.Lambda("pi"), ValueError, "Lambda: neither np nor npx has a function 'pi'"),
        (lambda: nn.HybridLambda(3), ValueError, "HybridLambda takes a function, or the name of one in np or npx, not 3"),
        (lambda: nn.Sequential(nn.Dense(2)), TypeError, r"Sequential: prefix is a string, not Dense\(-1 -> 2, linear\); add"),
    ],
)
def test_wrong_arguments(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_inputs_that_dense_refuses():
    for shape in ((3, 0), ()):
        layer = dense(2)
        with pytest.raises(
            ValueError, match=r"Dense takes inputs with numbers in them, not of shape .*\n.*Dense\(-1 -> 2, linear\)"
        ):
            layer(np.ones(shape))
        assert layer.weight.shape == (2, -1)
        assert layer(np.ones((1, 3))).shape == (1, 2)  # nothing was decided by the failure


# --- Dropout, Embedding, Flatten --------------------------------------------------------------------------------------------------


def test_dropout():
    layer, x = nn.Dropout(0.25), np.ones((50, 60))
    assert layer(x) is x
    np.random.seed(3)
    with autograd.record():
        y = layer(x)
    values, counts = numpy.unique(y.asnumpy(), return_counts=True)
    numpy.testing.assert_array_equal(values, numpy.float32([0, 4 / 3]))
    assert abs(counts[0] / y.size - 0.25) < 0.03
    with autograd.train_mode():
        assert (layer(x) == 0).any()
        assert nn.Dropout(0)(x) is x
        rows = nn.Dropout(0.5, axes=(1,))(x).asnumpy()
    assert (rows == rows[:, :1]).all()
    assert {*rows[:, 0]} == {0, 2}


def test_dropout_is_its_own_gradient():
    x = np.ones((10, 10))
    x.attach_grad()
    with autograd.record():
        y = nn.Dropout(0.5)(x)
    y.backward()
    numpy.testing.assert_array_equal(x.grad, y)


def test_embedding():
    layer = nn.Embedding(5, 3, weight_initializer=init.Normal(1))
    layer.initialize()
    numbers = numpy.array([[1, 4, 1], [0, 2, 2]])
    rows = layer.weight.data().asnumpy()
    numpy.testing.assert_array_equal(layer(np.array(numbers)), rows[numbers])
    numpy.testing.assert_array_equal(layer(np.array(numbers, dtype="int64")), rows[numbers])
    with autograd.record():
        y = layer(np.array(numbers))
    y.backward()
    numpy.testing.assert_array_equal(layer.weight.grad(), numpy.bincount(numbers.ravel(), minlength=5)[:, None] * numpy.ones(3))


def test_flatten():
    x = ramp((2, 3, 4))
    numpy.testing.assert_array_equal(nn.Flatten()(x), x.asnumpy().reshape(2, 12))
    assert nn.Flatten()(np.ones(3)).shape == (3, 1)
    assert nn.Flatten()(np.ones((0, 2, 3))).shape == (0, 6)
    with pytest.raises(ValueError, match=r"(?s)batch_flatten.*in the forward pass of Flatten"):
        nn.Flatten()(np.array(1.0))


# --- activations ------------------------------------------------------------------------------------------------------------------

V = numpy.array([-2.0, -0.5, 0.0, 0.5, 2.0])
SCALE, SLOPE = 1.0507009873554805, 1.6732632423543772

# The layer, its formula, and what the original gives for V, where that was asked.
ACTIVATIONS = [
    (lambda: nn.LeakyReLU(0.1), lambda x: numpy.where(x > 0, x, 0.1 * x), [-0.2, -0.05, 0, 0.5, 2]),
    (nn.PReLU, lambda x: numpy.where(x > 0, x, 0.25 * x), [-0.5, -0.125, 0, 0.5, 2]),
    (nn.ELU, lambda x: numpy.where(x > 0, x, numpy.expm1(x)), [-0.86466473, -0.39346939, 0, 0.5, 2]),
    (lambda: nn.ELU(2), lambda x: numpy.where(x > 0, x, 2 * numpy.expm1(x)), [-1.72932947, -0.78693879, 0, 0.5, 2]),
    (
        nn.SELU,
        lambda x: SCALE * numpy.where(x > 0, x, SLOPE * numpy.expm1(x)),
        [-1.52016651, -0.69175822, 0, 0.52535051, 2.10140204],
    ),
    (nn.GELU, lambda x: x * ndtr(x), [-0.0455001, -0.15426877, 0, 0.3457312, 1.95449984]),
    (
        lambda: nn.GELU("tanh"),
        lambda x: x / 2 * (1 + numpy.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
        None,
    ),
    (nn.Swish, lambda x: x / (1 + numpy.exp(-x)), [-0.23840584, -0.18877034, 0, 0.31122968, 1.76159406]),
    (lambda: nn.Swish(2), lambda x: x / (1 + numpy.exp(-2 * x)), [-0.03597242, -0.13447071, 0, 0.3655293, 1.96402752]),
    (nn.SiLU, lambda x: x / (1 + numpy.exp(-x)), [-0.23840584, -0.18877034, 0, 0.31122968, 1.76159406]),
    (
        lambda: nn.Activation("softrelu"),
        lambda x: numpy.log1p(numpy.exp(x)),
        [0.12692809, 0.47407699, 0.69314724, 0.97407699, 2.12692785],
    ),
    (
        lambda: nn.Activation("mish"),
        lambda x: x * numpy.tanh(numpy.log1p(numpy.exp(x))),
        [-0.25250158, -0.22074377, 0, 0.37524521, 1.94395900],
    ),
    (
        lambda: nn.Activation("log_sigmoid"),
        lambda x: -numpy.log1p(numpy.exp(-x)),
        [-2.12692785, -0.97407699, -0.69314724, -0.47407699, -0.12692809],
    ),
]


@pytest.mark.parametrize(("make", "formula", "original"), ACTIVATIONS)
def test_activations(make, formula, original):
    layer = make()
    layer.initialize()
    layer.cast("float64")
    y = layer(np.array(V, dtype="float64"))
    assert y.dtype == numpy.float64
    numpy.testing.assert_allclose(y, formula(V), rtol=1e-14, atol=1e-15)
    if original is not None:
        numpy.testing.assert_allclose(y, original, rtol=0, atol=2e-7)  # that of float32 values of 2
    assert isinstance(layer, nn.PReLU) or layer(np.array(0.5)).shape == ()
    assert layer(np.ones((0, 1))).shape == (0, 1)


def test_slopes_of_prelu_are_learned():
    layer = nn.PReLU(in_channels=3)
    layer.initialize()
    assert list(layer.collect_params()) == ["alpha"]
    layer.alpha.set_data([0.1, 0.2, 0.3])
    with autograd.record():
        y = layer(-np.ones((2, 3)))
    y.backward()
    numpy.testing.assert_allclose(y, [[-0.1, -0.2, -0.3]] * 2, rtol=1e-6)
    numpy.testing.assert_array_equal(layer.alpha.grad(), [-2, -2, -2])
    with pytest.raises(ValueError, match=r"(?s)gamma has one element, or one for each channel.*PReLU"):
        layer(np.ones((2, 4)))


# --- containers -------------------------------------------------------------------------------------------------------------------

KINDS = pytest.mark.parametrize("kind", [nn.Sequential, nn.HybridSequential])


class Two(nn.HybridBlock):
    def forward(self, a, b):
        return a + 1, b + 2


class Sum(nn.HybridBlock):
    def forward(self, *args):
        return sum(args[1:], args[0])


@KINDS
def test_sequential_is_a_list_of_blocks(kind):
    blocks = [nn.Dense(3), nn.Flatten(), nn.Dense(2)]
    net = kind()
    assert len(net) == 0
    net.add(*blocks[:2])
    net.add(blocks[2])
    assert len(net) == 3
    assert list(net) == blocks
    assert [net[0], net[-1], net[numpy.int64(1)]] == [blocks[0], blocks[2], blocks[1]]
    part = net[1:]
    assert type(part) is kind
    assert list(part) == blocks[1:]
    assert list(part.collect_params()) == ["1.weight", "1.bias"]
    assert list(net[::-1]) == blocks[::-1]
    for number in (3, -4):
        with pytest.raises(IndexError, match=f"{kind.__name__} has 3 blocks; there is no number {number}"):
            net[number]
    with pytest.raises(TypeError):
        net["0"]


@KINDS
def test_sequential_repr_and_nesting(kind):
    net, inner = kind(), kind()
    inner.add(nn.Dense(3), nn.Activation("relu"))
    net.add(nn.Dense(2), inner)
    name = kind.__name__
    within = f"{name}(\n    (0): Dense(-1 -> 3, linear)\n    (1): Activation(relu)\n  )"
    assert repr(net) == f"{name}(\n  (0): Dense(-1 -> 2, linear)\n  (1): {within}\n)"
    assert list(net.collect_params()) == ["0.weight", "0.bias", "1.0.weight", "1.0.bias"]


@KINDS
def test_sequential_computes_in_order(kind):
    net = kind()
    net.add(nn.HybridLambda(lambda x: x + 1), nn.HybridLambda(lambda x: x * 2))
    numpy.testing.assert_array_equal(net(np.array([1, 2])), [4, 6])
    x = np.ones(2)
    assert kind()(x) is x


@KINDS
def test_several_inputs_and_results_of_sequential(kind):
    a, b = np.array([1.0]), np.array([10.0])
    net = kind()
    net.add(Two(), Two(), Sum())
    numpy.testing.assert_array_equal(net(a, b), [17])  # as the original
    assert type(net[:2](a, b)) is tuple
    assert [float(x) for x in net[:2](a, b)] == [3, 14]
    assert kind()(a, b) == (a, b)
    lists = kind()
    lists.add(nn.HybridLambda(lambda x: [x, x, x]), Sum())
    numpy.testing.assert_array_equal(lists(a), [3])
    single = kind()
    single.add(nn.HybridLambda(lambda x: [x]))
    assert single(a) is a


@KINDS
def test_what_sequential_refuses(kind):
    net = kind()
    with pytest.raises(TypeError, match=f"parts of {kind.__name__} are blocks, not <built-in .*nn.Lambda"):
        net.add(nn.Dense(2), len)
    assert len(net) == 0  # nothing half done
    if kind is nn.HybridSequential:
        with pytest.raises(ValueError, match="parts of HybridSequential, a HybridBlock, are HybridBlocks, and Sequential is none"):
            net.add(nn.Dense(2), nn.Sequential())
        assert len(net) == 0


def test_subclasses_of_sequential_have_slices():
    class Net(nn.HybridSequential):
        def __init__(self, units):
            super().__init__()
            self.add(nn.Dense(units), nn.Dense(1))

    net = Net(3)
    assert type(net[:1]) is nn.HybridSequential
    assert list(net[:1]) == [net[0]]


@pytest.mark.parametrize("kind", [nn.Concatenate, nn.HybridConcatenate])
def test_concatenate(kind):
    x = ramp((2, 3))
    net = kind(axis=1)
    net.add(nn.Identity(), nn.HybridLambda("negative"))
    numpy.testing.assert_array_equal(net(x), numpy.concatenate([x.asnumpy(), -x.asnumpy()], axis=1))
    part = net[1:]
    assert (type(part), part.axis, len(part)) == (kind, 1, 1)
    last = kind()
    last.add(nn.Identity(), nn.Identity())
    assert last(x).shape == (2, 6)
    assert isinstance(net, nn.Sequential if kind is nn.Concatenate else nn.HybridSequential)


@pytest.mark.parametrize("kind", [nn.Lambda, nn.HybridLambda])
def test_functions_as_blocks(kind):
    x = ramp((2, 3))
    numpy.testing.assert_array_equal(kind("tanh")(x), np.tanh(x))
    numpy.testing.assert_array_equal(kind("relu")(x), npx.relu(x))
    numpy.testing.assert_array_equal(kind(np.negative)(x), -x)
    numpy.testing.assert_array_equal(kind("add")(x, x), 2 * x)
    numpy.testing.assert_array_equal(kind(lambda a, b: a - b)(x, x), 0 * x)
    assert repr(kind(np.tanh)) == f"{kind.__name__}(tanh)"
    assert repr(kind(functools.partial(np.tanh))) == f"{kind.__name__}(partial)"
    assert isinstance(kind("tanh"), gluon.HybridBlock) == (kind is nn.HybridLambda)


def test_functions_of_mxnet_1():
    x = ramp((2, 3))
    numpy.testing.assert_array_equal(nn.HybridLambda(lambda F, x: F.npx.relu(x) + F.np.ones_like(x))(x), npx.relu(x) + 1)
    numpy.testing.assert_array_equal(nn.HybridLambda(max)(np.array([1, 5])), 5)  # a function that does not tell its parameters


def test_name_scopes():
    net = nn.HybridSequential(prefix="model_")
    with net.name_scope():
        net.add(nn.Dense(3, activation="relu"), nn.Dense(2), nn.HybridSequential())
        with net[2].name_scope():
            net[2].add(nn.Dense(1))
    assert [net.name, net[0].name, net[1].name, net[2].name] == ["model", "model_dense0", "model_dense1", "model_hybridsequential0"]
    assert net[2][0].name == "model_hybridsequential0_dense0"
    assert net.collect_params()["model_dense1_weight"] is net[1].weight
    assert list(net.collect_params("model_dense0_.*")) == ["0.weight", "0.bias"]
