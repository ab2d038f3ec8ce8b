"""Convolution in one, two and three dimensions, and its transpose.

y[n, f] = Σ_c Σ_t w[f, c, t] x[n, c, windows at t] + b[f] is linear in x and in w. So three operators suffice for gradients of any
order: `convolved` itself, its transpose for x, `spread`, and its transpose for w, `correlated`. The rules of each are the others.
"""

import math

import numpy as np

from ...core.array import Array
from ...core.dtypes import promoted
from ...core.operator import operator
from ..operands import wide
from . import fast_convolution as fast
from .windows import Windows, check_fit, check_images, spatial, to_back, to_front

__all__ = ["convolution", "deconvolution"]

_BLOCK = 2**20  # numbers that windows are copied to at a time


def _ready(*arrays):
    """The arrays in one dtype, and that dtype; float16 as float32, in which NumPy has fast products."""
    arrays = promoted(*arrays)
    return *[a.astype(np.float32) if a.dtype == np.float16 else a for a in arrays], np.result_type(*arrays)


def _flat(x, windows):
    """All spatial axes as one."""
    lead = x.shape[: -len(windows.size)]
    return x.reshape((*lead, math.prod(x.shape[len(lead) :])))


def _grouped(x, groups, axis):
    """The axis in `groups` parts: two axes."""
    return x.reshape((*x.shape[:axis], groups, x.shape[axis] // groups, *x.shape[axis + 1 :]))


def _blocks(x, windows, groups):
    """Some images of `x` at a time: a slice, and their windows as matrices, (images, groups, numbers of a window, windows)."""
    padded = windows.pad_with(x, 0)
    height, width = x.shape[1] // groups * math.prod(windows.kernel), math.prod(windows.count)
    step = max(1, _BLOCK // max(1, groups * height * width))
    for start in range(0, len(x), step):
        block = padded[start : start + step]
        yield slice(start, start + step), windows.view(block).reshape((len(block), groups, height, width))


@operator(
    x=lambda g, w, windows, groups: spread(g, w, windows, groups),
    w=lambda g, x, windows, groups: correlated(x, g, windows, groups),
    b=lambda g, windows: _flat(wide(g), windows).sum(axis=2).sum(axis=0),
)
def convolved(x, w, b, windows, groups):
    """From images (batch, channels, *size) and weights (filters, channels / groups, *kernel) to (batch, filters, *count)."""
    result = fast.convolved(x, w, b, windows, groups)
    if result is not None:
        return result
    x, w, dtype = _ready(x, w)
    matrices = _grouped(w.reshape((len(w), math.prod(w.shape[1:]))), groups, 0)
    result = np.empty((len(x), groups, len(w) // groups, math.prod(windows.count)), np.result_type(x, w))
    for part, columns in _blocks(x, windows, groups):
        np.matmul(matrices, columns, out=result[part])
    if b is not None:
        result += _grouped(b, groups, 0)[..., None]
    return result.reshape((len(x), len(w), *windows.count)).astype(dtype, copy=False)


@operator(
    y=lambda g, w, windows, groups: convolved(g, w, None, windows, groups),
    w=lambda g, y, windows, groups: correlated(g, y, windows, groups),
)
def spread(y, w, windows, groups):
    """The transpose of `convolved` for its images: from (batch, filters, *count) to (batch, channels, *size)."""
    result = fast.spread(y, w, windows, groups)
    if result is not None:
        return result
    y, w, dtype = _ready(y, w)
    matrices = np.moveaxis(_flat(_grouped(w, groups, 0), windows), -1, 0).swapaxes(-1, -2)
    columns = _grouped(_flat(y, windows), groups, 1)
    result = np.zeros((len(y), groups * w.shape[1], *windows.padded), np.result_type(y, w))
    for matrix, slices in zip(matrices, windows.slices(), strict=True):
        target = result[(..., *slices)]
        target += np.matmul(matrix, columns).reshape(target.shape)
    return windows.crop(result).astype(dtype, order="C", copy=False)


@operator(
    x=lambda g, y, windows, groups: spread(y, g, windows, groups),
    y=lambda g, x, windows, groups: convolved(x, g, None, windows, groups),
)
def correlated(x, y, windows, groups):
    """The transpose of `convolved` for its weights: from (batch, filters, *count) to (filters, channels / groups, *kernel)."""
    result = fast.correlated(x, y, windows, groups)
    if result is not None:
        return result
    x, y, dtype = _ready(x, y)
    columns = _grouped(_flat(y, windows), groups, 1)
    result = 0
    for part, matrices in _blocks(x, windows, groups):
        result = result + np.matmul(columns[part], matrices.swapaxes(-1, -2)).sum(axis=0)
    shape = (y.shape[1], x.shape[1] // groups, *windows.kernel)
    return np.broadcast_to(result, shape).astype(dtype) if not len(x) else result.reshape(shape).astype(dtype, copy=False)


# --- public -----------------------------------------------------------------------------------------------------------------------


def check_weight(name, weight, kernel, axes, last):
    """Refuse what is not a weight of kernels with `axes` axes, or not of these; return their size."""
    if not isinstance(weight, Array | np.ndarray) or weight.ndim != axes + 2:
        given = f"shape {weight.shape}" if isinstance(weight, Array | np.ndarray) else f"{weight!r:.60}"
        kinds = "*kernel, channels" if last else "channels, *kernel"
        raise ValueError(f"{name}: weight has {axes + 2} axes, (filters, {kinds}), as data has, not {given}")
    size = weight.shape[1:-1] if last else weight.shape[2:]
    if kernel is not None and spatial(name, "kernel", kernel, axes, 1, 1) != size:
        raise ValueError(f"{name}: kernel={kernel!r}, but weight, of shape {weight.shape}, has kernels of size {size}")
    if 0 in size:
        raise ValueError(f"{name}: a kernel has one number at least along each axis; weight has shape {weight.shape}")
    return size


def check_bias(name, bias, no_bias, filters):
    """The bias, or None; refuse one that does not fit."""
    if no_bias:
        return None
    if bias is None:
        raise ValueError(f"{name}: no_bias=False needs a bias of shape ({filters},); no_bias=True does without")
    if not isinstance(bias, Array | np.ndarray) or bias.shape != (filters,):
        given = f"shape {bias.shape}" if isinstance(bias, Array | np.ndarray) else f"{bias!r:.60}"
        raise ValueError(f"{name}: bias has shape ({filters},), one number for each filter, not {given}")
    return bias


def check_groups(name, num_group, **counts):
    """Refuse groups that do not divide each of `counts`, the numbers of channels."""
    if not isinstance(num_group, int | np.integer) or num_group < 1:
        raise ValueError(f"{name}: num_group is a whole number above 0, not {num_group!r}")
    for what, count in counts.items():
        if count % num_group:
            raise ValueError(f"{name}: num_group={num_group} divides the {count} {what}, or there are no equal groups")


def check_filters(name, num_filter, filters, weight):
    """Refuse a number of filters that the weight does not have."""
    if num_filter != filters:
        raise ValueError(f"{name}: num_filter={num_filter!r}, but weight, of shape {weight.shape}, makes {filters} channels")


def convolution(
    data=None,
    weight=None,
    bias=None,
    kernel=None,
    stride=None,
    dilate=None,
    pad=None,
    num_filter=1,
    num_group=1,
    workspace=1024,
    no_bias=False,
    cudnn_tune=None,
    cudnn_off=False,
    layout=None,
):
    """Convolution of images: y[n, f, i] = Σ_c Σ_t weight[f, c, t] · data[n, c, stride · i + dilate · t - pad] + bias[f].

    i and t have a number for each of one, two or three spatial axes; data counts as 0 outside. (It is the correlation of signal
    processing: the kernel is not turned around.)

    Parameters
    ----------
    data : ndarray, shape (batch, channels, *size)
        Channels last with such a `layout`.
    weight : ndarray, shape (num_filter, channels / num_group, *kernel)
        With channels last, (num_filter, *kernel, channels / num_group).
    bias : ndarray, shape (num_filter,), optional
        Needed, and read, with `no_bias=False` only.
    kernel : int or tuple of int, optional
        By default what `weight` says.
    stride, dilate : int or tuple of int, optional
        From one window, or number in it, to the next; 1 by default.
    pad : int or tuple of int, optional
        Zeros at either side; 0 by default.
    num_filter : int
        How many channels `weight` makes: 1 by default, and an error where that is not so.
    num_group : int
        Channels and filters are cut into as many groups, and each filter sees the channels of its group only.
    no_bias : bool
    layout : {'NCW', 'NCHW', 'NCDHW', 'NWC', 'NHWC', 'NDHWC'}, optional
        Of `data` and result; by default the channels come first.
    workspace, cudnn_tune, cudnn_off
        Have no effect.

    Returns
    -------
    ndarray, shape (batch, num_filter, *count)
        Along each axis, count = ⌊(size + 2 pad - dilate (kernel - 1) - 1) / stride⌋ + 1.

    Raises
    ------
    ValueError
        If shapes do not fit together, or the kernel is larger than the padded image.

    Notes
    -----
    Kernels of 3×3 and 5×5 with stride 1, and 16 channels and filters or more, go by Winograd's algorithm where Numba is installed,
    F(4×4, 3×3) and F(2×2, 5×5): it multiplies a quarter, or a third, as often. In float32 it is off by about 1e-5 of the largest
    result; where an infinity or NaN enters, NaN fills a tile of results.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.convolution(np.ones((1, 1, 4)), np.ones((1, 1, 3)), pad=1, no_bias=True)
    array([[[2., 3., 3., 2.]]])
    >>> npx.convolution(np.ones((2, 3, 32, 32)), np.ones((8, 3, 5, 5)), np.zeros(8), stride=2, num_filter=8).shape
    (2, 8, 14, 14)
    """
    axes, last = check_images("convolution", data, layout)
    size = check_weight("convolution", weight, kernel, axes, last)
    check_filters("convolution", num_filter, len(weight), weight)
    if last:
        data, weight = to_front(data), to_front(weight)
    check_groups("convolution", num_group, **{"channels of data": data.shape[1], "filters": len(weight)})
    if weight.shape[1] * num_group != data.shape[1]:
        raise ValueError(
            f"convolution: data has {data.shape[1]} channels, and num_group={num_group}, so each filter has "
            f"{data.shape[1] // num_group} channels, not {weight.shape[1]}"
        )
    bias = check_bias("convolution", bias, no_bias, len(weight))
    pad = spatial("convolution", "pad", pad, axes, 0, 0)
    windows = Windows(
        data.shape[2:],
        size,
        spatial("convolution", "stride", stride, axes, 1, 1),
        spatial("convolution", "dilate", dilate, axes, 1, 1),
        pad,
        pad,
    )
    check_fit("convolution", windows)
    result = convolved(data, weight, bias, windows, int(num_group))
    return to_back(result) if last else result


def deconvolution(
    data=None,
    weight=None,
    bias=None,
    kernel=None,
    stride=None,
    dilate=None,
    pad=None,
    adj=None,
    target_shape=None,
    num_filter=1,
    num_group=1,
    workspace=1024,
    no_bias=False,
    cudnn_tune=None,
    cudnn_off=False,
    layout=None,
):
    """The transpose of a convolution: y[n, f, stride · i + dilate · t - pad] sums weight[c, f, t] · data[n, c, i]; plus bias[f].

    It goes the other way than `convolution` with the same kernel, stride, dilate and pad: from the shape of its results to that of
    its images.

    Parameters
    ----------
    data : ndarray, shape (batch, channels, *count)
        Channels last with such a `layout`.
    weight : ndarray, shape (channels, num_filter / num_group, *kernel)
        With channels last, (channels, *kernel, num_filter / num_group).
    bias : ndarray, shape (num_filter,), optional
        Needed, and read, with `no_bias=False` only.
    kernel, stride, dilate, pad, num_group, no_bias, layout, workspace, cudnn_tune, cudnn_off
        See `convolution`.
    adj : int or tuple of int, optional
        Below `stride`: by how much the result is longer, at its end, than the shortest one that the convolution would lead back.
    target_shape : int or tuple of int, optional
        The size of the result; `pad` and `adj` are then not read, but chosen.
    num_filter : int
        How many channels `weight` makes: 1 by default, and an error where that is not so.

    Returns
    -------
    ndarray, shape (batch, num_filter, *size)
        Along each axis, size = stride (count - 1) + dilate (kernel - 1) + 1 - 2 pad + adj.

    Raises
    ------
    ValueError
        If shapes do not fit together, or nothing would remain within the padding.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.deconvolution(np.array([[[1, 2]]]), np.ones((1, 1, 3)), stride=2, no_bias=True)
    array([[[1., 1., 3., 2., 2.]]])
    """
    name = "deconvolution"
    axes, last = check_images(name, data, layout)
    size = check_weight(name, weight, kernel, axes, last)
    if last:
        data, weight = to_front(data), to_front(weight)
    check_groups(name, num_group, **{"channels of data": data.shape[1]})
    if len(weight) != data.shape[1]:
        raise ValueError(f"{name}: weight has a row for each of the {data.shape[1]} channels of data; its shape is {weight.shape}")
    filters = weight.shape[1] * num_group
    check_filters(name, num_filter, filters, weight)
    bias = check_bias(name, bias, no_bias, filters)
    stride, dilate = spatial(name, "stride", stride, axes, 1, 1), spatial(name, "dilate", dilate, axes, 1, 1)
    whole = [s * (m - 1) + d * (k - 1) + 1 for s, m, d, k in zip(stride, data.shape[2:], dilate, size, strict=True)]
    if target_shape:
        target = spatial(name, "target_shape", target_shape, axes, 1, 1)
        if any(t > w for t, w in zip(target, whole, strict=True)):
            raise ValueError(f"{name}: target_shape is {tuple(whole)} at most, for data of size {data.shape[2:]}, not {target}")
        pad = tuple((w - t + 1) // 2 for w, t in zip(whole, target, strict=True))
        after = tuple((w - t) // 2 for w, t in zip(whole, target, strict=True))
    else:
        pad = after = spatial(name, "pad", pad, axes, 0, 0)
        adj = spatial(name, "adj", adj, axes, 0, 0)
        if any(a >= s for a, s in zip(adj, stride, strict=True)):
            raise ValueError(f"{name}: adj is below stride, {stride}, along each axis, not {adj}")
        target = tuple(w - 2 * p + a for w, p, a in zip(whole, pad, adj, strict=True))
        if min(target) < 1:
            raise ValueError(
                f"{name}: of {tuple(whole)} numbers nothing remains without pad={pad} at either side; take a smaller pad"
            )
    result = spread(data, weight, Windows(target, size, stride, dilate, pad, after), int(num_group))
    if bias is not None:
        result = result + bias.reshape((filters, *[1] * axes))
    return to_back(result) if last else result
