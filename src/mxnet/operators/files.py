"""Arrays in files: NumPy's `.npy` and `.npz`, and text. Nothing here unpickles, so that a file from elsewhere can do no harm."""

import os
import zipfile

import numpy as np

from ..core.array import Array, raw
from ..core.dtypes import as_dtype
from ..core.operator import wrap
from .creation import array

__all__ = ["genfromtxt", "load", "loadtxt", "save", "savetxt", "savez", "savez_compressed"]


def save(file, arr):
    """Write an array to a file in NumPy's format, `.npy`.

    Parameters
    ----------
    file : str, path or binary file
        A name gets the ending `.npy` if it has it not. (`npx.save` takes it as it is.)
    arr : array_like

    Examples
    --------
    >>> import io
    >>> from mxnet import np
    >>> file = io.BytesIO()
    >>> np.save(file, np.array([1, 2]))
    >>> _ = file.seek(0)
    >>> np.load(file)
    array([1., 2.])
    """
    np.save(file, _data("save", arr), allow_pickle=False)


def savez(file, /, *args, **kwds):
    """Write several arrays to one file, `.npz`.

    Parameters
    ----------
    file : str, path or binary file
        A name gets the ending `.npz` if it has it not. (`npx.savez` takes it as it is.)
    *args, **kwds : array_like
        Those without a name are called `arr_0`, `arr_1`, …

    Raises
    ------
    ValueError
        If a name is given twice.

    Examples
    --------
    >>> import io
    >>> from mxnet import np
    >>> file = io.BytesIO()
    >>> np.savez(file, np.zeros(1), weight=np.ones(2))
    >>> _ = file.seek(0)
    >>> np.load(file)
    {'arr_0': array([0.]), 'weight': array([1., 1.])}
    """
    _write_zip(_ending(file, ".npz"), _named("savez", args, kwds), zipfile.ZIP_STORED)


def savez_compressed(file, /, *args, **kwds):
    """As `savez`, with every array compressed.

    Examples
    --------
    >>> import io
    >>> from mxnet import np
    >>> small, large = io.BytesIO(), io.BytesIO()
    >>> np.savez_compressed(small, np.zeros(1000))
    >>> np.savez(large, np.zeros(1000))
    >>> len(small.getvalue()) < len(large.getvalue())
    True
    """
    _write_zip(_ending(file, ".npz"), _named("savez_compressed", args, kwds), zipfile.ZIP_DEFLATED)


def npx_save(file, arr):
    """Write an array to a file in NumPy's format, `.npy`, under exactly the name given; otherwise as `np.save`."""
    data = _data("save", arr)
    if not isinstance(file, str | os.PathLike):
        np.save(file, data, allow_pickle=False)
        return
    with open(file, "wb") as opened:
        np.save(opened, data, allow_pickle=False)


def npx_savez(file, /, *args, **kwds):
    """Write several arrays to one file, `.npz`, under exactly the name given; otherwise as `np.savez`."""
    _write_zip(file, _named("savez", args, kwds), zipfile.ZIP_STORED)


def load(file):
    """The array in a file of NumPy's format `.npy`, or a dictionary of those in a file `.npz`.

    Parameters
    ----------
    file : str, path or binary file

    Returns
    -------
    ndarray or dict of str to ndarray

    Raises
    ------
    ValueError
        If it is a file of another kind, or one with pickled objects in it, which are not read.

    Examples
    --------
    >>> import io
    >>> from mxnet import np
    >>> file = io.BytesIO()
    >>> np.save(file, np.ones((1, 2)))
    >>> _ = file.seek(0)
    >>> np.load(file)
    array([[1., 1.]])
    """
    try:
        content = np.load(file, allow_pickle=False)
        if isinstance(content, np.ndarray):
            return _read(content)
        with content:
            return {name: _read(content[name]) for name in content.files}
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(
            f"load: {file!r:.200} is no .npy or .npz file of numbers ({error}); pickled objects are not read, and MXNet 1's .params"
            " files have to be converted with MXNet"
        ) from None


