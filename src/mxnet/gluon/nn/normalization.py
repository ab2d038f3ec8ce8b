"""Normalisation layers: x less its mean, over its standard deviation, times γ plus β; they differ in what a mean is taken over."""

import numpy

from ... import numpy_extension as npx
from ..block import HybridBlock
from ..parameter import Parameter
from .arguments import length_of, share, whole

__all__ = ["BatchNorm", "BatchNormReLU", "GroupNorm", "InstanceNorm", "LayerNorm", "RMSNorm", "SyncBatchNorm"]


class _Normalization(HybridBlock):
    """Parameters that have a number for each channel, of which there are as many as the input is long along `axis`."""

    def __init__(self, axis, epsilon, in_channels, **kwargs):
        super().__init__(**kwargs)
        self._axis = axis
        self._epsilon = epsilon
        self._shape = (whole(type(self).__name__, "in_channels", in_channels, least=0),)

    def _vector(self, name, init, learned):
        grad_req = "write" if learned else "null"
        return Parameter(name, grad_req, self._shape, init=init, allow_deferred_init=True, differentiable=learned)

    def infer_shape(self, x, *args):
        channels = length_of(type(self).__name__, x, self._axis)
        for parameter in self.params.values():
            parameter.shape = (channels,)

    def _scale_and_shift(self, scale, center, gamma_initializer, beta_initializer):
        self._scale, self._center = bool(scale), bool(center)
        self.gamma = self._vector("gamma", gamma_initializer, self._scale)
        self.beta = self._vector("beta", beta_initializer, self._center)

    def _described(self, field):
        fields = f"eps={self._epsilon}, {field}, center={self._center}, scale={self._scale}, in_channels={self.gamma.shape[0]}"
        return f"{type(self).__name__}({fields})"


class _BatchNorm(_Normalization):
    """What the kinds of batch normalisation share."""

    def __init__(
        self,
        axis=1,
        momentum=0.9,
        epsilon=1e-5,
        center=True,
        scale=True,
        use_global_stats=False,
        beta_initializer="zeros",
        gamma_initializer="ones",
        running_mean_initializer="zeros",
        running_variance_initializer="ones",
        in_channels=0,
        **kwargs,
    ):
        super().__init__(axis, epsilon, in_channels, **kwargs)
        self._momentum = momentum
        self._use_global_stats = bool(use_global_stats)
        self._scale_and_shift(scale, center, gamma_initializer, beta_initializer)
        self.running_mean = self._vector("running_mean", running_mean_initializer, learned=False)
        self.running_var = self._vector("running_var", running_variance_initializer, learned=False)

    def cast(self, dtype):
        """Change the dtype of all parameters; to float32 where float16 is asked for, in which statistics would be too coarse."""
        super().cast("float32" if numpy.dtype(dtype) == numpy.float16 else dtype)

    def _normalized(self, operator, x, **options):
        return operator(
            x,
            self.gamma.data(),
            self.beta.data(),
            self.running_mean.data(),
            self.running_var.data(),
            eps=self._epsilon,
            momentum=self._momentum,
            fix_gamma=not self._scale,
            use_global_stats=self._use_global_stats,
            **options,
        )

    def _settings(self):
        ways = f"fix_gamma={not self._scale}, use_global_stats={self._use_global_stats}"
        return f"eps={self._epsilon}, momentum={self._momentum}, {ways}"

    def __repr__(self):
        return f"{type(self).__name__}(axis={self._axis}, {self._settings()}, in_channels={self.gamma.shape[0]})"


class BatchNorm(_BatchNorm):
    """(x - mean) / √(variance + ε) · γ + β for each channel (Ioffe and Szegedy, 2015, arXiv:1502.03167).

    In training mean and variance are those of the batch, and the running ones are moved towards them in every forward pass:
    running = momentum · running + (1 - momentum) · current, with the variance divided by n and not by n - 1. Otherwise the running
    ones stand in.

    Parameters
    ----------
    axis : int
        The axis of the channels.
    momentum : float
        How much of the running statistics stays.
    epsilon : float
        ε, which keeps the variance from 0.
    center, scale : bool
        Whether β and γ are learned; otherwise they keep their first values, and 1 stands in for γ.
    use_global_stats : bool
        Whether the running statistics are used, and left as they are, in training, too.
    beta_initializer, gamma_initializer, running_mean_initializer, running_variance_initializer : Initializer or str
    in_channels : int
        The number of channels; 0: as many as the first input has.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import autograd, np
    >>> from mxnet.gluon import nn
    >>> layer = nn.BatchNorm(epsilon=0)
    >>> layer.initialize()
    >>> with autograd.train_mode():
    ...     layer(np.array([[1], [3]]))
    array([[-1.],
           [ 1.]])
    >>> layer.running_mean.data()
    array([0.2])
    """

    def forward(self, x):
        return self._normalized(npx.batch_norm, x, axis=self._axis)


