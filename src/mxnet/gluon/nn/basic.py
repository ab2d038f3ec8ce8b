"""The layers nearly every network has: `Dense`, `Dropout`, `Embedding`, `Flatten`."""

import math
import numbers

from ... import numpy_extension as npx
from ..block import HybridBlock
from ..parameter import Parameter
from .activations import Activation
from .arguments import whole

__all__ = ["Dense", "Dropout", "Embedding", "Flatten"]


class Dense(HybridBlock):
    """A linear layer, activation(x Wᵀ + b).

    Parameters
    ----------
    units : int
        How many numbers come out.
    activation : str, optional
        See `Activation`; none by default.
    use_bias : bool
        Whether there is a b.
    flatten : bool
        Whether all axes but the first count as one: (batch, 3, 4) becomes (batch, units). Without, the last axis is what the layer
        works on: it becomes (batch, 3, units).
    dtype : dtype
    weight_initializer, bias_initializer : Initializer or str, optional
        By default the weight is initialised as `Block.initialize` says.
    in_units : int
        How many numbers go in; 0: as many as the first input has.
    **kwargs
        `prefix` and `params`, as in MXNet 1; see `Block`.

    Raises
    ------
    AssertionError
        When an input has another number of units than the layer.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> layer = nn.Dense(2, activation='relu')
    >>> layer.initialize('ones')
    >>> layer(np.array([[1, 2, 3], [-1, 0, 0]]))
    array([[6., 6.],
           [0., 0.]])
    >>> layer.weight
    Parameter (shape=(2, 3), dtype=float32)
    """

    def __init__(
        self,
        units,
        activation=None,
        use_bias=True,
        flatten=True,
        dtype="float32",
        weight_initializer=None,
        bias_initializer="zeros",
        in_units=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._units = whole("Dense", "units", units)
        self._flatten = bool(flatten)
        shape = self._units, whole("Dense", "in_units", in_units, least=0)
        self.weight = Parameter("weight", shape=shape, dtype=dtype, init=weight_initializer, allow_deferred_init=True)
        self.bias = Parameter("bias", shape=shape[:1], dtype=dtype, init=bias_initializer) if use_bias else None
        self.act = None if activation is None else Activation(activation)

    def infer_shape(self, x, *args):
        width = math.prod(x.shape[1:]) if self._flatten else math.prod(x.shape[-1:])
        if x.ndim == 0 or width == 0:
            raise ValueError(f"Dense takes inputs with numbers in them, not of shape {x.shape}")
        self.weight.shape = self._units, width

    def forward(self, x):
        weight, bias = self.weight.data(), self.bias
        if bias is not None:
            bias = bias.data()
        out = npx.fully_connected(x, weight, bias, None, bias is None, self._flatten)
        return out if self.act is None else self.act(out)

    def __repr__(self):
        return f"Dense({self.weight.shape[1]} -> {self._units}, {'linear' if self.act is None else self.act})"


class Dropout(HybridBlock):
    """In training, zero at random places and x / (1 - rate) at the others; else x itself.

    Parameters
    ----------
    rate : float
        How probable a zero is, from 0 to below 1.
    axes : tuple of int
        Axes along which all elements share a fate.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import autograd, np
    >>> from mxnet.gluon import nn
    >>> np.random.seed(1)
    >>> layer = nn.Dropout(0.5)
    >>> layer(np.ones(3))
    array([1., 1., 1.])
    >>> with autograd.train_mode():
    ...     y = layer(np.ones(100))
    >>> np.unique(y)
    array([0., 2.])
    """

    def __init__(self, rate, axes=(), **kwargs):
        super().__init__(**kwargs)
        if not isinstance(rate, numbers.Real) or not 0 <= rate < 1:
            raise ValueError(f"Dropout: rate, how probable a zero is, is a number from 0 to below 1, not {rate!r:.60}")
        self._rate = rate
        self._axes = axes

    def forward(self, x):
        return npx.dropout(x, self._rate, "training", self._axes)

    def __repr__(self):
        return f"Dropout(p = {self._rate}, axes={self._axes})"


class Embedding(HybridBlock):
    """A vector for each of `input_dim` things, found by its number.

    Parameters
    ----------
    input_dim : int
        How many vectors there are. Numbers below 0 mean the first one, numbers beyond the last one the last.
    output_dim : int
        How long they are.
    dtype : dtype
    weight_initializer : Initializer or str, optional
    sparse_grad : bool
        No effect: gradients are dense.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import init, np
    >>> from mxnet.gluon import nn
    >>> layer = nn.Embedding(10, 4)
    >>> layer.initialize()
    >>> layer(np.array([[1, 2, 3], [4, 5, 6]])).shape
    (2, 3, 4)
    """

    def __init__(self, input_dim, output_dim, dtype="float32", weight_initializer=None, sparse_grad=False, **kwargs):
        super().__init__(**kwargs)
        shape = whole("Embedding", "input_dim", input_dim), whole("Embedding", "output_dim", output_dim)
        self.weight = Parameter("weight", shape=shape, dtype=dtype, init=weight_initializer)

    def forward(self, x):
        return npx.embedding(x, self.weight.data())

    def __repr__(self):
        rows, length = self.weight.shape
        return f"Embedding({rows} -> {length}, {self.weight.dtype})"


class Flatten(HybridBlock):
    """All axes but the first as one.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.Flatten()(np.ones((2, 3, 4))).shape
    (2, 12)
    """

    def forward(self, x):
        return npx.batch_flatten(x)

    def __repr__(self):
        return "Flatten"
