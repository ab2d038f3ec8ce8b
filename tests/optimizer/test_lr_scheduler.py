"""Schedules: the original's values, and rules of their own."""

import math

import numpy
import pytest

import mxnet as mx
from mxnet import lr_scheduler as schedulers

WARM = {"base_lr": 1.0, "warmup_steps": 4, "warmup_begin_lr": 0.2}
CLIMB = [0.2, 0.4, 0.6, 0.8]
# By the original, at updates 0 to 15, with base_lr=1 and without a warm-up.
KINDS = {
    "factor": (
        lambda **options: schedulers.FactorScheduler(3, 0.5, **options),
        [1.0] * 4 + [0.5] * 3 + [0.25] * 3 + [0.125] * 3 + [0.0625] * 3,
    ),
    "stop": (
        lambda **options: schedulers.FactorScheduler(3, 0.5, stop_factor_lr=0.3, **options),
        [1.0] * 4 + [0.5] * 3 + [0.3] * 9,
    ),
    "multi": (
        lambda **options: schedulers.MultiFactorScheduler([3, 6, 7], 0.5, **options),
        [1.0] * 4 + [0.5] * 3 + [0.25] + [0.125] * 8,
    ),
    "poly": (
        lambda **options: schedulers.PolyScheduler(10, **options),
        [1.0, 0.81, 0.64, 0.49, 0.36, 0.25, 0.16, 0.09, 0.04, 0.01] + [0.0] * 6,
    ),
    "line": (
        lambda **options: schedulers.PolyScheduler(10, pwr=1, final_lr=0.1, **options),
        [1.0, 0.91, 0.82, 0.73, 0.64, 0.55, 0.46, 0.37, 0.28, 0.19] + [0.1] * 6,
    ),
    "cosine": (
        lambda **options: schedulers.CosineScheduler(10, final_lr=0.1, **options),
        [0.1 + 0.9 * (1 + math.cos(math.pi * n / 10)) / 2 for n in range(10)] + [0.1] * 6,
    ),
}
# The same with WARM, from update 4 on.
AFTER_WARM_UP = {
    "factor": [0.5, 0.5, 0.5, 0.25],
    "stop": [0.5, 0.5, 0.5, 0.3],
    "multi": [0.5, 0.5, 0.5, 0.25],
    "poly": [1.0, 0.6944444444, 0.4444444444, 0.25],
    "line": [1.0, 0.85, 0.7, 0.55],
    "cosine": [1.0, 0.9397114317, 0.775, 0.55],
}


@pytest.mark.parametrize("kind", KINDS)
def test_values(kind):
    make, values = KINDS[kind]
    schedule = make(base_lr=1.0)
    assert [schedule(n) for n in range(16)] == pytest.approx(values, rel=1e-14)
    assert schedule(2) == pytest.approx(values[2])  # any order will do
    assert make()(0) == pytest.approx(0.01)


@pytest.mark.parametrize("mode", ["linear", "constant"])
@pytest.mark.parametrize("kind", KINDS)
def test_warm_up(kind, mode):
    schedule = KINDS[kind][0](warmup_mode=mode, **WARM)
    begin = CLIMB if mode == "linear" else [0.2] * 4
    assert [schedule(n) for n in range(8)] == pytest.approx(begin + AFTER_WARM_UP[kind], rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_base_lr_may_be_set_later(kind):
    make, _ = KINDS[kind]
    schedule = make(**WARM)
    schedule.base_lr = 0.5
    expected = make(**{**WARM, "base_lr": 0.5})
    assert [schedule(n) for n in range(4, 16)] == [expected(n) for n in range(4, 16)]
    assert [schedule(n) for n in range(4)] == pytest.approx(CLIMB)  # the warm-up has an end of its own
    schedule.warmup_final_lr = 0.5
    assert [schedule(n) for n in range(4)] == [expected(n) for n in range(4)]


def test_a_warm_up_longer_than_the_schedule():
    for make in (schedulers.PolyScheduler, schedulers.CosineScheduler):
        for steps in (5, 7):
            schedule = make(5, base_lr=1.0, final_lr=0.1, warmup_steps=steps)
            assert [schedule(n) for n in (0, 4, steps, 9)] == pytest.approx([0, 4 / steps, 0.1, 0.1])


def test_a_learning_rate_below_the_stop_does_not_rise():
    assert schedulers.FactorScheduler(1, 0.5, base_lr=1e-9)(5) == 1e-9


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: schedulers.FactorScheduler(0), "at least 1, not 0"),
        (lambda: schedulers.FactorScheduler(1, 2.0), "from 0 to 1, not 2"),
        (lambda: schedulers.FactorScheduler(1, -0.5), "from 0 to 1"),
        (lambda: schedulers.FactorScheduler(1, math.nan), "from 0 to 1"),
        (lambda: schedulers.MultiFactorScheduler([1], 1.5), "from 0 to 1"),
        (lambda: schedulers.MultiFactorScheduler([]), "increasing list"),
        (lambda: schedulers.MultiFactorScheduler(3), "increasing list"),
        (lambda: schedulers.MultiFactorScheduler([2, 2]), "increasing list"),
        (lambda: schedulers.MultiFactorScheduler([3, 2]), "increasing list"),
        (lambda: schedulers.MultiFactorScheduler([0, 2]), "increasing list"),
        (lambda: schedulers.PolyScheduler(0), "PolyScheduler: max_update"),
        (lambda: schedulers.CosineScheduler(0), "CosineScheduler: max_update"),
        (lambda: schedulers.LRScheduler(base_lr=0.1, warmup_begin_lr=0.2), "at most base_lr"),
        (lambda: schedulers.LRScheduler(warmup_steps=-1), "number of updates"),
        (lambda: schedulers.LRScheduler(warmup_steps=1.5), "number of updates"),
        (lambda: schedulers.LRScheduler(warmup_mode="steep"), "'linear' or 'constant'"),
        (lambda: schedulers.LRScheduler(warmup_steps=3).get_warmup_lr(3), "the warm-up has 3 updates"),
    ],
)
def test_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_the_base_class_is_no_schedule():
    with pytest.raises(NotImplementedError, match="define __call__"):
        schedulers.LRScheduler()(1)


