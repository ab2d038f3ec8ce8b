"""What users test with: comparisons with tolerances by dtype, and a check of gradients against finite differences."""

import numpy as _np

from . import autograd
from . import numpy as np
from .core.array import Array, raw
from .core.dtypes import as_dtype
from .device import current_device as default_device

__all__ = ["almost_equal", "assert_almost_equal", "check_numeric_gradient", "default_device", "rand_ndarray", "same"]

# By dtype: the relative and the absolute difference that count as rounding. Integers and booleans compare exactly.
_TOLERANCES = {"float16": (5e-3, 1e-3), "float32": (1e-5, 1e-6), "float64": (1e-10, 1e-12)}
_TOLERANCES |= {"complex64": _TOLERANCES["float32"], "complex128": _TOLERANCES["float64"]}

_STEP = 1e-3  # of the central differences; with one step of Richardson's extrapolation their error is of order _STEP**4
_ELEMENTS = 12  # gradients of inputs up to this size are checked element by element, larger ones along directions only
_DIRECTIONS = 2


def same(a, b):
    """Whether two arrays have the same shape and the same elements; NaN equals nothing.

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> test_utils.same(np.ones(2), np.array([1, 1]))
    True
    """
    return _np.array_equal(_plain(a), _plain(b))


def almost_equal(a, b, rtol=None, atol=None, equal_nan=False):
    """Whether two arrays agree up to rounding; see `assert_almost_equal`.

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> test_utils.almost_equal(np.array([1 / 3]), np.array([0.33333334]))
    True
    >>> test_utils.almost_equal(np.ones(2), np.ones(3))
    False
    """
    return _difference(_plain(a), _plain(b), rtol, atol, ("a", "b"), equal_nan) is None


