"""Recurrent layers that compute all steps of a sequence at once, by `npx.rnn`."""

import math
import numbers

import numpy

from ... import numpy as np
from ... import numpy_extension as npx
from ...initializer import RNNFused
from ..block import HybridBlock
from ..nn.arguments import whole
from ..parameter import Parameter
from .parts import PART, Part
from .recurrent_cell import first_states

__all__ = ["GRU", "LSTM", "RNN"]


class _RNNLayer(HybridBlock):
    """One vector of parameters, and what is said of it and of the states. `initializers` are those of its parts, by their names."""

    def __init__(
        self,
        mode,
        hidden_size,
        num_layers,
        layout,
        dropout,
        bidirectional,
        input_size,
        initializers,
        dtype,
        projection_size,
        clip,
        use_sequence_length,
        kwargs,
    ):
        super().__init__(**kwargs)
        name = type(self).__name__
        if layout not in ("TNC", "NTC"):
            raise ValueError(f"{name}: layout is 'TNC' or 'NTC' (time, batch, channels), not {layout!r:.60}")
        if not isinstance(dropout, numbers.Real) or not 0 <= dropout <= 1:
            raise ValueError(f"{name}: dropout, the share of outputs that is dropped, is from 0 to 1, not {dropout!r:.60}")
        self._layout = layout
        self._size, layers = whole(name, "hidden_size", hidden_size), whole(name, "num_layers", num_layers)
        projection = None if projection_size is None else whole(name, "projection_size", projection_size)
        self._state_sizes = [projection or self._size, self._size] if mode == "lstm" else [self._size]
        self._parts = layers * (2 if bidirectional else 1)
        self._fused = RNNFused(mode, layers, self._size, bool(bidirectional), projection, **initializers)
        self._options = {
            "mode": mode,
            "state_size": self._size,
            "num_layers": layers,
            "bidirectional": bool(bidirectional),
            "p": dropout,
            "use_sequence_length": bool(use_sequence_length),
            "projection_size": projection,
            **clip,
        }
        length = self._fused.length(input_size) if whole(name, "input_size", input_size, least=0) else -1
        self.rnn_param = Parameter("rnn_param", shape=(length,), dtype=dtype, init=self._fused, allow_deferred_init=True)

    def _input_size(self):
        """The width of the inputs, None if it is not known."""
        length = self.rnn_param.shape[0]
        return None if length == -1 else self._fused.input_size(length)

    def state_info(self, batch_size=0):
        """What the states are.

        Parameters
        ----------
        batch_size : int

        Returns
        -------
        list of dict
            For each state its `shape`, (layers · directions, batch, size), the meaning of the axes, `__layout__`, and its `dtype`.
        """
        dtype = self.rnn_param.dtype.name
        return [{"shape": (self._parts, batch_size, size), "__layout__": "LNC", "dtype": dtype} for size in self._state_sizes]

    def begin_state(self, batch_size=0, func=np.zeros, **kwargs):
        """States from which to begin.

        Parameters
        ----------
        batch_size : int
        func : callable
            Makes an array: it is called as `func(shape=…, dtype=…, device=…)`.
        **kwargs
            `device` or `ctx`, `dtype`, by default that of the parameters, and what else `func` takes.

        Returns
        -------
        list of ndarray

        Examples
        --------
        >>> from mxnet.gluon import rnn
        >>> [state.shape for state in rnn.LSTM(4, num_layers=2).begin_state(batch_size=3)]
        [(2, 3, 4), (2, 3, 4)]
        """
        return first_states(self.state_info(batch_size), self.rnn_param.dtype, func, kwargs)

    def infer_shape(self, inputs, *args):
        """Set the length of the parameters, as it follows from the width of the inputs."""
        self._check_axes(inputs)
        width = self._input_size()
        if width is not None and inputs.shape[2] != width:
            raise AssertionError(f"{self!r} takes inputs of width {width}, its input_size; these have shape {inputs.shape}")
        self.rnn_param.shape = (self._fused.length(inputs.shape[2]),)

    def _check_axes(self, inputs):
        if inputs.ndim != 3:
            axes = "(time, batch, width)" if self._layout == "TNC" else "(batch, time, width)"
            raise ValueError(f"{type(self).__name__} takes inputs of shape {axes}, for layout={self._layout!r}, not {inputs.shape}")

    def forward(self, inputs, states=None, sequence_length=None):
        """The outputs of the last layer, and the states after the last step.

        Parameters
        ----------
        inputs : ndarray, shape (time, batch, width)
            Or (batch, time, width), as `layout` says.
        states : ndarray or list of ndarray, optional
            The states before the first step; by default zeros.
        sequence_length : ndarray of int, shape (batch,), optional
            With `use_sequence_length`: how many steps of each sequence count.

        Returns
        -------
        ndarray
            The outputs, of the axes of the inputs; with `states` the outputs and a list of states.
        """
        self._check_axes(inputs)
        x = inputs if self._layout == "TNC" else inputs.swapaxes(0, 1)
        first = self._first_states(states, x.shape[1])
        arguments = x, self.rnn_param.data(), first[0], first[1] if len(first) == 2 else None, sequence_length
        if states is None:
            return self._turned(npx.rnn(*arguments, **self._options))
        outputs, *last = npx.rnn(*arguments, state_outputs=True, **self._options)
        return self._turned(outputs), last

    def _first_states(self, states, batch):
        if states is None:
            return self.begin_state(batch)
        states = [states] if isinstance(states, np.ndarray) else list(states)
        if len(states) != len(self._state_sizes):
            what = "two states, [h, c]," if len(self._state_sizes) == 2 else "one state, [h],"
            raise ValueError(f"{type(self).__name__} has {what} as begin_state(batch_size) gives; {len(states)} came")
        return states

    def _turned(self, outputs):
        return outputs if self._layout == "TNC" else outputs.swapaxes(0, 1)

    # The parts of the vector. In MXNet 1 each was a parameter.

    def __getattr__(self, name):
        """A part of the parameters as MXNet 1 names it: `l0_i2h_weight`, `r1_h2h_bias`, …"""
        if PART.fullmatch(name):
            if self._input_size() is None:
                self.rnn_param.data()  # raises what says why there is none
            start = 0
            for part, shape in self._fused.parts(self._input_size()):
                if part == name:
                    return Part(self.rnn_param, part, start, shape)
                start += math.prod(shape)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)

    def _joined(self, arrays, key):
        """The arrays of a file, with the parts of this layer's parameter put together that MXNet 1 saved one by one."""
        prefix = key.removesuffix("rnn_param")
        spellings = (
            (lambda part: prefix + part, key),
            (lambda part: prefix + self._unfused(part), key),
            (lambda part: self.prefix + part, f"{self.prefix}rnn_param"),
        )
        for spelled, target in spellings:
            first = arrays.get(spelled("l0_i2h_weight"))
            if first is None or first.ndim != 2:
                continue
            shapes = {spelled(part): shape for part, shape in self._fused.parts(first.shape[1])}
            if shapes.keys() <= arrays.keys():
                for part, shape in shapes.items():
                    if arrays[part].shape != shape:
                        raise AssertionError(f"{part} has the shape {arrays[part].shape} in what is loaded, and {shape} here")
                vector = numpy.concatenate([numpy.asarray(arrays[part]).reshape(-1) for part in shapes])
                return {**{name: array for name, array in arrays.items() if name not in shapes}, target: vector}
        return arrays

    def _unfused(self, part):
        """The name that a part has in files of MXNet 1.9, which are those of a stack of cells."""
        direction, layer, kind = PART.fullmatch(part).groups()
        return f"_unfused.{layer}.{f'{direction}_cell.' if self._options['bidirectional'] else ''}{kind}"

    def __repr__(self):
        fields = [f"{self._input_size()} -> {self._size}", self._layout]
        if self._options["num_layers"] != 1:
            fields.append(f"num_layers={self._options['num_layers']}")
        if self._options["p"]:
            fields.append(f"dropout={self._options['p']}")
        if self._options["bidirectional"]:
            fields.append("bidirectional")
        return f"{type(self).__name__}({', '.join(fields)})"


