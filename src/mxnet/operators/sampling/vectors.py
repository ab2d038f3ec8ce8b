"""Normally distributed vectors whose components vary together."""

import numpy as np

from ...core.operator import wrap
from ...core.state import is_recording
from ...device import resolve
from ..creation import as_shape
from ..decompositions import cholesky
from ..shaping import expand_dims, squeeze
from .arguments import NUMBERS, as_parameter, delivered, documented, float_dtype
from .streams import generator


@documented(
    size="How many vectors for each distribution: what comes before their shape in that of the result.",
    returns="ndarray, shape (*size, ..., k)",
)
def multivariate_normal(mean, cov, size=None, check_valid=None, tol=None, dtype=None, device=None, out=None, ctx=None):
    """Vectors from normal distributions of several dimensions.

    A sample is mean + L z, with L from the Cholesky decomposition of the covariance: differentiable in both.

    Parameters
    ----------
    mean : ndarray, shape (..., k)
    cov : ndarray, shape (..., k, k)
        The covariances: symmetric, with no eigenvalue below 0. For a gradient every one must be above.
    check_valid, tol : optional
        Accepted, and without effect: covariances are always checked.

    Raises
    ------
    ValueError
        If shapes do not match or an eigenvalue of a covariance is below 0.

    Examples
    --------
    >>> from mxnet import np
    >>> np.random.multivariate_normal(np.zeros(2), np.array([[2, 1], [1, 2]]), size=3).shape
    (3, 2)
    """
    resolve(device, ctx)
    dtype = float_dtype("multivariate_normal", dtype)
    working = np.dtype(np.float32) if dtype.itemsize == 2 else dtype
    mean, cov = [wrap(np.asarray(x)) if type(x) in NUMBERS else x for x in (_as(mean), _as(cov))]
    fits = cov.ndim >= 2 and mean.shape[-1:] == cov.shape[-1:] == cov.shape[-2:-1]
    try:
        batch = np.broadcast_shapes(mean.shape[:-1], cov.shape[:-2])
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(f"multivariate_normal: mean of shape (..., k) and cov (..., k, k), not {mean.shape} and {cov.shape}")
    size = () if size is None else as_shape("multivariate_normal", size)
    root = _root(cov.astype(working, copy=False))
    noise = wrap(np.asarray(generator().standard_normal((*size, *batch, mean.shape[-1]), working)))
    moved = noise @ root.mT if root.ndim == 2 else squeeze(root @ expand_dims(noise, -1), -1)
    return delivered("multivariate_normal", mean.astype(working, copy=False) + moved, dtype, out)


def _as(value):
    return as_parameter("multivariate_normal", value)


def _root(cov):
    """A matrix L with L Lᵀ the covariance."""
    try:
        return cholesky(cov)
    except np.linalg.LinAlgError:
        if cov._node is not None and is_recording():
            raise
    values, vectors = np.linalg.eigh(cov._data)
    if not np.all(values >= -1e-5 * np.abs(values).max(axis=-1, keepdims=True)):
        raise ValueError(f"multivariate_normal: cov has an eigenvalue below 0: {values.min()}")
    return wrap(vectors * np.sqrt(np.maximum(values, 0))[..., None, :])
