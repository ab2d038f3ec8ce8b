"""Linear algebra where a table does not reach: named results, degenerate matrices, NumPy's own signatures, errors, writes."""

import pickle

import numpy
import pytest

from mxnet import autograd, np
from mxnet.base import MXNetError
from mxnet.test_utils import assert_almost_equal, check_numeric_gradient

rng = numpy.random.default_rng(0)
SINGULAR = {
    "one by one": [[0.0]],
    "zero": [[0.0, 0], [0, 0]],
    "rank 1 of 2": [[1.0, 2], [2, 4]],
    "rank 2 of 3": [[1.0, 2, 3], [4, 5, 6], [7, 8, 9]],
    "rank 1 of 3": [[1.0, 2, 3], [2, 4, 6], [-1, -2, -3]],
    "nearly": [[1.0, 2], [2, 4 + 1e-13]],
}


def array(values):
    return np.array(values, dtype="float64")


def gradient(f, values):
    x = array(values)
    x.attach_grad()
    with autograd.record():
        y = f(x)
    y.backward()
    return x.grad.asnumpy()


# --- results ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("qr", ("Q", "R")),
        ("svd", ("U", "S", "Vh")),
        ("eigh", ("eigenvalues", "eigenvectors")),
        ("eig", ("eigenvalues", "eigenvectors")),
        ("slogdet", ("sign", "logabsdet")),
    ],
)
def test_named_results(name, fields):
    x = np.array([[2, 1], [1, 3]])
    for result in (getattr(np.linalg, name)(x), getattr(numpy.linalg, name)(x)):
        assert result._fields == fields
        assert all(isinstance(part, np.ndarray) for part in result)
        assert pickle.loads(pickle.dumps(result))._fields == fields


def test_numpys_signatures():
    """Called by NumPy's name, a function takes NumPy's parameters and has its defaults."""
    x = np.array([[2, 9], [1, 3], [0, 1]])
    plain = x.asnumpy()
    assert numpy.linalg.svd(x).U.shape == (3, 3)
    assert_almost_equal(numpy.linalg.svd(x, full_matrices=False, compute_uv=False), numpy.linalg.svd(plain).S)
    square = x[:2]
    for name in ("eigh", "eigvalsh"):
        ours, theirs = getattr(numpy.linalg, name)(square, UPLO="U"), getattr(numpy.linalg, name)(plain[:2], UPLO="U")
        assert_almost_equal(ours[0], theirs[0], rtol=1e-5)
    assert_almost_equal(numpy.linalg.pinv(x, rcond=1e-3), numpy.linalg.pinv(plain), atol=1e-6)
    assert numpy.linalg.matrix_rank(np.diag(np.array([3, 1e-2])), 0.1) == 1
    assert numpy.linalg.matrix_rank(np.diag(np.array([3, 1e-2])), rtol=1e-3) == 2
    assert_almost_equal(numpy.vecdot(x, x), [85, 10, 1])


@pytest.mark.parametrize("name", ["eigvalsh", "cholesky"])
def test_one_triangle_is_read(name):
    function = getattr(np.linalg, name)
    full, lower, upper = np.array([[4, 1], [1, 3]]), np.array([[4, 9], [1, 3]]), np.array([[4, 1], [9, 3]])
    assert_almost_equal(function(lower), function(full))
    assert_almost_equal(function(upper, upper=True), function(full, upper=True))


def test_gradient_of_symmetric_functions_is_symmetric():
    for f in (np.linalg.cholesky, np.linalg.eigvalsh, lambda x: np.linalg.eigh(x).eigenvectors):
        result = gradient(lambda x, f=f: (f(x) * array([[1.0, 2], [3, 4]])).sum(), [[4, 1], [1, 3]])
        assert_almost_equal(result, result.T)


def test_upper_has_a_gradient():
    def f(a):
        a = a @ a.T + np.eye(3)
        return np.linalg.eigvalsh(a, upper=True), np.linalg.cholesky(a, upper=True)

    check_numeric_gradient(f, [rng.normal(size=(3, 3))])


