"""The examples of Gluon run, in short and (slow) in full, with what they promise; the pages of the course print what they show."""

import doctest
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from .test_docs import session_of

pytestmark = pytest.mark.slow  # seconds each

pytest.importorskip("sklearn")
pytest.importorskip("tqdm")
imread = pytest.importorskip("matplotlib.image").imread
Image = pytest.importorskip("PIL.Image")

EXAMPLES = Path(__file__).parents[1] / "examples"
COURSE = EXAMPLES / "crash_course"
PAGES = sorted(COURSE.glob("*.md"))

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def run(script, *arguments):
    done = subprocess.run([sys.executable, EXAMPLES / script, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def right(printed):
    return float(re.search(r"^([\d.]+)% of the .* are right", printed, re.MULTILINE)[1])


def r2(printed, name):
    return float(re.search(rf"^{name} +(-?[\d.]+)", printed, re.MULTILINE)[1])


def assert_pictures(folder, *names):
    assert sorted(path.name for path in folder.glob("*.png")) == sorted(names)
    for name in names:
        pixels = imread(folder / name)[..., :3]
        for part in (pixels[:, :300], pixels[:, -300:], pixels[len(pixels) // 2 :]):
            assert part.std() > 0.05, f"{name} is blank somewhere"


SHORT = {
    "gluon_digits.py": ("--epochs", 1),
    "regression.py": ("--epochs", 10),
    "crash_course/train_leaves.py": ("--epochs", 1, "--leaves", 24),
}


@pytest.mark.parametrize("script", SHORT)
def test_the_same_seed_gives_the_same_results(script, tmp_path):
    first, second = (run(script, *SHORT[script], "--seed", 3, "--output", tmp_path) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("script", "arguments"), [("gluon_digits.py", ["--epochs", "0"]), ("crash_course/train_leaves.py", ["--leaves", "3"])]
)
def test_wrong_arguments_are_refused(script, arguments):
    done = subprocess.run([sys.executable, EXAMPLES / script, *arguments], capture_output=True, text=True)
    assert done.returncode == 2
    assert arguments[0] in done.stderr


# --- digits -----------------------------------------------------------------------------------------------------------------------

DIGITS_PICTURES = ("gluon_digits_curves.png", "gluon_digits_hardest.png")


def test_digits_in_short(tmp_path):
    printed = run("gluon_digits.py", *SHORT["gluon_digits.py"], "--output", tmp_path)
    assert right(printed) > 15
    assert re.findall(r"^epoch +(\d+): loss", printed, re.MULTILINE) == ["1"]
    assert_pictures(tmp_path, *DIGITS_PICTURES)


def test_digits_in_full(tmp_path):
    assert right(run("gluon_digits.py", "--output", tmp_path)) >= 98.5
    assert_pictures(tmp_path, *DIGITS_PICTURES)


# --- regression -------------------------------------------------------------------------------------------------------------------


def test_regression_in_short(tmp_path):
    printed = run("regression.py", *SHORT["regression.py"], "--output", tmp_path)
    assert r2(printed, "Gluon, early stopping") > 0.3
    assert -0.1 < r2(printed, "the mean") <= 0
    assert_pictures(tmp_path, "regression.png")


def test_regression_in_full(tmp_path):
    printed = run("regression.py", "--output", tmp_path)
    stopped = re.search(r"^epoch +(\d+): no better for 30 epochs; back to the parameters of epoch (\d+)$", printed, re.MULTILINE)
    assert int(stopped[1]) == int(stopped[2]) + 30 < 400
    ours, ridge, mlp = (
        r2(printed, name) for name in ("Gluon, early stopping", "scikit-learn's RidgeCV", "scikit-learn's MLPRegressor")
    )
    assert ours > max(0.45, ridge - 0.05, mlp - 0.02)


# --- the crash course -------------------------------------------------------------------------------------------------------------

LEAVES_PICTURES = ("leaves_curves.png", "leaves_predictions.png")


@pytest.fixture
def course(monkeypatch, tmp_path):
    """As if Python ran in the course's folder, except that files go elsewhere."""
    monkeypatch.syspath_prepend(COURSE)
    monkeypatch.chdir(tmp_path)
    yield
    sys.modules.pop("leaves", None)


@pytest.mark.parametrize(
    "page",
    PAGES,
    ids=lambda page: page.name,
)
@pytest.mark.usefixtures("course")
def test_a_page_prints_what_it_shows(page):
    report = []
    runner = doctest.DocTestRunner()
    runner.run(session_of(page), out=report.append)
    assert runner.tries > 8
    assert not runner.failures, "".join(report)


@every_page
def test_every_python_block_is_a_session(page):
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    assert all(block.startswith(">>> ") for block in blocks)


@every_page
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (COURSE / link).exists()] == []


def test_the_course_has_seven_pages_each_leading_to_the_next():
    assert [page.name[:2] for page in PAGES] == [f"{i}_" for i in range(1, 8)]
    for page, following in pairwise(PAGES):
        assert f"({following.name})" in page.read_text(encoding="utf-8").splitlines()[-1]


@pytest.mark.usefixtures("course")
def test_leaves_follow_from_the_seed(tmp_path):
    import leaves

    def drawn(seed):
        leaves.make(tmp_path, {"train": 2}, seed)
        return [path.read_bytes() for path in sorted(tmp_path.glob("train/*/*.png"))]

    first = drawn(0)
    assert len(set(first)) == 4
    assert drawn(0) == first
    assert not set(drawn(1)) & set(first)
    with Image.open(tmp_path / "train" / "spotted" / "000.png") as picture:
        assert picture.size == (64, 64)


def test_train_leaves_in_short(tmp_path):
    printed = run("crash_course/train_leaves.py", *SHORT["crash_course/train_leaves.py"], "--output", tmp_path)
    assert re.findall(r"^epoch +(\d+): loss", printed, re.MULTILINE) == ["1"]
    assert 0 <= right(printed) <= 100
    assert (tmp_path / "leaves.npz").exists()
    assert_pictures(tmp_path, *LEAVES_PICTURES)


def test_train_leaves_in_full(tmp_path):
    assert right(run("crash_course/train_leaves.py", "--output", tmp_path)) >= 95
    assert_pictures(tmp_path, *LEAVES_PICTURES)


def test_leaves_in_full(tmp_path):
    assert "800 leaves" in run("crash_course/leaves.py", "--output", tmp_path)
    assert_pictures(tmp_path, "leaves.png")
    assert len(list(tmp_path.glob("leaves/*/*/*.png"))) == 800
