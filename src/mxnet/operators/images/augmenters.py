"""Augmenters: objects that change an image, most of them at random, and say how in JSON. `CreateAugmenter` makes the usual list.

All take an image of shape (height, width, 3). The random numbers are those of `np.random.seed`.
"""

import json

import numpy as np

from ...core.array import raw
from ..sampling.streams import generator
from .colour import EIGENVALUES, EIGENVECTORS, brighter, color_normalize, contrasted, delivered, lit, saturated
from .geometry import (
    as_image,
    center_crop,
    chance,
    crop_anywhere,
    flip_left_right,
    imresize,
    random_size_crop,
    resize_short,
)
from .interpolation import floating

__all__ = [
    "Augmenter",
    "BrightnessJitterAug",
    "CastAug",
    "CenterCropAug",
    "ColorJitterAug",
    "ColorNormalizeAug",
    "ContrastJitterAug",
    "CreateAugmenter",
    "ForceResizeAug",
    "HorizontalFlipAug",
    "HueJitterAug",
    "LightingAug",
    "RandomCropAug",
    "RandomGrayAug",
    "RandomOrderAug",
    "RandomSizedCropAug",
    "ResizeAug",
    "SaturationJitterAug",
    "SequentialAug",
]

IMAGENET_MEAN = (123.68, 116.28, 103.53)
IMAGENET_STD = (58.395, 57.12, 57.375)


def listed(value):
    """Arrays as lists, for JSON."""
    value = raw(value)
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


class Augmenter:
    """The base of augmenters: subclasses define `__call__(src)`.

    Parameters
    ----------
    **kwargs
        What `dumps` is to say.

    Examples
    --------
    >>> from mxnet import npx
    >>> class Double(npx.image.Augmenter):
    ...     def __call__(self, src):
    ...         return 2 * src
    >>> Double(why="to show").dumps()
    '["double", {"why": "to show"}]'
    """

    def __init__(self, **kwargs):
        self._kwargs = {name: listed(value) for name, value in kwargs.items()}

    def dumps(self):
        """The augmenter as JSON: its class in lower case, and what it was made with."""
        return json.dumps([type(self).__name__.lower(), self._kwargs])

    def __call__(self, src):
        """The image `src`, changed."""
        raise NotImplementedError(f"{type(self).__name__} defines no __call__")


class SequentialAug(Augmenter):
    """Augmenters one after the other.

    Parameters
    ----------
    ts : list of Augmenter
    """

    def __init__(self, ts):
        super().__init__()
        self.ts = ts

    def dumps(self):
        """A list: the class in lower case, and what each augmenter says."""
        return [type(self).__name__.lower(), [t.dumps() for t in self.ts]]

    def __call__(self, src):
        """The image `src`, changed by all in turn."""
        for t in self.ts:
            src = t(src)
        return src


class RandomOrderAug(SequentialAug):
    """Augmenters one after the other, each time in another order.

    Parameters
    ----------
    ts : list of Augmenter
    """

    def __call__(self, src):
        """The image `src`, changed by all."""
        for i in generator().permutation(len(self.ts)):
            src = self.ts[i](src)
        return src


# --- sizes ------------------------------------------------------------------------------------------------------------------------


class ResizeAug(Augmenter):
    """`resize_short` to `size`.

    Parameters
    ----------
    size : int
    interp : int
        As for `resize`.
    """

    def __init__(self, size, interp=2):
        super().__init__(size=size, interp=interp)
        self.size, self.interp = size, interp

    def __call__(self, src):
        """The image `src` with a shorter edge of length `size`."""
        return resize_short(src, self.size, self.interp)


class ForceResizeAug(Augmenter):
    """`imresize` to `size`, whatever the proportions.

    Parameters
    ----------
    size : tuple of int
        (width, height).
    interp : int
        As for `resize`.
    """

    def __init__(self, size, interp=2):
        super().__init__(size=size, interp=interp)
        self.size, self.interp = size, interp

    def __call__(self, src):
        """The image `src` in this size."""
        return imresize(src, *self.size, self.interp)


class RandomCropAug(Augmenter):
    """A rectangle anywhere in the image; of one that is smaller the largest in this proportion, resized.

    Parameters
    ----------
    size : int or tuple of int
        (width, height).
    interp : int
        As for `resize`.
    """

    def __init__(self, size, interp=2):
        super().__init__(size=size, interp=interp)
        self.size, self.interp = size, interp

    def __call__(self, src):
        """A part of the image `src`."""
        return crop_anywhere(src, self.size, self.interp)[0]


class RandomSizedCropAug(Augmenter):
    """`random_size_crop`.

    Parameters
    ----------
    size : int or tuple of int
        (width, height) of the result.
    area : float or tuple of float
        The least part of the area, or the least and the largest.
    ratio : tuple of float
        The least and the largest width over height.
    interp : int
        As for `resize`.
    """

    def __init__(self, size, area, ratio, interp=2):
        super().__init__(size=size, area=area, ratio=ratio, interp=interp)
        self.size, self.area, self.ratio, self.interp = size, area, ratio, interp

    def __call__(self, src):
        """A part of the image `src`, resized."""
        return random_size_crop(src, self.size, self.area, self.ratio, self.interp)[0]


