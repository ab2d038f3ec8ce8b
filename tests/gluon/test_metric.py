"""What all metrics have in common; metrics of several, of functions and of names."""

import json
from math import isnan, nan

import numpy
import pytest
from sklearn import metrics as sk

from mxnet import autograd, np
from mxnet.gluon import metric as M

from .metric_examples import chances, class_scores, label_chances, label_sets, parts, probabilities, true_classes, truth, value

# Metrics, labels and predictions of some batches of theirs.
EXAMPLES = {
    "Accuracy": (M.Accuracy, true_classes, class_scores),
    "TopKAccuracy": (lambda: M.TopKAccuracy(3), true_classes, class_scores),
    "BinaryAccuracy": (M.BinaryAccuracy, truth, chances),
    "F1": (M.F1, truth, chances),
    "Fbeta": (lambda: M.Fbeta(beta=3, class_type="multiclass", average="macro"), true_classes, class_scores),
    "F1 multilabel": (lambda: M.F1(class_type="multilabel"), label_sets, label_chances),
    "MCC": (M.MCC, truth, chances),
    "PCC": (M.PCC, true_classes, class_scores),
    "CrossEntropy": (M.CrossEntropy, true_classes, probabilities),
    "Perplexity": (lambda: M.Perplexity(ignore_label=2), true_classes, probabilities),
    "NegativeLogLikelihood": (M.NegativeLogLikelihood, true_classes, probabilities),
    "Loss": (M.Loss, truth, chances),
    "Torch": (M.Torch, truth, chances),
    "MAE": (M.MAE, label_sets, label_chances),
    "MSE": (M.MSE, label_sets, label_chances),
    "RMSE": (M.RMSE, label_sets, label_chances),
    "MeanPairwiseDistance": (M.MeanPairwiseDistance, label_sets, label_chances),
    "MeanCosineSimilarity": (M.MeanCosineSimilarity, label_sets, label_chances),
    "PearsonCorrelation": (M.PearsonCorrelation, truth, chances),
}
examples = pytest.mark.parametrize(("make", "labels", "preds"), EXAMPLES.values(), ids=EXAMPLES)


# --- what all have in common -----------------------------------------------------------------------------------------------------


@examples
def test_batches_lists_and_kinds_of_arrays_make_no_difference(make, labels, preds):
    whole = value(make(), (labels, preds))
    assert isinstance(whole, float)
    assert value(make(), *parts(labels, preds)) == pytest.approx(whole, rel=1e-13)
    at_once = [list(arrays) for arrays in zip(*parts(labels, preds), strict=True)]
    assert value(make(), at_once) == pytest.approx(whole, rel=1e-13)
    assert value(make(), tuple(map(tuple, at_once))) == pytest.approx(whole, rel=1e-13)
    ours = np.array(labels, dtype="int64"), np.array(preds, dtype="float64")
    assert value(make(), ours) == whole
    assert value(make(), (labels.astype("float32"), numpy.asfortranarray(preds))) == pytest.approx(whole, rel=1e-13)
    assert value(make(), (numpy.repeat(labels, 2, 0)[::2], numpy.repeat(preds, 2, 0)[::2])) == whole
    assert value(make(), (labels.astype("int8"), preds.astype("float32"))) == pytest.approx(whole, rel=1e-6)


@examples
def test_nan_before_and_after(make, labels, preds):
    metric = make()
    name, before = metric.get()
    assert isnan(before)
    assert metric.num_inst == 0
    assert metric.sum_metric == 0
    metric.update(labels, preds)
    assert metric.num_inst > 0
    assert metric.sum_metric != 0
    assert metric.get_name_value() == [(name, metric.get()[1])]
    metric.reset()
    assert metric.num_inst == 0
    assert metric.sum_metric == 0
    assert str(metric.get()) == str((name, nan))
    assert str(metric) == f"EvalMetric: {{{name!r}: nan}}"


