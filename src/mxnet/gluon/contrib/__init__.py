"""`gluon.contrib`, where MXNet 1 had layers and cells that are in `gluon.nn` and `gluon.rnn` here."""

from . import nn, rnn

__all__ = ["nn", "rnn"]


def __getattr__(name):
    """Say what to write in place of what else MXNet had here."""
    hint = {
        "estimator": "; write the loop over batches with autograd.record() and gluon.Trainer",
        "data": "; gluon.data and gluon.data.vision have data sets and transforms",
        "cnn": "; gluon.nn has DeformableConvolution and ModulatedDeformableConvolution",
    }
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}{hint.get(name, '')}")
