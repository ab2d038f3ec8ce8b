"""Arrays as text. How it looks is up to `set_printoptions`, NumPy's own."""

import numpy as np

from .creation import asarray
from .operands import implements

__all__ = ["array2string", "array_repr", "array_str"]


@implements(np.array2string)
def array2string(a, *args, **kwargs):
    """The elements as text, in brackets; the other parameters are those of `numpy.array2string`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.array2string(np.array([1.25, 2]), separator=', ', precision=1)
    '[1.2, 2. ]'
    """
    return np.array2string(asarray(a)._data, *args, **kwargs)


@implements(np.array_repr)
def array_repr(arr, max_line_width=None, precision=None, suppress_small=None):
    """What `repr(arr)` says.

    Parameters
    ----------
    arr : ndarray
    max_line_width, precision, suppress_small : optional
        Stand in for `linewidth`, `precision` and `suppress` of `set_printoptions`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.array_repr(np.array([1.25, 2]), precision=1)
    'array([1.2, 2. ])'
    """
    with _options(max_line_width, precision, suppress_small):
        return repr(asarray(arr))


@implements(np.array_str)
def array_str(a, max_line_width=None, precision=None, suppress_small=None):
    """What `str(a)` says; the other parameters are those of `array_repr`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.array_str(np.array([1.25, 2]), precision=1)
    '[1.2 2. ]'
    """
    with _options(max_line_width, precision, suppress_small):
        return str(asarray(a))


def _options(linewidth, precision, suppress):
    given = {"linewidth": linewidth, "precision": precision, "suppress": suppress}
    return np.printoptions(**{name: value for name, value in given.items() if value is not None})