@examples
def test_nothing_is_recorded(make, labels, preds):
    weights = np.array(preds)
    weights.attach_grad()
    with autograd.record():
        doubled = weights * 2
        value(make(), (np.array(labels), doubled / 2))
        doubled.sum().backward()
    assert (weights.grad == 2).all()


@examples
def test_a_metric_from_its_configuration(make, labels, preds):
    metric = make()
    twin = M.create(**metric.get_config())
    assert type(twin) is type(metric)
    assert twin.get_config() == metric.get_config()
    assert twin.name == metric.name
    assert value(twin, (labels, preds)) == value(metric, (labels, preds))
    assert value(M.create(json.loads(json.dumps(metric.get_config()))), (labels, preds)) == metric.get()[1]


@examples
def test_windows(make, labels, preds):
    metric, whole = make(), make()
    seen = []
    for batch in parts(labels, preds):
        seen.append(batch)
        metric.update(*batch)
        whole.update(*batch)
        window = value(make(), batch)
        assert metric.get()[1] == pytest.approx(window, rel=1e-13, nan_ok=True)
        assert metric.get_global()[1] == pytest.approx(value(make(), *seen), rel=1e-13, nan_ok=True)
        metric.reset_local()
        assert isnan(metric.get()[1])
        assert metric._past._past is None  # or memory would grow
    assert metric.get_global_name_value() == [(metric.name, pytest.approx(whole.get()[1], rel=1e-13))]
    metric.reset()
    assert isnan(metric.get_global()[1])


@examples
def test_lengths_that_differ(make, labels, preds):
    metric = make()
    if isinstance(metric, M.Loss):
        return
    metric.update(labels, preds)
    before = metric.get(), metric.num_inst
    name = type(metric).__name__
    with pytest.raises(ValueError, match=rf"{name}\.update: labels of shape .* for predictions of shape"):
        metric.update([labels, labels[:3]], [preds, preds])
    with pytest.raises(ValueError, match=rf"{name}\.update: 2 array\(s\) of labels for 1 of predictions"):
        metric.update([labels, labels], [preds])
    with pytest.raises(TypeError, match=rf"{name}\.update: labels are arrays of real numbers, not NoneType"):
        metric.update(None, preds)
    assert (metric.get(), metric.num_inst) == before


@examples
def test_no_samples(make, labels, preds):
    metric = make()
    assert isnan(value(metric, (labels[:0], preds[:0])))
    assert value(metric, (labels, preds), (labels[:0], preds[:0])) == pytest.approx(value(make(), (labels, preds)), rel=1e-13)
    assert isnan(value(make(), ([], [])))


def test_arrays_by_name():
    metric = M.Accuracy(output_names=["out"], label_names=["class"])
    metric.update_dict({"other": truth, "class": true_classes}, {"mask": None, "out": class_scores})
    assert metric.get()[1] == sk.accuracy_score(true_classes, class_scores.argmax(1))
    with pytest.raises(KeyError, match=r"Accuracy\.update_dict: no 'out' in `pred`, which has 'mask'"):
        metric.update_dict({"class": true_classes}, {"mask": class_scores})
    with pytest.raises(KeyError, match="no 'class' in `label`"):
        metric.update_dict({"other": true_classes}, {"out": class_scores})
    metric = M.MAE()
    metric.update_dict({"a": numpy.zeros(2), "b": numpy.zeros(2)}, {"a": numpy.ones(2), "b": numpy.full(2, 3.0)})
    assert metric.get()[1] == 2
    assert metric.num_inst == 4


def test_a_metric_of_ones_own():
    class Errors(M.EvalMetric):
        def update(self, labels, preds):
            self.sum_metric += (labels != preds).sum()
            self.num_inst += labels.size

    metric = Errors("errors", weight=3)
    metric.update(np.array([1, 2]), np.array([1, 3]))
    assert metric.get() == ("errors", 0.5)
    assert type(metric.get()[1]) is float
    metric.reset_local()
    metric.update(np.array([1, 2]), np.array([2, 3]))
    assert (metric.get()[1], metric.get_global()[1]) == (1, 0.75)
    assert metric.get_config() == {"weight": 3, "metric": "Errors", "name": "errors", "output_names": None, "label_names": None}
    with pytest.raises(NotImplementedError, match="EvalMetric: a metric of one's own defines update"):
        M.EvalMetric("x").update(np.ones(1), np.ones(1))


