"""What holds for all layers: representations, the original's numbers, files, copies, dtypes, sharing, gradients."""

import copy
import pickle

import numpy
import pytest

from mxnet import autograd, np
from mxnet.gluon import nn
from mxnet.test_utils import check_numeric_gradient

from .layers import IMAGES, LAYERS, as_function, ramp, ready

layers = pytest.mark.parametrize(("make", "shape"), LAYERS.values(), ids=LAYERS)


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (lambda: nn.Dense(5, activation="relu", in_units=3), "Dense(3 -> 5, Activation(relu))"),
        (lambda: nn.Dense(25), "Dense(-1 -> 25, linear)"),
        (lambda: nn.Dropout(0.5), "Dropout(p = 0.5, axes=())"),
        (lambda: nn.Dropout(0.5, axes=(1,)), "Dropout(p = 0.5, axes=(1,))"),
        (lambda: nn.Embedding(4, 2), "Embedding(4 -> 2, float32)"),
        (lambda: nn.Embedding(4, 2, dtype="float16"), "Embedding(4 -> 2, float16)"),
        (nn.Flatten, "Flatten"),
        (nn.Identity, "Identity()"),
        (lambda: nn.Lambda("tanh"), "Lambda(tanh)"),
        (lambda: nn.HybridLambda(lambda x: x), "HybridLambda(<lambda>)"),
        (lambda: nn.Activation("relu"), "Activation(relu)"),
        (lambda: nn.LeakyReLU(0.1), "LeakyReLU(0.1)"),
        (nn.ELU, "ELU()"),
        (nn.PReLU, "PReLU()"),
        (nn.BatchNorm, "BatchNorm(axis=1, eps=1e-05, momentum=0.9, fix_gamma=False, use_global_stats=False, in_channels=-1)"),
        (
            lambda: nn.BatchNorm(in_channels=3, center=False, scale=False),
            "BatchNorm(axis=1, eps=1e-05, momentum=0.9, fix_gamma=True, use_global_stats=False, in_channels=3)",
        ),
        (
            lambda: nn.BatchNormReLU(in_channels=3),
            "BatchNormReLU(axis=1, eps=1e-05, momentum=0.9, fix_gamma=False, use_global_stats=False, in_channels=3)",
        ),
        (
            nn.SyncBatchNorm,
            "SyncBatchNorm(eps=1e-05, momentum=0.9, fix_gamma=False, use_global_stats=False, ndev=1, in_channels=-1)",
        ),
        (nn.LayerNorm, "LayerNorm(eps=1e-05, axis=-1, center=True, scale=True, in_channels=-1)"),
        (nn.RMSNorm, "RMSNorm(eps=1e-06, axis=-1, scale=True, in_channels=-1)"),
        (
            lambda: nn.GroupNorm(num_groups=2, in_channels=4),
            "GroupNorm(eps=1e-05, num_groups=2, center=True, scale=True, in_channels=4)",
        ),
        (nn.InstanceNorm, "InstanceNorm(eps=1e-05, axis=1, center=True, scale=False, in_channels=-1)"),
        (lambda: nn.Conv1D(6, 5), "Conv1D(-1 -> 6, kernel_size=(5,), stride=(1,))"),
        (
            lambda: nn.Conv2D(6, kernel_size=3, activation="relu"),
            "Conv2D(-1 -> 6, kernel_size=(3, 3), stride=(1, 1), Activation(relu))",
        ),
        (
            lambda: nn.Conv2D(6, 5, padding=1, strides=2, dilation=2, groups=2, use_bias=False, in_channels=4),
            "Conv2D(4 -> 6, kernel_size=(5, 5), stride=(2, 2), padding=(1, 1), dilation=(2, 2), groups=2, bias=False)",
        ),
        (lambda: nn.Conv2D(6, 5, layout="NHWC", in_channels=3), "Conv2D(3 -> 6, kernel_size=(5, 5), stride=(1, 1))"),
        (
            lambda: nn.Conv2DTranspose(4, 3, groups=2, in_channels=6),
            "Conv2DTranspose(6 -> 4, kernel_size=(3, 3), stride=(1, 1), groups=2)",
        ),
        (
            lambda: nn.ModulatedDeformableConvolution(6, 3, in_channels=4),
            "ModulatedDeformableConvolution(4 -> 6, kernel_size=(3, 3), stride=(1, 1))",
        ),
        (
            lambda: nn.MaxPool2D(3, strides=2, padding=1, ceil_mode=True),
            "MaxPool2D(size=(3, 3), stride=(2, 2), padding=(1, 1), ceil_mode=True, global_pool=False, pool_type=max, layout=NCHW)",
        ),
        (
            nn.AvgPool1D,
            "AvgPool1D(size=(2,), stride=(2,), padding=(0,), ceil_mode=False, global_pool=False, pool_type=avg, layout=NCW)",
        ),
        (
            nn.GlobalMaxPool3D,
            "GlobalMaxPool3D(size=(1, 1, 1), stride=(1, 1, 1), padding=(0, 0, 0), ceil_mode=True, global_pool=True, pool_type=max, "
            "layout=NCDHW)",
        ),
        (lambda: nn.PixelShuffle1D(2), "PixelShuffle1D(2)"),
        (lambda: nn.PixelShuffle2D(2), "PixelShuffle2D((2, 2))"),
        (lambda: nn.PixelShuffle3D((1, 2, 3)), "PixelShuffle3D((1, 2, 3))"),
    ],
)
def test_representations(layer, text):
    assert repr(layer()) == text


