"""How optimisers move weights: one formula each, for whole arrays in NumPy and for the elements of a compiled loop.

A `rule` takes weight, gradient, states and coefficients, and returns what weight and states become. It is made of operators and of
NumPy's functions. Constants come as coefficients, for a literal would make a float64 of a float32; so does 1 - beta, called `rest`,
which is not exact in float32. So the loop gives bit for bit what NumPy gives, and it does not show which of the two computed.

    adam.update((w, g, m, v), (rescale, bound, wd), (lr, beta1, 1 - beta1, beta2, 1 - beta2, epsilon))

applies a rule in place. In the same pass over memory it turns what backward left into the gradient that the rule takes: rescaled,
clipped, and with the weight's decay.
"""

import functools

import numpy as np

from . import LEAST
from .compiler import available, exact, kernel
from .threads import split

__all__ = [
    "adabelief",
    "adadelta",
    "adagrad",
    "adam",
    "adamax",
    "adamw",
    "dcasgd",
    "ftml",
    "ftrl",
    "lamb",
    "lans",
    "nadam",
    "nag_mom",
    "rmsprop",
    "rmspropalex",
    "sgd",
    "sgd_mom",
    "signsgd",
    "signum",
]


class formula(exact):
    """A function of numbers that kernels call in their loops, and Python calls for whole arrays."""

    def __init__(self, function):
        super().__init__(function)
        functools.update_wrapper(self, function)

    @functools.cached_property
    def _compiled(self):
        import numba

        # Without `fastmath=False` it would inherit what the kernel that calls it allows.
        return numba.njit(nogil=True, error_model="numpy", fastmath=False, forceinline=True)(self._function)

    def __call__(self, *args):
        return self._function(*args)

    def __reduce__(self):  # part of the key by which Numba finds a compiled loop again
        return self.__name__


@formula
def limited(x, bound):
    """The number from -bound to bound that is nearest to x."""
    return np.minimum(np.maximum(x, -bound), bound)


@formula
def decayed_last(w, g, rescale, bound, wd):
    """The gradient that most rules take."""
    return limited(rescale * g, bound) + wd * w


@formula
def decayed_first(w, g, rescale, bound, wd):
    """The gradient that AdaBelief takes."""
    return limited(rescale * g + wd * w, bound)


@formula
def in_dtype(x, n):
    """Twelve numbers, in the dtype of an array: Python's floats go into a kernel faster than NumPy's."""
    real = x.dtype.type
    return (
        *(real(n[0]), real(n[1]), real(n[2]), real(n[3]), real(n[4]), real(n[5])),
        *(real(n[6]), real(n[7]), real(n[8]), real(n[9]), real(n[10]), real(n[11])),
    )


def _stateless(rule, gradient, end):
    def loop(start, stop, w, g, numbers):
        w, g = w[start:stop], g[start:stop]
        numbers = in_dtype(w, numbers)
        p, c = numbers[:3], numbers[3:end]
        for i in range(w.size):
            (w[i],) = rule(w[i], gradient(w[i], g[i], *p), *c)

    return loop


def _with_one_state(rule, gradient, end):
    def loop(start, stop, w, g, s, numbers):
        w, g, s = w[start:stop], g[start:stop], s[start:stop]
        numbers = in_dtype(w, numbers)
        p, c = numbers[:3], numbers[3:end]
        for i in range(w.size):
            w[i], s[i] = rule(w[i], gradient(w[i], g[i], *p), s[i], *c)

    return loop


def _with_two_states(rule, gradient, end):
    def loop(start, stop, w, g, s, t, numbers):
        w, g, s, t = w[start:stop], g[start:stop], s[start:stop], t[start:stop]
        numbers = in_dtype(w, numbers)
        p, c = numbers[:3], numbers[3:end]
        for i in range(w.size):
            w[i], s[i], t[i] = rule(w[i], gradient(w[i], g[i], *p), s[i], t[i], *c)

    return loop


def _with_three_states(rule, gradient, end):
    def loop(start, stop, w, g, s, t, u, numbers):
        w, g, s, t, u = w[start:stop], g[start:stop], s[start:stop], t[start:stop], u[start:stop]
        numbers = in_dtype(w, numbers)
        p, c = numbers[:3], numbers[3:end]
        for i in range(w.size):
            w[i], s[i], t[i], u[i] = rule(w[i], gradient(w[i], g[i], *p), s[i], t[i], u[i], *c)

    return loop


