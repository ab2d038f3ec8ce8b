"""DenseNet."""

from ... import nn
from .parts import Classifier, chain, with_weights

__all__ = ["DenseNet", "densenet121", "densenet161", "densenet169", "densenet201"]


def _before(*convolution, padding=0):
    """Normalisation, ReLU and then the convolution."""
    return [nn.BatchNorm(), nn.Activation("relu"), nn.Conv2D(*convolution, padding=padding, use_bias=False)]


def _dense_layer(growth_rate, bn_size, dropout):
    """The input, and `growth_rate` new channels beside it."""
    new = chain(*_before(bn_size * growth_rate, 1), *_before(growth_rate, 3, padding=1))
    if dropout:
        new.add(nn.Dropout(dropout))
    both = nn.HybridConcatenate(axis=1)
    both.add(nn.Identity(), new)
    return both


class DenseNet(Classifier):
    """A network in which each layer of a stage sees the results of all before it (Huang et al., 2016, arXiv:1608.06993).

    Parameters
    ----------
    num_init_features : int
        How many channels the first convolution has.
    growth_rate : int
        How many channels each layer adds.
    block_config : sequence of int
        How many layers each stage has.
    bn_size : int
        How many times `growth_rate` channels the 1 x 1 convolution of a layer has.
    dropout : float
        The probability that `Dropout` at the end of each layer sets a number to 0.
    classes : int
        The number of classes.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.model_zoo import vision
    >>> net = vision.DenseNet(4, growth_rate=2, block_config=[1, 2], classes=10)
    >>> net.initialize()
    >>> net(np.zeros((1, 3, 56, 56))).shape
    (1, 10)
    """

    def __init__(self, num_init_features, growth_rate, block_config, bn_size=4, dropout=0, classes=1000, **kwargs):
        super().__init__(**kwargs)
        self.features = chain(
            nn.Conv2D(num_init_features, 7, 2, 3, use_bias=False),
            nn.BatchNorm(),
            nn.Activation("relu"),
            nn.MaxPool2D(3, 2, 1),
        )
        channels = num_init_features
        for stage, count in enumerate(block_config):
            if stage > 0:
                channels //= 2
                self.features.add(chain(*_before(channels, 1), nn.AvgPool2D(2, 2)))
            self.features.add(chain(*(_dense_layer(growth_rate, bn_size, dropout) for _ in range(count))))
            channels += count * growth_rate
        self.features.add(nn.BatchNorm(), nn.Activation("relu"), nn.AvgPool2D(7), nn.Flatten())
        self.output = nn.Dense(classes)


_CONFIGURATIONS = {
    121: (64, 32, (6, 12, 24, 16)),
    161: (96, 48, (6, 12, 36, 24)),
    169: (64, 32, (6, 12, 32, 32)),
    201: (64, 32, (6, 12, 48, 32)),
}


def _get_densenet(num_layers, pretrained=False, device=None, root="~/.mxnet/models", ctx=None, **kwargs):
    net = DenseNet(*_CONFIGURATIONS[num_layers], **kwargs)
    return with_weights(net, f"densenet{num_layers}", pretrained, device or ctx, root)


def densenet121(**kwargs):
    """A `DenseNet` of 121 layers; takes `bn_size`, `dropout`, `classes`, and what `get_model` does."""
    return _get_densenet(121, **kwargs)


def densenet161(**kwargs):
    """A `DenseNet` of 161 layers; takes `bn_size`, `dropout`, `classes`, and what `get_model` does."""
    return _get_densenet(161, **kwargs)


def densenet169(**kwargs):
    """A `DenseNet` of 169 layers; takes `bn_size`, `dropout`, `classes`, and what `get_model` does."""
    return _get_densenet(169, **kwargs)


def densenet201(**kwargs):
    """A `DenseNet` of 201 layers; takes `bn_size`, `dropout`, `classes`, and what `get_model` does."""
    return _get_densenet(201, **kwargs)
