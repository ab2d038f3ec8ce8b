"""Calls written for MXNet bind: the library's functions, classes and methods take its parameters, in order and with its defaults.

Ours may take more after them, and `ctx=`. The signatures of `npx` are in operators/test_npx_surface.py.
"""

import ast
import inspect
from operator import attrgetter
from pathlib import Path

import numpy
import pytest

import mxnet

from .coverage import REASONS

_ARGS = "spells out what MXNet's takes as *args"
_ALIAS = "is reset_device under its old name: takes the device by its place or as `ctx`"
_PLACE = "is called by the machinery, by place"
_ABSTRACT = "takes whatever its subclasses take"
_SYMBOL = "works on functions, where MXNet's works on symbols"
_HELPER = "a step of MXNet's own computation, which is done otherwise here"
EXCEPTIONS = {
    "gluon.Block.reset_ctx": _ALIAS,
    "gluon.Parameter.reset_ctx": _ALIAS,
    "gluon.nn.SyncBatchNorm.reset_ctx": _ALIAS,
    "gluon.Parameter.name": "an attribute of the object, not of the class",
    "gluon.nn.DeformableConvolution.pre_infer_offset_weight": _HELPER,
    "gluon.nn.DeformableConvolution.pre_infer_weight": _HELPER,
    "gluon.nn.ModulatedDeformableConvolution.pre_infer_offset_weight": _HELPER,
    "gluon.nn.ModulatedDeformableConvolution.pre_infer_weight": _HELPER,
    "gluon.nn.LayerNorm.infer_shape": _PLACE,
    "gluon.rnn.HybridSequentialRNNCell.infer_shape": _PLACE,
    "gluon.rnn.SequentialRNNCell.infer_shape": _PLACE,
    "gluon.rnn.ModifierCell.begin_state": "takes batch_size first, as every other cell",
    "gluon.rnn.ModifierCell.forward": _ABSTRACT,
    "gluon.rnn.RecurrentCell.forward": _ABSTRACT,
    "gluon.metric.PearsonCorrelation.update_cov": _HELPER,
    "gluon.metric.PearsonCorrelation.update_variance": _HELPER,
    "random.multinomial": "has None for the defaults [1] and [[1.0]], which could be written to",
    "visualization.plot_network": "has None for the default {}, which could be written to",
    "kvstore.KVStore": "keeps its arrays itself: MXNet's takes a pointer into its engine",
    "image.imdecode": _ARGS,
    "image.imread": _ARGS,
    "image.imresize": _ARGS,
    "test_utils.almost_equal": "does not broadcast by default: a wrong shape is an error",
    "test_utils.assert_almost_equal": "does not broadcast by default: a wrong shape is an error",
    "test_utils.check_numeric_gradient": _SYMBOL,
    "test_utils.numeric_grad": _SYMBOL,
}


