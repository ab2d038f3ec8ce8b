"""Getting between a call and its function, at no cost while nobody does.

The public functions are referred to from everywhere: as operators and methods of arrays, in rules, under names that users
imported. So the function objects stay, and what is exchanged is their **code**: `__code__` is an attribute that Python lets
programs write. The code put in its place calls whoever wants to know, and hands over a twin of the function, with the old code.
Afterwards the old code is put back, and nothing is left that could cost time: no flag is asked on the path of an operation.
"""

from functools import cache, partial
from types import FunctionType

__all__ = ["exchange"]


def exchange(function, record):
    """Have every call of `function` become `record(twin, args, kwargs)`; returns what puts the old code back.

    Exchanges of one function are undone in the opposite order.
    """
    code, keywords = function.__code__, function.__kwdefaults__
    twin = FunctionType(code, function.__globals__, function.__name__, function.__defaults__, function.__closure__)
    twin.__kwdefaults__ = keywords

    def undo():
        function.__code__ = code
        function.__kwdefaults__ = keywords

    function.__kwdefaults__ = {**(keywords or {}), "_record": partial(record, twin)}
    function.__code__ = _stand_in(len(code.co_freevars))
    return undo


@cache
def _stand_in(cells):
    """Code that calls `_record`, for functions with so many free variables: Python wants their number kept."""
    names = "".join(f"cell{i}, " for i in range(cells))
    source = f"""
def closure({names}):
    def call(*args, _record, **kwargs):
        return _record(args, kwargs)
        ({names})
    return call
"""
    namespace = {}
    exec(compile(source, "<exchanged>", "exec"), namespace)
    return namespace["closure"](*[None] * cells).__code__
