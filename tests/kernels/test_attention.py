"""Attention in parts and all at once: the same values, gradients and second gradients."""

import tracemalloc

import numpy
import pytest

from mxnet import autograd, kernels, np, npx
from mxnet.operators.nn import attention

pytestmark = pytest.mark.skipif(not kernels.available(), reason="no Numba, no kernels")

LEAD, LENGTH, WIDTH = (2, 3), 9, 4
SCORES = attention._Scores


def mask_of(kind, sources, dtype):
    rng = numpy.random.default_rng(1)
    if kind == "bool":
        mask = rng.random((*LEAD, LENGTH, sources)) < 0.6
        mask[0, 1, 2] = False  # a query that may look nowhere
        return np.array(mask, dtype="bool")
    if kind == "float":
        mask = rng.normal(size=(LEAD[0], 1, 1, sources))
        return np.array(numpy.where(mask > 1, -numpy.inf, mask), dtype=dtype)
    return None


def results(dtype, sources, mask=None, second=True, length=LENGTH, **attributes):
    """The output, gradients and gradients of their cubes."""
    rng = numpy.random.default_rng(0)
    shapes = [(*LEAD, length, WIDTH), (*LEAD, sources, WIDTH), (*LEAD, sources, WIDTH + 2)]
    variables = [np.array(rng.normal(size=shape), dtype=dtype) for shape in shapes]
    for variable in variables:
        variable.attach_grad()
    np.random.seed(7)
    with autograd.record():
        out = npx.scaled_dot_product_attention(*variables, mask, **attributes)
        total = (out * np.array(numpy.cos(numpy.arange(out.size)).reshape(out.shape), dtype=dtype)).sum()
    first = autograd.grad(total, variables, retain_graph=True)
    if not second:
        return [array.asnumpy() for array in [out, *first]]
    with autograd.record():
        total = sum((g * g * g).sum() for g in autograd.grad(total, variables, create_graph=True))
    total.backward()
    return [array.asnumpy() for array in [out, *first, *[variable.grad for variable in variables]]]


def assert_same(monkeypatch, dtype, *args, **attributes):
    monkeypatch.setattr(attention, "_LEAST", 10**9)
    expected = results(dtype, *args, **attributes)
    monkeypatch.setattr(attention, "_LEAST", 1)
    tolerance = 200 * numpy.finfo(dtype).eps
    for result, value in zip(results(dtype, *args, **attributes), expected, strict=True):
        numpy.testing.assert_allclose(result, value, rtol=tolerance, atol=tolerance * abs(value).max(initial=1))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("kind", [None, "bool", "float"])
@pytest.mark.parametrize("attributes", [{}, {"is_causal": True}, {"dropout": 0.3}, {"is_causal": True, "dropout": 1.0}], ids=str)
def test_same_as_all_at_once(kind, attributes, dtype, monkeypatch):
    for sources in (5, 9, 14):
        assert_same(monkeypatch, dtype, sources, mask_of(kind, sources, dtype), **attributes)


@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize("causal", [True, False])
def test_any_parts(apart, causal, monkeypatch):
    """A head to a part, or 64 queries: keys and values of a head get their gradients from all parts."""
    monkeypatch.setattr(SCORES, "PART", 1)
    monkeypatch.setattr(SCORES, "SMALL", 10**9 if apart else 0)
    for sources in (100, 150):
        assert_same(monkeypatch, "float64", sources, second=False, length=130, is_causal=causal, dropout=0.2)


def test_threads(monkeypatch):
    """The number of threads changes no bit."""
    monkeypatch.setattr(attention, "_LEAST", 1)
    alone = results("float32", 9, dropout=0.3)
    monkeypatch.setattr(kernels.threads, "_SHARED", 0)
    for result, value in zip(results("float32", 9, dropout=0.3), alone, strict=True):
        numpy.testing.assert_array_equal(result, value)


def test_memory_is_linear_in_the_length():
    """4096 queries and keys have 64 MiB of scores, which are never in memory together."""
    x = np.ones((1, 4096, 8), dtype="float32")
    x.attach_grad()
    tracemalloc.start()
    with autograd.record():
        y = npx.scaled_dot_product_attention(x, x, x)
    y.backward()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 * 2**20
