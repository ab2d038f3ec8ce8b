"""Graphs of any depth, and their memory."""

import gc
import tracemalloc
import weakref

import numpy
import pytest

from mxnet import autograd, np, npx


@pytest.fixture
def no_collector():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def variable(*shape):
    x = np.ones(shape)
    x.attach_grad()
    return x


@pytest.mark.slow
def test_a_chain_of_a_million_operations():
    x = variable(1)
    with autograd.record():
        y = x
        for _ in range(1_000_000):
            y = y + x
    y.backward()
    assert x.grad.item() == 1_000_001


def test_a_deep_graph_that_nobody_differentiates_is_freed_without_recursion():
    x = variable(1)
    with autograd.record():
        y = x
        for _ in range(200_000):
            y = -y
    del y
    assert x.grad.item() == 0


@pytest.mark.slow
def test_memory_is_flat_over_ten_thousand_iterations():
    x, w = variable(4, 8), variable(8, 3)

    def step():
        with autograd.record():
            loss = (npx.log_softmax(np.dot(np.tanh(x), w))[:, 0] ** 2).mean()
        loss.backward()
        w[:] = w - 0.01 * w.grad

    for _ in range(200):
        step()
    gc.collect()
    tracemalloc.start()
    grown = []
    for _ in range(2):
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(5_000):
            step()
        gc.collect()
        grown.append(tracemalloc.get_traced_memory()[0] - before)
    tracemalloc.stop()
    assert min(grown) < 10_000  # a leak grows both times; the interpreter's table of interned strings may double once


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("backward", [True, False])
def test_a_graph_is_freed_by_reference_counts_alone(backward):
    class Double(autograd.Function):
        def forward(self, x):
            y = 2 * x
            self.save_for_backward(x, y)
            self.y = y
            return y

        def backward(self, g):
            return 2 * g

    x = variable(3)
    with autograd.record():
        hidden = np.exp(Double()(x * x))
        parts = np.split(hidden, 3)
        y = np.concatenate(parts).sum() + npx.softmax(hidden)[0]
    alive = [weakref.ref(array._data) for array in (hidden, parts[0], y)]
    if backward:
        y.backward()
    del hidden, parts, y
    assert [ref() for ref in alive] == [None] * 3


@pytest.mark.usefixtures("no_collector")
def test_a_graph_of_gradients_is_freed_by_reference_counts_alone():
    x = variable(3)
    with autograd.record():
        y = (np.sin(x) * np.exp(x)).sum()
        slope = autograd.grad(y, x, create_graph=True)
        z = (slope * slope).sum()
    alive = weakref.ref(slope)
    z.backward()
    del y, slope, z
    assert alive() is None


def test_backward_releases_what_it_has_walked_through():
    x = variable(10)
    with autograd.record():
        hidden = np.exp(x)
        y = hidden.sum()
    kept = weakref.ref(hidden._data)
    del hidden
    assert kept() is not None
    y.backward()
    assert kept() is None


@pytest.mark.slow
def test_peak_memory_of_a_deep_networks_backward():
    """Every layer keeps one activation of 1 MB; on the way down the pass holds two cotangents, and frees as it goes."""
    width, layers = 512, 20
    size = width * width * 4

    def measured():
        tracemalloc.start()
        weights = [variable(width, width) for _ in range(layers)]
        x = np.ones((width, width)) / width
        before = tracemalloc.get_traced_memory()[0]
        with autograd.record():
            h = x
            for w in weights:
                h = np.tanh(np.dot(h, w / width))
            y = h.sum()
        del h
        forward = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        y.backward()
        after, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return before, forward, peak, after

    measured()  # kernels are compiled, which takes memory once
    before, forward, peak, after = measured()
    assert forward - before <= (2 * layers + 2) * size  # tanh's output and the scaled weight of each layer
    assert peak - forward <= (layers + 6) * size  # at most the gradients of the weights, and a few temporaries
    assert after - before < size


def test_slices_share_one_buffer():
    x = variable(2000, 50)
    with autograd.record():
        y = 0
        for i in range(2000):
            y = y + x[i].sum()
    tracemalloc.start()
    y.backward()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (x.grad.asnumpy() == 1).all()
    assert peak < 6 * x.nbytes  # 2000 full-size gradients would be 2000 times as much


def test_writes_share_one_buffer():
    """T recorded writes into one array cost the memory and the time of one cotangent, not of T."""
    steps, width = 256, 4096
    v = np.ones(width)
    v.attach_grad()
    with autograd.record():
        filled = np.zeros((steps, width))
        for t in range(steps):
            filled[t] = v * t
        head = (filled * filled).sum()
    tracemalloc.start()
    head.backward()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert v.grad[0] == 2 * sum(t * t for t in range(steps))
    assert peak < 5 * filled.nbytes  # 2 · filled, and what the rules of the product and the sum need


def test_what_no_rule_needs_is_not_kept():
    a, b = variable(1000), np.ones(1000)
    with autograd.record():
        c = b * 2
        y = a + c
        z = a * c
    kept_by_sum, kept_by_product = y._node.values, z._node.values
    assert not any(isinstance(v, numpy.ndarray) for v in kept_by_sum)
    assert sum(isinstance(v, numpy.ndarray) for v in kept_by_product) == 1
