"""What loops over numbers cannot tell the compiler: sums kept in registers, blocks turned in registers.

Three functions for kernels, written in the compiler's own language. Arrays are C-contiguous and of one float dtype, indices count
from their first number. A vector is as many numbers as a register of this processor holds, `lanes(dtype)`.
"""

import functools

from .compiler import available

__all__ = ["combination", "lanes", "tile", "turn"]


@functools.cache
def _width():
    """The bytes of a vector register."""
    if not available():
        return 64
    import llvmlite.binding as llvm

    features = llvm.get_host_cpu_features()
    return 64 if features.get("avx512f") else 32 if features.get("avx2") else 16


def lanes(dtype):
    """How many numbers a vector has."""
    return _width() // dtype.itemsize


class _intrinsic:
    """A function for kernels, made when first seen: `build(typing context, *types)` gives its signature and writes its code."""

    def __init__(self, build):
        functools.update_wrapper(self, build)
        self._build = build

    @functools.cached_property
    def _numba_type_(self):
        from numba.core.registry import cpu_target
        from numba.extending import intrinsic

        made = intrinsic(prefer_literal=True)(self._build)
        cpu_target.typing_context.refresh()
        return cpu_target.typing_context.resolve_value_type(made)


class _Writer:
    """Loads and stores of vectors, and what else all three write."""

    def __init__(self, context, builder, dtype):
        from llvmlite import ir

        self.ir, self.context, self.builder, self.bytes = ir, context, builder, dtype.bitwidth // 8
        self.lanes = _width() // self.bytes
        self.vector = ir.VectorType(context.get_value_type(dtype), self.lanes)
        self.zero, self.undefined = ir.Constant(self.vector, None), ir.Constant(self.vector, ir.Undefined)

    def number(self, i):
        return self.ir.Constant(self.ir.IntType(64), i)

    def data(self, kind, array, offset):
        """The address of `array[offset]`."""
        return self.at(self.context.make_array(kind)(self.context, self.builder, array).data, offset)

    def at(self, address, i):
        return self.builder.gep(address, [self.number(i) if isinstance(i, int) else i])

    def load(self, address):
        return self.builder.load(self.builder.bitcast(address, self.vector.as_pointer()), align=self.bytes)

    def store(self, vector, address):
        self.builder.store(vector, self.builder.bitcast(address, self.vector.as_pointer()), align=self.bytes)

    def spread(self, number):
        """A vector of equal numbers."""
        one = self.builder.insert_element(self.undefined, number, self.ir.Constant(self.ir.IntType(32), 0))
        return self.shuffle(one, self.undefined, [0] * self.lanes)

    def shuffle(self, a, b, which):
        mask = self.ir.Constant(self.ir.VectorType(self.ir.IntType(32), self.lanes), which)
        return self.builder.shuffle_vector(a, b, mask)

    def multiply_add(self, a, b, c):
        """a b + c."""
        product = self.builder.fmul(a, b, flags=("contract",))
        return self.builder.fadd(product, c, flags=("contract",))


