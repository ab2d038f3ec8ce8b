"""Functions that make arrays: dtypes, sharing, gradients and refusals. Values are compared with NumPy in `rows_creation.py`."""

from pathlib import Path

import numpy
import pytest

import mxnet
from mxnet import MXNetError, autograd, np, npx
from mxnet.operators import creation, grids, triangles

from .rows_creation import ROWS

DATA = {
    "a number": 2,
    "a fraction": 2.5,
    "a boolean": True,
    "a list": [1, 2],
    "an empty list": [],
    "a list of booleans": [True, False],
    "nested lists": [[1, 2], [3, 4]],
    "nested tuples": ((1,), (2,)),
    "a range": range(3),
    "a list of NumPy's": [numpy.ones(2), numpy.zeros(2, "int8")],
    "NumPy's int64": numpy.arange(3),
    "NumPy's bool": numpy.array([True]),
    "NumPy's float64": numpy.linspace(0, 1, 6).reshape(2, 3).T,
    "nothing": numpy.zeros((0, 2)),
}
SCALARS = [numpy.float64(2), numpy.float16(0.5), numpy.int8(-3), numpy.uint64(7), numpy.bool_(True)]
DTYPES = ["bool", "uint8", "int8", "int16", "uint32", "int64", "float16", "float32", "float64", "complex64"]

SOURCE = Path(__file__).read_text(encoding="utf-8")

every_maker = pytest.mark.parametrize("make", [np.array, np.asarray])


@pytest.fixture
def float64_by_default():
    npx.set_np(dtype=True)
    yield
    npx.reset_np()


@every_maker
@pytest.mark.parametrize("name", DATA)
def test_array(make, name):
    """float32 whatever comes, unless a dtype is asked for."""
    numpy.testing.assert_array_equal(make(DATA[name]).asnumpy(), numpy.array(DATA[name], "float32"), strict=True)
    for dtype in DTYPES:
        result = make(DATA[name], dtype=dtype)
        numpy.testing.assert_array_equal(result.asnumpy(), numpy.array(DATA[name]).astype(dtype), strict=True)
        assert result.asnumpy().flags.c_contiguous


SWAPPED = numpy.arange(3, dtype="f4").astype(numpy.dtype("f4").newbyteorder())
BYTE_ORDERS = {
    "array": lambda: np.array(SWAPPED, dtype=SWAPPED.dtype),
    "asarray": lambda: np.asarray([0, 1, 2], dtype=SWAPPED.dtype),
    "astype": lambda: np.arange(3).astype(SWAPPED.dtype, copy=False),
    "cast": lambda: npx.cast(np.arange(3, dtype="int8"), SWAPPED.dtype),
    "cumsum": lambda: np.cumsum(np.ones(3), dtype=SWAPPED.dtype) - 1,
    "full": lambda: np.full(3, [0, 1, 2], dtype=SWAPPED.dtype),
    "fromiter": lambda: np.fromiter(range(3), SWAPPED.dtype),
    "loadtxt": lambda: np.loadtxt(["0 1 2"], SWAPPED.dtype),
    "zeros_like": lambda: np.zeros_like(SWAPPED) + np.arange(3),
}


@pytest.mark.parametrize("way", BYTE_ORDERS)
def test_arrays_have_the_byte_order_of_the_machine(way):
    result = BYTE_ORDERS[way]().asnumpy()
    assert result.dtype.isnative
    numpy.testing.assert_array_equal(result, numpy.float32([0, 1, 2]), strict=True)


def test_empty_arrays_have_the_byte_order_of_the_machine():
    for x in (
        np.zeros_like(SWAPPED),
        np.empty_like(SWAPPED),
        np.empty(3, SWAPPED.dtype),
        np.random.normal(size=3, dtype=SWAPPED.dtype),
    ):
        assert x.asnumpy().dtype.isnative
    with pytest.raises(ValueError, match="without a copy"):
        np.asarray(SWAPPED, dtype=SWAPPED.dtype, copy=False)


@pytest.mark.usefixtures("float64_by_default")
def test_what_keeps_its_dtype_has_the_byte_order_of_the_machine():
    assert np.array(SWAPPED).asnumpy().dtype == numpy.dtype("f4")


