"""Augmenters for detection: they change an image and the boxes of the objects in it.

A label has a row for each object, (class, left, top, right, bottom, …), with corners from 0 to 1 relative to the image; it is an
array of NumPy or ours, and comes back as what it was. The random numbers are those of `np.random.seed`.
"""

import json
import math

import numpy as np

from ...core.array import Array, raw
from ...core.operator import wrap
from ..sampling.streams import generator
from .augmenters import Augmenter, ForceResizeAug, ResizeAug, check_shape, colour_list, listed
from .geometry import as_image, chance, copyMakeBorder, fixed_crop, flip_left_right, size_of, span

__all__ = [
    "CreateDetAugmenter",
    "CreateMultiRandCropAugmenter",
    "DetAugmenter",
    "DetBorrowAug",
    "DetHorizontalFlipAug",
    "DetRandomCropAug",
    "DetRandomPadAug",
    "DetRandomSelectAug",
]


def _rows(name, label):
    """A copy of the label, as an array of NumPy."""
    rows = np.array(raw(label))
    if rows.ndim != 2 or rows.shape[1] < 5:
        raise ValueError(f"{name}: a label has rows (class, left, top, right, bottom, …), not shape {rows.shape}")
    return rows if rows.dtype.kind == "f" else rows.astype(np.float32)


def _as_given(rows, label):
    return wrap(rows) if isinstance(label, Array) else rows


def mirrored(rows):
    """Corners in the mirror image."""
    rows = rows.copy()
    rows[:, [1, 3]] = 1 - rows[:, [3, 1]]
    return rows


def moved(rows, x, y, width, height):
    """Corners relative to the rectangle at (x, y), from those relative to the image; all in parts of the image."""
    rows = rows.copy()
    rows[:, [1, 3]] = (rows[:, [1, 3]] - x) / width
    rows[:, [2, 4]] = (rows[:, [2, 4]] - y) / height
    return rows


def areas(rows):
    """Areas of the boxes, in parts of the image."""
    return np.maximum(rows[:, 3] - rows[:, 1], 0) * np.maximum(rows[:, 4] - rows[:, 2], 0)


def covered(whole, seen):
    """The part of each object that is seen, from areas; of one without area nothing is."""
    return seen / np.where(whole > 0, whole, 1)


class DetAugmenter:
    """The base of augmenters for detection: subclasses define `__call__(src, label)`, which returns both.

    Parameters
    ----------
    **kwargs
        What `dumps` is to say.
    """

    def __init__(self, **kwargs):
        self._kwargs = {name: listed(value) for name, value in kwargs.items()}

    def dumps(self):
        """The augmenter as JSON: its class in lower case, and what it was made with."""
        return json.dumps([type(self).__name__.lower(), self._kwargs])

    def __call__(self, src, label):
        """The image `src` and its label, changed."""
        raise NotImplementedError(f"{type(self).__name__} defines no __call__")


class DetBorrowAug(DetAugmenter):
    """An augmenter that leaves all objects where they are, relative to the image, such as one of colours.

    Parameters
    ----------
    augmenter : Augmenter
    """

    def __init__(self, augmenter):
        if not isinstance(augmenter, Augmenter):
            raise TypeError(f"DetBorrowAug: an Augmenter is borrowed, not {augmenter!r:.60}")
        super().__init__()
        self.augmenter = augmenter

    def dumps(self):
        """A list: the class in lower case, and what the augmenter says."""
        return [type(self).__name__.lower(), self.augmenter.dumps()]

    def __call__(self, src, label):
        """The image `src` changed, the label as it is."""
        return self.augmenter(src), label


class DetRandomSelectAug(DetAugmenter):
    """One augmenter of several, or none.

    Parameters
    ----------
    aug_list : list of DetAugmenter
        With equal probability.
    skip_prob : float
        The probability of none.
    """

    def __init__(self, aug_list, skip_prob=0):
        super().__init__(skip_prob=skip_prob)
        self.aug_list = list(aug_list) if isinstance(aug_list, list | tuple) else [aug_list]
        for aug in self.aug_list:
            if not isinstance(aug, DetAugmenter):
                raise TypeError(f"DetRandomSelectAug: a DetAugmenter is selected, not {aug!r:.60}")
        self.skip_prob = skip_prob if self.aug_list else 1

    def dumps(self):
        """A list: the class in lower case, and what each augmenter says."""
        return [type(self).__name__.lower(), [aug.dumps() for aug in self.aug_list]]

    def __call__(self, src, label):
        """The image `src` and its label, changed by one."""
        if chance("DetRandomSelectAug", self.skip_prob):
            return src, label
        return self.aug_list[int(generator().integers(len(self.aug_list)))](src, label)


