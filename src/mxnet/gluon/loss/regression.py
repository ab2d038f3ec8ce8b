"""Losses for labels that are numbers: distances, and counts."""

import math

from ... import numpy as np
from .base import Loss

__all__ = ["HuberLoss", "L1Loss", "L2Loss", "PoissonNLLLoss"]


class L2Loss(Loss):
    """½ (label - pred)².

    Examples
    --------
    >>> from mxnet import gluon, np
    >>> gluon.loss.L2Loss()(np.array([[1.0, 3.0]]), np.array([[0.0, 0.0]]))
    array([2.5])
    """

    def __init__(self, weight=1.0, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)

    def forward(self, pred, label, sample_weight=None):
        loss = np.square(self._alike(label, pred) - pred)
        return self.mean(self.weighted(loss * 0.5, sample_weight))


class L1Loss(Loss):
    """|label - pred|.

    Examples
    --------
    >>> from mxnet import gluon, np
    >>> gluon.loss.L1Loss()(np.array([[1.0, 3.0]]), np.array([[0.0, 0.0]]))
    array([2.])
    """

    def __init__(self, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)

    def forward(self, pred, label, sample_weight=None):
        return self.mean(self.weighted(np.abs(self._alike(label, pred) - pred), sample_weight))


class HuberLoss(Loss):
    """|d| - ρ/2 where |d| > ρ, and d² / 2ρ elsewhere, for d = label - pred.

    Parameters
    ----------
    rho : float
        Where the square becomes a straight line.

    Examples
    --------
    >>> from mxnet import gluon, np
    >>> gluon.loss.HuberLoss()(np.array([0.5, 3.0]), np.array([0.0, 0.0]))
    array([0.125, 2.5  ])
    """

    def __init__(self, rho=1, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        if not rho > 0:
            raise ValueError(f"HuberLoss: rho is a positive number, not {rho!r}")
        self._rho = rho

    def forward(self, pred, label, sample_weight=None):
        distance = np.abs(self._alike(label, pred) - pred)
        loss = np.where(distance > self._rho, distance - 0.5 * self._rho, np.square(distance) * (0.5 / self._rho))
        return self.mean(self.weighted(loss, sample_weight))


class PoissonNLLLoss(Loss):
    """exp(pred) - label · pred, the negative logarithm of a Poisson distribution's probability, less what the label alone decides.

    Parameters
    ----------
    from_logits : bool
        Whether the predictions are logarithms of rates; for rates it is pred - label · log(pred + epsilon).
    compute_full : bool
        Whether Stirling's approximation of what is left out is added: label log label - label + ½ log(2π label), where label > 1.

    Notes
    -----
    The call takes `epsilon`, 10⁻⁸, as fourth argument.

    Examples
    --------
    >>> from mxnet import gluon, np
    >>> gluon.loss.PoissonNLLLoss()(np.array([0.0, 1.0]), np.array([3.0, 0.0]))
    array([1.      , 2.718282])
    """

    def __init__(self, weight=None, from_logits=True, batch_axis=0, compute_full=False, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._from_logits = from_logits
        self._compute_full = compute_full

    def forward(self, pred, target, sample_weight=None, epsilon=1e-08):
        target = self._alike(target, pred, "target")
        loss = np.exp(pred) - target * pred if self._from_logits else pred - target * np.log(pred + epsilon)
        if self._compute_full:
            counts = np.maximum(target, 1)
            stirling = counts * np.log(counts) - counts + 0.5 * np.log(2 * math.pi * counts)
            loss = loss + np.where(target > 1, stirling, 0)
        return self.mean(self.weighted(loss, sample_weight))
