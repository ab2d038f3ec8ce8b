"""`mx.engine`: how many operations the original's scheduler runs together. Here it has no effect: every operation runs at once."""

from contextlib import contextmanager

__all__ = ["bulk", "set_bulk_size"]

_size = 0


def set_bulk_size(size):
    """Note a number, without effect, and return the one before.

    Examples
    --------
    >>> from mxnet import engine
    >>> engine.set_bulk_size(15)
    0
    >>> engine.set_bulk_size(0)
    15
    """
    global _size
    before, _size = _size, size
    return before


@contextmanager
def bulk(size):
    """A scope with another bulk size, without effect.

    Examples
    --------
    >>> from mxnet import engine
    >>> with engine.bulk(10):
    ...     y = np.ones(2) + 1
    """
    before = set_bulk_size(size)
    try:
        yield
    finally:
        set_bulk_size(before)
