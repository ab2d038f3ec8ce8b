"""Complex arrays: their dtypes, and gradients with respect to them, which are dL/dx + i dL/dy."""

import numpy
import pytest

from mxnet import autograd, np
from mxnet.test_utils import check_numeric_gradient

from .rows_complexes import parts

RNG = numpy.random.default_rng(7)


def numbers(*shape):
    """Complex numbers off the axes, where some functions have their branch cuts."""
    real, imaginary = (RNG.uniform(0.3, 1.5, shape) * RNG.choice([-1, 1], shape) for _ in range(2))
    return real + 1j * imaginary


UNARY = [
    *[np.abs, np.conj, np.negative, np.positive, np.reciprocal, np.sign, np.sqrt, np.square],
    *[np.exp, np.exp2, np.expm1, np.log, np.log10, np.log1p, np.log2],
    *[np.cos, np.cosh, np.sin, np.sinc, np.sinh, np.tan, np.tanh],
    *[np.arccos, np.arccosh, np.arcsin, np.arcsinh, np.arctan, np.arctanh],
]
BINARY = [np.add, np.subtract, np.multiply, np.divide, np.power]
REDUCTIONS = [np.sum, np.mean, np.prod, np.var, np.std, np.cumsum]


def along_first(function):
    """The function along axis 0."""
    return lambda z: function(z, axis=0)


FUNCTIONS = [
    *[(function.__name__, function, [numbers(4)]) for function in UNARY],
    *[(function.__name__, function, [numbers(2, 3), numbers(3)]) for function in BINARY],
    *[(f"{function.__name__} with real", function, [numbers(3), numbers(3).real]) for function in BINARY],
    *[(f"{function.__name__} of real", function, [numbers(3).real, numbers(3)]) for function in BINARY],
    ("whole power", lambda z: z**3, [numbers(3)]),
    ("complex power", lambda z: z ** (0.5 - 1j), [numbers(3)]),
    ("power of a number", lambda z: 2**z, [numbers(3)]),
    *[(function.__name__, along_first(function), [numbers(3, 2)]) for function in REDUCTIONS],
    ("dot", np.dot, [numbers(3), numbers(3)]),
    ("vdot", np.vdot, [numbers(3), numbers(3)]),
    ("vdot with a real vector", np.vdot, [numbers(3).real, numbers(3)]),
    ("outer", np.outer, [numbers(2), numbers(3)]),
    ("matmul", np.matmul, [numbers(4, 2, 3), numbers(3, 2)]),
    ("matmul with a real matrix", np.matmul, [numbers(2, 3).real, numbers(3, 2)]),
    ("einsum", lambda a, b: np.einsum("ij,kj->ik", a, b), [numbers(2, 3), numbers(2, 3)]),
    ("tensordot", lambda a, b: np.tensordot(a, b, 1), [numbers(2, 3), numbers(3, 2)]),
    ("where", lambda a, b: np.where(np.array([1, 0, 1]), a, b), [numbers(3), numbers(3)]),
    ("concatenate", lambda a, b: np.concatenate([a, b]), [numbers(3), numbers(2).real]),
    ("slice", lambda z: z[1:], [numbers(3)]),
    ("index array", lambda z: z[np.array([0, 0, 2], dtype=int)], [numbers(3)]),
    ("transpose", lambda z: z.reshape(3, 2).T, [numbers(2, 3)]),
    ("split", lambda z: np.split(z, 3)[1], [numbers(3)]),
    ("linspace", lambda a, b: np.linspace(a, b, 3, dtype="complex128"), [numbers(2), numbers(2)]),
    ("geomspace", lambda a, b: np.geomspace(a, b, 3, dtype="complex128"), [numbers(2), numbers(2)]),
    ("matvec", np.matvec, [numbers(2, 3), numbers(3)]),
    ("vecmat", np.vecmat, [numbers(3), numbers(3, 2)]),
    ("real_if_close", lambda z: np.real_if_close(z), [numbers(3)]),
    ("cast", lambda x: x.astype("complex128"), [numbers(3).real]),
    ("inv", np.linalg.inv, [numbers(3, 3)]),
    ("det", np.linalg.det, [numbers(3, 3)]),
    ("solve", np.linalg.solve, [numbers(3, 3), numbers(3, 2)]),
    ("svdvals", np.linalg.svdvals, [numbers(3, 2)]),
    *[(f"norm {ord}", lambda z, ord=ord: np.linalg.norm(z, ord), [numbers(4)]) for ord in (1, 2, 3, 4, 0.5, numpy.inf)],
    *[(f"norm {ord}", lambda z, ord=ord: np.linalg.norm(z, ord), [numbers(3, 2)]) for ord in ("fro", "nuc", 2, 1, numpy.inf)],
]


