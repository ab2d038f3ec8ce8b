"""Batches of images in files of records, made ready by threads."""

import numpy

from ..core.array import raw
from ..core.dtypes import as_dtype
from ..operators.images.files import imdecode
from ..recordio import MXIndexedRecordIO, MXRecordIO, unpack
from ..recordio.labels import objects_in, read_list
from .base import share
from .looks import Picture, Scene
from .reading import MXDataIter

__all__ = [
    "ImageDetRecordIter",
    "ImageRecordInt8Iter",
    "ImageRecordIter",
    "ImageRecordIter_v1",
    "ImageRecordUInt8Iter",
    "ImageRecordUInt8Iter_v1",
]


class _Images:
    """A reader of images in a file of records."""

    def __init__(self, name, path_imgrec, path_imgidx, path_imglist, data_shape, dtype, part, seed, look):
        self.name = name
        shape = tuple(data_shape)
        if len(shape) != 3 or shape[0] not in (1, 3) or not all(isinstance(n, int | numpy.integer) and n > 0 for n in shape):
            raise ValueError(f"{name}: data_shape is (channels, height, width), with 1 or 3 channels, not {data_shape!r}")
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
        self.look = look
        self.data = shape, dtype

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

    def read(self, positions, numbers):
        (channels, height, width), dtype = self.data
        data = numpy.empty((len(positions), channels, height, width), dtype)
        label = numpy.empty((len(positions), *self.label[0]), numpy.float32)
        index = numpy.empty(len(positions), numpy.uint64)
        for i, (position, number) in enumerate(zip(positions, numbers, strict=True)):
            given, content, index[i] = self.labelled(position)
            try:
                image = raw(imdecode(content, int(channels == 3)))
            except ValueError as error:
                raise ValueError(
                    f"{self.name}: image {index[i]}, at byte {self.offsets[position]} of {self.file.uri!r}: {error}"
                ) from None
            random = numpy.random.default_rng((self.seed, number))
            image, given = self.look(image, given, (width, height), random)
            self.look.write(image, data[i], random)
            label[i] = self.laid_out(given, index[i])
        return data, label, index


class _Pictures(_Images):
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


class _Scenes(_Images):
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
    **look,
):
    """Batches of images in a file of records, with labels; made ready by threads.

    In this order, images are decoded, resized (`resize`), given a border (`pad`), cut, changed in colour (`brightness`, `contrast`,
    `saturation`, `pca_noise`), mirrored, and become ((x - mean) · contrast + illumination) · scale / std.

    Parameters
    ----------
    path_imgrec : str or path
        The file of records, as `recordio.pack` makes them.
    data_shape : tuple of int
        (channels, height, width) of an image, with 3 channels, or 1 of grey. From one that is larger the middle is cut, one that is
        smaller is enlarged first.
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
    **look
        - resize : int, length of the shorter edge;
        - inter_method : int (1), interpolation, as in `npx.image.resize`;
        - pad, fill_value : int, width and colour (255) of a border;
        - rand_crop : bool, cut anywhere; random_resized_crop : bool, cut a rectangle of random area and proportion, from
          min_random_area to max_random_area (1, parts of the whole) and min_aspect_ratio to max_aspect_ratio, and resize it;
        - brightness, contrast, saturation : float, factors are from 1 - a to 1 + a;
        - pca_noise : float, standard deviation, as in `npx.image.LightingAug`;
        - mirror, rand_mirror : bool, always or half of the time;
        - mean_r, mean_g, mean_b, std_r, std_g, std_b, scale : float;
        - max_random_contrast, max_random_illumination : float, contrast is from 1 - a to 1 + a, illumination from -a to a.

        Other names of MXNet's are refused where they would have an effect.

    Returns
    -------
    MXDataIter

    Raises
    ------
    ValueError
        If a record is damaged, or has another number of labels: the message names it.
    NotImplementedError
        If an argument of MXNet's is given that is not supported.

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
    reader = _Pictures(
        "ImageRecordIter",
        path_imgrec,
        path_imgidx,
        path_imglist,
        data_shape,
        as_dtype(dtype),
        (part_index, num_parts),
        seed if seed_aug is None else seed_aug,
        Picture("ImageRecordIter", look),
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
    **look,
):
    """Batches of images in a file of records, with the objects in them; made ready by threads.

    The label of an image is (channels, height, width, n, n numbers, what fills up): the size at which the image is shown, and the n
    numbers of its record. These are the width of their head, that of an object, the rest of the head, and for each object (class,
    left, top, right, bottom, …) in parts of the image.

    Parameters
    ----------
    path_imgrec : str or path
        The file of records, all of which are read at first, for the longest label.
    data_shape : tuple of int
        (channels, height, width) of an image, with 3 channels, or 1 of grey.
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
    **look
        - resize : int, length of the shorter edge, before all else;
        - resize_mode : {'force', 'fit', 'shrink'}, the image is resized to data_shape, or in proportion to be as large as possible,
          or that only if it is too large; it is at the top left, and black is around it;
        - rand_mirror_prob : float, probability of the mirror image;
        - inter_method, mean_r, …, max_random_illumination: as for `ImageRecordIter`.

        Other names of MXNet's are refused where they would have an effect; `image.ImageDetIter` crops and pads.

    Returns
    -------
    MXDataIter

    Raises
    ------
    ValueError
        If a record is damaged, or a label has too few or too many numbers.
    NotImplementedError
        If an argument of MXNet's is given that is not supported.
    """
    reader = _Scenes(
        "ImageDetRecordIter",
        path_imgrec,
        "",
        path_imglist,
        data_shape,
        as_dtype(dtype),
        (part_index, num_parts),
        seed,
        Scene("ImageDetRecordIter", look),
        label_width=label_width,
        pad_width=label_pad_width,
        pad_value=label_pad_value,
    )
    last = "round" if round_batch else "pad"
    return MXDataIter(reader, data_name, label_name, batch_size, shuffle, seed, last, preprocess_threads, prefetch_buffer)
