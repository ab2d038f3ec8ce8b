"""Metrics of how classes are taken for each other, counted over everything seen."""

from math import nan, sqrt

import numpy

from ... import numpy as np
from .base import PooledMetric, misfit, register
from .classification import chosen_classes, predict_with_threshold, whole_numbers

__all__ = ["F1", "MCC", "PCC", "Fbeta"]


def _outcomes(truth, hit):
    """TP, FP, FN and TN, as rows with a column for each class, from booleans in shape (samples, classes)."""
    right = (truth & hit).sum(0)
    wrong, missed = hit.sum(0) - right, truth.sum(0) - right
    return numpy.stack([right, wrong, missed, len(truth) - right - wrong - missed])


def _binary(owner, label, pred, threshold):
    pred = pred[:, None] if pred.ndim == 1 else pred
    if pred.ndim > 2 or pred.shape[1] not in (1, 2):
        raise misfit(owner, label, pred, "binary ones have the shape (samples,), (samples, 1) or (samples, 2)")
    if label.size != len(pred):
        raise misfit(owner, label, pred, "there is one label for each sample")
    return _outcomes(_positive(owner, label.reshape(-1, 1)), predict_with_threshold(pred[:, -1:], threshold))


def _multilabel(owner, label, pred, threshold):
    if label.shape != pred.shape:
        raise misfit(owner, label, pred, "with class_type='multilabel' both have the shape (samples, classes)")
    label, pred = numpy.atleast_2d(label, pred)
    classes = label.shape[-1]
    return _outcomes(_positive(owner, label).reshape(-1, classes), predict_with_threshold(pred, threshold).reshape(-1, classes))


def _positive(owner, label):
    label = whole_numbers(label)
    if (label > 1).any():
        raise ValueError(f"{owner}.update: labels are 0 and 1 here, and there is a {label.max():g}; see class_type, and PCC")
    return label == 1


def _multiclass(owner, label, pred, threshold):
    classes = pred.shape[-1]
    if pred.ndim < 2 or label.size * classes != pred.size:
        raise misfit(owner, label, pred, "with class_type='multiclass' these have one more axis, with a score for each class")
    label = _class_indices(owner, label, classes)
    chosen = pred.reshape(-1, classes).argmax(1)
    right = numpy.bincount(label[label == chosen], minlength=classes)
    wrong = numpy.bincount(chosen, minlength=classes) - right
    missed = numpy.bincount(label, minlength=classes) - right
    return numpy.stack([right, wrong, missed, label.size - right - wrong - missed])


def _class_indices(owner, numbers, classes=numpy.inf):
    """Class numbers as a row of integers, which are checked."""
    numbers = whole_numbers(numbers).reshape(-1)
    strange = ~((numbers >= 0) & (numbers < classes))
    if strange.any():
        until = f" below {classes}, as the predictions have {classes} classes" if numpy.isfinite(classes) else ""
        raise ValueError(f"{owner}.update: class numbers are from 0 on{until}, and there is a {numbers[strange][0]:g}")
    return numbers.astype(numpy.intp)


_COUNTED = {"binary": _binary, "multiclass": _multiclass, "multilabel": _multilabel}


@register
class F1(PooledMetric):
    """The harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN), over all updates.

    Parameters
    ----------
    name, output_names, label_names : optional
        As in `EvalMetric`.
    class_type : {'binary', 'multiclass', 'multilabel'}
        'binary': labels 0 and 1, and probabilities of 1, in shape (samples,) or (samples, 1), or of both, (samples, 2).
        'multiclass': class numbers, and scores in shape (…, classes), the best of which is taken.
        'multilabel': labels 0 and 1, and probabilities of 1, for each of several classes, both in shape (samples, classes).
    threshold : float or array_like
        The probability above which 1 is predicted; an array has one for each class.
    average : {'micro', 'macro', None}
        'micro': the value of the counts of all classes together. 'macro': the mean of the values of the classes. None: the values
        of the classes, an ndarray of float64. (Unlike MXNet 1, whose 'macro' was the mean of the values of the batches.)

    Raises
    ------
    ValueError
        If one of these is unknown.

    Notes
    -----
    A class that is neither there nor predicted has the value 0. `num_inst` counts samples.

    References
    ----------
    C. J. van Rijsbergen, *Information Retrieval*, 2nd ed., 1979.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> f1 = metric.F1()
    >>> f1.update(np.array([1, 1, 0]), np.array([0.9, 0.2, 0.6]))
    >>> f1.get()
    ('f1', 0.5)
    """

    beta = 1

    def __init__(self, name="f1", output_names=None, label_names=None, class_type="binary", threshold=0.5, average="micro"):
        if class_type not in _COUNTED:
            raise ValueError(f"{type(self).__name__}: class_type is one of {', '.join(map(repr, _COUNTED))}, not {class_type!r}")
        if average not in ("micro", "macro", None):
            raise ValueError(f"{type(self).__name__}: average is 'micro', 'macro' or None, not {average!r}")
        super().__init__(name, output_names, label_names, class_type=class_type, threshold=threshold, average=average)
        self.class_type = class_type
        self.threshold = threshold
        self.average = average

    def _count(self, label, pred):
        counts = _COUNTED[self.class_type](type(self).__name__, label, pred, self.threshold)
        return counts, label.size if self.class_type != "multilabel" else label.size // max(1, label.shape[-1])

    def _joined(self, counts, new):
        if counts.shape != new.shape:
            raise ValueError(f"{type(self).__name__}.update: {new.shape[1]} classes, after predictions of {counts.shape[1]}")
        return counts + new

    def _value(self):
        right, wrong, missed, _ = self._counts.sum(1) if self.average == "micro" else self._counts
        right = (1 + self.beta**2) * right
        total = right + self.beta**2 * missed + wrong
        values = numpy.divide(right, total, out=numpy.zeros(total.shape), where=total > 0)
        return np.array(values, dtype="float64") if self.average is None else values.mean().item()


