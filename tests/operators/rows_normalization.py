"""Normalisation and dropout."""

import numpy

import mxnet
from mxnet import autograd

from .table import REAL, VECTORS, Row


def normalized(x, axes, eps):
    x = numpy.asarray(x, "float64")
    if not x.size:
        return x
    return (x - x.mean(axis=axes, keepdims=True)) / numpy.sqrt(x.var(axis=axes, keepdims=True) + eps)


def along(vector, axis, ndim):
    return numpy.asarray(vector, "float64").reshape([-1 if i == axis % ndim else 1 for i in range(ndim)])


def layer_norm(x, gamma, beta, axis=-1, eps=1e-5):
    return normalized(x, axis, eps) * along(gamma, axis, x.ndim) + along(beta, axis, x.ndim)


def rms_norm(x, gamma, axis=-1, eps=1e-6):
    x = numpy.asarray(x, "float64")
    return x / numpy.sqrt((x * x).sum(axis=axis, keepdims=True) / x.shape[axis] + eps) * along(gamma, axis, x.ndim)


def group_norm(x, gamma, beta, num_groups=1, eps=1e-3):
    if x.shape[1] % num_groups:
        raise ValueError
    split = x.reshape(x.shape[0], num_groups, x.shape[1] // num_groups, *x.shape[2:])
    unit = normalized(split, tuple(range(2, split.ndim)), eps).reshape(x.shape)
    return unit * along(gamma, 1, x.ndim) + along(beta, 1, x.ndim)


def instance_norm(x, gamma, beta, eps=1e-3):
    return group_norm(x, gamma, beta, x.shape[1], eps)


def batch_norm(x, gamma, beta, mean, variance, eps=1e-3, axis=1, fix_gamma=True, use_global_stats=False):
    x = numpy.asarray(x, "float64")
    if use_global_stats:
        unit = (x - along(mean, axis, x.ndim)) / numpy.sqrt(along(variance, axis, x.ndim) + eps)
    else:
        unit = normalized(x, tuple(i for i in range(x.ndim) if i != axis % x.ndim), eps)
    return unit * (1 if fix_gamma else along(gamma, axis, x.ndim)) + along(beta, axis, x.ndim)


def batch_norm_with_relu(*args, **attributes):
    return numpy.maximum(batch_norm(*args, **attributes), 0)


def training(function, x, gamma, beta, **attributes):
    n = len(gamma)
    with autograd.train_mode():
        return function(x, gamma, beta, mxnet.np.full(n, 0.25, dtype="float32"), mxnet.np.full(n, 4, dtype="float32"), **attributes)


def by_running_statistics(function, x, gamma, beta, **attributes):
    return training(function, x, gamma, beta, use_global_stats=True, **attributes)


def l2_normalization(x, mode="instance", eps=1e-10):
    if x.ndim < {"instance": 1, "channel": 2, "spatial": 3}[mode]:
        raise ValueError
    x = numpy.asarray(x, "float64")
    axes = {"instance": tuple(range(min(1, x.ndim - 1), x.ndim)), "channel": 1, "spatial": tuple(range(2, x.ndim))}[mode]
    return x / numpy.sqrt((x * x).sum(axis=axes, keepdims=True) + eps)


def seeded(function, x, **attributes):
    mxnet.np.random.seed(3)
    return function(x, mode="always", **attributes)


def dropout(x, **attributes):
    return x * mxnet.npx.dropout(mxnet.np.ones(x.shape, dtype="float64"), **attributes).asnumpy()


THREE = (REAL, REAL, REAL)
LAST = [((4,), (4,), (4,)), ((2, 3), (3,), (3,)), ((2, 2, 3), (3,), (3,)), ((0, 3), (3,), (3,)), ((2, 0), (0,), (0,))]
CHANNELS = [((2, 4, 3), (4,), (4,)), ((3, 2, 2, 2), (2,), (2,)), ((0, 2, 3), (2,), (2,))]
BATCH = [((4, 2), (2,), (2,)), *CHANNELS]
RECTIFIED = [((3, 2), (2,), (2,)), ((2, 2, 3), (2,), (2,))]
WITH_GAMMA = [{}, {"fix_gamma": False, "eps": 0.1}]

ROWS = [
    Row("npx.layer_norm", THREE, LAST, [{}, {"eps": 0.1}], reference=layer_norm, ulps=16),
    Row(
        "npx.layer_norm",
        THREE,
        [((3, 2), (3,), (3,)), ((2, 3, 2), (3,), (3,))],
        [{"axis": -2, "eps": 0.1}],
        reference=layer_norm,
        ulps=16,
    ),
    Row("npx.rms_norm", (REAL, REAL), [shapes[:2] for shapes in LAST[:-1]], [{}, {"eps": 0.1}], reference=rms_norm),
    Row("npx.rms_norm", (REAL, REAL), [((3, 2), (3,))], [{"axis": 0}], reference=rms_norm),
    Row("npx.group_norm", THREE, CHANNELS, [{}, {"num_groups": 2}, {"num_groups": 4}], reference=group_norm, ulps=16),
    Row("npx.instance_norm", THREE, CHANNELS, [{}, {"eps": 0.1}], reference=instance_norm, ulps=16),
    Row("npx.batch_norm", THREE, BATCH, WITH_GAMMA, reference=batch_norm, call=training, ulps=16),
    Row("npx.batch_norm", THREE, [((4, 2, 3), (3,), (3,))], [{"axis": -1}], reference=batch_norm, call=training, ulps=16),
    Row("npx.batch_norm", THREE, BATCH, WITH_GAMMA, reference=batch_norm, call=by_running_statistics),
    Row("npx.batch_norm_with_relu", THREE, RECTIFIED, WITH_GAMMA, reference=batch_norm_with_relu, call=training, ulps=16),
    Row("npx.sync_batch_norm", THREE, BATCH, WITH_GAMMA, reference=batch_norm, call=training, ulps=16),
    Row("npx.l2_normalization", REAL, [(3,), (2, 3), (2, 3, 2)], [{}, {"mode": "channel"}], reference=l2_normalization),
    Row("npx.l2_normalization", REAL, [(2, 3, 2), (2, 1, 2, 2)], [{"mode": "spatial", "eps": 0.1}], reference=l2_normalization),
    Row("npx.dropout", REAL, [(), *VECTORS], [{}, {"p": 0.25}, {"p": 0}], reference=dropout, call=seeded),
    Row("npx.dropout", REAL, [(3, 4), (2, 3, 2)], [{"axes": (0,)}, {"axes": (0, -1)}], reference=dropout, call=seeded),
]
