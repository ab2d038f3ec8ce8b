"""Initialisers: who fills what, formulas and distributions, names and JSON."""

import io
import itertools
import json
import logging
import math
import warnings

import numpy
import pytest
from scipy import stats

import mxnet as mx
from mxnet import initializer as init
from mxnet import np, npx
from mxnet.initializer import InitDesc

# Every class, with arguments that are not the defaults.
EXAMPLES = [
    init.Zero(),
    init.One(),
    init.Constant(2.5),
    init.Uniform(0.3),
    init.Normal(0.3),
    init.TruncNorm(1, 0.3),
    init.Xavier("gaussian", "in", 2.34),
    init.MSRAPrelu("out", 0.5),
    init.Orthogonal(2, "normal"),
    init.Bilinear(),
    init.LSTMBias(3),
    init.RNNFused("lstm", 2, 3, True, 2, "xavier", init.Normal(2), "zeros", init.Constant([1.0] * 12), init.One()),
    init.FusedRNN(init.Constant(5), 3, 2, "gru", True, 0.5),
]
ANY_SHAPE = [init.Zero(), init.One(), init.Constant(2.5), init.Uniform(0.3), init.Normal(0.3), init.TruncNorm(1, 0.3)]
WEIGHTS = [
    *ANY_SHAPE,
    init.Xavier(),
    init.Xavier("gaussian", "in"),
    init.MSRAPrelu(),
    init.Orthogonal(),
    init.Orthogonal(1, "normal"),
]


def name_of(example):
    return repr(example)[:40]


def filled(initializer, shape, name="weight", dtype="float32", own=None):
    arr = np.full(shape, 7, dtype=dtype)
    initializer(InitDesc(name, {"__init__": own}), arr)
    return arr


@init.register
class Recorder(init.Initializer):
    """Fills the k-th array that it gets with k, and keeps a list of names and shapes."""

    def __init__(self, first=1):
        super().__init__(first=first)
        self.calls = []
        self.numbers = itertools.count(first)

    def _init_weight(self, name, arr):
        self.calls.append((str(name), arr.shape))
        arr[:] = next(self.numbers)


# --- names ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("weight", 3),
        ("0.conv.weight", 3),
        ("dense0_weight", 3),
        ("bias", 0),
        ("lstm_i2h_bias", 0),
        ("beta", 0),
        ("gamma", 1),
        ("x_min", 0),
        ("x_max", 1),
    ],
)
def test_the_name_decides(name, expected):
    assert filled(init.Constant(3), (2,), name).tolist() == [expected] * 2
    plain = np.zeros(2)
    init.Constant(3)(name, plain)  # as in MXNet 1: a name that is no InitDesc
    assert plain.tolist() == [expected] * 2


@pytest.mark.parametrize("name", ["running_mean", "running_var", "moving_mean", "foo", "rnn_param", "weights", ""])
def test_an_unknown_name(name):
    arr = np.full(2, 7)
    with pytest.raises(ValueError, match="give the parameter an initializer of its own"):
        init.Constant(3)(InitDesc(name), arr)
    assert arr.tolist() == [7, 7]


@pytest.mark.parametrize("own", ["ones", '["constant", {"value": 1}]', init.One(), lambda name, arr: arr.__setitem__(..., 1)])
@pytest.mark.parametrize("name", ["weight", "bias", "beta", "foo"])
def test_the_parameters_own_initialiser_wins(own, name):
    assert filled(init.Constant(3), (2,), name, own=own).tolist() == [1, 1]


def test_no_own_initialiser():
    assert filled(init.Constant(3), (2,), own=None).tolist() == [3, 3]


def test_an_own_initialiser_learns_of_the_global_one_and_may_call_it():
    class Doubled(init.Initializer):
        def _init_weight(self, name, arr):
            assert name.attrs == {"note": "kept"}
            name.global_init(name, arr)
            arr[:] *= 2

    arr = np.zeros(2)
    desc = InitDesc("weight", {"__init__": Doubled(), "note": "kept"})
    init.Constant(3)(desc, arr)
    assert arr.tolist() == [6, 6]
    assert desc.attrs.keys() == {"__init__", "note"}
    assert desc.global_init is None


def test_desc():
    desc = InitDesc("weight", {"a": 1}, init.Zero())
    assert isinstance(desc, str)
    assert desc == "weight"
    assert desc.attrs == {"a": 1}
    assert desc.global_init == init.Zero()
    assert InitDesc("weight").attrs == {}
    assert InitDesc("weight").global_init is None


def test_a_name_that_is_none():
    with pytest.raises(TypeError, match="the name of the array comes first"):
        init.Zero()(np.zeros(2), "weight")


# --- user-defined -----------------------------------------------------------------------------------------------------------------


def test_own_class_for_weights():
    class Mine(init.Initializer):
        def _init_weight(self, name, data):
            data[:] = np.random.uniform(-10, 10, data.shape)
            data *= np.abs(data) >= 5

    values = numpy.abs(filled(Mine(), (40, 5)).asnumpy())
    assert ((values == 0) | ((values >= 5) & (values <= 10))).all()
    assert 0 < (values == 0).mean() < 1
    assert filled(Mine(), (2,), "bias").tolist() == [0, 0]
    assert repr(Mine()) == "Mine()"


