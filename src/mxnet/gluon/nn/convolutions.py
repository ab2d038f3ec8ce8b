"""Convolutions in one, two and three dimensions, and their transposes."""

from ... import numpy_extension as npx
from ..block import HybridBlock
from ..parameter import Parameter
from .activations import Activation
from .arguments import channels_of, known_layout, per_axis, share, whole

__all__ = ["Conv1D", "Conv1DTranspose", "Conv2D", "Conv2DTranspose", "Conv3D", "Conv3DTranspose", "Kernels"]


class Kernels(HybridBlock):
    """Kernels that slide over images: the arguments that convolutions of all kinds share.

    `sizes` are those of the kernel, the strides, the padding and the dilation.
    """

    def __init__(self, axes, channels, sizes, groups, layout, activation, in_channels, kwargs):
        super().__init__(**kwargs)
        name = type(self).__name__
        self._layout = known_layout(name, layout, axes)
        self._channels = whole(name, "channels", channels)
        self._groups = whole(name, "groups", groups)
        words = ("kernel_size", 1), ("strides", 1), ("padding", 0), ("dilation", 1)
        self._kernel, self._strides, self._padding, self._dilation = [
            per_axis(name, word, size, axes, least) for (word, least), size in zip(words, sizes, strict=True)
        ]
        share(name, "channels of the result", self._channels, self._groups)
        share(name, "channels of the input", whole(name, "in_channels", in_channels, least=0), self._groups)
        self.act = None if activation is None else Activation(activation)

    def _channels_in(self, x):
        """The number of channels of an input, which the groups share."""
        name = type(self).__name__
        channels = channels_of(name, x, self._layout)
        share(name, "channels of the input", channels, self._groups)
        return channels

    def _shape(self, first, second):
        """The shape of a weight: two numbers of channels, and the size of the kernel at the place that the layout gives it."""
        return (first, *self._kernel, second) if self._layout[-1] == "C" else (first, second, *self._kernel)

    def _parameter(self, name, shape, init):
        return Parameter(name, shape=shape, init=init, allow_deferred_init=True)

    def _activated(self, out):
        return out if self.act is None else self.act(out)

    def _described(self, channels, use_bias):
        axes = len(self._kernel)
        fields = [f"{channels} -> {self._channels}", f"kernel_size={self._kernel}", f"stride={self._strides}"]
        if self._padding != (0,) * axes:
            fields.append(f"padding={self._padding}")
        if self._dilation != (1,) * axes:
            fields.append(f"dilation={self._dilation}")
        if self._groups != 1:
            fields.append(f"groups={self._groups}")
        if not use_bias:
            fields.append("bias=False")
        if self.act is not None:
            fields.append(repr(self.act))
        return f"{type(self).__name__}({', '.join(fields)})"


class _Conv(Kernels):
    """One weight, and a bias."""

    _old_kind = "conv"

    def __init__(self, axes, channels, sizes, groups, layout, activation, use_bias, initializers, in_channels, kwargs):
        super().__init__(axes, channels, sizes, groups, layout, activation, in_channels, kwargs)
        weight_initializer, bias_initializer = initializers
        self.weight = self._parameter("weight", self._weight_shape(in_channels or -1), weight_initializer)
        self.bias = self._parameter("bias", (self._channels,), bias_initializer) if use_bias else None
        self._options = {
            "stride": self._strides,
            "dilate": self._dilation,
            "pad": self._padding,
            "num_filter": self._channels,
            "num_group": self._groups,
            "no_bias": not use_bias,
            "layout": self._layout,
        }

    def _weight_shape(self, channels):
        return self._shape(self._channels, share(type(self).__name__, "channels of the input", channels, self._groups))

    def infer_shape(self, x):
        self.weight.shape = self._weight_shape(self._channels_in(x))

    def forward(self, x):
        bias = None if self.bias is None else self.bias.data()
        return self._activated(npx.convolution(x, self.weight.data(), bias, **self._options))

    def __repr__(self):
        of_group = self.weight.shape[self._layout.index("C")]
        return self._described(of_group if of_group == -1 else of_group * self._groups, self.bias is not None)


