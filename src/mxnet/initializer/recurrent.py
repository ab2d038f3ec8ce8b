"""Initialisers for recurrent layers."""

import math

from .. import numpy as np
from .base import InitDesc, Initializer, create, fill_by, register
from .random import Uniform

__all__ = ["FusedRNN", "LSTMBias", "RNNFused"]


@register
class LSTMBias(Initializer):
    """A bias of an LSTM: zeros, but for the forget gate, so that at first it remembers.

    Gates are in the order i, f, g, o. It is meant as a parameter's own initialiser, `LSTMCell(…, i2h_bias_initializer=LSTMBias())`.

    Parameters
    ----------
    forget_bias : float

    Raises
    ------
    ValueError
        If the size is no multiple of 4.

    Notes
    -----
    Jozefowicz, Zaremba and Sutskever, *An empirical exploration of recurrent network architectures*, ICML 2015.

    Examples
    --------
    >>> from mxnet import init
    >>> bias = np.empty(8)
    >>> init.Zero()(init.InitDesc('bias', {'__init__': init.LSTMBias(2)}), bias)
    >>> bias
    array([0., 0., 2., 2., 0., 0., 0., 0.])
    """

    def __init__(self, forget_bias=1.0):
        super().__init__(forget_bias=forget_bias)
        self.forget_bias = forget_bias

    def _init_weight(self, name, arr):
        if arr.ndim < 1 or len(arr) % 4:
            raise ValueError(f"LSTMBias: {str(name)!r} has shape {arr.shape}, and not (4 · hidden_size,), a part for each gate")
        size = len(arr) // 4
        arr[...] = 0
        arr[size : 2 * size] = self.forget_bias


_GATES = {"rnn_relu": ("",), "rnn_tanh": ("",), "lstm": ("_i", "_f", "_c", "_o"), "gru": ("_r", "_z", "_o")}


