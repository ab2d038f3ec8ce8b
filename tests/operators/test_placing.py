"""Writes in place by other names: `put` without a graph, `copyto`."""

import numpy
import pytest

from mxnet import MXNetError, autograd, np
from mxnet.test_utils import check_numeric_gradient


@pytest.mark.parametrize("ind", [[0, 3], [[1], [-1]], 2, [], [2, 2], [0.0, 1.0]], ids=repr)
@pytest.mark.parametrize("v", [[5, 6], 7, [1.5, 2.5, 3.5], [8]], ids=repr)
@pytest.mark.parametrize("dtype", ["float32", "int8"])
def test_put(ind, v, dtype):
    whole = numpy.arange(12).reshape(3, 4)
    for key in (..., (slice(None), slice(None, None, 2)), (slice(0, 1),)):
        theirs, ours = whole.astype(dtype), np.array(whole, dtype=dtype)
        numpy.put(theirs[key], numpy.array(ind, int), v)
        np.put(ours[key], ind, v)
        assert ours.tolist() == theirs.tolist()


def test_put_lets_the_graph_know():
    x = np.ones(3)
    x.attach_grad()
    with autograd.record():
        y = x * 2
        z = y * y
    np.put(y, [0], [5])
    with pytest.raises(MXNetError, match="written in place"):
        z.backward()
    assert y._node is None


def test_copyto():
    x = np.array([1, 2, 3])
    np.copyto(x, [4, 5, 6], casting="unsafe")
    np.copyto(x, 0, where=np.array([0, 1, 0], dtype=bool))
    numpy.copyto(x, np.array([7, 8, 9]), where=numpy.array([False, False, True]))
    assert x.tolist() == [4, 0, 9]
    k = np.zeros((2, 2), dtype="uint8")
    np.copyto(k, 3)
    np.copyto(k, np.array([1, 2], dtype="uint8"), where=[[True], [False]])
    assert k.tolist() == [[1, 2], [3, 3]]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((np.zeros(2, dtype="int32"), 0.5), TypeError, "copyto: float16 to int32 is not allowed by casting='same_kind'"),
        ((np.zeros(2, dtype="int32"), np.ones(2)), TypeError, "copyto: float32 to int32 is not allowed"),
        ((np.zeros(2), np.ones(3)), ValueError, "broadcast"),
        ((np.zeros(2), 1, "same_kind", [1, 0]), TypeError, "copyto: where has the dtype bool"),
        (([1, 2], 1), TypeError, "copyto: writes in place into an array"),
    ],
)
def test_copyto_refuses(arguments, error, message):
    with pytest.raises(error, match=message):
        np.copyto(*arguments)


def test_copyto_is_recorded():
    x, v = np.array([1.0, 2.0, 3.0], dtype="float64"), np.array([[4.0], [5.0]], dtype="float64")
    mask = numpy.array([[True, False, True], [False, True, False]])

    def program(x, v):
        y = x * np.ones((2, 1), dtype="float64")
        np.copyto(y, v * v, where=mask)
        return y * y * x

    check_numeric_gradient(program, [x, v], order=2)
