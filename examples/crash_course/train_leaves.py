"""Is a leaf healthy or spotted? The script of pages 5 and 6: image folders, a small convolutional network, training, a test.

    python examples/crash_course/train_leaves.py

It draws 800 leaves (see `leaves.py`), learns from 480 of them, keeps the parameters that do best on the 120 of the validation part,
and then looks once at the 200 of the test part. The folders, the parameters and two pictures are left in examples/output/.
"""

import argparse
from pathlib import Path

import leaves
import numpy
from matplotlib.figure import Figure
from tqdm import tqdm

from mxnet import autograd, gluon, init, lr_scheduler, np, npx
from mxnet.gluon import nn
from mxnet.gluon.data.vision import ImageFolderDataset, transforms

npx.set_np()

# --- data -------------------------------------------------------------------------------------------------------------------------

to_input = transforms.Compose([transforms.ToTensor(), transforms.Normalize(mean=0.4, std=0.2)])
varied = transforms.Compose([transforms.RandomFlipLeftRight(), transforms.RandomFlipTopBottom(), to_input])


def load_data(root):
    """The three parts as datasets of images, ready for the network, and labels; the images for training are mirrored at random."""
    parts = [ImageFolderDataset(root / name) for name in ("train", "valid", "test")]
    return [part.transform_first(varied if i == 0 else to_input) for i, part in enumerate(parts)]


# --- the network ------------------------------------------------------------------------------------------------------------------


def block(channels):
    """A convolution, and half as many pixels."""
    layers = nn.HybridSequential()
    layers.add(nn.Conv2D(channels, kernel_size=3, activation="relu"), nn.MaxPool2D(pool_size=4, strides=2), nn.BatchNorm())
    return layers


def make_net():
    """Two scores for each image of 3 × 64 × 64."""
    net = nn.HybridSequential()
    net.add(block(16), block(32), block(64), nn.GlobalMaxPool2D(), nn.Flatten(), nn.Dense(2))  # one spot, anywhere, is enough
    return net


# --- learning ---------------------------------------------------------------------------------------------------------------------


def accuracy(net, dataset):
    """The share of the images that a network gets right."""
    right = gluon.metric.Accuracy()
    for x, y in gluon.data.DataLoader(dataset, batch_size=64):
        right.update(y, net(x))
    return right.get()[1]


def train(net, data, validation, epochs, path, lr=0.005, batch_size=32):
    """Learn, and leave the network with the parameters, which are also in `path`, of its best epoch on the validation part.

    Returns `(loss, validation accuracy)` for every epoch.
    """
    loader = gluon.data.DataLoader(data, batch_size, shuffle=True)
    schedule = lr_scheduler.CosineScheduler(epochs * len(loader))
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": lr, "lr_scheduler": schedule})
    loss_of = gluon.loss.SoftmaxCELoss()
    history, best = [], 0
    bar = tqdm(total=epochs * len(loader), unit=" batches")
    for epoch in range(1, epochs + 1):
        mean = gluon.metric.Loss()
        for x, y in loader:
            with autograd.record():
                loss = loss_of(net(x), y)
            loss.backward()
            trainer.step(len(y))
            mean.update(None, loss)
            bar.update()
        history.append((mean.get()[1], accuracy(net, validation)))
        if history[-1][1] >= best:
            best = history[-1][1]
            net.save_parameters(path)
        tqdm.write("epoch {:2}: loss {:.3f}; right on the validation part {:6.1%}".format(epoch, *history[-1]))
    bar.close()
    net.load_parameters(path)
    return history


# --- pictures ---------------------------------------------------------------------------------------------------------------------


def draw_curves(history, path):
    """Loss and accuracy, epoch by epoch."""
    losses, right = zip(*history, strict=True)
    epochs = range(1, len(history) + 1)
    figure = Figure(figsize=(9, 3.4), layout="constrained")
    loss_axes, right_axes = figure.subplots(1, 2)
    loss_axes.set(title="Training: cross-entropy", yscale="log")
    loss_axes.plot(epochs, losses, "C0.-")
    right_axes.set(title="Validation: right, %", ylim=(45, 101))
    right_axes.plot(epochs, [100 * share for share in right], "C1.-")
    right_axes.axhline(50, color="0.5", linestyle=":", label="guessing")
    right_axes.legend(loc="lower right")
    for axes in (loss_axes, right_axes):
        axes.set_xlabel("epoch")
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120)


def draw_predictions(net, root, path, columns=8, rows=3):
    """Leaves of the test part with the probability of spots: first the hardest ones, then some by chance; wrong in red."""
    images = ImageFolderDataset(root)
    x, y = next(iter(gluon.data.DataLoader(images.transform_first(to_input), len(images))))
    y = y.asnumpy()
    spotted = npx.softmax(net(x))[:, 1].asnumpy()
    hardest = abs(y - spotted).argsort()[::-1][:columns]
    others = np.random.randint(0, len(images), size=columns * (rows - 1)).asnumpy()
    figure = Figure(figsize=(1.35 * columns, 1.75 * rows + 0.5), layout="constrained")
    wrong = int((y != (spotted > 0.5)).sum())
    figure.suptitle(f"Test part: {wrong} of {len(y)} wrong. First row: the hardest; below: some by chance")
    for i, axes in zip([*hardest, *others], figure.subplots(rows, columns).ravel(), strict=True):
        axes.set_axis_off()
        axes.imshow(images[int(i)][0].asnumpy())
        colour = "tab:red" if y[i] != (spotted[i] > 0.5) else "black"
        axes.set_title(f"{images.synsets[y[i]]}\nspotted: {spotted[i]:.1%}", fontsize=9, color=colour)
    figure.savefig(path, dpi=120)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=10, help="passes over the training part (default: %(default)s)")
    parser.add_argument(
        "--leaves", type=int, default=240, help="of each kind for training; the other parts in proportion (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the leaves, the weights and the order (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=Path(__file__).parents[1] / "output", help="folder for all that is left")
    options = parser.parse_args()
    if options.epochs < 1 or options.leaves < 12:
        parser.error("--epochs: one at least; --leaves: twelve at least")

    root = options.output / "leaves"
    sizes = {part: size * options.leaves // leaves.SIZES["train"] for part, size in leaves.SIZES.items()}
    leaves.make(root, sizes, options.seed)
    data, validation, test = load_data(root)
    np.random.seed(options.seed)
    numpy.random.seed(options.seed)  # of the order, which the loader shuffles with NumPy's generator
    net = make_net()
    net.initialize(init.Xavier())
    net.summary(np.zeros((1, 3, leaves.SIDE, leaves.SIDE)))
    history = train(net, data, validation, options.epochs, options.output / "leaves.npz")
    right = accuracy(net, test)

    draw_curves(history, options.output / "leaves_curves.png")
    draw_predictions(net, root / "test", options.output / "leaves_predictions.png")
    print(f"{right:.1%} of the test leaves are right; see leaves_curves.png and leaves_predictions.png in {options.output}")


if __name__ == "__main__":
    main()
