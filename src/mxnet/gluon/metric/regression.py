"""How far predictions of numbers are from their labels."""

from math import nan, sqrt

import numpy

from .base import EvalMetric, PooledMetric, alias, misfit, register

__all__ = ["MAE", "MSE", "RMSE", "MeanCosineSimilarity", "MeanPairwiseDistance", "PearsonCorrelation"]


def _check_shapes(owner, label, pred):
    if label.shape != pred.shape and label.shape + (1,) != pred.shape and label.shape != pred.shape + (1,):
        raise misfit(owner, label, pred, "they have the same shape, but for a last axis of length 1")


def _errors(owner, label, pred):
    """pred - label in float64, in shape (samples, elements)."""
    _check_shapes(owner, label, pred)
    samples = len(label)
    elements = label.size // max(1, samples)
    return numpy.subtract(pred.reshape(samples, elements), label.reshape(samples, elements), dtype=numpy.float64)


def _sum_of_means(values):
    """The sum over the rows of their means, and how many rows; what has no elements does not count."""
    samples, elements = values.shape
    return (values.sum().item() / elements, samples) if values.size else (0.0, 0)


@register
class MAE(EvalMetric):
    """The mean absolute error: |pred - label|, averaged over the elements of each sample, and then over the samples.

    Parameters
    ----------
    name, output_names, label_names : optional
        As in `EvalMetric`.

    Notes
    -----
    Labels and predictions have the same shape; a last axis of length 1 may be missing in one of them.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> mae = metric.MAE()
    >>> mae.update(np.array([1, 2, 3]), np.array([[1.5], [2], [2]]))
    >>> mae.get()
    ('mae', 0.5)
    """

    def __init__(self, name="mae", output_names=None, label_names=None):
        super().__init__(name, output_names, label_names)

    def _score(self, label, pred):
        return _sum_of_means(numpy.abs(_errors("MAE", label, pred)))


@register
class MSE(EvalMetric):
    """The mean squared error: (pred - label)², averaged over the elements of each sample, and then over the samples.

    Parameters
    ----------
    name, output_names, label_names : optional
        As in `EvalMetric`.

    Notes
    -----
    Labels and predictions have the same shape; a last axis of length 1 may be missing in one of them.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> mse = metric.MSE()
    >>> mse.update(np.array([1, 2, 3, 4]), np.array([2, 2, 3, 4]))
    >>> mse.get()
    ('mse', 0.25)
    """

    def __init__(self, name="mse", output_names=None, label_names=None):
        super().__init__(name, output_names, label_names)

    def _score(self, label, pred):
        return _sum_of_means(_errors(type(self).__name__, label, pred) ** 2)


@register
class RMSE(MSE):
    """The square root of `MSE` over everything seen.

    Parameters
    ----------
    name, output_names, label_names : optional
        As in `EvalMetric`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> rmse = metric.RMSE()
    >>> rmse.update(np.array([1, 2, 3, 4]), np.array([2, 2, 3, 4]))
    >>> rmse.get()
    ('rmse', 0.5)
    """

    def __init__(self, name="rmse", output_names=None, label_names=None):
        super().__init__(name, output_names, label_names)

    def _value(self):
        return sqrt(super()._value())


@alias("mpd")
class MeanPairwiseDistance(EvalMetric):
    """The mean over the samples of the distance between label and prediction, (Σ |pred - label|ᵖ)^(1/p).

    Parameters
    ----------
    name, output_names, label_names : optional
        As in `EvalMetric`.
    p : float
        More than 0; infinity gives the largest |pred - label|.

    Raises
    ------
    ValueError
        If `p` is 0 or less.

    Notes
    -----
    Labels and predictions have the same shape; a last axis of length 1 may be missing in one of them.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> distance = metric.MeanPairwiseDistance()
    >>> distance.update(np.array([[0, 0], [1, 1]]), np.array([[3, 4], [1, 0]]))
    >>> distance.get()
    ('mpd', 3.0)
    """

    def __init__(self, name="mpd", output_names=None, label_names=None, p=2):
        if not p > 0:
            raise ValueError(f"MeanPairwiseDistance: p is more than 0, not {p!r}")
        super().__init__(name, output_names, label_names, p=p)
        self.p = p

    def _score(self, label, pred):
        errors = _errors("MeanPairwiseDistance", label, pred)
        if errors.size == 0:
            return 0.0, 0
        return numpy.linalg.norm(errors, ord=self.p, axis=1).sum().item(), len(errors)