class BatchNormReLU(_BatchNorm):
    """`BatchNorm`, whose parameters it takes, and max(x, 0) of the result.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> layer = nn.BatchNormReLU(epsilon=0)
    >>> layer.initialize()
    >>> layer(np.array([[-1], [3]]))
    array([[0.],
           [3.]])
    """

    def forward(self, x):
        return self._normalized(npx.batch_norm_with_relu, x, axis=self._axis)


class SyncBatchNorm(BatchNorm):
    """`BatchNorm` along axis 1, over the parts of a batch on all devices; here there is one, so that nothing is to be synchronised.

    Parameters
    ----------
    in_channels : int
        The number of channels; 0: as many as the first input has.
    num_devices : int, optional
        No effect.
    momentum, epsilon, center, scale, use_global_stats
        See `BatchNorm`.
    beta_initializer, gamma_initializer, running_mean_initializer, running_variance_initializer : Initializer or str
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> layer = nn.SyncBatchNorm(epsilon=0)
    >>> layer.initialize()
    >>> layer(np.array([[-1], [3]]))
    array([[-1.],
           [ 3.]])
    """

    def __init__(
        self,
        in_channels=0,
        num_devices=None,
        momentum=0.9,
        epsilon=1e-5,
        center=True,
        scale=True,
        use_global_stats=False,
        beta_initializer="zeros",
        gamma_initializer="ones",
        running_mean_initializer="zeros",
        running_variance_initializer="ones",
        **kwargs,
    ):
        super().__init__(
            1,
            momentum,
            epsilon,
            center,
            scale,
            use_global_stats,
            beta_initializer,
            gamma_initializer,
            running_mean_initializer,
            running_variance_initializer,
            in_channels,
            **kwargs,
        )
        self._devices = 1 if num_devices is None else num_devices

    def __repr__(self):
        return f"SyncBatchNorm({self._settings()}, ndev={self._devices}, in_channels={self.gamma.shape[0]})"


class LayerNorm(_Normalization):
    """(x - mean) / √(variance + ε) · γ + β, with mean and variance along one axis (Ba et al., 2016, arXiv:1607.06450).

    Parameters
    ----------
    axis : int
        The axis, along which γ and β vary, too.
    epsilon : float
        ε, which keeps the variance from 0.
    center, scale : bool
        Whether β and γ are learned; otherwise they keep their first values.
    beta_initializer, gamma_initializer : Initializer or str
    in_channels : int
        The length of the axis; 0: that of the first input.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> layer = nn.LayerNorm()
    >>> layer.initialize()
    >>> layer(np.array([[1, 2, 3], [10, 20, 30]])).round(3)
    array([[-1.225,  0.   ,  1.225],
           [-1.225,  0.   ,  1.225]])
    """

    def __init__(
        self,
        axis=-1,
        epsilon=1e-5,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        in_channels=0,
        **kwargs,
    ):
        super().__init__(axis, epsilon, in_channels, **kwargs)
        self._scale_and_shift(scale, center, gamma_initializer, beta_initializer)

    def forward(self, data):
        return npx.layer_norm(data, self.gamma.data(), self.beta.data(), self._axis, self._epsilon)

    def __repr__(self):
        return self._described(f"axis={self._axis}")


