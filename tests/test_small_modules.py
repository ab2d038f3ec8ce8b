"""The small modules of the package: util, context, error, base, engine, runtime, registry, log, libinfo, kvstore, random."""

import logging
import os
import subprocess
import sys
import warnings

import numpy
import pytest
import scipy.stats

import mxnet
from mxnet import (
    autograd,
    base,
    context,
    cpu,
    device,
    engine,
    error,
    gpu,
    kvstore,
    libinfo,
    log,
    np,
    npx,
    optimizer,
    random,
    registry,
    runtime,
    util,
)

# --- util -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def numpy_mode_off():
    npx.reset_np()
    yield
    npx.reset_np()


def test_switches_of_shape_and_array():
    assert (util.is_np_shape(), util.is_np_array()) == (False, False)
    with util.np_shape(), util.np_array():
        assert (util.is_np_shape(), util.is_np_array()) == (True, True)
        with util.np_array(False), util.np_shape(False):
            assert (util.is_np_shape(), util.is_np_array()) == (False, False)
        assert (util.is_np_shape(), util.is_np_array()) == (True, True)
    assert (util.is_np_shape(), util.is_np_array()) == (False, False)
    with pytest.raises(KeyError), util.np_shape():
        raise KeyError
    assert not util.is_np_shape()
    assert util.set_np_shape(True) is False
    assert util.set_np_shape(False) is True


def test_shape_mode_cannot_end_within_numpy_mode():
    npx.set_np()
    assert util.is_np_shape()
    with pytest.raises(ValueError, match=r"npx\.reset_np\(\) turns it off"):
        util.set_np_shape(False)
    with pytest.raises(ValueError, match="NumPy mode is on"), util.np_shape(False):
        pass
    assert util.is_np_shape()
    npx.set_np(array=False)
    assert (util.is_np_shape(), util.is_np_array()) == (True, False)


def test_scope_of_the_default_dtype():
    with util.np_default_dtype():
        assert np.ones(1).dtype == "float64"
        with util.np_default_dtype(False):
            assert np.ones(1).dtype == "float32"
        assert np.ones(1).dtype == "float64"
    assert np.ones(1).dtype == "float32"


def test_decorators_that_change_nothing():
    for decorate in (util.use_np, util.use_np_shape, util.use_np_array):
        assert decorate(test_switches_of_shape_and_array) is test_switches_of_shape_and_array


def test_use_np_default_dtype():
    @util.use_np_default_dtype
    class Maker:
        def __init__(self):
            self.made = np.ones(1)

        def method(self):
            return np.ones(1)

        @staticmethod
        def static():
            return np.ones(1)

        @classmethod
        def of_class(cls):
            return cls.__name__, np.ones(1)

        @property
        def attribute(self):
            """Words."""
            return np.ones(1)

        @attribute.setter
        def attribute(self, value):
            self.made = np.array(value)

        constant = 3

    maker = Maker()
    results = [maker.made, maker.method(), Maker.static(), maker.of_class()[1], maker.attribute]
    assert [r.dtype for r in results] == ["float64"] * 5
    maker.attribute = [1]
    assert maker.made.dtype == "float64"
    assert (Maker.attribute.__doc__, Maker.constant, maker.of_class()[0]) == ("Words.", 3, "Maker")
    assert np.ones(1).dtype == "float32"

    @util.use_np_default_dtype
    def fails():
        """Words."""
        raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert fails.__doc__ == "Words."
    assert np.ones(1).dtype == "float32"
    with pytest.raises(TypeError, match="a function or a class, not 3"):
        util.use_np_default_dtype(3)


def test_set_module_and_ctx():
    assert util.set_module(None)(lambda: 1).__module__ == __name__

    @util.wrap_ctx_to_device_func
    def where(x, device=None, **others):
        return x, device, others

    assert where(1, ctx=cpu(1)) == (1, cpu(1), {})
    assert where(1, device=cpu(1)) == (1, cpu(1), {})
    assert where(1, device=cpu(1), ctx=cpu(2)) == (1, cpu(1), {})
    assert where(1, y=2) == (1, None, {"y": 2})


