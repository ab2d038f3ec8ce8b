"""The threads of OpenBLAS, which NumPy brings along."""

import ctypes
import os
import sys
import threading

import numpy

__all__ = ["heed_timeout"]

_WAITING = {("threading", "wait"), ("selectors", "select")}  # modules and functions in which idle threads are


def _alone():
    """Whether all other threads are surely not computing: they wait, or belong to a notebook."""
    frames = [frame for thread, frame in sys._current_frames().items() if thread != threading.get_ident()]
    places = [(frame.f_globals.get("__name__", ""), frame.f_code.co_name) for frame in frames]
    return all(place in _WAITING or place[0].partition(".")[0] in ("ipykernel", "zmq") for place in places)


def heed_timeout():
    """Have OpenBLAS heed `OPENBLAS_THREAD_TIMEOUT`, which it has overlooked if NumPy was imported before it was set.

    Its threads end, and begin anew with the next large product, as they do around a fork. Nothing happens where another thread of
    Python could be in the middle of one, or where the library is not as it is in NumPy's wheels for Linux.
    """
    if sys.platform != "linux":
        return
    folder = os.path.join(os.path.dirname(os.path.dirname(numpy.__file__)), "numpy.libs")
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        if not name.startswith(("libopenblas", "libscipy_openblas")):
            continue
        library = ctypes.CDLL(os.path.join(folder, name))
        try:
            timeout, read, end_threads = library.openblas_thread_timeout, library.openblas_read_env, library.blas_thread_shutdown_
        except AttributeError:
            continue
        if str(timeout()) != os.environ.get("OPENBLAS_THREAD_TIMEOUT") and _alone():
            read()
            end_threads()
