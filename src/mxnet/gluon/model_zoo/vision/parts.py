"""What the networks share."""

from ... import nn
from ..model_store import get_model_file

__all__ = ["Classifier", "chain", "normalized", "with_weights"]


class Classifier(nn.HybridBlock):
    """A network of two parts: `features`, and `output`, which makes a score for each class of them."""

    def forward(self, x):
        return self.output(self.features(x))


def chain(*blocks):
    """Blocks one after another."""
    net = nn.HybridSequential()
    net.add(*blocks)
    return net


def normalized(channels, kernel_size, strides=1, padding=0, groups=1, activation=True, epsilon=1e-5):
    """The layers of a convolution without bias, batch normalisation and, unless `activation` is not wanted, a ReLU."""
    layers = [
        nn.Conv2D(channels, kernel_size, strides, padding, groups=groups, use_bias=False),
        nn.BatchNorm(epsilon=epsilon),
    ]
    return [*layers, nn.Activation("relu")] if activation else layers


def with_weights(net, name, pretrained, device, root):
    """The network, with weights from the file in `root` if they are asked for."""
    if pretrained:
        net.load_parameters(get_model_file(name, root), device)
    return net
