"""What NumPy accepts gives the same, what it refuses is refused, by an error of the same class, and nothing is half-written."""

import numpy
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mxnet import np

DTYPES = ["bool", "uint8", "int32", "int64", "float32", "float64"]
REFUSALS = (ValueError, TypeError, IndexError)

shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
axes = st.integers(-4, 4)


any_dtype = st.sampled_from(DTYPES)


@st.composite
def raw_arrays(draw, shape=shapes, dtypes=any_dtype):
    dtype, shape = draw(dtypes), draw(shape)
    values = draw(st.integers(0, 1000))
    rng = numpy.random.default_rng(values)
    return rng.integers(0, 2 if dtype == "bool" else 9, shape).astype(dtype)


def outcome(function, *args, **kwargs):
    """A result as raw arrays, or the classes and the words of the refusal (an AxisError is a ValueError and an IndexError)."""
    try:
        result = function(*args, **kwargs)
    except REFUSALS as error:
        return {kind for kind in REFUSALS if isinstance(error, kind)}, str(error)
    many = result if isinstance(result, list | tuple) else [result]
    return [part.asnumpy() if isinstance(part, np.ndarray) else numpy.asarray(part) for part in many]


def agree(ours, theirs, dtypes=True):
    if isinstance(theirs, tuple) or isinstance(ours, tuple):
        assert isinstance(ours, tuple), f"NumPy refuses ({theirs}), we gave {ours}"
        assert isinstance(theirs, tuple), f"we refuse ({ours}), NumPy gives {theirs}"
        assert ours[0] & theirs[0], f"ours {ours}, NumPy's {theirs}"
        assert len(ours[1]) > 10, "an error says what is wrong"
        return
    assert len(ours) == len(theirs)
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.shape == other.shape
        if dtypes and other.dtype.kind != "f":
            assert mine.dtype == other.dtype
        numpy.testing.assert_allclose(mine.astype(float), other.astype(float), rtol=2e-6, atol=1e-6)


def both(name, raw_args, **kwargs):
    """The outcomes of our function and of NumPy's; neither may write into its arguments."""
    before = [a.copy() if isinstance(a, numpy.ndarray) else a for a in raw_args]
    wrapped = [np.array(a, dtype=a.dtype) if isinstance(a, numpy.ndarray) else a for a in raw_args]
    with numpy.errstate(all="ignore"):
        ours = outcome(getattr(np, name), *wrapped, **kwargs)
        theirs = outcome(getattr(numpy, name), *raw_args, **kwargs)
    for a, b, c in zip(raw_args, before, wrapped, strict=True):
        if isinstance(a, numpy.ndarray):
            numpy.testing.assert_array_equal(a, b)
            numpy.testing.assert_array_equal(c.asnumpy(), b)
    return ours, theirs


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["sum", "prod", "max", "min", "argmax", "argmin", "all", "any", "cumsum"]),
    raw_arrays(),
    st.none() | axes,
    st.booleans(),
)
def test_reductions(name, a, axis, keepdims):
    kwargs = {"axis": axis}
    if name != "cumsum":
        kwargs["keepdims"] = keepdims
    agree(*both(name, [a], **kwargs))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["mean", "std", "var"]),
    raw_arrays(dtypes=st.sampled_from(["int32", "float32", "float64"])),
    st.none() | axes | st.tuples(axes, axes),
)
def test_averages(name, a, axis):
    if a.size == 0:
        return  # the mean of nothing is NaN with a warning in NumPy; tests/operators have it
    agree(*both(name, [a], axis=axis))


