"""Gradients against finite differences."""

import numpy as _np

from .. import autograd
from .. import numpy as np
from ..core.array import Array, raw

__all__ = ["check_numeric_gradient", "default_numeric_eps", "numeric_grad"]

_STEP = 1e-3  # of the central differences; with one step of Richardson's extrapolation their error is of order _STEP**4
_ELEMENTS = 12  # gradients of inputs up to this size are checked element by element, larger ones along directions only
_DIRECTIONS = 2


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


def default_numeric_eps():
    """The steps of finite differences, by dtype: about the cube root of its rounding, a power of two.

    Examples
    --------
    >>> from mxnet import test_utils
    >>> import numpy
    >>> test_utils.default_numeric_eps()[numpy.dtype("float64")] == 2.0**-17
    True
    """
    return {dtype: 2.0 ** round(_np.log2(_np.finfo(dtype).eps) / 3) for dtype in map(_np.dtype, ("float16", "float32", "float64"))}


def numeric_grad(f, location, eps=1e-4, dtype="float64"):
    """The gradients of sum(f(*location)) by central differences, element by element.

    Parameters
    ----------
    f : callable
        Takes arrays, or with a dict of them keyword arguments, and returns an array.
    location : list or dict of array_like
        Where to differentiate.
    eps : float
        The step.
    dtype : dtype
        Of the arrays that `f` gets.

    Returns
    -------
    list or dict of numpy.ndarray
        As `location`; of float64.

    Examples
    --------
    >>> from mxnet import test_utils
    >>> (slope,) = test_utils.numeric_grad(lambda x: x * x, [[1.0, 3.0]])
    >>> slope.round(6).tolist()
    [2.0, 6.0]
    """
    named = isinstance(location, dict)
    points = [_np.array(raw(x), dtype=_np.float64) for x in (location.values() if named else location)]

    def value():
        arrays = [np.array(point, dtype=dtype) for point in points]
        result = f(**dict(zip(location, arrays, strict=True))) if named else f(*arrays)
        return float(_np.asarray(raw(result), _np.float64).sum())

    gradients = [_np.zeros(point.shape) for point in points]
    for point, gradient in zip(points, gradients, strict=True):
        for place in _np.ndindex(point.shape):
            middle = point[place]
            point[place] = middle + eps
            above = value()
            point[place] = middle - eps
            gradient[place] = (above - value()) / (2 * eps)
            point[place] = middle
    return dict(zip(location, gradients, strict=True)) if named else gradients
