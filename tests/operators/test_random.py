"""Samplers against their distributions, and their gradients against finite differences at the same random numbers."""

import inspect
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from operator import attrgetter

import numpy
import pytest
from scipy import special, stats

import mxnet
from mxnet import MXNetError, autograd, np
from mxnet.operators import random
from mxnet.operators.sampling.gammas import _variate
from mxnet.test_utils import check_numeric_gradient


@dataclass(frozen=True)
class Sampler:
    """A sampler, what it is called with, SciPy's distribution, and how samples depend on these arguments.

    `gradient` is None where they are constant in them; "fixed" where noise is drawn that does not depend on them; and "moving"
    where the noise itself moves with them, so that a sample keeps its place in the distribution.
    """

    name: str
    arguments: tuple
    distribution: object
    gradient: str | None = None

    @property
    def function(self):
        return attrgetter(self.name)(mxnet)

    def __repr__(self):
        return f"{self.name}{self.arguments}"


SAMPLERS = [
    Sampler("np.random.uniform", (), stats.uniform()),
    Sampler("np.random.uniform", (-1.0, 3.0), stats.uniform(-1, 4), gradient="fixed"),
    Sampler("np.random.normal", (), stats.norm()),
    Sampler("np.random.normal", (2.0, 0.5), stats.norm(2, 0.5), gradient="fixed"),
    Sampler("np.random.randint", (5,), stats.randint(0, 5)),
    Sampler("np.random.randint", (-3, 4), stats.randint(-3, 4)),
    Sampler("np.random.choice", (4,), stats.randint(0, 4)),
    Sampler("np.random.random", (), stats.uniform()),
    Sampler("np.random.standard_normal", (), stats.norm()),
    Sampler("np.random.standard_exponential", (), stats.expon()),
    Sampler("np.random.standard_cauchy", (), stats.cauchy()),
    Sampler("np.random.standard_gamma", (3.0,), stats.gamma(3), gradient="moving"),
    Sampler("np.random.standard_t", (4.0,), stats.t(4), gradient="moving"),
    Sampler("np.random.exponential", (2.0,), stats.expon(scale=2), gradient="fixed"),
    Sampler("np.random.gumbel", (1.0, 2.0), stats.gumbel_r(1, 2), gradient="fixed"),
    Sampler("np.random.laplace", (-1.0, 2.0), stats.laplace(-1, 2), gradient="fixed"),
    Sampler("np.random.logistic", (1.0, 0.5), stats.logistic(1, 0.5), gradient="fixed"),
    Sampler("np.random.lognormal", (0.5, 0.7), stats.lognorm(0.7, scale=numpy.exp(0.5)), gradient="fixed"),
    Sampler("np.random.rayleigh", (2.0,), stats.rayleigh(scale=2), gradient="fixed"),
    Sampler("np.random.weibull", (1.5,), stats.weibull_min(1.5), gradient="fixed"),
    Sampler("np.random.pareto", (3.0,), stats.lomax(3), gradient="fixed"),
    Sampler("np.random.power", (2.5,), stats.powerlaw(2.5), gradient="fixed"),
    Sampler("np.random.triangular", (-1.0, 0.5, 2.0), stats.triang(0.5, -1, 3), gradient="fixed"),
    Sampler("np.random.gamma", (2.5, 1.5), stats.gamma(2.5, scale=1.5), gradient="moving"),
    Sampler("np.random.gamma", (0.2, 1.0), stats.gamma(0.2), gradient="moving"),
    Sampler("np.random.beta", (0.4, 2.0), stats.beta(0.4, 2), gradient="moving"),
    Sampler("np.random.beta", (5.0, 3.0), stats.beta(5, 3), gradient="moving"),
    Sampler("np.random.chisquare", (3.0,), stats.chi2(3), gradient="moving"),
    Sampler("np.random.f", (5.0, 7.0), stats.f(5, 7), gradient="moving"),
    Sampler("np.random.wald", (2.0, 3.0), stats.invgauss(2 / 3, scale=3), gradient="moving"),
    Sampler("np.random.wald", (0.5, 0.1), stats.invgauss(5, scale=0.1), gradient="moving"),
    Sampler("np.random.random_sample", (), stats.uniform()),
    Sampler("np.random.ranf", (), stats.uniform()),
    Sampler("np.random.sample", (), stats.uniform()),
    Sampler("np.random.vonmises", (0.0, 4.0), stats.vonmises_line(4)),
    Sampler("np.random.noncentral_chisquare", (3.0, 2.0), stats.ncx2(3, 2)),
    Sampler("np.random.noncentral_chisquare", (0.5, 2.0), stats.ncx2(0.5, 2)),
    Sampler("np.random.noncentral_f", (3.0, 5.0, 2.0), stats.ncf(3, 5, 2)),
    Sampler("np.random.hypergeometric", (5, 7, 4), stats.hypergeom(12, 5, 4)),
    Sampler("np.random.logseries", (0.6,), stats.logser(0.6)),
    Sampler("np.random.zipf", (2.5,), stats.zipf(2.5)),
    Sampler("np.random.poisson", (3.0,), stats.poisson(3)),
    Sampler("np.random.binomial", (7, 0.3), stats.binom(7, 0.3)),
    Sampler("np.random.negative_binomial", (3, 0.4), stats.nbinom(3, 0.4)),
    Sampler("np.random.geometric", (0.4,), stats.geom(0.4)),
    Sampler("npx.random.bernoulli", (0.3,), stats.bernoulli(0.3)),
]
CONTINUOUS_SAMPLERS = [s for s in SAMPLERS if isinstance(s.distribution.dist, stats.rv_continuous)]
CALLED_WITH_SIZES = {"np.random.rand": stats.uniform(), "np.random.randn": stats.norm()}


