"""The graph that recording leaves behind, and the walk that differentiates it.

A `Node` is one recorded operation, a `Leaf` one variable. Edges run from results to operands only, so no reference cycle ever forms
and a graph that nobody differentiates is freed with its results. Nothing here recurses.
"""

from math import prod
from operator import attrgetter
from sys import getrefcount

import numpy as np

from .. import kernels
from ..base import MXNetError
from ..kernels.rows import sum_rows
from .array import Array
from .state import Scope
from .writes import clock, written_since

__all__ = ["Leaf", "Node", "Part", "Scatter", "Step", "Variable", "backpropagate", "is_free"]

# An operand's node is always older than its result's, so descending time is a topological order.
_by_time = attrgetter("time")
_ndarray = np.ndarray
_float16, _float32, _float64 = np.dtype(np.float16), np.dtype(np.float32), np.dtype(np.float64)
_MANY = 2**15  # elements of a cotangent from which a sparse product is faster than `numpy.add.at`


class Step:
    """What the walk wants to know of a node's operator: the base of `Operator`, and of what no user calls.

    Attributes
    ----------
    name : str
        As users know it.
    pointwise : bool
        Whether the rules are linear in the cotangent point by point (elementwise operators).
    hides : bool or int
        Whether values disappear in it (`where`, indexing), so that a NaN among them must not reach a gradient. A number says which
        of the node's values is the mask that decides.
    complex_rules : bool
        Whether the rules take and return the gradients of complex numbers, dL/dx + i dL/dy, as they are. Otherwise they are written
        with the plain derivative, f'(z), and the walk conjugates what goes in and what comes out.
    in_place : bool
        Whether the rules write into the cotangent of the result, and return it as that of the first operand.
    sparse : bool
        Whether the rules take a Scatter for a cotangent, where nothing else arrived.
    """

    name = ""
    pointwise = False
    hides = False
    complex_rules = True
    in_place = False
    sparse = False

    def vjp(self, g, values, node):
        """The cotangents of the parents of `node`, from the cotangent `g` of the result and the node's values, raw or lifted."""
        raise NotImplementedError

    def lifted(self, node):
        """The node's values, as Arrays that know their nodes where they have one."""
        return node.values


class Variable:
    """Where the walk leaves a gradient: `grad`, an Array of the variable's shape and dtype, and how ('write', 'add', 'null').

    `is_fresh` becomes true when it does; who uses the gradient up sets it to false.
    """

    __slots__ = ("grad", "grad_req", "is_fresh")

    def __init__(self, grad, grad_req):
        self.grad = grad
        self.grad_req = grad_req
        self.is_fresh = False


class Node:
    """One recorded operation.

    Attributes
    ----------
    operator : Operator
        Has `name` and `vjp`; None in a leaf.
    parents : tuple of (Node or None)
        One for each differentiable operand; None where no gradient is wanted.
    values : tuple or None
        What the rules need of operands, result and attributes; None once released.
    shape, dtype
        Of the result (lists, if there are several); every cotangent that arrives is brought to them.
    time : int
        When it was recorded.
    variable : Variable or None
        Set by `attach_grad`.
    released : int
        When a backward pass released it; not set before.
    """

    __slots__ = ("dtype", "operator", "parents", "released", "shape", "time", "values", "variable")

    def __init__(self, operator, parents, values, shape, dtype):
        self.operator = operator
        self.parents = parents
        self.values = values
        self.shape = shape
        self.dtype = dtype
        self.time = clock()
        self.variable = None


class Leaf(Node):
    """A variable: a node without operands."""

    __slots__ = ()

    def __init__(self, shape, dtype, variable):
        super().__init__(None, (), (), shape, dtype)
        self.variable = variable


class Part:
    """The cotangent of result number `index` of an operator that has several."""

    __slots__ = ("index", "value")

    def __init__(self, index, value):
        self.index = index
        self.value = value


