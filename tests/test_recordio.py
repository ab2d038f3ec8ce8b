"""`mxnet.recordio`: the format, byte by byte; what threads, forks and pickles do; what damaged files say."""

import io
import os
import pickle
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxnet import MXNetError, np, npx, recordio

DATA = Path(__file__).parent / "data" / "recordio"
MAGIC = struct.pack("<I", 0xCED7230A)
WORDS = [b"", b"a", b"four", b"hello", MAGIC, b"12" + MAGIC + b"3", b"1234" + MAGIC + b"5678" + MAGIC, MAGIC * 3]


def written(path, records):
    with recordio.MXRecordIO(path, "w") as file:
        for record in records:
            file.write(record)
    return path.read_bytes()


def all_of(path):
    with recordio.MXRecordIO(path, "r") as file:
        return list(iter(file.read, None))


# --- the format -------------------------------------------------------------------------------------------------------------------

# What MXNet 2.0.0b1 wrote under the keys 0, 10, 20, ….
THEIRS = [
    b"",
    b"hello",
    MAGIC,
    b"12" + MAGIC + b"3",
    b"1234" + MAGIC + b"5678" + MAGIC,
    struct.pack("<IfQQ", 0, 1.5, 7, 9) + b"one label",
    struct.pack("<IfQQff", 2, 0, 8, 0, 1, 2.5) + b"two",
]


def test_reads_what_mxnet_wrote():
    assert all_of(DATA / "records.rec") == THEIRS
    with recordio.MXIndexedRecordIO(DATA / "records.idx", DATA / "records.rec", "r") as file:
        assert file.keys == [0, 10, 20, 30, 40, 50, 60]
        assert [file.read_idx(key) for key in reversed(file.keys)] == THEIRS[::-1]
        assert file.offsets() == list(file.idx.values())


def test_writes_what_mxnet_wrote(tmp_path):
    with recordio.MXIndexedRecordIO(tmp_path / "i", tmp_path / "r", "w") as file:
        for i, record in enumerate(THEIRS):
            file.write_idx(10 * i, record)
    assert (tmp_path / "r").read_bytes() == (DATA / "records.rec").read_bytes()
    assert (tmp_path / "i").read_bytes().split() == (DATA / "records.idx").read_bytes().split()


def test_layout_of_a_record(tmp_path):
    assert written(tmp_path / "r", [b"hello"]) == MAGIC + struct.pack("<I", 5) + b"hello\0\0\0"


def test_a_record_is_cut_at_its_aligned_magic_numbers_only(tmp_path):
    content = written(tmp_path / "r", [b"1234" + MAGIC + b"56" + MAGIC])
    first, last = 1 << 29, 3 << 29
    assert content == MAGIC + struct.pack("<I", first | 4) + b"1234" + MAGIC + struct.pack("<I", last | 6) + b"56" + MAGIC + b"\0\0"


@given(st.lists(st.lists(st.sampled_from([MAGIC, MAGIC[:3], b"\0\0\0\0", b"x", b"yz"])).map(b"".join)))
def test_round_trip(tmp_path_factory, records):
    path = tmp_path_factory.mktemp("rec") / "r"
    content = written(path, records)
    assert len(content) % 4 == 0
    assert all_of(path) == records
    with recordio.MXRecordIO(path, "r") as file:
        offsets = file.offsets()
        assert [file.read_at(offset) for offset in reversed(offsets)] == records[::-1]
    # A reader that enters anywhere finds the next record by the magic number alone.
    heads = [i for i in range(0, len(content), 4) if content[i : i + 4] == MAGIC and content[i + 7] >> 5 in (0, 1)]
    assert heads == offsets


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_of_every_kind(tmp_path, kind):
    written(tmp_path / "r", [kind(b"bytes")])
    assert all_of(tmp_path / "r") == [b"bytes"]


# --- files ------------------------------------------------------------------------------------------------------------------------


def test_read_ends_with_none_and_reset_begins_anew(tmp_path):
    written(tmp_path / "r", [b"1", b"2"])
    with recordio.MXRecordIO(str(tmp_path / "r"), "r") as file:
        assert [file.read() for _ in range(4)] == [b"1", b"2", None, None]
        file.reset()
        assert file.read() == b"1"


