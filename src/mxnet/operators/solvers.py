"""Linear equations and inverses, powers and chains of matrices. `linalg` makes them public."""

import math
from itertools import pairwise

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..core.dtypes import floating, promoted
from ..core.operator import TWINS, from_list, operator
from .contractions import matmul
from .joining import concatenate
from .operands import as_operand, conjugate, delivered, wide
from .shaping import expand_dims, moveaxis, reshape, squeeze

# --- for all of linear algebra ----------------------------------------------------------------------------------------------------


def lapack(function, *arrays):
    """`function(*arrays)`, which knows float32 and float64: float16 is computed in float32, integers in float64.

    The results have the dtype of the arrays, the default float dtype for integers; complex ones have its complex counterpart.
    """
    arrays = promoted(*map(np.asarray, arrays))
    target = np.result_type(*[floating(array.dtype) for array in arrays])
    working = np.float32 if target == np.float16 else target if arrays[0].dtype.kind in "fc" else np.float64
    results = function(*[array.astype(working, copy=False) for array in arrays])
    return tuple(_narrowed(r, target) for r in results) if isinstance(results, tuple) else _narrowed(results, target)


def _narrowed(result, target):
    result = np.asarray(result)
    if result.dtype.kind == "c" and target.kind != "c":
        target = np.dtype(np.complex128 if target == np.float64 else np.complex64)
    return result.astype(target, copy=False) if result.dtype.kind == target.kind else result


def adjoint(x):
    """Each matrix transposed and conjugated."""
    return conjugate(x).mT


# --- equations and inverses -------------------------------------------------------------------------------------------------------


def _inv_rule(g, out):
    out = wide(out)
    return -(adjoint(out) @ g @ adjoint(out))


@operator(implements=np.linalg.inv, complex_rules=True, a=_inv_rule)
def inv(a):
    """The inverse of a square matrix: `inv(a) @ a` is the identity.

    To solve equations, `solve(a, b)` is faster and more precise than `inv(a) @ b`.

    Parameters
    ----------
    a : ndarray, shape (..., n, n)

    Returns
    -------
    ndarray, shape (..., n, n)
        Of the dtype of `a`, or float32 if `a` holds integers.

    Raises
    ------
    LinAlgError
        If a matrix is singular or not square.

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.inv(np.array([[2, 0], [0, 4]]))
    array([[0.5 , 0.  ],
           [0.  , 0.25]])
    """
    return lapack(np.linalg.inv, a)


def _solve_rule(g, a, b_shape, out, wanted):
    a, g, out = wide(a), wide(g), wide(out)
    if len(b_shape) == 1:
        g, out = expand_dims(g, -1), expand_dims(out, -1)
    of_b = solve(adjoint(a), g)
    of_a = -(of_b @ adjoint(out)) if wanted[0] else None
    return of_a, squeeze(of_b, -1) if len(b_shape) == 1 else of_b


@operator(implements=np.linalg.solve, complex_rules=True, joint=_solve_rule, inputs=("a", "b"))
def solve(a, b):
    """The solution x of `a @ x = b`.

    Parameters
    ----------
    a : ndarray, shape (..., n, n)
    b : ndarray, shape (n,) or (..., n, k)
        One right-hand side, or k of them as columns.

    Returns
    -------
    ndarray, shape (..., n) or (..., n, k)

    Raises
    ------
    LinAlgError
        If a matrix is singular or not square.

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.solve(np.array([[2, 0], [0, 4]]), np.array([2, 2]))
    array([1. , 0.5])
    """
    return lapack(np.linalg.solve, a, from_list("solve", b) if isinstance(b, list | tuple) else b)


def tensorinv(a, ind=2):
    """The inverse of `tensordot` with `a`: `tensordot(tensorinv(a, ind), tensordot(a, x, x.ndim), ind)` is x.

    Parameters
    ----------
    a : ndarray
        The product of its first `ind` lengths equals that of the others.
    ind : int
        How many axes `a` has for the results of the map; the others are for what it is applied to.

    Returns
    -------
    ndarray, shape `a.shape[ind:] + a.shape[:ind]`

    Raises
    ------
    LinAlgError
        If the map is singular, or not square.

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.tensorinv(2 * np.eye(6).reshape(6, 2, 3), ind=1).shape
    (2, 3, 6)
    """
    a = as_operand("tensorinv", a)
    if ind <= 0:
        raise ValueError(f"tensorinv: ind={ind} is to be positive: how many of the first axes make the rows")
    rows, columns = math.prod(a.shape[:ind]), math.prod(a.shape[ind:])
    if rows != columns:
        raise np.linalg.LinAlgError(
            f"tensorinv: shape {a.shape} with ind={ind} is a map from {columns} to {rows} elements; both are to be the same"
        )
    return reshape(inv(reshape(a, (rows, rows))), a.shape[ind:] + a.shape[:ind])


TWINS[np.linalg.tensorinv] = tensorinv


