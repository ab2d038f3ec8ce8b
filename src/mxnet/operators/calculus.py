"""Differences, slopes and areas of sampled functions; interpolation and convolution."""

from math import pi

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from ..core.array import Array, raw
from ..core.dtypes import floating, promoted
from ..core.operator import operator
from .arithmetic import subtract
from .comparison import not_equal
from .indexing import scatter, take
from .joining import concatenate
from .operands import as_operand, as_vector, conjugate, floats, implements, wide
from .reductions import sum
from .selection import where
from .shaping import broadcast_to, moveaxis, ravel, reshape
from .turning import flip

__all__ = [
    "convolve",
    "correlate",
    "diff",
    "ediff1d",
    "gradient",
    "interp",
    "trapezoid",
    "trapz",
    "unwrap",
]


# --- differences ----------------------------------------------------------------------------------------------------------------


def _parts(x, axis, *slices):
    """Slices of `x` along one axis."""
    lead = (slice(None),) * axis
    return [x[(*lead, part)] for part in slices]


def _border(value, a, axis):
    """What goes before or after `a`: a number fills an axis of length 1."""
    if isinstance(value, int | float):
        value = np.asarray(value, floating(a.dtype) if isinstance(value, float) else a.dtype)
    value = as_operand("diff", value)
    return value if value.ndim else broadcast_to(value, tuple([1 if i == axis else size for i, size in enumerate(a.shape)]))


def _one_axis(name, axis, ndim):
    try:
        return normalize_axis_index(axis, ndim, name)
    except TypeError:
        raise TypeError(f"{name}: axis is an integer, not {axis!r}") from None


@implements(np.diff)
def diff(a, n=1, axis=-1, prepend=None, append=None):
    """The differences of neighbours along `axis`, a[i + 1] - a[i], taken `n` times over.

    Parameters
    ----------
    a : ndarray
    n : int
        0 returns `a`.
    axis : int
    prepend, append : number or ndarray, optional
        What to put before or after `a` along `axis`, first.

    Returns
    -------
    ndarray
        Shorter by `n` along `axis`. Of booleans: whether neighbours differ.

    Examples
    --------
    >>> from mxnet import np
    >>> np.diff(np.array([1, 2, 4, 7]))
    array([1., 2., 3.])
    >>> np.diff(np.array([1, 2, 4, 7]), n=2)
    array([1., 1.])
    """
    if n == 0:
        return a
    a = as_operand("diff", a)
    if n < 0:
        raise ValueError(f"diff: differences are taken n times, not {n}")
    if not a.ndim:
        raise ValueError("diff: a number has no neighbours; an array of at least one axis has")
    axis = _one_axis("diff", axis, a.ndim)
    before, after = [[] if piece is None else [_border(piece, a, axis)] for piece in (prepend, append)]
    if before or after:
        a = concatenate([*before, a, *after], axis=axis)
    subtracted = not_equal if a.dtype == bool else subtract
    for _ in range(n):
        a = subtracted(*_parts(a, axis, slice(1, None), slice(None, -1)))
    return a


@implements(np.ediff1d)
def ediff1d(ary, to_end=None, to_begin=None):
    """The differences of consecutive elements of the flattened array.

    Parameters
    ----------
    ary : ndarray
    to_end, to_begin : number or array_like, optional
        What to put after and before the differences.

    Examples
    --------
    >>> from mxnet import np
    >>> np.ediff1d(np.array([1, 2, 4]), to_begin=0)
    array([0., 1., 2.])
    """
    flat = ravel(as_operand("ediff1d", ary))
    if flat.dtype == bool:
        raise TypeError("ediff1d: booleans have no differences; np.diff tells where they change")
    result = subtract(flat[1:], flat[:-1])
    begin = [] if to_begin is None else [_end("to_begin", to_begin, flat.dtype)]
    end = [] if to_end is None else [_end("to_end", to_end, flat.dtype)]
    return concatenate([*begin, result, *end]) if begin or end else result


