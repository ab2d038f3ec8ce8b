"""Initialisers that draw random numbers, from `np.random`."""

import math

from .. import numpy as np
from .. import numpy_extension as npx
from .base import Initializer, register

__all__ = ["MSRAPrelu", "Normal", "Orthogonal", "TruncNorm", "Uniform", "Xavier"]


@register
class Uniform(Initializer):
    """Numbers spread evenly over [-scale, scale); what `initialize()` uses by default.

    Parameters
    ----------
    scale : float

    Examples
    --------
    >>> from mxnet import init
    >>> w = np.empty((2, 3))
    >>> init.Uniform(0.1)('weight', w)
    >>> bool((abs(w) <= 0.1).all())
    True
    """

    def __init__(self, scale=0.07):
        super().__init__(scale=scale)
        self.scale = scale

    def _init_weight(self, name, arr):
        arr[...] = np.random.uniform(-self.scale, self.scale, arr.shape, dtype=arr.dtype)


@register
class Normal(Initializer):
    """Normally distributed numbers of mean 0.

    Parameters
    ----------
    sigma : float
        The standard deviation.

    Examples
    --------
    >>> from mxnet import init
    >>> w = np.empty((100, 100))
    >>> init.Normal(0.1)('weight', w)
    >>> round(w.std().item(), 2)
    0.1
    """

    def __init__(self, sigma=0.01):
        super().__init__(sigma=sigma)
        self.sigma = sigma

    def _init_weight(self, name, arr):
        arr[...] = np.random.normal(0, self.sigma, arr.shape, dtype=arr.dtype)


@register
class TruncNorm(Initializer):
    """Normally distributed numbers, of which those further than two standard deviations from the mean do not occur.

    Drawn as mean + stdev √2 erf⁻¹(u), with u spread evenly between ±erf(√2).

    Parameters
    ----------
    mean : float
    stdev : float
        The standard deviation before truncation; after it, it is 0.88 of that.

    Examples
    --------
    >>> from mxnet import init
    >>> w = np.empty((100, 100))
    >>> init.TruncNorm(stdev=0.5)('weight', w)
    >>> bool((abs(w) <= 1).all())
    True
    """

    def __init__(self, mean=0, stdev=0.01):
        super().__init__(mean=mean, stdev=stdev)
        self.mean = mean
        self.stdev = stdev

    def _init_weight(self, name, arr):
        edge = math.erf(math.sqrt(2))
        u = np.random.uniform(-edge, edge, arr.shape, dtype=_at_least_single(arr))
        arr[...] = self.mean + self.stdev * math.sqrt(2) * npx.erfinv(u)


@register
class Xavier(Initializer):
    """Numbers whose variance keeps that of a layer's activations and gradients about the same from layer to layer.

    With s = √(magnitude / fan) they are uniform in [-s, s), or normal with standard deviation s. For a weight of shape
    (outputs, inputs, height, width), fan_in is inputs · height · width, and fan_out is outputs · height · width.

    Parameters
    ----------
    rnd_type : {'uniform', 'gaussian'}
    factor_type : {'avg', 'in', 'out'}
        Which fan: the mean of both, fan_in or fan_out.
    magnitude : float

    Raises
    ------
    ValueError
        At once if an argument is none of these; when called, if the weight has less than two dimensions.

    Notes
    -----
    Glorot and Bengio, *Understanding the difficulty of training deep feedforward neural networks*, AISTATS 2010.

    Examples
    --------
    >>> from mxnet import init
    >>> w = np.empty((3, 5))
    >>> init.Xavier()('weight', w)
    >>> bool((abs(w) <= (3 / 4) ** 0.5).all())
    True
    """

    def __init__(self, rnd_type="uniform", factor_type="avg", magnitude=3):
        super().__init__(rnd_type=rnd_type, factor_type=factor_type, magnitude=magnitude)
        self.rnd_type = _one_of(self, "rnd_type", rnd_type, ("uniform", "gaussian"))
        self.factor_type = _one_of(self, "factor_type", factor_type, ("avg", "in", "out"))
        self.magnitude = float(magnitude)
        if not self.magnitude >= 0:
            raise ValueError(f"{type(self).__name__}: magnitude is a variance times the fan, and so not {magnitude!r}")

    def _init_weight(self, name, arr):
        _check_matrix(self, name, arr)
        kernel = math.prod(arr.shape[2:])
        fan_in, fan_out = arr.shape[1] * kernel, arr.shape[0] * kernel
        fan = {"avg": (fan_in + fan_out) / 2, "in": fan_in, "out": fan_out}[self.factor_type]
        s = math.sqrt(self.magnitude / (fan or 1))  # a fan of 0 is that of an empty weight
        draw = Uniform(s) if self.rnd_type == "uniform" else Normal(s)
        draw._init_weight(name, arr)


