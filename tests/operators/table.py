"""What a row of the table says: which numbers an operator is tried with, and what it is compared with.

A new operator gets ONE line in the file of its family, `rows_FAMILY.py`. Often its name is all there is to say:

    Row("np.sinh"),

The defaults are one operand from -3 to 3, the shapes (), (0,), (3,) and (2, 3), all dtypes, NumPy's function of the same name as
reference, and gradients to the second order. `Row` has the rest; `test_table.py` is what happens to a row.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from operator import attrgetter

import numpy

import mxnet

FLOATS = ("float16", "float32", "float64")
INTEGERS = ("uint8", "int8", "int32", "int64")
NUMBERS = FLOATS + INTEGERS
ANY = NUMBERS + ("bool",)


@dataclass(frozen=True)
class Domain:
    """Numbers an operand is drawn from: uniformly between `low` and `high`.

    Attributes
    ----------
    signed : bool
        With random signs, so that a stretch around 0 stays empty.
    distinct : bool
        Evenly spaced and shuffled: no ties, and no near ties that a finite difference would cross.
    fractional : bool
        Away from integers and from halves, where rounding jumps.
    dtype : str or None
        The operand's dtype, if the row's dtypes are not for it: indices and masks. It is not differentiated for.
    """

    low: float
    high: float
    signed: bool = False
    distinct: bool = False
    fractional: bool = False
    dtype: str | None = None

    def draw(self, rng, shape, dtype):
        """An array of this domain; integers include both ends as far as the dtype has them."""
        dtype = numpy.dtype(self.dtype or dtype)
        signed = self.signed and dtype.kind in "fi"
        if dtype.kind == "f":
            values = rng.uniform(self.low, self.high, shape)
            if self.distinct:
                values = rng.permutation(numpy.linspace(self.low, self.high, values.size)).reshape(shape)
            if self.fractional:
                values = numpy.floor(2 * values) / 2 + rng.uniform(0.1, 0.4, shape)
        else:
            ends = numpy.clip((numpy.ceil(self.low), numpy.floor(self.high)), *_LIMITS.get(dtype.kind, (None, None)))
            values = rng.integers(min(ends), ends[1], shape, endpoint=True)
        if signed:
            values = values * rng.choice([-1, 1], shape)
        return numpy.asarray(values).astype(dtype)


_LIMITS = {"b": (0, 1), "u": (0, None)}

REAL = Domain(-3, 3)
POSITIVE = Domain(0.2, 4)
UNIT = Domain(-0.9, 0.9)
ABOVE_ONE = Domain(1.2, 4)
ABOVE_MINUS_ONE = Domain(-0.8, 3)
NONZERO = Domain(0.2, 3, signed=True)
DISTINCT = Domain(-3, 3.1, distinct=True)
FRACTION = Domain(-3, 3, fractional=True)
BOOLEAN = Domain(0, 1, dtype="bool")


def indices(low, high):
    """Integers from `low` to `high`, both included, for an operand that is an index."""
    return Domain(low, high, dtype="int64")


# The shapes that operands are given by default, by their number.
_SHAPES = {
    0: [()],
    1: [(), (0,), (3,), (2, 3)],
    2: [((), ()), ((3,), (3,)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((), (2, 3)), ((2, 3), ()), ((0,), ()), ((2, 0), (2, 1))],
    3: [((), (), ()), ((3,), (3,), (3,)), ((2, 3), (3,), (2, 1)), ((3,), (), ()), ((), (2, 1), (3,)), ((0,), (0,), ())],
}
VECTORS = [(1,), (4,), (2, 3), (2, 1, 3), (2, 0)]  # for operators that need an axis


def _plainly(function, *operands, args=(), **attributes):
    return function(*operands, *args, **attributes)


def joined(function, *operands, args=(), **attributes):
    """A `call` for operators that take their operands in one list."""
    return function(list(operands), *args, **attributes)


def args(*values):
    """Attributes without a keyword: they follow the operands."""
    return {"args": values}


@dataclass(frozen=True, eq=False)
class Row:
    """One operator and what it is tried with.

    Attributes
    ----------
    name : str
        Where the operator stands, below `mxnet`.
    domain : Domain or tuple of Domain
        Of each operand; a tuple says how many there are.
    shapes : list
        Each a shape, or for several operands a tuple of shapes. `None`: usual ones, among them scalars, broadcasting and size zero.
    attributes : list of dict
        Keyword arguments; every one is tried with every shape. Where the reference refuses a combination, so must the operator.
    order : int
        To which order gradients are checked; 0 says that the operator has none, or zeros.
    dtypes : tuple of str
        What operands are tried with. Where the reference refuses one, so must the operator.
    reference : callable, optional
        The function of NumPy arrays to compare with; by default NumPy's own of this name. It gets float64 operands for float ones.
        Where it returns float64, the operator is to return the dtype of the float operands, float32 if there is none.
    call : callable
        `call(function, *operands, **attributes)` calls the operator, and the reference alike. By default it does just that, but for
        the attributes `args(...)`, which follow the operands without a keyword.
    ulps : float
        How far values may be off, in units of the result dtype's epsilon, of the largest result.
    """

    name: str
    domain: Domain | tuple[Domain, ...] = REAL
    shapes: list | None = None
    attributes: tuple | list = ({},)
    order: int = 2
    dtypes: tuple[str, ...] = ANY
    reference: Callable | None = None
    call: Callable = _plainly
    ulps: float = 8

    @property
    def function(self):
        """The public function."""
        return attrgetter(self.name)(mxnet)

    @property
    def numpy_function(self):
        """NumPy's of the same name."""
        return attrgetter(self.name.partition(".")[2])(numpy)

    @property
    def domains(self):
        """One of each operand."""
        return self.domain if isinstance(self.domain, tuple) else (self.domain,)

    def cases(self, dtype="float64"):
        """Yield (operands, attributes), the same at every call; the operands are of NumPy, the largest come last."""
        domains = self.domains
        rng = numpy.random.default_rng(zlib.crc32(f"{self.name} {dtype}".encode()))
        for shapes, attributes in product(self.shapes or _SHAPES[len(domains)], self.attributes):
            if len(domains) == 1:
                shapes = [shapes]
            yield [d.draw(rng, shape, dtype) for d, shape in zip(domains, shapes, strict=True)], attributes

    def largest(self, *dtypes):
        """Of the cases that the reference computes, the largest; in the first of `dtypes`, or of the row's, that it computes."""
        for dtype in (*[dtype for dtype in dtypes if dtype in self.dtypes], *self.dtypes):
            computed = [case for case in self.cases(dtype) if self.expected(*case)[1] is None]
            if computed:
                return max(computed, key=lambda case: sum(operand.size for operand in case[0]))
        raise ValueError(f"{self.name}: the reference refuses every case")

    def expected(self, operands, attributes):
        """The reference's results, computed in float64, as a list, and None; or None and the exception it raised."""
        reference = self.reference or self.numpy_function
        wide = [operand.astype(numpy.float64) if operand.dtype.kind == "f" else operand for operand in operands]
        try:
            results = as_list(self.call(reference, *wide, **attributes))
            if self.reference is None and any(map(_is_narrow, results)):  # NumPy computes functions of small integers in float16
                results = as_list(self.call(reference, *[operand.astype(numpy.float64) for operand in operands], **attributes))
        except (TypeError, ValueError, IndexError) as error:
            return None, error
        floats = [operand.dtype for operand in operands if operand.dtype.kind == "f"]
        dtype = numpy.result_type(*floats) if floats else "float32"
        return [numpy.asarray(r, None if numpy.asarray(r).dtype != numpy.float64 else dtype) for r in results], None

    def __repr__(self):
        return self.name


def _is_narrow(result):
    return numpy.asarray(result).dtype in (numpy.float16, numpy.float32)


def as_list(results):
    """One result or several, as a list."""
    return list(results) if isinstance(results, tuple | list) else [results]
