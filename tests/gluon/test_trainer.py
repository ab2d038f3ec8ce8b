"""`Trainer`: updates, stale gradients, clipping, accumulation, several devices, states, and what is refused."""

import numpy
import pytest

import mxnet as mx
from mxnet import autograd, gluon, np, optimizer
from mxnet.gluon import nn


def dense(init="ones", **options):
    net = nn.Dense(1, in_units=2, **options)
    net.initialize(init)
    return net


def backward(net, x=((1.0, 2.0),)):
    with autograd.record():
        loss = net(np.array(x)).sum()
    loss.backward()


def test_a_step_divides_by_the_size_of_the_batch():
    net = dense()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.5})
    backward(net)
    trainer.step(2)
    assert net.weight.data().tolist() == [[0.75, 0.5]]
    assert net.bias.data().tolist() == [-0.25]
    assert net.weight.grad().tolist() == [[1, 2]]


def test_takes_dicts_lists_and_optimizers():
    net = dense()
    for params in (net.collect_params(), dict(net.params), list(net.params.values()), net.params):
        backward(net)
        gluon.Trainer(params, optimizer.SGD(learning_rate=0.25)).step(1)
    assert net.weight.data().tolist() == [[0, -1]]


def test_a_shared_parameter_is_updated_once():
    first = dense()
    net = nn.Sequential()
    net.add(first, nn.Dense(2, in_units=1), nn.Dense(1, in_units=2, params=first.params))
    net[1].initialize("ones")
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 1.0})
    assert len(trainer._params) == 4
    backward(net)
    gradient = first.weight.grad().asnumpy()
    before = first.weight.data().asnumpy().copy()
    trainer.step(1)
    assert (first.weight.data().asnumpy() == before - gradient).all()


def test_stale_gradients():
    net = dense()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.5})
    with pytest.raises(UserWarning, match=r"Parameter 'weight' of Dense is stale.*ignore_stale_grad=True"):
        trainer.step(1)
    trainer.step(1, ignore_stale_grad=True)
    assert net.weight.data().tolist() == [[1, 1]]
    backward(net)
    trainer.step(1)
    with pytest.raises(UserWarning, match="stale"):
        trainer.step(1)
    assert net.weight.data().tolist() == [[0.5, 0]]


def test_one_stale_gradient_stops_the_whole_step():
    net, unused = dense(), dense()
    trainer = gluon.Trainer([*net.params.values(), *unused.params.values()], "sgd", {"learning_rate": 0.5})
    backward(net)
    with pytest.raises(UserWarning, match="stale"):
        trainer.step(1)
    assert net.weight.data().tolist() == [[1, 1]]
    trainer.step(1, ignore_stale_grad=True)
    assert net.weight.data().tolist() == [[0.5, 0]]


def test_two_halves_of_a_step():
    net = dense()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.5})
    backward(net)
    trainer.allreduce_grads()
    trainer.update(1)
    assert net.weight.data().tolist() == [[0.5, 0]]


def test_parameters_without_gradient_are_left():
    net = dense()
    net.weight.grad_req = "null"
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.5})
    backward(net)
    trainer.step(1)
    assert net.weight.data().tolist() == [[1, 1]]
    assert net.bias.data().tolist() == [-0.5]


def test_integers_are_not_learned():
    net = dense()
    net.steps = gluon.Parameter("steps", shape=(), dtype="int32", init="zeros")
    net.steps.initialize()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.5})
    backward(net)
    with pytest.raises(UserWarning, match="Parameter 'steps' of Dense has no gradient, as it is of int32: give it grad_req='null'"):
        trainer.step(1)
    assert net.weight.data().tolist() == [[1, 1]]
    trainer.step(1, ignore_stale_grad=True)
    assert net.weight.data().tolist() == [[0.5, 0]]


def test_factors_of_parameters():
    net = dense()
    net.weight.lr_mult, net.bias.wd_mult = 0.5, 0.0
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.5, "wd": 1.0})
    backward(net)
    trainer.step(1)
    assert net.weight.data().tolist() == [[1 - 0.25 * 2, 1 - 0.25 * 3]]
    assert net.bias.data().tolist() == [-0.5]


