"""Datasets that everybody knows, in the files in which their authors give them out."""

import os
import zlib

import numpy

from .... import numpy_extension as npx
from ....io.idx import read_idx
from ...utils import fetch, under_home
from ..dataset import ArrayDataset
from .folders import ImageFolderDataset, ImageListDataset, ImageRecordDataset

__all__ = ["CIFAR10", "CIFAR100", "MNIST", "FashionMNIST", "ImageFolderDataset", "ImageListDataset", "ImageRecordDataset"]


class _DownloadedDataset(ArrayDataset):
    """Images, an `np` array of uint8, and labels, a NumPy array of int32; `transform(image, label)` makes the item, if it is given.

    Subclasses say where files come from and in `_read` how they are read.
    """

    _namespace: str  # under MXNET_GLUON_REPO
    _url: str

    def __init__(self, root, train, transform):
        self._root = under_home(root)
        self._train = train
        self._transform = transform
        images, labels = self._read()
        super().__init__(npx.from_numpy(images), labels.astype(numpy.int32))

    def __getitem__(self, idx):
        item = super().__getitem__(idx)
        return item if self._transform is None else self._transform(*item)

    def _batch(self, indices):
        return super()._batch(indices) if self._transform is None else None

    def _find(self, file, md5):
        """The path of a file, which is downloaded if it is not there."""
        path = os.path.join(self._root, file)
        if os.path.isfile(path):
            return path
        repository = os.environ.get("MXNET_GLUON_REPO")
        url = f"{repository.rstrip('/')}/gluon/dataset/{self._namespace}/{file}" if repository else self._url + file
        try:
            return fetch(url, path, digest=None if repository else ("md5", md5))
        except OSError as error:
            raise OSError(
                f"{type(self).__name__}: there is no file {path}, and fetching it from {url} failed ({error}). Get it elsewhere, "
                "say on a computer with a network, and put it there; or write root=… with the directory that has it"
            ) from error

    def _damaged(self, path, why):
        return ValueError(f"{type(self).__name__}: {path} is damaged ({why}); remove it, and it is fetched anew")


class MNIST(_DownloadedDataset):
    """70,000 handwritten digits: grey images of shape (28, 28, 1), uint8, and labels from 0 to 9, int32.

    LeCun, Cortes, Burges, "The MNIST database of handwritten digits".

    Parameters
    ----------
    root : str
        The directory of the files `train-images-idx3-ubyte.gz`, `train-labels-idx1-ubyte.gz`, `t10k-images-idx3-ubyte.gz` and
        `t10k-labels-idx1-ubyte.gz`; what is not there is downloaded. `~/.mxnet` stands for the environment variable `MXNET_HOME`,
        if it is set.
    train : bool
        The 60,000 images to learn from, or the 10,000 to test with.
    transform : callable, optional
        An item is `transform(image, label)`.

    Raises
    ------
    OSError
        If a file is missing and cannot be downloaded.
    ValueError
        If one is damaged.

    Examples
    --------
    >>> from mxnet import gluon
    >>> mnist = gluon.data.vision.MNIST(train=False)  # doctest: +SKIP
    >>> mnist[0][0].shape, mnist[:10][1]  # doctest: +SKIP
    ((28, 28, 1), array([7, 2, 1, 0, 4, 1, 4, 9, 5, 9], dtype=int32))
    """

    _namespace = "mnist"
    _url = "https://ossci-datasets.s3.amazonaws.com/mnist/"
    _md5 = {  # noqa: RUF012
        "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
        "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
        "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
        "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
    }

    def __init__(self, root="~/.mxnet/datasets/mnist", train=True, transform=None):
        super().__init__(root, train, transform)

    def _read(self):
        part = "train" if self._train else "t10k"
        images, path = self._numbers(f"{part}-images-idx3-ubyte.gz", 3)
        labels, _ = self._numbers(f"{part}-labels-idx1-ubyte.gz", 1)
        if images.shape != (len(labels), 28, 28):
            raise self._damaged(path, f"it has images of {images.shape[1]} × {images.shape[2]} pixels and {len(images)} of them, "
                                f"for {len(labels)} labels")  # fmt: skip
        return images[..., None], labels

    def _numbers(self, name, axes):
        """The array in a file, and where that is."""
        path = self._find(name, self._md5[name])
        try:
            return read_idx(path, axes), path
        except ValueError as error:
            raise self._damaged(path, error) from error


