"""Arrays among others': NumPy's functions, DLPack, pickling, copies, printing, and libraries that take NumPy arrays."""

import copy
import io
import math
import pickle
import sys
import warnings
from operator import attrgetter
from types import SimpleNamespace

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mxnet
from mxnet import autograd, np
from mxnet.core.operator import TWINS
from mxnet.operators.files import npx_save, npx_savez


def variable(*values, dtype="float32"):
    x = np.array(values, dtype=dtype)
    x.attach_grad()
    return x


# NumPy's functions on our arrays


@pytest.mark.parametrize(
    "function",
    [
        lambda x: numpy.sin(x) * 2,
        lambda x: numpy.multiply(numpy.array([2.0, 3.0, 4.0], "float32"), x),
        lambda x: numpy.float64(2) * x,
        lambda x: numpy.array([1.0, 2.0, 3.0], "float32") - x,
        lambda x: numpy.ones((2, 3), "float32") @ x,
        lambda x: numpy.concatenate([x, numpy.ones(2, "float32"), x]),
        lambda x: numpy.stack([x, numpy.zeros(3, "float32")]),
        lambda x: numpy.where(x > 1.5, x, numpy.zeros(3, "float32")),
        lambda x: numpy.einsum("i,j->ij", x, numpy.arange(2.0)),
        lambda x: numpy.linalg.norm(x),
        lambda x: numpy.sum(numpy.square(x)[1:]),
    ],
)
def test_numpy_functions_record(function):
    x = variable(1.0, 2.0, 3.0)
    with autograd.record():
        y = function(x)
        total = (y * y).sum()
    assert isinstance(y, np.ndarray)
    total.backward()
    step = 1e-3
    for i in range(3):
        ends = []
        for sign in (-1, 1):
            moved = numpy.array([1.0, 2.0, 3.0])
            moved[i] += sign * step
            ends.append(float(numpy.sum(function(moved) ** 2)))
        assert x.grad[i] == pytest.approx((ends[1] - ends[0]) / (2 * step), rel=1e-3)


# Functions of the same name that are another thing, or have nothing to record.
NO_TWINS = {"savetxt", "save", "savez", "savez_compressed"}


@pytest.mark.parametrize("path", ["np", "np.linalg", "np.fft"])
def test_numpys_functions_know_ours(path):
    """NumPy's function of the same name finds ours: computed by NumPy, it would not be recorded."""
    ours, theirs = attrgetter(path)(mxnet), attrgetter(path.replace("np", "numpy", 1))(SimpleNamespace(numpy=numpy))
    unknown = []
    for name in ours.__all__:
        function = getattr(theirs, name, None)
        takes_ours = isinstance(function, numpy.ufunc) or hasattr(function, "_implementation")  # NEP 13, NEP 18
        if takes_ours and name not in NO_TWINS and function not in TWINS:
            unknown.append(name)
    assert not unknown, f"declare these with implements=, or register them in TWINS: {unknown}"


def test_what_numpy_computes_for_us():
    x = np.array([0.0, 1.0, 8.0])
    assert isinstance(numpy.add.reduce(x), np.ndarray)
    assert float(numpy.add.reduce(x)) == 9
    assert numpy.multiply.outer(x, x).shape == (3, 3)
    assert numpy.add.accumulate(x).tolist() == [0, 1, 9]
    sums = numpy.zeros(3)
    numpy.add.at(sums, np.array([0, 0, 2], dtype=int), x)
    assert sums.tolist() == [1, 0, 8]
    out = np.zeros(3)
    assert numpy.add(x, x, out=out, dtype="float32") is out
    assert out.tolist() == [0, 2, 16]
    numpy.copyto(sums, x)
    assert sums.tolist() == [0, 1, 8]


def test_what_numpy_computes_is_not_recorded_and_says_so():
    x = variable(1.0, 2.0)
    with autograd.record():
        with pytest.raises(TypeError, match=r"numpy\.add\.reduce has no gradient rule"):
            numpy.add.reduce(x * 2)
        with pytest.raises(TypeError, match="detach"):
            numpy.copyto(numpy.zeros(2), x)
        assert numpy.add.reduce(x.detach()).tolist() == 3


