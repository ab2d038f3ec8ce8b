"""Files of MNIST's format: 2 zeros, 8 for uint8, and the number of axes, a byte each; lengths, u32 big-endian; the numbers."""

import math
import struct

import numpy

__all__ = []


def read_idx(path, axes):
    """The array of bytes in a file, plain or compressed by gzip; a `ValueError` says what is wrong with it, without the path."""
    with open(path, "rb") as file:
        content = file.read()
    if content[:2] == b"\x1f\x8b":
        import gzip
        import zlib

        try:
            content = gzip.decompress(content)
        except (EOFError, OSError, zlib.error) as error:
            raise ValueError(str(error)) from error
    head, start = 4 + 4 * axes, bytes([0, 0, 8, axes])
    if content[:4] != start or len(content) < head:
        raise ValueError(f"it begins with {content[:4].hex()} and not with {start.hex()}, and has {len(content)} bytes")
    shape = struct.unpack(f">{axes}I", content[4:head])
    if len(content) != head + math.prod(shape):
        raise ValueError(f"it has {len(content) - head} numbers, for a shape of {shape}")
    return numpy.frombuffer(content, numpy.uint8, offset=head).reshape(shape).copy()
