"""Layers against those of torch, in value and gradient: an optional job, for where torch is installed."""

import numpy
import pytest

from mxnet import autograd, np
from mxnet.gluon import nn

torch = pytest.importorskip("torch", reason="an optional job: torch is not among the test requirements")

RNG = numpy.random.default_rng(0)
T = torch.nn

LINE, IMAGE, VOLUME = (2, 4, 9), (2, 4, 7, 6), (1, 4, 3, 5, 4)

# Our layer, that of torch, and the shape of an input.
LAYERS = {
    "dense": (nn.Dense(3, flatten=False), T.Linear(6, 3), IMAGE),
    "conv1d": (nn.Conv1D(6, 3, 2, 1, 2, groups=2), T.Conv1d(4, 6, 3, 2, 1, 2, groups=2), LINE),
    "conv2d": (nn.Conv2D(6, (3, 2), (2, 1), (1, 0), (1, 2)), T.Conv2d(4, 6, (3, 2), (2, 1), (1, 0), (1, 2)), IMAGE),
    "depthwise": (nn.Conv2D(8, 3, groups=4, use_bias=False), T.Conv2d(4, 8, 3, groups=4, bias=False), IMAGE),
    "conv3d": (nn.Conv3D(2, (1, 2, 3), padding=1), T.Conv3d(4, 2, (1, 2, 3), padding=1), VOLUME),
    "transpose 1d": (nn.Conv1DTranspose(6, 3, 2, 1, 1, groups=2), T.ConvTranspose1d(4, 6, 3, 2, 1, 1, groups=2), LINE),
    "transpose 2d": (
        nn.Conv2DTranspose(6, (3, 2), (2, 3), (1, 0), (1, 2)),
        T.ConvTranspose2d(4, 6, (3, 2), (2, 3), (1, 0), (1, 2)),
        IMAGE,
    ),
    "dilated transpose": (nn.Conv2DTranspose(6, 3, dilation=2), T.ConvTranspose2d(4, 6, 3, dilation=2), IMAGE),
    "transpose 3d": (nn.Conv3DTranspose(2, 2, 2), T.ConvTranspose3d(4, 2, 2, 2), VOLUME),
    "max 1d": (nn.MaxPool1D(3, 2, 1), T.MaxPool1d(3, 2, 1), LINE),
    "max 2d": (nn.MaxPool2D(3, 2, 1, ceil_mode=True), T.MaxPool2d(3, 2, 1, ceil_mode=True), IMAGE),
    "max 3d": (nn.MaxPool3D(2), T.MaxPool3d(2), VOLUME),
    "average 1d": (nn.AvgPool1D(3, 2, 1), T.AvgPool1d(3, 2, 1), LINE),
    "average 2d": (
        nn.AvgPool2D(3, 2, 1, count_include_pad=False),
        T.AvgPool2d(3, 2, 1, count_include_pad=False),
        IMAGE,
    ),
    "average 3d": (nn.AvgPool3D(2, 1), T.AvgPool3d(2, 1), VOLUME),
    "global average": (nn.GlobalAvgPool2D(), T.AdaptiveAvgPool2d(1), IMAGE),
    "global max": (nn.GlobalMaxPool2D(), T.AdaptiveMaxPool2d(1), IMAGE),
    "layer norm": (nn.LayerNorm(), T.LayerNorm(6), IMAGE),
    "rms norm": (nn.RMSNorm(epsilon=1e-5), T.RMSNorm(6, eps=1e-5), IMAGE),
    "group norm": (nn.GroupNorm(2), T.GroupNorm(2, 4), IMAGE),
    "instance norm": (nn.InstanceNorm(scale=True), T.InstanceNorm2d(4, affine=True), IMAGE),
    "batch norm": (nn.BatchNorm(), T.BatchNorm2d(4), IMAGE),
    "embedding": (nn.Embedding(5, 3), T.Embedding(5, 3), None),
    "prelu": (nn.PReLU(in_channels=4), T.PReLU(4), IMAGE),
    "elu": (nn.ELU(0.7), T.ELU(0.7), IMAGE),
    "selu": (nn.SELU(), T.SELU(), IMAGE),
    "gelu": (nn.GELU(), T.GELU(), IMAGE),
    "gelu by tanh": (nn.GELU("tanh"), T.GELU("tanh"), IMAGE),
    "silu": (nn.SiLU(), T.SiLU(), IMAGE),
    "leaky": (nn.LeakyReLU(0.125), T.LeakyReLU(0.125), IMAGE),
    "pixel shuffle": (nn.PixelShuffle2D(2), T.PixelShuffle(2), (2, 8, 3, 2)),
    "reflection": (nn.ReflectionPad2D((0, 0, 0, 0, 1, 2, 2, 1)), T.ReflectionPad2d((2, 1, 1, 2)), IMAGE),
}


@pytest.mark.parametrize(("ours", "theirs", "shape"), LAYERS.values(), ids=LAYERS)
def test_layers(ours, theirs, shape):
    theirs = theirs.double()
    ours.initialize()
    ours.cast("float64")
    if shape is None:
        x = numpy.array([[1, 4, 1], [0, 2, 2]])
        y, t = np.array(x, dtype="int64"), torch.tensor(x)
    else:
        x = RNG.normal(size=shape)
        y, t = np.array(x, dtype="float64"), torch.tensor(x, requires_grad=True)
        y.attach_grad()
    ours(y)
    learned = [p for p in ours.collect_params().values() if p.grad_req != "null"]
    with torch.no_grad():
        for parameter, tensor in zip(learned, theirs.parameters(), strict=True):
            values = RNG.normal(size=parameter.shape)
            parameter.set_data(values)
            tensor.copy_(torch.tensor(values))
    with autograd.record():
        mine = ours(y)
        loss = (mine * mine * mine).sum()
    loss.backward()
    other = theirs(t)
    (other * other * other).sum().backward()
    assert mine.shape == tuple(other.shape)
    tolerance = {"rtol": 1e-10, "atol": 1e-10}
    numpy.testing.assert_allclose(mine, other.detach().numpy(), **tolerance)
    if shape is not None:
        numpy.testing.assert_allclose(y.grad, t.grad.numpy(), **tolerance)
    for parameter, tensor in zip(learned, theirs.parameters(), strict=True):
        numpy.testing.assert_allclose(parameter.grad(), tensor.grad.numpy(), **tolerance)


def test_running_statistics():
    """Torch divides the variance by n - 1, we by n; its momentum is the part that is new."""
    x = RNG.normal(size=IMAGE)
    ours, theirs = nn.BatchNorm(momentum=0.8), T.BatchNorm2d(4, momentum=0.2).double()
    ours.initialize()
    ours.cast("float64")
    n = x.size // 4
    with autograd.train_mode():
        ours(np.array(x, dtype="float64"))
    theirs(torch.tensor(x))
    numpy.testing.assert_allclose(ours.running_mean.data(), theirs.running_mean.numpy(), rtol=1e-12)
    expected = 0.8 + (theirs.running_var.numpy() - 0.8) * (n - 1) / n
    numpy.testing.assert_allclose(ours.running_var.data(), expected, rtol=1e-12)
