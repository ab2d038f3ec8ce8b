"""Normalisation layers against their formulas, in training and prediction."""

import numpy
import pytest

from mxnet import autograd, init, np
from mxnet.gluon import nn
from mxnet.test_utils import check_numeric_gradient

from .layers import as_function, ramp, ready

RNG = numpy.random.default_rng(2)
EPSILON = 1e-5


def filled(layer, x):
    """The layer in float64, with other γ and β than at first, and its result."""
    layer.initialize()
    layer.cast("float64")
    layer(np.array(x, dtype="float64"))
    for name in ("gamma", "beta"):
        if hasattr(layer, name):
            parameter = getattr(layer, name)
            parameter.set_data(RNG.normal(size=parameter.shape))
    return layer


def normalized(x, axes, epsilon=EPSILON):
    return (x - x.mean(axis=axes, keepdims=True)) / numpy.sqrt(x.var(axis=axes, keepdims=True) + epsilon)


def along(parameter, axis, ndim):
    return parameter.data().asnumpy().reshape([-1 if i == axis % ndim else 1 for i in range(ndim)])


def scaled(layer, x, axis):
    return x * along(layer.gamma, axis, x.ndim) + along(layer.beta, axis, x.ndim)


def close(found, expected):
    numpy.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("axis", [-1, 1, 0, 2])
def test_layer_norm(axis):
    x = RNG.normal(size=(3, 4, 5))
    layer = filled(nn.LayerNorm(axis=axis), x)
    assert layer.gamma.shape == (x.shape[axis],)
    close(layer(np.array(x, dtype="float64")), scaled(layer, normalized(x, axis), axis))