class Scatter:
    """The cotangent of `x` in `x[key]`: `value` at `key`, zero elsewhere. It is never built, only added where it belongs.

    So `T` slices of one array cost one buffer, and not `T`.
    """

    __slots__ = ("key", "unique", "value")

    def __init__(self, key, value, unique):
        self.key = key
        self.value = value
        self.unique = unique

    def dense(self, shape, dtype):
        """The cotangent as an array."""
        if not self._names_rows(shape, dtype):
            buffer = np.zeros(shape, dtype)
            self.add_to(buffer)
            return buffer
        buffer = np.empty(shape, dtype)
        self._sum_rows(buffer)
        return buffer

    def write_to(self, buffer):
        """Make `buffer` the cotangent."""
        if np.may_share_memory(buffer, self.value):  # x[0].backward(x.grad[0])
            self.value = self.value.copy()
        if buffer.flags.c_contiguous and self._names_rows(buffer.shape, buffer.dtype):
            self._sum_rows(buffer)
        else:
            buffer.fill(0)
            self.add_to(buffer)

    def add_to(self, buffer):
        """Add it to `buffer`, in place; positions that `key` names twice receive both."""
        if self.unique:
            buffer[self.key] += self.value
        elif buffer.dtype is _float16:  # in which sums of many stand still
            buffer += Scatter(self.key, self.value.astype(_float32), False).dense(buffer.shape, _float32)
        elif self._names_rows(buffer.shape, buffer.dtype):
            buffer += self.dense(buffer.shape, buffer.dtype)
        else:
            np.add.at(buffer, self.key, self.value)

    def _names_rows(self, shape, dtype):
        """Whether it has many whole rows, as gathers from an embedding do."""
        key = self._row_index()
        return not self.unique and type(key) is np.ndarray and len(shape) > 1 and self.value.size >= _MANY and dtype.char in "fdFD"

    def _row_index(self):
        key = self.key
        return key[0] if type(key) is tuple and len(key) == 1 else key

    def _sum_rows(self, buffer):
        """The cotangent of whole rows: their sums, by a kernel or as a product with a sparse matrix.

        `numpy.add.at` takes 20 times as long for 20,000 rows of 64.
        """
        index = np.ascontiguousarray(self._row_index().ravel(), np.int64)
        value = np.ascontiguousarray(self.value.reshape(index.size, -1), buffer.dtype)
        rows = buffer.reshape(len(buffer), -1)
        if kernels.serves(value):
            kernels.split(sum_rows, len(rows), rows.size, index, value, rows)
        else:
            rows[:] = _gather(index, len(rows), buffer.dtype).T @ value


def _gather(index, n, dtype):
    """The sparse matrix that takes the rows `index` of a matrix of `n` rows."""
    from scipy.sparse import csr_array  # on first use: SciPy takes longer to import than NumPy

    index = np.where(index < 0, index + n, index)
    return csr_array((np.ones(index.size, dtype), index, np.arange(index.size + 1)), shape=(index.size, n))


def graph_of(heads):
    """All nodes that `heads` depend on, the oldest first.

    What a backward pass had released already when it was used again is a constant, as a state that one batch leaves to the next.
    """
    for head in heads:
        if head.values is None:
            raise _released(head)
    seen = {None, *heads}
    stack = list(heads)
    while stack:
        node = stack.pop()
        for parent in node.parents:
            if parent not in seen:
                if parent.values is not None:
                    seen.add(parent)
                    stack.append(parent)
                elif node.time < parent.released:
                    raise _released(parent)
    seen.discard(None)
    return sorted(seen, key=_by_time)


def _released(node):
    return MXNetError(
        f"the graph was already released: a backward pass has walked through {node.operator.name!r} before. "
        "Pass retain_graph=True to the first backward() or grad(), or record the computation again"
    )


