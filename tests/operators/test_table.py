"""Every operator of the table against NumPy, and its gradients against finite differences."""

import inspect
from importlib import import_module
from pathlib import Path

import numpy
import pytest

import mxnet
from mxnet import autograd
from mxnet.core.operator import wrap
from mxnet.test_utils import check_numeric_gradient

from .table import FLOATS, as_list

FAMILIES = {path.stem: import_module(f".{path.stem}", __package__).ROWS for path in sorted(Path(__file__).parent.glob("rows_*.py"))}
ROWS = [row for rows in FAMILIES.values() for row in rows]
DIFFERENTIABLE = [row for row in ROWS if row.order and row.domains]
CONSTANT = [row for row in ROWS if not row.order and row.domains]
WITH_OPERANDS = [row for row in ROWS if row.domains]

every_row = pytest.mark.parametrize("row", ROWS, ids=repr)


def described(row, operands, attributes):
    """A case, for the message of a failure."""
    given = ", ".join(f"{operand.dtype}{list(operand.shape)}" for operand in operands)
    return f"{row.name}({given}{', ' if given and attributes else ''}{', '.join(f'{k}={v}' for k, v in attributes.items())})"


def assert_results(results, expected, row, case):
    """Compare shape, dtype and, within the row's tolerance, values."""
    results = as_list(results)
    assert len(results) == len(expected), case
    for result, value in zip(results, expected, strict=True):
        result = result.asnumpy() if isinstance(result, mxnet.np.ndarray) else numpy.asarray(result)
        assert result.shape == value.shape, case
        assert result.dtype == value.dtype, case
        if value.dtype.kind in "fc":
            largest = numpy.abs(value, where=numpy.isfinite(value), out=numpy.zeros(value.shape, value.real.dtype)).max(initial=0)
            tolerance = row.ulps * float(numpy.finfo(value.dtype).eps)
            numpy.testing.assert_allclose(result, value, rtol=tolerance, atol=tolerance * float(largest), err_msg=case)
        else:
            numpy.testing.assert_array_equal(result, value, err_msg=case)


def kind_of(error):
    """The class that a user catches."""
    kinds = (numpy.exceptions.AxisError, numpy.linalg.LinAlgError, IndexError, ValueError, TypeError)
    return next(kind for kind in kinds if isinstance(error, kind))


def recorded(row, operands, attributes):
    """The result as a list, and the arrays made of those operands that gradients are wanted for."""
    arrays = [wrap(operand) for operand in operands]
    variables = [a for a, domain in zip(arrays, row.domains, strict=True) if domain.dtype is None]
    for variable in variables:
        variable.attach_grad()
    with autograd.record():
        return as_list(row.call(row.function, *arrays, **attributes)), variables


def weighted(results):
    """A sum of all floating results with weights, so that no gradient vanishes by symmetry."""
    total = 0.0
    for result in results:
        if result.dtype.kind == "f":
            weights = numpy.cos(numpy.arange(result.size)).reshape(result.shape)
            total = total + (result * weights.astype(result.dtype)).sum()
    return total


def gradients(row, operands, attributes):
    """The gradients of the weighted sum, as NumPy arrays."""
    results, variables = recorded(row, operands, attributes)
    with autograd.record():
        total = weighted(results)
    total.backward()
    return [variable.grad.asnumpy() for variable in variables]


@pytest.mark.parametrize(("row", "dtype"), [pytest.param(row, d, id=f"{row}-{d}") for row in ROWS for d in row.dtypes])
def test_value(row, dtype):
    """Shape, dtype and values are the reference's; what it refuses is refused with the same class of error."""
    for operands, attributes in row.cases(dtype):
        case = described(row, operands, attributes)
        expected, error = row.expected(operands, attributes)
        arrays = [wrap(operand) for operand in operands]
        if error is not None:
            with pytest.raises(kind_of(error)):
                pytest.fail(f"{case} gave {row.call(row.function, *arrays, **attributes)}, the reference raises {error!r}")
            continue
        results = row.call(row.function, *arrays, **attributes)
        assert all(isinstance(result, mxnet.np.ndarray) for result in as_list(results)), case
        assert_results(results, expected, row, case)


