"""What is done to images between the file and the batch."""

import math
from typing import ClassVar

import numpy

from ..operators.images.colour import brighter, contrasted, lit, saturated
from ..operators.images.geometry import copyMakeBorder, fixed_crop, imresize, resize_short
from ..operators.images.interpolation import rounded
from ..recordio.labels import objects_in

__all__ = []

_RANDOM_INTERPOLATION = 10

_WITHOUT_EFFECT = {"aug_seq", "ctx", "device_id", "shuffle_chunk_seed", "shuffle_chunk_size", "verbose"}


class Look:
    """What is done to images: the part that both kinds of iterator have. Its attributes are arguments of theirs."""

    defaults: ClassVar[dict[str, object]] = {
        "resize": -1,
        "inter_method": 1,
        "mean_r": 0,
        "mean_g": 0,
        "mean_b": 0,
        "std_r": 1,
        "std_g": 1,
        "std_b": 1,
        "scale": 1,
        "max_random_contrast": 0,
        "max_random_illumination": 0,
    }
    # What MXNet does besides, and the values for which that is nothing.
    missing: ClassVar[dict[str, object]] = {"mean_img": "", "mean_a": 0, "std_a": 1}

    def __init__(self, name, options):
        for option, value in options.items():
            if option in self.missing and value != self.missing[option]:
                raise NotImplementedError(f"{name}: {option}={value!r} is not supported; ImageIter takes augmenters of your own")
            if option not in self.defaults.keys() | self.missing.keys() | _WITHOUT_EFFECT:
                raise TypeError(f"{name}: there is no argument {option!r}")
        self.__dict__.update(self.defaults | options)

    def method(self, random):
        """The code of interpolation."""
        return int(random.integers(5)) if self.inter_method == _RANDOM_INTERPOLATION else self.inter_method

    def write(self, image, out, random):
        """Let `out`, channels first, be ((image - mean) · contrast + illumination) · scale / std."""
        contrast = 1 + random.uniform(-1, 1) * self.max_random_contrast
        illumination = random.uniform(-1, 1) * self.max_random_illumination
        means, stds = (self.mean_r, self.mean_g, self.mean_b), (self.std_r, self.std_g, self.std_b)
        for channel, plane in enumerate(out):
            factor = self.scale / (stds[channel] or 1)
            shift = (illumination - means[channel] * contrast) * factor
            values = image[:, :, channel]
            if contrast * factor != 1:
                values = values * numpy.float32(contrast * factor)
            if shift != 0:
                values = values + numpy.float32(shift)
            plane[...] = rounded(values, out.dtype)


class Picture(Look):
    """What is done to images of which the classes are asked."""

    defaults = Look.defaults | {
        "pad": 0,
        "fill_value": 255,
        "rand_crop": False,
        "random_resized_crop": False,
        "min_random_area": 1,
        "max_random_area": 1,
        "min_aspect_ratio": None,
        "max_aspect_ratio": 0,
        "brightness": 0,
        "contrast": 0,
        "saturation": 0,
        "pca_noise": 0,
        "mirror": False,
        "rand_mirror": False,
    }
    missing = Look.missing | {
        "max_crop_size": -1,
        "max_img_size": 1e10,
        "max_random_scale": 1,
        "max_rotate_angle": 0,
        "max_shear_ratio": 0,
        "min_crop_size": -1,
        "min_img_size": 0,
        "min_random_scale": 1,
        "random_h": 0,
        "random_l": 0,
        "random_s": 0,
        "rotate": -1,
    }

    def __call__(self, image, label, size, random):
        """The image, of (width, height) `size`, and its label."""
        interp = self.method(random)
        if self.resize > 0:
            image = resize_short(image, self.resize, interp)
        if self.pad > 0:
            image = copyMakeBorder(image, *[self.pad] * 4, value=self.fill_value)
        image = self._cut(image, size, interp, random)
        changes = [(brighter, self.brightness), (contrasted, self.contrast), (saturated, self.saturation)]
        for i in random.permutation(3):
            change, amount = changes[i]
            if amount > 0:
                image = change(image, 1 + random.uniform(-amount, amount))
        if self.pca_noise > 0:
            image = lit(image, random.normal(0, self.pca_noise, 3))
        if self.mirror or (self.rand_mirror and random.random() < 0.5):
            image = image[:, ::-1]
        return image, label

    def _cut(self, image, size, interp, random):
        """The rectangle of the image that is shown."""
        rows, columns = image.shape[:2]
        if self.random_resized_crop:
            least = 1 - self.max_aspect_ratio if self.min_aspect_ratio is None else self.min_aspect_ratio
            most = 1 + self.max_aspect_ratio if self.min_aspect_ratio is None else self.max_aspect_ratio
            for _ in range(10):
                area = rows * columns * random.uniform(self.min_random_area, self.max_random_area)
                ratio = random.uniform(least, most)
                width, height = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
                if 0 < width <= columns and 0 < height <= rows:
                    x, y = random.integers(columns - width + 1), random.integers(rows - height + 1)
                    return fixed_crop(image, x, y, width, height, size, interp)
        width, height = size
        if rows < height:  # enlarged, first to the height that is wanted, and then to the width
            columns, rows = columns * height // rows, height
            image = imresize(image, columns, rows, interp)
        if columns < width:
            columns, rows = width, rows * width // columns
            image = imresize(image, columns, rows, interp)
        x, y = columns - width, rows - height
        x, y = (random.integers(x + 1), random.integers(y + 1)) if self.rand_crop else (x // 2, y // 2)
        return image[y : y + height, x : x + width]


class Scene(Look):
    """What is done to images in which objects are to be found."""

    defaults = Look.defaults | {"rand_mirror_prob": 0, "resize_mode": "force"}
    missing = Look.missing | {
        "rand_crop_prob": 0,
        "rand_pad_prob": 0,
        "random_contrast_prob": 0,
        "random_hue_prob": 0,
        "random_illumination_prob": 0,
        "random_saturation_prob": 0,
        "fill_value": 127,
    }

    def __init__(self, name, options):
        super().__init__(name, options)
        if self.resize_mode not in ("force", "fit", "shrink"):
            raise ValueError(f"{name}: resize_mode is 'force', 'fit' or 'shrink', not {self.resize_mode!r}")

    def __call__(self, image, label, size, random):
        """The image, of (width, height) `size`, and its label, with the size that shows the image before it."""
        interp = self.method(random)
        width, height = size
        if self.resize > 0:
            image = resize_short(image, self.resize, interp)
        rows, columns, channels = image.shape
        if self.resize_mode == "force":
            columns, rows = size
        elif self.resize_mode == "fit" or columns > width or rows > height:
            columns, rows = max(1, min(width, columns * height // rows)), max(1, min(height, rows * width // columns))
        image = imresize(image, columns, rows, interp)
        if random.random() < self.rand_mirror_prob:
            image = image[:, ::-1]
            label = label.copy()
            objects = objects_in(label)
            objects[:, [1, 3]] = 1 - objects[:, [3, 1]]
        image = numpy.pad(image, [(0, height - rows), (0, width - columns), (0, 0)])
        return image, numpy.concatenate([[channels, rows, columns, len(label)], label])
