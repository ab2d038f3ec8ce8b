"""Datasets and samplers."""

import pickle

import numpy
import pytest

import mxnet as mx
from mxnet import np
from mxnet.gluon.data import (
    ArrayDataset,
    BatchSampler,
    Dataset,
    FilterSampler,
    IntervalSampler,
    RandomSampler,
    RecordFileDataset,
    Sampler,
    SequentialSampler,
    SimpleDataset,
)
from mxnet.recordio import MXIndexedRecordIO


def pairs(n=6):
    return ArrayDataset(np.arange(2 * n).reshape(n, 2), np.arange(n))


def test_an_item_of_several_arrays_is_a_tuple():
    item = pairs()[1]
    assert isinstance(item, tuple)
    assert item[0].tolist() == [2, 3]
    assert isinstance(item[1], numpy.float32)  # an array with one axis gives NumPy's numbers, as in MXNet
    assert item[1] == 1


def test_an_item_of_one_array_is_bare():
    assert ArrayDataset(np.arange(6).reshape(3, 2))[-1].tolist() == [4, 5]
    assert ArrayDataset(["a", "b"])[1] == "b"


def test_slices():
    x, y = pairs()[1:3]
    assert x.tolist() == [[2, 3], [4, 5]]
    assert y.tolist() == [1, 2]
    assert SimpleDataset([1, 2, 3])[:2] == [1, 2]


def test_datasets_of_datasets():
    both = ArrayDataset(pairs(), ["a", "b", "c", "d", "e", "f"])
    assert both[2][0][1] == 2
    assert both[2][1] == "c"


def test_wrong_arrays():
    with pytest.raises(AssertionError, match="lengths 6, 3"):
        ArrayDataset(np.arange(6), np.arange(3))
    with pytest.raises(AssertionError, match="one array or more"):
        ArrayDataset()


@pytest.mark.parametrize("dataset", [pairs(), ArrayDataset(np.arange(6)), ArrayDataset(np.zeros((6, 1))), SimpleDataset(range(6))])
def test_out_of_range(dataset):
    with pytest.raises(IndexError):
        dataset[6]


def test_a_loop_ends_where_the_dataset_does():
    class Endless(Dataset):
        def __getitem__(self, idx):
            return idx

        def __len__(self):
            return 3

    assert list(Endless()) == [0, 1, 2]


def test_a_loop_hides_no_error():
    with pytest.raises(IndexError):
        list(SimpleDataset([1, 2]).transform(lambda x: [][x]))


def test_base_classes_say_what_is_missing():
    for kind, call in [(Dataset, len), (Dataset, lambda x: x[0]), (Sampler, len), (Sampler, list)]:
        with pytest.raises(NotImplementedError, match="define __"):
            call(kind())


def test_transform_unpacks_tuples_only():
    assert pairs().transform(lambda x, y: (y, 10))[2] == (2, 10)
    assert SimpleDataset([[1, 2]]).transform(len)[0] == 2
    assert SimpleDataset([(1, 2)]).transform(lambda *args: args)[0] == (1, 2)


def test_lazy_and_eager():
    calls = []

    def note(x):
        calls.append(x)
        return -x

    lazy = SimpleDataset([1, 2]).transform(note)
    assert calls == []
    assert [lazy[1], lazy[1]] == [-2, -2]
    assert calls == [2, 2]
    calls.clear()
    eager = SimpleDataset([1, 2]).transform(note, lazy=False)
    assert [eager[1], eager[1], len(eager)] == [-2, -2, 2]
    assert calls == [1, 2]


@pytest.mark.parametrize("lazy", [True, False])
def test_transform_first(lazy):
    x, y = pairs().transform_first(lambda x: x * 10, lazy=lazy)[1]
    assert x.tolist() == [20, 30]
    assert y == 1
    assert SimpleDataset([1, 2]).transform_first(lambda x: x * 10, lazy=lazy)[1] == 20


def test_filter_gets_items_whole():
    assert [item[1] for item in pairs().filter(lambda item: item[1] > 3)] == [4, 5]


