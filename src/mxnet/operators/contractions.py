"""Sums of products: `matmul`, `dot`, `tensordot`, `einsum` and kin."""

import math
from functools import lru_cache
from string import ascii_letters

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..core.array import raw
from ..core.dtypes import promoted, settled
from ..core.operator import TWINS, from_list, operator
from .operands import as_operand, conjugate, delivered, implements
from .shaping import as_arrays, expand_dims, squeeze, transpose

__all__ = ["dot", "einsum", "einsum_path", "inner", "matmul", "matvec", "outer", "tensordot", "vdot", "vecmat"]


# --- at the speed of BLAS ---------------------------------------------------------------------------------------------------------


def _dense(a):
    """`a`, copied if BLAS cannot read it as it lies: the loops that NumPy falls back to take far longer."""
    if a.flags.c_contiguous:
        return a
    if a.ndim < 2:
        return a if a.strides[0] > 0 else np.ascontiguousarray(a)
    (rows, columns), (height, width) = a.shape[-2:], a.strides[-2:]
    item = a.itemsize
    if (width == item and height >= columns * item) or (height == item and width >= rows * item):
        return a
    return np.ascontiguousarray(a)


_float16 = np.dtype(np.float16)


def _in_float32(function, *arrays):
    """`function` of the arrays. There is no BLAS for float16; float32 is faster and loses less."""
    if arrays[0].dtype == _float16 and all(array.dtype == _float16 for array in arrays):
        return function(*[array.astype(np.float32) for array in arrays]).astype(np.float16)
    return function(*arrays)


def _product(a, b):
    a, b = _dense(a), _dense(b)
    if b.ndim == 2 and a.ndim > 2 and a.flags.c_contiguous:  # one large product instead of many small ones
        return np.matmul(a.reshape(math.prod(a.shape[:-1]), a.shape[-1]), b).reshape(*a.shape[:-1], b.shape[-1])
    return np.matmul(a, b)


def _pair(name, a, b):
    """Two operands as raw arrays of matching dtypes; numbers stay numbers."""
    if type(a) is np.ndarray and type(b) is np.ndarray and a.dtype is b.dtype:
        return a, b
    return promoted(*[from_list(name, x) if isinstance(x, list | tuple) else x for x in (a, b)])


def _multiply(a, b):
    a, b = [x.item() if isinstance(x, np.generic) else x for x in (a, b)]  # NumPy's scalars count as Python's
    return settled(np.multiply, np.multiply(a, b), a, b)


# --- matmul -----------------------------------------------------------------------------------------------------------------------


def _matmul(a, b):
    try:
        return _in_float32(_product, a, b)
    except (ValueError, AttributeError):
        raise _misfit(a, b) from None


def _misfit(a, b):
    """The error that says why `a @ b` is not defined."""
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return ValueError("an operand has no axes; a product with a number is a * b")
    axis = max(b.ndim - 2, 0)
    shapes = f"shapes {a.shape} and {b.shape}"
    if a.shape[-1] == b.shape[axis]:
        return ValueError(f"{shapes}: all axes but the last two broadcast, and these do not")
    hint = ""
    if b.ndim > 1 and a.shape[-1] == b.shape[-1]:
        hint = "; with np.swapaxes(b, -1, -2) they would fit"
    elif a.ndim > 1 and a.shape[-2] == b.shape[axis]:
        hint = "; with np.swapaxes(a, -1, -2) they would fit"
    return ValueError(f"{shapes}: the last axis of a meets axis {axis} of b, and must have its size{hint}")


def _matmul_a(g, b, a_shape, b_shape):
    if len(b_shape) == 1:
        return (g if len(a_shape) == 1 else expand_dims(g, -1)) * b
    if len(a_shape) == 1:
        return squeeze(matmul(b, expand_dims(g, -1)), -1)
    return matmul(g, b.swapaxes(-1, -2))


