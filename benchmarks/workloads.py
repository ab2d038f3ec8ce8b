"""The frameworks and the work they are timed on.

Children run this file, the original's on Python 3.8: keep to that Python, and import a framework only in its function.
Inputs come from NumPy, so that every framework is given the same values.
"""

from collections import namedtuple
from types import SimpleNamespace

import numpy

from . import networks, training


class Framework(SimpleNamespace):
    """What workloads ask of a framework, with NumPy's answers."""

    version, tanh = numpy.__version__, numpy.tanh
    gradient = None  # makes a step that records a function of leaves, goes back and returns their gradients
    constant = leaf = staticmethod(lambda values: values)
    forward = staticmethod(lambda function, x: lambda: [function(x)])  # a step that does not record
    finish = staticmethod(lambda: None)  # wait for what has been started


def mxnet_():
    """Both mxtape and the original: they share their interface."""
    import mxnet
    from mxnet import autograd, np, npx

    def constant(values):
        return np.array(values, dtype=values.dtype)

    def leaf(values):
        array = constant(values)
        array.attach_grad()
        return array

    def gradient(function, leaves, head=None):
        def step():
            with autograd.record():
                out = function(*leaves)
            out.backward(head)
            return [leaf.grad for leaf in leaves]

        return step

    operators = {"tanh": np.tanh, "relu": npx.relu, "log_softmax": npx.log_softmax, "finish": npx.waitall}
    operators.update(networks.mxnet_operators(), training=training.gluon_training, adam=training.gluon_adam)
    return Framework(version=mxnet.__version__, constant=constant, leaf=leaf, gradient=gradient, **operators)


def torch_():
    import torch

    def gradient(function, leaves, head=None):
        if head is None:
            head = torch.ones_like(function(*leaves))

        def step():
            for leaf in leaves:
                leaf.grad = None  # torch would add to it
            function(*leaves).backward(head)
            return [leaf.grad for leaf in leaves]

        return step

    def leaf(values):
        return torch.tensor(values, requires_grad=True)

    operators = {"tanh": torch.tanh, "relu": torch.relu, "log_softmax": lambda x: torch.log_softmax(x, -1)}
    operators.update(networks.torch_operators(), training=training.torch_training, adam=training.torch_adam)
    return Framework(version=torch.__version__, constant=torch.tensor, leaf=leaf, gradient=gradient, **operators)


def mygrad_():
    import mygrad
    from mygrad.nnet.activations import logsoftmax, relu

    def forward(function, x):
        def step():
            with mygrad.no_autodiff:
                return [function(x)]

        return step

    def gradient(function, leaves):
        def step():
            function(*leaves).backward()
            return [leaf.grad for leaf in leaves]

        return step

    def constant(values):
        return mygrad.tensor(values, constant=True)

    operators = {"tanh": mygrad.tanh, "relu": relu, "log_softmax": logsoftmax, "forward": forward, "gradient": gradient}
    return Framework(version=mygrad.__version__, constant=constant, leaf=mygrad.tensor, **operators)


def autograd_():
    """HIPS autograd, which has no relu and no log-softmax of its own."""
    from importlib.metadata import version

    import autograd.numpy as np
    from autograd import make_vjp

    def log_softmax(x):
        shifted = x - np.max(x, axis=-1, keepdims=True)
        return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))

    def gradient(function, leaves):
        record = make_vjp(function, argnum=tuple(range(len(leaves))))
        ones = numpy.ones_like(function(*leaves))
        return lambda: record(*leaves)[0](ones)

    operators = {"tanh": np.tanh, "relu": lambda x: np.maximum(x, 0), "log_softmax": log_softmax}
    return Framework(version=version("autograd"), gradient=gradient, **operators)


FRAMEWORKS = {"mxtape": mxnet_, "numpy": Framework, "torch": torch_, "original": mxnet_, "mygrad": mygrad_, "autograd": autograd_}

# The chain's factors have x·y near -1, where it neither saturates nor lets the gradient sink below float32's normal numbers.
X = numpy.array([[-2.0, -1.9], [-2.1, -2.0]], "float32")
Y = numpy.array([[0.5, 0.53], [0.48, 0.51]], "float32")


def square(framework):
    return framework.gradient(lambda x: 2 * x * x, [framework.leaf(X)])


def repeated(framework):
    y, tanh = framework.constant(Y), framework.tanh

    def function(x):
        z = x
        for _ in range(250):
            z = tanh(z * y + y) * x
        return z

    return function


def chain(framework):
    return framework.gradient(repeated(framework), [framework.leaf(X)])


def forward(framework):
    return framework.forward(repeated(framework), framework.constant(X))


