"""Losses: their formulas written with NumPy and SciPy, numbers of the original, gradients, weights, and what is refused.

Tolerances: 1e-12 for float64; 2e-6, relative and absolute, for numbers of the original, which are float32.
"""

import numpy
import pytest
from scipy import special, stats

from mxnet import autograd, gluon, np
from mxnet.gluon import loss as losses
from mxnet.test_utils import check_numeric_gradient

P = numpy.array([[0.1, 0.5, -0.3], [0.2, -0.7, 1.0]])
Y = numpy.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
SIGNED = 2 * Y - 1
CLASSES = numpy.array([0, 2])
PROBABILITIES = special.expit(P)
DISTRIBUTIONS = numpy.array([[0.2, 0.3, 0.5], [0.0, 1.0, 0.0]])
COUNTS = numpy.array([[0.0, 1.0, 4.0], [2.0, 0.0, 3.0]])


def kl(distribution, logs):
    return special.rel_entr(distribution, numpy.exp(logs))


def poisson(label, rate):
    return stats.poisson.logpmf(label, rate) + special.gammaln(label + 1)


def stirling(n):
    with numpy.errstate(all="ignore"):
        return numpy.where(n > 1, n * numpy.log(n) - n + 0.5 * numpy.log(2 * numpy.pi * n), 0)


LOGS = special.log_softmax(P, axis=-1)

# loss, prediction, label, what it is element by element
ELEMENTS = {
    "L2": (losses.L2Loss(), P, Y, (P - Y) ** 2 / 2),
    "L1": (losses.L1Loss(), P, Y, abs(P - Y)),
    "Huber": (losses.HuberLoss(rho=0.8), P, Y, special.huber(0.8, P - Y) / 0.8),
    "BCE": (losses.SigmoidBCELoss(), P, Y, -special.log_expit(P) * Y - special.log_expit(-P) * (1 - Y)),
    "BCE of probabilities": (
        losses.SigmoidBCELoss(from_sigmoid=True),
        PROBABILITIES,
        Y,
        -numpy.log(PROBABILITIES + 1e-12) * Y - numpy.log(1 - PROBABILITIES + 1e-12) * (1 - Y),
    ),
    "logistic": (losses.LogisticLoss(), P, SIGNED, -special.log_expit(P * SIGNED)),
    "logistic, binary": (losses.LogisticLoss(label_format="binary"), P, Y, -special.log_expit(P * SIGNED)),
    "hinge": (losses.HingeLoss(margin=0.9), P, SIGNED, numpy.maximum(0, 0.9 - P * SIGNED)),
    "squared hinge": (losses.SquaredHingeLoss(), P, SIGNED, numpy.maximum(0, 1 - P * SIGNED) ** 2),
    "KL": (losses.KLDivLoss(), LOGS, DISTRIBUTIONS, kl(DISTRIBUTIONS, LOGS)),
    "KL of scores": (losses.KLDivLoss(from_logits=False), P, DISTRIBUTIONS, kl(DISTRIBUTIONS, LOGS)),
    "Poisson": (losses.PoissonNLLLoss(), P, COUNTS, -poisson(COUNTS, numpy.exp(P))),
    "Poisson, rates": (losses.PoissonNLLLoss(from_logits=False), abs(P), COUNTS, abs(P) - COUNTS * numpy.log(abs(P) + 1e-8)),
    "Poisson, in full": (losses.PoissonNLLLoss(compute_full=True), P, COUNTS, -poisson(COUNTS, numpy.exp(P)) + stirling(COUNTS)),
}


def double(value):
    return np.array(value, dtype="float64")


@pytest.mark.parametrize("name", ELEMENTS)
def test_elements(name):
    loss, pred, label, elements = ELEMENTS[name]
    found = loss(double(pred), double(label))
    assert found.dtype == numpy.float64
    numpy.testing.assert_allclose(found, elements.mean(axis=1), rtol=1e-11, atol=1e-11)  # 1e-12 is added to probabilities
    weights = numpy.array([[2.0], [0.5]])
    numpy.testing.assert_allclose(
        loss(double(pred), double(label), double(weights)), (elements * weights).mean(1), rtol=1e-11, atol=1e-11
    )


