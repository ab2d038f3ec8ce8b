"""What users test with is tested itself (the gradient checker and the basic comparisons: `operators/test_checker.py`)."""

import os
import sys

import numpy
import pytest
import scipy.stats

import mxnet as mx
from mxnet import gluon, np, npx, optimizer, test_utils
from mxnet.test_utils import assert_almost_equal

# --- comparisons ------------------------------------------------------------------------------------------------------------------


def test_broadcasting_is_asked_for():
    assert not test_utils.almost_equal(np.ones((2, 3)), np.ones(3))
    assert test_utils.almost_equal(np.ones((2, 3)), np.ones(3), use_broadcast=True)
    with pytest.raises(AssertionError, match=r"do not broadcast: \(2,\) and \(3,\)"):
        assert_almost_equal(np.ones(2), np.ones(3), use_broadcast=True)
    with pytest.raises(AssertionError, match="differ at 3 of 6 elements"):
        assert_almost_equal(np.array([[1, 1, 1], [2, 2, 2]]), np.ones(3), use_broadcast=True)


def test_the_message_lists_the_largest_differences():
    a = numpy.zeros(5)
    b = numpy.array([0, 1.0, -3, 0, 2])
    with pytest.raises(AssertionError) as caught:
        assert_almost_equal(a, b, mismatches=(2, 10))
    assert str(caught.value).splitlines() == [
        "a and b differ at 3 of 5 elements, most at [2]: 0.0 and -3.0 differ by 3 (rtol=1e-10, atol=1e-12)",
        "  [4]: 0.0 and 2.0 differ by 2",
    ]
    with pytest.raises(AssertionError) as caught:
        assert_almost_equal(a, b)
    assert len(str(caught.value).splitlines()) == 3
    with pytest.raises(AssertionError) as caught:
        assert_almost_equal(a, b, mismatches=(0, 0))
    assert len(str(caught.value).splitlines()) == 1


def test_allclose_is_strict():
    test_utils.assert_allclose(np.array([1.0, numpy.nan]), numpy.array([1 + 5e-8, numpy.nan]))
    with pytest.raises(AssertionError):
        test_utils.assert_allclose(numpy.ones(2), numpy.ones(2) * (1 + 2e-7))


def test_ignoring_nan():
    nan = numpy.nan
    a, b = np.array([nan, 1, 2]), np.array([5, 1, nan])
    test_utils.assert_almost_equal_ignore_nan(a, b)
    assert numpy.isnan(a.asnumpy()).tolist() == [True, False, False]  # as it was
    with pytest.raises(AssertionError, match="differ at 1 of 3"):
        test_utils.assert_almost_equal_ignore_nan(a, np.array([5, 4, nan]))
    with pytest.raises(AssertionError, match="shapes differ"):
        test_utils.assert_almost_equal_ignore_nan(a, np.ones(2))


@pytest.mark.parametrize(("etol", "passes"), [(0.05, True), (0.1, True), (0.04, False), (None, False)])
def test_a_share_of_elements_may_differ(etol, passes):
    a = numpy.ones(100)
    b = a.copy()
    b[:5] = 2
    if passes:
        test_utils.assert_almost_equal_with_err(a, b, etol=etol)
    else:
        with pytest.raises(AssertionError, match="differ at 5 of 100"):
            test_utils.assert_almost_equal_with_err(a, b, etol=etol)
    with pytest.raises(AssertionError, match="shapes differ"):
        test_utils.assert_almost_equal_with_err(a, b[:99], etol=1)


def test_nested_tuples():
    one, zero = np.ones(2), np.zeros(1)
    test_utils.compare_ndarray_tuple((one, [None, zero]), (one, [None, zero]))
    test_utils.compare_ndarray_tuple(None, one)
    for wrong in ((one, [None, zero + 1]), (one,), (one, zero), one):
        with pytest.raises(AssertionError):
            test_utils.compare_ndarray_tuple((one, [None, zero]), wrong)


