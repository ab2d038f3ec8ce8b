"""`mx.registry`: classes that are made by name, for libraries that users build.

register = registry.get_register_func(Scaler, "scaler")
create = registry.get_create_func(Scaler, "scaler")
"""

import json
import warnings

__all__ = ["get_alias_func", "get_create_func", "get_register_func", "get_registry"]


def unknown(function, kind, name, known):
    """The error for a name that none of the known ones is: it says which there are, and which may have been meant."""
    import difflib

    by_lower = {one.lower(): one for one in known}
    near = [by_lower[one] for one in difflib.get_close_matches(name.lower(), by_lower, n=1)]
    meant = f" (did you mean {near[0]!r}?)" if near else ""
    return ValueError(f"{function}: no {kind} is called {name!r}{meant}; there are {', '.join(sorted(known)) or 'none'}")


def listed(names, most=10):
    """The first of some names, and how many more there are, for messages."""
    names = list(names)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(repr, names[:most])) + more if names else "nothing"


_registries: dict[type, dict[str, type]] = {}  # base class -> name in lower case -> class


def get_registry(base_class):
    """The classes that are registered under a base class: a dictionary of one's own, by name."""
    return dict(_registries.get(base_class, {}))


def get_register_func(base_class, nickname):
    """A function, to be used as a decorator, that registers a class derived from `base_class`.

    Parameters
    ----------
    base_class : type
    nickname : str
        What such a thing is called in messages.

    Returns
    -------
    callable
        `register(klass, name=None)` registers under `name`, or the name of the class, in lower case, and returns the class. It
        warns where another class gives way, and raises a `TypeError` for a class that is not derived from `base_class`.

    Examples
    --------
    >>> from mxnet import registry
    >>> class Scaler:
    ...     def __init__(self, factor=1):
    ...         self.factor = factor
    >>> register = registry.get_register_func(Scaler, "scaler")
    >>> @register
    ... class Double(Scaler):
    ...     pass
    >>> create = registry.get_create_func(Scaler, "scaler")
    >>> create("double", factor=3).factor
    3
    """
    registry = _registries.setdefault(base_class, {})

    def register(klass, name=None):
        if not (isinstance(klass, type) and issubclass(klass, base_class)):
            raise TypeError(f"register: a {nickname} is a class derived from {base_class.__name__}, not {klass!r}")
        name = (klass.__name__ if name is None else name).lower()
        if registry.get(name, klass) is not klass:
            warnings.warn(f"the {nickname} {name!r} was {registry[name]!r}, and is now {klass!r}", UserWarning, stacklevel=2)
        registry[name] = klass
        return klass

    register.__doc__ = f"Register a {nickname}, a class derived from {base_class.__name__}."
    return register


def get_alias_func(base_class, nickname):
    """A function `alias(*names)` that makes a decorator, which registers a class under several names.

    Examples
    --------
    >>> from mxnet import registry
    >>> class Unit:
    ...     pass
    >>> alias = registry.get_alias_func(Unit, "unit")
    >>> @alias("m", "meter")
    ... class Meter(Unit):
    ...     pass
    >>> sorted(registry.get_registry(Unit))
    ['m', 'meter']
    """
    register = get_register_func(base_class, nickname)

    def alias(*names):
        def decorate(klass):
            for name in names:
                register(klass, name)
            return klass

        return decorate

    alias.__doc__ = f"A decorator that registers a {nickname} under several names."
    return alias


def get_create_func(base_class, nickname):
    """A function that makes an object of a registered class.

    Parameters
    ----------
    base_class : type
    nickname : str
        The keyword argument, and what such a thing is called in messages.

    Returns
    -------
    callable
        `create(name, *args, **kwargs)`. In place of the name, in upper or lower case, there may be an object of the class, which is
        returned; a dictionary of keyword arguments with the name under `nickname`; or JSON, `["name", {…}]` or such a dictionary.
        An unknown name is a `ValueError`.

    Examples
    --------
    See `get_register_func`.
    """
    registry = _registries.setdefault(base_class, {})

    def create(*args, **kwargs):
        if args:
            name, *args = args
        elif nickname in kwargs:
            name = kwargs.pop(nickname)
        else:
            raise TypeError(f"create: the name of a {nickname} is missing")
        if isinstance(name, base_class):
            if args or kwargs:
                raise TypeError(f"create: {name!r} is a {nickname} already, and takes no further arguments")
            return name
        if isinstance(name, dict):
            return create(**{**name, **kwargs})
        if not isinstance(name, str):
            raise TypeError(f"create: a {nickname} is named by a string, not by {name!r}")
        if name[:1] in ("[", "{"):
            described = json.loads(name)
            if isinstance(described, list):
                name, options = described
                return create(name, *args, **{**options, **kwargs})
            return create(*args, **{**described, **kwargs})
        if name.lower() not in registry:
            raise unknown("create", nickname, name, registry)
        return registry[name.lower()](*args, **kwargs)

    create.__doc__ = f"Make a {nickname} by name."
    return create
