"""Steps along the mean gradient, in units of its size: Adam and its relatives.

In all of them, unless they say otherwise, g = limited(rescale_grad · gradient, ±clip_gradient) + wd w, m is the mean
m ← beta1 m + (1 - beta1) g and v the mean square v ← beta2 v + (1 - beta2) g². Both begin with 0; what that does to update
number t is made good by a learning rate of a = lr √(1 - beta2ᵗ) / (1 - beta1ᵗ).
"""

import math

from .. import numpy as np
from .. import numpy_extension as npx
from ..lr_scheduler import Default
from .optimizer import Optimizer, register, share

__all__ = ["FTML", "AdaBelief", "Adam", "AdamW", "Adamax", "Nadam"]


class _OfMeans(Optimizer):
    """What they share: the arguments, a state of two arrays, and the corrected learning rate."""

    correct_bias = True

    def __init__(self, learning_rate, beta1, beta2, epsilon, use_fused_step, **kwargs):
        super().__init__(learning_rate=learning_rate, use_fused_step=use_fused_step, **kwargs)
        self.beta1 = share(type(self).__name__, "beta1", beta1)
        self.beta2 = share(type(self).__name__, "beta2", beta2)
        self.epsilon = epsilon

    def create_state(self, index, weight):
        return np.zeros_like(weight), np.zeros_like(weight)

    def _corrected(self, lr, index):
        if not self.correct_bias:
            return lr
        t = self._index_update_count[index]
        return lr * math.sqrt(1 - self.beta2**t) / (1 - self.beta1**t)


@register
class Adam(_OfMeans):
    """w ← w - a m / (√v + epsilon), after Kingma and Ba, "Adam: A method for stochastic optimization", 2015.

    Parameters
    ----------
    learning_rate : float
    beta1, beta2 : float
        How much is left of the mean and of the mean square at the next update.
    epsilon : float
        What keeps the denominator from 0; it is added to √v as it is, before any correction.
    lazy_update, use_fused_step
        Have no effect on results: gradients are dense, and updates fused.
    **kwargs
        The arguments of `Optimizer`.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> weight = np.array([1.0, 2.0])
    >>> mx.optimizer.get_updater(mx.optimizer.Adam(learning_rate=0.5))(0, np.array([4.0, -0.5]), weight)
    >>> weight.round(4)
    array([0.5, 2.5])
    """

    def __init__(
        self,
        learning_rate=Default(0.001),
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-8,
        lazy_update=False,
        use_fused_step=True,
        **kwargs,
    ):
        super().__init__(learning_rate, beta1, beta2, epsilon, use_fused_step, **kwargs)
        self.lazy_update = lazy_update

    def update_one(self, index, weight, grad, state, lr, wd):
        lr = self._corrected(lr, index)
        shared = self.beta1, self.beta2, self.epsilon, wd, self.rescale_grad, self.clip_gradient
        npx.adam_update(weight, grad, *state, lr, *shared)


@register
class AdamW(_OfMeans):
    """w ← w - a (m / (√v + epsilon) + wd w), with a gradient that is without the decay.

    After Loshchilov and Hutter, "Decoupled weight decay regularization", 2019.

    Parameters
    ----------
    learning_rate, beta1, beta2, epsilon, use_fused_step, **kwargs
        As for `Adam`.
    correct_bias : bool
        Whether the learning rate is a, and not lr.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> weight = np.array([1.0, 2.0])
    >>> optimizer = mx.optimizer.AdamW(learning_rate=0.5, wd=0.1, correct_bias=False)
    >>> mx.optimizer.get_updater(optimizer)(0, np.zeros(2), weight)
    >>> weight.round(4)
    array([0.95, 1.9 ])
    """

    def __init__(
        self,
        learning_rate=Default(0.001),
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-6,
        correct_bias=True,
        use_fused_step=True,
        **kwargs,
    ):
        super().__init__(learning_rate, beta1, beta2, epsilon, use_fused_step, **kwargs)
        self.correct_bias = correct_bias

    def update_one(self, index, weight, grad, state, lr, wd):
        lr = self._corrected(lr, index)
        shared = self.beta1, self.beta2, self.epsilon, wd, self.rescale_grad, self.clip_gradient
        npx.adamw_update(weight, grad, *state, lr, *shared)


@register
class AdaBelief(_OfMeans):
    """w ← w - a m / (√s + epsilon), with s ← beta2 s + (1 - beta2) (g - m)² + epsilon.

    The decay is added to the gradient before that is limited. After Zhuang et al., "AdaBelief optimizer", 2020.

    Parameters
    ----------
    learning_rate, beta1, beta2, epsilon, use_fused_step, **kwargs
        As for `Adam`.
    correct_bias : bool
        Whether the learning rate is a, and not lr.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> weight = np.array([1.0, 2.0])
    >>> mx.optimizer.get_updater(mx.optimizer.AdaBelief(learning_rate=0.5))(0, np.array([4.0, -0.5]), weight)
    >>> weight.round(4)
    array([0.4445, 2.5542])
    """

    def __init__(
        self,
        learning_rate=Default(0.001),
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-6,
        correct_bias=True,
        use_fused_step=True,
        **kwargs,
    ):
        super().__init__(learning_rate, beta1, beta2, epsilon, use_fused_step, **kwargs)
        self.correct_bias = correct_bias

    def update_one(self, index, weight, grad, state, lr, wd):
        lr = self._corrected(lr, index)
        shared = self.beta1, self.beta2, self.epsilon, wd, self.rescale_grad, self.clip_gradient
        npx.adabelief_update(weight, grad, *state, lr, *shared)