def read():
    """Name to parameters as text, None for an attribute."""
    found, namespace = {}, ""
    for line in (Path(__file__).parent / "data" / "gluon_signatures.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            namespace = line.strip("[]")
        elif line and not line.startswith("#"):
            name, colon, parameters = line.partition(":")
            found[f"{namespace}.{name}"] = parameters.strip() if colon else None
    return found


SIGNATURES = read()
REQUIRED = inspect.Parameter.empty


def parsed(text):
    """Parameters in order with their defaults (`...`: an object), those taken by name only, and whether there are *args."""
    arguments = ast.parse(f"def f({text}): pass").body[0].args
    placed = [argument.arg for argument in arguments.args]
    named = [argument.arg for argument in arguments.kwonlyargs]
    required = dict.fromkeys(placed[: len(placed) - len(arguments.defaults)], REQUIRED)
    defaults = map(ast.literal_eval, arguments.defaults + arguments.kw_defaults)
    return required | dict(zip(placed[len(required) :] + named, defaults, strict=True)), named, arguments.vararg is not None


def plain(value):
    """A default for comparison: dtypes by name, sequences as tuples."""
    if isinstance(value, numpy.dtype) or (isinstance(value, type) and issubclass(value, numpy.generic)):
        return numpy.dtype(value).name
    return tuple(map(plain, value)) if isinstance(value, list | tuple) else value


def parameters_of(name):
    """What a call of ours takes: a method without its object."""
    value = attrgetter(name)(mxnet)
    ours = list(inspect.signature(value).parameters.values())
    owner, _, method = name.rpartition(".")
    owner = attrgetter(owner)(mxnet)
    bound = isinstance(owner, type) and not isinstance(inspect.getattr_static(owner, method), staticmethod | classmethod)
    return ours[1:] if bound else ours


def differences(name):
    """What a call with MXNet's parameters stumbles over."""
    theirs = SIGNATURES[name]
    try:
        attrgetter(name)(mxnet)
    except AttributeError:
        return ["is not there"]
    if theirs is None:
        return []
    expected, named, starred = parsed(theirs)
    ours = parameters_of(name)
    by_name = {p.name: p for p in ours}
    kinds = {p.kind for p in ours}
    if not by_name.keys() - {"args", "kwargs"} and {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD} <= kinds:
        return []  # hands on whatever comes
    found = []
    wanted = [parameter for parameter in expected if parameter not in named]
    placed = [p.name for p in ours if p.kind is p.POSITIONAL_OR_KEYWORD]
    if placed[: len(wanted)] != wanted:
        found.append(f"takes {list(by_name)}, not {wanted}")
    if inspect.Parameter.VAR_KEYWORD not in kinds:
        found += [f"does not take {parameter}" for parameter in named if parameter not in by_name]
    if starred and inspect.Parameter.VAR_POSITIONAL not in kinds:
        found.append("takes no *args")
    for parameter, default in expected.items():
        mine = plain(by_name[parameter].default) if parameter in by_name else default
        needless = default is REQUIRED or (default is ... and mine is not REQUIRED)
        if not needless and (mine != plain(default) or isinstance(mine, bool) != isinstance(default, bool)):
            found.append(f"{parameter} is {mine!r} by default, not {default!r}")
    needed = [p.name for p in ours if p.default is REQUIRED and p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    return found + [f"needs {parameter}" for parameter in needed if parameter not in expected]


# Not even the name is there: docs/coverage.md says why.
ABSENT = tuple(f"{namespace}.{name}" for namespace, reasons in REASONS.items() for name in reasons)
PRESENT = [name for name in SIGNATURES if name not in ABSENT and not name.startswith(tuple(f"{path}." for path in ABSENT))]


@pytest.mark.parametrize("name", [name for name in PRESENT if name not in EXCEPTIONS])
def test_parameters_are_those_of_mxnet(name):
    assert differences(name) == []


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_exceptions_are_needed(name):
    assert differences(name)


def test_the_list_is_read():
    assert len(SIGNATURES) > 750
    assert SIGNATURES["gluon.nn.Concatenate"] == "axis=-1"
    assert SIGNATURES["gluon.Trainer.learning_rate"] is None
    assert parsed("a, *args, b=1, c=..., **kwargs") == ({"a": REQUIRED, "b": 1, "c": ...}, ["b", "c"], True)


@pytest.mark.parametrize(
    ("theirs", "found"),
    [
        ("units, use_bias=True", ["takes", "use_bias"]),
        ("units, activation='relu'", ["activation is None by default, not 'relu'"]),
        ("units, activation=None, use_bias=1", ["use_bias is True by default, not 1"]),
        ("*units", ["takes no *args", "needs units"]),
        ("units, *, activation=None", []),
        ("units=..., activation=None", ["units is"]),
    ],
)
def test_a_difference_shows(monkeypatch, theirs, found):
    monkeypatch.setitem(SIGNATURES, "gluon.nn.Dense", theirs)
    text = " ".join(differences("gluon.nn.Dense"))
    assert all(part in text for part in found)
    assert bool(text) == bool(found)
