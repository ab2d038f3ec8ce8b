"""Recording and differentiating: `record`, `backward`, `grad`, custom `Function`s and the training flag.

x.attach_grad()
with autograd.record():
    y = (x * x).sum()
y.backward()
x.grad                      # 2 x
"""

import copy

import numpy as np

from .base import MXNetError
from .core.array import Array
from .core.gradients import attach, backward, grad
from .core.operator import wrap, wrap_results
from .core.state import Scope, is_recording, is_training, set_recording, set_training
from .core.symbol import Symbol
from .core.tape import Node, Step
from .operators import random

__all__ = [
    "Function",
    "backward",
    "get_symbol",
    "grad",
    "is_recording",
    "is_training",
    "mark_variables",
    "pause",
    "predict_mode",
    "record",
    "set_recording",
    "set_training",
    "train_mode",
]


def record(train_mode=True):
    """A scope whose operations are recorded, in training mode unless `train_mode` is False.

    Scopes nest and put back what they found, also when an exception leaves them. Every thread and asyncio task has its own state.

    Examples
    --------
    >>> from mxnet import autograd
    >>> x = np.array([1, 2])
    >>> x.attach_grad()
    >>> with autograd.record():
    ...     y = (x * x).sum()
    >>> y.backward()
    >>> x.grad
    array([2., 4.])
    """
    return Scope(recording=True, training=train_mode)


def pause(train_mode=False):
    """A scope whose operations are not recorded: their results are constants.

    Examples
    --------
    >>> from mxnet import autograd
    >>> with autograd.record():
    ...     with autograd.pause():
    ...         print(autograd.is_recording())
    False
    """
    return Scope(recording=False, training=train_mode)


def train_mode():
    """A scope in training mode, where dropout drops and batch normalisation counts; recording stays as it is.

    Examples
    --------
    >>> from mxnet import autograd
    >>> with autograd.train_mode():
    ...     print(autograd.is_training())
    True
    """
    return Scope(training=True)


def predict_mode():
    """A scope in prediction mode; recording stays as it is.

    Examples
    --------
    >>> from mxnet import autograd
    >>> with autograd.record(), autograd.predict_mode():
    ...     print(autograd.is_recording(), autograd.is_training())
    True False
    """
    return Scope(training=False)


def mark_variables(variables, gradients, grad_reqs="write"):
    """Make arrays variables, and `gradients` the arrays in which backward passes leave their gradients.

    Parameters
    ----------
    variables : ndarray or list of ndarray
    gradients : ndarray or list of ndarray
        One for each variable, of its shape and dtype. With 'add' its content is where the sum starts.
    grad_reqs : {'write', 'add', 'null'} or list of them

    Raises
    ------
    ValueError, TypeError
        If numbers, shapes, dtypes or requests do not fit. Then no variable is marked.

    Examples
    --------
    >>> from mxnet import autograd
    >>> x, g = np.array([1, 2]), np.zeros(2)
    >>> autograd.mark_variables(x, g)
    >>> with autograd.record():
    ...     y = 3 * x
    >>> y.backward()
    >>> g
    array([3., 3.])
    """
    if isinstance(variables, Array):
        variables, gradients = [variables], [gradients]
    reqs = [grad_reqs] * len(variables) if isinstance(grad_reqs, str) else list(grad_reqs)
    if not len(variables) == len(gradients) == len(reqs):
        raise ValueError(f"mark_variables: {len(variables)} variables, {len(gradients)} gradients and {len(reqs)} grad_reqs")
    for variable, gradient, req in zip(variables, gradients, reqs, strict=True):
        for array in (variable, gradient):
            if not isinstance(array, Array):
                raise TypeError(f"mark_variables takes arrays, not {type(array).__name__}")
        if variable.shape != gradient.shape or variable.dtype != gradient.dtype:
            raise ValueError(
                f"mark_variables: a gradient of {gradient.dtype}{list(gradient.shape)} "
                f"for a variable of {variable.dtype}{list(variable.shape)}"
            )
        attach(wrap(variable._data), req, gradient)  # raises what is wrong before anything is marked
    for variable, gradient, req in zip(variables, gradients, reqs, strict=True):
        attach(variable, req, gradient)


