"""Batchify functions."""

import numpy
import pytest

from mxnet import autograd, np
from mxnet.gluon.data import DataLoader
from mxnet.gluon.data.batchify import Append, AsList, Group, Pad, Stack
from mxnet.gluon.data.dataloader import default_batchify_fn, default_mp_batchify_fn

DTYPES = ["bool", "uint8", "int8", "int32", "int64", "float16", "float32", "float64"]


def ones(*shape, dtype="float32"):
    return numpy.ones(shape, dtype)


def check(array, expected, dtype):
    assert isinstance(array, np.ndarray)
    assert array.dtype == dtype
    assert array.tolist() == expected


@pytest.mark.parametrize("library", [np, numpy], ids=["np", "numpy"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_stack_keeps_dtypes(library, dtype):
    items = [library.ones(3, dtype=dtype), library.zeros(3, dtype=dtype)]
    check(Stack()(items), [[1, 1, 1], [0, 0, 0]], dtype)


def test_stack_of_numbers():
    check(Stack()([1, 2]), [1, 2], "int64")
    check(Stack()([1.5, 2]), [1.5, 2], "float64")
    check(Stack()([True, False]), [True, False], "bool")
    check(Stack()([numpy.float32(1), numpy.float32(2)]), [1, 2], "float32")
    check(Stack()([np.array(1), np.array(2)]), [1, 2], "float32")


def test_stack_of_parts():
    x, (y, z) = Stack()([(1, [2.0, np.array([3])]), (4, [5.0, np.array([6])])])
    check(x, [1, 4], "int64")
    check(y, [2, 5], "float64")
    check(z, [[3], [6]], "float32")


def test_stack_mixes_libraries():
    check(Stack()([np.zeros(2), numpy.ones(2, "float32")]), [[0, 0], [1, 1]], "float32")
    check(Stack()([numpy.ones(2, "float32"), np.zeros(2)]), [[1, 1], [0, 0]], "float32")


def test_stack_records():
    x = np.array([1, 2])
    x.attach_grad()
    with autograd.record():
        y = (Stack()([x, 3 * x]) ** 2).sum()
    y.backward()
    assert x.grad.tolist() == [20, 40]  # 2x + 18x


def test_stack_of_non_contiguous_and_empty():
    assert Stack()([numpy.arange(6).reshape(2, 3).T, numpy.zeros((3, 2), int)]).shape == (2, 3, 2)
    assert Stack()([ones(0, 2)]).shape == (1, 0, 2)


@pytest.mark.parametrize(
    ("items", "kind", "message"),
    [
        (["a", "b"], TypeError, r"<U1 as in \['a'\].*AsList"),
        ([{"a": 1}, {"a": 2}], TypeError, "object"),
        ([None, None], TypeError, "object"),
        ([ones(2), ones(3)], ValueError, r"shapes \(2,\) and \(3,\).*Pad"),
        ([np.ones(2), np.ones(3)], ValueError, r"shapes \(2,\) and \(3,\)"),
        ([(1, 2), (1,)], ValueError, "as many parts"),
        ([(1, 2), 3], ValueError, "as many parts"),
        ([], ValueError, "no items"),
    ],
)
def test_stack_refuses(items, kind, message):
    with pytest.raises(kind, match=message):
        Stack()(items)


def test_names_of_mxnet_1():
    check(default_batchify_fn([1, 2]), [1, 2], "int64")
    check(default_mp_batchify_fn([1, 2]), [1, 2], "int64")


def test_pad():
    check(Pad()([ones(2), ones(3)]), [[1, 1, 0], [1, 1, 1]], "float32")
    check(Pad(val=-1)([[1, 2], [3]]), [[1, 2], [3, -1]], "int64")
    check(Pad(val=7)([np.ones(1), np.ones(2)]), [[1, 7], [1, 1]], "float32")
    check(Pad(dtype="int32")([ones(1), ones(2)]), [[1, 0], [1, 1]], "int32")
    check(Pad()([ones(1, dtype="int32"), ones(2, dtype="float64")]), [[1, 0], [1, 1]], "float64")
    check(Pad(round_to=4)([ones(1), ones(4)]), [[1, 0, 0, 0], [1, 1, 1, 1]], "float32")
    check(Pad(round_to=4)([ones(5)]), [[1, 1, 1, 1, 1, 0, 0, 0]], "float32")


def test_pad_of_several_axes():
    check(Pad(val=2)([ones(1, 2), ones(2, 1)]), [[[1, 1], [2, 2]], [[1, 2], [1, 2]]], "float32")
    assert Pad(round_to=3)([ones(2, 4), ones(1, 1)]).shape == (2, 3, 6)
    assert Pad()([ones(0), ones(0)]).shape == (2, 0)


@pytest.mark.parametrize(
    ("items", "kind", "message"),
    [
        ([1, 2], TypeError, "no axis"),
        ([(ones(2), ones(1))], TypeError, r"Group\(Pad\(\), …\)"),
        ([["a"]], TypeError, "<U1"),
        ([ones(2, 3), ones(2)], ValueError, "1 and 2"),
        ([], ValueError, "no items"),
    ],
)
def test_pad_refuses(items, kind, message):
    with pytest.raises(kind, match=message):
        Pad()(items)


@pytest.mark.parametrize("round_to", [0, 1.5, (2, 2)])
def test_pad_refuses_to_round(round_to):
    with pytest.raises(ValueError, match="round_to"):
        Pad(round_to=round_to)


@pytest.mark.parametrize("group", [Group(Stack(), Pad()), Group([Stack(), Pad()]), Group((Stack(), Pad()))])
def test_group(group):
    batch = group([(1, [1, 2]), (2, [3])])
    assert isinstance(batch, tuple)
    check(batch[0], [1, 2], "int64")
    check(batch[1], [[1, 2], [3, 0]], "int64")


def test_group_refuses():
    with pytest.raises(TypeError, match="not 3"):
        Group(Stack(), 3)
    with pytest.raises(ValueError, match=r"Group\(A, B\)"):
        Group([Stack()], Stack())
    with pytest.raises(ValueError, match="for 1 parts, and an item has 2 parts"):
        Group(Stack())([(1, 2)])
    with pytest.raises(ValueError, match="one part, a int"):
        Group(Stack(), Stack())([1])


def test_append():
    first, second = Append()([[1, 2], np.ones(1)])
    check(first, [[1, 2]], "int64")
    check(second, [[1]], "float32")
    assert [x.shape for x in Append(batch_axis=-1)([ones(2), ones(2, 3)])] == [(2, 1), (2, 3, 1)]
    assert [x.shape for x in Append(expand=False)([ones(2), 1])] == [(2,), ()]
    with pytest.raises(TypeError, match="Append"):
        Append()(["a"])


def test_as_list_in_a_loader():
    data = [(np.ones(2), "a"), (np.zeros(2), "b"), (np.ones(2), "c")]
    (x, names), (_, last) = DataLoader(data, 2, batchify_fn=Group(Stack(), AsList()))
    assert x.shape == (2, 2)
    assert (names, last) == (["a", "b"], ["c"])
