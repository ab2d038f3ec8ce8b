"""Batches of samples in files of numbers."""

import os

import numpy

from ..core.dtypes import as_dtype
from .base import share
from .idx import read_idx
from .reading import MXDataIter

__all__ = ["CSVIter", "LibSVMIter", "MNISTIter"]


class _Rows:
    """A reader of arrays: of samples, their labels (those of shape (1,) are numbers), and their indices, 0, 1, … if not given."""

    def __init__(self, data, label, index=None):
        self._data, self._label = data, label[:, 0] if label.shape[1:] == (1,) else label
        self._index = numpy.arange(len(data)) if index is None else index
        self.data, self.label = (data.shape[1:], data.dtype), (self._label.shape[1:], label.dtype)

    def __len__(self):
        return len(self._data)

    def read(self, positions, numbers):
        return self._data[positions], self._label[positions], self._index[positions]


def _given(path):
    """Whether there is a file; MXNet's word for none is 'NULL'."""
    return path not in (None, "", "NULL")


def _size(name, what, shape):
    shape = tuple(shape) if isinstance(shape, list | tuple) else (shape,)
    if not all(isinstance(n, int | numpy.integer) and n > 0 for n in shape):
        raise ValueError(f"{name}: {what} is a tuple of whole numbers above 0, not {shape!r}")
    return shape


def _csv(path, what, shape, dtype):
    path, shape = os.fspath(path), _size("CSVIter", what, shape)
    if os.path.getsize(path) == 0:
        raise ValueError(f"CSVIter: {path!r} is empty")
    try:
        rows = numpy.loadtxt(path, dtype, delimiter=",", ndmin=2, encoding="utf-8")
    except ValueError as error:
        raise ValueError(f"CSVIter: {path!r}: {error}") from None
    if rows.shape[1] != numpy.prod(shape):
        raise ValueError(
            f"CSVIter: the rows of {path!r} have {rows.shape[1]} numbers, and {what}={shape} takes {numpy.prod(shape)}"
        )
    return rows.reshape(-1, *shape)


def CSVIter(
    *,
    data_csv,
    data_shape,
    batch_size,
    label_csv=None,
    label_shape=(1,),
    round_batch=True,
    dtype=None,
    data_name="data",
    label_name="softmax_label",
    prefetch_buffer=4,
    ctx=None,
    device_id=-1,
):
    r"""Batches of the rows of a file of numbers with commas between them. The file is read as a whole.

    Parameters
    ----------
    data_csv : str or path
    data_shape : tuple of int
        Of a sample; a row has as many numbers.
    batch_size : int
    label_csv : str or path, optional
        A file with as many rows; without one, labels are 0.
    label_shape : tuple of int
        Of a label; those of shape (1,) are single numbers.
    round_batch : bool
        If the last batch lacks samples, they are the first ones of the next epoch, which then begins after them; else they are
        repeated from this epoch. In both cases, `pad` of the batch says how many.
    dtype : dtype, optional
        Of data and labels; float32 if it is not given.
    data_name, label_name : str
    prefetch_buffer, ctx, device_id : optional
        Without effect.

    Returns
    -------
    MXDataIter

    Raises
    ------
    ValueError
        If a file has something else in it: the message names it.

    Examples
    --------
    >>> import os, tempfile
    >>> from mxnet import io
    >>> path = os.path.join(tempfile.mkdtemp(), "data.csv")
    >>> with open(path, "w") as file:
    ...     _ = file.write("1,2\n3,4\n5,6\n")
    >>> for batch in io.CSVIter(data_csv=path, data_shape=(2,), batch_size=2):
    ...     print(batch.data[0].tolist(), batch.pad)
    [[1.0, 2.0], [3.0, 4.0]] 0
    [[5.0, 6.0], [1.0, 2.0]] 1
    """
    dtype = as_dtype(dtype)
    data = _csv(data_csv, "data_shape", data_shape, dtype)
    if _given(label_csv):
        label = _csv(label_csv, "label_shape", label_shape, dtype)
    else:
        label = numpy.zeros((len(data), *_size("CSVIter", "label_shape", label_shape)), dtype)
    if len(data) != len(label):
        raise ValueError(f"CSVIter: '{data_csv}' has {len(data)} rows, and '{label_csv}' {len(label)}")
    return MXDataIter(_Rows(data, label), data_name, label_name, batch_size, last_batch="round" if round_batch else "pad")


