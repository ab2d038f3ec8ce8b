"""`mxnet.gluon.data`: datasets, samplers, and loaders that make batches of them."""

import importlib

from . import batchify
from .dataloader import DataLoader
from .dataset import ArrayDataset, Dataset, RecordFileDataset, SimpleDataset
from .sampler import BatchSampler, FilterSampler, IntervalSampler, RandomSampler, Sampler, SequentialSampler

__all__ = [
    "ArrayDataset",
    "BatchSampler",
    "DataLoader",
    "Dataset",
    "FilterSampler",
    "IntervalSampler",
    "RandomSampler",
    "RecordFileDataset",
    "Sampler",
    "SequentialSampler",
    "SimpleDataset",
    "batchify",
    "vision",
]


def __getattr__(name):
    """Import what many programs do without when it is asked for."""
    if name == "vision":
        return importlib.import_module(f"{__name__}.vision")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
