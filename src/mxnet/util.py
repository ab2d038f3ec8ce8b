"""The switches of MXNet's NumPy mode. Arrays always behave as NumPy's here; the switches are kept for the code that sets them."""

from .core.dtypes import default_float, set_default_float

__all__ = ["is_np_array", "is_np_default_dtype", "is_np_shape", "reset_np", "set_np", "use_np", "waitall"]

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


def use_np(func):
    """Return a function or class as it is: NumPy mode needs no decoration here."""
    return func


def waitall():
    """Return at once: every operation has finished when it returns."""
