"""`@kernel`: Numba, imported when a kernel is first called, and compiled code that outlives the process."""

import contextlib
import functools
import importlib.util
import os
import threading

__all__ = ["available", "exact", "kernel", "scalar"]

# Sums may be reordered into vectors and products fused with sums; NaN, infinities and signed zeros stay what they are.
_FAST = {"reassoc", "contract"}
# Functions for loops: sums stay as they are written, and calls disappear, however long the function.
_INLINE = {"nogil": True, "error_model": "numpy", "fastmath": {"contract"}, "forceinline": True}
_lock = threading.RLock()  # many threads may call a kernel first


@functools.cache
def available():
    """Whether kernels can be compiled: Numba is there, and neither `MXNET_KERNELS=0` nor `NUMBA_DISABLE_JIT=1` forbids it."""
    wanted = os.environ.get("MXNET_KERNELS", "1") != "0" and os.environ.get("NUMBA_DISABLE_JIT", "0") in ("", "0")
    return wanted and importlib.util.find_spec("numba") is not None


@functools.cache
def _stamp():
    """What changes with the functions that become part of kernels of other files: Numba looks at a kernel's own file only."""
    files = [file for file in os.scandir(os.path.dirname(__file__)) if file.name.endswith(".py")]
    return sorted((file.name, file.stat().st_mtime, file.stat().st_size) for file in files)


@functools.cache
def _wide():
    """Numba's compiler, told to use vectors of 512 bits where the processor has them.

    LLVM by itself uses half of them on Intel's, for the sake of processors that slowed down under them: 1.2 to 1.5 times the time.
    """
    from numba.core.compiler import CompilerBase, DefaultPassBuilder
    from numba.core.compiler_machinery import register_pass
    from numba.core.lowering import Lower
    from numba.core.typed_passes import NativeLowering

    class WideLower(Lower):
        def setup_function(self, fndesc):
            super().setup_function(fndesc)
            set.add(self.function.attributes, '"prefer-vector-width"="512"')  # llvmlite's own `add` does not know it

    @register_pass(mutates_CFG=True, analysis_only=False)
    class WideLowering(NativeLowering):
        _name = "wide_lowering"
        lowering_class = WideLower

    class Wide(CompilerBase):
        def define_pipelines(self):
            pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
            pipeline.passes = [(WideLowering if step is NativeLowering else step, text) for step, text in pipeline.passes]
            pipeline.finalize()
            return [pipeline]

    return Wide


class kernel:
    """A function that Numba compiles on its first call, for the types of the arguments; it runs without the interpreter's lock.

    Kernels may call each other. Numba keeps the compiled code beside the source, or in the user's cache directory where that is
    read-only; where it cannot be read back, the code is compiled anew.
    """

    def __init__(self, function):
        functools.update_wrapper(self, function)
        self._function = function
        self._rebuilt = False

    @functools.cached_property
    def _compiled(self):
        with _lock:
            return self.__dict__.get("_compiled") or self._compile(cache=True)

    def _compile(self, cache):
        import numba

        options = {"nogil": True, "cache": cache, "error_model": "numpy", "fastmath": _FAST, "pipeline_class": _wide()}
        compiled = numba.njit(**options)(self._function)
        if cache:
            with contextlib.suppress(AttributeError):  # if Numba's attributes have changed, its own check has to do
                file = compiled._cache._cache_file
                file._source_stamp = file._source_stamp, _stamp()
        return compiled

    @property
    def _numba_type_(self):
        """How Numba sees this object where another kernel names it."""
        from numba import types

        return types.Dispatcher(self._compiled)

    def __call__(self, *args):
        compiled = self._compiled
        try:
            return compiled(*args)
        except Exception:  # kernels raise nothing: a file of the cache is damaged, in one of many ways
            with _lock:
                if self._compiled is compiled:  # else another thread has been here
                    if self._rebuilt:
                        raise
                    self._rebuild()
        return self(*args)

    def _rebuild(self):
        """Compile it without the cache, which is emptied; first the kernels that it calls, whose files may be the damaged ones."""
        import dis

        for step in dis.get_instructions(self._function):
            callee = self._function.__globals__.get(step.argval) if step.opname == "LOAD_GLOBAL" else None
            if isinstance(callee, kernel):
                callee._rebuild()
        with contextlib.suppress(Exception):
            self._compiled._cache.flush()
        self._compiled = self._compile(cache=False)
        self._rebuilt = True


class exact:
    """A function of numbers for kernels to call in their loops, where it becomes part of the loop.

    It is compiled as it is written: no sum is reordered in it, whatever the kernel allows.
    """

    def __init__(self, function):
        self._function = function

    @functools.cached_property
    def _compiled(self):
        import numba

        return numba.njit(**_INLINE)(self._function)

    @property
    def _numba_type_(self):
        """How Numba sees this object where a kernel names it."""
        from numba import types

        return types.Dispatcher(self._compiled)


class scalar:
    """An `exact` function of one number, called `x`: `single` is its version for float32, and `double` that for float64."""

    def __init__(self, single, double):
        self._single = single
        self._double = double

    @functools.cached_property
    def _numba_type_(self):
        from numba import types
        from numba.core.typing.templates import make_overload_template

        versions = {types.float32: self._single, types.float64: self._double}

        def choose(x):
            return versions.get(x)

        return types.Function(make_overload_template(choose, choose, _INLINE, True, "never"))