def test_environment_variables(monkeypatch):
    monkeypatch.delenv("MXTAPE_TEST", raising=False)
    assert util.getenv("MXTAPE_TEST") is None
    util.setenv("MXTAPE_TEST", "5")
    assert util.getenv("MXTAPE_TEST") == os.environ["MXTAPE_TEST"] == "5"
    util.setenv("MXTAPE_TEST", None)
    util.setenv("MXTAPE_TEST", None)
    assert "MXTAPE_TEST" not in os.environ
    with pytest.raises(TypeError):
        util.setenv("MXTAPE_TEST", 5)


def test_there_is_no_gpu():
    assert util.get_gpu_count() == 0
    for what in (gpu(0), cpu(0)):
        with pytest.raises(ValueError, match="takes a GPU"):
            util.get_cuda_compute_capability(what)
        with pytest.raises(ValueError, match="takes a GPU"):
            util.get_rtc_compile_opts(what)
    with pytest.raises(base.MXNetError):
        util.get_gpu_memory(0)
    with pytest.raises(base.MXNetError):
        util.get_max_supported_compute_capability()


def test_numbers_and_arrays():
    assert util.default_array([[1, 2]], dtype="int32", device=cpu()).dtype == "int32"
    expected = {3: "int64", 0.5: "float32", numpy.float16(1): "float16", numpy.int8(2): "int8"}
    assert all(util.dtype_from_number(number) == dtype for number, dtype in expected.items())
    assert util.dtype_from_number(True) == "int64"
    with util.np_default_dtype():
        assert util.dtype_from_number(0.5) == "float64"
    for wrong in (1j, "1", None, numpy.complex64(1)):
        with pytest.raises(TypeError, match="an int or a float is expected"):
            util.dtype_from_number(wrong)


@pytest.mark.parametrize(
    ("key", "value", "legal"),
    [
        ("where", True, True),
        ("dtype", "float32", True),
        ("dtype", numpy.int8, True),
        ("dtype", "foo", False),
        ("casting", "same_kind", True),
        ("casting", "foo", False),
        ("order", "K", True),
        ("order", "Z", False),
        ("subok", False, True),
        ("axis", 0, False),
    ],
)
def test_ufunc_options(key, value, legal):
    assert util.np_ufunc_legal_option(key, value) is legal
    if key not in ("where", "axis"):  # NumPy thinks so, too
        try:
            numpy.add(1, 2, **{key: value})
            taken = True
        except (TypeError, ValueError):
            taken = False
        assert taken or key == "dtype" or not legal


def test_small_things():
    assert util.set_flush_denorms(True) is False
    with util.TemporaryDirectory() as folder:
        assert os.path.isdir(folder)
    assert not os.path.exists(folder)
    assert set(util.__all__) <= set(dir(util))


# --- names in other places --------------------------------------------------------------------------------------------------------


def test_resolve_knows_both_words():
    assert device.resolve() == cpu(0)
    assert device.resolve(device=cpu(1)) == device.resolve(ctx=cpu(1)) == cpu(1)
    with cpu(2):
        assert device.resolve() == cpu(2)
    with pytest.raises(TypeError, match=r"a device is written cpu\(\) or Device\('cpu', 0\), not 'cpu'"):
        device.resolve("cpu")
    with pytest.raises(base.MXNetError, match=r"gpu\(0\) cannot hold an array"):
        device.resolve(ctx=gpu(0))


def test_context_has_the_names_of_devices():
    assert context.Context is device.Device
    assert context.current_context() == cpu(0)
    with context.Context("cpu", 1):
        assert context.current_context() == context.cpu(1)
    assert (context.num_gpus(), str(context.gpu(1)), str(context.cpu_pinned())) == (0, "gpu(1)", "cpu_pinned(0)")


