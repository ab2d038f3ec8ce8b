"""Vector functions against the truth, a million numbers each, and the kernels of operators against their plain definitions."""

import math

import numpy
import pytest
from scipy import special

from mxnet import autograd, kernels, np, npx
from mxnet.kernels import pointwise

pytestmark = pytest.mark.skipif(not kernels.available(), reason="Numba is not installed")

# In float64 they are the truth about float32; about float64 the machine's long double is, or mpmath.
TRUTH = {
    "exp": numpy.exp,
    "log": numpy.log,
    "tanh": numpy.tanh,
    "sigmoid": lambda x: 1 / (1 + numpy.exp(-x)),
    "sin": numpy.sin,
    "cos": numpy.cos,
    "erf": special.erf,
}
ULPS = 2
LONG = numpy.finfo(numpy.longdouble).nmant > 60


def numbers(dtype, n):
    """Of every kind: any pattern of bits, all magnitudes, and those where functions are not yet constant; then special ones."""
    rng = numpy.random.default_rng(0)
    info = numpy.finfo(dtype)
    parts = [
        rng.integers(0, 2 ** (8 * info.dtype.itemsize), n // 4, dtype=f"u{info.dtype.itemsize}").view(dtype),
        numpy.exp2(rng.uniform(info.minexp - info.nmant, info.maxexp, n // 8)) * rng.choice([-1, 1], n // 8),
        rng.uniform(1.2 * info.minexp, 1.2 * info.maxexp, n // 8),
        rng.uniform(-20, 20, n // 4),
        rng.uniform(-2, 2, n // 8),
        numpy.exp(rng.uniform(-3, 3, n // 8)),
        numpy.rint(rng.uniform(-6e5, 6e5, n // 64)) * (math.pi / 2),  # where sine or cosine is all but 0
        [0, -0.0, math.inf, -math.inf, math.nan, 1, -1, info.tiny, -info.tiny, info.smallest_subnormal, info.max, info.min],
    ]
    with numpy.errstate(all="ignore"):
        return numpy.concatenate([numpy.asarray(part, dtype) for part in parts])


def computed(name, x):
    out = numpy.empty_like(x)
    getattr(pointwise, name)(0, x.size, x, out)
    return out


def errors(result, truth):
    """In units in the last place of the truth; where that is infinite or NaN, 0 or infinity."""
    with numpy.errstate(all="ignore"):
        rounded = truth.astype(result.dtype)
        ulps = numpy.abs(result.astype(truth.dtype) - truth) / numpy.spacing(numpy.abs(rounded))
    same = (result == rounded) | (numpy.isnan(result) & numpy.isnan(rounded))
    return numpy.where(numpy.isfinite(rounded) & numpy.isfinite(result), ulps, numpy.where(same, 0, math.inf))


@pytest.mark.parametrize("name", TRUTH)
def test_float32_is_right(name):
    x = numbers(numpy.float32, 1_000_000)
    with numpy.errstate(all="ignore"):
        truth = TRUTH[name](x.astype(numpy.float64))
    found = errors(computed(name, x), truth)
    assert found.max() <= ULPS, f"{found.max()} ulp at {x[found.argmax()]!r}"


@pytest.mark.skipif(not LONG, reason="long double is no longer than double")
@pytest.mark.parametrize("name", [name for name in TRUTH if name != "erf"])
def test_float64_is_right(name):
    x = numbers(numpy.float64, 1_000_000)
    if name in ("sin", "cos"):
        x = x[~(abs(x) > 1e15)]  # beyond, long double is not precise enough; mpmath's turn is below
    with numpy.errstate(all="ignore"):
        truth = TRUTH[name](x.astype(numpy.longdouble))
    found = errors(computed(name, x), truth)
    assert found.max() <= ULPS, f"{found.max()} ulp at {x[found.argmax()]!r}"


@pytest.mark.parametrize("name", TRUTH)
def test_float64_agrees_with_mpmath(name):
    mpmath = pytest.importorskip("mpmath")
    truth = {"sigmoid": lambda x: 1 / (1 + mpmath.exp(-x))}.get(name) or getattr(mpmath, name)
    x = numbers(numpy.float64, 4000)
    x = x[numpy.isfinite(x)]
    if name == "log":
        x = abs(x[x != 0])
    if name in ("exp", "sigmoid"):
        x = x[abs(x) < 740]  # there is no end to the digits of smaller results
    result = computed(name, x)
    with mpmath.workprec(1200 if name in ("sin", "cos") else 200):
        for argument, value in zip(x.tolist(), result.tolist(), strict=True):
            exact = truth(mpmath.mpf(argument))
            if math.isinf(float(exact)):
                assert value == float(exact)
            else:
                assert abs(exact - value) <= ULPS * math.ulp(float(exact)), argument


def test_float64_erf_is_right():
    """A million numbers: SciPy's own erf is 2 units off at times."""
    x = numbers(numpy.float64, 1_000_000)
    assert errors(computed("erf", x), special.erf(x)).max() <= ULPS + 2


@pytest.mark.parametrize("name", ["sin", "tanh", "erf"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_zero_keeps_its_sign(name, dtype):
    assert numpy.signbit(computed(name, numpy.array([0.0, -0.0], dtype))).tolist() == [False, True]


# Operators: the kernel against the plain definition

FUNCTIONS = {
    "exp": np.exp,
    "log": np.log,
    "tanh": np.tanh,
    "sin": np.sin,
    "cos": np.cos,
    "erf": npx.erf,
    "relu": npx.relu,
    "sigmoid": npx.sigmoid,
    "silu": npx.silu,
    "mish": npx.mish,
    "gelu": npx.gelu,
    "gelu_tanh": npx.gelu_tanh,
}


def derivatives(function, data):
    """Value, gradient, gradient under `create_graph`, and second gradient; some of the cotangents that arrive are 0."""
    x = np.array(data, dtype=data.dtype)
    x.attach_grad()
    head = np.array(numpy.resize([1, -2, 0, 0.5, 3], data.shape), dtype=data.dtype)
    with autograd.record():
        y = function(x)
    (first,) = autograd.grad(y, [x], [head], retain_graph=True)
    with autograd.record():
        (recorded,) = autograd.grad(y, [x], [head], create_graph=True)
    recorded.backward()
    return [array.asnumpy() for array in (y, first, recorded, x.grad)]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_kernels_agree_with_plain_definitions(name, dtype, monkeypatch):
    rng = numpy.random.default_rng(1)
    tolerance = 32 * numpy.finfo(dtype).eps
    called = []
    over = pointwise.over
    for n in (kernels.LEAST - 1, kernels.LEAST, kernels.LEAST + 3):
        data = rng.uniform(0.1 if name == "log" else -6, 6, n).astype(dtype)
        with monkeypatch.context() as patch:
            patch.setattr(pointwise, "served", lambda x, y=None, *least: type(x) is numpy.ndarray and kernels.serves(x, y))
            patch.setattr(pointwise, "over", lambda *args: (called.append(1), over(*args))[1])
            fast = derivatives(FUNCTIONS[name], data)
        assert bool(called) == (n >= kernels.LEAST)
        with monkeypatch.context() as patch:
            patch.setattr(pointwise, "served", lambda *args: False)
            plain = derivatives(FUNCTIONS[name], data)
        for a, b in zip(fast, plain, strict=True):
            numpy.testing.assert_allclose(a, b, tolerance, tolerance)


@pytest.mark.parametrize("name", ["relu", "silu", "mish", "gelu", "gelu_tanh"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_kernels_of_large_numbers(name, dtype):
    """The largest ones, and cotangents that are large themselves: no product overflows on the way."""
    largest = numpy.finfo(dtype).max
    x = np.array(numpy.resize([largest, largest / 32, 30, -30, -largest], 2**16), dtype=dtype)
    x.attach_grad()
    with autograd.record():
        y = FUNCTIONS[name](x)
    y.backward(np.full(x.shape, largest / 1e8, dtype=dtype))
    numpy.testing.assert_allclose(y[:5].asnumpy(), [largest, largest / 32, 30, 0, 0], rtol=1e-6, atol=1e-10)
    numpy.testing.assert_allclose(x.grad[:5].asnumpy() / (largest / 1e8), [1, 1, 1, 0, 0], rtol=1e-6, atol=1e-10)


@pytest.mark.parametrize("name", ["sin", "cos", "erf", "relu", "silu", "mish", "gelu", "gelu_tanh"])
def test_kernels_at_infinity(name):
    """The limits, and no gradient where none arrives."""
    data = numpy.resize([numpy.inf, -numpy.inf, numpy.nan, 1e30], 2**18).astype("float32")
    x = np.array(data)
    x.attach_grad()
    head = np.array(numpy.repeat([0, 1], 2**17))
    with autograd.record():
        y = FUNCTIONS[name](x)
    y.backward(head)
    assert (x.grad[: 2**17] == 0).all()
    up, down, undefined, large = x.grad[2**17 : 2**17 + 4].tolist()
    if name in ("sin", "cos"):
        assert math.isnan(up)
        assert math.isnan(down)
        assert abs(large) <= 1
    else:
        assert (up, pytest.approx(down, abs=1e-30)) == ((0, 0) if name == "erf" else (1, 0))
        assert large == up
    assert math.isnan(undefined) or name == "relu"


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_bytes_in_another_order(dtype):
    x = numpy.random.default_rng(0).normal(size=(200, 200)).astype(dtype)
    swapped = x.astype(x.dtype.newbyteorder())
    assert kernels.serves(x)
    assert not kernels.serves(swapped)
    ones = numpy.ones(200, dtype)
    for function in (npx.sigmoid, npx.softmax, np.exp, lambda x: npx.layer_norm(x, ones, ones)):
        expected = function(np.array(x, dtype=dtype)).asnumpy()
        for given in (swapped, np.array(swapped, dtype=swapped.dtype)):
            result = function(given)
            numpy.testing.assert_allclose(numpy.asarray(result), expected, rtol=100 * numpy.finfo(dtype).eps, atol=1e-6)
