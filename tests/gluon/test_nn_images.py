"""Layers for images: convolutions and their transposes, deformable ones, pooling, pixel shuffles, padding."""

import itertools

import numpy
import pytest

from mxnet import autograd, init, np
from mxnet.gluon import nn

from .layers import ramp

RNG = numpy.random.default_rng(1)


@pytest.fixture(autouse=True)
def _seeded():
    np.random.seed(0)


def made(layer, x):
    layer.initialize(init.Normal(1))
    layer.cast("float64")
    return layer(np.array(x, dtype="float64"))


def windows(x, kernel, strides, padding, dilation, value=0.0):
    """(place in the result, what its window holds: (batch, channels, *kernel)), for every place."""
    axes = len(kernel)
    x = numpy.pad(x, [(0, 0), (0, 0), *[(p, p) for p in padding]], constant_values=value)
    spans = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
    counts = [(n - span) // s + 1 for n, span, s in zip(x.shape[2:], spans, strides, strict=True)]
    for place in itertools.product(*map(range, counts)):
        yield place, x[(..., *[slice(place[i] * strides[i], place[i] * strides[i] + spans[i], dilation[i]) for i in range(axes)])]


def convolved(x, weight, bias, strides, padding, dilation, groups):
    """A convolution, written as its definition."""
    of_group, filters = weight.shape[1], len(weight) // groups
    result = {}
    for place, window in windows(x, weight.shape[2:], strides, padding, dilation):
        parts = [
            numpy.tensordot(
                window[:, g * of_group : (g + 1) * of_group],
                weight[g * filters : (g + 1) * filters],
                axes=(range(1, window.ndim),) * 2,
            )
            for g in range(groups)
        ]
        result[place] = numpy.concatenate(parts, axis=1) + bias
    counts = [n + 1 for n in max(result)]
    stacked = numpy.stack([result[place] for place in itertools.product(*map(range, counts))], axis=-1)
    return stacked.reshape(*stacked.shape[:2], *counts)


CONVOLUTIONS = [
    (nn.Conv1D, nn.Conv1DTranspose, (9,), {"kernel_size": 3}),
    (nn.Conv1D, nn.Conv1DTranspose, (9,), {"kernel_size": 2, "strides": 2, "padding": 1, "dilation": 3}),
    (nn.Conv2D, nn.Conv2DTranspose, (6, 5), {"kernel_size": (3, 2), "groups": 2}),
    (nn.Conv2D, nn.Conv2DTranspose, (6, 5), {"kernel_size": 3, "strides": (2, 1), "padding": (0, 1)}),
    (nn.Conv2D, nn.Conv2DTranspose, (6, 5), {"kernel_size": 1, "groups": 2}),
    (nn.Conv3D, nn.Conv3DTranspose, (4, 3, 5), {"kernel_size": (1, 2, 3), "padding": 1, "dilation": (1, 1, 2)}),
]


def spread_out(value, axes):
    return value if isinstance(value, tuple) else (value,) * axes


@pytest.mark.parametrize(("kind", "_", "size", "options"), CONVOLUTIONS)
def test_convolutions(kind, _, size, options):
    x = RNG.normal(size=(2, 4, *size))
    layer = kind(6, bias_initializer=init.Normal(1), **options)
    y = made(layer, x)
    steps = [spread_out(options.get(word, least), len(size)) for word, least in (("strides", 1), ("padding", 0), ("dilation", 1))]
    weight, bias = layer.weight.data().asnumpy(), layer.bias.data().asnumpy()
    assert weight.shape == (6, 4 // options.get("groups", 1), *spread_out(options["kernel_size"], len(size)))
    numpy.testing.assert_allclose(y, convolved(x, weight, bias, *steps, options.get("groups", 1)), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("kind", "transpose", "size", "options"), CONVOLUTIONS)
def test_transposes(kind, transpose, size, options):
    """<C x, y> = <x, Cᵀ y> for a convolution C and its transpose."""
    x = RNG.normal(size=(2, 4, *size))
    forth = kind(6, use_bias=False, **options)
    y = made(forth, x).asnumpy()
    strides = spread_out(options.get("strides", 1), len(size))
    back = transpose(4, use_bias=False, in_channels=6, **options)
    back.initialize()
    back.cast("float64")
    back.weight.set_data(forth.weight.data())
    z = RNG.normal(size=y.shape)
    lacking = tuple(n - m for n, m in zip(size, back(np.array(z, dtype="float64")).shape[2:], strict=True))
    assert all(0 <= n < s for n, s in zip(lacking, strides, strict=True))
    back = transpose(4, use_bias=False, in_channels=6, output_padding=lacking, params=back.params, **options)
    result = back(np.array(z, dtype="float64")).asnumpy()
    assert result.shape == x.shape
    numpy.testing.assert_allclose((y * z).sum(), (x * result).sum(), rtol=1e-12)


def test_a_transpose_has_a_bias_and_an_activation():
    layer = nn.Conv1DTranspose(2, 1, activation="relu", bias_initializer="ones", weight_initializer="ones")
    layer.initialize()
    numpy.testing.assert_array_equal(layer(np.array([[[-5, 1]]])), [[[0, 2]] * 2])
    strided = nn.Conv1DTranspose(1, 3, strides=2, padding=1, output_padding=1, weight_initializer="ones")
    strided.initialize()
    numpy.testing.assert_array_equal(strided(np.array([[[1, 2, 3]]])), [[[1, 3, 2, 5, 3, 3]]])  # as the original


@pytest.mark.parametrize(
    ("kind", "size", "last"),
    [
        (nn.Conv1D, (5,), "NWC"),
        (nn.Conv2D, (5, 4), "NHWC"),
        (nn.Conv3D, (3, 4, 3), "NDHWC"),
        (nn.Conv1DTranspose, (5,), "NWC"),
        (nn.Conv2DTranspose, (5, 4), "NHWC"),
        (nn.Conv3DTranspose, (3, 4, 3), "NDHWC"),
    ],
)
def test_layouts(kind, size, last):
    x = RNG.normal(size=(2, 4, *size))
    first = kind(6, 2, groups=2)
    y = made(first, x)
    other = kind(6, 2, groups=2, layout=last)
    turned = numpy.moveaxis(x, 1, -1)
    assert made(other, turned).shape == numpy.moveaxis(y.asnumpy(), 1, -1).shape
    other.weight.set_data(numpy.moveaxis(first.weight.data().asnumpy(), 1, -1))
    numpy.testing.assert_allclose(
        other(np.array(turned, dtype="float64")), numpy.moveaxis(y.asnumpy(), 1, -1), rtol=1e-12, atol=1e-12
    )
    assert repr(other) == repr(first)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.Conv2D(0, 3), "Conv2D: channels is a whole number of at least 1, not 0"),
        (lambda: nn.Conv2D(2, (3, 3, 3)), r"Conv2D: kernel_size is .* or 2 of them in a tuple, not \(3, 3, 3\)"),
        (lambda: nn.Conv1D(2, 0), "Conv1D: kernel_size is a whole number of at least 1"),
        (lambda: nn.Conv2D(2, 3, padding=-1), "Conv2D: padding is a whole number of at least 0"),
        (lambda: nn.Conv2D(2, 3, strides=1.5), "Conv2D: strides is .* not 1.5"),
        (lambda: nn.Conv2D(2, 3, layout="NCW"), "Conv2D: layout is 'NCHW' or 'NHWC', not 'NCW'"),
        (lambda: nn.Conv1D(2, 3, layout="NCHW"), "Conv1D: layout is 'NCW' or 'NWC', not 'NCHW'"),
        (lambda: nn.Conv3D(2, 3, layout=None), "Conv3D: layout is 'NCDHW' or 'NDHWC', not None"),
        (lambda: nn.Conv2D(6, 3, groups=4), "Conv2D: 4 groups of equal size cannot be made of 6 channels of the result"),
        (
            lambda: nn.Conv2D(8, 3, groups=4, in_channels=6),
            "Conv2D: 4 groups of equal size cannot be made of 6 channels of the input",
        ),
        (lambda: nn.Conv2D(8, 3, groups=0), "Conv2D: groups is a whole number of at least 1, not 0"),
        (lambda: nn.Conv2D(8, 3, activation="rely"), "not 'rely'"),
        (
            lambda: nn.Conv2DTranspose(1, 3, strides=(2, 1), output_padding=(1, 1)),
            r"Conv2DTranspose: output_padding is below strides, \(2, 1\), along each axis, not \(1, 1\)",
        ),
        (lambda: nn.DeformableConvolution(2, 3, layout="NHWC"), "DeformableConvolution: layout is 'NCHW', not 'NHWC'"),
        (lambda: nn.DeformableConvolution(2, 3, num_deformable_group=0), "num_deformable_group is a whole number of at least 1"),
        (lambda: nn.MaxPool2D((2, 2, 2)), "MaxPool2D: pool_size is .* or 2 of them"),
        (lambda: nn.MaxPool2D(2, 2, 0, True), "MaxPool2D: layout is 'NCHW' or 'NHWC', not True"),
        (lambda: nn.AvgPool3D(padding=-1), "AvgPool3D: padding is a whole number of at least 0"),
        (lambda: nn.AvgPool1D(strides=0), "AvgPool1D: strides is a whole number of at least 1"),
        (lambda: nn.GlobalAvgPool2D("NCW"), "GlobalAvgPool2D: layout is 'NCHW' or 'NHWC', not 'NCW'"),
        (lambda: nn.PixelShuffle2D((1, 2, 3)), "PixelShuffle2D: factor is .* or 2 of them"),
        (lambda: nn.PixelShuffle1D(0), "PixelShuffle1D: factor is a whole number of at least 1"),
        (lambda: nn.ReflectionPad2D((1, 1, 1, 1)), "ReflectionPad2D: padding is .* or 8 of them"),
        (lambda: nn.ReflectionPad2D((1, 0, 0, 0, 1, 1, 1, 1)), "the first four numbers are 0"),
    ],
)
def test_wrong_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (lambda: nn.Conv2D(4, 3), (3, 8, 8), r"Conv2D takes inputs with the axes NCHW, not of shape \(3, 8, 8\)"),
        (lambda: nn.Conv2D(4, 3, in_channels=3), (3, 8, 8), r"data has the axes 'NCHW', not shape \(3, 8, 8\)"),
        (lambda: nn.Conv2D(4, 3, groups=2), (1, 5, 8, 8), "2 groups of equal size cannot be made of 5 channels of the input"),
        (lambda: nn.Conv2D(4, 3), (1, 0, 8, 8), r"Conv2D takes inputs with one number at least along axis 1, not of shape \(1, 0"),
        (lambda: nn.Conv2D(4, 9), (1, 2, 8, 8), "larger than the padded image"),
        (lambda: nn.MaxPool2D(), (4, 4), "data has the axes 'NCHW'"),
        (lambda: nn.MaxPool2D(9), (1, 1, 4, 4), "larger than the padded image"),
        (
            lambda: nn.DeformableConvolution(4, 3, num_deformable_group=2),
            (1, 3, 8, 8),
            "2 groups of equal size cannot be made of 3",
        ),
        (lambda: nn.PixelShuffle2D(2), (1, 6, 2, 2), r"factors \(2, 2\) do not divide the 6 channels"),
        (lambda: nn.PixelShuffle1D(2), (1, 6, 2, 2), r"PixelShuffle1D takes inputs with the axes NCW, not of shape \(1, 6, 2, 2\)"),
        (lambda: nn.ReflectionPad2D(3), (1, 1, 4, 3), "is narrower than the images"),
        (lambda: nn.ReflectionPad2D(1), (4, 3), "takes inputs with the axes NCHW"),
    ],
)
def test_inputs_that_do_not_fit(layer, shape, message):
    layer = layer()
    layer.initialize()
    with pytest.raises(ValueError, match=f"(?s){message}.*in the forward pass of {type(layer).__name__}"):
        layer(np.ones(shape))