def vector(name, *options, **keywords):
    """The sampler `name` as a function of its parameters alone."""
    return lambda *parameters: attrgetter(name)(np.random)(*parameters, *options, **keywords)


def shuffled(x):
    x = x.copy()
    np.random.shuffle(x)
    return x


# Gradients of samplers that have no row above: what is called, with what, and how the noise behaves.
OTHER_GRADIENTS = {
    "np.random.choice": (vector("choice", 7), [[1.0, -2.0, 0.5]], "fixed"),
    "np.random.permutation": (vector("permutation"), [[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]], "fixed"),
    "np.random.shuffle": (shuffled, [[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]], "fixed"),
    "np.random.dirichlet": (vector("dirichlet", 2, dtype="float64"), [[1.5, 0.4, 3.0]], "moving"),
    "np.random.multivariate_normal": (
        lambda mean, root: np.random.multivariate_normal(mean, root @ root.mT, size=3, dtype="float64"),
        [[1.0, -2.0], [[2.1, 0.1], [1.1, 0.6]]],
        "fixed",
    ),
    "npx.random.normal_n": (
        lambda loc, scale: mxnet.npx.random.normal_n(loc, scale, 3, dtype="float64"),
        [[1.0, -2.0], [[2.0], [0.5]]],
        "fixed",
    ),
    "npx.random.uniform_n": (
        lambda low, high: mxnet.npx.random.uniform_n(low, high, 3, dtype="float64"),
        [[1.0, -2.0], [[2.0], [0.5]]],
        "fixed",
    ),
}
OTHER_CONSTANTS = {"np.random.multinomial": (5, [0.2, 0.8])}

ORDER = 2  # to which `test_gradients` and `test_gradients_of_moving_noise` compare with finite differences


def orders():
    """By name, to which order gradients of a sampler are checked; 0 for those that are constant in their parameters."""
    rows = {sampler.name: ORDER if sampler.gradient else 0 for sampler in SAMPLERS if sampler.arguments}
    return rows | dict.fromkeys(OTHER_GRADIENTS, ORDER) | dict.fromkeys(OTHER_CONSTANTS, 0)


def distributions():
    """The names of the samplers whose samples are compared with a distribution of SciPy."""
    return {sampler.name for sampler in SAMPLERS} | set(CALLED_WITH_SIZES)


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
        assert (probabilities > 0).all()
        common = probabilities * sample.size >= 5  # the others count as one
        counts, probabilities = counts[common], probabilities[common]
        counts = [*counts, sample.size - counts.sum()]
        probabilities = numpy.array([*probabilities, max(1 - probabilities.sum(), 1e-6)])
        assert stats.chisquare(counts, probabilities / probabilities.sum() * sample.size).pvalue > 1e-4
    else:
        assert stats.kstest(sample, distribution.cdf).pvalue > 1e-4


@every_sampler
def test_distribution(sampler):
    assert_distributed(sampler.function(*sampler.arguments, size=(100, 200)), sampler.distribution)


@pytest.mark.parametrize("name", CALLED_WITH_SIZES)
def test_distribution_by_sizes(name):
    sample = attrgetter(name)(mxnet)(100, 200)
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


@pytest.mark.parametrize("sampler", CONTINUOUS_SAMPLERS, ids=repr)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_dtypes(sampler, dtype):
    assert sampler.function(*sampler.arguments, size=3).dtype == "float32"
    assert sampler.function(*sampler.arguments, size=3, dtype=dtype).dtype == dtype


def reseeded(function):
    """`function` from the same random numbers at every call."""

    def call(*parameters):
        np.random.seed(3)
        return function(*parameters)

    return call


