"""What pixels look like: numbers for networks, brightness, contrast, saturation, hue, lighting.

Results of integer images are rounded and end at the dtype's limits; those of floating images are what the formula says, and have
its gradient. Random functions draw once, for all images of a batch.
"""

import numpy as np

from ..operands import as_operand, floats
from ..sampling.streams import generator
from .geometry import as_image, span
from .interpolation import floating, rounded

__all__ = [
    "adjust_lighting",
    "color_normalize",
    "normalize",
    "random_brightness",
    "random_color_jitter",
    "random_contrast",
    "random_hue",
    "random_lighting",
    "random_saturation",
    "to_tensor",
]

_LUMA = (0.299, 0.587, 0.114)  # of red, green and blue in grey
# Principal components of the colours of ImageNet's pixels, from 0 to 255: eigenvectors in columns, and square roots of eigenvalues.
EIGENVALUES = (55.46, 4.794, 1.148)
EIGENVECTORS = ((-0.5675, 0.7192, 0.4009), (-0.5808, -0.0045, -0.8140), (-0.5836, -0.6948, 0.4203))


def to_tensor(data, name=None):
    """Images as networks take them: channels first, and from 0 to 1 instead of from 0 to 255.

    Parameters
    ----------
    data : ndarray, shape (height, width, channels) or (batch, height, width, channels)
    name : str, optional
        Accepted, and without effect.

    Returns
    -------
    ndarray, shape (channels, height, width) or (batch, channels, height, width)
        `data` / 255; float32 if `data` has integers.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.to_tensor(np.array([[[0, 51, 255]]], dtype="uint8"))[:, 0, 0]
    array([0. , 0.2, 1. ])
    """
    data = as_image("to_tensor", data)
    return floats(np.moveaxis(data, -1, -3)) / 255


def _for_channels(name, what, values, x, axis):
    """One number, or one for each channel, along `axis`, in the dtype of `x`."""
    values = np.atleast_1d(np.asarray(values, x.dtype))
    channels = x.shape[axis]
    if values.shape not in ((1,), (channels,)):
        raise ValueError(f"{name}: {what} is a number, or one for each of {channels} channels, not {values!r}")
    return values.reshape((-1,) + (1,) * (-axis - 1))


def normalize(data, mean=0.0, std=1.0, name=None):
    """(data - mean) / std, channel by channel.

    Parameters
    ----------
    data : ndarray, shape (channels, height, width) or (batch, channels, height, width)
        Of a float dtype; `to_tensor` makes such arrays.
    mean, std : float or tuple of float
        One number, or one for each channel.
    name : str, optional
        Accepted, and without effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.normalize(np.ones((3, 1, 1)), mean=(0, 1, 2), std=0.5)[:, 0, 0]
    array([ 2.,  0., -2.])
    """
    data = as_operand("normalize", data)
    if data.ndim not in (3, 4):
        raise ValueError(
            f"normalize: data has shape (channels, height, width) or (batch, channels, height, width), not {data.shape}"
        )
    if data.dtype.kind != "f":
        raise TypeError(f"normalize: data is of a float dtype, not {data.dtype}; to_tensor makes floats, channels first")
    std = _for_channels("normalize", "std", std, data, -3)
    if not std.all():
        raise ValueError(f"normalize: std is not 0, as in {std.ravel()!r}")
    return (data - _for_channels("normalize", "mean", mean, data, -3)) / std


def color_normalize(src, mean, std=None):
    """(src - mean) / std, where channels come last.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.color_normalize(np.ones((1, 1, 3)), np.array([0, 1, 2]), np.array([1, 2, 4]))
    array([[[ 1.  ,  0.  , -0.25]]])
    """
    src = floats(as_operand("color_normalize", src))
    result = src if mean is None else src - _for_channels("color_normalize", "mean", mean, src, -1)
    return result if std is None else result / _for_channels("color_normalize", "std", std, src, -1)


# --- what random functions do, for a number that is drawn -------------------------------------------------------------------------


def delivered(result, x):
    """`result`, computed in floats, in the dtype of the image `x`."""
    return rounded(result, x.dtype)


def _planes(x):
    """Red, green and blue, in floats."""
    return [floating(x[..., i]) for i in range(3)]


