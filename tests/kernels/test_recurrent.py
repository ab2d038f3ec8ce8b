"""Recurrent layers by kernels and step by step: the same values, gradients and second gradients."""

import numpy
import pytest

from mxnet import autograd, kernels, np, npx
from mxnet.operators.nn import recurrent

pytestmark = pytest.mark.skipif(not kernels.available(), reason="no Numba, no kernels")

GATES = {"rnn_relu": 1, "rnn_tanh": 1, "lstm": 4, "gru": 3}
STEPS, BATCH, WIDTH, SIZE = 5, 6, 3, 5  # a block of four rows and two more; four outputs and one more


def results(mode, dtype, lengths, layers=2):
    """Outputs, gradients and gradients of their cubes, of two layers in both directions."""
    rng = numpy.random.default_rng(0)
    gates = GATES[mode] * SIZE
    count = sum(2 * gates * ((2 * SIZE if layer else WIDTH) + SIZE + 2) for layer in range(layers))
    shapes = [(STEPS, BATCH, WIDTH), (count,), (2 * layers, BATCH, SIZE), (2 * layers, BATCH, SIZE)]
    variables = [np.array(rng.normal(0, 0.5, shape), dtype=dtype) for shape in shapes[: 4 if mode == "lstm" else 3]]
    for variable in variables:
        variable.attach_grad()
    with autograd.record():
        attributes = {"mode": mode, "state_size": SIZE, "num_layers": layers, "bidirectional": True, "state_outputs": True}
        cell = variables[3] if mode == "lstm" else None
        outputs = npx.rnn(*variables[:3], cell, lengths, use_sequence_length=lengths is not None, **attributes)
        total = sum((y * np.array(numpy.cos(numpy.arange(y.size)).reshape(y.shape), dtype=dtype)).sum() for y in outputs)
    first = autograd.grad(total, variables, retain_graph=True)
    with autograd.record():
        total = sum((g * g * g).sum() for g in autograd.grad(total, variables, create_graph=True))
    total.backward()
    return [array.asnumpy() for array in [*outputs, *first, *[variable.grad for variable in variables]]]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("lengths", [None, [5, 2, 0, 3, 5, 1]], ids=["whole", "lengths"])
@pytest.mark.parametrize("mode", GATES)
def test_same_as_step_by_step(mode, lengths, dtype, monkeypatch):
    lengths = None if lengths is None else np.array(lengths, dtype="int32")
    work = STEPS * BATCH * SIZE * GATES[mode]
    monkeypatch.setattr(recurrent, "_LEAST", work + 1)
    expected = results(mode, dtype, lengths)
    monkeypatch.setattr(recurrent, "_LEAST", work)
    called = []
    forward = (
        recurrent.kernels_of.lstm if mode == "lstm" else recurrent.kernels_of.gru if mode == "gru" else recurrent.kernels_of.simple
    )
    monkeypatch.setattr(recurrent.kernels_of, forward.__name__, lambda *args: (called.append(1), forward(*args)))
    for result, value in zip(results(mode, dtype, lengths), expected, strict=True):
        tolerance = 200 * numpy.finfo(dtype).eps
        numpy.testing.assert_allclose(result, value, rtol=tolerance, atol=tolerance * abs(value).max(initial=1))
    assert called


def test_threads_take_rows_of_their_own(monkeypatch):
    """The number of threads changes no bit."""
    monkeypatch.setattr(recurrent, "_LEAST", 1)
    alone = results("lstm", "float32", None)
    monkeypatch.setattr(kernels.threads, "_SHARED", 0)
    for result, value in zip(results("lstm", "float32", None), alone, strict=True):
        numpy.testing.assert_array_equal(result, value)