@pytest.mark.parametrize("sampler", [s for s in SAMPLERS if s.gradient == "fixed"], ids=repr)
@pytest.mark.parametrize("shapes", [((), ()), ((3,), ()), ((2, 1), (3,)), ((0,), ())])
def test_gradients(sampler, shapes):
    """With the noise held fixed a sample is a function of its parameters."""
    shapes = (*shapes, ())[: len(sampler.arguments)]
    size = (2, *numpy.broadcast_shapes(*shapes))
    function = reseeded(lambda *parameters: sampler.function(*parameters, size=size, dtype="float64"))
    inputs = [numpy.full(shape, value) for shape, value in zip(shapes, sampler.arguments, strict=True)]
    check_numeric_gradient(function, inputs, order=ORDER)


@pytest.mark.parametrize("name", [name for name, (_, _, gradient) in OTHER_GRADIENTS.items() if gradient == "fixed"])
def test_other_gradients(name):
    function, inputs, _ = OTHER_GRADIENTS[name]
    check_numeric_gradient(reseeded(function), inputs, order=ORDER)


class Quantiles:
    """Instead of a generator: samples at random places of their distribution, which stay the same when its parameters change."""

    def __init__(self):
        self._rng = numpy.random.default_rng(8)

    def _places(self, shape):
        return self._rng.uniform(0.03, 0.97, shape)

    def standard_normal(self, size, dtype):
        return stats.norm.ppf(self._places(size))

    def standard_gamma(self, shape, dtype):
        return special.gammaincinv(shape, self._places(numpy.shape(shape)))

    def wald(self, mean, scale, size):
        places = self._places(size)
        distribution = stats.invgauss(mean / scale, scale=scale)
        x = distribution.ppf(places)
        for _ in range(3):  # Newton's: SciPy's has fewer digits than finite differences need
            x = x - (distribution.cdf(x) - places) / distribution.pdf(x)
        return x


MOVING = {
    repr(s): (lambda *parameters, s=s: s.function(*parameters, size=(2, 3), dtype="float64"), s.arguments)
    for s in SAMPLERS
    if s.gradient == "moving"
} | {name: (function, inputs) for name, (function, inputs, gradient) in OTHER_GRADIENTS.items() if gradient == "moving"}


@pytest.mark.parametrize("name", MOVING)
@pytest.mark.parametrize("as_arrays", [False, True])
def test_gradients_of_moving_noise(name, as_arrays, monkeypatch):
    """A sample moves with its parameters as the inverse distribution function does: finite differences see it where that draws."""
    monkeypatch.setattr("mxnet.operators.sampling.arguments.generator", Quantiles)
    function, inputs = MOVING[name]
    if as_arrays:
        inputs = [numpy.asarray(value) * numpy.array([[1.0], [1.3]])[:, : numpy.ndim(value) + 1] for value in inputs]
        if "dirichlet" not in name:
            inputs[0] = inputs[0] * numpy.ones(3)
    check_numeric_gradient(function, inputs, order=ORDER, rtol=1e-5, atol=1e-7)


CONSTANT = {repr(s): (s.function, s.arguments) for s in SAMPLERS if s.arguments and orders()[s.name] == 0} | {
    name: (attrgetter(name)(mxnet), arguments) for name, arguments in OTHER_CONSTANTS.items()
}


@pytest.mark.parametrize("name", CONSTANT)
def test_constant_samplers(name):
    """Nothing flows from a sample to the parameters."""
    function, arguments = CONSTANT[name]
    for i, argument in enumerate(arguments):
        x = np.array(argument, dtype="float64")
        x.attach_grad()
        with autograd.record():
            loss = x.sum() + function(*arguments[:i], x, *arguments[i + 1 :], size=3).sum()
        loss.backward()
        assert x.grad.tolist() == np.ones_like(x).tolist()


def test_choice():
    np.random.seed(5)
    p = np.array([0.1, 0.0, 0.6, 0.3])
    counts = numpy.bincount(np.random.choice(4, 20000, p=p).asnumpy(), minlength=4) / 20000
    assert counts == pytest.approx(p.asnumpy(), abs=0.02)
    assert counts[1] == 0
    assert sorted(np.random.choice(6, 6, replace=False).tolist()) == [0, 1, 2, 3, 4, 5]
    with pytest.raises(ValueError, match="choice"):
        np.random.choice(3, 5, replace=False)


def test_permutation():
    rows = np.arange(12).reshape((6, 2))
    assert np.random.permutation(rows).tolist() != rows.tolist()
    assert sorted(np.random.permutation(rows).tolist()) == rows.tolist()
    assert sorted(np.random.permutation(5).tolist()) == [0, 1, 2, 3, 4]
    assert np.random.permutation(5).dtype == "int64"
    assert np.random.permutation([2.0]).tolist() == [2]


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