@pytest.mark.parametrize("name", ELEMENTS)
def test_gradients(name):
    loss, pred, label, _ = ELEMENTS[name]
    pred = pred + 0.0123  # away from kinks
    check_numeric_gradient(lambda p: loss(p, double(label)), [double(pred)], rtol=1e-5)


@pytest.mark.parametrize("name", ELEMENTS)
def test_labels_take_the_shape_of_predictions(name):
    loss, pred, label, elements = ELEMENTS[name]
    label = np.array(label.reshape(2, 3, 1), dtype="float32")
    numpy.testing.assert_allclose(loss(np.array(pred), label), elements.mean(1), rtol=2e-6, atol=2e-6)


def test_the_factor_and_the_axis_of_the_batch():
    found = losses.L2Loss(weight=3, batch_axis=1)(double(P), double(Y))
    numpy.testing.assert_allclose(found, 1.5 * ((P - Y) ** 2).mean(0), rtol=1e-12)
    assert losses.L2Loss(batch_axis=-1)(double(P), double(Y)).shape == (3,)
    assert losses.L1Loss()(np.zeros(4), np.ones(4)).tolist() == [1, 1, 1, 1]
    assert losses.L1Loss()(np.zeros((0, 3)), np.ones((0, 3))).shape == (0,)


def test_softmax_cross_entropy():
    rows = numpy.arange(2)
    expected = -LOGS[rows, CLASSES]
    for label in (CLASSES, CLASSES.astype("float32"), CLASSES.reshape(2, 1), CLASSES.astype("int8")):
        found = losses.SoftmaxCELoss()(double(P), np.array(label, dtype=label.dtype))
        numpy.testing.assert_allclose(found, expected, rtol=1e-12)
    found = losses.SoftmaxCELoss(sparse_label=False)(double(P), double(DISTRIBUTIONS))
    numpy.testing.assert_allclose(found, -(DISTRIBUTIONS * LOGS).sum(1), rtol=1e-12)
    found = losses.SoftmaxCELoss(from_logits=True)(double(LOGS), np.array(CLASSES))
    numpy.testing.assert_allclose(found, expected, rtol=1e-12)
    found = losses.SoftmaxCELoss(from_logits=True, sparse_label=False)(double(LOGS), double(DISTRIBUTIONS))
    numpy.testing.assert_allclose(found, -(DISTRIBUTIONS * LOGS).sum(1), rtol=1e-12)
    found = losses.SoftmaxCELoss(axis=1)(double(P.T[None]), np.array([[0, 2]]))
    numpy.testing.assert_allclose(found, [expected.mean()], rtol=1e-12)
    found = losses.SoftmaxCELoss(weight=2)(double(P), np.array(CLASSES), double([[2.0], [1.0]]))
    numpy.testing.assert_allclose(found, 2 * expected * [2, 1], rtol=1e-12)


