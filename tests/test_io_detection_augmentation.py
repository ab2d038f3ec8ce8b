"""`io.ImageDetRecordIter`: boxes stay around what they were around, and crops show what they have to."""

import numpy
import pytest

from mxnet import io, recordio

COLOURS = {3: (250, 0, 0), 7: (0, 0, 250)}
BOXES = {3: (6, 4, 18, 14), 7: (30, 20, 44, 36)}  # left, top, right, bottom, in 48 × 40 pixels
WIDTH, HEIGHT = 48, 40
COUNT = 60


def label(classes, head=(2, 5)):
    rows = [(c, *numpy.divide(BOXES[c], [WIDTH, HEIGHT] * 2)) for c in classes]
    return [*head, *numpy.ravel(rows)]


def picture(classes):
    image = numpy.full((HEIGHT, WIDTH, 3), 100, "uint8")
    for c in classes:
        left, top, right, bottom = BOXES[c]
        image[top:bottom, left:right] = COLOURS[c]
    return image


def record(path, classes=(3, 7), count=COUNT, image=None, **labels):
    """Options that name a file of the same scene many times."""
    with recordio.MXRecordIO(path, "w") as file:
        for i in range(count):
            pixels = picture(classes) if image is None else image
            header = recordio.IRHeader(0, label(classes, **labels), i, 0)
            file.write(recordio.pack_img(header, pixels[:, :, ::-1], img_fmt=".png"))
    return {
        "path_imgrec": path,
        "data_shape": (3, HEIGHT, WIDTH),
        "batch_size": count,
        "inter_method": 0,
        "preprocess_threads": 0,
        "label_pad_width": 16,
    }


@pytest.fixture
def given(tmp_path):
    return record(tmp_path / "r")


def batch(given, **options):
    """For each image of a batch its pixels, channels last, the size in which it is there, and its objects."""
    got = io.ImageDetRecordIter(**given | options).next()
    for image, numbers in zip(got.data[0].asnumpy().transpose(0, 2, 3, 1), got.label[0].asnumpy(), strict=True):
        _, rows, columns, length, head, width = numbers[:6].astype(int)
        assert (numbers[4 + length :] == -1).all()
        yield image, (columns, rows), numbers[4 + head : 4 + length].reshape(-1, width)


def check_boxes(image, size, objects):
    """Boxes hold the colour of their class, and other places do not, but for a pixel where they end between two."""
    others = numpy.ones(image.shape[:2], bool)
    for number, *corners in objects[:, :5]:
        assert min(corners) >= 0
        assert max(corners) <= 1
        left, top, right, bottom = (part * n for part, n in zip(corners, size * 2, strict=True))
        there = (image == COLOURS[int(number)]).all(axis=2)
        assert there[int(top + 1.5) : int(bottom - 0.5), int(left + 1.5) : int(right - 0.5)].all()
        around = numpy.zeros_like(others)
        around[max(0, int(top - 0.5)) : int(bottom + 1.5), max(0, int(left - 0.5)) : int(right + 1.5)] = True
        assert not (there & ~around).any()
        others &= ~there
    return others


@pytest.mark.parametrize("mode", ["force", "fit", "shrink"])
@pytest.mark.parametrize(
    "options",
    [
        {"rand_mirror_prob": 1},
        {"rand_pad_prob": 1, "max_pad_scale": 2},
        {"rand_crop_prob": 1, "min_crop_scales": 0.3, "min_crop_object_coverages": 0.5},
        {
            "rand_mirror_prob": 0.5,
            "rand_pad_prob": 0.5,
            "max_pad_scale": 1.5,
            "rand_crop_prob": 0.8,
            "min_crop_scales": 0.4,
            "min_crop_aspect_ratios": 0.5,
            "max_crop_aspect_ratios": 2,
            "min_crop_overlaps": 0.05,
        },
    ],
    ids=["mirrored", "padded", "cropped", "all"],
)
def test_boxes_move_with_the_picture(given, options, mode):
    looks = set()
    for image, size, objects in batch(given, data_shape=(3, 80, 70), resize_mode=mode, **options):
        check_boxes(image, size, objects)
        assert len(objects) >= 1
        looks.add(image.tobytes())
    assert len(looks) > 1 or options == {"rand_mirror_prob": 1}


