"""Signatures and results against array-api-strict, which does what the array API standard says and no more: an optional job."""

import inspect

import numpy
import pytest

from mxnet import np

strict = pytest.importorskip("array_api_strict", reason="an optional job: array-api-strict is not among the test requirements")
strict.set_array_api_strict_flags(api_version="2025.12")

MODULES = {"": strict, "linalg.": strict.linalg, "fft.": strict.fft}
FUNCTIONS = {
    prefix + name: getattr(module, name)
    for prefix, module in MODULES.items()
    for name in module.__all__
    if inspect.isfunction(getattr(module, name)) and "array_api_strict_flags" not in name
}


def ours(name):
    """The function of `mxnet.np`."""
    namespace, _, name = name.rpartition(".")
    return getattr(getattr(np, namespace) if namespace else np, name)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_signature(name):
    """Every parameter of the standard is taken, in its place, by its name, or both."""
    mine = inspect.signature(ours(name)).parameters
    kinds = {parameter.kind for parameter in mine.values()}
    for place, (parameter, theirs) in enumerate(inspect.signature(FUNCTIONS[name]).parameters.items()):
        if theirs.kind in (theirs.POSITIONAL_ONLY, theirs.POSITIONAL_OR_KEYWORD) and theirs.VAR_POSITIONAL not in kinds:
            assert list(mine.values())[place].kind in (theirs.POSITIONAL_ONLY, theirs.POSITIONAL_OR_KEYWORD)
        if theirs.kind in (theirs.KEYWORD_ONLY, theirs.POSITIONAL_OR_KEYWORD) and theirs.VAR_KEYWORD not in kinds:
            assert parameter in mine
            assert mine[parameter].kind is not theirs.POSITIONAL_ONLY