def backpropagate(heads, cotangents, *, variables=None, retain_graph=False, create_graph=False, train_mode=True):
    """Walk the graph once, newest node first, and return the gradients.

    Parameters
    ----------
    heads : list of Node
        Where to start.
    cotangents : list
        The gradient of each head, of its shape and dtype: raw arrays, or Arrays if `create_graph`.
    variables : list of Node, optional
        The nodes whose gradients are wanted. Only paths to them are walked.
        By default all nodes that `attach_grad` or `mark_variables` made variables.
    retain_graph : bool
        Keep what the rules need, so that the graph can be walked again.
    create_graph : bool
        Record the walk itself: the rules run on Arrays.
    train_mode : bool
        The training flag during the walk.

    Returns
    -------
    dict
        Node to gradient: raw, or Array if `create_graph`, or a Scatter. A variable in the graph that nothing flows to has None.
        Gradients may share memory with each other and with kept values: copy them.
    """
    order = graph_of(heads)
    _refuse_overwritten(order)
    wanted = None  # everything
    inner = False  # whether gradients of computed arrays are asked for
    if variables is None:
        found = {}
        some_null = False
        for node in order:
            if node.variable is not None:
                if node.variable.grad_req == "null":
                    some_null = True
                else:
                    found[node] = None
                    inner = inner or node.operator is not None
        if not found:
            raise MXNetError("no array in this graph wants a gradient: every attach_grad() in it has grad_req='null'")
        if some_null:
            wanted = _leading_to(order, found)
    else:
        _refuse_absent(variables, order)
        found = dict.fromkeys(variables)
        wanted = _leading_to(order, found)
        inner = True
    pending, owned = {}, set()
    for head, cotangent in zip(heads, cotangents, strict=True):
        _arrive(pending, owned, head, cotangent)
    del heads, cotangents
    careful = False
    now = clock()
    with Scope(recording=create_graph, training=train_mode), np.errstate(all="ignore", invalid="raise"):
        while order:
            node = order.pop()
            g = pending.pop(node, None)
            operator = node.operator
            if (operator is None or inner) and node in found:
                found[node] = g
            if operator is None:
                continue
            if g is not None and (wanted is None or node in wanted):
                if operator.hides:
                    careful = careful or operator.hides is True or node.values[operator.hides] is not None
                    if operator.in_place:
                        g = _writable(g, node, pending, owned, found)
                values = operator.lifted(node) if create_graph else node.values
                vjp = operator.vjp
                if node.dtype is not _float32 and node.dtype is not _float64:
                    vjp = _for_complex_numbers(vjp, node)
                try:
                    contributions = vjp(g, values, node)
                    suspect = careful
                except FloatingPointError:
                    with np.errstate(invalid="ignore"):
                        contributions = vjp(g, values, node)
                    suspect = True
                if suspect and operator.pointwise:
                    contributions = _quieted(contributions, g)
                for parent, contribution in zip(node.parents, contributions):  # noqa: B905 (strict costs as much as a rule)
                    if contribution is None or parent is None or (wanted is not None and parent not in wanted):
                        continue
                    if (  # the usual case of `_arrive`, without a call
                        parent not in pending
                        and type(contribution) is _ndarray
                        and contribution.dtype is parent.dtype
                        and contribution.shape == parent.shape
                    ):
                        pending[parent] = contribution
                    else:
                        _arrive(pending, owned, parent, contribution)
                values = contributions = contribution = None  # or they would outlive the next node's rules
            if not retain_graph:
                node.values = None
                node.parents = ()
                node.released = now
    return found


_LARGE = 2**16  # bytes from which it pays to find out whether an array is nobody else's


def _references(holder, key):
    return getrefcount(holder[key])


_ALONE = _references({0: np.empty(0)}, 0)  # nothing but the holder refers to it; the number depends on the interpreter


def is_free(holder, key):
    """Whether `holder[key]` is a large array of its own that nothing but `holder` refers to: its memory may be taken over."""
    return (
        type(holder[key]) is _ndarray
        and holder[key].nbytes >= _LARGE
        and holder[key].base is None
        and _references(holder, key) <= _ALONE
        and holder[key].flags.c_contiguous
    )


def _arrive(pending, owned, node, contribution):
    """Add a contribution to the pending cotangent of `node`, summed over broadcast axes and cast to the node's dtype.

    `owned` has the nodes whose pending cotangent is a buffer that nothing else refers to.
    """
    previous = pending.get(node)
    kind = type(contribution)
    if type(previous) is Scatter:
        pending[node] = previous = previous.dense(node.shape, node.dtype)
        owned.add(node)
    if kind is Scatter:
        if previous is None and (node.operator is None or node.operator.sparse):
            pending[node] = contribution  # whoever it is for, such as a variable, knows where to put it
            return
        if previous is None:
            pending[node] = contribution.dense(node.shape, node.dtype)
        elif node in owned:
            contribution.add_to(previous)
        else:
            pending[node] = total = np.array(previous)
            contribution.add_to(total)
        owned.add(node)
        return
    if kind is Part:
        parts = pending.setdefault(node, [None] * len(node.shape))
        so_far = parts[contribution.index]
        parts[contribution.index] = contribution.value if so_far is None else so_far + contribution.value
        return
    if contribution.shape != node.shape:
        contribution = unbroadcast(contribution, node.shape)
    if contribution.dtype is not node.dtype:
        contribution = _cast(contribution, node.dtype)
    if previous is None:
        pending[node] = contribution
        return
    del previous  # a name counts as a reference
    if node in owned or is_free(pending, node):
        kernels.in_parts(np.add, pending[node], contribution, pending[node])
        owned.add(node)
    else:
        pending[node] = total = pending[node] + contribution
        if type(total) is np.ndarray:  # neither recorded nor a scalar
            owned.add(node)


