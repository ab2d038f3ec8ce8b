"""Elementary functions: `exp`, `expm1`, `log`, `tanh`, `sigmoid` and `erf` of a number, for the loops of kernels.

The loop that calls them is made of vector instructions: no branches, no calls, and integers as wide as the floats. Results are
within 2 units in the last place of the truth over the whole range, NaN, infinities and denormal numbers included.

Methods are those of Cody and Waite: the argument is reduced to a short interval around 0, π/2 or log 2 being subtracted in parts
whose multiples are exact, and a polynomial is evaluated there. Coefficients, from the lowest power, are `mpmath.chebyfit(f, interval,
n)` of the function f that the comment names, which is the minimax polynomial but for a few per cent.

Scalars are of the dtype of `x`: a plain literal would widen the whole loop to float64.
"""

import numpy as np

from .compiler import scalar

__all__ = ["exp", "expm1", "log", "sigmoid", "tanh"]

_f = np.float32
_i = np.int32
_d = np.float64
_l = np.int64


def _singles(*values):
    return tuple(_f(value) for value in values)


# To add and subtract 1.5 · 2^(bits of the mantissa - 1) rounds to integers, which are then found in the lowest bits.
_ROUND_S, _ROUND_D = _f(1.5 * 2**23), 1.5 * 2**52
_LOG2E_S, _LOG2E_D = _f(1.4426950408889634), 1.4426950408889634
# log 2 in two parts, the first with so few bits that its multiples of up to 11 bits are exact.
_LN2_S = _singles(0.693145751953125, 1.42860682030941723212e-6)
_LN2_D = 0.693147180369123816490, 1.90821492927058770002e-10
# (eʳ - 1 - r) / r² for |r| < log(2) / 2
_EXP_S = _singles(0.5, 0.16666576, 0.041666556, 0.008363179, 0.0013926184)
_EXP_D = (
    0.5,
    0.16666666666666669,
    0.04166666666666667,
    0.008333333333326136,
    0.0013888888888883748,
    0.00019841269874820627,
    2.480158732554774e-05,
    2.7557255400206422e-06,
    2.755727364311234e-07,
    2.5105217004720745e-08,
    2.0914686967466912e-09,
)


def _exp_single(x):
    x = _f(89) if x > _f(89) else _f(-104) if x < _f(-104) else x  # not min and max: NaN stays NaN
    shifted = x * _LOG2E_S + _ROUND_S
    n = shifted - _ROUND_S
    y = x - n * _LN2_S[0]
    r = y - n * _LN2_S[1]
    rest = (y - r) - n * _LN2_S[1]
    a, b, c, d, e = _EXP_S
    p = _f(1) + (r + (rest + r * r * (a + r * (b + r * (c + r * (d + r * e))))))
    # 2ⁿ in two factors: it may be too large or too small for one, where the result is not.
    k = _i(_f(shifted).view(_i) - _f(_ROUND_S).view(_i))
    half = _i(k >> _i(1))
    return p * _i((half + _i(127)) << _i(23)).view(_f) * _i((k - half + _i(127)) << _i(23)).view(_f)


def _exp_double(x):
    x = 710.0 if x > 710.0 else -746.0 if x < -746.0 else x
    shifted = x * _LOG2E_D + _ROUND_D
    n = shifted - _ROUND_D
    y = x - n * _LN2_D[0]
    r = y - n * _LN2_D[1]
    rest = (y - r) - n * _LN2_D[1]
    a, b, c, d, e, f, g, h, i, j, l = _EXP_D
    q = a + r * (b + r * (c + r * (d + r * (e + r * (f + r * (g + r * (h + r * (i + r * (j + r * l)))))))))
    p = 1.0 + (r + (rest + r * r * q))
    k = _d(shifted).view(_l) - _d(_ROUND_D).view(_l)
    half = k >> 1
    return p * _l((half + 1023) << 52).view(_d) * _l((k - half + 1023) << 52).view(_d)


def _expm1_single(x):
    tiny = abs(x) < _f(2**-26)
    y = _f(89) if x > _f(89) else _f(-40) if x < _f(-40) else x
    shifted = y * _LOG2E_S + _ROUND_S
    n = shifted - _ROUND_S
    y = y - n * _LN2_S[0]
    r = y - n * _LN2_S[1]
    rest = (y - r) - n * _LN2_S[1]
    a, b, c, d, e = _EXP_S
    tail = rest + r * r * (a + r * (b + r * (c + r * (d + r * e))))
    k = _i(_f(shifted).view(_i) - _f(_ROUND_S).view(_i))
    half = _i((k + _i(126)) << _i(23)).view(_f)  # 2ⁿ⁻¹
    result = _f(2) * (((half - _f(0.5)) + half * r) + half * tail)
    return x if tiny else result


