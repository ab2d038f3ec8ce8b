"""Matrices as products: Cholesky, QR, singular values, eigenvalues. `linalg` makes them public."""

import functools
from typing import Any, NamedTuple

import numpy as np

from ..core.array import Array, raw
from ..core.operator import TWINS, operator
from .joining import concatenate
from .operands import conjugate, wide
from .solvers import adjoint, lapack, solve
from .undetermined import (
    arrived,
    coincide,
    gaps,
    largest,
    leading_columns,
    noise,
    over_gaps,
    refuse_slope,
    resolution,
    slopes_differ,
    small_slopes,
    turns,
)


class QRResult(NamedTuple):
    """What `qr` returns."""

    Q: Any
    R: Any


class SVDResult(NamedTuple):
    """What `svd` returns."""

    U: Any
    S: Any
    Vh: Any


class EighResult(NamedTuple):
    """What `eigh` returns."""

    eigenvalues: Any
    eigenvectors: Any


class EigResult(NamedTuple):
    """What `eig` returns."""

    eigenvalues: Any
    eigenvectors: Any


def named(kind, implements=None):
    """Have an operator return its results, if they are several, as the named tuple `kind`."""

    def decorate(call):
        @functools.wraps(call)
        def named_call(*args, **kwargs):
            result = call(*args, **kwargs)
            return kind(*result) if type(result) is tuple else result

        if implements is not None:
            TWINS[implements] = named_call
        return named_call

    return decorate


def _plain(result):
    """NumPy's named tuple as a tuple."""
    return tuple(result) if isinstance(result, tuple) else result


def _identity(x):
    return np.eye(x.shape[-1], dtype=x.dtype)


def symmetrised(x):
    """The symmetric part."""
    return (x + adjoint(x)) / 2


def upper_symmetric(x):
    """The symmetric matrix whose upper triangle is that of `x`."""
    half = np.triu(np.ones(x.shape[-2:], x.dtype)) - _identity(x) / 2
    return x * half + adjoint(x * half)


def _from_the_right(x, r):
    """The solution y of `y @ adjoint(r) = x`."""
    return adjoint(solve(r, adjoint(x)))


# --- Cholesky ---------------------------------------------------------------------------------------------------------------------


def _cholesky_rule(g, upper, out):
    """I. Murray, Differentiation of the Cholesky decomposition (2016)."""
    lower, g = wide(out), wide(g)
    if upper:
        lower, g = adjoint(lower), adjoint(g)
    half = np.tril(np.ones(g.shape[-2:], g.dtype)) - _identity(g) / 2
    inner = (adjoint(lower) @ g) * half
    return symmetrised(adjoint(solve(adjoint(lower), adjoint(solve(adjoint(lower), inner)))))


@operator(implements=np.linalg.cholesky, complex_rules=True, a=_cholesky_rule)
def cholesky(a, upper=False):
    """The triangular matrix L with positive diagonal and `a = L @ L.mT`; with `upper` its transpose, `a = U.mT @ U`.

    Parameters
    ----------
    a : ndarray, shape (..., n, n)
        Symmetric and positive definite. Only one triangle is read: the lower one, with `upper` the upper one.
    upper : bool

    Returns
    -------
    ndarray, shape (..., n, n)

    Raises
    ------
    LinAlgError
        If a matrix is not positive definite.

    Notes
    -----
    The gradient is symmetric: an element off the diagonal and its mirror image get half each, as both change together.

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.cholesky(np.array([[4, 2], [2, 10]]))
    array([[2., 0.],
           [1., 3.]])
    """
    return lapack(lambda a: np.linalg.cholesky(a, upper=upper), a)


# --- QR ---------------------------------------------------------------------------------------------------------------------------


def _qr_rule(g, a, mode, out):
    """H.-J. Liao et al., Differentiable Programming Tensor Networks (2019); with more columns than rows, R = (U | Qᴴ Y)."""
    a = wide(a)
    rows, columns = a.shape[-2:]
    if mode == "r":
        q, r = qr(a)
        gq, gr = 0 * q, wide(g)
    else:
        (q, r), (gq, gr) = map(wide, out), map(wide, g)
    if rows >= columns:
        q, gq = leading_columns("qr", q, gq, columns)
        return _qr_cotangent(gq, gr[..., :columns, :], q, r[..., :columns, :])
    gv = gr[..., rows:]
    left = _qr_cotangent(gq + a[..., rows:] @ adjoint(gv), gr[..., :rows], q, r[..., :rows])
    return concatenate([left, q @ gv], axis=-1)


