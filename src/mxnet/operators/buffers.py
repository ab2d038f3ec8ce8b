"""Arrays made of bytes, of text, and of what an iterator yields. Without a `dtype` they have the default float dtype."""

from itertools import islice

import numpy as np

from ..core.dtypes import as_dtype
from ..core.operator import wrap
from .creation import array

__all__ = ["frombuffer", "fromfile", "fromiter", "fromstring"]


def frombuffer(buffer, dtype=None, count=-1, offset=0):
    """The numbers whose bytes lie in `buffer`, in the memory that they have there, unless a dtype as `'>f4'` swaps their bytes.

    Parameters
    ----------
    buffer : bytes, bytearray, memoryview, …
        If it cannot be written, neither can the array.
    dtype : dtype, optional
    count : int, optional
        How many numbers; -1 means all of them.
    offset : int, optional
        How many bytes to skip.

    Examples
    --------
    >>> from mxnet import np
    >>> np.frombuffer(b'abc', dtype='uint8')
    array([97, 98, 99], dtype=uint8)
    """
    return _read(np.frombuffer, buffer, dtype, count, offset)


def _read(function, source, dtype, *options):
    """What NumPy's `function` reads, where bytes may have another order than in an array."""
    target, there = as_dtype(dtype), np.dtype(dtype)
    return wrap(function(source, target if there.isnative else there, *options).astype(target, copy=False))


def fromfile(file, dtype=None, count=-1, sep="", offset=0):
    """The numbers whose bytes a file holds, and nothing else: `np.load` reads files that say what is in them.

    Parameters
    ----------
    file : str, path or file
        A file is read from where it stands.
    dtype, count, offset
        As for `frombuffer`.
    sep : str, optional
        What stands between the numbers of a text file.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from mxnet import np
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, 'numbers')
    ...     _ = path.write_bytes(np.array([1, 2]).tobytes())
    ...     np.fromfile(path)
    array([1., 2.])
    """
    return _read(np.fromfile, file, dtype, count, sep, offset)


def fromstring(string, dtype=None, count=-1, *, sep):
    """The numbers of a text with `sep` between them; for bytes see `frombuffer`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.fromstring('1 2.5', sep=' ')
    array([1. , 2.5])
    """
    if not sep:
        raise ValueError("fromstring: sep is what stands between two numbers, as in sep=','; frombuffer reads bytes")
    return wrap(np.fromstring(string, as_dtype(dtype), count, sep=sep))


def fromiter(iter, dtype=None, count=-1):
    """The numbers that an iterator yields, in an array of one axis. Gradients flow to recorded ones.

    Parameters
    ----------
    iter : iterable of number
    dtype : dtype, optional
    count : int, optional
        How many numbers to take; -1 means all of them.

    Raises
    ------
    ValueError
        If the iterator ends before `count`, or yields something that has axes.

    Examples
    --------
    >>> from mxnet import np
    >>> np.fromiter((n * n for n in range(4)), dtype=int)
    array([0, 1, 4, 9], dtype=int64)
    """
    values = list(iter if count < 0 else islice(iter, count))
    if len(values) < count:
        raise ValueError(f"fromiter: the iterator ended after {len(values)} of {count} numbers")
    result = array(values, dtype)
    if result.ndim != 1:
        raise ValueError(
            f"fromiter: takes an iterator over numbers, not over arrays of shape {result.shape[1:]}; np.array takes these"
        )
    return result
