"""Shapes of parameters that follow from operators, as in MXNet 1: for `hybrid_forward` of blocks that do not define `infer_shape`.

In the first forward pass, parameters of unknown shape are placeholders. The functions of `F` that know what shapes they need tell
them, which gives the parameters their values; from then on placeholders are as good as their arrays.
"""

import inspect
from functools import partial
from types import ModuleType

from numpy.lib.mixins import NDArrayOperatorsMixin

from .. import numpy as np
from .. import numpy_extension as npx
from .graph_operators import PARAMETERS
from .namespaces import Namespaces

__all__ = ["SETTLING", "value_of"]


class Placeholder(NDArrayOperatorsMixin):
    """A parameter that has no array yet."""

    def __init__(self, parameter):
        self.parameter = parameter

    def settle(self, shape):
        """Take what an operator says of the shape."""
        if not self.parameter._is_known():
            self.parameter.shape = shape
        if self.parameter._is_known():
            self.parameter._finish_deferred_init()

    def array(self, wanted_by):
        """The array, once the shape is known."""
        if self.parameter._deferred is not None:
            raise RuntimeError(
                f"{self!r}: its shape does not follow from {wanted_by}. It follows from functions of F alone, where it is a factor "
                f"in F.np.dot or F.np.matmul, or a parameter of F.npx.{', F.npx.'.join(_OPERATORS)}; else give its sizes, or "
                "define infer_shape(self, x), which sets self.….shape"
            )
        return self.parameter.data()

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        return getattr(ufunc, method)(*_arrays(inputs, ufunc.__name__), **options)

    def __getattr__(self, name):
        return getattr(self.array(f"its attribute {name}"), name)

    def __getitem__(self, key):
        return self.array("its elements")[key]

    def __repr__(self):
        return f"{self.parameter._called()} of shape {self.parameter.shape}"


def value_of(parameter):
    """What the first forward pass gets for a parameter."""
    return parameter.data() if parameter._deferred is None else Placeholder(parameter)


# By functions of `npx`: what the shapes of their parameters follow from.
_OPERATORS = {
    "fully_connected": "FullyConnected",
    "convolution": "Convolution",
    "deconvolution": "Deconvolution",
    "embedding": "Embedding",
    "batch_norm": "BatchNorm",
    "layer_norm": "LayerNorm",
    "group_norm": "GroupNorm",
    "instance_norm": "InstanceNorm",
}


def _settle_parameters(operator, arguments):
    """The parameters of a layer come after its input, and are followed by attributes."""
    x, *rest = arguments.values()
    placeholders = [value for value in rest if isinstance(value, Placeholder)]
    if placeholders:
        attributes = {name: value for name, value in arguments.items() if value is not None}
        shapes = PARAMETERS[operator](x.shape, **attributes)
        for value, shape in zip(rest, shapes, strict=False):
            if isinstance(value, Placeholder):
                value.settle(shape)


def _settle_factors(a, b):
    """The last axis of a is as long as the last but one of b, or as its only one."""
    for factor, other in ((a, b), (b, a)):
        if isinstance(factor, Placeholder) and factor.parameter.shape and not isinstance(other, Placeholder):
            shape = list(factor.parameter.shape)
            if factor is a:
                shape[-1] = other.shape[max(other.ndim - 2, 0)]
            else:
                shape[max(len(shape) - 2, 0)] = other.shape[-1]
            factor.settle(shape)


class _Settling:
    """A namespace whose functions take placeholders."""

    def __init__(self, namespace):
        self._namespace = namespace

    def __getattr__(self, name):
        found = getattr(self._namespace, name)
        if isinstance(found, ModuleType):
            return _Settling(found)
        return partial(_call, found) if callable(found) and not isinstance(found, type) else found


def _call(function, *args, **kwargs):
    name = function.__name__
    if function in (np.dot, np.matmul):
        arguments = inspect.signature(function).bind(*args, **kwargs).arguments
        _settle_factors(arguments["a"], arguments["b"])
    elif name in _OPERATORS:
        bound = inspect.signature(function).bind(*args, **kwargs)
        bound.apply_defaults()
        _settle_parameters(_OPERATORS[name], bound.arguments)
    return function(*_arrays(args, name), **dict(zip(kwargs, _arrays(kwargs.values(), name), strict=True)))


def _arrays(values, wanted_by):
    """Arguments with arrays in place of placeholders."""
    return [
        value.array(wanted_by)
        if isinstance(value, Placeholder)
        else type(value)(_arrays(value, wanted_by))
        if type(value) in (list, tuple)
        else value
        for value in values
    ]


SETTLING = Namespaces(np=_Settling(np), npx=_Settling(npx))
