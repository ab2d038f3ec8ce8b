"""docs/coverage.md is what the library and its tests are."""

from mxnet import optimizer
from mxnet.gluon import nn, rnn

from .coverage import NAMESPACES, PAGE, REASONS, mentioned, named, named_in, page, public, surface
from .operators import test_random


def test_the_page_is_fresh():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.coverage"


def test_a_missing_name_shows(monkeypatch):
    monkeypatch.setattr("mxnet.np.linalg.__all__", [name for name in public("np.linalg") if name != "norm"])
    text = page()
    part = text[text.index("\n## np.linalg") : text.index("\n## np.random")]
    assert "| `norm` |" not in part
    assert "Missing:" in part
    assert "`norm`" in part[part.index("Missing:") :]


def test_surface_is_read():
    names = surface()
    assert names.keys() == set(NAMESPACES) - {"np.fft"}
    assert {"np", "np.linalg", "np.random", "np.ndarray", "npx", "npx.random"} <= names.keys()
    assert "einsum" in names["np"]
    assert sum(map(len, names.values())) > 500


def test_uses_in_tests_are_found():
    assert "np.random.seed" in mentioned()
    assert "np.no_such_function" not in mentioned()


def test_names_of_gluon_in_tests_are_found(tmp_path):
    assert id(nn.Dense) in named()
    assert id(test_random.orders) not in named()
    path = tmp_path / "test_it.py"
    path.write_text("""import mxnet as mx
from mxnet.gluon import nn as layers, rnn
layers.Dense(2), getattr(rnn, "GRU"), mx.optimizer.create("adam"), rnn.LSTM(2).forward, other.Conv2D
""")
    found = named_in(path)
    assert {nn.Dense, rnn.GRU, rnn.LSTM, optimizer.Adam} <= {value for value in found if isinstance(value, type)}
    assert nn.Conv2D not in found
    assert optimizer.SGD not in found


def test_a_name_of_gluon_that_no_test_names_shows(monkeypatch):
    assert "| `Dense` | class | ✓ | test |\n" in page()
    monkeypatch.setattr("tests.coverage.named", lambda: {id(nn.Dropout)})
    assert "| `Dense` | class | ✓ | — |\n" in page()
    assert "| `Dropout` | class | ✓ | test |\n" in page()


def test_what_will_not_come_has_a_reason():
    """A reason is for a name of MXNet 2 that is not here; what has neither shows as missing."""
    names, text = surface(), page()
    for path, reasons in REASONS.items():
        for name, reason in reasons.items():
            assert name in names[path]
            assert name not in public(path)
            assert f"`{name}`: {reason}" in text


def test_samplers_show_what_is_checked(monkeypatch):
    """The gradient of a sampler is on the page as long as it is in the table that the tests go by."""
    assert "| `gamma` | function | ✓ | distribution | 2 |" in page()
    assert "| `poisson` | function |  | distribution | 0 |" in page()
    assert "| `choice` | function | ✓ | distribution | 2 |" in page()
    monkeypatch.setattr(test_random, "SAMPLERS", [s for s in test_random.SAMPLERS if s.name != "np.random.gamma"])
    assert "| `gamma` | function | ✓ | test |  |" in page()
