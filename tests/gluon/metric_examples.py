"""Labels and predictions that the tests of metrics share."""

import numpy

rng = numpy.random.default_rng(5)
class_scores = rng.random((60, 5))
true_classes = rng.integers(0, 5, 60)
probabilities = class_scores / class_scores.sum(1, keepdims=True)
chances = rng.random(60)
truth = rng.integers(0, 2, 60)
label_sets = rng.integers(0, 2, (40, 6))
label_chances = rng.random((40, 6))


def value(metric, *batches):
    """The value after some updates."""
    for labels, preds in batches:
        metric.update(labels, preds)
    return metric.get()[1]


def parts(labels, preds):
    """Three batches of different sizes."""
    return [(labels[part], preds[part]) for part in (slice(0, 7), slice(7, 8), slice(8, None))]
