"""The operators of MXNet's graph files, by the names that they have there, as functions of arrays and of attributes.

Names of MXNet 1 have no prefix or `_contrib_`; NumPy's functions are called `_npi_…`, at first `_np_…`. `npx` has the operators of
neural networks with the files' own names of attributes; what differs from `np` and `npx` is in `legacy_operators`.
"""

import ast
import re

from .. import numpy as np
from .. import numpy_extension as npx
from . import legacy_operators as old

__all__ = ["COMPARISONS", "LABELS", "OF_ONE", "OF_TWO", "PARAMETERS", "REFLECTED", "STATISTICS", "find_operator", "parsed"]


def _functions(names, namespace=np, prefix=""):
    """Functions whose attributes are their parameters."""
    return {prefix + name: getattr(namespace, name) for name in names.split()}


# Functions of one array, which are the same in MXNet 1 and 2.
OF_ONE = """abs absolute arccos arccosh arcsin arcsinh arctan arctanh bitwise_not cbrt ceil cos cosh degrees exp expm1 fix floor
    isfinite isinf isnan isneginf isposinf log log10 log1p log2 logical_not negative radians reciprocal rint sign sin sinh sqrt
    square tan tanh trunc"""

# Functions of two, by their names in NumPy; a scalar may stand in for one of the operands.
OF_TWO = """add arctan2 bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor copysign floor_divide fmax fmin
    fmod gcd hypot lcm ldexp logaddexp maximum minimum mod multiply power subtract true_divide"""
COMPARISONS = "equal greater greater_equal less less_equal logical_and logical_or logical_xor not_equal"

# What MXNet 1 calls them.
_OLD_OF_TWO = {
    "add": "add", "plus": "add", "sub": "subtract", "minus": "subtract", "mul": "multiply", "div": "true_divide", "mod": "mod",
    "power": "power", "maximum": "maximum", "minimum": "minimum", "hypot": "hypot",
}  # fmt: skip
_OLD_COMPARISONS = {name.replace("less", "lesser"): name for name in COMPARISONS.split()}


# Those for which a scalar may be the first operand.
REFLECTED = {
    "arctan2", "bitwise_left_shift", "bitwise_right_shift", "copysign", "floor_divide", "fmod", "ldexp", "mod", "power", "subtract",
    "true_divide",
}  # fmt: skip


def _arithmetic():
    """Operators of two operands."""
    found = {}
    for name in (OF_TWO + " " + COMPARISONS).split():
        function = getattr(np, name)
        found |= {f"_npi_{name}": function, f"_npi_{name}_scalar": old.with_scalar(function)}
        if name in REFLECTED:
            found[f"_npi_r{name}_scalar"] = old.with_scalar(function, reflected=True)
    for name, new in (_OLD_OF_TWO | _OLD_COMPARISONS).items():
        function = old.numeric(getattr(np, new)) if name in _OLD_COMPARISONS else getattr(np, new)
        found |= dict.fromkeys((f"broadcast_{name}", f"elemwise_{name}", f"_{name}"), function)
        found[f"_{name}_scalar"] = old.with_scalar(function)
        if new in REFLECTED:
            found[f"_r{name}_scalar"] = old.with_scalar(function, reflected=True)
    return found