def test_own_class_with_a_default_only():
    class Default(init.Initializer):
        def _init_default(self, name, arr):
            arr[:] = 4

    assert filled(Default(), (2,)).tolist() == [4, 4]
    assert filled(Default(), (2,), "foo").tolist() == [4, 4]
    assert filled(Default(), (2,), "bias").tolist() == [0, 0]
    assert filled(init.Zero(), (2,), "bias", own=Default()).tolist() == [4, 4]


def test_own_class_for_other_suffixes():
    class Biased(init.Constant):
        def _init_bias(self, name, arr):
            arr[:] = 8

    assert filled(Biased(3), (2,), "bias").tolist() == [8, 8]
    assert filled(Biased(3), (2,), "weight").tolist() == [3, 3]


def test_own_call():
    class Called(init.Initializer):
        def __call__(self, name, arr):
            assert isinstance(name, InitDesc)
            arr[:] = 5

    assert filled(Called(), (2,), "bias").tolist() == [5, 5]
    assert filled(init.Zero(), (2,), "foo", own=Called()).tolist() == [5, 5]


def test_own_class_without_anything():
    class Nothing(init.Initializer):
        pass

    for call in (lambda: filled(Nothing(), (2,)), lambda: filled(init.Zero(), (2,), own=Nothing())):
        with pytest.raises(NotImplementedError, match="Nothing has to define _init_weight"):
            call()


def test_own_class_that_does_not_call_the_base():
    class Silent(init.Initializer):
        def __init__(self, a):
            self.a = a

        def _init_weight(self, name, arr):
            arr[:] = self.a

    silent = Silent(3)
    assert filled(silent, (2,)).tolist() == [3, 3]
    assert repr(silent) == "Silent()"
    assert silent == silent
    assert Silent(3) != Silent(4)
    with pytest.raises(TypeError, match=r"Silent\.__init__ has to hand on its arguments"):
        silent.dumps()


# --- the registry, JSON, equality -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", EXAMPLES, ids=name_of)
def test_json_there_and_back(example):
    name, arguments = json.loads(example.dumps())
    assert name == type(example).__name__.lower()
    again = init.create(example.dumps())
    assert type(again) is type(example)
    assert again == example
    assert again is not example
    assert again.dumps() == example.dumps()
    assert set(arguments) == set(example._kwargs)


def test_json_as_in_the_original():
    assert init.Zero().dumps() == '["zero", {}]'
    assert init.Xavier().dumps() == '["xavier", {"rnd_type": "uniform", "factor_type": "avg", "magnitude": 3}]'
    assert init.MSRAPrelu().dumps() == '["msraprelu", {"factor_type": "avg", "slope": 0.25}]'
    assert init.Orthogonal().dumps() == '["orthogonal", {"scale": 1.414, "rand_type": "uniform"}]'
    assert init.Constant(np.array([1, 2])).dumps() == '["constant", {"value": [1.0, 2.0]}]'
    assert init.FusedRNN("zeros", 3, 1, "lstm").dumps() == (
        '["fusedrnn", {"init": "[\\"zero\\", {}]", "num_hidden": 3, "num_layers": 1, "mode": "lstm", '
        '"bidirectional": false, "forget_bias": 1.0}]'
    )
    assert json.loads(init.RNNFused("gru", 2, 3).dumps()) == [
        "rnnfused",
        {
            "mode": "gru",
            "num_layers": 2,
            "state_size": 3,
            "bidirectional": False,
            "projection_size": None,
            "i2h_weight_initializer": None,
            "h2h_weight_initializer": None,
            "i2h_bias_initializer": None,
            "h2h_bias_initializer": None,
            "h2r_weight_initializer": None,
        },
    ]


def test_what_is_not_json():
    with pytest.raises(TypeError, match="cannot be written in JSON"):
        init.FusedRNN(lambda name, arr: None, 3, 1, "lstm").dumps()


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(EXAMPLES, 2)), ids=lambda example: type(example).__name__)
def test_different_ones_differ(one, other):
    assert one != other


def test_equality():
    assert init.Zero() == init.Zero()
    assert init.Xavier() == init.Xavier(magnitude=3.0)
    assert init.Xavier() != init.Xavier(magnitude=2)
    assert init.Zero() != init.One()
    assert init.Zero() != "zero"
    assert init.Xavier("gaussian", magnitude=2 / (1 + 0.25**2)) != init.MSRAPrelu()
    assert init.Constant(np.array([1, 2])) == init.Constant(numpy.array([1, 2])) == init.Constant([1, 2])
    assert init.Constant(np.array([1, 2])) != init.Constant(np.array([1, 3]))


