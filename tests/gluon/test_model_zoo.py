"""The networks of the model zoo: parameters by the original's keys and shapes, values of the original's, files of weights."""

import hashlib
import inspect

import numpy
import pytest

from mxnet import autograd, cpu, gluon, np
from mxnet.gluon.model_zoo import model_store, vision

# For each network: the function that makes it, how many parameters it has in MXNet 2.0.0b1, and the start of the SHA-256 of the
# sorted lines "key shape" of these, for colour images of 224 x 224 pixels (299 x 299 for inceptionv3).
MODELS = {
    "alexnet": ("alexnet", 16, "397b7cd77a4036b0"),
    "densenet121": ("densenet121", 606, "f9e5c38d9039fdd5"),
    "densenet161": ("densenet161", 806, "ab6ff856b64da7cb"),
    "densenet169": ("densenet169", 846, "a7608dcdc151404d"),
    "densenet201": ("densenet201", 1006, "f0e8177e8ca20146"),
    "inceptionv3": ("inception_v3", 472, "dd0bc1464e2571b3"),
    "mobilenet0.25": ("mobilenet0_25", 137, "6da320af777f8168"),
    "mobilenet0.5": ("mobilenet0_5", 137, "d0d7d89ac73ad272"),
    "mobilenet0.75": ("mobilenet0_75", 137, "705ffa306c4eb712"),
    "mobilenet1.0": ("mobilenet1_0", 137, "66ee69ba1fa190ab"),
    "mobilenetv2_0.25": ("mobilenet_v2_0_25", 266, "efbddfc7c741e197"),
    "mobilenetv2_0.5": ("mobilenet_v2_0_5", 266, "2a7cf699ce045d4f"),
    "mobilenetv2_0.75": ("mobilenet_v2_0_75", 266, "6325077a21b91bc4"),
    "mobilenetv2_1.0": ("mobilenet_v2_1_0", 266, "884fc94ed7aa9ef2"),
    "resnet18_v1": ("resnet18_v1", 102, "ab5a24c21cea6850"),
    "resnet18_v2": ("resnet18_v2", 98, "1f907775e8daac0d"),
    "resnet34_v1": ("resnet34_v1", 182, "a4436f4dcf04bf17"),
    "resnet34_v2": ("resnet34_v2", 178, "bcd956a006855ad5"),
    "resnet50_v1": ("resnet50_v1", 299, "f047044ef3bb3717"),
    "resnet50_v2": ("resnet50_v2", 259, "ac84b459b76aeb6b"),
    "resnet101_v1": ("resnet101_v1", 588, "3fa0feb20dbdfa6d"),
    "resnet101_v2": ("resnet101_v2", 514, "bac244978f695a4d"),
    "resnet152_v1": ("resnet152_v1", 877, "ddfcba8169021061"),
    "resnet152_v2": ("resnet152_v2", 769, "a742df38cb7f7d13"),
    "squeezenet1.0": ("squeezenet1_0", 52, "ec97282a1e9c2170"),
    "squeezenet1.1": ("squeezenet1_1", 52, "580f350e448a2d4f"),
    "vgg11": ("vgg11", 22, "e148e03baa1aa493"),
    "vgg11_bn": ("vgg11_bn", 54, "33ba6390a95a43cc"),
    "vgg13": ("vgg13", 26, "d0a79c3a02c36158"),
    "vgg13_bn": ("vgg13_bn", 66, "92c88f6b1d412a85"),
    "vgg16": ("vgg16", 32, "359ee14bb2636129"),
    "vgg16_bn": ("vgg16_bn", 84, "27c87b082ec6c550"),
    "vgg19": ("vgg19", 38, "65945caa0dcf260d"),
    "vgg19_bn": ("vgg19_bn", 102, "1f41dc04a399634f"),
}
HEAVY = ("alexnet", "vgg", "resnet101", "resnet152", "densenet161", "densenet169", "densenet201")


