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


def _call(words, function, arguments, states, before):
    """What a loop's function returns: the outputs as a list, as they came, and the new states; checked against those `before`."""
    loop, role, kind = words  # how errors name the loop, the function and the states
    returned = function(*arguments)
    if not isinstance(returned, list | tuple) or len(returned) != 2:
        given = f"{len(returned)} things" if isinstance(returned, list | tuple) else f"a {type(returned).__name__}"
        raise TypeError(f"{loop}: {role} returns two things, the outputs (or None) and the new {kind}, not {given}")
    output, new = returned
    parts = [] if output is None else _as_list(output)
    if any(part is None for part in parts):
        raise TypeError(f"{loop}: {role} returned a list of outputs with None in it; None alone stands for no output")
    if len(_as_list(new)) != len(_as_list(states)):
        raise ValueError(f"{loop}: {role} was given {len(_as_list(states))} {kind} and returned {len(_as_list(new))}")
    shapes = [np.shape(raw(part)) for part in parts]
    first = [np.shape(raw(part)) for part in before[0]] if before else shapes
    if shapes != first:
        raise ValueError(f"{loop}: {role} returns outputs of the same shapes in every call, not {first} and then {shapes}")
    return parts, output, new


def foreach(body, data, init_states):
    """Call `body` with one slice of `data` after another and with the states that the call before has returned.

    Parameters
    ----------
    body : callable
        `body(slice, states)` returns an output, a list of them or None, and the new states.
    data : ndarray or list of ndarray
        Cut along the first axis; several go in step.
    init_states : ndarray or list of ndarray
        The states for the first call.

    Returns
    -------
    outputs : ndarray or list of ndarray
        What the calls returned, stacked along a new first axis. An empty list if there was no output.
    states : ndarray or list of ndarray
        What the last call returned.

    Raises
    ------
    ValueError
        If `data` is empty, or several do not have the same length, or `body` returns another number of states, or outputs of
        another number or shape than before.
    TypeError
        If `body` does not return a pair.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.foreach(lambda x, total: (total + x, total + x), np.array([1, 2, 3]), np.array(0))
    (array([1., 3., 6.]), array(6.))
    """
    shapes = [np.shape(raw(array)) for array in _as_list(data)]
    if len({shape[:1] for shape in shapes}) != 1 or shapes[0][:1] in ((), (0,)):
        raise ValueError(
            "foreach: data has at least one slice along its first axis, and as many in every array; "
            f"the shapes are {', '.join(map(str, shapes)) or 'none'}"
        )
    states, outputs = init_states, []
    for i in range(shapes[0][0]):
        arguments = _like(data, [array[i] for array in _as_list(data)]), states
        parts, output, states = _call(("foreach", "body", "states"), body, arguments, states, outputs)
        outputs.append(parts)
    stacked = [stack(column) for column in zip(*outputs, strict=True)]
    return (_like(output, stacked) if stacked else []), states


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
        Without `max_iterations`, or if `func` returns another number of variables, or outputs of another number or shape than
        before.
    TypeError
        If `func` does not return a pair.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.while_loop(lambda i: i < 2, lambda i: (10 * i, i + 1), np.array(0), max_iterations=3)
    (array([ 0., 10.,  0.]), array(2.))
    """
    if not isinstance(max_iterations, int | np.integer) or max_iterations < 0:
        raise ValueError(f"while_loop: max_iterations is a number of calls, the outputs' length, not {max_iterations!r}")
    values, outputs, output = loop_vars, [], []
    while len(outputs) < max_iterations and bool(cond(*_as_list(values))):
        parts, output, new = _call(("while_loop", "func", "variables"), func, _as_list(values), values, outputs)
        values = _like(loop_vars, _as_list(new))
        outputs.append(parts)
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
