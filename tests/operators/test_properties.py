"""What holds for any shapes and numbers: linearity, the product rule, broadcasting, round trips, dtypes."""

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, mutually_broadcastable_shapes

from mxnet import autograd, np, npx
from mxnet.test_utils import assert_almost_equal

numbers = st.floats(-4, 4, allow_subnormal=False)
shapes = array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
tensors = shapes.flatmap(lambda shape: arrays("float64", shape, elements=numbers))
pairs = shapes.flatmap(lambda shape: st.tuples(*[arrays("float64", shape, elements=numbers)] * 2))
triples = shapes.flatmap(lambda shape: st.tuples(*[arrays("float64", shape, elements=numbers)] * 3))

# Smooth functions whose result has the shape of the operand.
FUNCTIONS = {
    "sin": np.sin,
    "exp": np.exp,
    "polynomial": lambda x: x * x * 3 - x,
    "sigmoid": npx.sigmoid,
    "softmax": lambda x: npx.softmax(x, axis=-1) if x.ndim else x * 1,
    "tanh of cumsum": lambda x: np.tanh(np.cumsum(x)).reshape(x.shape),
    "normalised": lambda x: x / (1 + (x * x).sum()),
    "flip": lambda x: np.flip(x) * x,
}
functions = st.sampled_from(sorted(FUNCTIONS)).map(FUNCTIONS.get)

BINARY = {f.__name__: f for f in (np.add, np.subtract, np.multiply, np.divide, np.maximum, np.arctan2, np.hypot)}


def variable(value):
    x = np.array(value, dtype="float64")
    x.attach_grad()
    return x


def gradient(f, value, head=None):
    x = variable(value)
    with autograd.record():
        y = f(x)
    return autograd.grad(y, x, None if head is None else np.array(head, dtype="float64")).asnumpy()


def assert_close(a, b):
    scale = 1 + max(abs(a).max(initial=0), abs(b).max(initial=0))
    assert_almost_equal(a, b, rtol=0, atol=1e-12 * scale)


@given(functions, triples, numbers, numbers)
def test_linear_in_the_cotangent(f, values, a, b):
    x, u, v = values
    assert_close(gradient(f, x, a * u + b * v), a * gradient(f, x, u) + b * gradient(f, x, v))


@given(functions, functions, tensors)
def test_gradient_of_a_sum(f, g, x):
    assert_close(gradient(lambda x: f(x) + g(x), x), gradient(f, x) + gradient(g, x))


@given(functions, functions, tensors)
def test_product_rule(f, g, x):
    raw = np.array(x, dtype="float64")
    expected = gradient(f, x, g(raw).asnumpy()) + gradient(g, x, f(raw).asnumpy())
    assert_close(gradient(lambda x: f(x) * g(x), x), expected)


@given(functions, functions, pairs)
def test_chain_rule(f, g, values):
    """The cotangent of f(g(x)) is that of g, of that of f."""
    x, head = values
    inner = g(np.array(x, dtype="float64")).asnumpy()
    assert_close(gradient(lambda x: f(g(x)), x, head), gradient(g, x, gradient(f, inner, head)))


@given(functions, triples)
def test_second_derivatives_commute(f, values):
    """u·H·v = v·H·u, H being the matrix of second derivatives of a weighted sum."""
    x, u, v = values
    weights = np.array(numpy.cos(numpy.arange(x.size)).reshape(x.shape), dtype="float64")

    def slope(x, direction):
        g = autograd.grad((f(x) * weights).sum() + 0 * x.sum(), x, create_graph=True)
        return (g * np.array(direction, dtype="float64")).sum() + 0 * x.sum()

    one = (gradient(lambda x: slope(x, u), x) * v).sum()
    other = (gradient(lambda x: slope(x, v), x) * u).sum()
    assert_close(one, other)


@given(st.sampled_from(sorted(BINARY)), mutually_broadcastable_shapes(num_shapes=2, max_dims=3, min_side=0, max_side=3), st.data())
def test_gradients_have_the_shapes_of_the_operands(name, broadcast, data):
    """And they are the gradients of the operands spelled out, summed over what was stretched."""
    f = BINARY[name]
    magnitudes = st.floats(0.5, 4)
    values = [data.draw(arrays("float64", shape, elements=magnitudes)) for shape in broadcast.input_shapes]
    x, y = map(variable, values)
    with autograd.record():
        z = f(x, y)
    assert z.shape == broadcast.result_shape
    z.backward()
    assert (x.grad.shape, y.grad.shape) == (x.shape, y.shape)
    spelled = [variable(numpy.broadcast_to(value, broadcast.result_shape)) for value in values]
    with autograd.record():
        z = f(*spelled)
    z.backward()
    for short, long in zip((x, y), spelled, strict=True):
        extra = long.ndim - short.ndim
        axes = tuple(range(extra)) + tuple(extra + i for i, n in enumerate(short.shape) if n == 1)
        assert_close(short.grad.asnumpy(), long.grad.asnumpy().sum(axis=axes).reshape(short.shape))


