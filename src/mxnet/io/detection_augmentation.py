"""What is done to images in which objects are to be found, and to the boxes of these: both move together."""

import math
from typing import NamedTuple

import numpy

from ..operators.images.colour import brighter, shifted
from ..operators.images.detection import areas, covered, mirrored, moved
from ..operators.images.geometry import copyMakeBorder, fixed_crop, imresize, resize_short
from ..recordio.labels import objects_in
from .augmentation import Augmentation, some
from .options import AMOUNT, PROBABILITY, Choice, Number, Numbers, check_order

__all__ = []

_ROUNDING = 1e-6  # what may seem to be seen of an object beside the rectangle
_PART = Numbers(Number(0, 0, 1)), Numbers(Number(1, 0, 1))
_RANGES = {  # of what, min_crop_… and max_crop_… say, for each sampler of crops
    "scales": _PART,
    "aspect_ratios": (Numbers(Number(1, 1e-6)),) * 2,
    "overlaps": _PART,
    "sample_coverages": _PART,
    "object_coverages": _PART,
}


class _Sampler(NamedTuple):
    """How crops are drawn, and what they have to show; ranges are pairs (least, most)."""

    scales: tuple
    ratios: tuple
    overlaps: tuple
    sample_coverages: tuple
    object_coverages: tuple
    trials: int

    def drawn(self, columns, rows, random):
        """x, y, width and height of a rectangle in an image of that size, in pixels."""
        scale = random.uniform(*self.scales)  # the square root of its part of the area
        # Proportions of a rectangle that fits are from scale² to 1 / scale², in units of the image's.
        shape = rows / columns
        low, high = numpy.clip([ratio * shape for ratio in self.ratios], scale**2, 1 / max(scale, 1e-6) ** 2)
        ratio = math.sqrt(random.uniform(low, high))
        width = min(columns, max(1, round(columns * scale * ratio)))
        height = min(rows, max(1, round(rows * scale / ratio)))
        return int(random.integers(columns - width + 1)), int(random.integers(rows - height + 1)), width, height

    def accepts(self, whole, seen):
        """Whether one of the objects is as the ranges say: `whole` and `seen` are areas of objects in parts of the rectangle's."""
        measures = (
            (seen / (1 + whole - seen), self.overlaps),
            (seen, self.sample_coverages),
            (covered(whole, seen), self.object_coverages),
        )
        return numpy.all([(low <= values) & (values <= high) for values, (low, high) in measures], axis=0).any()


