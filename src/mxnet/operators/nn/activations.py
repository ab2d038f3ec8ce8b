"""Activations: sigmoid and its kin, rectifiers, and `activation` and `leaky_relu`, which find them by name.

Where the argument is infinite the value and the slope are their limits.
"""

from math import pi, sqrt

import numpy as np

from ...core.array import raw
from ...core.dtypes import floating, promoted
from ...core.elementwise import elementwise
from ...core.operator import operator
from ...core.state import is_training
from ...kernels import pointwise
from ..exponential import exp
from ..sampling.location_scale import uniform
from ..selection import clip, maximum, minimum, where
from ..trigonometric import tanh

__all__ = [
    "activation",
    "gelu",
    "gelu_tanh",
    "hard_sigmoid",
    "hard_swish",
    "leaky_relu",
    "log_sigmoid",
    "mish",
    "relu",
    "sigmoid",
    "silu",
    "softrelu",
    "softsign",
]


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


def _relu_rule(g, out):
    return pointwise.over(pointwise.relu_back, 0.2, g, out) if pointwise.served(g, out) else g * (out > 0)


@elementwise(data=_relu_rule)
def relu(data, out=None):
    """The rectifier max(x, 0). Its gradient at 0 is 0.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.relu(np.array([-1, 2]))
    array([0., 2.])
    """
    return np.maximum(data, 0)


def _sigmoid_rule(g, out):
    return pointwise.over(pointwise.sigmoid_back, 0.2, g, out) if pointwise.served(g, out) else g * (out * (1 - out))


@elementwise(data=_sigmoid_rule)
def sigmoid(data, out=None):
    """The logistic function 1 / (1 + e⁻ˣ), without overflow.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.sigmoid(np.array([-1000, 0, 1000]))
    array([0. , 0.5, 1. ])
    """
    x = _floats(data)
    return pointwise.over(pointwise.sigmoid, 0.4, x) if pointwise.served(x) else _logistic(x)


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


def _softsign_rule(g, data):
    scale = 1 + abs(data)
    return g / scale / scale  # not scale², which overflows in float16


@elementwise(data=_softsign_rule)
def softsign(data, out=None):
    """The softsign x / (1 + |x|).

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.softsign(np.array([-1, 0, 3]))
    array([-0.5 ,  0.  ,  0.75])
    """
    x = _floats(data)
    return x / (1 + np.abs(x))


def _silu_rule(g, x):
    if pointwise.served(g, x):
        return pointwise.over(pointwise.silu_back, 0.5, g, x)
    s = sigmoid(x)
    return g * (s + clip(x, -1000, 1000) * s * sigmoid(-x))


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
    if pointwise.served(x):
        return pointwise.over(pointwise.silu, 0.4, x)
    return np.maximum(x, -1000) * _logistic(x)


def _tanh_of_softrelu(x):
    """tanh(log(1 + eˣ)) and its derivative.

    With s = sigmoid(x) and t = sigmoid(-x) the first is (1 - t²) / (1 + t²); s (1 + t) is 1 - t², accurate where t is near 1.
    """
    s, t = sigmoid(x), sigmoid(-x)
    scale = 1 + t * t
    return s * (1 + t) / scale, 4 * s * t * t / (scale * scale)


def _mish_rule(g, x):
    if pointwise.served(g, x):
        return pointwise.over(pointwise.mish_back, 0.6, g, x)
    value, slope = _tanh_of_softrelu(x)
    return g * (value + clip(x, -1000, 1000) * slope)


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
    if pointwise.served(x):
        return pointwise.over(pointwise.mish, 0.5, x)
    return np.maximum(x, -1000) * _tanh_of_softrelu(x)[0]


@elementwise(x=lambda g, x: g * exp(-0.5 * (x * x)) / sqrt(2 * pi))
def _normal_cdf(x, out=None):
    """The probability that a standard normal variable is below x."""
    return _normal_distribution(_floats(x))


