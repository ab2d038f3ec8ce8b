"""What the layers of `npx` are called in MXNet's graph files: entries as `graph_calls` describes them."""

import math

from .. import numpy_extension as npx
from .graph_entries import NotInGraphs, alike, axes_of, binder, name_of, of_one, scalar

__all__ = ["LAYERS"]


def _kernel(weight, num_axes, layout):
    """The axes of a weight that are no channels: the last ones, or with NHWC those in the middle."""
    return weight.shape[1:-1] if layout is not None and layout.endswith("C") else weight.shape[-num_axes:]


def _fully_connected(add, x, weight, bias=None, num_hidden=None, no_bias=True, flatten=True):
    return add("FullyConnected", x, weight, bias, num_hidden=weight.shape[0], no_bias=bias is None, flatten=bool(flatten))


def _convolving(name, function):
    bind = binder(function)

    def entry(add, *args, **kwargs):
        given = bind(args, kwargs)
        data, weight, bias, layout = given["data"], given["weight"], given["bias"], given["layout"]
        axes = data.ndim - 2
        window = {"stride": given["stride"] or 1, "dilate": given["dilate"] or 1, "pad": given["pad"] or 0, "adj": given.get("adj")}
        if given.get("target_shape") is not None:
            raise NotInGraphs("target_shape is given")
        has_bias = bias is not None and not given["no_bias"]
        return add(
            name, data, weight, bias if has_bias else None, kernel=_kernel(weight, axes, layout), num_filter=given["num_filter"],
            num_group=given["num_group"], no_bias=not has_bias, layout=layout,
            **{key: None if x is None else _each(x, axes) for key, x in window.items()},
        )  # fmt: skip

    return entry


def _each(value, axes):
    return tuple(int(x) for x in (value if isinstance(value, tuple | list) else (value,) * axes))


def _pooling(
    add, data=None, kernel=None, stride=None, pad=None, pool_type="max", pooling_convention="valid", global_pool=False,
    cudnn_off=False, p_value=None, count_include_pad=None, layout=None,
):  # fmt: skip
    axes = data.ndim - 2
    window = {"kernel": 1 if global_pool else kernel, "stride": stride or 1, "pad": pad or 0}
    return add(
        "Pooling", data, pool_type=pool_type, pooling_convention=pooling_convention, global_pool=bool(global_pool), p_value=p_value,
        count_include_pad=count_include_pad, layout=layout, **{key: _each(value, axes) for key, value in window.items()},
    )  # fmt: skip


def _batch_norm(
    add, x, gamma, beta, running_mean, running_var, eps=1e-3, momentum=0.9, fix_gamma=True, use_global_stats=False,
    output_mean_var=False, axis=1, cudnn_off=False, min_calib_range=None, max_calib_range=None,
):  # fmt: skip
    if output_mean_var:
        raise NotInGraphs("output_mean_var=True")
    return add(
        "BatchNorm", x, gamma, beta, running_mean, running_var, eps=eps, momentum=momentum, fix_gamma=bool(fix_gamma),
        use_global_stats=bool(use_global_stats), axis=axis,
    )  # fmt: skip


def _batch_norm_with_relu(add, data, *args, out=None, name=None, **kwargs):
    return add("_npx_relu", _batch_norm(add, data, *args, **kwargs))


def _sync_batch_norm(add, data, *args, ndev=1, key=None, out=None, name=None, **kwargs):
    return _batch_norm(add, data, *args, **kwargs)


def _normalization(name, function):
    """layer_norm, group_norm and instance_norm: of what is normalised, γ and β, and attributes."""
    bind = binder(function)

    def entry(add, *args, **kwargs):
        given = bind(args, kwargs)
        if given.get("output_mean_var"):
            raise NotInGraphs("output_mean_var=True")
        attributes = {key: given[key] for key in ("axis", "num_groups", "eps") if key in given}
        return add(name, given["data"], given["gamma"], given["beta"], **attributes)

    return entry


