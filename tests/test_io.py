"""`mxnet.io`: which samples are in which batch, and what of files is refused."""

import gc
import gzip
import struct
import subprocess
import sys
import threading
from pathlib import Path

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxnet import io, np, npx, recordio

IMAGES = Path(__file__).parent / "data" / "recordio" / "images.rec"
X = numpy.arange(20.0).reshape(10, 2)
Y = numpy.arange(10)


def labels(it):
    """The labels of an epoch, batch by batch."""
    return [batch.label[0].tolist() for batch in it]


def epochs(it, count):
    found = []
    for _ in range(count):
        found.append([(batch.label[0].tolist(), batch.pad) for batch in it])
        it.reset()
    return found


# --- descriptions and batches -----------------------------------------------------------------------------------------------------


def test_data_desc():
    desc = io.DataDesc("data", [2, 3])
    assert desc == ("data", (2, 3))
    assert (desc.name, desc.shape, desc.dtype, desc.layout) == ("data", (2, 3), numpy.float32, "NCHW")
    assert repr(io.DataDesc("x", (2,), "int8", "NTC")) == "DataDesc[x,(2,),int8,NTC]"
    assert [io.DataDesc.get_batch_axis(layout) for layout in ("NCHW", "TNC", "CHW", None)] == [0, 1, -1, 0]
    assert [d.dtype for d in io.DataDesc.get_list([("a", (1,)), ("b", (2,))], [("b", "int8"), ("a", "int32")])] == ["int32", "int8"]
    assert io.DataDesc.get_list([("a", (1,))], None) == [("a", (1,))]


def test_data_batch():
    batch = io.DataBatch([np.ones((2, 3))], pad=1, bucket_key=7)
    assert (batch.pad, batch.index, batch.bucket_key, batch.label) == (1, None, 7, None)
    assert str(batch) == "DataBatch: data shapes: [(2, 3)] label shapes: None"
    with pytest.raises(TypeError, match=r"DataBatch: data is a list of arrays, not ndarray; write data=\[array\]"):
        io.DataBatch(np.ones(2))
    with pytest.raises(TypeError, match="DataBatch: label is a list of arrays"):
        io.DataBatch([np.ones(2)], np.ones(2))


def test_data_iter_says_what_is_missing():
    it = io.DataIter(3)
    it.reset()
    assert iter(it) is it
    with pytest.raises(NotImplementedError, match="DataIter defines neither next nor iter_next"):
        next(it)
    with pytest.raises(NotImplementedError, match="getdata"):
        it.getdata()
    assert (it.batch_size, it.getlabel(), it.getpad(), it.getindex()) == (3, None, None, None)


# --- arrays in memory -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("handle", "expected"),
    [
        ("pad", [[([0, 1, 2, 3], 0), ([4, 5, 6, 7], 0), ([8, 9, 0, 1], 2)]] * 3),
        ("discard", [[([0, 1, 2, 3], 0), ([4, 5, 6, 7], 0)]] * 3),
        (
            "roll_over",
            [
                [([0, 1, 2, 3], 0), ([4, 5, 6, 7], 0)],
                [([8, 9, 0, 1], 0), ([2, 3, 4, 5], 0), ([6, 7, 8, 9], 0)],
                [([0, 1, 2, 3], 0), ([4, 5, 6, 7], 0)],
            ],
        ),
    ],
)
def test_last_batch(handle, expected):
    it = io.NDArrayIter(X, Y, 4, last_batch_handle=handle)
    assert epochs(it, 3) == expected
    for batch in it:
        numpy.testing.assert_array_equal(batch.data[0].asnumpy(), X[batch.label[0].asnumpy().astype(int)])
        assert batch.index.tolist() == batch.label[0].tolist()


def test_the_end_stays_the_end():
    for handle in ("pad", "discard", "roll_over"):
        it = io.NDArrayIter(X, Y, 4, last_batch_handle=handle)
        list(it)
        for _ in range(3):
            with pytest.raises(StopIteration):
                it.next()
        it.reset()
        assert it.next().label[0].tolist() == ([8, 9, 0, 1] if handle == "roll_over" else [0, 1, 2, 3])


def test_hard_reset_forgets_what_is_rolled_over():
    it = io.NDArrayIter(X, Y, 4, last_batch_handle="roll_over")
    list(it)
    it.hard_reset()
    assert it.next().label[0].tolist() == [0, 1, 2, 3]
    it.reset()
    assert it.next().label[0].tolist() == [0, 1, 2, 3]


def test_a_batch_larger_than_the_data():
    assert epochs(io.NDArrayIter(X, Y, 25), 1) == [[([*range(10), *range(10), *range(5)], 15)]]
    assert epochs(io.NDArrayIter(X, Y, 25, last_batch_handle="discard"), 2) == [[], []]
    rolled = epochs(io.NDArrayIter(X, Y, 25, last_batch_handle="roll_over"), 3)
    assert rolled == [[], [], [([*range(10), *range(10), *range(5)], 0)]]


