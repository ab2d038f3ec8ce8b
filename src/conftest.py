"""The examples in docstrings run with `np` being `mxnet.np`, as in a user's program."""

import pytest

import mxnet


@pytest.fixture(autouse=True)
def _namespace(doctest_namespace):
    doctest_namespace["np"] = mxnet.np
    doctest_namespace["npx"] = mxnet.npx