@alias("cos_sim")
class MeanCosineSimilarity(EvalMetric):
    """The mean of label · pred / max(|label| |pred|, eps), where vectors lie along the last axis.

    Parameters
    ----------
    name, output_names, label_names : optional
        As in `EvalMetric`.
    eps : float
        Keeps the value finite where a vector is 0.

    Notes
    -----
    Labels and predictions have the same shape; an array of one axis is one vector.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> similarity = metric.MeanCosineSimilarity()
    >>> similarity.update(np.array([[1, 0], [3, 4]]), np.array([[0, 1], [6, 8]]))
    >>> similarity.get()
    ('cos_sim', 0.5)
    """

    def __init__(self, name="cos_sim", output_names=None, label_names=None, eps=1e-8):
        super().__init__(name, output_names, label_names, eps=eps)
        self.eps = eps

    def _score(self, label, pred):
        if label.shape != pred.shape:
            raise misfit("MeanCosineSimilarity", label, pred, "they have the same shape, with vectors along the last axis")
        label, pred = label.astype(numpy.float64), pred.astype(numpy.float64)
        if label.size == 0:
            return 0.0, 0
        lengths = numpy.linalg.norm(label, axis=-1) * numpy.linalg.norm(pred, axis=-1)
        similarity = (label * pred).sum(-1) / numpy.maximum(lengths, self.eps)
        return similarity.sum().item(), similarity.size


@alias("pearsonr")
class PearsonCorrelation(PooledMetric):
    """The correlation coefficient of labels and predictions, after Pearson, over all elements of all updates.

    NaN where one of them is constant.

    Parameters
    ----------
    name, output_names, label_names : optional
        As in `EvalMetric`.

    Notes
    -----
    Labels and predictions have the same shape; a last axis of length 1 may be missing in one of them. Means and co-moments of the
    batches are joined without loss of digits. `num_inst` counts pairs of arrays.

    References
    ----------
    T. F. Chan, G. H. Golub, R. J. LeVeque, *Updating formulae and a pairwise algorithm for computing sample variances*, 1979.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> correlation = metric.PearsonCorrelation()
    >>> correlation.update(np.array([1, 2]), np.array([3, 5]))
    >>> correlation.update(np.array([3, 4]), np.array([7, 9]))
    >>> round(correlation.get()[1], 12)
    1.0
    """

    def __init__(self, name="pearsonr", output_names=None, label_names=None):
        super().__init__(name, output_names, label_names)

    def _count(self, label, pred):
        """How many elements, the means of labels and predictions, and the sums of products of the distances from them."""
        _check_shapes("PearsonCorrelation", label, pred)
        values = numpy.stack([label.reshape(-1), pred.reshape(-1)]).astype(numpy.float64)
        means = values.sum(1) / max(1, label.size)
        values -= means[:, None]
        return (label.size, means, values @ values.T), 1

    def _joined(self, counts, new):
        (m, means, moments), (n, new_means, new_moments) = counts, new
        total, step = max(1, m + n), new_means - means
        return m + n, means + step * (n / total), moments + new_moments + numpy.outer(step, step) * (m * n / total)

    def _value(self):
        moments = self._counts[2]
        squared = moments[0, 0] * moments[1, 1]
        return numpy.clip(moments[0, 1] / sqrt(squared), -1, 1).item() if squared > 0 else nan
