"""A recurrent network that reads *Paradise Lost* letter by letter, and then goes on in its own words.

    python examples/text_rnn.py                  # LSTM and GRU, one after the other
    python examples/text_rnn.py --cell gru
    python examples/text_rnn.py --text any.txt

The network guesses the next character from all that came before, of which its state is the memory. The text is cut into streams,
which are read side by side, a window at a time. The state goes on from window to window, the gradient does not: this is truncated
back-propagation through time. The last tenth of the text is held out. The measure is the perplexity of a character, the exponential
of the mean cross-entropy: at 6 the next character is as much in doubt as one of six that are equally likely. The script prints it
after every epoch, then what the network writes, and leaves a picture of the curves in examples/output/.
"""

import argparse
from math import exp
from pathlib import Path

from matplotlib.figure import Figure
from tqdm import tqdm

from mxnet import autograd, gluon, lr_scheduler, np, npx
from mxnet.gluon import nn, rnn

npx.set_np()

HERE = Path(__file__).parent
TEXT = HERE / "data" / "paradise_lost.txt"
CELLS = {"lstm": rnn.LSTM, "gru": rnn.GRU}
STREAMS, WINDOW = 32, 64
TEMPERATURES = [0.3, 0.7, 1.0]

# --- data -------------------------------------------------------------------------------------------------------------------------


def load_text(path):
    """The characters that occur, and the text as their numbers: `(alphabet, for training, held out)`."""
    text = path.read_text(encoding="utf-8")
    alphabet = sorted(set(text))
    number = {character: i for i, character in enumerate(alphabet)}
    numbers = np.array([number[character] for character in text], dtype="int32")
    n = len(numbers) // 10
    return alphabet, numbers[:-n], numbers[-n:]


def windows(text, streams=STREAMS):
    """Pairs `(read, follows)` of shape (time, streams) in order: each column goes on where it stopped in the pair before."""
    length = (len(text) - 1) // streams
    read, follows = (text[i : i + length * streams].reshape(streams, length).T for i in (0, 1))
    return [(read[t : t + WINDOW], follows[t : t + WINDOW]) for t in range(0, length, WINDOW)]


# --- the network ------------------------------------------------------------------------------------------------------------------


class Reader(nn.HybridBlock):
    """Logits of the character after each of `characters`, of shape (time, batch), and the state after the last."""

    def __init__(self, cell, size, units=256):
        super().__init__()
        self.embedding = nn.Embedding(size, 64)
        self.memory = CELLS[cell](units)
        self.logits = nn.Dense(size, flatten=False)

    def forward(self, characters, state):
        outputs, state = self.memory(self.embedding(characters), state)
        return self.logits(outputs), state


# --- learning ---------------------------------------------------------------------------------------------------------------------

cross_entropy = gluon.loss.SoftmaxCELoss()


def perplexity(net, text):
    """exp(mean cross-entropy) of a text that is read from beginning to end."""
    state = net.memory.begin_state(STREAMS)
    total = count = 0
    for read, follows in windows(text):
        logits, state = net(read, state)
        total += float(cross_entropy(logits, follows).mean()) * read.size
        count += read.size
    return exp(total / count)


def frequency_perplexity(text):
    """The perplexity of a text for one who knows how often each character occurs, and no more."""
    shares = np.unique(text, return_counts=True)[1] / len(text)
    return exp(-float((shares * np.log(shares)).sum()))


