"""DataLoader with worker processes."""

import gc
import importlib
import multiprocessing
import os
import pathlib
import pickle
import signal
import subprocess
import sys
import textwrap

import numpy
import pytest

import mxnet as mx
from mxnet import MXNetError, np, util
from mxnet.gluon.data import ArrayDataset, DataLoader, SimpleDataset
from mxnet.gluon.data import workers as machinery
from mxnet.gluon.data.batchify import AsList, Pad
from mxnet.gluon.data.vision import transforms

HERE = str(pathlib.Path(__file__).parent)


@pytest.fixture(scope="module")
def tasks():
    sys.path.insert(0, HERE)  # workers get this path
    yield importlib.import_module("data_tasks")
    sys.path.remove(HERE)


@pytest.fixture(autouse=True)
def _nothing_is_left():
    yield
    gc.collect()
    assert [p for p in multiprocessing.active_children() if p.name == "mxnet-data"] == []


def numbers(n, function):
    return SimpleDataset(range(n)).transform(function)


def plain(batches):
    return [[part.tolist() for part in batch] if isinstance(batch, list) else batch.tolist() for batch in batches]


def alike(a, b):
    """Whether two batches are the same."""
    if isinstance(a, list):
        return len(a) == len(b) and all(map(alike, a, b))
    return type(a) is type(b) is np.ndarray and a.dtype == b.dtype and a.shape == b.shape and a.tolist() == b.tolist()


def test_batches_are_those_of_no_workers(tasks):
    x, y = numpy.random.default_rng(0).random((103, 200)), numpy.arange(103, dtype="int32")
    dataset = ArrayDataset(np.array(x), x, y).shard(2, 0)
    loader, expected = DataLoader(dataset, 10, num_workers=2), list(DataLoader(dataset, 10))
    for _ in range(3):  # through the pipe first, then through shared memory
        batches = list(loader)
        assert all(type(batch) is list and type(batch[0]) is np.ndarray for batch in batches)
        assert alike(batches, expected)
    batches[0][0][:] = 0  # arrays are the caller's
    # A break drops what is under way; the same processes serve the next pass.
    workers = multiprocessing.active_children()
    for batch in loader:
        assert alike(batch, expected[0])
        break
    assert alike(list(loader), expected)
    assert len(workers) == 2
    assert set(workers) == set(multiprocessing.active_children())


def test_batches_that_grow(tasks):
    """Slots of shared memory do too."""
    dataset = tasks.Sized(1500)
    loader = DataLoader(dataset, 100, batchify_fn=Pad(), num_workers=1, prefetch=3)
    expected = list(DataLoader(dataset, 100, batchify_fn=Pad()))
    assert alike(list(loader), expected)
    # While a pass is on, another one has processes of its own.
    assert alike([list(pair) for pair in zip(loader, loader, strict=True)], [[batch, batch] for batch in expected])


def test_without_room_for_shared_memory(tasks, monkeypatch):
    monkeypatch.setattr(machinery, "_segment", lambda size: None)
    x = numpy.arange(40_000.0).reshape(4, 10_000)
    loader = DataLoader(x, 2, num_workers=1)
    for _ in range(2):
        batches = list(loader)
        assert alike(batches, list(DataLoader(x, 2)))
    batches[0][:] = 0  # can be written


def test_segments_end_with_the_system():
    assert machinery._segment(1 << 60) is None  # more than there is
    segment = machinery._segment(10)
    assert not any(segment.buf[:10])
    machinery._remove(segment)


def test_each_worker_computes_with_one_thread(tasks):
    loader = DataLoader(numbers(9, tasks.processes), 1, batchify_fn=AsList(), num_workers=1)
    pids, threads = zip(*(item for (item,) in loader), strict=True)
    assert os.getpid() not in pids
    assert set(threads) == {1}
    ended = {process.pid for process in multiprocessing.active_children()}
    assert set(pids) <= ended
    del loader
    gc.collect()
    assert not ended & {process.pid for process in multiprocessing.active_children()}


@pytest.mark.slow
def test_random_numbers_repeat_with_any_number_of_workers(tasks):
    passes = []
    for count in (1, 2):
        loader = DataLoader(numbers(12, tasks.drawn), 2, num_workers=count)
        mx.random.seed(3)
        passes += [plain(loader), plain(loader)]
    assert passes[:2] == passes[2:]
    drawn = numpy.array(passes[:2]).reshape(-1)
    assert len(set(drawn.tolist())) == drawn.size  # and nothing is drawn twice
    mx.random.seed(4)
    assert plain(loader) != passes[0]


def test_transforms_and_dtype_mode_reach_workers(tasks):
    images = numpy.random.default_rng(0).integers(0, 256, (6, 9, 8, 3)).astype("uint8")
    change = transforms.Compose([transforms.Resize(4), transforms.ToTensor(), tasks.double])
    dataset = ArrayDataset(np.array(images, dtype="uint8"), numpy.arange(6)).transform_first(change)
    util.set_np(dtype=True)
    try:
        assert alike(list(DataLoader(dataset, 4, num_workers=1)), list(DataLoader(dataset, 4)))
    finally:
        util.reset_np()


# --- what goes wrong --------------------------------------------------------------------------------------------------------------


def test_an_error_in_a_worker(tasks):
    loader = DataLoader(numbers(6, tasks.fail_at_3), 2, num_workers=1)
    for _ in range(2):  # the workers go on
        got = []
        with pytest.raises(ValueError, match="three is not liked") as caught:
            got.extend(batch.tolist() for batch in loader)
        assert got == [[0, 1]]
        (note,) = caught.value.__notes__
        assert "In the worker process" in note
        assert "in fail_at_3" in note


