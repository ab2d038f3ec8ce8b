"""A transformer, encoder and decoder, that learns to write random words backwards: `abcde` becomes `edcba`.

    python examples/transformer.py

The task is easy to state and needs the whole machine: nothing but attention can bring a letter from one end of the word to the
other, and where to look follows from positions alone. The network, after Vaswani et al., *Attention is all you need*, 2017, is
written out in Gluon blocks on `npx.scaled_dot_product_attention`. The script prints how training goes, and what becomes of new
words, and leaves two pictures in examples/output/: the loss, and where the decoder looks as it writes.

The products are small. Where other programs keep the processor busy, the environment variable OPENBLAS_NUM_THREADS=1 makes this
several times faster: threads of NumPy's BLAS then do not wait for one another.
"""

import argparse
from math import ceil, sqrt
from pathlib import Path
from string import ascii_lowercase

from matplotlib.figure import Figure
from tqdm import tqdm

from mxnet import autograd, gluon, init, lr_scheduler, np, npx
from mxnet.gluon import nn

npx.set_np()

# --- data -------------------------------------------------------------------------------------------------------------------------

PAD, START, END = range(3)  # fills the ends of short words; begins what the decoder reads; ends what it writes
SYMBOLS = "·^$" + ascii_lowercase
SHORTEST, LONGEST = 4, 16


def random_words(n):
    """Words of random letters, shape (n, LONGEST), and the same backwards, (n, LONGEST + 2): START, letters, END."""
    letters = np.random.randint(END + 1, len(SYMBOLS), size=(n, LONGEST))
    lengths = np.random.randint(SHORTEST, LONGEST + 1, size=(n, 1))
    place = np.arange(LONGEST + 1)
    words = np.where(place[:-1] < lengths, letters, PAD)
    backwards = np.take_along_axis(letters, np.maximum(lengths - 1 - place[:-1], 0), axis=1)
    backwards = np.pad(backwards, ((0, 0), (0, 1)))  # room for END after the longest
    backwards = np.where(place < lengths, backwards, np.where(place == lengths, END, PAD))
    return words, np.concatenate([np.full((n, 1), START, dtype=backwards.dtype), backwards], axis=1)


def spell(symbols):
    """The letters of one word, up to END or the first PAD."""
    text = "".join(SYMBOLS[int(i)] for i in symbols).lstrip(SYMBOLS[START])
    return text.split(SYMBOLS[END])[0].split(SYMBOLS[PAD])[0]


# --- the network ------------------------------------------------------------------------------------------------------------------


def positions(length, units):
    """sin(t / 10000^(2k / units)) in columns 2k of row t, and the cosine in columns 2k + 1: a clock with many hands."""
    angle = np.arange(length)[:, None] / 10000 ** (np.arange(0, units, 2) / units)
    return np.stack([np.sin(angle), np.cos(angle)], axis=-1).reshape(length, units)


class MultiHeadAttention(nn.HybridBlock):
    """For each place of `x` a mixture of the places of `memory`: each head has its own share of the units and looks for itself."""

    def __init__(self, units, heads):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Dense(units, flatten=False) for _ in range(4))

    def split(self, x):
        """(batch, length, units) → (batch, heads, length, units / heads)."""
        return x.reshape(*x.shape[:2], self.heads, -1).swapaxes(1, 2)

    def forward(self, x, memory, mask=None, is_causal=False):
        q, k, v = self.split(self.query(x)), self.split(self.key(memory)), self.split(self.value(memory))
        mixed = npx.scaled_dot_product_attention(q, k, v, mask, is_causal)
        return self.out(mixed.swapaxes(1, 2).reshape(x.shape))

    def weights(self, x, memory, mask):
        """How much each head looks where, (batch, heads, length, sources): for the picture, as `forward` never holds them."""
        q, k = self.split(self.query(x)), self.split(self.key(memory))
        return npx.masked_softmax(np.matmul(q, k.swapaxes(-1, -2)) / sqrt(q.shape[-1]), mask)