@pytest.mark.parametrize("name", [pytest.param(n, marks=[pytest.mark.slow] if n.startswith(HEAVY) else []) for n in MODELS])
def test_keys_and_shapes_are_the_originals(name):
    net = vision.get_model(name)
    net.setattr("init", "zeros")
    net.initialize()
    size = 299 if name == "inceptionv3" else 224
    assert net(np.zeros((0, 3, size, size))).shape == (0, 1000)  # an empty batch tells the shapes and costs nothing
    lines = sorted(f"{key} {parameter.shape}" for key, parameter in net.collect_params().items())
    _, count, digest = MODELS[name]
    assert len(lines) == count
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16] == digest


@pytest.mark.parametrize("name", MODELS)
def test_get_model(name):
    net = vision.get_model(name.upper(), classes=7)
    same = getattr(vision, MODELS[name][0])(classes=7)
    assert type(net) is type(same)
    assert repr(net) == repr(same)
    assert list(net.collect_params()) == list(same.collect_params())
    assert [7 in parameter.shape for parameter in net.collect_params("output.*weight").values()] == [True]
    assert isinstance(net, gluon.HybridBlock)


def test_all_names():
    assert {function for function, _, _ in MODELS.values()} < set(vision.__all__)
    assert all(hasattr(vision, name) for name in vision.__all__)


# What MXNet 2.0.0b1 makes of `patterned` images, with `fill`ed parameters.
VALUES = {
    "ResNetV1, basic": [[-0.603419, -0.817278, 0.0740484], [-0.536345, -0.93111, -0.109522]],
    "ResNetV1, bottleneck": [[-1.68419, 1.49898, 0.422314], [-1.63914, 1.29629, 0.570353]],
    "ResNetV2, basic": [[-1.56672, 0.0944972, 1.97047], [-1.30964, 0.119514, 1.73899]],
    "ResNetV2, bottleneck": [[-1.08882, 1.35192, -0.221909], [-1.12227, 1.29187, -0.131255]],
    "MobileNet": [[-82948.4, -33957.7, 20279.3], [-31740.6, -12994.1, 7760.0]],
    "MobileNetV2": [[-19.1502, 31.7355, -8.29091], [-19.1491, 31.7338, -8.29055]],
    "DenseNet": [[-1.76546, -1.44667, -1.21551], [-1.76993, -1.45053, -1.21825]],
    "SqueezeNet 1.0": [[0.0, 2.86013, 0.0], [0.0, 2.86013, 0.0]],
    "SqueezeNet 1.1": [[0.0, 2.86017, 0.0], [0.0, 2.86017, 0.0]],
    "VGG": [[3.78213, -6.61397, -5.57323], [3.78209, -6.61568, -5.57366]],
    "AlexNet": [[4.9185, -6.50105, -6.62197], [4.91852, -6.50098, -6.62197]],
    "Inception3": [[2216.73, 2089.38, 937.253], [2217.33, 2089.95, 937.503]],
}
SMALL = {
    "ResNetV1, basic": (lambda: vision.ResNetV1(vision.BasicBlockV1, [1, 2], [4, 4, 8], classes=3), 32),
    "ResNetV1, bottleneck": (lambda: vision.ResNetV1(vision.BottleneckV1, [1, 2], [4, 8, 16], classes=3, thumbnail=True), 8),
    "ResNetV2, basic": (lambda: vision.ResNetV2(vision.BasicBlockV2, [1, 2], [4, 4, 8], classes=3, thumbnail=True), 8),
    "ResNetV2, bottleneck": (lambda: vision.ResNetV2(vision.BottleneckV2, [1, 2], [4, 8, 16], classes=3), 32),
    "MobileNet": (lambda: vision.MobileNet(0.3, classes=3), 32),
    "MobileNetV2": (lambda: vision.MobileNetV2(0.35, classes=3), 32),
    "DenseNet": (lambda: vision.DenseNet(8, 4, [1, 2, 2], bn_size=2, dropout=0.3, classes=3), 128),
    "SqueezeNet 1.0": (lambda: vision.SqueezeNet("1.0", classes=3), 224),
    "SqueezeNet 1.1": (lambda: vision.SqueezeNet("1.1", classes=3), 224),
    "VGG": (lambda: vision.VGG([1, 2], [4, 8], classes=3, batch_norm=True), 16),
    "AlexNet": (lambda: vision.AlexNet(classes=3), 64),
    "Inception3": (lambda: vision.Inception3(classes=3), 299),
}


