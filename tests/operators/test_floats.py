"""The parts of floats, and pairs of results: what the rows of the table, with one dtype and finite numbers, leave out."""

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mxnet import autograd, np
from mxnet.test_utils import check_numeric_gradient

nan, inf = numpy.nan, numpy.inf
FLOATS = ["float16", "float32", "float64"]
INTEGERS = ["bool", "uint8", "int8", "int32", "int64"]
SPECIAL = [0.0, -0.0, 1.0, -1.5, 1e-7, -6e4, nan, inf, -inf]

any_floats = arrays("float64", st.integers(0, 4), elements=st.floats(allow_nan=False, allow_infinity=False))


def assert_same(results, expected):
    for result, value in zip(results, expected, strict=True):
        assert isinstance(result, np.ndarray)
        numpy.testing.assert_array_equal(result.asnumpy(), value, strict=True)
        numpy.testing.assert_array_equal(numpy.signbit(result.asnumpy()), numpy.signbit(value))


def gradient(f, values, head=None, **options):
    x = np.array(values, dtype="float64")
    x.attach_grad()
    with autograd.record():
        return autograd.grad(f(x), x, head, **options).tolist()


# --- divmod ---------------------------------------------------------------------------------------------------------------------

DIVIDENDS, DIVISORS = [-7, -6, -1, 0, 1, 6, 7], [3, -3, 2, 5, -2, 4, -7]


@pytest.mark.parametrize("dtype", [*FLOATS, "int8", "int32", "int64"])
def test_divmod(dtype):
    x, y = numpy.array(DIVIDENDS, dtype), numpy.array(DIVISORS, dtype)
    for function in (np.divmod, numpy.divmod):
        assert_same(function(np.array(x, dtype=dtype), np.array(y, dtype=dtype)), numpy.divmod(x, y))
        assert_same(function(np.array(x, dtype=dtype), 3), numpy.divmod(x, 3))
        assert_same(function(-7, np.array(y, dtype=dtype)), numpy.divmod(-7, y))


def test_divmod_broadcasts():
    x, y = numpy.array([[-7.0], [8.0]]), numpy.array([2.0, 3.0, -2.5])
    assert_same(np.divmod(np.array(x, dtype="float64"), np.array(y, dtype="float64")), numpy.divmod(x, y))
    assert np.divmod(7, 3) == (2, 1)
    assert [x.shape for x in np.divmod(np.zeros((0, 2)), np.ones(2))] == [(0, 2), (0, 2)]


def test_gradient_of_divmod():
    """The quotient is constant where it has a derivative; the remainder x - y·(x // y) is not."""
    check_numeric_gradient(lambda x, y: np.divmod(x, y)[1], [[-7.3, 7.1, 2.2], [3.0, -2.5, 4.0]])
    x, y = np.array([-7.3, 7.1]), np.array([3.0, -2.5])
    for operand in (x, y):
        operand.attach_grad()
    with autograd.record():
        quotient, remainder = np.divmod(x, y)
        total = 10 * quotient + remainder
    total.backward()
    assert x.grad.tolist() == [1, 1]
    assert y.grad.tolist() == [3, 3]


# --- float_power ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", FLOATS)
def test_float_power(dtype):
    """float64 whatever comes, so that nothing overflows on the way."""
    x = np.array([2, 300, 0.5], dtype=dtype)
    for other in (np.array([-1, 15, 3], dtype=dtype), 20, np.array([2, -3, 1], dtype="int32")):
        result = np.float_power(x, other)
        expected = numpy.float_power(x.asnumpy(), other.asnumpy() if isinstance(other, np.ndarray) else other)
        assert result.dtype == "float64"
        numpy.testing.assert_allclose(result.asnumpy(), expected, rtol=1e-15)
    x.attach_grad()
    with autograd.record():
        y = np.float_power(x, 2)
    y.backward()
    assert x.grad.dtype == dtype
    assert x.grad.tolist() == [4, 600, 1]


@pytest.mark.parametrize("exponent", [0.0, 1.0, 2.0, 3.0])
def test_float_power_of_zero_and_negative_numbers(exponent):
    check_numeric_gradient(lambda x: np.float_power(x, exponent), [[0.0, -1.5, 2.0]])
    assert gradient(lambda x: np.float_power(x, exponent), [0.0]) == [1.0 if exponent == 1 else 0.0]


# --- modf and frexp -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("f", ["modf", "frexp"])
@pytest.mark.parametrize("dtype", FLOATS)
def test_parts_of_special_values(f, dtype):
    x = numpy.array(SPECIAL, dtype)
    assert_same(getattr(np, f)(np.array(x, dtype=dtype)), getattr(numpy, f)(x))
    assert_same(getattr(np, f)(np.array(x[3])), getattr(numpy, f)(x[3:4].reshape(())))


@pytest.mark.parametrize("dtype", INTEGERS)
def test_parts_of_integers(dtype):
    """In the default float dtype."""
    x = numpy.array([0, 1, 100], dtype)
    for f in ("modf", "frexp"):
        assert_same(getattr(np, f)(np.array(x, dtype=dtype)), getattr(numpy, f)(x.astype("float32")))


