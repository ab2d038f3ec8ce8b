"""`gluon.utils`."""

import contextlib
import hashlib
import http.server
import threading
import urllib.error

import numpy
import pytest

import mxnet as mx
from mxnet import autograd, np
from mxnet.gluon.utils import check_sha1, clip_global_norm, download, replace_file, split_and_load, split_data

# --- parts of batches -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "parts", "sizes"),
    [(6, 2, [3, 3]), (5, 2, [3, 2]), (11, 4, [3, 3, 3, 2]), (5, 6, [1, 1, 1, 1, 1, 0]), (0, 2, [0, 0]), (4, 1, [4])],
)
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_split_data(n, parts, sizes, axis):
    x = np.arange(n * n).reshape(n, n)
    split = split_data(x, parts, axis, even_split=False)
    assert [part.shape[axis] for part in split] == sizes
    assert np.concatenate(split, axis=axis).tolist() == x.tolist()


def test_split_data_refuses():
    with pytest.raises(ValueError, match=r"shape \(5, 2\).*2 parts.*even_split=False"):
        split_data(np.zeros((5, 2)), 2)
    with pytest.raises(ValueError, match="num_slice"):
        split_data(np.zeros(5), 0)
    with pytest.raises(ValueError, match="no axis 1"):
        split_data(np.zeros(5), 1, 1)


def test_gradients_flow_through_parts():
    x = np.arange(5)
    x.attach_grad()
    with autograd.record():
        a, b = split_data(x, 2, even_split=False)
        y = (a * a).sum() + 3 * b.sum()
    y.backward()
    assert x.grad.tolist() == [0, 2, 4, 3, 3]


def test_split_and_load():
    devices = [mx.cpu(0), mx.cpu(1)]
    for parts in (
        split_and_load(np.arange(4), devices),
        split_and_load(numpy.arange(4), devices),
        split_and_load([0, 1, 2, 3], devices=devices),
        split_and_load(np.arange(4), ctx_list=[mx.cpu(0)] * 2),
    ):
        assert all(isinstance(part, np.ndarray) and part.dtype == "float32" for part in parts)
        assert [part.tolist() for part in parts] == [[0, 1], [2, 3]]
    (whole,) = split_and_load(np.arange(5), [mx.cpu()])
    assert whole.shape == (5,)
    assert [part.shape for part in split_and_load(np.zeros((2, 5)), devices, 1, even_split=False)] == [(2, 3), (2, 2)]


def test_split_and_load_refuses():
    for wrong in (mx.cpu(), [], None):
        with pytest.raises(TypeError, match="list of devices"):
            split_and_load(np.arange(4), wrong)
    with pytest.raises(ValueError, match="even_split=False"):
        split_and_load(np.arange(5), [mx.cpu()] * 2)
    with pytest.raises(mx.MXNetError, match="gpu"):
        split_and_load(np.arange(4), [mx.gpu()])


# --- clipping ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("max_norm", [1, 4.9, 5, 100])
def test_clip_global_norm(max_norm):
    arrays = [np.array([3.0, 0.0]), np.array([[4.0]]), np.zeros((0, 2))]
    before = [array.asnumpy() for array in arrays]
    norm = clip_global_norm(arrays, max_norm)
    assert type(norm) is float
    assert norm == 5
    factor = min(1, max_norm / 5)
    for array, old in zip(arrays, before, strict=True):
        assert numpy.allclose(array.asnumpy(), old * factor, rtol=1e-7, atol=0)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_clip_against_numpy(dtype):
    arrays = [np.array(numpy.random.default_rng(i).normal(size=(50, 30)), dtype=dtype) for i in range(3)]
    expected = numpy.linalg.norm([array.asnumpy().astype("float64") for array in arrays])
    assert clip_global_norm(arrays, 2.0) == pytest.approx(expected, rel=1e-12 if dtype == "float64" else 1e-6)
    after = numpy.linalg.norm([array.asnumpy().astype("float64") for array in arrays])
    assert after == pytest.approx(2, rel={"float16": 1e-3, "float32": 1e-6, "float64": 1e-12}[dtype])
    assert arrays[0].dtype == dtype


def test_clip_of_mixed_dtypes_and_views():
    x = np.ones((4, 4), dtype="float64")
    norm = clip_global_norm([x[:, ::2], np.ones(2, dtype="float16"), np.array(0.0)], 1)
    assert norm == pytest.approx(10**0.5, rel=1e-12)
    assert numpy.allclose(x.asnumpy()[:, 0], 10**-0.5, rtol=1e-12)
    assert (x[:, 1] == 1).all()


def test_an_array_that_is_listed_twice_counts_once():
    x = np.array([3.0, 4.0])
    assert clip_global_norm([x, x], 1) == 5
    assert numpy.allclose(x.asnumpy(), [0.6, 0.8], rtol=1e-7)


def test_a_norm_beyond_float32():
    x = np.array([3e30, 4e30])
    assert clip_global_norm([x], 5) == pytest.approx(5e30, rel=1e-6)
    assert numpy.allclose(x.asnumpy(), [3, 4], rtol=1e-6)


@pytest.mark.parametrize("bad", [numpy.nan, numpy.inf])
def test_what_is_not_finite(bad):
    x, y = np.array([bad]), np.array([30.0])
    with pytest.warns(UserWarning, match=f"the norm is {bad}"):
        norm = clip_global_norm([x, y], 1)
    assert numpy.array_equal([norm], [bad], equal_nan=True)
    assert y.item() == 30