def _gelu_rule(g, x):
    if pointwise.served(g, x):
        return pointwise.over(pointwise.gelu_back, 0.9, g, x)
    return g * _normal_cdf(x) + clip(x, -40, 40) * (g * exp(-0.5 * (x * x)) / sqrt(2 * pi))


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
    if pointwise.served(x):
        return pointwise.over(pointwise.gelu, 0.8, x)
    return np.maximum(x, -40) * _normal_distribution(x)


def _gelu_tanh_rule(g, x):
    if pointwise.served(g, x):
        return pointwise.over(pointwise.gelu_tanh_back, 0.7, g, x)
    y = clip(x, -10, 10)  # beyond, the slope is 0 or 1, but cubes overflow in float16
    argument, slope = _gelu_tanh_argument(y)
    s = sigmoid(argument)
    return g * (s + y * slope * s * sigmoid(-argument))


def _gelu_tanh_argument(x):
    """2 √(2/π) (x + 0.044715 x³), and its derivative."""
    square = 0.044715 * (x * x)
    return sqrt(8 / pi) * (x * (1 + square)), sqrt(8 / pi) * (1 + 3 * square)


@elementwise(x=_gelu_tanh_rule)
def gelu_tanh(x, out=None):
    """The approximation of `gelu` by x / 2 · (1 + tanh(√(2/π) (x + 0.044715 x³))); off by at most 0.0005.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.gelu_tanh(np.array([-1, 0, 1])).round(3)
    array([-0.159,  0.   ,  0.841])
    """
    x = _floats(x)
    if pointwise.served(x):
        return pointwise.over(pointwise.gelu_tanh, 0.6, x)
    y = np.clip(x, -10, 10)
    return np.maximum(x, -10) * _logistic(_gelu_tanh_argument(y)[0])


@operator(data=lambda g, alpha, out: where((out > 0) & (out < 1), g * alpha, 0))
def hard_sigmoid(data, alpha=0.2, beta=0.5, out=None):
    """The straight line alpha · x + beta, cut off at 0 and at 1. Its gradient where it is 0 or 1 is 0.

    Parameters
    ----------
    data : ndarray
        Of any shape.
    alpha, beta : float
        The slope of the line, and its value at 0.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.hard_sigmoid(np.array([-4, 0, 1]))
    array([0. , 0.5, 0.7])
    """
    return np.clip(alpha * _floats(data) + beta, 0, 1)


def hard_swish(data):
    """x · min(max(x + 3, 0), 6) / 6, an approximation of `silu` without an exponential. Its gradient is 0 at -3 and 1 at 3.

    Parameters
    ----------
    data : ndarray
        Of any shape.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.hard_swish(np.array([-4, 0, 1, 5]))
    array([-0.       ,  0.       ,  0.6666667,  5.       ])
    """
    return maximum(data, -3.0) * hard_sigmoid(data, 1 / 6, 0.5)


@operator(
    data=lambda g, data, slope: where(data > 0, g, g * slope),
    slope=lambda g, data: g * minimum(data, 0),
)
def _leaky(data, slope):
    """data where it is positive, slope · data elsewhere."""
    data, slope = promoted(_floats(data), slope)
    return np.where(data > 0, data, slope * data)


@operator(data=lambda g, data, slope: g * where(data > 0, 1, slope * exp(minimum(data, 0))))
def _elu(data, slope):
    """data where it is positive, slope (eᵈᵃᵗᵃ - 1) elsewhere."""
    data = _floats(data)
    return np.where(data > 0, data, slope * np.expm1(np.minimum(data, 0)))


_BY_NAME = {
    "gelu": gelu,
    "gelu_tanh": gelu_tanh,
    "hard_sigmoid": hard_sigmoid,
    "hard_swish": hard_swish,
    "log_sigmoid": log_sigmoid,
    "mish": mish,
    "relu": relu,
    "sigmoid": sigmoid,
    "silu": silu,
    "softrelu": softrelu,
    "softsign": softsign,
    "tanh": tanh,
}


