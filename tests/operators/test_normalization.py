"""What the table cannot say of normalisation: training modes, running statistics, further results, bad input."""

import numpy
import pytest

from mxnet import autograd, np, npx

RNG = numpy.random.default_rng(0)


def arrays(*shapes, dtype="float64"):
    return [np.array(RNG.normal(size=shape), dtype=dtype) for shape in shapes]


@pytest.fixture
def batch():
    """Data of three channels, γ, β, running mean and running variance."""
    x, gamma, beta = arrays((4, 3, 5), 3, 3)
    return x, gamma, beta, np.array([0.1, 0.2, 0.3], dtype="float64"), np.array([1, 2, 3], dtype="float64")


@pytest.mark.parametrize("scope", [autograd.record, autograd.train_mode])
def test_training_moves_the_running_statistics_in_place(batch, scope):
    x, gamma, beta, mean, variance = batch
    alias = mean[:2]
    with scope():
        npx.batch_norm(x, gamma, beta, mean, variance, momentum=0.8)
    values = x.asnumpy()
    numpy.testing.assert_allclose(mean.asnumpy(), 0.8 * numpy.array([0.1, 0.2, 0.3]) + 0.2 * values.mean((0, 2)))
    numpy.testing.assert_allclose(variance.asnumpy(), 0.8 * numpy.array([1, 2, 3]) + 0.2 * values.var((0, 2)))
    numpy.testing.assert_array_equal(alias.asnumpy(), mean.asnumpy()[:2])


@pytest.mark.parametrize("attributes", [{}, {"use_global_stats": True}])
def test_running_statistics_rest_otherwise(batch, attributes):
    x, gamma, beta, mean, variance = batch
    with autograd.record(train_mode=bool(attributes)):
        y = npx.batch_norm(x, gamma, beta, mean, variance, fix_gamma=False, eps=0, **attributes)
    assert mean.tolist() == [0.1, 0.2, 0.3]
    assert variance.tolist() == [1, 2, 3]
    unit = (x.asnumpy() - mean.asnumpy()[:, None]) / numpy.sqrt(variance.asnumpy())[:, None]
    numpy.testing.assert_allclose(y.asnumpy(), unit * gamma.asnumpy()[:, None] + beta.asnumpy()[:, None])


def test_backward_differentiates_what_forward_did(batch):
    """A network recorded for prediction has the gradient of prediction, though `backward` itself trains by default."""
    x, gamma, beta, mean, variance = batch
    x.attach_grad()
    with autograd.record(train_mode=False):
        y = npx.batch_norm(x, gamma, beta, mean, variance, fix_gamma=False, eps=0)
    with autograd.record():
        npx.batch_norm(x, gamma, beta, mean, variance)  # moves the statistics, which the first call has seen as they were
    y.backward()
    expected = (gamma.asnumpy() / numpy.sqrt([1, 2, 3]))[:, None]
    numpy.testing.assert_allclose(x.grad.asnumpy(), numpy.broadcast_to(expected, x.shape))


def test_fixed_gamma_has_no_gradient_and_keeps_its_value(batch):
    x, gamma, beta, mean, variance = batch
    before = gamma.asnumpy()
    for variable in (x, gamma, beta):
        variable.attach_grad()
    gamma.grad[:] = 7
    with autograd.record():
        y = npx.batch_norm(x, gamma, beta, mean, variance)
    y.backward()
    assert not gamma.grad.asnumpy().any()
    assert beta.grad.tolist() == [20, 20, 20]
    numpy.testing.assert_array_equal(gamma.asnumpy(), before)


@pytest.mark.parametrize("fix_gamma", [True, False])
def test_batch_norm_gives_its_statistics(batch, fix_gamma):
    x, gamma, beta, mean, variance = batch
    with autograd.train_mode():
        _, current, inverse = npx.batch_norm(x, gamma, beta, mean, variance, output_mean_var=True, fix_gamma=fix_gamma, eps=0.5)
    numpy.testing.assert_allclose(current.asnumpy(), x.asnumpy().mean((0, 2)))
    numpy.testing.assert_allclose(inverse.asnumpy(), 1 / numpy.sqrt(x.asnumpy().var((0, 2)) + 0.5))
    _, current, inverse = npx.sync_batch_norm(x, gamma, beta, mean, variance, output_mean_var=True, key="layer", eps=0.5)
    numpy.testing.assert_array_equal(current.asnumpy(), mean.asnumpy())
    numpy.testing.assert_allclose(inverse.asnumpy(), 1 / numpy.sqrt(variance.asnumpy() + 0.5))
    y, *_ = npx.batch_norm_with_relu(x, gamma, beta, mean, variance, output_mean_var=True)
    assert (y.asnumpy() >= 0).all()


def test_layers_and_groups_give_their_statistics():
    x, gamma, beta = arrays((2, 4, 3), 4, 4)
    values = x.asnumpy()
    _, mean, deviation = npx.layer_norm(x, gamma, beta, axis=1, output_mean_var=True)
    numpy.testing.assert_allclose(mean.asnumpy(), values.mean(1, keepdims=True))
    numpy.testing.assert_allclose(deviation.asnumpy(), numpy.sqrt(values.var(1, keepdims=True) + 1e-5))
    _, mean, deviation = npx.group_norm(x, gamma, beta, num_groups=2, output_mean_var=True)
    groups = values.reshape(2, 2, -1)
    numpy.testing.assert_allclose(mean.asnumpy(), groups.mean(2))
    numpy.testing.assert_allclose(deviation.asnumpy(), numpy.sqrt(groups.var(2) + 1e-3))


