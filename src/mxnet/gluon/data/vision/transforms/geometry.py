"""Transforms of where pixels are: other sizes, crops, flips, turns.

Images are (height, width, channels), or many, (batch, height, width, channels), of any dtype, which stays. What is random is drawn
once for all images of a batch. `Rotate` and `RandomRotation`, as in MXNet, take what `ToTensor` returns.
"""

import numbers

from ..... import numpy_extension as npx
from ....block import Block, HybridBlock
from .composition import Transform, happens, with_chance

__all__ = [
    "CenterCrop",
    "CropResize",
    "RandomCrop",
    "RandomFlipLeftRight",
    "RandomFlipTopBottom",
    "RandomResizedCrop",
    "RandomRotation",
    "Resize",
    "Rotate",
]

_RANDOM = 10  # the `interpolation` that is drawn


def _pair(name, size):
    """(width, height) of a size, which may be one number for both."""
    sizes = tuple(size) if isinstance(size, list | tuple) else (size, size)
    if len(sizes) != 2 or not all(isinstance(n, numbers.Integral) and n > 0 for n in sizes):
        raise ValueError(f"{name}: size is a whole number above 0, or a pair (width, height) of them, not {size!r}")
    return sizes


class Resize(Transform, HybridBlock):
    """Images in another size.

    Parameters
    ----------
    size : int or tuple of int
        (width, height), or one number for both; with `keep_ratio`, for the shorter one.
    keep_ratio : bool
        Whether the other edge stays in proportion, if `size` is one number.
    interpolation : int
        See `npx.image.resize`: 0 nearest pixel, 1 linear, 2 cubic, 3 mean of the area, …

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.Resize(4, keep_ratio=True)(np.zeros((10, 8, 3))).shape
    (5, 4, 3)
    """

    def __init__(self, size, keep_ratio=False, interpolation=1):
        super().__init__()
        _pair("Resize", size)
        self._args = size, keep_ratio, interpolation

    @property
    def takes_batches(self):
        """Whether it does to many images what it does to each; it draws nothing."""
        return self._args[-1] != _RANDOM

    def _change(self, x):
        return npx.image.resize(x, *self._args)


class CropResize(Transform, HybridBlock):
    """A rectangle of an image, and that in another size.

    Parameters
    ----------
    x, y : int
        The column and the row of its corner at the top left.
    width, height : int
        Its size.
    size : int or tuple of int, optional
        (width, height) of the result; that of the rectangle unless given.
    interpolation : int, optional
        As for `Resize`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.CropResize(1, 2, 4, 5, size=(6, 7))(np.zeros((10, 8, 3))).shape
    (7, 6, 3)
    """

    def __init__(self, x, y, width, height, size=None, interpolation=None):
        super().__init__()
        self._rectangle = x, y, width, height
        self._size = size if size is None else _pair("CropResize", size)
        self._interpolation = 1 if interpolation is None else interpolation

    @property
    def takes_batches(self):
        """Whether it does to many images what it does to each; it draws nothing."""
        return self._interpolation != _RANDOM

    def _change(self, x):
        x = npx.image.crop(x, *self._rectangle)
        return x if self._size is None else npx.image.resize(x, self._size, interp=self._interpolation)


class CenterCrop(Transform, HybridBlock):
    """The middle of an image. Along an axis on which the image is smaller, all of it is taken and resized.

    Parameters
    ----------
    size : int or tuple of int
        (width, height) of the result, or one number for both.
    interpolation : int
        As for `Resize`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.CenterCrop(2)(np.arange(16).reshape(4, 4, 1))[..., 0]
    array([[ 5.,  6.],
           [ 9., 10.]])
    """

    def __init__(self, size, interpolation=1):
        super().__init__()
        self._args = *_pair("CenterCrop", size), interpolation

    @property
    def takes_batches(self):
        """Whether it does to many images what it does to each; it draws nothing."""
        return self._args[-1] != _RANDOM

    def _change(self, x):
        return npx.image.random_crop(x, (0.5, 0.5), (0.5, 0.5), *self._args)


