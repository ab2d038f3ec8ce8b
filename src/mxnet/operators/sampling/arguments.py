"""What samplers do with their arguments: dtypes, parameters, shapes."""

import numpy as np

from ...core.array import Array, raw
from ...core.dtypes import as_dtype
from ...core.operator import from_list, wrap, write_out
from ...device import resolve
from ..creation import as_shape
from .streams import generator

NUMBERS = frozenset((int, float, bool))


def float_dtype(name, dtype):
    """`dtype`, which must be a float dtype; None is the default."""
    dtype = as_dtype(dtype)
    if dtype.kind != "f":
        raise TypeError(f"{name}: the result is of a float dtype, not {dtype}; randint draws integers")
    return dtype


def as_parameter(name, value):
    """A parameter of a distribution as a Python number or an array."""
    if type(value) in NUMBERS or isinstance(value, Array):
        return value
    if isinstance(value, np.generic):
        return value.item()
    return wrap(from_list(name, value))


def as_integers(name, value):
    """Bounds as a Python integer or a raw integer array; floats that are whole numbers are accepted in arrays."""
    if type(value) is int:
        return value
    value = np.asarray(raw(value))
    whole = value.astype(np.int64) if value.dtype.kind == "f" and value.ndim else value
    if whole.dtype.kind not in "iu" or not np.array_equal(whole, value):
        raise TypeError(f"{name}: bounds are integers, not {value!r:.60}")
    return int(whole) if whole.ndim == 0 else whole


def shape_of(name, size, **parameters):
    """The shape of the result."""
    size = None if size is None else as_shape(name, size)
    if all(type(value) in NUMBERS for value in parameters.values()):
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


def drawn(draw, shape, dtype):
    """A sample of a float dtype, drawn in it where the generator can."""
    if dtype.itemsize == 2:
        return np.asarray(draw(shape, np.float32)).astype(dtype)
    return np.asarray(draw(shape, dtype))


def refuse_unless(name, holds, expected, **parameters):
    """Raise an error if a parameter, a number or an array, has values that it cannot have."""
    for parameter, value in parameters.items():
        data = raw(value)
        if not np.all(holds(data)):
            raise ValueError(f"{name}: {parameter} is {expected}, not {data!r:.60}")


def transformed(name, transform, draw, parameters, size, dtype, device, ctx, out, *, positive=(), not_negative=()):
    """A sample: a function of standard noise and of parameters, recorded, so that gradients flow to the parameters.

    Parameters
    ----------
    transform : callable
        `transform(noise, *parameters)`; what is float16 elsewhere is float32 in it.
    draw : callable
        `draw(rng, shape, dtype, *parameters)` draws the noise.
    parameters : dict
        By name, as the user gave them.
    positive, not_negative : tuple of str
        The parameters that must be above 0, and those that must not be below.
    """
    resolve(device, ctx)
    dtype = float_dtype(name, dtype)
    parameters = {key: as_parameter(name, value) for key, value in parameters.items()}
    refuse_unless(name, lambda x: ~(x <= 0), "above 0", **{key: np.asarray(raw(parameters[key])) for key in positive})
    refuse_unless(name, lambda x: ~(x < 0), "0 or above", **{key: np.asarray(raw(parameters[key])) for key in not_negative})
    shape = shape_of(name, size, **parameters)
    working = np.dtype(np.float32) if dtype.itemsize == 2 else dtype
    noise = wrap(np.asarray(draw(generator(), shape, working, *[raw(value) for value in parameters.values()]), working))
    values = [value if type(value) in NUMBERS else value.astype(working, copy=False) for value in parameters.values()]
    result = transform(noise, *values).astype(dtype, copy=False)
    return result if out is None else write_out(name, out, result)


def counted(name, draw, parameters, size, dtype, device, ctx, out):
    """A sample of whole numbers, int64 unless `dtype` says otherwise: `draw(rng, shape, *parameters)`."""
    resolve(device, ctx)
    dtype = np.dtype(np.int64) if dtype is None else as_dtype(dtype)
    parameters = {key: as_parameter(name, value) for key, value in parameters.items()}
    shape = shape_of(name, size, **parameters)
    values = {key: raw(value) for key, value in parameters.items()}
    try:
        result = wrap(np.asarray(draw(generator(), shape, *values.values())).astype(dtype))
    except ValueError as error:
        given = ", ".join(f"{key}={value!r:.40}" for key, value in values.items())
        raise ValueError(f"{name}: {error} (given {given})") from None
    return result if out is None else write_out(name, out, result)