class CenterCropAug(Augmenter):
    """`center_crop`.

    Parameters
    ----------
    size : int or tuple of int
        (width, height).
    interp : int
        As for `resize`.
    """

    def __init__(self, size, interp=2):
        super().__init__(size=size, interp=interp)
        self.size, self.interp = size, interp

    def __call__(self, src):
        """The middle of the image `src`."""
        return center_crop(src, self.size, self.interp)[0]


class HorizontalFlipAug(Augmenter):
    """`flip_left_right` with probability `p`.

    Parameters
    ----------
    p : float
    """

    def __init__(self, p):
        super().__init__(p=p)
        self.p = p

    def __call__(self, src):
        """The image `src`, or its mirror image."""
        return flip_left_right(src) if chance("HorizontalFlipAug", self.p) else src


# --- colours ----------------------------------------------------------------------------------------------------------------------


class _Jitter(Augmenter):
    """One amount, a: the image is changed by a number from -a to a."""

    def __init__(self, name, amount):
        if not amount >= 0:
            raise ValueError(f"{type(self).__name__}: {name} is from 0 on, not {amount!r}")
        super().__init__(**{name: amount})
        self.amount = amount

    def _draw(self):
        return generator().uniform(-self.amount, self.amount)


class BrightnessJitterAug(_Jitter):
    """(1 + a) · image, with a from -`brightness` to `brightness`.

    Parameters
    ----------
    brightness : float
    """

    def __init__(self, brightness):
        super().__init__("brightness", brightness)

    def __call__(self, src):
        """The image `src`, brighter or darker."""
        return brighter(as_image("BrightnessJitterAug", src), 1 + self._draw())


class ContrastJitterAug(_Jitter):
    """(1 + a) · image - a · its mean brightness, with a from -`contrast` to `contrast`.

    Parameters
    ----------
    contrast : float
    """

    def __init__(self, contrast):
        super().__init__("contrast", contrast)

    def __call__(self, src):
        """The image `src` with more or less contrast."""
        return contrasted(as_image("ContrastJitterAug", src), 1 + self._draw())


class SaturationJitterAug(_Jitter):
    """(1 + a) · image - a · the brightness of each pixel, with a from -`saturation` to `saturation`.

    Parameters
    ----------
    saturation : float
    """

    def __init__(self, saturation):
        super().__init__("saturation", saturation)

    def __call__(self, src):
        """The image `src` with stronger or paler colours."""
        return saturated(as_image("SaturationJitterAug", src), 1 + self._draw())


class HueJitterAug(_Jitter):
    """The colours of the image, turned by a half turns in the plane of colour of YIQ, with a from -`hue` to `hue`.

    Parameters
    ----------
    hue : float
    """

    _YIQ = np.array([[0.299, 0.587, 0.114], [0.596, -0.274, -0.321], [0.211, -0.523, 0.311]])

    def __init__(self, hue):
        super().__init__("hue", hue)

    def __call__(self, src):
        """The image `src` in other colours."""
        angle = np.pi * self._draw()
        cos, sin = np.cos(angle), np.sin(angle)
        turn = np.linalg.inv(self._YIQ) @ np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]]) @ self._YIQ
        return _recoloured("HueJitterAug", src, turn)


def _recoloured(name, src, matrix):
    """Each pixel times a matrix."""
    src = as_image(name, src)
    values = floating(src)
    return delivered(values @ matrix.T.astype(values.dtype), src)


class ColorJitterAug(RandomOrderAug):
    """Random brightness, contrast and saturation, in random order.

    Parameters
    ----------
    brightness, contrast, saturation : float
        Those above 0 count.
    """

    def __init__(self, brightness, contrast, saturation):
        kinds = (BrightnessJitterAug, brightness), (ContrastJitterAug, contrast), (SaturationJitterAug, saturation)
        super().__init__([kind(amount) for kind, amount in kinds if amount > 0])


class LightingAug(Augmenter):
    """image + Σ_i a_i · eigval_i · eigvec_i, with a of a normal distribution.

    Parameters
    ----------
    alphastd : float
        Its standard deviation.
    eigval : ndarray, shape (3,)
    eigvec : ndarray, shape (3, 3)
        In columns.
    """

    def __init__(self, alphastd, eigval=EIGENVALUES, eigvec=EIGENVECTORS):
        super().__init__(alphastd=alphastd, eigval=eigval, eigvec=eigvec)
        self.alphastd, self.eigval, self.eigvec = alphastd, raw(eigval), raw(eigvec)

    def __call__(self, src):
        """The image `src` in another light."""
        return lit(as_image("LightingAug", src), generator().normal(0, self.alphastd, 3), self.eigval, self.eigvec)


