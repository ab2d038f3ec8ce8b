"""Comparisons of arrays, with tolerances by dtype."""

import numpy as _np

from ..core.array import raw
from ..core.dtypes import default_float

__all__ = [
    "almost_equal",
    "assert_allclose",
    "assert_almost_equal",
    "assert_almost_equal_ignore_nan",
    "assert_almost_equal_with_err",
    "checkShapes",
    "compare_ndarray_tuple",
    "default_atols",
    "default_dtype",
    "default_rtols",
    "effective_dtype",
    "get_atol",
    "get_dtype_name",
    "get_etol",
    "get_rtol",
    "get_tolerance",
    "get_tols",
    "locationError",
    "same",
    "same_array",
]

# By dtype: the relative and the absolute difference that count as rounding. Integers and booleans compare exactly.
_TOLERANCES = {"float16": (5e-3, 1e-3), "float32": (1e-5, 1e-6), "float64": (1e-10, 1e-12)}
_TOLERANCES |= {"complex64": _TOLERANCES["float32"], "complex128": _TOLERANCES["float64"]}
_NUMBERS = (bool, int, float, complex)  # Python's, which have no dtype of their own
_EXACT = ("bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64")


def same(a, b):
    """Whether two arrays have the same shape and the same elements; NaN equals nothing.

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> test_utils.same(np.ones(2), np.array([1, 1]))
    True
    """
    return _np.array_equal(_plain(a), _plain(b))


def same_array(array1, array2):
    """Whether two arrays of ours read the same memory, so that a write to one is seen in the other.

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> x = np.ones(3)
    >>> test_utils.same_array(x, x[:]), test_utils.same_array(x, x.copy())
    (True, False)
    """
    one, other = array1._data, array2._data
    return one.nbytes == other.nbytes > 0 and one.ctypes.data == other.ctypes.data


def almost_equal(a, b, rtol=None, atol=None, equal_nan=False, use_broadcast=False):
    """Whether two arrays agree up to rounding; see `assert_almost_equal`.

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> test_utils.almost_equal(np.array([1 / 3]), np.array([0.33333334]))
    True
    >>> test_utils.almost_equal(np.ones(2), np.ones(3))
    False
    """
    return _difference(_plain(a), _plain(b), rtol, atol, ("a", "b"), equal_nan, use_broadcast) is None


def assert_almost_equal(a, b, rtol=None, atol=None, names=("a", "b"), equal_nan=False, use_broadcast=False, mismatches=(10, 10)):
    """Assert that two arrays agree up to rounding: `|a - b| <= atol + rtol * |b|` for every element.

    Parameters
    ----------
    a, b : ndarray or array_like
        Arrays of one shape, ours or NumPy's. A Python number is compared with every element of the other.
    rtol, atol : float, optional
        The defaults go by the less precise of the two dtypes: 5e-3 and 1e-3 for float16, 1e-5 and 1e-6 for float32, 1e-10 and 1e-12
        for float64, 0 and 0 for integers and booleans.
    names : pair of str
        How the message calls the two.
    equal_nan : bool
        Whether NaN equals NaN. An infinity equals itself.
    use_broadcast : bool
        Whether shapes may differ that broadcast to each other.
    mismatches : tuple of int
        The first number is how many of the elements that differ the message lists at most.

    Raises
    ------
    AssertionError
        With the number of elements that differ, and those that differ most.

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> test_utils.assert_almost_equal(np.exp(np.ones(3)), 2.718281828)
    >>> test_utils.assert_almost_equal(np.array([1, 2, 3]), np.array([1, 2, 3.5]))
    Traceback (most recent call last):
        ...
    AssertionError: a and b differ at 1 of 3 elements, most at [2]: 3.0 and 3.5 differ by 0.5 (rtol=1e-05, atol=1e-06)
    """
    message = _difference(_plain(a), _plain(b), rtol, atol, names, equal_nan, use_broadcast, mismatches[0])
    if message is not None:
        raise AssertionError(message)


