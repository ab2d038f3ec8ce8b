"""Cells whose inputs and states are images, in one, two or three dimensions: the products with weights are convolutions."""

from ... import numpy_extension as npx
from ..nn.arguments import known_layout, per_axis, whole
from .gated_cells import GatedCell, GRUStep, LSTMStep, RNNStep, gate_initializers

__all__ = [
    "Conv1DGRUCell",
    "Conv1DLSTMCell",
    "Conv1DRNNCell",
    "Conv2DGRUCell",
    "Conv2DLSTMCell",
    "Conv2DRNNCell",
    "Conv3DGRUCell",
    "Conv3DLSTMCell",
    "Conv3DRNNCell",
]


class _ConvCell(GatedCell):
    """W and R are convolutions with stride 1; that of the state is padded so that the state keeps its size.

    `i2h` has kernel, padding and dilation of W, `h2h` kernel and dilation of R.
    """

    def __init__(self, axes, input_shape, hidden_channels, i2h, h2h, initializers, layout, activation, prefix, params):
        name = type(self).__name__
        # Plain values: `super().__init__` comes last, when all of them are known to fit.
        self._layout = known_layout(name, layout, axes)
        self._axis = layout.index("C")
        self._input_shape = per_axis(name, "input_shape", input_shape, axes + 1, 1)
        words = ("kernel", 1), ("pad", 0), ("dilate", 1)
        kernel, pad, dilate = [per_axis(name, f"i2h_{word}", n, axes, least) for (word, least), n in zip(words, i2h, strict=True)]
        state_kernel, state_dilate = [
            per_axis(name, f"h2h_{word}", n, axes, 1) for word, n in zip(("kernel", "dilate"), h2h, strict=True)
        ]
        if any(k % 2 == 0 for k in state_kernel):
            raise ValueError(f"{name}: h2h_kernel has odd sizes, so that the state can keep its size; not {state_kernel}")
        size = whole(name, "hidden_channels", hidden_channels)
        images = self._input_shape[1:] if self._axis == 1 else self._input_shape[:-1]
        spatial = tuple(n + 2 * p - d * (k - 1) for n, p, d, k in zip(images, pad, dilate, kernel, strict=True))
        if min(spatial) < 1:
            raise ValueError(
                f"{name}: i2h_kernel {kernel}, with dilation {dilate}, is larger than the input, {images} padded by {pad}"
            )
        rows = self.GATES * size
        same = tuple(d * (k - 1) // 2 for d, k in zip(state_dilate, state_kernel, strict=True))
        common = {"num_filter": rows, "layout": layout}
        self._i2h = {"kernel": kernel, "pad": pad, "dilate": dilate, **common}
        self._h2h = {"kernel": state_kernel, "pad": same, "dilate": state_dilate, **common}
        shapes = {
            "i2h_weight": (rows, *self._of_layout(self._input_shape[self._axis - 1], kernel)),
            "h2h_weight": (rows, *self._of_layout(size, state_kernel)),
            "i2h_bias": (rows,),
            "h2h_bias": (rows,),
        }
        states = [self._of_layout(size, spatial)] * self.STATES
        super().__init__(shapes, initializers, states, activation, "sigmoid", prefix, params)

    def _of_layout(self, channels, sizes):
        return (channels, *sizes) if self._axis == 1 else (*sizes, channels)

    def _products(self, inputs, states):
        if inputs.shape[1:] != self._input_shape:
            raise AssertionError(
                f"{type(self).__name__} takes inputs of shape (batch, {', '.join(map(str, self._input_shape))}), as input_shape "
                f"and conv_layout {self._layout!r} say, not {inputs.shape}"
            )
        self._check_states(inputs, states)
        return (
            npx.convolution(inputs, self.i2h_weight.data(), self.i2h_bias.data(), **self._i2h),
            npx.convolution(states[0], self.h2h_weight.data(), self.h2h_bias.data(), **self._h2h),
        )

    def __repr__(self):
        channels, rows = self._input_shape[self._axis - 1], self.i2h_bias.shape[0]
        return f"{type(self).__name__}({channels} -> {rows}, {self._activation}, {self._layout})"


class _Conv1DCell(_ConvCell):
    def __init__(
        self,
        input_shape,
        hidden_channels,
        i2h_kernel,
        h2h_kernel,
        i2h_pad=(0,),
        i2h_dilate=(1,),
        h2h_dilate=(1,),
        i2h_weight_initializer=None,
        h2h_weight_initializer=None,
        i2h_bias_initializer="zeros",
        h2h_bias_initializer="zeros",
        conv_layout="NCW",
        activation="tanh",
        prefix=None,
        params=None,
    ):
        initializers = gate_initializers(i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer)
        i2h, h2h = (i2h_kernel, i2h_pad, i2h_dilate), (h2h_kernel, h2h_dilate)
        super().__init__(1, input_shape, hidden_channels, i2h, h2h, initializers, conv_layout, activation, prefix, params)


class _Conv2DCell(_ConvCell):
    def __init__(
        self,
        input_shape,
        hidden_channels,
        i2h_kernel,
        h2h_kernel,
        i2h_pad=(0, 0),
        i2h_dilate=(1, 1),
        h2h_dilate=(1, 1),
        i2h_weight_initializer=None,
        h2h_weight_initializer=None,
        i2h_bias_initializer="zeros",
        h2h_bias_initializer="zeros",
        conv_layout="NCHW",
        activation="tanh",
        prefix=None,
        params=None,
    ):
        initializers = gate_initializers(i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer)
        i2h, h2h = (i2h_kernel, i2h_pad, i2h_dilate), (h2h_kernel, h2h_dilate)
        super().__init__(2, input_shape, hidden_channels, i2h, h2h, initializers, conv_layout, activation, prefix, params)


class _Conv3DCell(_ConvCell):
    def __init__(
        self,
        input_shape,
        hidden_channels,
        i2h_kernel,
        h2h_kernel,
        i2h_pad=(0, 0, 0),
        i2h_dilate=(1, 1, 1),
        h2h_dilate=(1, 1, 1),
        i2h_weight_initializer=None,
        h2h_weight_initializer=None,
        i2h_bias_initializer="zeros",
        h2h_bias_initializer="zeros",
        conv_layout="NCDHW",
        activation="tanh",
        prefix=None,
        params=None,
    ):
        initializers = gate_initializers(i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer)
        i2h, h2h = (i2h_kernel, i2h_pad, i2h_dilate), (h2h_kernel, h2h_dilate)
        super().__init__(3, input_shape, hidden_channels, i2h, h2h, initializers, conv_layout, activation, prefix, params)


class Conv1DRNNCell(RNNStep, _Conv1DCell):
    """`RNNCell` with convolutions in place of matrix products, for sequences.

    Parameters are those of `Conv2DLSTMCell`, for one spatial axis; `conv_layout` is 'NCW' or 'NWC'.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> cell = rnn.Conv1DRNNCell((3, 8), 5, i2h_kernel=3, h2h_kernel=3, i2h_pad=1)
    >>> cell.initialize()
    >>> output, (h,) = cell(np.ones((2, 3, 8)), cell.begin_state(2))
    >>> output.shape
    (2, 5, 8)
    """


class Conv1DLSTMCell(LSTMStep, _Conv1DCell):
    """`LSTMCell` with convolutions in place of matrix products, for sequences.

    Parameters are those of `Conv2DLSTMCell`, for one spatial axis; `conv_layout` is 'NCW' or 'NWC'.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> cell = rnn.Conv1DLSTMCell((3, 8), 5, i2h_kernel=3, h2h_kernel=3, i2h_pad=1)
    >>> cell.initialize()
    >>> output, (h, c) = cell(np.ones((2, 3, 8)), cell.begin_state(2))
    >>> output.shape
    (2, 5, 8)
    """


class Conv1DGRUCell(GRUStep, _Conv1DCell):
    """`GRUCell` with convolutions in place of matrix products, for sequences.

    Parameters are those of `Conv2DLSTMCell`, for one spatial axis; `conv_layout` is 'NCW' or 'NWC'.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> cell = rnn.Conv1DGRUCell((3, 8), 5, i2h_kernel=3, h2h_kernel=3, i2h_pad=1)
    >>> cell.initialize()
    >>> output, (h,) = cell(np.ones((2, 3, 8)), cell.begin_state(2))
    >>> output.shape
    (2, 5, 8)
    """


class Conv2DRNNCell(RNNStep, _Conv2DCell):
    """`RNNCell` with convolutions in place of matrix products, for images.

    Parameters are those of `Conv2DLSTMCell`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> cell = rnn.Conv2DRNNCell((3, 8, 8), 5, i2h_kernel=3, h2h_kernel=3, i2h_pad=1)
    >>> cell.initialize()
    >>> output, (h,) = cell(np.ones((2, 3, 8, 8)), cell.begin_state(2))
    >>> output.shape
    (2, 5, 8, 8)
    """


class Conv2DLSTMCell(LSTMStep, _Conv2DCell):
    """`LSTMCell` for images: convolutions W * x + b and R * h + b' give the gates.

    Parameters
    ----------
    input_shape : tuple of int
        That of one image: (channels, height, width), or as `conv_layout` says.
    hidden_channels : int
        The number of channels of the states and of the output.
    i2h_kernel, h2h_kernel : int or tuple of int
        The sizes of the kernels of W and R; those of R are odd.
    i2h_pad : int or tuple of int
        Rows and columns of zeros around the input. The states have the size that W gives, and R keeps it.
    i2h_dilate, h2h_dilate : int or tuple of int
        The distance of the points that a kernel is applied to.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer : Initializer or str, optional
        For W, R, b and b'.
    conv_layout : {'NCHW', 'NHWC'}
        The axes of inputs and states; N is the batch, C the channels.
    activation : str or callable
        φ: what `npx.activation` knows by its name, or a function or block.
    prefix, params : optional
        As in MXNet 1; see `Block`.

    Raises
    ------
    ValueError
        If arguments do not fit together; when called, if the shapes of states are wrong.
    AssertionError
        When called, if inputs have another shape than `input_shape`.

    Notes
    -----
    Shi et al., *Convolutional LSTM network: a machine learning approach for precipitation nowcasting*, NIPS 2015, here without
    peepholes.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> cell = rnn.Conv2DLSTMCell((3, 8, 8), 5, i2h_kernel=3, h2h_kernel=3, i2h_pad=1)
    >>> cell.initialize()
    >>> output, (h, c) = cell(np.ones((2, 3, 8, 8)), cell.begin_state(2))
    >>> output.shape, c.shape
    ((2, 5, 8, 8), (2, 5, 8, 8))
    """


class Conv2DGRUCell(GRUStep, _Conv2DCell):
    """`GRUCell` with convolutions in place of matrix products, for images.

    Parameters are those of `Conv2DLSTMCell`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> cell = rnn.Conv2DGRUCell((3, 8, 8), 5, i2h_kernel=3, h2h_kernel=3, i2h_pad=1)
    >>> cell.initialize()
    >>> output, (h,) = cell(np.ones((2, 3, 8, 8)), cell.begin_state(2))
    >>> output.shape
    (2, 5, 8, 8)
    """


class Conv3DRNNCell(RNNStep, _Conv3DCell):
    """`RNNCell` with convolutions in place of matrix products, for volumes.

    Parameters are those of `Conv2DLSTMCell`, for three spatial axes; `conv_layout` is 'NCDHW' or 'NDHWC'.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> cell = rnn.Conv3DRNNCell((3, 4, 4, 4), 5, i2h_kernel=3, h2h_kernel=3, i2h_pad=1)
    >>> cell.initialize()
    >>> output, (h,) = cell(np.ones((2, 3, 4, 4, 4)), cell.begin_state(2))
    >>> output.shape
    (2, 5, 4, 4, 4)
    """


class Conv3DLSTMCell(LSTMStep, _Conv3DCell):
    """`LSTMCell` with convolutions in place of matrix products, for volumes.

    Parameters are those of `Conv2DLSTMCell`, for three spatial axes; `conv_layout` is 'NCDHW' or 'NDHWC'.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> cell = rnn.Conv3DLSTMCell((3, 4, 4, 4), 5, i2h_kernel=3, h2h_kernel=3, i2h_pad=1)
    >>> cell.initialize()
    >>> output, (h, c) = cell(np.ones((2, 3, 4, 4, 4)), cell.begin_state(2))
    >>> output.shape
    (2, 5, 4, 4, 4)
    """


class Conv3DGRUCell(GRUStep, _Conv3DCell):
    """`GRUCell` with convolutions in place of matrix products, for volumes.

    Parameters are those of `Conv2DLSTMCell`, for three spatial axes; `conv_layout` is 'NCDHW' or 'NDHWC'.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import rnn
    >>> cell = rnn.Conv3DGRUCell((3, 4, 4, 4), 5, i2h_kernel=3, h2h_kernel=3, i2h_pad=1)
    >>> cell.initialize()
    >>> output, (h,) = cell(np.ones((2, 3, 4, 4, 4)), cell.begin_state(2))
    >>> output.shape
    (2, 5, 4, 4, 4)
    """
