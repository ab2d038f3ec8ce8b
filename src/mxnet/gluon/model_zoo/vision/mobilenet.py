"""MobileNets: each channel is convolved by itself, and 1 x 1 convolutions mix them."""

from .... import numpy as np
from ... import nn
from .parts import Classifier, chain, normalized, with_weights

__all__ = [
    "MobileNet",
    "MobileNetV2",
    "get_mobilenet",
    "get_mobilenet_v2",
    "mobilenet0_5",
    "mobilenet0_25",
    "mobilenet0_75",
    "mobilenet1_0",
    "mobilenet_v2_0_5",
    "mobilenet_v2_0_25",
    "mobilenet_v2_0_75",
    "mobilenet_v2_1_0",
]


class MobileNet(Classifier):
    """MobileNet (Howard et al., 2017, arXiv:1704.04861, table 1).

    Parameters
    ----------
    multiplier : float
        By how much the number of channels is multiplied, in all layers.
    classes : int
        The number of classes.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.model_zoo import vision
    >>> net = vision.MobileNet(0.25, classes=10)
    >>> net.initialize()
    >>> net(np.zeros((1, 3, 32, 32))).shape
    (1, 10)
    """

    def __init__(self, multiplier=1.0, classes=1000, **kwargs):
        super().__init__(**kwargs)
        layers = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1)]
        before = int(32 * multiplier)
        self.features = chain(*normalized(before, 3, 2, 1))
        for channels, stride in layers:
            after = int(channels * multiplier)
            self.features.add(*normalized(before, 3, stride, 1, groups=before), *normalized(after, 1))
            before = after
        self.features.add(nn.GlobalAvgPool2D(), nn.Flatten())
        self.output = nn.Dense(classes)


class RELU6(nn.HybridBlock):
    """min(max(x, 0), 6)."""

    def forward(self, x):
        return np.clip(x, 0, 6)


def _clipped(*arguments, **options):
    """As `normalized`, with RELU6."""
    return [*normalized(*arguments, activation=False, **options), RELU6()]


class LinearBottleneck(nn.HybridBlock):
    """To more channels, a convolution of each, and to few channels without ReLU; the input is added where the shape is the same."""

    def __init__(self, in_channels, channels, expansion, stride, **kwargs):
        super().__init__(**kwargs)
        wide = in_channels * expansion
        self.out = chain(
            *_clipped(wide, 1),
            *_clipped(wide, 3, stride, 1, groups=wide),
            *normalized(channels, 1, activation=False),
        )
        self._shortcut = stride == 1 and in_channels == channels

    def forward(self, x):
        return self.out(x) + x if self._shortcut else self.out(x)


class MobileNetV2(Classifier):
    """MobileNet v2 (Sandler et al., 2018, arXiv:1801.04381, table 2).

    Parameters
    ----------
    multiplier : float
        By how much the number of channels is multiplied; the last convolution has at least 1280.
    classes : int
        The number of classes.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.model_zoo import vision
    >>> net = vision.MobileNetV2(0.25, classes=10)
    >>> net.initialize()
    >>> net(np.zeros((1, 3, 32, 32))).shape
    (1, 10)
    """

    def __init__(self, multiplier=1.0, classes=1000, **kwargs):
        super().__init__(**kwargs)
        stages = [  # expansion, channels, blocks, stride of the first
            (1, 16, 1, 1),
            (6, 24, 2, 2),
            (6, 32, 3, 2),
            (6, 64, 4, 2),
            (6, 96, 3, 1),
            (6, 160, 3, 2),
            (6, 320, 1, 1),
        ]
        before = int(32 * multiplier)
        self.features = chain(*_clipped(before, 3, 2, 1))
        for expansion, channels, count, stride in stages:
            after = int(channels * multiplier)
            for number in range(count):
                self.features.add(LinearBottleneck(before, after, expansion, stride if number == 0 else 1))
                before = after
        self.features.add(*_clipped(int(1280 * max(multiplier, 1)), 1), nn.GlobalAvgPool2D())
        self.output = chain(nn.Conv2D(classes, 1, use_bias=False), nn.Flatten())


def get_mobilenet(multiplier, pretrained=False, device=None, root="~/.mxnet/models", ctx=None, **kwargs):
    """A MobileNet.

    Parameters
    ----------
    multiplier : float
        See `MobileNet`.
    pretrained, device, root, ctx
        See `get_model`; the file is that of `mobilenet0.5` for a multiplier of 0.5.
    **kwargs
        `classes`: see `MobileNet`.

    Examples
    --------
    >>> from mxnet.gluon.model_zoo import vision
    >>> net = vision.get_mobilenet(0.5, classes=10)
    """
    return with_weights(MobileNet(multiplier, **kwargs), f"mobilenet{float(multiplier)}", pretrained, device or ctx, root)


def get_mobilenet_v2(multiplier, pretrained=False, device=None, root="~/.mxnet/models", ctx=None, **kwargs):
    """A MobileNet v2.

    Parameters
    ----------
    multiplier : float
        See `MobileNetV2`.
    pretrained, device, root, ctx
        See `get_model`; the file is that of `mobilenetv2_0.5` for a multiplier of 0.5.
    **kwargs
        `classes`: see `MobileNetV2`.

    Examples
    --------
    >>> from mxnet.gluon.model_zoo import vision
    >>> net = vision.get_mobilenet_v2(0.5, classes=10)
    """
    return with_weights(MobileNetV2(multiplier, **kwargs), f"mobilenetv2_{float(multiplier)}", pretrained, device or ctx, root)


def mobilenet1_0(**kwargs):
    """`get_mobilenet(1.0, …)`."""
    return get_mobilenet(1.0, **kwargs)


def mobilenet0_75(**kwargs):
    """`get_mobilenet(0.75, …)`."""
    return get_mobilenet(0.75, **kwargs)


def mobilenet0_5(**kwargs):
    """`get_mobilenet(0.5, …)`."""
    return get_mobilenet(0.5, **kwargs)


def mobilenet0_25(**kwargs):
    """`get_mobilenet(0.25, …)`."""
    return get_mobilenet(0.25, **kwargs)


def mobilenet_v2_1_0(**kwargs):
    """`get_mobilenet_v2(1.0, …)`."""
    return get_mobilenet_v2(1.0, **kwargs)


def mobilenet_v2_0_75(**kwargs):
    """`get_mobilenet_v2(0.75, …)`."""
    return get_mobilenet_v2(0.75, **kwargs)


def mobilenet_v2_0_5(**kwargs):
    """`get_mobilenet_v2(0.5, …)`."""
    return get_mobilenet_v2(0.5, **kwargs)


def mobilenet_v2_0_25(**kwargs):
    """`get_mobilenet_v2(0.25, …)`."""
    return get_mobilenet_v2(0.25, **kwargs)
