"""`SymbolBlock`: a network that MXNet exported, computed from its graph file. The file is data: nothing in it is executed."""

import inspect
import json
import os
from typing import NamedTuple

import numpy

from .. import numpy as np
from .block import HybridBlock
from .graph_operators import LABELS, PARAMETERS, STATISTICS, find_operator, parsed
from .parameter import Parameter

__all__ = ["SymbolBlock"]

_DTYPES = ["float32", "float64", "float16", "uint8", "int32", "int8", "int64", "bool", "int16", "uint16", "uint32", "uint64"]


class Node(NamedTuple):
    """A variable, whose operator is 'null', or the result of an operator: its inputs are (node, output) by numbers."""

    operator: str
    name: str
    attributes: dict
    inputs: list


class Graph:
    """What a file `-symbol.json` says: nodes, each after its inputs, and which outputs of them are the network's.

    Parameters
    ----------
    content : dict
        As `json.load` reads it.
    source : str
        What messages call it.
    """

    def __init__(self, content, source):
        self.nodes = []
        try:
            for number, entry in enumerate(content["nodes"]):
                # "attr" and "param" are what older versions wrote.
                attributes = entry.get("param", {}) | entry.get("attr", {}) | entry.get("attrs", {})
                inputs = [_place(place, number) for place in entry["inputs"]]
                self.nodes.append(Node(_text(entry["op"]), _text(entry["name"]), attributes, inputs))
            self.heads = [_place(head, len(self.nodes)) for head in content["heads"]]
            if not self.heads:
                raise ValueError("it has no heads")
        except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
            raise ValueError(
                f"{source}: no graph of MXNet, with nodes and heads (node {len(self.nodes)}: {type(error).__name__} {error})"
            ) from None
        self.nodes = [node if node.operator == "null" else _checked(node, source) for node in self.nodes]
        self._wanted = {head for head, _ in self.heads}  # the nodes that the heads depend on: labels of losses are left out
        for number in range(len(self.nodes) - 1, -1, -1):
            if number in self._wanted:
                node = self.nodes[number]
                self._wanted |= {place[0] for i, place in enumerate(node.inputs) if i != LABELS.get(node.operator)}
        # After which node the value of another one is of no more use.
        last = {place[0]: number for number, node in enumerate(self.nodes) for place in node.inputs}
        self._spent = {}
        for number, user in last.items():
            if not any(number == head for head, _ in self.heads):
                self._spent.setdefault(user, []).append(number)

    def variables(self):
        """Name to node of the variables that the heads depend on."""
        return {node.name: node for number, node in enumerate(self.nodes) if number in self._wanted and node.operator == "null"}

    def labels(self):
        """The names of variables that losses compare with."""
        places = [node.inputs[LABELS[node.operator]][0] for node in self.nodes if len(node.inputs) > LABELS.get(node.operator, 99)]
        return {self.nodes[place].name for place in places if self.nodes[place].operator == "null"}

    def statistics(self):
        """The names of variables that operators move, and gradients do not: a dictionary with their first values."""
        found = {}
        for node in self.nodes:
            for place, init in zip(STATISTICS.get(node.operator, ()), ("zeros", "ones"), strict=False):
                if place < len(node.inputs):
                    found[self.nodes[node.inputs[place][0]].name] = init
        return found

    def compute(self, variables, before=None):
        """The values of the heads, from those of the variables.

        Parameters
        ----------
        variables : dict of str to ndarray
        before : callable, optional
            Called for every node that is no variable, with the shape of its first input, before its inputs are looked at.
        """
        values = {}

        def value(place):
            node = self.nodes[place[0]]
            if node.operator == "null":
                return variables.get(node.name)
            return values[place[0]][place[1]] if place[0] in self._wanted else None

        for number, node in enumerate(self.nodes):
            if node.operator == "null" or number not in self._wanted:
                continue
            try:
                if before is not None and node.inputs:
                    before(node, value(node.inputs[0]).shape)
                result = find_operator(node.operator)(*map(value, node.inputs), **node.attributes)
            except Exception as error:
                error.add_note(f"at node {node.name!r} of the graph, which is {node.operator}")
                raise
            values[number] = result if isinstance(result, list | tuple) else [result]
            for spent in self._spent.get(number, ()):
                values.pop(spent, None)
        return [value(head) for head in self.heads]


