"""What users rely on in `backward`, `grad`, `attach_grad` and `x.grad`."""

import math

import numpy
import pytest

from mxnet import MXNetError, autograd, np


def leaf(values, grad_req="write", dtype="float64"):
    x = np.array(values, dtype=dtype)
    x.attach_grad(grad_req)
    return x


def test_backward_of_a_non_scalar_is_the_gradient_of_its_sum():
    x = leaf([[1, 2], [3, 4]])
    with autograd.record():
        y = x * x
    y.backward()
    assert x.grad.tolist() == [[2, 4], [6, 8]]


def test_the_gradient_starts_as_zeros_and_stays_the_same_object():
    x = leaf([1, 2])
    gradient = x.grad
    assert gradient.tolist() == [0, 0]
    assert gradient.dtype == x.dtype
    for factor in (3, 5):
        with autograd.record():
            y = factor * x
        y.backward()
        assert x.grad is gradient
        assert gradient.tolist() == [factor, factor]


@pytest.mark.parametrize(("grad_req", "expected"), [("write", 4), ("add", 3 + 4), ("null", 0)])
def test_grad_req(grad_req, expected):
    x, other = leaf([1.0], grad_req), leaf([1.0])
    for factor in (3, 4):
        with autograd.record():
            y = factor * x + other
        y.backward()
    assert x.grad.tolist() == [expected]
    assert other.grad.tolist() == [1]


@pytest.mark.parametrize("grad_req", ["write", "add"])
@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_an_array_used_n_times_adds_up(grad_req, n):
    x = leaf([1.5, -2], grad_req)
    with autograd.record():
        y = x * 1
        for _ in range(n - 1):
            y = y + x * x.detach() / x.detach()
    y.backward()
    assert x.grad.tolist() == [n, n]


def test_add_over_several_heads():
    x = leaf([1, 2], "add")
    with autograd.record():
        a, b = 2 * x, 3 * x
    autograd.backward([a, b])
    assert x.grad.tolist() == [5, 5]


def test_the_same_head_twice_counts_twice():
    x = leaf([1, 2])
    with autograd.record():
        y = 2 * x
    autograd.backward([y, y])
    assert x.grad.tolist() == [4, 4]


def test_head_gradients_weigh_the_heads():
    x = leaf([1, 2])
    with autograd.record():
        a, b = 2 * x, x * x
    autograd.backward([a, b], [np.array([1, 10], dtype="float64"), None])
    assert x.grad.tolist() == [2 + 2, 20 + 4]


def test_second_backward_says_that_the_graph_was_released():
    x = leaf([1, 2])
    with autograd.record():
        y = x * x
    y.backward()
    with pytest.raises(MXNetError, match=r"already released.*'multiply'.*retain_graph=True"):
        y.backward()


def test_backward_of_something_unrecorded_says_so():
    x = leaf([1, 2])
    with pytest.raises(MXNetError, match=r"never recorded.*autograd\.record"):
        (x * x).backward()


def test_retain_graph_allows_another_pass():
    x = leaf([1, 2], "add")
    with autograd.record():
        y = x * x
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad.tolist() == [4, 8]


def test_a_head_over_a_released_part_is_refused_and_changes_nothing():
    x = leaf([1, 2])
    with autograd.record():
        shared = x * x
        a, b = 2 * shared, shared * shared
    a.backward()
    before = x.grad.tolist()
    with pytest.raises(MXNetError, match="already released"):
        b.backward()
    assert x.grad.tolist() == before


def test_what_was_released_before_it_was_used_is_a_constant():
    """As the state of a recurrent network that one batch leaves to the next."""
    w, state, constant = leaf([0.5]), np.zeros(1, dtype="float64"), 0.0
    for _ in range(3):
        with autograd.record():
            state = np.tanh(w * (state + 1))
            loss = state.sum()
        loss.backward()
        slope, constant = (1 - math.tanh(0.5 * (constant + 1)) ** 2) * (constant + 1), math.tanh(0.5 * (constant + 1))
        assert w.grad.item() == pytest.approx(slope, rel=1e-14)


