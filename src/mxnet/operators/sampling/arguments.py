"""What samplers do with their arguments, and the words their docstrings share."""

import numpy as np

from ...core import dtypes
from ...core.array import Array, raw
from ...core.operator import from_list, wrap, write_out
from ...core.words import with_words
from ...device import resolve
from ..creation import as_shape
from .streams import generator

NUMBERS = frozenset((int, float, bool))

_SIZE = "The shape of the result, to which parameters broadcast; by default theirs."
CONSTANT = "ndarray\n    Without a gradient in the parameters."
_SHARED = {
    "size": "size : int or tuple of int, optional\n    {size}",
    "dtype": "dtype : dtype, optional\n    {dtype}",
    "device": "device, ctx : Device, optional\n    A CPU.",
    "out": "out : ndarray, optional\n    Where to write the result.",
}


def documented(size=_SIZE, dtype="A float dtype; by default the default float dtype.", returns="ndarray"):
    """A decorator that puts what samplers share into a docstring: the last parameters and the result."""
    words = {name: text.format(size=size, dtype=dtype) for name, text in _SHARED.items()}
    return lambda function: with_words(function, words, returns)


documented_alone = documented(size="The shape of the result; by default a single number.")
documented_count = documented(dtype="By default int64. A sample that it does not hold is a ValueError.", returns=CONSTANT)


def float_dtype(name, dtype):
    """`dtype`, which must be a float dtype; None is the default."""
    dtype = dtypes.as_dtype(dtype)
    if dtype.kind != "f":
        raise TypeError(f"{name}: the result is of a float dtype, not {dtype}; randint draws integers")
    return dtype


def as_parameter(name, value):
    """A parameter of a distribution as a Python number or an array."""
    if type(value) in NUMBERS:
        return value
    if isinstance(value, np.generic):
        value = value.item()
        if type(value) in NUMBERS:
            return value
    array = value
    if not isinstance(value, Array) and value is not None and type(value) is not complex:
        array = wrap(value if isinstance(value, np.ndarray) else from_list(name, value))
    if not isinstance(array, Array) or array._data.dtype.kind not in "biuf":
        raise TypeError(f"{name}: a parameter is a real number or an array of them, not {value!r:.60}")
    return array


def as_integers(name, value):
    """Bounds and counts as a Python integer or a raw integer array; floats that are whole numbers are accepted."""
    if type(value) is int:
        return value
    value = np.asarray(raw(value))
    if value.dtype.kind == "f" and not np.isfinite(value).all():
        raise (ValueError if np.isnan(value).any() else OverflowError)(f"{name}: integers are expected, not {value!r:.60}")
    with np.errstate(invalid="ignore"):  # beyond int64
        whole = value.astype(np.int64) if value.dtype.kind == "f" else value
    if whole.dtype.kind not in "iu" or not np.array_equal(whole, value):
        raise TypeError(f"{name}: integers are expected, not {value!r:.60}")
    return int(whole) if whole.ndim == 0 else whole


def shape_of(name, size, parameters):
    """The shape of the result."""
    shapes = {key: np.shape(raw(value)) for key, value in parameters.items() if type(value) not in NUMBERS}
    size = None if size is None and shapes else _shape(name, size)
    if not shapes:
        return size
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


def _shape(name, size):
    return () if size is None else as_shape(name, size)


def refuse(name, parameter, value, expected, wrong):
    """Raise a ValueError if `wrong` holds for a parameter that is a number, or for an element of one that is an array."""
    if wrong(value) if type(value) in NUMBERS else wrong(raw(value)).any():
        raise ValueError(f"{name}: {parameter} is {expected}, not {raw(value)!r:.60}")


def _is_not_positive(x):
    return x <= 0  # NaN passes, as in NumPy: its samples are NaN


def _is_negative(x):
    return x < 0


