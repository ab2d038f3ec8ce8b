"""The error function, the gamma function and their kin, of SciPy."""

from math import pi, sqrt

import numpy as np

from ...core.dtypes import floating
from ...core.elementwise import elementwise
from ...core.operator import operator
from ...kernels import pointwise
from ..exponential import exp

__all__ = ["digamma", "erf", "erfinv", "gamma", "gammaln"]


def _by_scipy(name, x, *args):
    """SciPy's function of that name in the dtype of `x`: SciPy has no float16 and takes integers as float64."""
    from scipy import special  # on first use: SciPy takes longer to import than NumPy

    x = np.asarray(x)
    return np.asarray(getattr(special, name)(*args, x)).astype(floating(x.dtype), copy=False)


def _erf_rule(g, data):
    if pointwise.served(g, data):
        return pointwise.over(pointwise.erf_back, 0.5, g, data)
    return g * (2 / sqrt(pi) * exp(-data * data))


@elementwise(data=_erf_rule)
def erf(data, out=None):
    """The error function 2/√π ∫₀ˣ exp(-t²) dt.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.erf(np.array([0, 1, np.inf]))
    array([0.       , 0.8427008, 1.       ])
    """
    return pointwise.over(pointwise.erf, 0.8, data) if pointwise.served(data) else _by_scipy("erf", data)


@elementwise(data=lambda g, out: g * (sqrt(pi) / 2 * exp(out * out)))
def erfinv(data, out=None):
    """The inverse of `erf`; infinite at ±1, as is its derivative, and NaN beyond.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.erfinv(npx.erf(np.array([0, 0.5]))).round(5)
    array([0. , 0.5])
    """
    return _by_scipy("erfinv", data)


@elementwise(data=lambda g, data, out: g * (out * digamma(data)))
def gamma(data, out=None):
    """The gamma function Γ(x), which is (n - 1)! for integers n > 0; infinite at 0 and NaN at negative integers.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.gamma(np.array([1, 4, 0.5]))
    array([1.       , 6.       , 1.7724539])
    """
    return _by_scipy("gamma", data)


@elementwise(data=lambda g, data: g * digamma(data))
def gammaln(data, out=None):
    """The logarithm of |Γ(x)|.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.gammaln(np.array([1, 2, 4]))
    array([0.       , 0.       , 1.7917595])
    """
    return _by_scipy("gammaln", data)


@elementwise(data=lambda g, data: g * _polygamma(data, 1))
def digamma(data, out=None):
    """The derivative of log Γ(x).

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.digamma(np.array([1, 2]))
    array([-0.5772157 ,  0.42278433])
    """
    return _by_scipy("digamma", data)


@operator(x=lambda g, x, n: g * _polygamma(x, n + 1))
def _polygamma(x, n):
    """The n-th derivative of digamma."""
    return _by_scipy("polygamma", x, n)
