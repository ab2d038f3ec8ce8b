"""Datasets of the images that someone has: in folders, in a list, in a file of records."""

import os
import warnings

import numpy

from .... import numpy as np
from .... import numpy_extension as npx
from ....recordio import unpack
from ....recordio.labels import read_list
from ..dataset import Dataset, RecordFileDataset

__all__ = ["ImageFolderDataset", "ImageListDataset", "ImageRecordDataset"]

_ENDINGS = (".jpg", ".jpeg", ".png")


class ImageFolderDataset(Dataset):
    """Images in folders, a folder for each class: `root/cat/1.png`, `root/dog/1.png`, …

    Parameters
    ----------
    root : str
        The folder of the folders.
    flag : {1, 0}
        Colours, or shades of grey.
    transform : callable, optional
        An item is `transform(image, label)`.

    Attributes
    ----------
    synsets : list of str
        The names of the classes in alphabetical order; a label is a position in it.
    items : list
        Pairs of a path and a label.

    Notes
    -----
    An item is an array of uint8, (height, width, 3) or (height, width, 1), and an int. Files that end in `.jpg`, `.jpeg` or `.png`,
    in letters of either case, are images; for others there is a warning.

    Examples
    --------
    >>> from mxnet import gluon
    >>> leaves = gluon.data.vision.ImageFolderDataset("leaves/train")  # doctest: +SKIP
    >>> leaves.synsets  # doctest: +SKIP
    ['diseased', 'healthy']
    """

    def __init__(self, root, flag=1, transform=None):
        self._root = os.path.expanduser(root)
        self._flag = flag
        self._transform = transform
        self.synsets, self.items = [], []
        for folder in sorted(os.listdir(self._root)):
            path = os.path.join(self._root, folder)
            if not os.path.isdir(path):
                warnings.warn(f"ImageFolderDataset: {path} is left out: it is no folder of images", UserWarning, stacklevel=2)
                continue
            for name in sorted(os.listdir(path)):
                file = os.path.join(path, name)
                if os.path.splitext(name)[1].lower() in _ENDINGS:
                    self.items.append((file, len(self.synsets)))
                else:
                    endings = ", ".join(_ENDINGS)
                    warnings.warn(f"ImageFolderDataset: {file} is left out: images end in {endings}", UserWarning, stacklevel=2)
            self.synsets.append(folder)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, idx):
        path, label = self.items[idx]
        item = npx.image.imread(path, self._flag), label
        return item if self._transform is None else self._transform(*item)


class ImageListDataset(Dataset):
    """Images and labels as a list says.

    Parameters
    ----------
    root : str
        The folder from which paths begin.
    imglist : str or list
        A file in `root`, with a line for each image: a number, one label or more, and a path, with tabs between them, as MXNet's
        `im2rec` writes them. Or a list with, for each image, the same without the number: `[[label, path], …]`.
    flag : {1, 0}
        Colours, or shades of grey.

    Notes
    -----
    An item is an array of uint8, (height, width, 3) or (height, width, 1), and an array of float32 with the labels.

    Examples
    --------
    >>> from mxnet import gluon
    >>> pairs = [[0, "cat.png"], [1, "dog.png"]]
    >>> len(gluon.data.vision.ImageListDataset("images", pairs))
    2
    """

    def __init__(self, root=".", imglist=None, flag=1):
        self._root = os.path.expanduser(root)
        self._flag = flag
        if isinstance(imglist, str | os.PathLike):
            self._items = list(read_list(os.path.join(self._root, imglist)).values())
        elif isinstance(imglist, list | tuple):
            self._items = [self._item(row) for row in imglist]
        else:
            raise ValueError(f"ImageListDataset: imglist is the name of a file or a list [[label, path], …], not {imglist!r:.60}")

    @staticmethod
    def _item(row):
        if not isinstance(row, list | tuple) or len(row) < 2 or not isinstance(row[-1], str):
            raise ValueError(f"ImageListDataset: an image has a label and a path, [0, 'cat.png'], not {row!r:.80}")
        labels = row[0] if len(row) == 2 else row[:-1]
        return numpy.asarray(labels, numpy.float32).reshape(-1), row[-1]

    def __len__(self):
        return len(self._items)

    def __getitem__(self, idx):
        labels, path = self._items[idx]
        return npx.image.imread(os.path.join(self._root, path), self._flag), np.array(labels)


class ImageRecordDataset(RecordFileDataset):
    """Images and labels in a RecordIO file, as MXNet's `im2rec` and `recordio.pack_img` write them.

    Parameters
    ----------
    filename : str
        Ends in `.rec`; see `RecordFileDataset`.
    flag : {1, 0}
        Colours, or shades of grey.
    transform : callable, optional
        An item is `transform(image, label)`.

    Notes
    -----
    An item is an array of uint8, (height, width, 3) or (height, width, 1), and a float, or a NumPy array of several labels.

    Examples
    --------
    >>> from mxnet import gluon
    >>> images = gluon.data.vision.ImageRecordDataset("images.rec")  # doctest: +SKIP
    """

    def __init__(self, filename, flag=1, transform=None):
        super().__init__(filename)
        self._flag = flag
        self._transform = transform

    def __getitem__(self, idx):
        header, encoded = unpack(super().__getitem__(idx))
        item = npx.image.imdecode(encoded, self._flag), header.label
        return item if self._transform is None else self._transform(*item)
