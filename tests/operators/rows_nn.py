"""Operators of neural networks; SciPy is the reference."""

import numpy
from scipy import special

from .table import BOOLEAN, NONZERO, POSITIVE, REAL, UNIT, VECTORS, Domain, Row, indices


def floats(function):
    """A reference that computes in float64 whatever it is given."""
    return lambda x, **attributes: function(numpy.asarray(x, "float64"), **attributes)


def softmax(x, axis=-1, temperature=1.0, where=True):
    e = numpy.where(where, numpy.exp(x / temperature), 0)
    total = e.sum(axis=axis, keepdims=True)
    return e / numpy.where(total == 0, 1, total)


def log_softmax(x, **attributes):
    with numpy.errstate(divide="ignore"):
        return numpy.log(softmax(x, **attributes))


def shorter(data, length):
    """The mask of the elements before `length` along the last axis."""
    return numpy.arange(data.shape[-1]) < numpy.asarray(length)[..., None]


def one_hot(index, depth, on_value=1.0, off_value=0.0, dtype="float32"):
    return numpy.where(index[..., None] == numpy.arange(depth), on_value, off_value).astype(dtype)


def masked_softmax(data, mask, **attributes):
    return softmax(numpy.asarray(data, "float64"), where=mask, **attributes)


def masked_log_softmax(data, mask, **attributes):
    return log_softmax(numpy.asarray(data, "float64"), where=mask, **attributes)


def softmax_of_lengths(data, length, use_length, **attributes):
    return masked_softmax(data, shorter(data, length), **attributes)


def log_softmax_of_lengths(data, length, use_length, **attributes):
    return masked_log_softmax(data, shorter(data, length), **attributes)


def pick(data, index, axis=-1, mode="clip", keepdims=False):
    n = data.shape[axis]
    index = index % n if mode == "wrap" else index.clip(0, n - 1)
    picked = numpy.take_along_axis(data, numpy.expand_dims(index, axis), axis)
    return picked if keepdims else picked.squeeze(axis)


def unmasked(function, data, mask, **attributes):
    """Of results that are -inf where masked, the rest."""
    return numpy.where(mask, function(data, mask, **attributes), 0)


def with_length(function, data, length, **attributes):
    return function(data, length=length, use_length=True, **attributes)


def unmasked_with_length(function, data, length, **attributes):
    return numpy.where(shorter(data, length), function(data, length=length, use_length=True, **attributes), 0)


def gelu_tanh(x):
    return x / 2 * (1 + numpy.tanh(numpy.sqrt(2 / numpy.pi) * (x + 0.044715 * x**3)))


def hard_sigmoid(x, alpha=0.2, beta=0.5):
    return numpy.clip(alpha * x + beta, 0, 1)


def leaky(x, act_type="leaky", slope=0.25):
    x = numpy.asarray(x, "float64")
    if act_type in ("gelu", "gelu_tanh"):
        return x * special.ndtr(x) if act_type == "gelu" else gelu_tanh(x)
    scale, slope = (1.0507009873554805, 1.6732632423543772) if act_type == "selu" else (1, slope)
    below = slope * numpy.expm1(x) if act_type in ("elu", "selu") else slope * x
    return scale * numpy.where(x > 0, x, below)


def prelu(x, gamma, act_type):
    return numpy.where(x > 0, x, x * (gamma[:, None] if x.ndim > 2 else gamma)).astype("float64")


def with_gamma(function, data, gamma):
    return function(data, gamma, act_type="prelu")


LEAKY = [{}, {"slope": 0.1}, {"act_type": "elu", "slope": 0.5}, *[{"act_type": name} for name in ("selu", "gelu", "gelu_tanh")]]
PRELU = [((2, 3), (3,)), ((2, 3, 2), (3,)), ((2, 3), (1,)), ((3,), (3,)), ((2, 3), ())]
ALONG = [{}, {"axis": 0}, {"temperature": 2.5}]
MASKED = [((3,), (3,)), ((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 3, 2), (3, 1))]
LENGTHS = [((2, 4), (2,)), ((2, 3, 4), (2, 3))]
PICKED = [((2, 3), (2,)), ((3,), ()), ((2, 4, 3), (2, 4)), ((0, 3), (0,))]
PICKED_ACROSS = [((2, 3), (3,)), ((2, 2, 3), (2, 3))]
HOT = [{"depth": 3}, {"depth": 2, "on_value": 5, "off_value": -1, "dtype": "int32"}]

ROWS = [
    Row("npx.relu", NONZERO, reference=lambda x: numpy.maximum(x, 0)),
    Row("npx.sigmoid", reference=floats(special.expit)),
    Row("npx.log_sigmoid", reference=floats(special.log_expit)),
    Row("npx.softrelu", reference=floats(lambda x: numpy.logaddexp(x, 0))),
    Row("npx.softsign", NONZERO, reference=floats(lambda x: x / (1 + abs(x)))),
    Row("npx.silu", reference=floats(lambda x: x * special.expit(x))),
    Row("npx.mish", reference=floats(lambda x: x * numpy.tanh(numpy.logaddexp(x, 0)))),
    Row("npx.gelu", reference=floats(lambda x: x * special.ndtr(x))),
    Row("npx.gelu_tanh", reference=floats(gelu_tanh)),
    Row("npx.hard_sigmoid", NONZERO, attributes=[{}, {"alpha": 0.5, "beta": 0.1}], reference=floats(hard_sigmoid)),
    Row("npx.hard_swish", Domain(0.2, 2.9, signed=True), reference=floats(lambda x: x * numpy.clip(x + 3, 0, 6) / 6)),
    Row("npx.leaky_relu", NONZERO, attributes=LEAKY, reference=leaky),
    Row("npx.leaky_relu", (NONZERO, REAL), PRELU, reference=prelu, call=with_gamma),
    Row("npx.erf", reference=floats(special.erf)),
    Row("npx.erfinv", UNIT, reference=floats(special.erfinv)),
    Row("npx.gamma", POSITIVE, reference=floats(special.gamma)),
    Row("npx.gammaln", POSITIVE, reference=floats(special.gammaln)),
    Row("npx.digamma", POSITIVE, reference=floats(special.digamma)),
    Row("npx.softmax", shapes=VECTORS, attributes=ALONG, reference=floats(softmax)),
    Row("npx.log_softmax", shapes=VECTORS, attributes=ALONG, reference=floats(log_softmax)),
    Row("npx.softmax", (REAL, indices(0, 4)), LENGTHS, [{}, {"temperature": 2}], reference=softmax_of_lengths, call=with_length),
    Row("npx.log_softmax", (REAL, indices(0, 4)), LENGTHS, reference=log_softmax_of_lengths, call=unmasked_with_length),
    Row("npx.masked_softmax", (REAL, BOOLEAN), MASKED, ALONG, reference=masked_softmax),
    Row("npx.masked_log_softmax", (REAL, BOOLEAN), MASKED, ALONG, reference=masked_log_softmax, call=unmasked),
    Row("npx.pick", (REAL, indices(-1, 4)), PICKED, [{}, {"mode": "wrap"}, {"keepdims": True}], reference=pick),
    Row("npx.pick", (REAL, indices(0, 1)), PICKED_ACROSS, [{"axis": -2}], reference=pick),
    Row("npx.one_hot", indices(-1, 3), attributes=HOT, order=0, dtypes=("int64",), reference=one_hot),
]
