"""`Parameter`: an array that a network learns, with its gradient, its initialiser and what is known of its shape."""

import warnings

import numpy

from .. import autograd, initializer
from .. import numpy as np
from ..base import MXNetError, caller_level
from ..device import Device, current_device, resolve

__all__ = ["Constant", "DeferredInitializationError", "Parameter", "old_name"]

_GRAD_REQS = ("write", "add", "null")


class DeferredInitializationError(MXNetError):
    """A parameter was asked for its data before the first forward pass had told its shape."""


class Parameter:
    """An array that is learned.

    Its shape may be unknown in places, and is then completed by the first forward pass; until then, initialisation waits.

    Parameters
    ----------
    name : str
        What it is called in messages and by initialisers.
    grad_req : {'write', 'add', 'null'}
        What a backward pass does to the gradient: overwrite it, add to it; 'null' is for what has none, as integers never have.
    shape : int or tuple of int, optional
        -1 or 0 stands for a size that is not known yet.
    dtype : dtype
    lr_mult, wd_mult : float
        Factors of the learning rate and of the weight decay.
    init : Initializer or str, optional
        Its own initialiser, that goes before the one given to `Block.initialize`.
    allow_deferred_init : bool
        Whether `initialize` may be called before the shape is known.
    differentiable : bool
        False makes `grad_req` 'null'.
    stype, grad_stype : 'default'
        Only dense arrays exist.

    Examples
    --------
    >>> from mxnet import gluon
    >>> weight = gluon.Parameter("weight", shape=(2, 3), init="ones")
    >>> weight.initialize()
    >>> weight
    Parameter (shape=(2, 3), dtype=float32)
    >>> weight.data()
    array([[1., 1., 1.],
           [1., 1., 1.]])
    """

    def __init__(
        self,
        name="weight",
        grad_req="write",
        shape=None,
        dtype="float32",
        lr_mult=1.0,
        wd_mult=1.0,
        init=None,
        allow_deferred_init=False,
        differentiable=True,
        stype="default",
        grad_stype="default",
    ):
        for word, value in (("stype", stype), ("grad_stype", grad_stype)):
            if value not in ("default", "row_sparse", "csr"):
                raise ValueError(f"Parameter {name!r}: {word} is one of 'default', 'row_sparse', 'csr', not {value!r}")
        self.name = name
        self.lr_mult = lr_mult
        self.wd_mult = wd_mult
        self.init = init
        self.allow_deferred_init = allow_deferred_init
        self._differentiable = differentiable
        self._dtype = _dtype(dtype)
        self._shape = None if shape is None else _known_sizes(shape)
        self._array = None
        self._devices = None
        self._deferred = None  # (initialiser, the block's initialiser, values or None) of an initialisation that waits
        self._holder = None  # the block that it was given to, by a weak reference, and the attribute there
        self.grad_req = grad_req

    def __repr__(self):
        return f"{type(self).__name__} (shape={self._shape}, dtype={self._dtype})"

    def __getstate__(self):
        return {**self.__dict__, "_holder": None}

    def __setstate__(self, state):
        self.__dict__.update(state)
        if self._array is not None:
            self._attach()

    def _called(self):
        """How messages call it: by its path from the outermost block."""
        place = self._place()
        return f"Parameter '{self.path}'" + (f" of {place[0]._path()[0]}" if place else "")

    def _place(self):
        """The block that it belongs to, and its attribute there; None if there is none, or none that still has it."""
        if self._holder is None:
            return None
        block, name = self._holder[0](), self._holder[1]
        return (block, name) if block is not None and dict.get(block._reg_params, name) is self else None

    @property
    def path(self):
        """The key of this parameter in `collect_params()` of the outermost block; the name of one that belongs to none."""
        place = self._place()
        return ".".join([*place[0]._path()[1:], place[1]]) if place else self.name

    # What is known before there are data.

    @property
    def shape(self):
        """The shape, with -1 for what is not known; None if nothing is. Unknown sizes may be set, known ones not be changed.

        Raises
        ------
        AssertionError
            If a known size would change.
        """
        return self._shape

    @shape.setter
    def shape(self, shape):
        new, old = _known_sizes(shape), self._shape
        if not self.fits(new):
            raise AssertionError(
                f"{self._called()} was declared with shape {old}, and this input asks for {new}: "
                "give the layer the size that its input has, or leave it unknown (-1)"
            )
        self._shape = new if old is None else tuple(b if a == -1 else a for a, b in zip(new, old, strict=True))

    def fits(self, shape):
        """Whether a shape agrees with this one, as far as both are known."""
        new, old = _known_sizes(shape), self._shape
        return old is None or (len(new) == len(old) and all(-1 in (a, b) or a == b for a, b in zip(new, old, strict=True)))

    @property
    def dtype(self):
        """The dtype; setting it is `cast`."""
        return self._dtype

    @dtype.setter
    def dtype(self, dtype):
        self.cast(dtype)

    @property
    def grad_req(self):
        """What a backward pass does to the gradient; setting it gives a new gradient of zeros.

        Raises
        ------
        AssertionError
            For a word that is none of 'write', 'add', 'null'.
        """
        return self._grad_req

    @grad_req.setter
    def grad_req(self, grad_req):
        if grad_req not in _GRAD_REQS:
            raise AssertionError(f"{self._called()}: grad_req is one of {_GRAD_REQS}, not {grad_req!r}")
        self._grad_req = grad_req if self._differentiable else "null"
        if self._array is not None:
            self._attach()

    @property
    def stype(self):
        """How the array is stored: densely."""
        return "default"

    # Initialisation.

    def initialize(self, init=None, device=None, default_init="uniform", force_reinit=False, ctx=None):
        """Give the parameter its first values, now or when its shape becomes known.

        Parameters
        ----------
        init : Initializer or str, optional
            Goes before the parameter's own initialiser and `default_init`.
        device, ctx : Device or list of Device, optional
            Where it lives. Devices share one memory here, so n of them share one array. With `grad_req='write'` its gradient is the
            sum over n backward passes, one for each part of a batch; the next pass starts a new sum, as does the one after a step
            of a `Trainer`.
        default_init : Initializer or str
            For a parameter without an initialiser of its own.
        force_reinit : bool
            Whether a parameter that has values gets new ones.

        Raises
        ------
        ValueError
            If the shape is not known, and `allow_deferred_init` is False; for the name of no initialiser. In both cases, and where
            an initialiser raises, the parameter stays as it was.
        """
        if self._array is not None and not force_reinit:
            warnings.warn(
                f"{self._called()} is initialized already and stays as it is; write force_reinit=True to initialize it again",
                stacklevel=caller_level(),
            )
            return
        if not self._is_known() and not self.allow_deferred_init:
            raise ValueError(
                f"{self._called()} cannot be initialized: its shape {self._shape} is not known; give its sizes, or "
                "allow_deferred_init=True for sizes that the first forward pass tells"
            )
        devices, own, default = _devices(device, ctx), init or self.init, initializer.create(default_init)
        init = default if own is None else initializer.create(own)
        if self._is_known():
            self._array, self._devices, self._deferred = self._filled(init, default), devices, None
            self._attach()
        else:
            self._devices, self._deferred = devices, (init, default, None)

    def _is_known(self):
        return self._shape is not None and -1 not in self._shape

    def _finish_deferred_init(self):
        """Create the array, now that the shape is known."""
        if self._deferred is None:
            return
        if not self._is_known():
            raise DeferredInitializationError(
                f"{self._called()} still has the unknown shape {self._shape}: infer_shape of its block has to set all of it"
            )
        init, default, values = self._deferred
        if values is None:
            self._array = self._filled(init, default)
        else:
            with autograd.pause():
                self._array = np.array(values, dtype=self._dtype)
        self._deferred = None
        self._attach()

    def _filled(self, init, default):
        """An array with the first values."""
        array = np.zeros(self._shape, dtype=self._dtype)
        with autograd.pause():
            init(initializer.InitDesc(self.path, {"__init__": init}, default), array)
        return array

    def _attach(self):
        """Give the array a gradient, or none, as `grad_req` and the dtype say."""
        if self._why_no_grad():
            self._array.drop_grad()
        else:
            # The parts of a batch share the one array that several devices have.
            self._array.attach_grad(self._grad_req, parts=len(self._devices))

    def _why_no_grad(self):
        """What there is to say where there is no gradient; None where there is one."""
        if self._grad_req == "null":
            return f"{self._called()} has no gradient: its grad_req is 'null'"
        if self._dtype.kind not in "fc":
            return f"{self._called()} has no gradient, as it is of {self._dtype}: give it grad_req='null', or a float dtype"
        return None

    def _ready(self):
        """The array; an error that says what is missing, if there is none."""
        if self._array is not None:
            return self._array
        if self._deferred is not None:
            raise DeferredInitializationError(
                f"{self._called()} has no values yet: its shape {self._shape} becomes known in the first forward pass. Pass a "
                "batch through the network first, or give the layer the size of its input (in_units, in_channels, input_size, …)"
            )
        raise RuntimeError(
            f"{self._called()} has not been initialized: call initialize() of the network, or of this parameter, first. A Trainer "
            "takes collect_params(), which has the parameters of all blocks, and not params, which has those of one"
        )

    # The array and its gradient.

    def data(self, device=None, ctx=None):
        """The array, that operations record.

        Parameters
        ----------
        device, ctx : Device, optional
            One of those that it was initialised on.

        Raises
        ------
        DeferredInitializationError
            If its shape is not known yet.
        RuntimeError
            If it was never initialised, or not on this device.
        """
        if self._array is None or device is not None or ctx is not None:
            self._ready()
            self._check_device(device or ctx)
        return self._array

    def grad(self, device=None, ctx=None):
        """The gradient that backward passes leave, of the array's shape and dtype.

        Raises
        ------
        RuntimeError
            If `grad_req` is 'null' or the dtype one of integers, and where `data` raises.
        """
        array = self.data(device, ctx)
        missing = self._why_no_grad()
        if missing:
            raise RuntimeError(missing)
        return array.grad

    def _check_device(self, device):
        if device is None:
            return
        if not isinstance(device, Device):
            raise TypeError(f"{self._called()}: a device is written cpu() or Device('cpu', 0), not {device!r}")
        if device not in self._devices:
            raise RuntimeError(f"{self._called()} was not initialized on {device}, but on {self._devices}")

    def list_data(self):
        """The array, once for each device."""
        array = self._ready()
        return [array for _ in self._devices]

    def list_grad(self):
        """The gradient, once for each device: the same array, which has the sum over the devices already."""
        return [self.grad() for _ in self._devices or [None]]

    def list_device(self):
        """The devices that it is on, or will be.

        Raises
        ------
        RuntimeError
            If it was not initialised.
        """
        if self._devices is None:
            self._ready()
        return list(self._devices)

    list_ctx = list_device

    def set_data(self, data):
        """Write new values, which also end a deferred initialisation.

        Parameters
        ----------
        data : array_like
            Of the parameter's shape; it is cast to its dtype.

        Raises
        ------
        AssertionError
            If the shape is another one.
        """
        data = data if isinstance(data, np.ndarray) else numpy.asarray(data)
        if self._array is None and self._deferred is None:
            self._ready()
        if not self.fits(data.shape):
            raise AssertionError(f"{self._called()} has the shape {self._shape}; set_data got values of shape {data.shape}")
        if self._array is None:
            self.shape = data.shape
            self._deferred = (*self._deferred[:2], data)
            self._finish_deferred_init()
            return
        with autograd.pause():
            self._array[...] = data

    def zero_grad(self):
        """Set the gradient to zero, in place."""
        if self._array is not None and self._array.grad is not None:
            self._array.zero_grad()

    def reset_device(self, device=None, ctx=None):
        """Move the parameter to other devices.

        Raises
        ------
        ValueError
            If it was not initialised.
        """
        if self._devices is None:
            raise ValueError(f"{self._called()} cannot be moved: it has not been initialized")
        self._devices = _devices(device, ctx)
        if self._array is not None:
            self._attach()

    reset_ctx = reset_device

    def cast(self, dtype):
        """Change the dtype of the array and of its gradient, which starts at zero again."""
        self._dtype = _dtype(dtype)
        if self._array is not None:
            with autograd.pause():
                self._array = self._array.astype(self._dtype)
            self._attach()

    def var(self):
        """The array, that stands for the parameter in an expression."""
        return self.data()

    def row_sparse_data(self, row_id):
        """The array; `row_id`, the rows that are needed of a sparse one, has no effect."""
        return self.data()

    def list_row_sparse_data(self, row_id):
        """The array, once for each device."""
        return self.list_data()


