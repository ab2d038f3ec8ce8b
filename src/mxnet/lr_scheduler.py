"""Learning rates that change with the number of updates.

A scheduler is called with that number and returns the learning rate; any function that does may take its place. The schedulers here
remember nothing from one call to the next.
"""

from math import ceil, cos, pi

import numpy

__all__ = ["CosineScheduler", "FactorScheduler", "LRScheduler", "MultiFactorScheduler", "PolyScheduler"]


class Default(float):
    """A learning rate that nobody chose, so that a chosen one wins over it."""


class LRScheduler:
    """The base of schedulers: subclasses define `__call__(num_update)`.

    Parameters
    ----------
    base_lr : float
        The learning rate after the warm-up. An optimiser's `learning_rate` takes its place, but the warm-up still climbs to
        `warmup_final_lr`, the one given here.
    warmup_steps : int
        For how many updates the learning rate is that of the warm-up.
    warmup_begin_lr : float
        The learning rate that the warm-up begins with.
    warmup_mode : {'linear', 'constant'}
        Whether the warm-up climbs from `warmup_begin_lr` to `base_lr`, or stays.

    Raises
    ------
    ValueError
        If `warmup_begin_lr` is larger than `base_lr`, `warmup_steps` negative, or `warmup_mode` another one.

    Examples
    --------
    >>> import mxnet as mx
    >>> class Halving(mx.lr_scheduler.LRScheduler):
    ...     def __call__(self, num_update):
    ...         if num_update < self.warmup_steps:
    ...             return self.get_warmup_lr(num_update)
    ...         return self.base_lr / 2**num_update
    >>> schedule = Halving(base_lr=1.0, warmup_steps=2, warmup_begin_lr=0.5)
    >>> [schedule(n) for n in range(4)]
    [0.5, 0.75, 0.25, 0.125]
    """

    def __init__(self, base_lr=Default(0.01), warmup_steps=0, warmup_begin_lr=0, warmup_mode="linear"):
        name = type(self).__name__
        if warmup_begin_lr > base_lr:
            raise ValueError(f"{name}: a warm-up climbs: warmup_begin_lr, {warmup_begin_lr}, is at most base_lr, {base_lr}")
        if not isinstance(warmup_steps, int | numpy.integer) or warmup_steps < 0:
            raise ValueError(f"{name}: warmup_steps is a number of updates, 0, 1, …, not {warmup_steps!r}")
        if warmup_mode not in ("linear", "constant"):
            raise ValueError(f"{name}: warmup_mode is 'linear' or 'constant', not {warmup_mode!r}")
        self.base_lr = base_lr
        self.warmup_final_lr = float(base_lr)  # what the warm-up climbs to, whatever an optimiser does to base_lr
        self.warmup_steps = int(warmup_steps)
        self.warmup_begin_lr = warmup_begin_lr
        self.warmup_mode = warmup_mode

    def get_warmup_lr(self, num_update):
        """The learning rate at an update of the warm-up.

        Raises
        ------
        ValueError
            If the warm-up is over by then.
        """
        if num_update >= self.warmup_steps:
            raise ValueError(f"{type(self).__name__}: the warm-up has {self.warmup_steps} updates, and this is number {num_update}")
        if self.warmup_mode == "constant":
            return self.warmup_begin_lr
        return self.warmup_begin_lr + (self.warmup_final_lr - self.warmup_begin_lr) * num_update / self.warmup_steps

    def __call__(self, num_update):
        """The learning rate at update `num_update`."""
        raise NotImplementedError(f"{type(self).__name__}: define __call__(self, num_update), which returns a learning rate")


def _refuse_growth(scheduler, factor):
    if not 0 <= factor <= 1:
        raise ValueError(f"{type(scheduler).__name__}: a learning rate is to fall: factor is from 0 to 1, not {factor}")


