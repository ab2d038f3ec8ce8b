"""What rows cannot say of `npx.image`: what is random, files, augmenters, messages."""

import colorsys
import io
import json
import sys

import numpy
import pytest

from mxnet import autograd, np, npx
from mxnet.test_utils import check_numeric_gradient

image = npx.image


def pixels(*shape, dtype="uint8"):
    return np.array(numpy.random.default_rng(0).integers(0, 256, shape), dtype=dtype)


@pytest.fixture(autouse=True)
def _seeded():
    np.random.seed(0)


# --- sizes ------------------------------------------------------------------------------------------------------------------------

ROW = [10, 200, 30, 90, 160, 0, 250]
# What MXNet (OpenCV) makes of the row, with 10 and with 4 numbers.
LARGER = {
    0: [10, 10, 200, 30, 30, 90, 160, 160, 0, 250],
    1: [10, 114.5, 157.5, 38.5, 69, 114.5, 152, 40, 112.5, 250],
    2: [-5.4434, 133.0316, 179.4141, 34.991, 52.1081, 129.515, 155.6337, 12.3438, 94.6181, 270.3203],
    3: [10, 118.5714, 175.7143, 30, 72.8571, 110, 160, 22.8571, 107.1429, 250],
    4: [-10.8752, 139.1246, 182.8245, 37.9002, 27.7411, 155.149, 152.1497, 9.1526, 87.9854, 275.5795],
}
SMALLER = {
    0: [10, 200, 90, 0],
    1: [81.25, 37.5, 151.25, 156.25],
    2: [89.6729, 23.3496, 164.7852, 149.3652],
    3: [91.4286, 71.4286, 117.1429, 142.8571],
    4: [95.552, 14.7656, 174.7637, 143.6239],
}


@pytest.mark.parametrize("interp", range(5))
@pytest.mark.parametrize(("width", "expected"), [(10, LARGER), (4, SMALLER)])
def test_interpolation_is_that_of_mxnet(interp, width, expected):
    for axes in ((1, 7, 1), (7, 1, 1)):
        source = np.array(ROW).reshape(axes)
        size = (width, 1) if axes[1] == 7 else (1, width)
        result = image.resize(source, size, interp=interp).asnumpy().ravel()
        numpy.testing.assert_allclose(result, expected[interp], atol=2e-3)
        rounded = image.imresize(source.astype("uint8"), *size, interp).asnumpy().ravel()
        numpy.testing.assert_array_equal(rounded, numpy.clip(numpy.rint(result), 0, 255))


@pytest.mark.parametrize("interp", [2, 3, 4])
@pytest.mark.parametrize("size", [(3, 4), (8, 9), (3, 9)])
def test_gradients_of_interpolation(interp, size):
    check_numeric_gradient(lambda x: image.resize(x, size, interp=interp), [numpy.random.default_rng(1).normal(size=(5, 6, 2))], 2)


def test_codes_that_choose():
    x = pixels(6, 6, 3, dtype="float32")
    for size, same in (((9, 9), 2), ((3, 3), 3), ((3, 9), 1)):
        numpy.testing.assert_array_equal(image.resize(x, size, interp=9).asnumpy(), image.resize(x, size, interp=same).asnumpy())
    assert len({image.resize(x, (9, 9), interp=10).asnumpy().tobytes() for _ in range(50)}) == 5


def test_the_same_size_is_the_same_image():
    x = pixels(5, 4, 3)
    for interp in range(5):
        numpy.testing.assert_array_equal(image.resize(x, (4, 5), interp=interp).asnumpy(), x.asnumpy())


def test_scale_down():
    assert image.scale_down((360, 1000), (480, 500)) == (360, 375)
    assert image.scale_down((640, 480), (72, 12)) == (72, 12)


def test_center_crop():
    x = pixels(10, 8, 3)
    part, where = image.center_crop(x, (4, 5))
    assert where == (2, 2, 4, 5)
    numpy.testing.assert_array_equal(part.asnumpy(), x.asnumpy()[2:7, 2:6])
    part, where = image.center_crop(x, (16, 16))
    assert (part.shape, where) == ((16, 16, 3), (0, 1, 8, 8))