def test_tolerances():
    f16, f64 = numpy.ones(1, "float16"), numpy.ones(1)
    rtols, atols = test_utils.default_rtols(), test_utils.default_atols()
    assert test_utils.get_tols(f16, f64, None, None) == (rtols[f16.dtype], atols[f16.dtype])
    assert test_utils.get_tols(f16, f64, 0.5, None) == (0.5, atols[f16.dtype])
    assert test_utils.get_tols(1.0, 2, None, None) == (rtols[f64.dtype], atols[f64.dtype])
    assert test_utils.get_tols(1.0, np.ones(1), None, None) == (1e-5, 1e-6)
    assert (rtols[numpy.dtype("int32")], atols[numpy.dtype(bool)]) == (0, 0)
    assert (test_utils.get_rtol(3.0), test_utils.get_rtol(dtype="float16"), test_utils.get_rtol()) == (3.0, 5e-3, 1e-10)
    assert (test_utils.get_atol(3.0), test_utils.get_atol(dtype="float16"), test_utils.get_atol()) == (3.0, 1e-3, 1e-12)
    assert (test_utils.get_etol(), test_utils.get_etol(0.1)) == (0, 0.1)
    assert test_utils.get_tolerance(f16, None, rtols) == 5e-3
    assert test_utils.get_tolerance(f16, 0.3, rtols) == 0.3


def test_dtypes_in_words():
    assert test_utils.default_dtype() == "float32"
    assert test_utils.effective_dtype(np.ones(1, dtype="float16")) == "float16"
    assert test_utils.effective_dtype([True]) == "bool"
    assert test_utils.get_dtype_name("float64") == "float64"
    a, b = numpy.array([[1.0, 2.0]]), numpy.array([[1.0, 3.0]])
    assert (
        test_utils.locationError(a, b, (0, 1), ("x", "y"), True) == "Location of maximum error: (0, 1), x=2.00000000, y=3.00000000"
    )
    with pytest.raises(AssertionError, match=r"the shapes differ: \(1, 2\) and \(\)"):
        test_utils.checkShapes(a, 3)


def test_same_array():
    x = np.arange(6)
    assert test_utils.same_array(x, x)
    assert test_utils.same_array(x, x.reshape(2, 3))
    assert not test_utils.same_array(x, x[::-1])
    assert not test_utils.same_array(x, x[:3])
    assert not test_utils.same_array(x, x.copy())
    assert not test_utils.same_array(np.zeros(0), np.zeros(0))


# --- gradients --------------------------------------------------------------------------------------------------------------------


def test_numeric_grad():
    x, y = numpy.array([[1.0, -2.0]]), numpy.array(3.0)
    gx, gy = test_utils.numeric_grad(lambda x, y: np.sin(x) * y, [x, y])
    numpy.testing.assert_allclose(gx, 3 * numpy.cos(x), rtol=1e-7)
    numpy.testing.assert_allclose(gy, numpy.sin(x).sum(), rtol=1e-7)
    named = test_utils.numeric_grad(lambda b, a: a * a * b, {"a": np.array([2.0]), "b": [3.0]}, eps=1e-3)
    assert {name: g.round(6).tolist() for name, g in named.items()} == {"a": [12.0], "b": [4.0]}
    seen = []
    test_utils.numeric_grad(lambda x: seen.append(x.dtype) or x.sum(), [[1.0]], dtype="float32")
    assert set(seen) == {numpy.dtype("float32")}
    assert test_utils.numeric_grad(lambda x: x.sum(), [numpy.zeros((0, 2))])[0].shape == (0, 2)


def test_numeric_eps_suits_the_dtype():
    for dtype, eps in test_utils.default_numeric_eps().items():
        assert 0.7 < eps / numpy.finfo(dtype).eps ** (1 / 3) < 1.5


# --- arrays at random -------------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def seeded():
    mx.random.seed(11)


def test_rand_ndarray():
    normal = test_utils.rand_ndarray((2000,), distribution="normal", dtype="float64").asnumpy()
    assert abs(normal).max() > 2
    assert normal.dtype == numpy.float64
    uniform = test_utils.rand_ndarray((2000,), distribution="uniform").asnumpy()
    assert 0.9 < abs(uniform).max() <= 1
    assert (test_utils.rand_ndarray((2, 3), modifier_func=abs).asnumpy() >= 0).all()
    with pytest.raises(ValueError, match="dense"):
        test_utils.rand_ndarray((2, 2), "csr")
    with pytest.raises(ValueError, match="'uniform' or 'normal', not 'powerlaw'"):
        test_utils.rand_ndarray((2, 2), distribution="powerlaw")


