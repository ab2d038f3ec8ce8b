"""Callbacks: what they log, when, and what they save. The messages are those of MXNet 2."""

import json
import logging
import sys

import numpy
import pytest

from mxnet import callback, model, np, npx
from mxnet.gluon import metric
from mxnet.model import BatchEndParam


@pytest.fixture
def messages(caplog):
    """What has been logged since this was called last."""
    caplog.set_level(logging.INFO)

    def taken():
        found = [record.getMessage() for record in caplog.records]
        assert all(record.name == "root" and record.levelname == "INFO" for record in caplog.records)
        caplog.clear()
        return found

    return taken


@pytest.fixture
def clock(monkeypatch):
    """A list of one number: the time."""
    now = [100.0]
    monkeypatch.setattr(callback.time, "perf_counter", lambda: now[0])
    return now


def right(part=1.0):
    """A metric that has seen two samples."""
    accuracy = metric.Accuracy()
    accuracy.update(numpy.zeros(2), numpy.array([0, part < 1]))
    return accuracy


def run(report, clock, batches, accuracy, epoch=0):
    """Calls after half a second each; the metric sees two samples in each batch, which are right in every other one."""
    for i in batches:
        clock[0] += 0.5
        if accuracy is not None:
            accuracy.update(numpy.full(2, i % 2), numpy.zeros(2))
        report(BatchEndParam(epoch, i, accuracy, None))


def test_speed_of_windows(messages, clock):
    report, accuracy = callback.Speedometer(16, frequent=2), metric.Accuracy()
    run(report, clock, range(6), accuracy)
    assert messages() == [
        "Epoch[0] Batch [0-2]\tSpeed: 32.00 samples/sec\taccuracy=0.666667",
        "Epoch[0] Batch [2-4]\tSpeed: 32.00 samples/sec\taccuracy=0.500000",
    ]
    assert accuracy.num_inst == 2
    assert accuracy.get_global() == ("accuracy", 0.5)
    accuracy.reset()
    run(report, clock, range(4), accuracy, epoch=1)  # starts the clock anew
    assert messages() == ["Epoch[1] Batch [0-2]\tSpeed: 32.00 samples/sec\taccuracy=0.666667"]


def test_speed_without_windows(messages, clock):
    accuracy = metric.create(["acc", "mae"])
    run(callback.Speedometer(16, 2, auto_reset=False), clock, range(5), accuracy)
    assert messages() == [
        "Epoch[0] Batch [0-2]\tSpeed: 32.00 samples/sec\taccuracy=0.666667\tmae=0.333333",
        "Epoch[0] Batch [0-4]\tSpeed: 32.00 samples/sec\taccuracy=0.600000\tmae=0.400000",
    ]
    assert accuracy.metrics[0].num_inst == 10


def test_speed_alone(messages, clock):
    report = callback.Speedometer(16, 2)
    run(report, clock, range(3), None, epoch=7)
    assert messages() == ["Iter[7] Batch [2]\tSpeed: 32.00 samples/sec"]
    for i in (3, 4):
        report(BatchEndParam(7, i, None, None))  # in no time
    assert messages() == ["Iter[7] Batch [4]\tSpeed: inf samples/sec"]


def test_speed_of_a_loop_that_counts_from_one(messages, clock):
    run(callback.Speedometer(8, 3), clock, range(1, 7), None)
    # As in MXNet, the first report is of one batch less than it divides by.
    assert messages() == ["Iter[0] Batch [3]\tSpeed: 24.00 samples/sec", "Iter[0] Batch [6]\tSpeed: 16.00 samples/sec"]


def test_metric_of_training(messages):
    report, accuracy = callback.log_train_metric(2), right(0.5)
    for i in range(4):
        report(BatchEndParam(3, i, accuracy, None))
    assert messages() == ["Iter[3] Batch[0] Train-accuracy=0.500000", "Iter[3] Batch[2] Train-accuracy=0.500000"]
    assert accuracy.num_inst == 2
    callback.log_train_metric(2, auto_reset=True)(BatchEndParam(3, 1, accuracy, None))
    assert accuracy.num_inst == 2
    callback.log_train_metric(2, auto_reset=True)(BatchEndParam(3, 2, accuracy, None))
    assert accuracy.num_inst == 0
    messages()
    report(BatchEndParam(3, 0, None, None))
    assert messages() == []


def test_metric_of_validation(messages):
    report = callback.LogValidationMetricsCallback()
    report(BatchEndParam(4, 0, metric.CompositeEvalMetric([right(), metric.MAE()]), None))
    report(BatchEndParam(4, 0, None, None))
    assert messages() == ["Epoch[4] Validation-accuracy=1.000000", "Epoch[4] Validation-mae=nan"]


