"""What training loops use besides: batches split among devices, gradients clipped by their norm, files downloaded and checked."""

import contextlib
import hashlib
import itertools
import math
import os
import time
import warnings

import numpy

from .. import autograd
from .. import numpy as np
from ..files.atomic import replacing

__all__ = ["check_sha1", "clip_global_norm", "download", "replace_file", "split_and_load", "split_data"]


def split_data(data, num_slice, batch_axis=0, even_split=True):
    """Split a batch into parts of consecutive samples.

    Parameters
    ----------
    data : ndarray
    num_slice : int
        How many parts.
    batch_axis : int
        The axis along which the samples lie.
    even_split : bool
        Whether all parts must be of one size. With False the first ones have a sample more where the number does not divide.

    Returns
    -------
    list of ndarray

    Raises
    ------
    ValueError
        If they are to be of one size and cannot be.

    Examples
    --------
    >>> from mxnet import gluon, np
    >>> gluon.utils.split_data(np.arange(5), 2, even_split=False)
    [array([0., 1., 2.]), array([3., 4.])]
    """
    if not isinstance(num_slice, int | numpy.integer) or num_slice < 1:
        raise ValueError(f"split_data: num_slice is a whole number above 0, not {num_slice!r}")
    if not -data.ndim <= batch_axis < data.ndim:
        raise ValueError(f"split_data: data of shape {data.shape} has no axis {batch_axis}")
    batch_axis %= data.ndim
    size, rest = divmod(data.shape[batch_axis], num_slice)
    if rest and even_split:
        raise ValueError(
            f"split_data: data of shape {data.shape} has {data.shape[batch_axis]} samples along axis {batch_axis}, which make no"
            f" {num_slice} parts of one size; choose a batch size that {num_slice} divides, or write even_split=False"
        )
    starts = [i * size + min(i, rest) for i in range(num_slice + 1)]
    before = (slice(None),) * batch_axis
    return [data[(*before, slice(*ends))] for ends in itertools.pairwise(starts)]


def split_and_load(data, ctx_list=None, batch_axis=0, even_split=True, devices=None):
    """Split a batch into one part for each device, and bring it there.

    Parameters
    ----------
    data : ndarray
        What is not an `np` array becomes one, by `np.array(data)`.
    ctx_list : list of Device
        A device may be in it twice.
    batch_axis, even_split
        See `split_data`.
    devices : list of Device, optional
        Another name of `ctx_list`.

    Returns
    -------
    list of ndarray

    Examples
    --------
    >>> from mxnet import cpu, gluon, np
    >>> gluon.utils.split_and_load(np.arange(4), [cpu(0), cpu(1)])
    [array([0., 1.]), array([2., 3.])]
    """
    ctx_list = devices if ctx_list is None else ctx_list
    if not isinstance(ctx_list, list | tuple) or not ctx_list:
        raise TypeError(f"split_and_load: takes a list of devices, such as [mx.cpu()], not {ctx_list!r}")
    data = data if isinstance(data, np.ndarray) else np.array(data)
    parts = split_data(data, len(ctx_list), batch_axis, even_split)
    return [part.as_in_ctx(device) for part, device in zip(parts, ctx_list, strict=True)]


def clip_global_norm(arrays, max_norm, check_isfinite=True):
    """Scale arrays in place, all by one factor, so that the norm of all numbers in them, √Σ a², is `max_norm` at most.

    Parameters
    ----------
    arrays : list of ndarray
        Usually gradients, of any float dtypes. One that is listed twice counts once.
    max_norm : float
    check_isfinite : bool
        Whether to warn where the norm is infinite or not a number. Such arrays stay as they are.

    Returns
    -------
    float or ndarray
        The norm before; with `check_isfinite=False` an array of shape (1,), as in MXNet.

    Examples
    --------
    >>> from mxnet import gluon, np
    >>> gradients = [np.array([3.0]), np.array([4.0])]
    >>> gluon.utils.clip_global_norm(gradients, 1)
    5.0
    >>> gradients
    [array([0.6]), array([0.8])]
    """
    arrays = list({id(array): array for array in arrays}.values())
    if not arrays:
        raise ValueError("clip_global_norm: there are no arrays")
    if not max_norm >= 0:
        raise ValueError(f"clip_global_norm: max_norm is 0 or more, not {max_norm!r}")
    for array in arrays:
        if not isinstance(array, np.ndarray) or array.dtype.kind not in "fc":
            kind = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
            raise TypeError(f"clip_global_norm: takes a list of np arrays of a float dtype; one is {kind}")
    norm = math.sqrt(math.fsum(map(square, arrays)))
    if check_isfinite and not math.isfinite(norm):
        warnings.warn(f"clip_global_norm: the norm is {norm}, so nothing was scaled", UserWarning, stacklevel=2)
    elif max_norm < norm < math.inf:
        with autograd.pause():
            for array in arrays:
                array *= max_norm / norm
    return norm if check_isfinite else np.array([norm])


def square(array):
    """Σ |a|², finite also where the dtype of the array cannot hold it."""
    data = numpy.asarray(array)
    data = data.astype(numpy.float32) if data.dtype == numpy.float16 else data
    total = float(numpy.vdot(data, data).real)
    if not math.isfinite(total):  # perhaps only in float32
        data = data.astype(numpy.result_type(data.dtype, numpy.float64))
        total = float(numpy.vdot(data, data).real)
    return total


