"""Attention; the references are spelled out in NumPy."""

import math

import numpy

from .table import BOOLEAN, REAL, UNIT, Domain, Row, indices

FLOATS = ("float32", "float64")


def attention(query, key, value, mask=None, is_causal=False, scale=None):
    scores = query @ key.swapaxes(-1, -2) * (1 / math.sqrt(query.shape[-1]) if scale is None else scale)
    if mask is not None:
        scores = numpy.where(mask, scores, -numpy.inf) if mask.dtype == bool else scores + mask
    if is_causal:
        scores = numpy.where(numpy.tri(*scores.shape[-2:], dtype=bool), scores, -numpy.inf)
    top = scores.max(axis=-1, keepdims=True)
    weights = numpy.exp(scores - numpy.where(numpy.isfinite(top), top, 0))
    total = weights.sum(axis=-1, keepdims=True)
    return weights / numpy.where(total == 0, 1, total) @ value


def rotary(x, positions=None, base=10000.0, interleaved=False):
    positions = numpy.arange(x.shape[-2]) if positions is None else positions
    half = x.shape[-1] // 2
    angles = numpy.exp(1j * positions[..., None] * base ** (-numpy.arange(half) / half))
    if interleaved:
        turned = (x[..., ::2] + 1j * x[..., 1::2]) * angles
        return numpy.stack([turned.real, turned.imag], -1).reshape(x.shape)
    turned = (x[..., :half] + 1j * x[..., half:]) * angles
    return numpy.concatenate([turned.real, turned.imag], -1)


def parts(x, heads, count):
    """Queries, keys, … as stacks of matrices: (batch · heads, length, width)."""
    length, batch, _ = x.shape
    cut = x.reshape(length, batch, heads, count, -1).transpose(3, 1, 2, 0, 4)
    return cut.reshape(count, batch * heads, length, -1)


def scores(q, k):
    return q @ k.swapaxes(1, 2) / math.sqrt(q.shape[-1])


def mixed(attention, v, heads):
    result = attention @ v
    return result.reshape(-1, heads, *result.shape[1:]).transpose(2, 0, 1, 3).reshape(result.shape[1], len(result) // heads, -1)


def pairs(length, dilation, w, symmetric):
    """Who is whose neighbour: position, head, number of the neighbour and its position."""
    for i in range(length):
        for h, step in enumerate(dilation):
            for j in range(2 * w + 1 if symmetric else w + 1):
                neighbour = i + (j - w) * int(step)
                if 0 <= neighbour < length:
                    yield i, h, j, neighbour


def window_score(query, key, dilation, w, symmetric):
    result = numpy.zeros((*query.shape[:3], 2 * w + 1 if symmetric else w + 1))
    for i, h, j, neighbour in pairs(query.shape[1], dilation, w, symmetric):
        result[:, i, h, j] = (query[:, i, h] * key[:, neighbour, h]).sum(-1)
    return result


def window_context(score, value, dilation, w, symmetric):
    if score.shape[-1] != (2 * w + 1 if symmetric else w + 1):
        raise ValueError
    result = numpy.zeros(value.shape)
    for i, h, j, neighbour in pairs(value.shape[1], dilation, w, symmetric):
        result[:, i, h] += score[:, i, h, j, None] * value[:, neighbour, h]
    return result


def window_mask(score, dilation, lengths, w, symmetric):
    result = numpy.zeros(score.shape)
    for i, h, j, neighbour in pairs(score.shape[1], dilation, w, symmetric):
        result[:, i, h, j] = max(i, neighbour) < lengths
    return result


Q, K, V = (2, 3, 4), (2, 5, 4), (2, 5, 3)
ATTENDING = [(Q, K, V), ((3, 2), (2, 2), (2, 2)), ((2, 1, 3, 2), (1, 3, 2), (1, 3, 1))]
MASKED = [(Q, K, V, (3, 5)), (Q, K, V, (2, 1, 5))]
NEAR = [((2, 4, 2, 3), (2, 4, 2, 3), (2,))]
WINDOWS = [{"w": 1, "symmetric": True}, {"w": 2, "symmetric": False}]
STEPS = indices(1, 2)
TURNS = [{}, {"interleaved": True}, {"base": 100.0}]
POSITION = Domain(0, 9, dtype="int64")

ROWS = [
    Row("npx.scaled_dot_product_attention", (UNIT, UNIT, REAL), ATTENDING, [{}, {"is_causal": True}, {"scale": 0.7}],
        reference=attention, dtypes=("float16", *FLOATS)),
    Row("npx.scaled_dot_product_attention", (UNIT, UNIT, REAL, BOOLEAN), MASKED, [{}, {"is_causal": True}],
        reference=attention, dtypes=FLOATS),
    Row("npx.scaled_dot_product_attention", (UNIT, UNIT, REAL, REAL), MASKED,
        reference=attention, dtypes=FLOATS),
    Row("npx.rotary_embedding", shapes=[(2, 3, 4), (3, 2), (0, 2)], attributes=TURNS, reference=rotary, dtypes=FLOATS),
    Row("npx.rotary_embedding", (REAL, POSITION), [((2, 3, 4), (3,)), ((2, 3, 4), (2, 1))], reference=rotary, dtypes=FLOATS),
    Row("npx.interleaved_matmul_selfatt_qk", shapes=[(3, 2, 12)], attributes=[{"heads": 2}], dtypes=FLOATS,
        reference=lambda x, heads: scores(*parts(x, heads, 3)[:2])),
    Row("npx.interleaved_matmul_selfatt_valatt", (REAL, REAL), [((3, 2, 12), (4, 3, 3))], [{"heads": 2}], dtypes=FLOATS,
        reference=lambda x, a, heads: mixed(a, parts(x, heads, 3)[2], heads)),
    Row("npx.interleaved_matmul_encdec_qk", (REAL, REAL), [((3, 2, 4), (5, 2, 8))], [{"heads": 2}], dtypes=FLOATS,
        reference=lambda q, x, heads: scores(parts(q, heads, 1)[0], parts(x, heads, 2)[0])),
    Row("npx.interleaved_matmul_encdec_valatt", (REAL, REAL), [((5, 2, 8), (4, 3, 5))], [{"heads": 2}], dtypes=FLOATS,
        reference=lambda x, a, heads: mixed(a, parts(x, heads, 2)[1], heads)),
    Row("npx.sldwin_atten_score", (REAL, REAL, STEPS), NEAR, WINDOWS, reference=window_score, dtypes=FLOATS),
    Row("npx.sldwin_atten_context", (REAL, REAL, STEPS), NEAR, WINDOWS, reference=window_context, dtypes=FLOATS),
    Row("npx.sldwin_atten_mask_like", (REAL, STEPS, indices(0, 4)), [((1, 4, 2, 3), (2,), (1,))], WINDOWS, order=0,
        reference=window_mask, dtypes=FLOATS),
]  # fmt: skip
