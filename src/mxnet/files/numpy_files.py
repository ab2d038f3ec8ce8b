"""NumPy's formats: `.npy`, an array, and `.npz`, a ZIP archive of them. (`numpy.load` would trust the lengths in them.)"""

import ast
import re
import zipfile

import numpy as np

from .binary import DAMAGE, Reader, widened

__all__ = ["NPY", "ZIP", "read_npy", "read_npz", "write_npy", "write_npz"]

NPY = b"\x93NUMPY"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # the second one if it is empty

_LONGEST_HEAD = 10_000
_BFLOAT16 = [("bfloat16", "<u2")]  # as MXNet writes it
_MOST_DEFLATED = 1032  # no byte of a deflated stream stands for more


def read_npy(reader):
    """The array that follows."""
    start = reader.offset
    head = reader.take(8, "the head")
    if head[:6] != NPY or head[6] not in (1, 2, 3):
        raise reader.damaged("no array in NumPy's format starts here", start)
    (length,) = reader.numbers("<H" if head[6] == 1 else "<I", "the length of the head")
    start = reader.offset
    if length > _LONGEST_HEAD:
        raise reader.damaged(f"the head has {length} bytes, more than any array of numbers needs", start)
    text = reader.take(length, "the head").decode("latin-1")
    try:
        fields = ast.literal_eval(text.strip())
        descr, fortran_order, shape = fields["descr"], fields["fortran_order"], fields["shape"]
    except (ValueError, SyntaxError, TypeError, KeyError, IndexError, MemoryError, RecursionError):
        raise reader.damaged(f"the head is {text:.200}, not a dtype, an order and a shape", start) from None
    if type(shape) is not tuple or any(type(n) is not int for n in shape) or type(fortran_order) is not bool:
        raise reader.damaged(f"the head is {text:.200}, not a dtype, an order and a shape", start)
    dtype = np.dtype("<u2") if descr == _BFLOAT16 else _dtype(reader, descr, start)
    data = reader.array(dtype, shape[::-1] if fortran_order else shape, "the array")
    if descr == _BFLOAT16:
        data = widened(data)
    return np.ascontiguousarray(data.T).reshape(shape) if fortran_order else data


def _dtype(reader, descr, start):
    """The dtype that the head of an array names."""
    if isinstance(descr, str) and descr[-1:] == "O":
        raise reader.damaged("the array holds pickled objects, which are not read", start)
    if isinstance(descr, str) and re.fullmatch(r"[<>|=]?[biufc][0-9]{1,2}", descr):
        try:
            return np.dtype(descr)
        except TypeError:
            pass
    raise reader.damaged(f"arrays hold booleans, integers, floats and complex numbers, not {descr!r:.200}", start)


def read_npz(reader):
    """Name to array, of the archive that the rest of the file is."""
    try:
        archive = zipfile.ZipFile(reader.file)
    except DAMAGE as error:
        raise reader.damaged(f"the archive cannot be read ({error})") from None
    with archive:
        members = archive.infolist()
        if sum(member.compress_size for member in members) > reader.end:
            raise reader.damaged("the members of the archive take more bytes than the file has")
        arrays = {}
        for member in members:
            name = member.filename.removesuffix(".npy")
            if name in arrays:
                raise reader.damaged(f"the archive has two members {member.filename!r}", member.header_offset)
            arrays[name] = _read_member(reader, archive, member)
    return arrays


def _read_member(reader, archive, member):
    offset, stored = member.header_offset, member.compress_type == zipfile.ZIP_STORED
    if not (0 <= offset < reader.end and (stored or member.compress_type == zipfile.ZIP_DEFLATED)):
        raise reader.damaged(f"member {member.filename!r} is compressed by a method that is not read, or lies outside", offset)
    if member.file_size > member.compress_size * (1 if stored else _MOST_DEFLATED):
        raise reader.damaged(
            f"member {member.filename!r} cannot have {member.file_size} bytes: it has {member.compress_size} in the file", offset
        )
    try:
        opened = archive.open(member)
    except DAMAGE as error:
        raise reader.damaged(f"member {member.filename!r} cannot be read ({error})", offset) from None
    with opened:
        inside = Reader(opened, f"{reader.name}, member {member.filename!r}", member.file_size)
        data = read_npy(inside)
        if inside.offset < inside.end:  # the check of its sum comes with the last byte
            raise inside.damaged(f"{inside.end - inside.offset} bytes follow after the array")
    return data


def write_npy(file, data):
    """Write one array, in C order, in which MXNet reads it too."""
    np.lib.format.write_array(file, data if data.flags.c_contiguous else data.copy(), allow_pickle=False)


def write_npz(file, arrays, compression=zipfile.ZIP_STORED):
    """Write raw arrays, by name. (NumPy's own `savez` reserves some names for its parameters.)"""
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in arrays.items():
            with archive.open(name + ".npy", "w", force_zip64=True) as member:
                write_npy(member, data)
