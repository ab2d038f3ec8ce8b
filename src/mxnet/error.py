"""`mx.error`: the error classes, under their other address."""

from .base import MXNetError

__all__ = ["InternalError", "MXNetError", "register"]


class InternalError(MXNetError):
    """A fault of the library itself."""


def register(func_name=None, cls=None):
    """Accept an error class, as a decorator or with a name, and return it.

    The original looks names up in the texts of its C++ library's errors. Here errors are Python's from the beginning.

    Examples
    --------
    >>> import mxnet as mx
    >>> @mx.error.register
    ... class LostLabels(mx.MXNetError):
    ...     pass
    >>> mx.error.register("ValueError", ValueError)
    <class 'ValueError'>
    """
    if isinstance(func_name, type):
        return func_name
    return cls if cls is not None else lambda cls: cls
