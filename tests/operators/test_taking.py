"""Elements at indices along an axis: `take`, `take_along_axis` and `pick`, against NumPy and to the second order."""

import numpy
import pytest

from mxnet import autograd, np, npx

from .reading import CARRIERS, assert_reads, mx, numbers, variable

TAKE_MODES = ["raise", "clip", "wrap"]
every_axis = pytest.mark.parametrize(
    ("shape", "axis"), [(shape, axis) for shape in ((4,), (2, 3), (2, 3, 4)) for axis in range(-len(shape), len(shape))]
)


@pytest.mark.parametrize("mode", TAKE_MODES)
@pytest.mark.parametrize("flat", [False, True])
@every_axis
def test_take(shape, axis, flat, mode):
    """For indices of any shape and dtype; `take` of the places of elements says which ones are read."""
    rng = numpy.random.default_rng(0)
    places = numpy.arange(numpy.prod(shape)).reshape(shape)
    axis = None if flat else axis
    size = places.size if flat else shape[axis]
    far = size if mode == "raise" else 3 * size
    for form in ((), (1,), (5,), (2, 3), (0,)):
        indices = rng.integers(-far, far, form)
        key = numpy.unravel_index(numpy.take(places, indices, axis, mode=mode), shape)
        for carry in CARRIERS.values():
            carried = carry(numpy.asarray(indices))
            assert_reads(lambda x, carried=carried: np.take(x, carried, axis, mode), key, numbers(shape))


@pytest.mark.parametrize("mode", TAKE_MODES)
def test_take_of_nothing(mode):
    for shape in ((0, 2), (2, 0)):
        x = variable(numbers(shape))
        with autograd.record():
            y = np.take(x, mx([]), axis=0, mode=mode)
        assert y.shape == (0, shape[1])
        y.backward()
        assert x.grad.shape == shape
    with pytest.raises(IndexError, match="take"):
        np.take(np.zeros((0, 2)), mx([0]), axis=0, mode=mode)


@pytest.mark.parametrize("mode", TAKE_MODES)
def test_take_counts_booleans_as_numbers(mode):
    """Unlike a key, where they are a mask; in the gradient too."""
    assert_reads(lambda x: np.take(x, mx([True, False], bool), mode=mode), numpy.array([1, 0]), numbers((2,)))
    indices = mx([True, False], bool)
    assert_reads(lambda x: np.take(x, indices, 1, mode), (slice(None), numpy.array([1, 0])), numbers((2, 2)))


def test_take_of_a_number():
    x = variable(3.0)
    with autograd.record():
        y = np.take(x, mx([0, -1, 0]))
    y.backward()
    assert (y.tolist(), x.grad.tolist()) == ([3, 3, 3], 3)


def test_take_is_a_method():
    assert_reads(lambda x: x.take(mx([1, 1]), axis=0), [1, 1], numbers((2, 3)))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([3], 0), IndexError, "out of bounds"),
        (([-4], 0), IndexError, "out of bounds"),
        (([12],), IndexError, "out of bounds"),
        (([0], 2), numpy.exceptions.AxisError, "axis 2"),
        (([0], 0, "drop"), ValueError, "'drop'"),
        ((mx([numpy.nan], "float32"), 0, "clip"), IndexError, "NaN"),
        (("a",), TypeError, "cast"),
    ],
)
def test_take_refuses(arguments, error, message):
    with pytest.raises(error, match=f"take: .*{message}"):
        np.take(np.array(numbers((3, 4))), *arguments)


# --- take_along_axis ------------------------------------------------------------------------------------------------------------

ALONG = [
    ((4,), (6,), 0),
    ((2, 3), (2, 5), 1),
    ((2, 3), (2, 5), -1),
    ((2, 3), (4, 3), 0),
    ((2, 3), (1, 2), 1),
    ((1, 3), (2, 2), 1),
    ((2, 3, 2), (2, 1, 2), 1),
    ((2, 3, 2), (1, 4, 1), -2),
    ((2, 3), (7,), None),
    ((2, 3), (2, 0), 1),
    ((0, 3), (0, 2), 1),
]


@pytest.mark.parametrize(("shape", "form", "axis"), ALONG)
@pytest.mark.parametrize("carrier", ["numpy", "mx", "float"])
def test_take_along_axis(shape, form, axis, carrier):
    """With indices that repeat and count from the end."""
    size = int(numpy.prod(shape)) if axis is None else shape[axis]
    indices = numpy.random.default_rng(0).integers(-size, size, form)
    places = numpy.take_along_axis(numpy.arange(numpy.prod(shape)).reshape(shape), indices, axis)
    carried = CARRIERS[carrier](indices)
    assert_reads(lambda x: np.take_along_axis(x, carried, axis), numpy.unravel_index(places, shape), numbers(shape))


@pytest.mark.parametrize(
    ("indices", "axis", "error"),
    [
        ([[0, 3], [0, 0]], 1, IndexError),
        ([[0, -4], [0, 0]], 1, IndexError),
        ([0, 1], 1, ValueError),
        ([[0, 1]], 2, numpy.exceptions.AxisError),
        ([[0], [0], [0]], 1, IndexError),
        (0, None, ValueError),
    ],
)
def test_take_along_axis_refuses(indices, axis, error):
    with pytest.raises(error, match="take_along_axis: "):
        np.take_along_axis(np.ones((2, 3)), mx(indices), axis)
    with pytest.raises(error, match="take_along_axis: "):
        np.take_along_axis(np.ones((2, 3)), mx(indices, "float32"), axis)


def test_take_along_axis_takes_no_mask():
    with pytest.raises(IndexError, match="integer"):
        np.take_along_axis(np.ones((1, 2)), mx([[True, False]], bool), 1)


# --- pick -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["clip", "wrap"])
@pytest.mark.parametrize("keepdims", [False, True])
@every_axis
def test_pick(shape, axis, keepdims, mode):
    """With indices far outside; they may have the axis or not."""
    size = shape[axis]
    index = numpy.random.default_rng(0).integers(
        -3 * size, 3 * size, [n if i != axis % len(shape) else 1 for i, n in enumerate(shape)]
    )
    inside = index % size if mode == "wrap" else index.clip(0, size - 1)
    places = numpy.take_along_axis(numpy.arange(numpy.prod(shape)).reshape(shape), inside, axis)
    key = numpy.unravel_index(places if keepdims else places.squeeze(axis), shape)
    for form in (index, index.squeeze(axis)):
        for carried in (form, mx(form, "int32"), mx(form, "float32")):
            assert_reads(lambda x, carried=carried: npx.pick(x, carried, axis, mode, keepdims), key, numbers(shape))


@pytest.mark.parametrize(
    ("index", "options", "error", "message"),
    [
        ([0, 1, 0], {}, ValueError, r"\(2,\)"),
        ([[0, 1]], {}, ValueError, r"\(2,\)"),
        ([0, 1], {"axis": 0}, ValueError, r"\(3,\)"),
        ([0, 1], {"axis": 2}, numpy.exceptions.AxisError, "axis 2"),
        ([0, 1], {"mode": "raise"}, ValueError, "'raise'"),
    ],
)
def test_pick_refuses(index, options, error, message):
    with pytest.raises(error, match=f"pick: .*{message}"):
        npx.pick(np.ones((2, 3)), mx(index), **options)


def test_pick_along_an_empty_axis():
    with pytest.raises(ValueError, match="pick: nothing"):
        npx.pick(np.ones((2, 0)), mx([0, 0]))
    assert npx.pick(np.ones((0, 3)), mx([])).shape == (0,)
