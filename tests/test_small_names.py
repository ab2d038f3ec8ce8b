"""Names that compute little: dtypes, constants, windows, devices, switches, and methods that MXNet's code calls."""

import importlib

import numpy
import pytest

import mxnet as mx
from mxnet import autograd, np, npx


def test_dtypes_and_constants_are_numpys():
    ours = [np.bool, np.bool_, np.complex128, np.complex64, np.int16, np.int64, np.int8, np.uint16, np.uint32, np.uint64, np.uint8]
    for dtype in ours:
        array = np.zeros(2, dtype=dtype)
        assert array.dtype == numpy.dtype(dtype)
        assert isinstance(array.item(0), (bool, int, complex))
    assert np.euler_gamma == numpy.euler_gamma
    families = {np.integer: "int8", np.signedinteger: "int64", np.unsignedinteger: "uint8", np.complexfloating: "complex64"}
    for family, dtype in families.items():
        assert np.issubdtype(np.dtype(dtype), family)
        assert not np.issubdtype(np.dtype("float32"), family)


@pytest.mark.parametrize("window", [np.bartlett, np.blackman, np.hamming, np.hanning], ids=lambda window: window.__name__)
@pytest.mark.parametrize("length", [0, 1, 2, 7, 8])
def test_windows(window, length):
    expected = getattr(numpy, window.__name__)(length)
    result = window(length)
    assert result.dtype == "float32"
    numpy.testing.assert_allclose(result.asnumpy(), expected, atol=1e-7)
    numpy.testing.assert_allclose(window(length, dtype="float64").asnumpy(), expected, atol=1e-15)


def test_memory_shared_and_not():
    x = np.zeros((2, 3))
    assert np.may_share_memory(x, x[0])
    assert not np.may_share_memory(x, x.copy())
    assert np.ndim(x) == 2
    assert np.ndim(3) == 0


def test_print_options_are_numpys():
    before = numpy.get_printoptions()
    try:
        np.set_printoptions(precision=2)
        assert repr(np.array([1 / 3])) == "array([0.33])"
    finally:
        numpy.set_printoptions(**before)


def test_methods_of_the_original():
    x = np.array([1.5])
    cpu = npx.cpu()
    assert x.ctx == x.context == x.device == npx.current_device() == cpu
    assert x.as_in_ctx(cpu) is x
    assert x.as_in_context(cpu) is x
    assert x.as_np_ndarray() is x.as_nd_ndarray() is x
    assert x.asscalar() == 1.5
    assert x.stype == "default"
    assert x.wait_to_read() is None
    assert x.reshape_view(1, 1).shape == (1, 1)
    target = np.zeros(1, dtype="float64")
    assert x.copyto(target) is target
    assert target.item() == 1.5
    assert x.copyto(cpu) is x
    with pytest.raises(ValueError, match="shapes must be equal"):
        x.copyto(np.zeros(2))


def test_devices():
    assert npx.num_gpus() == 0
    assert npx.cpu_pinned() == npx.Device("cpu_pinned")
    assert str(npx.gpu(1)) == "gpu(1)"
    with pytest.raises(mx.MXNetError):
        npx.gpu_memory_info(0)


def test_switches():
    try:
        npx.set_np(dtype=True)
        assert npx.is_np_array()
        assert npx.is_np_shape()
        assert npx.is_np_default_dtype()
        assert np.ones(1).dtype == "float64"
        assert npx.set_np_default_dtype(False) is True
        assert np.ones(1).dtype == "float32"
    finally:
        npx.reset_np()
    assert not npx.is_np_default_dtype()
    assert npx.use_np(test_switches) is test_switches
    assert npx.waitall() is None


def test_activation_by_name():
    x = np.array([-1.0, 2.0])
    for name in ("relu", "sigmoid", "tanh", "softrelu", "softsign", "log_sigmoid", "mish", "gelu", "silu"):
        named = np.tanh if name == "tanh" else getattr(npx, name)
        assert npx.activation(x, act_type=name).tolist() == named(x).tolist()
    with pytest.raises(ValueError, match="act_type is one of"):
        npx.activation(x, act_type="swisch")


def test_stop_gradient_is_a_constant():
    x = np.array([3.0])
    x.attach_grad()
    with autograd.record():
        y = npx.stop_gradient(x) * x
    y.backward()
    assert x.grad.tolist() == [3]