# --- what optimisers do with them -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_default_learning_rate_leaves_the_schedule_alone(kind):
    schedule = KINDS[kind][0](base_lr=0.3)
    optimizer = mx.optimizer.SGD(lr_scheduler=schedule)
    assert schedule.base_lr == optimizer.learning_rate == 0.3


# By the original: the learning rates of updates 1 to 8 of SGD, given the scheduler and no learning rate, or 0.5.
ORIGINAL = {
    "factor": (lambda **options: schedulers.FactorScheduler(2, 0.5, **options), [1, 1, 1 / 2, 1 / 2, 1 / 4, 1 / 4, 1 / 8, 1 / 8]),
    "multi": (lambda **options: schedulers.MultiFactorScheduler([2, 4], 0.5, **options), [1, 1, 1 / 2, 1 / 2] + [1 / 4] * 4),
    "poly": (lambda **options: schedulers.PolyScheduler(6, **options), [25 / 36, 4 / 9, 1 / 4, 1 / 9, 1 / 36, 0, 0, 0]),
    "cosine": (lambda **options: schedulers.CosineScheduler(6, **options), [0.9330127, 0.75, 0.5, 0.25, 0.0669873, 0, 0, 0]),
}
AFTER_THREE = {"poly": [1, 0.44444444, 0.11111111, 0, 0, 0], "cosine": [1, 0.75, 0.25, 0, 0, 0]}


def rates(schedule, **options):
    optimizer = mx.optimizer.SGD(lr_scheduler=schedule, **options)
    weight, seen = mx.np.zeros(1), []
    update = mx.optimizer.get_updater(optimizer)
    for _ in range(8):
        before = weight.item()
        update(0, mx.np.ones(1), weight)
        seen.append(before - weight.item())
    return pytest.approx(seen, rel=1e-4, abs=1e-7)


@pytest.mark.filterwarnings("ignore:SGD. learning_rate=0.5")
@pytest.mark.parametrize("kind", ORIGINAL)
def test_a_scheduler_and_the_optimizers_learning_rate(kind):
    make, values = ORIGINAL[kind]
    falling = kind in AFTER_THREE
    for options, given, expected in [
        ({}, {}, 0.01 if falling else 0.1),
        ({}, {"learning_rate": 0.5}, 0.01 if falling else 0.5),
        ({"base_lr": 0.2}, {}, 0.2),
        ({"base_lr": 0.2}, {"learning_rate": 0.5}, 0.2 if falling else 0.5),
    ]:
        assert [expected * value for value in values] == rates(make(**options), **given)


@pytest.mark.filterwarnings("ignore:SGD. learning_rate=0.5")
@pytest.mark.parametrize("kind", ORIGINAL)
def test_a_warm_up_ends_where_the_scheduler_says(kind):
    make, values = ORIGINAL[kind]
    falling = kind in AFTER_THREE
    after = AFTER_THREE.get(kind, values[2:])
    warm = {"base_lr": 0.1, "warmup_steps": 3, "warmup_begin_lr": 0.01}
    assert [0.04, 0.07] + [0.1 * value for value in after] == rates(make(**warm))
    assert [0.04, 0.07] + [(0.1 if falling else 0.5) * value for value in after] == rates(make(**warm), learning_rate=0.5)
    assert [0.01 / 3, 0.02 / 3] + [(0.01 if falling else 0.5) * v for v in after] == rates(make(warmup_steps=3), learning_rate=0.5)
    assert [0.01 / 3, 0.02 / 3] + [(0.01 if falling else 0.1) * v for v in after] == rates(make(warmup_steps=3))


