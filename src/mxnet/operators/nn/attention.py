"""Attention with a softmax over all keys, in memory that grows with the length and not with its square; rotary positions.

`_plain` is what attention means. `_attention` computes it part by part: the scores of some heads, or of some queries of one head,
are in memory at a time. Forward keeps the logarithms of the softmax's sums, and backward computes the scores once more.
"""

import math

import numpy as np

from ... import kernels
from ...core.array import Array, raw
from ...core.operator import operator
from ...core.state import is_recording, is_training
from ...kernels import attention as kernels_of
from ..contractions import matmul
from ..sampling.streams import generator
from .composite import gradients_of, recorded
from .softmax import masked_softmax, seen_as_integers, softmax

__all__ = ["rotary_embedding", "scaled_dot_product_attention"]


# --- which scores count -----------------------------------------------------------------------------------------------------------


def _before(queries, sources):
    """Whether a key is not after the query."""
    return np.arange(sources) <= np.arange(queries)[:, None]


class _Scores:
    """Whatever decides about scores besides queries and keys; and their parts, with all heads in one axis.

    Attributes
    ----------
    parts : list of (slice, slice, int)
        Heads, queries, and how many keys they look at.
    apart : bool
        Whether parts are small, and of heads of their own: then threads may take one each. Otherwise BLAS shares the products.
    """

    SMALL = 10**6  # multiplications of a product from which BLAS shares it among threads
    PART = 2**17  # scores of a part, about, so that they stay in the processor's second cache

    def __init__(self, shape, width, mask, causal, p, seed):
        *self.lead, queries, sources = self.shape = shape
        self.mask, self.causal, self.p, self.seed = mask, causal, p, seed
        heads = math.prod(self.lead)
        self.apart = queries * sources * width <= self.SMALL
        many = max(1, min(heads // 4, self.PART // max(1, queries * sources))) if self.apart else 1
        rows = max(1, queries if self.apart else min(queries, max(64, self.PART // sources)))
        self.parts = []
        for head in range(0, heads, many):
            for row in range(0, queries, rows):
                stop = min(queries, row + rows)
                part = slice(head, min(heads, head + many)), slice(row, stop), min(sources, stop) if causal else sources
                self.parts.append(part)

    def _of_heads(self, part, array):
        """For each head of the part, what a mask says about its scores."""
        heads, rows, columns = part
        array = np.broadcast_to(array, self.shape)
        for head in range(heads.start, heads.stop):
            yield array[np.unravel_index(head, self.lead)][rows, :columns]

    def hide(self, part, scores):
        """Add a mask of numbers to the scores of a part, in place, and make those that do not count -inf."""
        if self.mask is not None:
            for own, mask in zip(scores, self._of_heads(part, self.mask), strict=True):
                if mask.dtype.kind == "f":
                    own += mask
                else:
                    np.copyto(own, -np.inf, where=mask == 0)
        if self.causal:
            _, rows, columns = part
            np.copyto(scores, -np.inf, where=np.arange(columns) > np.arange(rows.start, rows.stop)[:, None])

    def kept(self, number, dtype):
        """By what dropout multiplies the probabilities of a part; None without dropout."""
        if not self.p:
            return None
        heads, rows, columns = self.parts[number]
        shape = heads.stop - heads.start, rows.stop - rows.start, columns
        draws = np.random.Generator(np.random.SFC64([self.seed, number])).random(shape, np.float32)
        return (draws >= self.p) * dtype.type(1 / (1 - self.p) if self.p < 1 else 0)

    def all_kept(self, dtype):
        """The same for all parts, in one array."""
        if not self.p:
            return None
        result = np.zeros((math.prod(self.lead), *self.shape[-2:]), dtype)
        for number, (heads, rows, columns) in enumerate(self.parts):
            result[heads, rows, :columns] = self.kept(number, dtype)
        return result.reshape(self.shape)

    def share(self, work, *args):
        """`work(start, stop, run, *args)` for all parts; `run` is for the kernels in it."""
        if self.apart:  # parts side by side
            kernels.split(work, len(self.parts), math.prod(self.shape), _alone, *args)
        else:  # one after the other; BLAS, and kernels, are shared
            work(0, len(self.parts), kernels.split, *args)


def _alone(kernel, n, cost, *args):
    kernel(0, n, *args)


# --- the plain definition ---------------------------------------------------------------------------------------------------------


def _plain(query, key, value, mask, causal, scale, kept):
    scores = matmul(query, key.swapaxes(-1, -2)) * scale
    visible = None
    if mask is not None:
        if mask.dtype.kind == "f":
            scores = scores + mask
            visible = raw(mask) != -np.inf
        else:
            visible = raw(mask) != 0
    if causal:
        before = _before(*scores.shape[-2:])
        visible = before if visible is None else visible & before
    probabilities = softmax(scores) if visible is None else masked_softmax(scores, visible)
    return matmul(probabilities if kept is None else probabilities * kept, value)


# --- in parts ---------------------------------------------------------------------------------------------------------------------
#
# BLAS is fastest at small sizes if the second factor is not transposed in memory: a copy of it costs a tenth of what it saves.


class _Scratch:
    """Memory for the scores of one part after another: fresh memory costs more than what is computed in it."""

    def __init__(self, scores_of, dtype):
        sizes = [(h.stop - h.start) * (r.stop - r.start) * columns for h, r, columns in scores_of.parts]
        self._memory = np.empty(max(sizes, default=0), dtype)

    def product(self, a, b):
        shape = len(a), a.shape[1], b.shape[2]
        return np.matmul(a, b, out=self._memory[: math.prod(shape)].reshape(shape))


def _flat(array):
    """Heads in one axis, and C-contiguous."""
    if not array.flags.c_contiguous:
        given, array = array, np.empty(array.shape, array.dtype)
        kernels.split(lambda start, stop: np.copyto(array[start:stop], given[start:stop]), len(given), given.size)
    return array.reshape(math.prod(array.shape[:-2]), *array.shape[-2:])


def _turned(array):
    return np.ascontiguousarray(array.swapaxes(1, 2))


def _forward(start, stop, run, scores_of, q, k, v, scale, out, totals):
    scratch = _Scratch(scores_of, q.dtype)
    for number in range(start, stop):
        heads, rows, columns = part = scores_of.parts[number]
        scores = scratch.product(q[heads, rows] * scale, _turned(k[heads, :columns]))
        scores_of.hide(part, scores)
        flat = scores.reshape(-1, columns)
        run(kernels_of.softmax, len(flat), scores.size, flat, *seen_as_integers(flat), totals[heads, rows].reshape(-1))
        kept = scores_of.kept(number, q.dtype)
        if kept is not None:
            scores *= kept
        np.matmul(scores, v[heads, :columns], out=out[heads, rows])


def _backward(start, stop, run, scores_of, q, k, v, scale, out, totals, g, dq, dk, dv):
    width = v.shape[-1]
    scratch, more = _Scratch(scores_of, q.dtype), _Scratch(scores_of, q.dtype)
    for number in range(start, stop):
        heads, rows, columns = part = scores_of.parts[number]
        scaled = q[heads, rows] * scale
        scores = scratch.product(scaled, _turned(k[heads, :columns]))
        scores_of.hide(part, scores)
        cotangents = more.product(g[heads, rows], _turned(v[heads, :columns]))
        kept = scores_of.kept(number, q.dtype)
        if kept is not None:
            cotangents *= kept
        flat = scores.reshape(-1, columns), cotangents.reshape(-1, columns), totals[heads, rows].reshape(-1)
        ends = out[heads, rows].reshape(-1, width), g[heads, rows].reshape(-1, width)
        run(kernels_of.softmax_back, len(flat[0]), scores.size, *flat, *ends)
        if kept is not None:
            scores *= kept
        np.matmul(cotangents, k[heads, :columns], out=dq[heads, rows])
        dq[heads, rows] *= scale
        _add(scores.swapaxes(1, 2), g[heads, rows], dv[heads, :columns], scores_of.apart)
        _add(cotangents.swapaxes(1, 2), scaled, dk[heads, :columns], scores_of.apart)


def _add(a, b, total, only):
    """Add `a @ b` to `total`, or write it there if it is the only part."""
    if only:
        np.matmul(a, b, out=total)
    else:
        total += np.matmul(a, b)


def _attention_rule(g, query, key, value, scores_of, scale, out, kept, wanted):
    if recorded(g, query, key, value):
        dropped = scores_of.all_kept(query.dtype)

        def plain(query, key, value):
            return _plain(query, key, value, scores_of.mask, scores_of.causal, scale, dropped)

        return gradients_of(plain, (query, key, value), g, wanted)
    q, k, v = kept["flat"]
    # What one part does not look at, or several add to, begins as 0.
    empty = np.empty_like if scores_of.apart and not scores_of.causal else np.zeros_like
    gradients = np.empty_like(query, order="C"), *[empty(x, order="C") for x in (key, value)]
    totals, scale = kept["totals"], q.dtype.type(scale)
    scores_of.share(_backward, scores_of, q, k, v, scale, _flat(out), totals, _flat(g), *map(_flat, gradients))
    return gradients


@operator(joint=_attention_rule, inputs=("query", "key", "value"))
def _attention(query, key, value, scores_of, scale, kept):
    """`_plain`, part by part; `kept` is a dictionary in which backward finds its flat operands and the logarithms of the sums."""
    q, k, v = kept["flat"] = [_flat(x) for x in (query, key, value)]
    out = np.empty((*query.shape[:-1], value.shape[-1]), q.dtype)
    totals = kept["totals"] = np.empty(q.shape[:2], q.dtype)
    scores_of.share(_forward, scores_of, q, k, v, q.dtype.type(scale), _flat(out), totals)
    return out


_LEAST = 2**13  # scores from which it pays


def _in_parts(query, key, value, mask):
    """Whether `_attention` serves these operands."""
    lead, dtype = query.shape[:-2], query.dtype
    added = mask is not None and mask.dtype.kind == "f"
    if added and (mask.dtype != dtype or (is_recording() and isinstance(mask, Array) and mask._node is not None)):
        return False  # a mask that wants a gradient
    alike = key.shape[:-2] == value.shape[:-2] == lead and key.dtype == value.dtype == dtype and dtype.char in "fd"
    return alike and math.prod(lead) * query.shape[-2] * key.shape[-2] >= _LEAST and kernels.available()


def _check(query, key, value, mask, dropout):
    shapes = f"query {query.shape}, key {key.shape}, value {value.shape}"
    if min(query.ndim, key.ndim, value.ndim) < 2:
        raise ValueError(f"scaled_dot_product_attention: operands have shape (..., length, width), not {shapes}")
    if query.shape[-1] != key.shape[-1]:
        raise ValueError(f"scaled_dot_product_attention: queries and keys have the same width; {shapes}")
    if key.shape[-2] != value.shape[-2]:
        raise ValueError(f"scaled_dot_product_attention: there is a value for each key; {shapes}")
    if not 0 <= dropout <= 1:
        raise ValueError(f"scaled_dot_product_attention: dropout, the share that is dropped, is from 0 to 1, not {dropout!r}")
    try:
        shape = (*np.broadcast_shapes(query.shape[:-2], key.shape[:-2], value.shape[:-2]), query.shape[-2], key.shape[-2])
    except ValueError:
        raise ValueError(f"scaled_dot_product_attention: all axes but the last two broadcast, and these do not: {shapes}") from None
    if mask is not None:
        try:
            np.broadcast_to(np.empty(mask.shape, np.int8), shape)
        except ValueError:
            raise ValueError(
                f"scaled_dot_product_attention: a mask broadcasts to the shape of the scores, {shape}, not {mask.shape}"
            ) from None
    return shape


def scaled_dot_product_attention(query, key, value, mask=None, is_causal=False, dropout=0.0, scale=None):
    """softmax(scale · Q Kᵀ) V: for each query a mean of the values, weighted by how well their keys match it.

    Parameters
    ----------
    query : ndarray, shape (..., length, width)
    key : ndarray, shape (..., sources, width)
    value : ndarray, shape (..., sources, any)
        All axes but the last two broadcast, such as those of the batch and of heads.
    mask : ndarray, optional
        Broadcasts to (..., length, sources). Of bool or int dtype it tells where to look; of a float dtype it is added to the
        scores, and may want a gradient.
    is_causal : bool
        Whether query i looks at the keys up to i only.
    dropout : float
        The share of the weights that is dropped in training.
    scale : float, optional
        By default 1/√width.

    Returns
    -------
    ndarray, shape (..., length, any)
        0 for a query that may look nowhere.

    Notes
    -----
    Memory is linear in the length, in a first gradient also, for float32 and float64 operands whose leading axes are alike, if the
    mask wants no gradient. In other cases, and for gradients of gradients, all scores are in memory.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> x = np.array([[1, 0], [0, 1]])
    >>> npx.scaled_dot_product_attention(x, x, x, is_causal=True).round(3)
    array([[1.  , 0.  ],
           [0.33, 0.67]])
    """
    for name, array in (("query", query), ("key", key), ("value", value)):
        if not isinstance(array, Array | np.ndarray) or array.dtype.kind != "f":
            given = f"{array.dtype}" if isinstance(array, Array | np.ndarray) else f"{array!r:.60}"
            raise TypeError(f"scaled_dot_product_attention: {name} is an array of a float dtype, not {given}")
    if mask is not None and not isinstance(mask, Array | np.ndarray):
        mask = np.asarray(mask)
    shape = _check(query, key, value, mask, dropout)
    scale = 1 / math.sqrt(max(1, query.shape[-1])) if scale is None else float(scale)
    p = dropout if is_training() else 0
    seed = int(generator().integers(2**63)) if p else 0
    scores_of = _Scores(shape, max(query.shape[-1], value.shape[-1]), raw(mask), is_causal, p, seed)
    if _in_parts(query, key, value, mask):
        return _attention(query, key, value, scores_of, scale, {})
    return _plain(query, key, value, mask, is_causal, scale, scores_of.all_kept(query.dtype))


# --- rotary positions -------------------------------------------------------------------------------------------------------------


@operator(x=lambda g, cos, sin, interleaved: _rotated(g, cos, -sin, interleaved))
def _rotated(x, cos, sin, interleaved):
    """The pairs of numbers in the last axis, turned; turning back is the gradient."""
    half = x.shape[-1] // 2
    first, second = (np.s_[..., 0::2], np.s_[..., 1::2]) if interleaved else (np.s_[..., :half], np.s_[..., half:])
    a, b = x[first], x[second]
    result = np.empty_like(x)
    result[first] = a * cos - b * sin
    result[second] = b * cos + a * sin
    return result


def rotary_embedding(data, positions=None, base=10000.0, interleaved=False):
    """Queries or keys, turned by angles that grow with their positions: products of both then depend on distances alone.

    Pair number i of an element at position p turns by the angle p · base^(-2i / width).

    Parameters
    ----------
    data : ndarray, shape (..., length, width)
        The width is even.
    positions : ndarray, optional
        Broadcasts to (..., length); by default 0, 1, 2, … along the length. No gradient reaches it.
    base : float
    interleaved : bool
        Whether neighbours make a pair, (0, 1), (2, 3), …; otherwise the halves do, (0, width/2), (1, width/2 + 1), …

    Returns
    -------
    ndarray
        Of the shape of `data`.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.rotary_embedding(np.array([[1, 0], [1, 0]])).round(3)
    array([[1.   , 0.   ],
           [0.54 , 0.841]])
    """
    if not isinstance(data, Array | np.ndarray) or data.ndim < 2 or data.shape[-1] % 2 or data.dtype.kind != "f":
        given = f"{data.dtype}{list(data.shape)}" if isinstance(data, Array | np.ndarray) else f"{data!r:.60}"
        raise ValueError(f"rotary_embedding: data is an array of a float dtype and shape (..., length, even width), not {given}")
    positions = np.arange(data.shape[-2]) if positions is None else np.asarray(raw(positions))
    try:
        np.broadcast_to(positions, data.shape[:-1])
    except ValueError:
        raise ValueError(f"rotary_embedding: positions broadcast to {data.shape[:-1]}, not shape {positions.shape}") from None
    angles = positions[..., None] * np.float64(base) ** (-np.arange(0, data.shape[-1], 2) / data.shape[-1])
    return _rotated(data, np.cos(angles).astype(data.dtype), np.sin(angles).astype(data.dtype), bool(interleaved))
