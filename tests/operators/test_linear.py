"""What linear layers and embeddings refuse, and what they read."""

import numpy
import pytest

from mxnet import autograd, np, npx


@pytest.mark.parametrize(
    ("shapes", "attributes", "message"),
    [
        (((2, 3, 4), (5, 4)), {}, r"\(num_hidden, 12\).*not \(5, 4\); flatten=False"),
        (((2, 3, 4), (5, 12)), {"flatten": False}, r"\(num_hidden, 4\).*not \(5, 12\)"),
        (((2, 3), (5, 3)), {"num_hidden": 4}, "num_hidden=4, but weight has 5 rows"),
        (((2, 3), (5, 3)), {"no_bias": False}, "needs a bias"),
        (((2, 3), (5, 3), (4,)), {"no_bias": False}, r"bias has shape \(5,\).*not \(4,\)"),
        (((), (5, 3)), {}, r"not shape \(\)"),
    ],
)
def test_fully_connected_refuses(shapes, attributes, message):
    with pytest.raises(ValueError, match=f"fully_connected: .*{message}"):
        npx.fully_connected(*map(np.ones, shapes), **attributes)


def test_the_gradient_of_a_float16_bias_is_summed_in_float32():
    bias = np.zeros(2, dtype="float16")
    bias.attach_grad()
    with autograd.record():
        y = npx.fully_connected(np.ones((5000, 1), dtype="float16"), np.ones((2, 1), dtype="float16"), bias, no_bias=False)
    y.backward()
    assert bias.grad.tolist() == [5000, 5000]


def test_bias_counts_only_when_asked_for():
    """As in MXNet, whose `no_bias` is True by default."""
    x, w, b = np.ones((2, 3)), np.ones((4, 3)), np.ones(4)
    b.attach_grad()
    with autograd.record():
        y = npx.fully_connected(x, w, b)
    assert y._node is None or not autograd.grad(y, b).asnumpy().any()
    numpy.testing.assert_array_equal(y.asnumpy(), 3)
    numpy.testing.assert_array_equal(npx.fully_connected(x, w, b, no_bias=False).asnumpy(), 4)


def test_integers_take_the_dtype_of_the_weight():
    assert npx.fully_connected(np.ones((2, 3), dtype="int32"), np.ones((4, 3), dtype="float16")).dtype == "float16"


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (((3, 4), (4, 5)), "stacks of matrices"),
        (((1, 3, 4), (2, 4, 5)), "stacks of matrices"),
        (((2, 3, 4), (2, 5, 4)), "columns of a meet rows of b"),
    ],
)
def test_batch_dot_refuses(shapes, message):
    with pytest.raises(ValueError, match=f"batch_dot: .*{message}"):
        npx.batch_dot(*map(np.ones, shapes))


def test_embedding_refuses():
    weight = np.ones((4, 2))
    with pytest.raises(ValueError, match=r"embedding: input_dim=5, but weight has shape \(4, 2\)"):
        npx.embedding(np.array([1]), weight, 5, 2)
    with pytest.raises(ValueError, match=r"embedding: weight has shape \(input_dim, output_dim\), not \(4,\)"):
        npx.embedding(np.array([1]), np.ones(4))
    with pytest.raises(IndexError, match=r"embedding: .*no rows"):
        npx.embedding(np.array([1]), np.ones((0, 4)))
    with pytest.raises(IndexError, match=r"embedding: .*NaN"):
        npx.embedding(np.array([numpy.nan]), weight)


def test_embedding_beyond_the_ends():
    """As MXNet says: the first row, or the last; their gradients, too."""
    weight = np.arange(8).reshape(4, 2)
    weight.attach_grad()
    with autograd.record():
        y = npx.embedding(np.array([0, 3.9, 4, -1, -9]), weight, 4, 2)
    y.backward()
    numpy.testing.assert_array_equal(y.asnumpy()[:, 0], [0, 6, 6, 0, 0])
    numpy.testing.assert_array_equal(weight.grad.asnumpy()[:, 0], [3, 0, 0, 2])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_large_embedding(dtype):
    """A gather by the kernel, where there is one."""
    rng = numpy.random.default_rng(0)
    index, weight = rng.integers(-5, 1010, (64, 40)), rng.normal(size=(1000, 128)).astype(dtype)
    given = np.array(weight, dtype=dtype)
    given.attach_grad()
    with autograd.record():
        y = npx.embedding(np.array(index, dtype="int32"), given)
    numpy.testing.assert_array_equal(y.asnumpy(), weight[index.clip(0, 999)])
    y.backward()
    numpy.testing.assert_array_equal(given.grad.asnumpy()[:, 3], numpy.bincount(index.clip(0, 999).ravel(), minlength=1000))
