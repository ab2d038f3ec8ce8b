"""Datasets of images, from tiny files of the standard formats."""

import gzip
import hashlib
import io
import pickle
import tarfile

import numpy
import pytest

from mxnet import np
from mxnet.gluon.data import DataLoader
from mxnet.gluon.data.vision import (
    CIFAR10,
    CIFAR100,
    MNIST,
    FashionMNIST,
    ImageFolderDataset,
    ImageListDataset,
    ImageRecordDataset,
)
from mxnet.recordio import IRHeader, MXIndexedRecordIO, pack

RNG = numpy.random.default_rng(0)


def idx(array):
    """A file of MNIST's format."""
    return bytes([0, 0, 8, array.ndim]) + numpy.array(array.shape, ">i4").tobytes() + array.astype("uint8").tobytes()


def write_digits(directory, part="train", n=5):
    directory.mkdir(parents=True, exist_ok=True)
    images, labels = RNG.integers(0, 256, (n, 28, 28)), numpy.arange(n) % 10
    (directory / f"{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(images)))
    (directory / f"{part}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(labels)))
    return images[..., None], labels


@pytest.mark.parametrize("kind", [MNIST, FashionMNIST])
def test_digits(kind, tmp_path):
    images, labels = write_digits(tmp_path)
    dataset = kind(str(tmp_path))
    assert len(dataset) == 5
    image, label = dataset[3]
    assert isinstance(image, np.ndarray)
    assert image.dtype == "uint8"
    assert image.shape == (28, 28, 1)
    assert (image.asnumpy() == images[3]).all()
    assert type(label) is numpy.int32
    assert label == labels[3]
    some, their_labels = dataset[1:4]
    assert some.shape == (3, 28, 28, 1)
    assert their_labels.dtype == "int32"
    assert their_labels.tolist() == [1, 2, 3]


def test_digits_to_test_with(tmp_path):
    write_digits(tmp_path)
    images, _ = write_digits(tmp_path, "t10k", 3)
    assert (MNIST(str(tmp_path), train=False)[0][0].asnumpy() == images[0]).all()
    assert len(MNIST(str(tmp_path), False)) == 3


def test_digits_in_a_loader(tmp_path):
    images, labels = write_digits(tmp_path)
    dataset = MNIST(str(tmp_path))
    (x, y), (z, _) = DataLoader(dataset, 4)
    assert (x.asnumpy() == images[:4]).all()
    assert (z.asnumpy() == images[4:]).all()
    assert y.dtype == "int32"
    assert y.tolist() == labels[:4].tolist()
    x, _ = next(iter(DataLoader(dataset.transform_first(lambda image: image.astype("float32") / 255), 4)))
    assert x.dtype == "float32"
    assert numpy.allclose(x.asnumpy(), images[:4] / 255, rtol=1e-7)


def test_a_transform_of_digits(tmp_path):
    write_digits(tmp_path)
    dataset = MNIST(str(tmp_path), transform=_label_first)
    assert dataset[2][0] == 2
    assert next(iter(DataLoader(dataset, 2)))[0].tolist() == [0, 1]
    assert pickle.loads(pickle.dumps(dataset))[2][0] == 2


def _label_first(image, label):
    return label, image


def test_where_files_are(tmp_path, monkeypatch):
    write_digits(tmp_path / "datasets" / "mnist")
    write_digits(tmp_path / ".mxnet" / "datasets" / "fashion-mnist", n=2)
    monkeypatch.setenv("MXNET_HOME", str(tmp_path))
    assert len(MNIST()) == 5
    monkeypatch.delenv("MXNET_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert len(FashionMNIST()) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "begins with 6e6f2067 and not with 00000803"),
        (..., "ended before"),
        (idx(numpy.zeros(5)), "begins with 00000801 and not with 00000803"),
        (bytes([0, 0, 8, 3, 0]), "begins with 00000803"),
        (idx(numpy.zeros((5, 28, 28)))[:-1], r"3919 numbers, for a shape of \(5, 28, 28\)"),
        (idx(numpy.zeros((5, 28, 27))), "28 × 27 pixels"),
        (idx(numpy.zeros((4, 28, 28))), "4 of them, for 5 labels"),
    ],
    ids=["no gzip", "cut off", "labels", "short", "a number less", "shape", "count"],
)
def test_damaged_digits(content, message, tmp_path):
    write_digits(tmp_path)
    file = tmp_path / "train-images-idx3-ubyte.gz"
    cut_off = file.read_bytes()[:-9]
    file.write_bytes(b"no gzip" if content is None else cut_off if content is ... else gzip.compress(content))
    with pytest.raises(ValueError, match=f"(?s)MNIST: .*train-images-idx3-ubyte.gz is damaged.*{message}"):
        MNIST(str(tmp_path))


def test_files_are_fetched(tmp_path, monkeypatch):
    images, _ = write_digits(tmp_path / "gluon" / "dataset" / "mnist")
    monkeypatch.setenv("MXNET_GLUON_REPO", tmp_path.as_uri() + "/")
    root = tmp_path / "new" / "folder"
    assert (MNIST(str(root))[0][0].asnumpy() == images[0]).all()
    assert sorted(path.name for path in root.iterdir()) == ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"]
    with pytest.raises(OSError, match=r"no file .*t10k-images-idx3-ubyte\.gz.*put it there.*root="):
        MNIST(str(root), train=False)


def test_what_is_fetched_from_the_source_is_checked(tmp_path, monkeypatch):
    write_digits(tmp_path)
    monkeypatch.setattr(MNIST, "_url", tmp_path.as_uri() + "/")
    monkeypatch.delenv("MXNET_GLUON_REPO", raising=False)
    with pytest.raises(ValueError, match=r"MD5 hash \w*, not f68b3c2dcbeaaa9fbdd348bbdeb94873"):
        MNIST(str(tmp_path / "new"))
    assert list((tmp_path / "new").iterdir()) == []
    for name in MNIST._md5:
        if (tmp_path / name).exists():
            monkeypatch.setitem(MNIST._md5, name, hashlib.md5((tmp_path / name).read_bytes()).hexdigest())
    assert len(MNIST(str(tmp_path / "new"))) == 5


# --- CIFAR ------------------------------------------------------------------------------------------------------------------------


def records(n, labels):
    """Images and labels, and the file that holds them."""
    images = RNG.integers(0, 256, (n, 3, 32, 32)).astype("uint8")
    heads = RNG.integers(0, 10, (n, labels)).astype("uint8")
    return images.transpose(0, 2, 3, 1), heads, numpy.concatenate([heads, images.reshape(n, -1)], axis=1).tobytes()


def archive(files):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return file.getvalue()


@pytest.mark.parametrize("where", ["", "cifar-10-batches-bin", "archive"])
def test_cifar10(where, tmp_path):
    batches = {f"data_batch_{i}.bin": records(i, 1) for i in range(1, 6)} | {"test_batch.bin": records(2, 1)}
    if where == "archive":
        files = {f"cifar-10-batches-bin/{name}": batch[2] for name, batch in batches.items()}
        (tmp_path / "cifar-10-binary.tar.gz").write_bytes(archive(files))
    else:
        (tmp_path / where).mkdir(exist_ok=True)
        for name, batch in batches.items():
            (tmp_path / where / name).write_bytes(batch[2])
    train, test = CIFAR10(str(tmp_path)), CIFAR10(str(tmp_path), train=False)
    assert len(train) == 15
    images, labels, _ = batches["data_batch_2.bin"]
    assert (train[1:3][0].asnumpy() == images).all()
    assert train[1:3][1].tolist() == labels[:, 0].tolist()
    assert train[0][0].shape == (32, 32, 3)
    assert train[0][0].dtype == "uint8"
    assert type(train[0][1]) is numpy.int32
    assert (test[:][0].asnumpy() == batches["test_batch.bin"][0]).all()


def test_cifar100(tmp_path):
    images, labels, content = records(3, 2)
    (tmp_path / "train.bin").write_bytes(content)
    coarse, fine = CIFAR100(str(tmp_path)), CIFAR100(str(tmp_path), fine_label=True)
    assert (fine[:][0].asnumpy() == images).all()
    assert coarse[:][1].tolist() == labels[:, 0].tolist()
    assert fine[:][1].tolist() == labels[:, 1].tolist()
    assert CIFAR100(str(tmp_path), True, True, lambda image, label: label)[1] == labels[1, 1]


def test_damaged_cifar(tmp_path):
    (tmp_path / "test_batch.bin").write_bytes(b"x" * 3074)
    with pytest.raises(ValueError, match=r"test_batch\.bin is damaged .its 3074 bytes are no whole number of records of 3073"):
        CIFAR10(str(tmp_path), train=False)
    (tmp_path / "cifar-100-binary.tar.gz").write_bytes(b"no archive")
    with pytest.raises(ValueError, match=r"cifar-100-binary\.tar\.gz is damaged"):
        CIFAR100(str(tmp_path))
    (tmp_path / "cifar-100-binary.tar.gz").write_bytes(archive({"other": b""}))
    with pytest.raises(ValueError, match=r"cifar-100-binary\.tar\.gz is damaged"):
        CIFAR100(str(tmp_path))
    (tmp_path / "cifar-100-binary.tar.gz").write_bytes(archive({"cifar-100-binary/train.bin": RNG.bytes(9222)})[:-2000])
    with pytest.raises(ValueError, match=r"cifar-100-binary\.tar\.gz is damaged"):
        CIFAR100(str(tmp_path))


# --- images of one's own ----------------------------------------------------------------------------------------------------------

COLOURS = RNG.integers(0, 256, (5, 4, 3)).astype("uint8")


@pytest.fixture
def folder(tmp_path):
    image = pytest.importorskip("PIL.Image")
    for name in ["b/2.png", "b/10.PNG", "a/z.jpg", "a/y.JPEG"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        image.fromarray(COLOURS).save(tmp_path / name)
    (tmp_path / "empty").mkdir()
    return tmp_path


def test_folders(folder):
    dataset = ImageFolderDataset(str(folder))
    assert dataset.synsets == ["a", "b", "empty"]
    expected = [("a/y.JPEG", 0), ("a/z.jpg", 0), ("b/10.PNG", 1), ("b/2.png", 1)]
    assert dataset.items == [(str(folder / name), label) for name, label in expected]
    assert len(dataset) == 4
    image, label = dataset[3]
    assert isinstance(image, np.ndarray)
    assert image.dtype == "uint8"
    assert (image.asnumpy() == COLOURS).all()
    assert label == 1
    assert ImageFolderDataset(str(folder), flag=0)[3][0].shape == (5, 4, 1)
    assert ImageFolderDataset(str(folder), transform=lambda image, label: (label, image))[0][0] == 0
    assert [batch[0].shape for batch in DataLoader(dataset, 3)] == [(3, 5, 4, 3), (1, 5, 4, 3)]
    assert len(pickle.loads(pickle.dumps(dataset))) == 4


def test_folders_with_other_files(folder):
    (folder / "note.png").write_bytes(b"")
    with pytest.warns(UserWarning, match=r"note\.png is left out: it is no folder"):
        assert len(ImageFolderDataset(str(folder))) == 4
    (folder / "note.png").unlink()
    (folder / "a" / "note.txt").write_bytes(b"")
    with pytest.warns(UserWarning, match=r"note\.txt is left out: images end in \.jpg"):
        assert len(ImageFolderDataset(str(folder))) == 4
    (folder / "a" / "note.txt").rename(folder / "a" / "0.png")
    with pytest.raises(ValueError, match=r"0\.png"):
        ImageFolderDataset(str(folder))[0]
    with pytest.raises(FileNotFoundError):
        ImageFolderDataset(str(folder / "nowhere"))


@pytest.mark.parametrize(
    ("rows", "labels"),
    [
        ([[0.5, "b/2.png"], (1, "b/10.PNG")], [[0.5], [1]]),
        ([[0, 2, "b/2.png"], [1, 5, "b/10.PNG"]], [[0, 2], [1, 5]]),
        ([[[0, 2], "b/2.png"], [numpy.array([1, 5]), "b/10.PNG"]], [[0, 2], [1, 5]]),
    ],
)
def test_lists(rows, labels, folder):
    dataset = ImageListDataset(str(folder), rows)
    assert len(dataset) == 2
    for (image, label), expected in zip(dataset, labels, strict=True):
        assert (image.asnumpy() == COLOURS).all()
        assert isinstance(label, np.ndarray)
        assert label.dtype == "float32"
        assert label.tolist() == expected
    assert ImageListDataset(str(folder), rows, flag=0)[0][0].shape == (5, 4, 1)


def test_list_files(folder):
    (folder / "x.lst").write_text("0\t3.0\tb/2.png\n5\t4\tb/10.PNG\n")
    dataset = ImageListDataset(str(folder), "x.lst")
    assert [label.tolist() for _, label in dataset] == [[3], [4]]
    (folder / "x.lst").write_text("0\t3.0\n")
    with pytest.raises(ValueError, match="line 1 of"):
        ImageListDataset(str(folder), "x.lst")
    with pytest.raises(FileNotFoundError):
        ImageListDataset(str(folder), "y.lst")


@pytest.mark.parametrize("imglist", [None, 5, [[0]], [["a.png"]], ["a.png"], [[0, 1]]])
def test_wrong_lists(imglist):
    with pytest.raises(ValueError, match="ImageListDataset"):
        ImageListDataset(".", imglist)


def test_records(folder):
    encoded = (folder / "b" / "2.png").read_bytes()
    with MXIndexedRecordIO(folder / "x.idx", folder / "x.rec", "w") as file:
        for i, label in enumerate([3.0, [1.0, 2.0]]):
            file.write_idx(i, pack(IRHeader(0, label, i, 0), encoded))
    dataset = ImageRecordDataset(str(folder / "x.rec"))
    image, label = dataset[0]
    assert isinstance(image, np.ndarray)
    assert (image.asnumpy() == COLOURS).all()
    assert label == 3
    assert dataset[1][1].tolist() == [1, 2]
    assert ImageRecordDataset(str(folder / "x.rec"), flag=0)[0][0].shape == (5, 4, 1)
    assert ImageRecordDataset(str(folder / "x.rec"), transform=lambda image, label: label)[0] == 3
    items = DataLoader(dataset, 1, num_workers=2, thread_pool=True)
    assert [x.shape for x, _ in items] == [(1, 5, 4, 3)] * 2
