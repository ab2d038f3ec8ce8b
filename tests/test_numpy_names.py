"""Every public name of NumPy is a name of `mxnet.np`, or stands here with the reason why not."""

import numpy
import pytest

from mxnet import np

REASONS = {
    "arrays hold no dates": """
        busday_count busday_offset busdaycalendar datetime64 datetime_as_string datetime_data is_busday isnat timedelta64""",
    "arrays hold neither text nor objects": "bytes_ char character flexible object_ str_ strings void",
    "arrays have no fields with names": "fromregex rec recarray record",
    "there is no class of matrices: arrays have any number of axes": "asmatrix bmat matrix",
    "C's name of a dtype; write float32, int64, …": """
        byte cdouble clongdouble csingle double half int_ intc intp long longdouble longlong short single ubyte uint uintc uintp
        ulong ulonglong ushort""",
    "real numbers have at most 64 bits": "complex192 complex256 float96 float128",
    "about dtypes that there are not; see result_type and isdtype": """
        ScalarType common_type dtypes mintypecode sctypeDict typecodes typename""",
    "write True or False": "False_ True_",
    "the layout in memory is C order": "asfortranarray isfortran require",
    "pointers to single elements are not recorded; ndenumerate and iteration are": "broadcast flatiter nditer nested_iters",
    "calls Python for every element; a function of whole arrays is fast, and records itself": "frompyfunc vectorize",
    "the dtype of the result would depend on the values; write np.sqrt(x.astype('complex64'))": "emath",
    "classes that do not record; polyval, polyfit, polyint, … take the coefficients as arrays": "poly1d polynomial",
    "np.sort orders complex numbers": "sort_complex",
    "where, isnan and the nan-functions leave elements out": "ma",
    "np.asarray(m, m.dtype, copy=False) of a numpy.memmap m lies in the memory of the file": "memmap",
    "the class of NumPy's functions; ours are plain ones": "ufunc",
    "about NumPy itself, how it is built, buffers and tests": """
        core ctypeslib f2py get_include getbufsize info lib linalg.test fft.test little_endian matlib setbufsize show_config
        show_runtime test testing typing""",
}
ABSENT = {name: reason for reason, names in REASONS.items() for name in names.split()}

# Names that NumPy will lose or has lost, and attributes by which it knows itself.
GONE = {"trapz", "in1d", "row_stack", "chararray", "cfloat", "fix", "round_"}


def public(path):
    """The public names of a namespace of NumPy, with the path in front."""
    module = getattr(numpy, path) if path else numpy
    return {f"{path}.{name}" if path else name for name in dir(module) if not name.startswith("_")} - GONE


def has(name):
    *path, last = name.split(".")
    return hasattr(getattr(np, path[0]) if path else np, last)


@pytest.mark.parametrize("path", ["", "linalg", "fft"])
def test_every_name_is_there_or_has_a_reason(path):
    assert {name for name in public(path) if not has(name) and name not in ABSENT} == set()


def test_what_is_absent_is_absent():
    assert [name for name in ABSENT if has(name)] == []


def test_numpys_own_objects_work_with_our_arrays():
    x = np.array([1.0, 0.0])
    with np.errstate(divide="ignore", invalid="ignore"):
        assert (x / 0.0).tolist()[0] == np.inf
    assert np.issubdtype(x.dtype, np.floating)
    assert not np.issubdtype(np.int8, np.inexact)
    assert not np.isscalar(x)
    assert np.iterable(x)
    assert not np.iterable(x[0])
    with np.printoptions(precision=1):
        assert repr(np.array([1.25])) == "array([1.2])"
    with pytest.raises(np.linalg.LinAlgError):
        np.linalg.inv(np.zeros((2, 2)))
    with pytest.raises(np.exceptions.AxisError):
        np.sum(x, axis=3)
    previous = np.seterr(over="ignore")
    assert np.geterr() == numpy.geterr() == {**previous, "over": "ignore"}
    np.seterr(**previous)
    assert np.geterrcall() is np.seterrcall(None)
    assert np.get_printoptions() == numpy.get_printoptions()
    assert np.format_float_positional(np.array(1.5)) == "1.5"
    assert np.format_float_scientific(np.array(1.5)) == "1.5e+00"
    assert np.base_repr(5, 3) == "12"
    assert np.binary_repr(5) == "101"
    assert issubclass(np.float32, np.number)
    assert issubclass(np.bool_, np.generic)
