"""`mxnet.np.ndarray`: the methods and operators of arrays, each one a name for an operator of the table."""

import numpy as np

from . import device as devices
from .base import MXNetError
from .core import views
from .core.array import Array, raw
from .core.dtypes import as_dtype
from .core.elementwise import use_array_class
from .core.gradients import SumOfParts, attach, backward
from .core.operator import TWINS, wrap, write_out
from .core.state import is_recording
from .core.tape import Leaf
from .core.writes import note_write
from .operators import (
    arithmetic,
    choosing,
    comparison,
    complexes,
    contractions,
    counting,
    diagonals,
    indexing,
    linalg,
    reductions,
    repeating,
    rounding,
    selection,
    shaping,
    sorting,
    statistics,
    turning,
)

__all__ = ["ndarray"]


def _in_place(operator):
    def method(self, other):
        result = operator.method(self, other)
        return result if result is NotImplemented else write_out(operator.__name__, self, result)

    return method


class ndarray(Array):
    """An n-dimensional array of one dtype that records what happens to it under `autograd.record()`.

    Made by `np.array`, `np.zeros`, … and by operations; indexing, arithmetic and methods are NumPy's.
    """

    __slots__ = ()
    __array_priority__ = 1000.0

    # --- form ---------------------------------------------------------------------------------------------------------------------

    @property
    def shape(self):
        """The length of every axis."""
        return self._data.shape

    @property
    def dtype(self):
        """The `numpy.dtype` of the elements."""
        return self._data.dtype

    @property
    def ndim(self):
        """The number of axes."""
        return self._data.ndim

    @property
    def size(self):
        """The number of elements."""
        return self._data.size

    @property
    def itemsize(self):
        """Bytes of one element."""
        return self._data.itemsize

    @property
    def strides(self):
        """How many bytes lie between neighbours along every axis."""
        return self._data.strides

    @property
    def nbytes(self):
        """Bytes of all elements."""
        return self._data.nbytes

    @property
    def T(self):
        """The axes in reverse order."""
        return shaping.transpose(self)

    @property
    def real(self):
        """The real parts; of real numbers, a copy."""
        return complexes.real(self)

    @property
    def imag(self):
        """The imaginary parts; of real numbers, zeros."""
        return complexes.imag(self)

    @property
    def mT(self):
        """The last two axes swapped: every matrix of a stack transposed."""
        if self._data.ndim < 2:
            raise ValueError(f"mT needs at least two axes, this array has shape {self._data.shape}")
        return shaping.swapaxes(self, -1, -2)

    @property
    def device(self):
        """Where the data is: `cpu(0)`."""
        return devices.cpu()

    ctx = context = device

    @property
    def stype(self):
        """The storage type: 'default', dense."""
        return "default"

    # --- gradients ----------------------------------------------------------------------------------------------------------------

    @property
    def grad(self):
        """The gradient that backward passes leave here: the same array from one pass to the next; None without `attach_grad()`."""
        node = self._node
        return None if node is None or node.variable is None else node.variable.grad

    def attach_grad(self, grad_req="write", stype=None, detach=True, parts=1):
        """Make this array a variable, with a gradient of zeros.

        Parameters
        ----------
        grad_req : {'write', 'add', 'null'}
            What a backward pass does to `grad`: overwrite it, add to it, leave it alone.
        stype : None or 'default'
            The storage type of the gradient; only dense ones exist.
        detach : bool
            Whether the graph is cut here, so that the array forgets where it came from. With False an array that was computed keeps
            its past and gets its own gradient besides.
        parts : int
            How many backward passes, each for a part of a batch, 'write' takes for one: the gradient is their sum, and the next
            pass overwrites it.

        Raises
        ------
        TypeError
            For integers and booleans, which have no gradient.
        ValueError
            For an unknown `grad_req` or `stype`.

        Examples
        --------
        >>> from mxnet import autograd
        >>> x = np.array([1, 2])
        >>> x.attach_grad()
        >>> with autograd.record():
        ...     y = 3 * x
        ...     y.attach_grad(detach=False)
        ...     z = 4 * y + 2 * x
        >>> z.backward()
        >>> x.grad, y.grad
        (array([14., 14.]), array([4., 4.]))
        """
        if stype not in (None, "default"):
            raise ValueError(f"attach_grad: gradients are dense (stype='default'), not {stype!r}")
        attach(self, grad_req, detach=detach, parts=parts)

    def drop_grad(self):
        """Forget the gradient and the past: the array becomes a constant."""
        self._node = None

    @property
    def fresh_grad(self):
        """Whether a backward pass has left a gradient here since this was last set to False, as a `Trainer` does."""
        return self._node is not None and self._node.variable is not None and self._node.variable.is_fresh

    @fresh_grad.setter
    def fresh_grad(self, is_fresh):
        if self._node is None or self._node.variable is None:
            raise MXNetError("fresh_grad: this array has no gradient; call attach_grad() first")
        self._node.variable.is_fresh = bool(is_fresh)

    def zero_grad(self):
        """Set the gradient to zero, in place.

        Raises
        ------
        MXNetError
            Without an attached gradient.
        """
        gradient = self.grad
        if gradient is None:
            raise MXNetError("zero_grad: no gradient is attached to this array; call attach_grad() first")
        gradient._data[...] = 0
        note_write(gradient._data)
        if isinstance(self._node.variable, SumOfParts):
            self._node.variable.start_anew()

    def detach(self):
        """The same data as a constant. It is shared, until a write under `record()` to one of the two gives that one its own."""
        return wrap(self._data)

    def backward(self, out_grad=None, retain_graph=False, train_mode=True):
        """`autograd.backward` from this array: the gradient of its sum, or of sum(out_grad · self)."""
        backward(self, out_grad, retain_graph, train_mode)

    # --- reading and writing ------------------------------------------------------------------------------------------------------

    __getitem__ = indexing.read

    def __setitem__(self, key, value):
        key = indexing.as_key(raw(key))
        recorded = isinstance(value, Array) and value._node is not None
        try:
            if is_recording() and (recorded or views.family_is_recorded(self)):
                indexing.assign(self, key, value, "x[key] = value")
                return
            if is_recording():
                views.unshare(self)
            self._data[key] = raw(value)
        except (ValueError, TypeError, IndexError) as error:
            if not isinstance(error, IndexError) and np.size(raw(value)) == 1 and np.ndim(raw(value)):
                self[key] = value.reshape(()) if isinstance(value, Array) else np.reshape(value, ())  # one element for another
                return
            raise type(error)(f"x[key] = value: {error} (x is {self._data.dtype}{list(self._data.shape)})") from None
        note_write(indexing.region(self._data, key))
        views.forget_past(self)

    def __len__(self):
        return len(self._data)

    def __iter__(self):
        if self._data.ndim == 0:
            raise TypeError("iteration over a 0-d array")
        return (self[i] for i in range(len(self._data)))

    def __contains__(self, value):
        return raw(value) in self._data

    # --- to Python, NumPy and back ------------------------------------------------------------------------------------------------

    def asnumpy(self):
        """A `numpy.ndarray` of one's own: a copy."""
        return self._data.copy()

    def item(self, *args):
        """The only element, or the one at an index, as a Python scalar."""
        return self._data.item(*args)

    def asscalar(self):
        """The only element as a Python scalar: `item()`."""
        return self._data.item()

    def tolist(self):
        """Nested lists of Python scalars."""
        return self._data.tolist()

    def _one(self, kind):
        if self._data.size != 1:
            raise TypeError(f"only an array of one element is a {kind}; this one has shape {self._data.shape}")
        return self._data.reshape(())[()]

    def __float__(self):
        return float(self._one("float"))

    def __int__(self):
        return int(self._one("int"))

    def __complex__(self):
        return complex(self._one("complex"))

    def __index__(self):
        return self._data.__index__()

    def __bool__(self):
        if self._data.size != 1:
            raise ValueError(f"the truth of an array of shape {self._data.shape} is ambiguous: write x.any() or x.all()")
        return bool(self._data)

    def __format__(self, spec):
        if not spec:
            return str(self)
        return format(self.item(), spec)

    def __str__(self):
        return str(self._data)

    def __repr__(self):
        data = self._data
        if data.size == 0:
            body = "[]" if data.ndim == 1 else f"[], shape={data.shape}"
        else:
            body = np.array2string(data, separator=", ", prefix="array(")
        dtype = "" if data.dtype in (np.float32, np.bool) else f", dtype={data.dtype}"
        return f"array({body}{dtype})"

    def __array__(self, dtype=None, copy=None):
        if copy or (dtype is not None and dtype != self._data.dtype):
            if copy is False:
                raise ValueError(f"a NumPy array of {dtype} needs a copy of this array of {self._data.dtype}")
            return self._data.astype(dtype or self._data.dtype)
        view = self._data.view()
        view.flags.writeable = False  # a write through it would escape the graph's notice
        return view

    def __buffer__(self, flags):
        """The data for `memoryview(x)` and `bytes(x)` from Python 3.12 on, without a copy; read-only, as `numpy.asarray(x)` is."""
        return memoryview(self.__array__())

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        if not all(map(_ours, inputs)):
            return NotImplemented
        if method == "at" and isinstance(inputs[0], Array):  # NumPy itself heeds no read-only flag here
            raise TypeError(f"numpy.{ufunc.__name__}.at writes into NumPy's arrays only; write x[key] = … instead")
        twin = TWINS.get(ufunc)
        if twin is None or method != "__call__" or options.keys() - {"where", "dtype"}:
            name = f"numpy.{ufunc.__name__}" if method == "__call__" else f"numpy.{ufunc.__name__}.{method}"
            return _by_numpy(name, getattr(ufunc, method), inputs, options, out)
        return twin(*inputs, **options) if out is None else twin(*inputs, out=out[0], **options)

    def __array_function__(self, function, types, args, kwargs):
        if not all(issubclass(t, Array | np.ndarray) for t in types):
            return NotImplemented
        twin = TWINS.get(function)
        if twin is None or (
            function is np.broadcast_arrays and not all(map(_ours, args))
        ):  # matplotlib broadcasts None, and strings
            return _by_numpy(f"{function.__module__}.{function.__name__}", function, args, kwargs)
        return twin(*args, **kwargs)

    def __array_namespace__(self, api_version=None):
        from . import numpy  # the namespace is built on this class

        return numpy

    def __dlpack__(self, **options):
        return self._data.__dlpack__(**options)

    def __dlpack_device__(self):
        return self._data.__dlpack_device__()

    def __reduce__(self):
        return wrap, (self._data,)

    def __copy__(self):
        return wrap(self._data.copy())

    def __deepcopy__(self, memo):
        """A copy of the data; a variable's copy is a variable, with a copy of the gradient."""
        copied = wrap(self._data.copy())
        if isinstance(self._node, Leaf):
            variable = self._node.variable
            attach(copied, variable.grad_req, wrap(variable.grad._data.copy()))
        return copied

    def copyto(self, other):
        """Copy the data into `other`, an array of the same shape, cast to its dtype; or to a device. Returns the copy."""
        if isinstance(other, devices.Device):
            return self.as_in_ctx(other)
        if other is not self:
            if other.shape != self.shape:
                raise ValueError(f"copyto: from shape {self.shape} to shape {other.shape}; shapes must be equal")
            other[...] = self.astype(other.dtype)
        return other

    def as_in_ctx(self, ctx):
        """This array, for it is on the only device there is.

        Raises
        ------
        MXNetError
            For a GPU.
        """
        devices.resolve(ctx)
        return self

    as_in_context = as_in_ctx

    def to_device(self, device, /, *, stream=None):
        """This array, for it is on the only device there is; `stream` has no effect."""
        return self.as_in_ctx(device)

    def as_np_ndarray(self):
        """This array."""
        return self

    as_nd_ndarray = as_np_ndarray

    @property
    def writable(self):
        """Whether the data may be written; that of `broadcast_to`, for one, may not."""
        return self._data.flags.writeable

    def slice_assign(self, rhs, begin, end, step):
        """`x[begin[0]:end[0]:step[0], …] = rhs`; None as in a slice. Returns the array."""
        self[tuple(map(slice, begin, end, step))] = rhs
        return self

    slice_assign_scalar = slice_assign

    def to_dlpack_for_read(self):
        """A DLPack capsule of the data, which is shared."""
        return self._data.__dlpack__()

    to_dlpack_for_write = to_dlpack_for_read

    def wait_to_read(self):
        """Return at once: results are there when an operation returns."""

    def astype(self, dtype, order="K", casting="unsafe", subok=True, copy=True):
        """A copy cast to `dtype`; with `copy=False` the array itself where it has that dtype already."""
        dtype = as_dtype(dtype)
        if not copy and dtype == self._data.dtype:
            return self
        if not np.can_cast(self._data.dtype, dtype, casting):
            raise TypeError(f"astype: {self._data.dtype} to {dtype} is not allowed by casting={casting!r}")
        return shaping.astype(self, dtype)

    # --- operators ----------------------------------------------------------------------------------------------------------------

    __add__ = arithmetic.add.method
    __radd__ = arithmetic.add.reflected
    __iadd__ = _in_place(arithmetic.add)
    __sub__ = arithmetic.subtract.method
    __rsub__ = arithmetic.subtract.reflected
    __isub__ = _in_place(arithmetic.subtract)
    __mul__ = arithmetic.multiply.method
    __rmul__ = arithmetic.multiply.reflected
    __imul__ = _in_place(arithmetic.multiply)
    __truediv__ = arithmetic.divide.method
    __rtruediv__ = arithmetic.divide.reflected
    __itruediv__ = _in_place(arithmetic.divide)
    __floordiv__ = arithmetic.floor_divide.method
    __rfloordiv__ = arithmetic.floor_divide.reflected
    __ifloordiv__ = _in_place(arithmetic.floor_divide)
    __mod__ = arithmetic.remainder.method
    __rmod__ = arithmetic.remainder.reflected
    __imod__ = _in_place(arithmetic.remainder)
    __pow__ = arithmetic.power.method
    __rpow__ = arithmetic.power.reflected
    __ipow__ = _in_place(arithmetic.power)
    __and__ = comparison.bitwise_and.method
    __rand__ = comparison.bitwise_and.reflected
    __iand__ = _in_place(comparison.bitwise_and)
    __or__ = comparison.bitwise_or.method
    __ror__ = comparison.bitwise_or.reflected
    __ior__ = _in_place(comparison.bitwise_or)
    __xor__ = comparison.bitwise_xor.method
    __rxor__ = comparison.bitwise_xor.reflected
    __ixor__ = _in_place(comparison.bitwise_xor)
    __lshift__ = comparison.left_shift.method
    __rlshift__ = comparison.left_shift.reflected
    __ilshift__ = _in_place(comparison.left_shift)
    __rshift__ = comparison.right_shift.method
    __rrshift__ = comparison.right_shift.reflected
    __irshift__ = _in_place(comparison.right_shift)
    __eq__ = comparison.equal.method
    __ne__ = comparison.not_equal.method
    __lt__ = comparison.less.method
    __le__ = comparison.less_equal.method
    __gt__ = comparison.greater.method
    __ge__ = comparison.greater_equal.method
    __hash__ = object.__hash__  # by identity, although == compares elements: arrays serve as keys for the sake of what they are

    __neg__ = arithmetic.negative
    __pos__ = arithmetic.positive
    __abs__ = arithmetic.absolute
    __invert__ = comparison.invert
    __round__ = rounding.round
    __floor__ = rounding.floor
    __ceil__ = rounding.ceil
    __trunc__ = rounding.trunc

    def __matmul__(self, other):
        return contractions.matmul(self, other) if _ours(other) else NotImplemented

    def __rmatmul__(self, other):
        return contractions.matmul(other, self) if _ours(other) else NotImplemented

    def __imatmul__(self, other):
        return write_out("matmul", self, contractions.matmul(self, other)) if _ours(other) else NotImplemented

    def __divmod__(self, other):
        return arithmetic.divmod(self, other) if _ours(other) else NotImplemented

    def __rdivmod__(self, other):
        return arithmetic.divmod(other, self) if _ours(other) else NotImplemented

    # --- methods ------------------------------------------------------------------------------------------------------------------

    conj = complexes.conjugate
    conjugate = complexes.conjugate
    sum = reductions.sum
    mean = reductions.mean
    prod = reductions.prod
    max = reductions.max
    min = reductions.min
    std = reductions.std
    var = reductions.var
    argmax = reductions.argmax
    argmin = reductions.argmin
    cumsum = reductions.cumsum
    cumprod = statistics.cumprod
    trace = diagonals.trace
    diagonal = diagonals.diagonal
    choose = choosing.choose
    searchsorted = counting.searchsorted
    all = reductions.all
    any = reductions.any
    norm = linalg.norm
    sort = sorting.sort
    argsort = sorting.argsort
    topk = sorting.topk
    dot = contractions.dot
    take = indexing.take
    round = rounding.round
    abs = arithmetic.absolute
    sqrt = arithmetic.sqrt
    square = arithmetic.square
    sign = rounding.sign
    broadcast_to = shaping.broadcast_to
    copy = shaping.copy
    expand_dims = shaping.expand_dims
    flip = turning.flip
    repeat = repeating.repeat
    squeeze = shaping.squeeze
    swapaxes = shaping.swapaxes
    tile = repeating.tile

    def clip(self, min=None, max=None, out=None):
        """`np.clip`: limited to the interval from `min` to `max`."""
        return selection.clip(self, min, max, out)

    def reshape(self, *shape, order="C", copy=None):
        """`np.reshape`: the same elements in another shape, given as a tuple or as numbers; -1 is inferred."""
        return shaping.reshape(self, shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape, order, copy=copy)

    reshape_view = reshape

    def flatten(self, order="C"):
        """A copy with one axis."""
        return shaping.copy(shaping.reshape(self, -1, order))

    def ravel(self, order="C"):
        """The same elements with one axis."""
        return shaping.reshape(self, -1, order)

    def transpose(self, *axes):
        """`np.transpose`: the axes in the order given, as a tuple or as numbers; reversed by default."""
        if len(axes) == 1 and (axes[0] is None or isinstance(axes[0], list | tuple)):
            axes = axes[0]
        return shaping.transpose(self, axes or None)

    def nonzero(self):
        """The indices of the elements that are not zero, one array for each axis."""
        return tuple(wrap(index) for index in np.nonzero(self._data))

    def compress(self, condition, axis=None, out=None):
        """`np.compress`: the elements along `axis` at which `condition` is true."""
        return choosing.compress(condition, self, axis, out)

    def fill(self, value):
        """Set every element to `value`."""
        self[...] = value

    def tobytes(self, order="C"):
        """The elements as they lie in memory: `bytes`."""
        return self._data.tobytes(order)


