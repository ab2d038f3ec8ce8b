"""Quantised arithmetic; the references are spelled out in integers."""

import numpy

from .table import REAL, Domain, Row

INT8 = ("int8",)
EIGHT_BITS = ("int8", "uint8")
BYTES = Domain(-127, 255)
WEIGHTS = Domain(-127, 127, dtype="int8")
LEVELS = {"int8": 127, "uint8": 255, "int32": 2**31 - 1}
RANGE = {"min_data": -1.0, "max_data": 2.0}


def unit(q, low, high):
    return max(-low, high) / LEVELS[q.dtype.name if hasattr(q, "dtype") else q]


def nearest(x, dtype):
    x = numpy.sign(x) * numpy.floor(numpy.abs(x) + 0.5)
    return numpy.clip(x, 0 if dtype == "uint8" else -LEVELS[dtype], LEVELS[dtype]).astype(dtype)


def ranged(result, low, high):
    return [result, numpy.array([low]), numpy.array([high])]


def quantize(x, min_range, max_range, out_type="uint8"):
    top = max(-min_range, max_range)
    return ranged(
        nearest(x / unit(out_type, min_range, max_range), out_type),
        min_range if out_type == "uint8" else -top,
        max_range if out_type == "uint8" else top,
    )


def quantize_v2(x, out_type="int8", min_calib_range=None, max_calib_range=None):
    low, high = (x.min(), x.max()) if min_calib_range is None else (min_calib_range, max_calib_range)
    if out_type == "auto":
        out_type = "uint8" if min_calib_range is not None and min_calib_range >= 0 else "int8"
    return quantize(x, low, high, out_type)


def requantize(q, min_range, max_range, out_type="int8", min_calib_range=None, max_calib_range=None):
    real = q * unit("int32", min_range, max_range)
    top = numpy.abs(real).max() if min_calib_range is None else max(-min_calib_range, max_calib_range)
    if out_type == "auto":
        out_type = "uint8" if min_calib_range is not None and min_calib_range >= 0 else "int8"
    return ranged(nearest(real / unit(out_type, -top, top), out_type), 0.0 if out_type == "uint8" else -top, top)


def act(q, min_data, max_data, act_type="relu"):
    return ranged(numpy.maximum(q, 0), min_data, max_data)


def add(a, b, lhs_min, lhs_max, rhs_min, rhs_max, min_calib_range=None, max_calib_range=None):
    real = a * unit(a, lhs_min, lhs_max) + b * unit(b, rhs_min, rhs_max)
    if min_calib_range is not None:
        return ranged(nearest(real / unit("int8", min_calib_range, max_calib_range), "int8"), min_calib_range, max_calib_range)
    top = max(-lhs_min, lhs_max) + max(-rhs_min, rhs_max)
    return ranged(nearest(real / unit("int32", -top, top), "int32"), -top, top)


def multiply(a, b, lhs_min, lhs_max, rhs_min, rhs_max, min_calib_range=None, max_calib_range=None, enable_float_output=False):
    product = a.astype("int32") * b
    one = unit(a, lhs_min, lhs_max) * unit(b, rhs_min, rhs_max)
    if enable_float_output:
        return product * one
    if min_calib_range is not None:
        real = product * one / unit("int8", min_calib_range, max_calib_range)
        return ranged(nearest(real, "int8"), min_calib_range, max_calib_range)
    return ranged(product, -one * LEVELS["int32"], one * LEVELS["int32"])


FACTORS = {"min_data": -1.0, "max_data": 2.0, "min_weight": -0.5, "max_weight": 0.25}
BIAS = {"min_bias": -0.1, "max_bias": 0.3}


def with_bias(result, data, bias, axis):
    one = unit(data, -1, 2) * unit("int8", -0.5, 0.25)
    if bias is not None:
        shape = [-1 if i == axis else 1 for i in range(result.ndim)]
        result = result + nearest(bias * unit("int8", -0.1, 0.3) / one, "int32").reshape(shape)
    return ranged(result.astype("int32"), -one * LEVELS["int32"], one * LEVELS["int32"])


def fully_connected(data, weight, bias=None, flatten=True, **ranges):
    columns = data.reshape(len(data), weight.shape[1]) if flatten else data
    result = columns.astype("int64") @ weight.astype("int64").T
    return with_bias(result, data, bias, result.ndim - 1)


def conv(data, weight, bias=None, stride=(1, 1), pad=(0, 0), **attributes):
    padded = numpy.pad(data.astype("int64"), ((0, 0), (0, 0), (pad[0],) * 2, (pad[1],) * 2))
    windows = numpy.lib.stride_tricks.sliding_window_view(padded, weight.shape[2:], (2, 3))[:, :, :: stride[0], :: stride[1]]
    return with_bias(numpy.einsum("nchwij,fcij->nfhw", windows, weight.astype("int64")), data, bias, 1)


