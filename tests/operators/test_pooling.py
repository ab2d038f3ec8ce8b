"""What the table of operators cannot say of pooling: refusals, equal numbers, NaN, windows without numbers."""

import numpy
import pytest

from mxnet import autograd, np, npx

REFUSED = [
    ({"pool_type": "median"}, "pool_type is 'max', 'avg', 'sum' or 'lp', not 'median'"),
    ({"pooling_convention": "even"}, "pooling_convention is 'valid', 'full' or 'same', not 'even'"),
    ({"pool_type": "lp"}, "needs p_value, a whole number above 0, not None"),
    ({"kernel": None}, "kernel, the size of the windows, is needed"),
    ({"kernel": (2, 2)}, "kernel is 1 whole numbers"),
    ({"kernel": 7}, r"kernel=\(7,\) is larger than the padded image: size \(6,\)"),
    ({"pad": 2}, r"pad=\(2,\) is below kernel=\(2,\)"),
    ({"pad": 1, "pooling_convention": "same"}, "'same' chooses pad itself"),
    ({"layout": "NCWH"}, "layout is one of"),
    ({"layout": "NHWC"}, "data has the axes 'NHWC', not shape"),
]


@pytest.mark.parametrize(("change", "message"), REFUSED)
def test_refusals(change, message):
    with pytest.raises(ValueError, match=f"^pooling: .*{message}"):
        npx.pooling(np.ones((1, 2, 6)), **{"kernel": 2, **change})


def test_other_refusals():
    with pytest.raises(TypeError, match="strides"):
        npx.pooling(np.ones((1, 1, 3)), kernel=2, strides=2)
    with pytest.raises(ValueError, match="adaptive_avg_pooling: output_size is 2 whole numbers"):
        npx.adaptive_avg_pooling(np.ones((1, 1, 3, 3)), (1, 2, 3))
    x, rois = np.ones((1, 1, 3, 3)), np.ones((2, 5))
    with pytest.raises(ValueError, match="roi_pooling: rois name images from 0 to 0"):
        npx.roi_pooling(x, rois, 2, 1)
    with pytest.raises(ValueError, match=r"rois has shape \(regions, 5\)"):
        npx.roi_pooling(x, rois[:, 1:], 2, 1)
    for wrong in (numpy.inf, numpy.nan):
        for place in (0, 3):
            rois = np.ones((2, 5))
            rois[1, place] = wrong
            with pytest.raises(ValueError, match=f"roi_pooling: rois has finite numbers, .*{wrong}"):
                npx.roi_pooling(x, rois, 2, 1)
    with pytest.raises(ValueError, match="pooled_size and spatial_scale"):
        npx.roi_pooling(x, rois, 2)


def value_and_gradient(x, **options):
    x = np.array(x)
    x.attach_grad()
    with autograd.record():
        y = npx.pooling(x, **options)
    y.backward()
    return y.tolist(), x.grad.tolist()


def test_the_first_of_equal_numbers_has_the_gradient():
    assert value_and_gradient([[[1, 1, 2, 2, 2]]], kernel=3) == ([[[2, 2, 2]]], [[[0, 0, 3, 0, 0]]])


def test_nan_is_the_largest():
    y, slope = value_and_gradient([[[1, numpy.nan, 2, 3]]], kernel=2, stride=2)
    numpy.testing.assert_array_equal(y, [[[numpy.nan, 3]]])
    assert slope == [[[0, 1, 0, 1]]]


def test_infinities_and_padding():
    assert value_and_gradient([[[-numpy.inf, -numpy.inf]]], kernel=2, pad=1) == ([[[-numpy.inf] * 3]], [[[2, 1]]])


def test_windows_without_numbers():
    options = {"kernel": 1, "stride": 4, "pooling_convention": "full"}
    x = [[[1, 2, 3, 4, 5, 6]]]
    assert value_and_gradient(x, **options) == ([[[1, 5, -numpy.inf]]], [[[1, 0, 0, 0, 1, 0]]])
    assert value_and_gradient(x, pool_type="avg", **options) == ([[[1, 5, 0]]], [[[1, 0, 0, 0, 1, 0]]])


