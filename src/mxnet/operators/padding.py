"""Arrays with a border."""

from functools import reduce
from operator import add

import numpy as np

from ..core.array import Array, raw
from ..core.operator import operator, publish
from ..core.state import is_recording
from .indexing import as_key
from .reductions import sum
from .turning import flip

__all__ = ["pad"]

_COPYING = ("edge", "reflect", "symmetric", "wrap")  # modes whose border repeats elements of the array
_CONSTANT = ("constant", "empty")
_STATISTICS = ("maximum", "mean", "median", "minimum")


def _pairs(value, ndim):
    """What the user gave as a number, a pair, or a pair for each axis, as the latter."""
    return np.broadcast_to(as_key(np.asarray(value)), (ndim, 2)).tolist()


def _along(axis, start, stop):
    return (slice(None),) * axis + (slice(start, stop),)


def _pad_rule(g, pad_width, mode, reflect_type, x_shape):
    widths = _pairs(pad_width, len(x_shape))
    if mode in _CONSTANT:
        return g[tuple(slice(before, before + size) for size, (before, _) in zip(x_shape, widths, strict=True))]
    for axis, (size, width) in enumerate(zip(x_shape, widths, strict=True)):
        if not any(width):
            continue
        if mode in _COPYING and reflect_type != "odd":
            g = reduce(add, _unrolled(g, np.pad(np.arange(size), width, mode), size, axis))
        else:
            g = _mixed(g, axis, size, width, mode, reflect_type)
    return g


def _mixed(g, axis, size, width, mode, reflect_type):
    """For a border of linear combinations of the elements: what is made of the unit vectors is their matrix."""
    options = {} if reflect_type is None else {"reflect_type": reflect_type}
    matrix = np.pad(np.eye(size), [width, (0, 0)], mode, **options).astype(g.dtype)
    end = width[0] + size
    g = np.moveaxis(g, axis, -1)
    parts = [g[..., : width[0]] @ matrix[: width[0]], g[..., width[0] : end], g[..., end:] @ matrix[end:]]
    return np.moveaxis(reduce(add, parts), -1, axis)


# What each element has to do with a statistic of a line.
_SHARES = {
    "maximum": lambda lines, axis: lines == lines.max(axis=axis, keepdims=True),
    "mean": lambda lines, axis: np.ones(lines.shape),
    "median": lambda lines, axis: _in_the_middle(lines, axis),
    "minimum": lambda lines, axis: lines == lines.min(axis=axis, keepdims=True),
}


