"""Networks that tests look at from outside."""

from mxnet import init
from mxnet.gluon import HybridBlock, Parameter, nn

from .layers import ramp

X = ramp((4, 3))


def network(**kwargs):
    net = nn.HybridSequential(**kwargs)
    with net.name_scope():
        net.add(nn.Dense(2, activation="relu"), nn.BatchNorm())
    return net


def ready(**kwargs):
    net = network(**kwargs)
    net.initialize(init.Normal(1))
    net(X)
    return net


class Own(HybridBlock):
    """A parameter of its own, blocks as attributes, and one in a list, which is not seen."""

    def __init__(self):
        super().__init__()
        self.seq = nn.HybridSequential()
        self.seq.add(nn.Dense(4), nn.Flatten())
        self.scale = Parameter("factor", shape=(1,), init="ones")
        self.out = nn.Dense(1, use_bias=False)
        self.hidden = [nn.Dense(3)]
        self.size = 3

    def forward(self, x):
        return self.out(self.seq(x)) * self.scale.data()
