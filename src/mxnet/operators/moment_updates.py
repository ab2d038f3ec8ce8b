"""Updates of optimisers that keep a mean of the gradient and one of its square, in place; see `updates`."""

from ..kernels import updates as rules
from .updates import apply, documented

__all__ = [
    "adabelief_update",
    "adam_update",
    "adamax_update",
    "adamw_update",
    "ftml_update",
    "lamb_update_phase1",
    "lans_update_phase1",
    "nadam_update",
]


@documented
def adam_update(weight, grad, mean, var, lr, beta1=0.9, beta2=0.999, epsilon=1e-8, wd=0.0, rescale_grad=1.0, clip_gradient=None):
    """Adam: mean ← mean of g, var ← mean of g², weight ← weight - lr mean / (√var + epsilon).

    The correction of the means' bias is left to the caller: a learning rate of lr √(1 - beta2ᵗ) / (1 - beta1ᵗ) at update t.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.operators.moment_updates import adam_update
    >>> weight, mean, var = np.array([1.0]), np.zeros(1), np.zeros(1)
    >>> adam_update(weight, np.array([2.0]), mean, var, lr=0.5, beta1=0.5, beta2=0.75)
    array([0.5])
    >>> mean, var
    (array([1.]), array([1.]))
    """
    coefficients = lr, beta1, 1 - beta1, beta2, 1 - beta2, epsilon
    return apply("adam_update", rules.adam, weight, grad, (mean, var), coefficients, rescale_grad, clip_gradient, wd)


@documented
def adamw_update(weight, grad, mean, var, lr, beta1=0.9, beta2=0.999, epsilon=1e-8, wd=0.0, rescale_grad=1.0, clip_gradient=None):
    """AdamW: as `adam_update`, but the gradient is without the decay: weight ← weight - lr (mean / (√var + epsilon) + wd · weight).

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.operators.moment_updates import adamw_update
    >>> adamw_update(np.array([1.0]), np.array([2.0]), np.zeros(1), np.zeros(1), lr=0.5, beta1=0.5, beta2=0.75, wd=0.5)
    array([0.25])
    """
    coefficients = lr, beta1, 1 - beta1, beta2, 1 - beta2, epsilon, wd
    return apply("adamw_update", rules.adamw, weight, grad, (mean, var), coefficients, rescale_grad, clip_gradient)


@documented
def adamax_update(weight, grad, mean, inf, lr, beta1=0.9, beta2=0.999, epsilon=1e-8, wd=0.0, rescale_grad=1.0, clip_gradient=None):
    """Adamax: mean ← mean of g, inf ← max(beta2 · inf, abs(g)), weight ← weight - lr mean / (inf + epsilon).

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.operators.moment_updates import adamax_update
    >>> adamax_update(np.array([1.0]), np.array([2.0]), np.zeros(1), np.zeros(1), lr=0.5, beta1=0.5)
    array([0.75])
    """
    coefficients = lr, beta1, 1 - beta1, beta2, epsilon
    return apply("adamax_update", rules.adamax, weight, grad, (mean, inf), coefficients, rescale_grad, clip_gradient, wd)


@documented
def nadam_update(
    weight, grad, mean, var, lr, of_grad, of_mean, of_var, beta1=0.9, beta2=0.999, epsilon=1e-8, wd=0.0, rescale_grad=1.0,
    clip_gradient=None,
):  # fmt: skip
    """Nadam: as `adam_update`, with weight ← weight - lr (of_grad · g + of_mean · mean) / (√(of_var · var) + epsilon).

    Parameters
    ----------
    of_grad, of_mean, of_var : float
        What the schedule of momenta makes of gradient and means at this update.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.operators.moment_updates import nadam_update
    >>> nadam_update(np.array([1.0]), np.array([2.0]), np.zeros(1), np.zeros(1), 0.5, 0.25, 0.5, 4, beta1=0.5, beta2=0.75)
    array([0.75])
    """
    coefficients = lr, beta1, 1 - beta1, beta2, 1 - beta2, of_grad, of_mean, of_var, epsilon
    return apply("nadam_update", rules.nadam, weight, grad, (mean, var), coefficients, rescale_grad, clip_gradient, wd)


