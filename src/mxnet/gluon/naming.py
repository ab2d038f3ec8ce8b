"""Names of blocks as MXNet 1 gave them: `dense0`, `dense1`, …, and `net0_dense0` inside of `with self.name_scope():`.

Parameters are found by the attributes that hold them (`0.weight`); these names serve code that looks for `dense0_weight`. Names
here end in an underscore: they are what the names of parameters begin with.
"""

from collections import Counter
from contextvars import ContextVar

__all__ = ["Scope", "new_prefix"]


class Scope:
    """Where new blocks take their names from: a prefix, and how many of every class there are already.

    In a `with` block it is the current one, of this thread or asyncio task.
    """

    def __init__(self, prefix=""):
        self.prefix = prefix
        self._numbers = Counter()
        self._tokens = []

    def new_prefix(self, kind):
        """`prefix` and `kind` with the next number."""
        number = self._numbers[kind]
        self._numbers[kind] += 1
        return f"{self.prefix}{kind}{number}_"

    def __enter__(self):
        self._tokens.append(_current.set(self))
        return self

    def __exit__(self, *exception):
        _current.reset(self._tokens.pop())


_current = ContextVar("scope of names", default=Scope())  # noqa: B039 (the outermost scope is the process's)


def new_prefix(kind, given=None):
    """That of a new block of this kind in the current scope, or the one that it is given there."""
    scope = _current.get()
    return scope.new_prefix(kind) if given is None else scope.prefix + given
