"""Rounding and signs: functions that are constant between their jumps, and whose gradient is 0."""

import numpy as np

from ..core.array import raw
from ..core.dtypes import default_float
from ..core.elementwise import elementwise
from ..core.operator import operator, zero

__all__ = ["around", "ceil", "fix", "floor", "heaviside", "rint", "round", "round_", "sign", "trunc"]


@elementwise(np.floor, x=zero)
def floor(x, out=None):
    """The largest integer not above x.

    Examples
    --------
    >>> np.floor(np.array([-1.5, 1.5]))
    array([-2.,  1.])
    """


@elementwise(np.ceil, x=zero)
def ceil(x, out=None):
    """The smallest integer not below x.

    Examples
    --------
    >>> np.ceil(np.array([-1.5, 1.5]))
    array([-1.,  2.])
    """


@elementwise(np.trunc, implements=(np.trunc, np.fix), x=zero)
def trunc(x, out=None):
    """x without its fraction: rounded toward 0.

    Examples
    --------
    >>> np.trunc(np.array([-1.5, 1.5]))
    array([-1.,  1.])
    """


fix = trunc


@elementwise(np.rint, x=zero)
def rint(x, out=None):
    """The nearest integer; halves go to the even one.

    Examples
    --------
    >>> np.rint(np.array([0.5, 1.5, 2.6]))
    array([0., 2., 3.])
    """


def _turned(g, z):
    """The gradient of z/|z|: the part of `g` at right angles to z, by |z|; 0 at 0."""
    size = np.abs(z)
    direction = sign(z)
    none = raw(size) == 0
    return np.where(none, 0, g - direction * (g * direction.conj()).real) / np.where(none, 1, size)


@elementwise(np.sign, complex_rules=True, x=lambda g, x: _turned(g, x) if x.dtype.kind == "c" else None)
def sign(x, out=None):
    """-1, 0 or 1, as x is negative, zero or positive; NaN for NaN. Of a complex number z/|z|, and 0 of 0.

    Examples
    --------
    >>> np.sign(np.array([-3, 0, 2]))
    array([-1.,  0.,  1.])
    """


@elementwise(np.heaviside, x1=zero, x2=zero)
def heaviside(x1, x2, out=None):
    """The step: 0 for negative (x1), 1 for positive, `x2` at 0.

    Examples
    --------
    >>> np.heaviside(np.array([-1, 0, 1]), 0.5)
    array([0. , 0.5, 1. ])
    """


@operator(implements=np.round, x=zero)
def round(x, decimals=0, out=None):
    """The nearest multiple of 10**-decimals; halves go to the even one. Its gradient is 0.

    Parameters
    ----------
    x : ndarray
    decimals : int
        Digits behind the point; negative ones stand before it.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> np.round(np.array([1.25, 2.349]), 1)
    array([1.2, 2.3])
    """
    result = np.round(x, decimals)
    return result.astype(default_float()) if np.result_type(x).kind == "b" else result


around = round_ = round