@documented
def adabelief_update(
    weight, grad, mean, var, lr, beta1=0.9, beta2=0.999, epsilon=1e-6, wd=0.0, rescale_grad=1.0, clip_gradient=None
):
    """AdaBelief: as `adam_update`, with var ← beta2 · var + (1 - beta2) (g - mean)² + epsilon.

    The gradient is g = limited(rescale_grad · grad + wd · weight, ±clip_gradient).

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.operators.moment_updates import adabelief_update
    >>> adabelief_update(np.array([1.0]), np.array([2.0]), np.zeros(1), np.zeros(1), lr=0.5, beta1=0.5, beta2=0, epsilon=0)
    array([0.5])
    """
    coefficients = lr, beta1, 1 - beta1, beta2, 1 - beta2, epsilon
    return apply("adabelief_update", rules.adabelief, weight, grad, (mean, var), coefficients, rescale_grad, clip_gradient, wd)


@documented
def ftml_update(weight, grad, d, v, z, lr, t, beta1=0.6, beta2=0.999, epsilon=1e-8, wd=0.0, rescale_grad=1.0, clip_gradient=None):
    """FTML: v ← mean of g², d ← (1 - beta1ᵗ) / lr · (√(v / (1 - beta2ᵗ)) + epsilon), weight ← -z / d.

    There z ← beta1 · z + (1 - beta1) g - (d - beta1 · d before) weight. A learning rate of 0 changes nothing.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.operators.moment_updates import ftml_update
    >>> weight, (d, v, z) = np.array([1.0]), np.zeros((3, 1))
    >>> ftml_update(weight, np.array([2.0]), d, v, z, lr=0.25, t=1)
    array([0.75])
    """
    if lr == 0:
        return weight
    coefficients = (1 - beta1**t) / lr, beta1, 1 - beta1, beta2, 1 - beta2, 1 / (1 - beta2**t), epsilon
    return apply("ftml_update", rules.ftml, weight, grad, (d, v, z), coefficients, rescale_grad, clip_gradient, wd)


# --- directions of steps whose length depends on norms ----------------------------------------------------------------------------


def _unbias(beta1, beta2, t, bias_correction=True):
    return (1 / (1 - beta1**t), 1 / (1 - beta2**t)) if bias_correction else (1, 1)


@documented
def lamb_update_phase1(
    weight, grad, mean, var, direction, t, beta1=0.9, beta2=0.999, epsilon=1e-6, wd=0.0, rescale_grad=1.0, clip_gradient=None,
    bias_correction=True,
):  # fmt: skip
    """The direction of LAMB, mean / (√var + epsilon) + wd · weight, with means as in `adam_update`; the weight stays.

    Parameters
    ----------
    direction : ndarray
        Where the direction is written.
    bias_correction : bool
        Whether the means are divided by 1 - betaᵗ.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.operators.moment_updates import lamb_update_phase1
    >>> direction = np.empty(2)
    >>> _ = lamb_update_phase1(np.ones(2), np.array([2.0, -2.0]), np.zeros(2), np.zeros(2), direction, t=1, epsilon=0, wd=0.5)
    >>> direction.round(4)
    array([ 1.5, -0.5])
    """
    coefficients = beta1, 1 - beta1, beta2, 1 - beta2, *_unbias(beta1, beta2, t, bias_correction), epsilon, wd
    return apply("lamb_update_phase1", rules.lamb, weight, grad, (mean, var, direction), coefficients, rescale_grad, clip_gradient)


@documented
def lans_update_phase1(
    weight,
    grad,
    mean,
    var,
    direction,
    nesterov,
    t,
    beta1=0.9,
    beta2=0.999,
    epsilon=1e-6,
    wd=0.0,
    rescale_grad=1.0,
    clip_gradient=None,
):
    """The directions of LANS: that of `lamb_update_phase1`, and the same with the gradient in place of the mean; the weight stays.

    Parameters
    ----------
    direction, nesterov : ndarray
        Where the directions are written.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.operators.moment_updates import lans_update_phase1
    >>> mean, var, direction, nesterov = np.zeros((4, 1))
    >>> _ = lans_update_phase1(np.ones(1), np.array([2.0]), mean, var, direction, nesterov, t=1, epsilon=0, wd=0.5)
    >>> direction.round(4), nesterov.round(4)
    (array([1.5]), array([1.5]))
    """
    coefficients = beta1, 1 - beta1, beta2, 1 - beta2, *_unbias(beta1, beta2, t), epsilon, wd
    states = mean, var, direction, nesterov
    return apply("lans_update_phase1", rules.lans, weight, grad, states, coefficients, rescale_grad, clip_gradient)
