"""Activations and special functions: what rows of the table cannot say."""

import numpy
import pytest

from mxnet import autograd, np, npx

INFINITE = ["relu", "sigmoid", "silu", "mish", "gelu", "gelu_tanh", "hard_swish"]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("name", INFINITE)
def test_values_and_slopes_at_infinity_are_limits(name, dtype):
    x = np.array([-numpy.inf, numpy.inf, -1e4, 1e4], dtype=dtype)
    x.attach_grad()
    with autograd.record():
        y = getattr(npx, name)(x)
    y.backward()
    top = [1, 1] if name == "sigmoid" else [numpy.inf, 1e4]
    numpy.testing.assert_allclose(y.asnumpy(), numpy.array([0, top[0], 0, top[1]], dtype), atol=1e-30)
    slope = 0 if name == "sigmoid" else 1
    numpy.testing.assert_allclose(x.grad.asnumpy(), [0, slope, 0, slope], atol=1e-30)


@pytest.mark.parametrize(
    "name", ["gelu", "gelu_tanh", "hard_sigmoid", "hard_swish", "log_sigmoid", "mish", "relu", "silu", "softsign"]
)
def test_activation_finds_each_by_name(name):
    x = np.array([-1.5, 0.5, 2])
    numpy.testing.assert_array_equal(npx.activation(x, act_type=name).asnumpy(), getattr(npx, name)(x).asnumpy())


@pytest.mark.parametrize("function", [npx.activation, npx.leaky_relu])
def test_unknown_act_type(function):
    with pytest.raises(ValueError, match=rf"{function.__name__}: act_type is one of .*'gelu'.*, not 'swoosh'"):
        function(np.zeros(3), act_type="swoosh")


CONSTANT_SLOPES = [
    (lambda x: npx.leaky_relu(x, slope=0.1), [-1, 2], [0.1, 1]),
    (lambda x: npx.leaky_relu(x, act_type="elu", slope=0.1), [0, 2], [0.1, 1]),
    (npx.hard_sigmoid, [-4, 0, 4], [0, 0.2, 0]),
    (npx.hard_swish, [-4, 0, 4], [0, 0.5, 1]),
    (lambda x: np.ldexp(x, np.array([-1000, 200], dtype="int32")), [1, 1], [2.0**-1000, 2.0**200]),
]


@pytest.mark.parametrize(("function", "values", "slopes"), CONSTANT_SLOPES)
def test_slopes_of_float64_are_not_those_of_float32(function, values, slopes):
    x = np.array(values, dtype="float64")
    x.attach_grad()
    with autograd.record():
        y = function(x)
        (recorded,) = autograd.grad(y, [x], create_graph=True)
    y.backward()
    numpy.testing.assert_allclose(x.grad.asnumpy(), slopes, rtol=1e-15)
    numpy.testing.assert_allclose(recorded.asnumpy(), slopes, rtol=1e-15)


def test_hard_swish_of_integers():
    for dtype in ("int32", "uint8"):
        y = npx.hard_swish(np.array([0, 1, 5], dtype=dtype))
        assert y.dtype == "float32"
        numpy.testing.assert_allclose(y.asnumpy(), [0, 2 / 3, 5], rtol=1e-6)


def test_rrelu_draws_slopes_in_training_only():
    x = -np.ones((100, 100))
    numpy.testing.assert_allclose(npx.leaky_relu(x, act_type="rrelu", lower_bound=0.1, upper_bound=0.5).asnumpy(), -0.3, 1e-6)
    x.attach_grad()
    np.random.seed(3)
    with autograd.record():
        y = npx.leaky_relu(x, act_type="rrelu", lower_bound=0.1, upper_bound=0.5)
    y.backward()
    slopes = x.grad.asnumpy()
    numpy.testing.assert_array_equal(-y.asnumpy(), slopes)
    assert 0.1 <= slopes.min() < 0.11
    assert 0.49 < slopes.max() < 0.5
    assert abs(slopes.mean() - 0.3) < 0.005
    np.random.seed(3)
    with autograd.train_mode():
        again = npx.leaky_relu(x, act_type="rrelu", lower_bound=0.1, upper_bound=0.5)
    numpy.testing.assert_array_equal(again.asnumpy(), y.asnumpy())


def test_prelu_learns_one_slope_for_each_channel():
    x = -np.ones((2, 3, 2))
    slope = np.array([0.1, 0.2, 0.3])
    slope.attach_grad()
    with autograd.record():
        y = npx.leaky_relu(x, slope, act_type="prelu")
    y.backward()
    numpy.testing.assert_allclose(y[0, :, 0].asnumpy(), [-0.1, -0.2, -0.3])
    assert slope.grad.tolist() == [-4, -4, -4]


def test_prelu_refuses():
    with pytest.raises(ValueError, match="takes the slopes as gamma"):
        npx.leaky_relu(np.ones((2, 3)), act_type="prelu")
    for shape in [(2,), (1, 3), (2, 3)]:
        with pytest.raises(ValueError, match=r"gamma has one element, or one for each channel.*data \(2, 3\)"):
            npx.leaky_relu(np.ones((2, 3)), np.ones(shape), act_type="prelu")


def test_rrelu_refuses_bounds_in_the_wrong_order():
    with pytest.raises(ValueError, match=r"lower_bound is at most upper_bound, not 0\.5 and 0\.1"):
        npx.leaky_relu(np.ones(3), act_type="rrelu", lower_bound=0.5, upper_bound=0.1)


def test_special_functions_at_their_poles():
    assert npx.gamma(np.array([0, 1, 5])).tolist() == [numpy.inf, 1, 24]
    assert npx.erfinv(np.array([-1, 1])).tolist() == [-numpy.inf, numpy.inf]
    assert numpy.isnan(npx.erfinv(np.array([2])).item())


def test_plain_numpy_arrays_stay_plain():
    x = numpy.array([-1.0, 2.0], "float32")
    for function in (npx.leaky_relu, npx.hard_swish, npx.hard_sigmoid, npx.gelu_tanh, npx.erf, npx.activation):
        assert type(function(x)) is numpy.ndarray