def test_files_of_npx(tmp_path):
    x, y = np.array([1.0, 2]), np.array([[3]])
    npx.save(str(tmp_path / "array.npy"), x)
    assert npx.load(str(tmp_path / "array.npy")).tolist() == [1, 2]
    npx.savez(str(tmp_path / "arrays.npz"), x, z=y)
    assert {name: array.tolist() for name, array in np.load(str(tmp_path / "arrays.npz")).items()} == {"arr_0": [1, 2], "z": [[3]]}


def test_from_dlpack_shares_memory():
    data = numpy.ones(2)
    array = npx.from_dlpack(data)
    data[0] = 5
    assert array.tolist() == [5, 1]


@pytest.mark.parametrize("n", [1, 4, 5])
def test_frequencies_of_real_transforms(n):
    numpy.testing.assert_allclose(np.fft.rfftfreq(n, d=0.5).asnumpy(), numpy.fft.rfftfreq(n, d=0.5), rtol=1e-7)


def test_metric_is_a_module_as_in_mxnet_1():
    from mxnet.metric import Accuracy

    assert importlib.import_module("mxnet.metric") is mx.metric is mx.gluon.metric
    assert Accuracy is mx.gluon.metric.Accuracy


def test_contrib_of_mxnet_1():
    from mxnet.gluon.contrib import nn, rnn

    assert nn.HybridConcurrent is mx.gluon.nn.HybridConcatenate
    assert nn.Concurrent is mx.gluon.nn.Concatenate
    for ours, module in ((mx.gluon.nn, nn), (mx.gluon.rnn, rnn), (mx.gluon.rnn.rnn_cell, rnn)):
        common = set(module.__all__) & set(dir(ours))
        assert common
        assert all(getattr(ours, name) is getattr(module, name) for name in common)
    net = nn.HybridConcurrent(axis=1, prefix="model_")
    net.add(nn.Identity(), nn.PixelShuffle1D(1))
    assert net(np.ones((2, 3, 4))).shape == (2, 6, 4)
    assert nn.SparseEmbedding(5, 3).weight.shape == (5, 3)


@pytest.mark.parametrize(
    ("module", "name", "hint"),
    [
        (mx, "nd", "mx.np"),
        (mx, "symbol", "SymbolBlock"),
        (mx, "mod", "gluon.Trainer"),
        (mx, "monitor", "register_op_hook"),
        (mx, "rnn", "gluon.rnn"),
        (mx, "operator", "autograd.Function"),
        (mx, "contrib", "gluon.nn"),
        (mx.model, "load_checkpoint", "SymbolBlock.imports"),
        (mx.model, "FeedForward", "gluon.Trainer"),
        (mx.test_utils, "get_mnist", "gluon.data.vision.MNIST"),
        (mx.test_utils, "get_cifar10", "gluon.data.vision.CIFAR10"),
        (mx.test_utils, "download", "gluon.utils.download"),
        (mx.gluon.contrib, "estimator", "gluon.Trainer"),
    ],
)
def test_what_is_gone_says_what_took_its_place(module, name, hint):
    with pytest.raises(AttributeError, match=rf"^module '{module.__name__}' has no attribute '{name}'.*{hint}"):
        getattr(module, name)
    with pytest.raises(AttributeError, match=r"has no attribute 'foo'$"):
        module.foo


@pytest.mark.parametrize(
    "statement", ["from mxnet import nd", "import mxnet.nd", "from mxnet.ndarray import nansum", "from mxnet import amp"]
)
def test_imports_of_what_is_gone_say_so_too(statement):
    with pytest.raises(ImportError, match=r"mxnet has no '(nd|ndarray|amp)': .*"):
        exec(statement)
    with pytest.raises(ImportError, match="cannot import name 'foo'"):
        exec("from mxnet import foo")
    assert not hasattr(mx, "nd")


def test_classes_where_mxnet_1_has_them_besides():
    assert mx.gluon.parameter.ParameterDict is mx.gluon.ParameterDict
    vision = mx.gluon.data.vision
    assert vision.datasets.ImageFolderDataset is vision.ImageFolderDataset
    with pytest.raises(AttributeError, match="has no attribute 'Foo'"):
        mx.gluon.Foo
