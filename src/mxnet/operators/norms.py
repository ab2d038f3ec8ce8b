"""Norms of vectors and matrices. `linalg` makes them public."""

import math

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..core.array import raw
from ..core.dtypes import floating
from ..core.operator import TWINS, operator
from .decompositions import svd
from .operands import as_operand
from .reductions import axes_of, restored, shared
from .selection import where
from .shaping import reshape, transpose
from .solvers import adjoint


def _quotient(numerator, denominator):
    """The quotient, and 0 where the numerator, a raw array, is 0: then the denominator may be 0 as well."""
    return numerator / where(numerator == 0, 1, denominator)


def _spectral_weights(s, ord):
    """The derivative of the norm with respect to the singular values `s`, a raw array in descending order.

    Values that differ by rounding only count as equal, and share; values that are 0 but for rounding have derivative 0.
    """
    rounding = s.shape[-1] * np.finfo(s.dtype).eps * s[..., :1]
    if ord == "nuc":
        return (s > rounding).astype(s.dtype)
    extreme = s[..., :1] if ord == 2 else s[..., -1:]
    weights = ((np.abs(s - extreme) <= rounding) & (s > rounding)).astype(s.dtype)
    return weights / np.maximum(weights.sum(axis=-1, keepdims=True), 1)


def _spectral_rule(g, a, ord):
    """The second derivative of the norm, applied to `g`.

    With w the weights and M = Uᴴ g V, the part inside the singular spaces is
    (wᵢ - wⱼ)/(sᵢ - sⱼ) · (M + Mᴴ)/2 + (wᵢ + wⱼ)/(sᵢ + sⱼ) · (M - Mᴴ)/2, which coinciding singular values do not disturb.
    """
    u, s, vh = svd(a)
    w = _spectral_weights(raw(s), ord)
    uh, v = adjoint(u), adjoint(vh)
    m = uh @ g @ v
    difference = _quotient(w[..., :, None] - w[..., None, :], s[..., :, None] - s[..., None, :])
    total = _quotient(w[..., :, None] + w[..., None, :], s[..., :, None] + s[..., None, :])
    core = ((m + adjoint(m)) * difference + (m - adjoint(m)) * total) / 2
    scale = _quotient(w, s)[..., None, :]
    return (u @ core + (g @ v - u @ m) * scale) @ vh + (u * scale) @ (uh @ g - m @ vh)


@operator(complex_rules=True, a=_spectral_rule)
def _spectral_gradient(a, ord):
    """U diag(w) Vᴴ: the derivative of the norms made of singular values."""
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    return (u * _spectral_weights(s, ord)[..., None, :]) @ vh


def _sign(x):
    """The derivative of |x|: a constant for real numbers, but not for complex ones."""
    return np.sign(x if x.dtype.kind == "c" else raw(x))


def _vector_rule(g, x, ord, axes, out):
    if ord == 0:
        return None
    sign = _sign(x)
    if ord == 1:
        return g * sign
    if np.isinf(ord):
        return shared(g, np.abs(raw(x)), out, axes, True) * sign
    none = raw(out) == 0  # nothing to divide by, nor, for ord < 0, to raise to a negative power
    g = where(none, 0, g)
    share = where(none, 1, x) / where(none, 1, out)
    if ord == 2:
        return g * share
    if ord % 2 == 0 and x.dtype.kind != "c":
        return g * share ** (ord - 1)
    if ord % 2 == 1 and x.dtype.kind != "c":
        return g * sign * share ** (ord - 1)
    return g * sign * np.abs(where(raw(sign) == 0, 1, share)) ** (ord - 1)


def _matrix_rule(g, x, ord, axes):
    if ord in ("nuc", 2, -2):
        order = (*[i for i in range(x.ndim) if i not in axes], *axes)
        gradient = g.transpose(order) * _spectral_gradient(x.transpose(order), ord)
        return gradient.transpose(tuple(np.argsort(order).tolist()))
    across, along = axes if abs(ord) == 1 else axes[::-1]
    sums = np.abs(raw(x)).sum(axis=across, keepdims=True)
    extreme = np.max if ord > 0 else np.min
    return shared(g, sums, extreme(sums, axis=along, keepdims=True), along, True) * _sign(x)


