"""Reading and writing parts of arrays: every kind of key against NumPy, and the gradient, which puts back what was read."""

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from mxnet import MXNetError, autograd, np
from mxnet.test_utils import check_numeric_gradient

from .reading import CARRIERS, assert_reads, mx, numbers, scattered, variable

SHAPE = (3, 4, 2)
MASK = (numpy.arange(24) % 3 == 1).reshape(SHAPE)

new = None  # an axis


def plain(key):
    """The key that NumPy takes for it."""
    if isinstance(key, tuple):
        return tuple(map(plain, key))
    if isinstance(key, np.ndarray):
        key = key.asnumpy()
    if isinstance(key, numpy.ndarray | numpy.floating) and key.dtype.kind == "f":
        return key.astype(int)
    return key


def named(key):
    """A key as it is written."""
    if isinstance(key, tuple):
        return ", ".join(map(named, key)) or "()"
    if isinstance(key, slice):
        start, stop, step = ("" if part is None else str(part) for part in (key.start, key.stop, key.step))
        return f"{start}:{stop}" + (f":{step}" if step else "")
    if isinstance(key, numpy.ndarray):
        return f"numpy {key.dtype} {key.tolist()}"
    return "..." if key is Ellipsis else repr(key)


# --- reading --------------------------------------------------------------------------------------------------------------------

BASIC = [
    0,
    -1,
    numpy.int64(1),
    numpy.uint8(2),
    (1, 2),
    (-1, -4, -2),
    (0, 1, 1),
    (),
    ...,
    new,
    slice(None),
    slice(1, None),
    slice(-2, None),
    slice(0, 3, 2),
    slice(None, None, -1),
    slice(5, 0, -2),
    slice(1, 100),
    slice(2, 1),
    (slice(None), 1),
    (slice(None), slice(None), -1),
    (slice(None, None, -2), slice(1, 3), slice(None, None, -1)),
    (..., 1),
    (..., 0, slice(None, None, -1)),
    (0, ..., 1),
    (1, 2, 1, ...),
    (slice(1), ...),
    (new, 1, new, slice(1, 3), new),
    (..., new),
    (new, ..., new, -1),
    (slice(0, 0), 1, slice(None, None, 2)),
]
MASKS = [
    [True, False, True],
    numpy.array([True, False, True]),
    mx([True, False, True], bool),
    mx([False, False, False], bool),
    mx([True, True, True], bool),
    numpy.ones((3, 4), bool),
    mx(MASK[:, :, 0], bool),
    mx(MASK, bool),
    numpy.zeros(SHAPE, bool),
    True,
    False,
    numpy.True_,
    mx(True, bool),
    mx(False, bool),
    (slice(None), mx([True, False, True, True], bool)),
    (..., mx([False, True], bool)),
    (0, mx(MASK[0], bool)),
    (slice(1, None), mx(MASK[0], bool)),
    (mx([True, False, True], bool), slice(None), mx([True, True], bool)),
    (mx([True, False, True], bool), mx([0, 3]), 1),
    (True, 0),
    (1, True, slice(None), new),
]
SINGLE = [numpy.array(1), mx(1), mx(-1.0, "float32"), numpy.float64(2.0), (mx(1), slice(None), mx(0.0)), (mx(2), mx(0), mx(1))]
INTEGERS = [
    [0, 2],
    [1, 1, -1, 1],
    [[0, 1], [2, 2]],
    [],
    numpy.array([2, 0, 2]),
    numpy.array([0, 2], dtype="uint8"),
    numpy.zeros((0, 2), int),
    mx([2, 0, 2]),
    mx([1, 2], "int32"),
    mx([0, 1, 1, 0], "float32"),
    mx([[0.0], [-1.0]], "float64"),
    mx([], "float32"),
    range(1, 3),
    ([0, 1], [2, 2]),
    ([0, 0, 0], [1, 1, 3], [1, 1, 0]),
    ([[0], [2]], [1, 3]),
    (mx([0, 0]), mx([1.0, 1.0], "float32"), numpy.array([1, 1])),
]
MIXED = [
    ([0, 2, 0], slice(None, None, -1)),
    (slice(1, None), [3, 3]),
    (..., mx([1, 0, 1])),
    (new, [1, 1]),
    ([1, 1], new, slice(2), [0, 1]),
    ([0, 2], slice(None), [1, 1]),
    ([0, 2], slice(None), 1),
    (0, slice(None), [1, 1]),
    (slice(None), [0, 0], [1, 0]),
    (mx(0), slice(None), mx([1, 1])),
    (slice(0, 0), [1, 1]),
    ([], slice(None), 1),
    (mx([True, False, True], bool), [3, 3]),
    (..., [[0, 1], [1, 1]], new),
]
KEYS = [*BASIC, *MASKS, *SINGLE, *INTEGERS, *MIXED]

