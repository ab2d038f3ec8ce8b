"""How probable predictions find the labels, and values of losses."""

from math import exp
from numbers import Real

import numpy

from .base import EvalMetric, alias, listed, misfit, register
from .classification import whole_numbers

__all__ = ["CrossEntropy", "Loss", "NegativeLogLikelihood", "Perplexity", "Torch"]


@alias("ce")
class CrossEntropy(EvalMetric):
    """The mean of -log p(label), natural logarithm.

    Parameters
    ----------
    eps : float
        Probabilities below it count as `eps`, so that the logarithm is finite.
    ignore_label : int, optional
        Samples with this label do not count.
    axis : int
        The axis of the classes in predictions.
    from_logits : bool
        Whether predictions are scores, of which softmax makes probabilities; `eps` is not needed then.
    name, output_names, label_names : optional
        As in `EvalMetric`.

    Raises
    ------
    TypeError
        If `eps` is no number.

    Notes
    -----
    Labels are class numbers, and have the shape of the predictions without `axis`, or with length 1 there. Probabilities are taken
    as they are, without making their sum 1.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> entropy = metric.CrossEntropy(ignore_label=-1)
    >>> entropy.update(np.array([0, 1, -1]), np.array([[0.5, 0.5], [0.75, 0.25], [0.1, 0.9]]))
    >>> entropy.get()  # -(log 1/2 + log 1/4) / 2
    ('cross-entropy', 1.0397207708399179)
    """

    def __init__(
        self,
        eps=1e-12,
        ignore_label=None,
        axis=-1,
        from_logits=False,
        name="cross-entropy",
        output_names=None,
        label_names=None,
    ):
        if not isinstance(eps, Real):
            raise TypeError(
                f"{type(self).__name__}: eps is a number, not {eps!r}. Where MXNet 1 has ignore_label first, write "
                f"{type(self).__name__}(ignore_label={eps!r})"
            )
        super().__init__(name, output_names, label_names, eps=eps, ignore_label=ignore_label, axis=axis, from_logits=from_logits)
        self.eps = eps
        self.ignore_label = ignore_label
        self.axis = axis
        self.from_logits = from_logits

    def _score(self, label, pred):
        rows, label = self._rows(label, pred)
        if self.ignore_label is not None:
            counted = label != self.ignore_label
            rows, label = rows[counted], label[counted]
        strange = ~((label >= 0) & (label < rows.shape[1]))
        if strange.any():
            raise ValueError(
                f"{type(self).__name__}.update: the label {label[strange][0]:g} for predictions of {rows.shape[1]} classes; "
                "ignore_label=… is for one that does not count"
            )
        chosen = rows[numpy.arange(label.size), label.astype(numpy.intp)].astype(numpy.float64)
        if self.from_logits:
            likelihood = chosen - _log_sum_exp(rows)
        else:
            likelihood = numpy.log(numpy.maximum(chosen, self.eps))
        return -likelihood.sum().item(), label.size

    def _rows(self, label, pred):
        """The predictions in shape (samples, classes), and the labels, one for each."""
        owner = type(self).__name__
        if not -pred.ndim <= self.axis < pred.ndim:
            raise ValueError(
                f"{owner}.update: predictions of shape {pred.shape} have no axis {self.axis}; `axis` is that of the classes"
            )
        axis = self.axis % pred.ndim
        without = pred.shape[:axis] + pred.shape[axis + 1 :]
        if label.shape not in (without, pred.shape[:axis] + (1,) + pred.shape[axis + 1 :]):
            expected = f"class numbers in shape {without}; of one-hot vectors they are label.argmax({self.axis})"
            raise misfit(owner, label, pred, f"with the classes along axis {self.axis} labels are {expected}")
        return numpy.moveaxis(pred, axis, -1).reshape(label.size, pred.shape[axis]), whole_numbers(label).reshape(-1)


def _log_sum_exp(rows):
    """log Σ exp of each row, in float64."""
    if rows.shape[0] == 0:
        return numpy.zeros(0)
    largest = rows.max(1, keepdims=True)
    return numpy.log(numpy.exp(rows - largest, dtype=numpy.float64).sum(1)) + largest[:, 0]


@register
class Perplexity(CrossEntropy):
    """The exponential of the mean of -log p(label): as many equally probable classes would leave one as uncertain.

    Parameters
    ----------
    eps, ignore_label, axis, from_logits : optional
        As in `CrossEntropy`.
    name, output_names, label_names : optional
        As in `EvalMetric`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> perplexity = metric.Perplexity()
    >>> perplexity.update(np.array([0, 1]), np.array([[0.5, 0.5], [0.75, 0.25]]))
    >>> round(perplexity.get()[1], 6)  # √8: the mean of log 2 and log 4 is log √8
    2.828427
    """

    def __init__(
        self,
        eps=1e-12,
        ignore_label=None,
        axis=-1,
        from_logits=False,
        name="perplexity",
        output_names=None,
        label_names=None,
    ):
        super().__init__(eps, ignore_label, axis, from_logits, name, output_names, label_names)

    def _value(self):
        try:
            return exp(super()._value())
        except OverflowError:
            return float("inf")


@alias("nll_loss")
class NegativeLogLikelihood(CrossEntropy):
    """`CrossEntropy` as MXNet 1 has it besides, under the name 'nll-loss'.

    Parameters
    ----------
    eps : float
        Probabilities below it count as `eps`.
    name, output_names, label_names : optional
        As in `EvalMetric`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> nll = metric.NegativeLogLikelihood()
    >>> nll.update(np.array([1]), np.array([[0.5, 0.5]]))
    >>> nll.get()
    ('nll-loss', 0.6931471805599453)
    """

    def __init__(self, eps=1e-12, name="nll-loss", output_names=None, label_names=None):
        super().__init__(eps, name=name, output_names=output_names, label_names=label_names)
        self._kwargs = {"eps": eps}


@register
class Loss(EvalMetric):
    """The mean of all elements of the predictions, which are values of a loss. Labels are not looked at.

    Parameters
    ----------
    name, output_names, label_names : optional
        As in `EvalMetric`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> loss = metric.Loss()
    >>> loss.update(None, np.array([0.5, 1.5]))
    >>> loss.update(None, [np.array([2]), np.array([4])])
    >>> loss.get()
    ('loss', 2.0)
    """

    def __init__(self, name="loss", output_names=None, label_names=None):
        super().__init__(name, output_names, label_names)

    def update(self, _, preds):
        """Count the values of a loss.

        Parameters
        ----------
        _ : object
            The labels.
        preds : array_like, or list of array_like
            Of any shape.
        """
        values = [self._raw(pred, "predictions") for pred in listed(preds)]
        self.sum_metric += sum(value.sum(dtype=numpy.float64).item() for value in values)
        self.num_inst += sum(value.size for value in values)


@register
class Torch(Loss):
    """`Loss` under the name 'torch'.

    Parameters
    ----------
    name, output_names, label_names : optional
        As in `EvalMetric`.
    """

    def __init__(self, name="torch", output_names=None, label_names=None):
        super().__init__(name, output_names, label_names)
