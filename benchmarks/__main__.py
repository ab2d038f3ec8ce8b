"""Time mxtape against other frameworks and print a table; README.md says what and how."""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

from .workloads import FRAMEWORKS, WORKLOADS

try:
    from tqdm import tqdm
except ImportError:

    def tqdm(rounds, **_):
        return rounds


HERE = Path(__file__).resolve().parent
BATCH = 0.1  # seconds that one timed batch takes at least; batches of one step (0.03 s) seemed to slow the original down
IMPORT_TARGET = 0.1  # seconds that `import mxnet` may take beyond `import numpy`
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
IMPORT = """
import sys, time
start = time.perf_counter()
import {0}
seconds = time.perf_counter() - start
assert {0}.__file__, "a bare folder is no package"
print(seconds, *{{"scipy", "numba"}}.intersection(sys.modules))
"""


def environment(framework, threads):
    """The environment of a child: threads stated, and `mxnet` meaning the right package."""
    path = os.environ.get("PYTHONPATH", "")
    if framework == "mxtape":
        path = os.pathsep.join(filter(None, [str(HERE.parent / "src"), path]))
    elif framework == "original":
        path = ""
    # Installed code has its bytecode beside it.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, "PYTHONHASHSEED": "0", "PYTHONPATH": path, **dict.fromkeys(THREADS, str(threads))}


class Child:
    """A process that holds one framework ready for one workload and works only when asked."""

    def __init__(self, framework, python, workload, threads):
        command = [python, "-m", "benchmarks.child", framework, workload]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": HERE.parent}
        self.process = subprocess.Popen(command, env=environment(framework, threads), **pipes)
        self.about = self.read()
        self.count, self.times = 1, []

    def read(self):
        line = self.process.stdout.readline()
        return json.loads(line) if line else {"problem": "its process ended; see above"}

    def ask(self, what):
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        answer = self.read()
        if "problem" in answer:
            raise SystemExit(f"{self.process.args}: {answer['problem']}")
        return answer

    def time(self):
        """Seconds for one step, the mean over one batch."""
        answer = self.ask(self.count)
        self.check = answer["check"]
        return answer["seconds"]

    def memory(self):
        """Megabytes that one step takes at its peak; None where the system does not tell."""
        return self.ask("memory")["memory"] if sys.platform == "linux" else None

    def calibrate(self):
        """Choose how many steps make a batch, after the first ones, which may set up for long (torch: 0.2 s)."""
        for _ in range(10):
            self.time()
        while min(self.time(), self.time(), self.time()) * self.count < BATCH:
            self.count *= 2

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def compare(workload, interpreters, rounds, threads):
    """Children by framework; in each round every one timed a batch while the others slept."""
    children = {}
    for framework, python in interpreters.items():
        if framework == "numpy" and workload != "forward":
            continue  # no gradients
        child = Child(framework, python, workload, threads)
        if "problem" in child.about:
            print(f"{workload}: leaving out {framework}: {child.about['problem']}", file=sys.stderr)
            child.close()
        else:
            child.calibrate()
            children[framework] = child
    order = list(children.values())
    for _ in tqdm(range(rounds), desc=workload):
        for child in order:
            child.times.append(child.time())
        order.append(order.pop(0))  # let nobody come first every time
    for child in order:
        child.peak = child.memory()
        child.close()
    checks = {framework: child.check for framework, child in children.items()}
    if WORKLOADS[workload].same and checks and max(checks.values()) - min(checks.values()) > 1e-3 * max(checks.values()):
        raise SystemExit(f"{workload}: the frameworks disagree on the result: {checks}")
    return children


def rows(workload, children):
    """Table rows: median times, and the medians (and quartiles) of the rounds' ratios."""
    title, targets = WORKLOADS[workload].title, WORKLOADS[workload].targets
    for framework, child in children.items():
        ratio, goal = "", ("", "")
        if "mxtape" in children and framework != "mxtape":
            ratios = [own / other for own, other in zip(children["mxtape"].times, child.times, strict=True)]
            low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive")
            ratio = f"{middle:.3g} ({low:.3g}–{high:.3g})"
            if framework in targets:
                goal = verdict(middle, targets[framework], f"≤ {targets[framework]}")
        peak = "" if child.peak is None else f"{child.peak:.0f}"
        yield title, framework, str(child.count), pretty(statistics.median(child.times)), ratio, *goal, peak


