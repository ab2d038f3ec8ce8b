"""The Python array API standard, edition 2024.12: its names, its signatures, and what it says about dtypes, shapes and arrays.

The functions' values are compared with NumPy's, which follows the standard, in `operators/`. Where mxtape departs from the standard
for MXNet's sake, the departure is in a list here, with the reason, and the tests fail when a listed departure is none any more.
"""

import inspect
from itertools import product
from operator import attrgetter
from pathlib import Path

import numpy
import pytest

from mxnet import MXNetError, autograd, device, np

LINES = (Path(__file__).parent / "data" / "array_api.txt").read_text(encoding="utf-8").splitlines()
REQUIRED = {line.partition("(")[0]: line[line.index("(") + 1 : -1] for line in LINES if "(" in line and not line.startswith("#")}
METHODS = [name for line in LINES if line.startswith("__") for name in line.split()]

# Parameters of the standard that a function does not take by this name, or with another default: (function, parameter) -> why.
SIGNATURES = {
    ("linalg.svd", "full_matrices"): "MXNet's svd gives the reduced matrices unless told otherwise",
}

# What the standard says about dtypes, and MXNet's users rely on otherwise.
DEFAULT_DTYPES = {
    "asarray([1, 2])": ("int64", "float32", "data without a dtype is float32, integers too"),
    "asarray([True])": ("bool", "float32", "booleans too"),
    "arange(3)": ("int64", "float32", "and arange"),
}

UNARY = ["acos", "acosh", "asin", "asinh", "atan", "atanh", "cos", "cosh", "exp", "expm1"]
UNARY += ["log", "log10", "log1p", "log2", "sin", "sinh", "sqrt", "square", "tan", "tanh"]

INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
FLOATS = ("float32", "float64")
COMPLEX = ("complex64", "complex128")
DTYPES = ("bool", *INTEGERS, *FLOATS, *COMPLEX)


def promoted(a, b):
    """What the standard says of two dtypes, or None where it leaves it open."""
    a, b = numpy.dtype(a), numpy.dtype(b)
    if (a.kind == "b") != (b.kind == "b"):
        return None
    if (a.kind in "iu") != (b.kind in "iu") or ("uint64" in (a.name, b.name) and {a.kind, b.kind} == {"u", "i"}):
        return None
    return numpy.promote_types(a, b)