def test_float32_rank():
    """A rank is judged by the precision of the dtype."""
    a = rng.normal(size=(30, 3)) @ rng.normal(size=(3, 30))
    assert np.linalg.matrix_rank(np.array(a)) == np.linalg.matrix_rank(array(a)) == 3
    assert_almost_equal(np.linalg.pinv(np.array(a)), numpy.linalg.pinv(a, rtol=1e-8), rtol=1e-5, atol=1e-6)


def test_multi_dot_takes_the_cheap_order():
    shapes = [(30, 35), (35, 15), (15, 5), (5, 10), (10, 20), (20, 25)]
    arrays = [np.array(rng.normal(size=shape), dtype="float64") for shape in shapes]
    with autograd.record():
        for x in arrays:
            x.attach_grad()
        y = np.linalg.multi_dot(arrays)
    node, sizes = y._node, []
    stack = [node]
    while stack:
        node = stack.pop()
        if node.operator is not None:
            sizes.append(node.parents[0].shape[0] * node.parents[0].shape[1] * node.shape[1])
            stack.extend(node.parents)
    assert sum(sizes) == 15125  # T. Cormen et al., Introduction to Algorithms, 15.2
    assert_almost_equal(y, numpy.linalg.multi_dot([x.asnumpy() for x in arrays]))
    out = np.zeros((30, 25), dtype="float64")
    assert np.linalg.multi_dot(arrays, out=out) is out
    assert_almost_equal(out, y)


# --- determinants -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("matrix", SINGULAR.values(), ids=SINGULAR)
def test_det_of_singular_matrices(matrix):
    """The gradient is the matrix of cofactors, and the second derivatives are those of a polynomial."""
    check_numeric_gradient(np.linalg.det, [matrix], order=2)


def test_det_of_a_stack_with_a_singular_matrix():
    check_numeric_gradient(np.linalg.det, [numpy.stack([numpy.diag([0.0, 0, 2]), rng.normal(size=(3, 3))])])


def test_det_of_a_singular_complex_matrix():
    b, c = [numpy.array([[1 + 1j, 2 - 1j, 0.5]]) * factor for factor in (1, 1j)]
    a = b.T @ c + numpy.diag([0, 0, 1 - 1j])
    check_numeric_gradient(lambda x, y: np.abs(np.linalg.det(x + y * 1j) - 1) ** 2, [a.real, a.imag], order=2)


def test_det_beyond_the_range_of_its_dtype():
    for size in (1e200, 1e-200):
        with numpy.errstate(over="ignore"):
            assert_almost_equal(gradient(np.linalg.det, numpy.eye(2) * size) / size, numpy.eye(2))


@pytest.mark.parametrize("smallest", [1e-3, 1e-8, 1e-12, 1e-15])
def test_det_of_ill_conditioned_matrices_needs_no_singular_values(smallest, monkeypatch):
    """The determinant times the inverse is as precise: the errors of the smallest pivot cancel."""
    a = ROTATION * [3, 2, 1, smallest] @ ROTATION
    minors = numpy.array(
        [[(-1) ** (i + j) * numpy.linalg.det(numpy.delete(numpy.delete(a, i, 0), j, 1)) for j in range(4)] for i in range(4)]
    )
    monkeypatch.setattr(numpy.linalg, "svd", None)
    assert_almost_equal(gradient(np.linalg.det, a), minors, atol=1e-13)


def test_det_to_third_order():
    check_numeric_gradient(np.linalg.det, [rng.normal(size=(3, 3))], order=3, rtol=1e-5)


def test_det_of_nan():
    with numpy.errstate(invalid="ignore"):
        assert numpy.isnan(gradient(np.linalg.det, [[numpy.nan, 1], [1, 1]])).any()


