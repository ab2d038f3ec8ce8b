"""Several metrics as one, functions as metrics, and metrics made from their names."""

import numpy

from ... import autograd
from ... import numpy as mx_np
from ...registry import unknown
from .base import EvalMetric, alias, known_metrics, listed, metric_named, register

__all__ = ["CompositeEvalMetric", "CustomMetric", "create", "np"]


def create(metric, *args, **kwargs):
    """Make a metric.

    Parameters
    ----------
    metric : str, function, EvalMetric, type, dict or list of these
        The name of a class or what its values are called, such as 'Accuracy', 'acc', 'cross-entropy', 'ce', 'top_k_accuracy', in
        upper or lower case, with hyphens, underscores or neither; a function, for a `CustomMetric`; a metric, which is given back;
        a class; what `get_config` gave; or a list, for a `CompositeEvalMetric`.
    *args, **kwargs
        Arguments of the class. Those for a list go to each of its metrics.

    Raises
    ------
    ValueError
        If there is no metric of this name.
    TypeError
        If `metric` is none of these things, or arguments are given for a metric that is made already.

    Examples
    --------
    >>> from mxnet.gluon import metric
    >>> metric.create('top_k_acc', top_k=3).get()
    ('top_k_accuracy_3', nan)
    >>> metric.create(['acc', 'ce']).get()
    (['accuracy', 'cross-entropy'], [nan, nan])
    >>> config = metric.MeanPairwiseDistance(p=1).get_config()
    >>> metric.create(**config).p
    1
    """
    if isinstance(metric, EvalMetric):
        if args or kwargs:
            raise TypeError(f"create: a {type(metric).__name__} is made already and takes no arguments; give its name instead")
        return metric
    if isinstance(metric, list | tuple):
        return CompositeEvalMetric([create(part, *args, **kwargs) for part in metric])
    if isinstance(metric, dict):
        config = {**metric, **kwargs}
        return create(config.pop("metric", None), *args, **config)
    if isinstance(metric, type) and issubclass(metric, EvalMetric):
        return metric(*args, **kwargs)
    if isinstance(metric, str):
        klass = metric_named(metric)
        if klass is None:
            raise unknown("metric.create", "metric", metric, known_metrics())
        return klass(*args, **kwargs)
    if callable(metric):
        return CustomMetric(metric, *args, **kwargs)
    raise TypeError(f"create: a metric is given by a name, a function, a metric, a class or a list of these, not {metric!r}")


@alias("composite")
class CompositeEvalMetric(EvalMetric):
    """Several metrics of the same labels and predictions.

    Parameters
    ----------
    metrics : list, optional
        Of what `create` takes.
    name, output_names, label_names : optional
        As in `EvalMetric`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> both = metric.CompositeEvalMetric(['acc', 'ce'])
    >>> both.update(np.array([0, 1]), np.array([[0.5, 0.5], [0.5, 0.5]]))
    >>> both.get()
    (['accuracy', 'cross-entropy'], [0.5, 0.6931471805599453])
    """

    def __init__(self, metrics=None, name="composite", output_names=None, label_names=None):
        self.metrics = []
        super().__init__(name, output_names, label_names)
        for metric in listed([] if metrics is None else metrics):
            self.add(metric)

    def add(self, metric):
        """Add a metric, given as to `create`."""
        self.metrics.append(create(metric))

    def get_metric(self, index):
        """The metric at a position.

        Raises
        ------
        IndexError
            If there are not so many.
        """
        if not -len(self.metrics) <= index < len(self.metrics):
            raise IndexError(f"CompositeEvalMetric.get_metric: no metric {index} among {len(self.metrics)}")
        return self.metrics[index]

    def update(self, labels, preds):
        for metric in self.metrics:
            metric.update(labels, preds)

    def update_dict(self, labels, preds):
        """Count a batch of arrays by name: each metric takes those in its own `label_names` and `output_names`.

        Raises
        ------
        KeyError
            If one of these names is not there.
        """
        labels = self._chosen("labels", labels, self.label_names)
        preds = self._chosen("preds", preds, self.output_names)
        for metric in self.metrics:
            metric.update_dict(labels, preds)

    def reset(self):
        """Forget everything counted, in each metric."""
        for metric in self.metrics:
            metric.reset()

    def reset_local(self):
        """Start a new window in each metric; see `EvalMetric.reset_local`."""
        for metric in self.metrics:
            metric.reset_local()

    def get(self):
        """The names and the values, as two lists."""
        return _columns(pair for metric in self.metrics for pair in metric.get_name_value())

    def get_global(self):
        """As `get`, of everything since `reset`, whatever `reset_local` set aside."""
        return _columns(pair for metric in self.metrics for pair in metric.get_global_name_value())

    def get_config(self):
        """What `create(**config)` makes such a metric from."""
        return {**super().get_config(), "metrics": [metric.get_config() for metric in self.metrics]}


