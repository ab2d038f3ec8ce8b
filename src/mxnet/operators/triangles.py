"""Matrices with ones on a diagonal or in a triangle; the triangles of a matrix."""

import numpy as np

from ..core.dtypes import as_dtype
from ..core.operator import operator, wrap
from ..device import resolve
from .creation import check_place

__all__ = ["eye", "identity", "tri", "tril", "triu"]


def eye(N, M=None, k=0, dtype=None, device=None, order="C", ctx=None):
    """A matrix with ones on a diagonal and zeros elsewhere.

    Parameters
    ----------
    N : int
        The number of rows.
    M : int, optional
        The number of columns, by default `N`.
    k : int, optional
        Which diagonal: above the main one if positive, below if negative.
    dtype : dtype, optional
        By default the default float dtype.
    device, ctx : Device, optional
        A CPU.
    order : {'C'}, optional

    Examples
    --------
    >>> from mxnet import np
    >>> np.eye(2, 3, k=1)
    array([[0., 1., 0.],
           [0., 0., 1.]])
    """
    check_place(device, ctx, order)
    return wrap(np.eye(N, M, k, as_dtype(dtype)))


def identity(n, dtype=None, device=None, ctx=None):
    """The identity matrix with `n` rows; the parameters are those of `eye`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.identity(2)
    array([[1., 0.],
           [0., 1.]])
    """
    return eye(n, dtype=dtype, device=device, ctx=ctx)


def tri(N, M=None, k=0, dtype=None, device=None, ctx=None):
    """A matrix with ones on and below a diagonal and zeros above; the parameters are those of `eye`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.tri(2, 3)
    array([[1., 0., 0.],
           [1., 1., 0.]])
    """
    resolve(device, ctx)
    return wrap(np.tri(N, M, k, as_dtype(dtype)))


def _matrix(m):
    m = np.asarray(m)
    if m.ndim == 0:
        raise ValueError("a number has no triangles; give a matrix, or several stacked")
    return m


@operator(implements=np.tril, hides=True, m=lambda g, k: tril(g, k))
def tril(m, k=0):
    """The lower triangle of a matrix, with zeros above it.

    Parameters
    ----------
    m : ndarray
        Matrices in the last two axes. A vector stands for the matrix of which each row is that vector.
    k : int, optional
        The diagonal above which all is 0: 0 the main one, positive numbers above it.

    Examples
    --------
    >>> from mxnet import np
    >>> np.tril(np.array([[1, 2], [3, 4]]))
    array([[1., 0.],
           [3., 4.]])
    """
    return np.tril(_matrix(m), k)


@operator(implements=np.triu, hides=True, m=lambda g, k: triu(g, k))
def triu(m, k=0):
    """The upper triangle of a matrix, with zeros below the diagonal `k`; the parameters are those of `tril`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.triu(np.array([[1, 2], [3, 4]]))
    array([[1., 2.],
           [0., 4.]])
    """
    return np.triu(_matrix(m), k)
