"""`mxnet.np.random`: random numbers, reproducible from one `seed`."""

from ..operators.random import choice, normal, permutation, rand, randint, randn, seed, shuffle, uniform

__all__ = ["choice", "normal", "permutation", "rand", "randint", "randn", "seed", "shuffle", "uniform"]
