"""What the rows of `npx` cannot say: control flow, gradients by definition, sequences along axis 1, bad input."""

import numpy
import pytest

from mxnet import autograd, np, npx
from mxnet.test_utils import check_numeric_gradient

x = np.array([[1.0, 2, 3], [4, 5, 6]])


def gradient(function, variable):
    variable.attach_grad()
    with autograd.record():
        y = function(variable)
    y.backward()
    return variable.grad.tolist()


def test_foreach_is_a_loop():
    def body(row, states):
        total, product = states
        return [row + total, product], [total + row, product * row]

    with_gradient = [np.array([1.0, 2, 3]), np.array([2.0, 2, 2])]
    (sums, products), (total, product) = npx.foreach(body, x, with_gradient)
    assert sums.tolist() == [[2, 4, 6], [6, 9, 12]]
    assert products.tolist() == [[2, 2, 2], [2, 4, 6]]
    assert total.tolist() == [6, 9, 12]
    assert product.tolist() == [8, 20, 36]
    check_numeric_gradient(
        lambda d, s: npx.foreach(lambda a, b: (a * b, a + b * b), d, s)[0], [numpy.ones((3, 2)), numpy.ones(2) / 2]
    )


def test_foreach_over_several_arrays_without_states():
    outputs, states = npx.foreach(lambda parts, states: (parts[0] * parts[1], states), [x, 2 * x], [])
    assert outputs.tolist() == (2 * x * x).tolist()
    assert states == []


def test_while_loop_is_a_loop():
    outputs, (i, total) = npx.while_loop(
        lambda i, total: total < 6,
        lambda i, total: ([i, total], [i + 1, total + i]),
        [np.array([1.0]), np.array([0.0])],
        max_iterations=5,
    )
    assert [output.tolist() for output in outputs] == [[[1], [2], [3], [0], [0]], [[0], [1], [3], [0], [0]]]
    assert (i.item(), total.item()) == (4, 6)
    assert npx.while_loop(lambda i: i < 0, lambda i: (i, i + 1), np.array(0), max_iterations=3) == ([], np.array(0))
    assert gradient(lambda v: npx.while_loop(lambda a: a < 10, lambda a: (a, a * a), v, max_iterations=9)[1], np.array(2.0)) == 32


def test_cond_calls_one_function():
    refuse = pytest.fail
    assert gradient(lambda v: npx.cond(lambda a: a > 0, lambda a: a * a, lambda a: refuse("both called"), v), np.array(3.0)) == 6
    assert npx.cond(np.array(0), lambda a: refuse("both called"), lambda a: -a, [np.array(3)]).item() == -3


def test_a_constraint_stands_in_a_product():
    assert gradient(lambda v: v * npx.constraint_check(v > 0, "positive"), np.array([1.0, 2])) == [1, 1]
    with pytest.raises(ValueError, match="constraint_check: the scale is positive"):
        npx.constraint_check(np.array([1.0, -1]) > 0, "the scale is positive")
    with pytest.raises(TypeError, match="booleans"):
        npx.constraint_check(np.array([1.0]), "any")


@pytest.mark.parametrize("function", [npx.round_ste, npx.sign_ste])
def test_gradients_pass_straight_through(function):
    assert gradient(lambda v: 3 * function(v), np.array([-1.5, 0.0, 2.2])) == [3, 3, 3]


@pytest.mark.parametrize("function", [npx.sequence_mask, npx.sequence_last, npx.sequence_reverse])
def test_batches_first_are_sequences_along_axis_1(function):
    lengths = np.array([1, 3])
    by_time = function(x.T.copy(), lengths, use_sequence_length=True)
    by_batch = function(x, lengths, use_sequence_length=True, axis=1)
    assert by_batch.tolist() == (by_time.T if by_time.ndim == 2 else by_time).tolist()
    assert function(x).tolist() == function(x, np.array([2, 2, 2]), use_sequence_length=True).tolist()


