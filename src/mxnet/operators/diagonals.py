"""Diagonals, read and written; and matrices made of vectors: Kronecker and vector products, powers."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..core.array import raw
from ..core.dtypes import as_dtype, promoted
from ..core.operator import TWINS, operator
from .arithmetic import power
from .joining import concatenate
from .operands import as_operand, conjugate
from .shaping import expand_dims, moveaxis, ravel, reshape

__all__ = ["cross", "diag", "diag_indices_from", "diagflat", "diagonal", "fill_diagonal", "kron", "trace", "vander"]


# --- diagonals --------------------------------------------------------------------------------------------------------------------


@operator(g=lambda g, offset, axis1, axis2: diagonal(g, offset, axis1, axis2))
def _on_diagonal(g, offset, axis1, axis2, shape):
    """Zeros of `shape`, with `g` on the diagonal: what `diagonal` gives back. A last axis of length 1 is stretched."""
    result = np.zeros(shape, g.dtype)
    matrices = np.moveaxis(result, (axis1, axis2), (-2, -1))
    first, second = max(-offset, 0), max(offset, 0)
    length = max(min(matrices.shape[-2] - first, matrices.shape[-1] - second), 0)
    matrices[..., first + np.arange(length), second + np.arange(length)] = g
    return result


def _matrices(a, axis1, axis2):
    if a.ndim < 2:
        raise ValueError(f"shape {a.shape}: a diagonal needs two axes; np.diag(x) makes a matrix of a vector")
    if normalize_axis_index(axis1, a.ndim) == normalize_axis_index(axis2, a.ndim):
        raise ValueError(f"axis1={axis1} and axis2={axis2} are the same; a diagonal runs along two axes")


@operator(
    implements=np.diagonal,
    a=lambda g, offset, axis1, axis2, a_shape: _on_diagonal(g, offset, axis1, axis2, a_shape),
)
def diagonal(a, offset=0, axis1=0, axis2=1):
    """The elements whose indices along two axes differ by `offset`.

    Parameters
    ----------
    a : ndarray
        With two axes or more.
    offset : int
        Above the main diagonal if positive, below it if negative.
    axis1, axis2 : int
        The axes of rows and columns.

    Returns
    -------
    ndarray
        The other axes of `a`, then that of the diagonal. A copy.

    Examples
    --------
    >>> from mxnet import np
    >>> np.diagonal(np.array([[1, 2], [3, 4]]), offset=1)
    array([2.])
    """
    _matrices(a, axis1, axis2)
    return np.diagonal(a, offset, axis1, axis2).copy()


@operator(
    implements=np.trace,
    a=lambda g, offset, axis1, axis2, a_shape: _on_diagonal(expand_dims(g, -1), offset, axis1, axis2, a_shape),
)
def trace(a, offset=0, axis1=0, axis2=1, dtype=None, out=None):
    """The sum of a diagonal.

    Parameters
    ----------
    a : ndarray
        With two axes or more.
    offset, axis1, axis2 : int
        Which diagonal; see `diagonal`.
    dtype : dtype, optional
        Of the result. By default that of `a`; int64 for booleans and small integers. float16 is summed in float32.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray
        With the other axes of `a`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.trace(np.array([[1, 2], [3, 4]]))
    array(5.)
    """
    _matrices(a, axis1, axis2)
    dtype = None if dtype is None else as_dtype(dtype)
    if (a.dtype if dtype is None else dtype) == np.float16:
        return np.trace(a, offset, axis1, axis2, np.float32).astype(np.float16)
    return np.trace(a, offset, axis1, axis2, dtype)


def _diag_rule(g, k, array_shape):
    return diagonal(g, k) if len(array_shape) == 1 else _on_diagonal(g, k, 0, 1, array_shape)


@operator(implements=np.diag, array=_diag_rule)
def diag(array, k=0):
    """The matrix with a vector on its diagonal, or the diagonal of a matrix.

    Parameters
    ----------
    array : ndarray, shape (n,) or (n, m)
    k : int
        Which diagonal: above the main one if positive, below it if negative.

    Returns
    -------
    ndarray
        For a vector a square matrix, with zeros elsewhere; for a matrix a vector, a copy.

    Raises
    ------
    ValueError
        If `array` is neither; `diagonal` takes stacks of matrices.

    Examples
    --------
    >>> from mxnet import np
    >>> np.diag(np.array([1, 2]), k=1)
    array([[0., 1., 0.],
           [0., 0., 2.],
           [0., 0., 0.]])
    >>> np.diag(np.ones((3, 2)))
    array([1., 1.])
    """
    if np.ndim(array) not in (1, 2):
        raise ValueError(f"shape {np.shape(array)}: a vector or a matrix is expected; np.diagonal takes stacks of matrices")
    return np.diag(array, k).copy()


def diagflat(array, k=0):
    """The matrix with the elements of an array, flattened, on its diagonal; see `diag`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.diagflat(np.array([[1], [2]]))
    array([[1., 0.],
           [0., 2.]])
    """
    return diag(ravel(as_operand("diagflat", array)), k)


TWINS[np.diagflat] = diagflat


@operator(implements=np.diag_indices_from)
def diag_indices_from(arr):
    """The indices of the diagonal of an array whose axes are all equally long: an array for each axis.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([[1, 2], [3, 4]])
    >>> np.diag_indices_from(x)
    (array([0, 1], dtype=int64), array([0, 1], dtype=int64))
    >>> x[np.diag_indices_from(x)]
    array([1., 4.])
    """
    return np.diag_indices_from(arr)


def fill_diagonal(a, val, wrap=False):
    """Write a value, or a sequence of values, on the main diagonal of `a`, in place: `a[i, ..., i] = val`.

    Parameters
    ----------
    a : ndarray
        With two axes, or with more that are all equally long.
    val : number or array_like
        Values are flattened, and repeated if they are fewer than the diagonal has elements.
    wrap : bool
        Whether to start again, one row further down, below the square part of a tall matrix.

    Notes
    -----
    A write like that of `a[key] = val`: what recording says to that holds here, too.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.zeros((2, 3))
    >>> np.fill_diagonal(x, 5)
    >>> x
    array([[5., 0., 0.],
           [0., 5., 0.]])
    """
    shape = a.shape
    if len(shape) < 2 or (len(shape) > 2 and len(set(shape)) > 1):
        raise ValueError(f"fill_diagonal: shape {shape}: two axes, or more that are all equally long, are expected")
    steps = np.cumprod((1, *shape[:0:-1]))  # of each axis, the last one first, in a flattened array
    end = a.size if len(shape) > 2 or wrap else shape[1] ** 2
    key = np.unravel_index(np.arange(0, min(end, a.size), int(steps.sum())), shape)
    if not len(key[0]):
        return
    if np.ndim(raw(val)):
        values = ravel(as_operand("fill_diagonal", val))
        val = values[np.arange(len(key[0])) % values.size]
    a[key] = val


TWINS[np.fill_diagonal] = fill_diagonal


# --- products ---------------------------------------------------------------------------------------------------------------------


def kron(a, b):
    """The Kronecker product: every element of `a` times all of `b`, as blocks.

    Parameters
    ----------
    a, b : ndarray
        The one with fewer axes gets further ones in front.

    Returns
    -------
    ndarray
        Its lengths are the products of those of `a` and `b`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.kron(np.eye(2), np.array([[1, 2]]))
    array([[1., 2., 0., 0.],
           [0., 0., 1., 2.]])
    """
    a, b = [as_operand("kron", x) for x in (a, b)]
    ndim = max(a.ndim, b.ndim)
    of_a, of_b = [(1,) * (ndim - x.ndim) + x.shape for x in (a, b)]
    a = reshape(a, [size for pair in zip(of_a, (1,) * ndim, strict=True) for size in pair])
    b = reshape(b, [size for pair in zip((1,) * ndim, of_b, strict=True) for size in pair])
    return reshape(a * b, [m * n for m, n in zip(of_a, of_b, strict=True)])


TWINS[np.kron] = kron


@operator(complex_rules=True, a=lambda g, b: _cross(conjugate(b), g), b=lambda g, a: _cross(g, conjugate(a)))
def _cross(a, b):
    """The vector product of vectors of length 3 along the last axis."""
    return np.cross(*promoted(a, b))


def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """The vector product, at right angles to both vectors.

    Parameters
    ----------
    a, b : ndarray
        Vectors of length 3, or of length 2, whose third component is 0. Other axes broadcast.
    axisa, axisb : int
        The axis of the components in `a` and in `b`.
    axisc : int
        The axis of the components in the result.
    axis : int, optional
        All three of these.

    Returns
    -------
    ndarray
        Of two vectors of length 2 only the third component, which is a number.

    Examples
    --------
    >>> from mxnet import np
    >>> np.cross(np.array([1, 0, 0]), np.array([0, 1, 0]))
    array([0., 0., 1.])
    >>> np.cross(np.array([1, 2]), np.array([3, 4]))
    array(-2.)
    """
    if axis is not None:
        axisa = axisb = axisc = axis
    vectors = []
    for x, along in ((a, axisa), (b, axisb)):
        x = as_operand("cross", x)
        x = moveaxis(x, normalize_axis_index(along, x.ndim), -1)
        if x.shape[-1] not in (2, 3):
            raise ValueError(f"cross: vectors have length 2 or 3, not {x.shape[-1]} (shape {x.shape})")
        vectors.append(x)
    flat = all(x.shape[-1] == 2 for x in vectors)
    product = _cross(*[x if x.shape[-1] == 3 else concatenate([x, 0 * x[..., :1]], axis=-1) for x in vectors])
    return product[..., 2] if flat else moveaxis(product, -1, axisc)


TWINS[np.cross] = cross


def vander(x, N=None, increasing=False):
    """The powers of the elements of a vector, a row for each.

    Parameters
    ----------
    x : ndarray, shape (n,)
    N : int, optional
        The number of columns; by default n.
    increasing : bool
        From the power 0 up to N - 1, and not down from it.

    Returns
    -------
    ndarray, shape (n, N)
        Integers give int64.

    Examples
    --------
    >>> from mxnet import np
    >>> np.vander(np.array([2, 3]), 3)
    array([[4., 2., 1.],
           [9., 3., 1.]])
    """
    x = as_operand("vander", x)
    if x.ndim != 1:
        raise ValueError(f"vander: a vector is expected, not shape {x.shape}")
    exponents = np.arange(x.size if N is None else N)
    return power(expand_dims(x, 1), exponents if increasing else exponents[::-1])


TWINS[np.vander] = vander
