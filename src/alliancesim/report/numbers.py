"""Numbers as text: signs, percentages and intervals, the same everywhere in a report."""

from __future__ import annotations

import math

from alliancesim.figures.words import signed
from alliancesim.measures.intervals import Interval

_NO_BREAK = "\u00a0"

__all__ = [
    "brief",
    "ends",
    "is_known",
    "level",
    "percent",
    "percent_interval",
    "signed",
    "with_interval",
]


def level(value: float, digits: int = 2) -> str:
    """Return a number with a true minus where it is negative."""
    text = f"{value:.{digits}f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")


def brief(value: float) -> str:
    """Return a number as short as it was written, with a true minus."""
    return f"{value:g}".replace("-", "−")


def percent(share: float) -> str:
    """Return a share from 0 to 1 in percent; only an exact 0 or 1 is written 0 % or 100 %."""
    if 0 < share < 0.005:
        return f"<1{_NO_BREAK}%"
    if 0.995 <= share < 1:
        return f">99{_NO_BREAK}%"
    return f"{100 * share:.0f}{_NO_BREAK}%"


def percent_interval(found: Interval) -> str:
    """Return the ends of a share's interval in percent, such as ``89 to 96 %``, unbroken."""
    low, high = f"{100 * found.low:.0f}", f"{100 * found.high:.0f}"
    return _NO_BREAK.join((low, "to", high, "%"))


def is_known(found: Interval) -> bool:
    """Say whether both ends of an interval are finite."""
    return math.isfinite(found.low) and math.isfinite(found.high)


def ends(found: Interval, digits: int = 3) -> str:
    """Return the ends of an interval, such as ``+0.010 to +0.014``, or that they are unknown."""
    if not is_known(found):
        return "interval unknown from a single run"
    return f"{signed(found.low, digits)} to {signed(found.high, digits)}"


def with_interval(found: Interval, digits: int = 3) -> str:
    """Return an estimate with its 95 % interval in brackets."""
    known = f"95{_NO_BREAK}% CI {ends(found, digits)}"
    return f"{signed(found.estimate, digits)} ({known if is_known(found) else ends(found)})"
