"""`@operator`: a NumPy function with its gradient rules becomes a public function that records itself.

    @operator(implements=np.cumsum, a=lambda g, axis, a_shape: ...)
    def cumsum(a, axis=None, dtype=None, out=None):
        '''Cumulative sum ...'''
        return np.cumsum(a, axis=axis, dtype=dtype)

A rule is called after the parameter it differentiates for. Its own parameters name what it needs: `g`, the cotangent of the result,
comes first; then any parameter of the operator (arrays and attributes alike), `out` for the result, or `NAME_shape` for an array
whose values it does not need. What no rule names is not kept alive.

* `zero` as a rule: the derivative is 0 wherever it exists (`floor`, `sign`). A parameter without a rule is a constant.
* With `sequence=True` the one parameter that has a rule holds a sequence of arrays (`seq`, `*operands`); the rule returns a list.
* An operator with several results gets a list of cotangents for `g`, zeros where none arrived, and a list for `out`.
* For complex numbers a rule is written with f'(z), as for real ones; the tape conjugates. `complex_rules=True` says that a rule
  takes care of that itself, as those of functions without a complex derivative must (`abs`, `real`).
* `view=` tells how to write through a result that shares the memory of the first operand.
* `joint=rule` serves the parameters named in `inputs` at once, where they share work. It returns a tuple, and may ask for `wanted`,
  a tuple of booleans in the same order.

The same function called on raw NumPy arrays, as it is inside a rule, just computes. The forward function of an operator that takes
`out` gets None for it: the dispatch writes the result.
"""

import functools
from collections.abc import Callable

import numpy as np

from . import dtypes
from .array import Array, as_array, raw
from .signature import Signature
from .state import is_recording
from .tape import Node, Part, Step
from .views import family_is_recorded, forget_past, move, refuse_variables, register, shares_memory
from .writes import note_write

__all__ = [
    "TWINS",
    "Operator",
    "array_class",
    "from_list",
    "instead_of",
    "is_operand",
    "no_operand",
    "operator",
    "publish",
    "refuse_unless_held",
    "use_array_class",
    "wrap",
    "write_out",
    "zero",
]

# NumPy's functions and ufuncs -> ours: how `numpy.sum(x)` finds its way here (NEP 13, NEP 18).
TWINS: dict[Callable, Callable] = {}

_new = object.__new__
_PLAIN = frozenset((type(None), int, float, bool, str))  # values that hold no array
array_class = Array


def use_array_class(cls):
    """Make `cls`, a subclass of Array without further slots, the class of every result."""
    global array_class
    array_class = cls


def wrap(data, node=None):
    """A raw result as an array of the public class."""
    array = _new(array_class)
    array._data = data if type(data) is np.ndarray else np.asarray(data)
    array._node = node
    return array


def zero(g):
    """The rule of a function that is constant wherever it has a derivative: no contribution."""