# --- random ones ------------------------------------------------------------------------------------------------------------------


def corners(draw, repeats=300):
    """The positions of crops, told from an image that has its pixels numbered."""
    x = np.arange(20 * 30).reshape(20, 30, 1)
    return {divmod(int(draw(x)[0, 0, 0].item()), 30)[::-1] for _ in range(repeats)}


def test_random_crops_are_anywhere_in_the_range():
    found = corners(lambda x: image.random_crop(x, width=27, height=18))
    assert found == {(x, y) for x in range(4) for y in range(3)}
    found = corners(lambda x: image.random_crop(x, (0.5, 0.5), (0, 0.25), width=10, height=8))
    assert found == {(10, y) for y in range(4)}
    found = corners(lambda x: image.RandomCropAug((28, 20))(x))
    assert found == {(0, 0), (1, 0), (2, 0)}


def test_random_crops_of_small_images_are_resized():
    x = pixels(4, 30, 3)
    assert image.random_crop(x, width=10, height=8).shape == (8, 10, 3)
    assert image.random_crop(pixels(2, 4, 3, 3), width=10, height=8).shape == (2, 8, 10, 3)


def test_random_sizes():
    x = pixels(60, 80, 3)
    for _ in range(100):
        part, (left, top, width, height) = image.random_size_crop(x, (10, 12), (0.2, 0.5), (0.5, 2))
        assert part.shape == (12, 10, 3)
        assert 0.19 < width * height / 4800 < 0.51
        assert 0.48 < width / height < 2.1
        assert left + width <= 80
        assert top + height <= 60
    part, where = image.random_size_crop(x, (10, 12), (1, 1), (9, 9))  # fits nowhere: the middle
    assert (part.shape, where) == ((12, 10, 3), image.center_crop(x, (10, 12))[1])
    assert image.random_resized_crop(pixels(2, 60, 80, 3), 10, 12).shape == (2, 12, 10, 3)


@pytest.mark.parametrize("name", ["random_flip_left_right", "random_flip_top_bottom"])
def test_flips_are_random(name):
    x = pixels(3, 3, 1)
    flipped = sum(bool((getattr(image, name)(x) != x).any()) for _ in range(300))
    assert 100 < flipped < 200
    assert (getattr(image, name)(x, 0) == x).all()


@pytest.mark.parametrize("name", ["random_brightness", "random_contrast", "random_saturation", "random_hue"])
def test_factors_are_random_and_reproducible(name):
    x = pixels(4, 5, 3)
    change = getattr(image, name)
    np.random.seed(3)
    first = [change(x, 0.5, 1.5).asnumpy() for _ in range(5)]
    np.random.seed(3)
    again = [change(x, 0.5, 1.5).asnumpy() for _ in range(5)]
    numpy.testing.assert_array_equal(first, again)
    assert len({a.tobytes() for a in first}) > 3
    assert (change(x, 1, 1) == x).all()


def test_brightness_is_uniform():
    factors = [image.random_brightness(np.ones((1, 1, 3)), 0.5, 1.5)[0, 0, 0].item() for _ in range(400)]
    assert 0.5 <= min(factors) < 0.52
    assert 1.48 < max(factors) <= 1.5


@pytest.mark.parametrize("turns", [0, 0.3, 0.5, 0.9, 1.7])
def test_hue_is_that_of_hls(turns):
    colours = numpy.random.default_rng(2).integers(0, 256, (6, 7, 3))
    colours[0, :, 1:] = colours[0, :, :1]  # grey
    colours[1, :, 1] = colours[1, :, 0]  # ties
    expected = numpy.zeros(colours.shape)
    for place in numpy.ndindex(6, 7):
        hue, lightness, saturation = colorsys.rgb_to_hls(*(colours[place] / 255))
        expected[place] = 255 * numpy.array(colorsys.hls_to_rgb((hue + turns) % 1, lightness, saturation))
    result = image.random_hue(np.array(colours), turns, turns).asnumpy()
    numpy.testing.assert_allclose(result, expected, atol=1e-3)
    assert abs(image.random_hue(np.array(colours, dtype="uint8"), turns, turns).asnumpy() - expected).max() < 0.501