def _qr_cotangent(gq, gr, q, r):
    diagonal = np.diagonal(raw(r), axis1=-2, axis2=-1)
    if (np.abs(diagonal)[..., None, :] <= resolution(diagonal)).any():
        raise np.linalg.LinAlgError("qr: the gradient is not defined where the first columns are linearly dependent")
    return _from_the_right(gq + q @ upper_symmetric(gr @ adjoint(r) - adjoint(q) @ gq), r)


@named(QRResult, implements=np.linalg.qr)
@operator(complex_rules=True, a=_qr_rule)
def qr(a, mode="reduced"):
    """A matrix as a product `Q @ R`: the columns of Q are orthonormal, R is upper triangular.

    Parameters
    ----------
    a : ndarray, shape (..., m, n)
    mode : {'reduced', 'complete', 'r'}
        Whether Q has k = min(m, n) columns or m; or only the reduced R is wanted.

    Returns
    -------
    Q : ndarray, shape (..., m, k)
    R : ndarray, shape (..., k, n)
        As a named tuple; R alone with `mode='r'`.

    Raises
    ------
    LinAlgError
        In a backward pass, if the first k columns are linearly dependent: then there is no derivative.
    MXNetError
        In a backward pass, if the loss depends on how the last m - n columns of a complete Q are chosen.

    Examples
    --------
    >>> from mxnet import np
    >>> q, r = np.linalg.qr(np.array([[0, -2], [1, 3]]))
    >>> q @ r
    array([[ 0., -2.],
           [ 1.,  3.]])
    """
    if mode not in ("reduced", "complete", "r"):
        raise ValueError(f"mode is 'reduced', 'complete' or 'r', not {mode!r}")
    return lapack(lambda a: _plain(np.linalg.qr(a, mode)), a)


# --- singular values --------------------------------------------------------------------------------------------------------------


def _open_at_zero(a, s):
    """Where singular values vanish that others go along with, or their own sign, or vectors of no value at all; raw."""
    none = s <= resolution(s)[..., 0]
    return none & ((none.sum(axis=-1, keepdims=True) > 1) | (a.shape[-2] != a.shape[-1]) | (a.dtype.kind == "c"))


def _svd_rule(g, a, compute_uv, out):
    """J. Townsend, Differentiating the Singular Value Decomposition (2016).

    Turns of u and v together have differences of singular values as denominators, turns against each other sums, and turns out of
    the space that they span the values themselves.
    """
    if not compute_uv:
        u, _, vh = svd(wide(a))
        return (u * g[..., None, :]) @ vh
    turned = arrived(g[0]) or arrived(g[2])
    (gu, gs, gvh), (u, s, vh) = map(wide, g), map(wide, out)
    k = s.shape[-1]
    if not turned:
        return (u[..., :k] * gs[..., None, :]) @ vh[..., :k, :]
    u, gu = leading_columns("svd", u, gu, k)
    v, gv = leading_columns("svd", adjoint(vh), adjoint(gvh), k)
    vh = adjoint(v)
    rounding, negligible = resolution(raw(s)), noise(s, gs, gu, gv)
    refuse_slope("svd", _open_at_zero(a, raw(s)) & (np.abs(raw(gs)) > small_slopes(gs)[..., 0]))
    left, right = adjoint(u) @ gu, vh @ gv
    against = (left - adjoint(left) - right + adjoint(right)) / 2
    core = gs[..., None] * _identity(s) + turns("svd", left + right, gs, s, negligible)
    core = core + over_gaps("svd", against, s[..., None, :] + s[..., :, None], rounding, negligible)
    result = u @ core @ vh
    if u.shape[-2] > k:
        result = result + over_gaps("svd", gu - u @ left, s[..., None, :], rounding, negligible) @ vh
    if v.shape[-2] > k:
        result = result + u @ adjoint(over_gaps("svd", gv - v @ right, s[..., None, :], rounding, negligible))
    return result


def _svd(a, full_matrices=True, compute_uv=True, hermitian=False):
    return svd(a, full_matrices, compute_uv)


TWINS[np.linalg.svd] = _svd


