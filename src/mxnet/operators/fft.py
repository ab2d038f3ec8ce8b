"""Discrete Fourier transforms, along one axis or several; of integers in the default float dtype, of float16 in float32.

A transform is its own transpose, so a gradient is a transform again. The inverse transforms of real signals count each frequency
twice, for itself and for its conjugate; but the first, and the last of an even length, once.
"""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..core.dtypes import as_dtype, floating
from ..core.operator import TWINS, operator, wrap
from ..device import resolve
from .joining import concatenate
from .operands import as_operand, conjugate
from .turning import roll

__all__ = [
    "fft",
    "fft2",
    "fftfreq",
    "fftn",
    "fftshift",
    "hfft",
    "ifft",
    "ifft2",
    "ifftn",
    "ifftshift",
    "ihfft",
    "irfft",
    "irfft2",
    "irfftn",
    "rfft",
    "rfft2",
    "rfftfreq",
    "rfftn",
]

_OPPOSITE = {None: "forward", "backward": "forward", "forward": "backward", "ortho": "ortho"}  # what divides by what


def _opposite(norm):
    """The norm with which the transform in the other direction divides by as much."""
    if norm not in _OPPOSITE:
        raise ValueError(f"norm is 'backward', 'ortho' or 'forward', not {norm!r}")
    return _OPPOSITE[norm]


def _floats(a):
    a = np.asarray(a)
    dtype = floating(a.dtype)
    return a.astype(np.float32 if dtype == np.float16 else dtype, copy=False)


def _fitted(g, axis, size):
    """`g` cut, or filled up with zeros, to a length along an axis: the transpose of what a transform does to reach its length."""
    missing = size - g.shape[axis]
    before = (slice(None),) * axis
    if missing <= 0:
        return g if missing == 0 else g[(*before, slice(size))]
    shape = (*g.shape[:axis], missing, *g.shape[axis + 1 :])
    return concatenate([g, np.zeros(shape, g.dtype)], axis)