def grey(x):
    """The brightness of each pixel as eyes see it, in floats, with an axis of length 1 for channels."""
    if x.shape[-1] == 1:
        return floating(x)
    return sum(part * plane for part, plane in zip(_LUMA, _planes(x), strict=True))[..., None]


def brighter(x, factor):
    """factor · x."""
    return delivered(floating(x) * factor, x)


def mixed(x, other, factor):
    """factor · x + (1 - factor) · other."""
    return delivered(floating(x) * factor + other * (1 - factor), x)


def contrasted(x, factor):
    """Each pixel in relation to the mean brightness of its image."""
    return mixed(x, grey(x).mean(axis=(-3, -2, -1), keepdims=True), factor)


def saturated(x, factor):
    """Each pixel in relation to its own brightness."""
    return mixed(x, grey(x), factor)


def _hue(x):
    """Hue from 0 at red to 6, the largest and the least of each pixel's numbers, and their difference: of floats."""
    red, green, blue = _planes(x)
    top = np.maximum(np.maximum(red, green), blue)
    low = np.minimum(np.minimum(red, green), blue)
    chroma = top - low
    safe = np.where(chroma == 0, 1, chroma)
    hue = np.where(top == red, (green - blue) / safe, np.where(top == green, (blue - red) / safe + 2, (red - green) / safe + 4))
    return hue, top, low, chroma


def _of_hue(hue, top, chroma):
    """Red, green and blue: channel n (5 for red, 3, 1 for blue) is top - chroma · max(0, min(k, 4 - k, 1)), k = (n + hue) mod 6."""
    channels = []
    for n in (5, 3, 1):
        k = hue + n
        k = k - 6 * np.floor(k / 6)
        channels.append(top - chroma * np.clip(np.minimum(k, 4 - k), 0, 1))
    return np.stack(channels, axis=-1)


def turned_hue(x, turns):
    """Colours moved around the circle of hues, by a part of a whole turn; lightness and saturation stay."""
    if x.shape[-1] == 1:
        return x
    hue, top, _, chroma = _hue(x)
    return delivered(_of_hue(hue + 6 * turns, top, chroma), x)


def shifted(x, turns, saturation, lightness):
    """Colours of bytes moved around the circle of hues, and numbers added to their saturation and lightness, which are from 0 to 1.

    With the largest and the least of a pixel's numbers M and m, from 0 to 1, lightness is (M + m) / 2 and saturation is
    (M - m) / (1 - |M + m - 1|). Grey has no hue, and stays grey.
    """
    if x.shape[-1] == 1:
        return delivered(floating(x) + 255 * lightness, x)
    hue, top, low, chroma = _hue(x)
    light, room = (top + low) / 510, 255 - np.abs(top + low - 255)
    strength = np.where(chroma == 0, 0, np.clip(chroma / np.where(room == 0, 1, room) + saturation, 0, 1))
    light = np.clip(light + lightness, 0, 1)
    chroma = strength * (1 - np.abs(2 * light - 1))
    return delivered(255 * _of_hue(hue + 6 * turns, light + chroma / 2, chroma), x)


def lit(x, alpha, eigenvalues=EIGENVALUES, eigenvectors=EIGENVECTORS):
    """x + Σ_i alpha_i · eigenvalue_i · eigenvector_i."""
    if x.shape[-1] == 1:
        return x
    shift = np.asarray(eigenvectors) @ (np.asarray(alpha, float) * np.asarray(eigenvalues, float))
    values = floating(x)
    return delivered(values + shift.astype(values.dtype), x)


def coloured(name, x):
    """An image with one or three channels."""
    x = as_image(name, x)
    if x.shape[-1] not in (1, 3):
        raise ValueError(f"{name}: an image has 3 channels, or 1 of grey, not {x.shape[-1]}")
    return x


def _drawn(name, data, least, most, change):
    factor = generator().uniform(*span(name, "(min_factor, max_factor)", (least, most), 0))
    return change(coloured(name, data), factor)


# --- public -----------------------------------------------------------------------------------------------------------------------


def random_brightness(data, min_factor, max_factor, name=None):
    """factor · data, for a factor from `min_factor` to `max_factor` with equal probability.

    Parameters
    ----------
    data : ndarray, shape (height, width, channels) or (batch, height, width, channels)
        3 channels, or 1 of grey.
    min_factor, max_factor : float
        From 0 on.
    name : str, optional
        Accepted, and without effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.random_brightness(np.array([[[1, 2, 3]]]), 0.5, 0.5)
    array([[[0.5, 1. , 1.5]]])
    """
    return _drawn("random_brightness", data, min_factor, max_factor, brighter)


