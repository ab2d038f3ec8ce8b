"""Transforms made of transforms; and the change of dtype."""

from ..... import numpy as np
from ....block import Block, HybridBlock
from ....nn import HybridSequential, Lambda, Sequential
from ...dataset import takes_batches

__all__ = ["Cast", "Compose", "HybridCompose", "HybridRandomApply", "RandomApply"]


class Transform:
    """One image in, one image out, by `_change`; what comes besides the image, such as its label, goes through.

    For a `Block` to have as its first base.
    """

    def forward(self, x, *args):
        """The changed image; with more arguments, a tuple of it and these."""
        x = self._change(x)
        return (x, *args) if args else x

    def __repr__(self):
        return f"{type(self).__name__}()"


def with_chance(name, p):
    """`p`, a probability."""
    if not 0 <= p <= 1:
        raise ValueError(f"{name}: a probability is from 0 to 1, not {p!r}")
    return p


def happens(p):
    """True with probability `p`."""
    return np.random.uniform(size=()).item() < p


def _listed(name, transforms):
    if not isinstance(transforms, list | tuple):
        transforms = [transforms]
    for transform in transforms:
        if not callable(transform):
            raise TypeError(f"{name}: takes a list of transforms, which are blocks or functions, not {transform!r:.60}")
    return [transform if isinstance(transform, Block) else Lambda(transform) for transform in transforms]


class Compose(Sequential):
    """Transforms one after another.

    Parameters
    ----------
    transforms : list of Block or callable

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> change = transforms.Compose([transforms.Resize(4), transforms.ToTensor(), lambda x: 1 - x])
    >>> change(np.zeros((8, 8, 3), dtype="uint8")).shape
    (3, 4, 4)
    """

    def __init__(self, transforms):
        super().__init__()
        self.add(*_listed("Compose", transforms))

    @property
    def takes_batches(self):
        """Whether all of them do to many images what they do to each."""
        return all(map(takes_batches, self))


class HybridCompose(HybridSequential):
    """`Compose` of hybrid blocks.

    Parameters
    ----------
    transforms : list of HybridBlock

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> change = transforms.HybridCompose([transforms.Resize(4), transforms.ToTensor()])
    >>> change(np.zeros((8, 8, 3), dtype="uint8")).shape
    (3, 4, 4)
    """

    def __init__(self, transforms):
        super().__init__()
        self.add(*_hybrid("HybridCompose", transforms))

    takes_batches = Compose.takes_batches


def _hybrid(name, transforms):
    transforms = _listed(name, transforms)
    for transform in transforms:
        if not isinstance(transform, HybridBlock):
            other = name.removeprefix("Hybrid")
            raise ValueError(f"{name}: takes hybrid blocks, and {transform!r} is none; write {other}, which takes any transforms")
    return transforms


class _Chance:
    """Blocks in order, or nothing."""

    def forward(self, x, *args):
        """What the transforms make of an image, or the image."""
        if happens(self.p):
            return super().forward(x, *args)
        return (x, *args) if args else x


class RandomApply(_Chance, Sequential):
    """With probability `p` transforms one after another, or else nothing.

    Parameters
    ----------
    transforms : Block, callable, or list of them
    p : float

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.RandomApply([transforms.Resize(4)], p=1)(np.zeros((8, 8, 3))).shape
    (4, 4, 3)
    """

    def __init__(self, transforms, p=0.5):
        super().__init__()
        self.add(*_listed("RandomApply", transforms))
        self.p = with_chance("RandomApply", p)


class HybridRandomApply(_Chance, HybridSequential):
    """`RandomApply` of hybrid blocks.

    Parameters
    ----------
    transforms : HybridBlock, or list of HybridBlock
    p : float

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.HybridRandomApply([transforms.Resize(4)], p=0)(np.zeros((8, 8, 3))).shape
    (8, 8, 3)
    """

    def __init__(self, transforms, p=0.5):
        super().__init__()
        self.add(*_hybrid("HybridRandomApply", transforms))
        self.p = with_chance("HybridRandomApply", p)


class Cast(HybridBlock):
    """Another dtype.

    Parameters
    ----------
    dtype : str or dtype

    Examples
    --------
    >>> from mxnet import np
    >>> from mxnet.gluon.data.vision import transforms
    >>> transforms.Cast("float16")(np.ones(2))
    array([1., 1.], dtype=float16)
    """

    def __init__(self, dtype="float32"):
        super().__init__()
        self._dtype = dtype

    def forward(self, *args):
        """The array in that dtype; of several arrays, a tuple."""
        results = tuple(x.astype(self._dtype) for x in args)
        return results if len(results) > 1 else results[0]

    def __repr__(self):
        return f"Cast({self._dtype})"
