"""Where the pixels of images go: flips, crops, other sizes, borders."""

import math

import numpy as np

from ..operands import as_operand
from ..sampling.streams import generator
from .interpolation import resized

__all__ = [
    "center_crop",
    "copyMakeBorder",
    "crop",
    "fixed_crop",
    "flip_left_right",
    "flip_top_bottom",
    "imresize",
    "random_crop",
    "random_flip_left_right",
    "random_flip_top_bottom",
    "random_resized_crop",
    "random_size_crop",
    "resize",
    "resize_short",
    "scale_down",
]

_ROWS, _COLUMNS = -3, -2
_BORDERS = ("constant", "edge", "symmetric", "wrap", "reflect")


def as_image(name, x):
    """`x` as an array, which has the axes of an image."""
    x = as_operand(name, x)
    if x.ndim not in (3, 4):
        raise ValueError(
            f"{name}: an image has shape (height, width, channels), many (batch, height, width, channels), not {x.shape}"
        )
    return x


def size_of(x):
    """Width and height."""
    return x.shape[_COLUMNS], x.shape[_ROWS]


def pair(name, what, value):
    """Two numbers, or one twice."""
    values = tuple(value) if isinstance(value, list | tuple) else (value, value)
    values = values * 2 if len(values) == 1 else values
    if len(values) != 2 or not all(isinstance(v, int | np.integer) and v > 0 for v in values):
        raise ValueError(f"{name}: {what} is a whole number above 0, or a pair (width, height) of them, not {value!r}")
    return values


def span(name, what, value, low, high=math.inf):
    """A pair of numbers, the first not above the second, both from `low` to `high`."""
    if not (isinstance(value, list | tuple) and len(value) == 2 and low <= value[0] <= value[1] <= high):
        limits = f"{low} to {high}" if high < math.inf else f"{low} on"
        raise ValueError(f"{name}: {what} is a pair (least, most) of numbers from {limits}, not {value!r}")
    return value


def chance(name, p):
    """True with probability `p`."""
    if not 0 <= p <= 1:
        raise ValueError(f"{name}: a probability is from 0 to 1, not {p!r}")
    return generator().random() < p


def resize_to(name, x, width, height, interp):
    """The image in another size."""
    return resized(name, x, width, height, interp, (x.ndim + _ROWS, x.ndim + _COLUMNS))


# --- flips ------------------------------------------------------------------------------------------------------------------------


def flip_left_right(data, name=None):
    """The mirror image: columns from the last to the first.

    Parameters
    ----------
    data : ndarray, shape (height, width, channels) or (batch, height, width, channels)
    name : str, optional
        Accepted, and without effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.flip_left_right(np.array([[[1], [2]]]))
    array([[[2.],
            [1.]]])
    """
    return as_image("flip_left_right", data)[..., ::-1, :]


def flip_top_bottom(data, name=None):
    """The image upside down: rows from the last to the first.

    Parameters
    ----------
    data : ndarray, shape (height, width, channels) or (batch, height, width, channels)
    name : str, optional
        Accepted, and without effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.flip_top_bottom(np.array([[[1]], [[2]]]))
    array([[[2.]],
    <BLANKLINE>
           [[1.]]])
    """
    return as_image("flip_top_bottom", data)[..., ::-1, :, :]


def random_flip_left_right(data, p=0.5, name=None):
    """`flip_left_right` with probability `p`; of many images all or none.

    `name` has no effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.random_flip_left_right(np.array([[[1], [2]]]), p=1)
    array([[[2.],
            [1.]]])
    """
    data = as_image("random_flip_left_right", data)
    return flip_left_right(data) if chance("random_flip_left_right", p) else data


def random_flip_top_bottom(data, p=0.5, name=None):
    """`flip_top_bottom` with probability `p`; of many images all or none.

    `name` has no effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.random_flip_top_bottom(np.array([[[1], [2]]]), p=0).shape
    (1, 2, 1)
    """
    data = as_image("random_flip_top_bottom", data)
    return flip_top_bottom(data) if chance("random_flip_top_bottom", p) else data


# --- other sizes ------------------------------------------------------------------------------------------------------------------


def resize(data, size=(), keep_ratio=False, interp=1, name=None):
    """Images in another size.

    Parameters
    ----------
    data : ndarray, shape (height, width, channels) or (batch, height, width, channels)
    size : int or tuple of int
        (width, height). One number is for both or, with `keep_ratio`, for the shorter one.
    keep_ratio : bool
        Has no effect on a pair.
    interp : int
        0 nearest pixel, 1 linear, 2 cubic, 3 mean of the area, 4 Lanczos (8 × 8 pixels); 9 chooses cubic to enlarge, area to shrink
        and linear otherwise, 10 at random. Only 3 looks at all pixels of an image that shrinks.
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray
        Of the dtype of `data`. Linear in `data`, with that gradient.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.resize(np.array([[[0], [4]]]), (4, 1))[0, :, 0]
    array([0., 1., 3., 4.])
    """
    data = as_image("resize", data)
    width, height = pair("resize", "size", size)
    if keep_ratio and (not isinstance(size, list | tuple) or len(size) == 1):
        return resize_short(data, width, interp)
    return resize_to("resize", data, width, height, interp)