every_key = pytest.mark.parametrize("key", KEYS, ids=named)


@every_key
def test_reading(key):
    assert_reads(lambda x: x[key], plain(key), numbers(SHAPE))


@pytest.mark.parametrize("key", [(), ..., new, (new, ..., new), True, False, mx(True, bool), (..., True)], ids=named)
def test_reading_a_number(key):
    assert_reads(lambda x: x[key], plain(key), numpy.array(3.0))


@pytest.mark.parametrize(
    ("shape", "key"),
    [
        ((0, 3), slice(None, None, -1)),
        ((0, 3), (slice(None), mx([0, 0, 2]))),
        ((0, 3), mx([], bool)),
        ((0, 3), mx([])),
        ((2, 0), 1),
        ((2, 0), mx([1, 1, 0])),
        ((2, 0), mx(numpy.zeros((2, 0)), bool)),
        ((2, 0), (mx([[0], [1]]), mx([]))),
    ],
)
def test_reading_nothing(shape, key):
    assert_reads(lambda x: x[key], plain(key), numbers(shape))


@every_key
def test_gradients_by_differences(key):
    """Without `add.at`, which the tests above share with the rule."""
    check_numeric_gradient(lambda x: np.sin(x[key]), [numpy.linspace(-1, 1, 24).reshape(SHAPE)])


def test_parts_of_one_array():
    """Slices, repeated elements and the whole meet in one gradient, in whatever order they come back."""
    x = variable(numbers((3, 2)))
    with autograd.record():
        y = (x * x).sum() + 2 * x[0].sum() + (x[[0, 0, 2]] * 3).sum() + x[x > 4].sum() + x[::-1][0, 1]
    y.backward()
    assert x.grad.tolist() == [[2 + 2 + 6, 4 + 2 + 6], [6, 8], [10 + 3 + 1, 12 + 3 + 1 + 1]]


def test_a_key_of_a_key():
    x = variable(numbers((3, 4)))
    with autograd.record():
        y = x[1:][:, ::-1][mx([1, 1, 0]), 1:][..., mx([True, False, True], bool)]
    y.backward()
    read = scattered(1.0, (slice(1, None), slice(None)), (3, 4)) * numpy.array([[0], [1], [2]]) * [1, 0, 1, 0]
    assert x.grad.tolist() == read.tolist()


def test_iteration():
    x = variable(numbers((3, 2)))
    with autograd.record():
        first, *_, last = x
        y = (first * last).sum()
    y.backward()
    assert x.grad.tolist() == [[5, 6], [0, 0], [1, 2]]


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int32", "int64", "float16", "float32"])
def test_dtypes(dtype):
    values = numbers((3, 2)).astype(dtype)
    for key in (1, slice(None, None, 2), [1, 1], mx([True, False, True], bool)):
        result = np.array(values, dtype=dtype)[key]
        numpy.testing.assert_array_equal(result.asnumpy(), values[plain(key)], strict=True)


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_gradients_have_the_dtype_of_the_array(dtype):
    x = np.ones(3, dtype=dtype)
    x.attach_grad()
    with autograd.record():
        y = x[[0, 0, 2]] * np.ones(3, dtype="float64")
    y.backward()
    assert x.grad.dtype == dtype
    assert x.grad.tolist() == [2, 0, 1]


@pytest.mark.parametrize("key", [*BASIC, *SINGLE], ids=named)
def test_views(key):
    """Integers and slices share memory with `x`, and arrays of one integer are like that integer."""
    x, expected = np.array(numbers(SHAPE)), numbers(SHAPE)
    x[key][...] = 0
    expected[plain(key)] = 0
    assert x.tolist() == expected.tolist()


@pytest.mark.parametrize("key", [*MASKS, *INTEGERS, *MIXED], ids=named)
def test_copies(key):
    x = np.array(numbers(SHAPE))
    x[key][...] = 0
    assert x.tolist() == numbers(SHAPE).tolist()