def mlp(framework):
    random = numpy.random.RandomState(0)
    images = random.rand(128, 784).astype("float32")
    classes = numpy.eye(10, dtype="float32")[random.randint(0, 10, 128)]
    weights = [random.uniform(-0.05, 0.05, shape).astype("float32") for shape in ((784, 128), (128,), (128, 10), (10,))]
    x, t = framework.constant(images), framework.constant(classes)

    def loss(w1, b1, w2, b2):
        return -(framework.log_softmax(framework.relu(x @ w1 + b1) @ w2 + b2) * t).sum(axis=1).mean()

    return framework.gradient(loss, [framework.leaf(weight) for weight in weights])


def gather(framework):
    random = numpy.random.RandomState(0)
    table = framework.leaf(random.uniform(-1, 1, (50000, 64)).astype("float32"))
    indices = framework.constant(random.randint(0, 50000, 20000))
    return framework.gradient(lambda table: table[indices], [table])


# `targets`: the largest ratio mxtape / other that is good enough. `same`: whether the frameworks compute the same numbers.
Workload = namedtuple("Workload", "title build targets same")
Workload.__new__.__defaults__ = (True,)


def network(title, build, target, **options):
    """Work of neural networks, forward and backward."""
    return Workload(title, build, {"torch": target, "original": 0.5}, **options)


def trained(title, name, target):
    """A step of training: forward, backward, update."""
    return Workload(f"a step of training: {title}", training.build(name), {"torch": target, "original": 0.6}, same=False)


WORKLOADS = {
    "square": Workload("`2*x*x` on 2×2, record + backward", square, {"torch": 0.25}),
    "chain": Workload("chain of 1,000 operations on 2×2, record + backward", chain, {"torch": 0.45, "original": 0.08}),
    "forward": Workload("the same chain, not recorded", forward, {"numpy": 2.0}),
    "gather": Workload("`x[i]`: 20,000 rows of 50,000×64, forward + backward", gather, {"torch": 1.0}),
    "mlp": Workload("MLP 784-128-10, batch 128, forward + backward", mlp, {}),
    "layer_norm": network("layer norm 8192×768", networks.layer_norm, 0.8),
    "cross_entropy": network("softmax cross-entropy 4096×1000", networks.cross_entropy, 0.5),
    "picked": network("the same as `-pick(log_softmax(x), y).mean()`", networks.picked_cross_entropy, 0.5),
    "gelu": network("GELU 4096×1024", networks.pointwise("gelu", (4096, 1024)), 0.8),
    "dropout": network("dropout 4096×1024", networks.pointwise("dropout", (4096, 1024)), 0.8, same=False),
    "mixture4": network("tanh·exp·sin of 10⁴", networks.pointwise("mixture", 10**4), 0.8),
    "mixture6": network("tanh·exp·sin of 10⁶", networks.pointwise("mixture", 10**6), 0.8),
    "mixture7": network("tanh·exp·sin of 10⁷", networks.pointwise("mixture", 10**7), 0.5),
    "lenet1": network("convolution 5×5, 1→20 on 28×28, batch 64", networks.convolution(64, 1, 28, 20, 5, 0), 0.9),
    "lenet2": network("convolution 5×5, 20→50 on 12×12, batch 64", networks.convolution(64, 20, 12, 50, 5, 0), 0.9),
    "conv64": network("convolution 3×3, 64→64 on 28×28, batch 32", networks.convolution(32, 64, 28, 64, 3, 1), 1.1),
    "conv128": network("convolution 3×3, 128→128 on 28×28, batch 16", networks.convolution(16, 128, 28, 128, 3, 1), 1.1),
    "max_pooling": network("max pooling 2×2, 64 channels 28×28, batch 32", networks.max_pooling, 0.9),
    "batch_norm": network("batch norm, 64 channels 28×28, batch 32", networks.batch_norm, 0.9),
    "lstm": network("LSTM 128→256, 35 steps, batch 32", networks.lstm, 0.9),
    "attention": network("attention, 16×8 heads×128×32", networks.attention, 0.9),
    "embedding": network("embedding 30000×256, 64×128 indices", networks.embedding, 0.5),
    "train_mlp": trained("MLP 784-256-128-10, batch 128", "mlp", 0.8),
    "train_wide_mlp": trained("MLP 784-2048-2048-10, batch 64, Adam", "wide_mlp", 0.6),
    "train_lenet": trained("LeNet, batch 64", "lenet", 0.9),
    "train_convolutions": trained("two 3×3 convolutions with batch norm, 64 channels 28×28, batch 16", "convolutions", 1.1),
    "train_lstm": trained("LSTM 128→256, 35 steps, batch 32", "lstm", 0.9),
    "train_encoder": trained("a block of a transformer's encoder, 16×128 tokens, width 256, Adam", "encoder", 1.0),
    "adam": Workload("Adam, one update of 10⁷ numbers", training.adam(fused=False), {"torch": 0.25}, same=False),
    "adam_fused": Workload("the same against torch's `fused=True`", training.adam(fused=True), {"torch": 1.3}, same=False),
}
