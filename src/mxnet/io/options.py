"""What options of iterators may be: each kind has a default, and says in words what it takes."""

import math
import os
from numbers import Integral, Real
from typing import NamedTuple

__all__ = []


class Number(NamedTuple):
    """A number, perhaps a whole one, from `least` to `most`; `optional` allows None."""

    default: float | None
    least: float = -math.inf
    most: float = math.inf
    whole: bool = False
    optional: bool = False

    def takes(self, value):
        if value is None:
            return self.optional
        return isinstance(value, Integral if self.whole else Real) and self.least <= value <= self.most

    def words(self):
        end = " on" if self.most == math.inf else f" to {self.most}"
        limits = "" if self.least == -math.inf else f" from {self.least}{end}"
        return ("a whole number" if self.whole else "a number") + limits + (", or None" if self.optional else "")


class Numbers(NamedTuple):
    """A tuple of such numbers, or one of them."""

    each: Number

    @property
    def default(self):
        return (self.each.default,)

    def takes(self, value):
        values = value if isinstance(value, list | tuple) else (value,)
        return len(values) > 0 and all(map(self.each.takes, values))

    def words(self):
        return f"{self.each.words()}, or a tuple of such numbers"


class Choice(NamedTuple):
    """One of several values."""

    default: object
    values: tuple

    def takes(self, value):
        return value in self.values

    def words(self):
        return f"{', '.join(map(repr, self.values[:-1]))} or {self.values[-1]!r}"


class File(NamedTuple):
    """The path of a file, or nothing."""

    default: str = ""

    def takes(self, value):
        return isinstance(value, str | os.PathLike)

    def words(self):
        return "a path"


FLAG = Choice(False, (False, True))
WHOLE = Number(0, 0, whole=True)
AMOUNT = Number(0, 0)
PROBABILITY = Number(0, 0, 1)


def checked(name, kinds, given):
    """The values of all options, by name; a bad one is refused in the name of the iterator."""
    values = {}
    for option, kind in kinds.items():
        values[option] = given.get(option, kind.default)
        if not kind.takes(values[option]):
            raise ValueError(f"{name}: {option} is {kind.words()}, not {values[option]!r}")
    return values


def check_order(name, low, least, high, most):
    """Refuse a least number, of the option `low`, that is above the largest."""
    if least > most:
        raise ValueError(f"{name}: {low}={least} is above {high}={most}")