def _libsvm(path, what, shape, dtype):
    """First numbers and other numbers of all lines: arrays of shapes (lines, 1) and (lines, *shape)."""
    path, size = os.fspath(path), _size("LibSVMIter", what, shape)
    if len(size) != 1:
        raise ValueError(f"LibSVMIter: {what} is the number of columns, as (n,), not {shape!r}")
    first, rows, columns, values = [], [], [], []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            words = line.split("#")[0].split()
            if not words:
                continue
            try:
                pairs = [(int(column), float(value)) for column, value in (word.split(":") for word in words[1:])]
                first.append(float(words[0]))
            except ValueError:
                raise ValueError(
                    f"LibSVMIter: line {number} of {path!r} is a number, and column:value for what is not 0, not {line!r:.80}"
                ) from None
            for column, value in pairs:
                if not 0 <= column < size[0]:
                    raise ValueError(
                        f"LibSVMIter: line {number} of {path!r} has column {column}, and {what}={size} ends before that"
                    )
                rows.append(len(first) - 1)
                columns.append(column)
                values.append(value)
    if not first:
        raise ValueError(f"LibSVMIter: {path!r} has no line with numbers")
    result = numpy.zeros((len(first), *size), dtype)
    result[rows, columns] = values
    return numpy.asarray(first, dtype)[:, None], result


def LibSVMIter(
    *,
    data_libsvm,
    data_shape,
    batch_size,
    label_libsvm=None,
    label_shape=(1,),
    num_parts=1,
    part_index=0,
    round_batch=True,
    dtype=None,
    data_name="data",
    label_name="softmax_label",
    prefetch_buffer=4,
    ctx=None,
    device_id=-1,
):
    r"""Batches of the lines of a file in the format of LIBSVM: a label, and column:value for all that is not 0.

    Batches are dense: there is no sparse storage. The file is read as a whole.

    Parameters
    ----------
    data_libsvm : str or path
        Columns count from 0.
    data_shape : tuple of int
        (number of columns,).
    batch_size : int
    label_libsvm : str or path, optional
        A file of the same format, of which column:value make the labels.
    label_shape : tuple of int
        (number of columns,) of that file.
    num_parts, part_index : int
        Read only this one of so many parts, which are as long as each other or one line longer.
    round_batch : bool
        As for `CSVIter`.
    dtype : dtype, optional
        Of data and labels; float32 if it is not given.
    data_name, label_name : str
    prefetch_buffer, ctx, device_id : optional
        Without effect.

    Returns
    -------
    MXDataIter

    Raises
    ------
    ValueError
        If a file has something else in it: the message names file and line.

    Examples
    --------
    >>> import os, tempfile
    >>> from mxnet import io
    >>> path = os.path.join(tempfile.mkdtemp(), "data.txt")
    >>> with open(path, "w") as file:
    ...     _ = file.write("1 0:0.5 2:1.5\n-1 1:2\n")
    >>> batch = next(io.LibSVMIter(data_libsvm=path, data_shape=(3,), batch_size=2))
    >>> batch.data[0].tolist(), batch.label[0].tolist()
    ([[0.5, 0.0, 1.5], [0.0, 2.0, 0.0]], [1.0, -1.0])
    """
    dtype = as_dtype(dtype)
    label, data = _libsvm(data_libsvm, "data_shape", data_shape, dtype)
    if _given(label_libsvm):
        label = _libsvm(label_libsvm, "label_shape", label_shape, dtype)[1]
    elif _size("LibSVMIter", "label_shape", label_shape) != (1,):
        raise ValueError(f"LibSVMIter: a line has one label, so that label_shape={label_shape!r} needs label_libsvm")
    if len(data) != len(label):
        raise ValueError(f"LibSVMIter: '{data_libsvm}' has {len(data)} lines, and '{label_libsvm}' {len(label)}")
    part = slice(*share("LibSVMIter", len(data), part_index, num_parts))
    rows = _Rows(data[part], label[part], numpy.arange(len(data))[part])
    return MXDataIter(rows, data_name, label_name, batch_size, last_batch="round" if round_batch else "pad")


