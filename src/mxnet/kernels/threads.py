"""The threads that kernels run on.

Numba's own pools end the process on concurrent use (workqueue) or hang a forked child (omp). These threads are Python's: they serve
any number of user threads at once, and are made anew in a forked child.

To wake a thread takes 60 to 150 microseconds where processors are virtual, more than many a kernel, so a thread that has nothing to
do looks out for work a while before it sleeps. It offers its processor to others all that time, such as the threads of BLAS.
"""

import atexit
import collections
import contextlib
import contextvars
import functools
import os
import threading
import time

import numpy as np

from .compiler import available, exact, kernel

__all__ = ["LARGE", "in_parts", "num_threads", "set_num_threads", "split", "sum_of_rows"]

_lock = threading.Lock()
_workers: list["_Worker"] = []
_threads = None


def _default():
    """`OMP_NUM_THREADS`, or the number of processors that this process may use."""
    asked = os.environ.get("OMP_NUM_THREADS", "").split(",")[0]
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def num_threads():
    """How many threads share the work of a kernel."""
    global _threads
    if _threads is None:
        _threads = _default()
    return _threads


def set_num_threads(n):
    """Share the work of kernels among `n` threads."""
    global _threads
    _threads = n


class _Yield:
    """`sched_yield` of the C library, for kernels to call: it lets another thread have the processor."""

    @functools.cached_property
    def _numba_type_(self):
        from numba import types

        return types.ExternalFunction("sched_yield", types.int32())


@exact
def _nothing():
    pass


# How often a thread looks, half a microsecond or so apart; where it cannot offer its processor meanwhile, it sleeps at once.
_give_way, _LOOKS = (_Yield(), 1000) if hasattr(os, "sched_yield") else (_nothing, 0)
_MOMENT = 20  # looks, in the time of which the caller gets to its own part
_END = ()  # the last task


@kernel
def _reaches(counts, i, number, looks):
    """Whether `counts[i]` is this number, or soon becomes it."""
    for _ in range(looks):
        if counts[i] >= number:
            return True
        _give_way()
    return counts[i] >= number


@kernel
def _more_comes(counts, number, looks, moment):
    """Say that the first tasks, up to this number, are done, and look out for more.

    It is said here because the caller then finds the interpreter's lock free; so do we after a moment, when the caller does its own
    part. To wait for the lock would take longer, as it is a way to fall asleep.
    """
    counts[1] = number
    if not _reaches(counts, 0, number + 1, looks):
        return False
    for _ in range(moment):
        _give_way()
    return True


def _outcome(task):
    """Do it; the exception that it raises, or None."""
    function, *args = task
    try:
        function(*args)
    except BaseException as error:
        return error
    return None


class _Worker(threading.Thread):
    """A thread for the work of one caller at a time, who holds the lock `free`.

    What both sides write to `_counts` is in order because the interpreter's lock changes hands in between.
    """

    def __init__(self):
        super().__init__(name="mxnet-kernel", daemon=True)
        self.free = threading.Lock()
        self._counts = np.zeros(2, np.int64)  # tasks given, tasks done
        self._tasks = collections.deque()  # one at most
        self._error = None
        self._asleep = False
        self._given = threading.Semaphore(0)
        # Compiled here and not by the thread: a process that is forked meanwhile would have the compiler locked for ever.
        _more_comes(self._counts, 0, 0, 0)
        self.start()

    def give(self, *task):
        """Begin `function(*args)`; `task` is both."""
        self._tasks.append(task)
        self._counts[0] += 1
        if self._asleep:
            self._given.release()

    def finish(self):
        """Wait until it is done, or do it, if the thread has not come to it; then be free again. Raise what it raised."""
        task, error = self._taken(), None
        try:
            if task is None:
                self._wait()
                error, self._error = self._error, None
            else:
                error = _outcome(task)
        except BaseException:  # the user has had enough, but the arrays are the caller's again only when the thread is done
            self._wait()
            raise
        finally:
            self.free.release()
        if error is not None:
            raise error

    def _wait(self):
        while not _reaches(self._counts, 1, self._counts[0], _LOOKS):
            time.sleep(1e-4)

    def _taken(self):
        """The task; None if the other side has it."""
        try:
            return self._tasks.pop()
        except IndexError:
            return None

    def run(self):
        number = 0
        while True:
            if not _more_comes(self._counts, number, _LOOKS, _MOMENT):
                self._asleep = True
                while self._counts[0] == number:
                    self._given.acquire()
                self._asleep = False
            number = int(self._counts[0])
            task = self._taken()
            if task is None:
                continue
            if task == _END:
                return
            self._error = _outcome(task)
            del task  # or its arrays would live until there is more to do


