"""Numbers as text: signs, percentages and intervals, the same everywhere in a report.

All are written with the decimal sign of the language spoken. What a number is of is not known here.
"""

from __future__ import annotations

import math

from alliancesim.figures.words import signed
from alliancesim.language import number, text
from alliancesim.measures.intervals import Interval

_NO_BREAK = "\u00a0"


def level(value: float, digits: int = 2) -> str:
    """Return a number with a true minus where it is negative."""
    written = f"{value:.{digits}f}"
    return number((written.lstrip("-") if float(written) == 0 else written).replace("-", "−"))


def brief(value: float) -> str:
    """Return a number as short as it was written, with a true minus."""
    return number(f"{value:g}".replace("-", "−"))


def percent(share: float) -> str:
    """Return a share from 0 to 1 in percent; only an exact 0 or 1 is written 0 % or 100 %."""
    if 0 < share < 0.005:
        return f"<1{_NO_BREAK}%"
    if 0.995 <= share < 1:
        return f">99{_NO_BREAK}%"
    return f"{100 * share:.0f}{_NO_BREAK}%"


def percent_interval(found: Interval) -> str:
    """Return the ends of a share's interval in percent, such as ``89 to 96 %``, unbroken."""
    low, high = round(100 * found.low), round(100 * found.high)
    return text("{low} to {high} %").format(low=low, high=high).replace(" ", _NO_BREAK)


def is_known(found: Interval) -> bool:
    """Say whether both ends of an interval are finite."""
    return math.isfinite(found.low) and math.isfinite(found.high)


def ends(found: Interval, digits: int = 3) -> str:
    """Return the ends of an interval, such as ``+0.010 to +0.014``, or that they are unknown."""
    if not is_known(found):
        return text("interval unknown from a single run")
    return span(signed(found.low, digits), signed(found.high, digits))


def span(low: str, high: str) -> str:
    """Return the ends of a range, as they are written, in one."""
    return text("{low} to {high}").format(low=low, high=high)


def with_interval(found: Interval, digits: int = 3) -> str:
    """Return an estimate with its 95 % interval in brackets."""
    within = ends(found, digits)
    if is_known(found):
        within = text("95\u00a0% CI {ends}").format(ends=within)
    return f"{signed(found.estimate, digits)} ({within})"