def assert_allclose(a, b, rtol=1e-07, atol=0, equal_nan=True):
    """`assert_almost_equal` with the defaults of `numpy.testing.assert_allclose`.

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> test_utils.assert_allclose(np.array([np.nan, 1]), np.array([np.nan, 1]))
    """
    assert_almost_equal(a, b, rtol, atol, equal_nan=equal_nan)


def assert_almost_equal_ignore_nan(a, b, rtol=None, atol=None, names=("a", "b")):
    """`assert_almost_equal` of the elements that are NaN in neither array.

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> test_utils.assert_almost_equal_ignore_nan(np.array([np.nan, 1]), np.array([5, 1]))
    """
    a, b = _np.array(_plain(a)), _np.array(_plain(b))
    checkShapes(a, b)
    hidden = _np.isnan(a) | _np.isnan(b)
    a[hidden] = b[hidden] = 0
    assert_almost_equal(a, b, rtol, atol, names)


def assert_almost_equal_with_err(a, b, rtol=None, atol=None, etol=None, names=("a", "b"), equal_nan=False, mismatches=(10, 10)):
    """`assert_almost_equal`, but for a share `etol` of the elements, which may differ; by default none.

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> test_utils.assert_almost_equal_with_err(np.array([1, 2, 3, 9]), np.array([1, 2, 3, 4]), etol=0.25)
    """
    a, b = _plain(a), _plain(b)
    checkShapes(a, b)
    equal, *_ = _compared(a, b, rtol, atol, equal_nan)
    if equal.size - equal.sum() > get_etol(etol) * equal.size:
        assert_almost_equal(a, b, rtol, atol, names, equal_nan, mismatches=mismatches)


def compare_ndarray_tuple(t1, t2, rtol=None, atol=None):
    """`assert_almost_equal` of the arrays in two nested tuples; None is passed over.

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> test_utils.compare_ndarray_tuple((np.ones(2), (None, np.zeros(1))), (np.ones(2), (None, np.zeros(1))))
    """
    if isinstance(t1, tuple | list):
        if not isinstance(t2, tuple | list) or len(t1) != len(t2):
            raise AssertionError(f"a tuple of {len(t1)} is compared with {t2!r:.60}")
        for one, other in zip(t1, t2, strict=True):
            compare_ndarray_tuple(one, other, rtol, atol)
    elif t1 is not None and t2 is not None:
        assert_almost_equal(t1, t2, rtol, atol)


def checkShapes(a, b):
    """Assert that two arrays have the same shape.

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> test_utils.checkShapes(np.ones((2, 3)), np.zeros((2, 3)))
    """
    if _np.shape(raw(a)) != _np.shape(raw(b)):
        raise AssertionError(f"the shapes differ: {_np.shape(raw(a))} and {_np.shape(raw(b))}")


def locationError(a, b, index, names, maxError=False):
    """Where two arrays differ, in words.

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> test_utils.locationError(np.array([1, 2]), np.array([1, 3]), (1,), ("a", "b"))
    'Location of error: (1,), a=2.00000000, b=3.00000000'
    """
    most = "maximum " if maxError else ""
    return f"Location of {most}error: {index}, {names[0]}={raw(a)[index]:.8f}, {names[1]}={raw(b)[index]:.8f}"


def default_dtype():
    """The dtype of arrays created without one: float32, unless `npx.set_np(dtype=True)` says otherwise."""
    return default_float()


def effective_dtype(dat):
    """The dtype whose precision an array has: its own.

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> test_utils.effective_dtype(np.ones(2))
    dtype('float32')
    """
    return _np.asarray(raw(dat)).dtype


def get_dtype_name(dtype):
    """The name of a dtype.

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> test_utils.get_dtype_name(np.float16)
    'float16'
    """
    return _np.dtype(dtype).name


def default_rtols():
    """The relative differences that count as rounding, by dtype.

    Examples
    --------
    >>> import numpy
    >>> from mxnet import test_utils
    >>> test_utils.default_rtols()[numpy.dtype("float32")]
    1e-05
    """
    return {dtype: _tolerances(dtype)[0] for dtype in map(_np.dtype, (*_TOLERANCES, *_EXACT))}


