"""`mxnet.npx.random`: the samplers that NumPy does not have."""

from ..operators.sampling import streams
from ..operators.sampling.discrete import bernoulli
from ..operators.sampling.location_scale import normal_n, uniform_n
from ..operators.sampling.outcomes import categorical, multinomial

__all__ = ["bernoulli", "categorical", "multinomial", "normal_n", "seed", "uniform_n"]


def seed(seed, device="all", ctx=None):
    """`np.random.seed`, with the name that MXNet gives to its parameter here.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.random.seed(7)
    >>> first = np.random.uniform(size=3)
    >>> np.random.seed(7)
    >>> bool((np.random.uniform(size=3) == first).all())
    True
    """
    streams.seed(seed, device, ctx)
