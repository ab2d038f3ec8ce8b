"""Standard noise for samplers to transform: `draw(rng, shape, dtype, *parameters)`, whatever the parameters are.

Methods are named, for `numpy.random` is imported when it is first used: that takes a tenth of the time of `import mxnet`.
"""


def _in_dtype(method):
    """Drawn in float32 or float64, as asked."""
    return lambda rng, shape, dtype, *parameters: getattr(rng, method)(shape, dtype)


def _in_float64(method):
    """Drawn in float64, which is all that NumPy's method can."""
    return lambda rng, shape, dtype, *parameters: getattr(rng, method)(size=shape)


uniform = _in_dtype("random")
normal = _in_dtype("standard_normal")
exponential = _in_dtype("standard_exponential")
laplace = _in_float64("laplace")
logistic = _in_float64("logistic")
gumbel = _in_float64("gumbel")
cauchy = _in_float64("standard_cauchy")
