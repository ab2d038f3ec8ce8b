"""Every layer with parameters or arguments, and an input for it; and what tests of layers need."""

import numpy

from mxnet import np
from mxnet.gluon import nn

IMAGES = (2, 4, 7, 6)

# A layer, and the shape of an input.
LAYERS = {
    "Dense": (lambda: nn.Dense(3, activation="tanh"), (2, 3, 4)),
    "Dense without flattening": (lambda: nn.Dense(3, flatten=False, use_bias=False), (2, 3, 4)),
    "Conv1D": (lambda: nn.Conv1D(3, 3, strides=2, padding=1, dilation=2), (2, 4, 9)),
    "Conv2D": (lambda: nn.Conv2D(6, (3, 2), strides=(2, 1), padding=1, groups=2, activation="relu"), IMAGES),
    "Conv3D": (lambda: nn.Conv3D(2, (1, 2, 3)), (1, 2, 3, 4, 5)),
    "Conv1DTranspose": (lambda: nn.Conv1DTranspose(3, 3, strides=2, padding=1, output_padding=1), (2, 4, 5)),
    "Conv2DTranspose": (lambda: nn.Conv2DTranspose(4, (3, 2), strides=(2, 1), groups=2), IMAGES),
    "Conv3DTranspose": (lambda: nn.Conv3DTranspose(2, 2, strides=2), (1, 2, 2, 3, 2)),
    "DeformableConvolution": (lambda: nn.DeformableConvolution(2, (3, 3), padding=(1, 1)), IMAGES),
    "ModulatedDeformableConvolution": (lambda: nn.ModulatedDeformableConvolution(2, (3, 3), padding=(1, 1)), IMAGES),
    "BatchNorm": (nn.BatchNorm, IMAGES),
    "BatchNormReLU": (nn.BatchNormReLU, IMAGES),
    "SyncBatchNorm": (nn.SyncBatchNorm, IMAGES),
    "LayerNorm": (nn.LayerNorm, IMAGES),
    "RMSNorm": (nn.RMSNorm, IMAGES),
    "GroupNorm": (lambda: nn.GroupNorm(2), IMAGES),
    "InstanceNorm": (nn.InstanceNorm, IMAGES),
    "PReLU": (lambda: nn.PReLU(in_channels=4), IMAGES),
    "Embedding": (lambda: nn.Embedding(5, 3), (2, 3)),
}


def ramp(shape, low=-1.0, high=1.0, dtype="float32"):
    """Numbers from `low` to `high`, evenly apart."""
    return np.array(numpy.linspace(low, high, int(numpy.prod(shape))).reshape(shape), dtype=dtype)


def ready(layer, *shape):
    """The layer, its shapes completed by an input of this shape, with parameters that are ramps, each a little higher."""
    layer.initialize()
    layer(ramp(shape, 0, 1))
    for i, (key, parameter) in enumerate(layer.collect_params().items()):
        if "running" not in key:
            parameter.set_data(ramp(parameter.shape, -0.5 + 0.1 * i, 0.7 + 0.1 * i))
    return layer


def as_function(layer):
    """The layer as a function of its input and of the arrays of its learned parameters; and these arrays."""
    parameters = [parameter for parameter in layer.collect_params().values() if parameter.grad_req != "null"]
    values = [parameter.data() for parameter in parameters]

    def compute(x, *arrays):
        for parameter, array in zip(parameters, arrays, strict=True):
            parameter.data = lambda *_, array=array: array
        return layer(x)

    return compute, values
