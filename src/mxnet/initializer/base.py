"""Names for initialisers, and what all initialisers have in common."""

import json
import logging
import math
import warnings

from .. import numpy as np
from ..registry import unknown

__all__ = ["InitDesc", "Initializer", "alias", "create", "fill_by", "log", "register"]

log = logging.getLogger("mxnet.initializer")

# --- by name ----------------------------------------------------------------------------------------------------------------------

_registry: dict = {}


def register(klass):
    """Let `create` find a class of initialisers under its name in lower case; a decorator.

    A class of another origin under that name is replaced, with a warning.

    Raises
    ------
    TypeError
        If it is no subclass of `Initializer`.

    Examples
    --------
    >>> from mxnet import init
    >>> @init.register
    ... class Identity(init.Initializer):
    ...     def _init_weight(self, name, arr):
    ...         arr[:] = np.eye(*arr.shape)
    >>> init.create('identity')
    Identity()
    """
    _register(klass, getattr(klass, "__name__", ""))
    return klass


def alias(*aliases):
    """Let `create` find a class of initialisers under further names; a decorator.

    Examples
    --------
    >>> from mxnet import init
    >>> @init.alias('tenth', '10%')
    ... class Tenth(init.Constant):
    ...     def __init__(self):
    ...         super().__init__(0.1)
    >>> type(init.create('10%')).__name__
    'Tenth'
    """

    def give(klass):
        for name in aliases:
            _register(klass, name)
        return klass

    return give


def _register(klass, name):
    if not (isinstance(klass, type) and issubclass(klass, Initializer)):
        raise TypeError(f"only a subclass of Initializer can be registered, not {klass!r:.60}")
    before = _registry.get(name.lower())
    # A class defined anew, as when a cell of a notebook runs again, takes its own place in silence.
    if before is not None and (before.__module__, before.__qualname__) != (klass.__module__, klass.__qualname__):
        warnings.warn(f"the initializer {name.lower()!r} was {before!r} and is now {klass!r}", stacklevel=3)
    _registry[name.lower()] = klass


def create(initializer, *args, **kwargs):
    """The initialiser that a name stands for.

    Parameters
    ----------
    initializer : str, Initializer or callable
        The name of a registered class, in any case, or what `Initializer.dumps` returned. What is an initialiser already, or
        another object to be called with a name and an array, is returned as it is.
    *args, **kwargs
        Arguments for the class.

    Returns
    -------
    Initializer or callable

    Raises
    ------
    ValueError
        If no class has that name, or arguments are given for what is an initialiser already.
    TypeError
        If it is something else.

    Examples
    --------
    >>> from mxnet import init
    >>> init.create('xavier', magnitude=2)
    Xavier(rnd_type='uniform', factor_type='avg', magnitude=2)
    >>> init.create('["constant", {"value": 3}]')
    Constant(value=3)
    """
    if isinstance(initializer, str):
        name, stored = _loads(initializer) if initializer.startswith("[") else (initializer, {})
        klass = _registry.get(name.lower())
        if klass is None:
            raise unknown("init.create", "initializer", name, _registry)
        return klass(*args, **{**stored, **kwargs})
    if isinstance(initializer, type) or not callable(initializer):
        hint = f"{initializer.__name__}()" if isinstance(initializer, type) else "mx.init.Constant(value) for a number or an array"
        raise TypeError(f"an initializer is a name or an object such as mx.init.Xavier(), not {initializer!r:.60}; write {hint}")
    if args or kwargs:
        raise ValueError(f"create: {initializer!r} is an initializer already and takes no further arguments")
    return initializer


def _loads(text):
    try:
        name, arguments = json.loads(text)
        return str(name), dict(arguments)
    except (TypeError, ValueError):
        raise ValueError(f'an initializer in JSON is ["name", {{"argument": value}}], not {text:.100}') from None


# --- what all have in common ------------------------------------------------------------------------------------------------------


class InitDesc(str):
    """The name of a parameter, and what there is to know for its initialisation.

    Parameters
    ----------
    name : str
    attrs : dict, optional
        `'__init__'` may hold an initialiser of its own, which wins over the one that is called.
    global_init : Initializer, optional
        The one for all parameters; an own initialiser that leaves something open can ask it.

    Examples
    --------
    >>> from mxnet import init
    >>> bias = np.empty(2)
    >>> init.Xavier()(init.InitDesc('bias', {'__init__': 'ones'}), bias)
    >>> bias
    array([1., 1.])
    """

    def __new__(cls, name, attrs=None, global_init=None):
        desc = super().__new__(cls, name)
        desc.attrs = attrs or {}
        desc.global_init = global_init
        return desc


# Looked for in this order at the end of a parameter's name: who fills it.
_BY_SUFFIX = {
    "weight": "_init_weight",
    "bias": "_init_bias",
    "gamma": "_init_gamma",
    "beta": "_init_beta",
    "min": "_init_zero",
    "max": "_init_one",
}