def test_shard():
    ten = SimpleDataset(range(10))
    assert [list(ten.shard(3, i)) for i in range(3)] == [[0, 1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert [len(ten.shard(11, i)) for i in (9, 10)] == [1, 0]


def test_take_and_sample():
    ten = SimpleDataset(range(10))
    assert [len(ten.take(n)) for n in (3, 0, None, 100)] == [3, 0, 10, 10]
    assert list(ten.sample(SequentialSampler(3, 2))) == [2, 3, 4]
    assert list(ten.sample([5, 5]).transform(lambda x: -x)) == [-5, -5]


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda d: d.shard(3, 3), ValueError, "no part 3"),
        (lambda d: d.shard(3, -1), ValueError, "index is 0 or more"),
        (lambda d: d.shard(0, 0), ValueError, "num_shards is 1 or more"),
        (lambda d: d.shard(2.0, 0), TypeError, "whole number"),
        (lambda d: d.take(-1), ValueError, "count is 0 or more"),
    ],
)
def test_wrong_parts(call, kind, message):
    with pytest.raises(kind, match=message):
        call(SimpleDataset(range(10)))


def test_datasets_can_be_pickled():
    dataset = pairs().filter(lambda item: item[1] > 1).transform_first(str)
    assert pickle.loads(pickle.dumps(dataset))[1] == ("[6. 7.]", 3)


def test_record_files(tmp_path):
    with MXIndexedRecordIO(tmp_path / "x.idx", tmp_path / "x.rec", "w") as file:
        for i in (7, 2, 5):
            file.write_idx(i, b"%d" % i)
    records = RecordFileDataset(tmp_path / "x.rec")
    assert len(records) == 3
    assert list(records) == [b"7", b"2", b"5"]
    assert records[-1] == pickle.loads(pickle.dumps(records))[2] == b"5"
    with pytest.raises(IndexError):
        records[3]


def test_a_missing_record_file(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.idx"):
        RecordFileDataset(str(tmp_path / "none.rec"))


# --- samplers ---------------------------------------------------------------------------------------------------------------------


def test_sequential():
    assert list(SequentialSampler(3, 2)) == [2, 3, 4]
    assert len(SequentialSampler(3, 2)) == 3
    assert list(SequentialSampler(0)) == []


def test_random_order_is_that_of_numpy():
    numpy.random.seed(0)
    sampler = RandomSampler(6)
    assert list(sampler) == [5, 2, 1, 3, 0, 4]  # as MXNet gives it
    assert sorted(sampler) == list(range(6))
    numpy.random.seed(0)
    mx.random.seed(3)
    assert list(sampler) == [5, 2, 1, 3, 0, 4]
    assert len(sampler) == 6


def test_interval():
    assert list(IntervalSampler(7, 3)) == [0, 3, 6, 1, 4, 2, 5]
    assert list(IntervalSampler(7, 3, rollover=False)) == [0, 3, 6]
    assert [len(IntervalSampler(7, 3)), len(IntervalSampler(7, 3, rollover=False))] == [7, 3]
    assert list(IntervalSampler(3, 3)) == [0, 1, 2]
    with pytest.raises(ValueError, match="longer than all 2"):
        IntervalSampler(2, 3)


def test_filter_sampler():
    sampler = FilterSampler(lambda item: item[1] > 2, pairs())
    assert list(sampler) == list(sampler) == [3, 4, 5]
    assert len(sampler) == 3


@pytest.mark.parametrize(
    ("last_batch", "passes"),
    [
        ("keep", [[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]] * 2),
        ("discard", [[[0, 1, 2, 3], [4, 5, 6, 7]]] * 2),
        ("rollover", [[[0, 1, 2, 3], [4, 5, 6, 7]], [[8, 9, 0, 1], [2, 3, 4, 5], [6, 7, 8, 9]], [[0, 1, 2, 3], [4, 5, 6, 7]]]),
    ],
)
def test_batches(last_batch, passes):
    sampler = BatchSampler(SequentialSampler(10), 4, last_batch)
    for expected in passes:
        assert len(sampler) == len(expected)
        assert list(sampler) == expected


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        (([0], 2, "drop"), ValueError, "'keep', 'discard' or 'rollover'"),
        (([0], 0), ValueError, "1 or more"),
        (([0], 2.5), TypeError, "whole number"),
        (([0], True), TypeError, "whole number"),
    ],
)
def test_wrong_batches(arguments, kind, message):
    with pytest.raises(kind, match=message):
        BatchSampler(*arguments)