def test_what_is_written_is_there_at_once(tmp_path):
    file = recordio.MXRecordIO(tmp_path / "r", "w")
    file.write(b"1")
    assert all_of(tmp_path / "r") == [b"1"]
    file.reset()
    assert all_of(tmp_path / "r") == []
    file.close()
    file.close()


def test_modes_are_told_apart(tmp_path):
    written(tmp_path / "r", [b"1"])
    with pytest.raises(ValueError, match="MXRecordIO: flag is 'r' to read or 'w' to write, not 'a'"):
        recordio.MXRecordIO(tmp_path / "r", "a")
    with pytest.raises(FileNotFoundError):
        recordio.MXRecordIO(tmp_path / "none", "r")
    reader = recordio.MXRecordIO(tmp_path / "r", "r")
    with pytest.raises(io.UnsupportedOperation, match="open to be read only; open it with 'w'"):
        reader.write(b"2")
    reader.close()
    with pytest.raises(ValueError, match="is closed; reset"):
        reader.read()
    with recordio.MXRecordIO(tmp_path / "w", "w") as writer:
        with pytest.raises(io.UnsupportedOperation, match="open to be written only; open it with 'r'"):
            writer.read()
        with pytest.raises(TypeError, match="a record is bytes, not str"):
            writer.write("text")
    assert (tmp_path / "w").read_bytes() == b""


def test_index(tmp_path):
    paths = tmp_path / "i", tmp_path / "r"
    with recordio.MXIndexedRecordIO(*paths, "w") as file:
        assert file.tell() == 0
        file.write_idx(4, b"four")
        assert file.tell() == 12
        file.write_idx(numpy.int64(2), b"two")
        file.write_idx(4, b"again")
        assert file.keys == [4, 2]
    assert paths[0].read_text() == "4\t0\n2\t12\n4\t24\n"
    with recordio.MXIndexedRecordIO(*paths, "r") as file:
        assert file.keys == [4, 2]
        assert file.read_idx(2) == b"two"
        assert file.tell() == 24
        assert file.read_idx(4) == b"again"
        assert file.read() is None
        assert file.read_idx(2) == b"two"
        file.seek(4)
        assert file.read() == b"again"
        with pytest.raises(KeyError, match=r"3 is no key of .*, which has 2 keys"):
            file.read_idx(3)


def test_keys_may_be_text(tmp_path):
    with recordio.MXIndexedRecordIO(tmp_path / "i", tmp_path / "r", "w", str) as file:
        file.write_idx("ä b", b"1")
        with pytest.raises(ValueError, match="a key is in one line of the index"):
            file.write_idx("a\tb", b"2")
    with recordio.MXIndexedRecordIO(tmp_path / "i", tmp_path / "r", "r", key_type=str) as file:
        assert file.keys == ["ä b"]
        assert file.read_idx("ä b") == b"1"
        assert file.read() is None


def test_a_refused_record_leaves_the_index_alone(tmp_path):
    with recordio.MXIndexedRecordIO(tmp_path / "i", tmp_path / "r", "w") as file:
        with pytest.raises(TypeError, match="bytes, not str"):
            file.write_idx(1, "text")
        with pytest.raises(ValueError, match="invalid literal"):
            file.write_idx("one", b"1")
        assert file.keys == []
    assert (tmp_path / "i").read_text() == (tmp_path / "r").read_text() == ""


def test_a_missing_index_leaves_no_file_open(tmp_path):
    written(tmp_path / "r", [b"1"])
    with pytest.raises(FileNotFoundError):
        recordio.MXIndexedRecordIO(tmp_path / "none", tmp_path / "r", "r")


# --- threads, pickles, forks ------------------------------------------------------------------------------------------------------


def test_threads_share_a_reader(tmp_path):
    records = [bytes([i]) * (i * 37) for i in range(200)]
    with recordio.MXIndexedRecordIO(tmp_path / "i", tmp_path / "r", "w") as file:
        for i, record in enumerate(records):
            file.write_idx(i, record)
    with recordio.MXIndexedRecordIO(tmp_path / "i", tmp_path / "r", "r") as file, ThreadPoolExecutor(8) as pool:
        keys = list(range(200)) * 5
        assert list(pool.map(file.read_idx, keys)) == [records[key] for key in keys]


