"""Iterators over the batches of other iterators."""

from .base import DataBatch, DataDesc, DataIter

__all__ = ["PrefetchingIter", "ResizeIter"]


class ResizeIter(DataIter):
    """Epochs of another length: the batches of an iterator, over and over again or not all of them.

    Parameters
    ----------
    data_iter : DataIter
    size : int
        The number of batches of an epoch.
    reset_internal : bool
        Whether `reset` resets `data_iter` too, or goes on where it is.

    Examples
    --------
    >>> from mxnet import io, np
    >>> long = io.ResizeIter(io.NDArrayIter(np.arange(4), batch_size=2), 3)
    >>> [batch.data[0].tolist() for batch in long]
    [[0.0, 1.0], [2.0, 3.0], [0.0, 1.0]]
    """

    def __init__(self, data_iter, size, reset_internal=True):
        super().__init__(data_iter.batch_size)
        self.data_iter = data_iter
        self.size = size
        self.reset_internal = reset_internal
        self.cur = 0
        self.current_batch = None
        self.provide_data = data_iter.provide_data
        self.provide_label = data_iter.provide_label

    def reset(self):
        """Begin an epoch."""
        self.cur = 0
        if self.reset_internal:
            self.data_iter.reset()

    def iter_next(self):
        """Go on to the next batch; whether there is one."""
        if self.cur >= self.size:
            return False
        try:
            self.current_batch = self.data_iter.next()
        except StopIteration:
            self.data_iter.reset()
            try:
                self.current_batch = self.data_iter.next()
            except StopIteration:
                raise ValueError(f"ResizeIter: {self.data_iter!r} has no batch at all") from None
        self.cur += 1
        return True

    def next(self):
        """The next batch, as `data_iter` made it."""
        if not self.iter_next():
            raise StopIteration
        return self.current_batch

    def getdata(self):
        """The data of the current batch."""
        return self.current_batch.data

    def getlabel(self):
        """The labels of the current batch."""
        return self.current_batch.label

    def getindex(self):
        """Which samples are in the current batch."""
        return self.current_batch.index

    def getpad(self):
        """How many samples at the end of the current batch only fill it."""
        return self.current_batch.pad


def _fetched(iters):
    """A batch of each iterator; None of one that has none."""
    batches = []
    for it in iters:
        try:
            batches.append(it.next())
        except StopIteration:
            batches.append(None)
    return batches


class PrefetchingIter(DataIter):
    """Batches that a thread makes ready while the last one is in use; of several iterators, side by side.

    An exception in the thread is raised by `next`. What is drawn at random there comes from the thread's own generator.

    Parameters
    ----------
    iters : DataIter or list of DataIter
        A batch has the data and the labels of all.
    rename_data, rename_label : list of dict, optional
        For each iterator, new names of its arrays by their old ones.

    Raises
    ------
    ValueError
        If there is no iterator; from `next`, if one ends before another, or their batches are not filled up alike.

    Examples
    --------
    >>> from mxnet import io, np
    >>> ready = io.PrefetchingIter(io.NDArrayIter(np.arange(4), batch_size=2))
    >>> [batch.data[0].tolist() for batch in ready]
    [[0.0, 1.0], [2.0, 3.0]]
    """

    def __init__(self, iters, rename_data=None, rename_label=None):
        from concurrent.futures import ThreadPoolExecutor

        self.iters = list(iters) if isinstance(iters, list | tuple) else [iters]
        if not self.iters:
            raise ValueError("PrefetchingIter: there is no iterator to prefetch from")
        self.n_iter = len(self.iters)
        self.provide_data = self._renamed("rename_data", [it.provide_data for it in self.iters], rename_data)
        self.provide_label = self._renamed("rename_label", [it.provide_label for it in self.iters], rename_label)
        super().__init__(self.provide_data[0][1][0])
        self.current_batch = None
        self._executor = ThreadPoolExecutor(1, "PrefetchingIter")
        self._submit()

    def _renamed(self, what, provided, names):
        """The descriptions of all iterators in one list."""
        if names is not None and len(names) != self.n_iter:
            raise ValueError(f"PrefetchingIter: {what} has a dict for each of {self.n_iter} iterators, not {len(names)}")
        result = []
        for descriptions, new in zip(provided, names or [{}] * self.n_iter, strict=True):
            for desc in descriptions:
                desc = desc if isinstance(desc, DataDesc) else DataDesc(*desc)
                result.append(DataDesc(new.get(desc.name, desc.name), desc.shape, desc.dtype, desc.layout))
        return result

    def _submit(self):
        self._next = self._executor.submit(_fetched, self.iters)

    def reset(self):
        """Begin an epoch; a batch that was made ready is dropped."""
        self._next.exception()  # waits for the thread
        for it in self.iters:
            it.reset()
        self._submit()

    def iter_next(self):
        """Go on to the next batch; whether there is one."""
        batches = self._next.result()  # at the end, or after an error, it stays the same until `reset`
        if all(batch is None for batch in batches):
            return False
        if any(batch is None for batch in batches):
            raise ValueError("PrefetchingIter: one iterator ends before another")
        pads = {batch.pad or 0 for batch in batches}
        if len(pads) != 1:
            raise ValueError(
                f"PrefetchingIter: the batches of one step are filled up with different numbers of samples, {sorted(pads)}"
            )
        self.current_batch = DataBatch(
            [array for batch in batches for array in batch.data],
            [array for batch in batches for array in batch.label or []],
            batches[0].pad,
            batches[0].index,
            provide_data=self.provide_data,
            provide_label=self.provide_label,
        )
        self._submit()
        return True

    def next(self):
        """The next batch."""
        if not self.iter_next():
            raise StopIteration
        return self.current_batch

    def getdata(self):
        """The data of the current batch."""
        return self.current_batch.data

    def getlabel(self):
        """The labels of the current batch."""
        return self.current_batch.label

    def getindex(self):
        """Which samples are in the current batch."""
        return self.current_batch.index

    def getpad(self):
        """How many samples at the end of the current batch only fill it."""
        return self.current_batch.pad
