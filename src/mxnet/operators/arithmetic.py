"""Sums, products, powers and roots, element by element."""

from math import log as ln

import numpy as np

from ..core.array import Array
from ..core.elementwise import elementwise
from ..core.operator import TWINS, zero
from ..kernels import LARGE, in_parts
from .comparison import signbit
from .exponential import log
from .rounding import floor, sign, trunc
from .selection import where

__all__ = [
    "abs",
    "absolute",
    "add",
    "cbrt",
    "copysign",
    "divide",
    "divmod",
    "fabs",
    "float_power",
    "floor_divide",
    "fmod",
    "hypot",
    "ldexp",
    "mod",
    "multiply",
    "negative",
    "positive",
    "pow",
    "power",
    "reciprocal",
    "remainder",
    "sqrt",
    "square",
    "subtract",
    "true_divide",
]


@elementwise(np.add, x1=lambda g: g, x2=lambda g: g)
def add(x1, x2, out=None):
    """The sum.

    Examples
    --------
    >>> np.add(np.array([1, 2]), 1)
    array([2., 3.])
    """


@elementwise(np.subtract, x1=lambda g: g, x2=lambda g: -g)
def subtract(x1, x2, out=None):
    """The difference x1 - x2.

    Examples
    --------
    >>> np.subtract(np.array([1, 2]), 1)
    array([0., 1.])
    """


@elementwise(
    np.multiply,
    x1=lambda g, x2: g * x2 if g.size < LARGE else in_parts(np.multiply, g, x2),
    x2=lambda g, x1: g * x1 if g.size < LARGE else in_parts(np.multiply, g, x1),
)
def multiply(x1, x2, out=None):
    """The product.

    Examples
    --------
    >>> np.multiply(np.array([1, 2]), 3)
    array([3., 6.])
    """


@elementwise(np.divide, x1=lambda g, x2: g / x2, x2=lambda g, x2, out: -g * out / x2)
def divide(x1, x2, out=None):
    """The quotient x1 / x2; of integers, a float32.

    Examples
    --------
    >>> np.divide(np.array([1, 3]), 2)
    array([0.5, 1.5])
    """


true_divide = divide


@elementwise(np.floor_divide, x1=zero, x2=zero)
def floor_divide(x1, x2, out=None):
    """The largest integer not above x1 / x2. Its gradient is 0.

    Examples
    --------
    >>> np.floor_divide(np.array([-7, 7]), 2)
    array([-4.,  3.])
    """


@elementwise(np.remainder, x1=lambda g: g, x2=lambda g, x1, x2: -g * floor(x1 / x2))
def remainder(x1, x2, out=None):
    """x1 - x2·⌊x1/x2⌋: it has the sign of `x2`.

    Examples
    --------
    >>> np.remainder(np.array([-7, 7]), 3)
    array([2., 1.])
    """


mod = remainder


@elementwise(np.fmod, x1=lambda g: g, x2=lambda g, x1, x2: -g * trunc(x1 / x2))
def fmod(x1, x2, out=None):
    """x1 - x2·trunc(x1/x2): it has the sign of `x1`.

    Examples
    --------
    >>> np.fmod(np.array([-7, 7]), 3)
    array([-1.,  1.])
    """


@elementwise(np.power, x1=lambda g, x1, x2: _base_gradient(g, x1, x2), x2=lambda g, x1, out: _exponent_gradient(g, x1, out))
def power(x1, x2, out=None):
    """x1 to the power x2.

    The derivative of x⁰ is 0, at x = 0 too; that of 0ʸ with respect to y is 0.

    Examples
    --------
    >>> np.power(np.array([2, 3]), 2)
    array([4., 9.])
    """


pow = power


@elementwise(
    np.float_power,
    x1=lambda g, x1, x2: _base_gradient(g, x1, x2),
    x2=lambda g, x1, out: _exponent_gradient(g, x1, out),
)
def float_power(x1, x2, out=None):
    """x1 to the power x2, computed in float64; of two integers the result is cast to the default float dtype.

    Gradients as those of `power`.

    Examples
    --------
    >>> np.float_power(np.array([2, 3]), -1)
    array([0.5       , 0.33333333], dtype=float64)
    """


