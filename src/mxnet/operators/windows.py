"""Windows: weights that let the ends of a signal fade."""

from operator import index

import numpy as np

from ..core.array import Array
from ..core.dtypes import as_dtype
from ..core.operator import wrap
from ..device import resolve
from .arithmetic import divide, multiply
from .special import i0

__all__ = ["bartlett", "blackman", "hamming", "hanning", "kaiser"]


def _window(name, twin, M, dtype, device, ctx):
    resolve(device, ctx)
    return wrap(twin(_count(name, M)).astype(as_dtype(dtype)))


def _count(name, M):
    try:
        return index(M)
    except TypeError:
        raise TypeError(f"{name}: the number of points is an int, not {M!r:.60}") from None


def bartlett(M, dtype=None, device=None, ctx=None):
    """The triangle from 0 up to 1 and down to 0: 1 - |2n / (M - 1) - 1| for n = 0, …, M - 1.

    Parameters
    ----------
    M : int
        The number of points; without any, if it is less than 1.
    dtype : dtype, optional
        By default the default float dtype.
    device, ctx : Device, optional
        A CPU.

    Examples
    --------
    >>> from mxnet import np
    >>> np.bartlett(5)
    array([0. , 0.5, 1. , 0.5, 0. ])
    """
    return _window("bartlett", np.bartlett, M, dtype, device, ctx)


def blackman(M, dtype=None, device=None, ctx=None):
    """Blackman's window, 0.42 - 0.5 · cos(2πn / (M - 1)) + 0.08 · cos(4πn / (M - 1)); the parameters are those of `bartlett`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.blackman(3).round(2) + 0
    array([0., 1., 0.])
    """
    return _window("blackman", np.blackman, M, dtype, device, ctx)


def hamming(M, dtype=None, device=None, ctx=None):
    """Hamming's window, 0.54 - 0.46 · cos(2πn / (M - 1)); the parameters are those of `bartlett`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.hamming(3)
    array([0.08, 1.  , 0.08])
    """
    return _window("hamming", np.hamming, M, dtype, device, ctx)


def hanning(M, dtype=None, device=None, ctx=None):
    """The Hann window, 0.5 - 0.5 · cos(2πn / (M - 1)); the parameters are those of `bartlett`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.hanning(5)
    array([0. , 0.5, 1. , 0.5, 0. ])
    """
    return _window("hanning", np.hanning, M, dtype, device, ctx)


def kaiser(M, beta, dtype=None, device=None, ctx=None):
    """Kaiser's window, I₀(β · √(1 - (2n / (M - 1) - 1)²)) / I₀(β), where I₀ is the Bessel function `i0`.

    Parameters
    ----------
    M : int
        The number of points.
    beta : number or ndarray
        0 makes a rectangle, more makes it narrower. Gradients flow to an array.
    dtype : dtype, optional
        By default that of an array `beta`, or the default float dtype.
    device, ctx : Device, optional
        A CPU.

    Examples
    --------
    >>> from mxnet import np
    >>> np.kaiser(3, 2)
    array([0.43867627, 1.        , 0.43867627])
    """
    resolve(device, ctx)
    M = _count("kaiser", M)
    if not isinstance(beta, Array):
        return wrap(np.kaiser(M, beta).astype(as_dtype(dtype)))
    if dtype is None and beta.dtype.kind == "f":
        dtype = beta.dtype
    beta = beta.astype(np.float64)
    height = np.sqrt(np.maximum(1 - np.linspace(-1, 1, M) ** 2, 0)) if M > 1 else np.ones(max(M, 0))
    return divide(i0(multiply(beta, height)), i0(beta)).astype(as_dtype(dtype))
