"""Losses: blocks that compare predictions with labels, and give one number for each sample of a batch.

All but `CTCLoss`, `TripletLoss` and `CosineEmbeddingLoss` take the mean, over all axes but the one of the batch, of what their
formula says element by element. `weight` is a factor. `sample_weight`, an argument of every call, is multiplied in before the mean,
so its shape has to broadcast to that of the elements: (N, 1) for samples with several of them. Labels and weights may also be
lists, or arrays of NumPy and of other libraries.
"""

from .base import Loss
from .classification import (
    CTCLoss,
    HingeLoss,
    KLDivLoss,
    LogisticLoss,
    SigmoidBCELoss,
    SigmoidBinaryCrossEntropyLoss,
    SoftmaxCELoss,
    SoftmaxCrossEntropyLoss,
    SquaredHingeLoss,
)
from .embedding import CosineEmbeddingLoss, SDMLLoss, TripletLoss
from .regression import HuberLoss, L1Loss, L2Loss, PoissonNLLLoss

__all__ = [
    "CTCLoss",
    "CosineEmbeddingLoss",
    "HingeLoss",
    "HuberLoss",
    "KLDivLoss",
    "L1Loss",
    "L2Loss",
    "LogisticLoss",
    "Loss",
    "PoissonNLLLoss",
    "SDMLLoss",
    "SigmoidBCELoss",
    "SigmoidBinaryCrossEntropyLoss",
    "SoftmaxCELoss",
    "SoftmaxCrossEntropyLoss",
    "SquaredHingeLoss",
    "TripletLoss",
]