def test_gradient_of_hue():
    colours = numpy.array([[[10.0, 100, 220], [200, 30, 90], [50, 50.5, 200]]])
    check_numeric_gradient(lambda x: image.random_hue(x, 0.3, 0.3), [colours], 2)
    grey = np.full((1, 1, 3), 7.0)
    grey.attach_grad()
    with autograd.record():
        result = image.random_hue(grey, 0.3, 0.3)
    result.backward()
    assert numpy.isfinite(grey.grad.asnumpy()).all()


def test_jitter_and_lighting():
    x = pixels(2, 4, 5, 3)
    results = {image.random_color_jitter(x, 0.3, 0.2, 0.1, 0.1).asnumpy().tobytes() for _ in range(5)}
    assert len(results) == 5
    assert (image.random_color_jitter(x, 0, 0, 0, 0) == x).all()
    grey = pixels(4, 5, 1)
    assert (image.random_color_jitter(grey, 0, 0, 0.5, 0.5) == grey).all()
    assert (image.random_lighting(grey) == grey).all()
    shifts = numpy.array([image.random_lighting(np.zeros((1, 1, 3)), 0.1).asnumpy().ravel() for _ in range(500)])
    vectors = numpy.array([image.adjust_lighting(np.zeros((1, 1, 3)), alpha).asnumpy().ravel() for alpha in numpy.eye(3)])
    alpha = numpy.linalg.solve(vectors.T, shifts.T)
    numpy.testing.assert_allclose(alpha.std(axis=1), 0.1, rtol=0.15)
    numpy.testing.assert_allclose(alpha.mean(axis=1), 0, atol=0.02)


def test_rotation():
    x = np.array(numpy.random.default_rng(3).normal(size=(2, 3, 5, 5)))
    quarter = image.imrotate(x, 90).asnumpy()
    numpy.testing.assert_allclose(quarter, numpy.rot90(x.asnumpy(), 1, (2, 3)), atol=1e-5)
    each = image.imrotate(x, np.array([90, 0])).asnumpy()
    numpy.testing.assert_allclose(each, numpy.stack([quarter[0], x.asnumpy()[1]]), atol=1e-5)
    angles = image.random_rotate(np.ones((50, 1, 9, 9)), (0, 45))
    assert len({a.tobytes() for a in angles.asnumpy()}) == 50
    full = image.random_rotate(np.ones((5, 1, 9, 9)), (-45, 45), zoom_in=True).asnumpy()
    numpy.testing.assert_allclose(full, 1, atol=1e-5)


# --- files ------------------------------------------------------------------------------------------------------------------------


def encoded(array, **options):
    pillow = pytest.importorskip("PIL.Image")
    file = io.BytesIO()
    pillow.fromarray(array).save(file, options.pop("format", "png"), **options)
    return file.getvalue()


def test_decoding(tmp_path):
    x = pixels(6, 5, 3).asnumpy()
    data = encoded(x)
    (tmp_path / "x.png").write_bytes(data)
    for buf in (data, bytearray(data), numpy.frombuffer(data, "uint8"), np.array(numpy.frombuffer(data, "uint8"), dtype="uint8")):
        decoded = image.imdecode(buf)
        assert decoded.dtype == "uint8"
        numpy.testing.assert_array_equal(decoded.asnumpy(), x)
    numpy.testing.assert_array_equal(image.imread(tmp_path / "x.png").asnumpy(), x)
    numpy.testing.assert_array_equal(image.imread(str(tmp_path / "x.png"), to_rgb=False).asnumpy(), x[..., ::-1])
    grey = image.imdecode(data, flag=0).asnumpy()
    assert grey.shape == (6, 5, 1)
    assert abs(grey[..., 0] - x @ [0.299, 0.587, 0.114]).max() < 1


