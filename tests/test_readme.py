"""The pages at the root: README's Python prints what it shows, links and file names lead somewhere, CI finds the two commands."""

import doctest
import re
from pathlib import Path

import pytest

from .test_docs import session_of

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = sorted(ROOT.glob("*.md"))

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def text_of(page):
    return page.read_text(encoding="utf-8")


def test_readme_prints_what_it_shows():
    session = session_of(README)
    assert len(session.examples) > 10
    report = []
    results = doctest.DocTestRunner().run(session, out=report.append)
    assert results.failed == 0, "".join(report)


@every_page
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#]+)", text_of(page))
    assert [link for link in links if not link.startswith("https:") and not (ROOT / link).exists()] == []


@pytest.mark.parametrize("job", ["examples/digits.py", "pytest"])
def test_readme_has_one_command_for_each_job(job):
    assert len(re.findall(rf"^python3 -m venv .*{re.escape(job)}.*$", text_of(README), re.MULTILINE)) == 1


def test_architecture_names_files_that_exist():
    """What looks like a path in `backticks` is one, from the root or within the package."""
    paths = re.findall(r"`((?:[\w.]+/)+(?:[\w.]+\.py)?|[\w.]+\.py)`", text_of(ROOT / "ARCHITECTURE.md"))
    assert len(paths) > 10
    assert [path for path in paths if not any((folder / path).exists() for folder in (ROOT, ROOT / "src" / "mxnet"))] == []
