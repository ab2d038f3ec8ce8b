"""What a program marks itself: tasks, frames and events with a start and a stop, counters, and points in time."""

import itertools
import threading
from time import perf_counter_ns

from ..base import MXNetError
from .recording import recorder

__all__ = ["Counter", "Domain", "Event", "Frame", "Marker", "Task"]

_numbers = itertools.count(1)


class Domain:
    """A name under which tasks, frames, counters and markers stand together in table and trace.

    Examples
    --------
    >>> from mxnet import profiler
    >>> domain = profiler.Domain("training")
    >>> task = domain.new_task("epoch")
    >>> losses = domain.new_counter("loss", 0)
    >>> print(domain, task, losses)
    training epoch loss
    """

    def __init__(self, name):
        self.name = str(name)

    def __str__(self):
        return self.name

    def new_task(self, name):
        """A `Task` of this domain."""
        return Task(self, name)

    def new_frame(self, name):
        """A `Frame` of this domain."""
        return Frame(self, name)

    def new_counter(self, name, value=None):
        """A `Counter` of this domain."""
        return Counter(self, name, value)

    def new_marker(self, name):
        """A `Marker` of this domain."""
        return Marker(self, name)


class _Spell:
    """Something with a start and a stop. It counts if the profiler runs when it stops."""

    def __init__(self, name):
        self.name = str(name)
        self._started = None

    def __str__(self):
        return self.name

    def start(self):
        """Begin; what was begun and not stopped begins anew."""
        self._started = perf_counter_ns()

    def stop(self):
        """End, and be counted.

        Raises
        ------
        MXNetError
            If it was not started.
        """
        if self._started is None:
            raise MXNetError(f"{type(self).__name__} {self.name!r} is stopped, but was not started")
        started, self._started = self._started, None
        if recorder.running:
            self._note(started, perf_counter_ns() - started)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.stop()

    def _note(self, started, duration):
        raise NotImplementedError


class Task(_Spell):
    """A piece of work of a domain, from `start()` to `stop()` or in a `with` block; it may end in another thread.

    Parameters
    ----------
    domain : Domain
    name : str

    Examples
    --------
    >>> from mxnet import profiler
    >>> domain = profiler.Domain("training")
    >>> with profiler.Task(domain, "epoch"):
    ...     pass
    """

    def __init__(self, domain, name):
        super().__init__(name)
        self.domain = _checked(self, domain)

    def _note(self, started, duration):
        thread = recorder.thread()
        thread.row(self.domain.name, self.name).add(duration)
        mark = {"name": self.name, "cat": self.domain.name, "id": next(_numbers), "tid": thread.number}
        recorder.marks += ({**mark, "ph": "b", "ts": started}, {**mark, "ph": "e", "ts": started + duration})


class Frame(Task):
    """A `Task` that comes again and again, such as one image of a film."""


class Event(_Spell):
    """A piece of work of one thread, without a domain: in the trace it stands above the operators called in it.

    Parameters
    ----------
    name : str

    Examples
    --------
    >>> from mxnet import profiler
    >>> with profiler.Event("reading"):
    ...     pass
    """

    def _note(self, started, duration):
        thread = recorder.thread()
        thread.row("event", self.name).add(duration)
        thread.note("event", self.name, started, duration, "")


class Counter:
    """A number of a domain that the trace shows over time. `counter += 1` and `counter -= 1` work too.

    Parameters
    ----------
    domain : Domain
    name : str
    value : number, optional
        What it starts from.

    Examples
    --------
    >>> from mxnet import profiler
    >>> images = profiler.Counter(profiler.Domain("reading"), "images", 0)
    >>> images += 32
    >>> images.decrement(2)
    >>> images.value
    30
    """

    def __init__(self, domain, name, value=None):
        self.domain = _checked(self, domain)
        self.name = str(name)
        self.value = 0
        self._lock = threading.Lock()
        if value is not None:
            self.set_value(value)

    def __str__(self):
        return self.name

    def set_value(self, value):
        """Have it be `value` from now on."""
        with self._lock:
            self._set(value)

    def increment(self, delta=1):
        """Add `delta`."""
        with self._lock:
            self._set(self.value + delta)

    def decrement(self, delta=1):
        """Subtract `delta`."""
        self.increment(-delta)

    def __iadd__(self, delta):
        self.increment(delta)
        return self

    def __isub__(self, delta):
        self.decrement(delta)
        return self

    def _set(self, value):
        self.value = value
        if recorder.running:
            recorder.sample(self.domain.name, self.name, value)


class Marker:
    """A point in time, marked in the trace.

    Parameters
    ----------
    domain : Domain
    name : str

    Examples
    --------
    >>> from mxnet import profiler
    >>> profiler.Domain("training").new_marker("learning rate halved").mark()
    """

    _SCOPES = {"process": "p", "thread": "t", "global": "g", "task": "p", "marker": "p"}  # noqa: RUF012

    def __init__(self, domain, name):
        self.domain = _checked(self, domain)
        self.name = str(name)

    def __str__(self):
        return self.name

    def mark(self, scope="process"):
        """Mark this moment: for 'process', 'thread', 'global', 'task' or 'marker', which says how far its line reaches."""
        if scope not in self._SCOPES:
            raise ValueError(f"mark: scope is one of {', '.join(map(repr, self._SCOPES))}, not {scope!r}")
        if recorder.running:
            mark = {"name": self.name, "cat": self.domain.name, "ph": "i", "s": self._SCOPES[scope], "ts": perf_counter_ns()}
            recorder.marks.append({**mark, "tid": recorder.thread().number})


def _checked(mark, domain):
    if not isinstance(domain, Domain):
        raise TypeError(f"the domain of a {type(mark).__name__} is a profiler.Domain, not {domain!r}")
    return domain
