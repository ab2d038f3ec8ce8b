"""Graph files: nodes with their inputs, and what they compute. A file is data: nothing in it is executed."""

import inspect
from typing import NamedTuple

from .graph_operators import LABELS, STATISTICS, find_operator, parsed

__all__ = ["DTYPES", "Graph", "Node"]

# By the numbers that files have for them.
DTYPES = ["float32", "float64", "float16", "uint8", "int32", "int8", "int64", "bool", "int16", "uint16", "uint32", "uint64"]


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
