"""Reading binary files that may be damaged: every length is held against the file's own before memory is taken for it."""

import math
import os
import struct
import zipfile
import zlib

import numpy as np

__all__ = ["DAMAGE", "LONGEST_AXIS", "MOST_AXES", "Reader", "little_endian", "widened"]

_CHUNK = 1 << 20
MOST_AXES, LONGEST_AXIS = 64, 2**63 - 1  # NumPy's limits

# What the modules that read compressed archives raise for damaged ones.
DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, OverflowError, ValueError)


class Reader:
    """A binary file, where one stands in it, and where it ends.

    Parameters
    ----------
    file : binary file
    name : str
        What messages call it.
    size : int, optional
        How many bytes there are from here on; by default the file is asked.
    """

    def __init__(self, file, name, size=None):
        self.file = file
        self.name = name
        if size is None:
            self.offset = file.tell()
            self.end = file.seek(0, os.SEEK_END)
            file.seek(self.offset)
        else:
            self.offset = 0
            self.end = size

    def damaged(self, problem, offset=None):
        """The error to be raised, which names the file and the place."""
        return ValueError(f"load: {self.name}, byte {self.offset if offset is None else offset}: {problem}")

    def peek(self, count):
        """The next bytes, at most `count`, which stay unread."""
        head = self.file.read(count)
        if not isinstance(head, bytes):
            raise TypeError(f"load: {self.name} is read as text; open it with mode 'rb'")
        self.file.seek(self.offset)
        return head

    def need(self, count, what):
        """Raise unless that many bytes follow."""
        if count > self.end - self.offset:
            raise self.damaged(f"{what} takes {count} bytes, and {self.end - self.offset} are left")

    def take(self, count, what):
        """The next bytes, as many as `count` says."""
        self.need(count, what)
        content = bytearray(count)
        self._fill(content, what)
        return bytes(content)

    def numbers(self, layout, what):
        """The next bytes, read as the module `struct` reads them."""
        return struct.unpack(layout, self.take(struct.calcsize(layout), what))

    def text(self, count, what):
        """The next bytes, which are UTF-8."""
        start = self.offset
        try:
            return self.take(count, what).decode("utf-8")
        except UnicodeDecodeError as error:
            raise self.damaged(f"{what} is not in UTF-8", start + error.start) from None

    def array(self, dtype, shape, what):
        """The next bytes as an array of native byte order; booleans may be any byte but 0."""
        if len(shape) > MOST_AXES or not all(0 <= length <= LONGEST_AXIS for length in shape):
            raise self.damaged(f"{what} has the shape {tuple(shape)!s:.200}, which no array has")
        self.need(math.prod(shape) * dtype.itemsize, f"{what}, of shape {tuple(shape)} and dtype {dtype},")
        try:
            data = np.empty(shape, np.dtype(np.uint8) if dtype == np.bool_ else dtype)
        except (ValueError, OverflowError):  # too long beside an axis without elements
            raise self.damaged(f"{what} has the shape {tuple(shape)}, which no array has") from None
        self._fill(_as_bytes(data), what)
        if dtype == np.bool_:
            return data != 0
        return data.astype(dtype.newbyteorder("="), copy=False)

    def _fill(self, buffer, what):
        view = memoryview(buffer)
        filled = 0
        while filled < len(view):
            try:
                chunk = self.file.read(min(_CHUNK, len(view) - filled))
            except DAMAGE as error:
                raise self.damaged(f"{what} cannot be read ({error})") from None
            if not chunk:
                raise self.damaged(f"{what} breaks off")
            view[filled : filled + len(chunk)] = chunk
            filled += len(chunk)
            self.offset += len(chunk)


def _as_bytes(data):
    """The memory of a C-contiguous array."""
    return data.reshape(-1).view(np.uint8)


def widened(bits):
    """bfloat16 numbers, given as uint16, as float32, which holds each of them: they are its upper halves."""
    return (bits.astype(np.uint32) << 16).view(np.float32)


def little_endian(data):
    """The bytes of an array as they stand in files."""
    return _as_bytes(np.ascontiguousarray(data, data.dtype.newbyteorder("<")))