def test_zero_and_infinite_parameters():
    """What NumPy draws from."""
    for wrap in (float, np.array):
        assert np.random.gamma(wrap(0.0), size=2).tolist() == [0, 0]
        assert np.random.weibull(wrap(0.0), size=2).tolist() == [0, 0]
        assert np.random.weibull(wrap(numpy.inf), size=2).tolist() == [1, 1]
        assert np.random.gamma(1.0, wrap(numpy.inf), size=2).tolist() == [numpy.inf] * 2
        for name in ("normal", "gamma", "chisquare", "exponential", "standard_t", "pareto", "power", "weibull", "vonmises"):
            arguments = (0.0, wrap(numpy.nan)) if name == "vonmises" else (wrap(numpy.nan),)
            assert numpy.isnan(getattr(np.random, name)(*arguments, size=2).asnumpy()).all(), name
    assert np.random.dirichlet([0.0, 1.0]).tolist() == [0, 1]
    x = np.array([0.0, 1.0])
    x.attach_grad()
    for name in ("gamma", "weibull", "dirichlet"):
        with autograd.record():
            sample = getattr(np.random, name)(x)
        sample.backward(np.array([2.0, 1.0]))
        assert x.grad[0] == 0, name
        assert numpy.isfinite(x.grad.asnumpy()).all(), name


def test_triangles_with_a_right_angle():
    for mode in (-1.0, 2.0):
        assert_distributed(np.random.triangular(-1.0, mode, 2.0, size=20_000), stats.triang((mode + 1) / 3, -1, 3))
        assert_distributed(np.random.triangular(np.array(-1.0), mode, 2.0, size=20_000), stats.triang((mode + 1) / 3, -1, 3))

        def function(left, right, mode=mode):
            return np.random.triangular(left, left if mode == -1 else right, right, size=5, dtype="float64")

        check_numeric_gradient(reseeded(function), [-1.0, 2.0])


@pytest.mark.parametrize("sampler", [s for s in SAMPLERS if s.arguments and s.name != "np.random.choice"], ids=repr)
def test_distribution_with_arrays(sampler):
    """Parameters that are arrays go another way than numbers do."""
    arguments = [np.array([value, value], dtype="int64" if isinstance(value, int) else None) for value in sampler.arguments]
    sample = sampler.function(*arguments, size=(20_000, 2))
    assert_distributed(sample[:, 0], sampler.distribution)
    assert_distributed(sample[:, 1], sampler.distribution)


@every_sampler
def test_recording_does_not_change_samples(sampler):
    """So that a function which is computed twice, recorded only once, draws the same."""
    arguments = [np.array(value, dtype="int64" if isinstance(value, int) else None) for value in sampler.arguments]
    if sampler.name == "np.random.choice":
        arguments = sampler.arguments
    plain = sampler.function(*arguments, size=5).tolist()
    for argument in arguments:
        if isinstance(argument, np.ndarray) and argument.dtype == "float32":
            argument.attach_grad()
    np.random.seed(1)
    with autograd.record():
        assert sampler.function(*arguments, size=5).tolist() == plain


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
    for given in ({"device": mxnet.cpu()}, {"ctx": mxnet.cpu()}, {"device": "all"}, {"ctx": "all"}):
        mxnet.random.seed(7, **given)
        assert np.random.uniform(size=4).tolist() == first(7)
        mxnet.npx.random.seed(7, **given)
        assert np.random.uniform(size=4).tolist() == first(7)


@pytest.mark.parametrize("seed", [mxnet.np.random.seed, mxnet.random.seed, mxnet.npx.random.seed, mxnet.npx.seed])
def test_every_seed_is_the_same(seed):
    """Whichever sets it, everything that follows is the same, bit for bit."""

    def drawn():
        names = {sampler.name: sampler for sampler in SAMPLERS}
        return [names[name].function(*names[name].arguments, size=5).asnumpy().tobytes() for name in names]

    np.random.seed(42)
    expected = drawn()
    seed(42)
    assert drawn() == expected
    seed(43)
    assert drawn() != expected
    mxnet.npx.random.seed(seed=42)
    assert drawn() == expected


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