def test_objects_keep_their_other_numbers(tmp_path):
    path = tmp_path / "r"
    with recordio.MXRecordIO(path, "w") as file:
        for i in range(20):
            numbers = [3, 6, 99, 3, 0.25, 0.25, 0.5, 0.5, 11, 7, 0.9, 0.9, 1, 1, 12]
            file.write(recordio.pack_img(recordio.IRHeader(0, numbers, i, 0), NOISE, img_fmt=".png"))
    given = {"path_imgrec": path, "data_shape": (3, 40, 48), "batch_size": 20, "label_pad_value": -5}
    options = {"rand_mirror_prob": 1, "rand_crop_prob": 1, "min_crop_scales": 0.2, "max_crop_scales": 0.6}
    lengths = set()
    for row in io.ImageDetRecordIter(**given, **options).next().label[0].asnumpy():
        assert row[4:7].tolist() == [3, 6, 99]
        length = int(row[3])
        objects = row[7 : 4 + length].reshape(-1, 6)
        assert all(last == {3: 11, 7: 12}[number] for number, last in objects[:, [0, 5]].tolist())
        assert (row[4 + length :] == -5).all()
        lengths.add(length)
    assert 9 in lengths


NOISE = numpy.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3)).astype("uint8")


# --- larger images ----------------------------------------------------------------------------------------------------------------


def test_larger_images(given):
    scales, places = [], []
    for image, size, objects in batch(given, rand_pad_prob=1, max_pad_scale=2, fill_value=50):
        others = check_boxes(image, size, objects)
        assert set(image[others][:, 0]) <= {50, 100}
        width, height = objects[0, 3] - objects[0, 1], objects[0, 4] - objects[0, 2]
        scales.append([12 / WIDTH / width, 10 / HEIGHT / height])
        left, top = objects[0, 1:3] * scales[-1] - numpy.divide(BOXES[3][:2], (WIDTH, HEIGHT))
        places.append([left, top] / (numpy.array(scales[-1]) - 1 + 1e-9))
    scales, places = numpy.array(scales), numpy.array(places)
    numpy.testing.assert_allclose(scales[:, 0], scales[:, 1], atol=0.03)  # sizes are whole pixels
    assert 1 <= scales.min() < 1.2
    assert 1.8 < scales.max() <= 2
    places = places[scales[:, 0] > 1.2]
    assert -0.01 <= places.min() < 0.2
    assert 0.8 < places.max() <= 1.01


def test_probabilities(tmp_path):
    given = record(tmp_path / "r", count=300)
    for options in ({"rand_mirror_prob": 0.3}, {"rand_pad_prob": 0.3, "max_pad_scale": 9}, {"rand_crop_prob": 0.3}):
        plain = label((3, 7))[2:]
        found = [
            objects.ravel().tolist() == pytest.approx(plain) for _, _, objects in batch(given, data_shape=(3, 8, 8), **options)
        ]
        changed = found.count(False) / 300
        # With no least scale all crops are others.
        assert 0.2 < changed < 0.4, options


def test_images_stay_by_default(given):
    for image, size, objects in batch(given, max_random_contrast=0.5, max_random_hue=90, max_random_illumination=90):
        numpy.testing.assert_array_equal(image, picture((3, 7)))
        assert size == (WIDTH, HEIGHT)
        numpy.testing.assert_array_equal(objects.ravel(), numpy.float32(label((3, 7))[2:]))


# --- crops ------------------------------------------------------------------------------------------------------------------------


def coordinates():
    """An image that shows where its pixels were: in red the column, in green the row."""
    image = numpy.zeros((HEIGHT, WIDTH, 3), "uint8")
    image[..., 0], image[..., 1] = numpy.arange(WIDTH), numpy.arange(HEIGHT)[:, None]
    return image


def cuts(path, classes=(3, 7), count=COUNT, **options):
    """For each image (left, top, right, bottom) of what was cut, in pixels, and the classes that stayed."""
    given = record(path, classes, count, coordinates())
    result = []
    for image, _, objects in batch(given, data_shape=(3, 2 * HEIGHT, 2 * WIDTH), rand_crop_prob=1, **options):
        columns, rows = image[0, :, 0], image[:, 0, 1]
        cut = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
        result.append((numpy.array(cut), objects[:, 0].astype(int).tolist()))
        left, top, width, height = cut[0], cut[1], cut[2] - cut[0], cut[3] - cut[1]
        for number, *corners in objects[:, :5]:
            box = (BOXES[int(number)] - numpy.array([left, top] * 2)) / ([width, height] * 2)
            numpy.testing.assert_allclose(corners, numpy.clip(box, 0, 1), atol=1e-6)
    return result


def area(box):
    return max(0, box[2] - box[0]) * max(0, box[3] - box[1])


