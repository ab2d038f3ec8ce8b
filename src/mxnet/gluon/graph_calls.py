"""What calls of `np` and `npx` are called in MXNet's graph files: the way back of `graph_operators`.

An entry has the parameters of the public function that it stands for, after `add`, and gives the result's place in the graph, or a
list of places. `add(operator, *inputs, outputs=1, **attributes)` makes a node: inputs are arrays or places, None among them is left
out, as is an attribute None; attributes become text.
"""

import math
import numbers

import numpy

from .. import numpy as np
from .graph_entries import NotInGraphs, alike, axes_of, name_of, of_one, scalar
from .graph_layers import LAYERS
from .graph_operators import COMPARISONS, OF_ONE, OF_TWO, REFLECTED

__all__ = ["ENTRIES"]


# Point by point.


def _of_two(name):
    def entry(add, x1, x2, out=None):
        if _is_number(x2):
            return add(f"_npi_{name}_scalar", x1, **scalar(x2))
        if not _is_number(x1):
            return add(f"_npi_{name}", x1, x2)
        if name in REFLECTED:
            return add(f"_npi_r{name}_scalar", x2, **scalar(x1))
        if name in _SYMMETRIC or name in _TURNED:
            return add(f"_npi_{_TURNED.get(name, name)}_scalar", x2, **scalar(x1))
        raise NotInGraphs("its first operand is a number")

    return entry


def _is_number(x):
    return isinstance(x, numbers.Number | numpy.generic)


# Comparisons whose operands change places: 1 < x is x > 1.
_TURNED = {"less": "greater", "less_equal": "greater_equal", "greater": "less", "greater_equal": "less_equal"}
_SYMMETRIC = {
    "add", "bitwise_and", "bitwise_or", "bitwise_xor", "equal", "fmax", "fmin", "gcd", "hypot", "lcm", "logaddexp", "logical_and",
    "logical_or", "logical_xor", "maximum", "minimum", "multiply", "not_equal",
}  # fmt: skip


# Shapes and dtypes.


def _array(add, object, dtype=None, device=None, ctx=None, copy=True, ndmin=0):
    if not isinstance(object, np.ndarray) or ndmin > object.ndim:
        raise NotInGraphs("it is made of something else than one array")
    return _astype(add, object, object.dtype if dtype is None else dtype)


def _asarray(add, obj, dtype=None, device=None, copy=None, ctx=None):
    return _array(add, obj, dtype)


def _astype(add, a, dtype, copy=True, device=None):
    return add("Cast", a, dtype=name_of(dtype))


def _copy(add, a, out=None):
    return add("_copy", a)


def _reshape(add, a, newshape=None, order="C", out=None, shape=None, copy=None):
    shape = newshape if shape is None else shape
    if order != "C":
        raise NotInGraphs(f"order={order!r}")
    return add("_npi_reshape", a, newshape=axes_of(shape))


def _transpose(add, a, axes=None):
    return add("_npi_transpose", a, axes=tuple(range(a.ndim))[::-1] if axes is None else axes_of(axes))


def _swapaxes(add, a, axis1, axis2):
    return add("SwapAxis", a, dim1=axis1 % a.ndim, dim2=axis2 % a.ndim)


def _moveaxis(add, a, source, destination):
    return add("_npi_moveaxis", a, source=axes_of(source), destination=axes_of(destination))


def _expand_dims(add, a, axis):
    if not isinstance(axis, int):
        raise NotInGraphs("several axes at once")
    return add("expand_dims", a, axis=axis)


def _squeeze(add, a, axis=None, out=None):
    return add("_npi_squeeze", a, axis=axes_of(axis))


def _joining(name, attribute):
    def entry(add, arrays, axis=0, out=None, dtype=None, casting="same_kind"):
        if axis is None or dtype is not None:
            raise NotInGraphs("axis=None" if axis is None else "dtype is given")
        arrays = list(arrays)
        return add(name, *arrays, num_args=len(arrays), **{attribute: axis})

    return entry


def _concatenate(add, seq, axis=0, out=None, dtype=None, casting="same_kind"):
    return _joining("Concat", "dim")(add, seq, axis, out, dtype)


def _split(add, ary, indices_or_sections, axis=0):
    if isinstance(indices_or_sections, numbers.Integral):
        sections = int(indices_or_sections)
        if ary.shape[axis] % sections == 0:
            return add("_split_v2", ary, outputs=[sections], indices=(), axis=axis, sections=sections, squeeze_axis=False)
        size, longer = divmod(ary.shape[axis], sections)
        indices_or_sections = [i * size + min(i, longer) for i in range(1, sections)]
    indices = (0, *(int(i) for i in indices_or_sections))
    return add("_split_v2", ary, outputs=[len(indices)], indices=indices, axis=axis, sections=0, squeeze_axis=False)


