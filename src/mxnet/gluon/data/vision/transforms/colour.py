"""Transforms of what pixels look like: numbers for networks, brightness, contrast, saturation, hue.

Images are (height, width, channels), or many, (batch, height, width, channels), with 3 channels or 1. Except for `ToTensor` and
`Normalize`, the dtype stays; integers are rounded and end at its limits. What is random is drawn once for all images of a batch.
"""

from ..... import numpy_extension as npx
from ....block import HybridBlock
from .composition import Transform, happens, with_chance

__all__ = [
    "Normalize",
    "RandomBrightness",
    "RandomColorJitter",
    "RandomContrast",
    "RandomGray",
    "RandomHue",
    "RandomLighting",
    "RandomSaturation",
    "ToTensor",
]


class ToTensor(Transform, HybridBlock):
    """Images as networks take them: channels first, and from 0 to 1 instead of from 0 to 255.

    (height, width, channels) becomes (channels, height, width), and (batch, height, width, channels) accordingly. The numbers are
    divided by 255, floats too; integers become float32.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.ToTensor()(np.array([[[0, 51, 255]]], dtype="uint8"))[:, 0, 0]
    array([0. , 0.2, 1. ])
    """

    takes_batches = True

    def _change(self, x):
        return npx.image.to_tensor(x)


class Normalize(Transform, HybridBlock):
    """(x - mean) / std, channel by channel, of what `ToTensor` returns.

    Parameters
    ----------
    mean, std : float or tuple of float
        One number, or one for each channel.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.Normalize(mean=(0, 1, 2), std=0.5)(np.ones((3, 1, 1)))[:, 0, 0]
    array([ 2.,  0., -2.])
    """

    takes_batches = True

    def __init__(self, mean=0.0, std=1.0):
        super().__init__()
        self._args = mean, std

    def _change(self, x):
        return npx.image.normalize(x, *self._args)


def _around_1(name, what, amount):
    """The limits of a factor that changes by up to `amount`."""
    if not amount >= 0:
        raise ValueError(f"{name}: {what} is a number from 0 on, not {amount!r}")
    return max(0, 1 - amount), 1 + amount


class RandomBrightness(Transform, HybridBlock):
    """factor · x, for a factor from max(0, 1 - brightness) to 1 + brightness.

    Parameters
    ----------
    brightness : float
        From 0 on.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.RandomBrightness(0)(np.array([[[1, 2, 3]]]))
    array([[[1., 2., 3.]]])
    """

    def __init__(self, brightness):
        super().__init__()
        self._args = _around_1("RandomBrightness", "brightness", brightness)

    def _change(self, x):
        return npx.image.random_brightness(x, *self._args)


class RandomContrast(Transform, HybridBlock):
    """factor · x + (1 - factor) · mean brightness of the image, for a factor from max(0, 1 - contrast) to 1 + contrast.

    Parameters
    ----------
    contrast : float
        From 0 on.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.RandomContrast(0)(np.array([[[1, 2, 3]]]))
    array([[[1., 2., 3.]]])
    """

    def __init__(self, contrast):
        super().__init__()
        self._args = _around_1("RandomContrast", "contrast", contrast)

    def _change(self, x):
        return npx.image.random_contrast(x, *self._args)


class RandomSaturation(Transform, HybridBlock):
    """factor · x + (1 - factor) · grey of the pixel, for a factor from max(0, 1 - saturation) to 1 + saturation.

    Parameters
    ----------
    saturation : float
        From 0 on.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.RandomSaturation(0)(np.array([[[1, 2, 3]]]))
    array([[[1., 2., 3.]]])
    """

    def __init__(self, saturation):
        super().__init__()
        self._args = _around_1("RandomSaturation", "saturation", saturation)

    def _change(self, x):
        return npx.image.random_saturation(x, *self._args)


class RandomHue(Transform, HybridBlock):
    """Colours moved around the circle of hues by factor - 1 turns, for a factor from max(0, 1 - hue) to 1 + hue.

    Parameters
    ----------
    hue : float
        From 0 on.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.RandomHue(0)(np.array([[[1, 2, 3]]])).round(4)
    array([[[1., 2., 3.]]])
    """

    def __init__(self, hue):
        super().__init__()
        self._args = _around_1("RandomHue", "hue", hue)

    def _change(self, x):
        return npx.image.random_hue(x, *self._args)


class RandomColorJitter(Transform, HybridBlock):
    """`RandomBrightness`, `RandomContrast`, `RandomSaturation` and `RandomHue` in random order.

    Parameters
    ----------
    brightness, contrast, saturation, hue : float
        From 0 on.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.RandomColorJitter()(np.array([[[1, 2, 3]]]))
    array([[[1., 2., 3.]]])
    """

    def __init__(self, brightness=0, contrast=0, saturation=0, hue=0):
        super().__init__()
        amounts = {"brightness": brightness, "contrast": contrast, "saturation": saturation, "hue": hue}
        for what, amount in amounts.items():
            _around_1("RandomColorJitter", what, amount)
        self._amounts = amounts

    def _change(self, x):
        return npx.image.random_color_jitter(x, **self._amounts)


class RandomLighting(Transform, HybridBlock):
    """Other light, as it varies between photographs: noise along the principal components of colours.

    Parameters
    ----------
    alpha : float
        The standard deviation of the noise, from 0 on; see `npx.image.random_lighting`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.RandomLighting(0)(np.array([[[1, 2, 3]]]))
    array([[[1., 2., 3.]]])
    """

    def __init__(self, alpha):
        super().__init__()
        if not alpha >= 0:
            raise ValueError(f"RandomLighting: alpha is a number from 0 on, not {alpha!r}")
        self._alpha = alpha

    def _change(self, x):
        return npx.image.random_lighting(x, self._alpha)


class RandomGray(Transform, HybridBlock):
    """With probability `p` all channels become 0.299 red + 0.587 green + 0.114 blue.

    Parameters
    ----------
    p : float

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.RandomGray(1)(np.array([[[0, 0, 10]]]))
    array([[[1.14, 1.14, 1.14]]])
    """

    def __init__(self, p=0.5):
        super().__init__()
        self.p = with_chance("RandomGray", p)

    def _change(self, x):
        return npx.image.random_saturation(x, 0, 0) if happens(self.p) else x