def test_sums_of_several_backward_passes():
    net, whole = dense(), dense()
    net.setattr("grad_req", "add")
    trainers = [gluon.Trainer(n.collect_params(), "sgd", {"learning_rate": 0.5}) for n in (net, whole)]
    for _ in range(2):
        backward(net, [[1.0, 2.0]])
        backward(net, [[3.0, 5.0]])
        trainers[0].step(2)
        trainers[0].zero_grad()
        backward(whole, [[1.0, 2.0], [3.0, 5.0]])
        trainers[1].step(2)
        assert net.weight.data().tolist() == whole.weight.data().tolist()
    assert net.weight.grad().tolist() == [[0, 0]]


def test_clipping_by_the_norm_of_all_gradients():
    net = dense()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 1.0}, clip_norm=1.5)
    backward(net, [[4.0, 8.0], [0.0, 0.0]])  # gradients (4, 8) and 2, of norm √84; divided by 2, √21
    trainer.step(2)
    numpy.testing.assert_allclose(net.weight.data(), 1 - numpy.array([[2, 4]]) * 1.5 / numpy.sqrt(21), rtol=1e-6)
    numpy.testing.assert_allclose(net.bias.data(), -1 * 1.5 / numpy.sqrt(21), rtol=1e-6)
    backward(net, [[0.5, 0.0]])
    before = net.bias.data().item()
    trainer.step(1)
    numpy.testing.assert_allclose(net.bias.data(), before - 1, rtol=1e-6)  # √1.25 is below 1.5


@pytest.mark.filterwarnings("ignore:SGD. small steps of float16 weights")
def test_clipping_by_a_norm_that_the_dtype_cannot_hold():
    net = dense("zeros", dtype="float16", use_bias=False)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 1.0}, clip_norm=5)
    with autograd.record():
        loss = (net(np.array([[3.0, 4.0]], dtype="float16")) * 16000).sum()  # a gradient of norm 80000
    loss.backward()
    assert net.weight.grad().tolist() == [[48000, 64000]]
    trainer.step(1)
    numpy.testing.assert_allclose(net.weight.data(), [[-3, -4]], rtol=1e-3)


@pytest.mark.parametrize("bad", [numpy.inf, numpy.nan])
def test_a_norm_that_is_not_finite_clips_nothing(bad):
    net = dense(use_bias=False)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 1.0}, clip_norm=1)
    backward(net, [[bad, 2.0]])
    with pytest.warns(UserWarning, match=f"Trainer: the norm of the gradients is {bad}, so clip_norm scales nothing") as caught:
        trainer.step(1)
    assert [warning.filename for warning in caught] == [__file__]
    assert net.weight.data()[0, 1].item() == -1


@pytest.mark.parametrize("batch_size", [0, 0.0, numpy.int64(0), numpy.float32(0)])
def test_a_batch_of_no_samples(batch_size):
    net = dense()
    trainer = gluon.Trainer(net.collect_params(), "sgd")
    with pytest.raises(ZeroDivisionError, match="batch_size, and it is zero"):  # before the gradients, which are stale
        trainer.step(batch_size)
    assert trainer.optimizer.rescale_grad == 1


@pytest.mark.parametrize("batch_size", [-1, numpy.int64(-1), numpy.nan, numpy.inf, numpy.float32("nan")])
def test_a_size_that_no_batch_has(batch_size):
    trainer = gluon.Trainer(dense().collect_params(), "sgd")
    with pytest.raises(ValueError, match=r"batch_size is the number of samples in the batch, and not .*(1|nan|inf)"):
        trainer.step(batch_size)


@pytest.mark.parametrize("devices", [[mx.cpu(0), mx.cpu(1)], [mx.cpu(0), mx.cpu(0)]])
def test_parts_of_a_batch_on_several_devices(devices):
    net = nn.Dense(1, in_units=2)
    net.initialize("ones", ctx=devices)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.5})
    for step in range(2):
        parts = gluon.utils.split_and_load(np.array([[1.0, 2.0], [3.0, 4.0]]), devices)
        with autograd.record():
            losses = [net(part).sum() for part in parts]
        for loss in losses:
            loss.backward()
        trainer.step(2)
        assert net.weight.data(devices[1]).tolist() == [[-step, -0.5 - 1.5 * step]]


