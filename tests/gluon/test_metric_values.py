"""Metrics against scikit-learn, formulas, and values that MXNet 2 gave."""

from math import exp, inf, isnan, log, nan, sqrt

import numpy
import pytest
from sklearn import metrics as sk

from mxnet import np
from mxnet.gluon import metric as M

from .metric_examples import chances, class_scores, label_chances, label_sets, parts, probabilities, true_classes, truth, value

TIGHT = {"rel": 1e-13, "abs": 1e-13}
MXNET = {"rel": 2e-7}  # it adds up in float32

rng = numpy.random.default_rng(6)


# --- which predictions are right -------------------------------------------------------------------------------------------------


def test_accuracy():
    assert value(M.Accuracy(), (true_classes, class_scores)) == sk.accuracy_score(true_classes, class_scores.argmax(1))
    labels, scores = rng.integers(0, 3, (4, 6, 5)), rng.random((4, 3, 6, 5))
    assert value(M.Accuracy(), (labels, scores)) == (labels == scores.argmax(1)).mean()
    scores = numpy.moveaxis(scores, 1, -1)
    assert value(M.Accuracy(axis=-1), (labels, scores)) == (labels == scores.argmax(-1)).mean()
    assert value(M.Accuracy(), (labels, labels)) == 1
    assert value(M.Accuracy(), (true_classes[:, None], class_scores)) == value(M.Accuracy(), (true_classes, class_scores))
    assert value(M.Accuracy(), (true_classes[:, None], true_classes)) == 1
    assert value(M.Accuracy(), ([0, 1, 2, 1], [0, 1, 1, 1])) == 0.75  # numbers are samples


def test_accuracy_as_in_mxnet():
    labels = np.array([0, 1, 2, 2])
    scores = np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.5, 0.2, 0.3], [0.1, 0.1, 0.8]])
    metric = M.Accuracy()
    assert value(metric, (labels, scores), ([labels, labels], [scores, scores])) == 0.75
    assert (metric.num_inst, metric.sum_metric) == (12, 9)
    assert value(M.Accuracy(), (labels + 0.7, scores)) == 0.75  # labels lose what stands behind the point,
    assert value(M.Accuracy(), (labels, np.array([0.2, 1.9, 0, 2.5]))) == 0.75  # and so do classes predicted
    assert value(M.Accuracy(), (labels, scores[:, :1])) == 0.25  # of one class there is always the first
    one_hot = np.eye(3)[labels.astype("int32")]
    assert value(M.Accuracy(), (one_hot, scores)) == 2 / 3
    assert value(M.Accuracy(), (np.array([0, 1, 2]), np.ones((3, 3)))) == 1 / 3  # the first of equal scores


def test_accuracy_counts_no_nan():
    assert value(M.Accuracy(), (numpy.array([nan, 0]), numpy.array([nan, 0]))) == 0.5
    assert value(M.TopKAccuracy(2), (numpy.array([nan, 0, 0]), numpy.array([[3, 2, 1.0], [nan, 2, 1], [1, nan, 2]]))) == 0


def test_accuracy_of_what_does_not_fit():
    with pytest.raises(ValueError, match=r"predictions of shape \(2, 3\) have no axis 2; `axis` is that of the classes"):
        M.Accuracy(axis=2).update(numpy.zeros(2), numpy.zeros((2, 3)))
    with pytest.raises(ValueError, match=r"with the classes along axis 1 labels would have the shape \(2, 3\)"):
        M.Accuracy().update(numpy.zeros((2, 2)), numpy.zeros((2, 2, 3)))


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_the_k_best(k):
    metric = M.TopKAccuracy(top_k=k)
    assert metric.get()[0] == f"top_k_accuracy_{k}"
    assert value(metric, (true_classes, class_scores)) == sk.top_k_accuracy_score(true_classes, class_scores, k=k)
    assert value(M.TopKAccuracy(k), (true_classes[:, None], class_scores)) == metric.get()[1]
    assert value(M.TopKAccuracy(k), (numpy.arange(6), numpy.ones((6, 6)))) == pytest.approx(k / 6, **TIGHT)  # never more than k


