"""The kernel of dropout against the plain definition: the same mask, bit for bit."""

import numpy
import pytest

from mxnet import autograd, kernels, np, npx

pytestmark = pytest.mark.skipif(not kernels.available(), reason="Numba is not installed")


def results(values, p):
    x = np.array(values, dtype=values.dtype)
    x.attach_grad()
    np.random.seed(5)
    with autograd.record():
        y = npx.dropout(x, p=p)
    y.backward()
    first = x.grad.asnumpy()
    np.random.seed(5)
    with autograd.record():
        slope = autograd.grad(npx.dropout(x * x, p=p), x, create_graph=True)
    slope.backward()
    return [y.asnumpy(), first, slope.asnumpy(), x.grad.asnumpy()]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("p", [0.1, 0.999999])
def test_kernel_and_plain_definition_agree(dtype, p, monkeypatch):
    for shape in [(8191,), (8192,), (3, 4099)]:  # around the switch; an odd number of elements, and blocks that are not full
        values = numpy.random.default_rng(0).normal(size=shape).astype(dtype)
        by_kernel = results(values, p)
        with monkeypatch.context() as patch:
            patch.setattr(kernels, "serves", lambda *arrays, **options: False)
            plain = results(values, p)
        for one, other in zip(by_kernel, plain, strict=True):
            assert one.dtype == other.dtype == dtype
            numpy.testing.assert_array_equal(one, other)
