"""Pooling: one number for each window of an image, its largest or its mean."""

from ... import numpy_extension as npx
from ..block import HybridBlock
from .arguments import known_layout, per_axis

__all__ = [
    "AvgPool1D",
    "AvgPool2D",
    "AvgPool3D",
    "GlobalAvgPool1D",
    "GlobalAvgPool2D",
    "GlobalAvgPool3D",
    "GlobalMaxPool1D",
    "GlobalMaxPool2D",
    "GlobalMaxPool3D",
    "MaxPool1D",
    "MaxPool2D",
    "MaxPool3D",
]


class _Pooling(HybridBlock):
    """Windows, and what becomes of the numbers in each."""

    _old_kind = "pool"

    def __init__(self, pool_type, axes, pool_size, strides, padding, layout, ceil_mode, kwargs, count_include_pad=None):
        super().__init__(**kwargs)
        name = type(self).__name__
        self._options = {
            "kernel": per_axis(name, "pool_size", pool_size, axes, 1),
            "stride": per_axis(name, "strides", pool_size if strides is None else strides, axes, 1),
            "pad": per_axis(name, "padding", padding, axes, 0),
            "pool_type": pool_type,
            "pooling_convention": "full" if ceil_mode else "valid",
            "global_pool": False,
            "count_include_pad": count_include_pad,
            "layout": known_layout(name, layout, axes),
        }

    def forward(self, x):
        return npx.pooling(x, **self._options)

    def __repr__(self):
        options = self._options
        sizes = f"size={options['kernel']}, stride={options['stride']}, padding={options['pad']}"
        kind = f"ceil_mode={options['pooling_convention'] == 'full'}, global_pool={options['global_pool']}"
        return f"{type(self).__name__}({sizes}, {kind}, pool_type={options['pool_type']}, layout={options['layout']})"


class _GlobalPooling(_Pooling):
    """One window, all of the image."""

    def __init__(self, pool_type, axes, layout, kwargs):
        super().__init__(pool_type, axes, 1, None, 0, layout, True, kwargs)
        self._options["global_pool"] = True


class MaxPool1D(_Pooling):
    """The largest number of each window that slides over sequences.

    Parameters are those of `MaxPool2D`, for one spatial axis; `layout` is 'NCW' or 'NWC'.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.MaxPool1D()(np.array([[[1, 5, 2, 3]]]))
    array([[[5., 3.]]])
    """

    def __init__(self, pool_size=2, strides=None, padding=0, layout="NCW", ceil_mode=False, **kwargs):
        super().__init__("max", 1, pool_size, strides, padding, layout, ceil_mode, kwargs)


class MaxPool2D(_Pooling):
    """The largest number of each window that slides over images.

    Parameters
    ----------
    pool_size : int or tuple of int
        The size of the windows.
    strides : int or tuple of int, optional
        From one window to the next; by default windows lie side by side.
    padding : int or tuple of int
        How far windows reach over either side, less than `pool_size`.
    layout : {'NCHW', 'NHWC'}
        The axes of input and result: batch, channels, height, width.
    ceil_mode : bool
        Whether there is a last window where it would not be whole.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.MaxPool2D()(np.arange(16).reshape(1, 1, 4, 4))
    array([[[[ 5.,  7.],
             [13., 15.]]]])
    """

    def __init__(self, pool_size=(2, 2), strides=None, padding=0, layout="NCHW", ceil_mode=False, **kwargs):
        super().__init__("max", 2, pool_size, strides, padding, layout, ceil_mode, kwargs)


class MaxPool3D(_Pooling):
    """The largest number of each window that slides over volumes.

    Parameters are those of `MaxPool2D`, for three spatial axes; `layout` is 'NCDHW' or 'NDHWC'.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.MaxPool3D()(np.arange(8).reshape(1, 1, 2, 2, 2))
    array([[[[[7.]]]]])
    """

    def __init__(self, pool_size=(2, 2, 2), strides=None, padding=0, ceil_mode=False, layout="NCDHW", **kwargs):
        super().__init__("max", 3, pool_size, strides, padding, layout, ceil_mode, kwargs)


class AvgPool1D(_Pooling):
    """The mean of each window that slides over sequences.

    Parameters are those of `AvgPool2D`, for one spatial axis; `layout` is 'NCW' or 'NWC'.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.AvgPool1D()(np.array([[[1, 5, 2, 3]]]))
    array([[[3. , 2.5]]])
    """

    def __init__(self, pool_size=2, strides=None, padding=0, layout="NCW", ceil_mode=False, count_include_pad=True, **kwargs):
        super().__init__("avg", 1, pool_size, strides, padding, layout, ceil_mode, kwargs, count_include_pad)


