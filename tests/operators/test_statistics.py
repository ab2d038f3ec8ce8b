"""What a row of the table cannot say about statistics, counting, polynomials, windows and finance."""

import numpy
import pytest

from mxnet import autograd, np
from mxnet.test_utils import assert_almost_equal, check_numeric_gradient

RNG = numpy.random.default_rng(7)


def gradient(function, values):
    """The gradient of the sum of a function, as a list."""
    x = np.array(values, dtype="float64")
    x.attach_grad()
    with autograd.record():
        y = function(x).sum()
    y.backward()
    return x.grad.tolist()


# Order statistics


def test_quantiles_of_infinities_and_nan():
    inf, nan = numpy.inf, numpy.nan
    assert np.quantile(np.array([1.0, inf]), [0, 0.5, 1]).tolist() == [1, inf, inf]
    assert np.quantile(np.array([-inf, 1.0]), [0, 0.5, 1]).tolist() == [-inf, -inf, 1]
    assert np.median(np.array([inf, inf, 0.0])).item() == inf
    assert numpy.isnan(np.median(np.array([1.0, nan, 2.0])).item())
    with pytest.warns(RuntimeWarning, match="nanquantile: there is nothing to choose from"):
        rows = np.nanquantile(np.array([[nan, nan], [nan, 4.0]]), 0.5, axis=1)
    assert numpy.isnan(rows[0].item())
    assert rows[1].item() == 4


def test_the_gradient_of_a_median_is_that_of_its_elements():
    assert gradient(np.median, [3, 1, 2]) == [0, 0, 1]
    assert gradient(np.median, [3, 1, 2, 9]) == [0.5, 0, 0.5, 0]
    assert sum(gradient(np.median, [2, 2, 2, 5])) == 1
    assert gradient(np.nanmedian, [3, numpy.nan, 2]) == [0.5, 0, 0.5]


def test_percentiles_interpolate_by_either_keyword():
    x = np.array([1, 2, 3, 4])
    assert np.percentile(x, 50, interpolation="lower") == np.percentile(x, 50, method="lower") == 2
    assert np.nanpercentile(x, 50, interpolation="higher") == 3
    assert np.percentile(x, np.array([0, 100])).tolist() == [1, 4]


@pytest.mark.parametrize(
    "call", [lambda x: np.percentile(x, 101), lambda x: np.quantile(x, [0.5, -1]), lambda x: np.quantile(x, 2)]
)
def test_fractions_out_of_range(call):
    with pytest.raises(ValueError, match="q lies between 0 and 1"):
        call(np.ones(3))


def test_quantiles_that_do_not_exist():
    with pytest.raises(ValueError, match=r"quantile: method is one of linear, .*not 'cubic'"):
        np.quantile(np.ones(3), 0.5, method="cubic")
    with pytest.raises(IndexError, match="quantile: no elements"):
        np.quantile(np.ones((2, 0)), 0.5, axis=1)
    for function in (np.median, np.nanmedian):
        with pytest.warns(RuntimeWarning, match="median: there is nothing to choose from"):
            assert numpy.isnan(function(np.ones((2, 0)), axis=1).asnumpy()).tolist() == [True, True]
    with pytest.raises(numpy.exceptions.AxisError, match="median"):
        np.median(np.ones(3), axis=1)
    with pytest.raises(TypeError, match="quantiles are of real numbers"):
        np.quantile(np.ones(3, dtype="complex64"), 0.5)
    z = numpy.array([2, 1 + 2j, 1 - 1j, 3])
    assert np.median(np.array(z, dtype="complex128")).item() == numpy.median(z)  # NumPy orders them by their real parts first


# Averages


def test_average_returns_the_sum_of_the_weights():
    x = np.array([[1, 2, 4], [3, 5, 8]])
    weights = np.array([1, 2, 1])
    for axis, w in ((1, weights), (None, None), (0, None)):
        results = np.average(x, axis=axis, weights=w, returned=True)
        expected = numpy.average(x.asnumpy(), axis=axis, weights=None if w is None else w.asnumpy(), returned=True)
        for result, value in zip(results, expected, strict=True):
            assert_almost_equal(result, value.astype("float32"))
    with pytest.raises(ZeroDivisionError, match="sum up to 0"):
        np.average(x, weights=x * 0)
    with pytest.raises(TypeError, match="say along which axis"):
        np.average(x, weights=weights)
    with pytest.raises(ValueError, match=r"along axis 0 .* are \(2,\)"):
        np.average(x, axis=0, weights=weights)