_OPERATORS = {
    # Layers of neural networks.
    **_functions("layer_norm instance_norm convolution batch_norm activation leaky_relu dropout", npx, "_npx_"),
    "Activation": npx.activation,
    "BatchNorm": npx.batch_norm,
    "BatchNorm_v1": npx.batch_norm,
    "CuDNNBatchNorm": npx.batch_norm,
    "_contrib_BatchNormWithReLU": npx.batch_norm_with_relu,
    "_contrib_SyncBatchNorm": npx.sync_batch_norm,
    "Convolution": npx.convolution,
    "Convolution_v1": npx.convolution,
    "Deconvolution": old.deconvolution,
    "_npx_deconvolution": old.deconvolution,
    "Dropout": npx.dropout,
    "Embedding": old.embedding,
    "_npx_embedding": old.embedding,
    "Flatten": npx.batch_flatten,
    "flatten": npx.batch_flatten,
    "_npx_batch_flatten": npx.batch_flatten,
    "FullyConnected": old.dense,
    "_npx_fully_connected": old.dense,
    "GroupNorm": old.group_normalization,
    "_npx_group_norm": old.group_normalization,
    "InstanceNorm": npx.instance_norm,
    "L2Normalization": npx.l2_normalization,
    "LayerNorm": npx.layer_norm,
    "LeakyReLU": npx.leaky_relu,
    "LRN": old.local_response_normalization,
    "Pooling": old.pooling,
    "Pooling_v1": old.pooling,
    "_npx_pooling": old.pooling,
    "RNN": old.recurrent,
    "_npx_rnn": old.recurrent,
    "_rnn_param_concat": old.concatenate,
    "_npi_rnn_param_concat": old.concatenate,
    "SequenceLast": npx.sequence_last,
    "SequenceMask": npx.sequence_mask,
    "SequenceReverse": npx.sequence_reverse,
    "UpSampling": old.upsampling,
    "_contrib_AdaptiveAvgPooling2D": npx.adaptive_avg_pooling,
    "_contrib_BilinearResize2D": old.bilinear_resize,
    "_contrib_div_sqrt_dim": lambda data: data / data.shape[-1] ** 0.5,
    "_contrib_MultiBoxPrior": npx.multibox_prior,
    "_contrib_MultiBoxDetection": npx.multibox_detection,
    "ROIPooling": npx.roi_pooling,
    **_functions("arange_like box_iou box_nms box_encode box_decode", npx, "_contrib_"),
    **_functions("interleaved_matmul_selfatt_qk interleaved_matmul_selfatt_valatt", npx, "_contrib_"),
    **_functions("interleaved_matmul_encdec_qk interleaved_matmul_encdec_valatt", npx, "_contrib_"),
    **_functions("softmax log_softmax masked_softmax masked_log_softmax smooth_l1 norm", npx),
    **_functions("softmax log_softmax masked_softmax masked_log_softmax smooth_l1 norm", npx, "_npx_"),
    "softmin": lambda data, **attributes: npx.softmax(-data, **attributes),
    **dict.fromkeys(("CTCLoss", "ctc_loss", "_contrib_CTCLoss", "_contrib_ctc_loss", "_npx_ctc_loss"), npx.ctc_loss),
    # The ends of MXNet 1's networks.
    "SoftmaxActivation": old.softmax_activation,
    "SoftmaxOutput": old.softmax_output,
    "Softmax": old.softmax_output,
    "LinearRegressionOutput": old.output("LinearRegressionOutput", old.identity),
    "LogisticRegressionOutput": old.output("LogisticRegressionOutput", npx.sigmoid),
    "MAERegressionOutput": old.output("MAERegressionOutput", old.identity),
    "SVMOutput": old.output("SVMOutput", old.identity),
    "MakeLoss": old.identity,
    "make_loss": old.identity,
    # Point by point.
    **_functions(OF_ONE),
    **_functions(OF_ONE, prefix="_npi_"),
    **_functions("erf erfinv gamma gammaln digamma relu sigmoid softsign hard_sigmoid mish log_sigmoid", npx),
    **_functions("erf erfinv gamma gammaln digamma relu sigmoid softsign hard_sigmoid mish log_sigmoid gelu", npx, "_npx_"),
    **_arithmetic(),
    "_npi_around": np.around,
    "logical_not": lambda data: np.logical_not(data).astype(data.dtype),
    "round": lambda data: np.sign(data) * np.floor(abs(data) + 0.5),
    "rint": lambda data: np.ceil(data - 0.5),
    "rsqrt": lambda data: 1 / np.sqrt(data),
    "rcbrt": lambda data: 1 / np.cbrt(data),
    "add_n": npx.add_n,
    "ElementWiseSum": npx.add_n,
    "_npx_add_n": npx.add_n,
    "clip": np.clip,
    "_npi_clip": np.clip,
    "_npi_nan_to_num": np.nan_to_num,
    "BlockGrad": npx.stop_gradient,
    "stop_gradient": npx.stop_gradient,
    **dict.fromkeys(("_copy", "identity", "_copyto", "_np_copy", "_npi_copy"), old.identity),
    **dict.fromkeys(("Cast", "cast", "amp_cast", "_npx_cast", "_npi_cast", "_npi_amp_cast"), npx.cast),
    "amp_multicast": old.amp_multicast,
    "_npi_amp_multicast": old.amp_multicast,
    "where": old.where,
    "_npi_where": np.where,
    "_npi_where_lscalar": lambda condition, y, scalar: np.where(condition, scalar, y),
    "_npi_where_rscalar": lambda condition, x, scalar: np.where(condition, x, scalar),
    "_npi_where_scalar2": lambda condition, x, y: np.where(condition, float(x), float(y)),
    # Reductions, and what sorts.
    **{name: old.reduction(getattr(np, name)) for name in ("sum", "mean", "max", "min", "prod", "nansum", "nanprod")},
    **{f"{name}_axis": old.reduction(getattr(np, name)) for name in ("sum", "max", "min")},
    **_functions("sum prod max min std var all any argmax argmin cumsum unique sort argsort diff", prefix="_npi_"),
    "_npi_mean": lambda data, initial=None, **attributes: np.mean(data, **attributes),
    "_npi_average": lambda data, *weights, weighted=None, **attributes: np.average(
        data, weights=weights[0] if weights else None, **attributes
    ),
    "_npi_percentile": lambda data, q_scalar, interpolation="linear", **attributes: np.percentile(
        data, q_scalar, method=interpolation, **attributes
    ),
    "cumsum": np.cumsum,
    "moments": old.moments,
    "argmax": old.position(np.argmax),
    "argmin": old.position(np.argmin),
    "argmax_channel": lambda data: old.position(np.argmax)(data, axis=1),
    "sort": old.sort,
    "argsort": old.argsort,
    "topk": npx.topk,
    "_npx_topk": npx.topk,
    # Shapes.
    "Reshape": old.reshape,
    "reshape": old.reshape,
    "_npx_reshape": npx.reshape,
    "_npi_reshape": np.reshape,
    "transpose": old.transpose,
    "SwapAxis": old.swap_axes,
    "swapaxes": old.swap_axes,
    "_npi_swapaxes": old.swap_axes,
    **_functions("expand_dims squeeze repeat flip"),
    **_functions(
        "transpose expand_dims squeeze flip moveaxis rollaxis roll rot90 broadcast_to diag diagonal trace tril triu", prefix="_npi_"
    ),
    "reverse": np.flip,
    "tile": np.tile,
    "_npi_tile": np.tile,
    "_npi_repeat": np.repeat,
    "_npi_repeats": lambda data, repeats, axis=None: np.repeat(data, repeats[0] if len(repeats) == 1 else repeats, axis),
    **dict.fromkeys(("Concat", "concat", "_npi_concatenate"), old.concatenate),
    "stack": old.stack,
    "_npi_stack": old.stack,
    "_npi_vstack": lambda *data: np.vstack(data),
    "_npi_hstack": lambda *data, dim=None: np.hstack(data),
    "_npi_dstack": lambda *data: np.dstack(data),
    "_npi_column_stack": lambda *data: np.column_stack(data),
    "_npi_atleast_1d": np.atleast_1d,
    "_npi_atleast_2d": np.atleast_2d,
    "_npi_atleast_3d": np.atleast_3d,
    **dict.fromkeys(("SliceChannel", "split", "_npx_slice_channel"), npx.slice_channel),
    **dict.fromkeys(("_split_v2", "_npi_split", "_npi_array_split", "_npi_hsplit", "_npi_dsplit"), old.split),
    **dict.fromkeys(("slice", "_npx_slice", "_npi_slice", "crop"), old.slices),
    "slice_axis": old.slice_axis,
    "slice_like": npx.slice_like,
    "_npx_slice_like": npx.slice_like,
    "Crop": old.crop,
    "Pad": npx.pad,
    "pad": npx.pad,
    "_npx_pad": npx.pad,
    "_npi_pad": lambda data, pad_width, mode="constant", constant_values=0.0, reflect_type="even": np.pad(
        data, pad_width, mode, **({"constant_values": constant_values} if mode == "constant" else {})
    ),
    "broadcast_to": old.broadcast_to,
    "broadcast_axis": old.broadcast_axis,
    "broadcast_axes": old.broadcast_axis,
    **_functions("broadcast_like reshape_like shape_array sequence_mask", npx),
    **_functions("broadcast_like reshape_like shape_array sequence_mask sequence_last sequence_reverse arange_like", npx, "_npx_"),
    "size_array": lambda data: np.array([data.size], dtype="int64"),
    "depth_to_space": old.depth_to_space,
    "space_to_depth": old.space_to_depth,
    "diag": np.diag,
    # Products.
    "dot": old.dot,
    "batch_dot": npx.batch_dot,
    "_npx_batch_dot": npx.batch_dot,
    "_linalg_gemm": old.gemm,
    "_linalg_gemm2": old.gemm,
    "linalg_gemm": old.gemm,
    "linalg_gemm2": old.gemm,
    "_linalg_inverse": np.linalg.inv,
    "_npi_inv": np.linalg.inv,
    "_npi_norm": old.matrix_norm,
    **_functions("dot matmul kron", prefix="_npi_"),
    "_npi_einsum": lambda *data, subscripts: np.einsum(subscripts, *data),
    "_npi_tensordot": lambda a, b, a_axes_summed, b_axes_summed: np.tensordot(a, b, (a_axes_summed, b_axes_summed)),
    "_npi_tensordot_int_axes": np.tensordot,
    # Taking and placing.
    "take": old.take,
    "_npi_take": old.take,
    "batch_take": npx.pick,
    **_functions("pick one_hot gather_nd scatter_nd", npx),
    **_functions("pick one_hot gather_nd nonzero index_add index_update", npx, "_npx_"),
    "_npi_gather_nd": npx.gather_nd,
    "_npi_advanced_indexing": lambda data, indices: data[indices],
    "_npi_boolean_mask": lambda data, mask, axis=0: np.compress(mask, data, axis),
    # Arrays out of nothing.
    **_functions("zeros_like ones_like"),
    **_functions("zeros_like ones_like full_like arange eye tri logspace indices", prefix="_npi_"),
    "_zeros": np.zeros,
    "_npi_zeros": np.zeros,
    "_ones": np.ones,
    "_npi_ones": np.ones,
    "_full": lambda shape, value, **attributes: np.full(shape, value, **attributes),
    "_npi_full": old.full,
    "_arange": old.arange,
    "_npi_arange": old.arange,
    "_eye": lambda N, M=0, k=0, dtype="float32": np.eye(N, M or None, k, dtype=dtype),
    "_linspace": np.linspace,
    "_npi_linspace": old.linspace,
    "_npi_identity": lambda shape, dtype=None: np.eye(shape[0], shape[1], dtype=dtype),
}