@pytest.mark.parametrize(("function", "inputs"), [pytest.param(f, i, id=name) for name, f, i in FUNCTIONS])
@pytest.mark.filterwarnings("ignore::numpy.exceptions.ComplexWarning")
def test_gradient(function, inputs):
    """To second order, as a function of real and imaginary parts."""
    pieces = [piece for z in inputs for piece in ((z.real, z.imag) if numpy.iscomplexobj(z) else (z,))]

    def on_parts(*arrays):
        arrays = iter(arrays)
        return parts(function(*[next(arrays) + 1j * next(arrays) if numpy.iscomplexobj(z) else next(arrays) for z in inputs]))

    check_numeric_gradient(on_parts, pieces)


def gradient(function, z):
    z = np.array(z, dtype="complex128")
    z.attach_grad()
    with autograd.record():
        loss = function(z)
    loss.backward()
    assert z.grad.dtype == z.dtype
    return z.grad.asnumpy()


def test_convention():
    """dL/dx + i dL/dy, where L is the real part of the result."""
    z = numbers(5)
    numpy.testing.assert_allclose(gradient(lambda z: np.abs(z) ** 2, z), 2 * z)
    numpy.testing.assert_allclose(gradient(lambda z: z.real, z), numpy.ones(5))
    numpy.testing.assert_allclose(gradient(lambda z: z.imag, z), numpy.full(5, 1j))
    numpy.testing.assert_allclose(gradient(np.conj, z), numpy.ones(5))
    numpy.testing.assert_allclose(gradient(np.sin, z), numpy.cos(z).conj())
    numpy.testing.assert_allclose(gradient(lambda z: (1 + 2j) * z, z), numpy.full(5, 1 - 2j))


def test_a_small_step_against_the_gradient_lowers_the_loss():
    target = numbers(4)

    def loss(z):
        return (np.abs(np.fft.fft(np.exp(z)) - target) ** 2).sum()

    z = numbers(4)
    slope = gradient(loss, z)
    before, after = (float(loss(np.array(z - step * slope, dtype="complex128"))) for step in (0, 1e-7))
    assert before - after == pytest.approx(1e-7 * (numpy.abs(slope) ** 2).sum(), rel=1e-3)


def test_head_gradients():
    """A head gradient w stands for the loss Re(sum(conj(w) · head))."""
    z, w = numbers(3), numbers(3)
    array = np.array(z, dtype="complex128")
    array.attach_grad()
    with autograd.record():
        result = array * array
    result.backward(np.array(w, dtype="complex128"))
    numpy.testing.assert_allclose(array.grad.asnumpy(), w * (2 * z).conj())


@pytest.mark.parametrize("function", [np.abs, np.sign, np.angle, np.linalg.norm, lambda z: z**2, lambda z: z**0])
def test_zero_has_a_finite_gradient(function):
    assert not gradient(function, [0j]).any()


def test_real_variables_have_real_gradients():
    x = np.array([1.0, 2.0])
    x.attach_grad()
    with autograd.record():
        loss = (x * (1 + 2j)).imag.sum()
    loss.backward()
    assert x.grad.dtype == "float32"
    assert x.grad.tolist() == [2, 2]


