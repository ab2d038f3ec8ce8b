"""What tests need of the machine, of the process and of each other."""

import functools
import os
import sys
from contextlib import contextmanager, redirect_stderr

from ..device import current_device as default_device
from ..device import resolve

__all__ = [
    "assert_exception",
    "default_device",
    "discard_stderr",
    "environment",
    "has_tvm_ops",
    "is_cd_run",
    "is_op_runnable",
    "list_gpus",
    "retry",
    "set_default_device",
]


def set_default_device(device):
    """Make a device the current one, until another is; not inside of a `with device:` block, whose end would undo it.

    Examples
    --------
    >>> import mxnet as mx
    >>> mx.test_utils.set_default_device(mx.cpu(1))
    >>> mx.test_utils.default_device()
    cpu(1)
    >>> mx.test_utils.set_default_device(mx.cpu(0))
    """
    resolve(device).__enter__()


def list_gpus():
    """The numbers of the GPUs that can be used: an empty list."""
    return []


def has_tvm_ops():
    """Whether operators of TVM are there: False."""
    return False


def is_op_runnable():
    """Whether all operators run on this machine: True."""
    return True


def is_cd_run():
    """Whether the original's release machines run this: False."""
    return False


def assert_exception(f, exception_type, *args, **kwargs):
    """Assert that `f(*args, **kwargs)` raises an exception of a type; others pass through.

    Examples
    --------
    >>> from mxnet import test_utils
    >>> test_utils.assert_exception(int, ValueError, "one")
    """
    try:
        f(*args, **kwargs)
    except exception_type:
        return
    raise AssertionError(f"{getattr(f, '__name__', f)} did not raise {exception_type.__name__}")


@contextmanager
def discard_stderr():
    """A scope in which nothing that is written to the standard error stream is seen, not from compiled libraries either.

    Examples
    --------
    >>> import os
    >>> from mxnet import test_utils
    >>> with test_utils.discard_stderr():
    ...     sent = os.write(2, b"nobody reads this")
    """
    sys.stderr.flush()
    before = os.dup(2)
    try:
        with open(os.devnull, "w") as nothing, redirect_stderr(nothing):  # what Python writes, and what others do
            os.dup2(nothing.fileno(), 2)
            yield
    finally:
        os.dup2(before, 2)
        os.close(before)


@contextmanager
def environment(*args):
    """A scope with other environment variables, which are put back after it.

    Parameters
    ----------
    *args
        A name and a value, or a dict of them. None removes a variable.

    Examples
    --------
    >>> import os
    >>> from mxnet import test_utils
    >>> with test_utils.environment({"MXTAPE_EXAMPLE": "1"}), test_utils.environment("MXTAPE_OTHER", "2"):
    ...     os.environ["MXTAPE_EXAMPLE"], os.environ["MXTAPE_OTHER"]
    ('1', '2')
    >>> "MXTAPE_EXAMPLE" in os.environ
    False
    """
    if len(args) == 2:
        args = ({args[0]: args[1]},)
    if len(args) != 1 or not isinstance(args[0], dict):
        raise TypeError("environment takes the name and the value of a variable, or a dict of them")
    before = {name: os.environ.get(name) for name in args[0]}
    try:
        _set_variables(args[0])
        yield
    finally:
        _set_variables(before)


def _set_variables(values):
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def retry(n):
    """A decorator for tests that fail now and then by chance: at the last of `n` tries an AssertionError counts.

    Examples
    --------
    >>> from mxnet import test_utils
    >>> tries = []
    >>> @test_utils.retry(3)
    ... def test():
    ...     tries.append(1)
    ...     assert len(tries) == 2
    >>> test()
    """
    if not isinstance(n, int) or n < 1:
        raise ValueError(f"retry: a positive number of tries is expected, not {n!r}")

    def decorate(test):
        @functools.wraps(test)
        def tried(*args, **kwargs):
            for _ in range(n - 1):
                try:
                    return test(*args, **kwargs)
                except AssertionError:
                    continue
            return test(*args, **kwargs)

        return tried

    return decorate
