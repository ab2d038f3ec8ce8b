"""Losses: blocks that compare predictions with labels, and give one number for each sample of a batch.

All but `CTCLoss`, `TripletLoss` and `CosineEmbeddingLoss` take the mean, over all axes but the one of the batch, of what their
formula says element by element. `weight` is a factor. `sample_weight`, an argument of every call, is multiplied in before the mean,
so its shape has to broadcast to that of the elements: (N, 1) for samples with several of them. Labels and weights may also be
lists, or arrays of NumPy and of other libraries.
"""

import math

import numpy

from .. import numpy as np
from .. import numpy_extension as npx
from .block import HybridBlock

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

_TINY = 1e-12  # what is added to probabilities before their logarithm is taken


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


def _binary_cross_entropy(logit, label):
    """-y log σ(p) - (1 - y) log(1 - σ(p)), without overflow."""
    return npx.relu(logit) - logit * label + npx.softrelu(-np.abs(logit))


class SigmoidBinaryCrossEntropyLoss(Loss):
    """-y log σ(p) - (1 - y) log(1 - σ(p)), computed as max(p, 0) - p y + log(1 + e^-|p|).

    Parameters
    ----------
    from_sigmoid : bool
        Whether the predictions are the probabilities σ(p); then 10⁻¹² is added to them before the logarithm is taken.

    Notes
    -----
    The call takes `pos_weight` as fourth argument, a factor of the first term, which broadcasts to the predictions.

    Examples
    --------
    >>> from mxnet import gluon, np
    >>> gluon.loss.SigmoidBCELoss()(np.array([[0.0], [100.0]]), np.array([[1.0], [0.0]]))
    array([  0.6931472, 100.       ])
    """

    def __init__(self, from_sigmoid=False, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._from_sigmoid = from_sigmoid

    def forward(self, pred, label, sample_weight=None, pos_weight=None):
        label = self._alike(label, pred)
        if self._from_sigmoid:
            positive = np.log(pred + _TINY) * label
            loss = -(positive if pos_weight is None else positive * pos_weight) - np.log(1 - pred + _TINY) * (1 - label)
        elif pos_weight is None:
            loss = _binary_cross_entropy(pred, label)
        else:
            # -log σ(p) = log(1 + e^-p), and 1 - σ(p) = e^-p σ(p)
            loss = pred * (1 - label) + (1 + label * (pos_weight - 1)) * (npx.softrelu(-np.abs(pred)) + npx.relu(-pred))
        return self.mean(self.weighted(loss, sample_weight))


SigmoidBCELoss = SigmoidBinaryCrossEntropyLoss


class SoftmaxCrossEntropyLoss(Loss):
    """-Σ q log softmax(pred) along the axis of classes, where q is the label's distribution: all at one class for sparse labels.

    Parameters
    ----------
    axis : int
        The axis of classes.
    sparse_label : bool
        Whether labels are classes, from 0 on, of the shape of the predictions without the axis. Otherwise they are distributions.
    from_logits : bool
        Whether the predictions are already logarithms of probabilities.

    Raises
    ------
    ValueError
        If a label is no class. Labels of weight 0, as those of padding, are not looked at.

    Examples
    --------
    >>> from mxnet import gluon, np
    >>> loss = gluon.loss.SoftmaxCELoss()
    >>> loss(np.array([[0.0, 0.0], [0.0, 100.0]]), np.array([1, 0]))
    array([  0.6931472, 100.       ])
    """

    def __init__(self, axis=-1, sparse_label=True, from_logits=False, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._axis = axis
        self._sparse_label = sparse_label
        self._from_logits = from_logits

    def forward(self, pred, label, sample_weight=None):
        axis = self._axis
        if sample_weight is not None:
            sample_weight = self._array(sample_weight, "sample_weight", pred.dtype)
        label = self._classes(label, pred, sample_weight) if self._sparse_label else self._alike(label, pred)
        if not self._from_logits:
            loss = npx.softmax_cross_entropy(pred, label, axis, self._sparse_label)
        elif self._sparse_label:
            loss = -npx.pick(pred, label, axis=axis)
        else:
            loss = -(pred * label).sum(axis=axis)
        if sample_weight is not None:
            loss = np.expand_dims(loss, axis)  # weights are of the shape that labels have with the axis of classes
        return self.mean(self.weighted(loss, sample_weight))

    def _classes(self, label, pred, sample_weight):
        """Labels that are classes: checked where `pick` would not, and 0 where their weight is."""
        label = self._array(label, "label")
        if sample_weight is not None:
            whole = label if label.ndim == pred.ndim else np.expand_dims(label, self._axis)
            lengths = zip(reversed(sample_weight.shape), reversed(whole.shape), strict=False)
            if sample_weight.ndim <= whole.ndim and all(weight in (1, length) for weight, length in lengths):
                label = np.where(sample_weight == 0, 0, whole).reshape(label.shape)
        if self._from_logits:
            seen, classes = numpy.asarray(label), pred.shape[self._axis]
            wrong = ~((seen >= 0) & (seen < classes))  # NaN, too
            if wrong.any():
                raise ValueError(f"{type(self).__name__}: a label is a class from 0 to {classes - 1}, not {seen[wrong][0]}")
        return label


SoftmaxCELoss = SoftmaxCrossEntropyLoss


class KLDivLoss(Loss):
    """label · (log label - pred), the Kullback–Leibler divergence where the predictions are logarithms of probabilities.

    The mean is over the classes as well; times their number it is the divergence.

    Parameters
    ----------
    from_logits : bool
        Whether the predictions are such logarithms; otherwise log-softmax is applied along `axis`.
    axis : int

    Examples
    --------
    >>> from mxnet import gluon, np
    >>> divergence = 2 * gluon.loss.KLDivLoss(from_logits=False)(np.array([[0.0, 0.0]]), np.array([[1.0, 0.0]]))
    >>> divergence                                     # log 2
    array([0.6931472])
    """

    def __init__(self, from_logits=True, axis=-1, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._from_logits = from_logits
        self._axis = axis

    def forward(self, pred, label, sample_weight=None):
        if not self._from_logits:
            pred = npx.log_softmax(pred, axis=self._axis)
        label = self._alike(label, pred)
        return self.mean(self.weighted(label * (np.log(label + _TINY) - pred), sample_weight))


class HingeLoss(Loss):
    """max(0, margin - pred · label), for labels 1 and -1.

    Examples
    --------
    >>> from mxnet import gluon, np
    >>> gluon.loss.HingeLoss()(np.array([0.5, 3.0]), np.array([1, 1]))
    array([0.5, 0. ])
    """

    def __init__(self, margin=1, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._margin = margin

    def forward(self, pred, label, sample_weight=None):
        loss = npx.relu(self._margin - pred * self._alike(label, pred))
        return self.mean(self.weighted(loss, sample_weight))


class SquaredHingeLoss(Loss):
    """max(0, margin - pred · label)², for labels 1 and -1.

    Examples
    --------
    >>> from mxnet import gluon, np
    >>> gluon.loss.SquaredHingeLoss()(np.array([0.5, 3.0]), np.array([1, 1]))
    array([0.25, 0.  ])
    """

    def __init__(self, margin=1, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._margin = margin

    def forward(self, pred, label, sample_weight=None):
        loss = np.square(npx.relu(self._margin - pred * self._alike(label, pred)))
        return self.mean(self.weighted(loss, sample_weight))


class LogisticLoss(Loss):
    """log(1 + e^(-pred · label)), for labels 1 and -1.

    Parameters
    ----------
    label_format : {'signed', 'binary'}
        Whether labels are 1 and -1, or 1 and 0.

    Examples
    --------
    >>> from mxnet import gluon, np
    >>> gluon.loss.LogisticLoss()(np.array([0.0, -100.0]), np.array([1, 1]))
    array([  0.6931472, 100.       ])
    """

    def __init__(self, weight=None, batch_axis=0, label_format="signed", **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        if label_format not in ("signed", "binary"):
            raise ValueError(f"LogisticLoss: label_format is 'signed' or 'binary', not {label_format!r}")
        self._label_format = label_format

    def forward(self, pred, label, sample_weight=None):
        label = self._alike(label, pred)
        if self._label_format == "signed":
            label = (label + 1) / 2
        loss = _binary_cross_entropy(pred, label)
        return self.mean(self.weighted(loss, sample_weight))


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
        cosine = product / np.maximum(norms, _TINY)
        label = self._alike(label, cosine)
        return self.weighted(np.where(label == 1, 1 - cosine, npx.relu(cosine - self._margin)), sample_weight)


class CTCLoss(Loss):
    """Minus the logarithm of the probability of a label under connectionist temporal classification; the last class is the blank.

    Parameters
    ----------
    layout : {'NTC', 'TNC'}
        The axes of the predictions, not normalised: samples N, times T, classes C.
    label_layout : {'NT', 'TN'}
        The axes of the labels, padded with -1.

    Notes
    -----
    The call is `loss(pred, label, pred_lengths=None, label_lengths=None, sample_weight=None)`.
    Graves, Fernández, Gomez and Schmidhuber, *Connectionist temporal classification*, ICML 2006.

    Examples
    --------
    >>> from mxnet import gluon, np
    >>> gluon.loss.CTCLoss()(np.zeros((1, 2, 3)), np.array([[0, -1]]))    # 3 of 9 paths read as 0
    array([1.0986123])
    """

    def __init__(self, layout="NTC", label_layout="NT", weight=None, **kwargs):
        if layout not in ("NTC", "TNC"):
            raise AssertionError(f"CTCLoss: layout is 'NTC' or 'TNC', not {layout!r}")
        if label_layout not in ("NT", "TN"):
            raise AssertionError(f"CTCLoss: label_layout is 'NT' or 'TN', not {label_layout!r}")
        super().__init__(weight, label_layout.index("N"), **kwargs)
        self._layout = layout
        self._label_layout = label_layout

    def forward(self, pred, label, pred_lengths=None, label_lengths=None, sample_weight=None):
        if self._layout == "NTC":
            pred = pred.swapaxes(0, 1)
        label = self._array(label, "label")
        if self._label_layout == "TN":
            label = label.swapaxes(0, 1)
        loss = npx.ctc_loss(
            pred,
            label,
            pred_lengths,
            label_lengths,
            use_data_lengths=pred_lengths is not None,
            use_label_lengths=label_lengths is not None,
            blank_label="last",
        )
        return self.weighted(loss, sample_weight)


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
        return self.mean(self.weighted(target * (np.log(target + _TINY) - logs), sample_weight))