def test_a_released_part_beside_one_that_is_not():
    x = leaf([1.0, 2.0])
    with autograd.record():
        y = x * x
    y.backward()
    with autograd.record():
        z = y * x * x
        slope = autograd.grad(z, x, create_graph=True)
    slope.backward()
    assert slope.tolist() == [2, 16]
    assert x.grad.tolist() == [2, 8]


def test_attach_grad_on_an_intermediate_cuts_the_graph():
    x = leaf([1.0])
    with autograd.record():
        y = 3 * x
        y.attach_grad()
        z = 4 * y + 2 * x
    z.backward()
    assert (x.grad.item(), y.grad.item()) == (2, 4)


def test_attach_grad_without_detach_keeps_the_graph():
    x = leaf([1.0])
    with autograd.record():
        y = 3 * x
        z = 4 * y + 2 * x
    y.attach_grad(detach=False)
    z.backward()
    assert (x.grad.item(), y.grad.item()) == (14, 4)


def test_unreached_variables_keep_what_they_had():
    x, y = leaf([1.0]), leaf([1.0])
    with autograd.record():
        z = x * y
    z.backward()
    with autograd.record():
        z = 5 * x
    z.backward()
    assert (x.grad.item(), y.grad.item()) == (5, 1)


def test_a_variable_in_the_graph_that_nothing_flows_to_gets_zero():
    x = leaf([1.5])
    with autograd.record():
        (2 * x).backward()
        np.floor(x).backward()
    assert x.grad.tolist() == [0]


def test_detach_and_drop_grad():
    x = leaf([2.0])
    with autograd.record():
        y = x * x.detach()
    y.backward()
    assert x.grad.item() == 2
    x.drop_grad()
    assert x.grad is None
    with autograd.record():
        y = x * x
    with pytest.raises(MXNetError, match="never recorded"):
        y.backward()


def test_zero_grad():
    x = leaf([2.0])
    gradient = x.grad
    gradient[:] = 7
    x.zero_grad()
    assert x.grad is gradient
    assert gradient.item() == 0
    with pytest.raises(MXNetError, match="attach_grad"):
        np.ones(2).zero_grad()


def test_backward_from_a_leaf():
    x = leaf([1, 2])
    x.backward()
    assert x.grad.tolist() == [1, 1]


def test_mark_variables_uses_the_arrays_it_is_given():
    x, g = np.array([1.0, 2]), np.array([10.0, 10])
    autograd.mark_variables([x], [g], "add")
    with autograd.record():
        y = 3 * x
    y.backward()
    assert x.grad is g
    assert g.tolist() == [13, 13]


def test_gradients_never_alias():
    x, w = leaf([1, 2]), leaf([1, 2])
    head = np.array([1, 1], dtype="float64")
    with autograd.record():
        y = x + w
    y.backward(head)
    x.grad[:] = 5
    assert w.grad.tolist() == [1, 1]
    assert head.tolist() == [1, 1]


def test_grad_returns_arrays_of_its_own_and_touches_no_x_grad():
    x, y = leaf([3.0]), leaf([4.0])
    with autograd.record():
        z = x * y
    gx, gy = autograd.grad(z, [x, y], retain_graph=True)
    assert (gx.item(), gy.item()) == (4, 3)
    assert x.grad.item() == 0
    single = autograd.grad(z, x)
    assert isinstance(single, np.ndarray)
    single[:] = 0
    assert y.item() == 4


def test_grad_for_an_intermediate():
    x = leaf([3.0])
    with autograd.record():
        y = x * x
        z = y * y
    assert autograd.grad(z, y).item() == 18


def test_grad_says_which_variable_is_not_in_the_graph():
    x = leaf([3.0])
    with autograd.record():
        y = x * x
    with pytest.raises(MXNetError, match=r"variables\[1\]"):
        autograd.grad(y, [x, np.ones(2)])
    with pytest.raises(MXNetError, match=r"variables\[1\]"):
        autograd.grad(y, [x, leaf([1.0])])


def test_derivatives_of_any_order():
    x = leaf([2.0])
    with autograd.record():
        y = x**5
        orders = []
        for _ in range(5):
            y = autograd.grad(y, x, create_graph=True)
            orders.append(y.item())
    assert orders == [80, 160, 240, 240, 120]


