"""Deformable convolution: each number of a window is read where an offset says, between pixels.

Both operators are made of others, so that they have gradients of any order, for offsets and masks, too.
"""

import math

import numpy as np

from ...core.array import Array, raw
from ..contractions import matmul
from ..indexing import take
from ..operands import delivered
from ..rounding import floor
from .convolution import check_bias, check_filters, check_groups, check_weight
from .windows import Windows, check_fit, check_images, spatial

__all__ = ["deformable_convolution", "modulated_deformable_convolution"]


def _windows(name, data, weight, kernel, stride, dilate, pad):
    check_images(name, data, None, dims=(2,))
    size = check_weight(name, weight, kernel, 2, last=False)
    steps = [spatial(name, what, value, 2, 1, 1) for what, value in (("stride", stride), ("dilate", dilate))]
    pad = spatial(name, "pad", pad, 2, 0, 0)
    windows = Windows(data.shape[2:], size, *steps, pad, pad)
    check_fit(name, windows)
    return windows


def _check_shape(name, parameter, value, expected, says):
    if not isinstance(value, Array | np.ndarray) or value.shape != expected:
        given = f"shape {value.shape}" if isinstance(value, Array | np.ndarray) else f"{value!r:.60}"
        raise ValueError(f"{name}: {parameter} has shape {expected}, {says}, not {given}")