@register
class Fbeta(F1):
    """A mean of precision and recall where recall weighs β times as much, over all updates.

    (1 + β²) TP / ((1 + β²) TP + β² FN + FP).

    Parameters
    ----------
    name, output_names, label_names : optional
        As in `EvalMetric`.
    class_type : {'binary', 'multiclass', 'multilabel'}
        As in `F1`.
    beta : float
        Not negative: 0 gives precision, 1 gives `F1`.
    threshold, average : optional
        As in `F1`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> fbeta = metric.Fbeta(beta=2)
    >>> fbeta.update(np.array([1, 1, 0]), np.array([0.9, 0.8, 0.6]))
    >>> fbeta.get()
    ('fbeta', 0.9090909090909091)
    """

    def __init__(
        self, name="fbeta", output_names=None, label_names=None, class_type="binary", beta=1, threshold=0.5, average="micro"
    ):
        if beta < 0:
            raise ValueError(f"Fbeta: beta is not negative, as {beta!r} is")
        super().__init__(name, output_names, label_names, class_type, threshold, average)
        self.beta = self._kwargs["beta"] = beta


@register
class MCC(PooledMetric):
    """The correlation of labels and predictions of two classes, after Matthews, over all updates.

    (TP TN - FP FN) / √((TP + FP) (TP + FN) (TN + FP) (TN + FN)), which is 1 where all is right, -1 where all is wrong, about 0 for
    guessing, also where one class is rare, and 0 where only one class is there or predicted.

    Parameters
    ----------
    name, output_names, label_names : optional
        As in `EvalMetric`.

    Notes
    -----
    Labels are 0 and 1; predictions are probabilities of 1, in shape (samples,) or (samples, 1), or of both, (samples, 2), compared
    with 0.5. For more classes there is `PCC`.

    References
    ----------
    B. W. Matthews, *Comparison of the predicted and observed secondary structure of T4 phage lysozyme*, 1975.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> mcc = metric.MCC()
    >>> mcc.update(np.array([1, 1, 0, 0]), np.array([0.9, 0.2, 0.1, 0.3]))
    >>> mcc.get()
    ('mcc', 0.5773502691896258)
    """

    def __init__(self, name="mcc", output_names=None, label_names=None):
        super().__init__(name, output_names, label_names)

    def _count(self, label, pred):
        return _binary("MCC", label, pred, 0.5), label.size

    def _value(self):
        tp, fp, fn, tn = self._counts[:, 0].tolist()  # Python's integers have no largest one
        squared = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
        return (tp * tn - fp * fn) / sqrt(squared) if squared else 0.0


@register
class PCC(PooledMetric):
    """The correlation of labels and predictions of any number of classes, over all updates: for two of them it is `MCC`.

    With s samples, of which c are predicted rightly, t_k belong to class k and p_k are taken for it, it is
    (s c - Σ t_k p_k) / √((s² - Σ t_k²) (s² - Σ p_k²)), and NaN where only one class is there, or only one predicted.

    Parameters
    ----------
    name, output_names, label_names : optional
        As in `EvalMetric`.

    Notes
    -----
    Labels are class numbers; predictions are scores in shape (samples, classes), or class numbers where they have the shape of the
    labels. There may be new classes in every update. `num_inst` counts pairs of arrays.

    References
    ----------
    J. Gorodkin, *Comparing two K-category assignments by a K-category correlation coefficient*, 2004.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> pcc = metric.PCC()
    >>> pcc.update(np.array([0, 1, 2, 2]), np.array([0, 1, 2, 1]))
    >>> pcc.get()
    ('pcc', 0.7)
    """

    def __init__(self, name="pcc", output_names=None, label_names=None):
        super().__init__(name, output_names, label_names)

    def _count(self, label, pred):
        chosen = _class_indices("PCC", chosen_classes("PCC", label, pred, 1))
        label = _class_indices("PCC", label)
        classes = max(label.max(initial=-1), chosen.max(initial=-1)) + 1
        return numpy.bincount(label * classes + chosen, minlength=classes**2).reshape(classes, classes), 1

    def _joined(self, counts, new):
        if len(counts) < len(new):
            counts, new = new, counts
        counts = counts.copy()
        counts[: len(new), : len(new)] += new
        return counts

    def _value(self):
        labels, chosen = self._counts.sum(1).tolist(), self._counts.sum(0).tolist()  # Python's integers have no largest one
        samples = sum(labels)

        def covariance(one, other, agreeing):
            return samples * agreeing - sum(a * b for a, b in zip(one, other, strict=True))

        squared = covariance(labels, labels, samples) * covariance(chosen, chosen, samples)
        return covariance(labels, chosen, self._counts.trace().item()) / sqrt(squared) if squared else nan
