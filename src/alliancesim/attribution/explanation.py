"""A change of the outcome shared out among its causes, draw by draw of the coefficients.

Causes only: mechanisms and the ledger begin from an explanation and are worked out elsewhere, when
they are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.attribution import shapley
from alliancesim.attribution.causes import COURTSHIP, PRESSURE, Cause, causes_of, within
from alliancesim.attribution.coalitions import Progress, Runs, coalition_values, starting_values
from alliancesim.attribution.outcome import Asked, asked_for
from alliancesim.attribution.period import Period, period_of
from alliancesim.ensemble import MOST_HELD
from alliancesim.measures.spread import Spread, spread_of
from alliancesim.posterior.draws import Posterior
from alliancesim.posterior.nesting import drawn
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.reading import Loaded
from alliancesim.scenario.schema import Scenario
from alliancesim.study import DEFAULT_SEED, usual_runs
from alliancesim.world import World, build_world


@dataclass(frozen=True)
class Question:
    """What is asked of a scenario.

    Attributes:
        outcome: what is to be explained, as :func:`alliancesim.attribution.outcome.asked_for` has.
        first: first month whose events are causes, ``YYYY-MM``; the run's first if left out.
        last: last month; the run's last if left out.
        runs: number of runs of each world; if left out, 200, or 800 under a posterior.
        seed: of the stream of shocks.
        months: number of months of the run, if not the scenario's own.
        settings: ``key=value`` overrides, kept for the record.
        without: mechanisms switched off, kept for the record.
    """

    outcome: str = "cohesion"
    first: str | None = None
    last: str | None = None
    runs: int | None = None
    seed: int = DEFAULT_SEED
    settings: Sequence[str] = ()
    without: Sequence[str] = ()
    months: int | None = None


@dataclass(frozen=True)
class Explanation:
    """A change and its causes, run by run.

    Attributes:
        name: of the scenario.
        given: the scenario that was asked of.
        scenario: the same as played up to the end of the period.
        question: what was asked.
        asked: the outcome.
        period: the span of months.
        causes: what was dated within it.
        posterior: the draws, if coefficients were drawn.
        draws: number of the draw that each run took, or of the run itself, shape (runs,).
        start: outcome in the month before the period, shape (runs,).
        values: outcome in each coalition's world, shape (2**causes, runs).
    """

    name: str
    given: Scenario
    scenario: Scenario
    question: Question
    asked: Asked
    period: Period
    causes: tuple[Cause, ...]
    posterior: Posterior | None
    draws: NDArray[np.int64]
    start: Array
    values: Array

    @property
    def runs(self) -> int:
        """Return the number of runs of each world."""
        return self.start.size

    @cached_property
    def shares(self) -> Array:
        """Return the share of each cause, shape (causes, runs), in the unit of the outcome."""
        return shapley.shapley_values(self.values)

    @property
    def change(self) -> Array:
        """Return the whole change since the month before the period, shape (runs,)."""
        change: Array = self.values[-1] - self.start
        return change

    @property
    def past(self) -> Array:
        """Return the part of the change that comes without any cause of the period, by run."""
        past: Array = self.values[0] - self.start
        return past

    @property
    def effects(self) -> Array:
        """Return what the wedge of the period does to the outcome, shape (runs,)."""
        without = len(self.values) - 1 & ~wedge_of(self.causes)
        effects: Array = self.values[-1] - self.values[without]
        return effects

    def vectors(self, world: World) -> Array:
        """Return the coefficients of every run in a world, shape (runs, coefficients)."""
        if self.posterior is None:
            return np.tile(np.array(world.coefficients), (self.runs, 1))
        return self.posterior.vectors(world.coefficients, world.fixed)[self.draws]

    def by_draw(self, values: Array) -> Array:
        """Return means over the runs that share a draw, shape (..., draws)."""
        _, place, count = np.unique(self.draws, return_inverse=True, return_counts=True)
        sums = np.zeros((count.size, *values.shape[:-1]))
        np.add.at(sums, place, np.moveaxis(values, -1, 0))
        return np.divide(np.moveaxis(sums, 0, -1), count)

    def spread(self, values: Array) -> Spread:
        """Return mean and middle 90 % over draws of what is given run by run, shape (runs,)."""
        return spread_of(self.by_draw(values))


def wedge_of(causes: Sequence[Cause]) -> int:
    """Return the coalition of the causes that are legs of the wedge."""
    return sum(1 << c for c, cause in enumerate(causes) if cause.name in (PRESSURE, COURTSHIP))


class Posed(NamedTuple):
    """A question put to a scenario: nothing is wrong with it.

    Attributes:
        period: the span of months.
        asked: the outcome.
        scenario: as played up to the end of the span.
        causes: what is dated within it.
        runs: number of runs of each world.
    """

    period: Period
    asked: Asked
    scenario: Scenario
    causes: tuple[Cause, ...]
    runs: int

    @property
    def values(self) -> int:
        """Return the number of runs of all worlds together."""
        return self.runs << len(self.causes)

    def require_wedge(self, option: str) -> None:
        """Refuse what asks about the effect of a wedge where none acts within the span.

        Args:
            option: the option that asks, for the message.

        Raises:
            InputError: if no cause is a leg of a wedge.
        """
        if not wedge_of(self.causes):
            expected = f"a wedge that acts from {self.period.first} to {self.period.last}"
            raise InputError([Problem(option, "", "", expected)])


def pose(scenario: Scenario, question: Question, posterior: Posterior | None = None) -> Posed:
    """Return a question put to a scenario.

    Args:
        scenario: a validated scenario.
        question: what is asked of it.
        posterior: draws of the coefficients, which are run more often by default.

    Raises:
        InputError: with everything in which the question does not fit the scenario.
    """
    problems: list[Problem] = []
    if question.months is not None:
        time = scenario.time.model_copy(update={"months": question.months})
        scenario = scenario.model_copy(update={"time": time})
    try:
        asked = asked_for(scenario, question.outcome)
    except InputError as error:
        problems += error.problems
    try:
        period = period_of(scenario, question.first, question.last)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    played = within(scenario, period)
    causes = causes_of(played, period)
    runs = usual_runs(posterior) if question.runs is None else question.runs
    posed = Posed(period, asked, played, causes, runs)
    if asked.is_effect:
        posed.require_wedge("--outcome")
    if posed.values > MOST_HELD:
        expected = f"at most {MOST_HELD >> len(causes)} runs with {len(causes)} causes"
        raise InputError([Problem("--runs", "", str(runs), expected)])
    return posed


def explain(
    loaded: Loaded,
    question: Question,
    posterior: Posterior | None = None,
    progress: Progress | None = None,
) -> Explanation:
    """Share a change of the outcome out among its causes.

    Args:
        loaded: the scenario.
        question: what is asked of it.
        posterior: draws of the coefficients; without it all runs have the scenario's own. Values
            that the scenario itself gives, and mechanisms it switches off, are never drawn.
        progress: called with the number of worlds' runs finished, now and then.

    Returns:
        The change, its causes and their shares.

    Raises:
        InputError: if question and scenario do not go together.
    """
    period, asked, scenario, causes, runs = pose(loaded.scenario, question, posterior)
    draws, coefficients = np.arange(runs), None
    if posterior is not None:
        world = build_world(scenario)
        draws, coefficients = drawn(posterior.vectors(world.coefficients, world.fixed), runs)
    made = Runs(runs, question.seed, coefficients)
    start = starting_values(scenario, period, asked, made)
    values = coalition_values(scenario, period, causes, asked.series, made, progress)
    if asked.is_effect:
        values = values - values[np.arange(len(values)) & ~wedge_of(causes)]
    return Explanation(
        loaded.name,
        loaded.scenario,
        scenario,
        question,
        asked,
        period,
        causes,
        posterior,
        draws,
        start,
        values,
    )
