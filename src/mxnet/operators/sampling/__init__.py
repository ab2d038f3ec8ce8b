"""The samplers of `np.random`; `operators.random` makes them public."""
