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
    (tmp_path / "states").write_bytes(b"\x80\x04K\x01.")
    with pytest.raises(ValueError, match="pickle"):
        trainers[1].load_states(tmp_path / "states")


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
