"""`autograd.Function`: custom operations, right at any order."""

import pytest

from mxnet import MXNetError, autograd, np


def leaf(values):
    x = np.array(values, dtype="float64")
    x.attach_grad()
    return x


class Product(autograd.Function):
    def forward(self, x, y):
        self.save_for_backward(x, y)
        return x * y

    def backward(self, g):
        x, y = self.saved_tensors
        return g * y, g * x


class Sigmoid(autograd.Function):
    """Keeps its output."""

    def forward(self, x):
        y = 1 / (1 + np.exp(-x))
        self.save_for_backward(y)
        return y

    def backward(self, g):
        (y,) = self.saved_tensors
        return g * y * (1 - y)


class Cube(autograd.Function):
    """Keeps, as an attribute, a value that is neither an input nor an output."""

    def forward(self, x):
        self.squares = [x * x]
        return self.squares[0] * x

    def backward(self, g):
        return 3 * g * self.squares[0]


class SinCos(autograd.Function):
    def forward(self, x):
        self.outputs = np.sin(x), np.cos(x)
        return self.outputs

    def backward(self, gs, gc):
        sine, cosine = self.outputs
        return gs * cosine - gc * sine


def test_several_inputs():
    x, y = leaf([2.0]), leaf([3.0])
    with autograd.record():
        z = Product()(x, y)
    z.backward()
    assert (x.grad.item(), y.grad.item()) == (3, 2)


def test_an_input_without_gradient_does_not_cost_the_others_theirs():
    x, y = np.array([2.0], dtype="float64"), leaf([3.0])
    with autograd.record():
        z = Product()(x, y)
    z.backward()
    assert y.grad.item() == 2


def test_several_outputs_and_an_unused_one():
    x = leaf([0.5])
    with autograd.record():
        sine, cosine = SinCos()(x)
        y = sine * 2
    y.backward()
    assert x.grad.item() == pytest.approx(2 * float(np.cos(x)), rel=1e-12)
    with autograd.record():
        sine, cosine = SinCos()(x)
        y = sine * cosine
    y.backward()
    assert x.grad.item() == pytest.approx(float(np.cos(2 * x)), rel=1e-12)


@pytest.mark.parametrize(
    ("function", "value", "orders"),
    [
        (Sigmoid, 0.0, [0.25, 0.0, -0.125, 0.0, 0.25]),
        (Cube, 2.0, [12.0, 12.0, 6.0]),
        (lambda: lambda x: Product()(x, x), 3.0, [6.0, 2.0]),
        (lambda: lambda x: SinCos()(x)[0], 0.0, [1.0, 0.0, -1.0, 0.0, 1.0]),
    ],
)
def test_any_order(function, value, orders):
    x = leaf([value])
    with autograd.record():
        y = function()(x)
        for expected in orders:
            y = autograd.grad(y, x, create_graph=True)
            assert y.item() == pytest.approx(expected, abs=1e-12)


def test_random_numbers_drawn_in_forward_are_drawn_again():
    class Mask(autograd.Function):
        def forward(self, x):
            self.mask = np.random.uniform(size=x.shape) > 0.5
            self.between = x * x
            return self.between * self.mask

        def backward(self, g):
            return 2 * g * self.mask * self.between**0.5

    np.random.seed(1)
    x = leaf(range(1, 101))
    with autograd.record():
        y = Mask()(x)
        first = autograd.grad(y, x, create_graph=True)
        second = autograd.grad(first, x)
    mask = (y != 0).asnumpy()
    assert 0 < mask.sum() < 100
    assert first.asnumpy() == pytest.approx(2 * x.asnumpy() * mask)
    assert second.asnumpy() == pytest.approx(2.0 * mask)


def test_arguments_that_are_not_arrays_are_handed_on():
    class Scale(autograd.Function):
        def forward(self, x, factor, name=None):
            self.factor = factor
            assert name is None
            return x * factor

        def backward(self, g):
            return g * self.factor

    x = leaf([2.0])
    with autograd.record():
        y = Scale()(x, 5)
    y.backward()
    assert x.grad.item() == 5


def test_none_is_no_gradient():
    class First(autograd.Function):
        def forward(self, x, y):
            return x + y

        def backward(self, g):
            return g, None

    x, y = leaf([1.0]), leaf([1.0])
    with autograd.record():
        z = First()(x, y)
    z.backward()
    assert (x.grad.item(), y.grad.item()) == (1, 0)


def test_forward_may_return_its_input():
    class Identity(autograd.Function):
        def forward(self, x):
            return x

        def backward(self, g):
            return 2 * g

    x = leaf([1.0])
    with autograd.record():
        y = Identity()(x)
    y.backward()
    assert x.grad.item() == 2


@pytest.mark.parametrize("grad_req", ["write", "add"])
def test_grad_req(grad_req):
    x = np.array([0.0])
    x.attach_grad(grad_req)
    for _ in range(2):
        with autograd.record():
            y = Sigmoid()(x)
        y.backward()
    assert x.grad.item() == {"write": 0.25, "add": 0.5}[grad_req]


def test_state_inside_forward_and_backward():
    seen = []

    class Watch(autograd.Function):
        def forward(self, x):
            seen.append((autograd.is_recording(), autograd.is_training()))
            return x * 1

        def backward(self, g):
            seen.append((autograd.is_recording(), autograd.is_training()))
            return g

    x = leaf([1.0])
    with autograd.record():
        y = Watch()(x)
    y.backward()
    assert seen == [(False, True), (False, True)]


def test_outside_record_it_is_a_plain_forward():
    y = Sigmoid()(leaf([0.0]))
    assert y.item() == 0.5
    with pytest.raises(MXNetError, match="never recorded"):
        y.backward()


def test_an_exception_in_forward_leaves_recording_as_it_was():
    class Broken(autograd.Function):
        def forward(self, x):
            raise KeyError("broken")

    with autograd.record():
        with pytest.raises(KeyError):
            Broken()(leaf([1.0]))
        assert autograd.is_recording()


def test_an_exception_in_backward_comes_through_and_touches_no_gradient():
    class Broken(autograd.Function):
        def forward(self, x):
            return x * 1

        def backward(self, g):
            raise KeyError("broken")

    x, y = leaf([1.0]), leaf([1.0])
    with autograd.record():
        z = Broken()(x) + 5 * y
    with pytest.raises(KeyError):
        z.backward()
    assert y.grad.item() == 0
    assert not autograd.is_recording()


@pytest.mark.parametrize(
    ("returned", "error", "message"),
    [
        (lambda g: (g, g), ValueError, "returned 2 gradients for 1 array input"),
        (lambda g: (), ValueError, "returned 0 gradients"),
        (lambda g: np.ones(5), ValueError, r"shape \(5,\), the input \(1,\)"),
        (lambda g: 3.0, TypeError, "float as gradient 0"),
    ],
)
def test_wrong_gradients_are_refused(returned, error, message):
    class Wrong(autograd.Function):
        def forward(self, x):
            return x * 1

        def backward(self, g):
            return returned(g)

    x = leaf([1.0])
    with autograd.record():
        y = Wrong()(x)
    with pytest.raises(error, match=f"Wrong.*{message}"):
        y.backward()
    assert x.grad.item() == 0


def test_an_instance_serves_one_call():
    f = Sigmoid()
    f(leaf([1.0]))
    with pytest.raises(MXNetError, match="serves one call"):
        f(leaf([1.0]))


def test_forward_returns_arrays():
    class Wrong(autograd.Function):
        def forward(self, x):
            return 3.0

    with pytest.raises(TypeError, match="forward returns arrays, not float"):
        Wrong()(leaf([1.0]))
