"""`@elementwise`: operators of one or two arrays, point by point, on the shortest path from `x * y` to NumPy.

It does what `@operator` does; the general dispatch costs more than a small product. Every line below was paid for in nanoseconds
(`benchmarks/README.md`): read it beside `operator.py`, which says the same at leisure.
"""

import inspect
from operator import itemgetter

import numpy as np

from ..kernels import LEAST
from . import operator
from .array import Array, as_array, raw
from .dtypes import as_dtype, default_float, promoted, settled
from .operator import Operator, from_list, no_operand, publish, refuse_unless_held, wrap, write_out
from .state import is_recording
from .tape import Node
from .words import with_words
from .writes import clock

__all__ = ["elementwise", "use_array_class"]

_new = object.__new__
_ndarray = np.ndarray
_float32 = np.dtype(np.float32)
_class = Array  # the class of results, as in `operator`


def use_array_class(cls):
    """Tell both dispatches the class of their results: `mxnet.array` calls this, being defined above the operators that it uses."""
    global _class
    _class = cls
    operator.use_array_class(cls)


_SCALARS = frozenset((float, int, bool, complex))


def elementwise(ufunc=None, *, implements=None, large=None, complex_rules=False, **rules):
    """Make a declaration an elementwise operator.

    Parameters
    ----------
    ufunc : callable, optional
        Computes the result from one or two raw arrays; the body of the declaration is then its docstring.
        By default the declaration itself computes.
    implements : callable or tuple, optional
        The NumPy functions this one stands for; by default `ufunc`.
    large : callable, optional
        Computes the result of one raw array of at least `kernels.LEAST` elements, instead of `ufunc`.
    complex_rules : bool
        See `Operator`.
    **rules
        By parameter name, for all parameters or for none, as for `@operator`.

    Notes
    -----
    The public function has two further attributes, for the operators of the array class: `method`, which returns `NotImplemented`
    for an operand it does not know, and `reflected`, the same with its operands swapped.
    """

    def decorate(declaration):
        _with_shared_words(declaration)
        op = _Elementwise(declaration, rules, pointwise=True, complex_rules=complex_rules)
        compute = declaration if ufunc is None else ufunc
        if len(op.names) == 2:
            call = _unary(op, compute, large)
            return publish(call if op.names[0] == "x" else _of_data(call), op, implements or ufunc)
        call = publish(_binary(op, compute, _refused), op, implements or ufunc)
        call.method = _binary(op, compute, _not_implemented)
        call.reflected = _swapped(call.method)
        return call

    return decorate


_WORDS = {
    "out": """out : ndarray, optional
    Where to write the result.
where : ndarray, optional
    Where to compute: at what is not 0. Elsewhere the result is what `out` was, or 0.
dtype : dtype, optional
    The operands are cast to it first."""
}
_NAME = """
name : str, optional
    Accepted, and without effect."""


def _with_shared_words(declaration):
    """The declaration; what all elementwise operators say of their parameters is in its docstring."""
    operands = declaration.__code__.co_varnames[: declaration.__code__.co_argcount - 1]
    shapes = "The two broadcast against each other." if len(operands) == 2 else "Of any shape."
    words = {operands[0]: f"{', '.join(operands)} : ndarray or number\n    {shapes}", **_WORDS}
    if operands == ("data",):
        words["out"] += _NAME
    return with_words(declaration, words, "ndarray")


class _Elementwise(Operator):
    """An operator of one or two arrays; its rules are called without a loop over them."""

    def __init__(self, forward, rules, **options):
        super().__init__(forward, rules, **options)
        needs = [self.needs(slot) for slot in range(len(self.rules))]
        if len(self.rules) == 1:
            self.vjp = _unary_vjp(*self.rules, *needs)
        elif len(self.rules) == 2:
            self.vjp = _binary_vjp(*self.rules, *needs)


def _unary_vjp(rule, needs):
    if len(needs) == 1:
        i = needs[0]
        return lambda g, values, node: (rule(g, values[i]),)
    rule = _positional(rule, needs)
    return lambda g, values, node: (rule(g, values),)