def _matmul_b(g, a, a_shape, b_shape):
    if len(a_shape) == 1:
        return g * a if len(b_shape) == 1 else expand_dims(g, -2) * expand_dims(a, -1)
    if len(a_shape) > 2 and len(b_shape) <= 2:  # b serves a whole stack of matrices: one product sums over the stack
        rows = math.prod(a_shape[:-1])
        a, g = a.reshape((rows, a_shape[-1])), g.reshape((rows, *b_shape[1:]))
    return matmul(a.swapaxes(-1, -2), g)


@operator(implements=(np.matmul, np.linalg.matmul), a=_matmul_a, b=_matmul_b)
def matmul(a, b, out=None):
    """The matrix product, `a @ b`.

    Parameters
    ----------
    a : ndarray, shape (..., n, k) or (k,)
    b : ndarray, shape (..., k, m) or (k,)
        The axes before the last two broadcast against each other. A vector has no such axis, and its one axis is summed over.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray, shape (..., n, m)
        Without n or m where an operand is a vector.

    Examples
    --------
    >>> from mxnet import np
    >>> np.matmul(np.array([[1, 2], [3, 4]]), np.array([1, 1]))
    array([3., 7.])
    """
    return _matmul(*_pair("matmul", a, b))


def matvec(x1, x2, out=None):
    """The product of a matrix and a vector, of stacks of both: `matmul` of a vector that stands upright.

    Parameters
    ----------
    x1 : ndarray, shape (..., n, k)
    x2 : ndarray, shape (..., k)
        The axes in front broadcast against each other.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray, shape (..., n)

    Examples
    --------
    >>> from mxnet import np
    >>> np.matvec(np.array([[1, 2], [3, 4]]), np.array([[1, 0], [0, 1]]))
    array([[1., 3.],
           [2., 4.]])
    """
    x1, x2 = _matrix_and_vector("matvec", x1, x2)
    return delivered("matvec", out, squeeze(matmul(x1, expand_dims(x2, -1)), -1))


def vecmat(x1, x2, out=None):
    """The product of a vector, conjugated, and a matrix, of stacks of both; see `matvec`.

    Parameters
    ----------
    x1 : ndarray, shape (..., k)
    x2 : ndarray, shape (..., k, n)
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray, shape (..., n)

    Examples
    --------
    >>> from mxnet import np
    >>> np.vecmat(np.array([0, 1]), np.array([[1, 2], [3, 4]]))
    array([3., 4.])
    """
    x2, x1 = _matrix_and_vector("vecmat", x2, x1)
    return delivered("vecmat", out, squeeze(matmul(expand_dims(conjugate(x1), -2), x2), -2))


def _matrix_and_vector(name, matrix, vector):
    matrix, vector = as_operand(name, matrix), as_operand(name, vector)
    if matrix.ndim < 2 or vector.ndim < 1:
        raise ValueError(f"{name}: takes a matrix and a vector, or stacks of them, not shapes {matrix.shape} and {vector.shape}")
    return matrix, vector


if hasattr(np, "matvec"):  # NumPy 2.2
    TWINS[np.matvec] = matvec
    TWINS[np.vecmat] = vecmat


# --- tensordot --------------------------------------------------------------------------------------------------------------------


def _contracted(axes, a_ndim, b_ndim):
    """The axes of `a` and those of `b` that are summed over, pairwise, as two lists of numbers that are not negative."""
    if isinstance(axes, int | np.integer):
        if not 0 <= axes <= min(a_ndim, b_ndim):
            raise ValueError(f"axes={axes}: the number of axes to sum over is between 0 and {min(a_ndim, b_ndim)}")
        return list(range(a_ndim - axes, a_ndim)), list(range(axes))
    of_a, of_b = [np.atleast_1d(part).tolist() for part in axes]
    if len(of_a) != len(of_b):
        raise ValueError(f"axes={axes}: {len(of_a)} axes of a meet {len(of_b)} of b; give as many of each")
    of_a = [normalize_axis_index(axis, a_ndim) for axis in of_a]
    of_b = [normalize_axis_index(axis, b_ndim) for axis in of_b]
    if len(set(of_a)) < len(of_a) or len(set(of_b)) < len(of_b):
        raise ValueError(f"axes={axes} names an axis twice; einsum takes diagonals")
    return of_a, of_b


