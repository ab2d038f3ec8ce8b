"""`ParameterDict`: parameters by their keys, and what one does to all of them."""

import re

from .. import numpy_extension as npx
from .loading import load_into
from .parameter import Constant, Parameter, old_name

__all__ = ["ParameterDict", "collected", "selected"]


class ParameterDict(dict):
    """Parameters by their keys, with what one does to all of them.

    `Block.collect_params` and `Block.params` give one. `parameters[key]`, `key in parameters`, `del parameters[key]`,
    `parameters.get(key)` and `parameters.pop(key)` take the names that MXNet 1 gives parameters, `dense0_weight`, beside the keys.

    Parameters
    ----------
    prefix : str
        What the keys of new parameters begin with, as in MXNet 1.
    shared : dict of str to Parameter, optional
        Where `get` looks, too, before it makes a new one.

    Examples
    --------
    >>> from mxnet import gluon
    >>> from mxnet.gluon import nn
    >>> net = nn.Sequential()
    >>> net.add(nn.Dense(2, in_units=3), nn.Dense(1, in_units=2))
    >>> net.initialize()
    >>> list(net.collect_params(".*weight"))
    ['0.weight', '1.weight']
    >>> net.collect_params(".*weight").setattr("wd_mult", 0.5)
    >>> net[0].weight.wd_mult
    0.5
    >>> parameters = gluon.ParameterDict('net_')
    >>> parameters.get('bias', shape=(2,))
    Parameter (shape=(2,), dtype=float32)
    >>> list(parameters)
    ['net_bias']
    """

    def __init__(self, prefix="", shared=None):
        if not isinstance(prefix, str):
            raise TypeError(f"ParameterDict: prefix is a string, not {prefix!r:.60}; update(…) takes parameters by their keys")
        super().__init__()
        self.prefix = prefix
        self._shared = {} if shared is None else shared

    def _key(self, name):
        """The key of the parameter that MXNet 1 gives this name, `dense0_weight`; the name itself if that is one, or none is."""
        if super().__contains__(name):
            return name
        return next((key for key, parameter in self.items() if old_name(parameter) == name), name)

    def __missing__(self, name):
        key = self._key(name)
        if key == name:
            raise KeyError(f"no parameter {name!r}; there are {', '.join(map(repr, self)) or 'none'}")
        return self[key]

    def __contains__(self, name):
        return super().__contains__(self._key(name))

    def __delitem__(self, name):
        super().__delitem__(self._key(name))

    def pop(self, name, *default):
        """Take out the parameter of a name, and return it; `default`, or a KeyError, if there is none."""
        return super().pop(self._key(name), *default)

    def get(self, name, default=None, **options):
        """The parameter of this name, or `default`; with options as of `Parameter`, a new one is made of them if there is none.

        Raises
        ------
        AssertionError
            If there is one, and its shape does not fit the one that the options give.
        """
        found = self._found(name)
        if found is None:
            return self._made(Parameter(self.prefix + name, **options)) if options else default
        if options.get("shape") is not None:
            found.shape = options["shape"]
        return found

    def get_constant(self, name, value=None):
        """The constant of this name; it is made of `value`, if there is none."""
        found = self._found(name)
        if found is None and value is None:
            raise KeyError(f"no constant {name!r}: give its value")
        return self._made(Constant(self.prefix + name, value)) if found is None else found

    def _found(self, name):
        """With the prefix before the name, here or where it is shared; or by the name alone."""
        key = self.prefix + name
        if key not in self and key in self._shared:
            self[key] = self._shared[key]
        return next((self[spelling] for spelling in (key, name) if spelling in self), None)

    def _made(self, parameter):
        self[parameter.name] = parameter
        return parameter

    def update(self, other, select=None):
        """Take in parameters of another block. One whose key another parameter has here gets its name in MXNet 1 as its key.

        Parameters
        ----------
        other : dict of str to Parameter
        select : str, optional
            A regular expression that the keys have to match from the start.

        Raises
        ------
        AssertionError
            If another parameter has that name, too. Nothing is changed then.

        Examples
        --------
        >>> from mxnet.gluon import nn
        >>> encoder, decoder = nn.Dense(2, prefix='encoder_'), nn.Dense(3, prefix='decoder_')
        >>> parameters = encoder.collect_params()
        >>> parameters.update(decoder.collect_params())
        >>> list(parameters)
        ['weight', 'bias', 'decoder_weight', 'decoder_bias']
        """
        other = dict(other)
        new = {}
        for key, parameter in (other if select is None else selected(other, select)).items():
            for spelling in (key, old_name(parameter)):
                known = new.get(spelling, super().get(spelling, parameter))
                if known is parameter:
                    new[spelling] = parameter
                    break
            else:
                raise AssertionError(
                    f"ParameterDict.update: {key!r} and {old_name(parameter)!r} are other parameters here; give blocks that are "
                    "trained together different prefixes, or make them parts of one block"
                )
        super().update(new)

    def initialize(self, init="uniform", device=None, verbose=False, force_reinit=False, ctx=None):
        """Initialise all of them; see `Parameter.initialize`."""
        for parameter in dict.fromkeys(self.values()):  # a shared one once
            parameter.initialize(None, device, init, force_reinit, ctx)

    def setattr(self, name, value):
        """Set an attribute of all of them: `grad_req`, `lr_mult`, `wd_mult`, …"""
        for parameter in self.values():
            setattr(parameter, name, value)

    def zero_grad(self):
        """Set all gradients to zero."""
        for parameter in self.values():
            parameter.zero_grad()

    def reset_device(self, device=None, ctx=None):
        """Move all of them to other devices."""
        for parameter in self.values():
            parameter.reset_device(device, ctx)

    reset_ctx = reset_device

    def list_device(self):
        """The devices that any of them is on."""
        return list(dict.fromkeys(device for parameter in self.values() for device in parameter.list_device()))

    list_ctx = list_device

    def save(self, filename, strip_prefix=""):
        """Write all of them to a file, that `load`, `Block.load_parameters` and `numpy.load` read.

        An old file is replaced in one piece.

        Parameters
        ----------
        filename : str or path
            With the ending `.safetensors` the file is of that format.
        strip_prefix : str
            No effect: keys have no prefix, as those of MXNet 1 have.
        """
        npx.save(filename, {key: parameter.data() for key, parameter in self.items()})

    def load(
        self,
        filename,
        device=None,
        allow_missing=False,
        ignore_extra=False,
        restore_prefix="",
        cast_dtype=False,
        dtype_source="current",
        ctx=None,
    ):
        """Read them from a file, as `Block.load_parameters` does.

        Parameters
        ----------
        filename, device, allow_missing, ignore_extra, cast_dtype, dtype_source, ctx
            See `Block.load_parameters`.
        restore_prefix : str
            What a file of MXNet 1 lacks at the beginning of names.

        Examples
        --------
        >>> import os, tempfile
        >>> from mxnet.gluon import nn
        >>> net, other = nn.Dense(2, in_units=3), nn.Dense(2, in_units=3)
        >>> net.initialize()
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = os.path.join(folder, 'net.params')
        ...     net.collect_params().save(file)
        ...     other.collect_params().load(file)
        >>> bool((other.weight.data() == net.weight.data()).all())
        True
        """
        loaded, source = npx.load(filename), f"file {str(filename)!r}"
        if not isinstance(loaded, dict):
            raise ValueError(f"{source} holds arrays without names; parameters are found by theirs")
        if restore_prefix and not self.keys() & loaded.keys():
            loaded = {restore_prefix + name: value for name, value in loaded.items()}
        load_into(self, loaded, source, device or ctx, allow_missing, ignore_extra, cast_dtype, dtype_source)


def collected(parameters):
    """Parameters by keys that are theirs."""
    found = ParameterDict()
    dict.update(found, parameters)
    return found


def selected(parameters, pattern):
    """Those whose keys a regular expression matches from the start; if none does, those whose names in MXNet 1 it matches."""
    matches = re.compile(pattern).match
    found = {key: parameter for key, parameter in parameters.items() if matches(key)}
    return collected(found or {key: parameter for key, parameter in parameters.items() if matches(old_name(parameter))})