def test_repr():
    assert repr(init.Xavier(magnitude=2)) == "Xavier(rnd_type='uniform', factor_type='avg', magnitude=2)"
    assert repr(init.Zero()) == "Zero()"
    assert repr(init.Mixed(["a", ".*"], ["zeros", init.Normal()])) == "Mixed(['a', '.*'], [Zero(), Normal(sigma=0.01)])"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("zero", init.Zero),
        ("zeros", init.Zero),
        ("Zeros", init.Zero),
        ("ONES", init.One),
        ("one", init.One),
        ("uniform", init.Uniform),
        ("normal", init.Normal),
        ("truncnorm", init.TruncNorm),
        ("Xavier", init.Xavier),
        ("MSRAPrelu", init.MSRAPrelu),
        ("orthogonal", init.Orthogonal),
        ("bilinear", init.Bilinear),
        ("lstmbias", init.LSTMBias),
    ],
)
def test_create_by_name(name, expected):
    assert type(init.create(name)) is expected


def test_create_with_arguments():
    assert (
        init.create("normal", 3) == init.create("normal", sigma=3) == init.create(initializer="normal", sigma=3) == init.Normal(3)
    )
    assert init.create('["normal", {"sigma": 4}]') == init.Normal(4)
    assert init.create('["normal", {"sigma": 4}]', sigma=5) == init.Normal(5)
    xavier = init.Xavier()
    assert init.create(xavier) is xavier
    assert init.create(len) is len


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            ("xvier",),
            ValueError,
            r"init.create: no initializer is called 'xvier' \(did you mean 'xavier'\?\); there are bilinear, constant",
        ),
        (("foo",), ValueError, "no initializer is called 'foo'; there are"),
        (("",), ValueError, "no initializer is called ''"),
        (("[1",), ValueError, 'an initializer in JSON is \\["name", {"argument": value}\\], not \\[1'),
        (("[]",), ValueError, "an initializer in JSON"),
        (('["zero", 3]',), ValueError, "an initializer in JSON"),
        ((init.Zero(), 3), ValueError, "is an initializer already"),
        ((init.Xavier,), TypeError, r"write Xavier\(\)"),
        ((3,), TypeError, r"write mx\.init\.Constant\(value\)"),
        ((None,), TypeError, "not None"),
        ((numpy.ones(2),), TypeError, r"Constant\(value\)"),
        (("constant",), TypeError, "value"),
    ],
)
def test_create_refuses(arguments, error, message):
    with pytest.raises(error, match=message):
        init.create(*arguments)


def test_register_and_alias():
    @init.register
    class Registered(init.Constant):
        pass

    assert init.create("registered", 3) == Registered(3)
    assert filled(init.Zero(), (1,), own=Registered(4).dumps()).tolist() == [4]

    @init.alias("Other name", "third")
    class Aliased(init.Zero):
        pass

    assert type(init.create("other NAME")) is type(init.create("third")) is Aliased
    with pytest.raises(ValueError, match="no initializer is called 'aliased'"):
        init.create("aliased")


def test_a_class_defined_anew_and_one_of_another_origin():
    def again():
        @init.register
        class Anew(init.Zero):
            pass

        return Anew

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again()
        latest = again()
    assert type(init.create("anew")) is latest

    with pytest.warns(UserWarning, match="'anew' was .* and is now") as caught:
        init.alias("Anew")(Recorder)
    assert caught[0].filename == __file__
    assert type(init.create("anew")) is Recorder


@pytest.mark.parametrize("thing", [3, int, init.Zero(), init.Mixed, lambda: None])
def test_only_initialisers_are_registered(thing):
    for decorator in (init.register, init.alias("thing")):
        with pytest.raises(TypeError, match="only a subclass of Initializer"):
            decorator(thing)


# --- arrays -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("initializer", WEIGHTS, ids=name_of)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_dtypes_and_memory(initializer, dtype):
    base = np.full((6, 8), 7, dtype=dtype)
    view = base[1::2, ::-2]
    assert initializer("weight", view) is None
    assert base.dtype == view.dtype == dtype
    assert numpy.isfinite(base.asnumpy()).all()
    assert (base[1::2, 1::2].asnumpy() != 7).all()
    assert (base[::2].asnumpy() == 7).all()
    assert (base[:, ::2].asnumpy() == 7).all()


@pytest.mark.parametrize("initializer", WEIGHTS, ids=name_of)
@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0), (2, 3, 0)])
def test_size_zero(initializer, shape):
    assert filled(initializer, shape).shape == shape


@pytest.mark.parametrize("initializer", ANY_SHAPE, ids=name_of)
@pytest.mark.parametrize("shape", [(), (0,), (3,)])
def test_less_than_two_dimensions(initializer, shape):
    assert not (filled(initializer, shape).asnumpy() == 7).any()


@pytest.mark.parametrize("initializer", WEIGHTS[6:], ids=name_of)
@pytest.mark.parametrize("shape", [(), (3,)])
def test_matrices_only(initializer, shape):
    with pytest.raises(ValueError, match=rf"{type(initializer).__name__} is for weights of two dimensions at least"):
        filled(initializer, shape)


