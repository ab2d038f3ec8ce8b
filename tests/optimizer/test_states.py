"""Saving and restoring what an updater remembers."""

import io
import json
import pickle
import zipfile

import numpy
import pytest

import mxnet as mx
from mxnet import np
from mxnet.optimizer import SGD, Adam, Optimizer, create, get_updater


def trained(optimizer, steps=2, dtype="float32"):
    update = get_updater(optimizer)
    weights = [np.array([[1.0, -2.0], [0.5, 3.0]], dtype=dtype), np.array([[0.25]], dtype=dtype)]
    for _ in range(steps):
        update([0, "b"], [0.5 * w + 1 for w in weights], weights)
    return update, weights


def go_on(update, weights):
    weights = [w.copy() for w in weights]
    for _ in range(2):
        update([0, "b"], [0.5 * w + 1 for w in weights], weights)
    return [w.asnumpy() for w in weights]


def seen(update):
    """Everything that `set_states` could change."""
    optimizer = update.optimizer
    return repr((update.states, vars(optimizer), optimizer.lr_scheduler and vars(optimizer.lr_scheduler)))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("name", [name for name in Optimizer.opt_registry if name != "sgld"])
def test_training_goes_on(name, dtype):
    update, weights = trained(create(name, multi_precision=True), dtype=dtype)
    saved = update.get_states()
    assert isinstance(saved, bytes)
    other = get_updater(create(name, multi_precision=True))
    other.set_states(saved)
    assert other.optimizer._index_update_count == {0: 2, "b": 2}
    assert other.optimizer._index_update_count is other.optimizer._all_index_update_counts[0]
    assert other.optimizer.num_update == 2
    for one, two in zip(go_on(update, weights), go_on(other, weights), strict=True):
        numpy.testing.assert_array_equal(one, two)


def test_settings_go_with_it_on_demand():
    schedule = mx.lr_scheduler.MultiFactorScheduler([2, 3], 0.5, base_lr=0.25)
    update, _ = trained(Adam(beta1=0.5, wd=0.125, clip_gradient=2.0, lr_scheduler=schedule))
    update.optimizer.set_lr_mult({0: 0.5, "b": 2.0})
    update.optimizer.wd = numpy.float32(0.0625)
    other = get_updater(Adam(param_dict={}, beta2=0.5))
    other.set_states(update.get_states())
    assert (other.optimizer.beta1, other.optimizer.beta2, other.optimizer.lr_scheduler) == (0.9, 0.5, None)
    mine = other.optimizer
    other.set_states(update.get_states(dump_optimizer=True))
    assert other.optimizer is mine
    assert (mine.beta1, mine.beta2, mine.wd, mine.clip_gradient) == (0.5, 0.999, 0.0625, 2.0)
    assert mine.lr_mult == {0: 0.5, "b": 2.0}
    assert type(mine.lr_scheduler) is mx.lr_scheduler.MultiFactorScheduler
    assert [mine.lr_scheduler(n) for n in range(5)] == [schedule(n) for n in range(5)]


def test_a_scheduler_of_ones_own_stays():
    def schedule(n):
        return 0.1

    update, _ = trained(SGD(lr_scheduler=schedule))
    update.set_states(update.get_states(dump_optimizer=True))
    assert update.optimizer.lr_scheduler is schedule
    none, _ = trained(SGD())
    update.set_states(none.get_states())
    assert update.optimizer.lr_scheduler is schedule
    update.set_states(none.get_states(dump_optimizer=True))
    assert update.optimizer.lr_scheduler is None


def test_settings_that_cannot_be_saved_are_left_out():
    update, _ = trained(SGD())
    update.optimizer.table, update.optimizer.hook = {0: {1: object()}}, print
    update.optimizer.set_lr_mult({"b": 0.5})
    other, _ = trained(SGD())
    other.set_states(update.get_states(dump_optimizer=True))
    assert other.optimizer.lr_mult == {"b": 0.5}


class Odd(Optimizer):
    def create_state(self, index, weight):
        return {
            "a": [np.zeros_like(weight), None],
            3: (1, 2.5, "text", True, numpy.float32(0.5), numpy.arange(3)),
            "nan": float("inf"),
        }

    def update_one(self, index, weight, grad, state, lr, wd):
        state["a"][0] += grad


def test_states_of_all_kinds():
    update, _ = trained(Odd())
    before = update.states
    update.set_states(update.get_states())
    assert repr(update.states).replace("0.5", "np.float32(0.5)") == repr(before)
    assert type(update.states[0][3][5]) is numpy.ndarray
    assert type(update.states[0]["a"][0]) is np.ndarray


def test_states_that_cannot_be_saved():
    update, _ = trained(SGD())
    for state in ({1, 2}, numpy.array(["text"])):
        update.states[0] = state
        with pytest.raises(TypeError, match=rf"states are arrays, numbers, .* here is a {type(state).__name__}"):
            update.get_states()


