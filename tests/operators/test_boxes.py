"""Detection of objects: suppression, matching, anchors, targets; small cases that can be checked by eye, and bad input."""

import numpy
import pytest

from mxnet import autograd, np, npx

# class, score, corners: the second overlaps the first by 3/4, the third none; the fourth is the second's twin in another class
FOUND = np.array(
    [[0, 0.6, 0, 0, 2, 2], [0, 0.9, 0, 0, 2, 1.5], [1, 0.8, 4, 4, 5, 5], [1, 0.7, 0, 0, 2, 1.5], [0, 0.1, 9, 9, 9, 9]],
    dtype="float64",
)
GONE = [-1.0] * 6


def rows(*which):
    return [FOUND[i].tolist() for i in which] + [GONE] * (len(FOUND) - len(which))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, (1, 2, 4)),
        ({"id_index": 0}, (1, 2, 3, 4)),
        ({"id_index": 0, "force_suppress": True}, (1, 2, 4)),
        ({"overlap_thresh": 0.8}, (1, 2, 0, 4)),
        ({"valid_thresh": 0.65, "id_index": 0}, (1, 2, 3)),
        ({"topk": 2}, (1, 2)),
        ({"id_index": 0, "background_id": 0}, (2, 3)),
    ],
)
def test_non_maximum_suppression(options, expected):
    assert npx.box_nms(FOUND, **options).tolist() == rows(*expected)
    two = np.stack([FOUND, FOUND[::-1].copy()])
    assert npx.box_nms(two, **options)[0].tolist() == rows(*expected)


def test_gradients_go_to_the_boxes_that_stay():
    found = FOUND.copy()
    found.attach_grad()
    weights = numpy.arange(30.0).reshape(5, 6)
    with autograd.record():
        y = npx.box_nms(found)
    y.backward(np.array(weights, dtype="float64"))
    expected = numpy.zeros((5, 6))
    expected[[1, 2, 4]] = weights[:3]
    assert found.grad.tolist() == expected.tolist()


def test_suppression_converts_formats():
    centre = np.array([[0, 0.9, 1, 1, 2, 2], [0, 0.5, 1, 1, 2, 2]])
    assert npx.box_nms(centre, in_format="center", out_format="corner")[0].tolist() == pytest.approx([0, 0.9, 0, 0, 2, 2])
    corner = np.array([[0, 0.9, 0, 0, 2, 2]])
    assert npx.box_nms(corner, out_format="center")[0].tolist() == pytest.approx([0, 0.9, 1, 1, 2, 2])


def test_boxes_without_area_overlap_nothing():
    point = np.array([1.0, 1, 1, 1])
    assert npx.box_iou(point, point).item() == 0
    point.attach_grad()
    with autograd.record():
        y = npx.box_iou(point, point)
    y.backward()
    assert point.grad.tolist() == [0, 0, 0, 0]


def test_bipartite_matching():
    scores = np.array([[0.5, 0.6], [0.1, 0.2], [0.3, 0.4]])
    assert [m.tolist() for m in npx.bipartite_matching(scores, threshold=0.45)] == [[1, -1, -1], [-1, 0]]
    assert [m.tolist() for m in npx.bipartite_matching(scores, False, 0.0, 1)] == [[1, -1, -1], [-1, 0]]
    assert [m.tolist() for m in npx.bipartite_matching(scores, True, 0.45)] == [[-1, 0, 1], [1, 2]]
    assert [m.shape for m in npx.bipartite_matching(np.stack([scores, scores]), threshold=0)] == [(2, 3), (2, 2)]


ANCHORS = np.array([[[0, 0, 0.5, 0.5], [0, 0, 0.5, 0.6], [0.5, 0.5, 1, 1], [0.6, 0.1, 0.7, 0.2]]])
OBJECTS = np.array([[[3, 0.5, 0.5, 1, 1], [1, 0, 0, 0.5, 0.5], [-1, 0, 0, 0, 0]], [[-1, 0, 0, 0, 0]] * 3])
SCORES = np.array(numpy.random.default_rng(0).normal(size=(2, 5, 4)))


def test_targets_of_anchors():
    codes, mask, classes = npx.multibox_target(ANCHORS, OBJECTS, SCORES)
    assert classes.tolist() == [[2, 2, 4, 0], [-1, -1, -1, -1]]  # an image without objects is ignored
    assert mask.reshape(2, 4, 4)[0, :, 0].tolist() == [1, 1, 1, 0]
    assert not mask[1].any()
    numpy.testing.assert_allclose(codes.reshape(2, 4, 4)[0, 1], [0, -0.05 / 0.6 / 0.1, 0, numpy.log(0.5 / 0.6) / 0.2], rtol=1e-5)
    decoded = npx.box_decode(codes.reshape(2, 4, 4), ANCHORS, 0.1, 0.1, 0.2, 0.2, format="corner")
    numpy.testing.assert_allclose(decoded[0, :3], [[0, 0, 0.5, 0.5], [0, 0, 0.5, 0.5], [0.5, 0.5, 1, 1]], atol=1e-6)


def test_an_object_that_overlaps_little_gets_the_best_anchor():
    thing = np.array([[[0, 0.65, 0.15, 1, 1.0]]])
    classes = npx.multibox_target(ANCHORS, thing, SCORES[:1, :2])[2]
    assert classes.tolist() == [[0, 0, 1, 0]]


def test_mining_takes_the_hardest_negatives():
    thing = np.array([[[0, 0.5, 0.5, 1, 1]]])
    scores = np.array([[[0.0, 5, 0, -5], [0, 0, 0, 0]]])  # the last anchor is taken for background the least
    options = {"negative_mining_ratio": 1.0, "ignore_label": -7}
    assert npx.multibox_target(ANCHORS, thing, scores, **options)[2].tolist() == [[-7, -7, 1, 0]]
    assert npx.multibox_target(ANCHORS, thing, scores, minimum_negative_samples=2, **options)[2].tolist() == [[0, -7, 1, 0]]


