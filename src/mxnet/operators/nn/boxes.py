"""Boxes in images: overlaps, codes relative to anchors, suppression of what is found twice, matching.

A box is four numbers along the last axis, by its corners, (left, top, right, bottom), or by its centre, (x, y, width, height).
"""

from math import prod

import numpy as np

from ...core.array import raw
from ...core.operator import operator, wrap
from ..exponential import exp, log
from ..indexing import getitem, scatter
from ..joining import stack
from ..operands import broadcasts_to, whole
from ..selection import clip as clipped
from ..selection import maximum, minimum, where

__all__ = ["bipartite_matching", "box_decode", "box_encode", "box_iou", "box_nms"]


def check_boxes(name, **boxes):
    """Raise an error unless the last axis of each array has four numbers."""
    for parameter, value in boxes.items():
        shape = np.shape(raw(value))
        if not shape or shape[-1] != 4:
            raise ValueError(f"{name}: {parameter} has the four numbers of a box along its last axis; its shape is {shape}")


def corners(boxes, format):
    """The four columns left, top, right, bottom of boxes in either format."""
    first, second, third, fourth = (boxes[..., i] for i in range(4))
    if format == "corner":
        return first, second, third, fourth
    return first - third / 2, second - fourth / 2, first + third / 2, second + fourth / 2


def centres(boxes, format="corner"):
    """The four columns x, y, width, height of boxes in either format."""
    first, second, third, fourth = (boxes[..., i] for i in range(4))
    if format == "center":
        return first, second, third, fourth
    return (first + third) / 2, (second + fourth) / 2, third - first, fourth - second


def check_format(name, format):
    """Raise an error unless `format` is one of the two."""
    if format not in ("corner", "center"):
        raise ValueError(f"{name}: a box is written by its 'corner' or by its 'center', not {format!r}")


def overlaps(one, other):
    """The areas that boxes, given by corner columns, share, over the areas that they cover together; 0 where that is nothing."""
    left, top, right, bottom = one
    left2, top2, right2, bottom2 = other
    shared = maximum(minimum(right, right2) - maximum(left, left2), 0) * maximum(minimum(bottom, bottom2) - maximum(top, top2), 0)
    together = (right - left) * (bottom - top) + (right2 - left2) * (bottom2 - top2) - shared
    nothing = together <= 0
    return where(nothing, 0, shared / where(nothing, 1, together))


def box_iou(lhs, rhs, format="corner", name=None):
    """The overlap of every box of `lhs` with every box of `rhs`: the area of the intersection over that of the union.

    Parameters
    ----------
    lhs, rhs : ndarray, shapes (..., 4)
    format : {'corner', 'center'}
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray, shape (*lhs.shape[:-1], *rhs.shape[:-1])
        From 0 to 1. (In MXNet it had no gradient.)

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.box_iou(np.array([0, 0, 2, 2]), np.array([[1, 1, 2, 2], [3, 3, 4, 4]]))
    array([0.25, 0.  ])
    """
    check_boxes("box_iou", lhs=lhs, rhs=rhs)
    check_format("box_iou", format)
    spread = (..., *[None] * (rhs.ndim - 1))
    return overlaps([column[spread] for column in corners(lhs, format)], corners(rhs, format))


def box_encode(samples, matches, anchors, refs, means=(0.0, 0.0, 0.0, 0.0), stds=(0.1, 0.1, 0.2, 0.2), name=None):
    """What a network should predict so that anchors become the boxes that they are matched with.

    For an anchor with centre (x, y) and size (w, h), and its box with (x', y') and (w', h'):
    ((x' - x)/w, (y' - y)/h, log(w'/w), log(h'/h)), less `means`, over `stds`.

    Parameters
    ----------
    samples : ndarray, shape (batch, n)
        Above 0.5 for the anchors that count.
    matches : ndarray, shape (batch, n)
        The number of the box that each anchor is matched with.
    anchors : ndarray, shape (batch, n, 4)
        By their corners.
    refs : ndarray, shape (batch, m, 4)
        The boxes, by their corners.
    means, stds : sequence of float or ndarray, shape (4,), optional
        Constants, one for each of the four codes.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    codes, mask : ndarray, shape (batch, n, 4)
        `mask` is 1 for the anchors that count; `codes` is 0 for the others.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> anchors, boxes = np.array([[[0, 0, 2, 2]]]), np.array([[[1, 0, 3, 2]]])
    >>> npx.box_encode(np.array([[1]]), np.array([[0]]), anchors, boxes)[0]
    array([[[5., 0., 0., 0.]]])
    """
    check_boxes("box_encode", anchors=anchors, refs=refs, means=means, stds=stds)
    shapes = [np.shape(raw(array)) for array in (samples, matches, anchors, refs)]
    batch = shapes[1]
    if len(batch) != 2 or not all(broadcasts_to(s, batch) for s in (shapes[0], shapes[2][:-1])) or shapes[3][:-2] != batch[:1]:
        raise ValueError(
            "box_encode: samples and matches are (batch, n), anchors (batch, n, 4) and refs (batch, m, 4); their shapes are "
            + ", ".join(map(str, shapes))
        )
    which = whole("box_encode: matches", matches, -1, shapes[3][1] - 1)
    matched = getitem(refs, (np.arange(len(which))[:, None], which))
    x, y, width, height = centres(anchors)
    x2, y2, width2, height2 = centres(matched)
    counts = np.broadcast_to(np.asarray(raw(samples))[..., None] > 0.5, matched.shape)
    codes = stack([(x2 - x) / width, (y2 - y) / height, log(width2 / width), log(height2 / height)], axis=-1)
    codes = where(counts, (codes - np.asarray(raw(means), codes.dtype)) / np.asarray(raw(stds), codes.dtype), 0)
    return codes, wrap(counts.astype(codes.dtype))


