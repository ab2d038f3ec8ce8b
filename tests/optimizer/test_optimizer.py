"""What all optimisers share: the registry, multipliers, counts, classes of users, precision, errors."""

import copy
import inspect
import pickle

import numpy
import pytest

import mxnet as mx
from mxnet import MXNetError, autograd, np
from mxnet.optimizer import SGD, Adam, Optimizer, Updater, create, get_updater, register
from mxnet.optimizer.contrib import GroupAdaGrad


@pytest.fixture
def registry(monkeypatch):
    monkeypatch.setattr(Optimizer, "opt_registry", dict(Optimizer.opt_registry))


class Parameter:
    """What `param_dict` holds, as far as optimisers look."""

    def __init__(self, name="weight", lr_mult=1.0, wd_mult=1.0):
        self.name, self.lr_mult, self.wd_mult = name, lr_mult, wd_mult


def pair():
    return [np.array([1.0, 2.0]), np.array([[3.0]])]


# --- the registry -----------------------------------------------------------------------------------------------------------------


def test_create():
    assert type(create("ADAMW", learning_rate=0.5)) is mx.optimizer.AdamW
    assert type(Optimizer.create_optimizer("groupadagrad")) is GroupAdaGrad
    with pytest.raises(ValueError, match=r"optimizer.create: no optimizer is called 'foo'; there are adabelief, adadelta"):
        create("foo")
    with pytest.raises(ValueError, match=r"no optimizer is called 'Adm' \(did you mean 'adam'\?\); there are"):
        create("Adm")
    with pytest.raises(TypeError, match="an Optimizer needs no creating"):
        create(SGD())


def test_register(registry):
    @register
    class Mine(SGD):
        pass

    assert type(create("mine", momentum=0.5)) is Mine
    assert Optimizer.register(Mine) is Mine


# --- arguments --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: SGD(momentun=0.9),
            TypeError,
            r"SGD: unknown argument 'momentun'; it takes learning_rate, momentum, .*rescale_grad",
        ),
        (lambda: SGD(learning_rate="high"), TypeError, "SGD: learning_rate is a number, not 'high'"),
        (lambda: SGD(learning_rate=numpy.nan), ValueError, "learning_rate is a finite number"),
        (lambda: Adam(wd=numpy.inf), ValueError, "Adam: wd is a finite number"),
        (lambda: Adam(rescale_grad=None), TypeError, "rescale_grad is a number"),
        (lambda: Adam(clip_gradient=numpy.nan), ValueError, "clip_gradient is a finite number"),
        (lambda: Adam(beta1=1), ValueError, "Adam: beta1 is how much is left of a mean, from 0 to below 1"),
        (lambda: mx.optimizer.LAMB(beta2=-0.1), ValueError, "LAMB: beta2"),
        (lambda: SGD(param_idx2name=["a"]), TypeError, "param_idx2name is a dict"),
        (lambda: SGD(param_dict=[1]), TypeError, "param_dict is a dict"),
        (lambda: SGD().set_learning_rate(numpy.nan), ValueError, "lr is a finite number"),
    ],
)
def test_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_learning_rate():
    optimizer = SGD()
    assert optimizer.learning_rate == optimizer.lr == 0.1
    optimizer.set_learning_rate(np.array(0.5))
    assert optimizer.learning_rate == optimizer.lr == 0.5
    assert Optimizer().learning_rate == 0.01
    assert SGD(learning_rate=-0.5).learning_rate == -0.5  # uphill
    with pytest.raises(AttributeError):
        optimizer.learning_rate = 1.0


def test_signatures_show_numbers():
    assert str(inspect.signature(mx.optimizer.NAG)) == (
        "(learning_rate=0.1, momentum=0.9, multi_precision=False, use_fused_step=True, **kwargs)"
    )


# --- multipliers and counts -------------------------------------------------------------------------------------------------------


