"""The switches of MXNet's NumPy mode. Arrays always behave as NumPy's here; the switches are kept for the code that sets them."""

from . import kernels
from .core.dtypes import default_float, set_default_float

__all__ = [
    "get_num_threads",
    "is_np_array",
    "is_np_default_dtype",
    "is_np_shape",
    "reset_np",
    "set_np",
    "set_np_default_dtype",
    "set_num_threads",
    "use_np",
    "waitall",
]

_np_mode = False


def set_np(shape=True, array=True, dtype=False):
    """Turn NumPy mode on, as MXNet scripts do first.

    Parameters
    ----------
    shape, array : bool
        Whether 0-d and size-0 arrays exist, and whether networks take `np` arrays. Both are always so; `array` without `shape` is
        refused.
    dtype : bool
        Whether arrays are created as float64 instead of float32.

    Raises
    ------
    ValueError
        For `set_np(shape=False)`.

    Examples
    --------
    >>> from mxnet import npx
    >>> npx.set_np(dtype=True)
    >>> np.ones(2)
    array([1., 1.], dtype=float64)
    >>> npx.reset_np()
    >>> np.ones(2)
    array([1., 1.])
    """
    global _np_mode
    if not shape:
        raise ValueError("set_np(shape=False): arrays without 0-d and size-0 shapes belong to MXNet 1; write npx.set_np()")
    _np_mode = bool(array)
    set_default_float("float64" if dtype else "float32")


def reset_np():
    """Undo `set_np`: what is created is float32 again, and `is_np_array()` is False."""
    global _np_mode
    _np_mode = False
    set_default_float("float32")


def is_np_array():
    """Whether `set_np()` was called."""
    return _np_mode


def is_np_shape():
    """Whether `set_np()` was called."""
    return _np_mode


def is_np_default_dtype():
    """Whether arrays are created as float64: after `set_np(dtype=True)`."""
    return default_float() == "float64"


def set_np_default_dtype(is_np_default_dtype=True):
    """Have arrays created as float64, as NumPy has them, or again as float32. Returns what held before.

    Examples
    --------
    >>> from mxnet import npx
    >>> npx.set_np_default_dtype(True)
    False
    >>> np.zeros(1).dtype
    dtype('float64')
    >>> npx.set_np_default_dtype(False)
    True
    """
    before = default_float() == "float64"
    set_default_float("float64" if is_np_default_dtype else "float32")
    return before


def use_np(func):
    """Return a function or class as it is: NumPy mode needs no decoration here."""
    return func


def waitall():
    """Return at once: every operation has finished when it returns."""


def set_num_threads(num_threads):
    """Share the work of large operations, matrix products included, among so many threads.

    At first that is the number in the environment variable `OMP_NUM_THREADS`, or that of the processors this process may use.

    Parameters
    ----------
    num_threads : int
        At least 1.

    Examples
    --------
    >>> import mxnet as mx
    >>> before = mx.util.get_num_threads()
    >>> mx.util.set_num_threads(1)
    >>> mx.util.get_num_threads()
    1
    >>> mx.util.set_num_threads(before)
    """
    if not isinstance(num_threads, int) or isinstance(num_threads, bool) or num_threads < 1:
        raise ValueError(f"set_num_threads takes a positive integer, not {num_threads!r}")
    from threadpoolctl import threadpool_limits  # on first use

    threadpool_limits(num_threads, "blas")
    kernels.set_num_threads(num_threads)


def get_num_threads():
    """How many threads share the work of large operations."""
    return kernels.num_threads()
