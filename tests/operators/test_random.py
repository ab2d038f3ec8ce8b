"""Samplers against their distributions, and their gradients against finite differences at the same random numbers."""

import subprocess
import sys
import threading
from dataclasses import dataclass
from operator import attrgetter

import numpy
import pytest
from scipy import stats

import mxnet
from mxnet import MXNetError, autograd, np
from mxnet.operators import random
from mxnet.test_utils import check_numeric_gradient


@dataclass(frozen=True)
class Sampler:
    """A sampler, what it is called with, SciPy's distribution, and whether samples are differentiable in these arguments."""

    name: str
    arguments: tuple
    distribution: object
    differentiable: bool = False

    @property
    def function(self):
        return attrgetter(self.name)(mxnet)

    def __repr__(self):
        return f"{self.name}{self.arguments}"


SAMPLERS = [
    Sampler("np.random.uniform", (), stats.uniform()),
    Sampler("np.random.uniform", (-1.0, 3.0), stats.uniform(-1, 4), differentiable=True),
    Sampler("np.random.normal", (), stats.norm()),
    Sampler("np.random.normal", (2.0, 0.5), stats.norm(2, 0.5), differentiable=True),
    Sampler("np.random.randint", (5,), stats.randint(0, 5)),
    Sampler("np.random.randint", (-3, 4), stats.randint(-3, 4)),
    Sampler("np.random.choice", (4,), stats.randint(0, 4)),
]
CALLED_WITH_SIZES = {"rand": stats.uniform(), "randn": stats.norm()}

every_sampler = pytest.mark.parametrize("sampler", SAMPLERS, ids=repr)


@pytest.fixture(autouse=True)
def seeded():
    np.random.seed(1)


def assert_distributed(sample, distribution):
    """A test at a level of 1e-4; the seed is fixed, so it fails always or never."""
    sample = sample.asnumpy().ravel().astype("float64")
    if isinstance(distribution.dist, stats.rv_discrete):
        values, counts = numpy.unique(sample, return_counts=True)
        probabilities = distribution.pmf(values)
        assert probabilities.sum() == pytest.approx(1)
        assert stats.chisquare(counts, probabilities * sample.size).pvalue > 1e-4
    else:
        assert stats.kstest(sample, distribution.cdf).pvalue > 1e-4


@every_sampler
def test_distribution(sampler):
    assert_distributed(sampler.function(*sampler.arguments, size=(100, 200)), sampler.distribution)


@pytest.mark.parametrize("name", CALLED_WITH_SIZES)
def test_distribution_by_sizes(name):
    sample = getattr(np.random, name)(100, 200)
    assert sample.shape == (100, 200)
    assert_distributed(sample, CALLED_WITH_SIZES[name])


@every_sampler
@pytest.mark.parametrize(("size", "shape"), [(None, ()), ((), ()), (3, (3,)), ((2, 3), (2, 3)), ((0,), (0,)), ((2, 0), (2, 0))])
def test_shapes(sampler, size, shape):
    assert sampler.function(*sampler.arguments, size=size).shape == shape


@every_sampler
def test_the_seed_decides(sampler):
    first, more = (sampler.function(*sampler.arguments, size=50).tolist() for _ in range(2))
    np.random.seed(1)
    assert sampler.function(*sampler.arguments, size=50).tolist() == first
    assert first != more
    np.random.seed(2)
    assert sampler.function(*sampler.arguments, size=50).tolist() != first


@pytest.mark.parametrize("sampler", [s for s in SAMPLERS if s.distribution.dist.name in ("uniform", "norm")], ids=repr)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_dtypes(sampler, dtype):
    assert sampler.function(*sampler.arguments, size=3).dtype == "float32"
    assert sampler.function(*sampler.arguments, size=3, dtype=dtype).dtype == dtype


@pytest.mark.parametrize("sampler", [s for s in SAMPLERS if s.differentiable], ids=repr)
@pytest.mark.parametrize("shapes", [((), ()), ((3,), ()), ((2, 1), (3,)), ((0,), ())])
def test_gradients(sampler, shapes):
    """With the noise held fixed a sample is a function of its parameters."""

    def function(*parameters):
        np.random.seed(3)
        return sampler.function(*parameters, size=(2, *numpy.broadcast_shapes(*shapes)), dtype="float64")

    check_numeric_gradient(function, [numpy.full(shape, value) for shape, value in zip(shapes, sampler.arguments, strict=True)])