def _sampled(data, offset, windows, groups, clamped):
    """What windows read: (batch, deformable groups, channels of each, taps, *count).

    Between pixels the numbers are interpolated. Outside they are 0; what is less than a pixel outside is interpolated with that,
    or, `clamped`, is 0 before the first and the last one behind it.
    """
    batch, channels, height, width = data.shape
    taps = math.prod(windows.kernel)
    offset = offset.reshape((batch, groups, 1, taps, 2, *windows.count))
    where = []
    for axis in (0, 1):
        begins = np.arange(windows.count[axis]) * windows.stride[axis] - windows.pad[axis]
        within = np.arange(windows.kernel[axis]) * windows.dilate[axis]
        grid = within.reshape((-1, 1, 1, 1) if axis == 0 else (1, -1, 1, 1)) + begins.reshape((-1, 1) if axis == 0 else (1, -1))
        grid = np.broadcast_to(grid, (*windows.kernel, *windows.count)).reshape((taps, *windows.count))
        where.append(offset[:, :, :, :, axis] + grid.astype(offset.dtype))
    planes = np.arange(batch * channels).reshape((batch, groups, channels // groups, 1, 1, 1)) * (height * width)
    inside, low, part = True, [], []
    for position, n in zip(where, (height, width), strict=True):
        here = raw(position)
        inside = inside & ((here >= 0) & (here < n) if clamped else (here > -1) & (here < n))
        low.append(np.floor(here).astype(np.int64))
        part.append(position - floor(position))
    total = 0
    for i in (0, 1):
        for j in (0, 1):
            y, x = low[0] + i, low[1] + j
            held = inside if clamped else inside & (y >= 0) & (y < height) & (x >= 0) & (x < width)
            places = planes + np.clip(y, 0, height - 1) * width + np.clip(x, 0, width - 1)
            share = (part[0] if i else 1 - part[0]) * (part[1] if j else 1 - part[1])
            total = total + take(data, places) * (share * held.astype(offset.dtype))
    return total


def _product(sampled, weight, bias, num_group):
    """The products of the weights with what windows read."""
    batch, _, _, taps, *count = sampled.shape
    filters = len(weight)
    columns = sampled.reshape((batch, num_group, weight.shape[1] * taps, math.prod(count)))
    matrices = weight.reshape((num_group, filters // num_group, weight.shape[1] * taps))
    result = matmul(matrices, columns).reshape((batch, filters, *count))
    return result if bias is None else result + bias.reshape((filters, 1, 1))


def _convolve(name, data, offset, mask, weight, bias, sizes, num_filter, num_group, groups, no_bias, clamped):
    windows = _windows(name, data, weight, *sizes)
    channels, filters = data.shape[1], len(weight)
    check_filters(name, num_filter, filters, weight)
    check_groups(name, num_group, **{"channels of data": channels, "filters": filters})
    if not isinstance(groups, int | np.integer) or groups < 1 or channels % groups:
        raise ValueError(f"{name}: num_deformable_group divides the {channels} channels of data; not {groups!r}")
    if weight.shape[1] * num_group != channels:
        raise ValueError(
            f"{name}: data has {channels} channels, and num_group={num_group}, so weight has shape "
            f"{(filters, channels // num_group, *windows.kernel)}, not {weight.shape}"
        )
    bias = check_bias(name, bias, no_bias, filters)
    taps = math.prod(windows.kernel)
    says = "two numbers for each of num_deformable_group groups, each number of the kernel and each window"
    _check_shape(name, "offset", offset, (len(data), 2 * groups * taps, *windows.count), says)
    sampled = _sampled(data, offset, windows, groups, clamped)
    if mask is not None:
        says = "a number for each of num_deformable_group groups, each number of the kernel and each window"
        _check_shape(name, "mask", mask, (len(data), groups * taps, *windows.count), says)
        sampled = sampled * mask.reshape((len(data), groups, 1, taps, *windows.count))
    return _product(sampled, weight, bias, num_group)


def deformable_convolution(
    data=None,
    offset=None,
    weight=None,
    bias=None,
    kernel=None,
    stride=None,
    dilate=None,
    pad=None,
    num_filter=1,
    num_group=1,
    num_deformable_group=1,
    workspace=1024,
    no_bias=False,
    layout=None,
    out=None,
    name=None,
):
    """Convolution of images whose windows read where offsets say: at stride · i + dilate · t - pad + offset[t, i].

    Between pixels, numbers are interpolated linearly along both axes. They are 0 before the first pixel and from a pixel behind the
    last one, which counts up to there.

    Parameters
    ----------
    data : ndarray, shape (batch, channels, height, width)
    offset : ndarray, shape (batch, 2 · num_deformable_group · taps, *count)
        For each group of channels and each of the taps, the kernel's numbers, how far down and how far to the right.
    weight, bias, kernel, stride, dilate, pad, num_filter, num_group, no_bias
        See `convolution`.
    num_deformable_group : int
        In how many groups channels have offsets of their own.
    out : ndarray, optional
        Where to write the result.
    layout : {'NCHW'}, optional
    workspace, name
        Have no effect.

    Returns
    -------
    ndarray, shape (batch, num_filter, *count)

    Examples
    --------
    >>> from mxnet import np, npx
    >>> x, w = np.arange(4).reshape(1, 1, 2, 2), np.ones((1, 1, 1, 1))
    >>> npx.deformable_convolution(x, np.full((1, 2, 2, 2), 0.5), w, no_bias=True)
    array([[[[1.5, 2. ],
             [2.5, 3. ]]]])
    """
    check_images("deformable_convolution", data, layout, dims=(2,), last=False)
    sizes = kernel, stride, dilate, pad
    groups = num_group, num_deformable_group
    arrays = data, offset, None, weight, bias
    return delivered(
        "deformable_convolution", out, _convolve("deformable_convolution", *arrays, sizes, num_filter, *groups, no_bias, True)
    )


def modulated_deformable_convolution(
    data=None,
    offset=None,
    mask=None,
    weight=None,
    bias=None,
    kernel=None,
    stride=None,
    dilate=None,
    pad=None,
    num_filter=1,
    num_group=1,
    num_deformable_group=1,
    workspace=1024,
    no_bias=False,
    im2col_step=64,
    layout=None,
    out=None,
    name=None,
):
    """`deformable_convolution` with a factor for each number that a window reads.

    Less than a pixel outside, numbers are interpolated with the zeros there.

    Parameters
    ----------
    data, offset, weight, bias, kernel, stride, dilate, pad, num_filter, num_group, num_deformable_group, no_bias, layout, out
        See `deformable_convolution`.
    mask : ndarray, shape (batch, num_deformable_group · taps, *count)
        The factors.
    workspace, im2col_step, name
        Have no effect.

    Returns
    -------
    ndarray, shape (batch, num_filter, *count)

    Examples
    --------
    >>> from mxnet import np, npx
    >>> x, w = np.arange(4).reshape(1, 1, 2, 2), np.ones((1, 1, 1, 1))
    >>> npx.modulated_deformable_convolution(x, np.full((1, 2, 2, 2), 0.5), np.ones((1, 1, 2, 2)), w, no_bias=True)
    array([[[[1.5 , 1.  ],
             [1.25, 0.75]]]])
    """
    operator = "modulated_deformable_convolution"
    check_images(operator, data, layout, dims=(2,), last=False)
    if mask is None:
        raise ValueError(f"{operator}: mask is needed; deformable_convolution does without")
    sizes = kernel, stride, dilate, pad
    groups = num_group, num_deformable_group
    arrays = data, offset, mask, weight, bias
    return delivered(operator, out, _convolve(operator, *arrays, sizes, num_filter, *groups, no_bias, False))
