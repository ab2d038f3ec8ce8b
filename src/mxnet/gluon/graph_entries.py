"""What the entries of `graph_calls` and `graph_layers` share."""

import inspect
import numbers

import numpy

__all__ = ["NotInGraphs", "alike", "axes_of", "binder", "name_of", "of_one", "scalar"]


class NotInGraphs(Exception):
    """A call that no operator of a graph stands for; the text says why."""


def binder(function):
    """What gives the arguments of a call by the names of the parameters, with the defaults of those that are left out."""
    signature = inspect.signature(function)

    def bind(args, kwargs):
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return bound.arguments

    return bind


def scalar(number):
    """The attributes of an operator of an array and a number."""
    if isinstance(number, complex | numpy.complexfloating):
        raise NotInGraphs("graphs have no complex numbers")
    whole = isinstance(number, numbers.Integral | numpy.bool)
    return {"scalar": int(number) if whole else float(number), "is_int": whole}


def name_of(dtype):
    """The name of a dtype, if there is one."""
    return None if dtype is None else numpy.dtype(dtype).name


def axes_of(axis):
    """One axis or several as a tuple, if there are any."""
    return axis if axis is None or isinstance(axis, tuple) else tuple(axis) if isinstance(axis, list) else (int(axis),)


def of_one(name):
    """The entry of a function of one array, without attributes."""

    def entry(add, x, out=None):
        return add(name, x)

    return entry


def alike(name, function, inputs=1, without=()):
    """An operator whose attributes are the parameters of the function, after so many inputs."""
    bind = binder(function)

    def entry(add, *args, **kwargs):
        given = {key: value for key, value in bind(args, kwargs).items() if key not in ("out", "name", "ctx", *without)}
        arrays = [given.pop(key) for key in list(given)[:inputs]]
        return add(name, *arrays, **{key: name_of(value) if key == "dtype" else value for key, value in given.items()})

    return entry
