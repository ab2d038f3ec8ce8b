"""`softmax`, `log_softmax`, and both with part of the data masked out."""

import numpy as np

from ... import kernels
from ...core.dtypes import as_dtype, floating, is_floating
from ...core.operator import operator
from ...core.tape import Scatter
from ...kernels import softmax as kernels_of
from ..exponential import exp
from ..operands import whole, wide

__all__ = ["log_softmax", "masked_log_softmax", "masked_softmax", "softmax"]


def _logits(data, temperature, dtype):
    """The data, in a dtype to compute with; what they are multiplied by; and the dtype of the result."""
    data = np.asarray(data)
    result = floating(data.dtype) if dtype is None else as_dtype(dtype)
    if not is_floating(result):
        raise TypeError(f"the result is of a float dtype, not {result}")
    # float16 is too short for a sum of many exponentials.
    data = data.astype(np.result_type(floating(data.dtype), result, np.float32), copy=False)
    if temperature is None:
        return data, 1, result
    if isinstance(temperature, np.ndarray):
        raise TypeError("temperature is a number without a gradient; divide the data by an array instead")
    if not temperature > 0:
        raise ValueError(f"temperature is above 0, not {temperature!r}")
    return data, 1 / temperature, result


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
    length = whole("length", length, 0, shape[axis])
    position = np.arange(shape[axis]).reshape([-1 if i == axis else 1 for i in range(len(shape))])
    return position < np.expand_dims(length, axis)


def _full_mask(shape, mask):
    mask = np.asarray(mask)
    try:
        return np.broadcast_to(mask != 0, shape)
    except ValueError:
        raise ValueError(f"a mask of shape {mask.shape} does not broadcast to the data's shape {shape}") from None


def _shifted(data, axis, mask):
    """The exponents less their maximum along `axis`, so that the largest exponential is 1; the data are -inf where masked."""
    top = data.max(axis=axis, keepdims=True, initial=-np.inf)
    if mask is not None:
        top = np.where(top == -np.inf, 0, top)  # -inf - -inf would be NaN
    return np.asarray(data - top)


_LARGEST = {"f": np.int32(2**31 - 1), "d": np.int64(2**63 - 1)}


def seen_as_integers(x):
    """What the kernels want to know of `x` besides: its memory as integers, and the largest of these."""
    largest = _LARGEST[x.dtype.char]
    return x.view(largest.dtype), largest


def served(data, axis):
    """Whether kernels do this along `axis`, which has to be the last."""
    return data.ndim > 0 and axis in (-1, data.ndim - 1) and kernels.serves(data, least=kernels.least_of_rows())


def _by_rows(kernel, data, *args):
    """The result of a kernel that takes `data` as a matrix, `args`, and where to leave the result, which it returns."""
    out = np.empty_like(data)
    shape = -1, data.shape[-1]
    args = [a.reshape(shape) if type(a) is np.ndarray else a for a in args]
    kernels.split(kernel, data.size // shape[1], data.size, data.reshape(shape), *args, out.reshape(shape))
    return out


def _masked(data, mask):
    return data if mask is None else np.where(mask, data, data.dtype.type(-np.inf))


def _softmax(data, axis, mask, temperature, dtype):
    data, factor, dtype = _logits(data, temperature, dtype)
    data = _masked(data, mask)
    if served(data, axis):
        result = _by_rows(kernels_of.softmax, data, *seen_as_integers(data), data.dtype.type(factor), mask is not None)
        return result.astype(dtype, copy=False)
    result = _shifted(data if factor == 1 else data * data.dtype.type(factor), axis, mask)
    np.exp(result, out=result)
    total = result.sum(axis=axis, keepdims=True)
    if mask is not None:
        total = np.where(total == 0, 1, total)  # nothing to look at: all 0
    result /= total
    return result.astype(dtype, copy=False)


def _log_softmax(data, axis, mask, temperature, dtype):
    data, factor, dtype = _logits(data, temperature, dtype)
    data = _masked(data, mask)
    if served(data, axis):
        result = _by_rows(kernels_of.log_softmax, data, *seen_as_integers(data), data.dtype.type(factor), mask is not None)
        return result.astype(dtype, copy=False)
    result = _shifted(data if factor == 1 else data * data.dtype.type(factor), axis, mask)
    total = np.exp(result).sum(axis=axis, keepdims=True)
    if mask is not None or not result.size:
        total = np.where(total == 0, 1, total)
    result -= np.log(total)
    return result.astype(dtype, copy=False)


def _back_by_rows(kernel, g, out, axis, temperature):
    """The cotangent that a kernel computes from the result `out` and its cotangent; None where kernels do not serve."""
    if type(g) is not np.ndarray or type(out) is not np.ndarray or g.dtype != out.dtype or not served(out, axis):
        return None
    return _by_rows(kernel, out, np.ascontiguousarray(g), out.dtype.type(1 / (temperature or 1)))


def _softmax_rule(g, out, axis, temperature):
    result = _back_by_rows(kernels_of.softmax_back, g, out, axis, temperature)
    if result is None:
        result = out * (g - (wide(g) * out).sum(axis=axis, keepdims=True))
        result = result if temperature in (None, 1) else result / temperature
    return result


def _from_few(g, out, axis, temperature):
    """The cotangent for one that is 0 but at some places, as that of `pick` is; None where kernels do not serve."""
    key = g.key
    if type(key) is not tuple or len(key) != out.ndim or not served(out, axis):
        return None
    if not all(type(part) is np.ndarray and part.dtype.kind in "iu" for part in key):
        return None
    values = g.value * out.dtype.type(1 / (temperature or 1))
    totals = np.zeros((*out.shape[:-1], 1), out.dtype)
    np.add.at(totals, (*key[:-1], np.zeros_like(key[-1])), values)  # all of the key, whose parts broadcast against each other
    result = np.empty_like(out)
    rows = -1, out.shape[-1]
    args = out.reshape(rows), totals.ravel(), result.reshape(rows)
    kernels.split(kernels_of.log_softmax_back_even, totals.size, out.size, *args)
    Scatter(key, values, g.unique).add_to(result)
    return result


def _log_softmax_rule(g, out, axis, temperature):
    if type(g) is Scatter:
        result = _from_few(g, out, axis, temperature)
        if result is not None:
            return result
        g = g.dense(out.shape, out.dtype)
    result = _back_by_rows(kernels_of.log_softmax_back, g, out, axis, temperature)
    if result is None:
        result = g - exp(out) * wide(g).sum(axis=axis, keepdims=True)
        result = result if temperature in (None, 1) else result / temperature
    return result


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
        With `use_length=True`: how many elements count from the start of the axis, from 0 to all, the others being 0 in the result.
        Has the shape of `data` without the axis.
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
    if use_length:
        g = g.dense(out.shape, out.dtype) if type(g) is Scatter else g
        g = _counting(g, _lengths_mask(out.shape, axis, length, use_length))
    return _log_softmax_rule(g, out, axis, temperature)


@operator(sparse=True, data=_log_softmax_lengths_rule)
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
