"""Samplers: rows with distributions to compare with; see `test_random.py`."""

ROWS = []
