"""Normalisation: data less its mean, over its standard deviation, times γ plus β.

The operators differ in what a mean is taken over, and along which axis γ and β vary. `_plain` is the meaning of them all; a layout
tells where the statistics lie in memory, for the kernels.

In all of them the variance is the mean square, divided by n and not by n - 1; float16 is computed in float32; the result has the
dtype of the data, integers being taken as the default float dtype.
"""

from math import prod
from typing import NamedTuple

import numpy as np

from ... import kernels
from ...core.array import raw
from ...core.dtypes import floating
from ...core.operator import operator, wrap
from ...kernels import normalization as kernels_of
from ..arithmetic import sqrt
from ..operands import axis_of, delivered
from ..shaping import reshape
from .composite import gradients_of, recorded

__all__ = [
    "group_norm",
    "instance_norm",
    "l2_normalization",
    "layer_norm",
    "rms_norm",
]


# --- where the statistics lie -----------------------------------------------------------------------------------------------------


class Rows(NamedTuple):
    """One for each row of `width` elements, along which γ and β vary."""

    width: int

    def forward(self, x, gamma, beta, eps, centred, out):
        x, n = x.reshape(-1, self.width), x.size // self.width
        mean, scale = np.empty(n, x.dtype), np.empty(n, x.dtype)
        kernels.split(kernels_of.rows, n, x.size // 3, x, gamma, beta, eps, centred, out.reshape(x.shape), mean, scale)
        return mean, scale

    def backward(self, x, g, gamma, mean, scale, centred, dx):
        x = x.reshape(-1, self.width)
        height = max(len(x) // 64, 32)
        bands = -(-len(x) // height)
        dgamma, dbeta = np.empty((2, bands, self.width), x.dtype)
        shaped = x, g.reshape(x.shape), gamma, mean, scale, centred, dx.reshape(x.shape), dgamma, dbeta
        kernels.split(kernels_of.rows_back, bands, x.size // 2, height, *shaped)
        return dgamma.sum(axis=0), dbeta.sum(axis=0)


class Blocks(NamedTuple):
    """One for each of `n` sets of blocks; `form` is what `kernels.normalization.blocks` takes."""

    n: int
    form: tuple

    def forward(self, x, gamma, beta, eps, centred, out):
        mean, scale = np.empty(self.n, x.dtype), np.empty(self.n, x.dtype)
        kernels.split(kernels_of.blocks, self.n, x.size // 2, self.form, _flat(x), gamma, beta, eps, _flat(out), mean, scale)
        return mean, scale

    def backward(self, x, g, gamma, mean, scale, centred, dx):
        sums = np.empty((2, self.n, self.form[0]), x.dtype)
        arrays = _flat(x), _flat(g), gamma, mean, scale, _flat(dx), *sums
        kernels.split(kernels_of.blocks_back, self.n, x.size // 2, self.form, *arrays)
        # A channel has a row of blocks of its own, or one block in every group of that many.
        return sums.sum(axis=2) if self.form[5] == 0 else sums.reshape(2, -1, gamma.size).sum(axis=1)


class Columns(NamedTuple):
    """One for each of `width` columns."""

    width: int

    def forward(self, x, gamma, beta, eps, centred, out):
        x = x.reshape(-1, self.width)
        mean, scale = np.empty(self.width, x.dtype), np.empty(self.width, x.dtype)
        step, strips = self._strips()
        kernels.split(kernels_of.columns, strips, x.size // 2, step, x, gamma, beta, eps, out.reshape(x.shape), mean, scale)
        return mean, scale

    def backward(self, x, g, gamma, mean, scale, centred, dx):
        x = x.reshape(-1, self.width)
        dgamma, dbeta = np.empty((2, self.width), x.dtype)
        step, strips = self._strips()
        shaped = x, g.reshape(x.shape), gamma, mean, scale, dx.reshape(x.shape), dgamma, dbeta
        kernels.split(kernels_of.columns_back, strips, x.size // 2, step, *shaped)
        return dgamma, dbeta

    def _strips(self):
        """How wide a strip is, and how many there are: threads that write to one line of the cache hinder each other."""
        return 16, -(-self.width // 16)


SHORT = 16  # elements below which a block is not worth a loop of its own


def _group_layout(shape, groups):
    """The layout of `group_norm`; None where kernels have none."""
    batch, channels, length = shape[0], shape[1], prod(shape[2:])
    count = channels // groups
    return Blocks(batch * groups, (count, length, length * count, length, count, 1)) if length >= SHORT else None


def _flat(x):
    return x.reshape(-1)


# --- normalisation by the data's own statistics -----------------------------------------------------------------------------------


def _wide(x):
    """In a dtype to compute with."""
    if x.dtype.kind != "f":
        return x.astype(floating(x.dtype))
    return x.astype(np.float32) if x.dtype.itemsize < 4 else x


def _mean(x, axes):
    """The mean; of nothing, 0."""
    return x.sum(axis=axes, keepdims=True) / max(prod(x.shape[i] for i in axes), 1)


def _statistics(x, axes, eps, centred):
    """The mean, or 0, and 1 / √(variance + ε)."""
    mean = _mean(x, axes) if centred else x.dtype.type(0)
    shifted = x - mean
    return mean, 1 / sqrt(_mean(shifted * shifted, axes) + eps)


def _plain(x, gamma, beta, shape, axes, eps, centred):
    """What `normalized` means, in the dtype that it is computed in."""
    x = _wide(x).reshape(shape)
    mean, scale = _statistics(x, axes, eps, centred)
    result = (x - mean) * scale * gamma.astype(x.dtype)
    return result if beta is None else result + beta.astype(x.dtype)


def _normalized_rule(g, x, gamma, beta, shape, axes, eps, centred, layout, kept, wanted):
    if recorded(g, x, gamma, beta):
        plain = lambda *a: _plain(*a, shape, axes, eps, centred).reshape(x.shape).astype(g.dtype)  # noqa: E731
        return gradients_of(plain, (x, gamma, beta), g, wanted)
    x, g = _wide(x), _wide(g)
    gamma_wide = gamma.astype(x.dtype, copy=False)
    mean, scale = kept["mean"], kept["scale"]
    if kept["by kernel"]:
        g = np.ascontiguousarray(g)  # a cotangent of a mean is a broadcast one
        dx = np.empty_like(x)
        dgamma, dbeta = layout.backward(x, g, _flat(gamma_wide), mean.reshape(-1), scale.reshape(-1), centred, dx)
        return dx, dgamma.reshape(gamma.shape), None if beta is None else dbeta.reshape(beta.shape)
    g = g.reshape(shape)
    unit = (x.reshape(shape) - mean) * scale
    weighted = g * gamma_wide
    dx = weighted - unit * _mean(weighted * unit, axes)
    if centred:
        dx -= _mean(weighted, axes)
    return (dx * scale).reshape(x.shape), g * unit, g


@operator(joint=_normalized_rule, inputs=("x", "gamma", "beta"))
def normalized(x, gamma, beta, shape, axes, eps, centred, layout, kept):
    """Data normalised over the `axes` that they have in `shape`, to which γ and β broadcast; into `kept` go mean and scale."""
    result = floating(x.dtype)
    x = _wide(x)
    gamma = gamma.astype(x.dtype, copy=False)
    beta = None if beta is None else beta.astype(x.dtype, copy=False)
    kept["by kernel"] = layout is not None and kernels.serves(x)
    if not kept["by kernel"]:
        mean, scale = kept["mean"], kept["scale"] = _statistics(x.reshape(shape), axes, eps, centred)
        out = (x.reshape(shape) - mean) * scale * gamma
        return (out if beta is None else out + beta).reshape(x.shape).astype(result, copy=False)
    out = np.empty_like(x)
    beta = np.zeros_like(gamma) if beta is None else beta
    mean, scale = layout.forward(x, _flat(gamma), _flat(beta), x.dtype.type(eps), centred, out)
    shape = [1 if i in axes else n for i, n in enumerate(shape)]
    kept["mean"], kept["scale"] = mean.reshape(shape), scale.reshape(shape)
    return out.astype(result, copy=False)


# --- the operators ----------------------------------------------------------------------------------------------------------------


def checked(name, eps, axis, data, **parameters):
    """`axis` from 0 on, once `data` and the vectors of its channels fit each other."""
    shape = np.shape(raw(data))
    axis = axis_of(name, axis, shape)
    for parameter, value in parameters.items():
        if value is None:
            raise TypeError(f"{name}: {parameter} is missing: an array of shape ({shape[axis]},), an element for each channel")
        if np.shape(raw(value)) != (shape[axis],):
            message = f"{name}: {parameter} has shape ({shape[axis]},), as axis {axis} of the data {shape}, not"
            raise ValueError(f"{message} {np.shape(raw(value))}")
    if not eps >= 0:
        raise ValueError(f"{name}: eps, which keeps the variance from 0, is not negative, as {eps!r} is")
    return axis


def along(vector, axis, ndim):
    """`vector` as an array of `ndim` dimensions that varies along `axis`."""
    return vector if ndim == 1 or axis == ndim - 1 else reshape(vector, [-1 if i == axis else 1 for i in range(ndim)])


def with_statistics(result, *statistics):
    """The result and arrays that carry no gradient."""
    return result, *[wrap(s) if result is not raw(result) else s for s in statistics]


def layer_norm(data, gamma, beta, axis=-1, eps=1e-5, output_mean_var=False):
    """(x - mean) / √(variance + ε) · γ + β, with mean and variance along one axis: every vector is normalised by itself.

    Parameters
    ----------
    data : ndarray
    gamma, beta : ndarray, shape (data.shape[axis],)
    axis : int, optional
    eps : float, optional
        Keeps the variance from 0.
    output_mean_var : bool, optional
        Whether to return means and standard deviations, too.

    Returns
    -------
    ndarray, or tuple of ndarray
        Of the shape of `data`; with `output_mean_var` a tuple of it, the means and √(variance + ε), whose axis has length 1; these
        carry no gradient.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.layer_norm(np.array([[1, 2, 3], [10, 20, 30]]), np.ones(3), np.zeros(3)).round(3)
    array([[-1.225,  0.   ,  1.225],
           [-1.225,  0.   ,  1.225]])
    """
    axis = checked("layer_norm", eps, axis, data, gamma=gamma, beta=beta)
    shape, kept = np.shape(raw(data)), {}
    layout = Rows(shape[axis]) if axis == len(shape) - 1 else None
    gamma, beta = (along(vector, axis, len(shape)) for vector in (gamma, beta))
    result = normalized(data, gamma, beta, shape, (axis,), eps, True, layout, kept)
    return with_statistics(result, kept["mean"], 1 / kept["scale"]) if output_mean_var else result


def rms_norm(data, gamma, axis=-1, eps=1e-6):
    """x / √(mean(x²) + ε) · γ, with the mean along one axis: `layer_norm` without a mean and without an offset.

    Parameters
    ----------
    data : ndarray
    gamma : ndarray, shape (data.shape[axis],)
    axis : int, optional
    eps : float, optional

    Returns
    -------
    ndarray
        Of the shape of `data`.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.rms_norm(np.array([3, 4]), np.ones(2)).round(3)
    array([0.849, 1.131])
    """
    axis = checked("rms_norm", eps, axis, data, gamma=gamma)
    shape = np.shape(raw(data))
    layout = Rows(shape[axis]) if axis == len(shape) - 1 else None
    return normalized(data, along(gamma, axis, len(shape)), None, shape, (axis,), eps, False, layout, {})


def group_norm(data, gamma, beta, num_groups=1, eps=1e-3, output_mean_var=False):
    """(x - mean) / √(variance + ε) · γ + β, with mean and variance over groups of channels of one example.

    Parameters
    ----------
    data : ndarray, shape (batch, channels, ...)
    gamma, beta : ndarray, shape (channels,)
    num_groups : int, optional
        Divides the number of channels.
    eps : float, optional
    output_mean_var : bool, optional
        Whether to return means and standard deviations, too.

    Returns
    -------
    ndarray, or tuple of ndarray
        Of the shape of `data`; with `output_mean_var` a tuple of it, the means and √(variance + ε), of shape (batch, num_groups),
        which carry no gradient.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.group_norm(np.array([[[1], [3], [20], [40]]]), np.ones(4), np.zeros(4), num_groups=2).squeeze().round(2)
    array([-1.,  1., -1.,  1.])
    """
    _check_channels("group_norm", data)
    checked("group_norm", eps, 1, data, gamma=gamma, beta=beta)
    shape = np.shape(raw(data))
    if not isinstance(num_groups, int | np.integer) or num_groups < 1 or shape[1] % num_groups:
        raise ValueError(f"group_norm: num_groups divides the number of channels, {shape[1]}, which {num_groups!r} does not")
    split = (shape[0], num_groups, shape[1] // num_groups, *shape[2:])
    vector = (num_groups, split[2], *[1] * len(shape[2:]))
    axes, kept = tuple(range(2, len(split))), {}
    layout = _group_layout(shape, num_groups)
    result = normalized(data, reshape(gamma, vector), reshape(beta, vector), split, axes, eps, True, layout, kept)
    if not output_mean_var:
        return result
    return with_statistics(result, kept["mean"].reshape(split[:2]), 1 / kept["scale"].reshape(split[:2]))


def instance_norm(data, gamma, beta, eps=1e-3, out=None, name=None):
    """`group_norm` with a group for each channel: mean and variance over all axes but the first two.

    Parameters
    ----------
    data : ndarray, shape (batch, channels, ...)
    gamma, beta : ndarray, shape (channels,)
    eps : float, optional
    out : ndarray, optional
        Receives the result.
    name
        Has no effect.

    Returns
    -------
    ndarray
        Of the shape of `data`.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.instance_norm(np.array([[[1, 3], [20, 40]]]), np.array([1, 2]), np.zeros(2)).round(2)
    array([[[-1.,  1.],
            [-2.,  2.]]])
    """
    _check_channels("instance_norm", data)
    checked("instance_norm", eps, 1, data, gamma=gamma, beta=beta)
    shape = np.shape(raw(data))
    axes = tuple(range(2, len(shape)))
    gamma, beta = (along(vector, 1, len(shape)) for vector in (gamma, beta))
    result = normalized(data, gamma, beta, shape, axes, eps, True, _group_layout(shape, shape[1]), {})
    return delivered("instance_norm", out, result)


def _check_channels(name, data):
    shape = np.shape(raw(data))
    if len(shape) < 3:
        raise ValueError(f"{name}: data has the shape (batch, channels, ...), three axes or more, not {shape}")


_L2_MODES = {"instance": 1, "channel": 2, "spatial": 3}  # and how many axes they need


def _l2_norm(data, eps, mode):
    """The data in a dtype to compute with, what their norms are taken over, and these."""
    n = len(data.shape)
    axes = {"instance": tuple(range(min(1, n - 1), n)), "channel": (1,), "spatial": tuple(range(2, n))}[mode]
    data = _wide(data)
    return data, axes, sqrt((data * data).sum(axis=axes, keepdims=True) + eps)


def _l2_rule(g, data, eps, mode):
    dtype = g.dtype
    data, axes, norm = _l2_norm(data, eps, mode)
    unit = data / norm
    g = g.astype(unit.dtype)
    return ((g - unit * (g * unit).sum(axis=axes, keepdims=True)) / norm).astype(dtype)


@operator(data=_l2_rule)
def l2_normalization(data, eps=1e-10, mode="instance"):
    """x / √(Σ x² + ε).

    Parameters
    ----------
    data : ndarray, shape (batch, ...)
        A vector is one example.
    eps : float, optional
    mode : {'instance', 'channel', 'spatial'}
        What the sum is over: all of an example; axis 1; all axes but the first two.

    Returns
    -------
    ndarray
        Of the shape of `data`.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.l2_normalization(np.array([[3, 4], [5, 12]])).round(3)
    array([[0.6  , 0.8  ],
           [0.385, 0.923]])
    """
    if mode not in _L2_MODES:
        raise ValueError(f"mode is one of {', '.join(map(repr, _L2_MODES))}, not {mode!r}")
    if data.ndim < _L2_MODES[mode]:
        raise ValueError(f"mode {mode!r} needs data of {_L2_MODES[mode]} axes or more")
    wide, _, norm = _l2_norm(data, eps, mode)
    return (wide / norm).astype(floating(data.dtype), copy=False)
