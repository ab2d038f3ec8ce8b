"""The profiler: what every operator and every gradient rule cost in time and memory, as a table, as JSON and as a trace.

    profiler.set_config(filename="profile.json")
    profiler.set_state("run")
    ...                                  # what is to be measured
    profiler.set_state("stop")
    print(profiler.dumps())              # the table
    profiler.dump()                      # the trace, for chrome://tracing or Perfetto

While it does not run, it costs nothing: no operation asks whether it does. While it runs, a call costs 1 to 2 µs more, and 2 to 3
beyond that where memory is followed, which shows in the times of small arrays.

*Total* is the time from call to return, *self* that part of it which was not spent in other calls that are listed. *Memory* is what
the results of a call took, and of the operators called in it: not what they needed meanwhile, nor views, nor what was written in
place. A call that raised an exception is in the trace only.
"""

import contextlib
import threading
import warnings
from time import perf_counter_ns

from ..base import MXNetError
from . import reports
from .interception import Interception
from .marks import Counter, Domain, Event, Frame, Marker, Task
from .recording import recorder, scope_name

__all__ = [
    "Counter",
    "Domain",
    "Event",
    "Frame",
    "Marker",
    "Task",
    "dump",
    "dump_profile",
    "dumps",
    "pause",
    "profiler_set_config",
    "profiler_set_state",
    "resume",
    "scope",
    "set_config",
    "set_kvstore_handle",
    "set_state",
]

_OPTIONS = {
    "filename": "profile.json",
    "profile_all": False,
    "profile_imperative": True,
    "profile_memory": True,
    # What the original's engine can leave out or write meanwhile; there is no such thing here.
    "profile_symbolic": True,
    "profile_api": True,
    "aggregate_stats": True,
    "continuous_dump": False,
    "dump_period": 1.0,
}

_config = dict(_OPTIONS)
_interception = Interception(recorder)
_state = "stop"
_lock = threading.RLock()


def set_config(**kwargs):
    """Say what is recorded from the next `set_state('run')` on, and where to.

    Parameters
    ----------
    filename : str
        The file that `dump()` writes: 'profile.json' at first.
    profile_memory : bool
        Whether the memory of results is followed; True at first.
    profile_imperative : bool
        Whether operators and gradient rules are recorded, besides scopes, tasks and counters; True at first.
    profile_all : bool
        Both of them.
    profile_symbolic, profile_api, aggregate_stats, continuous_dump, dump_period
        Of the original; they have no effect, as there is no graph or library to look into, and sums are always kept.
    profile_process : {'worker', 'server'}
        'worker': there are no servers.

    Raises
    ------
    TypeError, ValueError
        For an option that is none of these, or a value of the wrong kind.

    Examples
    --------
    >>> from mxnet import profiler
    >>> profiler.set_config(filename="profile.json", profile_memory=True)
    >>> profiler.set_config(profile_everything=True)
    Traceback (most recent call last):
        ...
    TypeError: set_config: unknown option profile_everything; known are filename, profile_all, profile_imperative, profile_memory, \
profile_symbolic, profile_api, aggregate_stats, continuous_dump, dump_period
    """
    _require_worker("set_config", kwargs.pop("profile_process", "worker"))
    for name, value in kwargs.items():
        if name not in _OPTIONS:
            raise TypeError(f"set_config: unknown option {name}; known are {', '.join(_OPTIONS)}")
        kind = str if name == "filename" else (int, float)
        if not isinstance(value, kind):
            raise TypeError(f"set_config: {name} is {'a string' if kind is str else 'a boolean or number'}, not {value!r}")
    _config.update(kwargs)


def set_state(state="stop", profile_process="worker"):
    """Start ('run') or stop the profiler. What was recorded before is kept, and added to.

    Parameters
    ----------
    state : {'run', 'stop'}
    profile_process : {'worker'}
        There are no servers.

    Examples
    --------
    >>> from mxnet import profiler
    >>> profiler.set_state("run")
    >>> y = np.exp(np.ones((2, 3)))
    >>> profiler.set_state("stop")
    >>> table = profiler.dumps(reset=True)
    >>> sorted(line.split()[:2] for line in table.splitlines() if line.startswith(("exp", "ones")))
    [['exp', '1'], ['ones', '1']]
    """
    global _state
    _require_worker("set_state", profile_process)
    if state not in ("run", "stop"):
        raise ValueError(f"set_state: the state is 'run' or 'stop', not {state!r}")
    with _lock:
        if state == "run" and _state != "run":
            if recorder.origin is None:
                recorder.origin = perf_counter_ns()
            if _config["profile_all"] or _config["profile_memory"]:
                recorder.memory.follow()
            _go_on()
        elif state == "stop" and _state != "stop":
            _halt()
            recorder.memory.let_go()
        _state = state


def pause(profile_process="worker"):
    """Record nothing until `resume()`. While the profiler is stopped, it does nothing."""
    global _state
    _require_worker("pause", profile_process)
    with _lock:
        if _state == "run":
            _halt()
            _state = "paused"