def _take(number):
    """So many threads that are free, or fewer."""
    with _lock, contextlib.suppress(RuntimeError):  # where no thread can be started, fewer share the work
        while len(_workers) < number:
            _workers.append(_Worker())
    return [worker for worker in _workers[:number] if worker.free.acquire(blocking=False)]


@atexit.register
def _stop():
    """At the end of the process, before the interpreter goes away under the threads."""
    for worker in _workers:
        if worker.free.acquire(timeout=1):
            worker.give(*_END)
            worker.join(timeout=1)


def _forget():
    """In a forked child, which has none of its parent's threads."""
    global _workers, _lock
    _workers = []
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


_SHARED = 80_000  # nanoseconds of work from which two threads are faster than one


def split(kernel, n, cost, *args):
    """Run `kernel(start, stop, *args)` on parts that cover `range(n)`, one part a thread; return when all are done.

    Threads see the context variables of the caller, such as NumPy's error handling.

    Parameters
    ----------
    kernel : callable
    n : int
        Of rows, blocks, or whatever else can be done apart.
    cost : int
        A guess at the work in all, in nanoseconds, such as the number of elements read; little work is done by the caller alone.
        So is what no thread is free for.
    """
    parts = min(num_threads(), n)
    workers = _take(parts - 1) if parts > 1 and cost >= _SHARED else ()
    if not workers:
        kernel(0, n, *args)
        return
    parts = len(workers) + 1
    bounds = [n * i // parts for i in range(parts + 1)]
    with contextlib.ExitStack() as all_done:
        for i, worker in enumerate(workers, 1):
            all_done.callback(worker.finish)
            worker.give(contextvars.copy_context().run, kernel, bounds[i], bounds[i + 1], *args)
        kernel(0, bounds[1], *args)


LARGE = 2**19  # elements from which two threads are faster than one at what NumPy does element by element


def in_parts(ufunc, a, b, out=None):
    """`ufunc(a, b, out=out)`, a being as large as the result; threads share it if it is raw, large and of one dtype."""
    cut = type(b) is np.ndarray  # along its first axis, as a is; a number goes whole
    large = type(a) is np.ndarray and a.size >= LARGE and a.dtype.char in "fd" and a.flags.c_contiguous and available()
    if not large or not (b.dtype == a.dtype if cut else type(b) in (float, int, bool)):
        return ufunc(a, b, out=out)
    if cut:
        b = np.broadcast_to(b, a.shape)
    if out is None:
        out = np.empty(a.shape, a.dtype)

    def part(start, stop):
        ufunc(a[start:stop], b[start:stop] if cut else b, out=out[start:stop])

    split(part, len(a), a.size)
    return out


def sum_of_rows(a):
    """`a.sum(axis=0)` of a raw matrix, by all threads if it is large."""
    if a.dtype.char not in "fd" or not available():
        return a.sum(axis=0, dtype=np.float32 if a.dtype == np.float16 else None)  # in float16, 2048 + 1 is 2048
    out = np.empty(a.shape[1], a.dtype)

    def part(start, stop):
        a[:, start:stop].sum(axis=0, out=out[start:stop])

    split(part, a.shape[1], a.size)
    return out