@settings(max_examples=300, deadline=None)
@given(st.data(), raw_arrays())
def test_shaping(data, a):
    name, args = data.draw(
        st.one_of(
            st.tuples(st.just("reshape"), st.tuples(st.lists(st.integers(-2, 4), max_size=3).map(tuple))),
            st.tuples(st.just("transpose"), st.tuples(st.none() | st.lists(axes, max_size=3).map(tuple))),
            st.tuples(st.just("swapaxes"), st.tuples(axes, axes)),
            st.tuples(st.just("moveaxis"), st.tuples(axes, axes)),
            st.tuples(st.just("expand_dims"), st.tuples(axes)),
            st.tuples(st.just("squeeze"), st.tuples(st.none() | axes)),
            st.tuples(st.just("broadcast_to"), st.tuples(shapes)),
            st.tuples(st.just("flip"), st.tuples(st.none() | axes)),
            st.tuples(st.just("roll"), st.tuples(st.integers(-5, 5), st.none() | axes)),
            st.tuples(st.just("tile"), st.tuples(st.integers(0, 3) | st.lists(st.integers(0, 2), max_size=3).map(tuple))),
            st.tuples(st.just("repeat"), st.tuples(st.integers(-1, 3), st.none() | axes)),
            st.tuples(st.just("split"), st.tuples(st.integers(1, 4) | st.lists(st.integers(-2, 4), max_size=3), axes)),
            st.tuples(st.just("sort"), st.tuples(axes)),
            st.tuples(st.just("argsort"), st.tuples(axes)),
        )
    )
    if name == "argsort":
        ours, theirs = both(name, [a], axis=args[0])
        theirs = outcome(numpy.argsort, a, axis=args[0], kind="stable")
    else:
        ours, theirs = both(name, [a, *args])
    if name == "reshape" and min(args[0], default=0) < -1:
        return  # sizes below -1 are codes of npx.reshape, which np.reshape names in its refusal
    agree(ours, theirs)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["add", "subtract", "multiply", "maximum", "less", "equal", "logical_and", "where", "matmul", "dot", "outer"]),
    raw_arrays(),
    raw_arrays(),
)
def test_two_operands(name, a, b):
    args = [a > 3 if a.dtype != bool else a, a, b] if name == "where" else [a, b]
    if name == "subtract" and a.dtype == b.dtype == bool:
        return  # NumPy's refusal is one of its own: see the promotion tests
    agree(*both(name, args), dtypes=name in ("less", "equal", "logical_and"))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["concatenate", "stack"]), st.lists(raw_arrays(), min_size=1, max_size=3), axes)
def test_joining(name, parts, axis):
    ours = outcome(getattr(np, name), [np.array(p, dtype=p.dtype) for p in parts], axis=axis)
    agree(ours, outcome(getattr(numpy, name), parts, axis=axis), dtypes=False)


keys = st.recursive(
    st.one_of(
        axes,
        st.slices(4),
        st.just(...),
        st.none(),
        st.booleans(),
        hnp.arrays("int64", hnp.array_shapes(max_dims=2, min_side=0, max_side=3), elements=st.integers(-4, 4)),
        hnp.arrays("bool", hnp.array_shapes(max_dims=2, min_side=0, max_side=3)),
    ),
    lambda parts: st.lists(parts, max_size=3).map(tuple),
    max_leaves=3,
)


@settings(max_examples=500, deadline=None)
@given(raw_arrays(), keys)
def test_reading_by_any_key(a, key):
    agree(outcome(np.array(a, dtype=a.dtype).__getitem__, key), outcome(a.__getitem__, key))


@settings(max_examples=500, deadline=None)
@given(raw_arrays(dtypes=st.sampled_from(["int64", "float32"])), keys, raw_arrays(dtypes=st.just("int64")))
def test_writing_by_any_key(a, key, value):
    ours = np.array(a, dtype=a.dtype)
    theirs = a.copy()
    mine = outcome(ours.__setitem__, key, np.array(value, dtype="int64"))
    # One element may have axes here, as in MXNet and in NumPy before 2.4.
    other = outcome(theirs.__setitem__, key, value.reshape(()) if value.size == 1 else value)
    assert isinstance(mine, tuple) == isinstance(other, tuple), f"ours {mine}, NumPy's {other}"
    if isinstance(other, tuple):
        assert mine[0] & other[0]
        numpy.testing.assert_array_equal(ours.asnumpy(), a)
    else:
        numpy.testing.assert_array_equal(ours.asnumpy(), theirs)
