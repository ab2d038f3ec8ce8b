"""Discrete Fourier transforms: of real signals, and of complex ones."""

from .rows_complexes import WIDE, complex_row, parts
from .table import REAL, VECTORS, Row

LINES = [(4,), (5,), (2, 3), (2, 1, 3)]
PLANES = [(2, 3), (3, 1), (2, 3, 4)]
ALONG = [{}, {"n": 3, "axis": 0}, {"n": 6, "norm": "ortho"}, {"axis": -1, "norm": "forward"}, {"n": 2, "norm": "backward"}]
OVER = [{}, {"s": (3, 2), "axes": (0, 1)}, {"s": (2, 5), "axes": (-2, -1), "norm": "ortho"}, {"axes": (1,), "norm": "forward"}]
SHIFTS = [{}, {"axes": 0}, {"axes": (-1,)}]


def _real_row(name, shapes, attributes):
    def call(function, x, **attributes):
        return parts(function(x, **attributes))

    return Row(name, REAL, shapes, attributes, dtypes=(*WIDE, "int32"), call=call, ulps=32)


def _complex_row(name, shapes, attributes):
    return complex_row(name, shapes=[(shape, shape) for shape in shapes], attributes=attributes, ulps=32)


ROWS = [
    *[_real_row(f"np.fft.{name}", LINES, ALONG) for name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")],
    *[_complex_row(f"np.fft.{name}", LINES, ALONG) for name in ("fft", "ifft", "irfft", "hfft")],
    *[_real_row(f"np.fft.{name}", PLANES, OVER) for name in ("fftn", "ifftn", "rfftn", "irfftn")],
    *[_complex_row(f"np.fft.{name}", PLANES, OVER) for name in ("fftn", "ifftn", "irfftn")],
    *[_real_row(f"np.fft.{name}", PLANES, OVER[:3]) for name in ("fft2", "ifft2", "rfft2", "irfft2")],
    *[Row(f"np.fft.{name}", REAL, VECTORS, SHIFTS) for name in ("fftshift", "ifftshift")],
]
