"""Samplers: which items of a dataset come, in which order, and how many at a time."""

import numpy

__all__ = ["BatchSampler", "FilterSampler", "IntervalSampler", "RandomSampler", "Sampler", "SequentialSampler"]


def whole(name, what, value, least=0):
    """`value`, a whole number that is not below `least`."""
    if not isinstance(value, int | numpy.integer) or isinstance(value, bool):
        raise TypeError(f"{name}: {what} is a whole number, not {value!r:.60}")
    if value < least:
        raise ValueError(f"{name}: {what} is {least} or more, not {value}")
    return int(value)


class Sampler:
    """The positions of items, in the order in which they are wanted: subclasses define `__iter__` and `__len__`.

    Examples
    --------
    >>> from mxnet.gluon.data import Sampler
    >>> class Backwards(Sampler):
    ...     def __init__(self, length):
    ...         self.length = length
    ...
    ...     def __iter__(self):
    ...         return iter(range(self.length - 1, -1, -1))
    ...
    ...     def __len__(self):
    ...         return self.length
    >>> list(Backwards(3))
    [2, 1, 0]
    """

    def __iter__(self):
        raise NotImplementedError(f"{type(self).__name__} does not say in which order: define __iter__(self)")

    def __len__(self):
        raise NotImplementedError(f"{type(self).__name__} does not say how many: define __len__(self)")


class SequentialSampler(Sampler):
    """start, start + 1, …: `length` numbers.

    Parameters
    ----------
    length : int
    start : int

    Examples
    --------
    >>> from mxnet.gluon.data import SequentialSampler
    >>> list(SequentialSampler(3, start=2))
    [2, 3, 4]
    """

    def __init__(self, length, start=0):
        self._length = whole("SequentialSampler", "length", length)
        self._start = whole("SequentialSampler", "start", start)

    def __iter__(self):
        return iter(range(self._start, self._start + self._length))

    def __len__(self):
        return self._length


class RandomSampler(Sampler):
    """The numbers from 0 to length - 1 in random order, another one each time.

    As in MXNet, the order is drawn from NumPy's global generator: `numpy.random.seed(s)` repeats it, `mx.random.seed(s)` does not.

    Parameters
    ----------
    length : int

    Examples
    --------
    >>> from mxnet.gluon.data import RandomSampler
    >>> sorted(RandomSampler(4))
    [0, 1, 2, 3]
    """

    def __init__(self, length):
        self._length = whole("RandomSampler", "length", length)

    def __iter__(self):
        return iter(numpy.random.permutation(self._length).tolist())

    def __len__(self):
        return self._length


class IntervalSampler(Sampler):
    """Every interval-th number: 0, interval, 2·interval, … below `length`; then 1, 1 + interval, …; and so on.

    Parameters
    ----------
    length : int
    interval : int
        From 1 to `length`.
    rollover : bool
        False ends after the first pass.

    Examples
    --------
    >>> from mxnet.gluon.data import IntervalSampler
    >>> list(IntervalSampler(7, 3))
    [0, 3, 6, 1, 4, 2, 5]
    >>> list(IntervalSampler(7, 3, rollover=False))
    [0, 3, 6]
    """

    def __init__(self, length, interval, rollover=True):
        self._length = whole("IntervalSampler", "length", length)
        self._interval = whole("IntervalSampler", "interval", interval, 1)
        if interval > length:
            raise ValueError(f"IntervalSampler: an interval of {interval} is longer than all {length} items")
        self._passes = self._interval if rollover else 1

    def __iter__(self):
        return (i for first in range(self._passes) for i in range(first, self._length, self._interval))

    def __len__(self):
        return sum(len(range(first, self._length, self._interval)) for first in range(self._passes))


class FilterSampler(Sampler):
    """The positions of items for which `fn(item)` holds; all are looked at when the sampler is made.

    Parameters
    ----------
    fn : callable
        Takes an item, which is a tuple where an item has several parts.
    dataset : Dataset

    Examples
    --------
    >>> from mxnet.gluon.data import FilterSampler
    >>> list(FilterSampler(lambda item: item > 3, [5, 1, 4]))
    [0, 2]
    """

    def __init__(self, fn, dataset):
        self._indices = [i for i in range(len(dataset)) if fn(dataset[i])]

    def __iter__(self):
        return iter(self._indices)

    def __len__(self):
        return len(self._indices)


class BatchSampler(Sampler):
    """Lists of `batch_size` positions, taken from another sampler.

    Parameters
    ----------
    sampler : Sampler
        Or any sequence of positions.
    batch_size : int
    last_batch : {'keep', 'discard', 'rollover'}
        What becomes of the positions that are left when they are fewer than `batch_size`: a smaller batch, nothing, or the
        beginning of the next pass.

    Examples
    --------
    >>> from mxnet.gluon.data import BatchSampler, SequentialSampler
    >>> list(BatchSampler(SequentialSampler(5), 2))
    [[0, 1], [2, 3], [4]]
    >>> batches = BatchSampler(SequentialSampler(5), 2, "rollover")
    >>> list(batches), list(batches)
    ([[0, 1], [2, 3]], [[4, 0], [1, 2], [3, 4]])
    """

    def __init__(self, sampler, batch_size, last_batch="keep"):
        if last_batch not in ("keep", "discard", "rollover"):
            raise ValueError(f"BatchSampler: last_batch is 'keep', 'discard' or 'rollover', not {last_batch!r}")
        self._sampler = sampler
        self._batch_size = whole("BatchSampler", "batch_size", batch_size, 1)
        self._last_batch = last_batch
        self._left = []

    def __iter__(self):
        batch, self._left = self._left, []
        for i in self._sampler:
            batch.append(i)
            if len(batch) == self._batch_size:
                yield batch
                batch = []
        if self._last_batch == "rollover":
            self._left = batch
        elif batch and self._last_batch == "keep":
            yield batch

    def __len__(self):
        count = len(self._sampler) + len(self._left)
        return -(-count // self._batch_size) if self._last_batch == "keep" else count // self._batch_size