@given(st.integers(1, 12), st.integers(1, 15), st.sampled_from(["pad", "discard", "roll_over"]), st.booleans())
def test_every_sample_comes_once_an_epoch(count, size, handle, shuffle):
    it = io.NDArrayIter(numpy.zeros((count, 0)), numpy.arange(count), size, shuffle, handle)
    seen = []
    for _ in range(5):
        for batch in it:
            assert batch.label[0].shape == (size,)
            seen += batch.label[0].tolist()[: size - batch.pad]
        it.reset()
        if handle == "pad":
            assert sorted(seen) == list(range(count))
            seen = []
    if handle == "roll_over":
        whole, rest = divmod(len(seen), count)
        assert all(sorted(seen[i * count : (i + 1) * count]) == list(range(count)) for i in range(whole))
        assert rest + size > 0
        assert len(seen) == 5 * count // size * size


def test_shuffling_follows_the_seed():
    orders = []
    for seed in (1, 1, 2):
        np.random.seed(seed)
        it = io.NDArrayIter(X, Y, 5, shuffle=True)
        orders.append([[label for batch, _ in epoch for label in batch] for epoch in epochs(it, 2)])
    assert orders[0] == orders[1] != orders[2]
    assert orders[0][0] != orders[0][1]
    assert all(sorted(order) == list(range(10)) for order in orders[0])


def test_names_and_kinds_of_arrays():
    it = io.NDArrayIter({"b": X, "a": 2 * X}, {"l2": Y, "l1": Y}, 5)
    assert (it.provide_data, it.provide_label) == ([("a", (5, 2)), ("b", (5, 2))], [("l1", (5,)), ("l2", (5,))])
    assert it.next().data[0].tolist() == (2 * X[:5]).tolist()
    it = io.NDArrayIter([X] * 11, None, 5)
    assert [desc.name for desc in it.provide_data] == [f"_{i}_data" for i in range(11)]
    assert (it.provide_label, it.next().label) == ([], [])
    it = io.NDArrayIter([X], Y, 5, data_name="x", label_name="y")
    assert (it.provide_data[0].name, it.provide_label[0].name, it.num_data) == ("x", "y", 10)


def test_dtypes_of_arrays():
    it = io.NDArrayIter(np.array(X, dtype="float64"), np.array(Y, dtype="int32"), 5)
    assert [it.provide_data[0].dtype, it.provide_label[0].dtype] == ["float64", "int32"]
    batch = it.next()
    assert [type(batch.data[0]), batch.data[0].dtype, batch.label[0].dtype] == [np.ndarray, "float64", "int32"]
    batch = io.NDArrayIter(X, Y[::-1], 5).next()
    assert [batch.data[0].dtype, batch.label[0].dtype] == ["float32", "float32"]
    assert batch.label[0].tolist() == [9, 8, 7, 6, 5]


def test_a_batch_is_a_copy():
    data = np.array(X)
    it = io.NDArrayIter(data, None, 5)
    it.next().data[0][:] = -1
    numpy.testing.assert_array_equal(data.asnumpy(), X)


def test_errors_of_arrays():
    for bad in ("text", 3, [1, 2], [[1, 2], [3, 4]], {"a": [1]}, numpy.float32(3), np.array(3.0)):
        with pytest.raises(TypeError, match="NDArrayIter: data is an array of np or NumPy"):
            io.NDArrayIter(bad)
    with pytest.raises(TypeError, match="NDArrayIter: label is an array"):
        io.NDArrayIter(X, [1, 2])
    for data, label in ((X, Y[:5]), (X[:0], None), ([], None)):
        with pytest.raises(ValueError, match="NDArrayIter: data and label have the same number of samples, 1 or more"):
            io.NDArrayIter(data, label)
    for size in (0, -1, 2.5, "2"):
        with pytest.raises(ValueError, match="NDArrayIter: batch_size is a whole number above 0"):
            io.NDArrayIter(X, Y, size)
    with pytest.raises(ValueError, match="last_batch_handle is one of 'pad', 'discard', 'roll_over', not 'keep'"):
        io.NDArrayIter(X, Y, last_batch_handle="keep")


# --- iterators over iterators -----------------------------------------------------------------------------------------------------


def test_resize_iter():
    first, second, third = ([0, 1, 2, 3], 0), ([4, 5, 6, 7], 0), ([8, 9, 0, 1], 2)
    it = io.ResizeIter(io.NDArrayIter(X, Y, 4), 5)
    assert (it.provide_data, it.provide_label, it.batch_size) == ([("data", (4, 2))], [("softmax_label", (4,))], 4)
    assert epochs(it, 2) == [[first, second, third, first, second]] * 2
    it = io.ResizeIter(io.NDArrayIter(X, Y, 4), 2, reset_internal=False)
    assert epochs(it, 3) == [[first, second], [third, first], [second, third]]
    assert it.iter_next()
    assert it.getdata()[0].tolist() == X[:4].tolist()
    assert (it.getlabel()[0].tolist(), it.getpad(), it.getindex().tolist()) == ([0, 1, 2, 3], 0, [0, 1, 2, 3])
    with pytest.raises(ValueError, match="has no batch at all"):
        io.ResizeIter(io.NDArrayIter(X, Y, 40, last_batch_handle="discard"), 2).next()