def test_multipliers_by_index_and_name():
    optimizer = SGD(learning_rate=1.0, wd=1.0, param_idx2name={0: "fc_weight", 1: "fc_bias"})
    assert optimizer._get_wds([0, 1, 7]) == [1, 1, 1]
    optimizer.set_lr_mult({"fc_weight": 0.5, 1: 2.0})
    optimizer.set_wd_mult({"fc_bias": 0.0})
    assert optimizer._get_lrs([0, 1, 2]) == [0.5, 2, 1]
    assert optimizer._get_wds([0, 1, 2]) == [1, 0, 1]
    assert (optimizer._get_lr(0), optimizer._get_wd(1)) == (0.5, 0)


def test_multipliers_of_parameters_win():
    parameter = Parameter(lr_mult=3.0, wd_mult=0.5)
    optimizer = SGD(learning_rate=1.0, wd=1.0, param_dict={0: parameter})
    optimizer.set_lr_mult({0: 7.0, 1: 0.25})
    assert optimizer._get_lrs([0, 1]) == [3, 0.25]
    parameter.lr_mult = 5.0
    assert (optimizer._get_lr(0), optimizer._get_wd(0)) == (5, 0.5)


def test_get_updater_makes_an_updater():
    optimizer = SGD()
    update = get_updater(optimizer)
    assert type(update) is Updater
    assert update.optimizer is optimizer


def test_frozen_by_a_multiplier():
    weights = pair()
    optimizer = SGD(param_dict={0: Parameter(lr_mult=0.0)})
    get_updater(optimizer)([0, 1], weights, weights)
    assert [w.tolist() for w in weights] == [[1, 2], [[pytest.approx(2.7)]]]


def test_counts():
    optimizer = SGD(begin_num_update=10)
    optimizer._update_count([0, 1])
    optimizer._update_count(0)
    assert (optimizer.num_update, optimizer._index_update_count) == (12, {0: 12, 1: 11})
    optimizer._set_current_device(1)
    optimizer._update_count(0)
    assert (optimizer.num_update, optimizer._index_update_count) == (12, {0: 11})
    optimizer._set_current_context(0)
    assert optimizer._index_update_count == {0: 12, 1: 11}


def test_begin_num_update_counts_in_bias_correction():
    weight = np.array([1.0])
    get_updater(Adam(begin_num_update=9, beta1=0.5, beta2=0.75, learning_rate=1.0))(0, np.array([1.0]), weight)
    expected = 1 - (1 - 0.75**10) ** 0.5 / (1 - 0.5**10) * 0.5 / 0.25**0.5
    numpy.testing.assert_allclose(weight.asnumpy(), [expected], rtol=1e-6)


def test_lars_keeps_the_rate_of_biases():
    for name, moved in [("weight", False), ("fc_weight", False), ("bias", True), ("fc_gamma", True), ("bn.beta", True)]:
        for known in ({"param_idx2name": {0: name}}, {"param_dict": {0: Parameter(name)}}):
            weight = np.array([3.0, 4.0])
            get_updater(mx.optimizer.LARS(learning_rate=1.0, **known))(0, np.array([0.6, 0.8]), weight)
            numpy.testing.assert_allclose(weight.asnumpy(), [2.4, 3.2] if moved else [2.997, 3.996], rtol=1e-6)


# --- classes of users -------------------------------------------------------------------------------------------------------------


class Old(Optimizer):
    """As in MXNet 1: one parameter at a time."""

    def create_state(self, index, weight):
        return np.zeros_like(weight)

    def update(self, index, weight, grad, state):
        self._update_count(index)
        state[:] = 0.5 * state - self._get_lr(index) * (self.rescale_grad * grad + self._get_wd(index) * weight)
        weight[:] += state


class New(Optimizer):
    """As in MXNet 2: lists."""

    def create_state(self, index, weight):
        return np.zeros_like(weight)

    def step(self, indices, weights, grads, states):
        self._update_count(indices)
        lrs, wds = self._get_lrs(indices), self._get_wds(indices)
        for weight, grad, state, lr, wd in zip(weights, grads, states, lrs, wds, strict=True):
            state[:] = 0.5 * state - lr * (self.rescale_grad * grad + wd * weight)
            weight[:] += state