@every_maker
def test_array_of_an_array_or_a_scalar_keeps_the_dtype(make):
    for scalar in SCALARS:
        assert make(scalar).dtype == scalar.dtype
    for dtype in DTYPES:
        assert make(np.ones(2, dtype=dtype)).dtype == dtype
        assert make(np.ones(2, dtype="int8"), dtype).dtype == dtype


@every_maker
def test_array_names_of_dtypes(make):
    """Python's `float` is the default float, `int` is int64."""
    assert make([1], dtype=float).dtype == "float32"
    assert make([1], dtype=int).dtype == "int64"
    assert make([1], dtype=bool).dtype == "bool"
    assert make([1], dtype=np.float16).dtype == "float16"


def test_array_copies():
    given = numpy.ones(2, "float32")
    mine = np.array(given)
    copy = np.array(mine)
    given[:] = 5
    mine[0] = 7
    assert (mine.tolist(), copy.tolist()) == ([7, 1], [1, 1])


def test_array_of_recorded_arrays():
    """A copy, and an array of lists with arrays in them, are recorded: beside numbers, at any depth, with a dtype."""
    x = np.array([1.0, 2.0])
    x.attach_grad()
    with autograd.record():
        a, b = x
        y = np.array([[a, 3], [b * b, a]])
        z = np.array([x, [0.0, 1.0]], dtype="float64")
        total = (y * np.array([[1, 2], [3, 4]])).sum() + (z * z).sum() + np.array(x).sum() + np.array(x, dtype="float64").sum()
    assert y.tolist() == [[1, 3], [4, 1]]
    assert (z.dtype, z.tolist()) == ("float64", [[1, 2], [0, 1]])
    total.backward()
    assert x.grad.tolist() == [1 + 4 + 2 + 2, 3 * 4 + 4 + 2]


REFUSED = ["text", ["text"], [[1], [1, 2]], {}, object(), 1j, [1j], numpy.array([1j]), [np.ones(2), 1], numpy.array(["a"])]


@every_maker
@pytest.mark.parametrize("data", REFUSED, ids=lambda data: repr(data).split(" at ")[0])
def test_array_refuses(make, data):
    with pytest.raises(TypeError, match="array: "):
        make(data)


@every_maker
@pytest.mark.parametrize("dtype", ["text", object, "U3", "datetime64[s]"])
def test_array_refuses_dtypes(make, dtype):
    with pytest.raises(TypeError):
        make([1], dtype=dtype)


def test_asarray():
    """What is an array of that dtype already is returned, or shares its memory; `copy` decides."""
    x, given = np.ones(2), numpy.ones(2, "float32")
    for options in ({}, {"dtype": "float32"}, {"copy": False}):
        assert np.asarray(x, **options) is x
    assert np.asarray(x, copy=True) is not x
    assert np.asarray(x, dtype="float64").dtype == "float64"
    shared, copied = np.asarray(given, copy=False), np.asarray(given)
    given[0] = 5
    assert (shared.tolist(), copied.tolist()) == ([5, 1], [1, 1])
    for data, dtype in ((given, "float64"), (x, "int32"), ([1.0], None), (1.0, None)):
        with pytest.raises(ValueError, match=r"asarray: .* without a copy"):
            np.asarray(data, dtype, copy=False)


def test_empty():
    for shape in ((), 3, (0,), (2, 3), [2, 1], np.array([1, 2], dtype=int), numpy.int8(2)):
        x = np.empty(shape)
        assert (x.shape, x.dtype) == (numpy.empty(shape if not isinstance(shape, np.ndarray) else shape.asnumpy()).shape, "float32")
        x[...] = 2
        assert (x == 2).all()
    assert np.empty(2, dtype="int8").dtype == "int8"


def test_empty_like():
    x = np.ones((2, 3), dtype="float16")
    for function in (np.empty_like, numpy.empty_like):
        assert (function(x).shape, function(x).dtype) == ((2, 3), "float16")
        assert isinstance(function(x), np.ndarray)
    other = np.empty_like(x, dtype="int32", shape=(4,))
    assert (other.shape, other.dtype) == ((4,), "int32")
    assert np.empty_like([1, 2]).dtype == "float32"
    y = np.empty_like(x)
    y[...] = 5
    assert x.sum() == 6


