"""Images; the references are spelled out in NumPy. What is random is tried where only one number can be drawn."""

import numpy
from scipy.ndimage import map_coordinates

from .table import ANY, FLOATS, NUMBERS, Domain, Row

IMAGES = [(3, 4, 1), (4, 3, 3), (2, 4, 5, 3)]
PIXELS = Domain(0, 120)
LUMA = numpy.array([0.299, 0.587, 0.114])


def like(x, result):
    """As `x`: rounded, and up to its limits, if it holds integers."""
    if x.dtype.kind == "f":
        return result
    limits = numpy.iinfo(x.dtype)
    return numpy.clip(numpy.rint(result), limits.min, limits.max).astype(x.dtype)


def grey(x):
    return x.astype(float) if x.shape[-1] == 1 else (x @ LUMA)[..., None]


def linear_matrix(old, new):
    """Row i has the weights of number i of the result: the hat functions at its centre."""
    centres = numpy.clip((numpy.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
    return numpy.maximum(0, 1 - numpy.abs(centres[:, None] - numpy.arange(old)))


def area_matrix(old, new):
    ends = numpy.arange(new + 1)[:, None] * old / new
    edges = numpy.arange(old)
    shared = numpy.minimum(edges + 1, ends[1:]) - numpy.maximum(edges, ends[:-1])
    return numpy.maximum(shared, 0) * new / old


def nearest_matrix(old, new):
    return numpy.eye(old)[numpy.arange(new) * old // new]


def resize(x, size, keep_ratio=False, interp=1):
    height, width = x.shape[-3:-1]
    if keep_ratio:
        size = width * size // min(width, height), height * size // min(width, height)
    columns, rows = (size, size) if isinstance(size, int) else size
    matrix = (nearest_matrix, linear_matrix, None, area_matrix)[interp]
    return like(x, numpy.einsum("ih,jw,...hwc->...ijc", matrix(height, rows), matrix(width, columns), x.astype(float)))


def normalize(x, mean=0.0, std=1.0):
    channel = (-1, 1, 1)
    return (x - numpy.broadcast_to(mean, x.shape[-3]).reshape(channel)) / numpy.broadcast_to(std, x.shape[-3]).reshape(channel)


def border(x, top, bot, left, right, type=0, value=0.0, values=()):
    width = [(0, 0)] * (x.ndim - 3) + [(top, bot), (left, right), (0, 0)]
    if type:
        return numpy.pad(x, width, (None, "edge", "symmetric", "wrap", "reflect")[type])
    fill = values or [value] * x.shape[-1]
    planes = [numpy.pad(x[..., c], width[:-1], constant_values=v) for c, v in zip(range(x.shape[-1]), fill, strict=True)]
    return numpy.stack(planes, axis=-1)


def imrotate(x, rotation_degrees, zoom_in=False, zoom_out=False):
    height, width = x.shape[-2:]
    cos, sin = numpy.cos(numpy.radians(rotation_degrees)), numpy.sin(numpy.radians(rotation_degrees))
    zoom = max((height * abs(sin) + width * abs(cos)) / width, (height * abs(cos) + width * abs(sin)) / height)
    zoom = zoom if zoom_out else 1 / zoom if zoom_in else 1
    rows, columns = numpy.mgrid[:height, :width].astype(float)
    rows, columns = zoom * (rows - (height - 1) / 2), zoom * (columns - (width - 1) / 2)
    places = sin * columns + cos * rows + (height - 1) / 2, cos * columns - sin * rows + (width - 1) / 2
    planes = [map_coordinates(plane, places, order=1, mode="grid-constant") for plane in x.reshape(-1, height, width)]
    return numpy.reshape(planes, x.shape)


def brightness(x, factor, _):
    return like(x, x * factor)


def contrast(x, factor, _):
    return like(x, x * factor + grey(x).mean(axis=(-3, -2, -1), keepdims=True) * (1 - factor))


def saturation(x, factor, _):
    return like(x, x * factor + grey(x) * (1 - factor))


def lighting(x, alpha):
    vectors = numpy.array([[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.8140], [-0.5836, -0.6948, 0.4203]])
    shift = vectors @ (numpy.array([55.46, 4.794, 1.148]) * alpha)
    return x if x.shape[-1] == 1 else like(x, x + shift)


def called_with_factor(function, x, factor):
    return function(x, factor, factor)


FACTORS = [{"factor": f} for f in (0.0, 0.7071, 1.6183)]
COLOURS = {"domain": PIXELS, "shapes": IMAGES, "dtypes": ("float32", "float64", "uint8"), "ulps": 16}

ROWS = [
    Row("npx.image.flip_left_right", shapes=IMAGES, reference=lambda x: x[..., ::-1, :]),
    Row("npx.image.flip_top_bottom", shapes=IMAGES, reference=lambda x: x[..., ::-1, :, :]),
    Row("npx.image.random_flip_left_right", shapes=IMAGES, attributes=[{"p": 1}], reference=lambda x, p: x[..., ::-1, :]),
    Row("npx.image.random_flip_top_bottom", shapes=IMAGES, attributes=[{"p": 1}], reference=lambda x, p: x[..., ::-1, :, :]),
    Row(
        "npx.image.crop",
        shapes=IMAGES,
        attributes=[{"x": 1, "y": 0, "width": 2, "height": 3}],
        reference=lambda image, x, y, width, height: image[..., y : y + height, x : x + width, :],
    ),
    Row(
        "npx.image.fixed_crop",
        shapes=IMAGES,
        attributes=[{"x0": 1, "y0": 0, "w": 2, "h": 3, "size": (3, 4), "interp": 1}],
        dtypes=("float32", "float64"),
        reference=lambda image, x0, y0, w, h, size, interp: resize(image[..., y0 : y0 + h, x0 : x0 + w, :], size, interp=interp),
    ),
    Row(
        "npx.image.resize",
        PIXELS,
        shapes=IMAGES,
        attributes=[
            *[{"size": size, "interp": i} for size in ((2, 3), (7, 2), (5, 9)) for i in (0, 1)],
            {"size": (3, 2), "interp": 3},
            {"size": 6},
            {"size": 2, "keep_ratio": True},
        ],
        dtypes=FLOATS[1:],
        reference=resize,
        ulps=16,
    ),
    Row(
        "npx.image.imresize",
        shapes=IMAGES,
        attributes=[{"w": 5, "h": 2}],
        dtypes=FLOATS[1:],
        reference=lambda x, w, h: resize(x, (w, h)),
    ),
    Row(
        "npx.image.resize_short",
        shapes=IMAGES,
        attributes=[{"size": 2, "interp": 3}],
        dtypes=FLOATS[1:],
        reference=lambda x, size, interp: resize(x, size, True, interp),
    ),
    Row(
        "npx.image.copyMakeBorder",
        shapes=IMAGES,
        attributes=[
            *[{"top": 1, "bot": 2, "left": 0, "right": 2, "type": t} for t in range(5)],
            {"top": 0, "bot": 1, "left": 3, "right": 0, "value": 2.0},
            {"top": 0, "bot": 1, "left": 1, "right": 0, "values": (1.0, 2.0, 3.0)},
        ],
        dtypes=NUMBERS,
        reference=border,
    ),
    Row(
        "npx.image.imrotate",
        shapes=[(2, 5, 4), (2, 3, 4, 6)],
        attributes=[
            {"rotation_degrees": 30},
            {"rotation_degrees": -75, "zoom_in": True},
            {"rotation_degrees": 200, "zoom_out": True},
        ],
        dtypes=FLOATS[1:],
        reference=imrotate,
        ulps=64,
    ),
    Row(
        "npx.image.to_tensor",
        PIXELS,
        shapes=IMAGES,
        dtypes=ANY,
        reference=lambda x: numpy.moveaxis(x.astype(float), -1, -3) / 255,
    ),
    Row(
        "npx.image.normalize",
        shapes=[(3, 4, 2), (2, 3, 4, 5)],
        attributes=[{}, {"mean": 0.5, "std": 2.0}, {"mean": (1.0, 2.0, 3.0), "std": (0.5, 0.25, 2.0)}],
        dtypes=FLOATS,
        reference=normalize,
    ),
    Row(
        "npx.image.color_normalize",
        shapes=IMAGES,
        attributes=[{"mean": 0.5}, {"mean": 1.0, "std": 2.0}],
        dtypes=(*FLOATS, "uint8"),
        reference=lambda x, mean, std=1.0: (x - mean) / std,
    ),
    Row("npx.image.random_brightness", attributes=FACTORS, call=called_with_factor, reference=brightness, **COLOURS),
    Row("npx.image.random_contrast", attributes=FACTORS, call=called_with_factor, reference=contrast, **COLOURS),
    Row("npx.image.random_saturation", attributes=FACTORS, call=called_with_factor, reference=saturation, **COLOURS),
    Row("npx.image.adjust_lighting", attributes=[{"alpha": (0.1, -0.2, 0.3)}], reference=lighting, **COLOURS),
]
