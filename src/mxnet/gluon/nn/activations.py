"""Activations as layers."""

from ... import initializer
from ... import numpy as np
from ... import numpy_extension as npx
from ..block import HybridBlock
from ..parameter import Parameter
from .arguments import whole

__all__ = ["ELU", "GELU", "SELU", "Activation", "LeakyReLU", "PReLU", "SiLU", "Swish"]


class Activation(HybridBlock):
    """An activation by its name.

    Parameters
    ----------
    activation : str
        'relu', 'sigmoid', 'tanh', 'softrelu', 'softsign', or another one that `npx.activation` knows.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.Activation('relu')(np.array([-1, 2]))
    array([0., 2.])
    """

    def __init__(self, activation, **kwargs):
        super().__init__(**kwargs)
        npx.activation(np.zeros(0), activation)  # refuses what it does not know
        self._act_type = activation

    def forward(self, x):
        return npx.activation(x, self._act_type)

    def __repr__(self):
        return f"Activation({self._act_type})"


class LeakyReLU(HybridBlock):
    """x where it is positive, α x elsewhere.

    Parameters
    ----------
    alpha : float
        The slope, not negative.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.LeakyReLU(0.5)(np.array([-1, 2]))
    array([-0.5,  2. ])
    """

    def __init__(self, alpha, **kwargs):
        super().__init__(**kwargs)
        if not alpha >= 0:
            raise ValueError(f"LeakyReLU: alpha, the slope for negative numbers, is not negative, as {alpha!r} is")
        self._alpha = alpha

    def forward(self, x):
        return npx.leaky_relu(x, act_type="leaky", slope=self._alpha)

    def __repr__(self):
        return f"LeakyReLU({self._alpha})"


_QUARTER = initializer.Constant(0.25)


class PReLU(HybridBlock):
    """`LeakyReLU` whose slope is learned (He et al., 2015, arXiv:1502.01852).

    Parameters
    ----------
    alpha_initializer : Initializer or str
        Of the slopes.
    in_channels : int
        1 for one slope; or the number of channels, axis 1 of the input, each of which then has its own.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> layer = nn.PReLU()
    >>> layer.initialize()
    >>> layer(np.array([-1, 2]))
    array([-0.25,  2.  ])
    """

    def __init__(self, alpha_initializer=_QUARTER, in_channels=1, **kwargs):
        super().__init__(**kwargs)
        self.alpha = Parameter("alpha", shape=(whole("PReLU", "in_channels", in_channels),), init=alpha_initializer)

    def forward(self, x):
        return npx.leaky_relu(x, self.alpha.data(), act_type="prelu")


class ELU(HybridBlock):
    """x where it is positive, α (eˣ - 1) elsewhere (Clevert et al., 2015, arXiv:1511.07289).

    Parameters
    ----------
    alpha : float
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.ELU()(np.array([-1, 2])).round(3)
    array([-0.632,  2.   ])
    """

    def __init__(self, alpha=1.0, **kwargs):
        super().__init__(**kwargs)
        self._alpha = alpha

    def forward(self, x):
        return npx.leaky_relu(x, act_type="elu", slope=self._alpha)


class SELU(HybridBlock):
    """A scaled `ELU` that keeps mean 0 and variance 1 (Klambauer et al., 2017, arXiv:1706.02515).

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.SELU()(np.array([-1, 2])).round(3)
    array([-1.111,  2.101])
    """

    def forward(self, x):
        return npx.leaky_relu(x, act_type="selu")


class GELU(HybridBlock):
    """x Φ(x), with the distribution function Φ of the standard normal distribution (Hendrycks and Gimpel, 2016, arXiv:1606.08415).

    Parameters
    ----------
    approximation : {'erf', 'tanh'}
        'tanh' computes `npx.gelu_tanh`, which is off by at most 0.0005: what many published networks were trained with.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.GELU()(np.array([-1, 2])).round(3)
    array([-0.159,  1.954])
    """

    def __init__(self, approximation="erf", **kwargs):
        if approximation not in ("erf", "tanh"):
            raise ValueError(f"GELU: approximation is 'erf' or 'tanh', not {approximation!r}")
        super().__init__(**kwargs)
        self._approximation = approximation

    def forward(self, x):
        return npx.gelu(x) if self._approximation == "erf" else npx.gelu_tanh(x)


class Swish(HybridBlock):
    """x · sigmoid(β x) (Ramachandran et al., 2017, arXiv:1710.05941).

    Parameters
    ----------
    beta : float
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.Swish()(np.array([-1, 2])).round(3)
    array([-0.269,  1.762])
    """

    def __init__(self, beta=1.0, **kwargs):
        super().__init__(**kwargs)
        self._beta = beta

    def forward(self, x):
        return npx.silu(x) if self._beta == 1 else x * npx.sigmoid(self._beta * x)


class SiLU(HybridBlock):
    """x · sigmoid(x): `Swish` with β = 1.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.SiLU()(np.array([-1, 2])).round(3)
    array([-0.269,  1.762])
    """

    def forward(self, x):
        return npx.silu(x)