@pytest.mark.parametrize("name", REQUIRED)
def test_function(name):
    function = attrgetter(name)(np)
    assert callable(function)
    signature = inspect.signature(function)
    variadic = {p.kind for p in signature.parameters.values()} & {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
    parts = [part.strip() for part in REQUIRED[name].split(",")]
    positional = parts[: parts.index("/")] if "/" in parts else []
    if inspect.Parameter.VAR_POSITIONAL not in variadic:
        signature.bind_partial(*[None] * len(positional))
    for part in parts[len(positional) :]:
        parameter, _, default = part.partition("=")
        if parameter == "/" or parameter.startswith("*"):
            continue
        ours = signature.parameters.get(parameter)
        if ours is None:
            departs = inspect.Parameter.VAR_KEYWORD not in variadic
        else:
            departs = default not in ("", "None") and ours.default is not None and ours.default != eval(default)
        assert departs == ((name, parameter) in SIGNATURES), f"{name}: {parameter}={default}, ours is {name}{signature}"


def test_constants_and_dtypes():
    assert np.pi == numpy.pi
    assert np.e == numpy.e
    assert np.inf == numpy.inf
    assert np.nan != np.nan
    assert np.newaxis is None
    for name in DTYPES:
        assert np.dtype(getattr(np, name)) == name


def test_inspection():
    info = np.__array_namespace_info__()
    assert info.default_device() in info.devices()
    assert info.capabilities()["boolean indexing"]
    assert info.default_dtypes() == {
        "real floating": np.dtype("float32"),
        "complex floating": np.dtype("complex64"),
        "integral": np.dtype("int64"),
        "indexing": np.dtype("int64"),
    }
    assert set(info.dtypes()) == set(DTYPES)
    assert set(info.dtypes(kind="real floating")) == set(FLOATS)
    assert set(info.dtypes(kind=("bool", "complex floating"))) == {"bool", *COMPLEX}
    assert info.dtypes(kind="integral", device=device.cpu()).keys() == set(INTEGERS)


def test_namespace():
    x = np.ones(2)
    assert x.__array_namespace__() is np
    assert x.__array_namespace__(api_version="2024.12") is np
    assert np.__array_api_version__ == "2024.12"


@pytest.mark.parametrize("expression", DEFAULT_DTYPES)
def test_default_dtypes_that_depart(expression):
    standard, ours, _ = DEFAULT_DTYPES[expression]
    result = eval(f"np.{expression}")
    assert result.dtype == ours != standard


@pytest.mark.parametrize(
    ("expression", "dtype"),
    [
        ("zeros(2)", "float32"),
        ("ones(2)", "float32"),
        ("empty(2)", "float32"),
        ("eye(2)", "float32"),
        ("linspace(0, 1, 3)", "float32"),
        ("full(2, 1)", "int64"),
        ("full(2, 1.0)", "float32"),
        ("full(2, True)", "bool"),
        ("full(2, 1j)", "complex64"),
        ("arange(3.0)", "float32"),
        ("arange(3, dtype=np.int32)", "int32"),
        ("asarray([1.0])", "float32"),
        ("argmax(np.ones(3))", "int64"),
        ("nonzero(np.ones(3))[0]", "int64"),
        ("count_nonzero(np.ones(3))", "int64"),
    ],
)
def test_default_dtypes(expression, dtype):
    assert eval(f"np.{expression}").dtype == dtype


@pytest.mark.parametrize(("a", "b"), list(product(DTYPES, DTYPES)))
def test_promotion(a, b):
    expected = promoted(a, b)
    if expected is None:
        return
    assert np.result_type(np.dtype(a), np.dtype(b)) == expected
    assert np.result_type(np.ones(1, dtype=a), np.dtype(b)) == expected
    x, y = np.ones(2, dtype=a), np.ones((), dtype=b)  # an array without axes counts as an array
    if a == "bool":
        assert np.logical_and(x, y).dtype == "bool"
        return
    for function in (np.add, np.subtract, np.multiply):
        assert function(x, y).dtype == expected
    assert np.equal(x, y).dtype == "bool"
    assert np.where(np.ones(2, dtype="bool"), x, y).dtype == expected
    assert np.concat([x, np.reshape(y, 1)]).dtype == expected
    assert np.stack([x, np.broadcast_to(y, (2,))]).dtype == expected
    if expected.kind == "f":
        for function in (
            np.divide,
            np.pow,
            np.atan2,
            np.hypot,
            np.logaddexp,
            np.copysign,
            np.maximum,
            np.remainder,
            np.floor_divide,
        ):
            assert function(x, y).dtype == expected
    if expected.kind in "iu":
        for function in (np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.floor_divide, np.remainder, np.pow, np.maximum):
            assert function(x, y).dtype == expected


@pytest.mark.parametrize("dtype", DTYPES[1:])
def test_numbers_are_weak(dtype):
    x = np.ones(2, dtype=dtype)
    numbers = [2] + [2.0] * (numpy.dtype(dtype).kind in "fc") + [2j] * (numpy.dtype(dtype).kind == "c")
    for number in numbers:
        for result in (x + number, number + x, x * number, number - x, np.add(x, number), np.where(x == 1, x, number)):
            assert result.dtype == dtype
        assert np.result_type(x, number) == dtype


@pytest.mark.parametrize("dtype", FLOATS + COMPLEX)
def test_floating_functions_keep_the_dtype(dtype):
    x = np.full(3, 0.5, dtype=dtype)
    for name in UNARY:
        with numpy.errstate(invalid="ignore"):
            assert getattr(np, name)(x).dtype == dtype, name
    assert np.mean(x).dtype == np.sum(x).dtype == np.prod(x).dtype == dtype
    if dtype in FLOATS:
        assert np.var(x).dtype == np.std(x).dtype == dtype
    assert np.abs(x).dtype == numpy.abs(numpy.ones(1, dtype)).dtype


@pytest.mark.parametrize("dtype", INTEGERS)
def test_sums_of_integers_are_wide(dtype):
    x = np.ones(300, dtype=dtype)
    wide = "uint64" if dtype.startswith("u") else "int64"
    for result in (np.sum(x), np.prod(x), np.cumulative_sum(x)):
        assert result.dtype == wide
    assert int(np.sum(x)) == 300
    assert np.sum(x, dtype=np.float64).dtype == "float64"


def test_every_reduction_gives_an_array():
    x = np.ones((2, 3))
    for function in (
        np.sum,
        np.prod,
        np.max,
        np.min,
        np.mean,
        np.std,
        np.var,
        np.argmax,
        np.argmin,
        np.all,
        np.any,
        np.count_nonzero,
    ):
        assert isinstance(function(x), np.ndarray)
        assert function(x).shape == ()
        assert function(x, axis=1).shape == (2,)
        assert function(x, axis=-1, keepdims=True).shape == (2, 1)
        if function not in (np.argmax, np.argmin):
            assert function(x, axis=(0, 1)).shape == ()


def test_results_with_names():
    x = np.array([[2.0, 1.0], [1.0, 2.0]])
    assert np.linalg.eigh(x).eigenvalues.tolist() == pytest.approx([1, 3])
    assert np.linalg.eigh(x).eigenvectors.shape == (2, 2)
    assert float(np.linalg.slogdet(x).logabsdet) == pytest.approx(numpy.log(3))
    assert float(np.linalg.slogdet(x).sign) == 1
    assert np.linalg.qr(x).Q.shape == np.linalg.qr(x).R.shape == (2, 2)
    assert np.linalg.svd(x).S.shape == (2,)
    assert np.linalg.svd(x).U.shape == np.linalg.svd(x).Vh.shape == (2, 2)
    everything = np.unique_all(np.array([3.0, 1.0, 3.0]))
    assert everything.values.tolist() == [1, 3]
    assert everything.indices.tolist() == [1, 0]
    assert everything.inverse_indices.tolist() == [1, 0, 1]
    assert everything.counts.tolist() == [1, 2]
    assert np.unique_counts(np.array([1.0, 1.0])).counts.tolist() == [2]
    assert np.unique_inverse(np.array([2.0, 1.0])).inverse_indices.tolist() == [1, 0]


@pytest.mark.parametrize("name", METHODS)
def test_special_method(name):
    assert callable(getattr(np.ndarray, name))


def test_attributes():
    x = np.ones((2, 3), dtype=np.float64)
    assert x.dtype == np.float64
    assert x.shape == (2, 3)
    assert x.ndim == 2
    assert x.size == 6
    assert x.T.shape == (3, 2)
    assert np.ones((4, 2, 3)).mT.shape == (4, 3, 2)
    assert x.device in np.__array_namespace_info__().devices()
    assert x.to_device(x.device) is x


@pytest.mark.parametrize("bad", [np.ones(2), np.ones((1, 2))])
def test_only_one_element_is_a_number(bad):
    for convert in (float, int, complex):
        with pytest.raises(TypeError):
            convert(bad)
    with pytest.raises(ValueError, match="any"):
        bool(bad)


def test_numbers_of_arrays():
    assert bool(np.ones(()))
    assert not bool(np.zeros((1, 1)))
    assert float(np.array(1.5)) == 1.5
    assert int(np.array(1.5)) == 1
    assert complex(np.array(1.5)) == 1.5 + 0j
    assert range(5)[np.array(2, dtype=int)] == 2
    with pytest.raises(TypeError):
        range(5)[np.array(2.0)]


def test_unstack_and_concat_are_inverse():
    x = np.arange(6.0).reshape(2, 3)
    assert all(part.shape == (2,) for part in np.unstack(x, axis=1))
    assert (np.stack(np.unstack(x, axis=1), axis=1) == x).all()
    assert np.concat([x, x], axis=None).shape == (12,)


@pytest.mark.parametrize(("function", "first"), [("cumulative_sum", 0), ("cumulative_prod", 1)])
def test_cumulative(function, first):
    function = getattr(np, function)
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(ValueError, match="axis"):
        function(x)
    begun = function(x, axis=-1, include_initial=True)
    assert begun.shape == (2, 3)
    assert begun[:, 0].tolist() == [first, first]
    assert (begun[:, 1:] == function(x, axis=1)).all()
    out = np.zeros((2, 2))
    assert function(x, axis=1, out=out) is out
    assert function(np.array([2, 3], dtype="int8")).dtype == "int64"
    assert function(np.ones(2), dtype="float64", include_initial=True).dtype == "float64"


def test_isdtype():
    kinds = {
        "bool": ("bool",),
        "signed integer": ("int8", "int16", "int32", "int64"),
        "unsigned integer": ("uint8", "uint16", "uint32", "uint64"),
        "integral": INTEGERS,
        "real floating": FLOATS,
        "complex floating": COMPLEX,
        "numeric": DTYPES[1:],
    }
    for dtype, (kind, members) in product(DTYPES, kinds.items()):
        assert np.isdtype(np.dtype(dtype), kind) == (dtype in members)
    assert np.isdtype(np.float32, np.float32)
    assert np.isdtype(np.float32, ("bool", np.float32))
    with pytest.raises(ValueError, match="kind"):
        np.isdtype(np.float32, "real")


def test_broadcast_shapes():
    assert np.broadcast_shapes((2, 1), (3,), ()) == (2, 3)
    assert np.broadcast_shapes() == ()
    with pytest.raises(ValueError, match=r"broadcast_shapes: \(2,\), \(3,\)"):
        np.broadcast_shapes((2,), (3,))


def test_clip_by_either_name():
    x = np.array([1.0, 2.0, 3.0])
    low = np.array([0.0, 2.5, 0.0])
    x.attach_grad()
    low.attach_grad()
    with autograd.record():
        y = np.clip(x, min=low, max=2.75)
    y.backward()
    assert y.tolist() == [1, 2.5, 2.75]
    assert (x.grad.tolist(), low.grad.tolist()) == ([1, 0, 0], [0, 1, 0])
    assert numpy.clip(x, min=2).tolist() == np.clip(x, 2).tolist() == x.clip(min=2).tolist() == [2, 2, 3]
    copied = np.clip(x)
    copied[:] = 0
    assert x.tolist() == [1, 2, 3]
    with pytest.raises(TypeError, match="a_min and a_max, or min and max"):
        np.clip(x, 0, max=1)


def test_reshape_copies_as_told():
    x = np.arange(6.0).reshape(2, 3)
    x.attach_grad()
    with autograd.record():
        view, copy = np.reshape(x * 2, 6, copy=False), np.reshape(x, (3, 2), copy=True)
        (view.sum() + copy.sum()).backward()
    assert x.grad.tolist() == [[3, 3, 3], [3, 3, 3]]
    x = x.detach()
    np.reshape(x, -1, copy=True)[0] = 5
    assert x[0, 0] == 0
    np.reshape(x, -1, copy=False)[0] = 5
    assert x[0, 0] == 5
    assert np.reshape(np.zeros((0, 2)), (2, 0), copy=False).shape == (2, 0)
    with pytest.raises(ValueError, match=r"reshape: .*memory"):
        np.reshape(x.T, -1, copy=False)


def test_astype_takes_a_device():
    assert np.astype(np.ones(2), np.int32, copy=True, device=device.cpu()).dtype == "int32"
    with pytest.raises(MXNetError, match="CPU"):
        np.astype(np.ones(2), np.int32, device=device.gpu())


def test_divmod():
    x = np.array([7.0, -7.0])
    for quotient, rest in (divmod(x, 2), np.divmod(x, 2)):
        assert (quotient.tolist(), rest.tolist()) == ([3, -4], [1, 1])
    assert [part.tolist() for part in divmod(7, np.array([2.0, 4.0]))] == [[3, 1], [1, 3]]
    with pytest.raises(TypeError, match="divmod"):
        divmod(x, "2")


def test_finfo_and_iinfo():
    assert np.finfo(np.float32).bits == 32
    assert np.finfo(np.ones(1)).eps == numpy.finfo("float32").eps
    assert np.iinfo(np.ones(1, dtype="int16")).max == 32767
    for name in ("eps", "max", "min", "smallest_normal"):
        assert isinstance(float(getattr(np.finfo("float64"), name)), float)


def test_asarray_copies_as_told():
    data = numpy.ones(2, "float32")
    x = np.asarray(data, copy=False)
    data[0] = 5
    assert x[0] == 5
    assert np.asarray(x) is x
    assert np.asarray(x, copy=False) is x
    assert np.asarray(x, copy=True) is not x
    with pytest.raises(ValueError, match="copy"):
        np.asarray([1.0], copy=False)
    with pytest.raises(ValueError, match="copy"):
        np.asarray(x, dtype=np.float64, copy=False)
