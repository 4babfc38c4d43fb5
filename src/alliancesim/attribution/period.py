"""The span of months whose causes are asked for.

Months only: which events fall into them is for causes.
"""

from __future__ import annotations

from typing import NamedTuple

from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.quantities import month_count, month_text, parse_month
from alliancesim.scenario.schema import Scenario


class Period(NamedTuple):
    """A span of months of a run, and where in it the outcome is read.

    Attributes:
        first: first month whose events are causes; the change is that since the month before.
        last: last month.
        window: last months of the span over which the outcome is averaged.
        before: months of the run before the span.
        months: months of the run up to its end.
    """

    first: str
    last: str
    window: int
    before: int
    months: int

    @property
    def since(self) -> str:
        """Return the month since which the change is counted, the one before the first."""
        return month_text(month_count(self.first) - 1)

    @property
    def end(self) -> str:
        """Return the month, or the months, in which the outcome is read, in words."""
        if self.window == 1:
            return self.last
        return f"{month_text(month_count(self.last) - self.window + 1)} to {self.last} (mean)"


def period_of(scenario: Scenario, first: str | None, last: str | None) -> Period:
    """Return the span of months that is asked for.

    Args:
        scenario: a validated scenario.
        first: first month, ``YYYY-MM``; the run's first if left out.
        last: last month, in which alone the outcome is then read; if left out, the run's last, with
            the outcome averaged over the last ``window`` months, of the span at most.

    Returns:
        The span.

    Raises:
        InputError: with every month that is none or lies outside the run, or if they are in the
            wrong order.
    """
    start, length = month_count(scenario.time.start), scenario.time.months
    counts: list[int] = []
    problems: list[Problem] = []
    for option, text, otherwise in (
        ("--from", first, start),
        ("--until", last, start + length - 1),
    ):
        counts.append(otherwise if text is None else _count(option, text, start, length, problems))
    if problems:
        raise InputError(problems)
    begin, end = counts
    if end < begin:
        expected = f"no month before {month_text(begin)}"
        raise InputError([Problem("--until", "", month_text(end), expected)])
    window = min(scenario.outcome.window, end - begin + 1) if last is None else 1
    return Period(month_text(begin), month_text(end), window, begin - start, end - start + 1)


def _count(option: str, text: str, start: int, length: int, problems: list[Problem]) -> int:
    """Return the count of a month of the run, or complain about it."""
    span = f"{month_text(start)} to {month_text(start + length - 1)}"
    expected = f'a month of the run written "YYYY-MM", {span}'
    try:
        count = month_count(parse_month(text))
    except ValueError:
        count = -1
    if not start <= count < start + length:
        problems.append(Problem(option, "", text, expected))
    return count