def _rms_norm(add, data, gamma, axis=-1, eps=1e-6):
    if axis not in (-1, data.ndim - 1):
        raise NotInGraphs("axis is not the last one")
    mean = add("_npi_mean", add("_npi_square", data), axis=(-1,), keepdims=True)
    root = add("_npi_sqrt", add("_npi_add_scalar", mean, **scalar(float(eps))))
    return add("_npi_multiply", add("_npi_true_divide", data, root), gamma)


def _activation(add, data, act_type="relu"):
    if act_type in ("relu", "sigmoid", "tanh", "softrelu", "softsign", "log_sigmoid", "mish"):
        return add("Activation", data, act_type=act_type)
    entry = LAYERS.get(getattr(npx, act_type))
    if entry is None:
        raise NotInGraphs(f"act_type={act_type!r}")
    return entry(add, data)


def _by_name(act_type):
    def entry(add, x, out=None):
        return add("Activation", x, act_type=act_type)

    return entry


def _leaky_relu(add, data, gamma=None, act_type="leaky", slope=0.25, lower_bound=0.125, upper_bound=0.334):
    bounds = {"lower_bound": lower_bound, "upper_bound": upper_bound} if act_type == "rrelu" else {}
    return add("LeakyReLU", data, gamma if act_type == "prelu" else None, act_type=act_type, slope=slope, **bounds)


def _gelu(add, x, out=None):
    return add("LeakyReLU", x, act_type="gelu")


def _gelu_tanh(add, x, out=None):
    """x / 2 · (1 + tanh(√(2/π) (x + 0.044715 x³)))."""
    cube = add("_npi_multiply_scalar", add("_npi_power_scalar", x, **scalar(3)), **scalar(0.044715))
    inner = add("_npi_multiply_scalar", add("_npi_add", x, cube), **scalar(math.sqrt(2 / math.pi)))
    gate = add("_npi_add_scalar", add("_npi_tanh", inner), **scalar(1))
    return add("_npi_multiply_scalar", add("_npi_multiply", x, gate), **scalar(0.5))


def _silu(add, x, out=None):
    return add("_npi_multiply", x, add("_npx_sigmoid", x))


def _hard_swish(add, x, out=None):
    """x · min(max(x + 3, 0), 6) / 6."""
    gate = add("clip", add("_npi_add_scalar", x, **scalar(3)), a_min=0.0, a_max=6.0)
    return add("_npi_true_divide_scalar", add("_npi_multiply", x, gate), **scalar(6))


def _dropout(add, data, p=0.5, mode="training", axes=None, cudnn_off=False):
    if mode != "training":
        raise NotInGraphs(f"mode={mode!r} draws numbers at every call, so that nothing shows whether the graph is right")
    axes = () if axes is None else axes if isinstance(axes, tuple | list) else (axes,)
    return add("Dropout", data, p=p, mode=mode, axes=tuple(axes))


def _embedding(add, data, weight, input_dim=None, output_dim=None, dtype="float32", sparse_grad=False):
    size, width = weight.shape
    return add("Embedding", data, weight, input_dim=size, output_dim=width, dtype=weight.dtype.name)


def _softmax(name, function):
    bind = binder(function)

    def entry(add, *args, **kwargs):
        given = bind(args, kwargs)
        data, length, use_length, dtype = (given.pop(key) for key in ("data", "length", "use_length", "dtype"))
        return add(name, data, length if use_length else None, use_length=bool(use_length), dtype=name_of(dtype), **given)

    return entry


def _rnn(
    add, data=None, parameters=None, state=None, state_cell=None, sequence_length=None, mode=None, state_size=None,
    num_layers=None, bidirectional=False, state_outputs=False, p=0.0, use_sequence_length=False, projection_size=None,
    lstm_state_clip_min=None, lstm_state_clip_max=None, lstm_state_clip_nan=False,
):  # fmt: skip
    is_lstm = mode == "lstm"
    return add(
        "RNN", data, parameters, state, state_cell if is_lstm else None, sequence_length if use_sequence_length else None,
        outputs=(3 if is_lstm else 2) if state_outputs else 1, mode=mode, state_size=state_size, num_layers=num_layers,
        bidirectional=bool(bidirectional), state_outputs=bool(state_outputs), p=p, use_sequence_length=bool(use_sequence_length),
        projection_size=projection_size, lstm_state_clip_min=lstm_state_clip_min, lstm_state_clip_max=lstm_state_clip_max,
        lstm_state_clip_nan=bool(lstm_state_clip_nan),
    )  # fmt: skip