def _unstack(add, x, axis=0):
    steps = x.shape[axis]
    return add("_split_v2", x, outputs=[steps], indices=(), axis=axis, sections=steps, squeeze_axis=True)


def _getitem(add, array, key):
    if isinstance(key, np.ndarray) and key.dtype.kind != "b":
        return add("take", array, key, axis=0, mode="wrap")
    key = list(key) if isinstance(key, tuple) else [key]
    if not all(
        part is None or part is ... or (isinstance(part, slice | numbers.Integral) and not isinstance(part, bool)) for part in key
    ):
        raise NotInGraphs("the index is neither made of integers, slices and None, nor one array of integers")
    if not any(part is ... for part in key):
        key.append(...)
    dots = next(i for i, part in enumerate(key) if part is ...)
    rest = array.ndim - sum(part is not None and part is not ... for part in key)
    key[dots : dots + 1] = [slice(None)] * rest
    begin, end, step, codes = [], [], [], []
    for part in key:
        if part is None:
            continue
        if isinstance(part, slice):
            begin, end, step = [*begin, part.start], [*end, part.stop], [*step, part.step]
            codes.append(-2)
        else:
            part = int(part)
            begin, end, step = [*begin, part], [*end, part + 1 if part != -1 else None], [*step, 1]
            codes.append(-3)
    result = array
    if any(value is not None for value in begin + end + step):
        result = add("slice", array, begin=tuple(begin), end=tuple(end), step=tuple(step))
    if -3 in codes:
        result = add("_npx_reshape", result, newshape=tuple(codes))
    kept = [part for part in key if not isinstance(part, numbers.Integral)]
    for axis in [axis for axis, part in enumerate(kept) if part is None]:
        result = add("expand_dims", result, axis=axis)
    return add("_copy", array) if result is array else result


def _broadcast_to(add, array, shape):
    return add("_npi_broadcast_to", array, shape=axes_of(shape))


def _flip(add, m, axis=None, out=None):
    return add("_npi_flip", m, axis=tuple(range(m.ndim)) if axis is None else axes_of(axis))


def _tile(add, A, reps):
    return add("tile", A, reps=axes_of(reps))


def _repeat(add, a, repeats, axis=None):
    if axis is None or not isinstance(repeats, numbers.Integral):
        raise NotInGraphs("it has no axis, or several numbers of repetitions")
    turned = add("SwapAxis", a, dim1=0, dim2=axis % a.ndim)
    return add("SwapAxis", add("_npi_repeats", turned, repeats=(int(repeats),), axis=0), dim1=0, dim2=axis % a.ndim)


def _pad(add, x, pad_width=None, mode="constant", constant_values=None, end_values=None, stat_length=None, reflect_type=None):
    widths = numpy.broadcast_to(numpy.asarray(pad_width, dtype=int), (x.ndim, 2)).tolist()
    if mode not in ("constant", "edge", "reflect", "symmetric") or not isinstance(constant_values or 0, numbers.Real):
        raise NotInGraphs(f"mode={mode!r}, constant_values={constant_values!r:.60}")
    value = float(constant_values or 0) if mode == "constant" else None
    return add("_npi_pad", x, pad_width=tuple(map(tuple, widths)), mode=mode, constant_values=value, reflect_type=reflect_type)


# Reductions.


