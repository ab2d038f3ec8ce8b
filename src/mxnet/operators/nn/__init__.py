"""Operators of neural networks, which `npx` shows: one file a family."""
