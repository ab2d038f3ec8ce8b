"""A recorded graph as something to list and to print."""

from .tape import graph_of

__all__ = ["Symbol"]


class Symbol:
    """The computation that led to one array, from its variables on.

    A snapshot of names, shapes and dtypes: it keeps no array alive.
    """

    def __init__(self, head):
        names = {}
        counts = {}
        self._arguments = []
        self._lines = []
        for node in graph_of([head]):
            kind = "var" if node.operator is None else node.operator.name
            name = names[node] = f"{kind}{counts.get(kind, 0)}"
            counts[kind] = counts.get(kind, 0) + 1
            form = f"{node.dtype}{list(node.shape)}"
            if node.operator is None:
                self._arguments.append(name)
                self._lines.append(f"{name}: variable, {form}")
            else:
                parents = ", ".join(names[parent] for parent in node.parents if parent is not None)
                self._lines.append(f"{name} = {kind}({parents}), {form}")
        self._output = names[head]

    def list_arguments(self):
        """The names of the variables, in the order in which they were attached."""
        return list(self._arguments)

    def list_outputs(self):
        """The name of the result."""
        return [self._output]

    def __str__(self):
        return "\n".join(self._lines)

    def __repr__(self):
        return f"<Symbol {self._output} of {len(self._lines)} nodes, arguments {self._arguments}>"