def assert_almost_equal(a, b, rtol=None, atol=None, names=("a", "b"), equal_nan=False):
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

    Raises
    ------
    AssertionError
        With the number of elements that differ, and the one that differs most.

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> test_utils.assert_almost_equal(np.exp(np.ones(3)), 2.718281828)
    >>> test_utils.assert_almost_equal(np.array([1, 2, 3]), np.array([1, 2, 3.5]))
    Traceback (most recent call last):
        ...
    AssertionError: a and b differ at 1 of 3 elements, most at [2]: 3.0 and 3.5 differ by 0.5 (rtol=1e-05, atol=1e-06)
    """
    message = _difference(_plain(a), _plain(b), rtol, atol, names, equal_nan)
    if message is not None:
        raise AssertionError(message)


def _plain(value):
    """As a NumPy array; a Python number stays one, for it has no dtype of its own."""
    return value if isinstance(value, bool | int | float | complex) else _np.asarray(raw(value))


def _difference(a, b, rtol, atol, names, equal_nan):
    """What distinguishes the two, in words, or None."""
    arrays = [x for x in (a, b) if isinstance(x, _np.ndarray)]
    tolerances = [_TOLERANCES.get(x.dtype.name, (0.0, 0.0)) for x in arrays] or [_TOLERANCES["float64"]]
    rtol = max(relative for relative, _ in tolerances) if rtol is None else rtol
    atol = max(absolute for _, absolute in tolerances) if atol is None else atol
    if len(arrays) == 2 and a.shape != b.shape:
        return f"{names[0]} and {names[1]} have different shapes: {a.shape} and {b.shape}"
    a, b = _np.broadcast_arrays(a, b)
    x, y = (_np.asarray(v, _np.result_type(v, _np.float64)) for v in (a, b))
    with _np.errstate(all="ignore"):
        distance = abs(x - y)
        equal = a == b
        if rtol or atol:
            equal = equal | (distance <= atol + rtol * abs(y)) & _np.isfinite(y)
    if equal_nan:
        equal = equal | _np.isnan(x) & _np.isnan(y)
    if equal.all():
        return None
    # Where one is NaN or infinite and the other is not, no difference is larger.
    ranking = _np.where(equal, -1.0, _np.where(_np.isnan(distance), _np.inf, distance))
    worst = _np.unravel_index(_np.argmax(ranking), ranking.shape)
    where = f"at {[int(i) for i in worst]}" if worst else "as numbers"
    count = f"at {equal.size - int(equal.sum())} of {equal.size} elements, most {where}"
    return (
        f"{names[0]} and {names[1]} differ {count}: {a[worst]} and {b[worst]} differ by {distance[worst]:.3g} "
        f"(rtol={rtol:g}, atol={atol:g})"
    )


def rand_ndarray(shape, dtype=None):
    """An array of numbers drawn uniformly from [-1, 1); float32 unless `dtype` says otherwise.

    Examples
    --------
    >>> from mxnet import test_utils
    >>> test_utils.rand_ndarray((2, 3)).shape
    (2, 3)
    """
    return np.random.uniform(-1, 1, size=shape).astype(as_dtype(dtype))


def check_numeric_gradient(f, inputs, order=2, rtol=1e-6, atol=1e-8, seed=0):
    """Assert that the gradients of a function, to an order, are those that finite differences give.

    With fixed random weights w, the gradient of sum(w * f(*inputs)) is compared with central differences, in float64: along random
    directions through all inputs at once and, for inputs of at most 12 elements, element by element. Then the projection of
    that gradient on a random direction takes the place of the sum, which checks the next order.

    Parameters
    ----------
    f : callable
        Takes arrays and returns an array, or a tuple or list of arrays of which the floating ones are looked at.
        It is called many times and must be differentiable at `inputs`, and within 1e-3 of them.
    inputs : sequence of array_like
        What to differentiate for, brought to float64. Close over what is not differentiated, such as indices.
    order : int
        The highest order to check.
    rtol, atol : float
        `|gradient - difference| <= atol * (1 + |value|) + rtol * |difference|` must hold, with the value that was differentiated.
    seed : int
        Of the weights and directions.

    Raises
    ------
    AssertionError
        If a gradient is off, or if a value or a gradient is not finite.

    Examples
    --------
    >>> from mxnet import np, test_utils
    >>> test_utils.check_numeric_gradient(lambda x, y: np.sin(x) * y, [[1.0, 2.0], [[3.0], [4.0]]])
    """
    rng = _np.random.default_rng(seed)
    points = [_np.array(raw(x), dtype=_np.float64) for x in inputs]
    for i, point in enumerate(points):
        _require_finite(point, f"input {i}")
    weights = {}

    def loss(*arrays):
        results = f(*arrays)
        total = 0.0
        for i, result in enumerate(results if isinstance(results, tuple | list) else [results]):
            if not isinstance(result, Array):
                raise AssertionError(f"the function is to return arrays of mxnet.np, not {type(result).__name__}")
            if result.dtype.kind != "f":
                continue
            if i not in weights:
                weights[i] = np.array(rng.uniform(0.5, 1.5, result.shape) * rng.choice([-1, 1], result.shape), dtype="float64")
            total = total + (result * weights[i]).sum()
        return total

    _check(loss, points, 1, order, rtol, atol, rng)


def _check(loss, points, level, order, rtol, atol, rng):
    value, gradients = _value_and_gradients(loss, points)
    for i, (gradient, point) in enumerate(zip(gradients, points, strict=True)):
        _require_finite(gradient, f"the gradient of order {level} for input {i}")
        if gradient.shape != point.shape:
            raise AssertionError(f"the gradient of order {level} for input {i} has shape {gradient.shape}, not {point.shape}")
    for where, direction in _directions(points, rng):
        analytic = sum(_np.vdot(g, d) for g, d in zip(gradients, direction, strict=True))
        coarse = _central_difference(loss, points, direction, _STEP)
        fine = _central_difference(loss, points, direction, _STEP / 2)
        numeric = (4 * fine - coarse) / 3
        if not abs(analytic - numeric) <= atol * (1 + abs(value)) + rtol * abs(numeric):
            kink = (
                "" if abs(coarse - fine) <= 1e-3 * (1 + abs(fine)) else f" (but steps differ, {coarse:.6g} and {fine:.6g}: a kink?)"
            )
            raise AssertionError(
                f"the derivative of order {level} {where} is {analytic:.12g}, finite differences give {numeric:.12g}: "
                f"{abs(analytic - numeric):.3g} off{kink}"
            )
    if level == order:
        return
    (_, projection) = next(_directions(points, rng))
    projection = [np.array(p, dtype="float64") for p in projection]

    def slope(*arrays):
        gradients = autograd.grad(_total(loss, arrays), list(arrays), create_graph=True)
        total = 0.0
        for gradient, along in zip(gradients, projection, strict=True):
            total = total + (gradient * along).sum()
        return total

    _check(slope, points, level + 1, order, rtol, atol, rng)


def _total(loss, arrays):
    """The loss, in a graph with all arrays even where it does not depend on them: `autograd.grad` asks for that."""
    return loss(*arrays) + sum((array * 0).sum() for array in arrays)


def _variables(points):
    arrays = [np.array(point, dtype="float64") for point in points]
    for array in arrays:
        array.attach_grad()
    return arrays


def _value_and_gradients(loss, points):
    arrays = _variables(points)
    with autograd.record():
        total = _total(loss, arrays)
    gradients = autograd.grad(total, arrays)
    return float(total), [gradient.asnumpy() for gradient in gradients]


def _central_difference(loss, points, direction, step):
    values = []
    for sign in (step, -step):
        arrays = _variables([point + sign * d for point, d in zip(points, direction, strict=True)])
        with autograd.record():  # the loss of a higher order differentiates
            values.append(float(loss(*arrays)))
        _require_finite(values[-1], "a value of the function near the inputs")
    return (values[0] - values[1]) / (2 * step)


def _directions(points, rng):
    """Pairs of a description and a direction, with no component above 1: random ones, then those of single elements."""
    for _ in range(_DIRECTIONS):
        yield "along a random direction", [rng.uniform(0.5, 1, p.shape) * rng.choice([-1, 1], p.shape) for p in points]
    for i, point in enumerate(points):
        if point.size <= _ELEMENTS:
            for place in _np.ndindex(point.shape):
                direction = [_np.zeros(p.shape) for p in points]
                direction[i][place] = 1
                yield f"for element {list(place)} of input {i}", direction


def _require_finite(value, name):
    if not _np.isfinite(value).all():
        raise AssertionError(f"{name} is not finite: {value}")