class FashionMNIST(MNIST):
    """70,000 images of clothes, in the form of `MNIST`.

    The labels are t-shirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankle boot. Xiao, Rasul, Vollgraf,
    "Fashion-MNIST", 2017.

    Parameters
    ----------
    root, train, transform
        As for `MNIST`; the files have the same names.

    Examples
    --------
    >>> from mxnet import gluon
    >>> clothes = gluon.data.vision.FashionMNIST(train=True)  # doctest: +SKIP
    >>> len(clothes)  # doctest: +SKIP
    60000
    """

    _namespace = "fashion-mnist"
    _url = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"
    _md5 = {  # noqa: RUF012
        "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
        "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
        "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
    }

    def __init__(self, root="~/.mxnet/datasets/fashion-mnist", train=True, transform=None):
        super().__init__(root, train, transform)


class CIFAR10(_DownloadedDataset):
    """60,000 photographs of ten things: colour images of shape (32, 32, 3), uint8, and labels from 0 to 9, int32.

    The labels are airplane, automobile, bird, cat, deer, dog, frog, horse, ship, truck. Krizhevsky, "Learning Multiple Layers of
    Features from Tiny Images", 2009.

    Parameters
    ----------
    root : str
        The directory of the archive `cifar-10-binary.tar.gz`, or of the files in it: `data_batch_1.bin` to `data_batch_5.bin` and
        `test_batch.bin`. Without either, the archive is downloaded. `~/.mxnet` stands for `MXNET_HOME`, if it is set.
    train : bool
        The 50,000 images to learn from, or the 10,000 to test with.
    transform : callable, optional
        An item is `transform(image, label)`.

    Raises
    ------
    OSError
        If files are missing and cannot be downloaded.
    ValueError
        If one is damaged.

    Examples
    --------
    >>> from mxnet import gluon
    >>> cifar = gluon.data.vision.CIFAR10(train=False)  # doctest: +SKIP
    >>> cifar[0][0].shape  # doctest: +SKIP
    (32, 32, 3)
    """

    _namespace = "cifar10"
    _url = "https://www.cs.toronto.edu/~kriz/"
    _archive = "cifar-10-binary.tar.gz"
    _directory = "cifar-10-batches-bin"
    _md5 = "c32a1d4ab5d03f1284b67883e8d87530"
    _files = (tuple(f"data_batch_{i}.bin" for i in range(1, 6)), ("test_batch.bin",))  # to train, to test
    _labels, _label = 1, 0  # how many labels stand before an image, and which one is wanted

    def __init__(self, root="~/.mxnet/datasets/cifar10", train=True, transform=None):
        super().__init__(root, train, transform)

    def _read(self):
        names = self._files[0 if self._train else 1]
        records = numpy.concatenate([self._records(path, data) for path, data in self._contents(names)])
        images = records[:, self._labels :].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        return numpy.ascontiguousarray(images), records[:, self._label]

    def _records(self, path, data):
        """The rows of a file: labels, then the planes of red, green and blue."""
        length = self._labels + 3 * 32 * 32
        if not data or len(data) % length:
            raise self._damaged(path, f"its {len(data)} bytes are no whole number of records of {length}")
        return numpy.frombuffer(data, numpy.uint8).reshape(-1, length)

    def _contents(self, names):
        """Paths of files and what they hold; from the archive, where they were not taken out of it."""
        for directory in (self._root, os.path.join(self._root, self._directory)):
            paths = [os.path.join(directory, name) for name in names]
            if all(map(os.path.isfile, paths)):
                for path in paths:
                    with open(path, "rb") as file:
                        yield path, file.read()
                return
        import tarfile

        path = self._find(self._archive, self._md5)
        try:
            with tarfile.open(path) as archive:
                for name in names:
                    yield path, archive.extractfile(f"{self._directory}/{name}").read()
        except (tarfile.TarError, KeyError, EOFError, zlib.error, OSError) as error:
            raise self._damaged(path, error) from error


class CIFAR100(CIFAR10):
    """60,000 photographs of a hundred things, in the form of `CIFAR10`.

    Parameters
    ----------
    root : str
        As for `CIFAR10`; the archive is `cifar-100-binary.tar.gz`, the files are `train.bin` and `test.bin`.
    fine_label : bool
        Labels from 0 to 99, or those of twenty groups of things, from 0 to 19.
    train, transform
        As for `CIFAR10`.

    Examples
    --------
    >>> from mxnet import gluon
    >>> cifar = gluon.data.vision.CIFAR100(fine_label=True)  # doctest: +SKIP
    """

    _namespace = "cifar100"
    _archive = "cifar-100-binary.tar.gz"
    _directory = "cifar-100-binary"
    _md5 = "03b5dce01913d631647c71ecec9e9cb8"
    _files = (("train.bin",), ("test.bin",))
    _labels = 2

    def __init__(self, root="~/.mxnet/datasets/cifar100", fine_label=False, train=True, transform=None):
        self._label = int(fine_label)  # the coarse one comes first
        super().__init__(root, train, transform)
