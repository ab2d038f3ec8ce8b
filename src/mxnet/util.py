"""The switches of MXNet's NumPy mode, and small helpers.

Arrays always behave as NumPy's here; the switches are kept for the code that sets them.
"""

import os
from contextlib import contextmanager
from functools import wraps
from types import FunctionType

import numpy as _np

from . import kernels
from . import numpy as np
from .base import MXNetError
from .core.dtypes import default_float, set_default_float
from .device import gpu_memory_info, num_gpus
from .operators.nn.interchange import get_cuda_compute_capability

__all__ = [
    "TemporaryDirectory",
    "default_array",
    "dtype_from_number",
    "get_cuda_compute_capability",
    "get_gpu_count",
    "get_gpu_memory",
    "get_max_supported_compute_capability",
    "get_num_threads",
    "get_rtc_compile_opts",
    "getenv",
    "is_np_array",
    "is_np_default_dtype",
    "is_np_shape",
    "np_array",
    "np_default_dtype",
    "np_shape",
    "np_ufunc_legal_option",
    "reset_np",
    "set_flush_denorms",
    "set_module",
    "set_np",
    "set_np_default_dtype",
    "set_np_shape",
    "set_num_threads",
    "setenv",
    "use_np",
    "use_np_array",
    "use_np_default_dtype",
    "use_np_shape",
    "waitall",
    "wrap_ctx_to_device_func",
]

_np_shape = False
_np_array = False


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
    global _np_shape, _np_array
    if not shape:
        raise ValueError("set_np(shape=False): arrays without 0-d and size-0 shapes belong to MXNet 1; write npx.set_np()")
    _np_shape, _np_array = True, bool(array)
    set_default_float("float64" if dtype else "float32")


def reset_np():
    """Undo `set_np`: what is created is float32 again, and `is_np_array()` and `is_np_shape()` are False."""
    global _np_shape, _np_array
    _np_shape = _np_array = False
    set_default_float("float32")


def is_np_array():
    """Whether `set_np()` was called, or the code is in `with np_array():`."""
    return _np_array


def is_np_shape():
    """Whether `set_np()` was called, or the code is in `with np_shape():`."""
    return _np_shape


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


def set_np_shape(active):
    """Set what `is_np_shape()` says, and return what it said. 0-d and size-0 arrays exist in any case.

    Raises
    ------
    ValueError
        For False, while NumPy mode is on: `npx.reset_np()` turns it off.

    Examples
    --------
    >>> from mxnet import util
    >>> util.set_np_shape(True)
    False
    >>> util.set_np_shape(False)
    True
    """
    global _np_shape
    if not active and _np_array:
        raise ValueError("set_np_shape(False): NumPy mode is on; npx.reset_np() turns it off")
    before, _np_shape = _np_shape, bool(active)
    return before


@contextmanager
def np_shape(active=True):
    """A scope in which `is_np_shape()` says `active`.

    Examples
    --------
    >>> from mxnet import util
    >>> with util.np_shape():
    ...     util.is_np_shape()
    True
    """
    global _np_shape
    before = set_np_shape(active)
    try:
        yield
    finally:
        _np_shape = before


@contextmanager
def np_array(active=True):
    """A scope in which `is_np_array()` says `active`.

    Examples
    --------
    >>> from mxnet import util
    >>> with util.np_array():
    ...     util.is_np_array()
    True
    """
    global _np_array
    before, _np_array = _np_array, bool(active)
    try:
        yield
    finally:
        _np_array = before


@contextmanager
def np_default_dtype(active=True):
    """A scope in which arrays are created as float64, or with `active=False` as float32.

    Examples
    --------
    >>> from mxnet import util
    >>> with util.np_default_dtype():
    ...     np.ones(2).dtype
    dtype('float64')
    """
    before = set_np_default_dtype(active)
    try:
        yield
    finally:
        set_np_default_dtype(before)


def use_np(func):
    """Return a function or class as it is: NumPy mode needs no decoration here."""
    return func


use_np_shape = use_np_array = use_np


def use_np_default_dtype(func):
    """Have a function, or the methods and properties of a class, create arrays as float64.

    Parameters
    ----------
    func : function or class
        A class is changed, and returned.

    Examples
    --------
    >>> from mxnet import util
    >>> @util.use_np_default_dtype
    ... def kind():
    ...     return np.ones(2).dtype
    >>> kind()
    dtype('float64')
    """
    if isinstance(func, type):
        for name, member in list(vars(func).items()):
            if isinstance(member, FunctionType):
                setattr(func, name, use_np_default_dtype(member))
            elif isinstance(member, staticmethod | classmethod):
                setattr(func, name, type(member)(use_np_default_dtype(member.__func__)))
            elif isinstance(member, property):
                accessors = [f and use_np_default_dtype(f) for f in (member.fget, member.fset, member.fdel)]
                setattr(func, name, property(*accessors, member.__doc__))
        return func
    if not callable(func):
        raise TypeError(f"use_np_default_dtype decorates a function or a class, not {func!r}")

    @wraps(func)
    def in_float64(*args, **kwargs):
        with np_default_dtype():
            return func(*args, **kwargs)

    return in_float64


