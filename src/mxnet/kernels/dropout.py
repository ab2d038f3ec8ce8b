"""Dropout, with random bits that are a function of a key and of an element's position: SplitMix64, whose state is a counter.

So threads need no generators of their own, and backward finds the mask again without having kept it.
"""

import numpy as np

from .compiler import kernel

__all__ = ["LENGTH", "STEP", "dropout", "mixed"]

LENGTH = 4096  # elements of a block: the bits for one stay in the nearest cache
STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_30, _27, _31 = np.uint64(30), np.uint64(27), np.uint64(31)


def mixed(z):
    """The output function of SplitMix64 (Steele, Lea and Flood, 2014), of numbers of 64 bits."""
    z = (z ^ (z >> _30)) * _FIRST
    z = (z ^ (z >> _27)) * _SECOND
    return z ^ (z >> _31)


_mixed = kernel(mixed)


@kernel
def dropout(start, stop, x, key, threshold, scale, out):
    """`scale * x` where the 32 random bits of the element are at least `threshold`, otherwise 0, for blocks of LENGTH elements."""
    words = np.empty(LENGTH // 2, np.uint64)
    bits = words.view(np.uint32)
    zero = x.dtype.type(0)
    for block in range(start, stop):
        part, result = x[block * LENGTH :][:LENGTH], out[block * LENGTH :][:LENGTH]
        first = key + STEP * np.uint64(block * (LENGTH // 2) + 1)
        for i in range((part.size + 1) // 2):
            words[i] = _mixed(first + STEP * np.uint64(i))
        for j in range(part.size):
            result[j] = part[j] * scale if bits[j] >= threshold else zero
