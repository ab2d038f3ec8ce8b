"""Initialisers put together of others, and of values that are there already."""

import re

from .. import numpy_extension as npx
from .base import create, log

__all__ = ["Load", "Mixed"]


class Mixed:
    """Different initialisers for different names.

    Parameters
    ----------
    patterns : list of str
        Regular expressions; the first that matches from the start of a name decides.
    initializers : list of Initializer or str
        One for each pattern.

    Raises
    ------
    ValueError
        If the lists differ in length; when called, if no pattern matches the name.

    Examples
    --------
    >>> from mxnet import init
    >>> mixed = init.Mixed(['embedding', '.*'], [init.One(), init.Constant(3)])
    >>> table, w = np.empty(2), np.empty(2)
    >>> mixed('embedding.weight', table)
    >>> mixed('dense.weight', w)
    >>> table, w
    (array([1., 1.]), array([3., 3.]))
    """

    def __init__(self, patterns, initializers):
        if len(patterns) != len(initializers):
            raise ValueError(f"Mixed: every pattern needs an initializer; there are {len(patterns)} and {len(initializers)}")
        self.map = [(re.compile(pattern), create(init)) for pattern, init in zip(patterns, initializers, strict=True)]

    def __call__(self, name, arr):
        """Fill an array by the first initialiser whose pattern matches."""
        for pattern, init in self.map:
            if pattern.match(name):
                init(name, arr)
                return
        patterns = ", ".join(repr(pattern.pattern) for pattern, _ in self.map)
        raise ValueError(f"Mixed: none of the patterns {patterns} matches {str(name)!r}; '.*' as the last one takes the rest")

    def __repr__(self):
        return f"Mixed({[pattern.pattern for pattern, _ in self.map]}, {[init for _, init in self.map]})"


class Load:
    """Values from a file or a dictionary.

    Parameters
    ----------
    param : str, path or dict of str to ndarray
        A file that `npx.load` reads, or what it would return. The prefixes ``arg:`` and ``aux:`` are left out of the names.
    default_init : Initializer or str, optional
        For names that are not there.
    verbose : bool
        Whether to log, at level INFO, which way each name took.

    Raises
    ------
    TypeError, ValueError
        If it is no such thing; when called, if shapes differ, or a name is missing and there is no `default_init`.

    Examples
    --------
    >>> from mxnet import init
    >>> load = init.Load({'arg:weight': np.array([1, 2])}, default_init='zeros')
    >>> w = np.empty(2)
    >>> load('weight', w)
    >>> w
    array([1., 2.])
    """

    def __init__(self, param, default_init=None, verbose=False):
        values = param if isinstance(param, dict) else npx.load(param)
        if not isinstance(values, dict):
            raise ValueError(f"Load: {param!r:.200} holds a single array without a name; give a dictionary, {{'weight': array}}")
        self.param = {name[4:] if name.startswith(("arg:", "aux:")) else name: value for name, value in values.items()}
        self.default_init = None if default_init is None else create(default_init)
        self.verbose = verbose

    def __call__(self, name, arr):
        """Fill an array with the values that have its name."""
        value = self.param.get(name)
        if value is None and self.default_init is None:
            names = ", ".join(self.param)
            raise ValueError(
                f"Load: {str(name)!r} is not among the names loaded ({names:.200}), and there is no default_init for it"
            )
        if value is None:
            self.default_init(name, arr)
        elif value.shape != arr.shape:
            raise ValueError(f"Load: {str(name)!r} has shape {arr.shape}, but the array loaded for it {value.shape}")
        else:
            arr[...] = value
        if self.verbose:
            log.info("Initialized %s by %s", name, "default" if value is None else "loading")
