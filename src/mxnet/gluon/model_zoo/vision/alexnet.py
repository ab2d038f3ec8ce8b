"""AlexNet."""

from ... import nn
from .parts import Classifier, chain, with_weights

__all__ = ["AlexNet", "alexnet"]


class AlexNet(Classifier):
    """AlexNet, in the form with one tower (Krizhevsky, 2014, arXiv:1404.5997).

    Parameters
    ----------
    classes : int
        The number of classes.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet.gluon.model_zoo import vision
    >>> vision.AlexNet(classes=10).output.weight.shape
    (10, -1)
    """

    def __init__(self, classes=1000, **kwargs):
        super().__init__(**kwargs)
        self.features = chain(
            nn.Conv2D(64, 11, strides=4, padding=2, activation="relu"),
            nn.MaxPool2D(3, strides=2),
            nn.Conv2D(192, 5, padding=2, activation="relu"),
            nn.MaxPool2D(3, strides=2),
            nn.Conv2D(384, 3, padding=1, activation="relu"),
            nn.Conv2D(256, 3, padding=1, activation="relu"),
            nn.Conv2D(256, 3, padding=1, activation="relu"),
            nn.MaxPool2D(3, strides=2),
            nn.Flatten(),
            nn.Dense(4096, activation="relu"),
            nn.Dropout(0.5),
            nn.Dense(4096, activation="relu"),
            nn.Dropout(0.5),
        )
        self.output = nn.Dense(classes)


def alexnet(pretrained=False, device=None, root="~/.mxnet/models", ctx=None, **kwargs):
    """AlexNet.

    Parameters
    ----------
    pretrained, device, root, ctx
        See `get_model`.
    **kwargs
        See `AlexNet`.

    Examples
    --------
    >>> from mxnet.gluon.model_zoo import vision
    >>> net = vision.alexnet(classes=10)
    """
    return with_weights(AlexNet(**kwargs), "alexnet", pretrained, device or ctx, root)
