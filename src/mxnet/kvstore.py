"""`mx.kv`: arrays by key, which sum what is pushed to them. For one process; its devices share one memory."""

from typing import ClassVar

from . import autograd
from . import numpy as np
from .base import MXNetError
from .files.atomic import replacing
from .optimizer import Optimizer, get_updater

__all__ = ["KVStore", "KVStoreBase", "create"]

_LOCAL = ("local", "device", "local_update_cpu", "local_allreduce_cpu", "local_allreduce_device")
_DISTRIBUTED = ("dist", "nccl", "p3", "byteps", "horovod")


class KVStoreBase:
    """What a store can do. Derive from it and register the class to have `create` make stores of one's own.

    Examples
    --------
    >>> import mxnet as mx
    >>> @mx.kv.KVStoreBase.register
    ... class Silent(mx.kv.KVStoreBase):
    ...     def pushpull(self, key, value, out=None, priority=0):
    ...         pass
    >>> type(mx.kv.create("silent")).__name__
    'Silent'
    """

    OPTIMIZER = "optimizer"
    kv_registry: ClassVar[dict] = {}

    @staticmethod
    def register(klass):
        """Have `create` make objects of a class by its name, in upper or lower case. For use as a decorator."""
        if not (isinstance(klass, type) and issubclass(klass, KVStoreBase)):
            raise TypeError(f"KVStoreBase.register: a store is a class derived from KVStoreBase, not {klass!r}")
        KVStoreBase.kv_registry[klass.__name__.lower()] = klass
        return klass

    def _missing(self, what):
        return NotImplementedError(f"{type(self).__name__} has no {what}")

    def broadcast(self, key, value, out, priority=0):
        """Make `value` the array of `key`, and copy it to `out`."""
        raise self._missing("broadcast")

    def pushpull(self, key, value, out=None, priority=0):
        """Push `value`, and pull into `out`, or into `value`."""
        raise self._missing("pushpull")

    def set_optimizer(self, optimizer):
        """Update the arrays with an optimiser, for which what is pushed is a gradient."""
        raise self._missing("set_optimizer")

    @staticmethod
    def is_capable(capability):
        """Whether the store can do something: `KVStoreBase.OPTIMIZER`."""
        raise NotImplementedError("this store does not say what it is capable of")

    def save_optimizer_states(self, fname, dump_optimizer=False):
        """Write what the optimiser remembers to a file."""
        raise self._missing("save_optimizer_states")

    def load_optimizer_states(self, fname):
        """Read what `save_optimizer_states` wrote."""
        raise self._missing("load_optimizer_states")

    @property
    def type(self):
        """The name that `create` knows it by."""
        raise self._missing("type")

    @property
    def rank(self):
        """The number of this process among all."""
        raise self._missing("rank")

    @property
    def num_workers(self):
        """How many processes take part."""
        raise self._missing("num_workers")


