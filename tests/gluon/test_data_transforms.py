"""Transforms of images."""

import pickle

import numpy
import pytest

import mxnet as mx
from mxnet import autograd, gluon, np, npx
from mxnet.gluon import nn
from mxnet.gluon.data import ArrayDataset, DataLoader
from mxnet.gluon.data.batchify import Stack
from mxnet.gluon.data.vision import transforms as T

IMAGE = np.array(numpy.random.RandomState(0).randint(0, 255, (6, 8, 3)), dtype="uint8")
FLOATS = IMAGE.astype("float32")
PLANES = FLOATS.transpose(2, 0, 1)

ALL = [
    T.Cast(),
    T.CenterCrop(4),
    T.CropResize(1, 2, 3, 4, (5, 6)),
    T.RandomBrightness(0.3),
    T.RandomColorJitter(0.1, 0.2, 0.3, 0.1),
    T.RandomContrast(0.3),
    T.RandomCrop(4, pad=2),
    T.RandomFlipLeftRight(),
    T.RandomFlipTopBottom(),
    T.RandomGray(),
    T.RandomHue(0.3),
    T.RandomLighting(0.3),
    T.RandomResizedCrop(4),
    T.RandomSaturation(0.3),
    T.Resize(4),
    T.ToTensor(),
]
ON_PLANES = [T.Normalize(0.5, 2.0), T.RandomRotation((-9, 9)), T.Rotate(30)]
BY_NAME = {"ids": lambda transform: type(transform).__name__}


def equal(a, b):
    assert type(a) is type(b) is np.ndarray
    assert a.dtype == b.dtype
    assert a.tolist() == b.tolist()


@pytest.mark.parametrize("transform", [t for t in ALL if type(t) not in (T.Cast, T.ToTensor)], **BY_NAME)
@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
def test_the_dtype_stays(transform, dtype):
    assert transform(IMAGE.astype(dtype)).dtype == dtype


@pytest.mark.parametrize("transform", ALL + ON_PLANES, **BY_NAME)
def test_batches_as_images(transform):
    x = PLANES if transform in ON_PLANES else IMAGE
    if isinstance(transform, T.RandomRotation):
        transform = T.RandomRotation((20, 20))  # each image has an angle of its own
    mx.random.seed(1)
    single = transform(x)
    mx.random.seed(1)
    both = transform(np.stack([x, x]))
    equal(both, np.stack([single, single]))


@pytest.mark.parametrize("transform", [t for t in ALL if not isinstance(t, T.Cast)] + ON_PLANES, **BY_NAME)
def test_what_comes_with_an_image_goes_through(transform):
    x = PLANES if transform in ON_PLANES else IMAGE
    result = transform(x, 7, "label")
    assert isinstance(result, tuple)
    assert result[1:] == (7, "label")
    assert isinstance(result[0], np.ndarray)
    assert len(ArrayDataset(np.expand_dims(x, 0), [7]).transform(transform)[0]) == 2


@pytest.mark.parametrize("transform", ALL + ON_PLANES, **BY_NAME)
def test_blocks(transform):
    assert isinstance(transform, gluon.Block)
    assert isinstance(transform, gluon.HybridBlock) == (type(transform) not in (T.Rotate, T.RandomRotation))
    assert repr(transform).startswith(type(transform).__name__ + "(")
    assert "\n" not in repr(transform)
    x = PLANES if transform in ON_PLANES else IMAGE
    mx.random.seed(1)
    expected = transform(x)
    mx.random.seed(1)
    equal(pickle.loads(pickle.dumps(transform))(x), expected)


def test_to_tensor():
    expected = IMAGE.asnumpy().transpose(2, 0, 1).astype("float32") / numpy.float32(255)
    equal(T.ToTensor()(IMAGE), np.array(expected))
    equal(T.ToTensor()(FLOATS), np.array(expected))
    assert T.ToTensor()(IMAGE[:, :, :1]).shape == (1, 6, 8)


def test_normalize():
    expected = (PLANES.asnumpy() - numpy.array([1, 2, 3], "float32").reshape(3, 1, 1)) / numpy.array(
        [[[1]], [[2]], [[4]]], "float32"
    )
    assert numpy.allclose(T.Normalize((1, 2, 3), (1, 2, 4))(PLANES).asnumpy(), expected, rtol=1e-6)
    with pytest.raises(TypeError, match="to_tensor"):
        T.Normalize(0, 1)(IMAGE)