def test_average_of_integers_is_no_integer():
    average = np.average(np.array([1, 2], dtype="int32"), weights=np.array([1, 1], dtype="int32"))
    assert average.dtype == "float32"
    assert average == 1.5


def test_perfect_correlation_has_a_finite_gradient():
    x = numpy.array([[1.0, 2, 4], [2, 4, 8]])
    assert abs(np.corrcoef(np.array(x, dtype="float64"))).max() <= 1
    assert numpy.allclose(gradient(np.corrcoef, x), 0)


def test_covariances_refuse_weights_that_are_none():
    x = np.ones((2, 3))
    with pytest.raises(RuntimeError, match=r"\(2,\) for 3 observations"):
        np.cov(x, aweights=np.ones(2))
    with pytest.raises(ValueError, match="not negative"):
        np.cov(x, aweights=np.array([1, -1, 1]))
    with pytest.raises(TypeError, match="whole numbers"):
        np.cov(x, fweights=np.array([1, 0.5, 1]))
    with pytest.raises(ValueError, match="not of shape"):
        np.cov(np.ones((2, 2, 2)))


def test_complex_covariance():
    z = RNG.normal(size=(2, 5)) + 1j * RNG.normal(size=(2, 5))
    assert_almost_equal(np.cov(np.array(z, dtype="complex128")), numpy.cov(z))
    assert_almost_equal(np.corrcoef(np.array(z, dtype="complex128")), numpy.corrcoef(z))


# Running products, and what passes over NaN


@pytest.mark.parametrize("values", [[2, 0, 3, 0, 5], [0, 1, 2, 3], [1, 2, 3, 0]])
def test_cumprod_is_exact_at_zeros(values):
    check_numeric_gradient(np.cumprod, [numpy.array(values, "float64")], order=3)


def test_reductions_of_nothing_but_nan():
    nothing = np.full((2, 3), numpy.nan)
    assert np.nansum(nothing).item() == 0
    assert np.nanprod(nothing).item() == 1
    for function in (np.nanmean, np.nanvar, np.nanstd, np.nanmedian, np.nanmax):
        with pytest.warns(RuntimeWarning):
            assert numpy.isnan(function(nothing, axis=0).asnumpy()).all()
    with pytest.warns(RuntimeWarning, match="nanvar: there are no more than ddof=2 numbers"):
        assert numpy.isnan(np.nanvar(np.array([1, 2]), ddof=2).item())  # NumPy's `var` would say inf
    with pytest.raises(ValueError, match="nanargmax"):
        np.nanargmax(nothing)


def test_complex_numbers_that_are_none():
    z = numpy.array([1 + 2j, complex("nan"), 3 - 1j])
    for name in ("nansum", "nanprod", "nanmean", "nanvar", "nanstd", "nancumsum", "nancumprod"):
        assert_almost_equal(getattr(np, name)(np.array(z, dtype="complex128")), getattr(numpy, name)(z))
        assert getattr(np, name)(np.array(z, dtype="complex128")).dtype == getattr(numpy, name)(z).dtype


def test_no_gradient_flows_to_a_nan():
    for function in (np.nansum, np.nanprod, np.nanmax, np.nanmin, np.nanmean, np.nanvar, np.nanstd, np.nancumsum, np.nancumprod):
        grads = gradient(function, [1.5, numpy.nan, 4])
        assert grads[1] == 0
        assert numpy.isfinite(grads).all()
    assert gradient(np.nanmax, [2, numpy.nan, 2]) == [0.5, 0, 0.5]
    assert gradient(np.nanstd, [2, numpy.nan, 2]) == [0, 0, 0]


# Differences and interpolation


