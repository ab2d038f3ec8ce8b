"""Rules of optimisers: the compiled loop gives what NumPy gives, bit for bit, and writes what it should."""

import inspect
import subprocess
import sys
import threading

import numpy
import pytest

from mxnet import kernels
from mxnet.kernels import LEAST, updates

STATES = {
    "sgd": 0, "signsgd": 0, "sgd_mom": 1, "nag_mom": 1, "signum": 1, "adagrad": 1, "rmsprop": 1,
    "dcasgd": 2, "adadelta": 2, "ftrl": 2, "adam": 2, "adamw": 2, "adamax": 2, "nadam": 2, "adabelief": 2,
    "rmspropalex": 3, "ftml": 3, "lamb": 3, "lans": 4,
}  # fmt: skip
SHARED = (0.3, 0.2, 0.01)
compiled = pytest.mark.skipif(not kernels.available(), reason="Numba is not installed")


def example(name, shape, dtype=numpy.float32, seed=1):
    """The rule, arrays for it and its coefficients."""
    rule = getattr(updates, name)
    rng = numpy.random.default_rng(seed)
    w, g = rng.standard_normal((2, *shape))
    states = numpy.abs(rng.standard_normal((STATES[name], *shape)))
    count = len(inspect.signature(rule).parameters) - 2 - STATES[name]
    return rule, [numpy.array(a, dtype) for a in (w, g, *states)], tuple((0.1 + 0.8 * rng.random(count)).tolist())


def by_numpy(rule, arrays, own, shared=SHARED):
    w, g, *states = [a.copy() for a in arrays]
    with numpy.errstate(all="ignore"):
        return rule(w, rule.gradient(w, g, *shared), *states, *own)


def assert_same_bits(arrays, expected):
    for array, value in zip([arrays[0], *arrays[2:]], expected, strict=True):
        assert array.dtype == value.dtype
        numpy.testing.assert_array_equal(array, value)


def test_every_rule_is_tested():
    assert sorted(STATES) == updates.__all__


@compiled
@pytest.mark.parametrize(
    ("name", "dtype"),
    [
        *[(name, numpy.float32) for name in STATES],
        *[(name, numpy.float64) for name in ("signsgd", "signum", "adam", "ftml", "lans")],
    ],
)
def test_loop_is_numpy_bit_for_bit(name, dtype):
    rule, arrays, own = example(name, (LEAST + 5,), dtype)
    gradient = arrays[1].copy()
    expected = by_numpy(rule, arrays, own)
    rule.update(arrays, SHARED, own)
    assert_same_bits(arrays, expected)
    numpy.testing.assert_array_equal(arrays[1], gradient)
    for shape in [(3,), (), (0,), (2, 0, 3), (2, 3, 5), (1,), (LEAST // 4, 5)]:  # small ones go through the loop now, too
        rule, arrays, own = example(name, shape, dtype, seed=2)
        expected = by_numpy(rule, arrays, own)
        rule.update(arrays, SHARED, own)
        assert_same_bits(arrays, [numpy.asarray(e) for e in expected])


@compiled
@pytest.mark.parametrize("name", ["sgd_mom", "adam", "signum", "rmsprop", "ftrl"])
@pytest.mark.parametrize("bound", [0.2, numpy.inf])
def test_nan_and_infinity_are_numpys(name, bound):
    rule, arrays, own = example(name, (LEAST,))
    for k, value in enumerate([numpy.nan, numpy.inf, -numpy.inf, 0.0, -0.0, 1e38, 1e-45]):
        arrays[1][k::97] = value
    shared = (0.3, bound, 0.01)
    expected = by_numpy(rule, arrays, own, shared)
    rule.update(arrays, shared, own)
    assert_same_bits(arrays, expected)


@compiled
def test_threads_share_large_arrays():
    rule, arrays, own = example("adam", (400_001,))
    expected = by_numpy(rule, arrays, own)
    rule.update(arrays, SHARED, own)
    assert_same_bits(arrays, expected)


@compiled
def test_many_threads_may_be_first(monkeypatch):
    rule = updates.sgd_mom
    monkeypatch.setattr(rule, "_loop", None)
    monkeypatch.setattr(rule, "_ready", set())
    results = []

    def work(seed):
        _, arrays, own = example("sgd_mom", (LEAST,), seed=seed)
        expected = by_numpy(rule, arrays, own)
        rule.update(arrays, SHARED, own)
        results.append(all(numpy.array_equal(a, b) for a, b in zip([arrays[0], arrays[2]], expected, strict=True)))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 4


@pytest.mark.parametrize("name", updates.__all__)
@pytest.mark.parametrize("layout", ["transposed", "strided", "mixed"])
def test_other_layouts(name, layout):
    rule, arrays, own = example(name, (120, 90))
    if layout == "transposed":
        arrays[0] = arrays[0].copy(order="F")
    elif layout == "strided":
        arrays = [numpy.repeat(a, 2, axis=1)[:, ::2] for a in arrays]
    else:
        arrays[1] = arrays[1].astype(numpy.float64)
    expected = by_numpy(rule, arrays, own)
    rule.update(arrays, SHARED, own)
    for array, value in zip([arrays[0], *arrays[2:]], expected, strict=True):
        assert array.dtype == numpy.float32
        numpy.testing.assert_array_equal(array, value.astype(numpy.float32))


@pytest.mark.parametrize("name", updates.__all__)
def test_float16_is_computed_in_float32(name):
    rule, arrays, own = example(name, (50,), numpy.float16)
    expected = by_numpy(rule, [a.astype(numpy.float32) for a in arrays], own)
    rule.update(arrays, SHARED, own)
    for array, value in zip([arrays[0], *arrays[2:]], expected, strict=True):
        numpy.testing.assert_array_equal(array, value.astype(numpy.float16))


@pytest.mark.parametrize("size", [3, LEAST])
@pytest.mark.parametrize("which", [0, 2, 3])
def test_read_only_arrays_are_refused_and_nothing_is_written(size, which):
    rule, arrays, own = example("adam", (size,))
    arrays[which].flags.writeable = False
    before = [a.copy() for a in arrays]
    with pytest.raises(ValueError, match="not writable"):
        rule.update(arrays, SHARED, own)
    for array, value in zip(arrays, before, strict=True):
        numpy.testing.assert_array_equal(array, value)


def test_a_gradient_may_be_read_only():
    rule, arrays, own = example("adam", (LEAST,))
    arrays[1].flags.writeable = False
    expected = by_numpy(rule, arrays, own)
    rule.update(arrays, SHARED, own)
    assert_same_bits(arrays, expected)


def test_integers_and_other_shapes_are_refused():
    rule, arrays, own = example("sgd", (4,))
    with pytest.raises(TypeError, match="int64"):
        rule.update([a.astype(numpy.int64) for a in arrays], SHARED, own)
    with pytest.raises(ValueError, match="is not"):
        rule.update([arrays[0], arrays[1][:2]], SHARED, own)


PROGRAM = """
import sys, numpy
from mxnet.kernels import updates
w, g = numpy.ones(50, "f"), numpy.ones(50, "f")
updates.sgd.update([w, g], (1.0, numpy.inf, 0.0), (0.5,))
print(w[0], "numba" in sys.modules)
"""


def test_small_arrays_alone_do_not_load_numba():
    done = subprocess.run([sys.executable, "-W", "error", "-c", PROGRAM], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["0.5", "False"]