def _weights(g, axis, length, inner):
    """1 for the frequencies that a real signal of this length has once, `inner` for the others; shaped to multiply `g`."""
    weights = np.full(length // 2 + 1, inner, g.real.dtype)
    weights[0] = 1
    if length % 2 == 0:
        weights[-1] = 1
    return weights.reshape((-1, *(1,) * (g.ndim - 1 - axis)))


def _complex_rule(transform):
    def rule(g, axis, norm, a_shape):
        axis = normalize_axis_index(axis, len(a_shape))
        return _fitted(transform(g, None, axis, norm), axis, a_shape[axis])

    return rule


def _rfft_rule(g, n, axis, norm, a_shape):
    axis = normalize_axis_index(axis, len(a_shape))
    n = a_shape[axis] if n is None else n
    signal = irfft(g * _weights(g, axis, n, 0.5), n, axis, _opposite(norm))
    return _fitted(signal, axis, a_shape[axis])


def _irfft_rule(g, axis, norm, a_shape):
    axis = normalize_axis_index(axis, len(a_shape))
    spectrum = rfft(g, None, axis, _opposite(norm))
    return _fitted(spectrum * _weights(spectrum, axis, g.shape[axis], 2), axis, a_shape[axis])


@operator(implements=np.fft.fft, a=_complex_rule(lambda *args: fft(*args)))
def fft(a, n=None, axis=-1, norm=None):
    """The discrete Fourier transform along an axis: Σⱼ aⱼ exp(-2πi jk/n) for k = 0, …, n - 1.

    Parameters
    ----------
    a : ndarray
        Real or complex.
    n : int, optional
        The length of the transform: the axis is cut, or filled up with zeros. By default that of `a`.
    axis : int
        Which axis.
    norm : {'backward', 'ortho', 'forward'}, optional
        Whether 1/n is a factor of the inverse transform (the default), of this one, or 1/√n of both.

    Returns
    -------
    ndarray
        complex128 for float64 and complex128, otherwise complex64 (for integers too, unless the default float dtype is float64).

    Examples
    --------
    >>> from mxnet import np
    >>> np.fft.fft(np.array([1, 0, -1, 0]))
    array([0.+0.j, 2.+0.j, 0.+0.j, 2.+0.j], dtype=complex64)
    """
    return np.fft.fft(_floats(a), n, axis, norm)


@operator(implements=np.fft.ifft, a=_complex_rule(lambda *args: ifft(*args)))
def ifft(a, n=None, axis=-1, norm=None):
    """The inverse of `fft`, whose parameters these are: 1/n Σₖ aₖ exp(2πi jk/n) for j = 0, …, n - 1.

    Examples
    --------
    >>> from mxnet import np
    >>> np.fft.ifft(np.array([0, 2, 0, 2])).real
    array([ 1.,  0., -1.,  0.])
    """
    return np.fft.ifft(_floats(a), n, axis, norm)


@operator(implements=np.fft.rfft, complex_rules=True, a=_rfft_rule)
def rfft(a, n=None, axis=-1, norm=None):
    """The transform of a real signal: the frequencies 0, …, n // 2 of `fft`, whose parameters these are. The others are conjugates.

    Examples
    --------
    >>> from mxnet import np
    >>> np.fft.rfft(np.array([1, 0, -1, 0]))
    array([0.+0.j, 2.+0.j, 0.+0.j], dtype=complex64)
    """
    return np.fft.rfft(_floats(a), n, axis, norm)


@operator(implements=np.fft.irfft, a=_irfft_rule)
def irfft(a, n=None, axis=-1, norm=None):
    """The inverse of `rfft`: the real signal that has these frequencies.

    Parameters
    ----------
    a : ndarray
        Frequencies 0, …, n // 2; of the first, and of the last if `n` is even, only the real part counts.
    n : int, optional
        The length of the signal; by default 2 (m - 1), for an axis of length m. Give it where it is odd.
    axis, norm
        As for `fft`.

    Returns
    -------
    ndarray
        float64 for complex128 and float64, otherwise float32.

    Examples
    --------
    >>> from mxnet import np
    >>> np.fft.irfft(np.array([0, 2, 0]))
    array([ 1.,  0., -1.,  0.])
    """
    return np.fft.irfft(_floats(a), n, axis, norm)


def hfft(a, n=None, axis=-1, norm=None):
    """The transform of a signal whose second half is the conjugate of its first, `a`: it is real. Parameters as those of `irfft`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.fft.hfft(np.array([0, 1, 0]))
    array([ 2.,  0., -2.,  0.])
    """
    return irfft(conjugate(as_operand("hfft", a)), n, axis, _opposite(norm))


def ihfft(a, n=None, axis=-1, norm=None):
    """The inverse of `hfft`: half of the signal whose transform is `a`, which is real. Parameters as those of `rfft`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.fft.ihfft(np.array([2, 0, -2, 0]))
    array([0.-0.j, 1.-0.j, 0.-0.j], dtype=complex64)
    """
    return conjugate(rfft(a, n, axis, _opposite(norm)))


def _axes_and_lengths(name, a, s, axes):
    """The axes and the length that each is to have, None where it stays as it is."""
    if axes is None:
        axes = range(a.ndim) if s is None else range(-len(s), 0)
    lengths = [None] * len(axes) if s is None else [None if length in (None, -1) else length for length in s]
    if len(lengths) != len(axes):
        raise ValueError(f"{name}: {len(lengths)} lengths (s) for {len(axes)} axes")
    return list(zip(axes, lengths, strict=True))


def _along(transform, a, steps, norm):
    for axis, n in reversed(steps):
        a = transform(a, n, axis, norm)
    return a


def fftn(a, s=None, axes=None, norm=None):
    """The discrete Fourier transform along several axes.

    Parameters
    ----------
    a : ndarray
        Real or complex.
    s : sequence of int, optional
        The length of the transform along each of the axes; -1 is the length that `a` has there.
    axes : sequence of int, optional
        By default all, or the last ones if `s` is given.
    norm : {'backward', 'ortho', 'forward'}, optional
        As for `fft`.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> np.fft.fftn(np.ones((2, 2)))
    array([[4.+0.j, 0.+0.j],
           [0.+0.j, 0.+0.j]], dtype=complex64)
    """
    a = as_operand("fftn", a)
    return _along(fft, a, _axes_and_lengths("fftn", a, s, axes), norm)


def ifftn(a, s=None, axes=None, norm=None):
    """The inverse of `fftn`, whose parameters these are.

    Examples
    --------
    >>> from mxnet import np
    >>> np.fft.ifftn(np.array([[4, 0], [0, 0]])).real
    array([[1., 1.],
           [1., 1.]])
    """
    a = as_operand("ifftn", a)
    return _along(ifft, a, _axes_and_lengths("ifftn", a, s, axes), norm)


def rfftn(a, s=None, axes=None, norm=None):
    """The transform of a real array along several axes, of which the last has its frequencies 0, …, n // 2 only, as `rfft` has.

    Parameters as those of `fftn`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.fft.rfftn(np.ones((2, 4))).shape
    (2, 3)
    """
    a = as_operand("rfftn", a)
    *others, (axis, n) = _last("rfftn", _axes_and_lengths("rfftn", a, s, axes))
    return _along(fft, rfft(a, n, axis, norm), others, norm)


def irfftn(a, s=None, axes=None, norm=None):
    """The inverse of `rfftn`, whose parameters these are. Without `s` the last axis gets an even length.

    Examples
    --------
    >>> from mxnet import np
    >>> np.fft.irfftn(np.fft.rfftn(np.array([[1, 2, 3, 4]])))
    array([[1., 2., 3., 4.]])
    """
    a = as_operand("irfftn", a)
    *others, (axis, n) = _last("irfftn", _axes_and_lengths("irfftn", a, s, axes))
    for other, length in others:
        a = ifft(a, length, other, norm)
    return irfft(a, n, axis, norm)


def _last(name, steps):
    if not steps:
        raise ValueError(f"{name}: at least one axis is transformed, and axes is empty")
    return steps


def fft2(a, s=None, axes=(-2, -1), norm=None):
    """`fftn` along two axes, by default the last two.

    Examples
    --------
    >>> from mxnet import np
    >>> np.fft.fft2(np.ones((3, 2, 2))).shape
    (3, 2, 2)
    """
    return fftn(a, s, axes, norm)


def ifft2(a, s=None, axes=(-2, -1), norm=None):
    """`ifftn` along two axes, by default the last two.

    Examples
    --------
    >>> from mxnet import np
    >>> np.fft.ifft2(np.ones((3, 2, 2))).shape
    (3, 2, 2)
    """
    return ifftn(a, s, axes, norm)


def rfft2(a, s=None, axes=(-2, -1), norm=None):
    """`rfftn` along two axes, by default the last two.

    Examples
    --------
    >>> from mxnet import np
    >>> np.fft.rfft2(np.ones((3, 2, 4))).shape
    (3, 2, 3)
    """
    return rfftn(a, s, axes, norm)


def irfft2(a, s=None, axes=(-2, -1), norm=None):
    """`irfftn` along two axes, by default the last two.

    Examples
    --------
    >>> from mxnet import np
    >>> np.fft.irfft2(np.ones((3, 2, 3))).shape
    (3, 2, 4)
    """
    return irfftn(a, s, axes, norm)


def _frequencies(name, values, dtype, device):
    resolve(device)
    dtype = as_dtype(dtype)
    if dtype.kind != "f":
        raise TypeError(f"{name}: dtype={dtype.name}; frequencies have a real floating dtype")
    return wrap(values.astype(dtype))


def fftfreq(n, d=1.0, device=None, *, dtype=None):
    """The frequencies of `fft`, in cycles per unit of the spacing `d`: 0, 1, …, -2, -1, divided by n·d.

    Parameters
    ----------
    n : int
        The length of the transform.
    d : float
        The distance of samples.
    device : Device, optional
        A CPU.
    dtype : dtype, optional
        A floating one, by default the default float dtype.

    Returns
    -------
    ndarray, shape (n,)

    Examples
    --------
    >>> from mxnet import np
    >>> np.fft.fftfreq(4)
    array([ 0.  ,  0.25, -0.5 , -0.25])
    """
    return _frequencies("fftfreq", np.fft.fftfreq(n, d), dtype, device)


def rfftfreq(n, d=1.0, device=None, *, dtype=None):
    """The frequencies of `rfft`: 0, …, n // 2, divided by n·d. Parameters as those of `fftfreq`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.fft.rfftfreq(4)
    array([0.  , 0.25, 0.5 ])
    """
    return _frequencies("rfftfreq", np.fft.rfftfreq(n, d), dtype, device)


def fftshift(x, axes=None):
    """The frequencies in ascending order: the halves of each of the axes swapped, so that frequency 0 is in the middle.

    Parameters
    ----------
    x : ndarray
    axes : int or sequence of int, optional
        By default all.

    Examples
    --------
    >>> from mxnet import np
    >>> np.fft.fftshift(np.array([0, 1, 2, -2, -1]))
    array([-2., -1.,  0.,  1.,  2.])
    """
    return _shifted(as_operand("fftshift", x), axes, lambda size: size // 2)


def ifftshift(x, axes=None):
    """The inverse of `fftshift`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.fft.ifftshift(np.array([-2, -1, 0, 1, 2]))
    array([ 0.,  1.,  2., -2., -1.])
    """
    return _shifted(as_operand("ifftshift", x), axes, lambda size: -(size // 2))


def _shifted(x, axes, by):
    axes = tuple(range(x.ndim)) if axes is None else (axes,) if np.ndim(axes) == 0 else tuple(axes)
    return roll(x, tuple([by(x.shape[axis]) for axis in axes]), axes)


for _function in (hfft, ihfft, fftn, ifftn, rfftn, irfftn, fft2, ifft2, rfft2, irfft2, fftshift, ifftshift):
    TWINS[getattr(np.fft, _function.__name__)] = _function