REFUSED = [
    (3, IndexError, "out of bounds"),
    (-4, IndexError, "out of bounds"),
    ((0, 4), IndexError, "out of bounds"),
    ([0, 3], IndexError, "out of bounds"),
    (mx([-4]), IndexError, "out of bounds"),
    (mx([7.0], "float32"), IndexError, "out of bounds"),
    ((slice(None), mx([[0], [4]])), IndexError, "out of bounds"),
    ((0, 0, 0, 0), IndexError, "too many indices"),
    (mx(numpy.ones((3, 4, 2, 1)), bool), IndexError, "too many indices"),
    ((..., 0, ...), IndexError, "single ellipsis"),
    (mx([True, False], bool), IndexError, "boolean index did not match"),
    (mx(numpy.ones((4, 3)), bool), IndexError, "boolean index did not match"),
    ((0, mx(numpy.ones(3), bool)), IndexError, "boolean index did not match"),
    (([0, 1], [0, 1, 2]), IndexError, "broadcast"),
    ("a", IndexError, "valid indices"),
    (1.0, IndexError, "valid indices"),
    ((0, 1.5), IndexError, "valid indices"),
    (1j, IndexError, "valid indices"),
    (mx([numpy.nan], "float32"), IndexError, "NaN"),
    (mx(numpy.inf, "float32"), IndexError, "infinity"),
    (slice(None, None, 0), ValueError, "step"),
    (slice(0.5, None), TypeError, "slice indices"),
    (slice("a", None), TypeError, "slice indices"),
]


@pytest.mark.parametrize(("key", "error", "message"), REFUSED)
def test_refused_keys(key, error, message):
    x = np.array(numbers(SHAPE))
    with pytest.raises(error, match=rf"getitem: .*{message}"):
        x[key]
    with pytest.raises(error, match=message):
        x[key] = 0
    assert x.tolist() == numbers(SHAPE).tolist()


def test_refused_keys_of_a_number():
    x = np.array(3.0)
    for key in (0, slice(None), [0], mx([0])):
        with pytest.raises(IndexError, match="too many indices"):
            x[key]


def test_a_mask_of_the_default_dtype_is_integers():
    """`np.array([True, False])` is float32, and floats are integers in a key; `dtype=bool` makes it a mask."""
    x = np.array(numbers((2, 2)))
    assert x[np.array([True, False])].tolist() == [[3, 4], [1, 2]]
    assert x[np.array([True, False], dtype=bool)].tolist() == [[1, 2]]
    assert x[x[:, 0] > 1].tolist() == [[3, 4]]


# --- keys at random -------------------------------------------------------------------------------------------------------------

shapes = st.one_of(array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=4), array_shapes(min_dims=0, max_dims=3, min_side=0))


@st.composite
def parts_of_keys(draw, size, count):
    """What may stand for an axis of that size; arrays and masks hold `count` indices, or broadcast to those that do."""
    kinds = ["slice"] + ["int", "integers", "integers", "one integer"] * (size > 0) + ["mask", "mask"] * (count <= size)
    kind = draw(st.sampled_from(kinds))
    if kind == "slice":
        return draw(st.slices(size))
    places = st.integers(-size, size - 1)
    if kind == "int":
        return draw(places)
    if kind == "one integer":
        return numpy.array(draw(places))
    if kind == "mask":
        return numpy.array(draw(st.permutations([True] * count + [False] * (size - count))), dtype=bool)
    form = draw(st.sampled_from([(count,), (count,), (1,), (2, count), (2, 1)]))
    values = draw(st.lists(places, min_size=int(numpy.prod(form)), max_size=int(numpy.prod(form))))
    return numpy.array(values, dtype=int).reshape(form)


@st.composite
def keys(draw, shape):
    """A key of NumPy for an array of `shape`, and the same with its arrays as users carry them."""
    rank = draw(st.sampled_from([len(shape), len(shape), *range(len(shape))]))
    count = draw(st.sampled_from([2, 1, 3, 0]))
    before = draw(st.integers(0, rank))  # so many axes come before the ellipsis
    key, carried = [], []
    for i, size in enumerate([*shape[:before], *shape[len(shape) - (rank - before) :]]):
        if i == before:
            key, carried = [*key, ...], [*carried, ...]
        if draw(st.integers(0, 4)) == 0:
            key, carried = [*key, new], [*carried, new]
        part = draw(parts_of_keys(size, count))
        key.append(part)
        carried.append(CARRIERS[draw(st.sampled_from(sorted(CARRIERS)))](part) if isinstance(part, numpy.ndarray) else part)
    return (key[0], carried[0]) if len(key) == 1 else (tuple(key), tuple(carried))


arrays_and_keys = shapes.flatmap(lambda shape: st.tuples(st.just(numbers(shape)), keys(shape)))


@settings(max_examples=200)
@given(arrays_and_keys)
def test_reading_at_random(drawn):
    values, (key, carried) = drawn
    assert_reads(lambda x: x[carried], key, values)


# --- writing --------------------------------------------------------------------------------------------------------------------


KINDS = ["number", "mx number", "broadcast", "numpy", "mx", "mx float32", "list"]  # of the value that is written


