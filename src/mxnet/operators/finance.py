"""The time value of money: NumPy's old financial functions. What is paid out is negative, what is received is positive.

They all solve one equation for one of its letters, where interest at `rate` is due at the end of each of `nper` periods:

    fv + pv · (1 + rate)^nper + pmt · (1 + rate · when) · ((1 + rate)^nper - 1) / rate = 0

`when` is 1 for payments at the beginning of a period, 0 for those at its end. Everything is computed in float64.
"""

import numpy as np

from ..core.array import Array, raw
from ..core.dtypes import default_float, floating, promoted
from ..core.operator import wrap
from .arithmetic import power
from .exponential import expm1, log1p
from .reductions import sum
from .selection import where

__all__ = ["mirr", "npv", "pmt", "ppmt", "pv", "rate"]

_WHEN = {"end": 0, "e": 0, 0: 0, "finish": 0, "begin": 1, "b": 1, 1: 1, "start": 1, "beginning": 1}


def _operands(name, *values):
    """The values in float64, and the dtype of the result: that of the arrays among them, or the default float dtype."""
    arrays = [value if isinstance(value, Array | np.ndarray | np.generic) else None for value in values]
    dtypes = [np.empty(0, a.dtype) for a in arrays if a is not None]
    dtype = floating(np.result_type(*promoted(*dtypes))) if dtypes else default_float()
    try:
        return [
            wrap(np.array(v, np.float64)) if a is None else a.astype(np.float64) for a, v in zip(arrays, values, strict=True)
        ], dtype
    except (TypeError, ValueError):
        raise TypeError(f"{name}: amounts, rates and times are numbers or arrays, not all of {values!r:.100}") from None


def _moment(name, when):
    try:
        return _WHEN[when]
    except (KeyError, TypeError):
        raise ValueError(f"{name}: payments are due when='end' (0) or when='begin' (1) of a period, not {when!r}") from None


def _annuity(rate, nper):
    """((1 + rate)^nper - 1) / rate, what payments of 1 grow to; by its power series where the rate is nearly 0."""
    tiny = abs(raw(rate)) * np.maximum(abs(raw(nper)), 1) < 1e-3
    term = series = nper
    for k in range(1, 7):
        term = term * (nper - k) * where(tiny, rate, 0) / (k + 1)
        series = series + term
    safe = where(tiny, 1, rate)
    return where(tiny, series, expm1(nper * log1p(safe)) / safe)


def pmt(rate, nper, pv, fv=0, when="end"):
    """The payment per period that pays back a loan.

    Parameters
    ----------
    rate : number or ndarray
        The interest per period, 0.05 for 5 %.
    nper : number or ndarray
        The number of periods.
    pv : number or ndarray
        The present value: what was borrowed.
    fv : number or ndarray
        The future value: what remains in the end.
    when : {'end', 'begin'}
        When payments are due.

    Examples
    --------
    >>> from mxnet import np
    >>> np.pmt(0.08 / 12, 60, 15000)
    array(-304.1459)
    """
    when = _moment("pmt", when)
    (rate, nper, pv, fv), dtype = _operands("pmt", rate, nper, pv, fv)
    return _payment(rate, nper, pv, fv, when).astype(dtype)


def _payment(rate, nper, pv, fv, when):
    return -(fv + pv * power(1 + rate, nper)) / ((1 + rate * when) * _annuity(rate, nper))


def pv(rate, nper, pmt, fv=0, when="end"):
    """The present value of payments to come.

    Parameters
    ----------
    rate, nper, fv, when
        As for `pmt`.
    pmt : number or ndarray
        The payment per period.

    Examples
    --------
    >>> from mxnet import np
    >>> np.pv(0.05 / 12, 120, -100, 15692.93)
    array(-100.00067)
    """
    when = _moment("pv", when)
    (rate, nper, pmt, fv), dtype = _operands("pv", rate, nper, pmt, fv)
    return (-(fv + pmt * (1 + rate * when) * _annuity(rate, nper)) / power(1 + rate, nper)).astype(dtype)