def test_interp_at_and_beyond_its_points():
    xp, fp = np.array([0, 1, 3]), np.array([0, 2, 8])
    x = np.array([-1, 0, 1, 3, 4, numpy.nan])
    assert_almost_equal(np.interp(x, xp, fp), numpy.interp(x.asnumpy(), [0, 1, 3], [0, 2, 8]).astype("float32"), equal_nan=True)
    assert gradient(lambda x: np.interp(x, xp, fp), [-1, 0.5, 1, 2, 4]) == [0, 2, 3, 3, 0]
    assert np.interp(0.5, xp, fp) == 1
    with pytest.raises(ValueError, match="interp: xp and fp"):
        np.interp(x, xp, np.ones(2))


def test_interp_where_points_coincide():
    steps = numpy.array([0.0, 1, 1, 2]), numpy.array([0.0, 1, 5, 6])
    x = numpy.array([0.5, 1, 1.5, 2])
    assert_almost_equal(np.interp(np.array(x), *map(np.array, steps)), numpy.interp(x, *steps).astype("float32"))


def test_differences_that_do_not_exist():
    with pytest.raises(ValueError, match="diff: differences are taken n times, not -1"):
        np.diff(np.ones(3), n=-1)
    with pytest.raises(ValueError, match="diff: a number has no neighbours"):
        np.diff(np.array(1))
    with pytest.raises(ValueError, match="too short"):
        np.gradient(np.ones(2), edge_order=2)
    with pytest.raises(TypeError, match="2 spacings for 1 axes"):
        np.gradient(np.ones(3), 1, 2)
    with pytest.raises(ValueError, match="4 coordinates for axis 0"):
        np.gradient(np.ones(3), np.ones(4))
    assert len(np.gradient(np.ones((3, 4)))) == 2


def test_complex_convolution():
    a, v = [RNG.normal(size=n) + 1j * RNG.normal(size=n) for n in (5, 3)]
    ours = [np.array(x, dtype="complex128") for x in (a, v)]
    for mode in ("full", "same", "valid"):
        assert_almost_equal(np.convolve(*ours, mode), numpy.convolve(a, v, mode))
        assert_almost_equal(np.correlate(*ours, mode), numpy.correlate(a, v, mode))
        assert_almost_equal(np.correlate(*ours[::-1], mode), numpy.correlate(v, a, mode))


# Counting


def test_narrow_integers_count_far():
    x = np.zeros(300, dtype="uint8")
    assert np.bincount(x).tolist() == [300]
    assert np.bincount(np.array([0, 1, 1], dtype="int32")).dtype == "int32"
    sums = np.bincount(np.array([0, 1, 1], dtype="int64"), weights=np.array([100, 100, 100], dtype="int8"))
    assert sums.tolist() == [100, 200]
    assert sums.dtype == "int64"


def test_bincount_of_what_is_no_index():
    with pytest.raises(TypeError, match=r"bincount: x holds the integers to count, not float32: write x.astype\(int\)"):
        np.bincount(np.array([0, 1]))
    with pytest.raises(ValueError, match="bincount"):
        np.bincount(np.array([-1], dtype="int64"))


def test_weights_keep_their_dtype():
    counts, edges = np.histogram(np.array([0, 1, 2]), bins=2, weights=np.array([0.5, 1, 2]))
    assert counts.tolist() == [0.5, 3]
    assert counts.dtype == edges.dtype == "float32"
    assert np.histogram(np.array([0, 1], dtype="int64"), bins=2, range=(0, 2))[0].dtype == "int64"
    with pytest.raises(ValueError, match=r"weights of shape \(2,\)"):
        np.histogram(np.ones(3), weights=np.ones(2))


def test_gradients_flow_to_weights():
    x, y = np.array([0, 1, 1, 3]), np.array([0, 0, 2, 2])
    assert gradient(lambda w: np.histogram2d(x, y, bins=2, weights=w)[0][0], [1, 1, 1, 1]) == [1, 1, 1, 0]
    check_numeric_gradient(lambda w: np.histogram2d(x, y, bins=2, weights=w, density=True)[0], [numpy.array([1.0, 2, 3, 4])])
    counts, *_ = np.histogram2d(x, y, bins=[0, 2, 4], weights=np.ones(4))
    assert_almost_equal(counts, numpy.histogram2d(x.asnumpy(), y.asnumpy(), bins=[0, 2, 4])[0].astype("float32"))