def resume(profile_process="worker"):
    """Go on recording after `pause()`."""
    global _state
    _require_worker("resume", profile_process)
    with _lock:
        if _state == "paused":
            _go_on()
            _state = "run"


def _go_on():
    if _config["profile_all"] or _config["profile_imperative"]:
        _interception.install()
    recorder.running = True


def _halt():
    recorder.running = False
    _interception.remove()


def _require_worker(function, process):
    if process == "server":
        raise MXNetError(f"{function}: profile_process='server', but there are no servers; write 'worker'")
    if process != "worker":
        raise ValueError(f"{function}: profile_process is 'worker', not {process!r}")


def dumps(reset=False, format="table", sort_by="total", ascending=False):
    """The sums of all calls so far, as text.

    Parameters
    ----------
    reset : bool
        Whether the sums start again from nothing.
    format : {'table', 'json'}
        Columns to read, or JSON: `{"Time": {category: {name: {"Count", "Total", "Self", "Min", "Max", "Avg"}}}, "Memory": …}`.
    sort_by : {'total', 'avg', 'min', 'max', 'count', 'self', 'memory'}
        The column to sort by.
    ascending : bool
        Whether the smallest comes first.

    Returns
    -------
    str

    Examples
    --------
    >>> import json
    >>> from mxnet import profiler
    >>> profiler.set_state("run")
    >>> y = np.ones((10, 10)) * 2
    >>> profiler.set_state("stop")
    >>> report = json.loads(profiler.dumps(reset=True, format="json"))
    >>> report["Time"]["operator"]["multiply"]["Count"], report["Memory"]["operator"]["multiply"]["Total"]
    (1, 0.4)
    """
    if format not in ("table", "json"):
        raise ValueError(f"dumps: format is 'table' or 'json', not {format!r}")
    if sort_by not in reports.ORDERS:
        raise ValueError(f"dumps: sort_by is one of {', '.join(map(repr, reports.ORDERS))}, not {sort_by!r}")
    text = (reports.as_table if format == "table" else reports.as_json)(recorder, sort_by, ascending)
    if reset:
        recorder.clear_rows()
    return text


def dump(finished=True, profile_process="worker"):
    """Write what was recorded to the file that `set_config(filename=…)` names, in the order in which it took place.

    The file is in Chrome's trace format: chrome://tracing and https://ui.perfetto.dev show it. It has a row for every thread, with
    scopes, blocks, operators and gradient rules inside each other, and rows for tasks, counters and the memory of results. Of a
    thread's events the first million is kept.

    Parameters
    ----------
    finished : bool
        Whether the profiler stops, and forgets what it wrote; the sums for `dumps()` stay. With False it goes on, and the next
        `dump()` writes the same again, and more.
    profile_process : {'worker'}
        There are no servers.

    Raises
    ------
    MXNetError
        If the profiler has not run since the last `dump()`. The file is left as it is.
    """
    _require_worker("dump", profile_process)
    with _lock:
        if recorder.origin is None:
            raise MXNetError("dump: the profiler has not run since the last dump(), call set_state('run') first")
        if finished:
            set_state("stop")
        reports.write_trace(recorder, _config["filename"])
        if finished:
            recorder.clear_events()
            recorder.origin = None


@contextlib.contextmanager
def scope(name="<unk>:", append_mode=True):
    """A `with` block under whose name the trace shows what is called in it, and the table sums up time and memory.

    Parameters
    ----------
    name : str
        A colon is added if it does not end in one.
    append_mode : bool
        Whether the name is put after that of the scope around it.

    Yields
    ------
    str
        The whole name.

    Examples
    --------
    >>> from mxnet import profiler
    >>> with profiler.scope("encoder"), profiler.scope("layer1") as name:
    ...     print(name)
    encoder:layer1:
    """
    name = name if name.endswith(":") else f"{name}:"
    around = scope_name.get()
    name = around + name if append_mode else name
    token = scope_name.set(name)
    start = perf_counter_ns()
    try:
        yield name
    finally:
        scope_name.reset(token)
        if recorder.running:
            duration = perf_counter_ns() - start
            thread = recorder.thread()
            thread.row("scope", name).add(duration)
            thread.note("scope", name, start, duration, around)


def set_kvstore_handle(handle):
    """There are no servers to profile: an MXNetError."""
    raise MXNetError("set_kvstore_handle: there are no servers to profile")


def profiler_set_config(mode="symbolic", filename="profile.json"):
    """The old name of `set_config(filename=…)`; `mode` has no effect. It warns."""
    warnings.warn("profiler_set_config is an old name: write set_config(filename=…)", FutureWarning, stacklevel=2)
    set_config(filename=filename)


def profiler_set_state(state="stop"):
    """The old name of `set_state`. It warns."""
    warnings.warn("profiler_set_state is an old name: write set_state", FutureWarning, stacklevel=2)
    set_state(state)


def dump_profile():
    """The old name of `dump()`. It warns."""
    warnings.warn("dump_profile is an old name: write dump", FutureWarning, stacklevel=2)
    dump(True)