def test_prefetching_iter():
    it = io.PrefetchingIter(io.NDArrayIter(X, Y, 4))
    assert (it.provide_data, it.provide_label, it.batch_size) == ([("data", (4, 2))], [("softmax_label", (4,))], 4)
    assert epochs(it, 2) == [[([0, 1, 2, 3], 0), ([4, 5, 6, 7], 0), ([8, 9, 0, 1], 2)]] * 2
    it.next()
    it.reset()
    assert labels(it) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 0, 1]]
    for _ in range(2):
        with pytest.raises(StopIteration):
            it.next()
    it.reset()
    assert it.iter_next()
    assert it.getdata()[0].tolist() == X[:4].tolist()
    assert (it.getlabel()[0].tolist(), it.getpad(), it.getindex().tolist()) == ([0, 1, 2, 3], 0, [0, 1, 2, 3])


def test_prefetching_several():
    iters = [io.NDArrayIter(X, Y, 5), io.NDArrayIter(-X, -Y, 5)]
    it = io.PrefetchingIter(iters, [{"data": "plus"}, {"data": "minus"}], [{"softmax_label": "y"}, {}])
    assert [desc.name for desc in it.provide_data + it.provide_label] == ["plus", "minus", "y", "softmax_label"]
    batch = it.next()
    assert [array.tolist() for array in batch.data] == [X[:5].tolist(), (-X[:5]).tolist()]
    assert [array.tolist() for array in batch.label] == [[0, 1, 2, 3, 4], [0, -1, -2, -3, -4]]
    assert batch.provide_data == it.provide_data


class Failing(io.DataIter):
    provide_data = provide_label = (("x", (1,)),)
    count = 0

    def reset(self):
        self.count = 0

    def next(self):
        self.count += 1
        if self.count > 1:
            raise OSError("the disk is gone")
        return io.DataBatch([np.zeros(1)])


def test_an_error_of_the_thread_is_raised_in_the_caller():
    it = io.PrefetchingIter(Failing(1))
    it.next()
    for _ in range(2):
        with pytest.raises(OSError, match="the disk is gone"):
            it.next()
    it.reset()
    assert it.next().data[0].tolist() == [0]


def test_errors_of_prefetching():
    with pytest.raises(ValueError, match="there is no iterator to prefetch from"):
        io.PrefetchingIter([])
    with pytest.raises(ValueError, match="rename_data has a dict for each of 1 iterators, not 2"):
        io.PrefetchingIter(io.NDArrayIter(X), rename_data=[{}, {}])
    it = io.PrefetchingIter([io.NDArrayIter(X, Y, 5), io.NDArrayIter(X[:5], Y[:5], 5)])
    it.next()
    with pytest.raises(ValueError, match="one iterator ends before another"):
        it.next()
    it = io.PrefetchingIter([io.NDArrayIter(X[:5], Y[:5], 5), io.NDArrayIter(X[:4], Y[:4], 5)])
    with pytest.raises(ValueError, match=r"filled up with different numbers of samples, \[0, 1\]"):
        it.next()


def wait_for(threads):
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


def test_threads_end_with_their_iterators():
    before = set(threading.enumerate())
    it, other = io.PrefetchingIter(io.NDArrayIter(X, Y, 4)), images()
    it.next()
    other.next()
    started = set(threading.enumerate()) - before
    assert len(started) >= 2
    del it, other
    gc.collect()
    wait_for(started)


# --- files of numbers -------------------------------------------------------------------------------------------------------------


def csv(tmp_path, name="data.csv", text="0,1,2\n3,4,5\n6,7,8\n9,10,11\n"):
    path = tmp_path / name
    path.write_text(text)
    return path


def test_csv(tmp_path):
    it = io.CSVIter(data_csv=csv(tmp_path), data_shape=(3,), label_csv=csv(tmp_path, "l", "0\n1\n2\n3\n"), batch_size=3)
    assert isinstance(it, io.MXDataIter)
    assert (it.provide_data, it.provide_label) == ([("data", (3, 3))], [("softmax_label", (3,))])
    # As MXNet has it: what fills up a batch belongs to the next epoch, which goes on after it.
    assert epochs(it, 3) == [[([0, 1, 2], 0), ([3, 0, 1], 2)], [([2, 3, 0], 1)], [([1, 2, 3], 0)]]
    batch = it.next()
    assert batch.data[0].tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert [batch.data[0].dtype, batch.label[0].dtype, batch.index.tolist()] == ["float32", "float32", [0, 1, 2]]
    it.reset()
    assert it.next().label[0].tolist() == [0, 1, 2]
    it = io.CSVIter(data_csv=csv(tmp_path), data_shape=(3,), label_csv=tmp_path / "l", batch_size=3, round_batch=False)
    assert epochs(it, 2) == [[([0, 1, 2], 0), ([3, 0, 1], 2)]] * 2


def test_shapes_and_dtypes_of_csv(tmp_path):
    batch = io.CSVIter(data_csv=csv(tmp_path), data_shape=(3, 1), batch_size=2, label_csv="NULL").next()
    assert batch.data[0].tolist() == [[[0], [1], [2]], [[3], [4], [5]]]
    assert batch.label[0].tolist() == [0, 0]
    large = csv(tmp_path, "large", "9007199254740993\n1\n")
    it = io.CSVIter(
        data_csv=large, data_shape=1, label_csv=csv(tmp_path, "l", "1,2\n3,4\n"), label_shape=2, batch_size=2, dtype="int64"
    )
    batch = it.next()
    assert [it.provide_data[0].dtype, it.provide_label[0].dtype] == ["int64", "int64"]
    assert (batch.data[0].tolist(), batch.label[0].tolist()) == ([[9007199254740993], [1]], [[1, 2], [3, 4]])


