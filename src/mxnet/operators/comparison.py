"""Comparison, logic and bits: results without a gradient."""

import numpy as np

from ..core.elementwise import elementwise

__all__ = [
    "bitwise_and",
    "bitwise_invert",
    "bitwise_left_shift",
    "bitwise_not",
    "bitwise_or",
    "bitwise_right_shift",
    "bitwise_xor",
    "equal",
    "gcd",
    "greater",
    "greater_equal",
    "invert",
    "isfinite",
    "isinf",
    "isnan",
    "isneginf",
    "isposinf",
    "lcm",
    "left_shift",
    "less",
    "less_equal",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "not_equal",
    "right_shift",
    "signbit",
]


@elementwise(np.equal)
def equal(x1, x2, out=None):
    """Whether x1 = x2.

    Examples
    --------
    >>> np.equal(np.array([1, 2]), 2)
    array([False,  True])
    """


@elementwise(np.not_equal)
def not_equal(x1, x2, out=None):
    """Whether x1 ≠ x2.

    Examples
    --------
    >>> np.not_equal(np.array([1, 2]), 2)
    array([ True, False])
    """


@elementwise(np.less)
def less(x1, x2, out=None):
    """Whether x1 < x2.

    Examples
    --------
    >>> np.less(np.array([1, 2]), 2)
    array([ True, False])
    """


@elementwise(np.less_equal)
def less_equal(x1, x2, out=None):
    """Whether x1 ≤ x2.

    Examples
    --------
    >>> np.less_equal(np.array([1, 3]), 2)
    array([ True, False])
    """


@elementwise(np.greater)
def greater(x1, x2, out=None):
    """Whether x1 > x2.

    Examples
    --------
    >>> np.greater(np.array([1, 3]), 2)
    array([False,  True])
    """


@elementwise(np.greater_equal)
def greater_equal(x1, x2, out=None):
    """Whether x1 ≥ x2.

    Examples
    --------
    >>> np.greater_equal(np.array([1, 2]), 2)
    array([False,  True])
    """


@elementwise(np.logical_and)
def logical_and(x1, x2, out=None):
    """Whether both are true; numbers are true unless 0.

    Examples
    --------
    >>> np.logical_and(np.array([0, 1]), 1)
    array([False,  True])
    """


@elementwise(np.logical_or)
def logical_or(x1, x2, out=None):
    """Whether at least one is true.

    Examples
    --------
    >>> np.logical_or(np.array([0, 1]), 0)
    array([False,  True])
    """


@elementwise(np.logical_xor)
def logical_xor(x1, x2, out=None):
    """Whether exactly one is true.

    Examples
    --------
    >>> np.logical_xor(np.array([0, 1]), 1)
    array([ True, False])
    """


@elementwise(np.logical_not)
def logical_not(x, out=None):
    """Whether x is false, that is 0.

    Examples
    --------
    >>> np.logical_not(np.array([0, 1]))
    array([ True, False])
    """


@elementwise(np.bitwise_and)
def bitwise_and(x1, x2, out=None):
    """The bits set in both integers.

    Examples
    --------
    >>> np.bitwise_and(np.array([6], dtype=int), 3)
    array([2], dtype=int64)
    """


@elementwise(np.bitwise_or)
def bitwise_or(x1, x2, out=None):
    """The bits set in either integer.

    Examples
    --------
    >>> np.bitwise_or(np.array([6], dtype=int), 3)
    array([7], dtype=int64)
    """


@elementwise(np.bitwise_xor)
def bitwise_xor(x1, x2, out=None):
    """The bits set in exactly one of the integers.

    Examples
    --------
    >>> np.bitwise_xor(np.array([6], dtype=int), 3)
    array([5], dtype=int64)
    """


@elementwise(np.left_shift)
def left_shift(x1, x2, out=None):
    """The bits of x1 moved up by x2 places: x1 · 2ˣ².

    Examples
    --------
    >>> np.left_shift(np.array([3], dtype=int), 2)
    array([12], dtype=int64)
    """


bitwise_left_shift = left_shift


@elementwise(np.right_shift)
def right_shift(x1, x2, out=None):
    """The bits of x1 moved down by x2 places.

    Examples
    --------
    >>> np.right_shift(np.array([12], dtype=int), 2)
    array([3], dtype=int64)
    """


bitwise_right_shift = right_shift


@elementwise(np.gcd)
def gcd(x1, x2, out=None):
    """The greatest common divisor.

    Examples
    --------
    >>> np.gcd(np.array([12], dtype=int), 18)
    array([6], dtype=int64)
    """


@elementwise(np.lcm)
def lcm(x1, x2, out=None):
    """The least common multiple.

    Examples
    --------
    >>> np.lcm(np.array([4], dtype=int), 6)
    array([12], dtype=int64)
    """


@elementwise(np.invert)
def invert(x, out=None):
    """Every bit flipped; for booleans, not x.

    Examples
    --------
    >>> np.invert(np.array([True, False], dtype=bool))
    array([False,  True])
    """


bitwise_not = invert


bitwise_invert = invert


@elementwise(np.isfinite)
def isfinite(x, out=None):
    """Whether x is neither infinite nor NaN.

    Examples
    --------
    >>> np.isfinite(np.array([1, np.inf, np.nan]))
    array([ True, False, False])
    """


@elementwise(np.isinf)
def isinf(x, out=None):
    """Whether x is infinite.

    Examples
    --------
    >>> np.isinf(np.array([1, np.inf, np.nan]))
    array([False,  True, False])
    """


@elementwise(np.isnan)
def isnan(x, out=None):
    """Whether x is NaN.

    Examples
    --------
    >>> np.isnan(np.array([1, np.inf, np.nan]))
    array([False, False,  True])
    """


@elementwise(np.signbit)
def signbit(x, out=None):
    """Whether the sign of x is negative, that of -0.0 included.

    Examples
    --------
    >>> np.signbit(np.array([-1.0, 0.0, -0.0]))
    array([ True, False,  True])
    """


@elementwise(np.isneginf)
def isneginf(x, out=None):
    """Whether x is -inf.

    Examples
    --------
    >>> np.isneginf(np.array([-np.inf, np.inf]))
    array([ True, False])
    """


@elementwise(np.isposinf)
def isposinf(x, out=None):
    """Whether x is +inf.

    Examples
    --------
    >>> np.isposinf(np.array([-np.inf, np.inf]))
    array([False,  True])
    """
