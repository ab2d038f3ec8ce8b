"""Kernels of pooling against the plain definition."""

import numpy
import pytest

from mxnet import autograd, kernels, np, npx

pytestmark = pytest.mark.skipif(not kernels.available(), reason="Numba is not installed")

CASES = [
    ((4, 8, 16, 17), {"kernel": 2, "stride": 2}),
    ((4, 8, 15, 18), {"kernel": 3, "stride": 2, "pad": 1}),
    ((4, 8, 15, 18), {"kernel": (3, 2), "stride": (1, 3), "pad": (2, 0), "pooling_convention": "full"}),
    ((4, 8, 300), {"kernel": 3, "stride": 5, "pooling_convention": "full"}),
    ((4, 8, 6, 7, 8), {"kernel": (2, 3, 2), "pad": 1}),
    ((32, 16, 16), {"kernel": 2}),
    ((32, 16, 15), {"kernel": 2}),
    ((4, 8, 16, 16), {"global_pool": True}),
]


def results(x, **options):
    """Value, gradient, and gradient of its square."""
    x = np.array(x, dtype=x.dtype)
    x.attach_grad()
    with autograd.record():
        y = npx.pooling(x, **options)
        finite = np.where(np.isfinite(y), y, 0)
        (slope,) = autograd.grad((finite**3).sum(), [x], create_graph=True)
        total = (slope**2).sum()
    total.backward()
    return [a.asnumpy() for a in (y, slope, x.grad)]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("shape", "options"), CASES)
def test_max_pooling(shape, options, dtype, monkeypatch):
    x = numpy.random.default_rng(0).integers(-9, 9, shape).astype(dtype)
    x.reshape(-1)[::50] = numpy.nan
    x.reshape(-1)[::51] = -numpy.inf
    fast = results(x, **options)
    monkeypatch.setattr(kernels, "serves", lambda *a, **k: False)
    for result, value in zip(fast, results(x, **options), strict=True):
        assert result.dtype == value.dtype == dtype
        numpy.testing.assert_array_equal(result, value)


def test_regions(monkeypatch):
    rng = numpy.random.default_rng(0)
    x = np.array(rng.normal(size=(2, 8, 24, 25)))
    rois = numpy.concatenate([rng.integers(-1, 2, (20, 1)), rng.uniform(-5, 30, (20, 4))], axis=1)
    fast = npx.roi_pooling(x, rois, (3, 4), 0.8)
    monkeypatch.setattr(kernels, "serves", lambda *a, **k: False)
    numpy.testing.assert_array_equal(fast.asnumpy(), npx.roi_pooling(x, rois, (3, 4), 0.8).asnumpy())
