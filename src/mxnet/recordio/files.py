"""The files: MXNet's RecordIO format.

A record is stored in parts: the number 0xced7230a, a word with the part's kind in its 3 highest bits (0 a whole record, 1 the
first part, 2 a middle one, 3 the last) and its length in the others, the bytes, and zeros up to a multiple of 4; all little-endian.
A record is cut where it holds that first number itself at a multiple of 4, so that a reader can find its way from anywhere.
"""

import io
import os
import struct
import threading

from ..base import MXNetError

__all__ = ["MXIndexedRecordIO", "MXRecordIO"]

_MAGIC = struct.pack("<I", 0xCED7230A)
_WORD = struct.Struct("<4sI")
_WHOLE, _FIRST, _MIDDLE, _LAST = range(4)
_LONGEST = (1 << 29) - 1  # what the word has room for


def _parts(record):
    """What is stored of a record, cut where it holds the magic number at a multiple of 4."""
    start = position = 0
    while (position := record.find(_MAGIC, position)) >= 0:
        if position % 4:
            position += 1
            continue
        yield record[start:position]
        start = position = position + 4
    yield record[start:]


def _encoded(record):
    """A record as it stands in a file."""
    parts = list(_parts(record))
    pieces = []
    for i, part in enumerate(parts):
        if len(part) > _LONGEST:
            raise ValueError(f"write: a record holds at most {_LONGEST} bytes in a row, not {len(part)}")
        if len(parts) == 1:
            kind = _WHOLE
        else:
            kind = _FIRST if i == 0 else _LAST if i == len(parts) - 1 else _MIDDLE
        pieces += [_WORD.pack(_MAGIC, kind << 29 | len(part)), part, bytes(-len(part) % 4)]
    return b"".join(pieces)


