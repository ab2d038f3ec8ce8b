"""From arrays to the tape and back: the heads of a backward pass, their gradients, and where results are left."""

from collections.abc import Iterable

import numpy as np

from ..base import MXNetError
from . import views
from .array import Array
from .operator import instead_of, wrap
from .tape import Leaf, Node, Scatter, Step, Variable, backpropagate, is_free
from .writes import note_write

__all__ = ["SumOfParts", "attach", "backward", "grad"]

GRAD_REQS = ("write", "add", "null")


class SumOfParts(Variable):
    """A variable whose gradient is the sum over `parts` backward passes, one for each part of a batch; the next one starts anew.

    The sum also starts anew once it has been used up: when `is_fresh` was set to False.
    """

    __slots__ = ("_is_fresh", "_passes", "parts")

    def __init__(self, grad, parts):
        self.grad = grad
        self.parts = parts
        self._passes = 0  # how many have left their gradient in this sum
        self._is_fresh = False

    @property
    def grad_req(self):
        return "write" if self._passes == 0 else "add"

    @property
    def is_fresh(self):
        return self._is_fresh

    @is_fresh.setter
    def is_fresh(self, is_fresh):
        self._is_fresh = is_fresh
        self._passes = (self._passes + 1) % self.parts if is_fresh else 0

    def start_anew(self):
        """Let the next pass overwrite the gradient."""
        self._passes = 0


def attach(array, grad_req="write", gradient=None, detach=True, parts=1):
    """Make `array` a variable whose gradient is left in `gradient`, a new array of zeros by default.

    With `detach=False` an array that was computed keeps its past, and gets its gradient besides. With several `parts`, 'write' is
    meant of the sum of their gradients.
    """
    data = array._data
    if grad_req not in GRAD_REQS:
        raise ValueError(f"grad_req is one of {GRAD_REQS}, not {grad_req!r}")
    if data.dtype.kind not in "fc":
        raise TypeError(f"an array of {data.dtype} has no gradient; attach it to x.astype('float32')")
    if gradient is None:
        gradient = wrap(np.zeros(data.shape, data.dtype))
    variable = SumOfParts(gradient, parts) if parts > 1 and grad_req == "write" else Variable(gradient, grad_req)
    if detach or array._node is None:
        array._node = Leaf(data.shape, data.dtype, variable)
    else:
        array._node.variable = variable


def backward(heads, head_grads=None, retain_graph=False, train_mode=True):
    """Leave in `x.grad`, for every variable x that `heads` were computed from, the gradient of their sum.

    For heads h₁, …, hₖ with head gradients w₁, …, wₖ that is the gradient of Σᵢ sum(wᵢ · hᵢ).

    Parameters
    ----------
    heads : ndarray or list of ndarray
        Results of operations recorded under `record()`; of any shape.
    head_grads : ndarray, list of (ndarray or None), optional
        One for each head, of its shape and dtype. None is ones.
    retain_graph : bool
        Keep the graph for another backward pass; otherwise what it holds is released on the way.
    train_mode : bool
        The training flag during the pass.

    Raises
    ------
    MXNetError
        If a head was never recorded, or its graph was already released, or an array that the graph needs was written in place.
    ValueError, TypeError
        If the head gradients do not match the heads in number, shape or dtype. No gradient is touched.

    Examples
    --------
    >>> from mxnet import autograd
    >>> x = np.array([1, 2])
    >>> x.attach_grad()
    >>> with autograd.record():
    ...     y = x * x
    >>> autograd.backward([y], [np.array([1, 10])])
    >>> x.grad
    array([ 2., 40.])
    """
    heads, head_grads = _checked("backward", heads, head_grads)
    found = backpropagate(
        [head._node for head in heads],
        [_ones(head) if g is None else g._data for head, g in zip(heads, head_grads, strict=True)],
        retain_graph=retain_graph,
        train_mode=train_mode,
    )
    for node in list(found):
        _leave(node.variable, [found.pop(node)])