def _norm_rule(g, x, ord, axis, keepdims, out):
    axes = tuple(range(x.ndim)) if axis is None else normalize_axis_tuple(axis, x.ndim)
    g, out = restored(g, x.shape, axes, keepdims), restored(out, x.shape, axes, keepdims)
    if x.dtype == np.float16:
        x = x.astype(np.float32)
    if ord is None or ord in ("fro", "f"):
        return _vector_rule(g, x, 2, axes, out)
    return _matrix_rule(g, x, ord, axes) if len(axes) == 2 else _vector_rule(g, x, ord, axes, out)


@operator(implements=np.linalg.norm, x=_norm_rule)
def norm(x, ord=None, axis=None, keepdims=False):
    """The norm of vectors or matrices.

    Of a vector, for a number p: (Σ |xᵢ|ᵖ)^(1/p); the largest |xᵢ| for p = inf, the smallest for -inf, how many are not 0 for p = 0.
    Of a matrix: √Σ |xᵢⱼ|² for 'fro', the sum of the singular values for 'nuc', the largest one for 2 and the smallest for -2, the
    largest (1) or smallest (-1) sum of a column's |xᵢⱼ|, and of a row's (inf, -inf).

    Parameters
    ----------
    x : ndarray
    ord : number, 'fro', 'nuc', inf or -inf, optional
        Which norm; by default 2 for a vector, 'fro' for a matrix.
    axis : int or tuple of two int, optional
        The axis of the vectors, or the axes of the matrices (rows, columns). By default `x` is one vector or one matrix; without
        `ord` it may have any number of dimensions, and is flattened.
    keepdims : bool
        Keep these axes, with length 1.

    Returns
    -------
    ndarray
        Of the dtype of `x`, or float32 if `x` holds integers.

    Raises
    ------
    ValueError
        If there is no such norm, or `x` is neither a vector nor a matrix and no `axis` says which axes to take.

    Notes
    -----
    Where a norm has no derivative, its gradient is a subgradient: 0 at 0; for norms that take a largest or smallest, equal parts
    for those that are equally large; for 'nuc', nothing along singular values that are 0.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([[3, 4], [0, 5]])
    >>> np.linalg.norm(x, axis=1)
    array([5., 5.])
    >>> np.linalg.norm(x, 1)
    array(9.)
    """
    x = np.asarray(x)
    result = np.linalg.norm(x.astype(np.float32) if x.dtype == np.float16 else x, ord, axes_of(axis), keepdims)
    return result.astype(floating(x.real.dtype))


def vector_norm(x, ord=None, axis=None, keepdims=False):
    """The norm of vectors: (Σ |xᵢ|ᵖ)^(1/p) for a number p, and the others that `norm` has for vectors.

    Parameters
    ----------
    x : ndarray
    ord : number, inf or -inf, optional
        p; by default 2.
    axis : int or tuple of int, optional
        The axes whose elements make a vector; by default all.
    keepdims : bool
        Keep these axes, with length 1.

    Returns
    -------
    ndarray
        Of the dtype of `x`, or float32 if `x` holds integers.

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.vector_norm(np.array([[1, 2], [3, 4]]), ord=1)
    array(10.)
    """
    x = as_operand("vector_norm", x)
    axes = tuple(range(x.ndim)) if axis is None else normalize_axis_tuple(axes_of(axis), x.ndim, "vector_norm")
    others = [i for i in range(x.ndim) if i not in axes]
    vectors = reshape(transpose(x, [*axes, *others]), (math.prod(x.shape[i] for i in axes), *[x.shape[i] for i in others]))
    result = norm(vectors, 2 if ord is None else ord, 0)
    return reshape(result, [1 if i in axes else size for i, size in enumerate(x.shape)]) if keepdims else result


TWINS[np.linalg.vector_norm] = vector_norm


def matrix_norm(x, ord="fro", axis=(-2, -1), keepdims=False):
    """The norm of the matrices in a stack; see `norm`.

    Parameters
    ----------
    x : ndarray, shape (..., m, n)
    ord : 'fro', 'nuc', 1, -1, 2, -2, inf or -inf
        Which norm.
    axis : tuple of two int
        The axes of rows and columns.
    keepdims : bool
        Keep these axes, with length 1.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.matrix_norm(np.ones((3, 2, 2)))
    array([2., 2., 2.])
    """
    return norm(x, ord, axis, keepdims)


TWINS[np.linalg.matrix_norm] = matrix_norm