def test_a_batch_larger_than_the_file(tmp_path):
    it = io.CSVIter(data_csv=csv(tmp_path), data_shape=3, label_csv=csv(tmp_path, "l", "0\n1\n2\n3\n"), batch_size=9)
    assert epochs(it, 2) == [[([0, 1, 2, 3, 0, 1, 2, 3, 0], 5)], [([1, 2, 3, 0, 1, 2, 3, 0, 1], 6)]]


def test_errors_of_csv(tmp_path):
    given = {"data_csv": csv(tmp_path), "data_shape": (3,), "batch_size": 2}
    with pytest.raises(FileNotFoundError):
        io.CSVIter(**given | {"data_csv": tmp_path / "none"})
    with pytest.raises(ValueError, match=r"the rows of .*data\.csv' have 3 numbers, and data_shape=\(4,\) takes 4"):
        io.CSVIter(**given | {"data_shape": (4,)})
    with pytest.raises(ValueError, match="data_shape is a tuple of whole numbers above 0"):
        io.CSVIter(**given | {"data_shape": (3, 0)})
    with pytest.raises(ValueError, match=r"has 4 rows, and .* 1"):
        io.CSVIter(**given, label_csv=csv(tmp_path, "l", "1\n"))
    for name, text, message in (
        ("ragged", "1,2,3\n4,5\n", "number of columns"),
        ("words", "1,2,x\n", "'x'"),
        ("empty", "", "is empty"),
    ):
        with pytest.raises(ValueError, match=f"CSVIter: .*{name}.*{message}"):
            io.CSVIter(**given | {"data_csv": csv(tmp_path, name, text)})
    with pytest.raises(ValueError, match="batch_size is a whole number above 0, not 0"):
        io.CSVIter(**given | {"batch_size": 0})


def test_libsvm(tmp_path):
    path = csv(tmp_path, "data", "1.0 0:0.5 2:1.2\n-2.0\n# nothing\n\n-3.0 1:2 # rest\n4 2:-1.5\n")
    it = io.LibSVMIter(data_libsvm=path, data_shape=(3,), batch_size=2)
    assert (it.provide_data, it.provide_label) == ([("data", (2, 3))], [("softmax_label", (2,))])
    batches = list(it)
    rows = numpy.concatenate([batch.data[0].asnumpy() for batch in batches])
    numpy.testing.assert_array_equal(rows, numpy.float32([[0.5, 0, 1.2], [0, 0, 0], [0, 2, 0], [0, 0, -1.5]]))
    assert [batch.label[0].tolist() for batch in batches] == [[1, -2], [-3, 4]]
    it = io.LibSVMIter(data_libsvm=path, data_shape=(3,), label_libsvm=path, label_shape=(4,), batch_size=4, dtype="float64")
    batch = it.next()
    assert batch.label[0].tolist() == [[0.5, 0, 1.2, 0], [0, 0, 0, 0], [0, 2, 0, 0], [0, 0, -1.5, 0]]
    parts = [labels(io.LibSVMIter(data_libsvm=path, data_shape=3, batch_size=1, num_parts=3, part_index=i)) for i in range(3)]
    assert parts == [[[1], [-2]], [[-3]], [[4]]]
    it = io.LibSVMIter(data_libsvm=path, data_shape=3, batch_size=1, num_parts=3, part_index=2)
    assert it.next().index.tolist() == [3]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 0:1\n1 3:1 0:2\n", r"line 2 of .*data' has column 3, and data_shape=\(3,\) ends before that"),
        ("1 -1:1\n", "line 1 of .* has column -1"),
        ("1 a:1\n", "line 1 of .* is a number, and column:value"),
        ("x 0:1\n", "line 1 of .* is a number, and column:value"),
        ("1 0\n", "line 1 of .* is a number, and column:value"),
        ("# only words\n", "has no line with numbers"),
    ],
)
def test_damaged_libsvm(tmp_path, text, message):
    with pytest.raises(ValueError, match="LibSVMIter: .*" + message):
        io.LibSVMIter(data_libsvm=csv(tmp_path, "data", text), data_shape=(3,), batch_size=1)


def test_errors_of_libsvm(tmp_path):
    given = {"data_libsvm": csv(tmp_path, "data", "1 0:1\n2 1:1\n"), "data_shape": (3,), "batch_size": 1}
    with pytest.raises(ValueError, match=r"data_shape is the number of columns, as \(n,\), not \(3, 1\)"):
        io.LibSVMIter(**given | {"data_shape": (3, 1)})
    with pytest.raises(ValueError, match="needs label_libsvm"):
        io.LibSVMIter(**given, label_shape=(2,))
    with pytest.raises(ValueError, match=r"has 2 lines, and .* 1"):
        io.LibSVMIter(**given, label_libsvm=csv(tmp_path, "l", "1 0:1\n"))
    with pytest.raises(ValueError, match="LibSVMIter: part_index is from 0 to num_parts - 1, not 2 of 2"):
        io.LibSVMIter(**given, num_parts=2, part_index=2)


DIGITS = numpy.random.default_rng(0).integers(0, 256, (5, 4, 3)).astype("uint8")