class DetHorizontalFlipAug(DetAugmenter):
    """The mirror image with probability `p`.

    Parameters
    ----------
    p : float

    Examples
    --------
    >>> import numpy
    >>> from mxnet import np, npx
    >>> npx.image.DetHorizontalFlipAug(1)(np.ones((4, 4, 3)), numpy.array([[0, 0.25, 0, 0.5, 1]]))[1]
    array([[0.  , 0.5 , 0.  , 0.75, 1.  ]])
    """

    def __init__(self, p):
        super().__init__(p=p)
        self.p = p

    def __call__(self, src, label):
        """The image `src` and its label, or both mirrored."""
        if not chance("DetHorizontalFlipAug", self.p):
            return src, label
        return flip_left_right(src), _as_given(mirrored(_rows("DetHorizontalFlipAug", label)), label)


def _sizes(columns, rows, area_range, ratio_range):
    """Width and height of a rectangle of random area, relative to an image of that size, and random proportion."""
    area = columns * rows * generator().uniform(*area_range)
    ratio = generator().uniform(*ratio_range)
    return round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))


class DetRandomCropAug(DetAugmenter):
    """A rectangle of the image, at random, that shows enough of the objects in it.

    Parameters
    ----------
    min_object_covered : float
        Of each object that the rectangle meets, it shows more than this part.
    aspect_ratio_range : tuple of float
        The least and the largest width over height.
    area_range : tuple of float
        The least and the largest part of the image's area.
    min_eject_coverage : float
        An object of which no more than this part is left is dropped.
    max_attempts : int
        How often to try; the image stays as it is if all fail.
    """

    def __init__(
        self,
        min_object_covered=0.1,
        aspect_ratio_range=(0.75, 1.33),
        area_range=(0.05, 1.0),
        min_eject_coverage=0.3,
        max_attempts=50,
    ):
        aspect_ratio_range, area_range = (
            tuple(value) if isinstance(value, list | tuple) else (value, value) for value in (aspect_ratio_range, area_range)
        )
        super().__init__(
            min_object_covered=min_object_covered,
            aspect_ratio_range=aspect_ratio_range,
            area_range=area_range,
            min_eject_coverage=min_eject_coverage,
            max_attempts=max_attempts,
        )
        self.min_object_covered, self.min_eject_coverage = min_object_covered, min_eject_coverage
        self.ratios = span("DetRandomCropAug", "aspect_ratio_range", aspect_ratio_range, 1e-6)
        low, high = span("DetRandomCropAug", "area_range", area_range, 0)
        self.areas = min(low, 1), min(high, 1)
        self.max_attempts = max_attempts

    def __call__(self, src, label):
        """A part of the image `src`, and the label of what is there."""
        columns, rows = size_of(as_image("DetRandomCropAug", src))
        objects = _rows("DetRandomCropAug", label)
        for _ in range(self.max_attempts):
            width, height = _sizes(columns, rows, self.areas, self.ratios)
            if 0 < width <= columns and 0 < height <= rows:
                x, y = int(generator().integers(columns - width + 1)), int(generator().integers(rows - height + 1))
                left = self._left(moved(objects, x / columns, y / rows, width / columns, height / rows))
                if left is not None:
                    return fixed_crop(src, x, y, width, height), _as_given(left, label)
        return src, label

    def _left(self, objects):
        """The objects that are left of those given relative to the rectangle; None if it shows too little."""
        cut = objects.copy()
        cut[:, 1:5] = np.clip(cut[:, 1:5], 0, 1)
        parts = covered(areas(objects), areas(cut))
        met = parts > 0
        if not met.any() or parts[met].min() <= self.min_object_covered:
            return None
        left = cut[parts > self.min_eject_coverage]
        return left if len(left) else None


class DetRandomPadAug(DetAugmenter):
    """A larger image, with the image somewhere in it.

    Parameters
    ----------
    aspect_ratio_range : tuple of float
        The least and the largest width over height.
    area_range : tuple of float
        The least and the largest area, relative to the image's; from 1 on.
    max_attempts : int
        How often to try for a size that holds the image; it stays as it is if all fail.
    pad_val : tuple of float
        What is around it, for each channel.
    """

    def __init__(self, aspect_ratio_range=(0.75, 1.33), area_range=(1.0, 3.0), max_attempts=50, pad_val=(128, 128, 128)):
        pad_val = tuple(pad_val) if isinstance(pad_val, list | tuple) else (pad_val,)
        aspect_ratio_range, area_range = (
            tuple(value) if isinstance(value, list | tuple) else (value, value) for value in (aspect_ratio_range, area_range)
        )
        super().__init__(aspect_ratio_range=aspect_ratio_range, area_range=area_range, max_attempts=max_attempts, pad_val=pad_val)
        self.ratios = span("DetRandomPadAug", "aspect_ratio_range", aspect_ratio_range, 1e-6)
        self.areas = span("DetRandomPadAug", "area_range", area_range, 1)
        self.max_attempts, self.pad_val = max_attempts, pad_val

    def __call__(self, src, label):
        """The image `src` in a larger one, and its label."""
        src = as_image("DetRandomPadAug", src)
        columns, rows = size_of(src)
        for _ in range(self.max_attempts):
            width, height = _sizes(columns, rows, self.areas, self.ratios)
            if width >= columns and height >= rows and (width, height) != (columns, rows):
                x, y = int(generator().integers(width - columns + 1)), int(generator().integers(height - rows + 1))
                values = self.pad_val * src.shape[-1] if len(self.pad_val) == 1 else self.pad_val
                padded = copyMakeBorder(src, y, height - rows - y, x, width - columns - x, values=values)
                objects = moved(_rows("DetRandomPadAug", label), -x / columns, -y / rows, width / columns, height / rows)
                return padded, _as_given(objects, label)
        return src, label


