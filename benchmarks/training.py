"""Whole steps of training, forward, backward and update, of the same networks in Gluon and in torch; see `workloads`."""

import numpy


def floats(*shape):
    return numpy.random.RandomState(len(shape)).standard_normal(shape).astype("float32")


def classes(count, *shape):
    return numpy.random.RandomState(1).randint(0, count, shape)


# By name: the input, the labels, the optimiser and its learning rate.
TASKS = {
    "mlp": (floats(128, 784), classes(10, 128), "sgd", 0.1),
    "wide_mlp": (floats(64, 784), classes(10, 64), "adam", 1e-3),
    "lenet": (floats(64, 1, 28, 28), classes(10, 64), "sgd", 0.1),
    "convolutions": (floats(16, 64, 28, 28), classes(10, 16), "sgd", 0.1),
    "lstm": (floats(35, 32, 128), classes(10, 32), "sgd", 0.1),
    "encoder": (floats(16, 128, 256), classes(10, 16), "adam", 1e-4),
}


def gluon_training(name):
    """A step of mxtape's or the original's Gluon."""
    from mxnet import autograd, gluon, init, np, npx
    from mxnet.gluon import nn, rnn

    def sequential(*blocks):
        net = nn.HybridSequential()
        net.add(*blocks)
        return net

    class LastOutput(nn.HybridBlock):
        def __init__(self):
            super().__init__()
            self.lstm = rnn.LSTM(256, input_size=128)
            self.out = nn.Dense(10)

        def forward(self, x):
            return self.out(self.lstm(x)[-1])

    class Encoder(nn.HybridBlock):
        """A block of a transformer's encoder, 8 heads, and the mean over the tokens."""

        def __init__(self, width=256, heads=8):
            super().__init__()
            self.heads = heads
            self.qkv = nn.Dense(3 * width, flatten=False, in_units=width)
            self.project = nn.Dense(width, flatten=False, in_units=width)
            self.norm1, self.norm2 = nn.LayerNorm(in_channels=width), nn.LayerNorm(in_channels=width)
            self.up = nn.Dense(4 * width, flatten=False, in_units=width)
            self.gelu = nn.GELU()
            self.down = nn.Dense(width, flatten=False, in_units=4 * width)
            self.out = nn.Dense(10, in_units=width)

        def attention(self, x):
            batch, length, width = x.shape
            parts = self.qkv(x).reshape(batch, length, 3, self.heads, width // self.heads).transpose(2, 0, 3, 1, 4)
            q, k, v = parts[0], parts[1], parts[2]
            if hasattr(npx, "scaled_dot_product_attention"):
                y = npx.scaled_dot_product_attention(q, k, v)
            else:
                y = np.matmul(npx.softmax(np.matmul(q, np.swapaxes(k, -1, -2)) / (width // self.heads) ** 0.5), v)
            return self.project(y.transpose(0, 2, 1, 3).reshape(batch, length, width))

        def forward(self, x):
            x = self.norm1(x + self.attention(x))
            x = self.norm2(x + self.down(self.gelu(self.up(x))))
            return self.out(x.mean(axis=1))

    networks = {
        "mlp": lambda: sequential(nn.Dense(256, activation="relu"), nn.Dense(128, activation="relu"), nn.Dense(10)),
        "wide_mlp": lambda: sequential(nn.Dense(2048, activation="relu"), nn.Dense(2048, activation="relu"), nn.Dense(10)),
        "lenet": lambda: sequential(
            nn.Conv2D(20, 5, activation="relu"),
            nn.MaxPool2D(),
            nn.Conv2D(50, 5, activation="relu"),
            nn.MaxPool2D(),
            nn.Dense(500, activation="relu"),
            nn.Dense(10),
        ),
        "convolutions": lambda: sequential(
            nn.Conv2D(64, 3, padding=1, use_bias=False),
            nn.BatchNorm(),
            nn.Activation("relu"),
            nn.Conv2D(64, 3, padding=1, use_bias=False),
            nn.BatchNorm(),
            nn.Activation("relu"),
            nn.GlobalAvgPool2D(),
            nn.Dense(10),
        ),
        "lstm": LastOutput,
        "encoder": Encoder,
    }
    values, labels, optimizer, rate = TASKS[name]
    x, y = np.array(values), np.array(labels)
    net = networks[name]()
    net.initialize(init.Xavier() if name != "lstm" else init.Uniform(0.05))
    loss_of = gluon.loss.SoftmaxCrossEntropyLoss()
    net(x)
    trainer = gluon.Trainer(net.collect_params(), optimizer, {"learning_rate": rate})

    def step():
        with autograd.record():
            loss = loss_of(net(x), y).mean()
        loss.backward()
        trainer.step(1)
        return [loss]

    return step


def torch_training(name):
    import torch
    from torch import nn
    from torch.nn import functional as F

    class LastOutput(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = nn.LSTM(128, 256)
            self.out = nn.Linear(256, 10)

        def forward(self, x):
            return self.out(self.lstm(x)[0][-1])

    class Encoder(nn.Module):
        def __init__(self, width=256, heads=8):
            super().__init__()
            self.heads = heads
            self.qkv, self.project = nn.Linear(width, 3 * width), nn.Linear(width, width)
            self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
            self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
            self.out = nn.Linear(width, 10)

        def attention(self, x):
            batch, length, width = x.shape
            q, k, v = self.qkv(x).reshape(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
            y = F.scaled_dot_product_attention(q, k, v)
            return self.project(y.transpose(1, 2).reshape(batch, length, width))

        def forward(self, x):
            x = self.norm1(x + self.attention(x))
            x = self.norm2(x + self.down(F.gelu(self.up(x))))
            return self.out(x.mean(1))

    def dense(*widths):
        layers = [layer for i in range(1, len(widths)) for layer in (nn.Linear(widths[i - 1], widths[i]), nn.ReLU())]
        return nn.Sequential(*layers[:-1])

    networks = {
        "mlp": lambda: dense(784, 256, 128, 10),
        "wide_mlp": lambda: dense(784, 2048, 2048, 10),
        "lenet": lambda: nn.Sequential(
            nn.Conv2d(1, 20, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(20, 50, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            dense(800, 500, 10),
        ),
        "convolutions": lambda: nn.Sequential(
            nn.Conv2d(64, 64, 3, padding=1, bias=False),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.Conv2d(64, 64, 3, padding=1, bias=False),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(64, 10),
        ),
        "lstm": LastOutput,
        "encoder": Encoder,
    }
    values, labels, optimizer, rate = TASKS[name]
    x, y = torch.tensor(values), torch.tensor(labels)
    net = networks[name]()
    trainer = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[optimizer](net.parameters(), lr=rate)

    def step():
        trainer.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        trainer.step()
        return [loss.detach()]

    return step


def adam(fused):
    """One update of 10⁷ numbers."""
    return lambda framework: framework.adam(floats(10**7), floats(1, 10**7)[0], fused)


def gluon_adam(weight, gradient, fused):
    from mxnet import np, optimizer

    weight, gradient = np.array(weight), np.array(gradient)
    update = optimizer.get_updater(optimizer.create("adam", learning_rate=1e-3))

    def step():
        update(0, gradient, weight)
        return [weight[:10]]

    return step


def torch_adam(weight, gradient, fused):
    import torch

    weight = torch.tensor(weight, requires_grad=True)
    weight.grad = torch.tensor(gradient)
    optimizer = torch.optim.Adam([weight], lr=1e-3, fused=fused or None)

    def step():
        optimizer.step()
        return [weight.detach()[:10]]

    return step


def build(name):
    return lambda framework: framework.training(name)
