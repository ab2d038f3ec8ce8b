"""`io.ImageRecordIter`: where pixels go and what colours become; numbers of MXNet 2.0.0b1 where nothing is random."""

import colorsys
import io as files

import numpy
import pytest

from mxnet import io, np, npx, recordio

RANDOM = numpy.random.default_rng(0)
NOISE = RANDOM.integers(0, 256, (8, 12, 3)).astype("uint8")


def record(path, *images):
    """Options that name a file of these images."""
    with recordio.MXRecordIO(path, "w") as file:
        for i, image in enumerate(images):
            file.write(recordio.pack_img(recordio.IRHeader(0, i, i, 0), image[:, :, ::-1], img_fmt=".png"))
    height, width, channels = images[0].shape
    return {"path_imgrec": path, "data_shape": (channels, height, width), "batch_size": len(images), "preprocess_threads": 0}


def shown(given, **options):
    """The images of a batch, channels last."""
    return io.ImageRecordIter(**given | options).next().data[0].asnumpy().transpose(0, 2, 3, 1)


@pytest.fixture
def noise(tmp_path):
    return record(tmp_path / "noise", NOISE)


@pytest.fixture
def many(tmp_path):
    return record(tmp_path / "many", *[NOISE] * 60)


# --- scaled, turned, sheared ------------------------------------------------------------------------------------------------------

# Of MXNet the pixel at (x, y) is around (width / 2, height / 2), which is half a pixel from the middle. So it gets 13 × 10 pixels,
# and we get the same with one more row and column of the colour that is outside.
TURNED = [202, 191, 177, 160, 144, 187, 177, 164, 150, 136, 168, 162, 153, 143, 135, 151, 149, 148, 144, 143]
NEAREST = [203, 184, 178, 151, 143, 185, 184, 159, 159, 137, 161, 166, 150, 144, 132, 147, 151, 146, 146, 148]
CUBIC = [151, 153, 153, 151, 146, 132, 137, 143, 147, 147, 126, 133, 142, 152, 157, 129, 140, 152, 165, 174]
LANCZOS = [177, 173, 165, 156, 165, 162, 155, 146, 154, 153, 147, 140, 147, 148, 144, 137]
SQUARE = [183, 204, 209, 201, 189, 148, 170, 175, 168, 155, 122, 143, 149, 141, 129, 137, 158, 164, 157, 144]


def hills():
    y, x = numpy.mgrid[0:10, 0:13]
    plane = (40 * numpy.sin(x / 2.5) + 50 * numpy.cos(y / 2) + 8 * x + 5 * y + 90).round().clip(0, 255).astype("uint8")
    return numpy.stack([plane] * 3, axis=2)


SCALED = {
    "rotate": 10,
    "inter_method": 4,
    "min_random_scale": 1.3,
    "max_random_scale": 1.3,
    # MXNet's ratio is height over width.
    "min_aspect_ratio": 1 / 1.5,
    "max_aspect_ratio": 1 / 1.5,
    "min_img_size": 9,
    "max_img_size": 9,
}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"rotate": 30}, TURNED),
        ({"rotate": 30, "inter_method": 3}, TURNED),
        ({"rotate": 30, "inter_method": 9}, TURNED),
        ({"rotate": 30, "inter_method": 0}, NEAREST),
        ({"rotate": 200, "inter_method": 2}, CUBIC),
        (SCALED | {"data_shape": (1, 4, 4)}, LANCZOS),
    ],
    ids=["linear", "area", "automatic", "nearest", "cubic", "Lanczos"],
)
def test_turned_images_are_those_of_mxnet(tmp_path, options, expected):
    given = record(tmp_path / "r", numpy.pad(hills(), [(0, 1), (0, 1), (0, 0)], constant_values=255))
    data = shown(given | {"data_shape": (1, 4, 5)}, **options)
    numpy.testing.assert_allclose(data.ravel(), expected, atol=1)  # MXNet's positions are multiples of 1/32


def test_squares_are_those_of_mxnet(tmp_path):
    data = shown(record(tmp_path / "r", hills()), data_shape=(1, 4, 5), min_crop_size=8, max_crop_size=8)
    numpy.testing.assert_allclose(data.ravel(), SQUARE, atol=1)


@pytest.mark.parametrize("interp", [0, 1, 2, 4])
def test_right_angles_are_exact(tmp_path, interp):
    square = NOISE[:, :8]
    given = record(tmp_path / "r", square)
    for angle, turns in ((90, 1), (180, 2), (270, 3), (-90, 3), (450, 1)):
        numpy.testing.assert_array_equal(shown(given, rotate=angle, inter_method=interp)[0], numpy.rot90(square, turns))
    for angle in (0, 360):
        numpy.testing.assert_array_equal(shown(given, rotate=angle, max_rotate_angle=90, inter_method=interp)[0], square)