def imresize(src, w, h, interp=1):
    """`resize` to width `w` and height `h`.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.imresize(np.zeros((10, 8, 3)), 4, 5).shape
    (5, 4, 3)
    """
    return resize_to("imresize", as_image("imresize", src), w, h, interp)


def resize_short(src, size, interp=2):
    """`resize`, so that the shorter edge has length `size`, and the other one is in proportion.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.resize_short(np.zeros((10, 8, 3)), 4).shape
    (5, 4, 3)
    """
    src = as_image("resize_short", src)
    size, _ = pair("resize_short", "size", size)
    width, height = size_of(src)
    if 0 in (width, height):
        raise ValueError(f"resize_short: an image without pixels, of shape {src.shape}, has no other size")
    short = min(width, height)
    return resize_to("resize_short", src, width * size // short, height * size // short, interp)


# --- crops ------------------------------------------------------------------------------------------------------------------------


def crop(data, x, y, width, height, name=None):
    """A rectangle of an image.

    Parameters
    ----------
    data : ndarray, shape (height, width, channels) or (batch, height, width, channels)
    x, y : int
        The column and the row of its corner at the top left.
    width, height : int
    name : str, optional
        Accepted, and without effect.

    Raises
    ------
    ValueError
        If the rectangle is not inside the image.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.crop(np.arange(6).reshape(2, 3, 1), 1, 0, 2, 1)[0, :, 0]
    array([1., 2.])
    """
    return _cropped("crop", as_image("crop", data), x, y, width, height)


def _cropped(name, data, x, y, width, height):
    columns, rows = size_of(data)
    if not (0 <= x <= x + width <= columns and 0 <= y <= y + height <= rows and width > 0 and height > 0):
        raise ValueError(f"{name}: a rectangle {width} × {height} at ({x}, {y}) is not inside an image {columns} × {rows}")
    return data[..., y : y + height, x : x + width, :]


def fixed_crop(src, x0, y0, w, h, size=None, interp=2):
    """`crop`, and then `resize` to the pair `size` if there is one.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.fixed_crop(np.zeros((10, 8, 3)), 1, 2, 4, 5, size=(6, 7)).shape
    (7, 6, 3)
    """
    result = _cropped("fixed_crop", as_image("fixed_crop", src), x0, y0, w, h)
    return result if size is None else resize_to("fixed_crop", result, *pair("fixed_crop", "size", size), interp)


def scale_down(src_size, size):
    """The largest size in proportion to `size`, and not above it, that fits into `src_size`; both are (width, height).

    Examples
    --------
    >>> from mxnet import npx
    >>> npx.image.scale_down((640, 480), (720, 120))
    (640, 106)
    """
    (columns, rows), (width, height) = src_size, size
    if rows < height:
        width, height = width * rows / height, rows
    if columns < width:
        width, height = columns, height * columns / width
    return int(width), int(height)


def center_crop(src, size, interp=2):
    """The middle of an image, and where it is.

    Parameters
    ----------
    src : ndarray, shape (height, width, channels)
    size : int or tuple of int
        (width, height) of the result. From an image that is smaller the largest rectangle in this proportion is cut, and resized.
    interp : int
        As for `resize`.

    Returns
    -------
    ndarray, tuple
        The crop; and (x, y, width, height), what was cut.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.center_crop(np.zeros((10, 8, 3)), (4, 4))[1]
    (2, 3, 4, 4)
    """
    src = as_image("center_crop", src)
    size = pair("center_crop", "size", size)
    width, height = scale_down(size_of(src), size)
    x, y = (size_of(src)[0] - width) // 2, (size_of(src)[1] - height) // 2
    return fixed_crop(src, x, y, width, height, size, interp), (x, y, width, height)


def crop_anywhere(src, size, interp=2):
    """The same, of a rectangle that is anywhere with equal probability."""
    src = as_image("random_crop", src)
    size = pair("random_crop", "size", size)
    width, height = scale_down(size_of(src), size)
    x, y = (int(generator().integers(n - m + 1)) for n, m in zip(size_of(src), (width, height), strict=True))
    return fixed_crop(src, x, y, width, height, size, interp), (x, y, width, height)


def random_crop(data, xrange=(0.0, 1.0), yrange=(0.0, 1.0), width=None, height=None, interp=1, name=None):
    """A rectangle of an image, at random; of many images the same for all.

    Parameters
    ----------
    data : ndarray, shape (height, width, channels) or (batch, height, width, channels)
    xrange, yrange : tuple of float
        Where the rectangle may be: 0 is at the left or at the top, 1 at the right or at the bottom.
    width, height : int
        Of the result. Along an axis on which the image is smaller, all of it is taken and resized.
    interp : int
        As for `resize`.
    name : str, optional
        Accepted, and without effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.random_crop(np.zeros((10, 8, 3)), width=4, height=5).shape
    (5, 4, 3)
    """
    data = as_image("random_crop", data)
    size = pair("random_crop", "(width, height)", (width, height))
    corner, cut = [], [min(n, m) for n, m in zip(size_of(data), size, strict=True)]
    for what, bounds, n, m in zip(("xrange", "yrange"), (xrange, yrange), size_of(data), cut, strict=True):
        low, high = (math.floor(bound * (n - m)) for bound in span("random_crop", what, bounds, 0, 1))
        corner.append(int(generator().integers(low, high + 1)))
    return resize_to("random_crop", _cropped("random_crop", data, *corner, *cut), *size, interp)


def random_resized_crop(data, width=None, height=None, area=(0.08, 1.0), ratio=(3 / 4, 4 / 3), interp=1, max_trial=10, name=None):
    """A rectangle of random area and proportion of an image, resized; of many images the same for all.

    Parameters
    ----------
    data : ndarray, shape (height, width, channels) or (batch, height, width, channels)
    width, height : int
        Of the result.
    area : tuple of float
        The least and the largest part of the image's area that is cut; with equal probability.
    ratio : tuple of float
        The least and the largest width over height; the logarithm has equal probability.
    interp : int
        As for `resize`.
    max_trial : int
        How often to try for a rectangle that fits into the image, before the middle is taken.
    name : str, optional
        Accepted, and without effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.random_resized_crop(np.zeros((10, 8, 3)), width=4, height=5).shape
    (5, 4, 3)
    """
    size = pair("random_resized_crop", "(width, height)", (width, height))
    return _sized_crop("random_resized_crop", data, size, area, ratio, interp, max_trial)[0]


def random_size_crop(src, size, area, ratio, interp=2):
    """`random_resized_crop` to `size`, (width, height), and where it is.

    Parameters
    ----------
    src : ndarray, shape (height, width, channels)
    size : int or tuple of int
    area : float or tuple of float
        One number is the least part of the area; the largest is then 1.
    ratio : tuple of float
    interp : int

    Returns
    -------
    ndarray, tuple
        The crop; and (x, y, width, height), what was cut.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.random_size_crop(np.zeros((10, 8, 3)), (4, 5), 0.5, (0.7, 1.4))[0].shape
    (5, 4, 3)
    """
    area = area if isinstance(area, list | tuple) else (area, 1.0)
    return _sized_crop("random_size_crop", src, pair("random_size_crop", "size", size), area, ratio, interp, 10)


def _sized_crop(name, src, size, area, ratio, interp, trials):
    src = as_image(name, src)
    area, ratio = span(name, "area", area, 0, 1), span(name, "ratio", ratio, 1e-6)
    columns, rows = size_of(src)
    for _ in range(trials):
        target = columns * rows * generator().uniform(*area)
        proportion = math.exp(generator().uniform(*map(math.log, ratio)))
        width, height = round(math.sqrt(target * proportion)), round(math.sqrt(target / proportion))
        if 0 < width <= columns and 0 < height <= rows:
            x, y = int(generator().integers(columns - width + 1)), int(generator().integers(rows - height + 1))
            return fixed_crop(src, x, y, width, height, size, interp), (x, y, width, height)
    return center_crop(src, size, interp)


# --- borders ----------------------------------------------------------------------------------------------------------------------


def copyMakeBorder(src, top, bot, left, right, type=0, value=0.0, values=(), name=None):
    """An image with a border around it.

    Parameters
    ----------
    src : ndarray, shape (height, width, channels) or (batch, height, width, channels)
    top, bot, left, right : int
        How many rows and columns to add.
    type : int
        What is there: 0 `values`; 1 the pixels of the edge; 2 the image mirrored, edge included, 4 without the edge; 3 the image
        again.
    value : float
        For all channels.
    values : tuple of float
        One for each channel; comes before `value`.
    name : str, optional
        Accepted, and without effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.copyMakeBorder(np.array([[[1], [2]]]), 0, 0, 2, 2, type=4)[0, :, 0]
    array([1., 2., 1., 2., 1., 2.])
    """
    src = as_image("copyMakeBorder", src)
    if type not in range(5):
        raise ValueError(f"copyMakeBorder: type={type!r} is none of 0 constant, 1 edge, 2 mirror, 3 repeat, 4 mirror without edge")
    if not all(isinstance(n, int | np.integer) and n >= 0 for n in (top, bot, left, right)):
        raise ValueError(f"copyMakeBorder: borders are whole numbers from 0 on, not {(top, bot, left, right)}")
    if len(values) not in (0, src.shape[-1]):
        raise ValueError(f"copyMakeBorder: values has a number for each of {src.shape[-1]} channels, not {values!r}")
    borders, inside = ((top, bot), (left, right)), []
    result = src
    for axis, border in zip((_ROWS, _COLUMNS), borders, strict=True):
        places = np.pad(np.arange(src.shape[axis]), border, "edge" if type == 0 else _BORDERS[type])
        result = result.take(places, axis=src.ndim + axis)
        inside.append(np.pad(np.ones(src.shape[axis], bool), border))
    if type != 0:
        return result
    fill = np.asarray(values if len(values) else value, src.dtype)
    return np.where((inside[0][:, None] & inside[1])[:, :, None], result, fill)
