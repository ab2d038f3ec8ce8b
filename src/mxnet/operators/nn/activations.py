"""Activations: sigmoid and its kin, rectifiers, and `activation`, which finds them by name."""

from math import pi, sqrt

import numpy as np

from ...core.dtypes import floating
from ...core.elementwise import elementwise
from ..exponential import exp
from ..trigonometric import tanh

__all__ = ["activation", "gelu", "log_sigmoid", "mish", "relu", "sigmoid", "silu", "softrelu", "softsign"]


def _floats(x):
    """`x` in a float dtype: SciPy and NumPy would compute small integers in float16."""
    x = np.asarray(x)
    return x if x.dtype.kind == "f" else x.astype(floating(x.dtype))


def _logistic(x):
    """1 / (1 + e⁻ˣ) of floats; only e to a negative number is computed, which cannot overflow."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


def _normal_distribution(x):
    """Φ(x), in the dtype of `x`: SciPy has no float16."""
    from scipy.special import ndtr  # on first use: SciPy takes longer to import than NumPy

    return ndtr(x).astype(x.dtype, copy=False)


@elementwise(x=lambda g, out: g * (out > 0))
def relu(x, out=None):
    """The rectifier max(x, 0). Its gradient at 0 is 0.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.relu(np.array([-1, 2]))
    array([0., 2.])
    """
    return np.maximum(x, 0)


@elementwise(x=lambda g, out: g * (out * (1 - out)))
def sigmoid(x, out=None):
    """The logistic function 1 / (1 + e⁻ˣ), without overflow.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.sigmoid(np.array([-1000, 0, 1000]))
    array([0. , 0.5, 1. ])
    """
    return _logistic(_floats(x))


@elementwise(x=lambda g, x: g * sigmoid(-x))
def log_sigmoid(x, out=None):
    """The logarithm of the sigmoid, -log(1 + e⁻ˣ), without overflow.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.log_sigmoid(np.array([-1000, 1000]))
    array([-1000.,     0.])
    """
    x = _floats(x)
    return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))


@elementwise(x=lambda g, x: g * sigmoid(x))
def softrelu(x, out=None):
    """The smooth rectifier log(1 + eˣ), also called softplus, without overflow.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.softrelu(np.array([-1000, 1000]))
    array([   0., 1000.])
    """
    x = _floats(x)
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def _softsign_rule(g, x):
    scale = 1 + abs(x)
    return g / scale / scale  # not scale², which overflows in float16


@elementwise(x=_softsign_rule)
def softsign(x, out=None):
    """The softsign x / (1 + |x|).

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.softsign(np.array([-1, 0, 3]))
    array([-0.5 ,  0.  ,  0.75])
    """
    x = _floats(x)
    return x / (1 + np.abs(x))


def _silu_rule(g, x):
    s = sigmoid(x)
    return g * (s + x * s * sigmoid(-x))


@elementwise(x=_silu_rule)
def silu(x, out=None):
    """The sigmoid linear unit x · sigmoid(x), also called swish.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.silu(np.array([-1, 0, 1])).round(3)
    array([-0.269,  0.   ,  0.731])
    """
    x = _floats(x)
    return x * _logistic(x)


def _tanh_of_softrelu(x):
    """tanh(log(1 + eˣ)) and its derivative.

    With s = sigmoid(x) and t = sigmoid(-x) the first is (1 - t²) / (1 + t²); s (1 + t) is 1 - t², accurate where t is near 1.
    """
    s, t = sigmoid(x), sigmoid(-x)
    scale = 1 + t * t
    return s * (1 + t) / scale, 4 * s * t * t / (scale * scale)


def _mish_rule(g, x):
    value, slope = _tanh_of_softrelu(x)
    return g * (value + x * slope)


@elementwise(x=_mish_rule)
def mish(x, out=None):
    """The mish x · tanh(log(1 + eˣ)).

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.mish(np.array([-1, 0, 1])).round(3)
    array([-0.303,  0.   ,  0.865])
    """
    x = _floats(x)
    return x * _tanh_of_softrelu(x)[0]


@elementwise(x=lambda g, x: g * exp(-0.5 * (x * x)) / sqrt(2 * pi))
def _normal_cdf(x, out=None):
    """The probability that a standard normal variable is below x."""
    x = _floats(x)
    return _normal_distribution(x)


def _gelu_rule(g, x):
    return g * _normal_cdf(x) + x * (g * exp(-0.5 * (x * x)) / sqrt(2 * pi))


@elementwise(x=_gelu_rule)
def gelu(x, out=None):
    """The Gaussian error linear unit x · Φ(x), where Φ is the distribution function of the standard normal distribution.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.gelu(np.array([-1, 0, 1])).round(3)
    array([-0.159,  0.   ,  0.841])
    """
    x = _floats(x)
    return x * _normal_distribution(x)


_BY_NAME = {
    "gelu": gelu,
    "log_sigmoid": log_sigmoid,
    "mish": mish,
    "relu": relu,
    "sigmoid": sigmoid,
    "silu": silu,
    "softrelu": softrelu,
    "softsign": softsign,
    "tanh": tanh,
}


def activation(data, act_type="relu"):
    """The activation called `act_type`.

    Parameters
    ----------
    data : ndarray
        Of any shape.
    act_type : {'gelu', 'log_sigmoid', 'mish', 'relu', 'sigmoid', 'silu', 'softrelu', 'softsign', 'tanh'}

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If there is no activation of that name.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.activation(np.array([-1, 2]), act_type="relu")
    array([0., 2.])
    """
    function = _BY_NAME.get(act_type)
    if function is None:
        raise ValueError(f"activation: act_type is one of {', '.join(map(repr, _BY_NAME))}, not {act_type!r}")
    return function(data)
