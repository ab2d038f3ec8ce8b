"""Writes docs/coverage.md: every public name, and what the tests check of it.

Run from the root of the repository, after adding a name, a row or a test:

    python -m tests.coverage

What MXNet 2 has is a list, `tests/data/surface.txt`; what is checked is read from the operator table, from that of the samplers and
from the tests themselves.
"""

import ast
import inspect
import re
import textwrap
from functools import cache
from importlib import import_module
from operator import attrgetter
from pathlib import Path

import numpy

import mxnet

from .operators import test_random
from .operators.test_table import ROWS

TESTS = Path(__file__).parent
OWN = {TESTS / name for name in ("coverage.py", "test_coverage.py", "test_signatures.py")}
PAGE = TESTS.parent / "docs" / "coverage.md"
ARRAYS = ("np", "np.ndarray", "np.linalg", "np.random", "np.fft", "npx", "npx.random", "npx.image")
GLUON = ("", ".nn", ".rnn", ".loss", ".metric", ".data", ".data.batchify", ".data.vision", ".data.vision.transforms", ".utils")
NAMESPACES = (
    *ARRAYS,
    *(f"gluon{name}" for name in GLUON),
    "gluon.model_zoo.vision",
    *("initializer", "optimizer", "lr_scheduler", "kvstore", "callback", "io", "recordio", "image"),
    *("random", "device", "context", "util", "engine", "runtime", "error", "base", "profiler", "visualization", "test_utils"),
)

# Names of MXNet 2 that will not come.
_SYMBOLIC = "runs symbols of MXNet 1; a graph is a function here, and `check_numeric_gradient` takes one"
_SPARSE = "makes sparse arrays; all arrays are dense here"
_DOWNLOAD = "fetches files for tests of MXNet; `gluon.utils.download` and the data sets of `gluon.data.vision` do"
_CLUSTER = "trains on many machines; there is one process here"
REASONS = {
    "np.ndarray": {"handle": "a pointer into MXNet's C engine; there is none"},
    "kvstore": dict.fromkeys(("BytePS", "Horovod", "KVStoreServer"), _CLUSTER),
    "util": {"numpy_fallback": "wraps functions that copy to NumPy; every function here works on NumPy's arrays"},
    "test_utils": {
        **dict.fromkeys(("check_consistency", "check_symbolic_backward", "check_symbolic_forward"), _SYMBOLIC),
        **dict.fromkeys(("check_speed", "same_symbol_structure"), _SYMBOLIC),
        **dict.fromkeys(("create_sparse_array", "create_sparse_array_zd", "rand_sparse_ndarray"), _SPARSE),
        "shuffle_csr_column_indices": _SPARSE,
        **dict.fromkeys(
            ("download", "get_bz2_data", "get_cifar10", "get_mnist", "get_mnist_iterator", "get_mnist_ubyte"), _DOWNLOAD
        ),
        "get_im2rec_path": "finds a script of MXNet's source tree",
    },
}

HEAD = """\
# What there is, and what is checked

<!-- Written by `python -m tests.coverage`; a test fails while this page is not what that command writes. -->

Every public name. Read the columns so:

- **MXNet 2**: ✓ if the original has the name.
- **value**: `table` — a row of the operator table compares it with NumPy, or with a reference of its own, over shapes, dtypes and
  memory layouts; `distribution` — samples are compared with a distribution of SciPy's; `test` — a test of its own calls it;
  `—` — no test names it. Outside of `np` and `npx` there is no such table: `test` says that a test names it.
- **gradient**: to which order it is compared with finite differences, for samplers at the same random numbers; `0` where the table
  says that there is no derivative, or that it is zero, and the tests confirm it; nothing for what takes no arrays, or has no row.

A name of MXNet 2 that is not there yet is listed as *missing*, one that will not come with the reason.
"""