class Fused(New):
    def __init__(self, **kwargs):
        super().__init__(use_fused_step=True, **kwargs)

    def fused_step(self, indices, weights, grads, states):
        New.step(self, indices, weights, grads, states)

    def step(self, indices, weights, grads, states):
        raise AssertionError


class Plain(Optimizer):
    """Ours."""

    def create_state(self, index, weight):
        return np.zeros_like(weight)

    def update_one(self, index, weight, grad, state, lr, wd):
        state[:] = 0.5 * state - lr * (self.rescale_grad * grad + wd * weight)
        weight[:] += state


class OfSGD(SGD):
    """MXNet 1's way to change an optimiser of the library."""

    def __init__(self, **kwargs):
        super().__init__(momentum=0.5, **kwargs)

    def update(self, index, weight, grad, state):
        assert isinstance(index, int)
        super().update(index, weight, grad, state)


class StepOfSGD(SGD):
    """MXNet 2's."""

    def __init__(self, **kwargs):
        super().__init__(momentum=0.5, **kwargs)
        self.steps = 0

    def step(self, indices, weights, grads, states):
        self.steps += 1
        super().step(indices, weights, grads, states)


class WholeOld(Old):
    """MXNet 1's, with its own way to deal with precision."""

    def update_multi_precision(self, index, weight, grad, state):
        assert isinstance(index, int)
        self.update(index, weight, grad, state)


KINDS = [Old, New, Fused, Plain, OfSGD, StepOfSGD, WholeOld]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("together", [True, False])
def test_classes_of_users(kind, together):
    expected, weights = pair(), pair()
    of_sgd, update = get_updater(SGD(momentum=0.5, wd=0.1)), get_updater(kind(learning_rate=0.1, wd=0.1))
    for _ in range(3):
        grads = [0.5 * w + 1 for w in weights]
        of_sgd([0, 1], grads, expected)
        if together:
            update([0, 1], grads, weights)
        else:
            for i in (0, 1):
                update(i, grads[i], weights[i])
    for weight, value in zip(weights, expected, strict=True):
        numpy.testing.assert_allclose(weight.asnumpy(), value.asnumpy(), rtol=1e-6)
    if kind is StepOfSGD:
        assert update.optimizer.steps == (3 if together else 6)


@pytest.mark.parametrize("kind", [Old, New, Fused, Plain, OfSGD])
def test_classes_of_users_in_multi_precision(kind):
    weight = np.array([1.0, 2.0], dtype="float16")
    update = get_updater(kind(learning_rate=1e-4, multi_precision=True))
    for _ in range(50):
        update(0, np.ones(2, dtype="float16"), weight)
    master, state = update.states[0]
    assert (master.dtype, state.dtype, weight.dtype) == ("float32", "float32", "float16")
    expected = numpy.array([1.0, 2.0]) - 1e-4 * sum(sum(0.5**k for k in range(n)) for n in range(1, 51))
    numpy.testing.assert_allclose(master.asnumpy(), expected, rtol=1e-6)
    numpy.testing.assert_array_equal(weight.asnumpy(), master.asnumpy().astype("float16"))


@pytest.mark.parametrize("kind", [Plain, New])
def test_update_takes_one_or_a_list(kind):
    optimizer = kind(learning_rate=1.0)
    weight, state = np.array([1.0]), np.array([0.0])
    optimizer.update(0, weight, np.array([0.5]), state)
    optimizer.update([0], [weight], [np.array([0.25])], [state])
    optimizer.update_multi_precision(0, weight, np.array([0.0]), state)
    assert weight.tolist() == [-0.25]


