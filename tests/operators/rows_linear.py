"""Linear layers and embeddings; the references are spelled out in NumPy."""

import numpy

from .table import REAL, Row, indices

FLOATS = ("float16", "float32", "float64")


def fully_connected(x, weight, bias=None, num_hidden=None, no_bias=True, flatten=True):
    rows = flattened(x) if flatten else x
    return rows @ weight.T + (0 if no_bias else bias)


def flattened(x):
    return x.reshape(len(x), numpy.prod(x.shape[1:], dtype=int))


def batch_dot(a, b, transpose_a=False, transpose_b=False):
    if a.ndim < 3 or a.shape[:-2] != b.shape[:-2]:
        raise ValueError
    return (a.swapaxes(-1, -2) if transpose_a else a) @ (b.swapaxes(-1, -2) if transpose_b else b)


FULL = [((2, 3), (4, 3)), ((2, 3, 2), (4, 6)), ((2, 3, 2), (1, 2)), ((0, 3), (4, 3))]
BIASED = [((2, 3), (4, 3), (4,)), ((2, 3, 2), (4, 6), (4,)), ((2, 3, 2), (1, 2), (1,)), ((3,), (4, 3), (4,))]
STACKS = [((2, 3, 4), (2, 4, 2)), ((2, 4, 3), (2, 4, 2)), ((2, 3, 4), (2, 2, 4)), ((2, 4, 3), (2, 2, 4)), ((3, 4), (4, 2))]
TURNS = [{}, {"transpose_a": True}, {"transpose_b": True}, {"transpose_a": True, "transpose_b": True}]

ROWS = [
    Row("npx.fully_connected", (REAL, REAL), FULL, [{}, {"flatten": False}], reference=fully_connected, dtypes=FLOATS),
    Row("npx.fully_connected", (REAL, REAL, REAL), BIASED, [{"no_bias": False}, {"no_bias": False, "flatten": False}],
        reference=fully_connected, dtypes=FLOATS),
    Row("npx.batch_dot", (REAL, REAL), STACKS, TURNS, reference=batch_dot, dtypes=FLOATS),
    Row("npx.batch_flatten", shapes=[(2, 3, 4), (3,), (2, 0)], reference=flattened),
    Row("npx.embedding", (indices(-2, 5), REAL), [((2, 3), (4, 2)), ((), (4, 2)), ((0,), (4, 2))],
        reference=lambda data, weight: weight[data.clip(0, len(weight) - 1)], dtypes=FLOATS),
]  # fmt: skip
