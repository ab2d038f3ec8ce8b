"""Losses that are one operator, so that they are accurate and cheap."""

import numpy as np

from ... import kernels
from ...core.array import raw
from ...core.dtypes import floating
from ...core.operator import operator
from ...core.state import is_recording
from ...kernels import softmax as kernels_of
from ..exponential import exp
from ..operands import axis_of, delivered
from ..selection import clip, where
from .activations import sigmoid, softrelu
from .composite import gradients_of, recorded
from .selection import pick
from .softmax import log_softmax, seen_as_integers, served

__all__ = ["focal_loss", "smooth_l1", "softmax_cross_entropy"]


# --- cross-entropy ----------------------------------------------------------------------------------------------------------------


def _classes(label, shape, axis, ignore_label):
    """Labels as integers, -1 where they are to be ignored."""
    label = np.asarray(raw(label))
    expected = shape[:axis] + shape[axis + 1 :]
    if label.shape not in (expected, (*shape[:axis], 1, *shape[axis + 1 :])):
        raise ValueError(
            f"softmax_cross_entropy: label has the shape of the data without the axis of classes, {expected}, not {label.shape}; "
            "distributions, of the shape of the data, need sparse_label=False"
        )
    label = label.reshape(expected)
    if ignore_label is None and (not label.size or (label.min() >= 0 and label.max() < shape[axis])):
        return label.astype(np.int64)
    counts = np.ones(expected, bool) if ignore_label is None else label != ignore_label
    wrong = ~((label >= 0) & (label < shape[axis])) & counts  # NaN, too
    if wrong.any():
        raise ValueError(f"softmax_cross_entropy: a label is a class from 0 to {shape[axis] - 1}, not {label[wrong][0]}")
    return np.where(counts, label, -1).astype(np.int64)


def _by_class(data, classes, axis, smoothing):
    """What the loss means for labels that are classes, of differentiable operators."""
    logs = log_softmax(data, axis=axis)
    loss = (smoothing - 1) * pick(logs, classes.clip(0), axis=axis)
    if smoothing:
        loss = loss - smoothing * logs.mean(axis=axis)
    return where(classes < 0, 0, loss) if (classes < 0).any() else loss


