"""What a sceptic would say without any theory: no change, the last trend, opinion alone.

Each baseline is a predictive distribution whose spread is learned from the observations that the
law is fitted to, so that it can be scored like the model. Starting levels are the last known ones
before the months in question; where nothing was observed before them, the scenario's baseline. No
coefficient of the law enters here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.calibration.targets import Targets
from alliancesim.validation.forecasts import Forecast, within_scale
from alliancesim.validation.reversion import Reversion

LARGEST_SIZE = 1.0
"""Largest standard deviation of a month's or an episode's change that a baseline considers."""

_GRID = (np.arange(2000) + 0.5) / 2000 * LARGEST_SIZE

FEWEST_FOR_TREND = 4
"""Known points from which a line is drawn through them; below that there is no trend."""


class Start(NamedTuple):
    """The last known level of something.

    Attributes:
        month: month of the run.
        level: in the unit of the variable.
        error: its standard error.
    """

    month: int
    level: float
    error: float


@dataclass(frozen=True)
class Known:
    """What a forecaster without a theory has to go by.

    Attributes:
        targets: all observations.
        fitted: those from which sizes are learned, shape (observations,).
        until: last month up to which levels are known.
        draws: number of samples of a forecast.
        seed: of all random numbers.
    """

    targets: Targets
    fitted: NDArray[np.bool_]
    until: int
    draws: int
    seed: int

    @property
    def past(self) -> NDArray[np.bool_]:
        """Say which observations are known from before the months in question."""
        return self.fitted & (self.targets.month <= self.until)

    def levels(self, column: int, poll: str | None = None) -> NDArray[np.int64]:
        """Return the known levels of a series, or of one poll of it, in the order of time."""
        targets = self.targets
        mine = self.past & ~targets.is_change & (targets.column == column)
        if poll is not None:
            mine &= np.array([name == poll for name in targets.polls])
        places = np.flatnonzero(mine)
        return places[np.argsort(targets.month[places], kind="stable")]

    def changes(self, variable: str) -> NDArray[np.int64]:
        """Return the fitted changes of a variable, in the order of time."""
        targets = self.targets
        mine = self.fitted & np.array([name == f"change_{variable}" for name in targets.groups])
        places = np.flatnonzero(mine)
        return places[np.argsort(targets.month[places], kind="stable")]

    def variable(self, place: int) -> str:
        """Return the variable of an observation."""
        return str(self.targets.series[self.targets.column[place]].variable)

    def start(self, place: int) -> Start:
        """Return the last known level of what an observation measures.

        That of its own poll, or else of any poll of the same, or else the scenario's baseline.
        """
        targets = self.targets
        column = int(targets.column[place])
        own = self.levels(column, targets.polls[place])
        known = own if own.size else self.levels(column)
        if known.size:
            last = known[-1]
            return Start(
                int(targets.month[last]), float(targets.values[last]), float(targets.errors[last])
            )
        wanted, actors = targets.series[column], targets.world.actors
        of, toward = actors.index(str(wanted.of)), actors.index(str(wanted.toward))
        return Start(0, float(getattr(targets.world.baseline, wanted.variable)[of, toward]), 0.0)


def reference(known: Known, places: NDArray[np.int64]) -> Array:
    """Return what no change foretells: the last known level, or 0 for a change.

    Args:
        known: what the forecaster has to go by.
        places: the observations in question.

    Returns:
        Shape (observations in question,).
    """
    is_change = known.targets.is_change
    return np.array([0.0 if is_change[place] else known.start(place).level for place in places])


def sizes(
    residuals: Array, weights: Array, errors: Array, draws: int, random: np.random.Generator
) -> Array:
    """Return draws of a standard deviation that residuals speak of.

    Residuals are normal around 0 with variance size² weight + error²; all sizes from 0 to
    ``LARGEST_SIZE`` are held equally likely before (Gelman 2006).

    Args:
        residuals: shape (residuals,).
        weights: months apart, or 1, shape (residuals,).
        errors: standard errors of measurement, shape (residuals,).
        draws: number of draws.
        random: where random numbers come from.

    Returns:
        Shape (draws,).
    """
    variances = _GRID[:, None] ** 2 * weights + errors**2
    fits = -0.5 * np.sum(residuals**2 / variances + np.log(variances), axis=1)
    chances = np.exp(fits - fits.max())
    return random.choice(_GRID, size=draws, p=chances / chances.sum())


def _steps(known: Known, variable: str) -> Array:
    """Return residual, months apart and error of each step between two readings of one poll."""
    targets = known.targets
    rows = []
    mine = known.fitted & np.array([name == variable for name in targets.groups])
    columns = zip(targets.column, targets.polls, strict=True)
    for key in dict.fromkeys(pair for pair, keep in zip(columns, mine, strict=True) if keep):
        poll = np.array([name == key[1] for name in targets.polls])
        places = np.flatnonzero(mine & poll & (targets.column == key[0]))
        for first, second in pairwise(places[np.argsort(targets.month[places], kind="stable")]):
            rows.append(
                (
                    targets.values[second] - targets.values[first],
                    targets.month[second] - targets.month[first],
                    np.hypot(targets.errors[first], targets.errors[second]),
                )
            )
    return np.array(rows, dtype=np.float64).reshape(len(rows), 3).T


def no_change(known: Known, places: NDArray[np.int64]) -> Forecast:
    """Return the forecast of a random walk from the last known level; a coded change is 0.

    Args:
        known: what the forecaster has to go by.
        places: the observations in question.
    """
    random = np.random.default_rng((known.seed, 1))
    columns = [_unchanged(known, place, random) for place in places]
    return Forecast(within_scale(np.stack(columns, axis=1)), reference(known, places), places)


def _unchanged(known: Known, place: int, random: np.random.Generator) -> Array:
    """Return samples of an observation around the last known level, or around 0."""
    targets, variable = known.targets, known.variable(place)
    normal = random.standard_normal(known.draws)
    if targets.is_change[place]:
        seen = known.changes(variable)
        ones = np.ones(seen.size)
        size = sizes(targets.values[seen], ones, targets.errors[seen], known.draws, random)
        unmoved: Array = normal * np.hypot(size, targets.errors[place])
        return unmoved
    start = known.start(place)
    residuals, weights, errors = _steps(known, variable)
    size = sizes(residuals, weights, errors, known.draws, random)
    months = int(targets.month[place]) - start.month
    error = np.hypot(start.error, targets.errors[place])
    found: Array = start.level + normal * np.sqrt(size**2 * months + error**2)
    return found


def last_trend(known: Known, places: NDArray[np.int64]) -> Forecast:
    """Return the forecast of a straight line through what is known; a change is the last one.

    A level follows the line through its own poll's known readings, or through all polls' where its
    own has fewer than ``FEWEST_FOR_TREND``, with the spread of a regression (Student's t); where
    there are too few of either, nothing changes.

    Args:
        known: what the forecaster has to go by.
        places: the observations in question.
    """
    random = np.random.default_rng((known.seed, 2))
    found = [
        (_repeated if known.targets.is_change[place] else _extended)(known, place, random)
        for place in places
    ]
    samples = within_scale(np.stack([column for column, _ in found], axis=1))
    means = within_scale(np.array([mean for _, mean in found]))
    return Forecast(samples, means, places)


def _extended(known: Known, place: int, random: np.random.Generator) -> tuple[Array, float]:
    """Return samples and mean of a level on the line through known ones."""
    targets, column = known.targets, int(known.targets.column[place])
    points = known.levels(column, targets.polls[place])
    if points.size < FEWEST_FOR_TREND:
        points = known.levels(column)
    if points.size < FEWEST_FOR_TREND or np.ptp(targets.month[points]) == 0:
        return _unchanged(known, place, random), known.start(place).level
    months, levels = targets.month[points].astype(np.float64), targets.values[points]
    middle = months.mean()
    squares = float(((months - middle) ** 2).sum())
    slope = float(((months - middle) * levels).sum()) / squares
    away = float(targets.month[place]) - middle
    rest = levels - levels.mean() - slope * (months - middle)
    free = points.size - 2
    spread = np.sqrt((rest**2).sum() / free * (1.0 + 1.0 / points.size + away**2 / squares))
    mean = float(levels.mean()) + slope * away
    return mean + spread * random.standard_t(free, known.draws), mean


def _repeated(known: Known, place: int, random: np.random.Generator) -> tuple[Array, float]:
    """Return samples and mean of a change that repeats the last one of its kind."""
    targets, seen = known.targets, known.changes(known.variable(place))
    steps = np.array(list(pairwise(seen)), dtype=np.int64).reshape(-1, 2)
    residuals = targets.values[steps[:, 1]] - targets.values[steps[:, 0]]
    errors = np.hypot(targets.errors[steps[:, 1]], targets.errors[steps[:, 0]])
    size = sizes(residuals, np.ones(len(steps)), errors, known.draws, random)
    before = seen[targets.month[seen] <= known.until]
    mean = float(targets.values[before[-1]]) if before.size else 0.0
    error = float(targets.errors[before[-1]]) if before.size else 0.0
    spread = np.sqrt(size**2 + error**2 + targets.errors[place] ** 2)
    return mean + spread * random.standard_normal(known.draws), mean


def opinion_alone(known: Known, places: NDArray[np.int64]) -> Forecast:
    """Return the forecast of opinion that returns to its mean, and of changes that follow it.

    A level returns from the last known ones to their mean (:class:`Reversion`). A coded change is
    regressed, without a constant, on the change of mutual opinion over the same months. It sees
    the polls up to the months in question and none of those months: there, opinion is what the
    return to its mean foretells.

    Args:
        known: what the forecaster has to go by.
        places: the observations in question.
    """
    random = np.random.default_rng((known.seed, 3))
    reversion = Reversion.learned(known.targets, known.fitted, known.past)
    columns, means = [], []
    for place in places:
        if known.targets.is_change[place]:
            samples, mean = _regressed(known, place, reversion, random)
        else:
            samples, mean = reversion.drawn(place, known.draws, random)
        columns.append(samples)
        means.append(mean)
    return Forecast(within_scale(np.stack(columns, axis=1)), within_scale(np.array(means)), places)


def _regressed(
    known: Known, place: int, reversion: Reversion, random: np.random.Generator
) -> tuple[Array, float]:
    """Return samples and mean of a change by the change of mutual opinion."""
    targets, seen = known.targets, known.changes(known.variable(place))
    if seen.size < 2:
        return _unchanged(known, place, random), 0.0
    moved = np.array([reversion.moved(int(one), known=known.fitted) for one in seen])
    squares = float((moved**2).sum())
    slope = float((moved * targets.values[seen]).sum()) / squares if squares > 0.0 else 0.0
    rest = targets.values[seen] - slope * moved
    free = seen.size - 1
    here = reversion.moved(place, known=known.past)
    further = here**2 / squares if squares > 0.0 else 0.0
    spread = np.sqrt((rest**2).sum() / free * (1.0 + further))
    mean = slope * here
    return mean + spread * random.standard_t(free, known.draws), mean


BASELINES = {
    "no change": no_change,
    "last trend": last_trend,
    "opinion alone": opinion_alone,
}
"""What a sceptic would say, by name."""


def foretold(known: Known, places: NDArray[np.int64]) -> Iterator[tuple[str, Forecast]]:
    """Yield every baseline's forecast of the observations in question, by name."""
    for name, make in BASELINES.items():
        yield name, make(known, places)
