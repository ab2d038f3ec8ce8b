"""Steps of simple recurrent networks, LSTM and GRU, and the cells in which inputs and states are vectors.

The classes named `…Step` hold the formulas: with a = W x + b for the input x, and r = R h + b' for the state h, cut into as many
parts as there are gates. `conv_rnn_cell` has the cells in which W and R are convolutions.
"""

from ... import numpy as np
from ... import numpy_extension as npx
from ..nn.arguments import whole
from ..parameter import Parameter
from .recurrent_cell import HybridRecurrentCell

__all__ = ["GRUCell", "GRUStep", "GatedCell", "LSTMCell", "LSTMPCell", "LSTMStep", "RNNCell", "RNNStep", "gate_initializers"]


class GatedCell(HybridRecurrentCell):
    """Weights and biases of the gates, activations, and states: what cells of all kinds share.

    `shapes` and `initializers` are those of the parameters, and `state_shapes` those of the states of one sequence. A subclass
    computes a and r in `_products`.
    """

    _axis = -1  # along which the gates lie side by side
    _layout = "NC"

    def __init__(self, shapes, initializers, state_shapes, activation, recurrent_activation, prefix, params):
        super().__init__(prefix, params)
        for name, shape in shapes.items():
            setattr(self, name, Parameter(name, shape=shape, init=initializers[name], allow_deferred_init=True))
        self._state_shapes = state_shapes
        self._activation = _known(type(self).__name__, "activation", activation)
        self._recurrent_activation = _known(type(self).__name__, "recurrent_activation", recurrent_activation)

    def state_info(self, batch_size=0):
        """What the states are; see `RecurrentCell.state_info`."""
        return [{"shape": (batch_size, *shape), "__layout__": self._layout} for shape in self._state_shapes]

    def _check_states(self, inputs, states):
        expected = [(len(inputs), *shape) for shape in self._state_shapes]
        given = [getattr(state, "shape", None) for state in states] if isinstance(states, list | tuple) else None
        if given != expected:
            given = f"one array of shape {states.shape}" if isinstance(states, np.ndarray) else given or f"{states!r:.60}"
            raise ValueError(
                f"{type(self).__name__}: states is a list of {_shapes(expected)}, as begin_state(batch_size={len(inputs)}) gives, "
                f"not {_shapes(given) if isinstance(given, list) else given}"
            )

    def _split(self, gates, count):
        return np.split(gates, count, axis=self._axis)

    def _act(self, x):
        return _activated(x, self._activation)

    def _recurrent_act(self, x):
        return _activated(x, self._recurrent_activation)


def _shapes(shapes):
    return f"{len(shapes)} array{'s' * (len(shapes) != 1)} of shape {', '.join(map(str, shapes))}"


def _known(name, word, activation):
    if isinstance(activation, str):
        npx.activation(np.zeros(0), activation)  # refuses what it does not know
    elif not callable(activation):
        raise TypeError(f"{name}: {word} is a name such as 'tanh', or a function of arrays, not {activation!r:.60}")
    return activation


def _activated(x, activation):
    return npx.activation(x, activation) if isinstance(activation, str) else activation(x)


class RNNStep:
    """h' = φ(a + r)."""

    GATES = 1
    STATES = 1

    def forward(self, inputs, states):
        """The output and the states after a step."""
        a, r = self._products(inputs, states)
        h = self._act(a + r)
        return h, [h]


class LSTMStep:
    """i, f, g, o are σ, σ, φ, σ of a + r; c' = f c + i g; h' = o φ(c')."""

    GATES = 4
    STATES = 2

    def forward(self, inputs, states):
        """The output and the states after a step."""
        a, r = self._products(inputs, states)
        i, f, g, o = self._split(a + r, 4)
        c = self._recurrent_act(f) * states[1] + self._recurrent_act(i) * self._act(g)
        h = self._recurrent_act(o) * self._act(c)
        return h, [h, c]


class GRUStep:
    """r = σ(a₁ + r₁), z = σ(a₂ + r₂), n = φ(a₃ + r r₃), h' = (1 - z) n + z h."""

    GATES = 3
    STATES = 1

    def forward(self, inputs, states):
        """The output and the states after a step."""
        a, r = self._products(inputs, states)
        (a_r, a_z, a_n), (r_r, r_z, r_n) = self._split(a, 3), self._split(r, 3)
        z = self._recurrent_act(a_z + r_z)
        n = self._act(a_n + self._recurrent_act(a_r + r_r) * r_n)
        h = n + z * (states[0] - n)
        return h, [h]


