"""The table that `Block.summary` prints."""

import math

from .. import autograd
from .. import numpy as np

__all__ = ["summary_of"]


def summary_of(block, inputs):
    """A table of all blocks in `block`, in the order in which they finish: path, type, shape of the result, number of parameters.

    The forward pass is that of prediction. A parameter is counted where it is met first, so that the column adds up.
    """
    rows = [("", "input", _shapes(inputs if len(inputs) != 1 else inputs[0]), None)]
    seen = {}

    def note(one, _, out):
        own = {id(p): p for p in one.params.values() if id(p) not in seen}
        seen.update(own)
        size = sum(math.prod(p.shape) for p in own.values()) if one.params else None
        rows.append((paths.get(id(one), ""), type(one).__name__, _shapes(out), size))

    paths, handles = {}, []
    for path, one in _blocks(block):
        if id(one) not in paths:
            paths[id(one)] = path
            handles.append(one.register_forward_hook(note))
    try:
        with autograd.pause(train_mode=False):
            block(*inputs)
    finally:
        for handle in handles:
            handle.detach()
    trained = sum(math.prod(p.shape) for p in seen.values() if p.grad_req != "null")
    total = sum(math.prod(p.shape) for p in seen.values())
    return _table(rows, [("parameters", total), ("trained", trained), ("not trained", total - trained)])


def _blocks(block, path=""):
    yield path, block
    for name, child in block._children.items():
        yield from _blocks(child, f"{path}.{name}" if path else name)


def _shapes(value):
    if isinstance(value, np.ndarray):
        return str(value.shape)
    if isinstance(value, list | tuple):
        return ", ".join(map(_shapes, value))
    return type(value).__name__


def _table(rows, totals):
    head = ("layer", "type", "output shape", "parameters")
    texts = [(*row[:3], "" if row[3] is None else f"{row[3]:,}") for row in rows]
    numbers = [f"{number:,}" for _, number in totals]
    widths = [max(len(row[i]) for row in [head, *texts]) + 4 for i in range(3)]
    widths[0] = max(widths[0], 13)
    last = max(map(len, [head[3], *[row[3] for row in texts], *numbers]))
    lines = [f"{a:<{widths[0]}}{b:<{widths[1]}}{c:<{widths[2]}}{d:>{last}}".rstrip() for a, b, c, d in [head, *texts]]
    rule = "-" * (sum(widths) + last)
    sums = [f"{label:<{sum(widths)}}{number:>{last}}" for (label, _), number in zip(totals, numbers, strict=True)]
    return "\n".join([lines[0], rule, *lines[1:], rule, *sums])
