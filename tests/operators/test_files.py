"""Files of arrays: MXNet's binary format, archives, safetensors; damaged and hostile ones; what happens to a file that is replaced.

`tests/data/files/` has files that the original wrote; `v0.params` and `v1.params` are of the two layouts older than any version
that can be had today, made from the description of the format, and read by the original.
"""

import contextlib
import io
import json
import os
import stat
import struct
import tracemalloc
import zipfile
from pathlib import Path

import numpy
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mxnet import np, npx

DATA = Path(__file__).parents[1] / "data" / "files"
DTYPES = ["float32", "float64", "float16", "uint8", "int32", "int8", "int64", "bool", "int16", "uint16", "uint32", "uint64"]
FORMATS = ["npy", "npz", "params", "safetensors"]

V3_SCALAR = struct.pack("<Iiiiii", 0xF993FACA, 0, 0, 1, 0, 0) + struct.pack("<f", 7)


def params(*arrays, names=(), count=None):
    """A file in MXNet's binary format."""
    head = struct.pack("<QQQ", 0x112, 0, len(arrays) if count is None else count)
    return head + b"".join(arrays) + struct.pack("<Q", len(names)) + b"".join(struct.pack("<Q", len(n)) + n for n in names)


def safetensors(head, data=b""):
    text = head if isinstance(head, bytes) else json.dumps(head).encode()
    return struct.pack("<Q", len(text)) + text + data


def saved(content, **kwargs):
    file = io.BytesIO()
    npx.save(file, content, **kwargs)
    return file.getvalue()


def load(content):
    return np.load(io.BytesIO(content))


def same(x, y):
    assert isinstance(x, np.ndarray)
    assert (x.shape, x.dtype, x.tolist()) == (y.shape, y.dtype, y.tolist())


AWKWARD = {
    "arg:w": np.arange(6, dtype="float32").reshape(2, 3),
    "aux:scalar": np.array(2.5, dtype="float64"),
    "empty": np.zeros((2, 0, 3), dtype="int32"),
    "transposed": np.arange(6, dtype="float16").reshape(2, 3).T,
    "every second": np.arange(6, dtype="uint8")[::2],
    "bool": np.array([True, False], dtype="bool"),
    "βήτα": np.ones((1, 1), dtype="int64"),
}


# --- what the original wrote ------------------------------------------------------------------------------------------------------


def test_every_dtype_of_the_original():
    arrays = npx.load(DATA / "v2_dict.params")
    assert list(arrays) == [f"arg:{dtype}" for dtype in DTYPES] + ["aux:bfloat16"]
    for dtype in DTYPES:
        same(arrays[f"arg:{dtype}"], np.array([[1, 0, 3], [4, 5, 6]], dtype=dtype))
    wide = arrays["aux:bfloat16"]
    assert wide.dtype == "float32"
    numpy.testing.assert_allclose(wide.asnumpy(), [1, -2.5, 3e38], rtol=2**-8)


@pytest.mark.parametrize(
    ("name", "shapes"), [("v2_list", [(2, 2), (1,)]), ("v3_list", [(2, 2), (0, 3)]), ("v1", (2, 3)), ("v0", (2, 3))]
)
def test_arrays_without_names(name, shapes):
    content = npx.load(str(DATA / f"{name}.params"))
    if isinstance(shapes, tuple):  # a single one, as `npx.load` of the original gives it
        same(content, np.array([[1, 2, 3], [4, 5, 6]], dtype="float32"))
        return
    assert [array.shape for array in content] == shapes
    assert content[0].tolist() == [[1, 2], [3, 4]]


def test_numpy_formats_of_the_original():
    same(npx.load(DATA / "array"), np.array([[1, 2], [3, 4]], dtype="float32"))
    same(npx.load(DATA / "bfloat16.npy"), np.array([1, 2.5], dtype="float32"))
    arrays = npx.load(DATA / "arrays")
    same(arrays["arr_0"], np.array(5, dtype="float32"))
    same(arrays["b"], np.array([1, 2], dtype="int64"))
    parameters = npx.load(DATA / "gluon2.params")
    assert {name: array.shape for name, array in parameters.items()} == {
        "0.weight": (2, 3), "0.bias": (2,), "1.gamma": (2,), "1.beta": (2,), "1.running_mean": (2,), "1.running_var": (2,),
    }  # fmt: skip
    assert parameters["0.weight"].tolist() == [[0.5] * 3] * 2