class RandomCrop(Transform, HybridBlock):
    """A rectangle somewhere in an image. Along an axis on which the image is smaller, all of it is taken and resized.

    Parameters
    ----------
    size : int or tuple of int
        (width, height) of the result, or one number for both.
    pad : int or tuple of int, optional
        How many rows and columns are put around the image first: at the (top, bottom, left, right), or one number for all.
    pad_value : float
        What is in them.
    interpolation : int
        As for `Resize`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.RandomCrop(32, pad=4)(np.zeros((32, 32, 3))).shape
    (32, 32, 3)
    """

    def __init__(self, size, pad=None, pad_value=0, interpolation=1):
        super().__init__()
        self._args = *_pair("RandomCrop", size), interpolation
        pad = 0 if pad is None else pad
        self._pad = tuple(pad) if isinstance(pad, list | tuple) else (pad,) * 4
        if len(self._pad) != 4 or not all(isinstance(n, numbers.Integral) and n >= 0 for n in self._pad):
            raise ValueError(f"RandomCrop: pad is a whole number, or four of them, (top, bottom, left, right), not {pad!r}")
        self._pad_value = pad_value

    def _change(self, x):
        if any(self._pad):
            x = npx.image.copyMakeBorder(x, *self._pad, value=self._pad_value)
        return npx.image.random_crop(x, (0, 1), (0, 1), *self._args)


class RandomResizedCrop(Transform, HybridBlock):
    """A rectangle of random area and proportion somewhere in an image, in another size.

    Parameters
    ----------
    size : int or tuple of int
        (width, height) of the result, or one number for both.
    scale : tuple of float
        The least and the largest part of the image's area.
    ratio : tuple of float
        The least and the largest width over height.
    interpolation : int
        As for `Resize`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.RandomResizedCrop(4)(np.zeros((10, 8, 3))).shape
    (4, 4, 3)
    """

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3.0 / 4.0, 4.0 / 3.0), interpolation=1):
        super().__init__()
        self._args = *_pair("RandomResizedCrop", size), scale, ratio, interpolation

    def _change(self, x):
        return npx.image.random_resized_crop(x, *self._args)


class RandomFlipLeftRight(Transform, HybridBlock):
    """The mirror image with probability `p`.

    Parameters
    ----------
    p : float

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.RandomFlipLeftRight(p=1)(np.array([[[1], [2]]]))[0, :, 0]
    array([2., 1.])
    """

    def __init__(self, p=0.5):
        super().__init__()
        self.p = with_chance("RandomFlipLeftRight", p)

    def _change(self, x):
        return npx.image.random_flip_left_right(x, self.p)


class RandomFlipTopBottom(Transform, HybridBlock):
    """The image upside down with probability `p`.

    Parameters
    ----------
    p : float

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.RandomFlipTopBottom(p=1)(np.array([[[1]], [[2]]]))[:, 0, 0]
    array([2., 1.])
    """

    def __init__(self, p=0.5):
        super().__init__()
        self.p = with_chance("RandomFlipTopBottom", p)

    def _change(self, x):
        return npx.image.random_flip_top_bottom(x, self.p)


class Rotate(Transform, Block):
    """Images turned clockwise around their middle, in the size that they have; what comes from outside is 0.

    Parameters
    ----------
    rotation_degrees : float
    zoom_in : bool
        Enlarge the image so that nothing comes from outside.
    zoom_out : bool
        Shrink it so that all of it is seen.

    Notes
    -----
    Takes floats, (channels, height, width) or (batch, channels, height, width), as `ToTensor` returns them.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.Rotate(180)(np.array([[[1, 2], [3, 4]]])).round(4)
    array([[[4., 3.],
            [2., 1.]]])
    """

    takes_batches = True

    def __init__(self, rotation_degrees, zoom_in=False, zoom_out=False):
        super().__init__()
        self._args = rotation_degrees, zoom_in, zoom_out

    def _change(self, x):
        return npx.image.imrotate(x, *self._args)


class RandomRotation(Transform, Block):
    """`Rotate` by a random angle; of many images each has its own.

    Parameters
    ----------
    angle_limits : tuple of float
        The least and the largest angle in degrees.
    zoom_in, zoom_out : bool
        As for `Rotate`.
    rotate_with_proba : float
        The probability that anything is turned.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.RandomRotation((-10, 10))(np.zeros((3, 8, 8))).shape
    (3, 8, 8)
    """

    def __init__(self, angle_limits, zoom_in=False, zoom_out=False, rotate_with_proba=1.0):
        super().__init__()
        if not (isinstance(angle_limits, list | tuple) and len(angle_limits) == 2 and angle_limits[0] <= angle_limits[1]):
            raise ValueError(f"RandomRotation: angle_limits is a pair (least, largest), not {angle_limits!r}")
        self._args = angle_limits, zoom_in, zoom_out
        self.p = with_chance("RandomRotation", rotate_with_proba)

    def _change(self, x):
        return npx.image.random_rotate(x, *self._args) if happens(self.p) else x
