"""Attention to neighbours: position i looks at i + (j - w) · dilation, for j = 0, 1, …, up to i itself or as far beyond it.

What lies outside the sequence counts as 0. With the neighbours' offsets oⱼ, three sums are all there is, and each is made of the
others' gradients:

    score     sᵢⱼ = qᵢ · vᵢ₊ₒ
    context   cᵢ = Σⱼ sᵢⱼ vᵢ₊ₒ
    spread    vₚ = Σⱼ sₚ₋ₒ,ⱼ qₚ₋ₒ
"""

import numpy as np

from ...core.dtypes import promoted
from ...core.operator import operator

__all__ = ["sldwin_atten_context", "sldwin_atten_mask_like", "sldwin_atten_score"]


def _neighbours(dilation, length, w, symmetric):
    """For each head and neighbour their numbers, the positions that have this neighbour, and its positions."""
    for head, step in enumerate(np.asarray(dilation).astype(int).tolist()):
        for j in range(2 * w + 1 if symmetric else w + 1):
            offset = (j - w) * step
            first, stop = max(0, -offset), min(length, length - offset)
            if first < stop:
                yield head, j, slice(first, stop), slice(first + offset, stop + offset)


def _check(array, other, dilation, w, symmetric, window=None):
    """Refuse what does not fit; `window` is the array with a score for each neighbour."""
    if not isinstance(w, int | np.integer) or w < 0 or symmetric is None:
        raise ValueError(
            f"w is how many neighbours count on a side, and symmetric whether both sides do; not {w!r} and {symmetric!r}"
        )
    if array.ndim != 4 or array.shape[: 3 if window is not None else 4] != other.shape[: 3 if window is not None else 4]:
        raise ValueError(f"arrays have shape (batch, length, heads, width), not {array.shape} and {other.shape}")
    if np.shape(dilation) != array.shape[2:3]:
        raise ValueError(f"dilation has a number for each of the {array.shape[2]} heads, not shape {np.shape(dilation)}")
    size = 2 * w + 1 if symmetric else w + 1
    if window is not None and window.shape[-1] != size:
        raise ValueError(
            f"w={w} and symmetric={symmetric} make {size} neighbours, the last axis of score; it has shape {window.shape}"
        )
    return size


@operator(
    query=lambda g, key, dilation, w, symmetric: sldwin_atten_context(g, key, dilation, w, symmetric),
    key=lambda g, query, dilation, w, symmetric: _spread(g, query, dilation, w, symmetric),
)
def sldwin_atten_score(query, key, dilation, w=None, symmetric=None, out=None, name=None):
    """The products of each query with the keys of its neighbours, head by head.

    Parameters
    ----------
    query, key : ndarray, shape (batch, length, heads, width)
    dilation : ndarray of int, shape (heads,)
        How far apart neighbours are.
    w : int
        How many neighbours count on a side.
    symmetric : bool
        Whether later neighbours count, too.
    out : ndarray, optional
        Where to write the result.
    name : str, optional
        Has no effect.

    Returns
    -------
    ndarray, shape (batch, length, heads, w + 1), or (…, 2 w + 1) if symmetric
        0 for neighbours outside the sequence.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> x = np.array([1, 2, 3]).reshape(1, 3, 1, 1)
    >>> npx.sldwin_atten_score(x, x, np.array([1]), w=1, symmetric=True).reshape(3, 3)
    array([[0., 1., 2.],
           [2., 4., 6.],
           [6., 9., 0.]])
    """
    query, key = promoted(query, key)
    size = _check(query, key, dilation, w, symmetric)
    score = np.zeros((*query.shape[:3], size), np.result_type(query, key))
    for head, j, here, there in _neighbours(dilation, query.shape[1], w, symmetric):
        score[:, here, head, j] = (query[:, here, head] * key[:, there, head]).sum(axis=-1)
    return score


@operator(
    score=lambda g, value, dilation, w, symmetric: sldwin_atten_score(g, value, dilation, w, symmetric),
    value=lambda g, score, dilation, w, symmetric: _spread(score, g, dilation, w, symmetric),
)
def sldwin_atten_context(score, value, dilation, w=None, symmetric=None, out=None, name=None):
    """The values of the neighbours, weighted by `score`.

    Parameters
    ----------
    score : ndarray, shape (batch, length, heads, w + 1), or (…, 2 w + 1) if symmetric
        Such as a masked softmax of `sldwin_atten_score`.
    value : ndarray, shape (batch, length, heads, width)
    dilation, w, symmetric, out, name
        As for `sldwin_atten_score`.

    Returns
    -------
    ndarray, shape (batch, length, heads, width)

    Examples
    --------
    >>> from mxnet import np, npx
    >>> x = np.array([1, 2, 3]).reshape(1, 3, 1, 1)
    >>> npx.sldwin_atten_context(np.ones((1, 3, 1, 2)), x, np.array([1]), w=1, symmetric=False).reshape(3)
    array([1., 3., 5.])
    """
    score, value = promoted(score, value)
    _check(value, score, dilation, w, symmetric, window=score)
    context = np.zeros(value.shape, np.result_type(score, value))
    for head, j, here, there in _neighbours(dilation, value.shape[1], w, symmetric):
        context[:, here, head] += score[:, here, head, j, None] * value[:, there, head]
    return context


@operator(
    score=lambda g, query, dilation, w, symmetric: sldwin_atten_score(query, g, dilation, w, symmetric),
    query=lambda g, score, dilation, w, symmetric: sldwin_atten_context(score, g, dilation, w, symmetric),
)
def _spread(score, query, dilation, w, symmetric):
    spread = np.zeros(query.shape, np.result_type(score, query))
    for head, j, here, there in _neighbours(dilation, query.shape[1], w, symmetric):
        spread[:, there, head] += score[:, here, head, j, None] * query[:, here, head]
    return spread


@operator()
def sldwin_atten_mask_like(score, dilation, valid_length, w=None, symmetric=None, out=None, name=None):
    """Where `sldwin_atten_score` has scores between elements that both belong to the sequence: 1 there, 0 elsewhere.

    Parameters
    ----------
    score : ndarray, shape (batch, length, heads, w + 1), or (…, 2 w + 1) if symmetric
        Only its shape and dtype matter.
    dilation : ndarray of int, shape (heads,)
    valid_length : ndarray of int, shape (batch,)
        How many elements of each sequence count.
    w, symmetric, out, name
        As for `sldwin_atten_score`.

    Returns
    -------
    ndarray
        Of the shape and dtype of `score`.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.sldwin_atten_mask_like(np.ones((1, 3, 1, 2)), np.array([1]), np.array([2]), w=1, symmetric=False).reshape(3, 2)
    array([[0., 1.],
           [1., 1.],
           [0., 0.]])
    """
    _check(score, score, dilation, w, symmetric, window=score)
    batch, length = score.shape[:2]
    lengths = np.asarray(valid_length)
    if lengths.shape != (batch,) or (lengths < 0).any() or (lengths > length).any():
        raise ValueError(f"valid_length has {batch} numbers from 0 to {length}, one for each sequence, not {lengths!r:.60}")
    mask = np.zeros(score.shape, score.dtype)
    for head, j, here, there in _neighbours(dilation, length, w, symmetric):
        ends = np.maximum(np.arange(length)[here], np.arange(length)[there])
        mask[:, here, head, j] = ends < lengths[:, None]
    return mask