def _others(axes, ndim):
    return [axis for axis in range(ndim) if axis not in axes]


def _tensordot(a, b, axes):
    of_a, of_b = _contracted(axes, a.ndim, b.ndim)
    for i, j in zip(of_a, of_b, strict=True):
        if a.shape[i] != b.shape[j]:
            raise ValueError(
                f"shapes {a.shape} and {b.shape}: axis {i} of a and axis {j} of b are summed together, and must have the same size"
            )
    free_a, free_b = _others(of_a, a.ndim), _others(of_b, b.ndim)
    shape = [a.shape[i] for i in free_a] + [b.shape[j] for j in free_b]
    summed = math.prod(a.shape[i] for i in of_a)
    a = a.transpose(free_a + of_a).reshape(math.prod(shape[: len(free_a)]), summed)
    b = b.transpose(of_b + free_b).reshape(summed, math.prod(shape[len(free_a) :]))
    return _in_float32(_product, a, b).reshape(shape)


def _tensordot_a(g, b, axes, a_shape, b_shape):
    of_a, of_b = _contracted(axes, len(a_shape), len(b_shape))
    free_a, free_b = _others(of_a, len(a_shape)), _others(of_b, len(b_shape))
    product = tensordot(g, b, (range(len(free_a), g.ndim), free_b))
    return transpose(product, np.argsort(free_a + [of_a[i] for i in np.argsort(of_b)]).tolist())


def _tensordot_b(g, a, axes, a_shape, b_shape):
    of_a, of_b = _contracted(axes, len(a_shape), len(b_shape))
    free_a, free_b = _others(of_a, len(a_shape)), _others(of_b, len(b_shape))
    product = tensordot(a, g, (free_a, range(len(free_a))))
    return transpose(product, np.argsort([of_b[i] for i in np.argsort(of_a)] + free_b).tolist())


@operator(implements=(np.tensordot, np.linalg.tensordot), a=_tensordot_a, b=_tensordot_b)
def tensordot(a, b, axes=2):
    """The sum of products over axes of `a` and of `b`, paired.

    Parameters
    ----------
    a, b : ndarray
    axes : int or pair of (int or sequence of int)
        A pair names the axes of `a` and those of `b`. A number n stands for the last n of `a` and the first n of `b`.

    Returns
    -------
    ndarray
        Its axes are the others of `a`, then the others of `b`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.tensordot(np.ones((2, 3, 4)), np.ones((4, 3, 5)), axes=([1, 2], [1, 0])).shape
    (2, 5)
    """
    a, b = _pair("tensordot", a, b)
    return _tensordot(np.asarray(a), np.asarray(b), axes)


# --- dot and kin ------------------------------------------------------------------------------------------------------------------


def _like_matmul(a_ndim, b_ndim):
    """Whether `dot` of so many axes is `matmul`: stacks do not meet stacks."""
    return a_ndim == 1 or b_ndim <= 2


def _dot_a(g, b, a_shape, b_shape):
    if not a_shape or not b_shape:
        return g * b
    if _like_matmul(len(a_shape), len(b_shape)):
        return _matmul_a(g, b, a_shape, b_shape)
    return _tensordot_a(g, b, (-1, -2), a_shape, b_shape)


def _dot_b(g, a, a_shape, b_shape):
    if not a_shape or not b_shape:
        return g * a
    if _like_matmul(len(a_shape), len(b_shape)):
        return _matmul_b(g, a, a_shape, b_shape)
    return _tensordot_b(g, a, (-1, -2), a_shape, b_shape)


@operator(implements=np.dot, a=_dot_a, b=_dot_b)
def dot(a, b, out=None):
    """The sum of products over the last axis of `a` and the second to last of `b` (its only one, if `b` is a vector).

    For vectors and matrices this is `a @ b`, and for numbers `a * b`. Of two stacks of matrices every one meets every other.

    Examples
    --------
    >>> from mxnet import np
    >>> np.dot(np.array([1, 2]), np.array([3, 4]))
    array(11.)
    >>> np.dot(np.ones((2, 3, 4)), np.ones((5, 4, 6))).shape
    (2, 3, 5, 6)
    """
    a, b = _pair("dot", a, b)
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return _multiply(a, b)
    if _like_matmul(a.ndim, b.ndim):
        return _matmul(a, b)
    return _tensordot(a, b, (-1, -2))


