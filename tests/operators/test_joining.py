"""Blocks: what the rows of `rows_shaping.py` cannot say."""

import numpy
import pytest

from mxnet import autograd, np


def test_block_of_blocks_of_different_ranks():
    ours = [[np.array(2.0), np.array([1.0, 2.0])], [np.ones((2, 1)), np.zeros((2, 2))]]
    theirs = [[part.asnumpy() for part in row] for row in ours]
    numpy.testing.assert_array_equal(np.block(ours).asnumpy(), numpy.block(theirs))
    numpy.testing.assert_array_equal(np.block([[[1.0]], [[2.0]]]).asnumpy(), numpy.block([[[1.0]], [[2.0]]]))
    numpy.testing.assert_array_equal(np.block([[np.ones((2, 1, 1))], [np.zeros((2, 1, 1))]]).shape, (2, 2, 1))


def test_block_of_one_array_is_a_copy():
    x = np.array([1.0, 2.0])
    x.attach_grad()
    with autograd.record():
        y = np.block(x)
        total = (y * y).sum()
    total.backward()
    assert x.grad.tolist() == [2, 4]
    y[0] = 7
    assert x.tolist() == [1, 2]


@pytest.mark.parametrize("arrays", [[], [[1.0], []], [np.ones(2), [np.ones(2)]], [[np.ones((1, 2))], [np.ones((1, 3))]]])
def test_block_refuses(arrays):
    with pytest.raises(ValueError, match=r"block: |concatenate: "):
        np.block(arrays)


@pytest.mark.parametrize("join", [np.concatenate, np.stack, np.vstack, np.hstack])
def test_dtype_of_the_result(join):
    x = np.array([1.5, 2.5])
    x.attach_grad()
    with autograd.record():
        y = join([x, x * x], dtype="float64")
    y.backward()
    assert y.dtype == "float64"
    assert x.grad.dtype == "float32"
    assert x.grad.tolist() == [4, 6]
    assert join([x, x], dtype=int, casting="unsafe").ravel().tolist() == [1, 2, 1, 2]
    assert join([x, x], dtype=float).dtype == "float32"
    with pytest.raises(TypeError, match=f"{join.__name__}: .*same_kind"):
        join([x, x], dtype="int32")