# Polynomials


def test_complex_roots():
    p = numpy.array([1.0, 2, 4, 1.5])
    roots = np.roots(np.array(p))
    assert roots.dtype == "complex64"
    assert numpy.allclose(sorted(roots.asnumpy(), key=abs), sorted(numpy.roots(p), key=abs))
    check_numeric_gradient(lambda p: abs(np.roots(p)), [p])


def test_roots_at_zero_and_lost_powers():
    assert np.roots(np.array([0, 1, -2, 0])).tolist() == [2, 0]
    assert np.roots(np.array([3.0])).shape == (0,)


def test_polynomials_of_complex_zeros():
    zeros = np.array([1 + 2j, 1 - 2j, 3], dtype="complex128")
    coefficients = np.poly(zeros)
    assert coefficients.dtype == "float64"
    assert_almost_equal(coefficients, numpy.poly(zeros.asnumpy()))
    rotation = np.array([[0, -1], [1, 0]], dtype="float64")
    assert_almost_equal(np.poly(rotation), numpy.array([1.0, 0, 1]))


def test_fits_and_what_they_return():
    x = numpy.linspace(-1, 2, 9)
    y = numpy.sin(x)
    ours = np.array(x, dtype="float64"), np.array(y, dtype="float64")
    for result, expected in zip(np.polyfit(*ours, 2, cov=True), numpy.polyfit(x, y, 2, cov=True), strict=True):
        assert_almost_equal(result, expected)
    for result, expected in zip(np.polyfit(*ours, 2, full=True), numpy.polyfit(x, y, 2, full=True), strict=True):
        assert_almost_equal(result, numpy.asarray(expected, getattr(result, "dtype", None)))
    with pytest.warns(numpy.exceptions.RankWarning, match="do not determine"):
        np.polyfit(np.ones(3), np.ones(3), 1)
    with pytest.raises(TypeError, match="polyfit: x has shape"):
        np.polyfit(np.ones(3), np.ones(2), 1)


def test_polynomials_that_do_not_exist():
    with pytest.raises(ValueError, match="integrated m times, not -1"):
        np.polyint(np.ones(2), -1)
    with pytest.raises(ValueError, match="2 constants for 3"):
        np.polyint(np.ones(2), 3, [1, 2])
    with pytest.raises(ValueError, match="polyadd: a vector is expected"):
        np.polyadd(np.ones((2, 2)), np.ones(2))
    quotient, rest = np.polydiv(np.array([1, 2]), np.array([1, 0, 3]))
    assert quotient.tolist() == [0]
    assert rest.tolist() == [1, 2]


# Windows and special functions


@pytest.mark.parametrize("name", ["bartlett", "blackman", "hamming", "hanning", "kaiser"])
def test_windows(name):
    more = (5.0,) if name == "kaiser" else ()
    for n in (-1, 0, 1, 2, 7):
        expected = getattr(numpy, name)(n, *more)
        assert_almost_equal(getattr(np, name)(n, *more), expected.astype("float32"))
        assert_almost_equal(getattr(np, name)(n, *more, dtype="float64"), expected)
    with pytest.raises(TypeError, match=f"{name}: the number of points is an int, not 4.5"):
        getattr(np, name)(4.5, *more)


def test_kaiser_has_a_gradient():
    beta = np.array(5.0, dtype="float64")
    assert_almost_equal(np.kaiser(7, beta), numpy.kaiser(7, 5))
    assert [np.kaiser(n, beta).tolist() for n in (0, 1)] == [[], [1]]
    check_numeric_gradient(lambda beta: np.kaiser(7, beta), [numpy.array(5.0)])


def test_special_functions_are_smooth():
    x = numpy.array([-2.3, -0.4, -1e-4, 0, 1e-5, 0.3, 1, 7.7])
    check_numeric_gradient(np.sinc, [x], order=4, rtol=1e-5)
    check_numeric_gradient(np.i0, [x[:-1]], order=4, rtol=1e-5)


# Money. The equation that its functions solve, term by term


