"""Layers that only arrange numbers anew: `PixelShuffle1D` to `3D`, and `ReflectionPad2D`."""

from ... import numpy as np
from ..block import HybridBlock
from .arguments import per_axis

__all__ = ["PixelShuffle1D", "PixelShuffle2D", "PixelShuffle3D", "ReflectionPad2D"]


class _PixelShuffle(HybridBlock):
    """Channels become places: (batch, channels · ∏ factors, *size) becomes (batch, channels, *(factors · size))."""

    def __init__(self, axes, factor):
        super().__init__()
        self._factors = per_axis(type(self).__name__, "factor", factor, axes, 1)

    def forward(self, x):
        factors, name = self._factors, type(self).__name__
        axes = len(factors)
        if x.ndim != axes + 2:
            raise ValueError(f"{name} takes inputs with the axes {('NCW', 'NCHW', 'NCDHW')[axes - 1]}, not of shape {x.shape}")
        batch, channels, *size = x.shape
        rest = channels
        for factor in factors:
            rest, remainder = divmod(rest, factor)
            if remainder:
                raise ValueError(f"{name}: the factors {factors} do not divide the {channels} channels of the input")
        pairs = [axis for i in range(axes) for axis in (2 + axes + i, 2 + i)]
        out = x.reshape(batch, rest, *factors, *size).transpose(0, 1, *pairs)
        return out.reshape(batch, rest, *(factor * n for factor, n in zip(factors, size, strict=True)))


class PixelShuffle1D(_PixelShuffle):
    """Up-sampling that makes places out of channels: (batch, f · channels, width) becomes (batch, channels, f · width).

    Parameters
    ----------
    factor : int
        f.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.PixelShuffle1D(2)(np.array([[[1, 2, 3], [10, 20, 30]]]))
    array([[[ 1., 10.,  2., 20.,  3., 30.]]])
    """

    def __init__(self, factor):
        super().__init__(1, factor)

    def __repr__(self):
        return f"PixelShuffle1D({self._factors[0]})"


class PixelShuffle2D(_PixelShuffle):
    """Up-sampling that makes places out of channels (Shi et al., 2016, arXiv:1609.05158).

    (batch, f₁ f₂ · channels, height, width) becomes (batch, channels, f₁ · height, f₂ · width).

    Parameters
    ----------
    factor : int or (int, int)
        f₁ and f₂.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.PixelShuffle2D((2, 1))(np.array([[[[1, 2]], [[10, 20]]]]))
    array([[[[ 1.,  2.],
             [10., 20.]]]])
    """

    def __init__(self, factor):
        super().__init__(2, factor)

    def __repr__(self):
        return f"PixelShuffle2D({self._factors})"


class PixelShuffle3D(_PixelShuffle):
    """Up-sampling that makes places out of channels.

    (batch, f₁ f₂ f₃ · channels, depth, height, width) becomes (batch, channels, f₁ · depth, f₂ · height, f₃ · width).

    Parameters
    ----------
    factor : int or (int, int, int)
        f₁, f₂ and f₃.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.PixelShuffle3D(2)(np.ones((1, 16, 3, 4, 5))).shape
    (1, 2, 6, 8, 10)
    """

    def __init__(self, factor):
        super().__init__(3, factor)

    def __repr__(self):
        return f"PixelShuffle3D({self._factors})"


class ReflectionPad2D(HybridBlock):
    """A border around images in which they are mirrored at their outermost pixels.

    Parameters
    ----------
    padding : int or tuple of 8 int
        How wide the border is, below height and width of the images; or widths before and after each of the axes NCHW, the first
        four of which are 0.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.ReflectionPad2D(1)(np.arange(4).reshape(1, 1, 2, 2))
    array([[[[3., 2., 3., 2.],
             [1., 0., 1., 0.],
             [3., 2., 3., 2.],
             [1., 0., 1., 0.]]]])
    """

    def __init__(self, padding=0, **kwargs):
        super().__init__(**kwargs)
        if isinstance(padding, tuple | list):
            widths = per_axis("ReflectionPad2D", "padding", padding, 8, 0)
            if any(widths[:4]):
                raise ValueError(f"ReflectionPad2D pads height and width only: the first four numbers are 0, not {widths[:4]}")
        else:
            widths = (0, 0, 0, 0) + per_axis("ReflectionPad2D", "padding", padding, 4, 0)
        self._widths = tuple(zip(widths[::2], widths[1::2], strict=True))

    def forward(self, x):
        if x.ndim != 4:
            raise ValueError(f"ReflectionPad2D takes inputs with the axes NCHW, not of shape {x.shape}")
        if any(max(pair) >= size for pair, size in zip(self._widths[2:], x.shape[2:], strict=True)):
            raise ValueError(f"ReflectionPad2D: the border, {self._widths[2:]}, is narrower than the images, of shape {x.shape}")
        return np.pad(x, self._widths, mode="reflect")
