"""Batches of arrays that are in memory."""

import numpy

from .. import numpy as np
from .base import DataDesc, DataIter

__all__ = ["NDArrayIter"]

_LAST_BATCH = ("pad", "discard", "roll_over")


def check_last_batch(name, value):
    """Raise for a `last_batch_handle` that is none."""
    if value not in _LAST_BATCH:
        raise ValueError(f"{name}: last_batch_handle is one of {', '.join(map(repr, _LAST_BATCH))}, not {value!r}")


def _named(what, arrays, default):
    """A list of (name, array): names are those of a dict, sorted, or made from `default`."""
    if isinstance(arrays, dict):
        pairs = sorted(arrays.items())
    else:
        arrays = list(arrays) if isinstance(arrays, list | tuple) else [arrays]
        pairs = [(default if len(arrays) == 1 else f"_{i}_{default}", array) for i, array in enumerate(arrays)]
    for name, array in pairs:
        # Files of h5py are read like arrays.
        if not (hasattr(array, "shape") and hasattr(array, "dtype")) or len(array.shape) == 0:
            raise TypeError(
                f"NDArrayIter: {what} is an array of np or NumPy, with an axis of samples, or a list or dict of them; {name!r} is"
                f" {type(array).__name__}"
            )
    return [(name, array if isinstance(array, np.ndarray) else np.array(numpy.asarray(array))) for name, array in pairs]


class NDArrayIter(DataIter):
    """Batches of arrays, along their first axes.

    Parameters
    ----------
    data : array, or list or dict of arrays
        Arrays of np keep their dtype; those of NumPy become float32, as in `np.array`. A dict has names, and its arrays come in the
        order of these; arrays of a list are called `_0_data`, `_1_data`, ….
    label : array, or list or dict of arrays, optional
    batch_size : int
    shuffle : bool
        Whether each epoch has an order of its own, which is that of `np.random.seed`.
    last_batch_handle : {'pad', 'discard', 'roll_over'}
        If fewer samples than a batch are left: fill up with the first ones of the epoch (`pad` of the batch says how many), leave
        them out, or begin the next epoch with them.
    data_name, label_name : str
        Of a single array.

    Attributes
    ----------
    provide_data, provide_label : list of DataDesc
    num_data : int
        How many samples there are.

    Raises
    ------
    TypeError
        If `data` or `label` is something else.
    ValueError
        If arrays differ in length or are empty, `batch_size` is not positive, or `last_batch_handle` is unknown.

    Examples
    --------
    >>> from mxnet import io, np
    >>> x, y = np.arange(10).reshape(5, 2), np.arange(5)
    >>> for batch in io.NDArrayIter(x, y, batch_size=2):
    ...     print(batch.data[0].tolist(), batch.label[0].tolist(), batch.pad)
    [[0.0, 1.0], [2.0, 3.0]] [0.0, 1.0] 0
    [[4.0, 5.0], [6.0, 7.0]] [2.0, 3.0] 0
    [[8.0, 9.0], [0.0, 1.0]] [4.0, 0.0] 1
    """

    def __init__(
        self,
        data,
        label=None,
        batch_size=1,
        shuffle=False,
        last_batch_handle="pad",
        data_name="data",
        label_name="softmax_label",
    ):
        super().__init__(batch_size)
        if not isinstance(batch_size, int | numpy.integer) or batch_size < 1:
            raise ValueError(f"NDArrayIter: batch_size is a whole number above 0, not {batch_size!r}")
        check_last_batch("NDArrayIter", last_batch_handle)
        self.data = _named("data", data, data_name)
        self.label = [] if label is None else _named("label", label, label_name)
        lengths = {name: len(array) for name, array in self.data + self.label}
        if not self.data or len(set(lengths.values())) != 1 or 0 in lengths.values():
            raise ValueError(f"NDArrayIter: data and label have the same number of samples, 1 or more; not {lengths}")
        self.num_data = len(self.data[0][1])
        self.shuffle = shuffle
        self.last_batch_handle = last_batch_handle
        self._left = numpy.arange(0)
        self.reset()

    @property
    def provide_data(self):
        """What `getdata` returns."""
        return self._described(self.data)

    @property
    def provide_label(self):
        """What `getlabel` returns."""
        return self._described(self.label)

    def _described(self, arrays):
        return [DataDesc(name, (self.batch_size, *array.shape[1:]), array.dtype) for name, array in arrays]

    def hard_reset(self):
        """`reset`, which also forgets samples that were to be rolled over."""
        self._left = numpy.arange(0)
        self.reset()

    def reset(self):
        """Begin an epoch."""
        order = np.random.permutation(self.num_data).asnumpy() if self.shuffle else numpy.arange(self.num_data)
        self.idx = numpy.concatenate([self._left, order])  # of this epoch's samples
        self._left = numpy.arange(0)
        self.cursor = -self.batch_size

    def iter_next(self):
        """Go on to the next batch; whether there is one."""
        self.cursor += self.batch_size
        missing = self.cursor + self.batch_size - len(self.idx)
        if missing <= 0:
            return True
        if self.last_batch_handle == "roll_over" and missing < self.batch_size:
            self._left = self.idx[self.cursor :]
        return self.last_batch_handle == "pad" and missing < self.batch_size

    def getindex(self):
        """Which samples are in the current batch."""
        return self.idx.take(range(self.cursor, self.cursor + self.batch_size), mode="wrap")

    def getdata(self):
        """The data of the current batch."""
        return [array[self.getindex()] for _, array in self.data]

    def getlabel(self):
        """The labels of the current batch."""
        return [array[self.getindex()] for _, array in self.label]

    def getpad(self):
        """How many samples at the end of the current batch are the first ones of the epoch again."""
        return max(0, self.cursor + self.batch_size - len(self.idx))
