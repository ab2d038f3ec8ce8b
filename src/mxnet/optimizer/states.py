"""Trees of arrays as bytes, and back.

The bytes are a ZIP archive, NumPy's `.npz`: an array `tree`, which holds JSON, and the arrays that it counts. Reading them runs
no code, and every part has a check sum.
"""

import io
import json

import numpy

from .. import numpy as np
from ..files.binary import Reader
from ..files.numpy_files import ZIP, read_npz
from ..registry import listed

__all__ = ["dumps", "loads"]


def dumps(name, tree):
    """The bytes of a tree of arrays, numbers, texts, None, lists, tuples and dicts.

    Parameters
    ----------
    name : str
        Of the calling function, for errors.
    tree

    Raises
    ------
    TypeError
        If there is another thing in the tree.
    """
    arrays = []
    text = json.dumps(_encoded(name, tree, arrays)).encode()
    stream = io.BytesIO()
    numpy.savez(stream, tree=numpy.frombuffer(text, numpy.uint8), **{f"{i}": array for i, array in enumerate(arrays)})
    return stream.getvalue()


def loads(called, data):
    """The tree of which `dumps` made the bytes, which messages call by `called`.

    Raises
    ------
    TypeError
        For anything but bytes.
    ValueError
        For bytes that are damaged or of another kind.
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise TypeError(f"{called}: the bytes of get_states are needed, not {type(data).__name__}")
    data = bytes(data)
    if data[:1] == b"\x80":
        raise ValueError(
            f"{called}: this is a pickle, as MXNet writes them. Reading a pickle can run any code, so it is not read here. "
            "Where MXNet is installed, read it there and write the arrays with numpy.savez; here, put them into updater.states"
        )
    if not data.startswith(ZIP):
        raise ValueError(f"{called}, byte 0: states of an optimiser start with {ZIP[0]!r}, and this with {data[:8]!r}")
    try:
        arrays = read_npz(Reader(io.BytesIO(data), called))
    except ValueError as error:
        raise ValueError(str(error).removeprefix("load: ")) from None
    if "tree" not in arrays:
        raise ValueError(f"{called}: this archive holds {listed(arrays, 4)}, as files of parameters do, and no states")
    try:
        return _decoded(json.loads(arrays["tree"].tobytes()), arrays)
    except Exception as error:  # JSON of another kind fails in many ways
        raise ValueError(f"{called}: these are no states of an optimiser ({type(error).__name__}: {error})") from None


def _encoded(name, tree, arrays):
    """The tree in JSON's types; arrays go to the list `arrays`."""
    if tree is None or isinstance(tree, bool | int | float | str):
        return tree
    if isinstance(tree, numpy.generic):
        return tree.item()
    if isinstance(tree, np.ndarray) or (isinstance(tree, numpy.ndarray) and tree.dtype.kind in "biufc"):
        arrays.append(numpy.asarray(tree))
        return {"array" if isinstance(tree, np.ndarray) else "numpy": len(arrays) - 1}
    if isinstance(tree, list | tuple):
        return {"tuple" if isinstance(tree, tuple) else "list": [_encoded(name, part, arrays) for part in tree]}
    if isinstance(tree, dict):
        return {"dict": [[_encoded(name, part, arrays) for part in pair] for pair in tree.items()]}
    raise TypeError(
        f"{name}: states are arrays, numbers, texts, None, and lists, tuples and dicts of them; "
        f"here is a {type(tree).__name__}: {tree!r:.60}"
    )


def _decoded(tree, arrays):
    if not isinstance(tree, dict):
        return tree
    ((kind, content),) = tree.items()
    if kind in ("array", "numpy"):
        array = arrays[f"{content}"]
        return np.array(array, dtype=array.dtype) if kind == "array" else array
    if kind == "dict":
        return {_decoded(key, arrays): _decoded(value, arrays) for key, value in content}
    return {"tuple": tuple, "list": list}[kind](_decoded(part, arrays) for part in content)
