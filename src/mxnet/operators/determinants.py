"""Determinants. `linalg` makes them public."""

from typing import Any, NamedTuple

import numpy as np

from ..core.array import raw
from ..core.operator import operator
from .decompositions import named, svd
from .reductions import _others
from .selection import where
from .shaping import moveaxis
from .solvers import adjoint, conjugate, inv, lapack, wide


class SlogdetResult(NamedTuple):
    """What `slogdet` returns."""

    sign: Any
    logabsdet: Any


def _without_one(s):
    """At each position along the last axis the product of the elements at the other positions."""
    return moveaxis(_others(moveaxis(s, -1, 0), np.ones(s.shape[:-1], s.dtype)), 0, -1)


def _orientation(u, vh):
    return (np.linalg.det(raw(u)) * np.linalg.det(raw(vh)))[..., None, None].astype(u.dtype)


def _cofactors_rule(g, a):
    """In the bases of singular vectors, ∂cᵢᵢ/∂aⱼⱼ = pᵢⱼ and ∂cᵢⱼ/∂aⱼᵢ = -pᵢⱼ, the product of the singular values but i and j."""
    u, s, vh = svd(a)
    m = adjoint(u) @ g @ adjoint(vh)
    identity = np.eye(s.shape[-1], dtype=s.dtype)
    p = _without_one(where(identity > 0, 1, s[..., None, :])) * (1 - identity)
    along = (p @ (m * identity).sum(axis=-1, keepdims=True)) * identity
    return _orientation(u, vh) * (u @ (along - p * m.mT) @ vh)


@operator(a=_cofactors_rule)
def _cofactors(a):
    """The matrix of cofactors of a real matrix, which is the gradient of its determinant; no singular value is divided by."""
    u, s, vh = np.linalg.svd(a)
    return _orientation(u, vh) * ((u * _without_one(s)[..., None, :]) @ vh)


def _is_precise(a, inverse):
    """Whether the inverse of every matrix has at least half its digits, so that products with it do not lose more."""
    conditions = np.abs(a).sum(axis=-1).max(axis=-1, initial=0) * np.abs(inverse).sum(axis=-1).max(axis=-1, initial=0)
    return not (conditions > np.finfo(a.dtype).eps ** -0.5).any()


def _det_rule(g, a, out):
    a, g, out = wide(a), wide(g)[..., None, None], wide(out)[..., None, None]
    try:
        inverse = inv(a)
        precise = _is_precise(raw(a), raw(inverse))
    except np.linalg.LinAlgError:
        precise = False
    if precise:
        return g * conjugate(out) * adjoint(inverse)
    finite = np.isfinite(raw(a)).all(axis=(-2, -1), keepdims=True)
    return g * where(finite, _cofactors(where(finite, a, 0)), np.nan)


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
    The gradient is the matrix of cofactors, at singular matrices as well.

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
        In a backward pass through the logarithm of a singular matrix's determinant.

    Examples
    --------
    >>> from mxnet import np
    >>> sign, logabsdet = np.linalg.slogdet(1e-20 * np.eye(2))
    >>> sign, logabsdet
    (array(1.), array(-92.1034))
    """
    return lapack(lambda a: tuple(np.linalg.slogdet(a)), a)
