"""`RecurrentCell`: what computes one step of a sequence, and how steps follow each other."""

from ... import numpy as np
from ... import numpy_extension as npx
from ...device import resolve
from ..block import Block, HybridBlock
from ..faults import misnumbered

__all__ = [
    "HybridRecurrentCell",
    "RecurrentCell",
    "arranged",
    "batch_of",
    "first_states",
    "shared_out",
    "stacked",
    "steps_of",
    "time_axis",
]


# Sequences: a list with an array for each step, or one array with an axis of time.


def time_axis(name, layout):
    """The axis of time."""
    if not isinstance(layout, str) or layout.count("T") != 1 or layout.count("N") != 1:
        raise ValueError(f"{name}: layout is 'NTC', 'TNC' or the like, with T for time and N for the batch, not {layout!r:.60}")
    return layout.index("T")


def steps_of(name, length, inputs, layout):
    """The axis of time, and the inputs of the steps in a list, as many as `length` says."""
    axis = time_axis(name, layout)
    if isinstance(inputs, np.ndarray):
        if inputs.ndim < 2:
            raise ValueError(f"{name}: inputs has the axes {layout}, not the shape {inputs.shape}")
        steps = list(np.unstack(inputs, axis=axis))
    elif isinstance(inputs, list | tuple) and all(isinstance(x, np.ndarray) for x in inputs):
        steps = list(inputs)
    else:
        raise TypeError(f"{name}: inputs is an array with an axis of time, or a list of arrays, not {inputs!r:.60}")
    if not steps or len(steps) != length:
        raise ValueError(
            f"{name}: length is the number of steps, 1 at least; it is {length!r:.60}, and inputs has {len(steps)}, with layout "
            f"{layout!r}"
        )
    return axis, steps


def stacked(steps, axis):
    """A sequence as one array."""
    return steps if isinstance(steps, np.ndarray) else np.stack(steps, axis=axis)


def arranged(steps, axis, merge_outputs, valid_length):
    """A sequence as `merge_outputs` asks: as one array, or as a list."""
    if merge_outputs or (merge_outputs is None and valid_length is not None):
        return stacked(steps, axis)
    return list(np.unstack(steps, axis=axis)) if isinstance(steps, np.ndarray) else steps


def batch_of(steps, layout):
    """How many sequences there are."""
    return steps[0].shape[layout.replace("T", "").index("N")]


# States.


def first_states(infos, dtype, func, kwargs):
    """An array for every state that `state_info` lists, made by `func`."""
    device = resolve(kwargs.pop("device", None), kwargs.pop("ctx", None))
    return [func(shape=info["shape"], device=device, **{"dtype": dtype, **kwargs}) for info in infos]


def shared_out(name, states, cells):
    """A list of states for each cell, out of one for all."""
    counts = [len(cell.state_info()) for cell in cells]
    if not isinstance(states, list | tuple) or len(states) != sum(counts):
        given = f"{len(states)}" if isinstance(states, list | tuple) else f"{states!r:.60}"
        raise ValueError(f"{name}: states is a list of {sum(counts)} arrays, as begin_state(batch_size=…) gives, not {given}")
    rest = iter(states)
    return [[next(rest) for _ in range(count)] for count in counts]


def _at(valid_length, history):
    """For every sequence the state after its last step, out of the states before all steps and after each."""
    lengths = np.array(valid_length).astype("int64")
    return np.stack(history)[lengths, np.arange(len(lengths))]


