"""Values, gradients and second gradients against JAX, in double precision: an optional job, for where JAX is installed.

A case is one function of a namespace, `np` or `jax.numpy`, and of arrays. Its results enter a weighted sum of squares; the gradient
of that sum, likewise. Of a complex number JAX's gradient is the conjugate of ours (`docs/complex.md`).
"""

import numpy
import pytest

from mxnet import autograd, np

jax = pytest.importorskip("jax", reason="an optional job: JAX is not among the test requirements")
jax.config.update("jax_enable_x64", True)
jnp = jax.numpy

RNG = numpy.random.default_rng(0)
POSITIVE = RNG.uniform(0.3, 2.0, (3, 4))
OTHER = RNG.uniform(0.4, 1.9, (3, 4))
REAL = RNG.normal(size=(3, 4))
UNIT = RNG.uniform(-0.9, 0.9, (3, 4))
VECTOR = RNG.normal(size=5)
CUBE = RNG.normal(size=(2, 3, 4))
SQUARE = RNG.normal(size=(4, 4)) + 2 * numpy.eye(4)
SQUARES = RNG.normal(size=(2, 3, 3)) + 2 * numpy.eye(3)
TALL, WIDE = RNG.normal(size=(5, 3)), RNG.normal(size=(3, 5))


def imaginary(values):
    return values + 1j * RNG.normal(size=values.shape)


COMPLEX = imaginary(REAL)
COMPLEX_SQUARE = imaginary(SQUARE)
COMPLEX_TALL, COMPLEX_WIDE = imaginary(TALL), imaginary(WIDE)


def hermitian(a):
    return a + a.conj().T


def definite(xp, a):
    return a @ xp.conj(xp.swapaxes(a, -1, -2)) + numpy.eye(a.shape[-1])


def squared(xp, a):
    """What is left of singular vectors, which are unique but for a sign or a phase."""
    return xp.abs(a) ** 2


def by_name(names, *values):
    """A case for each function, called with the arrays alone."""
    shapes = " ".join(str(value.shape) for value in values)
    return {f"{name} {shapes}": (lambda xp, *x, name=name: getattr(xp, name)(*x), values) for name in names.split()}


