"""What NumPy computes element by element, shared among threads, and sums of rows: the same as by one thread."""

import numpy
import pytest

import mxnet as mx
from mxnet import autograd, kernels, np

pytestmark = pytest.mark.skipif(not kernels.available(), reason="Numba is not installed")

N = kernels.LARGE + 12_345
RANDOM = numpy.random.RandomState(0)


@pytest.fixture(autouse=True)
def three_threads():
    before = mx.util.get_num_threads()
    mx.util.set_num_threads(3)
    yield
    mx.util.set_num_threads(before)


def large(*shape, dtype="float32"):
    return RANDOM.standard_normal(shape).astype(dtype)


OPERANDS = {
    "of one shape": (large(N), large(N)),
    "float64": (large(N, dtype="float64"), large(N, dtype="float64")),
    "a matrix": (large(3, N), large(3, N)),
    "a number": (large(N), 2.5),
    "an array without axes": (large(N), numpy.float32(2.5).reshape(())),
    "a scalar of NumPy": (large(N), numpy.float64(2.5)),
    "a row": (large(N // 8, 16), large(16)),
    "a column": (large(N // 8, 16), large(N // 8, 1)),
    "a row of a row": (large(1, N), large(N)),
    "another dtype": (large(N), large(N, dtype="float64")),
    "float16": (large(N, dtype="float16"), large(N, dtype="float16")),
    "integers": (numpy.arange(N), numpy.arange(N)),
    "strided": (large(2 * N)[::2], large(2 * N)[::2]),
    "strided beside contiguous": (large(N), large(2 * N)[::2]),
    "small": (large(10), large(10)),
}


@pytest.mark.parametrize("ufunc", [numpy.multiply, numpy.add, numpy.divide], ids=lambda ufunc: ufunc.__name__)
@pytest.mark.parametrize("operands", OPERANDS.values(), ids=OPERANDS)
def test_parts_are_the_whole(ufunc, operands):
    with numpy.errstate(all="ignore"):
        expected = ufunc(*operands)
        result = kernels.in_parts(ufunc, *operands)
    assert (result.dtype, result.shape) == (expected.dtype, expected.shape)
    numpy.testing.assert_array_equal(result, expected)


def test_in_place():
    x, y = large(N), large(N)
    expected = x + y
    assert kernels.in_parts(numpy.add, x, y, x) is x
    numpy.testing.assert_array_equal(x, expected)


@pytest.mark.parametrize("place", [0, N - 1], ids=["first", "last"])
def test_every_thread_heeds_how_the_caller_wants_errors(place):
    x = numpy.ones(N, "float32")
    x[place] = 1e38
    with numpy.errstate(over="ignore"):
        assert kernels.in_parts(numpy.multiply, x, 10.0)[place] == numpy.inf
    with numpy.errstate(over="raise"), pytest.raises(FloatingPointError, match="overflow"):
        kernels.in_parts(numpy.multiply, x, 10.0)


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int64"])
def test_sums_of_rows(dtype):
    a = (3 * large(N // 8, 16)).astype(dtype)
    expected = a.sum(axis=0, dtype="float32" if dtype == "float16" else None)
    numpy.testing.assert_allclose(kernels.sum_of_rows(a), expected, rtol=0, atol=1e-6 * abs(a).sum(axis=0).max())


def test_gradients_of_large_arrays():
    """The product's cotangents, one that is added to another, and that of a row beside many."""
    values, row = large(N // 8, 16), large(16)
    x, b = np.array(values), np.array(row)
    x.attach_grad()
    b.attach_grad()
    with autograd.record():
        y = x * x * 0.5 + x * b + b
    y.backward(np.ones_like(y))
    numpy.testing.assert_allclose(x.grad.asnumpy(), values + row, rtol=1e-6, atol=1e-6)
    expected = values.sum(axis=0, dtype="float64") + len(values)
    numpy.testing.assert_allclose(b.grad.asnumpy(), expected, rtol=1e-4)


def test_a_large_bias():
    x, w, b = np.array(large(N // 8, 4)), np.array(large(16, 4)), np.array(large(16))
    y = mx.npx.fully_connected(x, w, b, no_bias=False)
    numpy.testing.assert_allclose(y.asnumpy(), x.asnumpy() @ w.asnumpy().T + b.asnumpy(), rtol=1e-5, atol=1e-5)


def test_second_derivatives_of_large_arrays():
    """Rules that record themselves get arrays, and not raw ones."""
    values = large(N) / 4
    x = np.array(values)
    x.attach_grad()
    with autograd.record():
        slope = autograd.grad(np.exp(x) * x, x, create_graph=True)
    slope.backward()
    numpy.testing.assert_allclose(x.grad.asnumpy(), numpy.exp(values) * (values + 2), rtol=1e-5, atol=1e-6)
