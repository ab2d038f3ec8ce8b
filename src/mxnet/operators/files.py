"""Arrays in files: NumPy's `.npy` and `.npz`, MXNet's `.params`, safetensors, and text.

Nothing here unpickles, so that a file from elsewhere can do no harm. A file is replaced as a whole or stays as it was.
"""

import os
import zipfile

import numpy as np

from ..core.array import Array, raw
from ..core.dtypes import as_dtype
from ..core.operator import wrap
from ..files.atomic import replacing
from ..files.binary import Reader
from ..files.numpy_files import NPY, ZIP, read_npy, read_npz, write_npy, write_npz
from ..files.params_files import PARAMS, check_params, read_params, write_params
from ..files.safetensors_files import check_safetensors, read_safetensors, write_safetensors
from .creation import array

__all__ = ["genfromtxt", "load", "loadtxt", "npx_save", "npx_savez", "save", "savetxt", "savez", "savez_compressed"]


def save(file, arr):
    """Write an array to a file in NumPy's format, `.npy`.

    Parameters
    ----------
    file : str, path or binary file
        A name gets the ending `.npy` if it has it not. (`npx.save` takes it as it is.) A file that is there is replaced when the
        new one is complete.
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
    data = _data("save", arr)
    with replacing(_ending(file, ".npy")) as opened:
        write_npy(opened, data)


def savez(file, /, *args, **kwds):
    """Write several arrays to one file, `.npz`.

    Parameters
    ----------
    file : str, path or binary file
        A name gets the ending `.npz` if it has it not. (`npx.savez` takes it as it is.) A file that is there is replaced when the
        new one is complete.
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
    _write_zip(_ending(file, ".npz"), _named("savez", args, kwds))


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


def npx_save(file, arr, format=None, metadata=None):
    """Write an array, or several, to a file, under exactly the name given.

    Parameters
    ----------
    file : str, path or binary file
        A file that is there is replaced when the new one is complete.
    arr : ndarray, list of ndarray, or dict of str to ndarray
        `load` gives back the same, but a list of one as an array.
    format : {'npy', 'npz', 'params', 'safetensors'}, optional
        By default 'safetensors' if the name ends in `.safetensors`, and otherwise what MXNet writes: NumPy's `.npy` for an array,
        NumPy's `.npz` for a dictionary (`save_parameters` of MXNet 2 does so too, whatever the name), and for a list its own
        binary format, which is that of MXNet 1's `.params`.
    metadata : dict of str to str, optional
        Goes into the head of a safetensors file.

    Raises
    ------
    ValueError, TypeError
        If the format cannot hold it. Nothing is written then.

    Examples
    --------
    >>> import io
    >>> from mxnet import np, npx
    >>> file = io.BytesIO()
    >>> npx.save(file, {'weight': np.ones(2)}, format='safetensors')
    >>> _ = file.seek(0)
    >>> npx.load(file)
    {'weight': array([1., 1.])}
    """
    if format is None:
        if isinstance(file, str | os.PathLike) and os.fspath(file).endswith(".safetensors"):
            format = "safetensors"
        else:
            format = {dict: "npz", list: "params", tuple: "params"}.get(type(arr), "npy")
    if metadata is not None and format != "safetensors":
        raise ValueError(f"save: metadata goes into files of format 'safetensors', not {format!r}")
    if isinstance(arr, dict):
        if not all(isinstance(name, str) for name in arr):
            raise TypeError("save: the keys of a dictionary of arrays are str")
        content = {name: _array_data(value) for name, value in arr.items()}
    elif isinstance(arr, list | tuple):
        content = [_array_data(value) for value in arr]
    else:
        content = _data("save", arr)
    if format == "npy" and isinstance(content, np.ndarray):
        write, arguments = write_npy, (content,)
    elif format == "npz" and isinstance(content, dict):
        write, arguments = write_npz, (content,)
    elif format == "safetensors" and isinstance(content, dict):
        check_safetensors("save", content, metadata or {})
        write, arguments = write_safetensors, (content, metadata or {})
    elif format == "params":
        arrays = list(content.values()) if isinstance(content, dict) else [content] if isinstance(content, np.ndarray) else content
        check_params("save", arrays)
        write, arguments = write_params, (arrays, list(content) if isinstance(content, dict) else ())
    elif format in ("npy", "npz", "safetensors"):
        holds = "one array" if format == "npy" else "a dictionary of str to ndarray"
        raise ValueError(f"save: a file of format {format!r} holds {holds}, and arr is of type {type(arr).__name__}")
    else:
        raise ValueError(f"save: format is one of 'npy', 'npz', 'params' and 'safetensors', not {format!r}")
    with replacing(file) as opened:
        write(opened, *arguments)


def npx_savez(file, /, *args, **kwds):
    """Write several arrays to one file, `.npz`, under exactly the name given; otherwise as `np.savez`."""
    _write_zip(file, _named("savez", args, kwds))


def load(file, *, return_metadata=False):
    """What a file holds, which is known by its first bytes: `.npy`, `.npz`, MXNet's binary `.params`, or safetensors.

    Parameters
    ----------
    file : str, path or binary file
        Open files of `.npy` and `.params` are read from where they stand to the end of what was saved.
    return_metadata : bool, optional
        Whether the metadata of a safetensors file is wanted as well; that of other files is empty.

    Returns
    -------
    ndarray, list of ndarray, or dict of str to ndarray
        An array of an `.npy` file, and of a `.params` file that has one without a name; a list of a `.params` file without names;
        otherwise a dictionary. Names are as they stand in the file, with `arg:` and `aux:` if it has them. bfloat16 becomes
        float32, which holds the same numbers.
    metadata : dict of str to str
        Only if `return_metadata` is set.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is of another kind, or damaged; if it has pickled objects in it, which are not read; or if an array in it is sparse.

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
    if isinstance(file, str | os.PathLike):
        with open(file, "rb") as opened:
            content, metadata = _read(Reader(opened, repr(os.fspath(file))))
    else:
        content, metadata = _read(Reader(file, f"{getattr(file, 'name', file)!r:.200}"))
    if isinstance(content, dict):
        content = {name: wrap(data) for name, data in content.items()}
    elif isinstance(content, list):
        content = [wrap(data) for data in content]
    else:
        content = wrap(content)
    return (content, metadata) if return_metadata else content


def _read(reader):
    """The raw array or arrays, and the metadata."""
    head = reader.peek(9)
    if head.startswith(NPY):
        return read_npy(reader), {}
    if head.startswith(ZIP):
        return read_npz(reader), {}
    if head.startswith(PARAMS):
        content = read_params(reader)
        return content[0] if isinstance(content, list) and len(content) == 1 else content, {}
    if head.endswith(b"{") and len(head) == 9:
        return read_safetensors(reader)
    raise reader.damaged("no .npy, .npz, .params or .safetensors file starts like this; pickles and others are not read")


def _data(name, value):
    """The raw array to be written."""
    data = value._data if isinstance(value, Array) else np.asarray(raw(value))
    try:
        as_dtype(data.dtype)
    except TypeError as error:
        raise TypeError(f"{name}: {error}") from None
    return data


def _array_data(value):
    """The raw array to be written, of a member of a list or dictionary."""
    if not isinstance(value, Array | np.ndarray):
        raise TypeError(f"save: lists and dictionaries hold arrays, not {type(value).__name__}; np.array(…) makes one")
    return _data("save", value)


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


def _write_zip(file, arrays, compression=zipfile.ZIP_STORED):
    with replacing(file) as opened:
        write_npz(opened, arrays, compression)


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