class DetectionAugmentation(Augmentation):
    """What is done to images in which objects are to be found."""

    options = Augmentation.options | {
        "max_random_contrast": AMOUNT,
        "random_contrast_prob": PROBABILITY,
        "max_random_hue": Number(0, 0, 180, whole=True),
        "random_hue_prob": PROBABILITY,
        "max_random_saturation": Number(0, 0, 255, whole=True),
        "random_saturation_prob": PROBABILITY,
        "max_random_illumination": Number(0, 0, 255, whole=True),
        "random_illumination_prob": PROBABILITY,
        "rand_mirror_prob": PROBABILITY,
        "rand_pad_prob": PROBABILITY,
        "max_pad_scale": Number(1, 1),
        "fill_value": Number(127, 0, 255, whole=True),
        "rand_crop_prob": PROBABILITY,
        "num_crop_sampler": Number(1, 1, whole=True),
        **{f"min_crop_{what}": least for what, (least, _) in _RANGES.items()},
        **{f"max_crop_{what}": most for what, (_, most) in _RANGES.items()},
        "max_crop_trials": Numbers(Number(25, 1, whole=True)),
        "crop_emit_mode": Choice("center", ("center", "overlap")),
        "emit_overlap_thresh": Number(0.3, 0, 1),
        "resize_mode": Choice("force", ("force", "fit", "shrink")),
    }

    def __init__(self, name, given):
        super().__init__(name, given)
        ranges = []
        for what in _RANGES:
            low, high = f"min_crop_{what}", f"max_crop_{what}"
            ranges.append(list(zip(self._for_samplers(low), self._for_samplers(high), strict=True)))
            for least, most in ranges[-1]:
                check_order(name, low, least, high, most)
        self.samplers = [_Sampler(*values) for values in zip(*ranges, self._for_samplers("max_crop_trials"), strict=True)]

    def _for_samplers(self, option):
        """A number for each sampler."""
        values = getattr(self, option)
        values = tuple(values) if isinstance(values, list | tuple) else (values,)
        if len(values) not in (1, self.num_crop_sampler):
            raise ValueError(
                f"{self.name}: {option} has one number, or one for each of num_crop_sampler={self.num_crop_sampler}, not {values!r}"
            )
        return values * self.num_crop_sampler if len(values) == 1 else values

    def __call__(self, image, label, size, random):
        """The image, of (width, height) `size`, and its label, with the size that shows the image before it."""
        interp = self.method(random)
        if self.resize > 0:
            image = resize_short(image, self.resize, interp)
        image = self.coloured(image, random)
        objects = objects_in(label)
        head = label[: len(label) - objects.size]
        if random.random() < self.rand_mirror_prob:
            image, objects = image[:, ::-1], mirrored(objects)
        if random.random() < self.rand_pad_prob:
            image, objects = self._padded(image, objects, random)
        if random.random() < self.rand_crop_prob:
            image, objects = self._cropped(image, objects, random)
        image, (rows, columns) = self._fitted(image, size, interp)
        shown = image.shape[2], rows, columns, len(head) + objects.size
        return image, numpy.concatenate([shown, head, objects.ravel()])

    def change_colours(self, image, random):
        """The image in other colours, at random."""
        if random.random() < self.random_contrast_prob:
            image = brighter(image, 1 + random.uniform(-1, 1) * self.max_random_contrast)
        amounts = (
            (self.max_random_hue, self.random_hue_prob),
            (self.max_random_saturation, self.random_saturation_prob),
            (self.max_random_illumination, self.random_illumination_prob),
        )
        hue, saturation, lightness = (some(most, random) if random.random() < prob else 0 for most, prob in amounts)
        return shifted(image, hue / 180, saturation / 255, lightness / 255) if hue or saturation or lightness else image

    def _padded(self, image, objects, random):
        """A larger image in the same proportion, with the image somewhere in it."""
        rows, columns, channels = image.shape
        scale = random.uniform(1, self.max_pad_scale)
        width, height = round(scale * columns), round(scale * rows)
        x, y = (int(random.integers(room + 1)) for room in (width - columns, height - rows))
        image = copyMakeBorder(image, y, height - rows - y, x, width - columns - x, values=self.fill(channels))
        return image, moved(objects, -x / columns, -y / rows, width / columns, height / rows)

    def _cropped(self, image, objects, random):
        """A rectangle that shows enough, and the objects that stay in it; the image as it is if none is found."""
        rows, columns = image.shape[:2]
        for i in random.permutation(len(self.samplers)):
            sampler = self.samplers[i]
            for _ in range(sampler.trials):
                x, y, width, height = sampler.drawn(columns, rows, random)
                there = moved(objects, x / columns, y / rows, width / columns, height / rows)
                cut = there.copy()
                cut[:, 1:5] = numpy.clip(there[:, 1:5], 0, 1)
                whole, seen = areas(there), areas(cut)
                left = cut[self._stay(there, covered(whole, seen))]
                if len(left) and sampler.accepts(whole, seen):
                    return fixed_crop(image, x, y, width, height), left
        return image, objects

    def _stay(self, objects, covered):
        """Which objects stay: those whose middle is in the rectangle, or those of which it covers enough."""
        if self.crop_emit_mode == "overlap":
            return covered >= max(self.emit_overlap_thresh, _ROUNDING)
        middles = (objects[:, 1:3] + objects[:, 3:5]) / 2
        return ((middles >= 0) & (middles <= 1)).all(axis=1)

    def _fitted(self, image, size, interp):
        """The image in a rectangle of (width, height) `size`, at the top left of it, and how many rows and columns it has there."""
        width, height = size
        rows, columns = image.shape[:2]
        if self.resize_mode == "force":
            columns, rows = size
        elif self.resize_mode == "fit" or columns > width or rows > height:
            columns, rows = max(1, min(width, columns * height // rows)), max(1, min(height, rows * width // columns))
        image = imresize(image, columns, rows, interp)
        return numpy.pad(image, [(0, height - rows), (0, width - columns), (0, 0)]), (rows, columns)