class Initializer:
    """The base of all initialisers, and of your own.

    Called with a name and an array, it fills the array: by the parameter's own initialiser if the `InitDesc` has one, else by what
    the name ends with: a ``weight`` by `_init_weight`; ``bias``, ``beta`` and ``min`` with zeros, ``gamma`` and ``max`` with ones;
    anything else by `_init_default`, which raises ValueError unless a subclass says more. A parameter's own initialiser fills it by
    `_init_weight`, whatever its name; in a network, the one given to `initialize` counts as that of parameters without one.

    A subclass defines `_init_weight(name, arr)`; or `_init_default(name, arr)`, which then gets weights, too; or `__call__`, which
    gets everything. Two initialisers are equal if their class and their arguments are.

    Parameters
    ----------
    **kwargs
        The arguments of the subclass, by which it is written, stored and compared.

    Examples
    --------
    >>> from mxnet import init
    >>> class Alternating(init.Initializer):
    ...     def __init__(self, size=1.0):
    ...         super().__init__(size=size)
    ...         self.size = size
    ...
    ...     def _init_weight(self, name, arr):
    ...         arr[:] = self.size
    ...         arr[1::2] = -self.size
    >>> w = np.empty(4)
    >>> Alternating(0.5)('weight', w)
    >>> w
    array([ 0.5, -0.5,  0.5, -0.5])
    """

    _kwargs = None  # of a subclass whose __init__ does not call this one's
    _verbose = False
    _print_func = None

    def __init__(self, **kwargs):
        self._kwargs = kwargs

    def set_verbosity(self, verbose=False, print_func=None):
        """Log each array that is filled, at level INFO, with a statistic of its values.

        Parameters
        ----------
        verbose : bool
        print_func : function, optional
            From an array to text; by default the root of the mean square.

        Returns
        -------
        Initializer
            Itself.
        """
        self._verbose = verbose
        self._print_func = print_func
        return self

    def dumps(self):
        """The class and its arguments in JSON, from which `create` makes the initialiser again.

        Examples
        --------
        >>> from mxnet import init
        >>> init.Normal(0.1).dumps()
        '["normal", {"sigma": 0.1}]'
        """
        if self._kwargs is None:
            raise TypeError(
                f"dumps: {type(self).__name__}.__init__ has to hand on its arguments: super().__init__(argument=argument)"
            )
        return json.dumps([type(self).__name__.lower(), self._kwargs], default=_to_json)

    def __call__(self, desc, arr):
        """Fill an array.

        Parameters
        ----------
        desc : InitDesc or str
        arr : ndarray
            Of any float dtype; it is written in place.

        Raises
        ------
        ValueError
            If the name ends with nothing known, or the array has a shape that does not suit.
        """
        if not isinstance(desc, InitDesc):
            if not isinstance(desc, str):
                raise TypeError(f"{type(self).__name__}: the name of the array comes first, then the array; not {desc!r:.60}")
            desc = InitDesc(desc)
        own = desc.attrs.get("__init__")
        if own is not None:
            others = {name: value for name, value in desc.attrs.items() if name != "__init__"}
            fill_by(create(own), InitDesc(desc, others, desc.global_init or self), arr)
        else:
            own = next((suffix for suffix in _BY_SUFFIX if desc.endswith(suffix)), "default")
            getattr(self, _BY_SUFFIX.get(own, "_init_default"))(desc, arr)
        if self._verbose:
            log.info("Initialized %s as %s: %s", desc, own, (self._print_func or _root_mean_square)(arr))

    def _init_weight(self, name, arr):
        if type(self)._init_default is Initializer._init_default:
            raise NotImplementedError(f"{type(self).__name__} has to define _init_weight(self, name, arr), which fills arr[:]")
        self._init_default(name, arr)

    def _init_bias(self, name, arr):
        self._init_zero(name, arr)

    def _init_gamma(self, name, arr):
        self._init_one(name, arr)

    def _init_beta(self, name, arr):
        self._init_zero(name, arr)

    def _init_zero(self, name, arr):
        arr[...] = 0

    def _init_one(self, name, arr):
        arr[...] = 1

    def _init_default(self, name, arr):
        raise ValueError(
            f"{type(self).__name__} fills arrays whose names end in {', '.join(_BY_SUFFIX)}, and cannot tell what {str(name)!r} "
            f"is; give the parameter an initializer of its own: Parameter({str(name)!r}, …, init='zeros')"
        )

    def __eq__(self, other):
        if type(self) is not type(other) or self._kwargs is None or other._kwargs is None:
            return NotImplemented
        return _plain(self._kwargs) == _plain(other._kwargs)

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in (self._kwargs or {}).items())})"


def fill_by(own, desc, arr):
    """Let a parameter's own initialiser fill it, whatever its name is."""
    if isinstance(own, Initializer) and type(own).__call__ is Initializer.__call__:
        own._init_weight(desc, arr)
    else:
        own(desc, arr)


def _plain(kwargs):
    """Arguments that can be compared."""
    return {name: value.tolist() if hasattr(value, "tolist") else value for name, value in kwargs.items()}


def _to_json(value):
    if isinstance(value, Initializer):
        return value.dumps()
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"dumps: {value!r:.60} cannot be written in JSON")


def _root_mean_square(arr):
    return str(math.sqrt(np.square(arr).mean().item()))
