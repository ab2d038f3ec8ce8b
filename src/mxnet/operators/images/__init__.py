"""Operators on images, which `npx.image` shows: one file a family.

An image is an array of shape (height, width, channels), in RGB order; many at once are (batch, height, width, channels). Integers
keep their dtype: results are rounded, and end at the dtype's limits. Sizes are written (width, height), as positions are (x, y).
"""
