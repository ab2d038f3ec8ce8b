"""Cells made of cells: stacks, both directions, dropout, zoneout and residual connections."""

import numpy
import pytest

from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import rnn

RNG = numpy.random.default_rng(0)
CLOSE = {"rtol": 1e-12, "atol": 1e-13}  # float64
PARTS = ("i2h_weight", "h2h_weight", "i2h_bias", "h2h_bias")


def values_of(shape, dtype="float64"):
    return np.array(RNG.normal(size=shape), dtype=dtype)


def settled(block, *inputs):
    """The block in float64, with shapes as they follow from a first pass, and parameters from N(0, 0.5)."""
    block.cast("float64")
    block.initialize()
    if inputs:
        block(*inputs)
    for parameter in block.collect_params().values():
        parameter.set_data(values_of(parameter.shape) / 2)
    return block


def assert_close(got, expected):
    numpy.testing.assert_allclose(got.asnumpy(), numpy.asarray(expected), **CLOSE)


def identity_cell(size=2, width=None, h2h=0.0):
    """h' = x₁ + … + xₙ + h2h · (h₁ + … + hₙ) in every place."""
    cell = rnn.RNNCell(
        size,
        activation=lambda x: x,
        i2h_weight_initializer="ones",
        h2h_weight_initializer=init.Constant(h2h),
        input_size=width or size,
    )
    cell.initialize()
    return cell


class Sum(rnn.RecurrentCell):
    """A cell that is no HybridBlock: h' = h + x."""

    def state_info(self, batch_size=0):
        return [{"shape": (batch_size, 2), "__layout__": "NC"}]

    def forward(self, inputs, states):
        total = inputs + states[0]
        return total, [total]


# --- cells of cells -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [rnn.SequentialRNNCell, rnn.HybridSequentialRNNCell])
def test_a_stack(make):
    stack = make()
    cells = [rnn.LSTMCell(4), rnn.DropoutCell(0.5), rnn.GRUCell(2), Sum()]
    for cell in cells:
        stack.add(cell)
    assert len(stack) == 4
    assert list(stack) == cells
    assert stack[0] is cells[0]
    assert stack[-1] is cells[-1]
    assert stack[1:3] == cells[1:3]
    assert [key for key in stack.collect_params() if "bias" not in key] == [f"{k}.{part}" for k in (0, 2) for part in PARTS[:2]]
    assert [state.shape for state in stack.begin_state(batch_size=3)] == [(3, 4), (3, 4), (3, 2), (3, 2)]
    assert [info["shape"] for info in stack.state_info(1)] == [(1, 4), (1, 4), (1, 2), (1, 2)]
    stack.initialize()
    x = np.array(RNG.normal(size=(3, 5, 6)))
    states, outputs = stack.begin_state(3), []
    for t in range(5):
        output, states = stack(x[:, t], states)
        outputs.append(output.asnumpy())
    got, last = stack.unroll(5, x, merge_outputs=True)
    numpy.testing.assert_allclose(got.asnumpy(), numpy.stack(outputs, 1), rtol=1e-6, atol=1e-7)
    for state, expected in zip(last, states, strict=True):
        numpy.testing.assert_allclose(state.asnumpy(), expected.asnumpy(), rtol=1e-6, atol=1e-7)
    assert [part.shape for part in stack.unroll(5, x)[0]] == [(3, 2)] * 5
    with pytest.raises(ValueError, match=f"{make.__name__}: states is a list of 4 arrays, .* not 3"):
        stack(x[:, 0], states[:3])
    with pytest.raises(ValueError, match="not array"):
        stack(x[:, 0], states[0])
    with pytest.raises(ValueError, match=r"a list of 4 arrays"):
        stack.unroll(5, x, states[:2])


def test_a_stack_in_a_stack():
    inner = rnn.SequentialRNNCell()
    inner.add(rnn.RNNCell(3))
    outer = rnn.HybridSequentialRNNCell()
    outer.add(inner)
    outer.add(rnn.BidirectionalCell(rnn.GRUCell(2), rnn.GRUCell(2)))
    outer.initialize()
    outputs, states = outer.unroll(4, np.ones((2, 4, 5)))
    assert [output.shape for output in outputs] == [(2, 4)] * 4
    assert [state.shape for state in states] == [(2, 3), (2, 2), (2, 2)]
    with pytest.raises(NotImplementedError, match=r"call cell.unroll\(length, inputs\)") as caught:
        outer(np.ones((2, 5)), outer.begin_state(2))
    assert "HybridSequentialRNNCell → 1" in "".join(caught.value.__notes__)
    assert repr(outer).splitlines()[-2:] == ["  (1): BidirectionalCell(forward=GRUCell(3 -> 6), backward=GRUCell(3 -> 6))", ")"]