REALS = {
    # elementwise
    **by_name("exp exp2 expm1 sin cos tan sinh cosh tanh arctan arcsinh sinc i0 square negative degrees radians cbrt abs", REAL),
    **by_name("log log2 log10 log1p sqrt reciprocal", POSITIVE),
    **by_name("arcsin arccos arctanh nan_to_num", UNIT),
    **by_name("arccosh", 1 + POSITIVE),
    **by_name("add subtract multiply divide hypot arctan2 logaddexp logaddexp2 maximum minimum fmax fmin copysign", REAL, OTHER),
    **by_name("power float_power remainder fmod", POSITIVE, OTHER),
    **by_name("add multiply divide", REAL, VECTOR[:4]),
    "clip": (lambda xp, x: xp.clip(x, -0.5, 0.7), [REAL]),
    "where": (lambda xp, x, y: xp.where(x > y, x * y, xp.exp(x)), [REAL, OTHER]),
    "select": (lambda xp, x, y: xp.select([x > 1, x > 0], [x * y, y], x), [REAL, OTHER]),
    # reductions and what accumulates
    **by_name("sum mean prod var std max min ptp median nansum nanmean nanvar nanprod cumsum cumprod", REAL),
    **{
        f"{name} along axes": (lambda xp, x, name=name: getattr(xp, name)(x, axis=(0, 2), keepdims=True), [CUBE])
        for name in ("sum", "mean", "prod", "var", "std", "max", "min", "median")
    },
    "var, unbiased": (lambda xp, x: xp.var(x, axis=1, ddof=1), [REAL]),
    "prod with a zero": (lambda xp, x: xp.prod(x * numpy.array([1, 0, 1, 1]), axis=1), [REAL]),
    "cumprod along an axis": (lambda xp, x: xp.cumprod(x, axis=1), [CUBE]),
    "cumulative_sum": (lambda xp, x: xp.cumulative_sum(x, axis=-1, include_initial=True), [CUBE]),
    "average": (lambda xp, x, w: xp.average(x, axis=1, weights=w), [REAL, OTHER[0]]),
    "quantile": (lambda xp, x: xp.quantile(x, numpy.array([0.2, 0.9]), axis=1), [REAL]),
    "percentile": (lambda xp, x: xp.percentile(x, 35), [REAL]),
    "cov": (lambda xp, x: xp.cov(x), [REAL]),
    "corrcoef": (lambda xp, x: xp.corrcoef(x), [REAL]),
    # order, and places
    **by_name("sort ravel transpose flip fliplr flipud rot90", REAL),
    "sort along an axis": (lambda xp, x: xp.sort(x, axis=0) ** 2, [CUBE]),
    "take": (lambda xp, x: xp.take(x, numpy.array([0, 2, 2]), axis=1), [CUBE]),
    "take_along_axis": (lambda xp, x: xp.take_along_axis(x, numpy.array([[0, 0], [2, 1], [3, 3]]), axis=1), [REAL]),
    "indexing": (lambda xp, x: x[numpy.array([0, 0, 2])] * x[1:, ::2].sum() + x[1, numpy.array([3, 3, 0, 1])], [REAL]),
    "diagonal": (lambda xp, x: xp.diagonal(x, 1, 0, 2), [CUBE]),
    "diag": (lambda xp, x: xp.diag(x, -1), [VECTOR]),
    "tril": (lambda xp, x: xp.tril(x) - xp.triu(x, 2), [CUBE]),
    "trace": (lambda xp, x: xp.trace(x, 0, 1, 2), [CUBE]),
    # shapes
    "reshape": (lambda xp, x: xp.moveaxis(xp.reshape(x, (4, 3, 2), order="F"), 0, -1), [CUBE]),
    "roll": (lambda xp, x: xp.roll(x, (1, -2), (0, 2)), [CUBE]),
    "tile": (lambda xp, x: xp.tile(x, (2, 1, 3)), [REAL]),
    "repeat": (lambda xp, x: xp.repeat(x, 3, axis=1), [REAL]),
    "repeat unevenly": (lambda xp, x: xp.repeat(x, numpy.array([1, 0, 2]), axis=0), [REAL]),
    **{
        f"pad {mode}": (lambda xp, x, mode=mode: xp.pad(x, ((1, 2), (0, 3)), mode=mode), [REAL])
        for mode in ("constant", "edge", "reflect", "symmetric", "wrap")
    },
    "concatenate": (lambda xp, x, y: xp.concatenate([x, y * x, x], axis=1), [REAL, OTHER]),
    "stack": (lambda xp, x, y: xp.stack([x, y * x], axis=-1), [REAL, OTHER]),
    "block": (lambda xp, x, y: xp.block([[x, y], [y * y, x]]), [REAL, OTHER]),
    "split": (lambda xp, x: xp.split(x, [1, 3], axis=2), [CUBE]),
    "broadcast_to": (lambda xp, x: xp.broadcast_to(x, (2, 3, 5)), [VECTOR]),
    "meshgrid": (lambda xp, x: xp.meshgrid(x, x[:2]), [VECTOR]),
    "linspace": (lambda xp, x, y: xp.linspace(x, y, 4, dtype="float64"), [VECTOR, VECTOR[0]]),
    "logspace": (lambda xp, x, y: xp.logspace(x, y, 4, base=2.5, dtype="float64"), [VECTOR, VECTOR[0]]),
    "geomspace": (lambda xp, x, y: xp.geomspace(x, y, 4, dtype="float64"), [POSITIVE, OTHER]),
    # sampled functions and polynomials
    "diff": (lambda xp, x: xp.diff(x, n=2, axis=1), [REAL]),
    "ediff1d": (lambda xp, x: xp.ediff1d(x), [VECTOR]),
    "gradient": (lambda xp, x: xp.gradient(x), [REAL]),
    "trapezoid": (lambda xp, y, x: xp.trapezoid(y, xp.cumsum(x)), [VECTOR, POSITIVE.ravel()[:5]]),
    "interp": (lambda xp, x, y: xp.interp(x, numpy.linspace(-3, 3, 5), y), [REAL, VECTOR]),
    "convolve": (lambda xp, x, y: xp.convolve(x, y, mode="same"), [VECTOR, REAL.ravel()]),
    "correlate": (lambda xp, x, y: xp.correlate(x, y, mode="full"), [VECTOR, VECTOR[:3]]),
    "unwrap": (lambda xp, x: xp.unwrap(4 * x), [VECTOR]),
    "polyval": (lambda xp, p, x: xp.polyval(p, x), [VECTOR, REAL]),
    "polymul": (lambda xp, p, q: xp.polymul(p, q), [VECTOR, VECTOR[:3]]),
    "vander": (lambda xp, x: xp.vander(x, 4), [VECTOR]),
    # products
    "matmul": (lambda xp, a, b: xp.matmul(a, b), [CUBE, WIDE[:, :4].T]),
    "dot": (lambda xp, a, b: xp.dot(a, b), [CUBE, SQUARE]),
    "inner": (lambda xp, a, b: xp.inner(a, b), [CUBE, REAL]),
    "outer": (lambda xp, a, b: xp.outer(a, b), [VECTOR, REAL]),
    "kron": (lambda xp, a, b: xp.kron(a, b), [REAL, TALL]),
    "cross": (lambda xp, a, b: xp.cross(a, b), [TALL, TALL[::-1].copy()]),
    "vecdot": (lambda xp, a, b: xp.vecdot(a, b), [CUBE, REAL]),
    "tensordot": (lambda xp, a, b: xp.tensordot(a, b, axes=([1, 2], [0, 1])), [CUBE, REAL]),
    "einsum": (lambda xp, a, b: xp.einsum("bij,ij,bkj->ik", a, b, a), [CUBE, REAL]),
    # linear algebra
    "inv": (lambda xp, a: xp.linalg.inv(a), [SQUARES]),
    "det": (lambda xp, a: xp.linalg.det(a), [SQUARES]),
    "slogdet": (lambda xp, a: xp.linalg.slogdet(a)[1], [SQUARES]),
    "solve": (lambda xp, a, b: xp.linalg.solve(a, b), [SQUARE, REAL.T.copy()]),
    "lstsq": (lambda xp, a, b: xp.linalg.lstsq(a, b)[0], [TALL, VECTOR]),
    "cholesky": (lambda xp, a: xp.linalg.cholesky(definite(xp, a)), [SQUARES]),
    "cholesky, upper": (lambda xp, a: xp.linalg.cholesky(definite(xp, a), upper=True), [SQUARES]),
    "qr": (lambda xp, a: xp.linalg.qr(a), [SQUARE]),
    "qr of a tall matrix": (lambda xp, a: xp.linalg.qr(a), [TALL]),
    "eigh": (lambda xp, a: (xp.linalg.eigh(a)[0], squared(xp, xp.linalg.eigh(a)[1])), [hermitian(SQUARE)]),
    "eigvalsh": (lambda xp, a: xp.linalg.eigvalsh(a), [hermitian(SQUARE)]),
    "singular values": (lambda xp, a: xp.linalg.svdvals(a), [WIDE]),
    "matrix_power": (lambda xp, a: xp.linalg.matrix_power(a, 3) + xp.linalg.matrix_power(a, -2), [SQUARES]),
    "multi_dot": (lambda xp, a, b, c: xp.linalg.multi_dot([a, b, c]), [WIDE, TALL, REAL]),
    "tensorinv": (lambda xp, a: xp.linalg.tensorinv(xp.reshape(a, (4, 2, 2)), ind=1), [SQUARE]),
    "tensorsolve": (lambda xp, a, b: xp.linalg.tensorsolve(xp.reshape(a, (4, 2, 2)), b), [SQUARE, VECTOR[:4]]),
    "cond": (lambda xp, a: xp.linalg.cond(a), [SQUARE]),
    "cond, Frobenius": (lambda xp, a: xp.linalg.cond(a, "fro"), [SQUARE]),
    **{
        f"pinv of {shape}": (lambda xp, a: xp.linalg.pinv(a), [a])
        for shape, a in {"a square": SQUARE, "a tall matrix": TALL, "a wide matrix": WIDE}.items()
    },
    **{
        f"svd of {shape}": (
            lambda xp, a: [squared(xp, part) for part in xp.linalg.svd(a, full_matrices=False)],
            [a],
        )
        for shape, a in {"a square": SQUARE, "a tall matrix": TALL, "a wide matrix": WIDE}.items()
    },
    **{
        f"norm {order} of {what}": (lambda xp, a, order=order: xp.linalg.norm(a, order), [a])
        for what, a, orders in (
            ("a vector", VECTOR, (None, 1, 2, 3, 0.5, numpy.inf, -numpy.inf)),
            ("a matrix", REAL, ("fro", "nuc", 1, 2, -2)),
        )
        for order in orders
    },
    # transforms
    "fft": (lambda xp, x: xp.fft.fft(x, n=6, axis=1), [REAL]),
    "rfft": (lambda xp, x: xp.fft.rfft(x, axis=0), [TALL]),
    "irfft": (lambda xp, x: xp.fft.irfft(x, n=7), [REAL]),
    "rfftn": (lambda xp, x: xp.fft.rfftn(x), [CUBE]),
    "ihfft": (lambda xp, x: xp.fft.ihfft(x), [VECTOR]),
}

