"""What the rules of decompositions do where a matrix does not determine its vectors.

Vectors that go with equal values are any basis of the space they span. A rule divides by the differences of values; where one is 0,
or no more than rounding, it is the numerator that decides. It says how the loss changes when the vectors turn among themselves. If
it is 0 the turn contributes nothing: sums over the values have their gradients, however they were computed, and so have vectors of
other values. If it is not, there is no derivative, and the rule says so. So it does where there may be one that the gradients of
values and vectors do not tell: that of V f(w) Vᴴ has f'(w) in place of the quotient (f(wⱼ) - f(wᵢ)) / (wⱼ - wᵢ). It sees such an f
by gradients of these vectors that are not 0, or gradients of these values that differ.
"""

import numpy as np

from ..base import MXNetError
from ..core.array import Array, raw
from .selection import where
from .solvers import adjoint


def arrived(g):
    """Whether the loss depends on a result: the tape passes one zero, stretched, for a cotangent that never came."""
    return isinstance(g, Array) or any(g.strides) or g.any()


def largest(x):
    """The largest absolute value in each matrix; raw."""
    return np.abs(raw(x)).max(axis=(-2, -1), keepdims=True, initial=0)


def resolution(w):
    """The differences of values, each matrix having a row of them, that are no more than rounding; raw."""
    return (w.shape[-1] + 8) * np.finfo(w.dtype).eps * largest(w[..., None, :])


def noise(w, gw, *gv):
    """What counts as 0 among the gradients of turns, for gradients of values and of vectors; raw."""
    return np.finfo(w.dtype).eps ** 0.5 * sum(map(largest, gv), largest(gw[..., None, :]) * largest(w[..., None, :]))


def small_slopes(gw):
    """What counts as 0 among the gradients of values; raw."""
    return np.finfo(gw.dtype).eps ** 0.5 * largest(gw[..., None, :])


def refuse_basis(name, wrong):
    """Raise if, somewhere, the loss depends on a choice that the matrix leaves open."""
    if wrong.any():
        raise MXNetError(
            f"{name}: there is no derivative, for the loss depends on what the matrix does not determine: on the basis of vectors "
            "whose values coincide, vanish or are missing, or on the phase of complex vectors. If it needs the values only, take "
            "those (eigvalsh, svdvals); otherwise move them apart, for instance by a + np.diag(1e-6 * np.arange(n))"
        )


def refuse_slope(name, wrong):
    """Raise if, somewhere, the derivative is not among what values and vectors have as gradients."""
    if wrong.any():
        raise MXNetError(
            f"{name}: values coincide or vanish, and their vectors matter, as in (V * f(w)) @ V.mT or in second derivatives. Part "
            "of the derivative is the slope of f, which the gradients of w and V do not tell. Compute the loss without decomposing "
            "(matrix_power, inv, solve, cholesky), or move the values apart, for instance by a + np.diag(1e-6 * np.arange(n))"
        )


def over_gaps(name, numerator, gap, rounding, negligible):
    """The quotient; 0 where the gap is no more than rounding, where the numerator has to be negligible."""
    none = np.abs(raw(gap)) <= rounding
    refuse_basis(name, none & (np.abs(raw(numerator)) > negligible))
    return where(none, 0, numerator) / where(none, 1, gap)


def gaps(w):
    """wⱼ - wᵢ, at [i, j]."""
    return w[..., None, :] - w[..., :, None]


def coincide(w, rounding):
    """Where, but on the diagonal, this is no more than rounding; raw."""
    return (np.abs(raw(gaps(w))) <= rounding) & ~np.eye(w.shape[-1], dtype=bool)


def slopes_differ(gw):
    """Where gradients of values differ, so that they are not those of a sum over a function of the values; raw."""
    return np.abs(raw(gaps(gw))) > small_slopes(gw)


def turns(name, x, gw, w, negligible):
    """The gradient of turns of orthonormal vectors, xᵢⱼ of vector j towards vector i, as one of the matrix in their basis."""
    rounding = resolution(raw(w))
    result = over_gaps(name, (x - adjoint(x)) / 2, gaps(w), rounding, negligible)
    refuse_slope(name, coincide(w, rounding) & ((np.abs(raw(x)) > negligible) | slopes_differ(gw)))
    return result


def leading_columns(name, q, g, k):
    """The first k columns of a square matrix q with orthonormal columns, and the gradient of these that stands for that of all.

    The others, q₂, span what is left. Their turns towards the first, q₁, follow from q₂ᴴ dq₁ = -(q₁ᴴ dq₂)ᴴ; those among themselves
    are open.
    """
    if q.shape[-1] == k:
        return q, g
    first, rest, g_first, g_rest = q[..., :k], q[..., k:], g[..., :k], g[..., k:]
    among = raw(adjoint(rest) @ g_rest)
    refuse_basis(name, np.abs(among - adjoint(among)) > np.finfo(g.dtype).eps ** 0.5 * largest(g))
    return first, g_first - rest @ (adjoint(g_rest) @ first)
