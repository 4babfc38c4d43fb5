"""Which observations a law is fitted to, and which it is judged by.

No score is known here, so that no split can be chosen by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliancesim.calibration.schema import Calibration
from alliancesim.calibration.targets import Targets
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.quantities import month_count
from alliancesim.scenario.schema import Scenario

FORECAST = "forecast"
LEFT_OUT = "without-"
IN_SAMPLE = "all"


class Episode(NamedTuple):
    """A stretch of months with a coded change.

    Attributes:
        name: E1, E2, ... in the order of time.
        since: last month before it, a month of the run; 0 is the baseline.
        until: its last month.
    """

    name: str
    since: int
    until: int


class Split(NamedTuple):
    """Which observations are fitted and which are judged.

    Attributes:
        name: as in the tables of results.
        title: what it is, in words.
        fitted: the observations that parameters are fitted to, shape (observations,).
        judged: those that the forecasts are scored on, shape (observations,).
        known: last month of the run up to which a forecaster knows the levels it starts from.
        in_sample: whether the judged ones were fitted as well.
        without: labels of events that are left out of the scenario.
    """

    name: str
    title: str
    fitted: NDArray[np.bool_]
    judged: NDArray[np.bool_]
    known: int
    in_sample: bool = False
    without: tuple[str, ...] = ()


def episodes_of(targets: Targets) -> tuple[Episode, ...]:
    """Return the stretches of time over which changes were coded, in their order."""
    change = targets.is_change
    stretches = sorted(
        set(zip(targets.since[change].tolist(), targets.month[change].tolist(), strict=True))
    )
    return tuple(Episode(f"E{number}", *found) for number, found in enumerate(stretches, 1))


def within(targets: Targets, episode: Episode) -> NDArray[np.bool_]:
    """Return which observations are of an episode's months, changes that share one included."""
    began = np.where(targets.is_change, targets.since, targets.month - 1)
    found: NDArray[np.bool_] = (began < episode.until) & (targets.month > episode.since)
    return found


def splits_of(targets: Targets, calibration: Calibration, scenario: Scenario) -> list[Split]:
    """Return every split of a calibration's observations.

    They are: the forecast past ``validation.split``; the same without some events, one for each
    entry of ``validation.without``; one for each episode that is left out; and all observations,
    in sample.

    Args:
        targets: the observations.
        calibration: a validated calibration.
        scenario: the scenario that they are of.

    Raises:
        InputError: if a split leaves nothing to fit or to judge, or an entry names no event.
    """
    problems = list(_problems(targets, calibration, scenario))
    if problems:
        raise InputError(problems)
    forecast = list(_forecast(targets, calibration))
    reduced = [
        split._replace(
            name=f"{split.name} without {name}",
            title=f"{split.title}, without events that begin with {' or '.join(starts)}",
            without=tuple(label for label in scenario.events if label.startswith(tuple(starts))),
        )
        for split in forecast
        for name, starts in calibration.validation.without.items()
    ]
    apart = list(_left_out(targets))
    every = np.ones(len(targets), dtype=np.bool_)
    whole = Split(IN_SAMPLE, "fitted to all observations, in sample", every, every, 0, True)
    return [*forecast, *reduced, *apart, whole]


def _problems(targets: Targets, calibration: Calibration, scenario: Scenario) -> Iterator[Problem]:
    """Yield what is wrong with what is asked for."""
    asked = calibration.validation
    if asked.split is None and not list(_left_out(targets)):
        expected = "a month, since no coded change gives an episode that could be left out"
        yield Problem("", "validation.split", "missing", expected)
    for split in _forecast(targets, calibration):
        if split.fitted.all() or split.judged.all():
            expected = "a month with observations before and after it"
            yield Problem("", "validation.split", str(asked.split), expected)
    for name, starts in asked.without.items():
        for start in starts:
            if not any(label.startswith(start) for label in scenario.events):
                expected = "the beginning of an event's label"
                yield Problem("", f"validation.without.{name}", f"{start!r}", expected)


def _forecast(targets: Targets, calibration: Calibration) -> Iterator[Split]:
    """Yield the split in time, if the calibration asks for one."""
    last = calibration.validation.split
    if last is None:
        return
    known = month_count(last) - month_count(targets.world.start)
    fitted = targets.month <= known
    title = f"fitted to observations up to {last}, judged by later ones"
    yield Split(FORECAST, title, fitted, ~fitted, known)


def _left_out(targets: Targets) -> Iterator[Split]:
    """Yield one split for each episode: everything observed of its months is held out."""
    for episode in episodes_of(targets):
        judged = within(targets, episode)
        if judged.all():
            continue
        first, last = targets.world.date(episode.since + 1), targets.world.date(episode.until)
        title = f"{episode.name}, {first} to {last}, left out of the fit and judged"
        yield Split(LEFT_OUT + episode.name, title, ~judged, judged, episode.since)
