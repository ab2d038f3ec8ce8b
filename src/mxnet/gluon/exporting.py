"""`export`: a network as a graph file of MXNet and a file of its parameters, as `HybridBlock.export` writes them.

The forward pass is computed once, while every call of `np` and `npx` is looked at (`core/exchange.py`): `graph_calls` says which
operator of a graph it is. Arrays are told apart by identity. Then the graph and the network are computed from other numbers, and
must agree: what a network computes outside of `np` and `npx`, or decides by values, would be missing in the graph.
"""

import json
import os
import threading
from functools import partial

import numpy

from .. import autograd
from .. import numpy as np
from .. import numpy_extension as npx
from ..core import operator as dispatch
from ..core.exchange import exchange
from ..numpy_extension.published import operators
from .forms import Form, mapped
from .graph import DTYPES, Graph
from .graph_calls import ENTRIES
from .graph_entries import NotInGraphs

__all__ = ["export"]


# Stand-ins for inputs. Some networks refuse fractions, as lengths, or zeros, or ones as indices: what they take is used.
_FILLS = (
    lambda shape: numpy.random.default_rng(0).random(shape),
    numpy.ones,
    numpy.zeros,
)


def _stand_ins(block):
    """Arguments that the network takes, and what it gives for them: two of each if possible."""
    found = []
    for fill in _FILLS:
        arguments = mapped(block._forms, Form, lambda form, fill=fill: np.array(fill(form.shape), dtype=form.dtype))
        try:
            found.append((arguments, _arrays(block(*arguments[0], **arguments[1]))))
        except Exception as error:
            failure = error
        if len(found) == 2:
            return found
    if not found:
        failure.add_note("in export, which tries inputs of the last shapes: numbers from 0 to 1, ones and zeros")
        raise failure
    return found


def _arrays(value):
    """The arrays in arguments or results, in order."""
    if isinstance(value, np.ndarray):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [array for part in parts for array in _arrays(part)]


