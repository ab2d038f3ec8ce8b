"""Updates of optimisers, in place: one pass over the memory of weight, gradient and states.

The formulas are in `kernels/updates.py`. In all of them, unless they say otherwise, the gradient is
g = limited(rescale_grad · grad, ±clip_gradient) + wd · weight.
"""

import math

from ..base import MXNetError
from ..core.array import Array
from ..core.state import is_recording
from ..core.tape import Leaf
from ..core.views import forget_past
from ..core.words import with_words
from ..core.writes import note_write
from ..kernels import updates as rules

__all__ = [
    "adadelta_update",
    "adagrad_update",
    "apply",
    "dcasgd_update",
    "documented",
    "ftrl_update",
    "nag_mom_update",
    "rmsprop_update",
    "rmspropalex_update",
    "sgd_mom_update",
    "sgd_update",
    "signsgd_update",
    "signum_update",
]

_STATE = " : ndarray\n    Like the weight, zeros before the first update; written."
_WORDS = {
    "weight": "weight : ndarray\n    Of a float dtype; written.",
    "grad": "grad : ndarray\n    Of the shape of the weight.",
    **{state: state + _STATE for state in ("mom", "mean", "var", "history", "n", "z", "d", "v", "g", "delta", "inf", "product")},
    "lr": "lr : float\n    The learning rate.",
    "momentum": "momentum : float\n    How much is left of a step in the next one.",
    "beta1": "beta1 : float\n    How much is left of `mean` at the next update.",
    "beta2": "beta2 : float\n    How much is left of the other state at the next update.",
    "epsilon": "epsilon : float\n    What keeps the denominator from 0.",
    "t": "t : int\n    The number of the update, from 1.",
    "wd": "wd : float\n    The decay of the weight: the factor of a penalty weight²/2.",
    "rescale_grad": "rescale_grad : float\n    The gradient is multiplied by it first, often 1 over the size of the batch.",
    "clip_gradient": "clip_gradient : float, optional\n    The largest absolute value of an element of the gradient.",
    "clip_weights": "clip_weights : float, optional\n    The largest absolute value of an element of the weight.",
}
_RETURNS = """ndarray
    The weight.

Raises
------
MXNetError
    Under `autograd.record()`."""


def documented(function):
    """A decorator: what all updates say of their parameters goes into the docstring."""
    return with_words(function, _WORDS, _RETURNS)


def _explained(name, weight, grad, states, error):
    """The error that says what is wrong with these arrays; if it is none of the usual things, `error`."""
    for array in (weight, grad, *states):
        if not isinstance(array, Array):
            return TypeError(f"{name}: weight, grad and states are arrays of mxnet.np, not {type(array).__name__}: {array!r:.60}")
    if weight.dtype.kind != "f":
        return TypeError(f"{name}: the weight is of a float dtype, not {weight.dtype}: weight.astype('float32') is")
    for what, array in (("gradient", grad), *[("state", state) for state in states]):
        if array.shape != weight.shape:
            return ValueError(f"{name}: the {what} has shape {array.shape}, the weight {weight.shape}; the shapes must be equal")
    if not all(array.writable for array in (weight, *states)):
        return ValueError(f"{name}: weight or state cannot be written, as the result of broadcast_to: give x.copy()")
    return error


def _at_most(limit):
    """The bound that a limit stands for: None, 0 and negative numbers are no limit."""
    return math.inf if limit is None or limit <= 0 else float(limit)


def apply(name, rule, weight, grad, states, coefficients, rescale_grad, clip_gradient, wd=0.0):
    """Apply a rule, and let the tape know."""
    if is_recording():
        raise MXNetError(f"{name} writes in place, which is not recorded: call it after the block `with autograd.record():`")
    try:
        arrays = [weight._data, grad._data, *[state._data for state in states]]
        rule.update(arrays, (float(rescale_grad), _at_most(clip_gradient), float(wd)), tuple(map(float, coefficients)))
    except (AttributeError, ValueError, TypeError) as error:
        raise _explained(name, weight, grad, states, error) from None
    for state in states:
        note_write(state._data)
    note_write(weight._data)
    node = weight._node
    if type(node) is not Leaf or weight._data.base is not None or hasattr(weight, "_views"):  # else there is no past
        forget_past(weight)
    return weight


# --- steps along the gradient -----------------------------------------------------------------------------------------------------


