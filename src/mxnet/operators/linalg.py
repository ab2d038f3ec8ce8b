"""`np.linalg`: determinants, pseudo-inverses, least squares and ranks here, the rest from the files it is imported from."""

import numpy as np

from ..core.array import Array, raw
from ..core.operator import TWINS, operator
from . import diagonals
from .contractions import matmul, outer, tensordot
from .decompositions import cholesky, eig, eigh, eigvals, eigvalsh, qr, svd, svdvals, symmetrised, upper_symmetric
from .determinants import det, slogdet
from .norms import matrix_norm, norm, vector_norm
from .operands import as_operand, conjugate, wide
from .selection import where
from .shaping import expand_dims, matrix_transpose, moveaxis, squeeze
from .solvers import (
    adjoint,
    inv,
    lapack,
    matrix_power,
    multi_dot,
    solve,
    tensorinv,
    tensorsolve,
)

__all__ = [
    "cholesky",
    "cond",
    "cross",
    "det",
    "diagonal",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "inv",
    "lstsq",
    "matmul",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "matrix_transpose",
    "multi_dot",
    "norm",
    "outer",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "svd",
    "svdvals",
    "tensordot",
    "tensorinv",
    "tensorsolve",
    "trace",
    "vecdot",
    "vector_norm",
]


def _rounding(a):
    """The singular values below this part of the largest one count as 0."""
    return max(a.shape[-2:]) * np.finfo(a.dtype if a.dtype.kind in "fc" else np.float64).eps


# --- least squares ----------------------------------------------------------------------------------------------------------------


def _pinv_rule(g, a, hermitian, out):
    """G. Golub, V. Pereyra, The Differentiation of Pseudo-Inverses (1973)."""
    a, g, p = wide(a), wide(g), wide(out)
    if hermitian:
        a = upper_symmetric(adjoint(a))  # as only the lower triangle is read
    ph, gh = adjoint(p), adjoint(g)
    of_rows, of_columns = gh @ p @ ph, ph @ p @ gh
    result = of_rows - a @ (p @ of_rows) + of_columns - (of_columns @ p) @ a - ph @ g @ ph
    return symmetrised(result) if hermitian else result


@operator(complex_rules=True, a=_pinv_rule)
def pinv(a, rtol=None, hermitian=False):
    """The pseudo-inverse (Moore-Penrose): `pinv(a) @ b` is the shortest x for which `a @ x - b` is shortest.

    Parameters
    ----------
    a : ndarray, shape (..., m, n)
    rtol : float or ndarray, optional
        Singular values up to `rtol` times the largest one count as 0. By default max(m, n) times the epsilon of the dtype.
    hermitian : bool
        Whether `a` is symmetric; only its lower triangle is read then, and the gradient is symmetric as that of `eigh`.

    Returns
    -------
    ndarray, shape (..., n, m)

    Notes
    -----
    The gradient is that among matrices of the same rank: at a matrix of lower rank than its shape allows, the pseudo-inverse jumps
    in every other direction.

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.pinv(np.array([[2, 0], [0, 4], [0, 0]]))
    array([[0.5 , 0.  , 0.  ],
           [0.  , 0.25, 0.  ]])
    """
    rtol = _rounding(a) if rtol is None else rtol
    return lapack(lambda a: np.linalg.pinv(a, rtol, hermitian), a)


def _pinv(a, rcond=None, hermitian=False, *, rtol=None):
    return pinv(a, rtol if rcond is None else rcond, hermitian)


TWINS[np.linalg.pinv] = _pinv


def _lstsq_rule(g, a, b, rcond, out):
    of_x, of_residuals, _, of_s = map(wide, g)
    a, b, x = wide(a), wide(b), wide(out[0])
    vector = b.ndim == 1
    if vector:
        b, x, of_x = expand_dims(b, -1), expand_dims(x, -1), expand_dims(of_x, -1)
    inverse = pinv(a, None if rcond == "warn" else rcond)
    of_b = adjoint(inverse) @ of_x
    of_a = _pinv_rule(of_x @ adjoint(b), a, False, inverse)
    if of_residuals.size:
        toward = 2 * of_residuals * (b - a @ x)
        of_a, of_b = of_a - toward @ adjoint(x), of_b + toward
    if isinstance(of_s, Array) or of_s.any():
        u, _, vh = svd(a)
        of_a = of_a + (u * of_s) @ vh
    return of_a, squeeze(of_b, -1) if vector else of_b


@operator(implements=np.linalg.lstsq, complex_rules=True, joint=_lstsq_rule, inputs=("a", "b"))
def lstsq(a, b, rcond="warn"):
    """The shortest x that makes the length of `a @ x - b` least.

    Parameters
    ----------
    a : ndarray, shape (m, n)
    b : ndarray, shape (m,) or (m, k)
    rcond : float, optional
        Singular values up to `rcond` times the largest one count as 0. By default max(m, n) times the epsilon of the dtype.

    Returns
    -------
    x : ndarray, shape (n,) or (n, k)
    residuals : ndarray, shape (1,) or (k,)
        The squares of these lengths; empty if the rank of `a` is less than n, or m <= n.
    rank : ndarray of int64
    s : ndarray, shape (min(m, n),)
        The singular values of `a`.

    Notes
    -----
    The gradient is that among matrices `a` of the same rank.

    Examples
    --------
    >>> from mxnet import np
    >>> a = np.array([[1, 0], [0, 2], [0, 0]])
    >>> x, residuals, rank, s = np.linalg.lstsq(a, np.array([3, 4, 5]))
    >>> x, residuals, rank, s
    (array([3., 2.]), array([25.]), array(2, dtype=int64), array([2., 1.]))
    """
    rcond = _rounding(a) if rcond is None or rcond == "warn" else rcond
    x, residuals, rank, s = lapack(lambda a, b: np.linalg.lstsq(a, b, rcond), a, b)
    return x, residuals, rank.astype(np.int64), s


