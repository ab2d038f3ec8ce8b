"""Matrices as products: Cholesky, QR, singular values, eigenvalues. `linalg` makes them public.

Values that are equal, or differ by rounding only, do not turn: the rules treat their vectors as fixed within the space they span.
"""

import functools
from typing import Any, NamedTuple

import numpy as np

from ..base import MXNetError
from ..core.array import raw
from ..core.operator import TWINS, operator
from .joining import concatenate
from .selection import where
from .solvers import adjoint, conjugate, lapack, solve, wide


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


def quotient(numerator, denominator):
    """The quotient, and 0 where the numerator, a raw array, is 0: then the denominator may be 0 as well."""
    return numerator / where(numerator == 0, 1, denominator)


def _apart(values):
    """1 at [i, j] if value i and value j differ by more than rounding, else 0; raw."""
    values = raw(values)
    size = np.abs(values).max(axis=-1, initial=0)[..., None, None]
    distance = np.abs(values[..., :, None] - values[..., None, :])
    return (distance > values.shape[-1] * np.finfo(values.dtype).eps * size).astype(values.real.dtype)


def _identity(x):
    return np.eye(x.shape[-1], dtype=x.dtype)


def _symmetrised(x):
    return (x + adjoint(x)) / 2


def _upper_symmetric(x):
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
    return _symmetrised(adjoint(solve(adjoint(lower), adjoint(solve(adjoint(lower), inner)))))


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
        gq, gr = 0 * q, g
    else:
        (q, r), (gq, gr) = map(wide, out), map(wide, g)
    if mode == "complete" and rows > columns:
        raise MXNetError(
            f"qr: the gradient of mode='complete' with shape {a.shape} is not defined, for the last {rows - columns} columns of Q "
            "are any basis; use mode='reduced'"
        )
    if rows >= columns:
        return _qr_cotangent(gq, gr, q, r)
    gv = gr[..., rows:]
    left = _qr_cotangent(gq + a[..., rows:] @ adjoint(gv), gr[..., :rows], q, r[..., :rows])
    return concatenate([left, q @ gv], axis=-1)


def _qr_cotangent(gq, gr, q, r):
    if not np.diagonal(raw(r), axis1=-2, axis2=-1).all():
        raise np.linalg.LinAlgError("qr: the gradient is not defined where the first columns are linearly dependent")
    return _from_the_right(gq + q @ _upper_symmetric(gr @ adjoint(r) - adjoint(q) @ gq), r)


@named(QRResult, implements=np.linalg.qr)
@operator(complex_rules=True, a=_qr_rule)
def qr(a, mode="reduced"):
    """A matrix as a product `Q @ R`: the columns of Q are orthonormal, R is upper triangular.

    Parameters
    ----------
    a : ndarray, shape (..., m, n)
    mode : {'reduced', 'complete', 'r'}
        Whether Q has k = min(m, n) columns or m (with more rows than columns that has no gradient); or only the reduced R is
        wanted.

    Returns
    -------
    Q : ndarray, shape (..., m, k)
    R : ndarray, shape (..., k, n)
        As a named tuple; R alone with `mode='r'`.

    Raises
    ------
    LinAlgError
        In a backward pass, if the first k columns are linearly dependent: then there is no derivative.

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


def _svd_rule(g, a, full_matrices, compute_uv, out):
    """J. Townsend, Differentiating the Singular Value Decomposition (2016)."""
    if not compute_uv:
        u, _, vh = svd(wide(a))
        return (u * g[..., None, :]) @ vh
    (gu, gs, gvh), (u, s, vh) = map(wide, g), map(wide, out)
    if full_matrices and u.shape[-1] != vh.shape[-2]:
        raise MXNetError(
            f"svd: the gradient of full_matrices=True with shape {a.shape} is not defined, for the last vectors are any basis; use "
            "full_matrices=False"
        )
    rows, columns = s[..., :, None], s[..., None, :]
    turn = quotient(_apart(s), columns * columns - rows * rows)
    inverse = quotient((raw(s) > 0).astype(s.dtype), s)[..., None, :]
    left, right = adjoint(u) @ gu, vh @ adjoint(gvh)
    skew = left - adjoint(left)
    core = turn * skew * columns + rows * (turn * (right - adjoint(right))) + gs[..., None] * _identity(s)
    if u.dtype.kind == "c":  # vectors may turn in the complex plane, too
        core = core + skew * _identity(s) * inverse / 2
    outside = ((gu - u @ left) * inverse) @ vh + (u * inverse) @ (gvh - adjoint(right) @ vh)
    return u @ core @ vh + outside


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
        Whether U is (m, m) and Vh (n, n) instead of the k = min(m, n) columns and rows that go with singular values. That has a
        gradient for square matrices only.
    compute_uv : bool
        False gives the singular values only, as `svdvals` does.

    Returns
    -------
    U : ndarray, shape (..., m, k)
    S : ndarray, shape (..., k)
        In descending order.
    Vh : ndarray, shape (..., k, n)
        As a named tuple. Vectors are determined up to a sign that U and Vh share.

    Notes
    -----
    Where singular values coincide (up to rounding) their vectors are any basis and have no derivative: the gradient leaves turns
    among them out, and whatever divides by a singular value 0. That of the singular values needs neither; their second derivatives
    are right where they differ.

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
    (gw, gv), (w, v) = map(wide, g), map(wide, out)
    turn = quotient(_apart(w), w[..., None, :] - w[..., :, None])
    core = turn * (adjoint(v) @ gv) + gw[..., None] * _identity(w)
    return _symmetrised(v @ core @ adjoint(v))


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
        As columns. Each is determined up to its sign.

    Notes
    -----
    The gradient is symmetric: an element off the diagonal and its mirror image get half each, as both change together. Where
    eigenvalues coincide (up to rounding) their vectors are any basis and have no derivative: the gradient leaves turns among them
    out. That of a sum over eigenvalues, such as of their squares, needs none of them; its second derivatives are right where the
    eigenvalues differ.

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


def _refuse_defective(v):
    v = raw(v)
    if (np.linalg.svd(v, compute_uv=False) < v.shape[-1] * np.finfo(v.dtype).eps).any():
        raise np.linalg.LinAlgError(
            "eig: the eigenvectors of a matrix do not span the space: its eigenvalues coincide, and have no derivative"
        )


def _eig_rule(g, out):
    """Eigenvectors have length 1, and the loss does not depend on how complex ones turn in the plane."""
    (gw, gv), (w, v) = map(wide, g), map(wide, out)
    _refuse_defective(v)
    vh = adjoint(v)
    inner = vh @ gv
    along = (inner + conjugate(inner)) / 2 * _identity(v)
    core = quotient(_apart(w), conjugate(w[..., None, :] - w[..., :, None])) * (inner - vh @ v @ along)
    return solve(vh, (core + gw[..., None] * _identity(v)) @ vh)


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

    Notes
    -----
    Where eigenvalues coincide (up to rounding) the gradient leaves turns among their vectors out.

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.eig(np.array([[2, 1], [0, 3]])).eigenvalues
    array([2., 3.])
    """
    return lapack(lambda a: _as_real(a, *np.linalg.eig(a)), a)


def _eigvals_rule(g, a):
    v = eig(wide(a))[1]
    _refuse_defective(v)
    vh = adjoint(v)
    return solve(vh, wide(g)[..., :, None] * vh)


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