@operator(
    implements=np.inner,
    a=lambda g, b, a_shape, b_shape: _tensordot_a(g, b, (-1, -1), a_shape, b_shape) if a_shape and b_shape else g * b,
    b=lambda g, a, a_shape, b_shape: _tensordot_b(g, a, (-1, -1), a_shape, b_shape) if a_shape and b_shape else g * a,
)
def inner(a, b):
    """The sum of products over the last axes; for numbers `a * b`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.inner(np.ones((2, 4)), np.ones((3, 4))).shape
    (2, 3)
    """
    a, b = _pair("inner", a, b)
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return _multiply(a, b)
    return _tensordot(a, b, (-1, -1))


@operator(
    implements=(np.outer, np.linalg.outer),
    a=lambda g, b, a_shape: matmul(g, b.reshape(-1)).reshape(a_shape),
    b=lambda g, a, b_shape: matmul(a.reshape(-1), g).reshape(b_shape),
)
def outer(a, b, out=None):
    """The products of every element of `a` with every element of `b`; both are flattened first.

    Examples
    --------
    >>> from mxnet import np
    >>> np.outer(np.array([1, 2]), np.array([3, 4]))
    array([[3., 4.],
           [6., 8.]])
    """
    a, b = _pair("outer", a, b)
    return _multiply(np.reshape(a, (-1, 1)), np.reshape(b, (1, -1)))


@operator(
    implements=np.vdot,
    a=lambda g, b, a_shape: conjugate(g * b).reshape(a_shape),
    b=lambda g, a, b_shape: (g * conjugate(a)).reshape(b_shape),
)
def vdot(a, b):
    """The sum of products of the elements of `a`, conjugated, and of `b`; both are flattened first.

    Examples
    --------
    >>> from mxnet import np
    >>> np.vdot(np.array([[1, 2], [3, 4]]), np.ones((2, 2)))
    array(10.)
    """
    a, b = _pair("vdot", a, b)
    if np.size(a) != np.size(b):
        raise ValueError(f"shapes {np.shape(a)} and {np.shape(b)}: a and b have the same number of elements")
    return _in_float32(np.vdot, np.asarray(a), np.asarray(b))


# --- einsum -----------------------------------------------------------------------------------------------------------------------

_SMALL = 1024  # elements; up to here planning costs more than it saves


def _read(operands):
    """The subscripts as a string, and the positions of the arrays among `operands`."""
    if operands and isinstance(operands[0], str):
        return operands[0].replace(" ", ""), range(1, len(operands))
    if len(operands) < 2:
        raise ValueError("subscripts and operands are missing, as in np.einsum('ij,jk->ik', a, b)")
    # The other way to call it: a, [0, 1], b, [1, 2], [0, 2].
    pairs = len(operands) // 2
    inputs = ",".join(_lettered(operands[2 * i + 1]) for i in range(pairs))
    output = "->" + _lettered(operands[-1]) if len(operands) % 2 else ""
    return inputs + output, range(0, 2 * pairs, 2)


def _lettered(sublist):
    return "".join("..." if label is Ellipsis else ascii_letters[label] for label in sublist)


@lru_cache(maxsize=1024)
def _labels(subscripts, ndims):
    """The labels of the axes of every operand, and those of the result: no ellipsis, nothing implied."""
    inputs, arrow, output = subscripts.partition("->")
    terms = inputs.split(",")
    if not arrow:
        letters = inputs.replace(",", "").replace(".", "")
        output = "..." * ("." in inputs) + "".join(sorted(letter for letter in set(letters) if letters.count(letter) == 1))
    hidden = [ndim - len(term) + 3 if "." in term else 0 for term, ndim in zip(terms, ndims, strict=True)]
    most = max(hidden, default=0)
    fresh = "".join(letter for letter in ascii_letters if letter not in subscripts)[:most]
    spelt = [term.replace("...", fresh[most - count :]) for term, count in zip(terms, hidden, strict=True)]
    return spelt, output.replace("...", fresh)