def test_slogdet_of_a_singular_matrix():
    x = array([[[1, 2], [2, 4]], [[2, 0], [0, 4]]])
    x.attach_grad()
    with autograd.record():
        sign, logabsdet = np.linalg.slogdet(x)
        hidden = np.where(sign == 0, 0, logabsdet).sum()
    assert sign.tolist() == [0, 1]
    assert logabsdet.tolist()[0] == -numpy.inf
    hidden.backward()
    assert x.grad.tolist() == [[[0, 0], [0, 0]], [[0.5, 0], [0, 0.25]]]
    with autograd.record():
        logabsdet = np.linalg.slogdet(x).logabsdet
    with pytest.raises(numpy.linalg.LinAlgError, match=r"slogdet: .* singular"):
        logabsdet.backward()


# --- values that coincide -----------------------------------------------------------------------------------------------------

ROTATION = numpy.linalg.qr(rng.normal(size=(4, 4))).Q
EQUAL = {
    "identity": numpy.eye(4),
    "diagonal": numpy.diag([1.0, 1, 2, 5]),
    "but for rounding": (ROTATION * [1.0, 1, 1, 5]) @ ROTATION.T,
    "zero": (ROTATION * [0.0, 0, 0, 5]) @ ROTATION.T,
}
equal = pytest.mark.parametrize("a", EQUAL.values(), ids=EQUAL)


def composed(x, power=1):
    """A power of a symmetric matrix, by its eigenvectors."""
    w, v = np.linalg.eigh(x)
    return (v * w[..., None, :] ** power) @ v.mT


def recomposed(x, **attributes):
    u, s, vh = np.linalg.svd(x, **attributes)
    return (u[..., : s.shape[-1]] * s[..., None, :]) @ vh[..., : s.shape[-1], :]


@equal
def test_sums_over_eigenvalues_that_coincide(a):
    """Whichever way they are computed, and so for batches."""
    for f in (
        lambda x: (np.linalg.eigvalsh(x) ** 2).sum(),
        lambda x: (np.linalg.eigh(x).eigenvalues ** 2).sum(),
        lambda x: (composed(x) ** 2).sum(),
        lambda x: np.linalg.trace(composed(x, 2)).sum(),
        lambda x: (np.linalg.eigvals(x) ** 2).sum(),
        lambda x: (np.linalg.eig(x).eigenvalues ** 2).sum(),
        lambda x: (np.linalg.svdvals(x) ** 2).sum(),
        lambda x: (np.linalg.svd(x).S ** 2).sum(),
        lambda x: (recomposed(x) ** 2).sum(),
    ):
        assert_almost_equal(gradient(f, a), 2 * a, atol=1e-12)
    stack = numpy.stack([a, numpy.diag([1.0, 2, 3, 4])])
    assert_almost_equal(gradient(lambda x: (composed(x) ** 2).sum(), stack), 2 * stack, atol=1e-12)


@pytest.mark.parametrize("dtype", ["float64", "complex128"])
@pytest.mark.parametrize("name", ["eigh", "svd", "eig"])
def test_vectors_of_other_values(name, dtype):
    """The vector of the eigenvalue 5 has its derivative where others coincide."""

    def f(x, y):
        a = x + y * 1j if dtype == "complex128" else x + 0 * y
        parts = getattr(np.linalg, name)((a + np.conj(a.T)) / 2)
        values, vectors = (parts[1], parts[0]) if name == "svd" else parts
        return np.abs(vectors[:, int(values.asnumpy().real.argmax())]) ** 4

    check_numeric_gradient(f, [EQUAL["but for rounding"], numpy.zeros((4, 4))], order=1)


def test_a_basis_that_the_matrix_does_not_determine():
    weights = array(rng.normal(size=(4, 4)))
    for f in (
        lambda x: np.linalg.eigh(x).eigenvectors,
        lambda x: np.linalg.eig(x).eigenvectors,
        lambda x: np.linalg.svd(x).U,
        lambda x: np.linalg.svd(x).Vh,
    ):
        for a in EQUAL.values():
            with pytest.raises(MXNetError, match=r"there is no derivative, .* basis"):
                gradient(lambda x, f=f: (f(x) * weights).sum(), a)
        stack = numpy.stack([EQUAL["identity"], numpy.diag([1.0, 2, 3, 4])])
        assert numpy.isfinite(gradient(lambda x, f=f: (f(x) * weights)[1].sum(), stack)).all()  # the other one is not asked for


