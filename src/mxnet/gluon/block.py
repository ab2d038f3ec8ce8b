"""`Block`: a layer or a network, with its parameters and the blocks it is made of; `HybridBlock`: one that could be compiled."""

import inspect
import json

from .. import autograd
from ..files.atomic import replacing
from .deferred import SETTLING, value_of
from .faults import located, not_taken
from .forms import forms_of
from .loading import load_into
from .namespaces import NAMESPACES
from .parameter import Parameter
from .parameter_dict import collected
from .structure import Structure
from .summary import summary_of

__all__ = ["Block", "HybridBlock"]


class HookHandle:
    """What registering a hook returns: `detach()` ends it, as does leaving a `with` block."""

    def __init__(self, hooks, hook):
        self._hooks = hooks
        self._hook = hook
        hooks.append(hook)

    def detach(self):
        """Call the hook no longer."""
        if self._hook in self._hooks:
            self._hooks.remove(self._hook)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.detach()


class Block(Structure):
    """A layer, or a network of layers.

    A subclass makes its parameters and blocks in `__init__`, assigns them to attributes, which registers them, and says in
    `forward` what it computes.

    Parameters
    ----------
    prefix : str, optional
        The beginning of the block's name, as in MXNet 1.
    params : ParameterDict, optional
        Parameters that the block and those in it share with another one, where the keys in `collect_params()` are the same, as in
        MXNet 1: `Net(params=other.collect_params())`.

    Examples
    --------
    >>> from mxnet import gluon, np, npx
    >>> class Doubled(gluon.Block):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.dense = gluon.nn.Dense(2)
    ...
    ...     def forward(self, x):
    ...         return 2 * self.dense(x)
    >>> net = Doubled()
    >>> net.initialize("ones")
    >>> net(np.array([[1.0, 2.0, 3.0]]))
    array([[12., 12.]])
    >>> net.collect_params()
    {'dense.weight': Parameter (shape=(2, 3), dtype=float32), 'dense.bias': Parameter (shape=(2,), dtype=float32)}
    """

    _active = False  # whether it is hybridized

    def __init__(self, prefix=None, params=None, **unknown):
        super().__init__(prefix, params, **unknown)
        self._forward_hooks = []
        self._forward_pre_hooks = []

    # What is done to all parameters.

    def initialize(self, init="uniform", device=None, verbose=False, force_reinit=False, ctx=None):
        """Give the parameters their first values; those of unknown shape wait for the first forward pass.

        Parameters
        ----------
        init : Initializer or str
            For parameters that have no initialiser of their own; by default U(-0.07, 0.07).
        device, ctx : Device or list of Device, optional
        verbose : bool
            No effect.
        force_reinit : bool
            Whether parameters that have values get new ones.
        """
        self.collect_params().initialize(init, device, verbose, force_reinit, ctx)

    def apply(self, fn):
        """Call `fn(block)` for every block in this one, parts before the whole, and for this one. Returns this one."""
        for block in self._children.values():
            block.apply(fn)
        fn(self)
        return self

    def cast(self, dtype):
        """Change the dtype of all parameters."""
        for block in self._children.values():
            block.cast(dtype)
        for parameter in self._reg_params.values():
            parameter.cast(dtype)

    def zero_grad(self):
        """Set all gradients to zero."""
        self.collect_params().zero_grad()

    def setattr(self, name, value):
        """Set an attribute of all parameters.

        Examples
        --------
        >>> from mxnet.gluon import nn
        >>> net = nn.Dense(2, in_units=1)
        >>> net.setattr("grad_req", "null")
        >>> net.weight.grad_req
        'null'
        """
        self.collect_params().setattr(name, value)

    def reset_device(self, device=None, ctx=None):
        """Move all parameters to other devices."""
        self.collect_params().reset_device(device, ctx)

    reset_ctx = reset_device

    def hybridize(self, active=True, **kwargs):
        """Let blocks be compiled, where a later version can; results are the same. See `HybridBlock.hybridize`."""
        for block in self._children.values():
            block.hybridize(active, **kwargs)

    # The forward pass.

    def __call__(self, *args, **kwargs):
        """Compute `forward`, between the hooks."""
        try:
            if not self._settled:
                self._settle(inspect.signature(self.forward).bind(*args, **kwargs).args if kwargs else args)
            for hook in self._forward_pre_hooks:
                hook(self, args)
            out = self.forward(*args, **kwargs)
        except Exception as error:
            if getattr(error, "__notes__", None) is not None:
                raise
            misfit = self._misfit(error, args, kwargs)
            located(error if misfit is None else misfit, self, args)
            if misfit is None:
                raise
            raise misfit from error
        if self._active and self._forms is None:
            self._forms = forms_of(args), forms_of(kwargs)
        for hook in self._forward_hooks:
            hook(self, args, out)
        return out

    def forward(self, *args):
        """What the block computes; subclasses say it."""
        raise NotImplementedError(f"{type(self).__name__} does not say what it computes: define forward(self, x)")

    def _settle(self, args):
        """Before the first forward pass: nothing, `forward` itself says which parameter lacks a shape."""

    def _misfit(self, error, args, kwargs):
        """What is to be said in place of an error that comes from a wrong call, or None."""
        return not_taken(self, error, args, kwargs)

    def register_forward_hook(self, hook):
        """Have `hook(block, inputs, outputs)` called after every forward pass. Returns a handle that can `detach()`."""
        return HookHandle(self._forward_hooks, hook)

    def register_forward_pre_hook(self, hook):
        """Have `hook(block, inputs)` called before every forward pass. Returns a handle that can `detach()`."""
        return HookHandle(self._forward_pre_hooks, hook)

    def register_op_hook(self, callback, monitor_all=False):
        """Have `callback(name, class, array)` called for what the blocks without parts in this one compute.

        Parameters
        ----------
        callback : callable
            Gets `dense0_output` or, with `monitor_all`, `dense0_input0` besides.
        monitor_all : bool
        """

        def hook(block, inputs, output):
            kind = type(block).__name__
            if monitor_all:
                for number, x in enumerate(inputs):
                    callback(f"{block.name}_input{number}", kind, x)
            callback(f"{block.name}_output", kind, output)

        self.apply(lambda block: None if block._children else block.register_forward_hook(hook))

    def summary(self, *inputs):
        """Print a table of the blocks: what each computes from these inputs, in shapes, and how many parameters it has.

        Examples
        --------
        >>> from mxnet import np
        >>> from mxnet.gluon import nn
        >>> net = nn.Sequential()
        >>> net.add(nn.Dense(3), nn.Dense(1))
        >>> net.initialize()
        >>> net.summary(np.ones((2, 4)))
        layer        type          output shape    parameters
        -----------------------------------------------------
                     input         (2, 4)
        0            Dense         (2, 3)                  15
        1            Dense         (2, 1)                   4
                     Sequential    (2, 1)
        -----------------------------------------------------
        parameters                                         19
        trained                                            19
        not trained                                         0
        """
        print(summary_of(self, inputs))

    # Files.

    def save_parameters(self, filename, deduplicate=False):
        """Write all parameters to a file, that `load_parameters` and `numpy.load` read; an old file is replaced in one piece.

        Parameters
        ----------
        filename : str or path
            With the ending `.safetensors` the file is of that format.
        deduplicate : bool
            Whether a parameter that several blocks share is written once, under its last key.
        """
        parameters = self.collect_params()
        if deduplicate:
            last = {id(parameter): key for key, parameter in parameters.items()}
            parameters = {key: parameter for key, parameter in parameters.items() if last[id(parameter)] == key}
        collected(parameters).save(filename)

    def load_parameters(
        self,
        filename,
        device=None,
        allow_missing=False,
        ignore_extra=False,
        cast_dtype=False,
        dtype_source="current",
        ctx=None,
    ):
        """Read parameters from a file that `save_parameters`, or MXNet, wrote; they need not be initialised.

        Parameters
        ----------
        filename : str or path
        device, ctx : Device or list of Device, optional
            Where parameters that are not initialised will be.
        allow_missing, ignore_extra : bool
            Whether the file may lack parameters, or have more.
        cast_dtype : bool
            Whether the file's numbers may be of another dtype.
        dtype_source : {'current', 'saved'}
            Which dtype the parameters then have: their own, or the file's.

        Raises
        ------
        OSError, ValueError
            If there is no such file; if it is damaged, or has parameters that the block has not.
        AssertionError
            If it lacks parameters, or has them of other shapes or dtypes. In all cases the block is as it was.
        """
        options = {"cast_dtype": cast_dtype, "dtype_source": dtype_source}
        self.collect_params().load(filename, device or ctx, allow_missing, ignore_extra, **options)

    def load_dict(
        self,
        param_dict,
        device=None,
        allow_missing=False,
        ignore_extra=False,
        cast_dtype=False,
        dtype_source="current",
        ctx=None,
    ):
        """Take parameters from a dictionary of arrays; otherwise as `load_parameters`."""
        options = allow_missing, ignore_extra, cast_dtype, dtype_source
        load_into(self.collect_params(), param_dict, "dictionary", device or ctx, *options)

    def save(self, prefix):
        """Write the parameters to `PREFIX-model.params` and the names of blocks and parameters to `PREFIX-model.json`."""
        self.save_parameters(f"{prefix}-model.params")
        with replacing(f"{prefix}-model.json") as file:
            file.write(json.dumps(self._structure(), indent=2).encode())

    def _structure(self):
        blocks = {name: block._structure() for name, block in self._children.items()}
        return {"type": type(self).__name__, "parameters": list(self._reg_params), "blocks": blocks}

    def load(self, prefix):
        """Read what `save(prefix)` of a block with the same structure wrote.

        Raises
        ------
        ValueError
            If the structures differ.
        """
        with open(f"{prefix}-model.json", encoding="utf-8") as file:
            saved = json.load(file)
        if saved != self._structure():
            raise ValueError(f"load: {prefix}-model.json describes another network than this {type(self).__name__}")
        self.load_parameters(f"{prefix}-model.params")