# --- the gamma family -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("alpha", [1.0, 1.3, 4.0, 30.0, 1e4])
@pytest.mark.parametrize("place", [1e-6, 0.03, 0.5, 0.97, 1 - 1e-6])
def test_a_gamma_variate_keeps_its_place(alpha, place):
    """Its first and second derivatives with respect to the shape are those of the inverse distribution function."""

    def inverse(t):
        return special.gammaincinv(alpha + t, place) if place < 0.5 else special.gammainccinv(alpha + t, 1 - place)

    variable = np.array(alpha, dtype="float64")
    variable.attach_grad()
    with autograd.record():
        slope = autograd.grad(_variate(np.array(inverse(0), dtype="float64"), variable), variable, create_graph=True)
        curvature = autograd.grad(slope, variable)
    step = 0.02 * alpha**0.5
    nodes = step * numpy.arange(-4, 5)
    fit = numpy.polynomial.Polynomial.fit(nodes, [inverse(t) for t in nodes], 8).deriv()
    assert float(slope) == pytest.approx(fit(0), rel=1e-6)
    assert float(curvature) == pytest.approx(fit.deriv()(0), rel=2e-3, abs=1e-6 / alpha)


@pytest.mark.parametrize(
    ("name", "arguments", "moment", "slopes"),
    [
        ("gamma", (0.3, 2.0), 1, (2.0, 0.3)),
        ("gamma", (4.0, 2.0), 1, (2.0, 4.0)),
        ("gamma", (4.0, 2.0), 2, (9 * 4.0, 2 * 2.0 * 20)),
        ("standard_gamma", (0.7,), 1, (1.0,)),
        ("chisquare", (3.0,), 1, (1.0,)),
        ("beta", (0.4, 2.0), 1, (2.0 / 2.4**2, -0.4 / 2.4**2)),
        ("beta", (5.0, 3.0), 1, (3.0 / 8.0**2, -5.0 / 8.0**2)),
        ("f", (5.0, 12.0), 1, (0.0, -2 / 10.0**2)),
        ("standard_t", (8.0,), 2, (-2 / 6.0**2,)),
        ("dirichlet", ([1.0, 2.0, 0.5],), (0, 1), ([2.5 / 3.5**2, -1 / 3.5**2, -1 / 3.5**2],)),
    ],
)
def test_mean_gradients(name, arguments, moment, slopes):
    """The mean of the gradients of samples is the gradient of the mean (of a power)."""
    variables = [np.array(value, dtype="float64") for value in arguments]
    for variable in variables:
        variable.attach_grad()
    draws = 200_000
    with autograd.record():
        sample = getattr(np.random, name)(*variables, size=draws, dtype="float64")
        mean = sample[:, 0].mean() if name == "dirichlet" else (sample**moment).mean()
    mean.backward()
    for variable, slope in zip(variables, slopes, strict=True):
        numpy.testing.assert_allclose(variable.grad.asnumpy(), slope, rtol=0.02, atol=0.003)


def test_small_gammas():
    """Samples below the smallest number are 0, and neither they nor quotients of them spoil a gradient."""
    x = np.array([1e-3, 1e-2, 1.0])
    x.attach_grad()
    for name, arguments in (("gamma", (x,)), ("beta", (x, x)), ("dirichlet", (x,)), ("f", (x, 3))):
        with autograd.record():
            sample = getattr(np.random, name)(*arguments, size=(500, 3) if name != "dirichlet" else 500)
        assert numpy.isfinite(sample.asnumpy()).all(), name
        sample.backward()
        assert numpy.isfinite(x.grad.asnumpy()).all(), name


# --- vectors --------------------------------------------------------------------------------------------------------------------


def test_dirichlet():
    alpha = numpy.array([1.0, 2.0, 0.5])
    sample = np.random.dirichlet(alpha, size=20_000)
    assert sample.shape == (20_000, 3)
    numpy.testing.assert_allclose(sample.asnumpy().sum(axis=-1), 1, rtol=1e-5)
    for i, a in enumerate(alpha):
        assert_distributed(sample[:, i], stats.beta(a, alpha.sum() - a))
    assert np.random.dirichlet(np.ones((4, 3)), size=(2, 1)).shape == (2, 1, 4, 3)
    assert np.random.dirichlet([1, 2]).shape == (2,)


def test_multivariate_normal():
    mean, root = numpy.array([1.0, -2.0]), numpy.array([[2.0, 0.0], [1.0, 0.5]])
    cov = root @ root.T
    sample = np.random.multivariate_normal(np.array(mean), np.array(cov), size=20_000)
    assert sample.shape == (20_000, 2)
    assert sample.dtype == "float32"
    standard = np.array(numpy.linalg.solve(root, (sample.asnumpy() - mean).T))
    assert_distributed(standard, stats.norm())
    assert abs(numpy.corrcoef(standard.asnumpy())[0, 1]) < 0.03
    np.random.seed(1)
    assert np.random.multivariate_normal(np.array(mean), np.array(cov), size=20_000).tolist() == sample.tolist()
    assert np.random.multivariate_normal([0, 0], [[1, 0], [0, 1]]).shape == (2,)
    assert np.random.multivariate_normal(np.zeros((4, 2)), np.eye(2), size=3).shape == (3, 4, 2)
    assert np.random.multivariate_normal(np.zeros(2), np.ones((5, 1, 1)) * np.eye(2), dtype="float64").shape == (5, 2)
    flat = np.random.multivariate_normal(np.zeros(2), np.ones((2, 2)), size=5)  # singular
    numpy.testing.assert_allclose(flat[:, 0].asnumpy(), flat[:, 1].asnumpy(), atol=1e-5)
    out = np.zeros((3, 2))
    assert np.random.multivariate_normal(np.zeros(2), np.eye(2), size=3, out=out) is out


