"""Residual networks: of blocks whose result is added to their input."""

from .... import numpy_extension as npx
from ... import nn
from .parts import Classifier, chain, normalized, with_weights

__all__ = [
    "BasicBlockV1",
    "BasicBlockV2",
    "BottleneckV1",
    "BottleneckV2",
    "ResNetV1",
    "ResNetV2",
    "get_resnet",
    "resnet18_v1",
    "resnet18_v2",
    "resnet34_v1",
    "resnet34_v2",
    "resnet50_v1",
    "resnet50_v2",
    "resnet101_v1",
    "resnet101_v2",
    "resnet152_v1",
    "resnet152_v2",
]


class _BlockV1(nn.HybridBlock):
    """relu(body(x) + x), or relu(body(x) + downsample(x)) where the shape changes."""

    def __init__(self, body, channels, stride, downsample, **kwargs):
        super().__init__(**kwargs)
        self.body = chain(*body)
        self.downsample = chain(*normalized(channels, 1, stride, activation=False)) if downsample else None

    def forward(self, x):
        residual = x if self.downsample is None else self.downsample(x)
        return npx.relu(self.body(x) + residual)


class BasicBlockV1(_BlockV1):
    """Two 3 x 3 convolutions, with their input added: relu(body(x) + x) (He et al., 2015, arXiv:1512.03385, figure 5, left).

    Parameters
    ----------
    channels : int
        The number of channels of the result.
    stride : int
        The stride of the first convolution.
    downsample : bool
        Whether the input goes through a 1 x 1 convolution of that stride before it is added; it has to, where the shape changes.
    in_channels : int
        No effect: the first input tells.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.model_zoo import vision
    >>> block = vision.BasicBlockV1(8, stride=2, downsample=True)
    >>> block.initialize()
    >>> block(np.zeros((1, 4, 6, 6))).shape
    (1, 8, 3, 3)
    """

    def __init__(self, channels, stride, downsample=False, in_channels=0, **kwargs):
        body = [*normalized(channels, 3, stride, 1), *normalized(channels, 3, 1, 1, activation=False)]
        super().__init__(body, channels, stride, downsample, **kwargs)


