"""Random numbers: a generator for each thread, all derived from one seed; samples are differentiable in their parameters."""

import threading
from itertools import count

import numpy as np

from ..core.array import Array, raw
from ..core.dtypes import as_dtype
from ..core.operator import from_list, operator, wrap, write_out
from ..device import resolve
from .creation import as_shape

__all__ = [
    "choice",
    "generator",
    "get_state",
    "normal",
    "permutation",
    "rand",
    "randint",
    "randn",
    "seed",
    "set_state",
    "shuffle",
    "uniform",
]


class _Stream:
    """What a seed stands for: a sequence of generators, one for each thread that asks."""

    def __init__(self, seed):
        self._entropy = [abs(seed), int(seed < 0)]
        self._number = count()

    def generator(self):
        sequence = np.random.SeedSequence(self._entropy, spawn_key=(next(self._number),))
        return np.random.Generator(np.random.SFC64(sequence))


# As in MXNet, a program that never seeds draws the same numbers each time it runs.
_stream = _Stream(0)
_threads = threading.local()


def generator():
    """The `numpy.random.Generator` of the current thread."""
    stream = _stream
    if getattr(_threads, "stream", None) is not stream:
        _join(stream)
    return _threads.generator


def _join(stream):
    """Let the current thread draw from a generator of `stream`."""
    _threads.generator = stream.generator()
    _threads.stream = stream


def get_state():
    """The state of the current thread's generator, for `set_state`."""
    return generator().bit_generator.state


def set_state(state):
    """Put the current thread's generator back to a state that `get_state` returned, so that it draws the same numbers again."""
    generator().bit_generator.state = state


def seed(seed_state, device="all", ctx=None):
    """Start the random numbers again, at a place that an integer names.

    Equal seeds give equal numbers in the thread that calls this. Other threads draw other numbers, each from a stream of its own.
    NumPy's own random numbers are not touched.

    Parameters
    ----------
    seed_state : int
        Of any size and sign.
    device : Device, optional
        Accepted, and without effect: all CPUs share the generators.
    ctx : Device, optional
        An older name of `device`.

    Raises
    ------
    ValueError
        If `seed_state` is no integer.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.seed(7)
    >>> first = np.random.uniform(size=3)
    >>> np.random.seed(7)
    >>> bool((np.random.uniform(size=3) == first).all())
    True
    """
    global _stream
    if not isinstance(seed_state, int | np.integer):
        raise ValueError(f"seed: seed_state is an int, not {seed_state!r:.60}")
    resolve(None if isinstance(device, str) and device == "all" else device, ctx)
    stream = _Stream(int(seed_state))
    _join(stream)  # before other threads see it: the first of its generators is for this thread
    _stream = stream


