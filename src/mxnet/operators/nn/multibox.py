"""Single-shot detection of objects: anchors, what to train for, and what was found."""

import numpy as np

from ...core.array import raw
from ...core.dtypes import floating
from ...core.operator import wrap
from .boxes import centres, check_boxes, decoded, overlaps, suppressed

__all__ = ["multibox_detection", "multibox_prior", "multibox_target"]


def multibox_prior(data, sizes=(1.0,), ratios=(1.0,), clip=False, steps=(-1.0, -1.0), offsets=(0.5, 0.5), name=None):
    """Anchor boxes around every pixel of a feature map: all sizes with the first ratio, then the first size with the other ratios.

    A box of size s and ratio r has the height s/√r and the width s·√r·(height of the map)/(its width), in units of the image.

    Parameters
    ----------
    data : ndarray, shape (batch, channels, height, width)
        Only its shape counts.
    sizes, ratios : tuple of float
    clip : bool
        Whether to cut boxes at the edge of the image.
    steps : tuple of float
        The distance between centres along y and x, in units of the image; negative: one over the size of the map.
    offsets : tuple of float
        Where in a pixel its boxes are centred, along y and x.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray, shape (1, height · width · (len(sizes) + len(ratios) - 1), 4)
        Corners, (left, top, right, bottom), from 0 to 1 inside the image.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.multibox_prior(np.zeros((1, 3, 1, 2)), sizes=(0.5,))
    array([[[0.125, 0.25 , 0.375, 0.75 ],
            [0.625, 0.25 , 0.875, 0.75 ]]])
    """
    data = raw(data)
    sizes, ratios = np.atleast_1d(sizes).astype(float), np.atleast_1d(ratios).astype(float)
    if data.ndim != 4:
        raise ValueError(f"multibox_prior: data is (batch, channels, height, width); its shape is {data.shape}")
    if not sizes.size or not ratios.size or (sizes <= 0).any() or (ratios <= 0).any():
        raise ValueError(f"multibox_prior: sizes and ratios are positive numbers, one at least; not {sizes} and {ratios}")
    height, width = data.shape[2:]
    if not height or not width:
        raise ValueError(f"multibox_prior: the feature map has pixels, one at least; its shape, that of data, is {data.shape}")
    step_y, step_x = [step if step > 0 else 1 / n for step, n in zip(steps, (height, width), strict=True)]
    y, x = (np.arange(height) + offsets[0]) * step_y, (np.arange(width) + offsets[1]) * step_x
    size = np.concatenate([sizes, np.full(len(ratios) - 1, sizes[0])])
    root = np.sqrt(np.concatenate([np.full(len(sizes), ratios[0]), ratios[1:]]))
    half_width, half_height = size * root * (height / width) / 2, size / root / 2
    boxes = np.empty((height, width, len(size), 4))
    boxes[..., 0], boxes[..., 2] = x[:, None] - half_width, x[:, None] + half_width
    boxes[..., 1], boxes[..., 3] = y[:, None, None] - half_height, y[:, None, None] + half_height
    if clip:
        boxes.clip(0, 1, out=boxes)
    return wrap(boxes.reshape(1, -1, 4).astype(floating(data.dtype)))


def _matched(overlap, threshold):
    """For each anchor the object it stands for, or -1, from their overlaps, shape (anchors, objects).

    The best pair of all is matched, then the best of the others, …, until each object has an anchor; then every anchor that
    overlaps an object by more than the threshold.
    """
    match = np.full(len(overlap), -1)
    left = overlap.copy()
    for _ in range(min(overlap.shape)):
        anchor, thing = np.unravel_index(left.argmax(), left.shape)
        if left[anchor, thing] <= 1e-6:
            break
        match[anchor] = thing
        left[anchor] = left[:, thing] = -1
    free = match < 0
    best = overlap.argmax(axis=1)
    if threshold > 0:
        match[free] = np.where(overlap.max(axis=1) > threshold, best, -1)[free]
    return match