def _ours(value):
    return isinstance(value, Array | np.ndarray | np.number | np.bool | int | float | complex | list | tuple)


def _by_numpy(name, function, args, kwargs, out=None):
    """What has no twin here, computed by NumPy: a constant, and therefore refused where a gradient would get lost.

    It sees the data of our arrays as read-only.
    """
    if is_recording() and _any_recorded((args, kwargs)):
        raise TypeError(
            f"{name} has no gradient rule for these arguments, and one of them is recorded; write it with functions of mxnet.np,"
            " pass x.detach() if the result is to be a constant, or give it a rule with autograd.Function"
        )
    args, kwargs = _lowered(args), _lowered(kwargs)
    if out is None:
        return _raised(function(*args, **kwargs))
    results = function(*args, **kwargs)
    if len(out) == 1:
        return write_out(name, out[0], _raised(results))
    return tuple(r if o is None else write_out(name, o, r) for o, r in zip(out, _raised(results), strict=True))


def _any_recorded(value):
    if isinstance(value, Array):
        return value._node is not None
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list | tuple):
        return False
    return any(map(_any_recorded, value))


def _lowered(value):
    """`value` with NumPy's arrays, read-only, for ours."""
    if isinstance(value, Array):
        return value.__array__()
    if isinstance(value, dict):
        return {key: _lowered(part) for key, part in value.items()}
    return type(value)(map(_lowered, value)) if type(value) in (list, tuple) else value


def _raised(value):
    """`value` with our arrays for NumPy's, as far as we have their dtype."""
    if isinstance(value, np.ndarray | np.number | np.bool):
        return wrap(value) if value.dtype.kind in "biufc" else value
    return type(value)(map(_raised, value)) if type(value) in (list, tuple) else value


use_array_class(ndarray)