def test_a_masked_nan_has_no_gradient():
    def masked(v):
        with numpy.errstate(all="ignore"):
            return npx.sequence_mask(np.log(v), np.array([1]), use_sequence_length=True, axis=1)

    assert gradient(masked, np.array([[2.0, 0.0]])) == [[0.5, 0]]


ERRORS = [
    (lambda: npx.sequence_mask(x, np.array([1]), use_sequence_length=True), ValueError, "an entry for each of the 3 sequences"),
    (lambda: npx.sequence_mask(x, np.array([1, 2, 3]), use_sequence_length=True), ValueError, "whole numbers from 0 to 2"),
    (lambda: npx.sequence_last(x, np.array([0, 2, 2]), use_sequence_length=True), ValueError, "whole numbers from 1 to 2"),
    (lambda: npx.sequence_reverse(x, np.array([1, 2, 2])), ValueError, "use_sequence_length=True"),
    (lambda: npx.sequence_mask(x, axis=2), ValueError, "axis 0 or 1"),
    (lambda: npx.gather_nd(x, np.array([[0], [3]])), IndexError, "index 3 is out of bounds for axis 1 of size 3"),
    (lambda: npx.gather_nd(x, np.array([[0], [1], [1]])), ValueError, "1 to 2"),
    (lambda: npx.scatter_nd(np.ones(1), np.array([[5]]), shape=(2,)), IndexError, "index 5"),
    (lambda: npx.index_add(x, np.array([[2]]), 1), IndexError, "index 2 is out of bounds for axis 0 of size 2"),
    (lambda: npx.add_n(x, np.ones(3)), ValueError, "arrays of one shape"),
    (lambda: npx.arange_like(x, repeat=0), ValueError, "positive integer"),
    (lambda: npx.broadcast_like(x, x, lhs_axes=(0,)), ValueError, "as many each"),
    (lambda: npx.norm(x, ord=3), ValueError, "ord is 1 or 2"),
    (lambda: npx.pad(x, "wrap", (0, 0, 0, 0)), ValueError, "mode is"),
    (lambda: npx.pad(x, "edge", (0, 0)), ValueError, "4 in all, not 2"),
    (lambda: npx.slice(x, (0, 1), (1,)), ValueError, "as many numbers each"),
    (lambda: npx.slice_channel(x, 2), ValueError, "does not divide 3"),
    (lambda: npx.slice_channel(np.ones((2, 4)), 2, squeeze_axis=True), ValueError, "length 2"),
    (lambda: npx.slice_like(x, np.ones((3, 3))), ValueError, "2 elements along axis 0, shape_like 3"),
    (lambda: npx.slice_like(x, np.ones(3)), ValueError, "without axes"),
    (lambda: npx.foreach(lambda a, s: (a, s), [x, x[:1]], []), ValueError, "as many in every array"),
    (lambda: npx.foreach(lambda a, s: (a, [s, s]), x, x[0]), ValueError, "given 1 states and returned 2"),
    (lambda: npx.while_loop(lambda a: a < 1, lambda a: (a, a), np.array(0)), ValueError, "max_iterations is a number"),
    (lambda: npx.from_numpy([1, 2]), TypeError, "numpy.ndarray"),
    (lambda: npx.from_numpy(numpy.ones((2, 3)).T), ValueError, "zero_copy=False"),
    (lambda: npx.get_cuda_compute_capability(npx.cpu()), ValueError, "takes a GPU"),
]


@pytest.mark.parametrize(("call", "kind", "words"), ERRORS, ids=[words for *_, words in ERRORS])
def test_errors_say_what_is_wrong(call, kind, words):
    with pytest.raises(kind, match=words):
        call()


def test_from_numpy_shares_memory():
    data = numpy.ones(2)
    array = npx.from_numpy(data)
    array[0] = 5
    assert data.tolist() == [5, 1]
    assert npx.from_numpy(data, zero_copy=False).tolist() == [5, 1]
    assert numpy.from_dlpack(array).tolist() == [5, 1]
    for capsule in (npx.to_dlpack_for_read(array), npx.to_dlpack_for_write(array)):
        assert type(capsule).__name__ == "PyCapsule"
