"""What the profiler knows: calls by name, their order in every thread, and the memory of results that are alive."""

import threading
import weakref
from collections import deque
from contextvars import ContextVar
from time import perf_counter_ns

import numpy as np

from ..core.array import Array
from ..core.tape import Part, Scatter

__all__ = ["recorder", "scope_name"]

MOST_EVENTS = 1_000_000  # of a thread, for the trace; what comes later is counted, and left out

_MANY_CHANGES = 100_000  # of memory, which are then counted

# The scope that the running code is in, "" outside: every thread and every asyncio task has its own.
scope_name = ContextVar("profiler scope", default="")


class Row:
    """What is known of all calls of one name; times in nanoseconds, memory in bytes."""

    __slots__ = ("count", "largest", "longest", "memory", "own", "shortest", "total")

    def __init__(self):
        self.count = self.total = self.own = self.longest = self.memory = self.largest = 0
        self.shortest = None

    def add(self, duration, own=0, memory=0):
        """Count one call, which took `duration`, `own` of it outside the calls that it made."""
        self.count += 1
        self.total += duration
        self.own += own
        self.memory += memory
        if self.shortest is None or duration < self.shortest:
            self.shortest = duration
        if duration > self.longest:
            self.longest = duration
        if memory > self.largest:
            self.largest = memory

    def merge(self, other):
        """Count the calls of another row too: those of another thread."""
        self.count += other.count
        self.total += other.total
        self.own += other.own
        self.memory += other.memory
        self.shortest = other.shortest if self.shortest is None else min(self.shortest, other.shortest)
        self.longest = max(self.longest, other.longest)
        self.largest = max(self.largest, other.largest)


class Span:
    """A call that is running: an entry of its thread's stack."""

    __slots__ = ("category", "inner", "key", "memory", "name", "start")

    def __init__(self, category, name, key):
        self.category = category
        self.name = name
        self.key = key
        self.inner = 0  # the time of the calls that it made
        self.memory = 0  # what their results took
        self.start = perf_counter_ns()


class Thread:
    """What one thread did. Nobody else writes here, so that nothing needs a lock."""

    def __init__(self):
        self.thread = threading.current_thread()
        self.number = threading.get_native_id()
        self.stack = []
        self.clear_rows()
        self.clear_events()

    def clear_rows(self):
        """Forget the sums."""
        self.rows = {}  # (category, name) -> Row

    def clear_events(self):
        """Forget the order."""
        self.events = []  # (category, name, start, duration, scope, memory, failed)
        self.left_out = 0

    def row(self, category, name):
        """The sums of one name."""
        row = self.rows.get((category, name))
        if row is None:
            row = self.rows[category, name] = Row()
        return row

    def note(self, category, name, start, duration, scope, memory=0, failed=False):
        """Write down what took place from `start` on, for the trace."""
        if len(self.events) < MOST_EVENTS:
            self.events.append((category, name, start, duration, scope, memory, failed))
        else:
            self.left_out += 1


