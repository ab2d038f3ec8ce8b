"""Images turned around their middle."""

import itertools

import numpy as np

from ..joining import stack
from ..operands import as_operand
from ..sampling.streams import generator
from .interpolation import LINEAR, NEAREST, neighbours

__all__ = ["imrotate", "random_rotate"]


def _zoom(height, width, cos, sin, zoom_in, zoom_out):
    """How far apart the numbers of the image are that become neighbours."""
    cos, sin = abs(cos), abs(sin)
    whole = max((height * sin + width * cos) / width, (height * cos + width * sin) / height)
    return whole if zoom_out else 1 / whole if zoom_in else 1.0


def transformed(image, matrix, size, kind=LINEAR, fill=0):
    """An image of (width, height) `size`, whose pixel at (x, y) is that of `image`, (channels, height, width), at matrix · (x, y).

    Both positions count from the middles of the images. `kind` is an interpolation, and `fill` is outside: a number, or one for
    each channel.
    """
    channels, height, width = image.shape
    x, y = (np.arange(n) - (n - 1) / 2 for n in size)
    columns, rows = (a * x + b * y[:, None] + (n - 1) / 2 for (a, b), n in zip(matrix, (width, height), strict=True))
    if kind == NEAREST:
        columns, rows, kind = np.floor(columns + 0.5), np.floor(rows + 0.5), LINEAR
    (columns, column_weights), (rows, row_weights) = neighbours(kind, columns), neighbours(kind, rows)
    pixels, result, outside = image.reshape(channels, -1), 0, 1
    for i, j in itertools.product(range(len(rows)), repeat=2):
        row, column = rows[i], columns[j]
        inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
        weight = (row_weights[i] * column_weights[j] * inside).astype(image.dtype)
        places = np.where(inside, row * width + column, 0)
        result = result + pixels.take(places, axis=1) * weight
        outside = outside - weight
    return result + outside * np.reshape(fill, (-1, 1, 1)).astype(image.dtype) if np.any(fill) else result


def _turned(image, degrees, zoom_in, zoom_out):
    """One image (channels, height, width): linear interpolation at the turned positions; 0 is outside."""
    height, width = image.shape[1:]
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    zoom = _zoom(height, width, cos, sin, zoom_in, zoom_out)
    return transformed(image, [[zoom * cos, -zoom * sin], [zoom * sin, zoom * cos]], (width, height))


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