def _reduction(name):
    def entry(add, a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
        if initial is not None or where is not None:
            raise NotInGraphs("initial or where is given")
        return add(name, a, axis=axes_of(axis), keepdims=bool(keepdims), dtype=name_of(dtype))

    return entry


def _mean(add, a, axis=None, dtype=None, out=None, keepdims=False, where=None):
    return _reduction("_npi_mean")(add, a, axis, dtype, out, keepdims, None, where)


def _extreme(name):
    def entry(add, a, axis=None, out=None, keepdims=False, initial=None, where=None):
        return _reduction(name)(add, a, axis, None, out, keepdims, initial, where)

    return entry


def _spread(name):
    def entry(add, a, axis=None, dtype=None, out=None, correction=0, keepdims=False, ddof=None, where=None):
        if where is not None:
            raise NotInGraphs("where is given")
        ddof = correction if ddof is None else ddof
        return add(name, a, axis=axes_of(axis), keepdims=bool(keepdims), dtype=name_of(dtype), ddof=ddof)

    return entry


def _position(name):
    def entry(add, a, axis=None, out=None, keepdims=False):
        return add(name, a, axis=axis, keepdims=bool(keepdims))

    return entry


# Products, choices, and what else networks use.


def _product(name):
    def entry(add, a, b, out=None):
        return add(name, a, b)

    return entry


def _tensordot(add, a, b, axes=2):
    if isinstance(axes, numbers.Integral):
        return add("_npi_tensordot_int_axes", a, b, axes=int(axes))
    return add("_npi_tensordot", a, b, a_axes_summed=axes_of(axes[0]), b_axes_summed=axes_of(axes[1]))


def _einsum(add, *operands, out=None, optimize=True):
    subscripts, *arrays = operands
    if not isinstance(subscripts, str):
        raise NotInGraphs("its subscripts are no text")
    return add("_npi_einsum", *arrays, num_args=len(arrays), subscripts=subscripts)


def _where(add, condition, x=None, y=None):
    if x is None or y is None:
        raise NotInGraphs("how many results there are depends on values")
    numeric = [isinstance(z, numbers.Real | numpy.generic) for z in (x, y)]
    if all(numeric):
        if all(isinstance(z, numbers.Integral) for z in (x, y)):
            raise NotInGraphs("both choices are whole numbers, which graphs take for floats")
        return add("_npi_where_scalar2", condition, x=float(x), y=float(y))
    if numeric[0]:
        return add("_npi_where_lscalar", condition, y, scalar=float(x))
    return add("_npi_where_rscalar", condition, x, scalar=float(y)) if numeric[1] else add("_npi_where", condition, x, y)


def _clip(add, a, a_min=None, a_max=None, out=None, min=None, max=None):
    bounds = [old if new is None else new for old, new in ((a_min, min), (a_max, max))]
    if not all(bound is None or isinstance(bound, numbers.Real) for bound in bounds):
        raise NotInGraphs("bounds are arrays")
    low, high = (default if bound is None else float(bound) for bound, default in zip(bounds, (-math.inf, math.inf), strict=True))
    return add("clip", a, a_min=low, a_max=high)


def _take(add, a, indices, axis=None, mode="raise", out=None):
    if axis is None or not isinstance(indices, np.ndarray):
        raise NotInGraphs("axis=None, or the indices are no array")
    return add("take", a, indices, axis=axis, mode="wrap" if mode == "raise" else mode)


def _filled(value):
    def entry(add, shape, dtype=None, order="C", device=None, ctx=None):
        return add("_npi_ones" if value else "_npi_zeros", shape=axes_of(shape), dtype=name_of(dtype) or "float32", ctx="cpu(0)")

    return entry


def _filled_like(value):
    def entry(add, a, dtype=None, order="C", device=None, out=None, ctx=None, shape=None):
        if shape is not None:
            raise NotInGraphs("shape is given")
        return add("_npi_full_like", a, fill_value=float(value), dtype=name_of(dtype))

    return entry


def _full_like(add, a, fill_value, dtype=None, order="C", device=None, out=None, ctx=None, shape=None):
    if not isinstance(fill_value, numbers.Real):
        raise NotInGraphs("fill_value is no number")
    return _filled_like(fill_value)(add, a, dtype, shape=shape)


ENTRIES = {
    **LAYERS,
    **{getattr(np, name): of_one(f"_npi_{name}") for name in OF_ONE.split() if name != "abs"},
    **{getattr(np, name): _of_two(name) for name in (OF_TWO + " " + COMPARISONS).split()},
    np.array: _array,
    np.asarray: _asarray,
    np.astype: _astype,
    np.copy: _copy,
    np.reshape: _reshape,
    np.transpose: _transpose,
    np.swapaxes: _swapaxes,
    np.moveaxis: _moveaxis,
    np.expand_dims: _expand_dims,
    np.squeeze: _squeeze,
    np.concatenate: _concatenate,
    np.stack: _joining("stack", "axis"),
    np.split: _split,
    np.array_split: _split,
    np.unstack: _unstack,
    np.ndarray.__getitem__: _getitem,
    np.broadcast_to: _broadcast_to,
    np.flip: _flip,
    np.tile: _tile,
    np.repeat: _repeat,
    np.pad: _pad,
    np.sum: _reduction("_npi_sum"),
    np.prod: _reduction("_npi_prod"),
    np.mean: _mean,
    np.max: _extreme("_npi_max"),
    np.min: _extreme("_npi_min"),
    np.var: _spread("_npi_var"),
    np.std: _spread("_npi_std"),
    np.cumsum: alike("_npi_cumsum", np.cumsum),
    np.argmax: _position("_npi_argmax"),
    np.argmin: _position("_npi_argmin"),
    np.matmul: _product("_npi_matmul"),
    np.dot: _product("_npi_dot"),
    np.tensordot: _tensordot,
    np.einsum: _einsum,
    np.where: _where,
    np.clip: _clip,
    np.take: _take,
    np.zeros: _filled(0),
    np.ones: _filled(1),
    np.zeros_like: _filled_like(0),
    np.ones_like: _filled_like(1),
    np.full_like: _full_like,
}
