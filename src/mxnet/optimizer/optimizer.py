"""`Optimizer`, and the registry that knows optimisers by name."""

import inspect
import math
import warnings
from typing import ClassVar

from .. import autograd
from .. import numpy as np
from ..base import MXNetError, caller_level
from ..lr_scheduler import Default, Falling
from ..registry import unknown

__all__ = ["Optimizer", "Test", "create", "register"]


class Optimizer:
    """The base of optimisers: learning rates, decays, how often each parameter was updated, and the calls that update it.

    Parameters
    ----------
    rescale_grad : float
        Gradients are multiplied by it first; `Trainer.step` sets it to 1 over the size of the batch.
    param_idx2name : dict of int to str, optional
        Names of parameters, for `set_lr_mult` and `set_wd_mult`.
    wd : float
        The decay of weights: the factor of a penalty w²/2.
    clip_gradient : float, optional
        The largest absolute value of an element of a gradient. None, 0 and negative numbers leave it alone.
    learning_rate : float, optional
        By default that of the class. Together with a scheduler it becomes the scheduler's `base_lr`, unless only that was given, or
        the scheduler is a `PolyScheduler` or a `CosineScheduler`.
    lr_scheduler : callable, optional
        Called with the number of updates, returns the learning rate.
    sym : optional
        Has no effect.
    begin_num_update : int
        How many updates there have been before.
    multi_precision : bool
        Whether weights of 16 bits have a copy of 32 bits, which is what is updated.
    param_dict : dict of int to Parameter, optional
        Parameters, whose `lr_mult` and `wd_mult` count.
    aggregate_num : int, optional
        Has no effect: all parameters are updated together.
    use_fused_step : bool, optional
        Whether `update` calls `fused_step`, which by default is `step`.

    Raises
    ------
    TypeError
        For an argument that no optimiser knows, or one of a wrong type.
    ValueError
        For numbers that are not finite.

    Notes
    -----
    A class of one's own defines `create_state` and one of three: `step(indices, weights, grads, states)` as in MXNet 2, with lists;
    `update(index, weight, grad, state)` as in MXNet 1, with one parameter; or `update_one(index, weight, grad, state, lr, wd)`,
    which gets learning rate and decay of the parameter. The first two begin with `_update_count`, and ask `_get_lr` and `_get_wd`,
    or `_get_lrs` and `_get_wds`.

    Examples
    --------
    >>> import mxnet as mx
    >>> from mxnet import np
    >>> @mx.optimizer.register
    ... class Plain(mx.optimizer.Optimizer):
    ...     def update_one(self, index, weight, grad, state, lr, wd):
    ...         weight -= lr * (self.rescale_grad * grad + wd * weight)
    >>> weight = np.array([1.0, 2.0])
    >>> update = mx.optimizer.get_updater(mx.optimizer.create("plain", learning_rate=0.5))
    >>> update(0, np.array([1.0, -1.0]), weight)
    >>> weight
    array([0.5, 2.5])
    """

    opt_registry: ClassVar[dict] = {}
    one_by_one: ClassVar[frozenset] = frozenset()  # the methods that are MXNet 1's, for one parameter, and not MXNet 2's, for lists

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        for name in vars(cls).keys() & {"update", "update_multi_precision"}:
            takes_lists = "indices" in inspect.signature(vars(cls)[name]).parameters
            cls.one_by_one = cls.one_by_one - {name} if takes_lists else cls.one_by_one | {name}

    def __init__(
        self,
        rescale_grad=1.0,
        param_idx2name=None,
        wd=0.0,
        clip_gradient=None,
        learning_rate=None,
        lr_scheduler=None,
        sym=None,
        begin_num_update=0,
        multi_precision=False,
        param_dict=None,
        aggregate_num=None,
        use_fused_step=None,
        **kwargs,
    ):
        name = type(self).__name__
        if kwargs:
            raise TypeError(f"{name}: unknown argument {next(iter(kwargs))!r}; it takes {', '.join(_arguments(type(self)))}")
        for what, value in (("param_idx2name", param_idx2name), ("param_dict", param_dict)):
            if not isinstance(value, dict | None):
                raise TypeError(f"{name}: {what} is a dict from indices of parameters, not {type(value).__name__}")
        if lr_scheduler is not None and not callable(lr_scheduler):
            raise TypeError(
                f"{name}: lr_scheduler is called with the number of updates, and a {type(lr_scheduler).__name__} is not callable"
            )
        self.rescale_grad = _number(name, "rescale_grad", rescale_grad)
        self.wd = _number(name, "wd", wd)
        self.clip_gradient = None if clip_gradient is None else _number(name, "clip_gradient", clip_gradient)
        self.lr = 0.01 if learning_rate is None else _number(name, "learning_rate", learning_rate)
        self.lr_scheduler = lr_scheduler
        if learning_rate is not None and hasattr(lr_scheduler, "base_lr"):
            self._set_base_lr(chosen=not isinstance(learning_rate, Default))
        self.lr_mult = {}
        self.wd_mult = {}
        self.begin_num_update = begin_num_update
        self.num_update = begin_num_update
        self._all_index_update_counts = {0: {}}
        self._index_update_count = self._all_index_update_counts[0]
        self.multi_precision = bool(multi_precision)
        self.idx2name = dict(param_idx2name or {})
        self.param_dict = param_dict or {}
        self.aggregate_num = 1 if aggregate_num is None else aggregate_num
        self.use_fused_step = bool(use_fused_step)

    def _set_base_lr(self, chosen):
        """Let the learning rate, that somebody chose or that is the default of the class, go before the scheduler's base_lr."""
        scheduler = self.lr_scheduler
        base, falling = scheduler.base_lr, isinstance(scheduler, Falling)
        if chosen and base != self.lr and (falling or not isinstance(base, Default)):
            does = f"has no effect: {type(scheduler).__name__} keeps its" if falling else "takes the place of the scheduler's"
            message = f"{type(self).__name__}: learning_rate={self.lr} {does} base_lr={base}; leave one out"
            warnings.warn(message, stacklevel=caller_level())
        if not falling and (chosen or isinstance(base, Default)):
            scheduler.base_lr = self.lr if chosen else Default(self.lr)

    # --- the registry -------------------------------------------------------------------------------------------------------------

    @staticmethod
    def register(klass):
        """Make a class known to `create` by its name in lower case; a decorator."""
        Optimizer.opt_registry[klass.__name__.lower()] = klass
        return klass

    @staticmethod
    def create_optimizer(name, **kwargs):
        """`mxnet.optimizer.create`."""
        return create(name, **kwargs)

    # --- learning rates and decays ------------------------------------------------------------------------------------------------

    @property
    def learning_rate(self):
        """The learning rate now; parameters have multipliers of their own."""
        return self.lr if self.lr_scheduler is None else float(self.lr_scheduler(self.num_update))

    def set_learning_rate(self, lr):
        """Set the learning rate.

        Raises
        ------
        UserWarning
            If a scheduler is in charge of it.
        """
        if self.lr_scheduler is not None:
            raise UserWarning(
                f"{type(self).__name__}: a scheduler has the learning rate; set its base_lr, or optimizer.lr_scheduler = None first"
            )
        self.lr = _number(type(self).__name__, "lr", lr)

    def set_lr_mult(self, args_lr_mult):
        """Set factors of the learning rate, by index or name of a parameter; those of `param_dict` win over them."""
        self.lr_mult = dict(args_lr_mult)

    def set_wd_mult(self, args_wd_mult):
        """Set factors of the decay, by index or name of a parameter; those of `param_dict` win over them."""
        self.wd_mult = dict(args_wd_mult)

    def _multiplied(self, value, indices, factors, attribute):
        if not factors and not self.param_dict:
            return [value] * len(indices)
        values = []
        for index in indices:
            if index in self.param_dict:
                values.append(value * getattr(self.param_dict[index], attribute))
            else:
                values.append(value * factors.get(index, factors.get(self.idx2name.get(index), 1.0)))
        return values

    def _get_lrs(self, indices):
        """The learning rates of parameters."""
        return self._multiplied(self.learning_rate, indices, self.lr_mult, "lr_mult")

    def _get_lr(self, index):
        return self._get_lrs([index])[0]

    def _get_wds(self, indices):
        """The decays of parameters."""
        return self._multiplied(self.wd, indices, self.wd_mult, "wd_mult")

    def _get_wd(self, index):
        return self._get_wds([index])[0]

    def _update_count(self, index):
        """Count an update of a parameter, or of each in a list; `num_update` is that of the one with the most."""
        counts = self._index_update_count
        for i in index if isinstance(index, list | tuple) else (index,):
            counts[i] = count = counts.get(i, self.begin_num_update) + 1
            if count > self.num_update:
                self.num_update = count

    def _set_current_device(self, device_id):
        """Count the updates on a device from now on: every device has numbers of its own."""
        self._index_update_count = self._all_index_update_counts.setdefault(device_id, {})

    _set_current_context = _set_current_device

    def _restore_counts(self, counts):
        """Take over the counts of all devices, and go on with the current one."""
        device = next(key for key, value in self._all_index_update_counts.items() if value is self._index_update_count)
        self._all_index_update_counts = counts
        self._set_current_device(device)

    # --- states and updates -------------------------------------------------------------------------------------------------------

    def create_state(self, index, weight):
        """What the optimiser remembers of a parameter, before the first update: arrays, tuples of them, or None."""

    def _has_master(self, weight):
        return self.multi_precision and _has_16_bits(weight)

    def create_state_multi_precision(self, index, weight):
        """As `create_state`; with `multi_precision`, for a weight of 16 bits, the copy of 32 bits and the state of that."""
        if self._has_master(weight):
            master = weight.astype("float32")
            return master, self.create_state(index, master)
        if _has_16_bits(weight):
            warnings.warn(
                f"{type(self).__name__}: small steps of {weight.dtype} weights are lost by rounding, unless multi_precision=True",
                stacklevel=caller_level(),
            )
        return self.create_state(index, weight)

    def update_one(self, index, weight, grad, state, lr, wd):
        """Update one parameter with its learning rate and decay; `_index_update_count[index]` is the number of the update."""
        raise NotImplementedError(
            f"{type(self).__name__} defines none of update_one(index, weight, grad, state, lr, wd), "
            "step(indices, weights, grads, states) and update(index, weight, grad, state)"
        )

    def step(self, indices, weights, grads, states):
        """Update parameters, given by lists, in place."""
        if autograd.is_recording():
            raise MXNetError(
                "parameters are updated in place, which is not recorded: do it after the block `with autograd.record():`"
            )
        self._update_count(indices)
        for one in zip(indices, weights, grads, states, self._get_lrs(indices), self._get_wds(indices), strict=True):
            self.update_one(*one)

    def fused_step(self, indices, weights, grads, states):
        """`step`, which is fused already: one pass over memory for each parameter."""
        self.step(indices, weights, grads, states)

    def update(self, indices, weights, grads, states):
        """Update parameters in place.

        Parameters
        ----------
        indices : int or list of int
            Which parameters, as `create_state` was told.
        weights, grads : ndarray or list of ndarray
            Of equal shapes.
        states
            What `create_state` returned, or a list of that.

        Raises
        ------
        MXNetError
            Under `autograd.record()`.
        """
        if not isinstance(indices, list | tuple):
            indices, weights, grads, states = [indices], [weights], [grads], [states]
        (self.fused_step if self.use_fused_step else self.step)(indices, weights, grads, states)

    def update_multi_precision(self, indices, weights, grads, states):
        """As `update`, with what `create_state_multi_precision` returned."""
        if not isinstance(indices, list | tuple):
            indices, weights, grads, states = [indices], [weights], [grads], [states]
        masters = []
        if self.multi_precision:
            weights, grads, states = list(weights), list(grads), list(states)
            for i, weight in enumerate(weights):
                if self._has_master(weight):
                    weights[i], states[i] = states[i]
                    grads[i] = grads[i].astype("float32")
                    masters.append((weight, weights[i]))
        if "update" in self.one_by_one:
            for one in zip(indices, weights, grads, states, strict=True):
                self.update(*one)
        else:
            self.update(indices, weights, grads, states)
        for weight, master in masters:
            weight[...] = master


