"""Fourier transforms where a table does not reach: frequencies, lists, errors."""

import numpy
import pytest

from mxnet import cpu, np


@pytest.mark.parametrize("name", ["fftfreq", "rfftfreq"])
@pytest.mark.parametrize("n", [1, 4, 5])
def test_frequencies(name, n):
    function, expected = getattr(np.fft, name), getattr(numpy.fft, name)(n, 0.5)
    for attributes, dtype in (({}, "float32"), ({"dtype": "float64"}, "float64"), ({"dtype": "float16"}, "float16")):
        result = function(n, 0.5, device=cpu(), **attributes)
        assert result.dtype == dtype
        assert result.tolist() == expected.astype(dtype).tolist()
    assert function(n, d=0.5).tolist() == expected.astype("float32").tolist()
    with pytest.raises(TypeError, match=f"{name}: dtype=complex64"):
        function(n, dtype="complex64")


def test_lists_are_taken():
    signal = [1, 2, 3, 4]
    for name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft", "fftn", "ifftn", "rfftn", "irfftn", "fftshift", "ifftshift"):
        result = getattr(np.fft, name)(signal)
        assert isinstance(result, np.ndarray)
        numpy.testing.assert_allclose(result.asnumpy(), getattr(numpy.fft, name)(signal), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda x: np.fft.fft(x, norm="both"), "norm"),
        (lambda x: np.fft.hfft(x, norm="both"), "norm is 'backward', 'ortho' or 'forward', not 'both'"),
        (lambda x: np.fft.fft(x, 0), "fft: .*number of FFT data points"),
        (lambda x: np.fft.fftn(x, (2, 2), (0,)), r"fftn: 2 lengths \(s\) for 1 axes"),
        (lambda x: np.fft.rfftn(x, axes=()), "rfftn: at least one axis"),
        (lambda x: np.fft.rfft(x, axis=3), "rfft: .*axis 3"),
    ],
)
def test_errors(call, words):
    with pytest.raises((ValueError, IndexError), match=words):
        call(np.ones((2, 4)))