def _text(value):
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.100} is no text")
    return value


def _place(value, before):
    """(node, output) of a node's input, which comes before that node."""
    number, output = value[:2]
    if not (type(number) is type(output) is int and 0 <= number < before and output >= 0):
        raise ValueError(f"{value!r:.100} is no output of a node before it")
    return number, output


def _checked(node, source):
    """The node with its attributes as Python has them, if its operator and all of them are known."""
    function = find_operator(node.operator)
    if function is None:
        raise ValueError(f"{source}: node {node.name!r} is an operator {node.operator!r}, which is not known here")
    try:
        attributes = parsed(node.attributes)
        inspect.signature(function).bind(*node.inputs, **attributes)
    except (TypeError, AttributeError) as error:
        raise ValueError(
            f"{source}: node {node.name!r}, {node.operator} of {len(node.inputs)} inputs, has attributes that do not fit here "
            f"({error}): {node.attributes!r:.300}"
        ) from None
    return node._replace(attributes=attributes)


class SymbolBlock(HybridBlock):
    """A network whose computation is a graph that MXNet exported; `SymbolBlock.imports` reads one.

    It is trained and saved like any other. Running means and variances have no gradient.

    Parameters
    ----------
    outputs : dict
        The content of a file `-symbol.json`, as `json.load` reads it.
    inputs : str or list of str
        The names of the variables that are inputs; all others are parameters, and labels of losses, which are not needed.
    params : dict of str to Parameter, optional
        Parameters by the names of their variables, to be shared with another block.

    Examples
    --------
    >>> from mxnet import gluon, np
    >>> double = {"op": "_npi_multiply_scalar", "name": "y", "attrs": {"scalar": "2.0"}, "inputs": [[0, 0, 0]]}
    >>> graph = {"nodes": [{"op": "null", "name": "x", "inputs": []}, double], "heads": [[1, 0, 0]]}
    >>> gluon.SymbolBlock(graph, "x")(np.array([1.0, 2.0]))
    array([2., 4.])
    """

    def __init__(self, outputs, inputs, params=None):
        super().__init__(params=params)
        self._build(outputs, inputs, "SymbolBlock")

    def _build(self, content, inputs, source):
        graph = Graph(content, source)
        self._graph = graph
        self._inputs = [inputs] if isinstance(inputs, str) else list(inputs)
        variables = graph.variables()
        labels = graph.labels()
        unknown = [name for name in self._inputs if name not in variables and name not in labels]
        if unknown:
            raise ValueError(
                f"{source}: the graph has no input {unknown[0]!r}; its variables are {', '.join(map(repr, variables))}"
            )
        statistics = graph.statistics()
        for name, node in variables.items():
            if name not in self._inputs:
                # It becomes no attribute: a name in a file may be that of a method.
                self._registered(name, _parameter(node, statistics.get(name), source))

    @staticmethod
    def imports(symbol_file, input_names, param_file=None, device=None, allow_missing=False, ignore_extra=False, ctx=None):
        """The network of a graph file, and of a file of its parameters.

        Parameters
        ----------
        symbol_file : str or path
            `model-symbol.json`, of MXNet 1 or 2.
        input_names : str or list of str
            Which variables are inputs, in the order in which the block takes them. The labels of MXNet 1's losses may be left out.
        param_file : str or path, optional
            `model-0000.params`, or another file that `npx.load` reads. Without it the parameters wait for `initialize`.
        device, ctx : Device or list of Device, optional
        allow_missing, ignore_extra : bool
            Whether the file may lack parameters, or have more.

        Returns
        -------
        SymbolBlock
            Its parameters have the dtypes of the file. It returns an array, or a list if the graph has several outputs.

        Raises
        ------
        OSError
            If there is no such file.
        ValueError
            If a file is damaged; if the graph has an operator, or an attribute, that is not known here, or has no such input.
        AssertionError
            If the file of parameters lacks some.

        Examples
        --------
        >>> from mxnet import gluon
        >>> net = gluon.SymbolBlock.imports("model-symbol.json", ["data"], "model-0000.params")  # doctest: +SKIP
        """
        source = f"imports: {os.fspath(symbol_file)!r}"
        with open(symbol_file, encoding="utf-8") as file:
            try:
                content = json.load(file)
            except (ValueError, RecursionError) as error:
                raise ValueError(f"{source} is no JSON ({error})") from None
        block = SymbolBlock.__new__(SymbolBlock)
        HybridBlock.__init__(block)
        block._build(content, input_names, source)
        if param_file is not None:
            block.load_parameters(param_file, device or ctx, allow_missing, ignore_extra, cast_dtype=True, dtype_source="saved")
        return block

    def forward(self, x, *args):
        """The values of the graph's outputs."""
        variables = {name: parameter.data() for name, parameter in self._reg_params.items()}
        outputs = self._graph.compute(variables | self._named((x, *args)))
        return outputs[0] if len(outputs) == 1 else outputs

    def _named(self, args):
        if len(args) != len(self._inputs):
            raise ValueError(f"SymbolBlock: this graph takes {len(self._inputs)} inputs, {self._inputs}, and {len(args)} came")
        for name, x in zip(self._inputs, args, strict=True):
            if not isinstance(x, np.ndarray):
                raise ValueError(f"SymbolBlock: input {name!r} is an ndarray, not {type(x).__name__}")
        return dict(zip(self._inputs, args, strict=True))

    def infer_shape(self, *args):
        """Set the shapes of parameters that are not known, by computing once with stand-ins."""
        variables = self._named(args)
        variables |= {name: _stand_in(parameter) for name, parameter in self._reg_params.items() if parameter._is_known()}

        def complete(node, shape):
            names = [self._graph.nodes[place].name for place, _ in node.inputs[1:]]
            if not any(name in self._reg_params and name not in variables for name in names):
                return
            if node.operator not in PARAMETERS:
                raise ValueError(
                    f"the shapes of {', '.join(names)} do not follow from the input; load parameters, or set their shapes"
                )
            for name, size in zip(names, PARAMETERS[node.operator](shape, **node.attributes), strict=False):
                if name in self._reg_params and name not in variables:
                    self._reg_params[name].shape = size
                    variables[name] = _stand_in(self._reg_params[name])

        self._graph.compute(variables, complete)


def _stand_in(parameter):
    return np.zeros(parameter.shape, dtype=parameter.dtype)


def _init_by_name(name):
    """The initialiser of a variable of MXNet 1, whose layers went by the ends of names."""
    ends = {"bias": "zeros", "beta": "zeros", "gamma": "ones"}
    return next((init for end, init in ends.items() if name.endswith(end)), None)


def _parameter(node, statistic, source):
    """The parameter that a variable stands for, by what the file says of it."""
    said = node.attributes
    try:
        shape = parsed({"shape": said["__shape__"]})["shape"] if "__shape__" in said else None
        code = int(said.get("__dtype__", 0))
        return Parameter(
            node.name,
            shape=shape or None,
            dtype=numpy.dtype(_DTYPES[code] if 0 <= code < len(_DTYPES) else "float32"),
            lr_mult=float(said.get("__lr_mult__", 1)),
            wd_mult=float(said.get("__wd_mult__", 1)),
            init=said.get("__init__", statistic or _init_by_name(node.name)),
            allow_deferred_init=True,
            differentiable=statistic is None,
        )
    except (TypeError, ValueError) as error:
        raise ValueError(f"{source}: variable {node.name!r} has attributes {said!r:.300} that do not fit here ({error})") from None