def test_numpy_arrays_and_integers():
    arr = numpy.zeros((2, 3))
    init.One()("weight", arr)
    assert (arr == 1).all()
    assert filled(init.Constant(3), (2,), dtype="int32").tolist() == [3, 3]
    with pytest.raises(TypeError, match="float dtype"):
        filled(init.Orthogonal(), (2, 2), dtype="int32")


@pytest.mark.parametrize("initializer", WEIGHTS[3:], ids=name_of)
@pytest.mark.parametrize("seed", [np.random.seed, npx.random.seed, mx.random.seed])
def test_one_seed(initializer, seed):
    seed(3)
    first = filled(initializer, (4, 5))
    other = filled(initializer, (4, 5))
    seed(3)
    assert (filled(initializer, (4, 5)) == first).all()
    assert (first != other).any()


# --- constants --------------------------------------------------------------------------------------------------------------------


def test_constant_values():
    assert filled(init.Constant(-0.5), (2,)).tolist() == [-0.5, -0.5]
    for value in ([1, 2, 3], np.array([1, 2, 3]), numpy.array([1, 2, 3])):
        assert filled(init.Constant(value), (2, 3)).tolist() == [[1, 2, 3]] * 2
    with pytest.raises(ValueError, match="broadcast"):
        filled(init.Constant([1, 2, 3]), (2, 2))


# The original's rows for square kernels; for others it takes the width for the height, too.
@pytest.mark.parametrize(
    ("size", "row"),
    [
        (1, [1]),
        (2, [1, 0]),
        (3, [0.25, 0.75, 0.75]),
        (4, [0.25, 0.75, 0.75, 0.25]),
        (5, [1 / 3, 2 / 3, 1, 2 / 3, 1 / 3]),
        (6, [1 / 3, 2 / 3, 1, 2 / 3, 1 / 3, 0]),
    ],
)
def test_bilinear_rows(size, row):
    numpy.testing.assert_allclose(filled(init.Bilinear(), (2, 3, size), dtype="float64").asnumpy()[1, 2], row, rtol=1e-15)
    kernel = filled(init.Bilinear(), (2, 3, size, 4), dtype="float64").asnumpy()
    numpy.testing.assert_allclose(kernel[1, 2], numpy.outer(row, [0.25, 0.75, 0.75, 0.25]), rtol=1e-15)
    assert (kernel == kernel[0, 0]).all()
    cube = filled(init.Bilinear(), (1, 1, size, 3, 1), dtype="float64").asnumpy()
    numpy.testing.assert_allclose(cube[0, 0, :, :, 0], numpy.outer(row, [0.25, 0.75, 0.75]), rtol=1e-15)


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_bilinear_upsampling_keeps_a_plane(scale):
    kernel = filled(init.Bilinear(), (1, 1, 2 * scale - scale % 2, 2 * scale - scale % 2))
    y, x = numpy.mgrid[:6, :7].astype("float32")
    image = np.array((2 * x - 3 * y)[None, None])
    pad = math.ceil((scale - 1) / 2)
    large = npx.deconvolution(
        image, kernel, kernel=kernel.shape[2:], stride=(scale, scale), pad=(pad, pad), num_filter=1, no_bias=True
    ).asnumpy()[0, 0]
    inside = large[2 * scale : -2 * scale, 2 * scale : -2 * scale]
    numpy.testing.assert_allclose(numpy.diff(inside, axis=1), 2 / scale, atol=1e-5)
    numpy.testing.assert_allclose(numpy.diff(inside, axis=0), -3 / scale, atol=1e-5)


def test_bilinear_refuses_a_matrix():
    with pytest.raises(ValueError, match="Bilinear: 'weight' is the weight of a convolution"):
        filled(init.Bilinear(), (2, 3))
    assert filled(init.Bilinear(), (2, 3, 0, 3)).shape == (2, 3, 0, 3)


def test_lstm_bias():
    assert filled(init.LSTMBias(), (8,)).tolist() == [0, 0, 1, 1, 0, 0, 0, 0]
    assert filled(init.Zero(), (4,), "i2h_bias", own=init.LSTMBias(2.5)).tolist() == [0, 2.5, 0, 0]
    assert filled(init.LSTMBias(3), (4,), "i2h_bias").tolist() == [0, 0, 0, 0]  # as the initialiser of a whole network
    assert filled(init.LSTMBias(), (0,)).shape == (0,)
    for shape in [(10,), ()]:
        with pytest.raises(ValueError, match="LSTMBias: 'weight' has shape"):
            filled(init.LSTMBias(), shape)


# --- distributions ----------------------------------------------------------------------------------------------------------------