def test_without_a_check_the_norm_is_an_array():
    x = np.array([3.0, 4.0])
    norm = clip_global_norm([x], 1, check_isfinite=False)
    assert isinstance(norm, np.ndarray)
    assert norm.tolist() == [5]
    assert numpy.allclose(x.asnumpy(), [0.6, 0.8], rtol=1e-7)
    assert numpy.isnan(clip_global_norm([np.array([numpy.nan])], 1, False).item())


def test_gradients_are_clipped_in_place():
    x = np.array([3.0, 4.0])
    x.attach_grad()
    with autograd.record():
        y = (x * x).sum()
    y.backward()
    gradient = x.grad
    assert clip_global_norm([x.grad], 5) == 10
    assert gradient is x.grad
    assert gradient.tolist() == [3, 4]


@pytest.mark.parametrize(
    ("arrays", "max_norm", "kind", "message"),
    [
        ([], 1, ValueError, "no arrays"),
        ([np.array([1], dtype="int32")], 1, TypeError, "int32"),
        ([numpy.ones(2)], 1, TypeError, "ndarray"),
        ([np.ones(2)], -1, ValueError, "max_norm"),
        ([np.ones(2)], numpy.nan, ValueError, "max_norm"),
    ],
)
def test_clip_refuses(arrays, max_norm, kind, message):
    with pytest.raises(kind, match=message):
        clip_global_norm(arrays, max_norm)


# --- files ------------------------------------------------------------------------------------------------------------------------

SHA1 = hashlib.sha1(b"hello").hexdigest()


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setattr("mxnet.gluon.utils.time.sleep", lambda seconds: None)
    file = tmp_path / "source" / "file.txt"
    file.parent.mkdir()
    file.write_bytes(b"hello")
    return file


def test_check_sha1(source):
    assert check_sha1(source, SHA1)
    assert check_sha1(str(source), SHA1.upper())
    assert not check_sha1(source, SHA1[:8])


def test_replace_file(source, tmp_path):
    (tmp_path / "old").write_bytes(b"old")
    replace_file(source, tmp_path / "old")
    assert (tmp_path / "old").read_bytes() == b"hello"
    assert not source.exists()


def test_where_a_download_goes(source, tmp_path, monkeypatch):
    url = source.as_uri()
    directory = tmp_path / "there"
    directory.mkdir()
    assert download(url, directory) == str(directory / "file.txt")
    assert download(url, str(tmp_path / "new" / "name")) == str(tmp_path / "new" / "name")
    monkeypatch.chdir(directory)
    (directory / "file.txt").unlink()
    assert download(url) == "file.txt"
    assert (directory / "file.txt").read_bytes() == b"hello"
    with pytest.raises(ValueError, match="no name of a file"):
        download("file:///somewhere/")


def test_what_is_there_is_not_fetched(source, tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"mine")
    url = source.as_uri()
    download(url, path)
    assert path.read_bytes() == b"mine"
    download(url, path, sha1_hash=SHA1)  # unless it has another hash
    assert path.read_bytes() == b"hello"
    source.write_bytes(b"other")
    download(url, path, sha1_hash=SHA1.upper())
    assert path.read_bytes() == b"hello"
    download(url, path, overwrite=True)
    assert path.read_bytes() == b"other"


def test_a_wrong_hash(source, tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"mine")
    with pytest.raises(ValueError, match=f"SHA1 hash {SHA1}, not {'0' * 40}"):
        download(source.as_uri(), path, sha1_hash="0" * 40)
    assert path.read_bytes() == b"mine"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["source", "x"]


def test_what_is_not_there(tmp_path, source):
    with pytest.raises(urllib.error.URLError, match="No such file"):
        download((tmp_path / "nothing").as_uri(), tmp_path / "x")
    with pytest.raises(ValueError, match="retries"):
        download(source.as_uri(), tmp_path / "x", retries=-1)


def test_an_unverified_server(source, tmp_path):
    with pytest.warns(UserWarning, match="verify_ssl=False"):
        download(source.as_uri(), tmp_path / "x", verify_ssl=False)


@contextlib.contextmanager
def server(*answers):
    """The address of a server that gives these answers, (status, announced length, body), one after the other."""
    answers = list(answers)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            status, length, body = answers.pop(0)
            self.send_response(status)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as served:
        thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{served.server_port}/file.txt", answers
        finally:
            served.shutdown()
            thread.join()


def test_another_try(source, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    path = tmp_path / "x"
    with server((503, 0, b""), (200, 5, b"hel"), (200, 5, b"hello")) as (url, left):
        assert download(url, path, retries=2) == str(path)
        assert left == []
    assert path.read_bytes() == b"hello"
    assert capsys.readouterr().out.count("trying again") == 2


def test_tries_end(source, tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    path = tmp_path / "x"
    with server((503, 0, b""), (503, 0, b""), (404, 0, b""), (200, 5, b"hello")) as (url, left):
        with pytest.raises(urllib.error.HTTPError, match="503"):
            download(url, path, retries=1)
        with pytest.raises(urllib.error.HTTPError, match="404"):  # for which there is no other try
            download(url, path)
        assert len(left) == 1
        assert not path.exists()


def test_a_progress_bar_is_for_terminals(source, tmp_path, capsys):
    pytest.importorskip("tqdm")
    download(source.as_uri(), tmp_path / "x")
    assert capsys.readouterr().err == ""


def test_without_tqdm(source, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tqdm.auto", None)
    assert download(source.as_uri(), tmp_path / "x") == str(tmp_path / "x")
