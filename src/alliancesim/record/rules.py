"""Rules of the record that compare one part with another.

Codes are never corrected here, only refused; the verdict's rule is the coders' and not that of
measures.verdict, which judges the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from alliancesim.record.scales import READINGS, sum_of_shares
from alliancesim.record.schema import Episode, Judgement, Point, Series
from alliancesim.scenario.problems import nearest, shown
from alliancesim.scenario.quantities import month_count
from alliancesim.scenario.rules import Broken

LEAST_PRESSURE = 0.40
LEAST_DIFFERENCE_IN_PRESSURE = 0.15
LEAST_DIFFERENCE_IN_INDUCEMENT = 0.30
LEAST_CHANGE = 0.10
"""The rule by which the episodes were coded: from when on conduct is an attempt at a wedge, and a
change is one."""

_ROUNDING = 1e-9


def broken_series(found: Mapping[str, Series]) -> Iterator[Broken]:
    """Yield every rule that series break."""
    for label, series in found.items():
        keys = ("series", label)
        if series.of == series.toward:
            yield Broken((*keys, "toward"), shown(series.toward), "an actor other than itself")
        if (series.variable is None) != (series.scale == "anchor"):
            value = "missing" if series.variable is None else shown(series.variable)
            expected = "a variable of the model, but for an anchor, which has none"
            yield Broken((*keys, "variable"), value, expected)
        yield from _predecessor(found, keys, series)
        for place, point in enumerate(series.points):
            yield from _contents(series, (*keys, "points", str(place)), point)
        for place, (before, after) in enumerate(pairwise(series.points), start=1):
            if month_count(after.date) <= month_count(before.date):
                where = (*keys, "points", str(place), "date")
                yield Broken(where, shown(after.date), f"a month after {before.date}")


def _predecessor(
    found: Mapping[str, Series], keys: tuple[str, ...], series: Series
) -> Iterator[Broken]:
    """Complain about a series that continues none of its kind."""
    if series.continues is None:
        return
    before = found.get(series.continues)
    if before is None:
        hint = nearest(series.continues, found)
        yield Broken((*keys, "continues"), shown(series.continues), "one of the series", hint)
    elif before is series or any(
        getattr(before, key) != getattr(series, key) for key in ("of", "toward", "variable")
    ):
        expected = "another series of the same dyad and variable"
        yield Broken((*keys, "continues"), shown(series.continues), expected)


def _contents(series: Series, keys: tuple[str, ...], point: Point) -> Iterator[Broken]:
    """Complain about a point that does not hold what its series' scale wants."""
    shares = (point.favourable, point.unfavourable)
    if series.scale == "favourability":
        if point.reading is not None:
            yield Broken((*keys, "reading"), f"{point.reading:g}", "no reading beside shares")
        if shares == (None, None):
            yield Broken(keys, "empty", '"favourable", "unfavourable" or both')
        elif None in shares and sum_of_shares(series) is None:
            expected = "both shares, since no other point says what they sum to"
            yield Broken(keys, "one share", expected)
        elif sum(share or 0.0 for share in shares) > 100.0 + _ROUNDING:
            yield Broken(keys, "shares above 100", "shares that sum to at most 100")
        return
    if shares != (None, None):
        yield Broken(keys, "shares", f"a reading, since the scale is {series.scale}")
    highest = READINGS[series.scale]
    if point.reading is None or point.reading > highest:
        value = "missing" if point.reading is None else f"{point.reading:g}"
        yield Broken((*keys, "reading"), value, f"a reading from 0 to {highest:g}")


def broken_episodes(found: Mapping[str, Episode]) -> Iterator[Broken]:
    """Yield every rule that episodes break."""
    for label, episode in found.items():
        keys = ("episodes", label)
        if month_count(episode.end) < month_count(episode.start):
            yield Broken((*keys, "end"), shown(episode.end), f"no month before {episode.start}")
        members = set(episode.alliance)
        for key in ("pragmatism", "pressure", "inducement", "threat"):
            if set(getattr(episode, key)) != members:
                expected = "one number for each member of the alliance"
                yield Broken((*keys, key), shown(sorted(getattr(episode, key))), expected)
        for name in (episode.courted_or_coerced, *episode.later_pragmatism):
            if name not in members:
                yield Broken(keys, shown(name), "a member of the alliance", nearest(name, members))
        if episode.within is not None and episode.within not in found:
            hint = nearest(episode.within, found)
            yield Broken((*keys, "within"), shown(episode.within), "one of the episodes", hint)
        rightly = verdict_of(episode)
        if episode.verdict != rightly:
            yield Broken((*keys, "verdict"), shown(episode.verdict), f"{rightly!r}, by the rule")


def verdict_of(episode: Episode) -> Judgement:
    """Return the verdict that follows from an episode's numbers, by the record's own rule."""
    if not _is_attempt(episode):
        return "not a wedge"
    fallen = episode.cohesion_change <= -LEAST_CHANGE + _ROUNDING
    if fallen and episode.attitude_change >= LEAST_CHANGE - _ROUNDING:
        return "success"
    return "backfire" if episode.cohesion_change >= LEAST_CHANGE - _ROUNDING else "null"


def _is_attempt(episode: Episode) -> bool:
    """Say whether the divider's conduct in an episode amounts to an attempt at a wedge."""
    pressed = list(episode.pressure.values())
    courted = list(episode.inducement.values())
    return (
        max(pressed) >= LEAST_PRESSURE - _ROUNDING
        or max(pressed) - min(pressed) >= LEAST_DIFFERENCE_IN_PRESSURE - _ROUNDING
        or max(courted) - min(courted) >= LEAST_DIFFERENCE_IN_INDUCEMENT - _ROUNDING
    )
