"""What the table of operators cannot say of convolutions: refusals, sizes of results, gradients of mixed orders."""

import numpy
import pytest

from mxnet import autograd, np, npx
from mxnet.test_utils import assert_almost_equal

CONVOLUTION = {"data": (2, 4, 5, 5), "weight": (6, 4, 3, 3), "bias": (6,), "num_filter": 6}
DECONVOLUTION = {"data": (2, 4, 5, 5), "weight": (4, 6, 3, 3), "bias": (6,), "num_filter": 6, "stride": 2}
DEFORMABLE = {"data": (2, 4, 5, 5), "offset": (2, 18, 3, 3), "weight": (6, 4, 3, 3), "bias": (6,), "num_filter": 6}


def call(name, **arguments):
    """Tuples for arrays become arrays of ones."""
    for key in ("data", "offset", "mask", "weight", "bias"):
        if isinstance(arguments.get(key), tuple):
            arguments[key] = np.ones(arguments[key])
    return getattr(npx, name)(**arguments)


REFUSED = [
    ("convolution", CONVOLUTION, {"data": (4, 5)}, "data has the axes 'NCW' or 'NCHW' or 'NCDHW', not shape"),
    ("convolution", CONVOLUTION, {"layout": "NCW"}, "data has the axes 'NCW', not shape"),
    ("convolution", CONVOLUTION, {"layout": "CHWN"}, "layout is one of 'NCW', .* not 'CHWN'"),
    ("convolution", CONVOLUTION, {"weight": (6, 4, 3)}, "weight has 4 axes"),
    ("convolution", CONVOLUTION, {"weight": (6, 4, 0, 3)}, "one number at least along each axis"),
    ("convolution", CONVOLUTION, {"kernel": (2, 2)}, r"kernel=\(2, 2\), but weight"),
    ("convolution", CONVOLUTION, {"kernel": (3, 3, 3)}, "kernel is 2 whole numbers of at least 1"),
    ("convolution", CONVOLUTION, {"stride": 0}, "stride is 2 whole numbers of at least 1, .* not 0"),
    ("convolution", CONVOLUTION, {"pad": (1, -1)}, "pad is 2 whole numbers of at least 0"),
    ("convolution", CONVOLUTION, {"dilate": 1.5}, "dilate is 2 whole numbers"),
    ("convolution", CONVOLUTION, {"num_filter": 5}, "num_filter=5, but weight"),
    ("convolution", CONVOLUTION, {"num_group": 3}, "num_group=3 divides the 4 channels of data"),
    ("convolution", CONVOLUTION, {"num_group": 0}, "num_group is a whole number above 0"),
    ("convolution", CONVOLUTION, {"num_group": 2}, "each filter has 2 channels, not 4"),
    ("convolution", CONVOLUTION, {"bias": None}, "no_bias=False needs a bias"),
    ("convolution", CONVOLUTION, {"bias": (5,)}, r"bias has shape \(6,\)"),
    ("convolution", CONVOLUTION, {"dilate": 3}, r"spans \(7, 7\) with dilate=\(3, 3\), is larger than the padded image"),
    ("convolution", CONVOLUTION, {"data": (2, 4, 2, 5)}, "is larger than the padded image: size"),
    ("deconvolution", DECONVOLUTION, {"adj": 2}, "adj is below stride"),
    ("deconvolution", DECONVOLUTION, {"target_shape": 12}, r"target_shape is \(11, 11\) at most"),
    ("deconvolution", DECONVOLUTION, {"pad": 6}, "nothing remains"),
    ("deconvolution", DECONVOLUTION, {"num_filter": 4}, "num_filter=4, but weight"),
    ("deconvolution", DECONVOLUTION, {"data": (2, 3, 5, 5)}, "a row for each of the 3 channels"),
    ("deformable_convolution", DEFORMABLE, {"offset": (2, 9, 3, 3)}, r"offset has shape \(2, 18, 3, 3\)"),
    ("deformable_convolution", DEFORMABLE, {"num_deformable_group": 3}, "num_deformable_group divides the 4 channels"),
    ("deformable_convolution", DEFORMABLE, {"layout": "NHWC"}, "layout is one of"),
    ("modulated_deformable_convolution", DEFORMABLE, {}, "mask is needed"),
    ("modulated_deformable_convolution", DEFORMABLE, {"mask": (2, 18, 3, 3)}, r"mask has shape \(2, 9, 3, 3\)"),
]


