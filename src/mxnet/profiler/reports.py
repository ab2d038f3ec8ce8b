"""What was recorded, for people (a table), for programs (JSON) and for a viewer of traces (Chrome's format)."""

import json
import os

from ..files.atomic import replacing

__all__ = ["as_json", "as_table", "write_trace"]

# What a table can be sorted by: a key of a Row.
ORDERS = {
    "total": lambda row: row.total,
    "avg": lambda row: row.total / row.count,
    "min": lambda row: row.shortest,
    "max": lambda row: row.longest,
    "count": lambda row: row.count,
    "self": lambda row: row.own,
    "memory": lambda row: row.memory,
}

_TITLES = {
    "operator": "Operators and gradient rules",
    "block": "Blocks",
    "scope": "Scopes",
    "event": "Events",
}


def _sorted(rows, sort_by, ascending):
    return sorted(rows.items(), key=lambda item: ORDERS[sort_by](item[1]), reverse=not ascending)


def as_table(recorder, sort_by, ascending):
    """The sums, a section a category, in columns."""
    sections = []
    for category, rows in _in_order(recorder):
        lines = [["Name", "Calls", "Total ms", "Self ms", "Min ms", "Max ms", "Mean ms", "Memory kB", "Largest kB"]]
        for name, row in _sorted(rows, sort_by, ascending):
            times = [row.total, row.own, row.shortest, row.longest, row.total / row.count]
            lines.append([name, f"{row.count}", *[f"{t / 1e6:.4f}" for t in times], *[f"{m / 1e3:.2f}" for m in _memory(row)]])
        if category not in ("operator", "block"):
            lines = [line[:3] + line[4:7] + (line[7:8] if category == "scope" else []) for line in lines]
        sections.append([_TITLES.get(category, f"Tasks of {category!r}"), *_aligned(lines)])
    if recorder.counters:
        lines = [["Name", "Changes", "Min", "Max", "Last"]]
        for (domain, name), numbers in recorder.counters.items():
            lines.append([f"{domain}: {name}", *[f"{number:.6g}" for number in numbers]])
        sections.append(["Counters", *_aligned(lines)])
    if not sections:
        return "The profiler has recorded nothing.\n"
    memory = recorder.memory
    memory.catch_up()
    sections.append([f"Results alive at once: {memory.peak / 1e3:.2f} kB at most; at the end: {memory.living / 1e3:.2f} kB"])
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _memory(row):
    return row.memory, row.largest


def _in_order(recorder):
    """Categories and their rows, the usual ones first; a scope's row gets the memory that was taken in it."""
    rows = recorder.rows()
    for name, taken in rows.pop("scope memory", {}).items():
        if name in rows.get("scope", {}):
            rows["scope"][name].memory = taken.memory
    return [(category, rows.pop(category)) for category in _TITLES if category in rows] + list(rows.items())


def _aligned(lines):
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * len(title) for title in lines[0]])
    return [
        "  ".join([line[0].ljust(widths[0]), *[cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]])
        for line in lines
    ]


def as_json(recorder, sort_by, ascending):
    """The sums as JSON: times and memory by category and name."""
    times, memory = {}, {}
    for category, rows in _in_order(recorder):
        times[category] = {
            name: {
                "Count": row.count,
                "Total": row.total / 1e6,
                "Self": row.own / 1e6,
                "Min": row.shortest / 1e6,
                "Max": row.longest / 1e6,
                "Avg": row.total / row.count / 1e6,
            }
            for name, row in _sorted(rows, sort_by, ascending)
        }
        taken = {name: {"Total": row.memory / 1e3, "Max": row.largest / 1e3} for name, row in rows.items() if row.memory}
        if taken:
            memory[category] = taken
    recorder.memory.catch_up()
    memory["results alive"] = {"cpu/0": {"Max": recorder.memory.peak / 1e3, "Last": recorder.memory.living / 1e3}}
    counters = [
        {"Domain": domain, "Name": name, "Count": count, "Min": smallest, "Max": largest, "Last": last}
        for (domain, name), (count, smallest, largest, last) in recorder.counters.items()
    ]
    return json.dumps({"Time": times, "Memory": memory, "Counters": counters, "Unit": {"Time": "ms", "Memory": "kB"}}, indent=4)


def write_trace(recorder, filename):
    """Write what was recorded as a trace; a file of that name is replaced once it is complete."""
    with replacing(filename) as file:
        file.write(b'{"displayTimeUnit": "ms", "traceEvents": [\n')
        for i, event in enumerate(_trace(recorder)):
            file.write(((",\n" if i else "") + json.dumps(event)).encode())
        file.write(b"\n]}\n")


def _trace(recorder):
    """The events of the trace. Times are in microseconds."""
    process = os.getpid()

    def micro(when):
        return (when - recorder.origin) / 1e3

    yield {"name": "process_name", "ph": "M", "pid": process, "args": {"name": "mxnet"}}
    for thread in list(recorder.threads):
        where = {"pid": process, "tid": thread.number}
        yield {"name": "thread_name", "ph": "M", **where, "args": {"name": thread.thread.name}}
        for category, name, start, duration, scope, memory, failed in list(thread.events):
            details = {"scope": scope, "memory": memory, "failed": failed}
            event = {"name": name, "cat": category, "ph": "X", "ts": micro(start), "dur": duration / 1e3, **where}
            details = {key: value for key, value in details.items() if value}
            yield {**event, "args": details} if details else event
        if thread.left_out:
            mark = {"ph": "i", "s": "t", "ts": micro(thread.events[-1][2]), **where}
            yield {"name": f"{thread.left_out} later events are left out", "cat": "profiler", **mark}
    for mark in list(recorder.marks):
        yield {**mark, "ts": micro(mark["ts"]), "pid": process}
    for domain, name, when, value in list(recorder.samples):
        yield {"name": name, "cat": domain, "ph": "C", "ts": micro(when), "pid": process, "args": {name: value}}
    recorder.memory.catch_up()
    for when, living in list(recorder.memory.timeline):
        yield {"name": "results alive", "ph": "C", "ts": micro(when), "pid": process, "args": {"bytes": living}}