def test_decoding_of_other_kinds_of_images():
    grey = pixels(6, 5).asnumpy()
    numpy.testing.assert_array_equal(image.imdecode(encoded(grey)).asnumpy(), numpy.repeat(grey[..., None], 3, -1))
    transparent = pixels(6, 5, 4).asnumpy()
    numpy.testing.assert_array_equal(image.imdecode(encoded(transparent)).asnumpy(), transparent[..., :3])
    deep = grey.astype("uint16") * 257
    numpy.testing.assert_array_equal(image.imdecode(encoded(deep), 0).asnumpy()[..., 0], grey)
    smooth = numpy.tile(numpy.arange(0, 240, 5, dtype="uint8")[:, None], (3, 40, 1)).reshape(144, 40)
    assert abs(image.imdecode(encoded(smooth, format="jpeg", quality=95), 0).asnumpy()[..., 0].astype(int) - smooth).max() < 12


def test_messages_of_files(monkeypatch):
    pytest.importorskip("PIL")
    with pytest.raises(ValueError, match="imdecode: buf is empty"):
        image.imdecode(b"")
    with pytest.raises(ValueError, match="imdecode: buf holds no image"):
        image.imdecode(b"abc")
    with pytest.raises(TypeError, match="bytes or an array of uint8, not str"):
        image.imdecode("cat.jpg")
    with pytest.raises(TypeError, match="an array of uint8, not of float32"):
        image.imdecode(np.ones(3))
    with pytest.raises(ValueError, match="flag is 1 for colours or 0 for grey, not 2"):
        image.imdecode(b"abc", flag=2)
    with pytest.raises(FileNotFoundError):
        image.imread("/no/such/file.png")
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ImportError, match="pip install pillow"):
        image.imdecode(b"abc")


# --- augmenters -------------------------------------------------------------------------------------------------------------------

JITTER = {"brightness": 0.1, "contrast": 0.1, "saturation": 0.1, "hue": 0.1, "pca_noise": 0.1, "rand_gray": 0.5}


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize(
    "more", [{}, {"resize": 40, "rand_crop": True, "rand_mirror": True}, {"rand_crop": True, "rand_resize": True}]
)
def test_lists_of_augmenters(dtype, more):
    augmenters = image.CreateAugmenter((3, 24, 32), mean=True, std=True, **more, **JITTER)
    for _ in range(5):
        x = pixels(50, 60, 3, dtype=dtype)
        for augment in augmenters:
            x = augment(x)
        assert (x.shape, x.dtype) == ((24, 32, 3), "float32")
        assert abs(x.asnumpy()).max() < 6
    x = pixels(24, 32, 3)
    for augment in image.CreateAugmenter((3, 24, 32), mean=numpy.array([1, 2, 3]), std=np.array([2.0])):
        x = augment(x)
    numpy.testing.assert_allclose(x.asnumpy(), (pixels(24, 32, 3).asnumpy() - [1, 2, 3]) / 2, rtol=1e-6)


def test_dumps_is_that_of_mxnet():
    made = image.CreateAugmenter((3, 20, 30), resize=25, rand_crop=True, rand_mirror=True, brightness=0.1, rand_gray=0.1, mean=True)
    assert [augment.dumps() for augment in made] == [
        '["resizeaug", {"size": 25, "interp": 2}]',
        '["randomcropaug", {"size": [30, 20], "interp": 2}]',
        '["horizontalflipaug", {"p": 0.5}]',
        '["castaug", {"type": "float32"}]',
        ["colorjitteraug", ['["brightnessjitteraug", {"brightness": 0.1}]']],
        '["randomgrayaug", {"p": 0.1}]',
        '["colornormalizeaug", {"mean": [123.68000030517578, 116.27999877929688, 103.52999877929688], "std": null}]',
    ]
    assert image.SequentialAug([image.CastAug()]).dumps() == ["sequentialaug", ['["castaug", {"type": "float32"}]']]
    assert image.DetBorrowAug(image.CastAug()).dumps() == ["detborrowaug", '["castaug", {"type": "float32"}]']
    pad = json.loads(image.DetRandomPadAug(pad_val=7).dumps())
    assert pad == [
        "detrandompadaug",
        {"aspect_ratio_range": [0.75, 1.33], "area_range": [1.0, 3.0], "max_attempts": 50, "pad_val": [7]},
    ]


