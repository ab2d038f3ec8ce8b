"""Batches of images in files of records, made ready by threads."""

import io
import os

import numpy

from ..core.dtypes import as_dtype
from ..core.operator import wrap
from ..operators.files import load, npx_save
from ..operators.images.files import pixels_in
from ..recordio import MXIndexedRecordIO, MXRecordIO, unpack
from ..recordio.labels import objects_in, read_list
from .augmentation import ClassificationAugmentation
from .base import share
from .detection_augmentation import DetectionAugmentation
from .reading import MXDataIter

__all__ = [
    "ImageDetRecordIter",
    "ImageRecordInt8Iter",
    "ImageRecordIter",
    "ImageRecordIter_v1",
    "ImageRecordUInt8Iter",
    "ImageRecordUInt8Iter_v1",
]


class _ImageReader:
    """A reader of images in a file of records."""

    def __init__(self, name, path_imgrec, path_imgidx, path_imglist, data_shape, dtype, part, seed, augmentation):
        self.name = name
        shape = tuple(data_shape)
        if len(shape) != 3 or shape[0] not in (1, 3, 4) or not all(isinstance(n, int | numpy.integer) and n > 0 for n in shape):
            raise ValueError(f"{name}: data_shape is (channels, height, width), with 1, 3 or 4 channels, not {data_shape!r}")
        if path_imgidx:
            with MXIndexedRecordIO(path_imgidx, path_imgrec, "r") as indexed:
                offsets = list(indexed.idx.values())
        self.file = MXRecordIO(path_imgrec, "r")
        if not path_imgidx:
            offsets = self.file.offsets()
        if not offsets:
            raise ValueError(f"{name}: there is no record in {self.file.uri!r}")
        self.offsets = offsets[slice(*share(name, len(offsets), *part))]
        if not self.offsets:
            raise ValueError(f"{name}: of {len(offsets)} records none is left for part {part[0]} of {part[1]}")
        self.list = read_list(path_imglist) if path_imglist else None
        self.seed = abs(seed)
        self.augmentation = augmentation
        self.data = shape, dtype
        if augmentation.mean_img:
            augmentation.means = self._mean_image(os.fspath(augmentation.mean_img))

    def __len__(self):
        return len(self.offsets)

    def labelled(self, position):
        """The labels, the image and the number in a record."""
        header, content = unpack(self.file.read_at(self.offsets[position]))
        label = header.label
        if self.list is not None:
            if header.id not in self.list:
                raise ValueError(f"{self.name}: image {header.id} is not in path_imglist")
            label = self.list[header.id][0]
        return numpy.atleast_1d(numpy.asarray(label, numpy.float32)), content, header.id

    def _shown(self, position, random):
        """The image in a record, in the size of a batch's; its label; and its number."""
        channels, height, width = self.data[0]
        label, content, number = self.labelled(position)
        try:
            image = pixels_in("imdecode", io.BytesIO(content), "buf", channels)
            image, label = self.augmentation(image, label, (width, height), random)
        except ValueError as error:
            where = f"at byte {self.offsets[position]} of {self.file.uri!r}"
            raise ValueError(f"{self.name}: image {number}, {where}: {error}") from None
        return image, label, number

    def _mean_image(self, path):
        """The mean image in a file; where there is none, it is that of all images as they are shown, and written there."""
        shape = self.data[0]
        if not os.path.exists(path):
            total = numpy.zeros((*shape[1:], shape[0]))
            for position in range(len(self)):
                total += self._shown(position, numpy.random.default_rng((self.seed, position)))[0]
            mean = (total / len(self)).transpose(2, 0, 1).astype(numpy.float32)
            npx_save(path, {"mean_img": wrap(mean)}, format="params")
        arrays = load(path)
        if not isinstance(arrays, dict) or "mean_img" not in arrays:
            raise ValueError(f"{self.name}: {path!r} holds no array 'mean_img'; remove it, and the mean is written there")
        if arrays["mean_img"].shape != shape:
            raise ValueError(f"{self.name}: the mean in {path!r} has shape {arrays['mean_img'].shape}, and data_shape is {shape}")
        return arrays["mean_img"].asnumpy()

    def read(self, positions, numbers):
        shape, dtype = self.data
        data = numpy.empty((len(positions), *shape), dtype)
        label = numpy.empty((len(positions), *self.label[0]), numpy.float32)
        index = numpy.empty(len(positions), numpy.uint64)
        for i, (position, number) in enumerate(zip(positions, numbers, strict=True)):
            random = numpy.random.default_rng((self.seed, number))
            image, given, index[i] = self._shown(position, random)
            self.augmentation.write(image, data[i], random)
            label[i] = self.laid_out(given, index[i])
        return data, label, index


