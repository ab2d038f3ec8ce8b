"""`softmax`, `log_softmax`, and both with part of the data masked out."""

import numpy as np

from ...core.dtypes import as_dtype, floating, is_floating
from ...core.operator import operator
from ..exponential import exp

__all__ = ["log_softmax", "masked_log_softmax", "masked_softmax", "softmax"]


def _logits(data, temperature, dtype):
    """The exponents, in a dtype to compute with, and the dtype of the result."""
    data = np.asarray(data)
    result = floating(data.dtype) if dtype is None else as_dtype(dtype)
    if not is_floating(result):
        raise TypeError(f"the result is of a float dtype, not {result}")
    # float16 is too short for a sum of many exponentials.
    data = data.astype(np.result_type(floating(data.dtype), result, np.float32), copy=False)
    if temperature is None:
        return data, result
    if isinstance(temperature, np.ndarray):
        raise TypeError("temperature is a number without a gradient; divide the data by an array instead")
    if not temperature > 0:
        raise ValueError(f"temperature is above 0, not {temperature!r}")
    return (data if temperature == 1 else data / data.dtype.type(temperature)), result


def _lengths_mask(shape, axis, length, use_length):
    """Where to look, given how many elements count from the start of `axis`; None is everywhere."""
    if not use_length:
        if length is not None:
            raise ValueError("length counts only with use_length=True (an axis is written axis=...)")
        return None
    if length is None:
        raise ValueError("use_length=True needs a length: how many elements count along the axis")
    length = np.asarray(length)
    axis = np.lib.array_utils.normalize_axis_index(axis, len(shape))
    expected = shape[:axis] + shape[axis + 1 :]
    if length.shape != expected:
        raise ValueError(f"length has the shape of the data without the axis, {expected}, not {length.shape}")
    position = np.arange(shape[axis]).reshape([-1 if i == axis else 1 for i in range(len(shape))])
    return position < np.expand_dims(length, axis)


def _full_mask(shape, mask):
    mask = np.asarray(mask)
    try:
        return np.broadcast_to(mask != 0, shape)
    except ValueError:
        raise ValueError(f"a mask of shape {mask.shape} does not broadcast to the data's shape {shape}") from None


def _shifted(data, axis, mask):
    """The exponents less their maximum along `axis`, so that the largest exponential is 1; -inf where masked."""
    if mask is not None:
        data = np.where(mask, data, data.dtype.type(-np.inf))
    top = data.max(axis=axis, keepdims=True, initial=-np.inf)
    if mask is not None:
        top = np.where(mask.any(axis=axis, keepdims=True), top, 0)  # -inf - -inf would be NaN
    return data - top


def _softmax(data, axis, mask, temperature, dtype):
    data, dtype = _logits(data, temperature, dtype)
    result = np.asarray(_shifted(data, axis, mask))
    np.exp(result, out=result)
    total = result.sum(axis=axis, keepdims=True)
    if mask is not None:
        total = np.where(total == 0, 1, total)  # nothing to look at: all 0
    result /= total
    return result.astype(dtype, copy=False)


def _log_softmax(data, axis, mask, temperature, dtype):
    data, dtype = _logits(data, temperature, dtype)
    result = np.asarray(_shifted(data, axis, mask))
    total = np.exp(result).sum(axis=axis, keepdims=True)
    if mask is not None or not result.size:
        total = np.where(total == 0, 1, total)
    result -= np.log(total)
    return result.astype(dtype, copy=False)


def _softmax_rule(g, out, axis, temperature):
    result = out * (g - (g * out).sum(axis=axis, keepdims=True))
    return result if temperature in (None, 1) else result / temperature


def _log_softmax_rule(g, out, axis, temperature):
    result = g - exp(out) * g.sum(axis=axis, keepdims=True)
    return result if temperature in (None, 1) else result / temperature


def _counting(g, mask):
    """Cotangents of what is not masked: the rest of the result is constant."""
    return g if mask is None else np.where(mask, g, 0)


