"""What all metrics have in common, and the table of their names."""

import copy
from math import nan

import numpy

__all__ = [
    "EvalMetric",
    "PooledMetric",
    "alias",
    "check_label_shapes",
    "known_metrics",
    "listed",
    "metric_named",
    "misfit",
    "register",
]


class EvalMetric:
    """A figure averaged over batches, and the base of all metrics: `update` for each batch, then `get`; `reset` starts anew.

    A metric of one's own defines `update(labels, preds)`, which adds to `sum_metric` and `num_inst`, whose ratio is the value.

    Parameters
    ----------
    name : str
        What the value is called in reports.
    output_names, label_names : list of str, optional
        Which of the arrays that `update_dict` gets are predictions and labels, and in which order. By default all.
    **kwargs
        What `get_config` gives back besides.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> class Bias(metric.EvalMetric):
    ...     def update(self, labels, preds):
    ...         self.sum_metric += float((preds - labels).sum())
    ...         self.num_inst += labels.size
    >>> bias = Bias('bias')
    >>> bias.update(np.array([1, 2]), np.array([1.5, 2.5]))
    >>> bias.get()
    ('bias', 0.5)
    """

    # Here for those who write a `reset` of their own.
    num_inst = 0
    sum_metric = 0.0
    _past = None  # a copy that holds what was counted between `reset` and `reset_local`

    def __init__(self, name, output_names=None, label_names=None, **kwargs):
        self.name = str(name)
        self.output_names = output_names
        self.label_names = label_names
        self._kwargs = kwargs
        self.reset()

    def __str__(self):
        return f"EvalMetric: {dict(self.get_name_value())}"

    def reset(self):
        """Forget everything counted."""
        self.num_inst = 0
        self.sum_metric = 0.0
        self._past = None

    def update(self, labels, preds):
        """Count a batch.

        Parameters
        ----------
        labels, preds : array_like, or list of array_like
            The first axis is that of the samples; lists go by pairs. Arrays of NumPy will do as well.

        Raises
        ------
        ValueError, TypeError
            If labels and predictions do not fit each other, or the metric. Nothing is counted then.
        """
        total, count = self.sum_metric, self.num_inst
        for label, pred in self._pairs(labels, preds):
            score, samples = self._score(label, pred)
            total += score
            count += samples
        self.sum_metric, self.num_inst = total, count

    def update_dict(self, label, pred):
        """Count a batch of arrays by name.

        Parameters
        ----------
        label, pred : dict of str to array_like
            Those in `label_names` and `output_names` are taken.

        Raises
        ------
        KeyError
            If one of these names is not there.
        """
        label = self._chosen("label", label, self.label_names)
        pred = self._chosen("pred", pred, self.output_names)
        self.update(list(label.values()), list(pred.values()))

    def get(self):
        """The name, and the value of what was counted since `reset` or `reset_local`: NaN where there is nothing yet."""
        return self.name, self._value() if self.num_inst else nan

    def get_name_value(self):
        """`get()` as a list of pairs, one for each value."""
        return _by_name(*self.get())

    def reset_local(self):
        """Start a new window, as MXNet 1 has it: `get` tells of what comes now, `get_global` still of everything since `reset`."""
        past = self._whole()
        self.reset()
        self._past = past

    def get_global(self):
        """As `get`, of everything since `reset`, whatever `reset_local` set aside."""
        return self._whole().get()

    def get_global_name_value(self):
        """`get_global()` as a list of pairs, one for each value."""
        return _by_name(*self.get_global())

    def get_config(self):
        """What `create(**config)` makes such a metric from: a dict of its class's name and of the arguments it was made with."""
        names = {"name": self.name, "output_names": self.output_names, "label_names": self.label_names}
        return {**self._kwargs, "metric": type(self).__name__, **names}

    def _score(self, label, pred):
        """The sum over the samples of a pair of `numpy.ndarray`s, and how many they are."""
        raise NotImplementedError(f"{type(self).__name__}: a metric of one's own defines update(self, labels, preds)")

    def _value(self):
        value = self.sum_metric / self.num_inst
        return value.item() if getattr(value, "size", 0) == 1 else value

    def _merge(self, other):
        """Count what `other`, a metric of the same kind, has counted."""
        self.sum_metric = self.sum_metric + other.sum_metric
        self.num_inst = self.num_inst + other.num_inst

    def _whole(self):
        whole = copy.copy(self)
        whole._past = None
        if self._past is not None:
            whole._merge(self._past)
        return whole

    def _pairs(self, labels, preds):
        """Labels and predictions as pairs of `numpy.ndarray`s with a first axis of the same length."""
        labels, preds = listed(labels), listed(preds)
        if len(labels) != len(preds):
            raise ValueError(
                f"{type(self).__name__}.update: {len(labels)} array(s) of labels for {len(preds)} of predictions; a list is one of "
                "arrays, whose pairs are compared"
            )
        pairs = [(self._raw(label, "labels"), self._raw(pred, "predictions")) for label, pred in zip(labels, preds, strict=True)]
        for label, pred in pairs:
            if len(label) != len(pred):
                raise misfit(type(self).__name__, label, pred, "their first axes, of the samples, have the same length")
        return pairs

    def _raw(self, value, what):
        data = numpy.asarray(value)
        if data.dtype.kind not in "fiub":
            raise TypeError(
                f"{type(self).__name__}.update: {what} are arrays of real numbers, not {type(value).__name__} of {data.dtype}"
            )
        return data if data.ndim else data.reshape(1)

    def _chosen(self, argument, arrays, names):
        if names is None:
            return arrays
        for name in names:
            if name not in arrays:
                raise KeyError(
                    f"{type(self).__name__}.update_dict: no {name!r} in `{argument}`, which has {', '.join(map(repr, arrays))}"
                )
        return {name: arrays[name] for name in names}


