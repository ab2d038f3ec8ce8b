"""Devices. This build computes on the CPU; a `Device` is there so that programs that name one keep running."""

from contextvars import ContextVar

from .base import MXNetError

__all__ = ["Device", "cpu", "cpu_pinned", "current_device", "gpu", "gpu_memory_info", "num_gpus", "resolve"]


class Device:
    """A place where arrays live and are computed.

    In a `with` block it is the current device, which functions that create arrays use unless `device=` says otherwise. Every thread
    and every asyncio task has its own.

    Parameters
    ----------
    device_type : {'cpu', 'gpu', 'cpu_pinned', 'cpu_shared'} or Device
        A Device is copied.
    device_id : int, optional
        Which one of them.

    Raises
    ------
    ValueError, TypeError
        If there is no such type, or the number is no integer from 0 on.

    Examples
    --------
    >>> from mxnet.device import Device, cpu, current_device
    >>> Device("cpu", 1)
    cpu(1)
    >>> with cpu(1):
    ...     current_device()
    cpu(1)
    >>> current_device() == cpu(0)
    True
    """

    __slots__ = ("device_id", "device_type")

    devtype2str = {1: "cpu", 2: "gpu", 3: "cpu_pinned", 5: "cpu_shared"}  # noqa: RUF012
    devstr2type = {name: number for number, name in devtype2str.items()}  # noqa: RUF012

    def __init__(self, device_type, device_id=0):
        if isinstance(device_type, Device):
            device_type, device_id = device_type.device_type, device_type.device_id
        if device_type not in self.devstr2type:
            raise ValueError(f"a device is one of {', '.join(map(repr, self.devstr2type))}, not {device_type!r}")
        if not isinstance(device_id, int):
            raise TypeError(f"the device_id of a {device_type} is an int, not {device_id!r}")
        if device_id < 0:
            raise ValueError(f"devices are numbered from 0: {device_type}({device_id})")
        self.device_type = device_type
        self.device_id = device_id

    @property
    def device_typeid(self):
        """The type as a number, a key of `devtype2str`."""
        return self.devstr2type[self.device_type]

    def empty_cache(self):
        """Give memory held for reuse back to the system; a CPU holds none."""
        if self.device_type == "gpu":
            raise MXNetError(f"{self} has no cache to empty: {_CPU_ONLY}")

    def __eq__(self, other):
        if not isinstance(other, Device):
            return NotImplemented
        return self.device_type == other.device_type and self.device_id == other.device_id

    def __hash__(self):
        return hash((self.device_type, self.device_id))

    def __repr__(self):
        return f"{self.device_type}({self.device_id})"

    def __reduce__(self):
        return Device, (self.device_type, self.device_id)

    def __enter__(self):
        _entered.set((*_entered.get(), self))
        return self

    def __exit__(self, *exception):
        _entered.set(_entered.get()[:-1])


_CPU_ONLY = "this build computes on the CPU, so write cpu() instead of gpu()"
_DEFAULT = Device("cpu", 0)
_entered = ContextVar("devices", default=(_DEFAULT,))  # the current device is the last


def cpu(device_id=0):
    """A CPU. All numbers stand for the same memory.

    Examples
    --------
    >>> from mxnet.device import cpu
    >>> cpu()
    cpu(0)
    """
    return Device("cpu", device_id)


def cpu_pinned(device_id=0):
    """Memory of the CPU from which GPUs copy fast; here, the same as `cpu`.

    Examples
    --------
    >>> from mxnet.device import cpu_pinned
    >>> cpu_pinned()
    cpu_pinned(0)
    """
    return Device("cpu_pinned", device_id)


def gpu(device_id=0):
    """A GPU. It can be named, not used: creating an array on it is an MXNetError.

    Examples
    --------
    >>> from mxnet.device import cpu, gpu, num_gpus
    >>> gpu() if num_gpus() else cpu()
    cpu(0)
    """
    return Device("gpu", device_id)


def num_gpus():
    """How many GPUs can be used: none.

    Examples
    --------
    >>> from mxnet.device import num_gpus
    >>> num_gpus()
    0
    """
    return 0


def gpu_memory_info(device_id=0):
    """The free and the total memory of a GPU in bytes; there is none, so it raises an MXNetError."""
    raise MXNetError(f"gpu_memory_info({device_id}): there is no GPU; {_CPU_ONLY}")


def current_device():
    """The device of the innermost `with device:` block, and cpu(0) outside.

    Examples
    --------
    >>> from mxnet.device import current_device
    >>> current_device()
    cpu(0)
    """
    return _entered.get()[-1]


def resolve(device=None, ctx=None):
    """The device that `device=`, or its older name `ctx=`, asks for; the current device if neither does.

    Raises
    ------
    MXNetError
        If it is a GPU.
    TypeError
        If it is no Device.
    """
    if device is None:
        device = _entered.get()[-1] if ctx is None else ctx
    if device is _DEFAULT:
        return device
    if not isinstance(device, Device):
        raise TypeError(f"a device is written cpu() or Device('cpu', 0), not {device!r}")
    if device.device_type == "gpu":
        raise MXNetError(f"{device} cannot hold an array: {_CPU_ONLY}")
    return device
