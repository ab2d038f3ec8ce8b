"""Positions, choices, sets and writes by index: what a row of the table does not say."""

import numpy
import pytest

from mxnet import autograd, np
from mxnet.test_utils import check_numeric_gradient

nan = numpy.nan


def variable(*values):
    x = np.array(values, dtype="float64")
    x.attach_grad()
    return x


def gradient(function, *values):
    """The gradient of the sum of function(x), with weights 1, 2, 3, …"""
    x = variable(*values)
    with numpy.errstate(invalid="ignore"), autograd.record():
        y = function(x)
        total = (y * np.arange(1, y.size + 1).reshape(y.shape)).sum()
    total.backward()
    return x.grad.tolist()


# --- positions --------------------------------------------------------------------------------------------------------------------


def test_positions_of_lists_and_numbers():
    assert np.unravel_index(5, (2, 3)) == (1, 2)
    assert [part.tolist() for part in np.unravel_index([2**24 + 1, 3], (2**25,))] == [[2**24 + 1, 3]]
    assert np.ravel_multi_index((1, 2), (2, 3)) == 5
    assert np.ravel_multi_index(np.array([[0, 1], [2, 0]]), (2, 3)).tolist() == [2, 3]
    assert np.nonzero([[0, 1], [1, 0]])[1].tolist() == [1, 0]


def test_positions_serve_as_keys():
    x = np.arange(9).reshape(3, 3)
    assert x[np.ix_(np.array([0, 2]), np.array([True, False, True], dtype=bool))].tolist() == [[0, 2], [6, 8]]
    assert x[np.unravel_index(np.argmax(x), x.shape)] == 8
    assert x[np.mask_indices(3, np.tril, -1)].tolist() == x[np.tril_indices(3, -1)].tolist() == [3, 6, 7]
    assert x[np.mask_indices(3, numpy.triu)].tolist() == x[np.triu_indices_from(x)].tolist()
    assert x[np.diag_indices(3)].tolist() == [0, 4, 8]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: np.nonzero(np.array(1.0)), ValueError, "nonzero"),
        (lambda: np.unravel_index(6, (2, 3)), ValueError, "unravel_index"),
        (lambda: np.unravel_index(np.array([True], dtype=bool), (2, 3)), TypeError, "unravel_index: indices are integers"),
        (lambda: np.ravel_multi_index((2, 0), (2, 3)), ValueError, "ravel_multi_index"),
        (lambda: np.ix_(np.zeros((2, 2))), ValueError, "ix_"),
        (lambda: np.trim_zeros(np.ones(2), "x"), ValueError, "trim_zeros: trim is"),
        (lambda: np.choose(np.array([2]), [1, 2]), ValueError, "choose"),
        (lambda: np.choose(np.array([0.5, nan]), [1, 2]), IndexError, "choose"),
        (lambda: np.select([], []), ValueError, "select: there is at least one"),
        (lambda: np.select([np.ones(2) > 0], [1, 2]), ValueError, "select: every choice has a condition"),
        (lambda: np.select([np.ones(2)], [1]), TypeError, "select"),
        (lambda: np.piecewise(np.ones(2), [np.ones(2) > 0], [1, 2, 3]), ValueError, "piecewise: 1 conditions go with"),
        (lambda: np.piecewise(np.ones(2), [np.ones(3) > 0], [1]), ValueError, "piecewise: a condition has the shape"),
        (lambda: np.insert(np.ones(2), 5, 1), IndexError, "insert"),
        (lambda: np.delete(np.ones((2, 2)), 0, axis=2), numpy.exceptions.AxisError, "delete"),
        (lambda: np.apply_along_axis(np.sum, 2, np.ones(2)), numpy.exceptions.AxisError, "apply_along_axis"),
        (lambda: np.apply_along_axis(np.sum, 0, np.ones((2, 0))), ValueError, "apply_along_axis: .* no line"),
        (lambda: np.apply_over_axes(lambda a, axis: a.sum(), np.ones((2, 3, 4)), 0), ValueError, "apply_over_axes"),
        (lambda: np.put(np.ones(2), 2, 1), IndexError, "put: an index is out of range"),
        (lambda: np.put(np.ones(2), 0, 1, mode="wrong"), ValueError, "put: mode"),
        (lambda: np.put([1, 2], 0, 1), TypeError, "put: writes in place"),
        (lambda: np.place(np.ones(2), [1, 0], []), ValueError, "place: there are no values"),
        (lambda: np.putmask(np.ones(2), [1, 0, 1], 1), ValueError, "putmask: the mask has shape"),
        (lambda: np.put_along_axis(np.ones((2, 2)), np.array([0]), 1, 0), ValueError, "put_along_axis: indices have as many"),
        (lambda: np.put_along_axis(np.ones((2, 2)), np.array([[0]]), 1, None), ValueError, "put_along_axis: with axis=None"),
        (lambda: np.partition(np.ones(2), 2), ValueError, "^partition: kth"),
        (lambda: np.select([np.ones(2)], [1]), TypeError, "^select: invalid entry 0"),
        (lambda: np.unpackbits(np.ones(2)), TypeError, "unpackbits"),
    ],
)
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call()


