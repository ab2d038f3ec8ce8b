"""Steps along the gradient.

In all of them g = limited(rescale_grad · gradient, ±clip_gradient) + wd w.
"""

import math

from .. import numpy as np
from .. import numpy_extension as npx
from ..lr_scheduler import Default
from .optimizer import Optimizer, register

__all__ = ["DCASGD", "NAG", "SGD", "SGLD", "Signum"]


@register
class SGD(Optimizer):
    """Stochastic gradient descent: m ← momentum · m - lr g, w ← w + m.

    Parameters
    ----------
    learning_rate : float
    momentum : float
        How much is left of a step in the next one. With 0 there is no state.
    lazy_update, aggregate_num, use_fused_step
        Have no effect on results: gradients are dense, and updates fused.
    multi_precision : bool
        As for `Optimizer`.
    **kwargs
        The arguments of `Optimizer`.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> weight = np.array([1.0, 2.0])
    >>> update = mx.optimizer.get_updater(mx.optimizer.SGD(learning_rate=0.5, momentum=0.5))
    >>> for _ in range(2):
    ...     update(0, np.array([1.0, -1.0]), weight)
    >>> weight
    array([-0.25,  3.25])
    """

    def __init__(
        self,
        learning_rate=Default(0.1),
        momentum=0.0,
        lazy_update=False,
        multi_precision=False,
        use_fused_step=True,
        aggregate_num=1,
        **kwargs,
    ):
        super().__init__(
            learning_rate=learning_rate,
            multi_precision=multi_precision,
            use_fused_step=use_fused_step,
            aggregate_num=aggregate_num,
            **kwargs,
        )
        self.momentum = momentum
        self.lazy_update = lazy_update

    def create_state(self, index, weight):
        return np.zeros_like(weight) if self.momentum else None

    def update_one(self, index, weight, grad, state, lr, wd):
        if state is None:
            npx.sgd_update(weight, grad, lr, wd, self.rescale_grad, self.clip_gradient)
        else:
            npx.sgd_mom_update(weight, grad, state, lr, self.momentum, wd, self.rescale_grad, self.clip_gradient)


@register
class NAG(Optimizer):
    """Nesterov's accelerated gradient: m ← momentum · m - lr g, w ← w + momentum · m - lr g.

    Parameters
    ----------
    learning_rate : float
    momentum : float
        How much is left of a step in the next one.
    multi_precision, use_fused_step, **kwargs
        As for `SGD`.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> weight = np.array([1.0, 2.0])
    >>> mx.optimizer.get_updater(mx.optimizer.NAG(learning_rate=0.5, momentum=0.5))(0, np.array([1.0, -1.0]), weight)
    >>> weight
    array([0.25, 2.75])
    """

    def __init__(self, learning_rate=Default(0.1), momentum=0.9, multi_precision=False, use_fused_step=True, **kwargs):
        super().__init__(learning_rate=learning_rate, multi_precision=multi_precision, use_fused_step=use_fused_step, **kwargs)
        self.momentum = momentum

    def create_state(self, index, weight):
        return np.zeros_like(weight)

    def update_one(self, index, weight, grad, state, lr, wd):
        npx.nag_mom_update(weight, grad, state, lr, self.momentum, wd, self.rescale_grad, self.clip_gradient)


@register
class Signum(Optimizer):
    """Steps of one length: m ← momentum · m - (1 - momentum) g, w ← (1 - lr wd_lh) w + lr sign(m).

    With a momentum of 0 there is no state: w ← (1 - lr (wd + wd_lh)) w - lr sign(gradient). After Bernstein et al., "signSGD:
    Compressed optimisation for non-convex problems", 2018.

    Parameters
    ----------
    learning_rate : float
    momentum : float
        How much is left of the mean gradient at the next update.
    wd_lh : float
        A decay that is no part of the gradient.
    use_fused_step, **kwargs
        As for `SGD`.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> weight = np.array([1.0, 2.0])
    >>> mx.optimizer.get_updater(mx.optimizer.Signum(learning_rate=0.5))(0, np.array([0.01, -100.0]), weight)
    >>> weight
    array([0.5, 2.5])
    """

    def __init__(self, learning_rate=Default(0.01), momentum=0.9, wd_lh=0.0, use_fused_step=True, **kwargs):
        super().__init__(learning_rate=learning_rate, use_fused_step=use_fused_step, **kwargs)
        self.momentum = momentum
        self.wd_lh = wd_lh

    def create_state(self, index, weight):
        return np.zeros_like(weight) if self.momentum else None

    def update_one(self, index, weight, grad, state, lr, wd):
        scale, clip = self.rescale_grad, self.clip_gradient
        if state is None:
            npx.signsgd_update(weight, grad, lr, wd + self.wd_lh, scale, clip)
        else:
            npx.signum_update(weight, grad, state, lr, self.momentum, wd, scale, clip, self.wd_lh)


@register
class DCASGD(Optimizer):
    """Descent with gradients that come late: m ← momentum · m - lr (g + lamda g² (w - v)), w ← w + m, v ← w before.

    v is the weight at which the gradient was taken. After Zheng et al., "Asynchronous stochastic gradient descent with delay
    compensation", 2017.

    Parameters
    ----------
    learning_rate : float
    momentum : float
        How much is left of a step in the next one.
    lamda : float
        How much the delay is made good.
    use_fused_step, **kwargs
        As for `SGD`.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> weight = np.array([1.0, 2.0])
    >>> mx.optimizer.get_updater(mx.optimizer.DCASGD(learning_rate=0.5))(0, np.array([1.0, -1.0]), weight)
    >>> weight
    array([0.5, 2.5])
    """

    def __init__(self, learning_rate=Default(0.1), momentum=0.0, lamda=0.04, use_fused_step=False, **kwargs):
        super().__init__(learning_rate=learning_rate, use_fused_step=use_fused_step, **kwargs)
        self.momentum = momentum
        self.lamda = lamda

    def create_state(self, index, weight):
        return np.zeros_like(weight), weight.copy()

    def update_one(self, index, weight, grad, state, lr, wd):
        npx.dcasgd_update(weight, grad, *state, lr, self.momentum, self.lamda, wd, self.rescale_grad, self.clip_gradient)


@register
class SGLD(Optimizer):
    """Stochastic gradient Langevin dynamics: w ← w - lr/2 g + noise, which is normal with variance lr.

    So weights become a sample of the posterior distribution whose negative logarithm has the gradient g. After Welling and Teh,
    "Bayesian learning via stochastic gradient Langevin dynamics", 2011.

    Parameters
    ----------
    learning_rate : float
        Not negative.
    use_fused_step, **kwargs
        As for `SGD`.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> np.random.seed(1)
    >>> weight = np.zeros(10000)
    >>> mx.optimizer.get_updater(mx.optimizer.SGLD(learning_rate=0.01))(0, np.ones(10000), weight)
    >>> round(weight.std().item(), 1)
    0.1
    """

    def __init__(self, learning_rate=Default(0.1), use_fused_step=False, **kwargs):
        super().__init__(learning_rate=learning_rate, use_fused_step=use_fused_step, **kwargs)

    def update_one(self, index, weight, grad, state, lr, wd):
        if lr < 0:
            raise ValueError(f"SGLD: the learning rate is the variance of the noise, and {lr} is negative")
        noise = np.random.normal(0, math.sqrt(lr), weight.shape, dtype=weight.dtype)
        npx.sgd_update(weight, grad, lr / 2, wd, self.rescale_grad, self.clip_gradient)
        weight += noise
