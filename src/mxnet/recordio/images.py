"""Records that hold an image, or other bytes, with a label."""

import io
import struct
from collections import namedtuple

import numpy

from ..core.array import raw
from ..operators.images.files import imdecode

__all__ = ["IRHeader", "pack", "pack_img", "unpack", "unpack_img"]

IRHeader = namedtuple("IRHeader", ["flag", "label", "id", "id2"])
IRHeader.__doc__ = """What stands before an image in a record.

Parameters
----------
flag : int
    How many numbers the label has, if it is no single one; `pack` sees to it.
label : float or array of float32
id : int
    The image's number.
id2 : int
    Free for use.
"""

_HEADER = struct.Struct("<IfQQ")


def pack(header, s):
    """A record of a header and bytes, such as an encoded image.

    Parameters
    ----------
    header : IRHeader
        Labels of more than one number may be lists or arrays, and are stored as float32.
    s : bytes

    Returns
    -------
    bytes

    Examples
    --------
    >>> from mxnet import recordio
    >>> record = recordio.pack(recordio.IRHeader(0, [1, 2.5], 7, 0), b"bytes of an image")
    >>> recordio.unpack(record)
    (IRHeader(flag=2, label=array([1. , 2.5], dtype=float32), id=7, id2=0), b'bytes of an image')
    """
    if not isinstance(s, bytes | bytearray | memoryview):
        raise TypeError(f"pack: a record holds bytes, not {type(s).__name__}")
    flag, label, *ids = header
    label = raw(label)
    numbers = b""
    if isinstance(label, numpy.ndarray | list | tuple):
        label = numpy.asarray(label, "<f4")
        flag, label, numbers = label.size, 0, label.tobytes()
    try:
        return _HEADER.pack(flag, label, *ids) + numbers + bytes(s)
    except (struct.error, OverflowError):
        raise ValueError(
            f"pack: a header has flag, a whole number below 2**32, label, and id and id2, below 2**64; not {header!r:.120}"
        ) from None


def unpack(s):
    """The header and the bytes that `pack` made a record of.

    Parameters
    ----------
    s : bytes

    Returns
    -------
    IRHeader, bytes
        The label is a float, or an array (of NumPy) of float32.

    Raises
    ------
    ValueError
        If `s` is shorter than its header says.
    """
    if len(s) < _HEADER.size:
        raise ValueError(f"unpack: a record begins with a header of {_HEADER.size} bytes, and has only {len(s)}")
    header = IRHeader(*_HEADER.unpack_from(s))
    start = _HEADER.size
    if header.flag > 0:
        end = start + 4 * header.flag
        if len(s) < end:
            raise ValueError(f"unpack: the record has {len(s)} bytes, and {end} for its {header.flag} labels alone are announced")
        header = header._replace(label=numpy.frombuffer(s, "<f4", header.flag, start).astype(numpy.float32))
        start = end
    return header, bytes(s[start:])


def _pillow(name):
    try:
        from PIL import Image
    except ImportError:
        raise ImportError(f"{name}: images are encoded by Pillow, which is not installed; run `pip install pillow`") from None
    return Image


def pack_img(header, img, quality=95, img_fmt=".jpg"):
    """A record of a header and an image.

    Parameters
    ----------
    header : IRHeader
    img : ndarray of uint8, shape (height, width), (height, width, 1), (height, width, 3) or (height, width, 4)
        Colours in the order blue, green, red (and opacity), as OpenCV has them: `image[:, :, ::-1]` of what `imread` returns.
    quality : int
        Of a JPEG file, from 1 to 100. For PNG, the degree of compression: from 0 to 9, and 9 above.
    img_fmt : str
        The ending of file names of this kind: '.jpg', '.png', ….

    Returns
    -------
    bytes

    Examples
    --------
    >>> import numpy
    >>> from mxnet import recordio
    >>> image = numpy.zeros((4, 6, 3), dtype="uint8")
    >>> record = recordio.pack_img(recordio.IRHeader(0, 1.0, 0, 0), image, img_fmt=".png")
    >>> recordio.unpack_img(record)[1].shape
    (4, 6, 3)
    """
    Image = _pillow("pack_img")
    pixels = numpy.asarray(raw(img))
    if pixels.dtype != numpy.uint8:
        raise TypeError(f"pack_img: an image is an array of uint8, not of {pixels.dtype}")
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    if not (pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] in (3, 4))) or 0 in pixels.shape:
        raise ValueError(
            f"pack_img: an image has shape (height, width), or (height, width, channels) with 1, 3 or 4, not {img.shape}"
        )
    if pixels.ndim == 3:
        pixels = pixels[:, :, [2, 1, 0, 3][: pixels.shape[2]]]
    kind = Image.registered_extensions().get(str(img_fmt).lower())
    if kind not in Image.SAVE:
        raise ValueError(
            f"pack_img: img_fmt is the ending of a kind of file that Pillow writes, such as '.jpg' or '.png', not {img_fmt!r}"
        )
    options = {"JPEG": {"quality": quality}, "PNG": {"compress_level": min(quality, 9)}}.get(kind, {})
    file = io.BytesIO()
    try:
        Image.fromarray(pixels).save(file, kind, **options)
    except OSError as error:
        raise ValueError(f"pack_img: {img_fmt} cannot hold an image of shape {pixels.shape}: {error}") from None
    return pack(header, file.getvalue())


def unpack_img(s, iscolor=-1):
    """The header and the image in a record.

    Parameters
    ----------
    s : bytes
    iscolor : {-1, 0, 1}
        As it is stored, in shades of grey, or in colours.

    Returns
    -------
    IRHeader, numpy.ndarray
        Of uint8 and shape (height, width) if it is grey, else (height, width, 3), or 4 where opacity is stored. Colours are in the
        order blue, green, red, as OpenCV has them; `imdecode` gives red, green, blue.
    """
    if iscolor not in (-1, 0, 1):
        raise ValueError(f"unpack_img: iscolor is -1 as stored, 0 grey or 1 in colours, not {iscolor!r}")
    header, content = unpack(s)
    if iscolor == -1:
        pixels = imdecode(content, 1, to_rgb=False).asnumpy()  # raises where there is no image
        with _pillow("unpack_img").open(io.BytesIO(content)) as image:
            if image.has_transparency_data:
                return header, numpy.concatenate([pixels, numpy.asarray(image.convert("RGBA"))[:, :, 3:]], axis=2)
            iscolor = int(image.mode not in ("1", "L", "LA") and not image.mode.startswith(("I", "F")))
        if iscolor:
            return header, pixels
    pixels = imdecode(content, iscolor, to_rgb=False).asnumpy()
    return header, pixels if iscolor else pixels[:, :, 0]