def test_the_best_of_many():
    assert value(M.TopKAccuracy(1), (true_classes, class_scores)) == value(M.Accuracy(), (true_classes, class_scores))
    assert value(M.TopKAccuracy(9), (true_classes, class_scores)) == 1
    assert (
        value(M.TopKAccuracy(9), (true_classes + 3, class_scores)) == (true_classes < 2).mean()
    )  # a class that is not there is never among them
    assert value(M.TopKAccuracy(2), ([numpy.array([0, 1, 2, 2])], [numpy.array([0, 1, 1, 2])])) == 0.75
    assert M.TopKAccuracy(2, name="x").get()[0] == "x_2"


def test_the_k_best_of_what_does_not_fit():
    with pytest.raises(ValueError, match="top_k is an integer of 1 or more, not 0"):
        M.TopKAccuracy(0)
    with pytest.raises(ValueError, match=r"top_k is an integer of 1 or more, not 2\.5"):
        M.TopKAccuracy(2.5)
    with pytest.raises(ValueError, match=r"these have the shape \(samples, classes\)"):
        M.TopKAccuracy(2).update(numpy.zeros((2, 2)), numpy.zeros((2, 2, 3)))
    with pytest.raises(ValueError, match=r"one class number for each sample: of one-hot rows label.argmax\(1\)"):
        M.TopKAccuracy(2).update(numpy.zeros((2, 3)), numpy.zeros((2, 3)))


@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.5, 1.0])
def test_binary_accuracy(threshold):
    expected = sk.accuracy_score(truth, chances > threshold)
    assert value(M.BinaryAccuracy(threshold=threshold), (truth, chances)) == expected
    assert value(M.BinaryAccuracy(threshold=threshold), (truth, chances[:, None])) == expected
    assert (
        value(M.BinaryAccuracy(threshold=threshold), (label_sets, label_chances))
        == (label_sets == (label_chances > threshold)).mean()
    )


def test_binary_accuracy_of_columns():
    thresholds = numpy.linspace(0.1, 0.9, 6)
    expected = (label_sets == (label_chances > thresholds)).mean()
    for given in (thresholds, np.array(thresholds, dtype="float64"), thresholds.tolist()):
        assert value(M.BinaryAccuracy(threshold=given), (label_sets, label_chances)) == expected
    with pytest.raises(ValueError, match=r"one probability for each label: of two columns take pred\[:, 1\]"):
        M.BinaryAccuracy().update(truth, numpy.stack([1 - chances, chances], 1))


def test_what_is_above_a_threshold():
    preds = np.array([[0.2, 0.6], [0.5, 0.9]])
    above = M.predict_with_threshold(preds)
    assert isinstance(above, np.ndarray)
    assert above.tolist() == [[False, True], [False, True]]
    assert M.predict_with_threshold(preds, np.array([0.1, 0.7])).tolist() == [[True, False], [True, True]]
    raw = M.predict_with_threshold(preds.asnumpy(), [0.2, 0.6])  # compared in float32
    assert isinstance(raw, numpy.ndarray)
    assert raw.tolist() == [[False, False], [True, True]]
    assert M.predict_with_threshold(numpy.array([0, 1, 2]), 0.5).tolist() == [False, True, True]
    with pytest.raises(ValueError, match=r"thresholds of shape \(3,\) for predictions of shape \(2, 2\)"):
        M.predict_with_threshold(preds, [1, 2, 3])


# --- which classes are taken for each other --------------------------------------------------------------------------------------


@pytest.mark.parametrize("beta", [0, 0.5, 1, 2])
@pytest.mark.parametrize("threshold", [0.2, 0.5])
def test_fbeta_of_two_classes(beta, threshold):
    expected = sk.fbeta_score(truth, chances > threshold, beta=beta)
    both = numpy.stack([1 - chances, chances], 1)
    for labels, preds in [
        (truth, chances),
        (truth[:, None], chances),
        (truth, chances[:, None]),
        (truth, both),
        (2 * truth - 1, both),
    ]:
        metric = M.Fbeta(beta=beta, threshold=threshold)
        assert value(metric, *parts(labels, preds)) == pytest.approx(expected, **TIGHT)
        assert metric.num_inst == 60
    assert value(M.Fbeta(beta=beta, threshold=threshold, average="macro"), (truth, both)) == pytest.approx(expected, **TIGHT)


