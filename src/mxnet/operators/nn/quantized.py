"""Arithmetic on quantised arrays: integers that stand for real numbers.

An array q of int8, uint8 or int32 comes with a range, two numbers `low` and `high`. It stands for q · u with the unit
u = max(|low|, |high|) / levels, where levels is 127 for int8, 255 for uint8 and 2³¹ - 1 for int32. So 0 is 0, and in uint8 what is
below 0 becomes 0. Ranges go in as numbers or as arrays of one number, and come out, after the result, as arrays of shape (1,).

These functions have no gradient. Results are rounded, halves away from 0, and end at the limits of their dtype.
"""

import numpy as np

from ...core.operator import operator
from ..reshape_codes import npx_reshape
from .convolution import convolution
from .embedding import embedding
from .linear import batch_flatten
from .pooling import adaptive_avg_pooling, adaptive_max_pooling, pooling

__all__ = [
    "contrib_calibrate_entropy",
    "contrib_quantize",
    "contrib_quantize_v2",
    "quantized_act",
    "quantized_conv",
    "quantized_elemwise_add",
    "quantized_elemwise_mul",
    "quantized_embedding",
    "quantized_flatten",
    "quantized_fully_connected",
    "quantized_pooling",
    "quantized_reshape",
    "quantized_transpose",
    "requantize",
]

_LEVELS = {"int8": 127, "uint8": 255, "int32": 2**31 - 1}


def _number(what, value):
    value = np.asarray(value, np.float64)
    if value.size != 1 or not np.isfinite(value).all():
        raise ValueError(f"{what} is one finite number, not {value!r:.60}")
    return value.item()


def _range(what, low, high):
    """The two ends as numbers."""
    low, high = _number(f"min_{what}", low), _number(f"max_{what}", high)
    if low > high:
        raise ValueError(f"the range of {what} goes from the lower to the higher number, not from {low} to {high}")
    return low, high


def _quantised(what, q, *dtypes):
    q = np.asarray(q)
    if q.dtype.name not in dtypes:
        raise TypeError(f"{what} is of dtype {' or '.join(dtypes)}, not {q.dtype}")
    return q


def _unit(dtype, low, high):
    """The real number that 1 stands for."""
    return max(abs(low), abs(high)) / _LEVELS[np.dtype(dtype).name]


def _with_range(q, low, high):
    return q, np.array([low], np.float32), np.array([high], np.float32)


def _rounded(x, dtype):
    """Real numbers to the nearest integers of `dtype`; int8 has no -128."""
    high = _LEVELS[dtype]
    return np.clip(np.copysign(np.floor(np.abs(x) + 0.5), x), 0 if dtype == "uint8" else -high, high).astype(dtype)


def _in_units(x, dtype, low, high):
    """Real numbers, quantised; all are 0 where the range says so."""
    unit = _unit(dtype, low, high)
    return _rounded(np.asarray(x, np.float64) / unit if unit else np.zeros(np.shape(x)), dtype)


def _out_type(out_type, low, kinds=("int8", "uint8", "auto")):
    if out_type not in kinds:
        raise ValueError(f"out_type is one of {', '.join(kinds)}, not {out_type!r}")
    if out_type == "auto":
        return "uint8" if low is not None and low >= 0 else "int8"
    return out_type


def _calibrated(low, high):
    if (low is None) != (high is None):
        raise ValueError("min_calib_range and max_calib_range go together")
    return None if low is None else _range("calib_range", low, high)


# --- real numbers to integers -----------------------------------------------------------------------------------------------------