# From the original, for the parameters and inputs of `layers.py`: the shape of the result, its sum, the sum of its squares, and the
# sum of squares of the gradient which the latter gives the input.
ORIGINAL = {
    "Dense": ((2, 3), 0.890759, 4.490303, 0.294335),
    "Dense without flattening": ((2, 3, 3), 0.853755, 13.957336, 92.252518),
    "Conv1D": ((2, 3, 4), 12.762014, 92.038925, 3615.253906),
    "Conv2D": ((2, 6, 4, 7), 380.420685, 1305.280151, 85496.054688),
    "Conv3D": ((1, 2, 3, 3, 3), 64.448814, 163.72673, 4919.02832),
    "Conv1DTranspose": ((2, 3, 10), 45.392525, 60.842533, 1303.155518),
    "Conv2DTranspose": ((2, 4, 15, 7), 555.194946, 1328.667969, 64510.851562),
    "Conv3DTranspose": ((1, 2, 4, 6, 4), 100.443207, 124.561569, 1187.277222),
    "BatchNorm": ((2, 4, 7, 6), 109.325157, 132.955338),  # its gradient is another one, see docs/differences.md
    "LayerNorm": ((2, 4, 7, 6), 198.737762, 241.035019, 670757.25),
    "GroupNorm": ((2, 4, 7, 6), 125.387154, 186.078644, 903.319031),
    "PReLU": ((2, 4, 7, 6), 96.888359, 65.629471, 234.531006),
    "DeformableConvolution": ((2, 2, 7, 6), 109.882133, 685.347107, 26538.414062),
}


@pytest.mark.parametrize("name", ORIGINAL)
def test_values_are_those_of_mxnet(name):
    make, shape = LAYERS[name]
    layer, x = ready(make(), *shape), ramp(shape)
    x.attach_grad()
    with autograd.record(train_mode=False):
        y = layer(x)
        loss = (y * y).sum()
    loss.backward()
    expected_shape, *expected = ORIGINAL[name]
    assert y.shape == expected_shape
    found = [float(y.sum()), float(loss), float((x.grad * x.grad).sum())]
    # Sums in float32 that cancel, in the original as here.
    numpy.testing.assert_allclose(found[: len(expected)], expected, rtol=1e-3 if name == "LayerNorm" else 3e-5)


@layers
def test_files_and_copies(make, shape, tmp_path):
    layer, other, x = ready(make(), *shape), make(), ramp(shape)
    layer.save_parameters(tmp_path / "layer.params")
    other.load_parameters(tmp_path / "layer.params")  # not initialised, of unknown shape
    assert {key: p.shape for key, p in other.collect_params().items()} == {k: p.shape for k, p in layer.collect_params().items()}
    assert repr(other) == repr(layer)
    twins = other, copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))
    for twin in twins:
        numpy.testing.assert_array_equal(twin(x), layer(x))
        assert all(p is not q for p, q in zip(twin.collect_params().values(), layer.collect_params().values(), strict=True))


