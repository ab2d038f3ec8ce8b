"""Steps whose length, for each parameter, depends on the norms of weight and direction."""

from .. import numpy as np
from .. import numpy_extension as npx
from ..lr_scheduler import Default
from .optimizer import Optimizer, register, share

__all__ = ["LAMB", "LANS", "LARS"]


def _norm(x):
    return float(np.linalg.norm(x))


@register
class LARS(Optimizer):
    """SGD with a learning rate of lr · eta ‖w‖ / (‖g‖ + wd ‖w‖ + epsilon) for each parameter.

    g is rescale_grad · gradient there. Parameters whose names end in gamma, beta or bias keep lr, and so do those of which a norm
    is 0. After You, Gitman and Ginsburg, "Large batch training of convolutional networks", 2017.

    Parameters
    ----------
    learning_rate, momentum, lazy_update, use_fused_step, aggregate_num, **kwargs
        As for `SGD`.
    eta : float
        How long steps are, in units of ‖w‖.
    epsilon : float
        What keeps the denominator from 0; `eps` in MXNet 1.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> weight = np.array([3.0, 4.0])
    >>> mx.optimizer.get_updater(mx.optimizer.LARS(learning_rate=0.5, eta=0.2))(0, np.array([0.0, 9.0]), weight)
    >>> weight.round(4)
    array([3. , 3.5])
    """

    def __init__(
        self,
        learning_rate=Default(0.1),
        momentum=0.0,
        eta=0.001,
        epsilon=1e-8,
        lazy_update=False,
        use_fused_step=True,
        aggregate_num=1,
        **kwargs,
    ):
        epsilon = kwargs.pop("eps", epsilon)
        super().__init__(learning_rate=learning_rate, use_fused_step=use_fused_step, aggregate_num=aggregate_num, **kwargs)
        self.momentum = momentum
        self.eta = eta
        self.epsilon = epsilon
        self.lazy_update = lazy_update

    def create_state(self, index, weight):
        return np.zeros_like(weight) if self.momentum else None

    def _keeps_rate(self, index):
        name = self.param_dict[index].name if index in self.param_dict else self.idx2name.get(index, "")
        return name.endswith(("gamma", "beta", "bias"))

    def update_one(self, index, weight, grad, state, lr, wd):
        if not self._keeps_rate(index):
            size, slope = _norm(weight), abs(self.rescale_grad) * _norm(grad)
            if size > 0 and slope > 0:
                lr *= self.eta * size / (slope + wd * size + self.epsilon)
        if state is None:
            npx.sgd_update(weight, grad, lr, wd, self.rescale_grad, self.clip_gradient)
        else:
            npx.sgd_mom_update(weight, grad, state, lr, self.momentum, wd, self.rescale_grad, self.clip_gradient)


class _Bounded(Optimizer):
    """What LAMB and LANS share: the arguments, two means, and the ratio of norms."""

    def __init__(self, learning_rate, beta1, beta2, epsilon, lower_bound, upper_bound, aggregate_num, use_fused_step, **kwargs):
        super().__init__(learning_rate=learning_rate, aggregate_num=aggregate_num, use_fused_step=use_fused_step, **kwargs)
        self.beta1 = share(type(self).__name__, "beta1", beta1)
        self.beta2 = share(type(self).__name__, "beta2", beta2)
        self.epsilon = epsilon
        self.lower_bound = lower_bound
        self.upper_bound = upper_bound

    def create_state(self, index, weight):
        return np.zeros_like(weight), np.zeros_like(weight)

    def _ratio(self, size, direction):
        """‖w‖, within its bounds, over ‖direction‖; 1 if one of the two is 0."""
        if self.lower_bound:
            size = max(size, self.lower_bound)
        if self.upper_bound:
            size = min(size, self.upper_bound)
        length = _norm(direction)
        return size / length if size and length else 1.0


