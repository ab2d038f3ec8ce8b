"""mxtape: MXNet 2's imperative front end, written anew.

    from mxnet import np, npx, autograd

An independent implementation, not affiliated with the Apache Software Foundation.
"""

import os

# An idle thread of OpenBLAS spins for 25 ms, on a processor that our kernels could use: 0.3 ms will do. It is heeded where `mxnet`
# is imported before NumPy.
os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "20")

from . import autograd, device, numpy, numpy_extension, random, util
from .base import MXNetError
from .device import Device, cpu, cpu_pinned, current_device, gpu, num_gpus
from .kernels.memory import keep_freed_memory
from .util import is_np_array, use_np, waitall

__version__ = "0.1.0.dev0"

keep_freed_memory()

np = numpy
npx = numpy_extension
Context = Device
current_context = current_device

__all__ = [
    "Context",
    "Device",
    "MXNetError",
    "autograd",
    "cpu",
    "cpu_pinned",
    "current_context",
    "current_device",
    "device",
    "gpu",
    "is_np_array",
    "np",
    "npx",
    "num_gpus",
    "numpy",
    "numpy_extension",
    "random",
    "use_np",
    "util",
    "waitall",
]
