"""How many predictions are right."""

import numpy

from .base import EvalMetric, alias, misfit, register

__all__ = ["Accuracy", "BinaryAccuracy", "TopKAccuracy", "chosen_classes", "predict_with_threshold", "whole_numbers"]


def whole_numbers(values):
    """Class numbers without what stands behind the point: labels are often floats."""
    return numpy.trunc(values) if values.dtype.kind == "f" else values


def chosen_classes(owner, label, pred, axis):
    """The class numbers predicted, one for each label: those with the largest scores along `axis`, or `pred` itself."""
    if pred.shape != label.shape and pred.ndim > 1:
        if not -pred.ndim <= axis < pred.ndim:
            raise ValueError(
                f"{owner}.update: predictions of shape {pred.shape} have no axis {axis}; `axis` is that of the classes"
            )
        chosen = pred.argmax(axis)
    else:
        chosen = whole_numbers(pred)
    if chosen.size != label.size:
        raise misfit(owner, label, pred, f"with the classes along axis {axis} labels would have the shape {chosen.shape}")
    return chosen


@alias("acc")
class Accuracy(EvalMetric):
    """The part of the predictions that are right.

    Parameters
    ----------
    axis : int
        The axis of the classes in predictions.
    name, output_names, label_names : optional
        As in `EvalMetric`.

    Notes
    -----
    Labels are class numbers. Predictions are scores, of which the largest along `axis` is taken (the first of equal ones), or
    class numbers, where they have the shape of the labels. For a column of probabilities there is `BinaryAccuracy`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> accuracy = metric.Accuracy()
    >>> accuracy.update(np.array([0, 1, 1]), np.array([[0.9, 0.1], [0.3, 0.7], [0.6, 0.4]]))
    >>> accuracy.update(np.array([1]), np.array([[0.2, 0.8]]))
    >>> accuracy.get()
    ('accuracy', 0.75)
    """

    def __init__(self, axis=1, name="accuracy", output_names=None, label_names=None):
        super().__init__(name, output_names, label_names, axis=axis)
        self.axis = axis

    def _score(self, label, pred):
        chosen = chosen_classes("Accuracy", label, pred, self.axis)
        return numpy.count_nonzero(whole_numbers(label).reshape(-1) == chosen.reshape(-1)), label.size


@alias("top_k_acc", "top_k_accuracy")
class TopKAccuracy(EvalMetric):
    """The part of the samples whose label is among the `top_k` classes with the best scores.

    Parameters
    ----------
    top_k : int
    name, output_names, label_names : optional
        As in `EvalMetric`; `_` and `top_k` are appended to the name.

    Raises
    ------
    ValueError
        If `top_k` is less than 1.

    Notes
    -----
    Predictions have the shape (samples, classes), or (samples,) if they are class numbers. Of equal scores the first is the best.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> two = metric.TopKAccuracy(top_k=2)
    >>> two.update(np.array([0, 2]), np.array([[0.3, 0.2, 0.5], [0.6, 0.3, 0.1]]))
    >>> two.get()
    ('top_k_accuracy_2', 0.5)
    """

    def __init__(self, top_k=1, name="top_k_accuracy", output_names=None, label_names=None):
        if not isinstance(top_k, int | numpy.integer) or top_k < 1:
            raise ValueError(f"TopKAccuracy: top_k is an integer of 1 or more, not {top_k!r}")
        super().__init__(f"{name}_{top_k}", output_names, label_names, top_k=top_k)
        self.top_k = top_k
        self._base_name = str(name)

    def get_config(self):
        """What `create(**config)` makes such a metric from."""
        return {**super().get_config(), "name": self._base_name}

    def _score(self, label, pred):
        if pred.ndim > 2:
            raise misfit("TopKAccuracy", label, pred, "these have the shape (samples, classes): pred.reshape(-1, classes)")
        if label.size != len(pred):
            raise misfit("TopKAccuracy", label, pred, "there is one class number for each sample: of one-hot rows label.argmax(1)")
        label = whole_numbers(label).reshape(-1)
        if pred.ndim == 1:
            return numpy.count_nonzero(label == whole_numbers(pred)), label.size
        classes = pred.shape[1]
        known = (label >= 0) & (label < classes)
        column = numpy.where(known, label, 0).astype(numpy.intp)[:, None]
        score = numpy.take_along_axis(pred, column, 1) if classes else numpy.empty((len(pred), 1))
        # Not `pred > score`: where there is a NaN it counts as better, as it does in argmax.
        better = ~(pred <= score) | ((pred == score) & (numpy.arange(classes) < column))
        return numpy.count_nonzero(known & (better.sum(1) < self.top_k)), label.size


@register
class BinaryAccuracy(EvalMetric):
    """The part of the predictions that are on their label's side of the threshold.

    Parameters
    ----------
    name, output_names, label_names : optional
        As in `EvalMetric`.
    threshold : float or array_like
        A prediction above it stands for the label 1, any other one for 0. An array has a threshold for each column.

    Notes
    -----
    Labels and predictions are equally many, in any shapes with the same first axis.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> accuracy = metric.BinaryAccuracy(threshold=0.6)
    >>> accuracy.update(np.array([0, 1, 0]), np.array([0.7, 0.8, 0.55]))
    >>> accuracy.get()
    ('binary_accuracy', 0.6666666666666666)
    """

    def __init__(self, name="binary_accuracy", output_names=None, label_names=None, threshold=0.5):
        super().__init__(name, output_names, label_names, threshold=threshold)
        self.threshold = threshold

    def _score(self, label, pred):
        if label.size != pred.size:
            raise misfit("BinaryAccuracy", label, pred, "there is one probability for each label: of two columns take pred[:, 1]")
        above = predict_with_threshold(pred, self.threshold)
        return numpy.count_nonzero(whole_numbers(label).reshape(-1) == above.reshape(-1)), label.size


def predict_with_threshold(pred, threshold=0.5):
    """Where predictions are above a threshold.

    Parameters
    ----------
    pred : ndarray
    threshold : float or array_like
        An array has a threshold for each element of the last axis.

    Returns
    -------
    ndarray of bool

    Raises
    ------
    ValueError
        If there are more or fewer thresholds than columns.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> metric.predict_with_threshold(np.array([[0.3, 0.8], [0.6, 0.8]]), [0.5, 0.9])
    array([[False, False],
           [ True, False]])
    """
    thresholds = numpy.asarray(threshold, dtype=pred.dtype if pred.dtype.kind == "f" else None)
    if thresholds.ndim and thresholds.shape != pred.shape[-1:]:
        raise ValueError(
            f"predict_with_threshold: thresholds of shape {thresholds.shape} for predictions of shape {pred.shape}; there is one, "
            "or one for each column"
        )
    return pred > thresholds
