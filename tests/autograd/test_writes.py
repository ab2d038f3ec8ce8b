"""In-place writes: never a silently wrong gradient."""

import pytest

from mxnet import MXNetError, autograd, np


def leaf(values):
    x = np.array(values)
    x.attach_grad()
    return x


def add_one(x):
    x += 1


def assign(x):
    x[0] = 5


def through_a_view(x):
    x[1:][:] = 7


def through_detach(x):
    x.detach()[:] = 7


def with_out(x):
    np.add(x, 1, out=x)


WRITES = [add_one, assign, through_a_view, through_detach, with_out]


@pytest.mark.parametrize("write", WRITES)
def test_a_kept_value_that_was_overwritten_is_an_error(write):
    x = leaf([1, 2])
    with autograd.record():
        y = x * x
    write(x)
    with pytest.raises(MXNetError, match=r"'multiply'.*written in place"):
        y.backward()
    assert x.grad.tolist() == [0, 0]


@pytest.mark.parametrize("write", WRITES)
def test_a_write_to_what_no_rule_needs_is_fine(write):
    x = leaf([1, 2])
    with autograd.record():
        y = 3 * x
    write(x)
    y.backward()
    assert x.grad.tolist() == [3, 3]


@pytest.mark.parametrize("write", WRITES)
def test_writes_outside_record_leave_a_leaf_a_leaf(write):
    x = leaf([1, 2])
    write(x)
    with autograd.record():
        y = x * x
    y.backward()
    assert x.grad.tolist() == (2 * x).tolist()


def test_a_write_to_the_other_half_of_a_buffer_is_fine():
    buffer = np.zeros(4)
    w = leaf([1, 2])
    with autograd.record():
        y = w * buffer[:2]
    buffer[2:] = 1
    y.backward()
    assert w.grad.tolist() == [0, 0]
    with autograd.record():
        y = w * buffer[:2]
    buffer[1:] = 1
    with pytest.raises(MXNetError, match="written in place"):
        y.backward()


def test_many_writes_to_one_buffer():
    buffer = np.zeros(100)
    w = leaf([1.0])
    with autograd.record():
        y = w * buffer[99:]
    for i in range(99):
        buffer[i : i + 1] = 1
    buffer[99:] = 1
    with pytest.raises(MXNetError, match="written in place"):
        y.backward()


def test_a_kept_result_that_was_overwritten_is_an_error():
    x = leaf([1, 2])
    with autograd.record():
        y = np.exp(x)
        z = y.sum()
    y[:] = 0
    with pytest.raises(MXNetError, match="'exp'"):
        z.backward()


def test_a_computed_array_that_was_overwritten_has_no_past():
    x = leaf([1, 2])
    with autograd.record():
        y = 2 * x
    y[0] = 9
    with pytest.raises(MXNetError, match="never recorded"):
        y.backward()


def test_a_gradient_used_in_a_graph_and_then_overwritten_by_backward():
    x, w = leaf([1, 2]), leaf([1, 1])
    with autograd.record():
        y = x * x
    y.backward()
    with autograd.record():
        z = w * x.grad
        y = x * x
    y.backward()
    with pytest.raises(MXNetError, match="written in place"):
        z.backward()


@pytest.mark.parametrize("write", WRITES)
def test_a_recorded_write_to_a_variable_is_refused(write):
    x = leaf([1, 2])
    if write is through_detach:
        pytest.skip("detach() gives a constant: a plain write, which backward notices")
    with autograd.record(), pytest.raises(MXNetError, match="is a variable"):
        write(x)
    assert x.tolist() == [1, 2]


@pytest.mark.parametrize("whole", [slice(None), Ellipsis])
def test_a_recorded_value_into_a_whole_constant_is_recorded(whole):
    x, buffer = leaf([1, 2]), np.zeros((3, 2))
    with autograd.record():
        buffer[whole] = x * x
        y = buffer.sum()
    y.backward()
    assert x.grad.tolist() == [6, 12]
    out = np.zeros(2)
    with autograd.record():
        np.multiply(x, 3, out=out)
    out.backward()
    assert x.grad.tolist() == [3, 3]


def test_constants_may_be_written_under_record():
    x, buffer = leaf([1, 2]), np.zeros(2)
    with autograd.record():
        buffer[0] = 3
        buffer += 1
        y = x * buffer
    y.backward()
    assert x.grad.tolist() == [4, 1]


def test_views_share_memory_outside_record():
    x = np.zeros((2, 3))
    row = x[1]
    row[:] = 1
    x[1, 2] = 5
    assert row.tolist() == [1, 1, 5]
    assert x.tolist() == [[0, 0, 0], [1, 1, 5]]


@pytest.mark.parametrize(
    ("write", "error"),
    [
        (lambda x: x.__setitem__(5, 0), IndexError),
        (lambda x: x.__setitem__(slice(None), np.ones(3)), ValueError),
        (lambda x: x.__setitem__(0, "text"), ValueError),
        (lambda x: x.__iadd__(np.ones(3)), ValueError),
        (lambda x: x.__iadd__(np.ones((2, 2))), ValueError),
        (lambda x: np.add(x, 1, out=np.ones(3)), ValueError),
        (lambda x: np.add(x, 1, out=np.ones(2, dtype="int32")), TypeError),
        (lambda x: np.add(x, 1, out="text"), TypeError),
    ],
)
def test_a_refused_write_changes_nothing(write, error):
    x = np.array([1, 2])
    with pytest.raises(error):
        write(x)
    assert x.tolist() == [1, 2]


def test_an_integer_array_takes_no_fractions_in_place():
    x = np.array([1, 2], dtype="int32")
    with pytest.raises(TypeError, match="int32"):
        x += 1.5
    assert x.tolist() == [1, 2]