def test_what_numpy_computes_writes_nothing_of_ours():
    x = np.zeros(3)
    with pytest.raises(TypeError, match="key"):
        numpy.add.at(x, [0], 1)
    assert x.tolist() == [0, 0, 0]


class Stranger:
    """An array of a library that NumPy knows nothing of."""

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        return "the stranger's"

    def __array_function__(self, function, types, args, kwargs):
        return "the stranger's"

    def __radd__(self, other):
        return "the stranger's"


def test_strangers_are_given_way():
    assert numpy.add(np.ones(2), Stranger()) == "the stranger's"
    assert numpy.concatenate([np.ones(2), Stranger()]) == "the stranger's"
    assert np.ones(2) + Stranger() == "the stranger's"


# Memory shared with NumPy and torch


def test_numpy_sees_the_memory():
    x = np.array([1.0, 2.0])
    view = numpy.asarray(x)
    assert numpy.shares_memory(view, x._data)
    assert not view.flags.writeable
    assert view.dtype == "float32"
    x[0] = 7
    assert view[0] == 7
    assert numpy.asarray(x, dtype="float64").dtype == "float64"
    assert numpy.array(x).flags.writeable
    with pytest.raises(ValueError, match="copy"):
        numpy.asarray(x, dtype="float64", copy=False)
    assert numpy.array([x[0], x[1]]).tolist() == [7, 2]
    assert numpy.arange(3)[np.array([0, 2], dtype=int)].tolist() == [0, 2]
    assert numpy.arange(2)[x > 5].tolist() == [0]


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int8", "int32", "int64", "float16", "float32", "float64"])
def test_dlpack_with_numpy(dtype):
    there = numpy.ones((2, 3), dtype)
    here = np.from_dlpack(there)
    assert here.dtype == dtype
    assert numpy.shares_memory(here._data, there)
    back = numpy.from_dlpack(here)
    assert numpy.shares_memory(back, there)
    assert not numpy.shares_memory(np.from_dlpack(there, copy=True)._data, there)
    assert numpy.shares_memory(np.from_dlpack(there.T, copy=False)._data, there)
    assert here.__dlpack_device__() == there.__dlpack_device__()


def test_dlpack_of_ours_is_a_constant():
    x = variable(1.0, 2.0)
    y = np.from_dlpack(x)
    assert y is not x
    assert y.grad is None
    assert np.shares_memory(x, y)
    assert not np.shares_memory(x, np.from_dlpack(x, copy=True))


def test_dlpack_refuses_other_data():
    with pytest.raises(TypeError, match=r"np\.array copies"):
        np.from_dlpack([1.0])


def test_dlpack_with_torch():
    torch = pytest.importorskip("torch")
    tensor = torch.ones(2, 3)
    here = np.from_dlpack(tensor)
    here[0, 0] = 5
    assert tensor[0, 0] == 5
    x = np.zeros((3, 2)).T
    there = torch.from_dlpack(x)
    there[1, 2] = 4
    assert float(x[1, 2]) == 4
    assert there.shape == x.shape


# Copies, pickling, hashing, iteration, printing


@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x)), np.array, np.ndarray.copy]
)
def test_duplicates_are_independent(duplicate):
    x = np.array([[1, 2], [3, 4]], dtype="int16")[:, ::-1]
    y = duplicate(x)
    assert type(y) is np.ndarray
    assert y.dtype == x.dtype
    assert (y == x).all()
    y[0] = 9
    assert x.tolist() == [[2, 1], [4, 3]]


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickle(protocol):
    for x in (np.array(2.5), np.zeros((0, 3)), np.ones(3, dtype=bool)):
        y = pickle.loads(pickle.dumps(x, protocol))
        assert (y.shape, y.dtype, y.tolist()) == (x.shape, x.dtype, x.tolist())


def test_deepcopy_of_a_variable_is_a_variable():
    x = variable(1.0, 2.0)
    y = copy.deepcopy({"w": x})["w"]
    with autograd.record():
        total = (3 * y).sum()
    total.backward()
    assert y.grad.tolist() == [3, 3]
    assert x.grad.tolist() == [0, 0]


