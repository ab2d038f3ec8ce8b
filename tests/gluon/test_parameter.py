"""`Parameter`, `Constant` and `ParameterDict`."""

import copy
import pickle

import numpy
import pytest

from mxnet import MXNetError, autograd, cpu, gluon, init, np
from mxnet.gluon import Constant, DeferredInitializationError, Parameter, ParameterDict, nn


def weight(shape=(2, 3), **options):
    parameter = Parameter("weight", shape=shape, **options)
    parameter.initialize("ones")
    return parameter


def deferred(shape=(2, -1)):
    parameter = Parameter("weight", shape=shape, allow_deferred_init=True)
    parameter.initialize("ones")
    return parameter


# --- values and gradients ---------------------------------------------------------------------------------------------------------


def test_a_fresh_parameter():
    parameter = Parameter()
    assert (parameter.name, parameter.grad_req, parameter.shape, parameter.dtype) == ("weight", "write", None, numpy.float32)
    assert (parameter.lr_mult, parameter.wd_mult, parameter.stype) == (1.0, 1.0, "default")
    assert repr(parameter) == "Parameter (shape=None, dtype=float32)"
    assert repr(Parameter("w", shape=(5, 0))) == "Parameter (shape=(5, -1), dtype=float32)"
    assert Parameter(shape=3).shape == (3,)
    assert Parameter(shape=()).shape == ()


def test_data_and_gradient():
    parameter = weight()
    data = parameter.data()
    assert parameter.data() is data
    numpy.testing.assert_array_equal(data, numpy.ones((2, 3)))
    numpy.testing.assert_array_equal(parameter.grad(), numpy.zeros((2, 3)))
    with autograd.record():
        y = (parameter.data() * np.array([1, 2, 3])).sum()
    y.backward()
    numpy.testing.assert_array_equal(parameter.grad(), [[1, 2, 3]] * 2)
    gradient = parameter.grad()
    parameter.zero_grad()
    assert parameter.grad() is gradient
    numpy.testing.assert_array_equal(gradient, numpy.zeros((2, 3)))
    assert parameter.var() is data
    assert parameter.row_sparse_data(np.array([0])) is data
    assert parameter.list_row_sparse_data(np.array([0]))[0] is data


def test_a_scalar_and_an_empty_looking_size():
    scalar = weight(())
    assert scalar.data().shape == ()
    assert float(scalar.data()) == 1
    with pytest.raises(
        ValueError, match=r"Parameter 'weight' cannot be initialized: its shape \(2, -1\) is not known.*allow_deferred"
    ):
        Parameter(shape=(2, 0)).initialize()  # 0 stands for what is not known
    with pytest.raises(ValueError, match="its shape None is not known"):
        Parameter().initialize()


@pytest.mark.parametrize(("grad_req", "expected"), [("write", 2), ("add", 4)])
def test_grad_req(grad_req, expected):
    parameter = weight((1,), grad_req=grad_req)
    for _ in range(2):
        with autograd.record():
            y = 2 * parameter.data()
        y.backward()
    assert float(parameter.grad()[0]) == expected
    parameter.grad_req = "null"
    with pytest.raises(RuntimeError, match="has no gradient: its grad_req is 'null'"):
        parameter.grad()
    with pytest.raises(RuntimeError, match="grad_req is 'null'"):
        parameter.list_grad()
    parameter.zero_grad()  # nothing to do
    parameter.grad_req = grad_req
    numpy.testing.assert_array_equal(parameter.grad(), [0])


def test_what_a_parameter_refuses():
    with pytest.raises(AssertionError, match=r"grad_req is one of \('write', 'add', 'null'\), not 'writ'"):
        Parameter(grad_req="writ")
    with pytest.raises(ValueError, match=r"stype is one of .* not 'dense'"):
        Parameter(stype="dense")
    parameter = weight()
    with pytest.raises(AssertionError, match="not 'sum'"):
        parameter.grad_req = "sum"
    assert parameter.grad_req == "write"


