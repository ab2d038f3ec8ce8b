"""Every optimiser against its formula, written down once more in float64, and against numbers of the original."""

import json
from pathlib import Path

import numpy
import pytest

import mxnet as mx
from mxnet import np

ORIGINAL = json.loads(Path(__file__).with_name("original.json").read_text(encoding="utf-8"))
WEIGHT = numpy.array([[1.0, -2.0, 0.5], [0.25, -0.75, 3.0]])
GRADIENTS = [numpy.array([[0.5, 0.1, -1.0], [-0.3, 0.7, 0.02]]) * k * (-1) ** (k // 3) for k in range(1, 6)]

DEFAULTS = {
    "sgd": {"lr": 0.1, "momentum": 0.0},
    "nag": {"lr": 0.1, "momentum": 0.9},
    "signum": {"lr": 0.01, "momentum": 0.9, "wd_lh": 0.0},
    "dcasgd": {"lr": 0.1, "momentum": 0.0, "lamda": 0.04},
    "adagrad": {"lr": 0.01, "epsilon": 1e-6},
    "groupadagrad": {"lr": 0.01, "epsilon": 1e-6},
    "adadelta": {"lr": 1.0, "rho": 0.9, "epsilon": 1e-6},
    "rmsprop": {"lr": 0.001, "rho": 0.9, "momentum": 0.9, "epsilon": 1e-8, "centered": False, "clip_weights": None},
    "ftrl": {"lr": 0.1, "lamda1": 0.01, "beta": 1.0},
    "adam": {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    "adamw": {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-6, "correct_bias": True},
    "adabelief": {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-6, "correct_bias": True},
    "adamax": {"lr": 0.002, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    "nadam": {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "schedule_decay": 0.004},
    "ftml": {"lr": 0.0025, "beta1": 0.6, "beta2": 0.999, "epsilon": 1e-8},
    "lamb": {
        "lr": 0.001,
        "beta1": 0.9,
        "beta2": 0.999,
        "epsilon": 1e-6,
        "lower_bound": 0,
        "upper_bound": 0,
        "bias_correction": True,
    },
    "lans": {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-6, "lower_bound": 0, "upper_bound": 0},
    "lars": {"lr": 0.1, "momentum": 0.0, "eta": 0.001, "epsilon": 1e-8},
    "test": {"lr": 0.01},
}


def limited(x, bound):
    return numpy.clip(x, -bound, bound) if bound else x


def norm(x):
    return numpy.sqrt((x * x).sum())


class Reference:
    """The optimisers once more, in plain NumPy: `w = reference.step(w, gradient)`."""

    def __init__(self, name, learning_rate=None, wd=0.0, rescale_grad=1.0, clip_gradient=None, **own):
        self.name, self.wd, self.scale, self.clip, self.t, self.state = name, wd, rescale_grad, clip_gradient, 0, {}
        vars(self).update(DEFAULTS[name] | own)
        self.lr = learning_rate or self.lr

    def old(self, key, like):
        return self.state.get(key, numpy.zeros_like(like))

    def mean(self, key, rho, x):
        self.state[key] = rho * self.old(key, x) + (1 - rho) * x
        return self.state[key]

    def step(self, w, raw):
        self.t += 1
        self.undecayed = limited(self.scale * raw, self.clip)
        return getattr(self, self.name)(w, self.undecayed + self.wd * w, raw)

    def heavy_ball(self, step):
        self.state["m"] = self.momentum * self.old("m", step) + step
        return self.state["m"]

    def sgd(self, w, g, raw):
        return w + self.heavy_ball(-self.lr * g)

    def test(self, w, g, raw):
        return w - self.lr * (self.scale * raw + self.wd * w)

    def nag(self, w, g, raw):
        return w + self.momentum * self.heavy_ball(-self.lr * g) - self.lr * g

    def signum(self, w, g, raw):
        if not self.momentum:
            return w * (1 - self.lr * (self.wd + self.wd_lh)) - self.lr * numpy.sign(raw)
        return w * (1 - self.lr * self.wd_lh) - self.lr * numpy.sign(self.mean("m", self.momentum, g))

    def dcasgd(self, w, g, raw):
        step = self.heavy_ball(-self.lr * (g + self.lamda * g**2 * (w - self.state.get("previous", w))))
        self.state["previous"] = w
        return w + step

    def adagrad(self, w, g, raw):
        self.state["h"] = self.old("h", g) + g**2
        return w - self.lr * g / (self.state["h"] ** 0.5 + self.epsilon)

    def groupadagrad(self, w, g, raw):
        self.state["h"] = self.state.get("h", 0) + (g**2).mean(axis=1, keepdims=True)
        return w - self.lr * g / (self.state["h"] ** 0.5 + self.epsilon)

    def adadelta(self, w, g, raw):
        step = g * (self.old("d", g) + self.epsilon) ** 0.5 / (self.mean("v", self.rho, g**2) + self.epsilon) ** 0.5
        self.mean("d", self.rho, step**2)
        return w - self.lr * step

    def rmsprop(self, w, g, raw):
        v = self.mean("v", self.rho, g**2)
        if self.centered:
            w = w + self.heavy_ball(-self.lr * g / (v - self.mean("a", self.rho, g) ** 2 + self.epsilon) ** 0.5)
        else:
            w = w - self.lr * g / (v**0.5 + self.epsilon)
        return limited(w, self.clip_weights)

    def ftrl(self, w, g, raw):
        g, n = self.undecayed, self.old("n", w)
        self.state["n"] = n + g**2
        z = self.state["z"] = self.old("z", w) + g - (self.state["n"] ** 0.5 - n**0.5) / self.lr * w
        sparse = numpy.where(abs(z) > self.lamda1, abs(z) - self.lamda1, 0)
        return -numpy.sign(z) * sparse / ((self.beta + self.state["n"] ** 0.5) / self.lr + self.wd)

    def corrected(self):
        return self.lr * (1 - self.beta2**self.t) ** 0.5 / (1 - self.beta1**self.t)

    def adam(self, w, g, raw):
        return w - self.corrected() * self.mean("m", self.beta1, g) / (self.mean("v", self.beta2, g**2) ** 0.5 + self.epsilon)

    def adamw(self, w, g, raw):
        g, a = self.undecayed, self.corrected() if self.correct_bias else self.lr
        direction = self.mean("m", self.beta1, g) / (self.mean("v", self.beta2, g**2) ** 0.5 + self.epsilon)
        return w - a * (direction + self.wd * w)

    def adabelief(self, w, g, raw):
        g, a = limited(self.scale * raw + self.wd * w, self.clip), self.corrected() if self.correct_bias else self.lr
        m = self.mean("m", self.beta1, g)
        s = self.state["s"] = self.beta2 * self.old("s", g) + (1 - self.beta2) * (g - m) ** 2 + self.epsilon
        return w - a * m / (s**0.5 + self.epsilon)

    def adamax(self, w, g, raw):
        u = self.state["u"] = numpy.maximum(self.beta2 * self.old("u", g), abs(g))
        return w - self.lr / (1 - self.beta1**self.t) * self.mean("m", self.beta1, g) / (u + self.epsilon)

    def nadam(self, w, g, raw):
        now, later = (self.beta1 * (1 - 0.5 * 0.96 ** (t * self.schedule_decay)) for t in (self.t, self.t + 1))
        product = self.state["product"] = self.state.get("product", 1) * now
        m, v = self.mean("m", self.beta1, g), self.mean("v", self.beta2, g**2)
        direction = (1 - now) * g / (1 - product) + later * m / (1 - product * later)
        return w - self.lr * direction / ((v / (1 - self.beta2**self.t)) ** 0.5 + self.epsilon)

    def ftml(self, w, g, raw):
        v, before = self.mean("v", self.beta2, g**2), self.old("d", g)
        d = self.state["d"] = (1 - self.beta1**self.t) / self.lr * ((v / (1 - self.beta2**self.t)) ** 0.5 + self.epsilon)
        z = self.state["z"] = self.beta1 * self.old("z", g) + (1 - self.beta1) * g - (d - self.beta1 * before) * w
        return -z / d

    def ratio(self, w, direction):
        size = max(norm(w), self.lower_bound)
        size = min(size, self.upper_bound) if self.upper_bound else size
        return size / norm(direction) if size and norm(direction) else 1.0

    def lamb(self, w, g, raw):
        g = self.undecayed
        m, v = self.mean("m", self.beta1, g), self.mean("v", self.beta2, g**2)
        if self.bias_correction:
            m, v = m / (1 - self.beta1**self.t), v / (1 - self.beta2**self.t)
        direction = m / (v**0.5 + self.epsilon) + self.wd * w
        return w - self.lr * self.ratio(w, direction) * direction

    def lans(self, w, g, raw):
        g = limited(raw / norm(raw), self.clip)
        m = self.mean("m", self.beta1, g) / (1 - self.beta1**self.t)
        root = (self.mean("v", self.beta2, g**2) / (1 - self.beta2**self.t)) ** 0.5 + self.epsilon
        u, q = m / root + self.wd * w, g / root + self.wd * w
        return w - self.lr * (self.beta1 * self.ratio(w, u) * u + (1 - self.beta1) * self.ratio(w, q) * q)

    def lars(self, w, g, raw):
        size, slope = norm(w), norm(self.scale * raw)
        factor = self.eta * size / (slope + self.wd * size + self.epsilon) if size and slope else 1
        return w + self.heavy_ball(-self.lr * factor * g)


def trained(name, dtype, weight=WEIGHT, gradients=GRADIENTS, **arguments):
    update = mx.optimizer.get_updater(mx.optimizer.create(name, **arguments))
    weight = np.array(weight, dtype=dtype)
    for gradient in gradients:
        update(0, np.array(gradient, dtype=dtype), weight)
    assert weight.dtype == dtype
    return weight.asnumpy()


@pytest.mark.parametrize("name", DEFAULTS)
def test_formula(name):
    cases = [arguments for known, arguments, _ in ORIGINAL["plain"] if known == name]
    assert len(cases) >= 2
    for arguments in cases:
        reference, w = Reference(name, **arguments), WEIGHT
        for gradient in GRADIENTS:
            w = reference.step(w, gradient)
        numpy.testing.assert_allclose(trained(name, "float64", **arguments), w, rtol=1e-12, atol=1e-14, err_msg=str(arguments))


@pytest.mark.parametrize("name", DEFAULTS)
def test_numbers_of_the_original(name):
    for known, arguments, weight in ORIGINAL["plain"]:
        if known == name:
            result = trained(name, "float32", **arguments)
            numpy.testing.assert_allclose(result.ravel(), weight, rtol=1e-6, atol=1e-5, err_msg=str(arguments))


def test_every_optimizer_is_tested():
    assert DEFAULTS.keys() | {"sgld"} == {
        name for name, c in mx.optimizer.Optimizer.opt_registry.items() if "mxnet." in c.__module__
    }


@pytest.mark.parametrize("name", DEFAULTS)
def test_defaults(name):
    optimizer = mx.optimizer.create(name)
    values = {"learning_rate" if key == "lr" else key: value for key, value in DEFAULTS[name].items()}
    assert {key: getattr(optimizer, key) or 0 for key in values} == {key: value or 0 for key, value in values.items()}


@pytest.mark.parametrize("name", DEFAULTS)
def test_large_parameters(name):
    """Those that compiled loops update, on threads."""
    rng = numpy.random.default_rng(3)
    weight = rng.standard_normal((100, 203))
    gradients = rng.standard_normal((3, 100, 203))
    arguments = {"clip_gradient": 1.0} if name == "groupadagrad" else {"clip_gradient": 1.0, "wd": 0.1}
    reference, w = Reference(name, **arguments), weight
    for gradient in gradients:
        w = reference.step(w, gradient)
    numpy.testing.assert_allclose(trained(name, "float32", weight, gradients, **arguments), w, rtol=1e-5, atol=1e-5)


def test_multi_precision_is_the_originals():
    for name, arguments, weight, master in ORIGINAL["half"]:
        update = mx.optimizer.get_updater(mx.optimizer.create(name, multi_precision=True, **arguments))
        w = np.array(WEIGHT, dtype="float16")
        for gradient in GRADIENTS:
            update(0, np.array(gradient, dtype="float16"), w)
        assert w.dtype == "float16"
        assert update.states[0][0].dtype == "float32"
        numpy.testing.assert_allclose(w.asnumpy().ravel(), weight, rtol=1e-3, err_msg=name)  # a unit of float16
        atol = 1e-4 if name == "lans" else 1e-5  # the original takes the norm of the gradient in float16
        numpy.testing.assert_allclose(update.states[0][0].asnumpy().ravel(), master, rtol=1e-6, atol=atol, err_msg=name)


def test_schedules_and_multipliers_are_the_originals():
    for name, begin, kind, *weights in ORIGINAL["scheduled"]:
        if kind == "factor":
            schedule = mx.lr_scheduler.FactorScheduler(2, 0.5, base_lr=0.1)
        else:
            schedule = mx.lr_scheduler.CosineScheduler(14, base_lr=0.1, final_lr=0.01, warmup_steps=3, warmup_begin_lr=0.02)
        optimizer = mx.optimizer.create(name, lr_scheduler=schedule, learning_rate=0.1, begin_num_update=begin, wd=0.1)
        optimizer.set_lr_mult({0: 0.5})
        optimizer.set_wd_mult({0: 2.0})
        update = mx.optimizer.get_updater(optimizer)
        pair = [np.array(WEIGHT), np.array(WEIGHT)]
        for gradient in GRADIENTS:
            update([0, 1], [np.array(gradient)] * 2, pair)
        for w, expected in zip(pair, weights, strict=True):
            numpy.testing.assert_allclose(w.asnumpy().ravel(), expected, rtol=1e-6, atol=1e-5, err_msg=f"{name} {begin} {kind}")


def test_nadam_schedules_each_parameter_for_itself():
    update = mx.optimizer.get_updater(mx.optimizer.Nadam())
    pair = [np.array(WEIGHT), np.array(WEIGHT)]
    for gradient in GRADIENTS:
        update([0, 1], [np.array(gradient)] * 2, pair)
    numpy.testing.assert_array_equal(pair[0].asnumpy(), pair[1].asnumpy())
    numpy.testing.assert_array_equal(pair[0].asnumpy(), trained("nadam", "float32"))


def test_sgld_samples():
    np.random.seed(1)
    weight = np.ones(200_000, dtype="float64")
    mx.optimizer.get_updater(mx.optimizer.SGLD(learning_rate=0.01, clip_gradient=0.5, wd=0.1))(0, 10 * weight, weight)
    step = weight.asnumpy() - 1
    assert abs(step.mean() + 0.005 * 0.6) < 4 * 0.1 / 200_000**0.5
    assert abs(step.std() - 0.1) < 0.001


@pytest.mark.parametrize("name", ["ftrl", "ftml"])
def test_a_learning_rate_of_zero_changes_nothing(name):
    numpy.testing.assert_array_equal(trained(name, "float64", learning_rate=0), WEIGHT)


@pytest.mark.parametrize("name", ["lamb", "lans", "lars"])
def test_norms_of_zero(name):
    for weight in (WEIGHT, 0 * WEIGHT):
        for gradient in (GRADIENTS[0], 0 * GRADIENTS[0]):
            result = trained(name, "float64", weight, [gradient], learning_rate=0.1)
            assert numpy.isfinite(result).all()
            assert (result != weight).any() == gradient.any()


def test_centered_rmsprop_survives_rounding():
    weight = trained("rmsprop", "float32", [1.0, 2.0], [[1000.0, 3000.0]] * 300, centered=True, epsilon=1e-8)
    assert numpy.isfinite(weight).all()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("rmsprop", {"gamma1": 0.5, "gamma2": 0.3, "centered": True}, {"rho": 0.5, "momentum": 0.3, "centered": True}),
        ("adagrad", {"eps": 0.1}, {"epsilon": 0.1}),
        ("groupadagrad", {"eps": 0.1}, {"epsilon": 0.1}),
        ("lars", {"eps": 0.1}, {"epsilon": 0.1}),
        ("sgd", {"lazy_update": True}, {}),
        ("adam", {"lazy_update": False}, {}),
    ],
)
def test_arguments_of_mxnet_1(name, old, new):
    numpy.testing.assert_array_equal(trained(name, "float64", **old), trained(name, "float64", **new))


@pytest.mark.parametrize("fused", [True, False])
def test_use_fused_step_changes_no_number(fused):
    numpy.testing.assert_array_equal(trained("adam", "float32", use_fused_step=fused), trained("adam", "float32"))


@pytest.mark.parametrize("clip", [None, 0, -1])
def test_no_clipping(clip):
    numpy.testing.assert_array_equal(trained("sgd", "float64", clip_gradient=clip), trained("sgd", "float64"))


def test_group_adagrad_needs_rows_and_no_decay():
    with pytest.raises(ValueError, match="AdaGrad updates it"):
        trained("groupadagrad", "float32", [1.0, 2.0], [[1.0, 1.0]])
    with pytest.raises(ValueError, match="no decay"):
        trained("groupadagrad", "float32", wd=0.1)


def test_sgld_refuses_a_negative_learning_rate():
    with pytest.raises(ValueError, match="variance"):
        trained("sgld", "float32", learning_rate=-0.1)