# --- deformable -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [nn.DeformableConvolution, nn.ModulatedDeformableConvolution])
def test_a_deformable_convolution_without_offsets_is_one(kind):
    x = RNG.normal(size=(2, 4, 6, 5))
    options = {"strides": (2, 1), "padding": (1, 0), "dilation": (1, 2), "groups": 2, "activation": "relu"}
    layer = kind(6, (3, 2), num_deformable_group=2, bias_initializer=init.Normal(1), **options)
    y = made(layer, x)
    plain = nn.Conv2D(6, (3, 2), **options)
    made(plain, x)
    plain.weight.set_data(layer.deformable_conv_weight.data())
    plain.bias.set_data(layer.deformable_conv_bias.data())
    numpy.testing.assert_allclose(y, plain(np.array(x, dtype="float64")), rtol=1e-12, atol=1e-12)
    per_tap = 2 if kind is nn.DeformableConvolution else 3
    assert {key: p.shape for key, p in layer.collect_params().items()} == {
        "offset_weight": (per_tap * 2 * 6, 2, 3, 2),
        "offset_bias": (per_tap * 2 * 6,),
        "deformable_conv_weight": (6, 2, 3, 2),
        "deformable_conv_bias": (6,),
    }


def test_offsets_and_factors_are_those_of_mxnet():
    layer = nn.DeformableConvolution(1, offset_bias_initializer=init.Constant(0.25))
    layer.initialize("ones")
    x = np.arange(4).reshape(1, 1, 2, 2)
    numpy.testing.assert_allclose(layer(x), [[[[0.75, 1.5], [2.25, 3.0]]]])
    layer = nn.ModulatedDeformableConvolution(1)
    layer.initialize("ones")
    layer(x)
    layer.offset_bias.set_data([0, 0, 0.5])
    numpy.testing.assert_allclose(layer(x), x.asnumpy() * 2 / (1 + numpy.exp(-0.5)), rtol=1e-6)
    # MXNet 1.9.1 gave these.
    layer = nn.ModulatedDeformableConvolution(1, 3, padding=1)
    layer.initialize("ones")
    x = np.arange(16).reshape(1, 1, 4, 4)
    layer(x)
    layer.offset_bias.set_data(np.arange(27) * 0.05)
    expected = [
        [41.832977294921875, 54.53166198730469, 43.86522674560547, 27.142654418945312],
        [75.89012145996094, 97.13150024414062, 80.20703125, 50.7879638671875],
        [68.1833267211914, 92.72233581542969, 83.75712585449219, 55.94065856933594],
        [53.45011901855469, 77.34405517578125, 73.00474548339844, 50.575035095214844],
    ]
    numpy.testing.assert_allclose(layer(x)[0, 0], expected, rtol=2e-6)