def tensorsolve(a, b, axes=None):
    """The solution x of `tensordot(a, x, x.ndim) = b`.

    Parameters
    ----------
    a : ndarray, shape `b.shape + x.shape`
        With as many elements of `b.shape` as of `x.shape`.
    b : ndarray
    axes : sequence of int, optional
        Axes of `a` to move to the end first.

    Returns
    -------
    ndarray
        x.

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.tensorsolve(2 * np.eye(6).reshape(2, 3, 6), np.ones((2, 3)))
    array([0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
    """
    a, b = as_operand("tensorsolve", a), as_operand("tensorsolve", b)
    if axes is not None:
        axes = [normalize_axis_index(axis, a.ndim) for axis in axes]
        a = moveaxis(a, axes, list(range(a.ndim - len(axes), a.ndim)))
    shape = a.shape[b.ndim :]
    if math.prod(shape) != b.size or a.size != b.size**2:
        raise np.linalg.LinAlgError(
            f"tensorsolve: a has shape {a.shape}, b has shape {b.shape}; a.shape is to be b.shape followed by the shape of the "
            "result, with the same number of elements in both"
        )
    return reshape(solve(reshape(a, (b.size, b.size)), reshape(b, -1)), shape)


TWINS[np.linalg.tensorsolve] = tensorsolve


# --- products ---------------------------------------------------------------------------------------------------------------------


def _power_rule(g, a, n):
    """For a power f, f([[A, G], [0, A]]) = [[f(A), Df(A)[G]], [0, f(A)]]; the adjoint of Df(A) is Df(Aᴴ)."""
    a, g = adjoint(wide(a)), wide(g)
    size = a.shape[-1]
    upper = concatenate([a, g], axis=-1)
    lower = concatenate([a * 0, a], axis=-1)
    return matrix_power(concatenate([upper, lower], axis=-2), n)[..., :size, size:]


@operator(implements=np.linalg.matrix_power, complex_rules=True, a=_power_rule)
def matrix_power(a, n):
    """The product of n times the matrix `a`; for n = 0 the identity, for n < 0 a power of the inverse.

    Parameters
    ----------
    a : ndarray, shape (..., m, m)
    n : int

    Returns
    -------
    ndarray, shape (..., m, m)
        Integers stay integers, unless n < 0.

    Raises
    ------
    LinAlgError
        If a matrix is not square, or n < 0 and it is singular.

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.matrix_power(np.array([[1, 1], [0, 1]]), 5)
    array([[1., 5.],
           [0., 1.]])
    """
    if n < 0 or a.dtype == np.float16:
        return lapack(lambda a: np.linalg.matrix_power(a, n), a)
    return np.linalg.matrix_power(a, n)


def _splits(sizes):
    """Where to split each run of matrices, so that the fewest multiplications are made: (first, last) -> the last of the left part.

    Matrix i has shape (sizes[i], sizes[i + 1]).
    """
    n = len(sizes) - 1
    cost = {(i, i): 0 for i in range(n)}
    split = {}
    for length in range(1, n):
        for i in range(n - length):
            j = i + length
            costs = {k: cost[i, k] + cost[k + 1, j] + sizes[i] * sizes[k + 1] * sizes[j + 1] for k in range(i, j)}
            split[i, j] = min(costs, key=costs.get)
            cost[i, j] = costs[split[i, j]]
    return split


def multi_dot(arrays, *, out=None):
    """The product of several matrices, in the order of multiplication that takes the least work.

    Parameters
    ----------
    arrays : sequence of ndarray
        Two or more matrices; the first may be a vector, which is a row, and the last one, which is a column.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> np.linalg.multi_dot([np.ones((100, 2)), np.ones((2, 100)), np.ones(100)]).shape
    (100,)
    """
    arrays = [as_operand("multi_dot", array) for array in arrays]
    shapes = [array.shape for array in arrays]
    if len(arrays) < 2:
        raise ValueError(f"multi_dot: two or more arrays are multiplied, not {len(arrays)}")
    if any(len(shape) != 2 for shape in shapes[1:-1]) or not {len(shapes[0]), len(shapes[-1])} <= {1, 2}:
        raise np.linalg.LinAlgError(f"multi_dot: shapes {shapes}: all are matrices; only the first and the last may be vectors")
    row, column = len(shapes[0]) == 1, len(shapes[-1]) == 1
    if row:
        arrays[0] = expand_dims(arrays[0], 0)
    if column:
        arrays[-1] = expand_dims(arrays[-1], 1)
    for left, right in pairwise(arrays):
        if left.shape[1] != right.shape[0]:
            raise ValueError(f"multi_dot: shapes {shapes}: the columns of each matrix are as many as the rows of the next")
    split = _splits([arrays[0].shape[0], *[array.shape[1] for array in arrays]])

    def product(i, j):
        return arrays[i] if i == j else matmul(product(i, split[i, j]), product(split[i, j] + 1, j))

    result = product(0, len(arrays) - 1)
    if row or column:
        result = squeeze(result, ((0,) if row else ()) + ((1,) if column else ()))
    return delivered("multi_dot", out, result)


TWINS[np.linalg.multi_dot] = multi_dot
