"""Regression on a table: a multilayer perceptron of Gluon with early stopping, beside scikit-learn's own models.

    python examples/regression.py

The data are the 442 patients that ship inside scikit-learn (Efron et al., "Least Angle Regression", 2004): from age, sex, body mass
index, blood pressure and six blood values, how far diabetes has progressed a year later. A fifth is held out and looked at once, at
the end; a fifth of the rest says when to stop. The script prints a table of R² and RMSE, and leaves a picture in examples/output/.
"""

import argparse
from pathlib import Path

import numpy
from matplotlib.figure import Figure
from sklearn.datasets import load_diabetes
from sklearn.linear_model import RidgeCV
from sklearn.neural_network import MLPRegressor
from tqdm import tqdm

from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn

npx.set_np()

# --- data -------------------------------------------------------------------------------------------------------------------------


class Scale:
    """Subtracts the mean of each column and divides by its standard deviation: `Scale(table)(x)`; `undo` goes back."""

    def __init__(self, table):
        self.mean, self.deviation = table.mean(axis=0), table.std(axis=0)

    def __call__(self, x):
        return (x - self.mean) / self.deviation

    def undo(self, x):
        return self.mean + self.deviation * x


def load_data(seed):
    """Three pairs `(features, target)`, in the units of the data: for training, for validation, held out."""
    features, target = load_diabetes(return_X_y=True, scaled=False)
    order = numpy.random.default_rng(seed).permutation(len(target))
    n = len(order) // 5
    m = n + (len(order) - n) // 5
    return [(features[part], target[part]) for part in (order[m:], order[n:m], order[:n])]


# --- learning ---------------------------------------------------------------------------------------------------------------------


def make_net():
    """One number for each row."""
    net = nn.HybridSequential()
    net.add(nn.Dense(64, activation="relu"), nn.Dropout(0.2), nn.Dense(32, activation="relu"), nn.Dense(1))
    return net


def train(net, data, validation, epochs, patience=30, lr=0.002, decay=0.01, batch_size=32):
    """Minimise the squared error until it has not fallen on the validation part for `patience` epochs.

    The network ends with the parameters of its best epoch. Returns `(error, validation error)` for every epoch, and that epoch.
    """
    loader = gluon.data.DataLoader(gluon.data.ArrayDataset(*data), batch_size, shuffle=True)
    trainer = gluon.Trainer(net.collect_params(), "adamw", {"learning_rate": lr, "wd": decay})
    loss_of = gluon.loss.L2Loss()
    history = []
    best, best_epoch, best_params = float("inf"), 0, {}
    bar = tqdm(total=epochs, unit=" epochs")
    for epoch in range(1, epochs + 1):
        for x, y in loader:
            with autograd.record():
                loss = loss_of(net(x), y)
            loss.backward()
            trainer.step(len(y))
        error, validation_error = (float(2 * loss_of(net(x), y).mean()) for x, y in (data, validation))
        history.append((error, validation_error))
        if validation_error < best:
            best, best_epoch = validation_error, epoch
            best_params = {name: param.data().copy() for name, param in net.collect_params().items()}
        bar.update()
        if epoch % 10 == 0:
            tqdm.write(
                f"epoch {epoch:3}: squared error {error:.3f}, validation {validation_error:.3f}; best {best:.3f} at {best_epoch}"
            )
        if epoch - best_epoch == patience:
            tqdm.write(f"epoch {epoch:3}: no better for {patience} epochs; back to the parameters of epoch {best_epoch}")
            break
    bar.close()
    net.load_dict(best_params)
    return history, best_epoch


# --- comparison -------------------------------------------------------------------------------------------------------------------


def r2_and_rmse(target, predicted):
    """The share of the variance that is explained, and the root of the mean squared error."""
    squares = ((target - predicted) ** 2).mean()
    return 1 - squares / target.var(), squares**0.5


def baselines(data, target_scale, seed):
    """What scikit-learn's linear model and its network predict, as functions of scaled features."""
    x, y = data
    ridge = RidgeCV(numpy.logspace(-2, 3, 16)).fit(x, y)
    mlp = MLPRegressor(
        hidden_layer_sizes=(64, 32),
        early_stopping=True,
        validation_fraction=0.2,
        n_iter_no_change=30,
        max_iter=1000,
        random_state=seed,
    )
    mlp.fit(x, y)
    return {
        "scikit-learn's RidgeCV": lambda x: target_scale.undo(ridge.predict(x)),
        "scikit-learn's MLPRegressor": lambda x: target_scale.undo(mlp.predict(x)),
    }


def draw(history, best_epoch, target, predicted, score, path):
    """The errors epoch by epoch, and for each held-out patient the true value and the network's."""
    figure = Figure(figsize=(9.5, 4.2), layout="constrained")
    curves, scatter = figure.subplots(1, 2)
    epochs = range(1, len(history) + 1)
    errors, validation_errors = zip(*history, strict=True)
    curves.plot(epochs, errors, "C0", label="training")
    curves.plot(epochs, validation_errors, "C1", label="validation")
    curves.axvline(best_epoch, color="0.5", linestyle=":", label=f"best: epoch {best_epoch}")
    curves.set(title="Mean squared error (1: that of the mean)", xlabel="epoch", ylim=(0, min(1.6, 1.1 * max(validation_errors))))
    curves.legend()
    low, high = min(target.min(), predicted.min()) - 10, max(target.max(), predicted.max()) + 10
    scatter.plot([low, high], [low, high], color="0.5", linestyle=":")
    scatter.plot(target, predicted, "C0o", alpha=0.6, markeredgewidth=0)
    scatter.set(title="Held out: R² {:.3f}, RMSE {:.1f}".format(*score), xlabel="true progression", ylabel="predicted")
    scatter.set(xlim=(low, high), ylim=(low, high), aspect="equal")
    for axes in (curves, scatter):
        axes.grid(alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=400, help="passes over the training part at most (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the parts, the weights and the order (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "output", help="folder for the picture")
    options = parser.parse_args()
    if options.epochs < 1:
        parser.error("--epochs: one at least")

    parts = load_data(options.seed)
    features, targets = (Scale(column) for column in parts[0])
    data, validation, held_out = [(features(x), targets(y)) for x, y in parts]
    target = parts[2][1]

    np.random.seed(options.seed)
    numpy.random.seed(options.seed)  # of the order, which the loader shuffles with NumPy's generator
    net = make_net()
    net.initialize(init.Xavier())
    history, best_epoch = train(net, *([np.array(a) for a in part] for part in (data, validation)), options.epochs)

    both = [
        numpy.concatenate(pair) for pair in zip(data, validation, strict=True)
    ]  # the baselines choose a validation part themselves
    predict = {
        "the mean": lambda x: numpy.full(len(x), targets.mean),
        **baselines(both, targets, options.seed),
        "Gluon, early stopping": lambda x: targets.undo(net(np.array(x)).asnumpy()[:, 0]),
    }
    predicted = {name: function(held_out[0]) for name, function in predict.items()}
    scores = {name: r2_and_rmse(target, values) for name, values in predicted.items()}
    print(f"\n{'on ' + str(len(target)) + ' held-out patients':<28} {'R²':>7} {'RMSE':>6}")
    for name, (r2, rmse) in scores.items():
        print(f"{name:<28} {r2:7.3f} {rmse:6.1f}")

    options.output.mkdir(parents=True, exist_ok=True)
    ours = "Gluon, early stopping"
    draw(history, best_epoch, target, predicted[ours], scores[ours], options.output / "regression.png")
    print(f"see regression.png in {options.output}")


if __name__ == "__main__":
    main()