def _with_four_states(rule, gradient, end):
    def loop(start, stop, w, g, s, t, u, v, numbers):
        w, g, s, t, u, v = w[start:stop], g[start:stop], s[start:stop], t[start:stop], u[start:stop], v[start:stop]
        numbers = in_dtype(w, numbers)
        p, c = numbers[:3], numbers[3:end]
        for i in range(w.size):
            w[i], s[i], t[i], u[i], v[i] = rule(w[i], gradient(w[i], g[i], *p), s[i], t[i], u[i], v[i], *c)

    return loop


_NONE = (0.0,) * 12
_LOOPS = _stateless, _with_one_state, _with_two_states, _with_three_states, _with_four_states


class rule(formula):
    """A formula (w, g, *states, *coefficients) -> (w, *states)."""

    gradient = decayed_last
    _loop = None

    def __init__(self, function):
        super().__init__(function)
        self._ready = set()  # the dtypes for which the loop is compiled

    def _make_loop(self, states, coefficients):
        """The kernel for so many states and coefficients."""
        loop = _LOOPS[states](self, self.gradient, 3 + coefficients)
        loop.__qualname__ = self.__name__  # each rule has a file of compiled loops to itself
        return kernel(loop)

    def update(self, arrays, shared, own):
        """Apply the rule in place, in a compiled loop if the arrays are large, or if it is compiled already.

        Parameters
        ----------
        arrays : sequence of numpy.ndarray
            The weight, its gradient and the states, of one shape; all but the gradient are written.
        shared : tuple of float
            rescale, bound and wd: the gradient that the rule takes is `rescale * g`, limited to ±bound, plus `wd * w`.
        own : tuple of float
            The rule's coefficients.

        Raises
        ------
        ValueError, TypeError
            For arrays that do not fit together or cannot be written; nothing is written then.
        """
        w = arrays[0]
        shape, dtype, n = w.shape, w.dtype, w.size
        char = dtype.char
        compiled = char in self._ready or (n >= LEAST and char in "fd" and available())
        for array in arrays:
            if array.shape != shape:
                raise ValueError(f"{array.shape} is not {shape}")
            if array.dtype != dtype or not array.flags.carray:  # contiguous, and may be written
                compiled = False
        if not compiled:
            self._plain(arrays, shared, own)
            return
        if self._loop is None:
            self._loop = self._make_loop(len(arrays) - 2, len(own))
        if len(shape) != 1:
            arrays = [array.reshape(-1) for array in arrays]
        numbers = shared + own
        numbers += _NONE[len(numbers) :]
        if n < LEAST:
            self._loop(0, n, *arrays, numbers)
        else:
            split(self._loop, n, n, *arrays, numbers)
            self._ready.add(char)

    def _plain(self, arrays, shared, own):
        w, g, *states = arrays
        if w.dtype.kind != "f":
            raise TypeError(f"{w.dtype} is no float")
        if not all(array.flags.writeable for array in (w, *states)):
            raise ValueError("not writable")
        if w.itemsize < 4:  # float16 holds neither squares of small gradients nor most epsilons
            arrays = [array.astype(np.float32) for array in arrays]
        before, g, *states_before = arrays
        with np.errstate(all="ignore"):  # the loop has no warnings either
            after = self(before, self.gradient(before, g, *shared), *states_before, *own)
            for array, result in zip(states, after[1:], strict=True):
                array[...] = result
            w[...] = after[0]  # now that a state may have become what the weight was


# Steps along the gradient


@rule
def sgd(w, g, lr):
    """Gradient descent."""
    return (w - lr * g,)


@rule
def sgd_mom(w, g, m, lr, momentum):
    """Polyak's momentum."""
    m = momentum * m - lr * g
    return w + m, m


@rule
def nag_mom(w, g, m, lr, momentum):
    """Nesterov's momentum."""
    m = momentum * m - lr * g
    return w + (momentum * m - lr * g), m


@rule
def signsgd(w, g, lr, keep):
    """Steps of one length."""
    return (keep * w - lr * np.sign(g),)


@rule
def signum(w, g, m, lr, momentum, rest, keep):
    """Steps of one length along the mean gradient."""
    m = momentum * m - rest * g
    return keep * w + lr * np.sign(m), m


@rule
def dcasgd(w, g, m, previous, lr, momentum, lamda):
    """The gradient at `previous`, and an estimate of what it has become at w."""
    m = momentum * m - lr * (g + lamda * (g * g) * (w - previous))
    return w + m, m, w


# Steps in units of the gradient's size


@rule
def adagrad(w, g, h, lr, epsilon):
    """Over the root of the sum of squares."""
    h = h + g * g
    return w - lr * g / (np.sqrt(h) + epsilon), h


