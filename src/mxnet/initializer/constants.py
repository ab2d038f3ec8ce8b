"""Initialisers without chance."""

from .. import numpy as np
from .base import Initializer, alias, register

__all__ = ["Bilinear", "Constant", "One", "Zero"]


@alias("zeros")
@register
class Zero(Initializer):
    """Zeros; also called 'zeros'.

    Examples
    --------
    >>> from mxnet import init
    >>> w = np.ones(2)
    >>> init.Zero()('weight', w)
    >>> w
    array([0., 0.])
    """

    def __init__(self):
        super().__init__()

    def _init_weight(self, name, arr):
        arr[...] = 0


@alias("ones")
@register
class One(Initializer):
    """Ones; also called 'ones'.

    Examples
    --------
    >>> from mxnet import init
    >>> w = np.zeros(2)
    >>> init.One()('weight', w)
    >>> w
    array([1., 1.])
    """

    def __init__(self):
        super().__init__()

    def _init_weight(self, name, arr):
        arr[...] = 1


@register
class Constant(Initializer):
    """One value everywhere, or given values.

    Parameters
    ----------
    value : float or array_like
        Of a shape that broadcasts to the parameter's.

    Examples
    --------
    >>> from mxnet import init
    >>> w = np.empty((2, 2))
    >>> init.Constant([1, 2])('weight', w)
    >>> w
    array([[1., 2.],
           [1., 2.]])
    """

    def __init__(self, value):
        super().__init__(value=value)
        self.value = value

    def _init_weight(self, name, arr):
        arr[...] = self.value


@register
class Bilinear(Initializer):
    """The kernel with which a transposed convolution interpolates linearly between pixels.

    Along an axis of size n, with f = ⌈n/2⌉, it is k(i) = 1 - abs(i/f - (2f - 1 - f mod 2) / 2f), and the kernel is the product
    over its axes, the same for all channels. For upsampling by s the size is 2s - s mod 2, the stride s and the padding ⌈(s-1)/2⌉.

    Raises
    ------
    ValueError
        If the weight has no axes after the two of the channels.

    Notes
    -----
    Long, Shelhamer and Darrell, *Fully convolutional networks for semantic segmentation*, CVPR 2015.

    Examples
    --------
    >>> from mxnet import init
    >>> w = np.empty((1, 1, 4, 4))
    >>> init.Bilinear()('weight', w)
    >>> w[0, 0, :2]
    array([[0.0625, 0.1875, 0.1875, 0.0625],
           [0.1875, 0.5625, 0.5625, 0.1875]])
    """

    def __init__(self):
        super().__init__()

    def _init_weight(self, name, arr):
        if arr.ndim < 3:
            raise ValueError(
                f"Bilinear: {str(name)!r} is the weight of a convolution, (channels, channels, height, width); its shape "
                f"is {arr.shape}"
            )
        kernel = np.ones((), dtype="float64")
        for size in arr.shape[2:]:
            f = -(-size // 2) or 1
            kernel = kernel[..., None] * (1 - np.abs(np.arange(size, dtype="float64") / f - (2 * f - 1 - f % 2) / (2 * f)))
        arr[...] = kernel
