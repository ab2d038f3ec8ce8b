"""Settings of the whole suite."""

import os

if "PYTEST_XDIST_WORKER" in os.environ:  # a process for each processor: more threads would only wait for each other
    os.environ.setdefault("OMP_NUM_THREADS", "1")

from hypothesis import settings

# The same examples on every machine and at every run; a slow machine is no failure.
settings.register_profile("suite", derandomize=True, deadline=None, max_examples=40)
settings.load_profile("suite")
