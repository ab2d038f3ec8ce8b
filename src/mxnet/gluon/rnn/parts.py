"""The weights and biases within the one vector of a recurrent layer."""

import math
import re

import numpy

from ... import autograd
from ... import numpy as np

__all__ = ["PART", "Part"]

PART = re.compile(r"([lr])(\d+)_((?:i2h|h2h|h2r)_(?:weight|bias))")  # direction, layer, kind


class Part:
    """A weight or a bias within the vector of a layer; it can be read and written as a parameter."""

    def __init__(self, whole, name, start, shape):
        self._whole = whole
        self._slice = slice(start, start + math.prod(shape))
        self.name = name
        self.shape = shape

    @property
    def dtype(self):
        """That of the vector."""
        return self._whole.dtype

    def data(self, device=None, ctx=None):
        """The values, in the memory of the vector; operations record them."""
        return self._whole.data(device, ctx)[self._slice].reshape(self.shape)

    def grad(self, device=None, ctx=None):
        """The gradient, in the memory of that of the vector."""
        return self._whole.grad(device, ctx)[self._slice].reshape(self.shape)

    def set_data(self, data):
        """Write new values.

        Raises
        ------
        AssertionError
            If the shape is another one.
        """
        if numpy.shape(data) != self.shape:
            raise AssertionError(f"{self.name} has the shape {self.shape}, and the new values {numpy.shape(data)}")
        with autograd.pause():
            self._whole.data()[self._slice] = np.array(data, dtype=self.dtype).reshape(-1)

    def __repr__(self):
        return f"Part {self.name} (shape={self.shape}, dtype={self.dtype})"
