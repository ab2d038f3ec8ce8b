"""Steps in units of the gradient's size.

In all of them g = limited(rescale_grad · gradient, ±clip_gradient) + wd w, unless they say otherwise.
"""

from .. import numpy as np
from .. import numpy_extension as npx
from ..lr_scheduler import Default
from .optimizer import Optimizer, register

__all__ = ["AdaDelta", "AdaGrad", "Ftrl", "RMSProp"]


@register
class AdaGrad(Optimizer):
    """h ← h + g², w ← w - lr g / (√h + epsilon).

    After Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011.

    Parameters
    ----------
    learning_rate : float
    epsilon : float
        What keeps the denominator from 0; `eps` in MXNet 1.
    use_fused_step
        Has no effect on results.
    **kwargs
        The arguments of `Optimizer`.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> weight = np.array([1.0, 2.0])
    >>> mx.optimizer.get_updater(mx.optimizer.AdaGrad(learning_rate=0.5))(0, np.array([4.0, -0.5]), weight)
    >>> weight.round(4)
    array([0.5, 2.5])
    """

    def __init__(self, learning_rate=Default(0.01), epsilon=1e-6, use_fused_step=True, **kwargs):
        epsilon = kwargs.pop("eps", epsilon)
        super().__init__(learning_rate=learning_rate, use_fused_step=use_fused_step, **kwargs)
        self.epsilon = epsilon

    def create_state(self, index, weight):
        return np.zeros_like(weight)

    def update_one(self, index, weight, grad, state, lr, wd):
        npx.adagrad_update(weight, grad, state, lr, self.epsilon, wd, self.rescale_grad, self.clip_gradient)


@register
class AdaDelta(Optimizer):
    """v ← rho v + (1 - rho) g², s = √(d + epsilon) / √(v + epsilon) · g, d ← rho d + (1 - rho) s², w ← w - lr s.

    After Zeiler, "ADADELTA: An adaptive learning rate method", 2012.

    Parameters
    ----------
    learning_rate : float
    rho : float
        How much is left of the means at the next update.
    epsilon : float
        The larger, the larger are the first steps.
    use_fused_step, **kwargs
        As for `AdaGrad`.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> weight = np.array([1.0, 2.0])
    >>> mx.optimizer.get_updater(mx.optimizer.AdaDelta(epsilon=0.01))(0, np.array([4.0, -0.5]), weight)
    >>> weight.round(4)
    array([0.6848, 2.2673])
    """

    def __init__(self, learning_rate=Default(1.0), rho=0.9, epsilon=1e-6, use_fused_step=False, **kwargs):
        super().__init__(learning_rate=learning_rate, use_fused_step=use_fused_step, **kwargs)
        self.rho = rho
        self.epsilon = epsilon

    def create_state(self, index, weight):
        return np.zeros_like(weight), np.zeros_like(weight)

    def update_one(self, index, weight, grad, state, lr, wd):
        npx.adadelta_update(weight, grad, *state, lr, self.rho, self.epsilon, wd, self.rescale_grad, self.clip_gradient)


@register
class RMSProp(Optimizer):
    """v ← rho v + (1 - rho) g², w ← w - lr g / (√v + epsilon), after Tieleman and Hinton, 2012.

    Centred, with a ← rho a + (1 - rho) g: m ← momentum · m - lr g / √(v - a² + epsilon), w ← w + m; after Graves, "Generating
    sequences with recurrent neural networks", 2013.

    Parameters
    ----------
    learning_rate : float
    rho : float
        How much is left of the means at the next update; `gamma1` in MXNet 1.
    momentum : float
        How much is left of a step in the next one, if centred; `gamma2` in MXNet 1.
    epsilon : float
        What keeps the denominator from 0.
    centered : bool
        Whether the denominator is the standard deviation, and not the root of the mean square.
    clip_weights : float, optional
        The largest absolute value of an element of a weight.
    use_fused_step, **kwargs
        As for `AdaGrad`.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> weight = np.array([1.0, 2.0])
    >>> mx.optimizer.get_updater(mx.optimizer.RMSProp(learning_rate=0.5, rho=0.75))(0, np.array([4.0, -0.5]), weight)
    >>> weight.round(4)
    array([0., 3.])
    """

    def __init__(
        self,
        learning_rate=Default(0.001),
        rho=0.9,
        momentum=0.9,
        epsilon=1e-8,
        centered=False,
        clip_weights=None,
        use_fused_step=True,
        **kwargs,
    ):
        rho = kwargs.pop("gamma1", rho)
        momentum = kwargs.pop("gamma2", momentum)
        super().__init__(learning_rate=learning_rate, use_fused_step=use_fused_step, **kwargs)
        self.rho = rho
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered
        self.clip_weights = clip_weights

    def create_state(self, index, weight):
        if self.centered:
            return np.zeros_like(weight), np.zeros_like(weight), np.zeros_like(weight)
        return np.zeros_like(weight)

    def update_one(self, index, weight, grad, state, lr, wd):
        shared = self.epsilon, wd, self.rescale_grad, self.clip_gradient, self.clip_weights
        if isinstance(state, tuple | list):
            npx.rmspropalex_update(weight, grad, *state, lr, self.rho, self.momentum, *shared)
        else:
            npx.rmsprop_update(weight, grad, state, lr, self.rho, *shared)


@register
class Ftrl(Optimizer):
    """z ← z + g - (√(n + g²) - √n) / lr · w, n ← n + g², w ← -sign(z) max(abs(z) - lamda1, 0) / ((beta + √n) / lr + wd).

    The gradient is without the decay. Weights of little use become exactly 0. After McMahan et al., "Ad click prediction: a view
    from the trenches", 2013.

    Parameters
    ----------
    learning_rate : float
        With 0 nothing changes.
    lamda1 : float
        The factor of a penalty abs(w).
    beta : float
        The larger, the smaller are the first steps.
    use_fused_step, **kwargs
        As for `AdaGrad`.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> weight = np.zeros(2)
    >>> mx.optimizer.get_updater(mx.optimizer.Ftrl(learning_rate=0.5, lamda1=1))(0, np.array([0.5, -3.0]), weight)
    >>> weight
    array([0.  , 0.25])
    """

    def __init__(self, learning_rate=Default(0.1), lamda1=0.01, beta=1.0, use_fused_step=True, **kwargs):
        super().__init__(learning_rate=learning_rate, use_fused_step=use_fused_step, **kwargs)
        self.lamda1 = lamda1
        self.beta = beta

    def create_state(self, index, weight):
        return np.zeros_like(weight), np.zeros_like(weight)

    def update_one(self, index, weight, grad, state, lr, wd):
        npx.ftrl_update(weight, grad, *state, lr, self.lamda1, self.beta, wd, self.rescale_grad, self.clip_gradient)
