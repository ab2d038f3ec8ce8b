"""The format safetensors: u64 length of a head, the head, which is JSON and says what lies where, and then nothing but numbers."""

import json
import math
import struct

import numpy as np

from .binary import LONGEST_AXIS, MOST_AXES, little_endian, widened

__all__ = ["check_safetensors", "read_safetensors", "write_safetensors"]

_DTYPES = {
    "BOOL": "?", "U8": "u1", "I8": "i1", "U16": "<u2", "I16": "<i2", "F16": "<f2", "BF16": "<u2", "U32": "<u4", "I32": "<i4",
    "F32": "<f4", "U64": "<u8", "I64": "<i8", "F64": "<f8", "C64": "<c8",
}  # fmt: skip
_CODES = {np.dtype(dtype).newbyteorder("="): code for code, dtype in _DTYPES.items() if code != "BF16"}
_METADATA = "__metadata__"
_LONGEST_HEAD = 100_000_000


def read_safetensors(reader):
    """Name to array, and the metadata: a dictionary of str to str."""
    (length,) = reader.numbers("<Q", "the length of the head")
    start = reader.offset
    if length > _LONGEST_HEAD:
        raise reader.damaged(f"the head cannot have {length} bytes", start)
    text = reader.text(length, "the head")
    try:
        head = json.loads(text, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        raise reader.damaged(f"the head is no JSON object ({error})", start) from None
    if not isinstance(head, dict):
        raise reader.damaged("the head is no JSON object", start)
    metadata = head.pop(_METADATA, {})
    if not (isinstance(metadata, dict) and all(isinstance(value, str) for value in metadata.values())):
        raise reader.damaged(f"{_METADATA} maps names to something else than texts", start)
    tensors = [(*_entry(reader, name, entry, start), name) for name, entry in head.items()]
    arrays = dict.fromkeys(head)  # in the order of the head
    first = reader.offset
    for begin, end, code, shape, name in sorted(tensors, key=lambda tensor: tensor[:2]):
        if begin != reader.offset - first:
            raise reader.damaged(
                f"tensor {name!r} starts at {begin} bytes after the head, where another one lies or nothing precedes"
            )
        dtype = np.dtype(_DTYPES[code])
        if end - begin != math.prod(shape) * dtype.itemsize:
            raise reader.damaged(f"tensor {name!r}, {code} of shape {shape}, cannot have {end - begin} bytes")
        data = reader.array(dtype, shape, f"tensor {name!r}")
        arrays[name] = widened(data) if code == "BF16" else data
    if reader.offset < reader.end:
        raise reader.damaged(f"{reader.end - reader.offset} bytes follow after the last tensor")
    return arrays, metadata


def _without_repeats(pairs):
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a name comes twice")
    return fields


def _entry(reader, name, entry, start):
    """Begin, end, dtype and shape of a tensor, as the head has them."""
    try:
        code, shape, (begin, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
        numbers = [*shape, begin, end]
        valid = isinstance(code, str) and isinstance(shape, list) and len(shape) <= MOST_AXES
        valid = valid and all(type(n) is int and 0 <= n <= LONGEST_AXIS for n in numbers)
    except (TypeError, KeyError, ValueError):
        valid = False
    if not valid:
        raise reader.damaged(f"tensor {name!r:.200} has no dtype, shape and offsets but {entry!r:.200}", start)
    if code not in _DTYPES:
        raise reader.damaged(
            f"tensor {name!r:.200} has the dtype {code:.20}, and those that can be read are {', '.join(_DTYPES)}", start
        )
    return begin, end, code, tuple(shape)


def check_safetensors(name, arrays, metadata):
    """Raise if the format cannot hold these raw arrays, by name, or this metadata."""
    if _METADATA in arrays:
        raise ValueError(f"{name}: safetensors has the name {_METADATA!r} for itself")
    for data in arrays.values():
        if data.dtype.newbyteorder("=") not in _CODES:
            raise TypeError(f"{name}: safetensors holds no {data.dtype}; use format='npz'")
    if not (isinstance(metadata, dict) and all(isinstance(text, str) for pair in metadata.items() for text in pair)):
        raise TypeError(f"{name}: metadata is a dictionary of str to str, not {metadata!r:.200}")


def write_safetensors(file, arrays, metadata):
    """Write raw arrays, by name, and metadata."""
    # The widest numbers come first, so that each lies at a multiple of its width; the head keeps the order given.
    offsets, end = {}, 0
    order = sorted(arrays, key=lambda name: -arrays[name].dtype.itemsize)
    for name in order:
        offsets[name] = [end, end := end + arrays[name].nbytes]
    head = {_METADATA: metadata} if metadata else {}
    for name, data in arrays.items():
        code = _CODES[data.dtype.newbyteorder("=")]
        head[name] = {"dtype": code, "shape": list(data.shape), "data_offsets": offsets[name]}
    text = json.dumps(head, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    text += b" " * (-len(text) % 8)
    file.write(struct.pack("<Q", len(text)) + text)
    for name in order:
        file.write(little_endian(arrays[name]))
