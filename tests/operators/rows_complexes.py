"""The parts of complex numbers. Operands are real and imaginary parts, and so are results."""

import numpy

from .table import NONZERO, REAL, Row

WIDE = ("float32", "float64")
PAIRS = [((), ()), ((0,), (0,)), ((3,), (3,)), ((2, 3), (2, 3))]


def parts(result):
    """A result, or the real and the imaginary part of a complex one."""
    return (numpy.real(result), numpy.imag(result)) if numpy.iscomplexobj(result) else result


def on_complex(function, x, y, **attributes):
    """A `call` with one complex operand."""
    return parts(function(x + 1j * y, **attributes))


def complex_row(name, domain=REAL, shapes=PAIRS, attributes=({},), **options):
    """A row of an operator of one complex operand."""
    return Row(name, (domain, domain), shapes, attributes, dtypes=WIDE, call=on_complex, **options)


ROWS = [
    Row("np.real"),
    Row("np.imag"),
    Row("np.conjugate"),
    Row("np.angle", NONZERO, attributes=[{}, {"deg": True}]),
    Row("np.iscomplex", order=0),
    Row("np.isreal", order=0),
    complex_row("np.real"),
    complex_row("np.imag"),
    complex_row("np.angle", NONZERO, attributes=[{}, {"deg": True}]),
    complex_row("np.iscomplex", order=0),
    complex_row("np.isreal", order=0),
    complex_row("np.absolute", NONZERO),
]