@pytest.mark.parametrize("kind", ["row_sparse", "csr"])
def test_sparse_arrays_are_refused(kind):
    with pytest.raises(ValueError, match=rf"{kind}.params', byte 24: array 0 of 1 is no dense array but {kind}; .*tostype"):
        npx.load(DATA / f"{kind}.params")


# --- round trips ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["npz", "params", "safetensors"])
def test_dictionaries(tmp_path, format):
    npx.save(tmp_path / "file", AWKWARD, format=format)
    back = npx.load(tmp_path / "file")
    assert list(back) == list(AWKWARD)
    for name, array in AWKWARD.items():
        same(back[name], array)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("dtype", [*DTYPES, "complex64"])
@pytest.mark.parametrize("format", FORMATS)
def test_dtypes(format, dtype):
    x = np.array([[1, 0], [3, 4]], dtype=dtype)
    content = x if format == "npy" else {"x": x}
    if format == "params" and dtype == "complex64":
        with pytest.raises(TypeError, match=r"save: .* holds no complex64; use format='npz'"):
            saved(content, format=format)
        return
    back = load(saved(content, format=format))
    same(back if format == "npy" else back["x"], x)


@pytest.mark.parametrize("x", [np.array(3.0), np.zeros((0, 2)), np.arange(6).reshape(2, 3).T, np.ones((2, 1, 3))[:, 0]])
def test_single_arrays(x):
    for content in (saved(x), saved(x, format="params"), saved([x])):
        same(load(content), x)


def test_lists(tmp_path):
    npx.save(tmp_path / "arrays", [np.ones(2), numpy.zeros(3, "i4")])
    x, y = npx.load(tmp_path / "arrays")
    same(x, np.ones(2))
    same(y, np.zeros(3, dtype="int32"))
    npx.save(tmp_path / "arrays", (np.ones(2), np.ones(1)))
    assert [array.tolist() for array in npx.load(tmp_path / "arrays")] == [[1, 1], [1]]
    assert load(saved([])) == []
    assert load(saved({})) == load(saved({}, format="safetensors")) == {}


def test_what_a_name_decides(tmp_path):
    for name, begin in (("w.safetensors", b"{"), ("w.params", b"PK"), ("w.npz", b"PK"), ("w", b"PK")):
        npx.save(str(tmp_path / name), {"x": np.ones(1)})
        head = (tmp_path / name).read_bytes()
        assert begin in (head[:2], head[8:9])
        same(npx.load(tmp_path / name)["x"], np.ones(1))


def test_files_in_a_row():
    for format in ("npy", "params"):
        file = io.BytesIO()
        file.write(b"head")
        for i in range(3):
            npx.save(file, np.full((2,), i), format=format)
        file.seek(4)
        assert [np.load(file).tolist() for _ in range(3)] == [[0, 0], [1, 1], [2, 2]]


def test_safetensors_as_others_have_it(tmp_path):
    theirs = pytest.importorskip("safetensors.numpy")
    npx.save(tmp_path / "ours.safetensors", AWKWARD)
    back = theirs.load_file(tmp_path / "ours.safetensors")
    assert back.keys() == AWKWARD.keys()
    for name, array in AWKWARD.items():
        same(np.array(back[name], dtype=back[name].dtype), array)
    theirs.save_file({name: array.asnumpy().copy() for name, array in AWKWARD.items()}, tmp_path / "theirs", {"by": "them"})
    back, metadata = npx.load(tmp_path / "theirs", return_metadata=True)
    assert metadata == {"by": "them"}
    for name, array in AWKWARD.items():
        same(back[name], array)


def test_metadata():
    content = saved({"x": np.ones(1)}, format="safetensors", metadata={"epoch": "3", "über": "ß"})
    arrays, metadata = np.load(io.BytesIO(content), return_metadata=True)
    same(arrays["x"], np.ones(1))
    assert metadata == {"epoch": "3", "über": "ß"}
    assert np.load(io.BytesIO(saved(np.ones(1))), return_metadata=True)[1] == {}