def test_errors():
    assert error.MXNetError is base.MXNetError
    assert issubclass(error.InternalError, base.MXNetError)

    class Lost(base.MXNetError):
        pass

    assert error.register(Lost) is Lost
    assert error.register("Lost", Lost) is Lost
    assert error.register("Lost")(Lost) is Lost
    missing = base.NotImplementedForSymbol(numpy.sum, "_sum", 1, "x")
    assert str(missing) == "sum (operator '_sum'), called with (int, str), exists for np.ndarray only, not for symbols"
    sparse = base.NotSupportedForSparseNDArray(numpy.sum, None, 1)
    assert str(sparse) == "sum, called with (int), exists for np.ndarray only, not for sparse arrays"
    with pytest.raises(RuntimeError):
        raise missing


def test_engine():
    before = engine.set_bulk_size(5)
    with engine.bulk(7):
        assert engine.set_bulk_size(9) == 7
    assert engine.set_bulk_size(before) == 5


def test_features():
    features = runtime.Features()
    assert runtime.Features() is features
    assert not features.is_enabled("cuda")
    assert features.is_enabled("lapack")
    feature = features["CUDA"]
    assert type(feature) is runtime.Feature
    assert (feature.name, feature.enabled, repr(feature)) == ("CUDA", False, "✖ CUDA")
    assert repr(features).startswith("[✖ CUDA, ✖ CUDNN, ")
    assert list(features) == [f.name for f in runtime.feature_list()]
    assert sum(features[f"BLAS_{name}"].enabled for name in ("OPEN", "ATLAS", "MKL", "APPLE")) <= 1
    with pytest.raises(RuntimeError, match="no feature is called 'FOO'; there are CUDA, "):
        features.is_enabled("FOO")
    assert runtime.get_branch() == runtime.get_commit_hash() == ""


@pytest.mark.parametrize(
    ("extensions", "sse42", "avx2"),
    [
        ({"baseline": ["X86_V2"], "found": ["X86_V3"]}, True, True),
        ({"baseline": ["SSE", "SSE2", "SSE3"], "found": ["SSSE3", "SSE41", "SSE42"]}, True, False),
        ({"baseline": ["NEON"]}, False, False),
    ],
)
def test_what_the_processor_can_do(monkeypatch, extensions, sse42, avx2):
    monkeypatch.setattr(numpy, "show_config", lambda mode: {"SIMD Extensions": extensions})
    features = {f.name: f.enabled for f in runtime.feature_list()}
    assert (features["CPU_SSE4_2"], features["CPU_AVX2"], features["BLAS_OPEN"]) == (sse42, avx2, False)


def test_libinfo():
    assert libinfo.__version__
    assert libinfo.find_lib_path() == []


# --- registry ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def scaler():
    class Scaler:
        def __init__(self, factor=1):
            self.factor = factor

    return Scaler


def test_registry(scaler):
    register, create = registry.get_register_func(scaler, "scaler"), registry.get_create_func(scaler, "scaler")
    alias = registry.get_alias_func(scaler, "scaler")

    @register
    class Twice(scaler):
        pass

    @alias("x", "Y")
    class Other(scaler):
        pass

    register(Twice, "Zweimal")
    assert registry.get_registry(scaler) == {"twice": Twice, "zweimal": Twice, "x": Other, "y": Other}
    registry.get_registry(scaler).clear()  # one's own
    assert isinstance(create("TWICE"), Twice)
    assert create("x", 3).factor == create("x", factor=3).factor == 3
    assert create(scaler="x", factor=4).factor == 4
    assert create({"scaler": "x", "factor": 5}).factor == 5
    assert create('["x", {"factor": 6}]').factor == create('{"scaler": "x", "factor": 6}').factor == 6
    made = create("y")
    assert create(made) is made
    assert "scaler" in register.__doc__
    assert "scaler" in create.__doc__


