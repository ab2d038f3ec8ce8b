"""Choosing between values: `where`, `clip`, `maximum`, `minimum` and kin."""

import numpy as np

from ..core.dtypes import default_float, promoted, settled
from ..core.elementwise import elementwise
from ..core.operator import operator, publish

__all__ = ["clip", "fmax", "fmin", "maximum", "minimum", "where"]


@operator(
    implements=np.where,
    hides=True,
    x=lambda g, condition: np.where(condition, g, 0),
    y=lambda g, condition: np.where(condition, 0, g),
)
def where(condition, x=None, y=None):
    """Elements of `x` where `condition` is true, of `y` elsewhere.

    A NaN or an infinity in the branch that is not taken reaches neither the result nor any gradient.

    Parameters
    ----------
    condition : ndarray
        Of booleans; numbers are true unless 0.
    x, y : ndarray or number, optional
        The three broadcast against each other. Without both, the indices where `condition` holds are returned, one array per axis.

    Returns
    -------
    ndarray, or tuple of ndarray

    Raises
    ------
    ValueError
        If only one of `x` and `y` is given, or the shapes do not broadcast.

    Examples
    --------
    >>> x = np.array([-1, 4])
    >>> np.where(x > 0, np.sqrt(np.abs(x)), 0)
    array([0., 2.])
    """
    if x is None and y is None:
        return tuple(np.nonzero(condition))
    if x is None or y is None:
        raise ValueError("x and y are given together, or neither of them")
    x, y = promoted(x, y)
    return settled(lambda x, y: np.where(condition, x, y), np.where(condition, x, y), x, y)


def _within(a, a_min, a_max):
    inside = np.ones(np.shape(a), bool) if a_min is None else a >= a_min
    return inside if a_max is None else inside & (a <= a_max)


def _by_either_name(call):
    """`clip`, whose limits are `min` and `max`, too: so NumPy 2 and the array API standard call them."""

    def clip(a, a_min=None, a_max=None, out=None, min=None, max=None):
        if min is not None or max is not None:
            if a_min is not None or a_max is not None:
                raise TypeError("clip: the limits are a_min and a_max, or min and max, not some of each")
            a_min, a_max = min, max
        return call(a, a_min, a_max, out)

    return publish(clip, call.operator, np.clip)


@_by_either_name
@operator(
    hides=True,
    a=lambda g, a, a_min, a_max: np.where(_within(a, a_min, a_max), g, 0),
    a_min=lambda g, a, a_min, a_max: np.where((a < a_min) if a_max is None else (a < a_min) & (a_min <= a_max), g, 0),
    a_max=lambda g, a, a_min, a_max: np.where((a > a_max) if a_min is None else (a > a_max) | (a_min > a_max), g, 0),
)
def clip(a, a_min=None, a_max=None, out=None, min=None, max=None):
    """`a` limited to the interval from `a_min` to `a_max`: min(max(a, a_min), a_max).

    The gradient with respect to `a` is 1 inside the interval, both ends included, and 0 outside.

    Parameters
    ----------
    a : ndarray
    a_min, a_max : ndarray, number or None
        The limits, broadcast against `a`; None is no limit.
    out : ndarray, optional
        Where to write the result.
    min, max : ndarray, number or None
        Other names of `a_min` and `a_max`.

    Examples
    --------
    >>> np.clip(np.array([-2, 0.5, 7]), 0, 1)
    array([0. , 0.5, 1. ])
    """
    if a_min is None and a_max is None:
        return np.array(a)
    a, low, high = promoted(a, a_min, a_max)
    if isinstance(a, np.ndarray) and a.dtype.kind in "biu" and any(isinstance(limit, float) for limit in (low, high)):
        a = a.astype(default_float())
    return np.clip(a, low, high)


@elementwise(np.maximum, x1=lambda g, x1, x2: g * (x1 >= x2), x2=lambda g, x1, x2: g * (x1 < x2))
def maximum(x1, x2, out=None):
    """The larger of two elements; NaN if one is NaN.

    Where they are equal the whole gradient goes to `x1`: a subgradient, and the one users of MXNet have.

    Examples
    --------
    >>> np.maximum(np.array([1, 5]), np.array([3, 2]))
    array([3., 5.])
    """


@elementwise(np.minimum, x1=lambda g, x1, x2: g * (x1 <= x2), x2=lambda g, x1, x2: g * (x1 > x2))
def minimum(x1, x2, out=None):
    """The smaller of two elements; NaN if one is NaN.

    Where they are equal the whole gradient goes to `x1`.

    Examples
    --------
    >>> np.minimum(np.array([1, 5]), 3)
    array([1., 3.])
    """


@elementwise(
    np.fmax,
    x1=lambda g, x1, x2: np.where((x1 >= x2) | np.isnan(x2), g, 0),
    x2=lambda g, x1, x2: np.where((x1 >= x2) | np.isnan(x2), 0, g),
)
def fmax(x1, x2, out=None):
    """The larger of two elements; the other one if one is NaN. Ties: the gradient goes to `x1`.

    Examples
    --------
    >>> np.fmax(np.array([1, np.nan]), 3)
    array([3., 3.])
    """


@elementwise(
    np.fmin,
    x1=lambda g, x1, x2: np.where((x1 <= x2) | np.isnan(x2), g, 0),
    x2=lambda g, x1, x2: np.where((x1 <= x2) | np.isnan(x2), 0, g),
)
def fmin(x1, x2, out=None):
    """The smaller of two elements; the other one if one is NaN. Ties: the gradient goes to `x1`.

    Examples
    --------
    >>> np.fmin(np.array([1, np.nan]), 3)
    array([1., 3.])
    """


fmax.operator.hides = fmin.operator.hides = True  # a NaN beside a number
