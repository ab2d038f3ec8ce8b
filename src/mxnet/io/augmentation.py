"""What is done to images between the file and the batch."""

import math
from typing import ClassVar

import numpy

from ..operators.images.colour import brighter, contrasted, lit, saturated, shifted
from ..operators.images.geometry import copyMakeBorder, fixed_crop, imresize, resize_short
from ..operators.images.interpolation import AREA, LINEAR, floating, rounded
from ..operators.images.rotation import transformed
from .options import AMOUNT, FLAG, WHOLE, Choice, File, Number, check_order, checked

__all__ = []

_AUTOMATIC_INTERPOLATION, _RANDOM_INTERPOLATION = 9, 10
_NO_ANGLE = -1

_WITHOUT_EFFECT = {"aug_seq", "ctx", "device_id", "shuffle_chunk_seed", "shuffle_chunk_size", "verbose"}


def some(amount, random):
    """A whole number from -amount to amount."""
    return int(random.integers(-amount, amount, endpoint=True))


class Augmentation:
    """What is done to images: the part that both kinds of iterator have. Its attributes are options of theirs."""

    options: ClassVar[dict[str, object]] = {
        "resize": Number(-1, -1, whole=True),
        "inter_method": Choice(1, (0, 1, 2, 3, 4, 9, 10)),
        "mean_img": File(),
        **{f"mean_{channel}": Number(0) for channel in "rgba"},
        **{f"std_{channel}": Number(1, 0) for channel in "rgba"},
        "scale": Number(1),
    }

    def __init__(self, name, given):
        for option in given:
            if option not in self.options.keys() | _WITHOUT_EFFECT:
                raise TypeError(f"{name}: there is no argument {option!r}")
        self.__dict__.update(checked(name, self.options, given))
        self.name = name
        self.means = self.mean_r, self.mean_g, self.mean_b, self.mean_a  # or, from a file, an image with channels first
        self.stds = self.std_r, self.std_g, self.std_b, self.std_a

    def method(self, random):
        """The code of interpolation."""
        return int(random.integers(5)) if self.inter_method == _RANDOM_INTERPOLATION else self.inter_method

    def fill(self, channels):
        """The colour around an image; there it is not opaque, if it has a fourth channel."""
        return (*[self.fill_value] * 3, 0)[:channels]

    def coloured(self, image, random):
        """The image in other colours, as opaque as before."""
        changed = self.change_colours(image[:, :, :3], random)
        return numpy.concatenate([changed, image[:, :, 3:]], axis=2) if image.shape[2] > 3 else changed

    def write(self, image, out, random):
        """Let `out`, channels first, be (image - mean) · scale / std."""
        self.normalize(image, out, 1, 0)

    def normalize(self, image, out, contrast, illumination):
        """Let `out`, channels first, be ((image - mean) · contrast + illumination) · scale / std."""
        for channel, plane in enumerate(out):
            factor = self.scale / (self.stds[channel] or 1)
            shift = (illumination - self.means[channel] * contrast) * factor
            values = image[:, :, channel]
            if contrast * factor != 1:
                values = values * numpy.float32(contrast * factor)
            if numpy.any(shift):
                values = values + numpy.asarray(shift, numpy.float32)
            plane[...] = rounded(values, out.dtype)


