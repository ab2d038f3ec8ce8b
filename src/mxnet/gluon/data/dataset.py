"""Datasets: items by number, and what can be made of them."""

import os

import numpy

from ... import numpy as np
from ... import numpy_extension as npx
from ...recordio import MXIndexedRecordIO
from .batchify import stacked
from .sampler import FilterSampler, SequentialSampler, whole

__all__ = ["ArrayDataset", "Dataset", "RecordFileDataset", "SimpleDataset"]


class Dataset:
    """Items that have a number, from 0 to `len(dataset)` - 1: subclasses define `__getitem__` and `__len__`.

    An item that has several parts, such as an image and its label, is a tuple.

    Examples
    --------
    >>> from mxnet.gluon.data import Dataset
    >>> class Squares(Dataset):
    ...     def __getitem__(self, idx):
    ...         return idx, idx**2
    ...
    ...     def __len__(self):
    ...         return 10
    >>> Squares().transform(lambda x, y: (x, -y))[3]
    (3, -9)
    """

    def __getitem__(self, idx):
        raise NotImplementedError(f"{type(self).__name__} does not say what its items are: define __getitem__(self, idx)")

    def __len__(self):
        raise NotImplementedError(f"{type(self).__name__} does not say how many items it has: define __len__(self)")

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def _batch(self, indices):
        """The items at `indices`, stacked as `batchify.Stack` does it, where that is known without a look at each; or None."""

    def transform(self, fn, lazy=True):
        """The dataset of `fn(item)`.

        Parameters
        ----------
        fn : callable
            Gets the parts of an item as arguments.
        lazy : bool
            Whether `fn` is called each time an item is asked for, as random transforms need it, or for all items now.

        Returns
        -------
        Dataset

        Examples
        --------
        >>> from mxnet.gluon.data import SimpleDataset
        >>> SimpleDataset([1, 2]).transform(lambda x: 10 * x)[1]
        20
        """
        transformed = _LazyTransformDataset(self, fn)
        return transformed if lazy else SimpleDataset([transformed[i] for i in range(len(self))])

    def transform_first(self, fn, lazy=True):
        """The dataset in which `fn` is applied to the first part of every item, usually the image, and the others stay.

        Parameters
        ----------
        fn : callable
        lazy : bool
            As for `transform`.

        Returns
        -------
        Dataset

        Examples
        --------
        >>> from mxnet.gluon.data import ArrayDataset
        >>> ArrayDataset([1, 2], ["a", "b"]).transform_first(lambda x: 10 * x)[1]
        (20, 'b')
        """
        return self.transform(_First(fn), lazy)

    def filter(self, fn):
        """The dataset of those items for which `fn(item)` holds; `fn` is called for all of them now.

        Parameters
        ----------
        fn : callable
            Gets an item as it is, a tuple where it has several parts.

        Returns
        -------
        Dataset

        Examples
        --------
        >>> from mxnet.gluon.data import SimpleDataset
        >>> list(SimpleDataset([3, 0, 5]).filter(bool))
        [3, 5]
        """
        return self.sample(FilterSampler(fn, self))

    def shard(self, num_shards, index):
        """One of `num_shards` parts of consecutive items; the first ones have an item more where the number does not divide.

        Parameters
        ----------
        num_shards : int
        index : int
            Which part, from 0 to num_shards - 1.

        Returns
        -------
        Dataset

        Examples
        --------
        >>> from mxnet.gluon.data import SimpleDataset
        >>> [list(SimpleDataset(range(5)).shard(2, i)) for i in range(2)]
        [[0, 1, 2], [3, 4]]
        """
        num_shards, index = whole("shard", "num_shards", num_shards, 1), whole("shard", "index", index)
        if index >= num_shards:
            raise ValueError(f"shard: {num_shards} parts have the numbers 0 to {num_shards - 1}; there is no part {index}")
        size, rest = divmod(len(self), num_shards)
        start = size * index + min(index, rest)
        return self.sample(SequentialSampler(size + (index < rest), start))

    def take(self, count):
        """The dataset of the first `count` items, or of all if there are not so many or `count` is None.

        Examples
        --------
        >>> from mxnet.gluon.data import SimpleDataset
        >>> list(SimpleDataset("abc").take(2))
        ['a', 'b']
        """
        count = len(self) if count is None else min(whole("take", "count", count), len(self))
        return self.sample(SequentialSampler(count))

    def sample(self, sampler):
        """The dataset of the items at the positions that a sampler names, in that order; it is asked once, now.

        Parameters
        ----------
        sampler : Sampler
            Or any iterable of positions.

        Returns
        -------
        Dataset

        Examples
        --------
        >>> from mxnet.gluon.data import IntervalSampler, SimpleDataset
        >>> list(SimpleDataset("abcde").sample(IntervalSampler(5, 2)))
        ['a', 'c', 'e', 'b', 'd']
        """
        return _SampledDataset(self, sampler)


