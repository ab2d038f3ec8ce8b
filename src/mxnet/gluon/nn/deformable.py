"""Convolutions that learn where their windows read."""

import math

from ... import numpy_extension as npx
from .arguments import share, whole
from .convolutions import Kernels

__all__ = ["DeformableConvolution", "ModulatedDeformableConvolution"]


class _Deformable(Kernels):
    """A convolution, and another one that tells it `numbers` numbers for each one that a window reads."""

    def __init__(
        self, numbers, channels, sizes, groups, deformable_groups, layout, use_bias, in_channels, activation, initializers, kwargs
    ):
        super().__init__(2, channels, sizes, groups, layout, activation, in_channels, kwargs)
        name = type(self).__name__
        if layout != "NCHW":
            raise ValueError(f"{name}: layout is 'NCHW', not {layout!r}")
        self._deformable_groups = whole(name, "num_deformable_group", deformable_groups)
        self._offset_channels = numbers * deformable_groups * math.prod(self._kernel)
        share(name, "channels of offsets", self._offset_channels, self._groups)
        weight_initializer, bias_initializer, offset_weight_initializer, offset_bias_initializer, offset_use_bias = initializers
        shapes = self._shapes(in_channels or -1)
        self.offset_weight = self._parameter("offset_weight", shapes[0], offset_weight_initializer)
        self.offset_bias = (
            self._parameter("offset_bias", (self._offset_channels,), offset_bias_initializer) if offset_use_bias else None
        )
        self.deformable_conv_weight = self._parameter("deformable_conv_weight", shapes[1], weight_initializer)
        self.deformable_conv_bias = (
            self._parameter("deformable_conv_bias", (self._channels,), bias_initializer) if use_bias else None
        )
        self._steps = {"stride": self._strides, "dilate": self._dilation, "pad": self._padding, "num_group": self._groups}

    def _shapes(self, channels):
        """The shapes of both weights."""
        of_group = share(type(self).__name__, "channels of the input", channels, self._groups)
        share(type(self).__name__, "channels of the input", channels, self._deformable_groups)
        return self._shape(self._offset_channels, of_group), self._shape(self._channels, of_group)

    def infer_shape(self, x):
        self.offset_weight.shape, self.deformable_conv_weight.shape = self._shapes(self._channels_in(x))

    def _offsets(self, x):
        bias = None if self.offset_bias is None else self.offset_bias.data()
        weight = self.offset_weight.data()
        return npx.convolution(x, weight, bias, num_filter=self._offset_channels, no_bias=bias is None, **self._steps)

    def _convolved(self, operator, *arrays):
        bias = None if self.deformable_conv_bias is None else self.deformable_conv_bias.data()
        out = operator(
            *arrays,
            weight=self.deformable_conv_weight.data(),
            bias=bias,
            num_filter=self._channels,
            num_deformable_group=self._deformable_groups,
            no_bias=bias is None,
            **self._steps,
        )
        return self._activated(out)

    def __repr__(self):
        of_group = self.deformable_conv_weight.shape[1]
        channels = of_group if of_group == -1 else of_group * self._groups
        return self._described(channels, self.deformable_conv_bias is not None)


class DeformableConvolution(_Deformable):
    """Convolution of images whose windows read where another convolution of the image says (Dai et al., 2017, arXiv:1703.06211).

    See `npx.deformable_convolution`. At first, offsets are 0, and this is `Conv2D`.

    Parameters
    ----------
    channels, kernel_size, strides, padding, dilation, groups, use_bias, in_channels, activation
        See `Conv2D`; `groups`, `strides`, `padding` and `dilation` are those of the convolution for the offsets, too.
    num_deformable_group : int
        In how many groups the channels of the input have offsets of their own.
    layout : 'NCHW'
    weight_initializer, bias_initializer, offset_weight_initializer, offset_bias_initializer : Initializer or str, optional
    offset_use_bias : bool
        Whether the convolution for the offsets adds a number for each channel.
    op_name, adj
        No effect.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> layer = nn.DeformableConvolution(8, kernel_size=(3, 3), padding=(1, 1))
    >>> layer.initialize()
    >>> layer(np.ones((2, 3, 6, 6))).shape
    (2, 8, 6, 6)
    >>> layer.offset_weight
    Parameter (shape=(18, 3, 3, 3), dtype=float32)
    """

    def __init__(
        self,
        channels,
        kernel_size=(1, 1),
        strides=(1, 1),
        padding=(0, 0),
        dilation=(1, 1),
        groups=1,
        num_deformable_group=1,
        layout="NCHW",
        use_bias=True,
        in_channels=0,
        activation=None,
        weight_initializer=None,
        bias_initializer="zeros",
        offset_weight_initializer="zeros",
        offset_bias_initializer="zeros",
        offset_use_bias=True,
        op_name="DeformableConvolution",
        adj=None,
        **kwargs,
    ):
        sizes = kernel_size, strides, padding, dilation
        initializers = weight_initializer, bias_initializer, offset_weight_initializer, offset_bias_initializer, offset_use_bias
        super().__init__(
            2, channels, sizes, groups, num_deformable_group, layout, use_bias, in_channels, activation, initializers, kwargs
        )

    def forward(self, x):
        return self._convolved(npx.deformable_convolution, x, self._offsets(x))


class ModulatedDeformableConvolution(_Deformable):
    """`DeformableConvolution` with a factor for each number that a window reads (Zhu et al., 2018, arXiv:1811.11168).

    See `npx.modulated_deformable_convolution`. The convolution for the offsets has half as many channels more, whose numbers z give
    the factors 2 sigmoid(z). At first, these are 1.

    Parameters are those of `DeformableConvolution`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> layer = nn.ModulatedDeformableConvolution(8, kernel_size=(3, 3), padding=(1, 1))
    >>> layer.initialize()
    >>> layer(np.ones((2, 3, 6, 6))).shape
    (2, 8, 6, 6)
    >>> layer.offset_weight
    Parameter (shape=(27, 3, 3, 3), dtype=float32)
    """

    def __init__(
        self,
        channels,
        kernel_size=(1, 1),
        strides=(1, 1),
        padding=(0, 0),
        dilation=(1, 1),
        groups=1,
        num_deformable_group=1,
        layout="NCHW",
        use_bias=True,
        in_channels=0,
        activation=None,
        weight_initializer=None,
        bias_initializer="zeros",
        offset_weight_initializer="zeros",
        offset_bias_initializer="zeros",
        offset_use_bias=True,
        op_name="ModulatedDeformableConvolution",
        adj=None,
        **kwargs,
    ):
        sizes = kernel_size, strides, padding, dilation
        initializers = weight_initializer, bias_initializer, offset_weight_initializer, offset_bias_initializer, offset_use_bias
        super().__init__(
            3, channels, sizes, groups, num_deformable_group, layout, use_bias, in_channels, activation, initializers, kwargs
        )

    def forward(self, x):
        out = self._offsets(x)
        split = 2 * self._offset_channels // 3
        return self._convolved(npx.modulated_deformable_convolution, x, out[:, :split], 2 * npx.sigmoid(out[:, split:]))