def random_contrast(data, min_factor, max_factor, name=None):
    """factor · data + (1 - factor) · mean, with the mean brightness 0.299 red + 0.587 green + 0.114 blue of the image.

    Parameters
    ----------
    data, min_factor, max_factor, name
        As for `random_brightness`.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.random_contrast(np.array([[[1], [3]]]), 0.5, 0.5)[0, :, 0]
    array([1.5, 2.5])
    """
    return _drawn("random_contrast", data, min_factor, max_factor, contrasted)


def random_saturation(data, min_factor, max_factor, name=None):
    """factor · data + (1 - factor) · grey, with the brightness 0.299 red + 0.587 green + 0.114 blue of each pixel.

    Parameters
    ----------
    data, min_factor, max_factor, name
        As for `random_brightness`.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.random_saturation(np.array([[[0, 0, 10]]]), 0, 0)
    array([[[1.14, 1.14, 1.14]]])
    """
    return _drawn("random_saturation", data, min_factor, max_factor, saturated)


def random_hue(data, min_factor, max_factor, name=None):
    """Colours moved around the circle of hues by factor whole turns; lightness and saturation stay.

    Parameters
    ----------
    data, min_factor, max_factor, name
        As for `random_brightness`: 1 changes nothing.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.random_hue(np.array([[[9, 1, 1]]]), 1.5, 1.5).round(4)
    array([[[1., 9., 9.]]])
    """
    return _drawn("random_hue", data, min_factor, max_factor, turned_hue)


def random_color_jitter(data, brightness, contrast, saturation, hue, name=None):
    """Random brightness, contrast, saturation and hue, in random order.

    Parameters
    ----------
    data : ndarray, shape (height, width, channels) or (batch, height, width, channels)
        3 channels, or 1 of grey.
    brightness, contrast, saturation, hue : float
        From 0 on: the factor of each is from max(0, 1 - it) to 1 + it; 0 changes nothing.
    name : str, optional
        Accepted, and without effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.random_color_jitter(np.array([[[1, 2, 3]]]), 0, 0, 0, 0)
    array([[[1., 2., 3.]]])
    """
    data = coloured("random_color_jitter", data)
    amounts = {"brightness": brightness, "contrast": contrast, "saturation": saturation, "hue": hue}
    for what, amount in amounts.items():
        if not amount >= 0:
            raise ValueError(f"random_color_jitter: {what} is from 0 on, not {amount!r}")
    changes = list(zip((brighter, contrasted, saturated, turned_hue), amounts.values(), strict=True))
    for i in generator().permutation(4):
        change, amount = changes[i]
        if amount:
            data = change(data, generator().uniform(max(0, 1 - amount), 1 + amount))
    return data


def adjust_lighting(data, alpha, name=None):
    """data + Σ_i alpha_i · λ_i · v_i: other light, as it varies between photographs.

    v and λ are the principal components of the colours of ImageNet's pixels, and their standard deviations. Grey images stay.

    Parameters
    ----------
    data : ndarray, shape (height, width, channels) or (batch, height, width, channels)
        From 0 to 255; 3 channels, or 1 of grey.
    alpha : tuple of float
        Three numbers.
    name : str, optional
        Accepted, and without effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.adjust_lighting(np.zeros((1, 1, 3)), (1, 0, 0))
    array([[[-31.47355 , -32.211166, -32.366455]]])
    """
    data = coloured("adjust_lighting", data)
    if np.shape(alpha) != (3,):
        raise ValueError(f"adjust_lighting: alpha has three numbers, not {alpha!r}")
    return lit(data, alpha)


def random_lighting(data, alpha_std=0.05, name=None):
    """`adjust_lighting` by three numbers of a normal distribution with standard deviation `alpha_std`.

    `name` has no effect.

    Examples
    --------
    >>> from mxnet import np, npx
    >>> npx.image.random_lighting(np.ones((1, 1, 3)), 0)
    array([[[1., 1., 1.]]])
    """
    data = coloured("random_lighting", data)
    if not alpha_std >= 0:
        raise ValueError(f"random_lighting: alpha_std is from 0 on, not {alpha_std!r}")
    return lit(data, generator().normal(0, alpha_std, 3))