def test_multinomial():
    p = numpy.array([0.2, 0.5, 0.3])
    sample = np.random.multinomial(10, np.array(p), size=20_000)
    assert sample.shape == (20_000, 3)
    assert sample.dtype == "int64"
    assert (sample.asnumpy().sum(axis=-1) == 10).all()
    for i in range(3):
        assert_distributed(sample[:, i], stats.binom(10, p[i]))
    assert np.random.multinomial(5, np.ones((4, 2)) / 2, size=3, dtype="float32").shape == (3, 4, 2)
    assert np.random.multinomial(np.array([3, 5], dtype=int), [0.5, 0.5]).asnumpy().sum(axis=-1).tolist() == [3, 5]
    assert np.random.multinomial(5, np.ones(3) / 3).sum() == 5  # the thirds of float32


def test_bytes():
    data = np.random.bytes(20_000)
    assert type(data) is bytes
    assert set(data) == set(range(256))
    assert np.random.bytes(0) == b""
    np.random.seed(1)
    assert np.random.bytes(20_000) == data


def test_bernoulli():
    assert_distributed(mxnet.npx.random.bernoulli(logit=0.5, size=20_000), stats.bernoulli(1 / (1 + numpy.exp(-0.5))))
    sample = mxnet.npx.random.bernoulli(np.array([0.0, 1.0]), size=(3, 2), dtype="int32")
    assert sample.dtype == "int32"
    assert sample.tolist() == [[0, 1]] * 3
    assert mxnet.npx.random.bernoulli(0.5).dtype == "float32"


def test_batches_of_parameters():
    sample = mxnet.npx.random.normal_n(np.array([0.0, 100.0]), 1, batch_shape=(4, 5))
    assert sample.shape == (4, 5, 2)
    assert (sample.asnumpy() > 50).tolist() == [[[False, True]] * 5] * 4
    assert mxnet.npx.random.uniform_n(np.zeros(2), np.ones((3, 1)), batch_shape=4).shape == (4, 3, 2)
    assert mxnet.npx.random.normal_n().shape == ()


def test_parameters_from_numpy():
    """A NumPy array keeps its dtype, an integer's counts as real numbers; lists are of the default dtype."""
    loc = numpy.array([1 / 3, 1e300])
    assert np.random.normal(loc, 0, dtype="float64").tolist() == loc.tolist()
    assert np.random.normal(numpy.float64(1 / 3), 0, dtype="float64").tolist() == 1 / 3
    assert np.random.normal(numpy.arange(3), 0).tolist() == [0, 1, 2]
    assert np.random.normal([1, 2], 0).tolist() == [1, 2]
    assert np.random.binomial(numpy.array([3, 2**40]), 1.0).tolist() == [3, 2**40]
    assert np.random.binomial(np.array(3), 1.0).tolist() == 3  # of float32
    assert np.random.binomial(3.0, 1.0).tolist() == 3


def test_docstrings():
    """Those parameters that all samplers share are in each docstring, once, in the place where numpydoc has them."""
    for name in np.random.__all__:
        function = getattr(np.random, name)
        headings = re.findall(r"^(\w+)\n-+$", inspect.cleandoc(function.__doc__), flags=re.MULTILINE)
        assert headings == [h for h in ("Parameters", "Returns", "Raises", "Examples") if h in headings], name
        parameters = inspect.signature(function).parameters
        if {"size", "out"} <= parameters.keys():
            assert {"Parameters", "Returns", "Examples"} <= set(headings), name
            for parameter in parameters:
                assert len(re.findall(rf"^ *(\w+, )*{parameter}(, \w+)* :", function.__doc__, flags=re.MULTILINE)) == 1, (
                    name,
                    parameter,
                )


