"""Calls written for MXNet bind: every function of `npx` has its parameters, by their names and in their order, and takes a name.

`out` is left out: not every function takes an array for its result.
"""

import inspect
from operator import attrgetter
from pathlib import Path

import pytest

from mxnet import autograd, np, npx

LINES = (Path(__file__).parents[1] / "data" / "npx_signatures.txt").read_text(encoding="utf-8").splitlines()
ENTRIES = {name: parameters for name, *parameters in map(str.split, filter(None, LINES)) if name != "#"}
SIGNATURES = {name: [p for p in parameters if p != "name="] for name, parameters in ENTRIES.items()}
NAMED = [name for name, parameters in ENTRIES.items() if "name=" in parameters]

EXCEPTIONS = {
    "from_dlpack": "has the signature of the array API standard, as np.from_dlpack",
    "savez": "takes `file` by its place, so that an array may have that name",
    "image.imdecode": "spells out what MXNet's takes as *args",
    "image.imread": "spells out what MXNet's takes as *args",
    "image.imresize": "spells out what MXNet's takes as *args",
    "image.random_resized_crop": "MXNet shows the parameters of random_crop, and refuses them: it takes area and ratio, as here",
}


def starred(parameter):
    return f"*{parameter.name}" if parameter.kind is parameter.VAR_POSITIONAL else parameter.name


def differences(name):
    """What a call with MXNet's parameters stumbles over."""
    ours = list(inspect.signature(attrgetter(name)(npx)).parameters.values())
    theirs = SIGNATURES[name]
    found = []
    if [starred(p) for p in ours[: len(theirs)]] != theirs:
        found.append(f"takes {[starred(p) for p in ours]}, not {theirs}")
    if any(p.kind is p.POSITIONAL_ONLY for p in ours):
        found.append("takes a parameter by its place only")
    if any(p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD for p in ours[len(theirs) :]):
        found.append("needs a parameter more")
    return found


@pytest.mark.parametrize("name", [name for name in SIGNATURES if name not in EXCEPTIONS])
def test_parameters_are_those_of_mxnet(name):
    assert differences(name) == []


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_exceptions_are_needed(name):
    assert differences(name)


def test_the_list_is_read():
    assert len(SIGNATURES) > 140
    assert SIGNATURES["layer_norm"] == ["data", "gamma", "beta", "axis", "eps", "output_mean_var"]
    assert SIGNATURES["add_n"] == ["*args"]
    assert len(NAMED) > 90
    assert {"relu", "image.to_tensor", "random.categorical"} < set(NAMED)
    assert "softmax" not in NAMED


# What a signature shows may not be what is taken: some operators are called by a function with a signature of its own.
SINGLE = [name for name, parameters in SIGNATURES.items() if parameters == ["data"] and not name.startswith("image.")]


@pytest.mark.parametrize("name", [name for name in SINGLE if name not in EXCEPTIONS])
def test_the_name_of_a_single_operand_is_taken(name):
    getattr(npx, name)(data=np.array([[0.5]]))


@pytest.mark.parametrize("name", NAMED)
def test_a_name_binds(name):
    inspect.signature(attrgetter(name)(npx)).bind_partial(name="fwd")


def test_a_name_has_no_effect():
    x, weight = np.array([[2, -1]]), np.array([[3, 4], [5, 6]])
    for parameter in (x, weight):
        parameter.attach_grad()
    with autograd.record():
        hidden = npx.relu(npx.fully_connected(x, weight, name="fc"), name="fwd")
        total = npx.add_n(hidden, npx.round_ste(x, name="round"), name="sum")
    total.backward()
    assert total.tolist() == [[4, 3]]
    assert x.grad.tolist() == [[9, 11]]
    assert weight.grad.tolist() == [[2, -1], [2, -1]]
    with pytest.raises(TypeError, match="nam"):
        npx.relu(x, nam="fwd")


def test_out_of_operators():
    data = np.array([[0.5, -2]])
    out = np.zeros(1)
    assert npx.intgemm_maxabsolute(data, out=out) is out
    assert out.tolist() == [2]
    eight = np.zeros((1, 2), dtype="int8")
    assert npx.intgemm_prepare_data(data, 2, out=eight) is eight
    assert eight.tolist() == [[32, -127]]


def test_bipartite_matching_needs_a_threshold():
    with pytest.raises(TypeError, match="bipartite_matching: threshold"):
        npx.bipartite_matching(np.ones((2, 2)))