def _einsum_rule(g, operands, operands_shape, wanted):
    subscripts, positions = _read(operands)
    labels, output = _labels(subscripts, tuple(len(operands_shape[p]) for p in positions))
    cotangents = [None] * len(operands)
    for i, p in enumerate(positions):
        if wanted[p]:
            others = [operands[q] for q in positions if q != p]
            cotangents[p] = _einsum_cotangent(g, others, output, labels[:i] + labels[i + 1 :], labels[i], operands_shape[p])
    return tuple(cotangents)


def _einsum_cotangent(g, others, output, labels, own, shape):
    """The cotangent of one operand, whose labels are `own`: a product of `g` and the other operands.

    Where the operand was stretched or summed over by itself the result has size 1, and the tape stretches it back.
    """
    known = set(output).union(*labels)
    kept = "".join(label for label, size in dict(zip(own, shape, strict=True)).items() if label in known and size != 1)
    cotangent = einsum(",".join([output, *labels]) + "->" + kept, g, *others)
    sizes = dict(zip(kept, cotangent.shape, strict=True))
    cotangent = cotangent.reshape([sizes.pop(label, 1) for label in own])
    for axis, label in enumerate(own):
        first = own.index(label)
        if first < axis and shape[axis] != 1:  # the operand's diagonal was read
            diagonal = [1] * len(own)
            diagonal[first] = diagonal[axis] = shape[axis]
            cotangent = cotangent * np.eye(shape[axis], dtype=cotangent.dtype).reshape(diagonal)
    return cotangent


@operator(implements=np.einsum, joint=_einsum_rule, inputs=("operands",))
def einsum(*operands, out=None, optimize=True):
    """The sum of products that subscripts describe.

    Every axis has a letter. Axes with the same letter run together; letters that the result lacks are summed over. An operand gives
    the diagonal of two axes with one letter, and `...` stands for axes without a letter, which broadcast.

    Parameters
    ----------
    *operands
        The subscripts, as in ``'ij,jk->ik'``, then the arrays. Without ``->`` the result has, in alphabetical order, the letters
        that occur once. Numbers may stand for letters: ``a, [0, 1], b, [1, 2], [0, 2]``.
    out : ndarray, optional
        Where to write the result.
    optimize : bool, str or list
        Whether to look for a good order of the products and to compute them as matrix products; or see `numpy.einsum`.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([[1, 2], [3, 4]])
    >>> np.einsum("ij,kj->ik", x, x)
    array([[ 5., 11.],
           [11., 25.]])
    >>> np.einsum("ii", x)
    array(5.)
    """
    subscripts, positions = _read(operands)
    arrays = as_arrays("einsum", [operands[p] for p in positions])
    if len(arrays) < 3 and all(array.size <= _SMALL for array in arrays):
        optimize = False
    return _in_float32(lambda *arrays: _einsum(subscripts, arrays, optimize), *arrays)


def _einsum(subscripts, arrays, optimize):
    if len(arrays) > 1 and optimize is not False:
        arrays = [np.ascontiguousarray(array) if 0 in array.strides else array for array in arrays]
    return np.einsum(subscripts, *arrays, optimize=optimize)


@implements(np.einsum_path)
def einsum_path(*operands, optimize="greedy"):
    """In which order `einsum` multiplies, and what that costs, as NumPy tells it: a list, for `optimize=`, and a table to print.

    Parameters
    ----------
    *operands
        As for `einsum`.
    optimize : bool, str or list
        See `numpy.einsum_path`.

    Examples
    --------
    >>> from mxnet import np
    >>> path, table = np.einsum_path('ij,jk,kl', np.ones((9, 9)), np.ones((9, 9)), np.ones((9, 2)))
    >>> path
    ['einsum_path', (1, 2), (0, 1)]
    """
    return np.einsum_path(*map(raw, operands), optimize=optimize)