@operator(data=_softmax_rule)
def softmax(data, length=None, axis=-1, temperature=None, use_length=False, dtype=None):
    """exp(x) / Σ exp(x) along an axis, without overflow.

    Parameters
    ----------
    data : ndarray
        Of any shape; integers are taken as the default float dtype.
    length : ndarray of int, optional
        With `use_length=True`: how many elements count from the start of the axis, the others being 0 in the result. Has the shape
        of `data` without the axis.
    axis : int, optional
        Along which the result sums to 1.
    temperature : float, optional
        Divides `data` first; large values make the result even.
    use_length : bool, optional
        Whether `length` counts.
    dtype : dtype, optional
        Of the result; by default that of `data`.

    Returns
    -------
    ndarray
        Of the shape of `data`; all 0 where `length` is 0.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.softmax(np.array([1000, 1000, -1000]))
    array([0.5, 0.5, 0. ])
    >>> npx.softmax(np.zeros((2, 4)), length=np.array([2, 4]), use_length=True)
    array([[0.5 , 0.5 , 0.  , 0.  ],
           [0.25, 0.25, 0.25, 0.25]])
    """
    return _softmax(data, axis, _lengths_mask(np.shape(data), axis, length, use_length), temperature, dtype)


def _log_softmax_lengths_rule(g, out, axis, length, temperature, use_length):
    return _log_softmax_rule(_counting(g, _lengths_mask(g.shape, axis, length, use_length)), out, axis, temperature)


@operator(data=_log_softmax_lengths_rule)
def log_softmax(data, axis=-1, length=None, temperature=None, use_length=False, dtype=None):
    """The logarithm of `softmax`, x - log Σ exp(x), accurate where the softmax itself would be 0 or 1.

    Parameters
    ----------
    data : ndarray
    axis : int, optional
        Along which the exponentials of the result sum to 1.
    length : ndarray of int, optional
        As for `softmax`; elements that do not count are -inf in the result.
    temperature : float, optional
        Divides `data` first.
    use_length : bool, optional
        Whether `length` counts.
    dtype : dtype, optional
        Of the result; by default that of `data`.

    Returns
    -------
    ndarray
        Of the shape of `data`.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.log_softmax(np.array([1000, 0, -1000]))
    array([    0., -1000., -2000.])
    """
    return _log_softmax(data, axis, _lengths_mask(np.shape(data), axis, length, use_length), temperature, dtype)


@operator(hides=True, data=_softmax_rule)
def masked_softmax(data, mask, axis=-1, temperature=1.0, normalize=True):
    """`softmax` over the elements where `mask` is true; the others are 0.

    Parameters
    ----------
    data : ndarray
    mask : ndarray of bool
        Broadcasts to the shape of `data`.
    axis : int, optional
        Along which the result sums to 1, or to 0 where the mask leaves nothing.
    temperature : float, optional
        Divides `data` first.
    normalize : bool, optional
        Has no effect: the maximum is always subtracted.

    Returns
    -------
    ndarray
        Of the shape of `data`.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.masked_softmax(np.array([1, 2, 1]), np.array([True, False, True], dtype=bool))
    array([0.5, 0. , 0.5])
    """
    return _softmax(data, axis, _full_mask(np.shape(data), mask), temperature, None)


def _masked_log_softmax_rule(g, out, mask, axis, temperature):
    return _log_softmax_rule(_counting(g, np.asarray(mask) != 0), out, axis, temperature)


@operator(hides=True, data=_masked_log_softmax_rule)
def masked_log_softmax(data, mask, axis=-1, temperature=1.0, normalize=True):
    """`log_softmax` over the elements where `mask` is true; the others are -inf.

    The parameters are those of `masked_softmax`.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.masked_log_softmax(np.array([1, 2, 1]), np.array([True, False, True], dtype=bool)).round(3)
    array([-0.693,   -inf, -0.693])
    """
    return _log_softmax(data, axis, _full_mask(np.shape(data), mask), temperature, None)
