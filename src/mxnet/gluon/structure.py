"""What a block consists of: parameters and other blocks, by the attributes that hold them; their names, and sharing them."""

import inspect
import warnings
import weakref
from contextlib import nullcontext

from . import naming
from .parameter import Parameter
from .parameter_dict import ParameterDict, collected, selected

__all__ = ["Structure"]


class Structure:
    """The base of `Block`, which registers parameters and blocks when they are assigned to attributes."""

    _old_kind: str | None = None  # how MXNet 1 begins the names of such blocks, where it is not the class

    def __init__(self, prefix=None, params=None, **unknown):
        name = type(self).__name__
        if unknown:
            known = [name for name, p in inspect.signature(type(self)).parameters.items() if p.kind is not p.VAR_KEYWORD]
            takes = ", ".join(dict.fromkeys([*known, "prefix", "params"]))
            raise TypeError(f"{name}: unexpected keyword argument {next(iter(unknown))!r}; it takes {takes}")
        if prefix is not None and not isinstance(prefix, str):
            hint = "; add(…) takes blocks" if isinstance(prefix, Structure) else ""
            raise TypeError(f"{name}: prefix is a string, not {prefix!r:.60}{hint}")
        if params is not None:
            _check_shared(f"{name}: params", params, TypeError)
        object.__setattr__(self, "_children", {})
        object.__setattr__(self, "_reg_params", ParameterDict())
        self._shared = params
        self._parent = None  # the block that this one was given to first, by a weak reference, and its name there
        self._settled = False  # whether the shapes of its own parameters are known
        self._prefix = naming.new_prefix(self._old_kind or name.lower(), prefix)
        self._scope = nullcontext() if prefix == "" else None  # blocks in one without a name are named as if beside it
        self.name = self._prefix.removesuffix("_")

    # Parameters and children, and their names.

    def __setattr__(self, name, value):
        if "_children" not in self.__dict__:
            if isinstance(value, Structure | Parameter):
                raise RuntimeError(f"{type(self).__name__}: call super().__init__() before the attribute {name!r} is set")
        else:
            old = self._children.get(name, dict.get(self._reg_params, name))
            kind = Structure if isinstance(old, Structure) else Parameter
            if old is not None and not isinstance(value, kind):
                kinds = f"is a {type(old).__name__} and cannot become a {type(value).__name__}"
                raise TypeError(f"{type(self).__name__}.{name} {kinds}")
            if isinstance(value, Parameter):
                value = self._registered(name, value)
            elif isinstance(value, Structure):
                self.register_child(value, name)
        object.__setattr__(self, name, value)

    def _registered(self, name, parameter):
        """The parameter that the attribute gets: the new one, or one that is shared with another block."""
        if self._shared:
            keys = name, getattr(self._shared, "prefix", "") + name
            shared = next((self._shared[key] for key in keys if key in self._shared), None)
            parameter = parameter if shared is None else self._taken_over(name, parameter, shared)
        for key in [key for key, known in self._reg_params.items() if known is parameter and key not in self.__dict__]:
            del self._reg_params[key]  # `self.w = self.params.get("weight", …)` renames it
        self._reg_params[name] = parameter
        self._settled = False
        if parameter._place() is None:
            parameter._holder = weakref.ref(self), name
        return parameter

    def _taken_over(self, name, own, shared):
        """The parameter of another block in place of an own one; what either knows of the shape the other one then knows, too."""
        if own.shape is not None:
            if not shared.fits(own.shape):
                raise AssertionError(
                    f"{type(self).__name__}.{name} has the shape {own.shape}, and the parameter to be shared {shared.shape}"
                )
            shared.shape = own.shape
        return shared

    def __delattr__(self, name):
        object.__delattr__(self, name)
        for known in ("_children", "_reg_params"):
            dict.pop(self.__dict__.get(known, {}), name, None)

    def register_child(self, block, name=None):
        """Make a block a part of this one, as assigning it to an attribute does.

        Parameters
        ----------
        block : Block
        name : str, optional
            Its key; by default its number.
        """
        self._check_child(block)
        name = str(len(self._children)) if name is None else name
        if self._shared and block._shared is None:
            start = f"{name}."
            part = {key.removeprefix(start): p for key, p in self._shared.items() if key.startswith(start)}
            block._take(part)
            block._shared = part or None  # for what is still to be put into it
        self._children[name] = block
        if block._place() is None:
            block._parent = weakref.ref(self), name

    def _check_child(self, block):
        """Refuse what cannot be a part of this block."""
        if not isinstance(block, Structure):
            raise TypeError(f"parts of {type(self).__name__} are blocks, not {block!r:.60}; nn.Lambda(f) makes one of a function")

    def _place(self):
        """The block that this one is a part of, and its name there; None if there is none, or none that still has it."""
        if self._parent is None:
            return None
        parent, name = self._parent[0](), self._parent[1]
        return (parent, name) if parent is not None and parent._children.get(name) is self else None

    def _path(self):
        """The class of the outermost block that this one is in, and the names that lead here."""
        names, block = [], self
        while (place := block._place()) is not None:
            block, name = place
            names.append(name)
        return [type(block).__name__, *reversed(names)]

    def __getstate__(self):
        return {**self.__dict__, "_parent": None, "_scope": None}

    def __setstate__(self, state):
        self.__dict__.update(state)
        for name, parameter in self._reg_params.items():
            if parameter._place() is None:  # a shallow copy leaves them to the original
                parameter._holder = weakref.ref(self), name
        for name, block in self._children.items():
            if block._place() is None:
                block._parent = weakref.ref(self), name

    def __repr__(self):
        if not self._children:
            return f"{type(self).__name__}()"
        lines = [f"  ({name}): {_indented(repr(block))}" for name, block in self._children.items()]
        return "\n".join([f"{type(self).__name__}(", *lines, ")"])

    @property
    def params(self):
        """The block's own parameters, without those of the blocks in it."""
        return self._reg_params

    @property
    def prefix(self):
        """What the names of the block's parameters begin with in MXNet 1: `dense0_`."""
        return self._prefix

    def name_scope(self):
        """A `with` block in which new blocks are named after this one, as in MXNet 1; nothing else depends on it."""
        if self._scope is None:
            self._scope = naming.Scope(self.prefix)
        return self._scope

    def collect_params(self, select=None):
        """All parameters of this block and of those in it.

        Parameters
        ----------
        select : str, optional
            A regular expression that the keys have to match from the start; `"a|b"` joins several.

        Returns
        -------
        ParameterDict
            By keys that follow the attributes, `dense.weight`, or places, `0.weight`; the block's own come first.

        Examples
        --------
        >>> from mxnet.gluon import nn
        >>> net = nn.HybridSequential()
        >>> net.add(nn.Dense(2), nn.BatchNorm())
        >>> list(net.collect_params(".*weight|.*gamma"))
        ['0.weight', '1.gamma']
        """
        found = collected(self._parameters(""))
        return found if select is None else selected(found, select)

    def _parameters(self, prefix):
        for name, parameter in self._reg_params.items():
            yield prefix + name, parameter
        for name, block in self._children.items():
            yield from block._parameters(f"{prefix}{name}.")

    # Sharing.

    def share_parameters(self, shared):
        """Use the parameters of another block, those whose keys `collect_params()` of both have.

        Parameters
        ----------
        shared : dict of str to Parameter

        Returns
        -------
        Block
            This one.

        Raises
        ------
        AssertionError
            If one has another shape.

        Examples
        --------
        >>> from mxnet.gluon import nn
        >>> one, other = nn.Dense(2, in_units=3), nn.Dense(2, in_units=3)
        >>> other = other.share_parameters(one.collect_params())
        >>> other.weight is one.weight
        True
        """
        _check_shared("share_parameters", shared, ValueError)
        unknown = shared.keys() - self.collect_params().keys()
        if unknown:
            warnings.warn(
                f"share_parameters: {type(self).__name__} has no {', '.join(map(repr, sorted(unknown)[:10]))} to be shared; it has "
                f"{', '.join(map(repr, self.collect_params())) or 'no parameters'}",
                stacklevel=2,
            )
        self._take(shared)
        return self

    def _take(self, shared):
        """Use parameters of another block; stand-ins learn of shapes before they do, so that all fit or none changes."""
        trials = {}
        for key, parameter in self.collect_params().items():
            if key in shared:
                trial = trials.setdefault(shared[key], Parameter(shape=shared[key].shape))
                self._taken_over(key, parameter, trial)
        for parameter, trial in trials.items():
            if trial.shape is not None:
                parameter.shape = trial.shape
        self._share(shared, "")

    def _share(self, shared, prefix):
        for name in list(self._reg_params):
            if prefix + name in shared:
                setattr(self, name, shared[prefix + name])
        for name, block in self._children.items():
            block._share(shared, f"{prefix}{name}.")


def _check_shared(word, shared, kind):
    """Refuse what is not a dictionary of parameters."""
    if not isinstance(shared, dict):
        raise kind(f"{word} takes a dict, as collect_params() gives, not {type(shared).__name__}")
    for key, value in shared.items():
        if not isinstance(value, Parameter):
            raise TypeError(
                f"{word} takes parameters that are to be shared, and {key!r} is of {type(value).__name__}; values are set by "
                "set_data of a parameter, or by load_dict of a block"
            )


def _indented(text):
    return text.replace("\n", "\n  ")