def test_the_phase_of_complex_vectors():
    a = rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))
    x = np.array(a + a.conj().T, dtype="complex128")
    x.attach_grad()
    for name, part in (("eigh", 1), ("eig", 1), ("svd", 0)):
        with autograd.record():
            y = getattr(np.linalg, name)(x)[part].real.sum()
        with pytest.raises(MXNetError, match=f"{name}: there is no derivative, .* phase"):
            y.backward()


@equal
def test_functions_of_a_matrix_whose_slope_is_not_known(a):
    weights = array(rng.normal(size=(4, 4)))
    for f in (composed, lambda x: (lambda w, v: (v * w) @ np.linalg.inv(v))(*np.linalg.eig(x)), recomposed):
        with pytest.raises(MXNetError, match="values coincide or vanish"):
            gradient(lambda x, f=f: (f(x) * weights).sum(), a)


@pytest.mark.parametrize("name", ["identity", "diagonal", "but for rounding"])
def test_second_derivatives_where_values_coincide(name):
    a = EQUAL[name]
    for f in (np.linalg.eigvalsh, np.linalg.svdvals, np.linalg.eigvals, composed, lambda x: np.linalg.eig(x).eigenvalues):
        x = array(a)
        x.attach_grad()
        with autograd.record():
            slope = autograd.grad((f(x) ** 2).sum(), x, create_graph=True)
            y = (slope * array(ROTATION)).sum()
        with pytest.raises(MXNetError, match="values coincide or vanish"):
            y.backward()


def test_second_derivatives_of_an_eigenvalue_apart_from_others_that_coincide():
    def f(x):
        return np.linalg.eigvalsh((x + x.T) / 2)[-1] ** 2, np.linalg.svdvals(x)[0] ** 2

    for a in list(EQUAL.values())[1:]:
        check_numeric_gradient(f, [a], order=2, rtol=1e-5)


def test_turns_of_singular_vectors_against_each_other():
    """They meet sums of singular values, and have derivatives at equal ones: U Vh is the nearest rotation."""
    for a in (numpy.eye(3), 2 * numpy.eye(3), numpy.diag([3.0, 3, 1])):

        def f(x):
            u, _, vh = np.linalg.svd(x)
            nearest = u @ vh
            return nearest[0, 1] - nearest[1, 0]

        check_numeric_gradient(f, [a], order=1)


def test_singular_values_that_vanish():
    for a in (numpy.ones((3, 2)), numpy.diag([2.0, 2, 0]), numpy.zeros((2, 3))):
        assert_almost_equal(gradient(lambda x: (np.linalg.svdvals(x) ** 2).sum(), a), 2 * a, atol=1e-12)
        assert_almost_equal(gradient(lambda x: (np.linalg.svd(x).S ** 2).sum(), a), 2 * a, atol=1e-12)
    assert numpy.isfinite(gradient(lambda x: np.linalg.svdvals(x).sum(), numpy.zeros((2, 3)))).all()
    weights = array(rng.normal(size=(3, 2)))
    with pytest.raises(MXNetError, match="svd: "):
        gradient(lambda x: (np.linalg.svd(x).U * weights).sum(), numpy.ones((3, 2)))
    with pytest.raises(MXNetError, match="svd: values coincide or vanish"):
        gradient(lambda x: (recomposed(x) * weights).sum(), numpy.ones((3, 2)))
    check_numeric_gradient(lambda x: np.linalg.svd(x).U[:, 0] ** 2, [numpy.ones((3, 2))], order=1)


def test_eigenvectors_that_do_not_span():
    with pytest.raises(numpy.linalg.LinAlgError):
        gradient(lambda x: np.linalg.eigvals(x).sum(), [[1, 1], [0, 1]])


