"""Arrays, shapes and matrices to test with, drawn at random from the streams that `mx.random.seed` starts."""

import numpy as _np

from .. import numpy as np
from ..core.dtypes import as_dtype
from ..operators.random import generator

__all__ = [
    "assign_each",
    "assign_each2",
    "collapse_sum_like",
    "create_2d_np_tensor",
    "create_2d_tensor",
    "create_vector",
    "new_matrix_with_real_eigvals_2d",
    "new_matrix_with_real_eigvals_nd",
    "new_orthonormal_matrix_2d",
    "new_sym_matrix_with_real_eigvals_2d",
    "new_sym_matrix_with_real_eigvals_nd",
    "np_reduce",
    "rand_coord_2d",
    "rand_ndarray",
    "rand_shape_2d",
    "rand_shape_3d",
    "rand_shape_nd",
    "random_arrays",
    "random_sample",
    "random_uniform_arrays",
]


def rand_ndarray(
    shape, stype="default", density=None, dtype=None, modifier_func=None, shuffle_csr_indices=False, distribution=None, ctx=None
):
    """An array of random numbers; float32 unless `dtype` says otherwise.

    Parameters
    ----------
    shape : int or tuple of int
    stype : 'default'
        Arrays are dense.
    density, shuffle_csr_indices
        Of sparse arrays; without effect.
    dtype : dtype, optional
    modifier_func : callable, optional
        Applied to every element.
    distribution : {'uniform', 'normal'}, optional
        From [-1, 1), the default, or with mean 0 and deviation 1.
    ctx : Device, optional
        A CPU.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> from mxnet import test_utils
    >>> test_utils.rand_ndarray((2, 3)).shape
    (2, 3)
    """
    if stype != "default":
        raise ValueError(f"rand_ndarray: arrays are dense (stype='default'), not {stype!r}")
    if distribution in (None, "uniform"):
        array = np.random.uniform(-1, 1, size=shape, ctx=ctx)
    elif distribution == "normal":
        array = np.random.normal(size=shape, ctx=ctx)
    else:
        raise ValueError(f"rand_ndarray: distribution is 'uniform' or 'normal', not {distribution!r}")
    if modifier_func is not None:
        array = np.array(assign_each(array.asnumpy(), modifier_func))
    return array.astype(as_dtype(dtype))


def rand_shape_2d(dim0=10, dim1=10, allow_zero_size=False):
    """Two lengths: from 1, or with `allow_zero_size` from 0, up to `dim0` and `dim1`.

    Examples
    --------
    >>> from mxnet import test_utils
    >>> len(test_utils.rand_shape_2d())
    2
    """
    return _shape((dim0, dim1), allow_zero_size)


def rand_shape_3d(dim0=10, dim1=10, dim2=10, allow_zero_size=False):
    """Three lengths; see `rand_shape_2d`."""
    return _shape((dim0, dim1, dim2), allow_zero_size)


def rand_shape_nd(num_dim, dim=10, allow_zero_size=False):
    """`num_dim` lengths; see `rand_shape_2d`."""
    return _shape((dim,) * num_dim, allow_zero_size)


def _shape(most, allow_zero_size):
    return tuple(int(generator().integers(0 if allow_zero_size else 1, length + 1)) for length in most)


def rand_coord_2d(x_low, x_high, y_low, y_high):
    """Two integers: from `x_low` to below `x_high`, and from `y_low` to below `y_high`."""
    return int(generator().integers(x_low, x_high)), int(generator().integers(y_low, y_high))


def random_arrays(*shapes):
    """NumPy arrays of normally distributed float32; for a single shape the array itself, otherwise a list.

    Examples
    --------
    >>> from mxnet import test_utils
    >>> x, y = test_utils.random_arrays((2, 3), ())
    >>> x.shape, y.shape, x.dtype
    ((2, 3), (), dtype('float32'))
    """
    arrays = [_np.asarray(generator().normal(size=shape), _np.float32) for shape in shapes]
    return arrays[0] if len(arrays) == 1 else arrays


def random_uniform_arrays(*shapes, low=0.0, high=1.0, dtype=None):
    """A list of NumPy arrays, uniformly distributed from `low` to below `high`; float32 unless `dtype` says otherwise.

    Examples
    --------
    >>> from mxnet import test_utils
    >>> [x.shape for x in test_utils.random_uniform_arrays((2,), (3, 4))]
    [(2,), (3, 4)]
    """
    return [_np.asarray(generator().uniform(low, high, shape), as_dtype(dtype)) for shape in shapes]


def random_sample(population, k):
    """`k` different elements of a sequence, in random order, as a list.

    Examples
    --------
    >>> from mxnet import test_utils
    >>> sorted(test_utils.random_sample(range(3), 3))
    [0, 1, 2]
    """
    return [population[i] for i in generator().permutation(len(population))[:k]]


def create_vector(size, dtype=_np.int64):
    """The numbers from 0 to `size` - 1.

    Examples
    --------
    >>> from mxnet import test_utils
    >>> test_utils.create_vector(3)
    array([0, 1, 2], dtype=int64)
    """
    return np.arange(size, dtype=dtype)