def test_cast():
    equal(T.Cast("float16")(IMAGE), IMAGE.astype("float16"))
    equal(T.Cast()(IMAGE), FLOATS)
    a, b = T.Cast("float64")(IMAGE, FLOATS)
    assert a.dtype == b.dtype == "float64"


def test_resize():
    equal(T.Resize((4, 3))(IMAGE), npx.image.resize(IMAGE, (4, 3)))
    assert T.Resize(4)(IMAGE).shape == (4, 4, 3)
    assert T.Resize(3, keep_ratio=True)(IMAGE).shape == (3, 4, 3)
    assert T.Resize(3, keep_ratio=True)(IMAGE.swapaxes(0, 1)).shape == (4, 3, 3)
    # The numbers of MXNet 2.0.0b1.
    assert T.Resize((4, 3))(IMAGE)[0, 0].tolist() == [119, 68, 151]
    assert T.Resize(4)(IMAGE)[0, 1].tolist() == [179, 95, 133]
    assert T.Resize((4, 3))(FLOATS)[0, 1].tolist() == [155.75, 128.75, 140.75]


def test_crops():
    equal(T.CenterCrop((4, 3))(IMAGE), IMAGE[1:4, 2:6])
    equal(T.CenterCrop(4)(IMAGE), IMAGE[1:5, 2:6])
    assert T.CenterCrop((10, 3))(IMAGE).shape == (3, 10, 3)
    assert T.CenterCrop((10, 3))(IMAGE)[0, :2].tolist() == [[88, 81, 165], [44, 78, 100]]  # MXNet's
    equal(T.CropResize(1, 2, 3, 4)(IMAGE), IMAGE[2:6, 1:4])
    equal(T.CropResize(1, 2, 3, 4, (6, 5), 0)(IMAGE), npx.image.resize(IMAGE[2:6, 1:4], (6, 5), interp=0))
    assert T.CropResize(1, 2, 3, 4, 6)(IMAGE).shape == (6, 6, 3)
    with pytest.raises(ValueError, match="not inside an image"):
        T.CropResize(1, 2, 30, 4)(IMAGE)


def test_random_crops_are_parts_of_the_image():
    mx.random.seed(0)
    places = set()
    for _ in range(60):
        part = T.RandomCrop((7, 5))(IMAGE)
        places.update((y, x) for y in range(2) for x in range(2) if (part == IMAGE[y : y + 5, x : x + 7]).all())
        assert T.RandomResizedCrop((5, 4), scale=(0.2, 0.5))(IMAGE).shape == (4, 5, 3)
    assert places == {(0, 0), (0, 1), (1, 0), (1, 1)}


@pytest.mark.parametrize(("pad", "sides"), [(2, (2, 2, 2, 2)), ((1, 2, 3, 4), (1, 2, 3, 4)), ([1, 0, 0, 0], (1, 0, 0, 0))])
def test_padding_before_the_crop(pad, sides):
    top, bottom, left, right = sides
    size = 8 + left + right, 6 + top + bottom
    expected = numpy.pad(IMAGE.asnumpy(), ((top, bottom), (left, right), (0, 0)), constant_values=9)
    equal(T.RandomCrop(size, pad=pad, pad_value=9)(IMAGE), np.array(expected, dtype="uint8"))


@pytest.mark.parametrize("p", [0, 1])
def test_flips(p):
    equal(T.RandomFlipLeftRight(p)(IMAGE), IMAGE[:, ::-1] if p else IMAGE)
    equal(T.RandomFlipTopBottom(p)(IMAGE), IMAGE[::-1] if p else IMAGE)


def test_factors_of_colours():
    mx.random.seed(0)
    ones = np.ones((1, 1, 3))
    seen = [T.RandomBrightness(0.3)(ones)[0, 0, 0].item() for _ in range(200)]
    assert 0.7 <= min(seen) < 0.72
    assert 1.28 < max(seen) <= 1.3 + 1e-6
    assert min(T.RandomBrightness(2)(ones)[0, 0, 0].item() for _ in range(100)) >= 0