def test_hash_is_identity():
    x, y = np.ones(2), np.ones(2)
    names = {x: "x", y: "y"}
    assert names[x] == "x"
    assert names[y] == "y"


def test_iteration():
    x = variable(1.0, 2.0, 3.0)
    with autograd.record():
        total = sum(i * part for i, part in enumerate(x))
        first, *_, last = x
        total = total + 10 * (first + last)
    total.backward()
    assert x.grad.tolist() == [10, 1, 12]
    assert [float(part) for part in reversed(x)] == [3, 2, 1]
    assert 2.0 in x
    assert 5.0 not in x
    with pytest.raises(TypeError, match="0-d"):
        iter(np.array(1.0))


def test_numbers():
    x = np.array([[2.25]])
    assert math.sqrt(x) == 1.5
    assert f"{np.array(2.25):.1f}" == "2.2"
    assert f"{x:.3f}" == "2.250"
    assert f"{np.ones(2)}" == "[1. 1.]"
    assert round(float(x), 1) == 2.2
    assert [10, 20, 30][np.array(1, dtype=int)] == 20
    assert max(np.array([1.0, 3.0, 2.0])) == 3
    with pytest.raises(ValueError, match="size 1"):
        f"{np.ones(2):.1f}"


@given(
    shape=st.lists(st.integers(0, 4), max_size=3).map(tuple),
    dtype=st.sampled_from(["bool", "int8", "uint16", "int64", "float16", "float32", "float64", "complex64"]),
)
def test_repr_reads_back(shape, dtype):
    x = np.array(numpy.random.default_rng(0).integers(0, 100, shape), dtype=dtype)
    names = {"array": numpy.array, "nan": numpy.nan, "inf": numpy.inf, **{name: name for name in (str(x.dtype), "float32")}}
    text = repr(x).replace(", shape=" + str(x.shape), "")
    read = eval(text, names)
    assert numpy.array_equal(numpy.asarray(read).reshape(x.shape), x.asnumpy())
    if dtype not in ("float32", "bool"):
        assert text.endswith(f"dtype={dtype})")


def test_huge_arrays_print_short():
    assert len(repr(np.zeros((3000, 3000)))) < 1000
    assert "..." in str(np.zeros(2000))
    assert "..." not in str(np.zeros(1000))


def test_printing_follows_numpys_options():
    with numpy.printoptions(precision=2, threshold=3):
        assert repr(np.array([1 / 3, 2 / 3])) == "array([0.33, 0.67])"
        assert "..." in repr(np.arange(10))


def test_methods_without_a_function_of_their_name():
    x = np.array([[1.0, 0.0, 3.0], [4.0, 5.0, 6.0]])
    plain = x.asnumpy()
    assert [index.tolist() for index in x.nonzero()] == [index.tolist() for index in plain.nonzero()]
    assert x.compress(np.array([True, False, True], dtype=bool), axis=1).tolist() == [[1, 3], [4, 6]]
    assert x.cumprod(axis=1).tolist() == plain.cumprod(axis=1).tolist()
    assert x[1].searchsorted(np.array([4.5])).tolist() == [1]
    assert float(x.trace()) == 6
    assert x.diagonal().tolist() == [1, 5]
    assert x.flatten().shape == (6,)
    assert (x.strides, x.itemsize, x.nbytes) == ((12, 4), 4, 24)
    assert x.T.tobytes() == plain.T.tobytes()
    x.fill(2)
    assert x.tolist() == [[2, 2, 2], [2, 2, 2]]


def test_fill_is_recorded():
    x, value = variable(1.0, 2.0), variable(3.0)
    with autograd.record():
        y = x * 2
        y.fill(value[0])
        total = y.sum()
    total.backward()
    assert x.grad.tolist() == [0, 0]
    assert value.grad.tolist() == [2]


# Dtypes