def pooling(data, kernel, stride, pool_type, **ranges):
    windows = numpy.lib.stride_tricks.sliding_window_view(data, kernel, (2, 3))[:, :, :: stride[0], :: stride[1]]
    result = windows.max(axis=(4, 5)) if pool_type == "max" else numpy.rint(windows.mean(axis=(4, 5))).astype(data.dtype)
    return ranged(result, ranges["min_data"], ranges["max_data"])


def divergence(p, q):
    """Σ p log(p / q) after smoothing, for two histograms."""

    def smooth(x):
        zeros = numpy.count_nonzero(x == 0)
        x = numpy.where(x == 0, 1e-4, x - 1e-4 * zeros / (len(x) - zeros))
        return x / x.sum()

    p, q = smooth(p), smooth(q)
    return (p * numpy.log(p / q)).sum()


def calibrate_entropy(hist, edges, num_quantized_bins):
    n, tried = len(hist), []
    for half in range(num_quantized_bins // 2, n // 2 + 1):
        start, stop = max(n // 2 - half, 0), min(n // 2 + half + 1, n)
        inside = hist[start:stop].astype(float)
        p, q = inside.copy(), numpy.zeros(len(inside))
        p[0] += hist[:start].sum()
        p[-1] += hist[stop:].sum()
        width = len(inside) // num_quantized_bins
        for level in range(num_quantized_bins):
            part = slice(level * width, (level + 1) * width if level < num_quantized_bins - 1 else None)
            q[part] = inside[part].sum() / max(1, numpy.count_nonzero(inside[part]))
        q[p == 0] = 0
        tried.append((divergence(p, q), edges[stop]))
    least, threshold = min(tried)
    return [numpy.array([threshold]), numpy.array([least])]


def called_with_edges(function, counts, **attributes):
    """The counts of a symmetric histogram with a peak, and its edges."""
    peak = (1000 / (1 + numpy.abs(numpy.arange(len(counts)) - len(counts) // 2))).astype(counts.dtype)
    return function(counts + peak, numpy.linspace(-4, 4, len(counts) + 1), **attributes)


def intgemm(data, weight, bias=None, scaling=None, out_type="float32", **attributes):
    result = data.astype("int64") @ weight.astype("int64").T
    result = result if scaling is None else result * scaling
    return (result if bias is None else result + bias).astype("float64" if out_type == "float32" else "int32")


def prepared(x, maxabs):
    return numpy.clip(numpy.rint(x * 127 / maxabs), -127, 127).astype("int8")


ENDS = {"lhs_min": -1.0, "lhs_max": 2.0, "rhs_min": -3.0, "rhs_max": 1.0}
CALIBRATED = {"min_calib_range": -2.0, "max_calib_range": 3.0}
UNSIGNED = {"min_calib_range": 0.0, "max_calib_range": 1.5}

ROWS = [
    Row(
        "npx.contrib_quantize",
        shapes=[(), (7,), (2, 3)],
        attributes=[{"min_range": -1.0, "max_range": 2.0, "out_type": t} for t in EIGHT_BITS],
        dtypes=("float32",),
        order=0,
        reference=quantize,
    ),
    Row(
        "npx.contrib_quantize_v2",
        shapes=[(7,), (2, 3)],
        attributes=[a | {"out_type": t} for a in ({}, CALIBRATED, UNSIGNED) for t in ("int8", "uint8", "auto")],
        dtypes=("float32",),
        order=0,
        reference=quantize_v2,
    ),
    Row(
        "npx.requantize",
        Domain(-(2**31) + 1, 2**31 - 1),
        shapes=[(7,), (2, 3)],
        attributes=[
            a | {"min_range": -10.0, "max_range": 20.0, "out_type": t}
            for a in ({}, CALIBRATED, UNSIGNED)
            for t in ("int8", "uint8", "auto")
        ],
        dtypes=("int32",),
        order=0,
        reference=requantize,
    ),
    Row(
        "npx.contrib_calibrate_entropy",
        Domain(0, 9),
        shapes=[(31,), (64,)],
        attributes=[{"num_quantized_bins": n} for n in (5, 15)],
        dtypes=("int64",),
        order=0,
        reference=calibrate_entropy,
        call=called_with_edges,
        ulps=64,
    ),
    Row("npx.quantized_act", BYTES, attributes=[RANGE], dtypes=EIGHT_BITS, order=0, reference=act),
    Row(
        "npx.quantized_elemwise_add",
        (BYTES, BYTES),
        shapes=[((), ()), ((2, 3), (2, 3)), ((0,), (0,))],
        attributes=[ENDS, ENDS | CALIBRATED],
        dtypes=EIGHT_BITS,
        order=0,
        reference=add,
    ),
    Row(
        "npx.quantized_elemwise_mul",
        (BYTES, BYTES),
        shapes=[((3,), (3,)), ((2, 3), (2, 3)), ((0,), (0,))],
        attributes=[ENDS, ENDS | CALIBRATED, ENDS | {"enable_float_output": True}],
        dtypes=EIGHT_BITS,
        order=0,
        reference=multiply,
    ),
    Row(
        "npx.quantized_fully_connected",
        (BYTES, WEIGHTS, WEIGHTS),
        shapes=[((2, 3, 4), (5, 12), (5,)), ((2, 7), (3, 7), (3,)), ((0, 7), (3, 7), (3,))],
        attributes=[FACTORS | BIAS],
        dtypes=EIGHT_BITS,
        order=0,
        reference=fully_connected,
    ),
    Row(
        "npx.quantized_fully_connected",
        (BYTES, WEIGHTS),
        shapes=[((2, 3, 4), (5, 4))],
        attributes=[FACTORS | {"no_bias": True, "flatten": False, "num_hidden": 5}],
        dtypes=EIGHT_BITS,
        order=0,
        reference=fully_connected,
    ),
    Row(
        "npx.quantized_conv",
        (BYTES, WEIGHTS, WEIGHTS),
        shapes=[((2, 3, 6, 5), (4, 3, 3, 2), (4,))],
        attributes=[
            FACTORS | BIAS | {"kernel": (3, 2), "num_filter": 4},
            FACTORS | BIAS | {"kernel": (3, 2), "num_filter": 4, "stride": (2, 1), "pad": (1, 1)},
        ],
        dtypes=EIGHT_BITS,
        order=0,
        reference=conv,
    ),
    Row(
        "npx.quantized_pooling",
        BYTES,
        shapes=[(2, 3, 6, 5)],
        attributes=[RANGE | {"kernel": (3, 2), "stride": (1, 2), "pool_type": p} for p in ("max", "avg")],
        dtypes=EIGHT_BITS,
        order=0,
        reference=pooling,
    ),
    Row(
        "npx.quantized_embedding",
        (Domain(0, 3, dtype="int64"), BYTES),
        shapes=[((2, 3), (4, 5)), ((0,), (4, 5))],
        attributes=[{"min_weight": -1.0, "max_weight": 2.0}],
        dtypes=EIGHT_BITS,
        order=0,
        reference=lambda i, weight, min_weight, max_weight: ranged(weight[i], min_weight, max_weight),
    ),
    Row(
        "npx.quantized_flatten",
        BYTES,
        shapes=[(2, 3, 4), (3,)],
        attributes=[RANGE],
        dtypes=EIGHT_BITS,
        order=0,
        reference=lambda q, min_data, max_data: ranged(q.reshape(len(q), -1), min_data, max_data),
    ),
    Row(
        "npx.quantized_reshape",
        BYTES,
        shapes=[(2, 3, 4)],
        attributes=[RANGE | {"newshape": s} for s in ((4, 6), (-1, 8))],
        dtypes=EIGHT_BITS,
        order=0,
        reference=lambda q, min_data, max_data, newshape: ranged(q.reshape(newshape), min_data, max_data),
    ),
    Row(
        "npx.quantized_transpose",
        BYTES,
        shapes=[(2, 3, 4)],
        attributes=[RANGE, RANGE | {"axes": (1, 0, 2)}],
        dtypes=EIGHT_BITS,
        order=0,
        reference=lambda q, min_data, max_data, axes=None: ranged(q.transpose(axes), min_data, max_data),
    ),
    Row(
        "npx.intgemm_maxabsolute",
        shapes=[(3,), (2, 3)],
        dtypes=("float32", "float64"),
        order=0,
        reference=lambda x: numpy.abs(x).max().reshape(1),
    ),
    Row("npx.intgemm_prepare_data", attributes=[{"maxabs": 2.0}], dtypes=("float32",), order=0, reference=prepared),
    Row("npx.intgemm_prepare_weight", REAL, attributes=[{"maxabs": 3.0}], dtypes=("float32",), order=0, reference=prepared),
    Row(
        "npx.intgemm_take_weight",
        (WEIGHTS, Domain(0, 3, dtype="int64")),
        shapes=[((4, 3), (5,))],
        dtypes=INT8,
        order=0,
        reference=lambda weight, indices: weight[indices],
    ),
    Row(
        "npx.intgemm_fully_connected",
        (WEIGHTS, WEIGHTS),
        shapes=[((2, 70), (5, 70))],
        attributes=[{"scaling": 0.125, "no_bias": True}, {"out_type": "int32", "no_bias": True, "num_hidden": 5}],
        dtypes=INT8,
        order=0,
        reference=intgemm,
    ),
]
