"""`mx.runtime`: what this build can do."""

import sys
from collections import OrderedDict
from importlib.util import find_spec

import numpy as np

__all__ = ["Feature", "Features", "feature_list", "get_branch", "get_commit_hash"]


class Feature:
    """Something that a build has or has not: `name` and `enabled`."""

    __slots__ = ("_enabled", "_name")

    def __init__(self, name, enabled):
        self._name = name
        self._enabled = bool(enabled)

    @property
    def name(self):
        """As `Features` knows it."""
        return self._name

    @property
    def enabled(self):
        """Whether it is there."""
        return self._enabled

    def __repr__(self):
        return f"{'✔' if self._enabled else '✖'} {self._name}"


class Features(OrderedDict):
    """All features, by name. There is one such object.

    The names are the original's, and two that it does not have: NUMBA, whether hot loops are compiled, and PILLOW, whether images
    can be read. What the processor and the linear algebra are, NumPy says.

    Examples
    --------
    >>> import mxnet as mx
    >>> features = mx.runtime.Features()
    >>> features.is_enabled("CUDA"), features["INT64_TENSOR_SIZE"]
    (False, ✔ INT64_TENSOR_SIZE)
    """

    instance = None

    def __new__(cls):
        """The one object."""
        if cls.instance is None:
            cls.instance = super().__new__(cls)
        return cls.instance

    def __init__(self):
        if not self:
            super().__init__((feature.name, feature) for feature in feature_list())

    def __repr__(self):
        return str(list(self.values()))

    def is_enabled(self, feature_name):
        """Whether a feature is there; upper and lower case are the same.

        Raises
        ------
        RuntimeError
            If no feature has this name.
        """
        try:
            return self[feature_name.upper()].enabled
        except KeyError:
            raise RuntimeError(f"no feature is called {feature_name!r}; there are {', '.join(self)}") from None


# MXNet's names of what processors can do, and NumPy's.
_SIMD = {
    "CPU_SSE": "SSE",
    "CPU_SSE2": "SSE2",
    "CPU_SSE3": "SSE3",
    "CPU_SSE4_1": "SSE41",
    "CPU_SSE4_2": "SSE42",
    "CPU_SSE4A": "SSE4A",
    "CPU_AVX": "AVX",
    "CPU_AVX2": "AVX2",
    "SSE": "SSE",
    "F16C": "F16C",
}
# What a level of the architecture, which newer versions of NumPy name instead, stands for.
_LEVELS = {"X86_V2": {"SSE", "SSE2", "SSE3", "SSE41", "SSE42"}, "X86_V3": {"AVX", "AVX2", "F16C"}}


def feature_list():
    """The features as a list of `Feature`.

    Examples
    --------
    >>> import mxnet as mx
    >>> mx.runtime.feature_list()[0]
    ✖ CUDA
    """
    config = np.show_config(mode="dicts")
    blas = config.get("Build Dependencies", {}).get("blas", {}).get("name", "").lower()
    extensions = config.get("SIMD Extensions", {})
    simd = {*extensions.get("baseline", ()), *extensions.get("found", ())}
    simd = simd.union(*[_LEVELS[level] for level in _LEVELS.keys() & simd])
    features = {
        **dict.fromkeys(("CUDA", "CUDNN", "NCCL", "TENSORRT", "CUTENSOR"), False),
        **{name: extension in simd for name, extension in _SIMD.items()},
        **dict.fromkeys(("OPENMP", "JEMALLOC"), False),
        "BLAS_OPEN": "openblas" in blas,
        "BLAS_ATLAS": "atlas" in blas,
        "BLAS_MKL": "mkl" in blas,
        "BLAS_APPLE": "accelerate" in blas,
        "LAPACK": True,
        **dict.fromkeys(("ONEDNN", "OPENCV", "DIST_KVSTORE"), False),
        "INT64_TENSOR_SIZE": sys.maxsize > 2**32,
        **dict.fromkeys(("SIGNAL_HANDLER", "DEBUG", "TVM_OP"), False),
        "NUMBA": find_spec("numba") is not None,
        "PILLOW": find_spec("PIL") is not None,
    }
    return [Feature(name, enabled) for name, enabled in features.items()]


def get_branch():
    """The branch that this build was made from: unknown, an empty string."""
    return ""


def get_commit_hash():
    """The commit that this build was made from: unknown, an empty string."""
    return ""