def export(block, path, epoch):
    """Write the files of a block; see `HybridBlock.export`."""
    where = f"{type(block).__name__}.export"
    with autograd.pause(train_mode=False), numpy.errstate(all="ignore"):  # nobody asked for the logarithm of a stand-in
        stand_ins = _stand_ins(block)
        arguments, _ = stand_ins[0]
        trace = Trace(where, block.collect_params(), _arrays(arguments))
        content, values = trace.content(trace.run(block, arguments))
        graph = Graph(content, where)
        others, expected = stand_ins[-1]
        _check(where, graph, values | dict(zip(trace.inputs, _arrays(others), strict=True)), expected)
    statistics = graph.statistics()
    symbol_file, params_file = f"{os.fspath(path)}-symbol.json", f"{os.fspath(path)}-{epoch:04d}.params"
    kept = {f"{'aux' if name in statistics else 'arg'}:{name}": array for name, array in values.items()}
    npx.save(params_file, kept)
    with open(symbol_file, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
    return symbol_file, params_file


def _check(where, graph, variables, expected):
    """Raise if the graph gives something else than the network."""
    for result, y in zip(graph.compute(variables), expected, strict=True):
        x, y = result.asnumpy(), y.asnumpy()
        tolerance = numpy.finfo(y.dtype).eps ** 0.5 * (1 + abs(y[numpy.isfinite(y)]).max(initial=0)) if y.dtype.kind == "f" else 0
        if x.shape != y.shape or x.dtype != y.dtype or not numpy.allclose(x, y, rtol=0, atol=tolerance, equal_nan=True):
            raise RuntimeError(
                f"{where}: for other inputs of the same shapes the network computes something else than its graph. Its forward "
                "uses values outside of np and npx (asnumpy, item, NumPy's own functions, if x > 0), or writes into arrays"
            )


class Trace:
    """The nodes of a graph, as a forward pass makes them: places are (node, output) by numbers.

    Parameters
    ----------
    where : str
        How messages begin.
    parameters : dict of str to Parameter
    inputs : list of ndarray
    """

    def __init__(self, where, parameters, inputs):
        self._where = where
        self._thread = threading.get_ident()
        self._inside = False  # whether an operator that has its node is running
        self._blocks = []  # those whose forward pass is running
        self._nodes = []
        self._places = {}  # by the identity of an array: its place, or why there is none
        self._alive = []  # the arrays, so that no identity is used again
        self._variables = {}  # by name: the arrays that files keep
        self._parameters = {}
        for name, parameter in parameters.items():
            if parameter._array is not None:
                self._parameters.setdefault(id(parameter.data()), (name, parameter))
        self.inputs = ["data"] if len(inputs) == 1 else [f"data{i}" for i in range(len(inputs))]
        taken = [name for name in self.inputs if name in parameters]
        if taken:
            raise ValueError(
                f"{where}: a parameter is called {taken[0]!r}, as an input of the graph is; name its attribute otherwise"
            )
        for name, array in zip(self.inputs, inputs, strict=True):
            self._set(array, self._variable(name))

    def run(self, block, arguments):
        """The network's outputs, from lists of arguments and keywords; meanwhile calls are noted."""
        undo, handles = [], []

        def follow(part):
            handles.append(part.register_forward_pre_hook(lambda part, args: self._blocks.append(part)))
            handles.append(part.register_forward_hook(lambda part, args, out: self._blocks.pop()))

        block.apply(follow)
        try:
            methods = {f.method: entry for f, entry in ENTRIES.items() if hasattr(f, "method")}
            for function, name in operators().items():
                entry = ENTRIES.get(function) or methods.get(function)
                undo.append(exchange(function, partial(self._call, name, entry)))
            undo.append(exchange(dispatch.write_out, self._write_out))
            return _arrays(block(*arguments[0], **arguments[1]))
        finally:
            for exchanged in reversed(undo):
                exchanged()
            for handle in handles:
                handle.detach()

    def _call(self, name, entry, function, args, kwargs):
        """A call of an operator: computed, and noted if it is not part of another one that has its node."""
        if self._inside or threading.get_ident() != self._thread:
            return function(*args, **kwargs)
        if entry is None:
            result = function(*args, **kwargs)
            self._unknown(name, args, kwargs, result)
            return result
        self._inside = True
        try:
            result = function(*args, **kwargs)
            given = _arrays([args, kwargs])
            if isinstance(result, np.ndarray) and result is not kwargs.get("out") and any(result is x for x in given):
                result = result.detach()  # a dropout that passes its input on: two places need two arrays
            if not _arrays(result):
                return result
            try:
                places = entry(self._add, *args, **{key: value for key, value in kwargs.items() if key != "name"})
            except (NotInGraphs, TypeError, AttributeError) as error:
                if not any(self._is_known(x) for x in given) and not name.startswith("random."):
                    return result  # it depends on no input: a constant
                places = self._reason(name, f" as it is called here: {error}")
        finally:
            self._inside = False
        results = _arrays(result)
        for array, place in zip(results, places if isinstance(places, list) else [places] * len(results), strict=True):
            self._set(array, place)
        return result

    def _unknown(self, name, args, kwargs, result):
        """Note why results of an operator without an entry have no place, unless calls within it gave them one."""
        if name.startswith("random.") or any(self._is_known(x) for x in _arrays([args, kwargs])):
            changed = [args[0]] if name == "setitem" else _arrays(result)
            for array in changed:
                if name == "setitem" or not self._is_known(array):
                    self._set(array, self._reason(name, ""))

    def _write_out(self, function, args, kwargs):
        """`x += y` and `out=`: from now on the array that is written to is the result."""
        written = function(*args, **kwargs)
        if not self._inside and threading.get_ident() == self._thread and isinstance(written, np.ndarray):
            self._set(written, self._place_of(args[2]))
        return written

    def _reason(self, name, detail):
        blocks = " → ".join(self._blocks[-1]._path()) if self._blocks else "the forward pass"
        return NotImplementedError(f"{self._where}: {name}, which {blocks} uses, has no counterpart in a graph{detail}")

    def _is_known(self, array):
        return id(array) in self._places or id(array) in self._parameters

    def _set(self, array, place):
        self._alive.append(array)
        self._places[id(array)] = place

    def _place_of(self, array):
        """The place of an array, or why there is none; what was there before the forward pass is a parameter, or a constant."""
        if isinstance(array, np.ndarray) and id(array) in self._places:
            return self._places[id(array)]
        if id(array) in self._parameters:
            name, parameter = self._parameters[id(array)]
            self._variables[name] = array
            learned = parameter._differentiable
            multipliers = (parameter.lr_mult, parameter.wd_mult) if learned else (0.0, 0.0)
            place = self._variable(name, array, *multipliers)
        elif isinstance(array, np.ndarray | numpy.ndarray):
            name = f"constant{sum(name.startswith('constant') for name in self._variables)}"
            value = np.array(array, dtype=array.dtype)
            self._variables[name] = value
            place = self._variable(name, value, 0.0, 0.0)
        else:
            raise NotInGraphs(f"{array!r:.60} is no array")
        self._set(array, place)
        return place

    def _variable(self, name, array=None, lr_mult=1.0, wd_mult=1.0):
        attributes = {}
        if array is not None:
            if array.dtype.name not in DTYPES:
                raise NotInGraphs(f"graphs have no {array.dtype}")
            attributes = {"__shape__": str(array.shape), "__dtype__": str(DTYPES.index(array.dtype.name))}
            attributes |= {"__lr_mult__": str(float(lr_mult)), "__wd_mult__": str(float(wd_mult))}
        return self._node("null", name, attributes, [])

    def _node(self, operator, name, attributes, inputs, outputs=1):
        self._nodes.append(({"op": operator, "name": name, "attrs": attributes, "inputs": inputs}, outputs))
        return len(self._nodes) - 1, 0

    def _add(self, operator, *inputs, outputs=1, **attributes):
        """What entries make nodes with. A list [n] of outputs asks for a list of places also if n is 1."""
        places = [x if isinstance(x, tuple | NotImplementedError) else self._place_of(x) for x in inputs if x is not None]
        count = outputs[0] if isinstance(outputs, list) else outputs
        reason = next((place for place in places if isinstance(place, NotImplementedError)), None)
        if reason is None:
            said = {key: str(value) for key, value in attributes.items() if value is not None}
            node, _ = self._node(operator, f"node_{len(self._nodes)}", said, places, count)
            found = [(node, i) for i in range(count)]
        else:
            found = [reason] * count
        return found[0] if outputs == 1 else found

    def content(self, outputs):
        """What the graph's file says, and the variables that are no inputs, by name."""
        heads = [self._place_of(array) for array in outputs]
        for head in heads:
            if isinstance(head, NotImplementedError):
                raise head
        if not heads:
            raise ValueError(f"{self._where}: the forward pass gives no array")
        wanted = {node for node, _ in heads}
        for number in range(len(self._nodes) - 1, -1, -1):
            if number in wanted:
                wanted |= {node for node, _ in self._nodes[number][0]["inputs"]}
        numbers = {old: new for new, old in enumerate(sorted(wanted))}
        nodes, rows = [], [0]
        for old in numbers:
            node, count = self._nodes[old]
            nodes.append({**node, "inputs": [[numbers[i], output, 0] for i, output in node["inputs"]]})
            rows.append(rows[-1] + count)
        names = {node["name"] for node in nodes if node["op"] == "null"}
        content = {
            "nodes": nodes,
            "arg_nodes": [number for number, node in enumerate(nodes) if node["op"] == "null"],
            "node_row_ptr": rows,
            "heads": [[numbers[node], output, 0] for node, output in heads],
            "attrs": {"mxnet_version": ["int", 20000]},
        }
        return content, {name: array for name, array in self._variables.items() if name in names}