def test_norm_of_zeros():
    assert value_and_gradient([[[0, 0, 3, 4]]], kernel=2, stride=2, pool_type="lp", p_value=2)[1][0][0][:2] == [0, 0]


def test_integers():
    x = np.array([[[1, 5, 2, 4]]], dtype="int32")
    assert npx.pooling(x, kernel=2, pad=1).tolist() == [[[1, 5, 5, 4, 4]]]
    assert npx.pooling(x, kernel=2, pool_type="sum").tolist() == [[[6, 7, 6]]]
    assert npx.pooling(x, kernel=2, pool_type="avg").tolist() == [[[3, 3.5, 3]]]


@pytest.mark.parametrize("kind", ["max", "avg", "sum"])
def test_global_pooling_of_an_empty_batch(kind):
    assert npx.pooling(np.ones((0, 3, 4, 4)), global_pool=True, pool_type=kind).shape == (0, 3, 1, 1)


@pytest.mark.parametrize("options", [{"kernel": 4}, {"kernel": 4, "stride": 2, "pad": 1}, {"global_pool": True}])
@pytest.mark.parametrize(("dtype", "wide"), [("uint8", "uint64"), ("int8", "int64"), ("int32", "int64"), ("bool", "int64")])
def test_sums_of_small_integers_do_not_wrap_around(options, dtype, wide):
    largest = 1 if dtype == "bool" else numpy.iinfo(dtype).max
    y = npx.pooling(np.full((1, 1, 4), largest, dtype=dtype), pool_type="sum", **options)
    assert y.dtype == wide
    assert y.max() == 4 * largest if "pad" not in options else 3 * largest


@pytest.mark.parametrize("dtype", ["float16", "float64"])
def test_sums_and_their_gradients_of_many(dtype):
    """In float16, 2048 + 1 is 2048."""
    x = np.ones((1, 1, 8191), dtype=dtype)
    x.attach_grad()
    with autograd.record():
        y = npx.pooling(x, kernel=4096, pool_type="sum")
    y.backward()
    assert (y == 4096).all()
    assert x.grad.max() == x.grad[0, 0, 4095] == 4096


# As the original has it: windows with a negative sum, and one whose sum is 0.
NORMS = {
    1: ([-2, -2, 1, 5, 0, -2], [1, 2, 2, 2, 2, 2, 1]),
    2: (
        [1.4142135, 1.4142135, 2.236068, 3.6055512, 4.2426405, 3.1622777],
        [-0.70710677, -1.4142135, -1.1543204, 1.4491274, 1.5391572, -1.6557901, 0.31622776],
    ),
    3: (
        [-1.2599211, -1.2599211, 1.9129312, 3.2710664, 0, -2.962496],
        [0.62996054, 1.2599211, 0.9032364, 1.4669397, 0.84113127, 1.0254793, 0.11394216],
    ),
}


@pytest.mark.parametrize("p", NORMS)
def test_norms_keep_the_sign_of_what_they_are_roots_of(p):
    y, slope = value_and_gradient([[[-1, -1, -1, 2, 3, -3, 1]]], kernel=2, pool_type="lp", p_value=p)
    numpy.testing.assert_allclose(y[0][0], NORMS[p][0], rtol=1e-6)
    numpy.testing.assert_allclose(slope[0][0], NORMS[p][1], rtol=1e-6)


def test_the_norm_of_nan_is_nan():
    y, slope = value_and_gradient([[[1, numpy.nan, 2, 3]]], kernel=2, stride=2, pool_type="lp", p_value=3)
    assert numpy.isnan(y).tolist() == [[[True, False]]]
    assert numpy.isnan(slope).tolist() == [[[True, True, False, False]]]
