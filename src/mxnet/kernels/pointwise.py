"""Elementary functions, activations and their derivatives, of whole arrays.

A derivative is a kernel whose name ends in `_back`: from the cotangent `g` of the result, and from the argument `x` or the result
`y`, to the cotangent of the argument. Where `g` is 0 it is 0, even where the derivative is infinite or NaN.

`over(loop, nanoseconds, *arrays)` applies one where `served(*arrays)` is true; `in_front` puts one in front of a function of NumPy.
"""

import math

import numpy as np

from . import LEAST, serves
from . import elementary as of
from .compiler import kernel
from .threads import split

__all__ = [
    "cos",
    "cos_back",
    "erf",
    "erf_back",
    "exp",
    "gelu",
    "gelu_back",
    "gelu_tanh",
    "gelu_tanh_back",
    "in_front",
    "log",
    "mish",
    "mish_back",
    "over",
    "relu_back",
    "served",
    "sigmoid",
    "sigmoid_back",
    "silu",
    "silu_back",
    "sin",
    "sin_back",
    "tanh",
    "tanh_back",
]

_BLOCK = 1024  # elements that are looked at together, for arguments that are too large for `of.sin`


def over(loop, nanoseconds, *arrays):
    """A new array, that `loop` computes from arrays of one shape; a float32 takes it so many nanoseconds."""
    out = np.empty(arrays[0].shape, arrays[0].dtype)
    split(loop, out.size, int(nanoseconds * out.nbytes) // 4, *[array.reshape(-1) for array in arrays], out.reshape(-1))
    return out


def served(x, y=None, single=LEAST, double=LEAST):
    """Whether to call `over` on these arrays: they are raw and `serves` approves.

    With two, the first is a cotangent: often a broadcast one, of a mean, and cheaply copied. `single` and `double` are the numbers
    of elements of float32 and of float64 from which the kernel is faster than NumPy.
    """
    if type(x) is not np.ndarray or x.size < double:
        return False
    least = single if x.itemsize == 4 else double
    return serves(x, least=least) if y is None else x.dtype == y.dtype and serves(y, least=least)


def in_front(plain, loop, nanoseconds, single=LEAST, double=LEAST):
    """The function `plain` of a raw array, computed by `loop` where that is faster."""

    def compute(x):
        return over(loop, nanoseconds, x) if served(x, None, single, double) else plain(x)

    return compute


@kernel
def exp(start, stop, x, out):
    """eˣ."""
    x, out = x[start:stop], out[start:stop]
    for i in range(x.size):
        out[i] = of.exp(x[i])


@kernel
def log(start, stop, x, out):
    """The natural logarithm."""
    x, out = x[start:stop], out[start:stop]
    for i in range(x.size):
        out[i] = of.log(x[i])


@kernel
def tanh(start, stop, x, out):
    """The hyperbolic tangent."""
    x, out = x[start:stop], out[start:stop]
    for i in range(x.size):
        out[i] = of.tanh(x[i])


@kernel
def tanh_back(start, stop, g, y, out):
    """g (1 - y²)."""
    g, y, out = g[start:stop], y[start:stop], out[start:stop]
    for i in range(g.size):
        out[i] = g[i] - g[i] * y[i] * y[i]


@kernel
def sigmoid(start, stop, x, out):
    """1 / (1 + e⁻ˣ)."""
    x, out = x[start:stop], out[start:stop]
    for i in range(x.size):
        out[i] = of.sigmoid(x[i])


@kernel
def sigmoid_back(start, stop, g, y, out):
    """g y (1 - y)."""
    g, y, out = g[start:stop], y[start:stop], out[start:stop]
    one = g.dtype.type(1)
    for i in range(g.size):
        out[i] = g[i] * (y[i] * (one - y[i]))


@kernel
def erf(start, stop, x, out):
    """The error function."""
    x, out = x[start:stop], out[start:stop]
    for i in range(x.size):
        out[i] = of.erf(x[i])


@kernel
def erf_back(start, stop, g, x, out):
    """g 2/√π exp(-x²)."""
    g, x, out = g[start:stop], x[start:stop], out[start:stop]
    scale, zero = g.dtype.type(2 / math.sqrt(math.pi)), g.dtype.type(0)
    for i in range(g.size):
        product = g[i] * (scale * of.exp(-x[i] * x[i]))
        out[i] = zero if g[i] == zero else product


@kernel
def _within_reach(x):
    reach, zero, one = x.dtype.type(of.REACH), x.dtype.type(0), x.dtype.type(1)
    inside = zero  # their number, which a float holds
    for i in range(x.size):
        inside += one if abs(x[i]) < reach else zero
    return inside == x.size


@kernel
def _near_sin(x, out):
    for i in range(x.size):
        out[i] = of.sin(x[i])


@kernel
def sin(start, stop, x, out):
    """The sine; blocks with an argument out of reach are left to the library of C."""
    for first in range(start, stop, _BLOCK):
        last = min(first + _BLOCK, stop)
        part, result = x[first:last], out[first:last]
        if _within_reach(part):
            _near_sin(part, result)
        else:
            for i in range(part.size):
                result[i] = math.sin(part[i])


@kernel
def _near_cos(x, out):
    for i in range(x.size):
        out[i] = of.cos(x[i])


@kernel
def cos(start, stop, x, out):
    """The cosine, as `sin`."""
    for first in range(start, stop, _BLOCK):
        last = min(first + _BLOCK, stop)
        part, result = x[first:last], out[first:last]
        if _within_reach(part):
            _near_cos(part, result)
        else:
            for i in range(part.size):
                result[i] = math.cos(part[i])


@kernel
def sin_back(start, stop, g, x, out):
    """g cos(x)."""
    g, out = g[start:stop], out[start:stop]
    cos(0, out.size, x[start:stop], out)
    zero = g.dtype.type(0)
    for i in range(g.size):
        product = g[i] * out[i]
        out[i] = zero if g[i] == zero else product


@kernel
def cos_back(start, stop, g, x, out):
    """-g sin(x)."""
    g, out = g[start:stop], out[start:stop]
    sin(0, out.size, x[start:stop], out)
    zero = g.dtype.type(0)
    for i in range(g.size):
        product = -g[i] * out[i]
        out[i] = zero if g[i] == zero else product


@kernel
def relu_back(start, stop, g, y, out):
    """g where y is positive."""
    g, y, out = g[start:stop], y[start:stop], out[start:stop]
    zero = g.dtype.type(0)
    for i in range(g.size):
        out[i] = g[i] if y[i] > zero else zero


@kernel
def silu(start, stop, x, out):
    """x s with s = 1 / (1 + e⁻ˣ)."""
    x, out = x[start:stop], out[start:stop]
    least = x.dtype.type(-1000)
    for i in range(x.size):
        y = least if x[i] < least else x[i]
        out[i] = y * of.sigmoid(y)


@kernel
def silu_back(start, stop, g, x, out):
    """g (s + x s')."""
    g, x, out = g[start:stop], x[start:stop], out[start:stop]
    zero, most = g.dtype.type(0), g.dtype.type(1000)
    for i in range(g.size):
        y = most if x[i] > most else -most if x[i] < -most else x[i]
        s, slope = of.logistic(y)
        product = g[i] * (s + y * slope)
        out[i] = zero if g[i] == zero else product


@kernel
def mish(start, stop, x, out):
    """x tanh(log(1 + eˣ)), in which the tangent is n / (n + 2) for n = eˣ (eˣ + 2).

    From x = 0 on, numerator and denominator are divided by e²ˣ: no factor is large then, and no order overflows in which the
    compiler may multiply them.
    """
    x, out = x[start:stop], out[start:stop]
    zero, one, two, least = x.dtype.type(0), x.dtype.type(1), x.dtype.type(2), x.dtype.type(-1000)
    for i in range(x.size):
        y = least if x[i] < least else x[i]
        e = of.exp(-abs(y))
        square = e * e
        n = two * e + (square if y < zero else one)
        out[i] = y * (n / (n + two * (one if y < zero else square)))


@kernel
def mish_back(start, stop, g, x, out):
    """g (n / (n + 2) + 4 x eˣ (1 + eˣ) / (n + 2)²), with the fractions of `mish`."""
    g, x, out = g[start:stop], x[start:stop], out[start:stop]
    zero, one, two, four = g.dtype.type(0), g.dtype.type(1), g.dtype.type(2), g.dtype.type(4)
    most, least = g.dtype.type(50), g.dtype.type(-1000)
    for i in range(g.size):
        y = most if x[i] > most else least if x[i] < least else x[i]
        e = of.exp(-abs(y))
        square = e * e
        n = two * e + (square if y < zero else one)
        scale = one / (n + two * (one if y < zero else square))
        product = g[i] * (n * scale + four * y * (one + e) * (e if y < zero else square) * scale * scale)
        out[i] = zero if g[i] == zero else product


@kernel
def gelu(start, stop, x, out):
    """x Φ(x)."""
    x, out = x[start:stop], out[start:stop]
    least = x.dtype.type(-40)
    for i in range(x.size):
        y = least if x[i] < least else x[i]
        out[i] = y * of.normal(y)[0]


@kernel
def gelu_back(start, stop, g, x, out):
    """g (Φ(x) + x φ(x))."""
    g, x, out = g[start:stop], x[start:stop], out[start:stop]
    zero, most = g.dtype.type(0), g.dtype.type(40)
    for i in range(g.size):
        y = most if x[i] > most else -most if x[i] < -most else x[i]
        below, density = of.normal(y)
        product = g[i] * (below + y * density)
        out[i] = zero if g[i] == zero else product


@kernel
def gelu_tanh(start, stop, x, out):
    """x / (1 + e⁻ᵘ) with u = √(8/π) (x + 0.044715 x³)."""
    x, out = x[start:stop], out[start:stop]
    a, b, most = x.dtype.type(math.sqrt(8 / math.pi)), x.dtype.type(math.sqrt(8 / math.pi) * 0.044715), x.dtype.type(10)
    for i in range(x.size):
        y = most if x[i] > most else -most if x[i] < -most else x[i]
        s = of.sigmoid(y * (a + b * y * y))
        out[i] = (x[i] if y > -most else y) * s


@kernel
def gelu_tanh_back(start, stop, g, x, out):
    """g (s + x u' s') with s = 1 / (1 + e⁻ᵘ)."""
    g, x, out = g[start:stop], x[start:stop], out[start:stop]
    a, b, most = x.dtype.type(math.sqrt(8 / math.pi)), x.dtype.type(math.sqrt(8 / math.pi) * 0.044715), x.dtype.type(10)
    zero, three = g.dtype.type(0), g.dtype.type(3)
    for i in range(g.size):
        y = most if x[i] > most else -most if x[i] < -most else x[i]
        s, slope = of.logistic(y * (a + b * y * y))
        product = g[i] * (s + y * (a + three * b * y * y) * slope)
        out[i] = zero if g[i] == zero else product
