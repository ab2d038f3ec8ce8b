"""The operators of neural networks as each framework calls them, and the work they are timed on; see `workloads`."""

import numpy

random = numpy.random.RandomState


def floats(shape, seed=0, scale=1.0):
    return (scale * random(seed).standard_normal(shape)).astype("float32")


def mxnet_operators():
    """Those of mxtape and of the original; what the original lacks is spelled out in its own operators."""
    from mxnet import np, npx

    def layer_norm(x, gamma, beta):
        return npx.layer_norm(x, gamma, beta, axis=-1, eps=1e-5)

    def cross_entropy(x, label):
        if hasattr(npx, "softmax_cross_entropy"):
            return npx.softmax_cross_entropy(x, label).mean()
        return -npx.pick(npx.log_softmax(x), label).mean()

    def picked_cross_entropy(x, label):
        return -npx.pick(npx.log_softmax(x), label).mean()

    def convolution(x, w, pad):
        return npx.convolution(x, w, kernel=w.shape[2:], pad=(pad, pad), num_filter=w.shape[0], no_bias=True)

    def batch_norm(x, gamma, beta, mean, variance):
        return npx.batch_norm(x, gamma, beta, mean, variance, eps=1e-5, momentum=0.9, fix_gamma=False)

    def lstm(x, parameters, h, c):
        return npx.rnn(x, parameters, h, c, mode="lstm", state_size=h.shape[-1], num_layers=1)

    def attention(q, k, v):
        if hasattr(npx, "scaled_dot_product_attention"):
            return npx.scaled_dot_product_attention(q, k, v)
        return np.matmul(npx.softmax(np.matmul(q, np.swapaxes(k, -1, -2)) / q.shape[-1] ** 0.5), v)

    def embedding(index, table):
        return npx.embedding(index, table, *table.shape)

    return {
        "layer_norm": layer_norm,
        "cross_entropy": cross_entropy,
        "picked_cross_entropy": picked_cross_entropy,
        "gelu": lambda x: npx.leaky_relu(x, act_type="gelu"),
        "dropout": lambda x: npx.dropout(x, p=0.5),
        "mixture": lambda x: np.tanh(x) * np.exp(x) * np.sin(x),
        "convolution": convolution,
        "max_pooling": lambda x: npx.pooling(x, kernel=(2, 2), stride=(2, 2), pool_type="max"),
        "batch_norm": batch_norm,
        "lstm": lstm,
        "attention": attention,
        "embedding": embedding,
    }


def torch_operators():
    import torch
    from torch.nn import functional as F

    def batch_norm(x, gamma, beta, mean, variance):
        return F.batch_norm(x, mean, variance, gamma, beta, training=True, momentum=0.1, eps=1e-5)

    def lstm(x, parameters, h, c):
        n, size = h.shape[-1], x.shape[-1]
        cuts = [4 * n * size, 4 * n * n, 4 * n, 4 * n]
        w, u, b, d = torch.split(parameters, cuts)
        weights = [w.reshape(4 * n, size), u.reshape(4 * n, n), b, d]
        return torch._VF.lstm(x, (h, c), weights, True, 1, 0.0, True, False, False)[0]

    return {
        "layer_norm": lambda x, gamma, beta: F.layer_norm(x, x.shape[-1:], gamma, beta, 1e-5),
        "cross_entropy": F.cross_entropy,
        "picked_cross_entropy": F.cross_entropy,
        "gelu": F.gelu,
        "dropout": lambda x: F.dropout(x, 0.5),
        "mixture": lambda x: torch.tanh(x) * torch.exp(x) * torch.sin(x),
        "convolution": lambda x, w, pad: F.conv2d(x, w, padding=pad),
        "max_pooling": lambda x: F.max_pool2d(x, 2),
        "batch_norm": batch_norm,
        "lstm": lstm,
        "attention": F.scaled_dot_product_attention,
        "embedding": F.embedding,
    }


def layer_norm(framework):
    arrays = [floats((8192, 768)), floats(768, 1), floats(768, 2)]
    return framework.gradient(framework.layer_norm, [framework.leaf(a) for a in arrays], framework.constant(floats((8192, 768), 3)))


def cross_entropy(framework):
    label = framework.constant(random(1).randint(0, 1000, 4096))
    return framework.gradient(lambda x: framework.cross_entropy(x, label), [framework.leaf(floats((4096, 1000)))])


def picked_cross_entropy(framework):
    label = framework.constant(random(1).randint(0, 1000, 4096))
    return framework.gradient(lambda x: framework.picked_cross_entropy(x, label), [framework.leaf(floats((4096, 1000)))])


def pointwise(name, shape):
    def build(framework):
        return framework.gradient(getattr(framework, name), [framework.leaf(floats(shape))], framework.constant(floats(shape, 1)))

    return build


def convolution(images, channels, size, filters, kernel, pad):
    def build(framework):
        x = floats((images, channels, size, size))
        w = floats((filters, channels, kernel, kernel), 1, 0.05)
        out = size + 2 * pad - kernel + 1
        head = framework.constant(floats((images, filters, out, out), 2))
        return framework.gradient(lambda x, w: framework.convolution(x, w, pad), [framework.leaf(x), framework.leaf(w)], head)

    return build


def max_pooling(framework):
    x = framework.leaf(floats((32, 64, 28, 28)))
    return framework.gradient(framework.max_pooling, [x], framework.constant(floats((32, 64, 14, 14), 1)))


def batch_norm(framework):
    leaves = [framework.leaf(a) for a in (floats((32, 64, 28, 28)), floats(64, 1), floats(64, 2))]
    running = [framework.constant(a) for a in (numpy.zeros(64, "float32"), numpy.ones(64, "float32"))]
    head = framework.constant(floats((32, 64, 28, 28), 3))
    return framework.gradient(lambda *leaves: framework.batch_norm(*leaves, *running), leaves, head)


def lstm(framework):
    x, parameters = floats((35, 32, 128)), floats(4 * 256 * (128 + 256 + 2), 1, 0.05)
    states = [framework.constant(numpy.zeros((1, 32, 256), "float32")) for _ in range(2)]
    head = framework.constant(floats((35, 32, 256), 2))
    return framework.gradient(
        lambda *leaves: framework.lstm(*leaves, *states), [framework.leaf(x), framework.leaf(parameters)], head
    )


def attention(framework):
    shape = (16, 8, 128, 32)
    leaves = [framework.leaf(floats(shape, seed)) for seed in range(3)]
    return framework.gradient(framework.attention, leaves, framework.constant(floats(shape, 3)))


def embedding(framework):
    index = framework.constant(random(0).randint(0, 30000, (64, 128)))
    table = framework.leaf(floats((30000, 256)))
    return framework.gradient(lambda t: framework.embedding(index, t), [table], framework.constant(floats((64, 128, 256), 1)))