class _ClassificationReader(_ImageReader):
    """A reader of images with labels of one width."""

    def __init__(self, *args, label_width):
        super().__init__(*args)
        self.width = label_width
        self.label = ((label_width,) if label_width > 1 else ()), numpy.dtype(numpy.float32)

    def laid_out(self, label, index):
        if len(label) != self.width:
            raise ValueError(
                f"{self.name}: image {index} has {len(label)} labels, and label_width={self.width}; path_imglist could give others"
            )
        return label if self.width > 1 else label[0]


class _DetectionReader(_ImageReader):
    """A reader of images with labels of any width, filled up."""

    def __init__(self, *args, label_width, pad_width, pad_value):
        super().__init__(*args)
        widths = []
        for position in range(len(self)):
            label, _, number = self.labelled(position)
            widths.append(len(label))
            try:
                objects_in(label)
            except ValueError as error:
                raise ValueError(f"{self.name}: image {number}: {error}") from None
        longest = max(widths)
        if label_width > 0 and {*widths} != {label_width}:
            raise ValueError(f"{self.name}: labels have from {min(widths)} to {longest} numbers, and label_width={label_width}")
        if 0 < pad_width < longest:
            raise ValueError(f"{self.name}: the longest label has {longest} numbers, and label_pad_width={pad_width}")
        self.pad_value = pad_value
        self.label = (4 + max(pad_width, longest),), numpy.dtype(numpy.float32)

    def laid_out(self, label, index):
        return numpy.pad(label, (0, self.label[0][0] - len(label)), constant_values=self.pad_value)


