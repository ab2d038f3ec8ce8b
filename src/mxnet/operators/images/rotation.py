"""Images turned around their middle."""

import numpy as np

from ..indexing import getitem
from ..joining import stack
from ..operands import as_operand
from ..sampling.streams import generator

__all__ = ["imrotate", "random_rotate"]


def _zoom(height, width, cos, sin, zoom_in, zoom_out):
    """How far apart the numbers of the image are that become neighbours."""
    cos, sin = abs(cos), abs(sin)
    whole = max((height * sin + width * cos) / width, (height * cos + width * sin) / height)
    return whole if zoom_out else 1 / whole if zoom_in else 1.0


def _turned(image, degrees, zoom_in, zoom_out):
    """One image (channels, height, width): linear interpolation at the turned positions; 0 is outside."""
    height, width = image.shape[1:]
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    zoom = _zoom(height, width, cos, sin, zoom_in, zoom_out)
    y, x = (zoom * (np.arange(n) - (n - 1) / 2) for n in (height, width))
    rows = sin * x + cos * y[:, None] + (height - 1) / 2
    columns = cos * x - sin * y[:, None] + (width - 1) / 2
    top, left = np.floor(rows).astype(int), np.floor(columns).astype(int)
    result = 0
    for row in (top, top + 1):
        for column in (left, left + 1):
            weight = (1 - np.abs(rows - row)) * (1 - np.abs(columns - column))
            weight *= (row >= 0) & (row < height) & (column >= 0) & (column < width)
            place = np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)
            result = result + getitem(image, (slice(None), *place)) * weight.astype(image.dtype)
    return result


def imrotate(src, rotation_degrees, zoom_in=False, zoom_out=False):
    """Images turned clockwise around their middle, in the size that they have; what comes from outside is 0.

    Parameters
    ----------
    src : ndarray, shape (channels, height, width) or (batch, channels, height, width)
        Of a float dtype; channels come first here.
    rotation_degrees : float, or ndarray of shape (batch,)
        One angle for all images, or one for each.
    zoom_in : bool
        Enlarge the image so that nothing comes from outside.
    zoom_out : bool
        Shrink it so that all of it is seen.

    Returns
    -------
    ndarray
        Of the shape of `src`. Linear in `src`, with that gradient.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.imrotate(np.array([[[1, 2], [3, 4]]]), 180).round(4)
    array([[[4., 3.],
            [2., 1.]]])
    """
    return _rotated("imrotate", src, rotation_degrees, zoom_in, zoom_out)


def _rotated(name, src, degrees, zoom_in, zoom_out):
    src = as_operand(name, src)
    if src.ndim not in (3, 4):
        raise ValueError(
            f"{name}: an image has shape (channels, height, width) here, many (batch, channels, height, width), not {src.shape}"
        )
    if src.dtype.kind != "f":
        raise TypeError(f"{name}: images of a float dtype are turned; src is {src.dtype}, write src.astype('float32')")
    if zoom_in and zoom_out:
        raise ValueError(f"{name}: zoom_in and zoom_out cannot both be True")
    degrees = np.asarray(degrees, np.float64)
    if degrees.shape not in ((), src.shape[:-3]):
        raise ValueError(
            f"{name}: rotation_degrees is a number, or has one for each image, shape {src.shape[:-3]}, not {degrees.shape}"
        )
    if src.ndim == 3 or 0 in src.shape:
        return _turned(src, float(degrees), zoom_in, zoom_out) if src.ndim == 3 else src
    return stack([_turned(src[i], angle, zoom_in, zoom_out) for i, angle in enumerate(np.broadcast_to(degrees, len(src)))])


def random_rotate(src, angle_limits, zoom_in=False, zoom_out=False):
    """`imrotate` by angles that have equal probability; each of many images has its own.

    Parameters
    ----------
    src : ndarray, shape (channels, height, width) or (batch, channels, height, width)
    angle_limits : tuple of float
        The least and the largest angle in degrees.
    zoom_in, zoom_out : bool
        See `imrotate`.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.random_rotate(np.ones((2, 3, 5, 5)), (-10, 10)).shape
    (2, 3, 5, 5)
    """
    if not (isinstance(angle_limits, list | tuple) and len(angle_limits) == 2 and angle_limits[0] <= angle_limits[1]):
        raise ValueError(f"random_rotate: angle_limits is a pair (least, largest), not {angle_limits!r}")
    src = as_operand("random_rotate", src)
    degrees = generator().uniform(*angle_limits, src.shape[:-3] if src.ndim > 2 else ())
    return _rotated("random_rotate", src, degrees, zoom_in, zoom_out)