def _has_16_bits(weight):
    return weight.dtype.itemsize == 2


def _number(name, what, value):
    """The float that an argument is, which must be finite."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: {what} is a number, not {value!r:.60}") from None
    if not math.isfinite(number):
        raise ValueError(f"{name}: {what} is a finite number, not {number}")
    return number


def share(name, what, value):
    """The number from 0 to below 1 that an argument is."""
    number = _number(name, what, value)
    if not 0 <= number < 1:
        raise ValueError(f"{name}: {what} is how much is left of a mean, from 0 to below 1, not {number}")
    return number


def _arguments(cls):
    """What the constructors of a class and its bases take."""
    codes = [base.__init__.__code__ for base in cls.__mro__ if "__init__" in vars(base) and base is not object]
    names = [name for code in codes for name in code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]]
    return dict.fromkeys(names)


register = Optimizer.register


def create(name, **kwargs):
    """The optimiser of a name, in upper or lower case: 'sgd', 'adam', …

    Parameters
    ----------
    name : str
    **kwargs
        Arguments of the class.

    Raises
    ------
    ValueError
        For an unknown name.

    Examples
    --------
    >>> import mxnet as mx
    >>> mx.optimizer.create("Adam", learning_rate=0.01).learning_rate
    0.01
    """
    if not isinstance(name, str):
        raise TypeError(f"optimizer.create takes a name such as 'sgd', not {type(name).__name__}; an Optimizer needs no creating")
    known = Optimizer.opt_registry
    if name.lower() not in known:
        raise unknown("optimizer.create", "optimizer", name, known)
    return known[name.lower()](**kwargs)


@register
class Test(Optimizer):
    """w ← w - lr (rescale_grad · g + wd w), and a state that stays zero: for tests of what uses an optimiser."""

    __test__ = False  # not a test itself, says pytest's convention

    def create_state(self, index, weight):
        return np.zeros_like(weight)

    def update_one(self, index, weight, grad, state, lr, wd):
        weight -= lr * (self.rescale_grad * grad + wd * weight)
