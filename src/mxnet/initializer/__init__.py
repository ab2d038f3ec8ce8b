"""`mx.init`: the numbers that parameters begin with.

An initialiser is called with the name of a parameter and an array, which it fills in place. In a network, a parameter's own one
goes before the one given to `initialize()`. Called by hand, the name decides: a `weight` gets what the initialiser is for, a `bias`
zeros, a `gamma` ones. Random numbers are those of `np.random`, with their one seed.
"""

from .base import InitDesc, Initializer, alias, create, register
from .composite import Load, Mixed
from .constants import Bilinear, Constant, One, Zero
from .random import MSRAPrelu, Normal, Orthogonal, TruncNorm, Uniform, Xavier
from .recurrent import FusedRNN, LSTMBias, RNNFused

__all__ = [
    "Bilinear",
    "Constant",
    "FusedRNN",
    "InitDesc",
    "Initializer",
    "LSTMBias",
    "Load",
    "MSRAPrelu",
    "Mixed",
    "Normal",
    "One",
    "Orthogonal",
    "RNNFused",
    "TruncNorm",
    "Uniform",
    "Xavier",
    "Zero",
    "alias",
    "create",
    "register",
]