def test_pickles_read_from_the_beginning():
    with recordio.MXIndexedRecordIO(DATA / "records.idx", DATA / "records.rec", "r") as file:
        file.read_idx(10)
        with pickle.loads(pickle.dumps(file)) as copy:
            assert copy.read() == THEIRS[0]
            assert copy.read_idx(40) == THEIRS[4]
            assert copy.keys == file.keys
        assert file.read() == THEIRS[2]
    closed = pickle.loads(pickle.dumps(file))
    assert not closed.is_open


def test_writers_are_not_pickled(tmp_path):
    with recordio.MXRecordIO(tmp_path / "r", "w") as file:
        file.write(b"1")
        with pytest.raises(TypeError, match="is being written; only readers can be pickled"):
            pickle.dumps(file)
    assert all_of(tmp_path / "r") == [b"1"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_forked_processes_have_a_place_of_their_own(tmp_path):
    program = """if True:
        import os, sys
        from mxnet import MXNetError, recordio
        reader = recordio.MXIndexedRecordIO(*sys.argv[1:3], "r")
        writer = recordio.MXIndexedRecordIO(*sys.argv[3:], "w")
        records = [bytes([i]) * 10000 for i in range(20)]  # more than a buffer holds
        writer.write_idx(0, b"parent")
        assert reader.read() == records[0]
        child = os.fork()
        if child == 0:
            try:
                writer.write_idx(1, b"child")
            except MXNetError as error:
                assert "and not by one forked from it" in str(error)
                assert list(iter(reader.read, None)) == records[1:]
                assert reader.read_idx(1) == records[1]
                sys.exit(7)  # closes all files as usual
            sys.exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        assert list(iter(reader.read, None)) == records[1:]
        writer.write_idx(1, b"more")
    """
    paths = [tmp_path / name for name in ("a.idx", "a.rec", "b.idx", "b.rec")]
    with recordio.MXIndexedRecordIO(*paths[:2], "w") as file:
        for i in range(20):
            file.write_idx(i, bytes([i]) * 10000)
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", program, *map(str, paths)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert all_of(paths[3]) == [b"parent", b"more"]
    assert paths[2].read_text() == "0\t0\n1\t16\n"


def test_a_writer_of_another_process_is_refused(tmp_path, monkeypatch):
    with recordio.MXRecordIO(tmp_path / "r", "w") as file:
        monkeypatch.setattr(os, "getpid", lambda: -1)
        with pytest.raises(MXNetError, match="is written by the process"):
            file.write(b"1")


# --- damage -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"junk of some kind", "at byte 16, where the bytes 0a23d7ce should be, there are 6a756e6b"),
        (MAGIC, "at byte 16, where the head of a record should be, the file ends after 4 bytes"),
        (MAGIC + struct.pack("<I", 5) + b"hell", "at byte 16, where 8 bytes of a record should be, the file ends after 4"),
        (MAGIC + struct.pack("<I", 1 << 29), "at byte 24, where the head of a record should be, the file ends after 0 bytes"),
        (MAGIC + struct.pack("<I", 3 << 29), "at byte 16, where a new record should be, there is a part of kind 3"),
        (MAGIC + struct.pack("<I", 5 << 29), "at byte 16, where a new record should be, there is a part of kind 5"),
        (
            (MAGIC + struct.pack("<I", 1 << 29)) * 2,
            "at byte 24, where a further part of a record should be, there is a part of kind 1",
        ),
    ],
)
def test_damage_is_named_and_stays(tmp_path, content, message):
    path = tmp_path / "damaged.rec"
    good = written(path, [b"hello"])
    path.write_bytes(good + content)
    with recordio.MXRecordIO(path, "r") as file:
        assert file.read() == b"hello"
        for _ in range(2):
            with pytest.raises(ValueError, match=r"MXRecordIO: .*damaged\.rec' is damaged or no RecordIO file: " + message):
                file.read()
        with pytest.raises(ValueError, match=message):
            file.read_at(16)
        with pytest.raises(ValueError, match="is damaged or no RecordIO file: at byte"):
            file.offsets()
        assert file.read_at(0) == b"hello"


