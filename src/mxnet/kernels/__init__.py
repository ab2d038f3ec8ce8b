"""Hot loops, compiled from Python by Numba, for large arrays; every operator that uses one also has a plain definition in NumPy.

    @kernel
    def scaled(start, stop, x, factor, out):
        for i in range(start, stop):
            out[i] = factor * x[i]

    if serves(x):
        split(scaled, len(x), x.size, x, factor, out)

A kernel does the part from `start` to `stop` of the work, and raises nothing: arguments were checked before. `split` shares the
work among threads. `serves` tells whether arrays are such that kernels are worth it; never, without Numba.
"""

import sys

from .compiler import available, kernel
from .threads import LARGE, in_parts, num_threads, set_num_threads, split, sum_of_rows

__all__ = [
    "LARGE",
    "available",
    "in_parts",
    "kernel",
    "least_of_rows",
    "num_threads",
    "serves",
    "set_num_threads",
    "split",
    "sum_of_rows",
]

_DTYPES = ("f", "d")
LEAST = 2**13  # elements from which a kernel, and the few microseconds that its call costs, pay
_LEAST_OF_ROWS = 2**8


def serves(*arrays, least=LEAST):
    """Whether kernels serve these raw arrays: the first has at least `least` elements, and all are C-contiguous and of one dtype,
    float32 or float64 in the machine's byte order. None stands for an array that is not there.
    """
    first = arrays[0]
    if first.size < least or first.dtype.char not in _DTYPES or not first.dtype.isnative or not available():
        return False
    return all(x is None or (x.dtype == first.dtype and x.flags.c_contiguous) for x in arrays)


def least_of_rows():
    """The number of elements from which a kernel pays that does to rows what takes NumPy a dozen of calls.

    It is small once Numba is there; loading it takes a third of a second, which nobody wants to spend on small arrays only.
    """
    return _LEAST_OF_ROWS if "numba" in sys.modules else LEAST