class ClassificationAugmentation(Augmentation):
    """What is done to images of which the classes are asked."""

    options = Augmentation.options | {
        "rotate": Number(_NO_ANGLE, whole=True),
        "max_rotate_angle": Number(0, 0, 180, whole=True),
        "max_shear_ratio": AMOUNT,
        "min_random_scale": Number(1, 1e-6),
        "max_random_scale": Number(1, 1e-6),
        "min_img_size": AMOUNT,
        "max_img_size": Number(1e10, 1),
        "pad": WHOLE,
        "fill_value": Number(255, 0, 255, whole=True),
        "rand_crop": FLAG,
        "min_crop_size": Number(-1, -1, whole=True),
        "max_crop_size": Number(-1, -1, whole=True),
        "random_resized_crop": FLAG,
        "min_random_area": Number(1, 0, 1),
        "max_random_area": Number(1, 0, 1),
        "min_aspect_ratio": Number(None, 1e-6, optional=True),
        "max_aspect_ratio": AMOUNT,
        "brightness": AMOUNT,
        "contrast": AMOUNT,
        "saturation": AMOUNT,
        "pca_noise": AMOUNT,
        "random_h": Number(0, 0, 180, whole=True),
        "random_s": Number(0, 0, 255, whole=True),
        "random_l": Number(0, 0, 255, whole=True),
        "mirror": FLAG,
        "rand_mirror": FLAG,
        "max_random_contrast": AMOUNT,
        "max_random_illumination": AMOUNT,
    }

    def __init__(self, name, given):
        super().__init__(name, given)
        for what in ("random_scale", "random_area", "img_size", "crop_size"):
            low, high = f"min_{what}", f"max_{what}"
            check_order(name, low, getattr(self, low), high, getattr(self, high))
        if self.min_aspect_ratio is None:
            if self.max_aspect_ratio >= 1:
                raise ValueError(
                    f"{name}: without min_aspect_ratio, max_aspect_ratio is below 1, as in 1 ± 0.25, not {self.max_aspect_ratio!r}"
                )
            self.ratios = 1 - self.max_aspect_ratio, 1 + self.max_aspect_ratio
        else:
            check_order(name, "min_aspect_ratio", self.min_aspect_ratio, "max_aspect_ratio", self.max_aspect_ratio)
            self.ratios = self.min_aspect_ratio, self.max_aspect_ratio
        if self.max_crop_size > 0 and self.min_crop_size < 1:
            raise ValueError(
                f"{name}: max_crop_size={self.max_crop_size} goes with a min_crop_size from 1 on, not {self.min_crop_size!r}"
            )
        if self.random_resized_crop:
            for option in ("rand_crop", "min_crop_size", "max_crop_size", "min_random_scale", "max_random_scale"):
                if getattr(self, option) != self.options[option].default:
                    raise ValueError(f"{name}: random_resized_crop cuts and scales, and {option}={given[option]!r} would, too")

    def __call__(self, image, label, size, random):
        """The image, of (width, height) `size`, and its label."""
        interp = self.method(random)
        if self.resize > 0:
            image = resize_short(image, self.resize, interp)
        image = self._transformed(image, interp, random)
        if self.pad > 0:
            image = copyMakeBorder(image, *[self.pad] * 4, values=self.fill(image.shape[2]))
        return self.coloured(self._cut(image, size, interp, random), random), label

    def _transformed(self, image, interp, random):
        """The image scaled, turned and sheared."""
        rows, columns, channels = image.shape
        angle = some(self.max_rotate_angle, random) if self.rotate == _NO_ANGLE else self.rotate
        scale = random.uniform(self.min_random_scale, self.max_random_scale)
        ratio = 1 if self.random_resized_crop else random.uniform(*self.ratios)
        shear = random.uniform(-1, 1) * self.max_shear_ratio
        size = [max(1, round(min(max(scale * n, self.min_img_size), self.max_img_size))) for n in (columns, rows)]
        if (angle % 360, scale, ratio, shear) == (0, 1, 1, 0) and size == [columns, rows]:
            return image
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        y = 2 * scale / (1 + ratio)
        matrix = numpy.array([[ratio * y, shear * y], [0, y]]) @ [[cos, sin], [-sin, cos]]
        kind = LINEAR if interp in (AREA, _AUTOMATIC_INTERPOLATION) else interp
        planes = numpy.ascontiguousarray(floating(image).transpose(2, 0, 1))
        planes = transformed(planes, numpy.linalg.inv(matrix), size, kind, self.fill(channels))
        return rounded(planes.transpose(1, 2, 0), image.dtype)

    def _cut(self, image, size, interp, random):
        """The rectangle of the image that is shown."""
        rows, columns = image.shape[:2]
        if self.random_resized_crop:
            for _ in range(10):
                area = rows * columns * random.uniform(self.min_random_area, self.max_random_area)
                ratio = random.uniform(*self.ratios)
                width, height = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
                if 0 < width <= columns and 0 < height <= rows:
                    x, y = random.integers(columns - width + 1), random.integers(rows - height + 1)
                    return fixed_crop(image, x, y, width, height, size, interp)
        if self.max_crop_size > 0:
            if self.max_crop_size > min(rows, columns):
                raise ValueError(
                    f"max_crop_size={self.max_crop_size} does not fit into {columns} × {rows} pixels; resize={self.max_crop_size}"
                    " makes images large enough first"
                )
            side = int(random.integers(self.min_crop_size, self.max_crop_size, endpoint=True))
            x, y = self._corner(columns - side, rows - side, random)
            return fixed_crop(image, x, y, side, side, size, interp)
        width, height = size
        if rows < height:  # enlarged, first to the height that is wanted, and then to the width
            columns, rows = columns * height // rows, height
            image = imresize(image, columns, rows, interp)
        if columns < width:
            columns, rows = width, rows * width // columns
            image = imresize(image, columns, rows, interp)
        x, y = self._corner(columns - width, rows - height, random)
        return image[y : y + height, x : x + width]

    def _corner(self, x, y, random):
        """Where a rectangle begins that has that much room."""
        return (random.integers(x + 1), random.integers(y + 1)) if self.rand_crop else (x // 2, y // 2)

    def change_colours(self, image, random):
        """The image in other colours, at random."""
        changes = [(brighter, self.brightness), (contrasted, self.contrast), (saturated, self.saturation)]
        for i in random.permutation(3):
            change, amount = changes[i]
            if amount > 0:
                image = change(image, 1 + random.uniform(-amount, amount))
        if self.random_h or self.random_s or self.random_l:
            hue, saturation, lightness = (some(amount, random) for amount in (self.random_h, self.random_s, self.random_l))
            image = shifted(image, hue / 180, saturation / 255, lightness / 255)
        return lit(image, random.normal(0, self.pca_noise, 3)) if self.pca_noise > 0 else image

    def write(self, image, out, random):
        """Let `out`, channels first, be ((image - mean) · contrast + illumination) · scale / std, or that mirrored."""
        if self.mirror or (self.rand_mirror and random.random() < 0.5):
            out = out[:, :, ::-1]
        contrast = 1 + random.uniform(-1, 1) * self.max_random_contrast
        self.normalize(image, out, contrast, random.uniform(-1, 1) * self.max_random_illumination)
