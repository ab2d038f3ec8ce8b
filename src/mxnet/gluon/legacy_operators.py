"""Operators of MXNet 1's graphs that `np` and `npx` do not have, or have with other defaults: small functions of what they have."""

import numpy

from .. import autograd
from .. import numpy as np
from .. import numpy_extension as npx


def dense(data, weight, bias=None, num_hidden=None, no_bias=False, flatten=True):
    """FullyConnected."""
    return npx.fully_connected(data, weight, bias, num_hidden, bias is None, flatten)


def group_normalization(data, gamma, beta, num_groups=1, eps=1e-5, output_mean_var=False):
    """GroupNorm, whose eps in graphs has another default than in calls."""
    return npx.group_norm(data, gamma, beta, num_groups, eps, output_mean_var)


def deconvolution(data, weight, bias=None, no_bias=True, **attributes):
    """Deconvolution: whether it has a bias is seen from its inputs."""
    return npx.deconvolution(data, weight, bias, no_bias=bias is None, **attributes)


def pooling(data, output_size=None, **attributes):
    """Pooling, with an attribute that newer files have and that says nothing."""
    return npx.pooling(data, **attributes)


def recurrent(data, parameters, state, *more, mode, use_sequence_length=False, **attributes):
    """RNN: only an LSTM has a second state; lengths come last."""
    more = list(more)
    cell = more.pop(0) if mode == "lstm" else None
    lengths = more.pop(0) if use_sequence_length else None
    return npx.rnn(data, parameters, state, cell, lengths, mode=mode, use_sequence_length=bool(use_sequence_length), **attributes)


