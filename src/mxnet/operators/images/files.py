"""Images from files, which Pillow decodes."""

import io

import numpy as np

from ...core.array import raw
from ...core.operator import wrap

__all__ = ["imdecode", "imread"]


_MODES = {1: "L", 3: "RGB", 4: "RGBA"}  # Pillow's words, by the number of channels


def pixels_in(name, file, what, channels):
    """The pixels of an image, uint8, with so many channels: 1 is grey, the fourth is opacity."""
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        raise ImportError(f"{name}: images are decoded by Pillow, which is not installed; run `pip install pillow`") from None
    try:
        with Image.open(file) as image:
            if image.mode.startswith("I;16"):  # Pillow would cut 16 bits off at 255
                image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
            pixels = np.array(image.convert(_MODES[channels]))
    except UnidentifiedImageError:
        raise ValueError(f"{name}: {what} holds no image of a format that Pillow knows") from None
    return pixels.reshape(*pixels.shape[:2], channels)


def _decoded(name, file, what, flag, to_rgb):
    if flag not in (0, 1):
        raise ValueError(f"{name}: flag is 1 for colours or 0 for grey, not {flag!r}")
    pixels = pixels_in(name, file, what, 3 if flag else 1)
    return wrap(pixels if to_rgb else np.ascontiguousarray(pixels[:, :, ::-1]))


def imdecode(buf, flag=1, to_rgb=True):
    """The image that the bytes of a file hold.

    Parameters
    ----------
    buf : bytes, bytearray, or ndarray of uint8
        What a PNG, JPEG, … file has in it.
    flag : {1, 0}
        Colours, or shades of grey.
    to_rgb : bool
        The order of colours: RGB, or BGR as OpenCV has it.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3) or (height, width, 1)
        Without transparency, and as the pixels are stored: a note that says how the camera was turned has no effect.

    Examples
    --------
    >>> from mxnet import npx
    >>> npx.image.imdecode(open("cat.jpg", "rb").read()).shape  # doctest: +SKIP
    (480, 640, 3)
    """
    buf = raw(buf)
    if isinstance(buf, np.ndarray):
        if buf.dtype != np.uint8:
            raise TypeError(f"imdecode: an encoded image is an array of uint8, not of {buf.dtype}")
        buf = buf.tobytes()
    if not isinstance(buf, bytes | bytearray | memoryview):
        raise TypeError(f"imdecode: buf is bytes or an array of uint8, not {type(buf).__name__}; files are read by imread")
    if not len(buf):
        raise ValueError("imdecode: buf is empty")
    return _decoded("imdecode", io.BytesIO(buf), "buf", flag, to_rgb)


def imread(filename, flag=1, to_rgb=True):
    """The image in a file.

    Parameters
    ----------
    filename : str or path
    flag : {1, 0}
        Colours, or shades of grey.
    to_rgb : bool
        See `imdecode`.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3) or (height, width, 1)

    Examples
    --------
    >>> from mxnet import npx
    >>> npx.image.imread("cat.jpg").shape  # doctest: +SKIP
    (480, 640, 3)
    """
    return _decoded("imread", filename, f"the file {filename!r}", flag, to_rgb)