def test_augmenters_of_nothing_change_nothing():
    x = pixels(5, 6, 3)
    kinds = (image.BrightnessJitterAug, image.ContrastJitterAug, image.SaturationJitterAug, image.HueJitterAug, image.LightingAug)
    for augment in (*[kind(0) for kind in kinds], image.HorizontalFlipAug(0), image.RandomGrayAug(0), image.ForceResizeAug((6, 5))):
        numpy.testing.assert_array_equal(augment(x).asnumpy(), x.asnumpy())


def test_augmenters_of_colour():
    x = pixels(5, 6, 3, dtype="float32")
    numpy.testing.assert_allclose(image.RandomGrayAug(1)(x).asnumpy()[..., 2], x.asnumpy() @ [0.21, 0.72, 0.07], rtol=1e-5)
    ratios = [(image.BrightnessJitterAug(0.3)(x)[0, 0, 0] / x[0, 0, 0]).item() for _ in range(200)]
    assert 0.7 <= min(ratios) < 0.75
    assert 1.25 < max(ratios) <= 1.3
    luma = numpy.array([0.299, 0.587, 0.114])
    turned = image.HueJitterAug(0.5)(x).asnumpy()
    numpy.testing.assert_allclose(turned @ luma, x.asnumpy() @ luma, rtol=1e-4)  # brightness stays
    orders = {image.RandomOrderAug([lambda x: x + 1, lambda x: x * 2, lambda x: x - 5])(3) for _ in range(50)}
    assert orders == {3, -2, 2, -3}
    with pytest.raises(NotImplementedError, match="Augmenter defines no __call__"):
        image.Augmenter()(x)


LABEL = numpy.array([[0, 0.1, 0.1, 0.5, 0.6, 7], [1, 0.2, 0.3, 0.9, 0.8, 9]])


def marked(label, height, width):
    """An image whose channels are 1 in the boxes, 0 elsewhere; one channel an object."""
    x = numpy.zeros((height, width, len(label)), "float32")
    for i, (_, left, top, right, bottom, *_) in enumerate(label):
        x[round(top * height) : round(bottom * height), round(left * width) : round(right * width), i] = 1
    return x


@pytest.mark.parametrize(
    "augment",
    [image.DetHorizontalFlipAug(1), image.DetRandomCropAug(0.5), image.DetRandomPadAug(pad_val=0, area_range=(1.5, 3))],
    ids=["flip", "crop", "pad"],
)
def test_boxes_stay_with_their_objects(augment):
    for _ in range(20):
        x, label = augment(np.array(marked(LABEL, 200, 100)), LABEL)
        channels = [int(c) for c in label[:, 0]]
        numpy.testing.assert_array_equal(label[:, 5], LABEL[channels, 5])
        difference = abs(x.asnumpy()[..., channels] - marked(label, *x.shape[:2]))
        assert difference.mean() < 0.03
    assert x.shape[:2] != (200, 100) or isinstance(augment, image.DetHorizontalFlipAug)
    ours = augment(np.array(marked(LABEL, 200, 100)), np.array(LABEL))[1]
    assert isinstance(ours, np.ndarray)


