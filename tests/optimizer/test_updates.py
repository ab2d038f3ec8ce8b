"""The updates as operators on arrays: what they write, return and refuse."""

import inspect

import numpy
import pytest

from mxnet import MXNetError, autograd, np, npx

UPDATES = [
    *(npx.sgd_update, npx.sgd_mom_update, npx.nag_mom_update, npx.signsgd_update, npx.signum_update, npx.dcasgd_update),
    *(npx.adagrad_update, npx.adadelta_update, npx.rmsprop_update, npx.rmspropalex_update, npx.ftrl_update, npx.ftml_update),
    *(npx.adam_update, npx.adamw_update, npx.adamax_update, npx.nadam_update, npx.adabelief_update),
    *(npx.lamb_update_phase1, npx.lans_update_phase1),
]
UPDATES = {function.__name__: function for function in UPDATES}
STATES = {"mom", "previous", "history", "v", "delta", "n", "g", "z", "d", "mean", "var", "inf", "direction", "nesterov"}


def call(name, size=3, **changed):
    """An update of ones; the arrays, by name."""
    function = UPDATES[name]
    parameters = inspect.signature(function).parameters
    arrays = {p: np.ones(size) for p in parameters if p in STATES | {"weight", "grad"}} | changed
    numbers = {p: 0.5 for p in parameters if p in ("lr", "of_grad", "of_mean", "of_var")} | ({"t": 1} if "t" in parameters else {})
    return function(**arrays, **numbers), arrays


def test_all_are_here():
    assert {name: getattr(npx, name) for name in npx.__all__ if "_update" in name and name != "index_update"} == UPDATES


@pytest.mark.parametrize("name", UPDATES)
def test_writes_in_place_and_returns_the_weight(name):
    result, arrays = call(name)
    assert result is arrays["weight"]
    assert arrays["grad"].tolist() == [1, 1, 1]
    changed = {key for key, array in arrays.items() if array.tolist() != [1, 1, 1]}
    assert changed


@pytest.mark.parametrize("name", UPDATES)
def test_docstrings_name_every_parameter(name):
    function = UPDATES[name]
    for parameter in inspect.signature(function).parameters:
        assert any(f"{parameter}{after}" in function.__doc__ for after in (" : ", ", "))


@pytest.mark.parametrize("name", UPDATES)
def test_refused_under_record(name):
    weight = np.ones(3)
    with autograd.record(), pytest.raises(MXNetError, match=f"{name} writes in place, which is not recorded"):
        call(name, weight=weight)
    assert weight.tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"weight": numpy.ones(3)}, TypeError, "arrays of mxnet.np, not ndarray"),
        ({"mom": None}, TypeError, "arrays of mxnet.np, not NoneType"),
        ({"grad": [1, 2, 3]}, TypeError, "arrays of mxnet.np, not list"),
        ({"weight": np.ones(3, dtype=int)}, TypeError, r"float dtype, not int64: weight.astype\('float32'\)"),
        ({"grad": np.ones(2)}, ValueError, r"the gradient has shape \(2,\), the weight \(3,\)"),
        ({"grad": np.ones((3, 1))}, ValueError, "the gradient has shape"),
        ({"mom": np.ones(())}, ValueError, r"the state has shape \(\), the weight \(3,\)"),
        ({"weight": np.broadcast_to(np.ones(1), 3)}, ValueError, "cannot be written"),
        ({"mom": np.broadcast_to(np.ones(1), 3)}, ValueError, "cannot be written"),
    ],
)
def test_refused(changed, error, message):
    with pytest.raises(error, match=f"sgd_mom_update: .*{message}"):
        call("sgd_mom_update", **changed)


def test_what_was_computed_into_the_weight_is_forgotten():
    x = np.array([1.0, 2.0])
    x.attach_grad()
    with autograd.record():
        y = 2 * x
    npx.sgd_update(y, np.ones(2), lr=0.5)
    assert y.tolist() == [1.5, 3.5]
    with pytest.raises(MXNetError):
        y.backward()


def test_a_write_to_a_state_is_noticed():
    state = np.array([1.0, 2.0])
    x = np.array([1.0, 2.0])
    x.attach_grad()
    with autograd.record():
        y = (x * state).sum()
    npx.sgd_mom_update(np.ones(2), np.ones(2), state, lr=0.5)
    with pytest.raises(MXNetError, match="written"):
        y.backward()


def test_numbers_of_any_kind():
    for lr in (1, 0.5, numpy.float64(0.5), numpy.float32(0.5), numpy.array(0.5), np.array(0.5)):
        weight = np.ones(2)
        npx.sgd_update(weight, np.ones(2), lr=lr, wd=numpy.float64(0), rescale_grad=numpy.float64(1), clip_gradient=np.array(3.0))
        assert weight.dtype == "float32"
        assert weight.tolist() == [1 - float(lr)] * 2


def test_integer_gradients():
    assert npx.sgd_update(np.ones(2), np.array([1, 2], dtype=int), lr=0.25).tolist() == [0.75, 0.5]