def test_registry_errors(scaler):
    register, create = registry.get_register_func(scaler, "scaler"), registry.get_create_func(scaler, "scaler")

    class First(scaler):
        pass

    class Second(scaler):
        pass

    register(First, "name")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        register(First, "name")
    with pytest.warns(UserWarning, match="the scaler 'name' was .*First.*, and is now .*Second"):
        register(Second, "name")
    for wrong in (int, "name", First()):
        with pytest.raises(TypeError, match="a scaler is a class derived from Scaler"):
            register(wrong)
    with pytest.raises(ValueError, match="no scaler is called 'nothing'; there are name"):
        create("nothing")
    with pytest.raises(ValueError, match=r"create: no scaler is called 'Nam' \(did you mean 'name'\?\); there are name"):
        create("Nam")
    with pytest.raises(TypeError, match="named by a string, not by 3"):
        create(3)
    with pytest.raises(TypeError, match="takes no further arguments"):
        create(First(), 3)
    with pytest.raises(TypeError, match="the name of a scaler is missing"):
        create(factor=3)
    with pytest.raises(ValueError, match="there are none"):
        registry.get_create_func(int, "number")("one")


# --- log --------------------------------------------------------------------------------------------------------------------------


def test_logger_on_the_error_stream(capfd):
    logger = log.get_logger("mxtape test stream", level=log.INFO)
    try:
        logger.info("seen %d", 1)
        logger.debug("not seen")
        assert log.get_logger("mxtape test stream", level=log.DEBUG) is logger
        assert len(logger.handlers) == 1
        logger.debug("seen too")
    finally:
        logger.handlers[0].close()
        logger.handlers.clear()
    lines = capfd.readouterr().err.splitlines()
    assert [line[0] + line.split("] ")[1] for line in lines] == ["Iseen 1", "Dseen too"]
    assert "test_small_modules.py:" in lines[0]