def test_crops_show_enough():
    x = np.array(marked(LABEL, 200, 100))
    for _ in range(50):
        part, label = image.DetRandomCropAug(0.9, area_range=(0.3, 0.9), min_eject_coverage=0.95)(x, LABEL)
        assert len(label) in (1, 2)
        assert ((label[:, 1:5] >= 0) & (label[:, 1:5] <= 1)).all()
        for row in label:
            whole = LABEL[int(row[0])]
            seen = (row[3] - row[1]) * part.shape[1] * (row[4] - row[2]) * part.shape[0] / 20000
            assert seen > 0.9 * (whole[3] - whole[1]) * (whole[4] - whole[2])
    none = numpy.array([[0, 0.5, 0.5, 0.5, 0.5]])  # an object without area is never covered
    same, label = image.DetRandomCropAug()(x, none)
    assert same is x
    assert label is none


def test_lists_of_augmenters_for_detection():
    augmenters = image.CreateDetAugmenter(
        (3, 24, 32), resize=40, rand_crop=0.5, rand_pad=0.5, rand_mirror=True, mean=True, **JITTER
    )
    for _ in range(20):
        x, label = pixels(50, 60, 3), LABEL
        for augment in augmenters:
            x, label = augment(x, label)
        assert (x.shape, x.dtype) == ((24, 32, 3), "float32")
        assert ((label[:, 1:5] >= -1e-9) & (label[:, 1:5] <= 1 + 1e-9)).all()
    several = image.CreateMultiRandCropAugmenter([0.1, 0.5], max_attempts=[10, 20], skip_prob=1)
    assert [augment.max_attempts for augment in several.aug_list] == [10, 20]
    assert several(x, label)[0] is x
    picked = {
        image.DetRandomSelectAug([image.DetHorizontalFlipAug(1), image.DetHorizontalFlipAug(0)])(x, LABEL)[1][0, 1]
        for _ in range(30)
    }
    assert picked == {0.1, 0.5}