COMPLEXES = {
    **by_name("exp expm1 log log1p sqrt sin cos tan sinh cosh tanh arcsin arccos arctan arcsinh arctanh sinc", COMPLEX),
    **by_name("arccosh", abs(REAL) + COMPLEX.imag * 1j),  # for negative real parts JAX's derivative has the wrong sign
    **by_name("square reciprocal abs angle conj real imag negative log2 log10 sum prod mean var cumsum cumprod", COMPLEX),
    **by_name("add subtract multiply divide power", COMPLEX, COMPLEX[::-1].copy()),
    **{f"{name} with a real array": case for name, case in by_name("multiply divide power", COMPLEX, OTHER).items()},
    "matmul": (lambda xp, a, b: a @ b, [COMPLEX_WIDE, COMPLEX_TALL]),
    "vdot": (lambda xp, a, b: xp.vdot(a, b), [COMPLEX, COMPLEX[::-1].copy()]),
    "vecdot": (lambda xp, a, b: xp.vecdot(a, b), [COMPLEX, OTHER]),
    "einsum": (lambda xp, a, b: xp.einsum("ij,jk->k", a, b), [COMPLEX_WIDE, TALL]),
    "inv": (lambda xp, a: xp.linalg.inv(a), [COMPLEX_SQUARE]),
    "det": (lambda xp, a: xp.linalg.det(a), [COMPLEX_SQUARE]),
    "slogdet": (lambda xp, a: (xp.linalg.slogdet(a)[0].imag, xp.linalg.slogdet(a)[1]), [COMPLEX_SQUARE]),
    "solve": (lambda xp, a, b: xp.linalg.solve(a, b), [COMPLEX_SQUARE, VECTOR[:4]]),
    "pinv": (lambda xp, a: xp.linalg.pinv(a), [COMPLEX_TALL]),
    "cholesky": (lambda xp, a: xp.linalg.cholesky(definite(xp, a)), [COMPLEX_SQUARE]),
    "qr": (lambda xp, a: xp.linalg.qr(a), [COMPLEX_TALL]),
    "eigh": (lambda xp, a: (xp.linalg.eigh(a)[0], squared(xp, xp.linalg.eigh(a)[1])), [hermitian(COMPLEX_SQUARE)]),
    "svd": (lambda xp, a: [squared(xp, part) for part in xp.linalg.svd(a, full_matrices=False)], [COMPLEX_WIDE]),
    "norm": (lambda xp, a: xp.linalg.norm(a, axis=1), [COMPLEX]),
    "nuclear norm": (lambda xp, a: xp.linalg.norm(a, "nuc"), [COMPLEX_WIDE]),
    "fft": (lambda xp, x: xp.fft.fft(x), [COMPLEX]),
    "ifftn": (lambda xp, x: xp.fft.ifftn(x), [COMPLEX]),
    "irfft": (lambda xp, x: xp.fft.irfft(x), [COMPLEX]),
    "hfft": (lambda xp, x: xp.fft.hfft(x), [COMPLEX]),
    "fftshift": (lambda xp, x: xp.fft.fftshift(x), [COMPLEX]),
    "where": (lambda xp, x, y: xp.where(x.real > 0, x * y, y), [COMPLEX, REAL]),
    "concatenate": (lambda xp, x, y: xp.concatenate([x, y]), [COMPLEX, REAL]),
}