def uniform(low=0.0, high=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers evenly distributed over [low, high).

    Differentiable: a sample low + u·(high - low), with u fixed, has the gradients 1 - u and u.

    Parameters
    ----------
    low, high : float or ndarray, optional
        The ends of the interval, in any order; they broadcast against each other.
    size : int or tuple of int, optional
        The shape of the result, to which `low` and `high` broadcast; by default theirs.
    dtype : dtype, optional
        A float dtype; by default the default float dtype.
    device, ctx : Device, optional
        A CPU.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.random.uniform(-1, 1, size=(2, 3))
    >>> x.shape, bool((x >= -1).all() and (x < 1).all())
    ((2, 3), True)
    """
    resolve(device, ctx)
    dtype = _float_dtype("uniform", dtype)
    low, high = _parameter("uniform", low), _parameter("uniform", high)
    noise = _drawn(generator().random, _shape("uniform", size, low=low, high=high), dtype)
    if type(low) in _NUMBERS and type(high) in _NUMBERS:
        if low != 0 or high != 1:
            noise *= high - low
            noise += low
        if low != 0 or high != 1 or dtype.itemsize == 2:
            _exclude_end(noise, dtype.type(low), dtype.type(high))
        result = wrap(noise)
    else:
        result = _between(wrap(noise), low, high)
    return result if out is None else write_out("uniform", out, result)


@operator(low=lambda g, noise: g * (1 - noise), high=lambda g, noise: g * noise)
def _between(noise, low, high):
    """Noise from [0, 1), stretched to [low, high)."""
    low, high = np.asarray(low, noise.dtype), np.asarray(high, noise.dtype)
    result = np.asarray(low + (high - low) * noise)
    _exclude_end(result, low, high)
    return result


def _exclude_end(x, low, high):
    """Bring `x`, in place, back into [low, high): rounding may have reached `high`."""
    last = np.nextafter(high, low)
    np.clip(x, np.minimum(low, last), np.maximum(low, last), out=x)


def normal(loc=0.0, scale=1.0, size=None, dtype=None, device=None, out=None, ctx=None):
    """Numbers from normal distributions.

    Differentiable: a sample loc + scale·z, with z fixed, has the gradients 1 and z.

    Parameters
    ----------
    loc, scale : float or ndarray, optional
        The mean and the standard deviation; they broadcast against each other.
    size : int or tuple of int, optional
        The shape of the result, to which `loc` and `scale` broadcast; by default theirs.
    dtype : dtype, optional
        A float dtype; by default the default float dtype.
    device, ctx : Device, optional
        A CPU.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If a scale is below 0.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.normal(5, 0, size=3)
    array([5., 5., 5.])
    """
    resolve(device, ctx)
    dtype = _float_dtype("normal", dtype)
    loc, scale = _parameter("normal", loc), _parameter("normal", scale)
    if scale < 0 if type(scale) in _NUMBERS else (scale._data < 0).any():
        raise ValueError(f"normal: a scale is a standard deviation, 0 or above, not {raw(scale)!r:.60}")
    noise = _drawn(generator().standard_normal, _shape("normal", size, loc=loc, scale=scale), dtype)
    if type(loc) in _NUMBERS and type(scale) in _NUMBERS:
        if loc != 0 or scale != 1:
            noise *= scale
            noise += loc
        result = wrap(noise)
    else:
        result = _spread(wrap(noise), loc, scale)
    return result if out is None else write_out("normal", out, result)


@operator(loc=lambda g: g, scale=lambda g, noise: g * noise)
def _spread(noise, loc, scale):
    """Standard noise, moved to `loc` and stretched by `scale`."""
    return np.asarray(loc, noise.dtype) + np.asarray(scale, noise.dtype) * noise


def rand(*size, dtype=None, device=None, ctx=None):
    """Numbers evenly distributed over [0, 1), in an array of the given shape.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.rand(2, 3).shape
    (2, 3)
    """
    return uniform(size=size, dtype=dtype, device=device, ctx=ctx)


def randn(*size, dtype=None, device=None, ctx=None):
    """Numbers from the standard normal distribution, in an array of the given shape.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.randn(2, 3).shape
    (2, 3)
    """
    return normal(size=size, dtype=dtype, device=device, ctx=ctx)


def randint(low, high=None, size=None, dtype=None, device=None, out=None, ctx=None):
    """Integers evenly distributed over [low, high), or over [0, low) if there is no `high`.

    Parameters
    ----------
    low, high : int or ndarray of int
        They broadcast against each other.
    size : int or tuple of int, optional
        The shape of the result; by default that of `low` and `high`.
    dtype : dtype, optional
        An integer dtype; int64 by default.
    device, ctx : Device, optional
        A CPU.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If the interval is empty or exceeds the dtype.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.randint(3, 4, size=2)
    array([3, 3], dtype=int64)
    """
    resolve(device, ctx)
    dtype = np.dtype(np.int64) if dtype is None else as_dtype(dtype)
    if dtype.kind not in "iu":
        raise TypeError(f"randint: the result is of an integer dtype, not {dtype}")
    low, high = (0, low) if high is None else (low, high)
    low, high = _integers("randint", low), _integers("randint", high)
    shape = _shape("randint", size, low=low, high=high)
    if np.any(low >= high):
        raise ValueError(f"randint: the interval from {low!r:.40} up to, but without, {high!r:.40} is empty")
    try:
        result = wrap(generator().integers(low, high, shape, dtype))
    except ValueError as error:
        raise ValueError(f"randint: {error} (from {low!r:.40} up to {high!r:.40})") from None
    return result if out is None else write_out("randint", out, result)


def choice(a, size=None, replace=True, p=None, device=None, out=None, ctx=None):
    """Elements drawn from an array, or from the integers below a number.

    Parameters
    ----------
    a : int or ndarray
        What to draw from: 0 … a - 1, or the elements (of a matrix, the rows) of `a`, through which gradients flow.
    size : int or tuple of int, optional
        The shape of the sample; by default a single element.
    replace : bool, optional
        Whether an element may be drawn twice.
    p : ndarray, optional
        The probability of each element; by default all are alike.
    device, ctx : Device, optional
        A CPU.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray
        int64, or of the dtype of `a`.

    Raises
    ------
    ValueError
        If `p` does not sum to 1, or if there are too few elements to draw without replacement.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.choice(3, 4, p=np.array([0, 1, 0]))
    array([1, 1, 1, 1], dtype=int64)
    """
    resolve(device, ctx)
    population = _population("choice", a)
    n = population if isinstance(population, int) else len(population)
    try:
        drawn = generator().choice(
            n, None if size is None else as_shape("choice", size), replace, None if p is None else np.asarray(raw(p))
        )
    except (ValueError, TypeError) as error:
        raise type(error)(f"choice: {error} (given {n} elements, size={size!r})") from None
    drawn = np.asarray(drawn, np.int64)
    result = wrap(drawn) if isinstance(population, int) else population[drawn]
    return result if out is None else write_out("choice", out, result)


def permutation(x):
    """The integers below `x` in random order, or a copy of the array `x` with its rows in random order.

    Gradients flow through the copy.

    Examples
    --------
    >>> from mxnet import np
    >>> np.sort(np.random.permutation(4))
    array([0, 1, 2, 3], dtype=int64)
    """
    population = _population("permutation", x)
    n = population if isinstance(population, int) else len(population)
    order = generator().permutation(n).astype(np.int64, copy=False)
    return wrap(order) if isinstance(population, int) else population[order]


def shuffle(x):
    """Put the rows of `x`, its elements along the first axis, in random order, in place.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([[1, 2], [3, 4]])
    >>> np.random.shuffle(x)
    >>> sorted(x.tolist())
    [[1.0, 2.0], [3.0, 4.0]]
    """
    if isinstance(x, Array):
        if x.ndim:
            x[...] = permutation(x)
    elif isinstance(x, np.ndarray | list):
        generator().shuffle(x)
    else:
        raise TypeError(
            f"shuffle: works in place on an array or a list, not on a {type(x).__name__}; permutation(x) returns a copy"
        )


_NUMBERS = frozenset((int, float, bool))


def _float_dtype(name, dtype):
    dtype = as_dtype(dtype)
    if dtype.kind != "f":
        raise TypeError(f"{name}: the result is of a float dtype, not {dtype}; randint draws integers")
    return dtype


def _parameter(name, value):
    """A parameter of a distribution as a Python number or an array."""
    if type(value) in _NUMBERS or isinstance(value, Array):
        return value
    if isinstance(value, np.generic):
        return value.item()
    return wrap(from_list(name, value))


def _integers(name, value):
    """Bounds as a Python integer or a raw integer array; floats that are whole numbers are accepted in arrays."""
    if type(value) is int:
        return value
    value = np.asarray(raw(value))
    whole = value.astype(np.int64) if value.dtype.kind == "f" and value.ndim else value
    if whole.dtype.kind not in "iu" or not np.array_equal(whole, value):
        raise TypeError(f"{name}: bounds are integers, not {value!r:.60}")
    return int(whole) if whole.ndim == 0 else whole


def _shape(name, size, **parameters):
    """The shape of the result."""
    size = None if size is None else as_shape(name, size)
    if all(type(value) in _NUMBERS for value in parameters.values()):
        return size or ()
    shapes = {key: np.shape(raw(value)) for key, value in parameters.items()}
    try:
        shape = np.broadcast_shapes(*shapes.values())
        if size is None:
            return shape
        if np.broadcast_shapes(shape, size) == size:
            return size
    except ValueError:
        pass
    given = " and ".join(f"{key} of shape {shape}" for key, shape in shapes.items())
    target = "each other" if size is None else f"size={size}"
    raise ValueError(f"{name}: {given} do not broadcast to {target}")


def _drawn(draw, shape, dtype):
    """A sample of a float dtype, drawn in it where the generator can."""
    if dtype.itemsize == 2:
        return np.asarray(draw(shape, np.float32)).astype(dtype)
    return np.asarray(draw(shape, dtype))


def _population(name, a):
    """What to draw from: a number of integers, or an array of at least one axis."""
    if isinstance(a, int | np.integer):
        return int(a)
    if not isinstance(a, Array):
        a = wrap(a if isinstance(a, np.ndarray) else from_list(name, a))
    if a.ndim == 0:
        if a.dtype.kind not in "iu":
            raise TypeError(f"{name}: draws from an integer or from an array of at least one axis, not from {a!r}")
        return int(a._data)
    return a