class AvgPool2D(_Pooling):
    """The mean of each window that slides over images.

    Parameters
    ----------
    pool_size, strides, padding, ceil_mode, layout
        See `MaxPool2D`.
    count_include_pad : bool
        Whether the zeros of the padding count.
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.AvgPool2D()(np.arange(16).reshape(1, 1, 4, 4))
    array([[[[ 2.5,  4.5],
             [10.5, 12.5]]]])
    """

    def __init__(self, pool_size=(2, 2), strides=None, padding=0, ceil_mode=False, layout="NCHW", count_include_pad=True, **kwargs):
        super().__init__("avg", 2, pool_size, strides, padding, layout, ceil_mode, kwargs, count_include_pad)


class AvgPool3D(_Pooling):
    """The mean of each window that slides over volumes.

    Parameters are those of `AvgPool2D`, for three spatial axes; `layout` is 'NCDHW' or 'NDHWC'.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.AvgPool3D()(np.arange(8).reshape(1, 1, 2, 2, 2))
    array([[[[[3.5]]]]])
    """

    def __init__(
        self, pool_size=(2, 2, 2), strides=None, padding=0, ceil_mode=False, layout="NCDHW", count_include_pad=True, **kwargs
    ):
        super().__init__("avg", 3, pool_size, strides, padding, layout, ceil_mode, kwargs, count_include_pad)


class GlobalMaxPool1D(_GlobalPooling):
    """The largest number of each channel of sequences, whose spatial axes then have length 1.

    Parameters
    ----------
    layout : {'NCW', 'NWC'}
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.GlobalMaxPool1D()(np.array([[[1, 5, 2, 3]]]))
    array([[[5.]]])
    """

    def __init__(self, layout="NCW", **kwargs):
        super().__init__("max", 1, layout, kwargs)


class GlobalMaxPool2D(_GlobalPooling):
    """The largest number of each channel of images, whose spatial axes then have length 1.

    Parameters
    ----------
    layout : {'NCHW', 'NHWC'}
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.GlobalMaxPool2D()(np.arange(16).reshape(1, 1, 4, 4))
    array([[[[15.]]]])
    """

    def __init__(self, layout="NCHW", **kwargs):
        super().__init__("max", 2, layout, kwargs)


class GlobalMaxPool3D(_GlobalPooling):
    """The largest number of each channel of volumes, whose spatial axes then have length 1.

    Parameters
    ----------
    layout : {'NCDHW', 'NDHWC'}
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.GlobalMaxPool3D()(np.arange(8).reshape(1, 1, 2, 2, 2))
    array([[[[[7.]]]]])
    """

    def __init__(self, layout="NCDHW", **kwargs):
        super().__init__("max", 3, layout, kwargs)


class GlobalAvgPool1D(_GlobalPooling):
    """The mean of each channel of sequences, whose spatial axes then have length 1.

    Parameters
    ----------
    layout : {'NCW', 'NWC'}
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.GlobalAvgPool1D()(np.array([[[1, 5, 2, 3]]]))
    array([[[2.75]]])
    """

    def __init__(self, layout="NCW", **kwargs):
        super().__init__("avg", 1, layout, kwargs)


class GlobalAvgPool2D(_GlobalPooling):
    """The mean of each channel of images, whose spatial axes then have length 1.

    Parameters
    ----------
    layout : {'NCHW', 'NHWC'}
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.GlobalAvgPool2D()(np.arange(16).reshape(1, 1, 4, 4))
    array([[[[7.5]]]])
    """

    def __init__(self, layout="NCHW", **kwargs):
        super().__init__("avg", 2, layout, kwargs)


class GlobalAvgPool3D(_GlobalPooling):
    """The mean of each channel of volumes, whose spatial axes then have length 1.

    Parameters
    ----------
    layout : {'NCDHW', 'NDHWC'}
    **kwargs
        See `Block`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.GlobalAvgPool3D()(np.arange(8).reshape(1, 1, 2, 2, 2))
    array([[[[[3.5]]]]])
    """

    def __init__(self, layout="NCDHW", **kwargs):
        super().__init__("avg", 3, layout, kwargs)