def _writable(g, node, pending, owned, found):
    """The cotangent `g` of `node` in memory that its rules may write into, and hand on to the first operand as its own."""
    if type(g) is not _ndarray:
        return g
    parent = node.parents[0]
    if parent is not None and parent not in pending:
        owned.add(parent)
    return g if node in owned and node not in found else np.array(g)


def unbroadcast(cotangent, shape):
    """Undo broadcasting: sum over the axes that were stretched (or stretch, if a rule left axes of length 1)."""
    extra = cotangent.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(
        extra + axis for axis, size in enumerate(shape) if size == 1 and cotangent.shape[extra + axis] != 1
    )
    if extra and len(axes) == extra and type(cotangent) is _ndarray and cotangent.size >= kernels.LARGE and shape:
        return kernels.sum_of_rows(cotangent.reshape(-1, prod(shape))).reshape(shape)
    if axes:
        dtype = _float32 if cotangent.dtype is _float16 else None  # in float16, 2048 + 1 is 2048
        cotangent = cotangent.sum(axis=axes, dtype=dtype, keepdims=True)
    if extra > 0:
        cotangent = cotangent.reshape(cotangent.shape[extra:])
    return cotangent if cotangent.shape == shape else np.broadcast_to(cotangent, shape)


def _cast(cotangent, dtype):
    if cotangent.dtype == dtype:
        return cotangent
    if cotangent.dtype.kind == "c" and dtype.kind != "c":
        cotangent = cotangent.real
    return cotangent.astype(dtype)


def _for_complex_numbers(vjp, node):
    """`vjp`, for a result that may be complex: a gradient dL/dx + i dL/dy takes the derivatives in the rules conjugated.

    As rules are linear in the cotangent, it is the same to conjugate what goes into a rule and what comes out of it.
    """
    dtypes = node.dtype if type(node.dtype) is list else [node.dtype]
    if node.operator.complex_rules or all(dtype.kind != "c" for dtype in dtypes):
        return vjp
    return lambda g, values, node: [_conjugated(part) for part in vjp(_conjugated(g), values, node)]


def _conjugated(g):
    if type(g) is list:
        return [_conjugated(part) for part in g]
    if type(g) is Scatter:
        return Scatter(g.key, _conjugated(g.value), g.unique)
    return g if g is None or g.dtype.kind != "c" else g.conj()


def _quieted(contributions, g):
    """Cotangents of an elementwise operator, 0 where `g` is 0.

    An elementwise rule is linear in the cotangent, point by point: where the cotangent is 0 its result is 0, even where the
    derivative is infinite or NaN. `0 * inf` raises the processor's "invalid" flag, so looking out for it costs nothing; `0 * nan`
    does not, so results are searched once an operator that hides values (`where`) has been passed.
    """
    above = g._data if isinstance(g, Array) else g
    results = []
    for result in contributions:
        if result is not None:
            data = result._data if isinstance(result, Array) else result
            hidden = (above == 0) & np.isnan(data)
            if hidden.any():
                result = np.where(hidden, 0, result)
        results.append(result)
    return results


def _leading_to(order, found):
    """The nodes through which gradients reach those in `found`."""
    wanted = set(found)
    for node in order:  # operands come before results
        if node not in wanted and not wanted.isdisjoint(node.parents):
            wanted.add(node)
    return wanted


def _refuse_absent(variables, order):
    present = set(order)
    for i, node in enumerate(variables):
        if node not in present:
            raise MXNetError(f"variables[{i}], shape {node.shape}, is not in the graph: the heads were not computed from it")


def _refuse_overwritten(order):
    oldest = next((node.time for node in order if node.operator is not None), None)  # leaves keep no values
    if oldest is None or not written_since(oldest):
        return
    for node in order:
        for value in _arrays_in(node.values):
            if written_since(node.time, value):
                raise MXNetError(
                    f"an array that {node.operator.name!r} needs for its gradient, shape {value.shape}, was written in place after "
                    "it was recorded. Write to a copy, or call backward() before the write"
                )


def _arrays_in(values):
    for value in values:
        if isinstance(value, np.ndarray):
            yield value
        elif isinstance(value, tuple | list):
            yield from _arrays_in(value)