def test_backward_passes_without_a_step_between_them():
    """As in adversarial training, where the generator's loss reaches the discriminator, too."""
    nets = [dense(), dense()]
    nets[0].reset_device([mx.cpu(0), mx.cpu(1)])
    trainers = [gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.5}) for net in nets]
    for _ in range(2):
        for part in ([[5.0, 6.0]], [[7.0, 8.0]]):  # what pollutes
            backward(nets[0], part)
        for part in ([[1.0, 2.0]], [[3.0, 4.0]]):
            backward(nets[0], part)
        trainers[0].step(2)
        backward(nets[1], [[1.0, 2.0], [3.0, 4.0]])
        trainers[1].step(2)
        assert nets[0].weight.data().tolist() == nets[1].weight.data().tolist()
        assert nets[0].weight.grad().tolist() == [[4, 6]]


def test_gradients_that_add_up_are_not_zeroed_on_several_devices():
    net = dense()
    net.setattr("grad_req", "add")
    net.reset_device([mx.cpu(0), mx.cpu(1)])
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.5})
    backward(net)
    trainer.step(1)
    backward(net)
    assert net.weight.grad().tolist() == [[2, 4]]


def test_learning_rates():
    net = dense()
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.5})
    assert trainer.learning_rate == 0.5
    trainer.set_learning_rate(0.25)
    assert trainer.learning_rate == trainer.optimizer.learning_rate == 0.25
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"lr_scheduler": lambda step: 2.0**-step})
    backward(net)
    trainer.step(1)
    assert net.bias.data().tolist() == [-0.5]
    with pytest.raises(UserWarning):
        trainer.set_learning_rate(1)


def test_states_go_through_a_file(tmp_path):
    nets = [dense(), dense()]
    trainers = [gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.5}) for net in nets]
    backward(nets[0])
    trainers[0].step(1)
    trainers[0].save_states(tmp_path / "states")
    nets[0].save_parameters(tmp_path / "parameters")
    nets[1].load_parameters(tmp_path / "parameters")
    trainers[1].load_states(tmp_path / "states")
    for net, trainer in zip(nets, trainers, strict=True):
        backward(net)
        trainer.step(1)
    assert nets[0].weight.data().tolist() == nets[1].weight.data().tolist()


def test_settings_go_through_a_file(tmp_path):
    net = dense()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.5, "momentum": 0.5, "wd": 0.25})
    trainer.set_learning_rate(0.01)
    backward(net)
    trainer.step(4)
    trainer.save_states(tmp_path / "states")
    other = gluon.Trainer(net.collect_params(), "sgd", {"lr_scheduler": mx.lr_scheduler.FactorScheduler(3)})
    optimizer = other.optimizer
    other.load_states(str(tmp_path / "states"))
    assert other.optimizer is optimizer
    assert (optimizer.lr, optimizer.momentum, optimizer.wd, optimizer.lr_scheduler) == (0.01, 0.5, 0.25, None)
    assert other.learning_rate == 0.01
    assert list(optimizer.param_dict.values()) == list(net.collect_params().values())
    before = net.weight.data().asnumpy()
    momentum = other._updater.states[0].asnumpy()
    backward(net)
    other.step(1)
    expected = before + 0.5 * momentum - 0.01 * ([[1, 2]] + 0.25 * before)
    numpy.testing.assert_allclose(net.weight.data(), expected, rtol=1e-6)


def trained(net, optimizer="adam", **options):
    trainer = gluon.Trainer(net.collect_params(), optimizer, options)
    with autograd.record():
        loss = net(np.ones((1, 2), dtype=net.weight.dtype)).sum()
    loss.backward()
    trainer.step(1)
    return trainer


def with_units(units, **options):
    net = nn.Dense(units, in_units=2, **options)
    net.initialize("ones")
    return net


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: trained(with_units(3)),
            r"the state of Parameter 'weight' of Dense, of shape \(1, 2\), is an array of shape \(3, 2\) and not .* \(1, 2\)",
        ),
        (
            lambda: trained(with_units(1, dtype="float16"), multi_precision=True),
            r"the state of Parameter 'weight' .* is a tuple of 2 and not an array of shape \(1, 2\)",
        ),
        (lambda: trained(with_units(1), "sgd"), "these are the states of SGD, and the optimiser here is Adam"),
    ],
)
def test_states_of_another_network_are_refused(tmp_path, make, message):
    file = tmp_path / "my.states"
    make().save_states(file)
    net = with_units(1)
    trainer = trained(net, beta1=0.5)
    before = repr((vars(trainer.optimizer), trainer._updater.states))
    with pytest.raises(ValueError, match=f"^Trainer.load_states: '.*my.states': {message}"):
        trainer.load_states(file)
    assert repr((vars(trainer.optimizer), trainer._updater.states)) == before


