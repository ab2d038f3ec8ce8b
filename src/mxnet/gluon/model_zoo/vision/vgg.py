"""VGG networks."""

from .... import initializer
from ... import nn
from .parts import Classifier, with_weights

__all__ = ["VGG", "get_vgg", "vgg11", "vgg11_bn", "vgg13", "vgg13_bn", "vgg16", "vgg16_bn", "vgg19", "vgg19_bn"]


class VGG(Classifier):
    """A VGG network (Simonyan and Zisserman, 2014, arXiv:1409.1556): stages of 3 x 3 convolutions, each halved by a pooling layer.

    Parameters
    ----------
    layers : sequence of int
        How many convolutions each stage has.
    filters : sequence of int
        How many channels those of each stage have.
    classes : int
        The number of classes.
    batch_norm : bool
        Whether convolutions are followed by batch normalisation.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.model_zoo import vision
    >>> net = vision.VGG(layers=[1, 2], filters=[4, 8], classes=10)
    >>> net.initialize()
    >>> net(np.zeros((1, 3, 32, 32))).shape
    (1, 10)
    """

    def __init__(self, layers, filters, classes=1000, batch_norm=False, **kwargs):
        super().__init__(**kwargs)
        if len(layers) != len(filters):
            raise ValueError(
                f"VGG: layers and filters have an entry for each stage, but they have {len(layers)} and {len(filters)}"
            )
        self.features = nn.HybridSequential()
        for count, channels in zip(layers, filters, strict=True):
            for _ in range(count):
                init = initializer.Xavier(rnd_type="gaussian", factor_type="out", magnitude=2)
                self.features.add(nn.Conv2D(channels, 3, padding=1, weight_initializer=init))
                if batch_norm:
                    self.features.add(nn.BatchNorm())
                self.features.add(nn.Activation("relu"))
            self.features.add(nn.MaxPool2D(strides=2))
        for _ in range(2):
            self.features.add(nn.Dense(4096, activation="relu", weight_initializer="normal"), nn.Dropout(0.5))
        self.output = nn.Dense(classes, weight_initializer="normal")


_STAGES = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}


def get_vgg(num_layers, pretrained=False, device=None, root="~/.mxnet/models", ctx=None, **kwargs):
    """A VGG network of 11, 13, 16 or 19 layers.

    Parameters
    ----------
    num_layers : {11, 13, 16, 19}
    pretrained, device, root, ctx
        See `get_model`.
    **kwargs
        `classes`, `batch_norm`: see `VGG`.

    Examples
    --------
    >>> from mxnet.gluon.model_zoo import vision
    >>> net = vision.get_vgg(11, batch_norm=True, classes=10)
    """
    if num_layers not in _STAGES:
        raise ValueError(f"get_vgg: num_layers is one of {', '.join(map(str, _STAGES))}, not {num_layers!r}")
    net = VGG(_STAGES[num_layers], (64, 128, 256, 512, 512), **kwargs)
    name = f"vgg{num_layers}_bn" if kwargs.get("batch_norm") else f"vgg{num_layers}"
    return with_weights(net, name, pretrained, device or ctx, root)


def vgg11(**kwargs):
    """`get_vgg(11, …)`, a network of 11 layers."""
    return get_vgg(11, **kwargs)


def vgg13(**kwargs):
    """`get_vgg(13, …)`, a network of 13 layers."""
    return get_vgg(13, **kwargs)


def vgg16(**kwargs):
    """`get_vgg(16, …)`, a network of 16 layers."""
    return get_vgg(16, **kwargs)


def vgg19(**kwargs):
    """`get_vgg(19, …)`, a network of 19 layers."""
    return get_vgg(19, **kwargs)


def vgg11_bn(**kwargs):
    """`get_vgg(11, batch_norm=True, …)`, a network of 11 layers with batch normalisation."""
    return get_vgg(11, batch_norm=True, **kwargs)


def vgg13_bn(**kwargs):
    """`get_vgg(13, batch_norm=True, …)`, a network of 13 layers with batch normalisation."""
    return get_vgg(13, batch_norm=True, **kwargs)


def vgg16_bn(**kwargs):
    """`get_vgg(16, batch_norm=True, …)`, a network of 16 layers with batch normalisation."""
    return get_vgg(16, batch_norm=True, **kwargs)


def vgg19_bn(**kwargs):
    """`get_vgg(19, batch_norm=True, …)`, a network of 19 layers with batch normalisation."""
    return get_vgg(19, batch_norm=True, **kwargs)