# --- files ------------------------------------------------------------------------------------------------------------------------


def check_sha1(filename, sha1_hash):
    """Whether a file has the SHA-1 hash `sha1_hash`, in hexadecimal digits.

    Examples
    --------
    >>> from mxnet import gluon
    >>> import os
    >>> gluon.utils.check_sha1(os.devnull, "da39a3ee5e6b4b0d3255bfef95601890afd80709")
    True
    """
    with open(filename, "rb") as file:
        return _digest(file, "sha1") == sha1_hash.lower()


def _digest(file, algorithm):
    return hashlib.file_digest(file, lambda: hashlib.new(algorithm, usedforsecurity=False)).hexdigest()


def replace_file(src, dst):
    """Move a file to `dst` at once, in place of what is there; both are on one file system."""
    os.replace(src, dst)


def download(url, path=None, overwrite=False, sha1_hash=None, retries=5, verify_ssl=True, progress=True):
    """Fetch a file, whole or not at all.

    Parameters
    ----------
    url : str
        `https:`, `http:` or `file:`.
    path : str, optional
        Where to: a file, or a directory that exists. By default the current directory, with the last part of `url` as name.
    overwrite : bool
        Whether to fetch what is there already, and has the right hash.
    sha1_hash : str, optional
        In hexadecimal digits; what has another one is not kept.
    retries : int
        How often to try again.
    verify_ssl : bool
        False trusts a server whose certificate cannot be checked, with a warning.
    progress : bool
        Whether `tqdm`, where it is installed, draws a progress bar on a terminal.

    Returns
    -------
    str
        The path of the file.

    Raises
    ------
    OSError
        If the file cannot be fetched (`urllib.error.URLError`).
    ValueError
        If it has another hash. In both cases what was at `path` is still there.

    Examples
    --------
    >>> from mxnet import gluon
    >>> gluon.utils.download("https://example.org/net.params", "models/")  # doctest: +SKIP
    'models/net.params'
    """
    return fetch(url, path, overwrite, ("sha1", sha1_hash) if sha1_hash else None, retries, verify_ssl, progress)


def under_home(root):
    """A directory as a path that can be opened; `~/.mxnet` stands for the environment variable `MXNET_HOME`, if it is set."""
    root = os.fspath(root)
    home = os.environ.get("MXNET_HOME")
    if home and root.startswith("~/.mxnet/"):
        root = os.path.join(home, root.removeprefix("~/.mxnet/"))
    return os.path.expanduser(root)


def fetch(url, path, overwrite=False, digest=None, retries=5, verify_ssl=True, progress=True):
    """`download`, checked by a pair (algorithm, hexadecimal digits)."""
    path = os.path.expanduser("." if path is None else os.fspath(path))
    if os.path.isdir(path):
        name = url.split("?")[0].rsplit("/", 1)[-1]
        if not name:
            raise ValueError(f"download: {url!r} ends in no name of a file; give one as path=")
        path = os.path.join(path, name) if path != "." else name
    if not overwrite and os.path.isfile(path):
        if digest is None:
            return path
        with open(path, "rb") as file:
            if _digest(file, digest[0]) == digest[1].lower():
                return path
    if not isinstance(retries, int) or retries < 0:
        raise ValueError(f"download: retries is a whole number from 0 on, not {retries!r}")
    context = None
    if not verify_ssl:
        import ssl

        warnings.warn("download: verify_ssl=False trusts any server", UserWarning, stacklevel=3)
        context = ssl._create_unverified_context()  # what Python's documentation names for this
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    for attempt in range(retries + 1):
        try:
            _fetch_once(url, path, digest, context, progress)
            break
        except OSError as error:
            if attempt == retries or not _is_passing(error):
                raise
            print(f"download of {url} failed ({error}), trying again")
            time.sleep(0.2 * 2**attempt)
    return path


def _is_passing(error):
    """Whether another try could go well."""
    import socket

    reason, code = getattr(error, "reason", error), getattr(error, "code", 500)
    is_final = isinstance(reason, FileNotFoundError | IsADirectoryError | PermissionError | socket.gaierror)
    return not is_final and (code >= 500 or code in (408, 429))


def _fetch_once(url, path, digest, context, progress):
    from http.client import HTTPException
    from urllib.request import urlopen

    with urlopen(url, timeout=60, context=context) as answer, replacing(path) as file:
        size = answer.headers.get("Content-Length")
        got, found = 0, hashlib.new(digest[0], usedforsecurity=False) if digest else None
        with _shown(answer, size, os.path.basename(path), progress) as source:
            try:
                while part := source.read(1 << 18):
                    file.write(part)
                    got += len(part)
                    if digest:
                        found.update(part)
            except HTTPException as error:
                raise OSError(f"download: {url} broke off after {got} bytes") from error
        if size is not None and got != int(size):
            raise OSError(f"download: {url} broke off after {got} of {size} bytes")
        if digest and found.hexdigest() != digest[1].lower():
            raise ValueError(
                f"download: what {url} holds has the {digest[0].upper()} hash {found.hexdigest()}, not {digest[1]}; it was not kept"
            )


def _shown(answer, size, name, progress):
    """`answer` to read from, with a progress bar where one can be drawn."""
    try:
        if progress:
            from tqdm.auto import tqdm

            return tqdm.wrapattr(answer, "read", int(size) if size else None, desc=name, disable=None)
    except ImportError:
        pass
    return contextlib.nullcontext(answer)