class SimpleDataset(Dataset):
    """The items of a list, or of anything else that has `[i]` and a length.

    Parameters
    ----------
    data : sequence

    Examples
    --------
    >>> from mxnet.gluon.data import SimpleDataset
    >>> dataset = SimpleDataset(["a", "b"])
    >>> len(dataset), dataset[1]
    (2, 'b')
    """

    def __init__(self, data):
        self._data = data

    def __len__(self):
        return len(self._data)

    def __getitem__(self, idx):
        return self._data[idx]

    def _batch(self, indices):
        return _rows([self._data], indices) if type(self) is SimpleDataset and _has_rows(self._data) else None


class ArrayDataset(Dataset):
    """Item i is made of the i-th item of each of several arrays or lists; of one alone, it is that item itself.

    Parameters
    ----------
    *args : sequence
        `np` and NumPy arrays, lists, datasets: of equal length. Items of an `np` array with one axis are NumPy scalars.

    Raises
    ------
    AssertionError
        If there is none, or lengths differ.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data import ArrayDataset
    >>> dataset = ArrayDataset(np.arange(6).reshape(3, 2), ["x", "y", "z"])
    >>> dataset[1]
    (array([2., 3.]), 'y')
    """

    def __init__(self, *args):
        if not args:
            raise AssertionError("ArrayDataset: takes one array or more")
        lengths = [len(data) for data in args]
        if len(set(lengths)) > 1:
            raise AssertionError(f"ArrayDataset: the arrays have lengths {', '.join(map(str, lengths))}, which are not equal")
        self._data = [data.asnumpy() if isinstance(data, np.ndarray) and data.ndim == 1 else data for data in args]

    def __len__(self):
        return len(self._data[0])

    def __getitem__(self, idx):
        return self._data[0][idx] if len(self._data) == 1 else tuple(data[idx] for data in self._data)

    def _batch(self, indices):
        is_plain = type(self).__getitem__ is ArrayDataset.__getitem__  # and no subclass whose items are others
        return _rows(self._data, indices) if is_plain and any(map(_has_rows, self._data)) else None


class RecordFileDataset(Dataset):
    """The records of a RecordIO file, each of them bytes.

    Beside the file, under its name with the ending `.idx`, there is an index with the places of the records, as `MXIndexedRecordIO`
    and MXNet's `im2rec` write them.

    Parameters
    ----------
    filename : str
        Ends in `.rec`.

    Examples
    --------
    >>> from mxnet.gluon.data import RecordFileDataset
    >>> records = RecordFileDataset("images.rec")  # doctest: +SKIP
    """

    def __init__(self, filename):
        self.filename = os.fspath(filename)
        self.idx_file = os.path.splitext(self.filename)[0] + ".idx"
        self._record = MXIndexedRecordIO(self.idx_file, self.filename, "r")

    def __len__(self):
        return len(self._record.keys)

    def __getitem__(self, idx):
        return self._record.read_idx(self._record.keys[idx])


def _has_rows(data):
    """Whether many items can be taken out at once."""
    if type(data) in (numpy.ndarray, numpy.memmap):
        return data.dtype.kind in "biufc"
    return isinstance(data, np.ndarray)


def _rows(columns, indices):
    """What `stacked` makes of the items at `indices`: one batch for each column, or the only one."""
    indices = numpy.asarray(indices)
    if indices.dtype.kind not in "iu":
        return None
    batch = []
    for data in columns:
        if not _has_rows(data):
            batch.append(stacked([data[i] for i in indices.tolist()]))
        elif isinstance(data, np.ndarray):
            batch.append(data[indices])
        else:
            batch.append(npx.from_numpy(numpy.asarray(data).take(indices, 0)))
    return batch if len(columns) > 1 else batch[0]


def takes_batches(fn):
    """Whether a transform does to many images what it does to each, as `ToTensor` does. A subclass has to say so anew."""
    return "takes_batches" in vars(type(fn)) and fn.takes_batches


class _LazyTransformDataset(Dataset):
    def __init__(self, dataset, fn):
        self._dataset = dataset
        self._fn = fn

    def __len__(self):
        return len(self._dataset)

    def __getitem__(self, idx):
        item = self._dataset[idx]
        return self._fn(*item) if isinstance(item, tuple) else self._fn(item)

    def _batch(self, indices):
        if not takes_batches(self._fn) or (batch := self._dataset._batch(indices)) is None:
            return None
        first, *others = batch if isinstance(batch, list) else [batch]
        if not isinstance(first, np.ndarray) or first.ndim != 4:
            return None
        result = self._fn(first, *others)
        return list(result) if others else result


class _First:
    """Applies a function to the first of its arguments."""

    def __init__(self, fn):
        self._fn = fn

    @property
    def takes_batches(self):
        return takes_batches(self._fn)

    def __call__(self, first, *others):
        return (self._fn(first), *others) if others else self._fn(first)


class _SampledDataset(Dataset):
    def __init__(self, dataset, sampler):
        self._dataset = dataset
        self._indices = list(sampler)

    def __len__(self):
        return len(self._indices)

    def __getitem__(self, idx):
        return self._dataset[self._indices[idx]]

    def _batch(self, indices):
        return self._dataset._batch([self._indices[i] for i in indices])