def assert_distributed(values, distribution):
    assert stats.kstest(values.asnumpy().ravel().astype("float64"), distribution.cdf).pvalue > 1e-3


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("initializer", "distribution"),
    [
        (init.Uniform(), stats.uniform(-0.07, 0.14)),
        (init.Uniform(3), stats.uniform(-3, 6)),
        (init.Normal(), stats.norm(0, 0.01)),
        (init.Normal(3), stats.norm(0, 3)),
        (init.TruncNorm(), stats.truncnorm(-2, 2, 0, 0.01)),
        (init.TruncNorm(1, 0.5), stats.truncnorm(-2, 2, 1, 0.5)),
    ],
    ids=name_of,
)
def test_distributions(initializer, distribution, dtype):
    np.random.seed(1)
    assert_distributed(filled(initializer, (100, 200), dtype=dtype), distribution)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_truncated_stays_inside(dtype):
    np.random.seed(2)
    values = filled(init.TruncNorm(0, 1), (400, 500), dtype=dtype).asnumpy()
    assert numpy.abs(values).max() <= 2
    assert numpy.abs(values).max() > 1.99
    assert values.std(dtype="float64") == pytest.approx(stats.truncnorm(-2, 2).std(), abs=0.005)


FANS = [
    ((40, 30), 30, 40),
    ((20, 30, 5), 150, 100),
    ((20, 30, 3, 5), 450, 300),
    ((20, 10, 2, 3, 4), 240, 480),
]


@pytest.mark.parametrize(("shape", "fan_in", "fan_out"), FANS)
@pytest.mark.parametrize("factor_type", ["avg", "in", "out"])
@pytest.mark.parametrize("magnitude", [3, 2.34])
def test_xavier(shape, fan_in, fan_out, factor_type, magnitude):
    np.random.seed(3)
    fan = {"avg": (fan_in + fan_out) / 2, "in": fan_in, "out": fan_out}[factor_type]
    s = math.sqrt(magnitude / fan)
    assert_distributed(filled(init.Xavier("uniform", factor_type, magnitude), shape), stats.uniform(-s, 2 * s))
    assert_distributed(filled(init.Xavier("gaussian", factor_type, magnitude), shape), stats.norm(0, s))


# The greatest of the original's numbers for Xavier(): below the bound, and near it.
@pytest.mark.parametrize(
    ("shape", "greatest"),
    [((40, 30), 0.292703), ((20, 30, 5), 0.154916), ((20, 30, 3, 5), 0.0893940), ((20, 10, 2, 3, 4), 0.0912826)],
)
def test_xavier_bound_of_the_original(shape, greatest):
    np.random.seed(4)
    assert numpy.abs(filled(init.Xavier(), shape).asnumpy()).max() == pytest.approx(greatest, rel=1e-2)