@pytest.mark.parametrize("beta", [0.5, 1, 2])
@pytest.mark.parametrize("average", ["micro", "macro", None])
def test_fbeta_of_many_classes(beta, average):
    metric = M.Fbeta(class_type="multiclass", beta=beta, average=average)
    result = value(metric, *parts(true_classes, class_scores))
    expected = sk.fbeta_score(true_classes, class_scores.argmax(1), beta=beta, average=average)
    assert metric.num_inst == 60
    if average is None:
        assert isinstance(result, np.ndarray)
        assert result.dtype == "float64"
        result = result.tolist()
        expected = expected.tolist()
    assert result == pytest.approx(expected, **TIGHT)
    sequences = true_classes.reshape(12, 5), class_scores.reshape(12, 5, 5)
    again = value(M.Fbeta(class_type="multiclass", beta=beta, average=average), sequences)
    assert (again.tolist() if average is None else again) == pytest.approx(expected, **TIGHT)


@pytest.mark.parametrize("threshold", [0.5, [0.1, 0.3, 0.4, 0.5, 0.7, 0.9]])
@pytest.mark.parametrize("average", ["micro", "macro", None])
def test_f1_of_many_labels(threshold, average):
    metric = M.F1(class_type="multilabel", threshold=threshold, average=average)
    result = value(metric, *parts(label_sets, label_chances))
    expected = sk.f1_score(label_sets, label_chances > numpy.array(threshold), average=average)
    assert (result.tolist() if average is None else result) == pytest.approx(
        expected.tolist() if average is None else expected, **TIGHT
    )
    assert metric.num_inst == 40
    deep = label_sets.reshape(8, 5, 6), label_chances.reshape(8, 5, 6)
    again = value(M.F1(class_type="multilabel", threshold=threshold, average=average), deep)
    assert (again == result).all() if average is None else again == result


def test_f1_as_in_mxnet():
    labels, chances = np.array([0, 1, 1, 0, 1, 0]), np.array([0.2, 0.6, 0.5, 0.9, 0.8, 0.1])
    more, chances_of_more = np.array([1, 1, 0]), np.array([0.7, 0.1, 0.4])
    batches = [(labels, chances), (more, chances_of_more)]
    assert value(M.F1(), *batches) == pytest.approx(2 / 3, **TIGHT)
    assert value(M.Fbeta(beta=2), *batches) == pytest.approx(0.625, **TIGHT)
    assert value(M.F1(threshold=0.85), *batches) == 0
    scores = numpy.random.RandomState(3).rand(7, 3)
    classes = np.array([0, 1, 2, 2, 1, 0, 1])
    batches = [(classes, scores), (np.array([2, 0]), scores[2:4])]
    assert value(M.F1(class_type="multiclass"), *batches) == pytest.approx(1 / 3, **TIGHT)
    assert value(M.F1(class_type="multiclass", average="macro"), *batches) == pytest.approx(0.357142835855484, **MXNET)
    assert value(M.Fbeta(beta=2, class_type="multiclass", average="macro"), *batches) == pytest.approx(0.3365384638309479, **MXNET)
    each = value(M.F1(class_type="multiclass", average=None), *batches).tolist()
    assert each == pytest.approx([0.5, 2 / 7, 2 / 7], **TIGHT)
    labels, chances = numpy.array([[0, 1, 1], [1, 0, 0], [1, 1, 0], [0, 0, 0]]), numpy.random.RandomState(4).rand(4, 3)
    batches = [(labels, chances), (labels[1:3], 1 - chances[1:3])]
    assert value(M.F1(class_type="multilabel"), *batches) == pytest.approx(0.5555555555555556, **TIGHT)
    assert value(M.F1(class_type="multilabel", average="macro"), *batches) == pytest.approx(0.5476190447807312, **MXNET)
    assert value(M.F1(class_type="multilabel", average=None), (labels[0], chances[0])).shape == (3,)  # one sample
    assert value(M.F1(), (np.array([0.7, 0.2, 1, 0]), np.array([0.9, 0.9, 0.9, 0.1]))) == 0.5


def test_f1_without_positives():
    assert value(M.Fbeta(beta=0), (numpy.ones(1), numpy.ones(1))) == 1
    assert value(M.F1(), (numpy.zeros(3), numpy.zeros(3))) == 0
    assert value(M.F1(), (numpy.zeros(3), numpy.ones(3))) == 0
    # A class that is neither there nor predicted is 0, and counts in the mean.
    assert value(M.F1(class_type="multiclass", average="macro"), (numpy.zeros(2), numpy.array([[1, 0, 0.0]] * 2))) == pytest.approx(
        1 / 3
    )


