"""The bits of integers, packed, unpacked and counted."""

import numpy as np

from ..core.elementwise import elementwise
from ..core.operator import operator

__all__ = ["bitwise_count", "packbits", "unpackbits"]


@elementwise(np.bitwise_count)
def bitwise_count(x, out=None):
    """How many bits of |x| are 1, as uint8.

    Examples
    --------
    >>> np.bitwise_count(np.array([1, 7, -8], dtype=int))
    array([1, 3, 1], dtype=uint8)
    """


@operator(implements=np.packbits)
def packbits(a, /, axis=None, bitorder="big"):
    """Eight truth values in every byte.

    Parameters
    ----------
    a : ndarray of integers or booleans
        Every element that is not zero gives a bit 1.
    axis : int, optional
        The axis to pack along, filled up with zeros to a multiple of 8; by default `a` is flattened.
    bitorder : {'big', 'little'}
        Whether the first element is the highest bit of its byte, or the lowest.

    Returns
    -------
    ndarray
        Of uint8.

    Examples
    --------
    >>> from mxnet import np
    >>> np.packbits(np.array([1, 0, 1], dtype=bool))
    array([160], dtype=uint8)
    """
    return np.packbits(a, axis, bitorder)


@operator(implements=np.unpackbits)
def unpackbits(a, /, axis=None, count=None, bitorder="big"):
    """Every bit of an array of uint8 as an element, 0 or 1.

    Parameters
    ----------
    a : ndarray of uint8
    axis : int, optional
        The axis to unpack along; by default `a` is flattened.
    count : int, optional
        How many elements along the axis: there are zeros if the bits do not suffice, and a negative count leaves out as many at the
        end. By default all bits.
    bitorder : {'big', 'little'}
        Whether the first element is the highest bit of its byte, or the lowest.

    Returns
    -------
    ndarray
        Of uint8.

    Examples
    --------
    >>> from mxnet import np
    >>> np.unpackbits(np.array([160], dtype='uint8'), count=3)
    array([1, 0, 1], dtype=uint8)
    """
    bits = np.unpackbits(a, axis, count, bitorder)
    return bits if np.size(a) else np.zeros_like(bits)  # NumPy leaves what it adds to an empty array unset
