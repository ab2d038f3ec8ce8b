"""Networks and optimisers against each other, and an iterator that reads nothing."""

from .. import autograd, random
from .. import numpy as np
from ..io import DataIter
from ..optimizer import get_updater
from .comparisons import assert_almost_equal, compare_ndarray_tuple
from .drawing import rand_ndarray

__all__ = ["DummyIter", "check_gluon_hybridize_consistency", "compare_optimizer", "compare_optimizer_noise_seeded"]


class DummyIter(DataIter):
    """An iterator that gives the first batch of another one again and again, to time what is not reading.

    Examples
    --------
    >>> from mxnet import io, np, test_utils
    >>> batches = test_utils.DummyIter(io.NDArrayIter(np.arange(6), batch_size=2))
    >>> [next(batches).data[0].tolist() for _ in range(2)]
    [[0.0, 1.0], [0.0, 1.0]]
    """

    def __init__(self, real_iter):
        super().__init__(real_iter.batch_size)
        self.provide_data = real_iter.provide_data
        self.provide_label = real_iter.provide_label
        self.the_batch = next(real_iter)

    def next(self):
        """The batch."""
        return self.the_batch


def check_gluon_hybridize_consistency(net_builder, data_l, numpy_func=None, test_grad=True, rtol=1e-4, atol=1e-4):
    """Assert that a network computes the same before and after `hybridize()`, and the gradients too.

    Parameters
    ----------
    net_builder : callable
        Makes a HybridBlock.
    data_l : list of ndarray
        What the network is called with.
    numpy_func : callable, optional
        What the network is to compute, on NumPy arrays.
    test_grad : bool
        Whether gradients are compared, those of the data and of the parameters.
    rtol, atol : float
        See `assert_almost_equal`.

    Raises
    ------
    AssertionError

    Examples
    --------
    >>> from mxnet import gluon, np, test_utils
    >>> test_utils.check_gluon_hybridize_consistency(lambda: gluon.nn.Dense(3), [np.ones((2, 4))])
    """
    net = net_builder()
    net.initialize()
    results = []
    for hybrid in (False, True):
        if hybrid:
            net.hybridize()
        data = [np.array(x, dtype=x.dtype) for x in data_l]
        for x in data:
            x.attach_grad()
        with autograd.record():
            out = net(*data)
        gradients = []
        if test_grad:
            out.backward()
            trained = [p for p in net.collect_params().values() if p.grad_req != "null"]
            gradients = [x.grad.copy() for x in data] + [p.grad().copy() for p in trained]
        results.append((out, *gradients))
    for plain, hybrid in zip(*results, strict=True):
        assert_almost_equal(hybrid, plain, rtol, atol, names=("hybridized", "plain"))
    if numpy_func is not None:
        expected = numpy_func(*[x.asnumpy() for x in data_l])
        assert_almost_equal(results[0][0], expected, rtol, atol, names=("network", "numpy_func"))


def compare_optimizer(opt1, opt2, shapes, dtype, w_stype="default", g_stype="default", rtol=1e-4, atol=1e-5, compare_states=True):
    """Assert that two optimisers do the same with the same weights and gradients.

    Parameters
    ----------
    opt1, opt2 : Optimizer
    shapes : list of tuple
        Of the weights, which are drawn at random.
    dtype : dtype
    w_stype, g_stype : 'default'
        Arrays are dense.
    rtol, atol : float
        See `assert_almost_equal`.
    compare_states : bool
        Whether what they remember is compared, too.

    Raises
    ------
    AssertionError

    Examples
    --------
    >>> from mxnet import optimizer, test_utils
    >>> test_utils.compare_optimizer(optimizer.SGD(momentum=0.9), optimizer.SGD(momentum=0.9), [(2, 3), (4,)], "float32")
    """
    _compare(opt1, opt2, shapes, dtype, (w_stype, g_stype), rtol, atol, compare_states, None)


def compare_optimizer_noise_seeded(
    opt1, opt2, shapes, dtype, noise_seed, w_stype="default", g_stype="default", rtol=1e-4, atol=1e-5, compare_states=True
):
    """`compare_optimizer` for optimisers that draw random numbers, both from the seed `noise_seed`.

    Examples
    --------
    >>> from mxnet import optimizer, test_utils
    >>> test_utils.compare_optimizer_noise_seeded(optimizer.SGLD(), optimizer.SGLD(), [(2, 3)], "float32", noise_seed=7)
    """
    _compare(opt1, opt2, shapes, dtype, (w_stype, g_stype), rtol, atol, compare_states, noise_seed)


def _compare(opt1, opt2, shapes, dtype, stypes, rtol, atol, compare_states, seed):
    if stypes != ("default", "default"):
        raise ValueError(f"compare_optimizer: arrays are dense ('default'), not {stypes}")
    weights = [rand_ndarray(shape, dtype=dtype) for shape in shapes]
    gradients = [rand_ndarray(shape, dtype=dtype) for shape in shapes]
    indices = list(range(len(shapes)))
    outcomes = []
    for optimizer in (opt1, opt2):
        if seed is not None:
            random.seed(seed)
        update = get_updater(optimizer)
        mine = [weight.copy() for weight in weights]
        update(indices, [gradient.copy() for gradient in gradients], mine)
        outcomes.append((mine, [update.states[i] for i in indices]))
    (first, first_states), (second, second_states) = outcomes
    compare_ndarray_tuple(first, second, rtol, atol)
    if compare_states:
        compare_ndarray_tuple(first_states, second_states, rtol, atol)