def test_f1_of_what_does_not_fit():
    for arguments, words in [
        ({"class_type": "three"}, "F1: class_type is one of 'binary', 'multiclass', 'multilabel', not 'three'"),
        ({"average": "binary"}, "F1: average is 'micro', 'macro' or None, not 'binary'"),
    ]:
        with pytest.raises(ValueError, match=words):
            M.F1(**arguments)
    with pytest.raises(ValueError, match="Fbeta: beta is not negative, as -1 is"):
        M.Fbeta(beta=-1)
    for metric, labels, preds, words in [
        (M.F1(), [0, 1, 2], [0.1, 0.2, 0.3], "F1.update: labels are 0 and 1 here, and there is a 2"),
        (M.F1(), [0, 1, 0], numpy.eye(3), r"binary ones have the shape \(samples,\), \(samples, 1\) or \(samples, 2\)"),
        (M.F1(), [[0, 1], [1, 0]], [0.5, 0.5], "there is one label for each sample"),
        (M.MCC(), [0, 2], [0.5, 0.6], "MCC.update: labels are 0 and 1 here, and there is a 2"),
        (M.Fbeta(class_type="multiclass"), [0, 5], numpy.ones((2, 3)), "Fbeta.update: class numbers are from 0 on below 3, .* a 5"),
        (M.F1(class_type="multiclass"), [0, -1], numpy.ones((2, 3)), "class numbers are from 0 on below 3, .* is a -1"),
        (M.F1(class_type="multiclass"), [0, nan], numpy.ones((2, 3)), "class numbers are from 0 on below 3, .* is a nan"),
        (M.F1(class_type="multiclass"), [0, 1], [0, 1], "with class_type='multiclass' these have one more axis"),
        (M.F1(class_type="multiclass"), numpy.eye(2), numpy.eye(2), "with class_type='multiclass' these have one more axis"),
        (M.F1(class_type="multilabel"), numpy.eye(2), numpy.ones((2, 3)), "with class_type='multilabel' both have the shape"),
        (M.F1(class_type="multilabel"), numpy.eye(2) * 2, numpy.eye(2), "labels are 0 and 1 here, and there is a 2"),
        (M.PCC(), [0, -1], [0, 1], "PCC.update: class numbers are from 0 on, and there is a -1"),
    ]:
        with pytest.raises(ValueError, match=words):
            metric.update(numpy.array(labels), numpy.array(preds))
        assert isnan(metric.get()[1])
    metric = M.F1(class_type="multiclass")
    with pytest.raises(ValueError, match=r"F1\.update: 4 classes, after predictions of 3"):
        metric.update([numpy.zeros(2), numpy.zeros(2)], [numpy.ones((2, 3)), numpy.ones((2, 4))])
    assert metric.num_inst == 0


def test_mcc():
    both = numpy.stack([1 - chances, chances], 1)
    for preds in (chances, chances[:, None], both):
        metric = M.MCC()
        assert value(metric, *parts(truth, preds)) == pytest.approx(sk.matthews_corrcoef(truth, chances > 0.5), **TIGHT)
        assert metric.num_inst == 60
    assert value(M.MCC(), (truth, truth)) == 1
    assert value(M.MCC(), (truth, 1 - truth)) == -1
    assert value(M.MCC(), (numpy.zeros(2), chances[:2])) == 0


def test_mcc_of_many_samples():
    metric = M.MCC()
    metric.update(truth, chances)
    expected = metric.get()[1]
    metric._counts = metric._counts * 10**12  # the four factors together do not fit into 64 bits
    assert metric.get()[1] == pytest.approx(expected, **TIGHT)


def test_pcc():
    metric = M.PCC()
    assert value(metric, *parts(true_classes, class_scores)) == pytest.approx(
        sk.matthews_corrcoef(true_classes, class_scores.argmax(1)), **TIGHT
    )
    assert metric.num_inst == 3
    assert value(M.PCC(), (true_classes, class_scores.argmax(1))) == metric.get()[1]
    assert value(M.PCC(), (true_classes[:, None], class_scores)) == metric.get()[1]
    both = numpy.stack([1 - chances, chances], 1)
    assert value(M.PCC(), (truth, both)) == pytest.approx(value(M.MCC(), (truth, both)), **TIGHT)
    assert value(M.PCC(), (true_classes, true_classes)) == 1
    assert isnan(value(M.PCC(), (numpy.zeros(3), numpy.zeros(3))))
    assert isnan(value(M.PCC(), (numpy.zeros(3), numpy.arange(3))))