def _by_class_rule(g, data, classes, axis, smoothing, kept):
    if recorded(g, data):
        return gradients_of(lambda x: _by_class(x, classes, axis, smoothing).astype(g.dtype), (data,), g, (True,))[0]
    if "totals" in kept:
        g, classes, smoothing = np.ascontiguousarray(g.reshape(-1)), classes.reshape(-1), data.dtype.type(smoothing)
        shape = -1, data.shape[-1]
        dx = kept.pop("powers", None)
        if dx is not None:
            rows = dx.reshape(shape)
            arguments = classes, smoothing, kept["shares"], g, rows
            kernels.split(kernels_of.cross_entropy_back_in_place, len(rows), data.size // 4, *arguments)
            return dx
        dx, rows = np.empty_like(data), data.reshape(shape)
        arguments = rows, classes, smoothing, kept["totals"], g, dx.reshape(shape)
        kernels.split(kernels_of.cross_entropy_back, len(rows), data.size // 2, *arguments)
        return dx
    place = np.expand_dims(classes, axis)
    dx = np.exp(log_softmax(data, axis=axis, dtype=np.result_type(data, np.float32))) - smoothing / data.shape[axis]
    at_label = np.take_along_axis(dx, place.clip(0), axis) - (1 - smoothing)
    np.put_along_axis(dx, place.clip(0), at_label, axis)
    return np.where(place < 0, 0, dx * np.expand_dims(g, axis))


@operator(data=_by_class_rule)
def _cross_entropy(data, classes, axis, smoothing, kept):
    """`_by_class`, by a kernel where kernels serve; it leaves in the dictionary `kept` what its backward needs.

    That is the exponentials, in whose memory backward leaves the gradient, once; and what it takes to compute them again.
    """
    data = data.astype(floating(data.dtype), copy=False)
    if not served(data, axis):
        wide = data.astype(np.result_type(data, np.float32), copy=False)
        return np.asarray(_by_class(wide, classes, axis, smoothing)).astype(data.dtype)
    rows = data.reshape(-1, data.shape[-1])
    loss, totals, shares = np.empty((3, len(rows)), data.dtype)
    powers = np.empty_like(data) if is_recording() else np.empty((0, rows.shape[1]), data.dtype)
    arguments = classes.reshape(-1), data.dtype.type(smoothing), loss, totals, shares, powers.reshape(-1, rows.shape[1])
    kernels.split(kernels_of.cross_entropy, len(rows), data.size // 2, rows, *seen_as_integers(rows), *arguments)
    kept.update(totals=totals, shares=shares, **({"powers": powers} if powers.size else {}))
    return loss.reshape(classes.shape)


def softmax_cross_entropy(data, label, axis=-1, sparse_label=True, ignore_label=None, label_smoothing=0.0):
    """-Σ q log softmax(x) along the axis of classes, where the distribution q is what the label says, smoothed.

    It is accurate where `log(softmax(x))` is not, and needs memory for one array like the data, which becomes their gradient.

    Parameters
    ----------
    data : ndarray
        The logits x, with n classes along `axis`.
    label : ndarray
        With `sparse_label` the classes, of the shape of `data` without the axis (or with length 1 there). Otherwise distributions,
        of the shape of `data`.
    axis : int, optional
    sparse_label : bool, optional
    ignore_label : int, optional
        A class of which the loss and its gradient are 0, often -1; for sparse labels.
    label_smoothing : float, optional
        How much of a distribution is spread evenly over all classes, from 0 to 1: q = (1 - s) label + s / n.

    Returns
    -------
    ndarray
        A loss for each label, of the shape of `data` without the axis.

    Raises
    ------
    ValueError
        If a label is not among the classes, or shapes do not fit.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> x = np.array([[1000, 0], [0, 0]])
    >>> npx.softmax_cross_entropy(x, np.array([1, 1]))
    array([1.000000e+03, 6.931472e-01])
    >>> npx.softmax_cross_entropy(x, np.array([1, -1]), ignore_label=-1, label_smoothing=0.5)
    array([750.,   0.])
    """
    shape = np.shape(raw(data))
    axis = axis_of("softmax_cross_entropy", axis, shape)
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"softmax_cross_entropy: label_smoothing is from 0 to 1, not {label_smoothing!r}")
    if sparse_label:
        return _cross_entropy(data, _classes(label, shape, axis, ignore_label), axis, label_smoothing, {})
    if ignore_label is not None:
        raise ValueError("softmax_cross_entropy: ignore_label is a class; it needs sparse_label=True")
    if np.shape(raw(label)) != shape:
        raise ValueError(
            f"softmax_cross_entropy: a label of distributions has the shape of the data, {shape}, not {raw(label).shape}"
        )
    logs = log_softmax(data, axis=axis)
    if label_smoothing:
        label = (1 - label_smoothing) * label + label_smoothing / shape[axis]
    never = (raw(label) == 0) & (raw(logs) == -np.inf)  # counts for nothing: 0 log 0 = 0
    return -(label * (where(never, 0, logs) if never.any() else logs)).sum(axis=axis)


# --- others -----------------------------------------------------------------------------------------------------------------------


def _focal_rule(g, data, label, alpha, gamma):
    # With q = 1 - p: q' = (1 - 2 label) s q, where s = σ(x) σ(-x) / q is written so that nothing is divided by 0.
    label = np.asarray(label, data.dtype)
    near = clip(data, -80, 80)
    s = 1 / (1 + label * exp(-near) + (1 - label) * exp(near))
    q, entropy, weight = _focal_parts(data, label, alpha)
    return g * (weight * q**gamma * (sigmoid(data) - label + gamma * (1 - 2 * label) * s * entropy))


def _focal_parts(data, label, alpha):
    """1 - p, the cross-entropy, and the weight."""
    p, rest = sigmoid(data), sigmoid(-data)
    entropy = label * softrelu(-data) + (1 - label) * softrelu(data)
    weight = 1 if alpha is None else alpha * label + (1 - alpha) * (1 - label)
    return label * rest + (1 - label) * p, entropy, weight


@operator(data=_focal_rule)
def focal_loss(data, label, alpha=0.25, gamma=2.0):
    """-α (1 - p)^γ log p, element by element: cross-entropy that neglects what is already right (Lin and others, 2017).

    p is the probability that the logit gives to the label, sigmoid(x) for label 1 and sigmoid(-x) for label 0, and its logarithm is
    computed without overflow. Labels have no gradient.

    Parameters
    ----------
    data : ndarray
        Logits x.
    label : ndarray
        0 or 1, or probabilities; broadcasts to the shape of `data`.
    alpha : float or None, optional
        The weight of label 1, that of label 0 being 1 - alpha; None weighs both by 1.
    gamma : float, optional
        At least 0, which gives the plain cross-entropy.

    Returns
    -------
    ndarray
        Of the shape of `data`.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.focal_loss(np.array([0, 10, -10]), np.array([1, 1, 1])).round(3)
    array([0.043, 0.   , 2.5  ])
    """
    if gamma < 0:
        raise ValueError(f"gamma is at least 0, not {gamma!r}")
    if alpha is not None and not 0 <= alpha <= 1:
        raise ValueError(f"alpha is a weight from 0 to 1, or None, not {alpha!r}")
    data = data.astype(floating(data.dtype), copy=False)
    label = np.asarray(label, data.dtype)
    if np.broadcast_shapes(data.shape, label.shape) != data.shape:
        raise ValueError(f"label broadcasts to the shape of the data, {data.shape}, which shape {label.shape} does not")
    q, entropy, weight = _focal_parts(data, label, alpha)
    return weight * q**gamma * entropy


@operator(data=lambda g, data, scalar: g * clip(data * scalar**2, -1, 1))
def _smooth_l1(data, scalar):
    data = data.astype(floating(data.dtype), copy=False)
    size = np.abs(data)
    return np.where(size < 1 / scalar**2, (scalar * data) ** 2 / 2, size - 0.5 / scalar**2).astype(data.dtype, copy=False)


def smooth_l1(data, scalar=1.0, out=None, name=None):
    """(σ x)² / 2 where |x| < 1 / σ², and |x| - 1 / (2 σ²) elsewhere: |x| with its corner rounded.

    Parameters
    ----------
    data : ndarray
    scalar : float, optional
        σ, above 0.
    out : ndarray, optional
        Receives the result.
    name
        Has no effect.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.smooth_l1(np.array([-0.5, 1, 2]))
    array([0.125, 0.5  , 1.5  ])
    """
    if not scalar > 0:
        raise ValueError(f"smooth_l1: scalar, σ, is above 0, not {scalar!r}")
    return delivered("smooth_l1", out, _smooth_l1(data, scalar))