@_intrinsic
def tile(typingctx, R, V, a, ai, rows, r, columns, k, b, bi, steps, n, c, ci, targets, add):
    """`c[ci + targets[r + i] + j] = Σ a[ai + rows[r + i] + columns[m]] b[bi + steps[m] + j]` over m from `k` to `k + n`.

    i goes over R rows, j over V vectors of numbers, both literals; sums stay in registers. With `add`, `c` has their first terms.
    """
    from numba import types
    from numba.core import cgutils

    signature = types.void(R, V, a, ai, rows, r, columns, k, b, bi, steps, n, c, ci, targets, add)
    R, V = R.literal_value, V.literal_value

    def code(context, builder, signature, args):
        kinds = signature.args
        w = _Writer(context, builder, kinds[2].dtype)
        _, _, a, ai, rows, r, columns, k, b, bi, steps, n, c, ci, targets, add = args
        a, b, c = w.data(kinds[2], a, ai), w.data(kinds[8], b, bi), w.data(kinds[12], c, ci)
        rows, targets = w.data(kinds[4], rows, r), w.data(kinds[14], targets, r)
        columns, steps = w.data(kinds[6], columns, k), w.data(kinds[10], steps, k)
        rows = [w.at(a, builder.load(w.at(rows, i))) for i in range(R)]
        targets = [w.at(c, builder.load(w.at(targets, i))) for i in range(R)]
        sums = [[cgutils.alloca_once(builder, w.vector) for _ in range(V)] for _ in range(R)]
        for totals in sums:
            for total in totals:
                builder.store(w.zero, total)
        with builder.if_then(context.cast(builder, add, kinds[15], types.boolean)):
            for target, totals in zip(targets, sums, strict=True):
                for j, total in enumerate(totals):
                    builder.store(w.load(w.at(target, j * w.lanes)), total)
        with cgutils.for_range(builder, n, intp=w.number(0).type) as loop:
            column, step = builder.load(w.at(columns, loop.index)), builder.load(w.at(steps, loop.index))
            vectors = [w.load(w.at(w.at(b, step), j * w.lanes)) for j in range(V)]
            for row, totals in zip(rows, sums, strict=True):
                number = w.spread(builder.load(w.at(row, column)))
                for vector, total in zip(vectors, totals, strict=True):
                    builder.store(w.multiply_add(number, vector, builder.load(total)), total)
        for target, totals in zip(targets, sums, strict=True):
            for j, total in enumerate(totals):
                w.store(builder.load(total), w.at(target, j * w.lanes))
        return context.get_dummy_value()

    return signature, code


@_intrinsic
def turn(typingctx, a, ai, arow, out, oi, orow):
    """Transpose a square of as many rows as a vector has numbers: `out[oi + j * orow + i] = a[ai + i * arow + j]`."""
    from numba import types

    def code(context, builder, signature, args):
        kinds = signature.args
        w = _Writer(context, builder, kinds[0].dtype)
        a, ai, arow, out, oi, orow = args
        source, target = w.data(kinds[0], a, ai), w.data(kinds[3], out, oi)
        vectors = [w.load(w.at(source, builder.mul(arow, w.number(i)))) for i in range(w.lanes)]
        places = range(w.lanes)
        half = 1
        while half < w.lanes:
            for i in places:
                if not i & half:
                    low, high = vectors[i], vectors[i + half]
                    vectors[i] = w.shuffle(low, high, [w.lanes + (j ^ half) if j & half else j for j in places])
                    vectors[i + half] = w.shuffle(low, high, [w.lanes + j if j & half else j ^ half for j in places])
            half *= 2
        for i, vector in enumerate(vectors):
            w.store(vector, w.at(target, builder.mul(orow, w.number(i))))
        return context.get_dummy_value()

    return types.void(a, types.intp, types.intp, out, types.intp, types.intp), code


def combination(matrix, add=False):
    """A function for kernels: `f(a, ai, step, out, oi, ostep)` writes `out[oi + i * ostep] = Σ matrix[i][k] a[ai + k * step]`.

    All of these are vectors; `matrix` is a tuple of rows. With `add`, `out` has their first terms.
    """

    def build(typingctx, a, ai, step, out, oi, ostep):
        from numba import types

        def code(context, builder, signature, args):
            kinds = signature.args
            w = _Writer(context, builder, kinds[0].dtype)
            a, ai, step, out, oi, ostep = args
            source, target = w.data(kinds[0], a, ai), w.data(kinds[3], out, oi)
            vectors = [w.load(w.at(source, builder.mul(step, w.number(k)))) for k in range(len(matrix[0]))]
            for i, row in enumerate(matrix):
                place = w.at(target, builder.mul(ostep, w.number(i)))
                total = w.load(place) if add else w.zero
                for factor, vector in zip(row, vectors, strict=True):
                    if factor in (1, -1):
                        total = (builder.fadd if factor == 1 else builder.fsub)(total, vector, flags=("nsz",))
                    elif factor:
                        number = w.ir.Constant(w.vector.element, float(factor))
                        total = w.multiply_add(w.spread(number), vector, total)
                w.store(total, place)
            return context.get_dummy_value()

        return types.void(a, types.intp, types.intp, out, types.intp, types.intp), code

    return _intrinsic(build)
