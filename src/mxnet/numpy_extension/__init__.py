"""`mxnet.npx`: what neural networks need beyond NumPy, and the switches of NumPy mode."""

from ..device import Device, cpu, cpu_pinned, current_device, gpu, gpu_memory_info, num_gpus
from ..operators.files import load
from ..operators.files import npx_save as save
from ..operators.files import npx_savez as savez
from ..operators.nn.activations import activation, gelu, log_sigmoid, mish, relu, sigmoid, silu, softrelu, softsign
from ..operators.nn.attention import rotary_embedding, scaled_dot_product_attention
from ..operators.nn.boxes import bipartite_matching, box_decode, box_encode, box_iou, box_nms
from ..operators.nn.control import cond, constraint_check, foreach, while_loop
from ..operators.nn.embedding import embedding
from ..operators.nn.gathering import gather_nd, index_add, index_update, nonzero, scatter_nd
from ..operators.nn.interchange import from_numpy, get_cuda_compute_capability, to_dlpack_for_read, to_dlpack_for_write
from ..operators.nn.interleaved import (
    interleaved_matmul_encdec_qk,
    interleaved_matmul_encdec_valatt,
    interleaved_matmul_selfatt_qk,
    interleaved_matmul_selfatt_valatt,
)
from ..operators.nn.linear import batch_dot, batch_flatten, fully_connected
from ..operators.nn.multibox import multibox_detection, multibox_prior, multibox_target
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
from ..operators.nn.straight_through import round_ste, sign_ste
from ..operators.random import seed
from ..operators.reshape_codes import npx_reshape as reshape
from ..operators.shaping import stop_gradient
from ..operators.sorting import topk
from ..operators.standard import from_dlpack
from ..util import is_np_array, is_np_default_dtype, is_np_shape, reset_np, set_np, use_np, waitall
from . import random

__all__ = [
    "Device",
    "activation",
    "add_n",
    "arange_like",
    "batch_dot",
    "batch_flatten",
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
    "cpu",
    "cpu_pinned",
    "current_device",
    "embedding",
    "foreach",
    "from_dlpack",
    "from_numpy",
    "fully_connected",
    "gather_nd",
    "gelu",
    "get_cuda_compute_capability",
    "gpu",
    "gpu_memory_info",
    "index_add",
    "index_update",
    "interleaved_matmul_encdec_qk",
    "interleaved_matmul_encdec_valatt",
    "interleaved_matmul_selfatt_qk",
    "interleaved_matmul_selfatt_valatt",
    "is_np_array",
    "is_np_default_dtype",
    "is_np_shape",
    "load",
    "log_sigmoid",
    "log_softmax",
    "masked_log_softmax",
    "masked_softmax",
    "mish",
    "multibox_detection",
    "multibox_prior",
    "multibox_target",
    "nonzero",
    "norm",
    "num_gpus",
    "one_hot",
    "pad",
    "pick",
    "random",
    "relu",
    "reset_np",
    "reshape",
    "reshape_like",
    "rnn",
    "rotary_embedding",
    "round_ste",
    "save",
    "savez",
    "scaled_dot_product_attention",
    "scatter_nd",
    "seed",
    "sequence_last",
    "sequence_mask",
    "sequence_reverse",
    "set_np",
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
    "softmax",
    "softrelu",
    "softsign",
    "stop_gradient",
    "to_dlpack_for_read",
    "to_dlpack_for_write",
    "topk",
    "use_np",
    "waitall",
    "while_loop",
]
