"""Constants of `mxnet.np` that NumPy 2 no longer has, and dtypes by kind."""

import numpy as np

__all__ = [
    "NAN",
    "NINF",
    "NZERO",
    "PINF",
    "PZERO",
    "NaN",
    "__array_api_version__",
    "boolean_dtypes",
    "complex_floating_dtypes",
    "floating_dtypes",
    "integer_dtypes",
    "numeric_dtypes",
]

NAN = NaN = float("nan")
PINF = float("inf")
NINF = float("-inf")
PZERO = 0.0
NZERO = -0.0

boolean_dtypes = [np.dtype("bool")]
integer_dtypes = [np.dtype(name) for name in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")]
floating_dtypes = [np.dtype(name) for name in ("float16", "float32", "float64")]
complex_floating_dtypes = [np.dtype(name) for name in ("complex64", "complex128")]
numeric_dtypes = [*integer_dtypes, *floating_dtypes]  # the real ones, as MXNet has it

# The edition of the array API standard that `x.__array_namespace__()` follows: `tests/test_array_api.py` has the exceptions.
__array_api_version__ = "2024.12"