class RMSNorm(_Normalization):
    """x / √(mean(x²) + ε) · γ, with the mean along one axis (Zhang and Sennrich, 2019, arXiv:1910.07467).

    Parameters
    ----------
    axis : int
        The axis, along which γ varies, too.
    epsilon : float
        ε, which keeps the denominator from 0.
    scale : bool
        Whether γ is learned; otherwise it keeps its first values.
    gamma_initializer : Initializer or str
    in_channels : int
        The length of the axis; 0: that of the first input.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> layer = nn.RMSNorm()
    >>> layer.initialize()
    >>> layer(np.array([3, 4])).round(3)
    array([0.849, 1.131])
    """

    def __init__(self, axis=-1, epsilon=1e-6, scale=True, gamma_initializer="ones", in_channels=0, **kwargs):
        super().__init__(axis, epsilon, in_channels, **kwargs)
        self._scale = bool(scale)
        self.gamma = self._vector("gamma", gamma_initializer, self._scale)

    def forward(self, data):
        return npx.rms_norm(data, self.gamma.data(), self._axis, self._epsilon)

    def __repr__(self):
        return f"RMSNorm(eps={self._epsilon}, axis={self._axis}, scale={self._scale}, in_channels={self.gamma.shape[0]})"


class GroupNorm(_Normalization):
    """(x - mean) / √(variance + ε) · γ + β, over groups of channels of one example (Wu and He, 2018, arXiv:1803.08494).

    Inputs have the shape (batch, channels, ...), with three axes at least.

    Parameters
    ----------
    num_groups : int
        How many groups of equal size the channels make.
    epsilon : float
        ε, which keeps the variance from 0.
    center, scale : bool
        Whether β and γ, which have a number for each channel, are learned; otherwise they keep their first values.
    beta_initializer, gamma_initializer : Initializer or str
    in_channels : int
        The number of channels; 0: as many as the first input has.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> layer = nn.GroupNorm(num_groups=2)
    >>> layer.initialize()
    >>> layer(np.array([[[1], [3], [20], [40]]])).squeeze().round(2)
    array([-1.,  1., -1.,  1.])
    """

    def __init__(
        self,
        num_groups=1,
        epsilon=1e-5,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        in_channels=0,
        **kwargs,
    ):
        super().__init__(1, epsilon, in_channels, **kwargs)
        self._num_groups = whole("GroupNorm", "num_groups", num_groups)
        share("GroupNorm", "channels", *self._shape, self._num_groups)
        self._scale_and_shift(scale, center, gamma_initializer, beta_initializer)

    def infer_shape(self, data, *args):
        share("GroupNorm", "channels", length_of("GroupNorm", data, 1), self._num_groups)
        super().infer_shape(data)

    def forward(self, data):
        return npx.group_norm(data, self.gamma.data(), self.beta.data(), self._num_groups, self._epsilon)

    def __repr__(self):
        return self._described(f"num_groups={self._num_groups}")


class InstanceNorm(_Normalization):
    """(x - mean) / √(variance + ε) · γ + β, for each channel of one example (Ulyanov et al., 2016, arXiv:1607.08022).

    Inputs have three axes at least, the first of which is that of the examples.

    Parameters
    ----------
    axis : int
        The axis of the channels.
    epsilon : float
        ε, which keeps the variance from 0.
    center, scale : bool
        Whether β and γ, with a number for each channel, are learned; otherwise, as γ by default, they keep their first values.
    beta_initializer, gamma_initializer : Initializer or str
    in_channels : int
        The number of channels; 0: as many as the first input has.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> layer = nn.InstanceNorm()
    >>> layer.initialize()
    >>> layer(np.array([[[1, 3], [20, 40]]])).round(2)
    array([[[-1.,  1.],
            [-1.,  1.]]])
    """

    def __init__(
        self,
        axis=1,
        epsilon=1e-5,
        center=True,
        scale=False,
        beta_initializer="zeros",
        gamma_initializer="ones",
        in_channels=0,
        **kwargs,
    ):
        super().__init__(axis, epsilon, in_channels, **kwargs)
        self._scale_and_shift(scale, center, gamma_initializer, beta_initializer)

    def forward(self, x):
        gamma, beta = self.gamma.data(), self.beta.data()
        if self._axis == 1:
            return npx.instance_norm(x, gamma, beta, self._epsilon)
        return npx.instance_norm(x.swapaxes(1, self._axis), gamma, beta, self._epsilon).swapaxes(1, self._axis)

    def __repr__(self):
        return self._described(f"axis={self._axis}")
