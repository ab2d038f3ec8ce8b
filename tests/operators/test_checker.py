"""The checker and the comparisons are tested themselves: what is wrong by a little has to be caught."""

import numpy
import pytest

from mxnet import np
from mxnet.core.operator import operator
from mxnet.test_utils import almost_equal, assert_almost_equal, check_numeric_gradient, default_device, rand_ndarray, same

POINTS = [[[0.3, -0.7, 1.1], [0.9, 0.2, -1.3]]]


def cube(factor=1.0, second_factor=1.0):
    """x³ with rules that are off by these factors, at first and at second order."""

    @operator(x=lambda g, x: g * 3 * factor * _square(x))
    def cube(x):
        return x**3

    @operator(x=lambda g, x: g * 2 * second_factor * x)
    def _square(x):
        return x**2

    return cube


def test_right_rule_passes():
    check_numeric_gradient(cube(), POINTS, order=3)


@pytest.mark.parametrize("factor", [1.01, 0.99, 1.0001])
def test_wrong_first_order_is_caught(factor):
    with pytest.raises(AssertionError, match=r"derivative of order 1 .* finite differences give"):
        check_numeric_gradient(cube(factor), POINTS)


@pytest.mark.parametrize("factor", [1.01, 0.99, 1.0001])
def test_wrong_second_order_is_caught(factor):
    check_numeric_gradient(cube(1.0, factor), POINTS, order=1)
    with pytest.raises(AssertionError, match="derivative of order 2"):
        check_numeric_gradient(cube(1.0, factor), POINTS)


def test_second_order_off_in_the_cotangent_is_caught():
    """A rule that does not record what it does with the cotangent loses half of the second order."""

    @operator(x=lambda g, x: np.array(g) * 2 * x if isinstance(g, numpy.ndarray) else g.detach() * 2 * x)
    def square(x):
        return x**2

    check_numeric_gradient(square, POINTS, order=1)
    with pytest.raises(AssertionError, match="derivative of order 2"):
        check_numeric_gradient(lambda x: square(square(x)), POINTS)


def test_one_wrong_element_is_caught():
    wrong = numpy.ones((2, 3))
    wrong[1, 2] = 1.01

    @operator(x=lambda g, x: g * 2 * x * wrong)
    def square(x):
        return x**2

    with pytest.raises(AssertionError, match="derivative of order 1"):
        check_numeric_gradient(square, POINTS, order=1)


def test_missing_term_for_one_input_is_caught():
    @operator(x=lambda g, y: g * y)  # no rule for y
    def product(x, y):
        return x * y

    with pytest.raises(AssertionError, match="derivative of order 1"):
        check_numeric_gradient(product, [[1.0, 2.0], [3.0, 4.0]], order=1)


def test_gradient_of_wrong_shape_is_caught():
    """The sum over what was broadcast is the tape's; a transposed gradient is not repaired."""

    @operator(x=lambda g: g.transpose())
    def nothing(x):
        return x.copy()

    with pytest.raises((AssertionError, ValueError)):
        check_numeric_gradient(nothing, POINTS, order=1)
    with pytest.raises(AssertionError):
        check_numeric_gradient(nothing, [numpy.eye(3) + numpy.arange(9).reshape(3, 3)], order=1)


def test_not_finite_is_refused():
    with pytest.raises(AssertionError, match="input 0 is not finite"):
        check_numeric_gradient(lambda x: x, [[numpy.nan]])
    with pytest.raises(AssertionError, match="not finite"), numpy.errstate(all="ignore"):
        check_numeric_gradient(np.sqrt, [[0.0]])
    with pytest.raises(AssertionError, match="not finite"), numpy.errstate(all="ignore"):
        check_numeric_gradient(np.log, [[-1.0]])


def test_kink_is_pointed_out():
    with pytest.raises(AssertionError, match="a kink"):
        check_numeric_gradient(lambda x: np.maximum(x, 0) + 0.0, [[2e-4]])