@every_row
def test_every_attribute_is_computed(row):
    """No attribute is refused with every shape and dtype, which would check nothing."""
    computed = []
    for dtype in row.dtypes:
        computed += [attributes for operands, attributes in row.cases(dtype) if row.expected(operands, attributes)[1] is None]
    for attributes in row.attributes:
        assert any(attributes is other for other in computed), attributes


@pytest.mark.parametrize("row", WITH_OPERANDS, ids=repr)
def test_raw_arrays(row):
    """On NumPy's own arrays, as inside a gradient rule, an operator computes and gives NumPy's arrays."""
    dtype = "float64" if "float64" in row.dtypes else row.dtypes[0]
    for operands, attributes in row.cases(dtype) if hasattr(row.function, "operator") else ():
        expected, error = row.expected(operands, attributes)
        if error is None:
            results = row.call(row.function, *operands, **attributes)
            assert not any(isinstance(result, mxnet.np.ndarray) for result in as_list(results))
            assert_results(results, expected, row, described(row, operands, attributes))


@pytest.mark.parametrize("row", DIFFERENTIABLE, ids=repr)
def test_gradient(row):
    """Gradients to the row's order are those of finite differences, for every shape, scalars and size zero included."""
    for operands, attributes in row.cases("float64"):
        if row.expected(operands, attributes)[1] is not None:
            continue
        wanted = [domain.dtype is None for domain in row.domains]
        constants = [wrap(operand) for operand in operands]

        def function(*variables, wanted=wanted, constants=constants, attributes=attributes):
            variables = iter(variables)
            operands = [next(variables) if want else constant for want, constant in zip(wanted, constants, strict=True)]
            return row.call(row.function, *operands, **attributes)

        try:
            check_numeric_gradient(function, [o for o, want in zip(operands, wanted, strict=True) if want], row.order)
        except Exception as error:
            error.add_note(described(row, operands, attributes))
            raise


@pytest.mark.parametrize("row", DIFFERENTIABLE, ids=repr)
def test_gradient_for_some_operands(row):
    """The gradient for one operand does not depend on whether the others want theirs."""
    operands, attributes = row.largest("float64")
    variable = [i for i, domain in enumerate(row.domains) if domain.dtype is None]
    if len(variable) < 2:
        return
    together = gradients(row, operands, attributes)
    for i, gradient in zip(variable, together, strict=True):
        arrays = [wrap(operand) for operand in operands]
        arrays[i].attach_grad()
        with autograd.record():
            total = weighted(as_list(row.call(row.function, *arrays, **attributes)))
        total.backward()
        numpy.testing.assert_array_equal(arrays[i].grad.asnumpy(), gradient)


@pytest.mark.parametrize("row", DIFFERENTIABLE, ids=repr)
@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_gradient_dtype(row, dtype):
    """In a narrower dtype the gradient has that dtype, and the value of the wide one within its precision."""
    if dtype not in row.dtypes:
        return
    operands, attributes = row.largest(dtype)
    wide = [operand.astype(numpy.float64) if operand.dtype.kind == "f" else operand for operand in operands]
    for narrow, exact in zip(gradients(row, operands, attributes), gradients(row, wide, attributes), strict=True):
        assert narrow.dtype == dtype
        tolerance = 8 * row.ulps * float(numpy.finfo(dtype).eps)
        numpy.testing.assert_allclose(narrow, exact, rtol=tolerance, atol=tolerance * abs(exact).max(initial=0))


@pytest.mark.parametrize("row", CONSTANT, ids=repr)
def test_no_gradient(row):
    """An operator without a derivative gives a constant, or zeros for a gradient."""
    for dtype in set(FLOATS[1:]) & set(row.dtypes):
        for operands, attributes in row.cases(dtype):
            if row.expected(operands, attributes)[1] is not None:
                continue
            results, variables = recorded(row, operands, attributes)
            for result in results:
                if result._node is not None:
                    assert not any(gradient.asnumpy().any() for gradient in autograd.grad(result, variables, retain_graph=True))


def layouts(operand):
    """The same values elsewhere in memory: read-only, reversed, with gaps, in the other order."""
    frozen = operand.copy()
    frozen.flags.writeable = False
    yield "read-only", frozen
    if operand.ndim:
        yield "reversed", operand[..., ::-1].copy()[..., ::-1]
        gaps = numpy.zeros((*operand.shape[:-1], 2 * operand.shape[-1]), operand.dtype)
        gaps[..., ::2] = operand
        yield "strided", gaps[..., ::2]
        yield "column-major", numpy.asfortranarray(operand)