def test_random_shapes():
    shapes = [test_utils.rand_shape_2d(2, 3) for _ in range(100)]
    assert set(shapes) == {(i, j) for i in (1, 2) for j in (1, 2, 3)}
    assert {n for _ in range(100) for n in test_utils.rand_shape_3d(1, 1, 1, allow_zero_size=True)} == {0, 1}
    assert {n for _ in range(100) for n in test_utils.rand_shape_nd(4, 2)} == {1, 2}
    assert len(test_utils.rand_shape_nd(5)) == 5
    assert {test_utils.rand_coord_2d(1, 3, 5, 6) for _ in range(50)} == {(1, 5), (2, 5)}


def test_random_arrays():
    x, y = test_utils.random_arrays((2, 3), ())
    assert (x.shape, y.shape, type(x), x.dtype) == ((2, 3), (), numpy.ndarray, numpy.float32)
    assert test_utils.random_arrays((3,)).shape == (3,)
    (uniform,) = test_utils.random_uniform_arrays((500,), low=3, high=4, dtype="float64")
    assert (uniform.dtype, 3 <= uniform.min() < 3.1, 3.9 < uniform.max() <= 4) == (numpy.float64, True, True)
    drawn = test_utils.random_sample(range(10), 4)
    assert len(set(drawn)) == 4
    mx.random.seed(11)
    assert numpy.array_equal(test_utils.random_arrays((2, 3), ())[0], x)


def test_numbered_arrays():
    assert test_utils.create_vector(3).tolist() == [0, 1, 2]
    assert test_utils.create_vector(3, dtype="float32").dtype == "float32"
    assert test_utils.create_2d_tensor(2, 3).tolist() == test_utils.create_2d_np_tensor(2, 3).tolist() == [[0] * 3, [1] * 3]
    assert test_utils.create_2d_tensor(2, 3).dtype == "int64"


def test_assigning_each():
    x = numpy.array([[1.0, 2.0]])
    assert test_utils.assign_each(x, lambda v: v * 10).tolist() == [[10, 20]]
    assert test_utils.assign_each2(x, x + 1, lambda v, w: v * w).tolist() == [[2, 6]]
    assert test_utils.assign_each(x, None).tolist() == test_utils.assign_each2(x, x, None).tolist() == [[1, 2]]
    assert x.tolist() == [[1, 2]]


@pytest.mark.parametrize("axis", [None, 0, -1, (0, 2), (-1, 1), ()])
@pytest.mark.parametrize("keepdims", [False, True])
def test_np_reduce(axis, keepdims):
    x = numpy.arange(24.0).reshape(2, 3, 4)
    for reduce in (numpy.sum, numpy.max):
        result = test_utils.np_reduce(x, axis, keepdims, reduce)
        numpy.testing.assert_array_equal(result, reduce(x, axis=axis, keepdims=keepdims))


@pytest.mark.parametrize("shape", [(2, 3, 4), (3, 4), (1, 3, 1), (1,), ()])
def test_collapse_sum_like(shape):
    g = numpy.arange(24.0).reshape(2, 3, 4)
    x = np.zeros(shape, dtype="float64")
    x.attach_grad()
    with mx.autograd.record():
        y = np.array(g, dtype="float64") * np.broadcast_to(x, g.shape)
    y.backward()
    numpy.testing.assert_array_equal(test_utils.collapse_sum_like(g, shape), x.grad.asnumpy())


def test_collapse_sum_like_refuses():
    for shape in ((2, 3), (5, 2, 3, 4), (2, 3, 5)):
        with pytest.raises(ValueError, match="broadcast"):
            test_utils.collapse_sum_like(numpy.ones((2, 3, 4)), shape)


def test_matrices_with_real_eigenvalues():
    for matrix in (test_utils.new_matrix_with_real_eigvals_2d(5), *test_utils.new_matrix_with_real_eigvals_nd((2, 3, 4, 4))[0]):
        values = numpy.linalg.eigvals(matrix)
        assert abs(values.imag).max() < 1e-6
        assert abs(values).max() < 10 + 1e-6
    symmetric = test_utils.new_sym_matrix_with_real_eigvals_nd((3, 4, 4))
    numpy.testing.assert_array_equal(symmetric, symmetric.transpose(0, 2, 1))
    assert test_utils.new_sym_matrix_with_real_eigvals_nd((0, 4, 4)).shape == (0, 4, 4)
    assert test_utils.new_sym_matrix_with_real_eigvals_2d(3).shape == (3, 3)
    q = test_utils.new_orthonormal_matrix_2d(6)
    numpy.testing.assert_allclose(q @ q.T, numpy.eye(6), atol=1e-14)
    with pytest.raises(ValueError, match="are equal, not"):
        test_utils.new_matrix_with_real_eigvals_nd((2, 3, 4))