def test_one_of_ones_own_that_forgets_in_its_own_way():
    class Counter(M.EvalMetric):
        def reset(self):
            self.calls = 0

        def update(self, labels, preds):
            self.calls += 1

        def get(self):
            return self.name, self.calls

    metric = Counter("calls")
    for expected in (1, 1):
        metric.update(None, None)
        assert metric.get() == ("calls", expected)
        metric.reset_local()


def test_sums_are_exact():
    large = 2**24  # ones added up in float32 stop here
    assert value(M.Loss(), (None, np.ones(large)), (None, np.ones(3))) == 1
    assert value(M.Loss(), (None, np.ones(2**17, dtype="float16"))) == 1
    metric = M.Accuracy()
    metric.update(numpy.zeros(1), numpy.zeros(1))
    metric.num_inst, metric.sum_metric = 2**40, float(2**40)
    metric.update(numpy.zeros(1), numpy.zeros(1))
    assert (metric.num_inst, metric.sum_metric) == (2**40 + 1, 2**40 + 1)
    assert value(M.MAE(), (np.array([1000], dtype="float16"), np.array([0.5], dtype="float16"))) == 999.5
    assert value(M.MSE(), (np.array([60000], dtype="float16"), np.array([0], dtype="float16"))) == 3.6e9
    assert value(M.MAE(), (numpy.array([0], "uint8"), numpy.array([7], "uint8"))) == 7
    assert value(M.MAE(), (numpy.array([True]), numpy.array([False]))) == 1


# --- several, functions, names ---------------------------------------------------------------------------------------------------


def test_composite():
    both = M.CompositeEvalMetric(["acc", M.CrossEntropy()])
    assert both.get()[0] == ["accuracy", "cross-entropy"]
    both.update(true_classes, probabilities)
    expected = [value(M.Accuracy(), (true_classes, probabilities)), value(M.CrossEntropy(), (true_classes, probabilities))]
    assert both.get()[1] == expected
    assert both.get_name_value() == list(zip(["accuracy", "cross-entropy"], expected, strict=True))
    both.add("pcc")
    assert both.get_metric(2).name == "pcc"
    assert both.get_metric(-1) is both.metrics[2]
    for index in (3, -4):
        with pytest.raises(IndexError, match=rf"CompositeEvalMetric\.get_metric: no metric {index} among 3"):
            both.get_metric(index)
    both.reset_local()
    assert all(map(isnan, both.get()[1]))
    assert both.get_global()[1][:2] == expected
    assert both.get_global_name_value()[0] == ("accuracy", expected[0])
    both.reset()
    assert all(map(isnan, both.get_global()[1]))
    assert M.CompositeEvalMetric().get() == ([], [])
    assert M.CompositeEvalMetric("acc").get()[0] == ["accuracy"]
    nested = M.CompositeEvalMetric([M.CompositeEvalMetric(["acc", "ce"]), "mae"])
    assert nested.get()[0] == ["accuracy", "cross-entropy", "mae"]
    assert str(nested) == "EvalMetric: {'accuracy': nan, 'cross-entropy': nan, 'mae': nan}"
    twin = M.create(**nested.get_config())
    assert twin.get_config() == nested.get_config()
    assert twin.get()[0] == nested.get()[0]


def test_a_metric_keeps_its_counts_when_it_joins_others():
    accuracy = M.Accuracy()
    accuracy.update(true_classes, true_classes)
    assert M.CompositeEvalMetric([accuracy]).get()[1] == [1]