def test_safetensors_bytes():
    # Numbers lie at multiples of their width, and so does the first.
    content = saved({"a": np.ones(1, dtype="uint8"), "b": np.ones(1, dtype="float64")}, format="safetensors")
    (length,) = struct.unpack("<Q", content[:8])
    head = json.loads(content[8 : 8 + length])
    assert length % 8 == 0
    assert head == {
        "a": {"dtype": "U8", "shape": [1], "data_offsets": [8, 9]},
        "b": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]},
    }
    assert content[8 + length :] == struct.pack("<d", 1) + b"\x01"


def test_bfloat16_of_safetensors():
    head = {"x": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}}
    same(load(safetensors(head, struct.pack("<HH", 0x3F80, 0xC020)))["x"], np.array([1, -2.5], dtype="float32"))


def test_booleans_are_booleans():
    head = {"x": {"dtype": "BOOL", "shape": [3], "data_offsets": [0, 3]}}
    x = load(safetensors(head, b"\x02\x00\xff"))["x"]
    assert x.asnumpy().view("u1").tolist() == [1, 0, 1]


# --- what is not written ----------------------------------------------------------------------------------------------------------

REFUSED = [
    (np.ones(1), {"format": "npz"}, ValueError, r"'npz' holds a dictionary of str to ndarray, and arr is of type ndarray"),
    (np.ones(1), {"format": "safetensors"}, ValueError, r"'safetensors' holds a dictionary"),
    ([np.ones(1)], {"format": "safetensors"}, ValueError, r"arr is of type list"),
    ({"x": np.ones(1)}, {"format": "npy"}, ValueError, r"'npy' holds one array, and arr is of type dict"),
    (np.ones(1), {"format": "hdf5"}, ValueError, r"format is one of 'npy', 'npz', 'params' and 'safetensors', not 'hdf5'"),
    ({"x": np.ones(1)}, {"metadata": {"a": "b"}}, ValueError, r"metadata goes into files of format 'safetensors', not 'npz'"),
    ({"x": np.ones(1)}, {"format": "safetensors", "metadata": {"a": 1}}, TypeError, r"str to str, not \{'a': 1\}"),
    ({"__metadata__": np.ones(1)}, {"format": "safetensors"}, ValueError, r"'__metadata__' for itself"),
    ({"x": numpy.ones(1, "c16")}, {"format": "safetensors"}, TypeError, r"safetensors holds no complex128"),
    ({1: np.ones(1)}, {}, TypeError, r"the keys of a dictionary of arrays are str"),
    ([1.0, 2.0], {}, TypeError, r"hold arrays, not float; np.array\(…\) makes one"),
    ({"x": [1.0]}, {}, TypeError, r"hold arrays, not list"),
    ({"x": numpy.array(["a"])}, {}, TypeError, r"arrays hold booleans"),
]


@pytest.mark.parametrize(("content", "kwargs", "error", "match"), REFUSED)
def test_save_refuses(tmp_path, content, kwargs, error, match):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(error, match="save: .*?" + match):
        npx.save(path, content, **kwargs)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


# --- damaged files ----------------------------------------------------------------------------------------------------------------


def npy(head, data=b"", version=1):
    text = head.encode("latin-1")
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(text)) + text + data


def shape(dims):
    return npy(f"{{'descr': '<f4', 'fortran_order': False, 'shape': {dims}, }}\n", bytes(16))


def zipped(members, compression=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


def claiming(size):
    """An archive whose member is said to have many bytes."""
    content = zipped([("x.npy", shape("(4,)"))], zipfile.ZIP_DEFLATED)
    start = content.index(b"PK\x01\x02")
    return content[: start + 24] + struct.pack("<I", size) + content[start + 28 :]


def dense(ndim, dims=b"", code=0, data=b"", magic=0xF993FACA):
    return struct.pack("<Iii", magic, 0, ndim) + dims + struct.pack("<iii", 1, 0, code) + data


def tensor(**changes):
    return safetensors({"x": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]} | changes}, bytes(4))