@pytest.mark.parametrize("lengths", [None, [1, 4]])
@pytest.mark.parametrize("layout", ["NTC", "TNC"])
def test_both_directions(lengths, layout):
    cell = rnn.BidirectionalCell(rnn.LSTMCell(4, input_size=3), rnn.GRUCell(2, input_size=3))
    settled(cell)
    x = values_of((2, 4, 3))
    whole = []
    last = []
    for b, n in enumerate(lengths or [4, 4]):
        forth, left = cell.l_cell.unroll(n, x[b : b + 1, :n], merge_outputs=True)
        back, right = cell.r_cell.unroll(n, x[b : b + 1, :n][:, ::-1], merge_outputs=True)
        row = numpy.concatenate([forth.asnumpy(), back.asnumpy()[:, ::-1]], axis=2)
        whole.append(numpy.pad(row, [(0, 0), (0, 4 - n), (0, 0)]))
        last.append([state.asnumpy() for state in (*left, *right)])
    given = x if layout == "NTC" else x.swapaxes(0, 1)
    valid = None if lengths is None else np.array(lengths)
    for inputs in (given, list(np.unstack(given, axis=layout.index("T")))):
        outputs, states = cell.unroll(4, inputs, layout=layout, merge_outputs=True, valid_length=valid)
        assert_close(outputs if layout == "NTC" else outputs.swapaxes(0, 1), numpy.concatenate(whole))
        for k, state in enumerate(states):
            assert_close(state, numpy.concatenate([row[k] for row in last]))
    listed, _ = cell.unroll(4, given, layout=layout, merge_outputs=False, valid_length=valid)
    assert_close(np.stack(listed, axis=1), numpy.concatenate(whole))
    default, _ = cell.unroll(4, given, layout=layout, valid_length=valid)
    assert isinstance(default, list) is (lengths is None)


def test_a_cell_of_mxnet_1():
    """`hybrid_forward`, and parameters by name."""

    class Scaled(rnn.HybridRecurrentCell):
        def __init__(self, prefix=None, params=None):
            super().__init__(prefix=prefix, params=params)
            with self.name_scope():
                self.factor = self.params.get("factor", shape=(1,), init="ones")

        def state_info(self, batch_size=0):
            return [{"shape": (batch_size, 2), "__layout__": "NC"}]

        def hybrid_forward(self, F, inputs, states, factor):
            new = F.np.tanh(inputs * factor + states[0])
            return new, [new]

    cell = rnn.ResidualCell(Scaled())
    cell.initialize()
    outputs, _ = cell.unroll(2, np.ones((1, 2, 2)), merge_outputs=True)
    first = numpy.tanh(1)
    numpy.testing.assert_allclose(outputs.asnumpy()[0, :, 0], [1 + first, 1 + numpy.tanh(1 + first)], rtol=1e-6)


def test_an_unfinished_cell():
    class Unfinished(rnn.RecurrentCell):
        pass

    with pytest.raises(NotImplementedError, match="Unfinished does not say what its states are"):
        Unfinished().begin_state(2)
    with pytest.raises(NotImplementedError, match="Unfinished does not say what it computes"):
        Unfinished()(np.ones((1, 1)), [])
    with pytest.raises(NotImplementedError, match="ModifierCell does not say what it computes"):
        rnn.ModifierCell(Sum())(np.ones((1, 2)), [])


# --- dropout and its kin ------------------------------------------------------------------------------------


def test_dropout():
    np.random.seed(1)
    cell = rnn.DropoutCell(0.25)
    assert (cell.state_info(2), cell.begin_state(2), repr(cell)) == ([], [], "DropoutCell(rate=0.25, axes=())")
    x = np.ones((10, 20, 5))
    for inputs in (x, list(x)):
        outputs, states = cell.unroll(10, inputs, layout="TNC")
        assert isinstance(outputs, type(inputs))
        assert all((part == 1).all() for part in outputs)
        assert states == []
        with autograd.train_mode():
            outputs, _ = cell.unroll(10, inputs, layout="TNC")
        outputs = np.stack(list(outputs)).asnumpy()
        numpy.testing.assert_allclose(numpy.unique(outputs), [0, 4 / 3], rtol=1e-6)
        assert 0.2 < (outputs == 0).mean() < 0.3
    assert isinstance(cell.unroll(10, x, layout="TNC", merge_outputs=False)[0], list)
    assert isinstance(cell.unroll(10, list(x), layout="TNC", merge_outputs=True)[0], np.ndarray)
    state = object()
    with autograd.train_mode():
        output, states = cell(x[0], [state])
        shared, _ = rnn.DropoutCell(0.5, axes=(1,)).unroll(20, x)
    assert states == [state]
    assert (output == 0).any()
    numpy.testing.assert_array_equal(shared.asnumpy(), shared[:, :1].asnumpy().repeat(20, axis=1))


