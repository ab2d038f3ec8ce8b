"""What `import mxnet` loads, and who may import whom."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import mxnet

ROOT = Path(mxnet.__file__).parent

# The layers, the lowest first: a module imports from its own layer and from those below.
LAYERS = ["base", "device", "files", "kernels", "core", "operators", "array", "autograd", "numpy", "util"]
LAYERS += ["recordio", "io", "image", "numpy_extension", "random", "registry"]
LAYERS += ["initializer", "lr_scheduler", "optimizer", "gluon", "model", "callback"]

# The library of networks is written against the public names; what is below these is for others, but for the exceptions.
BY_PUBLIC_NAMES = {"initializer", "lr_scheduler", "optimizer", "gluon"}
BELOW_PUBLIC_NAMES = {"kernels", "core", "operators", "array"}
EXCEPTIONS = {
    ("gluon.exporting", "core.exchange"): "is told every call of `np` and `npx` while a forward pass is computed",
    ("gluon.exporting", "core.operator"): "has results that go into `out=` told to it, as well",
}

# `ndarray.__array_namespace__` names, when it is called, the namespace that is built on the class.
UPWARD = {("array", "numpy")}


def run(program):
    """The output of a program in an interpreter of its own."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def modules():
    """Name to file, without the package's own name: `core.tape`; `core` for its `__init__`; '' for the package's."""
    found = {}
    for path in ROOT.rglob("*.py"):
        *parents, name = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parents if name == "__init__" else [*parents, name])] = path
    return found


def imports_of(name, found):
    """The modules of the package that one of them imports, also inside functions."""
    path = found[name]
    package = [part for part in name.split(".") if part]
    if path.name != "__init__.py":
        package.pop()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            targets = [alias.name.split(".")[1:] for alias in node.names if alias.name.split(".")[0] == "mxnet"]
        elif isinstance(node, ast.ImportFrom):
            origin = (node.module or "").split(".") if node.module else []
            if node.level:
                origin = package[: len(package) - node.level + 1] + origin
            elif origin[0] == "mxnet":
                origin = origin[1:]
            else:
                continue
            targets = [[*origin, alias.name] for alias in node.names]
        else:
            continue
        for target in targets:
            # `from .core import tape` names a module, `from .core.tape import Node` something inside of one.
            yield next(known for size in range(len(target), -1, -1) if (known := ".".join(target[:size])) in found)


def layer(name):
    """The height of a module's layer; what is listed nowhere stands above them all."""
    top = name.split(".")[0]
    return LAYERS.index(top) if top in LAYERS else len(LAYERS)


def test_import_loads_neither_scipy_nor_numba():
    loaded = {"mxnet.numpy", "scipy", "numba"}.intersection(run("import sys, mxnet; print(*sys.modules)"))
    assert loaded == {"mxnet.numpy"}


def test_works_where_numba_is_missing():
    program = """import sys; sys.modules["numba"] = None
from mxnet import autograd, np, npx
x = np.array([1.0, 2.0])
x.attach_grad()
with autograd.record():
    y = npx.relu(x * x).sum()
y.backward()
print(*x.grad.tolist())"""
    assert run(program) == ["2.0", "4.0"]


def test_layers_import_only_downward():
    found = modules()
    upward = {(name, target) for name in found for target in imports_of(name, found) if layer(target) > layer(name)}
    assert upward == UPWARD


def test_networks_are_written_against_public_names():
    found = modules()
    private = {
        (name, target)
        for name in found
        if name.split(".")[0] in BY_PUBLIC_NAMES
        for target in imports_of(name, found)
        if target.split(".")[0] in BELOW_PUBLIC_NAMES
    }
    assert private == EXCEPTIONS.keys()


def test_no_import_circles():
    found = modules()
    below = {name: {target for target in imports_of(name, found) if (name, target) not in UPWARD} - {name} for name in found}
    assert len(list(TopologicalSorter(below).static_order())) == len(found)  # a circle raises CycleError


def test_the_package_is_typed():
    assert (ROOT / "py.typed").is_file()
