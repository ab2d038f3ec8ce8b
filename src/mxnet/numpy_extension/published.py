"""Which public functions there are, and what each is called: for tools that look at calls from outside."""

import sys
from types import FunctionType

from .. import autograd, numpy, numpy_extension
from ..array import ndarray
from ..core.operator import Operator
from . import image, random

__all__ = ["operators"]

_NAMESPACES = (
    ("", numpy),
    ("random.", numpy.random),
    ("linalg.", numpy.linalg),
    ("fft.", numpy.fft),
    ("", numpy_extension),
    ("image.", image),
    ("random.", random),
)
_TABLE = "mxnet.operators."


def operators():
    """Function to name: what is public in `np` and `npx` as it is called there, what serves it by the name of its operator."""
    names = {}
    for prefix, namespace in _NAMESPACES:
        for listed in namespace.__all__:
            function = getattr(namespace, listed)
            if type(function) is FunctionType and function.__module__.startswith(_TABLE) and function not in names:
                own = function.__name__  # of `amax` and `max`, which are one function, the name in its definition
                name = prefix + (own if getattr(namespace, own, None) is function else listed)
                names[function] = f"npx.{name}" if name in names.values() else name
    for module in [module for name, module in sys.modules.items() if name.startswith(_TABLE)]:
        for function in vars(module).values():
            if type(function) is FunctionType and isinstance(getattr(function, "operator", None), Operator):
                names.setdefault(function, function.operator.name)
    methods = {function.method: name for function, name in names.items() if hasattr(function, "method")}
    walks = {autograd.backward: "autograd.backward", autograd.grad: "autograd.grad"}
    return {**names, **methods, **walks, ndarray.__getitem__: "getitem", ndarray.__setitem__: "setitem"}
