"""The layers of a network and their connections, found by running it once.

The pass is recorded. What leads from one layer to the next is then known from the graph, also where it goes through operators that
belong to no layer, such as the `+` of a residual connection. Hooks tell when a block begins and ends.
"""

import inspect
import math
from collections import Counter

from .. import autograd
from .. import numpy as np
from ..core.tape import Node
from ..gluon import Block

__all__ = ["Layer", "layers_of"]


class Layer:
    """One entry of the table, one node of the picture.

    Attributes
    ----------
    name : str
        The path of the block in the network, the name of an operator with a number, or that of an input.
    kind : str
        The class of the block, the operator, or 'input'.
    shapes : list of tuple
        Of the results.
    parameters : int
        How many numbers are learned or kept here, and nowhere before.
    sources : list of Layer
        Where its operands come from, each once.
    block : Block or None
    """

    def __init__(self, name, kind, shapes, sources=(), block=None):
        self.name = name
        self.kind = kind
        self.shapes = shapes
        self.parameters = 0
        self.sources = list(dict.fromkeys(sources))
        self.block = block


class _Call:
    """A block that is running."""

    def __init__(self, block, sources):
        self.block = block
        self.sources = sources
        self.has_inner = False  # whether it has called other blocks


class _Trace:
    """The layers met so far, in the order in which they finish."""

    def __init__(self, network):
        self.layers = []
        self._names = Counter()
        self._paths = {}
        self._seen = set()  # parameters that were counted
        self._calls = []
        self._producers = {}  # node, or array without a node, by identity -> layer
        self._kept = []  # what is compared by identity has to stay
        self._walk(network, "")

    def _walk(self, block, path):
        self._paths.setdefault(id(block), path or type(block).__name__)
        for name, child in block._children.items():
            self._walk(child, f"{path}.{name}" if path else name)

    def add(self, name, kind, arrays, sources=(), block=None):
        """A new layer, whose results are these arrays."""
        self._names[name] += 1
        if self._names[name] > 1:
            name = f"{name} ({self._names[name]})"
        layer = Layer(name, kind, [array.shape for array in arrays], sources, block)
        if block is not None:
            for parameter in block.params.values():
                if id(parameter) not in self._seen:
                    self._seen.add(id(parameter))
                    layer.parameters += math.prod(parameter.shape)
        self.layers.append(layer)
        self._produced(layer, arrays)
        return layer

    def _produced(self, layer, arrays):
        for array in arrays:
            key = array if array._node is None else array._node
            self._kept.append(key)
            self._producers[id(key)] = layer

    def sources_of(self, arrays):
        """The layers that the arrays come from; operators on the way that belong to no layer become layers."""
        sources = []
        for array in arrays:
            if array._node is None:
                sources.append(self._producers.get(id(array)))
            else:
                self._explain(array._node)
                sources.extend(self._origins(array._node))
        return [source for source in sources if source is not None]

    def _origins(self, node):
        """The layers right before a node whose past is explained: one, but for what is no operation of its own."""
        if id(node) in self._producers:
            return [self._producers[id(node)]]
        return [origin for parent in node.parents if parent is not None for origin in self._origins(parent)]

    def _explain(self, node):
        """Make layers of the operators between a node and the layers that are known."""
        unknown, todo = [], [node]
        seen = set()
        while todo:
            node = todo.pop()
            if node is None or node.operator is None or id(node) in self._producers or id(node) in seen:
                continue  # known, or a parameter
            seen.add(id(node))
            unknown.append(node)
            todo.extend(node.parents)
        unknown.sort(key=lambda node: node.time)
        block = self._calls[-1].block if self._calls else None
        if unknown and block is not None and block.params:  # what a block with parameters computes is one layer
            sources = [origin for node in unknown for origin in self._outside(node, seen)]
            layer = self.add(self._paths.get(id(block), type(block).__name__), type(block).__name__, [], sources, block)
            layer.shapes = _shapes(unknown[-1])
            self._adopt(layer, unknown)
            return
        for node in unknown:
            if type(node.parents[0]) is Node and type(node.parents[0].shape) is list:
                continue  # one of several results
            number = self._names[node.operator.name]
            self._names[node.operator.name] += 1
            origins = [origin for parent in node.parents if parent is not None for origin in self._origins(parent)]
            layer = Layer(f"{node.operator.name}{number}", node.operator.name, _shapes(node), origins)
            self.layers.append(layer)
            self._adopt(layer, [node])

    def _outside(self, node, inside):
        return [origin for p in node.parents if p is not None and id(p) not in inside for origin in self._origins(p)]

    def _adopt(self, layer, nodes):
        for node in nodes:
            self._kept.append(node)
            self._producers[id(node)] = layer

    def begin(self, block, inputs):
        """A block is called: a hook."""
        sources = self.sources_of(_arrays(inputs))
        if self._calls:
            self._calls[-1].has_inner = True
        self._calls.append(_Call(block, sources))

    def end(self, block, inputs, outputs):
        """A block returns: a hook."""
        call = self._calls[-1]
        arrays = _arrays(outputs)
        if call.has_inner:
            self.sources_of(arrays)
            self._calls.pop()
            return
        self._calls.pop()
        name = self._paths.get(id(block), type(block).__name__)
        self.add(name, type(block).__name__, arrays, call.sources, block)