class _DenseCell(GatedCell):
    """Inputs and states are vectors; `output_size` is the length of the state h."""

    def __init__(self, hidden_size, output_size, input_size, initializers, activations, prefix, params):
        name = type(self).__name__
        size, width = whole(name, "hidden_size", hidden_size), whole(name, "input_size", input_size, least=0)
        rows = self.GATES * size
        shapes = {"i2h_weight": (rows, width or -1), "h2h_weight": (rows, output_size)}
        if "h2r_weight" in initializers:
            shapes["h2r_weight"] = (output_size, size)
        shapes |= {"i2h_bias": (rows,), "h2h_bias": (rows,)}
        states = [(output_size,), (size,)][: self.STATES]
        super().__init__(shapes, initializers, states, *activations, prefix, params)

    def infer_shape(self, i, x, is_bidirect=False):
        """Set the width of the inputs.

        Parameters
        ----------
        i : int or ndarray
            The number of the layer in a stack of equal ones: all but layer 0 get the outputs of the one below. Or the inputs, as
            before the first step, and states as `x`.
        x : ndarray
            The inputs of the stack.
        is_bidirect : bool
            Whether there is a cell for each direction, so that the outputs have twice the size.
        """
        if isinstance(i, np.ndarray) or i == 0:
            width = self._width(i if isinstance(i, np.ndarray) else x)
        else:
            width = self._state_shapes[0][0] * (2 if is_bidirect else 1)
        self.i2h_weight.shape = (self.i2h_weight.shape[0], width)

    def _width(self, inputs):
        if inputs.ndim != 2:
            raise ValueError(f"{type(self).__name__} takes inputs of shape (batch, width), those of a step, not {inputs.shape}")
        return inputs.shape[1]

    def _products(self, inputs, states):
        self._width(inputs)
        self._check_states(inputs, states)
        return (
            npx.fully_connected(inputs, self.i2h_weight.data(), self.i2h_bias.data(), None, False),
            npx.fully_connected(states[0], self.h2h_weight.data(), self.h2h_bias.data(), None, False),
        )

    def __repr__(self):
        rows, width = self.i2h_weight.shape
        return f"{type(self).__name__}({width} -> {rows})"


class RNNCell(RNNStep, _DenseCell):
    """One step of a simple recurrent network: with the state h, an input x leads to h' = φ(W x + b + R h + b').

    Parameters
    ----------
    hidden_size : int
        The length of h, which is the output, too.
    activation : str or callable
        φ: what `npx.activation` knows by its name, or a function or block.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer : Initializer or str, optional
        For W, R, b and b'; weights are by default initialised as `Block.initialize` says.
    input_size : int
        The length of x; 0: that of the first input.
    prefix, params : optional
        As in MXNet 1; see `Block`.

    Raises
    ------
    ValueError
        If the activation is not known; when called, if the shapes of states are wrong.
    AssertionError
        When called, if inputs have another length than before.

    Notes
    -----
    Elman, *Finding structure in time*, Cognitive Science 14, 1990.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> cell = rnn.RNNCell(4)
    >>> cell.initialize()
    >>> output, states = cell(np.ones((2, 3)), cell.begin_state(2))
    >>> output.shape, [state.shape for state in states]
    ((2, 4), [(2, 4)])
    """

    _old_kind = "rnn"

    def __init__(
        self,
        hidden_size,
        activation="tanh",
        i2h_weight_initializer=None,
        h2h_weight_initializer=None,
        i2h_bias_initializer="zeros",
        h2h_bias_initializer="zeros",
        input_size=0,
        prefix=None,
        params=None,
    ):
        initializers = gate_initializers(i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer)
        super().__init__(hidden_size, hidden_size, input_size, initializers, (activation, "sigmoid"), prefix, params)

    def __repr__(self):
        rows, width = self.i2h_weight.shape
        return f"{type(self).__name__}({width} -> {rows}, {self._activation})"


class LSTMCell(LSTMStep, _DenseCell):
    """One step of an LSTM. From the input x and the states h and c follow

    i, f, g, o, which are σ, σ, φ and σ of the quarters of W x + b + R h + b'; c' = f c + i g; h' = o φ(c').

    The output is h', the states are [h', c'].

    Parameters
    ----------
    hidden_size : int
        The length of h and c.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer : Initializer or str, optional
        For W, R, b and b'; weights are by default initialised as `Block.initialize` says. See `initializer.LSTMBias`, too.
    input_size : int
        The length of x; 0: that of the first input.
    activation, recurrent_activation : str or callable
        φ and σ: what `npx.activation` knows by its name, or a function or block.
    prefix, params : optional
        As in MXNet 1; see `Block`.

    Raises
    ------
    ValueError
        If an activation is not known; when called, if the shapes of states are wrong.
    AssertionError
        When called, if inputs have another length than before.

    Notes
    -----
    Hochreiter and Schmidhuber, *Long short-term memory*, Neural Computation 9, 1997; Gers, Schmidhuber and Cummins, *Learning to
    forget: continual prediction with LSTM*, Neural Computation 12, 2000.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> cell = rnn.LSTMCell(4)
    >>> cell.initialize()
    >>> output, (h, c) = cell(np.ones((2, 3)), cell.begin_state(2))
    >>> output.shape, h.shape, c.shape
    ((2, 4), (2, 4), (2, 4))
    """

    _old_kind = "lstm"

    def __init__(
        self,
        hidden_size,
        i2h_weight_initializer=None,
        h2h_weight_initializer=None,
        i2h_bias_initializer="zeros",
        h2h_bias_initializer="zeros",
        input_size=0,
        activation="tanh",
        recurrent_activation="sigmoid",
        prefix=None,
        params=None,
    ):
        initializers = gate_initializers(i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer)
        super().__init__(hidden_size, hidden_size, input_size, initializers, (activation, recurrent_activation), prefix, params)