def assert_writes(values, key, carried, kind):
    """`x[carried] = value` leaves what `x[key] = value` leaves of NumPy's array, and the tape takes notice."""
    value = -numbers(values[key].shape)
    if kind.endswith("number"):
        value = numpy.array(-1.0)
    elif kind == "broadcast" and value.ndim:
        value = value[..., :1]
    if kind.startswith("mx"):
        written = mx(value, "float32" if "float32" in kind else "float64")
    elif kind in ("list", "number") and value.size:  # without numbers a list has one axis
        written = value.tolist()
    else:
        written = value
    x, w = mx(values, "float64"), variable(numpy.ones(values.shape))
    with autograd.record():
        y = w * x
    x[carried] = written
    expected = values.copy()
    expected[key] = value
    numpy.testing.assert_array_equal(x.asnumpy(), expected, strict=True)
    if (expected != values).any():
        with pytest.raises(MXNetError, match="written in place"):
            y.backward()


@every_key
@pytest.mark.parametrize("kind", KINDS)
def test_writing(key, kind):
    assert_writes(numbers(SHAPE), plain(key), key, kind)


@settings(max_examples=200)
@given(arrays_and_keys, st.sampled_from(KINDS))
def test_writing_at_random(drawn, kind):
    values, (key, carried) = drawn
    assert_writes(values, key, carried, kind)


@every_key
def test_writing_in_place(key):
    """`x[key] += 1` reads, adds and writes: an element that the key names twice still grows by one."""
    x, expected = np.array(numbers(SHAPE)), numbers(SHAPE)
    x[key] += 1
    expected[plain(key)] += 1
    assert x.tolist() == expected.tolist()


def test_writing_to_a_number():
    for key in ((), ..., new, True):
        x = np.array(1.0)
        x[key] = 2
        assert x.tolist() == 2


@pytest.mark.parametrize("value", [np.ones((1, 1)), np.ones(1), [1.0], numpy.ones(1), numpy.ones((1, 1, 1))], ids=repr)
def test_one_element_is_written_whatever_its_axes(value):
    x, y = np.zeros(3), np.zeros((2, 2))
    x[1] = value
    y[1, 0] = value
    assert (x.tolist(), y.tolist()) == ([0, 1, 0], [[0, 0], [1, 0]])
    with pytest.raises((ValueError, TypeError), match=r"x\[key\] = value"):
        x[1] = np.ones(2)


def test_one_recorded_element_is_written_whatever_its_axes():
    x = variable([[2.0]])
    y = np.zeros(3, dtype="float64")
    with autograd.record():
        y[1] = x * x
    y.backward()
    assert (y.tolist(), x.grad.tolist()) == ([0, 4, 0], [[4]])


def test_the_last_of_several_writes_wins():
    x = np.zeros(3)
    x[mx([0, 0, 1])] = np.array([1, 2, 3])
    assert x.tolist() == [2, 3, 0]


def test_overlapping_reads_and_writes():
    x = np.arange(5)
    x[1:] = x[:-1]
    assert x.tolist() == [0, 0, 1, 2, 3]
    x[::-1] = x
    assert x.tolist() == [3, 2, 1, 0, 0]


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int32", "int64", "float16", "float32"])
def test_writes_cast_to_the_dtype_of_the_array(dtype):
    x, expected = np.zeros(4, dtype=dtype), numpy.zeros(4, dtype=dtype)
    for array, value in ((x, np.array([0.0, 2.75])), (expected, numpy.array([0.0, 2.75]))):
        array[1:3] = value
        array[mx([3]) if array is x else 3] = 1.5
    numpy.testing.assert_array_equal(x.asnumpy(), expected, strict=True)


@pytest.mark.parametrize("key", [slice(None), [0, 1, 1], mx([True, True, False], bool), (..., 0)], ids=named)
def test_values_that_do_not_fit_are_refused(key):
    x = np.zeros((3, 2))
    with pytest.raises(ValueError, match=r"x\[key\] = value: .*float32\[3, 2\]"):
        x[key] = np.ones((5, 7))
    assert not x.asnumpy().any()


@pytest.mark.parametrize("key", [numpy.int64(0), mx(0), mx(0.0, "float32"), 0, (0, ...)], ids=named)
def test_a_write_to_one_row_is_not_a_write_to_another(key):
    """Keys that are integers in disguise are noted as exactly as integers."""
    x, w = np.ones((2, 3)), variable([1.0, 2.0, 3.0])
    with autograd.record():
        y = w * x[1]
    x[key] = 7
    y.backward()
    assert w.grad.tolist() == [1, 1, 1]
