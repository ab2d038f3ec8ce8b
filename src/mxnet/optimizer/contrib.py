"""An optimiser for embeddings."""

from .. import numpy as np
from ..lr_scheduler import Default
from .optimizer import Optimizer, register

__all__ = ["GroupAdaGrad"]


@register
class GroupAdaGrad(Optimizer):
    """AdaGrad with one denominator a row: h ← h + mean over the row of g², w ← w - lr g / (√h + epsilon).

    Parameters
    ----------
    learning_rate : float
    epsilon : float
        What keeps the denominator from 0; `eps` in MXNet 1.
    use_fused_step
        Has no effect on results.
    **kwargs
        The arguments of `Optimizer`.

    Raises
    ------
    ValueError
        For weights without rows, and for a decay of weights.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> weight = np.ones((2, 2))
    >>> optimizer = mx.optimizer.contrib.GroupAdaGrad(learning_rate=0.5)
    >>> mx.optimizer.get_updater(optimizer)(0, np.array([[1.0, 7.0], [0.0, 0.0]]), weight)
    >>> weight.round(4)
    array([[0.9, 0.3],
           [1. , 1. ]])
    """

    def __init__(self, learning_rate=Default(0.01), epsilon=1e-6, use_fused_step=True, **kwargs):
        epsilon = kwargs.pop("eps", epsilon)
        super().__init__(learning_rate=learning_rate, use_fused_step=use_fused_step, **kwargs)
        self.epsilon = epsilon

    def create_state(self, index, weight):
        if weight.ndim < 2:
            raise ValueError(f"GroupAdaGrad: parameter {index!r} has shape {weight.shape}, and no rows; AdaGrad updates it")
        return np.zeros((len(weight), *[1] * (weight.ndim - 1)), dtype=weight.dtype)

    def update_one(self, index, weight, grad, state, lr, wd):
        if wd:
            raise ValueError(f"GroupAdaGrad has no decay of weights: wd is 0, and not {wd}")
        g = self.rescale_grad * grad
        if self.clip_gradient:
            g = np.clip(g, -self.clip_gradient, self.clip_gradient)
        state += np.mean(g * g, axis=tuple(range(1, weight.ndim)), keepdims=True)
        weight -= lr * g / (np.sqrt(state) + self.epsilon)