def test_deformable_convolutions_without_biases():
    layer = nn.ModulatedDeformableConvolution(6, 3, use_bias=False, offset_use_bias=False, in_channels=4)
    assert list(layer.collect_params()) == ["offset_weight", "deformable_conv_weight"]
    layer.initialize()
    assert layer(np.ones((1, 4, 5, 5))).shape == (1, 6, 3, 3)
    assert "bias=False" in repr(layer)


# --- pooling ----------------------------------------------------------------------------------------------------------------------

POOLS = [
    (nn.MaxPool1D, nn.AvgPool1D, (9,), {}),
    (nn.MaxPool1D, nn.AvgPool1D, (9,), {"pool_size": 3, "strides": 1}),
    (nn.MaxPool2D, nn.AvgPool2D, (6, 7), {}),
    (nn.MaxPool2D, nn.AvgPool2D, (6, 7), {"pool_size": (3, 2), "strides": (2, 1), "padding": (1, 0)}),
    (nn.MaxPool3D, nn.AvgPool3D, (4, 3, 5), {"pool_size": 2, "strides": 1, "padding": 1}),
]


@pytest.mark.parametrize(("largest", "mean", "size", "options"), POOLS)
def test_pooling(largest, mean, size, options):
    x = RNG.normal(size=(2, 3, *size))
    axes = len(size)
    kernel = spread_out(options.get("pool_size", 2), axes)
    steps = spread_out(options.get("strides", kernel), axes), spread_out(options.get("padding", 0), axes), (1,) * axes

    def pooled(function, value):
        found = {place: function(window, axis=tuple(range(2, axes + 2))) for place, window in windows(x, kernel, *steps, value)}
        counts = [n + 1 for n in max(found)]
        return numpy.stack([found[place] for place in itertools.product(*map(range, counts))], axis=-1).reshape(2, 3, *counts)

    y = np.array(x, dtype="float64")
    numpy.testing.assert_array_equal(largest(**options)(y), pooled(numpy.max, -numpy.inf))
    numpy.testing.assert_allclose(mean(**options)(y), pooled(numpy.mean, 0), rtol=1e-12, atol=1e-15)
    numpy.testing.assert_allclose(mean(count_include_pad=False, **options)(y), pooled(numpy.nanmean, numpy.nan), rtol=1e-12)
    last = ("NWC", "NHWC", "NDHWC")[axes - 1]
    for kind in (largest, mean):
        turned = kind(layout=last, **options)(np.array(numpy.moveaxis(x, 1, -1), dtype="float64"))
        numpy.testing.assert_array_equal(turned, numpy.moveaxis(kind(**options)(y).asnumpy(), 1, -1))


