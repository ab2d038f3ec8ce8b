"""Products of matrices of 8-bit integers, with one factor, `maxabs` / 127, from integers to real numbers for each matrix.

MXNet kept prepared weights in an order that only the CPU in use understood; here they are in their own order, and stay readable.
These functions have no gradient. `out`, where given, is an array that receives the result.
"""

import numpy as np

from ...core.operator import operator

__all__ = [
    "intgemm_fully_connected",
    "intgemm_maxabsolute",
    "intgemm_prepare_data",
    "intgemm_prepare_weight",
    "intgemm_take_weight",
]


def _prepared(data, maxabs):
    maxabs = np.asarray(maxabs, np.float64)
    if maxabs.size != 1 or not maxabs.item() >= 0:
        raise ValueError(f"maxabs is one number from 0 on, not {maxabs!r:.60}")
    if data.dtype.kind != "f":
        raise TypeError(f"real numbers of a float dtype are prepared, not {data.dtype}")
    scale = 127 / maxabs.item() if maxabs.item() else 0.0
    return np.clip(np.rint(data * data.dtype.type(scale)), -127, 127).astype(np.int8)


@operator()
def intgemm_maxabsolute(data, out=None, name=None):
    """The largest absolute value, as an array of shape (1,).

    `name` has no effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.intgemm_maxabsolute(np.array([1, -3, 2]))
    array([3.])
    """
    return np.abs(data).max(initial=0).reshape(1)


@operator()
def intgemm_prepare_data(data, maxabs, out=None, name=None):
    """Real numbers as integers from -127 to 127: 127 / maxabs · data, rounded.

    Parameters
    ----------
    data : ndarray
        Of a float dtype.
    maxabs : float or ndarray of one number
        What becomes 127; `intgemm_maxabsolute` of data leaves nothing out.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray of int8

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.intgemm_prepare_data(np.array([0.5, -1, 3]), 2)
    array([ 32, -64, 127], dtype=int8)
    """
    return _prepared(np.asarray(data), maxabs)


@operator()
def intgemm_prepare_weight(weight, maxabs=None, already_quantized=False, out=None, name=None):
    """The same, for the weights of `intgemm_fully_connected`.

    Parameters
    ----------
    weight : ndarray, shape (num_hidden, ...)
    maxabs : float or ndarray of one number
        Not needed with `already_quantized`.
    already_quantized : bool
        `weight` is of int8, and stays as it is.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray of int8

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.intgemm_prepare_weight(np.array([[0.5, -1]]), np.array([1]))
    array([[  64, -127]], dtype=int8)
    """
    weight = np.asarray(weight)
    if not already_quantized:
        if maxabs is None:
            raise ValueError("maxabs says which number becomes 127; it is needed unless already_quantized=True")
        return _prepared(weight, maxabs)
    if weight.dtype != np.int8:
        raise TypeError(f"already_quantized=True says that weight is of int8, not {weight.dtype}")
    return weight.copy()


@operator()
def intgemm_take_weight(weight, indices, out=None, name=None):
    """Rows of a prepared weight: some of the outputs of `intgemm_fully_connected`.

    Parameters
    ----------
    weight : ndarray of int8, shape (num_hidden, ...)
    indices : ndarray of int, shape (n,)
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray of int8, shape (n, ...)

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.intgemm_take_weight(np.array([[1, 2], [3, 4]], dtype="int8"), np.array([1, 1]))
    array([[3, 4],
           [3, 4]], dtype=int8)
    """
    indices = np.asarray(indices)
    rows = indices.astype(np.int64)
    if not np.array_equal(rows, indices):
        raise ValueError(f"indices are whole numbers, not {indices!r:.60}")
    return weight[rows]


@operator()
def intgemm_fully_connected(
    data,
    weight,
    scaling=None,
    bias=None,
    num_hidden=None,
    no_bias=False,
    flatten=True,
    out_type="float32",
    out=None,
    name=None,
):
    """data · weightᵀ · scaling + bias, with the products of 8-bit integers summed exactly.

    Parameters
    ----------
    data : ndarray of int8 or of a float dtype, shape (batch, ...) or (..., width)
        Real numbers are prepared first, by their own largest absolute value, whose factor is then part of the result.
    weight : ndarray of int8, shape (num_hidden, width)
        From `intgemm_prepare_weight`.
    scaling : float or ndarray of one number
        With out_type='float32': maxabs / 127 of the weight, times maxabs / 127 of the data if that is of int8.
    bias : ndarray, shape (num_hidden,), optional
        Needed, and read, with `no_bias=False` only.
    num_hidden : int, optional
        By default what `weight` says.
    no_bias, flatten : bool
        See `fully_connected`.
    out_type : {'float32', 'int32'}
        int32 gives the sums of the integers, and the bias is one of int32.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray, shape (batch, num_hidden) or (..., num_hidden)

    Examples
    --------
    >>> from mxnet import np, npx
    >>> data, weight = np.array([[1, 2]], dtype="int8"), np.array([[3, 4]], dtype="int8")
    >>> npx.intgemm_fully_connected(data, weight, scaling=0.5, no_bias=True)
    array([[5.5]])
    """
    data, weight = np.asarray(data), np.asarray(weight)
    if weight.dtype != np.int8:
        raise TypeError(f"weight is of int8, as intgemm_prepare_weight makes it, not {weight.dtype}")
    if out_type not in ("float32", "int32"):
        raise ValueError(f"out_type is 'float32' or 'int32', not {out_type!r}")
    if (scaling is None) != (out_type == "int32"):
        raise ValueError("scaling belongs to out_type='float32', and to it only")
    if bias is None and not no_bias:
        raise ValueError("no_bias=False needs a bias")
    width = int(np.prod(data.shape[1:])) if flatten else data.shape[-1]
    if weight.ndim != 2 or weight.shape[1] != width or num_hidden not in (None, len(weight)):
        raise ValueError(f"weight has shape (num_hidden, {width}), with num_hidden={num_hidden}, not {weight.shape}")
    factor = 1.0
    if data.dtype != np.int8:
        factor = np.abs(data).max(initial=0) / 127
        data = _prepared(data, 127 * factor)
    # float64 holds the sums exactly, and has fast products.
    sums = (data.reshape(len(data), width) if flatten else data).astype(np.float64) @ weight.T.astype(np.float64)
    if scaling is not None:
        sums = sums * (factor * np.asarray(scaling, np.float64))
    return (sums if no_bias else sums + bias).astype(out_type)