def test_a_parameter_that_is_not_differentiable():
    parameter = weight(differentiable=False)
    assert parameter.grad_req == "null"
    parameter.grad_req = "write"
    assert parameter.grad_req == "null"


# --- shapes and initialisation ----------------------------------------------------------------------------------------------------


def test_unknown_sizes_can_be_filled_and_known_ones_not_be_changed():
    parameter = Parameter(shape=(2, -1, 0))
    parameter.shape = (2, 3, -1)
    assert parameter.shape == (2, 3, -1)
    parameter.shape = (-1, 3, 4)
    assert parameter.shape == (2, 3, 4)
    for wrong in ((2, 3, 5), (2, 3), (2, 3, 4, 1)):
        with pytest.raises(AssertionError, match=r"was declared with shape \(2, 3, 4\), and this input asks for"):
            parameter.shape = wrong
    assert parameter.shape == (2, 3, 4)
    unknown = Parameter()
    unknown.shape = (2,)
    assert unknown.shape == (2,)


@pytest.mark.parametrize(
    ("own", "given", "default", "expected"),
    [
        (None, None, "ones", 1),
        (init.Constant(5), None, "ones", 5),
        (init.Constant(5), "ones", "zeros", 1),
        ("zeros", None, "ones", 0),
    ],
)
def test_which_initializer_wins(own, given, default, expected):
    parameter = Parameter("bias", shape=(2,), init=own)
    parameter.initialize(given, default_init=default)
    numpy.testing.assert_array_equal(parameter.data(), [expected] * 2)


def test_a_function_as_initializer():
    seen = []

    def fill(name, array):
        seen.append(str(name))
        array[:] = 7

    parameter = Parameter("w", shape=(2,), init=fill)
    parameter.initialize()
    assert parameter.data().tolist() == [7, 7]
    assert seen == ["w"]


def test_initializing_again():
    parameter = weight()
    data = parameter.data()
    with pytest.warns(UserWarning, match="'weight' is initialized already and stays as it is; write force_reinit=True"):
        parameter.initialize("zeros")
    assert parameter.data() is data
    parameter.initialize("zeros", force_reinit=True)
    numpy.testing.assert_array_equal(parameter.data(), numpy.zeros((2, 3)))
    with pytest.raises(ValueError, match="no initializer is called 'onse'"):
        weight().initialize("onse", force_reinit=True)


def test_deferred_initialization():
    parameter = deferred()
    for ask in (parameter.data, parameter.grad, parameter.list_data, parameter.var):
        with pytest.raises(
            DeferredInitializationError, match=r"its shape \(2, -1\) becomes known in the first forward pass.*in_units"
        ):
            ask()
    assert issubclass(DeferredInitializationError, MXNetError)
    assert parameter.list_device() == [cpu(0)]
    parameter.cast("float64")
    parameter.set_data([[1, 2, 3], [4, 5, 6]])
    assert parameter.shape == (2, 3)
    assert parameter.data().dtype == numpy.float64
    assert parameter.grad().shape == (2, 3)


def test_a_parameter_that_was_never_initialized():
    parameter = Parameter(shape=(2, -1))
    for ask in (parameter.data, parameter.grad, parameter.list_data, parameter.list_grad, parameter.list_device):
        with pytest.raises(RuntimeError, match=r"'weight' has not been initialized: call initialize\(\).*collect_params"):
            ask()
    with pytest.raises(RuntimeError, match="has not been initialized"):
        parameter.set_data(np.ones((2, 3)))
    assert parameter.shape == (2, -1)  # nothing half done
    with pytest.raises(ValueError, match="cannot be moved: it has not been initialized"):
        parameter.reset_device(cpu(1))
    parameter.zero_grad()


