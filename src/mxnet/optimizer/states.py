"""Trees of arrays as bytes, and back.

The bytes are a ZIP archive, NumPy's `.npz`: an array `tree`, which holds JSON, and the arrays that it counts. Reading them runs
no code, and every part has a check sum.
"""

import io
import json

import numpy

from .. import numpy as np

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


def loads(name, data):
    """The tree of which `dumps` made the bytes.

    Raises
    ------
    TypeError
        For anything but bytes.
    ValueError
        For bytes that are damaged or of another kind.
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise TypeError(f"{name} takes the bytes of get_states, not {type(data).__name__}")
    data = bytes(data)
    if data[:1] == b"\x80":
        raise ValueError(
            f"{name}: these bytes are a pickle, as MXNet writes them. Reading a pickle can run any code, so it is not read here. "
            "Where MXNet is installed, read it there and write the arrays with numpy.savez; here, put them into updater.states"
        )
    try:
        with numpy.load(io.BytesIO(data), allow_pickle=False) as archive:
            tree = json.loads(archive["tree"].tobytes())
            return _decoded(tree, archive)
    except Exception as error:  # damaged bytes fail in many ways
        raise ValueError(
            f"{name}: these bytes are damaged, or no states of an optimiser ({type(error).__name__}: {error})"
        ) from None


def _encoded(name, tree, arrays):
    """The tree in JSON's types; arrays go to the list `arrays`."""
    if tree is None or isinstance(tree, bool | int | float | str):
        return tree
    if isinstance(tree, numpy.generic):
        return tree.item()
    if isinstance(tree, np.ndarray | numpy.ndarray):
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


def _decoded(tree, archive):
    if not isinstance(tree, dict):
        return tree
    ((kind, content),) = tree.items()
    if kind in ("array", "numpy"):
        array = archive[f"{content}"]
        return np.array(array, dtype=array.dtype) if kind == "array" else array
    if kind == "dict":
        return {_decoded(key, archive): _decoded(value, archive) for key, value in content}
    return {"tuple": tuple, "list": list}[kind](_decoded(part, archive) for part in content)
