"""How the profiler gets between a call and its operator, at no cost while it is off.

While the profiler runs, the code of the public functions is exchanged (`core/exchange.py`) for code that calls the recorder.

Gradient rules are reached by the walk as `operator.vjp`. While the profiler runs, the classes have a property of that name, which
takes precedence over the attribute of an instance.
"""

from functools import partial
from sys import intern
from types import FunctionType

from .. import autograd
from ..core.exchange import exchange
from ..core.tape import Step
from ..gluon import Block
from ..numpy_extension.published import operators
from ..optimizer import Updater

__all__ = ["Interception"]


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
        names = operators()
        rule_names = {f.operator: name for f, name in names.items() if hasattr(f, "operator")}
        try:
            for function, name in names.items():
                self._undo.append(exchange(function, partial(self._operator, intern(name))))
            for cls, method, category, name_of in _METHODS:
                for derived in _defining(cls, method):
                    if type(vars(derived)[method]) is FunctionType:
                        self._undo.append(exchange(vars(derived)[method], partial(self._method, category, name_of)))
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


def _defining(cls, name):
    """The class and those derived from it, as far as they define the attribute themselves."""
    found, todo = [], [cls]
    while todo:
        cls = todo.pop()
        todo += cls.__subclasses__()
        if name in vars(cls):
            found.append(cls)
    return found
