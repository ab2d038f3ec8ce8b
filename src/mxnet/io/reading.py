"""The iterator over batches that are read from files."""

from collections import deque
from functools import partial

import numpy

from ..core.operator import wrap
from .base import DataDesc, DataIter

__all__ = ["MXDataIter"]


class MXDataIter(DataIter):
    """Batches of what a reader reads; `CSVIter`, `ImageRecordIter` and others make such iterators.

    Parameters
    ----------
    handle : reader
        It has a length, the number of samples; `data` and `label`, each the shape and the dtype of one sample's; and
        `read(positions, numbers)`, which returns arrays: data, labels and indices of the samples at `positions`. `numbers` tells
        samples apart that were read at the same position, for what is drawn at random.
    data_name, label_name : str
    batch_size : int
    shuffle : bool
        Whether each epoch has an order of its own.
    seed : int
        Of this order.
    last_batch : {'round', 'pad', 'discard'}
        If fewer samples than a batch are left: begin the next epoch in this batch, fill it with samples of this epoch, or leave
        them out.
    threads : int
        How many of them read ahead; 0 reads when it is asked.
    prefetch : int
        How many batches to read ahead.

    Attributes
    ----------
    provide_data, provide_label : list of DataDesc
    """

    def __init__(
        self,
        handle,
        data_name="data",
        label_name="softmax_label",
        batch_size=1,
        shuffle=False,
        seed=0,
        last_batch="round",
        threads=0,
        prefetch=0,
    ):
        super().__init__(batch_size)
        if not isinstance(batch_size, int | numpy.integer) or batch_size < 1:
            raise ValueError(f"MXDataIter: batch_size is a whole number above 0, not {batch_size!r}")
        self.handle = handle
        self.provide_data, self.provide_label = (
            [DataDesc(name, (batch_size, *shape), dtype)]
            for name, (shape, dtype) in ((data_name, handle.data), (label_name, handle.label))
        )
        self._shuffle = shuffle
        self._random = numpy.random.default_rng(seed)
        self._last_batch = last_batch
        self._executor = None
        if threads:
            from concurrent.futures import ThreadPoolExecutor

            self._executor = ThreadPoolExecutor(threads, "MXDataIter")
        self._prefetch = prefetch if threads else 0
        self._count = 0  # of samples read so far
        self._ahead = deque()
        self._following = None  # the order of an epoch that has begun already, and where it goes on
        self.reset()

    def reset(self):
        """Begin an epoch."""
        if self._ahead:
            self._ahead.clear()
            self._following = None
        self._batches = self._planned()

    def _order(self):
        count = len(self.handle)
        return self._random.permutation(count) if self._shuffle else numpy.arange(count)

    def _planned(self):
        """For each batch of an epoch, which samples it has, and how many of them fill it up."""
        order, start = self._following or (self._order(), 0)
        self._following = None
        for first in range(start, len(order), self.batch_size):
            positions = order[first : first + self.batch_size]
            pad = self.batch_size - len(positions)
            if pad and self._last_batch == "discard":
                return
            if pad:
                if self._last_batch == "round":
                    order = self._order()
                    self._following = order, pad % len(order)
                positions = numpy.concatenate([positions, order.take(range(pad), mode="wrap")])
            yield positions, pad

    def iter_next(self):
        """Go on to the next batch; whether there is one."""
        while len(self._ahead) <= self._prefetch and (planned := next(self._batches, None)):
            positions, self._count = planned[0], self._count + self.batch_size
            read = partial(self.handle.read, positions, range(self._count - self.batch_size, self._count))
            self._ahead.append((self._executor.submit(read).result if self._executor else read, planned[1]))
        if not self._ahead:
            return False
        result, self._pad = self._ahead.popleft()
        self._data, self._label, self._index = result()
        return True

    def getdata(self):
        """The data of the current batch."""
        return [wrap(self._data)]

    def getlabel(self):
        """The labels of the current batch."""
        return [wrap(self._label)]

    def getindex(self):
        """Which samples are in the current batch: lines of a file of numbers, or what images are numbered with."""
        return self._index

    def getpad(self):
        """How many samples at the end of the current batch fill it up."""
        return self._pad