def _npx_reshape(add, a, newshape, reverse=False, order="C"):
    return add("_npx_reshape", a, newshape=axes_of(newshape), reverse=bool(reverse))


def _topk(add, data, axis=-1, k=1, ret_typ="indices", is_ascend=False, dtype="float32"):
    outputs = 2 if ret_typ == "both" else 1
    return add("topk", data, outputs=outputs, axis=axis, k=k, ret_typ=ret_typ, is_ascend=bool(is_ascend), dtype=name_of(dtype))


LAYERS = {
    **{getattr(npx, name): of_one(f"_npx_{name}") for name in ("relu", "sigmoid")},
    **{getattr(npx, name): of_one(name) for name in ("erf", "erfinv", "gamma", "gammaln", "digamma")},
    **{getattr(npx, name): _by_name(name) for name in ("softrelu", "softsign", "log_sigmoid", "mish")},
    npx.gelu: _gelu,
    npx.gelu_tanh: _gelu_tanh,
    npx.silu: _silu,
    npx.hard_swish: _hard_swish,
    npx.hard_sigmoid: alike("hard_sigmoid", npx.hard_sigmoid),
    npx.activation: _activation,
    npx.leaky_relu: _leaky_relu,
    npx.fully_connected: _fully_connected,
    npx.convolution: _convolving("Convolution", npx.convolution),
    npx.deconvolution: _convolving("Deconvolution", npx.deconvolution),
    npx.pooling: _pooling,
    npx.adaptive_avg_pooling: alike("_contrib_AdaptiveAvgPooling2D", npx.adaptive_avg_pooling),
    npx.batch_norm: _batch_norm,
    npx.batch_norm_with_relu: _batch_norm_with_relu,
    npx.sync_batch_norm: _sync_batch_norm,
    npx.layer_norm: _normalization("LayerNorm", npx.layer_norm),
    npx.group_norm: _normalization("GroupNorm", npx.group_norm),
    npx.instance_norm: _normalization("InstanceNorm", npx.instance_norm),
    npx.rms_norm: _rms_norm,
    npx.l2_normalization: alike("L2Normalization", npx.l2_normalization),
    npx.dropout: _dropout,
    npx.embedding: _embedding,
    npx.rnn: _rnn,
    npx.softmax: _softmax("softmax", npx.softmax),
    npx.log_softmax: _softmax("log_softmax", npx.log_softmax),
    npx.masked_softmax: alike("masked_softmax", npx.masked_softmax, 2),
    npx.masked_log_softmax: alike("masked_log_softmax", npx.masked_log_softmax, 2),
    npx.sequence_mask: alike("SequenceMask", npx.sequence_mask, 2),
    npx.sequence_last: alike("SequenceLast", npx.sequence_last, 2),
    npx.sequence_reverse: alike("SequenceReverse", npx.sequence_reverse, 2),
    npx.batch_flatten: alike("Flatten", npx.batch_flatten),
    npx.batch_dot: alike("batch_dot", npx.batch_dot, 2, ("forward_stype",)),
    npx.one_hot: alike("one_hot", npx.one_hot),
    npx.topk: _topk,
    npx.pick: alike("pick", npx.pick, 2),
    npx.slice: alike("slice", npx.slice),
    npx.slice_like: alike("slice_like", npx.slice_like, 2),
    npx.broadcast_like: alike("broadcast_like", npx.broadcast_like, 2),
    npx.reshape_like: alike("reshape_like", npx.reshape_like, 2),
    npx.arange_like: alike("_contrib_arange_like", npx.arange_like),
    npx.gather_nd: alike("gather_nd", npx.gather_nd, 2),
    npx.smooth_l1: alike("smooth_l1", npx.smooth_l1),
    npx.stop_gradient: alike("BlockGrad", npx.stop_gradient),
    npx.cast: alike("Cast", npx.cast),
    npx.reshape: _npx_reshape,
}