@pytest.mark.parametrize("end", range(1, 36))
def test_every_truncation_is_noticed(tmp_path, end):
    path = tmp_path / "r"
    content = written(path, [b"1234" + MAGIC + b"567", b"89"])
    path.write_bytes(content[:-end])
    if end == 12:  # just the second record
        assert all_of(path) == [b"1234" + MAGIC + b"567"]
        return
    with recordio.MXRecordIO(path, "r") as file:
        if end < 12:
            assert file.read() == b"1234" + MAGIC + b"567"
        with pytest.raises(ValueError, match="is damaged"):
            file.read()
        with pytest.raises(ValueError, match="is damaged"):
            file.offsets()


@pytest.mark.parametrize("line", ["1", "1\t2\t3", "one\t2", "1\ttwo", ""])
def test_damaged_index(tmp_path, line):
    written(tmp_path / "r", [b"1"])
    (tmp_path / "some.idx").write_text(f"0\t0\n{line}\n")
    with pytest.raises(ValueError, match=r"line 2 of '.*some\.idx' is a key, a tab and an offset"):
        recordio.MXIndexedRecordIO(tmp_path / "some.idx", tmp_path / "r", "r")


def test_an_index_of_another_file(tmp_path):
    written(tmp_path / "r", [b"1"])
    (tmp_path / "i").write_text("0\t4\n1\t12\n")
    with recordio.MXIndexedRecordIO(tmp_path / "i", tmp_path / "r", "r") as file:
        with pytest.raises(ValueError, match="at byte 4, where the bytes"):
            file.read_idx(0)
        with pytest.raises(ValueError, match="at byte 12, where a record should be, the file ends"):
            file.read_idx(1)


# --- headers ----------------------------------------------------------------------------------------------------------------------


def test_header_of_one_label():
    record = recordio.pack(recordio.IRHeader(0, 3.5, 7, 1), b"data")
    assert record == struct.pack("<IfQQ", 0, 3.5, 7, 1) + b"data"
    assert recordio.unpack(record) == ((0, 3.5, 7, 1), b"data")
    assert recordio.pack((5, numpy.float32(3.5), 7, 1), b"") == struct.pack("<IfQQ", 5, 3.5, 7, 1)


@pytest.mark.parametrize(
    "label", [[1, 2], (1, 2), numpy.array([1, 2]), numpy.array([[1.0], [2.0]]), np.array([1, 2]), numpy.arange(4)[1:3]]
)
def test_header_of_several_labels(label):
    record = recordio.pack(recordio.IRHeader(0, label, 7, 1), b"data")
    assert record == struct.pack("<IfQQff", 2, 0, 7, 1, 1, 2) + b"data"
    header, content = recordio.unpack(record)
    assert (header.flag, header.id, header.id2, content) == (2, 7, 1, b"data")
    assert header.label.dtype == numpy.float32
    assert header.label.tolist() == [1, 2]
    header.label[0] = 5  # an array of one's own


@pytest.mark.parametrize("label", [[3], numpy.array(3.0), np.array(3.0)])
def test_header_of_an_array_of_one_label(label):
    header, _ = recordio.unpack(recordio.pack(recordio.IRHeader(0, label, 0, 0), b""))
    assert header.flag == 1
    assert header.label.tolist() == [3]


@pytest.mark.parametrize(
    ("flag", "label", "first", "second"), [(-1, 0, 0, 0), (0, "one", 0, 0), (0, 1e40, 0, 0), (0, 0, -1, 0), (0, 0, 0, 2**64)]
)
def test_headers_that_do_not_fit(flag, label, first, second):
    with pytest.raises(ValueError, match="pack: a header has flag"):
        recordio.pack(recordio.IRHeader(flag, label, first, second), b"")


def test_errors_of_pack_and_unpack():
    with pytest.raises(TypeError, match="pack: a record holds bytes, not str"):
        recordio.pack(recordio.IRHeader(0, 0, 0, 0), "text")
    with pytest.raises(ValueError, match="unpack: a record begins with a header of 24 bytes, and has only 5"):
        recordio.unpack(b"short")
    with pytest.raises(ValueError, match="unpack: the record has 28 bytes, and 36 for its 3 labels alone"):
        recordio.unpack(struct.pack("<IfQQf", 3, 0, 0, 0, 1))


