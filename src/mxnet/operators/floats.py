"""The parts of floating-point numbers: fraction and whole, mantissa and exponent, spacing; and their special values."""

import numpy as np

from ..core.dtypes import floating
from ..core.elementwise import elementwise
from ..core.operator import operator, publish, write_out, zero
from .arithmetic import ldexp

__all__ = ["frexp", "isclose", "modf", "nan_to_num", "spacing"]


def _floats(x):
    """x, with its integers and booleans in the default float dtype; NumPy would choose by their width."""
    x = np.asarray(x)
    return x.astype(floating(x.dtype), copy=False)


@operator(implements=np.modf, x=lambda g: g[0])
def modf(x):
    """The fractional and the whole part of x, both with its sign.

    Parameters
    ----------
    x : ndarray

    Returns
    -------
    fraction, whole : ndarray
        x is their sum. The gradient of the whole part is 0.

    Examples
    --------
    >>> np.modf(np.array([1.5, -2.25]))
    (array([ 0.5 , -0.25]), array([ 1., -2.]))
    """
    return np.modf(_floats(x))


@operator(implements=np.frexp, x=lambda g, out: ldexp(g[0], -out[1]))
def frexp(x):
    """The mantissa m, 0.5 ≤ |m| < 1, and the exponent e in x = m · 2ᵉ.

    Parameters
    ----------
    x : ndarray

    Returns
    -------
    mantissa : ndarray
        Of the dtype of x.
    exponent : ndarray of int32

    Examples
    --------
    >>> np.frexp(np.array([1, 12]))
    (array([0.5 , 0.75]), array([1, 4], dtype=int32))
    """
    return np.frexp(_floats(x))


@elementwise(implements=np.spacing, x=zero)
def spacing(x, out=None):
    """The distance from x to the next number of its dtype, away from 0.

    Examples
    --------
    >>> np.spacing(np.array([1, 1024]))
    array([1.1920929e-07, 1.2207031e-04])
    """
    return np.spacing(_floats(x))


def _in_place_if_asked(call):
    """`nan_to_num`, which writes the result into `x` if it is told not to copy."""

    def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
        result = call(x, copy, nan, posinf, neginf)
        return result if copy else write_out("nan_to_num", x, result)

    return publish(nan_to_num, call.operator, np.nan_to_num)


@_in_place_if_asked
@operator(hides=True, x=lambda g, x: np.where(np.isfinite(x), g, 0))
def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    """x with its NaNs and infinities replaced; no gradient flows to where they were.

    Parameters
    ----------
    x : ndarray
    copy : bool
        False writes into `x`, and returns it.
    nan : number
        What stands for NaN.
    posinf, neginf : number, optional
        What stands for the infinities; by default the largest and smallest finite number of the dtype.

    Examples
    --------
    >>> np.nan_to_num(np.array([1, np.nan, np.inf]), posinf=9)
    array([1., 0., 9.])
    """
    return np.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)


@operator(implements=np.isclose)
def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether |a - b| ≤ atol + rtol · |b|, element by element.

    Parameters
    ----------
    a, b : ndarray or number
        They broadcast against each other.
    rtol, atol : float
        The tolerances, relative to b and absolute.
    equal_nan : bool
        Whether NaN is close to NaN.

    Examples
    --------
    >>> np.isclose(np.array([1, 2]), np.array([1, 2.1]))
    array([ True, False])
    """
    return np.isclose(a, b, rtol=rtol, atol=atol, equal_nan=equal_nan)
