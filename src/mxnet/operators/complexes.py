"""The parts of complex numbers. `docs/complex.md` says what a gradient with respect to a complex number is."""

from math import pi

import numpy as np

from ..core.array import raw
from ..core.dtypes import floating
from ..core.elementwise import elementwise
from ..core.operator import TWINS, operator
from .selection import where

__all__ = ["angle", "conj", "conjugate", "imag", "iscomplex", "iscomplexobj", "isreal", "isrealobj", "real", "real_if_close"]


@elementwise(np.conjugate, complex_rules=True, x=lambda g: g if g.dtype.kind != "c" else g.conj())
def conjugate(x, out=None):
    """The complex conjugate: the sign of the imaginary part changed. Real numbers stay as they are.

    Examples
    --------
    >>> np.conjugate(np.array([1 + 2j, 3], dtype="complex64"))
    array([1.-2.j, 3.-0.j], dtype=complex64)
    """


conj = conjugate


@operator(implements=np.real, val=lambda g: g)
def real(val):
    """The real parts; of real numbers, a copy.

    Examples
    --------
    >>> from mxnet import np
    >>> np.real(np.array([1 + 2j, 3], dtype="complex64"))
    array([1., 3.])
    """
    return np.real(val).copy()


@operator(implements=np.imag, val=lambda g: g * 1j)
def imag(val):
    """The imaginary parts; of real numbers, zeros.

    Examples
    --------
    >>> from mxnet import np
    >>> np.imag(np.array([1 + 2j, 3], dtype="complex64"))
    array([2., 0.])
    """
    return np.imag(val).copy()


def _angle_rule(g, z, deg):
    if z.dtype.kind != "c":
        return None
    none = raw(z) == 0
    z = where(none, 1, z)
    return where(none, 0, g * (180 / pi if deg else 1)) * 1j * z / (z * z.conj()).real


@operator(implements=np.angle, z=_angle_rule)
def angle(z, deg=False):
    """The angle of a complex number with the positive real axis, from -π to π; its gradient at 0 is 0.

    Parameters
    ----------
    z : ndarray
        Real numbers have the angle 0 or π.
    deg : bool
        In degrees.

    Examples
    --------
    >>> from mxnet import np
    >>> np.angle(np.array([1, 1j, -1 + 0j], dtype="complex64"), deg=True)
    array([  0.,  90., 180.])
    """
    z = np.asarray(z)
    return np.angle(z.astype(floating(z.dtype), copy=False), deg)


def real_if_close(a, tol=100):
    """The real parts, if no imaginary part is larger than rounding would make it; otherwise `a`.

    Parameters
    ----------
    a : ndarray
    tol : float
        The largest imaginary part that counts as rounding; in units of the dtype's epsilon, if it is above 1.

    Examples
    --------
    >>> from mxnet import np
    >>> np.real_if_close(np.array([1 + 1e-9j, 2], dtype="complex64"))
    array([1., 2.])
    """
    data = np.asarray(raw(a))
    if data.dtype.kind != "c":
        return a
    return real(a) if np.isrealobj(np.real_if_close(data, tol)) else a


TWINS[np.real_if_close] = real_if_close


@operator(implements=np.iscomplex)
def iscomplex(x):
    """Whether each number has an imaginary part that is not 0.

    Examples
    --------
    >>> from mxnet import np
    >>> np.iscomplex(np.array([1 + 2j, 3], dtype="complex64"))
    array([ True, False])
    """
    return np.iscomplex(x)


@operator(implements=np.isreal)
def isreal(x):
    """Whether each number has the imaginary part 0.

    Examples
    --------
    >>> from mxnet import np
    >>> np.isreal(np.array([1 + 2j, 3], dtype="complex64"))
    array([False,  True])
    """
    return np.isreal(x)


def iscomplexobj(x):
    """Whether the dtype is complex, whatever the imaginary parts are.

    Examples
    --------
    >>> from mxnet import np
    >>> np.iscomplexobj(np.zeros(2, dtype="complex64")), np.iscomplexobj(np.zeros(2))
    (True, False)
    """
    return np.iscomplexobj(raw(x))


def isrealobj(x):
    """Whether the dtype is not complex.

    Examples
    --------
    >>> from mxnet import np
    >>> np.isrealobj(np.zeros(2))
    True
    """
    return not iscomplexobj(x)


TWINS[np.iscomplexobj] = iscomplexobj
TWINS[np.isrealobj] = isrealobj