@pytest.fixture
def digits(tmp_path):
    """Arguments that name files of five images."""
    images = struct.pack(">IIII", 0x803, 5, 4, 3) + DIGITS.tobytes()
    (tmp_path / "images").write_bytes(images)
    (tmp_path / "labels.gz").write_bytes(gzip.compress(struct.pack(">II", 0x801, 5) + bytes(range(5))))
    return {"image": tmp_path / "images", "label": tmp_path / "labels.gz", "batch_size": 2, "shuffle": False}


def test_mnist(digits):
    it = io.MNISTIter(**digits)
    assert (it.provide_data, it.provide_label) == ([("data", (2, 1, 4, 3))], [("softmax_label", (2,))])
    assert epochs(it, 2) == [[([0, 1], 0), ([2, 3], 0)]] * 2
    batch = it.next()
    # MXNet divides by 256.
    numpy.testing.assert_array_equal(batch.data[0].asnumpy(), DIGITS[:2, None] / numpy.float32(256))
    assert [batch.data[0].dtype, batch.label[0].dtype] == ["float32", "float32"]
    batch = io.MNISTIter(**digits, flat=True, dtype="float64", data_name="x").next()
    assert [batch.data[0].shape, batch.data[0].dtype] == [(2, 12), "float64"]
    parts = [labels(io.MNISTIter(**digits | {"batch_size": 1}, num_parts=2, part_index=i)) for i in range(2)]
    assert parts == [[[0], [1], [2]], [[3], [4]]]


def test_mnist_is_shuffled_once(digits):
    orders = [labels(io.MNISTIter(**digits | {"shuffle": True, "batch_size": 5}, seed=seed))[0] for seed in (0, 0, 1, 2)]
    assert orders[0] == orders[1]
    assert len({*map(tuple, orders)}) > 1
    it = io.MNISTIter(**digits | {"shuffle": True, "batch_size": 5})
    first, second = epochs(it, 2)
    assert first == second
    batch = it.next()
    numpy.testing.assert_array_equal(batch.data[0].asnumpy()[:, 0] * 256, DIGITS[batch.label[0].asnumpy().astype(int)])
    assert batch.index.tolist() == batch.label[0].tolist()


def test_errors_of_mnist(digits, tmp_path):
    with pytest.raises(FileNotFoundError):
        io.MNISTIter(**digits | {"image": tmp_path / "none"})
    with pytest.raises(
        ValueError, match=r"labels\.gz' is no file of images of MNIST, or it is damaged: it begins with 00000801 and not"
    ):
        io.MNISTIter(**digits | {"image": digits["label"]})
    with pytest.raises(ValueError, match="5 images make no batch of 6"):
        io.MNISTIter(**digits | {"batch_size": 6})
    with pytest.raises(TypeError, match="MNISTIter: pixels are from 0 to 1, which takes a float dtype, not uint8"):
        io.MNISTIter(**digits, dtype="uint8")
    (tmp_path / "four").write_bytes(struct.pack(">II", 0x801, 4) + bytes(4))
    with pytest.raises(ValueError, match=r"has 5 images, and .* 4 labels"):
        io.MNISTIter(**digits | {"label": tmp_path / "four"})
    for content in (digits["image"].read_bytes()[:-1], digits["image"].read_bytes() + b"0"):
        (tmp_path / "damaged").write_bytes(content)
        with pytest.raises(ValueError, match=r"damaged' is no .* damaged: it has (59|61) numbers, for a shape of \(5, 4, 3\)"):
            io.MNISTIter(**digits | {"image": tmp_path / "damaged"})
    (tmp_path / "damaged").write_bytes(digits["label"].read_bytes()[:-9])
    with pytest.raises(ValueError, match=r"damaged' is no file of labels of MNIST, or it is damaged: Compressed file ended"):
        io.MNISTIter(**digits | {"label": tmp_path / "damaged"})


# --- images -----------------------------------------------------------------------------------------------------------------------

LABELS = [[2, 5, 0, 0.25, 0.25, 0.75, 0.5], [2, 5, 1, 0, 0, 0.5, 0.5]]


def images(**options):
    """The two images in a file that MXNet wrote: 6 × 5 and 4 × 6 pixels."""
    return io.ImageRecordIter(**{"path_imgrec": IMAGES, "data_shape": (3, 2, 3), "batch_size": 2, "label_width": 7} | options)


def stored():
    """Their pixels, channels first."""
    with recordio.MXRecordIO(IMAGES, "r") as file:
        return [recordio.unpack_img(record, 1)[1][:, :, ::-1].transpose(2, 0, 1) for record in iter(file.read, None)]


def numbered(path, count, labels=lambda i: i, size=(6, 8)):
    """A file of so many images, each of one colour, and of the index."""
    with recordio.MXIndexedRecordIO(f"{path}.idx", f"{path}.rec", "w") as file:
        for i in range(count):
            image = numpy.full((*size, 3), 10 * i, "uint8")
            file.write_idx(i, recordio.pack_img(recordio.IRHeader(0, labels(i), i, 0), image, img_fmt=".png"))
    return {"path_imgrec": f"{path}.rec", "data_shape": (3, 4, 4), "batch_size": 3}


def test_middles_of_images():
    it = images()
    assert (it.provide_data, it.provide_label) == ([("data", (2, 3, 2, 3))], [("softmax_label", (2, 7))])
    batch = it.next()
    first, second = stored()
    numpy.testing.assert_array_equal(batch.data[0].asnumpy(), [first[:, 1:3, 1:4], second[:, 2:4, :3]])
    numpy.testing.assert_array_equal(batch.label[0].asnumpy(), numpy.float32(LABELS))
    assert [batch.data[0].dtype, batch.label[0].dtype, batch.index.tolist()] == ["float32", "float32", [0, 1]]


