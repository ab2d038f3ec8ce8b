"""Determinants. `linalg` makes them public."""

from typing import Any, NamedTuple

import numpy as np

from ..core.array import Array, raw
from ..core.operator import operator
from .decompositions import named, svd
from .operands import conjugate, wide
from .reductions import _others
from .selection import where
from .shaping import moveaxis
from .solvers import adjoint, inv, lapack


class SlogdetResult(NamedTuple):
    """What `slogdet` returns."""

    sign: Any
    logabsdet: Any


def _without_one(s):
    """At each position along the last axis the product of the elements at the other positions."""
    return moveaxis(_others(moveaxis(s, -1, 0), np.ones(s.shape[:-1], s.dtype)), 0, -1)


def _turned(u, core, vh):
    """The cofactors of u @ a @ vh, for those of `a`: those of a unitary matrix are its determinant times its conjugate."""
    orientation = np.linalg.det(raw(u)) * np.linalg.det(raw(vh))
    return orientation[..., None, None].astype(u.dtype) * (conjugate(u) @ core @ conjugate(vh))


def _cofactors_rule(g, a):
    """In the bases of singular vectors, ∂cᵢᵢ/∂aⱼⱼ = pᵢⱼ and ∂cᵢⱼ/∂aⱼᵢ = -pᵢⱼ, the product of the singular values but i and j."""
    u, s, vh = svd(a)
    m = adjoint(u) @ g @ adjoint(vh)
    identity = np.eye(s.shape[-1], dtype=s.dtype)
    p = _without_one(where(identity > 0, 1, s[..., None, :])) * (1 - identity)
    along = (p @ (m * identity).sum(axis=-1, keepdims=True)) * identity
    return _turned(u, along - p * m.mT, vh)


@operator(a=_cofactors_rule)
def _cofactors(a):
    """The matrix of cofactors, the derivatives of the determinant; no singular value is divided by."""
    u, s, vh = np.linalg.svd(a)
    return _turned(u, _without_one(s)[..., None, :] * np.eye(s.shape[-1], dtype=s.dtype), vh)


def _loses_digits(a, inverse):
    """Where less than half the digits of an inverse are good; raw."""
    conditions = np.abs(a).sum(axis=-1).max(axis=-1, initial=0) * np.abs(inverse).sum(axis=-1).max(axis=-1, initial=0)
    return (conditions > np.finfo(a.dtype).eps ** -0.5)[..., None, None]


def _det_rule(g, a, out):
    """The determinant times the inverse, or the cofactors from singular values, which takes ten times as long.

    Both factors are of one LU decomposition, so that the error of a pivot close to 0 cancels; but not in products of inverses, of
    which the second derivative is made.
    """
    a, g, out = wide(a), wide(g)[..., None, None], wide(out)[..., None, None]
    size = np.abs(raw(out))
    hard = ~((size >= np.finfo(size.dtype).tiny) & np.isfinite(size))
    inverse = inv(where(hard, np.eye(a.shape[-1], dtype=a.dtype), a))
    if isinstance(a, Array):
        hard = hard | _loses_digits(raw(a), raw(inverse))
    result = where(hard, 0, conjugate(out)) * adjoint(inverse)
    if hard.any():
        finite = np.isfinite(raw(a)).all(axis=(-2, -1), keepdims=True)
        result = where(hard, where(finite, conjugate(_cofactors(where(hard & finite, a, 0))), np.nan), result)
    return g * result


@operator(implements=np.linalg.det, complex_rules=True, a=_det_rule)
def det(a):
    """The determinant of a square matrix.

    Parameters
    ----------
    a : ndarray, shape (..., n, n)

    Returns
    -------
    ndarray, shape (...)

    Notes
    -----
    The gradient is the matrix of cofactors, which singular matrices have as well.

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.det(np.array([[2, 1], [0, 3]]))
    array(6.)
    """
    return lapack(np.linalg.det, a)


def _slogdet_rule(g, a, out):
    a, sign = wide(a), wide(out[0])
    along = wide(g[1])
    if sign.dtype.kind == "c":
        turn = conjugate(sign) * g[0]
        along = along + (turn - conjugate(turn)) / 2
    singular = raw(sign) == 0
    if (singular & (raw(along) != 0)).any():
        raise np.linalg.LinAlgError(
            "slogdet: a matrix is singular, and the logarithm of its determinant, minus infinity, has no gradient; det(a) has one"
        )
    regular = where(singular[..., None, None], np.eye(a.shape[-1], dtype=a.dtype), a)
    return where(singular, 0, along)[..., None, None] * adjoint(inv(regular))


@named(SlogdetResult, implements=np.linalg.slogdet)
@operator(complex_rules=True, a=_slogdet_rule)
def slogdet(a):
    """The sign and the logarithm of the absolute value of a determinant, which itself may be too large or small for its dtype.

    Parameters
    ----------
    a : ndarray, shape (..., n, n)

    Returns
    -------
    sign : ndarray, shape (...)
        1, -1 or, for singular matrices, 0; of a complex matrix a number of absolute value 1, or 0.
    logabsdet : ndarray, shape (...)
        Minus infinity for singular matrices.
        As a named tuple.

    Raises
    ------
    LinAlgError
        In a backward pass through the logarithm of a singular matrix's determinant, whose slope is infinite.

    Examples
    --------
    >>> from mxnet import np
    >>> sign, logabsdet = np.linalg.slogdet(1e-20 * np.eye(2))
    >>> sign, logabsdet
    (array(1.), array(-92.1034))
    """
    return lapack(lambda a: tuple(np.linalg.slogdet(a)), a)
