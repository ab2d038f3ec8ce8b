"""Names that NumPy gave up and users of MXNet still write."""

from .reductions import all, any, prod
from .sorting import sort

__all__ = ["alltrue", "msort", "product", "sometrue"]

alltrue = all
product = prod
sometrue = any


def msort(a):
    """A copy of `a`, sorted along its first axis.

    Examples
    --------
    >>> from mxnet import np
    >>> np.msort(np.array([[3, 1], [2, 4]]))
    array([[2., 1.],
           [3., 4.]])
    """
    return sort(a, axis=0)