class FeedForward(nn.HybridBlock):
    """Two layers, applied to every place by itself."""

    def __init__(self, units, hidden):
        super().__init__()
        self.expand, self.contract = nn.Dense(hidden, flatten=False, activation="relu"), nn.Dense(units, flatten=False)

    def forward(self, x):
        return self.contract(self.expand(x))


class EncoderLayer(nn.HybridBlock):
    """x + attention(x), then x + feed_forward(x), each on normalised x."""

    def __init__(self, units, heads):
        super().__init__()
        self.attention, self.attention_norm = MultiHeadAttention(units, heads), nn.LayerNorm()
        self.feed_forward, self.feed_forward_norm = FeedForward(units, 4 * units), nn.LayerNorm()

    def forward(self, x, mask):
        y = self.attention_norm(x)
        x = x + self.attention(y, y, mask)
        return x + self.feed_forward(self.feed_forward_norm(x))


class DecoderLayer(nn.HybridBlock):
    """As an encoder's, but no place sees a later one; and between the two it looks at what the encoder made of the word."""

    def __init__(self, units, heads):
        super().__init__()
        self.attention, self.attention_norm = MultiHeadAttention(units, heads), nn.LayerNorm()
        self.over_encoder, self.over_encoder_norm = MultiHeadAttention(units, heads), nn.LayerNorm()
        self.feed_forward, self.feed_forward_norm = FeedForward(units, 4 * units), nn.LayerNorm()

    def forward(self, x, memory, mask):
        y = self.attention_norm(x)
        x = x + self.attention(y, y, is_causal=True)
        x = x + self.over_encoder(self.over_encoder_norm(x), memory, mask)
        return x + self.feed_forward(self.feed_forward_norm(x))


class Transformer(nn.HybridBlock):
    """Logits of the next symbol after each of `written`, given `words`; both are symbols, of shape (batch, length)."""

    def __init__(self, units=64, heads=4, layers=1):
        super().__init__()
        self.scale = sqrt(units)
        self.clock = positions(LONGEST + 2, units)
        self.embedding = nn.Embedding(len(SYMBOLS), units, weight_initializer=init.Normal(1 / self.scale))
        self.encoder, self.decoder = nn.HybridSequential(), nn.HybridSequential()
        self.encoder.add(*(EncoderLayer(units, heads) for _ in range(layers)))
        self.decoder.add(*(DecoderLayer(units, heads) for _ in range(layers)))
        self.encoder_norm, self.decoder_norm = nn.LayerNorm(), nn.LayerNorm()
        self.logits = nn.Dense(len(SYMBOLS), flatten=False)

    def embed(self, symbols):
        return self.embedding(symbols) * self.scale + self.clock[: symbols.shape[1]]

    def encode(self, words):
        """What the decoder looks at, and the mask that keeps it to the letters: (batch, 1 for heads, 1 for queries, length)."""
        x, mask = self.embed(words), (words != PAD)[:, None, None, :]
        for layer in self.encoder:
            x = layer(x, mask)
        return self.encoder_norm(x), mask

    def decode(self, written, memory, mask):
        x = self.embed(written)
        for layer in self.decoder:
            x = layer(x, memory, mask)
        return self.logits(self.decoder_norm(x))

    def forward(self, words, written):
        return self.decode(written, *self.encode(words))

    def write(self, words):
        """Greedy decoding: from START on, always append the likeliest symbol. Symbols after END mean nothing."""
        memory, mask = self.encode(words)
        written = np.full((len(words), 1), START, dtype=words.dtype)
        for _ in range(LONGEST + 1):
            likeliest = self.decode(written, memory, mask)[:, -1:].argmax(axis=-1)
            written = np.concatenate([written, likeliest.astype(words.dtype)], axis=1)
        return written


# --- learning ---------------------------------------------------------------------------------------------------------------------


def share_right(written, targets):
    """The share of words that are right to the last letter, END included."""
    return float(((written == targets) | (targets == PAD)).all(axis=1).mean())


