"""The pages under docs/ say what the library does: their sessions run, and their printed output is compared."""

import doctest
import math
import re
from pathlib import Path

import numpy
import pytest

from mxnet import autograd, np, npx

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted(DOCS.glob("*.md"))


def session_of(page):
    """The ```python blocks of a page as one doctest; all other lines are blank, so that line numbers are the page's."""
    inside = False
    lines = []
    for line in page.read_text(encoding="utf-8").splitlines():
        fence = line.startswith("```")
        lines.append(line if inside and not fence else "")
        inside = (line == "```python") if fence else inside
    test = doctest.DocTestParser().get_doctest("\n".join(lines), {}, page.name, str(page), 0)
    for example in test.examples:
        if example.exc_msg is not None:
            example.options[doctest.NORMALIZE_WHITESPACE] = True  # messages are one line; pages wrap them
    return test


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, of an overflow or a NaN that a page is about
def test_sessions(page):
    report = []
    runner = doctest.DocTestRunner()
    runner.run(session_of(page), out=report.append)
    assert not runner.failures, "".join(report)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_python_block_is_a_session(page):
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    assert all(block.startswith(">>> ") for block in blocks)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target, heading in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", page.read_text(encoding="utf-8")):
        linked = page.parent / target if target else page
        headings = re.findall(r"^#+ (.*)$", linked.read_text(encoding="utf-8"), re.M)
        assert not heading or heading in [text.lower().replace(" ", "-") for text in headings]


def test_a_wrong_output_fails(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("Text.\n\n```python\n>>> 1 + 1\n3\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="line 4"):
        test_sessions(page)


ROW = re.compile(r"^\| `(?P<function>[^`]+)` \| `(?P<point>[^`]+)` \| `(?P<gradient>[^`]+)` \|", re.M)
SINGULAR = ROW.findall((DOCS / "singular_points.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("function", "point", "gradient"), SINGULAR)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of the forward pass: log(0), 0/0
def test_singular_points(function, point, gradient):
    names = {"np": np, "npx": npx, "inf": math.inf, "nan": math.nan}
    variables = {name: np.array(value, dtype="float64") for name, value in eval(f"dict({point})", names).items()}
    for variable in variables.values():
        variable.attach_grad()
    with autograd.record():
        result = eval(function, names | variables)
    result.backward()
    expected = eval(f"[{gradient}]", names)
    for variable, value in zip(variables.values(), expected, strict=True):
        numpy.testing.assert_allclose(variable.grad.asnumpy(), numpy.broadcast_to(value, variable.shape), rtol=1e-12)


def test_the_page_on_singular_points_has_its_tables():
    assert len(SINGULAR) > 30