def test_colours_as_the_functions():
    for seed, (transform, function) in enumerate(
        [
            (T.RandomBrightness(0.3), lambda x: npx.image.random_brightness(x, 0.7, 1.3)),
            (T.RandomContrast(0.3), lambda x: npx.image.random_contrast(x, 0.7, 1.3)),
            (T.RandomSaturation(1.5), lambda x: npx.image.random_saturation(x, 0, 2.5)),
            (T.RandomHue(0.3), lambda x: npx.image.random_hue(x, 0.7, 1.3)),
            (T.RandomLighting(0.3), lambda x: npx.image.random_lighting(x, 0.3)),
            (T.RandomColorJitter(0.1, 0.2, 0.3, 0.4), lambda x: npx.image.random_color_jitter(x, 0.1, 0.2, 0.3, 0.4)),
        ]
    ):
        mx.random.seed(seed)
        expected = function(FLOATS)
        mx.random.seed(seed)
        equal(transform(FLOATS), expected)


def test_grey():
    luma = FLOATS.asnumpy() @ numpy.array([0.299, 0.587, 0.114], "float32")
    grey = T.RandomGray(1)(FLOATS).asnumpy()
    assert numpy.allclose(grey, luma[..., None], rtol=1e-6)
    assert numpy.abs(T.RandomGray(1)(IMAGE).asnumpy() - luma[..., None]).max() <= 0.5 + 1e-4
    equal(T.RandomGray(0)(IMAGE), IMAGE)


def test_rotations():
    assert numpy.allclose(T.Rotate(180)(PLANES).asnumpy(), PLANES.asnumpy()[:, ::-1, ::-1], atol=1e-3)
    assert T.Rotate(30, zoom_in=True)(np.ones((1, 9, 9))).min().item() > 0.99
    assert not T.Rotate(30, zoom_out=True)(np.ones((1, 9, 9)))[0, 0, 0].item()
    equal(T.RandomRotation((-10, 10), rotate_with_proba=0)(PLANES), PLANES)
    equal(T.RandomRotation((20, 20))(PLANES), T.Rotate(20)(PLANES))
    with pytest.raises(TypeError, match="astype"):
        T.Rotate(10)(IMAGE)
    with pytest.raises(ValueError, match="zoom_in and zoom_out"):
        T.Rotate(10, True, True)(PLANES)


def test_compose():
    change = T.Compose([T.Resize(4), T.ToTensor(), T.Cast("float64"), lambda x: 1 - x])
    equal(change(IMAGE), 1 - T.ToTensor()(T.Resize(4)(IMAGE)).astype("float64"))
    assert isinstance(change, nn.Sequential)
    assert len(change) == 4
    equal(change[:2](IMAGE), T.ToTensor()(T.Resize(4)(IMAGE)))
    equal(T.Compose([])(IMAGE), IMAGE)
    image, label = T.Compose((T.Resize(4), T.ToTensor()))(IMAGE, 5)
    assert (image.shape, label) == ((3, 4, 4), 5)


def test_hybrid_compose():
    change = T.HybridCompose([T.Resize(4), T.ToTensor()])
    assert isinstance(change, nn.HybridSequential)
    expected = change(IMAGE)
    change.hybridize()
    equal(change(IMAGE), expected)
    for other in (T.Rotate(3), len):
        with pytest.raises(ValueError, match=r"HybridCompose: takes hybrid blocks.*write Compose"):
            T.HybridCompose([T.Resize(4), other])


@pytest.mark.parametrize("kind", [T.RandomApply, T.HybridRandomApply])
def test_random_apply(kind):
    for inner in ([T.Resize(4)], T.Resize(4)):
        assert kind(inner, 1)(IMAGE).shape == (4, 4, 3)
        equal(kind(inner, 0)(IMAGE), IMAGE)
    assert kind([T.Resize(4)], 1)(IMAGE, 5)[1] == kind([T.Resize(4)], 0)(IMAGE, 5)[1] == 5
    mx.random.seed(0)
    sizes = [kind(T.Resize(4), 0.25)(IMAGE).shape[0] for _ in range(400)]
    assert 60 < sizes.count(4) < 140  # 4 standard deviations around 100
    with pytest.raises(ValueError, match="write RandomApply"):
        T.HybridRandomApply([len])


