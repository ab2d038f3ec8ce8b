"""Values, gradients and second gradients against torch: an optional job, for where torch is installed."""

import numpy
import pytest

from mxnet import autograd, np, npx

torch = pytest.importorskip("torch", reason="an optional job: torch is not among the test requirements")

RNG = numpy.random.default_rng(0)


def positive(*shape):
    return RNG.uniform(0.3, 2.0, shape)


def square(n):
    return RNG.normal(size=(n, n)) + 3 * numpy.eye(n)


CASES = {
    "arithmetic": (
        lambda x, y: (x * y - x / y + x**y) ** 2,
        lambda x, y: (x * y - x / y + x**y) ** 2,
        [positive(3, 4), positive(4)],
    ),
    "exponential": (
        lambda x: np.exp(x) * np.log1p(x) + np.expm1(x) * np.log2(x),
        lambda x: torch.exp(x) * torch.log1p(x) + torch.expm1(x) * torch.log2(x),
        [positive(5)],
    ),
    "trigonometric": (
        lambda x: np.tan(x / 2) * np.arctan(x) + np.arcsinh(x) * np.tanh(x) + np.arctan2(x, 1 + x),
        lambda x: torch.tan(x / 2) * torch.atan(x) + torch.asinh(x) * torch.tanh(x) + torch.atan2(x, 1 + x),
        [positive(5)],
    ),
    "matmul": (lambda a, b: np.matmul(a, b) ** 2, lambda a, b: torch.matmul(a, b) ** 2, [positive(2, 3, 4), positive(4, 5)]),
    "einsum": (
        lambda a, b: np.einsum("bij,bjk->ik", a, b) ** 2,
        lambda a, b: torch.einsum("bij,bjk->ik", a, b) ** 2,
        [positive(2, 3, 4), positive(2, 4, 3)],
    ),
    "reductions": (
        lambda x: x.std(axis=0, ddof=1) * x.prod(axis=0) + x.max(axis=0) * x.cumsum(axis=0)[-1],
        lambda x: x.std(0) * x.prod(0) + x.max(0).values * x.cumsum(0)[-1],
        [positive(4, 3)],
    ),
    "norm": (lambda x: np.linalg.norm(x, axis=1), lambda x: torch.linalg.norm(x, dim=1), [positive(4, 3)]),
    "softmax": (
        lambda x: npx.softmax(x, axis=1) * npx.log_softmax(x, axis=1),
        lambda x: torch.softmax(x, 1) * torch.log_softmax(x, 1),
        [RNG.normal(size=(3, 5))],
    ),
    "activations": (
        lambda x: npx.sigmoid(x) * npx.gelu(x) + npx.silu(x) * npx.mish(x) + npx.softrelu(x),
        lambda x: (
            torch.sigmoid(x) * torch.nn.functional.gelu(x)
            + torch.nn.functional.silu(x) * torch.nn.functional.mish(x)
            + torch.nn.functional.softplus(x)
        ),
        [RNG.normal(size=(7,))],
    ),
    "indexing": (
        lambda x: x[[0, 0, 2]] * x[1:, ::2].sum() + x.T[[1, 1]].sum(),
        lambda x: x[[0, 0, 2]] * x[1:, ::2].sum() + x.T[[1, 1]].sum(),
        [positive(3, 4)],
    ),
    "inverse and determinant": (
        lambda a: np.linalg.inv(a) * np.linalg.det(a),
        lambda a: torch.linalg.inv(a) * torch.linalg.det(a),
        [square(3)],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_against_torch(name):
    ours, theirs, values = CASES[name]
    if name.startswith("inverse") and not hasattr(np.linalg, "inv"):
        pytest.skip("np.linalg.inv belongs to a later stage")
    x = [np.array(v, dtype="float64") for v in values]
    t = [torch.tensor(v, requires_grad=True) for v in values]
    for variable in x:
        variable.attach_grad()
    with autograd.record():
        y = ours(*x)
        first = autograd.grad((y * y).sum(), x, create_graph=True)
        total = sum((g * g).sum() for g in first)
    second = autograd.grad(total, x)
    z = theirs(*t)
    their_first = torch.autograd.grad((z * z).sum(), t, create_graph=True)
    their_second = torch.autograd.grad(sum((g * g).sum() for g in their_first), t)
    numpy.testing.assert_allclose(y.asnumpy(), z.detach().numpy(), rtol=1e-11)
    for mine, other in zip([*first, *second], [*their_first, *their_second], strict=True):
        numpy.testing.assert_allclose(mine.asnumpy(), other.detach().numpy(), rtol=1e-8, atol=1e-10)