# --- complex eigenvalues ------------------------------------------------------------------------------------------------------


def test_gradient_of_complex_eigenvalues():
    """Their sum of squares is the trace of a², and the product with the conjugate the determinant."""
    a = numpy.array([[1.0, -2, 0.5], [3, 1, 0.2], [0.1, 0.3, 4]])
    values = np.linalg.eigvals(array(a))
    assert values.dtype == "complex128"
    assert np.linalg.eigvals(np.array(a)).dtype == "complex64"
    assert_almost_equal(np.linalg.eig(array(a)).eigenvalues, values)
    x = array(a)
    for f in (np.linalg.eigvals, lambda x: np.linalg.eig(x).eigenvalues):
        x.attach_grad()
        with autograd.record():
            y = f(x)
        autograd.backward([y], [np.array(2 * values.asnumpy().conj(), dtype="complex128")])  # of the real part of Σ λ²
        assert_almost_equal(x.grad, 2 * a.T, atol=1e-10)


# --- rank ---------------------------------------------------------------------------------------------------------------------


def test_pinv_of_lower_rank():
    """Among matrices of the same rank: b and c move, their product has rank 2."""
    b, c = rng.normal(size=(4, 2)), rng.normal(size=(2, 3))
    check_numeric_gradient(lambda b, c: np.linalg.pinv(b @ c, 1e-8), [b, c])


def test_lstsq_of_lower_rank():
    b, c = rng.normal(size=(4, 2)), rng.normal(size=(2, 3))
    x, residuals, rank, _ = np.linalg.lstsq(array(b @ c), array([1, 2, 3, 4]), rcond=1e-8)
    assert residuals.shape == (0,)
    assert rank.dtype == "int64"
    assert rank == 2
    assert_almost_equal(x, numpy.linalg.pinv(b @ c, 1e-8) @ [1, 2, 3, 4])
    check_numeric_gradient(lambda b, c, y: np.linalg.lstsq(b @ c, y, 1e-8)[0], [b, c, rng.normal(size=4)])


def test_singular_values_of_lstsq_alone():
    check_numeric_gradient(lambda a, b: np.linalg.lstsq(a, b)[3] + 0 * b.sum(), [rng.normal(size=(4, 2)), rng.normal(size=4)])


def test_qr_of_dependent_columns():
    for a in (numpy.zeros((3, 2)), numpy.ones((3, 2)), numpy.ones((2, 3))):
        with pytest.raises(numpy.linalg.LinAlgError, match="linearly dependent"):
            gradient(lambda x: np.linalg.qr(x).R.sum(), a)


@pytest.mark.parametrize("shape", [(4, 2), (3, 2), (2, 4, 2)])
def test_qr_and_svd_with_further_vectors(shape):
    """Those of no value have derivatives as far as they are determined: turns towards the others."""
    a = rng.normal(size=shape)

    def outside(q):
        return (q[..., 2:] @ q[..., 2:].mT) ** 2

    check_numeric_gradient(lambda x: np.linalg.qr(x, "complete").R, [a], order=2)
    check_numeric_gradient(lambda x: outside(np.linalg.qr(x, "complete").Q), [a], order=2)
    check_numeric_gradient(lambda x: np.linalg.svd(x, full_matrices=True).S, [a], order=2)
    check_numeric_gradient(lambda x: recomposed(x, full_matrices=True), [a], order=2)
    check_numeric_gradient(lambda x: outside(np.linalg.svd(x, full_matrices=True).U), [a], order=2)
    check_numeric_gradient(lambda x: outside(np.linalg.svd(x.mT, full_matrices=True).Vh.mT), [a], order=2)


def test_further_vectors_that_are_not_determined():
    a = rng.normal(size=(4, 2))
    with pytest.raises(MXNetError, match="qr: there is no derivative"):
        gradient(lambda x: (np.linalg.qr(x, "complete").Q ** 4).sum(), a)
    with pytest.raises(MXNetError, match="svd: there is no derivative"):
        gradient(lambda x: (np.linalg.svd(x, full_matrices=True).U ** 4).sum(), a)
    assert np.linalg.qr(np.ones((3, 2)), "complete").Q.shape == (3, 3)


