"""Settings of the whole suite."""

from hypothesis import settings

# The same examples on every machine and at every run; a slow machine is no failure.
settings.register_profile("suite", derandomize=True, deadline=None, max_examples=40)
settings.load_profile("suite")