class BottleneckV1(_BlockV1):
    """Convolutions of sizes 1, 3 and 1, the first of which quarters the channels, with their input added (the same figure, right).

    The stride is that of the first convolution, and the convolutions of size 1 have a bias, as in MXNet.

    Parameters
    ----------
    channels, stride, downsample, in_channels, **kwargs
        See `BasicBlockV1`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.model_zoo import vision
    >>> block = vision.BottleneckV1(8, stride=2, downsample=True)
    >>> block.initialize()
    >>> block(np.zeros((1, 4, 6, 6))).shape
    (1, 8, 3, 3)
    """

    def __init__(self, channels, stride, downsample=False, in_channels=0, **kwargs):
        body = [
            nn.Conv2D(channels // 4, 1, stride),
            nn.BatchNorm(),
            nn.Activation("relu"),
            *normalized(channels // 4, 3, 1, 1),
            nn.Conv2D(channels, 1),
            nn.BatchNorm(),
        ]
        super().__init__(body, channels, stride, downsample, **kwargs)


class BasicBlockV2(nn.HybridBlock):
    """Two 3 x 3 convolutions, each after normalisation and ReLU, with their input added (He et al., 2016, arXiv:1603.05027).

    Parameters
    ----------
    channels, stride, downsample, in_channels, **kwargs
        See `BasicBlockV1`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.model_zoo import vision
    >>> block = vision.BasicBlockV2(8, stride=2, downsample=True)
    >>> block.initialize()
    >>> block(np.zeros((1, 4, 6, 6))).shape
    (1, 8, 3, 3)
    """

    def __init__(self, channels, stride, downsample=False, in_channels=0, **kwargs):
        super().__init__(**kwargs)
        self.bn1 = nn.BatchNorm()
        self.conv1 = nn.Conv2D(channels, 3, stride, 1, use_bias=False)
        self.bn2 = nn.BatchNorm()
        self.conv2 = nn.Conv2D(channels, 3, 1, 1, use_bias=False)
        self.downsample = nn.Conv2D(channels, 1, stride, use_bias=False) if downsample else None

    def forward(self, x):
        a = npx.relu(self.bn1(x))
        residual = x if self.downsample is None else self.downsample(a)
        a = self.conv1(a)
        a = self.conv2(npx.relu(self.bn2(a)))
        return a + residual


class BottleneckV2(nn.HybridBlock):
    """Convolutions of sizes 1, 3 and 1, each after normalisation and ReLU, with their input added.

    The first one quarters the channels.

    Parameters
    ----------
    channels, downsample, in_channels, **kwargs
        See `BasicBlockV1`.
    stride : int
        The stride of the second convolution.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.model_zoo import vision
    >>> block = vision.BottleneckV2(8, stride=2, downsample=True)
    >>> block.initialize()
    >>> block(np.zeros((1, 4, 6, 6))).shape
    (1, 8, 3, 3)
    """

    def __init__(self, channels, stride, downsample=False, in_channels=0, **kwargs):
        super().__init__(**kwargs)
        self.bn1 = nn.BatchNorm()
        self.conv1 = nn.Conv2D(channels // 4, 1, use_bias=False)
        self.bn2 = nn.BatchNorm()
        self.conv2 = nn.Conv2D(channels // 4, 3, stride, 1, use_bias=False)
        self.bn3 = nn.BatchNorm()
        self.conv3 = nn.Conv2D(channels, 1, use_bias=False)
        self.downsample = nn.Conv2D(channels, 1, stride, use_bias=False) if downsample else None

    def forward(self, x):
        a = npx.relu(self.bn1(x))
        residual = x if self.downsample is None else self.downsample(a)
        a = self.conv1(a)
        a = self.conv2(npx.relu(self.bn2(a)))
        a = self.conv3(npx.relu(self.bn3(a)))
        return a + residual


def _stem_and_stages(network, block, layers, channels, thumbnail):
    """The first layers, and the stages of blocks; each stage but the first halves the image."""
    if len(channels) != len(layers) + 1:
        raise ValueError(
            f"{type(network).__name__}: channels has an entry for the first convolution and one for each of the {len(layers)} "
            f"stages that layers tells of, {len(layers) + 1} together, not {len(channels)}"
        )
    if thumbnail:
        parts = [nn.Conv2D(channels[0], 3, 1, 1, use_bias=False)]
    else:
        parts = [*normalized(channels[0], 7, 2, 3), nn.MaxPool2D(3, 2, 1)]
    for number, count in enumerate(layers):
        before, after = channels[number : number + 2]
        stride = 1 if number == 0 else 2
        first = block(after, stride, downsample=stride != 1 or before != after)
        parts.append(chain(first, *(block(after, 1) for _ in range(count - 1))))
    return parts


class ResNetV1(Classifier):
    """A residual network (He et al., 2015, arXiv:1512.03385).

    Parameters
    ----------
    block : class
        `BasicBlockV1` or `BottleneckV1`.
    layers : sequence of int
        How many blocks each stage has.
    channels : sequence of int
        How many channels the first convolution has, and the blocks of each stage.
    classes : int
        The number of classes.
    thumbnail : bool
        Whether images are small, as those of CIFAR: the network then begins with a 3 x 3 convolution and without pooling.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.model_zoo import vision
    >>> net = vision.ResNetV1(vision.BasicBlockV1, layers=[1, 1], channels=[4, 4, 8], classes=10, thumbnail=True)
    >>> net.initialize()
    >>> net(np.zeros((1, 3, 8, 8))).shape
    (1, 10)
    """

    def __init__(self, block, layers, channels, classes=1000, thumbnail=False, **kwargs):
        super().__init__(**kwargs)
        self.features = chain(*_stem_and_stages(self, block, layers, channels, thumbnail), nn.GlobalAvgPool2D())
        self.output = nn.Dense(classes, in_units=channels[-1])


class ResNetV2(Classifier):
    """A residual network with normalisation and ReLU before convolutions (He et al., 2016, arXiv:1603.05027).

    Images are normalised first, without γ and β.

    Parameters
    ----------
    block : class
        `BasicBlockV2` or `BottleneckV2`.
    layers, channels, classes, thumbnail, **kwargs
        See `ResNetV1`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.model_zoo import vision
    >>> net = vision.ResNetV2(vision.BasicBlockV2, layers=[1, 1], channels=[4, 4, 8], classes=10, thumbnail=True)
    >>> net.initialize()
    >>> net(np.zeros((1, 3, 8, 8))).shape
    (1, 10)
    """

    def __init__(self, block, layers, channels, classes=1000, thumbnail=False, **kwargs):
        super().__init__(**kwargs)
        self.features = chain(
            nn.BatchNorm(scale=False, center=False),
            *_stem_and_stages(self, block, layers, channels, thumbnail),
            nn.BatchNorm(),
            nn.Activation("relu"),
            nn.GlobalAvgPool2D(),
            nn.Flatten(),
        )
        self.output = nn.Dense(classes, in_units=channels[-1])


_NETWORKS = {1: (ResNetV1, BasicBlockV1, BottleneckV1), 2: (ResNetV2, BasicBlockV2, BottleneckV2)}
_LAYERS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}


def get_resnet(version, num_layers, pretrained=False, device=None, root="~/.mxnet/models", ctx=None, **kwargs):
    """A residual network of 18, 34, 50, 101 or 152 layers; from 50 on it is made of bottlenecks.

    Parameters
    ----------
    version : {1, 2}
        `ResNetV1` or `ResNetV2`.
    num_layers : {18, 34, 50, 101, 152}
    pretrained, device, root, ctx
        See `get_model`.
    **kwargs
        `classes`, `thumbnail`: see `ResNetV1`.

    Examples
    --------
    >>> from mxnet.gluon.model_zoo import vision
    >>> net = vision.get_resnet(1, 18, classes=10, thumbnail=True)
    """
    if version not in _NETWORKS:
        raise ValueError(f"get_resnet: version is 1 or 2, not {version!r}")
    if num_layers not in _LAYERS:
        raise ValueError(f"get_resnet: num_layers is one of {', '.join(map(str, _LAYERS))}, not {num_layers!r}")
    network, basic, bottleneck = _NETWORKS[version]
    if num_layers < 50:
        net = network(basic, _LAYERS[num_layers], (64, 64, 128, 256, 512), **kwargs)
    else:
        net = network(bottleneck, _LAYERS[num_layers], (64, 256, 512, 1024, 2048), **kwargs)
    return with_weights(net, f"resnet{num_layers}_v{version}", pretrained, device or ctx, root)


def resnet18_v1(**kwargs):
    """`get_resnet(1, 18, …)`, a network of 18 layers."""
    return get_resnet(1, 18, **kwargs)


def resnet34_v1(**kwargs):
    """`get_resnet(1, 34, …)`, a network of 34 layers."""
    return get_resnet(1, 34, **kwargs)


def resnet50_v1(**kwargs):
    """`get_resnet(1, 50, …)`, a network of 50 layers."""
    return get_resnet(1, 50, **kwargs)


def resnet101_v1(**kwargs):
    """`get_resnet(1, 101, …)`, a network of 101 layers."""
    return get_resnet(1, 101, **kwargs)


def resnet152_v1(**kwargs):
    """`get_resnet(1, 152, …)`, a network of 152 layers."""
    return get_resnet(1, 152, **kwargs)


def resnet18_v2(**kwargs):
    """`get_resnet(2, 18, …)`, a network of 18 layers."""
    return get_resnet(2, 18, **kwargs)


def resnet34_v2(**kwargs):
    """`get_resnet(2, 34, …)`, a network of 34 layers."""
    return get_resnet(2, 34, **kwargs)


def resnet50_v2(**kwargs):
    """`get_resnet(2, 50, …)`, a network of 50 layers."""
    return get_resnet(2, 50, **kwargs)


def resnet101_v2(**kwargs):
    """`get_resnet(2, 101, …)`, a network of 101 layers."""
    return get_resnet(2, 101, **kwargs)


def resnet152_v2(**kwargs):
    """`get_resnet(2, 152, …)`, a network of 152 layers."""
    return get_resnet(2, 152, **kwargs)