class GRUCell(GRUStep, _DenseCell):
    """One step of a GRU. With a and r, the thirds of W x + b and R h + b', for the input x and the state h,

    r = σ(a₁ + r₁), z = σ(a₂ + r₂), n = φ(a₃ + r r₃), h' = (1 - z) n + z h.

    Parameters are those of `LSTMCell`.

    Notes
    -----
    Cho et al., *Learning phrase representations using RNN encoder-decoder for statistical machine translation*, EMNLP 2014; here r
    is applied after the product with R, as in version 1 of arXiv:1406.1078.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> cell = rnn.GRUCell(4)
    >>> cell.initialize()
    >>> output, states = cell(np.ones((2, 3)), cell.begin_state(2))
    >>> output.shape, [state.shape for state in states]
    ((2, 4), [(2, 4)])
    """

    _old_kind = "gru"

    def __init__(
        self,
        hidden_size,
        i2h_weight_initializer=None,
        h2h_weight_initializer=None,
        i2h_bias_initializer="zeros",
        h2h_bias_initializer="zeros",
        input_size=0,
        activation="tanh",
        recurrent_activation="sigmoid",
        prefix=None,
        params=None,
    ):
        initializers = gate_initializers(i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer)
        super().__init__(hidden_size, hidden_size, input_size, initializers, (activation, recurrent_activation), prefix, params)


class LSTMPCell(LSTMStep, _DenseCell):
    """One step of an LSTM whose state h is projected: with c' as in `LSTMCell`, h' = P (o tanh(c')).

    Parameters
    ----------
    hidden_size : int
        The length of c.
    projection_size : int
        The length of h, which is the output, too.
    i2h_weight_initializer, h2h_weight_initializer, h2r_weight_initializer : Initializer or str, optional
        For W, R and P.
    i2h_bias_initializer, h2h_bias_initializer : Initializer or str
    input_size : int
        The length of x; 0: that of the first input.
    prefix, params : optional
        As in MXNet 1; see `Block`.

    Notes
    -----
    Sak, Senior and Beaufays, *Long short-term memory based recurrent neural network architectures for large vocabulary speech
    recognition*, 2014, arXiv:1402.1128.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> cell = rnn.LSTMPCell(4, 2)
    >>> cell.initialize()
    >>> output, (h, c) = cell(np.ones((2, 3)), cell.begin_state(2))
    >>> output.shape, h.shape, c.shape
    ((2, 2), (2, 2), (2, 4))
    """

    _old_kind = "lstmp"

    def __init__(
        self,
        hidden_size,
        projection_size,
        i2h_weight_initializer=None,
        h2h_weight_initializer=None,
        h2r_weight_initializer=None,
        i2h_bias_initializer="zeros",
        h2h_bias_initializer="zeros",
        input_size=0,
        prefix=None,
        params=None,
    ):
        initializers = gate_initializers(i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer)
        initializers["h2r_weight"] = h2r_weight_initializer
        size = whole(type(self).__name__, "projection_size", projection_size)
        super().__init__(hidden_size, size, input_size, initializers, ("tanh", "sigmoid"), prefix, params)

    def forward(self, inputs, states):
        """The output and the states after a step."""
        out, (_, c) = super().forward(inputs, states)
        h = npx.fully_connected(out, self.h2r_weight.data())
        return h, [h, c]

    def __repr__(self):
        rows, width = self.i2h_weight.shape
        return f"{type(self).__name__}({width} -> {rows} -> {self._state_shapes[0][0]})"


def gate_initializers(i2h_weight, h2h_weight, i2h_bias, h2h_bias):
    """Initialisers by the names of the parameters."""
    return {"i2h_weight": i2h_weight, "h2h_weight": h2h_weight, "i2h_bias": i2h_bias, "h2h_bias": h2h_bias}