def _end(name, value, dtype):
    if not isinstance(value, Array):
        value = np.asarray(value)
    if not np.can_cast(value.dtype, dtype, "same_kind"):
        raise TypeError(f"ediff1d: {name} is {value.dtype}, which an array of {dtype} cannot hold; convert one of them with astype")
    return ravel(value.astype(dtype))


def _spacings(spacing, axes, shape):
    """The distance of neighbours for each axis: a number, or a vector of distances."""
    if not spacing:
        return [1.0] * len(axes)
    if len(spacing) == 1 and not np.ndim(raw(spacing[0])):
        spacing = spacing * len(axes)
    if len(spacing) != len(axes):
        raise TypeError(f"gradient: {len(spacing)} spacings for {len(axes)} axes; give one number for all, or one spacing for each")
    distances = []
    for axis, given in zip(axes, spacing, strict=True):
        if isinstance(given, int | float):
            distances.append(given)
            continue
        given = floats(as_operand("gradient", given))
        if given.ndim > 1:
            raise ValueError(f"gradient: a spacing is a number or the coordinates along an axis, not of shape {given.shape}")
        if given.ndim:
            if len(given) != shape[axis]:
                raise ValueError(f"gradient: {len(given)} coordinates for axis {axis}, whose length is {shape[axis]}")
            given = subtract(given[1:], given[:-1])
        distances.append(given)
    return distances


def _slope(f, h, edge_order):
    """The derivative along the first axis, by central differences, one-sided ones at the ends."""
    if np.ndim(raw(h)):
        rise = subtract(f[1:], f[:-1])
        h = reshape(h, (-1, *(1,) * (f.ndim - 1)))
        before, after = h[:-1], h[1:]
        first, last = h[:1], h[-1:]
        second, last_but_one = h[1:2], h[-2:-1]
        middle = (rise[:-1] * after / before + rise[1:] * before / after) / (before + after)
    else:
        first = last = second = last_but_one = h
        middle = subtract(f[2:], f[:-2]) / (2 * h)
    head, tail = [subtract(part[1:], part[:-1]) for part in (f[:3], f[-3:])]
    start, end = head[:1] / first, tail[-1:] / last
    if edge_order == 2:
        start = start + (start - head[1:2] / second) * (first / (first + second))
        end = end + (end - tail[-2:-1] / last_but_one) * (last / (last + last_but_one))
    return concatenate([start, middle, end])


@implements(np.gradient)
def gradient(f, *varargs, axis=None, edge_order=1):
    """The slope of a sampled function along each axis: second-order central differences, one-sided ones at the ends.

    Gradients flow to the samples and to the coordinates.

    Parameters
    ----------
    f : ndarray
    *varargs : number or ndarray
        The distance between samples, one for all axes or one for each; or the coordinates of the samples along each. By default 1.
    axis : int or tuple of int, optional
        By default all of them.
    edge_order : {1, 2}
        The order of accuracy at the ends.

    Returns
    -------
    ndarray, or a tuple of them, one for each of several axes

    Examples
    --------
    >>> from mxnet import np
    >>> np.gradient(np.array([1, 2, 4, 7]))
    array([1. , 1.5, 2.5, 3. ])
    """
    f = as_operand("gradient", f)
    if f.dtype == bool:
        raise TypeError("gradient: booleans have no differences; convert f with astype")
    f = floats(f)
    axes = tuple(range(f.ndim)) if axis is None else normalize_axis_tuple(axis, f.ndim, "gradient")
    if edge_order not in (1, 2):
        raise ValueError(f"gradient: edge_order is 1 or 2, not {edge_order}")
    distances = _spacings(varargs, axes, f.shape)
    for i in axes:
        if f.shape[i] <= edge_order:
            raise ValueError(f"gradient: axis {i} of length {f.shape[i]} is too short for edge_order={edge_order}")
    slopes = []
    for i, h in zip(axes, distances, strict=True):
        slopes.append(moveaxis(_slope(moveaxis(f, i, 0), h, edge_order), 0, i).astype(f.dtype))
    return slopes[0] if len(slopes) == 1 else tuple(slopes)


