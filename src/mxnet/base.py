"""The error classes that MXNet users catch, and whom warnings blame."""

import sys

__all__ = ["MXNetError", "NotImplementedForSymbol", "NotSupportedForSparseNDArray"]


class MXNetError(RuntimeError):
    """A misuse of the graph or of a device: back-propagating twice, a GPU that is not there, …

    Bad arguments raise what NumPy raises (`ValueError`, `TypeError`, `IndexError`).
    """


class _NotForThese(MXNetError):
    """A function that does not exist for some kind of array."""

    _KIND = ""

    def __init__(self, function, alias, *args):
        super().__init__()
        self.function = function.__name__
        self.alias = alias
        self.args = tuple(type(arg).__name__ for arg in args)

    def __str__(self):
        name = self.function if self.alias is None else f"{self.function} (operator {self.alias!r})"
        return f"{name}, called with ({', '.join(self.args)}), exists for np.ndarray only, not for {self._KIND}"


class NotImplementedForSymbol(_NotForThese):
    """A function was called that symbols do not have."""

    _KIND = "symbols"


class NotSupportedForSparseNDArray(_NotForThese):
    """A function was called that sparse arrays do not have."""

    _KIND = "sparse arrays"


def caller_level():
    """The `stacklevel` with which the function that asks warns of its first caller outside of the package."""
    package = __name__.partition(".")[0]
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == package:
        level, frame = level + 1, frame.f_back
    return level