def test_pcc_with_new_classes():
    few, many = (numpy.array([0, 1, 1]), numpy.array([1, 1, 0])), (numpy.array([0, 3, 2]), numpy.array([0, 3, 1]))
    expected = sk.matthews_corrcoef(*map(numpy.concatenate, zip(few, many, strict=True)))
    assert value(M.PCC(), few, many) == pytest.approx(expected, **TIGHT)
    assert value(M.PCC(), many, few) == pytest.approx(expected, **TIGHT)


# --- likelihoods -----------------------------------------------------------------------------------------------------------------


def test_cross_entropy():
    expected = sk.log_loss(true_classes, probabilities)
    assert value(M.CrossEntropy(), *parts(true_classes, probabilities)) == pytest.approx(expected, **TIGHT)
    assert value(M.CrossEntropy(from_logits=True), (true_classes, numpy.log(probabilities) + 3)) == pytest.approx(expected, **TIGHT)
    assert value(M.CrossEntropy(), (true_classes[:, None], probabilities)) == pytest.approx(expected, **TIGHT)
    assert value(M.NegativeLogLikelihood(), (true_classes, probabilities)) == pytest.approx(expected, **TIGHT)
    assert value(M.Perplexity(), *parts(true_classes, probabilities)) == pytest.approx(exp(expected), **TIGHT)
    assert value(M.CrossEntropy(), (true_classes, 2 * probabilities)) == pytest.approx(expected - log(2), **TIGHT)


def test_cross_entropy_of_sequences():
    labels, preds = true_classes.reshape(4, 15), probabilities.reshape(4, 15, 5)
    expected = value(M.CrossEntropy(), (true_classes, probabilities))
    assert value(M.CrossEntropy(), (labels, preds)) == pytest.approx(expected, **TIGHT)
    assert value(M.CrossEntropy(axis=1), (labels, preds.swapaxes(1, 2))) == pytest.approx(expected, **TIGHT)
    assert value(M.CrossEntropy(axis=1), (labels[:, None], preds.swapaxes(1, 2))) == pytest.approx(expected, **TIGHT)
    assert value(M.CrossEntropy(), (labels[..., None], preds)) == pytest.approx(expected, **TIGHT)


@pytest.mark.parametrize("from_logits", [False, True])
def test_ignored_labels(from_logits):
    counted = true_classes != 3
    expected = sk.log_loss(true_classes[counted], probabilities[counted], labels=range(5))
    preds = numpy.log(probabilities) if from_logits else probabilities
    metric = M.CrossEntropy(ignore_label=3, from_logits=from_logits)
    assert value(metric, (true_classes, preds)) == pytest.approx(expected, **TIGHT)
    assert metric.num_inst == counted.sum()
    metric = M.Perplexity(ignore_label=-1, from_logits=from_logits)
    assert value(metric, (numpy.where(counted, true_classes, -1), preds)) == pytest.approx(exp(expected), **TIGHT)
    metric = M.CrossEntropy(ignore_label=0, from_logits=from_logits)
    assert isnan(value(metric, (0 * true_classes, preds)))
    assert metric.num_inst == 0


def test_probabilities_of_nothing():
    certain = numpy.array([[1.0, 0.0]])
    assert value(M.CrossEntropy(), ([numpy.array([1])], [certain])) == -log(1e-12)
    assert value(M.CrossEntropy(eps=0.1), ([numpy.array([1])], [certain])) == -log(0.1)
    assert value(M.CrossEntropy(eps=0.1), ([numpy.array([0])], [certain / 2])) == log(2)  # a bound, not an addend
    half = certain.astype("float16")  # which has no 1e-12
    assert value(M.CrossEntropy(), ([numpy.array([1])], [half])) == -log(1e-12)
    assert value(M.Perplexity(from_logits=True), ([numpy.array([1])], [certain * 1000])) == inf  # e^1000


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int32"])
def test_large_scores(dtype):
    scores = numpy.array([[1000, 0, 999], [-1000, -1000, -1000]], dtype)
    expected = (log(1 + exp(-1)) + log(3)) / 2
    assert value(M.CrossEntropy(from_logits=True), (numpy.array([0, 1]), scores)) == pytest.approx(expected, **TIGHT)


