"""Cells that change what other cells do: dropout of several kinds, zoneout, residual connections."""

import numbers

from ... import autograd
from ... import numpy as np
from ... import numpy_extension as npx
from .containers import BidirectionalCell
from .recurrent_cell import HybridRecurrentCell, RecurrentCell, arranged, stacked, steps_of, time_axis

__all__ = ["DropoutCell", "ModifierCell", "ResidualCell", "VariationalDropoutCell", "ZoneoutCell"]


def _share(name, word, rate):
    if not isinstance(rate, numbers.Real) or not 0 <= rate < 1:
        raise ValueError(f"{name}: {word} is a number from 0 to below 1, not {rate!r:.60}")
    return rate


class DropoutCell(HybridRecurrentCell):
    """Dropout between cells: in training the input with zeros at random places, others divided by 1 - rate; no states.

    Parameters
    ----------
    rate : float
        How probable a zero is, from 0 to below 1.
    axes : tuple of int
        Axes along which all elements share a fate: of the input of a step, or in `unroll` of all inputs, if they come in one array.
    prefix, params : optional
        As in MXNet 1; see `Block`.

    Examples
    --------
    >>> from mxnet import autograd, np
    >>> from mxnet.gluon import rnn
    >>> np.random.seed(1)
    >>> cell = rnn.DropoutCell(0.5)
    >>> with autograd.train_mode():
    ...     output, states = cell(np.ones((2, 100)), [])
    >>> np.unique(output), states
    (array([0., 2.]), [])
    """

    def __init__(self, rate, axes=(), prefix=None, params=None):
        super().__init__(prefix, params)
        self._rate = _share("DropoutCell", "rate, how probable a zero is,", rate)
        self._axes = axes

    def state_info(self, batch_size=0):
        """No states."""
        return []

    def infer_shape(self, i, x, is_bidirect=False):
        """Nothing to do: there are no parameters."""

    def forward(self, inputs, states):
        """The output, and `states` as they are."""
        return npx.dropout(inputs, self._rate, axes=self._axes), states

    def unroll(self, length, inputs, begin_state=None, layout="NTC", merge_outputs=None, valid_length=None):
        """Drop out of all steps, of any `valid_length`; see `RecurrentCell.unroll`. Outputs come by default as the inputs do."""
        axis, steps = steps_of("DropoutCell", length, inputs, layout)
        if isinstance(inputs, np.ndarray):
            outputs = npx.dropout(inputs, self._rate, axes=self._axes)
        else:
            outputs = [npx.dropout(x, self._rate, axes=self._axes) for x in steps]
        merge = isinstance(inputs, np.ndarray) if merge_outputs is None else merge_outputs
        return arranged(outputs, axis, merge, valid_length), [] if begin_state is None else begin_state

    def __repr__(self):
        return f"DropoutCell(rate={self._rate}, axes={self._axes})"


class ModifierCell(HybridRecurrentCell):
    """What cells have in common that change another one: its parameters and its states.

    A subclass says in `forward(self, inputs, states)` what it makes of `self.base_cell(inputs, states)`.

    Parameters
    ----------
    base_cell : RecurrentCell
    """

    def __init__(self, base_cell):
        if not isinstance(base_cell, RecurrentCell):
            raise TypeError(f"{type(self).__name__} takes a cell, as LSTMCell(…) is, not {base_cell!r:.60}")
        super().__init__()
        self.base_cell = base_cell

    @property
    def params(self):
        """The parameters of the base cell."""
        return self.base_cell.params

    def state_info(self, batch_size=0):
        """What the states of the base cell are; see `RecurrentCell.state_info`."""
        return self.base_cell.state_info(batch_size)

    def begin_state(self, batch_size=0, func=np.zeros, **kwargs):
        """States of the base cell from which to begin; see `RecurrentCell.begin_state`."""
        return self.base_cell.begin_state(batch_size=batch_size, func=func, **kwargs)

    def infer_shape(self, i, x, is_bidirect=False):
        """Set the width of the inputs of the base cell; see `RNNCell.infer_shape`."""
        self.base_cell.infer_shape(i, x, is_bidirect)

    def __repr__(self):
        return f"{type(self).__name__}({self.base_cell!r})"