# --- choosing ---------------------------------------------------------------------------------------------------------------------


def test_what_is_not_chosen_gets_no_gradient_even_if_it_is_nan():
    assert gradient(lambda x: np.select([x > 0], [np.sqrt(x)], 0), 4, -1) == [0.25, 0]
    assert gradient(lambda x: np.piecewise(x, [x > 0], [np.sqrt]), 4, -1) == [0.25, 0]
    assert gradient(lambda x: np.choose((x > 0).astype(int), [0, np.sqrt(x)]), 4, -1) == [0.25, 0]
    assert gradient(lambda x: np.extract(x > 0, np.sqrt(x)), 4, -1) == [0.25, 0]


def test_select_takes_a_recorded_default():
    default = variable(1, 2)
    with autograd.record():
        y = np.select([np.array([True, False], dtype=bool)], [5], default)
    y.backward()
    assert (y.tolist(), default.grad.tolist()) == ([5, 2], [0, 1])


def test_select_keeps_integers():
    mask = np.array([True, False], dtype=bool)
    assert np.select([mask], [np.array([1, 2], dtype="int8")]).dtype == "int8"
    assert np.select([mask], [np.array([1, 2], dtype="int64")], np.array(0.5)).dtype == "float32"


def test_choose_among_the_slices_of_one_array():
    x = np.array([[1, 2], [3, 4]], dtype="float64")
    check_numeric_gradient(lambda x: np.choose(np.array([1, 0]), x**2), [x.asnumpy()], 2)


def test_piecewise():
    x = np.array([-2, 0, 3])
    assert np.piecewise(x, x > 0, [1]).tolist() == [0, 0, 1]  # one condition, without a list
    assert np.piecewise(x, [x > -5, x > 0], [lambda x: x.sum(), 7]).tolist() == [1, 1, 7]  # a function sees all of its elements
    assert np.piecewise(np.array(2.0), [True, False], [lambda x: x * 3, 0]) == 6
    assert np.piecewise(x.astype(int), [x > 0], [0.75, -1.5]).tolist() == [-1, -1, 0]
    assert np.piecewise([1, 2], [[True, False]], [5]).tolist() == [5, 0]


def test_insert_and_delete_at_lists_and_our_arrays():
    x = np.array([1, 2, 3])
    assert np.insert(x, np.array([0, 2]), [8, 9]).tolist() == [8, 1, 2, 9, 3]
    assert np.insert(x, [True, False, True], 0).tolist() == [0, 1, 2, 0, 3]
    assert np.insert(x, np.array(1), [8, 9]).tolist() == [1, 8, 9, 2, 3]
    assert np.insert(x, [], []).tolist() == np.delete(x, []).tolist() == [1, 2, 3]
    assert np.delete(x, [True, False, True]).tolist() == [2]
    assert np.delete(x, np.array([0, -1])).tolist() == [2]


def test_resized_elements_collect_their_gradients():
    assert gradient(lambda x: np.resize(x, 5), 1, 2) == [1 + 3 + 5, 2 + 4]
    assert gradient(lambda x: np.resize(x, 1), 1, 2) == [1, 0]


def test_trim_zeros_along_axes():
    x = np.array([[0, 0, 0], [0, 1, 2], [0, 0, 0]])
    assert np.trim_zeros(x).tolist() == [[1, 2]]
    assert np.trim_zeros(x, "f", axis=0).tolist() == [[0, 1, 2], [0, 0, 0]]
    assert np.trim_zeros(x, axis=(0, -1)).tolist() == [[1, 2]]
    assert np.trim_zeros(np.zeros((2, 2))).shape == (0, 0)
    assert np.trim_zeros([0, 1]).tolist() == [1]