def test_rms_norm():
    x = RNG.normal(size=(3, 4))
    layer = filled(nn.RMSNorm(epsilon=1e-3), x)
    assert list(layer.collect_params()) == ["gamma"]
    close(
        layer(np.array(x, dtype="float64")),
        x / numpy.sqrt((x * x).mean(axis=-1, keepdims=True) + 1e-3) * layer.gamma.data().asnumpy(),
    )
    assert nn.RMSNorm(scale=False).gamma.grad_req == "null"


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_group_norm(groups):
    x = RNG.normal(size=(3, 4, 5, 2))
    layer = filled(nn.GroupNorm(groups), x)
    parts = x.reshape(3, groups, 4 // groups, 5, 2)
    close(layer(np.array(x, dtype="float64")), scaled(layer, normalized(parts, (2, 3, 4)).reshape(x.shape), 1))


@pytest.mark.parametrize("axis", [1, 2, -1])
def test_instance_norm(axis):
    x = RNG.normal(size=(3, 4, 5, 6))
    layer = filled(nn.InstanceNorm(axis=axis, scale=True), x)
    assert layer.gamma.shape == (x.shape[axis],)
    axes = tuple(i for i in (1, 2, 3) if i != axis % 4)
    close(layer(np.array(x, dtype="float64")), scaled(layer, normalized(x, axes), axis))


@pytest.mark.parametrize(("kind", "axis"), [(nn.BatchNorm, 1), (nn.BatchNorm, -1), (nn.BatchNormReLU, 1), (nn.SyncBatchNorm, 1)])
def test_batch_norm(kind, axis):
    x = RNG.normal(2, 3, size=(3, 4, 5))
    layer = filled(kind() if kind is nn.SyncBatchNorm else kind(axis=axis), x)
    axes = tuple(i for i in range(3) if i != axis % 3)
    y = np.array(x, dtype="float64")
    after = (lambda z: numpy.maximum(z, 0)) if kind is nn.BatchNormReLU else (lambda z: z)
    before = layer(y)
    close(before, after(scaled(layer, x / numpy.sqrt(1 + EPSILON), axis)))  # running mean 0, variance 1
    with autograd.record():
        trained = layer(y)
    close(trained, after(scaled(layer, normalized(x, axes), axis)))
    mean, variance = x.mean(axis=axes), x.var(axis=axes)
    close(layer.running_mean.data(), 0.1 * mean)
    close(layer.running_var.data(), 0.9 + 0.1 * variance)
    shaped = [s.data().asnumpy().reshape(along(layer.gamma, axis, 3).shape) for s in (layer.running_mean, layer.running_var)]
    close(layer(y), after(scaled(layer, (x - shaped[0]) / numpy.sqrt(shaped[1] + EPSILON), axis)))


def test_running_statistics_approach_those_of_the_data():
    layer = nn.BatchNorm(momentum=0.5)
    layer.initialize()
    x = ramp((8, 2), 0, 3)
    with autograd.train_mode():
        for _ in range(30):
            layer(x)
    numpy.testing.assert_allclose(layer.running_mean.data(), x.asnumpy().mean(axis=0), rtol=1e-5)
    numpy.testing.assert_allclose(layer.running_var.data(), x.asnumpy().var(axis=0), rtol=1e-5)
    numpy.testing.assert_allclose(layer(x), normalized(x.asnumpy(), 0), rtol=1e-4, atol=1e-5)


def test_batch_norm_gives_the_numbers_of_mxnet():
    layer = nn.BatchNorm()
    layer.initialize()
    x = ramp((3, 2, 2), 0, 5)
    with autograd.record():
        y = layer(x)
        loss = (y * ramp((3, 2, 2), 0, 5)).sum()
    loss.backward()
    numpy.testing.assert_allclose(layer.running_mean.data(), [0.20454553, 0.2954546], rtol=1e-6)
    numpy.testing.assert_allclose(layer.running_var.data(), [1.125551, 1.125551], rtol=1e-6)
    expected = [-1.36196682, -1.05930741, -0.15132963, 0.15132963, 1.05930741, 1.36196682]
    numpy.testing.assert_allclose(y[:, 0].ravel(), expected, rtol=1e-5)


def test_use_global_stats():
    layer = nn.BatchNorm(use_global_stats=True, running_mean_initializer=init.Constant(1), in_channels=2)
    layer.initialize()
    x = ramp((3, 2))
    with autograd.record():
        y = layer(x)
    numpy.testing.assert_allclose(y, (x.asnumpy() - 1) / numpy.sqrt(1 + EPSILON), rtol=1e-6)
    numpy.testing.assert_array_equal(layer.running_mean.data(), [1, 1])


@pytest.mark.parametrize("kind", [nn.BatchNorm, nn.BatchNormReLU, nn.LayerNorm, nn.GroupNorm, nn.InstanceNorm])
def test_what_is_not_learned_has_no_gradient(kind):
    layer = kind(center=False, scale=False, in_channels=4)
    assert {key: p.grad_req for key, p in layer.collect_params().items()} == dict.fromkeys(layer.collect_params(), "null")
    layer.initialize()
    layer.setattr("grad_req", "write")
    assert layer.gamma.grad_req == layer.beta.grad_req == "null"
    learned = kind(scale=True, in_channels=4).collect_params()
    assert {key for key, p in learned.items() if p.grad_req == "write"} == {"gamma", "beta"}


def test_gamma_that_is_not_learned():
    x = np.array([[1, 2, 3]])
    layer = nn.LayerNorm(scale=False, gamma_initializer=init.Constant(3))
    layer.initialize()
    numpy.testing.assert_allclose(layer(x), [[-3.674207, 0, 3.674207]], rtol=1e-6)  # as the original: the first value stays
    layer = nn.BatchNorm(scale=False, gamma_initializer=init.Constant(3))
    layer.initialize()
    numpy.testing.assert_allclose(layer(x), x.asnumpy() / numpy.sqrt(1 + EPSILON), rtol=1e-6)  # 1 stands in


@pytest.mark.parametrize(
    "layer",
    [lambda: nn.BatchNorm(), lambda: nn.LayerNorm(axis=1), lambda: nn.RMSNorm(), lambda: nn.InstanceNorm(axis=2, scale=True)],
)
def test_gradients_of_both_orders(layer):
    shape = 3, 2, 3
    layer = ready(layer(), *shape)
    layer.cast("float64")
    compute, values = as_function(layer)
    check_numeric_gradient(compute, [RNG.normal(size=shape), *values], order=2, rtol=1e-5)


def test_batch_norm_computes_float16_with_float32_statistics():
    layer = nn.BatchNorm()
    layer.initialize()
    layer.cast("float16")
    x = ramp((64, 3), 0, 1000, dtype="float16")
    with autograd.record():
        y = layer(x)
    y.backward()
    assert y.dtype == numpy.float16
    assert layer.running_mean.data().dtype == layer.gamma.grad().dtype == numpy.float32
    numpy.testing.assert_allclose(layer.running_mean.data(), 0.1 * x.asnumpy().astype("float64").mean(axis=0), rtol=1e-5)


@pytest.mark.parametrize(
    ("layer", "shape", "error", "message"),
    [
        (nn.BatchNorm, (3,), ValueError, r"BatchNorm works along axis 1 of its input, which has the shape \(3,\)"),
        (lambda: nn.LayerNorm(axis=-3), (2, 3), ValueError, r"LayerNorm works along axis -3 of its input, .*\(2, 3\)"),
        (nn.LayerNorm, (2, 0), ValueError, r"LayerNorm takes inputs with one number at least along axis -1, not of shape \(2, 0\)"),
        (lambda: nn.GroupNorm(3), (1, 4, 2), ValueError, "GroupNorm: 3 groups of equal size cannot be made of 4 channels"),
        (nn.GroupNorm, (2, 4), ValueError, "three axes or more"),
        (nn.InstanceNorm, (2, 4), ValueError, "three axes or more"),
        (
            lambda: nn.LayerNorm(in_channels=3),
            (2, 4),
            AssertionError,
            r"'gamma' of LayerNorm was declared with shape \(3,\).*\(4,\)",
        ),
    ],
)
def test_inputs_that_do_not_fit(layer, shape, error, message):
    layer = layer()
    layer.initialize()
    with pytest.raises(error, match=f"(?s){message}.*in the forward pass of {type(layer).__name__}"):
        layer(np.ones(shape))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.GroupNorm(3, in_channels=4), "GroupNorm: 3 groups of equal size cannot be made of 4 channels"),
        (lambda: nn.GroupNorm(0), "GroupNorm: num_groups is a whole number of at least 1, not 0"),
        (lambda: nn.BatchNorm(in_channels=-2), "BatchNorm: in_channels is a whole number of at least 0, not -2"),
    ],
)
def test_wrong_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()
