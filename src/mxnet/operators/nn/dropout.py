"""`dropout`."""

from operator import index as index_of

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ... import kernels
from ...core.array import raw
from ...core.dtypes import floating
from ...core.operator import from_list, operator, wrap
from ...core.state import is_training
from ...kernels import dropout as kernels_of
from ..sampling.streams import generator

__all__ = ["dropout"]


def _bits(key, n):
    """32 random bits for each of `n` elements: what the kernel computes, one word of 64 for two elements."""
    words = kernels_of.mixed(np.uint64(key) + kernels_of.STEP * np.arange(1, n // 2 + 2, dtype=np.uint64))
    return words.astype("<u8", copy=False).view("<u4")[:n]


@operator(data=lambda g, key, p, axes: _dropped(g, key, p, axes))
def _dropped(data, key, p, axes):
    """The mask that `key` stands for, times `data` / (1 - p): linear, so that it is its own gradient."""
    data = data.astype(floating(data.dtype), copy=False)
    threshold = np.uint32(min(round(p * 2**32), 2**32 - 1))
    scale = data.dtype.type(1 / (1 - p))
    if not axes and kernels.serves(data):
        out = np.empty_like(data)
        blocks = -(-data.size // kernels_of.LENGTH)
        arguments = data.reshape(-1), np.uint64(key), threshold, scale, out.reshape(-1)
        kernels.split(kernels_of.dropout, blocks, data.size // 2, *arguments)
        return out
    shape = tuple(1 if i in axes else n for i, n in enumerate(data.shape))
    kept = _bits(key, int(np.prod(shape))).reshape(shape) >= threshold
    return np.where(kept, data * scale, data.dtype.type(0))


def dropout(data, p=0.5, mode="training", axes=None, cudnn_off=False, name=None):
    """Zero at random places, data / (1 - p) at the others, so that the expectation is the data.

    Parameters
    ----------
    data : ndarray
        Integers are taken as the default float dtype.
    p : float, optional
        How probable a zero is; at least 0 and below 1.
    mode : {'training', 'always'}
        When: in training mode (`autograd.record()`, `autograd.train_mode()`), or outside of it, too; else the result is `data`.
    axes : tuple of int, optional
        Axes along which all elements share a fate.
    cudnn_off, name
        Have no effect.

    Returns
    -------
    ndarray
        Of the shape of `data`.

    Notes
    -----
    `np.random.seed` governs the places, which do not depend on the number of threads.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> np.random.seed(1)
    >>> y = npx.dropout(np.ones((2, 100)), p=0.2, mode="always")
    >>> np.unique(y)
    array([0.  , 1.25])
    >>> npx.dropout(np.ones(3))
    array([1., 1., 1.])
    """
    if mode not in ("training", "always"):
        raise ValueError(f"dropout: mode is 'training' or 'always', not {mode!r}")
    if not isinstance(p, int | float | np.number) or not 0 <= p < 1:
        raise ValueError(f"dropout: p, how probable a zero is, is a number from 0 to below 1, not {raw(p)!r}")
    shape = np.shape(raw(data))
    try:
        axes = (axes,) if isinstance(axes, int) else axes or ()
        axes = tuple(normalize_axis_index(index_of(axis), len(shape)) for axis in axes)
    except np.exceptions.AxisError as error:
        raise np.exceptions.AxisError(f"dropout: {error} (data has shape {shape})") from None
    if isinstance(data, list | tuple):
        data = wrap(from_list("dropout", data))
    if p == 0 or (mode == "training" and not is_training()):
        return data if data.dtype.kind == "f" else data.astype(floating(data.dtype))
    return _dropped(data, int(generator().integers(2**64, dtype=np.uint64)), float(p), axes)