def divmod(x1, x2):
    """`floor_divide(x1, x2)` and `remainder(x1, x2)`.

    Examples
    --------
    >>> np.divmod(np.array([-7, 7]), 3)
    (array([-3.,  2.]), array([2., 1.]))
    """
    return floor_divide(x1, x2), remainder(x1, x2)


TWINS[np.divmod] = divmod


@elementwise(np.negative, x=lambda g: -g)
def negative(x, out=None):
    """-x.

    Examples
    --------
    >>> np.negative(np.array([1, -2]))
    array([-1.,  2.])
    """


@elementwise(np.positive, x=lambda g: g)
def positive(x, out=None):
    """A copy of x, as +x gives it.

    Examples
    --------
    >>> np.positive(np.array([1, -2]))
    array([ 1., -2.])
    """


@elementwise(np.reciprocal, x=lambda g, out: -g * out * out)
def reciprocal(x, out=None):
    """1 / x.

    Examples
    --------
    >>> np.reciprocal(np.array([2, 4]))
    array([0.5 , 0.25])
    """


@elementwise(np.square, x=lambda g, x: g * (2 * x))
def square(x, out=None):
    """x².

    Examples
    --------
    >>> np.square(np.array([2, 3]))
    array([4., 9.])
    """


@elementwise(np.sqrt, x=lambda g, out: g / (2 * out))
def sqrt(x, out=None):
    """The square root; its derivative at 0 is infinite.

    Examples
    --------
    >>> np.sqrt(np.array([4, 9]))
    array([2., 3.])
    """


@elementwise(np.cbrt, x=lambda g, out: g / (3 * out * out))
def cbrt(x, out=None):
    """The cube root; its derivative at 0 is infinite.

    Examples
    --------
    >>> np.cbrt(np.array([-8, 1]))
    array([-2.,  1.])
    """


@elementwise(np.absolute, x=lambda g, x: g * sign(x))
def absolute(x, out=None):
    """|x|, also of a complex number; its gradient at 0 is 0.

    Examples
    --------
    >>> np.absolute(np.array([-1, 2]))
    array([1., 2.])
    """


abs = absolute


fabs = absolute


@elementwise(
    np.hypot, x1=lambda g, x1, out: g * x1 / where(out == 0, 1, out), x2=lambda g, x2, out: g * x2 / where(out == 0, 1, out)
)
def hypot(x1, x2, out=None):
    """√(x1² + x2²), without overflow; its gradient at the origin is 0.

    Examples
    --------
    >>> np.hypot(np.array([3, 5]), np.array([4, 12]))
    array([ 5., 13.])
    """


@elementwise(np.copysign, x1=lambda g, x1, x2: g * where(signbit(x1) == signbit(x2), 1, -1), x2=zero)
def copysign(x1, x2, out=None):
    """|x1| with the sign of `x2`.

    Examples
    --------
    >>> np.copysign(np.array([1, 2]), -1)
    array([-1., -2.])
    """


@elementwise(implements=np.ldexp, x1=lambda g, x2: ldexp(g, x2), x2=lambda g, out: g * out * ln(2))
def ldexp(x1, x2, out=None):
    """x1 · 2ˣ².

    Examples
    --------
    >>> np.ldexp(np.array([1, 3]), 2)
    array([ 4., 12.])
    """
    if np.result_type(x2).kind in "iu":
        return np.ldexp(x1, x2)
    return x1 * np.exp2(x2)


def _base_gradient(g, base, exponent):
    if isinstance(exponent, int | float):
        return None if exponent == 0 else g * (exponent * base ** (exponent - 1))
    constant = exponent == 0  # x**0 is 1 everywhere, though 0 * x**-1 is not 0 at 0
    return g * exponent * base ** where(constant, 1, exponent - 1)


def _exponent_gradient(g, base, out):
    if out.dtype.kind == "c" and isinstance(base, np.ndarray | Array):
        base = base.astype(out.dtype)  # a negative number has a complex logarithm
    return g * out * log(where(base == 0, 1, base))
