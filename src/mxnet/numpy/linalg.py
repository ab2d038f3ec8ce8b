"""`mxnet.np.linalg`: linear algebra."""

from ..operators.linalg import norm

__all__ = ["norm"]
