"""The cells, in the place where MXNet has them, and `dynamic_unroll`."""

from ... import numpy_extension as npx
from .containers import BidirectionalCell, HybridSequentialRNNCell, SequentialRNNCell
from .gated_cells import GRUCell, LSTMCell, LSTMPCell, RNNCell
from .modifiers import DropoutCell, ModifierCell, ResidualCell, VariationalDropoutCell, ZoneoutCell
from .recurrent_cell import HybridRecurrentCell, RecurrentCell, time_axis

__all__ = [
    "BidirectionalCell",
    "DropoutCell",
    "GRUCell",
    "HybridRecurrentCell",
    "HybridSequentialRNNCell",
    "LSTMCell",
    "LSTMPCell",
    "ModifierCell",
    "RNNCell",
    "RecurrentCell",
    "ResidualCell",
    "SequentialRNNCell",
    "VariationalDropoutCell",
    "ZoneoutCell",
]


def dynamic_unroll(cell, inputs, begin_state, drop_inputs=0, drop_outputs=0, layout="TNC", valid_length=None):
    """Compute all the steps of a cell that there are inputs for.

    Parameters
    ----------
    cell : RecurrentCell
    inputs : ndarray
    begin_state : list of ndarray
    drop_inputs, drop_outputs : float
        How probable zeros are in training, in inputs and outputs; in all steps they are at the same places.
    layout : str
        The axes of `inputs`: T is time, N the batch.
    valid_length : ndarray, shape (batch,), optional
        As in `RecurrentCell.unroll`.

    Returns
    -------
    outputs : ndarray
    states : list of ndarray

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.rnn import GRUCell, rnn_cell
    >>> cell = GRUCell(4)
    >>> cell.initialize()
    >>> outputs, states = rnn_cell.dynamic_unroll(cell, np.ones((3, 2, 5)), cell.begin_state(2))
    >>> outputs.shape
    (3, 2, 4)
    """
    axis = time_axis("dynamic_unroll", layout)
    inputs = npx.dropout(inputs, drop_inputs, axes=(axis,))
    outputs, states = cell.unroll(inputs.shape[axis], inputs, begin_state, layout, True, valid_length)
    return npx.dropout(outputs, drop_outputs, axes=(axis,)), states
