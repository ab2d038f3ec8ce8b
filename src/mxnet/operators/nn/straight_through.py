"""Steps that gradients pass straight through, as if they were not there: for networks with quantised weights."""

import numpy as np

from ...core.elementwise import elementwise

__all__ = ["round_ste", "sign_ste"]


@elementwise(data=lambda g: g)
def round_ste(data, out=None):
    """The nearest whole number, of two the one farther from 0; the gradient is that of the identity.

    Source: Bengio, Léonard and Courville, "Estimating or Propagating Gradients Through Stochastic Neurons", 2013.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.round_ste(np.array([-1.5, 0.4, 2.5]))
    array([-2.,  0.,  3.])
    """
    return np.copysign(np.floor(np.abs(data) + 0.5), data)


@elementwise(data=lambda g: g)
def sign_ste(data, out=None):
    """-1, 0 or 1, as `np.sign`; the gradient is that of the identity.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.sign_ste(np.array([-1.5, 0, 2.5]))
    array([-1.,  0.,  1.])
    """
    return np.sign(data)