def delivered(name, result, dtype, out):
    """A raw sample or an array as what the sampler returns."""
    if not isinstance(result, Array):
        result = wrap(np.asarray(result, dtype))
    elif result._data.dtype is not dtype:
        result = result.astype(dtype, copy=False)
    return result if out is None else write_out(name, out, result)


def transformed(name, parameters, draw, transform, request, *, positive=(), not_negative=(), from_numbers=None):
    """A sample: a function of noise and of parameters, recorded, so that gradients flow to the parameters.

    Parameters
    ----------
    parameters : dict
        By name, as the user gave them.
    draw : callable
        `draw(rng, shape, dtype, *parameters)` draws the noise, of float32 or float64.
    transform : callable
        `transform(noise, *parameters)`. Where all parameters are numbers the noise is raw and may be overwritten.
    request : tuple
        `size`, `dtype`, `device`, `ctx` and `out`, as the user gave them.
    positive, not_negative : tuple of str
        The parameters that must be above 0, and those that must not be below.
    from_numbers : callable, optional
        `from_numbers(rng, shape, dtype, *parameters)` is a shorter way to a sample where all parameters are numbers. Arrays go the
        long way even if they are not recorded: a checkpointed function must draw the same with recording as without.
    """
    size, dtype, device, ctx, out = request
    resolve(device, ctx)
    dtype = float_dtype(name, dtype)
    numbers = True
    for key, value in parameters.items():
        if type(value) not in NUMBERS:
            value = parameters[key] = as_parameter(name, value)
            numbers = numbers and type(value) in NUMBERS
    for key in positive:
        refuse(name, key, parameters[key], "above 0", _is_not_positive)
    for key in not_negative:
        refuse(name, key, parameters[key], "0 or above", _is_negative)
    shape = _shape(name, size) if numbers else shape_of(name, size, parameters)
    rng = generator()
    working = np.dtype(np.float32) if dtype.itemsize == 2 else dtype
    if numbers:
        if from_numbers is not None:
            return delivered(name, from_numbers(rng, shape, working, *parameters.values()), dtype, out)
        noise = np.asarray(draw(rng, shape, working, *parameters.values()), working)
        return delivered(name, transform(noise, *parameters.values()), dtype, out)
    values = parameters.values()
    noise = wrap(np.asarray(draw(rng, shape, working, *map(raw, values)), working))
    values = [value if type(value) in NUMBERS else value.astype(working, copy=False) for value in values]
    return delivered(name, transform(noise, *values), dtype, out)


def drawn(name, parameters, draw, request, whole=True):
    """A sample as NumPy draws it, constant in its parameters.

    `draw(rng, *parameters, shape)` is a method of NumPy's `Generator`, and `request` as in `transformed`. Samples
    of whole numbers are of int64 unless `dtype` says otherwise, others of the default float dtype.
    """
    size, dtype, device, ctx, out = request
    resolve(device, ctx)
    dtype = (np.dtype(np.int64) if dtype is None else dtypes.as_dtype(dtype)) if whole else float_dtype(name, dtype)
    parameters = {key: as_parameter(name, value) for key, value in parameters.items()}
    shape = shape_of(name, size, parameters)
    values = {key: raw(value) for key, value in parameters.items()}
    try:
        sample = np.asarray(draw(generator(), *values.values(), shape))
    except (ValueError, TypeError, OverflowError) as error:
        if str(error).startswith(f"{name}: "):
            raise
        given = ", ".join(f"{key}={value!r:.40}" for key, value in values.items())
        raise type(error)(f"{name}: {error} (given {given})") from None
    return delivered(name, fitting(name, sample, dtype), dtype, out)


def fitting(name, sample, dtype):
    """A raw sample cast to `dtype`, into which whole numbers must fit."""
    result = sample.astype(dtype, copy=False)
    if dtype.kind in "iu" and sample.dtype.kind in "iu" and not np.can_cast(sample.dtype, dtype) and not (result == sample).all():
        raise ValueError(f"{name}: {dtype} does not hold {sample[result != sample].flat[0]}, which was drawn")
    return result