# What MXNet 2.0.0b1 made of them; it rounds to whole numbers in between, here and there to others.
RESIZED = [
    [107, 125, 110, 120, 48, 80, 65, 103, 154, 209, 142, 145, 124, 99, 146, 111, 161, 145],
    [110, 177, 166, 140, 151, 83, 109, 160, 72, 144, 168, 229, 41, 37, 153, 219, 118, 179],
]
ENLARGED = [
    [118, 149, 162, 142, 79, 141, 149, 91, 164, 136, 130, 138, 87, 140, 150, 107],
    [104, 123, 161, 162, 126, 111, 119, 123, 126, 134, 150, 155, 148, 147, 153, 156],
]


@pytest.mark.parametrize(
    ("options", "expected"), [({"resize": 3}, RESIZED), ({"data_shape": (1, 2, 8)}, ENLARGED)], ids=["resized", "enlarged grey"]
)
def test_sizes_are_those_of_mxnet(options, expected):
    data = images(**options).next().data[0].asnumpy()
    numpy.testing.assert_allclose(data.reshape(2, -1), expected, atol=1)


def test_small_images_are_enlarged_to_the_height_and_then_to_the_width():
    data = images(data_shape=(3, 7, 9)).next().data[0].asnumpy()
    first, second = (picture.transpose(1, 2, 0) for picture in stored())
    higher = npx.image.imresize(first, 8, 7, 1)
    numpy.testing.assert_array_equal(data[0], npx.image.imresize(higher, 9, 7, 1).transpose(2, 0, 1))
    higher = npx.image.imresize(second, 4, 7, 1)
    numpy.testing.assert_array_equal(data[1], npx.image.imresize(higher, 9, 15, 1)[4:11].transpose(2, 0, 1))


def test_numbers_are_those_of_the_formula():
    plain = images().next().data[0].asnumpy()
    mean, std = numpy.float32([10, 20, 30])[:, None, None], numpy.float32([2, 4, 8])[:, None, None]
    options = {"mean_r": 10, "mean_g": 20, "mean_b": 30, "std_r": 2, "std_g": 4, "std_b": 8, "scale": 0.5}
    numpy.testing.assert_allclose(images(**options).next().data[0].asnumpy(), (plain - mean) / std / 2, rtol=1e-6, atol=1e-6)
    # MXNet: ((x - mean) · contrast + illumination) · scale / std, with numbers of each image.
    data = images(**options, max_random_contrast=0.5).next().data[0].asnumpy()
    factors = data / ((plain - mean) / std / 2)
    for factor in factors:
        numpy.testing.assert_allclose(factor, factor[0, 0, 0], rtol=1e-5)
        assert 0.5 <= factor[0, 0, 0] <= 1.5
    assert factors[0, 0, 0, 0] != factors[1, 0, 0, 0]
    data = images(**options, max_random_illumination=7).next().data[0].asnumpy()
    for shift in (data - (plain - mean) / std / 2) * std * 2:
        numpy.testing.assert_allclose(shift, shift[0, 0, 0], rtol=1e-4)
        assert abs(shift[0, 0, 0]) <= 7


def test_integers_end_at_their_limits():
    plain = images().next().data[0].asnumpy()
    for make, dtype, most in ((io.ImageRecordUInt8Iter, "uint8", 255), (io.ImageRecordInt8Iter, "int8", 127)):
        it = make(path_imgrec=IMAGES, data_shape=(3, 2, 3), batch_size=2, label_width=7)
        assert it.provide_data[0].dtype == dtype
        data = it.next().data[0]
        assert data.dtype == dtype
        numpy.testing.assert_array_equal(data.asnumpy(), numpy.minimum(plain, most))
    assert images(dtype="float64").next().data[0].dtype == "float64"
    assert (io.ImageRecordIter_v1, io.ImageRecordUInt8Iter_v1) == (io.ImageRecordIter, io.ImageRecordUInt8Iter)


def test_mirror_pad_and_channels():
    plain = images().next().data[0].asnumpy()
    numpy.testing.assert_array_equal(images(mirror=True).next().data[0].asnumpy(), plain[..., ::-1])
    padded = images(pad=2, fill_value=9, data_shape=(3, 9, 8)).next().data[0].asnumpy()
    first, second = stored()
    numpy.testing.assert_array_equal(padded[0], numpy.pad(first, [(0, 0), (2, 2), (2, 2)], constant_values=9)[:, :, 1:9])
    numpy.testing.assert_array_equal(padded[1], numpy.pad(second, [(0, 0), (2, 2), (2, 2)], constant_values=9)[:, :9])