@pytest.mark.usefixtures("float64_by_default")
def test_float64_by_default():
    """After `set_np(dtype=True)` defaults are NumPy's, and what has a dtype keeps it."""
    made = [np.array([1]), np.zeros(2), np.ones(2), np.empty(2), np.eye(2), np.identity(2), np.tri(2), np.linspace(0, 1, 3)]
    made += [np.logspace(0, 1, 3), np.full(2, 0.5), np.array(numpy.ones(2)), np.array(1, dtype=float), np.arange(0.0, 1)]
    assert {x.dtype.name for x in made} == {"float64"}
    assert np.arange(3).dtype == "int64"
    assert np.array(numpy.arange(3)).dtype == "int64"
    assert np.array(numpy.ones(2, "float32")).dtype == "float32"
    assert np.full(2, 1).dtype == "int64"
    assert np.random.uniform(size=2).dtype == "float64"


SHAPED = [np.zeros, np.ones, np.empty, lambda shape, **options: np.full(shape, 1, **options)]
LIKE = [np.zeros_like, np.ones_like, np.empty_like, lambda a, **options: np.full_like(a, 1, **options)]


@pytest.mark.parametrize("make", SHAPED)
@pytest.mark.parametrize(
    ("shape", "error"),
    [(-1, ValueError), ((2, -3), ValueError), (2.0, TypeError), ("a", TypeError), (None, TypeError), ([1.5], TypeError)],
)
def test_shapes_that_are_refused(make, shape, error):
    with pytest.raises(error, match=r"\w+: a shape "):
        make(shape)


@pytest.mark.parametrize(("make", "argument"), [(make, 2) for make in SHAPED] + [(make, np.ones(2)) for make in LIKE])
def test_order_and_device(make, argument):
    """Arrays are laid out in C order, on a CPU; another wish is refused, not ignored."""
    assert make(argument, order="C", device=mxnet.cpu(), ctx=None).shape == (2,)
    assert make(argument, ctx=mxnet.cpu(1)).shape == (2,)
    with pytest.raises(NotImplementedError, match="order='F'"):
        make(argument, order="F")
    with pytest.raises(MXNetError, match="CPU"):
        make(argument, device=mxnet.gpu())


@pytest.mark.parametrize(
    "make",
    [
        np.array,
        np.asarray,
        np.arange,
        np.eye,
        np.identity,
        np.tri,
        np.indices,
        lambda n, **options: np.linspace(0, 1, n, **options),
        lambda n, **options: np.logspace(0, 1, n, **options),
    ],
)
def test_device(make):
    assert make(2, device=mxnet.cpu()).tolist() == make(2).tolist()
    with pytest.raises(MXNetError, match="CPU"):
        make(2, ctx=mxnet.gpu())


@pytest.mark.parametrize(
    "make", [lambda **out: np.full((2,), 3, **out), *[lambda m=m, **out: m(np.ones(2), **out) for m in LIKE[:2]]]
)
def test_results_written_to_out(make):
    out = np.array([7.0, 7.0])
    assert make(out=out) is out
    assert out.tolist() == make().tolist()
    for wrong in (np.zeros(3), np.zeros((1, 2))):
        with pytest.raises(ValueError, match="out has shape"):
            make(out=wrong)


def test_dtypes_of_numbers_that_fill():
    filled = [np.full(2, value).dtype.name for value in (1, True, 1.5, numpy.int8(1), np.ones((), dtype="int8"), [1, 2])]
    assert filled == ["int64", "bool", "float32", "int64", "int8", "float32"]
    assert np.full(2, 1, dtype="float16").dtype == "float16"
    assert np.full_like(np.ones(2, dtype="int32"), 2.75).tolist() == [2, 2]
    with pytest.raises(ValueError, match="full: "):
        np.full(2, [1, 2, 3])