class Operator(Step):
    """One row of the table: a forward function on raw arrays and the gradient rules of its parameters.

    Attributes
    ----------
    name, pointwise, hides, complex_rules, in_place, sparse
        See `Step`.
    forward : callable
        Computes on raw arrays.
    inputs : list of int
        The positions of the parameters that have rules.
    view : callable or None
        For an operator whose result may share the memory of its first operand: `view(base, new, *args)` is `base` with the part
        that the operator reads replaced by `new`.
    """

    def __init__(
        self,
        forward,
        rules,
        *,
        joint=None,
        inputs=(),
        sequence=False,
        pointwise=False,
        hides=False,
        complex_rules=False,
        in_place=False,
        sparse=False,
        view=None,
    ):
        self.name = forward.__name__
        self.forward = forward
        self.signature = Signature(forward)
        self.names = self.signature.names
        self.sequence = sequence or self.signature.variadic is not None
        self.pointwise = pointwise
        self.hides = self.signature.index[hides] if isinstance(hides, str) else hides
        self.complex_rules = complex_rules
        self.in_place = in_place
        self.sparse = sparse
        self.view = self._unread if view == "permutation" else view
        self.joint = joint
        named = [*rules, *inputs]
        for name in named:
            if name not in self.names:
                raise TypeError(f"{self.name}: a rule for {name!r}, which is not among its parameters {self.names}")
        self.inputs = [i for i, name in enumerate(self.names) if name in named]
        self._result = len(self.names)
        # The layout of a node's values: the parameters, the result, then the shapes that rules ask for.
        self._positions = {**self.signature.index, "out": self._result}
        self._shapes = []
        self.rules = [rules[self.names[i]] for i in self.inputs] if joint is None else [joint]
        self._needs = [self._read(rule) for rule in self.rules]
        self._kept = {}

    def _read(self, rule):
        """The positions, among a node's values, of what `rule` names; None stands for `wanted`."""
        first, *names = rule.__code__.co_varnames[: rule.__code__.co_argcount]
        if first != "g":
            raise TypeError(f"{self.name}: the first parameter of a rule is g, the cotangent of the result, not {first!r}")
        needs = []
        for name in names:
            if name.endswith("_shape") and name.removesuffix("_shape") in self.signature.index and name not in self._positions:
                self._positions[name] = self._result + 1 + len(self._shapes)
                self._shapes.append(self.signature.index[name.removesuffix("_shape")])
            if name not in self._positions and name != "wanted":
                raise TypeError(f"{self.name}: a rule names {name!r}; known are {list(self._positions)} and NAME_shape")
            needs.append(self._positions.get(name))
        return needs

    def needs(self, slot):
        """The positions, among a node's values, of what the rule of the input number `slot` names."""
        return self._needs[slot]

    def record(self, values, result, parents):
        """The node of a call: `values` and `result` are raw."""
        if self.joint is not None or self.sequence:
            wanted = (True,)
        else:
            wanted = tuple([parent is not None for parent in parents])
        keep = self._kept.get(wanted)
        if keep is None:
            keep = {i for needs, want in zip(self._needs, wanted, strict=True) if want for i in needs if i is not None}
            if type(self.hides) is int:
                keep.add(self.hides)
            keep = self._kept[wanted] = [i for i in keep if i < self._result], self._result in keep
        parameters, keeps_result = keep
        kept = [None] * (self._result + 1 + len(self._shapes))
        for i in parameters:
            kept[i] = values[i]
        if keeps_result:
            kept[self._result] = result
        for j, i in enumerate(self._shapes, self._result + 1):
            kept[j] = [np.shape(v) for v in values[i]] if self.sequence else np.shape(values[i])
        if type(result) in (tuple, list):
            return Node(self, parents, kept, [r.shape for r in result], [r.dtype for r in result])
        return Node(self, parents, kept, result.shape, result.dtype)

    def vjp(self, g, values, node):
        """The cotangents of the parents of `node`: its rules, applied to the cotangent `g` and the node's values, raw or lifted."""
        if type(g) is list:
            g = [_zeros(*form) if part is None else part for part, *form in zip(g, node.shape, node.dtype, strict=True)]
        parents = node.parents
        if self.joint is not None:
            wanted = tuple([parent is not None for parent in parents])
            return self.joint(g, *[wanted if i is None else values[i] for i in self._needs[0]])
        if self.sequence:
            return self.rules[0](g, *[values[i] for i in self._needs[0]]) or [None] * len(parents)
        return [
            None if parent is None else rule(g, *[values[i] for i in needs])
            for parent, rule, needs in zip(parents, self.rules, self._needs, strict=True)
        ]

    def lifted(self, node):
        """The node's values with operands and result as Arrays that know their nodes, so that rules on them record themselves."""
        values = list(node.values)
        if self.sequence:
            i = self.inputs[0]
            if values[i] is not None:
                values[i] = [_lifted(value, parent) for value, parent in zip(values[i], node.parents, strict=True)]
        else:
            for i, parent in zip(self.inputs, node.parents, strict=True):
                values[i] = _lifted(values[i], parent)
        result = values[self._result]
        if result is not None:
            values[self._result] = wrap_results(result, node)
        return values

    def _unread(self, base, new, *args):
        """For an operator that only arranges elements anew: its rule is its inverse."""
        values = [base, *args, *self.signature.defaults[1 + len(args) :]]
        shapes = {self._positions[f"{self.names[0]}_shape"]: base._data.shape} if self._shapes else {}
        return self.rules[0](new, *[shapes[i] if i in shapes else values[i] for i in self._needs[0]])

    def explain(self, error, values):
        """The error of the forward function, with the operator's name and what it was given."""
        for i in self.inputs if self.sequence else ():
            for value in values[i]:
                if not isinstance(value, list | tuple) and not is_operand(value):
                    return no_operand(self.name, value)
        given = ", ".join(
            f"{name} {_described(value)}" for name, value in zip(self.names, values, strict=False) if value is not None
        )
        text = f"{self.name}: {error} (given {given})"
        for kind in (np.exceptions.AxisError, np.linalg.LinAlgError, IndexError, OverflowError, ValueError, TypeError):
            if isinstance(error, kind):
                return kind(text)
        return error


