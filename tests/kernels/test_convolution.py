"""Kernels of convolution against the plain definition."""

import numpy
import pytest

from mxnet import autograd, kernels, np, npx
from mxnet.operators.nn import convolution, fast_convolution
from mxnet.operators.nn.windows import Windows

pytestmark = pytest.mark.skipif(not kernels.available(), reason="Numba is not installed")

# kind: size, kernel, stride, dilate, pad, groups, channels, filters
CASES = {
    "direct": ("forward", (9, 11), (3, 2), 2, 1, 1, 1, 12, 20),
    "direct, five vectors": ("forward", (8, 8), (1, 1), 1, 1, 0, 1, 9, 70),
    "direct, groups": ("forward", (15,), (3,), 2, 2, 2, 2, 24, 18),
    "direct, three axes": ("forward", (5, 6, 7), (3, 2, 3), 1, 2, 2, 1, 10, 9),
    "direct, large": ("forward", (21, 5), (5, 5), 1, 1, 2, 1, 24, 10),
    "thin": ("thin_forward", (14, 15), (5, 5), 1, 1, 0, 1, 1, 20),
    "thin, depthwise": ("thin_forward", (16, 17), (3, 3), 2, 1, 1, 32, 32, 32),
    "thin, multiplied": ("thin_forward", (40,), (3,), 1, 2, 2, 16, 32, 80),
    "winograd": ("winograd_forward", (14, 12), (3, 3), 1, 1, 1, 1, 16, 20),
    "winograd, unpadded": ("winograd_forward", (7, 9), (3, 3), 1, 1, 0, 1, 33, 16),
    "winograd, five": ("winograd_forward", (12, 11), (5, 5), 1, 1, 0, 1, 20, 17),
    "winograd, five, padded": ("winograd_forward", (7, 20), (5, 5), 1, 1, 3, 1, 16, 40),
    "winograd, padded": ("winograd_forward", (6, 29), (3, 3), 1, 1, 2, 1, 17, 18),
}


def arrays(dtype, size, kernel, stride, dilate, pad, groups, channels, filters, batch=3):
    rng = numpy.random.default_rng(0)
    axes = len(size)
    windows = Windows(size, kernel, *[(n,) * axes for n in (stride, dilate, pad, pad)])
    shapes = (batch, channels, *size), (filters, channels // groups, *kernel), (filters,), (batch, filters, *windows.count)
    return windows, [rng.normal(size=shape).astype(dtype) for shape in shapes]


def assert_near(results, expected, dtype):
    for result, value in zip(results, expected, strict=True):
        assert result.dtype == value.dtype == dtype
        tolerance = 100 * numpy.finfo(dtype).eps
        numpy.testing.assert_allclose(result, value, rtol=0, atol=tolerance * abs(value).max())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("case", CASES)
def test_kernel_and_definition(case, dtype, monkeypatch):
    function, *geometry = CASES[case]
    groups = geometry[5]
    windows, (x, w, b, y) = arrays(dtype, *geometry)
    called = []
    original = getattr(fast_convolution, function)
    monkeypatch.setattr(fast_convolution, function, lambda *a, **k: called.append(function) or original(*a, **k))

    def results():
        return [
            convolution.convolved(x, w, b, windows, groups),
            convolution.convolved(x, w, None, windows, groups),
            convolution.spread(y, w, windows, groups),
            convolution.correlated(x, y, windows, groups),
        ]

    monkeypatch.setattr(fast_convolution, "_LEAST", 0)
    fast = results()
    assert len(called) >= 2
    monkeypatch.setattr(kernels, "serves", lambda *a, **k: False)
    assert_near(fast, results(), dtype)


def gradients(x, w, b, **options):
    """Value, gradients, and the gradients of their squares."""
    x, w, b = (np.array(a, dtype=a.dtype) for a in (x, w, b))
    for a in (x, w, b):
        a.attach_grad()
    with autograd.record():
        y = npx.convolution(x, w, b, num_filter=len(w), **options)
        slopes = autograd.grad((y * y).sum(), [x, w, b], create_graph=True)
        total = sum((slope * slope).sum() for slope in slopes)
    total.backward()
    return [a.asnumpy() for a in (y, *slopes, x.grad, w.grad, b.grad)]


@pytest.mark.parametrize("channels", [1, 8, 16])
@pytest.mark.parametrize("least", [0, 2**40])
def test_second_order(channels, least, monkeypatch):
    """At either side of the switch; thin, direct and Winograd's kernels."""
    _, (x, w, b, _) = arrays("float64", (8, 8), (3, 3), 1, 1, 1, 1, channels, 16)
    expected = gradients(x, w, b, pad=1)
    monkeypatch.setattr(fast_convolution, "_LEAST", least)
    assert_near(gradients(x, w, b, pad=1), expected, "float64")


def test_a_cotangent_that_is_broadcast(monkeypatch):
    monkeypatch.setattr(fast_convolution, "_LEAST", 0)
    x = np.ones((2, 3, 8, 8))
    x.attach_grad()
    with autograd.record():
        y = npx.convolution(x, np.ones((16, 3, 1, 1)), num_filter=16, no_bias=True).sum()
    y.backward()
    assert (x.grad == 16).all()


def test_more_threads_than_images():
    before = kernels.num_threads()
    windows, (x, w, b, _) = arrays("float32", (40, 40), (5, 5), 1, 1, 2, 1, 8, 16, batch=1)
    try:
        results = []
        for threads in (1, 3):
            kernels.set_num_threads(threads)
            results.append(fast_convolution.forward(x, w, b, windows, 1))
    finally:
        kernels.set_num_threads(before)
    numpy.testing.assert_array_equal(*results)