def default_atols():
    """The absolute differences that count as rounding, by dtype.

    Examples
    --------
    >>> import numpy
    >>> from mxnet import test_utils
    >>> test_utils.default_atols()[numpy.dtype("float32")]
    1e-06
    """
    return {dtype: _tolerances(dtype)[1] for dtype in map(_np.dtype, (*_TOLERANCES, *_EXACT))}


def get_rtol(rtol=None, dtype="float64"):
    """`rtol`, or for None the default of a dtype."""
    return _tolerances(_np.dtype(dtype))[0] if rtol is None else rtol


def get_atol(atol=None, dtype="float64"):
    """`atol`, or for None the default of a dtype."""
    return _tolerances(_np.dtype(dtype))[1] if atol is None else atol


def get_etol(etol=None):
    """`etol`, or 0 for None: the share of elements that may differ."""
    return 0 if etol is None else etol


def get_tolerance(dat, tol, default_tol):
    """`tol`, or for None the entry of `default_tol` for the dtype of an array.

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> test_utils.get_tolerance(np.ones(2), None, test_utils.default_rtols())
    1e-05
    """
    return default_tol[effective_dtype(dat)] if tol is None else tol


def get_tols(x, y, rtol, atol):
    """The two tolerances for a comparison; for None the default of the less precise array.

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> test_utils.get_tols(np.ones(2), np.ones(2, dtype="float16"), None, None)
    (0.005, 0.001)
    """
    pairs = [_tolerances(effective_dtype(v)) for v in (x, y) if not isinstance(v, _NUMBERS)] or [_TOLERANCES["float64"]]
    rtol = max(relative for relative, _ in pairs) if rtol is None else rtol
    atol = max(absolute for _, absolute in pairs) if atol is None else atol
    return rtol, atol


def _tolerances(dtype):
    return _TOLERANCES.get(dtype.name, (0.0, 0.0))


def _plain(value):
    """As a NumPy array; a Python number stays one."""
    return value if isinstance(value, _NUMBERS) else _np.asarray(raw(value))


def _compared(a, b, rtol, atol, equal_nan):
    """Which elements of two broadcast arrays agree, their distance, and the tolerances."""
    rtol, atol = get_tols(a, b, rtol, atol)
    a, b = _np.broadcast_arrays(a, b)
    x, y = (_np.asarray(v, _np.result_type(v, _np.float64)) for v in (a, b))
    with _np.errstate(all="ignore"):
        distance = abs(x - y)
        equal = a == b
        if rtol or atol:
            equal = equal | (distance <= atol + rtol * abs(y)) & _np.isfinite(y)
    if equal_nan:
        equal = equal | _np.isnan(x) & _np.isnan(y)
    return equal, distance, rtol, atol


def _difference(a, b, rtol, atol, names, equal_nan, use_broadcast, most=1):
    """What distinguishes the two, in words, or None."""
    first, second = names
    if not use_broadcast and not isinstance(a, _NUMBERS) and not isinstance(b, _NUMBERS) and a.shape != b.shape:
        return f"{first} and {second} have different shapes: {a.shape} and {b.shape}"
    try:
        equal, distance, rtol, atol = _compared(a, b, rtol, atol, equal_nan)
    except ValueError:
        return f"{first} and {second} have shapes that do not broadcast: {a.shape} and {b.shape}"
    if equal.all():
        return None
    a, b = _np.broadcast_arrays(a, b)
    # Where one is NaN or infinite and the other is not, no difference is larger.
    ranking = _np.where(equal, -1.0, _np.where(_np.isnan(distance), _np.inf, distance))
    wrong = equal.size - int(equal.sum())
    places = [
        _np.unravel_index(i, equal.shape) for i in _np.argsort(-ranking, axis=None, kind="stable")[: max(1, min(most, wrong))]
    ]
    worst, *others = [
        f"{[int(i) for i in place] if place else 'numbers'}: {a[place]} and {b[place]} differ by {distance[place]:.3g}"
        for place in places
    ]
    where = f"at {wrong} of {equal.size} elements, most {'at' if equal.ndim else 'as'} {worst}"
    return "\n  ".join([f"{first} and {second} differ {where} (rtol={rtol:g}, atol={atol:g})", *others])
