"""`mx.random`: the seed of all random numbers. The samplers are in `np.random`."""

from .operators.random import seed

__all__ = ["seed"]
