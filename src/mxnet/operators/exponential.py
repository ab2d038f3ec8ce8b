"""Exponentials and logarithms."""

from math import log as ln

import numpy as np

from ..core.elementwise import elementwise
from ..kernels import LARGE, in_parts, pointwise
from .comparison import isinf
from .selection import where

__all__ = ["exp", "exp2", "expm1", "log", "log1p", "log2", "log10", "logaddexp", "logaddexp2"]


@elementwise(
    np.exp,
    large=pointwise.in_front(np.exp, pointwise.exp, 0.3, 2**18, 2**17),
    x=lambda g, out: g * out if g.size < LARGE else in_parts(np.multiply, g, out),
)
def exp(x, out=None):
    """The exponential eˣ.

    Examples
    --------
    >>> np.exp(np.array([0, 1]))
    array([1.      , 2.718282])
    """


@elementwise(np.expm1, x=lambda g, out: g * (out + 1))
def expm1(x, out=None):
    """eˣ - 1, accurate near 0.

    Examples
    --------
    >>> np.expm1(np.array([0, 1e-8]))
    array([0.e+00, 1.e-08])
    """


@elementwise(np.exp2, x=lambda g, out: g * out * ln(2))
def exp2(x, out=None):
    """2ˣ.

    Examples
    --------
    >>> np.exp2(np.array([0, 3]))
    array([1., 8.])
    """


@elementwise(np.log, large=pointwise.in_front(np.log, pointwise.log, 0.4, 2**18, 2**17), x=lambda g, x: g / x)
def log(x, out=None):
    """The natural logarithm; -inf at 0, where its derivative is infinite, and NaN below.

    Examples
    --------
    >>> np.log(np.array([1, np.e]))
    array([0., 1.])
    """


@elementwise(np.log2, x=lambda g, x: g / (x * ln(2)))
def log2(x, out=None):
    """The logarithm to base 2.

    Examples
    --------
    >>> np.log2(np.array([1, 8]))
    array([0., 3.])
    """


@elementwise(np.log10, x=lambda g, x: g / (x * ln(10)))
def log10(x, out=None):
    """The logarithm to base 10.

    Examples
    --------
    >>> np.log10(np.array([1, 10]))
    array([0., 1.])
    """


@elementwise(np.log1p, x=lambda g, x: g / (1 + x))
def log1p(x, out=None):
    """log(1 + x), accurate near 0.

    Examples
    --------
    >>> np.log1p(np.array([0, 1e-8]))
    array([0.e+00, 1.e-08])
    """


@elementwise(
    np.logaddexp,
    x1=lambda g, x1, x2: g / (1 + exp(_lead(x2, x1))),
    x2=lambda g, x1, x2: g / (1 + exp(_lead(x1, x2))),
)
def logaddexp(x1, x2, out=None):
    """log(eˣ¹ + eˣ²), without overflow.

    Examples
    --------
    >>> np.logaddexp(np.array([1000]), 1000)
    array([1000.6932])
    """


@elementwise(
    np.logaddexp2,
    x1=lambda g, x1, x2: g / (1 + exp2(_lead(x2, x1))),
    x2=lambda g, x1, x2: g / (1 + exp2(_lead(x1, x2))),
)
def logaddexp2(x1, x2, out=None):
    """log₂(2ˣ¹ + 2ˣ²), without overflow.

    Examples
    --------
    >>> np.logaddexp2(np.array([1000]), 1000)
    array([1001.])
    """


def _lead(a, b):
    """a - b, and 0 for two equal infinities."""
    return where(isinf(a) & (a == b), 0, a - b)