def test_set_data():
    parameter = weight()
    data = parameter.data()
    for values in (np.full((2, 3), 2), numpy.full((2, 3), 2.0), [[2] * 3] * 2):
        parameter.set_data(0 * np.ones((2, 3)))
        parameter.set_data(values)
        assert parameter.data() is data
        assert data.dtype == numpy.float32
        numpy.testing.assert_array_equal(data, numpy.full((2, 3), 2))
    for shape in ((3, 2), (2, 3, 1), (3,), ()):
        with pytest.raises(AssertionError, match=r"'weight' has the shape \(2, 3\); set_data got values of shape"):
            parameter.set_data(numpy.zeros(shape))
    numpy.testing.assert_array_equal(data, numpy.full((2, 3), 2))
    with autograd.record():
        parameter.set_data(np.ones((2, 3)))  # is not part of what is recorded
        y = parameter.data().sum()
    y.backward()
    numpy.testing.assert_array_equal(parameter.grad(), numpy.ones((2, 3)))


@pytest.mark.parametrize("dtype", ["float16", "float64"])
def test_casting(dtype):
    parameter = weight()
    parameter.cast(dtype)
    assert parameter.dtype == parameter.data().dtype == parameter.grad().dtype == numpy.dtype(dtype)
    assert repr(parameter) == f"Parameter (shape=(2, 3), dtype={dtype})"
    with autograd.record():
        y = parameter.data().sum()
    y.backward()
    numpy.testing.assert_array_equal(parameter.grad(), numpy.ones((2, 3)))
    parameter.dtype = "float32"
    assert parameter.data().dtype == numpy.float32


# --- devices ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["device", "ctx"])
def test_several_devices_share_one_array(word):
    parameter = Parameter("w", shape=(2,))
    parameter.initialize("ones", **{word: [cpu(0), cpu(1)]})
    first, second = parameter.list_data()
    assert first is second
    assert parameter.data(**{word: cpu(1)}) is first
    assert parameter.list_device() == parameter.list_ctx() == [cpu(0), cpu(1)]
    assert len(parameter.list_grad()) == 2
    with autograd.record():
        losses = [(parameter.data(device) * (i + 1)).sum() for i, device in enumerate(parameter.list_device())]
    autograd.backward(losses)
    numpy.testing.assert_array_equal(parameter.grad(), [3, 3])  # what the parts of a batch leave adds up


@pytest.mark.parametrize("dtype", ["int32", "uint8", "bool"])
def test_integers_have_no_gradient(dtype):
    parameter = Parameter("i", shape=(2,), dtype=dtype, init="ones")
    parameter.initialize()
    assert parameter.data().dtype == dtype
    assert parameter.grad_req == "write"  # as in the original, where the gradient is an array of zeros
    with pytest.raises(RuntimeError, match=f"Parameter 'i' has no gradient, as it is of {dtype}: give it grad_req='null'"):
        parameter.grad()
    parameter.zero_grad()
    parameter.grad_req = "null"
    with pytest.raises(RuntimeError, match="its grad_req is 'null'"):
        parameter.grad()
    parameter.grad_req = "add"
    parameter.cast("float64")
    assert parameter.grad().tolist() == [0, 0]
    parameter.cast(dtype)
    with autograd.record():
        y = (parameter.data() * 2.0).sum()
    with pytest.raises(MXNetError, match="never recorded"):
        y.backward()


def passes(parameter, *factors):
    for factor in factors:
        with autograd.record():
            y = (parameter.data() * factor).sum()
        y.backward()
    return parameter.grad().tolist()


def test_the_gradient_is_the_sum_over_as_many_passes_as_devices():
    parameter = Parameter("w", shape=(1,))
    parameter.initialize("ones", device=[cpu(0), cpu(1), cpu(2)])
    assert parameter.grad_req == "write"
    assert passes(parameter, 1, 2, 4) == [7]
    assert passes(parameter, 8) == [8]
    assert passes(parameter, 1, 2, 32, 64, 128) == [32 + 64 + 128]
    assert passes(parameter, 1) == [1]
    parameter.zero_grad()
    assert passes(parameter, 2, 4, 8) == [14]
    passes(parameter, 1)
    parameter.data().fresh_grad = False  # as a Trainer says
    assert not parameter.data().fresh_grad
    assert passes(parameter, 2, 4, 8) == [14]
    assert parameter.data().fresh_grad
    assert parameter.list_grad()[0] is parameter.list_grad()[2] is parameter.grad()