def _expm1_double(x):
    tiny = abs(x) < 2.0**-56
    y = 710.0 if x > 710.0 else -50.0 if x < -50.0 else x
    shifted = y * _LOG2E_D + _ROUND_D
    n = shifted - _ROUND_D
    y = y - n * _LN2_D[0]
    r = y - n * _LN2_D[1]
    rest = (y - r) - n * _LN2_D[1]
    a, b, c, d, e, f, g, h, i, j, l = _EXP_D
    q = a + r * (b + r * (c + r * (d + r * (e + r * (f + r * (g + r * (h + r * (i + r * (j + r * l)))))))))
    tail = rest + r * r * q
    k = _d(shifted).view(_l) - _d(_ROUND_D).view(_l)
    half = _l((k + 1022) << 52).view(_d)
    result = 2.0 * (((half - 0.5) + half * r) + half * tail)
    return x if tiny else result


exp = scalar(_exp_single, _exp_double)
expm1 = scalar(_expm1_single, _expm1_double)


def _tanh_single(x):
    a = abs(x)
    a = _f(10) if a > _f(10) else a
    e = expm1(_f(2) * a)
    y = e / (e + _f(2))
    e = _f(0.5) * e
    better = y + (e - y - e * y) * (_f(1) - y)  # a step of Newton's
    y = better if e < _f(1) else y
    return _i(_f(y).view(_i) | (_f(x).view(_i) & _i(-(2**31)))).view(_f)


def _tanh_double(x):
    a = abs(x)
    a = 20.0 if a > 20.0 else a
    e = expm1(2.0 * a)
    y = e / (e + 2.0)
    e = 0.5 * e
    better = y + (e - y - e * y) * (1.0 - y)
    y = better if e < 1.0 else y
    return _l(_d(y).view(_l) | (_d(x).view(_l) & _l(-(2**63)))).view(_d)


def _sigmoid_single(x):
    e = exp(-abs(x))
    y = _f(1) if x >= _f(0) else e
    return y - y * (e / (_f(1) + e))


def _sigmoid_double(x):
    e = exp(-abs(x))
    y = 1.0 if x >= 0.0 else e
    return y - y * (e / (1.0 + e))


tanh = scalar(_tanh_single, _tanh_double)
sigmoid = scalar(_sigmoid_single, _sigmoid_double)

# (log(1 + f) - f + f² / 2) / f³ for 1 + f between the roots of 1/2 and of 2
_LOG_S = _singles(0.3333333, -0.24999997, 0.20000716, -0.16667803, 0.14249058, -0.12425687, 0.1168542, -0.11479734, 0.06971612)
# (2 artanh(s) / s - 2) / s² in powers of s², for s = f / (2 + f) and the same f
_LOG_D = (
    0.666666666666667,
    0.3999999999989938,
    0.28571428626031065,
    0.2222221112572281,
    0.18182889786191042,
    0.15331699633543858,
    0.14616721179861816,
)


def _log_single(x):
    small = x < _f(2**-126)
    y = x * _f(2**23) if small else x
    b = _f(y).view(_i)
    k = _i(_i(b - _f(0.70710677).view(_i)) >> _i(23))
    f = _i(b - _i(k << _i(23))).view(_f) - _f(1)
    n = _f(k - _i(23)) if small else _f(k)
    a, b, c, d, e, g, h, i, j = _LOG_S
    t = f * f
    p = a + f * (b + f * (c + f * (d + f * (e + f * (g + f * (h + f * (i + f * j)))))))
    result = n * _LN2_S[0] + (f + (n * _LN2_S[1] + (f * t * p - _f(0.5) * t)))
    result = x if x == _f(np.inf) else result
    result = _f(-np.inf) if x == _f(0) else result
    return result if x >= _f(0) else _f(np.nan)


def _log_double(x):
    small = x < 2.0**-1022
    y = x * 2.0**52 if small else x
    b = _d(y).view(_l)
    k = (b - _d(0.7071067811865476).view(_l)) >> 52
    f = _l(b - (k << 52)).view(_d) - 1.0
    n = _d(k - 52) if small else _d(k)
    s = f / (2.0 + f)
    z = s * s
    a, b, c, d, e, g, h = _LOG_D
    p = z * (a + z * (b + z * (c + z * (d + z * (e + z * (g + z * h))))))
    t = 0.5 * f * f
    result = n * _LN2_D[0] - ((t - (s * (t + p) + n * _LN2_D[1])) - f)
    result = x if x == np.inf else result
    result = -np.inf if x == 0.0 else result
    return result if x >= 0.0 else np.nan


log = scalar(_log_single, _log_double)