def test_windows_that_are_not_whole():
    x = np.arange(3).reshape(1, 1, 3)
    assert nn.MaxPool1D()(x).tolist() == [[[1]]]
    assert nn.MaxPool1D(ceil_mode=True)(x).tolist() == [[[1, 2]]]
    assert nn.AvgPool1D(ceil_mode=True)(x).tolist() == [[[0.5, 2]]]  # as the original


@pytest.mark.parametrize(
    ("largest", "mean", "size", "last"),
    [
        (nn.GlobalMaxPool1D, nn.GlobalAvgPool1D, (5,), "NWC"),
        (nn.GlobalMaxPool2D, nn.GlobalAvgPool2D, (5, 4), "NHWC"),
        (nn.GlobalMaxPool3D, nn.GlobalAvgPool3D, (3, 5, 4), "NDHWC"),
    ],
)
def test_global_pooling(largest, mean, size, last):
    x = RNG.normal(size=(2, 3, *size))
    axes = tuple(range(2, x.ndim))
    y, turned = np.array(x, dtype="float64"), np.array(numpy.moveaxis(x, 1, -1), dtype="float64")
    for kind, function in ((largest, numpy.max), (mean, numpy.mean)):
        expected = function(x, axis=axes, keepdims=True)
        numpy.testing.assert_allclose(kind()(y), expected, rtol=1e-14)
        numpy.testing.assert_allclose(kind(layout=last)(turned), numpy.moveaxis(expected, 1, -1), rtol=1e-14)