def ImageRecordIter(
    *,
    path_imgrec,
    data_shape,
    batch_size,
    path_imgidx="",
    path_imglist="",
    label_width=1,
    shuffle=False,
    seed=0,
    seed_aug=None,
    num_parts=1,
    part_index=0,
    round_batch=True,
    dtype=None,
    preprocess_threads=4,
    prefetch_buffer=4,
    data_name="data",
    label_name="softmax_label",
    **augmentation,
):
    """Batches of images in a file of records, with labels; made ready by threads.

    In this order, images are decoded, resized (`resize`), scaled, turned and sheared, given a border (`pad`), cut, changed in
    colour, and mirrored; they become ((x - mean) · contrast + illumination) · scale / std.

    Parameters
    ----------
    path_imgrec : str or path
        The file of records, as `recordio.pack` makes them.
    data_shape : tuple of int
        (channels, height, width) of an image, with 3 channels, 1 of grey, or 4 of which the last is opacity. From one that is
        larger the middle is cut, one that is smaller is enlarged first.
    batch_size : int
    path_imgidx : str or path, optional
        The index of the file. Without it, the heads of all records are read first.
    path_imglist : str or path, optional
        A list with other labels, by the images' numbers.
    label_width : int
        How many numbers a label has; if it is one, labels of a batch have shape (batch_size,), else (batch_size, label_width).
    shuffle : bool
        Whether each epoch has an order of its own.
    seed, seed_aug : int
        Of the order; and of what is done to images at random, if that is another one. Threads make no difference.
    num_parts, part_index : int
        Read only this one of so many parts, which are as long as each other or one image longer.
    round_batch : bool
        As for `CSVIter`.
    dtype : dtype, optional
        Of images; float32 if it is not given. Those of integers end at its limits.
    preprocess_threads : int
        How many threads make batches ready; 0 for none.
    prefetch_buffer : int
        How many batches they are ahead.
    data_name, label_name : str
    **augmentation
        - resize : int, length of the shorter edge;
        - inter_method : int (1), interpolation, as in `npx.image.resize`;
        - rotate : int, degrees by which images are turned to the left in the size that they have (-1: not at all), or
          max_rotate_angle : int, from -a to a degrees;
        - min_random_scale, max_random_scale : float (1), a factor of both edges, and of the size that the image has then, which
          min_img_size and max_img_size limit without another scale;
        - min_aspect_ratio, max_aspect_ratio : float, width over height becomes another by a factor between these, or from 1 - a to
          1 + a with max_aspect_ratio alone; the image keeps its size;
        - max_shear_ratio : float, a row y below the middle moves by y times a factor from -a to a;
        - pad : int, width of a border; fill_value : int (255), its colour, and that of the corners of a turned image;
        - rand_crop : bool, cut anywhere; min_crop_size, max_crop_size : int, cut a square between these, and resize it;
        - random_resized_crop : bool, cut a rectangle of random area and proportion, from min_random_area to max_random_area (1,
          parts of the whole) and min_aspect_ratio to max_aspect_ratio, and resize it; not with random scales or other crops;
        - brightness, contrast, saturation : float, factors are from 1 - a to 1 + a;
        - random_h, random_s, random_l : int, what is added to hue (180 is a whole turn), saturation and lightness (255 is all of
          it) is from -a to a; grey stays grey;
        - pca_noise : float, standard deviation, as in `npx.image.LightingAug`;
        - mirror, rand_mirror : bool, always or half of the time;
        - mean_r, mean_g, mean_b, mean_a, std_r, std_g, std_b, std_a, scale : float;
        - mean_img : str or path, a file with the array 'mean_img' of `data_shape`, in place of the numbers mean_r, …; if it is not
          there, it is made from all images, as they are before they are mirrored;
        - max_random_contrast, max_random_illumination : float, contrast is from 1 - a to 1 + a, illumination from -a to a.

        Names of MXNet's for devices and the like have no effect.

    Returns
    -------
    MXDataIter

    Raises
    ------
    ValueError
        If a record is damaged, or has another number of labels: the message names it. If an option has a bad value.

    Examples
    --------
    >>> import os, tempfile
    >>> import numpy
    >>> from mxnet import io, recordio
    >>> path = os.path.join(tempfile.mkdtemp(), "images.rec")
    >>> with recordio.MXRecordIO(path, "w") as file:
    ...     for i in range(3):
    ...         image = numpy.full((8, 10, 3), 50 * i, "uint8")
    ...         file.write(recordio.pack_img(recordio.IRHeader(0, i, i, 0), image, img_fmt=".png"))
    >>> batch = next(io.ImageRecordIter(path_imgrec=path, data_shape=(3, 4, 4), batch_size=2, scale=1 / 255))
    >>> batch.data[0].shape, batch.label[0]
    ((2, 3, 4, 4), array([0., 1.]))
    """
    reader = _ClassificationReader(
        "ImageRecordIter",
        path_imgrec,
        path_imgidx,
        path_imglist,
        data_shape,
        as_dtype(dtype),
        (part_index, num_parts),
        seed if seed_aug is None else seed_aug,
        ClassificationAugmentation("ImageRecordIter", augmentation),
        label_width=label_width,
    )
    last = "round" if round_batch else "pad"
    return MXDataIter(reader, data_name, label_name, batch_size, shuffle, seed, last, preprocess_threads, prefetch_buffer)


def ImageRecordUInt8Iter(**options):
    """`ImageRecordIter` with images of uint8.

    Parameters
    ----------
    **options
        Those of `ImageRecordIter`, but for dtype.
    """
    return ImageRecordIter(dtype="uint8", **options)


def ImageRecordInt8Iter(**options):
    """`ImageRecordIter` with images of int8: what is brighter than 127 becomes 127.

    Parameters
    ----------
    **options
        Those of `ImageRecordIter`, but for dtype.
    """
    return ImageRecordIter(dtype="int8", **options)


ImageRecordIter_v1 = ImageRecordIter
ImageRecordUInt8Iter_v1 = ImageRecordUInt8Iter