def test_detection():
    probability = np.array([[[0.1, 0.2, 0.05, 0.995], [0.9, 0.7, 0.15, 0.005], [0.0, 0.1, 0.8, 0]]])
    found = npx.multibox_detection(probability, np.zeros((1, 16)), ANCHORS)
    numpy.testing.assert_allclose(
        found[0],
        [[0, 0.9, *ANCHORS[0, 0].tolist()], [1, 0.8, *ANCHORS[0, 2].tolist()], [-1, 0.7, *ANCHORS[0, 1].tolist()], GONE],
        atol=1e-6,
    )
    assert npx.multibox_detection(probability, np.zeros((1, 16)), ANCHORS, nms_topk=1)[0, :, 0].tolist() == [0, -1, -1, -1]
    assert npx.multibox_detection(probability, np.zeros((1, 16)), ANCHORS, nms_threshold=0.9)[0, :, 0].tolist() == [0, 1, 0, -1]


@pytest.mark.parametrize("shape", [(0, 6), (3, 0, 6), (0, 4, 6), (0, 0, 6)])
def test_nothing_to_suppress(shape):
    assert npx.box_nms(np.ones(shape)).shape == shape
    assert npx.box_nms(np.ones(shape), in_format="center").shape == shape


@pytest.mark.parametrize("threshold", [0.01, -numpy.inf])
def test_nothing_but_background_to_detect(threshold):
    found = npx.multibox_detection(np.ones((1, 1, 4)), np.zeros((1, 16)), ANCHORS, threshold=threshold)
    assert found.tolist() == [[GONE] * 4]


def test_prior_boxes():
    anchors = npx.multibox_prior(np.zeros((1, 3, 2, 4)), sizes=(0.2, 0.4), ratios=(1, 4))
    assert anchors.shape == (1, 24, 4)
    first = anchors[0, :3].asnumpy()
    numpy.testing.assert_allclose(first[:, :2] + first[:, 2:], [[0.25, 0.5]] * 3, rtol=1e-6)
    numpy.testing.assert_allclose(first[:, 2:] - first[:, :2], [[0.1, 0.2], [0.2, 0.4], [0.2, 0.1]], rtol=1e-6)
    clipped = npx.multibox_prior(np.zeros((1, 3, 2, 4)), sizes=(3,), clip=True)
    assert clipped.min() == 0
    assert clipped.max() == 1
    assert npx.multibox_prior(np.zeros((1, 3, 1, 1)), steps=(0.5, 0.25), offsets=(0, 1))[0, 0].tolist() == [-0.25, -0.5, 0.75, 0.5]


ERRORS = [
    (lambda: npx.box_iou(np.ones((2, 3)), np.ones((2, 4))), "lhs has the four numbers"),
    (lambda: npx.box_iou(np.ones((2, 4)), np.ones((2, 4)), format="centre"), "'corner' or by its 'center'"),
    (lambda: npx.box_nms(np.ones((2, 5))), "coordinates from 2 to 5"),
    (lambda: npx.box_nms(FOUND, in_format="x"), "'corner' or"),
    (lambda: npx.box_decode(np.ones((1, 2, 4)), np.ones((1, 2, 5))), "anchors has the four numbers"),
    (
        lambda: npx.box_decode(np.ones((1, 3, 4)), np.ones((1, 2, 4))),
        r"box_decode: data .* \(1, 3, 4\), that of anchors \(1, 2, 4\)",
    ),
    (lambda: npx.box_encode(np.ones((1, 2)), np.ones((1, 2)), np.ones((1, 2, 4)), np.ones((1, 2, 3))), "refs has the four"),
    (lambda: npx.box_encode(np.ones((1, 3)), np.ones((1, 3)), ANCHORS, ANCHORS), r"box_encode: .* shapes are \(1, 3\)"),
    (lambda: npx.box_encode(np.ones((1, 4)), np.full((1, 4), 4), ANCHORS, ANCHORS), "box_encode: matches .* from -1 to 3, not 4"),
    (lambda: npx.bipartite_matching(np.ones(3), threshold=0.5), "a row and a column axis"),
    (lambda: npx.multibox_prior(np.ones((2, 3))), "batch, channels, height, width"),
    (lambda: npx.multibox_prior(np.ones((1, 1, 2, 2)), sizes=(0,)), "positive numbers"),
    (lambda: npx.multibox_prior(np.ones((1, 1, 0, 2))), r"multibox_prior: the feature map has pixels, .* is \(1, 1, 0, 2\)"),
    (lambda: npx.multibox_prior(np.ones((1, 1, 2, 0)), steps=(0.5, 0.5)), "multibox_prior: the feature map has pixels"),
    (lambda: npx.multibox_target(ANCHORS, OBJECTS[:, :, :4], SCORES), "a class and four corners"),
    (lambda: npx.multibox_target(ANCHORS, OBJECTS, SCORES[:, :, :3]), "classes \\+ 1, anchors"),
    (lambda: npx.multibox_detection(SCORES, np.zeros((2, 12)), ANCHORS), "for 4 anchors"),
    (lambda: npx.multibox_detection(SCORES, np.zeros((2, 16)), ANCHORS, background_id=5), "one of 5 classes"),
]


@pytest.mark.parametrize(("call", "words"), ERRORS, ids=[words for _, words in ERRORS])
def test_errors_say_what_is_wrong(call, words):
    with pytest.raises(ValueError, match=words):
        call()
