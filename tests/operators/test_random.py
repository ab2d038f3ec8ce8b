"""Samplers against their distributions, and their gradients against finite differences at the same random numbers."""

from dataclasses import dataclass
from operator import attrgetter

import numpy
import pytest
from scipy import stats

import mxnet
from mxnet import np
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
NOT_SAMPLERS = {"seed", "shuffle", "permutation"}

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


def test_permutations():
    rows = np.arange(12).reshape((6, 2))
    shuffled = rows.copy()
    np.random.shuffle(shuffled)
    assert shuffled.tolist() != rows.tolist()
    assert sorted(shuffled.tolist()) == rows.tolist()
    assert sorted(np.random.permutation(rows).tolist()) == rows.tolist()
    assert sorted(np.random.permutation(5).tolist()) == [0, 1, 2, 3, 4]


def test_every_sampler_has_a_row():
    have = {sampler.name.rpartition(".")[2] for sampler in SAMPLERS} | set(CALLED_WITH_SIZES) | NOT_SAMPLERS
    assert not set(np.random.__all__) - have