def _mnist(path, axes):
    path = os.fspath(path)
    try:
        return read_idx(path, axes)
    except ValueError as error:
        kind = "images" if axes == 3 else "labels"
        raise ValueError(f"MNISTIter: {path!r} is no file of {kind} of MNIST, or it is damaged: {error}") from None


class _Digits(_Rows):
    """The same of images of bytes, of which it makes numbers from 0 to 1."""

    def __init__(self, images, labels, index, dtype):
        super().__init__(images, labels, index)
        self.data, self.label = (images.shape[1:], dtype), ((), dtype)

    def read(self, positions, numbers):
        images, labels, index = super().read(positions, numbers)
        dtype = self.data[1]
        return (images / numpy.float32(256)).astype(dtype, copy=False), labels.astype(dtype), index


def MNISTIter(
    *,
    image="./train-images-idx3-ubyte",
    label="./train-labels-idx1-ubyte",
    batch_size=128,
    shuffle=True,
    flat=False,
    seed=0,
    silent=False,
    num_parts=1,
    part_index=0,
    dtype=None,
    data_name="data",
    label_name="softmax_label",
    prefetch_buffer=4,
    ctx=None,
    device_id=-1,
):
    """Batches of the images of MNIST, or of others in files of that format. What does not fill a batch is left out.

    Parameters
    ----------
    image, label : str or path
        The files, plain or compressed by gzip.
    batch_size : int
    shuffle : bool
        Whether to change the order, once for all epochs.
    flat : bool
        Whether an image is one axis; else it has shape (1, height, width).
    seed : int
        Of the order.
    num_parts, part_index : int
        Read only this one of so many parts, which are as long as each other or one image longer.
    dtype : dtype, optional
        Of data and labels, a float dtype; float32 if it is not given.
    data_name, label_name : str
    silent, prefetch_buffer, ctx, device_id : optional
        Without effect.

    Returns
    -------
    MXDataIter
        Pixels are divided by 256, as in MXNet.

    Raises
    ------
    ValueError
        If a file is another one, or damaged; or if there is no batch.

    Examples
    --------
    >>> from mxnet import io
    >>> it = io.MNISTIter(image="train-images-idx3-ubyte.gz", label="train-labels-idx1-ubyte.gz")  # doctest: +SKIP
    """
    dtype = as_dtype(dtype)
    if dtype.kind != "f":
        raise TypeError(f"MNISTIter: pixels are from 0 to 1, which takes a float dtype, not {dtype}")
    images, labels = _mnist(image, 3), _mnist(label, 1)
    if len(images) != len(labels):
        raise ValueError(f"MNISTIter: '{image}' has {len(images)} images, and '{label}' {len(labels)} labels")
    order = numpy.arange(*share("MNISTIter", len(images), part_index, num_parts))
    if len(order) < batch_size:
        raise ValueError(f"MNISTIter: {len(order)} images make no batch of {batch_size}")
    if shuffle:
        order = numpy.random.default_rng(seed).permutation(order)
    images = images.reshape(len(images), -1) if flat else images[:, None]
    digits = _Digits(images[order], labels[order], order, dtype)
    return MXDataIter(digits, data_name, label_name, batch_size, last_batch="discard")