def test_gradients_that_are_to_add_up_do_on_several_devices():
    parameter = Parameter("w", shape=(1,), grad_req="add")
    parameter.initialize("ones", device=[cpu(0), cpu(1)])
    assert passes(parameter, 1, 2, 4, 8) == [15]
    parameter.data().fresh_grad = False
    assert passes(parameter, 16) == [31]
    parameter.zero_grad()
    assert passes(parameter, 1) == [1]
    parameter.grad_req = "write"
    assert passes(parameter, 1, 2, 4, 8) == [12]


def test_sparse_gradients_of_several_devices():
    parameter = Parameter("w", shape=(3,))
    parameter.initialize("ones", device=[cpu(0), cpu(1)])
    for _ in range(2):
        for index in (0, 2):
            with autograd.record():
                y = parameter.data()[index] * 2
            y.backward()
        assert parameter.grad().tolist() == [2, 0, 2]


def test_a_device_where_it_is_not():
    parameter = weight()
    with pytest.raises(RuntimeError, match=r"'weight' was not initialized on cpu\(3\), but on \[cpu\(0\)\]"):
        parameter.data(cpu(3))
    with pytest.raises(RuntimeError, match="was not initialized on"):
        parameter.grad(ctx=cpu(3))
    with pytest.raises(TypeError, match="a device is written"):
        parameter.data("somewhere")


@pytest.mark.parametrize("move", [Parameter.reset_device, Parameter.reset_ctx])
def test_moving(move):
    parameter = weight()
    move(parameter, [cpu(1), cpu(2)])
    assert parameter.list_device() == [cpu(1), cpu(2)]
    numpy.testing.assert_array_equal(parameter.data(cpu(2)), numpy.ones((2, 3)))
    move(parameter, cpu(0))
    assert parameter.list_device() == [cpu(0)]


# --- copies -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda p: pickle.loads(pickle.dumps(p))])
def test_copies(copied):
    parameter = weight(lr_mult=2)
    twin = copied(parameter)
    assert (twin.name, twin.shape, twin.lr_mult) == ("weight", (2, 3), 2)
    twin.set_data(np.zeros((2, 3)))
    numpy.testing.assert_array_equal(parameter.data(), numpy.ones((2, 3)))
    with autograd.record():
        y = twin.data().sum()
    y.backward()
    numpy.testing.assert_array_equal(twin.grad(), numpy.ones((2, 3)))
    waiting = copied(deferred())
    waiting.set_data(np.ones((2, 5)))
    assert waiting.data().shape == (2, 5)


# --- constants --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [[[1, 2], [3, 4]], np.array([[1, 2], [3, 4]]), numpy.array([[1, 2], [3, 4]], "float32")])
def test_constants(value):
    constant = Constant(value)
    assert repr(constant) == "Constant (shape=(2, 2), dtype=float32)"
    constant.initialize()
    numpy.testing.assert_array_equal(constant.data(), [[1, 2], [3, 4]])
    assert constant.grad_req == "null"
    with pytest.raises(RuntimeError, match="has no gradient"):
        constant.grad()
    constant.grad_req = "add"  # as `net.setattr("grad_req", "add")` does; the original keeps 'null', too
    assert constant.grad_req == "null"
    assert Constant("name", value).name == "name"  # MXNet 1


def test_a_constant_belongs_to_a_network_and_is_not_learned(tmp_path):
    class Shifted(gluon.HybridBlock):
        def __init__(self, value):
            super().__init__()
            self.shift = Constant(value)
            self.dense = nn.Dense(2, in_units=2)

        def forward(self, x):
            return self.dense(x) + self.shift.data()

    net = Shifted([10, 20])
    net.initialize(init.Zero())
    assert list(net.collect_params()) == ["shift", "dense.weight", "dense.bias"]
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 1})
    with autograd.record():
        y = net(np.ones((1, 2)))
    y.backward()
    trainer.step(1)
    numpy.testing.assert_array_equal(net.shift.data(), [10, 20])
    numpy.testing.assert_array_equal(net.dense.bias.data(), [-1, -1])
    net.save_parameters(tmp_path / "net")
    other = Shifted([0, 0])
    other.load_parameters(tmp_path / "net")
    numpy.testing.assert_array_equal(other.shift.data(), [10, 20])


