"""What the table cannot say of dropout: when it acts, how often, and what the seed governs."""

import numpy
import pytest

import mxnet as mx
from mxnet import autograd, np, npx


def dropped(seed, shape=(100, 200), **attributes):
    np.random.seed(seed)
    return npx.dropout(np.ones(shape), mode="always", **attributes).asnumpy()


def test_acts_in_training_only():
    x = np.ones(1000)
    assert (npx.dropout(x) == 1).all()
    with autograd.record(train_mode=False):
        assert (npx.dropout(x) == 1).all()
        assert not (npx.dropout(x, mode="always") == 1).all()
    with autograd.record():
        assert not (npx.dropout(x) == 1).all()
        assert (npx.dropout(x, p=0) == 1).all()


@pytest.mark.parametrize("p", [0.01, 0.3, 0.5, 0.9])
def test_probability_and_scale(p):
    y = dropped(1, (1000, 1000), p=p)
    assert set(numpy.unique(y)) == {numpy.float32(0), numpy.float32(1 / (1 - p))}
    deviation = numpy.sqrt(p * (1 - p) / y.size)
    assert abs((y == 0).mean() - p) < 5 * deviation
    for lag in (1, 2, 1000):  # neighbours, the halves of one word, and rows are independent
        zero = (y == 0).ravel()
        both = (zero[:-lag] & zero[lag:]).mean()
        assert abs(both - p * p) < 5 * numpy.sqrt(p * p * (1 - p * p) / y.size)


def test_seed_governs_the_places():
    first = dropped(7)
    numpy.testing.assert_array_equal(first, dropped(7))
    assert (first != dropped(8)).any()
    np.random.seed(7)
    x = np.ones((100, 200))
    a, b = npx.dropout(x, mode="always"), npx.dropout(x, mode="always")
    assert (a != b).any()


def test_threads_do_not():
    before = mx.util.get_num_threads()
    results = []
    for n in (1, 2, 3):
        mx.util.set_num_threads(n)
        results.append(dropped(3, (1000, 1001)))
    mx.util.set_num_threads(before)
    numpy.testing.assert_array_equal(results[0], results[1])
    numpy.testing.assert_array_equal(results[0], results[2])


def test_gradient_goes_where_the_data_went():
    x = np.ones((64, 256))
    x.attach_grad()
    with autograd.record():
        y = npx.dropout(x, p=0.25)
    y.backward()
    numpy.testing.assert_array_equal(x.grad.asnumpy(), y.asnumpy())


def test_what_is_dropped_is_zero_whatever_it_was():
    np.random.seed(0)
    y = npx.dropout(np.full(100, np.nan), mode="always").asnumpy()
    assert set(y[~numpy.isnan(y)]) == {0}


def test_axes_share_a_fate():
    y = dropped(0, (3, 40, 5), axes=(0, -1))
    assert (y == y[:1, :, :1]).all()
    assert len(numpy.unique(y)) == 2


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"p": 1}, "dropout: p, .*, is a number from 0 to below 1, not 1"),
        ({"p": -0.1}, "not -0.1"),
        ({"p": float("nan")}, "not nan"),
        ({"p": "0.5"}, "not '0.5'"),
        ({"mode": "predict"}, "dropout: mode is 'training' or 'always', not 'predict'"),
        ({"axes": (2,)}, "dropout: axis 2 is out of bounds"),
    ],
)
def test_refuses(attributes, message):
    with pytest.raises(ValueError, match=message):
        npx.dropout(np.ones((2, 3)), **attributes)