def grad(heads, variables, head_grads=None, retain_graph=None, create_graph=False, train_mode=True):
    """The gradients of the sum of `heads` with respect to `variables`, returned; no `x.grad` is touched.

    Parameters
    ----------
    heads : ndarray or list of ndarray
        Results of recorded operations.
    variables : ndarray or list of ndarray
        Variables, or arrays that `heads` were computed from.
    head_grads : ndarray, list of (ndarray or None), optional
        One for each head, of its shape and dtype. None is ones.
    retain_graph : bool, optional
        Keep the graph for another pass. By default, if `create_graph`.
    create_graph : bool
        Record the pass itself, so that its results can be differentiated again, to any order.
    train_mode : bool
        The training flag during the pass.

    Returns
    -------
    ndarray or list of ndarray
        As `variables` is one array or a list.

    Raises
    ------
    MXNetError
        As `backward`, and if a variable is not in the graph of the heads.

    Examples
    --------
    >>> from mxnet import autograd
    >>> x = np.array(3)
    >>> x.attach_grad()
    >>> with autograd.record():
    ...     y = x ** 3
    ...     slope = autograd.grad(y, x, create_graph=True)
    >>> slope
    array(27.)
    >>> autograd.grad(slope, x)
    array(18.)
    """
    single = isinstance(variables, Array)
    if not single and not isinstance(variables, Iterable):
        raise TypeError(f"grad: a variable is an array, or a list of arrays, not {type(variables).__name__}{instead_of(variables)}")
    variables = [variables] if single else list(variables)
    if not variables:
        raise ValueError("grad: no variables to differentiate for")
    for i, variable in enumerate(variables):
        if not isinstance(variable, Array):
            raise TypeError(f"grad: variables[{i}] is a {type(variable).__name__}, not an array{instead_of(variable)}")
        if variable._node is None:
            raise MXNetError(
                f"grad: variables[{i}], shape {variable._data.shape}, is not in the graph: "
                "call attach_grad() on it before the computation is recorded"
            )
    heads, head_grads = _checked("grad", heads, head_grads)
    if create_graph:
        cotangents = [wrap(_ones(head)) if g is None else g for head, g in zip(heads, head_grads, strict=True)]
    else:
        cotangents = [_ones(head) if g is None else g._data for head, g in zip(heads, head_grads, strict=True)]
    found = backpropagate(
        [head._node for head in heads],
        cotangents,
        variables=[variable._node for variable in variables],
        retain_graph=create_graph if retain_graph is None else retain_graph,
        create_graph=create_graph,
        train_mode=train_mode,
    )
    last = {variable._node: i for i, variable in enumerate(variables)}  # the same one may be asked for twice
    results = [
        _result([found.pop(node) if last[node] == i else found[node]], variable)
        for i, variable in enumerate(variables)
        for node in [variable._node]
    ]
    if create_graph:
        for result in results:
            if result._node is None:
                parents = tuple([head._node for head in heads])
                result._node = Node(_constant, parents, (), result._data.shape, result._data.dtype)
    return results[0] if single else results


def _leave(variable, cell):
    """Leave the gradient in `cell` where the variable's owner looks for it.

    A large one that nobody else refers to takes the place of the old memory, if nobody refers to that either: a copy saved.
    """
    target = variable.grad
    buffer = target._data
    if type(cell[0]) is Scatter:
        if variable.grad_req == "add":
            cell[0].add_to(buffer)
        else:
            cell[0].write_to(buffer)
    elif variable.grad_req == "add":
        if cell[0] is not None:
            buffer += cell[0]
    elif cell[0] is None:
        buffer.fill(0)
    elif is_free(cell, 0):
        del buffer
        if views.is_held(views.root_of(target)) or target is not views.root_of(target):
            np.copyto(target._data, cell[0])
        else:
            target._data = cell[0]
            views.refresh(target)
        buffer = target._data
    else:
        np.copyto(buffer, cell[0])
    note_write(buffer)
    variable.is_fresh = True


def _result(cell, variable):
    """The gradient in `cell`, a list of one, as the caller's own: nothing else refers to its memory."""
    gradient = cell[0]
    if gradient is None:
        return wrap(np.zeros(variable._data.shape, variable._data.dtype))
    if isinstance(gradient, Array):
        return wrap(gradient._data.copy(), gradient._node)
    if type(gradient) is Scatter:
        return wrap(gradient.dense(variable._data.shape, variable._data.dtype))
    del gradient
    return wrap(cell[0] if is_free(cell, 0) else np.array(cell[0]))


class _Constant(Step):
    """A gradient that depends on nothing, such as that of 3 x: its own derivatives are 0, to any order."""

    name = "constant gradient"

    def vjp(self, g, values, node):
        return [None] * len(node.parents)


_constant = _Constant()


def _ones(head):
    ones = np.empty(head._data.shape, head._data.dtype)
    ones.fill(1)  # np.ones does this at three times the price
    return ones


def _checked(name, heads, head_grads):
    """Heads and their gradients as two lists of one length, or the error that says what does not fit."""
    if isinstance(heads, Array):
        heads = [heads]
        head_grads = None if head_grads is None else [head_grads] if not isinstance(head_grads, list | tuple) else head_grads
    elif not isinstance(heads, list | tuple):
        raise TypeError(f"{name}: a head is an array, or a list of arrays, not {type(heads).__name__}{instead_of(heads)}")
    if not heads:
        raise ValueError(f"{name}: an empty list of heads")
    if head_grads is None:
        head_grads = [None] * len(heads)
    elif not isinstance(head_grads, list | tuple):
        raise TypeError(f"{name}: head_grads is a list, one for each of the {len(heads)} heads, not {type(head_grads).__name__}")
    if len(head_grads) != len(heads):
        raise ValueError(f"{name}: {len(heads)} heads and {len(head_grads)} head gradients")
    for head, gradient in zip(heads, head_grads, strict=True):
        if not isinstance(head, Array):
            raise TypeError(f"{name}: a head is an array, not {type(head).__name__}")
        if head._node is None:
            raise MXNetError(
                f"{name}: this array was never recorded. Compute it inside `with autograd.record():`, "
                "from an array that called attach_grad(), by operations that have a gradient"
            )
        if gradient is None:
            continue
        if not isinstance(gradient, Array):
            raise TypeError(f"{name}: a head gradient is an array, not {type(gradient).__name__}; write np.array(…)")
        if gradient._data.shape != head._data.shape:
            raise ValueError(f"{name}: a head gradient of shape {gradient._data.shape} for a head of shape {head._data.shape}")
        if gradient._data.dtype != head._data.dtype:
            raise TypeError(f"{name}: a head gradient of {gradient._data.dtype} for a head of {head._data.dtype}; use astype")
    return heads, head_grads