@pytest.mark.parametrize(("shape", "fan_in", "fan_out"), FANS[::2])
@pytest.mark.parametrize("slope", [0, 0.25, 1])
def test_msra(shape, fan_in, fan_out, slope):
    np.random.seed(5)
    for factor_type, fan in (("in", fan_in), ("out", fan_out), ("avg", (fan_in + fan_out) / 2)):
        values = filled(init.MSRAPrelu(factor_type, slope), shape)
        assert_distributed(values, stats.norm(0, math.sqrt(2 / (1 + slope**2) / fan)))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: init.Xavier("normal"), "Xavier: rnd_type is one of 'uniform', 'gaussian', not 'normal'"),
        (lambda: init.Xavier(factor_type="mean"), "Xavier: factor_type is one of 'avg', 'in', 'out', not 'mean'"),
        (lambda: init.Xavier(magnitude=-1), "Xavier: magnitude is a variance"),
        (lambda: init.Xavier(magnitude=math.nan), "magnitude"),
        (lambda: init.MSRAPrelu("both"), "MSRAPrelu: factor_type"),
        (lambda: init.Orthogonal(rand_type="gaussian"), "Orthogonal: rand_type is one of 'uniform', 'normal', not 'gaussian'"),
    ],
)
def test_arguments_are_checked_at_once(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("rand_type", ["uniform", "normal"])
@pytest.mark.parametrize(("dtype", "tolerance"), [("float16", 4e-3), ("float32", 2e-6), ("float64", 1e-14)])
@pytest.mark.parametrize("shape", [(5, 5), (3, 7), (7, 3), (1, 4), (4, 1), (6, 2, 3), (8, 2, 3, 3)])
def test_orthogonal(shape, dtype, tolerance, rand_type):
    matrix = filled(init.Orthogonal(2, rand_type), shape, dtype=dtype).asnumpy().reshape(shape[0], -1).astype("float64")
    if matrix.shape[0] > matrix.shape[1]:
        matrix = matrix.T
    numpy.testing.assert_allclose(matrix @ matrix.T, 4 * numpy.eye(len(matrix)), atol=4 * tolerance)


def test_orthogonal_default_scale():
    matrix = filled(init.Orthogonal(), (3, 5), dtype="float64").asnumpy()
    numpy.testing.assert_allclose(matrix @ matrix.T, 1.414**2 * numpy.eye(3), atol=1e-14)


def test_orthogonal_from_normal_numbers_is_spread_evenly():
    np.random.seed(6)
    matrices = numpy.stack([filled(init.Orthogonal(1, "normal"), (2, 2), dtype="float64").asnumpy() for _ in range(1000)])
    for column in (0, 1):
        angles = numpy.arctan2(matrices[:, 1, column], matrices[:, 0, column])
        assert stats.kstest(angles, stats.uniform(-math.pi, 2 * math.pi).cdf).pvalue > 1e-3
    assert stats.binomtest(int((numpy.linalg.det(matrices) > 0).sum()), 1000).pvalue > 1e-3


# --- recurrent layers -------------------------------------------------------------------------------------------------------------


def blocks(mode, inputs, size, layers, directions="l", projection=None):
    """Names and shapes in the vector, written down for each layer."""
    rows, output = {"lstm": 4, "gru": 3}.get(mode, 1) * size, projection or size
    weights, biases = [], []
    for layer in range(layers):
        for d in directions:
            weights.append((f"{d}{layer}_i2h_weight", (rows, len(directions) * output if layer else inputs)))
            weights.append((f"{d}{layer}_h2h_weight", (rows, output)))
            weights.extend([(f"{d}{layer}_h2r_weight", (projection, size))] if projection else [])
            biases.extend([(f"{d}{layer}_i2h_bias", (rows,)), (f"{d}{layer}_h2h_bias", (rows,))])
    return weights + biases


def size_of(parts):
    return sum(math.prod(shape) for _, shape in parts)


CASES = [
    ("rnn_relu", 2, 3, 1, "l", None),
    ("rnn_tanh", 2, 3, 2, "lr", None),
    ("gru", 5, 3, 3, "l", None),
    ("lstm", 1, 1, 1, "l", None),
    ("lstm", 2, 3, 2, "lr", None),
    ("lstm", 4, 3, 2, "lr", 2),
]


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize(
    "initializer", [init.Xavier(), init.Orthogonal(), init.Normal(0.2), init.Uniform(), "msraprelu"], ids=name_of
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_block_as_if_it_stood_alone(case, initializer, dtype):
    mode, _, size, layers, directions, projection = case
    fused = init.RNNFused(mode, layers, size, len(directions) == 2, projection, i2h_bias_initializer="zeros")
    parts = blocks(*case)
    initializer = init.create(initializer)
    np.random.seed(7)
    vector = filled(initializer, (size_of(parts),), "rnn_param", dtype, own=fused)
    np.random.seed(7)
    alone = [filled(initializer, shape, name, dtype).reshape(-1) for name, shape in parts]
    assert vector.dtype == dtype
    assert (vector == np.concatenate(alone)).all()


def test_blocks_are_named():
    recorder = Recorder()
    filled(recorder, (684,), "rnn_param", own=init.RNNFused("lstm", 2, 3, True, 5))
    assert recorder.calls == [part for part in blocks("lstm", 2, 3, 2, "lr", 5) if part[0].endswith("weight")]


def test_own_initialisers_of_parts_win():
    owns = [init.Constant(k) for k in range(1, 6)]
    fused = init.RNNFused("lstm", 1, 3, False, 2, *owns)
    parts = blocks("lstm", 4, 3, 1, projection=2)
    number = {"i2h_weight": 1, "h2h_weight": 2, "i2h_bias": 3, "h2h_bias": 4, "h2r_weight": 5}
    expected = [number[name[3:]] for name, shape in parts for _ in range(math.prod(shape))]
    assert filled(init.Xavier(), (size_of(parts),), "rnn_param", own=fused).tolist() == expected
    assert filled(fused, (size_of(parts),), "rnn_param").tolist() == expected


def test_a_plain_function_for_the_network_leaves_parts_with_their_own_alone():
    def fives(name, arr):
        arr[:] = 5

    fused = init.RNNFused("rnn_tanh", 1, 1, h2h_weight_initializer="ones", i2h_bias_initializer=lambda name, arr: arr.fill(2))
    vector = np.zeros(4)
    fused(InitDesc("rnn_param", global_init=fives), vector)
    assert vector.tolist() == [5, 1, 2, 5]


def test_lstm_bias_in_a_layer():
    fused = init.RNNFused("lstm", 1, 2, i2h_bias_initializer=init.LSTMBias(), h2h_bias_initializer="zeros")
    vector = filled(init.Xavier(), (8 * (3 + 2) + 16,), "rnn_param", own=fused)
    assert vector[-16:].tolist() == [0, 0, 1, 1, 0, 0, 0, 0] + [0] * 8


def test_without_any_other_initialiser_weights_are_uniform():
    np.random.seed(8)
    values = filled(init.RNNFused("gru", 1, 50), (150 * 52 + 150 * 50,), "rnn_param")
    assert_distributed(values[:-300], stats.uniform(-0.07, 0.14))
    assert not values[-300:].any()


def test_set_initializer():
    fused = init.RNNFused("rnn_tanh", 1, 1, h2h_weight_initializer="ones")
    fused.set_initializer("zeros")
    assert filled(init.Constant(5), (4,), "rnn_param", own=fused).tolist() == [0, 1, 0, 0]
    assert fused == init.RNNFused("rnn_tanh", 1, 1, h2h_weight_initializer="ones")


def reference(parts, x, mode, size, layers, directions):
    """The outputs of a recurrent layer, from its named blocks."""
    sigmoid = lambda a: 1 / (1 + numpy.exp(-a))  # noqa: E731
    for layer in range(layers):
        sides = []
        for d in directions:
            wx, wh, bx, bh = (parts[f"{d}{layer}_{part}"] for part in ("i2h_weight", "h2h_weight", "i2h_bias", "h2h_bias"))
            wr = parts.get(f"{d}{layer}_h2r_weight", numpy.eye(size))
            h, c, outputs = numpy.zeros(len(wr)), numpy.zeros(size), []
            for step in x if d == "l" else x[::-1]:
                a = wx @ step + bx + wh @ h + bh
                if mode == "lstm":
                    i, f, g, o = numpy.split(a, 4)
                    c = sigmoid(f) * c + sigmoid(i) * numpy.tanh(g)
                    h = wr @ (sigmoid(o) * numpy.tanh(c))
                else:
                    h = numpy.tanh(a)
                outputs.append(h)
            sides.append(outputs if d == "l" else outputs[::-1])
        x = numpy.concatenate(sides, axis=1)
    return x


@pytest.mark.parametrize("case", [CASES[1], CASES[4], CASES[5]], ids=str)
def test_the_order_is_that_of_npx_rnn(case):
    mode, inputs, size, layers, directions, projection = case
    parts = {}

    def remember(name, arr):
        arr[...] = np.random.normal(0, 1, arr.shape, dtype="float64")
        parts[str(name)] = arr.asnumpy().copy()

    vector = np.zeros(size_of(blocks(*case)), dtype="float64")
    init.RNNFused(mode, layers, size, len(directions) == 2, projection)(InitDesc("rnn_param", global_init=remember), vector)
    assert list(parts) == [name for name, _ in blocks(*case)]
    x = np.random.normal(0, 1, (3, 1, inputs), dtype="float64")
    state = np.zeros((layers * len(directions), 1, projection or size), dtype="float64")
    cell = np.zeros((layers * len(directions), 1, size), dtype="float64") if mode == "lstm" else None
    y = npx.rnn(
        x,
        vector,
        state,
        cell,
        mode=mode,
        state_size=size,
        num_layers=layers,
        bidirectional=len(directions) == 2,
        projection_size=projection,
    )
    expected = reference(parts, x.asnumpy()[:, 0], mode, size, layers, directions)
    numpy.testing.assert_allclose(y.asnumpy()[:, 0], expected, rtol=1e-12)


@pytest.mark.parametrize("shape", [(83,), (85,), (59,), (0,), (), (7, 12)])
def test_a_vector_of_another_size(shape):
    arr = np.full(shape, 7)
    with pytest.raises(ValueError, match=r"is for a vector of 60 \+ 12 · input_size values, but 'rnn_param' has shape"):
        init.RNNFused("lstm", 1, 3)(InitDesc("rnn_param"), arr)
    assert (arr == 7).all()


def test_nothing_is_half_done():
    def fails(name, arr):
        arr[...] = 0
        if name.endswith("h2h_weight"):
            raise ValueError("no")

    vector = np.full(4, 7)
    with pytest.raises(ValueError, match="no"):
        init.RNNFused("rnn_tanh", 1, 1)(InitDesc("rnn_param", global_init=fails), vector)
    assert vector.tolist() == [7] * 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("LSTM", 1, 2), "RNNFused: mode is one of 'rnn_relu', 'rnn_tanh', 'lstm', 'gru', not 'LSTM'"),
        (("lstm", 0, 2), "RNNFused: num_layers is a whole number above 0, not 0"),
        (("lstm", 1, 0), "RNNFused: state_size"),
        (("lstm", 1, 2, False, -1), "RNNFused: projection_size"),
        (("lstm", 1, 2, False, None, "nonsense"), "no initializer is called 'nonsense'"),
    ],
)
def test_rnn_fused_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        init.RNNFused(*arguments)


