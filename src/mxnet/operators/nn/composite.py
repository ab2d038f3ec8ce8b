"""Derivatives of any order for an operator whose fast gradient is of first order only.

The operator's meaning is a plain function, composed of operators of the table; its forward and its joint rule are kernels on raw
arrays. Where the gradient itself is to be recorded, the rule asks for that of the plain function:

    def _rule(g, x, w, out, wanted):
        if recorded(g, x, w):
            return gradients_of(plain, (x, w), g, wanted)
        ...                                             # the kernel
"""

from ...core.array import Array, raw
from ...core.operator import wrap
from ...core.state import Scope, is_training
from ...core.tape import Node, Step, backpropagate

__all__ = []


def recorded(*values):
    """Whether a rule is to record itself: one of its values, or one in a list of them, is an Array."""
    return any(isinstance(value, Array) or (type(value) is list and recorded(*value)) for value in values)


class _Entry(Step):
    """Between an operand and what a gradient is computed from: where the walk through the plain function ends."""

    name = "an operand"

    def vjp(self, g, values, node):
        return (g,)


_entry = _Entry()


def gradients_of(plain, operands, g, wanted):
    """The cotangents of `operands` in `plain(*operands)`, recorded, given the cotangent `g` of the result.

    Parameters
    ----------
    plain : callable
        Takes the operands and returns an array or a tuple of arrays, by differentiable operators.
    operands : tuple
        Arrays, raw arrays and None.
    g : array or list of arrays
        A list for several results.
    wanted : tuple of bool
        Which operands want a gradient.

    Returns
    -------
    tuple
        None where no gradient is wanted, or none flows.
    """
    entries, arrays = [], []
    for operand, want in zip(operands, wanted, strict=True):
        data = raw(operand)
        # Without parents, so that the walk stops here; they are put in their place once it is over.
        entries.append(Node(_entry, (), (), data.shape, data.dtype) if want else None)
        arrays.append(wrap(data, entries[-1]) if want else operand)
    with Scope(recording=True):
        results = plain(*arrays)
    heads = [
        (r._node, c) for r, c in zip(_as_list(results), _as_list(g), strict=True) if isinstance(r, Array) and r._node is not None
    ]
    variables = [entry for entry in entries if entry is not None]
    found = backpropagate(
        [node for node, _ in heads],
        [c if isinstance(c, Array) else wrap(c) for _, c in heads],
        variables=variables,
        retain_graph=True,
        create_graph=True,
        train_mode=is_training(),
    )
    for entry, operand in zip(entries, operands, strict=True):
        if entry is not None and isinstance(operand, Array):
            entry.parents = (operand._node,)
    return tuple(None if entry is None else found[entry] for entry in entries)


def _as_list(value):
    return list(value) if isinstance(value, tuple | list) else [value]
