"""Blocks made of blocks, one after another or side by side, and functions as blocks."""

import inspect
from itertools import islice

from ... import numpy as np
from ... import numpy_extension as npx
from ..block import Block, HybridBlock
from ..namespaces import NAMESPACES

__all__ = ["Concatenate", "HybridConcatenate", "HybridLambda", "HybridSequential", "Identity", "Lambda", "Sequential"]


class _Chain:
    """Blocks in order, with what lists have: for `Sequential` and `HybridSequential`."""

    def add(self, *blocks):
        """Append blocks.

        Raises
        ------
        TypeError
            If one is no block: `nn.Lambda(f)` makes one of a function.
        ValueError
            If a HybridSequential would get one that is no HybridBlock. In both cases none is added.
        """
        for block in blocks:
            self._check_child(block)
        for block in blocks:
            self.register_child(block)

    def forward(self, x, *args):
        """What the last block makes of what the others made; a tuple or list of results is several inputs of the next block."""
        for block in self._children.values():
            x = block(x, *args)
            if isinstance(x, tuple | list):
                x, *args = x
            else:
                args = ()
        return (x, *args) if args else x

    def __len__(self):
        return len(self._children)

    def __iter__(self):
        return iter(self._children.values())

    def __getitem__(self, key):
        blocks = list(self._children.values())
        if isinstance(key, slice):
            part = self._empty()
            part.add(*blocks[key])
            return part
        try:
            return blocks[key]
        except IndexError:
            raise IndexError(f"{type(self).__name__} has {len(blocks)} blocks; there is no number {key}") from None


class Sequential(_Chain, Block):
    """Blocks one after another, each of which gets what the one before it returned.

    `net[i]` is a block, `net[i:j]` a `Sequential` of some, `len(net)` their number. A block that returns several results, as a
    tuple or list, hands them to the next one as several inputs.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> net = nn.Sequential()
    >>> net.add(nn.Dense(5, activation='relu'), nn.Dense(2))
    >>> net.initialize()
    >>> net(np.ones((4, 3))).shape
    (4, 2)
    >>> net
    Sequential(
      (0): Dense(3 -> 5, Activation(relu))
      (1): Dense(5 -> 2, linear)
    )
    """

    def _empty(self):
        return Sequential()


class HybridSequential(_Chain, HybridBlock):
    """`Sequential` of hybrid blocks.

    Examples
    --------
    >>> from mxnet.gluon import nn
    >>> net = nn.HybridSequential()
    >>> net.add(nn.Flatten(), nn.Dense(10), nn.Dropout(0.5))
    >>> net[1:]
    HybridSequential(
      (0): Dense(-1 -> 10, linear)
      (1): Dropout(p = 0.5, axes=())
    )
    """

    def _empty(self):
        return HybridSequential()


class Concatenate(Sequential):
    """Blocks side by side, whose results are joined along an axis.

    Parameters
    ----------
    axis : int

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> net = nn.Concatenate(axis=1)
    >>> net.add(nn.Identity(), nn.Lambda('negative'))
    >>> net(np.array([[1, 2]]))
    array([[ 1.,  2., -1., -2.]])
    """

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis

    def forward(self, x):
        return np.concatenate([block(x) for block in self], axis=self.axis)

    def _empty(self):
        return Concatenate(self.axis)


class HybridConcatenate(HybridSequential):
    """`Concatenate` of hybrid blocks.

    Parameters
    ----------
    axis : int

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> net = nn.HybridConcatenate(axis=0)
    >>> net.add(nn.Identity(), nn.Identity())
    >>> net(np.array([1, 2]))
    array([1., 2., 1., 2.])
    """

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis

    def forward(self, x):
        return np.concatenate([block(x) for block in self], axis=self.axis)

    def _empty(self):
        return HybridConcatenate(self.axis)


class Identity(HybridBlock):
    """What it is given.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.Identity()(np.array([1, 2]))
    array([1., 2.])
    """

    def forward(self, x):
        return x


def _function(layer, function):
    """The function, and its name, of a function or the name of one in `np` or `npx`."""
    if isinstance(function, str):
        found = getattr(np, function, None) or getattr(npx, function, None)
        if not callable(found):
            raise ValueError(f"{layer}: neither np nor npx has a function {function!r}")
        return found, function
    if not callable(function):
        raise ValueError(f"{layer} takes a function, or the name of one in np or npx, not {function!r:.60}")
    return function, getattr(function, "__name__", type(function).__name__)


class Lambda(Block):
    """A function as a block.

    Parameters
    ----------
    function : callable or str
        What computes the result from the inputs; or the name of a function in `np` or `npx`.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.Lambda(lambda x: x.reshape(2, 2))(np.arange(4))
    array([[0., 1.],
           [2., 3.]])
    >>> nn.Lambda('tanh')
    Lambda(tanh)
    """

    def __init__(self, function, **kwargs):
        super().__init__(**kwargs)
        self._function, self._function_name = _function("Lambda", function)

    def forward(self, *args):
        return self._function(*args)

    def _misfit(self, error, args, kwargs):
        return None  # the function may take anything

    def __repr__(self):
        return f"Lambda({self._function_name})"


class HybridLambda(HybridBlock):
    """A function as a hybrid block.

    Parameters
    ----------
    function : callable or str
        What computes the result from the inputs; or the name of a function in `np` or `npx`. A function of MXNet 1,
        `lambda F, x: F.npx.relu(x)`, gets the namespaces as `F`: this is told by the name of its first parameter.

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon import nn
    >>> nn.HybridLambda('relu')(np.array([-1, 1]))
    array([0., 1.])
    """

    def __init__(self, function, **kwargs):
        super().__init__(**kwargs)
        self._function, self._function_name = _function("HybridLambda", function)
        self._first = (NAMESPACES,) if not isinstance(function, str) and _takes_namespaces(function) else ()

    def forward(self, x, *args):
        return self._function(*self._first, x, *args)

    def _misfit(self, error, args, kwargs):
        return None  # the function may take anything

    def __repr__(self):
        return f"HybridLambda({self._function_name})"


def _takes_namespaces(function):
    try:
        return list(islice(inspect.signature(function).parameters, 1)) == ["F"]
    except (TypeError, ValueError):  # some functions written in C do not tell
        return False
