"""The kernels of normalisation against the plain definitions, in value, gradient and second gradient."""

import numpy
import pytest

from mxnet import autograd, kernels, np, npx

pytestmark = pytest.mark.skipif(not kernels.available(), reason="Numba is not installed")

RNG = numpy.random.default_rng(0)


def batch_norm(x, gamma, beta, **attributes):
    n = len(gamma)
    return npx.batch_norm(x, gamma, beta, np.zeros(n), np.ones(n), fix_gamma=False, **attributes)


def rms_norm(x, gamma, beta):
    return npx.rms_norm(x, gamma) + beta.astype(x.dtype)


# Around the 2**13 elements from which kernels serve; widths that are no multiple of a vector's.
CASES = {
    "layer_norm": (npx.layer_norm, [(127, 64), (128, 64), (3, 41, 67)], -1, {}),
    "layer_norm in many bands": (npx.layer_norm, [(5000, 7)], -1, {}),
    "rms_norm": (rms_norm, [(128, 64), (90, 101)], -1, {}),
    "group_norm": (npx.group_norm, [(5, 6, 17, 19)], 1, {"num_groups": 3}),
    "instance_norm": (npx.instance_norm, [(5, 6, 17, 19)], 1, {}),
    "batch_norm of images": (batch_norm, [(4, 8, 16, 15), (4, 8, 16, 16), (3, 7, 401)], 1, {}),
    "batch_norm of short rows": (batch_norm, [(40, 30, 3, 3)], 1, {}),
    "batch_norm of vectors": (batch_norm, [(128, 64), (303, 37)], 1, {}),
    "batch_norm, channels last": (batch_norm, [(5, 9, 9, 35)], -1, {"axis": -1}),
}


def results(function, arrays, weights, attributes):
    """The value; the gradients; and those of a weighted sum of the first gradient."""
    x, gamma, beta = (np.array(a, dtype=a.dtype) for a in arrays)
    for variable in (x, gamma, beta):
        variable.attach_grad()
    with autograd.record():
        y = function(x, gamma, beta, **attributes)
    y.backward(np.array(weights, dtype=weights.dtype))
    first = [variable.grad.asnumpy() for variable in (x, gamma, beta)]
    with autograd.record():
        y = function(x, gamma, beta, **attributes)
        (slope,) = autograd.grad(np.sin(y), [x], create_graph=True)
        total = (slope * np.array(weights, dtype=weights.dtype)).sum()
    total.backward()
    return [y.asnumpy(), *first, *[variable.grad.asnumpy() for variable in (x, gamma, beta)]]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("case", CASES)
def test_kernel_and_plain_definition_agree(case, dtype, monkeypatch):
    function, shapes, axis, attributes = CASES[case]
    for shape in shapes:
        arrays = [RNG.normal(1, 2, size).astype(dtype) for size in (shape, shape[axis], shape[axis])]
        weights = RNG.normal(size=shape).astype(dtype)
        by_kernel = results(function, arrays, weights, attributes)
        with monkeypatch.context() as patch:
            patch.setattr(kernels, "serves", lambda *arrays, **options: False)
            plain = results(function, arrays, weights, attributes)
        tolerance = 300 * numpy.finfo(dtype).eps
        for one, other in zip(by_kernel, plain, strict=True):
            assert one.dtype == other.dtype == dtype
            numpy.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance * abs(other).max())


def test_nan_and_infinity_stay_in_their_row():
    x = RNG.normal(size=(200, 64)).astype("float32")
    x[3, 5], x[7, 1] = numpy.nan, numpy.inf
    y = npx.layer_norm(np.array(x), np.ones(64), np.zeros(64)).asnumpy()
    assert numpy.isnan(y[[3, 7]]).all()
    assert numpy.isfinite(numpy.delete(y, [3, 7], axis=0)).all()


def test_sums_of_many_elements_are_accurate():
    """A million elements a channel, far from 0: sums in float32 throughout would lose the variance."""
    x = (RNG.normal(size=(1000, 2, 1000)) + 100).astype("float32")
    y = npx.batch_norm(np.array(x), *[np.ones(2)] * 2, np.zeros(2), np.ones(2), output_mean_var=True)
    with autograd.train_mode():
        _, mean, inverse = npx.batch_norm(np.array(x), np.ones(2), np.ones(2), np.zeros(2), np.ones(2), output_mean_var=True)
    exact = x.astype("float64")
    numpy.testing.assert_allclose(mean.asnumpy(), exact.mean((0, 2)), rtol=1e-7)
    numpy.testing.assert_allclose(inverse.asnumpy(), 1 / numpy.sqrt(exact.var((0, 2)) + 1e-3), rtol=1e-6)
    assert y[0].shape == x.shape


@pytest.mark.parametrize("case", CASES)
def test_half_precision_is_computed_in_single(case):
    """Data of float16, whose parameters are of float32 as a rule: the gradients are those of single precision, rounded."""
    function, shapes, axis, attributes = CASES[case]
    shape = shapes[-1]
    x, weights = (RNG.normal(1, 2, shape).astype("float16") for _ in range(2))
    gamma, beta = RNG.normal(1, 2, (2, shape[axis])).astype("float32")
    half = results(function, [x, gamma, beta], weights, attributes)
    single = results(function, [x.astype("float32"), gamma, beta], weights.astype("float32"), attributes)
    assert [slope.dtype for slope in half[1:4]] == ["float16", "float32", "float32"]
    for one, other in zip(half[:4], single[:4], strict=True):
        numpy.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-3 * abs(other).max())