def test_choice():
    np.random.seed(5)
    p = np.array([0.1, 0.0, 0.6, 0.3])
    counts = numpy.bincount(np.random.choice(4, 20000, p=p).asnumpy(), minlength=4) / 20000
    assert counts == pytest.approx(p.asnumpy(), abs=0.02)
    assert counts[1] == 0
    assert sorted(np.random.choice(6, 6, replace=False).tolist()) == [0, 1, 2, 3, 4, 5]
    with pytest.raises(ValueError, match="choice"):
        np.random.choice(3, 5, replace=False)

    def function(x):
        np.random.seed(3)
        return np.random.choice(x, 7)

    check_numeric_gradient(function, [[1.0, -2.0, 0.5]])


def test_permutation():
    rows = np.arange(12).reshape((6, 2))
    assert np.random.permutation(rows).tolist() != rows.tolist()
    assert sorted(np.random.permutation(rows).tolist()) == rows.tolist()
    assert sorted(np.random.permutation(5).tolist()) == [0, 1, 2, 3, 4]
    assert np.random.permutation(5).dtype == "int64"
    assert np.random.permutation([2.0]).tolist() == [2]

    def function(x):
        np.random.seed(3)
        return np.random.permutation(x)

    check_numeric_gradient(function, [[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]])


def test_shuffle():
    rows = numpy.arange(12.0).reshape(6, 2)
    for values in (np.array(rows), rows.copy(), rows[:, 0].tolist()):
        before = list(map(str, values))
        assert np.random.shuffle(values) is None
        assert list(map(str, values)) != before
        assert sorted(map(str, values)) == sorted(before)
    with pytest.raises(TypeError, match=r"shuffle: .*permutation"):
        np.random.shuffle((1, 2))


@pytest.mark.parametrize("draw", [lambda: np.random.permutation(3), lambda: shuffled(np.arange(3))])
def test_permutations_are_alike(draw):
    """Each of the six comes as often as any other."""
    draws = numpy.array([draw().asnumpy() for _ in range(3000)]) @ [9, 3, 1]
    assert stats.chisquare(numpy.unique(draws, return_counts=True)[1]).pvalue > 1e-4


def shuffled(x):
    np.random.shuffle(x)
    return x


# --- statistics -----------------------------------------------------------------------------------------------------------------

CONTINUOUS = [
    ("uniform", (0.0, 1.0), stats.uniform()),
    ("uniform", (-3.0, 5.0), stats.uniform(-3, 8)),
    ("uniform", (2.0, -1.0), stats.uniform(-1, 3)),  # the ends in either order
    ("normal", (0.0, 1.0), stats.norm()),
    ("normal", (-4.0, 0.25), stats.norm(-4, 0.25)),
    ("normal", (1.0, 30.0), stats.norm(1, 30)),
]

every_continuous = pytest.mark.parametrize(("name", "arguments", "distribution"), CONTINUOUS)


@every_continuous
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_moments(name, arguments, distribution, dtype):
    """Mean, variance, skewness and kurtosis, within five standard errors."""
    sample = getattr(np.random, name)(*arguments, size=100_000, dtype=dtype).asnumpy().astype("float64")
    z = (sample - distribution.mean()) / distribution.std()
    standard = stats.norm() if name == "normal" else stats.uniform(-(3**0.5), 12**0.5)
    rounding = float(numpy.finfo(dtype).eps) * (1 + abs(distribution.mean()) / distribution.std())
    for order in (1, 2, 3, 4):
        expected = standard.moment(order)
        error = ((standard.moment(2 * order) - expected**2) / z.size) ** 0.5
        assert (z**order).mean() == pytest.approx(expected, abs=5 * error + rounding), order


@every_continuous
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("as_arrays", [False, True])
def test_kolmogorov_smirnov(name, arguments, distribution, dtype, as_arrays):
    """Parameters are numbers, or arrays that broadcast; every column has its own."""
    if as_arrays:
        first, second = arguments
        arguments = np.array([first, first + 7]), np.array([second, second + 7]) if name == "uniform" else second
    sample = getattr(np.random, name)(*arguments, size=(20_000, 2), dtype=dtype)
    assert sample.dtype == dtype
    assert_distributed(sample[:, 0], distribution)
    assert_distributed(sample[:, 1] - 7 if as_arrays else sample[:, 1], distribution)
    correlation = numpy.corrcoef(sample.asnumpy().astype("float64").T)[0, 1]
    assert abs(correlation) < 5 / 20_000**0.5


@pytest.mark.parametrize("name", ["uniform", "normal"])
def test_numbers_are_independent(name):
    """Of those that follow, of those of another seed, and of those of another thread."""
    draw = getattr(np.random, name)
    n = 50_000
    sample = draw(size=n).asnumpy()
    others = {f"those {lag} later": (sample[lag:], sample[:-lag]) for lag in (1, 2, 3, 100)}
    for seed in (0, 2, -1, 2**70):
        np.random.seed(seed)
        others[f"seed {seed}"] = (draw(size=n).asnumpy(), sample)
    np.random.seed(1)
    others["another thread"] = (in_a_thread(lambda: draw(size=n).asnumpy()), sample)
    for which, pair in others.items():
        assert abs(numpy.corrcoef(*pair)[0, 1]) < 5 / n**0.5, which