class Constant(Parameter):
    """A value that belongs to a network, is saved with it, and is not learned.

    Parameters
    ----------
    value : array_like
        MXNet 1 writes `Constant(name, value)`.

    Examples
    --------
    >>> from mxnet import gluon
    >>> constant = gluon.Constant([[1, 2], [3, 4]])
    >>> constant.initialize()
    >>> constant.data()
    array([[1., 2.],
           [3., 4.]])
    """

    def __init__(self, value, _value=None):
        name, value = ("const", value) if _value is None else (value, _value)
        self.value = value if isinstance(value, np.ndarray) else np.array(value)
        init = initializer.Constant(self.value)
        super().__init__(name, "null", self.value.shape, self.value.dtype, init=init, differentiable=False)


def old_name(parameter):
    """The name that MXNet 1 gives a parameter: that of its block and its own."""
    place = parameter._place()
    return place[0].prefix + place[1] if place else parameter.name


def _dtype(dtype):
    return numpy.dtype("float32" if dtype is None else dtype)


def _known_sizes(shape):
    """A shape, with -1 for every size that is not known."""
    shape = (shape,) if isinstance(shape, int | numpy.integer) else tuple(shape)
    return tuple(-1 if size is None or size <= 0 else int(size) for size in shape)


def _devices(device, ctx):
    devices = ctx if device is None else device
    if devices is None:
        return [current_device()]
    return [resolve(one) for one in (devices if isinstance(devices, list | tuple) else [devices])]