def box_decode(data, anchors, std0=1.0, std1=1.0, std2=1.0, std3=1.0, clip=-1.0, format="center", name=None):
    """The boxes that a network predicts relative to anchors: the inverse of `box_encode`.

    Parameters
    ----------
    data : ndarray, shape (batch, n, 4)
        The predicted codes.
    anchors : ndarray, shape (1, n, 4)
    std0, std1, std2, std3 : float
        Multiply the four codes first: the `stds` of `box_encode`.
    clip : float
        If above 0, the largest logarithm of a ratio of sizes.
    format : {'center', 'corner'}
        Of the anchors.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray, shape (batch, n, 4)
        By their corners.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.box_decode(np.array([[[0.5, 0, 0, 0]]]), np.array([[[1, 1, 2, 2]]]))
    array([[[1., 0., 3., 2.]]])
    """
    check_boxes("box_decode", data=data, anchors=anchors)
    check_format("box_decode", format)
    shapes = np.shape(raw(data)), np.shape(raw(anchors))
    if not broadcasts_to(*shapes) and not broadcasts_to(*shapes[::-1]):
        raise ValueError(f"box_decode: data has a code for each anchor; its shape is {shapes[0]}, that of anchors {shapes[1]}")
    return decoded(data, anchors, (std0, std1, std2, std3), clip, format)


def decoded(data, anchors, stds, clip=-1.0, format="corner"):
    """`box_decode`, for arguments that were checked."""
    x, y, width, height = centres(anchors, format)
    dx, dy, dw, dh = (data[..., i] * std for i, std in enumerate(stds))
    if clip > 0:
        dw, dh = clipped(dw, None, clip), clipped(dh, None, clip)
    boxes = stack([dx * width + x, dy * height + y, exp(dw) * width, exp(dh) * height], axis=-1)
    return stack(list(corners(boxes, "center")), axis=-1)


def suppressed(boxes, classes, threshold):
    """Which of some boxes, the best first, overlap a better one of the same class that stays by more than `threshold`.

    `boxes` has the shape (n, 4), corners; `classes` is None where every box is of the same class.
    """
    n = len(boxes)
    gone = np.zeros(n, bool)
    left, top, right, bottom = np.ascontiguousarray(boxes.T)
    area = (right - left) * (bottom - top)
    for i in range(n - 1):
        if gone[i]:
            continue
        # `overlaps` of one box and the rest, in fewer of NumPy's calls: there are thousands, and they take a quarter less time so
        rest = slice(i + 1, n)
        width = np.minimum(right[rest], right[i]) - np.maximum(left[rest], left[i])
        height = np.minimum(bottom[rest], bottom[i]) - np.maximum(top[rest], top[i])
        shared = np.maximum(width, 0) * np.maximum(height, 0)
        together = area[i] + area[rest] - shared
        overlap = np.divide(shared, together, out=np.zeros_like(shared), where=together > 0)
        hit = overlap > threshold
        gone[rest] |= hit if classes is None else hit & (classes[rest] == classes[i])
    return gone


@operator(hides=True, data=lambda g, order, data_shape: scatter(g[order >= 0], _rows(order), data_shape))
def _chosen(data, order):
    """Along the last axis but one, the rows `order`, of each batch entry; rows of -1 where that is -1."""
    result = np.full((*order.shape, data.shape[-1]), -1, data.dtype)
    result[order >= 0] = data[_rows(order)]
    return result


def _rows(order):
    """The key of the rows that `order`, shape (batch, n), names."""
    batch, place = np.nonzero(order >= 0)
    return batch, order[batch, place]