class HybridBlock(Block):
    """A block whose shapes complete themselves, and that a later version may compile; results never depend on that.

    A layer with parameters of unknown shape says in `infer_shape(self, x)` what follows from an input, and sets
    `self.weight.shape`. MXNet 1's `hybrid_forward(self, F, x, weight, …)`, with a keyword for every parameter, serves in place of
    `forward`; without `infer_shape`, unknown shapes then follow from the layers' functions of `F` that a parameter is given to,
    `F.npx.fully_connected` for one, and from `F.np.dot` and `F.np.matmul`.

    Examples
    --------
    >>> from mxnet import gluon, np
    >>> class Scaled(gluon.HybridBlock):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.factor = gluon.Parameter("factor", shape=(-1,), init="ones", allow_deferred_init=True)
    ...
    ...     def infer_shape(self, x):
    ...         self.factor.shape = (x.shape[-1],)
    ...
    ...     def forward(self, x):
    ...         return x * self.factor.data()
    >>> net = Scaled()
    >>> net.initialize()
    >>> net(np.array([1.0, 2.0]))
    array([1., 2.])
    >>> net.factor
    Parameter (shape=(2,), dtype=float32)
    """

    def __init__(self, prefix=None, params=None, **unknown):
        super().__init__(prefix, params, **unknown)
        self._active = False
        self._forms = None  # of the first inputs since `hybridize`, for `export`

    def _check_child(self, block):
        super()._check_child(block)
        if not isinstance(block, HybridBlock):
            raise ValueError(
                f"the parts of {type(self).__name__}, a HybridBlock, are HybridBlocks, and {type(block).__name__} is none: derive "
                "it from HybridBlock, or this one from Block"
            )

    def hybridize(
        self,
        active=True,
        partition_if_dynamic=True,
        static_alloc=False,
        static_shape=False,
        inline_limit=2,
        forward_bulk_size=None,
        backward_bulk_size=None,
        backend=None,
        clear=True,
    ):
        """Let the block be compiled, where a later version can. Results are the same; the options have no effect yet.

        Raises
        ------
        ValueError
            If a `backend` is named, as MXNet 1 may: there are none.
        """
        if backend is not None:
            raise ValueError(f"hybridize: there is no backend {backend!r}; leave it out")
        self._active = bool(active)
        self._forms = None
        super().hybridize(active)

    def optimize_for(self, x, *args, backend=None, clear=False, **kwargs):
        """Compute the forward pass once, as MXNet does to compile; there are no backends: one that is named is refused."""
        if backend is not None:
            raise ValueError(f"optimize_for: there is no backend {backend!r}; leave it out")
        self.hybridize(True, **kwargs)
        self(x, *args)

    def export(self, path, epoch=0, remove_amp_cast=True):
        """Write the network as a graph that MXNet reads, `PATH-symbol.json`, and its parameters, `PATH-0000.params`.

        The graph is that of a forward pass in prediction mode, for inputs of the shapes of the first ones after `hybridize()`, so
        call that and then the network before. `SymbolBlock.imports` reads the files. What does not follow from the inputs, arrays
        made in `forward` for one, is written as it is: sizes of the batch that Python code asked for among it.

        Parameters
        ----------
        path : str or path
            What the names of the files begin with.
        epoch : int
            The number in the name of the file of parameters.
        remove_amp_cast : bool
            No effect: there are no such casts.

        Returns
        -------
        tuple of str
            The names of the two files. In the graph, inputs are called `data`, or `data0`, `data1`, … if there are several.

        Raises
        ------
        RuntimeError
            Without `hybridize()` and a forward pass after it; if the graph gives something else than the network for other inputs,
            because `forward` computes outside of `np` and `npx`.
        NotImplementedError
            If the network calls something that graphs have no operator for. In all cases no file is written.

        Examples
        --------
        >>> from mxnet import np
        >>> from mxnet.gluon import nn
        >>> net = nn.Dense(2)
        >>> net.initialize()
        >>> net.hybridize()
        >>> y = net(np.ones((1, 3)))
        >>> net.export("model")  # doctest: +SKIP
        ('model-symbol.json', 'model-0000.params')
        """
        if self._forms is None:
            raise RuntimeError(f"{type(self).__name__}.export: call hybridize(), and then the network once, before export")
        from .exporting import export

        return export(self, path, epoch)

    def infer_shape(self, *args):
        """Set the shapes of the block's own parameters, as they follow from inputs."""
        unknown = ", ".join(f"{name} {p.shape}" for name, p in self._reg_params.items() if not p._is_known())
        raise RuntimeError(
            f"{' → '.join(self._path())}: the shapes of {unknown} are not known, and {type(self).__name__} does not say how they "
            "follow from the input; define infer_shape(self, x), which sets self.….shape"
        )

    def infer_type(self, *args):
        """Cast parameters that have no values yet to the dtype of the first input."""
        for parameter in self._reg_params.values():
            if parameter._array is None:
                parameter.cast(args[0].dtype)

    def _own(self):
        """The parameters that are this block's, without those that `self.params.update(…)` took from others."""
        for name, parameter in self._reg_params.items():
            place = parameter._place()
            if name in self.__dict__ or place is None or place[0] is self:
                yield parameter

    def _settle(self, args):
        waiting = [parameter for parameter in self._own() if parameter._deferred is not None]
        if waiting and hasattr(self, "hybrid_forward") and type(self).infer_shape is HybridBlock.infer_shape:
            waiting = [parameter for parameter in waiting if parameter._is_known()]  # for the others see `forward`
        elif waiting:
            with autograd.pause():
                self.infer_shape(*args)
        for parameter in waiting:
            parameter._finish_deferred_init()
        self._settled = all(parameter._array is not None for parameter in self._own())

    def _misfit(self, error, args, kwargs):
        misfit = super()._misfit(error, args, kwargs)
        if misfit is None and self._settled:
            try:
                self.infer_shape(*args)
            except AssertionError as wrong_size:  # as `Parameter.shape` raises: infer_shape asks for another one
                return wrong_size
            except Exception:  # of another kind than the shapes: the first error says more
                return None
        return misfit

    def forward(self, x, *args):
        """What the block computes; subclasses say it here, or in `hybrid_forward`."""
        if not hasattr(self, "hybrid_forward"):
            raise NotImplementedError(f"{type(self).__name__} does not say what it computes: define forward(self, x)")
        F, value = (NAMESPACES, Parameter.data) if self._settled else (SETTLING, value_of)
        parameters = {name: value(parameter) for name, parameter in self._reg_params.items() if name in self.__dict__}
        return self.hybrid_forward(F, x, *args, **parameters)
