"""Where files with the weights of well-known networks lie; nothing is downloaded."""

import os
import re

from ..utils import under_home

__all__ = ["get_model_file"]


def get_model_file(name, root="~/.mxnet/models"):
    """The path of the file with a network's weights: `NAME.params`, or `NAME-xxxxxxxx.params` with eight hexadecimal digits.

    Parameters
    ----------
    name : str
        The network, as `vision.get_model` calls it.
    root : str or path
        The directory to look in. `~/.mxnet` stands for the environment variable `MXNET_HOME`, if it is set.

    Returns
    -------
    str

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If there are several, and none of them is `NAME.params`.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from mxnet.gluon.model_zoo.model_store import get_model_file
    >>> with tempfile.TemporaryDirectory() as root:
    ...     path = pathlib.Path(root, "alexnet-0123abcd.params")
    ...     path.touch()
    ...     get_model_file("alexnet", root) == str(path)
    True
    """
    root = under_home(root)
    files = sorted(os.listdir(root)) if os.path.isdir(root) else []
    found = [file for file in files if re.fullmatch(re.escape(name) + r"(-[0-9a-f]{8})?\.params", file)]
    if f"{name}.params" in found:
        found = [f"{name}.params"]
    if not found:
        raise FileNotFoundError(
            f"there are no weights of {name} in {root}, neither {name}.params nor {name}-xxxxxxxx.params as MXNet names its files, "
            "and nothing is downloaded. Put the file there, or write root=…, the directory that has it; or leave pretrained=True "
            "out and call net.load_parameters(file)"
        )
    if len(found) > 1:
        raise ValueError(f"there are several files with weights of {name} in {root}: {', '.join(found)}; call one {name}.params")
    return os.path.join(root, found[0])