# --- round trips ----------------------------------------------------------------------------------------------------------------


def assert_identity(f, value, head):
    x = variable(value)
    with autograd.record():
        y = f(x)
    numpy.testing.assert_array_equal(y.asnumpy(), value)
    numpy.testing.assert_array_equal(autograd.grad(y, x, np.array(head, dtype="float64")).asnumpy(), head)


@given(pairs, st.data())
def test_transposing_back(values, data):
    x, head = values
    axes = data.draw(st.permutations(range(x.ndim)))
    assert_identity(lambda x: x.transpose(axes).transpose(numpy.argsort(axes).tolist()), x, head)


@given(pairs)
def test_reshaping_back(values):
    x, head = values
    assert_identity(lambda x: x.reshape(-1).reshape(x.shape) if x.size else x.reshape(x.size).reshape(x.shape), x, head)


@given(pairs.filter(lambda values: values[0].ndim), st.data())
def test_other_round_trips(values, data):
    x, head = values
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    shift = data.draw(st.integers(-5, 5))
    assert_identity(lambda x: np.flip(np.flip(x, axis), axis), x, head)
    assert_identity(lambda x: np.roll(np.roll(x, shift, axis), -shift, axis), x, head)
    assert_identity(lambda x: np.moveaxis(np.moveaxis(x, axis, 0), 0, axis), x, head)
    assert_identity(lambda x: np.squeeze(np.expand_dims(x, axis), axis), x, head)
    assert_identity(lambda x: np.concatenate(np.split(x, [1], axis), axis), x, head)
    order = numpy.argsort(x, axis=axis, kind="stable")
    back = numpy.argsort(order, axis=axis)
    assert_identity(lambda x: np.take_along_axis(np.sort(x, axis), np.array(back, dtype="int64"), axis), x, head)


# --- dtypes: section 2 of the behaviour table -------------------------------------------------------------------------------------

DTYPES = ("bool", "uint8", "int8", "int32", "int64", "float16", "float32", "float64")


def promoted(a, b):
    """An integer meets a float: the float's dtype. Otherwise NumPy's rule."""
    kinds = {numpy.dtype(a).kind in "f", numpy.dtype(b).kind in "f"}
    if kinds == {True, False}:
        return a if numpy.dtype(a).kind == "f" else b
    return numpy.result_type(a, b)


@pytest.mark.parametrize("a", DTYPES)
@pytest.mark.parametrize("b", DTYPES)
@pytest.mark.parametrize("shape", [(), (2,)])
def test_promotion_of_arrays(a, b, shape):
    x, y = np.ones(shape, dtype=a), np.ones(shape, dtype=b)
    expected = promoted(a, b)
    for f in (np.add, np.multiply, np.maximum, np.minimum):
        assert f(x, y).dtype == expected, f
    if expected != "bool":
        assert np.subtract(x, y).dtype == expected
    if "bool" not in (a, b):
        for f in (np.floor_divide, np.remainder, np.power, np.fmod):
            assert f(x, y).dtype == expected, f
    assert np.divide(x, y).dtype == (expected if numpy.dtype(expected).kind == "f" else "float32")
    assert np.equal(x, y).dtype == "bool"
    assert np.less(x, y).dtype == "bool"
    assert np.where(np.ones(shape, dtype=bool), x, y).dtype == expected
    if shape:
        assert np.concatenate([x, y]).dtype == expected
        assert np.stack([x, y]).dtype == expected
        assert np.dot(x, y).dtype == expected
        assert np.matmul(x, y).dtype == expected


@pytest.mark.parametrize("dtype", DTYPES)
def test_scalars_are_weak(dtype):
    x = np.ones(2, dtype=dtype)
    floating = x.dtype.kind == "f"
    assert (x * 2.5).dtype == (dtype if floating else "float32")
    assert (2.5 + x).dtype == (dtype if floating else "float32")
    assert (x / 2).dtype == (dtype if floating else "float32")
    assert np.where(x > 1, x, 0.5).dtype == np.where(x > 1, 0.5, x).dtype == (dtype if floating else "float32")
    if dtype != "bool":
        assert (x * 2).dtype == dtype
        assert (2 - x).dtype == dtype
        assert (x**2).dtype == dtype
    assert (x == 1).dtype == "bool"


def test_integers_wrap_around():
    assert (np.array([1], dtype="uint8") + 300).tolist() == [45]


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int8", "int32", "int64"])
@pytest.mark.parametrize("f", [np.exp, np.sqrt, np.sin, np.tanh, np.mean, np.std, npx.softmax, npx.sigmoid, np.linalg.norm])
def test_floating_functions_of_integers(f, dtype):
    """The default float, by whatever the integer's width."""
    assert f(np.ones(3, dtype=dtype)).dtype == "float32"


@given(tensors)
def test_constants_of_numpy_keep_their_dtype(x):
    assert (np.ones((), dtype="float32") + x).dtype == "float64"
    assert (x + np.ones((), dtype="float32")).dtype == "float64"
    assert isinstance(x * np.ones((), dtype="float32"), np.ndarray)
