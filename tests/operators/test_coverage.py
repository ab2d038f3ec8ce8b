"""docs/coverage.md is what the library and its tests are."""

from .coverage import PAGE, mentioned, page, public, surface


def test_the_page_is_fresh():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.operators.coverage"


def test_a_missing_name_shows(monkeypatch):
    monkeypatch.setattr("mxnet.np.linalg.__all__", [name for name in public("np.linalg") if name != "norm"])
    text = page()
    part = text[text.index("\n## np.linalg") : text.index("\n## np.random")]
    assert "| `norm` |" not in part
    assert "Missing:" in part
    assert "`norm`" in part[part.index("Missing:") :]


def test_surface_is_read():
    names = surface()
    assert {"np", "np.linalg", "np.random", "np.ndarray", "npx", "npx.random"} <= names.keys()
    assert "einsum" in names["np"]
    assert sum(map(len, names.values())) > 500


def test_uses_in_tests_are_found():
    assert "np.random.seed" in mentioned()
    assert "np.no_such_function" not in mentioned()