DAMAGED = {
    "nothing": (b"", "byte 0: no .npy"),
    "text": (b"weights", "byte 0: no .npy"),
    "a pickle": (b"\x80\x04K\x01.", "pickles and others are not read"),
    "npy: terabytes": (shape("(1099511627776,)"), "byte 80: the array, of shape .* takes 4398046511104 bytes, and 16 are left"),
    "npy: overflow": (shape("(4294967296, 4294967296)"), "takes 73786976294838206464 bytes"),
    "npy: empty, overflow": (shape("(0, 4611686018427387904, 4611686018427387904)"), "which no array has"),
    "npy: endless": (shape("(1" + "0" * 400 + ",)"), "which no array has"),
    "npy: negative": (shape("(-4, -1)"), "which no array has"),
    "npy: many axes": (shape("(" + "1, " * 65 + ")"), "which no array has"),
    "npy: not a tuple": (shape("[4]"), "not a dtype, an order and a shape"),
    "npy: a call": (shape("(print(1),)"), "not a dtype, an order and a shape"),
    "npy: booleans": (shape("(True,)"), "not a dtype, an order and a shape"),
    "npy: deep": (shape("(" * 3000), "not a dtype, an order and a shape"),
    "npy: no dictionary": (npy("[1, 2]"), "not a dtype, an order and a shape"),
    "npy: version": (b"\x93NUMPY\x09\x00" + bytes(90), "no array in NumPy's format"),
    "npy: long head": (npy(" " * 20_000, version=2), "20000 bytes, more than any array of numbers needs"),
    "npy: head breaks off": (shape("(4,)")[:40], "the head takes 58 bytes, and 30 are left"),
    "npy: no such dtype": (npy("{'descr': '<f3', 'fortran_order': False, 'shape': ()}"), "not '<f3'"),
    "npy: dates": (npy("{'descr': '<M8[s]', 'fortran_order': False, 'shape': ()}"), r"complex numbers, not '<M8\[s\]'"),
    "npy: objects": (npy("{'descr': '|O', 'fortran_order': False, 'shape': ()}"), "pickled objects, which are not read"),
    "npz: breaks off": (saved({"x": np.ones(9)})[:-5], "the archive cannot be read"),
    "npz: terabytes": (zipped([("x.npy", shape("(1099511627776,)"))]), "member 'x.npy', byte 80: the array, of shape"),
    "npz: more than deflated can be": (claiming(2**31), "byte 0: member 'x.npy' cannot have 2147483648 bytes"),
    "npz: a method not read": (zipped([("x.npy", shape("(4,)"))], zipfile.ZIP_BZIP2), "compressed by a method"),
    "npz: twice": (zipped([("x", shape("(4,)")), ("x.npy", shape("(4,)"))]), "byte [0-9]+: the archive has two members 'x.npy'"),
    "npz: text": (zipped([("read.me", b"text, and more of it")]), "member 'read.me', byte 0: no array"),
    "npz: a longer member": (zipped([("x.npy", shape("(3,)"))]), "4 bytes follow after the array"),
    "npz: another sum": (zipped([("x.npy", shape("(4,)"))]).replace(bytes(16), bytes(15) + b"\x01"), "x.npy.*CRC"),
    "params: only a head": (params()[:20], "byte 16: the number of arrays takes 8 bytes, and 4 are left"),
    "params: many arrays": (params(V3_SCALAR, count=2**60), "array 1 of 1152921504606846976"),
    "params: terabytes": (params(dense(2, struct.pack("<qq", 2**31, 2**31))), "byte 64: array 0 of 1, of shape .* bytes, and 8"),
    "params: negative": (params(dense(1, struct.pack("<q", -1))), "which no array has"),
    "params: many axes": (params(dense(2**30)), "byte 24: array 0 of 1 would have 1073741824 axes"),
    "params: no shape": (params(dense(-1)), "saved before its shape was known"),
    "params: no shape in MXNet 1": (params(dense(0, magic=0xF993FAC9)), "saved before its shape was known"),
    "params: dtype": (params(dense(0, code=13, data=bytes(4))), "byte 24: array 0 of 1 has the dtype 13"),
    "params: storage type": (params(struct.pack("<Iii", 0xF993FACA, 7, 0)), "one of storage type 7"),
    "params: no names": (params(V3_SCALAR)[:-8], "byte 52: the number of names"),
    "params: fewer names": (params(V3_SCALAR, V3_SCALAR, names=[b"x"]), "byte 80: there are 2 arrays and 1 names"),
    "params: long name": (
        params(V3_SCALAR, names=[b"x"])[:-9] + struct.pack("<Q", 2**63) + b"x",
        "name 0 takes 9223372036854775808",
    ),
    "params: one name": (params(V3_SCALAR, V3_SCALAR, names=[b"x", b"x"]), "two arrays are called 'x'"),
    "params: name not in UTF-8": (params(V3_SCALAR, names=[b"x\xff"]), "byte 69: name 0 is not in UTF-8"),
    "safetensors: long head": (struct.pack("<Q", 2**40) + b"{}", "byte 8: the head cannot have 1099511627776 bytes"),
    "safetensors: head breaks off": (struct.pack("<Q", 90) + b"{}", "byte 8: the head takes 90 bytes, and 2 are left"),
    "safetensors: no JSON": (safetensors(b"{x}"), "byte 8: the head is no JSON object"),
    "safetensors: deep": (safetensors(b'{"x":' + b"[" * 200_000), "the head is no JSON object"),
    "safetensors: not in UTF-8": (safetensors(b"{\xff}"), "byte 9: the head is not in UTF-8"),
    "safetensors: a name twice": (safetensors(b'{"x":1,"x":1}'), "a name comes twice"),
    "safetensors: metadata": (safetensors({"__metadata__": {"x": 1}}), "something else than texts"),
    "safetensors: no tensor": (safetensors({"x": 5}), "tensor 'x' has no dtype, shape and offsets but 5"),
    "safetensors: dtype": (tensor(dtype="F8_E4M3"), "has the dtype F8_E4M3, and those that can be read are BOOL"),
    "safetensors: shape": (tensor(shape=[2]), r"F32 of shape \(2,\), cannot have 4 bytes"),
    "safetensors: negative": (tensor(shape=[-1]), "no dtype, shape and offsets"),
    "safetensors: terabytes": (tensor(shape=[2**40], data_offsets=[0, 2**42]), "takes 4398046511104 bytes, and 4 are left"),
    "safetensors: a hole": (tensor(data_offsets=[1, 5]), "starts at 1 bytes after the head"),
    "safetensors: an overlap": (
        safetensors({n: {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]} for n in "xy"}, bytes(4)),
        "tensor 'y' starts at 0",
    ),
    "safetensors: bytes left": (tensor() + b"rest", "4 bytes follow after the last tensor"),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_damaged_files(tmp_path, kind):
    content, match = DAMAGED[kind]
    path = tmp_path / "weights"
    path.write_bytes(content)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=rf"(?s)load: '.*weights'.*{match}"):
            npx.load(path)
        assert tracemalloc.get_traced_memory()[1] < 4_000_000 + 40 * len(content)
    finally:
        tracemalloc.stop()
    path.unlink()  # it is closed


