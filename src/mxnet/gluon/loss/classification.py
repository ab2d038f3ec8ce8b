"""Losses for labels that are classes, or probabilities of them, and sequences of classes."""

import numpy

from ... import numpy as np
from ... import numpy_extension as npx
from .base import TINY, Loss

__all__ = [
    "CTCLoss",
    "HingeLoss",
    "KLDivLoss",
    "LogisticLoss",
    "SigmoidBCELoss",
    "SigmoidBinaryCrossEntropyLoss",
    "SoftmaxCELoss",
    "SoftmaxCrossEntropyLoss",
    "SquaredHingeLoss",
]


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
        if pos_weight is not None:
            pos_weight = self._array(pos_weight, "pos_weight", pred.dtype)
        if self._from_sigmoid:
            positive = np.log(pred + TINY) * label
            loss = -(positive if pos_weight is None else positive * pos_weight) - np.log(1 - pred + TINY) * (1 - label)
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
        return self.mean(self.weighted(label * (np.log(label + TINY) - pred), sample_weight))


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