class RecurrentCell(Block):
    """One step of a sequence: from an input and the states before it to an output and the states after it.

    A subclass lists its states in `state_info(self, batch_size=0)`, and says in `forward(self, inputs, states)` what it computes,
    `(output, states)`.

    Parameters
    ----------
    prefix, params : optional
        As in MXNet 1; see `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> class RunningSum(rnn.RecurrentCell):
    ...     def state_info(self, batch_size=0):
    ...         return [{"shape": (batch_size, 1), "__layout__": "NC"}]
    ...
    ...     def forward(self, inputs, states):
    ...         total = states[0] + inputs
    ...         return total, [total]
    >>> outputs, states = RunningSum().unroll(3, np.array([[[1], [2], [3]]]), merge_outputs=True)
    >>> outputs
    array([[[1.],
            [3.],
            [6.]]])
    """

    def state_info(self, batch_size=0):
        """What the states are.

        Parameters
        ----------
        batch_size : int

        Returns
        -------
        list of dict
            For each state its `shape` and the meaning of the axes, `__layout__`.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say what its states are: define state_info(self, batch_size=0)")

    def begin_state(self, batch_size=0, func=np.zeros, **kwargs):
        """States from which to begin.

        Parameters
        ----------
        batch_size : int
        func : callable
            Makes an array: it is called as `func(shape=…, dtype=…, device=…)`.
        **kwargs
            `device` or `ctx`, `dtype`, by default that of the parameters, and what else `func` takes.

        Returns
        -------
        list of ndarray

        Examples
        --------
        >>> from mxnet.gluon import rnn
        >>> [state.shape for state in rnn.LSTMCell(4).begin_state(batch_size=2)]
        [(2, 4), (2, 4)]
        """
        parameter = next(iter(self.collect_params().values()), None)
        dtype = "float32" if parameter is None else parameter.dtype
        return first_states(self.state_info(batch_size), dtype, func, kwargs)

    def reset(self):
        """Forget what was kept from one step to the next, such as masks of dropout; `unroll` begins with it."""
        for cell in self._children.values():
            if hasattr(cell, "reset"):
                cell.reset()

    def unroll(self, length, inputs, begin_state=None, layout="NTC", merge_outputs=None, valid_length=None):
        """Compute all steps of a sequence.

        Parameters
        ----------
        length : int
            The number of steps.
        inputs : ndarray or list of ndarray
            One array with an axis of time, or an array for each step.
        begin_state : list of ndarray, optional
            By default `begin_state()`.
        layout : str
            The axes of a sequence in one array: T is time, N the batch.
        merge_outputs : bool, optional
            Whether outputs come as one array, or as a list; by default as a list, unless there is a `valid_length`.
        valid_length : ndarray, shape (batch,), optional
            How many steps of each sequence count. Outputs beyond are 0, and the states are those after the last step that counts.

        Returns
        -------
        outputs : ndarray or list of ndarray
        states : list of ndarray
            After the last step.

        Raises
        ------
        ValueError
            If `length` is not the number of steps, or a sequence is longer.

        Examples
        --------
        >>> from mxnet import np
        >>> from mxnet.gluon import rnn
        >>> cell = rnn.GRUCell(4)
        >>> cell.initialize()
        >>> outputs, (state,) = cell.unroll(3, np.ones((2, 3, 5)), merge_outputs=True)
        >>> outputs.shape, state.shape
        ((2, 3, 4), (2, 4))
        """
        self.reset()
        axis, steps = steps_of(type(self).__name__, length, inputs, layout)
        states = self.begin_state(batch_size=batch_of(steps, layout)) if begin_state is None else begin_state
        outputs, history = [], [states]
        for x in steps:
            output, states = self(x, states)
            outputs.append(output)
            history.append(states)
        if valid_length is not None:
            outputs = npx.sequence_mask(stacked(outputs, axis), valid_length, True, axis=axis)
            states = [_at(valid_length, every) for every in zip(*history, strict=True)]
        return arranged(outputs, axis, merge_outputs, valid_length), states

    def _misfit(self, error, args, kwargs):
        if len(args) + len(kwargs) == 1 and misnumbered(self, args, kwargs) is not None:
            name = type(self).__name__
            layer = name.removesuffix("Cell")
            whole = f"; rnn.{layer} computes a whole sequence, and needs none" if layer in ("RNN", "LSTM", "GRU") else ""
            return TypeError(
                f"{name}: states is missing: call cell(x, states), first with those of cell.begin_state(batch_size=len(x)), then "
                f"with those that it returned{whole}"
            )
        return super()._misfit(error, args, kwargs)


class HybridRecurrentCell(RecurrentCell, HybridBlock):
    """A `RecurrentCell` that is a `HybridBlock`, which all cells here are but for `SequentialRNNCell`.

    Its parts may be any cells.
    """

    def _check_child(self, block):
        if isinstance(block, RecurrentCell):
            Block._check_child(self, block)
        else:
            super()._check_child(block)
