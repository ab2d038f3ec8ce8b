"""Where a derivative does not exist, or hides behind a `where`: the gradients are finite, and the ones that are documented."""

import numpy
import pytest

from mxnet import autograd, np, npx
from mxnet.test_utils import check_numeric_gradient

inf, nan = numpy.inf, numpy.nan


def gradients(f, *values, head=None):
    """The gradients of f(*values), in float64, as lists of numbers."""
    arrays = [np.array(value, dtype="float64") for value in values]
    for array in arrays:
        array.attach_grad()
    with numpy.errstate(all="ignore"):
        with autograd.record():
            y = f(*arrays)
        y.backward(None if head is None else np.array(head, dtype="float64"))
    return [array.grad.tolist() for array in arrays]


def gradient(f, value, head=None):
    (result,) = gradients(f, value, head=head)
    return result


def second(f, value):
    """The gradient of the sum of the gradient."""
    x = np.array(value, dtype="float64")
    x.attach_grad()
    with numpy.errstate(all="ignore"):
        with autograd.record():
            slope = autograd.grad(f(x), x, create_graph=True)
            total = slope.sum() + 0 * x.sum()
        total.backward()
    return x.grad.tolist()


# --- norms and roots ----------------------------------------------------------------------------------------------------------


def test_norm_of_zero():
    assert gradient(np.linalg.norm, [0, 0, 0]) == [0, 0, 0]
    assert gradient(lambda x: np.linalg.norm(x, axis=1), [[0, 0], [3, 4]]) == [[0, 0], [0.6, 0.8]]


@pytest.mark.parametrize("order", [1, 2, 3])
def test_norm_of_zero_of_any_order(order):
    assert gradient(lambda x: np.linalg.norm(x, ord=order, axis=0), [0, 0]) == [0, 0]


def test_second_order_of_norm_beside_zero_rows():
    """The row that is zero leaves the others alone."""
    with_zero = second(lambda x: np.linalg.norm(x, axis=1), [[0.0, 0.0], [3.0, 4.0]])
    assert with_zero[1] == pytest.approx(second(lambda x: np.linalg.norm(x), [3.0, 4.0]), abs=1e-15)
    assert numpy.isfinite(with_zero).all()


def test_hypot_and_arctan2_of_zeros():
    assert gradients(np.hypot, [0.0, 3.0], [0.0, 4.0]) == [[0, 0.6], [0, 0.8]]
    assert gradients(np.arctan2, [0.0, 3.0], [0.0, 4.0]) == [[0, pytest.approx(0.16)], [0, pytest.approx(-0.12)]]


def test_std_of_equal_elements():
    assert gradient(np.std, [2.0, 2.0, 2.0]) == [0, 0, 0]
    assert gradient(np.var, [2.0, 2.0, 2.0]) == [0, 0, 0]


def test_sqrt_and_log_at_zero_are_infinite():
    """No `where` hides them: the derivative is what it is."""
    assert gradient(np.sqrt, [0.0, 4.0]) == [inf, 0.25]
    assert gradient(np.log, [0.0, 4.0]) == [inf, 0.25]
    assert gradient(lambda x: x**0.5, [0.0, 4.0]) == [inf, 0.25]


# --- what a where hides -------------------------------------------------------------------------------------------------------