def _hard_negatives(background, overlap, match, ratio, threshold, least):
    """The anchors without an object to learn from: those that are least taken for background."""
    free = np.flatnonzero((match < 0) & (overlap.max(axis=1) < threshold))
    positive = np.count_nonzero(match >= 0)
    number = min(max(int(positive * ratio), least), len(match) - positive)
    return free[np.argsort(background[free], kind="stable")[:number]]


def multibox_target(
    anchor,
    label,
    cls_pred,
    overlap_threshold=0.5,
    ignore_label=-1.0,
    negative_mining_ratio=-1.0,
    negative_mining_thresh=0.5,
    minimum_negative_samples=0,
    variances=(0.1, 0.1, 0.2, 0.2),
    name=None,
):
    """What a single-shot detector should predict for each anchor, from the objects that are in the images.

    An anchor stands for the object that it overlaps best, if that is by more than a threshold; and each object has one at least.

    Parameters
    ----------
    anchor : ndarray, shape (1, n, 4)
        By their corners.
    label : ndarray, shape (batch, m, 5)
        For each object its class and its corners; rows from the first with the class -1 on are padding.
    cls_pred : ndarray, shape (batch, classes + 1, n)
        The scores that the network gives, those of background first, from which `negative_mining_ratio` looks for mistakes.
    overlap_threshold : float
    ignore_label : float
        The target of anchors that do not count: all of an image without objects, and those that mining leaves out.
    negative_mining_ratio : float
        How many anchors without an object count for each one with an object; -1 for all.
    negative_mining_thresh : float
        Only anchors that overlap no object by this much are mined.
    minimum_negative_samples : int
        How many are mined at least.
    variances : tuple of float
        Divide the codes of boxes; see `box_encode`.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    list of ndarray
        The codes of the boxes, shape (batch, 4n); a mask, 1 for the codes of anchors with an object; and the class of each anchor,
        shape (batch, n), 0 for background, otherwise that of the object plus 1. They are constants.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> anchors = np.array([[[0, 0, 0.5, 0.5], [0.5, 0.5, 1, 1]]])
    >>> objects = np.array([[[3, 0.5, 0.5, 1, 1]]])
    >>> codes, mask, classes = npx.multibox_target(anchors, objects, np.zeros((1, 5, 2)))
    >>> classes, mask
    (array([[0., 4.]]), array([[0., 0., 0., 0., 1., 1., 1., 1.]]))
    """
    anchor, label, cls_pred = np.asarray(raw(anchor)), np.asarray(raw(label)), np.asarray(raw(cls_pred))
    check_boxes("multibox_target", anchor=anchor)
    boxes = anchor.reshape(-1, 4)
    n = len(boxes)
    if label.ndim != 3 or label.shape[2] < 5:
        raise ValueError(f"multibox_target: label is (batch, objects, 5), a class and four corners; its shape is {label.shape}")
    if cls_pred.ndim != 3 or cls_pred.shape[::2] != (len(label), n):
        raise ValueError(
            f"multibox_target: cls_pred is (batch, classes + 1, anchors), ({len(label)}, …, {n}); its shape is {cls_pred.shape}"
        )
    codes, mask = np.zeros((2, len(label), n, 4), boxes.dtype)
    classes = np.full((len(label), n), ignore_label, boxes.dtype)
    x, y, width, height = centres(boxes)
    for i, things in enumerate(label):
        things = things[: np.argmax(np.append(things[:, 0], -1) == -1)]
        if not len(things):
            continue
        overlap = overlaps([c[:, None] for c in boxes.T], things[:, 1:5].T)
        match = _matched(overlap, overlap_threshold)
        found = match >= 0
        thing = things[match[found]]
        x2, y2, width2, height2 = centres(thing[:, 1:5])
        w, h = width[found], height[found]
        code = np.stack([(x2 - x[found]) / w, (y2 - y[found]) / h, np.log(width2 / w), np.log(height2 / h)], axis=-1)
        codes[i, found] = code / np.asarray(variances)
        mask[i, found] = 1
        if negative_mining_ratio > 0:
            scores = cls_pred[i] - cls_pred[i].max(axis=0)
            background = np.exp(scores[0]) / np.exp(scores).sum(axis=0)
            chosen = (background, overlap, match, negative_mining_ratio, negative_mining_thresh, minimum_negative_samples)
            classes[i, _hard_negatives(*chosen)] = 0
        else:
            classes[i] = 0
        classes[i, found] = thing[:, 0] + 1
    return [wrap(codes.reshape(len(label), -1)), wrap(mask.reshape(len(label), -1)), wrap(classes)]


