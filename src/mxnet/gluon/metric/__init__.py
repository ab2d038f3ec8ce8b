"""Metrics: figures that tell how good predictions are, averaged over the batches they come in.

They compute on the numbers alone, in float64 where sums are taken, and never record.
"""

from .base import EvalMetric, alias, check_label_shapes, register
from .classification import Accuracy, BinaryAccuracy, TopKAccuracy, predict_with_threshold
from .composite import CompositeEvalMetric, CustomMetric, create, np
from .confusion import F1, MCC, PCC, Fbeta
from .likelihood import CrossEntropy, Loss, NegativeLogLikelihood, Perplexity, Torch
from .regression import MAE, MSE, RMSE, MeanCosineSimilarity, MeanPairwiseDistance, PearsonCorrelation

__all__ = [
    "F1",
    "MAE",
    "MCC",
    "MSE",
    "PCC",
    "RMSE",
    "Accuracy",
    "BinaryAccuracy",
    "CompositeEvalMetric",
    "CrossEntropy",
    "CustomMetric",
    "EvalMetric",
    "Fbeta",
    "Loss",
    "MeanCosineSimilarity",
    "MeanPairwiseDistance",
    "NegativeLogLikelihood",
    "PearsonCorrelation",
    "Perplexity",
    "TopKAccuracy",
    "Torch",
    "alias",
    "check_label_shapes",
    "create",
    "np",
    "predict_with_threshold",
    "register",
]