def box_nms(
    data,
    overlap_thresh=0.5,
    valid_thresh=0.0,
    topk=-1,
    coord_start=2,
    score_index=1,
    id_index=-1,
    background_id=-1,
    force_suppress=False,
    in_format="corner",
    out_format="corner",
    name=None,
):
    """Non-maximum suppression: of boxes that overlap, the one with the highest score.

    Parameters
    ----------
    data : ndarray, shape (..., n, k)
        The boxes, each with k numbers: by default its class, its score, its four coordinates, and what else there is.
    overlap_thresh : float
        A box goes if it overlaps a better one, of its class, by more than this; see `box_iou`.
    valid_thresh : float
        Only scores above this count.
    topk : int
        How many of the best boxes are looked at; -1 for all.
    coord_start, score_index : int
        Where, among the k numbers, the coordinates start, and the score is.
    id_index : int
        Where the class is; -1 if there is none.
    background_id : int
        The class whose boxes go; -1 for none.
    force_suppress : bool
        Whether boxes suppress those of other classes, too.
    in_format, out_format : {'corner', 'center'}
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray
        Of the shape of `data`: the boxes that stay, the best first, then rows of -1. Gradients go to the boxes that stay.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.box_nms(np.array([[0, 0.5, 0, 0, 2, 2], [0, 0.9, 0, 0, 2, 1.5]]))
    array([[ 0. ,  0.9,  0. ,  0. ,  2. ,  1.5],
           [-1. , -1. , -1. , -1. , -1. , -1. ]])
    """
    values = np.asarray(raw(data))
    check_format("box_nms", in_format)
    check_format("box_nms", out_format)
    if values.ndim < 2 or not 0 <= coord_start <= values.shape[-1] - 4 or not 0 <= score_index < values.shape[-1]:
        raise ValueError(
            f"box_nms: data of shape (..., n, k) has k numbers a box: coordinates from {coord_start} to {coord_start + 3}, a score "
            f"at {score_index}; its shape is {values.shape}"
        )
    batch = values.reshape(prod(values.shape[:-2]), *values.shape[-2:])
    order = np.full(batch.shape[:2], -1)
    for i, rows in enumerate(batch):
        counts = rows[:, score_index] > valid_thresh
        if id_index >= 0 and background_id >= 0:
            counts &= rows[:, id_index] != background_id
        best = np.flatnonzero(counts)
        best = best[np.argsort(-rows[best, score_index], kind="stable")]
        best = best[:topk] if topk >= 0 else best
        coordinates = np.stack(corners(rows[best, coord_start : coord_start + 4], in_format), axis=-1)
        classes = None if force_suppress or id_index < 0 else rows[best, id_index]
        stay = best[~suppressed(coordinates, classes, overlap_thresh)]
        order[i, : len(stay)] = stay
    result = _chosen(data.reshape(batch.shape), order)
    if in_format != out_format:
        box = result[..., coord_start : coord_start + 4]
        turned = stack(list(corners(box, in_format) if out_format == "corner" else centres(box, in_format)), axis=-1)
        there = np.broadcast_to(order[..., None] >= 0, turned.shape)
        parts = [result[..., :coord_start], where(there, turned, -1), result[..., coord_start + 4 :]]
        result = np.concatenate(parts, axis=-1)
    return result.reshape(values.shape)


def bipartite_matching(data, is_ascend=False, threshold=None, topk=-1, name=None):
    """Pairs of a row and a column of a matrix of scores, each used once: the best score first, then the best of what is left, ….

    Parameters
    ----------
    data : ndarray, shape (..., n, m)
    is_ascend : bool
        Whether low scores are good.
    threshold : float
        Required. Pairs with a score below it are not made (above it, with `is_ascend`).
    topk : int
        How many pairs to make; -1 for as many as there are.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    rows : ndarray, shape (..., n)
        The column of each row; -1 for none.
    columns : ndarray, shape (..., m)
        The row of each column; -1 for none.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.bipartite_matching(np.array([[0.5, 0.6], [0.1, 0.2], [0.3, 0.4]]), threshold=1e-12)
    (array([ 1., -1.,  0.]), array([2., 0.]))
    """
    if threshold is None:
        raise TypeError("bipartite_matching: threshold, the worst score of a pair that is made, is required")
    scores = np.asarray(raw(data))
    if scores.ndim < 2:
        raise ValueError(f"bipartite_matching: data has a row and a column axis; its shape is {scores.shape}")
    rows = np.full(scores.shape[:-1], -1, scores.dtype)
    columns = np.full((*scores.shape[:-2], scores.shape[-1]), -1, scores.dtype)
    for index in np.ndindex(scores.shape[:-2]):
        matrix = scores[index]
        made = 0
        for flat in np.argsort(matrix if is_ascend else -matrix, axis=None, kind="stable"):
            i, j = np.unravel_index(flat, matrix.shape)
            if made == topk or (matrix[i, j] > threshold if is_ascend else matrix[i, j] < threshold):
                break
            if rows[index][i] == -1 and columns[index][j] == -1:
                rows[index][i], columns[index][j] = j, i
                made += 1
    return wrap(rows), wrap(columns)