def multibox_detection(
    cls_prob,
    loc_pred,
    anchor,
    clip=True,
    threshold=0.01,
    background_id=0,
    nms_threshold=0.5,
    force_suppress=False,
    variances=(0.1, 0.1, 0.2, 0.2),
    nms_topk=-1,
    name=None,
):
    """The objects that a single-shot detector has found.

    Parameters
    ----------
    cls_prob : ndarray, shape (batch, classes + 1, n)
        The probability of each class, background included, at each anchor.
    loc_pred : ndarray, shape (batch, 4n)
        The predicted codes of the boxes; see `box_decode`.
    anchor : ndarray, shape (1, n, 4)
        By their corners.
    clip : bool
        Whether to cut boxes at the edge of the image.
    threshold : float
        The least probability of an object.
    background_id : int
        Which class is background.
    nms_threshold : float
        A box goes if it overlaps a better one of its class by more than this.
    force_suppress : bool
        Whether boxes suppress those of other classes, too.
    variances : tuple of float
        Multiply the codes.
    nms_topk : int
        How many of the best boxes are kept; -1 for all.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray, shape (batch, n, 6)
        For each anchor a class (background not counted, or -1 for none), a probability, and a box by its corners; the most probable
        first, in each batch those that were suppressed among them, and last those below the threshold, which are -1 throughout. It
        is a constant.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> anchors = np.array([[[0, 0, 0.5, 0.5], [0.5, 0.5, 1, 1]]])
    >>> npx.multibox_detection(np.array([[[0.1, 1], [0.9, 0]]]), np.zeros((1, 8)), anchors)
    array([[[ 0. ,  0.9,  0. ,  0. ,  0.5,  0.5],
            [-1. , -1. , -1. , -1. , -1. , -1. ]]])
    """
    cls_prob, loc_pred, anchor = np.asarray(raw(cls_prob)), np.asarray(raw(loc_pred)), np.asarray(raw(anchor))
    check_boxes("multibox_detection", anchor=anchor)
    n = anchor.reshape(-1, 4).shape[0]
    if cls_prob.ndim != 3 or cls_prob.shape[2] != n or loc_pred.shape != (len(cls_prob), 4 * n):
        raise ValueError(
            f"multibox_detection: for {n} anchors cls_prob is (batch, classes + 1, {n}), loc_pred (batch, {4 * n}); their shapes "
            f"are {cls_prob.shape} and {loc_pred.shape}"
        )
    if not 0 <= background_id < cls_prob.shape[1]:
        raise ValueError(f"multibox_detection: background_id is one of {cls_prob.shape[1]} classes, not {background_id}")
    boxes = decoded(loc_pred.reshape(-1, n, 4), anchor.reshape(1, n, 4), variances)
    if clip:
        boxes = boxes.clip(0, 1)
    result = np.full((len(cls_prob), n, 6), -1, cls_prob.dtype)
    objects = np.delete(cls_prob, background_id, axis=1)
    if not objects.shape[1]:
        return wrap(result)  # there is nothing but background
    for i, probability in enumerate(objects):
        best = probability.max(axis=0, initial=-np.inf)
        order = np.argsort(-best, kind="stable")
        order = order[best[order] >= threshold]
        classes = probability[:, order].argmax(axis=0)
        gone = np.ones(len(order), bool)
        top = slice(None) if nms_topk < 0 else slice(nms_topk)
        gone[top] = suppressed(boxes[i, order[top]], None if force_suppress else classes[top], nms_threshold)
        rows = result[i, : len(order)]
        rows[:, 0], rows[:, 1], rows[:, 2:] = np.where(gone, -1, classes), best[order], boxes[i, order]
    return wrap(result)
