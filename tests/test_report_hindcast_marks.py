"""The chart of a long run carries the main marks alone, and the page lists them all."""

from __future__ import annotations

from typing import Any

import pytest

from alliancesim.figures import marks
from alliancesim.report import captions
from alliancesim.results.result import Result
from test_report import made
from worlds import bare


def crowded(months: int) -> Result:
    """Return results of a scenario in which every month has an event and every third a poll."""
    data: dict[str, Any] = bare("ALFA", "BRAVO", "CHARLIE", months=months)
    dates = [f"{2030 + place // 12}-{place % 12 + 1:02d}" for place in range(months)]
    data["strategies"] = {"wedge": {"actor": "CHARLIE"}}
    data["events"] = {
        f"event-{place}": {
            "date": date,
            "what": f"happening {place}",
            "variable": "pressure",
            "of": "CHARLIE",
            "toward": "ALFA",
            "push": 0.01 * (place % 50 + 1),
            **({"part_of": "wedge"} if place % 10 == 0 else {}),
        }
        for place, date in enumerate(dates)
    }
    poll = {"variable": "opinion", "of": "ALFA", "toward": "BRAVO", "value": 0.1}
    data["observations"] = {
        f"seen-{place}": {"date": date, "what": f"seen {place}", **(poll if place % 3 else {})}
        for place, date in enumerate(dates)
    }
    return made(data, runs=2)


@pytest.mark.parametrize("narrow", [False, True])
def test_a_long_run_draws_the_main_marks_in_few_rows(narrow: bool) -> None:
    """Acts of the wedge come first, then the larger numbers; polls keep to their own chart."""
    result = crowded(2 * marks.LONG)
    strip = marks.strip_of(result, narrow=narrow)
    every = marks.event_marks(result)
    assert strip.heights[0] == marks.MOST_ROWS[0]
    assert strip.heights[1] <= marks.MOST_ROWS[1]
    assert len(strip.events) < len(every)
    assert {mark.sign for mark in every if mark.wedge} <= {mark.sign for mark in strip.events}
    assert {mark.variable for mark in strip.seen} == {None}
    others = [mark for mark in every if not mark.wedge]
    drawn = [mark.value or 0.0 for mark in others if mark in strip.events]
    left_out = [mark.value or 0.0 for mark in others if mark not in strip.events]
    assert sum(drawn) / len(drawn) > sum(left_out) / len(left_out)


def test_what_is_left_out_is_said() -> None:
    """The caption of a long run counts the marks drawn and those there are."""
    result = crowded(2 * marks.LONG)
    drawn = marks.strip_of(result, narrow=False)
    said = captions.cohesion(result).text
    assert f"the main {len(drawn.events)} of {2 * marks.LONG} events" in said


def test_a_short_run_draws_every_mark() -> None:
    result = crowded(24)
    strip = marks.strip_of(result, narrow=False)
    assert strip.events == marks.event_marks(result)
    assert strip.seen == marks.observation_marks(result)
    assert "(listed below)" in captions.cohesion(result).text
