"""Handwritten digits, learned by a convolutional network of Gluon: layers, a data loader, a trainer and a metric.

    python examples/gluon_digits.py

The data, and the fifth of them that is held out, are those of `digits.py`, where everything is written by hand: 1,797 scans of
8 × 8 pixels that ship inside scikit-learn. The script prints a line an epoch and leaves two pictures in examples/output/: the
learning curves, and the held-out digits that are hardest for the network.
"""

import argparse
from pathlib import Path

import numpy
from matplotlib.figure import Figure
from sklearn.datasets import load_digits
from tqdm import tqdm

from mxnet import autograd, gluon, init, lr_scheduler, np, npx
from mxnet.gluon import nn

npx.set_np()

# --- data -------------------------------------------------------------------------------------------------------------------------


def load_data():
    """Images of shape (1, 8, 8) with values from 0 to 1, and labels: one dataset for training, and one held out."""
    images, labels = map(np.array, load_digits(return_X_y=True))
    order = np.arange(len(labels), dtype="int64")
    np.random.seed(0)  # whatever the seed of the training, the same images are held out
    np.random.shuffle(order)
    images, labels = images[order].reshape(-1, 1, 8, 8) / 16, labels[order]
    n = len(labels) // 5
    return gluon.data.ArrayDataset(images[n:], labels[n:]), gluon.data.ArrayDataset(images[:n], labels[:n])


def varied(images, turn=0.15, zoom=0.1, shift=0.5):
    """Every image turned, zoomed and shifted a little (radians, share, pixels), by another amount each: never twice the same one.

    A pixel gets the value at the point that comes to lie on it, interpolated linearly between the four pixels around the point.
    """
    n = len(images)
    angle = np.random.uniform(-turn, turn, size=(n, 1, 1))
    factor = 1 + np.random.uniform(-zoom, zoom, size=(n, 1, 1))
    down, right = np.random.uniform(-shift, shift, size=(2, n, 1, 1))
    x = np.arange(8) - 3.5  # of the columns, from the middle
    y = x.reshape(8, 1)
    from_y = factor * (np.cos(angle) * y - np.sin(angle) * x) + down
    from_x = factor * (np.sin(angle) * y + np.cos(angle) * x) + right
    rows, columns = (np.maximum(0, 1 - np.abs(p.reshape(n, 64, 1) - x)) for p in (from_y, from_x))  # the weights of old pixels
    return (np.matmul(rows, images[:, 0]) * columns).sum(axis=2).reshape(n, 1, 8, 8)


# --- the network ------------------------------------------------------------------------------------------------------------------


def convolution(channels):
    """A 3 × 3 convolution that keeps the size; the batch normalisation after it has the bias."""
    block = nn.HybridSequential()
    block.add(nn.Conv2D(channels, kernel_size=3, padding=1, use_bias=False), nn.BatchNorm(), nn.Activation("relu"))
    return block


def make_net():
    """Ten logits for each image."""
    net = nn.HybridSequential()
    net.add(convolution(32), convolution(32), nn.MaxPool2D(2))  # 8 × 8 pixels become 4 × 4
    net.add(convolution(64), nn.MaxPool2D(2), nn.Dropout(0.3))  # and 2 × 2
    net.add(nn.Dense(64, activation="relu"), nn.Dropout(0.3), nn.Dense(10))
    return net


# --- learning ---------------------------------------------------------------------------------------------------------------------


def evaluate(net, dataset):
    """The mean loss and the accuracy of a network on a dataset."""
    loss, accuracy = gluon.metric.CrossEntropy(from_logits=True), gluon.metric.Accuracy()
    for x, y in gluon.data.DataLoader(dataset, batch_size=512):
        logits = net(x)
        loss.update(y, logits)
        accuracy.update(y, logits)
    return loss.get()[1], accuracy.get()[1]