@given(
    st.lists(
        st.sampled_from(["bool", "uint8", "int8", "int32", "int64", "uint64", "float16", "float32", "float64"]),
        min_size=2,
        max_size=2,
    )
)
def test_result_type_is_that_of_arithmetic(dtypes):
    x, y = (np.ones(2, dtype=dtype) for dtype in dtypes)
    expected = (x + y).dtype
    assert np.result_type(x, y) == np.promote_types(*dtypes) == numpy.result_type(x, y) == expected
    for number in (True, 3, 0.5, numpy.float64(0.5), numpy.int64(3)):
        assert np.result_type(x, number) == (x + number).dtype


def test_result_type_of_numbers():
    assert np.result_type(1, True) == "int64"
    assert np.result_type(1, 2.0) == np.result_type(float) == "float32"
    assert np.result_type(1, 2j) == np.result_type(np.float32, 1j) == "complex64"
    with pytest.raises(ValueError, match="at least one"):
        np.result_type()
    with pytest.raises(TypeError, match="not <U3"):
        np.result_type("<U3")


def test_can_cast():
    assert np.can_cast(np.ones(1), np.float64)
    assert not np.can_cast("int64", "float32")
    assert np.can_cast("int64", "float32", "same_kind")
    assert numpy.can_cast(np.ones(1), "float64")
    with pytest.raises(TypeError, match="min_scalar_type"):
        np.can_cast(1, "int8")
    assert np.min_scalar_type(np.array(3, dtype=int)) == "uint8"


def test_shape_size_ndim():
    x = np.zeros((2, 3, 4))
    for functions in (np, numpy):
        assert functions.shape(x) == (2, 3, 4)
        assert functions.ndim(x) == 3
        assert functions.size(x) == 24
        assert functions.size(x, -1) == 4
    assert np.size(x, (0, 2)) == 8
    assert np.shape([np.zeros(2), np.zeros(2)]) == (2, 2)
    with pytest.raises(numpy.exceptions.AxisError, match="axis 3"):
        np.size(x, 3)


def test_constants():
    assert math.isnan(np.NAN)
    assert math.isnan(np.NaN)
    assert np.PINF == -np.NINF == math.inf
    assert math.copysign(1, np.NZERO) == -math.copysign(1, np.PZERO) == -1
    assert np.numeric_dtypes == np.integer_dtypes + np.floating_dtypes
    assert [str(dtype) for dtype in np.boolean_dtypes + np.floating_dtypes] == ["bool", "float16", "float32", "float64"]
    assert len(np.integer_dtypes) == 8
    assert [str(dtype) for dtype in np.complex_floating_dtypes] == ["complex64", "complex128"]


# Files


@pytest.mark.parametrize("dtype", ["bool", "int8", "int64", "float16", "float32", "float64", "complex64"])
@pytest.mark.parametrize("shape", [(), (0, 2), (2, 3)])
def test_save_and_load(tmp_path, dtype, shape):
    x = np.ones(shape, dtype=dtype)
    np.save(tmp_path / "x", x)
    for read in (np.load(tmp_path / "x.npy"), np.array(numpy.load(tmp_path / "x.npy"), dtype=dtype)):
        assert isinstance(read, np.ndarray)
        assert (read.shape, read.dtype, read.tolist()) == (x.shape, x.dtype, x.tolist())


@pytest.mark.parametrize("write", [np.savez, np.savez_compressed])
def test_save_and_load_several(tmp_path, write):
    write(tmp_path / "w", np.zeros(2), file=np.ones(1), allow_pickle=np.array(3, dtype=int))
    arrays = np.load(tmp_path / "w.npz")
    assert {name: array.tolist() for name, array in arrays.items()} == {"arr_0": [0, 0], "file": [1], "allow_pickle": 3}
    with numpy.load(tmp_path / "w.npz") as theirs:
        assert sorted(theirs.files) == ["allow_pickle", "arr_0", "file"]
    with pytest.raises(ValueError, match="arr_0"):
        write(tmp_path / "other", np.zeros(2), arr_0=np.ones(1))
    assert not (tmp_path / "other.npz").exists()