def test_composite_by_name():
    labels, preds = {"class": true_classes, "truth": truth}, {"scores": class_scores, "chances": chances}
    both = M.CompositeEvalMetric([M.Accuracy(label_names=["class"], output_names=["scores"]), M.F1("f1", ["chances"], ["truth"])])
    both.update_dict(labels, preds)
    assert both.get()[1] == [value(M.Accuracy(), (true_classes, class_scores)), value(M.F1(), (truth, chances))]
    one = M.CompositeEvalMetric(["f1"], label_names=["truth"], output_names=["chances"])
    one.update_dict(labels, preds)
    assert one.get()[1] == both.get()[1][1:]
    with pytest.raises(KeyError, match=r"CompositeEvalMetric\.update_dict: no 'truth' in `labels`"):
        one.update_dict({"class": true_classes}, preds)


def test_functions():
    seen = []

    def off(label, pred):
        seen.append((type(label), type(pred), autograd.is_recording()))
        return np.abs(label - pred).sum()

    metric = M.CustomMetric(off)
    x = np.ones(3)
    x.attach_grad()
    with autograd.record():
        metric.update([np.zeros(3), numpy.zeros(3)], [x * 2, numpy.ones(3)])
    assert metric.get() == ("off", 4.5)
    assert type(metric.get()[1]) is float
    assert seen == [(np.ndarray, np.ndarray, False)] * 2
    assert value(M.CustomMetric(lambda label, pred: (3, 6)), (x, x), (x, x)) == 0.5
    assert M.CustomMetric(lambda label, pred: 0.0).name == "custom(<lambda>)"
    assert M.CustomMetric(off, name="mine").name == "mine"
    assert M.CustomMetric(numpy.float64).name == "float64"

    class Zero:
        def __call__(self, label, pred):
            return 0

    assert M.CustomMetric(Zero()).name == "Zero"
    assert value(M.np(lambda label, pred: float(numpy.dot(label, pred)), name="dot"), (x, 2 * x)) == 6
    assert M.np(off).name == "off"


def test_functions_and_extra_outputs():
    metric = M.CustomMetric(lambda label, pred: 1)
    with pytest.raises(
        ValueError, match=r"CustomMetric\.update: 1 array\(s\) of labels for 2 of predictions; allow_extra_outputs=True"
    ):
        metric.update([true_classes], [class_scores, class_scores])
    metric = M.np(lambda label, pred: 1, allow_extra_outputs=True)
    metric.update([true_classes], [class_scores, class_scores])
    metric.update([true_classes], [])
    assert metric.num_inst == 1


def test_functions_that_do_not_serve():
    with pytest.raises(TypeError, match="CustomMetric: feval is a function of a label and a prediction, not 3"):
        M.CustomMetric(3)
    for result in (None, np.ones(2)):
        metric = M.CustomMetric(lambda label, pred, result=result: result, name="what")
        with pytest.raises(TypeError, match="CustomMetric: what returns a number, or a pair of sum and count, not"):
            metric.update(true_classes, class_scores)
        assert metric.num_inst == 0
    with pytest.raises(NotImplementedError, match="CustomMetric: the function what cannot be written into a configuration"):
        metric.get_config()


def test_metrics_by_name():
    for name, klass in {
        "acc": M.Accuracy,
        "ACC": M.Accuracy,
        "accuracy": M.Accuracy,
        "Accuracy": M.Accuracy,
        "ce": M.CrossEntropy,
        "cross-entropy": M.CrossEntropy,
        "CrossEntropy": M.CrossEntropy,
        "nll_loss": M.NegativeLogLikelihood,
        "nll-loss": M.NegativeLogLikelihood,
        "top_k_acc": M.TopKAccuracy,
        "top_k_accuracy": M.TopKAccuracy,
        "TopKAccuracy": M.TopKAccuracy,
        "binary_accuracy": M.BinaryAccuracy,
        "f1": M.F1,
        "fbeta": M.Fbeta,
        "mcc": M.MCC,
        "pcc": M.PCC,
        "mae": M.MAE,
        "mse": M.MSE,
        "rmse": M.RMSE,
        "mpd": M.MeanPairwiseDistance,
        "meanpairwisedistance": M.MeanPairwiseDistance,
        "cos_sim": M.MeanCosineSimilarity,
        "pearsonr": M.PearsonCorrelation,
        "perplexity": M.Perplexity,
        "loss": M.Loss,
        "torch": M.Torch,
        "composite": M.CompositeEvalMetric,
    }.items():
        assert type(M.create(name)) is klass
        assert type(M.create(M.create(name).name.removesuffix("_1"))) is klass
        assert type(M.create(klass.__name__.upper())) is klass


