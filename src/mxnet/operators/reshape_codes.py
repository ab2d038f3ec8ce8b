"""`npx.reshape`: shapes in codes, for axes whose sizes are not known in advance."""

import math

import numpy as np

from ..core.operator import operator
from .shaping import checked_order

__all__ = ["npx_reshape"]


def _decoded(codes, shape):
    """The shape, perhaps with one -1, that the codes of `npx.reshape` make of `shape`."""
    result = []
    sizes, codes = list(shape[::-1]), list(codes[::-1])  # to be popped

    def next_size(code):
        if not sizes:
            raise ValueError(f"code {code} finds no axis of {tuple(shape)} left to work on")
        return sizes.pop()

    while codes:
        code = codes.pop()
        if code == -2:
            result.append(next_size(code))
        elif code == -3:
            size = next_size(code)
            if size != 1:
                raise ValueError(f"code -3 drops an axis of size 1, but meets one of size {size} in {tuple(shape)}")
        elif code == -4:
            result += sizes[::-1]
            sizes.clear()
        elif code == -5:
            result.append(next_size(code) * next_size(code))
        elif code == -6:
            size = next_size(code)
            if len(codes) < 2:
                raise ValueError("code -6 is followed by the two sizes to split an axis into, as in (-6, 2, -1)")
            pair = codes.pop(), codes.pop()
            known = -math.prod(pair) if -1 in pair else math.prod(pair)
            if known < 0 or (known != size if -1 not in pair else known == 0 or size % known):
                raise ValueError(f"code -6 cannot split the size {size} into {pair}")
            result += [size // known if part == -1 else part for part in pair]
        elif code >= -1:
            result.append(code)
            if sizes:
                sizes.pop()
        else:
            raise ValueError(f"{code} is no size and no code; the codes are -1 to -6")
    return result


@operator(view="permutation", a=lambda g, order, a_shape: g.reshape(a_shape, order=order))
def npx_reshape(a, newshape, reverse=False, order="C"):
    """`np.reshape` with codes for shapes that are not known in advance.

    Parameters
    ----------
    a : ndarray
    newshape : int or tuple of int
        Read from left to right, beside the axes of `a`. A size that is not negative stands for itself, in the place of one axis.

        * -1: inferred from the number of elements (once).
        * -2: this axis as it is.
        * -3: this axis, of size 1, is dropped.
        * -4: all axes that are left, as they are.
        * -5: this axis and the next, merged.
        * -6: this axis, split into the two sizes that follow, one of which may be -1.
    reverse : bool
        Read from right to left instead. The two sizes of -6 then stand before it.
    order : {'C', 'F'}
        See `np.reshape`.

    Raises
    ------
    ValueError
        If a code meets no axis, or one that it does not fit.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> x = np.zeros((2, 3, 4))
    >>> npx.reshape(x, (-2, -5)).shape
    (2, 12)
    >>> npx.reshape(x, (-6, 1, 2, -4)).shape
    (1, 2, 3, 4)
    >>> npx.reshape(x, (-5, 4), reverse=True).shape
    (6, 4)
    """
    codes = newshape if isinstance(newshape, tuple | list) else (newshape,)
    if reverse:
        shape = _decoded(codes[::-1], a.shape[::-1])[::-1]
    else:
        shape = _decoded(codes, a.shape)
    return np.reshape(a, shape, order=checked_order(order))


npx_reshape.operator.name = "reshape"  # as users know it
