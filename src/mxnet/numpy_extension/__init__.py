"""`mxnet.npx`: what neural networks need beyond NumPy, and the switches of NumPy mode."""

from ..device import Device, cpu, cpu_pinned, current_device, gpu, gpu_memory_info, num_gpus
from ..operators.files import load
from ..operators.files import npx_save as save
from ..operators.files import npx_savez as savez
from ..operators.nn.activations import activation, gelu, log_sigmoid, mish, relu, sigmoid, silu, softrelu, softsign
from ..operators.nn.selection import one_hot, pick
from ..operators.nn.softmax import log_softmax, masked_log_softmax, masked_softmax, softmax
from ..operators.random import seed
from ..operators.shaping import npx_reshape as reshape
from ..operators.shaping import stop_gradient
from ..operators.sorting import topk
from ..operators.standard import from_dlpack
from ..util import is_np_array, is_np_default_dtype, is_np_shape, reset_np, set_np, use_np, waitall
from . import random

__all__ = [
    "Device",
    "activation",
    "cpu",
    "cpu_pinned",
    "current_device",
    "from_dlpack",
    "gelu",
    "gpu",
    "gpu_memory_info",
    "is_np_array",
    "is_np_default_dtype",
    "is_np_shape",
    "load",
    "log_sigmoid",
    "log_softmax",
    "masked_log_softmax",
    "masked_softmax",
    "mish",
    "num_gpus",
    "one_hot",
    "pick",
    "random",
    "relu",
    "reset_np",
    "reshape",
    "save",
    "savez",
    "seed",
    "set_np",
    "sigmoid",
    "silu",
    "softmax",
    "softrelu",
    "softsign",
    "stop_gradient",
    "topk",
    "use_np",
    "waitall",
]
