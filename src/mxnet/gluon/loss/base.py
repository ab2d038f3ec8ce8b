"""`Loss`: what losses have in common."""

import numpy

from ... import numpy as np
from ..block import HybridBlock

__all__ = ["TINY", "Loss"]

TINY = 1e-12  # what is added to probabilities before their logarithm is taken


class Loss(HybridBlock):
    """What losses have in common; a loss of one's own says in `forward(self, pred, label, sample_weight=None)` what it computes.

    Parameters
    ----------
    weight : float or None
        A factor of the loss.
    batch_axis : int
        The axis that counts the samples.

    Examples
    --------
    >>> from mxnet import gluon, np
    >>> class Quartic(gluon.loss.Loss):
    ...     def forward(self, pred, label, sample_weight=None):
    ...         return self.mean(self.weighted((pred - label) ** 4, sample_weight))
    >>> Quartic(weight=2.0, batch_axis=0)(np.array([[1.0], [2.0]]), np.array([[0.0], [0.0]]))
    array([ 2., 32.])
    """

    def __init__(self, weight, batch_axis, **kwargs):
        super().__init__(**kwargs)
        if weight is not None and not isinstance(weight, int | float):
            raise TypeError(
                f"{type(self).__name__}: weight is a number, not {type(weight).__name__}; weights of samples go into the call"
            )
        self._weight = weight
        self._batch_axis = batch_axis

    def __repr__(self):
        return f"{type(self).__name__}(batch_axis={self._batch_axis}, w={self._weight})"

    def weighted(self, loss, sample_weight):
        """The loss times the weights of samples and the factor `weight`."""
        if sample_weight is not None:
            try:
                loss = loss * self._array(sample_weight, "sample_weight", loss.dtype)
            except ValueError as error:
                error.add_note(f"sample_weight has to broadcast to {loss.shape}: one weight a sample is of shape (N, 1, …)")
                raise
        return loss if self._weight is None else loss * self._weight

    def mean(self, loss):
        """The mean over all axes but that of the batch."""
        axes = self._axes_of_a_sample(loss)
        return loss.mean(axis=axes) if axes else loss

    def _axes_of_a_sample(self, loss):
        batch = self._batch_axis % max(loss.ndim, 1)
        return tuple(axis for axis in range(loss.ndim) if axis != batch)

    def _array(self, value, name, dtype=None):
        """An argument of the call as an array; of `dtype`, if that is one of floats, where it was another thing before."""
        if isinstance(value, np.ndarray):
            return value
        raw = numpy.asarray(value)
        if raw.dtype.kind not in "biuf":
            given = f"{type(value).__name__}: {value!r:.60}"
            raise TypeError(f"{type(self).__name__}: {name} is an array, or a list of numbers, not {given}")
        return np.array(raw, dtype=raw.dtype if dtype is None or dtype.kind != "f" else dtype)

    def _alike(self, label, pred, name="label"):
        """The label in the shape of the prediction."""
        label = self._array(label, name, pred.dtype)
        if label.size != pred.size:
            raise ValueError(f"{type(self).__name__}: {name} has as many elements as pred, {pred.shape}, and not {label.shape}")
        return label if label.shape == pred.shape else label.reshape(pred.shape)
