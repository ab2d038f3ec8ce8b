"""What layers say when they are called wrongly."""

import pytest

from mxnet import gluon, np
from mxnet.gluon import nn, rnn

STATES = "recurrent layers and cells give outputs and states: write out, states = lstm(x, states), and hand on out"
SEQUENCES = np.ones((2, 4, 3))


def ready(block):
    block.initialize()
    return block


def message(block, *args, **kwargs):
    with pytest.raises(TypeError) as caught:
        block(*args, **kwargs)
    assert caught.value.__notes__[0].startswith("in the forward pass of ")
    return str(caught.value)


LAYERS = {
    "Dense": lambda: nn.Dense(2),
    "Dropout": lambda: nn.Dropout(0.5),
    "Conv2D": lambda: nn.Conv2D(2, 3),
    "MaxPool2D": nn.MaxPool2D,
    "BatchNorm": nn.BatchNorm,
    "LayerNorm": nn.LayerNorm,
    "Embedding": lambda: nn.Embedding(3, 2),
    "Activation": lambda: nn.Activation("relu"),
    "LSTM": lambda: rnn.LSTM(3),
}


@pytest.mark.parametrize("name", LAYERS)
def test_outputs_and_states_are_no_array(name):
    layer = ready(LAYERS[name]())
    given = "a tuple (an array of shape (2, 4, 3), a list (an array of shape (1,)))"
    assert message(layer, (SEQUENCES, [np.ones(1)])) == f"{name} takes an array, not {given}; {STATES}"


@pytest.mark.parametrize("settled", [False, True])
def test_other_things_are_no_array(settled):
    layer = ready(nn.Dense(2))
    if settled:
        layer(SEQUENCES)
    assert message(layer, {}) == "Dense takes an array, not dict: {}"
    assert message(layer, "a") == "Dense takes an array, not str: 'a'"
    assert message(layer, None) == "Dense takes an array, not NoneType: None; does the forward before it return what it computes?"
    assert message(ready(nn.Dense(2)), [1, 2]) == "Dense takes an array, not list: [1, 2]; np.array(…) makes one of numbers"
    assert message(ready(nn.MaxPool2D()), 3) == "MaxPool2D takes an array, not int: 3; np.array(…) makes one of numbers"


def test_the_error_is_raised_where_it_happens():
    net = nn.Sequential()
    net.add(nn.Dense(2))
    with pytest.raises(TypeError, match="Dense takes an array") as caught:
        ready(net)((SEQUENCES, SEQUENCES))
    assert isinstance(caught.value.__cause__, TypeError | AttributeError)


def test_blocks_of_users_may_take_anything():
    class First(nn.Dense):
        def forward(self, pair):
            return pair[0].missing

    for block in (First(2, in_units=3), nn.Lambda(lambda pair: pair.missing), nn.HybridLambda(lambda pair: pair.missing)):
        with pytest.raises(AttributeError, match="has no attribute 'missing'"):
            ready(block)((SEQUENCES, SEQUENCES))


def test_wrong_sizes_are_still_reported():
    layer = ready(nn.Dense(2, in_units=3))
    with pytest.raises(AssertionError, match=r"was declared with shape \(2, 3\)"):
        layer(np.ones((2, 4)))


def test_numbers_of_arguments():
    assert message(ready(nn.Dense(2))) == "Dense: missing a required argument: 'x'; it takes (x), and () came"
    with pytest.raises(TypeError, match=r"^L2Loss: missing a required argument: 'label'; it takes \(pred, label, sample_weight\)"):
        gluon.loss.L2Loss()(SEQUENCES)
    net = nn.Sequential()
    net.add(rnn.LSTM(3), nn.Dense(2))
    with_states = message(ready(net), SEQUENCES, net[0].begin_state(4))
    assert with_states.startswith("Dense: too many positional arguments; it takes (x), and (an array of shape (2, 4, 3), a list (")
    assert with_states.endswith(f"came; {STATES}")


@pytest.mark.parametrize("cell", [rnn.RNNCell, rnn.LSTMCell, rnn.GRUCell])
@pytest.mark.parametrize("settled", [False, True])
def test_cells_without_states(cell, settled):
    cell, x = ready(cell(3)), np.ones((2, 4))
    if settled:
        cell(x, cell.begin_state(batch_size=2))
    name = type(cell).__name__
    expected = (
        f"{name}: states is missing: call cell(x, states), first with those of cell.begin_state(batch_size=len(x)), then with "
        f"those that it returned; rnn.{name[:-4]} computes a whole sequence, and needs none"
    )
    assert message(cell, x) == expected
    net = nn.Sequential()
    net.add(cell)
    assert message(net, x) == expected
    assert message(rnn.ResidualCell(cell), x).startswith("ResidualCell: states is missing")
    assert message(cell, (x, [x])).startswith(f"{name}: states is missing")
    with pytest.raises(ValueError, match=f"{name}: states is a list of"):
        cell(x, states=[])


def test_unknown_arguments_of_recurrent_layers():
    for layer in (rnn.RNN, rnn.LSTM, rnn.GRU):
        with pytest.raises(
            TypeError, match=rf"^{layer.__name__}: unexpected keyword argument 'foo'; it takes hidden_size, .*params$"
        ):
            layer(3, foo=1)
        assert ready(layer(3, use_sequence_length=True))(SEQUENCES, None, np.array([1, 2, 1, 2])).shape == (2, 4, 3)


def test_unknown_arguments_of_hybridize():
    net = nn.HybridSequential()
    for words in ({"static_aloc": True}, {"backend_opts": {}}):
        with pytest.raises(TypeError, match=f"'{next(iter(words))}'"):
            net.hybridize(**words)
    outer = nn.Sequential()
    outer.add(nn.Dense(2))
    with pytest.raises(TypeError, match="'static_aloc'"):
        outer.hybridize(static_aloc=True)
    assert not outer[0]._active
    net.hybridize(backend=None, clear=False, partition_if_dynamic=False, static_alloc=True, static_shape=True)
    with pytest.raises(ValueError, match="hybridize: there is no backend 'MKLDNN'"):
        net.hybridize(backend="MKLDNN")