class Recorder:
    """All threads, and what belongs to none of them."""

    def __init__(self):
        self.running = False
        self.origin = None  # when it ran first: the trace counts from here
        self.memory = Memory()
        self.threads = []
        self.marks = []  # for the trace: the starts and stops of tasks and frames, and markers
        self.samples = []  # for the trace: (domain, name, time, value) of counters
        self.counters = {}  # (domain, name) -> (number of changes, smallest, largest, last value)
        self._local = threading.local()

    def thread(self):
        """The record of the running thread."""
        try:
            return self._local.record
        except AttributeError:
            record = self._local.record = Thread()
            self.threads.append(record)
            return record

    def call(self, category, name, key, function, args, kwargs):
        """Call a function and write down that it was. What it calls under the same key is part of it."""
        thread = self.thread()
        stack = thread.stack
        if stack and stack[-1].key is key:
            return function(*args, **kwargs)
        span = Span(category, name, key)
        stack.append(span)
        try:
            result = function(*args, **kwargs)
        except BaseException:
            self._end(thread, perf_counter_ns(), failed=True)
            raise
        end = perf_counter_ns()
        if self.memory.followed and (size := self.memory.taken(result, args, kwargs, end)):
            span.memory += size
            if scope := scope_name.get():
                thread.row("scope memory", scope).add(0, memory=size)
        self._end(thread, end)
        return result

    def _end(self, thread, end, failed=False):
        span = thread.stack.pop()
        duration = end - span.start
        if not failed:
            thread.row(span.category, span.name).add(duration, duration - span.inner, span.memory)
        thread.note(span.category, span.name, span.start, duration, scope_name.get(), span.memory, failed)
        if thread.stack:
            caller = thread.stack[-1]
            caller.inner += duration
            caller.memory += span.memory

    def sample(self, domain, name, value):
        """Write down the value of a counter; its caller sees to it that no other thread does at the same time."""
        changes, smallest, largest, _ = self.counters.get((domain, name), (0, value, value, value))
        self.counters[domain, name] = changes + 1, min(smallest, value), max(largest, value), value
        self.samples.append((domain, name, perf_counter_ns(), value))

    def rows(self):
        """The sums of all threads: category -> name -> Row."""
        sums = {}
        for thread in list(self.threads):
            for (category, name), row in list(thread.rows.items()):
                sums.setdefault(category, {}).setdefault(name, Row()).merge(row)
        return sums

    def clear_rows(self):
        """Forget the sums of all threads and counters, and the peak of memory."""
        for thread in self.threads:
            thread.clear_rows()
        self.counters = {}
        self.memory.forget_peak()
        self._forget_ended_threads()

    def clear_events(self):
        """Forget what only the trace shows."""
        for thread in self.threads:
            thread.clear_events()
        self.marks = []
        self.samples = []
        self.memory.timeline = self.memory.timeline[-1:]
        self._forget_ended_threads()

    def _forget_ended_threads(self):
        self.threads = [thread for thread in self.threads if thread.rows or thread.events or thread.thread.is_alive()]


class _Result(weakref.ref):
    """A reference to the memory of a result, which knows its size when it is gone."""

    __slots__ = ("address", "size")


class Memory:
    """The memory of results that are alive, followed through weak references to the arrays that own it.

    Such a reference may be called back anywhere, also while this very thread is in here. So what comes and goes is only noted, and
    counted later.
    """

    def __init__(self):
        self.followed = False
        self.living = 0
        self.peak = 0
        self.timeline = []  # (time, bytes)
        self._known = {}  # address -> reference
        self._changes = deque()  # (time, bytes), not counted yet
        self._lock = threading.Lock()

    def follow(self):
        """Begin; nothing that is alive yet counts."""
        if not self.followed:
            self.living = 0
            self.timeline.append((perf_counter_ns(), 0))
            self.followed = True

    def let_go(self):
        """Follow nothing any longer: what is freed from now on costs nothing."""
        self.catch_up()
        self.followed = False
        self._known.clear()

    def taken(self, result, args, kwargs, now):
        """The bytes that a call took for its result: not those of its operands, nor of results that are known already."""
        known = self._known
        given = None
        size = 0
        for owner in _owners((result,), []):
            address = id(owner)
            if address in known or owner.base is not None:
                continue
            if given is None:
                given = _owners(kwargs.values(), _owners(args, []))
            if any(owner is operand for operand in given):
                continue
            known[address] = reference = _Result(owner, self._free)
            reference.address = address
            reference.size = owner.nbytes
            size += reference.size
        if size:
            self._changes.append((now, size))
            if len(self._changes) > _MANY_CHANGES:
                self.catch_up()
        return size

    def _free(self, reference):
        self._known.pop(reference.address, None)
        self._changes.append((perf_counter_ns(), -reference.size))

    def catch_up(self):
        """Count what came and went."""
        with self._lock:
            changes = [self._changes.popleft() for _ in range(len(self._changes))]
            for when, size in sorted(changes):
                self.living += size
                self.peak = max(self.peak, self.living)
                if len(self.timeline) < MOST_EVENTS:
                    self.timeline.append((when, self.living))

    def forget_peak(self):
        """Have the peak start again from what is alive."""
        self.catch_up()
        self.peak = self.living


def _owners(values, found):
    """Append to `found` the arrays whose memory is read by operands or results, or by what a gradient rule takes and returns."""
    for value in values:
        if isinstance(value, Array):
            value = value._data
        kind = type(value)
        if isinstance(value, np.ndarray):
            while type(value.base) is np.ndarray:
                value = value.base
            found.append(value)
        elif kind is tuple or kind is list:
            _owners(value, found)
        elif kind is dict:
            _owners(value.values(), found)
        elif kind is Scatter or kind is Part:
            _owners((value.value,), found)
    return found


recorder = Recorder()