def results(value):
    return list(value) if isinstance(value, tuple | list) else [value]


def loss(xp, parts):
    """The weighted sum of squares of all elements."""
    total = 0
    for part in parts:
        weights = 1.5 + numpy.cos(numpy.arange(part.size)).reshape(part.shape)
        total = total + xp.sum((part * xp.conj(part)).real * weights)
    return total


def ours(function, values):
    x = [np.array(value, dtype=value.dtype) for value in values]
    for variable in x:
        variable.attach_grad()
    with autograd.record():
        y = results(function(np, *x))
        first = autograd.grad(loss(np, y), x, create_graph=True)
        total = loss(np, first)
    return [part.asnumpy() for part in (*y, *first, *autograd.grad(total, x))]


def theirs(function, values):
    def gradient(scalar):
        raw = jax.grad(scalar, argnums=tuple(range(len(values))))
        return lambda *x: [jnp.conj(part) for part in raw(*x)]

    x = [jnp.asarray(value) for value in values]
    first = gradient(lambda *x: loss(jnp, results(function(jnp, *x))))
    second = gradient(lambda *x: loss(jnp, first(*x)))
    return [numpy.asarray(part) for part in (*results(function(jnp, *x)), *first(*x), *second(*x))]


def compare(function, values):
    for mine, other in zip(ours(function, values), theirs(function, values), strict=True):
        numpy.testing.assert_allclose(mine, other, rtol=1e-8, atol=1e-8 * max(1, numpy.abs(other).max(initial=0)))


@pytest.mark.parametrize("name", REALS)
def test_real(name):
    compare(*REALS[name])


@pytest.mark.parametrize("name", COMPLEXES)
def test_complex(name):
    compare(*COMPLEXES[name])