def test_zoneout():
    """Each element is that of this step, or the one that was there before."""
    np.random.seed(1)
    base = identity_cell(20, 20, h2h=0)
    x = np.array(RNG.uniform(1, 2, size=(4, 6, 20)))
    new = base.unroll(6, x, merge_outputs=True)[0].asnumpy()
    cell = rnn.ZoneoutCell(base, zoneout_outputs=0.3)
    assert repr(cell) == "ZoneoutCell(p_out=0.3, p_state=0.0, RNNCell(20 -> 20, <lambda>))".replace(
        "<lambda>", str(base._activation)
    )
    numpy.testing.assert_array_equal(cell.unroll(6, x, merge_outputs=True)[0].asnumpy(), new)
    for _ in range(2):  # it forgets the sequence before
        with autograd.record():
            outputs, _ = cell.unroll(6, x, merge_outputs=True)
        outputs = outputs.asnumpy()
        before = numpy.concatenate([numpy.zeros((4, 1, 20)), outputs[:, :-1]], axis=1)
        kept = outputs != new
        numpy.testing.assert_array_equal(outputs, numpy.where(kept, before, new))
        assert 0.2 < kept.mean() < 0.4


def test_zoneout_of_states():
    np.random.seed(1)
    cell = rnn.ZoneoutCell(rnn.LSTMCell(50, input_size=2), zoneout_states=0.3)
    cell.initialize()
    states = cell.begin_state(4, func=np.ones)
    x = np.ones((4, 2))
    plain_output, plain = cell(x, states)
    with autograd.record():
        output, after = cell(x, states)
    numpy.testing.assert_allclose(output.asnumpy(), plain_output.asnumpy(), rtol=1e-6)
    for state, new in zip(after, plain, strict=True):
        kept = (state == 1).asnumpy()
        numpy.testing.assert_allclose(state.asnumpy(), numpy.where(kept, 1, new.asnumpy()), rtol=1e-6)
        assert 0.2 < kept.mean() < 0.4
    assert ((after[0] == 1) != (after[1] == 1)).any()


def test_zoneout_gradients_go_both_ways():
    np.random.seed(1)
    cell = rnn.ZoneoutCell(identity_cell(2), zoneout_outputs=0.5)
    x = np.ones((50, 3, 2))
    x.attach_grad()
    with autograd.record():
        outputs, _ = cell.unroll(3, x)
        loss = outputs[-1].sum()
    loss.backward()
    assert all(x.grad[:, t].any() for t in range(3))
    # Each element of the last output is that of one step; so its gradient with respect to inputs has this many ones.
    assert x.grad.sum().item() == 2 * (outputs[-1] != 0).sum().item()


def test_residual():
    cell = rnn.ResidualCell(settled(rnn.GRUCell(3, input_size=3)))
    assert repr(cell) == "ResidualCell(GRUCell(3 -> 9))"
    x, states = values_of((2, 4, 3)), [values_of((2, 3))]
    base = cell.base_cell
    assert_close(cell(x[:, 0], states)[0], (base(x[:, 0], states)[0] + x[:, 0]).asnumpy())
    expected, last = base.unroll(4, x, states, merge_outputs=True)
    for inputs in (x, list(np.unstack(x, axis=1))):
        outputs, after = cell.unroll(4, inputs, states)
        assert isinstance(outputs, list)
        assert_close(np.stack(outputs, axis=1), (expected + x).asnumpy())
        assert_close(after[0], last[0].asnumpy())
    outputs, _ = cell.unroll(4, x, states, valid_length=np.array([1, 4]))
    assert not outputs[0, 1:].any()
    assert_close(outputs[1], (expected + x)[1].asnumpy())
    with pytest.raises(ValueError, match=r"ResidualCell: output and input .* not \(2, 4, 2\) and \(2, 4, 3\)"):
        rnn.ResidualCell(settled(rnn.GRUCell(2, input_size=3))).unroll(4, x)
    both = rnn.ResidualCell(rnn.BidirectionalCell(rnn.GRUCell(2), rnn.GRUCell(1)))
    both.initialize()
    assert both.unroll(4, np.ones((2, 4, 3)), merge_outputs=True)[0].shape == (2, 4, 3)