# --- ParameterDict ----------------------------------------------------------------------------------------------------------------


def network(prefix="net_"):
    net = nn.HybridSequential(prefix=prefix)
    with net.name_scope():
        net.add(nn.Dense(3, in_units=2), nn.Dense(1, in_units=3))
    return net


def test_a_dictionary_of_parameters_is_a_dictionary():
    net = network()
    parameters = net.collect_params()
    assert isinstance(parameters, dict)
    assert isinstance(net[0].params, ParameterDict)
    assert list(parameters) == ["0.weight", "0.bias", "1.weight", "1.bias"]
    assert (
        repr(net[1].params) == "{'weight': Parameter (shape=(1, 3), dtype=float32), 'bias': Parameter (shape=(1,), dtype=float32)}"
    )
    assert parameters["0.weight"] is net[0].weight
    assert parameters["net_dense0_weight"] is net[0].weight
    assert parameters.get("net_dense0_weight") is net[0].weight
    assert parameters.get("none") is None
    assert parameters.get("none", 3) == 3
    with pytest.raises(KeyError, match=r"no parameter 'none'; there are '0.weight', '0.bias'"):
        parameters["none"]


def test_what_is_done_to_all():
    net = network()
    parameters = net.collect_params()
    parameters.initialize("ones", ctx=[cpu(0), cpu(1)])
    assert parameters.list_ctx() == parameters.list_device() == [cpu(0), cpu(1)]
    parameters.reset_ctx(cpu(2))
    assert net[1].bias.list_device() == [cpu(2)]
    parameters.setattr("lr_mult", 0.5)
    assert {p.lr_mult for p in parameters.values()} == {0.5}
    with autograd.record():
        y = net(np.ones((1, 2)))
    y.backward()
    assert float(net[1].bias.grad()[0]) == 1
    parameters.zero_grad()
    assert float(net[1].bias.grad()[0]) == 0


def test_parameters_by_get_as_in_mxnet_1():
    class Scaled(gluon.HybridBlock):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            with self.name_scope():
                self.factor = self.params.get("scale", shape=(1, -1), init=init.Constant(3), allow_deferred_init=True)
                self.shift = self.params.get_constant("shift", [1.0])

        def infer_shape(self, x, *args):
            self.factor.shape = (1, x.shape[1])

        def hybrid_forward(self, F, x, factor, shift):
            return F.np.multiply(x, factor) + shift

    net = Scaled(prefix="scaled_")
    assert list(net.collect_params()) == ["factor", "shift"]
    net.initialize()
    numpy.testing.assert_array_equal(net(np.ones((2, 2))), [[4, 4]] * 2)
    assert net.params.get("factor", shape=(1, 2)) is net.factor
    with pytest.raises(AssertionError, match=r"declared with shape \(1, 2\)"):
        net.params.get("factor", shape=(1, 3))
    assert net.params.get_constant("shift") is net.shift
    with pytest.raises(KeyError, match="no constant 'more': give its value"):
        net.params.get_constant("more")


def test_files(tmp_path):
    net, other = network(), network("other_")
    net.initialize()
    net.collect_params().save(tmp_path / "net.params", strip_prefix="net_")
    other.collect_params().load(tmp_path / "net.params", ctx=cpu(1), restore_prefix="net_")
    numpy.testing.assert_array_equal(other[1].weight.data(cpu(1)), net[1].weight.data())
    np.save(tmp_path / "array.npy", np.ones(3))
    with pytest.raises(ValueError, match=r"array.npy' holds arrays without names"):
        other.collect_params().load(str(tmp_path / "array.npy"))
