"""Batches of images in files, with the objects in them."""

import numpy

from ..core.array import raw
from ..core.operator import wrap
from ..io.base import DataDesc
from ..operators.images.augmenters import IMAGENET_MEAN, IMAGENET_STD
from ..operators.images.detection import CreateDetAugmenter
from ..recordio.labels import objects_in
from .iterators import ImageIter

__all__ = ["ImageDetIter"]

_ABSENT = -1  # what stands in the rows of labels that hold no object


class ImageDetIter(ImageIter):
    """Batches of images from a file of records, or from files that a list names, with the objects in them.

    The label of an image has the width of its head (2 or more), that of an object (5 or more), the rest of the head, and for each
    object (class, left, top, right, bottom, …), with corners from 0 to 1 relative to the image. Objects without an area are left
    out.

    Parameters
    ----------
    batch_size : int
    data_shape : tuple of int
        (3, height, width) of an image.
    path_imgrec, path_imglist, path_root, path_imgidx, shuffle, part_index, num_parts, imglist, last_batch_handle
        See `ImageIter`. All labels are read at first.
    aug_list : list of DetAugmenter, optional
        What is done to images of shape (height, width, 3) and their objects; that of `CreateDetAugmenter(data_shape, **kwargs)` if
        not given.
    data_name, label_name : str
    **kwargs
        Of `CreateDetAugmenter`.

    Attributes
    ----------
    label_shape : tuple of int
        (the most objects of an image, numbers of an object). Labels of a batch have shape (batch_size, *label_shape) and are filled
        up with rows of -1.

    Raises
    ------
    ValueError
        If a label is something else, or no object of it has an area; or as for `ImageIter`.

    Examples
    --------
    >>> import os, tempfile
    >>> import numpy
    >>> from PIL import Image
    >>> from mxnet import image
    >>> folder = tempfile.mkdtemp()
    >>> Image.fromarray(numpy.zeros((8, 10, 3), "uint8")).save(os.path.join(folder, "0.png"))
    >>> one, two = [2, 5, 0, 0.1, 0.1, 0.5, 0.5], [2, 5, 0, 0.1, 0.1, 0.5, 0.5, 1, 0.5, 0.2, 1, 1]
    >>> it = image.ImageDetIter(2, (3, 4, 4), imglist=[[one, "0.png"], [two, "0.png"]], path_root=folder)
    >>> it.next().label[0][0]
    array([[ 0. ,  0.1,  0.1,  0.5,  0.5],
           [-1. , -1. , -1. , -1. , -1. ]])
    """

    def __init__(
        self,
        batch_size,
        data_shape,
        path_imgrec=None,
        path_imglist=None,
        path_root=None,
        path_imgidx=None,
        shuffle=False,
        part_index=0,
        num_parts=1,
        aug_list=None,
        imglist=None,
        data_name="data",
        label_name="label",
        last_batch_handle="pad",
        **kwargs,
    ):
        self._usual = kwargs if aug_list is None else None  # what the list of augmenters is made from, should data_shape change
        super().__init__(
            batch_size,
            data_shape,
            path_imgrec=path_imgrec,
            path_imglist=path_imglist,
            path_root=path_root,
            path_imgidx=path_imgidx,
            shuffle=shuffle,
            part_index=part_index,
            num_parts=num_parts,
            aug_list=CreateDetAugmenter(data_shape, **kwargs) if aug_list is None else aug_list,
            imglist=imglist,
            data_name=data_name,
            label_name=label_name,
            last_batch_handle=last_batch_handle,
        )
        self._set_label_shape(self._largest())

    def _set_label_shape(self, shape):
        self.label_shape = shape
        self.provide_label = [DataDesc(self.provide_label[0].name, (self.batch_size, *shape))]

    def _largest(self):
        """(the most objects of an image, numbers of an object), from all labels."""
        most, widths = 0, set()
        while True:
            try:
                objects = self._objects(self._next_label())
            except StopIteration:
                break
            most = max(most, len(objects))
            widths.add(objects.shape[1])
        self._rewind()
        if len(widths) != 1:
            raise ValueError(f"ImageDetIter: the objects of all images have the same number of numbers, not {sorted(widths)}")
        return most, widths.pop()

    def _next_label(self):
        """The next label, without its image where that is in a file of its own."""
        if self.imgrec is not None:
            return self.next_sample()[0]
        if self.cur >= len(self.seq):
            raise StopIteration
        self.cur += 1
        return self.imglist[self.seq[self.cur - 1]][0]

    def _objects(self, label):
        """Those objects of a label that have an area, a row each."""
        try:
            rows = objects_in(numpy.ravel(raw(label)).astype(numpy.float32))
        except ValueError as error:
            raise ValueError(f"ImageDetIter: of {self._current()}: {error}") from None
        rows = rows[(rows[:, 3] > rows[:, 1]) & (rows[:, 4] > rows[:, 2])]
        if not len(rows):
            raise ValueError(f"ImageDetIter: {self._current()} has no object with left < right and top < bottom")
        return rows

    def _sample(self):
        image, objects = self._augmented()
        return self._checked(self.postprocess_data(image)), objects

    def _augmented(self):
        """The next image, with channels last, and its objects."""
        label, encoded = self.next_sample()
        image = self.imdecode(encoded)
        self.check_valid_image([image])
        return self.augmentation_transform(image, self._objects(label))

    def _stacked(self, labels):
        result = numpy.full((self.batch_size, *self.label_shape), _ABSENT, numpy.float32)
        for rows, objects in zip(result, labels, strict=True):
            rows[: len(objects)] = raw(objects)
        return wrap(result)

    def augmentation_transform(self, data, label):
        """The image and its objects, as augmenters change them."""
        for aug in self.auglist:
            data, label = aug(data, label)
        return data, label

    # --- shapes -------------------------------------------------------------------------------------------------------------------

    def check_label_shape(self, label_shape):
        """Refuse what is no (objects, numbers of an object) with room for all objects."""
        if len(label_shape) != 2:
            raise ValueError(f"ImageDetIter: label_shape is (number of objects, numbers of an object), not {label_shape!r}")
        most, width = self.label_shape
        if label_shape[0] < most:
            raise ValueError(f"ImageDetIter: an image has up to {most} objects, and label_shape={tuple(label_shape)} is for fewer")
        if label_shape[1] != width:
            raise ValueError(
                f"ImageDetIter: an object has {width} numbers, and in label_shape={tuple(label_shape)} {label_shape[1]}"
            )

    def reshape(self, data_shape=None, label_shape=None):
        """Change the shapes of batches.

        Parameters
        ----------
        data_shape : tuple of int, optional
            (3, height, width). The usual augmenters are made anew; those given as `aug_list` have to know it.
        label_shape : tuple of int, optional
            (number of objects, numbers of an object); not fewer than before.
        """
        if data_shape is not None:
            self.check_data_shape(data_shape)
        if label_shape is not None:
            self.check_label_shape(label_shape)
            self._set_label_shape(tuple(label_shape))
        if data_shape is not None:
            self.data_shape = tuple(data_shape)
            self.provide_data = [DataDesc(self.provide_data[0].name, (self.batch_size, *self.data_shape))]
            if self._usual is not None:
                self.auglist = CreateDetAugmenter(self.data_shape, **self._usual)

    def sync_label_shape(self, it, verbose=False):
        """Give this iterator and another one, say of training and of validation, labels of one shape: the larger of both.

        Parameters
        ----------
        it : ImageDetIter
        verbose : bool
            Whether to print that shape if it is new.

        Returns
        -------
        ImageDetIter
            `it`.
        """
        if not isinstance(it, ImageDetIter):
            raise TypeError(f"ImageDetIter.sync_label_shape: shapes are shared with another ImageDetIter, not {type(it).__name__}")
        if self.label_shape[1] != it.label_shape[1]:
            raise ValueError(
                f"ImageDetIter.sync_label_shape: objects have {self.label_shape[1]} numbers here and {it.label_shape[1]} there"
            )
        shape = max(self.label_shape, it.label_shape)
        if verbose and self.label_shape != it.label_shape:
            print(f"Labels of both iterators have shape {shape} now.")
        self.reshape(label_shape=shape)
        it.reshape(label_shape=shape)
        return it

    # --- pictures -----------------------------------------------------------------------------------------------------------------

    def draw_next(
        self,
        color=None,
        thickness=2,
        mean=None,
        std=None,
        clip=True,
        waitKey=None,
        window_name="draw_next",
        id2labels=None,
    ):
        """The images from here to the end of the epoch, after augmentation, with frames around the objects.

        Parameters
        ----------
        color : tuple of int, optional
            (red, green, blue) of frames; each class has one of its own if it is not given.
        thickness : int
            Of frames.
        mean, std : True or ndarray, optional
            What augmenters normalized with: pixels become std · pixel + mean. True stands for ImageNet's.
        clip : bool
            Whether pixels end at 0 and 255; else they start anew there.
        waitKey : None
            No window is opened; a program may show what this yields.
        window_name : str
            Without effect.
        id2labels : dict, optional
            Names of classes, to write on frames.

        Yields
        ------
        ndarray of uint8, shape (height, width, 3)
        """
        if waitKey is not None:
            raise NotImplementedError(
                "ImageDetIter.draw_next: there are no windows to wait in; show what it yields, as with plt.imshow"
            )
        mean, std = (
            usual if value is True else other if value is None else raw(value)
            for value, usual, other in ((mean, IMAGENET_MEAN, 0), (std, IMAGENET_STD, 1))
        )
        while True:
            try:
                image, objects = self._augmented()
            except StopIteration:
                return
            pixels = numpy.rint(raw(image) * numpy.asarray(std) + numpy.asarray(mean))
            pixels = (numpy.clip(pixels, 0, 255) if clip else pixels % 256).astype(numpy.uint8)
            yield wrap(_framed(pixels, raw(objects), color, thickness, id2labels or {}))


def _framed(pixels, objects, color, thickness, names):
    """An image with frames around objects."""
    import colorsys

    from PIL import Image, ImageDraw

    picture = Image.fromarray(pixels)
    draw = ImageDraw.Draw(picture)
    for number, *corners in objects[:, :5]:
        left, top, right, bottom = (part * size for part, size in zip(corners, picture.size * 2, strict=True))
        # Hues a golden section apart, so that neighbours differ.
        drawn = color or tuple(round(255 * part) for part in colorsys.hsv_to_rgb(number * 0.618 % 1, 1, 1))
        draw.rectangle((left, top, right, bottom), outline=tuple(drawn), width=thickness)
        if int(number) in names:
            draw.text((left + thickness + 1, top + thickness), str(names[int(number)]), fill=tuple(drawn))
    return numpy.array(picture)