class RNN(_RNNLayer):
    """Simple recurrent layers, one on top of the other: h' = φ(W x + b + R h + b') at each step.

    Called as `layer(inputs)`, it gives the outputs of the last layer, of shape (time, batch, directions · hidden_size); called as
    `layer(inputs, states)`, the outputs and a list with the states after the last step. See `LSTM` for more.

    Parameters
    ----------
    hidden_size : int
        The length of h.
    num_layers : int
        The inputs of each but the first are the outputs of the one below.
    activation : {'relu', 'tanh'}
        φ.
    layout : {'TNC', 'NTC'}
        The axes of inputs and outputs: T is time, N the batch, C what is known at one time. States are always
        (layers · directions, batch, size).
    dropout : float
        In training, the share of the outputs of each layer but the last that is replaced by 0.
    bidirectional : bool
        Whether each layer has a second part, that goes from the last step to the first; outputs of both stand side by side.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer : Initializer or str, optional
        For each W, R, b and b'; weights are by default initialised as `Block.initialize` says.
    input_size : int
        How wide inputs are; 0: as wide as the first one.
    dtype : dtype
    use_sequence_length : bool
        Whether calls may give a `sequence_length`; see `LSTM`.
    **kwargs
        `prefix` and `params`, as in MXNet 1; see `Block`.

    Raises
    ------
    ValueError
        If an argument is not one of the above; when called, if the shapes of states are wrong.
    AssertionError
        When called, if inputs have another width than before.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> layer = rnn.RNN(256)
    >>> layer.initialize()
    >>> state = layer.begin_state(batch_size=2)
    >>> outputs, state = layer(np.ones((35, 2, 28)), state)
    >>> outputs.shape, state[0].shape
    ((35, 2, 256), (1, 2, 256))
    """

    def __init__(
        self,
        hidden_size,
        num_layers=1,
        activation="relu",
        layout="TNC",
        dropout=0,
        bidirectional=False,
        i2h_weight_initializer=None,
        h2h_weight_initializer=None,
        i2h_bias_initializer="zeros",
        h2h_bias_initializer="zeros",
        input_size=0,
        dtype="float32",
        use_sequence_length=False,
        **kwargs,
    ):
        if activation not in ("relu", "tanh"):
            raise ValueError(f"RNN: activation is 'relu' or 'tanh', not {activation!r:.60}; RNNCell takes others")
        initializers = {
            "i2h_weight_initializer": i2h_weight_initializer,
            "h2h_weight_initializer": h2h_weight_initializer,
            "i2h_bias_initializer": i2h_bias_initializer,
            "h2h_bias_initializer": h2h_bias_initializer,
        }
        shape = f"rnn_{activation}", hidden_size, num_layers, layout, dropout, bidirectional, input_size
        super().__init__(*shape, initializers, dtype, None, {}, use_sequence_length, kwargs)