def test_cross_entropy_as_in_mxnet():
    labels = np.array([0, 1, 2, 2])
    preds = np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.5, 0.2, 0.3], [0.1, 0.1, 0.8]])
    for arguments, expected in [
        ({}, 0.4683508574962616),
        ({"from_logits": True}, 0.8022527694702148),
        ({"ignore_label": 2}, 0.2231435328722),
    ]:
        assert value(M.CrossEntropy(**arguments), (labels, preds)) == pytest.approx(expected, **MXNET)
        assert value(M.Perplexity(**arguments), (labels, preds)) == pytest.approx(exp(expected), **MXNET)
    assert value(M.CrossEntropy(), (labels, preds), (labels[:1], preds[2:3])) == pytest.approx(0.5133101344108582, **MXNET)


def test_cross_entropy_of_what_does_not_fit():
    for labels, preds, words in [
        ([3], probabilities[:1, :3], "CrossEntropy.update: the label 3 for predictions of 3 classes; ignore_label=… is for one"),
        ([-1], probabilities[:1], "the label -1 for predictions of 5 classes"),
        ([nan], probabilities[:1], "the label nan for predictions of 5 classes"),
        (
            numpy.eye(5),
            probabilities[:5],
            r"labels are class numbers in shape \(5,\); of one-hot vectors they are label.argmax\(-1\)",
        ),
        (numpy.zeros(2), numpy.zeros(2), r"labels are class numbers in shape \(\)"),
    ]:
        metric = M.CrossEntropy()
        with pytest.raises(ValueError, match=words):
            metric.update(numpy.array(labels), preds)
        assert metric.num_inst == 0
    with pytest.raises(ValueError, match=r"Perplexity.update: predictions of shape \(60, 5\) have no axis 2"):
        M.Perplexity(axis=2).update(true_classes, probabilities)
    with pytest.raises(TypeError, match=r"Perplexity: eps is a number, not None.* write Perplexity\(ignore_label=None\)"):
        M.Perplexity(None)


def test_loss():
    metric = M.Loss()
    assert value(metric, (None, chances)) == pytest.approx(chances.mean(), **TIGHT)
    metric.update(None, [label_chances, np.array(2.0), 3.5])
    assert metric.num_inst == 60 + 240 + 2
    assert metric.sum_metric == pytest.approx(chances.sum() + label_chances.sum() + 5.5, **TIGHT)
    with pytest.raises(TypeError, match=r"Loss\.update: predictions are arrays of real numbers, not str"):
        metric.update(None, "loss")
    assert M.Torch().get()[0] == "torch"


# --- numbers ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(12,), (12, 1), (4, 3), (1, 12), (2, 3, 2)])
def test_errors(shape):
    labels, preds = rng.normal(size=shape), rng.normal(size=shape)
    samples = shape[0]
    flat = labels.reshape(samples, -1), preds.reshape(samples, -1)
    for metric, expected in [
        (M.MAE(), sk.mean_absolute_error(*flat)),
        (M.MSE(), sk.mean_squared_error(*flat)),
        (M.RMSE(), sqrt(sk.mean_squared_error(*flat))),
        (M.MeanPairwiseDistance(), numpy.sqrt(((flat[0] - flat[1]) ** 2).sum(1)).mean()),
        (M.MeanPairwiseDistance(p=1), numpy.abs(flat[0] - flat[1]).sum(1).mean()),
        (M.MeanPairwiseDistance(p=3), ((numpy.abs(flat[0] - flat[1]) ** 3).sum(1) ** (1 / 3)).mean()),
        (M.MeanPairwiseDistance(p=inf), numpy.abs(flat[0] - flat[1]).max(1).mean()),
    ]:
        assert value(metric, (labels, preds)) == pytest.approx(expected, **TIGHT)
        assert metric.num_inst == samples


