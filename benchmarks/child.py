"""One framework and one workload in a process, `python -m benchmarks.child FRAMEWORK WORKLOAD`; `__main__.Child` is the other end.

To every line on stdin, a number of steps or "memory", it answers a line of JSON on stdout; in between it sleeps. The original's
interpreter runs it too: keep to Python 3.8.
"""

import ctypes
import gc
import json
import os
import platform
import sys
import time

import numpy

from .workloads import FRAMEWORKS, WORKLOADS


def batch(framework, step, count):
    gc.collect()  # this batch inherits no garbage; the collector stays on, as it is for users
    start = time.perf_counter()
    for _ in range(count):
        results = step()
    framework.finish()
    seconds = time.perf_counter() - start
    return {"seconds": seconds / count, "check": sum(float((result * result).sum()) for result in results)}


def resident(field):
    """Megabytes of memory: `VmRSS`, now, or `VmHWM`, the most since it was reset."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(field)) / 1024


def memory(framework, step):
    """The memory that one step takes at its peak beyond what is there before; Linux tells."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/clear_refs", "w") as reset:
        reset.write("5")
    before = resident("VmRSS")
    results = step()
    framework.finish()
    del results
    return {"memory": resident("VmHWM") - before}


def main(name, workload):
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a framework prints must not come between the replies

    def reply(message):
        print(json.dumps(message), file=replies, flush=True)

    try:
        framework = FRAMEWORKS[name]()
    except ImportError as error:
        reply({"problem": str(error)})
        return
    step = WORKLOADS[workload].build(framework)
    reply({"version": framework.version, "python": platform.python_version(), "numpy": numpy.__version__})
    for line in sys.stdin:
        reply(memory(framework, step) if line.strip() == "memory" else batch(framework, step, int(line)))


if __name__ == "__main__":
    main(*sys.argv[1:])
