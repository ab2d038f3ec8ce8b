"""Bad input: the class a user expects, at the call that caused it, and nothing changed by it."""

import numpy
import pytest

from mxnet import autograd, gluon, np, npx


def leaf(values):
    x = np.array(values)
    x.attach_grad()
    return x


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: x + np.ones(3), ValueError, r"add: .*broadcast.*float32\[2\].*float32\[3\]"),
        (lambda x: np.multiply(x, np.ones((3, 3))), ValueError, "multiply"),
        (lambda x: x.sum(axis=1), numpy.exceptions.AxisError, "sum: axis 1 is out of bounds"),
        (lambda x: np.mean(x, axis=-2), ValueError, "mean"),
        (lambda x: x.reshape(5), ValueError, "reshape"),
        (lambda x: np.transpose(x, (0, 0)), ValueError, "transpose"),
        (lambda x: np.concatenate([x, np.ones((2, 2))]), ValueError, "concatenate"),
        (lambda x: np.dot(x, np.ones(3)), ValueError, "dot"),
        (lambda x: x @ np.ones((3, 3)), ValueError, "matmul"),
        (lambda x: x[2], IndexError, "index 2 is out of bounds"),
        (lambda x: x["text"], IndexError, "getitem"),
        (lambda x: np.array([[1], [1, 2]]), (ValueError, TypeError), "array"),
        (lambda x: np.zeros(2, dtype="float33"), TypeError, "float33"),
        (lambda x: np.exp(x, wrong=1), TypeError, "wrong"),
        (lambda x: np.sum(x, wrong=1), TypeError, r"sum\(\).*wrong"),
        (lambda x: np.sum(), TypeError, r"sum\(\).*missing"),
        (lambda x: np.sum(x, 0, axis=0), TypeError, r"sum\(\).*multiple values"),
        (lambda x: np.exp("text"), TypeError, "exp: .*not str"),
        (lambda x: np.add(x, None), TypeError, "add: .*NoneType"),
        (lambda x: x + "text", TypeError, "unsupported operand"),
        (lambda x: x @ "text", TypeError, "unsupported operand"),
        (lambda x: bool(x), ValueError, "ambiguous"),
        (lambda x: float(x), TypeError, "one element"),
        (lambda x: len(x.sum()), TypeError, "len"),
        (lambda x: iter(x.sum()), TypeError, "0-d"),
        (lambda x: np.ones(2, dtype="int32").attach_grad(), TypeError, "int32 has no gradient"),
        (lambda x: x.attach_grad("sum"), ValueError, "'write', 'add', 'null'"),
        (lambda x: x.attach_grad(stype="row_sparse"), ValueError, "dense"),
        (lambda x: autograd.backward([]), ValueError, "empty"),
        (lambda x: autograd.backward(3.0), TypeError, "not float"),
        (lambda x: autograd.backward([x, 3.0]), TypeError, "not float"),
        (lambda x: autograd.backward([x, x], [np.ones(2)]), ValueError, "2 heads and 1 head gradients"),
        (lambda x: x.backward(np.ones(3)), ValueError, r"shape \(3,\) for a head of shape \(2,\)"),
        (lambda x: x.backward(np.ones(2, dtype="float64")), TypeError, "float64 for a head of float32"),
        (lambda x: x.backward(3.0), TypeError, "not float"),
        (lambda x: autograd.grad(x, []), ValueError, "no variables"),
        (lambda x: autograd.grad(x, [3.0]), TypeError, r"variables\[0\] is a float"),
        (lambda x: autograd.mark_variables([x], []), ValueError, "1 variables, 0 gradients"),
        (lambda x: autograd.mark_variables([x], [np.ones(3)]), ValueError, r"float32\[3\]"),
        (lambda x: autograd.mark_variables([x], [3.0]), TypeError, "not float"),
        (lambda x: autograd.mark_variables([x], [np.ones(2)], "sum"), ValueError, "'sum'"),
        (lambda x: autograd.get_symbol(3.0), TypeError, "not float"),
    ],
)
def test_bad_input(call, error, message):
    x = leaf([1, 2])
    with pytest.raises(error, match=message):
        call(x)
    assert x.tolist() == [1, 2]
    assert x.grad.tolist() == [0, 0]
    with autograd.record():
        y = x * x
    y.backward()
    assert x.grad.tolist() == [2, 4]


def test_only_null_variables():
    x = np.ones(2)
    x.attach_grad("null")
    with autograd.record():
        y = x * x
    with pytest.raises(RuntimeError, match="wants a gradient"):
        y.backward()


def test_a_stranger_is_asked_politely():
    class Stranger:
        def __radd__(self, other):
            return "radd"

        def __rmatmul__(self, other):
            return "rmatmul"

    x = np.ones(2)
    assert x + Stranger() == "radd"
    assert x @ Stranger() == "rmatmul"


def test_comparison_with_none_is_false():
    assert (np.ones(2) == None) is False  # noqa: E711
    assert (np.ones(2) != None) is True  # noqa: E711


@pytest.mark.parametrize("function", ["sum", "max", "mean", "any", "argmax", "cumsum", "flip", "transpose", "exp", "sort"])
def test_what_is_no_operand(function):
    function = getattr(np, function)
    weight = gluon.Parameter("weight", shape=(2,), init="ones")
    with pytest.raises(TypeError, match=rf"^{function.__name__}: an operand is .*not Parameter: .*; write weight.data\(\)"):
        function(weight)
    for stranger in (object(), {}, {1, 2}):
        with pytest.raises(TypeError, match=f"^{function.__name__}: an operand is an array, .* not {type(stranger).__name__}"):
            function(stranger)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda x, weight: np.matmul(x, weight), "matmul"),
        (lambda x, weight: np.matmul(weight, x), "matmul"),
        (lambda x, weight: x.dot(weight), "dot"),
        (lambda x, weight: np.tensordot(x, weight, 1), "tensordot"),
        (lambda x, weight: np.einsum("i,i", x, weight), "einsum"),
        (lambda x, weight: np.concatenate([x, weight]), "concatenate"),
        (lambda x, weight: np.concatenate(weight), "concatenate"),
        (lambda x, weight: np.stack([weight, weight]), "stack"),
        (lambda x, weight: npx.softmax(weight), "softmax"),
        (lambda x, weight: autograd.grad((2 * x).sum(), weight), "grad"),
        (lambda x, weight: autograd.grad((2 * x).sum(), [x, weight]), "grad"),
        (lambda x, weight: autograd.backward(weight), "backward"),
    ],
)
def test_a_parameter_is_no_array(call, name):
    weight = gluon.Parameter("weight", shape=(2,), init="ones")
    weight.initialize()
    with autograd.record(), pytest.raises(TypeError, match=rf"^{name}: .* Parameter.*; write weight.data\(\)"):
        call(leaf([1, 2]), weight)


def test_what_numpy_makes_an_array_of_is_an_operand():
    for three in (range(3), numpy.float32(3), memoryview(bytes([1, 2])), numpy.array([3], dtype=object).astype(int)):
        assert np.sum(three) == 3
    assert np.sum(3j) == 3j
