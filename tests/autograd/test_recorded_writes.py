"""Writes under `record()`: what NumPy's arrays would hold, differentiable to any order, and nothing disturbed that was kept."""

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxnet import MXNetError, autograd, np
from mxnet.test_utils import check_numeric_gradient


def arrays(*shapes):
    rng = numpy.random.default_rng(0)
    return [np.array(rng.uniform(0.5, 2, shape), dtype="float64") for shape in shapes]


KEYS = [
    0,
    -1,
    slice(1, None),
    slice(None, None, -2),
    (slice(None), 1),
    (..., slice(0, 3, 2)),
    (0, 2),
    (None, 1),
    ([0, 2], [1, 1]),
    ([0, 0, 1],),
    (slice(None), [2, 0]),
    numpy.array([True, False, True]),
    numpy.arange(12).reshape(3, 4) % 3 == 0,
    numpy.zeros((3, 4), bool),
    slice(3, 3),
    ...,
]


@pytest.mark.parametrize("key", KEYS, ids=repr)
def test_every_kind_of_key(key):
    part = numpy.zeros((3, 4))[key].shape
    x, v = arrays((3, 4), part)

    def program(x, v):
        y = x * x
        before = y * y  # keeps y as it is now
        y[key] = v * v
        return y * y * x + before

    reference = x.asnumpy() ** 2
    reference[key] = v.asnumpy() ** 2
    numpy.testing.assert_allclose(program(x, v).asnumpy(), reference**2 * x.asnumpy() + x.asnumpy() ** 4, rtol=1e-14)
    check_numeric_gradient(program, [x, v], order=2)


def test_indices_named_twice_take_the_last_value_and_its_gradient():
    y, v = arrays((3,), (4,))
    y.attach_grad()
    v.attach_grad()
    with autograd.record():
        z = 2 * y
        z[np.array([1, 0, 1, 1])] = v
    z.backward()
    assert v.grad.tolist() == [0, 1, 0, 1]
    assert y.grad.tolist() == [0, 0, 2]


AUGMENTED = {
    "+=": lambda a, b: a.__iadd__(b),
    "-=": lambda a, b: a.__isub__(b),
    "*=": lambda a, b: a.__imul__(b),
    "/=": lambda a, b: a.__itruediv__(b),
    "**=": lambda a, b: a.__ipow__(b),
    "%=": lambda a, b: a.__imod__(b),
}


@pytest.mark.parametrize("name", AUGMENTED)
@pytest.mark.parametrize("through", ["array", "row", "reshaped", "transposed"])
def test_augmented_assignment(name, through):
    shape = {"array": (2, 3), "row": (3,), "reshaped": (6,), "transposed": (3, 2)}[through]
    x, v = arrays((2, 3), shape)
    target = {"array": lambda y: y, "row": lambda y: y[1], "reshaped": lambda y: y.reshape(6), "transposed": lambda y: y.T}[through]

    def program(x, v):
        y = x * 1.25
        kept = y * y
        AUGMENTED[name](target(y), v)
        return y * y + kept

    reference = x.asnumpy() * 1.25
    kept = reference**2
    AUGMENTED[name](target(reference), v.asnumpy())
    numpy.testing.assert_allclose(program(x, v).asnumpy(), reference**2 + kept, rtol=1e-14)
    check_numeric_gradient(program, [x, v], order=2)


def test_out_and_matmul_in_place():
    x, w = arrays((2, 2), (2, 2))

    def program(x, w):
        y = x * 2
        np.exp(y, out=y)
        y @= w
        return y * y

    numpy.testing.assert_allclose(program(x, w).asnumpy(), (numpy.exp(2 * x.asnumpy()) @ w.asnumpy()) ** 2, rtol=1e-14)
    check_numeric_gradient(program, [x, w], order=2)


VIEWS = {
    "row": lambda a: a[1],
    "column": lambda a: a[:, 1],
    "every other, backwards": lambda a: a[::-2],
    "view of a view": lambda a: a[:2].T[1:],
    "reshaped": lambda a: a.reshape(-1),
    "transposed and cut": lambda a: a.swapaxes(0, 1)[2:],
    "new axis": lambda a: a[:, None],
}


@pytest.mark.parametrize("first", VIEWS)
@pytest.mark.parametrize("second", VIEWS)
def test_views_of_one_array_show_each_others_writes(first, second):
    x, v = arrays((3, 4), ())

    def program(x, v, one=1.0):
        y = x * one
        a, b = VIEWS[first](y), VIEWS[second](y)
        a[...] = a * v
        seen = b * b
        b[...] = b + a.sum()
        y[0] = v * 3
        return y.sum() * v + (a * a).sum() + seen.sum() + b.sum()

    expected = program(x.asnumpy(), v.asnumpy())
    numpy.testing.assert_allclose(program(x, v).asnumpy(), expected, rtol=1e-13)
    x.attach_grad()
    with autograd.record():
        recorded = program(x, v)
    numpy.testing.assert_allclose(recorded.asnumpy(), expected, rtol=1e-13)
    check_numeric_gradient(program, [x, v], order=2)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_random_programs(data):
    """Any sequence of views, writes and reads holds what NumPy holds, and differentiates."""
    steps = data.draw(
        st.lists(
            st.tuples(st.sampled_from(sorted(VIEWS)), st.sampled_from(["write", "scale", "add", "read", "base", "square"])),
            max_size=6,
        )
    )
    x, v = arrays((3, 4), ())

    def program(x, v):
        y = x * 1.0
        total = 0.0
        views = []
        for name, action in steps:
            view = VIEWS[name](y)
            views.append(view)
            if action == "write":
                view[...] = v * 0.5
            elif action == "scale":
                view *= v
            elif action == "add":
                view += x.sum() * 0.1
            elif action == "read":
                total = total + (view * view).sum()
            elif action == "base":
                y[1:, 1:] = v
            else:
                views[0][...] = views[0] * views[0] * 0.1
        return total + (y * y).sum() + sum((view * 0.1).sum() for view in views)

    expected = program(x.asnumpy(), v.asnumpy())
    x.attach_grad()
    with autograd.record():
        recorded = program(x, v)
    numpy.testing.assert_allclose(recorded.asnumpy(), expected, rtol=1e-12)
    check_numeric_gradient(program, [x, v], order=1)