# --- areas ----------------------------------------------------------------------------------------------------------------------


@implements(np.trapezoid)
def trapezoid(y, x=None, dx=1.0, axis=-1):
    """The area under a sampled function, by the trapezoidal rule: Σ (x[i + 1] - x[i]) · (y[i] + y[i + 1]) / 2.

    Parameters
    ----------
    y : ndarray
    x : ndarray, optional
        Where the samples are: of the shape of `y`, or a vector along `axis`. Gradients flow to it, too.
    dx : number
        The distance between samples, if there is no `x`.
    axis : int

    Examples
    --------
    >>> from mxnet import np
    >>> np.trapezoid(np.array([1, 2, 3]))
    array(4.)
    """
    y = floats(as_operand("trapezoid", y))
    axis = _one_axis("trapezoid", axis, y.ndim)
    if x is not None:
        x = as_operand("trapezoid", x)
        if x.ndim == 1:
            x = reshape(x, [-1 if i == axis else 1 for i in range(y.ndim)])
        dx = diff(x, axis=axis + x.ndim - y.ndim)
    left, right = _parts(y, axis, slice(None, -1), slice(1, None))
    return sum((left + right) * dx / 2, axis=axis)


trapz = trapezoid


# --- products along a line ------------------------------------------------------------------------------------------------------


def _whole(g, mode, a_size, v_size):
    """The cotangent of the full convolution, of which `mode` cuts out a part."""
    missing = a_size + v_size - 1 - g.size
    if not missing:
        return g
    start = min(a_size, v_size) - 1
    if mode == "same":
        start //= 2
    return concatenate([np.zeros(start, g.dtype), g, np.zeros(missing - start, g.dtype)])


@operator(
    implements=np.convolve,
    a=lambda g, v, mode, a_shape: correlate(_whole(g, mode, a_shape[0], v.size), v, "valid"),
    v=lambda g, a, mode, v_shape: correlate(_whole(g, mode, a.size, v_shape[0]), a, "valid"),
    complex_rules=True,
)
def convolve(a, v, mode="full"):
    """The convolution of two vectors, Σ a[i] · v[k - i]: the coefficients of the product of two polynomials.

    Parameters
    ----------
    a, v : ndarray, shapes (m,) and (n,)
    mode : {'full', 'same', 'valid'}
        All m + n - 1 sums; max(m, n) of them, in the middle; or those that have min(m, n) terms.

    Examples
    --------
    >>> from mxnet import np
    >>> np.convolve(np.array([1, 2, 3]), np.array([1, 1]))
    array([1., 3., 5., 3.])
    """
    a, v = promoted(*[np.atleast_1d(np.asarray(x, None if hasattr(x, "dtype") else np.float32)) for x in (a, v)])
    if a.dtype == v.dtype == np.float16:
        return np.convolve(a.astype(np.float32), v.astype(np.float32), mode).astype(np.float16)
    return np.convolve(a, v, mode)


@implements(np.correlate)
def correlate(a, v, mode="valid"):
    """The cross-correlation of two vectors, Σ a[i + k] · v[i], where v is conjugated if it is complex.

    Parameters
    ----------
    a, v : ndarray, shapes (m,) and (n,)
    mode : {'valid', 'same', 'full'}
        As for `convolve`.

    Examples
    --------
    >>> from mxnet import np
    >>> np.correlate(np.array([1, 2, 3]), np.array([0, 1, 0.5]))
    array([3.5])
    """
    a, v = as_vector("correlate", a), as_vector("correlate", v)
    if len(v) > len(a):  # the middle is that of the longer one
        return flip(conjugate(convolve(v, conjugate(flip(a)), mode)))
    return convolve(a, conjugate(flip(v)), mode)


# --- between samples ------------------------------------------------------------------------------------------------------------