def test_pinv_of_a_symmetric_matrix_reads_one_triangle():
    full, lower = numpy.array([[4.0, 1], [1, 3]]), numpy.array([[4.0, 9], [1, 3]])

    def f(x):
        return (np.linalg.pinv(x, hermitian=True) * array([[1, 2], [3, 4]])).sum()

    assert_almost_equal(gradient(f, lower), gradient(f, full))
    assert_almost_equal(gradient(f, full), gradient(f, full).T)


def test_cond_of_singular_matrices():
    a = np.array([[[1, 2], [2, 4]], [[4, 0], [0, 2]]])
    assert np.linalg.cond(a, 1).tolist() == [numpy.inf, 2]
    assert np.linalg.cond(np.zeros((2, 2)), "fro") == numpy.inf
    assert np.linalg.cond(np.diag(np.array([2, 0]))) == numpy.inf
    for p in (None, 2, -2, 1):
        assert np.linalg.cond(np.zeros((2, 2)), p) == numpy.linalg.cond(numpy.zeros((2, 2)), p) == numpy.inf
    x = array(a.asnumpy())
    x.attach_grad()
    with autograd.record():
        y = np.linalg.cond(x, 1)[1]
    y.backward()
    assert numpy.isfinite(x.grad.asnumpy()).all()


# --- errors -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: np.linalg.inv(np.ones((2, 2))), numpy.linalg.LinAlgError, "inv: Singular"),
        (lambda: np.linalg.solve(np.ones((2, 2)), np.ones(2)), numpy.linalg.LinAlgError, "solve: Singular"),
        (lambda: np.linalg.cholesky(-np.eye(2)), numpy.linalg.LinAlgError, "cholesky: .*positive definite"),
        (lambda: np.linalg.inv(np.ones((2, 3))), numpy.linalg.LinAlgError, r"inv: .*square.*float32\[2, 3\]"),
        (lambda: np.linalg.matrix_power(np.ones((2, 2)), -1), numpy.linalg.LinAlgError, "Singular"),
        (lambda: np.linalg.matrix_power(np.ones((2, 2)), 0.5), TypeError, "matrix_power"),
        (lambda: np.linalg.qr(np.eye(2), "raw"), ValueError, "qr: mode is 'reduced'"),
        (lambda: np.linalg.multi_dot([np.eye(2)]), ValueError, "two or more"),
        (lambda: np.linalg.multi_dot([np.eye(2), np.ones((3, 2))]), ValueError, "columns"),
        (lambda: np.linalg.multi_dot([np.eye(2), np.ones(2), np.eye(2)]), numpy.linalg.LinAlgError, "first and the last"),
        (lambda: np.linalg.tensorinv(np.ones((2, 3, 4)), 1), numpy.linalg.LinAlgError, "from 12 to 2"),
        (lambda: np.linalg.tensorinv(np.ones((2, 2)), 0), ValueError, "ind=0"),
        (lambda: np.linalg.tensorsolve(np.ones((2, 3)), np.ones(2)), numpy.linalg.LinAlgError, "tensorsolve"),
        (lambda: np.linalg.cond(np.ones((0, 0))), numpy.linalg.LinAlgError, "not empty"),
        (lambda: np.linalg.cross(np.ones(2), np.ones(2)), ValueError, "np.cross"),
        (lambda: np.cross(np.ones(4), np.ones(4)), ValueError, "length 2 or 3"),
        (lambda: np.trace(np.ones(3)), ValueError, "trace: .*two axes"),
        (lambda: np.diagonal(np.ones((2, 2)), 0, 1, -1), ValueError, "axis1=1 and axis2=-1"),
        (lambda: np.diag(np.ones((2, 2, 2))), ValueError, "np.diagonal"),
        (lambda: np.vander(np.ones((2, 2))), ValueError, "vander: a vector"),
        (lambda: np.fill_diagonal(np.ones(3), 1), ValueError, "fill_diagonal"),
        (lambda: np.fill_diagonal(np.ones((2, 2, 3)), 1), ValueError, "equally long"),
    ],
)
def test_errors(call, error, words):
    with pytest.raises(error, match=words):
        call()