class ColorNormalizeAug(Augmenter):
    """`color_normalize`.

    Parameters
    ----------
    mean, std : ndarray, or None
    """

    def __init__(self, mean, std):
        super().__init__(mean=mean, std=std)
        self.mean, self.std = mean, std

    def __call__(self, src):
        """The image `src` less `mean`, over `std`."""
        return color_normalize(src, self.mean, self.std)


class RandomGrayAug(Augmenter):
    """A grey image, 0.21 red + 0.72 green + 0.07 blue in all channels, with probability `p`.

    Parameters
    ----------
    p : float
    """

    def __init__(self, p):
        super().__init__(p=p)
        self.p = p

    def __call__(self, src):
        """The image `src`, or a grey one."""
        if not chance("RandomGrayAug", self.p):
            return src
        return _recoloured("RandomGrayAug", src, np.tile([0.21, 0.72, 0.07], (3, 1)))


class CastAug(Augmenter):
    """The image in another dtype.

    Parameters
    ----------
    typ : dtype
    """

    def __init__(self, typ="float32"):
        super().__init__(type=typ)
        self.typ = typ

    def __call__(self, src):
        """The image `src` in this dtype."""
        return src.astype(self.typ)


# --- lists ------------------------------------------------------------------------------------------------------------------------


def colour_list(brightness, contrast, saturation, hue, pca_noise, rand_gray, mean, std):
    """What both lists end with."""
    augmenters = [CastAug()]
    if brightness or contrast or saturation:
        augmenters.append(ColorJitterAug(brightness, contrast, saturation))
    if hue:
        augmenters.append(HueJitterAug(hue))
    if pca_noise > 0:
        augmenters.append(LightingAug(pca_noise))
    if rand_gray > 0:
        augmenters.append(RandomGrayAug(rand_gray))
    mean, std = (_statistic(*each) for each in (("mean", mean, IMAGENET_MEAN), ("std", std, IMAGENET_STD)))
    if mean is not None or std is not None:
        augmenters.append(ColorNormalizeAug(mean, std))
    return augmenters


def _statistic(what, value, usual):
    """`mean` or `std` as a list enters it: True stands for that of ImageNet."""
    if value is None or value is False:
        return None
    value = np.asarray(usual if value is True else raw(value), np.float32)
    if value.shape not in ((1,), (3,)):
        raise ValueError(f"CreateAugmenter: {what} is True, or has one number or three, not shape {value.shape}")
    return value


def check_shape(name, data_shape):
    """Refuse what is not the shape of images with channels first."""
    if len(data_shape) != 3 or data_shape[0] not in (1, 3):
        raise ValueError(f"{name}: data_shape is (channels, height, width), with 3 channels or 1, not {data_shape!r}")


def CreateAugmenter(
    data_shape,
    resize=0,
    rand_crop=False,
    rand_resize=False,
    rand_mirror=False,
    mean=None,
    std=None,
    brightness=0,
    contrast=0,
    saturation=0,
    hue=0,
    pca_noise=0,
    rand_gray=0,
    inter_method=2,
):
    """The usual list of augmenters for classification.

    Parameters
    ----------
    data_shape : tuple of int
        (channels, height, width) of the result, whose channels still come last.
    resize : int
        Above 0: resize the shorter edge first.
    rand_crop, rand_resize : bool
        Crop at random, and in random size, rather than the middle. `rand_resize` needs `rand_crop`.
    rand_mirror : bool
        Mirror one image of two.
    mean, std : ndarray or True, optional
        Subtract, and divide by, last; True stands for ImageNet's.
    brightness, contrast, saturation, hue, pca_noise : float
        How much to jitter; see the augmenters.
    rand_gray : float
        Probability of a grey image.
    inter_method : int
        As `interp` of `resize`.

    Returns
    -------
    list of Augmenter

    Examples
    --------
    >>> from mxnet import np, npx
    >>> image = np.ones((40, 50, 3), dtype="uint8")
    >>> for augment in npx.image.CreateAugmenter((3, 24, 32), rand_crop=True, brightness=0.1, mean=True):
    ...     image = augment(image)
    >>> image.shape, image.dtype
    ((24, 32, 3), dtype('float32'))
    """
    check_shape("CreateAugmenter", data_shape)
    if rand_resize and not rand_crop:
        raise ValueError("CreateAugmenter: rand_resize=True needs rand_crop=True")
    augmenters = [ResizeAug(resize, inter_method)] if resize > 0 else []
    size = (data_shape[2], data_shape[1])
    if rand_resize:
        augmenters.append(RandomSizedCropAug(size, 0.08, (3 / 4, 4 / 3), inter_method))
    else:
        augmenters.append((RandomCropAug if rand_crop else CenterCropAug)(size, inter_method))
    if rand_mirror:
        augmenters.append(HorizontalFlipAug(0.5))
    return augmenters + colour_list(brightness, contrast, saturation, hue, pca_noise, rand_gray, mean, std)