def operator(
    *,
    implements=None,
    joint=None,
    inputs=(),
    sequence=False,
    hides=False,
    complex_rules=False,
    in_place=False,
    sparse=False,
    view=None,
    **rules,
):
    """Make a forward function on raw arrays an operator; see the head of this module.

    Parameters
    ----------
    implements : callable or tuple of callables, optional
        The function of NumPy that gives way to this one when it is called on our arrays.
    joint, inputs, sequence, complex_rules, in_place, sparse
        See `Operator`.
    hides : bool or str
        Whether values disappear in it; or the name of the parameter that hides values in the calls that give it an array (`where`).
    view : callable or 'permutation', optional
        See `Operator`; 'permutation' says that the operator only arranges elements anew, so that its rule is its inverse.
    **rules
        By parameter name: the rule of that parameter.
    """

    def decorate(forward):
        options = {
            "joint": joint,
            "inputs": inputs,
            "sequence": sequence,
            "hides": hides,
            "complex_rules": complex_rules,
            "in_place": in_place,
            "sparse": sparse,
            "view": view,
        }
        op = Operator(forward, rules, **options)
        return publish(_dispatcher(op), op, implements)

    return decorate


def publish(call, op, implements=None):
    """Give a dispatching function the face of its operator, and let NumPy's twin find it."""
    functools.update_wrapper(call, op.forward)
    call.operator = op
    for twin in implements if type(implements) is tuple else (implements,):
        if twin is not None:
            TWINS[twin] = call
    return call


def _dispatcher(op):
    signature = op.signature
    forward = op.forward
    slots = {i: slot for slot, i in enumerate(op.inputs)}  # parameter -> which parent

    def call(*args, **kwargs):
        values = signature.bind(args, kwargs)
        out = None
        if signature.out is not None:
            out = values[signature.out]
            values[signature.out] = None
        parents = None
        wrapped = False
        foreign = None  # an array of NumPy, which may hold dates or text
        source = values[0] if values else None
        for i, value in enumerate(values):
            kind = type(value)
            if kind in _PLAIN:
                continue
            if op.sequence and i in slots:
                if kind is not tuple and kind is not list:
                    if not isinstance(value, Array | np.ndarray):
                        raise no_operand(op.name, value)
                    value = list(value)  # the slices of one array
                lists = i != signature.variadic and any(isinstance(element, list | tuple) for element in value)
                wrapped = lists or any(isinstance(element, Array) for element in value)
                parents = [element._node if isinstance(element, Array) else None for element in value]
                values[i] = [from_list(op.name, raw(e)) if lists and isinstance(e, list | tuple) else raw(e) for e in value]
            elif kind is array_class or isinstance(value, Array):
                wrapped = True
                values[i] = value._data
                if value._node is not None and i in slots:
                    parents = parents or [None] * len(slots)
                    parents[slots[i]] = value._node
            elif kind is tuple or kind is list:
                if _holds_array(value):
                    wrapped = True
                    values[i] = raw(value)
                elif i == 0 or i in slots:
                    wrapped = True
                    values[i] = from_list(op.name, value)
            elif kind is np.ndarray:
                foreign = value
            elif (i == 0 or i in slots) and not is_operand(value):
                raise no_operand(op.name, value)
        if foreign is not None and wrapped:
            refuse_unless_held(op.name, foreign)
        try:
            result = forward(*values) if signature.simple else signature.call(forward, values)
        except (ValueError, TypeError, IndexError, OverflowError) as error:
            raise op.explain(error, values) from None
        if not wrapped:
            return result if out is None else write_out(op.name, out, wrap(result))
        node = None if parents is None or not is_recording() else _node_of(op, values, result, parents)
        if out is not None:
            return write_out(op.name, out, wrap(result, node))
        results = wrap_results(result, node)
        if op.view is not None and isinstance(source, Array) and shares_memory(result, source._data):
            register(results, source, call, values[1:])
        return results

    return call


