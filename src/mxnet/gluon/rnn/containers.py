"""Cells made of cells: one on top of the other, or one for each direction."""

from ... import numpy as np
from ... import numpy_extension as npx
from .recurrent_cell import HybridRecurrentCell, RecurrentCell, arranged, batch_of, shared_out, stacked, steps_of

__all__ = ["BidirectionalCell", "HybridSequentialRNNCell", "SequentialRNNCell"]


class _Composed:
    """States of all the cells, in one list."""

    def state_info(self, batch_size=0):
        """What the states of all cells are; see `RecurrentCell.state_info`."""
        return [info for cell in self._children.values() for info in cell.state_info(batch_size)]

    def begin_state(self, batch_size=0, func=np.zeros, **kwargs):
        """States of all cells from which to begin; see `RecurrentCell.begin_state`."""
        return [state for cell in self._children.values() for state in cell.begin_state(batch_size=batch_size, func=func, **kwargs)]

    def _first_states(self, begin_state, batch):
        states = self.begin_state(batch_size=batch) if begin_state is None else begin_state
        return shared_out(type(self).__name__, states, self._children.values())


class _Stack(_Composed):
    """Cells one on top of the other."""

    def add(self, cell):
        """Put a cell on top.

        Raises
        ------
        TypeError
            If it is no cell.
        """
        if not isinstance(cell, RecurrentCell):
            raise TypeError(f"{type(self).__name__}.add takes a cell, as LSTMCell(…) is, not {cell!r:.60}")
        self.register_child(cell)

    def infer_shape(self, i, x, is_bidirect=False):
        """Set the width of the inputs of the lowest cell, as far as it is not known; the others see theirs in the first step."""
        for cell in list(self._children.values())[:1]:
            cell.infer_shape(i, x, is_bidirect)

    def forward(self, inputs, states):
        """The output of the last cell, and the states of all."""
        after = []
        for cell, own in zip(self, shared_out(type(self).__name__, states, self), strict=True):
            inputs, own = cell(inputs, own)
            after.extend(own)
        return inputs, after

    def unroll(self, length, inputs, begin_state=None, layout="NTC", merge_outputs=None, valid_length=None):
        """Compute all steps, of one cell after the other; see `RecurrentCell.unroll`."""
        self.reset()
        axis, steps = steps_of(type(self).__name__, length, inputs, layout)
        after = []
        for cell, own in zip(self, self._first_states(begin_state, batch_of(steps, layout)), strict=True):
            inputs, own = cell.unroll(length, inputs, own, layout, None, valid_length)
            after.extend(own)
        return arranged(inputs, axis, merge_outputs, valid_length), after

    def __getitem__(self, i):
        return list(self._children.values())[i]

    def __iter__(self):
        return iter(self._children.values())

    def __len__(self):
        return len(self._children)


class SequentialRNNCell(_Stack, RecurrentCell):
    """Cells one on top of the other: each one's output is the input of the next.

    The states are those of all cells in one list. `cells[i]`, `len(cells)` and iteration are about the cells.

    Parameters
    ----------
    prefix, params : optional
        As in MXNet 1; see `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> cells = rnn.SequentialRNNCell()
    >>> cells.add(rnn.LSTMCell(4))
    >>> cells.add(rnn.DropoutCell(0.5))
    >>> cells.add(rnn.GRUCell(2))
    >>> cells.initialize()
    >>> output, states = cells(np.ones((3, 5)), cells.begin_state(batch_size=3))
    >>> output.shape, [state.shape for state in states]
    ((3, 2), [(3, 4), (3, 4), (3, 2)])
    """


class HybridSequentialRNNCell(_Stack, HybridRecurrentCell):
    """`SequentialRNNCell`, as a `HybridBlock`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> cells = rnn.HybridSequentialRNNCell()
    >>> cells.add(rnn.LSTMCell(4))
    >>> cells.add(rnn.ResidualCell(rnn.GRUCell(4)))
    >>> cells.initialize()
    >>> outputs, states = cells.unroll(7, np.ones((3, 7, 5)), merge_outputs=True)
    >>> outputs.shape, [state.shape for state in states]
    ((3, 7, 4), [(3, 4), (3, 4), (3, 4)])
    """


class BidirectionalCell(_Composed, HybridRecurrentCell):
    """Two cells, of which one goes from the first step to the last, and the other from the last to the first.

    Their outputs stand side by side. All steps have to be known: the cell can be unrolled, but not be called for a step.

    Parameters
    ----------
    l_cell, r_cell : RecurrentCell
        The one that goes forward, the one that goes back.
    output_prefix : str
        Of MXNet 1; no effect.

    Notes
    -----
    Schuster and Paliwal, *Bidirectional recurrent neural networks*, IEEE Transactions on Signal Processing 45, 1997.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> cell = rnn.BidirectionalCell(rnn.LSTMCell(4), rnn.LSTMCell(4))
    >>> cell.initialize()
    >>> outputs, states = cell.unroll(7, np.ones((3, 7, 5)), merge_outputs=True)
    >>> outputs.shape, len(states)
    ((3, 7, 8), 4)
    """

    def __init__(self, l_cell, r_cell, output_prefix="bi_"):
        super().__init__()
        self.l_cell = l_cell
        self.r_cell = r_cell

    def infer_shape(self, i, x, is_bidirect=True):
        """Set the width of the inputs of both cells; see `RNNCell.infer_shape`."""
        for cell in self._children.values():
            cell.infer_shape(i, x, True)

    def forward(self, inputs, states):
        """Not possible: raises NotImplementedError."""
        raise NotImplementedError(
            "BidirectionalCell needs all steps at once: call cell.unroll(length, inputs), not cell(x, states)"
        )

    def unroll(self, length, inputs, begin_state=None, layout="NTC", merge_outputs=None, valid_length=None):
        """Compute all steps in both directions; see `RecurrentCell.unroll`. Outputs stand side by side along the axis C."""
        self.reset()
        axis, steps = steps_of("BidirectionalCell", length, inputs, layout)
        left, right = self._first_states(begin_state, batch_of(steps, layout))
        forth, left = self.l_cell.unroll(length, inputs, left, layout, True, valid_length)
        turned = _turned(stacked(steps, axis), axis, valid_length)
        back, right = self.r_cell.unroll(length, turned, right, layout, True, valid_length)
        outputs = np.concatenate([forth, _turned(back, axis, valid_length)], axis=layout.find("C"))
        return arranged(outputs, axis, merge_outputs, valid_length), [*left, *right]

    def __repr__(self):
        return f"BidirectionalCell(forward={self.l_cell!r}, backward={self.r_cell!r})"


def _turned(sequences, axis, valid_length):
    """Sequences from the last step that counts to the first."""
    if valid_length is None:
        return np.flip(sequences, axis)
    return npx.sequence_reverse(sequences, valid_length, True, axis=axis)
