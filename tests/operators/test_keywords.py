"""The keywords of elementwise operators, `where=` and `dtype=`, against NumPy's."""

import numpy
import pytest

from mxnet import autograd, np
from mxnet.test_utils import check_numeric_gradient

MASK = numpy.array([True, False, True])


def data(dtype="float64"):
    return numpy.array([1, 2, 3], dtype), numpy.array([[4], [5]], dtype)


@pytest.mark.parametrize("function", [numpy.add, numpy.power, numpy.arctan2, numpy.less])
def test_where(function):
    a, b = data()
    out = numpy.full((2, 3), 7, function(a, b).dtype)
    x, y = np.array(a, dtype=a.dtype), np.array(b, dtype=b.dtype)
    ours = getattr(np, function.__name__)
    expected = function(a, b, where=MASK, out=out.copy())
    for called in (ours, function):
        target = np.array(out, dtype=out.dtype)
        assert called(x, y, where=MASK, out=target) is target
        numpy.testing.assert_array_equal(target.asnumpy(), expected, strict=True)
    numpy.testing.assert_array_equal(ours(x, y, where=MASK).asnumpy(), numpy.where(MASK, function(a, b), 0))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "complex64"])
def test_dtype(dtype):
    a, b = data("int64")
    x, y = np.array(a, dtype="int64"), np.array(b, dtype="int64")
    for called in (np.multiply, numpy.multiply):
        numpy.testing.assert_array_equal(called(x, y, dtype=dtype).asnumpy(), numpy.multiply(a, b, dtype=dtype), strict=True)
    numpy.testing.assert_array_equal(np.sin(x, dtype=dtype).asnumpy(), numpy.sin(a.astype(dtype)), strict=True)
    assert np.add(x, 1, dtype=dtype).dtype == dtype
    assert np.add([1, 2], 1, dtype=dtype).dtype == dtype


def test_dtype_refuses_what_numpy_refuses():
    x = np.array([1.5])
    with pytest.raises(TypeError, match=r"add: an operand is float32, which dtype=int64 cannot hold"):
        np.add(x, x, dtype="int64")
    with pytest.raises(TypeError, match="arrays hold"):
        np.exp(x, dtype="U3")


def test_gradients_through_where_and_out():
    check_numeric_gradient(lambda x: np.exp(x, where=MASK), [data()[0]])
    check_numeric_gradient(lambda x, y: np.multiply(x, y, where=MASK), list(data()))

    def into_out(x, y):
        out = np.sin(x) + np.zeros((2, 3), dtype="float64")
        return np.multiply(x, y, where=MASK, out=out)

    check_numeric_gradient(into_out, list(data()))


def test_what_where_leaves_out_has_no_gradient_even_where_it_is_infinite():
    x = np.array([4.0, 0.0, -1.0])
    x.attach_grad()
    with autograd.record():
        y = np.sqrt(x, where=x > 0)
    y.backward()
    assert y.tolist() == [2, 0, 0]
    assert x.grad.tolist() == [0.25, 0, 0]
