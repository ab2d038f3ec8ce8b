"""Shapes and dtypes of arguments, which stay when the arrays are gone."""

from typing import NamedTuple

from .. import numpy as np

__all__ = ["Form", "forms_of", "mapped"]


class Form(NamedTuple):
    """What is remembered of an array."""

    shape: tuple
    dtype: object


def forms_of(value):
    """Arguments with forms in place of arrays, in lists and dictionaries, too."""
    return mapped(value, np.ndarray, lambda array: Form(array.shape, array.dtype))


def mapped(value, kind, function):
    """`value` with every part that is of a kind replaced by `function(part)`."""
    if isinstance(value, kind):
        return function(value)
    if isinstance(value, list | tuple):
        return [mapped(part, kind, function) for part in value]
    if isinstance(value, dict):
        return {key: mapped(part, kind, function) for key, part in value.items()}
    return value