@pytest.mark.parametrize("row", WITH_OPERANDS, ids=repr)
def test_memory_layout(row):
    """Neither value nor gradient depends on where operands lie in memory, and none is written to."""
    operands, attributes = row.largest("float32")
    expected, _ = row.expected(operands, attributes)
    exact = gradients(row, operands, attributes) if row.order else []
    tolerance = row.ulps * float(numpy.finfo("float32").eps)
    for i, operand in enumerate(operands):
        for layout, other in layouts(operand):
            others = [*operands[:i], other, *operands[i + 1 :]]
            case = f"{described(row, operands, attributes)}, operand {i} {layout}"
            assert_results(row.call(row.function, *[wrap(o) for o in others], **attributes), expected, row, case)
            numpy.testing.assert_array_equal(other, operand, err_msg=f"{case} was written to")
            if row.order:
                for gradient, value in zip(gradients(row, others, attributes), exact, strict=True):
                    numpy.testing.assert_allclose(gradient, value, rtol=tolerance, atol=tolerance, err_msg=case)


@pytest.mark.parametrize("row", WITH_OPERANDS, ids=repr)
def test_out(row):
    """Where an operator takes `out`, the result stands there; an `out` of another shape is refused and left as it was."""
    if "out" not in inspect.signature(row.function).parameters:
        return
    operands, attributes = row.largest("float32")
    (expected,), _ = row.expected(operands, attributes)
    arrays = [wrap(operand) for operand in operands]
    out = wrap(numpy.zeros(expected.shape, expected.dtype))
    assert row.call(row.function, *arrays, **attributes, out=out) is out
    assert_results(out, [expected], row, row.name)
    out = wrap(numpy.zeros((7, *expected.shape), expected.dtype))
    with pytest.raises(ValueError, match=row.function.__name__):
        row.call(row.function, *arrays, **attributes, out=out)
    assert not out.asnumpy().any()


@pytest.mark.parametrize("row", [row for row in WITH_OPERANDS if row.reference is None], ids=repr)
def test_numpy_function(row):
    """NumPy's function of this name, called on our arrays, is ours."""
    operands, attributes = row.largest("float32")
    expected, _ = row.expected(operands, attributes)
    results = row.call(row.numpy_function, *[wrap(operand) for operand in operands], **attributes)
    assert all(isinstance(result, mxnet.np.ndarray) for result in as_list(results))
    assert_results(results, expected, row, row.name)


@pytest.mark.parametrize("row", [row for row in FAMILIES["rows_elementwise"] if "float32" in row.dtypes], ids=repr)
def test_special_values(row):
    """NaN, the infinities and both zeros give what NumPy gives, with every other operand."""
    specials = numpy.array([numpy.nan, numpy.inf, -numpy.inf, 0.0, -0.0, 1.0, -2.0], "float32")
    grids = numpy.meshgrid(*[specials if domain.dtype is None else numpy.array([0, 1], domain.dtype) for domain in row.domains])
    for attributes in row.attributes:
        with numpy.errstate(all="ignore"):
            expected, error = row.expected(grids, attributes)
            if error is None:
                results = row.call(row.function, *map(wrap, grids), **attributes)
                assert_results(results, expected, row, described(row, grids, attributes))


NAMESPACES = ("np", "np.linalg", "np.random", "npx", "npx.random")


def public_operators():
    """Operators by the names that users have for them; an alias is the same operator."""
    found = {}
    for path in NAMESPACES:
        namespace = mxnet
        for part in path.split("."):
            namespace = getattr(namespace, part, None)
        for name, value in vars(namespace).items() if namespace else ():
            if not name.startswith("_") and hasattr(value, "operator") and inspect.isfunction(value):
                found.setdefault(value.operator, f"{path}.{name}")
    return found


def test_every_operator_has_a_row():
    """An operator without a row in `rows_*.py` is an operator without tests."""
    have = {row.function.operator for row in ROWS if hasattr(row.function, "operator")}
    missing = [name for operator, name in public_operators().items() if operator not in have]
    assert not missing, f"operators without a row in tests/operators/rows_*.py: {', '.join(sorted(missing))}"