def balance(rate, nper, pmt, pv, fv, when):
    total = pv
    for _ in range(nper):
        total = (total + pmt * when) * (1 + rate) + pmt * (1 - when)
    return total + fv


@pytest.mark.parametrize("when", [0, 1])
@pytest.mark.parametrize("rate", [0.05, 0, 1e-9, -0.01])
def test_the_balance_is_nought(rate, when):
    rate_ = np.array(rate, dtype="float64")
    pmt = np.pmt(rate_, 12, 1000, -150, when).item()
    assert abs(balance(rate, 12, pmt, 1000, -150, when)) < 1e-9
    assert np.pv(rate_, 12, pmt, -150, when).item() == pytest.approx(1000)
    owed = 1000 + sum(np.ppmt(rate_, per, 12, 1000, -150, when).item() for per in range(1, 13))
    if not when:
        assert owed == pytest.approx(150)
    assert np.rate(12, np.array(pmt, dtype="float64"), 1000, -150, when).item() == pytest.approx(rate, abs=1e-10)


def test_returns():
    values = np.array([-100, 39, 59, 55, 20], dtype="float64")
    assert np.npv(0.1, values).item() == pytest.approx(sum(v / 1.1**i for i, v in enumerate(values.tolist())))
    received = sum(v * 1.12 ** (4 - i) for i, v in enumerate(values.tolist()) if i)
    assert np.mirr(values, 0.1, 0.12).item() == pytest.approx((received / 100) ** 0.25 - 1)
    assert numpy.isnan(np.mirr(abs(values), 0.1, 0.12).item())


def test_money_has_gradients():
    one = [numpy.array(x) for x in (0.05, 12.0, 1000.0, -150.0)]
    for when in ("end", "begin"):
        check_numeric_gradient(lambda *x, when=when: np.pmt(*x, when), one)
        check_numeric_gradient(lambda *x, when=when: np.pv(*x, when), one)
        check_numeric_gradient(lambda rate, n, pv, fv, when=when: np.ppmt(rate, 3, n, pv, fv, when), one)
        amounts = [numpy.array(x) for x in (12.0, -98.0, 1000.0, 150.0)]
        check_numeric_gradient(lambda *x, when=when: 1e3 * np.rate(*x, when), amounts)
    check_numeric_gradient(lambda rate: np.pmt(rate, 12, 1000), [numpy.array(0.0)], order=3)
    check_numeric_gradient(np.npv, [numpy.array(0.1), numpy.array([-100.0, 30, 80])])
    check_numeric_gradient(np.mirr, [numpy.array([-100.0, 30, 80]), numpy.array(0.1), numpy.array(0.12)])


def test_money_in_many_accounts():
    payments = np.pmt(np.array([0.01, 0.02]), np.array([[12], [24]]), 100)
    assert payments.shape == (2, 2)
    assert payments.dtype == "float32"
    with pytest.raises(ValueError, match="pmt: payments are due when='end'"):
        np.pmt(0.1, 12, 100, when="sometimes")
    assert numpy.isnan(np.rate(10, 0, 3500, 10000).item())


# Old names


def test_old_names():
    x = np.array([[3, 0], [1, 2]])
    assert np.product(x[:, 0]) == 3
    assert np.sometrue(x)
    assert not np.alltrue(x)
    assert np.msort(x).tolist() == [[1, 0], [3, 2]]
    assert np.trapz(x[0]) == 1.5


@pytest.mark.parametrize(
    "name", ["ptp", "median", "nanmean", "nanvar", "diff", "ediff1d", "trapezoid", "cov", "gradient", "nancumsum"]
)
def test_lists_are_arrays(name):
    values = [1.0, 2.0, 5.0]
    result = getattr(np, name)(values)
    assert isinstance(result, np.ndarray)
    assert_almost_equal(result, getattr(numpy, name)(numpy.array(values, "float32")).astype("float32"))


# What `where` hides

