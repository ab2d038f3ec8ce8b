"""Inception v3."""

from ... import nn
from .parts import Classifier, chain, normalized, with_weights

__all__ = ["Inception3", "inception_v3"]


def _conv(channels, kernel_size, strides=1, padding=0):
    return chain(*normalized(channels, kernel_size, strides, padding, epsilon=0.001))


def _wide(channels, size):
    """A convolution along rows that keeps the image's size."""
    return _conv(channels, (1, size), padding=(0, size // 2))


def _high(channels, size):
    """A convolution along columns that keeps the image's size."""
    return _conv(channels, (size, 1), padding=(size // 2, 0))


def _beside(*branches):
    """Branches side by side."""
    net = nn.HybridConcatenate(axis=1)
    net.add(*(chain(*branch) for branch in branches))
    return net


def _pooled(channels):
    return [nn.AvgPool2D(3, 1, 1), _conv(channels, 1)]


def _a(pooled):
    """Figure 5: two convolutions of size 3 stand for one of size 5."""
    return _beside(
        [_conv(64, 1)],
        [_conv(48, 1), _conv(64, 5, padding=2)],
        [_conv(64, 1), _conv(96, 3, padding=1), _conv(96, 3, padding=1)],
        _pooled(pooled),
    )


def _b():
    """To half the size (figure 10)."""
    return _beside(
        [_conv(384, 3, 2)],
        [_conv(64, 1), _conv(96, 3, padding=1), _conv(96, 3, 2)],
        [nn.MaxPool2D(3, 2)],
    )


def _c(channels):
    """Figure 6: convolutions of size 7, along rows and along columns."""
    return _beside(
        [_conv(192, 1)],
        [_conv(channels, 1), _wide(channels, 7), _high(192, 7)],
        [_conv(channels, 1), _high(channels, 7), _wide(channels, 7), _high(channels, 7), _wide(192, 7)],
        _pooled(192),
    )


def _d():
    """To half the size once more."""
    return _beside(
        [_conv(192, 1), _conv(320, 3, 2)],
        [_conv(192, 1), _wide(192, 7), _high(192, 7), _conv(192, 3, 2)],
        [nn.MaxPool2D(3, 2)],
    )


def _e():
    """Figure 7: branches that divide once more."""
    return _beside(
        [_conv(320, 1)],
        [chain(_conv(384, 1)), _beside([_wide(384, 3)], [_high(384, 3)])],
        [chain(_conv(448, 1), _conv(384, 3, padding=1)), _beside([_wide(384, 3)], [_high(384, 3)])],
        _pooled(192),
    )


class Inception3(Classifier):
    """Inception v3 (Szegedy et al., 2015, arXiv:1512.00567), for images of 299 x 299 pixels.

    Parameters
    ----------
    classes : int
        The number of classes.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet.gluon.model_zoo import vision
    >>> vision.Inception3(classes=10).output.weight.shape
    (10, -1)
    """

    def __init__(self, classes=1000, **kwargs):
        super().__init__(**kwargs)
        self.features = chain(
            _conv(32, 3, 2),
            _conv(32, 3),
            _conv(64, 3, padding=1),
            nn.MaxPool2D(3, 2),
            _conv(80, 1),
            _conv(192, 3),
            nn.MaxPool2D(3, 2),
            *(_a(pooled) for pooled in (32, 64, 64)),
            _b(),
            *(_c(channels) for channels in (128, 160, 160, 192)),
            _d(),
            _e(),
            _e(),
            nn.AvgPool2D(8),
            nn.Dropout(0.5),
        )
        self.output = nn.Dense(classes)


def inception_v3(pretrained=False, device=None, root="~/.mxnet/models", ctx=None, **kwargs):
    """Inception v3.

    Parameters
    ----------
    pretrained, device, root, ctx
        See `get_model`.
    **kwargs
        See `Inception3`.

    Examples
    --------
    >>> from mxnet.gluon.model_zoo import vision
    >>> net = vision.inception_v3(classes=10)
    """
    return with_weights(Inception3(**kwargs), "inceptionv3", pretrained, device or ctx, root)
