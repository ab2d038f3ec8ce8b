"""Recurrent layers, all steps of a batch in one call: products with the state, gates, and backward through time.

Arrays have the shape (time, batch, width), states the shape (time + 1, batch, width): step t leads from `states[t]` to
`states[t + 1]` or, in a layer that runs `backwards`, from `states[t + 1]` to `states[t]`. A sequence that is over,
`t >= lengths[n]`, keeps its state. Work is shared by rows of the batch, in blocks of `ROWS`: a thread takes its rows through all
steps, and waits for nobody. Weights have a row for each output, so that `add_products` reads rows of both factors.

Loops over a row are short, with few arrays each: so the compiler can tell that they do not overlap, and makes vectors of them.
"""

from .compiler import kernel
from .elementary import sigmoid, tanh

__all__ = ["ROWS", "gru", "gru_back", "lstm", "lstm_back", "simple", "simple_back"]

ROWS = 4


@kernel
def add_products(start, stop, a, b, out):
    """`out[i, j] += Σₖ a[i, k] b[j, k]` for the rows i from `start` to `stop`.

    Sixteen sums at a time: each number that is read serves four of them. That is as fast as BLAS at the sizes of one step, and
    needs no copy of `b` in another order.
    """
    whole = start + (stop - start) // 4 * 4
    zero = out.dtype.type(0)
    for j in range(0, b.shape[0] - 3, 4):
        for i in range(start, whole, 4):
            s00 = s01 = s02 = s03 = s10 = s11 = s12 = s13 = s20 = s21 = s22 = s23 = s30 = s31 = s32 = s33 = zero
            for k in range(a.shape[1]):
                b0, b1, b2, b3 = b[j, k], b[j + 1, k], b[j + 2, k], b[j + 3, k]
                a0, a1, a2, a3 = a[i, k], a[i + 1, k], a[i + 2, k], a[i + 3, k]
                s00 += a0 * b0
                s01 += a0 * b1
                s02 += a0 * b2
                s03 += a0 * b3
                s10 += a1 * b0
                s11 += a1 * b1
                s12 += a1 * b2
                s13 += a1 * b3
                s20 += a2 * b0
                s21 += a2 * b1
                s22 += a2 * b2
                s23 += a2 * b3
                s30 += a3 * b0
                s31 += a3 * b1
                s32 += a3 * b2
                s33 += a3 * b3
            out[i, j] += s00
            out[i, j + 1] += s01
            out[i, j + 2] += s02
            out[i, j + 3] += s03
            out[i + 1, j] += s10
            out[i + 1, j + 1] += s11
            out[i + 1, j + 2] += s12
            out[i + 1, j + 3] += s13
            out[i + 2, j] += s20
            out[i + 2, j + 1] += s21
            out[i + 2, j + 2] += s22
            out[i + 2, j + 3] += s23
            out[i + 3, j] += s30
            out[i + 3, j + 1] += s31
            out[i + 3, j + 2] += s32
            out[i + 3, j + 3] += s33
        for i in range(whole, stop):
            s00 = s01 = s02 = s03 = zero
            for k in range(a.shape[1]):
                s00 += a[i, k] * b[j, k]
                s01 += a[i, k] * b[j + 1, k]
                s02 += a[i, k] * b[j + 2, k]
                s03 += a[i, k] * b[j + 3, k]
            out[i, j] += s00
            out[i, j + 1] += s01
            out[i, j + 2] += s02
            out[i, j + 3] += s03
    for j in range(b.shape[0] // 4 * 4, b.shape[0]):
        for i in range(start, stop):
            s00 = zero
            for k in range(a.shape[1]):
                s00 += a[i, k] * b[j, k]
            out[i, j] += s00


@kernel
def lstm(start, stop, backwards, lengths, gates, bias, weight, h, c):
    """Long short-term memory: from the products of the input in `gates` to the gates i, f, a, o themselves, and to all states."""
    steps, batch, width = gates.shape[0], gates.shape[1], h.shape[2]
    bias_a, bias_o = bias[2 * width : 3 * width], bias[3 * width :]
    first, last = ROWS * start, min(ROWS * stop, batch)
    for step in range(steps):
        t = steps - 1 - step if backwards else step
        before, after = (t + 1, t) if backwards else (t, t + 1)
        add_products(first, last, h[before], weight, gates[t])
        for n in range(first, last):
            row, h0, h1, c0, c1 = gates[t, n], h[before, n], h[after, n], c[before, n], c[after, n]
            i, f, a, o = row[:width], row[width : 2 * width], row[2 * width : 3 * width], row[3 * width :]
            if t >= lengths[n]:
                for j in range(width):
                    h1[j] = h0[j]
                    c1[j] = c0[j]
                continue
            for j in range(2 * width):
                row[j] = sigmoid(row[j] + bias[j])
            for j in range(width):
                a[j] = tanh(a[j] + bias_a[j])
            for j in range(width):
                o[j] = sigmoid(o[j] + bias_o[j])
            for j in range(width):
                c1[j] = f[j] * c0[j] + i[j] * a[j]
            for j in range(width):
                h1[j] = o[j] * tanh(c1[j])


@kernel
def lstm_back(start, stop, backwards, lengths, gates, turned, c, g, dh, dc, d):
    """From the cotangents `g` of the outputs, and `dh`, `dc` of the last states, to `d` of the gates' arguments, `dh`, `dc` of the
    first states. `turned` is the weight with a row for each input.
    """
    steps, batch, width = gates.shape[0], gates.shape[1], dh.shape[1]
    first, last = ROWS * start, min(ROWS * stop, batch)
    one = g.dtype.type(1)
    for step in range(steps):
        t = step if backwards else steps - 1 - step
        before, after = (t + 1, t) if backwards else (t, t + 1)
        for n in range(first, last):
            row, dn, hn, cn, gn, c0, c1 = gates[t, n], d[t, n], dh[n], dc[n], g[t, n], c[before, n], c[after, n]
            i, f, a, o = row[:width], row[width : 2 * width], row[2 * width : 3 * width], row[3 * width :]
            di, df, da, do = dn[:width], dn[width : 2 * width], dn[2 * width : 3 * width], dn[3 * width :]
            for j in range(width):
                hn[j] += gn[j]
            if t >= lengths[n]:
                for j in range(4 * width):
                    dn[j] = 0
                continue
            for j in range(width):
                tc = tanh(c1[j])
                do[j] = hn[j] * tc * o[j] * (one - o[j])
                cn[j] += hn[j] * o[j] * (one - tc * tc)
            for j in range(width):
                di[j] = cn[j] * a[j] * i[j] * (one - i[j])
                da[j] = cn[j] * i[j] * (one - a[j] * a[j])
            for j in range(width):
                df[j] = cn[j] * c0[j] * f[j] * (one - f[j])
                cn[j] *= f[j]
            for j in range(width):
                hn[j] = 0
        add_products(first, last, d[t], turned, dh)


@kernel
def gru(start, stop, backwards, lengths, gates, products, bias, recurrent_bias, weight, h):
    """Gated recurrent unit: from the products of the input in `gates` to the gates r, z, a themselves, and to all states.

    `products` keeps those of the state, bias included.
    """
    steps, batch, width = gates.shape[0], gates.shape[1], h.shape[2]
    bias_a = bias[2 * width :]
    first, last = ROWS * start, min(ROWS * stop, batch)
    for step in range(steps):
        t = steps - 1 - step if backwards else step
        before, after = (t + 1, t) if backwards else (t, t + 1)
        for n in range(first, last):
            product = products[t, n]
            for j in range(3 * width):
                product[j] = recurrent_bias[j]
        add_products(first, last, h[before], weight, products[t])
        for n in range(first, last):
            row, product, h0, h1 = gates[t, n], products[t, n], h[before, n], h[after, n]
            r, z, a, product_a = row[:width], row[width : 2 * width], row[2 * width :], product[2 * width :]
            if t >= lengths[n]:
                for j in range(width):
                    h1[j] = h0[j]
                continue
            for j in range(2 * width):
                row[j] = sigmoid(row[j] + bias[j] + product[j])
            for j in range(width):
                a[j] = tanh(a[j] + bias_a[j] + r[j] * product_a[j])
            for j in range(width):
                h1[j] = a[j] + z[j] * (h0[j] - a[j])


@kernel
def gru_back(start, stop, backwards, lengths, gates, products, turned, h, g, dh, d, dp):
    """As `lstm_back`; the gates' arguments have the cotangents `d`, their parts that come from the state have `dp`."""
    steps, batch, width = gates.shape[0], gates.shape[1], dh.shape[1]
    first, last = ROWS * start, min(ROWS * stop, batch)
    one = g.dtype.type(1)
    for step in range(steps):
        t = step if backwards else steps - 1 - step
        before = t + 1 if backwards else t
        for n in range(first, last):
            row, dn, pn, hn, gn, h0 = gates[t, n], d[t, n], dp[t, n], dh[n], g[t, n], h[before, n]
            r, z, a, product_a = row[:width], row[width : 2 * width], row[2 * width :], products[t, n, 2 * width :]
            dr, dz, da, pa = dn[:width], dn[width : 2 * width], dn[2 * width :], pn[2 * width :]
            for j in range(width):
                hn[j] += gn[j]
            if t >= lengths[n]:
                for j in range(3 * width):
                    dn[j] = 0
                    pn[j] = 0
                continue
            for j in range(width):
                dz[j] = hn[j] * (h0[j] - a[j]) * z[j] * (one - z[j])
                da[j] = hn[j] * (one - z[j]) * (one - a[j] * a[j])
            for j in range(width):
                dr[j] = da[j] * product_a[j] * r[j] * (one - r[j])
                pa[j] = da[j] * r[j]
            for j in range(2 * width):
                pn[j] = dn[j]
            for j in range(width):
                hn[j] *= z[j]
        add_products(first, last, dp[t], turned, dh)


@kernel
def simple(start, stop, backwards, lengths, rectified, gates, bias, weight, h):
    """h' = tanh(…), or max(…, 0) if `rectified`, of the products of the input in `gates` and those of the state."""
    steps, batch, width = gates.shape
    first, last = ROWS * start, min(ROWS * stop, batch)
    for step in range(steps):
        t = steps - 1 - step if backwards else step
        before, after = (t + 1, t) if backwards else (t, t + 1)
        add_products(first, last, h[before], weight, gates[t])
        for n in range(first, last):
            row, h0, h1 = gates[t, n], h[before, n], h[after, n]
            if t >= lengths[n]:
                for j in range(width):
                    h1[j] = h0[j]
            elif rectified:
                for j in range(width):
                    h1[j] = max(row[j] + bias[j], 0)
            else:
                for j in range(width):
                    h1[j] = tanh(row[j] + bias[j])


@kernel
def simple_back(start, stop, backwards, lengths, rectified, turned, h, g, dh, d):
    """As `lstm_back`."""
    steps, batch, width = g.shape
    first, last = ROWS * start, min(ROWS * stop, batch)
    one = g.dtype.type(1)
    for step in range(steps):
        t = step if backwards else steps - 1 - step
        after = t if backwards else t + 1
        for n in range(first, last):
            dn, hn, gn, h1 = d[t, n], dh[n], g[t, n], h[after, n]
            for j in range(width):
                hn[j] += gn[j]
            if t >= lengths[n]:
                for j in range(width):
                    dn[j] = 0
                continue
            if rectified:
                for j in range(width):
                    dn[j] = hn[j] if h1[j] > 0 else 0
            else:
                for j in range(width):
                    dn[j] = hn[j] * (one - h1[j] * h1[j])
            for j in range(width):
                hn[j] = 0
        add_products(first, last, d[t], turned, dh)
