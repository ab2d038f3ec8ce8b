"""What the table cannot say of losses: extreme logits, labels that are ignored, bad input."""

import numpy
import pytest

from mxnet import autograd, np, npx

inf = float("inf")


def value_and_gradient(function, x):
    x = np.array(x, dtype="float64")
    x.attach_grad()
    with autograd.record():
        loss = function(x)
    loss.backward()
    return loss.asnumpy(), x.grad.asnumpy()


@pytest.mark.parametrize("sparse", [True, False])
def test_extreme_logits(sparse):
    label = np.array([1, 0]) if sparse else np.array([[0, 1], [1, 0]], dtype="float64")
    loss, gradient = value_and_gradient(lambda x: npx.softmax_cross_entropy(x, label, sparse_label=sparse), [[1e4, -1e4], [30, 0]])
    numpy.testing.assert_allclose(loss, [2e4, numpy.log1p(numpy.exp(-30))], atol=1e-15)
    numpy.testing.assert_allclose(gradient, [[1, -1], [-numpy.exp(-30), numpy.exp(-30)]], atol=1e-15)


@pytest.mark.parametrize("sparse", [True, False])
def test_classes_that_cannot_be(sparse):
    """Logits of -inf mask classes out; without smoothing they leave the loss and every gradient finite."""
    label = np.array([1]) if sparse else np.array([[0, 1, 0]], dtype="float64")
    loss, gradient = value_and_gradient(lambda x: npx.softmax_cross_entropy(x, label, sparse_label=sparse), [[-inf, 0, 0]])
    numpy.testing.assert_allclose(loss, [numpy.log(2)])
    numpy.testing.assert_allclose(gradient, [[0, -0.5, 0.5]])


@pytest.mark.parametrize("shape", [(3, 4), (300, 40)])
def test_ignored_labels_count_for_nothing(shape):
    label = numpy.arange(shape[0]) % 4
    label[1] = -100
    x = numpy.ones(shape)
    x[1] = numpy.nan
    loss, gradient = value_and_gradient(
        lambda x: npx.softmax_cross_entropy(x, np.array(label), ignore_label=-100, label_smoothing=0.1), x
    )
    assert loss[1] == 0
    assert not gradient[1].any()
    numpy.testing.assert_allclose(loss[0], numpy.log(shape[1]))


def test_labels_of_floats_and_of_length_one():
    x = np.array([[1, 2, 3], [3, 2, 1]])
    for label in (np.array([0, 2]), np.array([[0], [2]]), np.array([0, 2], dtype="int32"), numpy.array([0, 2])):
        numpy.testing.assert_allclose(npx.softmax_cross_entropy(x, label).asnumpy(), [2.407606, 2.407606], rtol=1e-6)


def test_gradient_twice_from_one_graph():
    """Backward uses up the memory of the exponentials, and computes them again for the next."""
    x = np.array(numpy.random.default_rng(0).normal(size=(300, 40)))
    x.attach_grad()
    with autograd.record():
        loss = npx.softmax_cross_entropy(x, np.arange(300) % 40, label_smoothing=0.1)
    loss.backward(retain_graph=True)
    first = x.grad.asnumpy()
    loss.backward(retain_graph=True)
    numpy.testing.assert_allclose(x.grad.asnumpy(), first, atol=1e-7)
    numpy.testing.assert_allclose(first.sum(axis=1), 0, atol=1e-6)


def test_gradient_of_a_label_that_is_a_distribution():
    x, q = np.array([[1, 2, 3]], dtype="float64"), np.array([[0.2, 0.3, 0.5]], dtype="float64")
    q.attach_grad()
    with autograd.record():
        loss = npx.softmax_cross_entropy(x, q, sparse_label=False)
    loss.backward()
    numpy.testing.assert_allclose(q.grad.asnumpy(), -npx.log_softmax(x).asnumpy())


@pytest.mark.parametrize("gamma", [0, 0.5, 2])
def test_focal_loss_of_extreme_logits(gamma):
    loss, gradient = value_and_gradient(
        lambda x: npx.focal_loss(x, np.array([1, 1, 0, 0]), alpha=None, gamma=gamma), [1e4, -1e4, 1e4, -1e4]
    )
    numpy.testing.assert_allclose(loss, [0, 1e4, 1e4, 0])
    numpy.testing.assert_allclose(gradient, [0, -1, 1, 0])


@pytest.mark.parametrize("dtype", ["uint8", "int8", "bool", "int64", "float16", "float64"])
def test_focal_loss_of_labels_of_any_dtype(dtype):
    logits = [0.3, -0.5, 2, -3]
    expected = value_and_gradient(lambda x: npx.focal_loss(x, np.array([0, 1, 0, 1])), logits)
    result = value_and_gradient(lambda x: npx.focal_loss(x, np.array([0, 1, 0, 1], dtype=dtype)), logits)
    numpy.testing.assert_array_equal(result, expected)
    numpy.testing.assert_array_equal(value_and_gradient(lambda x: npx.focal_loss(x, [0, 1, 0, 1]), logits), expected)


X = np.zeros((2, 3))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: npx.softmax_cross_entropy(X, np.array([0, 3])), "softmax_cross_entropy: a label is a class from 0 to 2, not 3.0"),
        (lambda: npx.softmax_cross_entropy(X, np.array([0, -1])), "not -1.0"),
        (lambda: npx.softmax_cross_entropy(X, np.array([0, np.nan])), "not nan"),
        (lambda: npx.softmax_cross_entropy(X, X), r"label has the shape .* \(2,\), not \(2, 3\); .* sparse_label=False"),
        (
            lambda: npx.softmax_cross_entropy(X, np.zeros(2), sparse_label=False),
            "a label of distributions has the shape of the data",
        ),
        (lambda: npx.softmax_cross_entropy(X, X, sparse_label=False, ignore_label=1), "ignore_label is a class"),
        (lambda: npx.softmax_cross_entropy(X, np.zeros(2), label_smoothing=1.5), "label_smoothing is from 0 to 1, not 1.5"),
        (lambda: npx.softmax_cross_entropy(X, np.zeros(2), axis=2), "softmax_cross_entropy: axis 2 is out of bounds"),
        (lambda: npx.focal_loss(X, X, gamma=-1), "focal_loss: gamma is at least 0"),
        (lambda: npx.focal_loss(X, X, alpha=2), "focal_loss: alpha is a weight from 0 to 1"),
        (lambda: npx.focal_loss(X, np.zeros((4, 2, 3))), "focal_loss: label broadcasts"),
        (lambda: npx.smooth_l1(X, scalar=0), "smooth_l1: scalar, σ, is above 0, not 0"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
