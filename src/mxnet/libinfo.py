"""`mx.libinfo`: the version, and where the library's binary is, of which there is none."""

__all__ = ["__version__", "find_lib_path"]

__version__ = "0.1.0.dev0"


def find_lib_path(prefix="libmxnet"):
    """The paths of the compiled library: none, this is Python and NumPy.

    Examples
    --------
    >>> import mxnet as mx
    >>> mx.libinfo.find_lib_path()
    []
    """
    return []