# --- tests of generators ----------------------------------------------------------------------------------------------------------


def normal(n):
    return np.random.normal(2, 3, n)


def test_means_and_variances():
    assert test_utils.mean_check(normal, 2, 3, 4000)
    assert test_utils.var_check(normal, 3, 4000)
    assert not test_utils.mean_check(normal, 2.3, 3, 4000)
    assert not test_utils.var_check(normal, 2.7, 4000)
    passed = sum(test_utils.mean_check(normal, 2, 3, 100) for _ in range(200))
    assert passed >= 190  # 99.7 % are expected


def test_chi_square_of_intervals():
    buckets, probs = test_utils.gen_buckets_probs_with_ppf(scipy.stats.norm(2, 3).ppf, 5)
    assert (buckets[0][0], buckets[-1][1], len(buckets), sum(probs)) == (-numpy.inf, numpy.inf, 5, pytest.approx(1))
    p, observed, expected = test_utils.chi_square_check(normal, buckets, probs, 2000)
    assert p > 0.01
    assert observed.sum() == expected.sum() == 2000
    assert p == pytest.approx(scipy.stats.chisquare(observed, expected).pvalue)
    p, *_ = test_utils.chi_square_check(lambda n: normal(n) + 0.5, buckets, probs, 2000)
    assert p < 1e-6


def test_chi_square_of_values():
    def die(n):
        return np.random.randint(0, 3, n)

    p, *_ = test_utils.chi_square_check(die, [0, 1, 2], [1 / 3] * 3, 3000)
    assert p > 0.01
    p, *_ = test_utils.chi_square_check(die, [0, 1], [0.5, 0.5], 3000)  # 2 cannot be
    assert p == 0
    with pytest.raises(ValueError, match=r"sum to 0\.9, not to 1"):
        test_utils.chi_square_check(die, [0, 1, 2], [0.5, 0.3, 0.1], 10)
    with pytest.raises(ValueError, match="2 buckets and 3 probabilities"):
        test_utils.chi_square_check(die, [0, 1], [0.5, 0.3, 0.2], 10)


def test_verify_generator():
    buckets, probs = test_utils.gen_buckets_probs_with_ppf(scipy.stats.norm(2, 3).ppf, 5)
    found = test_utils.verify_generator(normal, buckets, probs, 1000, nrepeat=3)
    assert len(found) == 3
    with pytest.raises(AssertionError, match="the generator passed 0 of 3 tests, with p = "):
        test_utils.verify_generator(lambda n: normal(n) + 1, buckets, probs, 1000, nrepeat=3)


# --- the surroundings -------------------------------------------------------------------------------------------------------------


def test_default_device():
    try:
        test_utils.set_default_device(mx.cpu(2))
        assert test_utils.default_device() == mx.current_device() == mx.cpu(2)
    finally:
        test_utils.set_default_device(mx.cpu(0))
    with pytest.raises(mx.MXNetError):
        test_utils.set_default_device(mx.gpu(0))
    with pytest.raises(TypeError):
        test_utils.set_default_device("cpu")
    assert test_utils.default_device() == mx.cpu(0)


def test_answers_about_the_machine():
    assert test_utils.list_gpus() == []
    assert test_utils.is_op_runnable() is True
    assert test_utils.has_tvm_ops() is test_utils.is_cd_run() is False


def test_assert_exception():
    test_utils.assert_exception(int, ValueError, "a")
    test_utils.assert_exception(int, ValueError, "9", base=8)
    with pytest.raises(AssertionError, match="int did not raise ValueError"):
        test_utils.assert_exception(int, ValueError, "3")
    with pytest.raises(ValueError, match="invalid literal"):
        test_utils.assert_exception(int, KeyError, "a")


def test_discard_stderr(capfd):
    with test_utils.discard_stderr():
        os.write(2, b"not seen\n")
        print("not seen", file=sys.stderr, flush=True)
    with pytest.raises(KeyError), test_utils.discard_stderr():
        raise KeyError
    os.write(2, b"seen\n")
    assert capfd.readouterr().err == "seen\n"