def get_symbol(x):
    """The recorded computation of `x`, to list or to print.

    Examples
    --------
    >>> from mxnet import autograd
    >>> x = np.array([1, 2])
    >>> x.attach_grad()
    >>> with autograd.record():
    ...     y = np.exp(2 * x)
    >>> autograd.get_symbol(y).list_arguments()
    ['var0']
    >>> print(autograd.get_symbol(y))
    var0: variable, float32[2]
    multiply0 = multiply(var0), float32[2]
    exp0 = exp(multiply0), float32[2]
    """
    if not isinstance(x, Array):
        raise TypeError(f"get_symbol takes an array, not {type(x).__name__}")
    if x._node is None:
        raise MXNetError("get_symbol: this array was never recorded; compute it inside `with autograd.record():`")
    return Symbol(x._node)


class Function:
    """An operation with a gradient of one's own.

    A subclass defines `forward(self, *inputs)` and `backward(self, *output_grads)`; an instance serves one call. `forward` runs
    unrecorded. `backward` gets one gradient for each output, and returns one for each input that is an array, None where there is
    none. Arguments of `forward` that are not arrays are handed on as they are.

    `save_for_backward(*arrays)` keeps arrays for `backward`, which finds them in `saved_tensors`.

    Under `create_graph=True` `backward` is recorded, and differentiates right to any order if it is written with array operations:
    what it kept of inputs and outputs stays connected to the graph, and what it kept of values in between (saved or as attributes)
    is computed once more, recorded, from the same random numbers. `forward` should give the same result when it runs again.

    Examples
    --------
    >>> from mxnet import autograd
    >>> class Sigmoid(autograd.Function):
    ...     def forward(self, x):
    ...         y = 1 / (1 + np.exp(-x))
    ...         self.save_for_backward(y)
    ...         return y
    ...     def backward(self, dy):
    ...         y, = self.saved_tensors
    ...         return dy * y * (1 - y)
    >>> x = np.array([0, 2])
    >>> x.attach_grad()
    >>> with autograd.record():
    ...     y = Sigmoid()(x)
    >>> y.backward()
    >>> x.grad
    array([0.25      , 0.10499363])
    """

    _used = False
    saved_tensors = ()

    def save_for_backward(self, *args):
        """Keep arrays for `backward`."""
        self.saved_tensors = args

    def forward(self, *inputs):
        """Compute the outputs: an array, or a tuple of arrays."""
        raise NotImplementedError(f"{type(self).__name__} defines no forward")

    def backward(self, *output_grads):
        """The gradients of the inputs, from those of the outputs."""
        raise NotImplementedError(f"{type(self).__name__} defines no backward")

    def __call__(self, *inputs):
        """Run `forward`, and record this function if anything it is given is recorded."""
        if self._used:
            raise MXNetError(f"this {type(self).__name__} was called before; an instance serves one call: make another")
        self._used = True
        recorded = is_recording() and any(isinstance(x, Array) and x._node is not None for x in inputs)
        replay = random.get_state() if recorded else None
        with Scope(recording=False):
            outputs = self.forward(*inputs)
        single = isinstance(outputs, Array)
        for output in outputs if isinstance(outputs, list | tuple) else (outputs,):
            if not isinstance(output, Array):
                raise TypeError(f"{type(self).__name__}.forward returns arrays, not {type(output).__name__}")
        # New arrays, so that what forward kept holds no reference to the graph that will hold this function.
        if not recorded:
            return wrap(outputs._data) if single else tuple(wrap(output._data) for output in outputs)
        node = _node(self, inputs, outputs, replay)
        if single:
            return wrap(outputs._data, node)
        return tuple(wrap_results([output._data for output in outputs], node))