def ImageDetRecordIter(
    *,
    path_imgrec,
    data_shape,
    batch_size,
    path_imglist="",
    label_width=-1,
    label_pad_width=0,
    label_pad_value=-1,
    shuffle=False,
    seed=0,
    num_parts=1,
    part_index=0,
    round_batch=True,
    dtype=None,
    preprocess_threads=4,
    prefetch_buffer=4,
    data_name="data",
    label_name="softmax_label",
    **augmentation,
):
    """Batches of images in a file of records, with the objects in them; made ready by threads.

    In this order, images are decoded, resized (`resize`), changed in colour, mirrored, put into a larger image, cut, and resized to
    `data_shape` (`resize_mode`); they become (x - mean) · scale / std. Boxes move with them.

    The label of an image is (channels, height, width, n, n numbers, what fills up): the size at which the image is shown, and the n
    numbers of its record. These are the width of their head, that of an object, the rest of the head, and for each object (class,
    left, top, right, bottom, …) in parts of the image.

    Parameters
    ----------
    path_imgrec : str or path
        The file of records, all of which are read at first, for the longest label.
    data_shape : tuple of int
        (channels, height, width) of an image, with 3 channels, 1 of grey, or 4 of which the last is opacity.
    batch_size : int
    path_imglist : str or path, optional
        A list with other labels, by the images' numbers.
    label_width : int
        How many numbers all labels have, if it is given.
    label_pad_width : int
        How many to make room for; at least as many as the longest label has, which is the default.
    label_pad_value : float
        What fills up.
    shuffle, seed, num_parts, part_index, round_batch, dtype, preprocess_threads, prefetch_buffer, data_name, label_name
        As for `ImageRecordIter`.
    **augmentation
        - resize : int, length of the shorter edge, before all else;
        - resize_mode : {'force', 'fit', 'shrink'}, the image is resized to data_shape, or in proportion to be as large as possible,
          or that only if it is too large; it is at the top left, and black is around it;
        - rand_mirror_prob : float, probability of the mirror image;
        - rand_pad_prob : float, probability of a larger image of colour fill_value (127), up to max_pad_scale (1) times as wide and
          as high, with the image anywhere in it;
        - rand_crop_prob : float, probability of a crop, which one of num_crop_sampler (1) samplers draws; if it fails
          max_crop_trials (25) times another one does, and if all fail the image stays as it is. The options of samplers are
          numbers, or tuples with one for each;
        - min_crop_scales, max_crop_scales : the square root of the crop's part of the area; min_crop_aspect_ratios,
          max_crop_aspect_ratios : width over height of the crop, where the scale leaves a choice;
        - min_crop_overlaps, …, max_crop_object_coverages : for at least one object, the area that object and crop share is such a
          part of the area of both (overlaps), of the crop (sample_coverages) and of the object (object_coverages);
        - crop_emit_mode : {'center', 'overlap'}, the objects that stay are those whose middle the crop shows, or at least
          emit_overlap_thresh (0.3) of their area; one or more stay in every crop;
        - max_random_contrast : float, pixels are multiplied by 1 - a to 1 + a with probability random_contrast_prob;
        - max_random_hue, max_random_saturation, max_random_illumination : int, as random_h, random_s and random_l of
          `ImageRecordIter`, with probabilities random_hue_prob, random_saturation_prob and random_illumination_prob;
        - inter_method, mean_r, …, std_a, mean_img, scale : as for `ImageRecordIter`.

        Names of MXNet's for devices and the like have no effect.

    Returns
    -------
    MXDataIter

    Raises
    ------
    ValueError
        If a record is damaged, a label has too few or too many numbers, or an option has a bad value.

    Examples
    --------
    >>> import os, tempfile
    >>> import numpy
    >>> from mxnet import io, recordio
    >>> path = os.path.join(tempfile.mkdtemp(), "scenes.rec")
    >>> with recordio.MXRecordIO(path, "w") as file:
    ...     label = [2, 5, 7, 0.25, 0.25, 0.5, 0.75]  # an object of class 7
    ...     file.write(recordio.pack_img(recordio.IRHeader(0, label, 0, 0), numpy.zeros((8, 10, 3), "uint8"), img_fmt=".png"))
    >>> it = io.ImageDetRecordIter(path_imgrec=path, data_shape=(3, 4, 4), batch_size=1, rand_mirror_prob=1)
    >>> next(it).label[0]
    array([[3.  , 4.  , 4.  , 7.  , 2.  , 5.  , 7.  , 0.5 , 0.25, 0.75, 0.75]])
    """
    reader = _DetectionReader(
        "ImageDetRecordIter",
        path_imgrec,
        "",
        path_imglist,
        data_shape,
        as_dtype(dtype),
        (part_index, num_parts),
        seed,
        DetectionAugmentation("ImageDetRecordIter", augmentation),
        label_width=label_width,
        pad_width=label_pad_width,
        pad_value=label_pad_value,
    )
    last = "round" if round_batch else "pad"
    return MXDataIter(reader, data_name, label_name, batch_size, shuffle, seed, last, preprocess_threads, prefetch_buffer)
