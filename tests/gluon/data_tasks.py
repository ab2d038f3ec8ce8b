"""What worker processes run in `test_data_workers.py`; they import it by its name."""

import os
import random
import threading

import numpy

from mxnet import np, util
from mxnet.gluon.data import Dataset


class Awkward(Exception):
    """Cannot be unpickled."""

    def __init__(self, one, two):
        super().__init__(f"{one} {two}")


class Sized(Dataset):
    """Item i is an array of i numbers of float32."""

    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, idx):
        return numpy.full(idx, idx, "float32")


def double(x):
    return 2 * x


def processes(x):
    return os.getpid(), util.get_num_threads()


def drawn(x):
    return np.random.uniform(size=()).item(), numpy.random.random(), random.random()


def fail_at_3(x):
    if x == 3:
        raise ValueError("three is not liked")
    return x


def awkward(x):
    raise Awkward("very", "much")


def die_at_3(x):
    if x == 3:
        os._exit(7)
    return x


def hang_at_3(x):
    if x == 3:
        threading.Event().wait()
    return x


def lazily(items):
    return (item for item in items)


class Unloadable:
    """Can be pickled, but not unpickled."""

    def __reduce__(self):
        return fail_at_3, (3,)

    def __call__(self, x):
        return x
