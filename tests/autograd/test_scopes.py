"""Recording and training flags: nesting, exceptions, threads, asyncio."""

import asyncio
import threading

import pytest

from mxnet import autograd, np


def state():
    return autograd.is_recording(), autograd.is_training()


def test_defaults():
    assert state() == (False, False)


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (lambda: autograd.record(), (True, True)),
        (lambda: autograd.record(train_mode=False), (True, False)),
        (lambda: autograd.pause(), (False, False)),
        (lambda: autograd.pause(train_mode=True), (False, True)),
        (lambda: autograd.train_mode(), (False, True)),
        (lambda: autograd.predict_mode(), (False, False)),
    ],
)
def test_each_scope(scope, expected):
    with scope() as target:
        assert target is None
        assert state() == expected
    assert state() == (False, False)


def test_scopes_nest_and_survive_exceptions():
    with autograd.record():
        with pytest.raises(ZeroDivisionError), autograd.pause(), autograd.train_mode():
            1 // 0
        assert state() == (True, True)
        with autograd.predict_mode():
            assert state() == (True, False)
    assert state() == (False, False)


def test_one_scope_object_entered_twice():
    scope = autograd.record()
    with scope, scope:
        assert state() == (True, True)
    assert state() == (False, False)


def test_set_recording_and_set_training_return_what_was():
    assert autograd.set_recording(True) is False
    assert autograd.set_training(True) is False
    assert state() == (True, True)
    assert autograd.set_recording(False) is True
    assert autograd.set_training(False) is True


def test_functions_that_record_themselves_combine_with_callers_that_do():
    def square(x):
        with autograd.record():
            return x * x

    x = np.array([3.0])
    x.attach_grad()
    with autograd.record():
        y = square(x) * 2
    y.backward()
    assert x.grad.item() == 12


def test_backward_inside_record():
    x = np.array([3.0])
    x.attach_grad()
    with autograd.record():
        y = x * x
        y.backward()
        assert autograd.is_recording()
    assert x.grad.item() == 6


def test_another_thread_has_its_own_state_and_may_differentiate():
    x = np.array([3.0])
    x.attach_grad()
    seen = []
    with autograd.record():
        y = x * x

        def work():
            seen.append(state())
            y.backward()

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert seen == [(False, False)]
    assert x.grad.item() == 6


def test_many_threads_record_and_differentiate_at_once():
    barrier = threading.Barrier(8)
    results = {}

    def work(i):
        x = np.array([float(i)])
        x.attach_grad()
        barrier.wait()
        for _ in range(50):
            with autograd.record():
                y = x
                for _ in range(20):
                    y = y + x * x
            y.backward()
        results[i] = x.grad.item()

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {i: 1 + 40 * i for i in range(8)}


def test_asyncio_tasks_do_not_see_each_other():
    seen = []

    async def recorder(entered, left):
        with autograd.record():
            entered.set()
            await left.wait()
            seen.append(("recorder", state()))

    async def bystander(entered, left):
        await entered.wait()
        seen.append(("bystander", state()))
        left.set()

    async def main():
        entered, left = asyncio.Event(), asyncio.Event()
        await asyncio.gather(recorder(entered, left), bystander(entered, left))

    asyncio.run(main())
    assert seen == [("bystander", (False, False)), ("recorder", (True, True))]
