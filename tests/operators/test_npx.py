"""What the rows of `npx` cannot say: control flow, gradients by definition, sequences along axis 1, bad input."""

import numpy
import pytest

from mxnet import autograd, np, npx
from mxnet.test_utils import check_numeric_gradient

x = np.array([[1.0, 2, 3], [4, 5, 6]])
SWAPPED = numpy.ones(2).astype(numpy.dtype("f8").newbyteorder())


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


@pytest.mark.parametrize("nothing", [None, []])
def test_foreach_without_outputs(nothing):
    outputs, total = npx.foreach(lambda row, total: (nothing, total + row), x, np.zeros(3))
    assert outputs == []
    assert total.tolist() == [5, 7, 9]


def test_an_update_keeps_the_dtype():
    at = np.array([[0, 1], [1, 1]])
    for dtype, value in (("int32", [5, 6]), ("uint8", np.array([5, 6], dtype="int64")), ("float16", [5, 6]), ("int64", True)):
        updated = npx.index_update(np.zeros((2, 2), dtype=dtype), at, value)
        assert updated.dtype == dtype
        assert updated[[0, 1], [1, 1]].tolist() == ([5, 6] if value is not True else [1, 1])
    assert npx.index_update(np.array([2**53]), np.array([[0]]), [2**53 + 1]).dtype == "float32"
    assert npx.index_update(np.array([0], dtype="int64"), np.array([[0]]), [2**53 + 1]).item() == 2**53 + 1
    assert npx.index_add([1, 2], np.array([[0]]), 1).tolist() == [2, 2]


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


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int32", "float16", "float64"])
def test_a_mask_keeps_the_dtype(dtype):
    data = np.ones((2, 3), dtype=dtype)
    masked = npx.sequence_mask(data, np.array([1, 2]), use_sequence_length=True, axis=1)
    assert masked.dtype == dtype
    assert masked.tolist() == [[1, 0, 0], [1, 1, 0]]
    masked = npx.sequence_mask(data, np.array([1, 2]), True, value=numpy.float64(1), axis=1)
    assert masked.dtype == dtype
    if dtype in ("int32", "float16"):
        assert npx.sequence_mask(data, np.array([1, 2]), True, value=-5, axis=1).tolist() == [[1, -5, -5], [1, 1, -5]]


def test_softmax_gradients_of_float16_are_summed_in_float32():
    """In float16, 2048 + 1 is 2048."""
    data = np.zeros((5000, 2), dtype="float16")
    data[0] = 9  # which has a good half of the probability
    for function in (npx.softmax, npx.log_softmax):
        gradients = []
        for dtype in ("float16", "float32"):
            v = data.astype(dtype)
            v.attach_grad()
            with autograd.record():
                y = function(v, axis=0)
            y.backward(np.full(v.shape, 3, dtype=dtype) + (np.arange(5000)[:, None] < 100).astype(dtype))
            gradients.append(v.grad.asnumpy())
        numpy.testing.assert_allclose(*gradients, rtol=5e-3, atol=2e-3)


def test_a_masked_nan_has_no_gradient():
    def masked(v):
        with numpy.errstate(all="ignore"):
            return npx.sequence_mask(np.log(v), np.array([1]), use_sequence_length=True, axis=1)

    assert gradient(masked, np.array([[2.0, 0.0]])) == [[0.5, 0]]


