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
    assert npx.pooling(x, kernel=2, pool_type="sum").dtype == "int32"
    assert npx.pooling(x, kernel=2, pool_type="avg").tolist() == [[[3, 3.5, 3]]]


@pytest.mark.parametrize("kind", ["max", "avg", "sum"])
def test_global_pooling_of_an_empty_batch(kind):
    assert npx.pooling(np.ones((0, 3, 4, 4)), global_pool=True, pool_type=kind).shape == (0, 3, 1, 1)
