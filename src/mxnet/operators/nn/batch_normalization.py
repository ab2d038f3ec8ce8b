"""Batch normalisation: by the batch's own statistics in training, by running ones otherwise."""

from math import prod

import numpy as np

from ...core.array import raw
from ...core.dtypes import floating
from ...core.operator import operator, wrap, write_out, zero
from ...core.state import Scope, is_training
from ..operands import delivered
from .activations import relu
from .normalization import SHORT, Blocks, Columns, along, checked, normalized, with_statistics

__all__ = ["batch_norm", "batch_norm_with_relu", "sync_batch_norm"]


def _batch_layout(shape, axis):
    """The layout of `batch_norm`; None where kernels have none."""
    channels, length = shape[axis], prod(shape[axis + 1 :])
    if length == 1:
        return Columns(channels)
    if length < SHORT:
        return None
    return Blocks(channels, (prod(shape[:axis]), length, length, length * channels, 1, 0))


@operator(gamma=zero)
def _fixed(gamma):
    """Ones in place of γ, whose gradient is 0."""
    return np.ones_like(gamma)


@operator(
    x=lambda g, factor: g * factor,
    factor=lambda g, x, mean: g * (x - mean),
    beta=lambda g: g,
)
def _scaled(x, mean, factor, beta):
    """(x - mean) · factor + β."""
    result = x.astype(np.result_type(floating(x.dtype), np.float32))
    result -= mean.astype(result.dtype, copy=False)
    result *= factor.astype(result.dtype, copy=False)
    result += beta.astype(result.dtype, copy=False)
    return result.astype(floating(x.dtype), copy=False)


def batch_norm(
    x,
    gamma,
    beta,
    running_mean,
    running_var,
    eps=1e-3,
    momentum=0.9,
    fix_gamma=True,
    use_global_stats=False,
    output_mean_var=False,
    axis=1,
    cudnn_off=False,
    min_calib_range=None,
    max_calib_range=None,
    name=None,
):
    """(x - mean) / √(variance + ε) · γ + β, with mean and variance over all axes but one, that of the channels.

    In training mode (`autograd.record()`, `autograd.train_mode()`) mean and variance are those of `x`, and the running ones are
    moved, in place, towards them: running = momentum · running + (1 - momentum) · current. Otherwise the running ones stand in.

    Parameters
    ----------
    x : ndarray
    gamma, beta : ndarray, shape (x.shape[axis],)
    running_mean, running_var : ndarray, shape (x.shape[axis],)
        Carry no gradient.
    eps : float, optional
    momentum : float, optional
    fix_gamma : bool, optional
        Whether 1 stands in for γ, whose gradient is 0 then. MXNet's default, which few models want.
    use_global_stats : bool, optional
        Whether to use the running mean and variance, and leave them, in training mode, too.
    output_mean_var : bool, optional
        Whether to return mean and inverse standard deviation, too.
    axis : int, optional
    cudnn_off, min_calib_range, max_calib_range, name
        Have no effect.

    Returns
    -------
    ndarray, or tuple of ndarray
        Of the shape of `x`; with `output_mean_var` a tuple of it, the mean and 1 / √(variance + ε), which carry no gradient.

    Examples
    --------
    >>> from mxnet import autograd, np, npx
    >>> mean, variance = np.zeros(1), np.ones(1)
    >>> with autograd.train_mode():
    ...     npx.batch_norm(np.array([[1], [3]]), np.ones(1), np.zeros(1), mean, variance, eps=0)
    array([[-1.],
           [ 1.]])
    >>> mean, variance
    (array([0.2]), array([1.]))
    """
    return _batch_norm(
        "batch_norm", x, gamma, beta, running_mean, running_var, eps, momentum, fix_gamma, use_global_stats, output_mean_var, axis
    )