ERRORS = [
    (lambda: npx.sequence_mask(x, np.array([1]), use_sequence_length=True), ValueError, "an entry for each of the 3 sequences"),
    (lambda: npx.sequence_mask(x, np.array([1, 2, 3]), use_sequence_length=True), ValueError, "whole numbers from 0 to 2"),
    (lambda: npx.sequence_mask(x.astype("int32"), np.zeros(3), True, 0.5), ValueError, "sequence_mask: value, 0.5, is no .* int32"),
    (lambda: npx.sequence_mask(x.astype("uint8"), np.zeros(3), True, -1), ValueError, "sequence_mask: value, -1, is no .* uint8"),
    (lambda: npx.sequence_mask(x.astype("int32"), np.zeros(3), True, numpy.nan), ValueError, "value, nan, is no number"),
    (lambda: npx.sequence_mask(x, np.array([1, 2, numpy.nan]), True), ValueError, "from 0 to 2, not nan"),
    (lambda: npx.softmax(x, np.array([2, 4]), use_length=True), ValueError, "softmax: length has whole numbers from 0 to 3, not 4"),
    (lambda: npx.softmax(x, np.array([2, -1]), use_length=True), ValueError, "softmax: length has whole numbers .* not -1"),
    (lambda: npx.softmax(x, np.array([2.5, 1]), use_length=True), ValueError, "softmax: length has whole numbers .* not 2.5"),
    (lambda: npx.log_softmax(x, 0, np.array([1, 2, 3]), use_length=True), ValueError, "log_softmax: length .* from 0 to 2, not 3"),
    (lambda: npx.sequence_last(x, np.array([0, 2, 2]), use_sequence_length=True), ValueError, "whole numbers from 1 to 2"),
    (lambda: npx.sequence_reverse(x, np.array([1, 2, 2])), ValueError, "use_sequence_length=True"),
    (lambda: npx.sequence_mask(x, axis=2), ValueError, "axis 0 or 1"),
    (lambda: npx.gather_nd(x, np.array([[0], [3]])), IndexError, "index 3 is out of bounds for axis 1 of size 3"),
    (lambda: npx.gather_nd(x, np.array([[0], [1], [1]])), ValueError, "1 to 2"),
    (lambda: npx.scatter_nd(np.ones(1), np.array([[5]]), shape=(2,)), IndexError, "index 5"),
    (lambda: npx.index_add(x, np.array([[2]]), 1), IndexError, "index 2 is out of bounds for axis 0 of size 2"),
    (
        lambda: npx.scatter_nd(np.ones(3), [[0, 1]], (3,)),
        ValueError,
        r"scatter_nd: data broadcasts .* \(2,\), which \(3,\) does not",
    ),
    (lambda: npx.index_add(x, np.array([[0, 1]]), np.ones(2)), ValueError, r"index_add: val .* \(2, 3\), which \(2,\) does not"),
    (lambda: npx.index_update(x, np.array([[0, 1]]), np.ones(2)), ValueError, "index_update: val broadcasts"),
    (lambda: npx.index_update(x, np.array([[0], [0]]), "a"), TypeError, "index_update: val is an array, a number .* not str: 'a'"),
    (lambda: npx.index_update(x, np.array([[0], [0]]), None), TypeError, "index_update: val is .* not NoneType"),
    (lambda: npx.index_update(x, np.array([[0], [0]]), [[1, 2], [3]]), TypeError, r"index_update: val is .* \[\[1, 2\], \[3\]\]"),
    (lambda: npx.index_add(x, np.array([[0], [0]]), "a"), TypeError, "index_add: val is .* not str: 'a'"),
    (lambda: npx.scatter_nd("a", np.array([[0]]), (3,)), TypeError, "scatter_nd: data is .* not str: 'a'"),
    (lambda: npx.index_update(x.astype(int), np.array([[0], [0]]), 1.5), TypeError, "index_update: a, of int64, cannot hold val"),
    (lambda: npx.index_update(x > 2, np.array([[0], [0]]), np.ones(1, dtype=int)), TypeError, "of bool, cannot hold val, of int64"),
    (lambda: npx.scatter_nd(np.ones(2), np.zeros((0, 2)), (3,)), ValueError, "scatter_nd: .* 1 to 1"),
    (lambda: npx.gather_nd(x, np.array([[numpy.nan]])), IndexError, "gather_nd: NaN"),
    (lambda: npx.pick(x, np.array([numpy.nan, 0])), IndexError, "pick: NaN or an infinity is no index"),
    (lambda: npx.add_n(x, np.ones(3)), ValueError, "arrays of one shape"),
    (lambda: npx.arange_like(x, repeat=0), ValueError, "positive integer"),
    (lambda: npx.arange_like(x, axis=5), numpy.exceptions.AxisError, "arange_like: axis 5 is out of bounds"),
    (lambda: npx.arange_like(x, axis=0.5), TypeError, "arange_like: axis is an integer"),
    (lambda: npx.broadcast_like(x, x, lhs_axes=(0,)), ValueError, "as many each"),
    (lambda: npx.broadcast_like(x, x, (2,), (0,)), numpy.exceptions.AxisError, "broadcast_like: axis 2"),
    (lambda: npx.broadcast_like(x, np.ones(3)), ValueError, r"broadcast_like: lhs, of shape \(2, 3\), does not stretch"),
    (lambda: npx.cast(x, "foo"), TypeError, "cast: dtype is one of an array's dtypes, .*foo"),
    (lambda: npx.norm(x, ord=3), ValueError, "ord is 1 or 2"),
    (lambda: npx.norm(x, axis=5), numpy.exceptions.AxisError, "norm: axis 5 is out of bounds"),
    (lambda: npx.norm(x, axis=(0, -2)), ValueError, "norm: axis names every axis once"),
    (lambda: npx.norm(x, out_dtype="foo"), TypeError, "norm: out_dtype is one of"),
    (lambda: np.linalg.vector_norm(x, axis=5), numpy.exceptions.AxisError, "vector_norm: axis 5"),
    (lambda: npx.reshape(x, (4,)), ValueError, "^reshape: cannot reshape array of size 6"),
    (lambda: npx.reshape_like(x, x, rhs_end=1), ValueError, r"reshape_like: the axes that come, of sizes \(2,\)"),
    (lambda: npx.pad(x, "wrap", (0, 0, 0, 0)), ValueError, "mode is"),
    (lambda: npx.pad(x, "edge", (0, 0)), ValueError, "4 in all, not 2"),
    (lambda: npx.slice(x, (0, 1), (1,)), ValueError, "as many numbers each"),
    (lambda: npx.slice(x, (0, 0, 0), (1, 1, 1)), ValueError, "slice: begin has 3 numbers"),
    (lambda: npx.slice(x, (0, 0.5), (1, 1)), ValueError, "slice: begin, end and step have integers or None, .* not 0.5"),
    (lambda: npx.slice(x, (0,), (1,), (0,)), ValueError, "slice: .* no step is 0"),
    (lambda: npx.slice_channel(x, 2), ValueError, "does not divide 3"),
    (lambda: npx.slice_channel(x, 1.5), ValueError, "num_outputs=1.5 does not divide"),
    (lambda: npx.slice_channel(x, 2, axis=2), numpy.exceptions.AxisError, "slice_channel: axis 2"),
    (lambda: npx.slice_channel(np.ones((2, 4)), 2, squeeze_axis=True), ValueError, "length 2"),
    (lambda: npx.slice_like(x, np.ones((3, 3))), ValueError, "2 elements along axis 0, shape_like 3"),
    (lambda: npx.slice_like(x, np.ones(3)), ValueError, "without axes"),
    (lambda: npx.slice_like(x, x, (2,)), numpy.exceptions.AxisError, "slice_like: axis 2"),
    (lambda: npx.foreach(lambda a, s: (a, s), [x, x[:1]], []), ValueError, "as many in every array"),
    (lambda: npx.foreach(lambda a, s: (a, [s, s]), x, x[0]), ValueError, "given 1 states and returned 2"),
    (
        lambda: npx.foreach(lambda a, s: (a, s), np.array(1), []),
        ValueError,
        r"foreach: data has at least one slice .* shapes are \(\)",
    ),
    (lambda: npx.foreach(lambda a, s: (a, s), [], []), ValueError, "shapes are none"),
    (lambda: npx.foreach(lambda a, s: a, x, []), TypeError, "foreach: body returns two things, .* not a ndarray"),
    (lambda: npx.foreach(lambda a, s: (a, s, s), x, []), TypeError, "new states, not 3 things"),
    (lambda: npx.foreach(lambda a, s: ([a, None], s), x, []), TypeError, "foreach: body returned a list of outputs with None"),
    (lambda: npx.foreach(lambda a, n: (a if n < 1 else None, n + 1), x, np.array(0)), ValueError, r"\[\(3,\)\] and then \[\]"),
    (lambda: npx.foreach(lambda a, n: (x[: n.item()], n + 1), x, np.array(1, dtype=int)), ValueError, "outputs of the same shapes"),
    (lambda: npx.while_loop(lambda a: a < 1, lambda a: (a, a), np.array(0)), ValueError, "max_iterations is a number"),
    (lambda: npx.while_loop(pytest.fail, pytest.fail, np.array(0), max_iterations=2.5), ValueError, "outputs' length, not 2.5"),
    (lambda: npx.while_loop(lambda a: a < 1, lambda a: a + 1, np.zeros(1), 2), TypeError, "while_loop: func returns two things"),
    (lambda: npx.from_numpy([1, 2]), TypeError, "numpy.ndarray"),
    (lambda: npx.from_numpy(numpy.ones((2, 3)).T), ValueError, "zero_copy=False"),
    (lambda: npx.from_numpy(SWAPPED), ValueError, "from_numpy: an array of .f8 has another byte order .* zero_copy=False"),
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
    assert npx.from_numpy(SWAPPED, zero_copy=False).asnumpy().dtype.isnative
    assert numpy.from_dlpack(array).tolist() == [5, 1]
    for capsule in (npx.to_dlpack_for_read(array), npx.to_dlpack_for_write(array)):
        assert type(capsule).__name__ == "PyCapsule"
