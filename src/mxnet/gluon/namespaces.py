"""`F`, the namespaces that MXNet 1 hands `hybrid_forward`."""

import re
from types import SimpleNamespace

from .. import numpy as np
from .. import numpy_extension as npx

__all__ = ["NAMESPACES", "Namespaces"]

# Operators that are called otherwise now; `broadcast_` and `elemwise_` before a name say nothing any more.
_RENAMED = {
    "BlockGrad": "npx.stop_gradient",
    "Concat": "np.concatenate",
    "Flatten": "npx.batch_flatten",
    "L2Normalization": "npx.l2_normalization",
    "LeakyReLU": "npx.leaky_relu",
    "SwapAxis": "np.swapaxes",
    "concat": "np.concatenate",
    "div": "np.divide",
    "flatten": "npx.batch_flatten",
    "identity": "np.copy",
    "lesser": "np.less",
    "lesser_equal": "np.less_equal",
    "mul": "np.multiply",
    "random": "np.random",
    "slice_axis": "np.take",
    "sub": "np.subtract",
}


class Namespaces(SimpleNamespace):
    """`F.np` and `F.npx`; of the operators that `F` itself has in MXNet 1 it says what they are called."""

    __name__ = "mxnet"

    def __getattr__(self, name):
        raise AttributeError(f"F has np and npx, and no {name!r} of its own{_hint(name)}")


def _hint(name):
    """What to write for an operator of MXNet 1: `FullyConnected` is `F.npx.fully_connected`, `broadcast_add` is `F.np.add`."""
    plain = re.sub("^(broadcast|elemwise)_", "", name)
    snake = re.sub("(?<=[a-z])(?=[A-Z])", "_", plain).lower()
    if plain in _RENAMED:
        return f"; write F.{_RENAMED[plain]}"
    for prefix, namespace in (("npx", npx), ("np", np)):
        if snake in namespace.__all__:
            return f"; write F.{prefix}.{snake}"
    return ""


NAMESPACES = Namespaces(np=np, npx=npx)