@named(SVDResult)
@operator(complex_rules=True, a=_svd_rule)
def svd(a, full_matrices=False, compute_uv=True):
    """A matrix as a product `(U * S) @ Vh` of orthonormal columns, singular values and orthonormal rows.

    Parameters
    ----------
    a : ndarray, shape (..., m, n)
    full_matrices : bool
        Whether U is (m, m) and Vh (n, n) instead of the k = min(m, n) columns and rows that go with singular values.
    compute_uv : bool
        False gives the singular values only, as `svdvals` does.

    Returns
    -------
    U : ndarray, shape (..., m, k)
    S : ndarray, shape (..., k)
        In descending order.
    Vh : ndarray, shape (..., k, n)
        As a named tuple. Vectors are determined up to a sign, or a complex factor of absolute value 1, that U and Vh share.

    Raises
    ------
    MXNetError
        In a backward pass, if the loss depends on vectors that `a` does not determine; see Notes.

    Notes
    -----
    The vectors of singular values that coincide or vanish (up to rounding), and those that no singular value goes with, are any
    basis of a space. A loss that depends on the basis has no derivative. For others it depends: sums over functions of the singular
    values, and functions of other vectors, have their gradients; those that weight the vectors of such a space by a function f of
    the values, as (U * f(S)) @ Vh does, would need the slope of f and raise as well. So do second derivatives that need it.

    Examples
    --------
    >>> from mxnet import np
    >>> u, s, vh = np.linalg.svd(np.array([[0, 3], [4, 0], [0, 0]]))
    >>> s
    array([4., 3.])
    >>> u.shape, vh.shape
    ((3, 2), (2, 2))
    """
    return lapack(lambda a: _plain(np.linalg.svd(a, full_matrices, compute_uv)), a)


def svdvals(a):
    """The singular values of a matrix, in descending order.

    Parameters
    ----------
    a : ndarray, shape (..., m, n)

    Returns
    -------
    ndarray, shape (..., min(m, n))

    Notes
    -----
    The gradient of a sum over functions of them holds where they coincide, too; that of a single one of those is a subgradient.

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.svdvals(np.array([[0, 3], [4, 0]]))
    array([4., 3.])
    """
    return svd(a, compute_uv=False)


TWINS[np.linalg.svdvals] = svdvals


# --- eigenvalues ------------------------------------------------------------------------------------------------------------------


def _eigh_rule(g, out):
    turned = arrived(g[1])
    (gw, gv), (w, v) = map(wide, g), map(wide, out)
    vh = adjoint(v)
    core = gw[..., None] * _identity(w)
    if turned:
        core = core + turns("eigh", vh @ gv, gw, w, noise(w, gw, gv))
    return symmetrised(v @ core @ vh)


@named(EighResult)
@operator(complex_rules=True, a=_eigh_rule)
def eigh(a, upper=False):
    """Eigenvalues and orthonormal eigenvectors of a symmetric matrix: `a @ V = V * w`, `a = (V * w) @ V.mT`.

    Parameters
    ----------
    a : ndarray, shape (..., n, n)
        Only one triangle is read: the lower one, with `upper` the upper one.
    upper : bool

    Returns
    -------
    eigenvalues : ndarray, shape (..., n)
        In ascending order.
    eigenvectors : ndarray, shape (..., n, n)
        As columns. Each is determined up to its sign, or a complex factor of absolute value 1.

    Raises
    ------
    MXNetError
        In a backward pass, if the loss depends on vectors that `a` does not determine; see Notes.

    Notes
    -----
    The gradient is symmetric: an element off the diagonal and its mirror image get half each, as both change together.

    The vectors of eigenvalues that coincide (up to rounding) are any basis of a space. A loss that depends on the basis has no
    derivative. For others it depends: sums over functions of the eigenvalues, and functions of other vectors, have their gradients;
    those that weight the vectors of such a space by a function f of the eigenvalues, as (V * f(w)) @ V.mT does, would need the
    slope of f and raise as well. So do second derivatives that need it, those of eigenvalues and of other vectors too.

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.eigh(np.array([[2, 0], [0, 1]])).eigenvalues
    array([1., 2.])
    """
    return lapack(lambda a: tuple(np.linalg.eigh(a, "U" if upper else "L")), a)


TWINS[np.linalg.eigh] = lambda a, UPLO="L": eigh(a, UPLO.upper() == "U")


def _eigvalsh_rule(g, a, upper):
    v = eigh(wide(a), upper)[1]
    return (v * wide(g)[..., None, :]) @ adjoint(v)


@operator(a=_eigvalsh_rule)
def eigvalsh(a, upper=False):
    """The eigenvalues of a symmetric matrix, in ascending order.

    Parameters
    ----------
    a : ndarray, shape (..., n, n)
        Only one triangle is read: the lower one, with `upper` the upper one. The gradient is symmetric, see `eigh`.
    upper : bool

    Returns
    -------
    ndarray, shape (..., n)

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.eigvalsh(np.array([[2, 1], [1, 2]]))
    array([1., 3.])
    """
    return lapack(lambda a: np.linalg.eigvalsh(a, "U" if upper else "L"), a)


