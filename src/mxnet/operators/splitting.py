"""One array made several."""

import operator as python
from functools import reduce
from itertools import pairwise

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from ..core.operator import operator
from .indexing import as_key
from .joining import concatenate, stack
from .padding import pad

__all__ = ["array_split", "dsplit", "hsplit", "split", "unstack", "vsplit"]


def _bounds(shape, indices_or_sections, axis, even):
    """Where the pieces start and stop along `axis`."""
    size = shape[axis]
    try:
        sections = python.index(as_key(indices_or_sections))
    except TypeError:
        points = np.asarray(as_key(indices_or_sections)).tolist()
        slices = [slice(start, stop).indices(size) for start, stop in zip([0, *points], [*points, None], strict=True)]
        return [(start, max(start, stop)) for start, stop, _ in slices]
    if sections < 1:
        raise ValueError(f"the number of pieces is positive, not {sections}")
    if even and size % sections:
        raise ValueError(f"{sections} pieces do not divide axis {axis} of {shape} evenly; array_split allows uneven pieces")
    length, longer = divmod(size, sections)
    points = [length * i + min(i, longer) for i in range(sections + 1)]
    return list(pairwise(points))


def _cut(ary, indices_or_sections, axis, even=True):
    axis = normalize_axis_index(axis, ary.ndim)
    lead = (slice(None),) * axis
    return [ary[(*lead, slice(*bound))] for bound in _bounds(ary.shape, indices_or_sections, axis, even)]


def _cut_rule(g, indices_or_sections, axis, ary_shape):
    axis %= len(ary_shape)
    bounds = _bounds(ary_shape, indices_or_sections, axis, even=False)
    if all(stop == start for (_, stop), (start, _) in pairwise(bounds)):
        return concatenate(g, axis)
    before, after = [(0, 0)] * axis, [(0, 0)] * (len(ary_shape) - axis - 1)
    widths = [[*before, (start, ary_shape[axis] - stop), *after] for start, stop in bounds]
    return reduce(python.add, map(pad, g, widths))  # indices that go back: the pieces overlap


def _horizontal(shape):
    return 0 if len(shape) == 1 else 1


@operator(implements=np.split, hides=True, ary=_cut_rule)
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
    return _cut(ary, indices_or_sections, axis)


@operator(implements=np.array_split, hides=True, ary=_cut_rule)
def array_split(ary, indices_or_sections, axis=0):
    """`split` for any number of pieces: the first ones are longer by one where the axis is not divided evenly.

    Examples
    --------
    >>> from mxnet import np
    >>> np.array_split(np.array([1, 2, 3]), 2)
    [array([1., 2.]), array([3.])]
    """
    return _cut(ary, indices_or_sections, axis, even=False)


@operator(
    implements=np.hsplit,
    hides=True,
    ary=lambda g, indices_or_sections, ary_shape: _cut_rule(g, indices_or_sections, _horizontal(ary_shape), ary_shape),
)
def hsplit(ary, indices_or_sections):
    """`split` along axis 1, or axis 0 if there is no other.

    Examples
    --------
    >>> from mxnet import np
    >>> [x.shape for x in np.hsplit(np.ones((2, 4)), 2)]
    [(2, 2), (2, 2)]
    """
    if ary.ndim < 1:
        raise ValueError("ary has at least one axis; split is the function with an axis")
    return _cut(ary, indices_or_sections, _horizontal(ary.shape))


@operator(
    implements=np.vsplit,
    hides=True,
    ary=lambda g, indices_or_sections, ary_shape: _cut_rule(g, indices_or_sections, 0, ary_shape),
)
def vsplit(ary, indices_or_sections):
    """`split` along axis 0, for arrays of at least two axes.

    Examples
    --------
    >>> from mxnet import np
    >>> [x.shape for x in np.vsplit(np.ones((4, 2)), [1])]
    [(1, 2), (3, 2)]
    """
    if ary.ndim < 2:
        raise ValueError("ary has at least two axes; split is the function with an axis")
    return _cut(ary, indices_or_sections, 0)


@operator(
    implements=np.dsplit,
    hides=True,
    ary=lambda g, indices_or_sections, ary_shape: _cut_rule(g, indices_or_sections, 2, ary_shape),
)
def dsplit(ary, indices_or_sections):
    """`split` along axis 2, for arrays of at least three axes.

    Examples
    --------
    >>> from mxnet import np
    >>> [x.shape for x in np.dsplit(np.ones((2, 2, 4)), 2)]
    [(2, 2, 2), (2, 2, 2)]
    """
    if ary.ndim < 3:
        raise ValueError("ary has at least three axes; split is the function with an axis")
    return _cut(ary, indices_or_sections, 2)


def _unstack_rule(g, axis, x_shape):
    return stack(g, axis) if g else None  # an axis of size 0 leaves nothing


@operator(implements=getattr(np, "unstack", None), hides=True, x=_unstack_rule)
def unstack(x, axis=0):
    """A tuple of the slices of `x` along `axis`, which they lack: views. What `stack` undoes.

    Examples
    --------
    >>> from mxnet import np
    >>> np.unstack(np.array([[1, 2], [3, 4]]))
    (array([1., 2.]), array([3., 4.]))
    """
    axis = normalize_axis_index(axis, x.ndim)
    return tuple(np.moveaxis(x, axis, 0)[i, ...] for i in range(x.shape[axis]))
