"""What attention refuses; masks, dropout and empty sizes."""

import numpy
import pytest

from mxnet import autograd, np, npx

Q, K, V = (2, 3, 4), (2, 5, 4), (2, 5, 6)


@pytest.mark.parametrize(
    ("shapes", "attributes", "message"),
    [
        (((4,), K, V), {}, r"\(..., length, width\)"),
        ((Q, (2, 5, 3), V), {}, "same width; query"),
        ((Q, K, (2, 4, 6)), {}, "a value for each key"),
        ((Q, (3, 5, 4), (3, 5, 6)), {}, "all axes but the last two broadcast"),
        ((Q, K, V, (3, 4)), {}, r"\(2, 3, 5\), not \(3, 4\)"),
        ((Q, K, V), {"dropout": -0.1}, "from 0 to 1, not -0.1"),
    ],
)
def test_refuses(shapes, attributes, message):
    with pytest.raises(ValueError, match=f"scaled_dot_product_attention: .*{message}"):
        npx.scaled_dot_product_attention(*map(np.ones, shapes), **attributes)


def test_refuses_integers():
    with pytest.raises(TypeError, match="scaled_dot_product_attention: key is an array of a float dtype, not int32"):
        npx.scaled_dot_product_attention(np.ones(Q), np.ones(K, dtype="int32"), np.ones(V))


def test_masks_of_integers_tell_where_to_look():
    q, k, v = (np.array(numpy.random.default_rng(0).normal(size=shape)) for shape in (Q, K, V))
    visible = numpy.arange(15).reshape(3, 5) % 3 > 0
    results = [npx.scaled_dot_product_attention(q, k, v, np.array(visible, dtype=dtype)).asnumpy() for dtype in ("bool", "int32")]
    added = np.array(numpy.where(visible, 0, -numpy.inf))
    numpy.testing.assert_array_equal(*results)
    numpy.testing.assert_allclose(npx.scaled_dot_product_attention(q, k, v, added).asnumpy(), results[0], rtol=1e-6)


@pytest.mark.parametrize("dtype", ["float16", "float32"])
@pytest.mark.parametrize("size", [4, 40], ids=["small", "large"])
def test_nowhere_to_look(size, dtype):
    """The result and its gradients are 0, not NaN."""
    x = np.ones((8, size, 4), dtype=dtype)
    x.attach_grad()
    with autograd.record():
        y = npx.scaled_dot_product_attention(x, x, x, np.zeros((size, size), dtype="bool"))
    y.backward()
    assert not y.asnumpy().any()
    assert not x.grad.asnumpy().any()


def test_a_large_mask_that_wants_a_gradient():
    x, mask = np.ones((8, 40, 4)), np.zeros((40, 40))
    mask.attach_grad()
    with autograd.record():
        y = (npx.scaled_dot_product_attention(x, x, np.arange(8 * 40 * 4).reshape(8, 40, 4), mask) ** 2).sum()
    y.backward()
    assert mask.grad.asnumpy().any()


@pytest.mark.parametrize("size", [4, 40], ids=["small", "large"])
def test_dropout_in_training_only(size):
    """On average nothing changes."""
    x, v = np.ones((8, size, 4)), np.ones((8, size, 500))
    plain = npx.scaled_dot_product_attention(x, x, v, dropout=0.5)
    numpy.testing.assert_allclose(plain.asnumpy(), 1, rtol=1e-6)
    with autograd.train_mode():
        dropped = npx.scaled_dot_product_attention(x, x, v, dropout=0.5).asnumpy()
        again = npx.scaled_dot_product_attention(x, x, v, dropout=0.5).asnumpy()
    assert abs(dropped.mean() - 1) < 0.15
    assert dropped.std() > 0.01
    assert not numpy.array_equal(dropped, again)


@pytest.mark.parametrize("shape", [(0, 3, 4), (2, 0, 4), (2, 3, 0)])
def test_nothing(shape):
    x = np.ones(shape)
    x.attach_grad()
    with autograd.record():
        y = npx.scaled_dot_product_attention(x, x, x)
    y.backward()
    assert y.shape == shape


def test_rotary_embedding_refuses():
    with pytest.raises(ValueError, match=r"rotary_embedding: .*even width\), not float32\[2, 3\]"):
        npx.rotary_embedding(np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"rotary_embedding: positions broadcast to \(2, 3\), not shape \(4,\)"):
        npx.rotary_embedding(np.ones((2, 3, 4)), np.arange(4))


def test_rotary_products_depend_on_distances():
    q, k = np.ones((1, 8)), np.array(numpy.random.default_rng(0).normal(size=(1, 8)))
    products = [(npx.rotary_embedding(q, np.array([p])) * npx.rotary_embedding(k, np.array([p + 3]))).sum().item() for p in (0, 50)]
    assert products[0] == pytest.approx(products[1], rel=1e-4)


def test_windows_and_heads_that_do_not_fit():
    x, score, dilation = np.ones((2, 5, 2, 3)), np.ones((2, 5, 2, 3)), np.array([1, 2])
    with pytest.raises(ValueError, match=r"sldwin_atten_score: .*for each of the 2 heads, not shape \(3,\)"):
        npx.sldwin_atten_score(x, x, np.array([1, 2, 3]), w=1, symmetric=True)
    with pytest.raises(ValueError, match=r"sldwin_atten_score: .*not None"):
        npx.sldwin_atten_score(x, x, dilation)
    with pytest.raises(ValueError, match=r"sldwin_atten_context: .*make 5 neighbours"):
        npx.sldwin_atten_context(score, x, dilation, w=2, symmetric=True)
    with pytest.raises(ValueError, match=r"sldwin_atten_mask_like: .*2 numbers from 0 to 5"):
        npx.sldwin_atten_mask_like(score, dilation, np.array([5, 6]), w=1, symmetric=True)
    with pytest.raises(ValueError, match=r"interleaved_matmul_selfatt_qk: .*heads · 3 · width\) is expected for heads=5"):
        npx.interleaved_matmul_selfatt_qk(np.ones((3, 2, 12)), heads=5)
    with pytest.raises(ValueError, match="interleaved_matmul_selfatt_qk: heads is a whole number above 0, not None"):
        npx.interleaved_matmul_selfatt_qk(np.ones((3, 2, 12)))
    with pytest.raises(ValueError, match="interleaved_matmul_selfatt_valatt: attention has shape"):
        npx.interleaved_matmul_selfatt_valatt(np.ones((3, 2, 12)), np.ones((4, 3, 4)), heads=2)
    with pytest.raises(ValueError, match="interleaved_matmul_encdec_qk: queries and keys"):
        npx.interleaved_matmul_encdec_qk(np.ones((3, 2, 4)), np.ones((3, 2, 12)), heads=2)