@rule
def adadelta(w, g, v, d, lr, rho, rest, epsilon):
    """Over the root mean square, times that of the steps."""
    v = rho * v + rest * (g * g)
    step = np.sqrt(d + epsilon) / np.sqrt(v + epsilon) * g
    return w - lr * step, v, rho * d + rest * (step * step)


@rule
def rmsprop(w, g, v, lr, rho, rest, epsilon, most):
    """Over the root mean square."""
    v = rho * v + rest * (g * g)
    return limited(w - lr * g / (np.sqrt(v) + epsilon), most), v


@rule
def rmspropalex(w, g, v, m, d, lr, rho, rest, momentum, epsilon, most):
    """Over the standard deviation, with momentum."""
    v = rho * v + rest * (g * g)
    m = rho * m + rest * g
    variance = np.maximum(v, m * m) - m * m  # rounding must not make it negative
    d = momentum * d - lr * g / np.sqrt(variance + epsilon)
    return limited(w + d, most), v, m, d


@rule
def ftrl(w, g, z, n, lr, lamda, beta, wd):
    """The minimum of the linearised losses so far, with penalties lamda |w| and wd w²/2."""
    total = n + g * g
    z = z + g - (np.sqrt(total) - np.sqrt(n)) / lr * w
    return (limited(z, lamda) - z) / ((beta + np.sqrt(total)) / lr + wd), z, total


# Means of the gradient and of its square


@rule
def adam(w, g, m, v, lr, beta1, rest1, beta2, rest2, epsilon):
    """The mean over the root mean square."""
    m = beta1 * m + rest1 * g
    v = beta2 * v + rest2 * (g * g)
    return w - lr * m / (np.sqrt(v) + epsilon), m, v


@rule
def adamw(w, g, m, v, lr, beta1, rest1, beta2, rest2, epsilon, wd):
    """Adam, with a decay that is not part of the gradient."""
    m = beta1 * m + rest1 * g
    v = beta2 * v + rest2 * (g * g)
    return w - lr * (m / (np.sqrt(v) + epsilon) + wd * w), m, v


@rule
def adamax(w, g, m, u, lr, beta1, rest1, beta2, epsilon):
    """The mean over the decaying maximum."""
    m = beta1 * m + rest1 * g
    u = np.maximum(beta2 * u, np.abs(g))
    return w - lr * m / (u + epsilon), m, u


@rule
def nadam(w, g, m, v, lr, beta1, rest1, beta2, rest2, of_g, of_m, of_v, epsilon):
    """Adam with Nesterov's momentum."""
    m = beta1 * m + rest1 * g
    v = beta2 * v + rest2 * (g * g)
    return w - lr * (of_g * g + of_m * m) / (np.sqrt(of_v * v) + epsilon), m, v


@rule
def adabelief(w, g, m, s, lr, beta1, rest1, beta2, rest2, epsilon):
    """The mean over the root of the mean square distance from it."""
    m = beta1 * m + rest1 * g
    s = beta2 * s + rest2 * ((g - m) * (g - m)) + epsilon
    return w - lr * m / (np.sqrt(s) + epsilon), m, s


adabelief.gradient = decayed_first


@rule
def ftml(w, g, d, v, z, of_d, beta1, rest1, beta2, rest2, of_v, epsilon):
    """The minimum of the losses so far, each one linearised and weighted by its age."""
    v = beta2 * v + rest2 * (g * g)
    scale = of_d * (np.sqrt(of_v * v) + epsilon)
    z = beta1 * z + rest1 * g - (scale - beta1 * d) * w
    return -z / scale, scale, v, z


# Directions, of steps whose length depends on norms: the weight stays


@rule
def lamb(w, g, m, v, u, beta1, rest1, beta2, rest2, of_m, of_v, epsilon, wd):
    """Adam's direction, u."""
    m = beta1 * m + rest1 * g
    v = beta2 * v + rest2 * (g * g)
    return w, m, v, of_m * m / (np.sqrt(of_v * v) + epsilon) + wd * w


@rule
def lans(w, g, m, v, u, q, beta1, rest1, beta2, rest2, of_m, of_v, epsilon, wd):
    """Adam's direction, u, and the one with the gradient for its mean, q."""
    m = beta1 * m + rest1 * g
    v = beta2 * v + rest2 * (g * g)
    scale = np.sqrt(of_v * v) + epsilon
    return w, m, v, of_m * m / scale + wd * w, g / scale + wd * w
