"""Elementary functions of a number, for the loops of kernels: `exp`, `log`, `tanh`, `sigmoid`, `erf`, `sin`, `cos` and others.

The loop that calls one becomes a loop of vector instructions: there are no branches, and integers are as wide as the floats.
Results are within 2 units in the last place of the truth over the whole range, NaN, infinities and denormal numbers included, where
it is not said otherwise.

The method is Cody and Waite's (Software Manual for the Elementary Functions, 1980): a multiple of log 2 or of π/2 is subtracted, in
parts whose products are exact, and a polynomial takes the short interval that is left. The coefficients, from the lowest power on,
are those of `mpmath.chebyfit(f, interval, number)` for the function f that is named beside them.

Scalars are of the dtype of `x`: a plain literal would widen a loop of float32 to float64. A conditional expression chooses between
two numbers that were computed before; with a computation in it, it could be a branch. It also keeps NaN, which min and max do not.
"""

import numpy as np

from .compiler import exact, scalar

__all__ = ["REACH", "cos", "erf", "exp", "expm1", "log", "logistic", "normal", "sigmoid", "sin", "tanh"]

_f, _i = np.float32, np.int32
_d, _l = np.float64, np.int64


def _singles(*values):
    return np.array(values, _f)


def _doubles(*values):
    return np.array(values, _d)


def _polynomial(*coefficients, dtype):
    """Horner's scheme; the loop is unrolled, as the coefficients are known when it is compiled."""
    coefficients = np.array(coefficients[::-1], dtype)
    number = coefficients.size

    @exact
    def at(x):
        value = coefficients[0]
        for i in range(1, number):
            value = value * x + coefficients[i]
        return value

    return at


# To add 1.5 · 2^(bits of the mantissa - 1) rounds to an integer, which is then found in the lowest bits; to subtract it again
# leaves the integer as a float.
_ROUND_S, _ROUND_D = _f(1.5 * 2**23), _d(1.5 * 2**52)


# Exponentials

_LOG2E_S, _LOG2E_D = _f(1.4426950408889634), _d(1.4426950408889634)
_LN2_S = _singles(0.693115234375, 3.1946184945309415e-05)  # log 2 in two parts, the first of 13 bits and of 42
_LN2_D = _doubles(0.6931471805598903, 5.497923018708371e-14)
# (eʳ - 1 - r) / r² for |r| < log(2) / 2
_EXP_S = _polynomial(0.5, 0.16666576, 0.041666556, 0.008363179, 0.0013926184, dtype=_f)
_EXP_D = _polynomial(
    0.5,
    0.1666666666666667,
    0.04166666666666667,
    0.008333333333326136,
    0.0013888888888883748,
    0.00019841269874820627,
    2.480158732554774e-05,
    2.7557255400206422e-06,
    2.755727364311234e-07,
    2.5105217004720745e-08,
    2.0914686967466912e-09,
    dtype=_d,
)


@exact
def _reduced_single(x):
    """(k, r, tail) with eˣ = 2ᵏ (1 + r + tail), where the tail is small."""
    shifted = x * _LOG2E_S + _ROUND_S
    n = shifted - _ROUND_S
    y = x - n * _LN2_S[0]
    r = y - n * _LN2_S[1]
    tail = ((y - r) - n * _LN2_S[1]) + r * r * _EXP_S(r)
    return _i(_f(shifted).view(_i) - _f(_ROUND_S).view(_i)), r, tail


@exact
def _reduced_double(x):
    shifted = x * _LOG2E_D + _ROUND_D
    n = shifted - _ROUND_D
    y = x - n * _LN2_D[0]
    r = y - n * _LN2_D[1]
    tail = ((y - r) - n * _LN2_D[1]) + r * r * _EXP_D(r)
    return _l(_d(shifted).view(_l) - _d(_ROUND_D).view(_l)), r, tail


@exact
def _power_single(k):
    """2ᵏ, for k from -126 to 127."""
    return _i((k + _i(127)) << _i(23)).view(_f)


@exact
def _power_double(k):
    return _l((k + _l(1023)) << _l(52)).view(_d)


def _exp_single(x):
    k, r, tail = _reduced_single(_f(89) if x > _f(89) else _f(-104) if x < _f(-104) else x)
    half = _i(k >> _i(1))  # 2ᵏ in two factors: it may be too large or too small for a float, where the result is not
    return (_f(1) + (r + tail)) * _power_single(half) * _power_single(_i(k - half))


def _exp_double(x):
    k, r, tail = _reduced_double(_d(710) if x > _d(710) else _d(-746) if x < _d(-746) else x)
    half = k >> _l(1)
    return (_d(1) + (r + tail)) * _power_double(half) * _power_double(k - half)