def _read(content):
    if not isinstance(content, np.ndarray):
        raise ValueError(f"a member holds {len(content)} bytes that are no array")
    try:
        as_dtype(content.dtype)
    except TypeError as error:
        raise ValueError(error) from None
    return wrap(content.astype(content.dtype.newbyteorder("="), order="C", copy=False))


def _data(name, value):
    """The raw array to be written."""
    data = value._data if isinstance(value, Array) else np.asarray(raw(value))
    try:
        as_dtype(data.dtype)
    except TypeError as error:
        raise TypeError(f"{name}: {error}") from None
    return data


def _named(name, args, kwds):
    """The raw arrays to be written, by name."""
    arrays = {f"arr_{i}": value for i, value in enumerate(args)}
    twice = arrays.keys() & kwds.keys()
    if twice:
        raise ValueError(f"{name}: arrays without a name are called arr_0, arr_1, …, and {min(twice)!r} is given besides")
    return {key: _data(name, value) for key, value in (arrays | kwds).items()}


def _ending(file, ending):
    if not isinstance(file, str | os.PathLike):
        return file
    path = os.fspath(file)
    return path if path.endswith(ending) else path + ending


def _write_zip(file, arrays, compression):
    # NumPy's own `savez` reserves some names for its parameters.
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in arrays.items():
            with archive.open(name + ".npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, data, allow_pickle=False)


def genfromtxt(fname, dtype=None, **kwargs):
    """The numbers of a text file, a line a row; missing ones are filled.

    Parameters
    ----------
    fname : str, path, text file or list of str
        A list holds the lines.
    dtype : dtype, optional
        By default the default float dtype.
    **kwargs
        Those of `numpy.genfromtxt`: `delimiter=','`, `skip_header=1`, `usecols`, `missing_values`, `filling_values`, …

    Examples
    --------
    >>> from mxnet import np
    >>> np.genfromtxt(['1,2', '3,'], delimiter=',')
    array([[ 1.,  2.],
           [ 3., nan]])
    """
    return _from_text("genfromtxt", np.genfromtxt(fname, dtype=as_dtype(dtype), **kwargs))


def loadtxt(fname, dtype=None, **kwargs):
    """The numbers of a text file in which none is missing, a line a row; `fname` and `dtype` as for `genfromtxt`.

    Parameters
    ----------
    **kwargs
        Those of `numpy.loadtxt`: `delimiter=','`, `skiprows=1`, `usecols`, `comments`, `unpack=True`, …

    Examples
    --------
    >>> from mxnet import np
    >>> np.loadtxt(['1 2', '3 4'], dtype=int)
    array([[1, 2],
           [3, 4]], dtype=int64)
    """
    return _from_text("loadtxt", np.loadtxt(fname, dtype=as_dtype(dtype), **kwargs))


def _from_text(name, content):
    if isinstance(content, list | tuple):
        return [_from_text(name, part) for part in content]
    if content.dtype.names:
        raise TypeError(f"{name}: columns with names make no array of one dtype; read them with NumPy, and take columns from there")
    return array(content, dtype=content.dtype)


def savetxt(fname, X, fmt="%.18e", delimiter=" ", **kwargs):
    """Write an array of one or two axes as text, a row a line.

    Parameters
    ----------
    fname : str, path or file
        A name that ends in `.gz` makes a compressed file.
    X : array_like
    fmt : str, optional
        How each number is written; the default loses nothing.
    delimiter : str, optional
        What stands between two numbers.
    **kwargs
        Those of `numpy.savetxt`: `newline`, `header`, `footer`, `comments`, `encoding`.

    Examples
    --------
    >>> import io
    >>> from mxnet import np
    >>> file = io.StringIO()
    >>> np.savetxt(file, np.array([[1, 2]]), fmt='%g', delimiter=',')
    >>> file.getvalue().splitlines()
    ['1,2']
    """
    np.savetxt(fname, _data("savetxt", X), fmt=fmt, delimiter=delimiter, **kwargs)
