"""The examples run: in short in the fast part, and in full, with what they promise, in the slow one."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # seconds each

pytest.importorskip("sklearn")
imread = pytest.importorskip("matplotlib.image").imread

EXAMPLES = Path(__file__).parents[1] / "examples"
PICTURES = ["learning_curves.png", "mistakes.png"]


def run(*arguments):
    """The output of the digits example."""
    command = [sys.executable, EXAMPLES / "digits.py", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def accuracy(done):
    assert done.returncode == 0, done.stderr
    return float(re.search(r"([\d.]+)% of the held-out digits are right", done.stdout)[1])


def assert_pictures(folder):
    assert sorted(path.name for path in folder.iterdir()) == PICTURES
    for name in PICTURES:
        pixels = imread(folder / name)[..., :3]
        for part in (pixels[:, :300], pixels[:, -300:], pixels[len(pixels) // 2 :]):
            assert part.std() > 0.05, f"{name} is blank somewhere"


def test_digits_in_short(tmp_path):
    folder = tmp_path / "not" / "there"
    done = run("--epochs", 2, "--output", folder)
    assert accuracy(done) > 80
    assert re.findall(r"^epoch +(\d+): loss", done.stdout, re.MULTILINE) == ["1", "2"]
    assert "46/46" in done.stderr  # the progress bar reached its end: 2 epochs of 23 batches
    assert_pictures(folder)


def test_digits_is_reproducible(tmp_path):
    first, second = (run("--epochs", 1, "--output", tmp_path).stdout for _ in range(2))
    assert first == second


@pytest.mark.parametrize("epochs", ["0", "-1", "many"])
def test_digits_refuses_a_wrong_number_of_epochs(epochs):
    done = run("--epochs", epochs)
    assert done.returncode == 2
    assert "--epochs" in done.stderr


def test_digits_in_full(tmp_path):
    start = time.monotonic()
    done = run("--output", tmp_path)
    assert accuracy(done) >= 97
    assert time.monotonic() - start < 60
    assert len(re.findall("^epoch", done.stdout, re.MULTILINE)) == 60
    assert_pictures(tmp_path)
