"""Checkpoints, files of a model's parameters by epoch, and what callbacks get to know of a batch."""

from typing import Any, NamedTuple

from . import numpy_extension as npx

__all__ = ["BatchEndParam", "load_params", "save_checkpoint"]

_GONE = {
    "load_checkpoint": "load_params(prefix, epoch) reads the parameters, and gluon.SymbolBlock.imports the network with them",
    "FeedForward": "networks are gluon.HybridBlock, and gluon.Trainer trains them",
}


def __getattr__(name):
    """Say what to write in place of what MXNet 1 had."""
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}" + (f": {_GONE[name]}" if name in _GONE else ""))


class BatchEndParam(NamedTuple):
    """What the callbacks of `mxnet.callback` get to know of a batch; `locals` is for what a caller wants to add.

    Examples
    --------
    >>> from mxnet import callback, model
    >>> report = callback.Speedometer(batch_size=64, frequent=100)
    >>> for i in range(3):
    ...     report(model.BatchEndParam(epoch=0, nbatch=i, eval_metric=None, locals=None))
    """

    epoch: int
    nbatch: int
    eval_metric: Any
    locals: Any


def save_checkpoint(prefix, epoch, symbol, arg_params, aux_params, remove_amp_cast=True):
    """Write the parameters of a model to the file `prefix-NNNN.params`, with the number of the epoch, in MXNet's format.

    Parameters
    ----------
    prefix : str or path
    epoch : int
    symbol : object or None
        Its method `save` is called with the name `prefix-symbol.json`. None for the parameters alone.
    arg_params, aux_params : dict of str to ndarray
        The parameters that are learned, and the others, such as the running means of batch normalisation.
    remove_amp_cast : bool
        Looked at nowhere.

    Raises
    ------
    TypeError
        If there is something else than arrays, or `symbol` has no such method. Nothing is written then.

    Examples
    --------
    >>> import os, tempfile
    >>> from mxnet import model, np
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     prefix = os.path.join(folder, 'net')
    ...     model.save_checkpoint(prefix, 3, None, {'weight': np.ones(2)}, {})
    ...     print(os.listdir(folder), model.load_params(prefix, 3))
    ['net-0003.params'] ({'weight': array([1., 1.])}, {})
    """
    if symbol is not None and not hasattr(symbol, "save"):
        raise TypeError(f"save_checkpoint: a symbol with a method save(path), or None, not {type(symbol).__name__}")
    named = {f"arg:{name}": value for name, value in arg_params.items()}
    named.update({f"aux:{name}": value for name, value in aux_params.items()})
    npx.save(_params_file(prefix, epoch), named, format="params")
    if symbol is not None:
        symbol.save(f"{prefix}-symbol.json")


def load_params(prefix, epoch):
    """The parameters in a file that `save_checkpoint` wrote, here or in MXNet: `arg_params` and `aux_params`.

    Parameters
    ----------
    prefix : str or path
    epoch : int

    Returns
    -------
    tuple of two dict of str to ndarray

    Raises
    ------
    ValueError
        If the file is no such file.
    """
    file = _params_file(prefix, epoch)
    named = npx.load(file)
    if not isinstance(named, dict) or not all(name.startswith(("arg:", "aux:")) for name in named):
        raise ValueError(f"load_params: {file!r} is no checkpoint: its names do not start with arg: or aux:; npx.load reads it")
    arg_params, aux_params = (
        {name.removeprefix(kind): value for name, value in named.items() if name.startswith(kind)} for kind in ("arg:", "aux:")
    )
    return arg_params, aux_params


def _params_file(prefix, epoch):
    return f"{prefix}-{epoch:04d}.params"