# --- images -----------------------------------------------------------------------------------------------------------------------

HEADER = recordio.IRHeader(0, 1.0, 3, 0)


def pixels(*shape):
    return numpy.random.default_rng(0).integers(0, 256, shape).astype("uint8")


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 3), (4, 5, 4), (1, 1, 3)])
@pytest.mark.parametrize("quality", [0, 9, 95])
def test_png_loses_nothing(shape, quality):
    image = pixels(*shape)
    header, result = recordio.unpack_img(recordio.pack_img(HEADER, image, quality=quality, img_fmt=".png"))
    assert header == HEADER
    assert type(result) is numpy.ndarray
    numpy.testing.assert_array_equal(result, image)


def test_one_channel_comes_back_as_none():
    image = pixels(4, 5, 1)
    record = recordio.pack_img(HEADER, np.array(image, dtype="uint8"), img_fmt=".PNG")
    numpy.testing.assert_array_equal(recordio.unpack_img(record)[1], image[:, :, 0])


def test_colours_are_those_of_opencv():
    image = pixels(4, 5, 3)
    record = recordio.pack_img(HEADER, image, img_fmt=".png")
    numpy.testing.assert_array_equal(npx.image.imdecode(recordio.unpack(record)[1]).asnumpy(), image[:, :, ::-1])
    numpy.testing.assert_array_equal(recordio.unpack_img(record, 1)[1], image)
    grey = npx.image.imdecode(recordio.unpack(record)[1], 0).asnumpy()[:, :, 0]
    numpy.testing.assert_array_equal(recordio.unpack_img(record, 0)[1], grey)
    assert recordio.unpack_img(recordio.pack_img(HEADER, image[:, :, 0], img_fmt=".png"), 1)[1].shape == (4, 5, 3)


def test_jpeg_is_close():
    image = numpy.zeros((16, 16, 3), "uint8") + numpy.array([40, 120, 200], "uint8")
    small, large = (recordio.pack_img(HEADER, image, quality=quality) for quality in (5, 95))
    assert recordio.unpack(large)[1][:2] == b"\xff\xd8"
    assert abs(recordio.unpack_img(large)[1].astype(int) - image).max() <= 3
    noise = pixels(32, 32, 3)
    assert len(recordio.pack_img(HEADER, noise, quality=5)) < len(recordio.pack_img(HEADER, noise, img_fmt=".JPEG"))
    assert len(small) <= len(large)


def test_errors_of_images():
    image = pixels(4, 5, 3)
    with pytest.raises(TypeError, match="pack_img: an image is an array of uint8, not of float64"):
        recordio.pack_img(HEADER, image / 255)
    with pytest.raises(ValueError, match=r"channels\) with 1, 3 or 4, not \(4, 5, 2\)"):
        recordio.pack_img(HEADER, image[:, :, :2])
    with pytest.raises(ValueError, match=r"not \(0, 5, 3\)"):
        recordio.pack_img(HEADER, image[:0])
    with pytest.raises(ValueError, match=r"such as '\.jpg' or '\.png', not '\.xyz'"):
        recordio.pack_img(HEADER, image, img_fmt=".xyz")
    with pytest.raises(ValueError, match=r"pack_img: \.jpg cannot hold an image of shape \(4, 5, 4\)"):
        recordio.pack_img(HEADER, pixels(4, 5, 4))
    with pytest.raises(ValueError, match="iscolor is -1 as stored, 0 grey or 1 in colours, not 2"):
        recordio.unpack_img(recordio.pack_img(HEADER, image), 2)
    for iscolor in (-1, 0, 1):
        with pytest.raises(ValueError, match="holds no image"):
            recordio.unpack_img(recordio.pack(HEADER, b"junk"), iscolor)
    with pytest.raises(ValueError, match="buf is empty"):
        recordio.unpack_img(recordio.pack(HEADER, b""))


def test_without_pillow(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(
        ImportError, match="pack_img: images are encoded by Pillow, which is not installed; run `pip install pillow`"
    ):
        recordio.pack_img(HEADER, pixels(4, 5, 3))
