"""Control flow as functions of functions, and a check. Python's own `for`, `while` and `if` record just as well."""

import numpy as np

from ...core.array import Array, raw
from ..creation import zeros
from ..joining import concatenate, stack

__all__ = ["cond", "constraint_check", "foreach", "while_loop"]


def _as_list(value):
    return list(value) if isinstance(value, list | tuple) else [value]


def _like(given, values):
    """`values`, a list, as one value if `given` is one."""
    return values if isinstance(given, list | tuple) else values[0]


def foreach(body, data, init_states):
    """Call `body` with one slice of `data` after another and with the states that the call before has returned.

    Parameters
    ----------
    body : callable
        `body(slice, states)` returns an output, or a list of them, and the new states.
    data : ndarray or list of ndarray
        Cut along the first axis; several go in step.
    init_states : ndarray or list of ndarray
        The states for the first call.

    Returns
    -------
    outputs : ndarray or list of ndarray
        What the calls returned, stacked along a new first axis.
    states : ndarray or list of ndarray
        What the last call returned.

    Raises
    ------
    ValueError
        If `data` is empty, or several do not have the same length, or `body` returns another number of states.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.foreach(lambda x, total: (total + x, total + x), np.array([1, 2, 3]), np.array(0))
    (array([1., 3., 6.]), array(6.))
    """
    lengths = {len(array) for array in _as_list(data)}
    if len(lengths) != 1 or lengths == {0}:
        raise ValueError(f"foreach: data has at least one slice, and as many in every array; the arrays have {sorted(lengths)}")
    states, outputs = init_states, []
    for i in range(lengths.pop()):
        output, new = body(_like(data, [array[i] for array in _as_list(data)]), states)
        if len(_as_list(new)) != len(_as_list(states)):
            raise ValueError(f"foreach: body was given {len(_as_list(states))} states and returned {len(_as_list(new))}")
        states = new
        outputs.append(_as_list(output))
    return _like(output, [stack(column) for column in zip(*outputs, strict=True)]), states


def while_loop(cond, func, loop_vars, max_iterations=None):
    """Call `func` as long as `cond` holds, each time with the variables that the call before has returned.

    Parameters
    ----------
    cond : callable
        `cond(*loop_vars)` tells whether to go on.
    func : callable
        `func(*loop_vars)` returns an output, a list of them or None, and the new variables.
    loop_vars : ndarray or list of ndarray
    max_iterations : int
        After how many calls to stop at the latest.

    Returns
    -------
    outputs : ndarray or list of ndarray
        What the calls returned, stacked along a new first axis of length `max_iterations`; zeros for calls that were not made. An
        empty list if there was no output.
    loop_vars : ndarray or list of ndarray
        What the last call returned.

    Raises
    ------
    ValueError
        Without `max_iterations`, or if `func` returns another number of variables.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.while_loop(lambda i: i < 2, lambda i: (10 * i, i + 1), np.array(0), max_iterations=3)
    (array([ 0., 10.,  0.]), array(2.))
    """
    if max_iterations is None or max_iterations < 0:
        raise ValueError(f"while_loop: max_iterations is a number of calls, the outputs' length, not {max_iterations!r}")
    values, outputs, output = loop_vars, [], []
    while len(outputs) < max_iterations and bool(cond(*_as_list(values))):
        output, new = func(*_as_list(values))
        if len(_as_list(new)) != len(_as_list(values)):
            raise ValueError(f"while_loop: func was given {len(_as_list(values))} variables and returned {len(_as_list(new))}")
        values = _like(loop_vars, _as_list(new))
        outputs.append([] if output is None else _as_list(output))
    missing = max_iterations - len(outputs)
    stacked = [stack(column) for column in zip(*outputs, strict=True)]
    padded = [concatenate([s, zeros((missing, *s.shape[1:]), dtype=s.dtype)]) if missing else s for s in stacked]
    return (_like(output, padded) if padded else []), values


def cond(pred, then_func, else_func, inputs, name="cond"):
    """`then_func(*inputs)` if `pred(*inputs)` is true, and `else_func(*inputs)` otherwise; only one of them is called.

    Parameters
    ----------
    pred : callable or ndarray
        Of one element.
    then_func, else_func : callable
    inputs : ndarray or list of ndarray
    name : str
        Has no effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.cond(lambda x: x > 0, lambda x: x, lambda x: -x, np.array(-3))
    array(3.)
    """
    inputs = _as_list(inputs)
    chosen = pred(*inputs) if callable(pred) else pred
    return then_func(*inputs) if bool(chosen) else else_func(*inputs)


def constraint_check(x, msg):
    """True if all elements of `x` are true, to be multiplied by what the constraint protects; an error otherwise.

    Parameters
    ----------
    x : ndarray of bool
    msg : str
        What the error says.

    Raises
    ------
    ValueError
        If an element is false.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> scale = np.array([1, 2])
    >>> scale * npx.constraint_check(scale > 0, "the scale is positive")
    array([1., 2.])
    """
    if not isinstance(x, Array | np.ndarray) or x.dtype != bool:
        raise TypeError(f"constraint_check: x is an array of booleans, such as scale > 0, not {raw(x)!r:.60}")
    if not raw(x).all():
        raise ValueError(f"constraint_check: {msg}")
    return np.all(x)