@register
class Adamax(_OfMeans):
    """w ← w - lr / (1 - beta1ᵗ) · m / (u + epsilon), with u ← max(beta2 u, abs(g)); in the same paper as `Adam`.

    Parameters
    ----------
    learning_rate, beta1, beta2, epsilon, use_fused_step, **kwargs
        As for `Adam`.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> weight = np.array([1.0, 2.0])
    >>> mx.optimizer.get_updater(mx.optimizer.Adamax(learning_rate=0.5))(0, np.array([4.0, -0.5]), weight)
    >>> weight.round(4)
    array([0.5, 2.5])
    """

    def __init__(self, learning_rate=Default(0.002), beta1=0.9, beta2=0.999, epsilon=1e-8, use_fused_step=False, **kwargs):
        super().__init__(learning_rate, beta1, beta2, epsilon, use_fused_step, **kwargs)

    def update_one(self, index, weight, grad, state, lr, wd):
        lr /= 1 - self.beta1 ** self._index_update_count[index]
        shared = self.beta1, self.beta2, self.epsilon, wd, self.rescale_grad, self.clip_gradient
        npx.adamax_update(weight, grad, *state, lr, *shared)


@register
class Nadam(_OfMeans):
    """Adam with Nesterov's momentum, μ(t) = beta1 (1 - 0.96 ^ (t · schedule_decay) / 2) at update t.

    w ← w - lr ((1 - μ(t)) g / (1 - Π(t)) + μ(t + 1) m / (1 - Π(t + 1))) / (√(v / (1 - beta2ᵗ)) + epsilon), where Π(t) is the
    product μ(1) … μ(t). After Dozat, "Incorporating Nesterov momentum into Adam", 2016.

    Parameters
    ----------
    learning_rate, beta1, beta2, epsilon, use_fused_step, **kwargs
        As for `Adam`.
    schedule_decay : float
        How fast the momentum grows.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> weight = np.array([1.0, 2.0])
    >>> mx.optimizer.get_updater(mx.optimizer.Nadam(learning_rate=0.5))(0, np.array([4.0, -0.5]), weight)
    >>> weight.round(4)
    array([0.4718, 2.5282])
    """

    def __init__(
        self,
        learning_rate=Default(0.001),
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-8,
        schedule_decay=0.004,
        use_fused_step=False,
        **kwargs,
    ):
        super().__init__(learning_rate, beta1, beta2, epsilon, use_fused_step, **kwargs)
        self.schedule_decay = schedule_decay
        self._products = [1.0]  # Π(0), Π(1), …, as far as they were needed

    def _momentum(self, t):
        return self.beta1 * (1 - 0.5 * 0.96 ** (t * self.schedule_decay))

    def _product(self, t):
        while len(self._products) <= t:
            self._products.append(self._products[-1] * self._momentum(len(self._products)))
        return self._products[t]

    def update_one(self, index, weight, grad, state, lr, wd):
        t = self._index_update_count[index]
        of_grad = (1 - self._momentum(t)) / (1 - self._product(t))
        of_mean = self._momentum(t + 1) / (1 - self._product(t + 1))
        of_var = 1 / (1 - self.beta2**t)
        shared = self.beta1, self.beta2, self.epsilon, wd, self.rescale_grad, self.clip_gradient
        npx.nadam_update(weight, grad, *state, lr, of_grad, of_mean, of_var, *shared)


@register
class FTML(_OfMeans):
    """d ← (1 - beta1ᵗ) / lr · (√(v / (1 - beta2ᵗ)) + epsilon), z ← beta1 z + (1 - beta1) g - (d - beta1 · d before) w, w ← -z / d.

    After Zheng and Kwok, "Follow the moving leader in deep learning", 2017.

    Parameters
    ----------
    learning_rate : float
        With 0 nothing changes.
    beta1, beta2, epsilon, use_fused_step, **kwargs
        As for `Adam`.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> weight = np.array([1.0, 2.0])
    >>> mx.optimizer.get_updater(mx.optimizer.FTML(learning_rate=0.5))(0, np.array([4.0, -0.5]), weight)
    >>> weight.round(4)
    array([0.5, 2.5])
    """

    def __init__(self, learning_rate=Default(0.0025), beta1=0.6, beta2=0.999, epsilon=1e-8, use_fused_step=True, **kwargs):
        super().__init__(learning_rate, beta1, beta2, epsilon, use_fused_step, **kwargs)

    def create_state(self, index, weight):
        return np.zeros_like(weight), np.zeros_like(weight), np.zeros_like(weight)

    def update_one(self, index, weight, grad, state, lr, wd):
        t = self._index_update_count[index]
        shared = self.beta1, self.beta2, self.epsilon, wd, self.rescale_grad, self.clip_gradient
        npx.ftml_update(weight, grad, *state, lr, t, *shared)