def train(net, steps, test, lr=0.002, batch_size=64):
    """Minimise the cross-entropy of the next symbol on words that are always new. Returns the loss of every step."""
    schedule = lr_scheduler.CosineScheduler(steps, base_lr=lr, final_lr=lr / 100, warmup_steps=min(100, steps // 4))
    parameters = net.collect_params().values()
    trainer = gluon.Trainer(net.collect_params(), "adam", {"lr_scheduler": schedule})
    loss_of = gluon.loss.SoftmaxCELoss()
    losses = []
    bar = tqdm(total=steps, unit=" batches")
    for step in range(1, steps + 1):
        words, backwards = random_words(batch_size)
        written, targets = backwards[:, :-1], backwards[:, 1:]  # after each symbol the next is to be guessed
        real = targets != PAD
        with autograd.record():
            loss = loss_of(net(words, written)[real], targets[real]).mean()
        loss.backward()
        gluon.utils.clip_global_norm([p.grad() for p in parameters], 1)  # one odd batch must not throw the weights about
        trainer.step(1)  # the loss is a mean already
        losses.append(float(loss))
        bar.update()
        if step % 200 == 0 or step == steps:
            words, backwards = test
            right = share_right(net.write(words[:200]), backwards[:200])
            tqdm.write(f"step {step:5}: loss {losses[-1]:.4f}; right {right:6.1%} of 200 new words")
    bar.close()
    return losses


# --- pictures ---------------------------------------------------------------------------------------------------------------------


def draw_loss(losses, path):
    """The loss of every step."""
    figure = Figure(figsize=(6, 3.6), layout="constrained")
    axes = figure.subplots()
    axes.plot(range(1, len(losses) + 1), losses, "C0", linewidth=0.8)
    axes.set(title="Cross-entropy for a symbol", xlabel="step", yscale="log")
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120)


def draw_attention(net, word, path):
    """For every symbol that the decoder writes, where its last layer looks in the word: on average over the heads, and by head."""
    word = word[None, : len(spell(word))]
    written = net.write(word)[:, : word.shape[1] + 2]
    maps = []
    attention = net.decoder[-1].over_encoder
    hook = attention.register_forward_hook(lambda block, inputs, output: maps.append(block.weights(*inputs)[0].asnumpy()))
    net(word, written[:, :-1])
    hook.detach()
    heads = maps[0]

    figure = Figure(figsize=(11, 5.6), layout="constrained")
    figure.suptitle("Where the decoder looks (across) as it writes (down)")
    left, right = figure.subfigures(1, 2)
    places = [left.subplots(), *right.subplots(2, ceil(len(heads) / 2)).ravel()]
    titles = ["on average over the heads", *(f"head {i}" for i in range(1, len(heads) + 1))]
    for axes, title, weights in zip(places, titles, [heads.mean(axis=0), *heads], strict=False):
        image = axes.imshow(weights, vmin=0, vmax=1)
        axes.set_title(title)
        axes.set_xticks(range(weights.shape[1]), spell(word[0]))
        axes.set_yticks(range(weights.shape[0]), ["end" if i == END else SYMBOLS[int(i)] for i in written[0, 1:]])
        axes.tick_params(length=0, labelsize=11 if axes is places[0] else 7)
    left.colorbar(image, ax=places[0], location="left", shrink=0.6, label="weight")
    figure.savefig(path, dpi=120)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=1200, help="batches of 64 words to learn from (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the weights and the words (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "output", help="folder for the pictures")
    options = parser.parse_args()
    if options.steps < 1:
        parser.error("--steps: one at least")

    np.random.seed(0)
    test = random_words(1000)
    np.random.seed(options.seed)
    net = Transformer()
    net.initialize(init.Xavier())
    losses = train(net, options.steps, test)

    words, backwards = test
    written = net.write(words)
    for word, result, target in zip(words[:8], written, backwards, strict=False):
        verdict = "" if share_right(result[None], target[None]) else "  wrong"
        print(f"{spell(word):>{LONGEST}} → {spell(result)}{verdict}")
    options.output.mkdir(parents=True, exist_ok=True)
    draw_loss(losses, options.output / "transformer_loss.png")
    draw_attention(net, max(words[:8], key=lambda word: len(spell(word))), options.output / "transformer_attention.png")
    print(f"{share_right(written, backwards):.2%} of {len(words)} new words are written backwards without a mistake")


if __name__ == "__main__":
    main()
