"""Batches of images in files, with labels; augmenters change them."""

import os

import numpy

from .. import numpy as np
from ..core.array import raw
from ..core.dtypes import as_dtype
from ..core.operator import wrap
from ..io.arrays import check_last_batch
from ..io.base import DataBatch, DataDesc, DataIter, share
from ..operators.images.augmenters import CreateAugmenter
from ..operators.images.files import imdecode
from ..recordio import MXIndexedRecordIO, MXRecordIO, unpack
from ..recordio.labels import read_list

__all__ = ["ImageIter"]


def _labelled(imglist):
    """What `read_list` makes of a file, from a list of [labels…, path] or [list of labels, path]."""
    found = {}
    for number, (*labels, path) in enumerate(imglist):
        label = labels[0] if len(labels) == 1 else labels
        found[number] = numpy.atleast_1d(numpy.asarray(raw(label), numpy.float32)), path
    return found


class ImageIter(DataIter):
    """Batches of images from a file of records, or from files that a list names.

    Subclasses may define `next_sample`, `read_image`, `imdecode`, `augmentation_transform` and `postprocess_data` anew, which are
    called in this order.

    Parameters
    ----------
    batch_size : int
    data_shape : tuple of int
        (3, height, width) of an image.
    label_width : int
        How many numbers a label has; if it is one, labels of a batch have shape (batch_size,), else (batch_size, label_width).
    path_imgrec : str or path, optional
        A file of records, as `recordio.pack` makes them.
    path_imglist : str or path, optional
        A list: lines have a number, labels and a path, with tabs between them. With `path_imgrec`, labels come from here.
    path_root : str or path, optional
        Where the paths of a list begin.
    path_imgidx : str or path, optional
        The index of `path_imgrec`. Without it, the heads of all records are read at first if there is need.
    shuffle : bool
        Whether each epoch has an order of its own, which is that of `np.random.seed`.
    part_index, num_parts : int
        Read only this one of so many parts, which are as long as each other or one image longer.
    aug_list : list of Augmenter, optional
        What is done to images of shape (height, width, 3); that of `CreateAugmenter(data_shape, **kwargs)` if not given.
    imglist : list, optional
        In place of `path_imglist`: a list of [label, …, path], or [list of labels, path].
    data_name, label_name : str
    dtype : dtype
        Of labels; images are float32.
    last_batch_handle : {'pad', 'discard', 'roll_over'}
        If fewer images than a batch are left: fill up with the first ones of the epoch (`pad` of the batch says how many), leave
        them out, or begin the next epoch with them.
    **kwargs
        Of `CreateAugmenter`.

    Attributes
    ----------
    provide_data, provide_label : list of DataDesc

    Raises
    ------
    ValueError
        If there is no source of images, a file is damaged, or an image or a label has another shape: the message names it.

    Examples
    --------
    >>> import os, tempfile
    >>> import numpy
    >>> from PIL import Image
    >>> from mxnet import image
    >>> folder = tempfile.mkdtemp()
    >>> for i in range(3):
    ...     Image.fromarray(numpy.full((8, 10, 3), 50 * i, "uint8")).save(os.path.join(folder, f"{i}.png"))
    >>> it = image.ImageIter(2, (3, 4, 4), imglist=[[i, f"{i}.png"] for i in range(3)], path_root=folder)
    >>> for batch in it:
    ...     print(batch.data[0].shape, batch.label[0], batch.pad)
    (2, 3, 4, 4) [0. 1.] 0
    (2, 3, 4, 4) [2. 0.] 1
    """

    def __init__(
        self,
        batch_size,
        data_shape,
        label_width=1,
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
        label_name="softmax_label",
        dtype="float32",
        last_batch_handle="pad",
        **kwargs,
    ):
        super().__init__(batch_size)
        name = type(self).__name__
        if not isinstance(batch_size, int | numpy.integer) or batch_size < 1:
            raise ValueError(f"{name}: batch_size is a whole number above 0, not {batch_size!r}")
        check_last_batch(name, last_batch_handle)
        self.check_data_shape(data_shape)
        if not (path_imgrec or path_imglist or isinstance(imglist, list | tuple)):
            raise ValueError(f"{name}: images come from path_imgrec, path_imglist or a list imglist; none of them is given")
        self.auglist = CreateAugmenter(data_shape, **kwargs) if aug_list is None else aug_list
        self.data_shape = tuple(data_shape)
        self.label_width = label_width
        self.path_root = path_root
        self.shuffle = shuffle
        self.last_batch_handle = last_batch_handle
        label_shape = (batch_size, label_width) if label_width > 1 else (batch_size,)
        self.provide_data = [DataDesc(data_name, (batch_size, *self.data_shape))]
        self.provide_label = [DataDesc(label_name, label_shape, as_dtype(dtype))]
        self.imglist = read_list(path_imglist) if path_imglist else None if imglist is None else _labelled(imglist)
        self.imgrec = self.imgidx = self.seq = None  # the file; the keys of its index; what is read, in order; None: one by one
        self._open(path_imgrec, path_imgidx, part_index, num_parts)
        self.num_image = None if self.seq is None else len(self.seq)
        self.hard_reset()

    def _open(self, path_imgrec, path_imgidx, part_index, num_parts):
        if not path_imgrec:
            self.seq = list(self.imglist)
        elif path_imgidx:
            self.imgrec = MXIndexedRecordIO(path_imgidx, path_imgrec, "r")
            self.imgidx = self.seq = list(self.imgrec.keys)
        else:
            self.imgrec = MXRecordIO(path_imgrec, "r")
            if self.shuffle or num_parts != 1:
                self.seq = self.imgrec.offsets()
        first, end = share(type(self).__name__, 0 if self.seq is None else len(self.seq), part_index, num_parts)
        if self.seq is not None:
            self.seq = self.seq[first:end]
            if not self.seq:
                raise ValueError(f"{type(self).__name__}: there are no images in part {part_index} of {num_parts}")

    # --- epochs -------------------------------------------------------------------------------------------------------------------

    def hard_reset(self):
        """`reset`, which also forgets images that were to be rolled over."""
        self._left = []
        self.reset()

    def reset(self):
        """Begin an epoch."""
        if self.shuffle:
            self.seq = [self.seq[i] for i in np.random.permutation(len(self.seq)).tolist()]
        self._ended = False
        self._rewind()

    def _rewind(self):
        """Go back to the first image."""
        self.cur = 0
        if self.seq is None:
            self.imgrec.reset()

    def next(self):
        """The next batch.

        Raises
        ------
        StopIteration
            After the last one.
        """
        samples, self._left = self._left, []
        self._fill(samples)
        pad = self.batch_size - len(samples)
        if pad and self.last_batch_handle == "roll_over":
            self._left = samples
        if pad and (self.last_batch_handle != "pad" or not samples):
            raise StopIteration
        while len(samples) < self.batch_size:
            self._rewind()
            self._fill(samples)
        self._ended = pad > 0
        images, labels = zip(*samples, strict=True)
        data = wrap(numpy.stack(images, dtype=numpy.float32, casting="unsafe"))
        return DataBatch([data], [self._stacked(labels)], pad, provide_data=self.provide_data, provide_label=self.provide_label)

    def _fill(self, samples):
        """Append samples up to a whole batch, or to the end."""
        while len(samples) < self.batch_size and not self._ended:
            try:
                samples.append(self._sample())
            except StopIteration:
                return

    def _sample(self):
        """An image as it enters a batch, and its label."""
        label, encoded = self.next_sample()
        image = self.imdecode(encoded)
        self.check_valid_image([image])
        return self._checked(self.postprocess_data(self.augmentation_transform(image))), label

    def _checked(self, image):
        image = raw(image)
        if image.shape != self.data_shape:
            raise ValueError(
                f"{type(self).__name__}: augmenters made {self._current()} an image of shape {image.shape}, channels first, and"
                f" data_shape is {self.data_shape}; end with a CenterCropAug or a ForceResizeAug"
            )
        return image

    def _stacked(self, labels):
        """The labels of a batch."""
        (_, shape), dtype = self.provide_label[0], self.provide_label[0].dtype
        result = numpy.empty(shape, dtype)
        for i, label in enumerate(labels):
            label = numpy.ravel(raw(label))
            if len(label) != self.label_width:
                raise ValueError(f"{type(self).__name__}: a label has {len(label)} numbers, and label_width={self.label_width}")
            result[i] = label if self.label_width > 1 else label[0]
        return wrap(result)

    # --- samples ------------------------------------------------------------------------------------------------------------------

    def next_sample(self):
        """The next label, and the bytes of an image.

        Raises
        ------
        StopIteration
            After the last one.
        """
        if self.seq is None:
            key, record = None, self.imgrec.read()
            if record is None:
                raise StopIteration
        else:
            if self.cur >= len(self.seq):
                raise StopIteration
            key = self.seq[self.cur]
            self.cur += 1
            if self.imgrec is None:
                label, path = self.imglist[key]
                return label, self.read_image(path)
            record = self.imgrec.read_at(key) if self.imgidx is None else self.imgrec.read_idx(key)
        header, content = unpack(record)
        if self.imglist is None:
            return header.label, content
        number = header.id if self.imgidx is None else key
        if number not in self.imglist:
            raise ValueError(f"{type(self).__name__}: image {number} of {self.imgrec.uri!r} is not in the list of labels")
        return self.imglist[number][0], content

    def read_image(self, fname):
        """The bytes in a file under `path_root`."""
        with open(os.path.join(self.path_root or "", fname), "rb") as file:
            return file.read()

    def imdecode(self, s):
        """The image that bytes encode: uint8, of shape (height, width, 3)."""
        try:
            return imdecode(s)
        except ValueError as error:
            raise ValueError(f"{type(self).__name__}: of {self._current()}: {error}") from None

    def _current(self):
        """Words for what was read last."""
        if self.seq is None:
            return f"the record of {self.imgrec.uri!r} that was read last"
        if not self.cur:
            return "an image"
        key = self.seq[self.cur - 1]
        if self.imgrec is None:
            return f"the file {self.imglist[key][1]!r}"
        return f"the record {'at byte ' if self.imgidx is None else ''}{key!r} of {self.imgrec.uri!r}"

    def augmentation_transform(self, data):
        """The image as augmenters change it."""
        for aug in self.auglist:
            data = aug(data)
        return data

    def postprocess_data(self, datum):
        """The image with channels first."""
        return np.transpose(datum, (2, 0, 1))

    # --- checks -------------------------------------------------------------------------------------------------------------------

    def check_data_shape(self, data_shape):
        """Refuse what is no (3, height, width)."""
        if len(data_shape) != 3 or data_shape[0] != 3:
            raise ValueError(f"{type(self).__name__}: data_shape is (3, height, width), with 3 channels, not {data_shape!r}")

    def check_valid_image(self, data):
        """Refuse a list with an image that has no pixels."""
        if 0 in data[0].shape or not data[0].shape:
            raise ValueError(f"{type(self).__name__}: {self._current()} has no pixels, its shape is {data[0].shape}")