def test_what_is_random_depends_on_the_seed_alone(tmp_path):
    given = numbered(tmp_path / "a", 12)
    look = {"rand_crop": True, "rand_mirror": True, "brightness": 0.5, "contrast": 0.5, "saturation": 0.5, "pca_noise": 5}

    def run(**options):
        it = io.ImageRecordIter(**given, **look, shuffle=True, **options)
        batches = []
        for _ in range(2):
            batches += [(batch.data[0].asnumpy().tobytes(), batch.label[0].tolist()) for batch in it]
            it.reset()
        return batches

    alone = run(preprocess_threads=0)
    assert run() == run(preprocess_threads=2, prefetch_buffer=7) == alone
    assert run(seed=1)[0][1] != alone[0][1]
    other = run(seed_aug=1)
    assert [batch[1] for batch in other] == [batch[1] for batch in alone]
    assert other != alone
    assert sorted(label for _, batch in alone[:4] for label in batch) == list(range(12))
    assert alone[:4] != alone[4:]


def test_random_crops_are_inside(tmp_path):
    with recordio.MXRecordIO(tmp_path / "r", "w") as file:
        image = numpy.zeros((10, 12, 3), "uint8")
        image[..., 0], image[..., 1] = numpy.arange(12), numpy.arange(10)[:, None]
        for i in range(60):
            file.write(recordio.pack_img(recordio.IRHeader(0, 0, i, 0), image, img_fmt=".png"))
    given = {"path_imgrec": tmp_path / "r", "batch_size": 60, "dtype": "uint8"}
    data = io.ImageRecordIter(**given, data_shape=(3, 9, 9), rand_crop=True).next().data[0].asnumpy()
    corners = {(int(row), int(column)) for row, column in data[:, 1:, 0, 0]}
    assert corners == {(row, column) for row in range(2) for column in range(4)}
    for crop in data:
        numpy.testing.assert_array_equal(crop[2, 0] - crop[2, 0, 0], range(9))
    options = {
        "random_resized_crop": True,
        "min_random_area": 0.3,
        "max_random_area": 0.3,
        "min_aspect_ratio": 1,
        "max_aspect_ratio": 1,
    }
    data = io.ImageRecordIter(**given, data_shape=(3, 6, 6), **options).next().data[0].asnumpy()  # 36 of 120 pixels
    assert {int(crop[2, 0, 5]) - int(crop[2, 0, 0]) for crop in data} == {5}
    assert {int(crop[1, 5, 0]) - int(crop[1, 0, 0]) for crop in data} == {5}
    assert len({crop.tobytes() for crop in data}) > 20
    # A rectangle that never fits leaves the middle.
    options |= {"min_random_area": 1, "max_random_area": 1}
    data = io.ImageRecordIter(**given, data_shape=(3, 6, 6), **options).next().data[0].asnumpy()
    numpy.testing.assert_array_equal(data[0, 1:, 0, 0], [2, 3])


def test_epochs_and_parts_of_images(tmp_path):
    given = numbered(tmp_path / "a", 7)
    expected = [
        [([0, 1, 2], 0), ([3, 4, 5], 0), ([6, 0, 1], 2)],
        [([2, 3, 4], 0), ([5, 6, 0], 1)],
        [([1, 2, 3], 0), ([4, 5, 6], 0)],
    ]
    assert epochs(io.ImageRecordIter(**given), 3) == expected
    assert epochs(io.ImageRecordIter(**given, path_imgidx=tmp_path / "a.idx", preprocess_threads=0), 3) == expected
    assert epochs(io.ImageRecordIter(**given, round_batch=False), 2) == expected[:1] * 2
    parts = [labels(io.ImageRecordIter(**given | {"batch_size": 1}, num_parts=3, part_index=i)) for i in range(3)]
    assert parts == [[[0], [1], [2]], [[3], [4]], [[5], [6]]]
    it = io.ImageRecordIter(**given)
    it.next()
    it.reset()  # in the middle: from the beginning
    assert labels(it) == [[0, 1, 2], [3, 4, 5], [6, 0, 1]]
    batch = io.ImageRecordIter(**given).next()
    numpy.testing.assert_array_equal(batch.data[0].asnumpy()[:, 0, 0, 0], 10 * batch.label[0].asnumpy())


def test_labels_from_a_list(tmp_path):
    given = numbered(tmp_path / "a", 3)
    (tmp_path / "list").write_text("2\t20\t21\tc.png\n0\t0.5\t1\ta b.png\n\n1\t10\t11\tb.png\n")
    it = io.ImageRecordIter(**given, path_imglist=tmp_path / "list", label_width=2)
    assert labels(it) == [[[0.5, 1], [10, 11], [20, 21]]]
    (tmp_path / "list").write_text("2\t20\tc.png\n")
    with pytest.raises(ValueError, match="ImageRecordIter: image 0 is not in path_imglist"):
        io.ImageRecordIter(**given, path_imglist=tmp_path / "list").next()
    for line in ("1\tb.png", "x\t1\tb.png", "1\tx\tb.png"):
        (tmp_path / "list").write_text(f"2\t20\tc.png\n{line}\n")
        with pytest.raises(ValueError, match=r"line 2 of .*list' is a number, labels and a path"):
            io.ImageRecordIter(**given, path_imglist=tmp_path / "list")