def test_errors_as_in_mxnet():
    labels, preds = np.array([1, 2, 3, 4, 5, 6]), np.array([1.5, 2, 1, 4, 0, 7])
    table = labels.reshape(2, 3), preds.reshape(2, 3)
    uneven = [(labels[:2].reshape(1, 2), preds[:2].reshape(1, 2)), (labels[2:].reshape(2, 2), preds[2:].reshape(2, 2))]
    for make, one, many, mixed in [
        (M.MAE, 1.4166666269302368, 1.4166666269302368, 1.4166666269302368),
        (M.MSE, 5.041666507720947, 5.0416669845581055, 5.041666507720947),
        (M.RMSE, 2.245365562157073, 2.2453656683395926, 2.245365562157073),
        (M.MeanPairwiseDistance, 1.4166666269302368, 3.5802860260009766, 2.533006429672241),
        (M.MeanCosineSimilarity, 0.8201286792755127, 0.8317649364471436, 0.8912422060966492),
        (M.PearsonCorrelation, 0.5159800832523151, 0.5159800832523151, 0.515980083252315),
    ]:
        assert value(make(), (labels, preds)) == pytest.approx(one, **MXNET)
        assert value(make(), table) == pytest.approx(many, **MXNET)
        assert value(make(), *uneven) == pytest.approx(mixed, **MXNET)
    assert value(M.MeanPairwiseDistance(p=1), table) == 4.25  # 2.75 in MXNet, which loses the signs
    assert value(M.MeanCosineSimilarity(eps=100), table) == pytest.approx(0.33249998092651367, **MXNET)


@pytest.mark.parametrize("make", [M.MAE, M.MSE, M.RMSE, M.MeanPairwiseDistance, M.PearsonCorrelation])
def test_a_column_goes_with_a_row(make):
    labels, preds = rng.normal(size=6), rng.normal(size=6)
    expected = value(make(), (labels, preds))
    assert value(make(), (labels, preds[:, None])) == pytest.approx(expected, **TIGHT)
    assert value(make(), (labels[:, None], preds)) == pytest.approx(expected, **TIGHT)
    with pytest.raises(ValueError, match="they have the same shape, but for a last axis of length 1"):
        make().update(numpy.ones((2, 3, 2)), numpy.ones((2, 2, 3)))


def test_distances_need_a_power():
    for p in (0, -1, nan):
        with pytest.raises(ValueError, match="MeanPairwiseDistance: p is more than 0, not"):
            M.MeanPairwiseDistance(p=p)


def test_cosines():
    labels, preds = rng.normal(size=(5, 4)), rng.normal(size=(5, 4))
    expected = numpy.diagonal(sk.pairwise.cosine_similarity(labels, preds)).mean()
    assert value(M.MeanCosineSimilarity(), *parts(labels[:3], preds[:3])[:1], (labels[3:], preds[3:])) == pytest.approx(
        expected, **TIGHT
    )
    metric = M.MeanCosineSimilarity()
    deep = numpy.stack([labels, preds]), numpy.stack([preds, labels])
    assert value(metric, deep) == pytest.approx(expected, **TIGHT)
    assert metric.num_inst == 10
    assert value(M.MeanCosineSimilarity(), (numpy.array([3, 4]), numpy.array([4, 3]))) == pytest.approx(
        24 / 25, **TIGHT
    )  # integers
    assert value(M.MeanCosineSimilarity(), (0 * labels, preds)) == 0
    with pytest.raises(ValueError, match="the same shape, with vectors along the last axis"):
        M.MeanCosineSimilarity().update(numpy.ones(3), numpy.ones((3, 1)))


def test_correlations():
    labels, preds = rng.normal(size=50), rng.normal(size=50)
    metric = M.PearsonCorrelation()
    assert value(metric, *parts(labels, preds)) == pytest.approx(numpy.corrcoef(labels, preds)[0, 1], **TIGHT)
    assert metric.num_inst == 3
    assert value(M.PearsonCorrelation(), (labels, 1 - 3 * labels)) == pytest.approx(-1, **TIGHT)
    far = 1e8 + numpy.round(1e4 * labels), 1e8 - numpy.round(1e4 * preds)  # exact numbers far from 0
    expected = numpy.corrcoef(far[0] - 1e8, far[1] - 1e8)[0, 1]
    assert value(M.PearsonCorrelation(), *parts(*far)) == pytest.approx(expected, rel=1e-10)
    assert isnan(value(M.PearsonCorrelation(), (numpy.ones(3), labels[:3])))
    assert isnan(value(M.PearsonCorrelation(), (labels[:1], preds[:1])))