def time_import(module, python, env):
    """Seconds that an import takes in a fresh interpreter, and which of scipy and numba it loads; None if it fails."""
    done = subprocess.run([python, "-c", IMPORT.format(module)], env=env, capture_output=True, text=True, check=False)
    seconds, *loaded = done.stdout.split() or [None]
    return seconds and (float(seconds), sorted(loaded))


def import_rows(interpreters, rounds, threads):
    """Table rows: what an import takes beyond NumPy's in the same interpreter, and what mxtape's loads."""
    extra, loaded = {}, {}
    for number in tqdm(range(rounds + 1), desc="import"):
        for framework, python in interpreters.items():
            module = "mxnet" if framework in ("mxtape", "original") else framework
            base, own = (time_import(name, python, environment(framework, threads)) for name in ("numpy", module))
            if framework != "numpy" and base and own and number:  # round 0 fills the file cache
                extra.setdefault(framework, []).append(own[0] - base[0])
                loaded[framework] = own[1]
    for framework, seconds in extra.items():
        median = statistics.median(seconds)
        goal = verdict(median, IMPORT_TARGET, f"≤ {pretty(IMPORT_TARGET)}") if framework == "mxtape" else ("", "")
        yield "import, less NumPy's", framework, "1", pretty(median), "", *goal, ""
    if "mxtape" in loaded:
        found = loaded["mxtape"]
        yield "import loads scipy, numba", "mxtape", "", ", ".join(found) or "neither", "", *verdict(len(found), 0, "neither"), ""


def verdict(value, target, text):
    return text, "reached" if value <= target else "**falls short**"


def pretty(seconds):
    unit, scale = ("ms", 1e3) if abs(seconds) >= 1e-3 else ("µs", 1e6)
    return f"{seconds * scale:.1f} {unit}"


def cpu():
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="timed batches of each framework (default: 15)")
    parser.add_argument("--only", nargs="+", choices=[*WORKLOADS, "import"], default=[*WORKLOADS, "import"])
    parser.add_argument("--frameworks", nargs="+", choices=FRAMEWORKS, default=list(FRAMEWORKS))
    parser.add_argument("--original", metavar="PYTHON", help="an interpreter that has the original MXNet")
    parser.add_argument("--threads", type=int, default=1, help="threads of BLAS, OpenMP and Numba (default: 1)")
    options = parser.parse_args()
    if options.rounds < 2:
        parser.error("--rounds: quartiles need at least 2")
    interpreters = dict.fromkeys(options.frameworks, sys.executable)
    if interpreters.pop("original", None) and options.original:
        interpreters["original"] = options.original

    table, about = [], {}
    for workload in options.only:
        if workload == "import":
            table += import_rows(interpreters, max(3, options.rounds // 3), options.threads)
        else:
            children = compare(workload, interpreters, options.rounds, options.threads)
            about.update((framework, child.about) for framework, child in children.items())
            table += rows(workload, children)

    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    print(f"{cpu()}, {os.cpu_count()} cores; {options.threads} thread(s) for BLAS, OpenMP and Numba; {options.rounds} rounds;")
    print(f"load average at the end {load}: about 1 is this run's own, and more means that it was disturbed\n")
    for framework, its in about.items():
        print(f"- {framework} {its['version']} (Python {its['python']}, NumPy {its['numpy']})")
    print("\n| workload | framework | steps a batch | median time | mxtape / other (quartiles) | target | | peak memory, MB |")
    print("|---|---|---:|---:|---:|---:|---|---:|")
    for row in table:
        print("|", " | ".join(row), "|")


if __name__ == "__main__":
    main()
