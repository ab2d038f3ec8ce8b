"""Trigonometric and hyperbolic functions and their inverses; angles in radians."""

from math import pi

import numpy as np

from ..core.elementwise import elementwise
from ..kernels import pointwise
from .arithmetic import sqrt
from .selection import where

__all__ = [
    "acos",
    "acosh",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "cos",
    "cosh",
    "deg2rad",
    "degrees",
    "rad2deg",
    "radians",
    "sin",
    "sinh",
    "tan",
    "tanh",
]


def _sin_rule(g, x):
    return pointwise.over(pointwise.sin_back, 0.7, g, x) if pointwise.served(g, x, 2**18) else g * cos(x)


@elementwise(np.sin, large=pointwise.in_front(np.sin, pointwise.sin, 0.6, 2**18), x=_sin_rule)
def sin(x, out=None):
    """The sine.

    Examples
    --------
    >>> np.sin(np.array([0, np.pi / 2]))
    array([0., 1.])
    """


def _cos_rule(g, x):
    return pointwise.over(pointwise.cos_back, 0.7, g, x) if pointwise.served(g, x, 2**18) else -g * sin(x)


@elementwise(np.cos, large=pointwise.in_front(np.cos, pointwise.cos, 0.6, 2**18), x=_cos_rule)
def cos(x, out=None):
    """The cosine.

    Examples
    --------
    >>> np.cos(np.array([0, np.pi]))
    array([ 1., -1.])
    """


@elementwise(np.tan, x=lambda g, out: g * (1 + out * out))
def tan(x, out=None):
    """The tangent.

    Examples
    --------
    >>> np.tan(np.array([0, np.pi / 4]))
    array([0., 1.])
    """


@elementwise(np.arcsin, x=lambda g, x: g / sqrt(1 - x * x))
def arcsin(x, out=None):
    """The inverse sine, from -π/2 to π/2; NaN outside [-1, 1].

    Examples
    --------
    >>> np.arcsin(np.array([0, 1]))
    array([0.       , 1.5707964])
    """


asin = arcsin


@elementwise(np.arccos, x=lambda g, x: -g / sqrt(1 - x * x))
def arccos(x, out=None):
    """The inverse cosine, from 0 to π; NaN outside [-1, 1].

    Examples
    --------
    >>> np.arccos(np.array([0, 1]))
    array([1.5707964, 0.       ])
    """


acos = arccos


@elementwise(np.arctan, x=lambda g, x: g / (1 + x * x))
def arctan(x, out=None):
    """The inverse tangent, from -π/2 to π/2.

    Examples
    --------
    >>> np.arctan(np.array([0, 1]))
    array([0.       , 0.7853982])
    """


atan = arctan


@elementwise(
    np.arctan2, x1=lambda g, x1, x2: g * x2 / _squared_radius(x1, x2), x2=lambda g, x1, x2: -g * x1 / _squared_radius(x1, x2)
)
def arctan2(x1, x2, out=None):
    """The angle of the point with ordinate `x1` and abscissa `x2`, from -π to π; its gradient at the origin is 0.

    Examples
    --------
    >>> np.arctan2(np.array([1, -1]), 0)
    array([ 1.5707964, -1.5707964])
    """


atan2 = arctan2


@elementwise(np.sinh, x=lambda g, x: g * cosh(x))
def sinh(x, out=None):
    """The hyperbolic sine.

    Examples
    --------
    >>> np.sinh(np.array([0, 1]))
    array([0.       , 1.1752012])
    """


@elementwise(np.cosh, x=lambda g, x: g * sinh(x))
def cosh(x, out=None):
    """The hyperbolic cosine.

    Examples
    --------
    >>> np.cosh(np.array([0, 1]))
    array([1.       , 1.5430807])
    """


def _tanh_rule(g, out):
    if pointwise.served(g, out):
        return pointwise.over(pointwise.tanh_back, 0.2, g, out)
    return g - g * out * out  # g (1 - out²), without a scalar, which costs NumPy as much as a pass


@elementwise(np.tanh, large=pointwise.in_front(np.tanh, pointwise.tanh, 0.4, 2**18), x=_tanh_rule)
def tanh(x, out=None):
    """The hyperbolic tangent.

    Examples
    --------
    >>> np.tanh(np.array([0, 1]))
    array([0.       , 0.7615942])
    """


@elementwise(np.arcsinh, x=lambda g, x: g / sqrt(x * x + 1))
def arcsinh(x, out=None):
    """The inverse hyperbolic sine.

    Examples
    --------
    >>> np.arcsinh(np.array([0, 1]))
    array([0.       , 0.8813736])
    """


asinh = arcsinh


@elementwise(np.arccosh, x=lambda g, x: g / (sqrt(x - 1) * sqrt(x + 1)))
def arccosh(x, out=None):
    """The inverse hyperbolic cosine; NaN below 1.

    Examples
    --------
    >>> np.arccosh(np.array([1, 2]))
    array([0.      , 1.316958])
    """


acosh = arccosh


@elementwise(np.arctanh, x=lambda g, x: g / (1 - x * x))
def arctanh(x, out=None):
    """The inverse hyperbolic tangent; infinite at ±1 and NaN beyond.

    Examples
    --------
    >>> np.arctanh(np.array([0, 0.5]))
    array([0.        , 0.54930615])
    """


atanh = arctanh


@elementwise(np.degrees, x=lambda g: g * (180 / pi))
def degrees(x, out=None):
    """Radians in degrees.

    Examples
    --------
    >>> np.degrees(np.array([0, np.pi]))
    array([  0., 180.])
    """


rad2deg = degrees


@elementwise(np.radians, x=lambda g: g * (pi / 180))
def radians(x, out=None):
    """Degrees in radians.

    Examples
    --------
    >>> np.radians(np.array([0, 180]))
    array([0.       , 3.1415927])
    """


deg2rad = radians


def _squared_radius(y, x):
    square = y * y + x * x
    return where(square == 0, 1, square)