# --- arguments ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda r: r.uniform(dtype="int32"), TypeError, "uniform: .*int32"),
        (lambda r: r.uniform(size=-1), ValueError, "uniform: .*negative"),
        (lambda r: r.uniform(size=2.0), TypeError, "uniform: a shape"),
        (lambda r: r.uniform(np.zeros(3), 1, size=2), ValueError, r"uniform: low of shape \(3,\).*size=\(2,\)"),
        (lambda r: r.uniform(np.zeros(3), np.ones(2)), ValueError, r"uniform: .*\(3,\).*\(2,\)"),
        (lambda r: r.normal(0, -1), ValueError, "normal: scale is 0 or above"),
        (lambda r: r.normal(0, np.array([1.0, -1.0])), ValueError, "normal: scale is 0 or above"),
        (lambda r: r.normal(dtype=bool), TypeError, "normal: .*bool"),
        (lambda r: r.rand(2.5), TypeError, "rand: a shape"),
        (lambda r: r.randn(-2), ValueError, "randn: .*negative"),
        (lambda r: r.randint(3, 3), ValueError, "randint: .*empty"),
        (lambda r: r.randint(0), ValueError, "randint: .*empty"),
        (lambda r: r.randint(np.array([0, 5]), np.array([1, 5])), ValueError, "randint: .*empty"),
        (lambda r: r.randint(np.array([1e30])), TypeError, "randint: integers"),
        (lambda r: r.randint(2.5), TypeError, "randint: integers"),
        (lambda r: r.randint(300, dtype="uint8"), ValueError, "randint: .*uint8"),
        (lambda r: r.randint(3, dtype="float32"), TypeError, "randint: .*float32"),
        (lambda r: r.choice(0), ValueError, "choice: "),
        (lambda r: r.choice(2.5), TypeError, "choice: "),
        (lambda r: r.choice(numpy.array(["a", "b"])), TypeError, "choice: .*<U1"),
        (lambda r: r.choice(3, 2, p=[0.5, 0.5, 0.1]), ValueError, "choice: "),
        (lambda r: r.choice(3, 2, p=[1.5, -0.5, 0]), ValueError, "choice: "),
        (lambda r: r.choice(3, 2, p=[1.0]), ValueError, "choice: "),
        (lambda r: r.choice(3, 3, False, [0.5, 0.5, 0]), ValueError, "choice: "),
        (lambda r: r.permutation(2.5), TypeError, "permutation: "),
        (lambda r: r.exponential(-1), ValueError, "exponential: scale is 0 or above"),
        (lambda r: r.gamma(np.array([1.0, -0.5])), ValueError, "gamma: shape is 0 or above"),
        (lambda r: r.standard_gamma(-1), ValueError, "standard_gamma: shape is 0 or above"),
        (lambda r: r.chisquare(0), ValueError, "chisquare: df is above 0"),
        (lambda r: r.standard_t(0), ValueError, "standard_t: df is above 0"),
        (lambda r: r.f(1, -np.inf), ValueError, "f: dfden is above 0"),
        (lambda r: r.pareto(0), ValueError, "pareto: a is above 0"),
        (lambda r: r.power(np.zeros(2)), ValueError, "power: a is above 0"),
        (lambda r: r.rayleigh(-1), ValueError, "rayleigh: scale is 0 or above"),
        (lambda r: r.lognormal(0, -1), ValueError, "lognormal: sigma is 0 or above"),
        (lambda r: r.wald(0, 1), ValueError, "wald: mean is above 0"),
        (lambda r: r.wald(1, np.array([1.0, 0.0])), ValueError, "wald: scale is above 0"),
        (lambda r: r.vonmises(0, -1), ValueError, "vonmises: kappa < 0"),
        (lambda r: r.noncentral_chisquare(0, 1), ValueError, "noncentral_chisquare: df <= 0"),
        (lambda r: r.noncentral_f(1, 1, np.array([-1.0])), ValueError, "noncentral_f: nonc < 0"),
        (lambda r: r.zipf(1), ValueError, "zipf: a <= 1"),
        (lambda r: r.logseries(np.nan), ValueError, "logseries: p .*nan"),
        (lambda r: r.hypergeometric(1, 2, 4), ValueError, "hypergeometric: .*nsample"),
        (lambda r: r.hypergeometric(1.5, 2, 1), TypeError, "hypergeometric: integers"),
        (lambda r: r.geometric(0), ValueError, "geometric: p"),
        (lambda r: r.negative_binomial(1, 0), ValueError, "negative_binomial: p"),
        (lambda r: r.bytes(-1), ValueError, "bytes: length"),
        (lambda r: r.bytes(2.5), TypeError, "bytes: "),
        (lambda r: r.bytes((2, 3)), TypeError, "bytes: "),
        (lambda r: r.uniform(0, np.inf), OverflowError, "uniform: .*inf"),
        (lambda r: r.uniform(np.nan, 1), OverflowError, "uniform: .*nan"),
        (lambda r: r.uniform(-1.5e308, 1.5e308, dtype="float64"), OverflowError, "uniform: .*high - low"),
        (lambda r: r.uniform(0, 1e39), OverflowError, "uniform: .*float32"),
        (lambda r: r.uniform(0, 1e5, dtype="float16"), OverflowError, "uniform: .*float16"),
        (lambda r: r.uniform(np.zeros(2), np.array([1, -np.inf])), OverflowError, "uniform: .*inf"),
        (lambda r: mxnet.npx.random.uniform_n(0, np.inf, 3), OverflowError, "uniform_n: .*inf"),
        (lambda r: mxnet.npx.random.normal_n(np.zeros(2), np.ones(3)), ValueError, "normal_n: loc of shape"),
        (lambda r: r.normal(0, -np.inf), ValueError, "normal: scale is 0 or above"),
        (lambda r: r.normal(None), TypeError, "normal: .*real number"),
        (lambda r: r.normal(1j), TypeError, "normal: .*real number"),
        (lambda r: r.normal(np.ones(2, dtype="complex64")), TypeError, "normal: .*complex64"),
        (lambda r: r.standard_normal(-1), ValueError, "standard_normal: "),
        (lambda r: r.poisson(np.inf), ValueError, "poisson: lam"),
        (lambda r: r.poisson(np.nan), ValueError, "poisson: lam"),
        (lambda r: r.poisson(1000, dtype="int8"), ValueError, "poisson: int8"),
        (lambda r: r.multinomial(1000, [0.0, 1.0], dtype="int8"), ValueError, "multinomial: int8 does not hold 1000"),
        (lambda r: r.binomial(3, np.nan), ValueError, "binomial: p"),
        (lambda r: r.binomial(np.array([np.nan]), 0.5), ValueError, "binomial: integers"),
        (lambda r: r.binomial(2**70, 0.5), OverflowError, "binomial: .*n="),
        (lambda r: r.randint(0, np.inf), OverflowError, "randint: integers"),
        (lambda r: r.dirichlet([0.0, 0.0]), ValueError, "dirichlet: alpha is above 0"),
        (lambda r: r.dirichlet([-1.0, 1.0]), ValueError, "dirichlet: alpha is 0 or above"),
        (lambda r: mxnet.npx.random.bernoulli(np.nan), ValueError, "bernoulli: prob is a probability"),
        (lambda r: r.beta(1, -1), ValueError, "beta: b is above 0"),
        (lambda r: r.weibull(-1), ValueError, "weibull: a is 0 or above"),
        (lambda r: r.triangular(0, 2, 1), ValueError, "triangular: left <= mode"),
        (lambda r: r.gumbel(dtype="int32"), TypeError, "gumbel: .*int32"),
        (lambda r: r.poisson(-1), ValueError, "poisson: lam"),
        (lambda r: r.binomial(3, 1.5), ValueError, "binomial: p"),
        (lambda r: r.binomial(2.5, 0.5), TypeError, "binomial: "),
        (lambda r: r.multinomial(3, [0.7, 0.7, 0]), ValueError, "multinomial: pvals"),
        (lambda r: r.multinomial(3, [-0.1, 0.7, 0.4]), ValueError, "multinomial: pvals"),
        (lambda r: r.multinomial(3, 1.0), ValueError, "multinomial: pvals"),
        (lambda r: r.dirichlet(1.0), ValueError, "dirichlet: alpha"),
        (lambda r: r.multivariate_normal(np.zeros(2), np.eye(3)), ValueError, r"multivariate_normal: .*\(2,\).*\(3, 3\)"),
        (lambda r: r.multivariate_normal(np.zeros((4, 2)), np.ones((3, 1, 1)) * np.eye(2)), ValueError, r"normal: .*\(4, 2\)"),
        (lambda r: r.multinomial(np.ones(3), np.ones((2, 2)) / 2), ValueError, r"multinomial: n of shape \(3,\)"),
        (lambda r: r.triangular(np.zeros(3), np.ones(2), 2), ValueError, r"triangular: left of shape \(3,\)"),
        (lambda r: r.uniform(0, 10**400), OverflowError, "uniform: "),
        (lambda r: r.multivariate_normal(np.zeros(2), -np.eye(2)), ValueError, "multivariate_normal: .*eigenvalue"),
        (lambda r: mxnet.npx.random.bernoulli(), ValueError, "bernoulli: give prob or logit"),
        (lambda r: mxnet.npx.random.bernoulli(0.5, logit=0.0), ValueError, "bernoulli: give prob or logit"),
        (lambda r: mxnet.npx.random.bernoulli(1.5), ValueError, "bernoulli: prob is a probability"),
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
    rows = {name.rpartition(".")[2] for name in distributions()}
    names = {*random.__all__, *np.random.__all__}
    untested = sorted(name for name in names if name not in rows and f"test_{name}" not in globals())
    assert not untested, f"functions without a row and without a test_NAME in test_random.py: {', '.join(untested)}"
