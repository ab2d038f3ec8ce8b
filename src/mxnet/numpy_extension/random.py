"""`mxnet.npx.random`: the samplers that NumPy does not have."""

from ..operators.sampling.discrete import bernoulli
from ..operators.sampling.location_scale import normal_n, uniform_n
from ..operators.sampling.streams import seed

__all__ = ["bernoulli", "normal_n", "seed", "uniform_n"]
