"""DataLoader without workers and with threads."""

import threading

import numpy
import pytest

from mxnet import np
from mxnet.gluon.data import ArrayDataset, BatchSampler, DataLoader, Dataset, SequentialSampler, SimpleDataset
from mxnet.gluon.data.batchify import AsList, Stack

WORKERS = pytest.mark.parametrize("workers", [{}, {"num_workers": 3, "thread_pool": True}], ids=["none", "threads"])


class ItemByItem(Stack):
    """`Stack`, for which loaders take no short cut."""


def pairs(n=10):
    return ArrayDataset(np.arange(2 * n).reshape(n, 2), np.arange(n, dtype="int32"))


def labels(loader):
    return [batch[1].tolist() for batch in loader]


@WORKERS
def test_batches_are_lists(workers):
    loader = DataLoader(pairs(), 4, **workers)
    batches = list(loader)
    assert len(loader) == len(batches) == 3
    assert all(type(batch) is list for batch in batches)
    assert [batch[0].shape for batch in batches] == [(4, 2), (4, 2), (2, 2)]
    assert batches[2][0].tolist() == [[16, 17], [18, 19]]
    assert batches[0][1].dtype == numpy.int32
    assert labels(loader) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]  # again


@WORKERS
def test_single_items_make_bare_arrays(workers):
    assert [x.tolist() for x in DataLoader([1, 2, 3], 2, **workers)] == [[1, 2], [3]]
    assert [x.shape for x in DataLoader(np.zeros((3, 4)), 2, **workers)] == [(2, 4), (1, 4)]


@WORKERS
def test_last_batch(workers):
    loader = DataLoader(pairs(), 4, last_batch="rollover", **workers)
    assert [len(labels(loader)) for _ in range(3)] == [2, 3, 2]
    assert labels(DataLoader(pairs(), 4, last_batch="discard", **workers)) == [[0, 1, 2, 3], [4, 5, 6, 7]]


@WORKERS
def test_shuffle_repeats_with_numpys_seed(workers):
    numpy.random.seed(5)
    expected = numpy.random.permutation(10), numpy.random.permutation(10)
    numpy.random.seed(5)
    loader = DataLoader(pairs(), 10, shuffle=True, **workers)
    assert labels(loader) == [expected[0].tolist()]
    assert labels(loader) == [expected[1].tolist()]


@WORKERS
def test_samplers(workers):
    assert labels(DataLoader(pairs(), 2, sampler=[3, 1, 4], **workers)) == [[3, 1], [4]]
    assert labels(DataLoader(pairs(), batch_sampler=[[3, 1], [4]], **workers)) == [[3, 1], [4]]
    assert labels(DataLoader(pairs(), batch_sampler=BatchSampler(SequentialSampler(3), 2), **workers)) == [[0, 1], [2]]
    assert len(labels(DataLoader(pairs(), batch_sampler=(range(i, i + 1) for i in range(3)), **workers))) == 3


@WORKERS
def test_nothing_to_load(workers):
    assert list(DataLoader([], 2, **workers)) == []