def _batch_norm(
    name,
    x,
    gamma,
    beta,
    running_mean,
    running_var,
    eps,
    momentum,
    fix_gamma,
    use_global_stats,
    output_mean_var,
    axis,
    moving="running",
):
    names = {"gamma": gamma, "beta": beta, f"{moving}_mean": running_mean, f"{moving}_var": running_var}
    axis = checked(name, eps, axis, x, **names)
    shape = np.shape(raw(x))
    if fix_gamma:
        gamma = _fixed(gamma)
    beta, gamma_along = along(beta, axis, len(shape)), along(gamma, axis, len(shape))
    if is_training() and not use_global_stats:
        axes, kept = tuple(i for i in range(len(shape)) if i != axis), {}
        result = normalized(x, gamma_along, beta, shape, axes, eps, True, _batch_layout(shape, axis), kept)
        mean, scale = kept["mean"].reshape(-1), kept["scale"].reshape(-1)
        if raw(x).size:
            variance = np.maximum(1 / (scale * scale) - scale.dtype.type(eps), 0)
            _move(name, running_mean, mean, momentum)
            _move(name, running_var, variance, momentum)
    else:
        dtype = np.result_type(floating(raw(x).dtype), np.float32)
        mean, variance = raw(running_mean).astype(dtype), raw(running_var).astype(dtype)  # copies: they may move on before backward
        scale = 1 / np.sqrt(variance + dtype.type(eps))
        result = _scaled(x, along(mean, axis, len(shape)), gamma_along * along(scale, axis, len(shape)), beta)
    return with_statistics(result, mean, scale) if output_mean_var else result


def _move(name, running, current, momentum):
    """Move a running statistic, in place and outside of any graph."""
    with Scope(recording=False):
        moved = raw(running) * momentum + current * (1 - momentum)
        write_out(name, running, wrap(moved.astype(raw(running).dtype, copy=False)))


def batch_norm_with_relu(
    data,
    gamma,
    beta,
    moving_mean,
    moving_var,
    eps=1e-3,
    momentum=0.9,
    fix_gamma=True,
    use_global_stats=False,
    output_mean_var=False,
    axis=1,
    cudnn_off=False,
    min_calib_range=None,
    max_calib_range=None,
    out=None,
    name=None,
):
    """`relu` of `batch_norm`, whose parameters it takes; `out` receives the result, and `name` has no effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.batch_norm_with_relu(np.array([[-1], [3]]), np.ones(1), np.zeros(1), np.zeros(1), np.ones(1), eps=0)
    array([[0.],
           [3.]])
    """
    result = _batch_norm(
        "batch_norm_with_relu",
        data,
        gamma,
        beta,
        moving_mean,
        moving_var,
        eps,
        momentum,
        fix_gamma,
        use_global_stats,
        output_mean_var,
        axis,
        moving="moving",
    )
    if output_mean_var:
        return delivered("batch_norm_with_relu", out, relu(result[0])), *result[1:]
    return delivered("batch_norm_with_relu", out, relu(result))


def sync_batch_norm(
    data,
    gamma,
    beta,
    moving_mean,
    moving_var,
    eps=1e-3,
    momentum=0.9,
    fix_gamma=True,
    use_global_stats=False,
    output_mean_var=False,
    ndev=1,
    key=None,
    out=None,
    name=None,
):
    """`batch_norm` along axis 1, whose parameters it takes; there is one device, so that nothing is to be synchronised.

    `ndev`, `key` and `name` have no effect, and `out` receives the result.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.sync_batch_norm(np.array([[-1], [3]]), np.ones(1), np.zeros(1), np.zeros(1), np.ones(1), eps=0)
    array([[-1.],
           [ 3.]])
    """
    result = _batch_norm(
        "sync_batch_norm",
        data,
        gamma,
        beta,
        moving_mean,
        moving_var,
        eps,
        momentum,
        fix_gamma,
        use_global_stats,
        output_mean_var,
        1,
        moving="moving",
    )
    if output_mean_var:
        return delivered("sync_batch_norm", out, result[0]), *result[1:]
    return delivered("sync_batch_norm", out, result)
