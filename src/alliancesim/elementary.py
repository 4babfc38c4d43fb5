"""Exponential, logarithm and the unit circle from additions, multiplications and one division.

The mathematical library of each platform rounds these functions differently. Written out here,
they give the same bits on every machine with IEEE 754 doubles, in a scalar call and in a
vectorised loop alike. Only scalar functions of numbers enter this module.
"""

from __future__ import annotations

import numpy as np

from alliancesim.compilation import inlined

LARGEST_EXPONENT = 700.0
"""Bound on the argument of :func:`exponential`, dimensionless; e**700 is still a finite double."""

_LOG2_E = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_ROUNDER = 6755399441055744.0  # 1.5 * 2**52: adding it rounds to the nearest whole number
_TWO_52 = 4503599627370496.0
_MANTISSA_OF_2_52 = 0x4330000000000000
_TWO_PI = 6.283185307179586


@inlined
def exponential(x: float) -> float:
    """Return e**x, with x held within plus or minus 700.

    Range reduction by Cody and Waite (1980), then the Taylor polynomial of degree 13 on
    abs(r) <= ln(2)/2, whose remainder is below 1e-17.

    Args:
        x: exponent, dimensionless.

    Returns:
        e**x, relative error below 4e-16; exactly 1 at x = 0.
    """
    x = min(max(x, -LARGEST_EXPONENT), LARGEST_EXPONENT)
    n = (x * _LOG2_E + _ROUNDER) - _ROUNDER
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    p = 1.0 / 6227020800.0
    p = p * r + 1.0 / 479001600.0
    p = p * r + 1.0 / 39916800.0
    p = p * r + 1.0 / 3628800.0
    p = p * r + 1.0 / 362880.0
    p = p * r + 1.0 / 40320.0
    p = p * r + 1.0 / 5040.0
    p = p * r + 1.0 / 720.0
    p = p * r + 1.0 / 120.0
    p = p * r + 1.0 / 24.0
    p = p * r + 1.0 / 6.0
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    return p * _power_of_two(n)


@inlined
def _power_of_two(n: float) -> float:
    """Return 2**n exactly for a whole n between -1022 and 1023, by writing its bits.

    Adding the rounder leaves n, as a two's complement integer, in the low bits of the sum; so no
    conversion to an integer is needed, which few processors can do for several numbers at once.
    """
    return np.int64((np.float64(n + _ROUNDER).view(np.int64) + 1023) << 52).view(np.float64)


@inlined
def whole_number(bits: np.int64) -> float:
    """Return a whole number 0 <= bits < 2**52 as a double, by writing it into a mantissa."""
    return np.int64(bits | _MANTISSA_OF_2_52).view(np.float64) - _TWO_52


@inlined
def logarithm(x: float) -> float:
    """Return the natural logarithm of a positive normal double.

    The mantissa is brought into sqrt(1/2)..sqrt(2), then ln(m) = 2 artanh((m-1)/(m+1)) as an odd
    series of degree 21 (Cody and Waite, 1980).

    Args:
        x: positive, at least 2.3e-308, dimensionless.

    Returns:
        ln(x), absolute error below 2e-15 for results of order 1; exactly 0 at x = 1.
    """
    bits = np.float64(x).view(np.int64)
    exponent = whole_number(bits >> 52) - 1023.0
    mantissa = np.int64((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000).view(np.float64)
    large = mantissa > 1.4142135623730951
    mantissa = mantissa * 0.5 if large else mantissa
    exponent = exponent + 1.0 if large else exponent
    s = (mantissa - 1.0) / (mantissa + 1.0)
    z = s * s
    p = 1.0 / 21.0
    p = p * z + 1.0 / 19.0
    p = p * z + 1.0 / 17.0
    p = p * z + 1.0 / 15.0
    p = p * z + 1.0 / 13.0
    p = p * z + 1.0 / 11.0
    p = p * z + 1.0 / 9.0
    p = p * z + 1.0 / 7.0
    p = p * z + 1.0 / 5.0
    p = p * z + 1.0 / 3.0
    p = p * z
    series = 2.0 * s + 2.0 * s * p
    return exponent * _LN2_HIGH + (exponent * _LN2_LOW + series)


@inlined
def unit_circle(turn: float) -> tuple[float, float]:
    """Return cosine and sine of a fraction of a full turn.

    Args:
        turn: fraction of a turn, 0 <= turn < 1, dimensionless.

    Returns:
        (cos(2 pi turn), sin(2 pi turn)), absolute error below 1e-15.
    """
    quadrant = (turn * 4.0 + _ROUNDER) - _ROUNDER
    angle = (turn - quadrant * 0.25) * _TWO_PI
    z = angle * angle
    s = 1.0 / 355687428096000.0
    s = s * z - 1.0 / 1307674368000.0
    s = s * z + 1.0 / 6227020800.0
    s = s * z - 1.0 / 39916800.0
    s = s * z + 1.0 / 362880.0
    s = s * z - 1.0 / 5040.0
    s = s * z + 1.0 / 120.0
    s = s * z - 1.0 / 6.0
    sine = angle + angle * z * s
    c = 1.0 / 20922789888000.0
    c = c * z - 1.0 / 87178291200.0
    c = c * z + 1.0 / 479001600.0
    c = c * z - 1.0 / 3628800.0
    c = c * z + 1.0 / 40320.0
    c = c * z - 1.0 / 720.0
    c = c * z + 1.0 / 24.0
    c = c * z - 0.5
    cosine = 1.0 + z * c
    swap = quadrant in (1.0, 3.0)
    x = sine if swap else cosine
    y = cosine if swap else sine
    x = -x if quadrant in (1.0, 2.0) else x
    y = -y if quadrant in (2.0, 3.0) else y
    return x, y
