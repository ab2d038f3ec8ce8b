"""Special functions of NumPy's: the Bessel function `i0`, and `sinc`."""

from math import factorial, pi

import numpy as np

from ..core.dtypes import floating
from ..core.elementwise import elementwise
from ..core.operator import operator

__all__ = ["i0", "sinc"]


def _in_floats(function, x):
    """`function(x)` in the dtype of `x`, float16 and integers computed in float32 and in float64."""
    x = np.asarray(x)
    working = np.float32 if x.dtype == np.float16 else x.dtype if x.dtype.kind in "fc" else np.float64
    return np.asarray(function(x.astype(working, copy=False))).astype(floating(x.dtype), copy=False)


@operator(x=lambda g, x, n: g * (_bessel(x, n - 1) + _bessel(x, n + 1)) / 2)
def _bessel(x, n):
    """The modified Bessel function of the first kind, of order n."""
    from scipy.special import iv  # on first use: SciPy takes longer to import than NumPy

    return _in_floats(lambda x: iv(abs(n), x), x)


@elementwise(implements=np.i0, x=lambda g, x: g * _bessel(x, 1))
def i0(x, out=None):
    """The modified Bessel function of the first kind and of order 0.

    Examples
    --------
    >>> from mxnet import np
    >>> np.i0(np.array([0, 1]))
    array([1.       , 1.2660658])
    """
    from scipy.special import i0

    return _in_floats(i0, x)


def _sine_derivative(y, k):
    """The k-th derivative of sin(y) / y: by its power series where y is small, by y · s⁽ᵏ⁾ + k · s⁽ᵏ⁻¹⁾ = sin⁽ᵏ⁾(y) elsewhere."""
    small = np.abs(y) < k + 1
    near = np.where(small, y, 0)
    series = np.zeros_like(y)
    for m in range((k + 1) // 2, k + 16):
        power = 2 * m - k
        series += (-1) ** m / (factorial(power) * (2 * m + 1)) * near**power
    far = np.where(small, 1, y)
    recurrent = np.sin(far) / far
    for i in range(1, k + 1):
        recurrent = (np.sin(far + i * pi / 2) - i * recurrent) / far
    return np.where(small, series, recurrent)


@operator(x=lambda g, x, k: g * _sinc_derivative(x, k + 1))
def _sinc_derivative(x, k):
    return _in_floats(lambda x: pi**k * _sine_derivative(pi * x.astype(np.result_type(x, np.float64)), k), x)


@elementwise(implements=np.sinc, x=lambda g, x: g * _sinc_derivative(x, 1))
def sinc(x, out=None):
    """sin(πx) / (πx), and 1 at 0, where it is smooth: so are its derivatives, of any order.

    Examples
    --------
    >>> from mxnet import np
    >>> np.sinc(np.array([0, 0.5]))
    array([1.        , 0.63661975])
    """
    return _in_floats(np.sinc, x)