@given(any_floats)
def test_parts_make_up_the_whole(values):
    x = np.array(values, dtype="float64")
    fraction, whole = np.modf(x)
    assert (fraction + whole).tolist() == values.tolist()
    assert (np.trunc(whole) == whole).all()
    mantissa, exponent = np.frexp(x)
    assert np.ldexp(mantissa, exponent).tolist() == values.tolist()
    assert ((abs(mantissa) >= 0.5) | (x == 0)).all()
    assert (abs(mantissa) < 1).all()


def test_gradients_of_parts():
    """The whole part and the exponent are constant where they have derivatives."""
    assert gradient(lambda x: np.modf(x)[0], [1.5, -2.25]) == [1, 1]
    assert gradient(lambda x: np.modf(x)[1] + 0 * x, [1.5, -2.25]) == [0, 0]
    assert gradient(lambda x: np.modf(x)[0] * np.modf(x)[1], [1.5, -2.25]) == [1, -2]
    assert gradient(lambda x: np.frexp(x)[0], [0.0, 3.0, -12.0]) == [1, 1 / 4, 1 / 16]


@pytest.mark.parametrize("create_graph", [False, True])
def test_gradient_of_frexp_far_out(create_graph):
    """A power of two that float32 does not hold."""
    values = [2.0**200 * 1.5, 2.0**-200 * 1.5, 2.0**1023]
    expected = [2.0**-201, 2.0**199, 2.0**-1024]
    assert gradient(lambda x: np.frexp(x)[0], values, create_graph=create_graph) == expected


# --- spacing --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", FLOATS)
def test_spacing(dtype):
    x = numpy.array([0, 1, -1, 1000, 6e4, 1e-7], dtype)
    assert_same([np.spacing(np.array(x, dtype=dtype))], [numpy.spacing(x)])
    assert gradient(np.spacing, [1.0, -2.0], create_graph=True) == [0, 0]


@pytest.mark.parametrize("dtype", INTEGERS)
def test_spacing_of_integers(dtype):
    """That of the default float."""
    assert_same([np.spacing(np.ones(2, dtype=dtype))], [numpy.spacing(numpy.ones(2, "float32"))])


# --- nan_to_num -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("options", [{}, {"nan": 2.5}, {"posinf": 8}, {"neginf": -9.5}, {"nan": -1, "posinf": 2, "neginf": 3}])
def test_nan_to_num(dtype, options):
    """By default infinities become the largest number of the very dtype."""
    x = numpy.array(SPECIAL, dtype)
    y = np.array(x, dtype=dtype)
    assert_same([np.nan_to_num(y, **options)], [numpy.nan_to_num(x, **options)])
    assert_same([y], [x])


@pytest.mark.parametrize("dtype", INTEGERS)
def test_nan_to_num_of_integers(dtype):
    x = numpy.array([0, 1, 100], dtype)
    assert_same([np.nan_to_num(np.array(x, dtype=dtype), nan=7)], [x])


def test_gradient_of_nan_to_num():
    """What was replaced is a constant, and what made it NaN has no gradient either."""
    assert gradient(np.nan_to_num, [1.0, nan, inf, -inf, -2.0]) == [1, 0, 0, 0, 1]
    with numpy.errstate(all="ignore"):
        assert gradient(lambda x: np.nan_to_num(np.log(x), neginf=0), [0.0, -1.0, 2.0]) == [0, 0, 0.5]
        assert gradient(lambda x: np.nan_to_num(np.sqrt(x) / x), [0.0, 4.0]) == [0, -1 / 16]


def test_nan_to_num_in_place():
    x = np.array([1.0, nan])
    assert np.nan_to_num(x, copy=False, nan=3) is x
    assert x.tolist() == [1, 3]
    x.attach_grad()
    with autograd.record():
        y = x * np.array([1.0, inf])
        assert np.nan_to_num(y, copy=False, posinf=7) is y
    y.backward()
    assert (y.tolist(), x.grad.tolist()) == ([1, 7], [1, 0])
    with pytest.raises(TypeError, match="nan_to_num: "):
        np.nan_to_num([1.0], copy=False)


# --- isclose --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"equal_nan": True}, {"rtol": 0.0, "atol": 0.0}, {"atol": 2.5}, {"rtol": 0.5}])
def test_isclose(options):
    values = numpy.array([*SPECIAL, 1.0 + 5e-6, 1.0 + 5e-5, 1e-9], "float64")
    a, b = numpy.meshgrid(values, values)
    with numpy.errstate(invalid="ignore"):
        expected = numpy.isclose(a, b, **options)
        for function in (np.isclose, numpy.isclose):
            assert_same([function(np.array(a, dtype="float64"), np.array(b, dtype="float64"), **options)], [expected])


def test_isclose_of_numbers_lists_and_recorded_arrays():
    assert np.isclose(np.ones(2), 1).tolist() == [True, True]
    assert np.isclose([1, 2], np.array([1, 3])).tolist() == [True, False]
    assert np.isclose(np.ones((0, 2)), np.ones(2)).shape == (0, 2)
    x = np.ones(2)
    x.attach_grad()
    with autograd.record():
        y = np.where(np.isclose(x, 1), 3 * x, x)
    y.backward()
    assert x.grad.tolist() == [3, 3]
