"""Windows that slide over the spatial axes of images: their geometry, checked; shared by convolution, pooling and their kin.

An image stack has channels first, (batch, channels, *size), inside; `to_front` and `to_back` bring other layouts there. A `Windows`
holds what an operator of NumPy arrays needs to know, a tuple a field with a number for each spatial axis.
"""

from typing import NamedTuple

import numpy as np

from ...core.array import Array

LAYOUTS = {"NCW": 1, "NCHW": 2, "NCDHW": 3, "NWC": 1, "NHWC": 2, "NDHWC": 3}


class Windows(NamedTuple):
    """Windows of `kernel` numbers, `dilate` apart, every `stride`; `pad` numbers before and `after` behind are taken for zeros."""

    size: tuple[int, ...]
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    dilate: tuple[int, ...]
    pad: tuple[int, ...]
    after: tuple[int, ...]

    @property
    def padded(self):
        """The size with what is padded."""
        return tuple(n + p + q for n, p, q in zip(self.size, self.pad, self.after, strict=True))

    @property
    def span(self):
        """From the first to the last number of a window."""
        return tuple(d * (k - 1) + 1 for d, k in zip(self.dilate, self.kernel, strict=True))

    @property
    def count(self):
        """How many windows there are along each axis."""
        return tuple((n - span) // s + 1 for n, span, s in zip(self.padded, self.span, self.stride, strict=True))

    def slices(self):
        """For each place in a window, in order, the slices of the padded image that hold what all windows have there."""
        for place in np.ndindex(*self.kernel):
            yield tuple(
                slice(i * d, i * d + s * (m - 1) + 1, s)
                for i, d, s, m in zip(place, self.dilate, self.stride, self.count, strict=True)
            )

    def pad_with(self, x, value):
        """`x` with its last axes padded."""
        if not any(self.pad + self.after):
            return x
        result = np.full((*x.shape[: -len(self.size)], *self.padded), value, x.dtype)
        result[(..., *self._inside())] = x
        return result

    def crop(self, x):
        """The inverse of `pad_with`."""
        return x[(..., *self._inside())]

    def _inside(self):
        return tuple(slice(p, p + n) for n, p in zip(self.size, self.pad, strict=True))

    def view(self, x):
        """All windows of padded `x`: a view of shape (..., *kernel, *count)."""
        lead, steps = x.shape[: -len(self.size)], x.strides[-len(self.size) :]
        strides = (
            *x.strides[: len(lead)],
            *(d * step for d, step in zip(self.dilate, steps, strict=True)),
            *(s * step for s, step in zip(self.stride, steps, strict=True)),
        )
        return np.lib.stride_tricks.as_strided(x, (*lead, *self.kernel, *self.count), strides, writeable=False)


def spatial(name, parameter, value, axes, default, least):
    """A number for each spatial axis: of `value` that is a number for all or a sequence; `default` of None or nothing."""
    if value is None or (isinstance(value, tuple | list) and not value):
        return (default,) * axes
    values = tuple(value) if isinstance(value, tuple | list) else (value,) * axes
    if len(values) != axes or not all(isinstance(v, int | np.integer) and v >= least for v in values):
        raise ValueError(
            f"{name}: {parameter} is {axes} whole numbers of at least {least}, one for each spatial axis, not {value!r:.60}"
        )
    return tuple(int(v) for v in values)


def check_images(name, data, layout, dims=(1, 2, 3), last=True):
    """The number of spatial axes of `data`, and whether its channels come last, as they may unless `last` is False."""
    if not isinstance(data, Array | np.ndarray):
        raise TypeError(f"{name}: data is an array, not {data!r:.60}")
    fitting = [known for known, axes in LAYOUTS.items() if axes in dims and (last or known[1] == "C")]
    if layout is not None and layout not in fitting:
        raise ValueError(f"{name}: layout is one of {', '.join(map(repr, fitting))}, not {layout!r}")
    axes = data.ndim - 2
    if axes not in dims or (layout is not None and axes != LAYOUTS[layout]):
        axes_named = " or ".join(map(repr, [layout] if layout else [known for known in fitting if known[1] == "C"]))
        raise ValueError(f"{name}: data has the axes {axes_named}, not shape {data.shape}")
    return axes, layout is not None and layout[-1] == "C"


def check_fit(name, windows):
    """Refuse windows larger than the padded image."""
    if any(span > n for span, n in zip(windows.span, windows.padded, strict=True)):
        dilated = f", which spans {windows.span} with dilate={windows.dilate}," if windows.span != windows.kernel else ""
        raise ValueError(
            f"{name}: kernel={windows.kernel}{dilated} is larger than the padded image: size {windows.size} with "
            f"pad={windows.pad} is {windows.padded}; pad more, or take a smaller kernel"
        )


def to_front(x):
    """Channels from the last axis to the second."""
    return x.transpose((0, x.ndim - 1, *range(1, x.ndim - 1)))


def to_back(x):
    """Channels from the second axis to the last."""
    return x.transpose((0, *range(2, x.ndim), 1))