def measured(cut, number):
    """Areas of the crop, of an object, and of what they share."""
    box = BOXES[number]
    shared = numpy.maximum(cut[:2], box[:2]), numpy.minimum(cut[2:], box[2:])
    return area(cut), area(box), area(numpy.concatenate(shared))


def test_scales_and_proportions_of_crops(tmp_path):
    found = cuts(tmp_path / "a", min_crop_scales=0.4, max_crop_scales=0.7)
    width, height = numpy.array([[cut[2] - cut[0], cut[3] - cut[1]] for cut, _ in found]).T
    scales = numpy.sqrt(width * height / (WIDTH * HEIGHT))
    assert 0.38 < scales.min() < 0.5 < 0.6 < scales.max() < 0.72
    numpy.testing.assert_allclose(width / height, 1, atol=0.08)  # squares, in whole pixels
    options = {"min_crop_scales": 0.4, "max_crop_scales": 0.4, "min_crop_aspect_ratios": 0.5, "max_crop_aspect_ratios": 2}
    width, height = numpy.array([[cut[2] - cut[0], cut[3] - cut[1]] for cut, _ in cuts(tmp_path / "b", **options)]).T
    numpy.testing.assert_allclose(width * height, 0.16 * WIDTH * HEIGHT, rtol=0.06)
    assert 0.45 < (width / height).min() < 0.7 < 1.5 < (width / height).max() < 2.2
    # A large crop fits in the proportion of the image alone.
    for cut, _ in cuts(tmp_path / "c", count=5, min_crop_scales=1):
        assert cut.tolist() == [0, 0, WIDTH, HEIGHT]


@pytest.mark.parametrize(
    ("options", "measure"),
    [
        ({"min_crop_object_coverages": 0.81}, lambda crop, box, both: both / box >= 0.81),
        (
            {"min_crop_object_coverages": 0.11, "max_crop_object_coverages": 0.91},
            lambda crop, box, both: 0.11 <= both / box <= 0.91,
        ),
        ({"min_crop_sample_coverages": 0.3}, lambda crop, box, both: both / crop >= 0.3),
        ({"min_crop_overlaps": 0.25}, lambda crop, box, both: both / (crop + box - both) >= 0.25),
        (
            {"min_crop_overlaps": 0.1, "min_crop_object_coverages": 1},
            lambda crop, box, both: both == box and both / crop >= 0.1,
        ),
    ],
    ids=["object", "part of an object", "sample", "overlap", "two of them"],
)
def test_one_object_is_shown_as_it_has_to_be(tmp_path, options, measure):
    found = cuts(tmp_path / "r", min_crop_scales=0.1, max_crop_scales=0.7, max_crop_trials=1000, **options)
    assert all(any(measure(*measured(cut, number)) for number in BOXES) for cut, _ in found)
    assert not all(all(measure(*measured(cut, number)) for number in BOXES) for cut, _ in found)


def test_objects_that_stay(tmp_path):
    dropped = 0
    for cut, classes in cuts(tmp_path / "a", min_crop_scales=0.3, max_crop_scales=0.8):
        for number, box in BOXES.items():
            x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
            inside = cut[0] <= x <= cut[2] and cut[1] <= y <= cut[3]
            assert inside == (number in classes)
            dropped += not inside
        assert classes
    assert dropped > 5
    for threshold in (0, 0.31, 0.91):
        options = {"crop_emit_mode": "overlap", "emit_overlap_thresh": threshold}
        for cut, classes in cuts(tmp_path / "b", min_crop_scales=0.2, max_crop_scales=0.8, **options):
            for number in BOXES:
                _, box, both = measured(cut, number)
                assert (number in classes) == (both > 0 and both / box >= threshold)


def test_a_crop_that_cannot_be_leaves_the_image(tmp_path):
    for cut, classes in cuts(tmp_path / "r", count=3, min_crop_overlaps=0.99):
        assert (cut.tolist(), classes) == ([0, 0, WIDTH, HEIGHT], [3, 7])


def test_samplers(tmp_path):
    options = {"num_crop_sampler": 2, "min_crop_scales": (0.2, 0.7), "max_crop_scales": [0.3, 0.8]}
    scales = [numpy.sqrt(area(cut) / (WIDTH * HEIGHT)) for cut, _ in cuts(tmp_path / "a", **options, max_crop_trials=(1000, 25))]
    small = sum(scale < 0.35 for scale in scales)
    assert COUNT / 4 < small < COUNT * 3 / 4
    assert all(scale > 0.65 for scale in scales if scale >= 0.35)
    # If one of them always fails, it is the other one.
    found = cuts(tmp_path / "b", **options, min_crop_overlaps=(0.99, 0))
    assert all(numpy.sqrt(area(cut) / (WIDTH * HEIGHT)) > 0.65 for cut, _ in found)