@pytest.mark.parametrize("states", [0.0, 0.5])
def test_variational_dropout(states):
    """The places are the same in all steps, and others in the next sequence."""
    np.random.seed(1)
    cell = rnn.VariationalDropoutCell(identity_cell(30, 1, h2h=0), 0, states, 0.5)
    assert repr(cell).startswith(f"VariationalDropoutCell(p_inputs=0, p_states={states}, p_outputs=0.5, RNNCell(1 -> 30")
    x = np.ones((4, 5, 1))
    numpy.testing.assert_array_equal(cell.unroll(5, x, merge_outputs=True)[0].asnumpy(), 1)
    seen = []
    for _ in range(2):
        with autograd.record():
            outputs, _ = cell.unroll(5, x, merge_outputs=True)
        outputs = outputs.asnumpy()
        assert set(numpy.unique(outputs)) == {0, 2}
        numpy.testing.assert_array_equal(outputs, outputs[:, :1].repeat(5, axis=1))
        seen.append(outputs)
    assert (seen[0] != seen[1]).any()


def test_variational_dropout_of_inputs_and_states():
    np.random.seed(1)
    cell = rnn.VariationalDropoutCell(identity_cell(1, 1, h2h=1), 0.5, 0.5)
    with autograd.record():
        outputs, _ = cell.unroll(3, np.ones((100, 3, 1)), merge_outputs=True)
    rows = {tuple(row) for row in outputs.asnumpy()[:, :, 0].tolist()}
    assert rows == {(0, 0, 0), (2, 2, 2), (2, 6, 14)}  # input dropped; states dropped; neither
    with autograd.record():
        outputs, _ = rnn.VariationalDropoutCell(identity_cell(1, 1, h2h=0), 0.5).unroll(3, np.ones((100, 3, 1)), merge_outputs=True)
    assert {tuple(row) for row in outputs.asnumpy()[:, :, 0].tolist()} == {(0, 0, 0), (2, 2, 2)}


def test_only_the_first_state_is_dropped():
    np.random.seed(1)
    cell = rnn.VariationalDropoutCell(rnn.LSTMCell(50, input_size=1, h2h_weight_initializer="zeros"), drop_states=0.5)
    cell.initialize()
    states = cell.begin_state(2, func=np.ones)
    expected = cell(np.ones((2, 1)), states)[1][1].asnumpy()
    with autograd.record():
        numpy.testing.assert_array_equal(cell(np.ones((2, 1)), states)[1][1].asnumpy(), expected)


def test_masks_stay_until_reset():
    np.random.seed(1)
    cell = rnn.VariationalDropoutCell(identity_cell(30, 1), drop_outputs=0.5)
    stack = rnn.SequentialRNNCell()
    stack.add(cell)
    x, states = np.ones((4, 1)), stack.begin_state(4)
    stack(x, states)  # out of training there is no mask that could stay
    with autograd.train_mode():
        first, second = stack(x, states)[0], stack(x, states)[0]
        stack.reset()
        third = stack(x, states)[0]
    assert set(numpy.unique(first.asnumpy())) == {0, 2}
    numpy.testing.assert_array_equal(first.asnumpy(), second.asnumpy())
    assert (first != third).any()


@pytest.mark.parametrize("make", [rnn.ZoneoutCell, rnn.ResidualCell, rnn.VariationalDropoutCell])
def test_modifiers_have_what_the_base_has(make):
    base = rnn.LSTMCell(3, input_size=3)
    cell = make(base)
    assert list(cell.collect_params()) == [f"base_cell.{part}" for part in PARTS]
    assert cell.params is base.params
    assert cell.state_info(2) == base.state_info(2)
    assert [state.shape for state in cell.begin_state(2)] == [(2, 3), (2, 3)]
    assert [state.shape for state in cell.begin_state(func=np.ones, batch_size=2)] == [(2, 3), (2, 3)]
    cell.initialize()
    cell.hybridize()
    x, states = np.ones((2, 3)), cell.begin_state(2)
    assert [state.shape for state in cell(x, states)[1]] == [(2, 3), (2, 3)]
    assert [state.shape for state in base(x, states)[1]] == [(2, 3), (2, 3)]


# --- files --------------------------------------------------------------------------------------------------


def test_saved_and_loaded(tmp_path):
    def make():
        stack = rnn.HybridSequentialRNNCell()
        stack.add(rnn.ZoneoutCell(rnn.LSTMCell(4)))
        stack.add(rnn.GRUCell(2))
        return stack

    stack, other = make(), make()
    stack.initialize(init.Xavier())
    x = np.ones((2, 3))
    with pytest.raises(gluon.DeferredInitializationError):
        stack.save_parameters(tmp_path / "f.params")
    expected = stack(x, stack.begin_state(2))[0]
    stack.save_parameters(tmp_path / "f.params")
    assert "0.base_cell.i2h_weight" in npx.load(str(tmp_path / "f.params"))
    other.load_parameters(tmp_path / "f.params")
    numpy.testing.assert_array_equal(other(x, other.begin_state(2))[0].asnumpy(), expected.asnumpy())