HIDING = {
    "sum": {},
    "prod": {},
    "mean": {},
    "var": {},
    "std": {},
    "max": {"initial": 0},
    "min": {"initial": 99},
}


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("name", HIDING)
def test_what_where_leaves_out_is_hidden(name):
    mask = np.array([True, False, True], dtype=bool)
    reduce = lambda x: getattr(np, name)(x, where=mask, **HIDING[name])  # noqa: E731
    x = np.array([4.0, -1.0, 9.0])  # the square root of the second one is NaN, and so is its derivative
    x.attach_grad()
    with autograd.record():
        y = reduce(np.sqrt(x))
        slope = autograd.grad(y, x, create_graph=True)
        curved = (slope * slope).sum()
    curved.backward()
    for result in (slope, x.grad):
        assert result[1] == 0
        assert numpy.isfinite(result.asnumpy()).all()
    rest = x[np.array([0, 2], dtype=int)]
    assert y == getattr(np, name)(np.sqrt(rest), **HIDING[name])


@pytest.mark.filterwarnings("ignore:invalid value")
def test_what_is_left_out_is_hidden():
    for function in (
        lambda x: np.delete(x, 1),
        lambda x: np.resize(x, 1),
        lambda x: np.fmax(x, 1),
        lambda x: np.fmin(1, x),
        np.nanmax,
        np.nanmin,
        np.nanmedian,
    ):
        x = np.array([4.0, -1.0, 9.0])
        x.attach_grad()
        with autograd.record():
            y = function(np.sqrt(x))
        y.backward()
        assert x.grad[1] == 0


def test_of_an_extreme_that_is_the_initial_value_nobody_has_the_gradient():
    assert gradient(lambda x: np.max(x, initial=9), [1, 2]) == [0, 0]
    assert gradient(lambda x: np.min(x, initial=2), [1, 2, 3]) == [1, 0, 0]


def test_average_of_infinities_returns_the_sum_of_the_weights():
    average, total = np.average(np.array([numpy.inf, 1]), returned=True)
    assert (average, total) == (numpy.inf, 2)


def test_gradients_of_interp():
    x, xp, fp = numpy.array([[-1, 0.35, 1.7], [2.6, 3.9, 5]]), numpy.array([0, 1, 2.5, 4]), numpy.array([1, -2, 3, 0.5])
    for options in ({}, {"left": 7.0}, {"right": -1.0}, {"left": 7.0, "right": 2.0}, {"period": 3.7}, {"period": -4.9}):
        check_numeric_gradient(lambda *points, options=options: np.interp(*points, **options), [x, xp, fp], 2)
    check_numeric_gradient(lambda left, right: np.interp(np.array(x), xp, fp, left, right), [numpy.array(2.0), numpy.array(3.0)])
    z = np.array(fp + 1j, dtype="complex128")
    assert_almost_equal(np.interp(np.array(x, dtype="float64"), xp, z), numpy.interp(x, xp, fp + 1j))


def test_a_gradient_does_not_look_at_the_middle_of_equal_steps():
    nan = numpy.nan
    assert np.gradient(np.array([1, nan, 5, 7, 9]))[1] == 2  # as in NumPy: (5 - 1) / 2


def test_complex_weights_of_a_histogram():
    weights = numpy.array([1, 2j, 3])
    counts = np.histogram(np.array([0, 1, 1]), 2, weights=np.array(weights, dtype="complex64"))[0]
    assert counts.dtype == "complex64"
    assert counts.tolist() == [1, 3 + 2j]


def test_cumulative_functions():
    out = np.zeros(3)
    assert np.cumulative_sum(np.array([1, 2, 3]), out=out) is out
    assert np.cumulative_sum(np.array(3)).tolist() == [3]
    assert np.cumulative_prod(np.array([1, 2], dtype=int), dtype="float64", include_initial=True).dtype == "float64"
    for function in (np.cumulative_sum, np.cumulative_prod):
        with pytest.raises(numpy.exceptions.AxisError, match=f"^{function.__name__}: axis 1"):
            function(np.ones(2), axis=1)
    for function in (np.cumsum, np.cumprod, np.nancumsum, np.nancumprod):
        assert function(np.array([1, 2, 3]), out=out) is out
        assert function(np.array([1, 2, 3]), dtype="float64").dtype == "float64"
        with pytest.raises(ValueError, match="out has shape"):
            function(np.ones(2), out=out)