WHOLE = {
    "npy": saved(AWKWARD["arg:w"]),
    "npz": saved(AWKWARD),
    "params": saved(AWKWARD, format="params"),
    "params of MXNet 1": (DATA / "v2_dict.params").read_bytes(),
    "safetensors": saved(AWKWARD, format="safetensors"),
    "npz of MXNet 2": (DATA / "gluon2.params").read_bytes(),
}


def only_a_value_error(content):
    """Memory that reading took, whether it failed or not."""
    tracemalloc.start()
    try:
        with contextlib.suppress(ValueError):
            load(content)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", WHOLE)
def test_every_truncation(kind):
    whole = WHOLE[kind]
    for size in range(0, len(whole), 1 + len(whole) // 150):
        with pytest.raises(ValueError, match="load: "):
            load(whole[:size])


@pytest.mark.parametrize("kind", WHOLE)
@settings(max_examples=120, deadline=None)
@given(st.data())
def test_flipped_bytes(kind, data):
    content = bytearray(WHOLE[kind])
    places = st.integers(0, len(content) - 1) | st.integers(0, 60) | st.integers(len(content) - 120, len(content) - 1)
    for place in data.draw(st.lists(places, min_size=1, max_size=4)):
        content[place] = data.draw(st.integers(0, 255) | st.sampled_from([0, 1, 127, 128, 255]))
    assert only_a_value_error(bytes(content)) <= 10 * len(content) + 300_000


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([b"\x93NUMPY\x01\x00", b"PK\x03\x04", b"PK\x05\x06", struct.pack("<QQ", 0x112, 0), b"\x20" + bytes(7) + b"{"]),
    st.binary(),
)
@example(struct.pack("<QQ", 0x112, 0), b"\xff" * 40)
def test_heads_and_noise(head, noise):
    assert only_a_value_error(head + noise) <= 10 * len(head + noise) + 300_000


