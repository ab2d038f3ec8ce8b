"""Objects that make arrays of what stands in brackets: `r_`, `c_`, `mgrid`, `ogrid`; and keys that can be given a name."""

from numpy import index_exp, s_

from .creation import array, asarray
from .grids import arange, linspace, meshgrid
from .joining import concatenate, stack
from .types import result_type

__all__ = ["c_", "index_exp", "mgrid", "ogrid", "r_", "s_"]


def _numbers(name, part):
    """The numbers of a slice start:stop:step, whose step may be a number of them, `5j`: then `stop` is among them."""
    start, step = 0 if part.start is None else part.start, 1 if part.step is None else part.step
    if part.stop is None:
        raise TypeError(f"{name}: a slice says where it stops, as in {name}[0:5]")
    if isinstance(step, complex):
        return linspace(start, part.stop, int(abs(step)))
    return arange(start, part.stop, step)


class _Grid:
    """The coordinates of the points of a grid, one array for each slice.

    A slice start:stop:step is `arange(start, stop, step)`, and start:stop:5j is `linspace(start, stop, 5)`; the dtype is theirs.
    `mgrid` returns the arrays stacked, `ogrid` a tuple of arrays that broadcast against each other.

    Examples
    --------
    >>> from mxnet import np
    >>> np.mgrid[0:2, 0:3]
    array([[[0., 0., 0.],
            [1., 1., 1.]],
    <BLANKLINE>
           [[0., 1., 2.],
            [0., 1., 2.]]])
    >>> np.ogrid[0:2, 0:1:3j]
    (array([[0.],
           [1.]]), array([[0. , 0.5, 1. ]]))
    """

    def __init__(self, name, sparse):
        self._name = name
        self._sparse = sparse

    def __getitem__(self, key):
        parts = key if isinstance(key, tuple) else (key,)
        for part in parts:
            if not isinstance(part, slice):
                raise TypeError(f"{self._name}: takes slices, as in {self._name}[0:5, 0:1:11j], not {part!r:.60}")
        lines = [_numbers(self._name, part) for part in parts]
        if not isinstance(key, tuple):
            return lines[0]
        grid = meshgrid(*lines, indexing="ij", sparse=self._sparse)
        return tuple(grid) if self._sparse else stack(grid)

    def __repr__(self):
        return f"np.{self._name}"


class _Joined:
    """Arrays, numbers and slices one after another, in one array.

    Slices are what they are to `mgrid`. A number takes the dtype of the arrays that it meets. Gradients flow to arrays.
    `r_` joins along the first axis, and `c_` columns along the last. A string in front, 'axis', 'axis,ndim' or 'axis,ndim,first',
    says along which axis instead, how many axes there are at least, and where those of an array begin among these (-1: at the end).

    Examples
    --------
    >>> from mxnet import np
    >>> np.r_[np.array([1, 2]), 0, 4:6, 0:1:3j]
    array([1. , 2. , 0. , 4. , 5. , 0. , 0.5, 1. ])
    >>> np.r_['0,2', [1, 2], [3, 4]]
    array([[1., 2.],
           [3., 4.]])
    >>> np.c_[np.array([1, 2]), np.array([3, 4])]
    array([[1., 3.],
           [2., 4.]])
    """

    def __init__(self, name, axis=0, ndim=1, first=-1):
        self._name = name
        self._where = [axis, ndim, first]

    def __getitem__(self, key):
        parts = key if isinstance(key, tuple) else (key,)
        axis, ndim, first = self._where
        if parts and isinstance(parts[0], str):
            axis, ndim, first = self._read(parts[0])
            parts = parts[1:]
        if not parts:
            raise ValueError(f"{self._name}: there is nothing to join")
        arrays = [self._array(part) for part in parts]
        dtypes = [a.dtype for a in arrays if a is not None]
        for i, number in enumerate(parts):
            if arrays[i] is None:
                arrays[i] = array(number, result_type(*dtypes, number) if dtypes else None)
        return concatenate([_with_axes(a, ndim, first) for a in arrays], axis)

    def _array(self, part):
        """A part as an array; a number, whose dtype depends on the arrays that it meets, as None."""
        if isinstance(part, slice):
            return _numbers(self._name, part)
        return None if type(part) in (bool, int, float, complex) else asarray(part)

    def _read(self, text):
        try:
            given = [int(number) for number in text.split(",")]
            axis, ndim, first = given + self._where[len(given) :]
        except ValueError:
            raise ValueError(
                f"{self._name}: {text!r} is none of 'axis', 'axis,ndim' and 'axis,ndim,first', integers; there are no matrices"
            ) from None
        return axis, ndim, first

    def __repr__(self):
        return f"np.{self._name}"


def _with_axes(part, ndim, first):
    """An array of at least `ndim` axes, among which those of `part` begin at `first`."""
    missing = ndim - part.ndim
    if missing <= 0:
        return part
    before = first if first >= 0 else missing + 1 + first  # axes of size 1 in front
    return part.reshape((1,) * before + part.shape + (1,) * (missing - before))


mgrid, ogrid = _Grid("mgrid", sparse=False), _Grid("ogrid", sparse=True)
r_, c_ = _Joined("r_"), _Joined("c_", -1, 2, 0)
