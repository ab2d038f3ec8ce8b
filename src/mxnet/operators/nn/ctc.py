"""Connectionist temporal classification: what a sequence of labels costs when nobody says which step shows which label."""

import numpy as np

from ...core.array import raw
from ...core.dtypes import floating
from ...core.operator import operator
from ..indexing import take_along_axis
from ..operands import as_operand, whole, wide
from .softmax import log_softmax

__all__ = ["ctc_loss"]

_NEVER = -1e30  # the logarithm of 0, finite so that differences of two have a value


def _lengths(name, values, wanted, batch, high):
    """The lengths of the `batch` sequences, checked; None without `wanted`."""
    if not wanted:
        if values is not None:
            raise ValueError(f"ctc_loss: {name} counts only with use_{name}=True")
        return None
    shape = None if values is None else np.shape(raw(values))
    if shape != (batch,):
        given = "None" if values is None else f"one of shape {shape}"
        raise ValueError(f"ctc_loss: {name} has an entry for each of the {batch} sequences, not {given}")
    return whole(f"ctc_loss: {name}", values, 0, high)


def _labels(label, lengths, classes, blank_label):
    """The labels as integers and how many of each row count."""
    label = np.asarray(raw(label))
    padding, low = (0, 1) if blank_label == "first" else (-1, 0)
    if lengths is None:
        lengths = np.cumprod(label != padding, axis=1).sum(axis=1)
    counts = np.arange(label.shape[1]) < lengths[:, None]
    return whole("ctc_loss: label", np.where(counts, label, low), low, low + classes - 2), lengths


def _backwards(lengths, total):
    """For each length, the numbers below `total` with those below the length in reverse order; a row for each."""
    position, lengths = np.arange(total), lengths[:, None]
    return np.where(position < lengths, lengths - 1 - position, position)


def _skips(states):
    """What to add where a path goes from a label to the next without a blank between: 0 where it may, as the labels differ."""
    may = np.zeros(states.shape, bool)
    may[:, 3::2] = states[:, 3::2] != states[:, 1:-2:2]
    return np.where(may, 0, _NEVER)


def _scores(e, skips, running):
    """For each step and state, the logarithm of the probability of all paths that are there: shape (time, batch, states).

    α[t, s] = log(exp α[t-1, s] + exp α[t-1, s-1] + exp(α[t-1, s-2] + skips[s])) + e[t, s]. What is no longer `running` keeps its α.
    """
    before = np.full((e.shape[1], 2), _NEVER, e.dtype)
    skips = skips.astype(e.dtype)
    alpha = np.concatenate([e[0][:, :2], np.full(skips[:, 2:].shape, _NEVER, e.dtype)], axis=1)
    result = [alpha]
    for t in range(1, len(e)):
        padded = np.concatenate([before, alpha], axis=1)
        one, two = padded[:, 1:-1], padded[:, :-2] + skips
        # The largest is a constant: it cancels, in derivatives as well.
        top = np.maximum(np.maximum(raw(alpha), raw(one)), raw(two))
        moved = np.log(np.exp(alpha - top) + np.exp(one - top) + np.exp(two - top)) + top + e[t]
        alpha = moved if running is None else np.where(running[t], moved, alpha)
        result.append(alpha)
    return np.stack(result)


def _log_likelihood(alpha, ends):
    """log Σ exp of the last two states: the last label and the blank after it, or a blank alone."""
    last = take_along_axis(alpha[-1], ends, axis=1)
    top = raw(last).max(axis=1, keepdims=True)
    twice = ends[:, :1] == ends[:, 1:]
    return (np.log((np.exp(last - top) * np.where(twice, 0.5, 1)).sum(axis=1, keepdims=True)) + top)[:, 0]


def _costs_rule(g, e, skips, running, ends, out, orders):
    """The cotangent of e is -g times the probability of being in the state at the step, given the labels.

    That is exp(α + β - e - log p), and β is the α of everything in reverse order.
    """
    alpha = out[1] if type(e) is np.ndarray else _scores(e, skips, running)
    logarithm = _log_likelihood(alpha, ends)
    times, places, reversed_skips = orders
    both = np.broadcast_to(times.T[:, :, None], e.shape), np.broadcast_to(places, e.shape)

    def turned(x):
        return take_along_axis(take_along_axis(x, both[0], axis=0), both[1], axis=2)

    beta = turned(_scores(turned(e), reversed_skips, running))
    possible = ~(raw(logarithm) <= _NEVER / 2)  # or unknown: of NaN the gradient is NaN
    counts = possible[:, None] if running is None else possible[:, None] & running
    inside = np.where(counts, alpha + beta - e - logarithm[:, None], _NEVER)
    return (-g[0][:, None] * np.exp(inside),)


