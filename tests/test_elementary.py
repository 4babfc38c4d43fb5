"""The elementary functions against 40-digit references made with the standard library alone."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancesim.elementary import LARGEST_EXPONENT, exponential, logarithm, unit_circle

_PI = Decimal("3.14159265358979323846264338327950288419716939937510")


def _circle(turn: float) -> tuple[Decimal, Decimal]:
    """Return cosine and sine of a fraction of a turn by Taylor series in 50 digits."""
    with localcontext() as context:
        context.prec = 50
        angle = 2 * _PI * Decimal(turn)
        cosine, sine, term = Decimal(0), Decimal(0), Decimal(1)
        for n in range(90):
            if n % 2 == 0:
                cosine += term if n % 4 == 0 else -term
            else:
                sine += term if n % 4 == 1 else -term
            term = term * angle / (n + 1)
        return cosine, sine


def _relative_error(found: float, exact: Decimal) -> float:
    with localcontext() as context:
        context.prec = 40
        return float(abs(Decimal(found) - exact) / abs(exact))


@given(st.floats(-LARGEST_EXPONENT, LARGEST_EXPONENT))
def test_exponential_is_right_to_four_parts_in_ten_to_the_sixteen(x: float) -> None:
    with localcontext() as context:
        context.prec = 40
        exact = Decimal(x).exp()
    assert _relative_error(exponential(x), exact) < 4e-16


def test_exponential_is_right_over_the_range_of_decisions() -> None:
    """Between -30 and 30, where the law uses it, it stays within 2 ulp of the platform's own."""
    for x in np.linspace(-30.0, 30.0, 3001):
        reference = math.exp(x)
        assert abs(exponential(x) - reference) <= 2 * math.ulp(reference), x


def test_exponential_of_zero_is_exactly_one() -> None:
    assert exponential(0.0) == 1.0
    assert exponential(-0.0) == 1.0


@pytest.mark.parametrize("beyond", [701.0, 1e10, math.inf])
def test_exponential_holds_its_argument_within_its_range(beyond: float) -> None:
    """Beyond plus or minus 700 the value stays that of the end, finite and above zero."""
    assert exponential(beyond) == exponential(LARGEST_EXPONENT) < math.inf
    assert exponential(-beyond) == exponential(-LARGEST_EXPONENT) > 0.0


@given(st.floats(-690.0, 690.0), st.floats(1e-14, 5.0))
def test_exponential_rises(x: float, step: float) -> None:
    """A larger argument gives a larger value wherever the two differ by more than rounding."""
    y = x + max(step, 4 * math.ulp(x), 1e-14)
    assert exponential(x) < exponential(y)


@given(st.one_of(st.floats(2.3e-308, 1.7e308), st.floats(0.5, 2.0), st.floats(2.0**-33, 1.0)))
def test_logarithm_is_right_to_two_parts_in_ten_to_the_fifteen(x: float) -> None:
    with localcontext() as context:
        context.prec = 40
        exact = Decimal(x).ln()
        error = float(abs(Decimal(logarithm(x)) - exact))
    assert error <= 2e-15 * max(1.0, abs(float(exact)) / 4.0)


def test_logarithm_of_one_is_exactly_zero() -> None:
    assert logarithm(1.0) == 0.0


def test_logarithm_keeps_its_relative_precision_beside_one() -> None:
    """ln(1 + h) is right to 2 ulp for small h, where a careless formula cancels."""
    for h in (1e-3, -1e-3, 2.0**-20, -(2.0**-20), 2.0**-40, 2.0**-52, -(2.0**-53)):
        reference = math.log(1.0 + h)
        assert abs(logarithm(1.0 + h) - reference) <= 2 * math.ulp(reference), h


@given(st.floats(1e-300, 1e300), st.floats(1e-12, 10.0))
def test_logarithm_rises(x: float, share: float) -> None:
    assert logarithm(x) < logarithm(x * (1.0 + share))


@given(st.floats(-300.0, 300.0))
def test_logarithm_undoes_exponential(x: float) -> None:
    assert math.isclose(logarithm(exponential(x)), x, rel_tol=4e-16, abs_tol=4e-16)


@given(st.floats(0.0, 1.0, exclude_max=True))
def test_unit_circle_is_right_to_one_part_in_ten_to_the_fifteen(turn: float) -> None:
    x, y = unit_circle(turn)
    cosine, sine = _circle(turn)
    assert float(abs(Decimal(x) - cosine)) < 1e-15
    assert float(abs(Decimal(y) - sine)) < 1e-15


def test_unit_circle_is_exact_at_the_quarters() -> None:
    found = [unit_circle(quarter / 4) for quarter in range(4)]
    assert found == [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)]


@pytest.mark.parametrize("eighth", range(8))
def test_unit_circle_meets_no_seam_between_its_quadrants(eighth: int) -> None:
    """Just before and just after each eighth of a turn, cosine and sine agree to 1e-14."""
    turn = eighth / 8 + 1 / 8
    before, after = unit_circle(turn - 1e-16), unit_circle((turn + 1e-16) % 1.0)
    assert np.allclose(before, after, rtol=0, atol=1e-14)


@given(st.floats(0.0, 1.0, exclude_max=True))
def test_unit_circle_stays_on_the_circle(turn: float) -> None:
    x, y = unit_circle(turn)
    assert math.isclose(x * x + y * y, 1.0, abs_tol=2e-15)