BATCHED = [
    T.ToTensor(),
    T.Resize((5, 4)),
    T.Resize(4, True, 3),
    T.CenterCrop((9, 3)),
    T.CropResize(1, 2, 3, 4, 5),
    T.Compose([T.CenterCrop(5), T.ToTensor(), T.Normalize((0.1, 0.2, 0.3), 0.7), T.Rotate(10)]),
    T.HybridCompose([T.ToTensor(), T.Normalize(0.1)]),
]


@pytest.mark.parametrize("transform", BATCHED, **BY_NAME)
@pytest.mark.parametrize("library", [np, numpy], ids=["np", "numpy"])
def test_loaders_transform_whole_batches(transform, library):
    class ItemByItem(Stack):
        pass

    rng = numpy.random.default_rng(0)
    images, labels = library.array(rng.integers(0, 256, (7, 6, 8, 3)), dtype="uint8"), list(range(7))
    for dataset in (
        ArrayDataset(images, labels).transform_first(transform),
        ArrayDataset(images, labels).transform(transform),
        ArrayDataset(images).transform(transform).take(6),
        ArrayDataset(images).transform_first(transform),
    ):
        assert transform.takes_batches
        assert dataset._batch([0, 1]) is not None
        quick = DataLoader(dataset, 4, sampler=[3, 1, 1, 0, 5])
        plain = DataLoader(dataset, 4, sampler=[3, 1, 1, 0, 5], batchify_fn=ItemByItem())
        for a, b in zip(quick, plain, strict=True):
            assert type(a) is type(b)
            for x, y in zip(a, b, strict=True) if isinstance(a, list) else [(a, b)]:
                equal(x, y)


class Mine(T.ToTensor):
    """May do anything."""


@pytest.mark.parametrize(
    "transform",
    [
        Mine(),
        T.Compose([Mine()]),
        T.Resize(4, interpolation=10),
        T.RandomCrop(4),
        T.RandomFlipLeftRight(),
        T.RandomRotation((-1, 1)),
        T.RandomHue(0.1),
        T.RandomApply(T.ToTensor()),
        T.Compose([T.ToTensor(), len]),
        T.Cast(),
        len,
    ],
)
def test_loaders_transform_others_image_by_image(transform):
    assert ArrayDataset(np.zeros((7, 6, 8, 3))).transform(transform)._batch([0, 1]) is None


def test_items_that_are_no_images_are_transformed_one_by_one():
    videos = np.zeros((3, 2, 6, 8, 3), dtype="uint8")
    assert ArrayDataset(videos).transform(T.ToTensor())._batch([0, 1]) is None
    assert next(iter(DataLoader(ArrayDataset(videos).transform(T.ToTensor()), 2))).shape == (2, 2, 3, 6, 8)


def test_gradients_flow_through_transforms():
    x = PLANES.copy()
    x.attach_grad()
    with autograd.record():
        y = T.Normalize(1, 4)(x).sum()
    y.backward()
    assert (x.grad == 0.25).all()


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: T.Resize(0), ValueError, "size"),
        (lambda: T.Resize((1, 2, 3)), ValueError, "size"),
        (lambda: T.CenterCrop(2.5), ValueError, "size"),
        (lambda: T.CropResize(0, 0, 1, 1, "x"), ValueError, "size"),
        (lambda: T.RandomCrop(3, pad=(1, 2)), ValueError, "top, bottom, left, right"),
        (lambda: T.RandomCrop(3, pad=-1), ValueError, "pad"),
        (lambda: T.RandomFlipLeftRight(2), ValueError, "probability"),
        (lambda: T.RandomFlipTopBottom(-1), ValueError, "probability"),
        (lambda: T.RandomGray(2), ValueError, "probability"),
        (lambda: T.RandomApply([], 2), ValueError, "probability"),
        (lambda: T.RandomRotation((-1, 1), rotate_with_proba=2), ValueError, "probability"),
        (lambda: T.RandomRotation((2, 1)), ValueError, "least, largest"),
        (lambda: T.RandomRotation(10), ValueError, "least, largest"),
        (lambda: T.RandomBrightness(-1), ValueError, "brightness"),
        (lambda: T.RandomColorJitter(hue=-1), ValueError, "hue"),
        (lambda: T.RandomLighting(-1), ValueError, "alpha"),
        (lambda: T.Compose([3]), TypeError, "blocks or functions, not 3"),
    ],
)
def test_wrong_arguments(make, kind, message):
    with pytest.raises(kind, match=message):
        make()
