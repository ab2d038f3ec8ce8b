"""Which buffers were written in place, and when: how the tape notices that a value it kept is no longer what it was.

Recording pays nothing for it. A write notes its buffer and the time; back-propagation looks here only if a write came after the
oldest node of its graph.
"""

import weakref
from itertools import count

from numpy.lib.array_utils import byte_bounds

__all__ = ["clock", "note_write", "written_since"]

clock = count(1).__next__  # stamps nodes and writes alike
_latest = 0
_EVERYTHING = (0, 2**64)
_MOST_RANGES = 32  # per buffer; then they are merged


class _Note:
    """The writes to one buffer: the time of the latest write to each range of addresses."""

    __slots__ = ("owner", "ranges")

    def __init__(self, owner, key):
        self.ranges = {}
        try:
            self.owner = weakref.ref(owner, lambda _: _notes.pop(key, None))
        except TypeError:  # an owner that allows no weak references lives as long as its note
            self.owner = lambda: owner

    def add(self, bounds, time):
        if len(self.ranges) >= _MOST_RANGES and bounds not in self.ranges:
            bounds = min(low for low, _ in [*self.ranges, bounds]), max(high for _, high in [*self.ranges, bounds])
            self.ranges.clear()
        self.ranges[bounds] = time


_notes: dict[int, _Note] = {}  # by the id of the buffer's owner


def _owner(data):
    return data if data.base is None else data.base


def note_write(data):
    """Note that the memory of the raw array `data` was written just now."""
    global _latest
    _latest = time = clock()
    owner = _owner(data)
    key = id(owner)
    note = _notes.get(key)
    if note is None or note.owner() is not owner:
        note = _notes[key] = _Note(owner, key)
    note.add(_EVERYTHING if data is owner else byte_bounds(data), time)


def written_since(time, data=None):
    """Whether memory of `data` (by default: of anything) was written after `time`."""
    if data is None:
        return _latest > time
    note = _notes.get(id(_owner(data)))
    if note is None:
        return False
    low, high = byte_bounds(data)
    return any(written > time and first < high and low < last for (first, last), written in note.ranges.items())