def _columns(pairs):
    pairs = list(pairs)
    return [name for name, _ in pairs], [value for _, value in pairs]


@register
class CustomMetric(EvalMetric):
    """The mean of what a function returns.

    Parameters
    ----------
    feval : function
        Of a label and a prediction, both `ndarray`: returns the value of the pair, or a pair of sum and count. It is called
        with nothing recorded.
    name : str, optional
        By default the function's, and `custom(<lambda>)` for one without.
    allow_extra_outputs : bool
        Whether there may be more arrays of predictions than of labels, or fewer; those at the end are not looked at.
    output_names, label_names : optional
        As in `EvalMetric`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> def largest_error(label, pred):
    ...     return np.abs(label - pred).max()
    >>> largest = metric.CustomMetric(largest_error)
    >>> largest.update(np.array([1, 2]), np.array([1.5, 2]))
    >>> largest.update(np.array([1, 2]), np.array([1, 3]))
    >>> largest.get()
    ('largest_error', 0.75)
    """

    def __init__(self, feval, name=None, allow_extra_outputs=False, output_names=None, label_names=None):
        if not callable(feval):
            raise TypeError(f"CustomMetric: feval is a function of a label and a prediction, not {feval!r}")
        if name is None:
            name = getattr(feval, "__name__", type(feval).__name__)
            name = f"custom({name})" if "<" in name else name
        super().__init__(name, output_names, label_names)
        self._feval = feval
        self._allow_extra_outputs = allow_extra_outputs

    def update(self, labels, preds):
        labels, preds = listed(labels), listed(preds)
        if not self._allow_extra_outputs and len(labels) != len(preds):
            raise ValueError(
                f"CustomMetric.update: {len(labels)} array(s) of labels for {len(preds)} of predictions; "
                "allow_extra_outputs=True looks at as many as both have"
            )
        total, count = self.sum_metric, self.num_inst
        with autograd.pause():
            for label, pred in zip(labels, preds, strict=False):
                score, samples = self._called(mx_np.asarray(label), mx_np.asarray(pred))
                total += score
                count += samples
        self.sum_metric, self.num_inst = total, count

    def _called(self, label, pred):
        """Sum and count, as Python's numbers."""
        result = self._feval(label, pred)
        score, samples = result if isinstance(result, tuple) else (result, 1)
        if numpy.size(score) != 1 or score is None:
            raise TypeError(f"CustomMetric: {self.name} returns a number, or a pair of sum and count, not {result!r}")
        return numpy.asarray(score).item(), numpy.asarray(samples).item()

    def get_config(self):
        """Not to be had: the function would be needed.

        Raises
        ------
        NotImplementedError
            Always.
        """
        raise NotImplementedError(f"CustomMetric: the function {self.name} cannot be written into a configuration")


def np(numpy_feval, name=None, allow_extra_outputs=False):
    """A `CustomMetric` of a function written with NumPy's functions, which take our arrays.

    Examples
    --------
    >>> import numpy
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> off = metric.np(lambda label, pred: numpy.abs(label - pred).sum(), name='off')
    >>> off.update(np.array([1, 2]), np.array([1.5, 2]))
    >>> off.get()
    ('off', 0.5)
    """
    return CustomMetric(numpy_feval, name, allow_extra_outputs)
