"""Arrays of bytes, of texts and of iterators, and arrays as text."""

import numpy
import pytest

from mxnet import autograd, np


def test_frombuffer_shares_memory():
    memory = bytearray(numpy.arange(4, dtype="float32").tobytes())
    x = np.frombuffer(memory, count=2, offset=4)
    assert x.tolist() == [1, 2]
    x[0] = 7
    assert np.frombuffer(bytes(memory)).tolist() == [0, 7, 2, 3]
    with pytest.raises(ValueError, match="read-only"):
        np.frombuffer(bytes(memory))[0] = 1


def test_bytes_in_another_order(tmp_path):
    swapped = numpy.arange(4, dtype="f4").astype(numpy.dtype("f4").newbyteorder())
    (tmp_path / "numbers").write_bytes(swapped.tobytes())
    for x in (np.frombuffer(bytearray(swapped), swapped.dtype, 2, 4), np.fromfile(tmp_path / "numbers", swapped.dtype, 2, "", 4)):
        assert x.tolist() == [1, 2]
        assert x.asnumpy().dtype.isnative
        x[0] = 5  # a copy


def test_files_and_texts(tmp_path):
    path = tmp_path / "numbers"
    path.write_bytes(numpy.arange(4, dtype="int16").tobytes())
    assert np.fromfile(path, "int16", count=2, offset=2).tolist() == [1, 2]
    path.write_text("1,2.5")
    assert np.fromfile(path, sep=",").tolist() == [1, 2.5]
    assert np.fromstring("1,2,3", int, 2, sep=",").tolist() == [1, 2]
    with pytest.raises(ValueError, match="fromstring: sep"):
        np.fromstring("1", sep="")
    with pytest.raises(TypeError, match="arrays hold"):
        np.frombuffer(b"ab", dtype="S1")


def test_fromiter():
    assert np.fromiter(range(3)).dtype == "float32"
    assert np.fromiter(iter(range(9)), int, count=2).tolist() == [0, 1]
    assert np.fromiter([], count=0).shape == (0,)
    with pytest.raises(ValueError, match="fromiter: the iterator ended after 3 of 4 numbers"):
        np.fromiter(range(3), int, 4)
    with pytest.raises(ValueError, match=r"fromiter: takes an iterator over numbers, not over arrays of shape \(2,\)"):
        np.fromiter([[1, 2]])
    x = np.array([1, 2])
    x.attach_grad()
    with autograd.record():
        y = np.fromiter(value * value for value in x)
    y.backward()
    assert x.grad.tolist() == [2, 4]


def test_arrays_as_text():
    x = np.array([1.25, 1e-9])
    x.attach_grad()
    with autograd.record():
        y = 2 * x
        assert (
            np.array_str(y, precision=1, suppress_small=True) == "[2.5 0. ]" == numpy.array_str(y, precision=1, suppress_small=True)
        )
        assert np.array_repr(y, precision=1, suppress_small=True) == "array([2.5, 0. ])"
        assert (
            numpy.array2string(y, formatter={"float_kind": "{:g}".format})
            == "[2.5 2e-09]"
            == np.array2string(y, formatter={"float_kind": "{:g}".format})
        )


def test_einsum_path():
    x = np.ones((3, 3))
    x.attach_grad()
    with autograd.record():
        path, table = np.einsum_path("ij,jk,kl->il", x, x, x, optimize="optimal")
        assert numpy.einsum_path("ij,jk,kl->il", x, x, x, optimize="optimal") == (path, table)
        np.einsum("ij,jk,kl->il", x, x, x, optimize=path)
