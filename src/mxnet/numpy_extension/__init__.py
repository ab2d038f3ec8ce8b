"""`mxnet.npx`: what neural networks need beyond NumPy, and the switches of NumPy mode."""

from ..device import Device, cpu, cpu_pinned, current_device, gpu, gpu_memory_info, num_gpus
from ..operators.files import load
from ..operators.files import npx_save as save
from ..operators.files import npx_savez as savez
from ..operators.nn.activations import (
    activation,
    gelu,
    gelu_tanh,
    hard_sigmoid,
    hard_swish,
    leaky_relu,
    log_sigmoid,
    mish,
    relu,
    sigmoid,
    silu,
    softrelu,
    softsign,
)
from ..operators.nn.attention import rotary_embedding, scaled_dot_product_attention
from ..operators.nn.batch_normalization import batch_norm, batch_norm_with_relu, sync_batch_norm
from ..operators.nn.boxes import bipartite_matching, box_decode, box_encode, box_iou, box_nms
from ..operators.nn.control import cond, constraint_check, foreach, while_loop
from ..operators.nn.convolution import convolution, deconvolution
from ..operators.nn.ctc import ctc_loss
from ..operators.nn.deformable import deformable_convolution, modulated_deformable_convolution
from ..operators.nn.dropout import dropout
from ..operators.nn.embedding import embedding
from ..operators.nn.gathering import gather_nd, index_add, index_update, nonzero, scatter_nd
from ..operators.nn.interchange import from_numpy, get_cuda_compute_capability, to_dlpack_for_read, to_dlpack_for_write
from ..operators.nn.interleaved import (
    interleaved_matmul_encdec_qk,
    interleaved_matmul_encdec_valatt,
    interleaved_matmul_selfatt_qk,
    interleaved_matmul_selfatt_valatt,
)
from ..operators.nn.intgemm import (
    intgemm_fully_connected,
    intgemm_maxabsolute,
    intgemm_prepare_data,
    intgemm_prepare_weight,
    intgemm_take_weight,
)
from ..operators.nn.linear import batch_dot, batch_flatten, fully_connected
from ..operators.nn.losses import focal_loss, smooth_l1, softmax_cross_entropy
from ..operators.nn.multibox import multibox_detection, multibox_prior, multibox_target
from ..operators.nn.normalization import group_norm, instance_norm, l2_normalization, layer_norm, rms_norm
from ..operators.nn.pooling import adaptive_avg_pooling, adaptive_max_pooling, pooling, roi_pooling
from ..operators.nn.quantized import (
    contrib_calibrate_entropy,
    contrib_quantize,
    contrib_quantize_v2,
    quantized_act,
    quantized_conv,
    quantized_elemwise_add,
    quantized_elemwise_mul,
    quantized_embedding,
    quantized_flatten,
    quantized_fully_connected,
    quantized_pooling,
    quantized_reshape,
    quantized_transpose,
    requantize,
)
from ..operators.nn.recurrent import rnn
from ..operators.nn.selection import one_hot, pick
from ..operators.nn.sequences import sequence_last, sequence_mask, sequence_reverse
from ..operators.nn.shaping import (
    add_n,
    arange_like,
    broadcast_greater,
    broadcast_like,
    cast,
    norm,
    pad,
    reshape_like,
    shape_array,
    slice,
    slice_channel,
    slice_like,
)
from ..operators.nn.sliding_window import sldwin_atten_context, sldwin_atten_mask_like, sldwin_atten_score
from ..operators.nn.softmax import log_softmax, masked_log_softmax, masked_softmax, softmax
from ..operators.nn.special import digamma, erf, erfinv, gamma, gammaln
from ..operators.nn.straight_through import round_ste, sign_ste
from ..operators.random import seed
from ..operators.reshape_codes import npx_reshape as reshape
from ..operators.sampling.outcomes import scalar_poisson, tensor_poisson
from ..operators.shaping import stop_gradient
from ..operators.sorting import topk
from ..operators.standard import from_dlpack
from ..util import is_np_array, is_np_default_dtype, is_np_shape, reset_np, set_np, set_np_default_dtype, use_np, waitall
from . import image, random

__all__ = [
    "Device",
    "activation",
    "adaptive_avg_pooling",
    "adaptive_max_pooling",
    "add_n",
    "arange_like",
    "batch_dot",
    "batch_flatten",
    "batch_norm",
    "batch_norm_with_relu",
    "bipartite_matching",
    "box_decode",
    "box_encode",
    "box_iou",
    "box_nms",
    "broadcast_greater",
    "broadcast_like",
    "cast",
    "cond",
    "constraint_check",
    "contrib_calibrate_entropy",
    "contrib_quantize",
    "contrib_quantize_v2",
    "convolution",
    "cpu",
    "cpu_pinned",
    "ctc_loss",
    "current_device",
    "deconvolution",
    "deformable_convolution",
    "digamma",
    "dropout",
    "embedding",
    "erf",
    "erfinv",
    "focal_loss",
    "foreach",
    "from_dlpack",
    "from_numpy",
    "fully_connected",
    "gamma",
    "gammaln",
    "gather_nd",
    "gelu",
    "gelu_tanh",
    "get_cuda_compute_capability",
    "gpu",
    "gpu_memory_info",
    "group_norm",
    "hard_sigmoid",
    "hard_swish",
    "image",
    "index_add",
    "index_update",
    "instance_norm",
    "interleaved_matmul_encdec_qk",
    "interleaved_matmul_encdec_valatt",
    "interleaved_matmul_selfatt_qk",
    "interleaved_matmul_selfatt_valatt",
    "intgemm_fully_connected",
    "intgemm_maxabsolute",
    "intgemm_prepare_data",
    "intgemm_prepare_weight",
    "intgemm_take_weight",
    "is_np_array",
    "is_np_default_dtype",
    "is_np_shape",
    "l2_normalization",
    "layer_norm",
    "leaky_relu",
    "load",
    "log_sigmoid",
    "log_softmax",
    "masked_log_softmax",
    "masked_softmax",
    "mish",
    "modulated_deformable_convolution",
    "multibox_detection",
    "multibox_prior",
    "multibox_target",
    "nonzero",
    "norm",
    "num_gpus",
    "one_hot",
    "pad",
    "pick",
    "pooling",
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
    "random",
    "relu",
    "requantize",
    "reset_np",
    "reshape",
    "reshape_like",
    "rms_norm",
    "rnn",
    "roi_pooling",
    "rotary_embedding",
    "round_ste",
    "save",
    "savez",
    "scalar_poisson",
    "scaled_dot_product_attention",
    "scatter_nd",
    "seed",
    "sequence_last",
    "sequence_mask",
    "sequence_reverse",
    "set_np",
    "set_np_default_dtype",
    "shape_array",
    "sigmoid",
    "sign_ste",
    "silu",
    "sldwin_atten_context",
    "sldwin_atten_mask_like",
    "sldwin_atten_score",
    "slice",
    "slice_channel",
    "slice_like",
    "smooth_l1",
    "softmax",
    "softmax_cross_entropy",
    "softrelu",
    "softsign",
    "stop_gradient",
    "sync_batch_norm",
    "tensor_poisson",
    "to_dlpack_for_read",
    "to_dlpack_for_write",
    "topk",
    "use_np",
    "waitall",
    "while_loop",
]