class MXRecordIO:
    """A file of records, read or written one after the other.

    In a `with` block it is closed at the end. Threads may share a reader. A process that was forked reads from where its parent was
    at that time, through a file of its own; a pickled reader starts from the beginning.

    Parameters
    ----------
    uri : str or path
        The file, usually called `….rec`.
    flag : {'r', 'w'}
        To read it, or to write it anew.

    Raises
    ------
    ValueError
        If `flag` is another one, the file is closed, or what it holds is damaged: the message has the name and the offset.
    io.UnsupportedOperation
        If a file opened to be read is written, or the other way round.

    Examples
    --------
    >>> import os, tempfile
    >>> from mxnet import recordio
    >>> path = os.path.join(tempfile.mkdtemp(), "some.rec")
    >>> with recordio.MXRecordIO(path, "w") as file:
    ...     file.write(b"first")
    ...     file.write(b"second")
    >>> with recordio.MXRecordIO(path, "r") as file:
    ...     file.read(), file.read(), file.read()
    (b'first', b'second', None)
    """

    is_open = False

    def __init__(self, uri, flag):
        if flag not in ("r", "w"):
            raise ValueError(f"{type(self).__name__}: flag is 'r' to read or 'w' to write, not {flag!r}")
        self.uri = os.fspath(uri)
        self.flag = flag
        self.writable = flag == "w"
        self.open()

    def open(self):
        """Open the file, at its beginning; what is opened to be written is emptied."""
        self.close()
        # Written without a buffer: a forked process would write the bytes in it once more.
        self._file = open(self.uri, "wb", buffering=0) if self.writable else open(self.uri, "rb")  # noqa: SIM115
        self._lock = threading.RLock()
        self._offset = 0
        self.pid = os.getpid()
        self.is_open = True

    def close(self):
        """Close the file; `open` or `reset` open it again."""
        if self.is_open:
            self.is_open = False
            self._file.close()

    def reset(self):
        """Go back to the first record; of a file that is written nothing is left."""
        self.open()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __del__(self):
        self.close()

    def __getstate__(self):
        if self.writable:
            raise TypeError(f"{type(self).__name__}: {self.uri!r} is being written; only readers can be pickled")
        return {key: value for key, value in self.__dict__.items() if key not in ("_file", "_lock")}

    def __setstate__(self, state):
        self.__dict__.update(state)
        if state.get("is_open"):
            self.is_open = False
            self.open()

    def _ready(self, to_write):
        """Raise if this cannot be done; in a forked process, open the file anew."""
        name = type(self).__name__
        if not self.is_open:
            raise ValueError(f"{name}: {self.uri!r} is closed; reset() opens it again")
        if to_write != self.writable:
            raise io.UnsupportedOperation(
                f"{name}: {self.uri!r} is open to be {'written' if self.writable else 'read'} only; open it with {'rw'[to_write]!r}"
            )
        if self.pid != os.getpid():
            if to_write:
                raise MXNetError(f"{name}: {self.uri!r} is written by the process {self.pid}, and not by one forked from it")
            offset = self._offset
            MXRecordIO.open(self)
            self._move(offset)

    def _move(self, offset):
        self._file.seek(offset)
        self._offset = offset

    def write(self, buf):
        """Append a record.

        Parameters
        ----------
        buf : bytes or bytes-like
        """
        self._ready(True)
        if not isinstance(buf, bytes | bytearray | memoryview):
            raise TypeError(f"{type(self).__name__}.write: a record is bytes, not {type(buf).__name__}; text.encode() makes some")
        rest = memoryview(_encoded(bytes(buf)))
        with self._lock:
            while rest:
                written = self._file.write(rest)
                self._offset += written
                rest = rest[written:]

    def read(self):
        """The next record, as bytes; None after the last one."""
        self._ready(False)
        with self._lock:
            return self._record(self._offset)

    def read_at(self, offset):
        """The record that begins at a byte of the file, which `offsets` or an index tells."""
        self._ready(False)
        with self._lock:
            self._move(offset)
            record = self._record(offset)
        if record is None:
            raise self._damaged(offset, "a record", "the file ends")
        return record

    def offsets(self):
        """The bytes at which records begin, in order. Only the words before their parts are read.

        Examples
        --------
        >>> import os, tempfile
        >>> from mxnet import recordio
        >>> path = os.path.join(tempfile.mkdtemp(), "some.rec")
        >>> with recordio.MXRecordIO(path, "w") as file:
        ...     file.write(b"first")
        ...     file.write(b"second")
        >>> recordio.MXRecordIO(path, "r").offsets()
        [0, 16]
        """
        self._ready(False)
        found = []
        size = os.path.getsize(self.uri)
        with open(self.uri, "rb", buffering=0) as file:
            offset, inside = 0, False
            while head := file.read(_WORD.size):
                kind, length = self._opened(head, offset, inside)
                if not inside:
                    found.append(offset)
                inside = kind in (_FIRST, _MIDDLE)
                offset += _WORD.size + length + -length % 4
                file.seek(offset)
        if offset != size or inside:
            raise self._damaged(found[-1], "a whole record", f"the file ends after {size} bytes")
        return found

    def _record(self, start):
        """The record at `start`, where the file stands: then at the next one, or still there if this one is damaged."""
        parts, inside, offset = [], False, start
        try:
            while inside or not parts:
                head = self._file.read(_WORD.size)
                if not head and not parts:
                    return None
                kind, length = self._opened(head, offset, inside)
                padded = length + -length % 4
                part = self._file.read(padded)
                if len(part) < padded:
                    raise self._damaged(offset, f"{padded} bytes of a record", f"the file ends after {len(part)}")
                parts.append(part[:length])
                offset += _WORD.size + padded
                inside = kind in (_FIRST, _MIDDLE)
        except ValueError:
            self._move(start)
            raise
        self._offset = offset
        return _MAGIC.join(parts)

    def _opened(self, head, offset, inside):
        """Kind and length of the part that begins with `head`, inside of a record or not."""
        if len(head) < _WORD.size:
            raise self._damaged(offset, "the head of a record", f"the file ends after {len(head)} bytes")
        magic, word = _WORD.unpack(head)
        if magic != _MAGIC:
            raise self._damaged(offset, f"the bytes {_MAGIC.hex()}", f"there are {magic.hex()}")
        kind, length = word >> 29, word & _LONGEST
        if kind not in ((_MIDDLE, _LAST) if inside else (_WHOLE, _FIRST)):
            raise self._damaged(
                offset, "a further part of a record" if inside else "a new record", f"there is a part of kind {kind}"
            )
        return kind, length

    def _damaged(self, offset, expected, found):
        return ValueError(
            f"{type(self).__name__}: {self.uri!r} is damaged or no RecordIO file: at byte {offset}, where {expected}"
            f" should be, {found}"
        )


