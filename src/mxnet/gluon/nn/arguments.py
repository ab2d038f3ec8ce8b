"""Arguments of layers, checked where a layer is made, and what a layer reads off its first input."""

import numbers

__all__ = ["channels_of", "known_layout", "length_of", "per_axis", "share", "whole"]


def whole(layer, word, value, least=1):
    """A whole number of at least `least`."""
    if not isinstance(value, numbers.Integral) or value < least:
        raise ValueError(f"{layer}: {word} is a whole number of at least {least}, not {value!r:.60}")
    return int(value)


def per_axis(layer, word, value, axes, least):
    """A whole number for each of several axes, from one for all or a sequence."""
    values = tuple(value) if isinstance(value, tuple | list) else (value,) * axes
    if len(values) != axes or not all(isinstance(v, numbers.Integral) and v >= least for v in values):
        raise ValueError(f"{layer}: {word} is a whole number of at least {least}, or {axes} of them in a tuple, not {value!r:.60}")
    return tuple(map(int, values))


def known_layout(layer, layout, axes):
    """One of the layouts of images with `axes` spatial axes."""
    spatial = "DHW"[3 - axes :]
    known = f"NC{spatial}", f"N{spatial}C"
    if layout not in known:
        raise ValueError(f"{layer}: layout is {known[0]!r} or {known[1]!r}, not {layout!r:.60}")
    return layout


def share(layer, word, count, groups):
    """What each of `groups` equal groups has of `count`, which is -1 if unknown."""
    if count % groups and count != -1:
        raise ValueError(f"{layer}: {groups} groups of equal size cannot be made of {count} {word}")
    return -1 if count == -1 else count // groups


def length_of(layer, x, axis):
    """The length of an axis of the input."""
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(f"{layer} works along axis {axis} of its input, which has the shape {x.shape}")
    return _some(layer, x, axis)


def channels_of(layer, x, layout):
    """How many channels the input has."""
    if x.ndim != len(layout):
        raise ValueError(f"{layer} takes inputs with the axes {layout}, not of shape {x.shape}")
    return _some(layer, x, layout.index("C"))


def _some(layer, x, axis):
    if x.shape[axis] == 0:
        raise ValueError(f"{layer} takes inputs with one number at least along axis {axis}, not of shape {x.shape}")
    return x.shape[axis]
