"""Recurrent cells of images."""

import numpy
import pytest

from mxnet import autograd, init, np, npx
from mxnet.gluon import nn, rnn

RNG = numpy.random.default_rng(0)
KINDS = ("RNN", "LSTM", "GRU")
GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}


def cell_class(axes, kind):
    return {
        "RNN": (rnn.Conv1DRNNCell, rnn.Conv2DRNNCell, rnn.Conv3DRNNCell),
        "LSTM": (rnn.Conv1DLSTMCell, rnn.Conv2DLSTMCell, rnn.Conv3DLSTMCell),
        "GRU": (rnn.Conv1DGRUCell, rnn.Conv2DGRUCell, rnn.Conv3DGRUCell),
    }[kind][axes - 1]


def initialized(cell):
    cell.cast("float64")
    cell.initialize(init.Normal(0.5))
    return cell


def values_of(shape):
    return np.array(RNG.normal(size=shape), dtype="float64")


def assert_close(got, expected):
    numpy.testing.assert_allclose(got.asnumpy(), expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_shapes(axes, kind):
    cell = cell_class(axes, kind)((3, *(8,) * axes), 5, 3, 3)
    rows = GATES[kind] * 5
    layout = "NC" + "DHW"[3 - axes :]
    assert repr(cell) == f"Conv{axes}D{kind}Cell(3 -> {rows}, tanh, {layout})"
    assert {name: parameter.shape for name, parameter in cell.collect_params().items()} == {
        "i2h_weight": (rows, 3, *(3,) * axes),
        "h2h_weight": (rows, 5, *(3,) * axes),
        "i2h_bias": (rows,),
        "h2h_bias": (rows,),
    }
    state = {"shape": (2, 5, *(6,) * axes), "__layout__": layout}
    assert cell.state_info(2) == [state] * (2 if kind == "LSTM" else 1)
    cell.initialize()
    outputs, states = cell.unroll(4, np.ones((2, 4, 3, *(8,) * axes)), merge_outputs=True)
    assert outputs.shape == (2, 4, 5, *(6,) * axes)
    assert [one.shape for one in states] == [state["shape"]] * len(states)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("axes", [1, 2, 3])
def test_an_image_of_one_point_is_a_vector(axes, kind):
    """Convolutions with a kernel of size 1 are products with matrices: the cell is one of vectors, gradients included."""
    plain = initialized(getattr(rnn, f"{kind}Cell")(4, input_size=3))
    cell = initialized(cell_class(axes, kind)((3, *(1,) * axes), 4, 1, 1))
    for name, parameter in plain.collect_params().items():
        other = cell.collect_params()[name]
        other.set_data(parameter.data().reshape(other.shape))
    x, states = values_of((2, 3)), [values_of((2, 4)) for _ in plain.state_info()]
    ones = (1,) * axes
    with autograd.record():
        expected, after = plain(x, states)
        loss = (expected**2).sum() + sum((state**3).sum() for state in after)
    loss.backward()
    with autograd.record():
        output, got = cell(x.reshape(2, 3, *ones), [state.reshape(2, 4, *ones) for state in states])
        loss = (output**2).sum() + sum((state**3).sum() for state in got)
    loss.backward()
    assert_close(output.reshape(2, 4), expected.asnumpy())
    for state, other in zip(got, after, strict=True):
        assert_close(state.reshape(2, 4), other.asnumpy())
    for name, parameter in plain.collect_params().items():
        assert_close(cell.collect_params()[name].grad().reshape(parameter.shape), parameter.grad().asnumpy())


def test_formula():
    cell = initialized(rnn.Conv2DLSTMCell((3, 8, 9), 5, (3, 2), (3, 5), i2h_pad=(1, 0), i2h_dilate=2, h2h_dilate=(1, 2)))
    assert [info["shape"] for info in cell.state_info(2)] == [(2, 5, 6, 7)] * 2
    x, h, c = values_of((2, 3, 8, 9)), values_of((2, 5, 6, 7)), values_of((2, 5, 6, 7))
    w = {name: parameter.data() for name, parameter in cell.collect_params().items()}
    gates = npx.convolution(x, w["i2h_weight"], w["i2h_bias"], kernel=(3, 2), pad=(1, 0), dilate=(2, 2), num_filter=20)
    gates = gates + npx.convolution(h, w["h2h_weight"], w["h2h_bias"], kernel=(3, 5), pad=(1, 4), dilate=(1, 2), num_filter=20)
    i, f, g, o = numpy.split(gates.asnumpy(), 4, axis=1)
    sigmoid = lambda a: 1 / (1 + numpy.exp(-a))  # noqa: E731
    expected_c = sigmoid(f) * c.asnumpy() + sigmoid(i) * numpy.tanh(g)
    output, (after_h, after_c) = cell(x, [h, c])
    assert_close(after_c, expected_c)
    assert_close(output, sigmoid(o) * numpy.tanh(expected_c))
    assert_close(after_h, output.asnumpy())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("axes", [1, 2, 3])
def test_channels_last(axes, kind):
    spatial = (6, 5, 4)[:axes]
    first = initialized(cell_class(axes, kind)((3, *spatial), 2, 3, 3, i2h_pad=1))
    layout = "N" + "DHW"[3 - axes :] + "C"
    last = initialized(cell_class(axes, kind)((*spatial, 3), 2, 3, 3, i2h_pad=1, conv_layout=layout))
    for name, parameter in first.collect_params().items():
        values = parameter.data()
        last.collect_params()[name].set_data(np.moveaxis(values, 1, -1) if values.ndim > 1 else values)
    x, states = values_of((2, 3, *spatial)), [values_of(info["shape"]) for info in first.state_info(2)]
    expected, _ = first(x, states)
    output, _ = last(np.moveaxis(x, 1, -1), [np.moveaxis(state, 1, -1) for state in states])
    assert_close(np.moveaxis(output, -1, 1), expected.asnumpy())
    assert last.state_info(2)[0] == {"shape": (2, *spatial, 2), "__layout__": layout}


# Of MXNet 2, for weights of 1, i2h_bias ½, h2h_bias 1, x = .3, h = .7, c = 1.7.
ORIGINAL = {
    ("RNN", "tanh"): [0.98661429],
    ("RNN", "relu"): [2.5],
    ("LSTM", "tanh"): [0.91134191, 2.48281264],
    ("LSTM", "relu"): [3.58696008, 3.88139558],
    ("GRU", "tanh"): [0.72144586],
    ("GRU", "relu"): [0.82676214],
    ("RNN", nn.LeakyReLU(0.1)): [2.5],
    ("GRU", nn.LeakyReLU(0.1)): [0.82676214],
    ("RNN", np.sin): [0.59847212],
    ("LSTM", np.sin): [0.7862466, 2.12411427],
    ("GRU", np.sin): [0.69973683],
}


@pytest.mark.parametrize(("kind", "activation"), ORIGINAL)
def test_numbers_of_mxnet(kind, activation):
    cell = cell_class(2, kind)(
        (1, 1, 1),
        1,
        1,
        1,
        activation=activation,
        i2h_weight_initializer="ones",
        h2h_weight_initializer="ones",
        i2h_bias_initializer=init.Constant(0.5),
        h2h_bias_initializer="ones",
    )
    cell.initialize()
    states = [np.full((1, 1, 1, 1), value) for value in (0.7, 1.7)[: len(cell.state_info())]]
    _, after = cell(np.full((1, 1, 1, 1), 0.3), states)
    numpy.testing.assert_allclose([state.item() for state in after], ORIGINAL[kind, activation], rtol=1e-6)


@pytest.mark.parametrize("layout", ["NTC", "NTCHW"])
def test_both_directions(layout):
    cells = [rnn.Conv2DRNNCell((2, 4, 4), 3, 3, 3, i2h_pad=1) for _ in range(2)]
    both = rnn.BidirectionalCell(*cells)
    both.initialize()
    x = np.ones((2, 5, 2, 4, 4))
    assert both.unroll(5, x, layout=layout, merge_outputs=True)[0].shape == (2, 5, 6, 4, 4)
    assert [part.shape for part in both.unroll(5, x, layout=layout)[0]] == [(2, 6, 4, 4)] * 5
    outputs, _ = both.unroll(5, x, layout=layout, valid_length=np.array([2, 5]))
    assert not outputs[0, 2:].any()
    stack = rnn.HybridSequentialRNNCell()
    stack.add(both)
    stack.add(rnn.ZoneoutCell(rnn.Conv2DGRUCell((6, 4, 4), 2, 3, 1, i2h_pad=1), 0.1, 0.1))
    stack[1].initialize()
    assert stack.unroll(5, x, merge_outputs=True)[0].shape == (2, 5, 2, 4, 4)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: rnn.Conv2DLSTMCell((3, 8, 8), 5, 3, (2, 3)), r"Conv2DLSTMCell: h2h_kernel has odd sizes, .* not \(2, 3\)"),
        (lambda: rnn.Conv2DLSTMCell((3, 8, 8), 5, 3, 3, conv_layout="NCW"), "layout is 'NCHW' or 'NHWC', not 'NCW'"),
        (lambda: rnn.Conv2DLSTMCell((3, 8), 5, 3, 3), "input_shape is a whole number .* or 3 of them"),
        (lambda: rnn.Conv1DGRUCell((3, 8), 5, (3, 3), 3), "i2h_kernel is a whole number .* or 1 of them"),
        (lambda: rnn.Conv1DGRUCell((3, 8), 5, 3, 3, i2h_pad=-1), "i2h_pad is a whole number of at least 0"),
        (lambda: rnn.Conv1DGRUCell((3, 8), 5, 3, 3, h2h_dilate=0), "h2h_dilate is a whole number of at least 1"),
        (lambda: rnn.Conv1DGRUCell((3, 8), 0, 3, 3), "Conv1DGRUCell: hidden_channels is a whole number of at least 1, not 0"),
        (lambda: rnn.Conv1DGRUCell((3, 8), 5, 9, 3), r"i2h_kernel \(9,\), with dilation \(1,\), is larger than the input, \(8,\)"),
        (lambda: rnn.Conv1DGRUCell((3, 8), 5, 3, 3, activation="much"), "not 'much'"),
    ],
)
def test_bad_arguments(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_bad_inputs():
    cell = rnn.Conv2DGRUCell((3, 8, 8), 5, 3, 3)
    cell.initialize()
    for shape in ((2, 4, 8, 8), (2, 3, 9, 8), (3, 8, 8)):
        with pytest.raises(AssertionError, match=r"Conv2DGRUCell takes inputs of shape \(batch, 3, 8, 8\), .*'NCHW'"):
            cell(np.ones(shape), cell.begin_state(2))
    with pytest.raises(ValueError, match=r"a list of 1 array of shape \(2, 5, 6, 6\)"):
        cell(np.ones((2, 3, 8, 8)), cell.begin_state(3))
