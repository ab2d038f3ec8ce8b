"""How the profiler gets between a call and its operator, at no cost while it is off.

The public functions are referred to from everywhere: as operators and methods of arrays, in rules, under names that users
imported. So the function objects stay, and what is exchanged while the profiler runs is their **code**: `__code__` is an attribute
that Python lets programs write. The code put in its place calls the recorder, which calls a twin of the function, with the old
code. Afterwards the old code is put back, and nothing is left that could cost time: no flag is asked on the path of an operation.

Gradient rules are reached by the walk as `operator.vjp`. While the profiler runs, the classes have a property of that name, which
takes precedence over the attribute of an instance.
"""

import sys
from functools import cache, partial
from sys import intern
from types import FunctionType

from .. import autograd, numpy, numpy_extension
from ..array import ndarray
from ..core.operator import Operator
from ..core.tape import Step
from ..gluon import Block
from ..optimizer import Updater

__all__ = ["Interception"]

_NAMESPACES = (
    ("", numpy),
    ("random.", numpy.random),
    ("linalg.", numpy.linalg),
    ("fft.", numpy.fft),
    ("", numpy_extension),
    ("image.", numpy_extension.image),
    ("random.", numpy_extension.random),
)
_TABLE = "mxnet.operators."


def _name_of_block(block):
    path = block._path()
    return ".".join(path) + (f" ({type(block).__name__})" if len(path) > 1 else "")


# Class, method, category, and what a call is called, given the object.
_METHODS = (
    (autograd.Function, "__call__", "operator", lambda function: type(function).__name__),
    (Block, "__call__", "block", _name_of_block),
    (Updater, "__call__", "operator", lambda updater: f"update by {type(updater.optimizer).__name__}"),
)


class Interception:
    """The exchange of code, between `install()` and `remove()`."""

    def __init__(self, recorder):
        self._recorder = recorder
        self._undo = []

    def install(self):
        """Have every operator and every gradient rule call the recorder."""
        names = _operators()
        rule_names = {f.operator: name for f, name in names.items() if hasattr(f, "operator")}
        try:
            for function, name in names.items():
                self._exchange(function, partial(self._operator, intern(name)))
            for cls, method, category, name_of in _METHODS:
                for derived in _defining(cls, method):
                    if type(vars(derived)[method]) is FunctionType:
                        self._exchange(vars(derived)[method], partial(self._method, category, name_of))
            for cls in _defining(Step, "vjp"):
                self._exchange_rule(cls, rule_names)
        except BaseException:
            self.remove()
            raise

    def remove(self):
        """Put everything back."""
        while self._undo:
            self._undo.pop()()

    def _operator(self, name, function, args, kwargs):
        return self._recorder.call("operator", name, name, function, args, kwargs)

    def _method(self, category, name_of, function, args, kwargs):
        """A call of an object's method; what is called through `super()` is part of it."""
        return self._recorder.call(category, name_of(args[0]), args[0], function, args, kwargs)

    def _exchange(self, function, record):
        code, keywords = function.__code__, function.__kwdefaults__
        twin = FunctionType(code, function.__globals__, function.__name__, function.__defaults__, function.__closure__)
        twin.__kwdefaults__ = keywords

        def undo():
            function.__code__ = code
            function.__kwdefaults__ = keywords

        self._undo.append(undo)
        function.__kwdefaults__ = {**(keywords or {}), "_profiled": partial(record, twin)}
        function.__code__ = _stand_in(len(code.co_freevars))

    def _exchange_rule(self, cls, names):
        rule = vars(cls)["vjp"]
        self._undo.append(lambda: setattr(cls, "vjp", rule))
        cls.vjp = _Rule(rule, names, self._recorder)


class _Rule:
    """The property that stands for `vjp` in a class: the gradient rules, as calls that are recorded."""

    def __init__(self, rule, names, recorder):
        self._rule = rule
        self._names = names
        self._recorder = recorder

    def __get__(self, step, cls=None):
        if step is None:
            return self._rule
        rule = vars(step).get("vjp") or self._rule.__get__(step)
        name = f"backward of {self._names.get(step, step.name)}"
        return lambda *args: self._recorder.call("operator", name, step, rule, args, {})

    def __set__(self, step, rule):
        vars(step)["vjp"] = rule


@cache
def _stand_in(cells):
    """Code that calls `_profiled`, for functions with so many free variables: Python wants their number kept."""
    names = "".join(f"cell{i}, " for i in range(cells))
    source = f"""
def closure({names}):
    def call(*args, _profiled, **kwargs):
        return _profiled(args, kwargs)
        ({names})
    return call
"""
    namespace = {}
    exec(compile(source, "<profiler>", "exec"), namespace)
    return namespace["closure"](*[None] * cells).__code__


def _operators():
    """Function to name: what is public in `np` and `npx` as it is called there, what serves it by the name of its operator."""
    names = {}
    for prefix, namespace in _NAMESPACES:
        for listed in namespace.__all__:
            function = getattr(namespace, listed)
            if type(function) is FunctionType and function.__module__.startswith(_TABLE) and function not in names:
                own = function.__name__  # of `amax` and `max`, which are one function, the name in its definition
                name = prefix + (own if getattr(namespace, own, None) is function else listed)
                names[function] = f"npx.{name}" if name in names.values() else name
    for module in [module for name, module in sys.modules.items() if name.startswith(_TABLE)]:
        for function in vars(module).values():
            if type(function) is FunctionType and isinstance(getattr(function, "operator", None), Operator):
                names.setdefault(function, function.operator.name)
    methods = {function.method: name for function, name in names.items() if hasattr(function, "method")}
    walks = {autograd.backward: "autograd.backward", autograd.grad: "autograd.grad"}
    return {**names, **methods, **walks, ndarray.__getitem__: "getitem", ndarray.__setitem__: "setitem"}


def _defining(cls, name):
    """The class and those derived from it, as far as they define the attribute themselves."""
    found, todo = [], [cls]
    while todo:
        cls = todo.pop()
        todo += cls.__subclasses__()
        if name in vars(cls):
            found.append(cls)
    return found