class PooledMetric(EvalMetric):
    """A metric of everything counted at once, not a mean of what each sample scores: subclasses keep `_counts`."""

    def reset(self):
        """Forget everything counted."""
        self.num_inst = 0
        self._counts = None
        self._past = None

    def update(self, labels, preds):
        counts, count = self._counts, self.num_inst
        for label, pred in self._pairs(labels, preds):
            new, samples = self._count(label, pred)
            counts = new if counts is None else self._joined(counts, new)
            count += samples
        self._counts, self.num_inst = counts, count

    @property
    def sum_metric(self):
        """The value times `num_inst`, for those who take the mean themselves."""
        return self._value() * self.num_inst if self.num_inst else 0.0

    def _count(self, label, pred):
        """The counts of a pair of `numpy.ndarray`s, and what they add to `num_inst`."""
        raise NotImplementedError

    def _joined(self, counts, new):
        return counts + new

    def _merge(self, other):
        if other._counts is not None:
            self._counts = other._counts if self._counts is None else self._joined(self._counts, other._counts)
            self.num_inst += other.num_inst


def misfit(owner, label, pred, expected):
    """The error of labels and predictions whose shapes do not go together."""
    return ValueError(f"{owner}.update: labels of shape {label.shape} for predictions of shape {pred.shape}; {expected}")


def listed(arrays):
    """A single array as a list of one."""
    return arrays if isinstance(arrays, list | tuple) else [arrays]


def _by_name(name, value):
    return list(zip(name, value, strict=True)) if isinstance(name, list) else [(name, value)]


_metrics: dict[str, type[EvalMetric]] = {}


def _key(name):
    """'cross-entropy', 'cross_entropy' and 'CrossEntropy' are one name."""
    return name.lower().replace("-", "").replace("_", "")


def known_metrics():
    """The names of classes that `create` knows."""
    return sorted({klass.__name__ for klass in _metrics.values()})


def metric_named(name):
    """The class registered under a name, or None."""
    return _metrics.get(_key(name))


def register(klass, name=None):
    """Have `create` find a class of metrics by its name, or by the one given. Serves as a decorator.

    Parameters
    ----------
    klass : type
        Derives from `EvalMetric`.
    name : str, optional
        Upper and lower case, hyphens and underscores make no difference.

    Returns
    -------
    type
        `klass`.

    Raises
    ------
    TypeError
        If it is no class of metrics.

    Examples
    --------
    >>> from mxnet.gluon import metric
    >>> @metric.register
    ... class Bias(metric.EvalMetric):
    ...     def __init__(self, name='bias'):
    ...         super().__init__(name)
    >>> metric.create('bias').get()
    ('bias', nan)
    """
    if not (isinstance(klass, type) and issubclass(klass, EvalMetric)):
        raise TypeError(f"register: {klass!r} is no class that derives from EvalMetric")
    _metrics[_key(name or klass.__name__)] = klass
    return klass


def alias(*aliases):
    """A decorator that has `create` find a class of metrics by its own name and by these.

    Examples
    --------
    >>> from mxnet.gluon import metric
    >>> @metric.alias('offset', 'shift')
    ... class MeanOffset(metric.EvalMetric):
    ...     def __init__(self, name='offset'):
    ...         super().__init__(name)
    >>> metric.create('shift').get()
    ('offset', nan)
    """

    def registered(klass):
        for name in (klass.__name__, *aliases):
            register(klass, name)
        return klass

    return registered


def check_label_shapes(labels, preds, wrap=False, shape=False):
    """Check that labels and predictions are equally many, and give them back: for metrics of one's own.

    Parameters
    ----------
    labels, preds : ndarray or list of ndarray
    wrap : bool
        Whether single arrays are given back as lists of one.
    shape : bool
        Whether the whole shapes of two arrays are compared, and not only the lengths.

    Returns
    -------
    tuple
        `labels` and `preds`.

    Raises
    ------
    ValueError
        If they do not fit.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import metric
    >>> metric.check_label_shapes(np.array([1, 0]), np.array([0.7, 0.2]), wrap=True)
    ([array([1., 0.])], [array([0.7, 0.2])])
    """
    sizes = [numpy.shape(arrays) if shape else len(arrays) for arrays in (labels, preds)]
    if sizes[0] != sizes[1]:
        raise ValueError(
            f"check_label_shapes: labels have the {'shape' if shape else 'length'} {sizes[0]}, and predictions {sizes[1]}"
        )
    return (listed(labels), listed(preds)) if wrap else (labels, preds)