def test_a_view_taken_outside_record_is_written_inside():
    x = np.array([[1.0, 2], [3, 4]])
    buffer = np.zeros((2, 2))
    row = buffer[1]
    x.attach_grad()
    with autograd.record():
        row[:] = x[0] * 2
        y = (buffer * buffer).sum()
    y.backward()
    assert buffer.tolist() == [[0, 0], [2, 4]]
    assert x.grad.tolist() == [[8, 16], [0, 0]]


def test_a_view_of_a_recorded_array_taken_outside_record():
    x = np.array([1.0, 2, 3])
    x.attach_grad()
    with autograd.record():
        y = x * 2
    part = y[:2]
    with autograd.record():
        part[0] = 5
        z = (y * y).sum()
    z.backward()
    assert y.tolist() == [5, 4, 6]
    assert x.grad.tolist() == [0, 16, 24]


def test_constants_written_under_record_leave_what_was_kept():
    w, buffer = np.array([1.0, 1]), np.array([2.0, 3])
    w.attach_grad()
    with autograd.record():
        y = w * buffer
        buffer[0] = 100
        z = y + w * buffer
    z.backward()
    assert w.grad.tolist() == [102, 6]
    assert buffer.tolist() == [100, 3]


def test_filling_piece_by_piece_copies_nothing():
    x = np.array([3.0])
    x.attach_grad()
    with autograd.record():
        y = np.zeros(100) * x
        address = y._data.ctypes.data
        kept = [y[i - 1 : i] for i in (5, 6)]
        for i in range(100):
            y[i] = x[0] * i
            assert y._data.ctypes.data == address
    y.backward()
    assert x.grad.item() == sum(range(100))
    assert [view.tolist() for view in kept] == [[12], [15]]


def test_a_variable_among_the_views_is_not_overwritten():
    x = np.zeros((2, 2))
    row = x[0]
    row.attach_grad()
    v = np.array([1.0, 2])
    v.attach_grad()
    with autograd.record(), pytest.raises(MXNetError, match="shares its memory is a variable"):
        x[:] = v
    assert x.tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("key", "value", "error"), [(5, 1.0, IndexError), (slice(None), numpy.ones(7), ValueError), ((0, 0), 1.0, IndexError)]
)
def test_a_refused_recorded_write_changes_nothing(key, value, error):
    x = np.array([1.0, 2])
    x.attach_grad()
    with autograd.record():
        y = x * 2
        with pytest.raises(error):
            y[key] = value
        z = y * y
    z.backward()
    assert y.tolist() == [2, 4]
    assert x.grad.tolist() == [8, 16]


def test_integers_take_recorded_values_as_numbers():
    x = np.array([1.5, 2.5])
    x.attach_grad()
    counts = np.zeros(2, dtype="int64")
    with autograd.record():
        counts[:] = x * 2
    assert counts.tolist() == [3, 5]
    assert counts.dtype == "int64"
    with pytest.raises(MXNetError, match="never recorded"):
        counts.backward()


def test_cotangents_that_others_hold_survive_a_write():
    """The rule of a write works in its cotangent's memory: never in the user's head gradient, nor in another array's gradient."""
    x, v = np.array([1.0, 2, 3]), np.array([5.0])
    head = np.array([1.0, 10, 100])
    for array in (x, v):
        array.attach_grad()
    with autograd.record():
        y = 2 * x
        first = y
        y.attach_grad(detach=False)
        z = y + 0
        z.attach_grad(detach=False)
        z[1:2] = v
        z[0] = 7
        z.attach_grad(detach=False)
    z.backward(head)
    assert head.tolist() == [1, 10, 100]
    assert z.grad.tolist() == [1, 10, 100]
    assert first.grad.tolist() == [0, 0, 100]
    assert x.grad.tolist() == [0, 0, 200]
    assert v.grad.tolist() == [10]


def test_a_detached_array_is_a_constant_that_keeps_its_values():
    x = np.array([1.0, 2, 3])
    x.attach_grad()
    with autograd.record():
        y = 2 * x
        constant = y.detach()
        y[0] = 0
        constant[1] = 10
        z = (y * constant).sum()
    z.backward()
    assert y.tolist() == [0, 4, 6]
    assert constant.tolist() == [2, 10, 6]
    assert x.grad.tolist() == [0, 20, 12]