def patterned(shape, phase):
    return numpy.sin(1.7 * numpy.arange(numpy.prod(shape)) + phase).reshape(shape)


def fill(net, size):
    net.initialize("zeros")
    net(np.zeros((0, 3, size, size)))
    for number, (key, parameter) in enumerate(net.collect_params().items()):
        wave = patterned(parameter.shape, number)
        if key.endswith(("gamma", "running_var")):
            value = 1 + wave / 2
        elif key.endswith("weight"):
            value = wave * (4 / numpy.prod(parameter.shape[1:])) ** 0.5
        else:
            value = wave / 4
        parameter.set_data(np.array(value, dtype="float32"))


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[pytest.mark.slow] if n in ("VGG", "AlexNet", "Inception3") else []) for n in VALUES]
)
def test_values_are_the_originals(name):
    make, size = SMALL[name]
    net = make()
    fill(net, size)
    y = net(np.array(patterned((2, 3, size, size), 0.5), dtype="float32")).asnumpy()
    expected = numpy.array(VALUES[name])
    numpy.testing.assert_allclose(y, expected, rtol=0, atol=1e-5 * abs(expected).max())  # float32, and six digits are written


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "size"), [("resnet18_v1", 64), ("resnet18_v2", 64), ("mobilenetv2_0.25", 64), ("squeezenet1.1", 224)]
)
def test_training(name, size):
    net = vision.get_model(name, classes=4)
    net.initialize()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.01})
    x = np.array(patterned((2, 3, size, size), 0), dtype="float32")
    with autograd.record():
        loss = gluon.loss.SoftmaxCrossEntropyLoss()(net(x), np.array([0, 3]))
    loss.backward()
    trainer.step(2)
    for key, parameter in net.collect_params().items():
        if parameter.grad_req != "null":
            gradient = parameter.grad().asnumpy()
            assert numpy.isfinite(gradient).all(), key
            assert gradient.any() or key.endswith("bias"), key  # a bias before normalisation has none


def test_the_resnet_of_version_2_normalises_images_without_learning_how():
    net = vision.resnet18_v2()
    assert {p.grad_req for p in net.features[0].collect_params().values()} == {"null"}


def test_a_stage_of_as_many_channels_halves_the_image_too():
    for version, block in ((vision.ResNetV1, vision.BasicBlockV1), (vision.ResNetV2, vision.BottleneckV2)):
        net = version(block, [1, 1], [4, 4, 4], classes=2, thumbnail=True)
        net.initialize()
        assert net(np.zeros((1, 3, 8, 8))).shape == (1, 2)


@pytest.mark.parametrize("block", [vision.BasicBlockV1, vision.BottleneckV1, vision.BasicBlockV2, vision.BottleneckV2])
def test_a_block_adds_its_input(block):
    net = block(8, 1, in_channels=8)
    net.initialize("zeros")
    x = np.array(patterned((2, 8, 5, 5), 0) ** 2, dtype="float32")  # positive: a ReLU after the sum leaves it
    numpy.testing.assert_array_equal(net(x).asnumpy(), x.asnumpy())


def test_multipliers():
    assert vision.get_mobilenet(0.35).features[6]._channels == 22
    assert vision.get_mobilenet_v2(1.4).features[20]._channels == 1792
    assert vision.get_mobilenet_v2(0.5).features[20]._channels == 1280


