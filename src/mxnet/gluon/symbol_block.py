"""`SymbolBlock`: a network that MXNet exported, computed from its graph file. The file is data: nothing in it is executed."""

import json
import os

import numpy

from .. import numpy as np
from .block import HybridBlock
from .graph import DTYPES, Graph
from .graph_operators import PARAMETERS, parsed
from .parameter import Parameter

__all__ = ["SymbolBlock"]


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
        dtype = numpy.dtype(DTYPES[code] if 0 <= code < len(DTYPES) else "float32")
        return Parameter(
            node.name,
            shape=shape or None,
            dtype=dtype,
            lr_mult=float(said.get("__lr_mult__", 1)),
            wd_mult=float(said.get("__wd_mult__", 1)),
            init=said.get("__init__", statistic or _init_by_name(node.name)),
            allow_deferred_init=True,
            differentiable=statistic is None and dtype.kind == "f",
        )
    except (TypeError, ValueError) as error:
        raise ValueError(f"{source}: variable {node.name!r} has attributes {said!r:.300} that do not fit here ({error})") from None
