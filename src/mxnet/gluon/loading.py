"""From arrays by name, as files have them, into parameters: everything is checked before anything is changed."""

import numpy

from .. import numpy as np
from ..registry import listed
from .parameter import old_name

__all__ = ["load_into"]


def load_into(parameters, loaded, source, device, allow_missing, ignore_extra, cast_dtype, dtype_source):
    """Set parameters, in a dictionary, from `loaded`, a dictionary of arrays; `source` is what messages call it."""
    if dtype_source not in ("current", "saved"):
        raise ValueError(f"dtype_source is 'current' or 'saved', not {dtype_source!r}")
    values = _by_key(parameters, loaded)
    keys = _with_twins(parameters, values)
    missing = [key for key in parameters if key not in keys]
    if missing and not allow_missing:
        old = map(old_name, parameters.values())
        called = f"Under names of MXNet 1 they are looked for as {listed(old)}. " if len(missing) == len(parameters) else ""
        raise AssertionError(
            f"{source} has no {listed(missing)}; it has {listed(values)}. {called}allow_missing=True leaves what is missing"
        )
    extra = [key for key in values if key not in parameters]
    if extra and not ignore_extra:
        raise ValueError(
            f"{source} has {listed(extra)}, for which there is no parameter; there are {listed(parameters)}. "
            "ignore_extra=True passes over them"
        )
    values = {key: np.array(values[twin], dtype=values[twin].dtype) for key, twin in keys.items()}
    for key, value in values.items():
        _check(parameters[key], key, value, source, cast_dtype)
    for key, value in values.items():
        parameter = parameters[key]
        if cast_dtype and dtype_source == "saved" and parameter.dtype != value.dtype:
            parameter.cast(value.dtype)
        if parameter._devices is None:
            parameter.allow_deferred_init, before = True, parameter.allow_deferred_init
            parameter.shape = value.shape
            parameter.initialize("zeros", device)
            parameter.allow_deferred_init = before
        parameter.set_data(value)


def _by_key(parameters, loaded):
    """The arrays by the keys of `parameters`: without the `arg:` and `aux:` of exported models, and from the names of MXNet 1."""
    loaded = {key.removeprefix("arg:").removeprefix("aux:"): value for key, value in loaded.items()}
    for key, parameter in parameters.items():
        place = parameter._place()
        if place and hasattr(place[0], "_joined"):  # it has as one parameter what older files have as several
            loaded = place[0]._joined(loaded, key)
    if parameters.keys() & loaded.keys():
        return loaded
    keys = {old_name(parameter): key for key, parameter in parameters.items()}
    return {keys.get(name, name): value for name, value in loaded.items()}


def _with_twins(parameters, values):
    """For every parameter that has values the key of these: its own, or another one of the same parameter, if blocks share it."""
    written = {id(parameters[key]): key for key in values if key in parameters}
    return {key: key if key in values else written[id(p)] for key, p in parameters.items() if key in values or id(p) in written}


def _check(parameter, key, value, source, cast_dtype):
    if not parameter.fits(value.shape):
        raise AssertionError(f"{key} has the shape {value.shape} in {source}, and {parameter.shape} here")
    if parameter.dtype != value.dtype and not cast_dtype:
        raise AssertionError(
            f"{key} is of {numpy.dtype(value.dtype)} in {source}, and of {parameter.dtype} here; cast_dtype=True converts it"
        )