def _arrays_in(value):
    """The arrays in nested lists, tuples and dictionaries."""
    if isinstance(value, Array):
        yield value
    elif isinstance(value, list | tuple | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _arrays_in(part)


def _node(function, inputs, outputs, replay):
    """The node of a call. All that it keeps is among the node's values, so that it goes when they are released."""
    single = isinstance(outputs, Array)
    outputs = [outputs] if single else list(outputs)
    kept = {id(array): array for array in _arrays_in((function.saved_tensors, vars(function)))}
    given = [x for x in inputs if isinstance(x, Array)]
    between = bool(kept.keys() - {id(array) for array in (*given, *outputs)})
    needed = [*kept.values(), *(given if between else ())]  # a replay starts from the inputs
    values = (_Call(function, inputs, replay, between), *[array._data for array in needed])
    parents = tuple(x._node for x in given)
    data = [output._data for output in outputs]
    operator = _Custom(type(function).__name__)
    if single:
        return Node(operator, parents, values, data[0].shape, data[0].dtype)
    return Node(operator, parents, values, [d.shape for d in data], [d.dtype for d in data])


class _Call:
    """One call of a Function: what its gradient needs."""

    def __init__(self, function, inputs, replay=None, between=False):
        self.function = function
        # Constants of the same values stand for the inputs: the graph they come from is held by the node's parents alone.
        self.inputs = [wrap(x._data) if isinstance(x, Array) else x for x in inputs]
        self.replay = replay  # the state of the random numbers before `forward`
        self.between = between  # whether it kept values that are neither inputs nor outputs

    def connected(self, node):
        """The same call, by a twin of the function whose kept arrays are connected to the graph."""
        twin = copy.copy(self.function)
        nodes = iter(node.parents)
        inputs = [wrap(x._data, next(nodes)) if isinstance(x, Array) else x for x in self.inputs]
        before = random.get_state()
        random.set_state(self.replay)
        try:
            with Scope(recording=self.between):
                outputs = twin.forward(*inputs)
        finally:
            random.set_state(before)
        outputs = (outputs,) if isinstance(outputs, Array) else outputs
        data = [output._data for output in outputs]
        places = wrap_results(data, node) if type(node.dtype) is list else [wrap(data[0], node)]
        for output, place in zip(outputs, places, strict=True):
            output._node = place._node  # what the twin kept of its outputs has the rule of this function
        return _Call(twin, self.inputs)


class _Custom(Step):
    """The operator of a Function: back-propagation calls its `backward`."""

    def __init__(self, name):
        self.name = name

    def lifted(self, node):
        """The call, connected to the graph."""
        return (node.values[0].connected(node),)

    def vjp(self, g, values, node):
        """The gradients that `backward` returns, checked against the inputs."""
        call = values[0]
        recorded = values is not node.values
        grads = g if type(g) is list else [g]
        if type(node.dtype) is list:
            forms = zip(grads, node.shape, node.dtype, strict=True)
            grads = [np.zeros(shape, dtype) if part is None else part for part, shape, dtype in forms]
        grads = [part if isinstance(part, Array) else wrap(np.array(part)) for part in grads]
        with Scope(recording=recorded), np.errstate(all="warn"):
            results = call.function.backward(*grads)
        results = results if isinstance(results, list | tuple) else (results,)
        if len(results) != len(node.parents):
            raise ValueError(
                f"{self.name}.backward returned {len(results)} gradients for {len(node.parents)} array inputs of forward"
            )
        inputs = [x for x in call.inputs if isinstance(x, Array)]
        for i, (result, x) in enumerate(zip(results, inputs, strict=True)):
            if result is None:
                continue
            if not isinstance(result, Array):
                raise TypeError(f"{self.name}.backward returned a {type(result).__name__} as gradient {i}, not an array or None")
            if result._data.shape != x._data.shape:
                raise ValueError(f"{self.name}.backward: gradient {i} has shape {result._data.shape}, the input {x._data.shape}")
        return [r if recorded or r is None else r._data for r in results]