def activation(data, act_type="relu", name=None):
    """The activation called `act_type`.

    Parameters
    ----------
    data : ndarray
        Of any shape.
    act_type : str
        'gelu', 'gelu_tanh', 'hard_sigmoid', 'hard_swish', 'log_sigmoid', 'mish', 'relu', 'sigmoid', 'silu', 'softrelu', 'softsign'
        or 'tanh'.
    name : str, optional
        Accepted, and without effect.

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
    return _named("activation", _BY_NAME, act_type)(data)


# Self-normalizing networks keep mean 0 and variance 1 with these (Klambauer et al., 2017).
_SELU_SCALE, _SELU_SLOPE = 1.0507009873554805, 1.6732632423543772


def _prelu(data, gamma):
    if gamma is None:
        raise ValueError("leaky_relu: act_type='prelu' takes the slopes as gamma, one for each channel or one for all")
    if gamma.ndim > 1 or (gamma.size != 1 and gamma.size != data.shape[min(data.ndim - 1, 1)]):
        raise ValueError(
            f"leaky_relu: gamma has one element, or one for each channel, data.shape[1]; its shape is {gamma.shape}, that of data "
            f"{data.shape}"
        )
    return _leaky(data, gamma.reshape(-1, *(1,) * (data.ndim - 2)) if gamma.ndim and data.ndim > 1 else gamma)


def _randomized(data, lower, upper):
    if not lower <= upper:
        raise ValueError(f"leaky_relu: lower_bound is at most upper_bound, not {lower!r} and {upper!r}")
    if not is_training():
        return _leaky(data, (lower + upper) / 2)
    return _leaky(data, raw(uniform(lower, upper, data.shape)).astype(floating(data.dtype)))


_LEAKY = {
    "elu": lambda data, gamma, slope, lower, upper: _elu(data, slope),
    "gelu": lambda data, gamma, slope, lower, upper: gelu(data),
    "gelu_tanh": lambda data, gamma, slope, lower, upper: gelu_tanh(data),
    "leaky": lambda data, gamma, slope, lower, upper: _leaky(data, slope),
    "prelu": lambda data, gamma, slope, lower, upper: _prelu(data, gamma),
    "rrelu": lambda data, gamma, slope, lower, upper: _randomized(data, lower, upper),
    "selu": lambda data, gamma, slope, lower, upper: _SELU_SCALE * _elu(data, _SELU_SLOPE),
}


def leaky_relu(data, gamma=None, act_type="leaky", slope=0.25, lower_bound=0.125, upper_bound=0.334, name=None):
    """A rectifier that lets something of negative numbers through.

    ============= ====================================================================
    `act_type`    at x ≤ 0; x where it is positive
    ============= ====================================================================
    'leaky'       slope · x
    'prelu'       gamma · x, a parameter to be learned
    'rrelu'       s · x; s is random in training, the mean of the two bounds otherwise
    'elu'         slope · (eˣ - 1)
    'selu'        1.0507 · 1.6733 · (eˣ - 1); and 1.0507 · x where x is positive
    'gelu'        as `gelu`
    'gelu_tanh'   as `gelu_tanh`
    ============= ====================================================================

    Parameters
    ----------
    data : ndarray
        Of any shape.
    gamma : ndarray, optional
        For 'prelu': of shape (1,), or (channels,), where the channels are axis 1 of `data` (its only axis, if it has one).
    act_type : {'leaky', 'prelu', 'rrelu', 'elu', 'selu', 'gelu', 'gelu_tanh'}
    slope : float, optional
        For 'leaky' and 'elu'.
    lower_bound, upper_bound : float, optional
        For 'rrelu': the interval of the random slopes, one for each element.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        For another `act_type`, and a `gamma` that is missing or of the wrong shape.

    Notes
    -----
    At 0 the slope is that of the negative side.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.leaky_relu(np.array([-1, 2]))
    array([-0.25,  2.  ])
    >>> npx.leaky_relu(-np.ones((1, 2)), np.array([0.1, 0.2]), act_type="prelu")
    array([[-0.1, -0.2]])
    """
    return _named("leaky_relu", _LEAKY, act_type)(data, gamma, slope, lower_bound, upper_bound)


def _named(name, functions, act_type):
    if act_type not in functions:
        raise ValueError(f"{name}: act_type is one of {', '.join(map(repr, functions))}, not {act_type!r}")
    return functions[act_type]