def test_the_words_of_mxnet_1():
    net = vision.resnet18_v1(ctx=cpu(), prefix="net_", params=None, classes=2, thumbnail=True)
    assert net.name == "net"
    assert list(inspect.signature(vision.get_resnet).parameters)[:5] == ["version", "num_layers", "pretrained", "device", "root"]


def written(path, name, **options):
    net = vision.get_model(name, **options)
    net.initialize("normal")
    net(np.zeros((0, 3, 224, 224)))
    net.save_parameters(path)
    return net


@pytest.mark.parametrize("file", ["mobilenetv2_0.25.params", "mobilenetv2_0.25-ae8f9392.params"])
def test_weights_from_a_file(tmp_path, file):
    expected = written(tmp_path / file, "mobilenetv2_0.25").collect_params()
    (tmp_path / "mobilenetv2_0-25.params").touch()  # other names
    (tmp_path / "mobilenetv2_0.25-ae8f9392.params.bak").touch()
    net = vision.get_mobilenet_v2(0.25, True, cpu(), tmp_path)
    for key, parameter in net.collect_params().items():
        numpy.testing.assert_array_equal(parameter.data().asnumpy(), expected[key].data().asnumpy())
    with pytest.raises(AssertionError, match=r"output\.0\.weight has the shape \(1000, 1280, 1, 1\)"):
        vision.get_model("mobilenetv2_0.25", pretrained=True, root=str(tmp_path), classes=10)


def test_the_home_of_files(tmp_path, monkeypatch):
    (tmp_path / "models").mkdir()
    written(tmp_path / "models" / "mobilenet0.25.params", "mobilenet0.25")
    monkeypatch.setenv("MXNET_HOME", str(tmp_path))
    assert vision.mobilenet0_25(pretrained=True).output.weight.shape == (1000, 256)
    assert model_store.get_model_file("mobilenet0.25") == str(tmp_path / "models" / "mobilenet0.25.params")


@pytest.mark.parametrize("name", MODELS)
def test_no_file(tmp_path, name):
    file = name.replace(".", r"\.")
    with pytest.raises(FileNotFoundError, match=rf"neither {file}\.params nor {file}-xxxxxxxx\.params .*load_parameters"):
        vision.get_model(name, pretrained=True, root=tmp_path / "none")


def test_several_files(tmp_path):
    for file in ("vgg11-0123abcd.params", "vgg11-dd221b16.params"):
        (tmp_path / file).touch()
    with pytest.raises(ValueError, match=r"vgg11-0123abcd\.params, vgg11-dd221b16\.params; call one vgg11\.params"):
        model_store.get_model_file("vgg11", tmp_path)
    (tmp_path / "vgg11.params").touch()
    assert model_store.get_model_file("vgg11", tmp_path) == str(tmp_path / "vgg11.params")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: vision.get_model("resnet18"), "there is no network 'resnet18'; there are alexnet, .*resnet18_v1"),
        (lambda: vision.get_model(18), "there is no network 18"),
        (lambda: vision.get_resnet(3, 18), "version is 1 or 2, not 3"),
        (lambda: vision.get_resnet(1, 20), "num_layers is one of 18, 34, 50, 101, 152, not 20"),
        (lambda: vision.get_vgg(12), "num_layers is one of 11, 13, 16, 19, not 12"),
        (lambda: vision.VGG([1, 2], [4]), "entry for each stage, but they have 2 and 1"),
        (lambda: vision.SqueezeNet("1.2"), "version is '1.0' or '1.1', not '1.2'"),
        (lambda: vision.ResNetV1(vision.BasicBlockV1, [1, 1], [4, 4]), "ResNetV1: channels has .* 3 together, not 2"),
        (lambda: vision.ResNetV2(vision.BasicBlockV2, [1], [4, 4, 4]), "ResNetV2: channels has .* 2 together, not 3"),
    ],
)
def test_errors(call, message):
    with pytest.raises(ValueError, match=message):
        call()