def test_corners_have_the_colour_of_the_border(noise):
    square = record(noise["path_imgrec"].with_name("square"), NOISE[:, :8])
    for fill in (0, 9, 255):
        turned = shown(square, rotate=45, fill_value=fill)[0]
        assert (turned[[0, 0, -1, -1], [0, -1, 0, -1]] == fill).all()
    turned = shown(noise, rotate=90, fill_value=7, pad=1, data_shape=(3, 10, 14))[0]
    numpy.testing.assert_array_equal(turned[1:9, 3:11], numpy.rot90(NOISE[:, 2:10]))
    assert (turned[:, [0, 1, 2, 11, 12, 13]] == 7).all()
    assert (turned[[0, 9]] == 7).all()


def test_random_angles_are_whole_degrees(many):
    turned = {image.tobytes() for image in shown(many, max_rotate_angle=3)}
    assert turned == {shown(many, rotate=angle)[0].tobytes() for angle in range(-3, 4) if angle != -1} | {
        image.tobytes() for image in shown(many, max_rotate_angle=1)
    }
    assert len(turned) == 7


def test_scales(tmp_path):
    blocks = RANDOM.integers(0, 256, (4, 6, 3)).astype("uint8")
    given = record(tmp_path / "r", blocks.repeat(2, axis=0).repeat(2, axis=1))
    half = {"min_random_scale": 0.5, "max_random_scale": 0.5}
    numpy.testing.assert_array_equal(shown(given, **half, data_shape=(3, 4, 6))[0], blocks)
    # The size is limited, the scale is not.
    middle = shown(given, **half, max_img_size=2, data_shape=(3, 2, 2))[0]
    numpy.testing.assert_array_equal(middle, blocks[1:3, 2:4])
    larger = shown(given, **half, min_img_size=8, fill_value=3, data_shape=(3, 8, 8))[0]
    numpy.testing.assert_array_equal(larger, numpy.pad(blocks, [(2, 2), (1, 1), (0, 0)], constant_values=3))
    double = {"min_random_scale": 2, "max_random_scale": 2, "inter_method": 0}
    numpy.testing.assert_array_equal(shown(given, **double, data_shape=(3, 16, 24))[0], blocks.repeat(4, axis=0).repeat(4, axis=1))


