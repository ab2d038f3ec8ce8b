"""`DataLoader`: batches of a dataset, one after the other, made ahead by threads or processes."""

import itertools
import warnings
from collections import deque

import numpy

from ... import numpy as np
from ...base import caller_level
from .batchify import Stack, make_batch
from .dataset import Dataset, SimpleDataset
from .sampler import BatchSampler, RandomSampler, SequentialSampler, whole

__all__ = ["DataLoader", "default_batchify_fn", "default_mp_batchify_fn"]

default_batchify_fn = default_mp_batchify_fn = Stack()  # as MXNet 1 calls it


class DataLoader:
    """Batches of a dataset: a loop over the loader is one pass through the data.

    Parameters
    ----------
    dataset : Dataset
        Or anything else that has items by number and a length: an array, a list.
    batch_size : int, optional
        How many items a batch has. Not with `batch_sampler`.
    shuffle : bool
        Whether items come in random order, another one in each pass (see `RandomSampler`).
    sampler : Sampler, optional
        Or a sequence of positions: which items come, in which order. Not with `shuffle`.
    last_batch : {'keep', 'discard', 'rollover'}, optional
        What becomes of the items that are left at the end when they are fewer than `batch_size`: a smaller batch (the default),
        nothing, or the beginning of the next pass.
    batch_sampler : BatchSampler, optional
        Or a sequence of lists of positions; instead of `batch_size`, `shuffle`, `sampler` and `last_batch`.
    batchify_fn : callable, optional
        Makes a batch of a list of items; by default `batchify.Stack()`.
    num_workers : int
        How many processes, or threads, make batches ahead; with 0 each is made when it is asked for.
    pin_memory, pin_device_id
        Accepted, and without effect: there is one memory.
    prefetch : int, optional
        How many batches are made ahead at most; 2 · num_workers unless given.
    thread_pool : bool
        Threads instead of processes. They start at once and take any function, but Python runs one of them at a time, except where
        it reads files, decodes images or computes on arrays.
    timeout : float
        Seconds after which a batch that workers do not deliver is an error.
    try_nopython
        Accepted, and without effect.
    progress : bool or str
        Whether `tqdm` shows a progress bar; a string is written in front of it.

    Raises
    ------
    ValueError
        For arguments that contradict each other.
    pickle.PicklingError
        When the first batch is asked for, if `dataset` or `batchify_fn` cannot be sent to processes, as no lambda can.
    TimeoutError
        See `timeout`.
    MXNetError
        If a worker process dies.

    Notes
    -----
    A batch of items that are tuples is a list, [data, label]. Batches come in the same order and with the same content however many
    workers there are. An exception in a worker is raised here, in place of its batch.

    Worker processes start with the first pass and end with the loader; each has a copy of the dataset, whose arrays all share. For
    each batch they seed `mx.random`, `numpy.random` and `random` with a number that depends on `mx.random.seed` in this process, so
    that random transforms repeat, with any number of processes. If functions of the program's main file go to workers, these import
    that file, and what it does must be under `if __name__ == "__main__":`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data import ArrayDataset, DataLoader
    >>> dataset = ArrayDataset(np.arange(6).reshape(3, 2), np.array([0, 1, 0]))
    >>> for X, y in DataLoader(dataset, batch_size=2):
    ...     print(X.shape, y)
    (2, 2) [0. 1.]
    (1, 2) [0.]
    """

    def __init__(
        self,
        dataset,
        batch_size=None,
        shuffle=False,
        sampler=None,
        last_batch=None,
        batch_sampler=None,
        batchify_fn=None,
        num_workers=0,
        pin_memory=False,
        pin_device_id=0,
        prefetch=None,
        thread_pool=False,
        timeout=120,
        try_nopython=None,
        progress=False,
    ):
        if not (hasattr(dataset, "__getitem__") and hasattr(dataset, "__len__")):
            raise TypeError(f"DataLoader: a dataset has items by number and a length, as a list has; not {type(dataset).__name__}")
        if not timeout > 0:
            raise ValueError(f"DataLoader: timeout is a number of seconds above 0, not {timeout!r}")
        if batch_sampler is None:
            if batch_size is None:
                raise ValueError("DataLoader: say how many items a batch has: DataLoader(dataset, batch_size=32)")
            if sampler is not None and shuffle:
                raise ValueError("DataLoader: a sampler says in which order items come; leave shuffle out")
            if sampler is None:
                sampler = RandomSampler(len(dataset)) if shuffle else SequentialSampler(len(dataset))
            batch_sampler = BatchSampler(sampler, batch_size, last_batch or "keep")
        elif batch_size is not None or shuffle or sampler is not None or last_batch is not None:
            raise ValueError("DataLoader: a batch_sampler says all of batch_size, shuffle, sampler and last_batch; leave these out")
        self._dataset = dataset if isinstance(dataset, Dataset) else SimpleDataset(dataset)
        self._batch_sampler = batch_sampler
        self._batchify_fn = default_batchify_fn if batchify_fn is None else batchify_fn
        self._num_workers = max(0, whole("DataLoader", "num_workers", num_workers, -1))
        self._depth = 2 * self._num_workers if prefetch is None else max(1, whole("DataLoader", "prefetch", prefetch))
        self._thread_pool = thread_pool
        self._timeout = timeout
        self._progress = progress
        self._workers = None  # those that are free

    def __len__(self):
        return len(self._batch_sampler)

    def __iter__(self):
        if self._num_workers == 0:
            batches = (make_batch(self._dataset, self._batchify_fn, indices) for indices in self._batch_sampler)
        else:
            batches = self._from_threads() if self._thread_pool else self._from_processes()
        return self._shown(batches) if self._progress else batches

    def _shown(self, batches):
        try:
            from tqdm.auto import tqdm
        except ImportError:
            raise ImportError("DataLoader: progress bars are drawn by tqdm, which is missing; run `pip install tqdm`") from None
        total = len(self) if hasattr(self._batch_sampler, "__len__") else None
        return iter(tqdm(batches, total=total, desc=self._progress if isinstance(self._progress, str) else None))

    def _from_threads(self):
        from concurrent.futures import ThreadPoolExecutor

        pool = ThreadPoolExecutor(self._num_workers, thread_name_prefix="mxnet-data")
        calls = (pool.submit(make_batch, self._dataset, self._batchify_fn, indices) for indices in self._batch_sampler)
        pending = deque()
        is_stuck = False
        try:
            while True:
                pending.extend(itertools.islice(calls, self._depth - len(pending)))
                if not pending:
                    return
                call = pending.popleft()
                try:
                    batch = call.result(self._timeout)
                except TimeoutError:
                    if call.done():  # it is the thread's own
                        raise
                    is_stuck = True
                    raise TimeoutError(
                        f"DataLoader: no batch came from the threads for {self._timeout} seconds; if one may take that long, give "
                        "more time: DataLoader(…, timeout=600)"
                    ) from None
                pending.extend(itertools.islice(calls, self._depth - len(pending)))  # to be worked on meanwhile
                yield batch
        finally:
            pool.shutdown(wait=not is_stuck, cancel_futures=True)

    def _from_processes(self):
        from .workers import NotImportable, Workers  # `multiprocessing` takes a while to import

        workers, self._workers = self._workers, None
        if workers is None or not workers.close.alive:
            try:
                workers = Workers(self._dataset, self._batchify_fn, self._num_workers, self._depth)
            except NotImportable:
                warnings.warn(
                    "DataLoader: processes cannot import a dataset, or what makes batches, that is defined in a notebook or an "
                    "interactive session, so threads make the batches: thread_pool=True. From a file of its own, processes can",
                    stacklevel=caller_level(),
                )
                self._thread_pool = True
                yield from self._from_threads()
                return
        seeds = numpy.random.default_rng(int(np.random.randint(0, 2**31 - 1)))
        try:
            yield from workers.batches(((indices, int(seeds.integers(2**31))) for indices in self._batch_sampler), self._timeout)
        finally:
            self._workers = workers