def test_a_batch_of_nothing_moves_no_statistics(batch):
    _, gamma, beta, mean, variance = batch
    with autograd.train_mode():
        assert npx.batch_norm(np.zeros((0, 3, 5)), gamma, beta, mean, variance).shape == (0, 3, 5)
    assert mean.tolist() == [0.1, 0.2, 0.3]
    assert variance.tolist() == [1, 2, 3]


def test_half_precision_is_computed_in_single():
    x = np.full((2, 64), 300, dtype="float16")
    x[:, ::2] = -300  # whose squares float16 does not hold
    assert npx.layer_norm(x, np.ones(64), np.zeros(64)).astype("float32").max() == 1
    y = npx.l2_normalization(x)
    assert y.dtype == "float16"
    numpy.testing.assert_allclose(y.asnumpy()[:, 1], 1 / 8, rtol=1e-3)


def test_parameters_of_half_precision_data_are_not_rounded():
    gradients = []
    for dtype in ("float16", "float32"):
        x = np.array([[3, -3, 1, 2]], dtype=dtype)
        x.attach_grad()
        with autograd.record():
            y = npx.layer_norm(x, np.full(4, 1e6), np.zeros(4), eps=1e10)  # more than float16 holds
        y.backward(np.array([[1, 0, 0, 0]], dtype=dtype))
        gradients.append(x.grad.asnumpy())
    numpy.testing.assert_allclose(*gradients, rtol=1e-3)


def test_gradients_of_half_precision_are_summed_in_single():
    x, beta = np.ones((5000, 2), dtype="float16"), np.zeros(2, dtype="float16")
    beta.attach_grad()
    with autograd.record(train_mode=False):
        y = npx.batch_norm(x, np.ones(2), beta, np.zeros(2), np.ones(2))
    y.backward()
    assert beta.grad.tolist() == [5000, 5000]


def test_constant_data_give_the_offset():
    x, beta = np.full((3, 4), 7.0), np.array([1, 2, 3, 4])
    x.attach_grad()
    with autograd.record():
        y = npx.layer_norm(x, np.ones(4), beta)
    y.backward()
    assert (y == beta).all()
    assert not x.grad.asnumpy().any()


X = np.zeros((2, 4, 3))
ONE, TWO, FOUR = np.ones(1), np.ones(2), np.ones(4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: npx.layer_norm(X, FOUR, FOUR), r"layer_norm: gamma has shape \(3,\), .* not \(4,\)"),
        (lambda: npx.layer_norm(X, FOUR, None, axis=1), "layer_norm: beta is missing"),
        (lambda: npx.layer_norm(X, FOUR, FOUR, axis=3), "layer_norm: axis 3 is out of bounds"),
        (lambda: npx.layer_norm(X, FOUR, FOUR, axis=1, eps=-1), "layer_norm: eps, .* -1"),
        (lambda: npx.layer_norm(X, FOUR, FOUR, axis=(1,)), r"layer_norm: axis is an integer, .* not \(1,\)"),
        (lambda: npx.rms_norm(X, FOUR), "rms_norm: gamma"),
        (lambda: npx.group_norm(X, FOUR, FOUR, num_groups=1.5), "group_norm: num_groups divides .* 4, which 1.5 does not"),
        (lambda: npx.group_norm(X, FOUR, FOUR, num_groups=3), "group_norm: num_groups divides .* 4, which 3 does not"),
        (lambda: npx.group_norm(X, FOUR, FOUR, num_groups=0), "group_norm: num_groups divides .* 4, which 0 does not"),
        (lambda: npx.group_norm(X, TWO, TWO, num_groups=2), "group_norm: gamma"),
        (lambda: npx.instance_norm(np.zeros((2, 4)), FOUR, FOUR), r"instance_norm: data has the shape \(batch, channels, ...\)"),
        (lambda: npx.batch_norm(X, FOUR, FOUR, FOUR, TWO), "batch_norm: running_var has shape"),
        (lambda: npx.batch_norm(X, FOUR, FOUR, FOUR, FOUR, axis=-4), "batch_norm: axis -4 is out of bounds"),
        (lambda: npx.sync_batch_norm(X, FOUR, FOUR, TWO, FOUR), "sync_batch_norm: moving_mean has shape"),
        (lambda: npx.batch_norm_with_relu(X, FOUR, ONE, FOUR, FOUR), "batch_norm_with_relu: beta has shape"),
        (lambda: npx.l2_normalization(X, mode="batch"), "l2_normalization: mode is one of 'instance', 'channel', 'spatial'"),
        (lambda: npx.l2_normalization(np.zeros((2, 4)), mode="spatial"), "l2_normalization: mode 'spatial' needs"),
    ],
)
def test_refuses(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()


def test_a_refused_batch_moves_no_statistics(batch):
    x, gamma, beta, mean, variance = batch
    with autograd.train_mode(), pytest.raises(ValueError, match="gamma"):
        npx.batch_norm(x, gamma[:2], beta, mean, variance)
    assert mean.tolist() == [0.1, 0.2, 0.3]
