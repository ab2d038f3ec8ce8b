"""`Trainer`: an optimiser applied to the parameters of a network."""

import copy
import math
import os
import warnings

import numpy

from .. import numpy as np
from .. import optimizer as optimizers
from ..base import caller_level
from ..files.atomic import replacing
from .parameter import Parameter
from .utils import square

__all__ = ["Trainer"]


class Trainer:
    """Updates parameters with the gradients that backward passes left.

    Parameters
    ----------
    params : dict of str to Parameter, or list of Parameter
        As `net.collect_params()` gives.
    optimizer : str or Optimizer
        A name such as 'sgd' or 'adam'.
    optimizer_params : dict, optional
        Arguments of the optimiser, where a name is given: `{"learning_rate": 0.1}`.
    kvstore, update_on_kvstore, compression_params : optional
        Of MXNet's distributed training; devices share one memory here, so there is nothing to exchange.
    clip_norm : float, optional
        If the gradients, divided by the size of the batch, have together a larger Euclidean norm, they are scaled down to it. Where
        the norm is infinite or not a number there is a warning, and nothing is scaled, as in `gluon.utils.clip_global_norm`.

    Raises
    ------
    ValueError
        If there is no Parameter among `params`, or another thing is.
    AssertionError
        If `optimizer_params` are given for an Optimizer.

    Notes
    -----
    To use the sum of the gradients of several backward passes, set `net.setattr("grad_req", "add")`, divide by the number of all
    samples in `step`, and call `net.zero_grad()` after it.

    Examples
    --------
    >>> from mxnet import autograd, gluon, np
    >>> net = gluon.nn.Dense(1, in_units=2)
    >>> net.initialize("ones")
    >>> trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.5})
    >>> with autograd.record():
    ...     loss = net(np.array([[1.0, 2.0]])).sum()
    >>> loss.backward()
    >>> trainer.step(batch_size=1)
    >>> net.weight.data()
    array([[0.5, 0. ]])
    """

    def __init__(
        self,
        params,
        optimizer,
        optimizer_params=None,
        kvstore="device",
        compression_params=None,
        update_on_kvstore=None,
        clip_norm=None,
    ):
        if isinstance(params, Parameter) or not isinstance(params, dict | list | tuple):
            raise ValueError(
                f"Trainer takes a dict or a list of Parameters, as net.collect_params() gives, not {type(params).__name__}"
            )
        keys = params if isinstance(params, dict) else range(len(params))
        for key in keys:
            if not isinstance(params[key], Parameter):
                raise ValueError(f"Trainer takes Parameters, and params[{key!r}] is a {type(params[key]).__name__}")
        if clip_norm is not None and not clip_norm > 0:
            raise ValueError(f"Trainer: clip_norm is a positive number, not {clip_norm!r}")
        self._params = list(dict.fromkeys(params[key] for key in keys))  # a shared parameter is updated once
        self._clip_norm = clip_norm
        param_dict = dict(enumerate(self._params))
        if isinstance(optimizer, optimizers.Optimizer):
            if optimizer_params:
                raise AssertionError("Trainer: optimizer_params belong to an optimizer given by its name; this one has its own")
            optimizer.param_dict = param_dict
            self._optimizer = optimizer
        else:
            self._optimizer = optimizers.create(optimizer, param_dict=param_dict, **(optimizer_params or {}))
        self._scale = self._optimizer.rescale_grad
        self._updater = optimizers.get_updater(self._optimizer)
        self._unchecked = []  # of which parameters loaded states are still to be held against the shape

    @property
    def optimizer(self):
        """The optimiser."""
        return self._optimizer

    @property
    def learning_rate(self):
        """The learning rate of the next step."""
        return self._optimizer.learning_rate

    def set_learning_rate(self, lr):
        """Set the learning rate, which a scheduler must not be in charge of."""
        self._optimizer.set_learning_rate(lr)

    def step(self, batch_size, ignore_stale_grad=False):
        """Update all parameters with their gradients divided by `batch_size`.

        Parameters
        ----------
        batch_size : int
            How many samples the losses were summed over; 1 for a loss that is a mean.
        ignore_stale_grad : bool
            Whether a parameter that no backward pass has reached since the last step is left as it is, without an error.

        Raises
        ------
        ZeroDivisionError
            If `batch_size` is 0.
        ValueError
            If `batch_size` is negative, or not finite. In both cases nothing has changed.
        UserWarning
            If a gradient is stale, as that is called. No parameter has changed then.
        RuntimeError
            If a parameter was not initialised.
        """
        self.update(batch_size, ignore_stale_grad)

    def allreduce_grads(self):
        """Sum up the gradients of all devices, which in one memory are summed already."""

    def update(self, batch_size, ignore_stale_grad=False):
        """Update all parameters: what is left of `step` after `allreduce_grads`."""
        if batch_size == 0:
            raise ZeroDivisionError("Trainer: gradients are divided by batch_size, and it is zero; did the batch have samples?")
        if not 0 < batch_size < math.inf:
            raise ValueError(f"Trainer: batch_size is the number of samples in the batch, and not {batch_size!r}")
        indices, arrays, gradients = [], [], []
        for index, parameter in enumerate(self._params):
            if parameter.grad_req == "null":
                continue
            array = parameter.data()
            if array.fresh_grad:
                indices.append(index)
                arrays.append(array)
                gradients.append(array.grad)
            elif not ignore_stale_grad:
                raise UserWarning(
                    parameter._why_no_grad()
                    or f"the gradient of {parameter._called()} is stale: no backward pass has written it since the last step. Was "
                    "the parameter used in the forward pass, and that recorded? step(…, ignore_stale_grad=True) lets such ones be"
                )
        if self._unchecked:
            self._unchecked = self._check_states("Trainer.update", self._updater, self._unchecked)
        self._optimizer.rescale_grad = self._scale / batch_size
        if self._clip_norm is not None:
            self._optimizer.rescale_grad *= self._shrinking(gradients)
        self._updater(indices, gradients, arrays)
        for array in arrays:
            array.fresh_grad = False

    def _shrinking(self, gradients):
        """The factor that brings the norm of all gradients, as they are used, down to `clip_norm`; 1 if it is below."""
        norm = math.sqrt(math.fsum(map(square, gradients))) * self._optimizer.rescale_grad
        if not math.isfinite(norm):
            warnings.warn(
                f"Trainer: the norm of the gradients is {norm}, so clip_norm scales nothing", UserWarning, stacklevel=caller_level()
            )
            return 1.0
        return min(1.0, self._clip_norm / norm) if norm else 1.0

    def zero_grad(self):
        """Set all gradients to zero, as one does between sums of several backward passes."""
        for parameter in self._params:
            parameter.zero_grad()

    def save_states(self, fname):
        """Write what the optimiser remembers, such as momenta, and its settings to a file, which is replaced in one piece.

        Settings are the learning rate, the decay and so on, and a scheduler of `mxnet.lr_scheduler`.
        """
        states = self._updater.get_states(dump_optimizer=True)
        with replacing(fname) as file:
            file.write(states)

    def load_states(self, fname):
        """Read what `save_states` wrote; the optimiser gets the settings that it had then.

        Raises
        ------
        ValueError
            If the states are of another optimiser or network, or the file is damaged or of another kind; the original's files are
            pickles, which are not read. Nothing changes then.
        """
        with open(fname, "rb") as file:
            states = file.read()
        called = f"Trainer.load_states: {os.fspath(fname)!r}"
        trial = optimizers.get_updater(copy.copy(self._optimizer))
        trial.set_states(states, called)
        self._unchecked = self._check_states(called, trial, trial.states)
        vars(self._optimizer).update(vars(trial.optimizer))
        self._updater.states = trial.states

    def _check_states(self, called, updater, indices):
        """Raise if the states of parameters do not fit them; return the indices of those that are to be initialised first."""
        unchecked = []
        for index in indices:
            if index not in range(len(self._params)):
                raise ValueError(f"{called}: there is a state of parameter number {index}, and {len(self._params)} parameters here")
            parameter = self._params[index]
            if parameter._array is None:
                unchecked.append(index)
                continue
            misfit = _misfit(updater.states[index], updater.optimizer.create_state_multi_precision(index, parameter.data()))
            if misfit:
                raise ValueError(
                    f"{called}: the state of {parameter._called()}, of shape {parameter.shape}, {misfit}; is it of another network?"
                )
        return unchecked


def _misfit(state, fresh):
    """In which way a state is unlike a fresh one of the same parameter; None if it is like it."""
    if _kind(state) != _kind(fresh):
        return f"is {_kind(state)} and not {_kind(fresh)}"
    if isinstance(state, dict):
        parts = [(state[key], fresh[key]) for key in state.keys() & fresh.keys()]
    else:
        parts = zip(state, fresh, strict=False) if isinstance(state, list | tuple) else []
    return next(filter(None, (_misfit(*pair) for pair in parts)), None)


def _kind(state):
    if isinstance(state, np.ndarray | numpy.ndarray):
        return f"an array of shape {state.shape}"
    if isinstance(state, tuple):
        return f"a tuple of {len(state)}"
    return {list: "a list", dict: "a dictionary", type(None): "None"}.get(type(state), "a number or a text")