X = pixels(9, 7, 3)
LABELS = "a label has rows"


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: image.crop(X, 4, 1, 7, 2), ValueError, r"crop: a rectangle 7 × 2 at \(4, 1\) is not inside an image 7 × 9"),
        (lambda: image.crop(X, -1, 1, 3, 2), ValueError, r"at \(-1, 1\)"),
        (lambda: image.flip_left_right(np.ones((3, 3))), ValueError, r"flip_left_right: an image has shape .* not \(3, 3\)"),
        (lambda: image.resize(X), ValueError, r"resize: size is a whole number above 0.*not \(\)"),
        (lambda: image.resize(X, (3, 0)), ValueError, r"not \(3, 0\)"),
        (lambda: image.resize(X, 3, interp=7), ValueError, "interp=7 is none of 0 nearest"),
        (lambda: image.imresize(X, 2.5, 3), ValueError, "imresize: the result has a whole number of columns above 0, not 2.5"),
        (lambda: image.resize(np.ones((0, 3, 3)), 2), ValueError, "without pixels"),
        (lambda: image.resize_short(np.ones((0, 3, 3)), 2), ValueError, "without pixels"),
        (lambda: image.random_crop(X, (0.9, 0.1), width=3, height=3), ValueError, "random_crop: xrange is a pair"),
        (lambda: image.random_crop(X), ValueError, r"\(width, height\)"),
        (lambda: image.random_size_crop(X, 3, 1.5, (1, 2)), ValueError, "area is a pair"),
        (lambda: image.random_flip_left_right(X, 2), ValueError, "random_flip_left_right: a probability is from 0 to 1, not 2"),
        (lambda: image.copyMakeBorder(X, 1, 1, 1, 1, 5), ValueError, "type=5 is none of"),
        (lambda: image.copyMakeBorder(X, 1, -1, 1, 1), ValueError, "whole numbers from 0 on"),
        (lambda: image.copyMakeBorder(X, 1, 1, 1, 1, values=(1, 2)), ValueError, "each of 3 channels"),
        (lambda: image.normalize(X), TypeError, "normalize: data is of a float dtype, not uint8; to_tensor"),
        (lambda: image.normalize(np.ones((3, 4, 4)), (1, 2)), ValueError, "mean is a number, or one for each of 3 channels"),
        (lambda: image.normalize(np.ones((3, 4, 4)), 0, (1, 0, 1)), ValueError, "std is not 0"),
        (lambda: image.normalize(np.ones((4, 4))), ValueError, r"not \(4, 4\)"),
        (lambda: image.random_brightness(X, 2, 1), ValueError, r"\(min_factor, max_factor\) is a pair .* not \(2, 1\)"),
        (lambda: image.random_hue(np.ones((3, 3, 4)), 1, 1), ValueError, "random_hue: an image has 3 channels.* not 4"),
        (lambda: image.random_color_jitter(X, -1, 0, 0, 0), ValueError, "brightness is from 0 on, not -1"),
        (lambda: image.adjust_lighting(X, (1, 2)), ValueError, "alpha has three numbers"),
        (lambda: image.random_lighting(X, -1), ValueError, "alpha_std is from 0 on"),
        (lambda: image.imrotate(X, 3), TypeError, r"imrotate: images of a float dtype are turned; src is uint8"),
        (lambda: image.imrotate(np.ones((1, 3, 3)), 3, True, True), ValueError, "cannot both be True"),
        (lambda: image.imrotate(np.ones((2, 1, 3, 3)), [1, 2, 3]), ValueError, r"shape \(2,\), not \(3,\)"),
        (lambda: image.imrotate(np.ones((3, 3)), 3), ValueError, r"not \(3, 3\)"),
        (lambda: image.random_rotate(np.ones((1, 3, 3)), (3, 1)), ValueError, "angle_limits is a pair"),
        (lambda: image.BrightnessJitterAug(-1), ValueError, "BrightnessJitterAug: brightness is from 0 on"),
        (lambda: image.CreateAugmenter((24, 24)), ValueError, r"data_shape is \(channels, height, width\)"),
        (lambda: image.CreateAugmenter((3, 24, 24), rand_resize=True), ValueError, "needs rand_crop=True"),
        (lambda: image.CreateAugmenter((3, 24, 24), mean=[1, 2]), ValueError, "mean is True, or has one number or three"),
        (lambda: image.DetHorizontalFlipAug(1)(X, numpy.ones((2, 4))), ValueError, LABELS),
        (lambda: image.DetBorrowAug(3), TypeError, "an Augmenter is borrowed, not 3"),
        (lambda: image.DetRandomSelectAug([3]), TypeError, "a DetAugmenter is selected, not 3"),
        (lambda: image.DetRandomPadAug(area_range=(0.5, 2)), ValueError, "area_range is a pair"),
        (lambda: image.CreateMultiRandCropAugmenter([0.1, 0.2], max_attempts=[1, 2, 3]), ValueError, "lists have one length"),
        (lambda: image.DetAugmenter()(X, LABEL), NotImplementedError, "DetAugmenter defines no __call__"),
    ],
)
def test_messages(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_augmenters_are_their_functions():
    source = np.array(numpy.random.default_rng(0).integers(0, 255, (12, 16, 3)), dtype="uint8")
    assert image.ResizeAug(6)(source).shape == (6, 8, 3)
    numpy.testing.assert_array_equal(image.CenterCropAug((4, 6))(source), image.center_crop(source, (4, 6))[0])
    mean, std = np.array([1.0, 2, 3]), np.array([2.0, 2, 2])
    floats = source.astype("float32")
    numpy.testing.assert_allclose(image.ColorNormalizeAug(mean, std)(floats), (floats - mean) / std, rtol=1e-6)
    assert image.RandomSizedCropAug((5, 4), (0.2, 0.9), (0.8, 1.2))(source).shape == (4, 5, 3)
    np.random.seed(1)
    jittered = image.ColorJitterAug(0.3, 0.3, 0.3)(floats)
    np.random.seed(1)
    numpy.testing.assert_array_equal(image.ColorJitterAug(0.3, 0.3, 0.3)(floats), jittered)
    assert abs(jittered - floats).max() > 1
    numpy.testing.assert_allclose(image.ColorJitterAug(0, 0, 0)(floats), floats)
