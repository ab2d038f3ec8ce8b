"""The same elements in another order along an axis: flipped, rolled, turned."""

import numpy as np

from ..core.operator import operator
from .indexing import as_key

__all__ = ["flip", "fliplr", "flipud", "roll", "rot90"]


@operator(view="permutation", implements=np.flip, m=lambda g, axis: flip(g, axis))
def flip(m, axis=None, out=None):
    """The order of the elements reversed along `axis`: an int, a tuple, or all axes by default. A view.

    Examples
    --------
    >>> from mxnet import np
    >>> np.flip(np.array([1, 2, 3]))
    array([3., 2., 1.])
    """
    return np.flip(m, axis)


@operator(view="permutation", implements=np.fliplr, m=lambda g: fliplr(g))
def fliplr(m):
    """The order of the columns (axis 1) reversed. A view.

    Examples
    --------
    >>> from mxnet import np
    >>> np.fliplr(np.array([[1, 2], [3, 4]]))
    array([[2., 1.],
           [4., 3.]])
    """
    return np.fliplr(m)


@operator(view="permutation", implements=np.flipud, m=lambda g: flipud(g))
def flipud(m):
    """The order of the rows (axis 0) reversed. A view.

    Examples
    --------
    >>> from mxnet import np
    >>> np.flipud(np.array([[1, 2], [3, 4]]))
    array([[3., 4.],
           [1., 2.]])
    """
    return np.flipud(m)


@operator(implements=np.roll, a=lambda g, shift, axis: roll(g, np.negative(as_key(shift)), axis))
def roll(a, shift, axis=None):
    """The elements moved on by `shift` along `axis`; those that leave at the end come in again at the start.

    Parameters
    ----------
    a : ndarray
    shift : int or tuple of int
    axis : int or tuple of int, optional
        One for each shift. By default the elements move in flattened order.

    Examples
    --------
    >>> from mxnet import np
    >>> np.roll(np.array([1, 2, 3]), 1)
    array([3., 1., 2.])
    """
    return np.roll(a, as_key(shift), axis)


@operator(view="permutation", implements=np.rot90, m=lambda g, k, axes: rot90(g, -k, axes))
def rot90(m, k=1, axes=(0, 1)):
    """`m` turned `k` times by 90 degrees in the plane of the two `axes`, from the first towards the second. A view.

    Examples
    --------
    >>> from mxnet import np
    >>> np.rot90(np.array([[1, 2], [3, 4]]))
    array([[2., 4.],
           [1., 3.]])
    """
    return np.rot90(m, k, axes)
