"""`mxnet.recordio`: files of records, as MXNet's `im2rec` writes them, and images with labels in such records."""

from .files import MXIndexedRecordIO, MXRecordIO
from .images import IRHeader, pack, pack_img, unpack, unpack_img

__all__ = ["IRHeader", "MXIndexedRecordIO", "MXRecordIO", "pack", "pack_img", "unpack", "unpack_img"]
