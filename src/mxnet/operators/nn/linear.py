"""Linear layers: `fully_connected`, products of stacks of matrices, and `batch_flatten`."""

import math

import numpy as np

from ... import kernels
from ...core.array import raw
from ...core.dtypes import promoted
from ...core.operator import operator
from ..contractions import matmul
from ..operands import delivered

__all__ = ["batch_dot", "batch_flatten", "fully_connected"]


def _rows(x, flatten):
    """`x` as a matrix: a row for each entry of the first axis or, without `flatten`, of all axes but the last."""
    shape = x.shape
    if flatten:
        return x.reshape((shape[0], math.prod(shape[1:])))
    return x.reshape((math.prod(shape[:-1]), shape[-1]))


def _columns(g):
    return g.reshape((math.prod(g.shape[:-1]), g.shape[-1]))


@operator(
    x=lambda g, weight, x_shape: matmul(_columns(g), weight).reshape(x_shape),
    weight=lambda g, x, flatten: matmul(_columns(g).swapaxes(0, 1), _rows(x, flatten)),
    bias=lambda g, no_bias: None if no_bias else g,
)
def fully_connected(x, weight, bias=None, num_hidden=None, no_bias=True, flatten=True, name=None):
    """x Wᵀ + b.

    Parameters
    ----------
    x : ndarray, shape (batch, ...) or (..., width)
        With `flatten` all axes but the first count as one, of size `width`; otherwise the last axis does.
    weight : ndarray, shape (num_hidden, width)
    bias : ndarray, shape (num_hidden,), optional
        Needed, and read, with `no_bias=False` only.
    num_hidden : int, optional
        By default what `weight` says.
    no_bias : bool
    flatten : bool
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray, shape (batch, num_hidden) or (..., num_hidden)

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.fully_connected(np.ones((2, 3, 4)), np.ones((5, 12)), np.zeros(5), no_bias=False).shape
    (2, 5)
    >>> npx.fully_connected(np.ones((2, 3, 4)), np.ones((5, 4)), flatten=False).shape
    (2, 3, 5)
    """
    if bias is None and not no_bias:
        raise ValueError("no_bias=False needs a bias")
    x, weight, *bias = promoted(*map(np.asarray, (x, weight) if no_bias else (x, weight, bias)))
    _check(x, weight, bias, num_hidden, flatten)
    result = matmul(_rows(x, flatten), weight.T)
    if bias:
        kernels.in_parts(np.add, result, bias[0], result)
    return result if flatten else result.reshape((*x.shape[:-1], len(weight)))


def _check(x, weight, bias, num_hidden, flatten):
    if x.ndim == 0:
        raise ValueError("x has an axis at least, not shape ()")
    width = math.prod(x.shape[1:]) if flatten else x.shape[-1]
    if weight.ndim != 2 or weight.shape[1] != width:
        whose = f"the axes of x after the first, {x.shape[1:]}," if flatten else "the last axis of x"
        other = "; flatten=False keeps them" if flatten and x.ndim > 2 and weight.shape[-1:] == x.shape[-1:] else ""
        raise ValueError(f"weight has shape (num_hidden, {width}), as {whose} say, not {weight.shape}{other}")
    if num_hidden is not None and num_hidden != len(weight):
        raise ValueError(f"num_hidden={num_hidden}, but weight has {len(weight)} rows")
    if bias and bias[0].shape != (len(weight),):
        raise ValueError(f"bias has shape ({len(weight)},), one number for each row of weight, not {bias[0].shape}")


def batch_dot(a, b, transpose_a=False, transpose_b=False, forward_stype="default"):
    """The matrix products of two stacks, entry by entry.

    Parameters
    ----------
    a : ndarray, shape (..., n, k), or (..., k, n) with `transpose_a`
    b : ndarray, shape (..., k, m), or (..., m, k) with `transpose_b`
        The leading axes are those of `a`.
    transpose_a, transpose_b : bool
        Whether the last two axes are swapped first.
    forward_stype : str
        Has no effect: arrays are dense.

    Returns
    -------
    ndarray, shape (..., n, m)

    Raises
    ------
    ValueError
        If the shapes do not fit; `np.matmul` is for stacks that broadcast.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.batch_dot(np.ones((2, 3, 4)), np.ones((2, 5, 4)), transpose_b=True).shape
    (2, 3, 5)
    """
    shapes = np.shape(raw(a)), np.shape(raw(b))
    if min(map(len, shapes)) < 3 or shapes[0][:-2] != shapes[1][:-2]:
        raise ValueError(
            f"batch_dot: a and b are stacks of matrices, (batch, n, k) and (batch, k, m), not {shapes[0]} and {shapes[1]}"
        )
    if shapes[0][-2 if transpose_a else -1] != shapes[1][-1 if transpose_b else -2]:
        turned = f" with transpose_a={bool(transpose_a)} and transpose_b={bool(transpose_b)}"
        raise ValueError(f"batch_dot: columns of a meet rows of b, and are as many; shapes {shapes[0]} and {shapes[1]}{turned}")
    return matmul(a.swapaxes(-1, -2) if transpose_a else a, b.swapaxes(-1, -2) if transpose_b else b)


def batch_flatten(data, out=None, name=None):
    """`data` as a matrix with a row for each entry of the first axis.

    Parameters
    ----------
    data : ndarray, shape (batch, ...)
    out : ndarray, optional
        Where to write the result.
    name : str, optional
        Has no effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.batch_flatten(np.ones((2, 3, 4))).shape
    (2, 12)
    """
    if not np.shape(raw(data)):
        raise ValueError("batch_flatten: data has an axis at least, not shape ()")
    return delivered("batch_flatten", out, _rows(data, flatten=True))