def local_response_normalization(data, nsize, alpha=1e-4, beta=0.75, knorm=2.0):
    """LRN: data / (knorm + alpha / nsize · Σ data²)^beta, the sum over `nsize` channels around each."""
    squares = np.pad(data * data, [(0, 0), (nsize // 2, nsize // 2)] + [(0, 0)] * (data.ndim - 2))
    channels = data.shape[1]
    total = sum(squares[:, i : i + channels] for i in range(nsize))
    return data / (knorm + alpha / nsize * total) ** beta


def upsampling(data, scale, sample_type="nearest", num_filter=0, multi_input_mode="concat"):
    """UpSampling of one input by repetition."""
    if sample_type != "nearest":
        raise ValueError(f"UpSampling: sample_type is 'nearest' here, not {sample_type!r}")
    return np.repeat(np.repeat(data, scale, axis=2), scale, axis=3)


def bilinear_resize(data, height=1, width=1, scale_height=None, scale_width=None, mode="size", align_corners=True):
    """BilinearResize2D to a size: corner pixels meet corner pixels."""
    if mode != "size" or not align_corners or scale_height is not None or scale_width is not None:
        raise ValueError("BilinearResize2D: what is known is mode='size' with height and width, and align_corners=True")
    rows, columns = (_interpolation(old, new, data.dtype) for old, new in zip(data.shape[2:], (height, width), strict=True))
    return np.matmul(np.matmul(rows, data), columns.T)


def _interpolation(old, new, dtype):
    """The matrix that makes `new` numbers of `old`, at even distances, by linear interpolation."""
    places = numpy.linspace(0, old - 1, new)
    return np.array(numpy.maximum(1 - abs(places[:, None] - numpy.arange(old)), 0), dtype=dtype)


def softmax_activation(data, mode="instance"):
    """SoftmaxActivation: over all numbers of a sample, or over channels."""
    if mode == "channel":
        return npx.softmax(data, axis=1)
    return np.reshape(npx.softmax(npx.batch_flatten(data), axis=-1), data.shape)


def softmax_output(data, label=None, multi_output=False, preserve_shape=False, **training):
    """SoftmaxOutput: the softmax. What it does in training is left to the losses of gluon."""
    labelled("SoftmaxOutput", label)
    if multi_output:
        return npx.softmax(data, axis=1)
    if preserve_shape:
        return npx.softmax(data, axis=-1)
    return softmax_activation(data)


def output(name, function):
    """An operator that MXNet 1 ends a network with: `function`, and a loss in its gradient."""

    def end(data, label=None, **training):
        labelled(name, label)
        return function(data)

    return end


def labelled(name, label):
    """Raise if a gradient is to come from such a loss."""
    if label is not None and autograd.is_recording():
        raise ValueError(
            f"{name}: its gradient in MXNet is not that of what it computes, and does not exist here; leave the label out of "
            "input_names, and train with a loss of gluon"
        )


def identity(data, **training):
    """What goes in."""
    return data


def numeric(function):
    """MXNet 1's comparisons, which give 0 and 1 in the dtype of the first operand."""

    def compare(lhs, rhs):
        return function(lhs, rhs).astype((lhs if isinstance(lhs, np.ndarray) else rhs).dtype)

    return compare


def with_scalar(function, reflected=False):
    """A function of an array and a number that the graph holds."""

    def apply(data, scalar, is_int=None):
        if is_int is not None:
            scalar = int(scalar) if is_int else float(scalar)
        return function(scalar, data) if reflected else function(data, scalar)

    return apply


def reduction(function):
    """MXNet 1's reductions: no axes are all, and the axes may be those to stay."""

    def reduce(data, axis=None, keepdims=False, exclude=False):
        axes = None if axis in (None, ()) else (axis,) if isinstance(axis, int) else axis
        if exclude:
            kept = {a % data.ndim for a in axes or ()}
            axes = tuple(a for a in range(data.ndim) if a not in kept)
        return function(data, axis=axes, keepdims=bool(keepdims))

    return reduce


def position(function):
    """Argmax and argmin, which were float32 in MXNet 1."""

    def find(data, axis=None, keepdims=False):
        return function(data, axis=axis, keepdims=bool(keepdims)).astype("float32")

    return find


def sort(data, axis=-1, is_ascend=True, is_ascend_s=None):
    """Sort, upwards or downwards."""
    result = np.sort(data, axis=axis)
    ascending = is_ascend if is_ascend_s is None else is_ascend_s
    return result if ascending else np.flip(result, -1 if axis is None else axis)


def argsort(data, axis=-1, is_ascend=True, dtype="float32", is_ascend_s=None):
    """Where the elements of `sort` come from."""
    ascending = is_ascend if is_ascend_s is None else is_ascend_s
    return np.argsort(data if ascending else -data, axis=axis).astype(dtype)


_NEWER_CODES = {0: -2, -2: -4, -3: -5, -4: -6}


def reshape(data, shape, reverse=False):
    """Reshape, whose codes `npx.reshape` has under other numbers."""
    codes = (shape,) if isinstance(shape, int) else shape
    return npx.reshape(data, tuple(_NEWER_CODES.get(code, code) for code in codes), reverse=bool(reverse))


def transpose(data, axes=None):
    """Transpose."""
    return np.transpose(data, axes or None)


def swap_axes(data, dim1=0, dim2=0):
    """SwapAxis."""
    return np.swapaxes(data, dim1, dim2)


def concatenate(*data, dim=1):
    """Concat."""
    return np.concatenate(data, axis=dim)


def stack(*data, axis=0):
    """Stack."""
    return np.stack(data, axis=axis)


def split(data, indices=(), axis=1, squeeze_axis=False, sections=0):
    """The outputs of _split_v2: so many parts, or parts that start at indices, the first of which is 0."""
    parts = np.array_split(data, sections, axis=axis) if sections else np.split(data, list(indices[1:]), axis=axis)
    return [np.squeeze(part, axis) for part in parts] if squeeze_axis else parts


def slices(data, begin, end, step=()):
    """Slice, where one axis needs no tuple."""
    begin, end, step = (value if isinstance(value, tuple) else (value,) for value in (begin, end, step))
    return npx.slice(data, begin, end, step)


def slice_axis(data, axis, begin, end):
    """slice_axis."""
    return data[(slice(None),) * (axis % data.ndim) + (slice(begin, end),)]


def crop(data, like=None, offset=(0, 0), h_w=(0, 0), center_crop=False):
    """Crop of images, to a size or to that of another array."""
    height, width = h_w if like is None else like.shape[2:]
    top, left = ((data.shape[2] - height) // 2, (data.shape[3] - width) // 2) if center_crop else offset
    return data[:, :, top : top + height, left : left + width]


def broadcast_to(data, shape):
    """broadcast_to, where 0 keeps a size."""
    return np.broadcast_to(
        data, tuple(new or old for new, old in zip(shape, (0,) * (len(shape) - data.ndim) + data.shape, strict=True))
    )


def broadcast_axis(data, axis=(), size=()):
    """broadcast_axis, from sizes 1."""
    axes, sizes = ((value,) if isinstance(value, int) else value for value in (axis, size))
    shape = list(data.shape)
    for a, n in zip(axes, sizes, strict=True):
        shape[a] = n
    return np.broadcast_to(data, tuple(shape))


def embedding(data, weight, input_dim=None, output_dim=None, dtype="float32", sparse_grad=False):
    """Embedding: rows of the weight, in its dtype."""
    return npx.embedding(data, weight, input_dim, output_dim, weight.dtype)


def take(data, indices, axis=0, mode="clip"):
    """Take, also by indices that are floats."""
    return np.take(data, indices.astype("int64"), axis=axis, mode=mode)


def where(condition, x, y):
    """Where, by rows if the condition has one axis."""
    condition = condition != 0
    if condition.ndim == 1 and x.ndim > 1:
        condition = condition.reshape((-1,) + (1,) * (x.ndim - 1))
    return np.where(condition, x, y)


def dot(lhs, rhs, transpose_a=False, transpose_b=False):
    """Dot: the sum over the last axis of one and the first of the other; transposing turns all axes round."""
    return np.tensordot(lhs.T if transpose_a else lhs, rhs.T if transpose_b else rhs, axes=1)


def gemm(lhs, rhs, *added, transpose_a=False, transpose_b=False, alpha=1.0, beta=1.0, axis=-2):
    """_linalg_gemm and _linalg_gemm2: alpha · lhs · rhs + beta · added."""
    if axis != -2:
        raise ValueError(f"_linalg_gemm: matrices lie in the last two axes, axis=-2, here, not {axis}")
    product = alpha * npx.batch_dot(*(_stacked(x) for x in (lhs, rhs)), transpose_a=transpose_a, transpose_b=transpose_b)
    product = product.reshape(lhs.shape[:-2] + product.shape[-2:])
    return product + beta * added[0] if added else product


def _stacked(matrices):
    return matrices.reshape((-1, *matrices.shape[-2:]))


def matrix_norm(data, ord=2, axis=None, keepdims=False, flag=-2):
    """_npi_norm, whose flag says whether `ord` counts, or is left out or 'fro', or stands for 'nuc'."""
    return np.linalg.norm(data, {-2: None, 1: None, 2: "nuc"}.get(flag, ord), axis, bool(keepdims))


def depth_to_space(data, block_size):
    """depth_to_space: blocks of pixels out of channels."""
    n, channels, height, width = data.shape
    blocks = data.reshape(n, block_size, block_size, channels // block_size**2, height, width).transpose(0, 3, 4, 1, 5, 2)
    return blocks.reshape(n, channels // block_size**2, height * block_size, width * block_size)


def space_to_depth(data, block_size):
    """space_to_depth: the way back."""
    n, channels, height, width = data.shape
    blocks = data.reshape(n, channels, height // block_size, block_size, width // block_size, block_size).transpose(
        0, 3, 5, 1, 2, 4
    )
    return blocks.reshape(n, channels * block_size**2, height // block_size, width // block_size)


def moments(data, axes=None, keepdims=False):
    """Mean and variance."""
    return [function(data, axis=axes, keepdims=bool(keepdims)) for function in (np.mean, np.var)]


def arange(start, stop=None, step=1.0, repeat=1, dtype="float32"):
    """_arange, each number several times."""
    start, stop = (0, start) if stop is None else (start, stop)
    numbers = np.arange(start, stop, step, dtype=dtype)
    return np.repeat(numbers, repeat) if repeat > 1 else numbers


def linspace(num, value_type=2, **attributes):
    """_npi_linspace, which writes its ends in three types."""
    start, stop = (_of_three(attributes, f"{end}_{{}}", value_type) for end in ("start", "stop"))
    return np.linspace(start, stop, num, **attributes)


def full(shape, value=None, value_type=2, **attributes):
    """_npi_full, which in later versions writes its value in three types."""
    later = _of_three(attributes, "{}_value", value_type)
    return np.full(shape, later if value is None else value, **attributes)


def _of_three(attributes, name, value_type):
    """A number that is there as an integer, an unsigned one and a float, of which one holds; all are taken out of `attributes`."""
    return [attributes.pop(name.format(kind), None) for kind in ("int", "uint", "double")][value_type]


def amp_multicast(*data, num_outputs, cast_narrow=False):
    """All inputs in the widest dtype, or the narrowest, among them."""
    dtypes = sorted((x.dtype for x in data), key=lambda dtype: dtype.itemsize)
    return [x.astype(dtypes[0 if cast_narrow else -1]) for x in data]