def _expm1_single(x):
    k, r, tail = _reduced_single(_f(89) if x > _f(89) else _f(-40) if x < _f(-40) else x)
    half = _power_single(_i(k - _i(1)))
    y = _f(2) * (((half - _f(0.5)) + half * r) + half * tail)
    return x if abs(x) < _f(2**-26) else y


def _expm1_double(x):
    k, r, tail = _reduced_double(_d(710) if x > _d(710) else _d(-50) if x < _d(-50) else x)
    half = _power_double(k - _l(1))
    y = _d(2) * (((half - _d(0.5)) + half * r) + half * tail)
    return x if abs(x) < _d(2**-55) else y


def _tanh_single(x):
    a = abs(x)
    k, r, tail = _reduced_single(_f(20) if a > _f(10) else _f(2) * a)
    power = _power_single(k)
    e = _f(0.5) * (((power - _f(1)) + power * r) + power * tail)  # (e²ᵃ - 1) / 2
    y = e / (e + _f(1))
    better = y + (e - y - e * y) * (_f(1) - y)  # a step of Newton's
    y = better if e < _f(1) else y
    return _i(_f(y).view(_i) | (_f(x).view(_i) & _i(-(2**31)))).view(_f)  # with the sign of x


def _tanh_double(x):
    a = abs(x)
    k, r, tail = _reduced_double(_d(40) if a > _d(20) else _d(2) * a)
    power = _power_double(k)
    e = _d(0.5) * (((power - _d(1)) + power * r) + power * tail)
    y = e / (e + _d(1))
    better = y + (e - y - e * y) * (_d(1) - y)
    y = better if e < _d(1) else y
    return _l(_d(y).view(_l) | (_d(x).view(_l) & _l(-(2**63)))).view(_d)


exp = scalar(_exp_single, _exp_double)
expm1 = scalar(_expm1_single, _expm1_double)
tanh = scalar(_tanh_single, _tanh_double)


def _sigmoid_single(x):
    e = exp(-abs(x))
    y = _f(1) if x >= _f(0) else e
    return y - y * (e / (_f(1) + e))  # y / (1 + e), more accurate


def _sigmoid_double(x):
    e = exp(-abs(x))
    y = _d(1) if x >= _d(0) else e
    return y - y * (e / (_d(1) + e))


def _logistic_single(x):
    e = exp(-abs(x))
    share = _f(1) / (_f(1) + e)
    y = _f(1) if x >= _f(0) else e
    return y * share, e * share * share


def _logistic_double(x):
    e = exp(-abs(x))
    share = _d(1) / (_d(1) + e)
    y = _d(1) if x >= _d(0) else e
    return y * share, e * share * share


sigmoid = scalar(_sigmoid_single, _sigmoid_double)
logistic = scalar(_logistic_single, _logistic_double)  # the sigmoid and its derivative, within 3 units


# The logarithm

# (log(1 + f) - f + f² / 2) / f³, for 1 + f from √½ to √2
_LOG_S = _polynomial(
    0.3333333, -0.24999997, 0.20000716, -0.16667803, 0.14249058, -0.12425687, 0.1168542, -0.11479734, 0.06971612, dtype=_f
)
# (2 artanh(s) / s - 2) / s² in powers of s² for s = f / (2 + f), where 2 artanh(s) = log(1 + f)
_LOG_D = _polynomial(
    0.666666666666667,
    0.3999999999989938,
    0.28571428626031065,
    0.2222221112572281,
    0.18182889786191042,
    0.15331699633543858,
    0.14616721179861816,
    dtype=_d,
)


def _log_single(x):
    small = x < _f(2**-126)
    large = x * _f(2**23)
    bits = _f(large if small else x).view(_i)
    k = _i(_i(bits - _f(np.sqrt(0.5)).view(_i)) >> _i(23))
    f = _i(bits - _i(k << _i(23))).view(_f) - _f(1)
    n = _f(k) - (_f(23) if small else _f(0))
    t = f * f
    y = n * _LN2_S[0] + (f + (n * _LN2_S[1] + (f * t * _LOG_S(f) - _f(0.5) * t)))
    y = x if x == _f(np.inf) else y
    y = _f(-np.inf) if x == _f(0) else y
    return y if x >= _f(0) else _f(np.nan)


def _log_double(x):
    small = x < _d(2**-1022)
    large = x * _d(2**52)
    bits = _d(large if small else x).view(_l)
    k = (bits - _d(np.sqrt(0.5)).view(_l)) >> _l(52)
    f = _l(bits - (k << _l(52))).view(_d) - _d(1)
    n = _d(k) - (_d(52) if small else _d(0))
    s = f / (_d(2) + f)
    z = s * s
    t = _d(0.5) * f * f
    y = n * _LN2_D[0] - ((t - (s * (t + z * _LOG_D(z)) + n * _LN2_D[1])) - f)
    y = x if x == _d(np.inf) else y
    y = _d(-np.inf) if x == _d(0) else y
    return y if x >= _d(0) else _d(np.nan)