class LSTM(_RNNLayer):
    """LSTM layers, one on top of the other. At each step, from the input x and the states h and c follow

    i, f, g, o, which are σ, σ, tanh and σ of the quarters of W x + b + R h + b'; c' = f c + i g; h' = o tanh(c').

    Called as `layer(inputs)`, it gives the outputs of the last layer, of shape (time, batch, directions · hidden_size); called as
    `layer(inputs, [h, c])`, the outputs and [h', c'] after the last step. The state of layer k in direction d is
    `h[directions * k + d]`.

    Parameters
    ----------
    hidden_size : int
        The length of h and c.
    num_layers, layout, dropout, bidirectional, input_size, dtype
        As in `RNN`.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer : Initializer or str, optional
        For each W, R, b and b'; weights are by default initialised as `Block.initialize` says.
    projection_size : int, optional
        The length of h, if it is P (o tanh(c')) with a matrix P.
    h2r_weight_initializer : Initializer or str, optional
        For each P.
    state_clip_min, state_clip_max : float, optional
        Between which c' is kept, both or none.
    state_clip_nan : bool
        Whether elements of c' that are NaN become `state_clip_min`.
    use_sequence_length : bool
        Whether calls may give a `sequence_length`, `layer(inputs, states, sequence_length)`: how many steps of each sequence count.
        Outputs beyond are 0, states are those after the last step that counts, and the other direction starts there.
    **kwargs
        `prefix` and `params`, as in MXNet 1; see `Block`.

    Raises
    ------
    ValueError
        If an argument is not one of the above; when called, if the shapes of states are wrong.
    AssertionError
        When called, if inputs have another width than before.

    Notes
    -----
    All weights and biases are parts of one parameter, `rnn_param`, in the order of `npx.rnn`. `layer.l0_i2h_weight` is the W of the
    first layer; `layer.r0_i2h_weight` that of the other direction, then come h2h, for R, and h2r, for P. Each has `data()`,
    `grad()` and `set_data(values)`.

    Hochreiter and Schmidhuber, *Long short-term memory*, Neural Computation 9, 1997; Gers, Schmidhuber and Cummins, *Learning to
    forget: continual prediction with LSTM*, Neural Computation 12, 2000.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> layer = rnn.LSTM(100, num_layers=3, bidirectional=True)
    >>> layer.initialize()
    >>> layer(np.ones((5, 3, 10))).shape
    (5, 3, 200)
    >>> outputs, (h, c) = layer(np.ones((5, 3, 10)), layer.begin_state(batch_size=3))
    >>> h.shape
    (6, 3, 100)
    >>> layer.r2_i2h_weight.data().shape
    (400, 200)
    """

    def __init__(
        self,
        hidden_size,
        num_layers=1,
        layout="TNC",
        dropout=0,
        bidirectional=False,
        input_size=0,
        i2h_weight_initializer=None,
        h2h_weight_initializer=None,
        i2h_bias_initializer="zeros",
        h2h_bias_initializer="zeros",
        projection_size=None,
        h2r_weight_initializer=None,
        state_clip_min=None,
        state_clip_max=None,
        state_clip_nan=False,
        dtype="float32",
        use_sequence_length=False,
        **kwargs,
    ):
        if (state_clip_min is None) != (state_clip_max is None):
            raise ValueError(
                f"LSTM: state_clip_min and state_clip_max come together, not {state_clip_min!r} and {state_clip_max!r}"
            )
        initializers = {
            "i2h_weight_initializer": i2h_weight_initializer,
            "h2h_weight_initializer": h2h_weight_initializer,
            "i2h_bias_initializer": i2h_bias_initializer,
            "h2h_bias_initializer": h2h_bias_initializer,
            "h2r_weight_initializer": h2r_weight_initializer,
        }
        clip = {"lstm_state_clip_min": state_clip_min, "lstm_state_clip_max": state_clip_max, "lstm_state_clip_nan": state_clip_nan}
        shape = "lstm", hidden_size, num_layers, layout, dropout, bidirectional, input_size
        super().__init__(*shape, initializers, dtype, projection_size, clip, use_sequence_length, kwargs)