# --- rank and condition -----------------------------------------------------------------------------------------------------------


@operator()
def matrix_rank(M, rtol=None, hermitian=False, tol=None):
    """The rank of a matrix: how many singular values are not 0.

    Parameters
    ----------
    M : ndarray, shape (..., m, n)
    rtol : float or ndarray, optional
        Singular values up to `rtol` times the largest one count as 0. By default max(m, n) times the epsilon of the dtype.
    hermitian : bool
        Whether `M` is symmetric; only its lower triangle is read then.
    tol : float or ndarray, optional
        Singular values up to this count as 0, whatever the largest is.

    Returns
    -------
    ndarray of int64, shape (...)

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.matrix_rank(np.ones((3, 3)))
    array(1, dtype=int64)
    """
    if M.ndim < 2:
        return np.asarray(np.linalg.matrix_rank(M), np.int64)
    if tol is None and rtol is None:
        rtol = _rounding(M)
    return lapack(lambda M: np.linalg.matrix_rank(M, tol, hermitian, rtol=rtol), M).astype(np.int64)


def _matrix_rank(A, tol=None, hermitian=False, *, rtol=None):
    return matrix_rank(A, rtol, hermitian, tol=tol)


TWINS[np.linalg.matrix_rank] = _matrix_rank


def cond(x, p=None):
    """The condition number of a matrix, by which errors grow at most when equations are solved: `norm(x, p) * norm(inv(x), p)`.

    Parameters
    ----------
    x : ndarray, shape (..., m, n)
        Square, unless p is None, 2 or -2.
    p : None, 'fro', 'nuc', 1, -1, 2, -2, inf or -inf
        Which norm; see `norm`. By default 2: the largest singular value over the smallest. -2 is the reverse.

    Returns
    -------
    ndarray, shape (...)
        Infinite for singular matrices, whose gradient is 0.

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.cond(np.array([[4, 0], [0, 2]]))
    array(2.)
    """
    x = as_operand("cond", x)
    if x.ndim < 2 or 0 in x.shape[-2:]:
        raise np.linalg.LinAlgError(f"cond: shape {x.shape}: matrices that are not empty are expected")
    if p is None or p in (2, -2):
        s = svdvals(x)
        over, under = (s[..., -1], s[..., 0]) if p == -2 else (s[..., 0], s[..., -1])
        singular = raw(under) == 0
        return where(singular, np.inf, over / where(singular, 1, under))
    singular = raw(slogdet(raw(x)).sign) == 0
    regular = where(singular[..., None, None], np.eye(x.shape[-1], dtype=x.dtype), x)
    return where(singular, np.inf, norm(regular, p, (-2, -1)) * norm(inv(regular), p, (-2, -1)))


TWINS[np.linalg.cond] = cond


# --- functions of `np` for stacks of matrices -------------------------------------------------------------------------------------


def diagonal(a, offset=0):
    """The diagonal of each matrix in a stack: `np.diagonal` of the last two axes.

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.diagonal(np.ones((3, 2, 2))).shape
    (3, 2)
    """
    return diagonals.diagonal(a, offset, -2, -1)


def trace(a, offset=0, *, dtype=None):
    """The trace of each matrix in a stack: `np.trace` of the last two axes.

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.trace(np.ones((3, 2, 2)))
    array([2., 2., 2.])
    """
    return diagonals.trace(a, offset, -2, -1, dtype)


def cross(a, b, axis=-1):
    """The vector product of vectors of length 3 along one axis; see `np.cross`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.cross(np.array([1, 0, 0]), np.array([0, 1, 0]))
    array([0., 0., 1.])
    """
    a, b = as_operand("cross", a), as_operand("cross", b)
    if not a.shape[axis] == b.shape[axis] == 3:
        raise ValueError(
            f"cross: shapes {a.shape} and {b.shape}: axis {axis} is to have length 3; np.cross takes vectors in the plane"
        )
    return diagonals.cross(a, b, axis=axis)


def vecdot(a, b, axis=-1):
    """The sum of products along one axis, of `a` conjugated and `b`.

    Parameters
    ----------
    a, b : ndarray
        They broadcast against each other.
    axis : int, optional
        The axis to sum over; None means the last.

    Returns
    -------
    ndarray
        Without this axis.

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.vecdot(np.array([[1, 2], [3, 4]]), np.array([1, 1]))
    array([3., 7.])
    """
    a, b = as_operand("vecdot", a), as_operand("vecdot", b)
    axis = -1 if axis is None else axis
    rows, columns = expand_dims(moveaxis(conjugate(a), axis, -1), -2), expand_dims(moveaxis(b, axis, -1), -1)
    return squeeze(matmul(rows, columns), (-2, -1))


TWINS[np.linalg.diagonal] = diagonal
TWINS[np.linalg.trace] = trace
TWINS[np.linalg.cross] = cross
TWINS[np.linalg.vecdot] = TWINS[np.vecdot] = vecdot