# --- colours ----------------------------------------------------------------------------------------------------------------------


def test_colours(given):
    plain = picture((3, 7)).astype(float)
    factors = set()
    for image, _, _ in batch(given, max_random_contrast=0.5, random_contrast_prob=1, rand_pad_prob=1):
        factor = image[0, 0, 0] / 100
        numpy.testing.assert_allclose(image, (plain * factor).clip(0, 255), atol=2)
        factors.add(factor)
    assert 0.5 <= min(factors) < 0.7
    assert 1.3 < max(factors) <= 1.5
    for option, changed in (("hue", 0), ("saturation", 0), ("illumination", 100)):
        images = [image for image, _, _ in batch(given, **{f"max_random_{option}": 60, f"random_{option}_prob": 1})]
        greys = {image[0, 0, 0] for image in images}
        assert all((image[0, 0] == image[0, 0, 0]).all() for image in images)
        assert (len(greys) > 20) == (changed > 0)
        reds = {tuple(image[5, 8]) for image in images}
        assert len(reds) > 10
        images = [image for image, _, _ in batch(given, **{f"max_random_{option}": 60, f"random_{option}_prob": 0.5})]
        assert 10 < sum((image == plain).all() for image in images) < 56
    # What is around is not changed with the image.
    options = {"rand_pad_prob": 1, "max_pad_scale": 9, "max_random_contrast": 0.9, "random_contrast_prob": 1, "fill_value": 33}
    corners = [image[[0, 0, -1, -1], [0, -1, 0, -1], 0] for image, _, _ in batch(given, **options)]
    assert numpy.mean([(33 in corner) for corner in corners]) > 0.9


def test_means_of_scenes(tmp_path, given):
    plain = [image for image, _, _ in batch(given)]
    mirrored = io.ImageDetRecordIter(**given, rand_mirror_prob=1, mean_img=tmp_path / "mean")
    # The mean is that of images as they are shown.
    assert abs(mirrored.next().data[0].asnumpy()).max() == 0
    data = io.ImageDetRecordIter(**given, mean_img=tmp_path / "mean", scale=0.5).next().data[0].asnumpy()[0].transpose(1, 2, 0)
    numpy.testing.assert_allclose(data, (plain[0] - plain[0][:, ::-1]) / 2)


# --- errors -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"rand_crop_prob": 1.5}, "rand_crop_prob is a number from 0 to 1, not 1.5"),
        ({"max_pad_scale": 0.5}, "max_pad_scale is a number from 1 on, not 0.5"),
        ({"crop_emit_mode": "middle"}, "crop_emit_mode is 'center' or 'overlap', not 'middle'"),
        ({"resize_mode": "cut"}, "resize_mode is 'force', 'fit' or 'shrink', not 'cut'"),
        ({"num_crop_sampler": 0}, "num_crop_sampler is a whole number from 1 on, not 0"),
        ({"min_crop_scales": (0.5, 2)}, "min_crop_scales is a number from 0 to 1, or a tuple of such numbers, not (0.5, 2)"),
        ({"max_crop_trials": ()}, "max_crop_trials is a whole number from 1 on, or a tuple of such numbers, not ()"),
        (
            {"min_crop_scales": (0.1, 0.3)},
            "min_crop_scales has one number, or one for each of num_crop_sampler=1, not (0.1, 0.3)",
        ),
        ({"min_crop_aspect_ratios": 2}, "min_crop_aspect_ratios=2 is above max_crop_aspect_ratios=1"),
        (
            {"num_crop_sampler": 2, "min_crop_overlaps": (0.1, 0.6), "max_crop_overlaps": 0.5},
            "min_crop_overlaps=0.6 is above max_crop_overlaps=0.5",
        ),
        ({"max_random_hue": 200}, "max_random_hue is a whole number from 0 to 180, not 200"),
    ],
)
def test_errors_of_options(given, options, words):
    with pytest.raises(ValueError, match="ImageDetRecordIter: ") as caught:
        io.ImageDetRecordIter(**given, **options)
    assert str(caught.value) == f"ImageDetRecordIter: {words}"
    with pytest.raises(TypeError, match="ImageDetRecordIter: there is no argument 'rand_crop'"):
        io.ImageDetRecordIter(**given, rand_crop=True)
