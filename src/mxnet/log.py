"""`mx.log`: loggers with a short, coloured format."""

import logging
import sys
import warnings
from logging import CRITICAL, DEBUG, ERROR, INFO, NOTSET, WARNING

__all__ = ["CRITICAL", "DEBUG", "ERROR", "INFO", "NOTSET", "WARNING", "getLogger", "get_logger"]

_COLOURS = {CRITICAL: 31, ERROR: 31, WARNING: 33, INFO: 32, DEBUG: 34}


class _Formatter(logging.Formatter):
    """`W0131 09:30:00 1234 /path/to/file.py:12] message`, where the first letter says the level."""

    def __init__(self, coloured):
        super().__init__("%(asctime)s %(process)d %(pathname)s:%(lineno)d] %(message)s", "%m%d %H:%M:%S")
        self._coloured = coloured

    def format(self, record):
        head, message = super().format(record).split("] ", 1)
        head = f"{record.levelname[0]}{head}]"
        if self._coloured and record.levelno in _COLOURS:
            head = f"\x1b[{_COLOURS[record.levelno]}m{head}\x1b[0m"
        return f"{head} {message}"


def get_logger(name=None, filename=None, filemode=None, level=WARNING):
    """A logger that writes to a file, or to the standard error stream, where it is coloured if that is a terminal.

    Parameters
    ----------
    name : str, optional
        By default the root logger, which is returned as it is.
    filename : str, optional
        The file to write to.
    filemode : str, optional
        How to open it: 'a', the default, appends.
    level : int
        `mx.log.DEBUG`, `INFO`, `WARNING`, `ERROR` or `CRITICAL`.

    Returns
    -------
    logging.Logger
        Of one name there is one logger: a second call changes nothing but its level.

    Examples
    --------
    >>> import mxnet as mx
    >>> logger = mx.log.get_logger("training", level=mx.log.INFO)
    >>> logger.name, logger is mx.log.get_logger("training", level=mx.log.INFO)
    ('training', True)
    """
    logger = logging.getLogger(name)
    if name is None:
        return logger
    if not any(isinstance(handler.formatter, _Formatter) for handler in logger.handlers):
        if filename is not None:
            handler = logging.FileHandler(filename, filemode or "a")
            handler.setFormatter(_Formatter(coloured=False))
        else:
            handler = logging.StreamHandler()
            handler.setFormatter(_Formatter(coloured=sys.stderr.isatty()))
        logger.addHandler(handler)
    logger.setLevel(level)
    return logger


def getLogger(name=None, filename=None, filemode=None, level=WARNING):
    """The old name of `get_logger`. It warns."""
    warnings.warn("getLogger is an old name: write get_logger", DeprecationWarning, stacklevel=2)
    return get_logger(name, filename, filemode, level)