def test_npx_takes_names_as_they_are(tmp_path):
    npx_save(tmp_path / "x", np.ones(2))
    npx_savez(tmp_path / "y", np.ones(2), b=np.zeros(1))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x", "y"]
    assert np.load(tmp_path / "x").tolist() == [1, 1]
    assert np.load(tmp_path / "y").keys() == {"arr_0", "b"}
    file = io.BytesIO()
    npx_save(file, np.ones(1))
    file.seek(0)
    assert np.load(file).tolist() == [1]


def test_files_of_numpy(tmp_path):
    numpy.save(tmp_path / "big.npy", numpy.asfortranarray([[1.0, 2.0], [3.0, 4.0]]).astype(">f4"))
    x = np.load(str(tmp_path / "big.npy"))
    assert x.dtype == numpy.dtype("float32").newbyteorder("=")
    assert x.dtype.isnative
    assert x.tolist() == [[1, 2], [3, 4]]
    numpy.save(tmp_path / "ours.npy", np.ones(2))
    assert np.load(tmp_path / "ours.npy").tolist() == [1, 1]


class Evil:
    """What unpickling would do."""

    def __reduce__(self):
        return pytest.fail, ("unpickled",)


@pytest.mark.parametrize("content", ["pickle", "objects", "objects in a zip", "text", "empty", "strings", "truncated"])
def test_load_refuses(tmp_path, content):
    path = tmp_path / "file"
    objects = numpy.empty(1, object)
    objects[0] = Evil()
    with open(path, "wb") as file:
        if content == "pickle":
            pickle.dump(Evil(), file)
        elif content == "objects":
            numpy.save(file, objects, allow_pickle=True)
        elif content == "objects in a zip":
            numpy.savez(file, a=numpy.ones(2), b=objects)
        elif content == "text":
            file.write(b"1 2 3\n")
        elif content == "strings":
            numpy.save(file, numpy.array(["a"]))
        elif content == "truncated":
            whole = io.BytesIO()
            numpy.save(whole, numpy.ones(100))
            file.write(whole.getvalue()[:200])
    with pytest.raises(ValueError, match="load: "):
        np.load(path)


def test_save_refuses_what_is_no_number(tmp_path):
    with pytest.raises(TypeError, match="save: arrays hold"):
        np.save(tmp_path / "x.npy", "text")
    assert not list(tmp_path.iterdir())


def test_text(tmp_path):
    x = np.array([[1.5, 2.0], [3.0, 4.0]])
    np.savetxt(tmp_path / "x.csv", x, delimiter=",", header="a,b")
    for read in (np.loadtxt, np.genfromtxt):
        y = read(tmp_path / "x.csv", delimiter=",")
        assert isinstance(y, np.ndarray)
        assert y.dtype == "float32"
        assert (y == x).all()
        assert read(["1 2", "3 4"], dtype="int64").dtype == "int64"
    columns = np.loadtxt(["1 2", "3 4"], unpack=True)
    assert columns.tolist() == [[1, 3], [2, 4]]
    with pytest.raises(TypeError, match="columns"):
        np.genfromtxt(["a b", "1 2"], names=True)


# Libraries that take NumPy arrays


@pytest.fixture
def axes():
    pytest.importorskip("matplotlib").use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots()
    yield axes
    figure.canvas.draw()
    pyplot.close(figure)


@pytest.mark.slow
@pytest.mark.parametrize("recording", [False, True])
@pytest.mark.parametrize(
    "draw",
    [
        lambda axes, v, m: axes.plot(v, v * v),
        lambda axes, v, m: axes.scatter(v, v, c=v, s=10 * v),
        lambda axes, v, m: axes.bar(v, v),
        lambda axes, v, m: axes.hist(v),
        lambda axes, v, m: axes.errorbar(v, v, yerr=v),
        lambda axes, v, m: axes.fill_between(v, v, 2 * v),
        lambda axes, v, m: axes.boxplot(v),
        lambda axes, v, m: axes.violinplot(v),
        lambda axes, v, m: axes.stem(v),
        lambda axes, v, m: axes.pie(v),
        lambda axes, v, m: axes.hist2d(v, v),
        lambda axes, v, m: axes.vlines(v, 0, v),
        lambda axes, v, m: axes.stackplot(v, v),
        lambda axes, v, m: axes.loglog(v, v),
        lambda axes, v, m: axes.quiver(v, v, v, v),
        lambda axes, v, m: (axes.axhline(v[0]), axes.set_xlim(v[0], v[1]), axes.text(v[0], v[1], "here"), axes.set_xticks(v)),
        lambda axes, v, m: (axes.imshow(m), axes.contour(m), axes.pcolormesh(m)),
    ],
)
def test_matplotlib(axes, draw, recording):
    v, m = np.array([1.0, 2.0, 3.0]), np.array([[1.0, 2.0], [3.0, 4.0]])
    if recording:
        v.attach_grad()
        m.attach_grad()
    draw(axes, v, m)