@operator()
def contrib_quantize(data, min_range, max_range, out_type="uint8", name=None):
    """Real numbers as 8-bit integers, round(data / u), u = max(|min_range|, |max_range|) / levels.

    Parameters
    ----------
    data : ndarray
    min_range, max_range : float or ndarray of one number
        What is beyond them ends at the limits.
    out_type : {'uint8', 'int8'}
        With 255 levels from 0, or 127 to either side.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    list
        The integers, and their range: (min_range, max_range) of uint8, (-m, m) of int8, m being the larger size.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.contrib_quantize(np.array([-3, 0.5, 1]), -1, 2, out_type="int8")
    [array([-127,   32,   64], dtype=int8), array([-2.]), array([2.])]
    """
    low, high = _range("range", min_range, max_range)
    out_type = _out_type(out_type, low, ("int8", "uint8"))
    return list(_with_range(_in_units(data, out_type, low, high), *_reported(out_type, low, high)))


def _reported(out_type, low, high):
    top = max(abs(low), abs(high))
    return (low, high) if out_type == "uint8" else (-top, top)


@operator()
def contrib_quantize_v2(data, out_type="int8", min_calib_range=None, max_calib_range=None, name=None):
    """`contrib_quantize` with a range that is known beforehand, or else is that of `data`.

    Parameters
    ----------
    data : ndarray
    out_type : {'int8', 'uint8', 'auto'}
        'auto' is uint8 where `min_calib_range` is not below 0, else int8.
    min_calib_range, max_calib_range : float, optional
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    list
        The integers, and the two ends of their range.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.contrib_quantize_v2(np.array([-2, 0.5, 1]))
    [array([-127,   32,   64], dtype=int8), array([-2.]), array([2.])]
    """
    ends = _calibrated(min_calib_range, max_calib_range)
    out_type = _out_type(out_type, min_calib_range)
    data = np.asarray(data)
    if ends is None:
        ends = _range("data", data.min(), data.max()) if data.size else (0.0, 0.0)
    return list(_with_range(_in_units(data, out_type, *ends), *_reported(out_type, *ends)))


@operator()
def requantize(data, min_range, max_range, out_type="int8", min_calib_range=None, max_calib_range=None, name=None):
    """32-bit integers, as products have them, as 8-bit ones.

    Parameters
    ----------
    data : ndarray of int32
    min_range, max_range : float or ndarray of one number
        The range of `data`.
    out_type : {'int8', 'uint8', 'auto'}
    min_calib_range, max_calib_range : float, optional
        The range of the result; by default that of the numbers `data` stands for.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    list
        The integers, and their range: (-m, m), or (0, m) of uint8, m being the larger size.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> q = np.array([2**30, -2**29], dtype="int32")  # 10 and -5
    >>> npx.requantize(q, -20, 20, min_calib_range=-10, max_calib_range=10)[0]
    array([127, -64], dtype=int8)
    """
    data = _quantised("data", data, "int32")
    real = data * _unit("int32", *_range("range", min_range, max_range))
    ends = _calibrated(min_calib_range, max_calib_range)
    out_type = _out_type(out_type, min_calib_range)
    top = np.abs(real).max(initial=0) if ends is None else max(map(abs, ends))
    low = 0.0 if out_type == "uint8" else -top
    return list(_with_range(_in_units(real, out_type, low, top), low, top))


