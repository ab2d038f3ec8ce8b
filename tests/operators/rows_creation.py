"""Functions that make arrays from shapes and numbers."""

ROWS = []
