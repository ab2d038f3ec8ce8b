"""The kernels of softmax and cross-entropy against the plain definitions, in value, gradient and second gradient."""

import numpy
import pytest

from mxnet import autograd, kernels, np, npx

pytestmark = pytest.mark.skipif(not kernels.available(), reason="Numba is not installed")

RNG = numpy.random.default_rng(0)
SHAPES = [(127, 64), (128, 64), (3, 31, 97)]  # around the 2**13 elements from which kernels serve


def masked(function):
    """With rows of which nothing counts."""

    def call(x):
        mask = np.arange(x.size).reshape(x.shape) % 3 > 0
        mask[0] = False
        y = function(x, mask)
        return y if function is npx.masked_softmax else np.where(mask, y, 0)

    return call


def classes_of(x):
    """A class for each row."""
    return (np.arange(x.size // x.shape[-1]) * 7 % x.shape[-1]).reshape(x.shape[:-1])


def cross_entropy(**attributes):
    return lambda x: npx.softmax_cross_entropy(x, classes_of(x), **attributes)


def picked(**attributes):
    """Of which a few elements count: the cotangent stays sparse."""

    def call(x):
        logs = npx.log_softmax(x, **attributes)
        return npx.pick(logs, classes_of(x)) + logs[..., 3]  # which meets a slice

    return call


def taken_along(x):
    """By a key whose parts broadcast against each other, and that names elements twice."""
    columns = np.stack([classes_of(x), classes_of(x) * 0 + 5, classes_of(x)], axis=-1)
    return np.take_along_axis(npx.log_softmax(x, temperature=0.5), columns, axis=-1)


def indexed(x):
    """By arrays of indices, of which that of columns broadcasts as well."""
    rows = np.indices(x.shape[:-1], dtype="int64")[..., None]
    return npx.log_softmax(x)[(*rows, np.array([3, -1], dtype="int64"))]


def ctc(x):
    x = x if x.ndim == 3 else x[:, None]
    return npx.ctc_loss(x, 1 + classes_of(x[0])[:, None] % (x.shape[-1] - 1))


CASES = {
    "softmax": npx.softmax,
    "log_softmax, taken along": taken_along,
    "log_softmax, indexed": indexed,
    "ctc_loss": ctc,
    "log_softmax, picked": lambda x: npx.pick(npx.log_softmax(x, temperature=0.5), x[..., 0] * 0 + 5),
    "log_softmax, picked twice": picked(),
    "softmax, warm": lambda x: npx.softmax(x, temperature=2.5),
    "log_softmax": npx.log_softmax,
    "log_softmax, warm": lambda x: npx.log_softmax(x, temperature=2.5),
    "masked_softmax": masked(npx.masked_softmax),
    "masked_log_softmax": masked(npx.masked_log_softmax),
    "cross_entropy": cross_entropy(),
    "cross_entropy, smoothed": cross_entropy(label_smoothing=0.2, ignore_label=7),
}


def results(function, values):
    x = np.array(values, dtype=values.dtype)
    x.attach_grad()
    with autograd.record():
        y = function(x)
    weights = np.cos(np.arange(y.size, dtype=y.dtype)).reshape(y.shape)
    y.backward(weights, retain_graph=True)
    first = x.grad.asnumpy()
    y.backward(weights)
    again = x.grad.asnumpy()
    with autograd.record():
        y = function(x)
        slope = autograd.grad(y, x, weights, create_graph=True)
        total = (slope * np.sin(np.arange(x.size, dtype=x.dtype)).reshape(x.shape)).sum()
    total.backward()
    return [y.asnumpy(), first, again, slope.asnumpy(), x.grad.asnumpy()]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("case", CASES)
def test_kernel_and_plain_definition_agree(case, dtype, monkeypatch):
    for shape in SHAPES:
        values = RNG.normal(0, 4, shape).astype(dtype)
        by_kernel = results(CASES[case], values)
        with monkeypatch.context() as patch:
            patch.setattr(kernels, "serves", lambda *arrays, **options: False)
            plain = results(CASES[case], values)
        tolerance = 50 * numpy.finfo(dtype).eps
        for one, other in zip(by_kernel, plain, strict=True):
            assert one.dtype == other.dtype == dtype
            numpy.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance * abs(other).max())


@pytest.mark.parametrize("function", [npx.softmax, npx.log_softmax])
def test_special_values(function, monkeypatch):
    x = numpy.zeros((300, 40), "float32")
    x[0, 3], x[1, 3], x[2, 3], x[3], x[4], x[5] = numpy.nan, numpy.inf, -numpy.inf, -numpy.inf, -1e30, -0.0
    x[6, ::2] = -5
    x[7, 3] = -numpy.nan
    with numpy.errstate(invalid="ignore"):
        by_kernel = function(np.array(x)).asnumpy()
        monkeypatch.setattr(kernels, "serves", lambda *arrays, **options: False)
        numpy.testing.assert_allclose(by_kernel, function(np.array(x)).asnumpy(), rtol=1e-6)


@pytest.mark.parametrize("function", [lambda logs, at: np.take_along_axis(logs, at, 0), lambda logs, at: logs[at]])
def test_elements_of_one_row(function):
    at = np.array([3, 9000, 3], dtype="int64")
    x = np.zeros(10000)
    x.attach_grad()
    with autograd.record():
        y = function(npx.log_softmax(x), at)
    y.backward()
    expected = numpy.full(10000, -3e-4)
    expected[3] += 2
    expected[9000] += 1
    numpy.testing.assert_allclose(x.grad.asnumpy(), expected, rtol=1e-5)


def test_a_loss_of_large_logits_is_accurate():
    x = numpy.full((300, 40), 1e5, "float32")
    x[:, 0] += 1
    loss = npx.softmax_cross_entropy(np.array(x), np.zeros(300)).asnumpy()
    numpy.testing.assert_allclose(loss, numpy.log(1 + 39 * numpy.exp(-1.0)), rtol=1e-6)


def test_nothing_is_kept_while_nothing_is_recorded():
    from mxnet.operators.nn.losses import _cross_entropy

    kept = {}
    _cross_entropy(np.zeros((300, 40)), numpy.zeros(300, int), 1, 0.0, kept)
    assert "powers" not in kept