def test_text_files(tmp_path):
    (tmp_path / "x").write_text("abcdefghijkl", encoding="ascii")
    with open(tmp_path / "x", encoding="ascii") as file, pytest.raises(TypeError, match="open it with mode 'rb'"):
        np.load(file)


def test_missing_files(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        npx.load(tmp_path / "nowhere")


# --- replacing --------------------------------------------------------------------------------------------------------------------

X = np.array([1.0, 2.0])
WRITERS = {
    "np.save": (lambda path: np.save(path, X), ".npy"),
    "np.savez": (lambda path: np.savez(path, X), ".npz"),
    "np.savez_compressed": (lambda path: np.savez_compressed(path, X), ".npz"),
    "npx.save": (lambda path: npx.save(path, X), ""),
    "npx.savez": (lambda path: npx.savez(path, X), ""),
    "npx.save params": (lambda path: npx.save(path, [X]), ".params"),
    "npx.save safetensors": (lambda path: npx.save(path, {"x": X}), ".safetensors"),
}


@pytest.fixture(params=WRITERS)
def writer(request, tmp_path):
    """A function that writes, and the path it writes to."""
    write, ending = WRITERS[request.param]
    path = tmp_path / f"file{ending}"
    return lambda path=path: write(str(path)), path


@pytest.mark.parametrize("failing", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_a_failed_save_leaves_the_old_file(writer, monkeypatch, failing, error):
    write, path = writer

    def fail(*args):
        raise error

    monkeypatch.setattr(os, failing, fail)
    for old in (None, b"old"):
        if old is not None:
            path.write_bytes(old)
        with pytest.raises(type(error)):
            write()
        assert [(p, p.read_bytes()) for p in path.parent.iterdir()] == ([] if old is None else [(path, old)])


def test_content_is_on_the_disk_before_it_takes_its_place(writer, monkeypatch):
    write, path = writer
    path.write_bytes(b"old")
    synced = os.fsync

    def fsync(descriptor):
        assert path.read_bytes() == b"old"
        (other,) = set(path.parent.iterdir()) - {path}
        np.load(other)  # complete, beside it
        synced(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    write()
    assert list(path.parent.iterdir()) == [path]
    np.load(path)


@pytest.mark.skipif(os.name == "nt", reason="permission bits")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666])
def test_permission_bits_stay(writer, mode):
    write, path = writer
    path.write_bytes(b"old")
    path.chmod(mode)
    write()
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.skipif(os.name == "nt", reason="permission bits")
def test_permission_bits_of_a_new_file(writer):
    write, path = writer
    other = path.with_name("other")
    other.touch()
    write()
    assert path.stat().st_mode == other.stat().st_mode


@pytest.mark.skipif(os.name == "nt", reason="links and pipes")
def test_links_are_followed(writer, tmp_path):
    write, path = writer
    target = tmp_path / "elsewhere" / "target"
    target.parent.mkdir()
    path.symlink_to(target)
    for _ in range(2):  # where it points to nothing, and to a file
        write()
        assert path.is_symlink()
        np.load(target)
        assert len(list(tmp_path.iterdir())) == 2


def test_a_file_not_to_be_written_to(tmp_path, monkeypatch):
    path = tmp_path / "x"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda target, mode: False)  # what root may write to anyway
    with pytest.raises(PermissionError, match=r"'.*x'"):
        npx.save(path, X)
    assert path.read_bytes() == b"old"


def test_devices_are_written_to():
    npx.save(os.devnull, X)
    assert os.path.exists(os.devnull)
    assert not os.path.isfile(os.devnull)


def test_a_missing_directory_is_called_by_its_name(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        npx.save(tmp_path / "no" / "x", X)
    assert caught.value.filename == str(tmp_path / "no" / "x")
    with pytest.raises(IsADirectoryError if os.name != "nt" else PermissionError):
        npx.save(tmp_path, X)
