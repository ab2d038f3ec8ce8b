"""What iterators yield, and how they say what that will be."""

from collections import namedtuple

import numpy

__all__ = ["DataBatch", "DataDesc", "DataIter"]


def share(name, count, part_index, num_parts):
    """The first and the last but one of the samples that one of several readers gets; their numbers differ by one at most."""
    if not (isinstance(num_parts, int) and isinstance(part_index, int) and 0 <= part_index < num_parts):
        raise ValueError(f"{name}: part_index is from 0 to num_parts - 1, not {part_index!r} of {num_parts!r}")
    least, more = divmod(count, num_parts)
    start = part_index * least + min(part_index, more)
    return start, start + least + (part_index < more)


class DataDesc(namedtuple("DataDesc", ["name", "shape"])):
    """Name and shape of an array that an iterator yields, and besides its dtype and layout: a tuple (name, shape).

    Parameters
    ----------
    name : str
    shape : tuple of int
        Of a whole batch.
    dtype : dtype
    layout : str
        What axes mean, a letter each; N is the axis of the batch.

    Examples
    --------
    >>> from mxnet import io
    >>> desc = io.DataDesc("data", (16, 3, 32, 32))
    >>> desc == ("data", (16, 3, 32, 32)), desc.layout
    (True, 'NCHW')
    """

    def __new__(cls, name, shape, dtype=numpy.float32, layout="NCHW"):
        self = super().__new__(cls, name, tuple(shape))
        self.dtype = dtype
        self.layout = layout
        return self

    def __repr__(self):
        return f"DataDesc[{self.name},{self.shape},{self.dtype},{self.layout}]"

    @staticmethod
    def get_batch_axis(layout):
        """Where N is in a layout; 0 for None."""
        return 0 if layout is None else layout.find("N")

    @staticmethod
    def get_list(shapes, types):
        """Descriptions of arrays, from lists of (name, shape) and of (name, dtype); `types` may be None."""
        if types is None:
            return [DataDesc(name, shape) for name, shape in shapes]
        types = dict(types)
        return [DataDesc(name, shape, types[name]) for name, shape in shapes]


class DataBatch:
    """What an iterator yields.

    Parameters
    ----------
    data : list of ndarray
    label : list of ndarray, optional
    pad : int, optional
        How many samples at the end are there only to fill the batch.
    index : array of int, optional
        Which samples these are.
    bucket_key : optional
        Of sequences, the length that the batch is made for.
    provide_data, provide_label : list of DataDesc, optional
        What the arrays are.

    Examples
    --------
    >>> from mxnet import io, np
    >>> print(io.DataBatch([np.zeros((2, 3))], [np.zeros(2)]))
    DataBatch: data shapes: [(2, 3)] label shapes: [(2,)]
    """

    def __init__(self, data, label=None, pad=None, index=None, bucket_key=None, provide_data=None, provide_label=None):
        for what, arrays in (("data", data), ("label", label)):
            if arrays is not None and not isinstance(arrays, list | tuple):
                raise TypeError(f"DataBatch: {what} is a list of arrays, not {type(arrays).__name__}; write {what}=[array]")
        self.data = data
        self.label = label
        self.pad = pad
        self.index = index
        self.bucket_key = bucket_key
        self.provide_data = provide_data
        self.provide_label = provide_label

    def __str__(self):
        data, label = (None if arrays is None else [array.shape for array in arrays] for arrays in (self.data, self.label))
        return f"DataBatch: data shapes: {data} label shapes: {label}"


class DataIter:
    """The base of iterators over batches.

    A subclass defines `next`, which returns a `DataBatch` or raises `StopIteration`; or `iter_next` and `getdata`, and `getlabel`,
    `getpad` and `getindex` where there is something to tell. It has `provide_data` and `provide_label`, lists of `DataDesc`.

    Parameters
    ----------
    batch_size : int

    Examples
    --------
    >>> from mxnet import io, np
    >>> class Twice(io.DataIter):
    ...     count = 0
    ...     def reset(self):
    ...         self.count = 0
    ...     def iter_next(self):
    ...         self.count += 1
    ...         return self.count <= 2
    ...     def getdata(self):
    ...         return [self.count * np.ones(self.batch_size)]
    >>> [batch.data[0] for batch in Twice(3)]
    [array([1., 1., 1.]), array([2., 2., 2.])]
    """

    def __init__(self, batch_size=0):
        self.batch_size = batch_size

    def __iter__(self):
        return self

    def __next__(self):
        return self.next()

    def reset(self):
        """Go back to the beginning."""

    def next(self):
        """The next batch.

        Raises
        ------
        StopIteration
            After the last one.
        """
        if not self.iter_next():
            raise StopIteration
        return DataBatch(self.getdata(), self.getlabel(), self.getpad(), self.getindex())

    def iter_next(self):
        """Go on to the next batch; whether there is one."""
        raise NotImplementedError(f"{type(self).__name__} defines neither next nor iter_next")

    def getdata(self):
        """The data of the current batch, a list of arrays."""
        raise NotImplementedError(f"{type(self).__name__} defines neither next nor getdata")

    def getlabel(self):
        """The labels of the current batch, a list of arrays; None if there are none."""

    def getindex(self):
        """Which samples are in the current batch; None if that is not known."""

    def getpad(self):
        """How many samples at the end of the current batch only fill it."""