def test_logger_colours_on_terminals(monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    logger = log.get_logger("mxtape test colours")
    record = logging.LogRecord("n", log.ERROR, "file.py", 3, "a] b", (), None)
    text = logger.handlers[0].format(record)
    logger.handlers.clear()
    assert text.startswith("\x1b[31mE")
    assert text.endswith("file.py:3]\x1b[0m a] b")


def test_logger_with_a_file(tmp_path):
    logger = log.get_logger("mxtape test file", filename=str(tmp_path / "log.txt"), filemode="w")
    logger.warning("first")
    logger.handlers[0].close()
    logger.handlers.clear()
    text = (tmp_path / "log.txt").read_text()
    assert text.startswith("W")
    assert text.endswith("] first\n")


def test_root_logger_and_old_name():
    root = log.get_logger()
    before = list(root.handlers)
    assert root is logging.getLogger()
    assert root.handlers == before
    with pytest.warns(DeprecationWarning, match="write get_logger"):
        log.getLogger("mxtape test old").handlers.clear()


# --- kvstore ----------------------------------------------------------------------------------------------------------------------


def pulled(store, key, shape=(2,)):
    out = np.zeros(shape)
    store.pull(key, out=out)
    return out.tolist()


def test_push_sums_and_replaces():
    store = kvstore.create("local")
    assert type(store) is kvstore.KVStore
    x = np.array([1.0, 1.0])
    store.init(3, x)
    x[:] = 9  # a copy was made
    assert pulled(store, 3) == [1, 1]
    store.push(3, np.array([8.0, 8.0]))
    assert pulled(store, 3) == [8, 8]
    store.push(3, [np.array([1.0, 2.0])] * 4, priority=-1)
    assert pulled(store, 3) == [4, 8]
    outs = [np.zeros(2), np.zeros(2)]
    store.pull(3, out=outs)
    assert [o.tolist() for o in outs] == [[4, 8]] * 2


def test_lists_of_keys():
    store = kvstore.create("device")
    store.init(["a", "b"], [np.ones(2), np.zeros(2)])
    store.push(["a", "b"], [[np.ones(2), np.ones(2)], np.full(2, 3.0)])
    outs = [np.zeros(2), [np.zeros(2), np.zeros(2)]]
    store.pull(("a", "b"), out=outs)
    assert (outs[0].tolist(), outs[1][1].tolist()) == ([2, 2], [3, 3])
    with pytest.raises(ValueError, match="2 keys need a list of 2 values"):
        store.push(["a", "b"], [np.ones(2)])


def test_pushpull_and_broadcast():
    store = kvstore.create()
    out = np.zeros(2)
    store.broadcast("z", np.full(2, 7.0), out=out)
    assert out.tolist() == [7, 7]
    store.pushpull("z", np.full(2, 5.0), out=out)
    assert out.tolist() == pulled(store, "z") == [5, 5]
    values = [np.full(2, 4.0), np.full(2, 1.0)]
    store.pushpull("z", values)
    assert [v.tolist() for v in values] == [[5, 5], [5, 5]]


def test_updater_and_optimizer(tmp_path):
    seen = []

    def update(key, pushed, stored):
        seen.append(key)
        stored += 2 * pushed

    store = kvstore.create()
    store._set_updater(update)
    store.init(3, np.ones(2))
    store.push(3, [np.ones(2), np.ones(2)])
    assert (seen, pulled(store, 3)) == ([3], [5, 5])
    with pytest.raises(base.MXNetError, match="there is no optimizer"):
        store.save_optimizer_states(str(tmp_path / "states"))

    def trained(store, steps):
        weight = np.zeros(2)
        for _ in range(steps):
            store.pushpull("w", np.array([1.0, 2.0]), out=weight)
        return weight.tolist()

    def with_momentum():
        store = kvstore.create()
        store.set_optimizer(optimizer.SGD(learning_rate=0.5, momentum=0.5))
        store.init("w", np.zeros(2))
        return store

    one = with_momentum()
    assert trained(one, 2) == [-1.25, -2.5]  # -0.5, then -0.75
    one.save_optimizer_states(str(tmp_path / "states"))
    other = with_momentum()
    other.load_optimizer_states(str(tmp_path / "states"))
    assert trained(other, 1) == [-0.875, -1.75]
    assert one.is_capable(kvstore.KVStoreBase.OPTIMIZER)
    with pytest.raises(TypeError, match="takes an Optimizer, such as"):
        one.set_optimizer("sgd")


def test_a_store_is_not_recorded():
    store = kvstore.create()
    x = np.ones(2)
    x.attach_grad()
    with autograd.record():
        y = 2 * x
        store.broadcast(1, y, out=np.zeros(2))
        store.push(1, [y, y])
        out = np.zeros(2)
        store.pull(1, out=out)
        z = y * out
    z.backward()
    assert x.grad.tolist() == [8, 8]


def test_store_errors():
    store = kvstore.create()
    store.init("k", np.ones(2))
    with pytest.raises(base.MXNetError, match="the key 'k' was initialised before"):
        store.init(["new", "k"], [np.ones(2), np.ones(2)])
    for call in (lambda: store.push("new", np.ones(2)), lambda: store.pull("new", out=np.ones(2))):
        with pytest.raises(base.MXNetError, match="the key 'new' has no array; call init first"):
            call()
    with pytest.raises(ValueError, match=r"the array of 'k' has the shape \(2,\), not \(3,\)"):
        store.push("k", [np.ones(2), np.ones(3)])
    with pytest.raises(TypeError, match="out is missing"):
        store.pull("k")
    for wrong in (3, numpy.ones(2), []):
        with pytest.raises(TypeError, match="a value is an array or a list of arrays"):
            store.push("k", wrong)
    for call in (lambda: store.set_gradient_compression({"type": "2bit"}), lambda: store.row_sparse_pull("k")):
        with pytest.raises(base.MXNetError):
            call()
    with pytest.raises(ValueError, match="'optimizer', not 'flying'"):
        store.is_capable("flying")


def test_names_of_stores():
    for name in ("local", "LOCAL", "device", "local_update_cpu", "local_allreduce_cpu", "local_allreduce_device"):
        store = kvstore.create(name)
        assert (store.type, store.rank, store.num_workers) == (name.lower(), 0, 1)
    for name in ("dist", "dist_sync", "dist_async_device", "nccl", "p3store_dist", "byteps", "horovod"):
        with pytest.raises(base.MXNetError, match="works in one process: write 'local'"):
            kvstore.create(name)
    with pytest.raises(ValueError, match="no store is called 'foo'; there are local, device"):
        kvstore.create("foo")
    with pytest.raises(TypeError, match="a string, not 3"):
        kvstore.create(3)


def test_stores_of_users():
    try:

        @kvstore.KVStoreBase.register
        class Mine(kvstore.KVStoreBase):
            pass

        store = kvstore.create("MINE")
        assert type(store) is Mine
        calls = [
            lambda: store.broadcast(1, 2, 3),
            lambda: store.pushpull(1, 2),
            lambda: store.set_optimizer(None),
            lambda: store.is_capable("optimizer"),
            lambda: store.save_optimizer_states("f"),
            lambda: store.load_optimizer_states("f"),
            lambda: store.type,
            lambda: store.rank,
            lambda: store.num_workers,
        ]
        for call in calls:
            with pytest.raises(NotImplementedError):
                call()
    finally:
        kvstore.KVStoreBase.kv_registry.pop("mine", None)
    with pytest.raises(TypeError, match="derived from KVStoreBase, not <class 'int'>"):
        kvstore.KVStoreBase.register(int)


# --- random -----------------------------------------------------------------------------------------------------------------------

SAMPLERS = [
    (random.uniform, (0, 2), scipy.stats.uniform(0, 2)),
    (random.normal, (3, 2), scipy.stats.norm(3, 2)),
    (random.exponential, (2,), scipy.stats.expon(scale=2)),
    (random.gamma, (2, 3), scipy.stats.gamma(2, scale=3)),
    (random.poisson, (4,), scipy.stats.poisson(4)),
    (random.binomial, (5, 0.3), scipy.stats.binom(5, 0.3)),
    (random.negative_binomial, (3, 0.4), scipy.stats.nbinom(3, 0.4)),
    (random.generalized_negative_binomial, (2, 0.3), scipy.stats.nbinom(1 / 0.3, 1 / 1.6)),
    (random.generalized_negative_binomial, (2, 0), scipy.stats.poisson(2)),
]


@pytest.mark.parametrize(("sampler", "parameters", "law"), SAMPLERS)
def test_samplers(sampler, parameters, law):
    random.seed(5)
    sample = sampler(*parameters, shape=(50, 400))
    assert (sample.shape, sample.dtype) == ((50, 400), numpy.float32)
    n = sample.size
    # Five standard errors of the mean and about that of the variance.
    assert abs(float(sample.mean()) - law.mean()) < 5 * law.std() / n**0.5
    kurtosis = float(law.stats("k")) + 3
    assert abs(float(sample.var()) - law.var()) < 5 * law.var() * ((kurtosis - 1) / n) ** 0.5
    random.seed(5)
    assert (sampler(*parameters, shape=(50, 400)) == sample).all()


@pytest.mark.parametrize(("sampler", "parameters", "law"), SAMPLERS)
def test_shapes_of_samples(sampler, parameters, law):
    assert sampler(*parameters).shape == (1,)
    assert sampler(*parameters, shape=3).shape == (3,)
    assert sampler(*parameters, shape=()).shape == ()
    assert sampler(*parameters, shape=(0, 2)).shape == (0, 2)
    assert sampler(*parameters, dtype="float64", ctx=cpu(0)).dtype == "float64"
    arrays = [np.full((2, 3), p) for p in parameters]
    assert sampler(*arrays, shape=(4,)).shape == (2, 3, 4)
    assert sampler(*arrays).shape == (2, 3)
    assert sampler(*arrays, device=cpu()).dtype == "float32"
    assert sampler(arrays[0], *parameters[1:], shape=2).shape == (2, 3, 2)
    assert sampler(*[numpy.asarray(a) for a in arrays], dtype="float32").shape == (2, 3)
    out = np.zeros((2, 2))
    assert sampler(*parameters, out=out) is out


def test_samples_belong_to_their_parameters():
    assert random.uniform(np.array([0, 5]), np.array([0, 5]), shape=3).tolist() == [[0, 0, 0], [5, 5, 5]]
    assert random.normal(np.array([1.0, 2.0], dtype="float64"), 0).dtype == "float64"
    assert random.normal([1, 2], 0, shape=2).tolist() == [[1, 1], [2, 2]]


def test_randint_and_randn():
    random.seed(1)
    draws = random.randint(2, 5, shape=(1000,))
    assert draws.dtype == "int32"
    assert sorted(set(draws.tolist())) == [2, 3, 4]
    assert random.randint(0, 9, dtype="int64").dtype == "int64"
    assert random.randint(0, 9).shape == (1,)
    x = random.randn(3, 4, loc=100, scale=1e-3, dtype="float64")
    assert (x.shape, x.dtype) == ((3, 4), numpy.float64)
    assert abs(x - 100).max() < 1e-2
    assert random.randn().shape == (1,)


def test_multinomial_and_categorical():
    n, p = np.array([3, 2]), np.array([[0.0, 1.0], [1.0, 0.0]])
    assert random.multinomial(n, p, shape=2).tolist() == [[[0, 3], [0, 3]], [[2, 0], [2, 0]]]
    out = np.zeros((2, 2), dtype="int32")
    assert random.multinomial(n, p, out=out) is out
    assert out.tolist() == [[0, 3], [2, 0]]
    assert random.multinomial().tolist() == [[1]]
    drawn, logs = random.categorical(np.array([[0.0, 1.0]]), shape=3, get_prob=True)
    assert (drawn.tolist(), logs.tolist()) == ([[1, 1, 1]], [[0, 0, 0]])
    assert random.categorical(np.array([0.0, 1.0])).tolist() == [1]
    out = np.zeros(1, dtype="int32")
    assert random.categorical(np.array([0.0, 1.0]), out=out) is out
    assert random.categorical(np.array([0.0, 1.0]), get_prob=True, out=out)[0] is out
    assert out.tolist() == [1]


def test_shuffle_returns_a_copy():
    random.seed(2)
    x = np.arange(40).reshape(20, 2)
    y = random.shuffle(x)
    assert x.tolist() == numpy.arange(40).reshape(20, 2).tolist()
    assert y.tolist() != x.tolist()
    assert sorted(y.tolist()) == x.tolist()
    out = np.zeros((20, 2))
    assert random.shuffle(x, out=out) is out
    assert sorted(out.tolist()) == x.tolist()


def test_bad_parameters():
    with pytest.raises(ValueError, match="normal"):
        random.normal(0, -1)
    with pytest.raises(ValueError, match="uniform"):
        random.uniform("a", 2)
    with pytest.raises(ValueError, match="uniform"):
        random.uniform(shape=-1)


def test_small_modules_are_cheap_to_import():
    program = "import sys; from mxnet import kvstore, log, profiler, registry, runtime; print(*{'scipy', 'numba'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


@pytest.mark.parametrize(
    ("name", "words"), [("nd", "mx.np"), ("sym", "HybridBlock"), ("mod", "Trainer"), ("symbol", "SymbolBlock")]
)
def test_what_mxnet_1_had_says_what_to_write(name, words):
    with pytest.raises(AttributeError, match=words):
        getattr(mxnet, name)
    assert not hasattr(mxnet, "nonsense")