def _node_of(op, values, result, parents):
    if all(parent is None for parent in parents):
        return None
    if type(result) in (tuple, list):
        return op.record(values, [as_array(r) for r in result], tuple(parents))
    if type(result) is not np.ndarray:
        result = np.asarray(result)
    return op.record(values, result, tuple(parents)) if result.dtype.kind in "fc" else None


def wrap_results(result, node):
    """A result, or several, as arrays of the public class that know their place in the graph."""
    if type(result) not in (tuple, list):
        return wrap(result, node)
    if node is None:
        return type(result)(wrap(part) for part in result)
    return type(result)(wrap(part, _picked(node, i) if part.dtype.kind in "fc" else None) for i, part in enumerate(result))


def _picked(whole, i):
    return Node(_pick, (whole,), (i,), whole.shape[i], whole.dtype[i])


class _Pick(Step):
    """Between a node with several results and each of them."""

    name = "one of several results"

    def vjp(self, g, values, node):
        return (Part(values[0], g),)


_pick = _Pick()


def _lifted(value, parent):
    return wrap(value, parent) if parent is not None and value is not None else value


def _zeros(shape, dtype):
    return np.broadcast_to(np.zeros((), dtype), shape)  # of any size, in the memory of one element


def _holds_array(sequence):
    return any(isinstance(v, Array) or (type(v) in (list, tuple) and _holds_array(v)) for v in sequence)


def from_list(name, value):
    """A list of numbers, or of raw arrays, as a raw array of the default float dtype."""
    for part in value if isinstance(value, list | tuple) else (value,):
        refuse_unless_held(name, part)
    try:
        return np.array(value, dtype=dtypes.default_float())
    except (ValueError, TypeError) as error:
        raise type(error)(f"{name}: {error} (given {_described(value)})") from None


def refuse_unless_held(name, value):
    """Raise an error for an array of NumPy whose elements ours cannot hold."""
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind not in "biufc":
        raise TypeError(f"{name}: arrays hold booleans, integers, floats and complex numbers, not {value.dtype}")


def is_operand(value):
    """Whether something is a number, an array or what NumPy makes an array of, and not of objects."""
    return isinstance(value, np.generic | np.ndarray | Array) or np.asarray(value).dtype.kind != "O"


def no_operand(name, value):
    """The error for an operand that is no array."""
    given = f"{type(value).__name__}: {value!r:.60}{instead_of(value)}"
    return TypeError(f"{name}: an operand is an array, a number or a list of numbers, not {given}")


def instead_of(value):
    """What an error says besides of what is no array: for a parameter of a network, how to get its array."""
    return f"; write {getattr(value, 'name', 'parameter')}.data()" if callable(getattr(value, "data", None)) else ""


def _described(value):
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{list(value.shape)}"
    if type(value) in (list, tuple) and any(isinstance(v, np.ndarray) for v in value):
        return "(" + ", ".join(map(_described, value)) + ")"
    text = repr(value)
    return text if len(text) < 60 else text[:57] + "..."


def write_out(name, out, result):
    """Write `result` into `out` and return it, as `out=` asks.

    While recording, `out` and what shares its memory move on to the result's place in the graph; a variable is refused.
    """
    if not isinstance(out, Array):
        if isinstance(out, np.ndarray):
            out[...] = result._data
            return out
        raise TypeError(f"{name}: out is an array to write the result into, not {type(out).__name__}")
    if out._data.shape != result._data.shape:
        raise ValueError(f"{name}: out has shape {out._data.shape}, the result {result._data.shape}")
    if not np.can_cast(result._data.dtype, out._data.dtype, "same_kind"):
        raise TypeError(f"{name}: the result is {result._data.dtype}, which out, {out._data.dtype}, cannot hold")
    if is_recording() and (result._node is not None or family_is_recorded(out)):
        refuse_variables(out, name)
        move(out, result if result._data.dtype == out._data.dtype else result.astype(out._data.dtype))
        return out
    np.copyto(out._data, result._data, casting="same_kind")
    note_write(out._data)
    forget_past(out)
    return out
