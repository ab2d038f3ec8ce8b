"""MXNet's binary format, of the files `.params` that MXNet 1 wrote: arrays, and perhaps a name for each.

All numbers are little-endian. A file is: u64 0x112, u64 0; u64 count, and the arrays; u64 count, and the names, each u64 length and
UTF-8. An array is: u32 magic, i32 storage type (0: dense), i32 ndim, i64 lengths, i32 and i32 for the device it was on, i32 dtype,
its elements in C order. The magic says whether an array without axes holds one number, as in NumPy, or is none at all, as it was in
MXNet 1. Before there were storage types the magic was another one, and before that there was none: such an array starts with its
ndim, and lengths are u32.
"""

import struct

import numpy as np

from .binary import MOST_AXES, little_endian, widened

__all__ = ["PARAMS", "check_params", "read_params", "write_params"]

PARAMS = struct.pack("<Q", 0x112)

_NUMPY_SHAPES = 0xF993FACA
_STORAGE_TYPES = 0xF993FAC9
_LONG_LENGTHS = 0xF993FAC8

_DTYPES = ["<f4", "<f8", "<f2", "u1", "<i4", "i1", "<i8", "?", "<i2", "<u2", "<u4", "<u8"]
_CODES = {np.dtype(dtype).newbyteorder("="): code for code, dtype in enumerate(_DTYPES)}
_BFLOAT16 = len(_DTYPES)
_SPARSE = {1: "row_sparse", 2: "csr"}


def read_params(reader):
    """Name to array, or a list of arrays if they have no names."""
    reader.numbers("<QQ", "the head")
    (count,) = reader.numbers("<Q", "the number of arrays")
    arrays = []
    while len(arrays) < count:
        arrays.append(_read_array(reader, f"array {len(arrays)} of {count}"))
    start = reader.offset
    (count,) = reader.numbers("<Q", "the number of names")
    if count == 0:
        return arrays
    if count != len(arrays):
        raise reader.damaged(f"there are {len(arrays)} arrays and {count} names", start)
    named = {}
    for i, array in enumerate(arrays):
        start = reader.offset
        (length,) = reader.numbers("<Q", f"the length of name {i}")
        name = reader.text(length, f"name {i}")
        if name in named:
            raise reader.damaged(f"two arrays are called {name!r}", start)
        named[name] = array
    return named


def _read_array(reader, what):
    start = reader.offset
    (magic,) = reader.numbers("<I", what)
    if magic in (_NUMPY_SHAPES, _STORAGE_TYPES):
        (storage,) = reader.numbers("<i", f"the storage type of {what}")
        if storage != 0:
            kind = _SPARSE.get(storage, f"one of storage type {storage}")
            raise reader.damaged(f"{what} is no dense array but {kind}; convert it in MXNet, by tostype('default')", start)
    if magic in (_NUMPY_SHAPES, _STORAGE_TYPES, _LONG_LENGTHS):
        (ndim,) = reader.numbers("<i", f"the number of axes of {what}")
        length = "q"
    else:
        ndim, length = magic, "I"
    if ndim < 0 or (ndim == 0 and magic != _NUMPY_SHAPES):
        raise reader.damaged(f"{what} has no elements: it was saved before its shape was known", start)
    if ndim > MOST_AXES:
        raise reader.damaged(f"{what} would have {ndim} axes", start)
    shape = reader.numbers(f"<{ndim}{length}", f"the shape of {what}")
    _, _, code = reader.numbers("<iii", f"device and dtype of {what}")
    if code == _BFLOAT16:
        return widened(reader.array(np.dtype("<u2"), shape, what))
    if not 0 <= code < len(_DTYPES):
        raise reader.damaged(f"{what} has the dtype {code}, and the last one known is {_BFLOAT16}", start)
    return reader.array(np.dtype(_DTYPES[code]), shape, what)


def check_params(name, arrays):
    """Raise a TypeError if the format has no code for the dtype of one of the raw arrays."""
    for data in arrays:
        if data.dtype.newbyteorder("=") not in _CODES:
            raise TypeError(f"{name}: MXNet's binary format holds no {data.dtype}; use format='npz'")


def write_params(file, arrays, names=()):
    """Write raw arrays, and a name for each or none."""
    file.write(PARAMS + struct.pack("<QQ", 0, len(arrays)))
    for data in arrays:
        head = struct.pack(f"<Iii{data.ndim}q", _NUMPY_SHAPES, 0, data.ndim, *data.shape)
        on_cpu = (1, 0)
        file.write(head + struct.pack("<iii", *on_cpu, _CODES[data.dtype.newbyteorder("=")]))
        file.write(little_endian(data))
    file.write(struct.pack("<Q", len(names)))
    for name in names:
        encoded = name.encode("utf-8")
        file.write(struct.pack("<Q", len(encoded)) + encoded)
