"""Worker processes that make batches, and the shared memory through which these come back.

Processes are spawned on every platform: a forked one would inherit the locks, but not the threads, of the pools that compute here,
and Windows cannot fork at all. A worker takes half a second to start, and then serves its loader for as long as that lives.

All shared memory belongs to the loader's process: a batch under way has a slot, which a worker fills and the loader empties. So a
worker that is ended, even in the middle of its work, leaves nothing behind. A batch of 38 MB comes back in 16 ms; pickled through a
pipe it takes 210 ms. One of 0.4 MB takes 0.3 ms instead of 1.
"""

import contextlib
import itertools
import multiprocessing
import multiprocessing.connection
import os
import pickle
import queue
import random
import shutil
import signal
import sys
import threading
import traceback
import types
import weakref
from multiprocessing.shared_memory import SharedMemory

import numpy

from ... import numpy as np
from ... import util
from ...base import MXNetError
from .batchify import make_batch

__all__ = ["Workers"]

_ALIGNMENT = 64
_SMALL = 1 << 16  # bytes up to which a pipe is as good as shared memory
_FORGET = "forget"  # says that the tasks that were sent are off; and is the answer, when they are
_READY = "ready"  # a worker's first answer


# --- values as bytes --------------------------------------------------------------------------------------------------------------


def _pickled(value):
    """A value as bytes, and the memory of its arrays, as views."""
    buffers = []
    head = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    return head, [buffer.raw() for buffer in buffers]


