"""Gluon: layers, networks, losses, metrics, data and training, written against `np`, `npx` and `autograd`."""

import importlib

from . import contrib, data, loss, metric, nn, parameter, rnn, utils
from .block import Block, HybridBlock
from .parameter import Constant, DeferredInitializationError, Parameter
from .parameter_dict import ParameterDict
from .symbol_block import SymbolBlock
from .trainer import Trainer

__all__ = [
    "Block",
    "Constant",
    "DeferredInitializationError",
    "HybridBlock",
    "Parameter",
    "ParameterDict",
    "SymbolBlock",
    "Trainer",
    "contrib",
    "data",
    "loss",
    "metric",
    "model_zoo",
    "nn",
    "rnn",
    "utils",
]

parameter.ParameterDict = ParameterDict  # type: ignore[attr-defined]  # MXNet 1 has it there, too


def __getattr__(name):
    """Import what few programs use when it is asked for."""
    if name == "model_zoo":
        return importlib.import_module(f"{__name__}.model_zoo")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