def train(net, data, held_out, epochs, lr=0.004, batch_size=64):
    """Minimise the cross-entropy. Returns `(loss, held-out loss, accuracy, held-out accuracy)` for every epoch."""
    loader = gluon.data.DataLoader(data, batch_size, shuffle=True)
    schedule = lr_scheduler.CosineScheduler(epochs * len(loader), warmup_steps=len(loader) // 2)
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": lr, "lr_scheduler": schedule})
    loss_of = gluon.loss.SoftmaxCELoss()
    history = []
    bar = tqdm(total=epochs * len(loader), unit=" batches")
    for epoch in range(1, epochs + 1):
        for x, y in loader:
            with autograd.record():
                loss = loss_of(net(varied(x)), y)
            loss.backward()
            trainer.step(len(y))
            bar.update()
        history.append([value for pair in zip(evaluate(net, data), evaluate(net, held_out), strict=True) for value in pair])
        tqdm.write("epoch {:2}: loss {:.4f}, held out {:.4f}; right {:6.2%}, held out {:6.2%}".format(epoch, *history[-1]))
    bar.close()
    return history


# --- pictures ---------------------------------------------------------------------------------------------------------------------


def draw_curves(history, path):
    """Loss and share of errors, epoch by epoch, on the training and on the held-out part."""
    losses, held_out_losses, right, held_out_right = zip(*history, strict=True)
    epochs = range(1, len(history) + 1)
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    loss_axes, right_axes = figure.subplots(1, 2)
    loss_axes.set(title="Cross-entropy", yscale="log")
    loss_axes.plot(epochs, losses, "C0.-", epochs, held_out_losses, "C1.-")
    right_axes.set(title="Wrong, %")
    right_axes.plot(epochs, [100 * (1 - share) for share in right], "C0.-", label=f"training: {1 - right[-1]:.2%}")
    right_axes.plot(
        epochs, [100 * (1 - share) for share in held_out_right], "C1.-", label=f"held out: {1 - held_out_right[-1]:.2%}"
    )
    right_axes.set_ylim(0, min(10, right_axes.get_ylim()[1]))
    right_axes.legend(loc="upper right", title="at the end")
    for axes in (loss_axes, right_axes):
        axes.set_xlabel("epoch")
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120)


def draw_hardest(net, dataset, path, columns=7, rows=2):
    """The images whose own digit gets the least probability, with that and with what they are read as; wrong in red."""
    images, labels = next(iter(gluon.data.DataLoader(dataset, len(dataset))))
    p = npx.softmax(net(images)).asnumpy()
    labels = labels.asnumpy().astype(int)
    guesses, p_right = p.argmax(axis=1), p[range(len(labels)), labels]
    figure = Figure(figsize=(1.4 * columns, 1.9 * rows + 0.4), layout="constrained")
    figure.suptitle(f"The hardest held-out digits: {(guesses != labels).sum()} of {len(labels)} are taken for another")
    for i, axes in zip(p_right.argsort(), figure.subplots(rows, columns).ravel(), strict=False):
        axes.set_axis_off()
        axes.imshow(images[int(i), 0].asnumpy(), cmap="gray_r", vmin=0, vmax=1)
        verdict = "right" if guesses[i] == labels[i] else f"read as {guesses[i]}"
        colour = "black" if guesses[i] == labels[i] else "tab:red"
        axes.set_title(f"{labels[i]}: {p_right[i]:.1%},\n{verdict}", fontsize=9, color=colour)
    figure.savefig(path, dpi=120)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=30, help="passes over the training part (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the weights and of the order (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "output", help="folder for the pictures")
    options = parser.parse_args()
    if options.epochs < 1:
        parser.error("--epochs: one at least")

    data, held_out = load_data()
    np.random.seed(options.seed)
    numpy.random.seed(options.seed)  # of the order, which the loader shuffles with NumPy's generator
    net = make_net()
    net.initialize(init.Xavier())
    net.summary(data[:1][0])
    history = train(net, data, held_out, options.epochs)

    options.output.mkdir(parents=True, exist_ok=True)
    draw_curves(history, options.output / "gluon_digits_curves.png")
    draw_hardest(net, held_out, options.output / "gluon_digits_hardest.png")
    right = f"{history[-1][-1]:.2%} of the held-out digits are right"
    print(f"{right}; see gluon_digits_curves.png and gluon_digits_hardest.png in {options.output}")


if __name__ == "__main__":
    main()
