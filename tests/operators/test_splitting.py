"""Pieces of arrays as views: a write to an array shows in its pieces and the other way round, under `record()` too."""

import numpy
import pytest

from mxnet import autograd, np
from mxnet.test_utils import check_numeric_gradient

RNG = numpy.random.default_rng(3)
X = RNG.uniform(0.5, 2, (4, 4, 2))
SPLITS = {
    "split": lambda np, x: np.split(x, 2),
    "split along axis 1": lambda np, x: np.split(x, [1, 3], axis=1),
    "split along the last axis": lambda np, x: np.split(x, 2, -1),
    "overlapping": lambda np, x: np.split(x, [3, 1]),
    "overlapping along axis 1": lambda np, x: np.split(x, [3, 1], 1),
    "array_split": lambda np, x: np.array_split(x, 3),
    "vsplit": lambda np, x: np.vsplit(x, 2),
    "hsplit": lambda np, x: np.hsplit(x, 2),
    "dsplit": lambda np, x: np.dsplit(x, 2),
    "unstack": lambda np, x: unstacked(np, x, 0),
    "unstack along axis 1": lambda np, x: unstacked(np, x, 1),
    "unstack a view": lambda np, x: unstacked(np, x[:, 1:], -1),
    "split pieces": lambda np, x: np.split(np.split(x, 2)[1], 2, axis=1),
}
every_split = pytest.mark.parametrize("cut", SPLITS.values(), ids=SPLITS)


def unstacked(module, x, axis):
    """`unstack`, which NumPy has from 2.1 on."""
    return np.unstack(x, axis) if module is np else tuple(numpy.moveaxis(x, axis, 0))


def writes(module, x, cut):
    """Writes to an array and to its pieces, in turn, and what they hold then."""
    y = x * 1.0
    first, second, *_ = cut(module, y)
    before = first * first
    y[0] = 3 * y[1]
    first[:] = first * second.sum()
    second[...] = second + first.sum()
    y[:, 1] = y[:, 1] * y[:, 0]
    return (before.sum() + first * y.sum()).sum() + (second * second).sum() + (y * y * y).sum()


@every_split
def test_writes_go_both_ways(cut):
    x = np.array(X, dtype="float64")
    expected = writes(numpy, X, cut)
    numpy.testing.assert_allclose(writes(np, x, cut).asnumpy(), expected, rtol=1e-13)
    x.attach_grad()
    with autograd.record():
        numpy.testing.assert_allclose(writes(np, x, cut).asnumpy(), expected, rtol=1e-13)
    check_numeric_gradient(lambda x: writes(np, x, cut) / expected, [x], order=2)


@every_split
def test_gradients_of_some_of_the_pieces(cut):
    x = np.array(X, dtype="float64")
    check_numeric_gradient(lambda x: (cut(np, x)[0] ** 3).sum(), [x], order=2)
    check_numeric_gradient(lambda x: (cut(np, x)[1] ** 3).sum() + (cut(np, x)[0] ** 2).sum(), [x], order=2)


def test_pieces_taken_outside_record_join_the_graph():
    x = np.zeros(4)
    a, b = np.split(x, 2)
    v = np.array([1, 2])
    v.attach_grad()
    with autograd.record():
        x[1:3] = v * v
        total = (3 * a).sum() + (5 * b).sum()
    total.backward()
    assert a.tolist() == [0, 1]
    assert b.tolist() == [4, 0]
    assert v.grad.tolist() == [6, 20]


def test_the_cotangent_of_one_piece_is_added_where_it_belongs():
    x = np.ones((1000, 1000))
    x.attach_grad("add")
    for i in range(3):
        with autograd.record():
            piece = np.unstack(x)[i]
        piece.backward()
    assert x.grad.sum() == 3000
    assert x.grad[:3].sum() == 3000


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: np.split(x, 4), ValueError, "split: 4 pieces do not divide axis 0 of .* array_split"),
        (lambda x: np.split(x, 0), ValueError, "split: the number of pieces is positive"),
        (lambda x: np.split(x, 1, axis=2), np.exceptions.AxisError, "split: axis 2 is out of bounds"),
        (lambda x: np.split(x, [0.5]), IndexError, "0.5 is no index"),
        (lambda x: np.dsplit(x, 1), ValueError, "dsplit: takes arrays of at least 3 axes"),
        (lambda x: np.vsplit(x[0], 1), ValueError, "vsplit: takes arrays of at least 2 axes"),
        (lambda x: np.hsplit(x[0, 0], 1), ValueError, "hsplit: takes arrays of at least 1 axes"),
        (lambda x: np.unstack(x, 2), np.exceptions.AxisError, "unstack: axis 2"),
    ],
)
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call(np.ones((3, 2)))
    with autograd.record(), pytest.raises(error, match=message):
        call(np.ones((3, 2)))


def test_lists_and_numpy_arrays():
    assert [part.tolist() for part in np.split([1, 2, 3], [1])] == [[1], [2, 3]]
    assert [type(part) for part in np.split(numpy.ones(2), 2)] == [numpy.ndarray] * 2
    assert [part.tolist() for part in numpy.array_split(np.ones(3), 2)] == [[1, 1], [1]]
    assert np.split(np.ones(4), np.array([1, 3]))[1].shape == (2,)
    assert np.unstack(np.ones((0, 2))) == ()
