"""mxtape: MXNet 2's imperative front end, written anew.

    from mxnet import np, npx, autograd

An independent implementation, not affiliated with the Apache Software Foundation.
"""

import importlib
import os
import sys

# An idle thread of OpenBLAS spins for 25 ms, on a processor that our kernels could use: 0.3 ms will do.
os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "20")

from . import (
    autograd,
    callback,
    context,
    device,
    engine,
    error,
    gluon,
    image,
    initializer,
    io,
    kvstore,
    libinfo,
    log,
    lr_scheduler,
    model,
    numpy,
    numpy_extension,
    optimizer,
    random,
    recordio,
    registry,
    runtime,
    util,
)
from .base import MXNetError
from .device import Device, cpu, cpu_pinned, current_device, gpu, num_gpus
from .gluon import metric
from .kernels.blas import heed_timeout
from .kernels.memory import keep_freed_memory
from .libinfo import __version__ as __version__
from .util import (
    is_np_array,
    is_np_default_dtype,
    is_np_shape,
    np_array,
    np_default_dtype,
    np_shape,
    set_np_shape,
    use_np,
    use_np_array,
    use_np_default_dtype,
    use_np_shape,
    waitall,
)

keep_freed_memory()
heed_timeout()

np = numpy
npx = numpy_extension
init = initializer
img = image
kv = kvstore
rnd = random
sys.modules[f"{__name__}.metric"] = metric  # `from mxnet.metric import Accuracy` of MXNet 1
Context = Device
current_context = current_device

_GONE = {
    "nd": "its legacy arrays are not here; write mx.np and mx.npx, whose arrays Gluon takes",
    "sym": "its symbols are not here; networks are gluon.HybridBlock, and gluon.SymbolBlock.imports reads exported ones",
    "mod": "its Module is not here; train with gluon.Trainer",
    "mon": "its Monitor is not here; register_op_hook of a block calls a function for what each layer computes",
    "rnn": "its symbolic cells are not here; write gluon.rnn",
    "operator": "its CustomOp is not here; write an autograd.Function, with forward and backward",
    "contrib": "its operators are in mx.np and mx.npx, its layers in gluon.nn and gluon.rnn",
    "amp": "arrays and parameters of float16 are, net.cast('float16'), and optimizers with multi_precision=True",
}
_GONE |= {"ndarray": _GONE["nd"], "symbol": _GONE["sym"], "module": _GONE["mod"], "monitor": _GONE["mon"]}


class _Gone:
    """The last to be asked for a module: `from mxnet import nd` says what to write instead, too."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        package, _, module = name.rpartition(".")
        if package == __name__ and module in _GONE:
            raise ImportError(f"mxnet has no {module!r}: {_GONE[module]}", name=name)


sys.meta_path.append(_Gone)


# What few programs use is imported when it is asked for: `import mxnet` is to be quick.
_LATER = {name: name for name in ("profiler", "test_utils", "visualization")} | {"viz": "visualization"}


def __getattr__(name):
    """Import what comes later; say what to write in place of what MXNet 1 had."""
    if name in _LATER:
        return importlib.import_module(f"{__name__}.{_LATER[name]}")
    raise AttributeError(f"module 'mxnet' has no attribute {name!r}" + (f": {_GONE[name]}" if name in _GONE else ""))


__all__ = [
    "Context",
    "Device",
    "MXNetError",
    "autograd",
    "callback",
    "context",
    "cpu",
    "cpu_pinned",
    "current_context",
    "current_device",
    "device",
    "engine",
    "error",
    "gluon",
    "gpu",
    "image",
    "img",
    "init",
    "initializer",
    "io",
    "is_np_array",
    "is_np_default_dtype",
    "is_np_shape",
    "kv",
    "kvstore",
    "libinfo",
    "log",
    "lr_scheduler",
    "metric",
    "model",
    "np",
    "np_array",
    "np_default_dtype",
    "np_shape",
    "npx",
    "num_gpus",
    "numpy",
    "numpy_extension",
    "optimizer",
    "profiler",
    "random",
    "recordio",
    "registry",
    "rnd",
    "runtime",
    "set_np_shape",
    "test_utils",
    "use_np",
    "use_np_array",
    "use_np_default_dtype",
    "use_np_shape",
    "util",
    "visualization",
    "viz",
    "waitall",
]