@pytest.mark.parametrize("shape", [(), (2,), (1, 2), (3, 2)])
def test_gradient_of_what_fills(shape):
    """`full` broadcasts its value, so the gradient is summed."""
    for make in (lambda v: np.full((3, 2), v), lambda v: np.full_like(np.ones((3, 2)), v)):
        value = np.ones(shape)
        value.attach_grad()
        with autograd.record():
            y = make(value) * np.arange(6).reshape((3, 2))
        y.backward()
        assert value.grad.shape == shape
        assert value.grad.sum() == 15


def test_arange_computes_before_it_casts():
    """The last of many float32 numbers is as exact as the first."""
    x = np.arange(0, 1e5, 0.1).asnumpy()
    numpy.testing.assert_array_equal(x, numpy.arange(0, 1e5, 0.1).astype("float32"))
    assert np.arange(3, dtype="uint8").dtype == "uint8"


def test_steps_of_linspace():
    for arguments in ((0, 1, 5), (3, -3, 4, False), (0, 1, 1), (0, 1, 0)):
        values, step = np.linspace(*arguments, retstep=True)
        expected, expected_step = numpy.linspace(*arguments, retstep=True)
        numpy.testing.assert_array_equal(values.asnumpy(), expected.astype("float32"))
        numpy.testing.assert_equal(step, expected_step)  # NaN where there is one number or none
    start = np.array([0.0, 4.0])
    start.attach_grad()
    with autograd.record():
        _, step = np.linspace(start, 1, 5, retstep=True)
    assert step.tolist() == [0.25, -0.75]
    step.backward()
    assert start.grad.tolist() == [-0.25, -0.25]


@pytest.mark.parametrize("base", [2, 2.5, np.array(3.0, dtype="float64")])
def test_bases_of_logspace(base):
    result = np.logspace(-1, 2, 4, base=base, dtype="float64")
    numpy.testing.assert_allclose(result.asnumpy(), numpy.logspace(-1, 2, 4, base=float(base)), rtol=1e-14)


def test_gradient_of_the_base_of_logspace():
    base = np.array(3.0, dtype="float64")
    base.attach_grad()
    with autograd.record():
        y = np.logspace(0, 2, 3, base=base, dtype="float64")
    y.backward()
    assert base.grad.tolist() == pytest.approx(1 + 2 * 3.0)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: np.arange(0, 1, 0), ValueError, "arange: a step of 0"),
        (lambda: np.linspace(0, 1, -1), ValueError, "linspace: num"),
        (lambda: np.linspace(0, 1, 2.5), TypeError, "integer"),
        (lambda: np.meshgrid(np.ones((2, 2))), ValueError, "meshgrid: .*one dimension"),
        (lambda: np.meshgrid(np.ones(2), indexing="yx"), ValueError, "meshgrid: .*'yx'"),
        (lambda: np.tril(np.array(1.0)), ValueError, "tril: "),
        (lambda: np.triu(np.array(1.0)), ValueError, "triu: "),
        (lambda: np.indices(-1), ValueError, "indices: "),
        (lambda: np.eye(-1), ValueError, "negative"),
        (lambda: np.eye(2.5), TypeError, "integer"),
    ],
)
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_meshgrid_of_nothing_and_of_numbers():
    assert np.meshgrid() == []
    assert [x.tolist() for x in np.meshgrid(2, [3, 4], np.array([5.0]))] == [[[[2]], [[2]]], [[[3]], [[4]]], [[[5]], [[5]]]]


@pytest.mark.parametrize("start", [1.0, [1.0, 4.0]])
def test_geomspace_of_both_signs(start):
    stop = np.array([8.0, 2.0])
    result = np.geomspace(start, stop, 3, dtype="float64").asnumpy()
    numpy.testing.assert_allclose(result, numpy.geomspace(start, [8.0, 2.0], 3), rtol=1e-6)
    numpy.testing.assert_allclose(-result, np.geomspace(-np.array(start), -stop, 3, dtype="float64").asnumpy())
    for wrong in (0, -1, [1, -1]):
        with pytest.raises(ValueError, match="geomspace: "):
            np.geomspace(start, wrong)