class ZoneoutCell(ModifierCell):
    """Zoneout: in training, elements of the output or of the states keep at random the value of the step before.

    Whoever calls it step by step in training calls `reset()` before each sequence, as `unroll` does.

    Parameters
    ----------
    base_cell : RecurrentCell
    zoneout_outputs, zoneout_states : float
        How probable it is that an element is kept, from 0 to below 1. Before the first step outputs are 0.

    Raises
    ------
    ValueError
        For a `BidirectionalCell`, which has no steps.

    Notes
    -----
    Krueger et al., *Zoneout: regularizing RNNs by randomly preserving hidden activations*, ICLR 2017. Out of training nothing is
    kept, where the paper takes the mean.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> cell = rnn.ZoneoutCell(rnn.LSTMCell(4), zoneout_outputs=0.05, zoneout_states=0.2)
    >>> cell.initialize()
    >>> outputs, states = cell.unroll(3, np.ones((2, 3, 5)), merge_outputs=True)
    >>> outputs.shape
    (2, 3, 4)
    """

    def __init__(self, base_cell, zoneout_outputs=0.0, zoneout_states=0.0):
        if isinstance(base_cell, BidirectionalCell):
            raise ValueError("ZoneoutCell works step by step, and a BidirectionalCell does not: put one around each of its cells")
        super().__init__(base_cell)
        self.zoneout_outputs = _share("ZoneoutCell", "zoneout_outputs", zoneout_outputs)
        self.zoneout_states = _share("ZoneoutCell", "zoneout_states", zoneout_states)
        self._before = None  # the last output

    def reset(self):
        """Forget the last output, and what the base cell keeps."""
        super().reset()
        self._before = None

    def forward(self, inputs, states):
        """The output and the states after a step."""
        output, after = self.base_cell(inputs, states)
        if autograd.is_training():
            if self.zoneout_states:
                after = [_zoned(new, old, self.zoneout_states) for new, old in zip(after, states, strict=True)]
            if self.zoneout_outputs:
                output = _zoned(output, 0 if self._before is None else self._before, self.zoneout_outputs)
                self._before = output
        return output, after

    def __repr__(self):
        return f"ZoneoutCell(p_out={self.zoneout_outputs}, p_state={self.zoneout_states}, {self.base_cell!r})"


def _zoned(new, old, rate):
    return np.where(npx.dropout(np.ones(new.shape), rate), new, old)


class ResidualCell(ModifierCell):
    """The sum of the input and of what the base cell makes of it; both have the same shape.

    Parameters
    ----------
    base_cell : RecurrentCell

    Notes
    -----
    Wu et al., *Google's neural machine translation system*, 2016, arXiv:1609.08144.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> cell = rnn.ResidualCell(rnn.GRUCell(3))
    >>> cell.initialize('zeros')
    >>> outputs, states = cell.unroll(2, np.array([[[1, 2, 3], [4, 5, 6]]]), merge_outputs=True)
    >>> outputs
    array([[[1., 2., 3.],
            [4., 5., 6.]]])
    """

    def forward(self, inputs, states):
        """The output and the states after a step."""
        output, states = self.base_cell(inputs, states)
        return _sum(output, inputs), states

    def unroll(self, length, inputs, begin_state=None, layout="NTC", merge_outputs=None, valid_length=None):
        """Compute all steps of the base cell, and add the inputs; see `RecurrentCell.unroll`."""
        axis = time_axis("ResidualCell", layout)
        outputs, states = self.base_cell.unroll(length, inputs, begin_state, layout, True, valid_length)
        inputs = stacked(inputs, axis)
        if valid_length is not None:
            inputs = npx.sequence_mask(inputs, valid_length, True, axis=axis)
        return arranged(_sum(outputs, inputs), axis, merge_outputs, valid_length), states


