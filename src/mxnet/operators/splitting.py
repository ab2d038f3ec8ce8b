"""One array made several: pieces that are `ary[key]`, views through which writes go both ways, under `record()` too."""

import operator as python
from functools import reduce
from itertools import pairwise

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..core.array import Array, raw
from ..core.operator import TWINS, operator, wrap_results
from ..core.state import is_recording
from ..core.views import register
from .indexing import as_key, getitem, placed, scatter
from .joining import concatenate, stack
from .operands import as_operand, implements

__all__ = ["array_split", "dsplit", "hsplit", "split", "unstack", "vsplit"]


def _slices(name, shape, indices_or_sections, axis, even):
    """The pieces along `axis`, as slices."""
    size = shape[axis]
    indices_or_sections = as_key(raw(indices_or_sections))
    try:
        sections = python.index(indices_or_sections)
    except TypeError:
        points = np.asarray(indices_or_sections).tolist()
        bounds = [slice(start, stop).indices(size) for start, stop in zip([0, *points], [*points, None], strict=True)]
        return [slice(start, max(start, stop)) for start, stop, _ in bounds]
    if sections < 1:
        raise ValueError(f"{name}: the number of pieces is positive, not {sections}")
    length, longer = divmod(size, sections)
    if even and longer:
        raise ValueError(f"{name}: {sections} pieces do not divide axis {axis} of {shape} evenly; array_split allows uneven pieces")
    points = [length * i + min(i, longer) for i in range(sections + 1)]
    return [slice(start, stop) for start, stop in pairwise(points)]


def _is_zero(g):
    """Whether the raw cotangent `g` is one zero, stretched: that of a piece that nobody used."""
    return type(g) is np.ndarray and not any(g.strides) and g.size > 0 and not g.flat[0]


def _keys(axis, along):
    """What reads the pieces: `along` at `axis`."""
    lead = (slice(None),) * axis
    return [(*lead, at) for at in along]


def _pieces_rule(g, axis, along, ary_shape):
    used = [(part, key) for part, key in zip(g, _keys(axis, along), strict=True) if not _is_zero(part)]
    if len(used) == 1:
        return scatter(*used[0], ary_shape)
    if type(along) is range:
        return stack(g, axis) if g else None  # an axis of size 0 leaves nothing
    if all(a.stop == b.start for a, b in pairwise(along)):
        return concatenate(g, axis)
    return reduce(python.add, [placed(part, key, ary_shape) for part, key in used])  # indices that go back: the pieces overlap


@operator(hides=True, ary=_pieces_rule)
def _pieces(ary, axis, along):
    return [ary[(*key, ...)] for key in _keys(axis, along)]


def _read(ary, axis, along):
    """The pieces. One node serves them all; through which key they view `ary` is for each to know."""
    if not isinstance(ary, Array):
        return _pieces(ary, axis, along)
    values = ary._data, axis, along
    parts = _pieces.operator.forward(*values)
    recorded = ary._node is not None and is_recording()
    parts = wrap_results(parts, _pieces.operator.record(values, parts, (ary._node,)) if recorded else None)
    for part, key in zip(parts, _keys(axis, along), strict=True):
        register(part, ary, getitem, (key,))
    return parts


def _cut(name, ary, indices_or_sections, axis, even=True, axes=0):
    ary = as_operand(name, ary)
    if ary.ndim < axes:
        raise ValueError(
            f"{name}: takes arrays of at least {axes} axes, not of shape {ary.shape}; split is the function with an axis"
        )
    axis = normalize_axis_index(axis, ary.ndim, name)
    return _read(ary, axis, _slices(name, ary.shape, indices_or_sections, axis, even))


@implements(np.split)
def split(ary, indices_or_sections, axis=0):
    """A list of pieces of `ary` along `axis`: views.

    Parameters
    ----------
    ary : ndarray
    indices_or_sections : int or sequence of int
        The number of pieces, which are equal; or where all but the first of them start.
    axis : int

    Raises
    ------
    ValueError
        If the axis is not divided evenly (see `array_split`).

    Examples
    --------
    >>> from mxnet import np
    >>> np.split(np.array([1, 2, 3]), [1])
    [array([1.]), array([2., 3.])]
    """
    return _cut("split", ary, indices_or_sections, axis)


@implements(np.array_split)
def array_split(ary, indices_or_sections, axis=0):
    """`split` for any number of pieces: the first ones are longer by one where the axis is not divided evenly.

    Examples
    --------
    >>> from mxnet import np
    >>> np.array_split(np.array([1, 2, 3]), 2)
    [array([1., 2.]), array([3.])]
    """
    return _cut("array_split", ary, indices_or_sections, axis, even=False)


@implements(np.hsplit)
def hsplit(ary, indices_or_sections):
    """`split` along axis 1, or axis 0 if there is no other.

    Examples
    --------
    >>> from mxnet import np
    >>> [x.shape for x in np.hsplit(np.ones((2, 4)), 2)]
    [(2, 2), (2, 2)]
    """
    return _cut("hsplit", ary, indices_or_sections, 0 if np.ndim(raw(ary)) == 1 else 1, axes=1)


@implements(np.vsplit)
def vsplit(ary, indices_or_sections):
    """`split` along axis 0, for arrays of at least two axes.

    Examples
    --------
    >>> from mxnet import np
    >>> [x.shape for x in np.vsplit(np.ones((4, 2)), [1])]
    [(1, 2), (3, 2)]
    """
    return _cut("vsplit", ary, indices_or_sections, 0, axes=2)


@implements(np.dsplit)
def dsplit(ary, indices_or_sections):
    """`split` along axis 2, for arrays of at least three axes.

    Examples
    --------
    >>> from mxnet import np
    >>> [x.shape for x in np.dsplit(np.ones((2, 2, 4)), 2)]
    [(2, 2, 2), (2, 2, 2)]
    """
    return _cut("dsplit", ary, indices_or_sections, 2, axes=3)


def unstack(x, axis=0):
    """A tuple of the slices of `x` along `axis`, which they lack: views. What `stack` undoes.

    Examples
    --------
    >>> from mxnet import np
    >>> np.unstack(np.array([[1, 2], [3, 4]]))
    (array([1., 2.]), array([3., 4.]))
    """
    x = as_operand("unstack", x)
    axis = normalize_axis_index(axis, x.ndim, "unstack")
    return tuple(_read(x, axis, range(x.shape[axis])))


if hasattr(np, "unstack"):  # NumPy 2.1
    TWINS[np.unstack] = unstack
