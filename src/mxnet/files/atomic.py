"""Writing a file whole or not at all."""

import contextlib
import os
import stat

__all__ = ["replacing"]


@contextlib.contextmanager
def replacing(file):
    """A binary file to write to; what is at the path `file` changes at the end, all at once, and only if all went well.

    The new content goes to a temporary file in the same directory, is flushed to the disk, gets the permission bits of the file
    that was there, and takes its place. A link stays a link: what it points to is replaced. A file that is already open, a pipe or
    a device is written to as it is.
    """
    if not isinstance(file, str | os.PathLike):
        yield file
        return
    target = os.path.realpath(file)
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        mode = None
    if mode is not None and not stat.S_ISREG(mode):
        with open(target, "wb") as opened:
            yield opened
        return
    if mode is not None and not os.access(target, os.W_OK):
        raise PermissionError(13, "the file is not to be written to", os.fspath(file))
    temporary = os.path.join(os.path.dirname(target), f".{os.urandom(8).hex()}.tmp")
    try:
        with open(temporary, "xb") as opened:
            yield opened
            opened.flush()
            os.fsync(opened.fileno())
        if mode is not None:
            os.chmod(temporary, stat.S_IMODE(mode))
        os.replace(temporary, target)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.remove(temporary)
        if isinstance(error, OSError) and error.filename == temporary:
            error.filename = os.fspath(file)  # not a name that nobody has heard of
        raise
