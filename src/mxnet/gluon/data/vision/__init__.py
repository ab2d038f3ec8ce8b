"""`mxnet.gluon.data.vision`: datasets of images, and transforms of images."""

from . import transforms
from .datasets import CIFAR10, CIFAR100, MNIST, FashionMNIST
from .folders import ImageFolderDataset, ImageListDataset, ImageRecordDataset

__all__ = [
    "CIFAR10",
    "CIFAR100",
    "MNIST",
    "FashionMNIST",
    "ImageFolderDataset",
    "ImageListDataset",
    "ImageRecordDataset",
    "transforms",
]
