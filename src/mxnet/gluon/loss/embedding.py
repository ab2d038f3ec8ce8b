"""Losses of vectors that are to be near each other, or far: triplets, pairs, and pairs within two batches."""

from ... import numpy as np
from ... import numpy_extension as npx
from .base import TINY, Loss

__all__ = ["CosineEmbeddingLoss", "SDMLLoss", "TripletLoss"]


class TripletLoss(Loss):
    """max(0, Σ ((pred - positive)² - (pred - negative)²) + margin); the sum is over all axes but that of the batch.

    Notes
    -----
    Schroff, Kalenichenko and Philbin, *FaceNet: a unified embedding for face recognition and clustering*, CVPR 2015.

    Examples
    --------
    >>> from mxnet import gluon, np
    >>> a, b = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    >>> gluon.loss.TripletLoss()(a, a, b), gluon.loss.TripletLoss()(a, b, a)
    (array([0.]), array([3.]))
    """

    def __init__(self, margin=1, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._margin = margin

    def forward(self, pred, positive, negative, sample_weight=None):
        positive, negative = self._alike(positive, pred, "positive"), self._alike(negative, pred, "negative")
        loss = (np.square(positive - pred) - np.square(negative - pred)).sum(axis=self._axes_of_a_sample(pred))
        return self.weighted(npx.relu(loss + self._margin), sample_weight)


class CosineEmbeddingLoss(Loss):
    """1 - cos(a, b) for pairs labelled 1, and max(0, cos(a, b) - margin) for those labelled -1; vectors lie along the last axis.

    Parameters
    ----------
    margin : float
        From -1 to 1.

    Examples
    --------
    >>> from mxnet import gluon, np
    >>> a, b = np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    >>> gluon.loss.CosineEmbeddingLoss()(a, b, np.array([1, -1]))
    array([1., 1.])
    """

    def __init__(self, weight=None, batch_axis=0, margin=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._margin = margin

    def forward(self, input1, input2, label, sample_weight=None):
        input2 = self._array(input2, "input2")
        input1 = self._alike(input1, input2, "input1")
        product = (input1 * input2).sum(axis=-1)
        norms = np.sqrt(np.square(input1).sum(axis=-1) * np.square(input2).sum(axis=-1))
        cosine = product / np.maximum(norms, TINY)
        label = self._alike(label, cosine)
        return self.weighted(np.where(label == 1, 1 - cosine, npx.relu(cosine - self._margin)), sample_weight)


class SDMLLoss(Loss):
    """The cross-entropy of finding, by distance, the partner of every sample of one batch in another batch, with smoothed labels.

    Row i of the first input belongs to row i of the second. With D the squared distances between rows, it is the Kullback–Leibler
    divergence of softmax(-D) from the distribution that has 1 - smoothing at the partner and the rest evenly elsewhere, divided by
    the number of samples.

    Parameters
    ----------
    smoothing_parameter : float
        From 0 to 1.

    Notes
    -----
    Bonadiman, Kumar and Mittal, *Large scale question paraphrase retrieval with smoothed deep metric learning*, 2019.

    Examples
    --------
    >>> from mxnet import gluon, np
    >>> loss = gluon.loss.SDMLLoss(smoothing_parameter=0.25)
    >>> loss(np.array([[0.0], [1.0]]), np.array([[0.0], [1.0]]))
    array([0.00046325, 0.00046325])
    """

    def __init__(self, smoothing_parameter=0.3, weight=1.0, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        if not 0 <= smoothing_parameter <= 1:
            raise ValueError(f"SDMLLoss: smoothing_parameter is from 0 to 1, not {smoothing_parameter!r}")
        self._smoothing = smoothing_parameter

    def forward(self, x1, x2, sample_weight=None):
        x2 = self._array(x2, "x2")
        x1 = self._alike(x1, x2, "x1")
        batch = len(x1)
        if batch < 2:
            raise ValueError(f"SDMLLoss: compares the samples of a batch with each other, so it takes at least 2, not {batch}")
        distances = np.square(np.expand_dims(x1, 1) - np.expand_dims(x2, 0)).sum(axis=2)
        others = self._smoothing / (batch - 1)
        target = np.eye(batch, dtype=x1.dtype) * (1 - self._smoothing - others) + others
        logs = npx.log_softmax(-distances, axis=1)
        return self.mean(self.weighted(target * (np.log(target + TINY) - logs), sample_weight))