HIDDEN = {
    "sqrt": (np.sqrt, [0.0, -1.0], 4.0, 0.25),
    "log": (np.log, [0.0, -1.0], 4.0, 0.25),
    "x log x": (lambda x: x * np.log(x), [0.0, -1.0], 1.0, 1.0),
    "1/x": (lambda x: 1 / x, [0.0], 2.0, -0.25),
    "1/x - 1/x": (lambda x: 1 / x - 1 / x + x, [0.0], 2.0, 1.0),
    "reciprocal": (np.reciprocal, [0.0], 2.0, -0.25),
    "log(1 - x)": (lambda x: np.log(1 - x), [1.0, 2.0], 0.5, -2.0),
    "arcsin": (np.arcsin, [1.0, -1.0, 3.0], 0.0, 1.0),
    "power": (lambda x: x**0.5, [0.0, -1.0], 4.0, 0.25),
    "power of itself": (lambda x: x**x, [0.0, -1.5], 1.0, 1.0),
    "exp overflow": (np.exp, [1e4], 0.0, 1.0),
    "chain": (lambda x: np.sin(np.sqrt(x * x - 1) * 3) + x, [0.0, 1.0], None, None),
    "nan itself": (lambda x: 2 * x, [nan, inf, -inf], 3.0, 2.0),
    "product with nan": (lambda x: x * np.log(x) * np.sqrt(x), [nan, -2.0, 0.0], 1.0, 1.0),
    "sum over nothing finite": (lambda x: np.log(x) + np.sqrt(x) - np.log(x), [0.0, -3.0], 4.0, 0.25),
    "cbrt": (np.cbrt, [0.0], 1.0, 1 / 3),
    "tangled": (lambda x: np.exp(np.log(x)) / x, [0.0, -1.0], 2.0, 0.0),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_where_hides_it(name):
    f, bad, good, slope = HIDDEN[name]
    values = [good if good is not None else 2.0, *bad]
    keep = np.array([True] + [False] * len(bad), dtype=bool)
    result = gradient(lambda x: np.where(keep, f(x), 0), values)
    assert result[1:] == [0] * len(bad)
    assert numpy.isfinite(result[0])
    if slope is not None:
        assert result[0] == pytest.approx(slope, abs=1e-12)
    assert gradient(lambda x: np.where(~keep, x, f(x)), values)[1:] == [1] * len(bad)


@pytest.mark.parametrize("name", HIDDEN)
def test_where_hides_it_at_second_order(name):
    f, bad, good, _ = HIDDEN[name]
    values = [good if good is not None else 2.0, *bad]
    keep = np.array([True] + [False] * len(bad), dtype=bool)
    result = second(lambda x: np.where(keep, f(x), 0), values)
    assert result[1:] == [0] * len(bad)
    assert result[0] == pytest.approx(second(lambda x: f(x), values[:1])[0], rel=1e-9, abs=1e-9)


def test_where_with_a_condition_of_the_variable():
    assert gradient(lambda x: np.where(x > 0, np.sqrt(x), 0), [0.0, 4.0, -1.0]) == [0, 0.25, 0]


def test_indexing_hides_it():
    """What a key leaves out is hidden as well as what a `where` leaves out."""
    assert gradient(lambda x: np.log(x)[1:], [0.0, 2.0]) == [0, 0.5]
    assert gradient(lambda x: (x * np.log(x))[x > 0], [0.0, -1.0, 1.0]) == [0, 0, 1]


def test_clip_hides_it():
    assert gradient(lambda x: np.clip(np.log(x), -1, 1), [0.0, 1.0]) == [0, 1]


def test_where_hides_it_behind_a_reduction():
    """A NaN that was summed is not hidden: every summand has its share of the gradient, and it is 0."""
    assert gradient(lambda x: np.where(np.array(False, dtype=bool), np.sqrt(x).sum(), 0), [0.0, -1.0]) == [0, 0]


# --- products -------------------------------------------------------------------------------------------------------------------


def test_prod_with_zeros():
    assert gradient(np.prod, [0.0, 2.0, 3.0]) == [6, 0, 0]
    assert gradient(np.prod, [0.0, 2.0, 0.0]) == [0, 0, 0]
    assert gradient(lambda x: np.prod(x, axis=1), [[0.0, 2.0], [3.0, 4.0], [0.0, 0.0]]) == [[2, 0], [4, 3], [0, 0]]
    assert gradient(np.prod, 0.0) == 1


@pytest.mark.parametrize("values", [[0.0, 2.0, 3.0], [0.0, 2.0, 0.0], [0.0, 0.0, 0.0], [[0.0, 2.0], [3.0, 4.0]], [0.0]])
def test_prod_with_zeros_to_third_order(values):
    check_numeric_gradient(np.prod, [values], order=3)
    check_numeric_gradient(lambda x: np.prod(x, axis=0, keepdims=True), [values], order=2)


# --- ties -----------------------------------------------------------------------------------------------------------------------


def test_ties_of_max_share():
    assert gradient(np.max, [1.0, 3.0, 3.0]) == [0, 0.5, 0.5]
    assert gradient(np.min, [1.0, 1.0, 3.0, 1.0]) == pytest.approx([1 / 3, 1 / 3, 0, 1 / 3])
    assert gradient(lambda x: np.max(x, axis=1), [[1.0, 1.0], [1.0, 2.0]]) == [[0.5, 0.5], [0, 1]]
    assert gradient(lambda x: np.max(x, axis=(0, 1), keepdims=True), [[2.0, 1.0], [1.0, 2.0]]) == [[0.5, 0], [0, 0.5]]


@pytest.mark.parametrize("f", [np.maximum, np.minimum, np.fmax, np.fmin])
def test_ties_of_maximum_go_to_the_first(f):
    assert gradients(f, [2.0, 0.0], [2.0, 0.0]) == [[1, 1], [0, 0]]


def test_maximum_with_zero_at_zero():
    assert gradient(lambda x: np.maximum(x, 0), [0.0, 1.0, -1.0]) == [1, 1, 0]
    assert gradient(lambda x: np.maximum(0, x), [0.0, 1.0, -1.0]) == [0, 1, 0]


def test_fmax_beside_nan():
    assert gradients(np.fmax, [nan, 1.0, 1.0], [2.0, nan, 0.0]) == [[0, 1, 1], [1, 0, 0]]


def test_sort_is_stable_at_ties():
    assert gradient(np.sort, [2.0, 1.0, 2.0, 1.0], head=[1, 2, 3, 4]) == [3, 1, 4, 2]
    assert np.argsort(np.array([2.0, 1.0, 2.0, 1.0])).tolist() == [1, 3, 0, 2]


# --- kinks ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("f", [np.absolute, npx.relu, np.sign, np.floor, np.ceil, np.trunc, np.rint])
def test_zero_at_zero(f):
    assert gradient(f, [0.0, -0.0]) == [0, 0]


def test_clip_at_its_edges():
    assert gradient(lambda x: np.clip(x, -1, 2), [-1.0, 2.0, 0.0, -1.5, 2.5]) == [1, 1, 1, 0, 0]
    assert gradient(lambda x: np.clip(x, -1, None), [-1.0, 2.0, -1.5]) == [1, 1, 0]


# --- powers ---------------------------------------------------------------------------------------------------------------------


def test_powers_of_zero():
    assert gradient(lambda x: x**0, [0.0, 2.0]) == [0, 0]
    assert gradient(lambda x: x**1, [0.0, 2.0]) == [1, 1]
    assert gradient(lambda x: x**2, [0.0, 2.0]) == [0, 4]
    assert gradients(lambda x, y: x**y, [0.0, 0.0], [0.0, 2.0])[0] == [0, 0]


def test_zero_to_a_variable_power():
    assert gradient(lambda y: 0.0**y, [1.0, 2.5]) == [0, 0]
    assert gradients(lambda x, y: x**y, [0.0], [2.0]) == [[0], [0]]


@pytest.mark.parametrize("exponent", [0, 1, 2, 3])
def test_whole_powers_of_zero_and_negative_numbers_to_third_order(exponent):
    check_numeric_gradient(lambda x: x**exponent, [[0.0, -1.5, 2.0]], order=3)


# --- beyond what floats hold ----------------------------------------------------------------------------------------------------


def test_far_out_the_gradient_is_finite():
    far = [-1e4, -800.0, 800.0, 1e4]
    assert gradient(npx.sigmoid, far) == [0, 0, 0, 0]
    assert gradient(np.tanh, far) == [0, 0, 0, 0]
    assert gradient(lambda x: np.logaddexp(x, 0), far) == [0, 0, 1, 1]
    assert gradient(lambda x: npx.softmax(x), [1e4, 0.0], head=[1, 0]) == [0, 0]
    assert gradient(lambda x: npx.log_softmax(x), [1e4, 0.0], head=[0, 1]) == [-1, 1]


def test_logaddexp_of_minus_infinity():
    """No weight for what is not there; between two of them the derivative does not exist."""
    assert gradients(np.logaddexp, [-inf, 1.0], [1.0, -inf]) == [[0, 1], [1, 0]]