@pytest.mark.slow
def test_matplotlib_surface():
    pytest.importorskip("matplotlib").use("Agg")
    from matplotlib import pyplot

    figure = pyplot.figure()
    x, y = np.meshgrid(np.linspace(0, 1, 4), np.linspace(0, 1, 4))
    figure.add_subplot(projection="3d").plot_surface(x, y, x * y)
    figure.canvas.draw()
    pyplot.close(figure)


@pytest.mark.slow
def test_scikit_learn():
    pytest.importorskip("sklearn")
    from sklearn.decomposition import PCA
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.metrics import accuracy_score, confusion_matrix, mean_squared_error
    from sklearn.model_selection import train_test_split
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    mxnet.np.random.seed(0)
    x = np.random.normal(0, 1, (60, 3))
    y = 2 * x[:, 0] + 1
    classes = y > 1
    x_train, x_test, y_train, y_test = train_test_split(x, y, random_state=0)
    predicted = LinearRegression().fit(x_train, y_train).predict(x_test)
    assert mean_squared_error(y_test, predicted) < 1e-6
    model = make_pipeline(StandardScaler(), PCA(3), LogisticRegression()).fit(x, classes)
    assert accuracy_score(classes, model.predict(x)) > 0.9
    assert confusion_matrix(classes, classes).sum() == 60


def test_pandas():
    pandas = pytest.importorskip("pandas")
    v, m = np.array([1.0, 2.0, 3.0]), np.ones((2, 2))
    assert pandas.DataFrame(m, columns=["a", "b"])["a"].tolist() == [1, 1]
    assert pandas.Series(v).sum() == 6
    frame = pandas.DataFrame({"a": v, "b": 2 * v})
    assert (frame["a"] + numpy.asarray(v)).tolist() == [2, 4, 6]
    assert np.array(frame).tolist() == [[1, 2], [2, 4], [3, 6]]
    assert frame.assign(c=v)["c"].tolist() == [1, 2, 3]


def test_scipy():
    special = pytest.importorskip("scipy.special")
    linalg = pytest.importorskip("scipy.linalg")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(special.erf(np.zeros(2)), np.ndarray)
        assert linalg.solve(np.eye(2), np.ones(2)).tolist() == [1, 1]
    x = variable(1.0)
    with autograd.record(), pytest.raises(TypeError, match="erf"):
        special.erf(x)


def test_the_slice_methods_of_mxnet():
    x = np.zeros((2, 3))
    assert x.slice_assign(np.array([[7.0, 8.0]]), (0, 0), (1, 2), (None, None)) is x
    assert x.slice_assign_scalar(9, (1, None), (2, None), (None, 2)) is x
    assert x.tolist() == [[7, 8, 0], [9, 0, 9]]
    assert x.writable
    assert not np.broadcast_to(x, (2, 2, 3)).writable


def test_dlpack_capsules():
    x = np.array([1.0, 2])
    for capsule in (x.to_dlpack_for_read(), x.to_dlpack_for_write()):
        assert type(capsule).__name__ == "PyCapsule"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python's buffer protocol is open to Python classes from 3.12 on")
def test_memoryview_shares_memory():
    x = np.array([[1.0, 2], [3, 4]])
    view = memoryview(x)
    assert view.tolist() == [[1, 2], [3, 4]]
    assert view.readonly
    x[0, 0] = 9
    assert view[0, 0] == 9