@pytest.mark.parametrize(("name", "good", "change", "message"), REFUSED)
def test_refusals(name, good, change, message):
    if change:
        call(name.removeprefix("modulated_") if "mask" in change else name, **good)
    with pytest.raises(ValueError, match=f"^{name}: .*{message}"):
        call(name, **{**good, **change})


def test_data_is_an_array():
    with pytest.raises(TypeError, match=r"convolution: data is an array, not \[1, 2\]"):
        npx.convolution([1, 2], np.ones((1, 1, 1)), no_bias=True)


def test_integers_meet_floats():
    result = npx.convolution(np.ones((1, 1, 3), dtype="int64"), np.ones((1, 1, 2)), no_bias=True)
    assert result.dtype == "float32"
    assert result.tolist() == [[[2, 2]]]


@pytest.mark.parametrize("target", [(11, 13), (10, 12), (9, 9), (1, 2)])
@pytest.mark.parametrize("stride", [1, 2])
def test_target_shape(target, stride):
    """The middle of the whole result; of two middles the one that begins later."""
    x, w = np.arange(30).reshape(1, 1, 5, 6), np.arange(9).reshape(1, 1, 3, 3)
    whole = npx.deconvolution(x, w, stride=stride, no_bias=True)
    size = tuple(min(t, n) for t, n in zip(target, whole.shape[2:], strict=True))
    result = npx.deconvolution(x, w, stride=stride, target_shape=size, pad=5, adj=7, no_bias=True)
    top, left = ((n - t + 1) // 2 for n, t in zip(whole.shape[2:], size, strict=True))
    assert_almost_equal(result, whole[:, :, top : top + size[0], left : left + size[1]])


def test_transposes():
    """⟨conv(x, w), y⟩ = ⟨x, deconv(y, w)⟩."""
    rng = numpy.random.default_rng(0)
    x, w = np.array(rng.normal(size=(2, 4, 9, 8))), np.array(rng.normal(size=(6, 2, 3, 3)))
    options = {"stride": 2, "pad": 1, "num_group": 2, "no_bias": True}
    y = npx.convolution(x, w, num_filter=6, **options)
    g = np.array(rng.normal(size=y.shape))
    back = npx.deconvolution(g, w, num_filter=4, target_shape=None, adj=(0, 1), **options)
    assert_almost_equal((y * g).sum(), (x * back).sum(), rtol=1e-4)


def test_third_order():
    """The cube of a convolution of one number has 6 w³ for its third derivative."""
    x, w = np.array([[[2.0]]]), np.array([[[3.0]]])
    x.attach_grad()
    with autograd.record():
        y = npx.convolution(x, w, no_bias=True) ** 3
        for _ in range(2):
            (y,) = autograd.grad(y, [x], create_graph=True)
    y.backward()
    assert x.grad.item() == 6 * 3**3


def test_bias_that_is_not_read():
    x, w = np.ones((1, 1, 3)), np.ones((1, 1, 2))
    assert_almost_equal(npx.convolution(x, w, np.ones(7), no_bias=True), npx.convolution(x, w, no_bias=True))


@pytest.mark.parametrize("shape", [(5000, 1, 2), (2, 1, 5000), (10, 1, 1000)])
def test_the_gradient_of_a_float16_bias_is_summed_in_float32(shape):
    bias = np.zeros(2, dtype="float16")
    bias.attach_grad()
    with autograd.record():
        y = npx.convolution(np.ones(shape, dtype="float16"), np.ones((2, 1, 1), dtype="float16"), bias, num_filter=2)
    y.backward()
    assert bias.grad.tolist() == [10000, 10000]