TWINS[np.linalg.eigvalsh] = lambda a, UPLO="L": eigvalsh(a, UPLO.upper() == "U")


def _condition(v):
    """The condition number of eigenvectors, by which the rounding of eigenvalues grows; raw. Infinite ones are refused."""
    s = np.linalg.svd(raw(v), compute_uv=False)[..., None, :]
    if (s[..., -1] < v.shape[-1] * np.finfo(v.dtype).eps).any():
        raise np.linalg.LinAlgError(
            "eig: the eigenvectors of a matrix do not span the space: its eigenvalues coincide, and have no derivative"
        )
    return s[..., :1] / s[..., -1:]


def _eig_rounding(a, v):
    """The differences of eigenvalues that are no more than rounding, by the theorem of Bauer and Fike; raw."""
    return _condition(v) * resolution(np.linalg.norm(raw(wide(a)), axis=-1))


def _open_rule(g, where_open):
    refuse_slope("eig", where_open & (np.abs(raw(g)) > np.finfo(g.dtype).eps ** 0.5 * largest(g)))
    return g


@operator(core=_open_rule)
def _with_open(core, where_open):
    """A matrix in the basis of eigenvectors, some of whose elements are right, but not their derivatives."""
    return core.copy()


def _in_basis(core, gw, w, v, rounding):
    """V⁻ᴴ core Vᴴ. Between vectors whose values coincide, the core is 0 where in second derivatives it is a slope."""
    vh = adjoint(v)
    asks = raw(gw) != 0
    close = coincide(w, rounding) & (asks[..., None] | asks[..., None, :])
    if close.any() and isinstance(core, Array) and core._node is not None:
        core = _with_open(core, close)
    return solve(vh, core @ vh)


def _eig_rule(g, a, out):
    """Eigenvectors have length 1, and the loss does not depend on how complex ones turn in the plane."""
    turned = arrived(g[1])
    (gw, gv), (w, v) = map(wide, g), map(wide, out)
    rounding = _eig_rounding(a, v)
    core = gw[..., None] * _identity(v)
    if turned:
        refuse_slope("eig", coincide(w, rounding) & slopes_differ(gw))
        vh = adjoint(v)
        inner = vh @ gv
        along = (inner + conjugate(inner)) / 2 * _identity(v)
        core = core + over_gaps("eig", inner - vh @ v @ along, conjugate(gaps(w)), rounding, noise(w, gw, gv))
    return _in_basis(core, gw, w, v, rounding)


def _as_real(a, *results):
    """Real eigenvalues of a real matrix as real numbers, and their vectors: from NumPy 2.5 on they are complex in any case."""
    if a.dtype.kind != "c" and results[0].dtype.kind == "c" and not results[0].imag.any():
        return tuple(np.ascontiguousarray(result.real) for result in results)
    return results


@named(EigResult, implements=np.linalg.eig)
@operator(complex_rules=True, a=_eig_rule)
def eig(a):
    """Eigenvalues and eigenvectors of a square matrix: `a @ V = V * w`.

    Parameters
    ----------
    a : ndarray, shape (..., n, n)

    Returns
    -------
    eigenvalues : ndarray, shape (..., n)
        In no particular order; complex if one of them is.
    eigenvectors : ndarray, shape (..., n, n)
        As columns, of length 1. Complex ones are determined up to a factor of absolute value 1: differentiate only what does not
        depend on it.

    Raises
    ------
    LinAlgError
        In a backward pass, if the eigenvectors do not span the space: then there is no derivative.
    MXNetError
        In a backward pass, if the loss depends on vectors that `a` does not determine, as for `eigh`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.eig(np.array([[2, 1], [0, 3]])).eigenvalues
    array([2., 3.])
    """
    return lapack(lambda a: _as_real(a, *np.linalg.eig(a)), a)


def _eigvals_rule(g, a):
    w, v = eig(wide(a))
    g = wide(g)
    return _in_basis(g[..., None] * _identity(v), g, w, v, _eig_rounding(a, v))


@operator(implements=np.linalg.eigvals, complex_rules=True, a=_eigvals_rule)
def eigvals(a):
    """The eigenvalues of a square matrix, in no particular order; complex if one of them is.

    Parameters
    ----------
    a : ndarray, shape (..., n, n)

    Returns
    -------
    ndarray, shape (..., n)

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.eigvals(np.array([[2, 1], [0, 3]]))
    array([2., 3.])
    """
    return lapack(lambda a: _as_real(a, np.linalg.eigvals(a))[0], a)