@register
class RNNFused(Initializer):
    """The one vector that holds all weights and biases of `rnn.RNN`, `rnn.LSTM` or `rnn.GRU`, in the order of `npx.rnn`.

    Every matrix and every bias in it is filled for itself, in its own shape, as that of a cell would be: ``l0_i2h_weight``, of
    shape (gates · state_size, input_size), ``l0_h2h_weight``, ``l0_i2h_bias``, …; ``l1_`` for the second layer, ``r0_`` for the way
    back. So `initialize(Xavier())` means the same for a layer as for a stack of cells.

    Parameters
    ----------
    mode : {'rnn_relu', 'rnn_tanh', 'lstm', 'gru'}
    num_layers, state_size : int
    bidirectional : bool
    projection_size : int, optional
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer, h2r_weight_initializer : optional
        Initialisers or their names. Parts without one are left to the initialiser for the whole network, which gets their names.

    Raises
    ------
    ValueError
        At once if there is no such mode or initialiser; when called, if no input size leads to a vector of this length.

    Examples
    --------
    >>> from mxnet import init
    >>> fused = init.RNNFused('rnn_tanh', 1, 2, i2h_weight_initializer='ones', h2h_bias_initializer=init.Constant(3))
    >>> vector = np.empty(2 * (1 + 2) + 2 * 2)
    >>> init.Constant(5)(init.InitDesc('rnn_param', {'__init__': fused}), vector)
    >>> vector
    array([1., 1., 5., 5., 5., 5., 0., 0., 3., 3.])
    """

    def __init__(
        self,
        mode,
        num_layers,
        state_size,
        bidirectional=False,
        projection_size=None,
        i2h_weight_initializer=None,
        h2h_weight_initializer=None,
        i2h_bias_initializer=None,
        h2h_bias_initializer=None,
        h2r_weight_initializer=None,
    ):
        if mode not in _GATES:
            raise ValueError(f"{type(self).__name__}: mode is one of {', '.join(map(repr, _GATES))}, not {mode!r}")
        sizes = {"num_layers": num_layers, "state_size": state_size, "projection_size": projection_size or 1}
        for name, value in sizes.items():
            if value < 1:
                raise ValueError(f"{type(self).__name__}: {name} is a whole number above 0, not {value!r}")
        parts = {
            "i2h_weight": i2h_weight_initializer,
            "h2h_weight": h2h_weight_initializer,
            "i2h_bias": i2h_bias_initializer,
            "h2h_bias": h2h_bias_initializer,
            "h2r_weight": h2r_weight_initializer,
        }
        self._own = {part: None if own is None else create(own) for part, own in parts.items()}
        self._gates = _GATES[mode]
        self._layers, self._size, self._projection = num_layers, state_size, projection_size
        self._directions = "lr" if bidirectional else "l"
        without, of_one = (sum(math.prod(shape) for _, shape in self.parts(inputs)) for inputs in (0, 1))
        self._fixed, self._per_input = without, of_one - without
        self._default = None
        super().__init__(
            mode=mode,
            num_layers=num_layers,
            state_size=state_size,
            bidirectional=bidirectional,
            projection_size=projection_size,
            **{f"{part}_initializer": own for part, own in self._own.items()},
        )

    def set_initializer(self, init):
        """Fill parts without an initialiser of their own by `init`, and not by that for the whole network."""
        self._default = create(init)

    def _init_default(self, name, arr):
        default = self._default or getattr(name, "global_init", None) or Uniform()
        inputs = self.input_size(arr.size) if arr.ndim == 1 else None
        if inputs is None:
            raise ValueError(
                f"{self!r} is for a vector of {self._fixed} + {self._per_input} · input_size values, but {str(name)!r} has "
                f"shape {arr.shape}"
            )
        parts = [(part, np.zeros(shape, dtype=arr.dtype)) for part, shape in self.parts(inputs)]
        for part, values in parts:
            self._fill_part(part, values, default)
        arr[...] = np.concatenate([values.reshape(-1) for _, values in parts])

    def _fill_part(self, part, values, default):
        own = self._own[part.split("_", 1)[1]]
        if own is None:
            default(InitDesc(part, None, default), values)
        else:
            fill_by(own, InitDesc(part, None, default), values)

    def parts(self, input_size):
        """The names and shapes of the weights and biases, in the order that they have in the vector, for inputs of this width."""
        rows, output = len(self._gates) * self._size, self._projection or self._size
        above = len(self._directions) * output  # what the layers above the first get
        layers = [f"{direction}{layer}" for layer in range(self._layers) for direction in self._directions]
        for layer in layers:
            yield f"{layer}_i2h_weight", (rows, input_size if layer[1:] == "0" else above)
            yield f"{layer}_h2h_weight", (rows, output)
            if self._projection:
                yield f"{layer}_h2r_weight", (self._projection, self._size)
        for layer in layers:
            yield f"{layer}_i2h_bias", (rows,)
            yield f"{layer}_h2h_bias", (rows,)

    def length(self, input_size):
        """The length of the vector for inputs of this width."""
        return self._fixed + self._per_input * input_size

    def input_size(self, length):
        """The width of inputs that leads to a vector of this length, None if there is none."""
        inputs, rest = divmod(length - self._fixed, self._per_input)
        return None if rest or inputs < 0 else inputs


@register
class FusedRNN(RNNFused):
    """The vector of `npx.rnn`, filled gate by gate, as in MXNet 1; layers of Gluon use `RNNFused`.

    Parameters
    ----------
    init : Initializer or str, optional
        For each gate's weights, ``l0_i2h_f_weight`` of shape (num_hidden, inputs) and so on, and biases; by default the one for
        the whole network.
    num_hidden, num_layers : int
    mode : {'rnn_relu', 'rnn_tanh', 'lstm', 'gru'}
    bidirectional : bool
    forget_bias : float
        For both biases of an LSTM's forget gates.

    Examples
    --------
    >>> from mxnet import init
    >>> vector = np.empty(4 * (1 + 1 + 2))
    >>> init.FusedRNN(init.Constant(5), 1, 1, 'lstm')('parameters', vector)
    >>> vector[8:]
    array([0., 1., 0., 0., 0., 1., 0., 0.])
    """

    def __init__(self, init, num_hidden, num_layers, mode, bidirectional=False, forget_bias=1.0):
        super().__init__(mode, num_layers, num_hidden, bidirectional)
        self._kwargs = {
            "init": None if init is None else create(init),
            "num_hidden": num_hidden,
            "num_layers": num_layers,
            "mode": mode,
            "bidirectional": bidirectional,
            "forget_bias": forget_bias,
        }

    def _fill_part(self, part, values, default):
        place, kind = part.rsplit("_", 1)
        fill = self._kwargs["init"] or default
        for k, gate in enumerate(self._gates):
            rows = values[k * self._size : (k + 1) * self._size]
            if (gate, kind) == ("_f", "bias"):
                rows[...] = self._kwargs["forget_bias"]
            else:
                fill(InitDesc(f"{place}{gate}_{kind}", None, default), rows)