def test_apply_along_axis_with_numbers_and_arguments():
    x = np.array([[1, 2], [3, 5]])
    assert np.apply_along_axis(lambda line: 1, 0, x).tolist() == [1, 1]
    assert np.apply_along_axis(lambda line, power, scale=1: (line**power).sum() * scale, 1, x, 2, scale=10).tolist() == [50, 340]
    assert np.apply_along_axis(numpy.cumsum, 1, [[1, 2], [3, 5]]).tolist() == [[1, 3], [3, 8]]


# --- sets -------------------------------------------------------------------------------------------------------------------------


def test_of_equal_elements_the_first_gets_the_gradient():
    assert gradient(np.unique, 3, 1, 3, 1) == [2, 1, 0, 0]
    assert gradient(lambda x: np.unique(x, return_counts=True)[0], 3, 1, 3) == [2, 1, 0]
    assert gradient(lambda x: np.unique_all(x).values, 3, 1, 3) == [2, 1, 0]
    assert gradient(lambda x: np.unique(x.reshape(2, 2), axis=1), 1, 1, 2, 2) == [1, 0, 2, 0]
    assert gradient(lambda x: np.union1d(x, x), 3, 1) == [2, 1]
    assert gradient(lambda x: np.intersect1d(x, [1, 3]), 3, 1, 3) == [2, 1, 0]
    assert gradient(lambda x: np.setdiff1d(x, [1]), 3, 1, 3) == [1, 0, 0]


def test_nan_in_sets():
    x = np.array([nan, 1, nan])
    assert np.unique(x).shape == (2,)
    assert np.unique(x, equal_nan=False).shape == np.unique_values(x).shape == (3,)
    assert np.unique_counts(x).counts.tolist() == [1, 1, 1]
    assert not np.isin(x, [nan]).any()


def test_named_tuples():
    x = np.array([[3, 1], [1, 2]])
    assert np.unique_all(x)._fields == ("values", "indices", "inverse_indices", "counts")
    values, inverse = np.unique_inverse(x)
    assert inverse.shape == x.shape
    assert values[inverse].tolist() == x.tolist()


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_numbers_in_lists_equal_themselves(dtype):
    x = np.array([0.1, 0.7], dtype=dtype)
    assert np.isin(x, [0.1]).tolist() == [True, False]
    assert np.isin(x, 0.7).tolist() == [False, True]
    assert np.array_equal(x, [0.1, 0.7])
    assert np.array_equiv(x, [[0.1, 0.7]])


def test_isin_of_large_integers():
    assert np.isin(np.array([2**53 + 1], dtype=int), [2**53]).tolist() == [False]
    assert np.isin([1, 2], [2, 3]).tolist() == [False, True]


def test_two_sets_of_mixed_operands():
    assert np.union1d([3, 1], [2]).tolist() == [1, 2, 3]
    assert np.union1d(np.array([1], dtype=int), np.array([0.5])).dtype == "float32"
    assert np.intersect1d(np.array([2, 1], dtype=int), [1]).dtype == "float32"
    assert np.setdiff1d(np.array([2, 1], dtype=int), [1]).dtype == "int64"
    assert isinstance(np.setxor1d([1, 2], [2, 4]), np.ndarray)
    assert np.setxor1d(np.array([]), np.array([])).shape == (0,)


# --- order and bits ---------------------------------------------------------------------------------------------------------------


def test_lexsort():
    keys = np.array([1, 2, 1]), np.array([0, 0, 0])
    assert np.lexsort(keys).tolist() == np.lexsort(list(keys)).tolist() == np.lexsort(np.stack(keys)).tolist() == [0, 2, 1]
    assert np.lexsort(([3, 1, 2],)).tolist() == [1, 2, 0]
    wide = numpy.array([2**53 + 1, 2**53])
    assert np.lexsort((wide,)).tolist() == [1, 0]


def test_gradient_of_a_partition_is_a_permutation():
    assert sorted(gradient(lambda x: np.partition(x, 2), 5, 1, 4, 2, 3)) == [1, 2, 3, 4, 5]
    assert gradient(lambda x: np.partition(x, 0)[:1], 5, 1, 4) == [0, 1, 0]


def test_bits_of_an_empty_array():
    assert np.unpackbits(np.array([], dtype="uint8"), axis=0, count=3).tolist() == [0, 0, 0]