def test_derivatives_through_a_gradient_computed_by_backward_create_no_graph():
    x = leaf([2.0])
    with autograd.record():
        y = x**3
        first = autograd.grad(y, x, create_graph=True)
        z = first * x
    z.backward()
    assert x.grad.item() == pytest.approx(9 * 4)


def test_control_flow_records_what_ran():
    def f(a):
        b = a * 2
        while np.linalg.norm(b) < 1000:
            b = b * 2
        return b if b.sum() > 0 else 100 * b

    for value in (0.3, -0.7):
        a = leaf(value)
        with autograd.record():
            d = f(a)
        d.backward()
        assert a.grad.item() == pytest.approx((d / a).item())


def test_float16_leaf_in_a_float64_computation_gets_a_float16_gradient():
    x = leaf([1, 2], dtype="float16")
    with autograd.record():
        y = x * np.array([3, 4], dtype="float64")
    y.backward()
    assert y.dtype == "float64"
    assert x.grad.dtype == "float16"
    assert x.grad.tolist() == [3, 4]


@pytest.mark.parametrize("shape", [(), (0,), (3, 0)])
def test_awkward_shapes(shape):
    x = np.ones(shape)
    x.attach_grad()
    with autograd.record():
        y = (x * x).sum()
    y.backward()
    assert x.grad.shape == shape
    assert (x.grad.asnumpy() == 2).all()


def test_numpy_functions_on_arrays_are_recorded():
    x = leaf([1, 4])
    with autograd.record():
        y = numpy.sum(numpy.sqrt(x)) * numpy.float32(2) + numpy.array([1.0])
    assert isinstance(y, np.ndarray)
    y.backward()
    assert x.grad.tolist() == [1, 0.5]


def test_get_symbol_lists_and_prints():
    x, w = leaf([1, 2]), leaf([3, 4])
    with autograd.record():
        y = np.tanh(w * x)
    symbol = autograd.get_symbol(y)
    assert symbol.list_arguments() == ["var0", "var1"]
    assert symbol.list_outputs() == ["tanh0"]
    assert "multiply0 = multiply(" in str(symbol)
    with pytest.raises(MXNetError, match="never recorded"):
        autograd.get_symbol(np.ones(2))


def test_a_head_gradient_may_be_part_of_the_gradient_that_it_leads_to():
    x = np.array([1.0, 2, 3])
    x.attach_grad()
    for _ in range(2):
        x.grad[:] = np.array([5, 6, 7])
        with autograd.record():
            y = x[1:]
        y.backward(x.grad[:2])
        assert x.grad.tolist() == [0, 5, 6]


MANY = 20000
SPREAD = {
    "multiply": lambda x: x * np.ones((MANY, 1), dtype="float16"),
    "where": lambda x: np.where(np.ones((MANY, 1)), x, 0),
    "broadcast_to": lambda x: np.broadcast_to(x, (MANY, 2)),
    "tile": lambda x: np.tile(x, (MANY, 1)),
    "repeat": lambda x: np.repeat(x[None], MANY, axis=0),
    "repeat, by counts": lambda x: np.repeat(x, [MANY, MANY]),
    "meshgrid": lambda x: np.meshgrid(x, np.ones(MANY))[0],
    "pad": lambda x: np.pad(x[None], ((MANY - 1, 0), (0, 0)), "edge"),
    "pad with means": lambda x: np.pad(x[None], ((MANY - 1, 0), (0, 0)), "mean"),
    "rows": lambda x: x[None][np.zeros(MANY, dtype=int)],
    "elements": lambda x: x[np.arange(2 * MANY, dtype=int) % 2],
    "take": lambda x: np.take(x, np.arange(2 * MANY, dtype=int) % 2),
    "linspace": lambda x: np.linspace(2 * x, 0 * x, MANY),
}


@pytest.mark.parametrize("name", SPREAD)
def test_float16_gradients_of_many_copies_are_summed_in_float32(name):
    """In float16, 2048 + 1 is 2048."""
    x = leaf([1, 2], dtype="float16")
    with autograd.record():
        y = SPREAD[name](x)
    y.backward(retain_graph=True)
    assert x.grad.dtype == "float16"
    assert x.grad.tolist() == [MANY, MANY]
    with autograd.record():
        (recorded,) = autograd.grad(y, [x], create_graph=True)
    assert recorded.tolist() == [MANY, MANY]