def _binary_vjp(first, second, needs_first, needs_second):
    if len(needs_first) == len(needs_second) == 1:  # a product, say: a call less for each operand
        i, j = needs_first[0], needs_second[0]

        def vjp(g, values, node):
            x1, x2 = node.parents
            return None if x1 is None else first(g, values[i]), None if x2 is None else second(g, values[j])

        return vjp
    one, other = _positional(first, needs_first), _positional(second, needs_second)

    def vjp(g, values, node):
        x1, x2 = node.parents
        return None if x1 is None else one(g, values), None if x2 is None else other(g, values)

    return vjp


def _positional(rule, needs):
    """`rule` as a function of the cotangent and a node's values."""
    if not needs:
        return lambda g, values: rule(g)
    fetch = itemgetter(*needs)
    if len(needs) == 1:
        return lambda g, values: rule(g, fetch(values))
    return lambda g, values: rule(g, *fetch(values))


def _unary(op, compute, large):
    needs_x, needs_r = _kept(op, 0)
    differentiable = bool(op.inputs)

    def call(x, out=None, where=True, dtype=None):
        if where is not True or dtype is not None:
            return _with_options(call, op, (x,), out, where, dtype)
        if type(x) is not _class:
            return _slowly(call, op, compute, (x,), out, _refused)
        a = x._data
        given = a.dtype
        try:
            if given is not _float32 and given.itemsize == 1:
                a = _widened(compute, a)
            r = compute(a) if large is None or a.size < LEAST else large(a)
        except (ValueError, TypeError) as error:
            raise op.explain(error, (a,)) from None
        if type(r) is not _ndarray or r.dtype is not given:
            r = as_array(settled(compute, r, a))
        y = _new(_class)
        y._data = r
        node = x._node
        if node is None or not differentiable or not is_recording():
            y._node = None
        else:
            y._node = n = _new(Node)
            n.operator = op
            n.parents = (node,)
            n.values = (a if needs_x else None, None, r if needs_r else None)
            n.shape = r.shape
            n.dtype = r.dtype
            n.time = clock()
            n.variable = None
        return y if out is None else write_out(op.name, out, y)

    return call


def _of_data(call):
    """`call` with the name that operators of neural networks have for their operand, and with `name`."""

    def of_data(data, out=None, where=True, dtype=None, name=None):
        return call(data, out, where, dtype)

    of_data.__signature__ = inspect.signature(of_data)  # not that of the declaration, which leaves the shared parameters out
    return of_data


def _binary(op, compute, unknown):
    # What to keep where a gradient is wanted for both, for the first only, for the second only.
    both, first, second = _kept(op, 0, 1), _kept(op, 0), _kept(op, 1)
    differentiable = bool(op.inputs)

    def call(x1, x2, out=None, where=True, dtype=None):
        if where is not True or dtype is not None:
            return _with_options(call, op, (x1, x2), out, where, dtype)
        if type(x1) is _class:
            a = x1._data
            n1 = x1._node
            given = a.dtype
            if type(x2) is _class:
                b = x2._data
                n2 = x2._node
            elif type(x2) in _SCALARS:
                b = x2
                n2 = None
            else:
                return _slowly(call, op, compute, (x1, x2), out, unknown)
        elif type(x2) is _class and type(x1) in _SCALARS:
            a = x1
            n1 = None
            b = x2._data
            n2 = x2._node
            given = b.dtype
        else:
            return _slowly(call, op, compute, (x1, x2), out, unknown)
        try:
            r = compute(a, b)
        except OverflowError:
            r = compute(*_wrapped_around(a, b))
        except (ValueError, TypeError) as error:
            raise op.explain(error, (a, b)) from None
        if type(r) is not _ndarray or r.dtype is not given:
            r = _settled(compute, r, a, b)
        y = _new(_class)
        y._data = r
        if (n1 is None and n2 is None) or not differentiable or not is_recording():
            y._node = None
        else:
            keep_a, keep_b, keep_r = second if n1 is None else first if n2 is None else both
            y._node = n = _new(Node)
            n.operator = op
            n.parents = (n1, n2)
            n.values = (a if keep_a else None, b if keep_b else None, None, r if keep_r else None)
            n.shape = r.shape
            n.dtype = r.dtype
            n.time = clock()
            n.variable = None
        return y if out is None else write_out(op.name, out, y)

    return call