def test_two_chosen_learning_rates():
    factor, cosine = schedulers.FactorScheduler(9, base_lr=0.5), schedulers.CosineScheduler(10, base_lr=0.5)
    with pytest.warns(UserWarning, match="learning_rate=0.3 takes the place of the scheduler's base_lr=0.5"):
        assert mx.optimizer.SGD(lr_scheduler=factor, learning_rate=0.3).learning_rate == 0.3
    with pytest.warns(UserWarning, match="learning_rate=0.3 has no effect: CosineScheduler keeps its base_lr=0.5"):
        assert mx.optimizer.SGD(lr_scheduler=cosine, learning_rate=0.3).learning_rate == 0.5
    with pytest.warns(UserWarning, match="learning_rate=0.3 has no effect: PolyScheduler keeps its base_lr=0.01"):
        mx.optimizer.SGD(lr_scheduler=schedulers.PolyScheduler(10), learning_rate=0.3)
    mx.optimizer.SGD(lr_scheduler=cosine, learning_rate=0.5)  # no warning
    mx.optimizer.SGD(lr_scheduler=schedulers.FactorScheduler(9), learning_rate=0.3)


@pytest.mark.parametrize(
    "make",
    [
        lambda **options: mx.optimizer.SGD(**options),
        lambda **options: mx.optimizer.Adam(**options),
        lambda **options: mx.optimizer.create("sgd", **options),
        lambda **options: mx.gluon.Trainer({}, "sgd", options),
    ],
)
def test_the_warning_of_two_learning_rates_names_the_line_that_gives_them(make):
    def indirectly():
        return make(lr_scheduler=schedulers.FactorScheduler(9, base_lr=0.5), learning_rate=0.3)

    with pytest.warns(UserWarning, match="takes the place") as caught:
        indirectly()
    assert [(warning.filename, warning.lineno) for warning in caught] == [(__file__, make.__code__.co_firstlineno)]


def test_numbers_of_numpy():
    schedule = schedulers.FactorScheduler(numpy.int64(2), 0.5, base_lr=1.0, warmup_steps=numpy.int64(2))
    assert type(schedule.warmup_steps) is int
    assert [schedule(n) for n in range(4)] == [0, 0.5, 1, 0.5]
    for kind in (numpy.array, mx.np.array, list, tuple):
        schedule = schedulers.MultiFactorScheduler(kind([1, 2]), 0.5, base_lr=1.0)
        assert [schedule(n) for n in range(4)] == [1, 1, 0.5, 0.25]
    for wrong in (numpy.array([[1, 2]]), numpy.array(1), numpy.array([]), numpy.array([2, 1])):
        with pytest.raises(ValueError, match="step is an increasing list"):
            schedulers.MultiFactorScheduler(wrong)
    with pytest.raises(ValueError, match="warmup_steps is a number of updates"):
        schedulers.FactorScheduler(2, warmup_steps=numpy.float64(2))


def test_any_scheduler_with_a_base_lr_gets_the_learning_rate():
    class Halving:
        base_lr = 1.0

        def __call__(self, update):
            return self.base_lr / 2**update

    with pytest.warns(UserWarning, match="takes the place"):
        assert mx.optimizer.SGD(lr_scheduler=Halving(), learning_rate=0.5).learning_rate == 0.5


def test_any_callable_will_do():
    seen = []

    def schedule(n):
        seen.append(n)
        return mx.np.array(0.5) / n

    optimizer = mx.optimizer.SGD(lr_scheduler=schedule, begin_num_update=1)
    weight = [mx.np.ones(2), mx.np.ones(3)]
    mx.optimizer.get_updater(optimizer)([0, 1], weight, weight)
    assert seen == [2]
    assert weight[0].tolist() == [0.75, 0.75]
    assert optimizer.learning_rate == 0.25


def test_the_learning_rate_belongs_to_the_schedule():
    optimizer = mx.optimizer.SGD(lr_scheduler=schedulers.CosineScheduler(10))
    with pytest.raises(UserWarning, match="a scheduler has the learning rate"):
        optimizer.set_learning_rate(0.1)
    with pytest.raises(TypeError, match="int is not callable"):
        mx.optimizer.SGD(lr_scheduler=3)
