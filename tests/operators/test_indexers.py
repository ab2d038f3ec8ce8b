"""`r_`, `c_`, `mgrid`, `ogrid`, named keys; and keys that are lists of floats."""

import numpy
import pytest

from mxnet import autograd, np, npx
from mxnet.test_utils import check_numeric_gradient

KEYS = [
    numpy.s_[1:5],
    numpy.s_[5:0:-2],
    numpy.s_[:3],
    numpy.s_[0:1:5j],
    numpy.s_[0:4, 0:3],
    numpy.s_[-1:1:3j, 0:2],
    numpy.s_[0:0, 0:2],
    numpy.s_[0.5:3, 1:2:0.25],
]


@pytest.mark.parametrize("key", KEYS, ids=repr)
@pytest.mark.parametrize("name", ["mgrid", "ogrid"])
def test_grids(name, key):
    ours, theirs = getattr(np, name)[key], getattr(numpy, name)[key]
    assert type(ours) is (tuple if isinstance(theirs, tuple) else np.ndarray)
    for part, expected in zip(ours, theirs, strict=True):
        assert part.dtype == "float32"
        numpy.testing.assert_allclose(part.asnumpy(), expected, rtol=1e-6)
        assert part.shape == expected.shape


JOINED = [
    ([1, 2], 3, slice(4, 6)),
    (1, 2, 3),
    (slice(0, 1, 3j),),
    ("-1", [[1, 2]], [[3, 4]]),
    ("0,2", [1, 2], [3, 4]),
    ("1,2,0", [1, 2], [3, 4]),
    ("0,2,0", [1, 2], [3, 4]),
    ("0,3,1", [1, 2], [3, 4]),
    ("1,3,-1", [[1], [2]], [[3], [4]]),
    ("0,3,-2", [1, 2], [3, 4]),
    ("0,4,1", [[1], [2]], [[3], [4]]),
    ("0,2", 1, [3]),
]


@pytest.mark.parametrize("key", JOINED, ids=repr)
def test_joined(key):
    numpy.testing.assert_allclose(np.r_[key].asnumpy(), numpy.r_[key])
    assert np.r_[key].shape == numpy.r_[key].shape


@pytest.mark.parametrize("key", [([1, 2], [3, 4]), ([[1, 2]], [[3]]), (1, [2]), ([[1, 2, 3]], 0, 0, [[4, 5]])], ids=repr)
def test_columns(key):
    numpy.testing.assert_allclose(np.c_[key].asnumpy(), numpy.c_[key])


def test_dtypes_follow_the_arrays():
    i = np.array([1, 2], dtype="int32")
    assert np.r_[i, 3].dtype == "int32"
    assert np.r_[i, 0.5].dtype == "float32"
    assert np.r_[i.astype("float16"), 1, 2.5].dtype == "float16"
    assert np.r_[1, 2].dtype == "float32"
    npx.set_np(dtype=True)
    try:
        assert np.mgrid[0:3].dtype == "int64"
    finally:
        npx.reset_np()


def test_gradients():
    x = np.array([0.5, 2.0], dtype="float64")
    check_numeric_gradient(lambda x: np.r_[x, 1, x * x] ** 2, [x], order=2)
    y = x.astype("float32")
    y.attach_grad()
    with autograd.record():
        z = np.mgrid[0 : y[1] : 3j]
    z.backward()
    assert y.grad.tolist() == [0, 1.5]
    check_numeric_gradient(lambda x: np.c_[x, x * x] ** 2, [x], order=2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: np.mgrid[3], r"mgrid: takes slices, as in mgrid\[0:5, 0:1:11j\], not 3"),
        (lambda: np.ogrid[1:], "ogrid: a slice says where it stops"),
        (lambda: np.r_["r", 1], "r_: 'r' is none of 'axis'"),
        (lambda: np.r_["1,2,3,4", 1], "r_: '1,2,3,4' is none of"),
        (lambda: np.r_["0"], "r_: there is nothing to join"),
    ],
)
def test_refusals(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_named_keys():
    x = np.arange(6).reshape(2, 3)
    assert x[np.s_[:, 1:]].tolist() == [[1, 2], [4, 5]]
    assert x[np.index_exp[0]].tolist() == [0, 1, 2]
    assert [(index, value.item()) for index, value in np.ndenumerate(x[:, 1])] == [((0,), 1), ((1,), 4)]
    assert list(np.ndindex(1, 2)) == [(0, 0), (0, 1)]


def test_lists_of_whole_floats_are_keys():
    x = np.array([[1, 2], [3, 4]])
    x.attach_grad()
    with autograd.record():
        y = x[[0.0, 1.0, 1.0], [1, 0, 0]]
    y.backward()
    assert y.tolist() == [2, 3, 3]
    assert x.grad.tolist() == [[0, 1], [2, 0]]
    x[[1.0]] = 7
    assert x.tolist() == [[1, 2], [7, 7]]
    for key in ([0.5], ([0], [numpy.nan])):
        with pytest.raises(IndexError, match=r"is no index; a list of floats names whole numbers, as in x\[\[0.0, 2.0\]\]"):
            x[key]
