"""The pool of threads that kernels run on.

Numba's own pools end the process on concurrent use (workqueue) or hang a forked child (omp). This one is Python's: it serves any
number of user threads at once, and is built anew in a forked child.
"""

import os
import threading

__all__ = ["num_threads", "set_num_threads", "split"]

_lock = threading.Lock()
_pool = None
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
    global _threads, _pool
    with _lock:
        if _pool is not None and n != _threads:
            _pool.shutdown(wait=False)  # what it has begun, it finishes
            _pool = None
        _threads = n


def _workers():
    global _pool
    with _lock:
        if _pool is None:
            from concurrent.futures import ThreadPoolExecutor  # on first use: a quarter of the time that `import mxnet` may take

            _pool = ThreadPoolExecutor(num_threads() - 1, thread_name_prefix="mxnet-kernel")
        return _pool


def _forget():
    """In a forked child, which has none of its parent's threads."""
    global _pool, _lock
    _pool = None
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


_SHARED = 150_000  # nanoseconds of work from which two threads are faster than one: waking a thread takes about 40,000


def split(kernel, n, cost, *args):
    """Run `kernel(start, stop, *args)` on parts that cover `range(n)`, one part a thread; return when all are done.

    Parameters
    ----------
    kernel : callable
    n : int
        Of rows, blocks, or whatever else can be done apart.
    cost : int
        A guess at the work in all, in nanoseconds, such as the number of elements read; little work is done by the caller alone.
    """
    parts = min(num_threads(), n)
    if parts <= 1 or cost < _SHARED:
        kernel(0, n, *args)
        return
    bounds = [n * i // parts for i in range(parts + 1)]
    pool = _workers()
    try:
        futures = [pool.submit(kernel, bounds[i], bounds[i + 1], *args) for i in range(1, parts)]
    except RuntimeError:  # the interpreter is shutting down, or another thread has just replaced the pool
        kernel(0, n, *args)
        return
    kernel(0, bounds[1], *args)
    for future in futures:
        future.result()