def test_errors_of_images(tmp_path):
    with pytest.raises(ValueError, match="ImageRecordIter: image 0 has 7 labels, and label_width=1"):
        images(label_width=1).next()
    with pytest.raises(ValueError, match=r"data_shape is \(channels, height, width\), with 1, 3 or 4 channels, not \(2, 2, 3\)"):
        images(data_shape=(2, 2, 3))
    with pytest.raises(TypeError, match="ImageRecordIter: there is no argument 'mirrored'"):
        images(mirrored=True)
    images(rotate=-1, verbose=False, mean_img="", ctx="cpu", shuffle_chunk_size=4)
    with pytest.raises(FileNotFoundError):
        images(path_imgrec=tmp_path / "none")
    (tmp_path / "r").write_bytes(b"")
    with pytest.raises(ValueError, match="there is no record in"):
        images(path_imgrec=tmp_path / "r")
    with pytest.raises(ValueError, match="of 2 records none is left for part 2 of 3"):
        images(num_parts=3, part_index=2)
    with recordio.MXRecordIO(tmp_path / "r", "w") as file:
        file.write(b"")
        file.write(recordio.pack(recordio.IRHeader(0, 1, 5, 0), b"junk"))
    it = images(path_imgrec=tmp_path / "r", label_width=1, batch_size=1)
    with pytest.raises(ValueError, match="unpack: a record begins with a header"):
        it.next()
    with pytest.raises(ValueError, match=r"ImageRecordIter: image 5, at byte 8 of '.*r': imdecode: buf holds no image"):
        it.next()


def scenes(**options):
    return io.ImageDetRecordIter(**{"path_imgrec": IMAGES, "data_shape": (3, 2, 3), "batch_size": 2} | options)


def test_scenes_fit():
    it = scenes(resize_mode="fit", label_pad_width=8, label_pad_value=-2)
    assert it.provide_label == [("softmax_label", (2, 12))]
    batch = it.next()
    expected = [[3, 2, 2, 7, *LABELS[0], -2], [3, 2, 1, 7, *LABELS[1], -2]]
    numpy.testing.assert_array_equal(batch.label[0].asnumpy(), numpy.float32(expected))
    theirs = [  # of MXNet 2.0.0b1
        [90, 185, 0, 53, 100, 0, 182, 214, 0, 67, 222, 0, 150, 168, 0, 181, 192, 0],
        [169, 0, 0, 155, 0, 0, 214, 0, 0, 165, 0, 0, 56, 0, 0, 167, 0, 0],
    ]
    numpy.testing.assert_allclose(batch.data[0].asnumpy().reshape(2, -1), theirs, atol=1)


def test_scenes_in_other_sizes():
    first, second = stored()
    batch = scenes(resize_mode="shrink", data_shape=(3, 6, 6)).next()
    assert batch.label[0].asnumpy()[:, :4].tolist() == [[3, 5, 6, 7], [3, 6, 4, 7]]
    numpy.testing.assert_array_equal(batch.data[0].asnumpy()[0], numpy.pad(first, [(0, 0), (0, 1), (0, 0)]))
    numpy.testing.assert_array_equal(batch.data[0].asnumpy()[1], numpy.pad(second, [(0, 0), (0, 0), (0, 2)]))
    batch = scenes(data_shape=(3, 5, 6), mean_r=1, std_r=0).next()
    assert batch.label[0].asnumpy()[:, :4].tolist() == [[3, 5, 6, 7]] * 2
    numpy.testing.assert_array_equal(batch.data[0].asnumpy()[0], first - numpy.float32([1, 0, 0])[:, None, None])


def test_scenes_are_mirrored():
    plain, mirrored = scenes().next(), scenes(rand_mirror_prob=1).next()
    numpy.testing.assert_array_equal(mirrored.data[0].asnumpy(), plain.data[0].asnumpy()[..., ::-1])
    assert mirrored.label[0].asnumpy()[:, 4:].tolist() == [[2, 5, 0, 0.25, 0.25, 0.75, 0.5], [2, 5, 1, 0.5, 0, 1, 0.5]]


def test_scenes_with_more_objects(tmp_path):
    given = numbered(tmp_path / "a", 3, lambda i: [3, 5, 99] + [i, 0, 0, 1, 1] * (i + 1))
    it = io.ImageDetRecordIter(**given, label_width=-1)
    assert it.provide_label == [("softmax_label", (3, 22))]
    rows = it.next().label[0].tolist()
    assert rows[0] == [3, 4, 4, 8, 3, 5, 99, 0, 0, 0, 1, 1] + [-1] * 10
    assert rows[2] == [3, 4, 4, 18, 3, 5, 99] + [2, 0, 0, 1, 1] * 3
    with pytest.raises(ValueError, match="labels have from 8 to 18 numbers, and label_width=8"):
        io.ImageDetRecordIter(**given, label_width=8)
    with pytest.raises(ValueError, match="the longest label has 18 numbers, and label_pad_width=10"):
        io.ImageDetRecordIter(**given, label_pad_width=10)


def test_errors_of_scenes(tmp_path):
    with pytest.raises(ValueError, match="ImageDetRecordIter: resize_mode is 'force', 'fit' or 'shrink', not 'cut'"):
        scenes(resize_mode="cut")
    for label in (1, [2, 5], [2, 5, 0, 0, 0, 1], [1, 5, 0, 0, 0, 1], [2, 4, 0, 0, 0, 1]):
        given = numbered(tmp_path / "a", 1, lambda _, label=label: label)
        with pytest.raises(ValueError, match="ImageDetRecordIter: image 0: a label with objects has"):
            io.ImageDetRecordIter(**given)


def test_importing_is_cheap():
    program = "import mxnet.io, mxnet.image, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"PIL", "gzip", "concurrent.futures.thread", "multiprocessing"} & set(done.stdout.split())