def test_environment(monkeypatch):
    monkeypatch.setenv("MXTAPE_A", "old")
    monkeypatch.delenv("MXTAPE_B", raising=False)

    def now():
        return os.environ.get("MXTAPE_A"), os.environ.get("MXTAPE_B")

    with test_utils.environment("MXTAPE_A", "new"):
        assert now() == ("new", None)
        with test_utils.environment({"MXTAPE_A": None, "MXTAPE_B": "5"}):
            assert now() == (None, "5")
        assert now() == ("new", None)
    assert now() == ("old", None)
    with pytest.raises(KeyError), test_utils.environment("MXTAPE_B", "x"):
        raise KeyError
    with pytest.raises(TypeError), test_utils.environment({"MXTAPE_B": "1", "MXTAPE_A": 3}):
        pass
    assert now() == ("old", None)
    for wrong in ((), ("MXTAPE_A",), ("a", "b", "c")):
        with pytest.raises(TypeError, match="the name and the value"), test_utils.environment(*wrong):
            pass


def test_retry():
    calls = []

    @test_utils.retry(3)
    def fails(times, error=AssertionError):
        """Words."""
        calls.append(times)
        if len(calls) <= times:
            raise error("no")
        return "yes"

    assert fails(2) == "yes"
    assert len(calls) == 3
    calls.clear()
    with pytest.raises(AssertionError, match="no"):
        fails(5)
    assert len(calls) == 3
    calls.clear()
    with pytest.raises(KeyError):
        fails(1, KeyError)
    assert len(calls) == 1
    assert fails.__doc__ == "Words."
    with pytest.raises(ValueError, match="a positive number of tries"):
        test_utils.retry(0)


# --- networks, optimisers ---------------------------------------------------------------------------------------------------------


def test_hybridize_consistency():
    test_utils.check_gluon_hybridize_consistency(lambda: gluon.nn.Dense(2), [np.ones((2, 3))])
    test_utils.check_gluon_hybridize_consistency(
        lambda: gluon.nn.Activation("relu"), [np.array([[-1.0, 2.0]])], numpy_func=lambda x: x.clip(0)
    )
    with pytest.raises(AssertionError, match="network and numpy_func differ"):
        test_utils.check_gluon_hybridize_consistency(
            lambda: gluon.nn.Activation("relu"), [np.array([[-1.0, 2.0]])], numpy_func=lambda x: x, test_grad=False
        )

    class Unsteady(gluon.HybridBlock):
        factor = 1.0

        def forward(self, x):
            self.factor += self.slope
            return x * self.factor

        slope = 1.0

    with pytest.raises(AssertionError, match="hybridized and plain differ"):
        test_utils.check_gluon_hybridize_consistency(Unsteady, [np.ones(2)])


def test_compare_optimizer():
    shapes = [(2, 3), (4,)]
    test_utils.compare_optimizer(optimizer.Adam(), optimizer.Adam(), shapes, "float32")
    with pytest.raises(AssertionError, match="differ"):
        test_utils.compare_optimizer(optimizer.SGD(learning_rate=0.1), optimizer.SGD(learning_rate=0.2), shapes, "float32")
    # The same first step, but something else is remembered.
    one, other = optimizer.SGD(learning_rate=0.1, momentum=0.9), optimizer.SGD(learning_rate=0.1)
    test_utils.compare_optimizer(one, other, shapes, "float64", compare_states=False)
    with pytest.raises(ValueError, match="dense"):
        test_utils.compare_optimizer(one, one, shapes, "float32", g_stype="row_sparse")


def test_compare_optimizer_with_noise():
    test_utils.compare_optimizer_noise_seeded(optimizer.SGLD(), optimizer.SGLD(), [(3,)], "float32", 5)
    with pytest.raises(AssertionError):
        test_utils.compare_optimizer(optimizer.SGLD(), optimizer.SGLD(), [(3,)], "float32")


def test_dummy_iterator():
    real = mx.io.NDArrayIter(np.arange(6), batch_size=2)
    batches = test_utils.DummyIter(real)
    assert (batches.batch_size, batches.provide_data) == (2, real.provide_data)
    assert [next(batches).data[0].tolist() for _ in range(5)] == [[0, 1]] * 5


def test_names():
    assert set(test_utils.__all__) <= set(dir(test_utils))
    assert test_utils.use_np is npx.use_np