def train(net, text, held_out, epochs, name, lr=0.006):
    """Minimise the cross-entropy. Returns the perplexity of every window, and that of the held-out text after every epoch."""
    pairs = windows(text)
    schedule = lr_scheduler.CosineScheduler(epochs * len(pairs), base_lr=lr, final_lr=lr / 20, warmup_steps=len(pairs) // 10)
    trainer = gluon.Trainer(net.collect_params(), "adam", {"lr_scheduler": schedule})
    parameters = net.collect_params().values()
    curve, held_out_curve = [], []
    bar = tqdm(total=epochs * len(pairs), unit=" windows", desc=name)
    for epoch in range(1, epochs + 1):
        state = net.memory.begin_state(STREAMS)
        for read, follows in pairs:
            state = [s.detach() for s in state]  # the past is remembered; the gradient ends here
            with autograd.record():
                logits, state = net(read, state)
                loss = cross_entropy(logits, follows).mean()
            loss.backward()
            gluon.utils.clip_global_norm([p.grad() for p in parameters], 1)  # one odd window must not throw the weights about
            trainer.step(1)  # the loss is a mean already
            curve.append(exp(float(loss)))
            bar.update()
        held_out_curve.append(perplexity(net, held_out))
        mean = sum(curve[-len(pairs) :]) / len(pairs)
        tqdm.write(f"{name} epoch {epoch:2}: perplexity {mean:5.2f}, held out {held_out_curve[-1]:5.2f}")
    bar.close()
    return curve, held_out_curve


# --- writing ----------------------------------------------------------------------------------------------------------------------


def write(net, alphabet, start, length):
    """What the network goes on with after a `start`: a text for each temperature, which divides the logits."""
    temperatures = np.array(TEMPERATURES)[:, None]
    state = net.memory.begin_state(len(TEMPERATURES))
    characters = np.array([[alphabet.index(c)] * len(TEMPERATURES) for c in start], dtype="int32")
    texts = []
    for _ in range(length):
        logits, state = net(characters, state)
        noise = np.random.gumbel(size=(len(TEMPERATURES), len(alphabet)))  # the largest of logit + noise is a draw from softmax
        characters = (logits[-1] / temperatures + noise).argmax(axis=1).astype("int32")[None]
        texts.append(characters[0])
    return ["".join(alphabet[int(i)] for i in column) for column in np.stack(texts, axis=1)]


# --- pictures ---------------------------------------------------------------------------------------------------------------------


def draw_curves(results, by_frequency, path):
    """Perplexity of each window as it is learned from, thin, and of the held-out text after every epoch."""
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    for color, (cell, (curve, held_out_curve)) in zip(("C0", "C1"), results.items(), strict=False):
        epochs = len(held_out_curve)
        axes.plot([epochs * i / len(curve) for i in range(1, len(curve) + 1)], curve, color, linewidth=0.6, alpha=0.4)
        axes.plot(range(1, epochs + 1), held_out_curve, color + "o-", label=f"{cell.upper()}: {held_out_curve[-1]:.2f}")
    axes.axhline(by_frequency, color="gray", linestyle=":")
    axes.annotate("knowing frequencies alone", (1, by_frequency), (-4, 4), ("axes fraction", "data"), "offset points", ha="right")
    axes.set(title="Perplexity of a character", xlabel="epoch", yscale="log", xlim=(0, None), ylim=(4, 40))
    axes.set_yticks([4, 5, 6, 8, 10, 15, 20, 30, 40], [4, 5, 6, 8, 10, 15, 20, 30, 40])
    axes.set_yticks([], minor=True)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend(title="held out, at the end", loc="center right")
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cell", choices=CELLS, nargs="+", default=list(CELLS), help="lstm, gru or both (default: both)")
    parser.add_argument("--epochs", type=int, default=5, help="times that the text is read (default: %(default)s)")
    parser.add_argument("--text", type=Path, default=TEXT, help="file in UTF-8 (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the weights and the samples (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=HERE / "output", help="folder for the picture")
    options = parser.parse_args()
    if options.epochs < 1:
        parser.error("--epochs: one at least")

    if not options.text.is_file():
        parser.error(f"--text: no file {options.text}")

    alphabet, text, held_out = load_text(options.text)
    if len(held_out) <= STREAMS:
        parser.error(f"--text: {10 * (STREAMS + 1)} characters at least")
    n, by_frequency = len(text) + len(held_out), frequency_perplexity(np.concatenate([text, held_out]))
    print(f"{n:,} characters, {len(alphabet)} different ones; perplexity if only their frequencies are known: {by_frequency:.1f}")
    results = {}
    for cell in options.cell:
        np.random.seed(options.seed)
        net = Reader(cell, len(alphabet))
        net.initialize()
        results[cell] = train(net, text, held_out, options.epochs, cell.upper())
        for temperature, sample in zip(TEMPERATURES, write(net, alphabet, "\n", 400), strict=True):
            print(f"\n--- {cell.upper()}, temperature {temperature} ---\n{sample.strip()}")
        print()

    options.output.mkdir(parents=True, exist_ok=True)
    draw_curves(results, by_frequency, options.output / "text_rnn.png")
    ends = ", ".join(f"{held_out_curve[-1]:.2f} ({cell.upper()})" for cell, (_, held_out_curve) in results.items())
    print(f"perplexity of the held-out text: {ends}; see text_rnn.png in {options.output}")


if __name__ == "__main__":
    main()