@WORKERS
def test_an_error_comes_in_place_of_its_batch(workers):
    loader = DataLoader(SimpleDataset(range(6)).transform(lambda x: 6 // (4 - x)), 2, **workers)
    got = []
    with pytest.raises(ZeroDivisionError):
        got.extend(batch.tolist() for batch in loader)
    assert got == [[1, 2], [3, 6]]


def test_both_ways_at_once():
    loader = DataLoader(pairs(), 4, num_workers=2, thread_pool=True)
    assert [a[1].tolist() == b[1].tolist() for a, b in zip(loader, loader, strict=True)] == [True] * 3


def test_prefetch_limits_how_far_threads_run_ahead():
    begun = []

    def item(x):
        begun.append(x)
        return x

    loader = DataLoader(SimpleDataset(range(20)).transform(item), 1, num_workers=1, thread_pool=True, prefetch=3)
    batches = iter(loader)
    assert next(batches).tolist() == [0]
    batches.close()
    assert len(begun) <= 4
    assert len(list(DataLoader([1, 2], 1, num_workers=1, thread_pool=True, prefetch=0))) == 2


def test_a_break_ends_the_threads():
    before = threading.active_count()
    for _ in DataLoader(pairs(), 1, num_workers=3, thread_pool=True):
        break
    assert threading.active_count() == before


def test_a_thread_that_is_stuck():
    release = threading.Event()

    def stuck(x):
        release.wait()
        return x

    loader = DataLoader(SimpleDataset(range(3)).transform(stuck), 1, num_workers=2, thread_pool=True, timeout=0.01)
    try:
        with pytest.raises(TimeoutError, match=r"0\.01 seconds.*timeout=600"):
            next(iter(loader))
    finally:
        release.set()


def test_a_timeout_of_the_dataset_itself():
    def fail(x):
        raise TimeoutError("of its own")

    with pytest.raises(TimeoutError, match="of its own"):
        list(DataLoader(SimpleDataset([1]).transform(fail), 1, num_workers=1, thread_pool=True))


# --- batches taken at once --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "dataset",
    [
        pairs(),
        ArrayDataset(numpy.arange(30.0).reshape(10, 3)),
        ArrayDataset(numpy.arange(60, dtype="uint8").reshape(10, 3, 2)[:, ::-1], np.ones((10, 0)), list(range(10))),
        ArrayDataset(numpy.arange(10.0), [float(i) for i in range(10)]),
        ArrayDataset(np.arange(10) > 4),
        ArrayDataset(pairs(), numpy.arange(10, dtype="float16")),
        pairs(20).shard(2, 1),
        pairs(20).take(10).sample([9, 0, 0, 3, -1, 2, 2, 7, 8, 5]),
        numpy.arange(20, dtype="complex64").reshape(10, 2),
        SimpleDataset(np.arange(20).reshape(10, 2)),
        np.arange(10),
    ],
)
def test_batches_taken_at_once_are_the_same(dataset):
    order = [5, 0, 9, 9, 3, 1, 2]
    quick = DataLoader(dataset, 3, sampler=order)
    plain = DataLoader(dataset, 3, sampler=order, batchify_fn=ItemByItem())

    def compare(a, b):
        if isinstance(a, list):
            assert isinstance(b, list)
            for x, y in zip(a, b, strict=True):
                compare(x, y)
        else:
            assert type(a) is type(b) is np.ndarray
            assert (a.dtype, a.shape) == (b.dtype, b.shape)
            assert a.tolist() == b.tolist()

    for a, b in zip(quick, plain, strict=True):
        compare(a, b)


def test_a_batch_is_a_copy():
    data = numpy.zeros((4, 2))
    for batch in DataLoader(ArrayDataset(data), 2):
        batch[:] = 1
    assert not data.any()


def test_a_subclass_has_its_own_items():
    class Negative(ArrayDataset):
        def __getitem__(self, idx):
            return -super().__getitem__(idx)

    assert next(iter(DataLoader(Negative(np.arange(4)), 4))).tolist() == [0, -1, -2, -3]


def test_positions_out_of_range():
    for dataset in (pairs(), numpy.zeros((3, 2)), [1, 2]):
        with pytest.raises(IndexError):
            list(DataLoader(dataset, 2, sampler=[0, 12]))


# --- arguments --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({}, ValueError, "batch_size=32"),
        ({"batch_size": 2, "shuffle": True, "sampler": [0]}, ValueError, "leave shuffle out"),
        ({"batch_size": 2, "batch_sampler": [[0]]}, ValueError, "leave these out"),
        ({"last_batch": "keep", "batch_sampler": [[0]]}, ValueError, "leave these out"),
        ({"batch_size": 2, "last_batch": "drop"}, ValueError, "'rollover'"),
        ({"batch_size": 0}, ValueError, "1 or more"),
        ({"batch_size": 2.5}, TypeError, "whole number"),
        ({"batch_size": 2, "timeout": 0}, ValueError, "timeout"),
        ({"batch_size": 2, "num_workers": 1.5}, TypeError, "num_workers"),
        ({"batch_size": 2, "num_workers": 1, "prefetch": -1}, ValueError, "prefetch"),
    ],
)
def test_wrong_arguments(arguments, kind, message):
    with pytest.raises(kind, match=message):
        DataLoader(pairs(), **arguments)


def test_what_is_no_dataset():
    with pytest.raises(TypeError, match="not generator"):
        DataLoader((i for i in range(3)), 2)


def test_accepted_without_effect():
    loader = DataLoader(pairs(), 4, False, None, None, None, None, -1, True, 0, 4, False, 120, True)
    assert len(labels(loader)) == 3


def test_duck_typed_datasets():
    class Numbers:
        def __getitem__(self, idx):
            return idx

        def __len__(self):
            return 3

    class Same(Dataset, Numbers):
        __getitem__, __len__ = Numbers.__getitem__, Numbers.__len__

    for dataset in (Numbers(), Same()):
        assert [x.tolist() for x in DataLoader(dataset, 2)] == [[0, 1], [2]]


def test_any_batchify_function():
    assert list(DataLoader(["a", "b", "c"], 2, batchify_fn=AsList())) == [["a", "b"], ["c"]]
    assert list(DataLoader([1, 2, 3], 2, batchify_fn=sum)) == [3, 3]


@pytest.mark.parametrize(("progress", "label"), [(True, ""), ("epoch 1", "epoch 1")])
def test_progress(progress, label, capsys):
    pytest.importorskip("tqdm")
    assert len(list(DataLoader(pairs(), 4, progress=progress))) == 3
    shown = capsys.readouterr().err
    assert "3/3" in shown
    assert label in shown
    for _ in DataLoader(pairs(), 4, progress=progress):
        break


def test_progress_without_tqdm(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tqdm.auto", None)
    with pytest.raises(ImportError, match="pip install tqdm"):
        iter(DataLoader(pairs(), 4, progress=True))