@layers
def test_casting(make, shape):
    x = ramp(shape)
    layer = ready(make(), *shape)
    exact = layer(x)
    for dtype, tolerance in (("float64", 2e-6), ("float16", 2e-2)):
        layer.cast(dtype)
        y = layer(x.astype(dtype))
        assert y.dtype == numpy.dtype(dtype)
        numpy.testing.assert_allclose(y.asnumpy().astype("float64"), exact, rtol=tolerance, atol=tolerance * 8)
        kept = numpy.dtype("float32" if isinstance(layer, nn.BatchNorm | nn.BatchNormReLU) and dtype == "float16" else dtype)
        assert {p.data().dtype for p in layer.collect_params().values()} == {kept}
        for p in layer.collect_params().values():
            assert p.grad_req == "null" or p.grad().dtype == kept


@layers
def test_sharing(make, shape):
    one, other, x = ready(make(), *shape), make(), ramp(shape)
    assert other.share_parameters(one.collect_params()) is other
    assert all(p is q for p, q in zip(one.collect_params().values(), other.collect_params().values(), strict=True))
    numpy.testing.assert_array_equal(other(x), one(x))


@layers
def test_hybridizing_changes_no_number(make, shape):
    layer, x = ready(make(), *shape), ramp(shape)
    plain = layer(x)
    layer.hybridize(static_alloc=True)
    numpy.testing.assert_array_equal(layer(x), plain)


@layers
def test_an_empty_batch_has_an_empty_result(make, shape):
    layer = ready(make(), *shape)
    full = layer(ramp(shape))
    empty = layer(ramp((0, *shape[1:])))
    assert empty.shape == (0, *full.shape[1:])


@layers
def test_layers_take_arrays_that_are_not_contiguous(make, shape):
    layer = ready(make(), *shape)
    numbers = numpy.linspace(-1, 1, int(numpy.prod(shape)), dtype="float32").reshape(shape[::-1])
    turned = np.array(numbers).T
    numpy.testing.assert_allclose(layer(turned), layer(np.array(numpy.ascontiguousarray(numbers.T))), rtol=1e-5, atol=1e-5)


DIFFERENTIABLE = {
    name: LAYERS[name]
    for name in LAYERS
    if name not in ("Embedding", "Conv2D", "BatchNormReLU", "SyncBatchNorm", "PReLU", "DeformableConvolution", "Conv3D")
}


@pytest.mark.parametrize(("make", "shape"), DIFFERENTIABLE.values(), ids=DIFFERENTIABLE)
def test_gradients(make, shape):
    small = {IMAGES: (2, 4, 3, 3)}.get(shape, shape)
    layer = ready(make(), *small)
    layer.cast("float64")
    if isinstance(layer, nn.ModulatedDeformableConvolution):
        # Read between pixels, where it is smooth.
        for parameter, value in ((layer.offset_weight, 0.01), (layer.offset_bias, 0.3)):
            parameter.set_data(np.full(parameter.shape, value))
    compute, values = as_function(layer)
    x = numpy.random.default_rng(0).normal(size=small)
    check_numeric_gradient(compute, [x, *values], order=1)


@pytest.mark.parametrize("name", [name for name in LAYERS if name not in ("Embedding", "PReLU")])
def test_wrong_sizes_name_the_layer_and_both_sizes(name):
    make, shape = LAYERS[name]
    layer = ready(make(), *shape)
    net = nn.Sequential()
    net.add(nn.Identity(), layer)
    axis = {"LayerNorm": 3, "RMSNorm": 3, "Dense": 2, "Dense without flattening": 2}.get(name, 1)
    wrong = tuple(8 if i == axis else n for i, n in enumerate(shape))
    with pytest.raises(AssertionError) as caught:
        net(ramp(wrong))
    message = str(caught.value) + "".join(caught.value.__notes__)
    parameter = next(iter(layer.collect_params()))
    assert f"'1.{parameter}'" in message
    assert str(layer.collect_params()[parameter].shape) in message
    assert "Sequential → 1" in message
    assert repr(layer) in message
    assert str(wrong) in message