@register
class MSRAPrelu(Xavier):
    """Numbers whose variance suits layers that a (leaky) ReLU follows: `Xavier`, normal, of magnitude 2 / (1 + slope²).

    Parameters
    ----------
    factor_type : {'avg', 'in', 'out'}
    slope : float
        The slope of the activation for negative numbers.

    Notes
    -----
    He, Zhang, Ren and Sun, *Delving deep into rectifiers*, ICCV 2015.

    Examples
    --------
    >>> from mxnet import init
    >>> init.MSRAPrelu('in', slope=0)
    MSRAPrelu(factor_type='in', slope=0)
    """

    def __init__(self, factor_type="avg", slope=0.25):
        super().__init__("gaussian", factor_type, 2 / (1 + slope**2))
        self._kwargs = {"factor_type": factor_type, "slope": slope}


@register
class Orthogonal(Initializer):
    """A random matrix with orthogonal rows or columns, whichever are fewer, of length `scale`.

    A weight of more dimensions is the matrix of its first axis and all others together. From normal numbers, it is spread evenly
    over all such matrices.

    Parameters
    ----------
    scale : float
    rand_type : {'uniform', 'normal'}
        The distribution of the numbers that are made orthogonal.

    Raises
    ------
    ValueError
        At once if `rand_type` is none of these; when called, if the weight has less than two dimensions.

    Notes
    -----
    Saxe, McClelland and Ganguli, *Exact solutions to the nonlinear dynamics of learning in deep linear neural networks*, ICLR 2014.

    Examples
    --------
    >>> from mxnet import init
    >>> w = np.empty((2, 3))
    >>> init.Orthogonal(scale=2)('weight', w)
    >>> np.allclose(w @ w.T, 4 * np.eye(2), atol=1e-5)
    True
    """

    def __init__(self, scale=1.414, rand_type="uniform"):
        super().__init__(scale=scale, rand_type=rand_type)
        self.scale = scale
        self.rand_type = _one_of(self, "rand_type", rand_type, ("uniform", "normal"))

    def _init_weight(self, name, arr):
        _check_matrix(self, name, arr)
        rows, columns = arr.shape[0], math.prod(arr.shape[1:])
        draw = np.random.uniform if self.rand_type == "uniform" else np.random.normal
        low_or_mean = -1 if self.rand_type == "uniform" else 0
        tall = (max(rows, columns), min(rows, columns))
        q, r = np.linalg.qr(draw(low_or_mean, 1, tall, dtype=_at_least_single(arr)))
        q = q * np.where(np.diagonal(r) < 0, -1, 1)  # the signs that make the factorisation unique
        arr[...] = self.scale * (q if rows >= columns else q.T).reshape(arr.shape)


def _at_least_single(arr):
    """The dtype in which to compute the values of `arr`: its own, but for float16, in which little can be computed."""
    return "float32" if arr.dtype == "float16" else arr.dtype


def _one_of(initializer, name, value, known):
    if value not in known:
        raise ValueError(f"{type(initializer).__name__}: {name} is one of {', '.join(map(repr, known))}, not {value!r}")
    return value


def _check_matrix(initializer, name, arr):
    if arr.ndim < 2:
        raise ValueError(
            f"{type(initializer).__name__} is for weights of two dimensions at least, outputs and inputs, but {str(name)!r} has "
            f"shape {arr.shape}; give that parameter an initializer of its own, such as init=mx.init.Uniform()"
        )