class MXIndexedRecordIO(MXRecordIO):
    """A file of records with an index, through which they are read in any order.

    The index is a text file; a line has the key of a record, a tab, and the byte at which the record begins.

    Parameters
    ----------
    idx_path : str or path
        The index, usually called `….idx`.
    uri : str or path
        The file of records.
    flag : {'r', 'w'}
        To read both, or to write them anew.
    key_type : type
        What keys are: int, or str.

    Raises
    ------
    KeyError
        If there is no such key.
    ValueError
        If a line of the index says something else; or as `MXRecordIO`.

    Examples
    --------
    >>> import os, tempfile
    >>> from mxnet import recordio
    >>> path = os.path.join(tempfile.mkdtemp(), "some")
    >>> with recordio.MXIndexedRecordIO(path + ".idx", path + ".rec", "w") as file:
    ...     for i in range(5):
    ...         file.write_idx(i, b"record %d" % i)
    >>> with recordio.MXIndexedRecordIO(path + ".idx", path + ".rec", "r") as file:
    ...     file.keys, file.read_idx(3)
    ([0, 1, 2, 3, 4], b'record 3')
    """

    def __init__(self, idx_path, uri, flag, key_type=int):
        self.idx_path = os.fspath(idx_path)
        self.key_type = key_type
        super().__init__(uri, flag)

    def open(self):
        """Open both files; what is opened to be written is emptied."""
        self.idx = {} if self.writable else self._read_index()
        self.keys = list(self.idx)
        super().open()
        if self.writable:
            # Line by line, for the sake of forked processes.
            self.fidx = open(self.idx_path, "w", encoding="utf-8", newline="\n", buffering=1)  # noqa: SIM115

    def close(self):
        """Close both files."""
        if self.is_open and self.writable:
            self.fidx.close()
        super().close()

    def __getstate__(self):
        return {key: value for key, value in super().__getstate__().items() if key not in ("idx", "keys")}

    def _read_index(self):
        index = {}
        with open(self.idx_path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    key, offset = line.rstrip("\n").split("\t")
                    index[self.key_type(key)] = int(offset)
                except ValueError:
                    raise ValueError(
                        f"{type(self).__name__}: line {number} of {self.idx_path!r} is a key, a tab and an offset, not {line!r:.80}"
                    ) from None
        return index

    def seek(self, idx):
        """Go to the record of a key, which `read` returns next."""
        self._ready(False)
        with self._lock:
            self._move(self._place(idx))

    def tell(self):
        """The byte at which the next record begins."""
        return self._offset

    def read_idx(self, idx):
        """The record of a key, as bytes."""
        self._ready(False)
        return self.read_at(self._place(idx))

    def _place(self, idx):
        try:
            return self.idx[idx]
        except KeyError:
            raise KeyError(f"{idx!r} is no key of {self.idx_path!r}, which has {len(self.idx)} keys") from None

    def write_idx(self, idx, buf):
        """Append a record, and its key to the index.

        Parameters
        ----------
        idx : int or str
            Of a key that was written before, the last record counts.
        buf : bytes or bytes-like
        """
        key = self.key_type(idx)
        if isinstance(key, str) and not {"\t", "\n", "\r"}.isdisjoint(key):
            raise ValueError(f"{type(self).__name__}.write_idx: a key is in one line of the index, before a tab; {key!r} is not")
        offset = self._offset
        self.write(buf)
        self.fidx.write(f"{key}\t{offset}\n")
        if key not in self.idx:
            self.keys.append(key)
        self.idx[key] = offset