def _widened(compute, a):
    """8-bit integers and booleans as floats, if NumPy would compute in float16, which does not hold exp(12)."""
    return a.astype(default_float()) if compute(a.ravel()[:0]).dtype == np.float16 else a


def _settled(compute, r, a, b):
    """The result as an array, in MXNet's dtype where that is not NumPy's: integers take the dtype of the float array they meet."""
    if r.dtype.kind in "fc":
        a, b = promoted(a, b)
        if r.dtype != np.result_type(a, b):
            r = compute(a, b)
        r = settled(compute, r, a, b)
    return as_array(r)


def _kept(op, *slots):
    """Whether the rules of these inputs name each operand, and the result."""
    if not op.inputs:
        return (False,) * len(op.names)
    named = {position for slot in slots for position in op.needs(slot)}
    operands = range(len(op.names) - 1)  # the last name is `out`
    return (*[i in named for i in operands], len(op.names) in named)


def _slowly(call, op, compute, operands, out, unknown):
    """The same for operands that are not all arrays of the public class or Python scalars."""
    known = []
    for x in operands:
        if isinstance(x, Array):
            x = wrap(x._data, x._node)
        elif isinstance(x, list | tuple):
            x = wrap(from_list(op.name, x))
        elif not isinstance(x, np.ndarray | np.number | np.bool | float | int | complex):
            return unknown(op, x)
        known.append(x)
    if any(isinstance(x, Array) for x in known):
        for x in known:
            refuse_unless_held(op.name, x)
        # A NumPy array is a constant of its own dtype; a NumPy scalar counts as a Python number.
        return call(
            *[wrap(x) if isinstance(x, np.ndarray) else x.item() if isinstance(x, np.generic) else x for x in known], out=out
        )
    try:
        result = compute(*known)
    except (ValueError, TypeError) as error:
        raise op.explain(error, known) from None
    return result if out is None else write_out(op.name, out, wrap(result))


def _with_options(call, op, operands, out, where, dtype):
    """The call with operands cast to `dtype`, and its result only where `where` is true."""
    operands = [from_list(op.name, x) if isinstance(x, list | tuple) else x for x in operands]
    if dtype is not None:
        dtype = as_dtype(dtype)
        for x in operands:
            if isinstance(x, Array | np.ndarray) and not np.can_cast(x.dtype, dtype, "same_kind"):
                raise TypeError(f"{op.name}: an operand is {x.dtype}, which dtype={dtype} cannot hold")
        operands = [x.astype(dtype) if isinstance(x, Array | np.ndarray) else dtype.type(x) for x in operands]
    if where is True:
        return call(*operands, out=out)
    with np.errstate(all="ignore"):  # it is computed everywhere, and nobody wants to hear of the places that are left out
        result = call(*operands)
    result = np.where(raw(where), result, np.zeros((), result.dtype) if out is None else out)
    return result if out is None else write_out(op.name, out, result if isinstance(result, Array) else wrap(result))


def _wrapped_around(a, b):
    """An integer scalar that its array's dtype cannot hold, modulo 2**bits, as the array's own arithmetic is."""
    if isinstance(a, int):
        return np.array(a, dtype=object).astype(np.int64).astype(b.dtype), b
    return a, np.array(b, dtype=object).astype(np.int64).astype(a.dtype)


def _not_implemented(op, x):
    return NotImplemented


def _refused(op, x):
    raise no_operand(op.name, x)


def _swapped(method):
    def reflected(self, other):
        return method(other, self)

    return reflected