@documented
def sgd_update(weight, grad, lr, wd=0.0, rescale_grad=1.0, clip_gradient=None):
    """Gradient descent: weight ← weight - lr g.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.operators.updates import sgd_update
    >>> weight = np.array([1.0, -2.0])
    >>> sgd_update(weight, np.array([0.5, 4.0]), lr=0.5, clip_gradient=1)
    array([ 0.75, -2.5 ])
    """
    return apply("sgd_update", rules.sgd, weight, grad, (), (lr,), rescale_grad, clip_gradient, wd)


@documented
def sgd_mom_update(weight, grad, mom, lr, momentum=0.0, wd=0.0, rescale_grad=1.0, clip_gradient=None):
    """Gradient descent with momentum: mom ← momentum · mom - lr g, weight ← weight + mom.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.operators.updates import sgd_mom_update
    >>> weight, mom = np.array([1.0]), np.array([0.5])
    >>> sgd_mom_update(weight, np.array([2.0]), mom, lr=0.5, momentum=0.5), mom
    (array([0.25]), array([-0.75]))
    """
    return apply("sgd_mom_update", rules.sgd_mom, weight, grad, (mom,), (lr, momentum), rescale_grad, clip_gradient, wd)


@documented
def nag_mom_update(weight, grad, mom, lr, momentum=0.0, wd=0.0, rescale_grad=1.0, clip_gradient=None):
    """Nesterov's momentum: mom ← momentum · mom - lr g, weight ← weight + momentum · mom - lr g.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.operators.updates import nag_mom_update
    >>> nag_mom_update(np.array([1.0]), np.array([2.0]), np.array([0.5]), lr=0.5, momentum=0.5)
    array([-0.375])
    """
    return apply("nag_mom_update", rules.nag_mom, weight, grad, (mom,), (lr, momentum), rescale_grad, clip_gradient, wd)


@documented
def signsgd_update(weight, grad, lr, wd=0.0, rescale_grad=1.0, clip_gradient=None):
    """Steps of one length: weight ← (1 - lr wd) weight - lr sign(grad). The decay is no part of the gradient.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.operators.updates import signsgd_update
    >>> signsgd_update(np.array([1.0, -2.0]), np.array([0.01, 40.0]), lr=0.25)
    array([ 0.75, -2.25])
    """
    return apply("signsgd_update", rules.signsgd, weight, grad, (), (lr, 1 - lr * wd), rescale_grad, clip_gradient)


@documented
def signum_update(weight, grad, mom, lr, momentum=0.0, wd=0.0, rescale_grad=1.0, clip_gradient=None, wd_lh=0.0):
    """Steps of one length: mom ← momentum · mom - (1 - momentum) g, weight ← (1 - lr wd_lh) weight + lr sign(mom).

    Parameters
    ----------
    wd_lh : float
        A decay that is no part of the gradient.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.operators.updates import signum_update
    >>> signum_update(np.array([1.0, -2.0]), np.array([0.01, 40.0]), np.zeros(2), lr=0.25, momentum=0.9)
    array([ 0.75, -2.25])
    """
    coefficients = lr, momentum, 1 - momentum, 1 - lr * wd_lh
    return apply("signum_update", rules.signum, weight, grad, (mom,), coefficients, rescale_grad, clip_gradient, wd)


@documented
def dcasgd_update(weight, grad, mom, previous, lr, momentum=0.0, lamda=0.04, wd=0.0, rescale_grad=1.0, clip_gradient=None):
    """Descent with a delayed gradient: mom ← momentum · mom - lr (g + lamda g² (weight - previous)), weight ← weight + mom.

    Parameters
    ----------
    previous : ndarray
        The weight at which the gradient was taken; what the weight was before this update is written there.
    lamda : float
        How much the delay is made good.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.operators.updates import dcasgd_update
    >>> dcasgd_update(np.array([1.0]), np.array([2.0]), np.zeros(1), np.array([0.5]), lr=0.5, lamda=0.25)
    array([-0.25])
    """
    coefficients = lr, momentum, lamda
    return apply("dcasgd_update", rules.dcasgd, weight, grad, (mom, previous), coefficients, rescale_grad, clip_gradient, wd)


# --- steps in units of the gradient's size ----------------------------------------------------------------------------------------


