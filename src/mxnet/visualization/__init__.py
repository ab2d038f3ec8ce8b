"""`mx.viz`: a network as a table and as a picture. It is run once, on zeros, to find what leads where."""

from .layers import layers_of

__all__ = ["plot_network", "print_summary"]


def print_summary(symbol, shape=None, line_length=120, positions=(0.44, 0.64, 0.74, 1.0), dtype=None):
    """Print a table of the layers: name and type, shape of the result, number of parameters, and the layers before it.

    Parameters
    ----------
    symbol : Block
        The network, with initialised parameters. (MXNet 1 has symbols here.)
    shape : tuple, list or dict
        The shape of its input; of several inputs a list, or a dict by name. An array instead of a shape is the input itself.
    line_length : int
        How wide the table is, in characters.
    positions : sequence of float
        Where its columns end, as shares of the width.
    dtype : dtype or dict, optional
        Of the inputs; by default float32.

    Raises
    ------
    TypeError, ValueError
        If it is no Block, or the shape is missing.

    Examples
    --------
    >>> from mxnet import gluon, visualization
    >>> net = gluon.nn.Sequential()
    >>> net.add(gluon.nn.Dense(8, activation="relu"), gluon.nn.Dense(2))
    >>> net.initialize()
    >>> visualization.print_summary(net, shape=(4, 3), line_length=72)
    Layer (type)                   Output shape   Params  Previous layer
    ========================================================================
    data (input)                   (4, 3)              0
    0 (Dense)                      (4, 8)             32  data
    0.act (Activation)             (4, 8)              0  0
    1 (Dense)                      (4, 2)             18  0.act
    ========================================================================
    Parameters: 50
    """
    layers = layers_of(symbol, shape, dtype)
    ends = [int(line_length * position) for position in positions]
    print(_line(("Layer (type)", "Output shape", "Params", "Previous layer"), ends))
    print("=" * line_length)
    for layer in layers:
        shapes = ", ".join(map(str, layer.shapes))
        names = [source.name for source in layer.sources]
        print(_line((f"{layer.name} ({layer.kind})", shapes, f"{layer.parameters:,}", names[0] if names else ""), ends))
        for name in names[1:]:
            print(_line(("", "", "", name), ends))
    print("=" * line_length)
    print(f"Parameters: {sum(layer.parameters for layer in layers):,}")


def _line(cells, ends):
    """One line: the number is at the right of its column; what is too long for a column pushes the next one."""
    line = ""
    for i, (cell, end) in enumerate(zip(cells, ends, strict=True)):
        if i == 2:
            line = (line + cell.rjust(end - len(line) - 1) + "  ").ljust(end + 1)
        else:
            line = (line + cell + " ").ljust(end)
    return line.rstrip()


# Colours by the kind of a layer: the first row that the name of its class contains a word of.
_COLOURS = (
    ("#d9d9d9", ("input",)),
    ("#fb9a99", ("Conv", "Deconv")),
    ("#fdbf6f", ("Dense", "Embedding")),
    ("#cab2d6", ("Norm",)),
    ("#a6cee3", ("Pool",)),
    ("#ffff99", ("RNN", "LSTM", "GRU", "Cell")),
    ("#b2df8a", ("Activation", "ReLU", "ELU", "GELU", "SELU", "SiLU", "Swish", "relu", "sigmoid", "tanh", "softmax")),
    ("#e0f3db", ("Dropout", "Identity", "Flatten")),
)
_OPERATOR = "#f2f2f2"
_OTHER = "#fddaec"
_PARAMETER = "#ffffff"


def _colour(layer):
    for colour, words in _COLOURS:
        if any(word in layer.kind for word in words):
            return colour
    return _OPERATOR if layer.block is None else _OTHER


def plot_network(symbol, title="plot", save_format="pdf", shape=None, dtype=None, node_attrs=None, hide_weights=True):
    """A picture of the layers and their connections, with the shapes of what flows between them.

    It needs the Python package `graphviz`, and for anything but its source the program Graphviz.

    Parameters
    ----------
    symbol : Block
        The network, with initialised parameters. (MXNet 1 has symbols here.)
    title : str
        Of the graph, and of the file that its `render()` writes.
    save_format : str
        Of that file: 'pdf', 'svg', 'png', …
    shape, dtype
        See `print_summary`.
    node_attrs : dict, optional
        Graphviz attributes of all layers, such as `{"fontsize": "10"}`.
    hide_weights : bool
        Whether parameters are left out, or drawn as nodes of their own.

    Returns
    -------
    graphviz.Digraph
        Notebooks show it; `render()` writes it to a file, and `source` is its text.

    Raises
    ------
    ImportError
        Without the package `graphviz`.

    Examples
    --------
    >>> from mxnet import gluon, visualization
    >>> net = gluon.nn.Dense(2)
    >>> net.initialize()
    >>> picture = visualization.plot_network(net, shape={"data": (4, 3)})  # doctest: +SKIP
    >>> picture.render()  # doctest: +SKIP
    'plot.gv.pdf'
    """
    try:
        from graphviz import Digraph  # on first use, and optional
    except ImportError:
        raise ImportError("plot_network needs the Python package graphviz: pip install graphviz") from None
    layers = layers_of(symbol, shape, dtype)
    common = {"shape": "box", "style": "filled", "fontname": "Helvetica", "fontsize": "11", **(node_attrs or {})}
    picture = Digraph(name=title, format=save_format, node_attr=common, edge_attr={"fontname": "Helvetica", "fontsize": "10"})
    keys = {layer: f"layer{i}" for i, layer in enumerate(layers)}
    weights = {}
    for layer, key in keys.items():
        form = {"shape": "oval"} if layer.block is None else {"tooltip": repr(layer.block)}
        picture.node(key, _label(layer), fillcolor=_colour(layer), **form)
        for source in layer.sources:
            picture.edge(keys[source], key, label=", ".join(map(_times, source.shapes)))
        if hide_weights or layer.block is None:
            continue
        for name, parameter in layer.block.params.items():
            if id(parameter) not in weights:
                weights[id(parameter)] = f"parameter{len(weights)}"
                label = f"{name}\n{_times(parameter.shape)}"
                picture.node(weights[id(parameter)], label, shape="oval", fillcolor=_PARAMETER)
            picture.edge(weights[id(parameter)], key, style="dashed")
    return picture


def _label(layer):
    """The name over the kind; the name alone where it says both."""
    return layer.name if layer.block is None else f"{layer.name}\n{layer.kind}"


def _times(shape):
    return "×".join(map(str, shape)) or "scalar"