def _in_the_middle(lines, axis):
    order, size = np.argsort(lines, axis=axis, stable=True), lines.shape[axis]
    middle = np.zeros(lines.shape, bool)
    np.put_along_axis(middle, order[_along(axis, (size - 1) // 2, size // 2 + 1)], True, axis)
    return middle


def _statistics_rule(g, x, pad_width, mode, stat_length):
    """The axes get their borders one after another; the corners are statistics of borders."""
    x = raw(x)
    widths = _pairs(pad_width, x.ndim)
    lengths = [(size, size) for size in x.shape] if stat_length is None else _pairs(stat_length, x.ndim)
    stages = [x]
    for axis in range(x.ndim - 1):
        width = [pair if i == axis else (0, 0) for i, pair in enumerate(widths)]
        stages.append(np.pad(stages[-1], width, mode, stat_length=[lengths[axis]] * x.ndim))
    for axis in reversed(range(x.ndim)):
        before, after = widths[axis]
        size = x.shape[axis]
        first, last = [min(length, size) for length in lengths[axis]]
        parts = [g[_along(axis, before, before + size)]]
        for width, border, region in (
            (before, _along(axis, 0, before), (0, first)),
            (after, _along(axis, before + size, None), (size - last, size)),
        ):
            if width:
                shares = _SHARES[mode](stages[axis][_along(axis, *region)], axis)
                shares = (shares / np.maximum(shares.sum(axis=axis, keepdims=True), 1)).astype(g.dtype)
                part = sum(g[border], axis=axis, keepdims=True) * shares
                parts.append(pad(part, [(region[0], size - region[1]) if i == axis else (0, 0) for i in range(g.ndim)]))
        g = reduce(add, parts)
    return g


@operator(x=_statistics_rule)
def _with_statistics(x, pad_width, mode, stat_length):
    """`pad` in a mode whose gradient depends on the elements, which are kept for it."""
    options = {} if stat_length is None else {"stat_length": stat_length}
    return np.pad(x, as_key(np.asarray(pad_width)), mode, **options)


_with_statistics.operator.name = "pad"  # as users know it


def _unrolled(g, index, size, axis):
    """For a border that put slice `index[j]` at j: the cotangents of the runs in which `index` rises, falls or stands still."""
    steps = np.diff(index)
    turns = np.flatnonzero(np.diff(steps)) + 1
    start = 0
    while start < len(index):
        step, stop = 0, start + 1
        if start < len(steps) and -1 <= steps[start] <= 1:
            step = steps[start]
            stop = np.append(turns[turns > start], len(steps))[0] + 1
        part = g[_along(axis, start, stop)]
        if step == 0:
            part = sum(part, axis=axis, keepdims=True)
        elif step < 0:
            part = flip(part, axis)
        low = min(index[start], index[stop - 1])
        widths = [(0, 0)] * g.ndim
        widths[axis] = (low, size - low - part.shape[axis])
        yield pad(part, widths)
        start = stop


def _by_mode(call):
    """`pad`, which keeps the elements only in the modes that need them, and refuses a gradient through a function of the user's."""

    def pad(x, pad_width=None, mode="constant", constant_values=None, end_values=None, stat_length=None, reflect_type=None):
        if is_recording() and isinstance(x, Array) and x._node is not None:
            if callable(mode):
                raise NotImplementedError(
                    "pad: a function as mode writes into NumPy arrays and has no gradient; the named modes have. "
                    "Pad x.detach() if no gradient shall flow through the border"
                )
            if mode in _STATISTICS and pad_width is not None and constant_values is end_values is reflect_type is None:
                return _with_statistics(x, pad_width, mode, stat_length)
        return call(x, pad_width, mode, constant_values, end_values, stat_length, reflect_type)

    return publish(pad, call.operator, np.pad)


@_by_mode
@operator(x=_pad_rule)
def pad(x, pad_width=None, mode="constant", constant_values=None, end_values=None, stat_length=None, reflect_type=None):
    """`x` with a border.

    Parameters
    ----------
    x : ndarray
    pad_width : int, (int, int), or a pair for each axis
        How many elements to put before and after: one number for all, one pair for all axes, or a pair for each axis.
    mode : str or callable
        What the border holds: 'constant' (`constant_values`, 0 by default), 'edge' (the nearest element), 'reflect' (mirrored at
        the outermost element), 'symmetric' (mirrored at the edge), 'wrap' (the other end), 'linear_ramp' (from the edge to
        `end_values`, 0 by default), 'maximum', 'mean', 'median', 'minimum' (of the elements along the axis), 'empty' (anything);
        or a function as `numpy.pad` takes it.
    constant_values, end_values : number, pair, or a pair for each axis
        For 'constant' and 'linear_ramp'; laid out as `pad_width`.
    stat_length : int, pair, or a pair for each axis
        How many elements at the edge 'maximum', 'mean', 'median' and 'minimum' look at; all by default.
    reflect_type : {'even', 'odd'}
        For 'reflect' and 'symmetric': 'odd' is twice the edge less the mirrored value.

    Raises
    ------
    NotImplementedError
        If `x` is recorded and the mode is a function.

    Examples
    --------
    >>> from mxnet import np
    >>> x = np.array([1, 2, 3])
    >>> np.pad(x, (1, 2))
    array([0., 1., 2., 3., 0., 0.])
    >>> np.pad(x, 2, mode="reflect")
    array([3., 2., 1., 2., 3., 2., 1.])
    """
    if pad_width is None:
        raise TypeError("pad_width is missing, as in np.pad(x, ((1, 1), (0, 2)))")
    options = {
        "constant_values": constant_values,
        "end_values": end_values,
        "stat_length": stat_length,
        "reflect_type": reflect_type,
    }
    given = {name: value for name, value in options.items() if value is not None}
    return np.pad(x, as_key(np.asarray(pad_width)), mode, **given)