@operator(joint=_costs_rule, inputs=("e",))
def _costs(e, skips, running, ends, orders):
    """-log of the probability of all paths, given the logarithms of probabilities (time, batch, states); and α."""
    alpha = _scores(e, skips, running)
    logarithm = _log_likelihood(alpha, ends)
    return np.where(logarithm <= _NEVER / 2, 0, -logarithm), alpha


def ctc_loss(
    data,
    label,
    data_lengths=None,
    label_lengths=None,
    use_data_lengths=False,
    use_label_lengths=False,
    blank_label="first",
    name=None,
):
    """-log p(labels | data): connectionist temporal classification.

    A path names a class, or the blank, at each step; it shows the labels that are left when equal neighbours are joined and blanks
    dropped. p is the sum over all such paths of the product of their classes' probabilities, softmax(data).

    Parameters
    ----------
    data : ndarray, shape (time, batch, classes)
        Before the softmax; one of the classes is the blank.
    label : ndarray, shape (batch, length)
        Whole numbers. Without `label_lengths`, labels end before the first padding.
    data_lengths : ndarray, shape (batch,), optional
        How many steps of each sequence count, from 0 to time; with `use_data_lengths=True`.
    label_lengths : ndarray, shape (batch,), optional
        How many labels of each row count, from 0 to length; with `use_label_lengths=True`.
    use_data_lengths, use_label_lengths : bool
    blank_label : {'first', 'last'}
        With 'first' the blank is class 0, labels are from 1, and 0 is padding. With 'last' the blank is class classes - 1, labels
        are from 0, and -1 is padding.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray, shape (batch,)
        0, without a gradient, where no path shows the labels: there are fewer steps than labels and blanks between equal ones.

    Raises
    ------
    ValueError
        If labels are no classes or lengths exceed their sequences.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.ctc_loss(np.zeros((2, 1, 4)), np.array([[3, 0]]))  # 3 of the 16 paths: (3, 3), (3, blank), (blank, 3)
    array([1.6739764])
    """
    data = as_operand("ctc_loss", data)
    shape, rows = data.shape, np.shape(raw(label))
    if len(shape) != 3 or shape[0] == 0 or shape[2] < 2:
        raise ValueError(f"ctc_loss: data has shape (time, batch, classes), with a step and two classes at least, not {shape}")
    if len(rows) != 2 or rows[0] != shape[1]:
        raise ValueError(f"ctc_loss: label has shape (batch, length), where data says batch={shape[1]}, not {rows}")
    if blank_label not in ("first", "last"):
        raise ValueError(f"ctc_loss: blank_label is 'first' or 'last', not {blank_label!r}")
    time, batch, classes = shape
    steps = _lengths("data_lengths", data_lengths, use_data_lengths, batch, time)
    counts = _lengths("label_lengths", label_lengths, use_label_lengths, batch, rows[1])
    labels, counts = _labels(label, counts, classes, blank_label)

    # States: a blank before, between and after labels. Those beyond the last blank of a row are never reached.
    states = np.full((batch, 2 * rows[1] + 1), 0 if blank_label == "first" else classes - 1)
    states[:, 1::2] = labels
    counts = 2 * counts + 1
    beyond = np.arange(states.shape[1]) >= counts[:, None]
    places = _backwards(counts, states.shape[1])
    ends = np.stack([counts - 1, np.maximum(counts - 2, 0)], axis=1)
    running, times = None, np.tile(np.arange(time)[::-1], (batch, 1))
    if steps is not None:
        running, times = (np.arange(time)[:, None] < steps)[:, :, None], _backwards(steps, time)
        data = np.where(running, data, 0)  # what is not read may be anything

    e = take_along_axis(log_softmax(wide(data)), np.broadcast_to(states, (time, *states.shape)), axis=2)
    e = np.where(beyond, _NEVER, np.maximum(e, _NEVER))
    reversed_skips = _skips(np.take_along_axis(states, places, axis=1))
    costs = _costs(e, _skips(states), running, ends, (times, places, reversed_skips))[0].astype(floating(data.dtype))
    return costs if steps is None else np.where(steps > 0, costs, 0)