def test_a_function_of_raw_arrays_is_refused():
    with pytest.raises(AssertionError, match=r"return arrays of mxnet\.np"):
        check_numeric_gradient(lambda x: x.asnumpy(), POINTS)


@pytest.mark.parametrize("shape", [(), (0,), (2, 0), (1, 1), (20,)])
def test_shapes(shape):
    check_numeric_gradient(lambda x, y: np.sin(x) * y, [numpy.full(shape, 0.5), 2.0])


def test_several_and_integer_results():
    check_numeric_gradient(lambda x: (x * x, np.argmax(x), np.sin(x)), POINTS)
    check_numeric_gradient(np.argmax, POINTS)


def test_constant_and_linear_functions():
    check_numeric_gradient(lambda x, y: 2 * x, [[1.0], [2.0]])
    check_numeric_gradient(lambda x: np.ones(3, dtype="float64"), [[1.0]])


# --- comparisons ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dtype", "rounding", "error"), [("float16", 2e-3, 2e-2), ("float32", 5e-6, 1e-4), ("float64", 1e-11, 1e-9)]
)
def test_tolerance_by_dtype(dtype, rounding, error):
    a = np.array([1.0, -2.0], dtype=dtype)
    assert_almost_equal(a, a * (1 + rounding))
    with pytest.raises(AssertionError):
        assert_almost_equal(a, a * (1 + error))


def test_less_precise_dtype_decides():
    assert_almost_equal(np.array([1 / 3], dtype="float64"), np.array([1 / 3], dtype="float16"))
    assert not almost_equal(np.array([1 / 3], dtype="float64"), np.array([1 / 3], dtype="float16"), rtol=1e-6, atol=0)


def test_integers_compare_exactly():
    big = numpy.array([2**53 + 1])
    assert_almost_equal(big, big.copy())
    assert not almost_equal(big, big - 1)
    assert almost_equal(big, big - 1, rtol=1e-9)
    assert not almost_equal(np.array([True], dtype=bool), np.array([False], dtype=bool))


def test_message_shows_the_worst_element():
    a = numpy.zeros((2, 3))
    b = a.copy()
    b[0, 1], b[1, 2] = 1e-3, 5
    with pytest.raises(AssertionError, match=r"left and right differ at 2 of 6 elements, most at \[1, 2\]: 0.0 and 5.0"):
        assert_almost_equal(a, b, names=("left", "right"))


def test_nan_and_infinity():
    nan, inf = numpy.nan, numpy.inf
    assert almost_equal([inf, -inf, 1], [inf, -inf, 1])
    for other in (-inf, 1e300, nan):
        assert not almost_equal([inf], [other])
        assert not almost_equal([other], [inf])
    assert not almost_equal([nan], [nan])
    assert almost_equal([nan, 1], [nan, 1], equal_nan=True)
    assert not almost_equal([nan, 1], [1, nan], equal_nan=True)
    with pytest.raises(AssertionError, match=r"most at \[1\]: nan and 2.0"):
        assert_almost_equal([0.0, nan], [1.0, 2.0])


def test_shapes_must_agree():
    with pytest.raises(AssertionError, match=r"different shapes: \(2,\) and \(1, 2\)"):
        assert_almost_equal(np.ones(2), np.ones((1, 2)))
    assert_almost_equal(np.ones((2, 3)), 1)
    assert_almost_equal(np.zeros((0, 3)), np.zeros((0, 3)))
    with pytest.raises(AssertionError, match=r"most as numbers: 1.0 and 2"):
        assert_almost_equal(np.ones(()), 2)


def test_same():
    assert same(np.ones(2), [1, 1])
    assert not same(np.ones(2), [1, 1 + 1e-6])
    assert not same(np.ones(2), np.ones((1, 2)))
    assert not same([numpy.nan], [numpy.nan])


def test_rand_ndarray():
    a = rand_ndarray((50, 4))
    assert a.dtype == numpy.float32
    assert abs(a.asnumpy()).max() <= 1
    assert a.asnumpy().std() > 0.4
    assert rand_ndarray((2,), dtype="float64").dtype == numpy.float64
    assert default_device() == a.device