@operator()
def contrib_calibrate_entropy(hist, hist_edges, num_quantized_bins=255, name=None):
    """Where to cut a distribution off before quantising it, so that it loses least information.

    For every threshold, p is the part of the histogram within it, with what lies outside added to the outermost bins, and q is the
    same part with equal numbers in the bins that share one of `num_quantized_bins` levels. The threshold with the least
    Kullback-Leibler divergence Σ p log(p / q) is the result.

    Parameters
    ----------
    hist : ndarray, shape (n,)
        Counts in bins of equal width, from -m to m.
    hist_edges : ndarray, shape (n + 1,)
    num_quantized_bins : int
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    list
        The threshold and the divergence, of shape (1,).

    Examples
    --------
    >>> from mxnet import np, npx
    >>> counts, edges = np.array([0, 0, 1, 8, 20, 8, 1, 0, 1]), np.linspace(-9, 9, 10)
    >>> npx.contrib_calibrate_entropy(counts, edges, num_quantized_bins=3)[0]  # without the number beyond 7
    array([3.])
    """
    hist, edges = np.asarray(hist, np.float64), np.asarray(hist_edges, np.float64)
    if hist.ndim != 1 or edges.shape != (len(hist) + 1,):
        raise ValueError(f"hist and hist_edges have n and n + 1 numbers, not {hist.shape} and {edges.shape}")
    if not 0 < num_quantized_bins <= len(hist):
        raise ValueError(f"num_quantized_bins is from 1 to {len(hist)}, the number of bins, not {num_quantized_bins!r}")
    middle, total = len(hist) // 2, np.concatenate([[0], np.cumsum(hist)])
    best, threshold = np.inf, edges[-1]
    for half in range(num_quantized_bins // 2, middle + 1):
        start, stop = max(middle - half, 0), min(middle + half + 1, len(hist))
        divergence = _divergence(hist[start:stop], total[start], total[-1] - total[stop], num_quantized_bins)
        if divergence < best:
            best, threshold = divergence, edges[stop]
    return [np.array([threshold], np.float32), np.array([best], np.float32)]


def _divergence(inside, below, above, levels):
    p = inside.copy()
    p[0] += below
    p[-1] += above
    width = len(inside) // levels
    if width == 0:
        return np.inf
    starts = np.arange(levels) * width
    counts = np.maximum(np.add.reduceat((inside != 0).astype(float), starts), 1)
    level = np.minimum(np.arange(len(inside)) // width, levels - 1)
    q = np.where(p != 0, (np.add.reduceat(inside, starts) / counts)[level], 0)
    p, q = _smoothed(p), _smoothed(q)
    return np.inf if p is None or q is None else (p * np.log(p / q)).sum()


def _smoothed(p, least=1e-4):
    """`p` with sum 1 and no zeros: what zeros get the others give, in equal parts; None if they have not enough."""
    empty = p == 0
    share = least * empty.sum() / max(1, len(p) - empty.sum())
    if empty.all() or share >= 1:
        return None
    p = np.where(empty, least, p - share)
    return p / p.sum()


# --- arithmetic -------------------------------------------------------------------------------------------------------------------


@operator()
def quantized_act(data, min_data, max_data, act_type="relu", name=None):
    """max(data, 0): the rectifier, which leaves the range as it is.

    Parameters
    ----------
    data : ndarray of int8 or uint8
    min_data, max_data : float or ndarray of one number
    act_type : {'relu'}
    name : str, optional
        Accepted, and without effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.quantized_act(np.array([-5, 7], dtype="int8"), -1, 1)
    [array([0, 7], dtype=int8), array([-1.]), array([1.])]
    """
    if act_type != "relu":
        raise ValueError(f"act_type is 'relu', of which integers have an exact value, not {act_type!r}")
    data = _quantised("data", data, "int8", "uint8")
    return list(_with_range(np.maximum(data, 0), *_range("data", min_data, max_data)))


def _operands(lhs, rhs, lhs_min, lhs_max, rhs_min, rhs_max):
    """Two arrays of one shape, as float64, and their ranges and units."""
    lhs, rhs = _quantised("lhs", lhs, "int8", "uint8"), _quantised("rhs", rhs, "int8", "uint8")
    if lhs.shape != rhs.shape:
        raise ValueError(f"lhs and rhs have one shape, not {lhs.shape} and {rhs.shape}")
    ends = _range("lhs", lhs_min, lhs_max), _range("rhs", rhs_min, rhs_max)
    return lhs, rhs, ends, _unit(lhs.dtype, *ends[0]), _unit(rhs.dtype, *ends[1])


@operator()
def quantized_elemwise_add(lhs, rhs, lhs_min, lhs_max, rhs_min, rhs_max, min_calib_range=None, max_calib_range=None, name=None):
    """The sum of the numbers that two arrays stand for.

    Parameters
    ----------
    lhs, rhs : ndarray of int8 or uint8
        Of one shape.
    lhs_min, lhs_max, rhs_min, rhs_max : float or ndarray of one number
        Their ranges.
    min_calib_range, max_calib_range : float, optional
        The range of the result, which is then int8; otherwise it is int32, with the sum of the ranges.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    list
        The integers, and the two ends of their range.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> q = np.array([64, 127], dtype="int8")  # 0.504 and 1
    >>> npx.quantized_elemwise_add(q, q, -1, 1, -1, 1, min_calib_range=-2, max_calib_range=2)[0]
    array([ 64, 127], dtype=int8)
    """
    lhs, rhs, ends, unit, unit2 = _operands(lhs, rhs, lhs_min, lhs_max, rhs_min, rhs_max)
    real = lhs * unit + rhs * unit2
    calibrated = _calibrated(min_calib_range, max_calib_range)
    if calibrated is not None:
        return list(_with_range(_in_units(real, "int8", *calibrated), *calibrated))
    top = sum(max(map(abs, pair)) for pair in ends)
    return list(_with_range(_in_units(real, "int32", -top, top), -top, top))


def _of_products(unit):
    """The range of 32-bit integers, given what 1 stands for."""
    return -unit * _LEVELS["int32"], unit * _LEVELS["int32"]


@operator()
def quantized_elemwise_mul(
    lhs,
    rhs,
    lhs_min,
    lhs_max,
    rhs_min,
    rhs_max,
    min_calib_range=None,
    max_calib_range=None,
    enable_float_output=False,
    name=None,
):
    """The product of the numbers that two arrays stand for.

    Parameters
    ----------
    lhs, rhs, lhs_min, lhs_max, rhs_min, rhs_max
        As for `quantized_elemwise_add`.
    min_calib_range, max_calib_range : float, optional
        The range of the result, which is then int8; otherwise it is int32, the product of the integers.
    enable_float_output : bool
        Return real numbers instead, of float32, and no range.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    list or ndarray
        The integers, and the two ends of their range; or the real numbers.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> q = np.array([64, 127], dtype="int8")
    >>> npx.quantized_elemwise_mul(q, q, -1, 1, -1, 1)[0]
    array([ 4096, 16129], dtype=int32)
    >>> npx.quantized_elemwise_mul(q, q, -1, 1, -1, 1, enable_float_output=True)
    array([0.2539525, 1.       ])
    """
    lhs, rhs, _, unit, unit2 = _operands(lhs, rhs, lhs_min, lhs_max, rhs_min, rhs_max)
    product = lhs.astype(np.int32) * rhs
    if enable_float_output:
        return (product * (unit * unit2)).astype(np.float32)
    calibrated = _calibrated(min_calib_range, max_calib_range)
    if calibrated is not None:
        return list(_with_range(_in_units(product * (unit * unit2), "int8", *calibrated), *calibrated))
    return list(_with_range(product, *_of_products(unit * unit2)))


def _bias(bias, no_bias, low, high, unit):
    """The bias in units of the products, as float64; 0 without one."""
    if no_bias:
        return np.zeros(1)
    if bias is None:
        raise ValueError("no_bias=False needs a bias with its range; no_bias=True does without")
    bias = _quantised("bias", bias, "int8")
    return _in_units(bias * _unit("int8", *_range("bias", low, high)), "int32", *_of_products(unit)).astype(np.float64)


def _factors(data, weight, min_data, max_data, min_weight, max_weight):
    """Data and weight as float64, in which sums of their products are exact, and what 1 in a product stands for."""
    data, weight = _quantised("data", data, "int8", "uint8"), _quantised("weight", weight, "int8")
    unit = _unit(data.dtype, *_range("data", min_data, max_data)) * _unit("int8", *_range("weight", min_weight, max_weight))
    return data.astype(np.float64), weight.astype(np.float64), unit


@operator()
def quantized_fully_connected(
    data,
    weight,
    bias=None,
    min_data=None,
    max_data=None,
    min_weight=None,
    max_weight=None,
    min_bias=None,
    max_bias=None,
    num_hidden=None,
    no_bias=False,
    flatten=True,
    name=None,
):
    """data · weightᵀ + bias, in 32-bit integers.

    Parameters
    ----------
    data : ndarray of int8 or uint8, shape (batch, ...) or (..., width)
    weight : ndarray of int8, shape (num_hidden, width)
    bias : ndarray of int8, shape (num_hidden,), optional
        Is rounded to the unit of the products. Needed, and read, with `no_bias=False` only.
    min_data, max_data, min_weight, max_weight, min_bias, max_bias : float or ndarray of one number
        Ranges.
    num_hidden : int, optional
        By default what `weight` says.
    no_bias, flatten : bool
        See `fully_connected`.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    list
        The int32 result, and the two ends of its range; 1 stands for the product of the units of data and weight.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> data, weight = np.array([[1, 2]], dtype="int8"), np.array([[3, 4]], dtype="int8")
    >>> npx.quantized_fully_connected(data, weight, None, -1, 1, -1, 1, no_bias=True)[0]
    array([[11]], dtype=int32)
    """
    data, weight, unit = _factors(data, weight, min_data, max_data, min_weight, max_weight)
    width = int(np.prod(data.shape[1:])) if flatten else data.shape[-1]
    if weight.ndim != 2 or weight.shape[1] != width or num_hidden not in (None, len(weight)):
        raise ValueError(f"weight has shape (num_hidden, {width}), with num_hidden={num_hidden}, not {weight.shape}")
    result = (data.reshape(len(data), width) if flatten else data) @ weight.T
    result = _rounded(result + _bias(bias, no_bias, min_bias, max_bias, unit), "int32")
    return list(_with_range(result, *_of_products(unit)))


@operator()
def quantized_conv(
    data,
    weight,
    bias=None,
    min_data=None,
    max_data=None,
    min_weight=None,
    max_weight=None,
    min_bias=None,
    max_bias=None,
    kernel=None,
    stride=None,
    dilate=None,
    pad=None,
    num_filter=1,
    num_group=1,
    workspace=1024,
    no_bias=False,
    cudnn_tune=None,
    cudnn_off=False,
    layout=None,
    name=None,
):
    """`convolution`, in 32-bit integers.

    Parameters
    ----------
    data : ndarray of int8 or uint8
    weight : ndarray of int8
    bias : ndarray of int8, optional
        Is rounded to the unit of the products.
    min_data, max_data, min_weight, max_weight, min_bias, max_bias : float or ndarray of one number
        Ranges.
    kernel, stride, dilate, pad, num_filter, num_group, workspace, no_bias, cudnn_tune, cudnn_off, layout
        See `convolution`.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    list
        The int32 result, and the two ends of its range; 1 stands for the product of the units of data and weight.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> data, weight = np.ones((1, 2, 3, 3), dtype="int8"), np.ones((1, 2, 2, 2), dtype="int8")
    >>> npx.quantized_conv(data, weight, None, -1, 1, -1, 1, kernel=(2, 2), num_filter=1, no_bias=True)[0]
    array([[[[8, 8],
             [8, 8]]]], dtype=int32)
    """
    data, weight, unit = _factors(data, weight, min_data, max_data, min_weight, max_weight)
    bias = None if no_bias else _bias(bias, False, min_bias, max_bias, unit)
    result = convolution(data, weight, bias, kernel, stride, dilate, pad, num_filter, num_group, no_bias=no_bias, layout=layout)
    return list(_with_range(_rounded(result, "int32"), *_of_products(unit)))


@operator()
def quantized_pooling(
    data,
    min_data,
    max_data,
    kernel=None,
    pool_type="max",
    global_pool=False,
    cudnn_off=False,
    pooling_convention="valid",
    stride=None,
    pad=None,
    p_value=None,
    count_include_pad=None,
    layout=None,
    output_size=None,
    name=None,
):
    """`pooling` with the largest number or the mean of each window; the range stays.

    Parameters
    ----------
    data : ndarray of int8 or uint8
    min_data, max_data : float or ndarray of one number
    pool_type : {'max', 'avg'}
    output_size : int or tuple of int, optional
        As many windows, of about equal size, in place of `kernel`.
    kernel, global_pool, cudnn_off, pooling_convention, stride, pad, p_value, count_include_pad, layout
        See `pooling`.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    list
        Integers of the dtype of `data`, and the two ends of their range.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> q = np.array([[[[1, 2], [3, 6]]]], dtype="int8")
    >>> npx.quantized_pooling(q, -1, 1, kernel=(2, 2), pool_type="avg")[0]
    array([[[[3]]]], dtype=int8)
    """
    data = _quantised("data", data, "int8", "uint8")
    if pool_type not in ("max", "avg"):
        raise ValueError(f"pool_type is 'max' or 'avg', not {pool_type!r}")
    values = data.astype(np.float32)
    if output_size is not None:
        values = (adaptive_avg_pooling if pool_type == "avg" else adaptive_max_pooling)(values, output_size)
    else:
        windows = {"kernel": kernel, "stride": stride, "pad": pad, "pooling_convention": pooling_convention, "layout": layout}
        values = pooling(values, pool_type=pool_type, global_pool=global_pool, count_include_pad=count_include_pad, **windows)
    limits = np.iinfo(data.dtype)
    result = np.clip(np.rint(values), limits.min, limits.max).astype(data.dtype)
    return list(_with_range(result, *_range("data", min_data, max_data)))


# --- the same numbers elsewhere ---------------------------------------------------------------------------------------------------


@operator()
def quantized_embedding(
    data, weight, min_weight, max_weight, input_dim=None, output_dim=None, dtype="float32", sparse_grad=False, name=None
):
    """`embedding`: the rows of `weight` that `data` names, and the range of `weight`.

    Parameters
    ----------
    data : ndarray of int
    weight : ndarray of int8 or uint8, shape (input_dim, output_dim)
    min_weight, max_weight : float or ndarray of one number
    input_dim, output_dim : int, optional
        See `embedding`.
    dtype, sparse_grad
        No effect: the rows keep the dtype of `weight`.
    name : str, optional
        Accepted, and without effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.quantized_embedding(np.array([1, 0]), np.array([[1, 2], [3, 4]], dtype="int8"), -1, 1)[0]
    array([[3, 4],
           [1, 2]], dtype=int8)
    """
    weight = _quantised("weight", weight, "int8", "uint8")
    return list(_with_range(embedding(np.asarray(data), weight, input_dim, output_dim), *_range("weight", min_weight, max_weight)))


@operator()
def quantized_flatten(data, min_data, max_data, name=None):
    """All axes but the first as one; the range stays.

    `name` has no effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.quantized_flatten(np.ones((2, 3, 4), dtype="int8"), -1, 1)[0].shape
    (2, 12)
    """
    data = _quantised("data", data, "int8", "uint8")
    return list(_with_range(batch_flatten(data), *_range("data", min_data, max_data)))


@operator()
def quantized_reshape(data, min_data, max_data, newshape, reverse=False, order="C", name=None):
    """`npx.reshape`; the range stays.

    `name` has no effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.quantized_reshape(np.ones((2, 3, 4), dtype="int8"), -1, 1, newshape=(-1, 4))[0].shape
    (6, 4)
    """
    data = _quantised("data", data, "int8", "uint8", "int32")
    return list(_with_range(npx_reshape(data, newshape, reverse, order), *_range("data", min_data, max_data)))


@operator()
def quantized_transpose(data, min_data, max_data, axes=None, name=None):
    """The axes in another order, reversed by default; the range stays.

    `name` has no effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.quantized_transpose(np.ones((2, 3, 4), dtype="int8"), -1, 1, axes=(0, 2, 1))[0].shape
    (2, 4, 3)
    """
    data = _quantised("data", data, "int8", "uint8", "int32")
    return list(_with_range(data.transpose(axes), *_range("data", min_data, max_data)))
