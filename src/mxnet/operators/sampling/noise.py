"""Standard noise for samplers to transform: `draw(rng, shape, dtype, *parameters)`, whatever the parameters are."""

from numpy.random import Generator


def _in_dtype(method):
    """Drawn in float32 or float64, as asked."""
    return lambda rng, shape, dtype, *parameters: method(rng, shape, dtype)


def _in_float64(method):
    """Drawn in float64, which is all that NumPy's method can."""
    return lambda rng, shape, dtype, *parameters: method(rng, size=shape)


uniform = _in_dtype(Generator.random)
normal = _in_dtype(Generator.standard_normal)
exponential = _in_dtype(Generator.standard_exponential)
laplace = _in_float64(Generator.laplace)
logistic = _in_float64(Generator.logistic)
gumbel = _in_float64(Generator.gumbel)
cauchy = _in_float64(Generator.standard_cauchy)