# --- shaping ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layer", "factors", "size"),
    [
        (lambda: nn.PixelShuffle1D(3), (3,), (4,)),
        (lambda: nn.PixelShuffle2D((2, 3)), (2, 3), (2, 3)),
        (lambda: nn.PixelShuffle2D(2), (2, 2), (1, 0)),
        (lambda: nn.PixelShuffle3D((1, 2, 3)), (1, 2, 3), (2, 1, 2)),
    ],
)
def test_pixel_shuffle(layer, factors, size):
    x = ramp((2, 2 * numpy.prod(factors), *size))
    y = layer()(x)
    assert y.shape == (2, 2, *(f * n for f, n in zip(factors, size, strict=True)))
    parts = x.asnumpy().reshape(2, 2, *factors, *size)
    for place in numpy.ndindex(*y.shape[2:]):
        within = [i % f for i, f in zip(place, factors, strict=True)]
        pixel = [i // f for i, f in zip(place, factors, strict=True)]
        numpy.testing.assert_array_equal(y[(..., *place)], parts[(slice(None), slice(None), *within, *pixel)])


def test_reflection():
    x = np.arange(9).reshape(1, 1, 3, 3)
    numpy.testing.assert_array_equal(nn.ReflectionPad2D(2)(x)[0, 0], numpy.pad(x.asnumpy()[0, 0], 2, mode="reflect"))
    uneven = nn.ReflectionPad2D((0, 0, 0, 0, 1, 2, 0, 1))(x)[0, 0]
    numpy.testing.assert_array_equal(uneven, numpy.pad(x.asnumpy()[0, 0], [(1, 2), (0, 1)], mode="reflect"))
    numpy.testing.assert_array_equal(nn.ReflectionPad2D()(x), x)
    x.attach_grad()
    with autograd.record():
        y = nn.ReflectionPad2D(1)(x)
    y.backward()
    numpy.testing.assert_array_equal(x.grad[0, 0], [[1, 3, 1], [3, 9, 3], [1, 3, 1]])
