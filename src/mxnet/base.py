"""The error class that MXNet users catch."""

__all__ = ["MXNetError"]


class MXNetError(RuntimeError):
    """A misuse of the graph or of a device: back-propagating twice, a GPU that is not there, …

    Bad arguments raise what NumPy raises (`ValueError`, `TypeError`, `IndexError`).
    """