# --- agreement --------------------------------------------------------------------------------------------------------------------


def test_agreement():
    x = np.array([1, 2, nan])
    assert np.allclose(x, x, equal_nan=True) is True
    assert np.allclose(x, x) is False
    assert np.allclose(x[:2], [1, 2.1], rtol=0.1) is True
    assert np.array_equal(x, x, equal_nan=True) is True
    assert np.array_equal(x[:2], x[:1]) is np.array_equal(x, 1) is False
    assert np.array_equiv(x[:2], np.array([[1, 2], [1, 2]])) is True
    assert np.array_equiv(x, np.zeros(2)) is False
    assert numpy.allclose(x[:2], x[:2]) is numpy.array_equal(x[:2], x[:2]) is numpy.array_equiv(x[:2], x[:2]) is True
    assert np.array_equal(np.array([2**53 + 1], dtype=int), [2**53]) is False
    with autograd.record():
        assert np.allclose(variable(1, 2), 1.5, atol=0.6)


# --- writing ----------------------------------------------------------------------------------------------------------------------

WRITES = {
    "put": lambda put, x, v: put(x, numpy.array([0, -1, 3]), v),
    "put wrap": lambda put, x, v: put(x, [7, -2], v, mode="wrap"),
    "put clip": lambda put, x, v: put(x, [[9, -2]], v, "clip"),
    "put twice": lambda put, x, v: put(x, [1, 1, 2, 1], v),
    "put nowhere": lambda put, x, v: put(x, numpy.zeros(0, int), v),
    "put_along_axis 0": lambda put, x, v: put(x, numpy.array([[1, 0, 1]]), v[:1], 0),
    "put_along_axis -1": lambda put, x, v: put(x, numpy.array([[2, 0], [1, -1]]), v, -1),
    "put_along_axis None": lambda put, x, v: put(x, numpy.array([4, 2]), v, None),
    "place": lambda put, x, v: put(x, numpy.array([[1, 0, 1], [0, 1, 1]]), v),
    "place one": lambda put, x, v: put(x, numpy.array([[0, 0, 0], [0, 1, 0]]), v),
    "place nowhere": lambda put, x, v: put(x, numpy.zeros((2, 3)), v),
    "putmask": lambda put, x, v: put(x, numpy.array([[1, 0, 1], [0, 1, 1]]), v),
    "putmask number": lambda put, x, v: put(x, numpy.array([[True, False, True], [False, True, True]]), 5),
}
every_write = pytest.mark.parametrize("name", WRITES)


def operands():
    return numpy.arange(1.0, 7.0).reshape(2, 3), numpy.array([10.0, 20.0])


@every_write
def test_writes(name):
    write, function = WRITES[name], name.split()[0]
    x, v = operands()
    ours, alias = np.array(x, dtype="float64"), np.array(x, dtype="float64")
    view = alias.T
    write(getattr(numpy, function), x, v)
    assert write(getattr(np, function), ours, np.array(v, dtype="float64")) is None
    assert ours.tolist() == x.tolist()
    write(getattr(numpy, function), alias, np.array(v, dtype="float64"))  # NumPy's function on our arrays
    assert alias.tolist() == x.tolist()
    assert view.tolist() == x.T.tolist()
    plain, v = operands()
    write(getattr(np, function), plain, v)  # ours on NumPy's
    assert plain.tolist() == x.tolist()


@every_write
def test_recorded_writes(name):
    write, function = WRITES[name], getattr(np, name.split()[0])

    def written(x, v):
        y = x * x
        write(function, y, v * v)
        return y * y

    check_numeric_gradient(written, operands(), 2)


def test_a_write_to_a_scalar():
    for write in (lambda x: np.put(x, [0, 0], [4, 5]), lambda x: np.place(x, True, [5]), lambda x: np.putmask(x, True, 5)):
        x = np.array(1.0)
        write(x)
        assert x == 5
    x = np.array(1.0)
    np.put_along_axis(x, np.array([0]), 2, None)
    assert x == 2
    np.put(x, [], 3)
    assert x == 2


def test_a_write_is_noticed_by_the_graph():
    x = variable(1, 2)
    k = np.array([3, 4], dtype="float64")
    with autograd.record():
        y = x * k
    np.put(k, 0, 9)
    with pytest.raises(Exception, match="written in place"):
        y.backward()