def _interp_rule(g, x, xp, fp, left, right, period, wanted):
    """Between two points the value is y0 + slope · (x - x0): moving a point by dx does the same as raising it by -slope · dx."""
    x, xp, fp = [wide(np.asarray(value) if isinstance(value, int | float) else value) for value in (x, xp, fp)]
    source, shift = np.arange(xp.shape[0]), np.zeros(xp.shape)
    if period is not None:  # the points in order, the last one once more before them, and the first one after
        period = abs(period)
        x, xp = [value - np.floor(raw(value) / period) * period for value in (x, xp)]
        order = np.argsort(raw(xp))
        source = np.concatenate([order[-1:], order, order[:1]])
        shift = np.concatenate([[-period], shift, [period]])
    at, points = raw(x), raw(xp)[source] + shift
    i = np.clip(np.searchsorted(points, at, side="right") - 1, 0, max(len(points) - 2, 0))
    j = np.minimum(i + 1, len(points) - 1)
    below, above = at < points[0], at > points[-1]
    flat = below | above | (points[i] == points[j])
    first, second = source[i], source[j]
    x0, y0 = take(xp, first) + shift[i], take(fp, first)
    width = where(flat, 1, take(xp, second) + shift[j] - x0)
    slope = where(flat, 0, (take(fp, second) - y0) / width)
    share = where(flat, at >= points[-1], (x - x0) / width)  # of the second point
    set_apart = (below & (left is not None)) | (above & (right is not None))
    inner = where(set_apart, 0, g)
    moves = [(inner * (1 - share)).reshape(-1), (inner * share).reshape(-1)]
    key = np.concatenate([np.ravel(first), np.ravel(second)])
    return (
        inner * slope if wanted[0] else None,
        scatter(concatenate([-slope.reshape(-1) * move for move in moves]), key, xp.shape) if wanted[1] else None,
        scatter(concatenate(moves), key, fp.shape) if wanted[2] else None,
        where(below, g, 0),
        where(above, g, 0),
    )


@operator(implements=np.interp, hides=True, joint=_interp_rule, inputs=("x", "xp", "fp", "left", "right"))
def interp(x, xp, fp, left=None, right=None, period=None):
    """The piecewise linear function through the points (xp, fp), at `x`. Gradients flow to all three.

    At a point the slope is the one to its right.

    Parameters
    ----------
    x : ndarray or number
        Of any shape.
    xp : ndarray, shape (n,)
        Increasing, unless there is a period.
    fp : ndarray, shape (n,)
    left, right : number, optional
        The values below xp[0] and above xp[-1]; by default fp[0] and fp[-1].
    period : number, optional
        Of the function: `x` and `xp` count modulo it.

    Examples
    --------
    >>> from mxnet import np
    >>> np.interp(np.array([0.5, 9]), np.array([0, 1, 2]), np.array([0, 10, 40]))
    array([ 5., 40.])
    """
    if np.ndim(xp) != 1 or np.shape(xp) != np.shape(fp) or not len(xp):
        raise ValueError(f"xp and fp are vectors of one length, at least 1, not of shapes {np.shape(xp)} and {np.shape(fp)}")
    dtype = floating(np.result_type(*promoted(x, xp, fp)))
    return np.asarray(np.interp(x, xp, fp, left, right, period)).astype(dtype)


@operator(implements=np.unwrap, p=lambda g: g)
def unwrap(p, discont=None, axis=-1, period=2 * pi):
    """Angles without jumps: where neighbours differ by more than half a period, whole periods are added.

    Parameters
    ----------
    p : ndarray
    discont : number, optional
        The difference that counts as a jump; by default, and at least, half a period.
    axis : int
    period : number

    Examples
    --------
    >>> from mxnet import np
    >>> np.unwrap(np.array([1, 3, 0, 2]), period=4)
    array([1., 3., 4., 6.])
    """
    p = np.asarray(p)
    result = np.unwrap(p, discont=discont, axis=axis, period=period)
    return result if result.dtype.kind in "iu" else result.astype(floating(p.dtype), copy=False)
