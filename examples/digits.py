"""Handwritten digits, learned by a multilayer perceptron that is written by hand: `np`, `npx`, `autograd`, and no layer library.

    python examples/digits.py

The data are the 1,797 scans of 8 × 8 pixels (UCI, "Optical Recognition of Handwritten Digits") that ship inside scikit-learn; a
fifth of them is held out. The script prints a line an epoch and leaves two pictures in examples/output/: the learning curves, and
the held-out digits that the network gets wrong.
"""

import argparse
from itertools import pairwise
from math import ceil
from pathlib import Path

from matplotlib.figure import Figure
from sklearn.datasets import load_digits
from tqdm import tqdm

from mxnet import autograd, np, npx

npx.set_np()

# --- data -------------------------------------------------------------------------------------------------------------------------


def shuffled(images, labels):
    """Both in one random order."""
    order = np.arange(len(labels), dtype="int64")
    np.random.shuffle(order)
    return images[order], labels[order]


def load_data():
    """Images, as rows of 64 values from 0 to 1, and labels: `(images, labels)` for training, and the same held out."""
    images, labels = shuffled(*map(np.array, load_digits(return_X_y=True)))
    images = images / 16
    n = len(labels) // 5
    return (images[n:], labels[n:]), (images[:n], labels[:n])


# --- the network ------------------------------------------------------------------------------------------------------------------


def init_params(*sizes):
    """A weight and a bias for each layer between `sizes` neurons: normal with variance 2 / inputs, as suits ReLU, and zeros."""
    params = []
    for inputs, outputs in pairwise(sizes):
        params += [np.random.normal(0, (2 / inputs) ** 0.5, size=(inputs, outputs)), np.zeros(outputs)]
    for param in params:
        param.attach_grad()
    return params


def net(params, x):
    """Ten logits for each image."""
    *hidden, weight, bias = params
    for w, b in zip(hidden[::2], hidden[1::2], strict=True):
        x = npx.relu(np.dot(x, w) + b)
    return np.dot(x, weight) + bias


def cross_entropy(logits, labels):
    """The mean of -log p(label) over the images."""
    return -npx.pick(npx.log_softmax(logits), labels).mean()


def accuracy(logits, labels):
    """The share of images whose largest logit is the label's."""
    return (logits.argmax(axis=1) == labels).mean()


# --- learning ---------------------------------------------------------------------------------------------------------------------


def sgd(params, velocities, lr, momentum=0.9, decay=5e-4):
    """One step down the gradient, with momentum and weight decay: v ← momentum · v + ∂loss/∂p + decay · p and p ← p - lr · v."""
    for p, v in zip(params, velocities, strict=True):
        v[:] = momentum * v + p.grad + decay * p
        p -= lr * v


def train(params, data, held_out, epochs, lr=0.1, batch_size=64, noise=0.3):
    """Minimise the cross-entropy. Returns `(loss, held-out loss, accuracy, held-out accuracy)` for every epoch."""
    velocities = [np.zeros(p.shape) for p in params]
    history = []
    n = len(data[0])
    bar = tqdm(total=epochs * ceil(n / batch_size), unit=" batches")
    for epoch in range(1, epochs + 1):
        rate = lr * (1 - (epoch - 1) / epochs)  # large steps first, small ones at the end
        images, labels = shuffled(*data)
        for start in range(0, n, batch_size):
            x, y = images[start : start + batch_size], labels[start : start + batch_size]
            x = x + np.random.normal(0, noise, size=x.shape)  # never the same image twice: harder to learn by heart
            with autograd.record():
                loss = cross_entropy(net(params, x), y)
            loss.backward()
            sgd(params, velocities, rate)
            bar.update()
        results = [(net(params, x), y) for x, y in (data, held_out)]
        history.append([float(measure(*result)) for measure in (cross_entropy, accuracy) for result in results])
        tqdm.write("epoch {:2}: loss {:.3f}, held out {:.3f}; right {:6.1%}, held out {:6.1%}".format(epoch, *history[-1]))
    bar.close()
    return history


# --- pictures ---------------------------------------------------------------------------------------------------------------------


def draw_curves(history, path):
    """Loss and accuracy, epoch by epoch, on the training and on the held-out part."""
    losses, held_out_losses, right, held_out_right = zip(*history, strict=True)
    epochs = range(1, len(history) + 1)
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    loss_axes, right_axes = figure.subplots(1, 2)
    loss_axes.set(title="Cross-entropy", yscale="log")
    loss_axes.plot(epochs, losses, "C0.-", epochs, held_out_losses, "C1.-")
    right_axes.set(title="Right, %")
    right_axes.plot(epochs, [100 * share for share in right], "C0.-", label=f"training: {right[-1]:.1%}")
    right_axes.plot(epochs, [100 * share for share in held_out_right], "C1.-", label=f"held out: {held_out_right[-1]:.1%}")
    right_axes.legend(loc="lower right", title="at the end")
    for axes in (loss_axes, right_axes):
        axes.set_xlabel("epoch")
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120)


def draw_mistakes(params, images, labels, path, most=21, columns=7):
    """The images that the network gets wrong, `most` at most and the ones it is surest of first, with what it takes them for."""
    p = npx.softmax(net(params, images)).asnumpy()
    labels = labels.asnumpy().astype(int)
    guesses, sureness = p.argmax(axis=1), p.max(axis=1)
    wrong = (guesses != labels).nonzero()[0]
    shown = wrong[(-sureness[wrong]).argsort()][:most]
    rows = max(1, ceil(len(shown) / columns))
    figure = Figure(figsize=(1.4 * columns, 1.9 * rows + 0.4), layout="constrained")
    figure.suptitle(f"{len(wrong)} of {len(labels)} held-out digits are taken for another")
    places = figure.subplots(rows, columns).ravel()
    for axes in places:
        axes.set_axis_off()
    for i, axes in zip(shown, places, strict=False):
        axes.imshow(images[int(i)].reshape(8, 8).asnumpy(), cmap="gray_r", vmin=0, vmax=1)
        axes.set_title(f"{labels[i]}, read as {guesses[i]}\n({sureness[i]:.0%} sure)", fontsize=9)
    figure.savefig(path, dpi=120)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=60, help="passes over the training part (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "output", help="folder for the pictures")
    options = parser.parse_args()
    if options.epochs < 1:
        parser.error("--epochs: one at least")

    np.random.seed(0)
    data, held_out = load_data()
    params = init_params(64, 256, 128, 10)
    history = train(params, data, held_out, options.epochs)

    options.output.mkdir(parents=True, exist_ok=True)
    draw_curves(history, options.output / "learning_curves.png")
    draw_mistakes(params, *held_out, options.output / "mistakes.png")
    print(f"{history[-1][-1]:.1%} of the held-out digits are right; see learning_curves.png and mistakes.png in {options.output}")


if __name__ == "__main__":
    main()
