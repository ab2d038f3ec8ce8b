"""What rows cannot say of quantised arithmetic: what integers stand for, round trips, messages."""

import numpy
import pytest

from mxnet import np, npx

LEVELS = {"int8": 127, "uint8": 255, "int32": 2**31 - 1}


def real(q, low, high):
    """What quantised integers stand for."""
    top = max(abs(low.item()), abs(high.item()))
    return q.asnumpy() * (top / LEVELS[q.dtype.name])


@pytest.mark.parametrize("out_type", ["int8", "uint8"])
def test_a_layer_in_integers_is_near_the_layer_in_floats(out_type):
    rng = numpy.random.default_rng(0)
    data, weight, bias = rng.random((4, 64)), rng.normal(size=(8, 64)), rng.normal(size=8)
    q = npx.contrib_quantize_v2(np.array(data), out_type=out_type)
    w, b = (npx.contrib_quantize_v2(np.array(x)) for x in (weight, bias))
    result = npx.quantized_fully_connected(q[0], w[0], b[0], *q[1:], *w[1:], *b[1:], num_hidden=8)
    exact = data @ weight.T + bias
    numpy.testing.assert_allclose(real(*result), exact, atol=0.15)
    rounded = npx.requantize(*result)
    assert rounded[0].dtype == "int8"
    numpy.testing.assert_allclose(real(*rounded), exact, atol=0.3)
    relu = npx.quantized_act(*rounded)
    numpy.testing.assert_allclose(real(*relu), numpy.maximum(exact, 0), atol=0.3)
    total = npx.quantized_elemwise_add(rounded[0], relu[0], *rounded[1:], *relu[1:])
    numpy.testing.assert_allclose(real(*total), exact + numpy.maximum(exact, 0), atol=0.6)
    product = npx.quantized_elemwise_mul(rounded[0], relu[0], *rounded[1:], *relu[1:])
    numpy.testing.assert_allclose(real(*product), real(*rounded) * real(*relu), rtol=1e-6)


def test_a_convolution_in_integers_is_near_the_one_in_floats():
    rng = numpy.random.default_rng(1)
    data, weight, bias = (rng.normal(size=s).astype("float32") for s in ((2, 3, 7, 7), (4, 3, 3, 3), 4))
    q, w, b = (npx.contrib_quantize_v2(np.array(x)) for x in (data, weight, bias))
    attributes = {"kernel": (3, 3), "num_filter": 4, "pad": (1, 1), "stride": (2, 2)}
    result = npx.quantized_conv(q[0], w[0], b[0], *q[1:], *w[1:], *b[1:], **attributes)
    exact = npx.convolution(*map(np.array, (data, weight, bias)), **attributes)
    numpy.testing.assert_allclose(real(*result), exact.asnumpy(), atol=0.4)


def test_halves_go_away_from_zero_and_results_end_at_the_limits():
    x = np.array([0.5, -0.5, 1.5, 200, -200])
    assert npx.contrib_quantize(x, -127, 127, out_type="int8")[0].tolist() == [1, -1, 2, 127, -127]
    assert npx.contrib_quantize(x, 0, 255)[0].tolist() == [1, 0, 2, 200, 0]


def test_constant_arrays():
    q, low, high = npx.contrib_quantize_v2(np.zeros(3))
    assert q.tolist() == [0, 0, 0]
    assert low.item() == high.item() == 0
    assert npx.contrib_quantize_v2(np.zeros((0, 3)))[0].shape == (0, 3)


def test_pooling_of_all_and_of_equal_parts():
    q = np.array(numpy.arange(32).reshape(1, 2, 4, 4), dtype="uint8")
    assert npx.quantized_pooling(q, 0, 1, pool_type="avg", global_pool=True)[0].ravel().tolist() == [8, 24]
    assert npx.quantized_pooling(q, 0, 1, pool_type="max", output_size=2)[0].ravel().tolist() == [5, 7, 13, 15, 21, 23, 29, 31]


def test_a_threshold_leaves_outliers_out():
    rng = numpy.random.default_rng(2)
    x = numpy.concatenate([rng.normal(size=20000), [60.0]])
    counts, edges = numpy.histogram(x, bins=8001, range=(-60, 60))
    threshold, divergence = npx.contrib_calibrate_entropy(np.array(counts), np.array(edges))
    assert 2 < threshold.item() < 20
    assert 0 < divergence.item() < 0.1