log = scalar(_log_single, _log_double)


# The error function and the normal distribution

# erf(x) / x - 1 in powers of x², for |x| < 1
_ERF_S = _polynomial(0.12837917, -0.37612626, 0.11283594, -0.026854211, 0.0051890872, -0.00080168643, 7.875875e-05, dtype=_f)
_ERF_D = _polynomial(
    0.12837916709551256,
    -0.37612638903183543,
    0.11283791670945006,
    -0.02686617064323777,
    0.0052239776071164225,
    -0.0008548325975389692,
    0.00012055294904839707,
    -1.492473690741966e-05,
    1.6447424703317362e-06,
    -1.6208483801871705e-07,
    1.3720064546777686e-08,
    -7.795898827002142e-10,
    dtype=_d,
)
# e^(x²) erfc(x) (1 + 2x) in powers of t = (x - c) / (x + c): for x from 1 to 4 and c = 2, for x from 1 to 6 and c = 2.5
_ERFC_S = _polynomial(1.2769784, -0.09276365, -0.16603062, 0.16403839, -0.054204665, -0.0077985954, 0.008444948, dtype=_f)
_ERFC_D = _polynomial(
    1.2648381843668615,
    -0.12235676308240478,
    -0.09902453957362807,
    0.1576299190233377,
    -0.10296705603546631,
    0.03276089326007464,
    0.0009318926767643532,
    -0.0043820780665235985,
    0.0004918689559287528,
    0.0006321197924056705,
    -8.851769806131952e-05,
    -0.00011348048275648769,
    6.5300035117948395e-06,
    2.248697948480339e-05,
    1.6400001424592632e-06,
    -3.672065284488366e-06,
    dtype=_d,
)
# e^(x²/2) Φ(-x) / t in powers of t = 1 / (1 + 0.3 x), for x from 0 to 15
_TAIL_S = _polynomial(0.11961974, 0.120920256, 0.098760195, 0.13271122, -0.062100604, 0.21604186, -0.1630999, 0.037147265, dtype=_f)
# as _ERFC_D, for all x > 0
_TAIL_D = _polynomial(
    1.2648381843668617,
    -0.12235676308240412,
    -0.09902453957365011,
    0.15762991902316514,
    -0.10296705603626106,
    0.03276089327121052,
    0.0009318927739859807,
    -0.004382078387772549,
    0.0004918662339330242,
    0.0006321247945112534,
    -8.848165784324369e-05,
    -0.00011352489857553406,
    6.274866390193362e-06,
    2.2708533926647954e-05,
    2.587616612178359e-06,
    -4.2382685414110344e-06,
    -1.551058195593729e-06,
    5.58023419858488e-07,
    4.974312869754822e-07,
    2.347957206248305e-09,
    -1.0185606478565759e-07,
    -2.1501797258908115e-08,
    1.0440701252233901e-08,
    3.6926566934153993e-09,
    dtype=_d,
)


def _erf_single(x):
    near = x + x * _ERF_S(x * x)
    a = abs(x)
    a = _f(4) if a > _f(4) else a
    scale = _f(1) / ((a + _f(2)) * (_f(1) + _f(2) * a))
    t = (a - _f(2)) * (_f(1) + _f(2) * a) * scale
    y = _f(1) - exp(-a * a) * (a + _f(2)) * scale * _ERFC_S(t)
    far = _f(y).view(_i) | (_f(x).view(_i) & _i(-(2**31)))
    mask = -_i(a < _f(1))  # a conditional expression would be a branch
    return _i((_f(near).view(_i) & mask) | (far & ~mask)).view(_f)


def _erf_double(x):
    near = x + x * _ERF_D(x * x)
    a = abs(x)
    a = _d(6) if a > _d(6) else a
    scale = _d(1) / ((a + _d(2.5)) * (_d(1) + _d(2) * a))
    t = (a - _d(2.5)) * (_d(1) + _d(2) * a) * scale
    y = _d(1) - exp(-a * a) * (a + _d(2.5)) * scale * _ERFC_D(t)
    far = _d(y).view(_l) | (_d(x).view(_l) & _l(-(2**63)))
    mask = -_l(a < _d(1))
    return _l((_d(near).view(_l) & mask) | (far & ~mask)).view(_d)


erf = scalar(_erf_single, _erf_double)