# Names and shapes from MXNet 1.9.1.
@pytest.mark.parametrize(("mode", "gates"), [("lstm", ["_i", "_f", "_c", "_o"]), ("gru", ["_r", "_z", "_o"]), ("rnn_tanh", [""])])
@pytest.mark.parametrize("directions", ["l", "lr"])
def test_gate_by_gate(mode, gates, directions):
    recorder = Recorder()
    fused = init.FusedRNN(None, 3, 1, mode, len(directions) == 2, forget_bias=0.5)
    vector = filled(recorder, (len(directions) * len(gates) * 3 * (2 + 3 + 2),), "lstm_parameters", own=fused)
    assert recorder.calls == [
        (f"{d}0_{way}{gate}_weight", (3, width)) for d in directions for way, width in (("i2h", 2), ("h2h", 3)) for gate in gates
    ]
    weights = [k for k, (_, shape) in enumerate(recorder.calls, 1) for _ in range(math.prod(shape))]
    bias = [0.5 if gate == "_f" else 0 for gate in gates for _ in range(3)]
    assert vector.tolist() == weights + 2 * len(directions) * bias


def test_gate_by_gate_with_an_initialiser_of_its_own():
    fused = init.FusedRNN(init.Constant(5), 1, 1, "gru")
    assert filled(init.One(), (3 * 4,), "parameters", own=fused).tolist() == [5] * 6 + [0] * 6
    np.random.seed(9)
    gates = filled(init.FusedRNN("orthogonal", 4, 1, "lstm"), (4 * 4 * (4 + 4 + 2),), "parameters").asnumpy()[:128].reshape(8, 4, 4)
    numpy.testing.assert_allclose(gates @ gates.transpose(0, 2, 1), numpy.tile(1.414**2 * numpy.eye(4), (8, 1, 1)), atol=3e-6)