class KVStore(KVStoreBase):
    """Arrays by key, in this process.

    Keys are integers or strings; methods also take a list of them, with a list of values. The value of one key may be a list of
    arrays, one of each device, that are added up.

    Examples
    --------
    >>> import mxnet as mx
    >>> store = mx.kv.create("local")
    >>> store.init(3, np.zeros(2))
    >>> store.push(3, [np.array([1, 2]), np.array([10, 20])])
    >>> out = np.zeros(2)
    >>> store.pull(3, out=out)
    >>> out
    array([11., 22.])
    """

    def __init__(self, name="local"):
        self._type = name
        self._arrays = {}
        self._updater = None

    @property
    def type(self):
        """The name that it was created with."""
        return self._type

    @property
    def rank(self):
        """0: the only process."""
        return 0

    @property
    def num_workers(self):
        """1: the only process."""
        return 1

    @staticmethod
    def is_capable(capability):
        """Whether the store can do something: True for 'optimizer', the one thing there is to ask for."""
        if capability != KVStoreBase.OPTIMIZER:
            raise ValueError(f"is_capable: the one capability to ask for is 'optimizer', not {capability!r}")
        return True

    def init(self, key, value):
        """Make copies of arrays the arrays of new keys.

        Raises
        ------
        MXNetError
            If a key has an array already.
        """
        pairs = _pairs("init", key, value)
        for key, _ in pairs:
            if key in self._arrays:
                raise MXNetError(f"KVStore.init: the key {key!r} was initialised before")
        for key, value in pairs:
            self._arrays[key] = _listed(value)[0].copy()

    def push(self, key, value, priority=0):
        """Put the sum of the values in the place of the key's array; with an optimiser, use it as the gradient of an update.

        Parameters
        ----------
        key : int or str, or a list of them
        value : ndarray or list of ndarray, or a list of those
        priority : int
            Has no effect.

        Raises
        ------
        MXNetError
            If a key has no array.
        ValueError
            If a value has another shape than its array.
        """
        pairs = [(key, self._known("push", key), _listed(value)) for key, value in _pairs("push", key, value)]
        for key, stored, values in pairs:
            for value in values:
                if value.shape != stored.shape:
                    raise ValueError(f"KVStore.push: the array of {key!r} has the shape {stored.shape}, not {value.shape}")
        with autograd.pause():
            for key, stored, values in pairs:
                total = values[0]
                for value in values[1:]:
                    total = total + value
                if self._updater is None:
                    stored[...] = total
                else:
                    self._updater(key, total, stored)

    def pull(self, key, out=None, priority=0, ignore_sparse=True):
        """Copy the arrays of keys into `out`.

        Parameters
        ----------
        key : int or str, or a list of them
        out : ndarray or list of ndarray, or a list of those
        priority, ignore_sparse : optional
            Have no effect.

        Raises
        ------
        MXNetError
            If a key has no array.
        """
        if out is None:
            raise TypeError("KVStore.pull: out is missing, the array to copy into")
        pairs = [(self._known("pull", key), _listed(targets)) for key, targets in _pairs("pull", key, out)]
        with autograd.pause():
            for stored, targets in pairs:
                for target in targets:
                    target[...] = stored

    def pushpull(self, key, value, out=None, priority=0):
        """`push`, then `pull` into `out`, by default into the values themselves."""
        self.push(key, value, priority)
        self.pull(key, value if out is None else out, priority)

    def broadcast(self, key, value, out, priority=0):
        """`init`, then `pull` into `out`."""
        self.init(key, value)
        self.pull(key, out, priority)

    def set_optimizer(self, optimizer):
        """Have an optimiser update the arrays, for which what is pushed is a gradient.

        Examples
        --------
        >>> import mxnet as mx
        >>> store = mx.kv.create("local")
        >>> store.init("weight", np.array([1.0, 2.0]))
        >>> store.set_optimizer(mx.optimizer.SGD(learning_rate=0.5))
        >>> weight = np.zeros(2)
        >>> store.pushpull("weight", np.array([1.0, 1.0]), out=weight)
        >>> weight
        array([0.5, 1.5])
        """
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"KVStore.set_optimizer takes an Optimizer, such as mx.optimizer.SGD(), not {optimizer!r}")
        self._updater = get_updater(optimizer)

    def _set_updater(self, updater):
        """Have `updater(key, sum of the pushed values, array)` write into the arrays."""
        self._updater = updater

    def save_optimizer_states(self, fname, dump_optimizer=False):
        """Write what the optimiser remembers to a file, and with `dump_optimizer` its settings."""
        states = self._with_optimizer("save_optimizer_states").get_states(dump_optimizer)
        with replacing(fname) as file:
            file.write(states)

    def load_optimizer_states(self, fname):
        """Read what `save_optimizer_states` wrote."""
        updater = self._with_optimizer("load_optimizer_states")
        with open(fname, "rb") as file:
            updater.set_states(file.read())

    def _with_optimizer(self, name):
        if not hasattr(self._updater, "get_states"):
            raise MXNetError(f"KVStore.{name}: there is no optimizer; call set_optimizer first")
        return self._updater

    def set_gradient_compression(self, compression_params):
        """Raise an MXNetError: nothing travels that could be compressed."""
        raise MXNetError("KVStore.set_gradient_compression: gradients stay in this process, there is nothing to compress")

    def row_sparse_pull(self, key, out=None, priority=0, row_ids=None):
        """Raise an MXNetError: there are no sparse arrays. `pull` copies whole arrays."""
        raise MXNetError("KVStore.row_sparse_pull: arrays are dense; use pull")

    def _known(self, name, key):
        try:
            return self._arrays[key]
        except KeyError:
            raise MXNetError(f"KVStore.{name}: the key {key!r} has no array; call init first") from None


def _pairs(name, key, value):
    """Keys with their values."""
    if not isinstance(key, list | tuple):
        return [(key, value)]
    if not isinstance(value, list | tuple) or len(value) != len(key):
        raise ValueError(f"KVStore.{name}: {len(key)} keys need a list of {len(key)} values")
    return list(zip(key, value, strict=True))


def _listed(value):
    values = list(value) if isinstance(value, list | tuple) else [value]
    if not values or not all(isinstance(one, np.ndarray) for one in values):
        raise TypeError(f"KVStore: a value is an array or a list of arrays, not {value!r:.60}")
    return values


def create(name="local"):
    """A store.

    Parameters
    ----------
    name : str
        'local' or 'device', which are the same here, or the name of a class that `KVStoreBase.register` knows.

    Raises
    ------
    MXNetError
        For the original's distributed stores.
    ValueError
        For an unknown name.

    Examples
    --------
    >>> import mxnet as mx
    >>> mx.kv.create("device").num_workers
    1
    """
    if not isinstance(name, str):
        raise TypeError(f"create: the name of a store is a string, not {name!r}")
    kind = name.lower()
    if kind in KVStoreBase.kv_registry:
        return KVStoreBase.kv_registry[kind]()
    if kind in _LOCAL:
        return KVStore(kind)
    if kind.startswith(_DISTRIBUTED):
        raise MXNetError(f"create: {name!r} is for several machines or GPUs, and this build works in one process: write 'local'")
    raise ValueError(f"create: no store is called {name!r}; there are {', '.join([*_LOCAL, *sorted(KVStoreBase.kv_registry)])}")