class GRU(_RNNLayer):
    """GRU layers, one on top of the other. At each step, with a and r, the thirds of W x + b and R h + b',

    r = σ(a₁ + r₁), z = σ(a₂ + r₂), n = tanh(a₃ + r r₃), h' = (1 - z) n + z h.

    Called as `layer(inputs)`, it gives the outputs of the last layer, of shape (time, batch, directions · hidden_size); called as
    `layer(inputs, states)`, the outputs and a list with the states after the last step. Parameters are those of `LSTM`, where they
    are there; see it and `GRUCell` for more.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> layer = rnn.GRU(16, num_layers=2, layout='NTC')
    >>> layer.initialize()
    >>> outputs, (h,) = layer(np.ones((4, 7, 8)), layer.begin_state(batch_size=4))
    >>> outputs.shape, h.shape
    ((4, 7, 16), (2, 4, 16))
    """

    def __init__(
        self,
        hidden_size,
        num_layers=1,
        layout="TNC",
        dropout=0,
        bidirectional=False,
        input_size=0,
        i2h_weight_initializer=None,
        h2h_weight_initializer=None,
        i2h_bias_initializer="zeros",
        h2h_bias_initializer="zeros",
        dtype="float32",
        use_sequence_length=False,
        **kwargs,
    ):
        initializers = {
            "i2h_weight_initializer": i2h_weight_initializer,
            "h2h_weight_initializer": h2h_weight_initializer,
            "i2h_bias_initializer": i2h_bias_initializer,
            "h2h_bias_initializer": h2h_bias_initializer,
        }
        shape = "gru", hidden_size, num_layers, layout, dropout, bidirectional, input_size
        super().__init__(*shape, initializers, dtype, None, {}, use_sequence_length, kwargs)