def widths(images):
    """How many columns and rows a white square in the middle has, in each image, in pixels and parts of them."""
    values = images[..., 0] / 255
    return values[:, values.shape[1] // 2].sum(axis=1), values[:, :, values.shape[2] // 2].sum(axis=1)


def test_random_scales_and_proportions(tmp_path):
    image = numpy.zeros((32, 32, 3), "uint8")
    image[8:24, 8:24] = 255
    given = record(tmp_path / "r", *[image] * 40)
    columns, rows = widths(shown(given, min_random_scale=0.5, max_random_scale=1.5, min_img_size=32, max_img_size=32, fill_value=0))
    numpy.testing.assert_allclose(columns, rows, atol=0.1)
    assert 8 <= columns.min() < 12 < 20 < columns.max() <= 24
    for options, least, most in (
        ({"max_aspect_ratio": 0.25}, 0.75, 1.25),
        ({"min_aspect_ratio": 1.2, "max_aspect_ratio": 1.6}, 1.2, 1.6),
    ):
        columns, rows = widths(shown(given, fill_value=0, **options))
        ratios = columns / rows
        numpy.testing.assert_allclose(columns + rows, 32, atol=0.5)  # the mean of both factors is 1
        assert least - 0.05 <= ratios.min() < least + 0.1
        assert most - 0.1 < ratios.max() <= most + 0.05


def test_random_shears(tmp_path):
    image = numpy.zeros((21, 41, 3), "uint8")
    image[:, 19:22] = 255
    sheared = shown(record(tmp_path / "r", *[image] * 30), max_shear_ratio=0.5, fill_value=0)[..., 0]
    middles = (sheared * numpy.arange(41)).sum(axis=2) / sheared.sum(axis=2) - 20
    slopes = middles[:, -1] / 10
    numpy.testing.assert_allclose(middles, slopes[:, None] * numpy.arange(-10, 11), atol=0.02)
    assert -0.5 <= slopes.min() < -0.3 < 0.3 < slopes.max() <= 0.5


def test_sizes_of_crops_are_random(many):
    squares = shown(many, min_crop_size=3, max_crop_size=5, data_shape=(3, 4, 4), inter_method=0)
    middles = [NOISE[(8 - side) // 2 :, (12 - side) // 2 :][:side, :side] for side in (3, 4, 5)]
    expected = {npx.image.imresize(np.array(middle), 4, 4, 0).asnumpy().astype("float32").tobytes() for middle in middles}
    assert {numpy.ascontiguousarray(square).tobytes() for square in squares} == expected
    anywhere = shown(many, min_crop_size=4, max_crop_size=4, data_shape=(3, 4, 4), rand_crop=True)
    assert len({square.tobytes() for square in anywhere}) > 20
    windows = {NOISE[y : y + 4, x : x + 4].astype("float32").tobytes() for y in range(5) for x in range(9)}
    assert {numpy.ascontiguousarray(square).tobytes() for square in anywhere} <= windows


# --- colours ----------------------------------------------------------------------------------------------------------------------


def hls(pixel):
    return colorsys.rgb_to_hls(*(int(part) / 255 for part in pixel))


def by_formula(pixel, hue, saturation, lightness):
    h, l, s = hls(pixel)  # noqa: E741
    s = min(max(s + saturation / 255, 0), 1) if s else 0
    return [255 * part for part in colorsys.hls_to_rgb((h + hue / 180) % 1, min(max(l + lightness / 255, 0), 1), s)]


@pytest.mark.parametrize(
    ("options", "amounts"),
    [({"random_h": 20}, (20, 0, 0)), ({"random_s": 30}, (0, 30, 0)), ({"random_l": 40}, (0, 0, 40))],
    ids=["hue", "saturation", "lightness"],
)
def test_hue_saturation_and_lightness(tmp_path, options, amounts):
    pixels = numpy.array([[220, 40, 40], [200, 60, 90], [20, 16, 12], [250, 240, 245], [128, 128, 128], [0, 0, 0]], "uint8")
    changed = shown(record(tmp_path / "r", *[pixels[None]] * 80), **options)[:, 0]
    steps = range(-max(amounts), max(amounts) + 1)
    expected = numpy.array([[by_formula(pixel, *(amount and step for amount in amounts)) for pixel in pixels] for step in steps])
    distance = abs(changed[:, None] - expected).max(axis=(2, 3))
    assert (distance.min(axis=1) <= 0.51).all()  # rounded to whole numbers
    found = distance.argmin(axis=1) - max(amounts)
    assert found.min() < -max(amounts) / 2
    assert found.max() > max(amounts) / 2


def test_colours_that_pass_red_go_on_around_the_circle(tmp_path):
    red = numpy.full((1, 1, 3), (200, 40, 40), "uint8")
    changed = shown(record(tmp_path / "r", *[red] * 40), random_h=10)[:, 0, 0]
    assert (changed[:, 2] > 41).any()  # towards magenta, where MXNet stays at red
    assert (changed[:, 1] > 41).any()


def test_lightness_of_grey(noise):
    grey = shown(noise, data_shape=(1, 8, 12))
    shift = shown(noise, data_shape=(1, 8, 12), random_l=20) - grey
    assert abs(shift[(grey > 20) & (grey < 235)] - shift[0, 4, 4]).max() == 0
    assert 0 < abs(shift[0, 4, 4, 0]) <= 20
    numpy.testing.assert_array_equal(shown(noise, data_shape=(1, 8, 12), random_h=20, random_s=20, pca_noise=1), grey)


# --- four channels, and means -----------------------------------------------------------------------------------------------------


def test_opacity(tmp_path):
    from PIL import Image

    image = numpy.dstack([NOISE, NOISE[:, :, 0] // 2])
    encoded = files.BytesIO()
    Image.fromarray(image).save(encoded, "png")
    with recordio.MXRecordIO(tmp_path / "r", "w") as file:
        file.write(recordio.pack(recordio.IRHeader(0, 1, 0, 0), encoded.getvalue()))
    given = {"path_imgrec": tmp_path / "r", "data_shape": (4, 8, 12), "batch_size": 1}
    numpy.testing.assert_array_equal(shown(given)[0], image)
    expected = (image - numpy.float32([1, 0, 0, 5])) * 2 / numpy.float32([1, 1, 1, 10])
    numpy.testing.assert_allclose(shown(given, mean_r=1, mean_a=5, std_a=10, scale=2)[0], expected, rtol=1e-6)
    colours = {"brightness": 0.5, "contrast": 0.5, "saturation": 0.5, "random_h": 20, "random_l": 20, "pca_noise": 0.5}
    changed = shown(given, **colours)[0]
    numpy.testing.assert_array_equal(changed[..., 3], image[..., 3])
    assert (changed[..., :3] != image[..., :3]).mean() > 0.5
    numpy.testing.assert_array_equal(shown(given, rotate=45)[0, 0, 0], [255, 255, 255, 0])
    numpy.testing.assert_array_equal(shown(given, pad=1, fill_value=9, data_shape=(4, 10, 14))[0, 0, 0], [9, 9, 9, 0])
    opaque = shown(record(tmp_path / "o", NOISE), data_shape=(4, 8, 12))[0]
    numpy.testing.assert_array_equal(opaque, numpy.dstack([NOISE, numpy.full((8, 12), 255)]))


def test_mean_images(tmp_path):
    given = record(tmp_path / "r", NOISE, NOISE[::-1])
    path = tmp_path / "mean"
    mean = (NOISE / 2 + NOISE[::-1] / 2).astype("float32")
    data = shown(given, mean_img=path, mean_r=100, scale=0.5, std_g=2)  # mean_r counts without a file alone, as in MXNet
    expected = (numpy.stack([NOISE, NOISE[::-1]]) - mean) / numpy.float32([2, 4, 2])
    numpy.testing.assert_allclose(data, expected, rtol=1e-6)
    saved = npx.load(path)
    assert (list(saved), saved["mean_img"].shape, saved["mean_img"].dtype) == (["mean_img"], (3, 8, 12), "float32")
    numpy.testing.assert_array_equal(saved["mean_img"].asnumpy(), mean.transpose(2, 0, 1))
    # A file that is there is used as it is; the mean is that of images before they are mirrored.
    npx.save(str(path), {"mean_img": np.arange(288).reshape(3, 8, 12)}, format="params")
    expected = (NOISE - numpy.arange(288).reshape(3, 8, 12).transpose(1, 2, 0))[:, ::-1]
    numpy.testing.assert_allclose(shown(given, mean_img=str(path), mirror=True)[0], expected)
    contents = path.read_bytes()
    with pytest.raises(
        ValueError, match=r"ImageRecordIter: the mean in '.*mean' has shape \(3, 8, 12\), and data_shape is \(3, 4, 4\)"
    ):
        shown(given, mean_img=path, data_shape=(3, 4, 4))
    assert path.read_bytes() == contents
    npx.save(str(path), {"mean": np.ones(3)})
    with pytest.raises(ValueError, match=r"ImageRecordIter: '.*mean' holds no array 'mean_img'"):
        shown(given, mean_img=path)


# --- errors -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"rotate": 1.5}, "rotate is a whole number, not 1.5"),
        ({"rotate": "90"}, "rotate is a whole number, not '90'"),
        ({"max_rotate_angle": -5}, "max_rotate_angle is a whole number from 0 to 180, not -5"),
        ({"max_shear_ratio": -0.1}, "max_shear_ratio is a number from 0 on, not -0.1"),
        ({"brightness": float("nan")}, "brightness is a number from 0 on, not nan"),
        ({"random_h": 181}, "random_h is a whole number from 0 to 180, not 181"),
        ({"fill_value": 256}, "fill_value is a whole number from 0 to 255, not 256"),
        ({"pad": None}, "pad is a whole number from 0 on, not None"),
        ({"rand_mirror": "yes"}, "rand_mirror is False or True, not 'yes'"),
        ({"inter_method": 5}, "inter_method is 0, 1, 2, 3, 4, 9 or 10, not 5"),
        ({"mean_img": 3}, "mean_img is a path, not 3"),
        ({"min_aspect_ratio": 0}, "min_aspect_ratio is a number from 1e-06 on, or None, not 0"),
        ({"min_random_scale": 2}, "min_random_scale=2 is above max_random_scale=1"),
        ({"max_random_area": 0.5}, "min_random_area=1 is above max_random_area=0.5"),
        ({"min_img_size": 9, "max_img_size": 8}, "min_img_size=9 is above max_img_size=8"),
        ({"min_crop_size": 9}, "min_crop_size=9 is above max_crop_size=-1"),
        ({"max_crop_size": 9}, "max_crop_size=9 goes with a min_crop_size from 1 on, not -1"),
        ({"min_aspect_ratio": 1.5, "max_aspect_ratio": 1.2}, "min_aspect_ratio=1.5 is above max_aspect_ratio=1.2"),
        ({"max_aspect_ratio": 1.2}, "without min_aspect_ratio, max_aspect_ratio is below 1, as in 1 ± 0.25, not 1.2"),
        (
            {"random_resized_crop": True, "rand_crop": True},
            "random_resized_crop cuts and scales, and rand_crop=True would, too",
        ),
    ],
)
def test_errors_of_options(noise, options, words):
    with pytest.raises(ValueError, match="ImageRecordIter: ") as caught:
        shown(noise, **options)
    assert str(caught.value) == f"ImageRecordIter: {words}"


def test_crops_that_do_not_fit(noise):
    with pytest.raises(
        ValueError,
        match=r"ImageRecordIter: image 0, at byte 0 of '.*noise': max_crop_size=9 does not fit into 12 × 8 pixels; resize=9",
    ):
        shown(noise, min_crop_size=4, max_crop_size=9)
    assert shown(noise, min_crop_size=4, max_crop_size=9, resize=9).shape == (1, 8, 12, 3)