@pytest.mark.parametrize("from_logits", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "int32"])
def test_labels_of_weight_0_are_not_looked_at(from_logits, dtype):
    loss = losses.SoftmaxCELoss(from_logits=from_logits)
    pred = double(LOGS)
    pred.attach_grad()
    label, weights = np.array([2, -1], dtype=dtype), np.array([[0.5], [0.0]])
    with autograd.record():
        found = loss(pred, label, weights)
    found.backward()
    numpy.testing.assert_allclose(found, [-LOGS[0, 2] / 2, 0], rtol=1e-12)
    assert found[1] == 0
    assert pred.grad[1].tolist() == [0, 0, 0]
    assert label.tolist() == [2, -1]
    with pytest.raises(ValueError, match=r"a label is a class from 0 to 2, not -1"):
        loss(pred, label, np.array([[0.0], [0.5]]))
    # sequences that are padded, with the axis of classes at the end and in the middle
    sequences, label, mask = double(LOGS[None]), np.array([[1, 9]]), np.array([[[1], [0]]])
    numpy.testing.assert_allclose(loss(sequences, label, mask), [-LOGS[0, 1] / 2], rtol=1e-12)
    loss = losses.SoftmaxCELoss(axis=1, from_logits=from_logits)
    numpy.testing.assert_allclose(loss(sequences.swapaxes(1, 2), label, mask.swapaxes(1, 2)), [-LOGS[0, 1] / 2], rtol=1e-12)
    numpy.testing.assert_allclose(loss(double(LOGS), np.array([[1], [-1]]), [[1], [0]]), [-LOGS[0, 1], 0], rtol=1e-12)
    with pytest.raises(ValueError, match="a label is a class"):
        loss(double(LOGS), np.array([1, -1]), np.array([1.0, 0.0]))  # weights of another shape: of (sample, class)


@pytest.mark.parametrize("label", [[0, 3], [-1, 0], [0.0, numpy.nan]])
def test_logarithms_of_probabilities_and_labels_that_are_no_classes(label):
    with pytest.raises(ValueError, match=r"SoftmaxCrossEntropyLoss: a label is a class from 0 to 2, not (3|-1|nan)"):
        losses.SoftmaxCELoss(from_logits=True)(double(LOGS), np.array(label))
    assert losses.SoftmaxCELoss(from_logits=True)(np.zeros((0, 3)), np.zeros(0)).shape == (0,)


def as_torch(values):
    return pytest.importorskip("torch").tensor(values)


@pytest.mark.parametrize("kind", [list, tuple, numpy.array, as_torch])
@pytest.mark.parametrize("name", ELEMENTS)
def test_labels_and_weights_of_other_kinds(name, kind):
    loss, pred, label, elements = ELEMENTS[name]
    found = loss(double(pred), kind(label.tolist()), kind([[2.0], [0.5]]))
    assert found.dtype == numpy.float64
    numpy.testing.assert_allclose(found, (elements * [[2.0], [0.5]]).mean(1), rtol=1e-6)
    assert loss(np.array(pred, dtype="float32"), kind(label.tolist())).dtype == numpy.float32


@pytest.mark.parametrize("kind", [list, numpy.array, as_torch])
def test_classes_and_pairs_of_other_kinds(kind):
    expected = -LOGS[[0, 1], CLASSES]
    for from_logits in (False, True):
        found = losses.SoftmaxCELoss(from_logits=from_logits)(double(LOGS), kind([0, 2]), kind([[1.0], [2.0]]))
        numpy.testing.assert_allclose(found, expected * [1, 2], rtol=1e-12)
    found = losses.CTCLoss(label_layout="TN")(np.ones((2, 5, 4)), kind([[1, 0], [2, -1]]), None, np.array([2, 1]))
    numpy.testing.assert_allclose(found, [3.3761237, 4.2234216], rtol=2e-6)
    a, b = double(P), double(Y)
    for loss in (losses.SDMLLoss(), losses.L1Loss()):
        numpy.testing.assert_allclose(loss(a, kind(Y.tolist())), loss(a, b), rtol=1e-6)
    expected = losses.CosineEmbeddingLoss()(a, b, double([1, -1]))
    numpy.testing.assert_allclose(losses.CosineEmbeddingLoss()(a, kind(Y.tolist()), kind([1, -1])), expected, rtol=1e-6)
    expected = losses.TripletLoss()(a, b, -b)
    numpy.testing.assert_allclose(losses.TripletLoss()(a, kind(Y.tolist()), kind((-Y).tolist())), expected, rtol=1e-6)