@documented
def adagrad_update(weight, grad, history, lr, epsilon=1e-6, wd=0.0, rescale_grad=1.0, clip_gradient=None):
    """AdaGrad: history ← history + g², weight ← weight - lr g / (√history + epsilon).

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.operators.updates import adagrad_update
    >>> adagrad_update(np.array([1.0]), np.array([3.0]), np.array([16.0]), lr=0.5, epsilon=1)
    array([0.75])
    """
    return apply("adagrad_update", rules.adagrad, weight, grad, (history,), (lr, epsilon), rescale_grad, clip_gradient, wd)


@documented
def adadelta_update(weight, grad, v, delta, lr=1.0, rho=0.9, epsilon=1e-6, wd=0.0, rescale_grad=1.0, clip_gradient=None):
    """AdaDelta: v ← mean of g², step = √(delta + epsilon) / √(v + epsilon) · g, delta ← mean of step², weight ← weight - lr step.

    Parameters
    ----------
    rho : float
        How much is left of the means at the next update.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.operators.updates import adadelta_update
    >>> adadelta_update(np.array([1.0]), np.array([2.0]), np.zeros(1), np.zeros(1), rho=0.5, epsilon=0.25)
    array([0.3333333])
    """
    coefficients = lr, rho, 1 - rho, epsilon
    return apply("adadelta_update", rules.adadelta, weight, grad, (v, delta), coefficients, rescale_grad, clip_gradient, wd)


@documented
def rmsprop_update(weight, grad, n, lr, rho=0.9, epsilon=1e-8, wd=0.0, rescale_grad=1.0, clip_gradient=None, clip_weights=None):
    """RMSProp: n ← rho n + (1 - rho) g², weight ← weight - lr g / (√n + epsilon).

    Parameters
    ----------
    rho : float
        How much is left of `n` at the next update.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.operators.updates import rmsprop_update
    >>> rmsprop_update(np.array([1.0]), np.array([3.0]), np.array([7.0]), lr=0.5, rho=0.5, epsilon=0)
    array([0.46966988])
    """
    coefficients = lr, rho, 1 - rho, epsilon, _at_most(clip_weights)
    return apply("rmsprop_update", rules.rmsprop, weight, grad, (n,), coefficients, rescale_grad, clip_gradient, wd)


@documented
def rmspropalex_update(
    weight,
    grad,
    n,
    g,
    delta,
    lr,
    rho=0.9,
    momentum=0.9,
    epsilon=1e-8,
    wd=0.0,
    rescale_grad=1.0,
    clip_gradient=None,
    clip_weights=None,
):
    """Centred RMSProp: delta ← momentum · delta - lr g / √(mean of g² - (mean of g)² + epsilon), weight ← weight + delta.

    The means are kept in `n` and `g`.

    Parameters
    ----------
    rho : float
        How much is left of the means at the next update.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.operators.updates import rmspropalex_update
    >>> weight, (n, g, delta) = np.array([1.0]), np.zeros((3, 1))
    >>> rmspropalex_update(weight, np.array([2.0]), n, g, delta, lr=0.5, rho=0.5, epsilon=0)
    array([0.])
    """
    coefficients = lr, rho, 1 - rho, momentum, epsilon, _at_most(clip_weights)
    return apply(
        "rmspropalex_update", rules.rmspropalex, weight, grad, (n, g, delta), coefficients, rescale_grad, clip_gradient, wd
    )


@documented
def ftrl_update(weight, grad, z, n, lr, lamda1=0.01, beta=1.0, wd=0.0, rescale_grad=1.0, clip_gradient=None):
    """FTRL-Proximal: z ← z + g - (√(n + g²) - √n) / lr · weight, n ← n + g².

    Then weight ← -sign(z) max(abs(z) - lamda1, 0) / ((beta + √n) / lr + wd). The gradient is without the decay. With a learning
    rate of 0 nothing changes.

    Parameters
    ----------
    lamda1 : float
        The factor of a penalty abs(weight), which makes weights exactly 0.
    beta : float
        The larger, the smaller are the first steps.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.operators.updates import ftrl_update
    >>> ftrl_update(np.zeros(2), np.array([0.1, -3.0]), np.zeros(2), np.zeros(2), lr=0.5, lamda1=1)
    array([0.  , 0.25])
    """
    if lr == 0:
        return weight
    return apply("ftrl_update", rules.ftrl, weight, grad, (z, n), (lr, lamda1, beta, wd), rescale_grad, clip_gradient)