class FactorScheduler(LRScheduler):
    """base_lr · factor ^ k, where `num_update` has gone past k multiples of `step`, warm-up included.

    Parameters
    ----------
    step : int
        Every how many updates the learning rate is multiplied by `factor`.
    factor : float
        From 0 to 1.
    stop_factor_lr : float
        The learning rate does not fall below it.
    base_lr, warmup_steps, warmup_begin_lr, warmup_mode
        As for `LRScheduler`.

    Raises
    ------
    ValueError
        If `step` is below 1, or `factor` not from 0 to 1.

    Examples
    --------
    >>> import mxnet as mx
    >>> schedule = mx.lr_scheduler.FactorScheduler(step=2, factor=0.5, base_lr=1.0)
    >>> [schedule(n) for n in range(6)]
    [1.0, 1.0, 1.0, 0.5, 0.5, 0.25]
    """

    def __init__(
        self, step, factor=1, stop_factor_lr=1e-8, base_lr=Default(0.01), warmup_steps=0, warmup_begin_lr=0, warmup_mode="linear"
    ):
        super().__init__(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        if step < 1:
            raise ValueError(f"FactorScheduler: step is a number of updates, at least 1, not {step}")
        _refuse_growth(self, factor)
        self.step = step
        self.factor = factor
        self.stop_factor_lr = stop_factor_lr

    def __call__(self, num_update):
        if num_update < self.warmup_steps:
            return self.get_warmup_lr(num_update)
        falls = max(ceil(num_update / self.step) - 1, 0)
        return min(self.base_lr, max(self.base_lr * self.factor**falls, self.stop_factor_lr))


class MultiFactorScheduler(LRScheduler):
    """base_lr · factor ^ k, where `num_update` has gone past k of the numbers in `step`, warm-up included.

    Parameters
    ----------
    step : list or array of int
        After which updates the learning rate is multiplied by `factor`; increasing.
    factor : float
        From 0 to 1.
    base_lr, warmup_steps, warmup_begin_lr, warmup_mode
        As for `LRScheduler`.

    Raises
    ------
    ValueError
        If `step` is empty, does not increase or begins below 1, or `factor` is not from 0 to 1.

    Examples
    --------
    >>> import mxnet as mx
    >>> schedule = mx.lr_scheduler.MultiFactorScheduler(step=[1, 4], factor=0.5, base_lr=1.0)
    >>> [schedule(n) for n in range(6)]
    [1.0, 1.0, 0.5, 0.5, 0.5, 0.25]
    """

    def __init__(self, step, factor=1, base_lr=Default(0.01), warmup_steps=0, warmup_begin_lr=0, warmup_mode="linear"):
        super().__init__(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        if getattr(step, "ndim", 0) == 1:
            step = step.tolist()
        if not isinstance(step, list | tuple) or not step or step[0] < 1 or sorted(set(step)) != list(step):
            raise ValueError(
                f"MultiFactorScheduler: step is an increasing list of numbers of updates, such as [10, 20], not {step!r}"
            )
        _refuse_growth(self, factor)
        self.step = step
        self.factor = factor

    def __call__(self, num_update):
        if num_update < self.warmup_steps:
            return self.get_warmup_lr(num_update)
        return self.base_lr * self.factor ** sum(num_update > step for step in self.step)


class Falling(LRScheduler):
    """From base_lr after the warm-up to final_lr at max_update: subclasses say along which curve.

    An optimiser's `learning_rate` does not move them.
    """

    def __init__(self, max_update, base_lr, final_lr, warmup_steps, warmup_begin_lr, warmup_mode):
        super().__init__(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        if max_update < 1:
            raise ValueError(f"{type(self).__name__}: max_update is a number of updates, at least 1, not {max_update}")
        self.max_update = max_update
        self.final_lr = final_lr

    def __call__(self, num_update):
        if num_update < self.warmup_steps:
            return self.get_warmup_lr(num_update)
        if num_update >= self.max_update:
            return self.final_lr
        done = (num_update - self.warmup_steps) / (self.max_update - self.warmup_steps)
        return self.final_lr + (self.base_lr - self.final_lr) * self._left(done)


class PolyScheduler(Falling):
    """final_lr + (base_lr - final_lr) (1 - s) ^ pwr, where s goes from 0 after the warm-up to 1 at `max_update`.

    There it stays. An optimiser's `learning_rate` does not change it: give the scheduler its `base_lr`.

    Parameters
    ----------
    max_update : int
        The update from which the learning rate is `final_lr`.
    pwr : float
        The exponent.
    final_lr : float
        The last learning rate.
    base_lr, warmup_steps, warmup_begin_lr, warmup_mode
        As for `LRScheduler`.

    Raises
    ------
    ValueError
        If `max_update` is below 1.

    Examples
    --------
    >>> import mxnet as mx
    >>> schedule = mx.lr_scheduler.PolyScheduler(max_update=4, base_lr=1.0)
    >>> [schedule(n) for n in range(6)]
    [1.0, 0.5625, 0.25, 0.0625, 0, 0]
    """

    def __init__(
        self, max_update, base_lr=Default(0.01), pwr=2, final_lr=0, warmup_steps=0, warmup_begin_lr=0, warmup_mode="linear"
    ):
        super().__init__(max_update, base_lr, final_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        self.power = pwr

    def _left(self, done):
        return (1 - done) ** self.power


class CosineScheduler(Falling):
    """final_lr + (base_lr - final_lr) (1 + cos πs) / 2, where s goes from 0 after the warm-up to 1 at `max_update`.

    There it stays. An optimiser's `learning_rate` does not change it: give the scheduler its `base_lr`.
    After Loshchilov and Hutter, "SGDR: Stochastic gradient descent with warm restarts", 2017.

    Parameters
    ----------
    max_update : int
        The update from which the learning rate is `final_lr`.
    final_lr : float
        The last learning rate.
    base_lr, warmup_steps, warmup_begin_lr, warmup_mode
        As for `LRScheduler`.

    Raises
    ------
    ValueError
        If `max_update` is below 1.

    Examples
    --------
    >>> import mxnet as mx
    >>> schedule = mx.lr_scheduler.CosineScheduler(max_update=6, base_lr=1.0, warmup_steps=2)
    >>> [round(schedule(n), 4) for n in range(8)]
    [0.0, 0.5, 1.0, 0.8536, 0.5, 0.1464, 0, 0]
    """

    def __init__(self, max_update, base_lr=Default(0.01), final_lr=0, warmup_steps=0, warmup_begin_lr=0, warmup_mode="linear"):
        super().__init__(max_update, base_lr, final_lr, warmup_steps, warmup_begin_lr, warmup_mode)

    def _left(self, done):
        return (1 + cos(pi * done)) / 2