def _sum(output, inputs):
    if output.shape != inputs.shape:
        raise ValueError(f"ResidualCell: output and input are added, and have one shape, not {output.shape} and {inputs.shape}")
    return output + inputs


class VariationalDropoutCell(ModifierCell):
    """Dropout of inputs, states and outputs, that in all steps of a sequence has its zeros at the same places.

    Whoever calls it step by step in training calls `reset()` before each sequence, as `unroll` does.

    Parameters
    ----------
    base_cell : RecurrentCell
    drop_inputs, drop_states, drop_outputs : float
        How probable zeros are, from 0 to below 1, in inputs, in the first of the states, and in outputs.

    Raises
    ------
    ValueError
        With `drop_states` for a `BidirectionalCell`, which has no steps.

    Notes
    -----
    Gal and Ghahramani, *A theoretically grounded application of dropout in recurrent neural networks*, NIPS 2016.

    Examples
    --------
    >>> from mxnet import autograd, np
    >>> from mxnet.gluon import rnn
    >>> np.random.seed(1)
    >>> cell = rnn.VariationalDropoutCell(rnn.GRUCell(3), drop_outputs=0.5)
    >>> cell.initialize()
    >>> with autograd.train_mode():
    ...     outputs, states = cell.unroll(4, np.ones((1, 4, 2)), merge_outputs=True)
    >>> np.unique((outputs != 0).sum(axis=1)).tolist()
    [0, 4]
    """

    def __init__(self, base_cell, drop_inputs=0.0, drop_states=0.0, drop_outputs=0.0):
        if drop_states and isinstance(base_cell, BidirectionalCell):
            raise ValueError(
                "VariationalDropoutCell: drop_states works step by step, and a BidirectionalCell does not: put one "
                "around each of its cells"
            )
        super().__init__(base_cell)
        self.drop_inputs = _share("VariationalDropoutCell", "drop_inputs", drop_inputs)
        self.drop_states = _share("VariationalDropoutCell", "drop_states", drop_states)
        self.drop_outputs = _share("VariationalDropoutCell", "drop_outputs", drop_outputs)
        self._masks = {}

    def reset(self):
        """Forget the masks, and what the base cell keeps."""
        super().reset()
        self._masks = {}

    def _dropped(self, x, word, rate):
        if not rate or not autograd.is_training():
            return x
        if word not in self._masks:
            self._masks[word] = npx.dropout(np.ones(x.shape, dtype=x.dtype), rate)
        return x * self._masks[word]

    def forward(self, inputs, states):
        """The output and the states after a step."""
        if self.drop_states:
            states = [self._dropped(states[0], "states", self.drop_states), *states[1:]]
        output, states = self.base_cell(self._dropped(inputs, "inputs", self.drop_inputs), states)
        return self._dropped(output, "outputs", self.drop_outputs), states

    def unroll(self, length, inputs, begin_state=None, layout="NTC", merge_outputs=None, valid_length=None):
        """Compute all steps; see `RecurrentCell.unroll`."""
        if self.drop_states:
            return super().unroll(length, inputs, begin_state, layout, merge_outputs, valid_length)
        axis, steps = steps_of("VariationalDropoutCell", length, inputs, layout)
        inputs = npx.dropout(stacked(steps, axis), self.drop_inputs, axes=(axis,)) if self.drop_inputs else inputs
        outputs, states = self.base_cell.unroll(length, inputs, begin_state, layout, True, valid_length)
        outputs = npx.dropout(outputs, self.drop_outputs, axes=(axis,))
        return arranged(outputs, axis, merge_outputs, valid_length), states

    def __repr__(self):
        drops = f"p_inputs={self.drop_inputs}, p_states={self.drop_states}, p_outputs={self.drop_outputs}"
        return f"VariationalDropoutCell({drops}, {self.base_cell!r})"