def surface():
    """The names of MXNet 2, by namespace."""
    names = {}
    for line in (TESTS / "data" / "surface.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            names[line.strip("[]")] = section = set()
        elif line and not line.startswith("#"):
            section.update(line.split())
    return names


def rows_by_function():
    """The rows of every operator, and of every function that is none."""
    found = {}
    for row in ROWS:
        found.setdefault(getattr(row.function, "operator", row.function), []).append(row)
    return found


def mentioned():
    """What the tests use, as `np.linalg.norm`, or as `.norm` for a method."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(TESTS.rglob("test_*.py")) if path not in OWN)
    names = re.findall(r"\b(?:mxnet\.|mx\.)?(npx?(?:\.(?:linalg|random|fft|image))?\.[A-Za-z_]\w*)", text)
    names += [f"npx.{name}" for name in re.findall(r"\b(image\.[A-Za-z_]\w*)", text)]
    methods = re.findall(r"(?<!\bnp)(?<!\bnpx)(?<!\bnumpy)(?<!\blinalg)(?<!\brandom)(\.[A-Za-z_]\w*)", text)
    return {*names, *methods}


@cache
def named():
    """The functions and classes outside of `np` and `npx` that the tests name, by their identity."""
    values = [value for path in TESTS.rglob("*.py") if path not in OWN for value in named_in(path)]
    used = mentioned()
    values += [value for name, value in public("npx.image").items() if f"npx.image.{name}" in used]
    values += [row.function for row in ROWS]
    return {id(value) for value in values if callable(value)}


def named_in(path):
    """What a file names: as `nn.Dense`, or as a string for `getattr` or `create`."""
    tree = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    known = {}
    for node in tree:
        if isinstance(node, ast.Import):
            known.update({alias.asname or "mxnet": mxnet for alias in node.names if alias.name.split(".")[0] == "mxnet"})
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "mxnet":
            known.update({alias.asname or alias.name: imported(node.module, alias.name) for alias in node.names})
    values = [value_of(node, known) for node in tree if isinstance(node, ast.Attribute | ast.Name)]
    by_string = {}
    for module in filter(inspect.ismodule, values):
        names = {name: getattr(module, name) for name in getattr(module, "__all__", ())}
        by_string |= names | ({name.lower(): value for name, value in names.items()} if "create" in names else {})
    return values + [by_string.get(node.value) for node in tree if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def imported(origin, name):
    """What `from origin import name` gives."""
    module = import_module(origin)
    return getattr(module, name) if hasattr(module, name) else import_module(f"{origin}.{name}")


def value_of(node, known):
    """What `name.attribute.attribute` stands for, None for what is not the library's."""
    if isinstance(node, ast.Name):
        return known.get(node.id)
    owner = value_of(node.value, known) if isinstance(node, ast.Attribute) else None
    return getattr(owner, node.attr, None) if inspect.ismodule(owner) else None


def kind_of(value):
    """In a word, what a name stands for."""
    if isinstance(value, numpy.dtype) or (isinstance(value, type) and issubclass(value, numpy.generic)):
        return "dtype"
    if isinstance(value, type):
        return "class"
    if isinstance(value, property):
        return "attribute"
    if hasattr(value, "operator"):
        return "operator"
    return "function" if callable(value) else "constant"


def public(path):
    """The names of a namespace, and what they stand for."""
    try:
        namespace = attrgetter(path)(mxnet)
    except AttributeError:
        return {}
    names = [name for name in getattr(namespace, "__all__", dir(namespace)) if not name.startswith("_")]
    values = {name: getattr(namespace, name) for name in sorted(names, key=lambda name: (name.lower(), name))}
    return {name: value for name, value in values.items() if not inspect.ismodule(value)}


def checks(path, name, value, rows, used):
    """How a name's value is checked, and to which order its gradient."""
    if path not in ARRAYS:
        return "test" if id(value) in named() else "—", ""
    mine = rows.get(getattr(value, "operator", value), []) if callable(value) else []
    if mine:
        return "table", str(max(row.order for row in mine)) if any(row.domains for row in mine) else ""
    order = str(test_random.orders().get(f"{path}.{name}", ""))
    if f"{path}.{name}" in test_random.distributions():
        return "distribution", order
    mention = f".{name}" if path == "np.ndarray" else f"{path}.{name}"
    return "test" if mention in used else "—", order


def section(path, original, rows, used):
    """The part of the page about one namespace, and its line in the summary."""
    lines, checked, differentiated = [], 0, 0
    here = public(path)
    reasons = REASONS.get(path, {})
    arrays = path in ARRAYS
    for name, value in here.items():
        kind = kind_of(value)
        test, order = checks(path, name, value, rows, used)
        checked += test != "—"
        differentiated += order not in ("", "0")
        lines.append(f"| `{name}` | {kind} | {'✓' if name in original else ''} | {test} |{f' {order} |' if arrays else ''}")
    missing = sorted(original - set(here) - set(reasons) - {"linalg", "random", "image"})
    text = [f"## {path}", ""]
    if lines:
        text += [
            "| name | kind | MXNet 2 | value |" + " gradient |" * arrays,
            "| --- | --- | --- | --- |" + " --- |" * arrays,
            *lines,
            "",
        ]
    if missing:
        text += [textwrap.fill(f"Missing: {', '.join(f'`{name}`' for name in missing)}.", 132, break_on_hyphens=False), ""]
    text += [line for name, reason in reasons.items() for line in (f"Will not come: `{name}`: {reason}.", "")]
    counts = (len(here), len(set(here) - original), len(missing), checked, differentiated if arrays else "")
    summary = f"| `{path}` | {' | '.join(map(str, counts))} |"
    return text, summary


def page():
    """The page as text."""
    original, rows, used = surface(), rows_by_function(), mentioned()
    sections = [section(path, original.get(path, set()), rows, used) for path in NAMESPACES if path in original or public(path)]
    summary = [
        "| namespace | names | not in MXNet 2 | missing | value checked | gradient checked |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    summary += [line for _, line in sections]
    return "\n".join([HEAD, *summary, "", *[line for text, _ in sections for line in text]])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