def in_a_thread(function):
    results = []
    thread = threading.Thread(target=lambda: results.append(function()))
    thread.start()
    thread.join()
    return results[0]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize(("low", "high"), [(0, 1), (1.0, 1.001), (-1, 0), (3.0, 1.0)])
@pytest.mark.parametrize("as_arrays", [False, True])
def test_uniform_leaves_out_its_end(low, high, dtype, as_arrays):
    """Rounding never reaches it, however few numbers of the dtype are between the ends."""
    ends = np.array([low, high], dtype=dtype) if as_arrays else (low, high)
    sample = np.random.uniform(*ends, size=50_000, dtype=dtype).asnumpy()
    low, high = numpy.array([low, high], dtype)
    if low < high:
        assert low <= sample.min()
        assert sample.max() < high
    else:
        assert high < sample.min()
        assert sample.max() <= low


def test_parameters_at_their_limits():
    assert np.random.uniform(2, 2, size=3).tolist() == [2, 2, 2]
    assert np.random.normal(5, 0, size=3).tolist() == [5, 5, 5]
    assert np.random.normal(np.array([5.0, 6.0]), np.zeros(2)).tolist() == [5, 6]
    assert set(np.random.randint(256, size=20_000, dtype="uint8").tolist()) == set(range(256))
    assert set(np.random.randint(-128, 128, size=20_000, dtype="int8").tolist()) == set(range(-128, 128))
    assert np.random.randint(2**40, 2**40 + 1).tolist() == 2**40
    assert np.random.randint(0, 2**64, size=50, dtype="uint64").asnumpy().max() > 2**62
    bounds = np.array([[1], [10]], dtype=int), np.array([2, 3, 4], dtype=int) * 10
    sample = np.random.randint(*bounds, size=(500, 2, 3)).asnumpy()
    assert (sample.min(axis=0) == bounds[0].asnumpy()).all()
    assert (sample.max(axis=0) == bounds[1].asnumpy() - 1).all()


# --- seeds ----------------------------------------------------------------------------------------------------------------------


@every_sampler
def test_drawing_in_two_parts(sampler):
    """Two and two are the first four."""
    four = sampler.function(*sampler.arguments, size=4).tolist()
    np.random.seed(1)
    assert [*sampler.function(*sampler.arguments, size=2).tolist(), *sampler.function(*sampler.arguments, size=2).tolist()] == four


def first(seed):
    np.random.seed(seed)
    return np.random.uniform(size=4).tolist()


def test_seed():
    seeds = [0, 1, -1, 7, -7, 2**31, 2**32, 2**64 + 1, -(2**64) - 1, 2**200]
    assert len({tuple(first(seed)) for seed in seeds}) == len(seeds)
    assert [first(seed) for seed in seeds] == [first(seed) for seed in seeds]
    assert first(numpy.int64(7)) == first(7)
    np.random.seed(7, device=mxnet.cpu())
    assert np.random.uniform(size=4).tolist() == first(7)


def test_seeds_that_are_refused():
    before = first(5)
    np.random.seed(5)
    for seed in (1.5, "text", None, [1]):
        with pytest.raises(ValueError, match="seed: "):
            np.random.seed(seed)
    with pytest.raises(TypeError, match="seed_state"):
        np.random.seed()
    with pytest.raises(MXNetError, match="CPU"):
        np.random.seed(1, device=mxnet.gpu())
    assert np.random.uniform(size=4).tolist() == before


def test_numpy_has_its_own():
    numpy.random.seed(3)
    theirs = numpy.random.random(3).tolist()
    numpy.random.seed(3)
    ours = first(1)
    assert numpy.random.random(3).tolist() == theirs
    np.random.seed(1)
    numpy.random.seed(8)
    assert np.random.uniform(size=4).tolist() == ours


def test_threads():
    """The thread that seeds draws what it would alone; the others draw from their own, which the seed decides too."""
    alone = first(1)

    def together():
        np.random.seed(1)
        theirs = [in_a_thread(lambda: np.random.uniform(size=4).tolist()) for _ in range(3)]
        return [np.random.uniform(size=4).tolist(), *theirs]

    runs = together()
    assert runs[0] == alone
    assert len(set(map(tuple, runs))) == 4
    assert together() == runs


def test_generator():
    """What other operators draw from is the generator of the same seed."""
    np.random.seed(1)
    drawn = random.generator().random(4, numpy.float32)
    assert drawn.tolist() == first(1)
    assert random.generator() is random.generator()
    assert in_a_thread(random.generator) is not random.generator()


