"""Layers of `gluon.contrib.nn`, under their names of MXNet 1."""

from ..nn import Concatenate, Embedding, HybridConcatenate, Identity, PixelShuffle1D, PixelShuffle2D, PixelShuffle3D, SyncBatchNorm

__all__ = [
    "Concurrent",
    "HybridConcurrent",
    "Identity",
    "PixelShuffle1D",
    "PixelShuffle2D",
    "PixelShuffle3D",
    "SparseEmbedding",
    "SyncBatchNorm",
]

Concurrent = Concatenate
HybridConcurrent = HybridConcatenate
SparseEmbedding = Embedding  # gradients are dense