def set_module(module):
    """A decorator that sets `__module__`, unless `module` is None.

    Examples
    --------
    >>> from mxnet import util
    >>> @util.set_module("my.package")
    ... def f():
    ...     return 1
    >>> f.__module__
    'my.package'
    """

    def decorate(func):
        if module is not None:
            func.__module__ = module
        return func

    return decorate


def wrap_ctx_to_device_func(func):
    """Have a function that takes `device=` take its older name `ctx=` as well.

    Examples
    --------
    >>> import mxnet as mx
    >>> @mx.util.wrap_ctx_to_device_func
    ... def where(device=None):
    ...     return device
    >>> where(ctx=mx.cpu(1))
    cpu(1)
    """

    @wraps(func)
    def with_ctx(*args, **kwargs):
        if "ctx" in kwargs:
            ctx = kwargs.pop("ctx")
            if kwargs.get("device") is None:
                kwargs["device"] = ctx
        return func(*args, **kwargs)

    return with_ctx


def getenv(name):
    """The value of an environment variable, or None.

    Examples
    --------
    >>> from mxnet import util
    >>> util.setenv("MXTAPE_EXAMPLE", "1")
    >>> util.getenv("MXTAPE_EXAMPLE")
    '1'
    >>> util.setenv("MXTAPE_EXAMPLE", None)
    >>> util.getenv("MXTAPE_EXAMPLE") is None
    True
    """
    return os.environ.get(name)


def setenv(name, value):
    """Set an environment variable of this process to a string; None removes it."""
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


def default_array(source_array, device=None, dtype=None):
    """`np.array(source_array, dtype, device=device)`: the one kind of array there is.

    Examples
    --------
    >>> from mxnet import util
    >>> util.default_array([1, 2])
    array([1., 2.])
    """
    return np.array(source_array, dtype=dtype, device=device)


def dtype_from_number(number):
    """The dtype that stands for a Python number: int64 for an int or a bool, the default float for a float. NumPy's keep theirs.

    Raises
    ------
    TypeError
        If it is no real number.

    Examples
    --------
    >>> from mxnet import util
    >>> util.dtype_from_number(3), util.dtype_from_number(0.5)
    (dtype('int64'), dtype('float32'))
    """
    if isinstance(number, _np.generic) and number.dtype.kind in "biuf":
        return number.dtype
    if isinstance(number, int):
        return _np.dtype("int64")
    if isinstance(number, float):
        return default_float()
    raise TypeError(f"dtype_from_number: an int or a float is expected, not {number!r:.60}")


_LEGAL = {
    "casting": ("no", "equiv", "safe", "same_kind", "unsafe"),
    "order": ("C", "F", "A", "K"),
    "subok": (True, False),
}


def np_ufunc_legal_option(key, value):
    """Whether NumPy's ufuncs take the keyword argument `key` with this value.

    Examples
    --------
    >>> from mxnet import util
    >>> util.np_ufunc_legal_option("casting", "safe"), util.np_ufunc_legal_option("casting", "careless")
    (True, False)
    """
    if key == "where":
        return True
    if key == "dtype":
        try:
            _np.dtype(value)
        except TypeError:
            return False
        return True
    return value in _LEGAL.get(key, ())


def set_flush_denorms(value):
    """Return False: numbers below the smallest normal one are kept as they are, as NumPy keeps them, and are not made 0."""
    return False


get_gpu_count = num_gpus


def get_gpu_memory(gpu_dev_id):
    """The free and the total memory of a GPU; there is none, so it raises an MXNetError."""
    return gpu_memory_info(gpu_dev_id)


def get_rtc_compile_opts(device):
    """Raise a ValueError: kernels are compiled for GPUs only."""
    raise ValueError(f"get_rtc_compile_opts: takes a GPU, of which this version knows none; not {device}")


def get_max_supported_compute_capability():
    """Raise an MXNetError: this build knows no GPU."""
    raise MXNetError("get_max_supported_compute_capability: this build computes on the CPU")


def TemporaryDirectory(*args, **kwargs):
    """A folder that is gone after its `with` block: Python's `tempfile.TemporaryDirectory`."""
    import tempfile  # on first use

    return tempfile.TemporaryDirectory(*args, **kwargs)


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