# Inputs, by their places, that are no variables to be learned: running mean and variance.
STATISTICS = dict.fromkeys(
    ("BatchNorm", "BatchNorm_v1", "CuDNNBatchNorm", "_npx_batch_norm", "_contrib_SyncBatchNorm", "_contrib_BatchNormWithReLU"),
    (3, 4),
)

# The inputs of losses that take no part in what they compute.
LABELS = dict.fromkeys(
    ("SoftmaxOutput", "Softmax", "LinearRegressionOutput", "LogisticRegressionOutput", "MAERegressionOutput", "SVMOutput"), 1
)


def _of_convolution(shape, num_filter, num_group=1, kernel=(), layout=None, **attributes):
    if layout is not None and layout[-1] == "C":
        return [(num_filter, *kernel, shape[-1] // num_group), (num_filter,)]
    return [(num_filter, shape[1] // num_group, *kernel), (num_filter,)]


def _of_deconvolution(shape, num_filter, num_group=1, kernel=(), layout=None, **attributes):
    if layout is not None and layout[-1] == "C":
        return [(shape[-1], *kernel, num_filter // num_group), (num_filter,)]
    return [(shape[1], num_filter // num_group, *kernel), (num_filter,)]


def _of_dense(shape, num_hidden=None, flatten=True, **attributes):
    inputs = 1
    for size in shape[1:] if flatten else shape[-1:]:
        inputs *= size
    return [(num_hidden, inputs), (num_hidden,)]


def _of_normalization(default_axis):
    return lambda shape, axis=default_axis, **attributes: [(shape[axis],)] * 4


# The shapes of an operator's parameters, from the shape of its data and its attributes; None for what they do not tell.
PARAMETERS = {
    **dict.fromkeys(STATISTICS, _of_normalization(1)),
    "Convolution": _of_convolution,
    "Deconvolution": _of_deconvolution,
    "FullyConnected": _of_dense,
    "Embedding": lambda shape, input_dim=None, output_dim=None, **attributes: [(input_dim, output_dim)],
    "LayerNorm": _of_normalization(-1),
    "InstanceNorm": _of_normalization(1),
    "GroupNorm": _of_normalization(1),
    "LeakyReLU": lambda shape, **attributes: [(shape[1],)],
}

# Attributes that say how MXNet computes, and not what.
_WITHOUT_EFFECT = {
    "cudnn_off",
    "cudnn_tune",
    "workspace",
    "num_args",
    "ctx",
    "infer_range",
    "optimize",
    "forward_stype",
    "sparse_grad",
}


def find_operator(name):
    """The function of an operator, by any spelling of its name; None if there is none."""
    spellings = [name, name.removeprefix("_sparse_"), re.sub("^_np_", "_npi_", name)]
    if re.match("_[A-Z]", name):  # before MXNet 0.9: _PlusScalar
        spellings.append(re.sub("(?<=[a-z])(?=[A-Z])", "_", name).lower())
    return next((_OPERATORS[spelling] for spelling in spellings if spelling in _OPERATORS), None)


def parsed(attributes):
    """The attributes of a node, which are strings in files, as Python has them: numbers, tuples, None, or strings that stay."""
    return {name: _value(text) for name, text in attributes.items() if not (name.startswith("__") or name in _WITHOUT_EFFECT)}


def _value(text):
    if not isinstance(text, str):
        raise TypeError(f"attributes are strings, not {text!r:.100}")
    if text in ("inf", "-inf", "nan"):
        return float(text)
    if not re.fullmatch(r"[-+.\w\s,()\[\]]{1,10000}", text):
        return text
    try:
        value = ast.literal_eval(re.sub(r"(?<=\d)L\b", "", text))  # 3L is how Python 2 wrote 3
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return text
    return _tuples(value)


def _tuples(value):
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value