def test_fromfunction():
    result = np.fromfunction(lambda i, j, scale: scale * (i + j), (2, 3), dtype=int, scale=2)
    assert (result.dtype, result.tolist()) == ("int64", [[0, 2, 4], [2, 4, 6]])
    assert np.fromfunction(lambda i: i, (2,)).dtype == "float32"


def test_array_with_axes_and_without_a_copy():
    x = np.ones(2)
    assert np.array(x, copy=False) is np.array(x, copy=None) is np.asanyarray(x) is x
    assert np.array(x, ndmin=3).shape == (1, 1, 2)
    assert np.array([[1]], ndmin=1).shape == (1, 1)
    copied = np.array(x, ndmin=2)
    copied[...] = 5
    assert x.tolist() == [1, 1]


def test_ascontiguousarray():
    x = np.ones((2, 3))
    assert np.ascontiguousarray(x) is x
    assert np.ascontiguousarray(x.T).strides == (8, 4)
    assert np.ascontiguousarray(1).shape == (1,)
    assert np.ascontiguousarray([1, 2], dtype="int8").dtype == "int8"


def test_shapes_of_what_is_like():
    for make in (np.zeros_like, np.ones_like, np.empty_like, lambda a, **o: np.full_like(a, 2, **o)):
        assert make(np.ones(2, dtype="int8"), shape=(1, 2)).shape == (1, 2)
        assert make(np.ones(2, dtype="int8"), shape=3).dtype == "int8"


def test_asarray_chkfinite():
    x = np.ones((2, 2))
    assert np.asarray_chkfinite(x) is x
    with pytest.raises(ValueError, match=r"asarray_chkfinite: all elements are finite, but the one at \(0, 1\) is nan"):
        np.asarray_chkfinite([[1, numpy.nan]])


@pytest.mark.parametrize("ends", [(1, 1j), (-1, 1, "complex128"), (-1j, -4j), (1 + 1j, -3)], ids=repr)
@pytest.mark.parametrize("name", ["linspace", "geomspace"])
def test_steps_between_complex_numbers(name, ends):
    start, stop, *dtype = ends
    expected = getattr(numpy, name)(start, stop, 4, dtype="complex128")
    numbers = getattr(np, name)(start, stop, 4, dtype=dtype[0] if dtype else None)
    assert numbers.dtype == (dtype[0] if dtype else "complex64")
    numpy.testing.assert_allclose(numbers.asnumpy(), expected, rtol=1e-6, atol=1e-7)
    arrays = getattr(np, name)(np.array(start, dtype="complex128"), stop, 4, dtype="complex128")
    numpy.testing.assert_allclose(arrays.asnumpy(), expected, rtol=1e-14, atol=1e-15)


def test_every_function_is_tested():
    """By a row in `rows_creation.py`, or by a test of its name here."""
    rows = {row.name.removeprefix("np.") for row in ROWS}
    for family in (creation, grids, triangles):
        for name in family.__all__:
            assert name in rows or f"np.{name}(" in SOURCE, f"np.{name} has no row in rows_creation.py, and no test here calls it"
            assert getattr(np, name) is getattr(family, name)


def test_full_refuses_what_the_dtype_cannot_hold():
    for value in (numpy.nan, [1, numpy.nan], np.array([numpy.nan, 1])):
        with pytest.raises(ValueError, match=r"^full: cannot convert float NaN to integer"):
            np.full(2, value, dtype=int)
    with pytest.raises(OverflowError, match=r"^full_like: cannot convert float infinity"):
        np.full_like(np.array([1], dtype=int), numpy.inf)
    with pytest.raises(ValueError, match=r"^full: (?!_filled)"):
        np.full(2, np.ones(3))


def test_dates_are_no_numbers():
    days = numpy.array(["2020-01-01", "2020-01-03"], "datetime64[D]")
    for value in (days, days[0], [days[0]], days - days[0]):
        with pytest.raises(TypeError, match=r"array: arrays hold numbers, not (datetime|timedelta)64"):
            np.array(value)
    assert np.array((days - days[0]) / numpy.timedelta64(1, "D")).tolist() == [0, 2]