def test_another_optimizer():
    update, _ = trained(Adam())
    other, _ = trained(SGD(momentum=0.9))
    before = seen(other)
    with pytest.raises(ValueError, match="these are the states of Adam, and the optimiser here is SGD"):
        other.set_states(update.get_states(dump_optimizer=True))
    assert seen(other) == before


def test_pickles_are_not_read():
    update, _ = trained(SGD(momentum=0.9))
    before = seen(update)
    for protocol in (2, 5):
        with pytest.raises(ValueError, match=r"this is a pickle, as MXNet writes them.*write the arrays with numpy.savez"):
            update.set_states(pickle.dumps(({}, None), protocol))
    with pytest.raises(TypeError, match="the bytes of get_states are needed, not str"):
        update.set_states("states")
    assert seen(update) == before


def test_damaged_bytes_change_nothing():
    update, _ = trained(SGD(momentum=0.9))
    saved = update.get_states(dump_optimizer=True)
    other, _ = trained(SGD(momentum=0.5), steps=1)
    before, restored = seen(other), None
    damaged = [saved[:n] for n in range(0, len(saved), 7)]
    damaged += [saved[:i] + bytes([saved[i] ^ 0x41]) + saved[i + 1 :] for i in range(len(saved))]
    refused = 0
    for data in damaged:
        other, _ = trained(SGD(momentum=0.5), steps=1)
        try:
            other.set_states(data)
        except ValueError:
            assert seen(other) == before
            refused += 1
        else:  # a byte that means nothing, such as one of a time
            restored = restored or seen(other)
            assert seen(other) == restored
    assert refused > len(damaged) // 2


def archive(tree):
    stream = io.BytesIO()
    numpy.savez(stream, tree=numpy.frombuffer(json.dumps(tree).encode(), numpy.uint8))
    return stream.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"abc",
        archive({"dict": []}),
        archive([1, 2]),
        archive({"dict": [["states", {"array": 0}]]}),
        archive({"dict": [["states", {"dict": []}]]}),
        archive({"odd": []}),
        archive({"dict": [["states", {"dict": []}], ["counts", {"dict": []}], ["optimizer", "Adam"]]}),
        archive({"dict": [["states", {"dict": []}], ["counts", {"dict": []}], ["optimizer", "SGD"]]}),
        archive(
            {"dict": [[k, {"dict": []}] for k in ("states", "counts")] + [["num_update", 1], ["optimizer", "SGD"], ["settings", 3]]}
        ),
        archive({"dict": [["states", {"dict": [[{"list": []}, 1]]}]]}),
    ],
)
def test_other_bytes_change_nothing(data):
    update, _ = trained(SGD(momentum=0.5))
    before = seen(update)
    with pytest.raises(ValueError, match=r"Updater\.set_states"):
        update.set_states(data)
    assert seen(update) == before


def test_unknown_schedulers_are_not_made():
    update, _ = trained(SGD(lr_scheduler=mx.lr_scheduler.CosineScheduler(9)))
    saved = update.get_states(dump_optimizer=True)
    stream = io.BytesIO(saved)
    with zipfile.ZipFile(stream) as parts:
        tree = numpy.load(io.BytesIO(parts.read("tree.npy"))).tobytes().decode()
    with pytest.raises(ValueError, match="no scheduler 'LRScheduleX'"):
        update.set_states(archive(json.loads(tree.replace("CosineScheduler", "LRScheduleX"))))


def test_states_of_other_shapes_are_refused_at_the_update():
    update, _ = trained(SGD(momentum=0.5))
    with pytest.raises(ValueError, match=r"sgd_mom_update: the state has shape \(2, 2\), the weight \(3,\)"):
        update(0, np.ones(3), np.ones(3))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: b"", "byte 0: states of an optimiser start with b'PK"),
        (lambda data: b"[1, 2]", "byte 0: .* this with b'\\[1, 2\\]'"),
        (lambda data: data[:-30], "byte 0: the archive cannot be read"),
        (lambda data: data.replace(b"counts", b"cOunts"), "member 'tree.npy', byte 0: .*CRC"),
        (lambda data: archive([1, 2]), "no states"),
    ],
)
def test_messages_say_what_is_wrong_and_where(damage, message):
    update, _ = trained(SGD(momentum=0.5))
    with pytest.raises(ValueError, match=f"^Updater.set_states.*{message}") as caught:
        update.set_states(damage(update.get_states()))
    assert "allow_pickle" not in str(caught.value)
    with pytest.raises(ValueError, match=f"^'my.states'.*{message}"):
        update.set_states(damage(update.get_states()), "'my.states'")


def test_arrays_that_are_no_states():
    stream = io.BytesIO()
    numpy.savez(stream, **{f"p{i}": numpy.ones(2) for i in range(9)})
    update, _ = trained(SGD())
    with pytest.raises(ValueError, match="this archive holds 'p0', 'p1', 'p2', 'p3' and 5 more, as files of parameters do, and no"):
        update.set_states(stream.getvalue())


def test_sync_state_context():
    update, _ = trained(SGD(momentum=0.5))
    assert update.sync_state_context(update.states[0], mx.cpu(1)) is update.states[0]
