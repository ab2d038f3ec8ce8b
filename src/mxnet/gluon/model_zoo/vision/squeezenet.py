"""SqueezeNet."""

from ... import nn
from .parts import Classifier, chain, with_weights

__all__ = ["SqueezeNet", "squeezenet1_0", "squeezenet1_1"]


def _conv(channels, kernel_size, strides=1, padding=0):
    return [nn.Conv2D(channels, kernel_size, strides, padding), nn.Activation("relu")]


def _fire(squeezed, expanded):
    """Few channels, from which two convolutions, of sizes 1 and 3, make many."""
    both = nn.HybridConcatenate(axis=1)
    both.add(chain(*_conv(expanded, 1)), chain(*_conv(expanded, 3, padding=1)))
    return chain(chain(*_conv(squeezed, 1)), both)


def _halved():
    return nn.MaxPool2D(3, 2, ceil_mode=True)


class SqueezeNet(Classifier):
    """SqueezeNet (Iandola et al., 2016, arXiv:1602.07360), whose weights are few.

    Parameters
    ----------
    version : {'1.0', '1.1'}
        That of the article, or the authors' later one, which needs less than half the arithmetic.
    classes : int
        The number of classes.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet.gluon.model_zoo import vision
    >>> net = vision.SqueezeNet("1.1", classes=10)
    """

    def __init__(self, version, classes=1000, **kwargs):
        super().__init__(**kwargs)
        if version == "1.0":
            stem = _conv(96, 7, 2)
            poolings = (2, 6)  # the fires that come before a pooling layer, counted from 0
        elif version == "1.1":
            stem = _conv(64, 3, 2)
            poolings = (1, 3)
        else:
            raise ValueError(f"SqueezeNet: version is '1.0' or '1.1', not {version!r}")
        self.features = chain(*stem, _halved())
        for number, squeezed in enumerate((16, 16, 32, 32, 48, 48, 64, 64)):
            self.features.add(_fire(squeezed, 4 * squeezed))
            if number in poolings:
                self.features.add(_halved())
        self.features.add(nn.Dropout(0.5))
        self.output = chain(*_conv(classes, 1), nn.AvgPool2D(13), nn.Flatten())


def _get_squeezenet(version, pretrained=False, device=None, root="~/.mxnet/models", ctx=None, **kwargs):
    return with_weights(SqueezeNet(version, **kwargs), f"squeezenet{version}", pretrained, device or ctx, root)


def squeezenet1_0(**kwargs):
    """`SqueezeNet("1.0", …)`; also takes what `get_model` does."""
    return _get_squeezenet("1.0", **kwargs)


def squeezenet1_1(**kwargs):
    """`SqueezeNet("1.1", …)`; also takes what `get_model` does."""
    return _get_squeezenet("1.1", **kwargs)
