"""`pad` in the modes whose border is computed: values against NumPy's, gradients to order two."""

import numpy
import pytest

from mxnet import autograd, np
from mxnet.test_utils import check_numeric_gradient

WIDTHS = [1, (2, 1), ((0, 2), (3, 0)), ((0, 0), (1, 1))]
LENGTHS = [{}, {"stat_length": 2}, {"stat_length": ((1, 2), (3, 9))}]
MODES = dict.fromkeys(("maximum", "mean", "median", "minimum"), LENGTHS)
MODES["linear_ramp"] = [{}, {"end_values": 5}, {"end_values": ((1, 2), (3, 4))}]
MODES["reflect"] = MODES["symmetric"] = [{"reflect_type": "odd"}]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("width", WIDTHS)
def test_borders(mode, width):
    x = numpy.random.default_rng(0).permutation(numpy.arange(12.0)).reshape(3, 4)
    for options in MODES[mode]:
        result = np.pad(np.array(x, dtype="float64"), width, mode, **options)
        numpy.testing.assert_allclose(result.asnumpy(), numpy.pad(x, width, mode, **options))
        check_numeric_gradient(lambda x, options=options: np.pad(x, width, mode, **options) ** 2, [x], 2)


def gradient(x, *args, **options):
    x = np.array(x)
    x.attach_grad()
    with autograd.record():
        y = np.pad(x, *args, **options)
    y.backward()
    return x.grad.tolist()


def test_who_gets_the_gradient_of_a_border():
    assert gradient([3, 1, 3], (2, 1), "empty") == [1, 1, 1]
    assert gradient([3, 1, 3], (2, 1), "maximum") == [2.5, 1, 2.5]  # ties share
    assert gradient([3, 1, 2, 9], 1, "median") == [2, 1, 2, 1]
    assert gradient([3, 1, 2], (0, 3), "mean") == [2, 2, 2]
    assert gradient([1, 2], 2, "wrap") == [3, 3]


def test_refusals_are_the_same_whether_recorded_or_not():
    x = np.array([1, 2])
    x.attach_grad()
    for scope in (autograd.record, autograd.pause):
        with scope():
            with pytest.raises(ValueError, match="pad: stat_length of 0"):
                np.pad(x, 1, "maximum", stat_length=0)
            with pytest.raises(ValueError, match=r"pad: unsupported keyword .*end_values"):
                np.pad(x, 1, "mean", end_values=1)
            with pytest.raises(TypeError, match="pad_width is missing"):
                np.pad(x, mode="mean")
    with autograd.record(), pytest.raises(NotImplementedError, match="pad: a function as mode"):
        np.pad(x, 1, lambda *args: None)
