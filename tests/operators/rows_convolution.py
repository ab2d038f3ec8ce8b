"""Convolution, pooling and their kin; the references go from window to window."""

import numpy

from .table import DISTINCT, REAL, Domain, Row

FLOATS = ("float16", "float32", "float64")
APART = Domain(0.1, 0.9)  # offsets that stay between pixels


def axes_of(value, axes, default):
    return (default,) * axes if value is None else (value,) * axes if isinstance(value, int) else tuple(value)


def convolution(data, weight, bias=None, stride=None, dilate=None, pad=None, num_group=1, layout=None, **_):
    if layout and layout[-1] == "C":
        data, weight = numpy.moveaxis(data, -1, 1), numpy.moveaxis(weight, -1, 1)
        result = convolution(data, weight, bias, stride, dilate, pad, num_group)
        return numpy.moveaxis(result, 1, -1)
    axes = data.ndim - 2
    stride, dilate, pad = axes_of(stride, axes, 1), axes_of(dilate, axes, 1), axes_of(pad, axes, 0)
    x = numpy.pad(data, [(0, 0), (0, 0), *[(p, p) for p in pad]])
    kernel = weight.shape[2:]
    count = [(n - d * (k - 1) - 1) // s + 1 for n, k, s, d in zip(x.shape[2:], kernel, stride, dilate, strict=True)]
    result = numpy.zeros((len(data), len(weight), *count))
    filters, channels = len(weight) // num_group, weight.shape[1]
    for f in range(len(weight)):
        mine = x[:, f // filters * channels :][:, :channels]
        for place in numpy.ndindex(*count):
            cut = [slice(i * s, i * s + d * (k - 1) + 1, d) for i, s, d, k in zip(place, stride, dilate, kernel, strict=True)]
            window = mine[(slice(None), slice(None), *cut)]
            result[(slice(None), f, *place)] = (window * weight[f]).sum(axis=tuple(range(1, data.ndim)))
    return result if bias is None else result + bias.reshape(-1, *[1] * axes)


def deconvolution(data, weight, bias=None, stride=None, dilate=None, pad=None, adj=None, num_group=1, layout=None, **_):
    if layout and layout[-1] == "C":
        data, weight = numpy.moveaxis(data, -1, 1), numpy.moveaxis(weight, -1, 1)
        return numpy.moveaxis(deconvolution(data, weight, bias, stride, dilate, pad, adj, num_group), 1, -1)
    axes = data.ndim - 2
    stride, dilate = axes_of(stride, axes, 1), axes_of(dilate, axes, 1)
    pad, adj = axes_of(pad, axes, 0), axes_of(adj, axes, 0)
    kernel, filters, channels = weight.shape[2:], weight.shape[1], len(weight) // num_group
    size = [s * (n - 1) + d * (k - 1) + 1 + a for s, n, d, k, a in zip(stride, data.shape[2:], dilate, kernel, adj, strict=True)]
    result = numpy.zeros((len(data), filters * num_group, *size))
    for c in range(len(weight)):
        group = slice(c // channels * filters, (c // channels + 1) * filters)
        for place in numpy.ndindex(*data.shape[2:]):
            cut = [slice(i * s, i * s + d * (k - 1) + 1, d) for i, s, d, k in zip(place, stride, dilate, kernel, strict=True)]
            value = data[(slice(None), c, *place)].reshape(-1, *[1] * (axes + 1))
            result[(slice(None), group, *cut)] += value * weight[c]
    result = result[(slice(None), slice(None), *[slice(p, n - p) for p, n in zip(pad, size, strict=True)])]
    return result if bias is None else result + bias.reshape(-1, *[1] * axes)


def cells(x, bounds, reduce):
    """`reduce` of each cell of a grid with `bounds` along each of the last axes."""
    result = numpy.zeros((*x.shape[: -len(bounds)], *map(len, bounds)))
    for place in numpy.ndindex(*map(len, bounds)):
        cut = x[(..., *[slice(*along[i]) for along, i in zip(bounds, place, strict=True)])]
        result[(..., *place)] = reduce(cut, tuple(range(-len(bounds), 0)))
    return result


def pooling(data, kernel=None, stride=None, pad=None, pool_type="max", pooling_convention="valid", **attributes):
    layout, p, include = attributes.get("layout"), attributes.get("p_value"), attributes.get("count_include_pad", True)
    if layout and layout[-1] == "C":
        return numpy.moveaxis(pooling(numpy.moveaxis(data, -1, 1), kernel, stride, pad, pool_type, pooling_convention), 1, -1)
    axes, size = data.ndim - 2, data.shape[2:]
    if attributes.get("global_pool"):
        kernel = size
    kernel, stride, pad = axes_of(kernel, axes, 1), axes_of(stride, axes, 1), axes_of(pad, axes, 0)
    up = {"valid": numpy.floor, "full": numpy.ceil}.get(pooling_convention)
    if up:
        count = [int(up((n + 2 * q - k) / s)) + 1 for n, k, s, q in zip(size, kernel, stride, pad, strict=True)]
    else:
        count = [-(-n // s) for n, s in zip(size, stride, strict=True)]
        pad = tuple(max((m - 1) * s + k - n, 0) // 2 for m, s, k, n in zip(count, stride, kernel, size, strict=True))
    bounds, whole = [], []
    for n, k, s, q, m in zip(size, kernel, stride, pad, count, strict=True):
        starts = [i * s - q for i in range(m)]
        bounds.append([(max(i, 0), min(i + k, n)) for i in starts])
        whole.append([min(i + k, n + q) - i for i in starts])
    if pool_type == "max":
        return cells(data, bounds, numpy.max)
    if pool_type == "lp":
        return cells(data**p, bounds, numpy.sum) ** (1 / p)
    total = cells(data, bounds, numpy.sum)
    if pool_type == "sum":
        return total
    numbers = whole if include else [[b - a for a, b in along] for along in bounds]
    return total / numpy.prod(numpy.meshgrid(*numbers, indexing="ij"), axis=0)


def adaptive(reduce):
    def pooled(data, output_size):
        counts = axes_of(output_size, data.ndim - 2, 1)
        bounds = [[(i * n // m, -(-(i + 1) * n // m)) for i in range(m)] for n, m in zip(data.shape[2:], counts, strict=True)]
        return cells(data, bounds, reduce)

    return pooled


ROIS = numpy.array([[0, 0, 0, 3, 4], [1, 1, 2, 3.5, 2.5], [1, -2, -2, 9, 9], [-1, 0, 0, 2, 2]])


def roi_pooling(data, rois, pooled_size, spatial_scale):
    results = []
    for image, *corners in rois:
        bounds = []
        for axis in (1, 0):
            first, last = (numpy.floor(corners[i] * spatial_scale + 0.5) for i in (axis, axis + 2))
            step, n = max(last - first + 1, 1) / pooled_size[1 - axis], data.shape[3 - axis]
            ends = [(numpy.floor(i * step) + first, numpy.ceil((i + 1) * step) + first) for i in range(pooled_size[1 - axis])]
            bounds.append([(int(min(max(a, 0), n)), int(min(max(b, 0), n))) for a, b in ends])
        largest = cells(data[int(image)], bounds, lambda x, axis: x.max(axis) if x.size else numpy.zeros(len(x)))
        results.append(largest if image >= 0 else 0 * largest)
    return numpy.stack(results)


def with_rois(function, data, **attributes):
    return function(data, ROIS.astype(data.dtype), **attributes)


def sampled(image, y, x, clamped):
    """An image, (channels, height, width), at a position between pixels."""
    height, width = image.shape[1:]
    if not (0 if clamped else -1) <= y < height or not (0 if clamped else -1) <= x < width:
        return 0 * image[:, 0, 0]
    total = 0
    for i in (int(numpy.floor(y)), int(numpy.floor(y)) + 1):
        for j in (int(numpy.floor(x)), int(numpy.floor(x)) + 1):
            held = clamped or (0 <= i < height and 0 <= j < width)
            share = (1 - abs(y - i)) * (1 - abs(x - j)) * held
            total = total + share * image[:, min(max(i, 0), height - 1), min(max(j, 0), width - 1)]
    return total


def modulated(data, offset, mask, weight, bias, stride=1, pad=0, num_group=1, num_deformable_group=1, clamped=False, **_):
    groups, taps = num_deformable_group, weight.shape[2] * weight.shape[3]
    count = offset.shape[2:]
    result = numpy.zeros((len(data), len(weight), *count))
    for n, i, j in numpy.ndindex(len(data), *count):
        window = numpy.zeros((data.shape[1], taps))
        for group, t in numpy.ndindex(groups, taps):
            down, right = offset[n, 2 * (group * taps + t) : 2 * (group * taps + t) + 2, i, j]
            y, x = i * stride - pad + t // weight.shape[3] + down, j * stride - pad + t % weight.shape[3] + right
            of_group = numpy.arange(data.shape[1]).reshape(groups, -1)[group]
            window[of_group, t] = sampled(data[n, of_group], y, x, clamped) * mask[n, group * taps + t, i, j]
        window = window.reshape(1, data.shape[1], weight.shape[2], weight.shape[3])
        result[n, :, i, j] = convolution(window, weight, num_group=num_group)[0, :, 0, 0] + bias
    return result


def deformable(data, offset, weight, bias, **attributes):
    mask = numpy.ones((len(data), offset.shape[1] // 2, *offset.shape[2:]))
    return modulated(data, offset, mask, weight, bias, clamped=True, **attributes)


def without_bias(function, *operands, **attributes):
    return function(*operands, no_bias=True, **attributes)


def row(name, count, shapes, attributes, reference, **options):
    return Row(f"npx.{name}", (REAL,) * count, shapes, attributes, dtypes=FLOATS, reference=reference, **options)


TWO = {"num_filter": 6, "num_group": 2}
SLIDES = [TWO, {**TWO, "stride": 2, "pad": 1}, {**TWO, "dilate": 2, "pad": 2}]
FOUR = {"num_filter": 4, "num_group": 2}
TURNED = [FOUR, {**FOUR, "stride": 3, "pad": 1, "adj": 2, "dilate": 2}]
LAST = {"layout": "NHWC", "stride": 2}
POOLS = [
    {"kernel": 2, "stride": 2},
    {"kernel": (3, 2), "stride": (2, 1), "pad": (1, 0)},
    {"kernel": 3, "stride": 2, "pad": 1, "pooling_convention": "full"},
    {"kernel": 2, "stride": 3, "pooling_convention": "same"},
    {"global_pool": True},
    {"kernel": 3, "pad": 1, "layout": "NHWC"},
]
MEANS = [{"pool_type": "avg", **pool} for pool in [*POOLS, {"kernel": 3, "pad": 1, "count_include_pad": False}]]
OTHERS = [{"pool_type": kind, "p_value": p, **pool} for kind, p in (("sum", None), ("lp", 2)) for pool in POOLS[:3]]
IMAGES = [(2, 3, 5, 6)]
LINES = [(1, 2, 7), (0, 2, 4)]
COUNTS = [{"output_size": 1}, {"output_size": (3, 4)}, {"output_size": (7, 2)}]
DEFORMED = {"num_filter": 4, "num_group": 2, "num_deformable_group": 2, "pad": 1}
DATA, OFFSET, MASK, WEIGHT = (1, 4, 4, 3), (1, 16, 5, 4), (1, 8, 5, 4), (4, 2, 2, 2)

ROWS = [
    row("convolution", 3, [((2, 4, 7), (6, 2, 3), (6,))], SLIDES, convolution),
    row("convolution", 3, [((2, 4, 5, 6), (6, 2, 3, 2), (6,))], SLIDES, convolution),
    row("convolution", 3, [((1, 2, 3, 4, 3), (6, 1, 2, 3, 1), (6,))], [TWO], convolution),
    row("convolution", 3, [((2, 5, 6, 4), (6, 3, 2, 4), (6,))], [{"num_filter": 6, **LAST}], convolution),
    row("convolution", 2, [((0, 2, 4), (3, 2, 2)), ((2, 2, 4), (3, 2, 1))], [{"num_filter": 3}], convolution, call=without_bias),
    row("convolution", 2, [((2, 3, 4, 4), (3, 1, 3, 3))], [{"num_filter": 3, "num_group": 3}], convolution, call=without_bias),
    row("deconvolution", 3, [((2, 4, 4), (4, 2, 3), (4,))], TURNED, deconvolution),
    row("deconvolution", 3, [((1, 4, 3, 2), (4, 2, 2, 1), (4,))], TURNED, deconvolution),
    row("deconvolution", 3, [((1, 2, 2, 2, 2), (2, 2, 1, 2, 1), (4,))], [FOUR], deconvolution),
    row("deconvolution", 3, [((2, 3, 2, 4), (4, 2, 3, 2), (2,))], [{"num_filter": 2, **LAST}], deconvolution),
    Row("npx.pooling", DISTINCT, IMAGES, POOLS, dtypes=FLOATS, reference=pooling),
    Row("npx.pooling", DISTINCT, LINES, [{"kernel": 2}, {"kernel": 3, "stride": 2, "pad": 1}], dtypes=FLOATS, reference=pooling),
    Row("npx.pooling", DISTINCT, [(1, 2, 3, 4, 3)], [{"kernel": 2}], dtypes=FLOATS, reference=pooling),
    Row("npx.pooling", REAL, IMAGES, [*MEANS, *OTHERS], dtypes=FLOATS, reference=pooling),
    Row("npx.adaptive_avg_pooling", REAL, IMAGES, COUNTS, dtypes=FLOATS, reference=adaptive(numpy.mean)),
    Row("npx.adaptive_max_pooling", DISTINCT, IMAGES, COUNTS, dtypes=FLOATS, reference=adaptive(numpy.max)),
    Row(
        "npx.roi_pooling",
        DISTINCT,
        IMAGES,
        [{"pooled_size": (2, 3), "spatial_scale": scale} for scale in (1, 0.7)],
        dtypes=FLOATS[1:],
        reference=roi_pooling,
        call=with_rois,
    ),
    Row(
        "npx.deformable_convolution",
        (REAL, APART, REAL, REAL),
        [(DATA, OFFSET, WEIGHT, (4,))],
        [DEFORMED],
        dtypes=FLOATS,
        reference=deformable,
    ),
    Row(
        "npx.modulated_deformable_convolution",
        (REAL, APART, REAL, REAL, REAL),
        [(DATA, OFFSET, MASK, WEIGHT, (4,))],
        [DEFORMED],
        dtypes=FLOATS,
        reference=modulated,
    ),
]
