"""Recurrent layers and cells against those of torch, gradients included: an optional job, for where torch is installed."""

import numpy
import pytest

from mxnet import autograd, init, np
from mxnet.gluon import rnn

torch = pytest.importorskip("torch", reason="an optional job: torch is not among the test requirements")

RNG = numpy.random.default_rng(0)
KINDS = {
    "RNN": (lambda **k: rnn.RNN(4, activation="tanh", **k), torch.nn.RNN),
    "LSTM": (lambda **k: rnn.LSTM(4, **k), torch.nn.LSTM),
    "GRU": (lambda **k: rnn.GRU(4, **k), torch.nn.GRU),
}
CLOSE = {"rtol": 1e-11, "atol": 1e-12}  # float64


def name_in_torch(part):
    """`weight_ih_l0_reverse` for `r0_i2h_weight`."""
    place, product, kind = part.split("_")
    return f"{kind}_{ {'i2h': 'ih', 'h2h': 'hh', 'h2r': 'hr'}[product] }_l{place[1:]}{'_reverse' if place[0] == 'r' else ''}"


def pair(kind, layers, bidirectional, projection=None, **options):
    """A layer of ours and one of torch, with the same parameters in float64, and the names of these."""
    ours, theirs = KINDS[kind]
    more = {} if projection is None else {"projection_size": projection}
    layer = ours(num_layers=layers, bidirectional=bidirectional, input_size=3, dtype="float64", **more, **options)
    layer.initialize(init.Normal(0.5))
    layer.rnn_param.set_data(RNG.normal(size=layer.rnn_param.shape) / 2)
    more = {} if projection is None else {"proj_size": projection}
    other = theirs(3, 4, layers, bidirectional=bidirectional, **more).double()
    names = [f"{d}{k}_{part}" for k in range(layers) for d in ("lr" if bidirectional else "l") for part in parts_of(projection)]
    with torch.no_grad():
        for name in names:
            getattr(other, name_in_torch(name)).copy_(torch.from_numpy(getattr(layer, name).data().asnumpy()))
    return layer, other, names


def parts_of(projection):
    return ("i2h_weight", "h2h_weight", "i2h_bias", "h2h_bias", *(("h2r_weight",) if projection else ()))


def compare(layer, other, names, lengths):
    x = RNG.normal(size=(6, 3, 3))
    states = [RNG.normal(size=info["shape"]) for info in layer.state_info(3)]
    mine = [np.array(array, dtype="float64") for array in (x, *states)]
    their = [torch.tensor(array, requires_grad=True) for array in (x, *states)]
    for array in mine:
        array.attach_grad()
    given = [] if lengths is None else [np.array(lengths)]
    with autograd.record():
        outputs, last = layer(mine[0], mine[1:], *given)
        loss = (outputs**2).sum() + sum((state**3).sum() for state in last)
    loss.backward()
    packed = their[0] if lengths is None else torch.nn.utils.rnn.pack_padded_sequence(their[0], lengths, enforce_sorted=False)
    expected, after = other(packed, tuple(their[1:]) if len(states) == 2 else their[1])
    if lengths is not None:
        expected, _ = torch.nn.utils.rnn.pad_packed_sequence(expected, total_length=6)
    after = after if len(states) == 2 else (after,)
    loss = (expected**2).sum() + sum((state**3).sum() for state in after)
    loss.backward()
    numpy.testing.assert_allclose(outputs.asnumpy(), expected.detach().numpy(), **CLOSE)
    for state, theirs in zip(last, after, strict=True):
        numpy.testing.assert_allclose(state.asnumpy(), theirs.detach().numpy(), **CLOSE)
    for array, theirs in zip(mine, their, strict=True):
        numpy.testing.assert_allclose(array.grad.asnumpy(), theirs.grad.numpy(), **CLOSE)
    for name in names:
        theirs = getattr(other, name_in_torch(name)).grad.numpy()
        numpy.testing.assert_allclose(getattr(layer, name).grad().asnumpy(), theirs, err_msg=name, **CLOSE)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("lengths", [None, [2, 6, 1]])
def test_layers(kind, layers, bidirectional, lengths):
    compare(*pair(kind, layers, bidirectional, use_sequence_length=lengths is not None), lengths)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_projections(layers, bidirectional):
    compare(*pair("LSTM", layers, bidirectional, 2), None)


@pytest.mark.parametrize(
    ("ours", "theirs"), [(rnn.RNNCell, torch.nn.RNNCell), (rnn.LSTMCell, torch.nn.LSTMCell), (rnn.GRUCell, torch.nn.GRUCell)]
)
def test_cells(ours, theirs):
    cell, other = ours(4, input_size=3), theirs(3, 4).double()
    cell.cast("float64")
    cell.initialize(init.Normal(0.5))
    with torch.no_grad():
        for name, parameter in cell.collect_params().items():
            getattr(other, name_in_torch(f"l0_{name}").removesuffix("_l0")).copy_(torch.from_numpy(parameter.data().asnumpy()))
    x, states = RNG.normal(size=(2, 3)), [RNG.normal(size=(2, 4)) for _ in cell.state_info()]
    with autograd.record():
        _, after = cell(np.array(x, dtype="float64"), [np.array(state, dtype="float64") for state in states])
        loss = sum((state**3).sum() for state in after)
    loss.backward()
    given = [torch.from_numpy(state) for state in states]
    expected = other(torch.from_numpy(x), tuple(given) if len(given) == 2 else given[0])
    expected = expected if len(given) == 2 else (expected,)
    sum((state**3).sum() for state in expected).backward()
    for state, one in zip(after, expected, strict=True):
        numpy.testing.assert_allclose(state.asnumpy(), one.detach().numpy(), **CLOSE)
    for name, parameter in cell.collect_params().items():
        grad = getattr(other, name_in_torch(f"l0_{name}").removesuffix("_l0")).grad.numpy()
        numpy.testing.assert_allclose(parameter.grad().asnumpy(), grad, err_msg=name, **CLOSE)