# --- several in one ---------------------------------------------------------------------------------------------------------------


def test_mixed():
    mixed = init.Mixed(["embed", ".*_x_", "^w"], ["zeros", init.Constant(2), init.One()])
    assert filled(mixed, (2,), "embed.weight").tolist() == [0, 0]
    assert filled(mixed, (2,), "a_x_weight").tolist() == [2, 2]
    assert filled(mixed, (2,), "weight").tolist() == [1, 1]
    assert filled(mixed, (2,), "a_x_bias").tolist() == [0, 0]
    assert filled(mixed, (2,), "weight", own=init.Constant(4)).tolist() == [4, 4]
    with pytest.raises(ValueError, match=r"none of the patterns 'embed', '\.\*_x_', '\^w' matches 'the_weight'"):
        filled(mixed, (2,), "the_weight")
    assert init.create(mixed) is mixed
    layer = init.Mixed(["rnn", ".*"], ["ones", "zeros"])
    assert filled(layer, (4,), "rnn_param", own=init.RNNFused("rnn_tanh", 1, 1)).tolist() == [1, 1, 0, 0]


def test_mixed_needs_as_many_of_both():
    with pytest.raises(ValueError, match="every pattern needs an initializer; there are 1 and 2"):
        init.Mixed(["a"], ["zeros", "ones"])
    with pytest.raises(ValueError, match="no initializer is called"):
        init.Mixed(["a"], ["nonsense"])


def test_load():
    load = init.Load({"arg:weight": np.array([1, 2]), "aux:mean": numpy.array([3.0, 4.0]), "plain": np.array([5, 6])})
    assert filled(load, (2,), "weight").tolist() == [1, 2]
    assert filled(load, (2,), "mean").tolist() == [3, 4]
    assert filled(load, (2,), "plain").tolist() == [5, 6]
    assert filled(load, (2,), "plain", dtype="float16").dtype == "float16"
    arr = np.full(3, 7)
    with pytest.raises(ValueError, match=r"Load: 'weight' has shape \(3,\), but the array loaded for it \(2,\)"):
        load("weight", arr)
    with pytest.raises(ValueError, match=r"Load: 'bias' is not among the names loaded \(weight, mean, plain\)"):
        load("bias", arr)
    assert arr.tolist() == [7, 7, 7]


def test_load_with_a_default():
    load = init.Load({"weight": np.array([1, 2])}, default_init=init.Constant(3))
    assert filled(load, (3,), "other_weight").tolist() == [3, 3, 3]
    assert filled(load, (3,), "foo", own="ones").tolist() == [1, 1, 1]
    assert filled(init.Load({}, "ones"), (3,)).tolist() == [1, 1, 1]


def test_load_from_a_file(tmp_path):
    path = tmp_path / "values.npz"
    npx.savez(path, **{"arg:weight": np.array([1, 2])})
    for file in (path, str(path), io.BytesIO(path.read_bytes())):
        assert filled(init.Load(file), (2,)).tolist() == [1, 2]
    npx.save(tmp_path / "single.npy", np.array([1, 2]))
    with pytest.raises(ValueError, match="single array without a name"):
        init.Load(tmp_path / "single.npy")
    with pytest.raises(FileNotFoundError):
        init.Load(tmp_path / "missing.npz")


# --- what is logged ---------------------------------------------------------------------------------------------------------------


def messages(caplog, act):
    with caplog.at_level(logging.INFO):
        caplog.clear()
        act()
        return [record.getMessage() for record in caplog.records]


def test_verbosity(caplog):
    constant = init.Constant(-3)
    assert constant.set_verbosity(True) is constant
    assert messages(caplog, lambda: filled(constant, (2, 3))) == ["Initialized weight as weight: 3.0"]
    assert messages(caplog, lambda: filled(constant, (2,), "x_bias")) == ["Initialized x_bias as bias: 0.0"]
    assert messages(caplog, lambda: filled(constant, (2,), "bias", own="ones")) == ["Initialized bias as ones: 1.0"]
    constant.set_verbosity(True, lambda arr: f"{arr.shape}")
    assert messages(caplog, lambda: filled(constant, (2, 3))) == ["Initialized weight as weight: (2, 3)"]
    constant.set_verbosity()
    assert messages(caplog, lambda: filled(constant, (2, 3))) == []


def test_verbosity_of_load(caplog):
    load = init.Load({"weight": np.array([1, 2])}, "ones", verbose=True)
    assert messages(caplog, lambda: filled(load, (2,))) == ["Initialized weight by loading"]
    assert messages(caplog, lambda: filled(load, (2,), "z_weight")) == ["Initialized z_weight by default"]
