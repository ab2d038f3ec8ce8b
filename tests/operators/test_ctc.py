"""What rows cannot say of `npx.ctc_loss`: padding, impossible labels, long sequences, messages."""

import numpy
import pytest

from mxnet import autograd, np, npx
from mxnet.test_utils import check_numeric_gradient


def loss_and_gradient(data, label, **attributes):
    data = np.array(data)
    data.attach_grad()
    with autograd.record():
        loss = npx.ctc_loss(data, np.array(label), **attributes)
    loss.backward()
    return loss.asnumpy(), data.grad.asnumpy()


def test_labels_end_before_the_first_padding():
    data = numpy.random.default_rng(0).normal(size=(5, 2, 4)).astype("float32")
    padded = npx.ctc_loss(np.array(data), np.array([[3, 0, 2], [1, 2, 0]])).asnumpy()
    lengths = npx.ctc_loss(np.array(data), np.array([[3, 1, 2], [1, 2, 3]]), None, np.array([1, 2]), False, True).asnumpy()
    numpy.testing.assert_array_equal(padded, lengths)
    shifted = npx.ctc_loss(np.array(numpy.roll(data, -1, axis=2)), np.array([[2, -1, 1], [0, 1, -1]]), blank_label="last")
    numpy.testing.assert_allclose(shifted.asnumpy(), padded, rtol=1e-6)


def test_impossible_labels_cost_nothing_and_have_no_gradient():
    data = numpy.random.default_rng(1).normal(size=(4, 2, 3)).astype("float32")
    loss, gradient = loss_and_gradient(data, [[1, 1, 1], [1, 2, 1]])  # three equal labels take five steps
    assert loss[0] == 0 < loss[1]
    assert not gradient[:, 0].any()
    assert gradient[:, 1].any(axis=1).all()
    data = np.array(data, dtype="float64")
    check_numeric_gradient(lambda x: npx.ctc_loss(x, np.array([[1, 1, 1], [1, 2, 1]])), [data], 2)


def test_steps_beyond_the_end_have_no_gradient():
    data = numpy.random.default_rng(2).normal(size=(6, 3, 4)).astype("float32")
    lengths = [4, 6, 0]
    _, gradient = loss_and_gradient(data, [[1, 2], [3, 0], [1, 0]], data_lengths=np.array(lengths), use_data_lengths=True)
    assert all(not gradient[n:, b].any() and gradient[:n, b].any() == (n > 0) for b, n in enumerate(lengths))
    data[4:, 0] = data[:, 2] = numpy.inf  # what is not read may be anything
    loss, gradient = loss_and_gradient(data, [[1, 2], [3, 0], [1, 0]], data_lengths=np.array(lengths), use_data_lengths=True)
    assert numpy.isfinite(loss).all()
    assert numpy.isfinite(gradient).all()


def test_gradients_sum_to_zero_over_classes():
    data = numpy.random.default_rng(3).normal(size=(50, 4, 7)).astype("float32")
    _, gradient = loss_and_gradient(data, numpy.random.default_rng(4).integers(1, 7, (4, 12)))
    numpy.testing.assert_allclose(gradient.sum(axis=-1), 0, atol=2e-5)


def test_certain_paths():
    """A class with all the probability: the loss is 0 for the labels that it shows, and large, but finite, for others."""
    data = numpy.full((400, 2, 3), -200, "float32")
    data[::2, :, 1] = data[1::2, :, 0] = 200
    loss, gradient = loss_and_gradient(data, numpy.concatenate([numpy.ones((2, 200)), [[0], [0]]], axis=1) * [[1], [0]])
    assert loss[0] == 0
    assert loss[1] == 200 * 400
    assert numpy.isfinite(gradient).all()


def test_a_forbidden_class():
    data = np.array([[[0.0, -numpy.inf, 1.0]], [[1.0, -numpy.inf, 0.0]]])
    loss, gradient = loss_and_gradient(data, [[2]])
    assert numpy.isfinite(loss).all()
    assert numpy.isfinite(gradient).all()
    assert not gradient[..., 1].any()


def test_nan_is_not_impossible():
    data = numpy.random.default_rng(6).normal(size=(4, 3, 3)).astype("float32")
    data[2, 1, 0] = data[3, 2, 1] = numpy.nan
    lengths = {"data_lengths": np.array([4, 4, 3]), "use_data_lengths": True}
    loss, gradient = loss_and_gradient(data, [[1, 2]] * 3, **lengths)
    assert numpy.isnan(loss).tolist() == [False, True, False]  # the last one is over before its NaN
    assert numpy.isnan(gradient).any(axis=(0, 2)).tolist() == [False, True, False]
    loss, gradient = loss_and_gradient(numpy.full((4, 1, 3), numpy.nan, "float32"), [[1, 2]])
    assert numpy.isnan(loss).all()
    assert numpy.isnan(gradient).all()


def test_dtypes():
    data = numpy.random.default_rng(5).normal(size=(3, 1, 4))
    for dtype, result in (("float16", "float16"), ("float64", "float64"), ("int32", "float32")):
        assert npx.ctc_loss(np.array(data, dtype=dtype), np.array([[1, 2]], dtype="int32")).dtype == result
    assert npx.ctc_loss([[[0, 0]]], [[1]]).item() == pytest.approx(numpy.log(2))


DATA, LABEL = np.zeros((3, 2, 4)), np.array([[1, 2], [3, 0]])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"data": np.zeros((3, 4))}, r"data has shape \(time, batch, classes\).*not \(3, 4\)"),
        ({"data": np.zeros((0, 2, 4))}, "a step"),
        ({"label": np.array([1, 2])}, r"label has shape \(batch, length\).*batch=2, not \(2,\)"),
        ({"label": np.array([[1, 4], [1, 1]])}, "label has whole numbers from 1 to 3, not 4"),
        ({"label": np.array([[1, -1], [1, 1]])}, "from 1 to 3, not -1"),
        ({"label": np.array([[1.5, 1], [1, 1]])}, "not 1.5"),
        ({"label": np.array([[3, 0], [1, 1]]), "blank_label": "last"}, "label has whole numbers from 0 to 2, not 3"),
        ({"blank_label": "middle"}, "'first' or 'last', not 'middle'"),
        ({"data_lengths": np.array([3, 3])}, "data_lengths counts only with use_data_lengths=True"),
        ({"use_data_lengths": True}, "data_lengths has an entry for each of the 2 sequences, not None"),
        ({"data_lengths": np.array([4, 3]), "use_data_lengths": True}, "data_lengths has whole numbers from 0 to 3, not 4"),
        ({"label_lengths": np.array([3, 1]), "use_label_lengths": True}, "label_lengths has whole numbers from 0 to 2, not 3"),
        ({"label_lengths": np.array([1]), "use_label_lengths": True}, r"not one of shape \(1,\)"),
    ],
)
def test_messages(arguments, message):
    with pytest.raises(ValueError, match=f"ctc_loss: .*{message}"):
        npx.ctc_loss(**{"data": DATA, "label": LABEL, **arguments})