# --- lists, other ways in -----------------------------------------------------------------------------------------------------


def test_lists_are_taken():
    eye = [[1, 0], [0, 1]]
    for result in (np.linalg.vecdot([1, 2], [3, 4]), np.kron([1], [2]), np.linalg.cond(eye), np.linalg.multi_dot([eye, eye])):
        assert isinstance(result, np.ndarray)
    assert np.linalg.inv(eye).dtype == "float32"
    assert np.linalg.solve(np.eye(2), [1, 2]).tolist() == [1, 2]
    assert np.linalg.svd(eye).S.tolist() == [1, 1]
    assert np.linalg.vector_norm([3, 4]) == 5
    assert np.linalg.vecdot([1, 2], [3, 4], axis=None) == 11
    assert np.linalg.cond(eye) == 1
    assert np.linalg.tensorinv(eye, 1).tolist() == eye
    assert np.linalg.tensorsolve(eye, [1, 2]).tolist() == [1, 2]
    assert np.linalg.multi_dot([eye, [1, 2]]).tolist() == [1, 2]
    assert np.linalg.matrix_rank(eye) == 2
    assert np.linalg.lstsq(eye, [1, 2])[0].tolist() == pytest.approx([1, 2])
    assert np.linalg.pinv(eye).tolist() == eye
    assert np.linalg.matrix_power(eye, 3).tolist() == eye
    assert np.kron([1, 2], [1, 0]).tolist() == [1, 0, 2, 0]
    assert np.cross([1, 0, 0], [0, 1, 0]).tolist() == [0, 0, 1]
    assert np.diagflat([1, 2]).tolist() == [[1, 0], [0, 2]]
    assert np.diag([1, 2]).tolist() == [[1, 0], [0, 2]]
    assert np.trace(eye) == 2
    assert np.vander([1, 2]).tolist() == [[1, 1], [2, 1]]


def test_tensorsolve_moves_axes():
    a = rng.normal(size=(2, 6, 3))
    b = rng.normal(size=6)
    result = np.linalg.tensorsolve(array(a), array(b), axes=(0,))
    assert_almost_equal(result, numpy.linalg.tensorsolve(a, b, axes=(0,)))


# --- diagonals ----------------------------------------------------------------------------------------------------------------


def test_trace_of_a_dtype():
    x = np.array([[1, 2], [3, 4]], dtype="int8")
    assert np.trace(x, dtype="float64").dtype == "float64"
    half = np.full((3000, 3000), 1, dtype="float16")
    assert np.trace(half) == 3000
    assert np.trace(half).dtype == "float16"


def test_diagonals_are_copies():
    x = np.eye(2)
    for y in (np.diag(x), np.diagonal(x), np.linalg.diagonal(x)):
        y[:] = 7
    assert x.tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize("shape", [(3, 3), (2, 5), (7, 2), (3, 3, 3), (0, 3)])
@pytest.mark.parametrize("wrap", [False, True])
@pytest.mark.parametrize("value", [5, [1, 2], numpy.array([[1, 2], [3, 4]])])
def test_fill_diagonal(shape, wrap, value):
    x, expected = np.zeros(shape), numpy.zeros(shape, "float32")
    numpy.fill_diagonal(expected, value, wrap)
    assert np.fill_diagonal(x, value, wrap) is None
    assert x.tolist() == expected.tolist()
    x = np.zeros(shape)
    numpy.fill_diagonal(x, np.array(value), wrap)
    assert x.tolist() == expected.tolist()


def test_fill_diagonal_writes_through_views():
    x = np.zeros((4, 3))
    np.fill_diagonal(x[1:], 1)
    assert x.sum() == 3
    assert x[1, 0] == 1