def test_values_of_each_class(messages):
    each = metric.F1(average=None)
    each.update(numpy.array([1, 0]), numpy.array([0.9, 0.1]))
    callback.LogValidationMetricsCallback()(BatchEndParam(0, 0, each, None))
    assert messages() == ["Epoch[0] Validation-f1=[1.]"]


@pytest.mark.parametrize(("period", "epochs"), [(1, [1, 2, 3, 4]), (2, [2, 4]), (0, [1, 2, 3, 4]), (5, [])])
def test_checkpoints(tmp_path, messages, period, epochs):
    checkpoint = callback.do_checkpoint(tmp_path / "net", period)
    for epoch in range(4):
        checkpoint(epoch, None, {"weight": np.full((2, 2), epoch)}, {"mean": np.ones(1)})
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"net-{epoch:04d}.params" for epoch in epochs]
    assert messages() == [f'Saved checkpoint to "{tmp_path / "net"}-{epoch:04d}.params"' for epoch in epochs]
    for epoch in epochs:
        arguments, others = model.load_params(tmp_path / "net", epoch)
        assert arguments.keys() == {"weight"}
        assert (arguments["weight"] == epoch - 1).all()
        assert others.keys() == {"mean"}


def test_checkpoints_are_files_of_mxnet(tmp_path):
    model.save_checkpoint(tmp_path / "net", 12345, None, {"weight": np.ones(2)}, {"mean": np.zeros(1)})
    content = (tmp_path / "net-12345.params").read_bytes()
    assert content.startswith((0x112).to_bytes(8, "little"))
    assert b"arg:weight" in content
    assert npx.load(str(tmp_path / "net-12345.params")).keys() == {"arg:weight", "aux:mean"}


def test_checkpoints_with_a_symbol(tmp_path):
    class Symbol:
        def save(self, path):
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"nodes": []}, file)

    prefix = str(tmp_path / "net")
    callback.do_checkpoint(prefix)(0, Symbol(), {"weight": np.ones(2)}, {})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net-0001.params", "net-symbol.json"]
    with pytest.raises(TypeError, match=r"save_checkpoint: a symbol with a method save\(path\), or None, not int"):
        model.save_checkpoint(prefix, 2, 3, {"weight": np.ones(2)}, {})
    with pytest.raises(TypeError, match="arrays, not str"):
        model.save_checkpoint(prefix, 2, None, {"weight": "large"}, {})
    assert len(list(tmp_path.iterdir())) == 2


def test_files_that_are_no_checkpoints(tmp_path):
    path = tmp_path / "net-0001.params"
    for content in ({"weight": np.ones(2)}, [np.ones(2)]):
        npx.save(str(path), content, format="params")
        with pytest.raises(ValueError, match=r"load_params: .*net-0001.params' is no checkpoint: its names do not start with arg:"):
            model.load_params(tmp_path / "net", 1)


def test_progress_with_tqdm(capsys):
    pytest.importorskip("tqdm")
    bar = callback.ProgressBar(total=4, length=10)
    for epoch in range(2):
        for i in range(1, 5):
            bar(BatchEndParam(epoch, i, None, None))
    drawn = capsys.readouterr().err
    assert drawn.count("100%|██████████| 4/4") == 2
    assert drawn.count("\n") == 2


def test_progress_of_an_epoch_that_stops_early(capsys):
    pytest.importorskip("tqdm")
    bar = callback.ProgressBar(total=4, length=10)
    for i in (1, 2, 1, 2, 3, 4, 4, 5):  # what comes after the end changes nothing
        bar(BatchEndParam(0, i, None, None))
    drawn = capsys.readouterr().err
    assert " 2/4" in drawn
    assert drawn.count("\n") == 2
    assert "5/4" not in drawn


def test_progress_of_epochs_of_one_batch(capsys):
    pytest.importorskip("tqdm")
    bar = callback.ProgressBar(total=1, length=10)
    for epoch in range(3):
        bar(BatchEndParam(epoch, 1, None, None))
    assert capsys.readouterr().err.count("| 1/1") == 3


def test_progress_without_tqdm(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    bar = callback.ProgressBar(total=3, length=12)
    for i in (0, 1, 3, 4):
        bar(BatchEndParam(0, i, None, None))
    assert capsys.readouterr().err == "\r[------------] 0%\r[====--------] 34%\r[============] 100%\n\r[============] 100%\n"
    callback.ProgressBar(total=0, length=2)(BatchEndParam(0, 0, None, None))
    assert capsys.readouterr().err == "\r[--] 0%\n"