def _normal_single(x):
    a = abs(x)
    a = _f(13) if a > _f(13) else a
    # e^(-a²/2): the simplest way to an exponential, as it neither overflows nor becomes denormal
    half = _f(-0.5) * a * a
    shifted = half * _LOG2E_S + _ROUND_S
    n = shifted - _ROUND_S
    r = half - n * _LN2_S[0] - n * _LN2_S[1]
    k = _i(_f(shifted).view(_i) - _f(_ROUND_S).view(_i))
    density = (_f(1) + (r + r * r * _EXP_S(r))) * _power_single(k)
    t = _f(1) / (_f(1) + _f(0.3) * a)
    below = density * t * _TAIL_S(t)
    above = _f(1) - below
    return above if x > _f(0) else below, density * _f(1 / np.sqrt(2 * np.pi))


def _normal_double(x):
    a = abs(x) * _d(np.sqrt(0.5))
    a = _d(40) if a > _d(40) else a
    density = exp(-a * a)
    scale = _d(1) / ((a + _d(2.5)) * (_d(1) + _d(2) * a))
    t = (a - _d(2.5)) * (_d(1) + _d(2) * a) * scale
    y = _d(0.5) * density * (a + _d(2.5)) * scale * _TAIL_D(t)
    above = _d(1) - y
    return above if x > _d(0) else y, density * _d(1 / np.sqrt(2 * np.pi))


# The distribution function Φ of the standard normal distribution, and its density. Φ has an absolute error of a few units in the
# last place of 1, and in its tail a relative error that grows as x².
normal = scalar(_normal_single, _normal_double)


# Sine and cosine

REACH = 2.0**20  # |x| up to which `sin` and `cos` are right: the number of quarter turns has no more than 20 bits

_TURNS = _d(2 / np.pi)  # quarter turns in a radian
# π/2 in parts of 33 bits: their products with the number of turns are exact.
_TURN = _doubles(1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32)
# (sin(r) / r - 1) / r² and (cos(r) - 1 + r² / 2) / r⁴ in powers of r², for |r| < π/4
_SIN_S = _polynomial(-0.16666667, 0.008333332, -0.00019840086, 2.7249865e-06, dtype=_f)
_COS_S = _polynomial(0.041666668, -0.0013888888, 2.48006e-05, -2.7300908e-07, dtype=_f)
_SIN_D = _polynomial(
    -0.16666666666666666,
    0.008333333333330946,
    -0.0001984126983675497,
    2.755731610068303e-06,
    -2.5051131455427946e-08,
    1.591810123027412e-10,
    dtype=_d,
)
_COS_D = _polynomial(
    0.041666666666666664,
    -0.0013888888888887395,
    2.4801587298763433e-05,
    -2.7557317270560326e-07,
    2.0876146024689747e-09,
    -1.1382614868556325e-11,
    dtype=_d,
)


@exact
def _turned_single(x, turns):
    """The sine of x and so many quarter turns."""
    wide = _d(x)
    shifted = wide * _TURNS + _ROUND_D
    n = shifted - _ROUND_D
    r = _f((wide - n * _TURN[0]) - n * _TURN[1])
    k = _i(_d(shifted).view(_l)) + turns
    z = r * r
    sine = r + r * z * _SIN_S(z)
    cosine = _f(1) - (_f(0.5) * z - z * z * _COS_S(z))
    y = cosine if _i(k & _i(1)) else sine
    return _i(_f(y).view(_i) ^ _i((k & _i(2)) << _i(30))).view(_f)


@exact
def _turned_double(x, turns):
    shifted = x * _TURNS + _ROUND_D
    n = shifted - _ROUND_D
    a = x - n * _TURN[0]
    b = a - n * _TURN[1]
    c = n * _TURN[2] - ((a - b) - n * _TURN[1])
    r = b - c
    rest = ((b - r) - c) - n * _TURN[3]
    k = _d(shifted).view(_l) + turns
    z = r * r
    sine = r + (rest + r * z * _SIN_D(z))
    half = _d(0.5) * z
    near = _d(1) - half
    cosine = near + (((_d(1) - near) - half) + (z * z * _COS_D(z) - r * rest))
    y = cosine if k & _l(1) else sine
    return _l(_d(y).view(_l) ^ _l((k & _l(2)) << _l(62))).view(_d)


def _sin_single(x):
    y = _turned_single(x, _i(0))
    return x if x == _f(0) else y  # with its sign


def _sin_double(x):
    y = _turned_double(x, _l(0))
    return x if x == _d(0) else y


def _cos_single(x):
    return _turned_single(x, _i(1))


def _cos_double(x):
    return _turned_double(x, _l(1))


sin = scalar(_sin_single, _sin_double)
cos = scalar(_cos_single, _cos_double)