# `x` and `y` are float64 of shape (3, 4), `i` is int64 of the same shape, `z` complex128, `a` a square matrix, `v` a vector.
CALLS = """
xp.argsort(x, axis=0, descending=True, stable=True)
xp.sort(i, axis=1, descending=True)
xp.argmax(x, axis=1, keepdims=True)
xp.count_nonzero(i, axis=0, keepdims=True)
xp.cumulative_sum(i, axis=1, include_initial=True)
xp.cumulative_prod(x, axis=0)
xp.diff(x, axis=0, n=2)
xp.diff(x, axis=1, prepend=y[:, :1], append=y)
xp.searchsorted(xp.sort(v), x[0, :], side="right")
xp.searchsorted(v, v, sorter=xp.argsort(v))
xp.take(x, xp.asarray([2, 0], dtype=xp.int64), axis=1)
xp.take_along_axis(x, xp.argsort(x, axis=0), axis=0)
xp.take_along_axis(x, xp.argsort(x))
xp.repeat(x, xp.asarray([1, 0, 2], dtype=xp.int64), axis=0)
xp.repeat(x, 2)
xp.tile(v, (2, 2))
xp.roll(x, (1, -1), axis=(0, 1))
xp.roll(x, 3)
xp.unstack(x, axis=-1)
xp.stack([x, y], axis=-1)
xp.concat([x, y], axis=None)
xp.concat([i, i], axis=1)
xp.expand_dims(x, axis=-2)
xp.squeeze(x[:, :1], axis=1)
xp.permute_dims(x, (1, 0))
xp.moveaxis(xp.reshape(x, (3, 2, 2)), (0, 1), (2, 0))
xp.reshape(x, shape=(2, -1), copy=True)
xp.flip(x, axis=(0, 1))
xp.broadcast_to(v, (2, 4))
xp.broadcast_arrays(x, v)
xp.meshgrid(v, x[0, :], indexing="ij")
xp.clip(x, min=-0.5, max=0.5)
xp.clip(x, max=y)
xp.where(x > 0, x, y)
xp.where(x > 0, x, 0.0)
xp.nonzero(i)
xp.tril(x, k=-1)
xp.triu(x, k=1)
xp.astype(x, xp.float32)
xp.astype(z, xp.complex64, copy=False)
xp.round(2 * x)
xp.sign(z)
xp.sign(i)
xp.signbit(x)
xp.nextafter(x, y)
xp.copysign(x, y)
xp.hypot(x, y)
xp.reciprocal(x)
xp.logaddexp(x, y)
xp.maximum(x, 0.0)
xp.minimum(i, 1)
xp.floor_divide(i, 2)
xp.remainder(i, -2)
xp.remainder(x, y)
xp.trunc(x)
xp.pow(i, 2)
xp.bitwise_left_shift(i, 2)
xp.bitwise_invert(i)
xp.logical_xor(x > 0, y > 0)
xp.abs(z)
xp.imag(z)
xp.sum(i, axis=(0, 1))
xp.sum(x, axis=0, dtype=xp.float64, keepdims=True)
xp.prod(i, axis=1)
xp.mean(z, axis=0)
xp.std(x, axis=1, correction=1.0)
xp.var(x, correction=0.5, keepdims=True)
xp.max(i, axis=0)
xp.all(i, axis=1)
xp.any(x > 0)
xp.unique_values(i)
xp.unique_counts(i)
xp.unique_inverse(i)
xp.unique_all(i)
xp.isin(i, i[0, :2])
xp.vecdot(z, z, axis=-2)
xp.matmul(x, xp.matrix_transpose(y))
xp.tensordot(x, y, axes=((0, 1), (0, 1)))
xp.linspace(0, 1, 4, endpoint=False, dtype=xp.float64)
xp.arange(1, 6, 2, dtype=xp.int64)
xp.eye(2, 3, k=1, dtype=xp.float64)
xp.full((2, 2), 7)
xp.full_like(i, 3)
xp.zeros((2,), dtype=xp.int8)
xp.linalg.cholesky(a @ a.T, upper=True)
xp.linalg.cross(x[:, :3], y[:, :3], axis=-2)
xp.linalg.det(a)
xp.linalg.diagonal(x, offset=1)
xp.linalg.eigvalsh(a + a.T)
xp.linalg.inv(a)
xp.linalg.matrix_norm(x, ord="nuc", keepdims=True)
xp.linalg.matrix_norm(x)
xp.linalg.matrix_power(a, 3)
xp.linalg.matrix_rank(x, rtol=1e-3)
xp.linalg.outer(v, x[0, :])
xp.linalg.pinv(x, rtol=1e-3)
xp.linalg.slogdet(a)
xp.linalg.solve(a, v)
xp.linalg.solve(a, x.T)
xp.linalg.svdvals(x)
xp.linalg.trace(x, offset=1, dtype=xp.float64)
xp.linalg.vector_norm(x, axis=1, ord=1)
xp.linalg.vector_norm(x)
xp.fft.fft(z, n=3, axis=0, norm="ortho")
xp.fft.rfft(x)
xp.fft.irfft(z, n=5)
xp.fft.hfft(z)
xp.fft.fftshift(x, axes=1)
abs(x)
-x ** 2
2 - x
x / 2
i // 2
i % 3
i << 1
~i
x @ x.T
x.mT
x[..., None]
x[x > 0]
x[1:, ::-1]
""".strip().splitlines()

RNG = numpy.random.default_rng(0)
X, Y = RNG.normal(size=(3, 4)), RNG.normal(size=(3, 4))
DATA = {"x": X, "y": Y, "i": RNG.integers(0, 4, (3, 4)), "z": X + 1j * Y, "a": RNG.normal(size=(4, 4)), "v": RNG.normal(size=4)}


def evaluated(call, xp):
    names = {name: xp.asarray(values, dtype=getattr(xp, str(values.dtype))) for name, values in DATA.items()}
    result = eval(call, {"xp": xp, **names})
    return [numpy.asarray(part) for part in (result if isinstance(result, tuple | list) else [result])]


@pytest.mark.parametrize("call", CALLS)
def test_result(call):
    for mine, theirs in zip(evaluated(call, np), evaluated(call, strict), strict=True):
        assert mine.dtype == theirs.dtype
        numpy.testing.assert_allclose(mine, theirs, rtol=1e-10, atol=1e-12, strict=True)
