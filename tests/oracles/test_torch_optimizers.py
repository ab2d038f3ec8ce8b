"""Optimisers whose formulas torch shares, over twenty steps of a small regression."""

import numpy
import pytest

import mxnet as mx
from mxnet import autograd, np

torch = pytest.importorskip("torch", reason="an optional job: torch is not among the test requirements")

# Ours, and torch's; an epsilon of 1e-30 where they add it at different places.
CASES = {
    "sgd": ({"learning_rate": 0.05}, lambda w: torch.optim.SGD(w, 0.05)),
    "sgd with momentum and decay": (
        {"learning_rate": 0.05, "momentum": 0.9, "wd": 0.1},
        lambda w: torch.optim.SGD(w, 0.05, momentum=0.9, weight_decay=0.1),
    ),
    "nag": (
        {"learning_rate": 0.05, "momentum": 0.9, "wd": 0.1},
        lambda w: torch.optim.SGD(w, 0.05, momentum=0.9, weight_decay=0.1, nesterov=True),
    ),
    "adagrad": ({"learning_rate": 0.1, "epsilon": 1e-3}, lambda w: torch.optim.Adagrad(w, 0.1, eps=1e-3)),
    "adadelta": ({"rho": 0.8, "epsilon": 1e-3}, lambda w: torch.optim.Adadelta(w, 1.0, rho=0.8, eps=1e-3)),
    "rmsprop": ({"learning_rate": 0.1, "epsilon": 1e-3}, lambda w: torch.optim.RMSprop(w, 0.1, alpha=0.9, eps=1e-3)),
    "adam": ({"learning_rate": 0.1, "wd": 0.1, "epsilon": 1e-30}, lambda w: torch.optim.Adam(w, 0.1, weight_decay=0.1, eps=1e-30)),
    "adamax": ({"learning_rate": 0.1, "epsilon": 1e-30}, lambda w: torch.optim.Adamax(w, 0.1, eps=1e-30)),
}


@pytest.mark.parametrize("case", CASES)
def test_the_same_course_as_torch(case):
    arguments, theirs = CASES[case]
    rng = numpy.random.default_rng(0)
    x, y, start = rng.standard_normal((30, 4)), rng.standard_normal(30), rng.standard_normal(4)
    weight = np.array(start, dtype="float64")
    weight.attach_grad()
    update = mx.optimizer.get_updater(mx.optimizer.create(case.split()[0], **arguments))
    parameter = torch.nn.Parameter(torch.tensor(start))
    optimizer = theirs([parameter])
    for _ in range(20):
        with autograd.record():
            loss = ((np.array(x, dtype="float64") @ weight - np.array(y, dtype="float64")) ** 2).mean()
        loss.backward()
        update(0, weight.grad, weight)
        optimizer.zero_grad()
        ((torch.tensor(x) @ parameter - torch.tensor(y)) ** 2).mean().backward()
        optimizer.step()
    numpy.testing.assert_allclose(weight.asnumpy(), parameter.detach().numpy(), rtol=1e-10)