def create_2d_np_tensor(rows, columns, dtype=_np.int64):
    """A NumPy matrix whose row number i holds the number i everywhere.

    Examples
    --------
    >>> from mxnet import test_utils
    >>> test_utils.create_2d_np_tensor(2, 3)
    array([[0, 0, 0],
           [1, 1, 1]])
    """
    return _np.repeat(_np.arange(rows, dtype=dtype)[:, None], columns, axis=1)


def create_2d_tensor(rows, columns, dtype=_np.int64):
    """`create_2d_np_tensor` as one of our arrays."""
    return np.array(create_2d_np_tensor(rows, columns, dtype), dtype=dtype)


def assign_each(the_input, function):
    """An array of `function` of each element of a NumPy array; of the elements themselves for None.

    Examples
    --------
    >>> import numpy
    >>> from mxnet import test_utils
    >>> test_utils.assign_each(numpy.array([1.0, 2.0]), lambda x: x + 1)
    array([2., 3.])
    """
    return _each(function, _np.array(the_input))


def assign_each2(input1, input2, function):
    """An array of `function` of the elements of two NumPy arrays of one shape; for None of those of the first."""
    return _each(function, _np.array(input1), _np.asarray(input2))


def _each(function, first, *others):
    if function is not None:
        for place in _np.ndindex(first.shape):
            first[place] = function(first[place], *[other[place] for other in others])
    return first


def np_reduce(dat, axis, keepdims, numpy_reduce_func):
    """A reduction of NumPy over several axes, one after the other.

    Parameters
    ----------
    dat : numpy.ndarray
    axis : int or tuple of int, optional
        By default all of them.
    keepdims : bool
        Whether they stay, with the length 1.
    numpy_reduce_func : callable
        Such as `numpy.sum`: takes an array and `axis=`.

    Examples
    --------
    >>> import numpy
    >>> from mxnet import test_utils
    >>> test_utils.np_reduce(numpy.ones((2, 3, 4)), (0, 2), True, numpy.sum).tolist()
    [[[8.0], [8.0], [8.0]]]
    """
    axes = range(dat.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
    axes = sorted({i % dat.ndim for i in axes})
    for i in reversed(axes):
        dat = numpy_reduce_func(dat, axis=i)
    return _np.expand_dims(dat, tuple(axes)) if keepdims else dat


def collapse_sum_like(a, shape):
    """A NumPy array summed over the axes along which one of `shape` is broadcast to it.

    Examples
    --------
    >>> import numpy
    >>> from mxnet import test_utils
    >>> test_utils.collapse_sum_like(numpy.ones((2, 3)), (3,))
    array([2., 2., 2.])
    """
    if _np.broadcast_shapes(a.shape, shape) != a.shape:
        raise ValueError(f"collapse_sum_like: {shape} does not broadcast to {a.shape}")
    extra = a.ndim - len(shape)
    axes = tuple(i for i in range(a.ndim) if i < extra or shape[i - extra] == 1 != a.shape[i])
    return a.sum(axis=axes).reshape(shape)


def new_orthonormal_matrix_2d(n):
    """An orthogonal n×n NumPy matrix, any one with equal probability.

    Examples
    --------
    >>> import numpy
    >>> from mxnet import test_utils
    >>> q = test_utils.new_orthonormal_matrix_2d(3)
    >>> numpy.allclose(q @ q.T, numpy.eye(3))
    True
    """
    q, r = _np.linalg.qr(generator().normal(size=(n, n)))
    return q * _np.sign(_np.diag(r))  # or R's arbitrary signs would favour some


def new_matrix_with_real_eigvals_2d(n):
    """An n×n NumPy matrix V diag(λ) V⁻¹ with λ uniform in [-10, 10)."""
    v = generator().normal(size=(n, n)) + n * _np.eye(n)  # far from singular
    return v @ _np.diag(generator().uniform(-10, 10, n)) @ _np.linalg.inv(v)


def new_sym_matrix_with_real_eigvals_2d(n):
    """A symmetric n×n NumPy matrix Q diag(λ) Qᵀ with λ uniform in [-10, 10)."""
    q = new_orthonormal_matrix_2d(n)
    matrix = q @ _np.diag(generator().uniform(-10, 10, n)) @ q.T
    return (matrix + matrix.T) / 2


def new_matrix_with_real_eigvals_nd(shape):
    """A stack of matrices; see `new_matrix_with_real_eigvals_2d`."""
    return _stack(new_matrix_with_real_eigvals_2d, shape)


def new_sym_matrix_with_real_eigvals_nd(shape):
    """A stack of symmetric matrices; see `new_sym_matrix_with_real_eigvals_2d`."""
    return _stack(new_sym_matrix_with_real_eigvals_2d, shape)


def _stack(new, shape):
    *lead, n, columns = shape
    if n != columns:
        raise ValueError(f"the last two lengths of the shape of a stack of square matrices are equal, not {shape}")
    count = int(_np.prod(lead))
    return _np.array([new(n) for _ in range(count)]).reshape(shape)