def test_several_slices_share_a_buffer():
    z = numbers(4)
    numpy.testing.assert_allclose(gradient(lambda z: (z[1:] * z[:-1]).sum(), z), numpy.convolve(z, [1, 0, 1])[1:-1].conj())


def test_accumulation():
    z = np.array([1 + 2j], dtype="complex64")
    z.attach_grad(grad_req="add")
    for _ in range(2):
        with autograd.record():
            loss = (z * 1j).real
        loss.backward()
    assert z.grad.tolist() == [-2j]


@pytest.mark.parametrize(
    ("expression", "dtype"),
    [
        ("np.ones(2) * 1j", "complex64"),
        ("np.ones(2, dtype='float64') * 1j", "complex128"),
        ("np.ones(2, dtype=int) * 1j", "complex64"),
        ("np.ones(2, dtype='int8') + np.ones(2, dtype='complex64')", "complex64"),
        ("np.ones(2, dtype=int) @ np.ones(2, dtype='complex64')", "complex64"),
        ("np.ones(2, dtype='float64') + np.ones(2, dtype='complex64')", "complex128"),
        ("np.ones(2, dtype=complex)", "complex64"),
        ("np.abs(np.ones(2, dtype='complex64'))", "float32"),
        ("np.ones(2, dtype='complex128').real", "float64"),
        ("np.ones(2, dtype=int).imag", "int64"),
        ("np.ones(2, dtype='complex64').mean()", "complex64"),
        ("np.ones(2, dtype='complex64').std()", "float32"),
        ("np.fft.fft(np.ones(2, dtype=int))", "complex64"),
        ("np.fft.rfft(np.ones(2, dtype='float16'))", "complex64"),
        ("np.fft.fft(np.ones(2, dtype='float64'))", "complex128"),
        ("np.fft.irfft(np.ones(2, dtype='complex64'))", "float32"),
        ("np.fft.fftfreq(3)", "float32"),
    ],
)
def test_dtypes(expression, dtype):
    assert eval(expression).dtype == dtype


def test_parts_are_copies():
    x = np.ones(2)
    x.real[:] = 5
    assert x.tolist() == [1, 1]


def test_kinds():
    z, x = np.ones(2, dtype="complex64"), np.ones(2)
    assert np.iscomplexobj(z)
    assert not np.iscomplexobj(x)
    assert numpy.iscomplexobj(z)
    assert np.isrealobj(x)
    assert not np.isrealobj(z)
    assert numpy.isrealobj(x)
    assert np.real_if_close(z).dtype == "float32"
    assert np.real_if_close(z + 1e-3j).dtype == "complex64"
    assert np.real_if_close(z + 1e-3j, tol=0.1).dtype == "float32"
    assert np.real_if_close(x) is x
    assert numpy.real_if_close(z).tolist() == [1, 1]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: np.fft.fft(np.ones(3), norm="other"), ValueError, "fft"),
        (lambda: np.fft.hfft(np.ones(3), norm="other"), ValueError, "norm is 'backward'"),
        (lambda: np.fft.fft(np.ones(3), n=0), ValueError, "fft"),
        (lambda: np.fft.fft(np.ones(3), axis=1), IndexError, "fft"),
        (lambda: np.fft.fftn(np.ones((2, 3)), s=(2,), axes=(0, 1)), ValueError, "1 lengths"),
        (lambda: np.fft.rfftn(np.array(1.0)), ValueError, "at least one axis"),
    ],
)
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_fft_of_lists():
    assert np.fft.fftn([[1, 2], [3, 4]]).real.tolist() == [[10, -2], [-4, 0]]
    assert np.fft.hfft([0, 1, 0]).tolist() == [2, 0, -2, 0]
    assert np.fft.fftshift([0, 1, -1]).tolist() == [-1, 0, 1]