def _places(sizes):
    """Where views of these sizes lie one after the other; and the size of all."""
    ends = list(itertools.accumulate((-(-size // _ALIGNMENT) * _ALIGNMENT for size in sizes), initial=0))
    return [slice(start, start + size) for start, size in zip(ends[:-1], sizes, strict=True)], ends[-1]


def _segment(size):
    """New shared memory, or None where the system has no room for it: who then writes to it would be killed."""
    try:
        if os.path.isdir("/dev/shm") and shutil.disk_usage("/dev/shm").free < size:
            return None
        segment = SharedMemory(create=True, size=size)
    except OSError:
        return None
    numpy.frombuffer(segment.buf, numpy.uint8)[:: min(4096, size)] = 0  # so that every page is there from now on
    return segment


def _remove(segment):
    segment.close()
    segment.unlink()


# --- in a worker ------------------------------------------------------------------------------------------------------------------


def _listen(tasks, waiting):
    """Take in what the loader sends, so that it never has to wait; end when the loader is gone."""
    try:
        while True:
            task = tasks.recv()
            if task == _FORGET:
                while not waiting.empty():
                    waiting.get()
            waiting.put(task)
    finally:
        os._exit(0)  # at once: nothing here needs to be put in order


def _failure(number, error):
    """The answer that says that a task failed."""
    text = "".join(traceback.format_exception(error))
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        error = MXNetError(f"{type(error).__name__}: {error}")
    return number, error, text


def _serve(tasks, answers, sizes, memory, in_double):
    """What a worker process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the loader's process, which ends its workers
    waiting = queue.Queue()
    listener = threading.Thread(target=_listen, args=(tasks, waiting), daemon=True)
    listener.start()
    try:
        import threadpoolctl

        threadpoolctl.threadpool_limits(1)  # the processors are shared among workers
        util.set_num_threads(1)
        util.set_np(dtype=in_double)
        if isinstance(memory, str):
            shared = SharedMemory(memory)  # where the dataset's arrays stay
            memory = [shared.buf[place] for place in _places(sizes)[0]]
        head, *buffers = memory
        dataset, batchify = pickle.loads(head, buffers=buffers)
    except BaseException as error:
        answers.send(_failure(None, error))
        listener.join()
    answers.send(_READY)
    slots = {}
    while True:
        task = waiting.get()
        answers.send(task if task == _FORGET else _answer(dataset, batchify, slots, *task))


def _answer(dataset, batchify, slots, number, indices, seed, slot, name):
    """A batch: (number, None, head, sizes of buffers, their bytes or None if these are in the slot)."""
    try:
        np.random.seed(seed)
        numpy.random.seed(seed)
        random.seed(seed)
        head, buffers = _pickled(make_batch(dataset, batchify, indices))
        sizes = [buffer.nbytes for buffer in buffers]
        places, size = _places(sizes)
        if slot in slots and slots[slot].name != name:
            slots.pop(slot).close()
        if name is not None and slot not in slots:
            slots[slot] = SharedMemory(name)
        if slot not in slots or size > slots[slot].size:
            return number, None, head, sizes, [bytearray(buffer) for buffer in buffers]
        for place, buffer in zip(places, buffers, strict=True):
            slots[slot].buf[place] = buffer
        return number, None, head, sizes, None
    except Exception as error:
        return _failure(number, error)


# --- in the loader's process ------------------------------------------------------------------------------------------------------

_starting = threading.Lock()


def _start(process, needs_main):
    """Start a process, which imports the main module only if it needs something from there.

    So workers start from a notebook, and from a script without `if __name__ == "__main__":`, that only uses what it imports.
    """
    if needs_main:
        process.start()
        return
    with _starting:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = types.ModuleType("__main__")  # it has no file, so that `spawn` finds none to import
        try:
            process.start()
        finally:
            sys.modules["__main__"] = main


def _end(owner, processes, pipes, segments):
    """End workers, and free what they used."""
    if os.getpid() != owner:  # in a child that was forked
        return
    for process in processes:
        process.kill()
    for process in processes:
        process.join()
        process.close()
    for pipe in pipes:
        pipe.close()
    for segment in segments.values():
        _remove(segment)


_INSTEAD = (
    "write functions with `def` at the top level of a module that can be imported, not as a lambda or inside another function; or "
    "use threads: DataLoader(…, thread_pool=True)"
)


class NotImportable(Exception):
    """A dataset that worker processes cannot import, as it is defined in a notebook or an interactive session."""


class Workers:
    """Processes that make batches of a dataset.

    Parameters
    ----------
    dataset, batchify
        Pickled once; the memory of arrays is shared by all workers.
    count : int
        How many processes.
    depth : int
        How many batches are under way at most.
    """

    def __init__(self, dataset, batchify, count, depth):
        try:
            head, buffers = _pickled((dataset, batchify))
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise pickle.PicklingError(
                f"DataLoader: the dataset, with its transforms, or batchify_fn cannot go to worker processes ({error}); {_INSTEAD}"
            ) from error
        needs_main = b"__main__" in head
        main = sys.modules["__main__"]
        if needs_main and getattr(main, "__file__", None) is None and getattr(main, "__spec__", None) is None:
            raise NotImportable
        self._depth = depth
        self._processes, self._tasks, self._answers = [], [], []
        self._segments = {}  # by slot; and the dataset's
        self._load = [0] * count  # how many tasks each worker has
        self._forgetting = set()
        self._are_ready, self._are_dead = set(), set()
        pipes = []
        self.close = weakref.finalize(self, _end, os.getpid(), self._processes, pipes, self._segments)
        sizes, memory = self._shared([head, *buffers])
        context = multiprocessing.get_context("spawn")
        for _ in range(count):
            (task_end, tasks), (answers, answer_end) = context.Pipe(duplex=False), context.Pipe(duplex=False)
            pipes += [tasks, answers]
            args = (task_end, answer_end, sizes, memory, util.is_np_default_dtype())
            process = context.Process(target=_serve, args=args, name="mxnet-data", daemon=True)
            _start(process, needs_main)
            task_end.close()
            answer_end.close()
            self._processes.append(process)
            self._tasks.append(tasks)
            self._answers.append(answers)

    def _shared(self, buffers):
        """The sizes of buffers, and the name of shared memory that holds them, or their bytes."""
        sizes = [memoryview(buffer).nbytes for buffer in buffers]
        places, size = _places(sizes)
        segment = _segment(size) if size > _SMALL else None
        if segment is None:
            return sizes, [bytearray(buffer) for buffer in buffers]
        self._segments["dataset"] = segment
        for place, buffer in zip(places, buffers, strict=True):
            segment.buf[place] = buffer
        return sizes, segment.name

    def batches(self, tasks, timeout):
        """The batches of `tasks`, pairs (indices, seed), in their order; as is the error of one that fails."""
        tasks, workers, answers = enumerate(tasks), [], {}
        while self._forgetting - self._are_dead:
            self._receive(timeout)
        try:
            for number in itertools.count():
                workers += map(self._send, itertools.islice(tasks, number + self._depth - len(workers)))
                if number == len(workers):
                    return
                while number not in answers:
                    if workers[number] in self._are_dead:
                        self._fail(workers[number])
                    for answer in self._receive(timeout):
                        answers[answer[0]] = answer
                batch = self._opened(*answers.pop(number))
                # Some more, to be worked on meanwhile.
                workers += map(self._send, itertools.islice(tasks, number + 1 + self._depth - len(workers)))
                yield batch
        finally:
            self._forget()

    def _send(self, task):
        """Give a task to the worker that has the fewest, which is returned."""
        number, (indices, seed) = task
        slot = number % self._depth
        worker = self._load.index(min(self._load))
        name = self._segments[slot].name if slot in self._segments else None
        self._load[worker] += 1
        with contextlib.suppress(OSError):  # if it is dead, `_receive` finds out, after what it did before
            self._tasks[worker].send((number, indices, seed, slot, name))
        return worker

    def _receive(self, timeout):
        """Answers with batches, those that are there."""
        alive = {answers: worker for worker, answers in enumerate(self._answers) if worker not in self._are_dead}
        ready = multiprocessing.connection.wait(list(alive), timeout)
        if not ready:
            self.close()
            raise TimeoutError(
                f"DataLoader: no batch came from the worker processes for {timeout} seconds, and they were ended; if one may take "
                "that long, give more time: DataLoader(…, timeout=600)"
            )
        batches = []
        for answers in ready:
            worker = alive[answers]
            try:
                answer = answers.recv()
            except (EOFError, OSError):
                self._are_dead.add(worker)
                continue
            if answer == _READY:
                self._are_ready.add(worker)
            elif answer == _FORGET:
                self._load[worker] = 0
                self._forgetting.discard(worker)
            elif answer[0] is None:
                self.close()
                self._raise(*answer[1:])
            else:
                self._load[worker] -= 1
                batches.append(answer)
        return batches

    def _fail(self, worker):
        """Say that a worker ended."""
        process = self._processes[worker]
        process.join(10)
        code, number = process.exitcode, process.pid
        self.close()
        ended = f"DataLoader: worker process {number} ended with exit code {code}"
        if code is not None and code < 0:
            ended = f"DataLoader: worker process {number} was ended by signal {-code}, {signal.Signals(-code).name}"
        if worker not in self._are_ready:
            ended += (
                ", before it was ready; see above what it printed. If it imported this program again and got here, put what the "
                'program does under `if __name__ == "__main__":`'
            )
        elif code == -9:
            ended += ", as the system does it where memory runs out"
        raise MXNetError(ended)

    def _raise(self, error, text):
        """Raise a worker's exception here."""
        error.add_note(f"In the worker process:\n\n{text}")
        raise error

    def _opened(self, number, error, head, sizes=(), memory=None):
        """The batch that an answer holds."""
        if error is not None:
            self._raise(error, head)
        slot = number % self._depth
        places, size = _places(sizes)
        if memory is None:
            memory = [bytearray(self._segments[slot].buf[place]) for place in places]
        elif size > _SMALL:
            if slot in self._segments:
                _remove(self._segments.pop(slot))
            if (segment := _segment(size)) is not None:
                self._segments[slot] = segment
        return pickle.loads(head, buffers=memory)

    def _forget(self):
        """Let workers drop the tasks that they still have."""
        for worker, load in enumerate(self._load):
            if load and self.close.alive:
                try:
                    self._tasks[worker].send(_FORGET)
                    self._forgetting.add(worker)
                except OSError:
                    self._are_dead.add(worker)