def test_create():
    assert M.create("top_k_acc", 3).top_k == 3
    assert M.create("Fbeta", beta=2).beta == 2
    accuracy = M.Accuracy()
    assert M.create(accuracy) is accuracy
    assert M.create(M.Accuracy, axis=2).axis == 2

    def mine(label, pred):
        return 1.0

    assert M.create(mine).get()[0] == "mine"
    assert M.create(["acc", mine, M.MAE(), ["mse"]]).get()[0] == ["accuracy", "mine", "mae", "mse"]
    assert M.create(("acc", "ce"), name="x").get()[0] == ["x", "x"]
    assert M.create({"metric": "mpd", "p": 3}, p=4).p == 4
    with pytest.raises(ValueError, match="create: no metric is called 'nope'; there are Accuracy, BinaryAccuracy"):
        M.create("nope")
    with pytest.raises(ValueError, match=r"metric.create: no metric is called 'acuracy' \(did you mean 'Accuracy'\?\); there"):
        M.create("acuracy")
    with pytest.raises(TypeError, match="create: a Accuracy is made already and takes no arguments"):
        M.create(accuracy, axis=2)
    for strange in (3, None, {"axis": 1}):
        with pytest.raises(TypeError, match="create: a metric is given by a name, a function"):
            M.create(strange)


def test_names_of_ones_own(monkeypatch):
    from mxnet.gluon.metric import base

    monkeypatch.setattr(base, "_metrics", base._metrics.copy())

    @M.register
    class MyOwn(M.EvalMetric):
        def __init__(self, name="own"):
            super().__init__(name)

    assert type(M.create("my_own")) is MyOwn
    assert M.register(MyOwn, "another") is MyOwn
    assert type(M.create("Another")) is MyOwn
    assert type(M.create(M.alias("third", "fourth")(MyOwn).__name__)) is MyOwn
    assert type(M.create("fourth", "x")) is MyOwn
    for strange in (3, int):
        with pytest.raises(TypeError, match="is no class that derives from EvalMetric"):
            M.register(strange)


def test_checks_of_shapes():
    labels, preds = np.zeros(4), np.zeros((4, 3))
    same = M.check_label_shapes(labels, preds)
    assert same[0] is labels
    assert same[1] is preds
    wrapped = M.check_label_shapes(labels, preds, wrap=True)
    assert wrapped[0][0] is labels
    assert wrapped[1][0] is preds
    lists = M.check_label_shapes([labels], [preds], wrap=True)
    assert lists[0][0] is labels
    with pytest.raises(ValueError, match="labels have the length 2, and predictions 4"):
        M.check_label_shapes(labels[:2], preds, wrap=True)
    with pytest.raises(ValueError, match="labels have the length 2, and predictions 1"):
        M.check_label_shapes([labels, labels], [preds])
    with pytest.raises(ValueError, match=r"labels have the shape \(4,\), and predictions \(4, 3\)"):
        M.check_label_shapes(labels, preds, shape=True)
    assert M.check_label_shapes(labels, labels, True, True)[0][0] is labels


def test_the_names_are_mxnets():
    expected = {
        "Accuracy", "BinaryAccuracy", "CompositeEvalMetric", "CrossEntropy", "CustomMetric", "EvalMetric", "F1", "Fbeta", "Loss",
        "MAE", "MCC", "MSE", "MeanCosineSimilarity", "MeanPairwiseDistance", "PCC", "PearsonCorrelation", "Perplexity", "RMSE",
        "TopKAccuracy", "Torch", "check_label_shapes", "create", "predict_with_threshold", "register",
    }  # fmt: skip
    assert expected <= set(M.__all__)
