"""Recurrent layers, all steps of a batch in one call: products with the state, gates, and backward through time.

Arrays have the shape (time, batch, width), states the shape (time + 1, batch, width): step t leads from `states[t]` to
`states[t + 1]` or, in a layer that runs `backwards`, from `states[t + 1]` to `states[t]`. A sequence that is over,
`t >= lengths[n]`, keeps its state. Work is shared by rows of the batch, in blocks of `ROWS`: a thread takes its rows through all
steps, and waits for nobody. Weights come in `strips`, forward those of the transposed matrix.

Loops over a row are short, with few arrays each: so the compiler can tell that they do not overlap, and makes vectors of them.
"""

import numpy as np

from .compiler import kernel
from .elementary import sigmoid, tanh
from .vectors import lanes, tile

__all__ = ["ROWS", "gru", "gru_back", "lstm", "lstm_back", "simple", "simple_back", "strips"]

ROWS = 8


def strips(b):
    """The matrix `b` cut into strips of columns, two vectors wide, that lie one behind the other; the last is filled up with 0."""
    height, width = b.shape
    wide = 2 * lanes(b.dtype)
    missing = -width % wide
    if missing:
        b = np.pad(b, ((0, 0), (0, missing)))
    return np.ascontiguousarray(b.reshape(height, -1, wide).swapaxes(0, 1))


@kernel
def places(strips, width):
    """What `add_products` tells `tile` about the places of numbers, and room for the end of a row; `width` is that of `out`."""
    height, wide = strips.shape[1:]
    rows, columns = np.arange(ROWS), np.arange(height)
    return rows * height, columns, columns * wide, rows * width, np.empty(wide, strips.dtype)


@kernel
def add_products(start, stop, a, strips, places, out):
    """`out[i, j] += Σₖ a[i, k] b[k, j]` for the rows i from `start` to `stop`, where `b` is given as `strips`."""
    rows, columns, steps, targets, end = places
    height, wide = strips.shape[1:]
    width = out.shape[1]
    for strip in range(strips.shape[0]):
        b, left = strip * height * wide, strip * wide
        if left + wide <= width:
            i = start
            while i + 8 <= stop:
                tile(8, 2, a, i * height, rows, 0, columns, 0, strips, b, steps, height, out, i * width + left, targets, True)
                i += 8
            while i + 4 <= stop:
                tile(4, 2, a, i * height, rows, 0, columns, 0, strips, b, steps, height, out, i * width + left, targets, True)
                i += 4
            while i < stop:
                tile(1, 2, a, i * height, rows, 0, columns, 0, strips, b, steps, height, out, i * width + left, targets, True)
                i += 1
        else:
            for i in range(start, stop):
                tile(1, 2, a, i * height, rows, 0, columns, 0, strips, b, steps, height, end, 0, targets, False)
                for j in range(width - left):
                    out[i, left + j] += end[j]


@kernel
def lstm(start, stop, backwards, lengths, gates, bias, weight, h, c):
    """Long short-term memory: from the products of the input in `gates` to the gates i, f, a, o themselves, and to all states."""
    steps, batch, width = gates.shape[0], gates.shape[1], h.shape[2]
    bias_a, bias_o = bias[2 * width : 3 * width], bias[3 * width :]
    first, last = ROWS * start, min(ROWS * stop, batch)
    where = places(weight, gates.shape[2])
    for step in range(steps):
        t = steps - 1 - step if backwards else step
        before, after = (t + 1, t) if backwards else (t, t + 1)
        add_products(first, last, h[before], weight, where, gates[t])
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
def lstm_back(start, stop, backwards, lengths, gates, weight, c, g, dh, dc, d):
    """From the cotangents `g` of the outputs, and `dh`, `dc` of the last states, to `d` of the gates' arguments, `dh`, `dc` of the
    first states.
    """
    steps, batch, width = gates.shape[0], gates.shape[1], dh.shape[1]
    first, last = ROWS * start, min(ROWS * stop, batch)
    where = places(weight, dh.shape[1])
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
        add_products(first, last, d[t], weight, where, dh)


@kernel
def gru(start, stop, backwards, lengths, gates, products, bias, recurrent_bias, weight, h):
    """Gated recurrent unit: from the products of the input in `gates` to the gates r, z, a themselves, and to all states.

    `products` keeps those of the state, bias included.
    """
    steps, batch, width = gates.shape[0], gates.shape[1], h.shape[2]
    bias_a = bias[2 * width :]
    first, last = ROWS * start, min(ROWS * stop, batch)
    where = places(weight, products.shape[2])
    for step in range(steps):
        t = steps - 1 - step if backwards else step
        before, after = (t + 1, t) if backwards else (t, t + 1)
        for n in range(first, last):
            product = products[t, n]
            for j in range(3 * width):
                product[j] = recurrent_bias[j]
        add_products(first, last, h[before], weight, where, products[t])
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
def gru_back(start, stop, backwards, lengths, gates, products, weight, h, g, dh, d, dp):
    """As `lstm_back`; the gates' arguments have the cotangents `d`, their parts that come from the state have `dp`."""
    steps, batch, width = gates.shape[0], gates.shape[1], dh.shape[1]
    first, last = ROWS * start, min(ROWS * stop, batch)
    where = places(weight, dh.shape[1])
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
        add_products(first, last, dp[t], weight, where, dh)


@kernel
def simple(start, stop, backwards, lengths, rectified, gates, bias, weight, h):
    """h' = tanh(…), or max(…, 0) if `rectified`, of the products of the input in `gates` and those of the state."""
    steps, batch, width = gates.shape
    first, last = ROWS * start, min(ROWS * stop, batch)
    where = places(weight, gates.shape[2])
    for step in range(steps):
        t = steps - 1 - step if backwards else step
        before, after = (t + 1, t) if backwards else (t, t + 1)
        add_products(first, last, h[before], weight, where, gates[t])
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
def simple_back(start, stop, backwards, lengths, rectified, weight, h, g, dh, d):
    """As `lstm_back`."""
    steps, batch, width = g.shape
    first, last = ROWS * start, min(ROWS * stop, batch)
    where = places(weight, dh.shape[1])
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
        add_products(first, last, d[t], weight, where, dh)
