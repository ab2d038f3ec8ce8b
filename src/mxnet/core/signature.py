"""Arguments to parameter values, the way Python binds them, without the cost of `inspect` at every call."""

import inspect

__all__ = ["Signature"]

_REQUIRED = object()


class Signature:
    """The parameters of an operator's forward function.

    Attributes
    ----------
    names : list of str
        In order.
    variadic : int or None
        The position of `*operands`; its value is a tuple.
    defaults : list
        By position.
    simple : bool
        Whether the function can be called with all values in order.
    out : int or None
        The position of `out`, which the dispatch serves and no forward function sees.
    """

    def __init__(self, function):
        # Read off the code object: `inspect.signature` for every operator would be a fifth of the time of `import mxnet`.
        self._function = function
        self.name = function.__name__
        code = function.__code__
        positional, keyword_only = code.co_argcount, code.co_kwonlyargcount
        names = code.co_varnames
        defaults = function.__defaults__ or ()
        self.names = list(names[:positional])
        self.defaults = [_REQUIRED] * (positional - len(defaults)) + list(defaults)
        self._positional = positional
        self.variadic = None
        if code.co_flags & inspect.CO_VARARGS:
            self.variadic = positional
            self.names.append(names[positional + keyword_only])
            self.defaults.append(())
        for name in names[positional : positional + keyword_only]:
            self.names.append(name)
            self.defaults.append((function.__kwdefaults__ or {}).get(name, _REQUIRED))
        self.index = {name: i for i, name in enumerate(self.names)}
        self.out = self.index.get("out")
        self._required = self.defaults.count(_REQUIRED)
        self.simple = self.variadic is None and not keyword_only

    def bind(self, args, kwargs):
        """The values of all parameters, in order.

        Raises
        ------
        TypeError
            As Python does, where the arguments do not fit.
        """
        n = len(args)
        if self._required <= n <= self._positional and not kwargs and self.variadic is None:
            return [*args, *self.defaults[n:]]
        n = min(n, self._positional)
        if n != len(args) and self.variadic is None:
            self._refuse(args, kwargs)
        values = [*args[:n], *self.defaults[n:]]
        if self.variadic is not None:
            values[self.variadic] = args[n:]
        for name, value in kwargs.items():
            i = self.index.get(name)
            if i is None or i < n or i == self.variadic:
                self._refuse(args, kwargs)
            values[i] = value
        for value in values:
            if value is _REQUIRED:
                self._refuse(args, kwargs)
        return values

    def call(self, function, values):
        """`function` with these values."""
        if self.variadic is None:
            return function(*values)
        i = self.variadic
        keywords = dict(zip(self.names[i + 1 :], values[i + 1 :], strict=True))
        return function(*values[:i], *values[i], **keywords)

    def _refuse(self, args, kwargs):
        signature = inspect.signature(self._function)
        try:
            signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{self.name}(): {error}; it is called as {self.name}{signature}") from None