def ppmt(rate, per, nper, pv, fv=0, when="end"):
    """The part of the payment in period `per` that pays back the loan itself, and not its interest.

    Parameters
    ----------
    rate, nper, pv, fv, when
        As for `pmt`.
    per : int or ndarray
        The period, from 1; NaN is returned before that.

    Examples
    --------
    >>> from mxnet import np
    >>> np.ppmt(0.0824 / 12, 1, 12, 2500)
    array(-200.58192)
    """
    when = _moment("ppmt", when)
    (rate, per, nper, pv, fv), dtype = _operands("ppmt", rate, per, nper, pv, fv)
    payment = _payment(rate, nper, pv, fv, when)
    # What is owed when the period begins; the interest on it is the rest of the payment.
    owed = -(pv * power(1 + rate, per - 1) + payment * (1 + rate * when) * _annuity(rate, per - 1))
    interest = owed * rate
    if when:
        interest = where(raw(per) == 1, 0, interest / (1 + rate))
    return where(raw(per) < 1, np.nan, payment - interest).astype(dtype)


def npv(rate, values):
    """The net present value of payments, the first of which is due at once: Σ values[i] / (1 + rate)^i.

    Parameters
    ----------
    rate : number
    values : ndarray, shape (n,)

    Examples
    --------
    >>> from mxnet import np
    >>> np.npv(0.5, np.array([-4, 3, 9]))
    array(2.)
    """
    (rate, values), dtype = _operands("npv", rate, values)
    return _present(rate, values).astype(dtype)


def _present(rate, values):
    return sum(values / power(1 + rate, np.arange(values.size, dtype=np.float64)), axis=0)


def mirr(values, finance_rate, reinvest_rate):
    """The modified internal rate of return of payments at equal intervals; NaN if they are not of both signs.

    Parameters
    ----------
    values : ndarray, shape (n,)
    finance_rate : number
        The interest on what is paid.
    reinvest_rate : number
        The interest on what is received and invested again.

    Examples
    --------
    >>> from mxnet import np
    >>> np.mirr(np.array([-100, 20, 60, 70]), 0.1, 0.12)
    array(0.17515586)
    """
    (values, finance_rate, reinvest_rate), dtype = _operands("mirr", values, finance_rate, reinvest_rate)
    received = where(raw(values) > 0, values, 0)
    paid = where(raw(values) < 0, values, 0)
    if not (raw(received).any() and raw(paid).any()):
        return (sum(values) * np.nan).astype(dtype)
    growth = _present(reinvest_rate, received) / -_present(finance_rate, paid)
    return (power(growth, 1 / (values.size - 1)) * (1 + reinvest_rate) - 1).astype(dtype)


def rate(nper, pmt, pv, fv, when="end", guess=0.1, tol=1e-6, maxiter=100):
    """The interest per period, found by Newton's method; NaN where it does not settle.

    Gradients flow to the four amounts.

    Parameters
    ----------
    nper, pv, fv, when
        As for `pmt`.
    pmt : number or ndarray
        The payment per period.
    guess : number
        Where to start.
    tol : number
        How little the last step may change.
    maxiter : int
        How many steps to take at most.

    Examples
    --------
    >>> from mxnet import np
    >>> np.rate(10, 0, -3500, 10000)
    array(0.11069085)
    """
    when = _moment("rate", when)
    amounts, dtype = _operands("rate", nper, pmt, pv, fv)
    constants = [raw(amount) for amount in amounts]
    interest = np.full(np.broadcast_shapes(*[c.shape for c in constants]), float(guess))
    settled = np.zeros(interest.shape, bool)
    with np.errstate(all="ignore"):
        for _ in range(maxiter):
            step = _step(interest, *constants, when)
            interest = interest - step
            settled = abs(step) < tol
            if settled.all():
                break
    # Two further steps, which record themselves: where the balance is 0 a step of Newton's has the derivative of the solution, and
    # two of them have its second and third derivative.
    result = where(settled, interest, np.nan)
    for _ in range(2):
        result = result - _step(result, *amounts, when)
    return result.astype(dtype)


def _step(interest, nper, pmt, pv, fv, when):
    """Newton's step: the balance after all payments, over its derivative by the interest."""
    growth, annuity = power(1 + interest, nper), _annuity(interest, nper)
    slope = _annuity_slope(interest, nper, annuity)
    balance = fv + pv * growth + pmt * (1 + interest * when) * annuity
    return balance / (nper * pv * power(1 + interest, nper - 1) + pmt * (when * annuity + (1 + interest * when) * slope))


def _annuity_slope(interest, nper, annuity):
    """The derivative of `_annuity` by the rate."""
    tiny = abs(raw(interest)) * np.maximum(abs(raw(nper)), 1) < 1e-3
    safe = where(tiny, 1, interest)
    term = nper * (nper - 1) / 2
    series = term
    for k in range(2, 8):
        term = term * (nper - k) * where(tiny, interest, 0) / (k + 1)
        series = series + k * term
    return where(tiny, series, (nper * power(1 + safe, nper - 1) - annuity) / safe)