class _ConvTranspose(_Conv):
    """The way back: the weight has the channels of the input first."""

    def __init__(self, axes, output_padding, *arguments):
        super().__init__(axes, *arguments)
        name = type(self).__name__
        adj = per_axis(name, "output_padding", output_padding, axes, 0)
        if any(a >= s for a, s in zip(adj, self._strides, strict=True)):
            raise ValueError(f"{name}: output_padding is below strides, {self._strides}, along each axis, not {adj}")
        self._options["adj"] = adj

    def _weight_shape(self, channels):
        return self._shape(channels, self._channels // self._groups)

    def forward(self, x):
        bias = None if self.bias is None else self.bias.data()
        return self._activated(npx.deconvolution(x, self.weight.data(), bias, **self._options))

    def __repr__(self):
        return self._described(self.weight.shape[0], self.bias is not None)


class Conv1D(_Conv):
    """Convolution of sequences: a filter for each channel of the result slides along the input.

    Parameters are those of `Conv2D`, for one spatial axis; `layout` is 'NCW' or 'NWC'.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> layer = nn.Conv1D(2, kernel_size=3, padding=1)
    >>> layer.initialize()
    >>> layer(np.ones((4, 3, 8))).shape
    (4, 2, 8)
    """

    def __init__(
        self,
        channels,
        kernel_size,
        strides=1,
        padding=0,
        dilation=1,
        groups=1,
        layout="NCW",
        activation=None,
        use_bias=True,
        weight_initializer=None,
        bias_initializer="zeros",
        in_channels=0,
        **kwargs,
    ):
        sizes = kernel_size, strides, padding, dilation
        initializers = weight_initializer, bias_initializer
        super().__init__(1, channels, sizes, groups, layout, activation, use_bias, initializers, in_channels, kwargs)


class Conv2D(_Conv):
    """Convolution of images: a filter for each channel of the result slides over the input; see `npx.convolution`.

    Parameters
    ----------
    channels : int
        How many channels come out: each of these filters sees the channels of the input, or of its group.
    kernel_size : int or tuple of int
        The size of the windows.
    strides : int or tuple of int
        From one window to the next.
    padding : int or tuple of int
        How many zeros are put at either side.
    dilation : int or tuple of int
        From one number of a window to the next.
    groups : int
        In how many groups of equal size the channels of input and result are cut, each of which is for itself.
    layout : {'NCHW', 'NHWC'}
        The axes of input and result: batch, channels, height, width. The weight has the shape (channels, in_channels / groups,
        *kernel_size), or, where the channels are last, (channels, *kernel_size, in_channels / groups).
    activation : str, optional
        See `Activation`; none by default.
    use_bias : bool
        Whether a number is added for each channel.
    weight_initializer, bias_initializer : Initializer or str, optional
        By default the weight is initialised as `Block.initialize` says.
    in_channels : int
        How many channels go in; 0: as many as the first input has.
    **kwargs
        See `Block`.

    Raises
    ------
    AssertionError
        When an input has another number of channels than the layer.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> layer = nn.Conv2D(8, kernel_size=5, strides=2, activation='relu')
    >>> layer.initialize()
    >>> layer(np.ones((2, 3, 32, 32))).shape
    (2, 8, 14, 14)
    """

    def __init__(
        self,
        channels,
        kernel_size,
        strides=(1, 1),
        padding=(0, 0),
        dilation=(1, 1),
        groups=1,
        layout="NCHW",
        activation=None,
        use_bias=True,
        weight_initializer=None,
        bias_initializer="zeros",
        in_channels=0,
        **kwargs,
    ):
        sizes = kernel_size, strides, padding, dilation
        initializers = weight_initializer, bias_initializer
        super().__init__(2, channels, sizes, groups, layout, activation, use_bias, initializers, in_channels, kwargs)


class Conv3D(_Conv):
    """Convolution of volumes: a filter for each channel of the result slides through the input.

    Parameters are those of `Conv2D`, for three spatial axes; `layout` is 'NCDHW' or 'NDHWC'.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> layer = nn.Conv3D(2, kernel_size=(1, 3, 3))
    >>> layer.initialize()
    >>> layer(np.ones((1, 3, 4, 8, 8))).shape
    (1, 2, 4, 6, 6)
    """

    def __init__(
        self,
        channels,
        kernel_size,
        strides=(1, 1, 1),
        padding=(0, 0, 0),
        dilation=(1, 1, 1),
        groups=1,
        layout="NCDHW",
        activation=None,
        use_bias=True,
        weight_initializer=None,
        bias_initializer="zeros",
        in_channels=0,
        **kwargs,
    ):
        sizes = kernel_size, strides, padding, dilation
        initializers = weight_initializer, bias_initializer
        super().__init__(3, channels, sizes, groups, layout, activation, use_bias, initializers, in_channels, kwargs)


class Conv1DTranspose(_ConvTranspose):
    """The transpose of `Conv1D`: each number of the input spreads over a window of the result.

    Parameters are those of `Conv2DTranspose`, for one spatial axis; `layout` is 'NCW' or 'NWC'.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> layer = nn.Conv1DTranspose(2, kernel_size=3, padding=1)
    >>> layer.initialize()
    >>> layer(np.ones((4, 3, 8))).shape
    (4, 2, 8)
    """

    def __init__(
        self,
        channels,
        kernel_size,
        strides=1,
        padding=0,
        output_padding=0,
        dilation=1,
        groups=1,
        layout="NCW",
        activation=None,
        use_bias=True,
        weight_initializer=None,
        bias_initializer="zeros",
        in_channels=0,
        **kwargs,
    ):
        sizes = kernel_size, strides, padding, dilation
        initializers = weight_initializer, bias_initializer
        super().__init__(
            1, output_padding, channels, sizes, groups, layout, activation, use_bias, initializers, in_channels, kwargs
        )


class Conv2DTranspose(_ConvTranspose):
    """The transpose of `Conv2D`: each number of the input spreads over a window of the result; see `npx.deconvolution`.

    It goes the other way than the `Conv2D` of the same arguments, from the shape of its results to that of its inputs.

    Parameters
    ----------
    channels, kernel_size, strides, padding, dilation, groups, activation, use_bias, in_channels
        See `Conv2D`.
    output_padding : int or tuple of int
        Below `strides`: by how much the result is longer, at its end, than the shortest one that the convolution would lead back.
    layout : {'NCHW', 'NHWC'}
        The weight has the shape (in_channels, channels / groups, *kernel_size), or (in_channels, *kernel_size, channels / groups).
    weight_initializer, bias_initializer : Initializer or str, optional
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> layer = nn.Conv2DTranspose(8, kernel_size=4, strides=2, padding=1)
    >>> layer.initialize()
    >>> layer(np.ones((2, 3, 16, 16))).shape
    (2, 8, 32, 32)
    """

    def __init__(
        self,
        channels,
        kernel_size,
        strides=(1, 1),
        padding=(0, 0),
        output_padding=(0, 0),
        dilation=(1, 1),
        groups=1,
        layout="NCHW",
        activation=None,
        use_bias=True,
        weight_initializer=None,
        bias_initializer="zeros",
        in_channels=0,
        **kwargs,
    ):
        sizes = kernel_size, strides, padding, dilation
        initializers = weight_initializer, bias_initializer
        super().__init__(
            2, output_padding, channels, sizes, groups, layout, activation, use_bias, initializers, in_channels, kwargs
        )


class Conv3DTranspose(_ConvTranspose):
    """The transpose of `Conv3D`: each number of the input spreads over a window of the result.

    Parameters are those of `Conv2DTranspose`, for three spatial axes; `layout` is 'NCDHW' or 'NDHWC'.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> layer = nn.Conv3DTranspose(2, kernel_size=(1, 3, 3))
    >>> layer.initialize()
    >>> layer(np.ones((1, 3, 4, 8, 8))).shape
    (1, 2, 4, 10, 10)
    """

    def __init__(
        self,
        channels,
        kernel_size,
        strides=(1, 1, 1),
        padding=(0, 0, 0),
        output_padding=(0, 0, 0),
        dilation=(1, 1, 1),
        groups=1,
        layout="NCDHW",
        activation=None,
        use_bias=True,
        weight_initializer=None,
        bias_initializer="zeros",
        in_channels=0,
        **kwargs,
    ):
        sizes = kernel_size, strides, padding, dilation
        initializers = weight_initializer, bias_initializer
        super().__init__(
            3, output_padding, channels, sizes, groups, layout, activation, use_bias, initializers, in_channels, kwargs
        )