def test_an_error_that_cannot_be_pickled(tasks):
    with pytest.raises(MXNetError, match="Awkward: very much") as caught:
        list(DataLoader(numbers(6, tasks.awkward), 2, num_workers=1))
    assert "in awkward" in caught.value.__notes__[0]


def test_a_batch_that_cannot_be_pickled(tasks):
    with pytest.raises((TypeError, pickle.PicklingError), match="generator"):
        list(DataLoader(numbers(6, tasks.double), 2, batchify_fn=tasks.lazily, num_workers=1))


def test_a_worker_that_dies(tasks):
    loader = DataLoader(numbers(6, tasks.die_at_3), 2, num_workers=1)
    got = []
    with pytest.raises(MXNetError, match=r"exit code 7$"):
        got.extend(batch.tolist() for batch in loader)
    assert got == [[0, 1]]
    assert multiprocessing.active_children() == []
    with pytest.raises(MXNetError, match="exit code 7"):  # of others that were started
        list(loader)


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_worker_that_is_killed(tasks):
    loader = DataLoader(numbers(6, tasks.double), 2, num_workers=1)
    assert plain(loader) == [[0, 2], [4, 6], [8, 10]]
    [worker] = multiprocessing.active_children()
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    with pytest.raises(MXNetError, match=r"signal 9, SIGKILL.*memory"):
        list(loader)
    assert plain(loader) == [[0, 2], [4, 6], [8, 10]]


def test_a_worker_that_hangs(tasks):
    loader = DataLoader(numbers(6, tasks.hang_at_3), 2, num_workers=1)
    batches = iter(loader)
    assert next(batches).tolist() == [0, 1]
    loader = DataLoader(numbers(6, tasks.hang_at_3), 2, num_workers=1, timeout=0.05)
    with pytest.raises(TimeoutError, match=r"for 0\.05 seconds.*timeout=600"):
        list(loader)
    batches.close()


def test_a_dataset_that_workers_cannot_load(tasks):
    with pytest.raises(ValueError, match="three is not liked") as caught:
        list(DataLoader(numbers(6, tasks.Unloadable()), 2, num_workers=1))
    assert "In the worker process" in caught.value.__notes__[0]
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize(("dataset", "batchify"), [(SimpleDataset([1, 2]).transform(lambda x: x), None), ([1, 2], lambda x: x)])
def test_what_cannot_be_pickled(dataset, batchify):
    loader = DataLoader(dataset, 2, batchify_fn=batchify, num_workers=2)
    with pytest.raises(pickle.PicklingError, match=r"top level of a module.*not as a lambda.*thread_pool=True"):
        next(iter(loader))
    assert len(list(DataLoader(dataset, 2, batchify_fn=batchify, num_workers=2, thread_pool=True))) >= 1


# --- whole programs ---------------------------------------------------------------------------------------------------------------


def run(tmp_path, program, *options):
    """Run a program in a file of its own; what it printed."""
    file = tmp_path / "program.py"
    file.write_text(textwrap.dedent(program))
    path = os.pathsep.join([HERE, str(pathlib.Path(mx.__file__).parents[1])])
    return subprocess.run(
        [sys.executable, "-W", "error", *(options or [file])],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
        timeout=60,
    )


@pytest.mark.slow
def test_a_script_without_a_guard(tmp_path):
    """It works if workers need nothing from it; and ends, in silence, with loops that do not."""
    done = run(
        tmp_path,
        """
        import numpy
        from mxnet.gluon.data import ArrayDataset, DataLoader
        loader = DataLoader(ArrayDataset(numpy.ones((50, 9000))), 10, num_workers=2)
        print(sum(len(batch) for batch in loader))
        batches = iter(loader)
        next(batches)
        other = iter(DataLoader(ArrayDataset(numpy.ones((50, 9000))), 10, num_workers=1))
        next(other)
        """,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("50\n", "", 0)


@pytest.mark.slow
def test_a_script_that_workers_import(tmp_path):
    program = """
        from mxnet.gluon.data import DataLoader, SimpleDataset
        def double(x):
            return 2 * x
        {guard}
            loader = DataLoader(SimpleDataset([1, 2, 3]).transform(double), 2, num_workers=1)
            print([x.tolist() for x in loader])
        """
    done = run(tmp_path, program.format(guard='if __name__ == "__main__":'))
    assert (done.stdout, done.stderr, done.returncode) == ("[[2, 4], [6]]\n", "", 0)
    done = run(tmp_path, program.format(guard="if True:"))
    assert done.returncode == 1
    assert 'put what the program does under `if __name__ == "__main__":`' in done.stderr


@pytest.mark.slow
def test_an_interactive_session(tmp_path):
    program = """
from mxnet.gluon.data import DataLoader, SimpleDataset
print(len(list(DataLoader([1, 2, 3], 2, num_workers=1))))
def double(x):
    return 2 * x
loader = DataLoader(SimpleDataset([1, 2, 3]).transform(double), 2, num_workers=1)
print(*[batch.tolist() for _ in range(2) for batch in loader])
"""
    done = run(tmp_path, "", "-W", "default", "-c", program)
    assert done.stdout == "2\n[2, 4] [6] [2, 4] [6]\n"
    assert done.stderr.count("defined in a notebook or an interactive session") == 1