@pytest.mark.parametrize("kind", [list, tuple, numpy.array, as_torch])
@pytest.mark.parametrize(("from_sigmoid", "pred"), [(False, P), (True, PROBABILITIES)])
def test_weights_of_positive_labels_of_other_kinds(from_sigmoid, pred, kind):
    weights = [2.0, 1.0, 0.5, 3.0][: P.shape[1]]
    loss = losses.SigmoidBCELoss(from_sigmoid)
    found = loss(double(pred), double(Y), None, kind(weights))
    assert found.dtype == numpy.float64
    numpy.testing.assert_allclose(found, loss(double(pred), double(Y), None, double(weights)), rtol=1e-12)


@pytest.mark.parametrize("kind", [list, tuple, numpy.array, as_torch])
def test_lengths_of_other_kinds(kind):
    pred, label = np.ones((2, 5, 4)), [[1, 2], [0, -1]]
    expected = losses.CTCLoss()(pred, label, np.array([4, 5]), np.array([2, 1]))
    numpy.testing.assert_array_equal(losses.CTCLoss()(pred, label, kind([4, 5]), kind([2, 1])), expected)


@pytest.mark.parametrize("stranger", [None, "ab", {}, {1, 2}, object()])
def test_what_is_no_label(stranger):
    words = f"is an array, or a list of numbers, not {type(stranger).__name__}"
    for loss in (losses.L2Loss(), losses.SoftmaxCELoss(), losses.CTCLoss()):
        with pytest.raises(TypeError, match=f"{type(loss).__name__}: label {words}"):
            loss(np.ones((2, 3, 4)), stranger)
    with pytest.raises(TypeError, match=f"TripletLoss: negative {words}"):
        losses.TripletLoss()(np.ones(2), np.ones(2), stranger)
    with pytest.raises(TypeError, match=f"PoissonNLLLoss: target {words}"):
        losses.PoissonNLLLoss()(np.ones(2), stranger)
    if stranger is not None:
        with pytest.raises(TypeError, match=f"L2Loss: sample_weight {words}"):
            losses.L2Loss()(np.ones(2), np.ones(2), stranger)
        with pytest.raises(TypeError, match=f"SigmoidBinaryCrossEntropyLoss: pos_weight {words}"):
            losses.SigmoidBCELoss()(np.ones(2), np.ones(2), None, stranger)


def test_softmax_cross_entropy_far_out():
    pred = np.array([[1e4, 0.0, -1e4]])
    pred.attach_grad()
    with autograd.record():
        loss = losses.SoftmaxCELoss()(pred, np.array([2]))
    loss.backward()
    assert loss.tolist() == [2e4]
    assert pred.grad.tolist() == [[1, 0, -1]]


def test_binary_cross_entropy_far_out_and_with_weights_of_positives():
    found = losses.SigmoidBCELoss()(np.array([[1e4], [-1e4]]), np.array([[0], [1]]))
    assert found.tolist() == [1e4, 1e4]
    weights = numpy.array([2.0, 1.0, 3.0])
    expected = -special.log_expit(P) * Y * weights - special.log_expit(-P) * (1 - Y)
    found = losses.SigmoidBCELoss()(double(P), double(Y), None, double(weights))
    numpy.testing.assert_allclose(found, expected.mean(1), rtol=1e-12)
    found = losses.SigmoidBCELoss(from_sigmoid=True)(double(PROBABILITIES), double(Y), None, double(weights))
    numpy.testing.assert_allclose(found, expected.mean(1), rtol=1e-10)


def test_losses_of_pairs():
    a, b, label = double(P), double(Y), double([1.0, -1.0])
    cosine = (P * Y).sum(1) / numpy.linalg.norm(P, axis=1) / numpy.linalg.norm(Y, axis=1)
    found = losses.CosineEmbeddingLoss(margin=0.1)(a, b, label)
    numpy.testing.assert_allclose(found, [1 - cosine[0], max(0, cosine[1] - 0.1)], rtol=1e-12)
    far = ((P - Y) ** 2 - (P + Y) ** 2).sum(1)
    found = losses.TripletLoss(margin=2)(a, b, -b)
    numpy.testing.assert_allclose(found, numpy.maximum(0, far + 2), rtol=1e-12)
    # numbers of the original
    numpy.testing.assert_allclose(losses.SDMLLoss()(a, b), [0.16011809, 0.40105593], rtol=2e-6)
    check_numeric_gradient(lambda a, b: losses.SDMLLoss()(a, b), [a, b])
    check_numeric_gradient(lambda a, b: losses.CosineEmbeddingLoss()(a, b, label), [a, b])


