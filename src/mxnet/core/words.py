"""What siblings say of their parameters, written once."""

import inspect
import re

__all__ = ["with_words"]

_HEADING = re.compile(r"^(Parameters|Returns|Raises|Notes|Examples)\n-{3,}\n", re.MULTILINE)


def with_words(function, words, returns=None):
    """Give a function's docstring the entries of parameters that it leaves to its siblings, in the order of its signature.

    Parameters
    ----------
    function : function
        Its docstring has sections in numpydoc's manner; entries of its own stay.
    words : dict
        By parameter name: an entry, `name : type`, a line break and the description.
    returns : str, optional
        The section 'Returns', where the docstring has none.
    """
    if function.__doc__ is None:  # python -OO
        return function
    head, *rest = _HEADING.split(inspect.cleandoc(function.__doc__))
    sections = dict(zip(rest[::2], map(str.rstrip, rest[1::2]), strict=True))
    own = {re.match(r"\**(\w+)", entry)[1]: entry for entry in re.split(r"\n(?=\S)", sections.get("Parameters", "")) if entry}
    code = function.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    entries = [own.pop(name, None) or re.sub("\n +", "\n    ", words[name]) for name in names if name in own or name in words]
    sections["Parameters"] = "\n".join([*own.values(), *entries])  # what is left of its own is *args
    if returns is not None:
        sections.setdefault("Returns", returns)
    order = [title for title in ("Parameters", "Returns", "Raises", "Notes", "Examples") if sections.get(title)]
    function.__doc__ = head + "\n\n".join(f"{title}\n{'-' * len(title)}\n{sections[title]}" for title in order) + "\n"
    return function
