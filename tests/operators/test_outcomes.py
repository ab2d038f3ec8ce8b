"""Samplers over a few outcomes: frequencies, shapes, gradients of the logarithms of probabilities, bad input."""

import numpy
import pytest

from mxnet import autograd, np, npx

P = numpy.array([[0.1, 0.2, 0.7], [0.5, 0.5, 0.0]])


def test_frequencies_of_outcomes():
    npx.random.seed(3)
    drawn = npx.random.categorical(np.array(P), shape=(100, 200))
    assert drawn.shape == (2, 100, 200)
    assert drawn.dtype == "int32"
    for row, p in zip(drawn.asnumpy(), P, strict=True):
        counts = numpy.bincount(row.ravel(), minlength=3)
        numpy.testing.assert_allclose(counts / row.size, p, atol=5 * numpy.sqrt(0.25 / row.size))
        assert counts[p == 0].sum() == 0


def test_shapes_of_samples():
    p = np.array(P)
    assert npx.random.categorical(p).shape == (2,)
    assert npx.random.categorical(p[0]).shape == (1,)
    assert npx.random.categorical(p[0], shape=4, dtype="float32").dtype == "float32"
    assert npx.random.multinomial(np.array([4, 5]), p).shape == (2, 3)
    assert npx.random.multinomial(np.array([4, 5]), p, shape=(6, 7)).shape == (2, 6, 7, 3)
    assert npx.random.multinomial(np.array([4, 5]), p, shape=(6, 7)).sum(axis=-1)[:, 0, 0].tolist() == [4, 5]
    assert npx.scalar_poisson(2.5, shape=(2, 3)).shape == (2, 3)
    assert npx.tensor_poisson(np.array([1.0, 2]), shape=(3, 4)).shape == (2, 3, 4)
    assert npx.tensor_poisson(np.array([1.0, 2])).shape == (2,)


def test_means_of_poisson_samples():
    npx.random.seed(4)
    drawn = npx.tensor_poisson(np.array([0.0, 1, 9]), shape=10_000)
    numpy.testing.assert_allclose(drawn.mean(axis=1), [0, 1, 9], atol=0.15)
    numpy.testing.assert_allclose(drawn.var(axis=1), [0, 1, 9], rtol=0.1)
    numpy.testing.assert_allclose(npx.scalar_poisson(4, shape=10_000).mean(), 4, atol=0.1)


def test_logarithms_of_probabilities_carry_gradients():
    p = np.array(P, dtype="float64")
    p.attach_grad()
    with autograd.record():
        drawn, logs = npx.random.categorical(p, shape=5, get_prob=True)
    logs.backward()
    assert logs.shape == (2, 5)
    expected = numpy.zeros((2, 3))
    for i, row in enumerate(drawn.asnumpy()):
        numpy.testing.assert_allclose(logs[i], numpy.log(P[i, row]))
        numpy.add.at(expected[i], row, 1 / P[i, row])
    numpy.testing.assert_allclose(p.grad, expected)


@pytest.mark.parametrize("data", [[0.5, 0.6], [-0.5, 1.5], 1.0, [numpy.nan, 1]])
def test_what_is_no_probability_is_refused(data):
    with pytest.raises(ValueError, match="probabilities that sum to 1"):
        npx.random.categorical(np.array(data))