def test_cosine_of_a_zero_vector_is_zero():
    a = np.zeros((1, 3))
    a.attach_grad()
    with autograd.record():
        loss = losses.CosineEmbeddingLoss()(a, np.ones((1, 3)), np.array([1]))
    loss.backward()
    assert loss.tolist() == [1]
    assert np.isfinite(a.grad).all()


def test_ctc():
    """The original's numbers, and its layouts."""
    pred, label = np.ones((2, 5, 4)), np.array([[1, 2], [0, -1]])
    numpy.testing.assert_allclose(losses.CTCLoss()(pred, label), [3.3761237, 4.2234216], rtol=2e-6)
    turned = losses.CTCLoss(layout="TNC", label_layout="TN")(pred.swapaxes(0, 1), label.T, None, np.array([2, 1]))
    numpy.testing.assert_allclose(turned, [3.3761237, 4.2234216], rtol=2e-6)
    weighted = losses.CTCLoss(weight=2)(pred, label, None, None, np.array([2.0, 1.0]))
    numpy.testing.assert_allclose(weighted, [4 * 3.3761237, 2 * 4.2234216], rtol=2e-6)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: losses.LogisticLoss(label_format="x"), ValueError, "'signed' or 'binary'"),
        (lambda: losses.CTCLoss(layout="CTN"), AssertionError, "'NTC' or 'TNC'"),
        (lambda: losses.CTCLoss(label_layout="CT"), AssertionError, "'NT' or 'TN'"),
        (lambda: losses.HuberLoss(rho=0), ValueError, "positive"),
        (lambda: losses.SDMLLoss(smoothing_parameter=2), ValueError, "from 0 to 1"),
        (lambda: losses.SDMLLoss()(np.ones((1, 2)), np.ones((1, 2))), ValueError, "at least 2"),
        (lambda: losses.L2Loss(weight=np.ones(3)), TypeError, "weights of samples"),
        (lambda: losses.L2Loss()(np.ones((2, 3)), np.ones((3, 3))), ValueError, r"L2Loss: label has .* \(2, 3\), and not \(3, 3\)"),
        (lambda: losses.SoftmaxCELoss()(np.ones((2, 3)), np.array([0, 3])), ValueError, "from 0 to 2, not 3"),
    ],
)
def test_refusals(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_weights_that_do_not_broadcast_say_their_shape():
    with pytest.raises(ValueError, match="broadcast") as caught:
        losses.L2Loss()(np.ones((2, 3)), np.ones((2, 3)), np.ones(2))
    assert "(N, 1, …)" in caught.value.__notes__[0]
    with pytest.raises(ValueError, match="broadcast") as caught:
        losses.SoftmaxCELoss()(np.ones((2, 3)), np.ones(2), np.ones((4, 1)))
    assert "(N, 1, …)" in caught.value.__notes__[0]


def test_a_loss_of_ones_own_and_reprs():
    class Cubic(losses.Loss):
        def forward(self, pred, label, sample_weight=None):
            return self.mean(self.weighted(np.abs(pred - label) ** 3, sample_weight))

    assert Cubic(2, 0)(np.ones((1, 2)), np.zeros((1, 2))).tolist() == [2]
    assert repr(losses.L2Loss()) == "L2Loss(batch_axis=0, w=1.0)"
    assert repr(losses.SoftmaxCELoss()) == "SoftmaxCrossEntropyLoss(batch_axis=0, w=None)"
    assert losses.SigmoidBCELoss is losses.SigmoidBinaryCrossEntropyLoss
    assert isinstance(losses.L2Loss(), gluon.HybridBlock)