@register
class LAMB(_Bounded):
    """w ← w - lr ‖w‖ / ‖u‖ · u, where u = m̂ / (√v̂ + epsilon) + wd w.

    m̂ and v̂ are the means of `Adam`, over 1 - beta1ᵗ and 1 - beta2ᵗ; the gradient is without the decay. The ratio of the norms is 1
    where one of them is 0. After You et al., "Large batch optimization for deep learning: Training BERT in 76 minutes", 2020.

    Parameters
    ----------
    learning_rate : float
    beta1, beta2 : float
        How much is left of the means at the next update.
    epsilon : float
        What keeps the denominator from 0.
    lower_bound, upper_bound : float, optional
        Of ‖w‖ in the formula.
    bias_correction : bool
        Whether the means are divided.
    aggregate_num, use_fused_step
        Have no effect on results.
    **kwargs
        The arguments of `Optimizer`.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> weight = np.array([3.0, 4.0])
    >>> mx.optimizer.get_updater(mx.optimizer.LAMB(learning_rate=0.5))(0, np.array([0.0, 9.0]), weight)
    >>> weight.round(4)
    array([3. , 1.5])
    """

    def __init__(
        self,
        learning_rate=Default(0.001),
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-6,
        lower_bound=None,
        upper_bound=None,
        bias_correction=True,
        aggregate_num=4,
        use_fused_step=True,
        **kwargs,
    ):
        super().__init__(learning_rate, beta1, beta2, epsilon, lower_bound, upper_bound, aggregate_num, use_fused_step, **kwargs)
        self.bias_correction = bias_correction

    def update_one(self, index, weight, grad, state, lr, wd):
        t = self._index_update_count[index]
        direction = np.empty_like(weight)
        shared = self.beta1, self.beta2, self.epsilon, wd, self.rescale_grad, self.clip_gradient, self.bias_correction
        npx.lamb_update_phase1(weight, grad, *state, direction, t, *shared)
        npx.sgd_update(weight, direction, lr * self._ratio(_norm(weight), direction))


@register
class LANS(_Bounded):
    """LAMB with Nesterov's momentum: w ← w - lr (beta1 ‖w‖ / ‖u‖ · u + (1 - beta1) ‖w‖ / ‖q‖ · q).

    u is the direction of `LAMB`, q the same with the gradient in place of m̂, and the gradient is divided by its norm first. After
    Zheng et al., "Accelerated large batch optimization of BERT pretraining in 54 minutes", 2020.

    Parameters
    ----------
    learning_rate, beta1, beta2, epsilon, lower_bound, upper_bound, aggregate_num, use_fused_step, **kwargs
        As for `LAMB`.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> weight = np.array([3.0, 4.0])
    >>> mx.optimizer.get_updater(mx.optimizer.LANS(learning_rate=0.5))(0, np.array([0.0, 9.0]), weight)
    >>> weight.round(4)
    array([3. , 1.5])
    """

    def __init__(
        self,
        learning_rate=Default(0.001),
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-6,
        lower_bound=None,
        upper_bound=None,
        aggregate_num=4,
        use_fused_step=True,
        **kwargs,
    ):
        super().__init__(learning_rate, beta1, beta2, epsilon, lower_bound, upper_bound, aggregate_num, use_fused_step, **kwargs)

    def update_one(self, index, weight, grad, state, lr, wd):
        t = self._index_update_count[index]
        slope = abs(self.rescale_grad) * _norm(grad)
        scale = self.rescale_grad / slope if slope else 0.0
        u, q = np.empty_like(weight), np.empty_like(weight)
        shared = self.beta1, self.beta2, self.epsilon, wd, scale, self.clip_gradient
        npx.lans_update_phase1(weight, grad, *state, u, q, t, *shared)
        size = _norm(weight)
        npx.sgd_update(weight, u, lr * self.beta1 * self._ratio(size, u))
        npx.sgd_update(weight, q, lr * (1 - self.beta1) * self._ratio(size, q))