def test_states_of_more_parameters_are_refused(tmp_path):
    trained(with_units(1)).save_states(tmp_path / "states")
    with pytest.raises(ValueError, match="there is a state of parameter number 1, and 1 parameters here"):
        gluon.Trainer([with_units(1).weight], "adam").load_states(tmp_path / "states")


def test_states_are_checked_when_the_shape_becomes_known(tmp_path):
    trained(with_units(1), "sgd", momentum=0.5).save_states(tmp_path / "states")
    for inputs, fits in ((2, True), (3, False)):
        net = nn.Dense(1)
        net.initialize("ones")
        trainer = gluon.Trainer(net.collect_params(), "sgd")
        trainer.load_states(tmp_path / "states")
        for _ in range(2):
            backward(net, [[1.0] * inputs])
            if fits:
                trainer.step(1)
                continue
            with pytest.raises(ValueError, match=r"Trainer.update: the state of Parameter 'weight' .*\(1, 2\) and not .*3\)"):
                trainer.step(1)
            assert net.bias.data().tolist() == [0]
            assert net.weight.data().tolist() == [[1, 1, 1]]


class Odd(optimizer.Optimizer):
    """With states of all kinds, which grow."""

    def create_state(self, index, weight):
        return {"steps": [], "rows": (np.zeros(weight.shape[:1]), 0)}

    def update_one(self, index, weight, grad, state, lr, wd):
        state["steps"].append(np.array(lr))
        state["norm"] = np.linalg.norm(grad)


def test_states_of_ones_own_optimizer(tmp_path):
    def train(units):
        return trained(with_units(units), Odd())

    train(1).save_states(tmp_path / "states")
    trainer = train(1)
    trainer.load_states(tmp_path / "states")
    assert repr(trainer._updater.states[0]) == repr(train(1)._updater.states[0])
    with pytest.raises(ValueError, match=r"is an array of shape \(1,\) and not an array of shape \(2,\)"):
        train(2).load_states(tmp_path / "states")


def test_files_that_hold_no_states(tmp_path):
    file = tmp_path / "my.params"
    net = with_units(1)
    trainer = trained(net)
    net.save_parameters(file)
    with pytest.raises(ValueError, match=r"'.*my.params': this archive holds 'weight', 'bias', as files of parameters do"):
        trainer.load_states(file)
    for content, message in [
        (b"\x80\x04K\x01.", "this is a pickle"),
        (b"", "byte 0"),
        (b"text", "byte 0: .* start with .* this with b'text'"),
    ]:
        file.write_bytes(content)
        with pytest.raises(ValueError, match=f"Trainer.load_states: '.*my.params'.*{message}"):
            trainer.load_states(file)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda net: gluon.Trainer(net, "sgd"), ValueError, "collect_params"),
        (lambda net: gluon.Trainer(net.weight, "sgd"), ValueError, "collect_params"),
        (lambda net: gluon.Trainer([net.weight, 3], "sgd"), ValueError, r"params\[1\] is a int"),
        (lambda net: gluon.Trainer(net.params, optimizer.SGD(), {"wd": 1}), AssertionError, "optimizer_params"),
        (lambda net: gluon.Trainer(net.params, "sgdd"), ValueError, "sgd"),
        (lambda net: gluon.Trainer(net.params, "sgd", clip_norm=0), ValueError, "positive"),
        (lambda net: gluon.Trainer(net.params, "sgd").step(0), ZeroDivisionError, "zero"),
        (lambda net: gluon.Trainer(nn.Dense(1).params, "sgd").step(1), RuntimeError, "not been initialized"),
    ],
)
def test_refusals(call, error, words):
    net = dense()
    backward(net)
    with pytest.raises(error, match=words):
        call(net)
    assert net.weight.data().tolist() == [[1, 1]]


def test_fresh_gradients():
    x = np.ones(2)
    with pytest.raises(mx.MXNetError, match="attach_grad"):
        x.fresh_grad = False
    assert not x.fresh_grad
    x.attach_grad()
    with autograd.record():
        y = (2 * x).sum()
    assert not x.fresh_grad
    autograd.grad(y, x, retain_graph=True)
    assert not x.fresh_grad
    y.backward()
    assert x.fresh_grad
    x.fresh_grad = False
    assert not x.fresh_grad
