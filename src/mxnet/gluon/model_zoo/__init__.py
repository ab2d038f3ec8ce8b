"""`mxnet.gluon.model_zoo`: well-known networks, ready to be trained or to take weights from a file."""

from . import model_store, vision

__all__ = ["model_store", "vision"]