def CreateMultiRandCropAugmenter(
    min_object_covered=0.1,
    aspect_ratio_range=(0.75, 1.33),
    area_range=(0.05, 1.0),
    min_eject_coverage=0.3,
    max_attempts=50,
    skip_prob=0,
):
    """One of several `DetRandomCropAug`, or none.

    Parameters
    ----------
    min_object_covered, aspect_ratio_range, area_range, min_eject_coverage, max_attempts
        What `DetRandomCropAug` takes, or lists of that, one for each augmenter.
    skip_prob : float
        The probability of none.

    Returns
    -------
    DetRandomSelectAug

    Examples
    --------
    >>> from mxnet import npx
    >>> len(npx.image.CreateMultiRandCropAugmenter(min_object_covered=[0.1, 0.3, 0.5]).aug_list)
    3
    """
    given = (min_object_covered, aspect_ratio_range, area_range, min_eject_coverage, max_attempts)
    lists = [value if isinstance(value, list) else [value] for value in given]
    count = max(map(len, lists))
    if any(len(values) not in (1, count) for values in lists):
        raise ValueError(f"CreateMultiRandCropAugmenter: lists have one length, not {[len(values) for values in lists]}")
    lists = [values * count if len(values) == 1 else values for values in lists]
    return DetRandomSelectAug([DetRandomCropAug(*values) for values in zip(*lists, strict=True)], skip_prob)


def CreateDetAugmenter(
    data_shape,
    resize=0,
    rand_crop=0,
    rand_pad=0,
    rand_gray=0,
    rand_mirror=False,
    mean=None,
    std=None,
    brightness=0,
    contrast=0,
    saturation=0,
    pca_noise=0,
    hue=0,
    inter_method=2,
    min_object_covered=0.1,
    aspect_ratio_range=(0.75, 1.33),
    area_range=(0.05, 3.0),
    min_eject_coverage=0.3,
    max_attempts=50,
    pad_val=(127, 127, 127),
):
    """The usual list of augmenters for detection.

    Parameters
    ----------
    data_shape : tuple of int
        (channels, height, width) of the result, whose channels still come last.
    resize : int
        Above 0: resize the shorter edge first.
    rand_crop, rand_pad, rand_gray : float
        Probabilities of a crop, of a larger image, of a grey one.
    rand_mirror : bool
        Mirror one image of two.
    mean, std, brightness, contrast, saturation, pca_noise, hue, inter_method
        See `CreateAugmenter`.
    min_object_covered, aspect_ratio_range, min_eject_coverage, max_attempts
        Of the crops, as for `CreateMultiRandCropAugmenter`.
    area_range : tuple of float
        Of crops up to 1, of larger images from 1 on.
    pad_val : tuple of float
        What is around the image in a larger one.

    Returns
    -------
    list of DetAugmenter

    Examples
    --------
    >>> import numpy
    >>> from mxnet import np, npx
    >>> image, label = np.ones((40, 50, 3), dtype="uint8"), numpy.array([[0, 0.2, 0.2, 0.6, 0.7]])
    >>> for augment in npx.image.CreateDetAugmenter((3, 24, 32), rand_crop=0.5, rand_pad=0.5, mean=True):
    ...     image, label = augment(image, label)
    >>> image.shape, label.shape
    ((24, 32, 3), (1, 5))
    """
    check_shape("CreateDetAugmenter", data_shape)
    augmenters = [DetBorrowAug(ResizeAug(resize, inter_method))] if resize > 0 else []
    crops = (min_object_covered, aspect_ratio_range, area_range, min_eject_coverage, max_attempts)
    if rand_crop > 0:
        augmenters.append(CreateMultiRandCropAugmenter(*crops, skip_prob=1 - rand_crop))
    if rand_mirror:
        augmenters.append(DetHorizontalFlipAug(0.5))
    if rand_pad > 0:
        ratios = aspect_ratio_range[0] if isinstance(aspect_ratio_range, list) else aspect_ratio_range
        areas = area_range[0] if isinstance(area_range, list) else area_range
        attempts = max(max_attempts) if isinstance(max_attempts, list) else max_attempts
        pad = DetRandomPadAug(ratios, (max(1.0, areas[0]), max(1.0, areas[1])), attempts, pad_val)
        augmenters.append(DetRandomSelectAug([pad], 1 - rand_pad))
    augmenters.append(DetBorrowAug(ForceResizeAug((data_shape[2], data_shape[1]), inter_method)))
    colours = colour_list(brightness, contrast, saturation, hue, pca_noise, rand_gray, mean, std)
    return augmenters + [DetBorrowAug(augmenter) for augmenter in colours]