def test_a_class_that_defines_nothing():
    class Nothing(Optimizer):
        pass

    with pytest.raises(NotImplementedError, match=r"Nothing defines none of update_one\(index, weight, grad, state, lr, wd\)"):
        get_updater(Nothing())(0, np.ones(2), np.ones(2))


def test_an_update_in_place_is_noticed_by_the_tape():
    weight = np.array([1.0, 2.0])
    weight.attach_grad()
    with autograd.record():
        y = (weight * weight).sum()
    get_updater(SGD())(0, np.ones(2), weight)
    with pytest.raises(MXNetError, match="written"):
        y.backward()


def test_gradient_array_and_weight_stay_the_same_objects():
    weight = np.array([1.0, 2.0])
    weight.attach_grad()
    data, gradient = weight, weight.grad
    with autograd.record():
        loss = (weight * weight).sum()
    loss.backward()
    get_updater(SGD(learning_rate=0.25))(0, weight.grad, weight)
    assert data is weight
    assert weight.grad is gradient
    assert weight.tolist() == [0.5, 1]
    assert gradient.tolist() == [2, 4]


@pytest.mark.parametrize("name", [name for name in Optimizer.opt_registry if name != "sgld"])
def test_nothing_changes_under_record(name):
    weight = np.ones((2, 2))
    weight.attach_grad()
    update = get_updater(create(name))
    with autograd.record(), pytest.raises(MXNetError, match="record"):
        update(0, np.ones((2, 2)), weight)
    assert weight.tolist() == [[1, 1], [1, 1]]
    assert update.optimizer.num_update == 0


# --- precision --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", Optimizer.opt_registry)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_dtypes_and_structure_of_states(name, dtype):
    weight = np.ones((2, 3), dtype=dtype)
    optimizer = create(name, multi_precision=True)
    state = optimizer.create_state_multi_precision(0, weight)
    if dtype == "float16":
        master, state = state
        assert master.dtype == "float32"
        assert master.tolist() == weight.tolist()
    for array in state if isinstance(state, tuple) else (state,):
        assert array is None or array.dtype == ("float32" if dtype == "float16" else dtype)


def test_float16_without_multi_precision_warns():
    weight = np.array([1.0, 2.0], dtype="float16")
    with pytest.warns(UserWarning, match="unless multi_precision=True"):
        get_updater(Adam(learning_rate=0.5))(0, np.array([1e-4, -1e-4], dtype="float16"), weight)
    numpy.testing.assert_allclose(weight.asnumpy(), [0.5, 2.5], rtol=1e-2)


def test_gradients_of_another_dtype():
    weight = np.array([1.0, 2.0])
    get_updater(SGD(learning_rate=0.5))(0, np.array([1.0, 1.0], dtype="float64"), weight)
    assert weight.dtype == "float32"
    assert weight.tolist() == [0.5, 1.5]


@pytest.mark.parametrize("shape", [(), (0,), (2, 0)])
@pytest.mark.parametrize("name", [name for name in Optimizer.opt_registry if name != "groupadagrad"])
def test_scalars_and_nothing(name, shape):
    weight = np.ones(shape)
    update = get_updater(create(name))
    for _ in range(2):
        update(0, np.ones(shape), weight)
    assert weight.shape == shape
    assert numpy.isfinite(weight.asnumpy()).all()


def test_views_are_updated():
    whole = np.array([[1.0, 2.0], [3.0, 4.0]])
    get_updater(SGD(learning_rate=0.5))(0, np.ones(2), whole[:, 1])
    assert whole.tolist() == [[1, 1.5], [3, 3.5]]


def test_copies():
    optimizer = Adam(learning_rate=0.5)
    get_updater(optimizer)(0, np.ones(2), np.ones(2))
    for twin in (copy.deepcopy(optimizer), pickle.loads(pickle.dumps(optimizer))):
        assert (twin.lr, twin.num_update, twin._index_update_count) == (0.5, 1, {0: 1})
        twin._update_count(0)
        assert twin._index_update_count is twin._all_index_update_counts[0]
    assert optimizer.num_update == 1
