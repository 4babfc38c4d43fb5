"""The dated marks of a chart: numbered events and lettered observations.

Their texts would collide on a chart, so that charts carry the signs and pages list what they mean.
Nothing is drawn here, which timeline and opinions do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from alliancesim.figures.calendar import span
from alliancesim.results.result import Result
from alliancesim.scenario.quantities import Basis, month_count
from alliancesim.scenario.schema import Event, Observation


class Mark(NamedTuple):
    """One dated mark.

    Attributes:
        sign: number of an event, letter of an observation.
        month: month of the run.
        date: the same, written ``YYYY-MM``.
        what: one line that names it.
        wedge: whether it is part of a wedge strategy, and so absent from the twin.
        source: who says so.
        of: the first actor, if any.
        toward: the second actor, if any.
        variable: what it moves, or what was observed, if that is a variable of the model.
        value: the number, if any; a change has none, since charts show levels.
        basis: how the number was come by, if there is one.
    """

    sign: str
    month: int
    date: str
    what: str
    wedge: bool
    source: str
    of: str | None
    toward: str | None
    variable: str | None
    value: float | None
    basis: Basis | None


def event_marks(result: Result) -> list[Mark]:
    """Return what happened in the world, numbered in the order of the dates.

    Events of one month and one name count as one.
    """
    scenario = result.scenario()
    played = {label: item for label, item in scenario.strategies.items() if item.enabled}
    happened = [
        event
        for event in scenario.events.values()
        if event.enabled and (event.part_of is None or event.part_of in played)
    ]
    wedge = {label for label, strategy in played.items() if strategy.wedge}
    rows = [(event, event.part_of in wedge) for event in happened]
    # One happening may move several actors, each by an event of its own.
    dated = {(month, event.what, part): event for month, event, part in _within(result, rows)}
    return [
        _mark(str(number), month, event, part)
        for number, ((month, _, part), event) in enumerate(dated.items(), start=1)
    ]


def observation_marks(result: Result) -> list[Mark]:
    """Return what really happened in the months of the run, lettered in the order of dates."""
    seen = [item for item in result.scenario().observations.values() if item.enabled]
    dated = _within(result, [(item, False) for item in seen])
    return [
        _mark(letters(place), month, item, False) for place, (month, item, _) in enumerate(dated)
    ]


LONG = 60
"""Months beyond which a run has more happenings than its chart has room for signs."""

MOST_ROWS = (3, 2)
"""Rows of signs of events, and of observations, over the chart of a long run."""


class Strip(NamedTuple):
    """The signs over a chart.

    Attributes:
        events: marks of events that are drawn, in the order of dates.
        seen: marks of observations that are drawn, likewise.
        rows: row of each event, and of each observation.
    """

    events: list[Mark]
    seen: list[Mark]
    rows: tuple[list[int], list[int]]

    @property
    def heights(self) -> tuple[int, int]:
        """Return the number of rows of events, and of observations."""
        events, seen = (max(row, default=-1) + 1 for row in self.rows)
        return events, seen


def strip_of(result: Result, *, narrow: bool) -> Strip:
    """Return the signs to draw over the chart of cohesion: all of them, or in a long run the main.

    Args:
        result: results of one scenario.
        narrow: whether the chart is for a phone, which has room for fewer.
    """
    events, seen = event_marks(result), observation_marks(result)
    _, months = span(result)
    room = max(0.8, months / (14 if narrow else 30))
    if months > LONG:
        room *= 1.25  # signs of three figures are wider
        # Polls of opinion have a chart of their own, where each stands at its value.
        seen = [mark for mark in seen if mark.variable in (None, "cohesion")]
        events, seen = (
            _main(marks, room, most) for marks, most in zip((events, seen), MOST_ROWS, strict=True)
        )
    events_at, seen_at = ([mark.month for mark in marks] for marks in (events, seen))
    return Strip(events, seen, (rows_of(events_at, room), rows_of(seen_at, room)))


def _main(marks: Sequence[Mark], room: float, most: int) -> list[Mark]:
    """Return the marks that fit in so many rows: acts of a wedge first, then larger numbers."""
    chosen: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (not mark.wedge, -abs(mark.value or 0.0))):
        tried = sorted([*chosen, mark], key=lambda mark: mark.month)
        if max(rows_of([one.month for one in tried], room)) < most:
            chosen = tried
    return chosen


def observed(
    marks: Sequence[Mark], variable: str, pairs: Sequence[tuple[str, str]]
) -> list[tuple[int, float, str]]:
    """Return month, value and sign of each measured observation of a variable on some pairs."""
    return [
        (mark.month, mark.value, mark.sign)
        for mark in marks
        if mark.variable == variable
        and mark.value is not None
        and (mark.of, mark.toward) in list(pairs)
    ]


def letters(place: int) -> str:
    """Return a, b, ... z, aa, ab, ... for 0, 1, ..."""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def rows_of(months: Sequence[int], room: float) -> list[int]:
    """Return a row for each sign so that signs in one row stand at least ``room`` months apart.

    Args:
        months: months of the signs, rising.
        room: least distance, in months.
    """
    last: list[float] = []
    rows = []
    for month in months:
        row = next((k for k, before in enumerate(last) if month - before >= room), len(last))
        if row == len(last):
            last.append(month)
        last[row] = month
        rows.append(row)
    return rows


_Item = TypeVar("_Item", Event, Observation)


def _within(result: Result, rows: Sequence[tuple[_Item, bool]]) -> list[tuple[int, _Item, bool]]:
    """Return month, item and flag of what lies in the months of the run, by date."""
    baseline, months = span(result)
    dated = [(month_count(item.date) - baseline, item, flag) for item, flag in rows]
    inside = [row for row in dated if 0 <= row[0] <= months]
    return sorted(inside, key=lambda row: row[0])


def _mark(sign: str, month: int, item: Event | Observation, wedge: bool) -> Mark:
    """Return one mark."""
    number = (item.push or item.to) if isinstance(item, Event) else item.value
    is_change = isinstance(item, Observation) and item.since is not None
    source = item.source or (number.source if number is not None else "")
    return Mark(
        sign=sign,
        month=month,
        date=item.date,
        what=item.what,
        wedge=wedge,
        source=source,
        of=item.of,
        toward=item.toward,
        variable=item.variable,
        value=None if number is None or is_change else number.value,
        basis=None if number is None else number.basis,
    )