def test_get_state():
    """It is a copy: drawing leaves it alone."""
    state = random.get_state()
    kept = str(state)
    np.random.uniform(size=3)
    assert str(state) == kept != str(random.get_state())


def test_set_state():
    def draw():
        return [np.random.normal(size=5).tolist(), np.random.uniform(size=3).tolist(), np.random.choice(9, 4).tolist()]

    np.random.uniform(size=3)  # half of a 64-bit number is left over
    state = random.get_state()
    sample = draw()
    random.set_state(state)
    assert draw() == sample


def test_a_program_that_never_seeds_draws_the_same_each_time():
    program = "from mxnet import np; print(np.random.uniform(size=3).tolist(), np.random.randint(99, size=3).tolist())"
    runs = [subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert runs[0] == runs[1] != ""


# --- arguments ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda r: r.uniform(dtype="int32"), TypeError, "uniform: .*int32"),
        (lambda r: r.uniform(size=-1), ValueError, "uniform: .*negative"),
        (lambda r: r.uniform(size=2.0), TypeError, "uniform: a shape"),
        (lambda r: r.uniform(np.zeros(3), 1, size=2), ValueError, r"uniform: low of shape \(3,\).*size=\(2,\)"),
        (lambda r: r.uniform(np.zeros(3), np.ones(2)), ValueError, r"uniform: .*\(3,\).*\(2,\)"),
        (lambda r: r.normal(0, -1), ValueError, "normal: a scale"),
        (lambda r: r.normal(0, np.array([1.0, -1.0])), ValueError, "normal: a scale"),
        (lambda r: r.normal(dtype=bool), TypeError, "normal: .*bool"),
        (lambda r: r.rand(2.5), TypeError, "a shape"),
        (lambda r: r.randn(-2), ValueError, "negative"),
        (lambda r: r.randint(3, 3), ValueError, "randint: .*empty"),
        (lambda r: r.randint(0), ValueError, "randint: .*empty"),
        (lambda r: r.randint(np.array([0, 5]), np.array([1, 5])), ValueError, "randint: .*empty"),
        (lambda r: r.randint(2.5), TypeError, "randint: bounds"),
        (lambda r: r.randint(300, dtype="uint8"), ValueError, "randint: .*uint8"),
        (lambda r: r.randint(3, dtype="float32"), TypeError, "randint: .*float32"),
        (lambda r: r.choice(0), ValueError, "choice: "),
        (lambda r: r.choice(2.5), TypeError, "choice: "),
        (lambda r: r.choice(3, 2, p=[0.5, 0.5, 0.1]), ValueError, "choice: "),
        (lambda r: r.choice(3, 2, p=[1.5, -0.5, 0]), ValueError, "choice: "),
        (lambda r: r.choice(3, 2, p=[1.0]), ValueError, "choice: "),
        (lambda r: r.choice(3, 3, False, [0.5, 0.5, 0]), ValueError, "choice: "),
        (lambda r: r.permutation(2.5), TypeError, "permutation: "),
    ],
)
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call(np.random)


@every_sampler
def test_out(sampler):
    expected = sampler.function(*sampler.arguments, size=(2, 3))
    out = np.zeros((2, 3), dtype=expected.dtype)
    np.random.seed(1)
    assert sampler.function(*sampler.arguments, size=(2, 3), out=out) is out
    assert out.tolist() == expected.tolist()
    with pytest.raises(ValueError, match="out has shape"):
        sampler.function(*sampler.arguments, size=4, out=out)


@every_sampler
def test_device(sampler):
    expected = sampler.function(*sampler.arguments, size=3).tolist()
    np.random.seed(1)
    assert sampler.function(*sampler.arguments, size=3, device=mxnet.cpu()).tolist() == expected
    for argument in ("device", "ctx"):
        with pytest.raises(MXNetError, match="CPU"):
            sampler.function(*sampler.arguments, size=3, **{argument: mxnet.gpu()})


def test_samples_of_constants_are_constants():
    x = np.ones(2)
    x.attach_grad()
    with autograd.record():
        y = x * np.random.normal(size=2) + np.random.choice(np.arange(3), 2)
        sample = np.random.uniform(x, 2 * x)
    y.backward()
    assert x.grad.tolist() != [0, 0]
    assert autograd.grad(sample, x).shape == (2,)


def test_every_function_is_tested():
    """By a row in `SAMPLERS` or `CALLED_WITH_SIZES`, or by a test of its name here."""
    rows = {sampler.name.rpartition(".")[2] for sampler in SAMPLERS} | set(CALLED_WITH_SIZES)
    names = {*random.__all__, *np.random.__all__}
    untested = sorted(name for name in names if name not in rows and f"test_{name}" not in globals())
    assert not untested, f"functions without a row and without a test_NAME in test_random.py: {', '.join(untested)}"
