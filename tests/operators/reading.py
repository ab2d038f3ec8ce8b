"""What reading a part of an array is compared with: NumPy's value, and gradients that put back what was read."""

import numpy

from mxnet import autograd, np


def mx(values, dtype="int64"):
    return np.array(values, dtype=dtype)


def numbers(shape, start=1.0):
    """Small whole numbers, all different: sums and products of them are exact."""
    return numpy.arange(start, start + numpy.prod(shape, dtype=int)).reshape(shape)


def variable(values):
    x = np.array(values, dtype="float64")
    x.attach_grad()
    return x


def scattered(values, key, shape):
    """Zeros of `shape`, plus `values` at `key`."""
    result = numpy.zeros(shape)
    numpy.add.at(result, key, values)
    return result


def assert_reads(read, key, values):
    """`read(x)` is `values[key]`, for a key of NumPy; and so are its gradients of first and second order."""
    expected = values[key]
    x, w = variable(values), variable(numbers(expected.shape, 2.0))
    with autograd.record():
        y = read(x)
        slope = autograd.grad(y * y * w, x, create_graph=True)  # 2xw, summed over the places where an element was read
        z = (slope * numbers(values.shape, 3.0)).sum()
    assert isinstance(y, np.ndarray)
    assert y.dtype == "float64"
    numpy.testing.assert_array_equal(y.asnumpy(), expected, strict=True)
    numpy.testing.assert_array_equal(slope.asnumpy(), scattered(2 * expected * w.asnumpy(), key, values.shape), strict=True)
    z.backward()
    along = numbers(values.shape, 3.0)[key]
    numpy.testing.assert_array_equal(x.grad.asnumpy(), scattered(2 * w.asnumpy() * along, key, values.shape), strict=True)
    numpy.testing.assert_array_equal(w.grad.asnumpy(), 2 * expected * along, strict=True)


# In what users carry indices and masks.
CARRIERS = {
    "list": lambda a: a.tolist(),
    "numpy": lambda a: a,
    "mx": lambda a: mx(a, a.dtype),
    "float": lambda a: mx(a, a.dtype if a.dtype == bool else "float32"),
}
