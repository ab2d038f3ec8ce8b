"""Operators that multiply and sum: matrix products and kin."""

from .table import REAL, Row, args

VECTORS = [((3,), (3,)), ((1,), (1,)), ((0,), (0,))]
PRODUCTS = [*VECTORS, ((2, 3), (3, 4)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 0), (0, 3)), ((0, 2), (2, 1)), ((2, 3), (2, 3))]
STACKS = [((2, 2, 3), (3, 2)), ((2, 3), (2, 3, 1)), ((2, 1, 2, 3), (2, 3, 2)), ((3,), (2, 3, 2)), ((2, 2, 3), (3,))]
SHEETS = [((2, 3), (2, 3)), ((2, 3), (3, 2))]
SCALARS = [((), ()), ((), (2, 3)), ((3,), ())]


def einsum(subscripts):
    """A `call` with the subscripts before the operands."""

    def call(function, *operands, **attributes):
        return function(subscripts, *operands, **attributes)

    return call


def sublists(function, a, b, **attributes):
    """The other notation, with numbers for letters: ij,jk->ik."""
    return function(a, [0, 1], b, [1, 2], [0, 2], **attributes)


def matvec(a, b):
    return (a @ b[..., None])[..., 0]


def vecmat(a, b):
    return (a[..., None, :] @ b)[..., 0, :]


ROWS = [
    Row("np.dot", (REAL, REAL), [*SCALARS, *PRODUCTS, ((2, 2, 3), (3,)), ((2, 3), (2, 3, 2)), ((2, 1, 3), (2, 3, 2))]),
    Row("np.matmul", (REAL, REAL), [*PRODUCTS, *STACKS, ((), (2, 3))]),
    Row("np.tensordot", (REAL, REAL), SHEETS, [args(2), args(0), args(1), args(([0], [0])), args(([1, 0], [1, 0]))]),
    Row("np.outer", (REAL, REAL), [*SCALARS, *VECTORS, ((2,), (3,)), ((2, 2), (3,))]),
    Row("np.inner", (REAL, REAL), [*SCALARS, *VECTORS, ((2, 3), (3,)), ((2, 3), (4, 3)), ((2, 3), (3, 2))]),
    Row("np.matvec", (REAL, REAL), [((2, 3), (3,)), ((2, 1, 2, 3), (4, 3)), ((0, 3), (3,)), ((2, 0), (0,))], reference=matvec),
    Row("np.vecmat", (REAL, REAL), [((2,), (2, 3)), ((4, 2), (2, 1, 2, 3)), ((3,), (3, 0)), ((0,), (0, 2))], reference=vecmat),
    Row("np.vdot", (REAL, REAL), [((), ()), *VECTORS, ((2, 3), (2, 3)), ((2, 3), (3, 2))]),
    Row("np.einsum", (REAL, REAL), [((2, 3), (3, 4)), ((1, 3), (3, 2)), ((2, 0), (0, 2))], call=einsum("ij,jk->ik")),
]

# One operator, many notations: further rows of the same name.
NOTATIONS = {
    "ij,jk": [((2, 3), (3, 2))],
    "i,i": [((3,), (3,))],
    "i,j->ij": [((2,), (3,)), ((0,), (2,))],
    "ij,ij->": [((2, 3), (2, 3))],
    "ii,i->i": [((3, 3), (3,))],
    "ii,j->": [((2, 2), (3,))],
    "bij,bjk->bik": [((2, 1, 3), (2, 3, 2))],
    "...ij,...j->...i": [((2, 2, 3), (3,)), ((2, 3), (4, 3))],
    "ij,kj->ik": [((2, 1), (3, 1))],
    "i,k->i": [((2,), (3,))],
    "i...,...->i...": [((2, 3), (3,))],
}
ROWS += [Row("np.einsum", (REAL, REAL), shapes, call=einsum(notation)) for notation, shapes in NOTATIONS.items()]
ROWS += [
    Row("np.einsum", (REAL, REAL), [((2, 3), (3, 4))], call=sublists),
    Row("np.einsum", shapes=[(3, 3), (0, 0)], call=einsum("ii")),
    Row("np.einsum", shapes=[(3, 3)], call=einsum("ii->i")),
    Row("np.einsum", shapes=[(2, 3)], call=einsum("ij->ji")),
    Row("np.einsum", shapes=[(2, 3, 2)], call=einsum("ijk->j")),
    Row("np.einsum", (REAL, REAL, REAL), [((2, 3), (3, 2), (2,))], call=einsum("ij,jk,k->i")),
]