def layers_of(network, shape, dtype=None):
    """The layers of a network.

    Parameters
    ----------
    network : Block
        Its parameters are initialised.
    shape : tuple, list or dict
        The shape of its input; with several inputs a list, or a dict by name. An array, instead of a shape, is the input itself.
    dtype : dtype or dict, optional
        Of the inputs; by default float32.

    Returns
    -------
    list of Layer
        Every layer comes after its sources.
    """
    if not isinstance(network, Block):
        raise TypeError(f"a network is a gluon Block here, not {type(network).__name__}: there are no symbols")
    inputs = _inputs(network, shape, dtype)
    trace = _Trace(network)
    handles = []
    for block in _blocks(network):
        handles.append(block.register_forward_pre_hook(trace.begin))
        handles.append(block.register_forward_hook(trace.end))
    try:
        for name, array in inputs.items():
            if array.dtype.kind in "fc":
                array.attach_grad()
            trace.add(name, "input", [array])
        with autograd.record(train_mode=False):
            outputs = network(*inputs.values())
        trace.sources_of(_arrays(outputs))
    finally:
        for handle in handles:
            handle.detach()
    return trace.layers


def _blocks(network):
    found = {}
    network.apply(lambda block: found.setdefault(id(block), block))
    return found.values()


def _inputs(network, shape, dtype):
    """Name to array, in the order of the network's arguments."""
    if shape is None:
        raise ValueError("shape is missing: the shape of the network's input, such as (1, 3, 224, 224), or a dict of them by name")
    if isinstance(shape, np.ndarray) or (isinstance(shape, tuple) and all(isinstance(n, int) for n in shape)):
        shape = {"data": shape}
    elif not isinstance(shape, dict):
        shape = {f"data{i}": one for i, one in enumerate(shape)}
    known = [name for name in inspect.signature(network.forward).parameters if name in shape]
    if len(known) == len(shape):
        shape = {name: shape[name] for name in known}
    dtypes = dtype if isinstance(dtype, dict) else dict.fromkeys(shape, dtype)
    return {
        name: np.array(one, dtype=one.dtype) if isinstance(one, np.ndarray) else np.zeros(one, dtype=dtypes.get(name) or "float32")
        for name, one in shape.items()
    }


def _shapes(node):
    return list(node.shape) if type(node.shape) is list else [node.shape]


def _arrays(value):
    """The arrays in nested tuples, lists and dicts."""
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list | tuple):
        return []
    return [array for part in value for array in _arrays(part)]