def test_intgemm_prepares_floats_by_itself():
    rng = numpy.random.default_rng(3)
    data, weight, bias = (np.array(rng.normal(size=s)) for s in ((3, 2, 5), (4, 10), 4))
    top, scale = npx.intgemm_maxabsolute(data), npx.intgemm_maxabsolute(weight) / 127
    prepared = npx.intgemm_prepare_weight(weight, 127 * scale)
    direct = npx.intgemm_fully_connected(data, prepared, scale, bias, num_hidden=4)
    integers = npx.intgemm_fully_connected(npx.intgemm_prepare_data(data, top), prepared, scale * top / 127, bias)
    numpy.testing.assert_allclose(direct.asnumpy(), integers.asnumpy(), rtol=1e-5)
    exact = data.asnumpy().reshape(3, 10) @ weight.asnumpy().T + bias.asnumpy()
    numpy.testing.assert_allclose(direct.asnumpy(), exact, atol=0.1)
    some = npx.intgemm_take_weight(prepared, np.array([2, 0]))
    numpy.testing.assert_array_equal(some.asnumpy(), prepared.asnumpy()[[2, 0]])
    again = npx.intgemm_prepare_weight(prepared, already_quantized=True)
    numpy.testing.assert_array_equal(again.asnumpy(), prepared.asnumpy())
    flat = npx.intgemm_fully_connected(np.ones((3, 2, 10)), prepared, scale, no_bias=True, flatten=False)
    assert flat.shape == (3, 2, 4)


Q = np.ones((2, 3), dtype="int8")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: npx.contrib_quantize(np.ones(3), 2, 1),
            ValueError,
            "contrib_quantize: the range of range goes .* from 2.0 to 1.0",
        ),
        (lambda: npx.contrib_quantize(np.ones(3), 0, 1, "int4"), ValueError, "out_type is one of int8, uint8, not 'int4'"),
        (lambda: npx.contrib_quantize(np.ones(3), np.ones(2), 1), ValueError, "min_range is one finite number"),
        (lambda: npx.contrib_quantize_v2(np.ones(3), min_calib_range=0), ValueError, "go together"),
        (lambda: npx.requantize(Q, -1, 1), TypeError, "requantize: data is of dtype int32, not int8"),
        (lambda: npx.quantized_act(Q, -1, 1, "tanh"), ValueError, "act_type is 'relu'.*not 'tanh'"),
        (lambda: npx.quantized_act(np.ones(3), -1, 1), TypeError, "data is of dtype int8 or uint8, not float32"),
        (lambda: npx.quantized_elemwise_add(Q, Q.T, -1, 1, -1, 1), ValueError, r"one shape, not \(2, 3\) and \(3, 2\)"),
        (lambda: npx.quantized_fully_connected(Q, Q, None, -1, 1, -1, 1), ValueError, "no_bias=False needs a bias"),
        (lambda: npx.quantized_fully_connected(Q, Q.T, None, -1, 1, -1, 1, no_bias=True), ValueError, r"\(num_hidden, 3\)"),
        (lambda: npx.quantized_fully_connected(Q, Q, None, -1, 1, no_bias=True), (TypeError, ValueError), "min_weight"),
        (lambda: npx.quantized_pooling(Q[None, None], -1, 1, (2, 2), "sum"), ValueError, "pool_type is 'max' or 'avg', not 'sum'"),
        (lambda: npx.contrib_calibrate_entropy(np.ones(5), np.ones(5)), ValueError, "n and n . 1 numbers"),
        (lambda: npx.contrib_calibrate_entropy(np.ones(5), np.ones(6)), ValueError, "num_quantized_bins is from 1 to 5"),
        (lambda: npx.intgemm_fully_connected(Q, Q, no_bias=True), ValueError, "scaling belongs to out_type='float32'"),
        (lambda: npx.intgemm_fully_connected(Q, np.ones((2, 3)), 1.0, no_bias=True), TypeError, "weight is of int8"),
        (lambda: npx.intgemm_fully_connected(Q, Q, 1.0), ValueError, "needs a bias"),
        (lambda: npx.intgemm_prepare_data(Q, 1), TypeError, "float dtype are prepared, not int8"),
        (lambda: npx.intgemm_prepare_weight(np.ones(3)), ValueError, "maxabs"),
        (lambda: npx.intgemm_take_weight(Q, np.array([0.5])), ValueError, "whole numbers"),
        (lambda: npx.intgemm_take_weight(Q, np.array([2])), IndexError, "intgemm_take_weight"),
    ],
)
def test_messages(call, error, message):
    with pytest.raises(error, match=message):
        call()
