"""The networks by their names."""

from . import densenet, mobilenet, resnet, squeezenet, vgg
from .alexnet import alexnet
from .inception import inception_v3

__all__ = ["get_model"]

_MODELS = {
    "alexnet": alexnet,
    "densenet121": densenet.densenet121,
    "densenet161": densenet.densenet161,
    "densenet169": densenet.densenet169,
    "densenet201": densenet.densenet201,
    "inceptionv3": inception_v3,
    "mobilenet0.25": mobilenet.mobilenet0_25,
    "mobilenet0.5": mobilenet.mobilenet0_5,
    "mobilenet0.75": mobilenet.mobilenet0_75,
    "mobilenet1.0": mobilenet.mobilenet1_0,
    "mobilenetv2_0.25": mobilenet.mobilenet_v2_0_25,
    "mobilenetv2_0.5": mobilenet.mobilenet_v2_0_5,
    "mobilenetv2_0.75": mobilenet.mobilenet_v2_0_75,
    "mobilenetv2_1.0": mobilenet.mobilenet_v2_1_0,
    "resnet18_v1": resnet.resnet18_v1,
    "resnet18_v2": resnet.resnet18_v2,
    "resnet34_v1": resnet.resnet34_v1,
    "resnet34_v2": resnet.resnet34_v2,
    "resnet50_v1": resnet.resnet50_v1,
    "resnet50_v2": resnet.resnet50_v2,
    "resnet101_v1": resnet.resnet101_v1,
    "resnet101_v2": resnet.resnet101_v2,
    "resnet152_v1": resnet.resnet152_v1,
    "resnet152_v2": resnet.resnet152_v2,
    "squeezenet1.0": squeezenet.squeezenet1_0,
    "squeezenet1.1": squeezenet.squeezenet1_1,
    "vgg11": vgg.vgg11,
    "vgg11_bn": vgg.vgg11_bn,
    "vgg13": vgg.vgg13,
    "vgg13_bn": vgg.vgg13_bn,
    "vgg16": vgg.vgg16,
    "vgg16_bn": vgg.vgg16_bn,
    "vgg19": vgg.vgg19,
    "vgg19_bn": vgg.vgg19_bn,
}


def get_model(name, **kwargs):
    """A network by its name.

    Parameters
    ----------
    name : str
        `'alexnet'`, `'vgg11'` to `'vgg19'`, these with `'_bn'`, `'resnet18_v1'` to `'resnet152_v2'`, `'squeezenet1.0'` and `1.1`,
        `'densenet121'` to `'densenet201'`, `'inceptionv3'`, `'mobilenet0.25'` to `'mobilenet1.0'`, or `'mobilenetv2_0.25'` to
        `'mobilenetv2_1.0'`, in capitals or small letters.
    pretrained : bool
        Whether the parameters are loaded from a file in `root`, which is called `NAME.params` or, as MXNet names its files,
        `NAME-xxxxxxxx.params` with eight hexadecimal digits. Nothing is downloaded. Another file is loaded by
        `net.load_parameters(file)`.
    device, ctx : Device or list of Device, optional
        Where the loaded parameters are to be.
    root : str or path
        By default `~/.mxnet/models`, or `models` in the directory that the environment variable `MXNET_HOME` names.
    **kwargs
        What the network's class takes: `classes`, the number of classes, 1000 by default, and others.

    Returns
    -------
    HybridBlock
        With the parts `features` and `output`.

    Raises
    ------
    ValueError
        If there is no such network, or several files fit.
    FileNotFoundError
        If there is no file of weights.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.model_zoo import vision
    >>> net = vision.get_model("resnet18_v1", classes=10)
    >>> net.initialize()
    >>> net(np.zeros((1, 3, 32, 32))).shape
    (1, 10)
    """
    if not isinstance(name, str) or name.lower() not in _MODELS:
        raise ValueError(f"get_model: there is no network {name!r}; there are {', '.join(_MODELS)}")
    return _MODELS[name.lower()](**kwargs)
